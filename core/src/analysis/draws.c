/* SPDX-License-Identifier: Apache-2.0
 * analysis/draws.c - what each replication used, in and out. */
#include "analysis/draws.h"

#include <math.h>
#include <string.h>

#include "analysis/read.h"
#include "analysis/weigh.h"
#include "base/buffer.h"
#include "base/file.h"
#include "data/real.h"

#define LIMIT_DRAWS 5000000 /* rows of a table that is written */

/* ---- in ------------------------------------------------------------------ */

typedef struct table {
  chiso_composite *c;
  chiso__csv csv;
  size_t rep, code, weight; /* columns */
  size_t unit;              /* of rows that have a value; SIZE_MAX: none */
  size_t *reps;             /* [row]: from 0 */
} table;

static chiso__place at(const table *t, size_t row, size_t column) {
  return (chiso__place) { t->csv.file, t->csv.lines[row], column + 1 };
}

static chiso_status find_columns(table *t, chiso_error *err) {
  static const char *const names[] = { "rep", "iCode", "Weight" };
  size_t *columns[] = { &t->rep, &t->code, &t->weight };
  for (size_t i = 0; i < 3; i++) {
    *columns[i] = chiso__csv_column(&t->csv, names[i]);
    if (*columns[i] == SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { t->csv.file, t->csv.header_line, 0 },
                         MSG_DATA_NO_COLUMN, names[i]);
  }
  t->unit = chiso__csv_column(&t->csv, "uCode");
  return CHISO_OK;
}

/* Replications are 1, 2 ... without a gap, in any order. */
static chiso_status read_reps(table *t, chiso__arena *scratch, size_t *count,
                              chiso_error *err) {
  size_t rows = t->csv.n_rows, most = 0;
  t->reps = chiso__arena_array(scratch, rows, sizeof *t->reps);
  uint8_t *seen = chiso__arena_array(scratch, rows + 1, 1);
  if (!t->reps || !seen)
    return chiso__no_memory(err);
  for (size_t r = 0; r < rows; r++) {
    const chiso__csv_field *f = chiso__csv_cell(&t->csv, r, t->rep);
    double rep = 0;
    char mark;
    if (chiso__real_read(f->text, f->size, &rep, &mark) != CHISO__NUMBER_OK ||
        !(rep >= 1 && rep <= (double)rows) || floor(rep) != rep)
      return chiso__fail(err, CHISO_BAD_DATA, at(t, r, t->rep),
                         MSG_UNCERTAIN_REP, f->text);
    t->reps[r] = (size_t)rep - 1;
    seen[t->reps[r]] = 1;
    most = t->reps[r] + 1 > most ? t->reps[r] + 1 : most;
  }
  for (size_t i = 0; i < most; i++)
    if (!seen[i])
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { t->csv.file, 0, 0 },
                         MSG_UNCERTAIN_REP_LACKS, i + 1);
  *count = most;
  return CHISO_OK;
}

static chiso_status read_row(const table *t, size_t r, chiso__draws *out,
                             uint8_t *seen, chiso_error *err) {
  const chiso_composite *c = t->c;
  const char *name = chiso__csv_cell(&t->csv, r, t->code)->text;
  const chiso__csv_field *f = chiso__csv_cell(&t->csv, r, t->weight);
  size_t code;
  double *weight;
  char mark;
  if (t->unit != SIZE_MAX && chiso__csv_cell(&t->csv, r, t->unit)->size > 0)
    return CHISO_OK;
  if (!chiso__map_get(&c->map, name, &code))
    return chiso__fail(err, CHISO_BAD_DATA, at(t, r, t->code), MSG_COMPOSE_CODE,
                       name);
  weight = &out->weights[t->reps[r] * c->tree.n + code];
  if (seen[t->reps[r] * c->tree.n + code]++)
    return chiso__fail(err, CHISO_BAD_DATA, at(t, r, t->code),
                       MSG_COMPOSE_WEIGHT_TWICE, name);
  if (chiso__real_read(f->text, f->size, weight, &mark) != CHISO__NUMBER_OK ||
      *weight < 0)
    return chiso__fail(err, CHISO_BAD_DATA, at(t, r, t->weight),
                       MSG_COMPOSE_WEIGHT, f->text);
  return CHISO_OK;
}

static chiso_status read_all(table *t, chiso__arena *scratch,
                             chiso__arena *arena, const char *path,
                             chiso__draws *out, chiso_error *err) {
  const chiso_composite *c = t->c;
  size_t codes = c->tree.n;
  CHISO__TRY(chiso__composite_open(t->c, scratch, path, &t->csv, err));
  CHISO__TRY(find_columns(t, err));
  CHISO__TRY(read_reps(t, scratch, &out->count, err));
  if (out->count > CHISO__LIMIT_VALUES / codes)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                       MSG_UNCERTAIN_KEPT, out->count,
                       CHISO__LIMIT_VALUES / codes);
  uint8_t *seen = chiso__arena_array(scratch, out->count * codes, 1);
  out->weights = chiso__arena_raw(arena, out->count * codes, sizeof(double));
  if (!seen || !out->weights)
    return chiso__no_memory(err);
  for (size_t i = 0; i < out->count; i++)
    memcpy(out->weights + i * codes, c->weights, codes * sizeof(double));
  for (size_t r = 0; r < t->csv.n_rows; r++)
    CHISO__TRY(read_row(t, r, out, seen, err));
  for (size_t i = 0; i < out->count; i++)
    if (chiso__check_weights(c, out->weights + i * codes, err) != CHISO_OK) {
      size_t r = 0;
      while (t->reps[r] != i)
        r++;
      if (err)
        chiso__error_move(err, at(t, r, t->weight));
      return CHISO_BAD_DATA;
    }
  return CHISO_OK;
}

