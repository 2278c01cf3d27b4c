/* SPDX-License-Identifier: Apache-2.0
 * Each op of a leaf with its formula and its edges: exact points, states and
 * reasons, from both forms of the argument. */
#include "rig.h"
#include "suite.h"

#define NO                        CHISO_NONE
#define POINTS(whole, millionths) ((chiso_dec)(whole)*1000000 + (millionths))
#define ONE                       CHISO_DEC_ONE

/* Inputs in the order of the table; NO leaves one out. */
typedef struct trial {
  int64_t inputs[3];
  chiso_state state;
  chiso_dec points;
  chiso_reason reason;
} trial;

static void try_leaf(const char *max, const char *op, const char *more,
                     const trial *trials, size_t count, int line) {
  char *text = one_leaf(max, op, more);
  rig r = rig_open(text, NULL, count);
  uint32_t inputs = chiso_methodology_index(r.m)->nodes[1].n_inputs;
  for (size_t u = 0; u < count; u++)
    for (uint32_t k = 0; k < inputs && k < 3; k++)
      if (trials[u].inputs[k] != NO)
        rig_set(&r, "1", k, u, trials[u].inputs[k]);
  chiso_score(r.p, &r.e, &r.s);
  for (size_t u = 0; u < count; u++) {
    chiso_trace t;
    chiso_explain(r.p, &r.e, &r.s, 1, u, &t);
    bool right = t.state == trials[u].state && t.points == trials[u].points &&
                 t.reason == trials[u].reason;
    if (!right)
      fprintf(stderr, "line %d, trial %zu: state %d points %lld reason %d\n",
              line, u, (int)t.state, (long long)t.points, (int)t.reason);
    CU_ASSERT(right);
    CU_ASSERT_EQUAL(t.max, t.state == CHISO_STATE_NOT_APPLICABLE
                               ? 0
                               : chiso_methodology_index(r.m)->nodes[1].max);
  }
  rig_close(&r);
  free(text);
}
#define TRY(max, op, more, ...)                                                \
  do {                                                                         \
    static const trial list[] = { __VA_ARGS__ };                               \
    try_leaf(max, op, more, list, sizeof list / sizeof *list, __LINE__);       \
  } while (0)
#define SCORED           CHISO_STATE_SCORED
#define MISSING          CHISO_STATE_MISSING
#define ERROR            CHISO_STATE_ERROR
#define WHY(reason)      CHISO_REASON_##reason
#define TWO_DIGITS(mode) "\"round\": {\"digits\": 2, \"mode\": \"" mode "\"}, "
#define X_OF(unit, digits)                                                     \
  "{\"key\": \"x\", \"role\": \"x\", \"unit\": \"" unit                        \
  "\", \"digits\": " digits "}"
#define NUM_OF(unit, digits)                                                   \
  "{\"key\": \"num\", \"role\": \"num\", \"unit\": \"" unit                    \
  "\", \"digits\": " digits "}"
#define DEN_OF(unit, digits)                                                   \
  "{\"key\": \"den\", \"role\": \"den\", \"unit\": \"" unit                    \
  "\", \"digits\": " digits "}"
#define INPUTS(...) "\"inputs\": [" __VA_ARGS__ "], "
#define BOTH_FORMS                                                             \
  INPUTS(                                                                      \
      X_OF("number", "2") ", " NUM_OF("count", "0") ", " DEN_OF("count", "0"))

static void manual(void) {
  TRY("2", "manual", "", { { NO }, MISSING, 0, WHY(NO_INPUT) },
      { { 0 }, SCORED, 0, WHY(NONE) },
      { { POINTS(2, 0) }, SCORED, POINTS(2, 0), WHY(NONE) },
      { { POINTS(2, 1) }, ERROR, 0, WHY(ABOVE_MAX) },
      { { -1 }, ERROR, 0, WHY(BELOW_LO) },
      { { INT64_MAX }, ERROR, 0, WHY(ABOVE_MAX) },
      { { INT64_MIN + 1 }, ERROR, 0, WHY(BELOW_LO) });
  TRY("2", "manual",
      "\"lo\": \"-1.5\", " INPUTS(X_OF("points", "2")) TWO_DIGITS("half_up"),
      { { -150 }, SCORED, -POINTS(1, 500000), WHY(NONE) },
      { { -151 }, ERROR, 0, WHY(BELOW_LO) },
      { { 200 }, SCORED, POINTS(2, 0), WHY(NONE) });
  TRY("2", "manual", TWO_DIGITS("half_up"),
      { { 1005000 }, SCORED, 1010000, WHY(NONE) },
      { { 1004999 }, SCORED, 1000000, WHY(NONE) });
  TRY("2", "manual", TWO_DIGITS("cut_off"),
      { { 1009999 }, SCORED, 1000000, WHY(NONE) });
  TRY("2", "manual", TWO_DIGITS("half_even"),
      { { 1005000 }, SCORED, 1000000, WHY(NONE) },
      { { 1015000 }, SCORED, 1020000, WHY(NONE) },
      { { 1015001 }, SCORED, 1020000, WHY(NONE) });
}

