/* SPDX-License-Identifier: Apache-2.0
 * data/rules.c - what a round lays down beside its methodology: exemptions,
 * corrections, bonus and penalty. */
#include <string.h>

#include "data/data.h"

/* ---- exemptions --------------------------------------------------------- */

/* Whether an exemption takes a node away: itself, what stands above it, or who
 * gives its value. */
static bool takes(const chiso_exemption *x, const chiso_methodology *m,
                  uint32_t node) {
  if (x->node == CHISO_NO_NODE)
    return chiso_methodology_first_child(m, node) == CHISO_NO_NODE &&
           chiso_methodology_index(m)->nodes[node].assessor == x->assessor;
  for (; node != CHISO_NO_NODE; node = chiso_methodology_parent(m, node))
    if (node == x->node)
      return true;
  return false;
}

const chiso_exemption *chiso__exemption_of(const chiso_run_rules *rules,
                                           const chiso_methodology *m,
                                           uint32_t node, size_t unit) {
  for (size_t i = 0; rules && i < rules->n_exemptions; i++) {
    const chiso_exemption *x = &rules->exemptions[i];
    if ((x->unit == SIZE_MAX || x->unit == unit) && takes(x, m, node))
      return x;
  }
  return NULL;
}

const chiso_exemption *chiso_run_exempt(const chiso_run *run, uint32_t node,
                                        size_t scored) {
  return chiso__exemption_of(run->options.rules,
                             chiso__main_member(run)->methodology, node,
                             run->scored[scored]);
}

/* A value where nothing applies is a slip on one side or the other. */
static void refuse_value(chiso_run *run, const chiso__member *m, uint32_t node,
                         size_t unit, const chiso_exemption *x) {
  const chiso_node *n = &chiso_methodology_index(m->methodology)->nodes[node];
  uint32_t slot = chiso_program_slot(m->program, node);
  uint32_t cell = m->node_cells[node * run->n + unit];
  for (uint32_t i = 0; i < n->n_inputs && !cell; i++)
    cell = m->slot_cells[(slot + i) * run->n + unit];
  /* that it does not apply may be said twice */
  if (!cell ||
      m->entries.entry[node * run->n + unit] == CHISO_ENTRY_NOT_APPLICABLE)
    return;
  const chiso__cell *c = &run->cells[cell];
  chiso__remark(&run->remarks, CHISO_BAD_DATA,
                (chiso__place) { c->file, c->line, c->column },
                MSG_DATA_EXEMPT_VALUE, n->id, x->file,
                (unsigned long long)x->line);
}

static void exempt_unit(chiso_run *run, chiso__member *m,
                        const chiso_exemption *x, size_t unit) {
  uint32_t n = chiso_methodology_index(m->methodology)->n_nodes;
  /* children stand after their parents */
  for (uint32_t i = x->node == CHISO_NO_NODE ? 0 : x->node; i < n; i++) {
    if (!takes(x, m->methodology, i))
      continue;
    refuse_value(run, m, i, unit, x);
    chiso_entries_leave_out(&m->entries, i, unit);
    m->node_cells[i * run->n + unit] = 0;
  }
}

void chiso__rules_exempt(chiso_run *run, chiso__member *m) {
  const chiso_run_rules *rules = run->options.rules;
  for (size_t i = 0; rules && i < rules->n_exemptions; i++) {
    const chiso_exemption *x = &rules->exemptions[i];
    if (x->unit != SIZE_MAX) {
      if (run->scored_of[x->unit] != SIZE_MAX)
        exempt_unit(run, m, x, run->scored_of[x->unit]);
      continue;
    }
    for (size_t u = 0; u < run->n; u++)
      exempt_unit(run, m, x, u);
  }
}

/* ---- fixed entries ------------------------------------------------------- */

