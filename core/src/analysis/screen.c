/* SPDX-License-Identifier: Apache-2.0
 * analysis/screen.c - rows with too little behind them; denominators. */
#include <math.h>
#include <string.h>

#include "analysis/read.h"
#include "base/text.h"
#include "data/real.h"

#define KNOWN      "na:SHARE, zero:SHARE, or both with a comma between"
#define MOST_NAMES 20u

typedef struct screen {
  chiso__arena scratch;
  chiso_composite_screening asked;
} screen;

static chiso_status each(void *data, const char *code, size_t place,
                         const char *text, chiso_error *err) {
  screen *s = data;
  chiso__method m;
  (void)place;
  CHISO__TRY(chiso__method_read(&s->scratch, text, strlen(text), &m, err));
  bool share = !code && m.numbers && m.count == 1 && m.number[0] >= 0 &&
               m.number[0] <= 1;
  if (share && strcmp(m.name, "na") == 0) {
    s->asked.available = m.number[0];
    s->asked.by_available = true;
  } else if (share && strcmp(m.name, "zero") == 0) {
    s->asked.nonzero = m.number[0];
    s->asked.by_nonzero = true;
  } else {
    return chiso__method_unknown("--screen", text, KNOWN, err);
  }
  return CHISO_OK;
}

chiso_status chiso_composite_screening_read(const char *method,
                                            chiso_composite_screening *out,
                                            chiso_error *err) {
  screen s = { .asked = { 2.0 / 3, 0.05, false, false } };
  chiso_status status = chiso__method_list(&s.scratch, method, each, &s, err);
  *out = s.asked;
  chiso__arena_free(&s.scratch);
  return status;
}

static void keep_texts(const char **list, const uint8_t *keep, size_t n) {
  size_t to = 0;
  for (size_t r = 0; list && r < n; r++)
    if (keep[r])
      list[to++] = list[r];
}

/* Columns move together; each is shorter than it was. */
static void keep_numbers(double *x, size_t columns, const uint8_t *keep,
                         size_t n) {
  size_t to = 0;
  for (size_t i = 0; x && i < columns; i++)
    for (size_t r = 0; r < n; r++)
      if (keep[r])
        x[to++] = x[i * n + r];
}

void chiso__composite_drop(chiso_composite *c, const uint8_t *keep) {
  size_t n = 0;
  for (size_t r = 0; r < c->n; r++)
    n += keep[r];
  keep_texts(c->units, keep, c->n);
  keep_texts(c->names, keep, c->n);
  keep_texts(c->times, keep, c->n);
  for (size_t g = 0; g < c->n_groups; g++)
    keep_texts(c->groups[g], keep, c->n);
  keep_numbers(c->time, 1, keep, c->n);
  keep_numbers(c->extra, c->n_extra, keep, c->n);
  double *const cells[] = { c->data, c->own, c->error, c->least, c->most };
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
    if (cells[i])
      keep_numbers(cells[i], c->tree.leaves, keep, c->n);
  c->n = n;
  for (size_t i = 0; i < c->tree.n * n; i++)
    c->values[i] = NAN;
}

static bool enough(const chiso_composite_screening *s,
                   chiso_composite_presence p) {
  return !(s->by_available && p.available < s->available) &&
         !(s->by_nonzero && p.nonzero < s->nonzero);
}

static chiso_status apply(chiso_composite *c,
                          const chiso_composite_screening *s, uint8_t *keep,
                          chiso_error *err) {
  chiso__buffer names = { .allocator = c->allocator };
  size_t dropped = 0;
  for (size_t r = 0; r < c->n; r++) {
    keep[r] = enough(s, chiso_composite_presence_of(c, r));
    if (keep[r])
      continue;
    if (dropped < MOST_NAMES)
      chiso__buffer_print(&names, "%s%s", dropped ? ", " : "", c->units[r]);
    else if (dropped == MOST_NAMES)
      chiso__buffer_text(&names, ", …");
    dropped++;
  }
  chiso_status status = CHISO_OK;
  if (dropped == c->n)
    status = CHISO__FAIL(err, CHISO_BAD_DATA, MSG_COMPOSE_ALL_DROPPED);
  else if (dropped > 0) {
    chiso__remark(&c->remarks, CHISO_OK, (chiso__place) { 0 },
                  MSG_COMPOSE_DROPPED, dropped, names.data ? names.data : "");
    chiso__composite_drop(c, keep);
  }
  chiso__buffer_free(&names);
  return status;
}