/* A value exactly at a threshold, under each comparison and both forms. */
static void steps_down(void) {
  TRY("1", "step",
      "\"steps\": [{\"at\": \"0.8\", \"cmp\": \">\", \"points\": \"1\"}, "
      "{\"at\": \"0.8\", \"points\": \"0.9\"}, {\"at\": \"-0.5\", "
      "\"points\": \"0.25\"}], \"otherwise\": \"0.1\", " BOTH_FORMS,
      { { 80, NO, NO }, SCORED, 900000, WHY(STEP) },
      { { 81, NO, NO }, SCORED, ONE, WHY(STEP) },
      { { 79, NO, NO }, SCORED, 250000, WHY(STEP) },
      { { -50, NO, NO }, SCORED, 250000, WHY(STEP) },
      { { -51, NO, NO }, SCORED, 100000, WHY(OTHERWISE) },
      { { NO, 4, 5 }, SCORED, 900000, WHY(STEP) },
      { { NO, 400000001, 500000000 }, SCORED, ONE, WHY(STEP) },
      { { NO, 399999999, 500000000 }, SCORED, 250000, WHY(STEP) },
      { { NO, INT64_MAX, 1 }, SCORED, ONE, WHY(STEP) },
      { { NO, INT64_MAX - 1, INT64_MAX }, SCORED, ONE, WHY(STEP) },
      { { NO, 0, 0 }, ERROR, 0, WHY(ZERO_DEN) },
      { { NO, 1, 0 }, ERROR, 0, WHY(DEN_ZERO_NUM) },
      { { NO, -1, 5 }, ERROR, 0, WHY(NEGATIVE) },
      { { NO, 1, -5 }, ERROR, 0, WHY(NEGATIVE) },
      { { NO, 1, NO }, MISSING, 0, WHY(NO_INPUT) },
      { { NO, NO, 1 }, MISSING, 0, WHY(NO_INPUT) },
      { { 80, 4, 5 }, ERROR, 0, WHY(BOTH_FORMS) },
      { { 80, 4, NO }, ERROR, 0, WHY(BOTH_FORMS) },
      { { 80, NO, 5 }, ERROR, 0, WHY(BOTH_FORMS) });
}

static void steps_up(void) {
  TRY("1", "step",
      "\"steps\": [{\"at\": \"0.333333\", \"cmp\": \"<\", \"points\": "
      "\"1\"}, {\"at\": \"0.333333\", \"cmp\": \"<=\", \"points\": "
      "\"0.5\"}], " INPUTS(X_OF("number", "6") ", " NUM_OF(
          "count", "0") ", " DEN_OF("count", "0")),
      { { 333332, NO, NO }, SCORED, ONE, WHY(STEP) },
      { { 333333, NO, NO }, SCORED, 500000, WHY(STEP) },
      { { 333334, NO, NO }, SCORED, 0, WHY(OTHERWISE) },
      { { NO, 1, 3 }, SCORED, 0, WHY(OTHERWISE) },
      { { NO, 333333, 1000000 }, SCORED, 500000, WHY(STEP) },
      { { NO, 333332, 1000000 }, SCORED, ONE, WHY(STEP) });
  /* Fewer digits than the threshold: no input can stand at it. */
  TRY("1", "step",
      "\"steps\": [{\"at\": \"0.85\", \"points\": \"1\"}], " INPUTS(
          X_OF("number", "1")),
      { { 8 }, SCORED, 0, WHY(OTHERWISE) }, { { 9 }, SCORED, ONE, WHY(STEP) });
  TRY("1", "step",
      "\"steps\": [{\"at\": \"-0.85\", \"cmp\": \"<\", \"points\": "
      "\"1\"}], " INPUTS(X_OF("number", "1")),
      { { -8 }, SCORED, 0, WHY(OTHERWISE) },
      { { -9 }, SCORED, ONE, WHY(STEP) });
  TRY("1", "step", "\"otherwise\": \"1\", ",
      { { NO }, SCORED, ONE, WHY(OTHERWISE) });
}

