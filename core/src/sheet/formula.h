/* SPDX-License-Identifier: Apache-2.0
 * sheet/formula.h - what the files that make formulas share. */
#ifndef CHISO_SHEET_FORMULA_H
#define CHISO_SHEET_FORMULA_H

#include "sheet/make_plan.h"

#define CHISO__MOST_BRANCHES 50u /* of a case: nested, and within CHOOSE() */

/* Whether a node is a case with more branches than a formula chooses from. */
bool chiso__many_branches(const chiso__sheet_plan *plan, uint32_t node);

/* formula_entry.c: the entry of an input that counts under a stage, as a
 * formula: a number, the place of a choice or a branch, "NA", "!" or "". */
void chiso__put_taken(chiso__sheet_plan *plan, uint32_t node, uint32_t input,
                      unsigned stage, chiso__buffer *out);
/* The branch of a case with several inputs; "E": a denominator of zero. */
void chiso__put_quotient_branch(chiso__sheet_plan *plan, uint32_t node,
                                unsigned stage, chiso__buffer *out);

/* formula_tree.c: all cells of a node under a stage. */
void chiso__plan_node(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                      chiso__buffer *out);

#endif
