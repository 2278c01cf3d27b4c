/* SPDX-License-Identifier: Apache-2.0
 * chiso sheet read: filled scoring sheets as a table of observations. */
#include "cli.h"

static int read_books(cli *c) {
  const chiso_sheets_options options = { .cached =
                                             c->value[OPT_CACHED] != NULL };
  cli_progress_begin();
  chiso_status status =
      chiso_sheets_read(c->round, c->operand + 1, c->n_operands - 1, &options,
                        NULL, &c->sheets, &c->err);
  cli_progress_end();
  if (status != CHISO_OK)
    return cli_fail(c, status);
  cli_sheets_remarks(c, c->sheets);
  return EXIT_DONE;
}

/* The table of the good books; which groups they are of marks it. */
static int write_rows(cli *c) {
  sheet s = { .c = c };
  if (!c->format_given && !c->value[OPT_OUT])
    c->format = CHISO_FORMAT_CSV;
  for (size_t i = 0; i < chiso_round_groups(c->round); i++)
    cli_rests_on(c, chiso_round_group(c->round, i)->methodology);
  s.status = chiso_sheets_table(c->sheets, &s.table, &c->err);
  return sheet_write(&s);
}

int cmd_sheet_read(cli *c) {
  int code = cli_any_round(c);
  if (code == EXIT_DONE)
    code = read_books(c);
  if (code != EXIT_DONE)
    return code;
  size_t all = chiso_sheets_books(c->sheets),
         good = chiso_sheets_good(c->sheets);
  if (good > 0)
    code = write_rows(c);
  if (code == EXIT_DONE)
    (void)fprintf(stderr, "chiso: %s\n",
                  cli_say(c, TXT_SHEETS_READ, good, all - good,
                          chiso_sheets_rows(c->sheets)));
  if (code != EXIT_DONE || good == all)
    return code;
  return good > 0 ? EXIT_NO : EXIT_DATA;
}
