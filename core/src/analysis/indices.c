/* SPDX-License-Identifier: Apache-2.0
 * analysis/indices.c - first-order indices after Saltelli et al. (Comput. Phys.
 * Commun. 181, 2010, table 2 b), total ones after Jansen (Comput. Phys. Commun.
 * 117, 1999; the same table, f), and their bootstrap (Archer, Saltelli, Sobol',
 * J. Stat. Comput. Simul. 58, 1997). */
#include "analysis/indices.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/composite.h"
#include "analysis/model.h"
#include "analysis/random.h"

/* Outputs whose squares sum up to finite numbers; variances that a square can
 * be divided by. */
#define WIDEST      1e140
#define NO_VARIANCE 1e-280

chiso_status chiso__sensitivity_new(size_t inputs, uint64_t samples,
                                    const chiso_allocator *allocator,
                                    chiso_sensitivity **out, chiso_error *err) {
  chiso_sensitivity *s = chiso__alloc(allocator, sizeof *s);
  *out = s;
  if (!s)
    return chiso__no_memory(err);
  s->allocator = s->arena.allocator = allocator;
  s->inputs = inputs;
  s->samples = samples;
  s->list = chiso__arena_array(&s->arena, inputs, sizeof *s->list);
  s->y = chiso__arena_raw(&s->arena, (inputs + 2) * samples, sizeof *s->y);
  return s->list && s->y ? CHISO_OK : chiso__no_memory(err);
}

void chiso_sensitivity_free(chiso_sensitivity *s) {
  if (!s)
    return;
  chiso__arena_free(&s->arena);
  chiso__free(s->allocator, s);
}

/* What a run adds to each sum: `terms[run * width]` has y of A and of B less
 * their mean, then for each input what goes into its two indices. */
typedef struct terms {
  double *terms, *sums;
  size_t width;
  double *first, *total; /* [input * bootstraps + bootstrap] */
} terms;

static void fill(const chiso_sensitivity *s, const terms *t, double mean) {
  const size_t n = s->samples;
  const double *a = s->y, *b = s->y + n;
  for (size_t j = 0; j < n; j++) {
    double *out = t->terms + j * t->width;
    out[0] = a[j] - mean;
    out[1] = b[j] - mean;
    for (size_t i = 0; i < s->inputs; i++) {
      double ab = s->y[(i + 2) * n + j];
      out[2 + 2 * i] = b[j] * (ab - a[j]);
      out[3 + 2 * i] = (a[j] - ab) * (a[j] - ab);
    }
  }
}

static void add(const terms *t, const double *run) {
  double *sums = t->sums;
  sums[0] += run[0] + run[1];
  sums[1] += run[0] * run[0] + run[1] * run[1];
  for (size_t i = 2; i < t->width; i++)
    sums[i] += run[i];
}

/* The runs of one resample, with replacement. */
static void resample(const chiso_sensitivity *s, const terms *t, uint64_t seed,
                     uint64_t bootstrap) {
  uint32_t words[4];
  for (size_t i = 0; i < t->width; i++)
    t->sums[i] = 0;
  for (size_t j = 0; j < s->samples; j++) {
    if (j % 4 == 0)
      chiso__random(seed, bootstrap, (uint32_t)(j / 4), CHISO__RANDOM_BOOTSTRAP,
                    words);
    add(t,
        t->terms + chiso__pick(words[j % 4], (uint32_t)s->samples) * t->width);
  }
}

/* Resamples whose output does not vary have no index and are left out. */
static size_t bootstrap(const chiso_sensitivity *s, const terms *t,
                        uint64_t seed, uint64_t bootstraps) {
  double n = (double)s->samples;
  size_t kept = 0;
  for (uint64_t k = 0; k < bootstraps; k++) {
    resample(s, t, seed, k);
    double variance =
        (t->sums[1] - t->sums[0] * t->sums[0] / (2 * n)) / (2 * n - 1);
    if (!(variance > 0))
      continue;
    for (size_t i = 0; i < s->inputs; i++) {
      t->first[i * bootstraps + kept] = t->sums[2 + 2 * i] / n / variance;
      t->total[i * bootstraps + kept] = t->sums[3 + 2 * i] / (2 * n * variance);
    }
    kept++;
  }
  return kept;
}