chiso_status chiso_composite_screen(chiso_composite *c, const char *method,
                                    chiso_error *err) {
  chiso_composite_screening asked;
  CHISO__TRY(chiso_composite_screening_read(method, &asked, err));
  uint8_t *keep = chiso__resize(c->allocator, NULL, c->n);
  chiso_status status =
      keep ? apply(c, &asked, keep, err) : chiso__no_memory(err);
  chiso__free(c->allocator, keep);
  return status;
}

/* ---- denominators -------------------------------------------------------- */

typedef struct denoms {
  chiso_composite *c;
  chiso__arena scratch;
  chiso__csv csv; /* of another table; no columns: none */
  size_t *row_of; /* its row for each row of the data */
  double *column; /* one, in the order of the data */
  bool any;
} denoms;

static chiso_status open_table(denoms *d, const char *path, chiso_error *err) {
  chiso__map map = { .allocator = d->c->allocator };
  CHISO__TRY(chiso__composite_open(d->c, &d->scratch, path, &d->csv, err));
  size_t unit = chiso__csv_column(&d->csv, "uCode");
  if (unit == SIZE_MAX)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { path, d->csv.header_line, 0 },
                       MSG_DATA_NO_COLUMN, "uCode");
  d->row_of = chiso__arena_array(&d->scratch, d->c->n, sizeof *d->row_of);
  chiso_status status = d->row_of ? CHISO_OK : chiso__no_memory(err);
  for (size_t row = 0; row < d->csv.n_rows && status == CHISO_OK; row++) {
    const char *code = chiso__csv_cell(&d->csv, row, unit)->text;
    size_t other;
    chiso__map_result put = chiso__map_put(&map, code, row, &other);
    if (put == CHISO__MAP_NO_MEMORY)
      status = chiso__no_memory(err);
    else if (put == CHISO__MAP_REPEATED)
      status = chiso__fail(err, CHISO_BAD_DATA,
                           (chiso__place) { path, d->csv.lines[row], unit + 1 },
                           MSG_COMPOSE_REPEATED_UNIT, code,
                           (unsigned long long)d->csv.lines[other]);
  }
  for (size_t r = 0; r < d->c->n && status == CHISO_OK; r++)
    if (!chiso__map_get(&map, d->c->units[r], &d->row_of[r]))
      status = chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                           MSG_COMPOSE_UNIT_LACKS, d->c->units[r]);
  chiso__map_free(&map);
  return status;
}

