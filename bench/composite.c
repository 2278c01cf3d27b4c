/* SPDX-License-Identifier: Apache-2.0
 * bench/composite.c - min-max to 1..100 and aggregation over three steps. */
#include "composite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "chiso/analysis.h"
#include "fixture.h"

#define LEAVES 102u
#define AREAS  8u
#define GROUPS COMPOSITE_GROUPS

typedef struct build {
  chiso_composite *composite;
  const char *aggregate;
} build;

/* COINr 1.1.14 (source state b968203) under R 4.2.2, Normalise and Aggregate,
 * median of five; one core of a 2-core virtual machine (AMD EPYC), Debian 12,
 * 22 November 2026. The last two by get_sensitivity(), "UA" with N = 10,000 and
 * "SA" with N = 500. */
static const struct {
  const char *name;
  double ns;
} peers[] = {
  { "compose 63 x 102, arithmetic", 35e6 },
  { "compose 63 x 102, geometric", 28e6 },
  { "compose 10,000 x 102", 4.78e9 },
  { "uncertainty 63 x 102, 10,000 replications", 1027e9 },
  { "sensitivity 63 x 102, 3 inputs, N = 500", 147e9 },
};

double composite_peer(const char *name) {
  for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
    if (strcmp(peers[i].name, name) == 0)
      return peers[i].ns;
  return 0;
}

static void write_meta(FILE *f, unsigned leaves) {
  (void)fputs("Level,iCode,Parent,Direction,Weight\n", f);
  for (unsigned i = 0; i < leaves; i++)
    (void)fprintf(f, "1,i%u,g%u,%d,%u\n", i, i % GROUPS, i % 10 ? 1 : -1,
                  i % 3 + 1);
  for (unsigned i = 0; i < GROUPS; i++)
    (void)fprintf(f, "2,g%u,a%u,1,%u\n", i, i % AREAS, i % 2 + 1);
  for (unsigned i = 0; i < AREAS; i++)
    (void)fprintf(f, "3,a%u,I,1,%u\n", i, i % 4 + 1);
  (void)fputs("4,I,,1,1\n", f);
}

static void write_data(FILE *f, unsigned units, unsigned leaves) {
  uint64_t seed = 2026;
  (void)fputs("uCode", f);
  for (unsigned i = 0; i < leaves; i++)
    (void)fprintf(f, ",i%u", i);
  for (unsigned u = 0; u < units; u++) {
    (void)fprintf(f, "\nu%u", u);
    for (unsigned i = 0; i < leaves; i++)
      (void)fprintf(f, ",%u.%02u", (unsigned)(xorshift(&seed) % 900 + 1),
                    (unsigned)(xorshift(&seed) % 100));
  }
  (void)fputs("\n", f);
}

chiso_composite *composite_make(unsigned units, unsigned leaves,
                                double *seconds) {
  char folder[] = "/tmp/chiso-bench-XXXXXX", data[64], meta[64];
  chiso_composite *c = NULL;
  if (!mkdtemp(folder))
    return NULL;
  (void)snprintf(data, sizeof data, "%s/data.csv", folder);
  (void)snprintf(meta, sizeof meta, "%s/meta.csv", folder);
  FILE *d = fopen(data, "w"), *m = fopen(meta, "w");
  if (d && m) {
    write_data(d, units, leaves);
    write_meta(m, leaves);
  }
  bool written = d && m;
  if (d)
    written = fclose(d) == 0 && written;
  if (m)
    written = fclose(m) == 0 && written;
  struct timespec from, to;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  if (written &&
      chiso_composite_read(data, meta, CHISO_LANG_EN, counted_allocator(), &c,
                           NULL) != CHISO_OK) {
    chiso_composite_free(c);
    c = NULL;
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  *seconds = (double)(to.tv_sec - from.tv_sec) +
             (double)(to.tv_nsec - from.tv_nsec) / 1e9;
  (void)unlink(data);
  (void)unlink(meta);
  (void)rmdir(folder);
  return c;
}

static uint64_t run(void *data, uint64_t rounds) {
  const build *b = data;
  double total = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    if (chiso_composite_normalise(b->composite, "minmax:1:100", NULL) !=
            CHISO_OK ||
        chiso_composite_aggregate(b->composite, b->aggregate, NULL, NULL) !=
            CHISO_OK)
      return 0;
    total += chiso_composite_values(b->composite,
                                    chiso_composite_codes(b->composite) - 1)[0];
  }
  consume((uint64_t)total);
  return rounds;
}

/* Other weights, the same data: what a simulation repeats. */
static uint64_t again(void *data, uint64_t rounds) {
  const build *b = data;
  double total = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    if (chiso_composite_aggregate(b->composite, b->aggregate, NULL, NULL) !=
        CHISO_OK)
      return 0;
    total += chiso_composite_values(b->composite,
                                    chiso_composite_codes(b->composite) - 1)[0];
  }
  consume((uint64_t)total);
  return rounds;
}

