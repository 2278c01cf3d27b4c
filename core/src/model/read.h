/* SPDX-License-Identifier: Apache-2.0
 * model/read.h - from JSON values to the tables. */
#ifndef CHISO_MODEL_READ_H
#define CHISO_MODEL_READ_H

#include "base/json.h"
#include "model/model.h"

typedef struct chiso__reader {
  chiso_methodology *methodology;
  chiso__arena *arena; /* the methodology's                                  */
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

/* A node of the list; `legal` keys must have been read before. */
chiso_status chiso__read_node(chiso__reader *r, const chiso__json *v,
                              chiso_node *out);

#endif
