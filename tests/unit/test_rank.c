/* SPDX-License-Identifier: Apache-2.0
 * Ranks with ties, bands, quantile groups. */
#include "chiso/engine.h"
#include "fixture.h"
#include "suite.h"

#define NO CHISO_NONE

static void expect_ranks(const chiso_dec *figures, size_t n,
                         const uint32_t *wanted) {
  uint32_t ranks[16];
  MUST(chiso_rank(figures, n, ranks, NULL, NULL) == CHISO_OK);
  for (size_t i = 0; i < n; i++)
    CU_ASSERT_EQUAL(ranks[i], wanted[i]);
}

static void ranks_share_ties(void) {
  static const chiso_dec figures[] = { 5, 9, 9, NO, 1, 9, -3, NO };
  static const uint32_t ranks[] = { 4, 1, 1, 0, 5, 1, 6, 0 };
  static const chiso_dec same[] = { 7, 7, 7 };
  static const uint32_t ones[] = { 1, 1, 1 };
  expect_ranks(figures, 8, ranks);
  expect_ranks(same, 3, ones);
  expect_ranks(same, 1, ones);
  expect_ranks(same, 0, ones);
}

static chiso_grading quantiles(uint32_t groups, uint8_t missing) {
  static const chiso_grade grades[5] = { { .key = "A", .at_least = NO },
                                         { .key = "B", .at_least = NO },
                                         { .key = "C", .at_least = NO },
                                         { .key = "D", .at_least = NO },
                                         { .key = "E", .at_least = NO } };
  return (chiso_grading) { .grades = grades,
                           .n_grades = groups,
                           .kind = CHISO_GRADE_QUANTILE,
                           .missing = missing };
}

static void expect_groups(const chiso_grading *g, const chiso_dec *figures,
                          size_t n, const uint32_t *wanted,
                          const chiso_dec *edges) {
  uint32_t grades[16];
  chiso_dec bounds[4] = { 0 };
  MUST(chiso_grade_units(g, figures, n, grades, bounds, NULL, NULL) ==
       CHISO_OK);
  for (size_t i = 0; i < n; i++)
    CU_ASSERT_EQUAL(grades[i], wanted[i]);
  for (uint32_t k = 0; edges && k + 1 < g->n_grades; k++)
    CU_ASSERT_EQUAL(bounds[k], edges[k]);
}

/* Type 7: the p-quantile of x1..xm lies at 1 + (m - 1) p. */
static void quartiles(void) {
  static const chiso_dec five[] = { 10, 50, 30, 20, 40 };
  static const uint32_t groups[] = { 3, 0, 1, 2, 0 };
  static const chiso_dec edges[] = { 40, 30, 20 };
  static const chiso_dec four[] = { 4000000, 1000000, 3000000, 2000000 };
  static const uint32_t apart[] = { 0, 3, 1, 2 };
  static const chiso_dec between[] = { 3250000, 2500000, 1750000 };
  chiso_grading g = quantiles(4, CHISO_MISSING_LEAVE_OUT);
  expect_groups(&g, five, 5, groups, edges);
  expect_groups(&g, four, 4, apart, between);
}

static void missing_units(void) {
  static const chiso_dec figures[] = { 10, NO, 50, 30, NO, 20, 40 };
  static const uint32_t left_out[] = { 3, UINT32_MAX, 0, 1, UINT32_MAX, 2, 0 };
  /* 0 0 10 20 30 40 50: quartiles 35, 20, 5 */
  static const uint32_t as_zero[] = { 2, UINT32_MAX, 0, 1, UINT32_MAX, 1, 0 };
  static const chiso_dec edges[] = { 35, 20, 5 };
  static const chiso_dec none[] = { NO, NO };
  static const uint32_t nowhere[] = { UINT32_MAX, UINT32_MAX };
  static const chiso_dec unknown[] = { NO, NO, NO };
  chiso_grading g = quantiles(4, CHISO_MISSING_LEAVE_OUT);
  chiso_grading z = quantiles(4, CHISO_MISSING_AS_ZERO);
  expect_groups(&g, figures, 7, left_out, NULL);
  expect_groups(&z, figures, 7, as_zero, edges);
  expect_groups(&g, none, 2, nowhere, unknown);
  expect_groups(&z, none, 2, nowhere, NULL);
  /* Zeros stand above figures below zero: -8 -4 0, halves at -4. */
  static const chiso_dec negative[] = { -8, NO, -4 };
  static const uint32_t halves[] = { 1, UINT32_MAX, 0 };
  static const chiso_dec middle[] = { -4 };
  chiso_grading half = quantiles(2, CHISO_MISSING_AS_ZERO);
  expect_groups(&half, negative, 3, halves, middle);
}

