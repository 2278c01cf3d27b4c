/* SPDX-License-Identifier: Apache-2.0
 * engine/kernel.h - the common rules in 64 bits.
 *
 * A kernel is what is left of a rule when its data are plain: inputs there
 * and within a range in which no product leaves 64 bits and half-up rounding.
 * The range is worked out once, so that one comparison for each input is all
 * that is asked. A kernel answers false for everything else, and leaf.c does
 * that. tests/unit/test_kernels.c holds the two against each other.
 *
 * Half up is worked into the numbers: t/b rounded is floor((2t + b) / 2b).
 */
#ifndef CHISO_ENGINE_KERNEL_H
#define CHISO_ENGINE_KERNEL_H

#include "engine/engine.h"

typedef enum chiso__kernel_kind {
  CHISO__KERNEL_NONE = 0, /* leaf.c does it */
  CHISO__KERNEL_AFFINE,   /* also MANUAL, and LINEAR of two corners; below
                             zero is zero */
  CHISO__KERNEL_RATIO,    /* n * p / (d * r), none below zero */
  CHISO__KERNEL_SIGNED,   /* the same, below zero is kept; x alone */
  CHISO__KERNEL_STEPS,
  CHISO__KERNEL_CHOICE,
  CHISO__KERNEL_CONSTANT,
  CHISO__KERNEL_SUM
} chiso__kernel_kind;

/* A step: x * sign >= x_bias, or n * left + d * right >= bias. */
typedef struct chiso__bound {
  int64_t x_bias, left, right, bias;
  chiso_dec points;
} chiso__bound;

/* v lies in a range when v - least <= span, without a sign. */
typedef struct chiso__range {
  uint64_t least, span;
} chiso__range;

/* floor(v / by) for v < 2^63: (v * factor) >> 64 >> shift. */
typedef struct chiso__divisor {
  uint64_t factor;
  unsigned shift;
} chiso__divisor;

struct chiso__kernel {
  uint8_t kind;
  bool x, quotient; /* forms that the kernel takes */
  bool either;      /* the leaf has both forms */
  bool has_floor;
  bool strict;   /* quotient: outside 0..most goes to leaf.c */
  bool bounded;  /* x: the range alone does not keep least..most */
  bool plain;    /* SUM: matters and has children that count */
  bool matters;  /* counts, and not through a CASE alone */
  uint8_t round; /* SUM */
  uint32_t node, slot_x, slot_num, slot_den;
  uint32_t count;            /* of bounds, choices or children */
  int64_t unit, least, most; /* bounds in units */
  union {
    const chiso__bound *bounds;
    const chiso_dec *choices;
    const uint32_t *children;
  };
  /* quotient: (n * p + d * q) / (d * r) */
  chiso__range num_range, den_range;
  int64_t p, q, r, floor_left, floor_right;
  /* x: (x * p + q) / by */
  chiso__range x_range;
  int64_t x_p, x_q, x_half; /* SIGNED adds half of `by` to the magnitude */
  chiso__divisor x_by;
  int64_t sign;        /* STEPS: -1 under <= and < */
  chiso_dec otherwise; /* STEPS, CONSTANT */
  chiso_dec max;
  chiso_dec slack; /* SUM: max less the children's */
  uint64_t order;  /* in the plan */
};

/* The kernel of a node. They stand in the order of the plan. */
static inline const chiso__kernel *chiso__kernel_of(const chiso_program *p,
                                                    uint32_t node) {
  return &p->kernels[p->places[node]];
}

/* Works out the kernel of a compiled rule; `bounds` has room for one of each
 * threshold. */
void chiso__kernel_make(const chiso__rule *rule, chiso__bound *bounds,
                        chiso__kernel *out);

/* Scores a leaf's kernel over a block of units; where it cannot, the state
 * becomes 0 and the answer is false. */
bool chiso__kernel_block(const chiso__kernel *kernel,
                         const chiso_entries *entries, chiso_scores *scores,
                         uint32_t node, size_t first, size_t end);

