/* SPDX-License-Identifier: Apache-2.0
 * chiso template: the empty observation table of a methodology or a round. */
#include "cli.h"

typedef struct template {
  cli *c;
  const chiso_group *group;
  const chiso_methodology *m;
  const chiso_index *index;
  const chiso_fixed **fixed; /* of the unit at hand */
  size_t n_fixed;
  bool grouped; /* rows name their group */
  sheet s;
}
template;

static void enter_group(template *t, const chiso_group *group) {
  t->group = group;
  t->m = group->methodology;
  t->index = chiso_methodology_index(t->m);
  t->fixed = cli_alloc(t->c, (group->rules.n_fixed + 1) * sizeof(*t->fixed));
}

static void enter_unit(template *t, size_t unit) {
  t->n_fixed = 0;
  for (size_t i = 0; t->fixed && i < t->group->rules.n_fixed; i++) {
    const chiso_fixed *f = &t->group->rules.fixed[i];
    if (f->unit == SIZE_MAX || f->unit == unit)
      t->fixed[t->n_fixed++] = f;
  }
}

/* ---- what is asked ------------------------------------------------------- */

/* Leaves that data are entered for. What another index gives is taken from
 * there, and is not asked for again. */
static bool takes(const template *t, uint32_t node) {
  const chiso_node *n = &t->index->nodes[node];
  return n->n_inputs > 0 && n->op != CHISO_OP_INDEX;
}

static const chiso_fixed *fixed_at(const template *t, uint32_t node,
                                   uint32_t input) {
  for (size_t i = 0; i < t->n_fixed; i++)
    if (t->fixed[i]->node == node &&
        (t->fixed[i]->input == input || t->fixed[i]->input == CHISO_NO_SLOT))
      return t->fixed[i];
  return NULL;
}

/* Whether a case above takes another branch for the unit, by the round. */
static bool other_branch(const template *t, uint32_t node) {
  uint32_t up;
  for (; (up = chiso_methodology_parent(t->m, node)) != CHISO_NO_NODE;
       node = up) {
    const chiso_fixed *f =
        t->index->nodes[up].op == CHISO_OP_CASE ? fixed_at(t, up, 0) : NULL;
    uint32_t branch = chiso_methodology_first_child(t->m, up);
    for (int64_t i = 0; f && i < f->value && branch != CHISO_NO_NODE; i++)
      branch = chiso_methodology_next(t->m, branch);
    if (f && branch != node)
      return true;
  }
  return false;
}

/* Whether the unit at hand is asked for an input. */
static bool asked(const template *t, uint32_t node, uint32_t input,
                  size_t unit) {
  return !chiso_group_exempt(t->group, node, unit) &&
         !fixed_at(t, node, input) && !other_branch(t, node);
}

static bool assessed(const template *t, size_t unit) {
  return t->group->rules.flags
             ? (t->group->rules.flags[unit] & CHISO_ASSESSED) != 0
             : chiso_unit_assessed(chiso_units_get(t->group->units, unit),
                                   chiso_round_period(t->c->round).year);
}

/* ---- long: a row for each input ------------------------------------------ */

static void long_columns(template *t) {
  static const char *const keys[] = { "group", "unit",  "node",
                                      "input", "value", "label" };
  for (size_t i = t->grouped ? 0 : 1; i < sizeof(keys) / sizeof(*keys); i++)
    sheet_column_named(&t->s, keys[i], keys[i], CHISO_CELL_TEXT, 0);
}

static void long_rows(template *t, size_t place) {
  cli *c = t->c;
  const chiso_unit *unit = chiso_units_get(t->group->units, place);
  for (uint32_t n = 0; n < t->index->n_nodes; n++) {
    const chiso_node *node = &t->index->nodes[n];
    for (uint32_t i = 0; takes(t, n) && i < node->n_inputs; i++) {
      const chiso_input *input = &node->inputs[i];
      const char *title = cli_pick(c, input->title_vi, input->title_en);
      if (!asked(t, n, i, place))
        continue;
      if (t->grouped)
        sheet_text(&t->s, t->group->key);
      sheet_text(&t->s, unit->code);
      sheet_text(&t->s, node->id);
      sheet_text(&t->s, input->key);
      sheet_text(&t->s, NULL);
      sheet_text(&t->s, cli_join(c,
                                 cli_print(c, "%s · %s", cli_unit_name(c, unit),
                                           cli_title(c, node)),
                                 " · ", title));
    }
  }
}

/* ---- wide: a row for each unit ------------------------------------------- */

/* Whether any unit is asked: otherwise there is no column. */
static bool any_asked(template *t, uint32_t node, uint32_t input) {
  for (size_t u = 0; u < chiso_units_count(t->group->units); u++) {
    if (!assessed(t, u))
      continue;
    enter_unit(t, u);
    if (asked(t, node, input, u))
      return true;
  }
  return false;
}

/* Columns "node", or "node:input" where a leaf has several; their number. */
static size_t wide_columns(template *t) {
  size_t count = 0;
  if (t->grouped)
    sheet_column_named(&t->s, "group", "group", CHISO_CELL_TEXT, 0);
  sheet_column_named(&t->s, "unit", "unit", CHISO_CELL_TEXT, 0);
  for (uint32_t n = 0; n < t->index->n_nodes; n++) {
    const chiso_node *node = &t->index->nodes[n];
    for (uint32_t i = 0; takes(t, n) && i < node->n_inputs; i++) {
      const char *key = node->n_inputs == 1 ? node->id
                                            : cli_print(t->c, "%s:%s", node->id,
                                                        node->inputs[i].key);
      if (!any_asked(t, n, i))
        continue;
      sheet_column_named(&t->s, key, key, CHISO_CELL_TEXT, 0);
      count++;
    }
  }
  return count;
}

static void wide_row(template *t, size_t unit, size_t columns) {
  if (t->grouped)
    sheet_text(&t->s, t->group->key);
  sheet_text(&t->s, chiso_units_get(t->group->units, unit)->code);
  while (columns-- > 0)
    sheet_text(&t->s, NULL);
}

/* ---- the command --------------------------------------------------------- */

static void rows(template *t, size_t columns) {
  bool wide = t->c->value[OPT_WIDE] != NULL;
  for (size_t u = 0; u < chiso_units_count(t->group->units); u++) {
    if (!assessed(t, u))
      continue;
    enter_unit(t, u);
    if (wide)
      wide_row(t, u, columns);
    else
      long_rows(t, u);
  }
}

int cmd_template(cli *c) {
  template t = { .c = c };
  size_t first, end, columns = 0;
  int code = cli_any_round(c);
  if (code == EXIT_DONE)
    code = cli_groups(c, &first, &end);
  if (code != EXIT_DONE)
    return code;
  t.grouped = chiso_round_path(c->round) != NULL;
  if (c->value[OPT_WIDE] && end - first > 1)
    return cli_usage(c, TXT_ERR_ONE_GROUP);
  if (!c->format_given)
    c->format = CHISO_FORMAT_CSV;
  for (size_t i = first; i < end; i++)
    cli_rests_on(c, chiso_round_group(c->round, i)->methodology);
  t.s = sheet_new(c);
  enter_group(&t, chiso_round_group(c->round, first));
  if (c->value[OPT_WIDE])
    columns = wide_columns(&t);
  else
    long_columns(&t);
  for (size_t i = first; i < end; i++) {
    enter_group(&t, chiso_round_group(c->round, i));
    rows(&t, columns);
  }
  if (!t.grouped)
    cli_passed_over(c, c->operand[0], t.m, chiso_round_period(c->round).year);
  return sheet_write(&t.s);
}
