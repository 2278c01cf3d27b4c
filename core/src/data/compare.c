/* SPDX-License-Identifier: Apache-2.0
 * data/compare.c - computed figures against published ones. */
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/data.h"

enum { UNIT, NODE, POINTS, RANK, GRADE, TOLERANCE, SOURCE, NOTE, N_COLUMNS };
static const char *const names[] = { "unit",  "node",      "points", "rank",
                                     "grade", "tolerance", "source", "note" };

typedef struct comparer {
  const chiso_run *run;
  const chiso__csv *csv;
  size_t column[N_COLUMNS];
  chiso_comparison *out;
  chiso_difference *rows;
  size_t n_rows;
  uint8_t *taken; /* [node * n + unit] */
  chiso_error *err;
} comparer;

static const char *text_of(const comparer *c, size_t row, int name) {
  return c->column[name] == SIZE_MAX
             ? ""
             : chiso__csv_cell(c->csv, row, c->column[name])->text;
}

static chiso_status fail(const comparer *c, size_t row, int name,
                         chiso__message message) {
  return chiso__fail(
      c->err, CHISO_BAD_DATA,
      (chiso__place) { c->csv->file, c->csv->lines[row], c->column[name] + 1 },
      message, text_of(c, row, name));
}

static chiso_status find_columns(comparer *c) {
  chiso__place header = { c->csv->file, c->csv->header_line, 0 };
  for (int i = 0; i < N_COLUMNS; i++)
    c->column[i] = chiso__csv_column(c->csv, names[i]);
  if (c->column[POINTS] == SIZE_MAX) /* as in observations */
    c->column[POINTS] = chiso__csv_column(c->csv, "score");
  for (int i = 0; i <= POINTS; i++)
    if (c->column[i] == SIZE_MAX)
      return chiso__fail(c->err, CHISO_BAD_DATA, header, MSG_DATA_NO_COLUMN,
                         names[i]);
  for (size_t k = 0; k < c->csv->n_columns; k++) {
    bool known = false;
    for (int i = 0; i < N_COLUMNS; i++)
      known |= c->column[i] == k;
    header.column = k + 1;
    if (!known)
      return chiso__fail(c->err, CHISO_BAD_DATA, header, MSG_DATA_RESULT_COLUMN,
                         c->csv->header[k].text);
  }
  return CHISO_OK;
}

static chiso_status read_dec(const comparer *c, size_t row, int name,
                             chiso_dec standard, chiso_dec *out) {
  const char *text = text_of(c, row, name);
  chiso__number n;
  *out = standard;
  if (!*text)
    return CHISO_OK;
  switch (chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &n)) {
  case CHISO__NUMBER_OK:
    *out = n.raw;
    return CHISO_OK;
  case CHISO__NUMBER_THOUSANDS:
    return fail(c, row, name, MSG_DATA_THOUSANDS);
  case CHISO__NUMBER_RANGE:
    return fail(c, row, name, MSG_DATA_RANGE);
  default:
    return fail(c, row, name, MSG_DATA_NOT_NUMBER);
  }
}

static chiso_status read_tolerance(const comparer *c, size_t row,
                                   chiso_difference *d) {
  CHISO__TRY(read_dec(c, row, TOLERANCE, 0, &d->tolerance));
  return d->tolerance < 0 ? fail(c, row, TOLERANCE, MSG_DATA_NEGATIVE)
                          : CHISO_OK;
}

static chiso_status read_rank(const comparer *c, size_t row,
                              chiso_difference *d) {
  const char *text = text_of(c, row, RANK);
  chiso__number rank;
  if (!*text)
    return CHISO_OK;
  if (chiso__number_read(text, strlen(text), 0, &rank) != CHISO__NUMBER_OK ||
      rank.raw < 1 || rank.raw > UINT32_MAX)
    return fail(c, row, RANK, MSG_DATA_RANK);
  d->published_rank = (uint32_t)rank.raw;
  return CHISO_OK;
}

/* The unit and the node that a row names; d->scored is SIZE_MAX when the unit
 * is not assessed. */
static chiso_status read_names(const comparer *c, size_t row,
                               chiso_difference *d) {
  const chiso_run *run = c->run;
  const char *unit_text = text_of(c, row, UNIT);
  const char *node = text_of(c, row, NODE);
  chiso__place place = { c->csv->file, c->csv->lines[row],
                         c->column[UNIT] + 1 };
  size_t unit = SIZE_MAX;
  CHISO__TRY(chiso__units_find(run->units, unit_text, &unit, c->err));
  if (unit == SIZE_MAX)
    return chiso__fail(c->err, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT,
                       unit_text, chiso_units_set(run->units));
  place.column = c->column[NODE] + 1;
  d->node = chiso_methodology_find(chiso_run_methodology(run), node);
  if (d->node == CHISO_NO_NODE)
    return chiso__fail(c->err, CHISO_BAD_DATA, place, MSG_DATA_BAD_NODE, node,
                       chiso__main_member(run)->listing->name);
  d->scored = run->scored_of[unit];
  if (d->scored == SIZE_MAX)
    return CHISO_OK;
  uint8_t *taken = &c->taken[d->node * run->n + d->scored];
  if (*taken)
    return chiso__fail(c->err, CHISO_BAD_DATA, place, MSG_DATA_RESULT_REPEATED,
                       unit_text, node);
  *taken = 1;
  return CHISO_OK;
}

