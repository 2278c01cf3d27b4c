/* SPDX-License-Identifier: Apache-2.0
 * The audit of a composite index: figures by hand, and what happens at the
 * edges. tests/golden/audit.sh has whole tables. */
#include "chiso/audit.h"

#include "short_memory.h"
#include "table_file.h"

static chiso_error err;

static const char META[] = "Level,iCode,Parent,Direction,Weight\n"
                           "1,a,p,1,1\n"
                           "1,b,p,-1,3\n"
                           "1,c,I,1,2\n"
                           "2,p,I,1,2\n"
                           "3,I,,1,1\n";
static const char DATA[] = "uCode,a,b,c\n"
                           "U1,1,40,2\n"
                           "U2,2,30,4\n"
                           "U3,4,10,\n"
                           "U4,5,20,8\n";

#define SAME(got, want) CU_ASSERT(near((got), (want), 1e-12))
#define N(list)         (sizeof(list) / sizeof *(list))

static chiso_composite *built(const char *data, const char *normalise,
                              const char *aggregate) {
  chiso_composite *c = composite_of(data, META, NULL, &err);
  CU_ASSERT_PTR_NOT_NULL_FATAL(c);
  CU_ASSERT_EQUAL(chiso_composite_normalise(c, normalise, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_aggregate(c, aggregate, NULL, &err),
                  CHISO_OK);
  return c;
}

/* ---- columns ------------------------------------------------------------- */

static double pair(chiso_correlation kind, const double *x, const double *y,
                   size_t rows, size_t *pairs) {
  double r = 7;
  CU_ASSERT_EQUAL(
      chiso_correlations(kind, &x, 1, &y, 1, rows, NULL, &r, pairs, &err),
      CHISO_OK);
  return r;
}

static void test_correlations(void) {
  const double x[] = { 1, 2, NAN, 3, 4, 4 }, y[] = { 2, 1, 9, NAN, 5, 5 };
  const double flat[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 };
  const double none[] = { NAN, NAN, NAN, NAN, NAN, NAN };
  size_t pairs = 0;
  /* over (1,2) (2,1) (4,5) (4,5) */
  SAME(pair(CHISO_PEARSON, x, y, 6, &pairs), 8.25 / sqrt(6.75 * 12.75));
  CU_ASSERT_EQUAL(pairs, 4);
  SAME(pair(CHISO_SPEARMAN, x, y, 6, NULL), 3.5 / 4.5);
  SAME(pair(CHISO_KENDALL, x, y, 6, NULL), 3 / 5.0);
  for (int kind = 0; kind < 3; kind++) {
    CU_ASSERT(isnan(pair((chiso_correlation)kind, x, flat, 6, NULL)));
    CU_ASSERT(isnan(pair((chiso_correlation)kind, flat, flat, 6, NULL)));
    CU_ASSERT(isnan(pair((chiso_correlation)kind, none, x, 6, &pairs)));
    CU_ASSERT_EQUAL(pairs, 0);
    CU_ASSERT(isnan(pair((chiso_correlation)kind, x, y, 1, NULL)));
    CU_ASSERT_EQUAL(pair((chiso_correlation)kind, x, x, 6, NULL), 1);
  }
}

/* tau-b, pair by pair. */
static double slow_tau(const double *x, const double *y, size_t n) {
  double sum = 0, xs = 0, ys = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++) {
      int a = (x[i] > x[k]) - (x[i] < x[k]);
      int b = (y[i] > y[k]) - (y[i] < y[k]);
      bool both = !isnan(x[i]) && !isnan(x[k]) && !isnan(y[i]) && !isnan(y[k]);
      sum += both ? a * b : 0;
      xs += both ? a * a : 0;
      ys += both ? b * b : 0;
    }
  return xs > 0 && ys > 0 ? sum / sqrt(xs * ys) : (double)NAN;
}

