/* SPDX-License-Identifier: Apache-2.0
 * Trees: sums, means, scales and cases; what was entered at nodes and parts;
 * states, applicable maxima, percents. */
#include "fixture.h"
#include "rig.h"
#include "suite.h"

#define ONE                       CHISO_DEC_ONE
#define POINTS(whole, millionths) ((chiso_dec)(whole)*ONE + (millionths))
#define LEAF(id, parent, max, weight, more)                                    \
  ",\n" SMALL_NODE(id, parent, "criterion", max, weight, "manual", more)
#define INNER(id, parent, max, op, more)                                       \
  ",\n" SMALL_NODE(id, parent, "criterion", max, "1", op, more)
#define ROUND(digits, mode)                                                    \
  "\"round\": {\"digits\": " digits ", \"mode\": \"" mode "\"}, "

#define EXPECT(r, id, unit, wanted_state, wanted_points)                       \
  do {                                                                         \
    CU_ASSERT_EQUAL(rig_state((r), (id), (unit)), CHISO_STATE_##wanted_state); \
    CU_ASSERT_EQUAL(rig_points((r), (id), (unit)), (wanted_points));           \
  } while (0)

static void give(rig *r, const char *id, size_t unit, chiso_dec points) {
  chiso_entries_give(&r->e, rig_node(r, id), unit, points);
}
static void not_applicable(rig *r, const char *id, size_t unit) {
  chiso_entries_not_applicable(&r->e, rig_node(r, id), unit);
}

static void sums_and_states(void) {
  rig r = rig_open(
      SMALL_TREE(SMALL_ROOT("6", "sum", "") INNER("1", "index", "3", "sum", "")
                     LEAF("1.1", "1", "1", "1", "")
                         LEAF("1.2", "1", "2", "1", "\"na\": \"leave_out\", ")
                             LEAF("1.3", "1", "9", "0", "")
                                 LEAF("2", "index", "3", "1", "")),
      NULL, 6);
  for (size_t u = 0; u < 3; u++) {
    rig_set(&r, "1.1", 0, u, 500000);
    rig_set(&r, "1.2", 0, u, 1000000);
    rig_set(&r, "2", 0, u, 250000);
  }
  rig_set(&r, "1.3", 0, 0, POINTS(9, 0)); /* shown, never counted */
  not_applicable(&r, "1.2", 1);
  rig_set(&r, "1.1", 0, 2, POINTS(1, 1)); /* above the maximum */
  rig_set(&r, "1.1", 0, 3, 1);            /* some */
  rig_set(&r, "1.3", 0, 5, 1);            /* only what does not count */
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "index", 0, SCORED, 1750000);
  EXPECT(&r, "1.3", 0, SCORED, POINTS(9, 0));
  EXPECT(&r, "1", 1, SCORED, 500000);
  EXPECT(&r, "1.2", 1, NOT_APPLICABLE, 0);
  CU_ASSERT_EQUAL(rig_max(&r, "1", 1), ONE);
  CU_ASSERT_EQUAL(rig_max(&r, "index", 1), POINTS(4, 0));
  EXPECT(&r, "index", 1, SCORED, 750000);
  EXPECT(&r, "1.1", 2, ERROR, 0);
  EXPECT(&r, "index", 2, ERROR, 0);
  EXPECT(&r, "1", 3, INCOMPLETE, 0);
  EXPECT(&r, "2", 3, MISSING, 0);
  EXPECT(&r, "index", 3, INCOMPLETE, 0);
  EXPECT(&r, "1", 4, MISSING, 0);
  EXPECT(&r, "index", 4, MISSING, 0);
  EXPECT(&r, "index", 5, MISSING, 0);
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 4), CHISO_NONE);
  CU_ASSERT_EQUAL(chiso_ranked_figure(r.p, &r.s, 0, 2), CHISO_NONE);
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 1), POINTS(18, 750000));
  rig_close(&r);
}

/* A sum that does not count, as bonus and penalty are: what it lacks is told,
 * however whole the rest is, of one unit and of many. */
