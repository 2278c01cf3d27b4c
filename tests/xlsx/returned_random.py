# SPDX-License-Identifier: Apache-2.0
"""returned_random.py SOURCE_DIR BUILD_DIR [COUNT [SEED]]: random entries, each in
one of the spellings that typists and programs use, come back as they were meant;
and scores from what was read are those of the same entries in a table."""
import csv
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True
source, build = (os.path.abspath(p) for p in sys.argv[1:3])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 6
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
os.environ["PATH"] = f"{build}/bin{os.pathsep}{os.environ['PATH']}"
os.environ["CHISO_LANG"] = "en"
for name in ("CHISO_PLUGIN_PATH", "CHISO_SHARE_DIR"):
    os.environ.pop(name, None)
sys.path.insert(0, os.path.join(source, "tests/xlsx"))
import book
import returned
from book import Number

CHOICES = {"in_time": ("Đúng hạn", "In time"), "late": ("Chậm", "Late"),
           "none": ("Không ban hành", "Not issued")}
r = random.Random(seed)


def spaced(text):
    blank = ("", " ", "\u00a0", "\u2009", "\u202f")
    return r.choice(blank) + text + r.choice(blank)


def cased(text):
    return r.choice((text, text.upper(), text.lower(), text.capitalize()))


def number(text, mark):
    """A decimal as a number, or as a text with the column's mark."""
    kind = r.randrange(3)
    if kind == 0:
        return Number(text)
    if kind == 1 and "." in text:
        return Number(text + "0" * 16 + "1")
    return spaced(text.replace(".", mark))


def percent(text, mark):
    if r.randrange(3) == 0:
        whole, _, rest = text.partition(".")
        shifted = whole.zfill(3) + rest
        return Number(shifted[:-len(rest) - 2] + "." + shifted[-len(rest) - 2:]), book.PERCENT
    value = number(text, mark)
    return (value if isinstance(value, Number) else value.strip("\u00a0\u2009\u202f ") + r.choice(("", "%"))), None


def plain(value, digits):
    text = f"{value / 10 ** digits:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def entry(key, mark):
    """(what is meant, what is written, its style) for one input."""
    name = key.split(":")[1]
    if name == "choice":
        meant = r.choice(list(CHOICES))
        written = r.choice((meant, *CHOICES[meant]))
        return meant, spaced(unicodedata.normalize(r.choice(("NFC", "NFD")), written)), None
    if name == "points":
        if r.randrange(6) == 0:
            return "NA", spaced(cased(r.choice(("NA", "N/A", "KAD", "Không áp dụng")))), None
        meant = plain(r.randrange(0, 4000001), 6)
        # three digits after the mark are clear in an input of six
        return meant, number(meant, mark), None
    if name in ("posted", "percent"):
        meant = plain(r.randrange(0, 10001), 2)
        written, style = percent(meant, mark)
        return meant, written, style
    meant = str(r.randrange(1, 50))
    return meant, number(meant, mark), None


def whole(value):
    """A quotient that the rules take: its numerator is not over nothing."""
    return max(int(value), 1)


def fill(unit):
    """Values as written, and as the rows that they must become."""
    marks = {s: r.choice(",.") for s in returned.STAGES}
    sheet, rows = returned.Sheet(unit, {}), []
    for node, inputs in returned.NODES:
        for stage in returned.STAGES:
            own = stage == "self"
            if own and node in ("3.1", "P.1"):
                continue
            if any(node == e or node.startswith(e + ".") for e in returned.EXEMPT.get(unit, ())):
                continue
            for name in inputs:
                if name in ("chosen", "answers") or r.randrange(4) == 0:
                    continue
                key = f"{node}:{name}"
                meant, written, style = entry(key, marks[stage])
                sheet.put(key, stage, written, style)
                rows.append((unit, node, name, meant, stage))
    return sheet, rows


def run(*words):
    return subprocess.run(["chiso", *words], capture_output=True, text=True, encoding="utf-8")


def scores(stage, table):
    done = run("score", "round.ini", "--data", table, "--stage", stage,
               "--group", "departments", "--format", "csv")
    if done.returncode != 0:
        raise SystemExit(f"seed {seed}: {done.stderr}")
    return done.stdout


failed = 0
with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    for name in ("round.ini", "set.json", "units.csv", "data.csv"):
        with open(os.path.join(source, "tests/docs/round", name), "rb") as f:
            open(name, "wb").write(f.read())
    os.mkdir("books")
    for turn in range(count):
        meant = []
        for unit in returned.UNITS:
            sheet, rows = fill(unit)
            meant += rows
            book.write(f"books/{unit}.xlsx", returned.parts({returned.TAB: sheet},
                       [returned.announce(unit, returned.TAB)]))
        done = run("sheet", "read", "round.ini", "books", "--out", "read.csv")
        if done.returncode != 0:
            raise SystemExit(f"seed {seed}, turn {turn}: {done.stderr}")
        with open("read.csv", encoding="utf-8", newline="") as f:
            got = [tuple(row[k] for k in ("unit", "node", "input", "value", "stage"))
                   for row in csv.DictReader(f)]
        if got != meant:
            failed += 1
            for a, b in zip(meant, got):
                if a != b:
                    print(f"seed {seed}, turn {turn}: meant {a}, read {b}")
                    break
            else:
                print(f"seed {seed}, turn {turn}: {len(meant)} meant, {len(got)} read")
        with open("meant.csv", "w", encoding="utf-8", newline="") as f:
            out = csv.writer(f)
            out.writerow(("unit", "node", "input", "value", "stage"))
            out.writerows(meant)
        for stage in ("self", "final"):
            failed += scores(stage, "read.csv") != scores(stage, "meant.csv")
print(f"random sheets: {count * len(returned.UNITS)} books, {failed} failed")
sys.exit(failed > 0)
