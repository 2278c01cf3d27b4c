/* SPDX-License-Identifier: Apache-2.0
 * analysis/uncertain.c - ranks over many replications.
 *
 * What is kept of ranks are counts, so that it does not matter which thread did
 * which replication: whole numbers add up to the same in any order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/draws.h"
#include "analysis/parallel.h"
#include "chiso/uncertainty.h"

#define LIMIT_KEPT 67108864 /* scores that are kept */
/* Fewer replications than this are not worth a thread. */
#define PART 256u

struct chiso_uncertainty {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso__model model;
  chiso__draws given;
  uint64_t replications;
  uint32_t *ranks; /* [row * (n + 1) + rank]; rank 0: no score */
  uint32_t *above; /* [row * n + other]; NULL: not asked for */
  double *scores;  /* [replication * n + row]; NULL: not asked for */
};

/* ---- threads ------------------------------------------------------------- */

typedef struct share {
  chiso__lane lane;
  uint32_t *ranks, *above;
  uint64_t first, next;
  chiso_status status;
} share;

typedef struct team {
  chiso_uncertainty *u;
  share *shares;
} team;

static void count_above(const double *restrict s, size_t n,
                        uint32_t *restrict above) {
  for (size_t i = 0; i < n; i++) {
    double own = s[i];
    uint32_t *restrict row = above + i * n;
    for (size_t k = 0; k < n; k++)
      row[k] += own > s[k];
  }
}

static void work(void *data, unsigned which) {
  const team *t = data;
  share *mine = &t->shares[which];
  chiso_uncertainty *u = t->u;
  size_t n = u->model.n, codes = u->model.c->tree.n;
  uint64_t point[CHISO__LIMIT_INPUTS];
  chiso__lane *l = &mine->lane;
  for (uint64_t r = mine->first; r < mine->next; r++) {
    chiso__lane_draw(&u->model, r, point);
    chiso__lane_set(l, point,
                    u->given.weights ? u->given.weights + r * codes : NULL);
    mine->status = chiso__lane_score(l, &l->err);
    if (mine->status != CHISO_OK)
      return;
    chiso__lane_rank(l);
    for (size_t i = 0; i < n; i++)
      mine->ranks[i * (n + 1) + l->ranks[i]]++;
    if (mine->above)
      count_above(l->scores, n, mine->above);
    if (u->scores)
      memcpy(u->scores + r * n, l->scores, n * sizeof(double));
  }
}

static chiso_status open_share(chiso_uncertainty *u, share *s, unsigned place,
                               unsigned lanes, bool pairs, chiso_error *err) {
  size_t n = u->model.n;
  s->first = u->replications * place / lanes;
  s->next = u->replications * (place + 1) / lanes;
  CHISO__TRY(chiso__lane_open(&s->lane, &u->model, err));
  s->ranks = chiso__arena_array(&s->lane.arena, n * (n + 1), sizeof *s->ranks);
  if (pairs)
    s->above = chiso__arena_array(&s->lane.arena, n * n, sizeof *s->above);
  return s->ranks && (s->above || !pairs) ? CHISO_OK : chiso__no_memory(err);
}

/* The first failure is that of the first replication that failed: shares are
 * in their order. */
static chiso_status gather(chiso_uncertainty *u, const share *shares,
                           unsigned lanes, chiso_error *err) {
  size_t n = u->model.n;
  for (unsigned i = 0; i < lanes; i++)
    if (shares[i].status != CHISO_OK) {
      if (err)
        *err = shares[i].lane.err;
      return shares[i].status;
    }
  for (unsigned i = 0; i < lanes; i++) {
    for (size_t k = 0; k < n * (n + 1); k++)
      u->ranks[k] += shares[i].ranks[k];
    for (size_t k = 0; u->above && k < n * n; k++)
      u->above[k] += shares[i].above[k];
  }
  return CHISO_OK;
}

