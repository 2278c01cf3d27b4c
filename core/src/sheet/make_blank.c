/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_blank.c - what the formulas give before anything is entered. A
 * program that does not calculate when it opens a sheet shows these, and adds
 * them up with what changes. */
#include "base/dec.h"
#include "sheet/make_plan.h"

static chiso__blank left_out(void) {
  return (chiso__blank) { CHISO__LEFT_OUT, 0, 0, 0 };
}

static chiso__blank blank_leaf(const chiso_node *n, unsigned stage) {
  if (!chiso__counts_under(n, stage))
    return left_out();
  if (n->op == CHISO_OP_STEP && n->n_steps == 0)
    return (chiso__blank) { NULL,
                            chiso_dec_round(n->otherwise, n->digits, n->round),
                            n->max, 0 };
  bool live = n->op != CHISO_OP_BEST && n->op != CHISO_OP_CALL;
  return (chiso__blank) { live ? "" : CHISO__NOT_LIVE, 0, n->max, 1 };
}

/* (lo + (hi - lo) * total / weight), both in millionths of millionths */
static chiso_dec mean(const chiso_node *n, chiso__wide total,
                      chiso__wide weight, unsigned digits, unsigned mode) {
  chiso_dec lo = n->op == CHISO_OP_SCALE ? n->lo : 0;
  chiso_dec hi = n->op == CHISO_OP_SCALE ? n->hi : CHISO_DEC_ONE;
  int64_t unit = chiso__power10[CHISO_DEC_DIGITS - digits], units;
  chiso__wide up = (chiso__wide)lo * weight * CHISO_DEC_ONE + (hi - lo) * total;
  if (!chiso__wide_div(up, weight * CHISO_DEC_ONE * unit, mode, &units))
    return 0;
  return units * unit;
}

static chiso__blank blank_inner(const chiso__sheet_plan *plan, uint32_t node,
                                const chiso__blank *all) {
  const chiso_node *nodes = plan->ix->nodes, *n = &nodes[node];
  chiso__blank b = { "", 0, n->max, 0 };
  chiso__wide total = 0, weight = 0;
  bool any = false, points = false;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    if (nodes[c].weight == 0)
      continue;
    any = true;
    b.todo += all[c].todo;
    if (n->op == CHISO_OP_SUM)
      b.most += all[c].most - nodes[c].max;
    if (all[c].text)
      continue;
    points = true;
    b.points += all[c].points;
    total += (chiso__wide)all[c].points * nodes[c].weight;
    weight += nodes[c].weight;
  }
  if (!any) {
    b.todo = 1;
  } else if (points) {
    unsigned digits = node == 0 ? CHISO_KEEP : n->digits;
    unsigned mode = node == 0 ? CHISO_ROUND_HALF_UP : n->round;
    b.text = NULL;
    b.points = n->op == CHISO_OP_SUM ? chiso_dec_round(b.points, digits, mode)
                                     : mean(n, total, weight, digits, mode);
  } else if (b.todo == 0) {
    b = left_out();
  }
  return b;
}

/* Nothing is chosen yet, so that nothing below a case is. */
static bool below_case(const chiso__sheet_plan *plan, uint32_t node) {
  while ((node = chiso_methodology_parent(plan->m, node)) != CHISO_NO_NODE)
    if (plan->ix->nodes[node].op == CHISO_OP_CASE)
      return true;
  return false;
}

void chiso__blank_fill(const chiso__sheet_plan *plan, unsigned stage,
                       const bool *exempt, chiso__blank *out) {
  for (uint32_t i = plan->ix->n_nodes; i-- > 0;) {
    const chiso_node *n = &plan->ix->nodes[i];
    bool leaf = chiso_methodology_first_child(plan->m, i) == CHISO_NO_NODE;
    if (exempt[i] || below_case(plan, i))
      out[i] = left_out();
    else if (leaf)
      out[i] = blank_leaf(n, stage);
    else if (n->op == CHISO_OP_CASE) /* nothing is chosen yet */
      out[i] = (chiso__blank) { "", 0, n->max, 1 };
    else
      out[i] = blank_inner(plan, i, out);
  }
}
