/* SPDX-License-Identifier: Apache-2.0
 * analysis/pairs.c - Copeland: every row against every other. */
#include <math.h>

#include "analysis/composite.h"

/* 1: row a beats row b, -1 the other way round, 0 neither. Weights are added
 * as they were given, not as shares: sums that are equal then stay equal. */
static int duel(const chiso__work *w, const uint32_t *children, uint32_t count,
                size_t a, size_t b) {
  double forth = 0, back = 0;
  for (uint32_t i = 0; i < count; i++) {
    const double *x = w->values + (size_t)children[i] * w->n;
    forth += x[a] > x[b] ? w->weights[children[i]] : 0;
    back += x[b] > x[a] ? w->weights[children[i]] : 0;
  }
  return (forth > back) - (back > forth);
}

chiso_status chiso__copeland(const chiso__work *w, uint32_t node,
                             chiso_error *err) {
  const chiso__code *code = &w->tree->codes[node];
  const uint32_t *children = w->tree->children + code->first;
  double *out = w->values + (size_t)node * w->n;
  if (w->n > CHISO__LIMIT_PAIRS)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_MANY_ROWS, "copeland",
                       w->n, (size_t)CHISO__LIMIT_PAIRS);
  for (size_t r = 0; r < w->n; r++) {
    size_t there = 0;
    for (uint32_t i = 0; i < code->count; i++)
      there += isnan(w->values[(size_t)children[i] * w->n + r]) ? 0 : 1;
    bool enough = there > 0 && !((double)there / (double)code->count <
                                 w->ways[node].threshold);
    out[r] = enough ? 0 : (double)NAN;
  }
  for (size_t a = 0; a < w->n; a++)
    for (size_t b = a + 1; b < w->n && !isnan(out[a]); b++) {
      int won = isnan(out[b]) ? 0 : duel(w, children, code->count, a, b);
      out[a] += won;
      out[b] -= won;
    }
  return CHISO_OK;
}