static void equal_and_single(void) {
  static const chiso_dec same[] = { 5, 5, 5, 5 };
  static const uint32_t best[] = { 0, 0, 0, 0 };
  static const chiso_dec fives[] = { 5, 5, 5 };
  chiso_grading g = quantiles(4, CHISO_MISSING_LEAVE_OUT);
  expect_groups(&g, same, 4, best, fives);
  expect_groups(&g, same, 1, best, fives);
  expect_groups(&g, same, 0, best, NULL);
}

/* Two thirds of a millionth decide: bounds are compared exactly. */
static void thirds(void) {
  static const chiso_dec figures[] = { 0, 1, 2, 3, 4, 5 };
  static const uint32_t groups[] = { 2, 2, 1, 1, 0, 0 };
  static const chiso_dec edges[] = { 3, 2 }; /* 10/3 and 5/3, rounded */
  chiso_grading g = quantiles(3, CHISO_MISSING_LEAVE_OUT);
  expect_groups(&g, figures, 6, groups, edges);
}

static void bands(void) {
  static const chiso_grade grades[] = { { .key = "A", .at_least = 90000000 },
                                        { .key = "B", .at_least = 80000000 },
                                        { .key = "C", .at_least = NO } };
  static const chiso_grade closed[] = { { .key = "A", .at_least = 90000000 },
                                        { .key = "B", .at_least = 80000000 } };
  static const chiso_dec figures[] = { 90000000, 89999999, 80000000, 79999999,
                                       NO };
  static const uint32_t open_wanted[] = { 0, 1, 1, 2, UINT32_MAX };
  static const uint32_t closed_wanted[] = { 0, 1, 1, UINT32_MAX, UINT32_MAX };
  chiso_grading g = { .grades = grades, .n_grades = 3 };
  expect_groups(&g, figures, 5, open_wanted, NULL);
  g = (chiso_grading) { .grades = closed, .n_grades = 2 };
  expect_groups(&g, figures, 5, closed_wanted, NULL);
}

static void grading_of_a_year(void) {
  static const chiso_grading list[] = { { .first = 2020, .last = 2021 },
                                        { .first = 2024 } };
  chiso_index ix = { .gradings = list, .n_gradings = 2 };
  CU_ASSERT_PTR_NULL(chiso_grading_for(&ix, 2019));
  CU_ASSERT_PTR_EQUAL(chiso_grading_for(&ix, 2020), &list[0]);
  CU_ASSERT_PTR_EQUAL(chiso_grading_for(&ix, 2021), &list[0]);
  CU_ASSERT_PTR_NULL(chiso_grading_for(&ix, 2022));
  CU_ASSERT_PTR_EQUAL(chiso_grading_for(&ix, 2030), &list[1]);
}

static void short_memory(void) {
  static const chiso_dec figures[] = { 1, 2 };
  counting memory = { .left = 0 };
  chiso_allocator allocator = counting_allocator(&memory);
  uint32_t out[2];
  chiso_grading g = quantiles(2, CHISO_MISSING_LEAVE_OUT);
  CU_ASSERT_EQUAL(chiso_rank(figures, 2, out, &allocator, NULL),
                  CHISO_NO_MEMORY);
  CU_ASSERT_EQUAL(
      chiso_grade_units(&g, figures, 2, out, NULL, &allocator, NULL),
      CHISO_NO_MEMORY);
  CU_ASSERT_EQUAL(memory.live, 0);
}

SUITE_MAIN({ "ranks share ties", ranks_share_ties }, { "quartiles", quartiles },
           { "missing units", missing_units },
           { "equal and single", equal_and_single }, { "thirds", thirds },
           { "bands", bands }, { "grading of a year", grading_of_a_year },
           { "short memory", short_memory })
