/* SPDX-License-Identifier: Apache-2.0
 * analysis/significance.c - p-values. Degrees of freedom are whole numbers, for
 * which the distributions are elementary: no library is needed. */
#include "analysis/significance.h"

#include <math.h>

#include "chiso/audit.h"

#define HALF_PI 1.57079632679489661923
#define ROOT_2  1.41421356237309504880

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

/* ---- exact distributions ------------------------------------------------- */

static double least(double a, double b) {
  return a < b ? a : b;
}

static void add_up(double *share, size_t count) {
  for (size_t k = 1; k < count; k++)
    share[k] += share[k - 1];
}

/* Row n can be put before any j of the others: n (n - 1) / 2 pairs at most
 * (Kendall 1938, A new measure of rank correlation, Biometrika 30). */
bool chiso__exact_kendall(chiso__arena *arena, chiso__exact *out) {
  size_t before = 1;
  double *last = chiso__arena_array(arena, 1, sizeof *last);
  if (!last)
    return false;
  last[0] = 1;
  for (size_t n = 2; n <= CHISO_EXACT_KENDALL; n++) {
    size_t count = n * (n - 1) / 2 + 1;
    double *now = chiso__arena_array(arena, 2 * count, sizeof *now);
    if (!now)
      return false;
    for (size_t k = 0; k < count; k++)
      for (size_t j = 0; j < n && j <= k; j++)
        now[k] += k - j < before ? last[k - j] / (double)n : 0;
    out->kendall[n] = now + count;
    for (size_t k = 0; k < count; k++)
      now[count + k] = now[k];
    add_up(now + count, count);
    last = now;
    before = count;
  }
  return true;
}

/* Over sets of ranks that are given away: each row takes one of the rest. */
static void spread(size_t n, size_t most, double *share) {
  size_t sets = (size_t)1 << n;
  share[0] = 1;
  for (size_t set = 0; set < sets; set++) {
    size_t row = 0;
    for (size_t k = 0; k < n; k++)
      row += set >> k & 1;
    for (size_t k = 0; k < n; k++) {
      size_t d = row > k ? row - k : k - row;
      const double *from = share + set * most;
      double *to = share + (set | (size_t)1 << k) * most;
      for (size_t s = 0; !(set >> k & 1) && s + d * d < most; s++)
        to[s + d * d] += from[s] / (double)(n - row);
    }
  }
}

bool chiso__exact_spearman(chiso__arena *arena, chiso__exact *out) {
  for (size_t n = 2; n <= CHISO_EXACT_SPEARMAN; n++) {
    size_t count = (n * n * n - n) / 3 + 1, sets = (size_t)1 << n;
    double *share = chiso__arena_array(arena, sets * count, sizeof *share);
    if (!share)
      return false;
    spread(n, count, share);
    out->spearman[n] = share + (sets - 1) * count;
    add_up(out->spearman[n], count);
  }
  return true;
}

/* Both are symmetrical. */
static double two_sided(const double *share, double k, double most) {
  return least(1, 2 * share[(size_t)least(k, most - k)]);
}

double chiso__spearman_p(double r, size_t n, const chiso__exact *exact) {
  double rows = (double)n, most = (rows * rows * rows - rows) / 3;
  if (isnan(r) || n < 3)
    return NAN;
  if (n > CHISO_EXACT_SPEARMAN)
    return chiso_correlation_p(r, n);
  return two_sided(exact->spearman[n], round(most * (1 - r) / 2), most);
}

/* The variance with ties: Kendall 1970, Rank correlation methods, 4.3 (with
 * both columns tied). */
double chiso__kendall_p(const chiso__kendall *k, const chiso__exact *exact) {
  double n = k->n, all = n * (n - 1);
  if (k->n < 3 || !(all > k->x.two) || !(all > k->y.two))
    return NAN;
  if (k->n <= CHISO_EXACT_KENDALL && k->x.two + k->y.two == 0)
    return two_sided(exact->kendall[k->n], k->discordant, all / 2);
  /* t (t - 1) (2 t + 5) = 2 t (t - 1) (t - 2) + 9 t (t - 1) */
  double ties = 2 * (k->x.three + k->y.three) + 9 * (k->x.two + k->y.two);
  double variance = (all * (2 * n + 5) - ties) / 18 +
                    k->x.two * k->y.two / (2 * all) +
                    k->x.three * k->y.three / (9 * all * (n - 2));
  return variance > 0 ? erfc(fabs(k->balance) / sqrt(variance) / ROOT_2)
                      : (double)NAN;
}

/* ---- chi-square ---------------------------------------------------------- */

/* Abramowitz & Stegun 26.4.4 and 26.4.5: with h = x / 2
 *   df even: the sum of e^-h h^i / i!, i = 0 .. df / 2 - 1;
 *   df odd: erfc(sqrt h) + the sum of e^-h h^(i + 1/2) / gamma(i + 3/2),
 *   i = 0 .. (df - 3) / 2.
 * Added from the greatest term both ways: e^-h alone need not be a number. */
double chiso__chi2_above(double x, size_t df) {
  double h = x / 2, half = df % 2 ? 0.5 : 0, sum = 0;
  if (!(x > 0))
    return x <= 0 ? 1 : (double)NAN;
  size_t terms = df % 2 ? (df - 1) / 2 : df / 2;
  size_t middle = h < (double)terms ? (size_t)h : terms - (terms > 0);
  double power = (double)middle + half;
  double top = exp(power * log(h) - h - lgamma(power + 1)), term = top;
  for (size_t i = middle + 1; terms > 0 && i > 0; i--) {
    sum += term;
    term *= ((double)i - 1 + half) / h;
  }
  term = top;
  for (size_t i = middle + 1; i < terms; i++) {
    term *= h / ((double)i + half);
    sum += term;
  }
  return least(1, sum + (df % 2 ? erfc(sqrt(h)) : 0));
}
