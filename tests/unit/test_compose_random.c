/* SPDX-License-Identifier: Apache-2.0
 * What holds for any data: scales and means do not depend on units of
 * measurement, on the order of rows, or on each other. */
#include "table_file.h"

#include "fixture.h"

#define UNITS  37u
#define CODES  9u
#define LEAVES 6u

static chiso_error err;

static const char META[] = "Level,iCode,Parent,Direction,Weight\n"
                           "1,a,p,1,1\n1,b,p,-1,2\n1,c,p,1,0.5\n"
                           "1,d,q,1,1\n1,e,q,1,3\n1,f,I,-1,1\n"
                           "2,p,I,1,2\n2,q,I,1,1\n3,I,,1,1\n";

static const char *const scales[] = {
  "minmax:1:100", "zscore:0:1", "rank:average",    "prank:min", "borda",
  "dist2max",     "fracmax",    "scaled:0:10:100", "none",
};

static double draw(uint64_t *seed) {
  return (double)(xorshift(seed) % 100000) / 1000 + 1;
}

/* Rows in the order that `order` says; values a * x + b; a gap now and then. */
static chiso_composite *random_one(uint64_t seed, const size_t *order, double a,
                                   double b, bool gaps) {
  static char text[UNITS * 200];
  double x[UNITS][LEAVES];
  size_t size = (size_t)snprintf(text, sizeof text, "uCode,a,b,c,d,e,f\n");
  for (size_t u = 0; u < UNITS; u++)
    for (size_t i = 0; i < LEAVES; i++) {
      x[u][i] = draw(&seed) * a + b;
      if (gaps && xorshift(&seed) % 5 == 0)
        x[u][i] = NAN;
    }
  for (size_t k = 0; k < UNITS; k++) {
    size_t u = order ? order[k] : k;
    size += (size_t)snprintf(text + size, sizeof text - size, "U%02zu", u);
    for (size_t i = 0; i < LEAVES; i++)
      size += isnan(x[u][i])
                  ? (size_t)snprintf(text + size, sizeof text - size, ",")
                  : (size_t)snprintf(text + size, sizeof text - size, ",%.17g",
                                     x[u][i]);
    size += (size_t)snprintf(text + size, sizeof text - size, "\n");
  }
  return composite_of(text, META, NULL, &err);
}

static void shuffle(size_t *order, uint64_t seed) {
  for (size_t i = 0; i < UNITS; i++)
    order[i] = i;
  for (size_t i = UNITS - 1; i > 0; i--) {
    size_t k = xorshift(&seed) % (i + 1), keep = order[i];
    order[i] = order[k];
    order[k] = keep;
  }
}

/* Ranges, means and sums that a scale promises. */
static void test_promises(void) {
  chiso_composite *c = random_one(11, NULL, 1, 0, true);
  MUST(c != NULL);
  for (size_t i = 0; i < LEAVES; i++) {
    double low = INFINITY, high = -INFINITY, sum = 0, square = 0, count = 0;
    CU_ASSERT_EQUAL(chiso_composite_normalise(c, "minmax:1:100", &err),
                    CHISO_OK);
    const double *y = chiso_composite_values(c, i);
    for (size_t u = 0; u < UNITS; u++) {
      CU_ASSERT_EQUAL(isnan(y[u]), isnan(chiso_composite_data(c, i)[u]));
      low = fmin(low, y[u]);
      high = fmax(high, y[u]);
    }
    CU_ASSERT_EQUAL(low, 1);
    CU_ASSERT_EQUAL(high, 100);
    CU_ASSERT_EQUAL(chiso_composite_normalise(c, "zscore:10:2", &err),
                    CHISO_OK);
    for (size_t u = 0; u < UNITS; u++) {
      sum += isnan(y[u]) ? 0 : y[u] - 10;
      square += isnan(y[u]) ? 0 : (y[u] - 10) * (y[u] - 10);
      count += !isnan(y[u]);
    }
    CU_ASSERT(fabs(sum) < 1e-10);
    CU_ASSERT(near(square / (count - 1), 4, 1e-12));
    CU_ASSERT_EQUAL(chiso_composite_normalise(c, "rank:average", &err),
                    CHISO_OK);
    sum = 0;
    for (size_t u = 0; u < UNITS; u++)
      sum += isnan(y[u]) ? 0 : y[u];
    CU_ASSERT_EQUAL(sum, count * (count + 1) / 2);
  }
  chiso_composite_free(c);
}

/* Centimetres or metres: the same. */
static void test_affine(void) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    chiso_composite *one = random_one(seed, NULL, 1, 0, true);
    chiso_composite *two = random_one(seed, NULL, 8, 256, true);
    MUST(one && two);
    for (size_t s = 0; s < 6; s++) {
      CU_ASSERT_EQUAL(chiso_composite_normalise(one, scales[s], &err),
                      CHISO_OK);
      CU_ASSERT_EQUAL(chiso_composite_normalise(two, scales[s], &err),
                      CHISO_OK);
      for (size_t i = 0; i < LEAVES; i++)
        for (size_t u = 0; u < UNITS; u++)
          CU_ASSERT(near(chiso_composite_values(one, i)[u],
                         chiso_composite_values(two, i)[u], 1e-9));
    }
    chiso_composite_free(one);
    chiso_composite_free(two);
  }
}

static const char *const ways[] = { "arithmetic",  "geometric",  "harmonic",
                                    "genmean:0.5", "genmean:-2", "median",
                                    "copeland",    "mpi",        "sum",
                                    "bod" };

