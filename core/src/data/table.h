/* SPDX-License-Identifier: Apache-2.0
 * data/table.h - what the writers of tables share. */
#ifndef CHISO_DATA_TABLE_H
#define CHISO_DATA_TABLE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "chiso/data.h"

typedef struct chiso__table_column {
  const char *key, *title;
  chiso_cell_type type;
  uint8_t digits;
} chiso__table_column;

/* `text` for a text cell, `real` for a real one, else `number`: millionths or
 * an integer. */
typedef struct chiso__table_cell {
  const char *text;
  union {
    int64_t number;
    double real; /* finite; an absent one is INT64_MIN in `number` */
  };
} chiso__table_cell;

/* For whom a number is written: digits of its column, twelve significant ones
 * of a real, all there are. */
typedef enum chiso__reader {
  CHISO__PEOPLE,
  CHISO__MACHINES,
  CHISO__EXACTLY
} chiso__reader;

/* Lines above (titles) and below (notes). */
typedef struct chiso__table_lines {
  const char **line;
  size_t count, capacity;
} chiso__table_lines;

struct chiso_table {
  chiso__arena arena;
  const chiso_allocator *allocator;
  chiso__table_column *columns;
  chiso__table_cell *cells; /* row after row; the last row may be short */
  size_t n_columns, columns_capacity, n_cells, cells_capacity;
  chiso__table_lines titles, notes;
  const char *mark, *mark_title; /* NULL: none */
};

size_t chiso__table_rows(const chiso_table *table);
/* The cell, or one that is absent where the last row is short. */
const chiso__table_cell *chiso__table_cell_at(const chiso_table *table,
                                              size_t row, size_t column);
bool chiso__table_absent(const chiso_table *table, size_t row, size_t column);

/* The text of a cell with a decimal mark: the cell's own or in `out`; NULL
 * when the cell is absent. */
const char *chiso__table_cell_text(const chiso_table *table, size_t row,
                                   size_t column, char mark,
                                   chiso__reader reader,
                                   char out[CHISO_DEC_TEXT]);

chiso_status chiso__table_as_text(const chiso_table *table,
                                  chiso_table_style style,
                                  chiso__buffer *buffer, chiso_error *err);
void chiso__table_as_csv(const chiso_table *table, bool exact,
                         chiso__buffer *buffer);
void chiso__table_as_json(const chiso_table *table, bool exact,
                          chiso__buffer *buffer);
chiso_status chiso__table_as_xlsx(const chiso_table *table, bool exact,
                                  chiso__buffer *buffer, chiso_error *err);

#endif