/* Against all pairs, with many ties and gaps. */
static void test_kendall_random(void) {
  uint64_t seed = 5;
  double x[97], y[97];
  for (int round = 0; round < 97; round++) {
    size_t n = (size_t)round + 1;
    for (size_t i = 0; i < n; i++) {
      x[i] = (double)(xorshift(&seed) % 9);
      y[i] = (double)(xorshift(&seed) % (2 + (uint64_t)round));
      if (round % 3 == 0 && xorshift(&seed) % 5 == 0)
        x[i] = NAN;
    }
    double r = pair(CHISO_KENDALL, x, y, n, NULL), want = slow_tau(x, y, n);
    CU_ASSERT(near(r, want, 1e-12));
  }
}

/* Computed with 120 digits. */
static void test_p_values(void) {
  static const struct {
    double r;
    size_t n;
    double p;
  } known[] = {
    { 0.5, 3, 2 / 3.0 },
    { 0.5, 4, 0.5 },
    { 0.25, 20, 2.87763067900124625e-01 },
    { -0.25, 20, 2.87763067900124625e-01 },
    { 0.875, 63, 7.00963408928425326e-21 },
    { 0.0625, 63, 6.26527204786177405e-01 },
    { 0.999, 40, 6.68416631414117881e-53 },
    { 0.03125, 10001, 1.77485623057463860e-03 },
    { 0.125, 5000, 7.22068902015915728e-19 },
    { 0.5, 1001, 1.97191277954281978e-64 },
  };
  for (size_t i = 0; i < N(known); i++) {
    double p = chiso_correlation_p(known[i].r, known[i].n);
    CU_ASSERT(fabs(p - known[i].p) <= 1e-12 * known[i].p);
  }
  CU_ASSERT_EQUAL(chiso_correlation_p(0, 30), 1);
  CU_ASSERT_EQUAL(chiso_correlation_p(-1, 30), 0);
  CU_ASSERT_EQUAL(chiso_correlation_p(0.9999999999999999, 1000000), 0);
  CU_ASSERT(isnan(chiso_correlation_p(0.5, 2)));
  CU_ASSERT(isnan(chiso_correlation_p(NAN, 30)));
}

/* Gaps, ties, columns that do not vary; each figure against all pairs, or in a
 * table of its own, and the same bits for any number of threads. */
static void test_threads(void) {
  enum { COLUMNS = 37, ROWS = 131 };
  static double values[COLUMNS][ROWS], r[3][COLUMNS * COLUMNS],
      p[3][COLUMNS * COLUMNS];
  static size_t pairs[3][COLUMNS * COLUMNS];
  const double *x[COLUMNS];
  uint64_t seed = 11;
  for (size_t c = 0; c < COLUMNS; c++) {
    uint64_t kinds = c % 5 == 0 ? 1 : c % 3 == 0 ? 4 : 100000;
    for (size_t i = 0; i < ROWS; i++)
      values[c][i] = c % 4 == 1 && xorshift(&seed) % (c + 2) == 0
                         ? (double)NAN
                         : (double)(xorshift(&seed) % kinds) / 7;
    x[c] = values[c];
  }
  for (int kind = 0; kind < 3; kind++) {
    for (unsigned i = 0; i < 3; i++) {
      chiso_correlation_spec spec = { .kind = (chiso_correlation)kind,
                                      .threads = 1 + 3 * i,
                                      .x = x,
                                      .y = x,
                                      .n_x = COLUMNS,
                                      .n_y = COLUMNS,
                                      .rows = ROWS,
                                      .r = r[i],
                                      .pairs = pairs[i],
                                      .p = p[i] };
      CU_ASSERT_EQUAL(chiso_correlate(&spec, NULL, &err), CHISO_OK);
      CU_ASSERT_EQUAL(memcmp(r[i], r[0], sizeof r[0]), 0);
      CU_ASSERT_EQUAL(memcmp(p[i], p[0], sizeof p[0]), 0);
      CU_ASSERT_EQUAL(memcmp(pairs[i], pairs[0], sizeof pairs[0]), 0);
    }
    for (size_t i = 0; i < COLUMNS; i++)
      for (size_t k = 0; k < COLUMNS; k++) {
        size_t at = i * COLUMNS + k, n;
        double want = pair((chiso_correlation)kind, x[i], x[k], ROWS, &n);
        CU_ASSERT(near(r[0][at], want, 1e-13));
        CU_ASSERT_EQUAL(pairs[0][at], n);
        CU_ASSERT_EQUAL(isnan(p[0][at]), isnan(r[0][at]));
        if (kind == CHISO_KENDALL)
          CU_ASSERT(near(r[0][at], slow_tau(x[i], x[k], ROWS), 1e-13));
      }
  }
}

