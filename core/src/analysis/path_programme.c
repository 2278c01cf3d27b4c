/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_programme.c - the cheapest plan by an integer programme.
 *
 *     least   sum of cost[l][k] * z[l][k]
 *     sum over k of z[l][k] <= 1                      for each leaf l
 *     sum of reach[l] * gain[l][k] * z[l][k] >= need  z whole, 0 or 1
 *
 * What rounding on the way to the root may add is taken off `need`, so that no
 * plan that reaches the goal is cut off and the bound holds; each solution is
 * then tried exactly, and one that misses is cut off by a higher need. */
#include <math.h>
#include <string.h>

#include "analysis/path.h"
#include "analysis/solver.h"

#define MOST_TRIES  64
#define MOST_OF_SUM 1e9 /* CBC tells whole objectives below this apart */

typedef struct model {
  chiso_path *path;
  chiso__arena arena;
  chiso__programme of;
  double *cost, *low, *high, *cell, *row_low, *row_high, *values;
  bool *whole;
  size_t *start, *first; /* [lever]: its first column */
  uint32_t *column;
  int64_t unit;      /* costs are in it */
  double times;      /* of costs; 1: leaves are not counted */
  double step, rise; /* points of a row's unit; by how much need rises */
  bool even;         /* rows are whole numbers, and the tree is linear */
} model;

static int64_t gcd(int64_t a, int64_t b) {
  while (b) {
    int64_t t = a % b;
    a = b;
    b = t;
  }
  return a < 0 ? -a : a;
}

static bool room(model *m, size_t columns) {
  size_t levers = m->path->n_levers, cells = 2 * columns;
  m->cost = chiso__arena_array(&m->arena, columns, sizeof *m->cost);
  m->low = chiso__arena_array(&m->arena, columns, sizeof *m->low);
  m->high = chiso__arena_array(&m->arena, columns, sizeof *m->high);
  m->values = chiso__arena_array(&m->arena, columns, sizeof *m->values);
  m->whole = chiso__arena_array(&m->arena, columns, sizeof *m->whole);
  m->cell = chiso__arena_array(&m->arena, cells, sizeof *m->cell);
  m->column = chiso__arena_array(&m->arena, cells, sizeof *m->column);
  m->start = chiso__arena_array(&m->arena, levers + 2, sizeof *m->start);
  m->row_low = chiso__arena_array(&m->arena, levers + 1, sizeof(double));
  m->row_high = chiso__arena_array(&m->arena, levers + 1, sizeof(double));
  m->first = chiso__arena_array(&m->arena, levers + 1, sizeof *m->first);
  return m->cost && m->low && m->high && m->values && m->whole && m->cell &&
         m->column && m->start && m->row_low && m->row_high && m->first;
}

static double in_units(const model *m, const chiso_path_level *level) {
  int64_t times = level->cost / m->unit;
  return (double)times;
}

/* Units in which all costs are whole, and whether leaves can be counted in the
 * same objective. */
static void scale(model *m) {
  const chiso_path *path = m->path;
  double sum = 0;
  m->unit = 0;
  for (size_t l = 0; l < path->n_levers; l++)
    for (size_t k = 1; k < path->levers[l].n; k++)
      m->unit = gcd(m->unit, path->levers[l].levels[k].cost);
  m->unit = m->unit ? m->unit : 1;
  for (size_t l = 0; l < path->n_levers; l++)
    if (path->levers[l].n > 1)
      sum += in_units(m, &path->levers[l].levels[path->levers[l].n - 1]);
  m->times = (double)path->n_levers + 1;
  if (sum * m->times > MOST_OF_SUM)
    m->times = 1;
}

static void fill(model *m) {
  const chiso_path *path = m->path;
  bool even = path->flat;
  int64_t grain = 0;
  size_t at = 0, column = 0, row = 1;
  for (size_t l = 0; l < path->n_levers; l++)
    for (size_t k = 1; k < path->levers[l].n; k++) {
      const chiso_path_level *levels = path->levers[l].levels;
      double reach = path->levers[l].reach;
      even = even && reach >= 1 && reach <= 1e6 && floor(reach) == reach;
      if (even)
        grain =
            gcd(grain, (levels[k].points - levels[0].points) * (int64_t)reach);
    }
  m->even = even;
  m->step = even && grain ? (double)grain : 1e4;
  m->rise = even ? 1 : fmax(1e-4, path->loss / m->step / 16);
  for (size_t l = 0; l < path->n_levers; l++) {
    const chiso__lever *lever = &path->levers[l];
    m->first[l] = column;
    for (size_t k = 1; k < lever->n; k++, column++) {
      chiso_dec gain = lever->levels[k].points - lever->levels[0].points;
      m->cost[column] =
          in_units(m, &lever->levels[k]) * m->times + (m->times > 1 ? 1 : 0);
      m->high[column] = 1;
      m->whole[column] = true;
      m->column[at] = (uint32_t)column;
      m->cell[at++] = (double)gain * lever->reach / m->step;
    }
  }
  m->start[1] = at;
  m->row_high[0] = INFINITY;
  for (size_t l = 0; l < path->n_levers; l++) {
    if (path->levers[l].n <= 2)
      continue;
    for (size_t k = 1; k < path->levers[l].n; k++) {
      m->column[at] = (uint32_t)(m->first[l] + k - 1);
      m->cell[at++] = 1;
    }
    m->row_low[row] = -INFINITY;
    m->row_high[row++] = 1;
    m->start[row] = at;
  }
  m->of = (chiso__programme) {
    .columns = column,
    .rows = row,
    .cost = m->cost,
    .low = m->low,
    .high = m->high,
    .whole = m->whole,
    .start = m->start,
    .column = m->column,
    .cell = m->cell,
    .row_low = m->row_low,
    .row_high = m->row_high,
    .most_nodes = path->options.nodes,
  };
}

