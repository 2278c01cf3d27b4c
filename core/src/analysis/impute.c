/* SPDX-License-Identifier: Apache-2.0
 * analysis/impute.c - values for those that are missing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/composite.h"

#define KNOWN                                                                  \
  "mean, median, group:COLUMN, panel:latest, panel:linear, panel:constant, "   \
  "panel:linear-constant"

/* Rows in an order in which those that belong together follow each other. */
typedef struct row_key {
  const char *name;
  double time;
  size_t row;
} row_key;

static int by_key(const void *a, const void *b) {
  const row_key *x = a, *y = b;
  int name = strcmp(x->name, y->name);
  if (name != 0)
    return name;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

typedef struct impute {
  chiso_composite *c;
  chiso__arena scratch;
  row_key *rows;
  double *some; /* values of one stretch */
  bool median;
} impute;

static double typical(impute *m, size_t count) {
  return m->median ? chiso__median_of(m->some, count)
                   : chiso__mean_of(m->some, count);
}

/* Rows first..next-1 take what is typical of those among them that have it. */
static void fill(impute *m, double *x, size_t first, size_t next) {
  size_t count = 0;
  for (size_t i = first; i < next; i++)
    if (!isnan(x[m->rows[i].row]))
      m->some[count++] = x[m->rows[i].row];
  if (count == 0 || count == next - first)
    return;
  double value = typical(m, count);
  for (size_t i = first; i < next; i++)
    if (isnan(x[m->rows[i].row]))
      x[m->rows[i].row] = value;
}

/* Within a group (SIZE_MAX: all) and always within one time. */
static void by_group(impute *m, size_t group) {
  chiso_composite *c = m->c;
  for (size_t r = 0; r < c->n; r++)
    m->rows[r] = (row_key) { group == SIZE_MAX ? "" : c->groups[group][r],
                             c->time ? c->time[r] : 0, r };
  qsort(m->rows, c->n, sizeof *m->rows, by_key);
  for (size_t first = 0, next; first < c->n; first = next) {
    for (next = first + 1;
         next < c->n && m->rows[next].time == m->rows[first].time &&
         strcmp(m->rows[next].name, m->rows[first].name) == 0;)
      next++;
    if (group != SIZE_MAX && !*m->rows[first].name)
      continue; /* of no group */
    for (size_t i = 0; i < c->tree.leaves; i++)
      fill(m, c->data + i * c->n, first, next);
  }
}

/* ---- in time ------------------------------------------------------------- */

typedef enum course { LATEST, LINEAR, CONSTANT, LINEAR_CONSTANT } course;

/* The nearest rows of the stretch before and after `i` that have a value in
 * `old`; SIZE_MAX: none. */
static void neighbours(const impute *m, const double *old, size_t first,
                       size_t next, size_t i, size_t *before, size_t *after) {
  *before = *after = SIZE_MAX;
  for (size_t k = i; k-- > first && *before == SIZE_MAX;)
    if (!isnan(old[m->rows[k].row]))
      *before = k;
  for (size_t k = i + 1; k < next && *after == SIZE_MAX; k++)
    if (!isnan(old[m->rows[k].row]))
      *after = k;
}

static double between(const impute *m, const double *old, size_t a, size_t b,
                      double time) {
  double ya = old[m->rows[a].row], yb = old[m->rows[b].row];
  double ta = m->rows[a].time, tb = m->rows[b].time;
  return ya + (yb - ya) * ((time - ta) / (tb - ta));
}

/* One missing value of one unit's series. Beyond the first and the last value
 * the nearest one holds. */
static double at_time(const impute *m, const double *old, size_t first,
                      size_t next, size_t i, course way) {
  size_t before, after;
  neighbours(m, old, first, next, i, &before, &after);
  if (way == LATEST)
    return before == SIZE_MAX ? (double)NAN : old[m->rows[before].row];
  if (before == SIZE_MAX && after == SIZE_MAX)
    return NAN;
  if (before == SIZE_MAX)
    return old[m->rows[after].row];
  if (after == SIZE_MAX || way == CONSTANT)
    return old[m->rows[before].row];
  return between(m, old, before, after, m->rows[i].time);
}

static void fill_series(impute *m, double *x, size_t first, size_t next,
                        course way) {
  const chiso_composite *c = m->c;
  size_t count = 0;
  memcpy(m->some, x, c->n * sizeof *x);
  for (size_t i = first; i < next; i++)
    count += isnan(x[m->rows[i].row]) ? 0 : 1;
  if (count == 0 || count == next - first || (way == LINEAR && count == 1))
    return;
  for (size_t i = first; i < next; i++)
    if (isnan(x[m->rows[i].row]))
      x[m->rows[i].row] = at_time(m, m->some, first, next, i, way);
}

/* Rows in the order of `place`, by way of `spare`. */
static void place_texts(const char **x, const row_key *place, size_t n,
                        const char **spare) {
  if (!x)
    return;
  memcpy(spare, x, n * sizeof *x);
  for (size_t r = 0; r < n; r++)
    x[r] = spare[place[r].row];
}

static void place_numbers(double *x, const row_key *place, size_t n,
                          double *spare) {
  memcpy(spare, x, n * sizeof *x);
  for (size_t r = 0; r < n; r++)
    x[r] = spare[place[r].row];
}

/* As COINr's "latest" returns them: by time, those of one time in their order.
 */
static chiso_status by_time(impute *m, chiso_error *err) {
  chiso_composite *c = m->c;
  const char **texts = chiso__arena_array(&m->scratch, c->n, sizeof *texts);
  if (!texts)
    return chiso__no_memory(err);
  for (size_t r = 0; r < c->n; r++)
    m->rows[r] = (row_key) { "", c->time[r], r };
  qsort(m->rows, c->n, sizeof *m->rows, by_key);
  place_texts(c->units, m->rows, c->n, texts);
  place_texts(c->names, m->rows, c->n, texts);
  place_texts(c->times, m->rows, c->n, texts);
  for (size_t i = 0; i < c->n_groups; i++)
    place_texts(c->groups[i], m->rows, c->n, texts);
  for (size_t i = 0; i < c->n_extra; i++)
    place_numbers(c->extra + i * c->n, m->rows, c->n, m->some);
  for (size_t i = 0; i < c->tree.leaves; i++)
    place_numbers(c->data + i * c->n, m->rows, c->n, m->some);
  place_numbers(c->time, m->rows, c->n, m->some);
  return CHISO_OK;
}

static chiso_status in_time(impute *m, const char *text, const char *name,
                            chiso_error *err) {
  static const char *const ways[] = { "latest", "linear", "constant",
                                      "linear-constant" };
  chiso_composite *c = m->c;
  size_t way = 0;
  while (way < 4 && strcmp(ways[way], name) != 0)
    way++;
  if (way == 4)
    return chiso__method_unknown("--impute", text, KNOWN, err);
  if (!c->time)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_NO_TIMES);
  for (size_t r = 0; r < c->n; r++)
    m->rows[r] = (row_key) { c->units[r], c->time[r], r };
  qsort(m->rows, c->n, sizeof *m->rows, by_key);
  for (size_t first = 0, next; first < c->n; first = next) {
    for (next = first + 1;
         next < c->n && strcmp(m->rows[next].name, m->rows[first].name) == 0;)
      next++;
    for (size_t i = 0; i < c->tree.leaves; i++)
      fill_series(m, c->data + i * c->n, first, next, (course)way);
  }
  return way == LATEST ? by_time(m, err) : CHISO_OK;
}

