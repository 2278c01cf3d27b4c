/* SPDX-License-Identifier: Apache-2.0
 * analysis/trend.c - how an indicator of a unit moves over time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/composite.h"
#include "chiso/audit.h"

/* Rows so that a unit's follow each other in time. */
typedef struct moment_of {
  const char *unit;
  double time;
  size_t row;
} moment_of;

static int by_unit(const void *a, const void *b) {
  const moment_of *x = a, *y = b;
  int unit = strcmp(x->unit, y->unit);
  if (unit != 0)
    return unit;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static double finite_or_none(double x) {
  return isfinite(x) ? x : (double)NAN;
}

static double growth(double first, double last, double years) {
  if (first == last)
    return 0; /* 0 and 0 as well */
  return finite_or_none(pow(last / first, 1 / years) - 1);
}

/* x[from..n-1] and y[from..n-1] multiplied and added. */
static double product(const double *x, const double *y, size_t from, size_t n) {
  double sum = 0;
  for (size_t i = from; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

/* Reflects y as Householder's vector v, which begins at `from`. */
static void reflect(const double *v, double *y, size_t from, size_t n) {
  double t = -product(v, y, from, n) / v[from];
  for (size_t i = from; i < n; i++)
    y[i] += t * v[i];
}

/* The vector that folds what stands from `from` on; returns what it leaves. */
static double fold(double *x, size_t from, size_t n) {
  double length = copysign(sqrt(product(x, x, from, n)), x[from]);
  for (size_t i = from; i < n; i++)
    x[i] *= 1 / length;
  x[from] += 1;
  return -length;
}

/* Of the line of least squares, in percent of its first value: by orthogonal
 * triangles of 1 and t, as in LINPACK's dqrls (Dongarra et al. 1979) and R's
 * lm(), so that the digits that rounding leaves are theirs too. Changes t, y;
 * `one` has room for n. */
static double change(double *t, double *y, double *one, size_t n, double per) {
  double begin = t[0], low, high;
  chiso__range_of(y, n, &low, &high);
  if (low == high)
    return 0;
  if (n == 2)
    return finite_or_none((y[1] - y[0]) * 100 / y[0] * (per / (t[1] - t[0])));
  for (size_t i = 0; i < n; i++)
    one[i] = 1;
  double first = fold(one, 0, n);
  reflect(one, t, 0, n);
  double across = t[0], second = fold(t, 1, n);
  reflect(one, y, 0, n);
  reflect(t, y, 1, n);
  double slope = y[1] / second, level = (y[0] - slope * across) / first;
  return finite_or_none(slope * per / (level + slope * begin) * 100);
}

/* One unit: rows first..next-1. `t` has room for all rows, `y` for twice as
 * many. */
static void follow(const chiso_composite *c, const moment_of *rows,
                   size_t first, size_t next, double per, double *t, double *y,
                   chiso_trend *out) {
  size_t lead = rows[first].row;
  for (size_t i = first; i < next; i++)
    lead = rows[i].row < lead ? rows[i].row : lead;
  for (size_t leaf = 0; leaf < c->tree.leaves; leaf++) {
    const double *x = c->data + leaf * c->n;
    chiso_trend *at = &out[leaf * c->n + lead];
    *at = (chiso_trend) { 0, true, NAN, NAN, NAN, NAN };
    for (size_t i = first; i < next; i++)
      if (!isnan(x[rows[i].row])) {
        t[at->n] = rows[i].time;
        y[at->n++] = x[rows[i].row];
      }
    if (at->n > 0) {
      at->begin = t[0];
      at->end = t[at->n - 1];
    }
    if (at->n < 2)
      continue;
    at->growth = growth(y[0], y[at->n - 1], at->end - at->begin);
    at->change = change(t, y, y + c->n, at->n, per);
  }
}

chiso_status chiso_audit_trends(const chiso_composite *c, double per,
                                chiso_trend *out, chiso_error *err) {
  chiso__arena arena = { .allocator = c->allocator };
  if (!c->time)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_AUDIT_NO_TIMES);
  moment_of *rows = chiso__arena_array(&arena, c->n + 1, sizeof *rows);
  double *t = chiso__arena_array(&arena, c->n + 1, 3 * sizeof *t);
  if (!rows || !t) {
    chiso__arena_free(&arena);
    return chiso__no_memory(err);
  }
  for (size_t r = 0; r < c->n; r++)
    rows[r] = (moment_of) { c->units[r], c->time[r], r };
  qsort(rows, c->n, sizeof *rows, by_unit);
  for (size_t i = 0; i < c->tree.leaves * c->n; i++)
    out[i] = (chiso_trend) { 0, false, NAN, NAN, NAN, NAN };
  for (size_t first = 0, next; first < c->n; first = next) {
    for (next = first + 1;
         next < c->n && strcmp(rows[next].unit, rows[first].unit) == 0;)
      next++;
    follow(c, rows, first, next, per, t, t + c->n, out);
  }
  chiso__arena_free(&arena);
  return CHISO_OK;
}
