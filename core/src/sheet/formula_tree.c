/* SPDX-License-Identifier: Apache-2.0
 * sheet/formula_tree.c - sums, means and cases, maxima, what is missing. */
#include "sheet/formula.h"

#define LONGEST 8000u /* characters of a formula: Excel takes 8,192 */
#define MOST_OF 200u  /* arguments of one function: Excel takes 255 */

/* ---- sums over children ---------------------------------------------------
 */

/* Children that count, as references to a column: those that are leaves and
 * stand one below the other as one range. */
typedef struct runs {
  uint32_t *first, *last; /* rows */
  size_t count;
} runs;

static bool counted(const chiso__sheet_plan *plan, uint32_t node,
                    uint32_t child) {
  return plan->ix->nodes[node].op == CHISO_OP_CASE ||
         plan->ix->nodes[child].weight != 0;
}

static runs runs_of(chiso__sheet_plan *plan, uint32_t node) {
  runs out = { .count = 0 };
  size_t children = 0;
  bool joined = false;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c))
    children++;
  out.first = chiso__arena_array(&plan->arena, children, sizeof *out.first);
  out.last = chiso__arena_array(&plan->arena, children, sizeof *out.last);
  if (!out.first || !out.last) {
    plan->failed = true;
    return (runs) { .count = 0 };
  }
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    bool leaf = chiso_methodology_first_child(plan->m, c) == CHISO_NO_NODE;
    bool counts = counted(plan, node, c);
    uint32_t row = plan->layout.of_node[c];
    if (counts && leaf && joined)
      out.last[out.count - 1] = row;
    else if (counts) {
      out.first[out.count] = row;
      out.last[out.count++] = row;
    }
    joined = counts && leaf;
  }
  return out;
}

/* "SUM(H12:H14,H20)", in several when there are more than it takes. */
static void put_over(chiso__sheet_plan *plan, const char *function,
                     const runs *r, unsigned column, chiso__buffer *out) {
  for (size_t i = 0; i < r->count; i++) {
    if (i % MOST_OF == 0)
      chiso__buffer_print(out, i ? ")+%s(" : "%s(", function);
    else
      chiso__buffer_text(out, ",");
    chiso__buffer_text(out, chiso__cell_at(plan, column, r->first[i]).text);
    if (r->last[i] != r->first[i])
      chiso__buffer_print(out, ":%s",
                          chiso__cell_at(plan, column, r->last[i]).text);
  }
  chiso__buffer_text(out, r->count ? ")" : "0");
}

/* Sum of weight * points, and of the weights, of the children with points. */
static void put_weighted(chiso__sheet_plan *plan, uint32_t node,
                         unsigned column, const char *function,
                         chiso__buffer *out) {
  const char *between = "";
  chiso__buffer_text(out, "(");
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    if (!counted(plan, node, c))
      continue;
    chiso__buffer_print(
        out, "%s%s(%s)*", between, function,
        chiso__cell_at(plan, column, plan->layout.of_node[c]).text);
    chiso__put_dec(out, plan->ix->nodes[c].weight);
    between = "+";
  }
  chiso__buffer_text(out, ")");
}

static bool equal_weights(const chiso__sheet_plan *plan, uint32_t node) {
  chiso_dec first = 0;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    chiso_dec weight = plan->ix->nodes[c].weight;
    if (weight != 0 && first != 0 && weight != first)
      return false;
    first = weight ? weight : first;
  }
  return true;
}

/* What the children's points come to, before rounding. */
static void put_gathered(chiso__sheet_plan *plan, uint32_t node, const runs *r,
                         unsigned stage, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  unsigned column = CHISO__POINTS_OF(stage);
  if (n->op == CHISO_OP_SUM) {
    put_over(plan, "SUM", r, column, out);
    return;
  }
  if (n->op == CHISO_OP_SCALE) {
    chiso__put_dec(out, n->lo);
    chiso__buffer_text(out, "+(");
    chiso__put_dec(out, n->hi - n->lo);
    chiso__buffer_text(out, ")*");
  }
  if (equal_weights(plan, node)) {
    chiso__buffer_text(out, "(");
    put_over(plan, "SUM", r, column, out);
    chiso__buffer_text(out, ")/(");
    put_over(plan, "COUNT", r, column, out);
    chiso__buffer_text(out, ")");
  } else {
    put_weighted(plan, node, column, "N", out);
    chiso__buffer_text(out, "/");
    put_weighted(plan, node, column, "COUNT", out);
  }
}

