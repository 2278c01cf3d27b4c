# SPDX-License-Identifier: Apache-2.0
"""returned.py NAME OUT: a filled scoring sheet of the round in tests/docs/round,
good, strange or wrong in one way. The cases of tests/zoo/sheet name them.
returned.py --many N LEAVES FOLDER: a methodology with so many leaves, a unit set,
and a filled book for each of N units.

The books hold what docs/formats.md says of scoring sheets, and no more: nothing
here is taken from what makes them."""
import json
import os
import subprocess
import sys
import unicodedata

sys.dont_write_bytecode = True  # nothing is left in the source tree
import book
from book import Number, Raw

ROUND = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../docs/round")
STAGES = ["self", "appraised_1", "appraised_2", "final"]
BESIDE = ["note", "document", "section", "page", "appraiser_note", "explanation"]
COLUMNS = (
    ["#key", "no", "title", "max", "rule", "evidence"]
    + [name for s in STAGES for name in (s, s + "_points")]
    + BESIDE
    + [s + "_max" for s in STAGES]
)
INDEX = ["sheet", "group", "unit", "name", "methodology", "digest", "round", "set",
         "lang", "round_id"]
KEYS_ROW = 6  # from 0; titles stand above it
FIRST = KEYS_ROW + 1

# Nodes of set.json with their inputs.
NODES = [
    ("index", []), ("1", []), ("1.1", ["choice"]), ("1.2", ["done", "planned"]),
    ("1.3", ["points"]), ("2", []), ("2.1", ["on_time", "files"]),
    ("2.2", ["posted"]), ("3", []), ("3.1", ["percent", "chosen", "answers"]),
    ("T", []), ("T.1", ["models"]), ("P", []), ("P.1", ["days"]),
]
UNITS = {
    "01": ("departments", "Sở Nội vụ"), "02": ("departments", "Sở Tài chính"),
    "03": ("departments", "Thanh tra tỉnh"),
    "04": ("departments", "Văn phòng UBND tỉnh"),
    "11": ("districts", "Huyện Đông"), "12": ("districts", "Huyện Tây"),
    "13": ("districts", "Thị xã Nam"),
}
EXEMPT = {"03": ("2",), "04": ("2",), "11": ("3.1",), "12": ("3.1",), "13": ("3.1",)}

# What a diligent unit enters, and its appraiser.
FILLED = {
    ("1.1:choice", "self"): "Đúng hạn",
    ("1.1:choice", "appraised_1"): "Chậm",
    ("1.1:choice", "note"): "Ban hành ngày 30/12",
    ("1.1:choice", "document"): "12/KH-SNV",
    ("1.1:choice", "section"): "Mục II",
    ("1.1:choice", "page"): Number("3"),
    ("1.1:choice", "appraiser_note"): "Kế hoạch ban hành sau ngày 31/12",
    ("1.1:choice", "explanation"): "x",
    ("1.2:done", "self"): Number("18"),
    ("1.2:planned", "self"): Number("20"),
    ("1.2:done", "appraised_1"): Number("17"),
    ("1.2:planned", "appraised_1"): Number("20"),
    ("1.2", "note"): "Hai nhiệm vụ chuyển sang năm sau",
    ("1.3:points", "self"): Number("3.5"),
    ("1.3:points", "appraised_1"): Number("3.5"),
    ("1.3:points", "final"): Number("3"),
    ("2.1:on_time", "self"): Number("970"),
    ("2.1:files", "self"): Number("1000"),
    ("2.2:posted", "self"): Number("95.5"),
    ("3.1:percent", "appraised_1"): Number("88"),
    ("T.1:models", "self"): Number("1"),
    ("P.1:days", "appraised_1"): Number("0"),
}


def digest_of(path):
    shown = subprocess.run(["chiso", "show", path, "--lang", "en"], check=True,
                           capture_output=True, text=True, encoding="utf-8").stdout
    return next(l.split(": ")[1] for l in shown.splitlines() if l.startswith("digest: "))


def keys(nodes):
    """Row keys: a leaf with one input is a single row."""
    for node, inputs in nodes:
        if len(inputs) == 1:
            yield f"{node}:{inputs[0]}"
        else:
            yield node
            yield from (f"{node}:{i}" for i in inputs)


def exempt(key, unit):
    node = key.split(":")[0]
    return any(node == e or node.startswith(e + ".") for e in EXEMPT.get(unit, ()))


