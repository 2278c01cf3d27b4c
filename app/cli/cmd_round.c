/* SPDX-License-Identifier: Apache-2.0
 * chiso round show: what a round file lays down. */
#include "cli.h"

#include <string.h>

static void row(sheet *s, text_id what, const char *key, const char *who,
                const char *says, uint64_t line) {
  sheet_text(s, cli_people(s->c) ? cli_text(s->c, what) : key);
  sheet_text(s, who);
  sheet_text(s, says);
  sheet_integer(s, line ? (int64_t)line : INT64_MIN);
}

static const char *title_of(const cli *c, const chiso_group *g) {
  return cli_pick(c, g->title_vi, g->title_en);
}

static void group_row(sheet *s, const chiso_group *g) {
  cli *c = s->c;
  size_t ranked = 0;
  for (size_t i = 0; i < chiso_units_count(g->units); i++)
    ranked += (g->rules.flags[i] & CHISO_RANKED) != 0;
  const chiso_index *ix = chiso_methodology_index(g->methodology);
  row(s, TXT_WHAT_GROUP, "group", g->key,
      cli_say(c, TXT_GROUP_UNITS,
              cli_join(c, title_of(c, g), " · ",
                       chiso_methodology_name(g->methodology)),
              cli_dec(c, ix->nodes[0].max), chiso_group_assessed(g), ranked,
              g->set),
      0);
}

/* One row of a section: the units that it names, in one line. */
static size_t exempt_row(sheet *s, const chiso_group *g, size_t first) {
  cli *c = s->c;
  const chiso_exemption *x = &g->rules.exemptions[first];
  const char *who = "", *nodes = "";
  size_t i = first;
  for (; i < g->rules.n_exemptions && g->rules.exemptions[i].line == x->line;
       i++) {
    const chiso_exemption *y = &g->rules.exemptions[i];
    if (y->node == x->node && y->unit != SIZE_MAX)
      who = cli_join(c, who, ", ",
                     cli_unit_name(c, chiso_units_get(g->units, y->unit)));
    bool new_node = i == first || g->rules.exemptions[i - 1].node != y->node;
    if (new_node && y->node != CHISO_NO_NODE)
      nodes =
          cli_join(c, nodes, ", ",
                   chiso_methodology_index(g->methodology)->nodes[y->node].id);
    else if (new_node)
      nodes = cli_join(
          c, nodes, ", ",
          cli_say(c, TXT_METHOD_OF,
                  chiso_title(CHISO_FAMILY_ASSESSOR, y->assessor, c->lang)));
  }
  const char *text = cli_join(c, nodes, " · ", x->reason ? x->reason : "");
  text = cli_join(c, text, " · ", x->instrument ? x->instrument : "");
  row(s, TXT_WHAT_EXEMPT, "exempt",
      cli_join(c, g->key, ": ", *who ? who : cli_text(c, TXT_ALL_UNITS)), text,
      x->line);
  return i;
}

/* The same of entries. */
static size_t entry_row(sheet *s, const chiso_group *g, size_t first) {
  cli *c = s->c;
  const chiso_fixed *f = &g->rules.fixed[first];
  const chiso_node *n =
      &chiso_methodology_index(g->methodology)->nodes[f->node];
  const char *who = "";
  size_t i = first;
  for (; i < g->rules.n_fixed && g->rules.fixed[i].line == f->line; i++)
    if (g->rules.fixed[i].unit != SIZE_MAX)
      who = cli_join(
          c, who, ", ",
          cli_unit_name(c, chiso_units_get(g->units, g->rules.fixed[i].unit)));
  const char *what = n->id;
  if (n->n_inputs > 1 && f->input != CHISO_NO_SLOT)
    what = cli_print(c, "%s:%s", n->id, n->inputs[f->input].key);
  const char *text = cli_print(c, "%s = %s", what, f->text);
  if (f->input == CHISO_NO_SLOT)
    text = cli_say(c, TXT_FIXED_POINTS, n->id, f->text);
  text = cli_join(c, text, " · ", f->reason ? f->reason : "");
  text = cli_join(c, text, " · ", f->instrument ? f->instrument : "");
  row(s, TXT_WHAT_ENTRY, "entry",
      cli_join(c, g->key, ": ", *who ? who : cli_text(c, TXT_ALL_UNITS)), text,
      f->line);
  return i;
}

