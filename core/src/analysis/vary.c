/* SPDX-License-Identifier: Apache-2.0
 * analysis/vary.c - values of indicators that are drawn anew: between what a
 * unit scored itself and what was appraised, and within errors of surveys. */
#include <math.h>
#include <string.h>

#include "analysis/model.h"
#include "analysis/normal.h"
#include "analysis/random.h"

/* Draws of four beyond a bound before an even one is taken. */
#define TRIES 64u

/* ---- what varies --------------------------------------------------------- */

static bool appraised(const chiso_composite *c, size_t at) {
  return !isnan(c->data[at]) && !isnan(c->own[at]) && c->own[at] != c->data[at];
}

bool chiso__varies(const chiso__model *m, size_t at) {
  const chiso_composite *c = m->c;
  return (m->appraisal && appraised(c, at)) ||
         (m->errors && c->error[at] > 0 && !isnan(c->data[at]));
}

static void tell(chiso__model *m) {
  chiso_composite *c = m->c;
  size_t differ = 0, cells = c->tree.leaves * c->n;
  if (!m->appraisal)
    return;
  for (size_t at = 0; at < cells; at++)
    differ += appraised(c, at);
  if (differ == 0)
    chiso__composite_notice(c, MSG_UNCERTAIN_SAME, "", "");
  if (c->alone > 0)
    chiso__remark(&c->remarks, CHISO_OK, (chiso__place) { 0 },
                  MSG_UNCERTAIN_ALONE, c->alone);
}

chiso_status chiso__vary_open(chiso__model *m, const char *option,
                              chiso_error *err) {
  chiso_composite *c = m->c;
  m->appraisal = chiso__model_find(m, CHISO__INPUT_APPRAISAL);
  m->errors = chiso__model_find(m, CHISO__INPUT_ERRORS);
  if (m->appraisal && !c->own)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_NO_SELF);
  if (m->errors && !c->error)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_NO_ERRORS);
  if (c->error && !m->errors)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_ERRORS_UNUSED, option);
  if (!m->appraisal && !m->errors)
    return CHISO_OK;
  if (c->treated)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_TREATED,
                       m->errors ? m->errors->name : m->appraisal->name);
  m->varied = chiso__arena_array(&m->arena, c->tree.leaves, sizeof *m->varied);
  m->scales =
      chiso__arena_array(&m->arena, m->n_normalise, sizeof(chiso__scale *));
  if (!m->varied || !m->scales)
    return chiso__no_memory(err);
  for (size_t i = 0; i < c->tree.leaves; i++)
    for (size_t r = 0; r < c->n; r++)
      if (chiso__varies(m, i * c->n + r)) {
        m->varied[m->n_varied++] = (uint32_t)i;
        break;
      }
  for (uint32_t z = 0; z < m->n_normalise; z++)
    CHISO__TRY(
        chiso__scales_read(c, &m->arena, m->normalise[z], &m->scales[z], err));
  tell(m);
  return CHISO_OK;
}

/* ---- one column ---------------------------------------------------------- */

/* A number for each row: four at a time, of this leaf alone. */
typedef struct stream {
  uint64_t seed, which;
  uint32_t use, first; /* block of row 0 */
  uint32_t words[4];
} stream;

static stream stream_of(const chiso__model *m, uint64_t which, uint32_t use,
                        size_t leaf) {
  size_t blocks = (m->n + 3) / 4;
  return (stream) { m->seed, which, use, (uint32_t)(leaf * blocks), { 0 } };
}

static uint32_t number_at(stream *s, size_t row) {
  if (row % 4 == 0)
    chiso__random(s->seed, s->which, s->first + (uint32_t)(row / 4), s->use,
                  s->words);
  return s->words[row % 4];
}

/* Where between a unit's own points, 0, and those appraised, 1. */
static double place_of(const chiso__input *in, uint32_t number) {
  double u = chiso__unit(number);
  return in->how == CHISO__EITHER ? (u < in->noise ? 0 : 1) : u;
}

static void draw_appraisal(chiso__lane *l, size_t leaf, double *x) {
  const chiso__model *m = l->m;
  const chiso_composite *c = m->c;
  const chiso__input *in = m->appraisal;
  bool by_unit = in->how == CHISO__OF_UNIT;
  stream s =
      stream_of(m, l->appraisal, CHISO__RANDOM_APPRAISAL, by_unit ? 0 : leaf);
  for (size_t r = 0; r < m->n; r++) {
    uint32_t number = number_at(&s, r);
    size_t at = leaf * m->n + r;
    if (!appraised(c, at))
      continue;
    double place = place_of(in, number);
    x[r] = (1 - place) * c->own[at] + place * c->data[at];
  }
}

static bool inside(const chiso_composite *c, size_t at, double y) {
  return isfinite(y) && y >= c->least[at] && y <= c->most[at];
}

/* A draw beyond a bound is drawn again: of a normal one between the bounds. */
static double again(const chiso__lane *l, size_t at, double x, double error) {
  const chiso__model *m = l->m;
  double least = m->c->least[at], most = m->c->most[at];
  uint32_t words[4];
  for (uint32_t k = 0; k < TRIES; k++) {
    chiso__random(m->seed, l->errors, (uint32_t)at,
                  CHISO__RANDOM_AGAIN | (k + 1) << 8, words);
    for (int i = 0; i < 4; i++) {
      double y = x + error * chiso__normal(chiso__unit(words[i]));
      if (inside(m->c, at, y))
        return y;
    }
  }
  if (isinf(least) || isinf(most))
    return x;
  return least + (most - least) * chiso__unit(words[3]);
}

static void draw_errors(chiso__lane *l, size_t leaf, double *x) {
  const chiso__model *m = l->m;
  const chiso_composite *c = m->c;
  stream s = stream_of(m, l->errors, CHISO__RANDOM_ERRORS, leaf);
  for (size_t r = 0; r < m->n; r++) {
    uint32_t number = number_at(&s, r);
    size_t at = leaf * m->n + r;
    double error = c->error[at] * m->errors->noise;
    if (!(error > 0) || isnan(x[r]))
      continue;
    double y = x[r] + error * chiso__normal(chiso__unit(number));
    x[r] = inside(c, at, y) ? y : again(l, at, x[r], error);
  }
}

void chiso__vary(chiso__lane *l, size_t leaf) {
  const chiso__model *m = l->m;
  memcpy(l->drawn, m->c->data + leaf * m->n, m->n * sizeof *l->drawn);
  if (m->appraisal)
    draw_appraisal(l, leaf, l->drawn);
  if (m->errors)
    draw_errors(l, leaf, l->drawn);
}
