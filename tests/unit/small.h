/* SPDX-License-Identifier: Apache-2.0
 * A small index.json that has every op and every list once. Each node stands
 * on one line, so that a test can say where an error is. */
#ifndef CHISO_TESTS_SMALL_H
#define CHISO_TESTS_SMALL_H

#include <stdlib.h>
#include <string.h>

#define SMALL_TITLE "\"title\": {\"vi\": \"Tên\", \"en\": \"Name\"}"
#define SMALL_TAIL                                                             \
  "\"provenance\": {\"name\": \"published\", \"points\": \"recalled\"}, "      \
  "\"source\": \"s\"}"
/* id, parent, kind, max, weight, op, more members */
#define SMALL_NODE(id, parent, kind, max, weight, op, more)                    \
  "{\"id\": \"" id "\", \"parent\": \"" parent "\", \"kind\": \"" kind         \
  "\", " SMALL_TITLE ", \"max\": \"" max "\", \"weight\": \"" weight           \
  "\", \"op\": \"" op "\", " more SMALL_TAIL
#define SMALL_LEAF(id, max, op, more)                                          \
  SMALL_NODE(id, "index", "criterion", max, "1", op, more)
#define SMALL_ROOT(max, op, more)                                              \
  "{\"id\": \"index\", \"kind\": \"index\", " SMALL_TITLE ", \"max\": \"" max  \
  "\", \"weight\": \"1\", \"op\": \"" op "\", " more SMALL_TAIL
#define SMALL_HEAD                                                             \
  "{\"format\": 1, \"id\": \"vn.test\", \"edition\": \"2020\", "               \
  "\"level\": \"province\", " SMALL_TITLE ",\n"                                \
  "\"rounds\": {\"first\": 2020, \"last\": 2021}, \"units\": \"vn.p/2008\", "  \
  "\"digits\": 2,\n"                                                           \
  "\"rank\": {\"by\": \"percent\", \"ties\": \"shared\"}, "                    \
  "\"note\": \"n\", \"supersedes\": [\"vn.test/2019\"],\n"                     \
  "\"legal\": [{\"key\": \"a\", \"instrument\": \"1/QĐ\", \"title\": \"t\", " \
  "\"issued\": \"2020-12-30\", \"in_force\": \"2020-12\", "                    \
  "\"repealed\": \"2022\", \"url\": \"u\"}, "                                  \
  "{\"key\": \"b\", \"instrument\": \"2/QĐ\"}],\n"
#define SMALL_LISTS                                                            \
  "\"counts\": {\"area\": 1, \"criterion\": 12},\n"                            \
  "\"deadlines\": [{\"what\": \"self_score\", \"date\": \"2021-02-26\"}],\n"   \
  "\"gradings\": [{\"kind\": \"bands\", \"first\": 2020, \"last\": 2020, "     \
  "\"source\": \"s\", \"grades\": [{\"key\": \"A\", " SMALL_TITLE              \
  ", \"at_least\": \"90\"}, {\"key\": \"B\", " SMALL_TITLE "}]},\n"            \
  "{\"kind\": \"quantile\", \"first\": 2021, \"missing\": \"zero\", "          \
  "\"source\": \"s\", \"grades\": [{\"key\": \"C\", " SMALL_TITLE              \
  "}, {\"key\": \"D\", " SMALL_TITLE "}]}],\n"                                 \
  "\"partitions\": [{\"id\": \"published\", " SMALL_TITLE                      \
  ", \"source\": \"s\", \"parts\": [{\"id\": \"p1\", " SMALL_TITLE             \
  ", \"max\": \"18\"}, {\"id\": \"p2\", " SMALL_TITLE                          \
  ", \"max\": \"4\"}]}],\n"
#define SMALL_NODES "\"nodes\": [\n"
#define SMALL_END   "]}\n"
/* A methodology of these nodes and nothing else. */
#define SMALL_TREE(nodes) SMALL_HEAD SMALL_NODES nodes SMALL_END