static double p_of(chiso_correlation kind, const double *x, const double *y,
                   size_t rows) {
  double r, p = 7;
  chiso_correlation_spec spec = { .kind = kind,
                                  .x = &x,
                                  .y = &y,
                                  .n_x = 1,
                                  .n_y = 1,
                                  .rows = rows,
                                  .r = &r,
                                  .p = &p };
  CU_ASSERT_EQUAL(chiso_correlate(&spec, NULL, &err), CHISO_OK);
  return p;
}

/* Of all orders of y the share with as much order, or disorder, or more. */
static double counted_p(const double *y, size_t n, bool kendall) {
  size_t order[8] = { 0 };
  double far = 0, all = 0, own = -1;
  for (size_t code = 0, codes = 1; code < codes; code++) {
    size_t left = code;
    codes = 1;
    for (size_t i = 0; i < n; i++) { /* a code of Lehmer */
      order[i] = left % (i + 1);
      left /= i + 1;
      codes *= i + 1;
      for (size_t k = 0; k < i; k++)
        order[k] += order[k] >= order[i];
    }
    for (int turn = own < 0 ? 0 : 1; turn < 2; turn++) {
      double sum = 0;
      for (size_t i = 0; i < n; i++) {
        double here = turn ? (double)order[i] : y[i] - 1;
        double d = (double)i - here;
        sum += kendall ? 0 : d * d;
        for (size_t k = 0; kendall && k < i; k++)
          sum += here < (turn ? (double)order[k] : y[k] - 1);
      }
      double rows = (double)n;
      double middle =
          kendall ? rows * (rows - 1) / 4 : (rows * rows * rows - rows) / 6;
      if (!turn)
        own = fabs(sum - middle);
      else
        far += fabs(sum - middle) >= own;
    }
    all++;
  }
  return far / all;
}

static void test_exact_p(void) {
  static const double x[] = { 1, 2, 3, 4, 5, 6, 7 };
  static const double ys[][7] = { { 1, 2, 3, 4, 5, 6, 7 },
                                  { 7, 6, 5, 4, 3, 1, 2 },
                                  { 2, 4, 1, 3, 7, 6, 5 },
                                  { 3, 1, 2, 7, 4, 5, 6 },
                                  { 4, 7, 1, 6, 2, 5, 3 } };
  for (size_t i = 0; i < N(ys); i++) {
    SAME(p_of(CHISO_KENDALL, x, ys[i], 7), counted_p(ys[i], 7, true));
    SAME(p_of(CHISO_SPEARMAN, x, ys[i], 7), counted_p(ys[i], 7, false));
  }
  SAME(p_of(CHISO_KENDALL, x, x, 3), 2 / 6.0);
  SAME(p_of(CHISO_SPEARMAN, x, x, 3), 2 / 6.0);
  CU_ASSERT(isnan(p_of(CHISO_KENDALL, x, x, 2)));
  CU_ASSERT(isnan(p_of(CHISO_SPEARMAN, x, x, 2)));
}

