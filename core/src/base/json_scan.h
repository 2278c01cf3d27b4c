/* SPDX-License-Identifier: Apache-2.0
 * base/json_scan.h - the strict pass before cJSON; for json.c only. */
#ifndef CHISO_BASE_JSON_SCAN_H
#define CHISO_BASE_JSON_SCAN_H

#include "base/json.h"

#define CHISO__JSON_DEPTH  32
#define CHISO__JSON_VALUES 1000000

typedef struct chiso__scan_value {
  chiso__json_type type;
  int64_t integer;
  uint64_t line, column, key_line, key_column;
} chiso__scan_value;

/* Set allocator, file, text and size; the rest is the scan's. The caller
 * frees `values`. */
typedef struct chiso__scan {
  const chiso_allocator *allocator;
  const char *file, *text;
  size_t size, start, at;
  chiso__scan_value *values;
  size_t count, capacity;
  /* place of an offset that has been asked for: later ones count from here */
  size_t known;
  uint64_t line, column;
} chiso__scan;

/* Accepts the text and lists its values in the file's order, or says what is
 * wrong with it. `start` is the offset after a byte order mark. */
chiso_status chiso__scan_json(chiso__scan *scan, chiso_error *err);

#endif
