/* SPDX-License-Identifier: Apache-2.0
 * base/ini.h - strict INI with places.
 *
 * iniparser reads the values. A pass over the text before it refuses what
 * iniparser 4.1 passes over in silence: lines that are too long, repeated
 * sections and keys, keys outside a section, a value with an unquoted ';' or
 * '#', a backslash between quotes, continuation lines, bytes that are not
 * UTF-8, upper-case or non-ASCII section and key names. */
#ifndef CHISO_BASE_INI_H
#define CHISO_BASE_INI_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/remarks.h"

#define CHISO__INI_LINE 8192 /* longest line in bytes */
/* Longest one that iniparser is given: it has room for 1,024. A value in a
 * longer line is handed to it in pieces. */
#define CHISO__INI_PIECE_LINE 1000

typedef struct chiso__ini_entry {
  const char *section, *key, *value; /* value in NFC, without its quotes */
  uint64_t line, column;             /* of the value */
  char quote;                        /* around it in the file, or zero */
} chiso__ini_entry;

typedef struct chiso__ini {
  const char *file;
  chiso__ini_entry *entries; /* in the file's order */
  size_t count;
  const char **sections; /* in the file's order */
  uint64_t *section_lines;
  bool *damaged; /* of each section: an entry of it has a fault and is not
                    among the others */
  size_t n_sections;
  bool usable; /* all faults are such, so that the rest can be read */
} chiso__ini;

/* `file` is used for errors and must outlive the result. */
chiso_status chiso__ini_parse(chiso__arena *arena, const char *file,
                              const char *text, size_t size, chiso__ini *out,
                              chiso_error *err);

/* The same with every fault of the text, not the first alone. `err` must be
 * given: CHISO_BAD_DATA is told in `faults`, what else ends it in *err. With
 * faults out->usable says whether the other entries are there; iniparser has
 * not seen them then. */
chiso_status chiso__ini_parse_all(chiso__arena *arena, const char *file,
                                  const char *text, size_t size,
                                  chiso__remarks *faults, chiso__ini *out,
                                  chiso_error *err);

/* Whether an entry of the section was left out with its fault. */
bool chiso__ini_damaged(const chiso__ini *ini, const char *section);

/* Value of section and key, or NULL. */
const chiso__ini_entry *chiso__ini_get(const chiso__ini *ini,
                                       const char *section, const char *key);

/* Refuses keys of `section` that are not in the NULL-terminated list. */
chiso_status chiso__ini_only(const chiso__ini *ini, const char *section,
                             const char *const *keys, chiso_error *err);

/* The same of one entry. */
chiso_status chiso__ini_known(const chiso__ini *ini,
                              const chiso__ini_entry *entry,
                              const char *const *keys, chiso_error *err);

/* Appends "key = value" and a new line; nothing when `value` is NULL. Refuses
 * what would not read back the same. */
chiso_status chiso__ini_put(chiso__buffer *out, const char *key,
                            const char *value, chiso_error *err);

#endif
