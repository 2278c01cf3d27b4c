/* SPDX-License-Identifier: Apache-2.0
 * analysis/read_meta.c - the table of metadata: which codes there are and how
 * they hang together. */
#include <math.h>
#include <string.h>

#include "analysis/read.h"
#include "base/text.h"
#include "data/real.h"

static const char *const columns[CHISO__META_COLUMNS] = {
  [CHISO__META_CODE] = "iCode",
  [CHISO__META_LEVEL] = "Level",
  [CHISO__META_PARENT] = "Parent",
  [CHISO__META_DIRECTION] = "Direction",
  [CHISO__META_WEIGHT] = "Weight",
  [CHISO__META_TYPE] = "Type",
  [CHISO__META_NAME] = "iName",
  [CHISO__META_DENOMINATOR] = "Denominator",
  [CHISO__META_SCALE] = "ScaleFactor",
  [CHISO__META_NORMALISE] = "Normalise",
  [CHISO__META_AGGREGATE] = "Aggregate",
  [CHISO__META_TREAT] = "Treat",
};

typedef struct meta {
  chiso_composite *c;
  chiso__read *r;
  chiso__csv csv;
  size_t column[CHISO__META_COLUMNS];
} meta;

#define FAULT(m, row, column_, ...)                                            \
  chiso__remark(&(m)->c->remarks, CHISO_BAD_DATA,                              \
                (chiso__place) { (m)->csv.file, (m)->csv.lines[row],           \
                                 (m)->column[column_] + 1 },                   \
                __VA_ARGS__)

/* "" for a cell that is empty, NA as R writes it, or of no column. */
static const char *cell(const meta *m, size_t row, int column) {
  if (m->column[column] == SIZE_MAX)
    return "";
  const char *text = chiso__csv_cell(&m->csv, row, m->column[column])->text;
  return strcmp(text, "NA") == 0 ? "" : text;
}

/* A number, or `otherwise` where there is none; false after a fault. */
static bool number(meta *m, size_t row, int column, double otherwise,
                   double *out) {
  const char *text = cell(m, row, column);
  char mark;
  *out = otherwise;
  if (!*text)
    return true;
  if (chiso__real_read(text, strlen(text), out, &mark) == CHISO__NUMBER_OK)
    return true;
  FAULT(m, row, column, MSG_DATA_NOT_NUMBER, text);
  return false;
}

/* Rows that name a column of another kind have no place in the tree. */
static bool outside(const meta *m, size_t row, bool *denominator) {
  const char *type = cell(m, row, CHISO__META_TYPE);
  *denominator = chiso__text_same_folded(type, "Denominator");
  return *denominator || chiso__text_same_folded(type, "Group") ||
         chiso__text_same_folded(type, "Other") ||
         (!*type && !*cell(m, row, CHISO__META_LEVEL));
}

static const char *optional(const meta *m, size_t row, int column) {
  const char *text = cell(m, row, column);
  return *text ? chiso__arena_text(&m->c->arena, text, strlen(text)) : NULL;
}

static void read_row(meta *m, size_t row, chiso__code *code) {
  double level, direction;
  code->line = m->csv.lines[row];
  code->code = optional(m, row, CHISO__META_CODE);
  code->name = optional(m, row, CHISO__META_NAME);
  code->normalise = optional(m, row, CHISO__META_NORMALISE);
  code->aggregate = optional(m, row, CHISO__META_AGGREGATE);
  code->treat = optional(m, row, CHISO__META_TREAT);
  code->denominator = optional(m, row, CHISO__META_DENOMINATOR);
  const char *parent = cell(m, row, CHISO__META_PARENT);
  code->parent_code = chiso__arena_text(&m->c->arena, parent, strlen(parent));
  if (number(m, row, CHISO__META_LEVEL, 0, &level)) {
    if (!(level >= 1 && level <= CHISO__LIMIT_LEVELS && level == floor(level)))
      FAULT(m, row, CHISO__META_LEVEL, MSG_COMPOSE_LEVEL,
            cell(m, row, CHISO__META_LEVEL), CHISO__LIMIT_LEVELS);
    else
      code->level = (uint32_t)level;
  }
  code->direction = 1;
  if (number(m, row, CHISO__META_DIRECTION, 1, &direction)) {
    if (direction != 1 && direction != -1)
      FAULT(m, row, CHISO__META_DIRECTION, MSG_COMPOSE_DIRECTION,
            cell(m, row, CHISO__META_DIRECTION));
    code->direction = direction < 0 ? -1 : 1;
  }
  if (number(m, row, CHISO__META_WEIGHT, 1, &code->weight) && code->weight < 0)
    FAULT(m, row, CHISO__META_WEIGHT, MSG_COMPOSE_WEIGHT,
          cell(m, row, CHISO__META_WEIGHT));
  if (number(m, row, CHISO__META_SCALE, 1, &code->scale) && code->scale == 0)
    FAULT(m, row, CHISO__META_SCALE, MSG_COMPOSE_SCALE);
}