static chiso_status read_row(const comparer *c, size_t row,
                             chiso_difference *d) {
  memset(d, 0, sizeof *d);
  CHISO__TRY(read_names(c, row, d));
  CHISO__TRY(read_dec(c, row, POINTS, CHISO_NONE, &d->published));
  CHISO__TRY(read_tolerance(c, row, d));
  return read_rank(c, row, d);
}

static void compare_points(comparer *c, chiso_difference *d) {
  const chiso_scores *s = chiso_run_scores(c->run);
  size_t at = d->node * s->n + d->scored;
  bool has = chiso_has_points(s->state[at]);
  d->computed = has ? s->points[at] : CHISO_NONE;
  d->computed_rank = has ? chiso_run_rank(c->run, d->node, d->scored) : 0;
  if (d->published == CHISO_NONE)
    return;
  if (!has) {
    c->out->not_computed++;
    return;
  }
  chiso_dec difference = d->computed > d->published
                             ? d->computed - d->published
                             : d->published - d->computed;
  d->reproduced = difference <= d->tolerance;
  c->out->compared++;
  c->out->reproduced += d->reproduced;
  c->out->exact += difference == 0;
  if (difference > c->out->largest)
    c->out->largest = difference;
}

static void compare_grade(comparer *c, size_t row, const chiso_difference *d) {
  const char *key = text_of(c, row, GRADE);
  const chiso_grading *g = c->run->grading;
  uint32_t grade = chiso_run_grade(c->run, d->scored);
  if (!*key || d->node != 0 || !g)
    return;
  c->out->grades++;
  c->out->grades_equal +=
      grade < g->n_grades && strcmp(g->grades[grade].key, key) == 0;
}

/* Ranks can be held against each other only within the units that have both:
 * a table of a few provinces has no rank 1 of 63, and one unit alone has no
 * order at all. */
static void compare_ranks(comparer *c) {
  for (size_t i = 0; i < c->n_rows; i++) {
    const chiso_difference *a = &c->rows[i];
    size_t published = 1, computed = 1, peers = 0;
    if (!a->published_rank || !a->computed_rank)
      continue;
    for (size_t j = 0; j < c->n_rows; j++) {
      const chiso_difference *b = &c->rows[j];
      if (b->node != a->node || !b->published_rank || !b->computed_rank)
        continue;
      peers++;
      published += b->published_rank < a->published_rank;
      computed += b->computed_rank < a->computed_rank;
    }
    if (peers < 2)
      continue;
    c->out->ranks++;
    c->out->ranks_equal += published == computed;
  }
}

static chiso_status compare_all(comparer *c) {
  CHISO__TRY(find_columns(c));
  for (size_t row = 0; row < c->csv->n_rows; row++) {
    chiso_difference *d = &c->rows[c->n_rows];
    CHISO__TRY(read_row(c, row, d));
    if (d->scored == SIZE_MAX) {
      c->out->not_computed += d->published != CHISO_NONE;
      continue;
    }
    compare_points(c, d);
    compare_grade(c, row, d);
    c->n_rows++;
  }
  compare_ranks(c);
  return CHISO_OK;
}

static chiso_status results_path(const chiso_run *run, chiso__arena *arena,
                                 const char **path, chiso_error *err) {
  const char *share = chiso_store_share(run->store);
  char round[16];
  if (*path)
    return CHISO_OK;
  chiso_round_format(run->round, round);
  if (share) {
    *path =
        chiso__published_path(arena, share, chiso__main_member(run)->listing,
                              run->round, run->options.published, "results");
    if (!*path)
      return chiso__no_memory(err);
  }
  if (*path && chiso__is_file(*path))
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_RESULTS,
                     chiso__main_member(run)->listing->name, round);
}

static chiso_status read_and_compare(comparer *c, chiso__arena *arena,
                                     const char *path, chiso__csv *csv) {
  const char *text;
  size_t size;
  CHISO__TRY(results_path(c->run, arena, &path, c->err));
  CHISO__TRY(chiso__file_read(arena, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, c->err));
  CHISO__TRY(chiso__csv_parse(arena, path, text, size, csv, c->err));
  c->csv = csv;
  c->taken = chiso__arena_array(
      arena, chiso_methodology_index(chiso_run_methodology(c->run))->n_nodes,
      c->run->n);
  if (!c->taken)
    return chiso__no_memory(c->err);
  c->rows =
      chiso__alloc(c->run->allocator, (csv->n_rows + 1) * sizeof *c->rows);
  return c->rows ? compare_all(c) : chiso__no_memory(c->err);
}

chiso_status chiso_run_compare(const chiso_run *run, const char *path,
                               chiso_comparison *out, chiso_difference **rows,
                               size_t *count, chiso_error *err) {
  chiso__arena arena = { .allocator = run->allocator };
  chiso__csv csv;
  comparer c = { .run = run, .out = out, .err = err };
  memset(out, 0, sizeof *out);
  chiso_status status = read_and_compare(&c, &arena, path, &csv);
  chiso__arena_free(&arena);
  if (status != CHISO_OK || !rows) {
    chiso__free(run->allocator, c.rows);
    return status;
  }
  *rows = c.rows;
  *count = c.n_rows;
  return CHISO_OK;
}

void chiso_differences_free(const chiso_run *run, chiso_difference *rows) {
  chiso__free(run->allocator, rows);
}
