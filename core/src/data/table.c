/* SPDX-License-Identifier: Apache-2.0
 * Tables to write: rows and typed columns in memory, and where they go. */
#include "data/table.h"

#include "base/file.h"
#include "data/real.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* ---- filling ------------------------------------------------------------ */

chiso_status chiso_table_new(const chiso_allocator *allocator,
                             chiso_table **out, chiso_error *err) {
  *out = NULL;
  chiso_table *table = chiso__alloc(allocator, sizeof(*table));
  if (!table)
    return chiso__no_memory(err);
  table->allocator = allocator;
  table->arena.allocator = allocator;
  *out = table;
  return CHISO_OK;
}

void chiso_table_free(chiso_table *table) {
  if (!table)
    return;
  const chiso_allocator *allocator = table->allocator;
  chiso__free(allocator, table->columns);
  chiso__free(allocator, table->cells);
  chiso__free(allocator, table->titles.line);
  chiso__free(allocator, table->notes.line);
  chiso__arena_free(&table->arena);
  chiso__free(allocator, table);
}

static const char *keep(chiso_table *table, const char *text) {
  return chiso__arena_text(&table->arena, text, strlen(text));
}

chiso_status chiso_table_column(chiso_table *table, const char *key,
                                const char *title, chiso_cell_type type,
                                unsigned digits, chiso_error *err) {
  if (table->n_cells > 0 || digits > CHISO_DEC_DIGITS)
    return CHISO__FAIL(err, CHISO_INTERNAL, MSG_TABLE_SHAPE);
  if (!chiso__grow(table->allocator, (void **)&table->columns,
                   &table->columns_capacity, table->n_columns,
                   sizeof(*table->columns)))
    return chiso__no_memory(err);
  chiso__table_column *column = &table->columns[table->n_columns];
  column->key = keep(table, key);
  column->title = keep(table, title);
  column->type = type;
  column->digits = (uint8_t)digits;
  if (!column->key || !column->title)
    return chiso__no_memory(err);
  table->n_columns++;
  return CHISO_OK;
}

static chiso_status add_line(chiso_table *table, chiso__table_lines *lines,
                             const char *text, chiso_error *err) {
  if (!chiso__grow(table->allocator, (void **)&lines->line, &lines->capacity,
                   lines->count, sizeof(*lines->line)))
    return chiso__no_memory(err);
  const char *kept = keep(table, text);
  if (!kept)
    return chiso__no_memory(err);
  lines->line[lines->count++] = kept;
  return CHISO_OK;
}

chiso_status chiso_table_title(chiso_table *table, const char *text,
                               chiso_error *err) {
  return add_line(table, &table->titles, text, err);
}

chiso_status chiso_table_note(chiso_table *table, const char *text,
                              chiso_error *err) {
  return add_line(table, &table->notes, text, err);
}

chiso_status chiso_table_mark(chiso_table *table, const char *title,
                              const char *text, chiso_error *err) {
  table->mark = keep(table, text);
  table->mark_title = keep(table, title);
  return table->mark && table->mark_title ? CHISO_OK : chiso__no_memory(err);
}

/* The next cell, when the column is of that type. */
static chiso_status add_cell(chiso_table *table, chiso_cell_type type,
                             chiso__table_cell cell, chiso_error *err) {
  if (table->n_columns == 0 ||
      table->columns[table->n_cells % table->n_columns].type != type)
    return CHISO__FAIL(err, CHISO_INTERNAL, MSG_TABLE_SHAPE);
  if (!chiso__grow(table->allocator, (void **)&table->cells,
                   &table->cells_capacity, table->n_cells,
                   sizeof(*table->cells)))
    return chiso__no_memory(err);
  table->cells[table->n_cells++] = cell;
  return CHISO_OK;
}

chiso_status chiso_table_text(chiso_table *table, const char *text,
                              chiso_error *err) {
  chiso__table_cell cell = { NULL, { INT64_MIN } };
  if (text) {
    /* long tables say the same again and again: what stands above is kept once
     */
    const char *above =
        table->n_columns > 0 && table->n_cells >= table->n_columns
            ? table->cells[table->n_cells - table->n_columns].text
            : NULL;
    cell.text = above && strcmp(above, text) == 0 ? above : keep(table, text);
    if (!cell.text)
      return chiso__no_memory(err);
  }
  return add_cell(table, CHISO_CELL_TEXT, cell, err);
}

chiso_status chiso_table_dec(chiso_table *table, chiso_dec value,
                             chiso_error *err) {
  return add_cell(table, CHISO_CELL_DEC,
                  (chiso__table_cell) { NULL, { value } }, err);
}

chiso_status chiso_table_integer(chiso_table *table, int64_t value,
                                 chiso_error *err) {
  return add_cell(table, CHISO_CELL_INTEGER,
                  (chiso__table_cell) { NULL, { value } }, err);
}

