/* SPDX-License-Identifier: Apache-2.0
 * chiso stages: what units scored themselves, what became of it, and where. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

typedef enum grain { BY_UNIT, BY_AREA, BY_LEAF } grain;

typedef struct report {
  cli *c;
  sheet s;
  chiso_run *runs[CHISO_N_STAGES];
  chiso_stages *stages;
  const chiso_methodology *m;
  const chiso_index *index;
  grain by;
  uint32_t base;   /* the node: --node */
  uint32_t *nodes; /* of the rows */
  size_t n_nodes;
  size_t unit; /* --unit; SIZE_MAX: all */
  bool shown[CHISO_N_STAGES];
} report;

/* One node over all units. */
typedef struct ranked {
  uint32_t node;
  chiso_stage_sum sum;
} ranked;

/* ---- the runs ------------------------------------------------------------ */

static int make_runs(report *r) {
  cli *c = r->c;
  int code = EXIT_DONE;
  unsigned met = chiso_run_stages(c->run);
  if (!c->round &&
      !(met & (1u << CHISO_STAGE_SELF | 1u << CHISO_STAGE_APPRAISED_1 |
               1u << CHISO_STAGE_APPRAISED_2)))
    return cli_usage(c, TXT_ERR_NO_STAGES);
  for (unsigned i = 0; i + 1 < CHISO_N_STAGES && code == EXIT_DONE; i++) {
    chiso_stage stage = (chiso_stage)(i + 1);
    code = cli_run_stage(c, chiso_stage_key(stage), &r->runs[i]);
    r->shown[i] =
        !cli_people(c) || stage != CHISO_STAGE_APPRAISED_2 || met >> stage & 1u;
  }
  if (code != EXIT_DONE)
    return code;
  const chiso_run *const runs[CHISO_N_STAGES] = { r->runs[0], r->runs[1],
                                                  r->runs[2], c->run };
  r->shown[CHISO_N_STAGES - 1] = true;
  chiso_status status = chiso_stages_new(runs, NULL, &r->stages, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

/* ---- which nodes --------------------------------------------------------- */

static void add_leaves(report *r, uint32_t node) {
  if (cli_is_leaf(r->m, node) || r->index->nodes[node].op == CHISO_OP_CASE) {
    r->nodes[r->n_nodes++] = node;
    return;
  }
  for (uint32_t n = chiso_methodology_first_child(r->m, node);
       n != CHISO_NO_NODE; n = chiso_methodology_next(r->m, n))
    add_leaves(r, n);
}

static int find_nodes(report *r) {
  r->n_nodes = 0;
  r->nodes = cli_alloc(r->c, r->index->n_nodes * sizeof(*r->nodes));
  if (!r->nodes)
    return EXIT_BUG;
  if (r->by == BY_LEAF)
    add_leaves(r, r->base);
  else if (r->by == BY_UNIT)
    r->nodes[r->n_nodes++] = r->base;
  for (uint32_t n = chiso_methodology_first_child(r->m, r->base);
       r->by == BY_AREA && n != CHISO_NO_NODE;
       n = chiso_methodology_next(r->m, n))
    r->nodes[r->n_nodes++] = n;
  return EXIT_DONE;
}

static void group_cell(report *r) {
  if (!cli_people(r->c) && r->c->round)
    sheet_text(&r->s, r->c->group_at->key);
}

/* ---- units and nodes ----------------------------------------------------- */

static void dec_column(report *r, const char *key, text_id title) {
  sheet_column(&r->s, key, title, CHISO_CELL_DEC, cli_table_digits(r->c));
}

/* People see from the percent what the maximum of an appraisal is. */
static bool has_max(const report *r, chiso_stage stage) {
  return !cli_people(r->c) || stage == CHISO_STAGE_SELF ||
         stage == CHISO_STAGE_FINAL;
}

static void stage_columns(report *r, chiso_stage stage) {
  cli *c = r->c;
  const char *key = chiso_stage_key(stage);
  unsigned digits = cli_table_digits(c);
  if (!r->shown[stage - 1])
    return;
  sheet_column_named(&r->s, key, chiso_stage_title(stage, c->lang),
                     CHISO_CELL_DEC, digits);
  if (has_max(r, stage))
    sheet_column_named(&r->s, cli_print(c, "%s_max", key),
                       cli_text(c, TXT_COL_OF), CHISO_CELL_DEC, digits);
  sheet_column_named(&r->s, cli_print(c, "%s_percent", key), "%",
                     CHISO_CELL_DEC, digits);
  sheet_column_named(&r->s, cli_print(c, "%s_rank", key),
                     cli_text(c, TXT_COL_RANK), CHISO_CELL_INTEGER, 0);
}

static void row_columns(report *r) {
  bool people = cli_people(r->c);
  if (!people || r->unit == SIZE_MAX) {
    sheet_column(&r->s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
    sheet_column(&r->s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  }
  if (!people || r->by != BY_UNIT) {
    sheet_column(&r->s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
    sheet_column(&r->s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  }
  for (unsigned i = 0; i < CHISO_N_STAGES; i++)
    stage_columns(r, (chiso_stage)(i + 1));
  dec_column(r, "same_appraised", TXT_COL_SAME_APPRAISED);
  dec_column(r, "same_appraised_max", TXT_COL_OF);
  sheet_column_named(&r->s, "same_appraised_percent", "%", CHISO_CELL_DEC,
                     cli_table_digits(r->c));
  if (!people) {
    dec_column(r, "same_final", TXT_COL_SAME_FINAL);
    dec_column(r, "same_final_max", TXT_COL_OF);
  }
  dec_column(r, "self_minus_appraised", TXT_COL_LOWERED_BY);
  dec_column(r, "final_minus_self", TXT_COL_FINAL_CHANGE);
  sheet_column(&r->s, "explanations", TXT_COL_EXPLAIN, CHISO_CELL_INTEGER, 0);
}

static void count_cell(report *r, size_t count) {
  sheet_integer(&r->s, count || !cli_people(r->c) ? (int64_t)count : INT64_MIN);
}

static void one_row(report *r, uint32_t node, size_t unit) {
  bool people = cli_people(r->c);
  chiso_stage_row row;
  chiso_stages_row(r->stages, node, unit, &row);
  const chiso_unit *of = cli_scored_unit(r->c, unit);
  group_cell(r);
  if (!people || r->unit == SIZE_MAX) {
    sheet_text(&r->s, of->code);
    sheet_text(&r->s, cli_unit_name(r->c, of));
  }
  if (!people || r->by != BY_UNIT) {
    sheet_text(&r->s, r->index->nodes[node].id);
    sheet_text(&r->s, cli_title(r->c, &r->index->nodes[node]));
  }
  for (unsigned i = 0; i < CHISO_N_STAGES; i++) {
    if (!r->shown[i])
      continue;
    sheet_dec(&r->s, row.at[i].points);
    if (has_max(r, (chiso_stage)(i + 1)))
      sheet_dec(&r->s, row.at[i].max);
    sheet_dec(&r->s, row.at[i].percent);
    sheet_integer(&r->s, row.at[i].rank ? row.at[i].rank : INT64_MIN);
  }
  sheet_dec(&r->s, row.appraised.points);
  sheet_dec(&r->s, row.appraised.max);
  sheet_dec(&r->s, row.appraised.percent);
  if (!people) {
    sheet_dec(&r->s, row.settled.points);
    sheet_dec(&r->s, row.settled.max);
  }
  sheet_dec(&r->s, row.difference);
  sheet_dec(&r->s, row.change);
  count_cell(r, row.explanations);
}

static void every_row(report *r) {
  for (size_t u = 0; u < chiso_run_scored(r->c->run); u++)
    for (size_t i = 0; i < r->n_nodes; i++)
      if (r->unit == SIZE_MAX || r->unit == u)
        one_row(r, r->nodes[i], u);
}

/* ---- nodes over all units ------------------------------------------------ */

/* The most overrated first, then in the order of the tree. */
static int higher_first(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->sum.difference != y->sum.difference)
    return x->sum.difference > y->sum.difference ? -1 : 1;
  return x->node < y->node ? -1 : x->node > y->node;
}

static void sum_columns(report *r) {
  unsigned digits = cli_people(r->c) ? r->index->digits : CHISO_DEC_DIGITS;
  static const struct {
    const char *key;
    text_id title;
  } means[] = { { "self", TXT_COL_MEAN_SELF },
                { "appraised", TXT_COL_MEAN_APPRAISED },
                { "self_minus_appraised", TXT_COL_MEAN_DIFFERENCE } },
    counts[] = { { "lowered", TXT_COL_LOWERED },
                 { "raised", TXT_COL_RAISED },
                 { "unchanged", TXT_COL_UNCHANGED } };
  sheet_column(&r->s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(&r->s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(&r->s, "units", TXT_COL_UNITS, CHISO_CELL_INTEGER, 0);
  for (size_t i = 0; i < 3; i++)
    sheet_column(&r->s, means[i].key, means[i].title, CHISO_CELL_DEC, digits);
  for (size_t i = 0; i < 3; i++)
    sheet_column(&r->s, counts[i].key, counts[i].title, CHISO_CELL_INTEGER, 0);
  sheet_column(&r->s, "largest", TXT_COL_MOST, CHISO_CELL_DEC, digits);
  sheet_column(&r->s, "largest_unit", TXT_COL_MOST_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(&r->s, "explanations", TXT_COL_EXPLAIN, CHISO_CELL_INTEGER, 0);
}

static void sum_row(report *r, const ranked *of) {
  const chiso_stage_sum *sum = &of->sum;
  const chiso_unit *unit = sum->largest_unit == SIZE_MAX
                               ? NULL
                               : cli_scored_unit(r->c, sum->largest_unit);
  group_cell(r);
  sheet_text(&r->s, r->index->nodes[of->node].id);
  sheet_text(&r->s, cli_title(r->c, &r->index->nodes[of->node]));
  sheet_integer(&r->s, (int64_t)sum->compared);
  sheet_dec(&r->s, sum->self);
  sheet_dec(&r->s, sum->appraised);
  sheet_dec(&r->s, sum->difference);
  sheet_integer(&r->s, (int64_t)sum->lowered);
  sheet_integer(&r->s, (int64_t)sum->raised);
  sheet_integer(&r->s, (int64_t)sum->unchanged);
  sheet_dec(&r->s, sum->largest);
  sheet_text(&r->s, !unit              ? NULL
                    : cli_people(r->c) ? cli_unit_name(r->c, unit)
                                       : unit->code);
  count_cell(r, sum->explanations);
}

/* People are spared what no unit scores itself. */
static int sums(report *r) {
  ranked *list = cli_alloc(r->c, (r->n_nodes + 1) * sizeof(*list));
  if (!list)
    return EXIT_BUG;
  for (size_t i = 0; i < r->n_nodes; i++) {
    list[i].node = r->nodes[i];
    chiso_stages_sum(r->stages, list[i].node, &list[i].sum);
  }
  qsort(list, r->n_nodes, sizeof(*list), higher_first);
  for (size_t i = 0; i < r->n_nodes; i++)
    if (!cli_people(r->c) || list[i].sum.compared || list[i].sum.explanations)
      sum_row(r, &list[i]);
  return EXIT_DONE;
}

/* ---- the report ---------------------------------------------------------- */

static void titles(report *r) {
  cli *c = r->c;
  const char *text = cli_say(c, TXT_STAGES_TITLE, cli_run_title(c));
  if (r->unit != SIZE_MAX)
    text = cli_print(c, "%s · %s",
                     cli_unit_name(c, cli_scored_unit(c, r->unit)), text);
  if (r->base != 0)
    text = cli_join(c, text, " · ",
                    cli_print(c, "%s %s", r->index->nodes[r->base].id,
                              cli_title(c, &r->index->nodes[r->base])));
  sheet_title(&r->s, text);
}

static void notes(report *r) {
  cli *c = r->c;
  chiso_stage_sum sum;
  unsigned digits = r->index->digits;
  chiso_stages_sum(r->stages, r->base, &sum);
  if (sum.compared > 0 && r->unit == SIZE_MAX)
    sheet_note(&r->s, cli_say(c, TXT_STAGES_SUM, sum.compared,
                              cli_dec_digits(c, sum.self, digits),
                              cli_dec_digits(c, sum.appraised, digits),
                              sum.lowered, sum.raised, sum.unchanged));
  for (uint32_t n = 0; n < r->index->n_nodes; n++)
    if (chiso_run_not_self(r->runs[0], n)) {
      sheet_note(&r->s, cli_text(c, TXT_STAGES_OTHERS));
      break;
    }
}

static int choose(report *r) {
  cli *c = r->c;
  int code = EXIT_DONE;
  r->m = chiso_run_methodology(c->run);
  r->index = chiso_methodology_index(r->m);
  r->unit = SIZE_MAX;
  if (c->value[OPT_UNIT])
    code = cli_scored(c, c->value[OPT_UNIT], &r->unit);
  if (code == EXIT_DONE && c->value[OPT_NODE])
    code = cli_node(c, r->m, c->value[OPT_NODE], &r->base);
  return code == EXIT_DONE ? find_nodes(r) : code;
}

static int write_report(report *r, bool first, bool last) {
  cli *c = r->c;
  bool sum = r->by != BY_UNIT && r->unit == SIZE_MAX && !c->value[OPT_EVERY];
  int code = EXIT_DONE;
  if (first || cli_people(c)) {
    r->s = sheet_new(c);
    if (!cli_people(c) && c->round)
      sheet_column(&r->s, "group", TXT_COL_GROUP, CHISO_CELL_TEXT, 0);
    if (sum)
      sum_columns(r);
    else
      row_columns(r);
  }
  titles(r);
  if (sum)
    code = sums(r);
  else
    every_row(r);
  notes(r);
  return code == EXIT_DONE && (last || cli_people(c)) ? sheet_write(&r->s)
                                                      : code;
}

/* One methodology, or one group of a round; c->run is the result. Machines get
 * the groups in one table, people one after another. */
static int report_one(cli *c, void *data, bool first, bool last) {
  report *r = data;
  r->c = c;
  int code = make_runs(r);
  if (code == EXIT_DONE)
    code = choose(r);
  if (code == EXIT_DONE)
    code = write_report(r, first, last);
  chiso_stages_free(r->stages);
  r->stages = NULL;
  for (size_t i = 0; i < CHISO_N_STAGES; i++) {
    chiso_run_free(r->runs[i]);
    r->runs[i] = NULL;
  }
  return code;
}

int cmd_stages(cli *c) {
  report r = { .by = BY_UNIT };
  const char *by = c->value[OPT_STAGES_BY];
  if (by && strcmp(by, "unit") != 0)
    r.by = strcmp(by, "area") == 0 ? BY_AREA : BY_LEAF;
  if (c->value[OPT_EVERY] && r.by == BY_UNIT)
    return cli_usage(c, TXT_ERR_EVERY);
  int code = c->value[OPT_UNIT] ? cli_run_of_unit(c, c->value[OPT_UNIT])
                                : cli_runs(c, report_one, &r);
  if (code == EXIT_DONE && c->value[OPT_UNIT])
    code = report_one(c, &r, true, true);
  if (r.s.c)
    sheet_free(&r.s); /* of groups before one that failed */
  return code;
}