chiso__divisor chiso__divisor_of(uint64_t by);

/* Leaves that one loop can score: a kind with one form, or all the rest. The
 * order within a group puts together what takes the same way through it. */
#define CHISO__GROUP_REST 0u
#define CHISO__GROUPS     ((size_t)(CHISO__KERNEL_SUM + 1) * 2u)
static inline unsigned chiso__kernel_group(const chiso__kernel *k) {
  return k->kind == CHISO__KERNEL_NONE || k->either
             ? CHISO__GROUP_REST
             : k->kind * 2u + (k->x ? 0u : 1u);
}

static inline int64_t chiso__divide(uint64_t v, chiso__divisor by) {
  return (int64_t)((uint64_t)(((chiso__uwide)v * by.factor) >> 64) >> by.shift);
}

static inline bool chiso__in(chiso__range range, int64_t v) {
  return (uint64_t)v - range.least <= range.span;
}

/* a * b + c * d, where it is known to fit or will not be used. */
static inline int64_t chiso__dot(int64_t a, int64_t b, int64_t c, int64_t d) {
  return (int64_t)((uint64_t)a * (uint64_t)b + (uint64_t)c * (uint64_t)d);
}

/* Points rounded to units, as chiso_dec_round() does it. */
static inline chiso_dec chiso__round(chiso_dec v, int64_t unit, unsigned mode) {
  if (unit == 1)
    return v;
  uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  uint64_t by = (uint64_t)unit, quotient = size / by, rest = size % by;
  bool up = mode == CHISO_ROUND_HALF_UP   ? rest >= by - rest
            : mode == CHISO_ROUND_CUT_OFF ? false
                                          : rest + (quotient & 1) > by - rest;
  quotient = (quotient + up) * by;
  return (int64_t)(v < 0 ? 0 - quotient : quotient);
}

/* `v`, or 0 unless `keep`; without a branch, since data decide. */
static inline int64_t chiso__kept(int64_t v, bool keep) {
  return v & -(int64_t)keep;
}

static inline int64_t chiso__within(int64_t v, int64_t least, int64_t most) {
  v = v < least ? least : v;
  return v > most ? most : v;
}

static inline bool chiso__affine_x(const chiso__kernel *k, int64_t x,
                                   chiso_dec *out) {
  int64_t top = chiso__dot(x, k->x_p, k->x_q, 1);
  if (k->bounded)
    top = chiso__kept(top, top >= 0);
  int64_t units = chiso__divide((uint64_t)top, k->x_by);
  if (k->bounded)
    units = chiso__within(units, k->least, k->most);
  *out = chiso__dot(units, k->unit, 0, 0);
  return chiso__in(k->x_range, x);
}

static inline bool chiso__signed_x(const chiso__kernel *k, int64_t x,
                                   chiso_dec *out) {
  int64_t top = chiso__dot(x, k->x_p, k->x_q, 1);
  uint64_t size = top < 0 ? 0 - (uint64_t)top : (uint64_t)top;
  int64_t units =
      chiso__divide((size + (uint64_t)k->x_half) & INT64_MAX, k->x_by);
  *out = chiso__dot(top < 0 ? -units : units, k->unit, 0, 0);
  return chiso__in(k->x_range, x);
}

static inline bool chiso__affine_quotient(const chiso__kernel *k, int64_t n,
                                          int64_t d, chiso_dec *out) {
  bool good = chiso__in(k->num_range, n) && chiso__in(k->den_range, d);
  int64_t top = chiso__dot(n, k->p, d, k->q);
  uint64_t bottom = (uint64_t)d * (uint64_t)k->r;
  if (k->strict)
    good &= (uint64_t)top - (bottom >> 1) <= bottom * (uint64_t)k->most;
  int64_t units = (int64_t)((uint64_t)chiso__kept(top, top >= 0) /
                            (bottom | !good)); /* never by zero */
  units = chiso__within(units, k->least, k->most);
  if (k->has_floor)
    units = chiso__kept(units, chiso__dot(n, k->floor_left, 0, 0) >=
                                   chiso__dot(d, k->floor_right, 0, 0));
  *out = units * k->unit;
  return good;
}

