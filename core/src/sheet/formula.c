/* SPDX-License-Identifier: Apache-2.0
 * sheet/formula.c - the formulas of a sheet: entries that count, sums, means,
 * cases, maxima, what is missing, the totals. formula_leaf.c has the leaves. */
#include <string.h>

#include "base/dec.h"
#include "sheet/make_plan.h"

#define LONGEST       8000u /* characters of a formula: Excel takes 8,192 */
#define MOST_OF       200u  /* arguments of one function: Excel takes 255 */
#define MOST_BRANCHES 50u   /* nested, and within CHOOSE() */
#define LETTERS       26u

/* ---- pieces -------------------------------------------------------------- */

chiso__cell_name chiso__cell_at(const chiso__sheet_plan *plan, unsigned column,
                                uint32_t row) {
  chiso__cell_name name;
  unsigned place = plan->layout.column[column];
  /* rows of the head come as differences below zero */
  unsigned long number = (uint32_t)(plan->layout.first + row + 1);
  if (place < LETTERS)
    snprintf(name.text, sizeof name.text, "%c%lu", (char)('A' + place), number);
  else
    snprintf(name.text, sizeof name.text, "%c%c%lu",
             (char)('A' + place / LETTERS - 1), (char)('A' + place % LETTERS),
             number);
  return name;
}

void chiso__put_dec(chiso__buffer *out, chiso_dec value) {
  char text[CHISO_DEC_TEXT];
  chiso__dec_print(value, text);
  chiso__buffer_text(out, text);
}

/* Half to even has no plain function: to the even neighbour where the rest is
 * a half, else as usual. */
static void put_half_even(chiso__buffer *out, const char *what,
                          unsigned digits) {
  long long ten = chiso__power10[digits];
  chiso__buffer_print(out,
                      "IF(ROUND(ABS((%s)*%lld-ROUNDDOWN(ROUND((%s)*%lld,8),0)),"
                      "8)=0.5,2*ROUND(ROUND((%s)*%lld,8)/2,0),ROUND(ROUND((%s)*"
                      "%lld,8),0))/%lld",
                      what, ten, what, ten, what, ten, what, ten, ten);
}

void chiso__put_rounded(chiso__buffer *out, const char *what, unsigned digits,
                        unsigned mode) {
  if (mode == CHISO_ROUND_HALF_EVEN && digits < CHISO_KEEP)
    put_half_even(out, what, digits);
  else if (mode == CHISO_ROUND_CUT_OFF)
    /* what a double holds as 0.2999… is 0.3 */
    chiso__buffer_print(out, "ROUNDDOWN(ROUND(%s,10),%u)", what, digits);
  else
    chiso__buffer_print(out, "ROUND(%s,%u)", what, digits);
}

void chiso__put_policy(chiso__buffer *out, const chiso_node *node,
                       unsigned policy) {
  if (policy == CHISO_POLICY_FULL)
    chiso__put_dec(out, chiso_dec_round(node->max, node->digits, node->round));
  else
    chiso__buffer_text(out, policy == CHISO_POLICY_ZERO ? "0"
                            : policy == CHISO_POLICY_LEAVE_OUT
                                ? "\"" CHISO__LEFT_OUT "\""
                                : "\"" CHISO__FAULT "\"");
}

static bool has_digits(const chiso_node *node) {
  for (uint32_t i = 0; i < node->n_inputs; i++)
    if (node->inputs[i].role != CHISO_ROLE_X && node->inputs[i].digits > 0)
      return true;
  return false;
}

static int64_t common(int64_t a, int64_t b) {
  while (b) {
    int64_t t = a % b;
    a = b;
    b = t;
  }
  return a < 0 ? -a : a;
}

/* "name*factor", rounded where the name may have digits: 0.29*100 is not 29 in
 * a double. */
static void put_product(chiso__buffer *out, const char *name, int64_t factor,
                        bool digits) {
  if (factor == 1 || factor == 0)
    chiso__buffer_text(out, factor ? name : "0");
  else
    chiso__buffer_print(out, digits ? "ROUND(%s*%lld,6)" : "%s*%lld", name,
                        (long long)factor);
}