/* What cor.test() of R 4.2.2 gives: exact = FALSE, and exact for the last. */
static void test_p_of_ranks(void) {
  double x[60], y[60];
  for (size_t i = 0; i < 60; i++) {
    x[i] = (double)(i * 37 % 61);
    y[i] = (double)(i * i % 53) + (double)i / 64;
  }
  CU_ASSERT(near(p_of(CHISO_SPEARMAN, x, y, 60), 0.96806690693180442, 1e-12));
  CU_ASSERT(near(p_of(CHISO_KENDALL, x, y, 60), 0.95930685493890178, 1e-12));
  CU_ASSERT(near(p_of(CHISO_KENDALL, x, y, 49), 0.66186144694394877, 1e-12));
  CU_ASSERT(near(p_of(CHISO_SPEARMAN, x, y, 9), 0.67774470899470896, 1e-12));
  CU_ASSERT(near(p_of(CHISO_KENDALL, x, y, 12), 0.84058836964218908, 1e-12));
  for (size_t i = 0; i < 60; i++) { /* ties */
    x[i] = floor(x[i] / 7);
    y[i] = floor(y[i] / 9);
  }
  CU_ASSERT(near(p_of(CHISO_SPEARMAN, x, y, 60), 0.85669168730929446, 1e-12));
  CU_ASSERT(near(p_of(CHISO_KENDALL, x, y, 60), 0.8434005023819624, 1e-12));
  CU_ASSERT(near(p_of(CHISO_SPEARMAN, x, y, 9), 0.80574148385366406, 1e-12));
  CU_ASSERT(near(p_of(CHISO_KENDALL, x, y, 9), 0.82537357889690277, 1e-12));
}

static void test_alpha(void) {
  const double x[] = { 1, 2, 3, 4 }, y[] = { 2, 4, 6, NAN }, flat[4] = { 0 };
  const double none[] = { NAN, NAN, NAN, NAN };
  const double *two[] = { x, y }, *constant[] = { flat, flat };
  const double *gap[] = { x, none }, *both[] = { none, none };
  /* var 5/3 and 4, covariance of the first three 2 */
  SAME(chiso_cronbach(two, 2, 4), 2 * 4 / (5 / 3.0 + 4 + 4));
  CU_ASSERT(isnan(chiso_cronbach(two, 1, 4)));
  CU_ASSERT(isnan(chiso_cronbach(two, 2, 1)));
  CU_ASSERT(isnan(chiso_cronbach(constant, 2, 4)));
  CU_ASSERT(isnan(chiso_cronbach(both, 2, 4)));
  CU_ASSERT_EQUAL(chiso_cronbach(gap, 2, 4), 0);
}

static void test_components(void) {
  const double x[] = { 1, 2, 3, 4, NAN }, y[] = { 2, 1, 4, 3, 1 };
  const double flat[] = { 3, 3, 3, 3, 4 };
  const double *two[] = { x, y }, *constant[] = { x, flat };
  double rotation[4], sd[2];
  size_t components;
  CU_ASSERT_EQUAL(
      chiso_components(two, 2, 5, NULL, rotation, sd, &components, &err),
      CHISO_OK);
  CU_ASSERT_EQUAL(components, 2);
  SAME(sd[0], sqrt(1.6)); /* 1 + r, r = 0.6 */
  SAME(sd[1], sqrt(0.4));
  SAME(rotation[0], sqrt(0.5));
  SAME(rotation[1], sqrt(0.5));
  CU_ASSERT_EQUAL(
      chiso_components(constant, 2, 5, NULL, rotation, sd, &components, &err),
      CHISO_OK);
  CU_ASSERT_EQUAL(components, 0);
  CU_ASSERT_EQUAL(
      chiso_components(two, 2, 2, NULL, rotation, sd, &components, &err),
      CHISO_OK);
  CU_ASSERT_EQUAL(components, 0);
}

