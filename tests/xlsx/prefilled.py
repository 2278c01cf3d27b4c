# SPDX-License-Identifier: Apache-2.0
"""prefilled.py SOURCE BUILD [COUNT [SEED]]: what tables know stands in the sheets
that are made with it and is read from them again.

Random entries of all stages with notes and evidence come back row by row. Tables
of the samples give the same scores at each stage when they went through sheets,
and nothing changes on a second way. The same after LibreOffice has rewritten the
books, where it is installed."""
import csv
import glob
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
source, build = (os.path.abspath(p) for p in sys.argv[1:3])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 4
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 1
os.environ["PATH"] = f"{build}/bin{os.pathsep}{os.environ['PATH']}"
os.environ["CHISO_LANG"] = "en"
for name in ("CHISO_PLUGIN_PATH", "CHISO_SHARE_DIR"):
    os.environ.pop(name, None)
sys.path.insert(0, os.path.join(source, "tests/xlsx"))
import returned

SAMPLES = [
    ("tests/docs/round", "round.ini", ["stages.csv"]),
    ("indices/internal/camau/2013", "round.ini", ["example.csv"]),
    ("indices/internal/district/2019", "round.ini", ["example.csv"]),
    ("indices/internal/hanoi/2021", "round.ini", ["example.csv", "example-survey.csv"]),
    ("indices/internal/hatinh/2019", "round.ini", ["example.csv"]),
    ("indices/internal/qd11/commune/2026", "round.ini", ["example.csv", "example-self.csv"]),
]
FIELDS = ("unit", "node", "input", "value", "stage", "note", "document", "section", "page",
          "explanation")
r = random.Random(seed)
failed = []


def run(*words):
    done = subprocess.run(["chiso", *words], capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        raise SystemExit(f"seed {seed}: chiso {' '.join(words)}: {done.stderr}")
    return done.stdout


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        # a text that begins as a formula is written with a mark before it
        return [tuple(row[k].replace("'=", "=") for k in FIELDS) for row in csv.DictReader(f)]


def tables(paths):
    return [word for path in paths for word in ("--data", path)]


def rewrite(folder):
    """Every book as LibreOffice saves it."""
    for books in sorted(glob.glob(f"{folder}/*/")):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{os.getcwd()}/profile", "--headless",
             "--convert-to", "xlsx", "--outdir", f"{folder}.saved/{os.path.basename(books[:-1])}",
             *sorted(glob.glob(f"{books}*.xlsx"))],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=True, timeout=300)


def through(round_file, paths, name, saved=False):
    """The tables as sheets and back; a table, and the one from saved books."""
    folder = f"{name}.sheets"
    run("sheet", "make", round_file, *tables(paths), "--out", folder, "--force",
        "--lang", r.choice(("en", "vi")), *r.choice(((), ("--lock", "self"))))
    run("sheet", "read", round_file, folder, "--out", f"{name}.csv")
    if saved and shutil.which("soffice"):
        rewrite(folder)
        run("sheet", "read", round_file, f"{folder}.saved", "--out", f"{name}.saved.csv")
        if rows(f"{name}.csv") != rows(f"{name}.saved.csv"):
            failed.append(f"{name}: changed by LibreOffice")
    return f"{name}.csv"


def plain(value, digits):
    text = f"{value / 10 ** digits:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def entry(name):
    if name == "choice":
        return r.choice(("in_time", "late", "none"))
    if name == "points":
        return "NA" if r.randrange(6) == 0 else plain(r.randrange(0, 4000001), 6)
    if name in ("posted", "percent"):
        return plain(r.randrange(0, 10001), 2)
    return str(r.randrange(1, 50))


def words():
    return r.choice(("Đã hoàn thành", "=1+1", "_x000A_", "12/KH-SNV", "  ", "a\nb", "Mục II; 3",
                     "05", "'", "<b>&amp;", "x" * 300)).strip()


def leaf(unit, node, inputs):
    """Rows of a leaf as reading gives them: notes and evidence with the first of a
    stage, one note of all appraisers, and one flag."""
    own, appraiser = words(), words()
    evidence = (words(), words(), words()) if r.randrange(2) else ("", "", "")
    flag = r.choice(("", "", "yes"))
    out, appraised = [], False
    for stage in returned.STAGES:
        self = stage == "self"
        beside = (own, *evidence, "") if self else (appraiser, "", "", "", flag)
        given = [] if self and node in ("3.1", "P.1") else [
            name for name in inputs
            if name not in ("chosen", "answers") and r.randrange(3)]
        for i, name in enumerate(given):
            out.append((unit, node, name, entry(name), stage,
                        *(beside if i == 0 else ("",) * 5)))
        appraised |= bool(given) and not self
        if self and not given and any(beside):
            out.append((unit, node, inputs[0] if len(inputs) == 1 else "", "", stage, *beside))
    if not appraised and (appraiser or flag):
        out.append((unit, node, inputs[0] if len(inputs) == 1 else "", "", "appraised_1",
                    appraiser, "", "", "", flag))
    return out


def random_rows():
    out = []
    for unit in sorted(returned.UNITS):
        for node, inputs in returned.NODES:
            exempt = any(node == e or node.startswith(e + ".")
                         for e in returned.EXEMPT.get(unit, ()))
            if inputs and not exempt:
                out += leaf(unit, node, inputs)
    return out


def try_random(turn):
    meant = random_rows()
    with open("meant.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(FIELDS)
        shuffled = meant[:]
        r.shuffle(shuffled)
        out.writerows(shuffled)
    got = rows(through("round.ini", ["meant.csv"], f"random{turn}", turn == 0))
    if got != meant:
        place = next((i for i, (a, b) in enumerate(zip(meant, got)) if a != b), -1)
        failed.append(f"seed {seed}, turn {turn}: {len(meant)} meant, {len(got)} read; "
                      f"{meant[place]} {got[place]}")
    return len(meant)


def try_sample(number, folder, round_file, paths):
    os.chdir(shutil.copytree(os.path.join(source, folder), f"sample{number}"))
    once = through(round_file, paths, "once", number < 3)
    twice = through(round_file, [once], "twice")
    if rows(once) != rows(twice) or not rows(once):
        failed.append(f"{folder}: a second way changes the rows")
    for stage in returned.STAGES:
        scores = [run("score", round_file, *tables(t), "--stage", stage, "--format", "csv",
                      "--exact") for t in (paths, [once])]
        if scores[0] != scores[1]:
            failed.append(f"{folder}: other scores at the stage {stage}")
    os.chdir("..")


with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    for name in ("round.ini", "set.json", "units.csv"):
        shutil.copy(os.path.join(source, "tests/docs/round", name), work)
    with open("round.ini", "r+", encoding="utf-8") as f:
        text = f.read()
        f.seek(0)
        f.truncate()
        f.write(text[:text.index("[erratum")])  # it would stand in the result
    total = sum(try_random(turn) for turn in range(count))
    for number, sample in enumerate(SAMPLES):
        try_sample(number, *sample)
    os.chdir(source)
for what in failed:
    print(what)
print(f"prefilled: {total} random rows, {len(SAMPLES)} samples, {len(failed)} failed")
sys.exit(bool(failed))
