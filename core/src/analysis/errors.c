/* SPDX-License-Identifier: Apache-2.0
 * analysis/errors.c - standard errors of the data, as a table has them. */
#include <math.h>
#include <string.h>

#include "analysis/read.h"
#include "base/text.h"

/* Of one cell: where its error was said. */
enum { NOWHERE, FOR_ALL, FOR_IT };

typedef struct table {
  chiso_composite *c;
  chiso__arena scratch;
  chiso__csv csv;
  chiso__map units;
  size_t unit, code;
  double *se, *low, *high; /* [row of the table]; NaN: empty */
  uint8_t *said;           /* [leaf * n + row] */
  uint8_t *for_all;        /* [leaf] */
  size_t unused;           /* errors of values that are missing */
} table;

static void fault(table *t, size_t row, size_t column, chiso__message message,
                  const char *a, const char *b) {
  chiso__remark(&t->c->remarks, CHISO_BAD_DATA,
                (chiso__place) { t->csv.file, t->csv.lines[row], column + 1 },
                message, a, b);
}

/* Whether the row has a fault already: what is no number. */
static bool told(const table *t, size_t row) {
  const chiso__remarks *all = &t->c->remarks;
  for (size_t i = all->count; i-- > 0;)
    if (all->list[i].status != CHISO_OK &&
        all->list[i].line == t->csv.lines[row])
      return true;
  return false;
}

/* One of two names; the first is told when there is neither. */
static size_t column_of(const table *t, const char *name, const char *other) {
  size_t column = chiso__csv_column(&t->csv, name);
  return column == SIZE_MAX && other ? chiso__csv_column(&t->csv, other)
                                     : column;
}

static chiso_status numbers(table *t, size_t column, double **out,
                            chiso_error *err) {
  *out = chiso__arena_raw(&t->scratch, t->csv.n_rows + 1, sizeof **out);
  if (!*out)
    return chiso__no_memory(err);
  for (size_t r = 0; column == SIZE_MAX && r < t->csv.n_rows; r++)
    (*out)[r] = NAN;
  if (column != SIZE_MAX)
    chiso__composite_numbers(t->c, &t->csv, column, *out);
  return CHISO_OK;
}

static chiso_status find_columns(table *t, chiso_error *err) {
  size_t se = column_of(t, "se", NULL);
  t->unit = column_of(t, "uCode", "unit");
  t->code = column_of(t, "iCode", "node");
  const char *lacks = t->unit == SIZE_MAX   ? "uCode"
                      : t->code == SIZE_MAX ? "iCode"
                      : se == SIZE_MAX      ? "se"
                                            : NULL;
  if (lacks)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { t->csv.file, t->csv.header_line, 0 },
                       MSG_DATA_NO_COLUMN, lacks);
  CHISO__TRY(numbers(t, se, &t->se, err));
  for (size_t r = 0; r < t->csv.n_rows; r++)
    if (!(t->se[r] >= 0) && !told(t, r))
      fault(t, r, se, MSG_ERRORS_SE, chiso__csv_cell(&t->csv, r, se)->text, "");
  CHISO__TRY(numbers(t, column_of(t, "low", NULL), &t->low, err));
  return numbers(t, column_of(t, "high", NULL), &t->high, err);
}

/* Bounds as the row has them, or as the methodology; INFINITY: none. */
static void bounds_of(const table *t, size_t row, uint32_t leaf, double *low,
                      double *high) {
  const chiso__code *code = &t->c->tree.codes[leaf];
  bool own = code->low < code->high;
  *low = !isnan(t->low[row]) ? t->low[row] : own ? code->low : -INFINITY;
  *high = !isnan(t->high[row]) ? t->high[row] : own ? code->high : INFINITY;
}

static void put(table *t, size_t row, uint32_t leaf, size_t unit) {
  chiso_composite *c = t->c;
  size_t at = leaf * c->n + unit;
  double low, high, x = c->data[at];
  bounds_of(t, row, leaf, &low, &high);
  if (isnan(x)) {
    t->unused++;
    return;
  }
  if ((x < low && !isnan(t->low[row])) || (x > high && !isnan(t->high[row]))) {
    fault(t, row, t->unit, MSG_ERRORS_OUTSIDE, c->tree.codes[leaf].code,
          c->units[unit]);
    return;
  }
  c->error[at] = t->se[row];
  c->least[at] = fmin(low, x);
  c->most[at] = fmax(high, x);
}

