/* SPDX-License-Identifier: Apache-2.0
 * Texts that a reader must refuse, with the place and the message. */
#ifndef CHISO_TESTS_HOSTILE_H
#define CHISO_TESTS_HOSTILE_H

#include <string.h>

#include "base/error.h"
#include "suite.h"

typedef struct bad {
  const char *text;
  unsigned line, column;
  chiso__message message;
} bad;

/* Whether *err (in English) is what `b` asks for. The message is told by its
 * text up to the first conversion. */
static inline void expect_bad(const bad *b, const chiso_error *err) {
  const char *want = chiso__message_text(b->message, CHISO_LANG_EN);
  bool same = strncmp(err->text, want, strcspn(want, "%")) == 0;
  if (!same || err->line != b->line || err->column != b->column)
    fprintf(stderr, "%s\n  %u:%u %s\n", b->text, (unsigned)err->line,
            (unsigned)err->column, err->text);
  CU_ASSERT(same);
  CU_ASSERT_EQUAL(err->line, b->line);
  CU_ASSERT_EQUAL(err->column, b->column);
}

#endif
