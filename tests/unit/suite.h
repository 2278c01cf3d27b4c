/* SPDX-License-Identifier: Apache-2.0
 * The shape of a suite: a list of tests and SUITE_MAIN. Assertions are CUnit's
 * non-fatal ones; a test that cannot go on returns. */
#ifndef CHISO_TESTS_SUITE_H
#define CHISO_TESTS_SUITE_H

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#define SUITE_MAIN(...)                                                        \
  int main(void) {                                                             \
    CU_TestInfo tests[] = { __VA_ARGS__, CU_TEST_INFO_NULL };                  \
    CU_SuiteInfo suites[] = { { __FILE__, NULL, NULL, NULL, NULL, tests },     \
                              CU_SUITE_INFO_NULL };                            \
    if (CU_initialize_registry() != CUE_SUCCESS ||                             \
        CU_register_suites(suites) != CUE_SUCCESS)                             \
      return EXIT_FAILURE;                                                     \
    CU_basic_set_mode(CU_BRM_NORMAL);                                          \
    CU_basic_run_tests();                                                      \
    unsigned failures = CU_get_number_of_failures();                           \
    CU_cleanup_registry();                                                     \
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;                             \
  }

/* Asserts, and leaves the test when the assertion fails. */
#define MUST(condition)                                                        \
  do {                                                                         \
    bool holds_ = (condition);                                                 \
    CU_ASSERT(holds_);                                                         \
    if (!holds_)                                                               \
      return;                                                                  \
  } while (0)

#endif
