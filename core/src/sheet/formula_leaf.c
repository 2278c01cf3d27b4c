/* SPDX-License-Identifier: Apache-2.0
 * sheet/formula_leaf.c - points of a leaf as a formula: engine/leaf.c in the
 * language of spreadsheets. */
#include <string.h>

#include "base/dec.h"
#include "sheet/make_plan.h"

#define MOST_NESTED 50u /* IFs within IFs: Excel takes 64 */

/* A leaf under a stage. Its inputs are the cells that hold what counts: a
 * number, "", "NA" or "!". */
typedef struct leaf {
  chiso__sheet_plan *plan;
  const chiso_node *node;
  chiso__cell_name x, num, den; /* "" where the leaf has none */
  chiso__buffer *out;
} leaf;

static bool have(const chiso__cell_name *name) {
  return name->text[0] != '\0';
}

static void put(const leaf *l, const char *text) {
  chiso__buffer_text(l->out, text);
}

static void rounded(const leaf *l, const char *what) {
  chiso__put_rounded(l->out, what, l->node->digits, l->node->round);
}

/* ---- points of an argument n/d; d is "" for a plain number ----------------
 */

static void put_steps(const leaf *l, const char *n, const char *d) {
  const chiso_node *node = l->node;
  for (uint32_t i = 0; i < node->n_steps; i++) {
    put(l, "IF(");
    chiso__put_reaches(l->out, node, n, d, node->steps[i].at,
                       node->steps[i].cmp);
    put(l, ",");
    chiso__put_dec(l->out, chiso_dec_round(node->steps[i].points, node->digits,
                                           node->round));
    put(l, ",");
  }
  chiso__put_dec(l->out,
                 chiso_dec_round(node->otherwise, node->digits, node->round));
  for (uint32_t i = 0; i < node->n_steps; i++)
    put(l, ")");
}

/* The line from one corner to the next at the argument. */
static void put_segment(const leaf *l, const chiso_step *from, const char *n,
                        const char *d) {
  const chiso_step *to = from + 1;
  chiso__buffer line = { .allocator = l->out->allocator };
  chiso__put_dec(&line, from->points);
  chiso__buffer_text(&line, "+(");
  chiso__put_dec(&line, to->points - from->points);
  chiso__buffer_print(&line, ")*(%s%s%s-", n, d[0] ? "/" : "", d);
  chiso__buffer_text(&line, from->at < 0 ? "(" : "");
  chiso__put_dec(&line, from->at);
  chiso__buffer_text(&line, from->at < 0 ? ")" : "");
  chiso__buffer_text(&line, ")/");
  chiso__put_dec(&line, to->at - from->at);
  rounded(l, line.data ? line.data : "");
  l->out->failed |= line.failed;
  chiso__buffer_free(&line);
}

static void put_corners(const leaf *l, const char *n, const char *d) {
  const chiso_node *node = l->node;
  for (uint32_t i = node->n_steps; i-- > 0;) {
    const chiso_step *step = &node->steps[i];
    put(l, "IF(");
    chiso__put_reaches(l->out, node, n, d, step->at, CHISO_CMP_GE);
    put(l, ",");
    if (i + 1 == node->n_steps)
      chiso__put_dec(l->out,
                     chiso_dec_round(step->points, node->digits, node->round));
    else
      put_segment(l, step, n, d);
    put(l, ",");
  }
  chiso__put_dec(l->out, chiso_dec_round(node->steps[0].points, node->digits,
                                         node->round));
  for (uint32_t i = 0; i < node->n_steps; i++)
    put(l, ")");
}

static void put_ratio(const leaf *l, const char *n, const char *d) {
  const chiso_node *node = l->node;
  chiso__buffer part = { .allocator = l->out->allocator };
  if (node->floor != CHISO_NONE) {
    put(l, "IF(");
    chiso__put_reaches(l->out, node, n, d, node->floor, CHISO_CMP_LT);
    put(l, ",0,");
  }
  chiso_dec most;
  (void)chiso_muldiv(node->max, node->cap, CHISO_DEC_ONE, &most);
  chiso__buffer_text(&part, "MIN(");
  chiso__put_dec(&part, most);
  chiso__buffer_text(&part, ",");
  chiso__put_dec(&part, node->max);
  if (node->target == CHISO_DEC_ONE) {
    chiso__buffer_print(&part, "*%s/%s)", n, d);
  } else {
    chiso__buffer_print(&part, "*%s/(%s*", n, d);
    chiso__put_dec(&part, node->target);
    chiso__buffer_text(&part, "))");
  }
  rounded(l, part.data ? part.data : "");
  l->out->failed |= part.failed;
  chiso__buffer_free(&part);
  if (node->floor != CHISO_NONE)
    put(l, ")");
}

