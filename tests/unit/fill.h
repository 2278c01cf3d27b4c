/* SPDX-License-Identifier: Apache-2.0
 * Plausible data for any methodology, the same on every machine. */
#ifndef CHISO_TESTS_FILL_H
#define CHISO_TESTS_FILL_H

#include "fixture.h"
#include "rig.h"

/* A value that the input's leaf can usually score. */
static inline int64_t fill_value(const chiso_node *n, const chiso_input *in,
                                 uint64_t *seed) {
  static const int64_t power[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
  uint64_t r = xorshift(seed) >> 8;
  int64_t one = power[in->digits];
  switch (in->unit) {
  case CHISO_UNIT_CHOICE:
    return (int64_t)(r % (n->n_steps ? n->n_steps : 2));
  case CHISO_UNIT_POINTS:
    return (int64_t)(r % (uint64_t)(n->max + 1)) / (CHISO_DEC_ONE / one);
  case CHISO_UNIT_ANSWER: /* a mean of 1 to 5, or the sum of its answers */
    return in->role == CHISO_ROLE_NUM
               ? (500 + (int64_t)(r % 500)) * one
               : one + (int64_t)(r % (uint64_t)(4 * one));
  case CHISO_UNIT_PERCENT:
    return (int64_t)(r % (uint64_t)(100 * one + 1));
  case CHISO_UNIT_SHARE:
    return (int64_t)(r % (uint64_t)(one + 1));
  case CHISO_UNIT_COUNT:
    return in->role != CHISO_ROLE_DEN ? (int64_t)(r % 200)
           : r % 4000 == 0            ? 0
                                      : 200 + (int64_t)(r % 300);
  default:
    return (int64_t)(r % (uint64_t)(10 * one + 1));
  }
}

/* Whether nothing below the node counts, so that its points are given. */
static inline bool only_given(const rig *r, uint32_t node) {
  const chiso_index *ix = chiso_methodology_index(r->m);
  uint32_t c = chiso_methodology_first_child(r->m, node);
  bool inner = c != CHISO_NO_NODE;
  for (; c != CHISO_NO_NODE; c = chiso_methodology_next(r->m, c))
    if (ix->nodes[c].weight != 0)
      return false;
  return inner;
}

/* One form of each leaf's inputs, without holes the same for all units; one
 * input in `holes` is left out (0: none). */
static inline void fill_unit(rig *r, size_t unit, uint64_t *seed,
                             uint64_t holes) {
  const chiso_index *ix = chiso_methodology_index(r->m);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    const chiso_node *n = &ix->nodes[i];
    bool by_x = (holes ? xorshift(seed) : i) & 1;
    bool has_x = false, has_num = false;
    if (only_given(r, i))
      chiso_entries_give(&r->e, i, unit,
                         (chiso_dec)(xorshift(seed) >> 8) % (n->max + 1));
    for (uint32_t k = 0; k < n->n_inputs; k++) {
      has_x |= n->inputs[k].role == CHISO_ROLE_X;
      has_num |= n->inputs[k].role == CHISO_ROLE_NUM;
    }
    for (uint32_t k = 0; k < n->n_inputs; k++) {
      bool is_x = n->inputs[k].role == CHISO_ROLE_X;
      int64_t value = fill_value(n, &n->inputs[k], seed);
      if (has_x && has_num && is_x != by_x)
        continue;
      if (holes == 0 || xorshift(seed) % holes)
        chiso_entries_set(&r->e, chiso_program_slot(r->p, i) + k, unit, value);
    }
  }
}

/* Now and then something entered at a node or on a part. */
static inline void fill_entries(rig *r, size_t unit, uint64_t *seed) {
  const chiso_index *ix = chiso_methodology_index(r->m);
  for (int i = 0; i < 3; i++) {
    uint32_t node = (uint32_t)(xorshift(seed) % ix->n_nodes);
    chiso_dec max = ix->nodes[node].max;
    if (xorshift(seed) & 1)
      chiso_entries_not_applicable(&r->e, node, unit);
    else
      chiso_entries_give(
          &r->e, node, unit,
          (chiso_dec)((xorshift(seed) >> 8) % (uint64_t)(max + max / 8 + 1)));
  }
  uint32_t parts = chiso_program_parts(r->p);
  if (parts && xorshift(seed) % 4 == 0)
    for (uint32_t k = 0; k < parts; k++)
      chiso_entries_part(&r->e, k, unit,
                         (chiso_dec)(xorshift(seed) % 20000000));
}

#endif
