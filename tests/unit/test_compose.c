/* SPDX-License-Identifier: Apache-2.0
 * Composite indices: figures by hand, and what happens at the edges. */
#include "table_file.h"

#include "short_memory.h"

static chiso_error err;

static const char META[] = "Level,iCode,Parent,Direction,Weight,Type\n"
                           "1,a,p,1,1,Indicator\n"
                           "1,b,p,-1,3,Indicator\n"
                           "1,c,I,1,2,Indicator\n"
                           "2,p,I,1,2,Aggregate\n"
                           "3,I,,1,1,Aggregate\n";
static const char DATA[] = "uCode,group,a,b,c\n"
                           "U1,x,1,40,2\n"
                           "U2,x,2,30,4\n"
                           "U3,y,4,10,\n"
                           "U4,y,5,20,8\n";

#define SAME(got, want) CU_ASSERT(near((got), (want), 1e-12))

static void column(const chiso_composite *c, const char *code,
                   const double *want) {
  for (size_t r = 0; r < chiso_composite_rows(c); r++) {
    double got = composite_at(c, code, r);
    SAME(got, want[r]);
    if (!near(got, want[r], 1e-12))
      (void)fprintf(stderr, "%s[%zu]: %.17g, wanted %.17g\n", code, r, got,
                    want[r]);
  }
}

static void normalised(const char *method, const char *code,
                       const double *want) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, method, &err), CHISO_OK);
  column(c, code, want);
  chiso_composite_free(c);
}

#define ROW(...) ((const double[]) { __VA_ARGS__ })

static void test_normalise(void) {
  normalised("minmax:0:100", "a", ROW(0, 25, 75, 100));
  normalised("minmax:1:3", "b", ROW(1, 1 + 2 / 3.0, 3, 1 + 4 / 3.0));
  normalised("minmax", "c", ROW(0, 100 / 3.0, NAN, 100));
  double sd = sqrt(10 / 3.0);
  normalised("zscore:0:1", "a", ROW(-2 / sd, -1 / sd, 1 / sd, 2 / sd));
  normalised("zscore:100:10", "c",
             ROW(100 - 10 * (8 / 3.0) / sqrt(28 / 3.0),
                 100 - 10 * (2 / 3.0) / sqrt(28 / 3.0), NAN,
                 100 + 10 * (10 / 3.0) / sqrt(28 / 3.0)));
  normalised("rank:min", "b", ROW(1, 2, 4, 3));
  normalised("prank:average", "c", ROW(0, 0.5, NAN, 1));
  normalised("borda", "b", ROW(0, 1, 3, 2));
  normalised("dist2max", "a", ROW(0, 0.25, 0.75, 1));
  normalised("dist2ref:U2", "a", ROW(0, 1, 3, 4));
  normalised("dist2targ:4", "a", ROW(0, 1 / 3.0, 1, 1));
  normalised("fracmax", "b", ROW(4, 3, 1, 2));
  normalised("scaled:0:10:100", "a", ROW(10, 20, 40, 50));
  normalised("goalposts:2:4:10", "a", ROW(0, 0, 10, 10));
  normalised("goalposts:-30:-10:10", "b", ROW(0, 0, 10, 5));
  normalised("none", "b", ROW(-40, -30, -10, -20));
  normalised("minmax:0:1,a=none", "a", ROW(1, 2, 4, 5));
  normalised("dist2ref:U3", "c", ROW(NAN, NAN, NAN, NAN)); /* it has none */
  normalised("dist2ref:U3", "a", ROW(0, 1 / 3.0, 1, 4 / 3.0));
  /* too large for a double: nothing, and never infinite */
  normalised("minmax:-1e308:1e308", "a", ROW(NAN, NAN, NAN, NAN));
  normalised("scaled:0:1e-308:1e10", "a", ROW(NAN, NAN, NAN, NAN));
  normalised("goalposts:0:1e-308:10", "a", ROW(10, 10, 10, 10));
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "dist2ref:U9", &err),
                  CHISO_USAGE);
  chiso_composite_free(c);
}

static void aggregated(const char *method, const char *threshold,
                       const char *code, const double *want) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(
      chiso_composite_normalise(c, "scaled:0:1:1,b=scaled:-50:-49:1", &err),
      CHISO_OK); /* b: 10, 20, 40, 30 */
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, method, threshold, &err),
                  CHISO_OK);
  column(c, code, want);
  chiso_composite_free(c);
}

