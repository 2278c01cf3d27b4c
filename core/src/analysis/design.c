/* SPDX-License-Identifier: Apache-2.0
 * analysis/design.c - even points for A and B. */
#include "analysis/design.h"

#include "analysis/random.h"
#include "analysis/sobol.h"

/* Every coordinate is scrambled by a random number of its own; so the points
 * stay as even. */
void chiso__points_open(chiso__points *p, size_t inputs, uint64_t seed,
                        bool plain) {
  uint32_t words[4];
  *p = (chiso__points) { .plain = plain, .seed = seed, .inputs = inputs };
  for (uint32_t d = 0; d < 2 * inputs; d++) {
    chiso__random(seed, 0, d / 4, CHISO__RANDOM_SCRAMBLE, words);
    p->scramble[d] = words[d % 4];
    chiso__sobol_directions(d, p->directions[d]);
  }
}

/* Coordinates of A are the first ones of a point, those of B the last. */
static uint32_t coordinate(const chiso__points *p, uint32_t run, uint32_t d) {
  uint32_t words[4];
  if (!p->plain)
    return chiso__owen(chiso__sobol(p->directions[d], run), p->scramble[d]);
  chiso__random(p->seed, run, d / 4, CHISO__RANDOM_SEQUENCE, words);
  return words[d % 4];
}

void chiso__design_point(const chiso__points *p, size_t block, uint32_t run,
                         uint64_t *out) {
  for (size_t i = 0; i < p->inputs; i++) {
    bool of_b = block == 1 || block == i + 2;
    out[i] = coordinate(p, run, (uint32_t)(of_b ? p->inputs + i : i));
  }
}
