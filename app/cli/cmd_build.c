/* SPDX-License-Identifier: Apache-2.0
 * chiso build: plugins from index.json. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool holds_header(cli *c, const char *folder) {
  return access(cli_print(c, "%s/chiso/plugin.h", folder), R_OK) == 0;
}

/* --include, CHISO_INCLUDE_DIR, <share>/../../include (an installation), and
 * what the build tree leaves in its share folder. */
static const char *include_dir(cli *c) {
  const char *given = c->value[OPT_INCLUDE];
  if (!given)
    given = getenv("CHISO_INCLUDE_DIR");
  if (given && given[0] != '\0')
    return given;
  if (!c->have_places) {
    if (chiso_places_find(&c->places, &c->err) != CHISO_OK)
      return NULL;
    c->have_places = true;
  }
  const char *share = c->places.options.share_dir;
  if (!share)
    return NULL;
  const char *installed = cli_print(c, "%s/../../include", share);
  if (holds_header(c, installed))
    return installed;
  const char *built = cli_print(c, "%s/include", share);
  return holds_header(c, built) ? built : NULL;
}

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
  };
  if (!options.id || !options.out_dir)
    return cli_usage(c, TXT_ERR_NEEDS, options.id ? "out" : "id");
  options.include_dir = include_dir(c);
  if (!options.include_dir)
    return cli_usage(c, TXT_ERR_INCLUDE);
  if (!options.version)
    options.version = CHISO_VERSION;
  cli_progress_begin();
  chiso_status status = chiso_build(&options, NULL, &c->err);
  cli_progress_end();
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}
