/* SPDX-License-Identifier: Apache-2.0
 * engine/leaf.c - one leaf of one unit, with its reason. Exactness first: all
 * products are 128 bits wide and checked. */
#include <string.h>

#include "engine/engine.h"

static int64_t value_of(const chiso_entries *e, uint32_t slot, size_t unit) {
  return e->value[slot * e->n + unit];
}

static bool have(const chiso_entries *e, uint32_t slot, size_t unit) {
  return slot != CHISO_NO_SLOT && e->have[slot * e->n + unit];
}

static chiso__argument_state fault(chiso__argument *out, chiso_reason reason,
                                   uint32_t slot) {
  out->reason = reason;
  out->slot = slot;
  return CHISO__ARGUMENT_FAULT;
}

static chiso__argument_state quotient(const chiso__rule *r,
                                      const chiso_entries *e, size_t unit,
                                      chiso__argument *out) {
  int64_t num = value_of(e, r->slot_num, unit);
  int64_t den = value_of(e, r->slot_den, unit);
  if (num < 0 && !r->num_signed)
    return fault(out, CHISO_REASON_NEGATIVE, r->slot_num);
  if (den < 0)
    return fault(out, CHISO_REASON_NEGATIVE, r->slot_den);
  if (den == 0 && num != 0)
    return fault(out, CHISO_REASON_DEN_ZERO_NUM, r->slot_den);
  out->n = (chiso__wide)num * r->num_scale;
  out->d = (chiso__wide)den * r->den_scale;
  out->reason = CHISO_REASON_ZERO_DEN;
  out->slot = r->slot_den;
  return den == 0 ? CHISO__ARGUMENT_ZERO_DEN : CHISO__ARGUMENT_OK;
}

chiso__argument_state chiso__argument_of(const chiso__rule *r,
                                         const chiso_entries *e, size_t unit,
                                         chiso__argument *out) {
  bool x = have(e, r->slot_x, unit);
  bool num = have(e, r->slot_num, unit), den = have(e, r->slot_den, unit);
  memset(out, 0, sizeof *out);
  out->slot = CHISO_NO_SLOT;
  if (x && (num || den))
    return fault(out, CHISO_REASON_BOTH_FORMS, r->slot_x);
  if (num && den)
    return quotient(r, e, unit, out);
  if (!x) {
    out->reason = CHISO_REASON_NO_INPUT;
    out->slot = num                                   ? r->slot_den
                : r->slot_num != CHISO_NO_SLOT && den ? r->slot_num
                : r->slot_x != CHISO_NO_SLOT          ? r->slot_x
                                                      : r->slot_num;
    return CHISO__ARGUMENT_MISSING;
  }
  out->n = value_of(e, r->slot_x, unit);
  out->d = r->x_den;
  out->is_x = true;
  return out->n < 0 && !r->x_signed
             ? fault(out, CHISO_REASON_NEGATIVE, r->slot_x)
             : CHISO__ARGUMENT_OK;
}

/* Points from an affine, in millionths; false when they do not fit. */
static bool affine_points(const chiso__affine *a, chiso__wide n, chiso__wide d,
                          const chiso__rule *r, chiso_dec *out) {
  chiso__fraction f = { n, a->p, d, a->q, d, a->r };
  int64_t units;
  return chiso__exact(&f, r->round, &units) &&
         !__builtin_mul_overflow(units, r->unit, out);
}

bool chiso__reaches(const chiso__threshold *t, chiso__wide n, chiso__wide d) {
  /* n and d are at most 2^63 * 10^6 and the factors 10^12: below 2^123. */
  chiso__wide left = n * t->left, right = d * t->right;
  switch (t->cmp) {
  case CHISO_CMP_GE:
    return left >= right;
  case CHISO_CMP_GT:
    return left > right;
  case CHISO_CMP_LE:
    return left <= right;
  default:
    return left < right;
  }
}

static void scored(chiso_trace *t, chiso_dec points, chiso_reason reason) {
  t->state = CHISO_STATE_SCORED;
  t->points = points;
  t->reason = reason;
}

static void failed(chiso_trace *t, chiso_reason reason, uint32_t slot) {
  t->state = CHISO_STATE_ERROR;
  t->points = 0;
  t->reason = reason;
  t->slot = slot;
}

