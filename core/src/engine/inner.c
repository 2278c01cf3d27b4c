/* SPDX-License-Identifier: Apache-2.0
 * engine/inner.c - means, cases and totals of parts. */
#include "engine/engine.h"

/* lo + (hi - lo) * sum(w * x) / sum(w), one division. MEAN is lo = 0, hi = 1.
 * False when it lies outside the range that sums above can hold. */
static bool mean_of(const chiso__rule *r, chiso__wide total, chiso__wide weight,
                    int64_t unit, chiso_dec *out) {
  chiso__fraction f = { (chiso__wide)r->out_hi - r->out_lo,
                        total,
                        r->out_lo,
                        weight * CHISO_DEC_ONE,
                        weight * CHISO_DEC_ONE,
                        unit };
  int64_t units;
  if (!chiso__exact(&f, r->round, &units) ||
      __builtin_mul_overflow(units, unit, out))
    return false;
  return *out <= CHISO_DEC_LIMIT && *out >= -CHISO_DEC_LIMIT;
}

void chiso__score_mean(const chiso_program *p, chiso_scores *s, uint32_t node,
                       size_t first, size_t end) {
  const chiso__rule *r = &p->rules[node];
  for (size_t u = first; u < end; u++) {
    chiso__wide total = 0, weight = 0;
    chiso_dec raw = 0;
    unsigned bits = 0;
    size_t at = node * s->n + u;
    for (uint32_t k = 0; k < r->n_children; k++) {
      size_t child = r->children[k] * s->n + u;
      bits |= s->state[child];
      if (!chiso_has_points(s->state[child]))
        continue;
      total += (chiso__wide)s->points[child] * r->weights[k];
      weight += r->weights[k];
    }
    s->points[at] = 0;
    if (weight && (!mean_of(r, total, weight, r->unit, &s->points[at]) ||
                   !mean_of(r, total, weight, 1, &raw)))
      bits |= CHISO_STATE_ERROR;
    s->max[at] = r->max;
    s->state[at] = (uint8_t)bits;
    chiso__settle(s, at);
    if (node == 0)
      s->raw[u] = s->state[at] == CHISO_STATE_SCORED ? raw : 0;
  }
}

/* ---- CASE --------------------------------------------------------------- */

static uint32_t chosen_by_key(const chiso__rule *r, const chiso_entries *e,
                              size_t unit, chiso_reason *reason) {
  size_t at = r->slot_x * e->n + unit;
  bool known = e->have[at] && (uint64_t)e->value[at] < r->n_children;
  *reason = !e->have[at] ? CHISO_REASON_NO_INPUT
            : known      ? CHISO_REASON_BRANCH
                         : CHISO_REASON_RULE;
  return known ? (uint32_t)e->value[at] : UINT32_MAX;
}

uint32_t chiso__chosen_branch(const chiso_program *p, const chiso_entries *e,
                              uint32_t node, size_t unit,
                              chiso_reason *reason) {
  const chiso__rule *r = &p->rules[node];
  chiso__argument a;
  if (r->by_key)
    return chosen_by_key(r, e, unit, reason);
  chiso__argument_state state = chiso__argument_of(r, e, unit, &a);
  *reason = a.reason;
  if (state != CHISO__ARGUMENT_OK)
    return UINT32_MAX;
  uint32_t k = 0;
  while (k < r->n_thresholds && !chiso__reaches(&r->thresholds[k], a.n, a.d))
    k++;
  *reason = k < r->n_children ? CHISO_REASON_BRANCH : CHISO_REASON_NO_BRANCH;
  return k < r->n_children ? k : UINT32_MAX;
}

static void leave_branch(const chiso_program *p, chiso_scores *s,
                         uint32_t branch, size_t u) {
  size_t at = branch * s->n + u;
  s->points[at] = 0;
  s->max[at] = 0;
  s->state[at] = CHISO_STATE_NOT_APPLICABLE;
  if (p->rules[branch].way < CHISO__WAY_SUM)
    return;
  for (uint32_t c = chiso_methodology_first_child(p->methodology, branch);
       c != CHISO_NO_NODE; c = chiso_methodology_next(p->methodology, c))
    leave_branch(p, s, c, u);
}

/* A case as its input alone makes it, when no branch is chosen. */
static void score_unchosen(const chiso__rule *r, chiso_reason reason,
                           chiso_trace *t) {
  *t = (chiso_trace) { .state = reason == CHISO_REASON_NO_INPUT
                                    ? CHISO_STATE_MISSING
                                    : CHISO_STATE_ERROR,
                       .max = r->max,
                       .slot = CHISO_NO_SLOT };
  if (reason == CHISO_REASON_ZERO_DEN)
    chiso__apply_policy(r, r->empty, reason, t);
}