static chiso_status find_column(denoms *d, const char *name, chiso_error *err) {
  chiso_composite *c = d->c;
  size_t column = d->row_of ? chiso__csv_column(&d->csv, name) : SIZE_MAX;
  if (column != SIZE_MAX) {
    size_t faults = c->remarks.faults;
    double *all = chiso__arena_raw(&d->scratch, d->csv.n_rows, sizeof *all);
    if (!all)
      return chiso__no_memory(err);
    chiso__composite_numbers(c, &d->csv, column, all);
    if (c->remarks.faults > faults) {
      if (err)
        *err = c->remarks.list[c->remarks.count - 1];
      return CHISO_BAD_DATA;
    }
    for (size_t r = 0; r < c->n; r++)
      d->column[r] = all[d->row_of[r]];
    return CHISO_OK;
  }
  for (size_t i = 0; i < c->n_extra; i++)
    if (strcmp(c->extra_names[i], name) == 0) {
      memcpy(d->column, c->extra + i * c->n, c->n * sizeof(double));
      return CHISO_OK;
    }
  size_t leaf;
  if (chiso__map_get(&c->map, name, &leaf) && leaf < c->tree.leaves) {
    memcpy(d->column, c->data + leaf * c->n, c->n * sizeof(double));
    return CHISO_OK;
  }
  /* a column that nothing announced as one: its texts, if they are numbers */
  size_t group = chiso_composite_find_group(c, name);
  for (size_t r = 0; group != SIZE_MAX && r < c->n; r++) {
    const char *text = c->groups[group][r];
    char mark;
    d->column[r] = NAN;
    if (*text && chiso__real_read(text, strlen(text), &d->column[r], &mark) !=
                     CHISO__NUMBER_OK)
      return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_DATA_NOT_NUMBER, text);
  }
  return group != SIZE_MAX
             ? CHISO_OK
             : CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_NO_DENOMINATOR, name);
}

static void divide_cell(chiso_composite *c, size_t at, double by) {
  c->data[at] /= by;
  if (c->own)
    c->own[at] /= by;
  if (!c->error)
    return;
  double least = c->least[at] / by, most = c->most[at] / by;
  c->error[at] /= fabs(by);
  c->least[at] = by < 0 ? most : least;
  c->most[at] = by < 0 ? least : most;
}

static chiso_status divide(denoms *d, uint32_t leaf, const char *name,
                           double scale, chiso_error *err) {
  chiso_composite *c = d->c;
  CHISO__TRY(find_column(d, name, err));
  d->any = true;
  for (size_t r = 0; r < c->n; r++) {
    if (d->column[r] == 0)
      return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_COMPOSE_ZERO_DENOMINATOR,
                         name, c->units[r]);
    divide_cell(c, leaf * c->n + r, d->column[r] / scale);
  }
  return CHISO_OK;
}

static chiso_status each_denominator(void *data, const char *code, size_t place,
                                     const char *text, chiso_error *err) {
  denoms *d = data;
  uint32_t leaf;
  (void)place;
  if (!code && strcmp(text, "meta") == 0) {
    for (uint32_t i = 0; i < d->c->tree.leaves; i++) {
      const chiso__code *k = &d->c->tree.codes[i];
      if (k->denominator)
        CHISO__TRY(divide(d, i, k->denominator, k->scale, err));
    }
    return CHISO_OK;
  }
  if (!code)
    return chiso__method_unknown("--denominate", text,
                                 "meta, CODE=COLUMN[:SCALE]", err);
  chiso__method m;
  CHISO__TRY(chiso__method_code(d->c, code, true, &leaf, err));
  CHISO__TRY(chiso__method_read(&d->scratch, text, strlen(text), &m, err));
  if (*m.rest && (!m.numbers || m.count != 1 || m.number[0] == 0))
    return chiso__method_unknown("--denominate", text,
                                 "meta, CODE=COLUMN[:SCALE]", err);
  return divide(d, leaf, m.name, *m.rest ? m.number[0] : 1, err);
}

chiso_status chiso_composite_denominate(chiso_composite *c, const char *method,
                                        const char *path, chiso_error *err) {
  denoms d = { .c = c };
  d.scratch.allocator = c->allocator;
  d.column = chiso__arena_raw(&d.scratch, c->n, sizeof *d.column);
  chiso_status status = d.column ? CHISO_OK : chiso__no_memory(err);
  if (status == CHISO_OK && path)
    status = open_table(&d, path, err);
  if (status == CHISO_OK)
    status = chiso__method_list(&d.scratch, method, each_denominator, &d, err);
  if (status == CHISO_OK && !d.any)
    chiso__composite_notice(c, MSG_COMPOSE_NOTHING_DENOMINATED, "", "");
  chiso__arena_free(&d.scratch);
  return status;
}
