/* SPDX-License-Identifier: Apache-2.0
 * Best and worst ranks under any weights within bounds: against weights tried
 * without end, and what is refused. */
#include "table_file.h"

#include "analysis/bounds.h"
#include "fixture.h"
#include "short_memory.h"

static chiso_error err;

static const char META[] = "Level,iCode,Parent,Direction,Weight\n"
                           "1,a,p,1,1\n1,b,p,1,2\n1,c,q,1,1\n1,d,q,1,3\n"
                           "1,e,q,1,1\n2,p,I,1,3\n2,q,I,1,2\n3,I,,1,1\n";
enum { UNITS = 7, LEAVES = 5, CODES = 8 };

static chiso_composite *random_composite(uint64_t *seed) {
  char text[1024];
  size_t size = (size_t)snprintf(text, sizeof text, "uCode,a,b,c,d,e");
  for (unsigned u = 0; u < UNITS; u++) {
    size += (size_t)snprintf(text + size, sizeof text - size, "\nU%u", u);
    for (unsigned i = 0; i < LEAVES; i++)
      size += (size_t)snprintf(text + size, sizeof text - size, ",%u",
                               (unsigned)(xorshift(seed) % 20 + 1));
  }
  (void)snprintf(text + size, sizeof text - size, "\n");
  return composite_of(text, META, NULL, &err);
}

/* Ranks by the definition alone. */
static void ranks_of(const chiso_composite *c, chiso__mean mean,
                     const double *w, uint32_t *out) {
  double s[UNITS];
  for (size_t u = 0; u < UNITS; u++) {
    double x[LEAVES], p, q;
    for (size_t i = 0; i < LEAVES; i++) {
      x[i] = c->data[i * UNITS + u];
      x[i] = mean == CHISO__GEOMETRIC  ? log(x[i])
             : mean == CHISO__HARMONIC ? -1 / x[i]
                                       : x[i];
    }
    p = (w[0] * x[0] + w[1] * x[1]) / (w[0] + w[1]);
    q = (w[2] * x[2] + w[3] * x[3] + w[4] * x[4]) / (w[2] + w[3] + w[4]);
    s[u] = (w[5] * p + w[6] * q) / (w[5] + w[6]);
  }
  for (size_t u = 0; u < UNITS; u++) {
    out[u] = 1;
    for (size_t k = 0; k < UNITS; k++)
      out[u] += s[k] > s[u] + 1e-9;
  }
}

/* Every corner and many weights between: none leads beyond what is proven, and
 * what was found is reached. */
static void against_all(chiso_composite *c, const char *within, double x,
                        const char *aggregate, chiso__mean mean, uint64_t *seed,
                        size_t exact[2]) {
  chiso_rank_bounds_spec spec = { .normalise = "none",
                                  .aggregate = aggregate,
                                  .within = within,
                                  .most_nodes = 1000 };
  chiso_rank_bounds *b;
  static const double stand[CODES] = { 1, 2, 1, 3, 1, 3, 2, 1 };
  uint32_t ranks[UNITS], best[UNITS], worst[UNITS];
  CU_ASSERT_EQUAL_FATAL(chiso_rank_bounds_run(c, &spec, &b, &err), CHISO_OK);
  ranks_of(c, mean, stand, ranks);
  for (size_t u = 0; u < UNITS; u++)
    best[u] = worst[u] = ranks[u];
  for (unsigned k = 0; k < 20000; k++) {
    double w[CODES];
    for (size_t i = 0; i < CODES; i++) {
      uint64_t r = xorshift(seed);
      double at =
          k < 4096 ? (double)(k >> i & 1u) : (double)(r >> 11) * 0x1p-53;
      w[i] = stand[i] * (1 - x + 2 * x * at);
    }
    if (w[0] + w[1] <= 0 || w[2] + w[3] + w[4] <= 0 || w[5] + w[6] <= 0)
      continue;
    ranks_of(c, mean, w, ranks);
    for (size_t u = 0; u < UNITS; u++) {
      best[u] = ranks[u] < best[u] ? ranks[u] : best[u];
      worst[u] = ranks[u] > worst[u] ? ranks[u] : worst[u];
    }
  }
  for (size_t u = 0; u < UNITS; u++) {
    chiso_rank_bound of = chiso_rank_bounds_at(b, u);
    CU_ASSERT(of.best_proven <= best[u] && of.worst_proven >= worst[u]);
    CU_ASSERT(of.best <= best[u] && of.worst >= worst[u]);
    CU_ASSERT(of.best_proven <= of.best && of.worst <= of.worst_proven);
    exact[0] += of.best == of.best_proven;
    exact[1] += of.worst == of.worst_proven;
  }
  chiso_rank_bounds_free(b);
}

