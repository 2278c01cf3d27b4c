/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_book.c - a workbook as a whole: what is taken for one, what is
 * refused, its sheets. */
#include "data/xlsx_book.h"

#include <string.h>

static chiso_status refuse(const chiso__book *book, chiso__message message,
                           chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { book->file, 0, 0 },
                     message);
}

bool chiso__book_like(const char *bytes, size_t size) {
  return size > 3 && (memcmp(bytes, "PK\3\4", 4) == 0 ||
                      memcmp(bytes, "\xd0\xcf\x11\xe0", 4) == 0);
}

/* Other things that come as a zip, by the parts that only they have. */
static chiso_status check_kind(const chiso__book *book, chiso_error *err) {
  const chiso__zip *zip = book->zip;
  if (chiso__zip_has(zip, "xl/workbook.bin"))
    return refuse(book, MSG_XLSX_BINARY, err);
  if (chiso__zip_has(zip, "xl/workbook.xml"))
    return CHISO_OK;
  if (chiso__zip_has(zip, "content.xml") && chiso__zip_has(zip, "mimetype"))
    return refuse(book, MSG_XLSX_ODS, err);
  return refuse(book, MSG_XLSX_OTHER_ZIP, err);
}

static chiso_status open_parts(chiso__book *book, chiso_error *err) {
  CHISO__TRY(check_kind(book, err));
  if (chiso__zip_has_below(book->zip, "xl/externalLinks/"))
    return refuse(book, MSG_XLSX_LINKS, err);
  book->macros = chiso__zip_has(book->zip, "xl/vbaProject.bin");
  return chiso__book_parts(book, err);
}

chiso_status chiso__book_open(chiso__arena *arena, const char *file,
                              const char *bytes, size_t size, chiso__book **out,
                              chiso_error *err) {
  chiso__book *book = chiso__arena_alloc(arena, sizeof *book);
  if (!book)
    return chiso__no_memory(err);
  book->arena = arena;
  book->file = file;
  CHISO__TRY(chiso__zip_open(arena, file, bytes, size, &book->zip, err));
  chiso_status status = open_parts(book, err);
  if (status != CHISO_OK) {
    chiso__book_close(book);
    return status;
  }
  *out = book;
  return CHISO_OK;
}

void chiso__book_close(chiso__book *book) {
  if (!book)
    return;
  chiso__zip_close(book->zip);
  chiso__free(book->arena->allocator, book->strings);
  chiso__free(book->arena->allocator, book->styles);
  book->strings = NULL;
  book->styles = NULL;
}

size_t chiso__book_sheets(const chiso__book *book) {
  return book->n_sheets;
}

const char *chiso__book_sheet_name(const chiso__book *book, size_t place) {
  return book->sheets[place].name;
}

bool chiso__book_sheet_hidden(const chiso__book *book, size_t place) {
  return book->sheets[place].hidden;
}

size_t chiso__book_find(const chiso__book *book, const char *name) {
  for (size_t i = 0; i < book->n_sheets; i++)
    if (strcmp(book->sheets[i].name, name) == 0)
      return i;
  return SIZE_MAX;
}

bool chiso__book_macros(const chiso__book *book) {
  return book->macros;
}

chiso_status chiso__book_first(chiso__book *book, chiso__sheet *out,
                               size_t *others, chiso_error *err) {
  chiso__sheet sheet;
  bool found = false;
  *others = 0;
  for (size_t i = 0; i < book->n_sheets; i++) {
    if (book->sheets[i].hidden)
      continue;
    CHISO__TRY(chiso__book_sheet(book, i, &sheet, err));
    if (sheet.n_rows == 0)
      continue;
    if (found)
      ++*others;
    else
      *out = sheet;
    found = true;
  }
  return found ? CHISO_OK : refuse(book, MSG_XLSX_EMPTY, err);
}

/* ---- looking at a sheet -------------------------------------------------- */

const chiso__sheet_cell *chiso__sheet_at(const chiso__sheet *sheet,
                                         uint32_t row, uint32_t column) {
  size_t low = 0, high = sheet->n_cells;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const chiso__sheet_cell *cell = &sheet->cells[middle];
    if (cell->row == row && cell->column == column)
      return cell;
    if (cell->row < row || (cell->row == row && cell->column < column))
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

chiso__place chiso__sheet_place(const chiso__sheet *sheet, uint32_t row,
                                uint32_t column) {
  return (chiso__place) { sheet->file, (uint64_t)row + 1,
                          (uint64_t)column + 1 };
}

chiso_status chiso__cell_usable(const chiso__sheet *sheet,
                                const chiso__sheet_cell *cell, bool cached,
                                chiso_error *err) {
  chiso__place place = chiso__sheet_place(sheet, cell->row, cell->column);
  char name[16];
  chiso__cell_name(cell->row, cell->column, name);
  if (cell->formula && !cached)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_XLSX_FORMULA, name);
  if (cell->formula && !*cell->text)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_XLSX_NOT_CALCULATED,
                       name);
  if (cell->kind == CHISO__KIND_ERROR)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_XLSX_ERROR_CELL, name,
                       cell->text);
  return CHISO_OK;
}
