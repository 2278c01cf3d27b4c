/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_table.c - a sheet as a table with a header. The rules of a table
 * are those of base/csv.c: the sheet is handed over as text, one row a line. */
#include <string.h>

#include "base/buffer.h"
#include "data/xlsx.h"

#define MOST_FIELDS 8000000u /* of a table, empty ones with them */

/* Quoted, with the ends of lines within it as blanks: lines are rows. */
static void put(chiso__buffer *b, const char *text) {
  chiso__buffer_bytes(b, "\"", 1);
  for (; *text; text++) {
    bool ends = *text == '\n' || *text == '\r';
    chiso__buffer_bytes(b, ends ? " " : text, 1);
    if (*text == '"')
      chiso__buffer_bytes(b, "\"", 1);
  }
  chiso__buffer_bytes(b, "\"", 1);
}

static uint32_t last_column(const chiso__sheet *sheet) {
  uint32_t last = 0;
  for (size_t i = 0; i < sheet->n_cells; i++)
    if (sheet->cells[i].column > last)
      last = sheet->cells[i].column;
  return last;
}

static chiso_status write_row(const chiso__sheet *sheet,
                              const chiso__sheet_row *row, uint32_t last,
                              chiso__buffer *b, chiso_error *err) {
  uint32_t column = 0;
  for (size_t i = 0; i < row->count; i++) {
    const chiso__sheet_cell *cell = &sheet->cells[row->first + i];
    CHISO__TRY(chiso__cell_usable(sheet, cell, false, err));
    for (; column < cell->column; column++)
      chiso__buffer_bytes(b, ",", 1);
    put(b, cell->text);
  }
  for (; column < last; column++)
    chiso__buffer_bytes(b, ",", 1);
  return CHISO_OK;
}

/* Empty rows of the sheet are empty lines, and so are comments before the
 * header. */
static chiso_status write_sheet(const chiso__sheet *sheet, chiso__buffer *b,
                                chiso_error *err) {
  uint32_t last = last_column(sheet), line = 0;
  bool header = false;
  if (sheet->n_rows > MOST_FIELDS / ((size_t)last + 1))
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { sheet->file, 0, 0 }, MSG_XLSX_CELLS,
                       MOST_FIELDS);
  for (size_t i = 0; i < sheet->n_rows; i++) {
    for (; line < sheet->rows[i].row; line++)
      chiso__buffer_bytes(b, "\n", 1);
    header = header || *sheet->cells[sheet->rows[i].first].text != '#';
    if (header)
      CHISO__TRY(write_row(sheet, &sheet->rows[i], last, b, err));
  }
  chiso__buffer_bytes(b, "\n", 1);
  return b->failed ? chiso__no_memory(err) : CHISO_OK;
}

/* Which values are numbers of the workbook: their mark is nobody's choice. */
static chiso_status mark_numbers(chiso__arena *arena, const chiso__sheet *sheet,
                                 chiso__csv *csv, chiso_error *err) {
  size_t row = 0;
  csv->numbers = chiso__arena_array(arena, csv->n_rows * csv->n_columns, 1);
  if (!csv->numbers)
    return chiso__no_memory(err);
  for (size_t i = 0; i < sheet->n_cells; i++) {
    const chiso__sheet_cell *cell = &sheet->cells[i];
    while (row < csv->n_rows && csv->lines[row] < (uint64_t)cell->row + 1)
      row++;
    if (row < csv->n_rows && csv->lines[row] == (uint64_t)cell->row + 1 &&
        cell->column < csv->n_columns)
      csv->numbers[row * csv->n_columns + cell->column] = cell->number;
  }
  return CHISO_OK;
}

chiso_status chiso__sheet_table(chiso__arena *arena, const chiso__sheet *sheet,
                                chiso__csv *out, chiso_error *err) {
  chiso__buffer text = { .allocator = arena->allocator };
  chiso_status status = write_sheet(sheet, &text, err);
  if (status == CHISO_OK)
    status =
        chiso__csv_parse(arena, sheet->file, text.data, text.size, out, err);
  chiso__buffer_free(&text);
  return status == CHISO_OK ? mark_numbers(arena, sheet, out, err) : status;
}

chiso_status chiso__table_parse(chiso__arena *arena, const char *file,
                                const char *bytes, size_t size, chiso__csv *out,
                                chiso__table_notes *notes, chiso_error *err) {
  chiso__book *book;
  chiso__sheet sheet;
  *notes = (chiso__table_notes) { 0 };
  if (!chiso__book_like(bytes, size))
    return chiso__csv_parse(arena, file, bytes, size, out, err);
  CHISO__TRY(chiso__book_open(arena, file, bytes, size, &book, err));
  notes->macros = chiso__book_macros(book);
  chiso_status status = chiso__book_first(book, &sheet, &notes->others, err);
  if (status == CHISO_OK)
    status = chiso__sheet_table(arena, &sheet, out, err);
  chiso__book_close(book);
  return status;
}
