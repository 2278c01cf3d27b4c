/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_shown.c - what the formulas give: leaves as the engine scores
 * them, the tree as the formulas add it up, whatever is missing. */
#include "sheet/make_shown.h"

#include <string.h>

#include "base/dec.h"

#define STAGES CHISO_SHEET_STAGES

chiso_status chiso__tally_make(const chiso__sheet_plan *plan,
                               const bool *exempt, chiso__arena *arena,
                               chiso__tally *out, chiso_error *err) {
  size_t slots = chiso_program_slots(plan->program);
  *out = (chiso__tally) { .plan = plan, .exempt = exempt };
  out->typed = chiso__arena_array(arena, slots * STAGES, sizeof *out->typed);
  out->taken = chiso__arena_array(arena, slots * STAGES, sizeof *out->taken);
  out->shown = chiso__arena_array(arena, (size_t)plan->ix->n_nodes * STAGES,
                                  sizeof *out->shown);
  out->branch = chiso__arena_array(arena, (size_t)plan->ix->n_nodes * STAGES,
                                   sizeof *out->branch);
  out->fixed =
      chiso__arena_array(arena, slots + 1, sizeof(const chiso_fixed *));
  out->given =
      chiso__arena_array(arena, plan->ix->n_nodes, sizeof(const chiso_fixed *));
  if (!out->typed || !out->taken || !out->shown || !out->branch ||
      !out->fixed || !out->given)
    return chiso__no_memory(err);
  CHISO__TRY(chiso_entries_new(plan->program, STAGES, arena->allocator,
                               &out->entries, err));
  chiso_status status = chiso_scores_new(plan->program, STAGES,
                                         arena->allocator, &out->scores, err);
  if (status != CHISO_OK)
    chiso_entries_free(&out->entries);
  return status;
}

void chiso__tally_free(chiso__tally *t) {
  if (!t->scores.points)
    return;
  chiso_entries_free(&t->entries);
  chiso_scores_free(&t->scores);
}

/* ---- what the round fixes -------------------------------------------------
 */

static void fix(chiso__tally *t, const chiso_fixed *f) {
  const chiso_node *n = &t->plan->ix->nodes[f->node];
  if (t->exempt[f->node])
    return;
  if (f->input == CHISO_NO_SLOT) {
    t->given[f->node] = f;
    for (uint32_t i = 0; i < n->n_inputs; i++)
      for (unsigned stage = 0; stage < STAGES; stage++)
        chiso__typed(t, f->node, i, stage)->is = CHISO__ENTRY_IS_EMPTY;
    return;
  }
  t->fixed[chiso_program_slot(t->plan->program, f->node) + (size_t)f->input] =
      f;
  for (unsigned stage = 0; stage < STAGES; stage++)
    if (chiso__counts_under(n, stage))
      *chiso__typed(t, f->node, f->input, stage) =
          (chiso__sheet_entry) { CHISO__ENTRY_IS_RAW, f->value, NULL };
}

void chiso__tally_fix(chiso__tally *t, size_t unit) {
  const chiso_run_rules *rules = t->plan->rules;
  for (size_t i = 0; i < rules->n_fixed; i++)
    if (rules->fixed[i].unit == SIZE_MAX || rules->fixed[i].unit == unit)
      fix(t, &rules->fixed[i]);
}

/* ---- the entries that count -----------------------------------------------
 */

static void take_leaf(chiso__tally *t, uint32_t node, unsigned stage,
                      unsigned earlier) {
  const chiso_node *n = &t->plan->ix->nodes[node];
  uint32_t slot = chiso_program_slot(t->plan->program, node);
  bool na = false;
  if (t->given[node])
    chiso_entries_give(&t->entries, node, stage, t->given[node]->value);
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    size_t row = (size_t)(slot + i) * STAGES;
    t->taken[row + stage] = t->typed[row + stage];
    if (!t->typed[row + stage].is && earlier != stage)
      t->taken[row + stage] = t->taken[row + earlier];
    const chiso__sheet_entry *e = &t->taken[row + stage];
    na |= e->is == CHISO__ENTRY_IS_NA;
    if (e->is == CHISO__ENTRY_IS_RAW)
      chiso_entries_set(&t->entries, slot + i, stage, e->raw);
  }
  if (na)
    chiso_entries_not_applicable(&t->entries, node, stage);
}

