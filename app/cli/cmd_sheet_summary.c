/* SPDX-License-Identifier: Apache-2.0
 * chiso sheet summary: the results of a round as one workbook. */
#include "cli.h"

static int write_summary(cli *c, const chiso_summary *summary) {
  char *bytes = NULL;
  size_t size = 0;
  chiso_status status =
      chiso_summary_render(summary, NULL, &bytes, &size, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  int code = cli_write(c, bytes, size);
  chiso_text_free(NULL, bytes);
  return code;
}

int cmd_sheet_summary(cli *c) {
  chiso_summary_group group = { 0 };
  chiso_summary summary = { .stage = c->value[OPT_STAGE],
                            .groups = &group,
                            .n_groups = 1,
                            .lang = c->lang,
                            .exact = c->value[OPT_EXACT] != NULL };
  if (!c->value[OPT_OUT])
    return cli_usage(c, TXT_ERR_SHEET_OUT);
  int code = cli_run(c);
  if (code != EXIT_DONE)
    return code;
  group.run = c->run;
  summary.share = chiso_store_share(c->store);
  return write_summary(c, &summary);
}
