/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_sheet.c - the cells of one sheet. What it says of its size is not
 * asked: only cells that are there count. */
#include <string.h>

#include "data/xlsx_book.h"

typedef struct reader {
  chiso__book *book;
  chiso__sheet *sheet;
  size_t cell_room, row_room, merge_room;
  chiso__buffer text;
  /* the row and cell being read */
  uint32_t row, column;
  bool any_row, any_cell, hidden, row_kept;
  bool in_cell, in_value, in_phonetic, formula;
  char type[16];
  chiso__style style;
} reader;

static chiso__place here(const reader *r) {
  return chiso__sheet_place(r->sheet, r->row, r->column);
}

static chiso_status damaged(const reader *r, const char *what,
                            chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_DAMAGED, what);
}

static bool push(reader *r, void *list, size_t *room, size_t used,
                 size_t element) {
  return chiso__grow(r->book->arena->allocator, list, room, used, element);
}

/* ---- rows and cells ------------------------------------------------------ */

static chiso_status begin_row(reader *r, const char **attributes,
                              chiso_error *err) {
  const char *text = chiso__xml_get(attributes, "r");
  uint64_t number = r->any_row ? (uint64_t)r->row + 2 : 1;
  if (text && !chiso__xml_number(text, CHISO__SHEET_ROWS, &number))
    return damaged(r, text, err);
  if (number == 0 || number > CHISO__SHEET_ROWS ||
      (r->any_row && number <= (uint64_t)r->row + 1))
    return damaged(r, text ? text : "row", err);
  r->row = (uint32_t)number - 1;
  r->column = 0;
  r->any_row = true;
  r->any_cell = r->row_kept = false;
  r->hidden = chiso__xml_flag(chiso__xml_get(attributes, "hidden"), false);
  return CHISO_OK;
}

static chiso_status begin_cell(reader *r, const char **attributes,
                               chiso_error *err) {
  const char *name = chiso__xml_get(attributes, "r"), *end = "";
  const char *type = chiso__xml_get(attributes, "t");
  uint32_t row = r->row, column = r->any_cell ? r->column + 1 : 0;
  uint64_t style = 0;
  if (!r->any_row)
    return damaged(r, "c", err);
  if (name && (!chiso__cell_place(name, &row, &column, &end) || *end))
    return damaged(r, name, err);
  if (row != r->row || column >= CHISO__SHEET_COLUMNS ||
      (r->any_cell && column <= r->column))
    return damaged(r, name ? name : "c", err);
  r->column = column;
  r->any_cell = r->in_cell = true;
  r->formula = false;
  r->text.size = 0;
  snprintf(r->type, sizeof r->type, "%s", type ? type : "n");
  r->style = (chiso__style) { 0 };
  if (chiso__xml_number(chiso__xml_get(attributes, "s"), SIZE_MAX / 32,
                        &style) &&
      style < r->book->n_styles)
    r->style = r->book->styles[style];
  return CHISO_OK;
}

/* ---- values -------------------------------------------------------------- */

static chiso_status shared(reader *r, const char **out, chiso_error *err) {
  uint64_t place;
  if (!chiso__xml_number(r->text.data, r->book->n_strings, &place) ||
      place >= r->book->n_strings)
    return damaged(r, r->text.data, err);
  *out = r->book->strings[place];
  return CHISO_OK;
}

/* A number, with what its format makes of it: a day, a percentage. */
static chiso_status number(reader *r, const char **out, uint8_t *kind,
                           chiso_error *err) {
  char text[CHISO__CELL_NUMBER], date[16];
  *kind = CHISO__KIND_NUMBER;
  if (!chiso__cell_number(r->text.data, text))
    return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_NUMBER,
                       r->text.data);
  if (r->style.date && chiso__cell_date(text, r->book->from_1904, date)) {
    *kind = CHISO__KIND_DATE;
    memcpy(text, date, sizeof date);
  } else if (r->style.percent) {
    chiso__cell_percent(text);
    *kind = CHISO__KIND_TEXT;
  }
  *out = chiso__arena_text(r->book->arena, text, strlen(text));
  return *out ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status value(reader *r, const char **out, uint8_t *kind,
                          chiso_error *err) {
  *kind = CHISO__KIND_TEXT;
  *out = "";
  if (r->text.failed)
    return chiso__no_memory(err);
  if (r->text.size == 0)
    return CHISO_OK;
  if (strcmp(r->type, "s") == 0)
    return shared(r, out, err);
  if (strcmp(r->type, "n") == 0)
    return number(r, out, kind, err);
  if (strcmp(r->type, "b") == 0) {
    *kind = CHISO__KIND_BOOLEAN;
    *out = strcmp(r->text.data, "1") == 0 ? "TRUE" : "FALSE";
    return CHISO_OK;
  }
  if (strcmp(r->type, "e") == 0)
    *kind = CHISO__KIND_ERROR;
  else if (strcmp(r->type, "d") == 0)
    *kind = CHISO__KIND_DATE;
  return chiso__book_text(r->book, &r->text, out, err);
}

static size_t characters(const char *text) {
  size_t count = 0;
  for (; *text; text++)
    count += ((unsigned char)*text & 0xc0u) != 0x80u;
  return count;
}

static chiso_status keep_row(reader *r, chiso_error *err) {
  chiso__sheet *sheet = r->sheet;
  if (r->row_kept)
    return CHISO_OK;
  if (!push(r, &sheet->rows, &r->row_room, sheet->n_rows, sizeof *sheet->rows))
    return chiso__no_memory(err);
  sheet->rows[sheet->n_rows++] = (chiso__sheet_row) { .row = r->row,
                                                      .hidden = r->hidden,
                                                      .first = sheet->n_cells };
  r->row_kept = true;
  return CHISO_OK;
}

