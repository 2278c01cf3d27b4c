/* SPDX-License-Identifier: Apache-2.0
 * analysis/random.c - Philox4x32-10 by Random123 (Salmon, Moraes, Dror, Shaw:
 * Parallel random numbers: as easy as 1, 2, 3; SC11, 2011). The one file that
 * knows the library. */
#include "analysis/random.h"

#include <Random123/philox.h>

void chiso__random(uint64_t seed, uint64_t index, uint32_t block, uint32_t use,
                   uint32_t out[4]) {
  philox4x32_ctr_t at = { { (uint32_t)index, (uint32_t)(index >> 32), block,
                            use } };
  philox4x32_key_t key = { { (uint32_t)seed, (uint32_t)(seed >> 32) } };
  at = philox4x32(at, key);
  for (int i = 0; i < 4; i++)
    out[i] = at.v[i];
}
