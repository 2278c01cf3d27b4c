/* SPDX-License-Identifier: Apache-2.0
 * data/results_table.c - a table of published figures. */
#include <string.h>

#include "base/file.h"
#include "data/data.h"

enum { UNIT, NODE, POINTS, RANK, GRADE, TOLERANCE, SOURCE, NOTE, N_COLUMNS };
static const char *const names[] = { "unit",  "node",      "points", "rank",
                                     "grade", "tolerance", "source", "note" };

typedef struct reader {
  const chiso_methodology *methodology;
  const chiso_units *units;
  chiso__csv csv;
  size_t column[N_COLUMNS];
  uint8_t *taken; /* [node * units + unit] */
  chiso_error *err;
} reader;

static const char *text_of(const reader *r, size_t row, int name) {
  return r->column[name] == SIZE_MAX
             ? ""
             : chiso__csv_cell(&r->csv, row, r->column[name])->text;
}

static chiso_status fail(const reader *r, size_t row, int name,
                         chiso__message message) {
  return chiso__fail(
      r->err, CHISO_BAD_DATA,
      (chiso__place) { r->csv.file, r->csv.lines[row], r->column[name] + 1 },
      message, text_of(r, row, name));
}

static chiso_status find_columns(reader *r) {
  chiso__place header = { r->csv.file, r->csv.header_line, 0 };
  for (int i = 0; i < N_COLUMNS; i++)
    r->column[i] = chiso__csv_column(&r->csv, names[i]);
  if (r->column[POINTS] == SIZE_MAX) /* as in observations */
    r->column[POINTS] = chiso__csv_column(&r->csv, "score");
  for (int i = 0; i <= POINTS; i++)
    if (r->column[i] == SIZE_MAX)
      return chiso__fail(r->err, CHISO_BAD_DATA, header, MSG_DATA_NO_COLUMN,
                         names[i]);
  for (size_t k = 0; k < r->csv.n_columns; k++) {
    bool known = false;
    for (int i = 0; i < N_COLUMNS; i++)
      known |= r->column[i] == k;
    header.column = k + 1;
    if (!known)
      return chiso__fail(r->err, CHISO_BAD_DATA, header, MSG_DATA_RESULT_COLUMN,
                         r->csv.header[k].text);
  }
  return CHISO_OK;
}

static chiso_status read_dec(const reader *r, size_t row, int name,
                             chiso_dec standard, chiso_dec *out) {
  const char *text = text_of(r, row, name);
  chiso__number n;
  *out = standard;
  if (!*text)
    return CHISO_OK;
  switch (chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &n)) {
  case CHISO__NUMBER_OK:
    *out = n.raw;
    return CHISO_OK;
  case CHISO__NUMBER_THOUSANDS:
    return fail(r, row, name, MSG_DATA_THOUSANDS);
  case CHISO__NUMBER_RANGE:
    return chiso__fail(
        r->err, CHISO_BAD_DATA,
        (chiso__place) { r->csv.file, r->csv.lines[row], r->column[name] + 1 },
        MSG_DATA_RANGE, text, 18u - CHISO_DEC_DIGITS);
  default:
    return fail(r, row, name, MSG_DATA_NOT_NUMBER);
  }
}

static chiso_status read_tolerance(const reader *r, size_t row,
                                   chiso__result *d) {
  CHISO__TRY(read_dec(r, row, TOLERANCE, 0, &d->tolerance));
  return d->tolerance < 0 ? fail(r, row, TOLERANCE, MSG_DATA_NEGATIVE)
                          : CHISO_OK;
}

static chiso_status read_rank(const reader *r, size_t row, chiso__result *d) {
  const char *text = text_of(r, row, RANK);
  chiso__number rank;
  if (!*text)
    return CHISO_OK;
  if (chiso__number_read(text, strlen(text), 0, &rank) != CHISO__NUMBER_OK ||
      rank.raw < 1 || rank.raw > UINT32_MAX)
    return fail(r, row, RANK, MSG_DATA_RANK);
  d->rank = (uint32_t)rank.raw;
  return CHISO_OK;
}

/* The unit and the node that a row names. */
static chiso_status read_names(const reader *r, size_t row, chiso__result *d) {
  const char *unit_text = text_of(r, row, UNIT);
  const char *node = text_of(r, row, NODE);
  chiso__place place = { r->csv.file, r->csv.lines[row], r->column[UNIT] + 1 };
  CHISO__TRY(chiso__units_find(r->units, unit_text, &d->unit, r->err));
  if (d->unit == SIZE_MAX)
    return chiso__fail(r->err, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT,
                       unit_text, chiso_units_set(r->units));
  place.column = r->column[NODE] + 1;
  d->node = chiso_methodology_find(r->methodology, node);
  if (d->node == CHISO_NO_NODE)
    return chiso__fail(r->err, CHISO_BAD_DATA, place, MSG_DATA_BAD_NODE, node,
                       chiso_methodology_name(r->methodology));
  uint8_t *taken = &r->taken[d->node * chiso_units_count(r->units) + d->unit];
  if (*taken)
    return chiso__fail(r->err, CHISO_BAD_DATA, place, MSG_DATA_RESULT_REPEATED,
                       unit_text, node);
  *taken = 1;
  return CHISO_OK;
}

static chiso_status read_row(const reader *r, size_t row, chiso__result *d) {
  memset(d, 0, sizeof *d);
  d->grade = text_of(r, row, GRADE);
  d->source = text_of(r, row, SOURCE);
  CHISO__TRY(read_names(r, row, d));
  CHISO__TRY(read_dec(r, row, POINTS, CHISO_NONE, &d->points));
  CHISO__TRY(read_tolerance(r, row, d));
  return read_rank(r, row, d);
}

chiso_status chiso__results_read(chiso__arena *arena, const char *path,
                                 const chiso_methodology *methodology,
                                 const chiso_units *units, chiso__result **rows,
                                 size_t *count, chiso_error *err) {
  reader r = { .methodology = methodology, .units = units, .err = err };
  const char *text;
  size_t size;
  CHISO__TRY(chiso__file_read(arena, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, err));
  CHISO__TRY(chiso__csv_parse(arena, path, text, size, &r.csv, err));
  r.taken =
      chiso__arena_array(arena, chiso_methodology_index(methodology)->n_nodes,
                         chiso_units_count(units) + 1);
  *rows = chiso__arena_array(arena, r.csv.n_rows + 1, sizeof **rows);
  if (!r.taken || !*rows)
    return chiso__no_memory(err);
  CHISO__TRY(find_columns(&r));
  for (size_t row = 0; row < r.csv.n_rows; row++)
    CHISO__TRY(read_row(&r, row, &(*rows)[row]));
  *count = r.csv.n_rows;
  return CHISO_OK;
}