chiso_status chiso_table_real(chiso_table *table, double value,
                              chiso_error *err) {
  chiso__table_cell cell = { NULL, { INT64_MIN } };
  if (isfinite(value))
    cell.real = value == 0 ? 0 : value; /* -0.0 has the bits of INT64_MIN */
  return add_cell(table, CHISO_CELL_REAL, cell, err);
}

/* ---- reading back ------------------------------------------------------- */

size_t chiso__table_rows(const chiso_table *table) {
  if (table->n_columns == 0)
    return 0;
  return (table->n_cells + table->n_columns - 1) / table->n_columns;
}

const chiso__table_cell *chiso__table_cell_at(const chiso_table *table,
                                              size_t row, size_t column) {
  static const chiso__table_cell absent = { NULL, { INT64_MIN } };
  size_t place = row * table->n_columns + column;
  return place < table->n_cells ? &table->cells[place] : &absent;
}

bool chiso__table_absent(const chiso_table *table, size_t row, size_t column) {
  const chiso__table_cell *cell = chiso__table_cell_at(table, row, column);
  if (table->columns[column].type == CHISO_CELL_TEXT)
    return cell->text == NULL;
  return cell->number == INT64_MIN;
}

const char *chiso__table_cell_text(const chiso_table *table, size_t row,
                                   size_t column, char mark,
                                   chiso__reader reader,
                                   char out[CHISO_DEC_TEXT]) {
  const chiso__table_cell *cell = chiso__table_cell_at(table, row, column);
  const chiso__table_column *type = &table->columns[column];
  if (chiso__table_absent(table, row, column))
    return NULL;
  if (type->type == CHISO_CELL_TEXT)
    return cell->text;
  if (type->type == CHISO_CELL_INTEGER) {
    (void)snprintf(out, CHISO_DEC_TEXT, "%lld", (long long)cell->number);
    return out;
  }
  if (type->type == CHISO_CELL_REAL) {
    if (reader == CHISO__EXACTLY)
      chiso__real_exact(cell->real, mark, out);
    else if (reader == CHISO__MACHINES)
      chiso__real_print(cell->real, 12, mark, out);
    else
      chiso__real_fixed(cell->real, type->digits, mark, out);
    return out;
  }
  chiso_dec_style style = {
    .mark = mark,
    .digits = reader == CHISO__EXACTLY ? CHISO_DEC_DIGITS : type->digits,
    .keep_zeros = true,
  };
  chiso_dec_format(cell->number, style, out);
  return out;
}

/* ---- writing ------------------------------------------------------------ */

chiso_status chiso_table_render(const chiso_table *table,
                                chiso_table_style style, char **bytes,
                                size_t *size, chiso_error *err) {
  chiso__buffer buffer = { .allocator = table->allocator };
  chiso_status status = CHISO_OK;
  *bytes = NULL;
  *size = 0;
  switch (style.format) {
  case CHISO_FORMAT_TABLE:
    status = chiso__table_as_text(table, style, &buffer, err);
    break;
  case CHISO_FORMAT_CSV:
    chiso__table_as_csv(table, style.exact, &buffer);
    break;
  case CHISO_FORMAT_JSON:
    chiso__table_as_json(table, style.exact, &buffer);
    break;
  case CHISO_FORMAT_XLSX:
    status = chiso__table_as_xlsx(table, style.exact, &buffer, err);
    break;
  default:
    status = CHISO__FAIL(err, CHISO_USAGE, MSG_TABLE_FORMAT);
  }
  if (status == CHISO_OK) /* so that an empty text is a text too */
    chiso__buffer_bytes(&buffer, "", 0);
  if (status == CHISO_OK && buffer.failed)
    status = chiso__no_memory(err);
  if (status != CHISO_OK) {
    chiso__buffer_free(&buffer);
    return status;
  }
  *bytes = buffer.data;
  *size = buffer.size;
  return CHISO_OK;
}

chiso_status chiso_output_write(const char *path, FILE *stream,
                                const void *bytes, size_t size,
                                chiso_error *err) {
  if (path)
    return chiso__file_write(path, bytes, size, err);
  errno = 0;
  if ((size == 0 || fwrite(bytes, 1, size, stream) == size) &&
      fflush(stream) == 0)
    return CHISO_OK;
  char why[128];
  if (strerror_r(errno, why, sizeof(why)) != 0)
    why[0] = '\0';
  return CHISO__FAIL(err, CHISO_IO, MSG_OUTPUT_WRITE, why);
}

chiso_status chiso_table_write(const chiso_table *table,
                               chiso_table_style style, const char *path,
                               FILE *stream, chiso_error *err) {
  char *bytes = NULL;
  size_t size = 0;
  CHISO__TRY(chiso_table_render(table, style, &bytes, &size, err));
  chiso_status status = chiso_output_write(path, stream, bytes, size, err);
  chiso__free(table->allocator, bytes);
  return status;
}
