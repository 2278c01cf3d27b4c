/* SPDX-License-Identifier: Apache-2.0
 * analysis/composite.h - what the parts of the composite builder share. */
#ifndef CHISO_ANALYSIS_COMPOSITE_H
#define CHISO_ANALYSIS_COMPOSITE_H

#include "base/arena.h"
#include "base/csv.h"
#include "base/error.h"
#include "base/map.h"
#include "chiso/composite.h"
#include "data/data.h"

/* A table of indicators, as a file. */
#define CHISO__LIMIT_INDICATORS ((size_t)512 * 1024 * 1024)
#define CHISO__LIMIT_CODES      20000u
#define CHISO__LIMIT_LEVELS     64u
/* Every code has a value for every row. */
#define CHISO__LIMIT_VALUES ((size_t)128 * 1024 * 1024)
/* All against all: work grows with the square of the rows or more. */
#define CHISO__LIMIT_PAIRS 20000u
#define CHISO__LIMIT_BOD   2000u
/* All against all, once without each. */
#define CHISO__LIMIT_REVERSAL 2000u

#define CHISO__NO_CODE UINT32_MAX

/* ---- the tree ----------------------------------------------------------- */

typedef struct chiso__code {
  const char *code, *name;
  const char *normalise, *aggregate, *treat; /* of the metadata; NULL: none */
  const char *denominator;
  const char *parent_code; /* "" for none */
  double scale;            /* of the denominator */
  double weight;           /* as read */
  double maximum;          /* of a node of a methodology; 0: not known */
  double low, high;        /* of a leaf of a methodology: points it can have */
  int direction;
  uint32_t level, parent;
  uint32_t first, count; /* children: places in `children` */
  uint32_t step;         /* of an aggregate: from 0 */
  uint64_t line;         /* in the metadata */
} chiso__code;

/* A tree that weights and data come to from outside, so that a simulation can
 * change them without a copy. Children stand before their parents. */
typedef struct chiso__tree {
  chiso__code *codes;
  uint32_t *children;
  size_t n, leaves;
  uint32_t steps; /* levels of aggregates */
  uint32_t root;  /* CHISO__NO_CODE: none */
} chiso__tree;

/* ---- aggregation -------------------------------------------------------- */

typedef enum chiso__mean {
  CHISO__ARITHMETIC = 0,
  CHISO__GEOMETRIC,
  CHISO__HARMONIC,
  CHISO__GENMEAN,
  CHISO__MEDIAN,
  CHISO__SUM,
  CHISO__COPELAND,
  CHISO__MPI,
  CHISO__AMPI,
  CHISO__BOD
} chiso__mean;

/* How one aggregate is made of its children. */
typedef struct chiso__way {
  chiso__mean mean;
  double a, b; /* p; or the goalposts */
  double threshold;
} chiso__way;

/* Where a mean does not exist. */
typedef struct chiso__trouble {
  chiso__message message;
  uint32_t node, child;
  size_t row;
} chiso__trouble;

/* What one aggregation works on. `values[code * n + row]`; the leaves' are
 * read, those of aggregates written. `gaps[code]`: whether any is missing;
 * kept up for aggregates. `scratch` has as many doubles
 * as chiso__aggregate_scratch() says. */
typedef struct chiso__work {
  const chiso__tree *tree;
  const chiso__way *ways; /* [code]; those of leaves are not read */
  const double *weights;  /* [code] */
  double *values;
  uint8_t *gaps;
  double *scratch;
  size_t n;
  const chiso_allocator *allocator; /* for copeland and bod alone */
} chiso__work;

/* One aggregate, or all from the lowest up. Allocates nothing, except for
 * copeland and bod. CHISO_BAD_DATA fills *trouble. */
chiso_status chiso__aggregate_node(const chiso__work *work, uint32_t node,
                                   chiso__trouble *trouble, chiso_error *err);
chiso_status chiso__aggregate_all(const chiso__work *work,
                                  chiso__trouble *trouble, chiso_error *err);
size_t chiso__aggregate_scratch(const chiso__tree *tree, size_t n);

/* Means that are arithmetic ones of f(x): f, and the way back. */
double chiso__mean_in(const chiso__way *way, double x);
double chiso__mean_out(const chiso__way *way, double mean);

/* All against all (pairs.c) and by linear programmes (bod.c): out[row]. */
chiso_status chiso__copeland(const chiso__work *work, uint32_t node,
                             chiso_error *err);
