/* SPDX-License-Identifier: Apache-2.0
 * bench/scale.c - each step at growing sizes, beside plain loops over as many
 * numbers. Times are of the process, all its threads together, so that others
 * on the machine do not count: steps with threads (reading, correlations,
 * uncertainty) take half of it on two idle processors. */
#include "scale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "chiso/analysis.h"
#include "composite.h"

#define PARENTS 11.0 /* children of an area and of the top, about */

typedef struct size {
  unsigned units, leaves;
} size;

typedef struct bench {
  chiso_composite *c;
  size of;
  const double **x;
  double *ranks, *matrix, *values, *weights;
  size_t length; /* of a plain loop */
  chiso_correlation kind;
} bench;

/* ---- what is measured ---------------------------------------------------- */

static uint64_t build(void *data, uint64_t rounds) {
  bench *b = data;
  for (uint64_t i = 0; i < rounds; i++)
    if (chiso_composite_normalise(b->c, "minmax:1:100", NULL) != CHISO_OK ||
        chiso_composite_aggregate(b->c, "arithmetic", NULL, NULL) != CHISO_OK)
      exit(1);
  return rounds;
}

static uint64_t rank(void *data, uint64_t rounds) {
  bench *b = data;
  size_t top = chiso_composite_codes(b->c) - 1;
  for (uint64_t i = 0; i < rounds; i++)
    if (chiso_composite_rank(b->c, chiso_composite_values(b->c, top), SIZE_MAX,
                             CHISO_TIES_MIN, b->ranks, NULL) != CHISO_OK)
      exit(1);
  return rounds;
}

static uint64_t remove_each(void *data, uint64_t rounds) {
  bench *b = data;
  for (uint64_t i = 0; i < rounds; i++)
    for (size_t leaf = 0; leaf < b->of.leaves; leaf++)
      if (chiso_audit_remove(b->c, leaf, b->ranks, NULL) != CHISO_OK)
        exit(1);
  return rounds;
}

static uint64_t correlate(void *data, uint64_t rounds) {
  bench *b = data;
  chiso_correlation_spec spec = { .kind = b->kind,
                                  .x = b->x,
                                  .y = b->x,
                                  .n_x = b->of.leaves,
                                  .n_y = b->of.leaves,
                                  .rows = b->of.units,
                                  .r = b->matrix };
  for (uint64_t i = 0; i < rounds; i++)
    if (chiso_correlate(&spec, NULL, NULL) != CHISO_OK)
      exit(1);
  return rounds;
}

static uint64_t uncertain(void *data, uint64_t rounds) {
  bench *b = data;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_uncertainty_spec spec = { .normalise = "minmax:1:100",
                                    .aggregate = "arithmetic",
                                    .perturb = "weights:0.25",
                                    .replications = 1000,
                                    .seed = i };
    chiso_uncertainty *u;
    if (chiso_uncertainty_run(b->c, &spec, &u, NULL) != CHISO_OK)
      exit(1);
    chiso_uncertainty_free(u);
  }
  return rounds;
}

/* One thread, products of two lists that stay in the cache or do not. */
static uint64_t plain(void *data, uint64_t rounds) {
  bench *b = data;
  double sums[8] = { 0 };
  for (uint64_t i = 0; i < rounds; i++) {
    for (size_t from = 0; from < b->length; from += 4096) {
      const double *x = b->values + from;
      size_t n = b->length - from < 4096 ? b->length - from : 4096;
      for (size_t k = 0; k + 8 <= n; k += 8)
        for (size_t l = 0; l < 8; l++)
          sums[l] += x[k + l] * b->weights[k + l];
    }
    b->values[0] = sums[0] > 0 ? 0 : 1; /* each round for itself */
  }
  consume((uint64_t)(sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] +
                     sums[6] + sums[7]));
  return rounds;
}

/* ---- one size ------------------------------------------------------------ */

/* COINr 1.1.14 under R 4.2.2, medians, one core of a 2-core virtual machine
 * (AMD EPYC), Debian 12, 22 November 2026; milliseconds. */
static const struct {
  size of;
  const char *step;
  double ms;
} peers[] = {
  { { 63, 102 }, "build", 35 },
  { { 63, 102 }, "uncertainty, 1,000", 54.8e3 },
  { { 63, 102 }, "correlation, pearson", 5 },
  { { 63, 102 }, "without each leaf", 5.58e3 },
  { { 10000, 102 }, "build", 4.78e3 },
};

static double peer_of(size of, const char *step) {
  for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
    if (peers[i].of.units == of.units && peers[i].of.leaves == of.leaves &&
        strcmp(peers[i].step, step) == 0)
      return peers[i].ms;
  return 0;
}

