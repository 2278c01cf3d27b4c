/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_book.h - what the readers of a workbook's parts share. */
#ifndef CHISO_DATA_XLSX_BOOK_H
#define CHISO_DATA_XLSX_BOOK_H

#include "base/buffer.h"
#include "data/xlsx.h"
#include "data/xlsx_xml.h"

/* What a style of cells says. */
typedef struct chiso__style {
  bool bold, date, percent;
} chiso__style;

typedef struct chiso__book_entry {
  const char *name, *relation, *part;
  bool hidden;
} chiso__book_entry;

struct chiso__book {
  chiso__arena *arena;
  const char *file;
  chiso__zip *zip;
  chiso__book_entry *sheets;
  size_t n_sheets;
  const char **strings;
  size_t n_strings;
  chiso__style *styles;
  size_t n_styles;
  size_t cells; /* read so far, of all sheets */
  bool from_1904, macros;
};

/* xlsx_parts.c: workbook.xml and its relations, styles.xml, sharedStrings.xml.
 * A part that is not there is empty. */
chiso_status chiso__book_parts(chiso__book *book, chiso_error *err);

/* A text of a workbook: NFC, "_x000A_" and the like decoded; "" when empty. */
chiso_status chiso__book_text(chiso__book *book, const chiso__buffer *text,
                              const char **out, chiso_error *err);

#endif
