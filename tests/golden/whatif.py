#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""whatif.py

`chiso whatif` against the same worked out here: new weights as fractions of the
points that `chiso score` prints, overlays against the overlay scored by itself,
a comparison of two composite indices against its two tables.
"""
import csv
import io
import itertools
import random
import subprocess
import sys
from fractions import Fraction

FOLDER, SOURCE, WORK = sys.argv[1:4]
wrong = checked = 0


def chiso(*args):
    done = subprocess.run(['chiso', *args, '--format', 'csv', '--exact'], capture_output=True,
                          text=True, check=False, cwd=WORK)
    if done.returncode != 0:
        print('chiso', *args, done.stderr)
        sys.exit(1)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def check(what, want, got):
    global wrong, checked
    checked += 1
    if want != got:
        wrong += 1
        print(f'{what}: want {want}, got {got}')


def half_up(value, digits):
    scaled = value * 10 ** digits
    whole = (scaled + Fraction(1, 2)) // 1
    return Fraction(whole, 10 ** digits)


def number(text):
    return Fraction(text) if text else None


def ranks(values):
    return {u: 1 + sum(other > v for other in values.values() if other is not None)
            for u, v in values.items() if v is not None}


# ---- weights: the whole is the sum of the areas, each by its own factor

def weights(index, published, round_, digits, named):
    rows = chiso('score', index, '--round', round_, '--published', published) if published else \
        chiso('score', index, '--round', round_)
    root = rows[0]['node']
    tops = [r['node'] for r in rows if r['unit'] == rows[0]['unit'] and r['kind'] in ('area', 'dimension')]
    total = Fraction(rows[0]['max'])
    old = {r['node']: Fraction(r['max']) for r in rows if r['unit'] == rows[0]['unit']}
    said = ','.join(f'{k}={v}' for k, v in named.items())
    named = {k: Fraction(v) for k, v in named.items()}
    rest = [t for t in tops if t not in named]
    if rest:
        left = (total - sum(named.values())) / sum(old[t] for t in rest)
    else:
        left, total = 0, sum(named.values())
    factor = {t: named[t] / old[t] if t in named else left for t in tops}
    want = {}
    by_unit = itertools.groupby(rows, lambda r: r['unit'])
    for unit, lines in by_unit:
        points = {r['node']: number(r['points']) for r in lines}
        known = all(points[t] is not None or factor[t] == 0 for t in tops)
        want[unit] = half_up(sum(points[t] * factor[t] for t in tops if factor[t]), digits) \
            if known else None
    args = ['whatif', index, '--round', round_] + (['--published', published] if published else [])
    got = chiso(*args, '--weight', said)
    place = ranks(want)
    for r in got:
        check(f'{index}@{round_} {said} {r["unit"]}', want[r['unit']], number(r['after']))
        if want[r['unit']] is not None and r['rank_after']:
            check(f'{index}@{round_} {said} rank of {r["unit"]}', place[r['unit']], int(r['rank_after']))
    nodes = chiso(*args, '--weight', said, '--what', 'nodes', '--unit', got[0]['unit'])
    for r in nodes:
        if r['node'] in tops and r['max_after'] and factor[r['node']]:
            check(f'{index} {said} maximum of {r["node"]}',
                  half_up(old[r['node']] * factor[r['node']], 6), Fraction(r['max_after']))
        if r['node'] == root:
            check(f'{index} {said} total', total, Fraction(r['max_after']))


for case in ({'D1': '20'}, {'D1': '3.3', 'D2': '7.7'}, {'D8': '0'}, {f'D{i}': str(i) for i in range(1, 9)},
             {'D4': '0.000001'}):
    weights('vn.papi.province', '', '2024', 6, case)
for case in ({'1': '20'}, {'3': '7', '8': '0'}, {'7': '33.3'}):
    weights('vn.par.province', '', '2022', 2, case)
    weights('vn.par.province', 'areas', '2020', 2, case)

# ---- an overlay: as it scores the same tables by itself

base = ['--data', f'{SOURCE}/tests/docs/example.csv', '--units', f'{SOURCE}/tests/docs/units.csv']
overlay = f'{SOURCE}/tests/docs/internal.ini'
own = {r['unit']: r for r in chiso('score', overlay, '--data', f'{WORK}/kept.csv', '--units',
                                   f'{SOURCE}/tests/docs/units.csv', '--nodes', 'index')}
was = {r['unit']: r for r in chiso('score', f'{SOURCE}/tests/docs/example.json', *base, '--nodes', 'index')}
for r in chiso('whatif', f'{SOURCE}/tests/docs/example.json', *base, '--with', overlay):
    u = r['unit']
    check(f'overlay: before of {u}', was[u]['points'], r['before'])
    check(f'overlay: {u}', own[u]['points'], r['after'])
    check(f'overlay: rank of {u}', own[u]['rank'], r['rank_after'])
    check('mark', True, r['mark'].startswith('what-if, not a result; '))

# ---- two composite indices side by side

steps = ['--data', f'{FOLDER}/in_data.csv', '--meta', f'{FOLDER}/in_meta.csv', '--normalise', 'minmax:1:100']
gaps = ['--data', f'{FOLDER}/in_data_na.csv', *steps[2:]]


def table(name):
    with open(f'{FOLDER}/{name}.csv', encoding='utf-8', newline='') as f:
        return {r['uCode']: float(r['I']) if r['I'] else None for r in csv.DictReader(f)}


def near(a, b):
    return a is b is None or abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1)


def compare(data, first, second, then):
    a, b = table(first), table(second)
    ra, rb = ranks(a), ranks(b)
    got = chiso('whatif', *data, '--aggregate', 'arithmetic', '--then', then, '--what', 'compare:scores')
    check(f'{then}: columns', ['uCode', 'coin.1', 'coin.2', 'Diff', 'Abs.diff'], list(got[0]))
    check(f'{then}: units', sorted(a), [r['uCode'] for r in got])
    for r in got:
        u = r['uCode']
        for key, want in (('coin.1', a[u]), ('coin.2', b[u]), ('Diff', a[u] - b[u]),
                          ('Abs.diff', abs(a[u] - b[u]))):
            check(f'{then}: {key} of {u}', True, near(want, float(r[key])))
    for r in chiso('whatif', *data, '--aggregate', 'arithmetic', '--then', then, '--what', 'compare:ranks'):
        u = r['uCode']
        check(f'{then}: ranks of {u}', [ra[u], rb[u], ra[u] - rb[u], abs(ra[u] - rb[u])],
              [int(r[k]) for k in ('coin.1', 'coin.2', 'Diff', 'Abs.diff')])


compare(steps, 'agg_arithmetic', 'agg_geometric', 'aggregate=geometric')
compare(steps, 'agg_arithmetic', 'agg_mixed_arith_geom_harm', 'aggregate=arithmetic,geometric,harmonic')

# Changed data, rows and weights: against compose on a table that is changed.
random.seed(5)
with open(f'{FOLDER}/in_data_na.csv', encoding='utf-8', newline='') as f:
    header, *lines = list(csv.reader(f))
with open(f'{FOLDER}/in_meta.csv', encoding='utf-8', newline='') as f:
    meta = list(csv.DictReader(f))
for i in range(12):
    data = [list(r) for r in lines]
    sets, gone = [], random.sample([r[0] for r in data], random.randrange(3))
    for _ in range(random.randrange(1, 5)):
        row, column = random.randrange(len(data)), random.randrange(3, len(header))
        if not header[column].startswith('i') or data[row][0] in gone or \
                any(s.startswith(f'{data[row][0]}:{header[column]}=') for s in sets):
            continue
        value = random.choice(['', '12.5', '70', '33.25'])
        data[row][column] = value
        sets.append(f'{data[row][0]}:{header[column]}={value}')
    code = random.choice(['i02', 'c3', 'a1', 'i08'])
    weight = random.choice(['0', '0.5', '3'])
    with open(f'{WORK}/data.csv', 'w', encoding='utf-8', newline='') as f:
        csv.writer(f).writerows([header] + [r for r in data if r[0] not in gone])
    with open(f'{WORK}/meta.csv', 'w', encoding='utf-8', newline='') as f:
        out = csv.DictWriter(f, meta[0])
        out.writeheader()
        out.writerows({**m, 'Weight': weight} if m['iCode'] == code else m for m in meta)
    want = chiso('compose', '--data', 'data.csv', '--meta', 'meta.csv', *steps[4:], '--impute', 'median',
                 '--aggregate', 'arithmetic')
    args = [a for s in sets for a in ('--set', s)] + (['--without', ','.join(gone)] if gone else [])
    got = chiso('whatif', *gaps, '--impute', 'median', '--aggregate', 'arithmetic', *args, '--weight',
                f'{code}={weight}')
    after = {r['uCode']: r['after'] for r in got}
    for r in want:
        check(f'{args} {code}={weight} {r["uCode"]}', r['I'], after[r['uCode']])
    check(f'{args} left out', sorted(gone), sorted(u for u in after if not after[u]))

# The comparison can fail.
before = wrong
check('', 1, 2)
wrong, checked = before + (wrong == before), checked - 1
print(f'whatif: {checked} figures, {wrong} wrong')
sys.exit(wrong != 0)
