/* SPDX-License-Identifier: Apache-2.0
 * engine/block.c - kernels over a block of units. Where all units have one
 * form of the argument, the usual table, nothing is asked in the loop. */
#include <string.h>

#include "engine/kernel.h"

typedef struct block {
  const int64_t *x, *num, *den;
  chiso_dec *points;
  uint8_t *state; /* SCORED where the kernel did it, else 0                  */
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

static inline uint8_t scored(bool good) {
  return (uint8_t)(good * CHISO_STATE_SCORED);
}

/* One loop for each kind, each a function with the registers to itself; the
 * kernel is a copy that nothing aliases. */
#define APART __attribute__((noinline))
#define LOOP_X(name)                                                           \
  static APART void name(const chiso__kernel *kernel, const block *rows) {     \
    const chiso__kernel k = *kernel;                                           \
    const block b = *rows;                                                     \
    for (size_t u = 0; u < b.n; u++)                                           \
      b.state[u] = scored(chiso__##name(&k, b.x[u], &b.points[u]));            \
  }
#define LOOP_QUOTIENT(name)                                                    \
  static APART void name(const chiso__kernel *kernel, const block *rows) {     \
    const chiso__kernel k = *kernel;                                           \
    const block b = *rows;                                                     \
    for (size_t u = 0; u < b.n; u++)                                           \
      b.state[u] =                                                             \
          scored(chiso__##name(&k, b.num[u], b.den[u], &b.points[u]));         \
  }
LOOP_X(affine_x)
LOOP_X(signed_x)
LOOP_X(steps_x)
LOOP_X(choice_x)
LOOP_QUOTIENT(affine_quotient)
LOOP_QUOTIENT(steps_quotient)

static void by_x(const chiso__kernel *k, const block *b) {
  if (k->kind == CHISO__KERNEL_AFFINE)
    affine_x(k, b);
  else if (k->kind == CHISO__KERNEL_SIGNED)
    signed_x(k, b);
  else if (k->kind == CHISO__KERNEL_STEPS)
    steps_x(k, b);
  else
    choice_x(k, b);
}

static void by_quotient(const chiso__kernel *k, const block *b) {
  if (k->kind == CHISO__KERNEL_AFFINE)
    affine_quotient(k, b);
  else
    steps_quotient(k, b);
}

bool chiso__kernel_block(const chiso__kernel *k, const chiso_entries *e,
                         chiso_scores *s, uint32_t node, size_t first,
                         size_t end) {
  size_t n = end - first, row = node * s->n + first;
  const uint8_t *none = NULL;
  const uint8_t *x = k->x ? e->have + k->slot_x * e->n + first : none;
  bool asks = k->either || (!k->x && k->kind != CHISO__KERNEL_CONSTANT);
  const uint8_t *num = asks ? e->have + k->slot_num * e->n + first : none;
  const uint8_t *den = asks ? e->have + k->slot_den * e->n + first : none;
  block b = { .points = s->points + row, .state = s->state + row, .n = n };
  for (size_t u = 0; u < n; u++)
    s->max[row + u] = k->max;
  if (x && all(x, n, 1) && (!num || (all(num, n, 0) && all(den, n, 0)))) {
    b.x = e->value + k->slot_x * e->n + first;
    by_x(k, &b);
  } else if (k->quotient && num && (!x || all(x, n, 0)) && all(num, n, 1) &&
             all(den, n, 1)) {
    b.num = e->value + k->slot_num * e->n + first;
    b.den = e->value + k->slot_den * e->n + first;
    by_quotient(k, &b);
  } else {
    for (size_t u = 0; u < n; u++)
      b.state[u] = scored(chiso__kernel_points(
          k, e->value + first + u, e->have + first + u, e->n, &b.points[u]));
  }
  return all(b.state, n, CHISO_STATE_SCORED);
}
