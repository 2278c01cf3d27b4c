/* SPDX-License-Identifier: Apache-2.0
 * analysis/units.c - units beside each other: what they have, where they stand,
 * whom they resemble. */
#include <math.h>
#include <stdlib.h>

#include "analysis/composite.h"
#include "analysis/weigh.h"
#include "chiso/audit.h"

static bool same_time(const chiso_composite *c, size_t a, size_t b) {
  return !c->time || c->time[a] == c->time[b];
}

/* ---- availability -------------------------------------------------------- */

chiso_status chiso_audit_availability(const chiso_composite *c, double *out,
                                      chiso_error *err) {
  const chiso__tree *t = &c->tree;
  double *below = chiso__resize(c->allocator, NULL, t->n * sizeof *below);
  if (!below)
    return chiso__no_memory(err);
  for (size_t i = 0; i < t->n; i++) { /* how many are missing, then the share */
    const chiso__code *code = &t->codes[i];
    double *missing = out + i * c->n;
    below[i] = i < t->leaves;
    for (size_t r = 0; r < c->n; r++)
      missing[r] = i < t->leaves && isnan(c->data[i * c->n + r]);
    for (uint32_t k = 0; k < code->count; k++) {
      uint32_t child = t->children[code->first + k];
      below[i] += below[child];
      for (size_t r = 0; r < c->n; r++)
        missing[r] += out[child * c->n + r];
    }
  }
  for (size_t i = 0; i < t->n; i++)
    for (size_t r = 0; r < c->n; r++)
      out[i * c->n + r] = 1 - out[i * c->n + r] / below[i];
  chiso__free(c->allocator, below);
  return CHISO_OK;
}

/* ---- strengths and weaknesses -------------------------------------------- */

chiso_status chiso_audit_standings(const chiso_composite *c, double *out,
                                   chiso_error *err) {
  double *turned =
      chiso__resize(c->allocator, NULL, (2 * c->n + 1) * sizeof *turned);
  chiso_status status = turned ? CHISO_OK : chiso__no_memory(err);
  for (size_t i = 0; i < c->tree.leaves && status == CHISO_OK; i++) {
    double *ranks = out + i * c->n, *from_below = turned + c->n;
    double direction = c->tree.codes[i].direction;
    for (size_t r = 0; r < c->n; r++)
      turned[r] = c->data[i * c->n + r] * direction;
    status =
        chiso_composite_rank(c, turned, SIZE_MAX, CHISO_TIES_MIN, ranks, err);
    for (size_t r = 0; r < c->n; r++)
      turned[r] = -turned[r];
    if (status == CHISO_OK)
      status = chiso_composite_rank(c, turned, SIZE_MAX, CHISO_TIES_MIN,
                                    from_below, err);
    for (size_t r = 0; r < c->n && status == CHISO_OK; r++)
      if (from_below[r] == 1)
        ranks[r] = NAN;
  }
  chiso__free(c->allocator, turned);
  return status;
}

/* By insertion: equal ranks keep the order of the indicators. */
size_t chiso_audit_order(const chiso_composite *c, const double *standings,
                         size_t row, size_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < c->tree.leaves; i++) {
    double rank = standings[i * c->n + row];
    size_t at = count;
    if (isnan(rank))
      continue;
    for (; at > 0 && standings[out[at - 1] * c->n + row] > rank; at--)
      out[at] = out[at - 1];
    out[at] = i;
    count++;
  }
  return count;
}

/* ---- outranking ---------------------------------------------------------- */

double chiso_audit_outrank(const chiso_composite *c, const size_t *codes,
                           size_t count, size_t a, size_t b) {
  double above = 0, equal = 0, below = 0;
  if (a == b)
    return 0;
  for (size_t i = 0; i < count; i++) {
    const double *x = c->values + codes[i] * c->n;
    double w = c->weights[codes[i]];
    above += x[a] > x[b] ? w : 0;
    equal += x[a] == x[b] ? w : 0;
    below += x[a] < x[b] ? w : 0;
  }
  double all = above + equal + below;
  if (!(all > 0))
    return NAN;
  return equal + below > 0 ? (above + equal / 2) / all : 1;
}

/* ---- peers --------------------------------------------------------------- */

static int by_distance(const void *a, const void *b) {
  const chiso_peer *p = a, *q = b;
  if (p->distance != q->distance)
    return p->distance < q->distance ? -1 : 1;
  return p->row < q->row ? -1 : p->row > q->row;
}

/* Sums over the indicators that both have; `sum` and `weight` have room for all
 * rows. */
static void measure(const chiso_composite *c, size_t row,
                    const double *effective, double *restrict sum,
                    double *restrict weight, chiso_peer *peers) {
  for (size_t i = 0; i < c->tree.leaves; i++) {
    const double *x = c->values + i * c->n;
    if (isnan(x[row]) || !(effective[i] > 0))
      continue;
    for (size_t r = 0; r < c->n; r++) {
      double d = x[r] - x[row], w = effective[i];
      if (isnan(d))
        continue;
      sum[r] += w * d * d;
      weight[r] += w;
      peers[r].shared++;
    }
  }
}

chiso_status chiso_audit_peers(const chiso_composite *c, size_t row,
                               size_t most, chiso_peer *out, size_t *count,
                               chiso_error *err) {
  chiso__arena arena = { .allocator = c->allocator };
  double *sum = chiso__arena_array(&arena, c->n, 2 * sizeof *sum);
  double *effective = chiso__arena_array(&arena, c->tree.n, sizeof *effective);
  chiso_peer *peers = chiso__arena_array(&arena, c->n, sizeof *peers);
  size_t found = 0;
  chiso_status status =
      sum && effective && peers ? CHISO_OK : chiso__no_memory(err);
  if (status == CHISO_OK) {
    double *weight = sum + c->n;
    chiso__effective_weights(&c->tree, c->weights, effective);
    measure(c, row, effective, sum, weight, peers);
    for (size_t r = 0; r < c->n; r++)
      if (r != row && weight[r] > 0 && same_time(c, r, row)) {
        peers[found] =
            (chiso_peer) { r, peers[r].shared, sqrt(sum[r] / weight[r]) };
        found++;
      }
    qsort(peers, found, sizeof *peers, by_distance);
  }
  *count = found < most ? found : most;
  for (size_t i = 0; i < *count; i++)
    out[i] = peers[i];
  chiso__arena_free(&arena);
  return status;
}
