/* SPDX-License-Identifier: Apache-2.0
 * data/observations.c - tables of observations: columns, rows, routing. What a
 * single value means is in observe.c. */
#include <string.h>

#include "base/text.h"
#include "data/data.h"

typedef struct table {
  chiso_run *run;
  const chiso__layout *layout;
  chiso__member *member; /* of rows without an index */
  char *marks;           /* decimal mark met in each column */
  char no_mark;
  chiso__words stages, flags; /* those met so far */
  uint8_t stage;              /* chiso_stage of the row */
  bool counts;                /* the row's values are of the stage scored */
  size_t skipped_round, skipped_stage, skipped_index, values;
} table;

static chiso__place place_of(const table *t, size_t row, int name) {
  return chiso__layout_place(t->layout, row, t->layout->column[name]);
}

static const char *text_of(const table *t, size_t row, int name) {
  return chiso__layout_text(t->layout, row, name);
}

/* Where the decimal mark of a value is kept: numbers of a workbook have none of
 * their own. */
static char *mark_of(table *t, size_t row, size_t column) {
  const chiso__csv *csv = &t->layout->csv;
  t->no_mark = 0;
  return csv->numbers && csv->numbers[row * csv->n_columns + column]
             ? &t->no_mark
             : &t->marks[column];
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
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place_of(t, row, CHISO__INDEX),
                  MSG_DATA_BAD_INDEX, text);
  return NULL;
}

/* Rows of another unit set are other units, whatever their codes. */
static bool right_set(table *t, size_t row) {
  const chiso_run_rules *rules = t->run->options.rules;
  const char *set = text_of(t, row, CHISO__SET);
  const char *own = chiso_units_set(t->run->units);
  if (!*set || !t->run->known_set || strcmp(set, own) == 0)
    return true;
  for (size_t i = 0; rules && i < rules->n_others; i++)
    if (strcmp(set, chiso_units_set(rules->others[i]->units)) == 0)
      return false;
  chiso__remark(&t->run->remarks, CHISO_BAD_DATA, place_of(t, row, CHISO__SET),
                MSG_DATA_TWO_SETS, own, set);
  return false;
}

/* Rows may name the group that they are of. */
static bool right_group(table *t, size_t row) {
  const chiso_run_rules *rules = t->run->options.rules;
  const char *group = text_of(t, row, CHISO__GROUP);
  if (!*group || !rules || !rules->group || strcmp(group, rules->group) == 0)
    return true;
  for (size_t i = 0; i < rules->n_others; i++)
    if (strcmp(group, rules->others[i]->group) == 0)
      return false;
  chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                place_of(t, row, CHISO__GROUP), MSG_DATA_BAD_GROUP, group);
  return false;
}

/* The row's stage, and whether it counts; *known false: remarked. */
static chiso_status stage_of_row(table *t, size_t row, bool *known,
                                 chiso_error *err) {
  const char *text = text_of(t, row, CHISO__STAGE);
  int stage = CHISO_STAGE_NONE;
  if (*text)
    CHISO__TRY(chiso__word_read(&t->run->arena, chiso__stage_words, &t->stages,
                                text, &stage, err));
  *known = stage >= 0;
  if (!*known) {
    chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                  place_of(t, row, CHISO__STAGE), MSG_DATA_BAD_STAGE, text);
    return CHISO_OK;
  }
  t->stage = (uint8_t)stage;
  t->run->stages |= 1u << stage;
  t->counts = chiso__stage_counts(t->run, t->stage);
  /* that the unit's own figures are not the result needs no telling */
  t->skipped_stage += !t->counts && (stage != CHISO_STAGE_SELF ||
                                     t->run->stage != CHISO_STAGE_FINAL);
  return CHISO_OK;
}

/* Whether the row is of this run; faults are remarked. */
static chiso_status row_belongs(table *t, size_t row, bool *belongs,
                                chiso_error *err) {
  const char *round = text_of(t, row, CHISO__ROUND);
  chiso_date date;
  *belongs = false;
  if (!right_group(t, row))
    return CHISO_OK;
  if (*round) {
    if (!chiso_round_parse(round, &date)) {
      chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                    place_of(t, row, CHISO__ROUND), MSG_DATA_BAD_ROUND, round);
      return CHISO_OK;
    }
    if (!chiso__same_round(date, t->run->round)) {
      t->skipped_round++;
      return CHISO_OK;
    }
  }
  CHISO__TRY(stage_of_row(t, row, belongs, err));
  *belongs = *belongs && (t->counts || chiso__evidence_in(t->layout, row));
  return CHISO_OK;
}

