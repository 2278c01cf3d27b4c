/* SPDX-License-Identifier: Apache-2.0
 * analysis/correlate.c - columns against columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/composite.h"
#include "chiso/audit.h"

#define HALF_PI 1.57079632679489661923

/* ---- Kendall's tau-b ----------------------------------------------------- */

typedef struct dot {
  double x, y;
} dot;

static int by_x_then_y(const void *a, const void *b) {
  const dot *p = a, *q = b;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  return p->y < q->y ? -1 : p->y > q->y;
}

static double pairs_of(size_t n) {
  return (double)n * ((double)n - 1) / 2;
}

/* Sorts y by merging, from runs of one up; returns the pairs that changed
 * places: those that x and y order in opposite ways. */
static double merge_up(double *y, double *spare, size_t n) {
  double swapped = 0;
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t from = 0; from < n; from += 2 * width) {
      size_t middle = from + width < n ? from + width : n;
      size_t end = middle + width < n ? middle + width : n;
      size_t a = from, b = middle, to = from;
      while (a < middle || b < end) {
        bool right = a == middle || (b < end && y[b] < y[a]);
        swapped += right ? (double)(middle - a) : 0;
        spare[to++] = right ? y[b++] : y[a++];
      }
    }
    memcpy(y, spare, n * sizeof *y);
  }
  return swapped;
}

/* Knight 1966: pairs less twice the swaps, ties counted apart. `y` has room for
 * 2 n. Counts are whole numbers below 2^53, so that sums are exact. */
static double tau_b(dot *d, double *y, size_t n) {
  double tied_x = 0, tied_y = 0, tied_both = 0, all = pairs_of(n);
  qsort(d, n, sizeof *d, by_x_then_y);
  for (size_t first = 0, next; first < n; first = next) {
    for (next = first; next < n && d[next].x == d[first].x;)
      next++;
    tied_x += pairs_of(next - first);
    for (size_t i = first, end; i < next; i = end) {
      for (end = i; end < next && d[end].y == d[i].y;)
        end++;
      tied_both += pairs_of(end - i);
    }
  }
  for (size_t i = 0; i < n; i++)
    y[i] = d[i].y;
  double swapped = merge_up(y, y + n, n);
  for (size_t first = 0, next; first < n; first = next) {
    for (next = first; next < n && y[next] == y[first];)
      next++;
    tied_y += pairs_of(next - first);
  }
  double balance = all - tied_x - tied_y + tied_both - 2 * swapped;
  double x = all - tied_x, z = all - tied_y;
  return x > 0 && z > 0 ? balance / (sqrt(x) * sqrt(z)) : (double)NAN;
}

/* ---- two columns --------------------------------------------------------- */

typedef struct work {
  double *x, *y, *x_ranks, *y_ranks; /* one block of 4 rows */
  chiso__ranked *order;
  dot *dots;
} work;

static bool take(chiso__arena *arena, size_t rows, work *w) {
  w->x = chiso__arena_array(arena, rows + 1, 4 * sizeof *w->x);
  w->order = chiso__arena_array(arena, rows + 1, sizeof *w->order);
  w->dots = chiso__arena_array(arena, rows + 1, sizeof *w->dots);
  if (!w->x || !w->order || !w->dots)
    return false;
  w->y = w->x + rows;
  w->x_ranks = w->y + rows;
  w->y_ranks = w->x_ranks + rows;
  return true;
}

static double within_one(double r) {
  return r > 1 ? 1 : r < -1 ? -1 : r;
}

static double correlation(chiso_correlation kind, const double *x,
                          const double *y, size_t rows, work *w,
                          size_t *pairs) {
  size_t n = 0;
  for (size_t r = 0; r < rows; r++)
    if (!isnan(x[r]) && !isnan(y[r])) {
      w->dots[n] = (dot) { x[r], y[r] };
      w->x[n] = x[r];
      w->y[n++] = y[r];
    }
  *pairs = n;
  double low, high; /* a mean may be rounded: only this says "constant" */
  if (!chiso__range_of(w->x, n, &low, &high) || !(high > low) ||
      !chiso__range_of(w->y, n, &low, &high) || !(high > low))
    return NAN;
  if (kind == CHISO_KENDALL)
    return within_one(tau_b(w->dots, w->x, n));
  if (kind == CHISO_PEARSON)
    return within_one(chiso__pearson(w->x, w->y, n));
  chiso__rank_up(w->x, n, CHISO_TIES_AVERAGE, w->order, w->x_ranks);
  chiso__rank_up(w->y, n, CHISO_TIES_AVERAGE, w->order, w->y_ranks);
  return within_one(chiso__pearson(w->x_ranks, w->y_ranks, n));
}

/* Ranks of a column without gaps serve every pair that it is in; NULL: they
 * depend on the other. */
static chiso_status rank_whole(const double *x, size_t rows, work *w,
                               chiso__arena *arena, const double **out,
                               chiso_error *err) {
  *out = NULL;
  if (chiso__present(x, rows) < rows)
    return CHISO_OK;
  double *ranks = chiso__arena_array(arena, rows + 1, sizeof *ranks);
  if (!ranks)
    return chiso__no_memory(err);
  chiso__rank_up(x, rows, CHISO_TIES_AVERAGE, w->order, ranks);
  *out = ranks;
  return CHISO_OK;
}

