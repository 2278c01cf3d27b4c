/* SPDX-License-Identifier: Apache-2.0
 * chiso whatif --method: a round's data under another edition. */
#include "whatif_method.h"

#include <string.h>

typedef struct view {
  cli *c;
  chiso_figures *figures;
  chiso_rescore *r;
  const chiso_methodology *from, *to;
  const chiso_units *units;
  size_t unit; /* SIZE_MAX: all */
  unsigned digits;
  bool strict;
} view;

/* ---- opening ------------------------------------------------------------- */

static int read_figures(view *w) {
  cli *c = w->c;
  chiso_run *run = NULL;
  chiso_run_options options = { .methodology = c->operand[0],
                                .round = c->value[OPT_ROUND],
                                .units = c->value[OPT_UNITS],
                                .stage = c->value[OPT_STAGE],
                                .data = c->data,
                                .n_data = c->n_data };
  if (c->n_data == 0 && !c->value[OPT_ROUND])
    return cli_usage(c, TXT_ERR_NO_DATA);
  cli_progress_begin();
  chiso_status status =
      chiso_figures_read(c->store, &options, NULL, &w->figures, &run, &c->err);
  cli_progress_end();
  if (run) {
    cli_remarks(c, run);
    chiso_run_free(run);
    return cli_exit(status);
  }
  if (status != CHISO_OK)
    return cli_fail(c, status);
  w->from = chiso_figures_methodology(w->figures);
  w->units = chiso_figures_units(w->figures);
  cli_rests_on(c, w->from);
  cli_passed_over(c, c->operand[0], w->from,
                  chiso_figures_round(w->figures).year);
  return EXIT_DONE;
}

