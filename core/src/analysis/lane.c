/* SPDX-License-Identifier: Apache-2.0
 * analysis/lane.c - one run after another on one thread. */
#include <math.h>
#include <string.h>

#include "analysis/model.h"
#include "analysis/random.h"
#include "analysis/weigh.h"

/* Up to here ranks are found by counting who is better: no branches. */
#define COUNTED 256u

chiso_status chiso__lane_open(chiso__lane *l, const chiso__model *m,
                              chiso_error *err) {
  const chiso_composite *c = m->c;
  size_t codes = c->tree.n, scratch = chiso__aggregate_scratch(&c->tree, m->n);
  *l = (chiso__lane) { .m = m,
                       .loaded = UINT32_MAX,
                       .excluded = CHISO__NO_CODE,
                       .err = { .lang = chiso__error_lang(err) } };
  chiso__arena *a = &l->arena;
  a->allocator = c->allocator;
  l->weights = chiso__arena_raw(a, codes, sizeof(double));
  l->effective = chiso__arena_raw(a, codes, sizeof(double));
  l->scores = chiso__arena_array(a, m->padded, sizeof(double));
  l->ranks = chiso__arena_array(a, m->padded, sizeof *l->ranks);
  l->values = chiso__arena_raw(a, codes * m->n, sizeof(double));
  l->scratch = chiso__arena_raw(a, scratch, sizeof(double));
  l->gaps = chiso__arena_array(a, codes, 1);
  l->order = chiso__arena_array(a, m->n, sizeof *l->order);
  l->turned = chiso__arena_raw(a, 2 * m->n, sizeof(double));
  l->drawn = chiso__arena_raw(a, m->n, sizeof(double));
  if (!l->weights || !l->effective || !l->scores || !l->ranks || !l->values ||
      !l->scratch || !l->gaps || !l->order || !l->turned || !l->drawn)
    return chiso__no_memory(err);
  return chiso__scale_room_open(&l->room, a, m->n, err);
}

void chiso__lane_free(chiso__lane *l) {
  chiso__arena_free(&l->arena);
}

/* ---- what a run is ------------------------------------------------------- */

static bool whole_block(chiso__input_kind kind) {
  return kind == CHISO__INPUT_WEIGHTS || kind == CHISO__INPUT_APPRAISAL ||
         kind == CHISO__INPUT_ERRORS;
}

void chiso__lane_draw(const chiso__model *m, uint64_t replication,
                      uint64_t *point) {
  uint32_t words[4];
  for (uint32_t i = 0; i < m->n_inputs; i++) {
    if (whole_block(m->inputs[i].kind)) {
      point[i] = replication;
      continue;
    }
    chiso__random(m->seed, replication, i / 4, CHISO__RANDOM_CHOICES, words);
    point[i] = words[i % 4];
  }
}

static double noisy(double weight, double noise, uint32_t number) {
  return weight * (1 + noise * (2 * chiso__unit(number) - 1));
}

/* Every weight below the top by a factor of its own. */
static void shake(chiso__lane *l, double noise, uint64_t which) {
  const chiso__tree *t = &l->m->c->tree;
  uint32_t words[4];
  for (size_t i = 0; i < t->n; i += 4) {
    chiso__random(l->m->seed, which, (uint32_t)(i / 4), CHISO__RANDOM_WEIGHTS,
                  words);
    for (size_t k = i; k < i + 4 && k < t->n; k++)
      if (k != t->root)
        l->weights[k] = noisy(l->weights[k], noise, words[k - i]);
  }
}

