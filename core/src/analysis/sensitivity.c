/* SPDX-License-Identifier: Apache-2.0
 * analysis/sensitivity.c - the runs of a design: of a composite, or of a
 * table. */
#include "chiso/sensitivity.h"

#include <math.h>
#include <string.h>

#include "analysis/design.h"
#include "analysis/indices.h"
#include "analysis/model.h"
#include "analysis/parallel.h"
#include "analysis/read.h"

#define LIMIT_RUNS 33554432 /* of one design */
/* Fewer runs than this are not worth a thread. */
#define PART 64u

static chiso_status check_counts(uint64_t samples, uint64_t bootstraps,
                                 size_t inputs, chiso_error *err) {
  if (samples < 2 || samples > CHISO_MOST_SAMPLES)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_SENSITIVITY_SAMPLES,
                       (size_t)samples, (size_t)CHISO_MOST_SAMPLES);
  if (bootstraps < 2 || bootstraps > CHISO_MOST_BOOTSTRAPS)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_SENSITIVITY_BOOTSTRAPS,
                       (size_t)bootstraps, (size_t)CHISO_MOST_BOOTSTRAPS);
  if (samples > LIMIT_RUNS / (inputs + 2))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_SENSITIVITY_RUNS,
                       (size_t)samples * (inputs + 2), (size_t)LIMIT_RUNS);
  return CHISO_OK;
}

/* ---- outputs ------------------------------------------------------------- */

typedef enum output_kind { CHANGE, RANK, SCORE } output_kind;

typedef struct design {
  chiso__model model;
  chiso__points points;
  output_kind output;
  size_t unit;
  double *y;
  uint64_t samples;
} design;

static chiso_status find_unit(const chiso_composite *c, const char *unit,
                              size_t *row, chiso_error *err) {
  for (size_t r = 0; r < c->n; r++)
    if (strcmp(c->units[r], unit) == 0) {
      *row = r;
      return CHISO_OK;
    }
  return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_REFERENCE, unit);
}

/* An aggregate, as far as the text goes. */
static chiso_status read_target(const chiso_composite *c, const char *text,
                                size_t size, uint32_t *target,
                                chiso_error *err) {
  chiso__arena scratch = { .allocator = c->allocator };
  const char *code = chiso__arena_text(&scratch, text, size);
  chiso_status status = code ? chiso__method_code(c, code, false, target, err)
                             : chiso__no_memory(err);
  chiso__arena_free(&scratch);
  return status;
}

#define CHANGES "mean-rank-change"

static chiso_status read_output(design *d, const chiso_composite *c,
                                const char *text, uint32_t *target,
                                chiso_error *err) {
  size_t size = strlen(CHANGES);
  if (strncmp(text, CHANGES, size) == 0 &&
      (text[size] == '\0' || text[size] == ':')) {
    d->output = CHANGE;
    return text[size] ? read_target(c, text + size + 1, strlen(text + size + 1),
                                    target, err)
                      : CHISO_OK;
  }
  if (strncmp(text, "rank:", 5) == 0) {
    d->output = RANK;
    return find_unit(c, text + 5, &d->unit, err);
  }
  const char *colon =
      strncmp(text, "score:", 6) == 0 ? strchr(text + 6, ':') : NULL;
  if (!colon)
    return chiso__method_unknown(
        "--output", text, CHANGES "[:CODE], rank:UNIT, score:CODE:UNIT", err);
  d->output = SCORE;
  CHISO__TRY(read_target(c, text + 6, (size_t)(colon - text - 6), target, err));
  return find_unit(c, colon + 1, &d->unit, err);
}

/* Mean over the units that have a rank both times. */
static double rank_change(const chiso__lane *l) {
  const uint32_t *before = l->m->ranks, *now = l->ranks;
  uint64_t sum = 0, count = 0;
  for (size_t r = 0; r < l->m->n; r++) {
    if (before[r] == 0 || now[r] == 0)
      continue;
    sum += before[r] > now[r] ? before[r] - now[r] : now[r] - before[r];
    count++;
  }
  return count > 0 ? (double)sum / (double)count : (double)NAN;
}

