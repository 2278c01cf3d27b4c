/* SPDX-License-Identifier: Apache-2.0
 * engine/block.c - kernels over a block of units. Where all units have one
 * form of the argument, the usual table, nothing is asked in the loop. */
#include <string.h>

#include "engine/kernel.h"

typedef struct block {
  const int64_t *x, *num, *den;
  chiso_dec *points;
  size_t n;
} block;

/* Whether all bytes are `wanted`; eight at a time. */
static bool all(const uint8_t *row, size_t n, uint8_t wanted) {
  const uint64_t eight = UINT64_C(0x0101010101010101) * wanted;
  uint64_t other = 0, word;
  size_t u = 0;
  for (; u + sizeof word <= n; u += sizeof word) {
    memcpy(&word, row + u, sizeof word);
    other |= word ^ eight;
  }
  for (; u < n; u++)
    other |= (uint64_t)(row[u] ^ wanted);
  return other == 0;
}

/* One loop for each kind, each a function with the registers to itself; the
 * kernel is a copy that nothing aliases. True when it did all units. */
#define APART __attribute__((noinline))
#define LOOP_X(name)                                                           \
  static APART bool name(const chiso__kernel *kernel, const block *rows) {     \
    const chiso__kernel k = *kernel;                                           \
    const block b = *rows;                                                     \
    bool good = true;                                                          \
    for (size_t u = 0; u < b.n; u++)                                           \
      good &= chiso__##name(&k, b.x[u], &b.points[u]);                         \
    return good;                                                               \
  }
#define LOOP_QUOTIENT(name)                                                    \
  static APART bool name(const chiso__kernel *kernel, const block *rows) {     \
    const chiso__kernel k = *kernel;                                           \
    const block b = *rows;                                                     \
    bool good = true;                                                          \
    for (size_t u = 0; u < b.n; u++)                                           \
      good &= chiso__##name(&k, b.num[u], b.den[u], &b.points[u]);             \
    return good;                                                               \
  }
LOOP_X(affine_x)
LOOP_X(signed_x)
LOOP_X(steps_x)
LOOP_X(choice_x)
LOOP_QUOTIENT(ratio_quotient)
LOOP_QUOTIENT(affine_quotient)
LOOP_QUOTIENT(steps_quotient)

static bool by_x(const chiso__kernel *k, const block *b) {
  switch (k->kind) {
  case CHISO__KERNEL_AFFINE:
    return affine_x(k, b);
  case CHISO__KERNEL_SIGNED:
    return signed_x(k, b);
  case CHISO__KERNEL_STEPS:
    return steps_x(k, b);
  default:
    return choice_x(k, b);
  }
}

static bool by_quotient(const chiso__kernel *k, const block *b) {
  switch (k->kind) {
  case CHISO__KERNEL_RATIO:
    return ratio_quotient(k, b);
  case CHISO__KERNEL_AFFINE:
    return affine_quotient(k, b);
  default:
    return steps_quotient(k, b);
  }
}

/* All units of the block by one form; false when that cannot be done. */
static bool by_one_form(const chiso__kernel *k, const chiso_entries *e,
                        size_t first, block *b) {
  const uint8_t *have = e->have + first;
  const int64_t *value = e->value + first;
  size_t x = k->slot_x * e->n, num = k->slot_num * e->n;
  size_t den = k->slot_den * e->n, n = b->n;
  if (k->x && all(have + x, n, 1)) {
    if (k->either && !(all(have + num, n, 0) && all(have + den, n, 0)))
      return false;
    b->x = value + x;
    return by_x(k, b);
  }
  if (!k->quotient || !all(have + num, n, 1) || !all(have + den, n, 1) ||
      (k->either && !all(have + x, n, 0)))
    return false;
  b->num = value + num;
  b->den = value + den;
  return by_quotient(k, b);
}

bool chiso__kernel_block(const chiso__kernel *k, const chiso_entries *e,
                         chiso_scores *s, uint32_t node, size_t first,
                         size_t end) {
  size_t n = end - first, row = node * s->n + first;
  block b = { .points = s->points + row, .n = n };
  uint8_t *state = s->state + row;
  bool whole = true;
  /* Copies: for all the compiler knows, the row could hold the kernel. */
  chiso_dec full = k->max, *max = s->max + row;
  for (size_t u = 0; u < n; u++)
    max[u] = full;
  memset(state, CHISO_STATE_SCORED, n);
  if (k->kind != CHISO__KERNEL_CONSTANT && by_one_form(k, e, first, &b))
    return true;
  for (size_t u = 0; u < n; u++) {
    bool good = chiso__kernel_points(k, e->value + first + u,
                                     e->have + first + u, e->n, &b.points[u]);
    state[u] = good ? CHISO_STATE_SCORED : 0;
    whole &= good;
  }
  return whole;
}
