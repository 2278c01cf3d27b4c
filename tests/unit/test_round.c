/* SPDX-License-Identifier: Apache-2.0
 * Rounds as people type them. */
#include "suite.h"

#include "chiso/data.h"

static void test_good(void) {
  static const struct {
    const char *text, *iso;
  } good[] = {
    { "2024", "2024" },
    { "2026-10", "2026-10" },
    { "2026-10-06", "2026-10-06" },
    { "06/10/2026", "2026-10-06" },
    { "6/10/2026", "2026-10-06" },
    { "10/2026", "2026-10" },
    { "1/2026", "2026-01" },
    { "2024-02-29", "2024-02-29" },
    { "29/2/2000", "2000-02-29" },
    { "1900", "1900" },
    { "2999-12-31", "2999-12-31" },
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    chiso_date date;
    char text[16];
    MUST(chiso_round_parse(good[i].text, &date));
    CU_ASSERT_EQUAL((size_t)chiso_round_format(date, text),
                    strlen(good[i].iso));
    CU_ASSERT_STRING_EQUAL(text, good[i].iso);
    chiso_date again;
    CU_ASSERT(chiso_round_parse(text, &again));
    CU_ASSERT(again.year == date.year && again.month == date.month &&
              again.day == date.day);
  }
}

static void test_bad(void) {
  static const char *const bad[] = {
    "",           " ",         "24",         "20245",       "2024-",
    "2024-1",     "2024-13",   "2024-00",    "2024-02-30",  "2023-02-29",
    "1900-02-29", "2024-1-01", "2024-01-00", "2024-01-01-", "31/04/2024",
    "0/2024",     "13/2024",   "/2024",      "1//2024",     "1/2/24",
    "1/2/3/2024", "001/2024",  "2024/01",    "2024.0",      "-2024",
    "+2024",      "1899",      "3000",       "2024 ",       "２０２４",
    "Q1 2024",    "01/2024x",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    chiso_date date = { 1, 1, 1 };
    CU_ASSERT_FALSE(chiso_round_parse(bad[i], &date));
    if (date.year != 1)
      fprintf(stderr, "\n    \"%s\"\n", bad[i]);
    CU_ASSERT(date.year == 1 && date.month == 1 && date.day == 1);
  }
}

SUITE_MAIN({ "good", test_good }, { "bad", test_bad })