/* Line of the root; the others follow. */
#define SMALL_FIRST_LINE 11
static const char *const small_parts[] = {
  SMALL_HEAD SMALL_LISTS SMALL_NODES,
  SMALL_ROOT("22", "sum",
             "\"round\": {\"digits\": 2, \"mode\": "
             "\"half_even\"}, ") ",\n",
  SMALL_NODE("1", "index", "area", "10", "1", "scale",
             "\"lo\": \"1\", \"hi\": \"10\", ") ",\n",
  SMALL_NODE("1.1", "1", "criterion", "1", "0.25", "norm",
             "\"from\": \"5\", \"to\": \"1\", ") ",\n",
  SMALL_NODE("1.2", "1", "indicator", "1", "0.75", "mean", "") ",\n",
  SMALL_NODE("1.2.1", "1.2", "criterion", "1", "0", "manual",
             "\"lo\": \"-1\", ") ",\n",
  SMALL_NODE("1.2.2", "1.2", "indicator", "1", "2", "best",
             "\"empty\": \"zero\", ") ",\n",
  SMALL_LEAF("2", "1", "step",
             "\"steps\": [{\"at\": \"80\", \"cmp\": \">\", \"points\": "
             "\"1\"}, {\"at\": \"50\", \"points\": \"0.5\"}], "
             "\"otherwise\": \"0.1\", \"assessor\": \"self\", "
             "\"inputs\": [{\"key\": \"v\", \"role\": \"x\", \"unit\": "
             "\"percent\", \"digits\": 2, " SMALL_TITLE "}], ") ",\n",
  SMALL_LEAF("3", "1", "linear",
             "\"steps\": [{\"at\": \"0\", \"points\": \"0\"}, {\"at\": "
             "\"1\", \"points\": \"1\"}], ") ",\n",
  SMALL_LEAF("4", "1", "ratio",
             "\"target\": \"0.9\", \"floor\": \"0.5\", \"cap\": \"0.8\", "
             "\"na\": \"leave_out\", \"empty\": \"full\", ") ",\n",
  SMALL_LEAF("5", "1", "penalty", "\"lo\": \"0.2\", \"per\": \"0.25\", ") ",\n",
  SMALL_LEAF("6", "1", "choice",
             "\"steps\": [{\"key\": \"yes\", \"points\": \"1\", " SMALL_TITLE
             "}, {\"key\": \"no\", \"points\": \"0\"}], ") ",\n",
  SMALL_LEAF("7", "1", "survey", "\"from\": \"1\", \"to\": \"5\", ") ",\n",
  SMALL_LEAF("8", "1", "share", "") ",\n",
  SMALL_LEAF("9", "1", "index",
             "\"of\": \"vn.other/1\", \"value\": \"percent\", \"scale\": "
             "\"100\", ") ",\n",
  SMALL_LEAF("10", "1", "call",
             "\"call\": 7, \"inputs\": [{\"key\": \"a\", "
             "\"role\": \"other\", \"unit\": \"vnd\", \"digits\": 0}], ") ",\n",
  SMALL_LEAF("11", "3", "case",
             "\"concept\": \"a.b\", \"was\": [\"1\", \"2\"], \"measure\": "
             "{\"numerator\": \"n\", \"denominator\": \"d\", \"period\": "
             "\"p\"}, \"rule\": \"r\", \"evidence\": \"e\", \"legal\": "
             "\"b\", \"approximate\": \"0.5\", \"note\": \"n\", ") ",\n",
  SMALL_NODE("11.a", "11", "branch", "3", "1", "manual",
             "\"when\": \"a\", ") ",\n",
  SMALL_NODE("11.b", "11", "branch", "2", "1", "ratio",
             "\"when\": \"b\", ") "\n" SMALL_END,
};

/* All of it in one text; free() it. */
static inline char *small_good(void) {
  size_t size = 1;
  for (size_t i = 0; i < sizeof small_parts / sizeof *small_parts; i++)
    size += strlen(small_parts[i]);
  char *text = malloc(size);
  if (!text)
    abort();
  char *end = text;
  for (size_t i = 0; i < sizeof small_parts / sizeof *small_parts; i++) {
    size_t part = strlen(small_parts[i]);
    memcpy(end, small_parts[i], part);
    end += part;
  }
  *end = '\0';
  return text;
}

#endif