static void sums_outside_the_total(void) {
  for (size_t n = 1; n <= 20; n += 19) {
    rig r = rig_open(
        SMALL_TREE(SMALL_ROOT("6", "sum", "")
                       LEAF("1", "index", "6", "1", "") ",\n" SMALL_NODE(
                           "V", "index", "area", "3", "0", "sum", "")
                           LEAF("V.1", "V", "1", "1", "")
                               LEAF("V.2", "V", "2", "1", "")),
        NULL, n);
    for (size_t u = 0; u < n; u++) {
      rig_set(&r, "1", 0, u, ONE);
      if (u % 3 < 2)
        rig_set(&r, "V.1", 0, u, u % 3 ? POINTS(5, 0) : ONE);
    }
    chiso_score(r.p, &r.e, &r.s);
    for (size_t u = 0; u < n; u++) {
      static const unsigned state[] = { CHISO_STATE_INCOMPLETE,
                                        CHISO_STATE_ERROR,
                                        CHISO_STATE_MISSING };
      EXPECT(&r, "index", u, SCORED, ONE);
      CU_ASSERT_EQUAL(rig_max(&r, "index", u), POINTS(6, 0));
      CU_ASSERT_EQUAL(rig_state(&r, "V", u), state[u % 3]);
      CU_ASSERT_EQUAL(rig_points(&r, "V", u), 0);
    }
    rig_close(&r);
  }
}

static void policies_of_not_applicable(void) {
  static const struct {
    const char *policy;
    chiso_state state;
    chiso_dec points, max;
  } list[] = { { "forbidden", CHISO_STATE_ERROR, 0, POINTS(2, 0) },
               { "zero", CHISO_STATE_SCORED, 0, POINTS(2, 0) },
               { "full", CHISO_STATE_SCORED, POINTS(2, 0), POINTS(2, 0) },
               { "leave_out", CHISO_STATE_NOT_APPLICABLE, 0, 0 } };
  for (size_t i = 0; i < 4; i++) {
    char more[64];
    chiso_trace t;
    snprintf(more, sizeof more, "\"na\": \"%s\", ", list[i].policy);
    char *text = one_leaf("2", "ratio", more);
    rig r = rig_open(text, NULL, 1);
    not_applicable(&r, "1", 0);
    chiso_score(r.p, &r.e, &r.s);
    chiso_explain(r.p, &r.e, &r.s, 1, 0, &t);
    CU_ASSERT_EQUAL(t.state, list[i].state);
    CU_ASSERT_EQUAL(t.points, list[i].points);
    CU_ASSERT_EQUAL(t.max, list[i].max);
    CU_ASSERT_EQUAL(t.reason, CHISO_REASON_NOT_APPLICABLE);
    /* The only child decides what the root is. */
    CU_ASSERT_EQUAL(rig_state(&r, "index", 0), list[i].state);
    CU_ASSERT_EQUAL(rig_max(&r, "index", 0), list[i].max);
    rig_close(&r);
    free(text);
  }
}

/* Figures that publishers printed: 68.32 of 84 and 62.62 of 70. */
static void percents(void) {
  static const struct {
    const char *mode;
    chiso_dec given, left_out, percent;
  } list[] = {
    { ROUND("2", "half_up"), POINTS(68, 320000), POINTS(16, 0),
      POINTS(81, 330000) },
    { ROUND("2", "cut_off"), POINTS(62, 620000), POINTS(30, 0),
      POINTS(89, 450000) },
    { ROUND("2", "half_up"), POINTS(62, 620000), POINTS(30, 0),
      POINTS(89, 460000) },
  };
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    char text[4000], rest[CHISO_DEC_TEXT], out[CHISO_DEC_TEXT];
    chiso_dec_style style = { '.', 6, false };
    chiso_dec_format(POINTS(100, 0) - list[i].left_out, style, rest);
    chiso_dec_format(list[i].left_out, style, out);
    snprintf(text, sizeof text,
             SMALL_HEAD SMALL_NODES
             "{\"id\": \"index\", \"kind\": \"index\", " SMALL_TITLE
             ", \"max\": \"100\", \"weight\": \"1\", \"op\": \"sum\", "
             "%s" SMALL_TAIL ", {\"id\": \"1\", \"parent\": \"index\", "
             "\"kind\": \"area\", " SMALL_TITLE
             ", \"max\": \"%s\", \"weight\": \"1\", \"op\": "
             "\"manual\", " SMALL_TAIL
             ", {\"id\": \"2\", \"parent\": \"index\", \"kind\": "
             "\"area\", " SMALL_TITLE
             ", \"max\": \"%s\", \"weight\": \"1\", \"op\": "
             "\"manual\", \"na\": \"leave_out\", " SMALL_TAIL SMALL_END,
             list[i].mode, rest, out);
    rig r = rig_open(text, NULL, 1);
    rig_set(&r, "1", 0, 0, list[i].given);
    not_applicable(&r, "2", 0);
    chiso_score(r.p, &r.e, &r.s);
    CU_ASSERT_EQUAL(rig_max(&r, "index", 0), POINTS(100, 0) - list[i].left_out);
    CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 0), list[i].percent);
    CU_ASSERT_EQUAL(chiso_ranked_figure(r.p, &r.s, 0, 0), list[i].percent);
    rig_close(&r);
  }
}