class Sheet:
    """Rows and columns that a damage may change before they are written."""

    def __init__(self, unit, values, nodes=NODES, columns=COLUMNS):
        self.columns = list(columns)
        self.rows = {}
        self.row_of = {}
        self.styles = {}
        self.rows[0] = ["", "", "PHIẾU CHẤM ĐIỂM CẢI CÁCH HÀNH CHÍNH"]
        self.rows[1] = ["", "", f"Đơn vị: {UNITS.get(unit, ('', unit))[1]}"]
        self.rows[KEYS_ROW - 1] = [""] + [c.capitalize() for c in self.columns[1:]]
        self.rows[KEYS_ROW] = list(self.columns)
        for i, key in enumerate(keys(nodes)):
            row = [""] * len(self.columns)
            row[0] = key
            row[1] = key.split(":")[0]
            row[2] = f"Tiêu chí {key}"
            for s in STAGES:
                if s + "_points" in self.columns:
                    row[self.columns.index(s + "_points")] = Raw(
                        ' |<f>SUM(1,2)</f><v>3</v>')
                if exempt(key, unit) and s in self.columns:
                    row[self.columns.index(s)] = "Không áp dụng"
            self.row_of[key] = FIRST + i
            self.rows[FIRST + i] = row
        for (key, column), value in values.items():
            if not exempt(key, unit) or values is not FILLED:
                self.put(key, column, value)

    def put(self, key, column, value, style=None):
        at = self.columns.index(column)
        self.rows[self.row_of[key]][at] = value
        if style is not None:
            self.styles[self.row_of[key], at] = style

    def xml(self):
        return book.sheet(self.rows, hidden={KEYS_ROW}, styles=self.styles)


def announce(unit, tab, changed=None):
    group, name = UNITS.get(unit, ("departments", unit))
    row = {
        "sheet": tab, "group": group, "unit": unit, "name": name,
        "methodology": "example.reform/2026", "digest": digest(), "round": "2026",
        "set": "units.csv", "lang": "vi", "round_id": "example.round",
    }
    row.update(changed or {})
    return row


_digest = None


def digest():
    global _digest
    here = os.path.exists("set.json")
    _digest = _digest or digest_of("set.json" if here else os.path.join(ROUND, "set.json"))
    return _digest


def index_xml(rows, layout="1", magic="chiso-sheet", header=INDEX):
    lines = [[magic, layout], [], header] + [[r.get(h, "") for h in header] for r in rows]
    return book.sheet(lines)


def parts(sheets, rows, **how):
    """sheets: {tab: Sheet}"""
    content = {"!_chiso": index_xml(rows, **how)}
    content.update({tab: s if isinstance(s, str) else s.xml() for tab, s in sheets.items()})
    return book.parts(content)


TAB = "Phiếu chấm điểm"


def one(unit="01", change=None, values=FILLED, announced=None, tab=TAB, **how):
    s = Sheet(unit, values)
    if change:
        change(s)
    return parts({tab: s}, [announce(unit, TAB, announced)], **how)


def cell(key, column, value, style=None, unit="01"):
    """A good book but for one cell."""
    return one(unit, lambda s: s.put(key, column, value, style))


def without_column(name):
    def change(s):
        at = s.columns.index(name)
        for row in s.rows.values():
            if at < len(row):
                del row[at]
    return one(change=change)


def without_row(key):
    return one(change=lambda s: s.rows.pop(s.row_of[key]))


def copied_row(s):
    s.rows[max(s.rows) + 1] = list(s.rows[s.row_of["1.3:points"]])


def inserted_row(s):
    """A row between ours: those below go down by one."""
    at = s.row_of["2"]
    for row in sorted((r for r in s.rows if r >= at), reverse=True):
        s.rows[row + 1] = s.rows.pop(row)
    s.rows[at] = [""] * 6 + [Number("5")]


def unknown_row(s):
    s.rows[s.row_of["1.3:points"]][0] = "1.9:points"


def copied_column(s):
    at = s.columns.index("self")
    for row in s.rows.values():
        row.append(row[at] if at < len(row) else "")


def inserted_column(s):
    for number, row in s.rows.items():
        row.append("mine" if number == KEYS_ROW else Number("1"))


def no_keys(s):
    del s.rows[KEYS_ROW]


def turned(s):
    """Columns in another order, rows upside down, more rows on top: keys are
    all that counts."""
    order = list(reversed(range(1, len(s.columns))))
    s.rows = {
        number + 5: [row[0]] + [row[i] if i < len(row) else "" for i in order]
        for number, row in s.rows.items()
    }
    body = sorted(n for n in s.rows if n >= FIRST + 5)
    taken = [s.rows[n] for n in body]
    for number, row in zip(body, reversed(taken)):
        s.rows[number] = row


