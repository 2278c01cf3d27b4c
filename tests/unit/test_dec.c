/* SPDX-License-Identifier: Apache-2.0
 * Decimals against oracles that work in another way. */
#include "base/dec.h"

#include "fixture.h"
#include "suite.h"

static chiso__number_fault read(const char *text, unsigned digits,
                                chiso__number *out) {
  return chiso__number_read(text, strlen(text), digits, out);
}

typedef struct accepted {
  const char *text;
  unsigned digits;
  int64_t raw;
  char mark;
  bool rounded;
} accepted;

static void reads_numbers(void) {
  static const accepted table[] = {
    { "0", 0, 0, 0, false },
    { "-0", 0, 0, 0, false },
    { "+7", 2, 700, 0, false },
    { "007", 0, 7, 0, false },
    { " \t12\xc2\xa0 ", 0, 12, 0, false },
    { "\xe2\x80\xaf"
      "12",
      0, 12, 0, false },
    { "12.0", 0, 12, '.', false },
    { "12,00", 1, 120, ',', false },
    { "1,5", 1, 15, ',', false },
    { "-1.25", 6, -1250000, '.', false },
    { "1.234", 3, 1234, '.', false },
    { "1.234", 6, 1234000, '.', false },
    { "0.234", 3, 234, '.', false },
    { "0.000", 0, 0, '.', false },
    { "1234.500", 1, 12345, '.', false },
    { "0.1234565", 6, 123457, '.', true },
    { "0.1234564999", 6, 123456, '.', true },
    { "-0.0000005", 6, -1, '.', true },
    { "0.12345600000000000000000000000", 6, 123456, '.', false },
    { "9223372036854775807", 0, INT64_MAX, 0, false },
    { "-9223372036854775807", 0, -INT64_MAX, 0, false },
    { "9223372036854.775807", 6, INT64_MAX, '.', false },
    { "000000000000000000000000000001", 0, 1, 0, false },
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    chiso__number n;
    chiso__number_fault fault = read(table[i].text, table[i].digits, &n);
    if (fault != CHISO__NUMBER_OK || n.raw != table[i].raw)
      fprintf(stderr, "%s: %d\n", table[i].text, (int)fault);
    CU_ASSERT_EQUAL(fault, CHISO__NUMBER_OK);
    CU_ASSERT_EQUAL(n.raw, table[i].raw);
    CU_ASSERT_EQUAL(n.mark, table[i].mark);
    CU_ASSERT_EQUAL(n.rounded, table[i].rounded);
  }
}

typedef struct refused {
  const char *text;
  unsigned digits;
  chiso__number_fault fault;
} refused;

static void refuses_what_is_not(void) {
  static const refused table[] = {
    { "", 0, CHISO__NUMBER_EMPTY },
    { " \t\xc2\xa0", 0, CHISO__NUMBER_EMPTY },
    { "1e5", 6, CHISO__NUMBER_NOT },
    { "0x10", 6, CHISO__NUMBER_NOT },
    { "∞", 6, CHISO__NUMBER_NOT },
    { "nan", 6, CHISO__NUMBER_NOT },
    { "--1", 6, CHISO__NUMBER_NOT },
    { "-", 6, CHISO__NUMBER_NOT },
    { ".", 6, CHISO__NUMBER_NOT },
    { ".5", 6, CHISO__NUMBER_NOT },
    { "5.", 6, CHISO__NUMBER_NOT },
    { "1..2", 6, CHISO__NUMBER_NOT },
    { "1 .5", 6, CHISO__NUMBER_NOT },
    { "- 5", 6, CHISO__NUMBER_NOT },
    { "1  2", 6, CHISO__NUMBER_NOT },
    { "5%", 6, CHISO__NUMBER_NOT },
    { "\xef\xbc\x91", 0, CHISO__NUMBER_NOT }, /* full-width 1 */
    { "1.234,56", 6, CHISO__NUMBER_THOUSANDS },
    { "1,234.56", 6, CHISO__NUMBER_THOUSANDS },
    { "1.234.567", 6, CHISO__NUMBER_THOUSANDS },
    { "1 234", 6, CHISO__NUMBER_THOUSANDS },
    { "1\xc2\xa0"
      "234",
      0, CHISO__NUMBER_THOUSANDS },
    { "1\xe2\x80\xaf"
      "234,5",
      1, CHISO__NUMBER_THOUSANDS },
    { "1.234", 0, CHISO__NUMBER_THOUSANDS },
    { "12,345", 2, CHISO__NUMBER_THOUSANDS },
    { "999.000", 0, CHISO__NUMBER_THOUSANDS },
    { "0.234", 2, CHISO__NUMBER_DIGITS },
    { "0,125", 0, CHISO__NUMBER_DIGITS },
    { "1234.567", 0, CHISO__NUMBER_DIGITS },
    { "1.5", 0, CHISO__NUMBER_DIGITS },
    { "1.2345", 3, CHISO__NUMBER_DIGITS },
    { "9223372036854775808", 0, CHISO__NUMBER_RANGE },
    { "-9223372036854775808", 0, CHISO__NUMBER_RANGE },
    { "922337203685477580.8", 1, CHISO__NUMBER_RANGE },
    { "9223372036854.775808", 6, CHISO__NUMBER_RANGE },
    { "9223372036854.7758075", 6, CHISO__NUMBER_RANGE },
    { "9223372036855", 6, CHISO__NUMBER_RANGE },
    { "99999999999999999999999999999999", 0, CHISO__NUMBER_RANGE },
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    chiso__number n;
    chiso__number_fault fault = read(table[i].text, table[i].digits, &n);
    if (fault != table[i].fault)
      fprintf(stderr, "%s: %d\n", table[i].text, (int)fault);
    CU_ASSERT_EQUAL(fault, table[i].fault);
  }
}

