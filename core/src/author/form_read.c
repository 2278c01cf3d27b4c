/* SPDX-License-Identifier: Apache-2.0
 * author/form_read.c - from the cells of the form to index.json, one member a
 * line, so that the reader of index.json checks everything and every line leads
 * back to its cell. */
#include <string.h>

#include "author/form_json.h"
#include "base/dec.h"
#include "base/text.h"

/* ---- sections ------------------------------------------------------------ */

static const chiso__sheet_cell *row_cell(const chiso__sheet *sheet, size_t row,
                                         size_t column) {
  const chiso__sheet_row *r = &sheet->rows[row];
  for (size_t i = 0; i < r->count; i++)
    if (sheet->cells[r->first + i].column == column)
      return &sheet->cells[r->first + i];
  return NULL;
}

/* Whether a row has one of the section's keys: a text of the table may look
 * like a marker, but has no row of keys below it. */
static bool has_keys(const chiso__sheet *sheet, size_t row,
                     const chiso__form_section *section) {
  for (size_t i = 0; row < sheet->n_rows && i < sheet->rows[row].count; i++)
    for (size_t c = 0; c < section->n_columns; c++)
      if (strcmp(sheet->cells[sheet->rows[row].first + i].text,
                 section->columns[c].key) == 0)
        return true;
  return false;
}

/* The section that a row begins, or CHISO__SECTIONS. */
static chiso__section marker_of(const chiso__sheet *sheet, size_t row) {
  const chiso__sheet_cell *cell = row_cell(sheet, row, 0);
  size_t size = cell ? strlen(cell->text) : 0;
  if (size < 3 || cell->text[0] != '[' || cell->text[size - 1] != ']')
    return CHISO__SECTIONS;
  for (chiso__section s = 0; s < CHISO__SECTIONS; s++) {
    chiso__form_section section;
    chiso__form_section_of(s, &section);
    if (strlen(section.key) == size - 2 &&
        memcmp(section.key, cell->text + 1, size - 2) == 0 &&
        has_keys(sheet, row + 2, &section))
      return s;
  }
  return CHISO__SECTIONS;
}

bool chiso__form_like(const chiso__sheet *sheets, size_t count) {
  for (size_t i = 0; i < count; i++)
    for (size_t row = 0; row < sheets[i].n_rows; row++)
      if (marker_of(&sheets[i], row) == CHISO__SECTION_NODES)
        return true;
  return false;
}

static chiso_status bad_key(const chiso__sheet *sheet,
                            const chiso__sheet_cell *cell,
                            const chiso__form_section *section,
                            chiso_error *err) {
  const char *keys[CHISO__FORM_COLUMNS];
  for (size_t i = 0; i < section->n_columns; i++)
    keys[i] = section->columns[i].key;
  const char *near = chiso__text_nearest(cell->text, keys, section->n_columns);
  chiso__place place = chiso__sheet_place(sheet, cell->row, cell->column);
  return near ? chiso__fail(err, CHISO_BAD_DATA, place, MSG_AUTHOR_COLUMN_NEAR,
                            cell->text, near)
              : chiso__fail(err, CHISO_BAD_DATA, place, MSG_AUTHOR_COLUMN,
                            cell->text);
}

/* Which column of the sheet holds which column of the section. */
static chiso_status read_keys(const chiso__sheet *sheet, size_t row,
                              chiso__rows *out, chiso_error *err) {
  const chiso__sheet_row *r = &sheet->rows[row];
  for (size_t c = 0; c < CHISO__FORM_COLUMNS; c++)
    out->column[c] = SIZE_MAX;
  for (size_t i = 0; i < r->count; i++) {
    const chiso__sheet_cell *cell = &sheet->cells[r->first + i];
    size_t c = 0;
    while (c < out->section.n_columns &&
           strcmp(out->section.columns[c].key, cell->text) != 0)
      c++;
    if (c == out->section.n_columns)
      return bad_key(sheet, cell, &out->section, err);
    if (out->column[c] != SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA,
                         chiso__sheet_place(sheet, cell->row, cell->column),
                         MSG_AUTHOR_COLUMN_TWICE, cell->text);
    out->column[c] = cell->column;
  }
  return CHISO_OK;
}