static void take_stage(chiso__tally *t, unsigned stage) {
  unsigned earlier = chiso__stage_before(t->plan, stage);
  for (uint32_t i = 0; i < t->plan->ix->n_nodes; i++) {
    const chiso_node *n = &t->plan->ix->nodes[i];
    if (t->exempt[i] || !chiso__counts_under(n, stage))
      chiso_entries_leave_out(&t->entries, i, stage);
    else
      take_leaf(t, i, stage, earlier);
  }
}

/* ---- leaves ---------------------------------------------------------------
 */

static chiso__shown left_out(void) {
  return (chiso__shown) { CHISO__LEFT_OUT, 0, 0, 0 };
}

/* "Not applicable" of one stage beside a value of another. */
static bool mixed(const chiso__tally *t, uint32_t node, unsigned stage) {
  const chiso_node *n = &t->plan->ix->nodes[node];
  size_t slot = chiso_program_slot(t->plan->program, node);
  unsigned met = 0;
  for (uint32_t i = 0; i < n->n_inputs; i++)
    met |= 1u << t->taken[(slot + i) * STAGES + stage].is;
  return met >> CHISO__ENTRY_IS_RAW & 1 && met >> CHISO__ENTRY_IS_NA & 1;
}

static chiso__shown leaf(const chiso__tally *t, uint32_t node, unsigned stage) {
  const chiso_node *n = &t->plan->ix->nodes[node];
  size_t at = (size_t)node * STAGES + stage;
  chiso__shown out = { "", 0, n->max, 1 };
  unsigned state = t->scores.state[at];
  if (!chiso__counts_under(n, stage))
    return left_out();
  if (t->given[node])
    return (chiso__shown) { NULL, t->given[node]->value, n->max, 0 };
  if (!t->plan->lines[t->plan->layout.of_node[node]].live[stage])
    out.text = CHISO__NOT_LIVE;
  else if (mixed(t, node, stage))
    out.text = CHISO__FAULT;
  else if (chiso_has_points(state))
    out = (chiso__shown) { NULL, t->scores.points[at], n->max, 0 };
  else if (state == CHISO_STATE_NOT_APPLICABLE)
    out = left_out();
  else if (state == CHISO_STATE_ERROR)
    out.text = CHISO__FAULT;
  else if (n->op == CHISO_OP_STEP && n->n_steps == 0)
    out = (chiso__shown) { NULL,
                           chiso_dec_round(n->otherwise, n->digits, n->round),
                           n->max, 0 };
  return out;
}

/* ---- what stands above ----------------------------------------------------
 */

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