void chiso__apply_policy(const chiso__rule *r, unsigned policy,
                         chiso_reason reason, chiso_trace *t) {
  switch (policy) {
  case CHISO_POLICY_ZERO:
    scored(t, 0, reason);
    break;
  case CHISO_POLICY_FULL:
    scored(t, chiso_dec_round(r->max, r->digits, r->round), reason);
    break;
  case CHISO_POLICY_LEAVE_OUT:
    t->state = CHISO_STATE_NOT_APPLICABLE;
    t->points = 0;
    t->max = 0;
    t->reason = reason;
    break;
  default:
    failed(t, reason, t->slot);
  }
}

static void score_steps(const chiso__rule *r, const chiso__argument *a,
                        chiso_trace *t) {
  for (uint32_t i = 0; i < r->n_thresholds; i++)
    if (chiso__reaches(&r->thresholds[i], a->n, a->d)) {
      t->step = i;
      scored(t, r->thresholds[i].points, CHISO_REASON_STEP);
      return;
    }
  scored(t, r->otherwise, CHISO_REASON_OTHERWISE);
}

/* LINEAR: thresholds carry >= by default, so "reaches" finds the segment. */
static void score_corners(const chiso__rule *r, const chiso__argument *a,
                          chiso_trace *t) {
  uint32_t reached = 0;
  while (reached < r->n_thresholds &&
         chiso__reaches(&r->thresholds[reached], a->n, a->d))
    reached++;
  t->step = reached;
  if (reached == 0 || reached == r->n_thresholds) {
    uint32_t corner = reached == 0 ? 0 : reached - 1;
    scored(t, r->thresholds[corner].points, CHISO_REASON_NONE);
    return;
  }
  chiso_dec points;
  if (affine_points(&r->segments[reached - 1], a->n, a->d, r, &points))
    scored(t, points, CHISO_REASON_NONE);
  else
    failed(t, CHISO_REASON_RANGE, a->slot);
}

/* Whether the points stand for a value outside the rule's scale. Compared
 * before rounding: n*p + d*q against 0 and max in the same units. */
static bool outside(const chiso__rule *r, const chiso__affine *f,
                    const chiso__argument *a) {
  chiso__fraction low = { a->n, f->p, a->d, f->q, 0, 0 };
  chiso__fraction high = { a->n,           f->p * r->unit, a->d,
                           f->q * r->unit, a->d,           f->r * r->max };
  return chiso__exact_compare(&low) < 0 || chiso__exact_compare(&high) > 0;
}

/* NORM keeps what lies outside, as long as sums of it stay in range. */
static void score_kept(const chiso__rule *r, const chiso__argument *a,
                       uint32_t slot, chiso_trace *t) {
  const chiso__affine *f = a->is_x ? &r->affine_x : &r->affine;
  chiso_dec points;
  if (!affine_points(f, a->n, a->d, r, &points) || points > CHISO_DEC_LIMIT ||
      points < -CHISO_DEC_LIMIT)
    failed(t, CHISO_REASON_RANGE, slot);
  else
    scored(t, points,
           outside(r, f, a) ? CHISO_REASON_OUTSIDE : CHISO_REASON_NONE);
}

static void score_affine(const chiso__rule *r, const chiso__argument *a,
                         chiso_trace *t) {
  const chiso__affine *f = a->is_x ? &r->affine_x : &r->affine;
  uint32_t slot = a->is_x ? r->slot_x : r->slot_num;
  chiso_dec points;
  if (r->kept) {
    score_kept(r, a, slot, t);
    return;
  }
  if (r->has_floor && !chiso__reaches(&r->floor, a->n, a->d)) {
    scored(t, 0, CHISO_REASON_FLOOR);
    return;
  }
  if (r->strict && outside(r, f, a)) {
    failed(t, CHISO_REASON_SCALE, slot);
    return;
  }
  if (!affine_points(f, a->n, a->d, r, &points)) {
    /* Far beyond a cap is still the cap; far below is still the least. */
    chiso__fraction sign = { a->n, f->p, a->d, f->q, 0, 0 };
    points = chiso__exact_compare(&sign) < 0 ? r->least : r->most;
  }
  if (r->strict)
    scored(t, points, CHISO_REASON_NONE);
  else if (points >= r->most && r->op == CHISO_OP_RATIO)
    scored(t, r->most, CHISO_REASON_CAP);
  else if (points <= r->least &&
           (a->n < 0 || (a->n > 0 && r->op == CHISO_OP_PENALTY)))
    scored(t, r->least, CHISO_REASON_LEAST);
  else
    scored(t, points, CHISO_REASON_NONE);
}

