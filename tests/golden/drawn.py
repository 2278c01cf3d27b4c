#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""drawn.py table DATA META ERRORS DRAWS SEED FACTOR
drawn.py stages INDEX STAGES ERRORS DRAWS SEED FACTOR HOW

Replications of `chiso uncertainty` whose values were drawn, computed anew from
what --write-draws wrote: prints the table of --what scores. Every drawn value
is also computed anew from the seed: Philox4x32-10 here, the normal quantile of
Python's statistics module. Means: arithmetic for tables, sums for stages.
"""
import csv
import json
import sys
from statistics import NormalDist

APPRAISAL, ERRORS = 6, 7  # uses of random numbers, in the order of random.h
M32, M64 = 0xffffffff, 0xffffffffffffffff


def philox(seed, index, block, use):
    c = [index & M32, index >> 32, block, use]
    k = [seed & M32, seed >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & M32, (a >> 32) ^ c[3] ^ k[1], a & M32]
        k = [(k[0] + 0x9E3779B9) & M32, (k[1] + 0xBB67AE85) & M32]
    return c


def number(seed, rep, use, leaf, row, rows):
    words = philox(seed, rep, leaf * ((rows + 3) // 4) + row // 4, use)
    return (words[row % 4] + 0.5) / 2 ** 32


def rows_of(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def real(text):
    return None if text in ('', 'NA') else float(text.replace(',', '.'))


class Index:
    """codes in their order, children, data[code][row], own[code][row], weights"""

    def effective_errors(self, path):
        self.error = {}
        for wanted in ('*', None):
            for r in rows_of(path):
                unit, code = r.get('uCode', r.get('unit')), r.get('iCode', r.get('node'))
                if (unit == '*') != (wanted == '*'):
                    continue
                bounds = real(r.get('low') or ''), real(r.get('high') or '')
                if bounds == (None, None):
                    bounds = self.bounds.get(code, (None, None))
                for u in range(len(self.units)):
                    if unit in ('*', self.units[u]):
                        self.error[code, u] = real(r['se']), *bounds


def of_table(data, meta):
    i = Index()
    rows, codes = rows_of(data), rows_of(meta)
    i.units = [r['uCode'] for r in rows]
    i.leaves = [c for c in rows[0] if any(m['iCode'] == c and m['Level'] == '1' for m in codes)]
    i.inner = [m['iCode'] for m in sorted(codes, key=lambda m: int(m['Level'])) if m['Level'] != '1']
    i.children = {c: [m['iCode'] for m in codes if m['Parent'] == c] for c in i.inner}
    i.direction = {m['iCode']: int(m['Direction']) for m in codes}
    i.data = {c: [real(r[c]) for r in rows] for c in i.leaves}
    i.own, i.bounds, i.sum = {}, {}, False
    return i


def of_stages(index, stages):
    i = Index()
    nodes = json.load(open(index, encoding='utf-8'))['nodes']
    rows = rows_of(stages)
    i.units = list(dict.fromkeys(r['unit'] for r in rows))
    i.leaves = [n['id'] for n in nodes if n['op'] != 'sum']
    # Leaves stand in reverse where aggregates do not: as chiso orders them.
    i.inner = [n['id'] for n in reversed(nodes) if n['op'] == 'sum']
    i.children = {c: [n['id'] for n in nodes if n.get('parent') == c] for c in i.inner}
    i.bounds = {n['id']: (0, float(n['max'])) for n in nodes}
    i.data, i.own, i.sum = {}, {}, True
    for c in i.leaves:
        at = {s: {r['unit']: real(r['value']) for r in rows if r['node'] == c and r['stage'] == s}
              for s in ('tự chấm', 'thẩm định', '')}
        i.data[c] = [(at['thẩm định'] or at['']).get(u) for u in i.units]
        i.own[c] = [at['tự chấm'].get(u) for u in i.units]
    return i


def expected(i, code, u, rep, seed, factor, how):
    """The drawn value; None where a first draw fell beyond a bound."""
    leaf, rows = i.leaves.index(code), len(i.units)
    x = i.data[code][u]
    if how and i.own[code][u] is not None and i.own[code][u] != x:
        place = number(seed, rep, APPRAISAL, 0 if how == 'unit' else leaf, u, rows)
        if how.startswith('either'):
            place = 0 if place < float(how.split(':')[1]) else 1
        x = (1 - place) * i.own[code][u] + place * x
    if (code, u) in i.error:
        se, low, high = i.error[code, u]
        x += factor * se * NormalDist().inv_cdf(number(seed, rep, ERRORS, leaf, u, rows))
        if (low is not None and x < low) or (high is not None and x > high):
            return None
    return x


def normalised(x, how, direction):
    x = [None if v is None else v * direction for v in x]
    there = [v for v in x if v is not None]
    if how == 'rank:min':
        return [None if v is None else 1 + sum(w < v for w in there) for v in x]
    _, low, high = how.split(':')
    a, b = min(there), max(there)
    return [None if v is None else (v - a) / (b - a) * (float(high) - float(low)) + float(low)
            for v in x]


def scores(i, weights, data, how):
    if i.sum:
        values = dict(data)
        for c in i.inner:
            values[c] = [sum(values[k][u] for k in i.children[c] if weights[k] > 0)
                         for u in range(len(i.units))]
        return values[i.inner[-1]]
    values = {c: normalised(data[c], how, i.direction[c]) for c in i.leaves}
    for c in i.inner:
        values[c] = []
        for u in range(len(i.units)):
            there = [k for k in i.children[c] if values[k][u] is not None]
            total = sum(weights[k] for k in there)
            values[c].append(sum(weights[k] * values[k][u] for k in there) / total
                             if total > 0 else None)
    return values[i.inner[-1]]


kind, first, second, errors, draws, seed, factor = sys.argv[1:8]
how = sys.argv[8] if len(sys.argv) > 8 else None
index = of_table(first, second) if kind == 'table' else of_stages(first, second)
index.effective_errors(errors)
runs, bounded, checked = {}, 0, 0
for r in rows_of(draws):
    rep = int(r['rep'])
    run = runs.setdefault(rep, [{}, {c: list(index.data[c]) for c in index.leaves},
                                r.get('normalise') or 'minmax:1:100'])
    if not r['uCode']:
        run[0][r['iCode']] = float(r['Weight'])
        continue
    u = index.units.index(r['uCode'])
    run[1][r['iCode']][u] = float(r['Value'])
    want = expected(index, r['iCode'], u, rep - 1, int(seed), float(factor), how)
    checked += 1
    if want is None:
        bounded += 1
        _, low, high = index.error[r['iCode'], u]
        assert low <= float(r['Value']) <= high, r
    else:
        assert abs(float(r['Value']) - want) <= 1e-12 * max(1, abs(want)), (r, want)
print('%d values, %d drawn again' % (checked, bounded), file=sys.stderr)
every = [scores(index, *runs[rep]) for rep in sorted(runs)]
print(','.join(['uCode'] + ['r_%d' % (k + 1) for k in range(len(every))]))
for u, unit in enumerate(index.units):
    print(','.join([unit] + ['' if s[u] is None else repr(s[u]) for s in every]))
