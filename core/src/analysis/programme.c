/* SPDX-License-Identifier: Apache-2.0
 * analysis/programme.c - how many units must stay above, or below, another: a
 * mixed-integer programme.
 *
 * Columns are the effective weights y, a scale t of each node (bounds.h), and
 * for each open pair z, 1 where the other unit is on the wrong side:
 *
 *     least sum of z,  sum over leaves of y (x - x other) + M z >= margin
 *
 * turned around for the worst rank. M is the most that the pair can differ the
 * wrong way, so that z = 1 asks for nothing. */
#include <math.h>
#include <string.h>

#include "analysis/bounds.h"
#include "analysis/solver.h"

/* CBC's rows hold to 1e-7, its whole numbers to 1e-6. To prove, rows give in
 * by more than that, so that nothing that is possible is cut off; a witness
 * keeps as far away from ties. */
#define MARGIN 1e-5

typedef struct shape {
  const chiso__bounds *b;
  chiso__arena arena;
  chiso__programme p;
  double *cost, *low, *high, *cell, *row_low, *row_high;
  bool *whole;
  size_t *start;
  uint32_t *column;
  uint32_t *y, *t; /* [code]: their columns */
  size_t *other;   /* of each z: the unit */
  size_t n_other;
  size_t cells;
} shape;

static uint32_t new_column(shape *s, double low, double high, bool whole) {
  size_t at = s->p.columns++;
  s->low[at] = low;
  s->high[at] = high;
  s->whole[at] = whole;
  s->cost[at] = whole;
  return (uint32_t)at;
}

static void cell(shape *s, uint32_t column, double value) {
  s->column[s->cells] = column;
  s->cell[s->cells++] = value;
}

static void end_row(shape *s, double low, double high) {
  s->row_low[s->p.rows] = low;
  s->row_high[s->p.rows] = high;
  s->start[++s->p.rows] = s->cells;
}

/* Scales as large as any weights need them: shares sum to 1 as they stand. */
static double most_scale(const chiso__bounds *b, const chiso__code *node) {
  double least = 0, narrow = INFINITY;
  for (uint32_t k = 0; k < node->count; k++) {
    uint32_t child = b->model.c->tree.children[node->first + k];
    if (!b->used[child])
      continue;
    least += b->low[child];
    narrow = fmin(narrow, b->high[child]);
  }
  return least > 0 ? 1 / least : 1 / narrow;
}

static void add_weights(shape *s) {
  const chiso__bounds *b = s->b;
  const chiso__tree *t = &b->model.c->tree;
  for (size_t i = 0; i < b->codes; i++) {
    if (!b->used[i])
      continue;
    if (i != t->root)
      s->y[i] = new_column(s, 0, 1, false);
    if (i >= b->leaves)
      s->t[i] = new_column(s, 0, most_scale(b, &t->codes[i]), false);
  }
  for (size_t i = b->leaves; i < b->codes; i++) {
    const chiso__code *node = &t->codes[i];
    if (!b->used[i])
      continue;
    for (uint32_t k = 0; k < node->count; k++)
      if (b->used[t->children[node->first + k]])
        cell(s, s->y[t->children[node->first + k]], 1);
    if (i != t->root)
      cell(s, s->y[i], -1);
    end_row(s, i == t->root, i == t->root);
    for (uint32_t k = 0; k < node->count; k++) {
      uint32_t child = t->children[node->first + k];
      if (!b->used[child])
        continue;
      cell(s, s->y[child], 1);
      cell(s, s->t[i], -b->low[child]);
      end_row(s, 0, INFINITY);
      cell(s, s->y[child], 1);
      cell(s, s->t[i], -b->high[child]);
      end_row(s, -INFINITY, 0);
    }
  }
}

static void add_pair(shape *s, size_t unit, size_t other, int end) {
  const chiso__bounds *b = s->b;
  size_t up = end == CHISO__BEST ? unit : other;
  size_t down = end == CHISO__BEST ? other : unit;
  const double *x = b->x + up * b->leaves, *y = b->x + down * b->leaves;
  for (size_t i = 0; i < b->leaves; i++)
    if (b->used[i] && x[i] != y[i])
      cell(s, s->y[i], x[i] - y[i]);
  cell(s, new_column(s, 0, 1, true),
       fmax(b->reach[down * b->n + up], 0) + 2 * MARGIN);
  end_row(s, 0, INFINITY);
  s->other[s->n_other++] = other;
}

