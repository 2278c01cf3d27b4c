/* SPDX-License-Identifier: Apache-2.0
 * Values of single cells of a workbook. Whole workbooks are in tests/zoo/xlsx
 * and tests/xlsx. */
#include <string.h>

#include "data/xlsx.h"
#include "suite.h"

static void test_numbers(void) {
  static const char *const numbers[][2] = {
    { "1", "1" },
    { "-1.50", "-1.5" },
    { "0", "0" },
    { "-0.0", "0" },
    { "1E-2", "0.01" },
    { "5.0000000000000001E-2", "0.05" },
    { "0.30000000000000004", "0.3" },
    { "1.1000000000000001", "1.1" },
    { "0.99999999999999989", "1" },
    { "9.9999999999999995", "10" },
    { "1e3", "1000" },
    { "123456789012345678", "123456789012346000" },
    { "1234.5E-3", "1.2345" },
    { "00012", "12" },
    { "1.", "1" },
    { ".5", "0.5" },
  };
  static const char *const none[] = { "",      "-",   "1x",  "1,5",
                                      "0x10",  "NaN", "E",   "1E99",
                                      "1E-99", "1 2", "inf", "--1" };
  char out[CHISO__CELL_NUMBER];
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    CU_ASSERT(chiso__cell_number(numbers[i][0], out));
    CU_ASSERT_STRING_EQUAL(out, numbers[i][1]);
  }
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    CU_ASSERT_FALSE(chiso__cell_number(none[i], out));
}

static void test_percent(void) {
  char out[CHISO__CELL_NUMBER] = "0.3";
  chiso__cell_percent(out);
  CU_ASSERT_STRING_EQUAL(out, "30%");
  memcpy(out, "0.125", 6);
  chiso__cell_percent(out);
  CU_ASSERT_STRING_EQUAL(out, "12.5%");
}

static void test_days(void) {
  static const struct {
    const char *number, *date;
    bool from_1904;
  } days[] = {
    { "1", "1900-01-01", false },       { "59", "1900-02-28", false },
    { "61", "1900-03-01", false },      { "36526", "2000-01-01", false },
    { "45566", "2024-10-01", false },   { "45351.75", "2024-02-29", false },
    { "0", "1904-01-01", true },        { "44104", "2024-10-01", true },
    { "2958465", "9999-12-31", false },
  };
  char out[16];
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    CU_ASSERT(chiso__cell_date(days[i].number, days[i].from_1904, out));
    CU_ASSERT_STRING_EQUAL(out, days[i].date);
  }
  CU_ASSERT_FALSE(chiso__cell_date("-1", false, out));
  CU_ASSERT_FALSE(chiso__cell_date("0.5", false, out)); /* an hour alone */
  CU_ASSERT_FALSE(chiso__cell_date("2958466", false, out));
}

static void test_formats(void) {
  CU_ASSERT(chiso__format_is_date(14, NULL));
  CU_ASSERT(chiso__format_is_date(164, "dd/mm/yyyy"));
  CU_ASSERT(chiso__format_is_date(164, "[$-42A]d mmm"));
  CU_ASSERT_FALSE(chiso__format_is_date(0, NULL));
  CU_ASSERT_FALSE(chiso__format_is_date(164, "#,##0 [$\xe2\x82\xab-42A]"));
  CU_ASSERT_FALSE(chiso__format_is_date(164, "0.00\" days\""));
  CU_ASSERT_FALSE(chiso__format_is_date(164, "[Red]0.0\\d"));
  CU_ASSERT_FALSE(chiso__format_is_date(164, "General"));
  CU_ASSERT(chiso__format_is_percent(9, NULL));
  CU_ASSERT(chiso__format_is_percent(164, "0.0%"));
  CU_ASSERT_FALSE(chiso__format_is_percent(164, "0\"%\""));
}

static void test_places(void) {
  uint32_t row, column;
  const char *end;
  char name[16];
  CU_ASSERT(chiso__cell_place("A1", &row, &column, &end));
  CU_ASSERT(row == 0 && column == 0 && !*end);
  CU_ASSERT(chiso__cell_place("XFD1048576", &row, &column, &end));
  CU_ASSERT(row == 1048575 && column == 16383);
  chiso__cell_name(row, column, name);
  CU_ASSERT_STRING_EQUAL(name, "XFD1048576");
  chiso__cell_name(4, 27, name);
  CU_ASSERT_STRING_EQUAL(name, "AB5");
  static const char *const none[] = {
    "",     "A",        "1",         "a1", "A0",
    "XFE1", "A1048577", "AAAAAAAA1", "1A", "A99999999999"
  };
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    CU_ASSERT_FALSE(chiso__cell_place(none[i], &row, &column, &end));
}

SUITE_MAIN({ "numbers", test_numbers }, { "percent", test_percent },
           { "days", test_days }, { "formats", test_formats },
           { "places", test_places })
