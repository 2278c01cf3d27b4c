/* SPDX-License-Identifier: Apache-2.0
 * How sure: random numbers, sequences, replications, indices of Sobol'. */
#include "table_file.h"

#include "analysis/design.h"
#include "analysis/indices.h"
#include "analysis/random.h"
#include "analysis/sobol.h"
#include "chiso/sensitivity.h"
#include "chiso/uncertainty.h"
#include "fixture.h"

static chiso_error err;

static const char META[] = "Level,iCode,Parent,Direction,Weight\n"
                           "1,a,p,1,1\n1,b,p,1,1\n1,c,q,1,1\n"
                           "2,p,I,1,1\n2,q,I,1,1\n3,I,,1,1\n";
static const char DATA[] = "uCode,a,b,c\nU1,10,2,3\nU2,4,8,1\nU3,1,1,9\n";

/* Known answers of Random123 1.14, kat_vectors: philox4x32 with 10 rounds. */
static void test_philox(void) {
  static const struct {
    uint32_t counter[4], key[2], want[4];
  } known[] = {
    { { 0, 0, 0, 0 },
      { 0, 0 },
      { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
    { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
      { 0xffffffff, 0xffffffff },
      { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
    { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
      { 0xa4093822, 0x299f31d0 },
      { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const uint32_t *c = known[i].counter, *k = known[i].key;
    uint32_t got[4];
    chiso__random((uint64_t)k[1] << 32 | k[0], (uint64_t)c[1] << 32 | c[0],
                  c[2], c[3], got);
    CU_ASSERT_EQUAL(memcmp(got, known[i].want, sizeof got), 0);
  }
}

/* The first points as published, and in every dimension one of the first 2^k
 * points in each of 2^k equal parts. */
static void test_sobol(void) {
  static const double third[] = { 0, 0.5, 0.25, 0.75 };
  uint32_t v[32];
  chiso__sobol_directions(2, v);
  for (uint32_t i = 0; i < 4; i++)
    CU_ASSERT_EQUAL(chiso__sobol(v, i) * 0x1p-32, third[i]);
  for (uint32_t d = 0; d < CHISO__SOBOL_DIMENSIONS; d++) {
    uint8_t seen[1024] = { 0 };
    chiso__sobol_directions(d, v);
    for (uint32_t i = 0; i < 1024; i++)
      seen[chiso__sobol(v, i) >> 22]++;
    for (uint32_t i = 0; i < 1024; i++)
      CU_ASSERT_EQUAL(seen[i], 1);
  }
}

/* Two numbers agree in as many first bits after scrambling as before. */
static void test_owen(void) {
  uint64_t state = 9;
  for (unsigned i = 0; i < 20000; i++) {
    uint32_t seed = (uint32_t)xorshift(&state), x = (uint32_t)xorshift(&state);
    uint32_t bits = (uint32_t)(xorshift(&state) % 32);
    uint32_t y = x ^ (0x80000000u >> bits) ^
                 ((uint32_t)xorshift(&state) & (0x7fffffffu >> bits));
    uint32_t differ = chiso__owen(x, seed) ^ chiso__owen(y, seed);
    CU_ASSERT_EQUAL(differ >> (31 - bits), 1);
  }
}

/* The first two dimensions are a (0, 2)-sequence: of any 2^m points in a row
 * that begin at a multiple of 2^m one lies in each box of that size. All
 * dimensions alone: one in each part. Seeds differ. */
static void test_net(void) {
  chiso__points p;
  uint64_t at[2];
  for (uint64_t seed = 1; seed <= 5; seed++) {
    chiso__points_open(&p, 2, seed, false);
    for (uint32_t m = 0; m <= 9; m++)
      for (uint32_t a = 0; a <= m; a++)
        for (uint32_t first = 0; first < 2048; first += 1024) {
          uint8_t seen[512] = { 0 };
          for (uint32_t i = 0; i < 1u << m; i++) {
            chiso__design_point(&p, 0, first + i, at);
            uint64_t box =
                (at[0] >> (32 - a)) << (m - a) | at[1] >> (32 - m + a);
            seen[box & 511]++;
          }
          for (uint32_t i = 0; i < 1u << m; i++)
            CU_ASSERT_EQUAL(seen[i], 1);
        }
  }
  uint64_t point[CHISO__LIMIT_INPUTS];
  chiso__points_open(&p, CHISO__LIMIT_INPUTS, 3, false);
  for (size_t block = 0; block < 2; block++)
    for (size_t d = 0; d < CHISO__LIMIT_INPUTS; d++) {
      uint8_t seen[256] = { 0 };
      for (uint32_t i = 0; i < 256; i++) {
        chiso__design_point(&p, block, i, point);
        seen[point[d] >> 24]++;
      }
      for (uint32_t i = 0; i < 256; i++)
        CU_ASSERT_EQUAL(seen[i], 1);
    }
}

/* sin x + 7 sin(y)^2 + 0.1 z^4 sin x on -pi .. pi: T. Ishigami, T. Homma: An
 * importance quantification technique in uncertainty analysis for computer
 * models, 1990. Mean error of the six indices. */
static void ishigami(uint64_t seed, bool plain, double *out) {
  static const double want[6] = { 0.313905, 0.442411, 0,
                                  0.557589, 0.442411, 0.243684 };
  enum { N = 1024 };
  const double pi = 3.14159265358979323846;
  chiso_sensitivity *s;
  chiso__points p;
  uint64_t at[CHISO__LIMIT_INPUTS];
  double mean = 0, error = 0;
  MUST(chiso__sensitivity_new(3, N, NULL, &s, &err) == CHISO_OK);
  chiso__points_open(&p, 3, seed, plain);
  for (size_t k = 0; k < 5 * (size_t)N; k++) {
    double x[3];
    chiso__design_point(&p, k / N, (uint32_t)(k % N), at);
    for (size_t i = 0; i < 3; i++)
      x[i] = pi * (2 * chiso__unit((uint32_t)at[i]) - 1);
    s->y[k] = sin(x[0]) + 7 * sin(x[1]) * sin(x[1]) +
              0.1 * x[2] * x[2] * x[2] * x[2] * sin(x[0]);
    mean += k < 2 * (size_t)N ? s->y[k] / (2 * N) : 0;
  }
  for (size_t k = 0; k < 5 * (size_t)N; k++)
    s->y[k] -= mean;
  MUST(chiso__sensitivity_estimate(s, 1, 2, &err) == CHISO_OK);
  for (size_t i = 0; i < 3; i++) {
    chiso_sensitivity_input in = chiso_sensitivity_at(s, i);
    error += fabs(in.first - want[i]) + fabs(in.total - want[3 + i]);
  }
  chiso_sensitivity_free(s);
  *out = error / 6;
}

static void test_ishigami(void) {
  double even = 0, plain = 0, worst = 0;
  for (uint64_t seed = 1; seed <= 64; seed++) {
    double one, other;
    ishigami(seed, false, &one);
    ishigami(seed, true, &other);
    even += one / 64;
    worst = fmax(worst, one);
    plain += other / 64;
  }
  (void)fprintf(stderr, "Ishigami: %.5f (worst %.5f), plain %.5f\n", even,
                worst, plain);
  CU_ASSERT(even < 0.008 && worst < 0.02);
  CU_ASSERT(plain > 3 * even);
}

static chiso_uncertainty_spec plain_spec(const char *perturb) {
  return (chiso_uncertainty_spec) { .normalise = "none",
                                    .aggregate = "arithmetic",
                                    .perturb = perturb,
                                    .replications = 400,
                                    .seed = 1,
                                    .scores = true,
                                    .pairs = true };
}

static chiso_status run(const char *data, const chiso_uncertainty_spec *spec,
                        chiso_composite **c, chiso_uncertainty **u) {
  *c = composite_of(data, META, NULL, &err);
  CU_ASSERT_PTR_NOT_NULL_FATAL(*c);
  *u = NULL;
  return chiso_uncertainty_run(*c, spec, u, &err);
}

/* What is left out takes its parent with it where it was the only child. */
static void test_exclude(void) {
  chiso_uncertainty_spec spec = plain_spec("exclude:1");
  chiso_composite *c;
  chiso_uncertainty *u;
  size_t seen[3] = { 0 };
  CU_ASSERT_EQUAL_FATAL(run(DATA, &spec, &c, &u), CHISO_OK);
  static const double without[] = { (2 + 3) / 2.0, (10 + 3) / 2.0, 6 };
  for (uint64_t i = 0; i < spec.replications; i++) {
    double x = chiso_uncertainty_score_in(u, i, 0);
    size_t k = 0;
    while (k < 3 && !near(x, without[k], 1e-12))
      k++;
    MUST(k < 3);
    seen[k]++;
  }
  CU_ASSERT(seen[0] > 90 && seen[1] > 90 && seen[2] > 90);
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
}

/* Counts of ranks, pairs and scores tell the same story. */
static void test_counts(void) {
  chiso_uncertainty_spec spec =
      plain_spec("weights:0.9,normalise:none|rank:min,aggregate:arithmetic|"
                 "geometric,median");
  chiso_composite *c;
  chiso_uncertainty *u;
  CU_ASSERT_EQUAL_FATAL(run(DATA, &spec, &c, &u), CHISO_OK);
  for (size_t a = 0; a < 3; a++) {
    uint64_t ranks = 0, above = 0, first = 0, over[3] = { 0 };
    for (size_t r = 1; r <= 3; r++)
      ranks += chiso_uncertainty_count(u, a, r);
    for (uint64_t i = 0; i < spec.replications; i++) {
      size_t better = 0;
      for (size_t b = 0; b < 3; b++) {
        double mine = chiso_uncertainty_score_in(u, i, a);
        double other = chiso_uncertainty_score_in(u, i, b);
        better += other > mine;
        over[b] += mine > other;
      }
      first += better == 0;
    }
    for (size_t b = 0; b < 3; b++)
      above += over[b] == chiso_uncertainty_above(u, a, b);
    CU_ASSERT_EQUAL(ranks, spec.replications);
    CU_ASSERT_EQUAL(above, 3);
    CU_ASSERT_EQUAL(first, chiso_uncertainty_count(u, a, 1));
  }
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
}

/* Many units are ranked by sorting, few by counting: both say the same. */
static void test_ranks(void) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  enum { MANY = 288 };
  double s[MANY];
  uint32_t few[MANY], many[MANY];
  uint64_t seed = 5;
  MUST(c != NULL);
  chiso__model m = { .c = c, .n = MANY, .padded = MANY };
  chiso__lane lane;
  CU_ASSERT_EQUAL_FATAL(chiso__lane_open(&lane, &m, &err), CHISO_OK);
  for (size_t i = 0; i < MANY; i++)
    s[i] = i >= 200      ? -(double)INFINITY
           : i % 17 == 0 ? (double)NAN
                         : (double)(xorshift(&seed) % 50);
  chiso__rank_rows(s, 200, &lane, few);
  chiso__rank_rows(s, MANY, &lane, many);
  for (size_t i = 0; i < 200; i++)
    CU_ASSERT_EQUAL(few[i], many[i]);
  chiso__lane_free(&lane);
  chiso_composite_free(c);
}

/* Kept beside the two tables of a composite. */
static const char *weights_file(const char *text) {
  static char path[64];
  (void)snprintf(path, sizeof path, "%s", table_file("in.csv", text));
  return path;
}

static void refused(const char *data, chiso_uncertainty_spec spec,
                    chiso_status status, const char *says) {
  chiso_composite *c;
  chiso_uncertainty *u;
  CU_ASSERT_EQUAL(run(data, &spec, &c, &u), status);
  CU_ASSERT_PTR_NULL(u);
  CU_ASSERT(strstr(err.text, says) != NULL);
  if (!strstr(err.text, says))
    (void)fprintf(stderr, "%s\n", err.text);
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
}

static void test_refused(void) {
  chiso_uncertainty_spec spec = plain_spec("weights:0.25");
  spec.replications = 0;
  refused(DATA, spec, CHISO_USAGE, "write 1 to 100000000");
  spec.replications = UINT64_C(1000000000000);
  refused(DATA, spec, CHISO_USAGE, "write 1 to 100000000");
  spec.replications = 90000000;
  refused(DATA, spec, CHISO_USAGE, "too many to keep");
  refused(DATA, plain_spec(""), CHISO_USAGE, "nothing changes");
  refused(DATA, plain_spec("wieghts:0.25"), CHISO_USAGE, "weights:X");
  refused(DATA, plain_spec("weights:0"), CHISO_USAGE, "above 0");
  refused(DATA, plain_spec("weights:1.5"), CHISO_USAGE, "above 0");
  refused(DATA, plain_spec("weights:0.1,weights:0.2"), CHISO_USAGE, "twice");
  refused(DATA, plain_spec("weight:x:0.1"), CHISO_USAGE, "no code \"x\"");
  refused(DATA, plain_spec("weight:I:0.1"), CHISO_USAGE, "is the whole");
  refused(DATA, plain_spec("weight:a"), CHISO_USAGE, "weight:CODE:X");
  refused(DATA, plain_spec("normalise:minmax|nonsense"), CHISO_USAGE,
          "nonsense");
  refused(DATA, plain_spec("normalise:minmax||rank"), CHISO_USAGE, "--perturb");
  refused(DATA, plain_spec("aggregate:mode"), CHISO_USAGE, "mode");
  refused(DATA, plain_spec("exclude:9"), CHISO_USAGE, "another level");
  refused(DATA, plain_spec("exclude:3"), CHISO_USAGE, "another level");
  refused("uCode,a,b,c\nU1,-1,2,3\nU2,1,2,3\n",
          plain_spec("aggregate:arithmetic|geometric"), CHISO_BAD_DATA,
          "not positive");
  refused("uCode,a,b,c\nU1,,,\nU2,,,\n", plain_spec("weights:0.5"),
          CHISO_BAD_DATA, "no unit has a score");
  spec = plain_spec("");
  spec.weights_in = weights_file("rep,iCode,Weight\n1,a,0\n1,b,0\n");
  refused(DATA, spec, CHISO_BAD_DATA, "sum to zero");
  spec.weights_in = weights_file("rep,iCode,Weight\n1,a,1\n3,b,0\n");
  refused(DATA, spec, CHISO_BAD_DATA, "replication");
}

/* One unit, a unit without data, ties everywhere: figures, never NaN where
 * there is a rank. */
static void test_edges(void) {
  chiso_uncertainty_spec spec = plain_spec("weights:0.5");
  chiso_composite *c;
  chiso_uncertainty *u;
  CU_ASSERT_EQUAL_FATAL(run("uCode,a,b,c\nU1,1,2,3\n", &spec, &c, &u),
                        CHISO_OK);
  chiso_spread s = chiso_uncertainty_rank(u, 0);
  CU_ASSERT(s.nominal == 1 && s.mean == 1 && s.q95 == 1 && s.sd == 0);
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
  CU_ASSERT_EQUAL_FATAL(
      run("uCode,a,b,c\nU1,1,2,3\nU2,,,\nU3,1,2,3\n", &spec, &c, &u), CHISO_OK);
  s = chiso_uncertainty_rank(u, 1);
  CU_ASSERT(isnan(s.nominal) && isnan(s.mean) && isnan(s.q5) && isnan(s.sd));
  CU_ASSERT_EQUAL(chiso_uncertainty_count(u, 1, 0), spec.replications);
  CU_ASSERT_EQUAL(chiso_uncertainty_count(u, 2, 1), spec.replications);
  CU_ASSERT_EQUAL(chiso_uncertainty_above(u, 0, 2), 0);
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
}

static chiso_sensitivity_spec sample_spec(const char *inputs,
                                          const char *output) {
  return (chiso_sensitivity_spec) { .normalise = "none",
                                    .aggregate = "arithmetic",
                                    .inputs = inputs,
                                    .output = output,
                                    .samples = 1024,
                                    .seed = 3,
                                    .bootstraps = 50 };
}

/* score(q) of U1 is c alone; that of the top is (p + q) / 2 with a and b drawn
 * apart: an input that does not reach the output has indices of 0, and those of
 * an additive model add up to 1. */
static void test_indices(void) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  chiso_sensitivity_spec spec =
      sample_spec("weight:a:0.01,weight:p:0.01,weight:c:0.5", "score:I:U1");
  chiso_sensitivity *k;
  MUST(c != NULL);
  CU_ASSERT_EQUAL_FATAL(chiso_sensitivity_run(c, &spec, &k, &err), CHISO_OK);
  double sum = 0;
  for (size_t i = 0; i < 3; i++) {
    chiso_sensitivity_input in = chiso_sensitivity_at(k, i);
    sum += in.first;
    CU_ASSERT(fabs(in.first - in.total) < 0.02);
    CU_ASSERT(in.first_q5 <= in.first_q95 && in.total_q5 <= in.total_q95);
  }
  CU_ASSERT(sum > 0.97 && sum < 1.03);
  CU_ASSERT(chiso_sensitivity_at(k, 2).total < 1e-20);
  CU_ASSERT_STRING_EQUAL(chiso_sensitivity_at(k, 0).name, "weight:a");
  chiso_sensitivity_free(k);
  spec = sample_spec("weights:0.5", "score:q:U1");
  CU_ASSERT_EQUAL_FATAL(chiso_sensitivity_run(c, &spec, &k, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_sensitivity_variance(k), 0);
  CU_ASSERT(isnan(chiso_sensitivity_at(k, 0).first));
  chiso_sensitivity_free(k);
  /* q is c alone, whatever its weight: its ranks stay. */
  spec = sample_spec("weights:0.5", "mean-rank-change:q");
  CU_ASSERT_EQUAL_FATAL(chiso_sensitivity_run(c, &spec, &k, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_sensitivity_variance(k), 0);
  chiso_sensitivity_free(k);
  spec = sample_spec("weights:0.9", "mean-rank-change:I");
  CU_ASSERT_EQUAL_FATAL(chiso_sensitivity_run(c, &spec, &k, &err), CHISO_OK);
  CU_ASSERT(chiso_sensitivity_variance(k) > 0);
  chiso_sensitivity_free(k);
  static const char *const wrong[] = { "rank",
                                       "rank:U9",
                                       "score:I",
                                       "mean-rank-change:",
                                       "mean-rank-change:a",
                                       "mean-rank-changes",
                                       "score:a:U1",
                                       "score:x:U1" };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    spec = sample_spec("weights:0.5", wrong[i]);
    CU_ASSERT_EQUAL(chiso_sensitivity_run(c, &spec, &k, &err), CHISO_USAGE);
  }
  spec = sample_spec("weights:0.5", "rank:U1");
  spec.samples = 1;
  CU_ASSERT_EQUAL(chiso_sensitivity_run(c, &spec, &k, &err), CHISO_USAGE);
  chiso_composite_free(c);
}

static void test_design(void) {
  chiso_sensitivity *k;
  CU_ASSERT_EQUAL(
      chiso_sensitivity_design(table_file("d.csv", "x,y\n1,2\n3,4\n"), 1, 10,
                               NULL, &k, &err),
      CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "multiple of 3") != NULL);
  CU_ASSERT_EQUAL(chiso_sensitivity_design(
                      table_file("d.csv", "x,y\n1,2\n3,4\n5,6\n1,2\n3,\n5,6\n"),
                      1, 10, NULL, &k, &err),
                  CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "without y") != NULL);
  CU_ASSERT_EQUAL_FATAL(
      chiso_sensitivity_design(
          table_file("d.csv", "x,y\n1,1\n2,2\n3,3\n4,5\n3,3\n4,5\n"), 1, 10,
          NULL, &k, &err),
      CHISO_OK);
  /* all comes from x: B and A with x of B agree */
  CU_ASSERT(near(chiso_sensitivity_at(k, 0).total,
                 (4 + 9) / (4 * chiso_sensitivity_variance(k)), 1e-12));
  chiso_sensitivity_free(k);
}

/* Outputs next to nothing, or beyond all: no indices, or an error. */
static void test_extremes(void) {
  chiso_sensitivity *k;
  CU_ASSERT_EQUAL_FATAL(
      chiso_sensitivity_design(
          table_file("d.csv", "x,y\n1,1e-300\n2,2e-300\n3,0\n4,0\n1,0\n1,0\n"),
          1, 10, NULL, &k, &err),
      CHISO_OK);
  CU_ASSERT(chiso_sensitivity_variance(k) == 0);
  CU_ASSERT(isnan(chiso_sensitivity_at(k, 0).total));
  chiso_sensitivity_free(k);
  CU_ASSERT_EQUAL(
      chiso_sensitivity_design(
          table_file("d.csv", "x,y\n1,1\n2,2\n3,0\n4,0\n1,1e200\n1,0\n"), 1, 10,
          NULL, &k, &err),
      CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "run 5") != NULL);
}

/* A column that tells nothing apart is told of once, whatever is tried. */
static void test_notices(void) {
  chiso_uncertainty_spec spec = plain_spec(
      "normalise:minmax|zscore|dist2max,aggregate:arithmetic|median");
  chiso_composite *c;
  chiso_uncertainty *u;
  spec.normalise = "minmax";
  CU_ASSERT_EQUAL_FATAL(
      run("uCode,a,b,c\nU1,1,5,3\nU2,4,5,1\nU3,1,5,9\n", &spec, &c, &u),
      CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_remarks(c), 1);
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
}

SUITE_MAIN({ "folder", test_folder }, { "Philox", test_philox },
           { "Sobol'", test_sobol }, { "Owen", test_owen }, { "net", test_net },
           { "Ishigami", test_ishigami }, { "exclude", test_exclude },
           { "counts", test_counts }, { "ranks", test_ranks },
           { "refused", test_refused }, { "edges", test_edges },
           { "indices", test_indices }, { "design", test_design },
           { "extremes", test_extremes }, { "notices", test_notices },
           { "end", test_folder_end })