/* RATIO, the most frequent of all. */
static inline bool chiso__ratio_quotient(const chiso__kernel *k, int64_t n,
                                         int64_t d, chiso_dec *out) {
  bool good = chiso__in(k->num_range, n) && chiso__in(k->den_range, d);
  uint64_t bottom = (uint64_t)d * (uint64_t)k->r;
  uint64_t top = (uint64_t)n * (uint64_t)k->p + (bottom >> 1);
  int64_t units = (int64_t)(top / (bottom | !good)); /* never by zero */
  units = units > k->most ? k->most : units;
  if (k->has_floor)
    units = chiso__kept(units, chiso__dot(n, k->floor_left, 0, 0) >=
                                   chiso__dot(d, k->floor_right, 0, 0));
  *out = units * k->unit;
  return good;
}

/* The first that holds wins: from the last one up, without a branch. */
static inline bool chiso__steps_x(const chiso__kernel *k, int64_t x,
                                  chiso_dec *out) {
  chiso_dec points = k->otherwise;
  int64_t turned = chiso__dot(x, k->sign, 0, 0);
  for (uint32_t i = k->count; i-- > 0;)
    points = turned >= k->bounds[i].x_bias ? k->bounds[i].points : points;
  *out = points;
  return chiso__in(k->x_range, x);
}

static inline bool chiso__steps_quotient(const chiso__kernel *k, int64_t n,
                                         int64_t d, chiso_dec *out) {
  chiso_dec points = k->otherwise;
  for (uint32_t i = k->count; i-- > 0;) {
    const chiso__bound *b = &k->bounds[i];
    bool held = chiso__dot(n, b->left, d, b->right) >= b->bias;
    points = held ? b->points : points;
  }
  *out = points;
  return chiso__in(k->num_range, n) && chiso__in(k->den_range, d);
}

static inline bool chiso__choice_x(const chiso__kernel *k, int64_t x,
                                   chiso_dec *out) {
  bool good = chiso__in(k->x_range, x);
  *out = k->choices[good ? x : 0];
  return good;
}

static inline bool chiso__points_x(const chiso__kernel *k, int64_t x,
                                   chiso_dec *out) {
  switch (k->kind) {
  case CHISO__KERNEL_AFFINE:
    return chiso__affine_x(k, x, out);
  case CHISO__KERNEL_SIGNED:
    return chiso__signed_x(k, x, out);
  case CHISO__KERNEL_STEPS:
    return chiso__steps_x(k, x, out);
  default:
    return chiso__choice_x(k, x, out);
  }
}

static inline bool chiso__points_quotient(const chiso__kernel *k, int64_t n,
                                          int64_t d, chiso_dec *out) {
  switch (k->kind) {
  case CHISO__KERNEL_RATIO:
    return chiso__ratio_quotient(k, n, d, out);
  case CHISO__KERNEL_AFFINE:
    return chiso__affine_quotient(k, n, d, out);
  default:
    return chiso__steps_quotient(k, n, d, out);
  }
}

/* One unit's inputs, `n` apart. */
static inline bool chiso__kernel_points(const chiso__kernel *k,
                                        const int64_t *value,
                                        const uint8_t *have, size_t n,
                                        chiso_dec *out) {
  *out = k->otherwise;
  if (k->kind == CHISO__KERNEL_CONSTANT)
    return true;
  bool x = k->x && have[k->slot_x * n];
  bool asks = k->either || !k->x;
  bool num = asks && have[k->slot_num * n];
  bool den = asks && have[k->slot_den * n];
  if (x)
    return !num && !den && chiso__points_x(k, value[k->slot_x * n], out);
  return num && den && k->quotient &&
         chiso__points_quotient(k, value[k->slot_num * n],
                                value[k->slot_den * n], out);
}

#endif
