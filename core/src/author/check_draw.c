/* SPDX-License-Identifier: Apache-2.0
 * author/check_draw.c - random numbers by counter: the same on every machine
 * and in every order. */
#include "author/check.h"

#include "base/dec.h"

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over a counter. */
uint64_t chiso__check_random(uint64_t stream, uint64_t counter) {
  uint64_t z = (stream + 1) * UINT64_C(0x9e3779b97f4a7c15) +
               (counter + 1) * UINT64_C(0xd1342543de82ef95);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* A threshold in the digits of an input. */
static int64_t in_digits(chiso_dec value, unsigned digits) {
  int64_t raw;
  return chiso_muldiv(value, chiso__power10[digits], CHISO_DEC_ONE, &raw) ? raw
                                                                          : 0;
}

/* What values of an input are about. */
static void bounds_of(const chiso_node *n, const chiso_input *in,
                      int64_t *least, int64_t *most) {
  chiso_dec top = 1000 * CHISO_DEC_ONE;
  *least = 0;
  switch (in->unit) {
  case CHISO_UNIT_PERCENT:
    top = 100 * CHISO_DEC_ONE;
    break;
  case CHISO_UNIT_SHARE:
    top = CHISO_DEC_ONE;
    break;
  case CHISO_UNIT_POINTS:
    top = n->max;
    break;
  default:
    break;
  }
  if (n->op == CHISO_OP_MANUAL)
    *least = in_digits(n->lo, in->digits), top = n->max;
  if (n->op == CHISO_OP_INDEX)
    top = n->scale;
  if ((n->op == CHISO_OP_SURVEY || n->op == CHISO_OP_NORM) &&
      in->role == CHISO_ROLE_X) {
    *least = in_digits(n->from < n->to ? n->from : n->to, in->digits);
    top = n->from < n->to ? n->to : n->from;
  }
  *most = in_digits(top, in->digits);
  if (*most < *least)
    *most = *least;
}

chiso__check_range chiso__check_range_of(const chiso_node *node,
                                         uint32_t input) {
  const chiso_input *in = &node->inputs[input];
  chiso__check_range r = { .node = node, .input = in };
  if (in->unit == CHISO_UNIT_CHOICE) {
    r.choices = node->n_steps ? node->n_steps : 2; /* branches of a case */
    return r;
  }
  bounds_of(node, in, &r.least, &r.most);
  return r;
}

/* A number below `count` from 60 random bits, without a division. */
static uint64_t below(uint64_t bits, uint64_t count) {
  return (uint64_t)(((chiso__uwide)bits * count) >> 60);
}

int64_t chiso__check_draw_in(const chiso__check_range *r, uint64_t random) {
  uint64_t way = random & 15, bits = random >> 4;
  unsigned digits = r->input->digits;
  if (r->choices)
    return (int64_t)below(bits, r->choices);
  if (way == 0)
    return r->least;
  if (way == 1)
    return r->most;
  if (way < 4 && r->node->n_steps > 0 && r->input->role == CHISO_ROLE_X)
    return in_digits(r->node->steps[below(bits, r->node->n_steps)].at, digits) +
           (int64_t)(bits % 3) - 1;
  if (way < 6 && r->input->role != CHISO_ROLE_X) /* small counts meet often */
    return (int64_t)(bits % 4) * chiso__power10[digits];
  return r->least +
         (int64_t)below(bits, (uint64_t)r->most - (uint64_t)r->least + 1);
}

int64_t chiso__check_draw(const chiso_node *node, uint32_t input,
                          uint64_t random) {
  chiso__check_range range = chiso__check_range_of(node, input);
  return chiso__check_draw_in(&range, random);
}
