/* SPDX-License-Identifier: Apache-2.0
 * base/error.h - filling a chiso_error. Texts live in messages.def, in both
 * languages, so that nothing a person reads is written in the code. */
#ifndef CHISO_BASE_ERROR_H
#define CHISO_BASE_ERROR_H

#include <stdarg.h>

#include "chiso/base.h"

/* One id per text of messages.def: MSG_<name>. */
typedef enum chiso__message {
#define MESSAGE(name, en, vi) MSG_##name,
#include "base/messages.def"
#undef MESSAGE
  MSG_COUNT
} chiso__message;

/* Where in a file. `file` is borrowed for the call only; may be NULL. */
typedef struct chiso__place {
  const char *file;
  uint64_t line, column;
} chiso__place;

/* err->message of a text. */
static inline uint32_t chiso__message_number(chiso__message message) {
  return (uint32_t)message + 1;
}

/* The format of a message in a language. Static. */
const char *chiso__message_text(chiso__message message, chiso_lang lang);

/* Fills *err (may be NULL) and returns `status`. The arguments must be those
 * that the message's format asks for: the same in both languages, checked by
 * tests/unit/test_error.c. Arguments from outside are shortened and their
 * control characters replaced. */
chiso_status chiso__fail(chiso_error *err, chiso_status status,
                         chiso__place place, chiso__message message, ...);

chiso_status chiso__fail_with(chiso_error *err, chiso_status status,
                              chiso__place place, chiso__message message,
                              va_list arguments);

/* The language that the error will be in. */
static inline chiso_lang chiso__error_lang(const chiso_error *err) {
  return err ? err->lang : CHISO_LANG_EN;
}

/* Same, without a place. */
#define CHISO__FAIL(err, status, ...)                                          \
  chiso__fail((err), (status), (chiso__place) { 0 }, __VA_ARGS__)

/* Gives an error another place: that of the table a text was made from. */
void chiso__error_move(chiso_error *err, chiso__place place);

/* CHISO_NO_MEMORY with its text. */
chiso_status chiso__no_memory(chiso_error *err);

#ifdef __clang_analyzer__
/* The static analyser sees one file at a time: it must be told that a failure
 * is never CHISO_OK, or it follows paths that cannot be. */
#ifndef CHISO_BASE_ERROR_C
static inline chiso_status chiso__failed(chiso_status status) {
  return status == CHISO_OK ? CHISO_INTERNAL : status;
}
#define chiso__fail(err, status, ...)                                          \
  chiso__failed(chiso__fail((err), (status), __VA_ARGS__))
#define chiso__no_memory(err) ((void)(err), CHISO_NO_MEMORY)
#endif
#endif

/* Returns from the calling function when `call` fails. */
#define CHISO__TRY(call)                                                       \
  do {                                                                         \
    chiso_status try_status_ = (call);                                         \
    if (try_status_ != CHISO_OK)                                               \
      return try_status_;                                                      \
  } while (0)

#endif
