/* SPDX-License-Identifier: Apache-2.0
 * author/check_full.c - for each leaf the inputs that give its maximum. */
#include "author/check.h"

#include "base/dec.h"

#define DRAWS 20000u /* of rule(), which nobody can solve */

typedef enum chiso__side { EXACT, AT_LEAST, ABOVE, AT_MOST, BELOW } chiso__side;

/* A value that an argument must have, or the side of it where it must lie. */
typedef struct goal {
  chiso_dec at;
  chiso__side side;
} goal;

typedef struct slots {
  const chiso_node *node;
  int64_t *value; /* of its inputs */
  uint8_t *have;
} slots;

static bool in_64(chiso__wide value, int64_t *out) {
  if (value > INT64_MAX || value < -INT64_MAX)
    return false;
  *out = (int64_t)value;
  return true;
}

/* An integer of 10^-digits on the right side of the goal. */
static bool reach_x(const chiso_input *in, goal g, int64_t *raw) {
  chiso__wide scaled = (chiso__wide)g.at * chiso__power10[in->digits];
  chiso__wide unit = CHISO_DEC_ONE, down = scaled / unit;
  if (scaled % unit != 0 && scaled < 0)
    down--;
  chiso__wide up = down * unit == scaled ? down : down + 1;
  switch (g.side) {
  case AT_LEAST:
    return in_64(up, raw);
  case ABOVE:
    return in_64(down + 1, raw);
  case AT_MOST:
    return in_64(down, raw);
  case BELOW:
    return in_64(up - 1, raw);
  default:
    return in_64(down, raw);
  }
}

/* num/den with a denominator of a million. */
static bool reach_quotient(const chiso_input *num, const chiso_input *den,
                           goal g, int64_t *n, int64_t *d) {
  chiso_dec at = g.at + (g.side == ABOVE) - (g.side == BELOW);
  return in_64((chiso__wide)at * chiso__power10[num->digits], n) &&
         in_64((chiso__wide)CHISO_DEC_ONE * chiso__power10[den->digits], d);
}

static uint32_t role_of(const chiso_node *n, unsigned role) {
  for (uint32_t i = 0; i < n->n_inputs; i++)
    if (n->inputs[i].role == role)
      return i;
  return UINT32_MAX;
}

static bool reach(slots *s, goal g) {
  const chiso_node *n = s->node;
  uint32_t x = role_of(n, CHISO_ROLE_X), num = role_of(n, CHISO_ROLE_NUM),
           den = role_of(n, CHISO_ROLE_DEN);
  if (x != UINT32_MAX) {
    if (n->op == CHISO_OP_SHARE)
      g.at *= 100;
    s->have[x] = 1;
    return reach_x(&n->inputs[x], g, &s->value[x]);
  }
  if (num == UINT32_MAX || den == UINT32_MAX)
    return n->n_inputs == 0;
  s->have[num] = s->have[den] = 1;
  return reach_quotient(&n->inputs[num], &n->inputs[den], g, &s->value[num],
                        &s->value[den]);
}

/* Where a step begins to hold, and where no step does. */
static goal holds(chiso_dec at, unsigned cmp) {
  static const chiso__side sides[] = { [CHISO_CMP_GE] = AT_LEAST,
                                       [CHISO_CMP_GT] = ABOVE,
                                       [CHISO_CMP_LE] = AT_MOST,
                                       [CHISO_CMP_LT] = BELOW };
  return (goal) { at, sides[cmp & 3] };
}
static goal fails(chiso_dec at, unsigned cmp) {
  static const chiso__side sides[] = { [CHISO_CMP_GE] = BELOW,
                                       [CHISO_CMP_GT] = AT_MOST,
                                       [CHISO_CMP_LE] = ABOVE,
                                       [CHISO_CMP_LT] = AT_LEAST };
  return (goal) { at, sides[cmp & 3] };
}

static bool solve_steps(slots *s) {
  const chiso_node *n = s->node;
  for (uint32_t i = 0; i < n->n_steps; i++)
    if (n->steps[i].points == n->max)
      return reach(s, holds(n->steps[i].at, n->steps[i].cmp));
  if (n->n_steps == 0)
    return true;
  const chiso_step *last = &n->steps[n->n_steps - 1];
  return reach(s, fails(last->at, last->cmp));
}

static bool solve_linear(slots *s) {
  const chiso_node *n = s->node;
  uint32_t best = 0;
  for (uint32_t i = 0; i < n->n_steps; i++)
    if (n->steps[i].points == n->max)
      best = i;
  /* Beyond the corners at the ends the line is flat. */
  chiso__side side = best + 1 == n->n_steps ? AT_LEAST
                     : best == 0            ? AT_MOST
                                            : EXACT;
  return reach(s, (goal) { n->steps[best].at, side });
}

static bool solve_choice(slots *s) {
  s->have[0] = 1;
  for (uint32_t i = 0; i < s->node->n_steps; i++)
    if (s->node->steps[i].points == s->node->max)
      s->value[0] = i;
  return true;
}