void chiso__lane_set(chiso__lane *l, const uint64_t *point,
                     const double *given) {
  const chiso__model *m = l->m;
  memcpy(l->weights, given ? given : m->c->weights,
         m->c->tree.n * sizeof *l->weights);
  l->normalise = l->aggregate = 0;
  l->excluded = CHISO__NO_CODE;
  l->given = given != NULL;
  for (uint32_t i = 0; i < m->n_inputs; i++) {
    const chiso__input *in = &m->inputs[i];
    uint32_t number = (uint32_t)point[i];
    switch (in->kind) {
    case CHISO__INPUT_WEIGHTS:
      if (!given)
        shake(l, in->noise, point[i]);
      break;
    case CHISO__INPUT_WEIGHT:
      l->weights[in->code] = noisy(l->weights[in->code], in->noise, number);
      break;
    case CHISO__INPUT_NORMALISE:
      l->normalise = chiso__pick(number, in->count);
      break;
    case CHISO__INPUT_AGGREGATE:
      l->aggregate = chiso__pick(number, in->count);
      break;
    case CHISO__INPUT_EXCLUDE:
      l->excluded = m->excluded[chiso__pick(number, in->count)];
      break;
    case CHISO__INPUT_APPRAISAL:
      l->appraisal = point[i];
      break;
    case CHISO__INPUT_ERRORS:
      l->errors = point[i];
      break;
    }
  }
  if (l->excluded != CHISO__NO_CODE)
    l->weights[l->excluded] = 0;
}

/* ---- scores -------------------------------------------------------------- */

/* Whether a node lost its only child: it is left out above, which effective
 * weights do not know. */
static bool orphaned(const chiso__lane *l) {
  const chiso__tree *t = &l->m->c->tree;
  double total = 0;
  if (l->excluded == CHISO__NO_CODE)
    return false;
  const chiso__code *parent = &t->codes[t->codes[l->excluded].parent];
  for (uint32_t k = 0; k < parent->count; k++)
    total += l->weights[t->children[parent->first + k]];
  return !(total > 0);
}

/* Two numbers that the machine adds at once. Left to itself the compiler turns
 * sums side by side into shuffles. */
typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_of_counts __attribute__((vector_size(16)));

static inline pair load(const double *x) {
  pair p;
  memcpy(&p, x, sizeof p);
  return p;
}

/* Sixteen sums side by side, each over the leaves in their order. */
static void tile_scores(const double *restrict x, const double *restrict w,
                        size_t leaves, double *restrict out) {
  pair a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
  pair e = { 0 }, f = { 0 }, g = { 0 }, h = { 0 };
  for (size_t i = 0; i < leaves; i++, x += CHISO__TILE) {
    pair v = { w[i], w[i] };
    a += v * load(x);
    b += v * load(x + 2);
    c += v * load(x + 4);
    d += v * load(x + 6);
    e += v * load(x + 8);
    f += v * load(x + 10);
    g += v * load(x + 12);
    h += v * load(x + 14);
  }
  pair sums[] = { a, b, c, d, e, f, g, h };
  memcpy(out, sums, sizeof sums);
}

/* False when a score is not finite: the kernel then says where. */
static bool plan_scores(chiso__lane *l, const chiso__blend *plan) {
  const chiso__model *m = l->m;
  const chiso__tree *t = &m->c->tree;
  const chiso__way *way = &plan->ways[t->root];
  bool finite = true;
  chiso__effective_weights(t, l->weights, l->effective);
  for (size_t r = 0; r < m->padded; r += CHISO__TILE)
    tile_scores(plan->tiles + r * t->leaves, l->effective, t->leaves,
                l->scores + r);
  for (size_t r = 0; r < m->n; r++) {
    l->scores[r] = way->mean == CHISO__ARITHMETIC
                       ? l->scores[r]
                       : chiso__mean_out(way, l->scores[r]);
    finite = finite && isfinite(l->scores[r]);
  }
  return finite;
}

/* Columns whose data are drawn anew, on their scales. */
static void vary_columns(chiso__lane *l) {
  const chiso__model *m = l->m;
  for (uint32_t i = 0; i < m->n_varied; i++) {
    uint32_t leaf = m->varied[i];
    chiso__scaled out = { .y = l->values + (size_t)leaf * m->n };
    chiso__vary(l, leaf);
    chiso__scale_column(m->c, leaf, &m->scales[l->normalise][leaf], l->drawn,
                        &l->room, &out);
    l->gaps[leaf] = out.gaps;
  }
}