static double output_of(const design *d, chiso__lane *l) {
  if (d->output == SCORE)
    return l->scores[d->unit];
  chiso__lane_rank(l);
  if (d->output == RANK)
    return l->ranks[d->unit] > 0 ? (double)l->ranks[d->unit] : (double)NAN;
  return rank_change(l);
}

/* ---- runs ---------------------------------------------------------------- */

typedef struct share {
  chiso__lane lane;
  uint64_t first, next; /* of all runs, block by block */
  chiso_status status;
} share;

typedef struct team {
  design *d;
  share *shares;
} team;

static void work(void *data, unsigned which) {
  const team *t = data;
  share *mine = &t->shares[which];
  design *d = t->d;
  uint64_t point[CHISO__LIMIT_INPUTS];
  chiso__lane *l = &mine->lane;
  for (uint64_t k = mine->first; k < mine->next; k++) {
    chiso__design_point(&d->points, (size_t)(k / d->samples),
                        (uint32_t)(k % d->samples), point);
    chiso__lane_set(l, point, NULL);
    mine->status = chiso__lane_score(l, &l->err);
    if (mine->status != CHISO_OK)
      return;
    d->y[k] = output_of(d, l);
    if (isnan(d->y[k])) {
      mine->status =
          CHISO__FAIL(&l->err, CHISO_BAD_DATA, MSG_SENSITIVITY_GAP,
                      (size_t)k + 1, l->m->c->tree.codes[l->m->target].code);
      return;
    }
  }
}

static chiso_status run(design *d, unsigned asked, chiso_error *err) {
  uint64_t runs = d->samples * (d->points.inputs + 2);
  const chiso_allocator *allocator = d->model.c->allocator;
  unsigned lanes = chiso__threads(d->model.serial ? 1 : asked,
                                  asked > 0 ? runs : runs / PART + 1);
  team t = { d, chiso__alloc(allocator, lanes * sizeof *t.shares) };
  chiso_status status = t.shares ? CHISO_OK : chiso__no_memory(err);
  for (unsigned i = 0; status == CHISO_OK && i < lanes; i++) {
    t.shares[i].first = runs * i / lanes;
    t.shares[i].next = runs * (i + 1) / lanes;
    status = chiso__lane_open(&t.shares[i].lane, &d->model, err);
  }
  if (status == CHISO_OK)
    chiso__parallel(lanes, work, &t);
  for (unsigned i = 0; status == CHISO_OK && i < lanes; i++)
    if (t.shares[i].status != CHISO_OK) {
      status = t.shares[i].status;
      if (err)
        *err = t.shares[i].lane.err;
    }
  for (unsigned i = 0; t.shares && i < lanes; i++)
    chiso__lane_free(&t.shares[i].lane);
  chiso__free(allocator, t.shares);
  return status;
}

/* ---- of a composite ------------------------------------------------------ */

static chiso_status names(chiso_sensitivity *s, const chiso__model *m,
                          chiso_error *err) {
  for (size_t i = 0; i < s->inputs; i++) {
    const char *name = m->inputs[i].name;
    s->list[i].name = chiso__arena_text(&s->arena, name, strlen(name));
    if (!s->list[i].name)
      return chiso__no_memory(err);
  }
  return CHISO_OK;
}

/* The first-order estimator multiplies outputs: far from zero, it would drown
 * in the mean. Indices do not depend on it. */
static void centre(chiso_sensitivity *s) {
  double mean = chiso__mean_of(s->y, 2 * s->samples);
  for (size_t i = 0; i < (s->inputs + 2) * s->samples; i++)
    s->y[i] -= mean;
}

static chiso_status of_composite(design *d, chiso_composite *c,
                                 const chiso_sensitivity_spec *spec,
                                 chiso_sensitivity **out, chiso_error *err) {
  chiso__assumptions as = { spec->normalise, spec->aggregate, spec->threshold,
                            spec->inputs, 0 };
  chiso__model *m = &d->model;
  CHISO__TRY(read_output(d, c, spec->output, &as.target, err));
  CHISO__TRY(chiso__model_open(m, c, "--inputs", &as, err));
  if (m->n_inputs == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_NOTHING, "--inputs");
  CHISO__TRY(check_counts(spec->samples, spec->bootstraps, m->n_inputs, err));
  m->seed = spec->seed;
  CHISO__TRY(chiso__sensitivity_new(m->n_inputs, spec->samples, c->allocator,
                                    out, err));
  CHISO__TRY(names(*out, m, err));
  d->y = (*out)->y;
  d->samples = spec->samples;
  chiso__points_open(&d->points, m->n_inputs, spec->seed, spec->plain);
  CHISO__TRY(run(d, spec->threads, err));
  centre(*out);
  return chiso__sensitivity_estimate(*out, spec->seed, spec->bootstraps, err);
}

