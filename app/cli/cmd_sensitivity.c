/* SPDX-License-Identifier: Apache-2.0
 * chiso sensitivity: which assumption moves an index. */
#include "cli.h"

#include <math.h>
#include <string.h>

static void real_column(sheet *s, const char *key, text_id title) {
  sheet_column(s, key, title, CHISO_CELL_REAL, CLI_REAL_DIGITS);
}

static int show_variance(cli *c, const chiso_sensitivity *k) {
  sheet s = sheet_new(c);
  real_column(&s, "Variance", TXT_COL_VARIANCE);
  sheet_real(&s, chiso_sensitivity_variance(k));
  return sheet_write(&s);
}

static int show_indices(cli *c, const chiso_sensitivity *k) {
  sheet s = sheet_new(c);
  sheet_column(&s, "Variable", TXT_COL_INPUT, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Name", TXT_COL_INPUT_NAME, CHISO_CELL_TEXT, 0);
  real_column(&s, "Si", TXT_COL_SI);
  real_column(&s, "Si_q5", TXT_COL_SPREAD_Q5);
  real_column(&s, "Si_q95", TXT_COL_SPREAD_Q95);
  real_column(&s, "STi", TXT_COL_STI);
  real_column(&s, "STi_q5", TXT_COL_SPREAD_Q5);
  real_column(&s, "STi_q95", TXT_COL_SPREAD_Q95);
  for (size_t i = 0; i < chiso_sensitivity_inputs(k); i++) {
    chiso_sensitivity_input in = chiso_sensitivity_at(k, i);
    sheet_text(&s, cli_print(c, "V%zu", i + 1));
    sheet_text(&s, in.name);
    sheet_real(&s, in.first);
    sheet_real(&s, in.first_q5);
    sheet_real(&s, in.first_q95);
    sheet_real(&s, in.total);
    sheet_real(&s, in.total_q5);
    sheet_real(&s, in.total_q95);
  }
  if (!(chiso_sensitivity_variance(k) > 0))
    sheet_note(&s, cli_text(c, TXT_SENSITIVITY_NO_VARIANCE));
  return sheet_write(&s);
}

static int show(cli *c, chiso_sensitivity *k) {
  const char *what = c->value[OPT_SENSITIVE_WHAT];
  int code = what && strcmp(what, "variance") == 0 ? show_variance(c, k)
                                                   : show_indices(c, k);
  chiso_sensitivity_free(k);
  return code;
}

static int of_design(cli *c, const chiso_sensitivity_spec *spec) {
  static const option_id others[] = { OPT_INPUTS, OPT_OUTPUT, OPT_SAMPLES,
                                      OPT_DATA,   OPT_META,   OPT_AGGREGATE,
                                      OPT_ERRORS };
  chiso_sensitivity *k;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (c->value[others[i]] || c->n_operands > 0)
      return cli_usage(c, TXT_ERR_SENSITIVITY_DESIGN,
                       cli_options[others[i]].name);
  chiso_status status = chiso_sensitivity_design(
      c->value[OPT_DESIGN], spec->seed, spec->bootstraps, NULL, &k, &c->err);
  return status == CHISO_OK ? show(c, k) : cli_fail(c, status);
}

static int of_composite(cli *c, const chiso_sensitivity_spec *spec) {
  chiso_sensitivity *k;
  if (!c->value[OPT_INPUTS])
    return cli_usage(c, TXT_ERR_SENSITIVITY_INPUTS);
  if (!c->value[OPT_AGGREGATE])
    return cli_usage(c, TXT_ERR_UNCERTAIN_AGGREGATE);
  int code = cli_composite_open(c);
  if (code == EXIT_DONE)
    code = cli_composite_draw_from(c);
  if (code != EXIT_DONE)
    return code;
  cli_progress_begin();
  chiso_status status = cli_composite_change(c);
  if (status == CHISO_OK && c->value[OPT_WEIGHTS])
    status = cli_composite_compute(c);
  if (status == CHISO_OK)
    status = chiso_sensitivity_run(c->composite, spec, &k, &c->err);
  cli_progress_end();
  cli_composite_remarks(c, c->composite);
  return status == CHISO_OK ? show(c, k) : cli_fail(c, status);
}

int cmd_sensitivity(cli *c) {
  const char *sequence = c->value[OPT_SEQUENCE];
  uint64_t threads;
  chiso_sensitivity_spec spec = {
    .normalise = c->value[OPT_NORMALISE] ? c->value[OPT_NORMALISE] : "none",
    .aggregate = c->value[OPT_AGGREGATE],
    .threshold = c->value[OPT_THRESHOLD],
    .inputs = c->value[OPT_INPUTS],
    .output = c->value[OPT_OUTPUT] ? c->value[OPT_OUTPUT] : "mean-rank-change",
    .plain = sequence && strcmp(sequence, "plain") == 0,
  };
  int code =
      cli_whole(c, OPT_SAMPLES, 2, CHISO_MOST_SAMPLES, 512, &spec.samples);
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_BOOTSTRAP, 2, CHISO_MOST_BOOTSTRAPS, 1000,
                     &spec.bootstraps);
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_SEED, 0, UINT64_MAX, 1, &spec.seed);
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_THREADS, 1, 64, 0, &threads);
  if (code != EXIT_DONE)
    return code;
  spec.threads = (unsigned)threads;
  return c->value[OPT_DESIGN] ? of_design(c, &spec) : of_composite(c, &spec);
}