static void remark_unit(table *t, const char *text, chiso__place place) {
  chiso_run *run = t->run;
  size_t near = chiso_units_nearest(run->units, text);
  const char *set = chiso_units_set(run->units);
  if (near == SIZE_MAX)
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT, text,
                  set);
  else
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT_NEAR,
                  text, set, chiso_units_get(run->units, near)->name_vi,
                  chiso_units_get(run->units, near)->code);
}

/* The group of another run over the same tables that scores a unit, or NULL. */
static chiso_status other_group(const chiso_run *run, const char *text,
                                const char **out, chiso_error *err) {
  const chiso_run_rules *rules = run->options.rules;
  *out = NULL;
  for (size_t i = 0; rules && i < rules->n_others && !*out; i++) {
    const chiso_run_rules *other = rules->others[i];
    size_t unit;
    CHISO__TRY(chiso__units_find(other->units, text, &unit, err));
    if (unit != SIZE_MAX && other->flags[unit] & CHISO_ASSESSED)
      *out = other->group;
  }
  return CHISO_OK;
}

/* The place of the row's unit among the scored; *found false: remarked. */
static chiso_status find_unit(table *t, size_t row, size_t *out, bool *found,
                              chiso_error *err) {
  chiso_run *run = t->run;
  const char *text = text_of(t, row, CHISO__UNIT);
  chiso__place place = place_of(t, row, CHISO__UNIT);
  size_t unit = SIZE_MAX;
  *found = false;
  if (!*text || chiso__text_same_folded(text, "unit")) {
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place,
                  *text ? MSG_DATA_HEADER_AGAIN : MSG_DATA_NO_UNIT);
    return CHISO_OK;
  }
  CHISO__TRY(chiso__units_find(run->units, text, &unit, err));
  if (unit != SIZE_MAX)
    *out = run->scored_of[unit];
  *found = unit != SIZE_MAX && *out != SIZE_MAX;
  const char *other = NULL;
  bool said = *text_of(t, row, CHISO__GROUP) != 0;
  if (!said && !(*found && *text_of(t, row, CHISO__SET)))
    CHISO__TRY(other_group(run, text, &other, err));
  if (other && *found) {
    *found = false;
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_TWO_GROUPS,
                  text, run->options.rules->group, other);
  }
  if (other || *found)
    return CHISO_OK;
  if (unit == SIZE_MAX)
    remark_unit(t, text, place);
  else
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_NOT_ASSESSED,
                  chiso_units_get(run->units, unit)->name_vi);
  return CHISO_OK;
}

/* A node or a part by its id; a dot at the end, as in "1.2.", is dropped. */
static bool find_node(chiso_run *run, chiso__member *member, const char *text,
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
  chiso_date date;
  if (size == 0)
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_NO_NODE);
  else
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place,
                  strpbrk(text, "-/") && chiso_round_parse(text, &date)
                      ? MSG_DATA_NODE_DATE
                      : MSG_DATA_BAD_NODE,
                  text, member->listing->name);
  return false;
}

bool chiso__find_named(chiso_run *run, chiso__member *member, const char *id,
                       chiso__observation *o) {
  chiso__place place = { o->file, o->line, o->column };
  return find_node(run, member, id, place, o);
}

static chiso__member *member_of_row(table *t, size_t row) {
  const char *index = text_of(t, row, CHISO__INDEX);
  return *index ? member_of_index(t, row, index) : t->member;
}

static bool any_of(const char *text, const char *const *words) {
  for (; *words; words++)
    if (chiso__text_same_folded(text, *words))
      return true;
  return false;
}

/* The text of the row's value, "NA" where its status says so; NULL: the row
 * has none, or more than one, which is remarked. */
static const char *value_of_row(table *t, size_t row, int *name) {
  static const char *const na[] = {
    "not_applicable", "not applicable", "na", "n/a", "không áp dụng", NULL
  };
  static const char *const missing[] = { "missing", "suppressed", NULL };
  const char *value = text_of(t, row, CHISO__VALUE);
  const char *points = text_of(t, row, CHISO__POINTS);
  const char *status = text_of(t, row, CHISO__STATUS);
  bool not_applicable = any_of(status, na);
  *name = *points ? CHISO__POINTS : *value ? CHISO__VALUE : CHISO__STATUS;
  const char *text = *points ? points : value;
  if (*value && *points)
    chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                  place_of(t, row, CHISO__POINTS), MSG_DATA_TWO_VALUES);
  else if (*text &&
           (any_of(status, missing) || (not_applicable && !any_of(text, na))))
    chiso__remark(&t->run->remarks, CHISO_BAD_DATA, place_of(t, row, *name),
                  MSG_DATA_STATUS_VALUE, status, text);
  else
    return not_applicable ? "NA" : *text ? text : NULL;
  return NULL;
}

