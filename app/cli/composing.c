/* SPDX-License-Identifier: Apache-2.0
 * Composite indices as the commands on them share them: the tables or the
 * methodology, the steps, columns of tables. */
#include "cli.h"

/* ---- steps --------------------------------------------------------------- */

static int open_tables(cli *c) {
  if (c->n_data != 1)
    return cli_usage(c, TXT_ERR_COMPOSE_DATA, c->command->name);
  if (c->value[OPT_ROUND] || c->value[OPT_UNITS] || c->value[OPT_STAGE] ||
      c->value[OPT_PUBLISHED])
    return cli_usage(c, TXT_ERR_COMPOSE_RUN);
  chiso_status status = chiso_composite_read(
      c->data[0], c->value[OPT_META], c->lang, NULL, &c->composite, &c->err);
  if (status == CHISO_OK)
    return EXIT_DONE;
  if (c->composite && chiso_composite_faults(c->composite) > 0) {
    cli_composite_remarks(c, c->composite);
    return cli_exit(status);
  }
  return cli_fail(c, status);
}

/* Where the data say what units scored themselves, a simulation may go back to
 * it: the same tables once more, at the first stage. */
static int lay_self(cli *c) {
  chiso_run *self;
  bool any = chiso_run_stages(c->run) & (1u << CHISO_STAGE_SELF);
  if (!any || chiso_run_stage(c->run) == CHISO_STAGE_SELF)
    return EXIT_DONE;
  int code = cli_run_stage(c, chiso_stage_key(CHISO_STAGE_SELF), &self);
  if (code != EXIT_DONE)
    return code;
  chiso_status status = chiso_composite_self(c->composite, self, &c->err);
  chiso_run_free(self);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int lay_errors(cli *c) {
  if (!c->value[OPT_ERRORS])
    return EXIT_DONE;
  chiso_status status =
      chiso_composite_errors(c->composite, c->value[OPT_ERRORS], &c->err);
  if (status != CHISO_OK && chiso_composite_faults(c->composite) > 0) {
    cli_composite_remarks(c, c->composite);
    return cli_exit(status);
  }
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

int cli_composite_draw_from(cli *c) {
  int code = c->run ? lay_self(c) : EXIT_DONE;
  return code == EXIT_DONE ? lay_errors(c) : code;
}

static int open_run(cli *c) {
  if (c->value[OPT_META])
    return cli_usage(c, TXT_ERR_COMPOSE_META);
  int code = cli_run(c);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_composite_of_run(c->run, c->lang, NULL, &c->composite, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

chiso_status cli_composite_change(cli *c) {
  chiso_composite *k = c->composite;
  chiso_status status = CHISO_OK;
  if (c->value[OPT_SCREEN])
    status = chiso_composite_screen(k, c->value[OPT_SCREEN], &c->err);
  if (status == CHISO_OK && c->value[OPT_DENOMINATE])
    status = chiso_composite_denominate(k, c->value[OPT_DENOMINATE],
                                        c->value[OPT_DENOMINATORS], &c->err);
  if (status == CHISO_OK && c->value[OPT_IMPUTE])
    status = chiso_composite_impute(k, c->value[OPT_IMPUTE], &c->err);
  if (status == CHISO_OK && c->value[OPT_TREAT])
    status = chiso_composite_treat(k, c->value[OPT_TREAT], &c->err);
  return status;
}

chiso_status cli_composite_compute(cli *c) {
  chiso_composite *k = c->composite;
  const char *normalise = c->value[OPT_NORMALISE];
  const char *aggregate = c->value[OPT_AGGREGATE];
  const char *threshold = c->value[OPT_THRESHOLD];
  chiso_status status =
      chiso_composite_normalise(k, normalise ? normalise : "none", &c->err);
  if (status == CHISO_OK && c->value[OPT_WEIGHTS])
    status = chiso_composite_weigh(k, c->value[OPT_WEIGHTS],
                                   aggregate ? aggregate : "arithmetic",
                                   threshold, &c->err);
  if (status == CHISO_OK && aggregate)
    status = chiso_composite_aggregate(k, aggregate, threshold, &c->err);
  return status;
}

int cli_composite_open(cli *c) {
  if (c->value[OPT_THRESHOLD] && !c->value[OPT_AGGREGATE])
    return cli_usage(c, TXT_ERR_COMPOSE_THRESHOLD);
  if (c->value[OPT_DENOMINATORS] && !c->value[OPT_DENOMINATE])
    return cli_usage(c, TXT_ERR_COMPOSE_DENOMINATORS);
  return c->n_operands > 0 ? open_run(c) : open_tables(c);
}

/* ---- tables -------------------------------------------------------------- */

void sheet_row_columns(sheet *s) {
  cli *c = s->c;
  sheet_column_named(s, "uCode", "uCode", CHISO_CELL_TEXT, 0);
  if (cli_people(c) && chiso_composite_unit_name(c->composite, 0))
    sheet_column(s, "uName", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  if (chiso_composite_time(c->composite, 0))
    sheet_column_named(s, "Time", "Time", CHISO_CELL_TEXT, 0);
}

void sheet_row_cells(sheet *s, size_t row) {
  cli *c = s->c;
  const chiso_composite *k = c->composite;
  sheet_text(s, chiso_composite_unit(k, row));
  if (cli_people(c) && chiso_composite_unit_name(k, 0))
    sheet_text(s, chiso_composite_unit_name(k, row));
  if (chiso_composite_time(k, 0))
    sheet_text(s, chiso_composite_time(k, row));
}

void sheet_code_column(sheet *s, size_t code, chiso_cell_type type) {
  const char *name = chiso_composite_code_at(s->c->composite, code).code;
  sheet_column_named(s, name, name, type,
                     type == CHISO_CELL_REAL ? CLI_REAL_DIGITS : 0);
}

int cli_composite_weights(cli *c) {
  const chiso_composite *k = c->composite;
  size_t codes = chiso_composite_codes(k);
  double *effective = cli_alloc(c, (codes + 1) * sizeof *effective);
  if (!effective)
    return EXIT_BUG;
  chiso_composite_effective_weights(k, effective);
  sheet s = sheet_new(c);
  sheet_column_named(&s, "iCode", "iCode", CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Level", TXT_COL_COMPOSE_LEVEL, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Weight", TXT_COL_COMPOSE_WEIGHT, CHISO_CELL_REAL,
               CLI_REAL_DIGITS);
  sheet_column(&s, "EffWeight", TXT_COL_COMPOSE_EFFECTIVE, CHISO_CELL_REAL,
               CLI_REAL_DIGITS);
  for (size_t i = 0; i < codes; i++) {
    chiso_composite_code code = chiso_composite_code_at(k, i);
    sheet_text(&s, code.code);
    sheet_integer(&s, (int64_t)code.level);
    sheet_real(&s, code.weight);
    sheet_real(&s, effective[i]);
  }
  return sheet_write(&s);
}

static void flag_columns(sheet *s) {
  sheet_column(s, "LowData", TXT_COL_LOW_DATA, CHISO_CELL_TEXT, 0);
  sheet_column(s, "LowNonZero", TXT_COL_LOW_NON_ZERO, CHISO_CELL_TEXT, 0);
  sheet_column(s, "LowDatOrZeroFlag", TXT_COL_LOW_EITHER, CHISO_CELL_TEXT, 0);
  sheet_column(s, "Included", TXT_COL_INCLUDED, CHISO_CELL_TEXT, 0);
}

static void flag_cells(sheet *s, const chiso_composite_screening *asked,
                       chiso_composite_presence p) {
  bool low = p.available < asked->available, zero = p.nonzero < asked->nonzero;
  bool out = (asked->by_available && low) || (asked->by_nonzero && zero);
  sheet_flag(s, low);
  sheet_flag(s, zero);
  sheet_flag(s, low || zero);
  sheet_flag(s, !out);
}

/* Of the rows as they were read: a screening is shown, not done. */
int cli_composite_availability(cli *c) {
  const chiso_composite *k = c->composite;
  const char *screen = c->value[OPT_SCREEN];
  chiso_composite_screening asked = { 0 };
  if (screen && chiso_composite_screening_read(screen, &asked, &c->err))
    return cli_fail(c, c->err.status);
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  sheet_column(&s, "N_missing", TXT_COL_N_MISSING, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "N_zero", TXT_COL_N_ZERO, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "N_miss_or_zero", TXT_COL_N_EITHER, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Dat_Avail", TXT_COL_AVAILABLE, CHISO_CELL_REAL,
               CLI_REAL_DIGITS);
  sheet_column(&s, "Non_Zero", TXT_COL_NON_ZERO, CHISO_CELL_REAL,
               CLI_REAL_DIGITS);
  if (screen)
    flag_columns(&s);
  for (size_t r = 0; r < chiso_composite_rows(k); r++) {
    chiso_composite_presence p = chiso_composite_presence_of(k, r);
    sheet_row_cells(&s, r);
    sheet_integer(&s, (int64_t)p.missing);
    sheet_integer(&s, (int64_t)p.zero);
    sheet_integer(&s, (int64_t)(p.missing + p.zero));
    sheet_real(&s, p.available);
    sheet_real(&s, p.nonzero);
    if (screen)
      flag_cells(&s, &asked, p);
  }
  return sheet_write(&s);
}