static bool find_leaf(table *t, size_t row, uint32_t *leaf) {
  const char *name = chiso__csv_cell(&t->csv, row, t->code)->text;
  chiso_error why = { .lang = t->c->remarks.lang };
  chiso_status status = chiso__method_code(t->c, name, true, leaf, &why);
  if (status == CHISO_OK)
    return true;
  why.status = CHISO_BAD_DATA;
  chiso__error_move(
      &why, (chiso__place) { t->csv.file, t->csv.lines[row], t->code + 1 });
  chiso__remark_error(&t->c->remarks, &why);
  return false;
}

static void for_all(table *t, size_t row, uint32_t leaf) {
  if (t->for_all[leaf]++) {
    fault(t, row, t->code, MSG_ERRORS_TWICE, "*", t->c->tree.codes[leaf].code);
    return;
  }
  for (size_t u = 0; u < t->c->n; u++)
    if (t->said[leaf * t->c->n + u] != FOR_IT)
      put(t, row, leaf, u);
}

static void for_one(table *t, size_t row, uint32_t leaf, const char *unit) {
  size_t at, n = t->c->n;
  if (!chiso__map_get(&t->units, unit, &at)) {
    const char *near = chiso__text_nearest(unit, t->c->units, n);
    fault(t, row, t->unit, near ? MSG_ERRORS_UNIT_NEAR : MSG_ERRORS_UNIT, unit,
          near ? near : "");
    return;
  }
  if (t->said[leaf * n + at] == FOR_IT) {
    fault(t, row, t->unit, MSG_ERRORS_TWICE, unit, t->c->tree.codes[leaf].code);
    return;
  }
  t->said[leaf * n + at] = FOR_IT;
  put(t, row, leaf, at);
}

static chiso_status make_room(table *t, chiso_error *err) {
  chiso_composite *c = t->c;
  size_t cells = c->tree.leaves * c->n;
  t->said = chiso__arena_array(&t->scratch, cells, 1);
  t->for_all = chiso__arena_array(&t->scratch, c->tree.leaves, 1);
  c->error = chiso__arena_array(&c->arena, cells, sizeof *c->error);
  c->least = chiso__arena_array(&c->arena, cells, sizeof *c->least);
  c->most = chiso__arena_array(&c->arena, cells, sizeof *c->most);
  if (!t->said || !t->for_all || !c->error || !c->least || !c->most)
    return chiso__no_memory(err);
  for (size_t u = 0; u < c->n; u++)
    if (chiso__map_put(&t->units, c->units[u], u, NULL) == CHISO__MAP_NO_MEMORY)
      return chiso__no_memory(err);
  return CHISO_OK;
}

static chiso_status read_all(table *t, const char *path, chiso_error *err) {
  CHISO__TRY(chiso__composite_open(t->c, &t->scratch, path, &t->csv, err));
  CHISO__TRY(find_columns(t, err));
  if (t->c->remarks.faults > 0)
    return CHISO_OK;
  CHISO__TRY(make_room(t, err));
  for (size_t r = 0; r < t->csv.n_rows; r++) {
    const char *unit = chiso__csv_cell(&t->csv, r, t->unit)->text;
    size_t low = column_of(t, "low", NULL);
    uint32_t leaf;
    if (t->low[r] >= t->high[r])
      fault(t, r, low, MSG_ERRORS_BOUNDS,
            chiso__csv_cell(&t->csv, r, low)->text, "");
    else if (find_leaf(t, r, &leaf)) {
      if (strcmp(unit, "*") == 0)
        for_all(t, r, leaf);
      else
        for_one(t, r, leaf, unit);
    }
  }
  if (t->unused > 0)
    chiso__remark(&t->c->remarks, CHISO_OK, (chiso__place) { path, 0, 0 },
                  MSG_ERRORS_UNUSED, t->unused);
  return CHISO_OK;
}

chiso_status chiso_composite_errors(chiso_composite *c, const char *path,
                                    chiso_error *err) {
  table t = { .c = c };
  t.scratch.allocator = t.units.allocator = c->allocator;
  chiso_status status =
      chiso__composite_settle(c, read_all(&t, path, err), err);
  chiso__map_free(&t.units);
  chiso__arena_free(&t.scratch);
  return status;
}
