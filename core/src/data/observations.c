/* SPDX-License-Identifier: Apache-2.0
 * data/observations.c - tables of observations: columns, rows, routing. What a
 * single value means is in observe.c. */
#include <string.h>

#include "base/text.h"
#include "data/data.h"

/* Columns of the long layout. `score` is what published tables call points. */
enum {
  UNIT,
  NODE,
  INPUT,
  VALUE,
  POINTS,
  STATUS,
  STAGE,
  SOURCE,
  INDEX,
  ROUND,
  SET,
  NOTE,
  SCORE,
  N_COLUMNS
};
static const char *const names[] = {
  "unit",   "node",  "input", "value", "points", "status", "stage",
  "source", "index", "round", "set",   "note",   "score",  NULL
};

typedef struct table {
  chiso_run *run;
  const chiso__csv *csv;
  chiso__member *member; /* of rows without an index                          */
  size_t column[N_COLUMNS];
  bool wide;
  char *marks;           /* decimal mark met in each column                   */
  size_t skipped_round, skipped_stage, skipped_index;
} table;

static chiso__place place_of(const table *t, size_t row, size_t column) {
  return (chiso__place){ t->csv->file, t->csv->lines[row], column + 1 };
}

static const char *text_of(const table *t, size_t row, int name) {
  if (t->column[name] == SIZE_MAX)
    return "";
  return chiso__csv_cell(t->csv, row, t->column[name])->text;
}

static bool find_columns(table *t) {
  for (int i = 0; i < N_COLUMNS; i++)
    t->column[i] = chiso__csv_column(t->csv, names[i]);
  if (t->column[POINTS] == SIZE_MAX)
    t->column[POINTS] = t->column[SCORE];
  t->wide = t->column[NODE] == SIZE_MAX;
  return t->column[UNIT] != SIZE_MAX;
}

/* ---- head --------------------------------------------------------------- */

/* The one text of a column, NULL when it is empty throughout; false when there
 * are several. */
static bool only_text(const table *t, int name, const char **out,
                      size_t *row) {
  *out = NULL;
  for (*row = 0; *row < t->csv->n_rows; (*row)++) {
    const char *text = text_of(t, *row, name);
    if (!*text)
      continue;
    if (*out && strcmp(*out, text) != 0)
      return false;
    *out = text;
  }
  return true;
}

chiso_status chiso__table_head_read(chiso_run *run, const chiso__csv *csv,
                                    chiso__table_head *out,
                                    chiso_error *err) {
  table t = { .run = run, .csv = csv };
  size_t row;
  *out = (chiso__table_head){ 0 };
  if (!find_columns(&t))
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place){ csv->file, csv->header_line, 0 },
                       MSG_DATA_NO_COLUMN, "unit");
  if (!only_text(&t, SET, &out->set, &row))
    return chiso__fail(err, CHISO_BAD_DATA, place_of(&t, row, t.column[SET]),
                       MSG_DATA_TWO_SETS, out->set, text_of(&t, row, SET));
  if (!only_text(&t, ROUND, &out->round, &row))
    out->round = NULL;
  return CHISO_OK;
}

/* ---- rows --------------------------------------------------------------- */

static chiso__member *member_of_index(table *t, size_t row, const char *text) {
  chiso_run *run = t->run;
  for (size_t i = 0; i < run->n_members; i++) {
    const chiso_listing *l = run->members[i].listing;
    if (strcmp(text, l->id) == 0 || strcmp(text, l->name) == 0)
      return &run->members[i];
  }
  const chiso_listing *other;
  chiso_error why = { .lang = run->lang };
  if (chiso_store_find(run->store, text, &other, &why) == CHISO_OK)
    t->skipped_index++;
  else
    chiso__remark(&run->remarks, CHISO_BAD_DATA,
                  place_of(t, row, t->column[INDEX]), MSG_DATA_BAD_INDEX,
                  text);
  return NULL;
}

