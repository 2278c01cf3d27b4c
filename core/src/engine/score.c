/* SPDX-License-Identifier: Apache-2.0
 * engine/score.c - the pass over the tree, leaves and sums. */
#include <string.h>

#include "engine/kernel.h"

/* Units are scored in blocks whose rows stay in the nearest cache. */
#define BLOCK 64

static void slow_leaf(const chiso_program *p, const chiso_entries *e,
                      chiso_scores *s, uint32_t node, size_t u,
                      const chiso__best *best) {
  chiso_trace t;
  chiso__score_leaf(p, e, node, u, best, &t);
  size_t at = node * s->n + u;
  s->points[at] = t.points;
  s->max[at] = t.max;
  s->state[at] = (uint8_t)t.state;
}

static void score_leaf(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first,
                       size_t end, const chiso__best *best) {
  const chiso__kernel k = p->kernels[node]; /* a copy: nothing aliases it */
  size_t row = node * s->n, n = e->n;
  const int64_t *value = e->value;
  const uint8_t *have = e->have;
  chiso_dec *points = s->points + row, *max = s->max + row;
  uint8_t *state = s->state + row;
  for (size_t u = first; u < end; u++) {
    chiso_dec found;
    if (k.kind == CHISO__KERNEL_NONE ||
        !chiso__kernel_points(&k, value + u, have + u, n, &found)) {
      slow_leaf(p, e, s, node, u, best);
      continue;
    }
    points[u] = found;
    max[u] = k.max;
    state[u] = CHISO_STATE_SCORED;
  }
}

/* ---- inner nodes -------------------------------------------------------- */

unsigned chiso__gathered_state(unsigned bits) {
  unsigned points = CHISO_STATE_SCORED | CHISO_STATE_GIVEN;
  if (bits & CHISO_STATE_ERROR)
    return CHISO_STATE_ERROR;
  if (bits & CHISO_STATE_INCOMPLETE)
    return CHISO_STATE_INCOMPLETE;
  if (bits & CHISO_STATE_MISSING)
    return bits & points ? CHISO_STATE_INCOMPLETE : CHISO_STATE_MISSING;
  if (bits & points)
    return CHISO_STATE_SCORED;
  /* No child counts: the node can only be given. */
  return bits ? CHISO_STATE_NOT_APPLICABLE : CHISO_STATE_MISSING;
}

void chiso__settle(chiso_scores *s, size_t at) {
  s->state[at] = (uint8_t)chiso__gathered_state(s->state[at]);
  if (s->state[at] != CHISO_STATE_SCORED)
    s->points[at] = 0;
  if (s->state[at] == CHISO_STATE_NOT_APPLICABLE)
    s->max[at] = 0;
}

static void score_sum(const chiso_program *p, chiso_scores *s, uint32_t node,
                      size_t first, size_t end) {
  const chiso__rule *r = &p->rules[node];
  chiso_dec *points = s->points + node * s->n;
  chiso_dec *max = s->max + node * s->n;
  uint8_t *state = s->state + node * s->n;
  unsigned odd = r->n_children == 0;
  for (size_t u = first; u < end; u++) {
    points[u] = 0;
    max[u] = r->slack;
    state[u] = 0;
  }
  for (uint32_t k = 0; k < r->n_children; k++) {
    const chiso_dec *restrict cp = s->points + r->children[k] * s->n;
    const chiso_dec *restrict cm = s->max + r->children[k] * s->n;
    const uint8_t *restrict cs = s->state + r->children[k] * s->n;
    for (size_t u = first; u < end; u++) {
      points[u] += cp[u];
      max[u] += cm[u];
      state[u] |= cs[u];
    }
  }
  for (size_t u = first; u < end; u++)
    odd |= state[u] ^ CHISO_STATE_SCORED;
  for (size_t u = first; odd && u < end; u++)
    chiso__settle(s, node * s->n + u);
  if (node == 0)
    memcpy(s->raw + first, points + first, (end - first) * sizeof *points);
  for (size_t u = first; r->unit > 1 && u < end; u++)
    points[u] = chiso__round(points[u], r->unit, r->round);
}

/* ---- what was entered at the node itself -------------------------------- */

