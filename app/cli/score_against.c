/* SPDX-License-Identifier: Apache-2.0
 * chiso score --against: computed figures beside the published ones. */
#include "cli.h"

#include <string.h>

static void columns(sheet *s, unsigned digits) {
  sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "published", TXT_COL_PUBLISHED_POINTS, CHISO_CELL_DEC,
               digits);
  sheet_column(s, "computed", TXT_COL_COMPUTED, CHISO_CELL_DEC, digits);
  sheet_column(s, "difference", TXT_COL_DIFFERENCE, CHISO_CELL_DEC,
               CHISO_DEC_DIGITS);
  sheet_column(s, "tolerance", TXT_COL_TOLERANCE, CHISO_CELL_DEC,
               CHISO_DEC_DIGITS);
  sheet_column(s, "published_rank", TXT_COL_PUBLISHED_RANK, CHISO_CELL_INTEGER,
               0);
  sheet_column(s, "computed_rank", TXT_COL_COMPUTED_RANK, CHISO_CELL_INTEGER,
               0);
  sheet_column(s, "reproduced", TXT_COL_REPRODUCED, CHISO_CELL_TEXT, 0);
}

static void row(sheet *s, const chiso_index *index, const chiso_difference *d) {
  cli *c = s->c;
  const chiso_unit *unit = cli_scored_unit(c, d->scored);
  bool both = d->published != CHISO_NONE && d->computed != CHISO_NONE;
  sheet_text(s, unit->code);
  sheet_text(s, cli_unit_name(c, unit));
  sheet_text(s, index->nodes[d->node].id);
  sheet_dec(s, d->published);
  sheet_dec(s, d->computed);
  sheet_dec(s, both ? d->computed - d->published : CHISO_NONE);
  sheet_dec(s, d->tolerance);
  sheet_integer(s, d->published_rank ? (int64_t)d->published_rank : INT64_MIN);
  sheet_integer(s, d->computed_rank ? (int64_t)d->computed_rank : INT64_MIN);
  if (!both)
    sheet_text(s, NULL);
  else if (cli_people(c))
    sheet_text(s, cli_text(c, d->reproduced ? TXT_YES : TXT_NO));
  else
    sheet_text(s, d->reproduced ? "yes" : "no");
}

static const char *summary(cli *c, const chiso_comparison *sum) {
  const char *text = cli_say(c, TXT_SUMMARY, sum->reproduced, sum->compared,
                             sum->exact, cli_dec(c, sum->largest));
  if (sum->ranks > 0)
    text =
        cli_join(c, text, "; ",
                 cli_say(c, TXT_SUMMARY_RANKS, sum->ranks_equal, sum->ranks));
  if (sum->grades > 0)
    text = cli_join(
        c, text, "; ",
        cli_say(c, TXT_SUMMARY_GRADES, sum->grades_equal, sum->grades));
  if (sum->not_computed > 0)
    text =
        cli_join(c, text, "; ", cli_say(c, TXT_SUMMARY_NOT, sum->not_computed));
  return text;
}

static void list(sheet *s, const chiso_index *index,
                 const chiso_difference *differences, size_t count,
                 const chiso_comparison *sum) {
  columns(s, index->digits);
  for (size_t i = 0; i < count; i++)
    row(s, index, &differences[i]);
  sheet_note(s, summary(s->c, sum));
}

/* ---- --summary ----------------------------------------------------------- */

static void count_cell(sheet *s, size_t count) {
  sheet_integer(s, (int64_t)count);
}

/* People read the index and the round in the title. */
static void summary_columns(sheet *s) {
  if (!cli_people(s->c)) {
    sheet_column(s, "index", TXT_COL_METHODOLOGY, CHISO_CELL_TEXT, 0);
    sheet_column(s, "round", TXT_COL_ROUND, CHISO_CELL_TEXT, 0);
  }
  if (!cli_people(s->c) || s->c->value[OPT_PUBLISHED])
    sheet_column(s, "set", TXT_COL_SET, CHISO_CELL_TEXT, 0);
  sheet_column(s, "compared", TXT_COL_COMPARED, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "reproduced", TXT_COL_REPRODUCED, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "exact", TXT_COL_EXACT, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "largest", TXT_COL_LARGEST, CHISO_CELL_DEC, CHISO_DEC_DIGITS);
  sheet_column(s, "ranks", TXT_COL_RANKS, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "ranks_equal", TXT_COL_RANKS_EQUAL, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "grades", TXT_COL_GRADES, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "grades_equal", TXT_COL_GRADES_EQUAL, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "not_computed", TXT_COL_NOT_COMPUTED, CHISO_CELL_INTEGER, 0);
}

static void summarize(sheet *s, const chiso_methodology *m,
                      const chiso_comparison *sum) {
  cli *c = s->c;
  char round[16];
  chiso_round_format(chiso_run_round(c->run), round);
  summary_columns(s);
  if (!cli_people(c)) {
    sheet_text(s, chiso_methodology_name(m));
    sheet_text(s, round);
  }
  if (!cli_people(c) || c->value[OPT_PUBLISHED])
    sheet_text(s, c->value[OPT_PUBLISHED]);
  count_cell(s, sum->compared);
  count_cell(s, sum->reproduced);
  count_cell(s, sum->exact);
  sheet_dec(s, sum->compared > 0 ? sum->largest : CHISO_NONE);
  count_cell(s, sum->ranks);
  count_cell(s, sum->ranks_equal);
  count_cell(s, sum->grades);
  count_cell(s, sum->grades_equal);
  count_cell(s, sum->not_computed);
}

int score_against(cli *c) {
  const chiso_methodology *m = chiso_run_methodology(c->run);
  const char *path = c->value[OPT_AGAINST];
  chiso_comparison sum = { 0 };
  chiso_difference *differences = NULL;
  size_t count = 0;
  chiso_status status =
      chiso_run_compare(c->run, strcmp(path, "published") == 0 ? NULL : path,
                        &sum, &differences, &count, &c->err);
  if (status != CHISO_OK && status != CHISO_NO)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  sheet_title(&s, cli_run_title(c));
  if (c->value[OPT_SUMMARY])
    summarize(&s, m, &sum);
  else
    list(&s, chiso_methodology_index(m), differences, count, &sum);
  chiso_differences_free(c->run, differences);
  cli_run_notes(&s, 0, SIZE_MAX);
  int code = sheet_write(&s);
  /* Of figures that are shipped some have no data; whoever brings a table wants
   * all of it. */
  bool shipped = strcmp(path, "published") == 0;
  if (code == EXIT_DONE &&
      (sum.reproduced < sum.compared || (!shipped && sum.not_computed > 0)))
    return EXIT_NO;
  return code;
}
