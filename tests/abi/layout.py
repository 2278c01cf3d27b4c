#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layout.py PLUGIN_H LAYOUT_C MEMBERS_C: nothing of the header is left out.

Every struct has a SIZE, every member an OFFSET and every constant a VALUE in
layout.c, and nothing else is pinned there; every member of a table is a member
of members.c or a count or stride of it. Members have types of one width on
every machine, and no #if chooses among them. What the header holds comes from
clang's syntax tree, not from its text.
"""
import json
import re
import subprocess
import sys

# Fixed width, pointers to data, pointers to functions.
TYPES = re.compile(r"u?int(8|16|32|64)_t(\[\d+\])?|chiso_dec|chiso_date|.*\*(const)?|"
                   r"int \(\*\)\(.*\)")
HOST_SIDE = {"chiso_host", "chiso_plugin"}  # not tables: written by hand


def tree(header):
    """Structs {name: {member: type}} and constants [name] of the header."""
    out = subprocess.run(
        ["clang", "-x", "c", "-std=c99", "-fsyntax-only",
         "-Xclang", "-ast-dump=json", header],
        check=True, capture_output=True, text=True).stdout
    structs, constants = {}, []
    for node in json.loads(out)["inner"]:
        name = node.get("name", "")
        members = [child for child in node.get("inner", [])
                   if child["kind"] in ("FieldDecl", "EnumConstantDecl")]
        if node["kind"] == "RecordDecl" and name.startswith("chiso_"):
            if members:
                structs[name] = {member["name"]: member["type"]["qualType"]
                                 for member in members}
        elif node["kind"] == "EnumDecl":
            constants += [member["name"] for member in members]
    macros = subprocess.run(
        ["clang", "-x", "c", "-std=c99", "-dM", "-E", header],
        check=True, capture_output=True, text=True).stdout
    constants += [name for name in re.findall(r"#define (CHISO_\w+) \S", macros)
                  if name not in ("CHISO_EXTERN", "CHISO_EXPORT")]
    return structs, constants


def main():
    header, layout, members = sys.argv[1:]
    structs, constants = tree(header)
    wanted = {("SIZE", name, "") for name in structs}
    wanted |= {("OFFSET", name, member)
               for name, listed in structs.items() for member in listed}
    wanted |= {("VALUE", name, "") for name in constants}
    with open(layout, encoding="utf-8") as file:
        text = re.sub(r"(?m)^#.*$", "", file.read())
    pinned = [(kind, name, member or "") for kind, name, member in re.findall(
        r"^(SIZE|OFFSET|VALUE)\((\w+)(?:, ([a-z]\w*))?, [^)\n]*(?:\([^)\n]*\)[^)\n]*)?\);$",
        text, re.M)]
    faults = [f"{layout}: {' '.join(what)} is not pinned"
              for what in sorted(wanted - set(pinned))]
    faults += [f"{layout}: {' '.join(what)} is pinned, not in {header}"
               for what in sorted(set(pinned) - wanted)]
    faults += [f"{layout}: {' '.join(what)} is pinned twice"
               for what in sorted({p for p in pinned if pinned.count(p) > 1})]
    faults += [f"{header}: {name}.{member} is {kind}: no type of fixed width"
               for name, listed in structs.items()
               for member, kind in listed.items() if not TYPES.fullmatch(kind)]
    with open(header, encoding="utf-8") as file:
        choices = re.findall(r"(?m)^#\s*(?:el)?if.*$", file.read())
    faults += [f"{header}: {choice}" for choice in choices if choice not in (
        "#ifndef CHISO_PLUGIN_H", "#ifdef __cplusplus")]
    with open(members, encoding="utf-8") as file:
        text = file.read()
    for name, listed in structs.items():
        if name in HOST_SIDE or name == "chiso_date":
            continue
        known = set(re.findall(rf"\b{name},\s+(?:[A-Z0-9]+, )?(\w+)", text))
        if re.search(rf"TITLES\({name}\)", text):
            known |= {"title_vi", "title_en"}
        if re.search(rf"RESERVED\({name}\)", text):
            known.add("reserved")
        for member in listed:
            if member.endswith("_stride") or (name, member) == ("chiso_index", "size") or (
                    member.startswith("n_") and member[2:] in known):
                continue
            if member not in known:
                faults.append(f"{members}: {name}.{member} is missing")
    print("\n".join(faults) if faults else
          f"layout: {len(structs)} structs, "
          f"{sum(map(len, structs.values()))} members, "
          f"{len(constants)} constants")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