static bool same_round(chiso_date a, chiso_date b) {
  return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Whether the row is of this run; faults are remarked. */
static bool row_belongs(table *t, size_t row) {
  const char *round = text_of(t, row, ROUND);
  const char *stage = text_of(t, row, STAGE);
  const char *wanted = t->run->options.stage;
  chiso_date date;
  if (*round) {
    if (!chiso_round_parse(round, &date)) {
      chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                    place_of(t, row, t->column[ROUND]), MSG_DATA_BAD_ROUND,
                    round);
      return false;
    }
    if (!same_round(date, t->run->round)) {
      t->skipped_round++;
      return false;
    }
  }
  if (*stage && strcmp(stage, "self") != 0 && strcmp(stage, "appraised") != 0 &&
      strcmp(stage, "final") != 0) {
    chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                  place_of(t, row, t->column[STAGE]), MSG_DATA_BAD_STAGE,
                  stage);
    return false;
  }
  if (strcmp(*stage ? stage : "final", wanted) != 0) {
    t->skipped_stage++;
    return false;
  }
  return true;
}

static bool find_unit(table *t, size_t row, size_t *out) {
  chiso_run *run = t->run;
  const char *text = text_of(t, row, UNIT);
  chiso__place place = place_of(t, row, t->column[UNIT]);
  if (!*text) {
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_NO_UNIT);
    return false;
  }
  size_t unit = chiso_units_find(run->units, text);
  if (unit == SIZE_MAX) {
    size_t near = chiso_units_nearest(run->units, text);
    const char *set = chiso_units_set(run->units);
    if (near == SIZE_MAX)
      chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT,
                    text, set);
    else
      chiso__remark(&run->remarks, CHISO_BAD_DATA, place,
                    MSG_DATA_BAD_UNIT_NEAR, text, set,
                    chiso_units_get(run->units, near)->name_vi,
                    chiso_units_get(run->units, near)->code);
    return false;
  }
  if (run->scored_of[unit] == SIZE_MAX) {
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place,
                  MSG_DATA_NOT_ASSESSED,
                  chiso_units_get(run->units, unit)->name_vi);
    return false;
  }
  *out = run->scored_of[unit];
  return true;
}

/* A node or a part by its id; a dot at the end, as in "1.2.", is dropped. */
static bool find_node(table *t, chiso__member *member, const char *text,
                      chiso__place place, chiso__observation *o) {
  char id[80];
  size_t size = strlen(text), part;
  if (size > 0 && text[size - 1] == '.')
    size--;
  if (size < sizeof id) {
    memcpy(id, text, size);
    id[size] = '\0';
    o->node = chiso_methodology_find(member->methodology, id);
    o->part = CHISO_NO_SLOT;
    if (o->node != CHISO_NO_NODE)
      return true;
    if (chiso__map_get(&member->parts, id, &part)) {
      o->part = (uint32_t)part;
      return true;
    }
  }
  chiso__remark(&t->run->remarks, CHISO_BAD_DATA, place, MSG_DATA_BAD_NODE,
                text, member->listing->name);
  return false;
}

static chiso__member *member_of_row(table *t, size_t row) {
  const char *index = text_of(t, row, INDEX);
  return *index ? member_of_index(t, row, index) : t->member;
}

static chiso_status read_long_row(table *t, size_t row, chiso_error *err) {
  const char *value = text_of(t, row, VALUE);
  const char *points = text_of(t, row, POINTS);
  const char *status = text_of(t, row, STATUS);
  const char *node = text_of(t, row, NODE);
  bool not_applicable =
      *status && (chiso__text_same_folded(status, "not_applicable") ||
                  chiso__text_same_folded(status, "na"));
  if (!*value && !*points && !not_applicable)
    return CHISO_OK;
  chiso__observation o = { .member = member_of_row(t, row),
                           .file = t->csv->file,
                           .line = t->csv->lines[row],
                           .source = text_of(t, row, SOURCE),
                           .input = text_of(t, row, INPUT) };
  if (!o.member || !find_unit(t, row, &o.unit) ||
      !find_node(t, o.member, node, place_of(t, row, t->column[NODE]), &o))
    return CHISO_OK;
  if (*value && *points) {
    chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                  place_of(t, row, t->column[POINTS]), MSG_DATA_TWO_VALUES);
    return CHISO_OK;
  }
  o.points = *value == '\0' && *points != '\0';
  o.column = t->column[o.points ? POINTS : *value ? VALUE : STATUS];
  o.text = not_applicable ? "NA" : o.points ? points : value;
  return chiso__observe(t->run, &o, &t->marks[o.column], err);
}