static void test_describe(void) {
  const double x[] = { 0, 5, 5, NAN, 7, 0 }, none[] = { NAN, NAN };
  const double far[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 50 }, one[] = { 3 };
  chiso_description d;
  CU_ASSERT_EQUAL(chiso_describe(x, 6, NULL, &d, &err), CHISO_OK);
  CU_ASSERT(d.available == 5 && d.nonzero == 3 && d.unique == 3 && d.same == 2);
  CU_ASSERT(d.min == 0 && d.max == 7 && d.median == 5);
  SAME(d.mean, 17 / 5.0);
  SAME(d.sd, sqrt(41.2 / 4));
  CU_ASSERT_EQUAL(chiso_describe(none, 2, NULL, &d, &err), CHISO_OK);
  CU_ASSERT(d.available == 0 && d.same == 0 && isnan(d.min) && isnan(d.mean) &&
            isnan(d.median) && isnan(d.sd) && isnan(d.skew));
  chiso_description_flags f = chiso_describe_flags(&d);
  CU_ASSERT(f.available && f.nonzero && f.unique && !f.outliers);
  CU_ASSERT_EQUAL(chiso_describe(one, 1, NULL, &d, &err), CHISO_OK);
  CU_ASSERT(d.mean == 3 && isnan(d.sd) && isnan(d.skew) && isnan(d.kurt));
  CU_ASSERT_EQUAL(chiso_describe(far, 10, NULL, &d, &err), CHISO_OK);
  CU_ASSERT(chiso_describe_flags(&d).outliers);
  CU_ASSERT(chiso_describe_flags(&d).unique);
}

/* ---- elements and units -------------------------------------------------- */

static void test_remove(void) {
  chiso_composite *c =
      built(DATA, "scaled:0:1:1,b=scaled:-50:-49:1", "arithmetic");
  size_t codes = chiso_composite_codes(c), rows = chiso_composite_rows(c);
  double out[4], before[5 * 4];
  memcpy(before, chiso_composite_values(c, 0), codes * rows * sizeof *before);
  /* b is 10, 20, 40, 30 */
  CU_ASSERT_EQUAL(chiso_audit_remove(c, composite_code(c, "a"), out, &err),
                  CHISO_OK);
  SAME(out[0], (10 + 2) / 2.0);
  SAME(out[2], 40);
  CU_ASSERT_EQUAL(chiso_audit_remove(c, composite_code(c, "p"), out, &err),
                  CHISO_OK);
  SAME(out[0], 2);
  CU_ASSERT(isnan(out[2])); /* c is missing there */
  CU_ASSERT_EQUAL(chiso_audit_remove(c, composite_code(c, "I"), out, &err),
                  CHISO_USAGE);
  /* as it was, in every bit */
  for (size_t i = 0; i < codes * rows; i++)
    CU_ASSERT_EQUAL(
        memcmp(&before[i], chiso_composite_values(c, 0) + i, sizeof before[0]),
        0);
  CU_ASSERT_EQUAL(chiso_composite_code_at(c, composite_code(c, "p")).weight, 2);
  chiso_composite_free(c);
  /* what another mean refuses leaves it as it was, too */
  c = built("uCode,a,b,c\nU1,-9,-4,50\nU2,1,-6,30\n", "none", "mpi");
  CU_ASSERT_EQUAL(chiso_audit_remove(c, composite_code(c, "b"), out, &err),
                  CHISO_BAD_DATA);
  CU_ASSERT_EQUAL(chiso_composite_code_at(c, composite_code(c, "b")).weight, 3);
  CU_ASSERT(!isnan(composite_at(c, "I", 0)));
  chiso_composite_free(c);
}

static void test_standings(void) {
  chiso_composite *c = built(DATA, "none", "sum");
  double ranks[3 * 4];
  size_t order[3];
  CU_ASSERT_EQUAL(chiso_audit_standings(c, ranks, &err), CHISO_OK);
  static const double want[] = { NAN, 3, 2, 1, NAN, 3, 1, 2, NAN, 2, NAN, 1 };
  for (size_t i = 0; i < 12; i++)
    SAME(ranks[i], want[i]);
  CU_ASSERT_EQUAL(chiso_audit_order(c, ranks, 0, order), 0);
  CU_ASSERT_EQUAL(chiso_audit_order(c, ranks, 3, order), 3);
  CU_ASSERT(order[0] == 0 && order[1] == 2 && order[2] == 1);
  double share[5 * 4];
  CU_ASSERT_EQUAL(chiso_audit_availability(c, share, &err), CHISO_OK);
  SAME(share[composite_code(c, "I") * 4 + 2], 2 / 3.0);
  SAME(share[composite_code(c, "p") * 4 + 2], 1);
  SAME(share[composite_code(c, "c") * 4 + 2], 0);
  chiso_composite_free(c);
}

