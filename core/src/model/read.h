/* SPDX-License-Identifier: Apache-2.0
 * model/read.h - from JSON values to the tables. */
#ifndef CHISO_MODEL_READ_H
#define CHISO_MODEL_READ_H

#include "base/json.h"
#include "model/model.h"

typedef struct chiso__reader {
  chiso_methodology *methodology;
  chiso__arena *arena; /* the methodology's */
  const char *file;
  chiso_error *err;
} chiso__reader;

chiso__place chiso__json_place(const chiso__reader *r,
                               const chiso__json *value);

/* Each takes one value and names it by its key in errors. */
chiso_status chiso__read_text(chiso__reader *r, const chiso__json *v,
                              const char **out);
chiso_status chiso__read_dec(chiso__reader *r, const chiso__json *v,
                             chiso_dec *out);
chiso_status chiso__read_integer(chiso__reader *r, const chiso__json *v,
                                 int64_t least, int64_t most, int64_t *out);
chiso_status chiso__read_key(chiso__reader *r, const chiso__json *v,
                             chiso_family family, uint8_t *out);
chiso_status chiso__read_title(chiso__reader *r, const chiso__json *v,
                               const char **vi, const char **en);
chiso_status chiso__read_date(chiso__reader *r, const chiso__json *v,
                              chiso_date *out);
chiso_status chiso__read_list(chiso__reader *r, const chiso__json *v,
                              size_t most);
chiso_status chiso__read_object(chiso__reader *r, const chiso__json *v);
/* Member of an object; an error when it is absent. */
chiso_status chiso__read_member(chiso__reader *r, const chiso__json *object,
                                const char *key, const chiso__json **out);

/* ---- records: objects with a fixed list of members ---------------------- */

typedef enum chiso__value_type {
  CHISO__VALUE_TEXT,   /* const char * */
  CHISO__VALUE_DEC,    /* chiso_dec */
  CHISO__VALUE_DATE,   /* chiso_date */
  CHISO__VALUE_TITLE,  /* two const char * in a row: vi, en */
  CHISO__VALUE_KEY,    /* uint8_t of `family` */
  CHISO__VALUE_YEAR,   /* uint16_t */
  CHISO__VALUE_DIGITS, /* uint8_t, 0..6 */
  CHISO__VALUE_OTHER   /* known, read by the caller */
} chiso__value_type;

typedef struct chiso__value {
  const char *key;
  chiso__value_type type;
  bool required;
  void *out;
  chiso_family family;
} chiso__value;

/* Reads an object whose members are exactly those listed. An absent member
 * leaves *out as it is, unless it is required. */
chiso_status chiso__read_record(chiso__reader *r, const chiso__json *v,
                                const chiso__value *members, size_t count);
#define CHISO__RECORD(r, v, ...)                                               \
  chiso__read_record((r), (v), (const chiso__value[]) { __VA_ARGS__ },         \
                     sizeof((const chiso__value[]) { __VA_ARGS__ }) /          \
                         sizeof(chiso__value))

/* Reads a list of at most `most` elements of `size` bytes, each with `read`
 * into zeroed memory; *list points at the array. */
typedef chiso_status (*chiso__read_one)(chiso__reader *r, const chiso__json *v,
                                        void *element);
chiso_status chiso__read_each(chiso__reader *r, const chiso__json *v,
                              size_t most, size_t size, chiso__read_one read,
                              void *list, uint32_t *count);

/* A chiso__read_one for lists of texts. */
chiso_status chiso__read_text_element(chiso__reader *r, const chiso__json *v,
                                      void *element);

/* A node of the list; `legal` keys must have been read before. */
chiso_status chiso__read_node(chiso__reader *r, const chiso__json *v,
                              chiso_node *out);

#endif