static chiso_status kernel_scores(chiso__lane *l, const chiso__blend *plan,
                                  chiso_error *err) {
  const chiso__model *m = l->m;
  const chiso__tree *t = &m->c->tree;
  chiso__trouble trouble;
  chiso__work work = { .tree = t,
                       .ways = plan->ways,
                       .weights = l->weights,
                       .values = l->values,
                       .gaps = l->gaps,
                       .scratch = l->scratch,
                       .n = m->n,
                       .allocator = m->c->allocator };
  if (l->loaded != l->normalise) {
    memcpy(l->values, m->leaves[l->normalise],
           t->leaves * m->n * sizeof(double));
    memcpy(l->gaps, m->gaps[l->normalise], t->leaves);
    l->loaded = l->normalise;
  }
  vary_columns(l);
  chiso_status status = chiso__aggregate_all(&work, &trouble, err);
  if (status != CHISO_OK)
    return status == CHISO_BAD_DATA
               ? chiso__composite_trouble(m->c, &trouble, err)
               : status;
  memcpy(l->scores, l->values + (size_t)m->target * m->n,
         m->n * sizeof(double));
  return CHISO_OK;
}

chiso_status chiso__lane_score(chiso__lane *l, chiso_error *err) {
  const chiso__model *m = l->m;
  const chiso__blend *plan =
      &m->plans[l->normalise * m->n_aggregate + l->aggregate];
  /* weights that somebody gave are added level by level, as they would be
   * alone: units that are equal then are equal here */
  bool whole = plan->tiles && !l->given && m->n_varied == 0 &&
               m->target == m->c->tree.root && !orphaned(l);
  if (!whole || !plan_scores(l, plan))
    CHISO__TRY(kernel_scores(l, plan, err));
  for (size_t r = m->n; r < m->padded; r++)
    l->scores[r] = -(double)INFINITY;
  return CHISO_OK;
}

/* ---- ranks --------------------------------------------------------------- */

/* How many are better than each of eight: a comparison that holds is -1. */
static void count_better(const double *restrict s, size_t n,
                         const double *restrict own, uint32_t *restrict out) {
  pair mine[] = { load(own), load(own + 2), load(own + 4), load(own + 6) };
  pair_of_counts a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
  for (size_t j = 0; j < n; j++) {
    pair other = { s[j], s[j] };
    a -= other > mine[0];
    b -= other > mine[1];
    c -= other > mine[2];
    d -= other > mine[3];
  }
  const pair_of_counts better[] = { a, b, c, d };
  for (int k = 0; k < 8; k++)
    out[k] = (uint32_t)better[k / 2][k % 2] + 1;
}

void chiso__rank_rows(const double *s, size_t n, chiso__lane *l,
                      uint32_t *out) {
  if (n <= COUNTED) {
    uint32_t *ranks = l->ranks; /* in whole tiles */
    for (size_t r = 0; r < n; r += 8)
      count_better(s, n, s + r, ranks + r);
    for (size_t r = 0; r < n; r++)
      out[r] = isnan(s[r]) ? 0 : ranks[r];
    return;
  }
  double *negative = l->turned, *ranks = l->turned + n;
  for (size_t r = 0; r < n; r++)
    negative[r] = -s[r];
  chiso__rank_up(negative, n, CHISO_TIES_MIN, l->order, ranks);
  for (size_t r = 0; r < n; r++)
    out[r] = isnan(ranks[r]) ? 0 : (uint32_t)ranks[r];
}

void chiso__lane_rank(chiso__lane *l) {
  chiso__rank_rows(l->scores, l->m->n, l, l->ranks);
}
