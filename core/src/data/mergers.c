/* SPDX-License-Identifier: Apache-2.0
 * data/mergers.c - which units became which: many into one, from set to set. */
#include "data/mergers.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/xlsx.h"

enum {
  FROM_SET,
  FROM_UNIT,
  TO_SET,
  TO_UNIT,
  DATE,
  INSTRUMENT,
  NOTE,
  N_COLUMNS
};
static const char *const names[] = { "from_set", "from_unit", "to_set",
                                     "to_unit",  "date",      "instrument",
                                     "note" };

/* ---- reading ------------------------------------------------------------- */

typedef struct table {
  chiso__mergers *m;
  chiso__csv csv;
  size_t column[N_COLUMNS];
  chiso_error *err;
} table;

static const char *text_of(const table *t, size_t row, int name) {
  return t->column[name] == SIZE_MAX
             ? ""
             : chiso__csv_cell(&t->csv, row, t->column[name])->text;
}

static chiso__place place_of(const table *t, size_t row, int name) {
  return (chiso__place) { t->csv.file, t->csv.lines[row], t->column[name] + 1 };
}

static chiso_status find_columns(table *t) {
  chiso__place header = { t->csv.file, t->csv.header_line, 0 };
  for (int i = 0; i < N_COLUMNS; i++)
    t->column[i] = chiso__csv_column(&t->csv, names[i]);
  for (int i = 0; i <= TO_UNIT; i++)
    if (t->column[i] == SIZE_MAX)
      return chiso__fail(t->err, CHISO_BAD_DATA, header, MSG_DATA_NO_COLUMN,
                         names[i]);
  for (size_t k = 0; k < t->csv.n_columns; k++) {
    bool known = false;
    for (int i = 0; i < N_COLUMNS; i++)
      known = known || t->column[i] == k;
    header.column = k + 1;
    if (!known)
      return chiso__fail(t->err, CHISO_BAD_DATA, header, MSG_BRIDGE_COLUMN,
                         t->csv.header[k].text);
  }
  return CHISO_OK;
}

static chiso_status add_set(table *t, size_t row, int name, uint8_t *out) {
  chiso__mergers *m = t->m;
  const char *text = text_of(t, row, name);
  *out = chiso__mergers_set(m, text);
  if (*out < CHISO__LIMIT_SETS)
    return CHISO_OK;
  if (m->n_sets == CHISO__LIMIT_SETS)
    return chiso__fail(t->err, CHISO_BAD_DATA, place_of(t, row, name),
                       MSG_BRIDGE_SETS, CHISO__LIMIT_SETS);
  *out = m->n_sets;
  m->sets[m->n_sets++] = text;
  return CHISO_OK;
}

static chiso_status read_row(table *t, size_t row) {
  chiso__mergers *m = t->m;
  for (int i = 0; i <= TO_UNIT; i++)
    if (!*text_of(t, row, i))
      return chiso__fail(t->err, CHISO_BAD_DATA, place_of(t, row, i),
                         MSG_BRIDGE_EMPTY, names[i]);
  chiso__merger merger = { .from_unit = text_of(t, row, FROM_UNIT),
                           .to_unit = text_of(t, row, TO_UNIT),
                           .instrument = text_of(t, row, INSTRUMENT),
                           .place = place_of(t, row, FROM_UNIT) };
  const char *day = text_of(t, row, DATE);
  if (*day && (!chiso_round_parse(day, &merger.date) || !merger.date.day))
    return chiso__fail(t->err, CHISO_BAD_DATA, place_of(t, row, DATE),
                       MSG_BRIDGE_DATE, day);
  CHISO__TRY(add_set(t, row, FROM_SET, &merger.from));
  CHISO__TRY(add_set(t, row, TO_SET, &merger.to));
  if (!chiso__grow(m->arena.allocator, (void **)(void *)&m->rows, &m->capacity,
                   m->n, sizeof *m->rows))
    return chiso__no_memory(t->err);
  m->rows[m->n++] = merger;
  return CHISO_OK;
}

static chiso_status read_table(chiso__mergers *m, const char *path,
                               chiso_error *err) {
  table t = { .m = m, .err = err };
  const char *text;
  size_t size;
  chiso__table_notes notes;
  path = chiso__arena_text(&m->arena, path, strlen(path));
  if (!path)
    return chiso__no_memory(err);
  CHISO__TRY(chiso__file_read(&m->arena, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, err));
  CHISO__TRY(
      chiso__table_parse(&m->arena, path, text, size, &t.csv, &notes, err));
  CHISO__TRY(find_columns(&t));
  if (t.csv.n_rows == 0)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                       MSG_DATA_NO_ROWS);
  for (size_t row = 0; row < t.csv.n_rows; row++)
    CHISO__TRY(read_row(&t, row));
  return CHISO_OK;
}