static bool solve_case(const chiso_methodology *m, uint32_t node, slots *s) {
  bool by_key =
      s->node->n_inputs == 1 && s->node->inputs[0].unit == CHISO_UNIT_CHOICE;
  const chiso_node *before = NULL;
  int64_t place = 0;
  for (uint32_t c = m->first_child[node]; c != CHISO_NO_NODE;
       c = m->next[c], place++) {
    const chiso_node *b = &m->index.nodes[c];
    if (b->max != s->node->max) {
      before = b;
      continue;
    }
    if (by_key) {
      s->have[0] = 1;
      s->value[0] = place;
      return true;
    }
    if (b->at != CHISO_NONE)
      return reach(s, holds(b->at, b->cmp));
    return before ? reach(s, fails(before->at, before->cmp))
                  : reach(s, (goal) { 0, EXACT });
  }
  return false;
}

static bool solve_call(const chiso__check_subject *subject, slots *s,
                       uint32_t node) {
  int64_t inputs[CHISO__MAX_INPUTS];
  const chiso_node *n = s->node;
  for (uint32_t draw = 0; draw < DRAWS; draw++) {
    chiso_dec points = 0;
    for (uint32_t i = 0; i < n->n_inputs; i++)
      inputs[i] = chiso__check_draw(
          n, i, chiso__check_random((uint64_t)node * 64 + i, draw));
    if (chiso__check_call(subject->rule, n, n->call, inputs, &points) != 0 ||
        points != n->max)
      continue;
    for (uint32_t i = 0; i < n->n_inputs; i++) {
      s->value[i] = inputs[i];
      s->have[i] = 1;
    }
    return true;
  }
  return false;
}

static bool solve(const chiso__check_subject *subject, slots *s,
                  uint32_t node) {
  const chiso_node *n = s->node;
  switch (n->op) {
  case CHISO_OP_CASE:
    return solve_case(subject->methodology, node, s);
  case CHISO_OP_STEP:
    return solve_steps(s);
  case CHISO_OP_LINEAR:
    return solve_linear(s);
  case CHISO_OP_CHOICE:
    return solve_choice(s);
  case CHISO_OP_CALL:
    return solve_call(subject, s, node);
  case CHISO_OP_PENALTY:
    return reach(s, (goal) { 0, EXACT });
  case CHISO_OP_MANUAL:
    return reach(s, (goal) { n->max, EXACT });
  case CHISO_OP_RATIO:
    return reach(s, (goal) { n->target, AT_LEAST });
  case CHISO_OP_SURVEY:
  case CHISO_OP_NORM:
    return reach(s, (goal) { n->to, EXACT });
  case CHISO_OP_INDEX:
    return reach(s, (goal) { n->scale, EXACT });
  default: /* SHARE, BEST */
    return reach(s, (goal) { CHISO_DEC_ONE, EXACT });
  }
}

/* An inner node of which nothing counts: only points can be given. */
static bool only_given(const chiso_methodology *m, uint32_t node) {
  uint32_t c = m->first_child[node];
  if (c == CHISO_NO_NODE || m->index.nodes[node].op == CHISO_OP_CASE)
    return false;
  for (; c != CHISO_NO_NODE; c = m->next[c])
    if (m->index.nodes[c].weight != 0)
      return false;
  return true;
}

bool chiso__check_full(chiso__checking *k, chiso__check_subject *s) {
  uint32_t n_slots = chiso_program_slots(s->program);
  if (s->full)
    return true;
  /* Values, and behind them which of them are set. */
  s->full =
      chiso__alloc(k->allocator, ((size_t)n_slots + 1) * (sizeof *s->full + 1));
  s->known = chiso__alloc(k->allocator, s->index->n_nodes);
  if (!s->full || !s->known) {
    k->short_memory = true;
    return false;
  }
  uint8_t *have = (uint8_t *)(s->full + n_slots + 1);
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    uint32_t slot = chiso_program_slot(s->program, i);
    slots of = { n, s->full + slot, have + slot };
    bool inner = chiso__op_is_inner(n->op) && n->op != CHISO_OP_CASE;
    s->known[i] = inner ? !only_given(s->methodology, i) : solve(s, &of, i);
  }
  return true;
}

void chiso__check_fill(const chiso__check_subject *s, chiso_entries *entries,
                       size_t unit) {
  const uint8_t *have =
      (const uint8_t *)(s->full + chiso_program_slots(s->program) + 1);
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    uint32_t slot = chiso_program_slot(s->program, i);
    if (!s->known[i]) {
      chiso_entries_give(entries, i, unit, n->max);
      continue;
    }
    for (uint32_t j = 0; j < n->n_inputs; j++)
      if (have[slot + j])
        chiso_entries_set(entries, slot + j, unit, s->full[slot + j]);
  }
}
