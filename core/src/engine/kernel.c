/* SPDX-License-Identifier: Apache-2.0
 * engine/kernel.c - which rules have a kernel, and its numbers. */
#include "engine/kernel.h"

#define ANY INT64_MAX

static bool fits64(chiso__wide v) {
  return v >= -INT64_MAX && v <= INT64_MAX;
}

static int64_t at_most_any(chiso__wide v) {
  return v > ANY ? ANY : (int64_t)v;
}

/* Largest whole number not above n / d; d > 0. */
static chiso__wide floor_of(chiso__wide n, chiso__wide d) {
  return n >= 0 ? n / d : -((-n + d - 1) / d);
}

/* (x * p + q) / r, where x is an input by itself. */
static bool set_x(chiso__kernel *k, const chiso__rule *r,
                  const chiso__affine *a) {
  chiso__wide q, bottom;
  if (__builtin_mul_overflow(a->q, (chiso__wide)r->x_den, &q) ||
      __builtin_mul_overflow(a->r, (chiso__wide)r->x_den, &bottom) ||
      !fits64(a->p) || !fits64(q) || !fits64(bottom))
    return false;
  k->x_p = (int64_t)a->p;
  k->x_q = (int64_t)q;
  k->x_bottom = (int64_t)bottom;
  k->x_inverse = UINT64_MAX / (uint64_t)bottom;
  k->top_least = -ANY;
  k->top_most = ANY;
  if (r->strict) {
    k->top_least = 0;
    k->top_most = at_most_any(bottom * r->max / r->unit);
  } else if (r->kept) {
    k->top_most = at_most_any(bottom * CHISO_DEC_LIMIT / r->unit);
    k->top_least = -k->top_most;
  }
  return true;
}

static bool set_quotient(chiso__kernel *k, const chiso__rule *r,
                         const chiso__affine *a) {
  chiso__wide p, q, bottom;
  chiso__wide left = (chiso__wide)r->floor.left * r->num_scale;
  chiso__wide right = (chiso__wide)r->floor.right * r->den_scale;
  if (__builtin_mul_overflow(a->p, (chiso__wide)r->num_scale, &p) ||
      __builtin_mul_overflow(a->q, (chiso__wide)r->den_scale, &q) ||
      __builtin_mul_overflow(a->r, (chiso__wide)r->den_scale, &bottom) ||
      !fits64(p) || !fits64(q) || !fits64(bottom) || !fits64(left) ||
      !fits64(right) || r->kept || (r->strict && r->max % r->unit != 0))
    return false;
  k->p = (int64_t)p;
  k->q = (int64_t)q;
  k->r = (int64_t)bottom;
  k->has_floor = r->has_floor;
  k->floor_left = (int64_t)left;
  k->floor_right = (int64_t)right;
  k->strict = r->strict;
  return true;
}

static void make_affine(chiso__kernel *k, const chiso__rule *r,
                        const chiso__affine *x, const chiso__affine *a) {
  k->kind = CHISO__KERNEL_AFFINE;
  k->least = r->kept ? -ANY : r->least / r->unit;
  k->most = r->kept ? ANY : r->most / r->unit;
  k->x = r->x && set_x(k, r, x);
  k->quotient = r->quotient && set_quotient(k, r, a);
}

/* Points as entered: x brought to millionths, within lo..max. */
static void make_manual(chiso__kernel *k, const chiso__rule *r) {
  chiso__affine a = { .p = CHISO_DEC_ONE / r->x_den, .r = r->unit };
  k->kind = CHISO__KERNEL_AFFINE;
  k->least = -ANY;
  k->most = ANY;
  k->x = true;
  k->x_p = (int64_t)a.p;
  k->x_bottom = (int64_t)a.r;
  k->x_inverse = UINT64_MAX / (uint64_t)a.r;
  k->x_least = INT64_MIN;
  k->top_least = r->lo;
  k->top_most = r->max;
}

/* A line that is flat outside its two corners is a line kept between them. */
static void make_line(chiso__kernel *k, const chiso__rule *r) {
  chiso__rule flat = *r;
  chiso_dec y0 = r->thresholds[0].points, y1 = r->thresholds[1].points;
  flat.least = y0 < y1 ? y0 : y1;
  flat.most = y0 < y1 ? y1 : y0;
  make_affine(k, &flat, &r->segments[0], &r->segments[0]);
}

/* n * left cmp x_den * right, solved for n. */
static chiso__bound bound_of(const chiso__rule *r, const chiso__threshold *t) {
  chiso__wide right = (chiso__wide)t->right * r->x_den;
  chiso__wide down = floor_of(right, t->left);
  bool whole = down * t->left == right;
  bool at_most = t->cmp == CHISO_CMP_LE || t->cmp == CHISO_CMP_LT;
  if (t->cmp == CHISO_CMP_GT || (t->cmp == CHISO_CMP_GE && !whole))
    down++;
  else if (t->cmp == CHISO_CMP_LT && whole)
    down--;
  return (chiso__bound){ (int64_t)down, t->points, at_most };
}

static void make_steps(chiso__kernel *k, const chiso__rule *r,
                       chiso__bound *bounds) {
  k->kind = r->n_thresholds ? CHISO__KERNEL_STEPS : CHISO__KERNEL_CONSTANT;
  k->x = r->x;
  k->quotient = r->quotient && r->num_scale == 1 && r->den_scale == 1;
  k->thresholds = r->thresholds;
  k->bounds = bounds;
  k->count = r->n_thresholds;
  for (uint32_t i = 0; r->x && i < r->n_thresholds; i++)
    bounds[i] = bound_of(r, &r->thresholds[i]);
}

void chiso__kernel_make(const chiso__rule *r, chiso__bound *bounds,
                        chiso__kernel *k) {
  bool half_up = r->round == CHISO_ROUND_HALF_UP;
  *k = (chiso__kernel){ .slot_x = r->slot_x,
                        .slot_num = r->slot_num,
                        .slot_den = r->slot_den,
                        .either = r->x && r->quotient,
                        .max = r->max,
                        .unit = r->unit,
                        .x_least = r->x_signed ? INT64_MIN : 0,
                        .num_least = r->num_signed ? INT64_MIN : 0,
                        .otherwise = r->otherwise,
                        .choices = r->choices };
  if (r->way == CHISO__WAY_STEPS)
    make_steps(k, r, bounds);
  else if (r->way == CHISO__WAY_MANUAL && (half_up || r->unit == 1))
    make_manual(k, r);
  else if (r->way == CHISO__WAY_AFFINE && half_up)
    make_affine(k, r, &r->affine_x, &r->affine);
  else if (r->way == CHISO__WAY_CORNERS && r->n_thresholds == 2 && half_up)
    make_line(k, r);
  if (r->way == CHISO__WAY_CHOICE) {
    k->kind = CHISO__KERNEL_CHOICE;
    k->x = true;
    k->count = r->n_choices;
  }
  /* Both forms at once are a fault that only a kernel for x can see. */
  if (k->kind != CHISO__KERNEL_CONSTANT &&
      (r->x ? !k->x : !k->quotient))
    k->kind = CHISO__KERNEL_NONE;
}