/* ---- cells of a node ------------------------------------------------------
 */

/* "AND(X12=2,X10=1)" where a node lies below branches: whether they are the
 * chosen ones. Empty elsewhere. */
static void put_chosen(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                       chiso__buffer *out) {
  const char *between = "AND(";
  for (uint32_t parent;
       (parent = chiso_methodology_parent(plan->m, node)) != CHISO_NO_NODE;
       node = parent) {
    if (plan->ix->nodes[parent].op != CHISO_OP_CASE)
      continue;
    unsigned place = 1;
    for (uint32_t c = chiso_methodology_first_child(plan->m, parent);
         c != node && c != CHISO_NO_NODE;
         c = chiso_methodology_next(plan->m, c))
      place++;
    chiso__buffer_print(out, "%s%s=%u", between,
                        chiso__cell_at(plan, CHISO__TAKEN_OF(stage),
                                       plan->layout.of_node[parent])
                            .text,
                        place);
    between = ",";
  }
  if (between[0] == ',')
    chiso__buffer_text(out, ")");
}

/* "CHOOSE(X12,cell,…)" over the branches of a case, each with what `more` adds
 * to it. */
static void put_choose(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                       unsigned column, bool slack, chiso__buffer *out) {
  const chiso_node *nodes = plan->ix->nodes;
  chiso__buffer_print(
      out, "CHOOSE(%s",
      chiso__cell_at(plan, CHISO__TAKEN_OF(stage), plan->layout.of_node[node])
          .text);
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    chiso__buffer_print(
        out, ",%s", chiso__cell_at(plan, column, plan->layout.of_node[c]).text);
    if (slack && nodes[node].max != nodes[c].max) {
      chiso__buffer_text(out, "+");
      chiso__put_dec(out, nodes[node].max - nodes[c].max);
    }
  }
  chiso__buffer_text(out, ")");
}

static void put_case(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                     chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  chiso__cell_name chosen =
      chiso__cell_at(plan, CHISO__TAKEN_OF(stage), plan->layout.of_node[node]);
  chiso__buffer_print(out, "IF(ISNUMBER(%s),", chosen.text);
  chiso__buffer branch = { .allocator = out->allocator };
  put_choose(plan, node, stage, CHISO__POINTS_OF(stage), false, &branch);
  if (n->digits < CHISO_KEEP && branch.data) {
    chiso__buffer_print(out, "IF(ISNUMBER(%s),", branch.data);
    chiso__put_rounded(out, branch.data, n->digits, n->round);
    chiso__buffer_print(out, ",%s)", branch.data);
  } else if (branch.data) {
    chiso__buffer_text(out, branch.data);
  }
  out->failed |= branch.failed;
  chiso__buffer_free(&branch);
  chiso__buffer_print(out, ",IF(%s=\"NA\",", chosen.text);
  chiso__put_policy(out, n, n->na);
  chiso__buffer_print(out, ",IF(%s=\"E\",", chosen.text);
  chiso__put_policy(out, n, n->empty);
  chiso__buffer_print(out, ",%s)))", chosen.text);
}