static void take_branch(const chiso_program *p, chiso_scores *s, uint32_t node,
                        uint32_t branch, size_t u) {
  const chiso__rule *r = &p->rules[node];
  size_t at = node * s->n + u, from = branch * s->n + u;
  s->points[at] = s->points[from];
  /* What was left out below the branch is left out here. */
  s->max[at] = r->max - (p->rules[branch].max - s->max[from]);
  s->state[at] = s->state[from];
}

void chiso__score_case(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first,
                       size_t end) {
  const chiso__rule *r = &p->rules[node];
  for (size_t u = first; u < end; u++) {
    chiso_reason reason;
    size_t at = node * s->n + u;
    uint32_t chosen = r->by_key ? chosen_by_key(r, e, u, &reason)
                                : chiso__chosen_branch(p, e, node, u, &reason);
    for (uint32_t k = 0; k < r->n_children; k++)
      if (k != chosen)
        leave_branch(p, s, r->children[k], u);
    if (chosen < r->n_children) {
      take_branch(p, s, node, r->children[chosen], u);
    } else {
      chiso_trace t;
      score_unchosen(r, reason, &t);
      s->points[at] = t.points;
      s->max[at] = t.max;
      s->state[at] = (uint8_t)t.state;
    }
    if (s->state[at] != CHISO_STATE_SCORED)
      chiso__settle(s, at);
    if (node == 0)
      s->raw[u] = s->points[at];
    if (r->unit > 1)
      s->points[at] = chiso_dec_round(s->points[at], r->digits, r->round);
  }
}

/* ---- totals of parts ---------------------------------------------------- */

/* Whether anything that counts was entered in the tree. */
static bool tree_has_data(const chiso_program *p, const chiso_entries *e,
                          size_t unit) {
  for (uint32_t i = 0; i < p->n_nodes; i++) {
    if (!p->rules[i].counts)
      continue;
    if (e->entry[i * e->n + unit] != CHISO_ENTRY_NONE)
      return true;
    for (uint32_t k = 0; k < p->index->nodes[i].n_inputs; k++)
      if (e->have[(p->slots[i] + k) * e->n + unit])
        return true;
  }
  return false;
}

/* One partition whose first part is `part`; how many parts were entered. */
static uint32_t total_of(const chiso_partition *partition,
                         const chiso_entries *e, uint32_t part, size_t unit,
                         chiso_dec *total, chiso_reason *reason) {
  uint32_t entered = 0;
  *total = 0;
  for (uint32_t j = 0; j < partition->n_parts; j++) {
    size_t at = (part + j) * e->n + unit;
    if (!e->have_part[at])
      continue;
    entered++;
    if (e->part[at] < 0)
      *reason = CHISO_REASON_NEGATIVE;
    else if (e->part[at] > partition->parts[j].max)
      *reason = CHISO_REASON_ABOVE_MAX;
    else
      *total += e->part[at];
  }
  return entered;
}

bool chiso__total_of_parts(const chiso_program *p, const chiso_entries *e,
                           size_t unit, chiso_trace *t, chiso_dec *raw) {
  const chiso__rule *root = &p->rules[0];
  uint32_t part = 0, partitions = 0;
  bool complete = false;
  *t = (chiso_trace) { .max = root->max,
                       .slot = CHISO_NO_SLOT,
                       .branch = CHISO_NO_NODE };
  *raw = 0;
  for (uint32_t i = 0; i < p->index->n_partitions; i++) {
    const chiso_partition *partition = &p->index->partitions[i];
    chiso_dec total;
    uint32_t entered = total_of(partition, e, part, unit, &total, &t->reason);
    part += partition->n_parts;
    if (entered == 0)
      continue;
    partitions++;
    complete = entered == partition->n_parts;
    *raw = total;
  }
  if (partitions == 0)
    return false;
  if (t->reason == CHISO_REASON_NONE &&
      (partitions > 1 || tree_has_data(p, e, unit)))
    t->reason = CHISO_REASON_PARTS;
  bool good = t->reason == CHISO_REASON_NONE;
  t->state = !good      ? CHISO_STATE_ERROR
             : complete ? CHISO_STATE_SCORED
                        : CHISO_STATE_INCOMPLETE;
  if (good && !complete)
    t->reason = CHISO_REASON_NO_INPUT;
  if (!good || !complete)
    *raw = 0;
  t->points = chiso_dec_round(*raw, root->digits, root->round);
  return true;
}

void chiso__score_parts(const chiso_program *p, const chiso_entries *e,
                        chiso_scores *s, size_t first, size_t end) {
  for (size_t u = first; u < end; u++) {
    chiso_trace t;
    chiso_dec raw;
    if (!chiso__total_of_parts(p, e, u, &t, &raw))
      continue;
    s->raw[u] = raw;
    s->points[u] = t.points;
    s->max[u] = t.max;
    s->state[u] = (uint8_t)t.state;
  }
}