static double mpi(double a, double b, double wa, double wb) {
  double m = (wa * a + wb * b) / (wa + wb);
  double v = (wa * (a - m) * (a - m) + wb * (b - m) * (b - m)) / (wa + wb);
  return m - v / m;
}

static void test_aggregate(void) {
  aggregated("arithmetic", NULL, "p", ROW(31 / 4.0, 62 / 4.0, 31, 95 / 4.0));
  aggregated(
      "arithmetic", NULL, "I",
      ROW((31 / 4.0 + 2) / 2, (62 / 4.0 + 4) / 2, 31, (95 / 4.0 + 8) / 2));
  aggregated(
      "arithmetic", "1", "I",
      ROW((31 / 4.0 + 2) / 2, (62 / 4.0 + 4) / 2, NAN, (95 / 4.0 + 8) / 2));
  aggregated("arithmetic", "0,1", "p", ROW(31 / 4.0, 62 / 4.0, 31, 95 / 4.0));
  aggregated("geometric", NULL, "p",
             ROW(pow(1000, 0.25), pow(2 * 8000, 0.25), pow(4 * 64000, 0.25),
                 pow(5 * 27000, 0.25)));
  aggregated("harmonic", NULL, "p", ROW(4 / 1.3, 4 / 0.65, 4 / 0.325, 4 / 0.3));
  aggregated("genmean:2", NULL, "p",
             ROW(sqrt(301 / 4.0), sqrt(1204 / 4.0), sqrt(4816 / 4.0),
                 sqrt(2725 / 4.0)));
  aggregated("genmean:-1", NULL, "p",
             ROW(4 / 1.3, 4 / 0.65, 4 / 0.325, 4 / 0.3));
  aggregated("median", NULL, "p", ROW(5.5, 11, 22, 17.5));
  aggregated("sum", NULL, "I", ROW(13, 26, NAN, 43));
  aggregated("copeland", NULL, "p", ROW(-3, -1, 3, 1));
  aggregated("mpi", NULL, "p",
             ROW(mpi(1, 10, 1, 3), mpi(2, 20, 1, 3), mpi(4, 40, 1, 3),
                 mpi(5, 30, 1, 3)));
  aggregated("ampi:0:60", NULL, "p",
             ROW(mpi(71, 80, 1, 3), mpi(72, 90, 1, 3), mpi(74, 110, 1, 3),
                 mpi(75, 100, 1, 3)));
  aggregated("arithmetic,p=median", NULL, "p", ROW(5.5, 11, 22, 17.5));
}

/* Four points: two corners, the middle between them, half of that. */
static void test_bod(void) {
  chiso_composite *c =
      composite_of("uCode,a,b\nA,1,0\nB,0,1\nC,0.5,0.5\n"
                   "D,0.25,0.25\nE,0,0\nF,0.5,\nG,,\n",
                   "Level,iCode,Parent\n1,a,I\n1,b,I\n2,I,\n", NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "none", &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, "bod", NULL, &err), CHISO_OK);
  column(c, "I", ROW(1, 1, 1, 0.5, 0, 0.5, NAN));
  chiso_composite_free(c);
}

/* ---- what stands before -------------------------------------------------- */

static void test_impute(void) {
  static const char data[] = "uCode,Time,g,y\nA,2001,x,1\nA,2002,x,\n"
                             "A,2004,x,4\nA,2005,x,\nB,2001,x,5\nB,2002,x,8\n"
                             "C,2001,y,\nC,2002,y,2\n";
  static const struct {
    const char *method;
    double want[8];
  } cases[] = {
    { "panel:latest", { 1, 5, NAN, 1, 8, 2, 4, 4 } }, /* by time */
    { "panel:linear", { 1, 2, 4, 4, 5, 8, NAN, 2 } },
    { "panel:constant", { 1, 1, 4, 4, 5, 8, 2, 2 } },
    { "panel:linear-constant", { 1, 2, 4, 4, 5, 8, 2, 2 } },
    { "mean", { 1, 5, 4, NAN, 5, 8, 3, 2 } },
    { "median", { 1, 5, 4, NAN, 5, 8, 3, 2 } },
    { "group:g", { 1, 8, 4, NAN, 5, 8, NAN, 2 } },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    chiso_composite *c = composite_of(data, NULL, NULL, &err);
    MUST(c != NULL);
    CU_ASSERT_EQUAL(chiso_composite_impute(c, cases[i].method, &err), CHISO_OK);
    for (size_t r = 0; r < 8; r++)
      SAME(chiso_composite_data(c, 0)[r], cases[i].want[r]);
    if (i == 0) { /* units, times and groups go along */
      CU_ASSERT_STRING_EQUAL(chiso_composite_unit(c, 2), "C");
      CU_ASSERT_STRING_EQUAL(chiso_composite_time(c, 6), "2004");
      CU_ASSERT_STRING_EQUAL(chiso_composite_group_of(c, 0, 5), "y");
    }
    chiso_composite_free(c);
  }
}

