/* SPDX-License-Identifier: Apache-2.0
 * analysis/indices.h - indices of Sobol' from the outputs of a design. */
#ifndef CHISO_ANALYSIS_INDICES_H
#define CHISO_ANALYSIS_INDICES_H

#include "base/arena.h"
#include "chiso/sensitivity.h"

struct chiso_sensitivity {
  const chiso_allocator *allocator;
  chiso__arena arena;
  size_t inputs;
  uint64_t samples;
  chiso_sensitivity_input *list;
  double *y; /* A, B, then A with each column of B: [block * samples + run] */
  double variance;
};

/* Room for a sensitivity of so many inputs and samples; y is to be filled. */
chiso_status chiso__sensitivity_new(size_t inputs, uint64_t samples,
                                    const chiso_allocator *allocator,
                                    chiso_sensitivity **out, chiso_error *err);
/* From y: indices and their intervals. */
chiso_status chiso__sensitivity_estimate(chiso_sensitivity *s, uint64_t seed,
                                         uint64_t bootstraps, chiso_error *err);

#endif
