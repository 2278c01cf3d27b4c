/* SPDX-License-Identifier: Apache-2.0
 * analysis/optimise.c - weights whose parts have the influence they are meant
 * to have, by NLopt's Subplex: opened when it is needed. The only file that
 * includes its header. */
#include <math.h>
#include <nlopt.h>

#include "analysis/weigh.h"
#include "data/library.h"

#define MOST_TRIES 20000
#define TOLERANCE  1e-9

typedef struct library {
  nlopt_opt (*create)(nlopt_algorithm, unsigned);
  void (*destroy)(nlopt_opt);
  nlopt_result (*objective)(nlopt_opt, nlopt_func, void *);
  nlopt_result (*lower)(nlopt_opt, double);
  nlopt_result (*upper)(nlopt_opt, double);
  nlopt_result (*tolerance)(nlopt_opt, double);
  nlopt_result (*tries)(nlopt_opt, int);
  nlopt_result (*run)(nlopt_opt, double *, double *);
} library;

static bool open_library(library *l) {
  const chiso__symbol symbols[] = {
    { "nlopt_create", &l->create },
    { "nlopt_destroy", &l->destroy },
    { "nlopt_set_min_objective", &l->objective },
    { "nlopt_set_lower_bounds1", &l->lower },
    { "nlopt_set_upper_bounds1", &l->upper },
    { "nlopt_set_xtol_rel", &l->tolerance },
    { "nlopt_set_maxeval", &l->tries },
    { "nlopt_optimize", &l->run },
  };
  return chiso__library_open(CHISO_NLOPT_LIBRARY, symbols,
                             sizeof symbols / sizeof *symbols);
}

typedef struct search {
  chiso_composite *c;
  chiso__work work;
  chiso__trouble trouble;
  chiso_error *err;
  chiso_status status;
  uint32_t *codes; /* whose weights are sought */
  double *target, *share, *at;
  size_t count;
  uint32_t level;
  bool declared;
} search;

/* Correlations of the codes with the top as shares of their sum; false where
 * one does not exist. */
static bool influence(search *s) {
  const chiso__tree *t = &s->c->tree;
  const double *top = s->c->values + (size_t)t->root * s->c->n;
  double total = 0;
  for (size_t i = t->leaves; i < t->n && s->status == CHISO_OK; i++)
    if (t->codes[i].level > s->level)
      s->status =
          chiso__aggregate_node(&s->work, (uint32_t)i, &s->trouble, s->err);
  if (s->status != CHISO_OK)
    return false;
  for (size_t i = 0; i < s->count; i++) {
    s->share[i] = chiso__pearson(s->c->values + (size_t)s->codes[i] * s->c->n,
                                 top, s->c->n);
    total += s->share[i];
  }
  for (size_t i = 0; i < s->count; i++)
    s->share[i] /= total;
  return isfinite(total) && total > 0;
}

/* Mean square of the differences. */
static double misses(unsigned n, const double *x, double *gradient,
                     void *data) {
  search *s = data;
  double sum = 0;
  (void)gradient;
  if (s->status != CHISO_OK)
    return HUGE_VAL;
  for (unsigned i = 0; i < n; i++)
    s->c->weights[s->codes[i]] = x[i];
  if (!influence(s))
    return 1e6;
  for (unsigned i = 0; i < n; i++)
    sum += (s->share[i] - s->target[i]) * (s->share[i] - s->target[i]);
  return sum / n;
}

static bool find_codes(search *s, chiso__arena *arena) {
  const chiso__tree *t = &s->c->tree;
  double *effective = chiso__arena_array(arena, t->n, sizeof *effective);
  double total = 0;
  s->codes = chiso__arena_array(arena, t->n, sizeof *s->codes);
  s->target = chiso__arena_array(arena, t->n, sizeof *s->target);
  s->share = chiso__arena_array(arena, t->n, sizeof *s->share);
  s->at = chiso__arena_array(arena, t->n, sizeof *s->at);
  if (!effective || !s->codes || !s->target || !s->share || !s->at)
    return false;
  chiso__effective_weights(t, s->c->weights, effective);
  uint32_t highest = 0;
  for (size_t i = 0; i < t->n; i++)
    if (t->codes[i].parent == t->root && t->codes[i].level > highest)
      highest = t->codes[i].level;
  if (s->level == 0)
    s->level = highest;
  for (size_t i = 0; i < t->n; i++) {
    if (t->codes[i].level != s->level || i == t->root || !(effective[i] > 0))
      continue;
    s->codes[s->count] = (uint32_t)i;
    s->target[s->count] = s->declared ? effective[i] : 1;
    total += s->target[s->count++];
  }
  for (size_t i = 0; i < s->count; i++) {
    s->target[i] /= total;
    s->at[i] = s->target[i];
  }
  return true;
}

static chiso_status run(const library *l, search *s) {
  double least = 0;
  nlopt_opt opt = l->create(NLOPT_LN_SBPLX, (unsigned)s->count);
  if (!opt)
    return chiso__no_memory(s->err);
  bool ready = l->objective(opt, misses, s) >= 0 && l->lower(opt, 1e-6) >= 0 &&
               l->upper(opt, 1) >= 0 && l->tolerance(opt, TOLERANCE) >= 0 &&
               l->tries(opt, MOST_TRIES) >= 0;
  nlopt_result result = ready ? l->run(opt, s->at, &least) : NLOPT_FAILURE;
  l->destroy(opt);
  if (s->status != CHISO_OK)
    return s->status;
  if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED)
    return CHISO__FAIL(s->err, CHISO_INTERNAL, MSG_COMPOSE_OPTIMISER);
  return CHISO_OK;
}

/* The best point in shares of one, and how near it comes. */
static void settle(search *s) {
  double total = 0, worst = 0;
  for (size_t i = 0; i < s->count; i++)
    total += s->at[i];
  for (size_t i = 0; i < s->count; i++)
    s->c->weights[s->codes[i]] = s->at[i] / total;
  if (!influence(s)) {
    chiso__composite_notice(s->c, MSG_COMPOSE_NO_INFLUENCE, "", "");
    return;
  }
  for (size_t i = 0; i < s->count; i++)
    worst = fmax(worst, fabs(s->share[i] - s->target[i]));
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)ceil(worst * 1e6));
  chiso__composite_notice(s->c, MSG_COMPOSE_OPTIMISED, text, "");
}

chiso_status chiso__optimise_weights(chiso_composite *c, uint32_t level,
                                     bool declared, chiso_error *err) {
  chiso__arena arena = { .allocator = c->allocator };
  search s = { .c = c, .err = err, .level = level, .declared = declared };
  library l;
  chiso_status status = CHISO_OK;
  if (!open_library(&l))
    return CHISO__FAIL(err, CHISO_IO, MSG_NO_LIBRARY, CHISO_NLOPT_LIBRARY,
                       "libnlopt0");
  s.work = chiso__composite_work(c);
  s.trouble.message = MSG_COUNT;
  if (!find_codes(&s, &arena))
    status = chiso__no_memory(err);
  else if (s.count == 0)
    status = CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_NO_LEVEL, level);
  if (status == CHISO_OK)
    status = chiso__aggregate_all(&s.work, &s.trouble, err);
  if (status == CHISO_OK && s.count > 1) {
    status = run(&l, &s);
    if (status == CHISO_OK)
      settle(&s);
  }
  if (status == CHISO_BAD_DATA)
    status = chiso__composite_trouble(c, &s.trouble, err);
  chiso__arena_free(&arena);
  return status;
}