void chiso__put_reaches(chiso__buffer *out, const chiso_node *node,
                        const char *n, const char *d, chiso_dec at,
                        unsigned cmp) {
  static const char *const signs[] = { ">=", ">", "<=", "<" };
  if (d[0] == '\0') {
    chiso__buffer_print(out, "%s%s", n, signs[cmp]);
    chiso__put_dec(out, at);
    return;
  }
  int64_t g = common(at, CHISO_DEC_ONE);
  bool digits = has_digits(node);
  put_product(out, n, CHISO_DEC_ONE / g, digits);
  chiso__buffer_text(out, signs[cmp]);
  put_product(out, d, at / g, digits);
}

/* ---- the entry that counts ------------------------------------------------
 */

/* The appraised stage before a later one on this sheet, or the stage itself. */
static unsigned before(const chiso__sheet_plan *plan, unsigned stage) {
  for (unsigned s = stage; s > CHISO_SHEET_APPRAISED_1;)
    if (plan->stages >> --s & 1)
      return s;
  return stage;
}

static bool many_branches(const chiso__sheet_plan *plan, uint32_t node) {
  uint32_t count = 0;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       plan->ix->nodes[node].op == CHISO_OP_CASE && c != CHISO_NO_NODE;
       c = chiso_methodology_next(plan->m, c))
    count++;
  return count > MOST_BRANCHES;
}

/* The place of the branch that a number chooses, nested from the first. */
static void put_branch_of(chiso__sheet_plan *plan, uint32_t node, const char *n,
                          const char *d, chiso__buffer *out) {
  const chiso_node *nodes = plan->ix->nodes;
  unsigned place = 0, open = 0;
  bool rest = false;
  if (many_branches(plan, node)) {
    chiso__buffer_text(out, "\"" CHISO__FAULT "\"");
    return;
  }
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    place++;
    if (nodes[c].at == CHISO_NONE) {
      rest = true;
      continue;
    }
    chiso__buffer_text(out, "IF(");
    chiso__put_reaches(out, &nodes[node], n, d, nodes[c].at, nodes[c].cmp);
    chiso__buffer_print(out, ",%u,", place);
    open++;
  }
  if (rest)
    chiso__buffer_print(out, "%u", open + 1);
  else
    chiso__buffer_text(out, "\"" CHISO__FAULT "\"");
  while (open--)
    chiso__buffer_text(out, ")");
}

/* What a good entry stands for: itself, or the place of a branch. */
static void put_good(chiso__sheet_plan *plan, uint32_t node, const char *raw,
                     chiso__buffer *out) {
  if (plan->ix->nodes[node].op == CHISO_OP_CASE &&
      plan->ix->nodes[node].n_inputs == 1)
    put_branch_of(plan, node, raw, "", out);
  else
    chiso__buffer_text(out, raw);
}

/* A number, the place of a choice or a branch, "NA", "!" or "". */
static void put_taken(chiso__sheet_plan *plan, uint32_t node, uint32_t input,
                      unsigned stage, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  uint32_t row = chiso__sheet_input_row(plan->m, &plan->layout, node, input);
  chiso__cell_name raw = chiso__cell_at(plan, CHISO__ENTRY_OF(stage), row);
  unsigned earlier = before(plan, stage);
  chiso__buffer_print(out, "=IF(%s=\"\",", raw.text);
  if (earlier != stage)
    chiso__buffer_text(
        out, chiso__cell_at(plan, CHISO__TAKEN_OF(earlier), row).text);
  else
    chiso__buffer_text(out, "\"\"");
  if (n->inputs[input].unit == CHISO_UNIT_CHOICE) {
    const char *list = chiso__plan_list(plan, node, false, false);
    chiso__buffer_print(out, ",IF(ISNUMBER(MATCH(%s,%s,0)),MATCH(%s,%s,0),",
                        raw.text, list, raw.text, list);
  } else {
    chiso__limits limits = chiso__limits_of(n, &n->inputs[input]);
    chiso__buffer test = { .allocator = out->allocator };
    chiso__limits_test(&limits, &test);
    chiso__buffer_text(out, ",IF(ISNUMBER(");
    chiso__buffer_print(out, "%s),", raw.text);
    if (test.size > 0) {
      chiso__buffer_text(out, "IF(");
      for (const char *c = test.data; *c; c++)
        chiso__buffer_bytes(out, *c == '@' ? raw.text : c,
                            *c == '@' ? strlen(raw.text) : 1);
      chiso__buffer_text(out, ",");
    }
    put_good(plan, node, raw.text, out);
    chiso__buffer_text(out, test.size > 0 ? ",\"" CHISO__FAULT "\")," : ",");
    out->failed |= test.failed;
    chiso__buffer_free(&test);
  }
  if (n->na != CHISO_POLICY_FORBIDDEN)
    chiso__buffer_print(out,
                        "IF(ISNUMBER(MATCH(%s," CHISO__LISTS "!$A$1:$A$%u,0)),"
                        "\"NA\",\"" CHISO__FAULT "\")))",
                        raw.text, CHISO__NA_WORDS);
  else
    chiso__buffer_text(out, "\"" CHISO__FAULT "\"))");
}

