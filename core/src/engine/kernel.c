/* SPDX-License-Identifier: Apache-2.0
 * engine/kernel.c - which rules have a kernel, and its numbers. */
#include "engine/kernel.h"

/* Products stay below this, so that sums of two of them and twice that fit. */
#define ROOM ((chiso__wide)1 << 61)

static bool fits(chiso__wide v) {
  return v >= -ROOM && v <= ROOM;
}

static chiso__wide least_of(chiso__wide a, chiso__wide b) {
  return a < b ? a : b;
}
static chiso__wide most_of(chiso__wide a, chiso__wide b) {
  return a > b ? a : b;
}
static chiso__wide size_of(chiso__wide v) {
  return v < 0 ? -v : v;
}

/* Largest whole number not above n / d; d > 0. */
static chiso__wide floor_of(chiso__wide n, chiso__wide d) {
  return n >= 0 ? n / d : -((-n + d - 1) / d);
}

static chiso__range range(chiso__wide least, chiso__wide most) {
  least = most_of(least, INT64_MIN);
  most = least_of(most, INT64_MAX);
  return (chiso__range) { (uint64_t)(int64_t)least, (uint64_t)(most - least) };
}

/* Granlund and Montgomery 1994: with 2^s >= by, the factor is 2^(63+s) / by,
 * rounded up; its error times v < 2^63 stays below one. */
chiso__divisor chiso__divisor_of(uint64_t by) {
  unsigned s = 1;
  while (s < 63 && (uint64_t)1 << s < by)
    s++;
  chiso__uwide power = (chiso__uwide)1 << (63 + s);
  return (chiso__divisor) { (uint64_t)((power + by - 1) / by), s - 1 };
}

/* The x for which low <= x * p + q <= high; false when there are none. */
static bool solve(chiso__kernel *k, chiso__wide p, chiso__wide q,
                  chiso__wide low, chiso__wide high, chiso__wide least) {
  chiso__wide most = INT64_MAX;
  if (p > 0) {
    least = most_of(least, -floor_of(q - low, p));
    most = floor_of(high - q, p);
  } else if (p < 0) {
    least = most_of(least, -floor_of(high - q, -p));
    most = floor_of(q - low, -p);
  } else if (q < low || q > high) {
    return false;
  }
  most = least_of(most, INT64_MAX);
  if (least > most)
    return false;
  k->x_range = range(least, most);
  return true;
}

/* (x * p + q) / bottom, rounded half up, for low <= x * p + q <= high. */
static bool set_line(chiso__kernel *k, chiso__wide p, chiso__wide q,
                     chiso__wide bottom, chiso__wide low, chiso__wide high,
                     bool x_signed) {
  low = most_of(low, -ROOM / 2);
  high = least_of(high, ROOM / 2);
  if (!fits(4 * p) || !fits(4 * q) || !fits(4 * bottom) ||
      !solve(k, p, q, low, high, x_signed ? INT64_MIN : 0))
    return false;
  bool is_signed = k->kind == CHISO__KERNEL_SIGNED;
  k->x_p = (int64_t)(2 * p);
  k->x_q = (int64_t)(2 * q + (is_signed ? 0 : bottom));
  k->x_half = (int64_t)bottom;
  k->x_by = chiso__divisor_of((uint64_t)(2 * bottom));
  return true;
}

/* An input by itself: n = x, d = 10^digits. */
static bool set_x(chiso__kernel *k, const chiso__rule *r,
                  const chiso__affine *a) {
  chiso__wide q, bottom, low = -ROOM, high = ROOM;
  if (__builtin_mul_overflow(a->q, (chiso__wide)r->x_den, &q) ||
      __builtin_mul_overflow(a->r, (chiso__wide)r->x_den, &bottom) ||
      !fits(a->p) || !fits(q) || !fits(bottom))
    return false;
  if (r->strict) {
    low = 0;
    high = bottom * r->max / r->unit;
  } else if (r->kept) {
    high = bottom * CHISO_DEC_LIMIT / r->unit;
    low = -high;
  }
  return set_line(k, a->p, q, bottom, low, high, r->x_signed);
}

static bool set_quotient(chiso__kernel *k, const chiso__rule *r,
                         const chiso__affine *a) {
  chiso__wide p, q, bottom;
  chiso__wide left = (chiso__wide)r->floor.left * r->num_scale;
  chiso__wide right = (chiso__wide)r->floor.right * r->den_scale;
  if (__builtin_mul_overflow(a->p, 2 * (chiso__wide)r->num_scale, &p) ||
      __builtin_mul_overflow(2 * a->q + a->r, (chiso__wide)r->den_scale, &q) ||
      __builtin_mul_overflow(a->r, 2 * (chiso__wide)r->den_scale, &bottom) ||
      !fits(p) || !fits(q) || !fits(bottom) || !fits(left) || !fits(right) ||
      r->kept || (r->strict && r->max % r->unit != 0))
    return false;
  chiso__wide num = most_of(most_of(size_of(p), left), 1);
  chiso__wide den = most_of(most_of(size_of(q), size_of(right)),
                            bottom * most_of(r->max / r->unit, 1));
  if (den > ROOM)
    return false;
  k->p = (int64_t)p;
  k->q = (int64_t)q;
  k->r = (int64_t)bottom;
  k->has_floor = r->has_floor;
  k->floor_left = (int64_t)left;
  k->floor_right = (int64_t)right;
  k->strict = r->strict;
  k->num_range = range(r->num_signed ? -(ROOM / num) : 0, ROOM / num);
  k->den_range = range(1, ROOM / den);
  return true;
}

