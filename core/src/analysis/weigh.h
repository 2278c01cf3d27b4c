/* SPDX-License-Identifier: Apache-2.0
 * analysis/weigh.h - weights that are found, not given. */
#ifndef CHISO_ANALYSIS_WEIGH_H
#define CHISO_ANALYSIS_WEIGH_H

#include "analysis/composite.h"

/* Loadings of the first component of the correlation matrix of some codes'
 * values, over the rows that have all: out[i] for codes[i], turned so that they
 * sum to no less than zero. *found is false where there is no such component.
 * In components.c. */
chiso_status chiso__first_component(const double *values, size_t n,
                                    const uint32_t *codes, size_t count,
                                    double *out, bool *found,
                                    const chiso_allocator *allocator,
                                    chiso_error *err);

/* A share of the whole for each code: its weight among its siblings times
 * that of its parent. out[code]. */
void chiso__effective_weights(const chiso__tree *tree, const double *weights,
                              double *out);

/* Refuses an aggregate whose children have no weight at all. */
chiso_status chiso__check_weights(const chiso_composite *c,
                                  const double *weights, chiso_error *err);

/* Weights of the codes of a level (0: the highest below the top) such that
 * their correlations with the top are equal, or, with `declared`, to each other
 * as their effective weights are now. The ways are set; changes c->weights. */
chiso_status chiso__optimise_weights(chiso_composite *c, uint32_t level,
                                     bool declared, chiso_error *err);

#endif