chiso_status chiso__bod(const chiso__work *work, uint32_t node,
                        chiso_error *err);

/* ---- the composite ------------------------------------------------------ */

struct chiso_composite {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso__remarks remarks;
  chiso__tree tree;
  chiso__map map; /* codes */
  size_t n;
  const char **units, **names, **times; /* [row]; names, times may be NULL */
  double *time;                         /* [row] as numbers */
  size_t n_groups;
  const char **group_names;
  const char ***groups; /* [group][row] */
  size_t n_extra;       /* columns that serve as denominators alone */
  const char **extra_names;
  double *extra;   /* [column * n + row] */
  double *data;    /* [leaf * n + row] */
  double *values;  /* [code * n + row] */
  double *weights; /* [code] */
  uint8_t *gaps;   /* [code] of values */
  chiso__way *ways;
  double *scratch;
  const char *file, *meta; /* paths, for errors */
  bool treated;            /* the data are not in their own unit any more */
  /* What a simulation draws from, [leaf * n + row]; NULL: not given. */
  double *own;                  /* points of the units' own; NaN: none */
  size_t alone;                 /* such points without a value of the data */
  double *error, *least, *most; /* standard errors, 0: none; and bounds */
};

/* Rows that stay, keep[row] 1; the columns of all others are closed up. */
void chiso__composite_drop(chiso_composite *c, const uint8_t *keep);
/* The status of a reading whose faults are among the remarks: the first fault
 * is the one that is reported. */
chiso_status chiso__composite_settle(chiso_composite *c, chiso_status status,
                                     chiso_error *err);

chiso_status chiso__composite_ways(chiso_composite *c, const char *method,
                                   const char *threshold, chiso_error *err);
chiso__work chiso__composite_work(const chiso_composite *c);
/* Says where a mean does not exist. */
chiso_status chiso__composite_trouble(const chiso_composite *c,
                                      const chiso__trouble *trouble,
                                      chiso_error *err);
/* A notice without a place; `b` may be "". */
void chiso__composite_notice(chiso_composite *c, chiso__message message,
                             const char *a, const char *b);

/* ---- methods as texts (method.c) ---------------------------------------- */

/* "minmax:0:100": a name and numbers. */
typedef struct chiso__method {
  const char *name; /* "minmax" */
  const char *rest; /* after the first ':', "" without one */
  double number[4];
  size_t count; /* numbers */
  bool numbers; /* everything after ':' is numbers */
} chiso__method;

/* Splits one method; false when it is empty. Texts are copied to the arena. */
chiso_status chiso__method_read(chiso__arena *arena, const char *text,
                                size_t size, chiso__method *out,
                                chiso_error *err);
/* A list: plain ones in order, then exceptions by code. `each` is called with
 * code NULL and the place, or with the code. */
typedef chiso_status chiso__method_each(void *data, const char *code,
                                        size_t place, const char *text,
                                        chiso_error *err);
chiso_status chiso__method_list(chiso__arena *arena, const char *list,
                                chiso__method_each *each, void *data,
                                chiso_error *err);
/* The code of an exception; CHISO_USAGE with the nearest when there is none. */
chiso_status chiso__method_code(const chiso_composite *c, const char *code,
                                bool leaf, uint32_t *out, chiso_error *err);
/* An error about a method of the metadata says where it stands. */
chiso_status chiso__method_of_meta(const chiso_composite *c,
                                   const chiso__code *code, chiso_status status,
                                   chiso_error *err);
chiso_status chiso__method_unknown(const char *what, const char *text,
                                   const char *known, chiso_error *err);

/* ---- statistics (stat.c) ------------------------------------------------ */

/* All leave missing values out. NaN where a figure does not exist. */
size_t chiso__present(const double *x, size_t n);
double chiso__mean_of(const double *x, size_t n);
double chiso__sd_of(const double *x, size_t n);   /* n - 1 */
double chiso__skew_of(const double *x, size_t n); /* G1 */
double chiso__kurt_of(const double *x, size_t n); /* G2 */
bool chiso__range_of(const double *x, size_t n, double *low, double *high);
double chiso__median_of(double *sorted, size_t n); /* sorts in place */
double chiso__pearson(const double *x, const double *y, size_t n);
/* Ranks, 1 the lowest; NaN where a value is missing. `order` has room for n. */
typedef struct chiso__ranked {
  double value;
  size_t row;
} chiso__ranked;
void chiso__rank_up(const double *x, size_t n, chiso_ties ties,
                    chiso__ranked *order, double *out);

#endif
