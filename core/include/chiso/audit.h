/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/audit.h - what a composite index rests on: figures of its columns, how
 * they go together, what each element and each unit does to the ranks.
 *
 * Columns have one double for each row, NaN where a value is missing; a figure
 * that does not exist is NaN too. Nothing is kept: the caller owns all memory.
 * docs/manual/audit.md defines every figure by its formula and source.
 */
#ifndef CHISO_AUDIT_H
#define CHISO_AUDIT_H

#include "chiso/composite.h"

/* ---- figures of one column ----------------------------------------------- */

typedef struct chiso_description {
  size_t rows, available, nonzero, unique;
  size_t same; /* rows of the most frequent value */
  double min, max, mean, median, sd, skew, kurt;
} chiso_description;
CHISO_API chiso_status chiso_describe(const double *x, size_t rows,
                                      const chiso_allocator *allocator,
                                      chiso_description *out, chiso_error *err);

/* Flags: a share of values, of values other than zero and of different values
 * below what is asked; skewness and kurtosis both above. A column without shape
 * (constant, fewer than four values) is not an outlier. */
typedef struct chiso_description_flags {
  bool available, nonzero, unique, outliers;
} chiso_description_flags;
CHISO_API chiso_description_flags
chiso_describe_flags(const chiso_description *of);

/* ---- figures of several -------------------------------------------------- */

typedef enum chiso_correlation {
  CHISO_PEARSON = 0,
  CHISO_SPEARMAN, /* of average ranks */
  CHISO_KENDALL   /* tau-b */
} chiso_correlation;

/* Each of x with each of y, over the rows that have both: out[i * n_y + k], and
 * the number of those rows in pairs[] (NULL: not wanted). NaN where one of the
 * two does not vary. */
CHISO_API chiso_status chiso_correlations(chiso_correlation kind,
                                          const double *const *x, size_t n_x,
                                          const double *const *y, size_t n_y,
                                          size_t rows,
                                          const chiso_allocator *allocator,
                                          double *out, size_t *pairs,
                                          chiso_error *err);
/* The same with p-values, on several threads: the result is the same in every
 * bit for any number of them. */
typedef struct chiso_correlation_spec {
  chiso_correlation kind;
  unsigned threads;                  /* 0: one for each processor */
  const double *const *x, *const *y; /* borrowed */
  size_t n_x, n_y, rows;
  double *r;     /* [i * n_y + k] */
  size_t *pairs; /* NULL: not wanted */
  double *p;     /* two-sided; NULL: not wanted */
} chiso_correlation_spec;
/* p-values: Pearson by Student's t; Spearman exactly up to
 * CHISO_EXACT_SPEARMAN pairs without equal values, else by Student's t; Kendall
 * exactly up to CHISO_EXACT_KENDALL pairs without equal values, else by the
 * normal distribution with the variance for ties. NaN below three pairs and
 * where there is no coefficient. */
#define CHISO_EXACT_SPEARMAN 9u
#define CHISO_EXACT_KENDALL  49u
CHISO_API chiso_status chiso_correlate(const chiso_correlation_spec *spec,
                                       const chiso_allocator *allocator,
                                       chiso_error *err);
/* Of a Pearson correlation of n pairs: two-sided, by Student's t with n - 2
 * degrees of freedom. NaN below three pairs. */
CHISO_API double chiso_correlation_p(double r, size_t n);

/* Cronbach's alpha, of pairwise covariances. NaN below two columns. */
CHISO_API double chiso_cronbach(const double *const *x, size_t count,
                                size_t rows);

/* Principal components of the correlation matrix, over the rows that have every
 * column: rotation[component * count + column], the standard deviation of each,
 * from the highest down. Each is turned so that its loadings sum to no less
 * than 0. *components is the least of columns and rows, or 0 when there are
 * none: a column that does not vary, fewer than three rows. */
CHISO_API chiso_status chiso_components(const double *const *x, size_t count,
                                        size_t rows,
                                        const chiso_allocator *allocator,
                                        double *rotation, double *sd,
                                        size_t *components, chiso_error *err);