/* The branch of a case with several inputs; "E": a denominator of zero. */
static void put_quotient_branch(chiso__sheet_plan *plan, uint32_t node,
                                unsigned stage, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  chiso__cell_name name[3] = { { "" }, { "" }, { "" } };
  for (uint32_t i = 0; i < n->n_inputs; i++)
    name[n->inputs[i].role] =
        chiso__cell_at(plan, CHISO__TAKEN_OF(stage),
                       chiso__sheet_input_row(plan->m, &plan->layout, node, i));
  const char *x = name[CHISO_ROLE_X].text, *num = name[CHISO_ROLE_NUM].text,
             *den = name[CHISO_ROLE_DEN].text;
  chiso__buffer_text(out, "=");
  if (x[0]) {
    chiso__buffer_print(out, "IF(ISNUMBER(%s),IF(AND(%s=\"\",%s=\"\"),", x, num,
                        den);
    put_branch_of(plan, node, x, "", out);
    chiso__buffer_text(out, ",\"" CHISO__FAULT "\"),");
  }
  if (x[0])
    chiso__buffer_print(out, "IF(AND(COUNT(%s,%s)=2,%s=\"\"),", num, den, x);
  else
    chiso__buffer_print(out, "IF(COUNT(%s,%s)=2,", num, den);
  chiso__buffer_print(out, "IF(%s=0,IF(%s=0,\"E\",\"" CHISO__FAULT "\"),", den,
                      num);
  put_branch_of(plan, node, num, den, out);
  chiso__buffer_print(out, "),IF(OR(%s=\"!\",%s=\"!\"),\"!\",", num, den);
  chiso__buffer_print(out,
                      "IF(OR(%s=\"NA\",%s=\"NA\"),IF(COUNT(%s,%s)=0,\"NA\","
                      "\"!\"),\"\")))",
                      num, den, num, den);
  if (x[0])
    chiso__buffer_text(out, ")");
}

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
    put_quotient_branch(plan, node, stage, out);
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

static void plan_node(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
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
  if (!leaf && (r.count == 0 || many_branches(plan, node))) {
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
  if (leaf || n->op == CHISO_OP_CASE)
    plan_leaf(plan, node, stage, line, out);
  else
    plan_inner(plan, node, &r, stage, line, out);
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    put_taken(plan, node, i, stage, out);
    plan->lines[chiso__sheet_input_row(plan->m, &plan->layout, node, i)]
        .taken[stage] = formula(plan, out);
  }
}

/* ---- totals ---------------------------------------------------------------
 */

/* Bonus or penalty: each within its own cap, all within theirs. */
static void put_extras(chiso__sheet_plan *plan, bool penalty, unsigned stage,
                       chiso__buffer *out) {
  const chiso_run_rules *rules = plan->rules;
  chiso_dec most = penalty ? rules->penalty_most : rules->bonus_most;
  const char *between = "";
  if (most != CHISO_NONE) {
    chiso__buffer_text(out, "MIN(");
    chiso__put_dec(out, most);
    chiso__buffer_text(out, ",");
  }
  for (size_t i = 0; i < rules->n_extras; i++) {
    const chiso_extra *x = &rules->extras[i];
    if (x->penalty != penalty)
      continue;
    chiso__buffer_print(out, "%sMIN(", between);
    chiso__put_dec(out, x->most != CHISO_NONE ? x->most
                                              : plan->ix->nodes[x->node].max);
    chiso__buffer_print(out, ",N(%s))",
                        chiso__cell_at(plan, CHISO__POINTS_OF(stage),
                                       plan->layout.of_node[x->node])
                            .text);
    between = "+";
  }
  if (between[0] == '\0')
    chiso__buffer_text(out, "0");
  if (most != CHISO_NONE)
    chiso__buffer_text(out, ")");
}