/* A workbook keeps 1.10 that was typed into a cell of numbers as 1.1. Where the
 * methodology has both, nobody can tell them apart. */
static bool clear_number(table *t, size_t row, const chiso__observation *o) {
  const chiso__csv *csv = &t->layout->csv;
  size_t column = t->layout->column[CHISO__NODE];
  const char *text = text_of(t, row, CHISO__NODE);
  char longer[80];
  if (!csv->numbers || !csv->numbers[row * csv->n_columns + column] ||
      !strchr(text, '.') ||
      snprintf(longer, sizeof longer, "%s0", text) >= (int)sizeof longer ||
      chiso_methodology_find(o->member->methodology, longer) == CHISO_NO_NODE)
    return true;
  chiso__remark(&t->run->remarks, CHISO_BAD_DATA, place_of(t, row, CHISO__NODE),
                MSG_DATA_NODE_NUMBER, text, longer);
  return false;
}

/* ---- what a row says beside its value ----------------------------------- */

/* Keeps it, unless the flag is none, which is remarked. Only of the index that
 * is asked for, and of tables that outlive the reading. */
static chiso_status keep_evidence(table *t, size_t row,
                                  const chiso__observation *o, uint32_t node,
                                  chiso_error *err) {
  static const chiso__word flags[] = { { "yes", 1 }, { "co", 1 },
                                       { "x", 1 },   { "1", 1 },
                                       { "no", 0 },  { "khong", 0 },
                                       { "0", 0 },   { NULL, 0 } };
  const char *text = text_of(t, row, CHISO__EXPLANATION);
  const chiso__member *asked = chiso__main_member(t->run);
  int flag = 0;
  if (!chiso__evidence_in(t->layout, row) || o->member != asked ||
      t->member != asked || node == CHISO_NO_NODE)
    return CHISO_OK;
  if (*text)
    CHISO__TRY(
        chiso__word_read(&t->run->arena, flags, &t->flags, text, &flag, err));
  if (flag >= 0)
    return chiso__evidence_keep(t->run, t->layout, row, node, o->unit, t->stage,
                                flag == 1, err);
  chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                place_of(t, row, CHISO__EXPLANATION), MSG_DATA_BAD_FLAG, text);
  return CHISO_OK;
}

static chiso_status read_long_row(table *t, size_t row, chiso_error *err) {
  int name = CHISO__VALUE;
  size_t faults = t->run->remarks.faults;
  chiso__observation o = { .text =
                               t->counts ? value_of_row(t, row, &name) : NULL };
  /* in a table of changes an empty value takes one away */
  if (!o.text && t->counts && t->run->changes &&
      t->run->remarks.faults == faults)
    o.text = "";
  if (!o.text && !chiso__evidence_in(t->layout, row))
    return CHISO_OK;
  o.member = member_of_row(t, row);
  o.file = t->layout->csv.file;
  o.line = t->layout->csv.lines[row];
  o.source = text_of(t, row, CHISO__SOURCE);
  o.input = text_of(t, row, CHISO__INPUT);
  o.points = name == CHISO__POINTS;
  o.column = t->layout->column[name];
  o.stage = t->stage;
  t->values += o.text != NULL;
  if (!o.member || !right_set(t, row))
    return CHISO_OK;
  bool found;
  CHISO__TRY(find_unit(t, row, &o.unit, &found, err));
  if (!found ||
      !find_node(t->run, o.member, text_of(t, row, CHISO__NODE),
                 place_of(t, row, CHISO__NODE), &o) ||
      !clear_number(t, row, &o))
    return CHISO_OK;
  CHISO__TRY(keep_evidence(t, row, &o, o.node, err));
  return o.text ? chiso__observe(t->run, &o, mark_of(t, row, o.column), err)
                : CHISO_OK;
}

/* ---- wide rows ---------------------------------------------------------- */

/* Which node or part a column's name means, "1.2" or "1.2:input". */
static bool find_column(table *t, chiso__member *member, size_t column,
                        chiso__observation *o) {
  const char *name = t->layout->csv.header[column].text;
  size_t size = strcspn(name, ":");
  char id[80];
  chiso__place place = { t->layout->csv.file, t->layout->csv.header_line,
                         column + 1 };
  o->input = name[size] ? name + size + 1 : "";
  o->points = chiso__text_same_folded(o->input, "points");
  o->column = column;
  if (size >= sizeof id)
    size = sizeof id - 1;
  memcpy(id, name, size);
  id[size] = '\0';
  return find_node(t->run, member, id, place, o);
}