/* ---- the shipped tables -------------------------------------------------- */

static bool is_changes(const char *name) {
  size_t size = strlen(name);
  return size > 12 && strncmp(name, "changes-", 8) == 0 &&
         strcmp(name + size - 4, ".csv") == 0;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static chiso_status list_shipped(chiso__mergers *m, const char *folder,
                                 const char ***list, size_t *count,
                                 chiso_error *err) {
  size_t capacity = 0;
  DIR *open = opendir(folder);
  if (!open)
    return CHISO_OK;
  chiso_status status = CHISO_OK;
  for (struct dirent *e; status == CHISO_OK && (e = readdir(open));) {
    if (!is_changes(e->d_name))
      continue;
    const char *name =
        chiso__arena_text(&m->arena, e->d_name, strlen(e->d_name));
    if (name && chiso__grow(m->arena.allocator, (void **)(void *)list,
                            &capacity, *count, sizeof **list))
      (*list)[(*count)++] = name;
    else
      status = chiso__no_memory(err);
  }
  closedir(open);
  if (*count > 1)
    qsort(*list, *count, sizeof **list, by_text);
  return status;
}

static chiso_status read_shipped(chiso__mergers *m, const char *share,
                                 chiso_error *err) {
  const char **list = NULL;
  size_t count = 0;
  chiso__buffer path = { .allocator = m->arena.allocator };
  chiso__buffer_print(&path, "%s/units", share);
  chiso_status status = path.failed
                            ? chiso__no_memory(err)
                            : list_shipped(m, path.data, &list, &count, err);
  for (size_t i = 0; status == CHISO_OK && i < count; i++) {
    path.size = 0;
    chiso__buffer_print(&path, "%s/units/%s", share, list[i]);
    status =
        path.failed ? chiso__no_memory(err) : read_table(m, path.data, err);
  }
  chiso__buffer_free(&path);
  chiso__free(m->arena.allocator, list);
  return status;
}

/* ---- sets ---------------------------------------------------------------- */

uint8_t chiso__mergers_set(const chiso__mergers *m, const char *name) {
  for (uint8_t i = 0; i < m->n_sets; i++)
    if (strcmp(m->sets[i], name) == 0)
      return i;
  return CHISO__LIMIT_SETS;
}

bool chiso__mergers_leads(const chiso__mergers *m, uint8_t set) {
  for (size_t i = 0; i < m->n; i++)
    if (m->rows[i].from == set)
      return true;
  return false;
}

unsigned chiso__mergers_way(const chiso__mergers *m, uint8_t from, uint8_t to,
                            uint8_t way[CHISO__LIMIT_SETS]) {
  uint8_t before[CHISO__LIMIT_SETS], steps[CHISO__LIMIT_SETS] = { 0 };
  steps[from] = 1;
  for (uint8_t step = 1; steps[to] == 0 && step < m->n_sets; step++)
    for (size_t i = 0; i < m->n; i++) {
      const chiso__merger *row = &m->rows[i];
      if (steps[row->from] != step || steps[row->to])
        continue;
      steps[row->to] = (uint8_t)(step + 1);
      before[row->to] = row->from;
    }
  for (uint8_t at = to, i = steps[to]; i > 0; i--) {
    way[i - 1] = at;
    at = i > 1 ? before[at] : at;
  }
  return steps[to];
}

/* No set may come from itself. */
static chiso_status refuse_cycle(const chiso__mergers *m, chiso_error *err) {
  bool reach[CHISO__LIMIT_SETS][CHISO__LIMIT_SETS] = { { false } };
  for (size_t i = 0; i < m->n; i++)
    reach[m->rows[i].from][m->rows[i].to] = true;
  for (unsigned k = 0; k < m->n_sets; k++)
    for (unsigned i = 0; i < m->n_sets; i++)
      for (unsigned j = 0; j < m->n_sets; j++)
        reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j]);
  for (size_t i = 0; i < m->n; i++) {
    const chiso__merger *row = &m->rows[i];
    if (row->from == row->to || reach[row->to][row->from])
      return chiso__fail(err, CHISO_BAD_DATA, row->place, MSG_BRIDGE_CYCLE,
                         m->sets[row->to], m->sets[row->from]);
  }
  return CHISO_OK;
}

chiso_status chiso__mergers_read(chiso__mergers *m, const char *share,
                                 const char *path, chiso_error *err) {
  if (path)
    CHISO__TRY(read_table(m, path, err));
  else if (share)
    CHISO__TRY(read_shipped(m, share, err));
  return refuse_cycle(m, err);
}

