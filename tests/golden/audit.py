#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""audit.py FOLDER

What `chiso audit` prints, against the same figures computed here from their
definitions, in plain Python: all pairs for tau, all rows for ranks, sixty digits
for Student's t. Data with and without gaps.
"""
import csv
import io
import math
import subprocess
import sys
from decimal import Decimal, getcontext

getcontext().prec = 60
FOLDER = sys.argv[1]
wrong = checked = 0


def number(text):
    return None if text in ('', 'NA') else float(text)


def read(name):
    with open(f'{FOLDER}/{name}.csv', encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def audit(data, *args, scale='minmax:1:100', mean='arithmetic'):
    command = ['chiso', 'audit', '--data', f'{FOLDER}/{data}.csv', '--meta', f'{FOLDER}/in_meta.csv',
               '--format', 'csv', '--exact', *args]
    if scale:
        command += ['--normalise', scale]
    if mean:
        command += ['--aggregate', mean]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr)
        sys.exit(1)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def same(name, want, have, tolerance=1e-12):
    global wrong, checked
    checked += 1
    if want is None:
        good = have == ''
    elif isinstance(want, str):
        good = want == have
    else:
        good = have != '' and abs(want - float(have)) <= tolerance * (abs(want) or 1)
    if not good:
        wrong += 1
        if wrong < 10:
            print(f'{name}: {want}, found {have}')


META = read('in_meta')
LEAVES = [m['iCode'] for m in META if m['Level'] == '1']
INNER = [m['iCode'] for m in META if m['Level'] != '1']
CHILDREN = {p: [m['iCode'] for m in META if m['Parent'] == p] for p in INNER}
WEIGHT = {m['iCode']: float(m['Weight']) for m in META}
DIRECTION = {m['iCode']: float(m['Direction']) for m in META}
LEVEL = {m['iCode']: int(m['Level']) for m in META}


def columns(data):
    rows = read(data)
    return [r['uCode'] for r in rows], {i: [number(r[i]) for r in rows] for i in LEAVES}


def normalised(raw):
    out = {}
    for i, x in raw.items():
        y = [None if v is None else v * DIRECTION[i] for v in x]
        low, high = min(v for v in y if v is not None), max(v for v in y if v is not None)
        out[i] = [None if v is None else (v - low) / (high - low) * 99 + 1 for v in y]
    return out


def aggregated(values, weight, geometric=False):
    out = dict(values)
    rows = len(next(iter(values.values())))
    for p in sorted(INNER, key=LEVEL.get):
        column = []
        for r in range(rows):
            there = [(weight[k], out[k][r]) for k in CHILDREN[p] if out[k][r] is not None]
            total = math.fsum(w for w, _ in there)
            if not total > 0:
                column.append(None)
            elif geometric:
                column.append(math.exp(math.fsum(w * math.log(x) for w, x in there) / total))
            else:
                column.append(math.fsum(w * x for w, x in there) / total)
        out[p] = column
    return out


def both(x, y):
    pairs = [(a, b) for a, b in zip(x, y) if a is not None and b is not None]
    return [a for a, _ in pairs], [b for _, b in pairs]


def covariance(x, y):
    mx, my = math.fsum(x) / len(x), math.fsum(y) / len(y)
    return math.fsum((a - mx) * (b - my) for a, b in zip(x, y)) / (len(x) - 1)


def pearson(x, y):
    x, y = both(x, y)
    return covariance(x, y) / math.sqrt(covariance(x, x) * covariance(y, y))


def mid_ranks(x):
    return [sum(b < a for b in x) + (sum(b == a for b in x) + 1) / 2 for a in x]


def spearman(x, y):
    x, y = both(x, y)
    return pearson(mid_ranks(x), mid_ranks(y))


def kendall(x, y):
    x, y = both(x, y)
    sign = lambda v: (v > 0) - (v < 0)
    s = xx = yy = 0
    for i in range(len(x)):
        for k in range(i):
            a, b = sign(x[i] - x[k]), sign(y[i] - y[k])
            s, xx, yy = s + a * b, xx + a * a, yy + b * b
    return s / math.sqrt(xx * yy)


def asin(x):
    """By Newton on the sine's series, in sixty digits."""
    def sin_cos(v):
        sine = term = v
        cosine = one = Decimal(1)
        for k in range(1, 60):
            term = -term * v * v / (2 * k * (2 * k + 1))
            one = -one * v * v / ((2 * k - 1) * (2 * k))
            sine, cosine = sine + term, cosine + one
        return sine, cosine
    v = Decimal(math.asin(float(x)))
    for _ in range(6):
        sine, cosine = sin_cos(v)
        v -= (sine - x) / cosine
    return v


