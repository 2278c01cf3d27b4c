/* SPDX-License-Identifier: Apache-2.0
 * analysis/read_table.c - the table of data: units, groups, indicators. */
#include <math.h>
#include <string.h>

#include "analysis/parallel.h"
#include "analysis/read.h"
#include "base/file.h"
#include "base/text.h"
#include "data/real.h"
#include "data/xlsx.h"

chiso_status chiso__composite_open(chiso_composite *c, chiso__arena *scratch,
                                   const char *path, chiso__csv *out,
                                   chiso_error *err) {
  const char *text;
  size_t size;
  chiso__table_notes notes;
  chiso__place place = { path, 0, 0 };
  CHISO__TRY(chiso__file_read(scratch, path, CHISO__LIMIT_INDICATORS, false,
                              &text, &size, err));
  CHISO__TRY(chiso__table_parse(scratch, path, text, size, out, &notes, err));
  if (notes.others > 0)
    chiso__remark(&c->remarks, CHISO_OK, place, MSG_XLSX_OTHER_SHEETS,
                  notes.others);
  if (notes.macros)
    chiso__remark(&c->remarks, CHISO_OK, place, MSG_XLSX_MACROS);
  if (out->n_rows == 0)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_DATA_NO_ROWS);
  return CHISO_OK;
}

static bool missing(const char *text) {
  return !*text || strcmp(text, "NA") == 0;
}

static void not_a_number(chiso_composite *c, chiso__place place,
                         chiso__number_fault fault, const char *text) {
  chiso__message message = fault == CHISO__NUMBER_THOUSANDS
                               ? MSG_DATA_THOUSANDS
                               : MSG_DATA_NOT_NUMBER;
  chiso__remark(&c->remarks, CHISO_BAD_DATA, place, message, text);
}

void chiso__composite_numbers(chiso_composite *c, const chiso__csv *csv,
                              size_t column, double *out) {
  char mark = 0;
  for (size_t row = 0; row < csv->n_rows; row++) {
    const chiso__csv_field *f = chiso__csv_cell(csv, row, column);
    chiso__place place = { csv->file, csv->lines[row], column + 1 };
    char own;
    out[row] = NAN;
    if (missing(f->text))
      continue;
    double value;
    chiso__number_fault fault =
        chiso__real_read(f->text, f->size, &value, &own);
    if (fault != CHISO__NUMBER_OK) {
      not_a_number(c, place, fault, f->text);
      continue;
    }
    out[row] = value;
    if (csv->numbers && csv->numbers[row * csv->n_columns + column])
      continue;
    if (own && mark && own != mark)
      chiso__remark(&c->remarks, CHISO_BAD_DATA, place, MSG_DATA_TWO_MARKS,
                    f->text, mark == ',' ? "," : ".", mark == ',' ? "," : ".");
    mark = own ? own : mark;
  }
}

/* ---- columns ------------------------------------------------------------- */

typedef struct table {
  chiso_composite *c;
  chiso__read *r;
  chiso__csv csv;
  size_t unit, name, time;
  uint8_t *kind;  /* of each column */
  uint32_t *leaf; /* place in `raw`, in the order of the columns */
  size_t n_leaves;
} table;

enum { GROUP, INDICATOR, DENOMINATOR, OWN };

/* Whether a column holds numbers, as far as it holds anything. */
static bool numeric(const chiso__csv *csv, size_t column) {
  bool any = false;
  for (size_t row = 0; row < csv->n_rows; row++) {
    const chiso__csv_field *f = chiso__csv_cell(csv, row, column);
    double value;
    char mark;
    if (missing(f->text))
      continue;
    if (chiso__real_read(f->text, f->size, &value, &mark) != CHISO__NUMBER_OK)
      return false;
    any = true;
  }
  return any;
}

static bool serves(const table *t, const char *name) {
  for (size_t i = 0; i < t->r->n_denominators; i++)
    if (strcmp(t->r->denominators[i], name) == 0)
      return true;
  for (size_t i = 0; i < t->r->n_raw; i++)
    if (t->r->raw[i].denominator && strcmp(t->r->raw[i].denominator, name) == 0)
      return true;
  return false;
}

