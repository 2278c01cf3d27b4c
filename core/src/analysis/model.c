/* SPDX-License-Identifier: Apache-2.0
 * analysis/model.c - a composite made ready for many runs. */
#include "analysis/model.h"

#include <math.h>
#include <string.h>

#include "analysis/weigh.h"

/* ---- choices ------------------------------------------------------------- */

/* One choice where nothing is to be chosen from. */
static chiso_status settle_choices(chiso__model *m,
                                   const chiso__assumptions *as,
                                   chiso_error *err) {
  const char **list = chiso__arena_array(&m->arena, 2, sizeof *list);
  if (!list)
    return chiso__no_memory(err);
  list[0] = as->normalise;
  list[1] = as->aggregate;
  if (m->n_normalise == 0) {
    m->normalise = &list[0];
    m->n_normalise = 1;
  }
  if (m->n_aggregate == 0) {
    m->aggregate = &list[1];
    m->n_aggregate = 1;
  }
  size_t leaves = m->c->tree.leaves,
         plans = (size_t)m->n_normalise * m->n_aggregate;
  if (m->padded * (leaves + 1) > CHISO__LIMIT_VALUES / plans)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_PLANS, plans,
                       CHISO__LIMIT_VALUES / (m->padded * (leaves + 1)));
  m->leaves = chiso__arena_array(&m->arena, m->n_normalise, sizeof *m->leaves);
  m->gaps = chiso__arena_array(&m->arena, m->n_normalise, sizeof *m->gaps);
  m->plans = chiso__arena_array(&m->arena, plans, sizeof *m->plans);
  return m->leaves && m->gaps && m->plans ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status keep_leaves(chiso__model *m, uint32_t z, chiso_error *err) {
  const chiso_composite *c = m->c;
  size_t values = c->tree.leaves * c->n;
  m->leaves[z] = chiso__arena_raw(&m->arena, values, sizeof(double));
  m->gaps[z] = chiso__arena_raw(&m->arena, c->tree.leaves, 1);
  if (!m->leaves[z] || !m->gaps[z])
    return chiso__no_memory(err);
  memcpy(m->leaves[z], c->values, values * sizeof(double));
  memcpy(m->gaps[z], c->gaps, c->tree.leaves);
  return CHISO_OK;
}

/* ---- trees that are one mean --------------------------------------------- */

static bool same_mean(const chiso__way *a, const chiso__way *b) {
  return a->mean == b->mean && (a->mean != CHISO__GENMEAN || a->a == b->a);
}

static bool one_mean(const chiso__model *m, const chiso__way *ways,
                     const uint8_t *gaps) {
  const chiso__tree *t = &m->c->tree;
  for (size_t i = 0; i < t->leaves; i++)
    if (gaps[i] && t->codes[i].parent != CHISO__NO_CODE)
      return false;
  for (size_t i = t->leaves; i < t->n; i++)
    if (ways[i].mean > CHISO__GENMEAN || !same_mean(&ways[i], &ways[t->root]))
      return false;
  return true;
}

/* Rows in tiles, so that a tile's sums stay in registers. A leaf that hangs
 * nowhere counts for nothing. */
static chiso_status make_tiles(chiso__model *m, uint32_t z, chiso__blend *plan,
                               chiso_error *err) {
  const chiso__tree *t = &m->c->tree;
  plan->tiles =
      chiso__arena_array(&m->arena, m->padded * t->leaves, sizeof(double));
  if (!plan->tiles)
    return chiso__no_memory(err);
  for (size_t r = 0; r < m->n; r++) {
    double *tile = plan->tiles + r / CHISO__TILE * CHISO__TILE * t->leaves;
    for (size_t i = 0; i < t->leaves; i++)
      if (t->codes[i].parent != CHISO__NO_CODE)
        tile[i * CHISO__TILE + r % CHISO__TILE] =
            chiso__mean_in(&plan->ways[t->root], m->leaves[z][i * m->n + r]);
  }
  return CHISO_OK;
}

/* Every pair is tried with the weights as they stand: what has no mean is told
 * before the runs begin. */
static chiso_status prepare(chiso__model *m, uint32_t z, uint32_t a,
                            chiso_error *err) {
  chiso_composite *c = m->c;
  chiso__blend *plan = &m->plans[z * m->n_aggregate + a];
  chiso__trouble trouble;
  plan->ways = m->plans[a].ways;
  memcpy(c->ways, plan->ways, c->tree.n * sizeof *c->ways);
  chiso__work work = chiso__composite_work(c);
  chiso_status status = chiso__aggregate_all(&work, &trouble, err);
  if (status != CHISO_OK)
    return status == CHISO_BAD_DATA ? chiso__composite_trouble(c, &trouble, err)
                                    : status;
  return one_mean(m, plan->ways, m->gaps[z]) ? make_tiles(m, z, plan, err)
                                             : CHISO_OK;
}

static chiso_status keep_ways(chiso__model *m, uint32_t a, const char *method,
                              const char *threshold, chiso_error *err) {
  chiso_composite *c = m->c;
  CHISO__TRY(chiso__composite_ways(c, method, threshold, err));
  chiso__way *ways = chiso__arena_array(&m->arena, c->tree.n, sizeof *ways);
  if (!ways)
    return chiso__no_memory(err);
  memcpy(ways, c->ways, c->tree.n * sizeof *ways);
  for (size_t i = c->tree.leaves; i < c->tree.n; i++)
    m->serial = m->serial || ways[i].mean == CHISO__BOD;
  m->plans[a].ways = ways;
  return CHISO_OK;
}

/* Of notices that say the same, one: each normalisation meets the same columns.
 */
