/* SPDX-License-Identifier: Apache-2.0
 * sheet/formula_entry.c - the entry that counts under a stage. */
#include <string.h>

#include "sheet/formula.h"

/* ---- the entry that counts ------------------------------------------------
 */

unsigned chiso__stage_before(const chiso__sheet_plan *plan, unsigned stage) {
  for (unsigned s = stage; s > CHISO_SHEET_APPRAISED_1;)
    if (plan->stages >> --s & 1)
      return s;
  return stage;
}

/* The place of the branch that a number chooses, nested from the first. */
static void put_branch_of(chiso__sheet_plan *plan, uint32_t node, const char *n,
                          const char *d, chiso__buffer *out) {
  const chiso_node *nodes = plan->ix->nodes;
  unsigned place = 0, open = 0;
  bool rest = false;
  if (chiso__many_branches(plan, node)) {
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
void chiso__put_taken(chiso__sheet_plan *plan, uint32_t node, uint32_t input,
                      unsigned stage, chiso__buffer *out) {
  const chiso_node *n = &plan->ix->nodes[node];
  uint32_t row = chiso__sheet_input_row(plan->m, &plan->layout, node, input);
  chiso__cell_name raw = chiso__cell_at(plan, CHISO__ENTRY_OF(stage), row);
  unsigned earlier = chiso__stage_before(plan, stage);
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
void chiso__put_quotient_branch(chiso__sheet_plan *plan, uint32_t node,
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
