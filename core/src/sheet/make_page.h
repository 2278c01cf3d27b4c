/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_page.h - a scoring sheet while it is filled: what the files that
 * do so share. */
#ifndef CHISO_SHEET_MAKE_PAGE_H
#define CHISO_SHEET_MAKE_PAGE_H

#include "sheet/make_sheet.h"

/* A sheet of a unit. */
typedef struct chiso__page {
  chiso__writer *w;
  const chiso__sheet_job *job;
  const chiso__sheet_plan *plan;
  const chiso__sheet_layout *layout;
  const chiso_unit *unit;
  bool *exempt; /* by node */
  chiso__tally tally;
} chiso__page;

static inline const char *chiso__page_say(const chiso__page *p,
                                          chiso__message id) {
  return chiso__message_text(id, p->plan->lang);
}
static inline lxw_row_t chiso__page_row(const chiso__page *p, uint32_t row) {
  return (lxw_row_t)(p->layout->first + row);
}
static inline lxw_col_t chiso__page_column(const chiso__page *p,
                                           unsigned column) {
  return (lxw_col_t)p->layout->column[column];
}

/* make_sheet.c: a text, or where it is NULL or empty a cell of that format. */
void chiso__page_text(chiso__page *p, lxw_row_t row, unsigned column,
                      const char *text, lxw_format *format);
/* A text in the arena; "" when memory is short. */
const char *chiso__page_print(chiso__page *p, const char *format, ...)
    CHISO_PRINTF(2, 3);

/* make_entry.c: the cells of a row that take something. */
void chiso__page_entry(chiso__page *p, uint32_t row, unsigned stage,
                       chiso__band band);
void chiso__page_beside(chiso__page *p, uint32_t row, chiso__band band);
/* What may be entered under a stage, and why not where nothing may. */
void chiso__page_checks(chiso__page *p, unsigned stage);
void chiso__page_flags(chiso__page *p);

#endif