static chiso_status add_row(meta *m, size_t row, chiso_error *err) {
  chiso__read *r = m->r;
  bool denominator;
  size_t other;
  const char *code = cell(m, row, CHISO__META_CODE);
  if (!*code) {
    FAULT(m, row, CHISO__META_CODE, MSG_COMPOSE_NO_CODE);
    return CHISO_OK;
  }
  if (outside(m, row, &denominator)) {
    if (denominator)
      r->denominators[r->n_denominators++] = code;
    return CHISO_OK;
  }
  read_row(m, row, &r->raw[r->n_raw]);
  const char *kept = r->raw[r->n_raw].code;
  if (!kept)
    return chiso__no_memory(err);
  switch (chiso__map_put(&r->map, kept, r->n_raw, &other)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    FAULT(m, row, CHISO__META_CODE, MSG_COMPOSE_REPEATED_CODE, kept,
          (unsigned long long)r->raw[other].line);
    return CHISO_OK;
  default:
    r->n_raw++;
    return CHISO_OK;
  }
}

static chiso_status find_columns(meta *m, chiso_error *err) {
  chiso__buffer others = { .allocator = m->c->allocator };
  for (int i = 0; i < CHISO__META_COLUMNS; i++)
    m->column[i] = chiso__csv_column(&m->csv, columns[i]);
  for (int i = 0; i <= CHISO__META_PARENT; i++)
    if (m->column[i] == SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { m->csv.file, m->csv.header_line, 0 },
                         MSG_DATA_NO_COLUMN, columns[i]);
  for (size_t i = 0; i < m->csv.n_columns; i++) {
    int k = 0;
    while (k < CHISO__META_COLUMNS && m->column[k] != i)
      k++;
    if (k == CHISO__META_COLUMNS && m->csv.header[i].size > 0)
      chiso__buffer_print(&others, "%s%s", others.size ? ", " : "",
                          m->csv.header[i].text);
  }
  if (others.size > 0)
    chiso__remark(&m->c->remarks, CHISO_OK,
                  (chiso__place) { m->csv.file, m->csv.header_line, 0 },
                  MSG_COMPOSE_OTHER_COLUMNS, others.data);
  chiso__buffer_free(&others);
  return CHISO_OK;
}

/* The parent of each, below it in nothing: levels rise towards the top. */
static chiso_status find_parents(meta *m, chiso_error *err) {
  chiso__read *r = m->r;
  const char **names =
      chiso__arena_array(r->scratch, r->n_raw + 1, sizeof *names);
  if (!names)
    return chiso__no_memory(err);
  for (size_t i = 0; i < r->n_raw; i++)
    names[i] = r->raw[i].code;
  for (size_t i = 0; i < r->n_raw; i++) {
    chiso__code *code = &r->raw[i];
    chiso__place place = { m->csv.file, code->line,
                           m->column[CHISO__META_PARENT] + 1 };
    size_t parent;
    code->parent = CHISO__NO_CODE;
    if (!*code->parent_code)
      continue;
    if (!chiso__map_get(&r->map, code->parent_code, &parent)) {
      const char *near =
          chiso__text_nearest(code->parent_code, names, r->n_raw);
      if (near)
        chiso__remark(&m->c->remarks, CHISO_BAD_DATA, place,
                      MSG_COMPOSE_PARENT_NEAR, code->parent_code, near);
      else
        chiso__remark(&m->c->remarks, CHISO_BAD_DATA, place, MSG_COMPOSE_PARENT,
                      code->parent_code);
      continue;
    }
    if (r->raw[parent].level <= code->level) {
      chiso__remark(&m->c->remarks, CHISO_BAD_DATA, place, MSG_COMPOSE_LEVELS,
                    code->parent_code, r->raw[parent].level, code->code,
                    code->level);
      continue;
    }
    code->parent = (uint32_t)parent;
    r->raw[parent].count++;
  }
  return CHISO_OK;
}

