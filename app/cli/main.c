/* SPDX-License-Identifier: Apache-2.0
 * chiso - public-administration indices from the command line. */
#include "cli.h"

#include <signal.h>

static void release(cli *c) {
  chiso_run_free(c->run);
  chiso_sheets_free(c->sheets);
  chiso_round_free(c->round);
  chiso_import_free(c->import);
  chiso_composite_free(c->composite);
  for (size_t i = 0; i < CHISO_MAX_CHAIN; i++)
    chiso_methodology_free(c->read[i]);
  chiso_variant_free(c->variant);
  chiso_store_free(c->store);
  if (c->have_places)
    chiso_places_free(&c->places);
  cli_free(c);
}

static int run(cli *c, int argc, char **argv) {
  int code = cli_parse(c, argc, argv);
  if (code != EXIT_DONE)
    return code;
  if (c->value[OPT_HELP])
    return c->command ? help_command(c, c->command) : help_all(c, c->group);
  if (c->value[OPT_VERSION])
    return cli_write(c, "chiso " CHISO_VERSION "\n",
                     sizeof("chiso " CHISO_VERSION "\n") - 1);
  if (!c->command) {
    (void)cli_usage(c, TXT_ERR_NO_COMMAND);
    return EXIT_USAGE;
  }
  return c->command->run(c);
}

int main(int argc, char **argv) {
  static cli c;
  /* a reader that goes away ends the command, whatever was inherited */
  (void)signal(SIGPIPE, SIG_DFL);
  int code = run(&c, argc, argv);
  if (c.no_memory) {
    (void)cli_usage(&c, TXT_ERR_NO_MEMORY);
    code = EXIT_BUG;
  }
  release(&c);
  return code;
}
