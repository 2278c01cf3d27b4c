/* SPDX-License-Identifier: Apache-2.0
 * Values that a simulation draws: normal numbers, errors of surveys, bounds. */
#include "table_file.h"

#include "analysis/model.h"
#include "analysis/normal.h"
#include "chiso/sensitivity.h"
#include "chiso/uncertainty.h"
#include "short_memory.h"

static chiso_error err;

static const char META[] = "Level,iCode,Parent,Direction,Weight\n"
                           "1,a,I,1,1\n1,b,I,1,1\n2,I,,1,1\n";
static const char DATA[] = "uCode,a,b\nU1,10,2\nU2,4,8\nU3,1,\n";

/* From sqrt(2) erfinv(2 p - 1) with 40 digits. */
static void test_normal(void) {
  static const struct {
    double p, x;
  } known[] = {
    { 0x1p-33, -6.3379577545537893 },
    { 1e-6, -4.753424308822899 },
    { 0.025, -1.9599639845400543 },
    { 0.074999, -1.4395385353452307 },
    { 0.075001, -1.4395244066035215 },
    { 0.25, -0.67448975019608174 },
    { 0.5, 0 },
    { 0.9, 1.2815515655446004 },
    { 0.99999, 4.2648907939238408 },
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    CU_ASSERT(fabs(chiso__normal(known[i].p) - known[i].x) <=
              1e-15 * fabs(known[i].x));
    if (known[i].p > 0x1p-10 && known[i].p < 0.9)
      CU_ASSERT(fabs(chiso__normal(1 - known[i].p) + known[i].x) <= 4e-15);
  }
  double before = chiso__normal(0x1p-33);
  for (uint32_t i = 1; i < 100000; i++) {
    double x = chiso__normal(i * 1e-5);
    CU_ASSERT(x > before);
    before = x;
  }
}

static chiso_status errors_of(chiso_composite *c, const char *text) {
  char path[64];
  (void)snprintf(path, sizeof path, "%s", table_file("e.csv", text));
  return chiso_composite_errors(c, path, &err);
}

