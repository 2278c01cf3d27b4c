/* SPDX-License-Identifier: Apache-2.0
 * Tables as workbooks, with libxlsxwriter. A cell of a workbook is a double:
 * for exact decimals this is the only place that makes one, and nothing is
 * computed with it. Millionths below 2^53 give the double nearest to the
 * decimal, which the sixteen digits that a workbook stores bring back exactly;
 * what is larger is written as text. */
#include "base/text.h"
#include "data/table.h"
#include "data/xlsx_library.h"

#include <string.h>

#define EXACT_LIMIT ((int64_t)1 << 53)
#define MAX_ROWS    1000000u
#define MAX_TEXT    32767u /* characters of a cell, Excel's limit */

typedef struct book {
  const chiso__xlsx *xlsx; /* the library's functions */
  const chiso_table *table;
  bool exact;
  lxw_workbook *workbook;
  lxw_worksheet *sheet;
  lxw_format *bold, *digits[CHISO_DEC_DIGITS + 1];
  lxw_error error;
} book;

static void note_error(book *b, lxw_error error) {
  if (b->error == LXW_NO_ERROR)
    b->error = error;
}

static lxw_format *digits_format(book *b, unsigned digits) {
  static const char *const formats[] = {
    "0", "0.0", "0.00", "0.000", "0.0000", "0.00000", "0.000000",
  };
  if (!b->digits[digits]) {
    b->digits[digits] = b->xlsx->workbook_add_format(b->workbook);
    if (!b->digits[digits]) {
      note_error(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
      return NULL;
    }
    b->xlsx->format_set_num_format(b->digits[digits], formats[digits]);
  }
  return b->digits[digits];
}

static void put_text(book *b, lxw_row_t row, lxw_col_t column, const char *text,
                     lxw_format *format) {
  if (text[0] != '\0')
    note_error(b, chiso__xlsx_text(b->xlsx, b->sheet, row, column, text, format,
                                   b->table->allocator));
}

static chiso__reader reader(const book *b) {
  return b->exact ? CHISO__EXACTLY : CHISO__PEOPLE;
}

static bool exact_number(int64_t number) {
  return number > -EXACT_LIMIT && number < EXACT_LIMIT;
}

static void put_cell(book *b, size_t row, size_t column) {
  const chiso__table_cell *cell = chiso__table_cell_at(b->table, row, column);
  const chiso__table_column *type = &b->table->columns[column];
  lxw_row_t at = (lxw_row_t)(row + 1);
  lxw_col_t in = (lxw_col_t)column;
  char text[CHISO_DEC_TEXT];
  if (chiso__table_absent(b->table, row, column))
    return;
  if (type->type == CHISO_CELL_REAL) {
    note_error(b, b->xlsx->worksheet_write_number(
                      b->sheet, at, in, cell->real,
                      b->exact ? NULL : digits_format(b, type->digits)));
  } else if (type->type == CHISO_CELL_TEXT || !exact_number(cell->number)) {
    put_text(
        b, at, in,
        chiso__table_cell_text(b->table, row, column, '.', reader(b), text),
        NULL);
  } else if (type->type == CHISO_CELL_INTEGER) {
    note_error(b, b->xlsx->worksheet_write_number(b->sheet, at, in,
                                                  (double)cell->number,
                                                  digits_format(b, 0)));
  } else {
    unsigned digits = b->exact ? CHISO_DEC_DIGITS : type->digits;
    chiso_dec value =
        chiso_dec_round(cell->number, digits, CHISO_ROUND_HALF_UP);
    note_error(b, b->xlsx->worksheet_write_number(b->sheet, at, in,
                                                  (double)value / CHISO_DEC_ONE,
                                                  digits_format(b, digits)));
  }
}

/* Width by content, between 6 and 60 characters. */
static void set_width(book *b, size_t column) {
  size_t rows = chiso__table_rows(b->table);
  size_t widest = chiso__text_width(b->table->columns[column].key);
  for (size_t r = 0; r < rows && widest < 60; r++) {
    char number[CHISO_DEC_TEXT];
    const char *text =
        chiso__table_cell_text(b->table, r, column, '.', reader(b), number);
    size_t width = text ? chiso__text_width(text) : 0;
    if (width > widest)
      widest = width;
  }
  if (widest < 6)
    widest = 6;
  if (widest > 60)
    widest = 60;
  note_error(b, b->xlsx->worksheet_set_column(b->sheet, (lxw_col_t)column,
                                              (lxw_col_t)column,
                                              (double)widest + 2, NULL));
}

static void put_lines(book *b, const chiso__table_lines *lines,
                      lxw_row_t *row) {
  for (size_t i = 0; i < lines->count; i++)
    put_text(b, (*row)++, 0, lines->line[i], NULL);
}

static void put_table(book *b) {
  const chiso_table *table = b->table;
  size_t rows = chiso__table_rows(table);
  for (size_t c = 0; c < table->n_columns; c++) {
    const char *title = table->columns[c].title;
    put_text(b, 0, (lxw_col_t)c, title[0] ? title : table->columns[c].key,
             b->bold);
    set_width(b, c);
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < table->n_columns; c++)
      put_cell(b, r, c);
  if (table->mark) {
    lxw_col_t last = (lxw_col_t)table->n_columns;
    put_text(b, 0, last, table->mark_title, b->bold);
    for (size_t r = 0; r < rows; r++)
      put_text(b, (lxw_row_t)(r + 1), last, table->mark, NULL);
    note_error(b,
               b->xlsx->worksheet_set_column(b->sheet, last, last, 40, NULL));
  }
  b->xlsx->worksheet_freeze_panes(b->sheet, 1, 0);
  if (table->n_columns > 0)
    note_error(b,
               b->xlsx->worksheet_autofilter(
                   b->sheet, 0, 0, (lxw_row_t)rows,
                   (lxw_col_t)(table->n_columns - 1 + (table->mark != NULL))));
  lxw_row_t below = (lxw_row_t)rows + 2;
  put_lines(b, &table->titles, &below);
  put_lines(b, &table->notes, &below);
}

/* Fills a workbook with the one sheet. */
static lxw_error make(const chiso__xlsx *xlsx, lxw_workbook *workbook,
                      void *user) {
  book *b = user;
  b->xlsx = xlsx;
  b->workbook = workbook;
  b->sheet = xlsx->workbook_add_worksheet(workbook, "chiso");
  b->bold = xlsx->workbook_add_format(workbook);
  if (!b->sheet || !b->bold)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  xlsx->format_set_bold(b->bold);
  put_table(b);
  return b->error;
}

/* What the library would refuse in the middle is refused before. */
static chiso_status check(const chiso_table *table, chiso_error *err) {
  if (chiso__table_rows(table) > MAX_ROWS)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_TABLE_XLSX_ROWS,
                       chiso__table_rows(table), (size_t)MAX_ROWS);
  for (size_t i = 0; i < table->n_cells; i++) {
    const char *text = table->cells[i].text;
    if (text && strlen(text) > MAX_TEXT)
      return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_TABLE_XLSX_TEXT,
                         i / table->n_columns + 1, (size_t)MAX_TEXT);
  }
  return CHISO_OK;
}

chiso_status chiso__table_as_xlsx(const chiso_table *table, bool exact,
                                  chiso__buffer *buffer, chiso_error *err) {
  book b = { .table = table, .exact = exact, .error = LXW_NO_ERROR };
  CHISO__TRY(check(table, err));
  return chiso__xlsx_make(table->allocator, make, &b, buffer, err);
}
