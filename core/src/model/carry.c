/* SPDX-License-Identifier: Apache-2.0
 * model/carry.c - how points of one edition serve another. */
#include <string.h>

#include "base/dec.h"
#include "model/model.h"

#define MEMBER(type, node, offset)                                             \
  (*(type const *)(const void *)((const char *)(node) + (offset)))

/* ---- the same rule ------------------------------------------------------ */

static bool same(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* Two values in points, each as a share of its node's maximum. */
static bool same_share(chiso_dec value, chiso_dec max, chiso_dec other,
                       chiso_dec other_max) {
  if (value == CHISO_NONE || other == CHISO_NONE)
    return value == other;
  return (chiso__wide)value * other_max == (chiso__wide)other * max;
}

static bool same_steps(const chiso_node *a, const chiso_node *b) {
  if (a->n_steps != b->n_steps)
    return false;
  for (uint32_t i = 0; i < a->n_steps; i++) {
    const chiso_step *s = &a->steps[i], *t = &b->steps[i];
    if (s->at != t->at || s->cmp != t->cmp || !same(s->key, t->key) ||
        !same_share(s->points, a->max, t->points, b->max))
      return false;
  }
  return true;
}

static bool same_inputs(const chiso_node *a, const chiso_node *b) {
  if (a->n_inputs != b->n_inputs)
    return false;
  for (uint32_t i = 0; i < a->n_inputs; i++)
    if (strcmp(a->inputs[i].key, b->inputs[i].key) != 0 ||
        a->inputs[i].role != b->inputs[i].role ||
        a->inputs[i].unit != b->inputs[i].unit ||
        a->inputs[i].digits != b->inputs[i].digits)
      return false;
  return true;
}

static bool same_of(const chiso_node *a, const chiso_node *b) {
  return same(a->ref_index, b->ref_index) && same(a->ref_node, b->ref_node);
}

static bool same_field(const chiso__field *f, const chiso_node *a,
                       const chiso_node *b) {
  switch (f->type) {
  case CHISO__FIELD_TEXT:
    return same(MEMBER(char *, a, f->offset), MEMBER(char *, b, f->offset));
  case CHISO__FIELD_DEC: {
    chiso_dec x = MEMBER(chiso_dec, a, f->offset);
    chiso_dec y = MEMBER(chiso_dec, b, f->offset);
    return f->points ? same_share(x, a->max, y, b->max) : x == y;
  }
  case CHISO__FIELD_KEY:
    return MEMBER(uint8_t, a, f->offset) == MEMBER(uint8_t, b, f->offset);
  case CHISO__FIELD_NUMBER:
    return MEMBER(uint32_t, a, f->offset) == MEMBER(uint32_t, b, f->offset);
  case CHISO__FIELD_ROUND:
    return a->digits == b->digits && a->round == b->round;
  case CHISO__FIELD_INPUTS:
    return same_inputs(a, b);
  case CHISO__FIELD_STEPS:
    return same_steps(a, b);
  case CHISO__FIELD_OF:
    return same_of(a, b);
  default:
    return true;
  }
}

static bool same_branches(const chiso__links *l, uint32_t before,
                          uint32_t after, chiso__sameness sameness) {
  const chiso_node *old = l->before->index.nodes;
  const chiso_node *new = l->after->index.nodes;
  uint32_t c = l->before->first_child[before];
  uint32_t d = l->after->first_child[after];
  for (; c != CHISO_NO_NODE && d != CHISO_NO_NODE;
       c = l->before->next[c], d = l->after->next[d])
    if (!same_share(old[c].max, old[before].max, new[d].max, new[after].max) ||
        !chiso__same_rule(l, c, d, sameness))
      return false;
  return c == d;
}

bool chiso__same_rule(const chiso__links *l, uint32_t before, uint32_t after,
                      chiso__sameness sameness) {
  const chiso_node *a = &l->before->index.nodes[before];
  const chiso_node *b = &l->after->index.nodes[after];
  if (a->op != b->op)
    return false;
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    if (!f->rule || !chiso__field_applies(f, a->op) ||
        (sameness == CHISO__SAME_CARRY &&
         f->offset == offsetof(chiso_node, assessor)))
      continue;
    if (!same_field(f, a, b))
      return false;
  }
  return a->op != CHISO_OP_CASE || same_branches(l, before, after, sameness);
}

/* ---- the same data ------------------------------------------------------ */

