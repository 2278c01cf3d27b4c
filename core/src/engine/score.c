/* SPDX-License-Identifier: Apache-2.0
 * engine/score.c - the pass over the tree, leaves and sums. */
#include <string.h>

#include "engine/kernel.h"

/* Units are scored in blocks whose rows stay in the nearest cache. */
#define BLOCK 128

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

static bool is_whole(const chiso_program *p, const chiso_scores *s,
                     uint32_t node, size_t first, size_t end) {
  const chiso_dec *max = s->max + node * s->n;
  const uint8_t *state = s->state + node * s->n;
  bool whole = true;
  for (size_t u = first; u < end; u++)
    whole &= state[u] == CHISO_STATE_SCORED && max[u] == p->full[node];
  return whole;
}

static bool score_leaf(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, const chiso__kernel *k, size_t first,
                       size_t end) {
  if (chiso__kernel_block(k, e, s, k->node, first, end))
    return true;
  for (size_t u = first; u < end; u++)
    if (s->state[k->node * s->n + u] != CHISO_STATE_SCORED)
      slow_leaf(p, e, s, k->node, u, NULL);
  return is_whole(p, s, k->node, first, end);
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

/* Sums of the children's rows over a few units at a time, so that the sums
 * stay in registers. */
#define FEW 8
static void sum_rows(const chiso_dec *rows, size_t n, const uint32_t *children,
                     uint32_t count, chiso_dec start, chiso_dec *out,
                     size_t first, size_t end) {
  size_t u = first;
  for (; u + FEW <= end; u += FEW) {
    chiso_dec sums[FEW];
    for (size_t j = 0; j < FEW; j++)
      sums[j] = start;
    for (uint32_t k = 0; k < count; k++) {
      const chiso_dec *row = rows + children[k] * n + u;
      for (size_t j = 0; j < FEW; j++)
        sums[j] += row[j];
    }
    for (size_t j = 0; j < FEW; j++)
      out[u + j] = sums[j];
  }
  for (; u < end; u++) {
    chiso_dec sum = start;
    for (uint32_t k = 0; k < count; k++)
      sum += rows[children[k] * n + u];
    out[u] = sum;
  }
}

/* Gathers the children's states, eight units at a time; true when all are
 * scored. */
static bool gather_states(const chiso__kernel *k, chiso_scores *s,
                          uint32_t node, size_t first, size_t end) {
  const uint64_t scored = UINT64_C(0x0101010101010101) * CHISO_STATE_SCORED;
  uint8_t *state = s->state + node * s->n;
  uint64_t odd = k->count == 0, word;
  size_t u = first;
  for (; u + sizeof word <= end; u += sizeof word) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < k->count; i++) {
      memcpy(&word, s->state + k->children[i] * s->n + u, sizeof word);
      bits |= word;
    }
    memcpy(state + u, &bits, sizeof bits);
    odd |= bits ^ scored;
  }
  for (; u < end; u++) {
    uint8_t bits = 0;
    for (uint32_t i = 0; i < k->count; i++)
      bits |= s->state[k->children[i] * s->n + u];
    state[u] = bits;
    odd |= (uint64_t)(bits ^ CHISO_STATE_SCORED);
  }
  return odd == 0;
}

static void score_sum(const chiso__kernel *k, chiso_scores *s, size_t first,
                      size_t end, bool whole) {
  uint32_t node = k->node;
  chiso_dec *points = s->points + node * s->n;
  chiso_dec *max = s->max + node * s->n;
  sum_rows(s->points, s->n, k->children, k->count, 0, points, first, end);
  if (whole) {
    memset(s->state + node * s->n + first, CHISO_STATE_SCORED, end - first);
    chiso_dec full = k->max;
    for (size_t u = first; u < end; u++)
      max[u] = full;
  } else {
    bool scored = gather_states(k, s, node, first, end);
    sum_rows(s->max, s->n, k->children, k->count, k->slack, max, first, end);
    for (size_t u = first; !scored && u < end; u++)
      chiso__settle(s, node * s->n + u);
  }
  if (node == 0)
    memcpy(s->raw + first, points + first, (end - first) * sizeof *points);
  for (size_t u = first; k->unit > 1 && u < end; u++)
    points[u] = chiso__round(points[u], k->unit, k->round);
}

/* ---- what was entered at the node itself -------------------------------- */

