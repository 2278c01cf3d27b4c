/* SPDX-License-Identifier: Apache-2.0
 * chiso new: the folder of a new edition, copied from an older one. */
#include "cli.h"

#include <string.h>

/* What was made, and where to go on. */
static int tell(cli *c, const chiso_methodology *base,
                const chiso_methodology *made) {
  const chiso_index *old = chiso_methodology_index(base);
  const chiso_index *new = chiso_methodology_index(made);
  const char *dir = c->value[OPT_INTO] ? c->value[OPT_INTO] : ".";
  const char *folder = strcmp(dir, ".") == 0
                           ? c->operand[0]
                           : cli_print(c, "%s/%s", dir, c->operand[0]);
  const char *text =
      cli_say(c, TXT_NEW_MADE, folder, chiso_methodology_name(made),
              chiso_methodology_name(base), new->n_nodes);
  if (strcmp(old->unit_set, new->unit_set) != 0)
    text = cli_join(
        c, text, "\n",
        cli_say(c, TXT_NEW_UNITS, new->unit_set, new->first, old->unit_set));
  text = cli_print(c, "%s\n%s\n", text, cli_say(c, TXT_NEW_NEXT, folder));
  return cli_write(c, text, strlen(text));
}

int cmd_new(cli *c) {
  const chiso_methodology *base = NULL;
  if (!c->value[OPT_FROM])
    return cli_usage(c, TXT_ERR_NEEDS, "from");
  int code = cli_methodology(c, c->value[OPT_FROM], 0, &base);
  if (code == EXIT_DONE)
    code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  chiso_new_options options = { .name = c->operand[0],
                                .base = base,
                                .edition = c->value[OPT_EDITION],
                                .id = c->value[OPT_NEW_ID],
                                .out_dir = c->value[OPT_INTO],
                                .share_dir = chiso_store_share(c->store),
                                .lang = c->lang };
  chiso_status status = chiso_new(&options, NULL, &c->read[1], &c->err);
  return status == CHISO_OK ? tell(c, base, c->read[1]) : cli_fail(c, status);
}
