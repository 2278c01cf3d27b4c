/* SPDX-License-Identifier: Apache-2.0
 * analysis/stat.c - figures of one or two columns. */
#include <math.h>
#include <stdlib.h>

#include "analysis/composite.h"

size_t chiso__present(const double *x, size_t n) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += isnan(x[i]) ? 0 : 1;
  return count;
}

/* A second pass takes off what the first lost to rounding. */
double chiso__mean_of(const double *x, size_t n) {
  size_t count = chiso__present(x, n);
  double sum = 0, rest = 0;
  if (count == 0)
    return NAN;
  for (size_t i = 0; i < n; i++)
    sum += isnan(x[i]) ? 0 : x[i];
  double mean = sum / (double)count;
  for (size_t i = 0; i < n; i++)
    rest += isnan(x[i]) ? 0 : x[i] - mean;
  return mean + rest / (double)count;
}

/* Sum of the powers of the distances from the mean. */
static double moment(const double *x, size_t n, double mean, int power) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double d = x[i] - mean, p = d * d;
    if (isnan(d))
      continue;
    sum += power == 2 ? p : power == 3 ? p * d : p * p;
  }
  return sum;
}

double chiso__sd_of(const double *x, size_t n) {
  size_t count = chiso__present(x, n);
  if (count < 2)
    return NAN;
  return sqrt(moment(x, n, chiso__mean_of(x, n), 2) / (double)(count - 1));
}

/* Of a column that does not vary there is no shape. */
double chiso__skew_of(const double *x, size_t n) {
  double m = (double)chiso__present(x, n), mean = chiso__mean_of(x, n);
  double second = m < 3 ? 0 : moment(x, n, mean, 2);
  if (!(second > 0))
    return NAN;
  double g1 = sqrt(m) * moment(x, n, mean, 3) / (second * sqrt(second));
  return g1 * sqrt(m * (m - 1)) / (m - 2);
}

double chiso__kurt_of(const double *x, size_t n) {
  double m = (double)chiso__present(x, n), mean = chiso__mean_of(x, n);
  double second = m < 4 ? 0 : moment(x, n, mean, 2);
  if (!(second > 0))
    return NAN;
  double g2 = m * moment(x, n, mean, 4) / (second * second) - 3;
  return ((m + 1) * g2 + 6) * (m - 1) / ((m - 2) * (m - 3));
}

bool chiso__range_of(const double *x, size_t n, double *low, double *high) {
  double least = INFINITY, most = -INFINITY;
  for (size_t i = 0; i < n; i++) { /* NaN compares false */
    least = x[i] < least ? x[i] : least;
    most = x[i] > most ? x[i] : most;
  }
  *low = least;
  *high = most;
  return least <= most;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

double chiso__median_of(double *sorted, size_t n) {
  if (n == 0)
    return NAN;
  qsort(sorted, n, sizeof *sorted, by_size);
  return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* Over the pairs of which both are there. */
double chiso__pearson(const double *x, const double *y, size_t n) {
  double count = 0, mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i]) || isnan(y[i]))
      continue;
    count++;
    mx += x[i];
    my += y[i];
  }
  mx /= count;
  my /= count;
  for (size_t i = 0; i < n; i++) {
    double dx = x[i] - mx, dy = y[i] - my;
    if (isnan(dx) || isnan(dy))
      continue;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / (sqrt(xx) * sqrt(yy)) : NAN;
}

static int by_value(const void *a, const void *b) {
  const chiso__ranked *x = a, *y = b;
  if (x->value != y->value)
    return x->value < y->value ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

void chiso__rank_up(const double *x, size_t n, chiso_ties ties,
                    chiso__ranked *order, double *out) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    out[i] = NAN;
    if (!isnan(x[i]))
      order[count++] = (chiso__ranked) { x[i], i };
  }
  qsort(order, count, sizeof *order, by_value);
  for (size_t first = 0, next; first < count; first = next) {
    for (next = first + 1;
         next < count && order[next].value == order[first].value;)
      next++;
    double rank = ties == CHISO_TIES_MIN ? (double)(first + 1)
                                         : (double)(first + 1 + next) / 2;
    for (size_t i = first; i < next; i++)
      out[order[i].row] = rank;
  }
}