static chiso_status once(chiso_composite *c, chiso_error *err) {
  chiso__map seen = { .allocator = c->allocator };
  chiso__remarks *all = &c->remarks;
  chiso_status status = CHISO_OK;
  chiso__arena texts = { .allocator = c->allocator };
  size_t to = 0;
  for (size_t i = 0; i < all->count; i++) {
    const char *text = all->list[i].text;
    const char *key = chiso__arena_text(&texts, text, strlen(text));
    chiso__map_result put =
        key ? chiso__map_put(&seen, key, i, NULL) : CHISO__MAP_NO_MEMORY;
    if (put == CHISO__MAP_NO_MEMORY)
      status = chiso__no_memory(err);
    if (put != CHISO__MAP_REPEATED || all->list[i].status != CHISO_OK)
      all->list[to++] = all->list[i];
  }
  all->count = to;
  chiso__map_free(&seen);
  chiso__arena_free(&texts);
  return status;
}

/* Whether a child's weight counts: in any of the aggregations where `node` is
 * an aggregate, in any node where it is UINT32_MAX. */
static bool weighs(const chiso__model *m, uint32_t node) {
  const chiso__tree *t = &m->c->tree;
  for (uint32_t a = 0; a < m->n_aggregate; a++)
    for (uint32_t i = (uint32_t)t->leaves; i < t->n; i++) {
      chiso__mean mean = m->plans[a].ways[i].mean;
      if ((node == UINT32_MAX || node == i) && mean != CHISO__MEDIAN &&
          mean != CHISO__SUM && mean != CHISO__BOD)
        return true;
    }
  return false;
}

/* Ranks that no weight can move look sure and are not: it is said. */
static void remark_weightless(chiso__model *m) {
  for (uint32_t k = 0; k < m->n_inputs; k++) {
    const chiso__input *in = &m->inputs[k];
    bool one = in->kind == CHISO__INPUT_WEIGHT;
    if ((one || in->kind == CHISO__INPUT_WEIGHTS) &&
        !weighs(m, one ? m->c->tree.codes[in->code].parent : UINT32_MAX))
      chiso__remark(&m->c->remarks, CHISO_OK, (chiso__place) { 0 },
                    MSG_UNCERTAIN_WEIGHTLESS, in->name);
  }
}

static chiso_status prepare_all(chiso__model *m, const chiso__assumptions *as,
                                chiso_error *err) {
  for (uint32_t a = 0; a < m->n_aggregate; a++)
    CHISO__TRY(keep_ways(m, a, m->aggregate[a], as->threshold, err));
  for (uint32_t z = 0; z < m->n_normalise; z++) {
    if (z > 0)
      CHISO__TRY(once(m->c, err));
    if (chiso__model_find(m, CHISO__INPUT_NORMALISE))
      CHISO__TRY(chiso_composite_normalise(m->c, m->normalise[z], err));
    CHISO__TRY(keep_leaves(m, z, err));
    for (uint32_t a = 0; a < m->n_aggregate; a++)
      CHISO__TRY(prepare(m, z, a, err));
  }
  remark_weightless(m);
  return once(m->c, err);
}

/* ---- as things stand ----------------------------------------------------- */

static chiso_status stand(chiso__model *m, const chiso__assumptions *as,
                          chiso_error *err) {
  chiso_composite *c = m->c;
  chiso__lane lane;
  CHISO__TRY(chiso_composite_normalise(c, as->normalise, err));
  CHISO__TRY(chiso_composite_aggregate(c, as->aggregate, as->threshold, err));
  m->nominal = chiso__arena_raw(&m->arena, m->padded, sizeof *m->nominal);
  m->ranks = chiso__arena_array(&m->arena, m->n, sizeof *m->ranks);
  if (!m->nominal || !m->ranks)
    return chiso__no_memory(err);
  for (size_t r = 0; r < m->padded; r++)
    m->nominal[r] =
        r < m->n ? c->values[m->target * m->n + r] : -(double)INFINITY;
  chiso_status status = chiso__lane_open(&lane, m, err);
  if (status == CHISO_OK)
    chiso__rank_rows(m->nominal, m->n, &lane, m->ranks);
  chiso__lane_free(&lane);
  CHISO__TRY(status);
  return chiso__present(m->nominal, m->n) > 0
             ? CHISO_OK
             : CHISO__FAIL(err, CHISO_BAD_DATA, MSG_UNCERTAIN_NO_SCORES,
                           c->tree.codes[m->target].code);
}

static chiso_status ready(chiso__model *m, const char *option,
                          const chiso__assumptions *as, chiso_error *err) {
  chiso_composite *c = m->c;
  if (c->tree.root == CHISO__NO_CODE)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_FLAT);
  if (c->times)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_TIME);
  if (m->n > CHISO__LIMIT_SIMULATED_ROWS)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_UNCERTAIN_ROWS, m->n,
                       (size_t)CHISO__LIMIT_SIMULATED_ROWS);
  CHISO__TRY(chiso__check_weights(c, c->weights, err));
  CHISO__TRY(chiso__model_inputs(m, option, as->inputs, err));
  CHISO__TRY(settle_choices(m, as, err));
  CHISO__TRY(chiso__vary_open(m, option, err));
  CHISO__TRY(stand(m, as, err));
  return prepare_all(m, as, err);
}

chiso_status chiso__model_open(chiso__model *m, chiso_composite *c,
                               const char *option, const chiso__assumptions *as,
                               chiso_error *err) {
  *m = (chiso__model) { .c = c, .n = c->n, .target = c->tree.root };
  m->arena.allocator = c->allocator;
  if (as->target > 0)
    m->target = as->target;
  m->padded = (c->n + CHISO__TILE - 1) / CHISO__TILE * CHISO__TILE;
  return ready(m, option, as, err);
}

void chiso__model_free(chiso__model *m) {
  chiso__arena_free(&m->arena);
}
