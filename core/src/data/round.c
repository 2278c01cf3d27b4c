/* SPDX-License-Identifier: Apache-2.0
 * data/round.c - ISO periods, and the dates that people type. */
#include <string.h>

#include "data/data.h"

static bool digits(const char **text, size_t count, unsigned *out) {
  *out = 0;
  for (size_t i = 0; i < count; i++) {
    char c = (*text)[i];
    if (c < '0' || c > '9')
      return false;
    *out = *out * 10 + (unsigned)(c - '0');
  }
  *text += count;
  return true;
}

static bool good_day(unsigned year, unsigned month, unsigned day) {
  static const unsigned days[] = { 31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31 };
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (year < 1900 || year > 2999 || month > 12 || (month == 0 && day != 0))
    return false;
  return month == 0 || day <= days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

/* yyyy, yyyy-mm, yyyy-mm-dd */
static bool iso(const char *text, unsigned *y, unsigned *m, unsigned *d) {
  *m = *d = 0;
  if (!digits(&text, 4, y))
    return false;
  if (*text == '\0')
    return true;
  if (*text++ != '-' || !digits(&text, 2, m) || *m == 0)
    return false;
  if (*text == '\0')
    return true;
  return *text++ == '-' && digits(&text, 2, d) && *d != 0 && *text == '\0';
}

/* One or two digits and the '/' after them. */
static bool before_slash(const char **text, unsigned *out) {
  size_t count = strcspn(*text, "/");
  if (count < 1 || count > 2 || (*text)[count] != '/' ||
      !digits(text, count, out) || *out == 0)
    return false;
  (*text)++;
  return true;
}

/* dd/mm/yyyy, mm/yyyy */
static bool vietnamese(const char *text, unsigned *y, unsigned *m,
                       unsigned *d) {
  *d = 0;
  if (!before_slash(&text, m))
    return false;
  if (strchr(text, '/')) {
    *d = *m;
    if (!before_slash(&text, m))
      return false;
  }
  return digits(&text, 4, y) && *text == '\0';
}

bool chiso_round_parse(const char *text, chiso_date *out) {
  unsigned y, m, d;
  if (!iso(text, &y, &m, &d) && !vietnamese(text, &y, &m, &d))
    return false;
  if (!good_day(y, m, d))
    return false;
  *out = (chiso_date) { (uint16_t)y, (uint8_t)m, (uint8_t)d };
  return true;
}

int chiso_round_format(chiso_date round, char out[16]) {
  if (round.month == 0)
    return snprintf(out, 16, "%04u", (unsigned)round.year);
  if (round.day == 0)
    return snprintf(out, 16, "%04u-%02u", (unsigned)round.year,
                    (unsigned)round.month);
  return snprintf(out, 16, "%04u-%02u-%02u", (unsigned)round.year,
                  (unsigned)round.month, (unsigned)round.day);
}