/* points = times * (q - from) / by, of survey, share, norm and index */
static void put_line(const leaf *l, const char *n, const char *d,
                     chiso_dec times, chiso_dec from, chiso_dec by) {
  chiso__buffer line = { .allocator = l->out->allocator };
  /* differences of doubles have dust in their last digits */
  chiso__buffer_text(&line, from != 0 ? "ROUND(" : "");
  chiso__put_dec(&line, times);
  chiso__buffer_print(&line, "*(%s%s%s", n, d[0] ? "/" : "", d);
  if (from != 0) {
    chiso__buffer_text(&line, from < 0 ? "+" : "-");
    chiso__put_dec(&line, from < 0 ? -from : from);
  }
  chiso__buffer_text(&line, ")");
  if (by != CHISO_DEC_ONE) {
    chiso__buffer_text(&line, "/(");
    chiso__put_dec(&line, by);
    chiso__buffer_text(&line, ")");
  }
  chiso__buffer_text(&line, from != 0 ? ",10)" : "");
  rounded(l, line.data ? line.data : "");
  l->out->failed |= line.failed;
  chiso__buffer_free(&line);
}

static void put_penalty(const leaf *l, const char *x) {
  const chiso_node *node = l->node;
  chiso__buffer line = { .allocator = l->out->allocator };
  chiso__buffer_text(&line, "MAX(");
  chiso__put_dec(&line, node->lo);
  chiso__buffer_text(&line, ",");
  chiso__put_dec(&line, node->max);
  chiso__buffer_text(&line, "-");
  chiso__put_dec(&line, node->per);
  chiso__buffer_print(&line, "*%s)", x);
  rounded(l, line.data ? line.data : "");
  l->out->failed |= line.failed;
  chiso__buffer_free(&line);
}

/* A quotient outside the scale of its leaf is a fault. */
static void open_scale(const leaf *l, const char *n, const char *d,
                       chiso_dec from, chiso_dec to) {
  put(l, "IF(AND(");
  chiso__put_reaches(l->out, l->node, n, d, from < to ? from : to,
                     CHISO_CMP_GE);
  put(l, ",");
  chiso__put_reaches(l->out, l->node, n, d, from < to ? to : from,
                     CHISO_CMP_LE);
  put(l, "),");
}

static void put_points(const leaf *l, const char *n, const char *d) {
  const chiso_node *node = l->node;
  bool quotient = d[0] != '\0';
  switch (node->op) {
  case CHISO_OP_MANUAL:
    rounded(l, n);
    break;
  case CHISO_OP_STEP:
    put_steps(l, n, d);
    break;
  case CHISO_OP_LINEAR:
    put_corners(l, n, d);
    break;
  case CHISO_OP_RATIO:
    put_ratio(l, n, d);
    break;
  case CHISO_OP_PENALTY:
    put_penalty(l, n);
    break;
  case CHISO_OP_SURVEY:
    if (quotient)
      open_scale(l, n, d, node->from, node->to);
    put_line(l, n, d, node->max, node->from, node->to - node->from);
    break;
  case CHISO_OP_SHARE:
    if (quotient)
      open_scale(l, n, d, 0, CHISO_DEC_ONE);
    put_line(l, n, d, node->max, 0,
             quotient || node->inputs[0].unit == CHISO_UNIT_SHARE
                 ? CHISO_DEC_ONE
                 : 100 * CHISO_DEC_ONE);
    break;
  case CHISO_OP_NORM:
    put_line(l, n, d, CHISO_DEC_ONE, node->from, node->to - node->from);
    break;
  default: /* INDEX */
    put_line(l, n, d, node->max, 0, node->scale);
  }
  if (quotient && (node->op == CHISO_OP_SURVEY || node->op == CHISO_OP_SHARE))
    put(l, ",\"" CHISO__FAULT "\")");
}

/* ---- whether there is an argument ---------------------------------------- */