bool chiso__entered(const chiso_program *p, const chiso_entries *e,
                    const chiso_scores *s, uint32_t node, size_t unit,
                    chiso_trace *t) {
  const chiso__rule *r = &p->rules[node];
  unsigned entry = e->entry[node * e->n + unit];
  chiso_dec given = e->given[node * e->n + unit];
  chiso_dec least = r->lo < 0 ? r->lo : 0;
  chiso_dec most =
      r->way == CHISO__WAY_SUM ? s->max[node * s->n + unit] : r->max;
  *t = (chiso_trace) { .max = most,
                       .slot = CHISO_NO_SLOT,
                       .branch = CHISO_NO_NODE,
                       .state = CHISO_STATE_ERROR };
  if (entry == CHISO_ENTRY_NOT_APPLICABLE) {
    chiso__apply_policy(r, r->na, CHISO_REASON_NOT_APPLICABLE, t);
  } else if (entry == CHISO_ENTRY_LEFT_OUT) {
    chiso__apply_policy(r, CHISO_POLICY_LEAVE_OUT, CHISO_REASON_EXEMPT, t);
  } else if (given > most) {
    t->reason = CHISO_REASON_ABOVE_MAX;
  } else if (given < least) {
    t->reason = least < 0 ? CHISO_REASON_BELOW_LO : CHISO_REASON_NEGATIVE;
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
        !chiso__entered(p, e, s, node, u, &t))
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

/* What has no kernel of its own. */
static bool score_apart(const chiso_program *p, const chiso_entries *e,
                        chiso_scores *s, uint32_t node, size_t first,
                        size_t end, const chiso__best *best) {
  chiso__best found = { 0, 0 };
  switch (p->rules[node].way) {
  case CHISO__WAY_MEAN:
    chiso__score_mean(p, s, node, first, end);
    break;
  case CHISO__WAY_CASE:
    chiso__score_case(p, e, s, node, first, end);
    break;
  case CHISO__WAY_CALL:
    for (size_t u = first; !p->rule.elsewhere && u < end; u++)
      slow_leaf(p, e, s, node, u, best);
    break;
  case CHISO__WAY_BEST:
    if (!best) {
      chiso__find_best(p, e, node, &found);
      best = &found;
    }
    /* fall through */
  default:
    for (size_t u = first; u < end; u++)
      slow_leaf(p, e, s, node, u, best);
  }
  return is_whole(p, s, node, first, end);
}

bool chiso__score_node(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first, size_t end,
                       const chiso__best *best, bool whole) {
  const chiso__kernel *k = chiso__kernel_of(p, node);
  bool good = whole && k->plain;
  if (k->kind == CHISO__KERNEL_SUM)
    score_sum(k, s, first, end, good);
  else if (k->kind == CHISO__KERNEL_NONE)
    good = score_apart(p, e, s, node, first, end, best);
  else
    good = score_leaf(p, e, s, k, first, end);
  if (node == 0 && p->rules[0].way < CHISO__WAY_SUM)
    memcpy(s->raw + first, s->points + first, (end - first) * sizeof *s->raw);
  if (e->any_entry) {
    apply_entries(p, e, s, node, first, end);
    return false;
  }
  /* What lies below a case matters through the case alone, and what does not
   * count not at all. */
  return whole && (good || !k->matters);
}

void chiso__find_best(const chiso_program *p, const chiso_entries *e,
                      uint32_t node, chiso__best *out) {
  const chiso__rule *r = &p->rules[node];
  *out = (chiso__best) { 0, 0 };
  for (size_t u = 0; u < e->n; u++) {
    chiso__argument a;
    if (e->entry[node * e->n + u] != CHISO_ENTRY_NONE ||
        chiso__argument_of(r, e, u, &a) != CHISO__ARGUMENT_OK)
      continue;
    chiso__fraction f = { a.n, out->d, 0, 0, out->n, a.d };
    if (out->d == 0 || chiso__exact_compare(&f) > 0)
      *out = (chiso__best) { a.n, a.d };
  }
}

/* With BEST the whole round is one block: its best is sought once. */
void chiso_score(const chiso_program *p, const chiso_entries *e,
                 chiso_scores *s) {
  size_t block = p->has_best ? e->n : BLOCK;
  if (e->n == 1 && !e->any_entry && !e->any_part) {
    chiso__score_single(p, e, s);
    return;
  }
  for (uint32_t i = 0; p->rule.elsewhere && i < p->n_nodes; i++)
    chiso__score_calls(p, e, s, i);
  for (size_t first = 0, end; first < e->n; first = end) {
    end = e->n - first < block ? e->n : first + block;
    bool whole = true;
    for (uint32_t i = p->n_nodes; i-- > 0;)
      whole = chiso__score_node(p, e, s, i, first, end, NULL, whole);
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
  int64_t units,
      unit_size = chiso__power10[CHISO_DEC_DIGITS - p->index->digits];
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
