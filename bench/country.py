# SPDX-License-Identifier: Apache-2.0
"""country.py SOURCE BUILD WORK [COMMUNES [DEPARTMENTS]]: a round as large as a
country through all its steps.

Sheets are made with all entries, two of the books are damaged, all are read,
scored and summed up. Each step is measured; only the two damaged books may be
reported and left out, and the scores of all others must be those of the table
that the sheets were made from. WORK is an empty folder, on the disk to be
measured."""
import csv
import os
import re
import subprocess
import sys
import time
import zipfile

source, build, work = (os.path.abspath(p) for p in sys.argv[1:4])
communes = int(sys.argv[4]) if len(sys.argv) > 4 else 3321
departments = int(sys.argv[5]) if len(sys.argv) > 5 else 20
os.environ["PATH"] = f"{build}/bin{os.pathsep}{os.environ['PATH']}"
os.environ["CHISO_LANG"] = "en"
for name in ("CHISO_PLUGIN_PATH", "CHISO_SHARE_DIR"):
    os.environ.pop(name, None)
books = communes + departments
failed = []


def must(good, what):
    if not good:
        failed.append(what)
        print(f"FAILED: {what}")


def step(name, *words, code=0, each=False):
    """Runs chiso with its time and memory; what it said on stderr."""
    begin = time.monotonic()
    with open("said", "w+", encoding="utf-8") as said:
        child = subprocess.Popen(["chiso", *words], stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    seconds = time.monotonic() - begin
    cpu = used.ru_utime + used.ru_stime
    per = f"{1000 * seconds / books:7.2f}" if each else " " * 7
    print(f"{name:14} {seconds:8.2f} {cpu:8.2f} {per} {used.ru_maxrss / 1024:7.0f}", flush=True)
    must(child.returncode == code, f"{name}: exit code {child.returncode}, not {code}: {text[:500]}")
    return text


def scores(path):
    """{(unit, node): (points, maximum)}"""
    with open(path, encoding="utf-8", newline="") as f:
        return {(r["unit"], r["node"]): (r["points"], r["max"]) for r in csv.DictReader(f)}


def truncate(path):
    size = os.path.getsize(path)
    with open(path, "r+b") as f:
        f.truncate(size // 2)


def exceed(path):
    """9 points where the most is 1, in the first appraisal of the leaf 1.4; the
    cell."""
    with zipfile.ZipFile(path) as z:
        parts = {n: z.read(n) for n in z.namelist()}
    texts = [re.sub("<[^>]*>", "", t) for t in re.findall(
        "<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.S)]
    name = "xl/worksheets/sheet1.xml"
    xml = parts[name].decode()
    at = {texts[int(t)]: (column, row) for column, row, t in re.findall(
        r'<c r="([A-Z]+)(\d+)"[^>]* t="s"><v>(\d+)</v>', xml)
        if texts[int(t)] in ("appraised_1", "1.4:points")}
    cell = at["appraised_1"][0] + at["1.4:points"][1]
    xml, n = re.subn(rf'(<c r="{cell}"[^>]*><v>)[^<]*', r"\g<1>9", xml)
    must(n == 1, f"{path} has no value in {cell}")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for part, data in parts.items():
            z.writestr(part, xml.encode() if part == name else data)
    return cell


os.makedirs(work, exist_ok=True)
os.chdir(work)
subprocess.run(["bash", f"{source}/bench/country.sh", ".", str(communes), str(departments)],
               check=True)
print(f"{departments} departments, {communes} communes, 100 leaves each")
print(f"{'step':14} {'seconds':>8} {'of CPU':>8} {'ms/book':>7} {'peak MB':>7}")
step("score", "score", "round.ini", "--data", "data.csv", "--format", "csv", "--exact",
     "--out", "wanted.csv")
said = step("sheet make", "sheet", "make", "round.ini", "--data", "data.csv", "--lang", "vi",
            "--out", "sheets", each=True)
must(said == "", f"sheet make says {said[:500]}")
made = sorted(os.path.join(f, n) for f, _, names in os.walk("sheets") for n in names)
must(len(made) == books, f"{len(made)} books were made")
half, over = made[len(made) // 3], made[2 * len(made) // 3]
truncate(half)
cell = exceed(over)
said = step("sheet read", "sheet", "read", "round.ini", "sheets", "--out", "read.csv",
            code=1, each=True).splitlines()
faults = [line for line in said if not line.startswith("chiso: note")]
must(len(faults) == 3 and f"books read: {books - 2}, left out: 2" in faults[-1],
     f"sheet read says {faults[:5]}")
must(any(line.startswith(f"chiso: {half}: ") for line in faults), f"nothing said of {half}")
must(any(line.startswith(f"chiso: {over}[") and f"!{cell}: " in line for line in faults),
     f"nothing said of {over}")
step("score read", "score", "round.ini", "--data", "read.csv", "--format", "csv", "--exact",
     "--out", "scores.csv")
step("sheet summary", "sheet", "summary", "round.ini", "--data", "read.csv", "--out",
     "summary.xlsx")
left_out = {os.path.basename(p).split(" ")[0] for p in (half, over)}
wanted, got = scores("wanted.csv"), scores("scores.csv")
must(wanted.keys() == got.keys() and len(wanted) >= 111 * books, "other rows")
differ = {unit for (unit, node), points in wanted.items() if got.get((unit, node)) != points}
must(differ == left_out, f"other scores of {sorted(differ)[:10]}, left out {sorted(left_out)}")
print(f"bytes of the books: {sum(os.path.getsize(p) for p in made)}; {len(failed)} failed")
sys.exit(bool(failed))