def p_value(r, n):
    """Abramowitz & Stegun 26.7.3 and 26.7.4, with digits to spare."""
    s = abs(Decimal(r))
    v = n - 2
    square = 1 - s * s
    if v % 2 == 0:
        term = total = Decimal(1)
        for k in range(1, v // 2):
            term = term * square * (2 * k - 1) / (2 * k)
            total += term
        return float(1 - s * total)
    pi = 2 * asin(Decimal('0.5')) * 3
    total = Decimal(0)
    term = square.sqrt()
    for k in range((v - 1) // 2):
        total += term
        term = term * square * (2 * k + 2) / (2 * k + 3)
    return float(1 - 2 / pi * (asin(s) + s * total))


def kendall_p(x, y):
    """Without ties and up to 49 pairs by the distribution itself, in whole
    numbers; else normal, with the variance for ties (Kendall 1970, 4.3)."""
    x, y = both(x, y)
    n = len(x)
    t, u = ([x.count(v) for v in set(x)], [y.count(v) for v in set(y)])
    sign = lambda v: (v > 0) - (v < 0)
    score = sum(sign(x[i] - x[k]) * sign(y[i] - y[k]) for i in range(n) for k in range(i))
    if n <= 49 and max(t + u) == 1:
        counts = [1]
        for m in range(2, n + 1):
            counts = [sum(counts[max(0, k - m + 1):k + 1]) for k in range(m * (m - 1) // 2 + 1)]
        least = (n * (n - 1) // 2 - abs(score)) // 2
        return min(1.0, 2 * sum(counts[:least + 1]) / math.factorial(n))
    v0, vt, vu = (n * (n - 1) * (2 * n + 5), sum(k * (k - 1) * (2 * k + 5) for k in t),
                  sum(k * (k - 1) * (2 * k + 5) for k in u))
    v1 = sum(k * (k - 1) for k in t) * sum(k * (k - 1) for k in u) / (2 * n * (n - 1))
    v2 = (sum(k * (k - 1) * (k - 2) for k in t) * sum(k * (k - 1) * (k - 2) for k in u)
          / (9 * n * (n - 1) * (n - 2)))
    return math.erfc(abs(score) / math.sqrt((v0 - vt - vu) / 18 + v1 + v2) / math.sqrt(2))


def ranks(x):
    return [None if a is None else 1 + sum(b is not None and b > a for b in x) for a in x]


def correlations(data, raw, values):
    for kind, figure in ('pearson', pearson), ('spearman', spearman), ('kendall', kendall):
        for table, of in ((audit(data, '--what', f'correlation:{kind}'), values),
                          (audit(data, '--what', f'correlation:{kind}', scale=None, mean=None), raw)):
            for i, row in zip(LEAVES, table):
                for k in LEAVES:
                    same(f'{kind} {i} {k}', figure(of[i], of[k]) if i != k else 1.0, row[k])
        table = audit(data, '--what', f'correlation:{kind}', '--levels', '2,3')
        order = [(a, b) for b in INNER if LEVEL[b] == 2 for a in INNER if LEVEL[a] == 3]
        for (a, b), row in zip(order, table):
            same('Var1', a, row['Var1'])
            same('Var2', b, row['Var2'])
            same(f'{kind} {a} {b}', figure(values[a], values[b]), row['Correlation'])
    for i, row in zip(LEAVES, audit(data, '--what', 'pvalues')):
        for k in LEAVES:
            n = len(both(values[i], values[k])[0])
            r = pearson(values[i], values[k])
            # r itself is known to some 1e-15 only
            same(f'p {i} {k}', p_value(r, n) if i != k else 0.0, row[k], 1e-12)
    for kind, of in ('kendall', values), ('spearman', values), ('kendall', raw), ('spearman', raw):
        how = {} if of is values else {'scale': None, 'mean': None}
        for i, row in zip(LEAVES, audit(data, '--what', f'pvalues:{kind}', **how)):
            for k in LEAVES:
                want = 0.0
                if i != k and kind == 'kendall':
                    want = kendall_p(of[i], of[k])
                elif i != k:
                    want = p_value(spearman(of[i], of[k]), len(both(of[i], of[k])[0]))
                same(f'p {kind} {i} {k}', want, row[k], 1e-12)


def statistics(data, raw):
    for i, row in zip(LEAVES, audit(data, '--what', 'stats')):
        x = sorted(v for v in raw[i] if v is not None)
        n, rows = len(x), len(raw[i])
        mean = math.fsum(x) / n
        m2, m3, m4 = (math.fsum((v - mean) ** p for v in x) / n for p in (2, 3, 4))
        skew = m3 / m2 ** 1.5 * math.sqrt(n * (n - 1)) / (n - 2)
        kurt = ((n + 1) * (m4 / m2 ** 2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
        unique, most = len(set(x)), max(x.count(v) for v in x)
        nonzero = sum(v != 0 for v in x)
        want = {'iCode': i, 'Min': x[0], 'Max': x[-1], 'Mean': mean, 'Median': (x[n // 2] + x[(n - 1) // 2]) / 2,
                'Std': math.sqrt(m2 * n / (n - 1)), 'Skew': skew, 'Kurt': kurt, 'N.Avail': n, 'N.NonZero': nonzero,
                'N.Unique': unique, 'N.Same': most, 'Frc.Avail': n / rows, 'Frc.NonZero': nonzero / n,
                'Frc.Unique': unique / n, 'Frc.Same': most / n,
                'Flag.Avail': 'ok' if n / rows >= .65 else 'LOW', 'Flag.NonZero': 'ok' if nonzero / rows >= .5 else 'LOW',
                'Flag.Unique': 'ok' if unique / rows >= .5 else 'LOW',
                'Flag.SkewKurt': 'OUT' if abs(skew) > 2 and kurt > 3.5 else 'ok'}
        same('columns', ','.join(want), ','.join(row))
        for key, value in want.items():
            same(f'{i} {key}', value, row[key], 1e-11 if key in ('Skew', 'Kurt') else 1e-12)


def leaves_below(code):
    return [code] if code in LEAVES else [x for k in CHILDREN[code] for x in leaves_below(k)]


def availability(data, raw):
    for r, row in enumerate(audit(data, '--what', 'availability:groups')):
        for p in INNER:
            below = leaves_below(p)
            same(f'availability {p}', sum(raw[i][r] is not None for i in below) / len(below), row[p])


def removals(data, values):
    for level in 1, 2, 3:
        codes = [c for c in LEAVES + INNER if LEVEL[c] == level]
        scores = {'Nominal': aggregated({i: values[i] for i in LEAVES}, WEIGHT)['I']}
        for c in codes:
            scores[c] = aggregated({i: values[i] for i in LEAVES}, {**WEIGHT, c: 0.0})['I']
        of_ranks = {c: ranks(x) for c, x in scores.items()}
        for form, want in ('scores', scores), ('ranks', of_ranks):
            for r, row in enumerate(audit(data, '--what', f'remove:{level}:{form}')):
                for c in scores:
                    same(f'remove {level} {c}', want[c][r], row[c])
        for c, row in zip(scores, audit(data, '--what', f'remove:{level}:mean-abs-rank-diff')):
            d = [abs(a - b) for a, b in zip(of_ranks['Nominal'], of_ranks[c]) if a is not None and b is not None]
            same('iCode', c, row['iCode'])
            same(f'mean change {c}', sum(d) / len(d), row['MeanAbsDiff'])


def outranking(values, units):
    codes = [c for c in INNER if LEVEL[c] == 2]
    table = audit('in_data', '--what', 'outranking')
    dominant = 0
    for a, row in enumerate(table):
        for b, unit in enumerate(units):
            want = 0.0
            if a != b:
                want = sum(WEIGHT[c] * ((values[c][a] > values[c][b]) + (values[c][a] == values[c][b]) / 2)
                           for c in codes) / sum(WEIGHT[c] for c in codes)
                dominant += all(values[c][a] > values[c][b] for c in codes)
            same('outranking', want, row[unit])
    row = audit('in_data', '--what', 'outranking:dominance')[0]
    same('dominant', dominant, row['nDominant'])
    same('share', dominant / (len(units) * (len(units) - 1) / 2), row['fracDominant'])


def the_rest(raw, values, units):
    other = aggregated({i: values[i] for i in LEAVES}, WEIGHT, geometric=True)
    for form, one, two in (('scores', values['I'], other['I']), ('ranks', ranks(values['I']), ranks(other['I']))):
        table = audit('in_data', '--what', f'compare:{form}', '--against', 'geometric')
        for r, row in enumerate(table):
            same('coin.1', one[r], row['coin.1'])
            same('coin.2', two[r], row['coin.2'])
            same('Diff', one[r] - two[r], row['Diff'], 1e-9)
            same('Abs.diff', abs(one[r] - two[r]), row['Abs.diff'], 1e-9)
    # the unit taken out, everything else computed again
    for r, row in enumerate(audit('in_data', '--what', 'reversal')):
        rest = [k for k in range(len(units)) if k != r]
        less = aggregated(normalised({i: [raw[i][k] for k in rest] for i in LEAVES}), WEIGHT)['I']
        before = [values['I'][k] for k in rest]
        flips = sum((before[a] - before[b]) * (less[a] - less[b]) < 0 for a in range(len(rest)) for b in range(a))
        moved = [abs(a - b) for a, b in zip(ranks(before), ranks(less))]
        same('Reversed', flips, row['Reversed'])
        same('Moved', sum(m > 0 for m in moved), row['Moved'])
        same('MaxShift', max(moved), row['MaxShift'])
    # peers: weights of the leaves in the whole
    share = {'I': 1.0}
    for p in reversed(INNER):
        for k in CHILDREN[p]:
            share[k] = share[p] * WEIGHT[k] / sum(WEIGHT[x] for x in CHILDREN[p])
    table = audit('in_data', '--what', 'peers:3')
    for r, unit in enumerate(units):
        near = sorted((math.sqrt(sum(share[i] * (values[i][k] - values[i][r]) ** 2 for i in LEAVES)), k)
                      for k in range(len(units)) if k != r)[:3]
        for (distance, k), row in zip(near, table[3 * r:]):
            same('uCode', unit, row['uCode'])
            same('Peer', units[k], row['Peer'])
            same('Distance', distance, row['Distance'])
    # components: orthonormal, and C v = s^2 v
    table = audit('in_data', '--what', 'pca:all')
    sd = [float(row['sdev']) for row in audit('in_data', '--what', 'pca:all:variance')]
    for c, s in enumerate(sd):
        v = [float(row[f'PC{c + 1}']) for row in table]
        same('length', 1.0, sum(x * x for x in v), 1e-9)
        same('sum', 1.0, 1.0 if sum(v) >= -1e-12 else 0.0)
        for i, a in enumerate(LEAVES):
            product = sum(pearson(values[a], values[b]) * v[k] for k, b in enumerate(LEAVES))
            same('eigenvector', 0.0, product - s * s * v[i], 1e-9)
    for unit in units[:3]:
        for row in audit('in_data', '--what', f'summary:{unit}'):
            same('Score', values[row['Code']][units.index(unit)], row['Score'])
            same('Rank', ranks(values[row['Code']])[units.index(unit)], row['Rank'])


def main():
    for data in 'in_data', 'in_data_na':
        units, raw = columns(data)
        values = aggregated(normalised(raw), WEIGHT)
        correlations(data, raw, values)
        statistics(data, raw)
        availability(data, raw)
        removals(data, values)
        if data == 'in_data':
            outranking(values, units)
            the_rest(raw, values, units)
    print(f'plain Python: {checked} figures, {wrong} differ')
    return 1 if wrong or checked < 7000 else 0


sys.exit(main())