/* Whether what a table says is the fixed entry; `cell` is what it says. */
static bool says_same(const chiso_run *run, const chiso__member *m,
                      const chiso_fixed *f, size_t unit, uint32_t *cell) {
  const chiso_node *n =
      &chiso_methodology_index(m->methodology)->nodes[f->node];
  size_t slot = chiso_program_slot(m->program, f->node);
  size_t at = f->node * run->n + unit;
  if (f->input != CHISO_NO_SLOT) {
    size_t place = (slot + f->input) * run->n + unit;
    *cell = m->slot_cells[place];
    if (*cell && m->entries.value[place] == f->value)
      return true;
    *cell = *cell ? *cell : m->node_cells[at];
    return false;
  }
  *cell = m->node_cells[at];
  for (uint32_t i = 0; i < n->n_inputs && !*cell; i++)
    *cell = m->slot_cells[(slot + i) * run->n + unit];
  return m->node_cells[at] && m->entries.entry[at] == CHISO_ENTRY_GIVEN &&
         m->entries.given[at] == f->value;
}

static chiso_status fix_unit(chiso_run *run, chiso__member *m,
                             const chiso_fixed *f, size_t unit,
                             chiso_error *err) {
  const chiso_node *n =
      &chiso_methodology_index(m->methodology)->nodes[f->node];
  uint32_t cell;
  char mark = 0;
  if (chiso__exemption_of(run->options.rules, m->methodology, f->node,
                          run->scored[unit]))
    return CHISO_OK;
  bool same = says_same(run, m, f, unit, &cell);
  if (cell) {
    const chiso__cell *c = &run->cells[cell];
    if (!same)
      chiso__remark(&run->remarks, CHISO_BAD_DATA,
                    (chiso__place) { c->file, c->line, c->column },
                    MSG_DATA_FIXED_VALUE, n->id, f->text, f->file,
                    (unsigned long long)f->line);
    return CHISO_OK;
  }
  chiso__observation o = { .member = m,
                           .file = f->file,
                           .source = f->instrument ? f->instrument
                                     : f->reason   ? f->reason
                                                   : "",
                           .line = f->line,
                           .unit = unit,
                           .node = f->node,
                           .part = CHISO_NO_SLOT,
                           .input = f->input == CHISO_NO_SLOT
                                        ? ""
                                        : n->inputs[f->input].key,
                           .text = f->text,
                           .points = f->input == CHISO_NO_SLOT };
  return chiso__observe(run, &o, &mark, err);
}

chiso_status chiso__rules_fix(chiso_run *run, chiso__member *m,
                              chiso_error *err) {
  const chiso_run_rules *rules = run->options.rules;
  for (size_t i = 0; rules && i < rules->n_fixed; i++) {
    const chiso_fixed *f = &rules->fixed[i];
    /* what others give is no part of what units score themselves */
    if (run->stage == CHISO_STAGE_SELF &&
        chiso__stage_giver(m->methodology, f->node) != CHISO_BY_NONE)
      continue;
    for (size_t u = 0; u < run->n; u++)
      if (f->unit == SIZE_MAX || f->unit == run->scored[u])
        CHISO__TRY(fix_unit(run, m, f, u, err));
  }
  return CHISO_OK;
}

/* ---- corrections -------------------------------------------------------- */

/* Takes away what a correction replaces: an input and what was said of the
 * whole node, or, with `all`, every input too. */
static void clear(chiso_run *run, chiso__member *m, const chiso_correction *c,
                  size_t unit, bool all) {
  const chiso_node *n =
      &chiso_methodology_index(m->methodology)->nodes[c->node];
  uint32_t slot = chiso_program_slot(m->program, c->node);
  m->node_cells[c->node * run->n + unit] = 0;
  m->entries.entry[c->node * run->n + unit] = CHISO_ENTRY_NONE;
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    size_t at = (slot + i) * run->n + unit;
    if (!all && *c->input && strcmp(n->inputs[i].key, c->input) != 0)
      continue;
    m->slot_cells[at] = 0;
    m->entries.have[at] = 0;
  }
}