static int open_view(view *w) {
  cli *c = w->c;
  const char *to = c->value[OPT_METHOD];
  int code = cli_open_store(c);
  if (code == EXIT_DONE)
    code = read_figures(w);
  if (code == EXIT_DONE && c->value[OPT_UNIT])
    code = cli_unit(c, w->units, c->value[OPT_UNIT], &w->unit);
  if (code != EXIT_DONE)
    return code;
  chiso_status status = chiso_rescore_new(c->store, w->figures, to, w->strict,
                                          NULL, &w->r, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  w->to = chiso_rescore_edition(w->r, chiso_rescore_editions(w->r) - 1);
  w->digits = cli_people(c) ? 2 : CHISO_DEC_DIGITS;
  cli_rests_on(c, w->to);
  cli_passed_over(c, to, w->to, 0);
  return EXIT_DONE;
}

static bool shown(const view *w, size_t unit) {
  chiso_rescored x;
  if (w->unit != SIZE_MAX)
    return unit == w->unit;
  chiso_rescore_unit(w->r, unit, &x);
  return x.known;
}

/* ---- words --------------------------------------------------------------- */

static void titles(view *w, sheet *s) {
  cli *c = w->c;
  const chiso_index *index = chiso_methodology_index(w->from);
  char round[16];
  chiso_round_format(chiso_figures_round(w->figures), round);
  const char *text = cli_say(
      c, TXT_RESCORE_TITLE, cli_pick(c, index->title_vi, index->title_en),
      round, chiso_methodology_name(w->from), chiso_methodology_name(w->to));
  if (w->unit != SIZE_MAX)
    text = cli_say(c, TXT_HISTORY_TITLE, text,
                   cli_unit_name(c, chiso_units_get(w->units, w->unit)));
  sheet_title(s, text);
}

static unsigned provenance(const view *w) {
  unsigned least = CHISO_PROV_OFFICIAL;
  for (size_t i = 0; i < chiso_rescore_editions(w->r); i++) {
    unsigned own = chiso_methodology_provenance(chiso_rescore_edition(w->r, i));
    least = own < least ? own : least;
  }
  return least;
}

/* No copy of the table may lose that it is an estimate, and on what it rests;
 * what machines read is the same in any language. */
static void mark(view *w) {
  cli *c = w->c;
  chiso_lang lang = c->lang;
  bool machine =
      c->format == CHISO_FORMAT_CSV || c->format == CHISO_FORMAT_JSON;
  if (machine)
    c->lang = CHISO_LANG_EN;
  const char *text = cli_text(c, TXT_RESCORE_ESTIMATE);
  const char *rests = cli_provenance_note(c, provenance(w));
  if (machine && rests[0])
    text = cli_join(c, text, "; ", rests);
  c->mark = cli_join(c, text, "; ", c->mark ? c->mark : "");
  c->lang = lang;
}

static const char *way(const view *w) {
  cli *c = w->c;
  const char *out = "";
  for (size_t i = 0; i < chiso_rescore_editions(w->r); i++)
    out = cli_join(c, out, " → ",
                   chiso_methodology_name(chiso_rescore_edition(w->r, i)));
  return out;
}

/* "1 Hà Nội, …": units whose printed sums and parts disagree. */
static const char *contradicted(const view *w) {
  cli *c = w->c;
  const char *names = "";
  for (size_t u = 0; u < chiso_units_count(w->units); u++) {
    chiso_rescored x;
    chiso_rescore_unit(w->r, u, &x);
    if (x.contradicted && shown(w, u))
      names = cli_join(c, names, ", ",
                       cli_unit_name(c, chiso_units_get(w->units, u)));
  }
  return *names ? cli_say(c, TXT_RESCORE_CONTRADICTED, names) : "";
}

static void notes(view *w, sheet *s) {
  cli *c = w->c;
  if (chiso_rescore_editions(w->r) > 2)
    sheet_note(s, cli_say(c, TXT_RESCORE_WAY, way(w)));
  sheet_note(s, cli_text(c, w->strict ? TXT_RESCORE_STRICT : TXT_RESCORE_SUMS));
  sheet_note(s, contradicted(w));
  sheet_note(s, cli_provenance_note(c, provenance(w)));
}

static const char *serve_word(const cli *c, chiso_serve serve) {
  static const text_id texts[CHISO_N_SERVE] = {
    TXT_SERVE_SAME,     TXT_SERVE_SCALED,   TXT_SERVE_RESCORED,
    TXT_SERVE_TOGETHER, TXT_SERVE_LEFT_OUT, TXT_SERVE_UNKNOWN,
    TXT_SERVE_BROKEN,   TXT_SERVE_NEW
  };
  return cli_people(c) ? cli_text(c, texts[serve]) : chiso_serve_key(serve);
}

static void unit_columns(const view *w, sheet *s) {
  if (!cli_people(w->c))
    sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
}

static void unit_cells(const view *w, sheet *s, size_t unit) {
  const chiso_unit *u = chiso_units_get(w->units, unit);
  if (!cli_people(w->c))
    sheet_text(s, u->code);
  sheet_text(s, cli_unit_name(w->c, u));
}

/* Bounds are shown rounded outwards. */
static chiso_dec outwards(const view *w, chiso_dec bound, bool up) {
  chiso_dec shown_by = cli_people(w->c) ? CHISO_DEC_ONE / 100 : 1;
  if (bound == CHISO_NONE)
    return bound;
  chiso_dec rest = (bound % shown_by + shown_by) % shown_by;
  return up && rest ? bound - rest + shown_by : bound - rest;
}

/* ---- units --------------------------------------------------------------- */

static void rank_cell(sheet *s, uint32_t rank) {
  sheet_integer(s, rank ? (int64_t)rank : INT64_MIN);
}

static void unit_row(const view *w, sheet *s, size_t unit) {
  chiso_rescored x;
  chiso_rescore_unit(w->r, unit, &x);
  unit_cells(w, s, unit);
  sheet_dec(s, x.own);
  rank_cell(s, x.own_rank);
  sheet_dec(s, x.known ? x.covered : CHISO_NONE);
  sheet_dec(s, x.known ? x.covered_max : CHISO_NONE);
  sheet_dec(s, x.max);
  sheet_dec(s, x.known ? outwards(w, x.low, false) : CHISO_NONE);
  sheet_dec(s, x.known ? outwards(w, x.high, true) : CHISO_NONE);
  rank_cell(s, x.best);
  rank_cell(s, x.worst);
  for (unsigned k = 0; !cli_people(w->c) && k < CHISO_N_SERVE; k++)
    sheet_dec(s, x.serve[k]);
}

static void unit_table(view *w, sheet *s) {
  cli *c = w->c;
  unit_columns(w, s);
  sheet_column(s, "points", TXT_COL_OWN_POINTS, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "rank", TXT_COL_OWN_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "covered", TXT_COL_COVERED, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "covered_max", TXT_COL_COVERED_MAX, CHISO_CELL_DEC,
               w->digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "low", TXT_COL_AT_LEAST, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "high", TXT_COL_AT_MOST, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "best_rank", TXT_COL_BEST_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "worst_rank", TXT_COL_WORST_RANK, CHISO_CELL_INTEGER, 0);
  for (unsigned k = 0; !cli_people(c) && k < CHISO_N_SERVE; k++)
    sheet_column_named(s, chiso_serve_key((chiso_serve)k),
                       serve_word(c, (chiso_serve)k), CHISO_CELL_DEC,
                       w->digits);
  for (size_t u = 0; u < chiso_units_count(w->units); u++)
    if (shown(w, u))
      unit_row(w, s, u);
}

/* "of 100 points: 74.5 carried, …" of a unit. */
static void serve_note(view *w, sheet *s) {
  cli *c = w->c;
  chiso_rescored x;
  const char *parts = "";
  chiso_dec all = 0;
  if (w->unit == SIZE_MAX)
    return;
  chiso_rescore_unit(w->r, w->unit, &x);
  for (unsigned k = 0; k < CHISO_N_SERVE; k++) {
    all += x.serve[k];
    if (x.serve[k] != 0)
      parts = cli_join(c, parts, ", ",
                       cli_print(c, "%s %s", cli_dec(c, x.serve[k]),
                                 serve_word(c, (chiso_serve)k)));
  }
  sheet_note(s, cli_say(c, TXT_RESCORE_SERVED, cli_dec(c, x.covered_max),
                        cli_dec(c, all), parts));
}

static void ranks_note(view *w, sheet *s) {
  sheet_note(s, cli_say(w->c, TXT_RESCORE_RANKS, chiso_rescore_ranked(w->r)));
}

/* ---- areas --------------------------------------------------------------- */

static void area_table(view *w, sheet *s) {
  const chiso_node *nodes = chiso_methodology_index(w->to)->nodes;
  if (w->unit == SIZE_MAX)
    unit_columns(w, s);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "covered", TXT_COL_COVERED, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "covered_max", TXT_COL_COVERED_MAX, CHISO_CELL_DEC,
               w->digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "low", TXT_COL_AT_LEAST, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "high", TXT_COL_AT_MOST, CHISO_CELL_DEC, w->digits);
  for (size_t u = 0; u < chiso_units_count(w->units); u++)
    for (size_t a = 0; shown(w, u) && a < chiso_rescore_areas(w->r); a++) {
      chiso_rescored_area x;
      chiso_rescore_area(w->r, a, u, &x);
      if (w->unit == SIZE_MAX)
        unit_cells(w, s, u);
      sheet_text(s, nodes[x.node].id);
      sheet_text(s, cli_title(w->c, &nodes[x.node]));
      sheet_dec(s, x.covered);
      sheet_dec(s, x.covered_max);
      sheet_dec(s, x.max);
      sheet_dec(s, outwards(w, x.low, false));
      sheet_dec(s, outwards(w, x.high, true));
    }
}