static void put_points(chiso__sheet_plan *plan, uint32_t node, const runs *r,
                       unsigned stage, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  uint32_t row = plan->layout.of_node[node];
  if (n->op == CHISO_OP_CASE) {
    put_case(plan, node, stage, out);
    return;
  }
  chiso__buffer what = { .allocator = out->allocator };
  if (node == 0) {
    /* the root's points before its rounding stand beside it */
    chiso__cell_name raw = chiso__cell_at(plan, CHISO__TAKEN_OF(stage), row);
    chiso__buffer_print(out, "IF(ISNUMBER(%s),", raw.text);
    chiso__put_rounded(out, raw.text, n->digits, n->round);
    chiso__buffer_print(out, ",%s)", raw.text);
  } else {
    put_gathered(plan, node, r, stage, &what);
    chiso__buffer_text(out, "IF((");
    put_over(plan, "COUNT", r, CHISO__POINTS_OF(stage), out);
    chiso__buffer_text(out, ")>0,");
    chiso__put_rounded(out, what.data ? what.data : "", n->digits, n->round);
    chiso__buffer_print(out, ",IF(%s=0,\"" CHISO__LEFT_OUT "\",\"\"))",
                        chiso__cell_at(plan, CHISO__TODO_OF(stage), row).text);
  }
  out->failed |= what.failed;
  chiso__buffer_free(&what);
}

static chiso__cell_plan formula(chiso__sheet_plan *plan, chiso__buffer *out) {
  if (out->size > LONGEST) {
    chiso__buffer_free(out);
    return (chiso__cell_plan) { CHISO__CELL_TEXT, 0, CHISO__NOT_LIVE };
  }
  return (chiso__cell_plan) { CHISO__CELL_FORMULA, 0,
                              chiso__plan_take(plan, out) };
}

static chiso__cell_plan number(chiso_dec value) {
  return (chiso__cell_plan) { CHISO__CELL_NUMBER, value, NULL };
}

static chiso__cell_plan text(const char *value) {
  return (chiso__cell_plan) { CHISO__CELL_TEXT, 0, value };
}

/* Applicable maximum and what is missing, of a leaf or a case by its points. */
static void plan_leaf(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                      chiso__line *line, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  uint32_t row = plan->layout.of_node[node];
  chiso__cell_name points = chiso__cell_at(plan, CHISO__POINTS_OF(stage), row);
  chiso__cell_name chosen = chiso__cell_at(plan, CHISO__TAKEN_OF(stage), row);
  bool branches = n->op == CHISO_OP_CASE;
  chiso__buffer_print(out, "=IF(%s=\"" CHISO__LEFT_OUT "\",0,", points.text);
  if (branches) {
    chiso__buffer_print(out, "IF(ISNUMBER(%s),", chosen.text);
    put_choose(plan, node, stage, CHISO__MOST_OF(stage), true, out);
    chiso__buffer_text(out, ",");
  }
  chiso__put_dec(out, n->max);
  chiso__buffer_text(out, branches ? "))" : ")");
  line->most[stage] = formula(plan, out);
  chiso__buffer_text(out, "=");
  if (branches) {
    chiso__buffer_print(out, "IF(ISNUMBER(%s),", chosen.text);
    put_choose(plan, node, stage, CHISO__TODO_OF(stage), false, out);
    chiso__buffer_text(out, ",");
  }
  chiso__buffer_print(out,
                      "IF(OR(ISNUMBER(%s),%s=\"" CHISO__LEFT_OUT "\"),0,1)%s",
                      points.text, points.text, branches ? ")" : "");
  line->todo[stage] = formula(plan, out);
}

static void plan_inner(chiso__sheet_plan *plan, uint32_t node, const runs *r,
                       unsigned stage, chiso__line *line, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  chiso__cell_name points =
      chiso__cell_at(plan, CHISO__POINTS_OF(stage), plan->layout.of_node[node]);
  chiso__buffer_print(out, "=IF(%s=\"" CHISO__LEFT_OUT "\",0,", points.text);
  chiso_dec rest = n->max;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       n->op == CHISO_OP_SUM && c != CHISO_NO_NODE;
       c = chiso_methodology_next(plan->m, c))
    rest -= plan->ix->nodes[c].weight ? plan->ix->nodes[c].max : 0;
  if (rest != 0 || n->op != CHISO_OP_SUM) {
    chiso__put_dec(out, rest);
    chiso__buffer_text(out, n->op == CHISO_OP_SUM ? "+" : "");
  }
  if (n->op == CHISO_OP_SUM)
    put_over(plan, "SUM", r, CHISO__MOST_OF(stage), out);
  chiso__buffer_text(out, ")");
  line->most[stage] = formula(plan, out);
  chiso__buffer_text(out, "=");
  put_over(plan, "SUM", r, CHISO__TODO_OF(stage), out);
  line->todo[stage] = formula(plan, out);
}