chiso_status chiso__rules_correct(chiso_run *run, chiso__member *m,
                                  chiso_error *err) {
  const chiso_run_rules *rules = run->options.rules;
  for (size_t i = 0; rules && i < rules->n_corrections; i++) {
    const chiso_correction *c = &rules->corrections[i];
    size_t unit = run->scored_of[c->unit];
    char mark = 0;
    if (unit == SIZE_MAX)
      continue;
    bool whole = c->points || strcmp(c->value, "NA") == 0;
    clear(run, m, c, unit, whole);
    chiso__observation o = { .member = m,
                             .file = c->file,
                             .source = c->source ? c->source : "",
                             .line = c->line,
                             .unit = unit,
                             .node = c->node,
                             .part = CHISO_NO_SLOT,
                             .input = c->input,
                             .text = c->value,
                             .points = c->points };
    if (*c->value)
      CHISO__TRY(chiso__observe(run, &o, &mark, err));
  }
  return CHISO_OK;
}

/* ---- bonus and penalty -------------------------------------------------- */

/* Points of a node, of what there is: what was not entered is nothing. Of a
 * case the branch that was chosen; of means there is no part. */
static chiso_dec points_so_far(const chiso_run *run, const chiso__member *m,
                               uint32_t node, size_t unit) {
  const chiso_node *nodes = chiso_methodology_index(m->methodology)->nodes;
  size_t at = node * run->n + unit;
  chiso_dec sum = 0;
  if (chiso_has_points(m->scores.state[at]))
    return m->scores.points[at];
  if (m->scores.state[at] != CHISO_STATE_INCOMPLETE)
    return 0;
  if (nodes[node].op == CHISO_OP_CASE) {
    chiso_trace t;
    chiso_explain(m->program, &m->entries, &m->scores, node, unit, &t);
    return t.branch != CHISO_NO_NODE ? points_so_far(run, m, t.branch, unit)
                                     : 0;
  }
  if (nodes[node].op != CHISO_OP_SUM)
    return 0;
  for (uint32_t c = chiso_methodology_first_child(m->methodology, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(m->methodology, c))
    if (nodes[c].weight != 0)
      sum += points_so_far(run, m, c, unit);
  return sum;
}

static chiso_dec capped(chiso_dec points, chiso_dec most) {
  return most != CHISO_NONE && points > most ? most : points;
}

void chiso__rules_total(const chiso_run *run, chiso__member *m, size_t unit,
                        chiso_dec sum[2]) {
  const chiso_run_rules *rules = run->options.rules;
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  sum[0] = sum[1] = 0;
  for (size_t i = 0; i < rules->n_extras; i++) {
    const chiso_extra *x = &rules->extras[i];
    chiso_dec most = x->most != CHISO_NONE ? x->most : ix->nodes[x->node].max;
    sum[x->penalty] += capped(points_so_far(run, m, x->node, unit), most);
  }
  sum[0] = capped(sum[0], rules->bonus_most);
  sum[1] = capped(sum[1], rules->penalty_most);
  /* a total that was entered has them in */
  if (m->scores.state[unit] != CHISO_STATE_SCORED)
    return;
  chiso_dec total = capped(m->scores.raw[unit] + sum[0] - sum[1], rules->most);
  if (rules->least != CHISO_NONE && total < rules->least)
    total = rules->least;
  const chiso_node *root = &ix->nodes[0];
  m->scores.raw[unit] = total;
  m->scores.points[unit] = chiso_dec_round(total, root->digits, root->round);
}

bool chiso__rules_has_total(const chiso_run *run) {
  const chiso_run_rules *rules = run->options.rules;
  return rules && (rules->n_extras || rules->least != CHISO_NONE ||
                   rules->most != CHISO_NONE);
}

chiso_status chiso__rules_extras(chiso_run *run, chiso__member *m,
                                 chiso_error *err) {
  if (!chiso__rules_has_total(run))
    return CHISO_OK;
  run->extras = chiso__arena_array(&run->arena, run->n, sizeof *run->extras);
  if (!run->extras)
    return chiso__no_memory(err);
  for (size_t u = 0; u < run->n; u++)
    chiso__rules_total(run, m, u, run->extras[u]);
  return CHISO_OK;
}

void chiso_run_extras(const chiso_run *run, size_t scored, chiso_dec *bonus,
                      chiso_dec *penalty) {
  *bonus = run->extras ? run->extras[scored][0] : 0;
  *penalty = run->extras ? run->extras[scored][1] : 0;
}