static chiso_status end_cell(reader *r, chiso_error *err) {
  chiso__sheet *sheet = r->sheet;
  chiso__sheet_cell cell = { .row = r->row,
                             .column = (uint16_t)r->column,
                             .bold = r->style.bold,
                             .formula = r->formula,
                             .date = r->style.date,
                             .number = strcmp(r->type, "n") == 0 };
  r->in_cell = false;
  CHISO__TRY(value(r, &cell.text, &cell.kind, err));
  if (!*cell.text && !cell.formula)
    return CHISO_OK;
  if (characters(cell.text) > CHISO__BOOK_CELL_TEXT)
    return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_TEXT,
                       CHISO__BOOK_CELL_TEXT);
  if (++r->book->cells > CHISO__BOOK_CELLS)
    return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_CELLS,
                       CHISO__BOOK_CELLS);
  CHISO__TRY(keep_row(r, err));
  if (!push(r, &sheet->cells, &r->cell_room, sheet->n_cells,
            sizeof *sheet->cells))
    return chiso__no_memory(err);
  sheet->cells[sheet->n_cells++] = cell;
  sheet->rows[sheet->n_rows - 1].count++;
  return CHISO_OK;
}

/* ---- merged ranges ------------------------------------------------------- */

static chiso_status add_merge(reader *r, const char **attributes,
                              chiso_error *err) {
  chiso__sheet *sheet = r->sheet;
  const char *ref = chiso__xml_get(attributes, "ref"), *end = "";
  uint32_t row, column, last_row, last_column;
  if (!ref || !chiso__cell_place(ref, &row, &column, &end) || *end != ':' ||
      !chiso__cell_place(end + 1, &last_row, &last_column, &end) || *end ||
      last_row < row || last_column < column)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { sheet->file, 0, 0 }, MSG_XLSX_DAMAGED,
                       ref ? ref : "mergeCell");
  if (sheet->n_merges == CHISO__BOOK_MERGES)
    return chiso__fail(err, CHISO_BAD_DATA, here(r), MSG_XLSX_MERGES,
                       CHISO__BOOK_MERGES);
  if (!push(r, &sheet->merges, &r->merge_room, sheet->n_merges,
            sizeof *sheet->merges))
    return chiso__no_memory(err);
  sheet->merges[sheet->n_merges++] =
      (chiso__merge) { row, last_row, (uint16_t)column, (uint16_t)last_column };
  return CHISO_OK;
}

/* ---- the part ------------------------------------------------------------ */

static chiso_status begin(void *user, const char *name, const char **attributes,
                          chiso_error *err) {
  reader *r = user;
  if (strcmp(name, "row") == 0)
    return begin_row(r, attributes, err);
  if (strcmp(name, "c") == 0)
    return begin_cell(r, attributes, err);
  if (strcmp(name, "mergeCell") == 0)
    return add_merge(r, attributes, err);
  if (strcmp(name, "f") == 0)
    r->formula = r->in_cell;
  else if (strcmp(name, "rPh") == 0)
    r->in_phonetic = true;
  else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
    r->in_value = r->in_cell && !r->in_phonetic;
  return CHISO_OK;
}

static chiso_status end(void *user, const char *name, chiso_error *err) {
  reader *r = user;
  if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
    r->in_value = false;
  else if (strcmp(name, "rPh") == 0)
    r->in_phonetic = false;
  else if (strcmp(name, "c") == 0 && r->in_cell)
    return end_cell(r, err);
  return CHISO_OK;
}

static chiso_status text(void *user, const char *bytes, size_t size,
                         chiso_error *err) {
  reader *r = user;
  (void)err;
  if (r->in_value)
    chiso__buffer_bytes(&r->text, bytes, size);
  return CHISO_OK;
}

/* What grew goes into the arena, to live as long as the workbook's texts. */
static chiso_status settle(reader *r, void *list, size_t count, size_t element,
                           chiso_error *err) {
  void **from = list;
  void *to = chiso__arena_raw(r->book->arena, count, element);
  if (to && count)
    memcpy(to, *from, count * element);
  chiso__free(r->book->arena->allocator, *from);
  *from = to;
  return to ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status name_file(chiso__book *book, chiso__sheet *sheet,
                              chiso_error *err) {
  chiso__buffer file = { .allocator = book->arena->allocator };
  chiso__buffer_print(&file, "%s[%s]", book->file, sheet->name);
  if (!file.failed)
    sheet->file = chiso__arena_text(book->arena, file.data, file.size);
  chiso__buffer_free(&file);
  return sheet->file ? CHISO_OK : chiso__no_memory(err);
}

chiso_status chiso__book_sheet(chiso__book *book, size_t place,
                               chiso__sheet *out, chiso_error *err) {
  chiso__book_entry *entry = &book->sheets[place];
  reader r = { .book = book,
               .sheet = out,
               .text = { .allocator = book->arena->allocator } };
  *out = (chiso__sheet) { .name = entry->name, .hidden = entry->hidden };
  CHISO__TRY(name_file(book, out, err));
  if (!entry->part)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { out->file, 0, 0 },
                       MSG_XLSX_PART_MISSING, entry->relation);
  chiso_status status =
      chiso__xml_read(book->zip, entry->part,
                      (chiso__xml_handler) { begin, end, text, &r }, err);
  chiso_status kept[] = {
    settle(&r, &out->cells, out->n_cells, sizeof *out->cells, err),
    settle(&r, &out->rows, out->n_rows, sizeof *out->rows, err),
    settle(&r, &out->merges, out->n_merges, sizeof *out->merges, err),
  };
  chiso__buffer_free(&r.text);
  for (size_t i = 0; i < 3 && status == CHISO_OK; i++)
    status = kept[i];
  return status;
}