void chiso__mergers_free(chiso__mergers *m) {
  chiso__free(m->arena.allocator, m->rows);
  chiso__arena_free(&m->arena);
}

/* ---- units --------------------------------------------------------------- */

/* Two rows about one unit: said twice, or gone into two. */
static chiso_status refuse_second(const chiso__mergers *m,
                                  const chiso__merger *row,
                                  const chiso__merger *other,
                                  chiso_error *err) {
  if (strcmp(row->to_unit, other->to_unit) == 0)
    return chiso__fail(err, CHISO_BAD_DATA, row->place, MSG_BRIDGE_REPEATED,
                       row->from_unit, m->sets[row->from],
                       (size_t)other->place.line);
  return chiso__fail(err, CHISO_BAD_DATA, row->place, MSG_BRIDGE_SPLIT,
                     row->from_unit, m->sets[row->from], other->to_unit,
                     row->to_unit);
}

static chiso_status first_step(const chiso__mergers *m, uint8_t from,
                               uint8_t to, const chiso_units *units,
                               const chiso__merger **first, chiso_error *err) {
  for (size_t i = 0; i < m->n; i++) {
    const chiso__merger *row = &m->rows[i];
    size_t place;
    if (row->from != from || row->to != to)
      continue;
    CHISO__TRY(chiso__units_find(units, row->from_unit, &place, err));
    if (place == SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA, row->place, MSG_DATA_BAD_UNIT,
                         row->from_unit, m->sets[from]);
    if (first[place])
      return refuse_second(m, row, first[place], err);
    first[place] = row;
  }
  for (size_t u = 0; u < chiso_units_count(units); u++)
    if (!first[u])
      return chiso__fail(
          err, CHISO_BAD_DATA, (chiso__place) { m->rows[0].place.file, 0, 0 },
          MSG_BRIDGE_LEFT, chiso_units_get(units, u)->code, m->sets[from]);
  return CHISO_OK;
}

/* Units of a set between are known by their texts alone. */
static chiso_status next_step(const chiso__mergers *m, uint8_t from, uint8_t to,
                              const chiso__merger **at, size_t n,
                              chiso_error *err) {
  chiso__map map = { .allocator = m->arena.allocator, .folded = true };
  chiso_status status = CHISO_OK;
  size_t other;
  for (size_t i = 0; status == CHISO_OK && i < m->n; i++) {
    if (m->rows[i].from != from || m->rows[i].to != to)
      continue;
    switch (chiso__map_put(&map, m->rows[i].from_unit, i, &other)) {
    case CHISO__MAP_NO_MEMORY:
      status = chiso__no_memory(err);
      break;
    case CHISO__MAP_REPEATED:
      status = refuse_second(m, &m->rows[i], &m->rows[other], err);
      break;
    default:
      break;
    }
  }
  for (size_t u = 0; status == CHISO_OK && u < n; u++) {
    if (chiso__map_get(&map, at[u]->to_unit, &other))
      at[u] = &m->rows[other];
    else
      status = chiso__fail(err, CHISO_BAD_DATA, at[u]->place, MSG_BRIDGE_LEFT,
                           at[u]->to_unit, m->sets[from]);
  }
  chiso__map_free(&map);
  return status;
}

static chiso_status last_step(const chiso__mergers *m,
                              const chiso__merger *const *at, size_t n,
                              const chiso_units *to, size_t *place,
                              chiso_error *err) {
  for (size_t u = 0; u < n; u++) {
    CHISO__TRY(chiso__units_find(to, at[u]->to_unit, &place[u], err));
    if (place[u] == SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA, at[u]->place, MSG_DATA_BAD_UNIT,
                         at[u]->to_unit, m->sets[at[u]->to]);
  }
  return CHISO_OK;
}

chiso_status chiso__mergers_follow(const chiso__mergers *m, const uint8_t *way,
                                   unsigned steps, const chiso_units *from,
                                   const chiso_units *to,
                                   const chiso__merger **first, size_t *place,
                                   chiso_error *err) {
  size_t n = chiso_units_count(from);
  CHISO__TRY(first_step(m, way[0], way[1], from, first, err));
  const chiso__merger **at =
      chiso__alloc(m->arena.allocator, (n + 1) * sizeof *at);
  if (!at)
    return chiso__no_memory(err);
  memcpy(at, first, n * sizeof *at);
  chiso_status status = CHISO_OK;
  for (unsigned i = 1; status == CHISO_OK && i + 1 < steps; i++)
    status = next_step(m, way[i], way[i + 1], at, n, err);
  if (status == CHISO_OK)
    status = last_step(m, at, n, to, place, err);
  chiso__free(m->arena.allocator, at);
  return status;
}