static bool make_room(shape *s, size_t pairs) {
  const chiso__bounds *b = s->b;
  chiso__arena *a = &s->arena;
  size_t columns = 2 * b->codes + pairs, rows = 3 * b->codes + pairs;
  size_t cells = 6 * b->codes + pairs * (b->leaves + 1);
  s->cost = chiso__arena_array(a, columns, sizeof *s->cost);
  s->low = chiso__arena_array(a, columns, sizeof *s->low);
  s->high = chiso__arena_array(a, columns, sizeof *s->high);
  s->whole = chiso__arena_array(a, columns, sizeof *s->whole);
  s->row_low = chiso__arena_array(a, rows, sizeof *s->row_low);
  s->row_high = chiso__arena_array(a, rows, sizeof *s->row_high);
  s->start = chiso__arena_array(a, rows + 1, sizeof *s->start);
  s->cell = chiso__arena_array(a, cells, sizeof *s->cell);
  s->column = chiso__arena_array(a, cells, sizeof *s->column);
  s->y = chiso__arena_array(a, b->codes, sizeof *s->y);
  s->t = chiso__arena_array(a, b->codes, sizeof *s->t);
  s->other = chiso__arena_array(a, pairs, sizeof *s->other);
  return s->cost && s->low && s->high && s->whole && s->row_low &&
         s->row_high && s->start && s->cell && s->column && s->y && s->t &&
         s->other;
}

static void settle(shape *s) {
  s->p.cost = s->cost;
  s->p.low = s->low;
  s->p.high = s->high;
  s->p.whole = s->whole;
  s->p.start = s->start;
  s->p.column = s->column;
  s->p.cell = s->cell;
  s->p.row_low = s->row_low;
  s->p.row_high = s->row_high;
  s->p.most_nodes = s->b->most_nodes;
}

/* ---- from effective weights back ----------------------------------------- */

static chiso_status try_solution(chiso__bounds *b, shape *s,
                                 const double *values, chiso_error *err) {
  double *y = chiso__arena_array(&s->arena, b->codes, sizeof *y);
  double *t = chiso__arena_array(&s->arena, b->codes, sizeof *t);
  if (!y || !t)
    return chiso__no_memory(err);
  for (size_t i = 0; i < b->codes; i++) {
    if (!b->used[i])
      continue;
    y[i] = i == b->model.c->tree.root ? 1 : values[s->y[i]];
    t[i] = i < b->leaves ? 0 : values[s->t[i]];
  }
  return chiso__bounds_try_point(b, y, t, err);
}

static void learn(chiso__bounds *b, size_t unit, int end,
                  const chiso__solution *got, size_t pairs) {
  chiso__end *e = &b->ends[2 * unit + (size_t)end];
  if ((got->status != CHISO__SOLVED_OPTIMAL &&
       got->status != CHISO__SOLVED_LIMIT) ||
      !isfinite(got->bound) || !(got->bound > 0))
    return;
  /* Whole numbers: what is above by less than this is rounding. */
  uint32_t wrong = (uint32_t)fmin(ceil(got->bound - 1e-4), (double)pairs);
  uint32_t before = end == CHISO__BEST ? 1u : 1u + (uint32_t)pairs;
  for (size_t k = 0; k < b->n; k++)
    before += chiso__bounds_surely(b, k, unit);
  uint32_t rank = end == CHISO__BEST ? before + wrong : before - wrong;
  if (end == CHISO__BEST ? rank > e->proven : rank < e->proven)
    e->proven = rank;
}

/* With rows that give in to prove, then with rows that keep away from ties. */
static chiso_status solve(chiso__bounds *b, shape *s, size_t unit, int end,
                          chiso_error *err) {
  double *values = chiso__arena_array(&s->arena, s->p.columns, sizeof *values);
  if (!values)
    return chiso__no_memory(err);
  for (int round = 0; round < 2; round++) {
    chiso__solution got;
    for (size_t k = 0; k < s->n_other; k++)
      s->row_low[s->p.rows - 1 - k] = round == 0 ? -MARGIN : MARGIN;
    chiso_status status =
        chiso__solve(&s->p, b->model.c->allocator, values, &got, err);
    if (status == CHISO_IO) {
      b->no_solver = true;
      return CHISO_OK;
    }
    CHISO__TRY(status);
    if (round == 0)
      learn(b, unit, end, &got, s->n_other);
    if (got.found)
      CHISO__TRY(try_solution(b, s, values, err));
    if (got.status != CHISO__SOLVED_OPTIMAL ||
        chiso__bounds_settled(b, unit, end))
      return CHISO_OK;
  }
  return CHISO_OK;
}

chiso_status chiso__bounds_programme(chiso__bounds *b, size_t unit, int end,
                                     chiso_error *err) {
  size_t pairs = 0;
  for (size_t k = 0; k < b->n; k++)
    pairs += chiso__bounds_open(b, unit, k);
  if (pairs > CHISO__LIMIT_UNDECIDED)
    return CHISO_OK;
  shape s = { .b = b };
  s.arena.allocator = b->model.c->allocator;
  chiso_status status = chiso__no_memory(err);
  if (make_room(&s, pairs)) {
    add_weights(&s);
    for (size_t k = 0; k < b->n; k++)
      if (chiso__bounds_open(b, unit, k))
        add_pair(&s, unit, k, end);
    settle(&s);
    status = solve(b, &s, unit, end, err);
  }
  chiso__arena_free(&s.arena);
  return status;
}