/* ---- sums ---------------------------------------------------------------- */

/* The same ten products in every order, of sizes that plain additions lose:
 * units that are equal stay equal, and share a rank. */
static void test_equal_sums(void) {
  static const double x[] = { 1e16, 1, -1e16, 3, 1e8, 0.1, -1e8, 0.7, 5, 1e-3 };
  char data[16384] = "uCode", meta[1024] = "Level,iCode,Parent\n";
  size_t size = strlen(data), length = strlen(meta);
  uint64_t seed = 11;
  double ranks[40];
  for (int i = 0; i < 10; i++) {
    size += (size_t)snprintf(data + size, sizeof data - size, ",i%d", i);
    length +=
        (size_t)snprintf(meta + length, sizeof meta - length, "1,i%d,I\n", i);
  }
  (void)snprintf(meta + length, sizeof meta - length, "2,I,\n");
  for (int u = 0; u < 40; u++) {
    int order[10];
    for (int i = 0; i < 10; i++) {
      int at = (int)(xorshift(&seed) % (uint64_t)(i + 1));
      order[i] = order[at];
      order[at] = i;
    }
    size += (size_t)snprintf(data + size, sizeof data - size, "\nU%d", u);
    for (int i = 0; i < 10; i++)
      size += (size_t)snprintf(data + size, sizeof data - size, ",%.17g",
                               x[order[i]]);
  }
  chiso_composite *c = composite_of(data, meta, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "none", &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, "arithmetic", NULL, &err),
                  CHISO_OK);
  CU_ASSERT_EQUAL(
      chiso_composite_ranks(c, 10, SIZE_MAX, CHISO_TIES_MIN, ranks, &err),
      CHISO_OK);
  for (int u = 0; u < 40; u++)
    CU_ASSERT_EQUAL(ranks[u], 1);
  chiso_composite_free(c);
}

static void test_large_weights(void) {
  MUST(!composite_of("uCode,a,b\nA,1,2\nB,2,1\n",
                     "Level,iCode,Parent,Weight\n1,a,I,1e308\n1,b,I,1e308\n"
                     "2,I,,1\n",
                     NULL, &err));
  CU_ASSERT_EQUAL(err.status, CHISO_BAD_DATA);
}

static void treated(const char *method, const double *want) {
  chiso_composite *c =
      composite_of("uCode,y\nA,1\nB,2\nC,3\nD,4\nE,5\nF,6\nG,7\nH,300\nI,\n",
                   NULL, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_treat(c, method, &err), CHISO_OK);
  for (size_t r = 0; r < 9; r++)
    SAME(chiso_composite_data(c, 0)[r], want[r]);
  chiso_composite_free(c);
}

static void test_treat(void) {
  treated("winsorise:5", ROW(1, 2, 3, 4, 5, 6, 7, 7, NAN));
  treated("winsorise:0", ROW(1, 2, 3, 4, 5, 6, 7, 300, NAN));
  treated("default", ROW(1, 2, 3, 4, 5, 6, 7, 7, NAN));
  treated("none,y=boxcox:1", ROW(0, 1, 2, 3, 4, 5, 6, 299, NAN));
  treated("boxcox:0", ROW(0, log(2), log(3), log(4), log(5), log(6), log(7),
                          log(300), NAN));
  treated("log", ROW(log(2.99), log(3.99), log(4.99), log(5.99), log(6.99),
                     log(7.99), log(8.99), log(301.99), NAN));
  treated("log_gii", ROW(0, log(2), log(3), log(4), log(5), log(6), log(7),
                         log(300), NAN));
}