/* Every value of -20.00 .. 20.00 in every number of digits. */
static void reads_every_small_number(void) {
  for (int whole = 0; whole <= 1100; whole++)
    for (int cents = 0; cents < 100; cents++)
      for (unsigned digits = 0; digits <= 6; digits++) {
        char text[32];
        chiso__number n;
        (void)snprintf(text, sizeof text, "-%d,%02d", whole, cents);
        chiso__number_fault fault = read(text, digits, &n);
        bool fits =
            digits >= 2 || (digits == 1 && cents % 10 == 0) || cents == 0;
        if (fits != (fault == CHISO__NUMBER_OK) ||
            (!fits && fault != CHISO__NUMBER_DIGITS))
          CU_FAIL(text);
        int64_t want =
            -(int64_t)(whole * 100 + cents) * chiso__power10[digits] / 100;
        if (fits && n.raw != want)
          CU_FAIL(text);
      }
}

static void strict_form(void) {
  static const char *const bad[] = { "",         "-",
                                     "+1",       " 1",
                                     "1 ",       "1,5",
                                     ".5",       "5.",
                                     "01",       "-00.5",
                                     "1e3",      "0.1234567",
                                     "1.2.3",    "--1",
                                     "0x1",      "1000000.000001",
                                     "-1000001", "99999999999999999999",
                                     "１" };
  chiso_dec value;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CU_ASSERT_FALSE(chiso__dec_strict(bad[i], &value));
  CU_ASSERT(chiso__dec_strict("0.25", &value) && value == 250000);
  CU_ASSERT(chiso__dec_strict("-1000000", &value) && value == -CHISO_DEC_LIMIT);
  CU_ASSERT(chiso__dec_strict("1000000.000000", &value) &&
            value == CHISO_DEC_LIMIT);
}

static void print_and_read_back(void) {
  uint64_t state = 42;
  char text[CHISO_DEC_TEXT];
  for (int i = 0; i < 200000; i++) {
    chiso_dec value = (chiso_dec)(xorshift(&state) % 2000000000001) -
                      CHISO_DEC_LIMIT,
              back = 0;
    if (i % 3 == 0)
      value = value / 100000 * 100000;
    int length = chiso__dec_print(value, text);
    if ((size_t)length != strlen(text) || !chiso__dec_strict(text, &back) ||
        back != value)
      CU_FAIL(text);
  }
  CU_ASSERT_EQUAL(chiso__dec_print(INT64_MIN, text), 21);
  CU_ASSERT_STRING_EQUAL(text, "-9223372036854.775808");
}

/* What a person reads has the mark of the language, files have a point. */
static void say_and_print(void) {
  char text[CHISO_DEC_TEXT];
  CU_ASSERT_STRING_EQUAL(chiso__dec_say(1500000, CHISO_LANG_VI, text), "1,5");
  CU_ASSERT_STRING_EQUAL(chiso__dec_say(1500000, CHISO_LANG_EN, text), "1.5");
  CU_ASSERT_STRING_EQUAL(chiso__dec_say(-2000000, CHISO_LANG_VI, text), "-2");
  (void)chiso__dec_print(-250000, text);
  CU_ASSERT_STRING_EQUAL(text, "-0.25");
}