/* A value in a column without a key is nobody's. */
static chiso_status check_cells(const chiso__rows *rows, bool cached,
                                chiso_error *err) {
  const chiso__sheet *sheet = rows->sheet;
  for (size_t row = rows->first; row < rows->last; row++)
    for (size_t i = 0; i < sheet->rows[row].count; i++) {
      const chiso__sheet_cell *cell = &sheet->cells[sheet->rows[row].first + i];
      bool known = false;
      for (size_t c = 0; c < rows->section.n_columns; c++)
        known |= rows->column[c] == cell->column;
      if (!known)
        return chiso__fail(err, CHISO_BAD_DATA,
                           chiso__sheet_place(sheet, cell->row, cell->column),
                           MSG_AUTHOR_NO_COLUMN, cell->text);
      CHISO__TRY(chiso__cell_usable(sheet, cell, cached, err));
    }
  return CHISO_OK;
}

static chiso_status open_section(const chiso__sheet *sheet, size_t row,
                                 chiso__section section, chiso__rows *out,
                                 chiso_error *err) {
  const chiso__sheet_cell *cell = row_cell(sheet, row, 0);
  if (out->sheet)
    return chiso__fail(err, CHISO_BAD_DATA,
                       chiso__sheet_place(sheet, cell->row, 0),
                       MSG_AUTHOR_SECTION_TWICE, cell->text);
  chiso__form_section_of(section, &out->section);
  out->sheet = sheet;
  out->first = row + 3; /* marker, titles, keys */
  CHISO__TRY(read_keys(sheet, row + 2, out, err));
  out->last = out->first;
  while (out->last < sheet->n_rows &&
         marker_of(sheet, out->last) == CHISO__SECTIONS)
    out->last++;
  return CHISO_OK;
}

static chiso_status find_sections(const chiso__sheet *sheets, size_t count,
                                  bool cached, chiso__rows *rows,
                                  chiso_error *err) {
  for (size_t i = 0; i < count; i++)
    for (size_t row = 0; row < sheets[i].n_rows; row++) {
      chiso__section s = marker_of(&sheets[i], row);
      if (s == CHISO__SECTIONS)
        continue;
      CHISO__TRY(open_section(&sheets[i], row, s, &rows[s], err));
      CHISO__TRY(check_cells(&rows[s], cached, err));
      row = rows[s].last - 1;
    }
  for (chiso__section s = 0; s <= CHISO__SECTION_LEGAL; s++)
    if (!rows[s].sheet) {
      chiso__form_section_of(s, &rows[s].section);
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { sheets[0].file, 0, 0 },
                         MSG_AUTHOR_NO_SECTION, rows[s].section.key);
    }
  return CHISO_OK;
}

const chiso__sheet_cell *chiso__rows_cell(const chiso__rows *rows, size_t row,
                                          const char *key) {
  for (size_t c = 0; c < rows->section.n_columns; c++)
    if (strcmp(rows->section.columns[c].key, key) == 0)
      return rows->column[c] == SIZE_MAX
                 ? NULL
                 : row_cell(rows->sheet, row, rows->column[c]);
  return NULL;
}

/* ---- from the lines of the text back to cells ---------------------------- */

/* The error of the reader of index.json at the cell whose line it names. */
static void move_error(const chiso__json_text *j, const char *file,
                       chiso_error *err) {
  if (!err || err->status != CHISO_BAD_DATA)
    return;
  chiso__place place = { file, 0, 0 };
  if (err->line > 0 && err->line <= j->n_lines && j->lines[err->line - 1].file)
    place = j->lines[err->line - 1];
  chiso__error_move(err, place);
}

chiso_status chiso__form_read(chiso__arena *arena, const char *file,
                              const chiso__sheet *sheets, size_t count,
                              bool cached, const chiso_allocator *allocator,
                              chiso_methodology **out, chiso_error *err) {
  chiso__rows rows[CHISO__SECTIONS] = { 0 };
  chiso__json_text json = { .text = { .allocator = arena->allocator },
                            .err = err };
  CHISO__TRY(find_sections(sheets, count, cached, rows, err));
  chiso_status status = chiso__form_json(&json, rows);
  if (status == CHISO_OK) {
    status = chiso_methodology_parse(file, json.text.data, json.text.size,
                                     allocator, out, err);
    if (status != CHISO_OK)
      move_error(&json, sheets[0].file, err);
  }
  chiso__buffer_free(&json.text);
  chiso__free(arena->allocator, json.lines);
  return status;
}
