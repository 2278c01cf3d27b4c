#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reference.py SOURCE_DIR BUILD_DIR [--update]

docs/reference/index-json.md and the tables in docs/ops/*.md are made from
sdk/schema/index.schema.json and the tables of the code. This says where they
differ, and with --update writes them (scripts/reference does). It also sees to
it that every op of plugin.h has a page, and every page an example.
"""
import json
import os
import re
import subprocess
import sys

SOURCE, BUILD = sys.argv[1:3]
UPDATE = "--update" in sys.argv[3:]
BEGIN = "<!-- made by scripts/reference -->"
END = "<!-- until here -->"
failed = 0


def complain(text):
    global failed
    failed += 1
    print(text)


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def settle(path, text):
    """Compares a file with what it should hold, or writes it."""
    full = os.path.join(SOURCE, path)
    if os.path.exists(full) and read(path) == text:
        return
    if not UPDATE:
        complain(f"{path} is not what the code says; run scripts/reference")
        return
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"updated {path}")


SCHEMA = json.loads(read("sdk/schema/index.schema.json"))
CODE = json.loads(subprocess.run([os.path.join(BUILD, "tests", "tables")],
                                 capture_output=True, check=True, text=True).stdout)
DEFS = SCHEMA["$defs"]
NODE = DEFS["node"]


def resolve(member):
    """A member with what its $ref says, its own words first."""
    if isinstance(member, dict) and "$ref" in member:
        return {**DEFS[member["$ref"].rsplit("/", 1)[1]], **member}
    return member


def words(member):
    return " ".join(f"`{word}`" for word in member["enum"])


def type_of(member):
    """What a value looks like, in a few words."""
    ref = member.get("$ref", "").rsplit("/", 1)[-1]
    member = resolve(member)
    if "enum" in member:
        return words(member)
    if "const" in member:
        return f"`{member['const']}`"
    if ref == "title":
        return "{`vi`, `en`}"
    if ref in ("decimal", "date", "year", "name", "text"):
        return {"name": "ASCII name"}.get(ref, ref)
    kind = member.get("type")
    if kind == "integer":
        return f"{member['minimum']}–{member['maximum']}"
    if kind == "array":
        items = resolve(member.get("items", {}))
        inner = "texts" if items.get("type") == "string" else "objects"
        return f"list of {inner}"
    if kind == "object":
        if "properties" in member:
            return "{" + ", ".join(f"`{key}`" for key in member["properties"]) + "}"
        return "object"
    return "text"


def cell(text):
    return text.replace("|", "\\|")


def row(*cells):
    return "| " + " | ".join(cell(c) for c in cells) + " |\n"


def table(*titles):
    return row(*titles) + "|" + " --- |" * len(titles) + "\n"


def described(place, key, member):
    for name in ("description", "description_vi"):
        if not member.get(name):
            complain(f"schema: {place}.{key} has no {name}")
    return member.get("description", ""), member.get("description_vi", "")


def members(place, schema):
    """The table of an object of the schema."""
    text = table("member", "value", "left out", "meaning", "nghĩa")
    for key, member in schema["properties"].items():
        required = key in schema.get("required", [])
        standard = member.get("default")
        text += row(f"`{key}`", type_of(member),
                    "required" if required else f"`{standard}`" if standard else "–",
                    *described(place, key, member))
    return text


# ---- nodes -------------------------------------------------------------------

# Where the value of a member that is left out is more than one word.
STANDARD = {"legal": "the first", "inputs": "those of the op",
            "round": "six digits, half up"}
# What the code checks by where a node stands, not by its op.
PLACE = {"parent": "every node but the root", "when": "branches", "at": "branches",
         "cmp": "branches"}
# Members that the schema asks for under one op.
REQUIRED = {rule["if"]["properties"]["op"]["const"]: rule["then"].get("required", [])
            for rule in NODE["allOf"]}


def node_rows(name):
    """The entries of the code for one member; `lo` has two."""
    return [field for field in CODE["fields"] if field["name"] == name]


def left_out(field, op=None):
    if field["required"] or field["name"] in REQUIRED.get(op, []):
        return "required"
    if field["name"] in STANDARD:
        return STANDARD[field["name"]]
    return f"`{field['default']}`" if field["default"] is not None else "–"


def where(fields):
    ops = [op for field in fields for op in field["ops"]]
    if any(not field["ops"] for field in fields):
        return "every node"
    leaves = {op["key"] for op in CODE["ops"] if not op["inner"]}
    if leaves <= set(ops):
        return ", ".join(["every leaf"] + [f"`{op}`" for op in ops if op not in leaves])
    return ", ".join(f"[{op}](../ops/{op}.md)" for op in ops)


def nodes():
    text = table("member", "value", "left out", "belongs to", "meaning", "nghĩa")
    for key, member in NODE["properties"].items():
        fields = node_rows(key)
        if not fields:
            complain(f"schema: the code knows no member {key} of a node")
            continue
        standards = {}
        for field in fields:
            for op in field["ops"] or [None]:
                standards.setdefault(left_out(field, op), []).append(op)
        if len(standards) > 1:
            standards = [f"{said} ({', '.join(of)})" for said, of in standards.items()]
        text += row(f"`{key}`", type_of(member), ", ".join(standards),
                    PLACE.get(key) or where(fields),
                    *described("node", key, member))
    for field in CODE["fields"]:
        if field["name"] not in NODE["properties"]:
            complain(f"schema: member {field['name']} of a node is missing")
    return text


def vocabulary():
    text = table("member", "word", "English", "tiếng Việt")
    titles = {"policy": "`na`, `empty`", "mode": "`round.mode`"}
    for family, entries in CODE["words"].items():
        for number, entry in enumerate(entries):
            text += row("" if number else titles.get(family, f"`{family}`"),
                        f"`{entry['key']}`", entry["en"], entry["vi"])
    return text


def index_page():
    top = SCHEMA["properties"]
    part = [
        ("The file", "members", SCHEMA),
        ("An instrument of `legal`", "legal", top["legal"]["items"]),
        ("`rounds`", "rounds", top["rounds"]),
        ("`rank`", "rank", top["rank"]),
        ("A row of `deadlines`", "deadlines", top["deadlines"]["items"]),
        ("A grading of `gradings`", "gradings", top["gradings"]["items"]),
        ("A grade of its `grades`", "grades",
         top["gradings"]["items"]["properties"]["grades"]["items"]),
        ("A partition of `partitions`", "partitions", top["partitions"]["items"]),
        ("A part of its `parts`", "parts",
         top["partitions"]["items"]["properties"]["parts"]["items"]),
    ]
    below = [
        ("An input of `inputs`", "inputs", DEFS["input"]),
        ("A step of `steps` under `step`", "steps", DEFS["step_steps"]["items"]),
        ("A corner of `steps` under `linear`", "steps", DEFS["linear_steps"]["items"]),
        ("A choice of `steps` under `choice`", "steps", DEFS["choice_steps"]["items"]),
        ("`round`", "round", NODE["properties"]["round"]),
        ("`provenance`", "provenance", NODE["properties"]["provenance"]),
        ("`measure`", "measure", NODE["properties"]["measure"]),
        ("`title`", "title", DEFS["title"]),
    ]
    text = """# index.json, member by member

Made by `scripts/reference` from [the schema](../../sdk/schema/index.schema.json) and the tables of the code; not to be edited.
[Formats](../formats.md) tells how the members work together, [ops](../ops/README.md) how a rule makes points. A decimal is a
text, `"0.25"`, with at most six digits; a date is `yyyy`, `yyyy-mm` or `yyyy-mm-dd`.

"""
    for title, place, schema in part:
        text += f"## {title}\n\n{members(place, schema)}\n"
    text += f"## A node of `nodes`\n\n{nodes()}\n"
    for title, place, schema in below:
        text += f"## {title}\n\n{members(place, schema)}\n"
    return text + f"## Words\n\n{vocabulary()}"


# ---- ops ---------------------------------------------------------------------

def op_block(op):
    """The members and inputs that an op has of its own."""
    own = [field for field in CODE["fields"]
           if op["key"] in field["ops"] and field["name"] not in ("inputs", "empty")]
    text = ""
    if own:
        text += table("member", "left out", "meaning", "nghĩa")
        for field in own:
            member = NODE["properties"][field["name"]]
            text += row(f"`{field['name']}`", left_out(field, op["key"]),
                        *described("node", field["name"], member))
    if op["inputs"]:
        text += "\n" if text else ""
        text += table("input", "role", "unit", "digits")
        for entry in op["inputs"]:
            text += row(f"`{entry['key']}`", f"`{entry['role']}`", f"`{entry['unit']}`",
                        str(entry["digits"]))
    return text or "No members and no inputs of its own.\n"


def op_page(op):
    path = f"docs/ops/{op['key']}.md"
    if not os.path.exists(os.path.join(SOURCE, path)):
        complain(f"{path}: op {op['key']} has no page")
        return
    page = read(path)
    if not re.search(r"^```console\n(.*\n)*?.*\bchiso ", page, re.M):
        complain(f"{path}: has no example that runs")
    block = f"{BEGIN}\n\n{op_block(op)}\n{END}"
    if BEGIN in page:
        page = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END),
                      lambda _: block, page, flags=re.S)
    else:  # before what the page says of points
        page = page.replace("**Points.**", block + "\n\n**Points.**", 1)
    if block not in page:
        complain(f"{path}: no place for the table; it needs a line **Points.**")
    settle(path, page)


def ops():
    named = [word.lower() for word in
             re.findall(r"\bCHISO_OP_([A-Z]+)\b", read("sdk/include/chiso/plugin.h"))]
    known = [op["key"] for op in CODE["ops"]]
    if sorted(set(named)) != sorted(known):
        complain(f"plugin.h names {sorted(set(named))}, the code knows {sorted(known)}")
    for op in CODE["ops"]:
        op_page(op)
    listed = re.findall(r"\]\(([a-z]+)\.md\)", read("docs/ops/README.md"))
    if sorted(listed) != sorted(known):
        complain("docs/ops/README.md does not list every op once")


settle("docs/reference/index-json.md", index_page())
ops()
print(f"reference: {len(CODE['fields'])} members, {len(CODE['ops'])} ops, {failed} failed")
sys.exit(1 if failed else 0)
