/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_sheet.h - one scoring sheet of a workbook. */
#ifndef CHISO_SHEET_MAKE_SHEET_H
#define CHISO_SHEET_MAKE_SHEET_H

#include "sheet/make_book.h"
#include "sheet/make_style.h"

/* A workbook that is being filled. The first error stays. */
typedef struct chiso__writer {
  const chiso__book *book;
  chiso__arena arena;
  const chiso__xlsx *xlsx;
  lxw_workbook *workbook;
  lxw_worksheet *sheet;
  chiso__styles styles;
  lxw_error error;
  bool failed; /* memory was short */
} chiso__writer;

static inline void chiso__note(chiso__writer *w, lxw_error error) {
  if (w->error == LXW_NO_ERROR)
    w->error = error;
}

/* Fills w->sheet. */
void chiso__sheet_fill(chiso__writer *w, const chiso__sheet_job *job);

#endif
