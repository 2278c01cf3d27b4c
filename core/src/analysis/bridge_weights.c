/* SPDX-License-Identifier: Apache-2.0
 * analysis/bridge_weights.c - a column of weights of the older units. */
#include <string.h>

#include "analysis/bridge.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"
#include "data/xlsx.h"

typedef struct weights {
  chiso_bridge *b;
  chiso__csv csv;
  size_t unit, set, column;
  char mark;    /* of decimals, so far */
  bool decimal; /* a cell shows that the mark is one of decimals */
  uint8_t *seen;
  chiso_error *err;
} weights;

static const char *text_of(const weights *w, size_t row, size_t column) {
  return chiso__csv_cell(&w->csv, row, column)->text;
}

static chiso__place place_of(const weights *w, size_t row, size_t column) {
  return (chiso__place) { w->csv.file, w->csv.lines[row], column + 1 };
}

/* ---- columns ------------------------------------------------------------- */

static bool is_number(const weights *w, size_t row, size_t column) {
  const chiso__csv_field *f = chiso__csv_cell(&w->csv, row, column);
  chiso__number n;
  chiso__number_fault fault =
      chiso__number_read(f->text, f->size, CHISO_DEC_DIGITS, &n);
  return fault == CHISO__NUMBER_OK || fault == CHISO__NUMBER_THOUSANDS ||
         fault == CHISO__NUMBER_RANGE;
}

/* At least half of the cells that are filled are numbers: what else stands
 * there is then a fault of the cell. */
static bool holds_numbers(const weights *w, size_t column) {
  size_t filled = 0, numbers = 0;
  if (column == w->unit || column == w->set || !w->csv.header[column].size)
    return false;
  for (size_t row = 0; row < w->csv.n_rows; row++) {
    filled += chiso__csv_cell(&w->csv, row, column)->size > 0;
    numbers += is_number(w, row, column);
  }
  return numbers > 0 && 2 * numbers >= filled;
}

static chiso_status no_column(const weights *w, const char *asked,
                              size_t count) {
  chiso__place header = { w->csv.file, w->csv.header_line, 0 };
  chiso__buffer list = { .allocator = w->b->allocator };
  for (size_t k = 0; k < w->csv.n_columns; k++)
    if (holds_numbers(w, k))
      chiso__buffer_print(&list, "%s%s", list.size ? ", " : "",
                          w->csv.header[k].text);
  chiso_status status;
  if (list.failed)
    status = chiso__no_memory(w->err);
  else if (count == 0)
    status =
        chiso__fail(w->err, CHISO_BAD_DATA, header, MSG_BRIDGE_WEIGHT_NUMBERS);
  else if (asked)
    status = chiso__fail(w->err, CHISO_BAD_DATA, header, MSG_BRIDGE_NO_WEIGHTS,
                         asked, list.data);
  else
    status = chiso__fail(w->err, CHISO_BAD_DATA, header,
                         MSG_BRIDGE_WHICH_WEIGHTS, list.data);
  chiso__buffer_free(&list);
  return status;
}

/* "unit", else the column that names most units: a number of the row may be a
 * code as well. */
static chiso_status find_unit_column(weights *w) {
  size_t most = 0, unit;
  w->unit = chiso__csv_column(&w->csv, "unit");
  if (w->unit != SIZE_MAX)
    return CHISO_OK;
  w->unit = 0;
  for (size_t k = 0; k < w->csv.n_columns; k++) {
    size_t hits = 0;
    for (size_t row = 0; row < w->csv.n_rows; row++) {
      CHISO__TRY(
          chiso__units_find(w->b->from, text_of(w, row, k), &unit, w->err));
      hits += unit != SIZE_MAX;
    }
    if (hits > most) {
      most = hits;
      w->unit = k;
    }
  }
  return CHISO_OK;
}

/* As asked for, without case; else the only one of numbers. */
static chiso_status find_columns(weights *w, const char *asked) {
  size_t count = 0, only = 0;
  CHISO__TRY(find_unit_column(w));
  w->set = chiso__csv_column(&w->csv, "set");
  for (size_t k = 0; k < w->csv.n_columns; k++)
    if (holds_numbers(w, k)) {
      count++;
      only = k;
    }
  const char *name =
      asked ? chiso__nfc(&w->b->arena, asked, strlen(asked)) : NULL;
  if (asked && !name)
    return chiso__no_memory(w->err);
  w->column = name ? chiso__csv_column(&w->csv, name) : only;
  if (w->column == SIZE_MAX || w->column == w->unit || (!asked && count != 1))
    return no_column(w, asked, count);
  const chiso__csv_field *f = &w->csv.header[w->column];
  w->b->column = chiso__arena_text(&w->b->arena, f->text, f->size);
  return w->b->column ? CHISO_OK : chiso__no_memory(w->err);
}

/* ---- numbers ------------------------------------------------------------- */