static void test_screen(void) {
  chiso_composite *c = composite_of(
      "uCode,g,a,b\nA,x,1,2\nB,y,,3\nC,z,0,0\nD,z,,\n", NULL, NULL, &err);
  MUST(c != NULL);
  chiso_composite_presence p = chiso_composite_presence_of(c, 3);
  CU_ASSERT_EQUAL(p.missing, 2);
  CU_ASSERT(isnan(p.nonzero));
  CU_ASSERT_EQUAL(chiso_composite_screen(c, "na:0.5,zero:0.5", &err), CHISO_OK);
  MUST(chiso_composite_rows(c) == 2);
  CU_ASSERT_STRING_EQUAL(chiso_composite_unit(c, 1), "B");
  CU_ASSERT_STRING_EQUAL(chiso_composite_group_of(c, 0, 1), "y");
  CU_ASSERT_EQUAL(chiso_composite_data(c, 1)[1], 3);
  CU_ASSERT_EQUAL(chiso_composite_screen(c, "na:1,zero:1", &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_rows(c), 1);
  chiso_composite_free(c);
}

static void test_denominate(void) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  MUST(c != NULL);
  const char *denoms = table_file("denoms.csv", "uCode,pop\nU4,8\nU3,4\nU2,2\n"
                                                "U1,10\n");
  CU_ASSERT_EQUAL(chiso_composite_denominate(c, "a=pop:100", denoms, &err),
                  CHISO_OK);
  SAME(chiso_composite_data(c, 0)[0], 10);
  SAME(chiso_composite_data(c, 0)[3], 62.5);
  CU_ASSERT_EQUAL(chiso_composite_denominate(c, "a=gdp", denoms, &err),
                  CHISO_USAGE);
  chiso_composite_free(c);
}

/* ---- weights ------------------------------------------------------------- */

static void test_weights(void) {
  double effective[5];
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  MUST(c != NULL);
  chiso_composite_effective_weights(c, effective);
  SAME(effective[composite_code(c, "a")], 0.125);
  SAME(effective[composite_code(c, "c")], 0.5);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "minmax", &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_weigh(c, "equal", "arithmetic", NULL, &err),
                  CHISO_OK);
  chiso_composite_effective_weights(c, effective);
  SAME(effective[composite_code(c, "b")], 0.25);
  const char *file = table_file("w.csv", "iCode,Weight\np,1\nc,3\n");
  CU_ASSERT_EQUAL(chiso_composite_weigh(c, file, "arithmetic", NULL, &err),
                  CHISO_OK);
  chiso_composite_effective_weights(c, effective);
  SAME(effective[composite_code(c, "a")], 0.0625);
  /* two that move together: the first component leans on both alike */
  CU_ASSERT_EQUAL(chiso_composite_weigh(c, "pca", "arithmetic", NULL, &err),
                  CHISO_OK);
  SAME(chiso_composite_code_at(c, 0).weight, sqrt(0.5));
  SAME(chiso_composite_code_at(c, 1).weight, sqrt(0.5));
  chiso_composite_free(c);
}

static double pearson(const double *x, const double *y, size_t n) {
  double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < n; i++)
    mx += x[i] / (double)n, my += y[i] / (double)n;
  for (size_t i = 0; i < n; i++) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / sqrt(xx * yy);
}

static void test_optimised(void) {
  chiso_composite *c = composite_of(
      "uCode,a,b,c\nA,1,5,2\nB,2,3,9\nC,3,4,4\nD,4,1,5\nE,5,9,7\nF,6,7,1\n",
      "Level,iCode,Parent\n1,a,I\n1,b,I\n1,c,I\n2,I,\n", NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "zscore", &err), CHISO_OK);
  CU_ASSERT_EQUAL(
      chiso_composite_weigh(c, "optimised", "arithmetic", NULL, &err),
      CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, "arithmetic", NULL, &err),
                  CHISO_OK);
  double first =
      pearson(chiso_composite_values(c, 0), chiso_composite_values(c, 3), 6);
  for (size_t i = 1; i < 3; i++)
    CU_ASSERT(near(
        pearson(chiso_composite_values(c, i), chiso_composite_values(c, 3), 6),
        first, 1e-4));
  chiso_composite_free(c);
}

/* ---- ranks --------------------------------------------------------------- */