#define CORNERS                                                                \
  "\"steps\": [{\"at\": \"0.5\", \"points\": \"0.2\"}, {\"at\": \"0.8\", "     \
  "\"points\": \"1\"}], "
static void linear(void) {
  TRY("1", "linear", CORNERS BOTH_FORMS,
      { { 50, NO, NO }, SCORED, 200000, WHY(NONE) },
      { { 49, NO, NO }, SCORED, 200000, WHY(NONE) },
      { { 80, NO, NO }, SCORED, ONE, WHY(NONE) },
      { { 500, NO, NO }, SCORED, ONE, WHY(NONE) },
      { { 65, NO, NO }, SCORED, 600000, WHY(NONE) },
      { { 51, NO, NO }, SCORED, 226667, WHY(NONE) },
      { { INT64_MIN + 1, NO, NO }, SCORED, 200000, WHY(NONE) },
      { { INT64_MAX, NO, NO }, SCORED, ONE, WHY(NONE) },
      { { NO, 2, 3 }, SCORED, 644444, WHY(NONE) },
      { { NO, INT64_MAX / 3 * 2, INT64_MAX }, SCORED, 644444, WHY(NONE) });
  TRY("1", "linear",
      "\"steps\": [{\"at\": \"0\", \"points\": \"1\"}, {\"at\": \"30\", "
      "\"points\": \"0\"}], " INPUTS(X_OF("days", "0")) TWO_DIGITS("half_up"),
      { { 0 }, SCORED, ONE, WHY(NONE) }, { { 30 }, SCORED, 0, WHY(NONE) },
      { { 31 }, SCORED, 0, WHY(NONE) }, { { 10 }, SCORED, 670000, WHY(NONE) },
      { { -1 }, ERROR, 0, WHY(NEGATIVE) });
  TRY("1", "linear",
      "\"steps\": [{\"at\": \"0\", \"points\": \"0\"}, {\"at\": \"1\", "
      "\"points\": \"0.5\"}, {\"at\": \"3\", \"points\": \"1\"}], ",
      { { POINTS(1, 0) }, SCORED, 500000, WHY(NONE) },
      { { POINTS(0, 500001) }, SCORED, 250001, WHY(NONE) },
      { { POINTS(2, 0) }, SCORED, 750000, WHY(NONE) },
      { { POINTS(3, 0) }, SCORED, ONE, WHY(NONE) });
}

static void ratio(void) {
  TRY("3", "ratio",
      "\"target\": \"0.9\", \"floor\": \"0.5\", \"cap\": \"0.8\", ",
      { { 1, 2 }, SCORED, 1666667, WHY(NONE) },
      { { 499999, 1000000 }, SCORED, 0, WHY(FLOOR) },
      { { 72, 100 }, SCORED, 2400000, WHY(CAP) },
      { { 71, 100 }, SCORED, 2366667, WHY(NONE) },
      { { 5, 1 }, SCORED, 2400000, WHY(CAP) },
      { { INT64_MAX, 1 }, SCORED, 2400000, WHY(CAP) },
      { { 0, INT64_MAX }, SCORED, 0, WHY(FLOOR) },
      { { NO, NO }, MISSING, 0, WHY(NO_INPUT) });
  TRY("1", "ratio", "", { { 1, 3 }, SCORED, 333333, WHY(NONE) },
      { { 2, 3 }, SCORED, 666667, WHY(NONE) },
      { { 1, INT64_MAX }, SCORED, 0, WHY(NONE) },
      { { INT64_MAX - 1, INT64_MAX }, SCORED, ONE, WHY(CAP) },
      { { INT64_MAX / 2, INT64_MAX }, SCORED, 500000, WHY(NONE) });
  /* The cap is rounded once, from its exact value. */
  TRY("0.333333", "ratio", "\"cap\": \"0.5\", ",
      { { 1, 1 }, SCORED, 166667, WHY(CAP) });
  TRY("4", "ratio", TWO_DIGITS("half_up"),
      { { 79, 82 }, SCORED, 3850000, WHY(NONE) });
  TRY("1", "ratio", TWO_DIGITS("half_even"),
      { { 125, 1000 }, SCORED, 120000, WHY(NONE) },
      { { 135, 1000 }, SCORED, 140000, WHY(NONE) });
  TRY("1", "ratio", TWO_DIGITS("cut_off"),
      { { 999, 1000 }, SCORED, 990000, WHY(NONE) });
  /* Growth may be below zero; the points may not. */
  TRY("1", "ratio", INPUTS(NUM_OF("percent", "2") ", " DEN_OF("vnd", "0")),
      { { -1, 5 }, SCORED, 0, WHY(LEAST) },
      { { -INT64_MAX, 1 }, SCORED, 0, WHY(LEAST) },
      { { 50, 1 }, SCORED, 500000, WHY(NONE) });
  /* Nothing over very much is nothing, not the cap. */
  TRY("1", "ratio",
      "\"target\": \"999999.999999\", " INPUTS(
          NUM_OF("number", "6") ", " DEN_OF("vnd", "0")),
      { { 0, INT64_MAX }, SCORED, 0, WHY(NONE) },
      { { INT64_MAX, INT64_MAX }, SCORED, 0, WHY(NONE) });
}