/* One top, and nothing that claims to be what it is not. */
static void check_shape(meta *m) {
  chiso__read *r = m->r;
  const chiso__code *top = NULL;
  bool inner = false;
  for (size_t i = 0; i < r->n_raw; i++)
    inner = inner || r->raw[i].count > 0;
  for (size_t i = 0; i < r->n_raw; i++) {
    const chiso__code *code = &r->raw[i];
    chiso__place place = { m->csv.file, code->line,
                           m->column[CHISO__META_PARENT] + 1 };
    double total = 0;
    if (inner && code->parent == CHISO__NO_CODE && !*code->parent_code) {
      if (top)
        chiso__remark(&m->c->remarks, CHISO_BAD_DATA, place,
                      MSG_COMPOSE_TWO_TOPS, code->code, top->code);
      else
        top = code;
    }
    if (code->count == 0)
      continue;
    for (size_t k = 0; k < r->n_raw; k++)
      total += r->raw[k].parent == i ? r->raw[k].weight : 0;
    if (!(total > 0) || !isfinite(total))
      chiso__remark(&m->c->remarks, CHISO_BAD_DATA, place,
                    total > 0 ? MSG_COMPOSE_LARGE_WEIGHTS
                              : MSG_COMPOSE_NO_WEIGHT,
                    code->code);
  }
}

/* Methods stand where they mean something. */
static void check_methods(meta *m, size_t row, const chiso__code *code) {
  bool leaf = code->count == 0;
  if (!leaf && code->normalise)
    FAULT(m, row, CHISO__META_NORMALISE, MSG_COMPOSE_NOT_INDICATOR, code->code);
  if (!leaf && code->treat)
    FAULT(m, row, CHISO__META_TREAT, MSG_COMPOSE_NOT_INDICATOR, code->code);
  if (leaf && code->aggregate)
    FAULT(m, row, CHISO__META_AGGREGATE, MSG_COMPOSE_NOT_AGGREGATE, code->code);
}

/* What the column Type says of a code that the tree has otherwise. */
static void check_types(meta *m) {
  for (size_t row = 0; row < m->csv.n_rows; row++) {
    const char *type = cell(m, row, CHISO__META_TYPE);
    size_t at;
    if (!chiso__map_get(&m->r->map, cell(m, row, CHISO__META_CODE), &at) ||
        m->r->raw[at].line != m->csv.lines[row])
      continue;
    check_methods(m, row, &m->r->raw[at]);
    if (!*type)
      continue;
    bool indicator = chiso__text_same_folded(type, "Indicator");
    if (!indicator && !chiso__text_same_folded(type, "Aggregate"))
      FAULT(m, row, CHISO__META_TYPE, MSG_COMPOSE_TYPE, type);
    else if (indicator && m->r->raw[at].count > 0)
      FAULT(m, row, CHISO__META_TYPE, MSG_COMPOSE_INDICATOR_PARENT,
            m->r->raw[at].code);
    else if (!indicator && m->r->raw[at].count == 0)
      FAULT(m, row, CHISO__META_TYPE, MSG_COMPOSE_CHILDLESS,
            m->r->raw[at].code);
  }
}

chiso_status chiso__composite_meta(chiso_composite *c, chiso__read *r,
                                   const char *path, chiso_error *err) {
  meta m = { .c = c, .r = r };
  CHISO__TRY(chiso__composite_open(c, r->scratch, path, &m.csv, err));
  CHISO__TRY(find_columns(&m, err));
  if (m.csv.n_rows > CHISO__LIMIT_CODES)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                       MSG_COMPOSE_MANY_CODES, m.csv.n_rows,
                       (size_t)CHISO__LIMIT_CODES);
  r->raw = chiso__arena_array(r->scratch, m.csv.n_rows + 1, sizeof *r->raw);
  r->denominators =
      chiso__arena_array(r->scratch, m.csv.n_rows + 1, sizeof(char *));
  if (!r->raw || !r->denominators)
    return chiso__no_memory(err);
  for (size_t row = 0; row < m.csv.n_rows; row++)
    CHISO__TRY(add_row(&m, row, err));
  if (c->remarks.faults > 0)
    return CHISO_OK;
  CHISO__TRY(find_parents(&m, err));
  check_types(&m);
  if (c->remarks.faults == 0)
    check_shape(&m);
  if (c->remarks.faults == 0 && r->n_raw == 0)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                       MSG_COMPOSE_NO_INDICATORS);
  return CHISO_OK;
}
