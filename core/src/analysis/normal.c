/* SPDX-License-Identifier: Apache-2.0
 * analysis/normal.c - the normal quantile by rational functions: M. J. Wichura,
 * Algorithm AS 241: The percentage points of the normal distribution, Applied
 * Statistics 37, 1988, routine PPND16 (relative error about 1e-16). Its third
 * region, p < e^-25, is beyond what is asked for. */
#include "analysis/normal.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define N 8

static double polynomial(const double k[N], double x) {
  double sum = k[N - 1];
  for (int i = N - 2; i >= 0; i--)
    sum = sum * x + k[i];
  return sum;
}

/* log x = e log 2 + 2 atanh((m - 1) / (m + 1)), 1 / sqrt 2 <= m < sqrt 2; the
 * series ends where its terms are below 1e-17 of the first. x > 0 and normal.
 */
static double logarithm(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int e = (int)(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffffu) | (uint64_t)1023 << 52;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e++;
  }
  double t = (m - 1) / (m + 1), square = t * t, sum = 0;
  for (int k = 23; k >= 1; k -= 2)
    sum = sum * square + 1.0 / k;
  return e * 0.6931471805599453 + 2 * t * sum;
}

double chiso__normal(double p) {
  static const double a[N] = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3
  };
  static const double b[N] = { 1,
                               4.2313330701600911252e1,
                               6.8718700749205790830e2,
                               5.3941960214247511077e3,
                               2.1213794301586595867e4,
                               3.9307895800092710610e4,
                               2.8729085735721942674e4,
                               5.2264952788528545610e3 };
  static const double c[N] = {
    1.42343711074968357734e0,  4.63033784615654529590e0,
    5.76949722146069140550e0,  3.64784832476320460504e0,
    1.27045825245236838258e0,  2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4
  };
  static const double d[N] = { 1,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9 };
  double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  double r = sqrt(-logarithm(q < 0 ? p : 1 - p)) - 1.6;
  double x = polynomial(c, r) / polynomial(d, r);
  return q < 0 ? -x : x;
}