/* The cells of all inputs, each with what follows it, between commas. */
static void put_inputs(const leaf *l, const char *after) {
  const chiso__cell_name *names[] = { &l->x, &l->num, &l->den };
  const char *between = "";
  for (size_t i = 0; i < 3; i++)
    if (have(names[i])) {
      chiso__buffer_print(l->out, "%s%s%s", between, names[i]->text, after);
      between = ",";
    }
}

/* What the cells of a leaf with several inputs say when they are no numbers
 * that go together. */
static void put_otherwise(const leaf *l) {
  put(l, "IF(OR(");
  put_inputs(l, "=\"" CHISO__FAULT "\"");
  put(l, "),\"" CHISO__FAULT "\",");
  if (l->node->na != CHISO_POLICY_FORBIDDEN) {
    put(l, "IF(OR(");
    put_inputs(l, "=\"NA\"");
    put(l, "),IF(COUNT(");
    put_inputs(l, "");
    put(l, ")=0,");
    chiso__put_policy(l->out, l->node, l->node->na);
    put(l, ",\"" CHISO__FAULT "\"),\"\"))");
  } else {
    put(l, "\"\")");
  }
}

static void put_quotient(const leaf *l) {
  if (have(&l->x)) /* what stands there besides is a fault */
    chiso__buffer_print(l->out, "IF(AND(COUNT(%s,%s)=2,%s=\"\"),", l->num.text,
                        l->den.text, l->x.text);
  else
    chiso__buffer_print(l->out, "IF(COUNT(%s,%s)=2,", l->num.text, l->den.text);
  chiso__buffer_print(l->out, "IF(%s=0,IF(%s=0,", l->den.text, l->num.text);
  chiso__put_policy(l->out, l->node, l->node->empty);
  put(l, ",\"" CHISO__FAULT "\"),");
  put_points(l, l->num.text, l->den.text);
  put(l, "),");
  put_otherwise(l);
  put(l, ")");
}

static void put_single(const leaf *l) {
  chiso__buffer_print(l->out, "IF(ISNUMBER(%s),", l->x.text);
  if (l->node->op == CHISO_OP_CHOICE)
    chiso__buffer_print(
        l->out, "INDEX(%s,%s)",
        chiso__plan_list(l->plan, (uint32_t)(l->node - l->plan->ix->nodes),
                         true, false),
        l->x.text);
  else
    put_points(l, l->x.text, "");
  if (l->node->na != CHISO_POLICY_FORBIDDEN) {
    chiso__buffer_print(l->out, ",IF(%s=\"NA\",", l->x.text);
    chiso__put_policy(l->out, l->node, l->node->na);
    chiso__buffer_print(l->out, ",%s))", l->x.text);
  } else {
    chiso__buffer_print(l->out, ",%s)", l->x.text);
  }
}

bool chiso__leaf_points(chiso__sheet_plan *plan, uint32_t place, unsigned stage,
                        chiso__buffer *out) {
  leaf l = { .plan = plan, .node = &plan->ix->nodes[place], .out = out };
  const chiso_node *n = l.node;
  if (n->op == CHISO_OP_BEST || n->op == CHISO_OP_CALL ||
      (n->op != CHISO_OP_CHOICE && n->n_steps > MOST_NESTED))
    return false;
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    chiso__cell_name name = chiso__cell_at(
        plan, CHISO__TAKEN_OF(stage),
        chiso__sheet_input_row(plan->m, &plan->layout, place, i));
    if (n->inputs[i].role == CHISO_ROLE_X)
      l.x = name;
    else if (n->inputs[i].role == CHISO_ROLE_NUM)
      l.num = name;
    else
      l.den = name;
  }
  if (n->n_inputs == 0) {
    chiso__put_dec(out, chiso_dec_round(n->otherwise, n->digits, n->round));
  } else if (!have(&l.num)) {
    put_single(&l);
  } else if (!have(&l.x)) {
    put_quotient(&l);
  } else {
    chiso__buffer_print(out, "IF(ISNUMBER(%s),IF(AND(%s=\"\",%s=\"\"),",
                        l.x.text, l.num.text, l.den.text);
    put_points(&l, l.x.text, "");
    put(&l, ",\"" CHISO__FAULT "\"),");
    put_quotient(&l);
    put(&l, ")");
  }
  return true;
}