chiso_status chiso_sensitivity_run(chiso_composite *c,
                                   const chiso_sensitivity_spec *spec,
                                   chiso_sensitivity **out, chiso_error *err) {
  design *d = chiso__alloc(c->allocator, sizeof *d);
  *out = NULL;
  if (!d)
    return chiso__no_memory(err);
  chiso_status status = of_composite(d, c, spec, out, err);
  chiso__model_free(&d->model);
  chiso__free(c->allocator, d);
  if (status != CHISO_OK) {
    chiso_sensitivity_free(*out);
    *out = NULL;
  }
  return status;
}

/* ---- of a table ---------------------------------------------------------- */

static chiso_status check_shape(const chiso__csv *csv, uint64_t bootstraps,
                                size_t *y, chiso_error *err) {
  size_t inputs = csv->n_columns - 1;
  *y = chiso__csv_column(csv, "y");
  chiso__place place = { csv->file, csv->header_line, 0 };
  if (*y == SIZE_MAX)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_DATA_NO_COLUMN, "y");
  if (inputs == 0 || csv->n_rows % (inputs + 2) != 0)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_SENSITIVITY_SHAPE,
                       csv->n_rows, inputs, inputs + 2);
  return check_counts(csv->n_rows / (inputs + 2), bootstraps, inputs, err);
}

static chiso_status read_outputs(chiso_composite *c, const chiso__csv *csv,
                                 size_t y, chiso_sensitivity *s,
                                 chiso_error *err) {
  size_t next = 0;
  for (size_t i = 0; i < csv->n_columns; i++) {
    const chiso__csv_field *f = &csv->header[i];
    if (i == y)
      continue;
    s->list[next].name = chiso__arena_text(&s->arena, f->text, f->size);
    if (!s->list[next++].name)
      return chiso__no_memory(err);
  }
  chiso__composite_numbers(c, csv, y, s->y);
  for (size_t i = 0; i < c->remarks.count; i++)
    if (c->remarks.list[i].status != CHISO_OK) {
      if (err)
        *err = c->remarks.list[i];
      return CHISO_BAD_DATA;
    }
  for (size_t r = 0; r < csv->n_rows; r++)
    if (isnan(s->y[r]))
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { csv->file, csv->lines[r], y + 1 },
                         MSG_SENSITIVITY_NO_Y);
  return c->remarks.short_memory ? chiso__no_memory(err) : CHISO_OK;
}

/* The composite only reads the table: how numbers look is its knowledge. */
static chiso_status of_table(chiso_composite *c, const char *path,
                             uint64_t seed, uint64_t bootstraps,
                             chiso_sensitivity **out, chiso_error *err) {
  chiso__csv csv;
  size_t y;
  CHISO__TRY(chiso__composite_open(c, &c->arena, path, &csv, err));
  CHISO__TRY(check_shape(&csv, bootstraps, &y, err));
  CHISO__TRY(chiso__sensitivity_new(csv.n_columns - 1,
                                    csv.n_rows / (csv.n_columns + 1),
                                    c->allocator, out, err));
  CHISO__TRY(read_outputs(c, &csv, y, *out, err));
  return chiso__sensitivity_estimate(*out, seed, bootstraps, err);
}

chiso_status chiso_sensitivity_design(const char *path, uint64_t seed,
                                      uint64_t bootstraps,
                                      const chiso_allocator *allocator,
                                      chiso_sensitivity **out,
                                      chiso_error *err) {
  chiso_composite *c = chiso__composite_new(chiso__error_lang(err), allocator);
  *out = NULL;
  if (!c)
    return chiso__no_memory(err);
  chiso_status status = of_table(c, path, seed, bootstraps, out, err);
  chiso_composite_free(c);
  if (status != CHISO_OK) {
    chiso_sensitivity_free(*out);
    *out = NULL;
  }
  return status;
}