static chiso_status read_wide_row(table *t, size_t row, chiso_error *err) {
  chiso__observation o = { .member = member_of_row(t, row),
                           .file = t->csv->file,
                           .line = t->csv->lines[row],
                           .source = text_of(t, row, SOURCE) };
  if (!o.member || !find_unit(t, row, &o.unit))
    return CHISO_OK;
  for (size_t c = 0; c < t->csv->n_columns; c++) {
    bool plain = true;
    for (int i = 0; i < N_COLUMNS; i++)
      plain &= t->column[i] != c;
    o.text = chiso__csv_cell(t->csv, row, c)->text;
    if (!plain || !*o.text)
      continue;
    const char *header = t->csv->header[c].text;
    size_t size = strcspn(header, ":");
    char *id = chiso__arena_text(&t->run->arena, header, size);
    if (!id)
      return chiso__no_memory(err);
    o.input = header[size] ? header + size + 1 : "";
    o.points = strcmp(o.input, "points") == 0;
    o.column = c;
    if (find_node(t, o.member, id,
                  (chiso__place){ t->csv->file, t->csv->header_line, c + 1 },
                  &o))
      CHISO__TRY(chiso__observe(t->run, &o, &t->marks[c], err));
  }
  return CHISO_OK;
}

/* Every column must be one of ours; in a wide table the rest name nodes, and a
 * wrong one is one fault, not one for each row. */
static bool check_columns(table *t) {
  size_t faults = t->run->remarks.faults;
  for (size_t c = 0; c < t->csv->n_columns; c++) {
    const char *name = t->csv->header[c].text;
    bool known = false;
    for (int i = 0; i < N_COLUMNS; i++)
      known |= t->column[i] == c;
    chiso__place place = { t->csv->file, t->csv->header_line, c + 1 };
    if (known)
      continue;
    if (!t->wide) {
      const char *near = chiso__text_nearest(name, names, N_COLUMNS);
      chiso__remark(&t->run->remarks, CHISO_BAD_DATA, place,
                    MSG_DATA_BAD_COLUMN, name, near ? near : "note");
      continue;
    }
    chiso__observation o;
    char id[80];
    size_t size = strcspn(name, ":");
    if (size >= sizeof id)
      size = sizeof id - 1;
    memcpy(id, name, size);
    id[size] = '\0';
    find_node(t, t->member, id, place, &o);
  }
  if (!t->wide && t->column[VALUE] == SIZE_MAX &&
      t->column[POINTS] == SIZE_MAX)
    chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                  (chiso__place){ t->csv->file, t->csv->header_line, 0 },
                  MSG_DATA_NO_COLUMN, "value");
  return t->run->remarks.faults == faults;
}

static void remark_skipped(table *t) {
  chiso__place place = { t->csv->file, 0, 0 };
  char round[16];
  chiso_round_format(t->run->round, round);
  if (t->skipped_round)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_SKIPPED_ROUND,
                  t->skipped_round, round);
  if (t->skipped_stage)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_SKIPPED_STAGE,
                  t->skipped_stage, t->run->options.stage);
  if (t->skipped_index)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_SKIPPED_INDEX,
                  t->skipped_index);
}

chiso_status chiso__observations_read(chiso_run *run, const chiso__csv *csv,
                                      chiso__member *member,
                                      chiso_error *err) {
  table t = { .run = run, .csv = csv, .member = member };
  find_columns(&t);
  t.marks = chiso__arena_array(&run->arena, csv->n_columns, 1);
  if (!t.marks)
    return chiso__no_memory(err);
  if (!check_columns(&t))
    return CHISO_OK;
  for (size_t row = 0; row < csv->n_rows; row++) {
    if (!row_belongs(&t, row))
      continue;
    CHISO__TRY(t.wide ? read_wide_row(&t, row, err)
                      : read_long_row(&t, row, err));
  }
  remark_skipped(&t);
  return CHISO_OK;
}
