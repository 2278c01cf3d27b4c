/* SPDX-License-Identifier: Apache-2.0
 * chiso fmt: the canonical layout of an index.json. */
#include "cli.h"

#include <string.h>

/* Whether a file holds exactly these bytes. */
static bool same(const char *path, const char *text, size_t size) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return false;
  char some[8192];
  size_t n, at = 0;
  bool equal = true;
  while (equal && (n = fread(some, 1, sizeof(some), file)) > 0) {
    equal = n <= size - at && memcmp(some, text + at, n) == 0;
    at += n;
  }
  (void)fclose(file);
  return equal && at == size;
}

int cmd_fmt(cli *c) {
  const char *path = c->operand[0];
  char *text = NULL;
  size_t size = 0;
  if (c->value[OPT_CHECK] && c->value[OPT_WRITE])
    return cli_usage(c, TXT_ERR_CHECK_WRITE);
  chiso_status status =
      chiso_methodology_read(path, NULL, &c->read[0], &c->err);
  if (status == CHISO_OK)
    status = chiso_methodology_write(c->read[0], &text, &size, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  int code = EXIT_DONE;
  if (c->value[OPT_CHECK]) {
    if (!same(path, text, size)) {
      (void)fprintf(stderr, "chiso: %s\n",
                    cli_say(c, TXT_NOT_CANONICAL, path, path));
      code = EXIT_NO;
    }
  } else if (c->value[OPT_WRITE]) {
    if (!same(path, text, size)) {
      status = chiso_output_write(path, NULL, text, size, &c->err);
      code = status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
    }
  } else {
    code = cli_write(c, text, size);
  }
  chiso_text_free(NULL, text);
  return code;
}