static void count_rest(chiso_composite *c) {
  size_t rest = c->tree.leaves * c->n;
  rest -= chiso__present(c->data, rest);
  if (rest > 0)
    chiso__remark(&c->remarks, CHISO_OK, (chiso__place) { 0 },
                  MSG_COMPOSE_STILL_MISSING, rest);
}

static chiso_status apply(impute *m, const char *text, chiso_error *err) {
  chiso__method method;
  CHISO__TRY(chiso__method_read(&m->scratch, text, strlen(text), &method, err));
  m->median = strcmp(method.name, "median") == 0;
  if (strcmp(method.name, "panel") == 0)
    return in_time(m, text, method.rest, err);
  if (strcmp(method.name, "group") == 0) {
    size_t group = chiso_composite_find_group(m->c, method.rest);
    if (group == SIZE_MAX)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_NO_GROUP, method.rest);
    by_group(m, group);
    return CHISO_OK;
  }
  if (*method.rest || (!m->median && strcmp(method.name, "mean") != 0))
    return chiso__method_unknown("--impute", text, KNOWN, err);
  by_group(m, SIZE_MAX);
  return CHISO_OK;
}

chiso_status chiso_composite_impute(chiso_composite *c, const char *method,
                                    chiso_error *err) {
  impute m = { .c = c };
  m.scratch.allocator = c->allocator;
  m.rows = chiso__arena_array(&m.scratch, c->n, sizeof *m.rows);
  m.some = chiso__arena_array(&m.scratch, c->n, sizeof *m.some);
  chiso_status status =
      m.rows && m.some ? apply(&m, method, err) : chiso__no_memory(err);
  chiso__arena_free(&m.scratch);
  if (status == CHISO_OK)
    count_rest(c);
  return status;
}
