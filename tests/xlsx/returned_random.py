# SPDX-License-Identifier: Apache-2.0
"""returned_random.py SOURCE_DIR BUILD_DIR [COUNT [SEED [made]]]: random entries,
each in one of the spellings that typists and programs use, come back as they
were meant; and scores from what was read are those of the same entries in a
table. The sheets are those of returned.py or, with `made`, of chiso sheet make,
filled in as a spreadsheet would."""
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

sys.dont_write_bytecode = True
source, build = (os.path.abspath(p) for p in sys.argv[1:3])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 6
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
made = len(sys.argv) > 5
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
    if not made and r.randrange(3) == 0:
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



class Made:
    """A book of chiso sheet make: values go into its blank cells."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.parts = {n: z.read(n) for n in z.namelist()}
        texts = [re.sub("<[^>]*>", "", t) for t in re.findall(
            "<si>(.*?)</si>", self.parts["xl/sharedStrings.xml"].decode(), re.S)]
        self.name = "xl/worksheets/sheet1.xml"
        self.xml = self.parts[self.name].decode()
        self.columns, self.rows = {}, {}
        for column, row, text in re.findall(
                r'<c r="([A-Z]+)(\d+)"[^>]* t="s"><v>(\d+)</v>', self.xml):
            if column == "A" and texts[int(text)] == "#key":
                keys = row
            elif column == "A":
                self.rows[texts[int(text)]] = row
        for column, text in re.findall(
                rf'<c r="([A-Z]+){keys}"[^>]* t="s"><v>(\d+)</v>', self.xml):
            self.columns[texts[int(text)]] = column

    def put(self, key, column, value, style=None):
        place = self.columns[column] + self.rows[key]
        blank = re.search(rf'<c r="{place}"( s="\d+")?/>', self.xml)
        if not blank:
            raise SystemExit(f"{place} ({key}, {column}) is not there to be filled")
        begin = blank.group(0)[:-2]
        cell = (f"{begin}><v>{value}</v></c>" if isinstance(value, Number) else
                f'{begin} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>')
        self.xml = self.xml.replace(blank.group(0), cell)

    def write(self, path):
        book.write(path, {**self.parts, self.name: self.xml})


class Handmade(returned.Sheet):
    def __init__(self, unit):
        super().__init__(unit, {})
        self.unit = unit

    def write(self, path):
        announced = [returned.announce(self.unit, returned.TAB)]
        book.write(path, returned.parts({returned.TAB: self}, announced))


def sheets_of(work):
    """Each unit with an empty sheet of it."""
    if not made:
        return {unit: Handmade(unit) for unit in returned.UNITS}
    done = run("sheet", "make", "round.ini", "--out", "made", "--force",
               "--lang", r.choice(("en", "vi")))
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return {name.split(" ")[0].split(".")[0]: Made(os.path.join(folder, name))
            for folder, _, names in sorted(os.walk("made")) for name in sorted(names)}


def fill(unit, sheet):
    """Values as written, and as the rows that they must become."""
    marks = {s: r.choice(",.") for s in returned.STAGES}
    rows = []
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
    return rows


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
        for unit, sheet in sorted(sheets_of(work).items()):
            meant += fill(unit, sheet)
            sheet.write(f"books/{unit}.xlsx")
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
print(f"random {'made' if made else 'written'} sheets: {count * len(returned.UNITS)} books, {failed} failed")
sys.exit(failed > 0)