static chiso__shown gathered(const chiso__tally *t, uint32_t node,
                             unsigned stage) {
  const chiso__sheet_plan *plan = t->plan;
  const chiso_node *nodes = plan->ix->nodes, *n = &nodes[node];
  chiso__shown b = { "", 0, n->max, 0 };
  chiso__wide total = 0, weight = 0;
  bool any = false, points = false;
  for (uint32_t c = chiso_methodology_first_child(plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    const chiso__shown *below = chiso__shown_at(t, c, stage);
    if (nodes[c].weight == 0)
      continue;
    any = true;
    b.todo += below->todo;
    if (n->op == CHISO_OP_SUM)
      b.most += below->most - nodes[c].max;
    if (below->text)
      continue;
    points = true;
    b.points += below->points;
    total += (chiso__wide)below->points * nodes[c].weight;
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

static chiso__shown by_policy(const chiso_node *n, unsigned policy) {
  if (policy == CHISO_POLICY_LEAVE_OUT)
    return left_out();
  if (policy == CHISO_POLICY_FORBIDDEN)
    return (chiso__shown) { CHISO__FAULT, 0, n->max, 1 };
  chiso_dec points = policy == CHISO_POLICY_FULL
                         ? chiso_dec_round(n->max, n->digits, n->round)
                         : 0;
  return (chiso__shown) { NULL, points, n->max, 0 };
}

static chiso__shown of_branch(const chiso__tally *t, uint32_t node,
                              uint32_t branch, unsigned stage) {
  const chiso_node *nodes = t->plan->ix->nodes, *n = &nodes[node];
  chiso__shown b = *chiso__shown_at(t, branch, stage);
  b.most += n->max - nodes[branch].max;
  if (b.text && strcmp(b.text, CHISO__LEFT_OUT) == 0)
    b.most = 0;
  else if (!b.text && n->digits < CHISO_KEEP)
    b.points = chiso_dec_round(b.points, n->digits, n->round);
  return b;
}

static void find_branch(chiso__tally *t, uint32_t node, unsigned stage,
                        chiso_trace *trace) {
  uint32_t *place = &t->branch[(size_t)node * STAGES + stage], at = 0;
  chiso_explain(t->plan->program, &t->entries, &t->scores, node, stage, trace);
  for (uint32_t c = chiso_methodology_first_child(t->plan->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(t->plan->m, c)) {
    at++;
    if (c == trace->branch)
      *place = at;
  }
}

static chiso__shown chosen(chiso__tally *t, uint32_t node, unsigned stage) {
  const chiso_node *n = &t->plan->ix->nodes[node];
  chiso_trace trace;
  find_branch(t, node, stage, &trace);
  if (mixed(t, node, stage))
    return (chiso__shown) { CHISO__FAULT, 0, n->max, 1 };
  if (t->branch[(size_t)node * STAGES + stage])
    return of_branch(t, node, trace.branch, stage);
  if (trace.reason == CHISO_REASON_NOT_APPLICABLE)
    return by_policy(n, n->na);
  if (trace.reason == CHISO_REASON_ZERO_DEN)
    return by_policy(n, n->empty);
  bool fault = trace.state == CHISO_STATE_ERROR;
  return (chiso__shown) { fault ? CHISO__FAULT : "", 0, n->max, 1 };
}

/* ---- the tree -------------------------------------------------------------
 */

static chiso__shown whole(chiso__tally *t, uint32_t node, unsigned stage) {
  const chiso__cell_plan *cell =
      &t->plan->lines[t->plan->layout.of_node[node]].points[stage];
  const chiso_node *n = &t->plan->ix->nodes[node];
  if (t->exempt[node])
    return left_out();
  if (chiso_methodology_first_child(t->plan->m, node) == CHISO_NO_NODE)
    return leaf(t, node, stage);
  chiso__shown out = n->op == CHISO_OP_CASE ? chosen(t, node, stage)
                                            : gathered(t, node, stage);
  /* what has no formula adds nothing */
  if (cell->kind == CHISO__CELL_TEXT)
    out.text = cell->text;
  return out;
}

/* What lies below branches that are not taken is not counted. */
static void hide_branches(chiso__tally *t, uint32_t node, unsigned stage) {
  const chiso_methodology *m = t->plan->m;
  uint32_t parent = chiso_methodology_parent(m, node);
  size_t at = (size_t)node * STAGES + stage;
  if (parent == CHISO_NO_NODE)
    return;
  bool hidden = t->branch[(size_t)parent * STAGES + stage] == CHISO_NO_NODE;
  if (t->plan->ix->nodes[parent].op == CHISO_OP_CASE) {
    uint32_t place = 1;
    for (uint32_t c = chiso_methodology_first_child(m, parent); c != node;
         c = chiso_methodology_next(m, c))
      place++;
    hidden |= t->branch[(size_t)parent * STAGES + stage] != place;
  }
  if (!hidden)
    return;
  t->shown[at] = left_out();
  t->branch[at] = CHISO_NO_NODE;
}

void chiso__tally_count(chiso__tally *t) {
  const chiso__sheet_plan *plan = t->plan;
  for (unsigned stage = 0; stage < STAGES; stage++)
    if (plan->stages >> stage & 1)
      take_stage(t, stage);
  chiso_score(plan->program, &t->entries, &t->scores);
  for (unsigned stage = 0; stage < STAGES; stage++) {
    if (!(plan->stages >> stage & 1))
      continue;
    /* children stand after their parents */
    for (uint32_t i = plan->ix->n_nodes; i-- > 0;)
      t->shown[(size_t)i * STAGES + stage] = whole(t, i, stage);
    for (uint32_t i = 0; i < plan->ix->n_nodes; i++)
      hide_branches(t, i, stage);
  }
}

/* ---- hidden cells and the head --------------------------------------------
 */

static const char *beside_node(const chiso__tally *t, uint32_t node,
                               unsigned stage, double *number) {
  const chiso__shown *b = chiso__shown_at(t, node, stage);
  const chiso_node *n = &t->plan->ix->nodes[node];
  uint32_t branch = t->branch[(size_t)node * STAGES + stage];
  if (n->op != CHISO_OP_CASE) {
    *number = (double)b->points / CHISO_DEC_ONE;
    return b->text;
  }
  if (branch && branch != CHISO_NO_NODE) {
    *number = branch;
    return NULL;
  }
  chiso_trace trace;
  chiso_explain(t->plan->program, &t->entries, &t->scores, node, stage, &trace);
  return trace.reason == CHISO_REASON_NOT_APPLICABLE ? "NA"
         : trace.reason == CHISO_REASON_ZERO_DEN     ? "E"
         : trace.state == CHISO_STATE_ERROR          ? CHISO__FAULT
                                                     : "";
}

static bool outside(const chiso_node *n, const chiso_input *in, int64_t raw) {
  chiso__limits l = chiso__limits_of(n, in);
  chiso__wide value =
      (chiso__wide)raw * chiso__power10[CHISO_DEC_DIGITS - in->digits];
  return (l.has_lo && value < l.lo) || (l.has_hi && value > l.hi);
}

const char *chiso__shown_taken(const chiso__tally *t, uint32_t node,
                               uint32_t input, unsigned stage, double *number) {
  if (input == CHISO__NO_INPUT)
    return beside_node(t, node, stage, number);
  const chiso_node *n = &t->plan->ix->nodes[node];
  size_t slot = chiso_program_slot(t->plan->program, node) + (size_t)input;
  const chiso__sheet_entry *e = &t->taken[slot * STAGES + stage];
  if (e->is != CHISO__ENTRY_IS_RAW)
    return e->is == CHISO__ENTRY_IS_NA ? "NA" : "";
  if (n->inputs[input].unit == CHISO_UNIT_CHOICE)
    *number = (double)(e->raw + 1);
  else if (outside(n, &n->inputs[input], e->raw))
    return CHISO__FAULT;
  else if (n->op == CHISO_OP_CASE && n->n_inputs == 1)
    return beside_node(t, node, stage, number);
  else
    *number = (double)e->raw / (double)chiso__power10[n->inputs[input].digits];
  return NULL;
}

static chiso_dec capped(chiso_dec points, chiso_dec most) {
  return most != CHISO_NONE && points > most ? most : points;
}

chiso__shown chiso__shown_total(const chiso__tally *t, unsigned stage,
                                chiso_dec extras[2]) {
  const chiso_run_rules *rules = t->plan->rules;
  chiso__shown total = *chiso__shown_at(t, 0, stage);
  extras[0] = extras[1] = 0;
  for (size_t i = 0; i < rules->n_extras; i++) {
    const chiso_extra *x = &rules->extras[i];
    const chiso__shown *b = chiso__shown_at(t, x->node, stage);
    chiso_dec most =
        x->most != CHISO_NONE ? x->most : t->plan->ix->nodes[x->node].max;
    extras[x->penalty] += b->text ? 0 : capped(b->points, most);
  }
  extras[0] = capped(extras[0], rules->bonus_most);
  extras[1] = capped(extras[1], rules->penalty_most);
  if (total.text)
    return total;
  total.points = capped(total.points + extras[0] - extras[1], rules->most);
  if (rules->least != CHISO_NONE && total.points < rules->least)
    total.points = rules->least;
  return total;
}