static void make_affine(chiso__kernel *k, const chiso__rule *r,
                        const chiso__affine *x, const chiso__affine *a) {
  k->kind = r->kept ? CHISO__KERNEL_SIGNED : CHISO__KERNEL_AFFINE;
  k->least = r->least / r->unit;
  k->most = r->most / r->unit;
  k->bounded = !r->strict;
  k->x = r->x && set_x(k, r, x);
  k->quotient = r->quotient && set_quotient(k, r, a);
  if (r->op == CHISO_OP_RATIO && !r->num_signed)
    k->kind = CHISO__KERNEL_RATIO;
}

/* Points as entered: x brought to millionths, within lo..max. */
static void make_manual(chiso__kernel *k, const chiso__rule *r) {
  k->kind = CHISO__KERNEL_SIGNED;
  k->x = set_line(k, CHISO_DEC_ONE / r->x_den, 0, r->unit, r->lo, r->max, true);
}

/* A line that is flat outside its two corners is a line kept between them. */
static void make_line(chiso__kernel *k, const chiso__rule *r) {
  chiso__rule flat = *r;
  chiso_dec y0 = r->thresholds[0].points, y1 = r->thresholds[1].points;
  flat.least = y0 < y1 ? y0 : y1;
  flat.most = y0 < y1 ? y1 : y0;
  make_affine(k, &flat, &r->segments[0], &r->segments[0]);
}

/* n * left cmp d * right; with d = x_den solved for n. All comparisons become
 * "at least" by turning signs and asking for one more. */
static chiso__bound bound_of(const chiso__rule *r, const chiso__threshold *t) {
  bool strict = t->cmp == CHISO_CMP_GT || t->cmp == CHISO_CMP_LT;
  int sign = t->cmp == CHISO_CMP_LE || t->cmp == CHISO_CMP_LT ? -1 : 1;
  chiso__wide right = (chiso__wide)t->right * r->x_den * sign;
  chiso__wide least =
      strict ? floor_of(right, t->left) + 1 : -floor_of(-right, t->left);
  return (chiso__bound) { .x_bias = (int64_t)least,
                          .left = sign * t->left,
                          .right = -sign * t->right,
                          .bias = strict,
                          .points = t->points };
}

static void make_steps(chiso__kernel *k, const chiso__rule *r,
                       chiso__bound *bounds) {
  chiso__wide left = 1, right = 1;
  k->kind = r->n_thresholds ? CHISO__KERNEL_STEPS : CHISO__KERNEL_CONSTANT;
  k->x = r->x;
  k->quotient = r->quotient && r->num_scale == 1 && r->den_scale == 1;
  k->bounds = bounds;
  k->count = r->n_thresholds;
  k->sign = 1;
  for (uint32_t i = 0; i < r->n_thresholds; i++) {
    bounds[i] = bound_of(r, &r->thresholds[i]);
    k->sign = bounds[i].left < 0 ? -1 : 1; /* the same for all steps */
    left = most_of(left, r->thresholds[i].left);
    right = most_of(right, size_of(r->thresholds[i].right));
  }
  k->x_range = range(r->x_signed ? -INT64_MAX : 0, INT64_MAX);
  k->num_range = range(r->num_signed ? -(ROOM / left) : 0, ROOM / left);
  k->den_range = range(1, ROOM / right);
}

static void make_sum(chiso__kernel *k, const chiso__rule *r) {
  k->kind = CHISO__KERNEL_SUM;
  k->children = r->children;
  k->count = r->n_children;
  k->slack = r->slack;
  k->round = r->round;
  /* What does not matter says nothing of what is below it: its children are
   * looked at one by one, however whole the rest is. */
  k->plain = r->n_children > 0 && k->matters;
}

void chiso__kernel_make(const chiso__rule *r, chiso__bound *bounds,
                        chiso__kernel *k) {
  bool half_up = r->round == CHISO_ROUND_HALF_UP;
  *k = (chiso__kernel) { .slot_x = r->slot_x,
                         .slot_num = r->slot_num,
                         .slot_den = r->slot_den,
                         .either = r->x && r->quotient,
                         .max = r->max,
                         .matters = r->counts && !r->in_case,
                         .unit = r->unit,
                         .otherwise = r->otherwise };
  if (r->way == CHISO__WAY_SUM) {
    make_sum(k, r);
    return;
  }
  if (r->way == CHISO__WAY_STEPS) {
    make_steps(k, r, bounds);
  } else if (r->way == CHISO__WAY_MANUAL && (half_up || r->unit == 1)) {
    make_manual(k, r);
  } else if (r->way == CHISO__WAY_AFFINE && half_up) {
    make_affine(k, r, &r->affine_x, &r->affine);
  } else if (r->way == CHISO__WAY_CORNERS && r->n_thresholds == 2 && half_up) {
    make_line(k, r);
  } else if (r->way == CHISO__WAY_CHOICE) {
    k->kind = CHISO__KERNEL_CHOICE;
    k->x = true;
    k->x_range = range(0, (chiso__wide)r->n_choices - 1);
    k->choices = r->choices;
  }
  /* Both forms at once are a fault that only a kernel for x can see. */
  if (k->kind != CHISO__KERNEL_CONSTANT && (r->x ? !k->x : !k->quotient))
    k->kind = CHISO__KERNEL_NONE;
}