static void extra_rows(sheet *s, const chiso_group *g) {
  cli *c = s->c;
  const chiso_index *ix = chiso_methodology_index(g->methodology);
  for (size_t i = 0; i < g->rules.n_extras; i++) {
    const chiso_extra *x = &g->rules.extras[i];
    const chiso_node *n = &ix->nodes[x->node];
    chiso_dec most = x->most == CHISO_NONE ? n->max : x->most;
    row(s, x->penalty ? TXT_WHAT_PENALTY : TXT_WHAT_BONUS,
        x->penalty ? "penalty" : "bonus", g->key,
        cli_join(c, cli_print(c, "%s %s", n->id, cli_title(c, n)), " · ",
                 cli_say(c, TXT_AT_MOST, cli_dec(c, most))),
        0);
  }
}

static void grade_row(sheet *s, const chiso_group *g) {
  if (g->rules.grading)
    row(s, TXT_WHAT_GRADES, "grades", g->key,
        cli_grades(s->c, g->rules.grading, NULL), 0);
}

static void erratum_row(sheet *s, const chiso_erratum *e) {
  cli *c = s->c;
  const char *who =
      cli_join(c, e->group ? e->group : "", ": ", e->unit ? e->unit : "");
  const char *text = cli_date(c, e->date);
  if (!e->in_force)
    text = cli_join(c, text, " · ", cli_text(c, TXT_NOT_IN_FORCE));
  text = cli_join(c, text, " · ",
                  e->methodology
                      ? e->methodology
                      : cli_print(c, "%s%s%s = %s", e->node ? e->node : "",
                                  e->input ? ":" : "", e->input ? e->input : "",
                                  e->value ? e->value : ""));
  text = cli_join(c, text, " · ", e->instrument ? e->instrument : "");
  text = cli_join(c, text, " · ", e->note ? e->note : "");
  row(s, TXT_WHAT_ERRATUM, "erratum", who, text, e->line);
}

int cmd_round_show(cli *c) {
  const char *vi, *en;
  char period[16];
  int code = cli_round(c);
  if (code != EXIT_DONE)
    return code;
  const chiso_round *round = c->round;
  sheet s = sheet_new(c);
  chiso_round_titles(round, &vi, &en);
  chiso_round_format(chiso_round_period(round), period);
  sheet_title(&s, cli_say(c, TXT_ROUND_TITLE, cli_pick(c, vi, en), period,
                          chiso_round_id(round)));
  sheet_column(&s, "what", TXT_COL_RULE_OF, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "who", TXT_COL_WHO, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "says", TXT_COL_TEXT, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "line", TXT_COL_LINE, CHISO_CELL_INTEGER, 0);
  for (size_t i = 0; i < chiso_round_groups(round); i++) {
    const chiso_group *g = chiso_round_group(round, i);
    cli_rests_on(c, g->methodology);
    group_row(&s, g);
    for (size_t x = 0; x < g->rules.n_exemptions;)
      x = exempt_row(&s, g, x);
    for (size_t x = 0; x < g->rules.n_fixed;)
      x = entry_row(&s, g, x);
    extra_rows(&s, g);
    grade_row(&s, g);
  }
  for (size_t i = 0; i < chiso_round_deadlines(round); i++) {
    const chiso_round_due *d = chiso_round_deadline(round, i);
    row(&s, TXT_WHAT_DEADLINE, "deadline",
        d->group ? d->group : cli_text(c, TXT_ALL_UNITS),
        cli_print(c, "%s %s", d->what, cli_date(c, d->date)), d->line);
  }
  for (size_t i = 0; i < chiso_round_errata(round); i++)
    erratum_row(&s, chiso_round_erratum(round, i));
  return sheet_write(&s);
}