/* The index and the unit of a row; *found false: none, or remarked. */
static chiso_status wide_unit(table *t, size_t row, chiso__observation *o,
                              bool *found, chiso_error *err) {
  *found = false;
  o->member = member_of_row(t, row);
  if (!o->member || !right_set(t, row))
    return CHISO_OK;
  return find_unit(t, row, &o->unit, found, err);
}

/* A row whose cells are all empty says nothing, not even of its unit. */
static chiso_status read_wide_row(table *t, size_t row, chiso_error *err) {
  const chiso__csv *csv = &t->layout->csv;
  chiso__observation o = { .file = csv->file,
                           .line = csv->lines[row],
                           .source = text_of(t, row, CHISO__SOURCE),
                           .stage = t->stage };
  bool found = false;
  if (chiso__evidence_in(t->layout, row)) {
    CHISO__TRY(wide_unit(t, row, &o, &found, err));
    if (!found)
      return CHISO_OK;
    CHISO__TRY(keep_evidence(t, row, &o, 0, err));
  }
  for (size_t c = 0; t->counts && c < csv->n_columns; c++) {
    o.text = chiso__csv_cell(csv, row, c)->text;
    if (!*o.text || chiso__layout_known(t->layout, c))
      continue;
    t->values++;
    if (!found)
      CHISO__TRY(wide_unit(t, row, &o, &found, err));
    if (!found)
      return CHISO_OK;
    if (find_column(t, o.member, c, &o))
      CHISO__TRY(chiso__observe(t->run, &o, mark_of(t, row, c), err));
  }
  return CHISO_OK;
}

/* ---- the table ---------------------------------------------------------- */

/* Every column must be one of ours; in a wide table the rest name nodes, and a
 * wrong one is one fault, not one for each row. */
static bool check_columns(table *t) {
  const chiso__csv *csv = &t->layout->csv;
  size_t faults = t->run->remarks.faults;
  /* The rows say which index: only they know which columns it has. */
  if (t->layout->wide && t->layout->column[CHISO__INDEX] != SIZE_MAX)
    return true;
  for (size_t c = 0; c < csv->n_columns; c++) {
    chiso__observation o;
    if (chiso__layout_known(t->layout, c))
      continue;
    if (t->layout->wide)
      find_column(t, t->member, c, &o);
    else
      chiso__remark(&t->run->remarks, CHISO_BAD_DATA,
                    (chiso__place) { csv->file, csv->header_line, c + 1 },
                    MSG_DATA_BAD_COLUMN, csv->header[c].text);
  }
  return t->run->remarks.faults == faults;
}

static void remark_skipped(table *t) {
  chiso__place place = { t->layout->csv.file, 0, 0 };
  char round[16];
  chiso_round_format(t->run->round, round);
  if (t->skipped_round)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_SKIPPED_ROUND,
                  t->skipped_round, round);
  if (t->skipped_stage)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_SKIPPED_STAGE,
                  t->skipped_stage,
                  t->run->lang == CHISO_LANG_VI
                      ? chiso_stage_title(t->run->stage, CHISO_LANG_VI)
                      : chiso_stage_key(t->run->stage));
  if (t->skipped_index)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_SKIPPED_INDEX,
                  t->skipped_index);
  if (!t->values && !t->run->remarks.faults)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_NO_VALUES);
  if (t->run->rounded)
    chiso__remark(&t->run->remarks, CHISO_OK, place, MSG_DATA_ROUNDED,
                  t->run->rounded);
  t->run->rounded = 0;
}

chiso_status chiso__observations_read(chiso_run *run,
                                      const chiso__layout *layout,
                                      chiso__member *member, chiso_error *err) {
  table t = { .run = run, .layout = layout, .member = member };
  t.marks = chiso__arena_array(&run->arena, layout->csv.n_columns, 1);
  if (!t.marks)
    return chiso__no_memory(err);
  if (!check_columns(&t))
    return CHISO_OK;
  for (size_t row = 0; row < layout->csv.n_rows; row++) {
    bool belongs;
    CHISO__TRY(row_belongs(&t, row, &belongs, err));
    if (!belongs)
      continue;
    CHISO__TRY(layout->wide ? read_wide_row(&t, row, err)
                            : read_long_row(&t, row, err));
  }
  remark_skipped(&t);
  return CHISO_OK;
}
