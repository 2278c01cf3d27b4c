/* SPDX-License-Identifier: Apache-2.0
 * chiso build: plugins from index.json. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --include, CHISO_INCLUDE_DIR, else ../include beside the folder of the
 * command: the same in an installation and in a build tree. */
static const char *include_dir(cli *c) {
  const char *given = c->value[OPT_INCLUDE];
  char program[4096];
  if (!given)
    given = getenv("CHISO_INCLUDE_DIR");
  if (given && given[0] != '\0')
    return given;
  ssize_t size = readlink("/proc/self/exe", program, sizeof(program) - 1);
  if (size <= 0)
    return NULL;
  program[size] = '\0';
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(program, '/');
    if (!slash)
      return NULL;
    *slash = '\0';
  }
  if (access(cli_print(c, "%s/include/chiso/plugin.h", program), R_OK) != 0)
    return NULL;
  return cli_print(c, "%s/include", program);
}

/* --seconds; 0 when it is not given. */
static int read_seconds(cli *c, unsigned *seconds) {
  const char *text = c->value[OPT_BUILD_SECONDS];
  *seconds = 0;
  if (!text)
    return EXIT_DONE;
  for (const char *p = text; *p != '\0'; p++) {
    if (*p < '0' || *p > '9' || *seconds > 3600)
      return cli_usage(c, TXT_ERR_BUILD_SECONDS, text);
    *seconds = *seconds * 10 + (unsigned)(*p - '0');
  }
  return *seconds > 0 && *seconds <= 3600
             ? EXIT_DONE
             : cli_usage(c, TXT_ERR_BUILD_SECONDS, text);
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
    .abi = c->value[OPT_ABI],
  };
  if (!options.id || !options.out_dir)
    return cli_usage(c, TXT_ERR_NEEDS, options.id ? "out" : "id");
  options.include_dir = include_dir(c);
  if (!options.include_dir)
    return cli_usage(c, TXT_ERR_INCLUDE);
  int code = read_seconds(c, &options.seconds);
  if (code != EXIT_DONE)
    return code;
  if (!options.version)
    options.version = CHISO_VERSION;
  cli_progress_begin();
  chiso_status status = chiso_build(&options, NULL, &c->err);
  cli_progress_end();
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}