/* Columns to correlate instead: ranks where they do not depend on the pair. */
static chiso_status prepare(chiso_correlation kind, const double *const *x,
                            size_t count, size_t rows, work *w,
                            chiso__arena *arena, const double **out,
                            chiso_error *err) {
  chiso_status status = CHISO_OK;
  for (size_t i = 0; i < count && status == CHISO_OK; i++) {
    out[i] = NULL;
    if (kind == CHISO_SPEARMAN)
      status = rank_whole(x[i], rows, w, arena, &out[i], err);
  }
  return status;
}

chiso_status chiso_correlations(chiso_correlation kind, const double *const *x,
                                size_t n_x, const double *const *y, size_t n_y,
                                size_t rows, const chiso_allocator *allocator,
                                double *out, size_t *pairs, chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  bool same = x == y && n_x == n_y;
  work w = { 0 };
  const double **x_ranks = chiso__arena_array(&arena, n_x + 1, sizeof *x_ranks);
  const double **y_ranks =
      same ? x_ranks : chiso__arena_array(&arena, n_y + 1, sizeof *y_ranks);
  chiso_status status = x_ranks && y_ranks && take(&arena, rows, &w)
                            ? CHISO_OK
                            : chiso__no_memory(err);
  if (status == CHISO_OK)
    status = prepare(kind, x, n_x, rows, &w, &arena, x_ranks, err);
  if (status == CHISO_OK && !same)
    status = prepare(kind, y, n_y, rows, &w, &arena, y_ranks, err);
  for (size_t i = 0; i < n_x && status == CHISO_OK; i++)
    for (size_t k = same ? i : 0; k < n_y; k++) {
      size_t n;
      bool ranked = x_ranks[i] && y_ranks[k];
      double r = ranked ? correlation(CHISO_PEARSON, x_ranks[i], y_ranks[k],
                                      rows, &w, &n)
                        : correlation(kind, x[i], y[k], rows, &w, &n);
      r = x[i] == y[k] && !isnan(r) ? 1 : r;
      out[i * n_y + k] = r;
      if (pairs)
        pairs[i * n_y + k] = n;
      if (same)
        out[k * n_y + i] = r;
      if (same && pairs)
        pairs[k * n_y + i] = n;
    }
  chiso__arena_free(&arena);
  return status;
}

/* ---- Student's t --------------------------------------------------------- */

/* For whole degrees of freedom v the distribution is elementary (Abramowitz &
 * Stegun 1972, 26.7.3 and 26.7.4): with s = |r| and c = sqrt(1 - s^2),
 *   P(|T| < t) = s (1 + 1/2 c^2 + 3/8 c^4 + ... up to c^(v-2)), v even,
 *   P(|T| < t) = 2/pi (asin s + s (c + 2/3 c^3 + ... up to c^(v-2))), v odd.
 * These are the first terms of series for 1: the p-value is the rest of it, a
 * sum of positive terms. It is added up where p is small, so that no digit is
 * lost; else 1 less the first terms, which are few. */
double chiso_correlation_p(double r, size_t n) {
  double s = fabs(r);
  if (isnan(r) || n < 3)
    return NAN;
  if (s >= 1)
    return 0;
  size_t v = n - 2, terms = v / 2; /* of the first ones */
  bool odd = v % 2;
  double square = (1 - s) * (1 + s); /* c^2 */
  double scale = odd ? s / HALF_PI : s;
  double term = odd ? sqrt(square) : 1, first = 0, rest = 0;
  double k = odd ? 2 : 1; /* the next factor is c^2 k / (k + 1) */
  for (size_t i = 0; i < terms; i++, k += 2) {
    first += term;
    term *= square * k / (k + 1);
  }
  first = scale * first + (odd ? asin(s) / HALF_PI : 0);
  if (first < 0.5)
    return 1 - first;
  for (; term > rest * 1e-17 * s * s; k += 2) {
    rest += term;
    term *= square * k / (k + 1);
  }
  return scale * rest;
}

/* ---- Cronbach's alpha ---------------------------------------------------- */

/* Over the rows that have both; NaN below two. */
static double covariance(const double *x, const double *y, size_t rows) {
  double n = 0, mx = 0, my = 0, sum = 0;
  for (size_t r = 0; r < rows; r++) {
    if (isnan(x[r]) || isnan(y[r]))
      continue;
    n++;
    mx += x[r];
    my += y[r];
  }
  if (n < 2)
    return NAN;
  mx /= n;
  my /= n;
  for (size_t r = 0; r < rows; r++) {
    double d = (x[r] - mx) * (y[r] - my);
    sum += isnan(d) ? 0 : d;
  }
  return sum / (n - 1);
}

double chiso_cronbach(const double *const *x, size_t count, size_t rows) {
  double own = 0, between = 0, k = (double)count;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j <= i; j++) {
      double v = covariance(x[i], x[j], rows);
      if (isnan(v))
        continue;
      if (i == j)
        own += v;
      else
        between += 2 * v;
    }
  double all = own + between;
  return count >= 2 && own > 0 && all != 0 ? k / (k - 1) * between / all
                                           : (double)NAN;
}
