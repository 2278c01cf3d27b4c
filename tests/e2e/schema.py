#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""schema.py SOURCE_DIR BUILD_DIR: sdk/schema/index.schema.json against chiso.

Every index.json of the repository conforms. Then small files are broken in
many ways, and the two are held against each other: what the schema refuses
chiso refuses, and the schema accepts nothing whose members chiso does not.
"""
import copy
import glob
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

SOURCE, BUILD = sys.argv[1:3]
CHISO = os.path.join(BUILD, "bin", "chiso")
SMALL = ["tests/docs/example.json", "sdk/examples/call/index.json",
         "indices/papi/weighted/2019/index.json"]
# What chiso says of a file whose shape is wrong, rather than its sums.
SHAPE = ["is not a text", "is not a decimal", "is not a whole number",
         "is not an object", "is not a list", "is empty", "is required",
         "unknown key", "found \"", "does not belong to op"]
WRONG = [None, True, 7, -1, "", " ", "1,5", "01", "1.1234567", "x y", [], {},
         ["x"], {"x": "y"}]
failed = 0


def complain(text):
    global failed
    failed += 1
    print(text)


def load(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return json.load(file)


def verdict(document, folder):
    """Exit code and message of chiso for a document."""
    path = os.path.join(folder, "index.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)
    run = subprocess.run([CHISO, "fmt", path], capture_output=True, text=True,
                         check=False)
    return run.returncode, run.stderr.strip()


def places(value, path=()):
    """Every object of a document, with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, member in value.items():
            yield from places(member, path + (key,))
    elif isinstance(value, list):
        for number, member in enumerate(value[:40]):
            yield from places(member, path + (number,))


def changed(document, path, key, value, absent=False):
    document = copy.deepcopy(document)
    place = document
    for step in path:
        place = place[step]
    if absent:
        del place[key]
    else:
        place[key] = value
    return document


def variants(document, plausible, seen):
    """Documents that differ from a good one in one member. Each member of each
    op is broken once, with a few of the wrong values in turn."""
    turn = 0
    for path, place in places(document):
        op = document["nodes"][path[1]]["op"] if path[:1] == ("nodes",) else ""
        shape = tuple(step for step in path if not isinstance(step, int))
        for key in place:
            if (op, shape, key) in seen:
                continue
            seen.add((op, shape, key))
            yield changed(document, path, key, None, absent=True)
            for _ in range(2):
                turn += 1
                yield changed(document, path, key, WRONG[turn % len(WRONG)])
        if (op, shape) in seen:
            continue
        seen.add((op, shape))
        yield changed(document, path, "surplus", "x")
        if len(path) == 2 and path[0] == "nodes":
            for key, value in plausible.items():
                if key not in place:
                    yield changed(document, path, key, value)


def main():
    schema = load("sdk/schema/index.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = sorted(glob.glob(os.path.join(SOURCE, "indices/**/index.json"),
                            recursive=True))
    for path in good + SMALL:
        for error in validator.iter_errors(load(path)):
            complain(f"{path}: {error.json_path}: {error.message[:200]}")

    plausible = {}
    for path in good + SMALL:
        for node in load(path)["nodes"]:
            for key, value in node.items():
                plausible.setdefault(key, value)
    seen, count = set(), 0
    with tempfile.TemporaryDirectory() as folder:
        for path in SMALL:
            for document in variants(load(path), plausible, seen):
                count += 1
                accepted = validator.is_valid(document)
                code, message = verdict(document, folder)
                if code not in (0, 3):
                    complain(f"{path}: exit code {code}: {message}")
                elif not accepted and code == 0:
                    error = next(validator.iter_errors(document))
                    complain(f"{path}: only the schema refuses "
                             f"{error.json_path}: {error.message[:200]}")
                elif accepted and code == 3 and any(s in message for s in SHAPE):
                    complain(f"{path}: only chiso refuses: {message}")
    print(f"schema: {len(good) + len(SMALL)} files conform, {count} variants, "
          f"{failed} failed")
    return 1 if failed else 0


sys.exit(main())