/* A number of a workbook has no mark that anyone chose. */
static bool spelled(const weights *w, size_t row) {
  return w->csv.numbers && w->csv.numbers[row * w->csv.n_columns + w->column];
}

/* "1.234" and "12,345": three digits behind a mark, at most three before. */
static bool in_thousands(const char *text, const chiso__number *n) {
  size_t before = strspn(text, "0123456789");
  return n->mark && n->after == 3 && text[0] != '0' && before >= 1 &&
         before <= 3;
}

/* Population is mostly written in thousands, so that 1.234 could be both; any
 * other number of digits behind a mark shows what it is. */
static void find_mark(weights *w) {
  for (size_t row = 0; row < w->csv.n_rows; row++) {
    const chiso__csv_field *f = chiso__csv_cell(&w->csv, row, w->column);
    chiso__number n;
    if (!spelled(w, row) &&
        chiso__number_read(f->text, f->size, CHISO_DEC_DIGITS, &n) ==
            CHISO__NUMBER_OK)
      w->decimal = w->decimal || (n.mark && !in_thousands(f->text, &n));
  }
}

static chiso_status read_weight(weights *w, size_t row, chiso_dec *out) {
  const chiso__csv_field *f = chiso__csv_cell(&w->csv, row, w->column);
  chiso__place place = place_of(w, row, w->column);
  chiso__number n;
  chiso__number_fault fault =
      chiso__number_read(f->text, f->size, CHISO_DEC_DIGITS, &n);
  if (fault == CHISO__NUMBER_OK && !spelled(w, row) && !w->decimal &&
      in_thousands(f->text, &n))
    fault = CHISO__NUMBER_THOUSANDS;
  if (fault == CHISO__NUMBER_RANGE)
    return chiso__fail(w->err, CHISO_BAD_DATA, place, MSG_DATA_RANGE, f->text,
                       18u - CHISO_DEC_DIGITS);
  if (fault != CHISO__NUMBER_OK)
    return chiso__fail(w->err, CHISO_BAD_DATA, place,
                       fault == CHISO__NUMBER_THOUSANDS ? MSG_DATA_THOUSANDS
                                                        : MSG_DATA_NOT_NUMBER,
                       f->text);
  if (n.raw < 0)
    return chiso__fail(w->err, CHISO_BAD_DATA, place, MSG_DATA_NEGATIVE,
                       f->text);
  if (!spelled(w, row) && n.mark && w->mark && n.mark != w->mark)
    return chiso__fail(w->err, CHISO_BAD_DATA, place, MSG_DATA_TWO_MARKS,
                       f->text, w->mark == ',' ? "," : ".",
                       w->mark == ',' ? "," : ".");
  if (n.mark && !spelled(w, row))
    w->mark = n.mark;
  *out = n.raw;
  return CHISO_OK;
}

static chiso_status read_row(weights *w, size_t row) {
  const chiso_bridge *b = w->b;
  const char *name = text_of(w, row, w->unit);
  const char *set = w->set == SIZE_MAX ? "" : text_of(w, row, w->set);
  size_t unit;
  if (!*name && !*text_of(w, row, w->column))
    return CHISO_OK; /* a note below the table */
  if (*set && strcmp(set, chiso_units_set(b->from)) != 0)
    return chiso__fail(w->err, CHISO_BAD_DATA, place_of(w, row, w->set),
                       MSG_BRIDGE_WEIGHT_SET, set, chiso_units_set(b->from));
  CHISO__TRY(chiso__units_find(b->from, name, &unit, w->err));
  if (unit == SIZE_MAX)
    return chiso__fail(w->err, CHISO_BAD_DATA, place_of(w, row, w->unit),
                       MSG_DATA_BAD_UNIT, name, chiso_units_set(b->from));
  if (w->seen[unit])
    return chiso__fail(w->err, CHISO_BAD_DATA, place_of(w, row, w->unit),
                       MSG_BRIDGE_WEIGHT_TWICE, name);
  w->seen[unit] = 1;
  return *text_of(w, row, w->column) ? read_weight(w, row, &b->weight[unit])
                                     : CHISO_OK;
}

chiso_status chiso__bridge_weights(chiso_bridge *b, const char *path,
                                   const char *column, chiso_error *err) {
  weights w = { .b = b, .err = err };
  const char *text;
  size_t size;
  chiso__table_notes notes;
  CHISO__TRY(chiso__file_read(&b->arena, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, err));
  CHISO__TRY(
      chiso__table_parse(&b->arena, path, text, size, &w.csv, &notes, err));
  if (w.csv.n_rows == 0)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                       MSG_DATA_NO_ROWS);
  w.seen = chiso__arena_array(&b->arena, chiso_units_count(b->from) + 1, 1);
  if (!w.seen)
    return chiso__no_memory(err);
  CHISO__TRY(find_columns(&w, column));
  find_mark(&w);
  for (size_t row = 0; row < w.csv.n_rows; row++)
    CHISO__TRY(read_row(&w, row));
  return CHISO_OK;
}