/* The percent is taken before the root's own rounding; each criterion is
 * rounded and then summed. */
static void rounding_belongs_to_the_node(void) {
  rig r = rig_open(
      SMALL_TREE(SMALL_ROOT("3", "sum", ROUND("1", "half_up"))
                     LEAF("1", "index", "1", "1", ROUND("2", "half_up")) LEAF(
                         "2", "index", "1", "1", ROUND("2", "cut_off"))
                         LEAF("3", "index", "1", "1", ROUND("2", "half_even"))),
      NULL, 1);
  rig_set(&r, "1", 0, 0, 245000);
  rig_set(&r, "2", 0, 0, 249999);
  rig_set(&r, "3", 0, 0, 245000);
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "1", 0, SCORED, 250000);
  EXPECT(&r, "2", 0, SCORED, 240000);
  EXPECT(&r, "3", 0, SCORED, 240000);
  EXPECT(&r, "index", 0, SCORED, 700000);
  CU_ASSERT_EQUAL(r.s.raw[0], 730000);
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 0), POINTS(24, 330000));
  rig_close(&r);
}

static void means_and_scales(void) {
  rig r = rig_open(
      SMALL_TREE(
          SMALL_ROOT("10", "scale",
                     "\"lo\": \"1\", \"hi\": \"10\", " ROUND("2", "half_up"))
              LEAF("1", "index", "1", "1", "\"na\": \"leave_out\", ")
                  LEAF("2", "index", "1", "2", "")
                      INNER("3", "index", "1", "mean", "")
                          LEAF("3.1", "3", "1", "0.3", "")
                              LEAF("3.2", "3", "1", "0.7", "")
                                  LEAF("3.3", "3", "1", "0", "")),
      NULL, 3);
  for (size_t u = 0; u < 3; u++) {
    rig_set(&r, "1", 0, u, 333333);
    rig_set(&r, "2", 0, u, 500000);
    rig_set(&r, "3.1", 0, u, 0);
    if (u != 2)
      rig_set(&r, "3.2", 0, u, ONE);
  }
  not_applicable(&r, "1", 1);
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "3", 0, SCORED, 700000);
  /* 1 + 9 * (0.333333 + 2 * 0.5 + 0.7) / 4 = 5.57499925 */
  EXPECT(&r, "index", 0, SCORED, 5570000);
  CU_ASSERT_EQUAL(r.s.raw[0], 5574999);
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 0), POINTS(55, 750000));
  /* 1 + 9 * 1.7 / 3 = 6.1 */
  EXPECT(&r, "index", 1, SCORED, 6100000);
  CU_ASSERT_EQUAL(rig_max(&r, "index", 1), POINTS(10, 0));
  EXPECT(&r, "3", 2, INCOMPLETE, 0);
  EXPECT(&r, "index", 2, INCOMPLETE, 0);
  rig_close(&r);
}

static void only_given(void) {
  rig r = rig_open(
      SMALL_TREE(SMALL_ROOT("5", "sum", "") LEAF("1", "index", "1", "0", "")),
      NULL, 3);
  chiso_trace t;
  rig_set(&r, "1", 0, 0, ONE);
  give(&r, "index", 1, POINTS(4, 0));
  give(&r, "index", 2, POINTS(5, 1));
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "index", 0, MISSING, 0);
  chiso_explain(r.p, &r.e, &r.s, 0, 0, &t);
  CU_ASSERT_EQUAL(t.reason, CHISO_REASON_ONLY_GIVEN);
  EXPECT(&r, "index", 1, GIVEN, POINTS(4, 0));
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 1), POINTS(80, 0));
  EXPECT(&r, "index", 2, ERROR, 0);
  chiso_explain(r.p, &r.e, &r.s, 0, 2, &t);
  CU_ASSERT_EQUAL(t.reason, CHISO_REASON_ABOVE_MAX);
  rig_close(&r);
}