static void bounds(double *x, size_t n, double *low, double *high) {
  (void)chiso__median_of(x, n); /* sorts */
  *low = chiso__quantile(x, n, 0.05);
  *high = chiso__quantile(x, n, 0.95);
}

static void estimate(chiso_sensitivity *s, const terms *t, uint64_t seed,
                     uint64_t bootstraps) {
  const size_t n = s->samples;
  const double *a = s->y, *b = s->y + n;
  size_t kept = bootstrap(s, t, seed, bootstraps);
  for (size_t i = 0; i < s->inputs; i++) {
    chiso_sensitivity_input *in = &s->list[i];
    const double *ab = s->y + (i + 2) * n;
    double first = 0, total = 0;
    for (size_t j = 0; j < n; j++) {
      first += b[j] * (ab[j] - a[j]);
      total += (a[j] - ab[j]) * (a[j] - ab[j]);
    }
    in->first = first / (double)n / s->variance;
    in->total = total / (2 * (double)n * s->variance);
    bounds(t->first + i * bootstraps, kept, &in->first_q5, &in->first_q95);
    bounds(t->total + i * bootstraps, kept, &in->total_q5, &in->total_q95);
  }
}

chiso_status chiso__sensitivity_estimate(chiso_sensitivity *s, uint64_t seed,
                                         uint64_t bootstraps,
                                         chiso_error *err) {
  const size_t n = s->samples;
  chiso__arena scratch = { .allocator = s->allocator };
  double sd = chiso__sd_of(s->y, 2 * n), low, high;
  for (size_t i = 0; i < (s->inputs + 2) * n; i++)
    if (fabs(s->y[i]) > WIDEST)
      return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_SENSITIVITY_WIDE, i + 1);
  terms t = { .width = 2 * s->inputs + 2 };
  s->variance = sd * sd;
  for (size_t i = 0; i < s->inputs; i++) {
    chiso_sensitivity_input *in = &s->list[i];
    in->first = in->first_q5 = in->first_q95 = NAN;
    in->total = in->total_q5 = in->total_q95 = NAN;
  }
  chiso__range_of(s->y, 2 * n, &low, &high);
  if (s->variance < NO_VARIANCE)
    s->variance = 0;
  if (!(high > low) || s->variance == 0)
    return CHISO_OK;
  t.terms = chiso__arena_raw(&scratch, t.width * n, sizeof(double));
  t.sums = chiso__arena_raw(&scratch, t.width, sizeof(double));
  t.first = chiso__arena_raw(&scratch, s->inputs * bootstraps, sizeof(double));
  t.total = chiso__arena_raw(&scratch, s->inputs * bootstraps, sizeof(double));
  bool room = t.terms && t.sums && t.first && t.total;
  if (room) {
    fill(s, &t, chiso__mean_of(s->y, 2 * n));
    estimate(s, &t, seed, bootstraps);
  }
  chiso__arena_free(&scratch);
  return room ? CHISO_OK : chiso__no_memory(err);
}

/* ---- what it says -------------------------------------------------------- */

size_t chiso_sensitivity_inputs(const chiso_sensitivity *s) {
  return s->inputs;
}

chiso_sensitivity_input chiso_sensitivity_at(const chiso_sensitivity *s,
                                             size_t place) {
  return s->list[place];
}

uint64_t chiso_sensitivity_samples(const chiso_sensitivity *s) {
  return s->samples;
}

double chiso_sensitivity_variance(const chiso_sensitivity *s) {
  return s->variance;
}
