/* SPDX-License-Identifier: Apache-2.0
 * chiso build: plugins from index.json. */
#include "cli.h"

#define BUILD_MOST 3600u /* seconds that may be asked for */

int cmd_build(cli *c) {
  chiso_build_options options = {
    .id = c->value[OPT_ID],
    .version = c->value[OPT_PLUGIN_VERSION],
    .license = c->value[OPT_LICENSE],
    .contact = c->value[OPT_CONTACT],
    .indices = c->operand,
    .n_indices = c->n_operands,
    .rule = c->value[OPT_RULE],
    .out_dir = c->value[OPT_OUT_DIR],
    .abi = c->value[OPT_ABI],
  };
  if (!options.id || !options.out_dir)
    return cli_usage(c, TXT_ERR_NEEDS, options.id ? "out" : "id");
  int code = cli_seconds(c, OPT_BUILD_SECONDS, BUILD_MOST, &options.seconds);
  if (code == EXIT_DONE)
    code = cli_find_places(c);
  if (code != EXIT_DONE)
    return code;
  options.include_dir = c->value[OPT_INCLUDE];
  if (!options.include_dir)
    options.include_dir = c->places.include_dir;
  if (!options.version)
    options.version = CHISO_VERSION;
  cli_progress_begin();
  chiso_status status = chiso_build(&options, NULL, &c->err);
  cli_progress_end();
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}