static void given_points(void) {
  rig r = rig_open(SMALL_TREE(SMALL_ROOT("4", "sum", "") INNER(
                       "1", "index", "3", "sum", ROUND("1", "half_up"))
                                  LEAF("1.1", "1", "3", "1", "\"lo\": \"-1\", ")
                                      LEAF("2", "index", "1", "1", "")),
                   NULL, 4);
  give(&r, "1", 0, 2250000); /* instead of its child's missing points */
  give(&r, "2", 0, ONE);
  give(&r, "1", 1, -1);
  give(&r, "1.1", 2, -ONE);
  give(&r, "1.1", 3, -ONE - 1);
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "1.1", 0, MISSING, 0);
  EXPECT(&r, "1", 0, GIVEN, 2300000);
  EXPECT(&r, "index", 0, SCORED, 3300000);
  EXPECT(&r, "1", 1, ERROR, 0);
  EXPECT(&r, "1.1", 2, GIVEN, -ONE);
  EXPECT(&r, "1", 2, SCORED, -ONE);
  EXPECT(&r, "1.1", 3, ERROR, 0);
  rig_close(&r);
}

/* Published totals rest on what applies: 3.25 of 5 and not of 6. */
static void given_points_of_what_applies(void) {
  rig r = rig_open(SMALL_TREE(SMALL_ROOT("6", "sum", "")
                                  INNER("1", "index", "3", "sum", "")
                                      LEAF("1.1", "1", "2", "1", "")
                                          LEAF("1.2", "1", "1", "1", "")
                                              LEAF("2", "index", "3", "1", "")),
                   NULL, 3);
  for (size_t u = 0; u < 3; u++) {
    chiso_entries_leave_out(&r.e, rig_node(&r, "1.2"), u);
    give(&r, "index", u, u < 2 ? 3250000 : POINTS(5, 1));
  }
  give(&r, "1", 0, POINTS(2, 0));
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "index", 0, GIVEN, 3250000);
  CU_ASSERT_EQUAL(rig_max(&r, "index", 0), POINTS(5, 0));
  EXPECT(&r, "1", 0, GIVEN, POINTS(2, 0));
  CU_ASSERT_EQUAL(rig_max(&r, "1", 0), POINTS(2, 0));
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 1), POINTS(65, 0));
  EXPECT(&r, "index", 2, ERROR, 0);
  chiso_trace t;
  chiso_explain(r.p, &r.e, &r.s, 0, 2, &t);
  CU_ASSERT_EQUAL(t.reason, CHISO_REASON_ABOVE_MAX);
  rig_close(&r);
}

/* ---- cases -------------------------------------------------------------- */

#define BRANCH(id, parent, max, op, more)                                      \
  ",\n" SMALL_NODE(id, parent, "branch", max, "1", op, more)
static const char by_key[] = SMALL_TREE(
    SMALL_ROOT("3", "sum", "") INNER("c", "index", "3", "case", "")
        BRANCH("a", "c", "3", "sum", "\"when\": \"a\", ")
            LEAF("a.1", "a", "1", "1", "\"na\": \"leave_out\", ")
                LEAF("a.2", "a", "2", "1", "")
                    BRANCH("b", "c", "2", "ratio", "\"when\": \"b\", "));

