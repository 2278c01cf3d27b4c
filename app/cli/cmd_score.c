/* SPDX-License-Identifier: Apache-2.0
 * chiso score: all scores of a run. */
#include "cli.h"

#include <string.h>

typedef struct rows {
  cli *c;
  sheet s;
  const chiso_methodology *m;
  const chiso_index *index;
  const char *round;
  bool all, root_only;
} rows;

/* Whether --nodes takes a node: all, the root and its children, the root. */
static bool takes(const rows *r, uint32_t node) {
  if (node == 0 || r->all)
    return true;
  return !r->root_only && chiso_methodology_parent(r->m, node) == 0;
}

static void settle_nodes(rows *r) {
  const char *which = r->c->value[OPT_NODES];
  if (!which)
    which = cli_people(r->c) ? "index" : "all";
  r->all = strcmp(which, "all") == 0;
  r->root_only = strcmp(which, "index") == 0;
}

static const char *grade_of(const cli *c, uint32_t node, size_t scored) {
  const chiso_grading *grading = chiso_run_grading(c->run);
  uint32_t grade = chiso_run_grade(c->run, scored);
  if (node != 0 || !grading || grade >= grading->n_grades)
    return NULL;
  if (!cli_people(c))
    return grading->grades[grade].key;
  return cli_pick(c, grading->grades[grade].title_vi,
                  grading->grades[grade].title_en);
}

static void columns(rows *r) {
  sheet *s = &r->s;
  unsigned digits = cli_table_digits(r->c);
  bool people = cli_people(r->c);
  if (!people) {
    sheet_column(s, "index", TXT_COL_METHODOLOGY, CHISO_CELL_TEXT, 0);
    sheet_column(s, "round", TXT_COL_ROUND, CHISO_CELL_TEXT, 0);
    if (r->c->round)
      sheet_column(s, "group", TXT_COL_GROUP, CHISO_CELL_TEXT, 0);
  }
  sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  if (people)
    sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  if (!people || !r->root_only)
    sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  if (!people)
    sheet_column(s, "kind", TXT_COL_KIND, CHISO_CELL_TEXT, 0);
  sheet_column(s, "points", TXT_COL_POINTS, CHISO_CELL_DEC, digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, digits);
  sheet_column_named(s, "percent", "%", CHISO_CELL_DEC, digits);
  sheet_column(s, "status", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "grade", TXT_COL_GRADE, CHISO_CELL_TEXT, 0);
  if (!people)
    sheet_column(s, "provenance", TXT_COL_PROVENANCE, CHISO_CELL_TEXT, 0);
}

static void row(rows *r, uint32_t node, size_t u) {
  cli *c = r->c;
  sheet *s = &r->s;
  bool people = cli_people(c);
  const chiso_scores *scores = chiso_run_scores(c->run);
  const chiso_unit *unit = cli_scored_unit(c, u);
  size_t at = node * scores->n + u;
  chiso_state state = (chiso_state)scores->state[at];
  bool has = chiso_has_points(state);
  if (!people) {
    sheet_text(s, chiso_methodology_name(r->m));
    sheet_text(s, r->round);
    if (c->round)
      sheet_text(s, c->group_at->key);
  }
  sheet_text(s, unit->code);
  if (people)
    sheet_text(s, cli_unit_name(c, unit));
  if (!people || !r->root_only)
    sheet_text(s, r->index->nodes[node].id);
  if (!people)
    sheet_text(s, chiso_key(CHISO_FAMILY_KIND, r->index->nodes[node].kind));
  sheet_dec(s, has ? scores->points[at] : CHISO_NONE);
  sheet_dec(s, scores->max[at]);
  sheet_dec(s, chiso_percent(chiso_run_program(c->run), scores, node, u));
  sheet_text(s, people ? chiso_state_title(state, c->lang)
                       : chiso_state_key(state));
  uint32_t rank = chiso_run_rank(c->run, node, u);
  sheet_integer(s, rank ? (int64_t)rank : INT64_MIN);
  sheet_text(s, grade_of(c, node, u));
  if (!people)
    sheet_text(s, has ? chiso_key(CHISO_FAMILY_PROVENANCE,
                                  chiso_run_provenance(c->run, node, u))
                      : NULL);
}

/* Units without any data are one note in what people read; of those with some
 * data a note says what is missing. */
static void unscored_notes(rows *r, const standing *at) {
  const char *names = "";
  size_t count = 0;
  for (size_t u = 0; u < at->n && cli_people(r->c); u++)
    if (standing_empty(at, u))
      standing_name(at, u, count++, &names);
  if (count == 1)
    sheet_note(&r->s, cli_say(r->c, TXT_NO_DATA_UNIT, names));
  else if (count > 1)
    sheet_note(&r->s, cli_say(r->c, TXT_NO_DATA_UNITS, count, names));
  standing_notes(at, &r->s);
}

static int check_options(cli *c) {
  if (c->value[OPT_AGAINST] && c->value[OPT_NODES])
    return cli_usage(c, TXT_ERR_NODES_AGAINST);
  if (c->value[OPT_SUMMARY] && !c->value[OPT_AGAINST])
    return cli_usage(c, TXT_ERR_SUMMARY);
  return EXIT_DONE;
}

/* Machines get the groups of a round in one table, people one after another. */
static int score_one(cli *c, void *data, bool first, bool last) {
  rows *r = data;
  char round[16];
  if (c->value[OPT_AGAINST]) {
    int code = cli_one_group(c);
    return code == EXIT_DONE ? score_against(c) : code;
  }
  chiso_round_format(chiso_run_round(c->run), round);
  r->m = chiso_run_methodology(c->run);
  r->round = round;
  r->index = chiso_methodology_index(r->m);
  if (first || cli_people(c)) {
    r->s = sheet_new(c);
    columns(r);
  }
  sheet_title(&r->s, cli_run_title(c));
  standing at = standing_at(c, 0);
  for (size_t u = 0; u < at.n; u++) {
    if (cli_people(c) && standing_empty(&at, u))
      continue;
    for (uint32_t n = 0; n < r->index->n_nodes; n++)
      if (takes(r, n))
        row(r, n, u);
  }
  unscored_notes(r, &at);
  cli_run_notes(&r->s, 0, SIZE_MAX);
  return last || cli_people(c) ? sheet_write(&r->s) : EXIT_DONE;
}

int cmd_score(cli *c) {
  rows r = { .c = c };
  int code = check_options(c);
  if (code != EXIT_DONE)
    return code;
  settle_nodes(&r);
  code = cli_runs(c, score_one, &r);
  if (r.s.c)
    sheet_free(&r.s); /* of groups before one that failed */
  return code;
}
