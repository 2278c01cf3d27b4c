#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stub.py HEADER INCLUDE_DIR... >stub.c

A library with the functions that HEADER declares and no inside: libabigail
describes from it what programs see, and nothing that is private. The types
are those of the declarations, since a definition must agree with them.
"""
import json
import subprocess
import sys


def main():
    header, folders = sys.argv[1], sys.argv[2:]
    flags = [word for folder in folders for word in ("-I", folder)]
    out = subprocess.run(
        ["clang", "-x", "c", "-std=c11", *flags, "-fsyntax-only",
         "-Xclang", "-ast-dump=json", "-"],
        input=f'#include "{header}"\n', check=True, capture_output=True,
        text=True).stdout
    print(f'#include "{header}"')
    for node in json.loads(out)["inner"]:
        name = node.get("name", "")
        if node["kind"] != "FunctionDecl" or not name.startswith("chiso_") or \
                node.get("storageClass") == "static":
            continue
        parameters = [f"__typeof__({child['type']['qualType']}) p{place}"
                      for place, child in enumerate(node.get("inner", []))
                      if child["kind"] == "ParmVarDecl"]
        if node.get("variadic"):
            parameters.append("...")
        result = node["type"]["qualType"].split("(", 1)[0]
        print(f"{result}{name}({', '.join(parameters) or 'void'}) "
              "{ __builtin_trap(); }")


if __name__ == "__main__":
    main()
