/* SPDX-License-Identifier: Apache-2.0
 * analysis/ways.c - how each aggregate is made, and making them. */
#include <math.h>
#include <string.h>

#include "analysis/composite.h"
#include "data/real.h"

#define KNOWN                                                                  \
  "arithmetic, geometric, harmonic, genmean:P, median, sum, copeland, mpi, "   \
  "ampi:LO:HI, bod"

static const struct {
  const char *name;
  size_t numbers;
} means[] = {
  [CHISO__ARITHMETIC] = { "arithmetic", 0 },
  [CHISO__GEOMETRIC] = { "geometric", 0 },
  [CHISO__HARMONIC] = { "harmonic", 0 },
  [CHISO__GENMEAN] = { "genmean", 1 },
  [CHISO__MEDIAN] = { "median", 0 },
  [CHISO__SUM] = { "sum", 0 },
  [CHISO__COPELAND] = { "copeland", 0 },
  [CHISO__MPI] = { "mpi", 0 },
  [CHISO__AMPI] = { "ampi", 2 },
  [CHISO__BOD] = { "bod", 0 },
};

static chiso_status read_way(chiso__arena *scratch, const char *text,
                             chiso__way *way, chiso_error *err) {
  chiso__method m;
  size_t k = 0, n = sizeof means / sizeof *means;
  CHISO__TRY(chiso__method_read(scratch, text, strlen(text), &m, err));
  while (k < n && strcmp(means[k].name, m.name) != 0)
    k++;
  if (k == n || m.count != means[k].numbers ||
      (*m.rest && (!m.numbers || means[k].numbers == 0)))
    return chiso__method_unknown("--aggregate", text, KNOWN, err);
  way->mean = (chiso__mean)k;
  way->a = m.number[0];
  way->b = m.number[1];
  if (way->mean == CHISO__GENMEAN && way->a == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_GENMEAN_ZERO);
  if (way->mean == CHISO__AMPI && way->a == way->b)
    return chiso__method_unknown("--aggregate", text, KNOWN, err);
  return CHISO_OK;
}

typedef struct reader {
  chiso_composite *c;
  chiso__arena scratch;
  chiso__way *steps; /* [step] */
  uint8_t *own;      /* [code]: an exception */
  size_t given;
} reader;

static chiso_status each_way(void *data, const char *code, size_t place,
                             const char *text, chiso_error *err) {
  reader *r = data;
  uint32_t node;
  if (code) {
    CHISO__TRY(chiso__method_code(r->c, code, false, &node, err));
    r->own[node] = 1;
    return read_way(&r->scratch, text, &r->c->ways[node], err);
  }
  r->given = place + 1;
  if (place >= r->c->tree.steps)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_STEPS, place + 1,
                       (size_t)r->c->tree.steps);
  return read_way(&r->scratch, text, &r->steps[place], err);
}

static chiso_status each_threshold(void *data, const char *code, size_t place,
                                   const char *text, chiso_error *err) {
  reader *r = data;
  double value = 0;
  char mark = 0;
  if (code ||
      chiso__real_read(text, strlen(text), &value, &mark) != CHISO__NUMBER_OK ||
      !(value >= 0 && value <= 1))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_THRESHOLD, text);
  r->given = place + 1;
  if (place >= r->c->tree.steps)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_STEPS, place + 1,
                       (size_t)r->c->tree.steps);
  r->steps[place].threshold = value;
  return CHISO_OK;
}

/* One for all steps, or one for each. */
static chiso_status check_count(const reader *r, chiso_error *err) {
  if (r->given == 1 || r->given == r->c->tree.steps)
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_STEPS, r->given,
                     (size_t)r->c->tree.steps);
}

static chiso_status read_ways(reader *r, const char *method,
                              const char *threshold, chiso_error *err) {
  chiso_composite *c = r->c;
  size_t steps = c->tree.steps;
  r->steps = chiso__arena_array(&r->scratch, steps, sizeof *r->steps);
  r->own = chiso__arena_array(&r->scratch, c->tree.n, 1);
  if (!r->steps || !r->own)
    return chiso__no_memory(err);
  CHISO__TRY(chiso__method_list(&r->scratch, method, each_way, r, err));
  if (r->given > 0)
    CHISO__TRY(check_count(r, err));
  for (size_t i = r->given == 1; i < steps && r->given == 1; i++)
    r->steps[i] = r->steps[0];
  r->given = 0;
  if (threshold) {
    CHISO__TRY(
        chiso__method_list(&r->scratch, threshold, each_threshold, r, err));
    CHISO__TRY(check_count(r, err));
    for (size_t i = 1; i < steps && r->given == 1; i++)
      r->steps[i].threshold = r->steps[0].threshold;
  }
  for (size_t i = c->tree.leaves; i < c->tree.n; i++) {
    const chiso__code *code = &c->tree.codes[i];
    if (!r->own[i])
      c->ways[i] = r->steps[code->step];
    if (!r->own[i] && code->aggregate)
      CHISO__TRY(chiso__method_of_meta(
          c, code, read_way(&r->scratch, code->aggregate, &c->ways[i], err),
          err));
    c->ways[i].threshold = r->steps[code->step].threshold;
  }
  return CHISO_OK;
}

chiso_status chiso__composite_ways(chiso_composite *c, const char *method,
                                   const char *threshold, chiso_error *err) {
  reader r = { .c = c };
  r.scratch.allocator = c->allocator;
  if (c->tree.steps == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_FLAT);
  chiso_status status = read_ways(&r, method, threshold, err);
  chiso__arena_free(&r.scratch);
  return status;
}

chiso__work chiso__composite_work(const chiso_composite *c) {
  return (chiso__work) { .tree = &c->tree,
                         .ways = c->ways,
                         .weights = c->weights,
                         .values = c->values,
                         .gaps = c->gaps,
                         .scratch = c->scratch,
                         .n = c->n,
                         .allocator = c->allocator };
}

chiso_status chiso_composite_aggregate(chiso_composite *c, const char *method,
                                       const char *threshold,
                                       chiso_error *err) {
  chiso__trouble trouble;
  CHISO__TRY(chiso__composite_ways(c, method, threshold, err));
  chiso__work work = chiso__composite_work(c);
  chiso_status status = chiso__aggregate_all(&work, &trouble, err);
  return status == CHISO_BAD_DATA ? chiso__composite_trouble(c, &trouble, err)
                                  : status;
}
