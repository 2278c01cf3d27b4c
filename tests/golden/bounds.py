#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bounds.py META BOUNDS DRAWS SCORES X

Every end that `chiso uncertainty --what bounds` prints is reached by the
weights that were written, and these are within w (1 - X) .. w (1 + X). SCORES
are those that uncertain.py computes from DRAWS.
"""
import csv
import sys


def rows(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


meta, bounds, draws, scores = map(rows, sys.argv[1:5])
x = float(sys.argv[5])
weight = {m['iCode']: float(m['Weight']) for m in meta if m['Parent']}
units = [r['uCode'] for r in bounds]
exact = 0
for r in draws:
    if r['iCode'] in weight:
        w = weight[r['iCode']]
        assert w * (1 - x) - 1e-12 <= float(r['Weight']) <= w * (1 + x) + 1e-12, r
for u, r in enumerate(bounds):
    for end, column in enumerate(('Best', 'Worst')):
        s = [float(k['r_%d' % (2 * u + end + 1)]) for k in scores]
        rank = 1 + sum(v > s[u] + 1e-12 for v in s)
        ties = sum(abs(v - s[u]) <= 1e-12 for v in s) - 1
        assert rank <= int(r[column]) <= rank + ties, (r, column, rank)
        proven, best = int(r[column + 'Proven']), int(r['Best'])
        assert (proven == int(r[column])) == (r[column + 'Is'] == 'exact'), r
        assert proven <= best if end == 0 else proven >= int(r['Worst']), r
        exact += r[column + 'Is'] == 'exact'
print('%d of %d ends exact' % (exact, 2 * len(bounds)))