/* ---- leaves -------------------------------------------------------------- */

static void leaf_columns(const view *w, sheet *s) {
  bool one = w->unit != SIZE_MAX;
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "served", TXT_COL_SERVED, CHISO_CELL_TEXT, 0);
  sheet_column(s, "origins", TXT_COL_ORIGINS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "max_before", TXT_COL_MAX_BEFORE, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, w->digits);
  if (one) {
    sheet_column(s, "before", TXT_COL_BEFORE, CHISO_CELL_DEC, w->digits);
    sheet_column(s, "after", TXT_COL_AFTER, CHISO_CELL_DEC, w->digits);
  }
  sheet_column(s, "low", TXT_COL_AT_LEAST, CHISO_CELL_DEC, w->digits);
  sheet_column(s, "high", TXT_COL_AT_MOST, CHISO_CELL_DEC, w->digits);
  if (!one)
    sheet_column(s, "units", TXT_COL_SERVED_UNITS, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "renamed", TXT_COL_RETITLED, CHISO_CELL_TEXT, 0);
}

static void leaf_row(const view *w, sheet *s, size_t place) {
  cli *c = w->c;
  chiso_rescored_leaf x;
  chiso_rescored_cell cell = { .serve = CHISO_SERVE_NEW };
  bool one = w->unit != SIZE_MAX;
  chiso_rescore_leaf(w->r, place, &x);
  const chiso_node *node = &chiso_methodology_index(w->to)->nodes[x.node];
  const char *origins = "";
  for (size_t i = 0; i < x.n_origins; i++)
    origins =
        cli_join(c, origins, " + ",
                 chiso_methodology_index(w->from)->nodes[x.origins[i]].id);
  if (one)
    chiso_rescore_cell(w->r, place, w->unit, &cell);
  sheet_text(s, node->id);
  sheet_text(s, cli_title(c, node));
  sheet_text(s, serve_word(c, one ? cell.serve : x.serve));
  sheet_text(s, *origins ? origins : NULL);
  sheet_dec(s, x.n_origins ? x.max_before : CHISO_NONE);
  sheet_dec(s, x.max);
  if (one) {
    sheet_dec(s, cell.before);
    sheet_dec(s, cell.after);
  }
  sheet_dec(s, outwards(w, one ? cell.low : x.least, false));
  sheet_dec(s, outwards(w, one ? cell.high : x.most, true));
  if (!one)
    sheet_integer(s, (int64_t)x.served);
  if (cli_people(c))
    sheet_text(s, x.renamed ? cli_text(c, TXT_YES) : NULL);
  else
    sheet_text(s, x.renamed ? "yes" : "no");
}