static void score_best(const chiso__rule *r, const chiso__argument *a,
                       const chiso__best *best, chiso_trace *t) {
  if (!best || best->d == 0) {
    t->state = CHISO_STATE_MISSING;
    t->reason = CHISO_REASON_NO_INPUT;
    return;
  }
  if (best->n <= 0) {
    chiso__apply_policy(r, r->empty, CHISO_REASON_ZERO_DEN, t);
    return;
  }
  if (a->n <= 0) {
    scored(t, 0, a->n < 0 ? CHISO_REASON_LEAST : CHISO_REASON_NONE);
    return;
  }
  /* max * (n/d) / (bn/bd) */
  chiso__fraction against = { a->n, best->d, 0, 0, a->d, best->n };
  chiso__fraction f = { a->n, best->d * r->max, 0, 0, a->d, best->n * r->unit };
  int64_t units;
  if (chiso__exact_compare(&against) >= 0)
    scored(t, r->most, CHISO_REASON_CAP);
  else if (chiso__exact(&f, r->round, &units))
    scored(t, units * r->unit, CHISO_REASON_NONE);
  else
    failed(t, CHISO_REASON_RANGE, a->slot);
}

static void score_manual(const chiso__rule *r, const chiso_entries *e,
                         size_t unit, chiso_trace *t) {
  if (!have(e, r->slot_x, unit)) {
    t->state = CHISO_STATE_MISSING;
    t->reason = CHISO_REASON_NO_INPUT;
    t->slot = r->slot_x;
    return;
  }
  /* An input of fewer digits than six is brought to millionths. */
  chiso__wide points =
      (chiso__wide)value_of(e, r->slot_x, unit) * (CHISO_DEC_ONE / r->x_den);
  if (points > r->max)
    failed(t, CHISO_REASON_ABOVE_MAX, r->slot_x);
  else if (points < r->lo)
    failed(t, CHISO_REASON_BELOW_LO, r->slot_x);
  else
    scored(t, chiso_dec_round((chiso_dec)points, r->digits, r->round),
           CHISO_REASON_NONE);
}

static void score_choice(const chiso__rule *r, const chiso_entries *e,
                         size_t unit, chiso_trace *t) {
  if (!have(e, r->slot_x, unit)) {
    t->state = CHISO_STATE_MISSING;
    t->reason = CHISO_REASON_NO_INPUT;
    t->slot = r->slot_x;
    return;
  }
  int64_t chosen = value_of(e, r->slot_x, unit);
  if (chosen < 0 || chosen >= (int64_t)r->n_choices) {
    failed(t, CHISO_REASON_RULE, r->slot_x);
    return;
  }
  t->step = (uint32_t)chosen;
  scored(t, r->choices[chosen], CHISO_REASON_STEP);
}

void chiso__score_leaf(const chiso_program *p, const chiso_entries *e,
                       uint32_t node, size_t unit, const chiso__best *best,
                       chiso_trace *t) {
  const chiso__rule *r = &p->rules[node];
  memset(t, 0, sizeof *t);
  t->max = r->max;
  t->slot = CHISO_NO_SLOT;
  t->branch = CHISO_NO_NODE;
  if (r->way == CHISO__WAY_MANUAL) {
    score_manual(r, e, unit, t);
    return;
  }
  if (r->way == CHISO__WAY_CHOICE) {
    score_choice(r, e, unit, t);
    return;
  }
  if (r->way == CHISO__WAY_CALL) {
    chiso__score_call(p, e, node, unit, t);
    return;
  }
  if (r->way == CHISO__WAY_STEPS && r->n_thresholds == 0) {
    scored(t, r->otherwise, CHISO_REASON_OTHERWISE);
    return;
  }
  chiso__argument a;
  switch (chiso__argument_of(r, e, unit, &a)) {
  case CHISO__ARGUMENT_MISSING:
    t->state = CHISO_STATE_MISSING;
    t->reason = a.reason;
    t->slot = a.slot;
    return;
  case CHISO__ARGUMENT_FAULT:
    failed(t, a.reason, a.slot);
    return;
  case CHISO__ARGUMENT_ZERO_DEN:
    t->slot = a.slot;
    chiso__apply_policy(r, r->empty, CHISO_REASON_ZERO_DEN, t);
    return;
  case CHISO__ARGUMENT_OK:
    break;
  }
  if (r->way == CHISO__WAY_STEPS)
    score_steps(r, &a, t);
  else if (r->way == CHISO__WAY_CORNERS)
    score_corners(r, &a, t);
  else if (r->way == CHISO__WAY_BEST)
    score_best(r, &a, best, t);
  else
    score_affine(r, &a, t);
}