/* `floor_ms`: of a plain loop over as many products; 0: none is meant. */
static void line(const bench *b, const char *step, double ms, double floor_ms,
                 bool json) {
  double peer = peer_of(b->of, step);
  if (json) {
    printf("{\"units\": %u, \"leaves\": %u, \"step\": \"%s\", \"ms\": %.6g",
           b->of.units, b->of.leaves, step, ms);
    if (floor_ms > 0)
      printf(", \"floor_ms\": %.6g", floor_ms);
    if (peer > 0)
      printf(", \"coinr_ms\": %.6g", peer);
    printf("}\n");
    return;
  }
  printf("%7u %6u  %-22s %12.4f", b->of.units, b->of.leaves, step, ms);
  if (floor_ms > 0)
    printf(" %12.4f %7.1f", floor_ms, ms / floor_ms);
  else
    printf(" %12s %7s", "", "");
  if (peer > 0)
    printf(" %10.0f %8.0f", peer, peer / ms);
  printf("\n");
}

static double timed(bench *b, job work, bool quick) {
  settings how = { .repetitions = 3, .seconds = quick ? 0.001 : 0.1 };
  return measure(&how, "", "", work, b).ns / 1e6;
}

static void steps(bench *b, bool quick, bool json) {
  double n = b->of.units, leaves = b->of.leaves;
  b->length = 4096;
  double product = timed(b, plain, quick) / 4096; /* in the cache */
  b->length = (size_t)b->of.units * b->of.leaves / 4 * 4;
  double pass = timed(b, plain, quick); /* over all values */
  line(b, "build", timed(b, build, quick), pass, json);
  line(b, "ranks", timed(b, rank, quick), 0, json);
  line(b, "without each leaf", timed(b, remove_each, quick),
       product * leaves * n * (leaves / COMPOSITE_GROUPS + PARENTS), json);
  for (size_t i = 0; i < b->of.leaves; i++)
    b->x[i] = chiso_composite_values(b->c, i);
  b->kind = CHISO_PEARSON;
  line(b, "correlation, pearson", timed(b, correlate, quick),
       product * n * leaves * (leaves + 1) / 2, json);
  b->kind = CHISO_KENDALL;
  if (n * leaves * leaves < 2e9)
    line(b, "correlation, kendall", timed(b, correlate, quick), 0, json);
  if (b->of.units <= 1000)
    line(b, "uncertainty, 1,000", timed(b, uncertain, quick),
         product * leaves * n * 1000, json);
}

static bool one_size(size of, bool quick, bool json) {
  double seconds = 0;
  bench b = { .of = of };
  size_t cells = (size_t)of.units * of.leaves;
  b.c = composite_make(of.units, of.leaves, &seconds);
  b.x = calloc(of.leaves, sizeof *b.x);
  b.ranks = calloc(of.units, sizeof *b.ranks);
  b.matrix = calloc((size_t)of.leaves * of.leaves, sizeof *b.matrix);
  b.values = malloc((cells > 4096 ? cells : 4096) * sizeof *b.values);
  b.weights = malloc(4096 * sizeof *b.weights);
  bool there = b.c && b.x && b.ranks && b.matrix && b.values && b.weights;
  for (size_t i = 0; there && (i < cells || i < 4096); i++)
    b.values[i] = (double)(i % 97) / 97;
  for (size_t i = 0; there && i < 4096; i++)
    b.weights[i] = (double)(i % 89) / 89;
  if (there) {
    line(&b, "read the table", seconds * 1e3, 0, json);
    steps(&b, quick, json);
  }
  chiso_composite_free(b.c);
  free(b.x);
  free(b.ranks);
  free(b.matrix);
  free(b.values);
  free(b.weights);
  return there;
}

bool bench_scale(bool quick, bool json) {
  static const size sizes[] = { { 63, 102 },     { 1000, 102 },  { 63, 500 },
                                { 1000, 500 },   { 10000, 102 }, { 10000, 500 },
                                { 100000, 102 }, { 100000, 500 } };
  size_t count = quick ? 2 : sizeof sizes / sizeof *sizes;
  struct rusage usage;
  if (!json)
    printf("%7s %6s  %-22s %12s %12s %7s %10s %8s\n", "units", "leaves", "",
           "ms of CPU", "plain loop", "ratio", "COINr ms", "times");
  for (size_t i = 0; i < count; i++) {
    if (!one_size(sizes[i], quick, json))
      return false;
    if (!json && getrusage(RUSAGE_SELF, &usage) == 0)
      printf("%7u %6u  %-22s %12ld\n", sizes[i].units, sizes[i].leaves,
             "peak memory so far, MiB", usage.ru_maxrss / 1024);
    (void)fflush(stdout);
  }
  if (!json)
    printf("plain loop: one thread, as many products as a step needs at least: "
           "one for each value (build), for each child on the way up from each "
           "leaf, for each pair of columns and unit, for each value and "
           "replication\n");
  return true;
}