static chiso_status run(chiso_uncertainty *u, unsigned asked,
                        chiso_error *err) {
  unsigned lanes =
      chiso__threads(u->model.serial ? 1 : asked,
                     asked > 0 ? u->replications : u->replications / PART + 1);
  team t = { u, chiso__alloc(u->allocator, lanes * sizeof *t.shares) };
  chiso_status status = t.shares ? CHISO_OK : chiso__no_memory(err);
  for (unsigned i = 0; status == CHISO_OK && i < lanes; i++)
    status = open_share(u, &t.shares[i], i, lanes, u->above != NULL, err);
  if (status == CHISO_OK) {
    chiso__parallel(lanes, work, &t);
    status = gather(u, t.shares, lanes, err);
  }
  for (unsigned i = 0; t.shares && i < lanes; i++)
    chiso__lane_free(&t.shares[i].lane);
  chiso__free(u->allocator, t.shares);
  return status;
}

/* ---- made and freed ------------------------------------------------------ */

static chiso_status settle_count(chiso_uncertainty *u,
                                 const chiso_uncertainty_spec *spec,
                                 chiso_error *err) {
  u->replications = spec->replications;
  if (u->given.weights && spec->replications == 0)
    u->replications = u->given.count;
  if (u->given.weights && u->replications > u->given.count)
    return chiso__fail(
        err, CHISO_USAGE, (chiso__place) { spec->weights_in, 0, 0 },
        MSG_UNCERTAIN_FEW, u->given.count, (size_t)u->replications);
  if (u->replications == 0 || u->replications > CHISO_MOST_REPLICATIONS)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_REPLICATIONS,
                       (size_t)u->replications,
                       (size_t)CHISO_MOST_REPLICATIONS);
  if (spec->scores && u->replications > LIMIT_KEPT / u->model.n)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_KEPT,
                       (size_t)u->replications,
                       (size_t)LIMIT_KEPT / u->model.n);
  return CHISO_OK;
}

static chiso_status make(chiso_uncertainty *u, chiso_composite *c,
                         const chiso_uncertainty_spec *spec, chiso_error *err) {
  chiso__assumptions as = { spec->normalise, spec->aggregate, spec->threshold,
                            spec->perturb ? spec->perturb : "", 0 };
  CHISO__TRY(chiso__model_open(&u->model, c, "--perturb", &as, err));
  u->model.seed = spec->seed;
  if (spec->weights_in)
    CHISO__TRY(
        chiso__draws_read(c, &u->arena, spec->weights_in, &u->given, err));
  if (u->model.n_inputs == 0 && !u->given.weights)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_UNCERTAIN_NOTHING, "--perturb");
  CHISO__TRY(settle_count(u, spec, err));
  size_t n = c->n;
  u->ranks = chiso__arena_array(&u->arena, n * (n + 1), sizeof *u->ranks);
  if (spec->pairs)
    u->above = chiso__arena_array(&u->arena, n * n, sizeof *u->above);
  if (spec->scores)
    u->scores =
        chiso__arena_raw(&u->arena, u->replications * n, sizeof *u->scores);
  if (!u->ranks || (spec->pairs && !u->above) || (spec->scores && !u->scores))
    return chiso__no_memory(err);
  CHISO__TRY(run(u, spec->threads, err));
  return spec->write_draws
             ? chiso__draws_write(&u->model, &u->given, u->replications,
                                  spec->write_draws, err)
             : CHISO_OK;
}

chiso_status chiso_uncertainty_run(chiso_composite *c,
                                   const chiso_uncertainty_spec *spec,
                                   chiso_uncertainty **out, chiso_error *err) {
  chiso_uncertainty *u = chiso__alloc(c->allocator, sizeof *u);
  *out = NULL;
  if (!u)
    return chiso__no_memory(err);
  u->allocator = u->arena.allocator = c->allocator;
  chiso_status status = make(u, c, spec, err);
  if (status == CHISO_OK)
    *out = u;
  else
    chiso_uncertainty_free(u);
  return status;
}