static void leaf_table(view *w, sheet *s) {
  leaf_columns(w, s);
  for (size_t i = 0; i < chiso_rescore_leaves(w->r); i++)
    leaf_row(w, s, i);
}

/* ---- the command --------------------------------------------------------- */

typedef struct table_of {
  const char *name;
  void (*fill)(view *w, sheet *s);
} table_of;

static const table_of tables[] = { { "units", unit_table },
                                   { "areas", area_table },
                                   { "leaves", leaf_table } };

static const table_of *find_table(cli *c) {
  const char *what = c->value[OPT_WHATIF_WHAT];
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (!what || strcmp(tables[i].name, what) == 0)
      return &tables[i];
  return NULL;
}

static int show(view *w, const table_of *table) {
  mark(w);
  sheet s = sheet_new(w->c);
  titles(w, &s);
  table->fill(w, &s);
  serve_note(w, &s);
  if (table == tables)
    ranks_note(w, &s);
  notes(w, &s);
  return sheet_write(&s);
}

int whatif_method(cli *c) {
  view w = { .c = c, .unit = SIZE_MAX, .strict = c->value[OPT_STRICT] != NULL };
  const table_of *table = find_table(c);
  if (!table)
    return cli_usage(c, TXT_ERR_RESCORE_WHAT, c->value[OPT_WHATIF_WHAT]);
  int code = open_view(&w);
  if (code == EXIT_DONE)
    code = show(&w, table);
  chiso_rescore_free(w.r);
  chiso_figures_free(w.figures);
  return code;
}
