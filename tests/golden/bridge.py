#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bridge.py INDICES METHODOLOGY-FOLDER ROUND RULE NODE... < chiso's table

Works out what a bridge from the 63 provinces to the 34 must print, in exact
fractions and by plain loops, from the shipped tables alone: changes-2025.csv,
<round>.results.csv and, where that has no row, points of
<round>.observations.csv. RULE is `bounds`, `equal`, or a table unit,weight.
Reads the CSV of `chiso bridge --what nodes --exact` and says what differs.
"""
import csv
import json
import sys
from decimal import Decimal, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP
from fractions import Fraction

MILLIONTH = Decimal('0.000001')


def table(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def decimal(x, how):
    """A fraction to six digits; exact integers, so that nothing rounds twice."""
    n = x * 1000000
    low = n.numerator // n.denominator
    up = {ROUND_FLOOR: 0, ROUND_CEILING: n > low,
          ROUND_HALF_UP: n - low >= Fraction(1, 2)}[how]
    return Fraction(low + up, 1000000)


def figures(folder, round_):
    known = {}
    for kind in ('observations', 'results'):  # what was printed stands
        try:
            rows = table(f'{folder}/published/{round_}.{kind}.csv')
        except FileNotFoundError:
            continue
        for row in rows:
            if row['points']:
                known[row['node'], row['unit']] = Fraction(Decimal(row['points']))
    return known


def span(known, tree, node, unit):
    """Where a part lies: its figure, or the sum of what is known below it."""
    if (node, unit) in known:
        return known[node, unit], known[node, unit], True
    top, children = tree[node]
    below = [span(known, tree, c, unit) for c in children]
    if not any(some for _, _, some in below):
        return Fraction(0), top, False
    return sum(b[0] for b in below), min(top, sum(b[1] for b in below)), True


def merged(parts, known, tree, node, weights):
    """state, points, low, high, codes that are missing."""
    missing = [p for p in parts if (node, p) not in known]
    spans = [span(known, tree, node, p) for p in parts]
    if not any(some for _, _, some in spans):
        return 'none', None, None, None, missing
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)
    if len(parts) == 1:
        if missing:
            return 'partial', None, low, high, missing
        return 'unchanged', low, low, low, missing
    if weights is None:
        return 'partial' if missing else 'bounds', None, low, high, missing
    whole = sum(weights[p] for p in parts)
    low = sum(weights[p] * s[0] for p, s in zip(parts, spans)) / whole
    high = sum(weights[p] * s[1] for p, s in zip(parts, spans)) / whole
    if not any(weights[p] for p in missing):
        mean = decimal(low, ROUND_HALF_UP)
        return 'estimate', mean, mean, mean, missing
    return ('partial', None, decimal(low, ROUND_FLOOR),
            decimal(high, ROUND_CEILING), missing)


def ranks(rows, top, weighted):
    """Of each unit rank, best, worst: by counting."""
    out = {}
    for unit, (state, points, low, high, _) in rows.items():
        if state == 'none':
            continue
        others = [(0, top, None) if r[0] == 'none' else (r[2], r[3], r[1])
                  for u, r in rows.items() if u != unit]
        rank = ''
        if weighted and points is not None:
            rank = 1 + sum(p is not None and p > points for _, _, p in others)
        out[unit] = (str(rank), str(1 + sum(lo > high for lo, _, _ in others)),
                     str(1 + sum(hi > low for _, hi, _ in others)))
    return out


def main():
    indices, folder, round_, rule, *names = sys.argv[1:]
    folder = f'{indices}/{folder}'
    sums = set()
    with open(f'{folder}/index.json', encoding='utf-8') as f:
        tree = {}
        for n in json.load(f)['nodes']:
            tree[n['id']] = (Fraction(Decimal(n['max'])), [])
            if n.get('parent') in tree and n['weight'] != '0' and n['parent'] in sums:
                tree[n['parent']][1].append(n['id'])
            if n['op'] == 'sum':
                sums.add(n['id'])
    parts = {}
    for row in table(f'{indices}/units/changes-2025.csv'):
        parts.setdefault(row['to_unit'], []).append(row['from_unit'])
    weights = None
    if rule == 'equal':
        weights = {p: Fraction(1) for ps in parts.values() for p in ps}
    elif rule != 'bounds':
        weights = {r['unit']: Fraction(Decimal(r['weight'])) for r in table(rule)}
    known = figures(folder, round_)
    printed = {(r['unit'], r['node']): r for r in csv.DictReader(sys.stdin)}
    wrong = checked = 0

    def same(unit, node, what, want):
        nonlocal wrong, checked
        have = printed[unit, node][what]
        checked += 1
        if isinstance(want, Fraction):
            good = have != '' and Fraction(Decimal(have)) == want
        else:
            good = have == ('' if want is None else want)
        if not good:
            wrong += 1
            print(f'{folder} {round_} {rule}: {unit} {node} {what}: '
                  f'{want}, found {have}')

    for node in names:
        top = tree[node][0]
        rows = {u: merged(sorted(ps), known, tree, node, weights)
                for u, ps in parts.items()}
        place = ranks(rows, top, weights is not None)
        for unit, (state, points, low, high, missing) in rows.items():
            if state == 'none':
                if (unit, node) in printed:
                    wrong += 1
                    print(f'{folder} {round_}: {unit} {node} was printed')
                continue
            same(unit, node, 'state', state)
            same(unit, node, 'points', points)
            same(unit, node, 'low', low)
            same(unit, node, 'high', high)
            same(unit, node, 'max', top)
            same(unit, node, 'missing', '|'.join(missing))
            same(unit, node, 'parts', str(len(parts[unit])))
            for what, want in zip(('rank', 'best', 'worst'), place[unit]):
                same(unit, node, what, want)
    print(checked)
    return 1 if wrong or checked < 9 else 0


if __name__ == '__main__':
    sys.exit(main())
