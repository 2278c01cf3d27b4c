/* SPDX-License-Identifier: Apache-2.0
 * engine/kernel.h - the common rules in 64 bits.
 *
 * A kernel is what is left of a rule when its data are plain: inputs there,
 * signs right, products within 64 bits, half-up rounding. It answers false
 * for everything else, and leaf.c does that. tests/unit/test_kernels.c holds
 * the two against each other. */
#ifndef CHISO_ENGINE_KERNEL_H
#define CHISO_ENGINE_KERNEL_H

#include "engine/engine.h"

typedef enum chiso__kernel_kind {
  CHISO__KERNEL_NONE = 0, /* leaf.c does it                                  */
  CHISO__KERNEL_AFFINE,   /* also MANUAL, and LINEAR of two corners          */
  CHISO__KERNEL_STEPS,
  CHISO__KERNEL_CHOICE,
  CHISO__KERNEL_CONSTANT
} chiso__kernel_kind;

/* x >= bound, or x <= bound. */
typedef struct chiso__bound {
  int64_t bound;
  chiso_dec points;
  bool at_most;
} chiso__bound;

typedef struct chiso__kernel {
  uint8_t kind;
  bool x, quotient; /* forms that the kernel takes                           */
  bool either;      /* the leaf has both forms                               */
  bool has_floor;
  bool strict;      /* quotient: outside 0..most goes to leaf.c              */
  uint32_t slot_x, slot_num, slot_den;
  chiso_dec max;
  int64_t unit, least, most; /* bounds in units                              */
  /* x: (x * p + q) / bottom, for x * p + q within top_least..top_most */
  int64_t x_p, x_q, x_bottom;
  uint64_t x_inverse; /* 2^64 / bottom                                       */
  int64_t x_least, top_least, top_most;
  /* quotient: (n * p + d * q) / (d * r) */
  int64_t p, q, r, num_least, floor_left, floor_right;
  /* STEPS; CHOICE: points by place; CONSTANT: otherwise */
  const chiso__bound *bounds;
  const chiso__threshold *thresholds;
  const chiso_dec *choices;
  uint32_t count;
  chiso_dec otherwise;
} chiso__kernel;

/* Works out the kernel of a compiled rule; `bounds` has room for one of each
 * threshold. */
void chiso__kernel_make(const chiso__rule *rule, chiso__bound *bounds,
                        chiso__kernel *out);

/* v / unit, half away from zero. */
static inline int64_t chiso__divide(int64_t v, int64_t unit) {
  uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  uint64_t by = (uint64_t)unit, quotient = size / by, rest = size % by;
  quotient += rest >= by - rest;
  return (int64_t)(v < 0 ? 0 - quotient : quotient);
}

/* The same by a divisor known before: one multiplication in its place. The
 * inverse gives the quotient or one less. */
static inline int64_t chiso__divide_known(int64_t v, uint64_t by,
                                          uint64_t inverse) {
  uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  uint64_t quotient = (uint64_t)(((chiso__uwide)size * inverse) >> 64);
  uint64_t rest = size - quotient * by;
  bool one_less = rest >= by;
  quotient += one_less;
  rest -= one_less ? by : 0;
  quotient += rest >= by - rest;
  return (int64_t)(v < 0 ? 0 - quotient : quotient);
}

/* Points rounded to units, as chiso_dec_round() does it. */
static inline chiso_dec chiso__round(chiso_dec v, int64_t unit,
                                     unsigned mode) {
  if (unit == 1)
    return v;
  uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  uint64_t by = (uint64_t)unit, quotient = size / by, rest = size % by;
  bool up = mode == CHISO_ROUND_HALF_UP    ? rest >= by - rest
            : mode == CHISO_ROUND_CUT_OFF ? false
                                           : rest + (quotient & 1) > by - rest;
  quotient = (quotient + up) * by;
  return (int64_t)(v < 0 ? 0 - quotient : quotient);
}

static inline int64_t chiso__within(int64_t v, int64_t least, int64_t most) {
  v = v < least ? least : v;
  return v > most ? most : v;
}