def typists(s):
    """What people type and what their programs leave."""
    nfd = unicodedata.normalize("NFD", "Đúng hạn")
    s.put("1.1:choice", "self", "  " + nfd + "\u00a0")
    s.put("1.1:choice", "appraised_1", "LATE")
    s.put("1.1:choice", "explanation", "Có")
    s.put("1.2:done", "self", "\u00a018 ")
    s.put("1.2:done", "appraised_1", "\u200917\u202f")
    s.put("1.3:points", "self", "3,5")
    s.put("1.3:points", "appraised_1", "3,50")
    s.put("1.3:points", "final", "na")
    s.put("2.2:posted", "self", Number("0.95499999999999996"), book.PERCENT)
    s.put("2.2:posted", "appraised_1", "95,5%")
    s.put("T.1:models", "self", "1")


def na_words(s):
    for stage, word in zip(STAGES, ("KAD", "n/a", "không áp dụng", "Not Applicable")):
        s.put("1.3:points", stage, word)


def notes_only(s):
    s.put("1.1:choice", "self", "")
    s.put("1.1:choice", "appraised_1", "")
    s.put("1.2:done", "self", "")
    s.put("1.2:planned", "self", "")


def many_units():
    sheets, rows = {}, []
    for unit in ("02", "01", "11"):
        sheets[UNITS[unit][1]] = Sheet(unit, FILLED)
        rows.append(announce(unit, UNITS[unit][1]))
    return parts(sheets, rows)


def more_sheets():
    content = {"!_chiso": index_xml([announce("01", TAB)]),
               TAB: Sheet("01", FILLED).xml(), "Nháp": book.sheet([["x"]]),
               "!_lists": book.sheet([["Đúng hạn"]])}
    return book.parts(content)


def several(s):
    """Faults in several cells, not in their order."""
    s.put("2.2:posted", "self", Number("120"))
    s.put("1.2:planned", "self", Number("0"))
    s.put("1.1:choice", "self", "Sớm")
    s.put("1.3:points", "self", Number("4.5"))


def big_cells(path):
    """The announced sheet holds two million cells."""
    content = one()
    name = "xl/worksheets/sheet2.xml"
    head = content.pop(name).split("</sheetData>")[0]
    book.write(path, content)
    import zipfile
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as z:
        with z.open(name, "w") as part:
            part.write(head.encode())
            for row in range(100, 21100):
                part.write(
                    (f'<row r="{row}">' + "".join(
                        f"<c><v>{row * 7919 + c * 104729}</v></c>" for c in range(100)
                    ) + "</row>").encode())
            part.write(b"</sheetData></worksheet>")


def bomb(path):
    """400 MiB of blanks in the announced sheet."""
    content = one()
    name = "xl/worksheets/sheet2.xml"
    head = content.pop(name).split("</sheetData>")[0].encode()
    book.write(path, content)
    import zipfile
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as z:
        with z.open(name, "w", force_zip64=True) as part:
            part.write(head)
            for _ in range(400):
                part.write(b" " * (1 << 20))


def hostile_sheet(name, path):
    """The sheet of a workbook that hostile.py makes, in the place of ours."""
    import hostile
    import zipfile
    hostile.PLACES[name](path)
    content = one()
    with zipfile.ZipFile(path) as z:
        content["xl/worksheets/sheet2.xml"] = z.read("xl/worksheets/sheet1.xml")
    book.write(path, content)


def flipped(path):
    """One byte of the compressed sheet is another."""
    book.write(path, one())
    data = bytearray(open(path, "rb").read())
    data[data.find(b"xl/worksheets/sheet2.xml") + 24 + 200] ^= 0x55
    open(path, "wb").write(data)


def without_part(ending):
    return {k: v for k, v in one().items() if not k.endswith(ending)}


def formula(text, value):
    cached = f"<v>{value}</v>" if value else ""
    return Raw(f' |<f>{text}</f>{cached}')