/* The index without each indicator, and its ranks. */
static uint64_t without_each(void *data, uint64_t rounds) {
  const build *b = data;
  static double values[63], ranks[63];
  double total = 0;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t leaf = 0; leaf < LEAVES; leaf++) {
      if (chiso_audit_remove(b->composite, leaf, values, NULL) != CHISO_OK ||
          chiso_composite_rank(b->composite, values, SIZE_MAX, CHISO_TIES_MIN,
                               ranks, NULL) != CHISO_OK)
        return 0;
      total += ranks[0];
    }
  consume((uint64_t)total);
  return rounds;
}

/* Weights a quarter off; with one thread or all. */
typedef struct simulation {
  chiso_composite *composite;
  uint64_t replications;
  unsigned threads;
} simulation;

static uint64_t uncertain(void *data, uint64_t rounds) {
  const simulation *m = data;
  double total = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_uncertainty_spec spec = { .normalise = "minmax:1:100",
                                    .aggregate = "arithmetic",
                                    .perturb = "weights:0.25",
                                    .replications = m->replications,
                                    .seed = i,
                                    .threads = m->threads };
    chiso_uncertainty *u;
    if (chiso_uncertainty_run(m->composite, &spec, &u, NULL) != CHISO_OK)
      return 0;
    for (size_t r = 0; r < chiso_composite_rows(m->composite); r++)
      total += chiso_uncertainty_rank(u, r).q95;
    chiso_uncertainty_free(u);
  }
  consume((uint64_t)total);
  return rounds;
}

static uint64_t sensitive(void *data, uint64_t rounds) {
  const simulation *m = data;
  double total = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_sensitivity_spec spec = {
      .normalise = "minmax:1:100",
      .aggregate = "arithmetic",
      .inputs = "weights:0.25,normalise:minmax:1:100|zscore:50:10,aggregate:"
                "arithmetic|geometric",
      .output = "mean-rank-change",
      .samples = m->replications,
      .seed = i,
      .bootstraps = 1000,
    };
    chiso_sensitivity *k;
    if (chiso_sensitivity_run(m->composite, &spec, &k, NULL) != CHISO_OK)
      return 0;
    total += chiso_sensitivity_variance(k);
    chiso_sensitivity_free(k);
  }
  consume((uint64_t)total);
  return rounds;
}

/* How far ranks reach when weights move by a quarter: pairs, weights looked
 * for; no integer programme. */
static uint64_t bounded(void *data, uint64_t rounds) {
  const simulation *m = data;
  uint64_t total = 0;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_rank_bounds_spec spec = { .normalise = "minmax:1:100",
                                    .aggregate = "arithmetic",
                                    .within = "0.25" };
    chiso_rank_bounds *b;
    if (chiso_rank_bounds_run(m->composite, &spec, &b, NULL) != CHISO_OK)
      return 0;
    for (size_t r = 0; r < chiso_composite_rows(m->composite); r++)
      total += chiso_rank_bounds_at(b, r).worst;
    chiso_rank_bounds_free(b);
  }
  consume(total);
  return rounds;
}

static void bench_simulations(add_figure add, void *to, chiso_composite *c) {
  simulation some = { c, 10000, 0 }, alone = { c, 10000, 1 };
  simulation many = { c, 1000000, 0 }, design = { c, 500, 0 };
  add(to, "uncertainty 63 x 102, 10,000 replications",
      "weights, ranks, their distribution", uncertain, &some);
  add(to, "uncertainty 63 x 102, 10,000, one thread", "the same", uncertain,
      &alone);
  add(to, "uncertainty 63 x 102, 1,000,000 replications", "the same", uncertain,
      &many);
  add(to, "uncertainty 63 x 102, bounds of ranks", "weights a quarter off",
      bounded, &some);
  add(to, "sensitivity 63 x 102, 3 inputs, N = 500",
      "2,500 runs, 1,000 resamples", sensitive, &design);
}

void bench_composite(add_figure add, void *to) {
  double seconds;
  chiso_composite *few = composite_make(63, LEAVES, &seconds);
  chiso_composite *many = composite_make(10000, LEAVES, &seconds);
  if (!few || !many) {
    fprintf(stderr, "chiso-bench: no composite\n");
    exit(1);
  }
  build arithmetic = { few, "arithmetic" }, geometric = { few, "geometric" };
  build large = { many, "arithmetic" };
  add(to, "compose 63 x 102, arithmetic", "normalise and aggregate", run,
      &arithmetic);
  add(to, "compose 63 x 102, aggregation alone", "aggregate", again,
      &arithmetic);
  add(to, "compose 63 x 102, geometric", "normalise and aggregate", run,
      &geometric);
  if (chiso_composite_aggregate(few, "arithmetic", NULL, NULL) == CHISO_OK)
    add(to, "audit 63 x 102, without each leaf", "102 indices and ranks",
        without_each, &arithmetic);
  add(to, "compose 10,000 x 102", "normalise and aggregate", run, &large);
  bench_simulations(add, to, few);
  chiso_composite_free(few);
  chiso_composite_free(many);
}
