/* SPDX-License-Identifier: Apache-2.0
 * engine/call.c - CALL nodes: rule() here, unit by unit, or in another process,
 * many units at a time. Both give the same to settle_call(). */
#include <string.h>

#include "engine/engine.h"

static bool have(const chiso_entries *e, uint32_t slot, size_t unit) {
  return e->have[slot * e->n + unit];
}

/* ---- here --------------------------------------------------------------- */

struct chiso_call {
  const chiso_program *program;
  const chiso_entries *entries;
  uint32_t node;
  size_t unit;
};

static int host_input(const chiso_call *call, const char *key, int64_t *raw) {
  const chiso_entries *e = call->entries;
  const chiso_node *n = &call->program->index->nodes[call->node];
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    if (strcmp(n->inputs[i].key, key) != 0)
      continue;
    uint32_t slot = call->program->slots[call->node] + i;
    if (!have(e, slot, call->unit))
      return 1;
    *raw = e->value[slot * e->n + call->unit];
    return 0;
  }
  return -1;
}

static int host_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out) {
  return chiso_muldiv(a, b, c, out) ? 0 : -1;
}

static const chiso_host host = { .abi_minor = CHISO_ABI_MINOR,
                                 .size = sizeof(chiso_host),
                                 .input = host_input,
                                 .muldiv = host_muldiv };

static unsigned call_here(const chiso_program *p, const chiso_entries *e,
                          uint32_t node, size_t unit, chiso_dec *points) {
  chiso_call call = { p, e, node, unit };
  int result = p->rule.here(&host, &call, p->rules[node].call, points);
  return result == 0   ? CHISO_CALL_SCORED
         : result == 1 ? CHISO_CALL_NOT_APPLICABLE
                       : CHISO_CALL_FAILED;
}

/* ---- elsewhere ---------------------------------------------------------- */

static chiso_status call_elsewhere(const chiso_program *p,
                                   const chiso_entries *e, uint32_t node,
                                   size_t first, size_t n, chiso_dec *points,
                                   uint8_t *results) {
  size_t row = p->slots[node] * e->n + first;
  const chiso_calls calls = { .node = &p->index->nodes[node],
                              .values = e->value + row,
                              .have = e->have + row,
                              .stride = e->n,
                              .n = n,
                              .points = points,
                              .results = results };
  return p->rule.elsewhere(p->rule.user, &calls, NULL);
}

chiso_status chiso_program_serves(const chiso_program *p, chiso_error *err) {
  const chiso_calls none = { 0 };
  return p->rule.elsewhere ? p->rule.elsewhere(p->rule.user, &none, err)
                           : CHISO_OK;
}

/* ---- results ------------------------------------------------------------ */

static void fail(chiso_trace *t, chiso_reason reason) {
  t->state = CHISO_STATE_ERROR;
  t->points = 0;
  t->reason = reason;
}

/* What the answer of rule() makes of a leaf. */
static void settle_call(const chiso__rule *r, unsigned result, chiso_dec points,
                        chiso_trace *t) {
  if (result == CHISO_CALL_NOT_APPLICABLE) {
    chiso__apply_policy(r, r->na, CHISO_REASON_NOT_APPLICABLE, t);
  } else if (result != CHISO_CALL_SCORED || points < 0 || points > r->max) {
    fail(t, CHISO_REASON_RULE);
  } else {
    t->state = CHISO_STATE_SCORED;
    t->points = chiso_dec_round(points, r->digits, r->round);
    t->reason = CHISO_REASON_NONE;
  }
}

/* rule() is not asked while an input is missing. */
static bool inputs_there(const chiso_program *p, const chiso_entries *e,
                         uint32_t node, size_t unit, chiso_trace *t) {
  for (uint32_t i = 0; i < p->index->nodes[node].n_inputs; i++)
    if (!have(e, p->slots[node] + i, unit)) {
      t->state = CHISO_STATE_MISSING;
      t->reason = CHISO_REASON_NO_INPUT;
      t->slot = p->slots[node] + i;
      return false;
    }
  return true;
}

void chiso__score_call(const chiso_program *p, const chiso_entries *e,
                       uint32_t node, size_t unit, chiso_trace *t) {
  chiso_dec points = 0;
  uint8_t result = CHISO_CALL_FAILED;
  if (!inputs_there(p, e, node, unit, t))
    return;
  if (!p->rule.elsewhere)
    result = (uint8_t)call_here(p, e, node, unit, &points);
  else if (call_elsewhere(p, e, node, unit, 1, &points, &result) != CHISO_OK) {
    fail(t, CHISO_REASON_ENDED);
    return;
  }
  settle_call(&p->rules[node], result, points, t);
}

/* Rows of the scores take the answers first, then what they make. */
static void score_some(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first, size_t n) {
  const chiso__rule *r = &p->rules[node];
  size_t row = node * s->n + first;
  bool served = call_elsewhere(p, e, node, first, n, s->points + row,
                               s->state + row) == CHISO_OK;
  for (size_t u = 0; u < n; u++) {
    chiso_trace t = { .max = r->max };
    if (!inputs_there(p, e, node, first + u, &t))
      ;
    else if (!served)
      fail(&t, CHISO_REASON_ENDED);
    else
      settle_call(r, s->state[row + u], s->points[row + u], &t);
    s->points[row + u] = t.points;
    s->max[row + u] = t.max;
    s->state[row + u] = (uint8_t)t.state;
  }
}

void chiso__score_calls(const chiso_program *p, const chiso_entries *e,
                        chiso_scores *s, uint32_t node) {
  if (!p->rule.elsewhere || p->rules[node].way != CHISO__WAY_CALL)
    return;
  for (size_t first = 0; first < e->n; first += CHISO_CALL_UNITS) {
    size_t left = e->n - first;
    score_some(p, e, s, node, first,
               left < CHISO_CALL_UNITS ? left : CHISO_CALL_UNITS);
  }
}
