/* SPDX-License-Identifier: Apache-2.0
 * analysis/bod.c - benefit of the doubt: a linear programme for each row. */
#include <math.h>

#include "analysis/composite.h"
#include "analysis/solver.h"

/* The programme of all rows: a column for each child that counts, a constraint
 * sum of weight * value <= 1 for each row. Only the objective changes. */
typedef struct programme {
  chiso__programme of;
  uint32_t *children, *column;
  size_t *start;
  double *cells, *scale, *low, *high, *objective, *bottom, *top;
} programme;

static bool room(chiso__arena *arena, size_t n, size_t most, programme *p) {
  p->children = chiso__arena_array(arena, most, sizeof *p->children);
  p->column = chiso__arena_array(arena, most * n, sizeof *p->column);
  p->start = chiso__arena_array(arena, n + 1, sizeof *p->start);
  p->cells = chiso__arena_array(arena, most * n, sizeof(double));
  p->scale = chiso__arena_array(arena, most, sizeof(double));
  p->low = chiso__arena_array(arena, most, sizeof(double));
  p->high = chiso__arena_array(arena, most, sizeof(double));
  p->objective = chiso__arena_array(arena, most, sizeof(double));
  p->bottom = chiso__arena_array(arena, n, sizeof(double));
  p->top = chiso__arena_array(arena, n, sizeof(double));
  return p->children && p->column && p->start && p->cells && p->scale &&
         p->low && p->high && p->objective && p->bottom && p->top;
}

static bool make(chiso__arena *arena, const chiso__work *w,
                 const chiso__code *code, programme *p) {
  size_t n = w->n, count = 0, at = 0;
  if (!room(arena, n, code->count, p))
    return false;
  for (uint32_t i = 0; i < code->count; i++) {
    uint32_t child = w->tree->children[code->first + i];
    double low, high;
    if (!(w->weights[child] > 0) ||
        !chiso__range_of(w->values + (size_t)child * n, n, &low, &high) ||
        !(high > 0))
      continue;
    p->children[count] = child;
    p->scale[count] = high; /* the result does not depend on units */
    p->high[count++] = INFINITY;
  }
  for (size_t r = 0; r < n; r++) {
    for (size_t j = 0; j < count; j++) {
      double x = w->values[(size_t)p->children[j] * n + r];
      if (!(x > 0))
        continue;
      p->column[at] = (uint32_t)j;
      p->cells[at++] = x / p->scale[j];
    }
    p->start[r + 1] = at;
    p->bottom[r] = -INFINITY;
    p->top[r] = 1;
  }
  p->of = (chiso__programme) {
    .columns = count,
    .rows = n,
    .cost = p->objective,
    .low = p->low,
    .high = p->high,
    .start = p->start,
    .column = p->column,
    .cell = p->cells,
    .row_low = p->bottom,
    .row_high = p->top,
    .greatest = true,
  };
  return true;
}

/* The best that row `r` can be shown in: weights of its own choice under which
 * no row exceeds 1. */
static chiso_status solve(const chiso__work *w, const programme *p, size_t r,
                          chiso__solution *out, chiso_error *err) {
  for (size_t j = 0; j < p->of.columns; j++)
    p->objective[j] = 0;
  for (size_t i = p->start[r]; i < p->start[r + 1]; i++)
    p->objective[p->column[i]] = p->cells[i];
  return chiso__solve(&p->of, w->allocator, NULL, out, err);
}

/* A row that is nowhere present has no value; zeros alone are worth zero. */
static chiso_status solve_all(const chiso__work *w, const chiso__code *code,
                              uint32_t node, const programme *p,
                              chiso_error *err) {
  double *out = w->values + (size_t)node * w->n;
  for (size_t r = 0; r < w->n; r++) {
    size_t there = 0, counted = 0;
    bool any = false;
    for (uint32_t i = 0; i < code->count; i++) {
      uint32_t child = w->tree->children[code->first + i];
      double x = w->values[(size_t)child * w->n + r];
      there += isnan(x) ? 0 : 1;
      counted += w->weights[child] > 0 && !isnan(x) ? 1 : 0;
      any = any || (w->weights[child] > 0 && x > 0);
    }
    out[r] = NAN;
    if (counted == 0 ||
        (double)there / (double)code->count < w->ways[node].threshold)
      continue;
    out[r] = 0;
    if (!any)
      continue;
    chiso__solution found;
    CHISO__TRY(solve(w, p, r, &found, err));
    if (found.status != CHISO__SOLVED_OPTIMAL)
      return CHISO__FAIL(err, CHISO_INTERNAL, MSG_COMPOSE_PROGRAMME,
                         code->code);
    out[r] = found.objective;
  }
  return CHISO_OK;
}

chiso_status chiso__bod(const chiso__work *w, uint32_t node, chiso_error *err) {
  const chiso__code *code = &w->tree->codes[node];
  programme p = { 0 };
  if (w->n > CHISO__LIMIT_BOD)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_MANY_ROWS, "bod", w->n,
                       (size_t)CHISO__LIMIT_BOD);
  chiso__arena arena = { .allocator = w->allocator };
  chiso_status status = make(&arena, w, code, &p)
                            ? solve_all(w, code, node, &p, err)
                            : chiso__no_memory(err);
  chiso__arena_free(&arena);
  return status;
}
