/* SPDX-License-Identifier: Apache-2.0
 * analysis/sobol.h - points that fill a cube evenly. */
#ifndef CHISO_ANALYSIS_SOBOL_H
#define CHISO_ANALYSIS_SOBOL_H

#include <stdint.h>

#define CHISO__SOBOL_DIMENSIONS 64u

/* Direction numbers of one dimension (from 0), for 2^32 points. */
void chiso__sobol_directions(uint32_t dimension, uint32_t out[32]);

/* Coordinate of point `index` by the directions of its dimension: a number of
 * 32 bits. */
static inline uint32_t chiso__sobol(const uint32_t directions[32],
                                    uint32_t index) {
  uint32_t x = 0;
  for (uint32_t gray = index ^ (index >> 1), bit = 0; gray; gray >>= 1, bit++)
    x ^= (gray & 1u) ? directions[bit] : 0;
  return x;
}
/* Nested uniform scrambling in base 2 (A. B. Owen: Randomly permuted
 * (t,m,s)-nets and (t,s)-sequences, 1995) by a hash: a bit is turned or not by
 * the bits above it and the seed alone. Of B. Burley: Practical hash-based Owen
 * scrambling, Journal of Computer Graphics Techniques 9(4), 2020, listing 2:
 * the hash of S. Laine and T. Karras between two reversals of the bits. One to
 * one; each elementary interval keeps as many points. */
uint32_t chiso__owen(uint32_t x, uint32_t seed);

#endif