/* Without metadata every column of numbers is an indicator. */
static chiso_status add_own_code(table *t, size_t column, chiso_error *err) {
  const char *name = t->csv.header[column].text;
  chiso__code *code = &t->r->raw[t->r->n_raw];
  *code = (chiso__code) { .direction = 1,
                          .weight = 1,
                          .scale = 1,
                          .level = 1,
                          .parent = CHISO__NO_CODE,
                          .parent_code = "" };
  code->code = chiso__arena_text(&t->c->arena, name, strlen(name));
  if (!code->code || chiso__map_put(&t->r->map, code->code, t->r->n_raw,
                                    NULL) == CHISO__MAP_NO_MEMORY)
    return chiso__no_memory(err);
  t->r->n_raw++;
  return CHISO_OK;
}

static chiso_status sort_column(table *t, size_t i, chiso_error *err) {
  const char *name = t->csv.header[i].text;
  size_t at;
  t->kind[i] = GROUP;
  if (i == t->unit || i == t->name || i == t->time ||
      t->csv.header[i].size == 0) {
    t->kind[i] = OWN;
    return CHISO_OK;
  }
  if (!t->r->have_meta && numeric(&t->csv, i))
    CHISO__TRY(add_own_code(t, i, err));
  if (chiso__map_get(&t->r->map, name, &at)) {
    if (t->r->raw[at].count > 0) {
      chiso__remark(&t->c->remarks, CHISO_BAD_DATA,
                    (chiso__place) { t->csv.file, t->csv.header_line, i + 1 },
                    MSG_COMPOSE_AGGREGATE_COLUMN, name);
      return CHISO_OK;
    }
    t->kind[i] = INDICATOR;
    t->leaf[t->n_leaves++] = (uint32_t)at;
  } else if (serves(t, name)) {
    t->kind[i] = DENOMINATOR;
  }
  return CHISO_OK;
}

static chiso_status find_columns(table *t, chiso_error *err) {
  t->unit = chiso__csv_column(&t->csv, "uCode");
  t->name = chiso__csv_column(&t->csv, "uName");
  t->time = chiso__csv_column(&t->csv, "Time");
  if (t->unit == SIZE_MAX)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { t->csv.file, t->csv.header_line, 0 },
                       MSG_DATA_NO_COLUMN, "uCode");
  size_t columns = t->csv.n_columns;
  t->kind = chiso__arena_array(t->r->scratch, columns, 1);
  t->leaf = chiso__arena_array(t->r->scratch, columns, sizeof *t->leaf);
  if (!t->r->have_meta)
    t->r->raw = chiso__arena_array(t->r->scratch, columns, sizeof *t->r->raw);
  if (!t->kind || !t->leaf || !t->r->raw)
    return chiso__no_memory(err);
  for (size_t i = 0; i < columns; i++)
    CHISO__TRY(sort_column(t, i, err));
  return CHISO_OK;
}

/* Indicators of the metadata that the data do not have. */
static chiso_status find_missing(table *t, chiso_error *err) {
  size_t columns = t->csv.n_columns;
  const char **names =
      chiso__arena_array(t->r->scratch, columns, sizeof *names);
  uint8_t *seen = chiso__arena_array(t->r->scratch, t->r->n_raw + 1, 1);
  if (!names || !seen)
    return chiso__no_memory(err);
  for (size_t i = 0; i < columns; i++)
    names[i] = t->csv.header[i].text;
  for (size_t i = 0; i < t->n_leaves; i++)
    seen[t->leaf[i]] = 1;
  for (size_t i = 0; i < t->r->n_raw; i++) {
    const chiso__code *code = &t->r->raw[i];
    if (code->count > 0 || seen[i])
      continue;
    const char *near = chiso__text_nearest(code->code, names, columns);
    chiso__place place = { t->c->meta, code->line, 0 };
    if (near)
      chiso__remark(&t->c->remarks, CHISO_BAD_DATA, place,
                    MSG_COMPOSE_NOT_IN_DATA_NEAR, code->code, t->csv.file,
                    near);
    else
      chiso__remark(&t->c->remarks, CHISO_BAD_DATA, place,
                    MSG_COMPOSE_NOT_IN_DATA, code->code, t->csv.file);
  }
  if (t->n_leaves == 0 && t->c->remarks.faults == 0)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { t->csv.file, t->csv.header_line, 0 },
                       MSG_COMPOSE_NO_INDICATORS);
  return CHISO_OK;
}

