{
 "format": 1,
 "id": "vn.zoo.b",
 "edition": "2020",
 "level": "province",
 "title": {
  "vi": "Thử"
 },
 "rounds": {
  "first": 2020,
  "last": 2021
 },
 "units": "vn.provinces/2008",
 "digits": 2,
 "rank": {
  "by": "points",
  "ties": "shared"
 },
 "legal": [
  {
   "key": "qd",
   "instrument": "1/QĐ",
   "title": "Một",
   "issued": "2020-01-01"
  }
 ],
 "nodes": [
  {"id": "index", "kind": "index", "title": {"vi": "Thử"}, "max": "10", "weight": "1", "op": "sum", "concept": "t.index", "provenance": {"name": "published", "points": "published"}, "source": "test"},
  {"id": "1", "kind": "criterion", "parent": "index", "title": {"vi": "Một"}, "max": "5", "weight": "1", "op": "index", "concept": "t.1", "provenance": {"name": "published", "points": "published"}, "source": "test", "of": "vn.zoo.a/index", "value": "percent", "scale": "100", "assessor": "index"},
  {"id": "2", "kind": "criterion", "parent": "index", "title": {"vi": "Một"}, "max": "5", "weight": "1", "op": "manual", "concept": "t.2", "provenance": {"name": "published", "points": "published"}, "source": "test"}
 ]
}