/* The hidden cell beside a node: the root's points before its rounding, the
 * branch that several inputs choose. */
static void plan_beside(chiso__sheet_plan *plan, uint32_t node, const runs *r,
                        unsigned stage, chiso__line *line, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  if (n->op == CHISO_OP_CASE && n->n_inputs > 1) {
    chiso__put_quotient_branch(plan, node, stage, out);
    line->taken[stage] = formula(plan, out);
  } else if (node == 0 && n->op >= CHISO_OP_SUM && n->op <= CHISO_OP_SCALE) {
    chiso__buffer what = { .allocator = out->allocator };
    put_gathered(plan, node, r, stage, &what);
    chiso__buffer_text(out, "=IF((");
    put_over(plan, "COUNT", r, CHISO__POINTS_OF(stage), out);
    chiso__buffer_print(
        out, ")>0,ROUND(%s,6),IF(%s=0,\"" CHISO__LEFT_OUT "\",\"\"))",
        what.data ? what.data : "",
        chiso__cell_at(plan, CHISO__TODO_OF(stage), plan->layout.of_node[0])
            .text);
    out->failed |= what.failed;
    chiso__buffer_free(&what);
    line->taken[stage] = formula(plan, out);
  }
}

void chiso__plan_node(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                      chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  chiso__line *line = &plan->lines[plan->layout.of_node[node]];
  bool leaf = chiso_methodology_first_child(plan->m, node) == CHISO_NO_NODE;
  if (leaf && !chiso__counts_under(n, stage)) {
    line->points[stage] = text(CHISO__LEFT_OUT);
    line->most[stage] = line->todo[stage] = number(0);
    return;
  }
  runs r = leaf ? (runs) { .count = 0 } : runs_of(plan, node);
  if (!leaf && (r.count == 0 || chiso__many_branches(plan, node))) {
    /* points of a node where none come from below have no cell on a sheet */
    line->points[stage] = text(r.count ? CHISO__NOT_LIVE : "");
    line->most[stage] = number(n->max);
    line->todo[stage] = number(CHISO_DEC_ONE);
    return;
  }
  plan_beside(plan, node, &r, stage, line, out);
  chiso__buffer chosen = { .allocator = out->allocator };
  put_chosen(plan, node, stage, &chosen);
  chiso__buffer_text(out, "=");
  if (chosen.size > 0)
    chiso__buffer_print(out, "IF(%s,", chosen.data);
  bool live = true;
  if (leaf)
    live = chiso__leaf_points(plan, node, stage, out);
  else
    put_points(plan, node, &r, stage, out);
  if (!live)
    chiso__buffer_text(out, "\"" CHISO__NOT_LIVE "\"");
  if (chosen.size > 0)
    chiso__buffer_text(out, ",\"" CHISO__LEFT_OUT "\")");
  out->failed |= chosen.failed;
  chiso__buffer_free(&chosen);
  line->points[stage] = formula(plan, out);
  line->live[stage] = live && line->points[stage].kind == CHISO__CELL_FORMULA;
  if (leaf || n->op == CHISO_OP_CASE)
    plan_leaf(plan, node, stage, line, out);
  else
    plan_inner(plan, node, &r, stage, line, out);
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    chiso__put_taken(plan, node, i, stage, out);
    plan->lines[chiso__sheet_input_row(plan->m, &plan->layout, node, i)]
        .taken[stage] = formula(plan, out);
  }
}
