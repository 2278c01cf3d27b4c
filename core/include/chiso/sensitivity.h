/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/sensitivity.h - which assumption moves a result: first-order and total
 * indices of Sobol' by the estimators of Saltelli and Jansen.
 * docs/manual/sensitivity.md has the formulas.
 */
#ifndef CHISO_SENSITIVITY_H
#define CHISO_SENSITIVITY_H

#include "chiso/composite.h"

#define CHISO_MOST_SAMPLES    1048576
#define CHISO_MOST_BOOTSTRAPS 10000

typedef struct chiso_sensitivity chiso_sensitivity;

typedef struct chiso_sensitivity_spec {
  const char *normalise, *aggregate, *threshold; /* as of uncertainty.h */
  const char *inputs; /* as `perturb` of uncertainty.h: at least one */
  /* "mean-rank-change": mean over the units of how far a rank is from the one
   * as things stand, at the top, or "mean-rank-change:CODE" at an aggregate;
   * "rank:UNIT"; "score:CODE:UNIT". */
  const char *output;
  uint64_t samples;    /* N, 2..CHISO_MOST_SAMPLES: N (inputs + 2) runs */
  uint64_t seed;       /* of the sequence, the draws and the bootstrap */
  uint64_t bootstraps; /* 2..CHISO_MOST_BOOTSTRAPS */
  bool plain;          /* independent random numbers, no Sobol' sequence */
  unsigned threads;    /* 0: one for each processor */
} chiso_sensitivity_spec;

/* Of a composite, as chiso_uncertainty_run() takes it. */
CHISO_API chiso_status chiso_sensitivity_run(chiso_composite *composite,
                                             const chiso_sensitivity_spec *spec,
                                             chiso_sensitivity **out,
                                             chiso_error *err);
/* Of a table of runs made elsewhere: a column for each input, then `y`; N rows
 * of A, N of B, and N for each input of A with that input's column from B. */
CHISO_API chiso_status
chiso_sensitivity_design(const char *path, uint64_t seed, uint64_t bootstraps,
                         const chiso_allocator *allocator,
                         chiso_sensitivity **out, chiso_error *err);
CHISO_API void chiso_sensitivity_free(chiso_sensitivity *sensitivity);

/* Bounds hold 90 % of the bootstrap's estimates. All NaN where the output does
 * not vary. The name is owned by the sensitivity. */
typedef struct chiso_sensitivity_input {
  const char *name;
  double first, first_q5, first_q95;
  double total, total_q5, total_q95;
} chiso_sensitivity_input;
CHISO_API size_t chiso_sensitivity_inputs(const chiso_sensitivity *sensitivity);
CHISO_API chiso_sensitivity_input
chiso_sensitivity_at(const chiso_sensitivity *sensitivity, size_t place);
CHISO_API uint64_t
chiso_sensitivity_samples(const chiso_sensitivity *sensitivity);
/* Of the output over A and B, with n - 1. */
CHISO_API double
chiso_sensitivity_variance(const chiso_sensitivity *sensitivity);

#endif
