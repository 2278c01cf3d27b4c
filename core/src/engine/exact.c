/* SPDX-License-Identifier: Apache-2.0
 * engine/exact.c - sums of products over a product, whatever their size. Most
 * fit 128 bits; the rest are done in 256, bit by bit: they are rare. */
#include "engine/engine.h"

typedef struct wider {
  uint64_t limb[4]; /* least first; the magnitude */
  bool negative;
} wider;

static chiso__uwide magnitude(chiso__wide v) {
  return v < 0 ? 0 - (chiso__uwide)v : (chiso__uwide)v;
}

static wider product(chiso__wide a, chiso__wide b) {
  chiso__uwide m = magnitude(a), n = magnitude(b);
  uint64_t x[2] = { (uint64_t)m, (uint64_t)(m >> 64) };
  uint64_t y[2] = { (uint64_t)n, (uint64_t)(n >> 64) };
  wider out = { .negative = (a < 0) != (b < 0) };
  for (size_t i = 0; i < 2; i++) {
    uint64_t carry = 0;
    for (size_t j = 0; j < 2; j++) {
      chiso__uwide t = (chiso__uwide)x[i] * y[j] + out.limb[i + j] + carry;
      out.limb[i + j] = (uint64_t)t;
      carry = (uint64_t)(t >> 64);
    }
    out.limb[i + 2] = carry;
  }
  return out;
}

/* By magnitude alone. */
static int compare(const wider *a, const wider *b) {
  for (size_t i = 4; i-- > 0;)
    if (a->limb[i] != b->limb[i])
      return a->limb[i] < b->limb[i] ? -1 : 1;
  return 0;
}

static wider plus(wider a, const wider *b) {
  uint64_t carry = 0;
  for (size_t i = 0; i < 4; i++) {
    chiso__uwide t = (chiso__uwide)a.limb[i] + b->limb[i] + carry;
    a.limb[i] = (uint64_t)t;
    carry = (uint64_t)(t >> 64);
  }
  return a;
}

/* |a| - |b|, where |a| >= |b|. */
static wider minus(wider a, const wider *b) {
  uint64_t borrow = 0;
  for (size_t i = 0; i < 4; i++) {
    chiso__uwide t = (chiso__uwide)a.limb[i] - b->limb[i] - borrow;
    a.limb[i] = (uint64_t)t;
    borrow = (uint64_t)(t >> 64) & 1;
  }
  return a;
}

static wider sum(wider a, wider b) {
  if (a.negative == b.negative)
    return plus(a, &b);
  return compare(&a, &b) >= 0 ? minus(a, &b) : minus(b, &a);
}

/* |a| * by <= |limit|; *out is the product then. */
static bool times_within(const wider *a, uint64_t by, const wider *limit,
                         wider *out) {
  uint64_t carry = 0;
  *out = *a;
  for (size_t i = 0; i < 4; i++) {
    chiso__uwide t = (chiso__uwide)a->limb[i] * by + carry;
    out->limb[i] = (uint64_t)t;
    carry = (uint64_t)(t >> 64);
  }
  return carry == 0 && compare(out, limit) <= 0;
}

static bool divide(wider top, const wider *bottom, unsigned mode,
                   int64_t *out) {
  uint64_t quotient = 0;
  wider reached = { 0 };
  for (unsigned bit = 64; bit-- > 0;) {
    wider higher;
    uint64_t tried = quotient | UINT64_C(1) << bit;
    if (!times_within(bottom, tried, &top, &higher))
      continue;
    quotient = tried;
    reached = higher;
  }
  wider rest = minus(top, &reached), twice = plus(rest, &rest);
  if (compare(&rest, bottom) >= 0)
    return false;
  int half = compare(&twice, bottom);
  bool up = mode == CHISO_ROUND_HALF_UP     ? half >= 0
            : mode == CHISO_ROUND_HALF_EVEN ? half + (int)(quotient & 1) > 0
                                            : false;
  chiso__wide value = (chiso__wide)quotient + up;
  value = top.negative ? -value : value;
  if (value < INT64_MIN || value > INT64_MAX)
    return false;
  *out = (int64_t)value;
  return true;
}

/* The same in 128 bits, if it fits. */
static bool narrow(const chiso__fraction *f, chiso__wide *top,
                   chiso__wide *bottom) {
  chiso__wide ab, cd;
  return !__builtin_mul_overflow(f->a, f->b, &ab) &&
         !__builtin_mul_overflow(f->c, f->d, &cd) &&
         !__builtin_add_overflow(ab, cd, top) &&
         !__builtin_mul_overflow(f->e, f->f, bottom);
}

bool chiso__exact(const chiso__fraction *f, unsigned mode, int64_t *out) {
  chiso__wide top, bottom;
  if (narrow(f, &top, &bottom))
    return chiso__wide_div(top, bottom, mode, out);
  wider below = product(f->e, f->f);
  return divide(sum(product(f->a, f->b), product(f->c, f->d)), &below, mode,
                out);
}

int chiso__exact_compare(const chiso__fraction *f) {
  chiso__wide top, bottom;
  if (narrow(f, &top, &bottom))
    return (top > bottom) - (top < bottom);
  wider above = sum(product(f->a, f->b), product(f->c, f->d));
  wider below = product(f->e, f->f);
  if (above.negative != below.negative)
    return above.negative ? -1 : 1;
  return above.negative ? compare(&below, &above) : compare(&above, &below);
}
