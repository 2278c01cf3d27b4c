#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""summary.py SOURCE BUILD

The details of a summary workbook, read by another reader, against what chiso
score --format csv prints: every unit, node, points, maximum and percent."""
import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

source, build = (os.path.abspath(p) for p in sys.argv[1:3])
chiso = os.path.join(build, "bin", "chiso")
sample = os.path.join(source, "tests", "docs", "round", "round.ini")
N = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
failed = 0


def sheets(path):
    """name -> rows of {column letter: text}"""
    with zipfile.ZipFile(path) as z:
        book = ET.fromstring(z.read("xl/workbook.xml"))
        links = ET.fromstring(z.read("xl/_rels/workbook.xml.rels"))
        target = {r.get("Id"): r.get("Target") for r in links}
        shared = [
            "".join(t.text or "" for t in si.iter(N + "t"))
            for si in ET.fromstring(z.read("xl/sharedStrings.xml"))
        ]
        out = {}
        for s in book.iter(N + "sheet"):
            rows = []
            part = ET.fromstring(z.read("xl/" + target[s.get(R + "id")]))
            for row in part.iter(N + "row"):
                cells = {}
                for c in row.iter(N + "c"):
                    v = c.find(N + "v")
                    if v is not None:
                        letter = re.match("[A-Z]+", c.get("r")).group()
                        cells[letter] = (
                            shared[int(v.text)] if c.get("t") == "s" else v.text
                        )
                rows.append(cells)
            out[s.get("name")] = rows
        return out


def number(text):
    return float(text) if text else None


def check(what, arguments, groups):
    global failed
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "s.xlsx")
        subprocess.run([chiso, "sheet", "summary", *arguments, "--out", path], check=True)
        book = sheets(path)
        for group, title in groups:
            more = ["--group", group] if group else []
            printed = subprocess.run(
                [chiso, "score", *arguments, *more, "--format", "csv"],
                check=True, capture_output=True, text=True, encoding="utf-8",
            ).stdout
            rows = book["Details" + title]
            first = next(i for i, r in enumerate(rows) if r.get("A") == "Code") + 1
            scores = list(csv.DictReader(io.StringIO(printed)))
            for score, cells in zip(scores, rows[first:] + [{}] * len(scores)):
                count += 1
                same = (score["unit"], score["node"]) == (cells.get("A"), cells.get("C"))
                for column, letter in (("points", "E"), ("max", "F"), ("percent", "G")):
                    same = same and number(score[column]) == number(cells.get(letter))
                if not same:
                    failed += 1
                    print(f"FAILED: {what}: {score} {cells}")
    if count == 0:
        failed += 1
        print(f"FAILED: {what}: nothing compared")
    print(f"{what}: {count} rows")


check("PAPI 2019", ["vn.papi.province", "--round", "2019"], [(None, "")])
check("PAR INDEX 2023", ["vn.par.ministry", "--round", "2023"], [(None, "")])
check("round", [sample],
      [("departments", " – Departments"), ("districts", " – Districts")])
sys.exit(failed > 0)
