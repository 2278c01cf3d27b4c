# SPDX-License-Identifier: Apache-2.0
"""annex.py SOURCE BUILD

Annexes in the manner of provincial decisions, made from the methodologies
shipped, and imported again: points, tree and rules must come back. Three
manners: one table of dotted codes kept as numbers (so that 1.10 is 1.1) with
steps in one cell; areas in Roman numerals with criteria that restart at 1 and
steps in rows of their own; CSV with ';', decimal commas and decomposed
letters."""
import csv
import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from decimal import Decimal

sys.dont_write_bytecode = True  # nothing is left in the source tree
import book
from book import Number

SETS = [
    f"par/{level}/{edition}"
    for level, editions in {
        "province": ["2019", "2020", "2022", "2024"],
        "ministry": ["2019", "2020", "2022"],
    }.items()
    for edition in editions
]
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]


def comma(value):
    return str(value).replace(".", ",")


def percent(share):
    text = format(Decimal(share) * 100, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def is_quotient(node):
    return [i["role"] for i in node.get("inputs", [])] == ["num", "den"]


def is_count(node):
    inputs = node.get("inputs", [])
    return len(inputs) == 1 and inputs[0]["unit"] == "count"


def whole(node):
    return all("." not in s["at"] for s in node["steps"])


def step_lines(node):
    """Falling thresholds in words, or None when they are of another kind."""
    steps = node["steps"]
    quotient = is_quotient(node)
    if any(s.get("cmp", ">=") != ">=" for s in steps):
        return None
    if not quotient and not (is_count(node) and whole(node)):
        return None
    word = percent if quotient else str
    lines, above = [], None
    for s in steps:
        at, points = word(s["at"]), comma(s["points"])
        if above is None:
            lines.append(f"Từ {at} trở lên: {points}")
        else:
            lines.append(f"Từ {at} đến dưới {above}: {points}")
        above = at
    lines.append(f"Dưới {above}: {comma(node.get('otherwise', '0'))}")
    return lines


def wording(node):
    """Lines of a rule, and whether they must be read back as they are."""
    op = node["op"]
    if op == "step" and node.get("steps"):
        lines = step_lines(node)
        return (lines, True) if lines else ([], False)
    if op == "choice":
        lines = [f"{s['title']['vi']}: {comma(s['points'])}" for s in node["steps"]]
        clear = not any(c.isdigit() for s in node["steps"] for c in s["title"]["vi"])
        return lines, clear
    if op == "ratio" and node.get("cap", "1") == "1" and node.get("target", "1") == "1":
        lines = [
            "Tính theo công thức: (b/a) x điểm tối đa",
            "Trong đó: a là tổng số phải thực hiện; b là số đã thực hiện",
        ]
        if "floor" in node:
            lines.append(f"Dưới {percent(node['floor'])} thì điểm đánh giá là 0")
        return lines, True
    if op == "penalty" and node.get("lo", "0") == "0":
        return [f"Mỗi trường hợp trừ {comma(node['per'])} điểm"], True
    if op == "survey":
        return ["Điều tra xã hội học"], False
    return [], False


def tree(index):
    """Nodes but the root and what stands below a case, with their depth."""
    by_id = {n["id"]: n for n in index["nodes"]}
    out = []
    for n in index["nodes"][1:]:
        if n["kind"] == "branch":
            continue
        depth, at = 0, n
        while "parent" in at:
            if by_id[at["parent"]]["op"] == "case" and at["kind"] == "branch":
                depth = None
                break
            depth, at = depth + 1, by_id[at["parent"]]
        if depth and by_id[n["parent"]]["kind"] != "branch":
            out.append((n, depth))
    return out


def title_rows(index):
    return [
        ["ỦY BAN NHÂN DÂN TỈNH"],
        ["PHỤ LỤC I"],
        ["BỘ TIÊU CHÍ ĐÁNH GIÁ " + index["title"]["vi"].upper()],
        [
            "(Ban hành kèm theo Quyết định số 15/QĐ-UBND ngày 05 tháng 02 năm 2026 "
            "của Ủy ban nhân dân tỉnh)"
        ],
        [],
    ]


def number_code(code):
    """As a spreadsheet keeps 1.10 that was typed in a cell of numbers."""
    return Number(str(Decimal(code).normalize())) if code.count(".") == 1 else code


def dotted(index):
    rows = title_rows(index)
    merges = [f"A{r + 1}:F{r + 1}" for r in range(4)]
    top = len(rows)
    rows.append(["STT", "Lĩnh vực/Tiêu chí/Tiêu chí thành phần", "Điểm", "", "Cách tính điểm", "Tài liệu kiểm chứng"])
    rows.append(["", "", "Điểm tối đa", "Điểm tự đánh giá", "", ""])
    rows.append([f"({i})" for i in range(1, 7)])
    merges += [f"{c}{top + 1}:{c}{top + 2}" for c in "ABEF"]
    merges.append(f"C{top + 1}:D{top + 1}")
    bold = {top, top + 1}
    for n, depth in tree(index):
        lines, _ = wording(n)
        if depth < 3 or not lines:
            bold.add(len(rows))
        rows.append(
            [
                number_code(n["id"]),
                n["title"]["vi"] + (" (1)" if depth == 1 else ""),
                Number(n["max"]),
                "",
                "; ".join(lines),
                n.get("evidence", ""),
            ]
        )
    bold.add(len(rows))
    rows.append(["", "TỔNG CỘNG", Number(index["nodes"][0]["max"])])
    rows.append(["(1) Áp dụng từ năm 2026."])
    return rows, merges, bold


def roman(index):
    rows = title_rows(index)
    rows.append(["TT", "Nội dung tiêu chí", "Thang điểm", "Ghi chú"])
    bold = {len(rows) - 1}
    for n, depth in tree(index):
        parts = n["id"].split(".")
        code = ROMAN[int(parts[0]) - 1] if depth == 1 else ".".join(parts[1:])
        lines, _ = wording(n)
        if depth == 1:
            bold.add(len(rows))
        rows.append([code + ("." if depth < 3 else ""), n["title"]["vi"], comma(n["max"]) + (" điểm" if depth == 2 else ""), ""])
        steps = n["op"] in ("step", "choice")
        for line in lines:
            words, colon, points = line.rpartition(": ")
            if steps:
                rows.append(["", "- " + words, points, ""])
            else:
                rows.append(["", line, "", ""])
    rows.append(["", "Tổng điểm", comma(index["nodes"][0]["max"]), ""])
    return rows, [], bold


def text_table(index, path):
    rows = title_rows(index)
    rows.append(["Mã", "Tiêu chí", "Điểm chuẩn", "Hướng dẫn chấm", "Minh chứng"])
    for n, _ in tree(index):
        lines, _ = wording(n)
        rows.append(
            [n["id"], n["title"]["vi"], comma(n["max"]), "\n".join("- " + l for l in lines), n.get("evidence", "")]
        )
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, delimiter=";")
        for row in rows:
            w.writerow([unicodedata.normalize("NFD", c) for c in row] + [""] * (5 - len(row)))


