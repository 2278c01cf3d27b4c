# SPDX-License-Identifier: Apache-2.0
"""sheets.py SOURCE BUILD: the formulas of scoring sheets against the engine.

Sheets of every methodology that is shipped, and of one that has what those
lack, are filled with random entries (filled.c), calculated by LibreOffice, and
each figure is compared with what the engine gives for the same entries. Skipped
where LibreOffice is not installed."""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = ("u1 Sở Một", "u2 Sở Hai", "u3 Sở Ba", "u4 Sở Bốn", "u5 Sở Năm", "u6 Sở Sáu")
STAGES = ("self", "appraised_1", "appraised_2", "final")
HEAD = {"total": 1, "max": 2, "percent": 3, "todo": 4, "bonus": 5, "penalty": 6}
# every sheet, values as they are, UTF-8
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
# what was stored is not believed
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop
 oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def calculate(books, work):
    profile = os.path.join(work, "profile")
    os.makedirs(os.path.join(profile, "user"), exist_ok=True)
    with open(os.path.join(profile, "user", "registrymodifications.xcu"), "w") as f:
        f.write(RECALCULATE)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{profile}", "--headless",
         "--convert-to", FILTER, "--outdir", os.path.join(work, "out"), *books],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=True, timeout=600)


class Sheet:
    def __init__(self, path):
        with open(path, encoding="utf-8", newline="") as f:
            self.rows = list(csv.reader(f))
        keys = next(r for r in self.rows if r and r[0] == "#key")
        self.column = {key: i for i, key in enumerate(keys) if key}
        self.row = {}
        for row in self.rows[self.rows.index(keys) + 1:]:
            if row and row[0]:
                self.row.setdefault(row[0].split(":")[0], row)

    def at(self, row, what, stage):
        points = self.column[stage + "_points"]
        if row == "head":
            return self.rows[HEAD[what]][points]
        return self.row[row][points if what == "points" else self.column[stage + "_max"]]


def same(found, wanted, what):
    if what == "todo":
        return found == "đủ"
    try:
        return abs(float(found) - float(wanted)) <= 1.0000001e-6
    except ValueError:
        return found == wanted


def compare(prefix, out):
    name = os.path.basename(prefix)
    sheets, count, bad = {}, 0, 0
    with open(prefix + ".expected.csv", encoding="utf-8", newline="") as f:
        for unit, stage, row, what, wanted in csv.reader(f):
            unit, stage = int(unit), STAGES[int(stage)]
            if unit not in sheets:
                sheets[unit] = Sheet(os.path.join(out, f"{name}-{NAMES[unit]}.csv"))
            found = sheets[unit].at(row, what, stage)
            count += 1
            if not same(found, wanted, what):
                bad += 1
                if bad <= 10:
                    print(f"{name} {NAMES[unit]} {stage} {row} {what}: "
                          f"found {found!r}, the engine gives {wanted!r}")
    return count, bad


def stored(path, number):
    """What the formulas of a sheet gave before anybody calculated: {(row, column):
    text}, from 0."""
    with zipfile.ZipFile(path) as z:
        root = ET.fromstring(z.read(f"xl/worksheets/sheet{number}.xml"))
    cells = {}
    for c in root.iter(MAIN + "c"):
        if c.find(MAIN + "f") is None:
            continue
        letters, row = re.match("([A-Z]+)([0-9]+)", c.get("r")).groups()
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        value = c.find(MAIN + "v")
        cells[int(row) - 1, column - 1] = value.text or "" if value is not None else ""
    return cells


FAULTY = NAMES[4]


def compare_stored(prefix, out):
    """A sheet says the same before and after it is calculated, entries that
    cannot be scored aside."""
    name, count, bad = os.path.basename(prefix), 0, 0
    for i, unit in enumerate(NAMES):
        if unit == FAULTY and not prefix.endswith("_0"):
            continue
        sheet = Sheet(os.path.join(out, f"{name}-{unit}.csv"))
        for (row, column), wanted in stored(prefix + ".xlsx", i + 1).items():
            found = sheet.rows[row][column]
            count += 1
            if not same(found, wanted, ""):
                bad += 1
                if bad <= 10:
                    print(f"{name} {unit} row {row + 1} column {column + 1}: "
                          f"calculated {found!r}, stored {wanted!r}")
    return count, bad


def main():
    source, build = (os.path.abspath(p) for p in sys.argv[1:3])
    if not shutil.which("soffice"):
        print("skipped: no LibreOffice")
        return 77
    here = os.path.join(source, "tests", "xlsx")
    indices = []
    for folder, _, files in os.walk(os.path.join(source, "indices")):
        if "index.json" in files:
            indices.append((os.path.join(folder, "index.json"), None))
    indices.sort()
    indices.append((os.path.join(here, "every.json"), os.path.join(here, "every.ini")))
    total = failed = 0
    with tempfile.TemporaryDirectory() as work:
        prefixes = []
        for i, (index, more) in enumerate(indices):
            for seed in range(0, 6 if more else 2):
                prefix = os.path.join(work, f"b{i}_{seed}")
                subprocess.run([os.path.join(build, "tests", "sheet-filled"), index,
                                prefix, str(seed + 100 * i if seed else 0)] +
                               ([more] if more else []), check=True)
                prefixes.append(prefix)
        calculate([p + ".xlsx" for p in prefixes], work)
        for prefix in prefixes:
            out = os.path.join(work, "out")
            count, bad = compare(prefix, out)
            more, worse = compare_stored(prefix, out)
            count, bad = count + more, bad + worse
            total += count
            failed += bad
    print(f"sheets: {total} figures of {len(indices)} methodologies, {failed} differ")
    return 1 if failed or not total else 0


sys.exit(main())