static bool has_input(const chiso_node *node, const chiso_input *input) {
  for (uint32_t i = 0; i < node->n_inputs; i++)
    if (strcmp(node->inputs[i].key, input->key) == 0)
      return node->inputs[i].unit == input->unit &&
             node->inputs[i].role == input->role;
  return false;
}

bool chiso__same_data(const chiso__links *l, uint32_t before, uint32_t after) {
  const chiso_node *a = &l->before->index.nodes[before];
  const chiso_node *b = &l->after->index.nodes[after];
  bool choice = a->op == CHISO_OP_CHOICE || b->op == CHISO_OP_CHOICE;
  bool cases = a->op == CHISO_OP_CASE || b->op == CHISO_OP_CASE;
  bool entered = a->op == CHISO_OP_MANUAL || b->op == CHISO_OP_MANUAL;
  bool taken = a->op == CHISO_OP_INDEX || b->op == CHISO_OP_INDEX;
  /* Keys that people chose among, points that they gave, and figures of
   * another index are data of their own rule alone. */
  if (cases || entered ||
      (choice && (a->op != b->op || a->n_steps != b->n_steps)))
    return false;
  if (taken &&
      (a->op != b->op || !same_of(a, b) || a->ref_value != b->ref_value))
    return false;
  for (uint32_t i = 0; choice && i < a->n_steps; i++)
    if (!same(a->steps[i].key, b->steps[i].key))
      return false;
  for (uint32_t i = 0; i < b->n_inputs; i++)
    if (!has_input(a, &b->inputs[i]))
      return false;
  return b->n_inputs > 0;
}

/* ---- where points come in ----------------------------------------------- */

static bool counts_child(const chiso_methodology *m, uint32_t node) {
  for (uint32_t i = m->first_child[node]; i != CHISO_NO_NODE; i = m->next[i])
    if (m->index.nodes[i].weight != 0)
      return true;
  return false;
}

bool chiso__is_measure(const chiso_methodology *m, uint32_t node) {
  const chiso_node *nodes = m->index.nodes;
  for (uint32_t up = m->parents[node]; up != CHISO_NO_NODE; up = m->parents[up])
    if (nodes[up].op == CHISO_OP_CASE || !counts_child(m, up))
      return false;
  return nodes[node].op == CHISO_OP_CASE || !counts_child(m, node);
}

static chiso_dec portion(chiso_dec whole, chiso_dec part, chiso_dec of) {
  int64_t out = 0;
  if (of <= 0 || !chiso__wide_div((chiso__wide)whole * part, of,
                                  CHISO_ROUND_HALF_UP, &out))
    return 0;
  return out;
}

/* What the children of a node share its points by: under SUM their maxima in
 * points of the node, else their weights. */
static chiso_dec shared(const chiso_methodology *m, uint32_t node) {
  if (m->index.nodes[node].op == CHISO_OP_SUM)
    return m->index.nodes[node].max;
  chiso_dec sum = 0;
  for (uint32_t i = m->first_child[node]; i != CHISO_NO_NODE; i = m->next[i])
    sum += m->index.nodes[i].weight;
  return sum;
}

void chiso__measure_points(const chiso_methodology *m, chiso_dec *out) {
  const chiso_node *nodes = m->index.nodes;
  out[0] = nodes[0].max;
  for (uint32_t up = 0; up < m->index.n_nodes; up++) {
    chiso_dec of = shared(m, up);
    bool sum = nodes[up].op == CHISO_OP_SUM;
    for (uint32_t i = m->first_child[up]; i != CHISO_NO_NODE; i = m->next[i])
      out[i] = nodes[i].weight == 0
                   ? 0
                   : portion(out[up], sum ? nodes[i].max : nodes[i].weight, of);
  }
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    if (!chiso__is_measure(m, i))
      out[i] = 0;
}

/* ---- one step ----------------------------------------------------------- */

chiso_carry chiso__carry(const chiso__links *l, uint32_t after) {
  uint32_t count = l->first[after + 1] - l->first[after];
  if (count == 0)
    return CHISO_CARRY_NEW;
  uint32_t before = l->origins[l->first[after]];
  if (count > 1 || l->heirs[before] > 1 ||
      !chiso__is_measure(l->before, before))
    return CHISO_CARRY_TOGETHER;
  if (chiso__same_rule(l, before, after, CHISO__SAME_CARRY))
    return l->before->index.nodes[before].max ==
                   l->after->index.nodes[after].max
               ? CHISO_CARRY_SAME
               : CHISO_CARRY_SCALED;
  return chiso__same_data(l, before, after) ? CHISO_CARRY_RESCORED
                                            : CHISO_CARRY_BROKEN;
}
