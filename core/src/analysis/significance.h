/* SPDX-License-Identifier: Apache-2.0
 * analysis/significance.h - p-values. */
#ifndef CHISO_ANALYSIS_SIGNIFICANCE_H
#define CHISO_ANALYSIS_SIGNIFICANCE_H

#include "analysis/kendall.h"

/* Share of the orders of n rows with at most k discordant pairs, or with a sum
 * of squared rank differences of at most k: [n][k], NULL for larger n. */
typedef struct chiso__exact {
  double *kendall[64], *spearman[16];
} chiso__exact;

bool chiso__exact_kendall(chiso__arena *arena, chiso__exact *out);
bool chiso__exact_spearman(chiso__arena *arena, chiso__exact *out);

/* Two-sided. NaN below three pairs and where a column does not vary. */
double chiso__kendall_p(const chiso__kendall *k, const chiso__exact *exact);
/* Of columns without equal values. */
double chiso__spearman_p(double r, size_t n, const chiso__exact *exact);

/* P(X > x) of chi-square with `df` degrees of freedom, df > 0. Sums of positive
 * terms: the relative error is some 1e-16 times (10 + df + x). */
double chiso__chi2_above(double x, size_t df);

#endif
