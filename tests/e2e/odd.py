#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""odd.py BUILD_DIR [EVERY]: composite indices of odd tables, by every method.

EVERY 7 runs each seventh command alone, for slow builds.

Whatever the table, a command ends with a result or with a sentence and the exit
code of a refusal; no field of any result is NaN or infinite, in CSV and JSON.
"""
import csv
import io
import json
import math
import os
import subprocess
import sys
import tempfile

NORMALISE = ['none', 'minmax', 'minmax:5:5', 'minmax:1:100', 'zscore', 'zscore:10:0', 'rank:min',
             'rank:average', 'prank:min', 'borda', 'dist2max', 'dist2ref:A', 'dist2targ:0',
             'dist2targ:80', 'fracmax', 'scaled:0:200:100', 'scaled:3:3:1', 'goalposts:20:60:10',
             'goalposts:5:5:1']
AGGREGATE = ['arithmetic', 'geometric', 'harmonic', 'genmean:0.5', 'genmean:0', 'genmean:1e308',
             'genmean:-1e308', 'genmean:1e-300', 'median', 'sum', 'copeland', 'mpi', 'ampi:0:100',
             'ampi:1:1', 'bod', 'arithmetic,geometric']
WEIGHTS = ['meta', 'equal', 'pca', 'optimised']
STEPS = [['--impute', m] for m in
         ('mean', 'median', 'group:g', 'panel:latest', 'panel:linear', 'panel:constant',
          'panel:linear-constant')]
STEPS += [['--treat', m] for m in
          ('winsorise:0', 'winsorise:2', 'winsorise:1000000', 'log', 'log_ct_plus', 'log_gii',
           'boxcox:0', 'boxcox:-1', 'boxcox:1e308', 'default')]
STEPS += [['--screen', m] for m in ('na:0', 'na:1', 'zero:0.5', 'na:0.5,zero:0.5')]
STEPS += [['--show', m] for m in ('availability', 'data', 'weights', 'ranks')]
WHAT = ['alpha', 'correlation:pearson', 'correlation:spearman', 'correlation:kendall', 'pvalues',
        'pca', 'pca:variance', 'pca:all', 'pca:all:variance', 'effective-weights', 'stats',
        'availability', 'availability:groups', 'remove:1:scores', 'remove:1:ranks',
        'remove:1:mean-abs-rank-diff', 'remove:2:ranks', 'reversal', 'strengths:1', 'summary',
        'peers:3', 'outranking', 'outranking:dominance', 'outranking:copeland', 'trend',
        'trend:10', 'compare:scores', 'compare:ranks']
BENCH = [['uncertainty', '--perturb', 'weights:0.25', '--replications', '20', '--what', w]
         for w in ('ranks', 'intervals', 'scores', 'first', 'pairs', 'distribution')]
BENCH += [['uncertainty', '--perturb', 'exclude:1', '--replications', '20'],
          ['sensitivity', '--inputs', 'weights:1,normalise:minmax|rank:min', '--samples', '8']]

META = 'Level,iCode,Parent,Direction,Weight,Type\n' + \
    '1,x,p,1,1,Indicator\n1,y,p,-1,2,Indicator\n1,z,q,1,1,Indicator\n' + \
    '2,p,I,1,1,Aggregate\n2,q,I,1,3,Aggregate\n3,I,,1,1,Aggregate\n'
ZERO = META.replace(',1,Indicator', ',0,Indicator').replace(',2,Indicator', ',0,Indicator')
HEAD = 'uCode,g,x,y,z\n'

TABLES = {
    'plain': 'A,m,1,2,3\nB,n,4,5,7\nC,m,7,6,9\nD,n,3,9,1\n',
    'one unit': 'A,m,1,2,3\n',
    'two units': 'A,m,1,2,3\nB,m,3,2,1\n',
    'constant columns': 'A,m,5,5,5\nB,n,5,5,5\nC,m,5,5,5\n',
    'one constant': 'A,m,5,1,2\nB,n,5,2,4\nC,m,5,3,3\nD,n,5,9,1\n',
    'no values': 'A,m,,,\nB,n,,,\nC,m,,,\n',
    'an empty column': 'A,m,,1,2\nB,n,,5,3\nC,m,,6,9\n',
    'an empty unit': 'A,m,,,\nB,n,1,5,3\nC,m,4,6,9\nD,n,2,2,2\n',
    'hardly any': 'A,m,1,,\nB,n,,2,\nC,m,,,3\nD,n,,,\n',
    'zeros': 'A,m,0,0,0\nB,n,0,1,0\nC,m,0,0,1\nD,n,0,0,0\n',
    'negative': 'A,m,-1,-2,-3\nB,n,-4,-5,-7\nC,m,-7,-6,-9\nD,n,-3,-9,-1\n',
    'ties': 'A,m,1,2,2\nB,n,2,1,1\nC,m,1,1,2\nD,n,2,2,1\nE,n,1,2,2\n',
    'huge': 'A,m,1e308,-1e308,1\nB,n,-1e308,1e308,2\nC,m,1.7e308,1,3\nD,n,1,2,-1.7e308\n',
    'tiny': 'A,m,1e-308,4e-320,1\nB,n,2e-308,5e-324,2\nC,m,3e-308,0,3\nD,n,0,1e-320,4\n',
    'both': 'A,m,1e-300,1e300,1\nB,n,1e300,1e-300,2\nC,m,-1e300,5,3\nD,n,1,2,1e15\n',
    'nearly constant': 'A,m,1,1e15,1\nB,n,1.0000000000000002,1000000000000001,2\n'
                       'C,m,1,1e15,1\nD,n,1.0000000000000004,1000000000000002,2\n',
}
SERIES = {
    'series': 'uCode,g,Time,x,y,z\nA,m,2020,1,2,3\nB,n,2020,0,-5,7\nA,m,2021,,2,0\nB,n,2021,4,5,\n'
              'A,m,2022,7,,9\nB,n,2022,,,\n',
    'one time': 'uCode,g,Time,x,y,z\nA,m,2020,1,2,3\nB,n,2020,0,-5,7\n',
}

chiso = os.path.join(os.path.abspath(sys.argv[1]), 'bin', 'chiso')
every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
env = dict(os.environ, LC_ALL='C')
env.pop('CHISO_LANG', None)
asked = runs = failed = refused = 0


def odd(field):
    word = field.strip().lower().lstrip('+-')
    if word in ('nan', 'inf', 'infinity', 'null(ind)'):
        return True
    try:
        return not math.isfinite(float(field))
    except ValueError:
        return False


def fields(text, form):
    if form == 'csv':
        for row in csv.reader(io.StringIO(text)):
            yield from row
    else:
        whole = json.loads(text, parse_constant=lambda word: word)
        for row in whole['rows']:
            yield from map(str, row.values())


def run(where, *args, form='csv'):
    global asked, runs, failed, refused
    asked += 1
    if asked % every:
        return
    runs += 1
    p = subprocess.run([chiso, *args, '--format', form, '--exact'], env=env, text=True,
                       capture_output=True, timeout=120)
    wrong = ''
    if p.returncode not in (0, 2, 3):
        wrong = f'exit code {p.returncode}'
    elif p.returncode and (p.stdout or not p.stderr.startswith('chiso: ')):
        wrong = 'a refusal that says nothing, or prints a result'
    elif p.returncode == 0 and any(odd(f) for f in fields(p.stdout, form)):
        wrong = 'a figure that is none: ' + next(f for f in fields(p.stdout, form) if odd(f))
    refused += p.returncode != 0
    if wrong:
        failed += 1
        if failed <= 20:
            print(f'FAILED: {where}: chiso {" ".join(args)}: {wrong}\n  {p.stderr.strip()[-300:]}')


def all_of(where, data, meta, fully):
    table = ['--data', data, '--meta', meta]
    means = ['--normalise', 'minmax:1:100', '--aggregate', 'arithmetic']
    for n in NORMALISE:
        run(where, 'compose', *table, '--normalise', n)
        for a in AGGREGATE if fully or n in ('none', 'minmax:1:100') else ['arithmetic']:
            run(where, 'compose', *table, '--normalise', n, '--aggregate', a)
    for w in WEIGHTS:
        run(where, 'compose', *table, *means, '--weights', w)
        run(where, 'compose', *table, *means, '--weights', w, '--show', 'weights')
    for s in STEPS:
        run(where, 'compose', *table, *s)
        run(where, 'compose', *table, *means, *s)
    for what in WHAT:
        against = ['--against', 'geometric'] if what.startswith('compare') else []
        for n in ('none', 'minmax:1:100', 'rank:min'):
            run(where, 'audit', *table, '--normalise', n, '--aggregate', 'arithmetic', '--what',
                what, *against)
    for b in BENCH:
        run(where, b[0], *table, *means, *b[1:])
    run(where, 'compose', *table, *means, form='json')
    run(where, 'audit', *table, *means, '--what', 'stats', form='json')


with tempfile.TemporaryDirectory() as work:
    def file(name, text):
        path = os.path.join(work, name)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        return path

    meta, zero = file('meta.csv', META), file('zero.csv', ZERO)
    for name, rows in TABLES.items():
        all_of(name, file('data.csv', HEAD + rows), meta, name in ('plain', 'huge', 'zeros'))
    for name, text in SERIES.items():
        all_of(name, file('data.csv', text), meta, False)
    all_of('weights of sum 0', file('data.csv', HEAD + TABLES['plain']), zero, False)

print(f'odd: {runs} runs, {refused} refused, {failed} failed')
sys.exit(1 if failed else 0)
