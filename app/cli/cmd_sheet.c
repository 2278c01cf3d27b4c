/* SPDX-License-Identifier: Apache-2.0
 * chiso sheet make: scoring sheets for the units of a round. */
#include "cli.h"

#include <string.h>

static bool is_book(const char *name) {
  size_t n = strlen(name);
  return n > 5 && strcmp(name + n - 5, ".xlsx") == 0;
}

/* "self,final", of --stages and --lock. */
static int read_stages(cli *c, option_id id, unsigned *out) {
  static const char *const keys[CHISO_SHEET_STAGES] = { "self", "appraised_1",
                                                        "appraised_2",
                                                        "final" };
  const char *at = c->value[id];
  *out = 0;
  while (at && *at != '\0') {
    size_t n = strcspn(at, ","), i = 0;
    while (i < CHISO_SHEET_STAGES &&
           (strlen(keys[i]) != n || memcmp(keys[i], at, n) != 0))
      i++;
    if (i == CHISO_SHEET_STAGES)
      return cli_usage(c, TXT_ERR_STAGES, cli_options[id].name,
                       cli_copy(c, at, n));
    *out |= 1u << i;
    at += n + (at[n] == ',');
  }
  return EXIT_DONE;
}

static int tell(cli *c, const chiso_sheet_report *report) {
  const char *out = c->value[OPT_SHEETS];
  const char *text = is_book(out)
                         ? cli_say(c, TXT_SHEET_BOOK, out, report->sheets)
                         : cli_say(c, TXT_SHEET_BOOKS, out, report->books);
  text = cli_print(c, "%s\n", text);
  return cli_write(c, text, strlen(text));
}

/* What stands in the sheets already. */
static int read_known(cli *c, chiso_sheet_known **known) {
  if (c->n_data == 0)
    return EXIT_DONE;
  chiso_status status = chiso_sheet_known_read(
      c->round, c->value[OPT_GROUP], c->data, c->n_data, NULL, known, &c->err);
  if (!*known)
    return cli_fail(c, status);
  cli_progress_end();
  cli_known_remarks(c, *known);
  return cli_exit(status);
}

static int make(cli *c, chiso_sheet_options *options) {
  chiso_sheet_report report;
  chiso_sheet_known *known = NULL;
  cli_progress_begin();
  int code = read_known(c, &known);
  if (code == EXIT_DONE) {
    options->known = known;
    chiso_status status = chiso_sheets_make(
        c->round, options, c->value[OPT_SHEETS], NULL, &report, &c->err);
    code = status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
  }
  cli_progress_end();
  chiso_sheet_known_free(known);
  return code == EXIT_DONE ? tell(c, &report) : code;
}

int cmd_sheet_make(cli *c) {
  chiso_sheet_options options = { .lang = c->lang,
                                  .group = c->value[OPT_GROUP],
                                  .unit = c->value[OPT_UNIT],
                                  .force = c->value[OPT_FORCE] != NULL };
  const char *out = c->value[OPT_SHEETS];
  if (!out)
    return cli_usage(c, TXT_ERR_NEEDS, "out");
  options.one_book = is_book(out);
  int code = read_stages(c, OPT_STAGES, &options.stages);
  if (code == EXIT_DONE)
    code = read_stages(c, OPT_LOCK, &options.locked);
  if (code == EXIT_DONE)
    code = cli_any_round(c);
  return code == EXIT_DONE ? make(c, &options) : code;
}