/* ---- rows ---------------------------------------------------------------- */

static chiso_status texts(table *t, size_t column, const char ***out,
                          chiso_error *err) {
  const char **list =
      chiso__arena_array(&t->c->arena, t->csv.n_rows, sizeof *list);
  if (!list)
    return chiso__no_memory(err);
  for (size_t row = 0; row < t->csv.n_rows; row++) {
    const chiso__csv_field *f = chiso__csv_cell(&t->csv, row, column);
    list[row] = missing(f->text)
                    ? ""
                    : chiso__arena_text(&t->c->arena, f->text, f->size);
    if (!list[row])
      return chiso__no_memory(err);
  }
  *out = list;
  return CHISO_OK;
}

/* A unit has one row, or one for each time. */
static chiso_status check_units(table *t, chiso_error *err) {
  chiso__map seen = { .allocator = t->c->allocator };
  chiso_status status = CHISO_OK;
  for (size_t row = 0; row < t->csv.n_rows && status == CHISO_OK; row++) {
    chiso__place place = { t->csv.file, t->csv.lines[row], t->unit + 1 };
    const char *unit = t->c->units[row], *key = unit;
    size_t other;
    if (!*unit) {
      chiso__remark(&t->c->remarks, CHISO_BAD_DATA, place, MSG_COMPOSE_NO_UNIT);
      continue;
    }
    if (t->c->times) {
      chiso__buffer both = { .allocator = t->c->allocator };
      chiso__buffer_print(&both, "%s\x1f%s", unit, t->c->times[row]);
      key = both.failed
                ? NULL
                : chiso__arena_text(t->r->scratch, both.data, both.size);
      chiso__buffer_free(&both);
    }
    chiso__map_result put =
        key ? chiso__map_put(&seen, key, row, &other) : CHISO__MAP_NO_MEMORY;
    if (put == CHISO__MAP_NO_MEMORY)
      status = chiso__no_memory(err);
    else if (put == CHISO__MAP_REPEATED)
      chiso__remark(&t->c->remarks, CHISO_BAD_DATA, place,
                    MSG_COMPOSE_REPEATED_UNIT, unit,
                    (unsigned long long)t->csv.lines[other]);
  }
  chiso__map_free(&seen);
  return status;
}

static chiso_status read_times(table *t, chiso_error *err) {
  chiso_composite *c = t->c;
  if (t->time == SIZE_MAX)
    return CHISO_OK;
  CHISO__TRY(texts(t, t->time, &c->times, err));
  c->time = chiso__arena_array(&c->arena, c->n, sizeof *c->time);
  if (!c->time)
    return chiso__no_memory(err);
  chiso__composite_numbers(c, &t->csv, t->time, c->time);
  for (size_t row = 0; row < c->n; row++)
    if (!*c->times[row])
      chiso__remark(
          &c->remarks, CHISO_BAD_DATA,
          (chiso__place) { t->csv.file, t->csv.lines[row], t->time + 1 },
          MSG_COMPOSE_NO_TIME);
  return CHISO_OK;
}

/* Cells stand row by row, values column by column: both stay in the cache when
 * some rows are taken at a time. */
#define ROWS_AT_ONCE 16u

typedef struct numbers {
  const table *t;
  double **to; /* [column]; NULL: holds no numbers */
  unsigned lanes;
  char *marks; /* [lane][column] 0, ',', '.'; '?' where something is wrong */
} numbers;

static char read_cell(const chiso__csv *csv, size_t row, size_t column,
                      double *out, char mark) {
  const chiso__csv_field *f = chiso__csv_cell(csv, row, column);
  char own = 0;
  *out = NAN;
  if (missing(f->text))
    return mark;
  if (chiso__real_read(f->text, f->size, out, &own) != CHISO__NUMBER_OK)
    return '?';
  if (!own || (csv->numbers && csv->numbers[row * csv->n_columns + column]))
    return mark;
  return !mark || mark == own ? own : '?';
}