static void test_refused(void) {
  static const struct {
    const char *text, *says;
    uint64_t line;
  } cases[] = {
    { "uCode,iCode\nU1,a\n", "\"se\" is missing", 1 },
    { "uCode,se\nU1,1\n", "\"iCode\" is missing", 1 },
    { "iCode,se\na,1\n", "\"uCode\" is missing", 1 },
    { "uCode,iCode,se\nU1,a,-1\n", "0 or more", 2 },
    { "uCode,iCode,se\nU1,a,\n", "0 or more", 2 },
    { "uCode,iCode,se\nU1,a,NaN\n", "NaN", 2 },
    { "uCode,iCode,se\nU1,a,inf\n", "inf", 2 },
    { "uCode,iCode,se\nU1,a,1\nU2,a,x\n", "x", 3 },
    { "uCode,iCode,se\nU1,q,1\n", "no code \"q\"", 2 },
    { "uCode,iCode,se\nU1,I,1\n", "I", 2 },
    { "uCode,iCode,se\nU9,a,1\n", "U9", 2 },
    { "uCode,iCode,se\nU1,a,1\nU1,a,2\n", "second error", 3 },
    { "uCode,iCode,se\n*,a,1\n*,a,2\n", "second error", 3 },
    { "uCode,iCode,se,low,high\nU1,a,1,5,5\n", "not below high", 2 },
    { "uCode,iCode,se,low,high\nU1,a,1,0,5\n", "outside", 2 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    chiso_composite *c = composite_of(DATA, META, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    CU_ASSERT_EQUAL(errors_of(c, cases[i].text), CHISO_BAD_DATA);
    CU_ASSERT_EQUAL(err.line, cases[i].line);
    CU_ASSERT(strstr(err.text, cases[i].says) != NULL);
    if (!strstr(err.text, cases[i].says))
      (void)fprintf(stderr, "%s\n", err.text);
    chiso_composite_free(c);
  }
}

static chiso_uncertainty_spec spec_of(const char *perturb) {
  return (chiso_uncertainty_spec) { .normalise = "none",
                                    .aggregate = "arithmetic",
                                    .perturb = perturb,
                                    .replications = 20000,
                                    .seed = 4,
                                    .scores = true };
}

/* Scores of U1 as errors of `a` alone make them: its value is 2 score - 2. */
static void spread_of(const char *errors, const char *perturb, double *mean,
                      double *sd, double *low, double *high) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  chiso_uncertainty_spec spec = spec_of(perturb);
  chiso_uncertainty *u;
  chiso_spread s;
  MUST(c != NULL);
  MUST(errors_of(c, errors) == CHISO_OK);
  MUST(chiso_uncertainty_run(c, &spec, &u, &err) == CHISO_OK);
  MUST(chiso_uncertainty_score(u, 0, &s, &err) == CHISO_OK);
  *low = INFINITY;
  *high = -INFINITY;
  for (uint64_t i = 0; i < spec.replications; i++) {
    double x = 2 * chiso_uncertainty_score_in(u, i, 0) - 2;
    *low = fmin(*low, x);
    *high = fmax(*high, x);
  }
  *mean = 2 * s.mean - 2;
  *sd = 2 * s.sd;
  chiso_uncertainty_free(u);
  chiso_composite_free(c);
}

/* Moments of normal and of truncated normal numbers. With 20,000 draws the mean
 * is off by sd / 141: five times that is allowed. */
static void test_spread(void) {
  double mean, sd, low, high;
  spread_of("uCode,iCode,se\nU1,a,2\n", "errors", &mean, &sd, &low, &high);
  CU_ASSERT(fabs(mean - 10) < 0.07 && fabs(sd - 2) < 0.05 && high > 16);
  spread_of("uCode,iCode,se\nU1,a,2\n", "errors:0.5", &mean, &sd, &low, &high);
  CU_ASSERT(fabs(mean - 10) < 0.04 && fabs(sd - 1) < 0.03);
  /* below 10: half a normal one, mean 10 - 2 sqrt(2 / pi), sd 2 sqrt(1 - 2/pi)
   */
  spread_of("uCode,iCode,se,high\nU1,a,2,10\n", "errors", &mean, &sd, &low,
            &high);
  CU_ASSERT(fabs(mean - 8.4042308) < 0.05 && fabs(sd - 1.2056205) < 0.04);
  CU_ASSERT(high <= 10);
  /* bounds far closer than the error: nearly even */
  spread_of("uCode,iCode,se,low,high\nU1,a,1e6,10,11\n", "errors", &mean, &sd,
            &low, &high);
  CU_ASSERT(fabs(mean - 10.5) < 0.02 && fabs(sd - 0.2886751) < 0.01);
  CU_ASSERT(low >= 10 && high <= 11);
  /* beyond all numbers: as things stand */
  spread_of("uCode,iCode,se\nU1,a,1e308\n", "errors:1000", &mean, &sd, &low,
            &high);
  CU_ASSERT(mean == 10 && sd == 0);
  /* * gives way to a unit's own row, wherever it stands */
  spread_of("uCode,iCode,se\nU1,a,0\n*,a,5\n", "errors", &mean, &sd, &low,
            &high);
  CU_ASSERT(mean == 10 && sd == 0);
}

static void test_unasked(void) {
  chiso_composite *c = composite_of(DATA, META, NULL, &err);
  chiso_uncertainty_spec spec = spec_of("appraisal");
  chiso_uncertainty *u;
  MUST(c != NULL);
  CU_ASSERT_EQUAL(chiso_uncertainty_run(c, &spec, &u, &err), CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "self") != NULL);
  spec = spec_of("errors");
  CU_ASSERT_EQUAL(chiso_uncertainty_run(c, &spec, &u, &err), CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "--errors FILE") != NULL);
  static const char *const wrong[] = {
    "appraisal:sometimes", "appraisal:",
    "appraisal:either:0",  "errors:0",
    "errors:-1",           "errors:1001",
    "errors:nan",          "errorss",
    "errors:1:2",          "appraisal,appraisal"
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    spec = spec_of(wrong[i]);
    CU_ASSERT_EQUAL(chiso_uncertainty_run(c, &spec, &u, &err), CHISO_USAGE);
  }
  CU_ASSERT_EQUAL(errors_of(c, "uCode,iCode,se\nU1,a,2\nU3,b,1\n"), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_remarks(c), 1); /* b of U3 is missing */
  spec = spec_of("weights:0.5");
  CU_ASSERT_EQUAL(chiso_uncertainty_run(c, &spec, &u, &err), CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "add errors") != NULL);
  CU_ASSERT_EQUAL(chiso_composite_treat(c, "winsorise:1", &err), CHISO_OK);
  spec = spec_of("errors");
  CU_ASSERT_EQUAL(chiso_uncertainty_run(c, &spec, &u, &err), CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "--treat") != NULL);
  chiso_composite_free(c);
}