#define EMPTY(policy) "\"empty\": \"" policy "\", "
static void zero_denominators(void) {
  TRY("2", "ratio", EMPTY("forbidden"), { { 0, 0 }, ERROR, 0, WHY(ZERO_DEN) },
      { { 1, 0 }, ERROR, 0, WHY(DEN_ZERO_NUM) });
  TRY("2", "ratio", EMPTY("zero"), { { 0, 0 }, SCORED, 0, WHY(ZERO_DEN) },
      { { 1, 0 }, ERROR, 0, WHY(DEN_ZERO_NUM) });
  TRY("2", "ratio", EMPTY("full"),
      { { 0, 0 }, SCORED, POINTS(2, 0), WHY(ZERO_DEN) });
  TRY("2", "ratio", EMPTY("leave_out"),
      { { 0, 0 }, CHISO_STATE_NOT_APPLICABLE, 0, WHY(ZERO_DEN) });
}

static void penalty(void) {
  TRY("1", "penalty", "\"lo\": \"0.2\", \"per\": \"0.25\", ",
      { { 0 }, SCORED, ONE, WHY(NONE) }, { { 3 }, SCORED, 250000, WHY(NONE) },
      { { 4 }, SCORED, 200000, WHY(LEAST) },
      { { INT64_MAX }, SCORED, 200000, WHY(LEAST) },
      { { -1 }, ERROR, 0, WHY(NEGATIVE) },
      { { NO }, MISSING, 0, WHY(NO_INPUT) });
  TRY("1", "penalty", "\"per\": \"0.5\", ", { { 2 }, SCORED, 0, WHY(LEAST) });
}

static void choice(void) {
  TRY("1", "choice",
      "\"steps\": [{\"key\": \"no\", \"points\": \"0\"}, {\"key\": \"half\", "
      "\"points\": \"0.333333\"}, {\"key\": \"yes\", \"points\": "
      "\"1\"}], " TWO_DIGITS("half_up"),
      { { 0 }, SCORED, 0, WHY(STEP) }, { { 1 }, SCORED, 330000, WHY(STEP) },
      { { 2 }, SCORED, ONE, WHY(STEP) }, { { 3 }, ERROR, 0, WHY(RULE) },
      { { -1 }, ERROR, 0, WHY(RULE) }, { { NO }, MISSING, 0, WHY(NO_INPUT) });
}

static void survey(void) {
  TRY("3", "survey", "\"from\": \"1\", \"to\": \"5\", ",
      { { POINTS(1, 0), NO, NO }, SCORED, 0, WHY(NONE) },
      { { POINTS(5, 0), NO, NO }, SCORED, POINTS(3, 0), WHY(NONE) },
      { { POINTS(3, 0), NO, NO }, SCORED, 1500000, WHY(NONE) },
      { { 999999, NO, NO }, ERROR, 0, WHY(SCALE) },
      { { POINTS(5, 1), NO, NO }, ERROR, 0, WHY(SCALE) },
      { { -1, NO, NO }, ERROR, 0, WHY(NEGATIVE) },
      { { NO, POINTS(9, 0), 2 }, SCORED, 2625000, WHY(NONE) },
      { { NO, POINTS(10, 0), 3 }, SCORED, 1750000, WHY(NONE) },
      { { NO, POINTS(10, 1), 2 }, ERROR, 0, WHY(SCALE) },
      { { NO, POINTS(10, 0), 2 }, SCORED, POINTS(3, 0), WHY(NONE) },
      { { NO, 1, 2 }, ERROR, 0, WHY(SCALE) });
  /* A scale that falls; a maximum finer than its own rounding. */
  TRY("0.333333", "survey",
      "\"from\": \"5\", \"to\": \"1\", " TWO_DIGITS("half_up"),
      { { POINTS(1, 0), NO, NO }, SCORED, 330000, WHY(NONE) },
      { { 999999, NO, NO }, ERROR, 0, WHY(SCALE) },
      { { POINTS(5, 0), NO, NO }, SCORED, 0, WHY(NONE) },
      { { POINTS(5, 1), NO, NO }, ERROR, 0, WHY(SCALE) });
}