void chiso_uncertainty_free(chiso_uncertainty *u) {
  if (!u)
    return;
  chiso__model_free(&u->model);
  chiso__arena_free(&u->arena);
  chiso__free(u->allocator, u);
}

uint64_t chiso_uncertainty_replications(const chiso_uncertainty *u) {
  return u->replications;
}

/* ---- figures ------------------------------------------------------------- */

double chiso__quantile(const double *sorted, size_t n, double p) {
  if (n == 0)
    return NAN;
  double place = (double)(n - 1) * p, low = floor(place);
  size_t at = (size_t)low;
  double part = place - low;
  return at + 1 < n ? (1 - part) * sorted[at] + part * sorted[at + 1]
                    : sorted[n - 1];
}

/* The rank that stands at a place among all, sorted. */
static double rank_at(const uint32_t *counts, size_t n, uint64_t place) {
  uint64_t before = 0;
  for (size_t rank = 1; rank <= n; rank++)
    if ((before += counts[rank]) > place)
      return (double)rank;
  return NAN;
}

static double rank_quantile(const uint32_t *counts, size_t n, uint64_t total,
                            double p) {
  double place = (double)(total - 1) * p, low = floor(place);
  double a = rank_at(counts, n, (uint64_t)low), part = place - low;
  if ((uint64_t)low + 1 >= total)
    return a;
  return (1 - part) * a + part * rank_at(counts, n, (uint64_t)low + 1);
}

chiso_spread chiso_uncertainty_rank(const chiso_uncertainty *u, size_t row) {
  size_t n = u->model.n;
  const uint32_t *counts = u->ranks + row * (n + 1);
  uint64_t total = u->replications - counts[0], sum = 0;
  double squares = 0;
  chiso_spread s = { NAN, NAN, NAN, NAN, NAN, NAN };
  if (u->model.ranks[row] > 0)
    s.nominal = u->model.ranks[row];
  if (total == 0)
    return s;
  for (size_t r = 1; r <= n; r++)
    sum += counts[r] * (uint64_t)r;
  s.mean = (double)sum / (double)total;
  for (size_t r = 1; r <= n; r++)
    squares += counts[r] * ((double)r - s.mean) * ((double)r - s.mean);
  if (total > 1)
    s.sd = sqrt(squares / (double)(total - 1));
  s.median = rank_quantile(counts, n, total, 0.5);
  s.q5 = rank_quantile(counts, n, total, 0.05);
  s.q95 = rank_quantile(counts, n, total, 0.95);
  return s;
}

chiso_status chiso_uncertainty_score(const chiso_uncertainty *u, size_t row,
                                     chiso_spread *out, chiso_error *err) {
  size_t n = u->model.n, count = 0;
  double *x = chiso__resize(u->allocator, NULL, u->replications * sizeof *x);
  if (!x)
    return chiso__no_memory(err);
  for (uint64_t r = 0; r < u->replications; r++)
    if (!isnan(u->scores[r * n + row]))
      x[count++] = u->scores[r * n + row];
  out->nominal = u->model.nominal[row];
  out->mean = chiso__mean_of(x, count);
  out->sd = chiso__sd_of(x, count);
  out->median = chiso__median_of(x, count); /* sorts */
  out->q5 = chiso__quantile(x, count, 0.05);
  out->q95 = chiso__quantile(x, count, 0.95);
  chiso__free(u->allocator, x);
  return CHISO_OK;
}

double chiso_uncertainty_score_in(const chiso_uncertainty *u,
                                  uint64_t replication, size_t row) {
  return u->scores[replication * u->model.n + row];
}

uint64_t chiso_uncertainty_count(const chiso_uncertainty *u, size_t row,
                                 size_t rank) {
  return u->ranks[row * (u->model.n + 1) + rank];
}

uint64_t chiso_uncertainty_above(const chiso_uncertainty *u, size_t row,
                                 size_t other) {
  return u->above[row * u->model.n + other];
}