static void test_outrank(void) {
  chiso_composite *c =
      built("uCode,a,b,c\nU1,1,5,2\nU2,1,3,\nU3,9,1,9\nU4,,,\n", "none",
            "arithmetic");
  const size_t codes[] = { 0, 1, 2 };
  CU_ASSERT_EQUAL(chiso_audit_outrank(c, codes, 3, 0, 0), 0);
  SAME(chiso_audit_outrank(c, codes, 3, 0, 1), 0.5 / 4); /* c is left out */
  SAME(chiso_audit_outrank(c, codes, 3, 1, 0), 3.5 / 4);
  CU_ASSERT_EQUAL(chiso_audit_outrank(c, codes, 3, 2, 0), 1);
  CU_ASSERT_EQUAL(chiso_audit_outrank(c, codes, 3, 0, 2), 0);
  CU_ASSERT(isnan(chiso_audit_outrank(c, codes, 3, 0, 3)));
  chiso_composite_free(c);
}

static void test_peers(void) {
  chiso_composite *c = built(DATA, "minmax:0:1", "arithmetic");
  chiso_peer peers[4];
  size_t count = 9;
  CU_ASSERT_EQUAL(chiso_audit_peers(c, 2, 9, peers, &count, &err), CHISO_OK);
  MUST(count == 3);
  /* effective weights 1/8, 3/8, 1/2; U3 has no c */
  CU_ASSERT(peers[0].row == 3 && peers[0].shared == 2);
  SAME(peers[0].distance, sqrt((1 / 16.0 + 3 / 9.0) / 4));
  CU_ASSERT(peers[1].row == 1 && peers[2].row == 0);
  CU_ASSERT_EQUAL(chiso_audit_peers(c, 2, 1, peers, &count, &err), CHISO_OK);
  CU_ASSERT_EQUAL(count, 1);
  chiso_composite_free(c);
  c = built("uCode,a,b,c\nU1,1,2,3\n", "minmax", "arithmetic");
  CU_ASSERT_EQUAL(chiso_audit_peers(c, 0, 5, peers, &count, &err), CHISO_OK);
  CU_ASSERT_EQUAL(count, 0);
  chiso_composite_free(c);
}

/* Without U3 the range of a is a tenth of what it was. */
static void test_reversals(void) {
  static const char data[] = "uCode,a,b,c\n"
                             "U1,9,0,0\n"
                             "U2,0,0,2\n"
                             "U3,90,0,8\n";
  chiso_composite *c = built(data, "minmax:0:1", "arithmetic");
  chiso_reversal list[4];
  size_t count = 0;
  CU_ASSERT_EQUAL(chiso_audit_reversals(c, "minmax:0:1", list, &count, &err),
                  CHISO_OK);
  MUST(count == 3);
  CU_ASSERT(list[2].known && list[2].row == 2 && list[2].pairs == 1);
  CU_ASSERT(list[2].reversed == 0 && list[2].tied == 1); /* 1 and 1 */
  CU_ASSERT(list[0].known && list[0].reversed == 0 && list[0].moved == 0);
  chiso_composite_free(c);
  c = built("uCode,a,b,c\nU1,9,0,0\nU2,0,0,2\nU4,0,0,4\nU3,90,0,9\n",
            "minmax:0:1", "arithmetic");
  CU_ASSERT_EQUAL(chiso_audit_reversals(c, "minmax:0:1", list, &count, &err),
                  CHISO_OK);
  MUST(count == 4);
  CU_ASSERT(list[3].row == 3 && list[3].pairs == 3);
  CU_ASSERT(list[3].reversed == 1 && list[3].tied == 1);
  CU_ASSERT(list[3].moved == 2 && list[3].shift == 2);
  chiso_composite_free(c);
}