BOOKS = {
    # good or strange
    "good": lambda: one(),
    "turned": lambda: one(change=turned),
    "typists": lambda: one(change=typists),
    "na-words": lambda: one(change=na_words),
    "notes-only": lambda: one(change=notes_only),
    "empty": lambda: one(values={}),
    "exempt": lambda: one("03"),
    "many-units": many_units,
    "more-sheets": more_sheets,
    "macros": lambda: {**one(), "xl/vbaProject.bin": "x"},
    "self-only": lambda: parts(
        {TAB: Sheet("01", {k: v for k, v in FILLED.items()
                           if k[1] in ("self", "note", "document", "section", "page")},
                    columns=[c for c in COLUMNS
                             if not c.startswith(("appraised", "final"))])},
        [announce("01", TAB)]),
    "formula-cached": lambda: cell("1.3:points", "self", formula("1+2", "3")),
    # the book
    "no-index": lambda: book.parts({TAB: Sheet("01", FILLED).xml()}),
    "index-magic": lambda: one(magic="chiso"),
    "index-layout": lambda: one(layout="2"),
    "index-column": lambda: one(header=[h for h in INDEX if h != "digest"]),
    "index-empty": lambda: parts({TAB: Sheet("01", FILLED)}, []),
    "index-many": lambda: parts({TAB: Sheet("01", FILLED)},
                                [announce("01", TAB)] * 201),
    "index-formula": lambda: one(announced={"unit": formula("A1", "")}),
    "tab": lambda: one(tab="Phiếu 2"),
    "twice-in-book": lambda: parts(
        {TAB: Sheet("01", FILLED), "2": Sheet("01", FILLED)},
        [announce("01", TAB), announce("01", "2")]),
    # made for something else
    "round": lambda: one(announced={"round_id": "example.round.2025", "round": "2025"}),
    "period": lambda: one(announced={"round": "2025"}),
    "group": lambda: one(announced={"group": "communes"}),
    "methodology": lambda: one(announced={"methodology": "example.reform/2025"}),
    "digest": lambda: one(announced={"digest": "0" * 64}),
    "set": lambda: one(announced={"set": "other.csv"}),
    "unit": lambda: one(announced={"unit": "99"}),
    "unit-group": lambda: one("11", announced={"group": "departments"}),
    # its shape
    "no-keys": lambda: one(change=no_keys),
    "column-gone": lambda: without_column("self"),
    "column-note-gone": lambda: without_column("document"),
    "column-copied": lambda: one(change=copied_column),
    "column-inserted": lambda: one(change=inserted_column),
    "row-gone": lambda: without_row("2.1:files"),
    "row-node-gone": lambda: without_row("1.2"),
    "row-copied": lambda: one(change=copied_row),
    "row-inserted": lambda: one(change=inserted_row),
    "row-unknown": lambda: one(change=unknown_row),
    # cells that take nothing
    "locked-node": lambda: cell("1.2", "self", Number("5")),
    "locked-inner": lambda: cell("1", "appraised_1", Number("5")),
    "locked-note": lambda: cell("1", "note", "Ghi chú"),
    "locked-input-note": lambda: cell("1.2:done", "page", Number("7")),
    "assessor": lambda: cell("3.1:percent", "self", Number("90")),
    "exempt-value": lambda: cell("2.2:posted", "self", Number("90"), unit="03"),
    "exempt-note": lambda: cell("2.2:posted", "note", "Không có", unit="03"),
    # values
    "formula": lambda: cell("1.3:points", "self", formula("1+2", "3")),
    "not-calculated": lambda: cell("1.3:points", "self", formula("1+2", "")),
    "error": lambda: cell("1.3:points", "self", Raw('t="e"|<v>#N/A</v>')),
    "note-formula": lambda: cell("1.3:points", "note", Raw('t="str"|<f>A1</f><v>x</v>')),
    "date": lambda: cell("1.3:points", "self", Number("46296"), book.DATE),
    "time": lambda: cell("1.3:points", "self", Number("0.0625"), book.DATE),
    "document-date": lambda: cell("1.1:choice", "document", Number("46296"), book.DATE),
    "note-date": lambda: cell("1.1:choice", "note", Number("46296"), book.DATE),
    "words": lambda: cell("1.3:points", "self", "ba điểm"),
    "thousands": lambda: cell("2.1:files", "self", "1.000"),
    "blanks": lambda: cell("2.1:files", "self", "1 000"),
    "two-marks": lambda: one(change=lambda s: (
        s.put("1.3:points", "self", "3,5"), s.put("2.2:posted", "self", "95.5"))),
    "invisible": lambda: cell("2.1:files", "self", "1\u200b000"),
    "digits": lambda: cell("2.2:posted", "self", Number("95.123")),
    "whole": lambda: cell("1.2:done", "self", Number("17.5")),
    "above-max": lambda: cell("1.3:points", "self", Number("4.5")),
    "below-lo": lambda: cell("1.3:points", "self", Number("-1")),
    "percent": lambda: cell("2.2:posted", "self", Number("120")),
    "negative": lambda: cell("P.1:days", "appraised_1", Number("-1")),
    "choice": lambda: cell("1.1:choice", "self", "Sớm"),
    "na-forbidden": lambda: cell("2.2:posted", "self", "NA"),
    "na-and-data": lambda: cell("1.2:done", "self", "NA"),
    "zero-den": lambda: one(change=lambda s: (
        s.put("2.1:files", "self", Number("0")), s.put("2.1:on_time", "self", Number("0")))),
    "num-over-zero": lambda: cell("2.1:files", "self", Number("0")),
    "both-forms": lambda: cell("3.1:chosen", "appraised_1", Number("88")),
    "later-stage": lambda: one(change=lambda s: (
        s.put("2.1:on_time", "appraised_1", Number("970")),
        s.put("2.1:files", "appraised_1", Number("1000")),
        s.put("2.1:files", "appraised_2", Number("0")))),
    "flag": lambda: cell("1.1:choice", "explanation", "hỏi lại"),
    "boolean": lambda: cell("1.3:points", "self", Raw('t="b"|<v>1</v>')),
    "several": lambda: one(change=several),
    "na-twice": lambda: one(change=lambda s: (
        s.put("1.2:done", "self", "NA"), s.put("1.2:planned", "self", "NA"))),
    # hostile
    "no-sheet": lambda: without_part("sheet2.xml"),
    "no-index-part": lambda: without_part("sheet1.xml"),
    "long-note": lambda: cell("1.1:choice", "note", "x" * 40000),
}
FILES = {"cells": big_cells, "bomb": bomb, "flipped": flipped}