/* ---- units --------------------------------------------------------------- */

/* Share of the indicators below each code that a row has:
 * out[code * rows + row]. An indicator's own is 0 or 1. */
CHISO_API chiso_status chiso_audit_availability(const chiso_composite *c,
                                                double *out, chiso_error *err);

/* Ranks of the data of each indicator after its direction, equal values the
 * least: out[indicator * rows + row]. NaN where the row has no value or no row
 * of its time has a lower one. */
CHISO_API chiso_status chiso_audit_standings(const chiso_composite *c,
                                             double *out, chiso_error *err);
/* Indicators of a row by these ranks, the best first, equal ones in their
 * order: fills out[] (room for all indicators) and returns how many. */
CHISO_API size_t chiso_audit_order(const chiso_composite *c,
                                   const double *standings, size_t row,
                                   size_t *out);

/* Share of the weight of some codes by which row a lies above row b, half of it
 * where they are equal; 0 for a row and itself. Codes that one of both lacks
 * are left out; NaN when none is left. Exactly 1 when a is above in all. */
CHISO_API double chiso_audit_outrank(const chiso_composite *c,
                                     const size_t *codes, size_t count,
                                     size_t a, size_t b);

/* How an indicator of a unit moves, over its rows that have a value. */
typedef struct chiso_trend {
  size_t n;          /* such rows; 0 where the row is not the unit's first */
  bool first;        /* the row is the unit's first */
  double growth;     /* a year: (last / first value)^(1 / years) - 1 */
  double change;     /* percent in `per` years: the slope of the line of least
                        squares over its first value; of two values, theirs */
  double begin, end; /* their times */
} chiso_trend;
/* Of all indicators, with a column Time: out[indicator * rows + row], `per` in
 * the unit of Time. Figures are NaN below two values, and where one would be
 * divided by 0 or is no real number; equal values have growth 0. CHISO_USAGE
 * without Time. */
CHISO_API chiso_status chiso_audit_trends(const chiso_composite *c, double per,
                                          chiso_trend *out, chiso_error *err);

typedef struct chiso_peer {
  size_t row, shared; /* indicators that both have */
  double distance;
} chiso_peer;
/* The rows of the same time that are nearest in normalised indicators: the root
 * of the mean square of the differences, weighted by the effective weights.
 * Fills at most `most`; equal distances in the order of the rows. */
CHISO_API chiso_status chiso_audit_peers(const chiso_composite *c, size_t row,
                                         size_t most, chiso_peer *out,
                                         size_t *count, chiso_error *err);

/* ---- what would be otherwise --------------------------------------------- */

/* The top's values after chiso_composite_aggregate(), with the weight of one
 * code 0: out[row]. What is left below its parent is rescaled; a parent with
 * nothing left is a gap. The composite is as before when the call returns.
 * CHISO_USAGE for the top itself. */
CHISO_API chiso_status chiso_audit_remove(chiso_composite *c, size_t code,
                                          double *out, chiso_error *err);

/* What happens to the others when a unit is taken out, with all its rows, and
 * the rest is normalised and aggregated again with the same weights. */
typedef struct chiso_reversal {
  size_t row;      /* the first of the unit */
  bool known;      /* false: without it the index cannot be computed */
  size_t pairs;    /* of the others, at the same time, with values before and
                      after */
  size_t reversed; /* one was above the other and is now below */
  size_t tied;     /* equal on one side only */
  size_t moved;    /* of the others, whose rank among them is another */
  size_t shift;    /* the greatest of these changes of rank */
} chiso_reversal;
/* After chiso_composite_aggregate(); `normalise` as it was done. Values that
 * are nearer than 1e-12 of themselves count as equal. Room for all rows in
 * out[]; CHISO_USAGE above the rows that are compared with each other. */
CHISO_API chiso_status chiso_audit_reversals(const chiso_composite *c,
                                             const char *normalise,
                                             chiso_reversal *out, size_t *count,
                                             chiso_error *err);

#endif