static void test_reversals_edges(void) {
  chiso_reversal list[4];
  size_t count = 9;
  chiso_composite *c = built("uCode,a,b,c\nU1,1,2,3\n", "none", "arithmetic");
  CU_ASSERT_EQUAL(chiso_audit_reversals(c, "none", list, &count, &err),
                  CHISO_OK);
  CU_ASSERT(count == 1 && !list[0].known);
  chiso_composite_free(c);
  /* the unit that the others are measured by */
  c = built("uCode,a,b,c\nU1,1,4,3\nU2,2,3,4\nU3,5,1,6\n", "dist2ref:U3",
            "arithmetic");
  size_t remarks = chiso_composite_remarks(c);
  CU_ASSERT_EQUAL(chiso_audit_reversals(c, "dist2ref:U3", list, &count, &err),
                  CHISO_OK);
  CU_ASSERT(count == 3 && list[0].known && !list[2].known);
  CU_ASSERT_EQUAL(chiso_composite_remarks(c), remarks);
  chiso_composite_free(c);
  /* a panel: a unit goes with all its times; pairs are of one time */
  c = built(
      "uCode,Time,a,b,c\nU1,1,1,4,3\nU2,1,2,3,4\nU3,1,3,1,6\nU1,2,5,1,6\n",
      "minmax", "arithmetic");
  CU_ASSERT_EQUAL(chiso_audit_reversals(c, "minmax", list, &count, &err),
                  CHISO_OK);
  CU_ASSERT(count == 3 && list[0].pairs == 1 && list[1].pairs == 1);
  chiso_composite_free(c);
}

/* ---- over time ----------------------------------------------------------- */

static void test_trends(void) {
  static const char data[] = "uCode,Time,y,z\n"
                             "B,2012,8,1\nA,2010,1,0\nA,2012,4,\nA,2014,7,0\n"
                             "B,2010,2,-1\nC,2010,5,\nC,2011,,\n";
  chiso_trend t[2 * 7];
  chiso_composite *c = composite_of(data, NULL, NULL, &err);
  CU_ASSERT_PTR_NOT_NULL_FATAL(c);
  CU_ASSERT_EQUAL(chiso_audit_trends(c, 2, t, &err), CHISO_OK);
  CU_ASSERT(t[1].first && !t[2].first && t[0].first && !t[4].first);
  CU_ASSERT_EQUAL(t[1].n, 3);
  SAME(t[1].growth, pow(7, 0.25) - 1);
  CU_ASSERT(near(t[1].change, 300, 1e-10)); /* the line is 1, 4, 7 */
  SAME(t[0].growth, 1);                     /* 2 to 8 in two years */
  SAME(t[0].change, 300);                   /* of two values, theirs */
  SAME(t[7 + 1].growth, 0);
  SAME(t[7 + 1].change, 0);
  CU_ASSERT(isnan(t[7].growth)); /* the root of a negative number */
  CU_ASSERT_EQUAL(t[5].n, 1);
  CU_ASSERT(isnan(t[5].growth) && isnan(t[5].change));
  CU_ASSERT_EQUAL(t[7 + 5].n, 0);
  chiso_composite_free(c);
  c = composite_of(DATA, META, NULL, &err);
  CU_ASSERT_PTR_NOT_NULL_FATAL(c);
  CU_ASSERT_EQUAL(chiso_audit_trends(c, 1, t, &err), CHISO_USAGE);
  chiso_composite_free(c);
}