/* A row's score is its own, wherever the row stands. Means of columns run in
 * the order of rows, hence the tolerance for those scales. */
static void test_order(void) {
  size_t order[UNITS];
  for (uint64_t seed = 1; seed <= 8; seed++) {
    shuffle(order, seed * 77);
    bool gaps = seed % 2 == 0;
    chiso_composite *one = random_one(seed, NULL, 1, 0, gaps);
    chiso_composite *two = random_one(seed, order, 1, 0, gaps);
    MUST(one && two);
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
      CU_ASSERT_EQUAL(chiso_composite_normalise(one, "minmax:1:100", &err),
                      CHISO_OK);
      CU_ASSERT_EQUAL(chiso_composite_normalise(two, "minmax:1:100", &err),
                      CHISO_OK);
      char way[64];
      (void)snprintf(way, sizeof way, "%s,arithmetic", ways[w]);
      CU_ASSERT_EQUAL(chiso_composite_aggregate(one, way, NULL, &err),
                      CHISO_OK);
      CU_ASSERT_EQUAL(chiso_composite_aggregate(two, way, NULL, &err),
                      CHISO_OK);
      double tolerance = strcmp(ways[w], "bod") == 0 ? 1e-9 : 0;
      for (size_t i = 0; i < CODES; i++)
        for (size_t k = 0; k < UNITS; k++)
          CU_ASSERT(near(chiso_composite_values(two, i)[k],
                         chiso_composite_values(one, i)[order[k]], tolerance));
    }
    chiso_composite_free(one);
    chiso_composite_free(two);
  }
}

/* Children that say the same: any mean says it too, gaps or not. */
static void test_equal_columns(void) {
  char text[UNITS * 120];
  uint64_t seed = 5;
  size_t size = (size_t)snprintf(text, sizeof text, "uCode,a,b,c,d,e,f\n");
  double want[UNITS];
  for (size_t u = 0; u < UNITS; u++) {
    want[u] = draw(&seed);
    size += (size_t)snprintf(text + size, sizeof text - size, "U%zu", u);
    for (size_t i = 0; i < LEAVES; i++)
      size += xorshift(&seed) % 6 == 0 && i != u % LEAVES
                  ? (size_t)snprintf(text + size, sizeof text - size, ",")
                  : (size_t)snprintf(text + size, sizeof text - size, ",%.17g",
                                     want[u]);
    size += (size_t)snprintf(text + size, sizeof text - size, "\n");
  }
  chiso_composite *c = composite_of(text, META, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(
                      c, "none,b=scaled:0:-1:1,f=scaled:0:-1:1", &err),
                  CHISO_OK);
  static const char *const means[] = { "arithmetic", "geometric",  "harmonic",
                                       "genmean:3",  "genmean:-2", "median",
                                       "mpi" };
  for (size_t w = 0; w < sizeof means / sizeof *means; w++) {
    CU_ASSERT_EQUAL(chiso_composite_aggregate(c, means[w], NULL, &err),
                    CHISO_OK);
    for (size_t u = 0; u < UNITS; u++)
      CU_ASSERT(near(composite_at(c, "I", u), want[u], 1e-12));
  }
  chiso_composite_free(c);
}

/* harmonic <= geometric <= arithmetic <= quadratic; the penalised one is below
 * the arithmetic. */
static void test_inequality(void) {
  static const char *const rising[] = { "harmonic", "geometric", "arithmetic",
                                        "genmean:2" };
  for (uint64_t seed = 1; seed <= 10; seed++) {
    chiso_composite *c = random_one(seed, NULL, 1, 0, true);
    double before[UNITS], mean[UNITS];
    MUST(c != NULL);
    CU_ASSERT_EQUAL(chiso_composite_normalise(c, "minmax:1:100", &err),
                    CHISO_OK);
    for (size_t w = 0; w < 4; w++) {
      CU_ASSERT_EQUAL(chiso_composite_aggregate(c, rising[w], NULL, &err),
                      CHISO_OK);
      for (size_t u = 0; u < UNITS; u++) {
        double x = composite_at(c, "I", u);
        CU_ASSERT(w == 0 || isnan(x) || x >= before[u] - 1e-9);
        before[u] = x;
        if (w == 2)
          mean[u] = composite_at(c, "p", u);
      }
    }
    CU_ASSERT_EQUAL(chiso_composite_aggregate(c, "mpi,arithmetic", NULL, &err),
                    CHISO_OK);
    for (size_t u = 0; u < UNITS; u++)
      CU_ASSERT(isnan(mean[u]) || composite_at(c, "p", u) <= mean[u] + 1e-9);
    chiso_composite_free(c);
  }
}

/* Whole rows through the path for gaps and without it give the same. */
static void test_paths(void) {
  chiso_composite *c = random_one(3, NULL, 1, 0, false);
  double plain[UNITS];
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "minmax:1:100", &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, "arithmetic", NULL, &err),
                  CHISO_OK);
  for (size_t u = 0; u < UNITS; u++)
    plain[u] = composite_at(c, "I", u);
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, "genmean:1", NULL, &err),
                  CHISO_OK);
  for (size_t u = 0; u < UNITS; u++)
    CU_ASSERT(near(composite_at(c, "I", u), plain[u], 1e-13));
  chiso_composite_free(c);
}

SUITE_MAIN({ "folder", test_folder }, { "promises", test_promises },
           { "affine", test_affine }, { "order", test_order },
           { "equal columns", test_equal_columns },
           { "inequality", test_inequality }, { "paths", test_paths },
           { "end", test_folder_end })
