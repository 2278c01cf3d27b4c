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
  static void name(single *x, const uint32_t *node, const uint32_t *end) {     \
    for (; node < end; node++) {                                               \
      const chiso__kernel *k = &x->p->kernels[*node];                          \
      if (!x->e->have[k->slot_x] ||                                            \
          !chiso__##name(k, x->e->value[k->slot_x], &x->s->points[*node]))     \
        leaf_apart(x, *node);                                                  \
    }                                                                          \
  }
#define LOOP_QUOTIENT(name)                                                    \
  static void name(single *x, const uint32_t *node, const uint32_t *end) {     \
    for (; node < end; node++) {                                               \
      const chiso__kernel *k = &x->p->kernels[*node];                          \
      if (!(x->e->have[k->slot_num] & x->e->have[k->slot_den]) ||              \
          !chiso__##name(k, x->e->value[k->slot_num],                          \
                         x->e->value[k->slot_den], &x->s->points[*node]))      \
        leaf_apart(x, *node);                                                  \
    }                                                                          \
  }
LOOP_X(affine_x)
LOOP_X(signed_x)
LOOP_X(steps_x)
LOOP_X(choice_x)
LOOP_QUOTIENT(affine_quotient)
LOOP_QUOTIENT(steps_quotient)

static void any_form(single *x, const uint32_t *node, const uint32_t *end) {
  for (; node < end; node++) {
    const chiso__kernel *k = &x->p->kernels[*node];
    if (k->kind == CHISO__KERNEL_NONE ||
        !chiso__kernel_points(k, x->e->value, x->e->have, 1,
                              &x->s->points[*node]))
      leaf_apart(x, *node);
  }
}

static void score_leaves(single *x) {
  static void (*const loops[CHISO__GROUPS])(single *, const uint32_t *,
                                            const uint32_t *) = {
    [CHISO__KERNEL_AFFINE * 2] = affine_x,
    [CHISO__KERNEL_AFFINE * 2 + 1] = affine_quotient,
    [CHISO__KERNEL_SIGNED * 2] = signed_x,
    [CHISO__KERNEL_STEPS * 2] = steps_x,
    [CHISO__KERNEL_STEPS * 2 + 1] = steps_quotient,
    [CHISO__KERNEL_CHOICE * 2] = choice_x,
  };
  const uint32_t *node = x->p->plan;
  for (unsigned g = 0; g < CHISO__GROUPS; g++) {
    const uint32_t *next = node + x->p->n_group[g];
    (loops[g] ? loops[g] : any_form)(x, node, next);
    node = next;
  }
}

static void sum_of(single *x, const chiso__kernel *k, uint32_t node) {
  chiso_scores *s = x->s;
  chiso_dec points = 0;
  for (uint32_t i = 0; i < k->count; i++)
    points += s->points[k->children[i]];
  if (node == 0)
    s->raw[0] = points;
  s->points[node] = chiso__round(points, k->unit, k->round);
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
    uint32_t node = p->plan[i];
    const chiso__kernel *k = &p->kernels[node];
    if (x.whole && k->kind == CHISO__KERNEL_SUM && k->plain)
      sum_of(&x, k, node);
    else
      x.whole = chiso__score_node(p, e, s, node, 0, 1, NULL, x.whole);
  }
}
