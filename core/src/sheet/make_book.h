/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_book.h - one workbook of scoring sheets. */
#ifndef CHISO_SHEET_MAKE_BOOK_H
#define CHISO_SHEET_MAKE_BOOK_H

#include "base/buffer.h"
#include "sheet/make_shown.h"

/* One sheet: a unit of a plan's group. */
typedef struct chiso__sheet_job {
  const chiso__sheet_plan *plan;
  size_t unit; /* place in the group's units */
} chiso__sheet_job;

/* What is beside the entries of a leaf: NULL where there is nothing. */
typedef struct chiso__sheet_beside {
  const char *note, *document, *section, *page, *appraiser_note;
  bool explanation; /* is asked for */
} chiso__sheet_beside;

/* What stands in a sheet when it is made. */
typedef struct chiso__sheet_entries {
  /* The cells of a unit that take something. */
  void (*fill)(const void *user, const chiso__sheet_job *job,
               chiso__tally *tally);
  /* False: nothing. */
  bool (*beside)(const void *user, const chiso__sheet_job *job, uint32_t node,
                 chiso__sheet_beside *out);
  const void *user;
} chiso__sheet_entries;

typedef struct chiso__book {
  const chiso_round *round;
  chiso_lang lang;
  const chiso__sheet_job *jobs;
  size_t n_jobs;
  const chiso__sheet_entries *entries; /* NULL: none */
  unsigned locked;                     /* stages whose cells take nothing */
} chiso__book;

/* The bytes of the workbook, appended to `out`. */
chiso_status chiso__book_make(const chiso__book *book,
                              const chiso_allocator *allocator,
                              chiso__buffer *out, chiso_error *err);

/* The text in at most `most` characters, whole ones; in the arena. */
const char *chiso__cut(chiso__arena *arena, const char *text, size_t most);

#endif
