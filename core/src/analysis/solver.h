/* SPDX-License-Identifier: Apache-2.0
 * analysis/solver.h - linear and mixed-integer programmes, by CBC.
 *
 *     least (or greatest)   sum over j of cost[j] * x[j]
 *     low[j] <= x[j] <= high[j],  x[j] whole where whole[j]
 *     row_low[i] <= sum over j of cell[i][j] * x[j] <= row_high[i]
 *
 * CBC computes with doubles: its rows hold to about 1e-7 and its whole numbers
 * to about 1e-6. What must be exact is verified by the caller. */
#ifndef CHISO_ANALYSIS_SOLVER_H
#define CHISO_ANALYSIS_SOLVER_H

#include "base/error.h"

typedef struct chiso__programme {
  size_t columns, rows;
  const double *cost;       /* [column] */
  const double *low, *high; /* [column]; -INFINITY, INFINITY: no bound */
  const bool *whole;        /* [column]; NULL: a linear programme */
  const size_t *start;      /* [rows + 1]: the cells of row i are
                               start[i] .. start[i + 1] - 1 */
  const uint32_t *column;   /* [cell]: none twice in a row */
  const double *cell;       /* [cell] */
  const double *row_low, *row_high; /* [row]; infinite: no bound */
  bool greatest;                    /* the greatest objective, not the least */
  uint32_t most_nodes; /* of the search; 0: until it is proven. Never seconds:
                          the same programme gives the same result */
} chiso__programme;

typedef enum chiso__solved {
  CHISO__SOLVED_OPTIMAL = 1, /* proven: bound == objective */
  CHISO__SOLVED_INFEASIBLE,  /* proven: there is no x */
  CHISO__SOLVED_UNBOUNDED,
  CHISO__SOLVED_LIMIT, /* most_nodes reached: the bound is proven, and
                          `found` says whether there is an x */
  CHISO__SOLVED_FAILED /* numerical trouble: nothing is known */
} chiso__solved;

typedef struct chiso__solution {
  chiso__solved status;
  bool found;       /* objective and values are set */
  double objective; /* of the best x found */
  double bound;     /* no x has a better objective; infinite: not known */
  uint32_t nodes;   /* searched */
} chiso__solution;

/* Solves one programme. `values` has room for `columns`, or is NULL; whole
 * ones are given as whole numbers. One thread, nothing printed, the same bytes
 * each time. CBC has state of its own: calls in several threads must not
 * overlap. CHISO_IO: CBC is not installed. CHISO_USAGE: more columns, rows or
 * cells than CBC can count. */
chiso_status chiso__solve(const chiso__programme *programme,
                          const chiso_allocator *allocator, double *values,
                          chiso__solution *out, chiso_error *err);

#endif