static void cases_by_key(void) {
  rig r = rig_open(by_key, NULL, 6);
  chiso_trace t;
  static const int64_t chosen[] = { 0, 1, 0, CHISO_NONE, 2, -1 };
  for (size_t u = 0; u < 6; u++) {
    if (chosen[u] != CHISO_NONE)
      rig_set(&r, "c", 0, u, chosen[u]);
    rig_set(&r, "a.1", 0, u, 500000);
    rig_set(&r, "a.2", 0, u, POINTS(2, 0));
    rig_set(&r, "b", 0, u, 1);
    rig_set(&r, "b", 1, u, 2);
  }
  not_applicable(&r, "a.1", 2);
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "c", 0, SCORED, 2500000);
  EXPECT(&r, "b", 0, NOT_APPLICABLE, 0);
  CU_ASSERT_EQUAL(rig_max(&r, "index", 0), POINTS(3, 0));
  EXPECT(&r, "c", 1, SCORED, ONE);
  EXPECT(&r, "a", 1, NOT_APPLICABLE, 0);
  EXPECT(&r, "a.2", 1, NOT_APPLICABLE, 0);
  CU_ASSERT_EQUAL(rig_max(&r, "c", 1), POINTS(3, 0));
  /* What is left out below the branch is left out of the case. */
  EXPECT(&r, "c", 2, SCORED, POINTS(2, 0));
  CU_ASSERT_EQUAL(rig_max(&r, "c", 2), POINTS(2, 0));
  CU_ASSERT_EQUAL(rig_max(&r, "index", 2), POINTS(2, 0));
  EXPECT(&r, "c", 3, MISSING, 0);
  EXPECT(&r, "c", 4, ERROR, 0);
  EXPECT(&r, "c", 5, ERROR, 0);
  chiso_explain(r.p, &r.e, &r.s, rig_node(&r, "c"), 0, &t);
  CU_ASSERT_EQUAL(t.reason, CHISO_REASON_BRANCH);
  CU_ASSERT_EQUAL(t.branch, rig_node(&r, "a"));
  chiso_explain(r.p, &r.e, &r.s, rig_node(&r, "a.2"), 1, &t);
  CU_ASSERT_EQUAL(t.reason, CHISO_REASON_BRANCH);
  CU_ASSERT_EQUAL(t.branch, rig_node(&r, "b"));
  chiso_explain(r.p, &r.e, &r.s, rig_node(&r, "c"), 4, &t);
  CU_ASSERT_EQUAL(t.reason, CHISO_REASON_RULE);
  rig_close(&r);
}

#define CASE_INPUTS                                                            \
  "\"empty\": \"leave_out\", \"inputs\": [{\"key\": \"v\", \"role\": \"x\", "  \
  "\"unit\": \"number\", \"digits\": 1}, {\"key\": \"n\", \"role\": "          \
  "\"num\", \"unit\": \"count\"}, {\"key\": \"d\", \"role\": \"den\", "        \
  "\"unit\": \"count\"}], "
static void cases_by_number(void) {
  rig r =
      rig_open(SMALL_TREE(SMALL_ROOT("1", "sum", "") INNER("c", "index", "1",
                                                           "case", CASE_INPUTS)
                              BRANCH("a", "c", "1", "manual",
                                     "\"at\": \"0.5\", \"cmp\": \">\", ")
                                  BRANCH("b", "c", "1", "manual",
                                         "\"at\": \"0.5\", \"cmp\": \">=\", ")
                                      BRANCH("e", "c", "1", "manual", "")),
               NULL, 6);
  for (size_t u = 0; u < 6; u++) {
    rig_set(&r, "a", 0, u, 100000);
    rig_set(&r, "b", 0, u, 200000);
    rig_set(&r, "e", 0, u, 300000);
  }
  rig_set(&r, "c", 0, 0, 6);
  rig_set(&r, "c", 0, 1, 5);
  rig_set(&r, "c", 0, 2, 4);
  rig_set(&r, "c", 1, 3, 1);
  rig_set(&r, "c", 2, 3, 2);
  rig_set(&r, "c", 1, 4, 0);
  rig_set(&r, "c", 2, 4, 0);
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "c", 0, SCORED, 100000);
  EXPECT(&r, "c", 1, SCORED, 200000);
  EXPECT(&r, "c", 2, SCORED, 300000);
  EXPECT(&r, "c", 3, SCORED, 200000);
  EXPECT(&r, "c", 4, NOT_APPLICABLE, 0);
  CU_ASSERT_EQUAL(rig_max(&r, "index", 4), 0);
  EXPECT(&r, "c", 5, MISSING, 0);
  rig_close(&r);
  /* One branch without a threshold: any number chooses it. */
  rig single =
      rig_open(SMALL_TREE(SMALL_ROOT("1", "sum", "")
                              INNER("c", "index", "1", "case", CASE_INPUTS)
                                  BRANCH("a", "c", "1", "manual", "")),
               NULL, 1);
  rig_set(&single, "c", 0, 0, 77);
  rig_set(&single, "a", 0, 0, ONE);
  chiso_score(single.p, &single.e, &single.s);
  EXPECT(&single, "c", 0, SCORED, ONE);
  rig_close(&single);
}

