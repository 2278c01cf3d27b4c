/* SPDX-License-Identifier: Apache-2.0
 * analysis/associate.c - how far two columns, or several, agree.
 *
 * Sources. z: Fisher 1921, On the probable error of a coefficient of
 * correlation, Metron 1. Spearman: Fieller, Hartley and Pearson 1957, Tests for
 * rank correlation coefficients I, Biometrika 44. tau-b: Brown and Benedetti
 * 1977, Sampling behavior of tests for correlation in two-way contingency
 * tables, JASA 72, where every pair of values is a cell. W: Kendall and
 * Babington Smith 1939, The problem of m rankings; ties as Siegel and Castellan
 * 1988. */
#include <math.h>
#include <stdlib.h>

#include "analysis/composite.h"
#include "analysis/kendall.h"
#include "analysis/significance.h"
#include "chiso/compare.h"

#define Z95 1.959963984540054 /* 97.5 % of the normal distribution */

static const chiso_estimate unknown = { NAN, NAN, NAN };

/* ---- intervals ----------------------------------------------------------- */

static double within_one(double r) {
  return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* `scale`: the variance of z times n - 3. */
static chiso_estimate by_z(double r, size_t n, double scale) {
  chiso_estimate e = { isnan(r) ? r : within_one(r), NAN, NAN };
  if (isnan(r) || n < CHISO_LEAST_PAIRS)
    return e;
  double half = Z95 * sqrt(scale / ((double)n - 3));
  e.low = tanh(atanh(e.value) - half); /* of 1: 1 */
  e.high = tanh(atanh(e.value) + half);
  return e;
}

/* ---- Kendall's tau-b ----------------------------------------------------- */

static chiso_estimate tau_b(const chiso__kendall *k,
                            const chiso__partners *each) {
  chiso_estimate e = { chiso__kendall_tau(k), NAN, NAN };
  if (isnan(e.value) || k->n < CHISO_LEAST_PAIRS)
    return e;
  double n = k->n, squares = 0;
  double wr = n * (n - 1) - k->x.two, wc = n * (n - 1) - k->y.two;
  double w = sqrt(wr) * sqrt(wc), tau = e.value;
  for (size_t i = 0; i < k->n; i++) {
    double v = each[i].same_x * wc + each[i].same_y * wr;
    double part = 2 * (double)each[i].balance / w + tau * v / (w * w);
    squares += part * part;
  }
  double spread = (wr + wc) / (w * w);
  double variance = squares - n * n * n * tau * tau * spread * spread;
  double half = Z95 * sqrt(variance > 0 ? variance : 0);
  e.low = within_one(tau - half);
  e.high = within_one(tau + half);
  return e;
}

/* ---- two columns --------------------------------------------------------- */

typedef struct work {
  double *x, *y, *x_ranks, *y_ranks;
  chiso__ranked *order;
  chiso__valued *valued;
  chiso__ordered x_order, y_order;
  chiso__pairing pairing;
  chiso__partners *each;
} work;

static bool take(chiso__arena *arena, size_t n, work *w) {
  w->x = chiso__arena_array(arena, n + 1, 4 * sizeof *w->x);
  w->order = chiso__arena_array(arena, n + 1, sizeof *w->order);
  w->valued = chiso__arena_array(arena, n + 1, sizeof *w->valued);
  w->each = chiso__arena_array(arena, n + 1, sizeof *w->each);
  if (!w->x || !w->order || !w->valued || !w->each ||
      !chiso__ordered_take(n, arena, &w->x_order) ||
      !chiso__ordered_take(n, arena, &w->y_order) ||
      !chiso__pairing_take(n, true, arena, &w->pairing))
    return false;
  w->y = w->x + n;
  w->x_ranks = w->y + n;
  w->y_ranks = w->x_ranks + n;
  return true;
}

chiso_status chiso_associate(const double *x, const double *y, size_t n,
                             const chiso_allocator *allocator,
                             chiso_association *out, chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  work w;
  *out = (chiso_association) { 0, unknown, unknown, unknown };
  if (!take(&arena, n, &w)) {
    chiso__arena_free(&arena);
    return chiso__no_memory(err);
  }
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (!isnan(x[i]) && !isnan(y[i])) {
      w.x[count] = x[i];
      w.y[count++] = y[i];
    }
  out->n = count;
  if (count >= 2) {
    chiso__rank_up(w.x, count, CHISO_TIES_AVERAGE, w.order, w.x_ranks);
    chiso__rank_up(w.y, count, CHISO_TIES_AVERAGE, w.order, w.y_ranks);
    chiso__order_column(w.x, count, w.valued, &w.x_order);
    chiso__order_column(w.y, count, w.valued, &w.y_order);
    chiso__kendall k =
        chiso__kendall_count(&w.x_order, &w.y_order, &w.pairing, w.each);
    out->pearson = by_z(chiso__pearson(w.x, w.y, count), count, 1);
    out->spearman =
        by_z(chiso__pearson(w.x_ranks, w.y_ranks, count), count, 1.06);
    out->kendall = tau_b(&k, w.each);
  }
  chiso__arena_free(&arena);
  return CHISO_OK;
}

/* ---- several ------------------------------------------------------------- */

/* Sum of t^3 - t over groups of equal ranks: each of t members adds t^2 - 1. */
static double ties_of(const double *ranks, const chiso__ranked *order,
                      size_t n) {
  double sum = 0;
  for (size_t first = 0, next; first < n; first = next) {
    double rank = ranks[order[first].row], t;
    for (next = first; next < n && ranks[order[next].row] == rank;)
      next++;
    t = (double)(next - first);
    sum += t * t * t - t;
  }
  return sum;
}

chiso_status chiso_concord(const double *const *columns, size_t count, size_t n,
                           const chiso_allocator *allocator,
                           chiso_concordance *out, chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  double *x = chiso__arena_array(&arena, n + 1, 3 * sizeof *x);
  chiso__ranked *order = chiso__arena_array(&arena, n + 1, sizeof *order);
  *out = (chiso_concordance) { 0, count, NAN, NAN, NAN };
  if (!x || !order) {
    chiso__arena_free(&arena);
    return chiso__no_memory(err);
  }
  double *ranks = x + n, *sums = ranks + n, ties = 0, square = 0;
  for (size_t c = 0; c < count; c++) {
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
      bool all = true;
      for (size_t k = 0; k < count; k++)
        all = all && !isnan(columns[k][i]);
      if (all)
        x[rows++] = columns[c][i];
    }
    out->n = rows;
    chiso__rank_up(x, rows, CHISO_TIES_AVERAGE, order, ranks);
    ties += ties_of(ranks, order, rows);
    for (size_t i = 0; i < rows; i++)
      sums[i] = (c ? sums[i] : 0) + ranks[i];
  }
  double m = (double)count, rows = (double)out->n;
  for (size_t i = 0; i < out->n; i++) {
    double d = sums[i] - m * (rows + 1) / 2;
    square += d * d;
  }
  double most = m * m * (rows * rows * rows - rows) - m * ties;
  if (count >= 2 && out->n >= 2 && most > 0) {
    out->w = 12 * square / most;
    out->chi2 = m * (rows - 1) * out->w;
    if (out->n >= CHISO_LEAST_RANKED)
      out->p = chiso__chi2_above(out->chi2, out->n - 1);
  }
  chiso__arena_free(&arena);
  return CHISO_OK;
}
