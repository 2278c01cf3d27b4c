/* SPDX-License-Identifier: Apache-2.0
 * Doubles as text: what is written reads back, in any locale. */
#include "suite.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

#include "chiso/data.h"
#include "data/real.h"
#include "fixture.h"

static chiso__number_fault read_text(const char *text, double *value,
                                     char *mark) {
  return chiso__real_read(text, strlen(text), value, mark);
}

static void test_read(void) {
  static const struct {
    const char *text;
    double value;
    char mark;
  } good[] = {
    { "0", 0, 0 },
    { "-1.5", -1.5, '.' },
    { "+2,25", 2.25, ',' },
    { " 7 ", 7, 0 },
    { ".5", 0.5, '.' },
    { "5.", 5, '.' },
    { "1e3", 1000, 0 },
    { "1.5E-3", 0.0015, '.' },
    { "0.1", 0.1, '.' },
    { "123456789012345678", 123456789012345678.0, 0 },
    { "9007199254740993", 9007199254740992.0, 0 }, /* a tie, to even */
    { "0.000000000000000000000000000001", 1e-30, '.' },
    { "1.7976931348623157e308", 1.7976931348623157e308, '.' },
    { "4.9406564584124654e-324", 4.9406564584124654e-324, '.' },
    { "2.2250738585072011e-308", 2.2250738585072011e-308, '.' },
  };
  static const struct {
    const char *text;
    chiso__number_fault fault;
  } bad[] = {
    { "", CHISO__NUMBER_EMPTY },
    { "  ", CHISO__NUMBER_EMPTY },
    { "-", CHISO__NUMBER_NOT },
    { "1.2.3", CHISO__NUMBER_THOUSANDS },
    { "1.234,5", CHISO__NUMBER_THOUSANDS },
    { "inf", CHISO__NUMBER_NOT },
    { "nan", CHISO__NUMBER_NOT },
    { "0x10", CHISO__NUMBER_NOT },
    { "1e", CHISO__NUMBER_NOT },
    { "1e+", CHISO__NUMBER_NOT },
    { "e5", CHISO__NUMBER_NOT },
    { "1e999", CHISO__NUMBER_RANGE },
    { "1e99999", CHISO__NUMBER_NOT },
    { "1 000", CHISO__NUMBER_NOT },
    { "1e5.5", CHISO__NUMBER_NOT },
    { "--1", CHISO__NUMBER_NOT },
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    double value = NAN;
    char mark;
    CU_ASSERT_EQUAL(read_text(good[i].text, &value, &mark), CHISO__NUMBER_OK);
    CU_ASSERT_EQUAL(value, good[i].value);
    CU_ASSERT_EQUAL(mark, good[i].mark);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    double value;
    char mark;
    CU_ASSERT_EQUAL(read_text(bad[i].text, &value, &mark), bad[i].fault);
  }
}

/* Any bits that are a number. */
static void test_round_trip(void) {
  uint64_t seed = 42;
  for (int i = 0; i < 100000; i++) {
    uint64_t bits = xorshift(&seed);
    double value, back = NAN;
    char text[CHISO__REAL_TEXT], mark;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value))
      continue;
    chiso__real_exact(value, i % 2 ? ',' : '.', text);
    CU_ASSERT(read_text(text, &back, &mark) == CHISO__NUMBER_OK &&
              back == value);
  }
}

static void is(double value, int after, const char *want) {
  char text[CHISO__REAL_TEXT];
  chiso__real_fixed(value, after, ',', text);
  CU_ASSERT_STRING_EQUAL(text, want);
}

static void test_print(void) {
  char text[CHISO__REAL_TEXT];
  is(1234.5678, 2, "1234,57");
  is(0, 3, "0,000");
  is(-0.0, 3, "0,000");
  is(0.00012, 2, "0,00012");
  is(1.5e15, 2, "1,5e+15");
  chiso__real_exact(0.1, '.', text);
  CU_ASSERT_STRING_EQUAL(text, "0.1");
  chiso__real_exact(-0.0, '.', text);
  CU_ASSERT_STRING_EQUAL(text, "0");
  chiso__real_exact(100.0 / 3, '.', text);
  CU_ASSERT_STRING_EQUAL(text, "33.333333333333336");
  chiso__real_print(100.0 / 3, 12, '.', text);
  CU_ASSERT_STRING_EQUAL(text, "33.3333333333");
}

/* A host program may have set any locale; Vietnamese has a comma. */
static void test_locale(void) {
  static const char *const names[] = { "vi_VN.UTF-8", "de_DE.UTF-8",
                                       "fr_FR.UTF-8" };
  for (size_t i = 0; i < 3; i++) {
    if (!setlocale(LC_ALL, names[i]))
      continue;
    double value = NAN;
    char text[CHISO__REAL_TEXT], mark;
    chiso__real_exact(0.1, '.', text);
    CU_ASSERT_STRING_EQUAL(text, "0.1");
    CU_ASSERT_EQUAL(read_text("1.2345678901234567890", &value, &mark),
                    CHISO__NUMBER_OK);
    CU_ASSERT_EQUAL(value, 1.2345678901234567);
  }
  setlocale(LC_ALL, "C");
}

/* Absent where it is no number, and never minus zero. */
static void test_cells(void) {
  chiso_error err = { 0 };
  chiso_table *t = NULL;
  char *bytes = NULL;
  size_t size;
  MUST(chiso_table_new(NULL, &t, &err) == CHISO_OK);
  chiso_table_column(t, "x", "x", CHISO_CELL_REAL, 2, &err);
  static const double values[] = { 1.0 / 3, NAN, -0.0, INFINITY, 1e-9 };
  for (size_t i = 0; i < 5; i++)
    CU_ASSERT_EQUAL(chiso_table_real(t, values[i], &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_table_integer(t, 1, &err), CHISO_INTERNAL);
  static const struct {
    chiso_table_style style;
    const char *want;
  } cases[] = {
    { { .format = CHISO_FORMAT_CSV }, "x\n0.333333333333\n\n0\n\n1e-09\n" },
    { { .format = CHISO_FORMAT_CSV, .exact = true },
      "x\n0.3333333333333333\n\n0\n\n1e-09\n" },
    { { .format = CHISO_FORMAT_TABLE, .lang = CHISO_LANG_VI },
      "    x\n 0,33\n\n 0,00\n\n1e-09\n" },
  };
  for (size_t i = 0; i < 3; i++) {
    CU_ASSERT_EQUAL(chiso_table_render(t, cases[i].style, &bytes, &size, &err),
                    CHISO_OK);
    CU_ASSERT_STRING_EQUAL(bytes, cases[i].want);
    chiso_text_free(NULL, bytes);
  }
  CU_ASSERT_EQUAL(
      chiso_table_render(t, (chiso_table_style) { .format = CHISO_FORMAT_JSON },
                         &bytes, &size, &err),
      CHISO_OK);
  CU_ASSERT(strstr(bytes, "{\"x\": 0.333333333333}") != NULL);
  CU_ASSERT(strstr(bytes, "{\"x\": null}") != NULL);
  chiso_text_free(NULL, bytes);
  chiso_table_free(t);
}

SUITE_MAIN({ "read", test_read }, { "round trip", test_round_trip },
           { "print", test_print }, { "locale", test_locale },
           { "cells", test_cells })