def same_rule(want, got):
    if want["op"] != got["op"]:
        return f"op {want['op']}, read {got['op']}"
    for name in ("steps", "otherwise", "floor", "per"):
        a, b = want.get(name), got.get(name)
        if name == "steps" and a and b:
            keys = ("at", "cmp", "points") if want["op"] == "step" else ("points",)
            a = [[s.get(k) for k in keys] for s in a]
            b = [[s.get(k) for k in keys] for s in b]
        if name == "otherwise":
            a, b = a or "0", b or "0"
        if a != b:
            return f"{name} {a}, read {b}"
    return None


def check(name, index, written, faults):
    """The tree, the points and every rule whose words say it all."""
    wanted, got = tree(index), json.load(open(written, encoding="utf-8"))
    nodes = [n for n in got["nodes"][1:]]
    if len(wanted) != len(nodes):
        faults.append(f"{name}: {len(wanted)} rows, read {len(nodes)}")
        return 0
    rules = 0
    for (n, depth), m in zip(wanted, nodes):
        if n["title"]["vi"] != m["title"]["vi"] or n["max"] != m["max"]:
            faults.append(f"{name}: {n['id']} is read as {m['title']['vi']}, {m['max']}")
        if name.startswith("roman"):
            parts = n["id"].split(".")
            expected = ".".join([ROMAN[int(parts[0]) - 1]] + parts[1:])
        else:
            expected = n["id"]
        if m["id"] != expected:
            faults.append(f"{name}: {expected} has the id {m['id']}")
        lines, exact = wording(n)
        if exact and lines:
            rules += 1
            fault = same_rule(n, m)
            if fault:
                faults.append(f"{name}: {n['id']}: {fault}: {lines}")
    legal = got["legal"][0]
    if (legal["instrument"], legal.get("issued")) != ("15/QĐ-UBND", "2026-02-05"):
        faults.append(f"{name}: the instrument is read as {legal}")
    return rules


def main():
    source, build = sys.argv[1:3]
    chiso = os.path.join(build, "bin", "chiso")
    faults, rules, tables = [], 0, 0
    with tempfile.TemporaryDirectory() as work:
        for place in SETS:
            with open(f"{source}/indices/{place}/index.json", encoding="utf-8") as f:
                index = json.load(f)
            for manner in ("dotted", "roman", "text"):
                name = f"{manner} {place}"
                table = os.path.join(work, "annex." + ("csv" if manner == "text" else "xlsx"))
                written = os.path.join(work, "index.json")
                if manner == "text":
                    text_table(index, table)
                else:
                    rows, merges, bold = (dotted if manner == "dotted" else roman)(index)
                    book.write(table, book.parts({"Hướng dẫn": book.sheet([["Xem Phụ lục"]]), "Phụ lục": book.sheet(rows, merges=merges, bold=bold)}))
                run = subprocess.run(
                    [chiso, "index", "import", table, "--id", "x", "--edition", "2026", "--level", index["level"], "--units", "x/1", "--write", written],
                    capture_output=True, text=True)
                if run.returncode:
                    faults.append(f"{name}: {run.stderr}")
                    continue
                tables += 1
                rules += check(name, index, written, faults)
    for fault in faults[:40]:
        print(fault)
    print(f"annexes: {tables} tables, {rules} rules read back, {len(faults)} faults")
    return 1 if faults or rules < 500 else 0


if __name__ == "__main__":
    sys.exit(main())
