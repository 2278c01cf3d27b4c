/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_book.h - one workbook of scoring sheets. */
#ifndef CHISO_SHEET_MAKE_BOOK_H
#define CHISO_SHEET_MAKE_BOOK_H

#include "base/buffer.h"
#include "sheet/make_plan.h"

/* One sheet: a unit of a plan's group. */
typedef struct chiso__sheet_job {
  const chiso__sheet_plan *plan;
  size_t unit; /* place in the group's units */
} chiso__sheet_job;

/* Something entered, for tests of the formulas. */
typedef struct chiso__sheet_entry {
  const char *text; /* NULL: the number raw / 10^digits */
  int64_t raw;
  unsigned digits;
} chiso__sheet_entry;
typedef struct chiso__sheet_entries {
  /* False: the cell is empty. */
  bool (*entry)(void *user, const chiso__sheet_job *job, unsigned stage,
                uint32_t node, uint32_t input, chiso__sheet_entry *out);
  void *user;
} chiso__sheet_entries;

typedef struct chiso__book {
  const chiso_round *round;
  chiso_lang lang;
  const chiso__sheet_job *jobs;
  size_t n_jobs;
  const chiso__sheet_entries *entries; /* NULL: none */
} chiso__book;

/* The bytes of the workbook, appended to `out`. */
chiso_status chiso__book_make(const chiso__book *book,
                              const chiso_allocator *allocator,
                              chiso__buffer *out, chiso_error *err);

/* The text in at most `most` characters, whole ones; in the arena. */
const char *chiso__cut(chiso__arena *arena, const char *text, size_t most);

#endif