static void share(void) {
  TRY("4", "share", "",
      { { POINTS(100, 0), NO, NO }, SCORED, POINTS(4, 0), WHY(NONE) },
      { { POINTS(81, 333333), NO, NO }, SCORED, 3253333, WHY(NONE) },
      { { POINTS(100, 1), NO, NO }, ERROR, 0, WHY(SCALE) },
      { { -1, NO, NO }, ERROR, 0, WHY(SCALE) },
      { { NO, 2, 3 }, SCORED, 2666667, WHY(NONE) },
      { { NO, 3, 3 }, SCORED, POINTS(4, 0), WHY(NONE) },
      { { NO, 4, 3 }, ERROR, 0, WHY(SCALE) },
      { { NO, 0, 0 }, ERROR, 0, WHY(ZERO_DEN) });
  TRY("4", "share", INPUTS(X_OF("share", "6")),
      { { 500000 }, SCORED, POINTS(2, 0), WHY(NONE) },
      { { 1000001 }, ERROR, 0, WHY(SCALE) });
}

static void norm(void) {
  TRY("1", "norm", "\"from\": \"2\", \"to\": \"5\", " BOTH_FORMS,
      { { 200, NO, NO }, SCORED, 0, WHY(NONE) },
      { { 500, NO, NO }, SCORED, ONE, WHY(NONE) },
      { { 300, NO, NO }, SCORED, 333333, WHY(NONE) },
      { { 501, NO, NO }, SCORED, 1003333, WHY(OUTSIDE) },
      { { -100, NO, NO }, SCORED, -1000000, WHY(OUTSIDE) },
      { { NO, 7, 2 }, SCORED, 500000, WHY(NONE) },
      { { INT64_MAX, NO, NO }, ERROR, 0, WHY(RANGE) });
  TRY("1", "norm", "\"from\": \"100\", \"to\": \"0\", ",
      { { POINTS(25, 0) }, SCORED, 750000, WHY(NONE) },
      { { POINTS(100, 1) }, SCORED, 0, WHY(OUTSIDE) });
}

static void index_values(void) {
  TRY("10", "index",
      "\"of\": \"vn.o/index\", \"value\": \"percent\", \"scale\": \"100\", ",
      { { POINTS(84, 335000) }, SCORED, 8433500, WHY(NONE) },
      { { POINTS(100, 0) }, SCORED, POINTS(10, 0), WHY(NONE) },
      { { POINTS(100, 1) }, ERROR, 0, WHY(SCALE) },
      { { NO }, MISSING, 0, WHY(NO_INPUT) });
}

static void best(void) {
  TRY("2", "best", EMPTY("zero"), { { 1, 2 }, SCORED, 1333333, WHY(NONE) },
      { { 3, 4 }, SCORED, POINTS(2, 0), WHY(CAP) },
      { { 0, 4 }, SCORED, 0, WHY(NONE) },
      { { 0, 0 }, SCORED, 0, WHY(ZERO_DEN) },
      { { NO, NO }, MISSING, 0, WHY(NO_INPUT) },
      { { 6, 8 }, SCORED, POINTS(2, 0), WHY(CAP) });
  TRY("2", "best", EMPTY("full"),
      { { 0, 5 }, SCORED, POINTS(2, 0), WHY(ZERO_DEN) });
  TRY("2", "best", INPUTS(X_OF("number", "6")),
      { { -5 }, SCORED, 0, WHY(LEAST) },
      { { 4 }, SCORED, POINTS(2, 0), WHY(CAP) });
  /* Beyond 128 bits: amounts against amounts. */
  TRY("100", "best", INPUTS(NUM_OF("vnd", "0") ", " DEN_OF("number", "6")),
      { { INT64_MAX, 3 }, SCORED, POINTS(100, 0), WHY(CAP) },
      { { INT64_MAX / 4, 3 }, SCORED, POINTS(25, 0), WHY(NONE) },
      { { INT64_MAX, INT64_MAX }, SCORED, 0, WHY(NONE) });
}

SUITE_MAIN({ "manual", manual }, { "steps, falling", steps_down },
           { "steps, rising", steps_up }, { "linear", linear },
           { "ratio", ratio }, { "zero denominators", zero_denominators },
           { "penalty", penalty }, { "choice", choice }, { "survey", survey },
           { "share", share }, { "norm", norm }, { "index", index_values },
           { "best", best })
