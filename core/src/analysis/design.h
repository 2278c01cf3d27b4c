/* SPDX-License-Identifier: Apache-2.0
 * analysis/design.h - the points of a design of Saltelli. */
#ifndef CHISO_ANALYSIS_DESIGN_H
#define CHISO_ANALYSIS_DESIGN_H

#include "analysis/model.h"

typedef struct chiso__points {
  bool plain; /* independent random numbers */
  uint64_t seed;
  size_t inputs;
  uint32_t directions[2 * CHISO__LIMIT_INPUTS][32];
  uint32_t scramble[2 * CHISO__LIMIT_INPUTS];
} chiso__points;

/* 1 <= inputs <= CHISO__LIMIT_INPUTS */
void chiso__points_open(chiso__points *p, size_t inputs, uint64_t seed,
                        bool plain);
/* A run of a block: block 0 is A, 1 is B, 2 + i is A with the column i of B.
 * out[input]: a number of 32 bits that stands for 0..1. */
void chiso__design_point(const chiso__points *p, size_t block, uint32_t run,
                         uint64_t *out);

#endif
