/* SPDX-License-Identifier: Apache-2.0
 * engine/single.c - one unit at a time. Leaves of one kernel stand together,
 * so that each loop does one thing; while all of them are scored with their
 * full maximum, the sums above are additions and nothing else. */
#include <string.h>

#include "engine/kernel.h"

typedef struct single {
  const chiso_program *p;
  const chiso_entries *e;
  chiso_scores *s;
  bool whole;
} single;

static bool is_whole(const single *x, uint32_t node) {
  const chiso__rule *r = &x->p->rules[node];
  return r->in_case || !r->counts ||
         (x->s->state[node] == CHISO_STATE_SCORED &&
          x->s->max[node] == x->p->full[node]);
}

/* What no kernel can do. */
static void leaf_apart(single *x, uint32_t node) {
  chiso__best best = { 0, 0 };
  chiso_trace t;
  if (x->p->rules[node].way == CHISO__WAY_BEST)
    chiso__find_best(x->p, x->e, node, &best);
  chiso__score_leaf(x->p, x->e, node, 0, &best, &t);
  x->s->points[node] = t.points;
  x->s->max[node] = t.max;
  x->s->state[node] = (uint8_t)t.state;
  x->whole &= is_whole(x, node);
}

#define LOOP_X(name)                                                           \
  static void name(single *x, const chiso__kernel *k,                          \
                   const chiso__kernel *end) {                                 \
    for (; k < end; k++)                                                       \
      if (!x->e->have[k->slot_x] ||                                            \
          !chiso__##name(k, x->e->value[k->slot_x], &x->s->points[k->node]))   \
        leaf_apart(x, k->node);                                                \
  }
#define LOOP_QUOTIENT(name)                                                    \
  static void name(single *x, const chiso__kernel *k,                          \
                   const chiso__kernel *end) {                                 \
    for (; k < end; k++)                                                       \
      if (!(x->e->have[k->slot_num] & x->e->have[k->slot_den]) ||              \
          !chiso__##name(k, x->e->value[k->slot_num],                          \
                         x->e->value[k->slot_den], &x->s->points[k->node]))    \
        leaf_apart(x, k->node);                                                \
  }
LOOP_X(affine_x)
LOOP_X(signed_x)
LOOP_X(steps_x)
LOOP_X(choice_x)
LOOP_QUOTIENT(ratio_quotient)
LOOP_QUOTIENT(affine_quotient)
LOOP_QUOTIENT(steps_quotient)

static void any_form(single *x, const chiso__kernel *k,
                     const chiso__kernel *end) {
  for (; k < end; k++)
    if (k->kind == CHISO__KERNEL_NONE ||
        !chiso__kernel_points(k, x->e->value, x->e->have, 1,
                              &x->s->points[k->node]))
      leaf_apart(x, k->node);
}

static void score_leaves(single *x) {
  static void (*const loops[CHISO__GROUPS])(single *, const chiso__kernel *,
                                            const chiso__kernel *) = {
    [CHISO__KERNEL_AFFINE * 2] = affine_x,
    [CHISO__KERNEL_AFFINE * 2 + 1] = affine_quotient,
    [CHISO__KERNEL_RATIO * 2 + 1] = ratio_quotient,
    [CHISO__KERNEL_SIGNED * 2] = signed_x,
    [CHISO__KERNEL_STEPS * 2] = steps_x,
    [CHISO__KERNEL_STEPS * 2 + 1] = steps_quotient,
    [CHISO__KERNEL_CHOICE * 2] = choice_x,
  };
  const chiso__kernel *k = x->p->kernels;
  for (unsigned g = 0; g < CHISO__GROUPS; g++) {
    const chiso__kernel *end = k + x->p->n_group[g];
    (loops[g] ? loops[g] : any_form)(x, k, end);
    k = end;
  }
}

static void sum_of(single *x, const chiso__kernel *k) {
  const chiso_dec *points = x->s->points;
  const uint32_t *child = k->children, *end = child + k->count;
  chiso_dec sum = 0, other = 0;
  for (; end - child >= 4; child += 4) {
    sum += points[child[0]] + points[child[1]];
    other += points[child[2]] + points[child[3]];
  }
  if (end - child >= 2) {
    sum += points[child[0]] + points[child[1]];
    child += 2;
  }
  if (child < end)
    other += points[*child];
  sum += other;
  if (k->node == 0)
    x->s->raw[0] = sum;
  x->s->points[k->node] = chiso__round(sum, k->unit, k->round);
}

void chiso__score_single(const chiso_program *p, const chiso_entries *e,
                         chiso_scores *s) {
  single x = { p, e, s, true };
  memcpy(s->max, p->full, p->n_nodes * sizeof *s->max);
  memset(s->state, CHISO_STATE_SCORED, p->n_nodes);
  score_leaves(&x);
  if (p->n_leaves == p->n_nodes)
    s->raw[0] = s->points[0];
  for (uint32_t i = p->n_leaves; i < p->n_nodes; i++) {
    const chiso__kernel *k = &p->kernels[i];
    if (x.whole && k->plain)
      sum_of(&x, k);
    else
      x.whole = chiso__score_node(p, e, s, k->node, 0, 1, NULL, x.whole);
  }
}
