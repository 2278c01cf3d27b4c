/* SPDX-License-Identifier: Apache-2.0
 * Tables for machines: CSV and JSON. Neither depends on the language. */
#include "base/csv.h"
#include "base/json.h"
#include "data/table.h"

static chiso__reader reader(bool exact) {
  return exact ? CHISO__EXACTLY : CHISO__MACHINES;
}

/* A number is no formula, whatever sign it begins with. */
static void csv_cell(const chiso_table *table, size_t column, const char *text,
                     chiso__buffer *buffer) {
  if (table->columns[column].type != CHISO_CELL_REAL || !text) {
    chiso__csv_write(buffer, column == 0, text ? text : "");
    return;
  }
  if (column > 0)
    chiso__buffer_bytes(buffer, ",", 1);
  chiso__buffer_text(buffer, text);
}

void chiso__table_as_csv(const chiso_table *table, bool exact,
                         chiso__buffer *buffer) {
  char number[CHISO_DEC_TEXT];
  for (size_t c = 0; c < table->n_columns; c++)
    chiso__csv_write(buffer, c == 0, table->columns[c].key);
  if (table->mark)
    chiso__csv_write(buffer, false, "mark");
  chiso__buffer_text(buffer, "\n");
  size_t rows = chiso__table_rows(table);
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < table->n_columns; c++) {
      const char *text =
          chiso__table_cell_text(table, r, c, '.', reader(exact), number);
      csv_cell(table, c, text, buffer);
    }
    if (table->mark)
      chiso__csv_write(buffer, false, table->mark);
    chiso__buffer_text(buffer, "\n");
  }
}

static void json_pair(chiso__buffer *buffer, const char *key,
                      const char *value) {
  chiso__json_quote(buffer, key);
  chiso__buffer_text(buffer, ": ");
  chiso__json_quote(buffer, value);
}

/* Decimals are strings: a reader that takes JSON numbers for doubles would
 * change them. Reals are doubles. */
static void json_cell(const chiso_table *table, size_t row, size_t column,
                      bool exact, chiso__buffer *buffer) {
  char number[CHISO_DEC_TEXT];
  const char *text =
      chiso__table_cell_text(table, row, column, '.', reader(exact), number);
  chiso__json_quote(buffer, table->columns[column].key);
  chiso__buffer_text(buffer, ": ");
  if (!text)
    chiso__buffer_text(buffer, "null");
  else if (table->columns[column].type == CHISO_CELL_INTEGER ||
           table->columns[column].type == CHISO_CELL_REAL)
    chiso__buffer_text(buffer, text);
  else
    chiso__json_quote(buffer, text);
}

static void json_lines(const chiso__table_lines *lines, bool *first,
                       chiso__buffer *buffer) {
  for (size_t i = 0; i < lines->count; i++) {
    chiso__buffer_text(buffer, *first ? "\n    " : ",\n    ");
    chiso__json_quote(buffer, lines->line[i]);
    *first = false;
  }
}

void chiso__table_as_json(const chiso_table *table, bool exact,
                          chiso__buffer *buffer) {
  chiso__buffer_text(buffer, "{\n  ");
  if (table->mark) {
    json_pair(buffer, "mark", table->mark);
    chiso__buffer_text(buffer, ",\n  ");
  }
  chiso__buffer_text(buffer, "\"columns\": [");
  for (size_t c = 0; c < table->n_columns; c++) {
    chiso__buffer_text(buffer, c == 0 ? "\n    {" : ",\n    {");
    json_pair(buffer, "key", table->columns[c].key);
    chiso__buffer_text(buffer, ", ");
    json_pair(buffer, "title", table->columns[c].title);
    chiso__buffer_text(buffer, "}");
  }
  chiso__buffer_text(buffer, "\n  ],\n  \"rows\": [");
  size_t rows = chiso__table_rows(table);
  for (size_t r = 0; r < rows; r++) {
    chiso__buffer_text(buffer, r == 0 ? "\n    {" : ",\n    {");
    for (size_t c = 0; c < table->n_columns; c++) {
      if (c > 0)
        chiso__buffer_text(buffer, ", ");
      json_cell(table, r, c, exact, buffer);
    }
    chiso__buffer_text(buffer, "}");
  }
  chiso__buffer_text(buffer, rows > 0 ? "\n  ],\n  \"notes\": ["
                                      : "],\n  \"notes\": [");
  bool first = true;
  json_lines(&table->titles, &first, buffer);
  json_lines(&table->notes, &first, buffer);
  chiso__buffer_text(buffer, first ? "]\n}\n" : "\n  ]\n}\n");
}
