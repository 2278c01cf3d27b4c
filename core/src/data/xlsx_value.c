/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_value.c - what a single cell of a workbook says: numbers, days,
 * places. Decimal digits all the way; no floating point. */
#include <string.h>

#include "base/dec.h"
#include "data/xlsx.h"

#define SIGNIFICANT 15
#define MOST_PLACES 30

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* ---- numbers ------------------------------------------------------------- */

/* Digits without leading zeros; the mark stands after `whole` of them. */
typedef struct digits {
  char digit[SIGNIFICANT + 1]; /* one more: an overflow by rounding */
  int count, whole;
  bool negative, up;
} digits;

static bool take_mantissa(const char **at, digits *d) {
  const char *s = *at;
  bool any = false, mark = false, cut = false;
  if (*s == '-' || *s == '+')
    d->negative = *s++ == '-';
  for (; is_digit(*s) || (*s == '.' && !mark); s++) {
    if (*s == '.') {
      mark = true;
      continue;
    }
    any = true;
    if (d->count == 0 && *s == '0') {
      d->whole -= mark;
      continue;
    }
    if (d->count < SIGNIFICANT)
      d->digit[d->count++] = *s;
    else if (!cut) {
      cut = true;
      d->up = *s >= '5';
    }
    d->whole += !mark;
  }
  *at = s;
  return any;
}

static bool take_exponent(const char **at, digits *d) {
  const char *s = *at;
  int value = 0;
  if (*s != 'e' && *s != 'E')
    return true;
  s++;
  bool minus = *s == '-';
  s += *s == '-' || *s == '+';
  if (!is_digit(*s))
    return false;
  for (; is_digit(*s) && value < 1000; s++)
    value = value * 10 + (*s - '0');
  d->whole += minus ? -value : value;
  *at = s;
  return true;
}

static void round_up(digits *d) {
  int i = d->count - 1;
  for (; i >= 0 && d->digit[i] == '9'; i--)
    d->digit[i] = '0';
  if (i >= 0) {
    d->digit[i]++;
    return;
  }
  memmove(d->digit + 1, d->digit, (size_t)d->count);
  d->digit[0] = '1';
  d->count++;
  d->whole++;
}

bool chiso__cell_number(const char *text, char out[CHISO__CELL_NUMBER]) {
  digits d = { .count = 0 };
  size_t n = 0;
  if (!take_mantissa(&text, &d) || !take_exponent(&text, &d) || *text)
    return false;
  if (d.up)
    round_up(&d);
  while (d.count > 0 && d.digit[d.count - 1] == '0')
    d.count--;
  if (d.count == 0) {
    memcpy(out, "0", 2);
    return true;
  }
  if (d.whole > MOST_PLACES || d.whole < -MOST_PLACES + SIGNIFICANT)
    return false;
  if (d.negative)
    out[n++] = '-';
  if (d.whole <= 0)
    out[n++] = '0';
  for (int i = 0; i < d.whole; i++)
    out[n++] = i < d.count ? d.digit[i] : '0';
  if (d.count > d.whole)
    out[n++] = '.';
  for (int i = d.whole; i < 0; i++)
    out[n++] = '0';
  for (int i = d.whole > 0 ? d.whole : 0; i < d.count; i++)
    out[n++] = d.digit[i];
  out[n] = '\0';
  return true;
}

/* The mark goes two places to the right. */
void chiso__cell_percent(char number[CHISO__CELL_NUMBER]) {
  char text[CHISO__CELL_NUMBER + 4];
  size_t size = strlen(number);
  if (size + 4 >= CHISO__CELL_NUMBER)
    return;
  memcpy(text, number, size);
  memcpy(text + size, "E2", 3);
  if (chiso__cell_number(text, number)) {
    size = strlen(number);
    memcpy(number + size, "%", 2);
  }
}

/* ---- places -------------------------------------------------------------- */

bool chiso__cell_place(const char *text, uint32_t *row, uint32_t *column,
                       const char **end) {
  uint32_t r = 0, c = 0;
  for (; *text >= 'A' && *text <= 'Z'; text++) {
    c = c * 26 + (uint32_t)(*text - 'A') + 1;
    if (c > CHISO__SHEET_COLUMNS)
      return false;
  }
  for (; is_digit(*text); text++) {
    r = r * 10 + (uint32_t)(*text - '0');
    if (r > CHISO__SHEET_ROWS)
      return false;
  }
  if (r == 0 || c == 0)
    return false;
  *row = r - 1;
  *column = c - 1;
  *end = text;
  return true;
}

void chiso__cell_name(uint32_t row, uint32_t column, char out[16]) {
  char letters[4] = { 0 };
  int n = 3;
  for (uint32_t c = column + 1; c > 0 && n > 0; c = (c - 1) / 26)
    letters[--n] = (char)('A' + (c - 1) % 26);
  snprintf(out, 16, "%.3s%u", letters + n, (unsigned)row + 1);
}

/* ---- days ---------------------------------------------------------------- */

/* Days since 1970 to the civil calendar: eras of 400 years, years from March.
 */
static void civil(int64_t days, int *year, int *month, int *day) {
  days += 719468;
  int64_t era = days / 146097, of_era = days - era * 146097;
  int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year =
      of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t from_march = (5 * of_year + 2) / 153;
  *day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
  *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
  *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

bool chiso__cell_date(const char *number, bool from_1904, char out[16]) {
  int64_t serial = 0;
  int year, month, day;
  for (; is_digit(*number) && serial < 10000000; number++)
    serial = serial * 10 + (*number - '0');
  if (*number && *number != '.')
    return false;
  if (serial > 2958465 || (serial == 0 && !from_1904))
    return false;
  /* The workbook's calendar has a 29 February 1900. */
  if (from_1904)
    civil(serial - 24107, &year, &month, &day);
  else
    civil(serial - 25569 + (serial < 60), &year, &month, &day);
  snprintf(out, 16, "%04d-%02d-%02d", year % 10000, month % 100, day % 100);
  return true;
}

/* The first of the letters in a format, outside quotes, brackets, escapes. */
static bool shows(const char *code, const char *letters) {
  for (; *code; code++) {
    if (*code == '"' || *code == '[') {
      const char *close = strchr(code + 1, *code == '"' ? '"' : ']');
      if (!close)
        return false;
      code = close;
    } else if (*code == '\\' || *code == '_' || *code == '*') {
      if (!*++code)
        return false;
    } else if (strchr(letters, *code)) {
      return true;
    }
  }
  return false;
}

bool chiso__format_is_date(uint32_t id, const char *code) {
  if (!code)
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) ||
           (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  return strcmp(code, "General") != 0 && shows(code, "yYmMdDhHsS");
}

bool chiso__format_is_percent(uint32_t id, const char *code) {
  return code ? shows(code, "%") : id == 9 || id == 10;
}