/* Two columns that go against each other: rounding decides no sign. */
static void test_components_sign(void) {
  const double a[] = { 1, 2, 4, 7 }, b[] = { 9, 5, 6, 1 };
  const double *ab[] = { a, b }, *ba[] = { b, a };
  double m[4], sd[2];
  size_t n;
  CU_ASSERT_EQUAL(chiso_components(ab, 2, 4, NULL, m, sd, &n, &err), CHISO_OK);
  SAME(m[0], sqrt(0.5));
  SAME(m[1], -sqrt(0.5));
  CU_ASSERT_EQUAL(chiso_components(ba, 2, 4, NULL, m, sd, &n, &err), CHISO_OK);
  SAME(m[0], sqrt(0.5));
  const double *aa[] = { a, a }; /* the second component is none */
  CU_ASSERT_EQUAL(chiso_components(aa, 2, 4, NULL, m, sd, &n, &err), CHISO_OK);
  SAME(sd[0], sqrt(2));
  CU_ASSERT_EQUAL(sd[1], 0);
}

/* ---- memory -------------------------------------------------------------- */

static chiso_status everything(const chiso_allocator *a) {
  chiso_composite *c = NULL;
  double m[12], p[12], sd[3], out[5 * 4];
  size_t components, count;
  chiso_peer peers[4];
  chiso_reversal list[4];
  chiso_description d;
  chiso_trend trends[3];
  chiso_status status = chiso_composite_read(table_file("data.csv", DATA),
                                             table_file("meta.csv", META),
                                             CHISO_LANG_EN, a, &c, &err);
  if (status == CHISO_OK)
    status = chiso_composite_normalise(c, "minmax", &err);
  if (status == CHISO_OK)
    status = chiso_composite_aggregate(c, "arithmetic", NULL, &err);
  const double *x[3] = { 0 };
  for (size_t i = 0; i < 3 && status == CHISO_OK; i++)
    x[i] = chiso_composite_values(c, i);
  for (int kind = 0; kind < 3 && status == CHISO_OK; kind++) {
    chiso_correlation_spec spec = { .kind = (chiso_correlation)kind,
                                    .threads = 2,
                                    .x = x,
                                    .y = x,
                                    .n_x = 3,
                                    .n_y = 3,
                                    .rows = 4,
                                    .r = m,
                                    .p = p };
    status = chiso_correlate(&spec, a, &err);
  }
  if (status == CHISO_OK)
    status = chiso_components(x, 3, 4, a, m, sd, &components, &err);
  if (status == CHISO_OK)
    status = chiso_describe(x[0], 4, a, &d, &err);
  if (status == CHISO_OK)
    status = chiso_audit_remove(c, 0, out, &err);
  if (status == CHISO_OK)
    status = chiso_audit_availability(c, out, &err);
  if (status == CHISO_OK)
    status = chiso_audit_standings(c, out, &err);
  if (status == CHISO_OK)
    status = chiso_audit_peers(c, 0, 4, peers, &count, &err);
  if (status == CHISO_OK)
    status = chiso_audit_reversals(c, "minmax", list, &count, &err);
  chiso_composite_free(c);
  c = NULL;
  if (status == CHISO_OK)
    status = chiso_composite_read(
        table_file("time.csv", "uCode,Time,y\nA,1,1\nA,2,2\nA,4,\n"), NULL,
        CHISO_LANG_EN, a, &c, &err);
  if (status == CHISO_OK)
    status = chiso_audit_trends(c, 1, trends, &err);
  if (status == CHISO_OK)
    status = chiso_composite_impute(c, "panel:latest", &err);
  chiso_composite_free(c);
  return status;
}

static void test_memory(void) {
  fail_each_request(everything, 400);
}

SUITE_MAIN({ "folder", test_folder }, { "correlations", test_correlations },
           { "kendall", test_kendall_random }, { "threads", test_threads },
           { "p-values", test_p_values }, { "exact", test_exact_p },
           { "of ranks", test_p_of_ranks }, { "alpha", test_alpha },
           { "components", test_components }, { "describe", test_describe },
           { "remove", test_remove }, { "standings", test_standings },
           { "outrank", test_outrank }, { "peers", test_peers },
           { "reversals", test_reversals }, { "edges", test_reversals_edges },
           { "trends", test_trends },
           { "components' sign", test_components_sign },
           { "memory", test_memory }, { "end", test_folder_end })
