/* SPDX-License-Identifier: Apache-2.0
 * analysis/random.h - random numbers that are computed from where they are
 * wanted: no state, so that the order of work and the number of threads change
 * nothing. */
#ifndef CHISO_ANALYSIS_RANDOM_H
#define CHISO_ANALYSIS_RANDOM_H

#include <stdint.h>

/* What numbers are wanted for: each use has its own. */
enum {
  CHISO__RANDOM_WEIGHTS = 1,
  CHISO__RANDOM_CHOICES,
  CHISO__RANDOM_SEQUENCE,
  CHISO__RANDOM_SCRAMBLE,
  CHISO__RANDOM_BOOTSTRAP,
  CHISO__RANDOM_APPRAISAL,
  CHISO__RANDOM_ERRORS,
  CHISO__RANDOM_CORNERS,
  CHISO__RANDOM_AGAIN /* the try stands above the lowest eight bits */
};

/* Four numbers of 32 bits: Philox4x32-10 of the counter (index, block, use)
 * under the key `seed`. */
void chiso__random(uint64_t seed, uint64_t index, uint32_t block, uint32_t use,
                   uint32_t out[4]);

/* The middle of one of 2^32 equal parts of 0..1: never 0 or 1. */
static inline double chiso__unit(uint32_t number) {
  return ((double)number + 0.5) * 0x1p-32;
}

/* One of `count`: 0..count - 1. */
static inline uint32_t chiso__pick(uint32_t number, uint32_t count) {
  return (uint32_t)(((uint64_t)number * count) >> 32);
}

#endif
