/* SPDX-License-Identifier: Apache-2.0
 * Two editions in a few lines each, for tests of what a revision did. */
#ifndef EDITIONS_H
#define EDITIONS_H

#include "chiso/model.h"
#include "small.h"

#include <stdio.h>

#define HEAD(edition, supersedes)                                              \
  "{\"format\": 1, \"id\": \"vn.test\", \"edition\": \"" edition "\", "        \
  "\"level\": \"province\", " SMALL_TITLE                                      \
  ", \"rounds\": {\"first\": 2020}, \"units\": \"u/1\", \"digits\": 2, "       \
  "\"rank\": {\"by\": \"points\", \"ties\": \"shared\"}, " supersedes          \
  "\"legal\": [{\"key\": \"a\", \"instrument\": \"1\"}], \"nodes\": ["

static inline chiso_methodology *parsed(const char *text) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  if (chiso_methodology_parse("t", text, strlen(text), NULL, &m, &err) !=
      CHISO_OK)
    fprintf(stderr, "%u: %s\n", (unsigned)err.line, err.text);
  return m;
}

#endif
