/* SPDX-License-Identifier: Apache-2.0
 * base/json.h - strict JSON with places.
 *
 * cJSON builds the values. A pass over the text before it finds what cJSON
 * lets through or cannot report: repeated keys, invalid UTF-8, bytes after the
 * value, trailing commas, depth over 32, numbers that are not plain integers;
 * and it remembers where every value stands. */
#ifndef CHISO_BASE_JSON_H
#define CHISO_BASE_JSON_H

#include "base/arena.h"
#include "base/error.h"

typedef enum chiso__json_type {
  CHISO__JSON_NULL,
  CHISO__JSON_FALSE,
  CHISO__JSON_TRUE,
  CHISO__JSON_INTEGER,
  CHISO__JSON_STRING,
  CHISO__JSON_ARRAY,
  CHISO__JSON_OBJECT
} chiso__json_type;

typedef struct chiso__json {
  chiso__json_type type;
  const char *key;                  /* in an object, else NULL; NFC */
  const char *string;               /* STRING; NFC */
  int64_t integer;                  /* INTEGER */
  struct chiso__json *first, *next; /* children, in the file's order */
  size_t count;
  uint64_t line, column;         /* of the value */
  uint64_t key_line, key_column; /* of its key */
} chiso__json;

/* Parses `text` (zero-terminated at text[size]) into the arena. `file` names
 * it in errors. */
chiso_status chiso__json_parse(chiso__arena *arena, const char *file,
                               const char *text, size_t size, chiso__json **out,
                               chiso_error *err);

/* Member of an object or NULL. */
const chiso__json *chiso__json_get(const chiso__json *object, const char *key);

/* Refuses members whose key is not in the NULL-terminated list, naming the
 * nearest key that is. */
chiso_status chiso__json_only(const chiso__json *object, const char *file,
                              const char *const *keys, chiso_error *err);

/* Writes a string with quotes and JSON's escapes; UTF-8 stays as it is. */
struct chiso__buffer;
void chiso__json_quote(struct chiso__buffer *buffer, const char *text);

#endif