static void read_picks(const model *m, uint32_t *picks, size_t *leaves) {
  *leaves = 0;
  for (size_t l = 0; l < m->path->n_levers; l++) {
    picks[l] = 0;
    for (size_t k = 1; k < m->path->levers[l].n; k++)
      if (m->values[m->first[l] + k - 1] > 0.5)
        picks[l] = (uint32_t)k;
    *leaves += picks[l] > 0;
  }
}

static double activity(const model *m) {
  double sum = 0;
  for (size_t i = 0; i < m->start[1]; i++)
    sum += m->cell[i] * m->values[m->column[i]];
  return sum;
}

/* The least cost that a bound of the objective leaves. */
static chiso_dec bound_of(const model *m, double bound) {
  double most = 9e18 / (double)m->unit;
  double units = bound;
  if (m->times > 1) /* leaves are counted below the costs */
    units = floor((bound + 1e-6) / m->times);
  units = m->times > 1 ? units : ceil(units - 1e-6 * fmax(1, fabs(units)));
  if (!(units > 0))
    return 0;
  return units >= most ? INT64_MAX : (chiso_dec)units * m->unit;
}

static chiso_status search(model *m, uint32_t *picks, chiso__found *out,
                           chiso_error *err) {
  for (int i = 0; i < MOST_TRIES; i++) {
    chiso__solution s;
    int64_t total;
    chiso_dec points;
    bool good = false;
    CHISO__TRY(chiso__solve(&m->of, m->path->allocator, m->values, &s, err));
    out->searched += s.nodes;
    if (i == 0 && isfinite(s.bound))
      out->bound = bound_of(m, s.bound);
    if (!s.found) {
      /* a search that was ended has no plan to offer */
      out->room = s.status == CHISO__SOLVED_INFEASIBLE;
      return CHISO_OK;
    }
    read_picks(m, picks, &out->leaves);
    if (chiso__path_total(m->path, picks, &total))
      CHISO__TRY(chiso__path_reaches(
          m->path, chiso__path_figure(m->path, total, &points), &good, err));
    if (good) {
      out->found = true;
      out->cost = chiso__path_cost(m->path, picks);
      if (out->bound > out->cost)
        out->bound = out->cost;
      out->proof = out->bound == out->cost ? CHISO_PATH_PROVEN_PROGRAMME
                                           : CHISO_PATH_UNPROVEN;
      return CHISO_OK;
    }
    m->row_low[0] = activity(m) + m->rise;
  }
  out->room = false;
  return CHISO_OK;
}

static chiso_status build(model *m, uint32_t *picks, chiso__found *out,
                          chiso_error *err) {
  chiso_path *path = m->path;
  size_t columns = 0;
  int64_t from, need;
  for (size_t l = 0; l < path->n_levers; l++)
    columns += path->levers[l].n - 1;
  out->room = columns <= CHISO__LIMIT_COLUMNS;
  if (!out->room)
    return CHISO_OK;
  if (!room(m, columns))
    return chiso__no_memory(err);
  memset(picks, 0, path->n_levers * sizeof *picks);
  if (!chiso__path_total(path, picks, &from))
    return CHISO_OK;
  CHISO__TRY(chiso__path_need(path, &need, err));
  scale(m);
  fill(m);
  double short_of = ((double)(need - from) - path->loss) / m->step;
  m->row_low[0] =
      m->even ? ceil(short_of) : short_of - 1e-5 - fabs(short_of) * 1e-9;
  return search(m, picks, out, err);
}

chiso_status chiso__path_programme(chiso_path *path, uint32_t *picks,
                                   chiso__found *out, chiso_error *err) {
  model m = { .path = path, .arena = { .allocator = path->allocator } };
  *out = (chiso__found) { .room = true };
  chiso_status status = build(&m, picks, out, err);
  chiso__arena_free(&m.arena);
  return status;
}