static void test_random(void) {
  static const struct {
    const char *within, *aggregate;
    double x;
    chiso__mean mean;
  } cases[] = { { "0.1", "arithmetic", 0.1, CHISO__ARITHMETIC },
                { "0.5", "arithmetic", 0.5, CHISO__ARITHMETIC },
                { "1", "arithmetic", 1, CHISO__ARITHMETIC },
                { "0.4", "geometric", 0.4, CHISO__GEOMETRIC },
                { "0.4", "harmonic", 0.4, CHISO__HARMONIC } };
  uint64_t seed = 77;
  size_t exact[2] = { 0, 0 }, all = 0;
  for (size_t round = 0; round < 8; round++)
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      chiso_composite *c = random_composite(&seed);
      CU_ASSERT_PTR_NOT_NULL_FATAL(c);
      against_all(c, cases[i].within, cases[i].x, cases[i].aggregate,
                  cases[i].mean, &seed, exact);
      chiso_composite_free(c);
      all += UNITS;
    }
  (void)fprintf(stderr, "%zu and %zu of %zu exact\n", exact[0], exact[1], all);
  CU_ASSERT(exact[0] * 100 >= all * 97 && exact[1] * 100 >= all * 97);
}

/* Two units, one weight: the end is where its box ends. */
static void test_one(void) {
  chiso_composite *c = composite_of(
      "uCode,a,b\nU1,0,10\nU2,6,5\n",
      "Level,iCode,Parent,Direction,Weight\n1,a,I,1,1\n1,b,I,1,1\n2,I,,1,1\n",
      NULL, &err);
  chiso_rank_bounds_spec spec = { .normalise = "none",
                                  .aggregate = "arithmetic",
                                  .within = "weight:b:0.19",
                                  .most_nodes = 10 };
  chiso_rank_bounds *b;
  MUST(c != NULL);
  /* 10 w against 6 + 5 w: U1 is first from w = 1.2 on */
  CU_ASSERT_EQUAL_FATAL(chiso_rank_bounds_run(c, &spec, &b, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_rank_bounds_at(b, 0).best, 2);
  CU_ASSERT_EQUAL(chiso_rank_bounds_at(b, 0).best_proven, 2);
  chiso_rank_bounds_free(b);
  spec.within = "weight:b:0.21";
  CU_ASSERT_EQUAL_FATAL(chiso_rank_bounds_run(c, &spec, &b, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_rank_bounds_at(b, 0).best, 1);
  CU_ASSERT_EQUAL(chiso_rank_bounds_at(b, 1).worst, 2);
  chiso_rank_bounds_free(b);
  spec.within = "0.05,weight:b:0.05"; /* 0.95 and 1.05: not yet */
  CU_ASSERT_EQUAL_FATAL(chiso_rank_bounds_run(c, &spec, &b, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_rank_bounds_at(b, 0).best_proven, 2);
  chiso_rank_bounds_free(b);
  chiso_composite_free(c);
}

/* Ties everywhere, one unit, constant columns. */
static void test_edges(void) {
  static const char *const data[] = { "uCode,a,b\nU1,1,2\nU2,1,2\nU3,1,2\n",
                                      "uCode,a,b\nU1,1,2\n",
                                      "uCode,a,b\nU1,1,3\nU2,1,3\n" };
  for (size_t i = 0; i < 3; i++) {
    chiso_composite *c = composite_of(
        data[i],
        "Level,iCode,Parent,Direction,Weight\n1,a,I,1,1\n1,b,I,1,1\n2,I,,1,1\n",
        NULL, &err);
    chiso_rank_bounds_spec spec = { .normalise = "none",
                                    .aggregate = "geometric",
                                    .within = "1",
                                    .most_nodes = 10 };
    chiso_rank_bounds *b;
    MUST(c != NULL);
    CU_ASSERT_EQUAL_FATAL(chiso_rank_bounds_run(c, &spec, &b, &err), CHISO_OK);
    for (size_t r = 0; r < chiso_composite_rows(c); r++) {
      chiso_rank_bound of = chiso_rank_bounds_at(b, r);
      CU_ASSERT(of.best == 1 && of.worst == 1);
      CU_ASSERT(of.best_proven == 1 && of.worst_proven == 1);
    }
    chiso_rank_bounds_free(b);
    chiso_composite_free(c);
  }
}

static void test_refused(void) {
  static const struct {
    const char *data, *within, *aggregate, *says;
    chiso_status status;
  } cases[] = {
    { "uCode,a,b\nU1,1,2\nU2,,3\n", "0.5", "arithmetic", "fill the gaps",
      CHISO_BAD_DATA },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "0.5", "median", "bounds are known",
      CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "0", "arithmetic", "above 0",
      CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "1.5", "arithmetic", "above 0",
      CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "nan", "arithmetic", "weight:CODE:X",
      CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "", "arithmetic", "weight:CODE:X",
      CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "-1", "arithmetic", "weight:CODE:X",
      CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "0.5,exclude:1", "arithmetic",
      "weight:CODE:X", CHISO_USAGE },
    { "uCode,a,b\nU1,1,2\nU2,2,3\n", "weight:x:0.5", "arithmetic",
      "no code \"x\"", CHISO_USAGE },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    chiso_composite *c = composite_of(
        cases[i].data,
        "Level,iCode,Parent,Direction,Weight\n1,a,I,1,1\n1,b,I,1,1\n2,I,,1,1\n",
        NULL, &err);
    chiso_rank_bounds_spec spec = { .normalise = "none",
                                    .aggregate = cases[i].aggregate,
                                    .within = cases[i].within };
    chiso_rank_bounds *b;
    MUST(c != NULL);
    CU_ASSERT_EQUAL(chiso_rank_bounds_run(c, &spec, &b, &err), cases[i].status);
    CU_ASSERT(strstr(err.text, cases[i].says) != NULL);
    if (!strstr(err.text, cases[i].says))
      (void)fprintf(stderr, "%zu: %s\n", i, err.text);
    chiso_composite_free(c);
  }
}

static chiso_status everything(const chiso_allocator *a) {
  chiso_composite *c = composite_of("uCode,a,b\nU1,1,9\nU2,4,5\nU3,7,1\n",
                                    "Level,iCode,Parent,Direction,Weight\n"
                                    "1,a,I,1,1\n1,b,I,1,1\n2,I,,1,1\n",
                                    a, &err);
  chiso_rank_bounds *b = NULL;
  if (!c)
    return err.status;
  char draws[64];
  (void)snprintf(draws, sizeof draws, "%s/draws.csv", table_folder);
  chiso_rank_bounds_spec spec = { .normalise = "minmax:1:100",
                                  .aggregate = "arithmetic",
                                  .within = "0.5",
                                  .most_nodes = 10,
                                  .write_draws = draws };
  chiso_status status = chiso_rank_bounds_run(c, &spec, &b, &err);
  chiso_rank_bounds_free(b);
  chiso_composite_free(c);
  return status;
}

static void test_memory(void) {
  fail_each_request(everything, 900);
}

SUITE_MAIN({ "folder", test_folder }, { "random", test_random },
           { "one", test_one }, { "edges", test_edges },
           { "refused", test_refused }, { "memory", test_memory },
           { "end", test_folder_end })