static void test_ranks(void) {
  double out[6];
  chiso_composite *c = composite_of(
      "uCode,g,y\nA,x,5\nB,x,7\nC,y,5\nD,y,1\nE,x,5\nF,y,\n", NULL, NULL, &err);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, "none", &err), CHISO_OK);
  static const struct {
    size_t group;
    chiso_ties ties;
    double want[6];
  } cases[] = {
    { SIZE_MAX, CHISO_TIES_MIN, { 2, 1, 2, 5, 2, NAN } },
    { SIZE_MAX, CHISO_TIES_AVERAGE, { 3, 1, 3, 5, 3, NAN } },
    { 0, CHISO_TIES_MIN, { 2, 1, 1, 2, 2, NAN } },
    { 0, CHISO_TIES_AVERAGE, { 2.5, 1, 1, 2, 2.5, NAN } },
  };
  for (size_t i = 0; i < 4; i++) {
    CU_ASSERT_EQUAL(
        chiso_composite_ranks(c, 0, cases[i].group, cases[i].ties, out, &err),
        CHISO_OK);
    for (size_t r = 0; r < 6; r++)
      SAME(out[r], cases[i].want[r]);
  }
  chiso_composite_free(c);
}

/* ---- edges --------------------------------------------------------------- */

/* Nothing but numbers and gaps comes out, whatever comes in. */
static void test_degenerate(void) {
  static const char *const tables[] = {
    "uCode,a,b\nA,1,1\nB,1,1\nC,1,1\n", /* constant */
    "uCode,a,b\nA,1,2\n",               /* one unit */
    "uCode,a,b\nA,,\nB,,\n",            /* nothing at all */
    "uCode,a,b\nA,,1\nB,,2\n",          /* one column of nothing */
    "uCode,a,b\nA,-1,0\nB,0,-2\n",      /* nothing positive */
    "uCode,a,b\nA,1e300,-1e300\nB,-1e300,1e300\nC,0,0\n",
  };
  static const char *const scales[] = {
    "minmax",       "zscore",   "rank:min",        "prank:average",
    "borda",        "dist2max", "fracmax",         "dist2targ:1",
    "scaled:0:1:1", "none",     "goalposts:0:1:1",
  };
  static const char *const ways[] = { "arithmetic", "geometric", "harmonic",
                                      "genmean:-2", "median",    "sum",
                                      "copeland",   "mpi",       "ampi:0:1",
                                      "bod" };
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
    chiso_composite *c = composite_of(
        tables[t], "Level,iCode,Parent\n1,a,I\n1,b,I\n2,I,\n", NULL, &err);
    MUST(c != NULL);
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
      CU_ASSERT_EQUAL(chiso_composite_normalise(c, scales[s], &err), CHISO_OK);
      for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        chiso_status status = chiso_composite_aggregate(c, ways[w], NULL, &err);
        CU_ASSERT(status == CHISO_OK || status == CHISO_BAD_DATA);
        for (size_t r = 0; r < chiso_composite_rows(c); r++)
          CU_ASSERT(status != CHISO_OK || !isinf(composite_at(c, "I", r)));
      }
    }
    chiso_composite_free(c);
  }
}

static chiso_status everything(const chiso_allocator *a) {
  chiso_composite *c = NULL;
  chiso_status status = chiso_composite_read(table_file("data.csv", DATA),
                                             table_file("meta.csv", META),
                                             CHISO_LANG_EN, a, &c, &err);
  if (status == CHISO_OK)
    status = chiso_composite_screen(c, "na:0.1", &err);
  if (status == CHISO_OK)
    status = chiso_composite_impute(c, "group:group", &err);
  if (status == CHISO_OK)
    status = chiso_composite_treat(c, "default", &err);
  if (status == CHISO_OK)
    status = chiso_composite_normalise(c, "minmax:1:100,a=rank:min", &err);
  if (status == CHISO_OK)
    status = chiso_composite_weigh(c, "pca", "arithmetic", NULL, &err);
  if (status == CHISO_OK)
    status = chiso_composite_aggregate(c, "geometric,p=bod", "0.5", &err);
  chiso_composite_free(c);
  return status;
}

static void test_memory(void) {
  fail_each_request(everything, 400);
}

SUITE_MAIN({ "folder", test_folder }, { "normalise", test_normalise },
           { "aggregate", test_aggregate }, { "bod", test_bod },
           { "impute", test_impute }, { "equal sums", test_equal_sums },
           { "large weights", test_large_weights }, { "treat", test_treat },
           { "screen", test_screen }, { "denominate", test_denominate },
           { "weights", test_weights }, { "optimised", test_optimised },
           { "ranks", test_ranks }, { "degenerate", test_degenerate },
           { "memory", test_memory }, { "end", test_folder_end })