/* ---- code of a plugin --------------------------------------------------- */

static int rule(const chiso_host *host, const chiso_call *call, uint32_t number,
                chiso_dec *points) {
  int64_t a = 0, product = 0;
  if (number != 7 || host->input(call, "b", &a) != -1 ||
      host->input(call, "a", &a) != 0)
    return -1;
  if (a == 13)
    return 1;
  if (host->muldiv(a, CHISO_DEC_ONE, 4, &product) != 0)
    return -2;
  *points = product;
  return 0;
}

static void calls(void) {
  char *text = one_leaf("2", "call",
                        "\"call\": 7, \"inputs\": [{\"key\": \"a\", "
                        "\"role\": \"other\", \"unit\": \"count\"}], "
                        "\"na\": \"zero\", ");
  rig r = rig_open(text, rule, 6);
  static const int64_t values[] = { 4, 9, -1, 13, INT64_MAX };
  for (size_t u = 0; u < 5; u++)
    rig_set(&r, "1", 0, u, values[u]);
  chiso_score(r.p, &r.e, &r.s);
  EXPECT(&r, "1", 0, SCORED, ONE);
  EXPECT(&r, "1", 1, ERROR, 0); /* above the maximum */
  EXPECT(&r, "1", 2, ERROR, 0); /* below zero */
  EXPECT(&r, "1", 3, SCORED, 0);
  EXPECT(&r, "1", 4, ERROR, 0);
  EXPECT(&r, "1", 5, MISSING, 0);
  chiso_program *none = NULL;
  chiso_error err = { 0 };
  CU_ASSERT_EQUAL(chiso_program_new(r.m, (chiso_rule) { 0 }, NULL, &none, &err),
                  CHISO_BAD_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "rule.c"));
  rig_close(&r);
  free(text);
}

/* ---- parts -------------------------------------------------------------- */

#define PART(id, max)                                                          \
  "{\"id\": \"" id "\", " SMALL_TITLE ", \"max\": \"" max "\"}"
#define PARTITION(id, parts)                                                   \
  "{\"id\": \"" id "\", " SMALL_TITLE                                          \
  ", \"source\": \"s\", \"parts\": [" parts "]}"
static const char with_parts[] = SMALL_HEAD "\"partitions\": [" PARTITION(
    "p", PART("p1", "6") "," PART(
             "p2", "4")) "," PARTITION("q", PART("q1", "10")) "],\n" SMALL_NODES
    SMALL_ROOT("10", "sum", ROUND("1", "half_up"))
        LEAF("1", "index", "10", "1", "") LEAF("2", "index", "1", "0", "")
            SMALL_END;

static void expect_parts(const rig *r, size_t unit, chiso_state state,
                         chiso_dec points, chiso_reason reason) {
  chiso_trace t;
  chiso_explain(r->p, &r->e, &r->s, 0, unit, &t);
  CU_ASSERT_EQUAL(t.state, state);
  CU_ASSERT_EQUAL(t.points, points);
  CU_ASSERT_EQUAL(t.reason, reason);
}

