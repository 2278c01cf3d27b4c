/* SPDX-License-Identifier: Apache-2.0
 * author/grid.c - workbooks and CSV as the same cells. */
#include <string.h>

#include "author/form.h"
#include "base/csv.h"
#include "base/text.h"

/* A leading apostrophe keeps a spreadsheet from running a text as a formula;
 * it is not part of the text. */
static const char *bare(const char *text) {
  return text[0] == '\'' && strchr("=+-@'", text[1]) && text[1] ? text + 1
                                                                : text;
}

static chiso_status sheet_of_rows(chiso__arena *arena, const char *file,
                                  const chiso__csv_rows *rows,
                                  chiso__sheet *out, chiso_error *err) {
  size_t cells = 0;
  for (size_t i = 0; i < rows->n_rows; i++)
    cells += rows->counts[i];
  *out = (chiso__sheet) { .file = file, .name = "" };
  out->cells = chiso__arena_array(arena, cells, sizeof *out->cells);
  out->rows = chiso__arena_array(arena, rows->n_rows, sizeof *out->rows);
  if (!out->cells || !out->rows)
    return chiso__no_memory(err);
  for (size_t i = 0; i < rows->n_rows; i++) {
    chiso__sheet_row *row = &out->rows[out->n_rows++];
    *row = (chiso__sheet_row) { .row = (uint32_t)rows->lines[i] - 1,
                                .first = out->n_cells };
    for (size_t c = 0; c < rows->counts[i]; c++) {
      const chiso__csv_field *field = &rows->cells[i][c];
      if (field->size == 0)
        continue;
      out->cells[out->n_cells++] = (chiso__sheet_cell) {
        .text = bare(field->text), .row = row->row, .column = (uint16_t)c
      };
      row->count++;
    }
  }
  return CHISO_OK;
}

static chiso_status read_text(chiso__arena *arena, const char *file,
                              const char *bytes, size_t size, chiso__grids *out,
                              chiso_error *err) {
  chiso__csv_rows rows;
  CHISO__TRY(chiso__csv_rows_parse(arena, file, bytes, size, &rows, err));
  out->sheets = chiso__arena_array(arena, 1, sizeof *out->sheets);
  if (!out->sheets)
    return chiso__no_memory(err);
  out->count = 1;
  return sheet_of_rows(arena, file, &rows, out->sheets, err);
}

static chiso_status no_sheet(chiso__arena *arena, const char *file,
                             const chiso__book *book, const char *wanted,
                             chiso_error *err) {
  chiso__buffer names = { .allocator = arena->allocator };
  for (size_t i = 0; i < chiso__book_sheets(book); i++)
    chiso__buffer_print(&names, "%s%s", i ? ", " : "",
                        chiso__book_sheet_name(book, i));
  chiso_status status =
      names.failed
          ? chiso__no_memory(err)
          : chiso__fail(err, CHISO_USAGE, (chiso__place) { file, 0, 0 },
                        MSG_XLSX_NO_SHEET, wanted,
                        names.data ? names.data : "");
  chiso__buffer_free(&names);
  return status;
}

static chiso_status read_sheets(chiso__arena *arena, const char *file,
                                chiso__book *book, const char *wanted,
                                chiso__grids *out, chiso_error *err) {
  size_t n = chiso__book_sheets(book);
  out->sheets = chiso__arena_array(arena, n, sizeof *out->sheets);
  if (!out->sheets)
    return chiso__no_memory(err);
  out->macros = chiso__book_macros(book);
  for (size_t i = 0; i < n; i++) {
    bool hidden = chiso__book_sheet_hidden(book, i);
    if (wanted && strcmp(wanted, chiso__book_sheet_name(book, i)) != 0)
      continue;
    if (!wanted && hidden) {
      out->hidden++;
      continue;
    }
    chiso__sheet *sheet = &out->sheets[out->count];
    CHISO__TRY(chiso__book_sheet(book, i, sheet, err));
    out->count += sheet->n_rows > 0;
  }
  if (wanted && out->count == 0)
    return no_sheet(arena, file, book, wanted, err);
  return out->count
             ? CHISO_OK
             : chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { file, 0, 0 },
                           MSG_XLSX_EMPTY);
}

chiso_status chiso__grids_read(chiso__arena *arena, const char *file,
                               const char *bytes, size_t size,
                               const char *wanted, chiso__grids *out,
                               chiso_error *err) {
  chiso__book *book;
  *out = (chiso__grids) { .workbook = chiso__book_like(bytes, size) };
  if (!out->workbook)
    return read_text(arena, file, bytes, size, out, err);
  CHISO__TRY(chiso__book_open(arena, file, bytes, size, &book, err));
  chiso_status status = read_sheets(arena, file, book, wanted, out, err);
  chiso__book_close(book);
  return status;
}