/* A cell of the head, by its line from the top. */
static chiso__cell_name head_cell(const chiso__sheet_plan *plan,
                                  unsigned column, uint32_t line) {
  return chiso__cell_at(plan, column, line - plan->layout.first);
}

static void put_total(chiso__sheet_plan *plan, const char *raw, unsigned stage,
                      chiso__buffer *out) {
  const chiso_run_rules *rules = plan->rules;
  if (rules->least != CHISO_NONE) {
    chiso__buffer_text(out, "MAX(");
    chiso__put_dec(out, rules->least);
    chiso__buffer_text(out, ",");
  }
  if (rules->most != CHISO_NONE) {
    chiso__buffer_text(out, "MIN(");
    chiso__put_dec(out, rules->most);
    chiso__buffer_text(out, ",");
  }
  chiso__buffer_text(out, raw);
  if (plan->extras)
    chiso__buffer_print(
        out, "+%s-%s",
        head_cell(plan, CHISO__POINTS_OF(stage), CHISO__HEAD_BONUS).text,
        head_cell(plan, CHISO__POINTS_OF(stage), CHISO__HEAD_PENALTY).text);
  chiso__buffer_text(out, rules->most != CHISO_NONE ? ")" : "");
  chiso__buffer_text(out, rules->least != CHISO_NONE ? ")" : "");
}

static void plan_head(chiso__sheet_plan *plan, unsigned stage,
                      chiso__buffer *out) {
  const chiso_node *root = &plan->ix->nodes[0];
  bool gathered = root->op >= CHISO_OP_SUM && root->op <= CHISO_OP_SCALE;
  chiso__cell_name raw = chiso__cell_at(
      plan, gathered ? CHISO__TAKEN_OF(stage) : CHISO__POINTS_OF(stage), 0);
  chiso__cell_name most = chiso__cell_at(plan, CHISO__MOST_OF(stage), 0);
  chiso__cell_name todo = chiso__cell_at(plan, CHISO__TODO_OF(stage), 0);
  chiso__cell_name total =
      head_cell(plan, CHISO__TAKEN_OF(stage), CHISO__HEAD_TOTAL);
  chiso__buffer_print(out, "=IF(ISNUMBER(%s),", raw.text);
  put_total(plan, raw.text, stage, out);
  chiso__buffer_print(out, ",%s)", raw.text);
  plan->total[stage] = chiso__plan_take(plan, out);
  chiso__buffer_print(out, "=IF(ISNUMBER(%s),", total.text);
  chiso__put_rounded(out, total.text, root->digits, root->round);
  chiso__buffer_print(out, ",%s)", total.text);
  plan->head[CHISO__HEAD_TOTAL][stage] = chiso__plan_take(plan, out);
  chiso__buffer_print(out, "=%s", most.text);
  plan->head[CHISO__HEAD_MAX][stage] = chiso__plan_take(plan, out);
  const char *percent =
      chiso__plan_print(plan, "100*%s/%s", total.text, most.text);
  chiso__buffer_print(out, "=IF(ISNUMBER(%s),IF(%s>0,", total.text, most.text);
  chiso__put_rounded(out, percent, plan->ix->digits, root->round);
  chiso__buffer_text(out, ",\"\"),\"\")");
  plan->head[CHISO__HEAD_PERCENT][stage] = chiso__plan_take(plan, out);
  chiso__buffer_print(out, "=IF(%s=0,\"%s\",%s)", todo.text,
                      chiso__plan_say(plan, MSG_SHEET_COMPLETE), todo.text);
  plan->head[CHISO__HEAD_TODO][stage] = chiso__plan_take(plan, out);
  for (unsigned penalty = 0; plan->extras && penalty < 2; penalty++) {
    chiso__buffer_text(out, "=");
    put_extras(plan, penalty, stage, out);
    plan->head[CHISO__HEAD_BONUS + penalty][stage] =
        chiso__plan_take(plan, out);
  }
}

void chiso__plan_formulas(chiso__sheet_plan *plan) {
  chiso__buffer out = { .allocator = plan->arena.allocator };
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++) {
    if (!(plan->stages >> stage & 1))
      continue;
    for (uint32_t n = 0; n < plan->ix->n_nodes; n++)
      plan_node(plan, n, stage, &out);
    plan_head(plan, stage, &out);
  }
  plan->failed |= out.failed;
  chiso__buffer_free(&out);
}
