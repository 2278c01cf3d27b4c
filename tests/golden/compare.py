#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare.py EXPECTED ACTUAL [TOLERANCE [COLUMN...]]

Two tables with a header. Columns are found by name, rows by their place; every
column of EXPECTED must be in ACTUAL. Numbers are equal within a relative
tolerance (1e-12; absolute for what is 0), everything else as text. With
columns named, those alone.
"""
import csv
import sys


def rows(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def same(want, have, tolerance):
    a, b = number(want), number(have)
    if a is None or b is None:
        return want == have
    return abs(a - b) <= tolerance * (abs(a) or 1)


def main():
    want, have = rows(sys.argv[1]), rows(sys.argv[2])
    tolerance = float(sys.argv[3]) if len(sys.argv) > 3 else 1e-12
    columns = sys.argv[4:] or list(want[0])
    if len(want) != len(have):
        print(f'{sys.argv[1]}: {len(want)} rows, found {len(have)}')
        return 1
    wrong = 0
    for line, (w, h) in enumerate(zip(want, have), 2):
        for column in columns:
            if column not in h or not same(w[column], h[column], tolerance):
                wrong += 1
                if wrong <= 5:
                    print(f'{sys.argv[1]}:{line}: {column}: '
                          f'{w[column]}, found {h.get(column)}')
    return 1 if wrong or not want else 0


if __name__ == '__main__':
    sys.exit(main())