def many(count, leaves, folder):
    """Books for measuring: a flat methodology of manual leaves."""
    nodes = [{"id": "index", "kind": "index", "title": {"vi": "Thử"}, "max": str(leaves),
              "weight": "1", "op": "sum"}]
    for i in range(1, leaves + 1):
        nodes.append({"id": f"{i}", "parent": "index", "kind": "criterion",
                      "title": {"vi": f"Tiêu chí thành phần số {i}"}, "max": "1",
                      "weight": "1", "op": "manual", "assessor": "self"})
    for n in nodes:
        n["provenance"] = {"name": "official", "points": "official"}
        n["source"] = "test"
    os.makedirs(os.path.join(folder, "books"), exist_ok=True)
    path = os.path.join(folder, "set.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"format": 1, "id": "test.many", "edition": "2026", "level": "commune",
                   "scope": "internal", "title": {"vi": "Thử"}, "rounds": {"first": 2026},
                   "units": "test.many/2026", "digits": 2,
                   "rank": {"by": "points", "ties": "shared"},
                   "legal": [{"key": "a", "instrument": "1/QĐ", "title": "Thử",
                              "issued": "2026-01-01"}], "nodes": nodes}, f)
    with open(os.path.join(folder, "units.csv"), "w", encoding="utf-8") as f:
        f.write("unit,name_vi\n")
        f.writelines(f"{u:05},Xã {u}\n" for u in range(count))
    subprocess.run(["chiso", "fmt", "--write", path], check=True)
    known = digest_of(path)
    tree = [("index", [])] + [(str(i), ["points"]) for i in range(1, leaves + 1)]
    for u in range(count):
        unit = f"{u:05}"
        values = {}
        for i in range(1, leaves + 1):
            key = f"{i}:points"
            values[key, "self"] = Number(f"0.{(u + i) % 100:02}")
            values[key, "appraised_1"] = Number(f"0.{(u * 7 + i) % 100:02}")
            values[key, "note"] = f"Đã thực hiện theo kế hoạch số {u}/KH-UBND, mục {i}"
            values[key, "document"] = f"{i}/BC-UBND"
            values[key, "page"] = Number(str(i))
        s = Sheet(unit, values, nodes=tree)
        row = announce_plain(unit, known)
        book.write(os.path.join(folder, "books", f"{unit}.xlsx"), parts({TAB: s}, [row]))


def announce_plain(unit, known):
    return {"sheet": TAB, "group": "all", "unit": unit, "name": unit,
            "methodology": "test.many/2026", "digest": known, "round": "2026",
            "set": "units.csv", "lang": "vi", "round_id": "test.many/2026"}


if __name__ == "__main__":
    if sys.argv[1] == "--many":
        many(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1] in FILES:
        FILES[sys.argv[1]](sys.argv[2])
    elif sys.argv[1].startswith("hostile-"):
        hostile_sheet(sys.argv[1][len("hostile-"):], sys.argv[2])
    elif sys.argv[1].startswith("unit-of-"):
        book.write(sys.argv[2], one(sys.argv[1][len("unit-of-"):]))
    else:
        book.write(sys.argv[2], BOOKS[sys.argv[1]]())
