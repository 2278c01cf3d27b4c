/* SPDX-License-Identifier: Apache-2.0
 * sheet/formula.c - the formulas of a sheet: what all of them are made of, and
 * the totals. formula_entry.c has the entries that count, formula_leaf.c the
 * leaves, formula_tree.c what stands above them. */
#include <string.h>

#include "base/dec.h"
#include "sheet/formula.h"

#define LETTERS 26u

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

bool chiso__many_branches(const chiso__sheet_plan *plan, uint32_t node) {
  uint32_t count = 0;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       plan->ix->nodes[node].op == CHISO_OP_CASE && c != CHISO_NO_NODE;
       c = chiso_methodology_next(plan->m, c))
    count++;
  return count > CHISO__MOST_BRANCHES;
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
      chiso__plan_node(plan, n, stage, &out);
    plan_head(plan, stage, &out);
  }
  plan->failed |= out.failed;
  chiso__buffer_free(&out);
}