static void format_style(void) {
  char out[CHISO_DEC_TEXT];
#define SHOWS(value, mark, digits, keep, want)                                 \
  chiso_dec_format(value, (chiso_dec_style) { mark, digits, keep }, out);      \
  CU_ASSERT_STRING_EQUAL(out, want)
  SHOWS(1500000, ',', 2, true, "1,50");
  SHOWS(1500000, ',', 2, false, "1,5");
  SHOWS(1005000, '.', 2, true, "1.01");
  SHOWS(-1005000, '.', 2, true, "-1.01");
  SHOWS(-4000, '.', 2, true, "0.00");
  SHOWS(-4000, '.', 0, true, "0");
  SHOWS(999999, '.', 5, false, "1");
  SHOWS(100000000, '.', 0, true, "100");
  SHOWS(INT64_MAX, '.', 0, true, "9223372036855");
  SHOWS(1, '.', 200, false, "0.000001");
#undef SHOWS
}

/* Rounding by trying: the candidates around the exact quotient. */
static bool oracle(chiso__wide n, chiso__wide d, unsigned mode, int64_t *out) {
  chiso__wide floor_ = n / d;
  if (n % d != 0 && n < 0)
    floor_--;
  chiso__wide low = n - floor_ * d, high = d - low, pick = floor_;
  if (low != 0) {
    bool up = low > high;
    if (mode == CHISO_ROUND_CUT_OFF)
      up = n < 0;
    else if (low == high)
      up = mode == CHISO_ROUND_HALF_EVEN ? floor_ % 2 != 0 : n > 0;
    pick += up;
  }
  *out = (int64_t)pick;
  return pick >= INT64_MIN && pick <= INT64_MAX;
}

static int64_t any(uint64_t *state) {
  uint64_t bits = xorshift(state);
  return (int64_t)bits >> (xorshift(state) % 64);
}

static void division_against_oracle(void) {
  uint64_t state = 20240601;
  long wrong = 0;
  for (int i = 0; i < 1000000; i++) {
    int64_t a = any(&state), b = any(&state), c = any(&state), got, want;
    if (c == 0)
      c = 2;
    chiso__wide n = (chiso__wide)a * b, d = c < 0 ? -(chiso__wide)c : c;
    bool fits = oracle(c < 0 ? -n : n, d, CHISO_ROUND_HALF_UP, &want);
    bool ok = chiso_muldiv(a, b, c, &got);
    wrong += ok != fits || (ok && got != want);
    for (unsigned mode = 0; mode < 3; mode++) {
      fits = oracle(n, d, mode, &want);
      ok = chiso__wide_div(n, d, mode, &got);
      wrong += ok != fits || (ok && got != want);
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static void division_of_small_numbers(void) {
  int64_t got, want;
  for (int n = -300; n <= 300; n++)
    for (int d = 1; d <= 40; d++)
      for (unsigned mode = 0; mode < 3; mode++) {
        (void)oracle(n, d, mode, &want);
        CU_ASSERT(chiso__wide_div(n, d, mode, &got) && got == want);
      }
  CU_ASSERT_FALSE(chiso__wide_div(1, 0, 0, &got));
  CU_ASSERT_FALSE(chiso__wide_div(1, -1, 0, &got));
  CU_ASSERT_FALSE(chiso_muldiv(1, 1, 0, &got));
  CU_ASSERT_FALSE(chiso_muldiv(INT64_MIN, 1, -1, &got));
  CU_ASSERT(chiso_muldiv(INT64_MIN, INT64_MIN, INT64_MIN, &got));
  CU_ASSERT_EQUAL(got, INT64_MIN);
}

static void round_to_digits(void) {
  uint64_t state = 7;
  long wrong = 0;
  for (int i = 0; i < 300000; i++) {
    chiso_dec value = any(&state);
    unsigned digits = (unsigned)(xorshift(&state) % 8);
    unsigned mode = (unsigned)(xorshift(&state) % 3);
    chiso_dec got = chiso_dec_round(value, digits, mode);
    int64_t unit = digits < 6 ? chiso__power10[6 - digits] : 1, want;
    (void)oracle(value, unit, mode, &want);
    chiso__wide exact = (chiso__wide)want * unit;
    if (exact > INT64_MAX || exact < INT64_MIN)
      exact = value;
    wrong += got != (chiso_dec)exact;
  }
  CU_ASSERT_EQUAL(wrong, 0);
  CU_ASSERT_EQUAL(chiso_dec_round(INT64_MAX, 0, CHISO_ROUND_HALF_UP),
                  INT64_MAX);
}

SUITE_MAIN({ "reads", reads_numbers }, { "refuses", refuses_what_is_not },
           { "every small number", reads_every_small_number },
           { "strict", strict_form }, { "print", print_and_read_back },
           { "say", say_and_print }, { "format", format_style },
           { "division, random", division_against_oracle },
           { "division, small", division_of_small_numbers },
           { "round", round_to_digits })
