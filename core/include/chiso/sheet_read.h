/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/sheet_read.h - filled scoring sheets back to observations.
 *
 * A book is good as a whole or left out as a whole: one that is damaged, was
 * made for something else or has one wrong cell gives no rows, and never stops
 * the others. docs/manual/sheet.md says what is refused.
 */
#ifndef CHISO_SHEET_READ_H
#define CHISO_SHEET_READ_H

#include "chiso/round.h"

typedef struct chiso_sheets chiso_sheets;

typedef struct chiso_sheets_options {
  bool cached; /* takes the value last calculated where a cell that takes
                  something holds a formula; otherwise it is a fault */
} chiso_sheets_options;

/* Reads workbooks that were made for the round, and those below folders: every
 * .xlsx, but for hidden files and the lock files ("~$...") of spreadsheets. All
 * are sorted by path. Memory is that of one book at a time, besides the rows
 * that are kept. `round` is borrowed and must outlive the result; `options` may
 * be NULL. A fault in a book is no failure: CHISO_BAD_DATA is returned when
 * there was no book at all, CHISO_NO_MEMORY when memory is short. err->lang is
 * the language of the remarks. Free with chiso_sheets_free(). */
CHISO_API chiso_status chiso_sheets_read(const chiso_round *round,
                                         const char *const *paths, size_t n,
                                         const chiso_sheets_options *options,
                                         const chiso_allocator *allocator,
                                         chiso_sheets **out, chiso_error *err);
CHISO_API void chiso_sheets_free(chiso_sheets *sheets);

/* What became of a book. Owned by the sheets. */
typedef struct chiso_sheet_book {
  const char *path;
  const char *name; /* below the folder that was named */
  bool good;        /* its rows were kept */
  size_t faults;
  size_t forms;     /* scoring sheets that it announces */
  size_t group;     /* place in the round; SIZE_MAX: not known */
  const char *unit; /* code, of the first sheet; NULL: not known */
} chiso_sheet_book;
CHISO_API size_t chiso_sheets_books(const chiso_sheets *sheets);
CHISO_API const chiso_sheet_book *chiso_sheets_book(const chiso_sheets *sheets,
                                                    size_t place);
CHISO_API size_t chiso_sheets_good(const chiso_sheets *sheets);

/* Faults (status CHISO_BAD_DATA or CHISO_IO) in the order of the books and of
 * their cells, among them notices (CHISO_OK); those about no single book come
 * last. The file of one about a cell is "a/b.xlsx[Phiếu]!H27". At most 10,000
 * are kept; the count of faults is full. */
CHISO_API size_t chiso_sheets_remarks(const chiso_sheets *sheets);
CHISO_API const chiso_error *chiso_sheets_remark(const chiso_sheets *sheets,
                                                 size_t place);
CHISO_API size_t chiso_sheets_faults(const chiso_sheets *sheets);

/* Whether a unit of a group (a place in its units) is assessed and no book was
 * made for it, good or not. */
CHISO_API bool chiso_sheets_missing(const chiso_sheets *sheets, size_t group,
                                    size_t unit);

/* One entry of a good book. Texts are "" where there is none; they are owned by
 * the sheets, NFC. */
typedef struct chiso_sheet_row {
  size_t group, unit; /* places in the round and in the group's units */
  uint32_t node;
  const char *input; /* key; "" where a row is about all inputs of a leaf */
  const char *stage; /* "self", "appraised_1", "appraised_2", "final" */
  const char *value; /* a decimal with a point, the key of a choice, "NA" */
  const char *note;  /* the unit's under "self", else the appraiser's */
  const char *document, *section, *page; /* the evidence, under "self" */
  bool explanation;                      /* is asked for */
  const char *book;                      /* name */
  const char *sheet;
  uint32_t line, column; /* from 1: the cell of the value, or of the note */
} chiso_sheet_row;
/* By group, unit in the order of the set, node in the order of the tree, stage,
 * input. */
CHISO_API size_t chiso_sheets_rows(const chiso_sheets *sheets);
CHISO_API chiso_sheet_row chiso_sheets_row(const chiso_sheets *sheets,
                                           size_t place);
/* The rows as a table of observations: unit, node, input, value, stage, note,
 * document, section, page, explanation, source, round, set, group. Free with
 * chiso_table_free(). */
CHISO_API chiso_status chiso_sheets_table(const chiso_sheets *sheets,
                                          chiso_table **out, chiso_error *err);

#endif
