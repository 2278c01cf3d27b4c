/* SPDX-License-Identifier: Apache-2.0
 * analysis/bounds.h - how far ranks reach when weights move within bounds.
 *
 * The trees are those of one mean of f(x): a score is f's way back of the sum
 * of f(x) with effective weights. Each node's weights move for themselves, and
 * only their shares count, so the effective weights y of all codes fill a
 * polytope: with a scale t of each node,
 *
 *     sum of the children's y = y of the node (1 at the top)
 *     t * low <= y of a child <= t * high,  t >= 0
 *
 * and a pair's difference is linear in y. */
#ifndef CHISO_ANALYSIS_BOUNDS_H
#define CHISO_ANALYSIS_BOUNDS_H

#include "analysis/model.h"
#include "chiso/uncertainty.h"

#define CHISO__LIMIT_BOUNDED 1000u /* rows */
/* Pairs of one unit that a programme decides. */
#define CHISO__LIMIT_UNDECIDED 250u

/* What is known of one end of a unit's ranks. */
typedef struct chiso__end {
  uint32_t rank;   /* of the witness */
  uint32_t proven; /* no weights lead further */
  double *weights; /* [code]: the witness */
} chiso__end;

typedef struct chiso__bounds {
  chiso__model model;
  chiso__lane lane;
  size_t n, leaves, codes;
  double *low, *high; /* [code]: of the weights, as shares of a node's sum */
  double *scale;      /* [code]: from shares back to weights */
  uint8_t *used;      /* [code]: it has values and may have a weight */
  double *x;        /* [row * leaves + leaf]: f(x), higher is better; the widest
                       difference of a leaf is 1 */
  double *reach;    /* [a * n + b]: the most that a is above b */
  chiso__end *ends; /* [row * 2]: best, worst */
  double *value, *goal, *weights; /* [code], [leaf], [code] */
  uint32_t *order;                /* [code] */
  uint32_t most_nodes;
  bool no_solver;
} chiso__bounds;

enum { CHISO__BEST, CHISO__WORST };

/* The most that the sum of goal[leaf] y[leaf] can be, and weights that lead
 * there: at each node the children with the highest values have the most
 * weight, the others the least. weights[code]; NULL: not wanted. */
double chiso__bounds_most(chiso__bounds *b, const double *goal,
                          double *weights);
/* Ranks under these weights, as any run computes them: whoever goes further
 * than ever before keeps them. */
chiso_status chiso__bounds_try(chiso__bounds *b, const double *weights,
                               chiso_error *err);
/* Whether `over` can be above the unit, under any weights; whether it is under
 * all. */
bool chiso__bounds_may(const chiso__bounds *b, size_t over, size_t unit);
bool chiso__bounds_surely(const chiso__bounds *b, size_t over, size_t unit);
bool chiso__bounds_open(const chiso__bounds *b, size_t unit, size_t other);
/* The weights of a point of the polytope, y and t by code, and their ranks. */
chiso_status chiso__bounds_try_point(chiso__bounds *b, const double *y,
                                     const double *t, chiso_error *err);
bool chiso__bounds_settled(const chiso__bounds *b, size_t unit, int end);

/* reach.c: looks for weights that bring a unit further. */
chiso_status chiso__bounds_search(chiso__bounds *b, size_t unit, int end,
                                  chiso_error *err);
/* programme.c: the same by a mixed-integer programme, which also proves. */
chiso_status chiso__bounds_programme(chiso__bounds *b, size_t unit, int end,
                                     chiso_error *err);

#endif