/* Screening keeps errors with their rows, denomination their unit. */
static void test_steps(void) {
  chiso_composite *c =
      composite_of("uCode,a,b,pop\nU1,,,1\nU2,4,8,2\nU3,1,6,4\n",
                   "Level,iCode,Parent,Direction,Weight,Type\n1,a,I,1,1,\n"
                   "1,b,I,1,1,\n2,I,,1,1,\n,pop,,,,Denominator\n",
                   NULL, &err);
  if (!c)
    (void)fprintf(stderr, "%s\n", err.text);
  MUST(c != NULL);
  CU_ASSERT_EQUAL(
      errors_of(c, "uCode,iCode,se,low,high\nU2,a,1,0,8\nU3,b,2,0,12\n"),
      CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_screen(c, "na:0.5", &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_composite_denominate(c, "a=pop,b=pop", NULL, &err),
                  CHISO_OK);
  CU_ASSERT_EQUAL_FATAL(c->n, 2);
  CU_ASSERT(c->data[0] == 2 && c->error[0] == 0.5 && c->most[0] == 4);
  CU_ASSERT(c->data[3] == 1.5 && c->error[3] == 0.5 && c->most[3] == 3);
  CU_ASSERT(c->error[1] == 0 && c->error[2] == 0);
  chiso_composite_free(c);
}

static chiso_status everything(const chiso_allocator *a) {
  chiso_composite *c = composite_of(DATA, META, a, &err);
  chiso_uncertainty *u = NULL;
  chiso_sensitivity *k = NULL;
  if (!c)
    return err.status;
  char draws[64];
  (void)snprintf(draws, sizeof draws, "%s/draws.csv", table_folder);
  chiso_status status =
      errors_of(c, "uCode,iCode,se,high\n*,a,2,20\nU1,b,1,\n");
  chiso_uncertainty_spec spec = {
    .normalise = "minmax:1:100",
    .aggregate = "arithmetic",
    .perturb = "errors,weights:0.5,normalise:minmax:1:9|rank:min,"
               "aggregate:median|arithmetic",
    .replications = 3,
    .write_draws = draws,
    .scores = true,
    .pairs = true,
    .threads = 2
  };
  chiso_sensitivity_spec other = { .normalise = "none",
                                   .aggregate = "arithmetic",
                                   .inputs = "errors,weight:a:0.5",
                                   .output = "score:I:U1",
                                   .samples = 4,
                                   .bootstraps = 2,
                                   .threads = 2 };
  if (status == CHISO_OK)
    status = chiso_uncertainty_run(c, &spec, &u, &err);
  if (status == CHISO_OK)
    status = chiso_sensitivity_run(c, &other, &k, &err);
  chiso_uncertainty_free(u);
  chiso_sensitivity_free(k);
  chiso_composite_free(c);
  return status;
}

static void test_memory(void) {
  fail_each_request(everything, 600);
}

SUITE_MAIN({ "folder", test_folder }, { "normal", test_normal },
           { "refused", test_refused }, { "spread", test_spread },
           { "unasked", test_unasked }, { "steps", test_steps },
           { "memory", test_memory }, { "end", test_folder_end })