static void read_lane(void *data, unsigned lane) {
  const numbers *a = data;
  const chiso__csv *csv = &a->t->csv;
  size_t step = (size_t)ROWS_AT_ONCE * a->lanes;
  char *marks = a->marks + lane * csv->n_columns;
  for (size_t first = (size_t)ROWS_AT_ONCE * lane; first < csv->n_rows;
       first += step)
    for (size_t c = 0; c < csv->n_columns; c++)
      for (size_t r = first;
           a->to[c] && r < first + ROWS_AT_ONCE && r < csv->n_rows; r++) {
        char mark = read_cell(csv, r, c, &a->to[c][r], marks[c]);
        marks[c] = marks[c] == '?' ? '?' : mark;
      }
}

/* A column in which something is wrong is read once more for what is said. */
static chiso_status read_numbers(table *t, double **to, chiso_error *err) {
  size_t columns = t->csv.n_columns;
  numbers a = { .t = t, .to = to, .lanes = 1 };
  if (t->csv.n_rows * columns > 100000)
    a.lanes = chiso__threads(0, t->csv.n_rows / ROWS_AT_ONCE);
  a.marks = chiso__arena_array(t->r->scratch, columns, a.lanes);
  if (!a.marks)
    return chiso__no_memory(err);
  chiso__parallel(a.lanes, read_lane, &a);
  for (size_t c = 0; c < columns; c++) {
    char mark = 0;
    for (unsigned lane = 0; lane < a.lanes; lane++) {
      char own = a.marks[lane * columns + c];
      mark = own && mark && own != mark ? '?' : own ? own : mark;
    }
    if (mark == '?')
      chiso__composite_numbers(t->c, &t->csv, c, to[c]);
  }
  return CHISO_OK;
}

static chiso_status read_columns(table *t, chiso_error *err) {
  chiso_composite *c = t->c;
  size_t columns = t->csv.n_columns, leaf = 0;
  c->group_names = chiso__arena_array(&c->arena, columns, sizeof(char *));
  c->groups = chiso__arena_array(&c->arena, columns, sizeof *c->groups);
  c->extra_names = chiso__arena_array(&c->arena, columns, sizeof(char *));
  for (size_t i = 0; i < columns; i++)
    c->n_extra += t->kind[i] == DENOMINATOR;
  c->extra = chiso__arena_raw(&c->arena, c->n_extra * c->n, sizeof(double));
  double **to = chiso__arena_array(t->r->scratch, columns, sizeof *to);
  if (!c->group_names || !c->groups || !c->extra_names || !c->extra || !to)
    return chiso__no_memory(err);
  size_t extra = 0;
  for (size_t i = 0; i < columns; i++) {
    const char *name = chiso__arena_text(&c->arena, t->csv.header[i].text,
                                         t->csv.header[i].size);
    if (!name)
      return chiso__no_memory(err);
    if (t->kind[i] == GROUP) {
      c->group_names[c->n_groups] = name;
      CHISO__TRY(texts(t, i, &c->groups[c->n_groups++], err));
    } else if (t->kind[i] == INDICATOR) {
      to[i] = c->data + leaf++ * c->n;
    } else if (t->kind[i] == DENOMINATOR) {
      c->extra_names[extra] = name;
      to[i] = c->extra + extra++ * c->n;
    }
  }
  return read_numbers(t, to, err);
}

chiso_status chiso__composite_table(chiso_composite *c, chiso__read *r,
                                    const char *path, chiso_error *err) {
  table t = { .c = c, .r = r };
  CHISO__TRY(chiso__composite_open(c, r->scratch, path, &t.csv, err));
  CHISO__TRY(find_columns(&t, err));
  if (c->remarks.faults == 0 && r->have_meta)
    CHISO__TRY(find_missing(&t, err));
  if (c->remarks.faults > 0)
    return CHISO_OK;
  if (t.n_leaves == 0)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { path, t.csv.header_line, 0 },
                       MSG_COMPOSE_NO_INDICATORS);
  c->n = t.csv.n_rows;
  CHISO__TRY(chiso__composite_tree(c, r, t.leaf, t.n_leaves, err));
  CHISO__TRY(chiso__composite_room(c, err));
  CHISO__TRY(texts(&t, t.unit, &c->units, err));
  if (t.name != SIZE_MAX)
    CHISO__TRY(texts(&t, t.name, &c->names, err));
  CHISO__TRY(read_times(&t, err));
  CHISO__TRY(read_columns(&t, err));
  return check_units(&t, err);
}