static void parts(void) {
  rig r = rig_open(with_parts, NULL, 9);
  CU_ASSERT_EQUAL(chiso_program_parts(r.p), 3);
  static const chiso_dec first[] = { 5250000, 5250000,   6000001, -1,
                                     0,       INT64_MAX, 5250000, 5250000 };
  for (size_t u = 0; u < 8; u++)
    if (u != 4)
      chiso_entries_part(&r.e, 0, u, first[u]);
  for (size_t u = 0; u < 8; u++)
    if (u != 1 && u != 4)
      chiso_entries_part(&r.e, 1, u, u == 5 ? INT64_MAX : 3000000);
  chiso_entries_part(&r.e, 2, 4, POINTS(10, 0));
  chiso_entries_part(&r.e, 2, 6, POINTS(10, 0));
  rig_set(&r, "1", 0, 7, ONE);
  rig_set(&r, "2", 0, 0, ONE); /* shown only: no conflict */
  rig_set(&r, "1", 0, 8, ONE);
  chiso_score(r.p, &r.e, &r.s);
  expect_parts(&r, 0, CHISO_STATE_SCORED, 8300000, CHISO_REASON_NONE);
  CU_ASSERT_EQUAL(chiso_percent(r.p, &r.s, 0, 0), POINTS(82, 500000));
  expect_parts(&r, 1, CHISO_STATE_INCOMPLETE, 0, CHISO_REASON_NO_INPUT);
  expect_parts(&r, 2, CHISO_STATE_ERROR, 0, CHISO_REASON_ABOVE_MAX);
  expect_parts(&r, 3, CHISO_STATE_ERROR, 0, CHISO_REASON_NEGATIVE);
  expect_parts(&r, 4, CHISO_STATE_SCORED, POINTS(10, 0), CHISO_REASON_NONE);
  expect_parts(&r, 5, CHISO_STATE_ERROR, 0, CHISO_REASON_ABOVE_MAX);
  expect_parts(&r, 6, CHISO_STATE_ERROR, 0, CHISO_REASON_PARTS);
  expect_parts(&r, 7, CHISO_STATE_ERROR, 0, CHISO_REASON_PARTS);
  expect_parts(&r, 8, CHISO_STATE_SCORED, ONE, CHISO_REASON_NONE);
  rig_close(&r);
}

/* ---- around ------------------------------------------------------------- */

static void short_memory(void) {
  rig r = rig_open(by_key, NULL, 2);
  chiso_status status = CHISO_NO_MEMORY;
  for (long n = 0; status != CHISO_OK && n < 1000; n++) {
    counting memory = { .left = n };
    chiso_allocator a = counting_allocator(&memory);
    chiso_program *p = NULL;
    chiso_entries e = { 0 };
    chiso_scores s = { 0 };
    chiso_session *session = NULL;
    status = chiso_program_new(r.m, (chiso_rule) { 0 }, &a, &p, NULL);
    if (status == CHISO_OK)
      status = chiso_entries_new(p, 2, &a, &e, NULL);
    if (status == CHISO_OK)
      status = chiso_scores_new(p, 2, &a, &s, NULL);
    if (status == CHISO_OK)
      status = chiso_session_new(p, &e, 1, &a, &session, NULL);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    long held = memory.live;
    if (status == CHISO_OK)
      chiso_score(p, &e, &s);
    CU_ASSERT_EQUAL(memory.live, held); /* scoring allocates nothing */
    chiso_session_free(session);
    if (e.value)
      chiso_entries_free(&e);
    if (s.points)
      chiso_scores_free(&s);
    chiso_program_free(p);
    CU_ASSERT_EQUAL(memory.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  rig_close(&r);
}

static void words(void) {
  static const chiso_state states[] = {
    CHISO_STATE_MISSING,        CHISO_STATE_SCORED,     CHISO_STATE_GIVEN,
    CHISO_STATE_NOT_APPLICABLE, CHISO_STATE_INCOMPLETE, CHISO_STATE_ERROR
  };
  for (size_t i = 0; i < 6; i++) {
    CU_ASSERT(*chiso_state_key(states[i]) != '\0');
    CU_ASSERT(*chiso_state_title(states[i], CHISO_LANG_VI) != '\0');
  }
  for (chiso_reason k = CHISO_REASON_NO_INPUT; k <= CHISO_REASON_PARTS; k++) {
    CU_ASSERT(*chiso_reason_title(k, CHISO_LANG_EN) != '\0');
    CU_ASSERT(*chiso_reason_title(k, CHISO_LANG_VI) != '\0');
  }
}

SUITE_MAIN({ "sums and states", sums_and_states },
           { "sums outside the total", sums_outside_the_total },
           { "policies of not applicable", policies_of_not_applicable },
           { "percents", percents },
           { "rounding belongs to the node", rounding_belongs_to_the_node },
           { "means and scales", means_and_scales },
           { "only given", only_given }, { "given points", given_points },
           { "given points of what applies", given_points_of_what_applies },
           { "cases by key", cases_by_key },
           { "cases by number", cases_by_number }, { "calls", calls },
           { "parts", parts }, { "short memory", short_memory },
           { "words", words })