chiso_status chiso__draws_read(chiso_composite *c, chiso__arena *arena,
                               const char *path, chiso__draws *out,
                               chiso_error *err) {
  chiso__arena scratch = { .allocator = c->allocator };
  table t = { .c = c };
  chiso_status status = read_all(&t, &scratch, arena, path, out, err);
  chiso__arena_free(&scratch);
  return status;
}

/* ---- out ----------------------------------------------------------------- */

static void write_choices(chiso__buffer *b, const chiso__lane *l) {
  const chiso__model *m = l->m;
  for (uint32_t i = 0; i < m->n_inputs; i++) {
    if (m->inputs[i].kind == CHISO__INPUT_NORMALISE)
      chiso__csv_write(b, false, m->normalise[l->normalise]);
    if (m->inputs[i].kind == CHISO__INPUT_AGGREGATE)
      chiso__csv_write(b, false, m->aggregate[l->aggregate]);
    if (m->inputs[i].kind == CHISO__INPUT_EXCLUDE)
      chiso__csv_write(b, false, m->c->tree.codes[l->excluded].code);
  }
}

/* Data that were drawn: of each value that may vary, what it was. */
static void write_values(chiso__buffer *b, chiso__lane *l, uint64_t rep) {
  const chiso__model *m = l->m;
  const chiso__tree *t = &m->c->tree;
  for (uint32_t i = 0; i < m->n_varied; i++) {
    uint32_t leaf = m->varied[i];
    chiso__vary(l, leaf);
    for (size_t r = 0; r < m->n; r++) {
      char value[CHISO__REAL_TEXT];
      if (!chiso__varies(m, (size_t)leaf * m->n + r))
        continue;
      chiso__real_exact(l->drawn[r], '.', value);
      chiso__buffer_print(b, "%llu", (unsigned long long)rep + 1);
      chiso__csv_write(b, false, t->codes[leaf].code);
      chiso__buffer_print(b, ",%u,", (unsigned)t->codes[leaf].level);
      write_choices(b, l);
      chiso__csv_write(b, false, m->c->units[r]);
      chiso__buffer_print(b, ",%s\n", value);
    }
  }
}

static void write_run(chiso__buffer *b, chiso__lane *l, uint64_t rep) {
  const chiso__tree *t = &l->m->c->tree;
  for (size_t i = 0; i < t->n; i++) {
    char weight[CHISO__REAL_TEXT];
    chiso__real_exact(l->weights[i], '.', weight);
    chiso__buffer_print(b, "%llu", (unsigned long long)rep + 1);
    chiso__csv_write(b, false, t->codes[i].code);
    chiso__buffer_print(b, ",%u,%s", (unsigned)t->codes[i].level, weight);
    write_choices(b, l);
    chiso__buffer_text(b, l->m->n_varied > 0 ? ",,\n" : "\n");
  }
  write_values(b, l, rep);
}

static void write_header(chiso__buffer *b, const chiso__model *m) {
  chiso__buffer_text(b, "rep,iCode,Level,Weight");
  for (uint32_t i = 0; i < m->n_inputs; i++)
    if (m->inputs[i].kind >= CHISO__INPUT_NORMALISE &&
        m->inputs[i].kind <= CHISO__INPUT_EXCLUDE)
      chiso__csv_write(b, false, m->inputs[i].name);
  chiso__buffer_text(b, m->n_varied > 0 ? ",uCode,Value\n" : "\n");
}

chiso_status chiso__draws_write(const chiso__model *m,
                                const chiso__draws *given,
                                uint64_t replications, const char *path,
                                chiso_error *err) {
  size_t codes = m->c->tree.n;
  uint64_t point[CHISO__LIMIT_INPUTS];
  chiso__buffer b = { .allocator = m->c->allocator };
  chiso__lane lane;
  size_t rows = codes;
  for (uint32_t i = 0; i < m->n_varied; i++)
    for (size_t r = 0; r < m->n; r++)
      rows += chiso__varies(m, m->varied[i] * m->n + r);
  if (replications > LIMIT_DRAWS / rows)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_DRAWS,
                       (size_t)replications, (size_t)LIMIT_DRAWS / rows);
  chiso_status status = chiso__lane_open(&lane, m, err);
  if (status == CHISO_OK)
    write_header(&b, m);
  for (uint64_t r = 0; status == CHISO_OK && r < replications; r++) {
    chiso__lane_draw(m, r, point);
    chiso__lane_set(&lane, point,
                    given->weights ? given->weights + r * codes : NULL);
    write_run(&b, &lane, r);
  }
  if (status == CHISO_OK)
    status = b.failed ? chiso__no_memory(err)
                      : chiso__file_write(path, b.data, b.size, err);
  chiso__buffer_free(&b);
  chiso__lane_free(&lane);
  return status;
}
