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

typedef struct dot {
  double x, y;
  size_t y_rank;          /* dense, from 1 */
  int64_t same_x, same_y; /* how many share it, itself with them */
  int64_t balance;        /* concordant minus discordant partners */
} dot;

static int by_y(const void *a, const void *b) {
  const dot *p = a, *q = b;
  return p->y != q->y ? (p->y < q->y ? -1 : 1) : 0;
}

static int by_x_then_y(const void *a, const void *b) {
  const dot *p = a, *q = b;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  return by_y(a, b);
}

/* Sums of counts from 1 to a place (Fenwick 1994). */
static int64_t sum_to(const int64_t *tree, size_t place) {
  int64_t sum = 0;
  for (; place > 0; place &= place - 1)
    sum += tree[place];
  return sum;
}

static void count_in(int64_t *tree, size_t size, size_t place) {
  for (; place <= size; place += place & (~place + 1))
    tree[place]++;
}

/* Dense ranks of y, and how many lie below each of them. */
static size_t rank_y(dot *d, size_t n, int64_t *below) {
  size_t rank = 0;
  qsort(d, n, sizeof *d, by_y);
  for (size_t first = 0, next; first < n; first = next) {
    for (next = first; next < n && d[next].y == d[first].y;)
      next++;
    below[++rank] = (int64_t)first;
    for (size_t i = first; i < next; i++) {
      d[i].y_rank = rank;
      d[i].same_y = (int64_t)(next - first);
    }
  }
  below[rank + 1] = (int64_t)n;
  return rank;
}

/* One group of equal x, [first, next), sorted by y: what lies before it is in
 * the tree, what lies after is the rest. */
static void balance_group(dot *d, size_t first, size_t next,
                          const int64_t *tree, const int64_t *below, size_t n) {
  for (size_t i = first, end; i < next; i = end) {
    for (end = i; end < next && d[end].y == d[i].y;)
      end++;
    int64_t low = sum_to(tree, d[i].y_rank - 1);
    int64_t high = (int64_t)first - sum_to(tree, d[i].y_rank);
    int64_t later_low = below[d[i].y_rank] - low - (int64_t)(i - first);
    int64_t later_high =
        (int64_t)n - below[d[i].y_rank + 1] - high - (int64_t)(next - end);
    for (size_t k = i; k < end; k++) {
      d[k].same_x = (int64_t)(next - first);
      d[k].balance = low + later_high - high - later_low;
    }
  }
}

static void balance(dot *d, size_t n, int64_t *tree, int64_t *below) {
  size_t ranks = rank_y(d, n, below);
  for (size_t i = 0; i <= ranks; i++)
    tree[i] = 0;
  qsort(d, n, sizeof *d, by_x_then_y);
  for (size_t first = 0, next; first < n; first = next) {
    for (next = first; next < n && d[next].x == d[first].x;)
      next++;
    balance_group(d, first, next, tree, below, n);
    for (size_t i = first; i < next; i++)
      count_in(tree, ranks, d[i].y_rank);
  }
}

static chiso_estimate tau_b(const dot *d, size_t n) {
  double sum = 0, rows = 0, columns = 0, squares = 0, count = (double)n;
  for (size_t i = 0; i < n; i++) {
    sum += (double)d[i].balance;
    rows += (double)(d[i].same_x);
    columns += (double)(d[i].same_y);
  }
  double wr = count * count - rows, wc = count * count - columns;
  if (!(wr > 0 && wc > 0))
    return unknown;
  double w = sqrt(wr) * sqrt(wc), tau = sum / w;
  chiso_estimate e = { within_one(tau), NAN, NAN };
  if (n < CHISO_LEAST_PAIRS)
    return e;
  for (size_t i = 0; i < n; i++) {
    double v = (double)d[i].same_x * wc + (double)d[i].same_y * wr;
    double part = 2 * (double)d[i].balance / w + tau * v / (w * w);
    squares += part * part;
  }
  double spread = (wr + wc) / (w * w);
  double variance =
      squares - count * count * count * tau * tau * spread * spread;
  double half = Z95 * sqrt(variance > 0 ? variance : 0);
  e.low = within_one(tau - half);
  e.high = within_one(tau + half);
  return e;
}

/* ---- two columns --------------------------------------------------------- */

typedef struct work {
  double *x, *y, *x_ranks, *y_ranks;
  chiso__ranked *order;
  dot *dots;
  int64_t *tree, *below;
} work;

static bool take(chiso__arena *arena, size_t n, work *w) {
  w->x = chiso__arena_array(arena, n + 1, 4 * sizeof *w->x);
  w->order = chiso__arena_array(arena, n + 1, sizeof *w->order);
  w->dots = chiso__arena_array(arena, n + 1, sizeof *w->dots);
  w->tree = chiso__arena_array(arena, n + 2, 2 * sizeof *w->tree);
  if (!w->x || !w->order || !w->dots || !w->tree)
    return false;
  w->y = w->x + n;
  w->x_ranks = w->y + n;
  w->y_ranks = w->x_ranks + n;
  w->below = w->tree + n + 1;
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
      w.y[count] = y[i];
      w.dots[count] = (dot) { .x = x[i], .y = y[i] };
      count++;
    }
  out->n = count;
  if (count >= 2) {
    chiso__rank_up(w.x, count, CHISO_TIES_AVERAGE, w.order, w.x_ranks);
    chiso__rank_up(w.y, count, CHISO_TIES_AVERAGE, w.order, w.y_ranks);
    balance(w.dots, count, w.tree, w.below);
    out->pearson = by_z(chiso__pearson(w.x, w.y, count), count, 1);
    out->spearman =
        by_z(chiso__pearson(w.x_ranks, w.y_ranks, count), count, 1.06);
    out->kendall = tau_b(w.dots, count);
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
  *out = (chiso_concordance) { 0, count, NAN, NAN };
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
  }
  chiso__arena_free(&arena);
  return CHISO_OK;
}
