#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""uncertain.py DATA META DRAWS [SCORES]

Ranks of many replications, computed anew without any library: min-max to
1..100, weighted means of what is there level by level, the weights of DRAWS;
prints the table of `chiso uncertainty`, or the scores.
"""
import csv
import math
import sys


def rows(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


data, meta = rows(sys.argv[1]), rows(sys.argv[2])
leaves = [m for m in meta if m['Level'] == '1']
columns = {}
for m in leaves:
    x = [float(r[m['iCode']]) * int(m['Direction']) if r[m['iCode']] not in ('', 'NA') else None
         for r in data]
    low, high = min(v for v in x if v is not None), max(v for v in x if v is not None)
    columns[m['iCode']] = [None if v is None else (v - low) / (high - low) * 99 + 1 for v in x]
inner = sorted((m for m in meta if m['Level'] != '1'), key=lambda m: int(m['Level']))
children = {m['iCode']: [k['iCode'] for k in meta if k['Parent'] == m['iCode']] for m in inner}


def scores(weights):
    values = dict(columns)
    for m in inner:
        out = []
        for r in range(len(data)):
            there = [c for c in children[m['iCode']] if values[c][r] is not None]
            total = sum(weights[c] for c in there)
            out.append(sum(weights[c] * values[c][r] for c in there) / total if total > 0 else None)
        values[m['iCode']] = out
    return values[inner[-1]['iCode']]


def ranks(x):
    return [None if v is None else 1 + sum(1 for w in x if w is not None and w > v) for v in x]


def quantile(x, p):
    place = (len(x) - 1) * p
    low = math.floor(place)
    high = min(low + 1, len(x) - 1)
    return x[low] + (place - low) * (x[high] - x[low])


draws = {}
for r in rows(sys.argv[3]):
    draws.setdefault(int(r['rep']), {})[r['iCode']] = float(r['Weight'])
every = [scores(draws[rep]) for rep in sorted(draws)]
if len(sys.argv) > 4:
    print(','.join(['uCode'] + [f'r_{i + 1}' for i in range(len(every))]))
    for u, r in enumerate(data):
        print(','.join([r['uCode']] + ['' if s[u] is None else repr(s[u]) for s in every]))
    sys.exit()
nominal = ranks(scores({m['iCode']: float(m['Weight']) for m in meta}))
ranked = [ranks(s) for s in every]
print('uCode,Nominal,Mean,Median,Q5,Q95,SD')
for u, r in enumerate(data):
    x = sorted(s[u] for s in ranked if s[u] is not None)
    mean = sum(x) / len(x)
    sd = math.sqrt(sum((v - mean) ** 2 for v in x) / (len(x) - 1))
    print(','.join([r['uCode']] + [repr(v) for v in (nominal[u], mean, quantile(x, .5),
                                                     quantile(x, .05), quantile(x, .95), sd)]))