static inline bool chiso__affine_x(const chiso__kernel *k, int64_t x,
                                   chiso_dec *out) {
  int64_t top;
  if (__builtin_mul_overflow(x, k->x_p, &top) ||
      __builtin_add_overflow(top, k->x_q, &top) || x < k->x_least ||
      top < k->top_least || top > k->top_most)
    return false;
  int64_t units =
      chiso__divide_known(top, (uint64_t)k->x_bottom, k->x_inverse);
  *out = chiso__within(units, k->least, k->most) * k->unit;
  return true;
}

static inline bool chiso__affine_quotient(const chiso__kernel *k, int64_t n,
                                          int64_t d, chiso_dec *out) {
  int64_t top, dq, bottom, left, right;
  if (n < k->num_least || d <= 0 || __builtin_mul_overflow(n, k->p, &top) ||
      __builtin_mul_overflow(d, k->q, &dq) ||
      __builtin_add_overflow(top, dq, &top) ||
      __builtin_mul_overflow(d, k->r, &bottom))
    return false;
  if (k->strict) {
    if (top < 0 || __builtin_mul_overflow(bottom, k->most, &right) ||
        top > right)
      return false;
  }
  int64_t units = chiso__divide(top, bottom);
  *out = chiso__within(units, k->least, k->most) * k->unit;
  if (k->has_floor) {
    if (__builtin_mul_overflow(n, k->floor_left, &left) ||
        __builtin_mul_overflow(d, k->floor_right, &right))
      return false;
    *out = left < right ? 0 : *out;
  }
  return true;
}

static inline bool chiso__steps_x(const chiso__kernel *k, int64_t x,
                                  chiso_dec *out) {
  if (x < k->x_least)
    return false;
  *out = k->otherwise;
  for (uint32_t i = 0; i < k->count; i++) {
    const chiso__bound *b = &k->bounds[i];
    if (b->at_most ? x <= b->bound : x >= b->bound) {
      *out = b->points;
      break;
    }
  }
  return true;
}

static inline bool chiso__steps_quotient(const chiso__kernel *k, int64_t n,
                                         int64_t d, chiso_dec *out) {
  if (n < k->num_least || d <= 0)
    return false;
  *out = k->otherwise;
  for (uint32_t i = 0; i < k->count; i++) {
    const chiso__threshold *t = &k->thresholds[i];
    int64_t left, right;
    if (__builtin_mul_overflow(n, t->left, &left) ||
        __builtin_mul_overflow(d, t->right, &right))
      return false;
    bool held = t->cmp == CHISO_CMP_GE   ? left >= right
                : t->cmp == CHISO_CMP_GT ? left > right
                : t->cmp == CHISO_CMP_LE ? left <= right
                                         : left < right;
    if (held) {
      *out = t->points;
      break;
    }
  }
  return true;
}

/* One unit's inputs, `n` apart. */
static inline bool chiso__kernel_points(const chiso__kernel *k,
                                        const int64_t *value,
                                        const uint8_t *have, size_t n,
                                        chiso_dec *out) {
  if (k->kind == CHISO__KERNEL_CONSTANT) {
    *out = k->otherwise;
    return true;
  }
  bool x = k->x && have[k->slot_x * n];
  bool num = k->either || !k->x ? have[k->slot_num * n] : false;
  bool den = k->either || !k->x ? have[k->slot_den * n] : false;
  if (x) {
    int64_t v = value[k->slot_x * n];
    if (num | den)
      return false;
    if (k->kind == CHISO__KERNEL_AFFINE)
      return chiso__affine_x(k, v, out);
    if (k->kind == CHISO__KERNEL_STEPS)
      return chiso__steps_x(k, v, out);
    if ((uint64_t)v >= k->count)
      return false;
    *out = k->choices[v];
    return true;
  }
  if (!(num & den) || !k->quotient)
    return false;
  int64_t v = value[k->slot_num * n], d = value[k->slot_den * n];
  return k->kind == CHISO__KERNEL_AFFINE
             ? chiso__affine_quotient(k, v, d, out)
             : chiso__steps_quotient(k, v, d, out);
}

#endif
