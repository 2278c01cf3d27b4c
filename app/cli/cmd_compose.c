/* SPDX-License-Identifier: Apache-2.0
 * chiso compose: a composite index from a table of indicators, or from the
 * leaves of a methodology. */
#include "cli.h"

#include <math.h>
#include <string.h>

/* ---- tables -------------------------------------------------------------- */

static size_t within(cli *c) {
  return c->value[OPT_WITHIN]
             ? chiso_composite_find_group(c->composite, c->value[OPT_WITHIN])
             : SIZE_MAX;
}

static int show_scores(cli *c, bool data) {
  const chiso_composite *k = c->composite;
  bool up = c->value[OPT_AGGREGATE] != NULL && !data;
  bool raw = data || (!up && !c->value[OPT_NORMALISE]);
  size_t first = up ? chiso_composite_indicators(k) : 0;
  size_t next = up ? chiso_composite_codes(k) : chiso_composite_indicators(k);
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  for (size_t i = first; i < next; i++)
    sheet_code_column(&s, i, CHISO_CELL_REAL);
  for (size_t r = 0; r < chiso_composite_rows(k); r++) {
    sheet_row_cells(&s, r);
    for (size_t i = first; i < next; i++)
      sheet_real(&s, raw ? chiso_composite_data(k, i)[r]
                         : chiso_composite_values(k, i)[r]);
  }
  return sheet_write(&s);
}

static int show_ranks(cli *c) {
  const chiso_composite *k = c->composite;
  size_t rows = chiso_composite_rows(k), group = within(c);
  size_t codes = c->value[OPT_AGGREGATE] ? chiso_composite_codes(k)
                                         : chiso_composite_indicators(k);
  double *ranks = cli_alloc(c, (codes * rows + 1) * sizeof *ranks);
  if (!ranks)
    return EXIT_BUG;
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  if (group != SIZE_MAX)
    sheet_column_named(&s, c->value[OPT_WITHIN], c->value[OPT_WITHIN],
                       CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < codes; i++) {
    sheet_code_column(&s, i, CHISO_CELL_INTEGER);
    if (s.status == CHISO_OK)
      s.status = chiso_composite_ranks(k, i, group, CHISO_TIES_MIN,
                                       ranks + i * rows, &c->err);
  }
  for (size_t r = 0; r < rows; r++) {
    sheet_row_cells(&s, r);
    if (group != SIZE_MAX)
      sheet_text(&s, chiso_composite_group_of(k, group, r));
    for (size_t i = 0; i < codes; i++)
      sheet_integer(&s, isnan(ranks[i * rows + r])
                            ? INT64_MIN
                            : (int64_t)ranks[i * rows + r]);
  }
  return sheet_write(&s);
}

/* ---- the command --------------------------------------------------------- */

static int check_options(cli *c) {
  const char *group = c->value[OPT_WITHIN];
  if (group &&
      (!c->value[OPT_SHOW] || strcmp(c->value[OPT_SHOW], "ranks") != 0))
    return cli_usage(c, TXT_ERR_COMPOSE_WITHIN);
  return EXIT_DONE;
}

static int show(cli *c, const char *what) {
  if (strcmp(what, "ranks") == 0)
    return show_ranks(c);
  if (strcmp(what, "weights") == 0)
    return cli_composite_weights(c);
  if (strcmp(what, "availability") == 0)
    return cli_composite_availability(c);
  return show_scores(c, strcmp(what, "data") == 0);
}

int cmd_compose(cli *c) {
  int code = check_options(c);
  if (code == EXIT_DONE)
    code = cli_composite_open(c);
  if (code != EXIT_DONE)
    return code;
  if (c->value[OPT_WITHIN] && within(c) == SIZE_MAX)
    return cli_usage(c, TXT_ERR_COMPOSE_GROUP, c->value[OPT_WITHIN]);
  const char *what = c->value[OPT_SHOW] ? c->value[OPT_SHOW] : "scores";
  chiso_status status = CHISO_OK;
  cli_progress_begin();
  if (strcmp(what, "availability") != 0)
    status = cli_composite_change(c);
  if (status == CHISO_OK && strcmp(what, "availability") != 0 &&
      strcmp(what, "data") != 0)
    status = cli_composite_compute(c);
  cli_progress_end();
  cli_composite_remarks(c, c->composite);
  return status == CHISO_OK ? show(c, what) : cli_fail(c, status);
}