bool chiso__entered(const chiso_program *p, const chiso_entries *e,
                    uint32_t node, size_t unit, chiso_trace *t) {
  const chiso__rule *r = &p->rules[node];
  unsigned entry = e->entry[node * e->n + unit];
  chiso_dec given = e->given[node * e->n + unit];
  chiso_dec least = r->lo < 0 ? r->lo : 0;
  *t = (chiso_trace){ .max = r->max,
                      .slot = CHISO_NO_SLOT,
                      .branch = CHISO_NO_NODE,
                      .state = CHISO_STATE_ERROR };
  if (entry == CHISO_ENTRY_NOT_APPLICABLE) {
    chiso__apply_policy(r, r->na, CHISO_REASON_NOT_APPLICABLE, t);
  } else if (given > r->max) {
    t->reason = CHISO_REASON_ABOVE_MAX;
  } else if (given < least) {
    t->reason =
        least < 0 ? CHISO_REASON_BELOW_LO : CHISO_REASON_NEGATIVE;
  } else {
    t->state = CHISO_STATE_GIVEN;
    t->points = chiso_dec_round(given, r->digits, r->round);
  }
  return entry != CHISO_ENTRY_NONE;
}

static void apply_entries(const chiso_program *p, const chiso_entries *e,
                          chiso_scores *s, uint32_t node, size_t first,
                          size_t end) {
  for (size_t u = first; u < end; u++) {
    chiso_trace t;
    if (e->entry[node * e->n + u] == CHISO_ENTRY_NONE ||
        !chiso__entered(p, e, node, u, &t))
      continue;
    size_t at = node * s->n + u;
    s->points[at] = t.points;
    s->max[at] = t.max;
    s->state[at] = (uint8_t)t.state;
    if (node == 0)
      s->raw[u] = t.state == CHISO_STATE_GIVEN ? e->given[u] : t.points;
  }
}

/* ---- the pass ----------------------------------------------------------- */

void chiso__score_node(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first,
                       size_t end, const chiso__best *best) {
  switch (p->rules[node].way) {
  case CHISO__WAY_SUM:
    score_sum(p, s, node, first, end);
    break;
  case CHISO__WAY_MEAN:
    chiso__score_mean(p, s, node, first, end);
    break;
  case CHISO__WAY_CASE:
    chiso__score_case(p, e, s, node, first, end);
    break;
  default:
    score_leaf(p, e, s, node, first, end, best);
    if (node == 0)
      memcpy(s->raw + first, s->points + first,
             (end - first) * sizeof *s->raw);
  }
  if (e->any_entry)
    apply_entries(p, e, s, node, first, end);
}

void chiso__find_best(const chiso_program *p, const chiso_entries *e,
                      uint32_t node, chiso__best *out) {
  const chiso__rule *r = &p->rules[node];
  *out = (chiso__best){ 0, 0 };
  for (size_t u = 0; u < e->n; u++) {
    chiso__argument a;
    if (e->entry[node * e->n + u] != CHISO_ENTRY_NONE ||
        chiso__argument_of(r, e, u, &a) != CHISO__ARGUMENT_OK)
      continue;
    chiso__fraction f = { a.n, out->d, 0, 0, out->n, a.d };
    if (out->d == 0 || chiso__exact_compare(&f) > 0)
      *out = (chiso__best){ a.n, a.d };
  }
}

/* With BEST the whole round is one block: its best is sought once. */
void chiso_score(const chiso_program *p, const chiso_entries *e,
                 chiso_scores *s) {
  size_t block = p->has_best ? e->n : BLOCK;
  for (size_t first = 0, end; first < e->n; first = end) {
    end = e->n - first < block ? e->n : first + block;
    for (uint32_t i = p->n_nodes; i-- > 0;) {
      chiso__best best = { 0, 0 };
      if (p->rules[i].way == CHISO__WAY_BEST)
        chiso__find_best(p, e, i, &best);
      chiso__score_node(p, e, s, i, first, end, &best);
    }
    if (e->any_part)
      chiso__score_parts(p, e, s, first, end);
  }
}

chiso_dec chiso_percent(const chiso_program *p, const chiso_scores *s,
                        uint32_t node, size_t unit) {
  size_t at = node * s->n + unit;
  chiso_dec points = node == 0 ? s->raw[unit] : s->points[at];
  if (!chiso_has_points(s->state[at]) || s->max[at] <= 0)
    return CHISO_NONE;
  const chiso__rule *root = &p->rules[0];
  int64_t units, unit_size = chiso__power10[CHISO_DEC_DIGITS -
                                            p->index->digits];
  if (!chiso__wide_div((chiso__wide)points * 100 * CHISO_DEC_ONE,
                       (chiso__wide)s->max[at] * unit_size, root->round,
                       &units))
    return CHISO_NONE;
  return units * unit_size;
}

chiso_dec chiso_ranked_figure(const chiso_program *p, const chiso_scores *s,
                              uint32_t node, size_t unit) {
  if (p->index->rank_by == CHISO_RANK_PERCENT)
    return chiso_percent(p, s, node, unit);
  size_t at = node * s->n + unit;
  return chiso_has_points(s->state[at]) ? s->points[at] : CHISO_NONE;
}
