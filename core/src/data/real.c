/* SPDX-License-Identifier: Apache-2.0
 * data/real.c - doubles in and out, whatever the locale. */
#define _GNU_SOURCE /* strtod_l() */
#include "data/real.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIGITS 64 /* of a number as text; more are no measurement */

/* Powers of ten that are doubles without rounding. */
static const double exact10[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,
                                  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
                                  1e18, 1e19, 1e20, 1e21, 1e22 };

static double library_read(const char *text) {
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  double value = c ? strtod_l(text, NULL, c) : NAN;
  if (c)
    freelocale(c);
  return value;
}

typedef struct parts {
  uint64_t whole;              /* of the first 19 significant digits */
  int significant;             /* digits from the first that is not 0 */
  int exponent;                /* of ten */
  char text[MOST_DIGITS + 16]; /* with '.' for the mark */
  size_t size;
  bool digits, cut;
} parts;

static void take(parts *p, char c) {
  if (p->size < MOST_DIGITS)
    p->text[p->size++] = c;
  else
    p->cut = true;
}

static void digit(parts *p, char c, bool after) {
  p->digits = true;
  take(p, c);
  if (p->significant > 0 || c != '0')
    p->significant++;
  if (p->significant <= 19)
    p->whole = p->whole * 10 + (uint64_t)(c - '0');
  p->exponent -= after;
}

/* The exponent after an 'e'; false when there is none. */
static bool exponent(parts *p, const char *at, const char *end) {
  bool minus = at < end && *at == '-';
  int value = 0;
  if (at < end && (*at == '-' || *at == '+'))
    at++;
  if (at == end || end - at > 3)
    return false;
  for (; at < end; at++) {
    if (*at < '0' || *at > '9')
      return false;
    value = value * 10 + (*at - '0');
  }
  p->exponent += minus ? -value : value;
  p->size +=
      (size_t)snprintf(p->text + p->size, 8, "e%s%d", minus ? "-" : "", value);
  return true;
}

/* Few digits and a small power of ten: one operation, rounded once. */
static bool quick(const parts *p, double *value) {
  if (p->significant > 15 || p->exponent < -22 || p->exponent > 22)
    return false;
  double whole = (double)p->whole;
  *value = p->exponent < 0 ? whole / exact10[-p->exponent]
                           : whole * exact10[p->exponent];
  return true;
}

chiso__number_fault chiso__real_read(const char *text, size_t size,
                                     double *value, char *mark) {
  const char *at = text, *end = text + size;
  parts p = { 0 };
  *mark = 0;
  while (at < end && *at == ' ')
    at++;
  while (end > at && end[-1] == ' ')
    end--;
  if (at == end)
    return CHISO__NUMBER_EMPTY;
  bool minus = *at == '-';
  at += *at == '-' || *at == '+';
  for (; at < end && *at != 'e' && *at != 'E'; at++) {
    if (*at >= '0' && *at <= '9') {
      digit(&p, *at, *mark != 0);
    } else if (*at == '.' || *at == ',') {
      if (*mark)
        return CHISO__NUMBER_THOUSANDS;
      *mark = *at;
      take(&p, '.');
    } else {
      return CHISO__NUMBER_NOT;
    }
  }
  if (!p.digits || p.cut || (at < end && !exponent(&p, at + 1, end)))
    return CHISO__NUMBER_NOT;
  p.text[p.size] = '\0';
  if (!quick(&p, value))
    *value = library_read(p.text);
  if (minus)
    *value = -*value;
  return isfinite(*value) ? CHISO__NUMBER_OK : CHISO__NUMBER_RANGE;
}

/* snprintf() takes the mark of the locale, which may be several bytes. */
static void put(char out[CHISO__REAL_TEXT], char mark, const char *format,
                int digits, double value) {
  char raw[400];
  size_t to = 0;
  bool marked = false;
  (void)snprintf(raw, sizeof raw, format, digits, value == 0 ? 0.0 : value);
  for (const char *c = raw; *c && to + 1 < CHISO__REAL_TEXT; c++) {
    bool own = (*c >= '0' && *c <= '9') || *c == '-' || *c == '+' || *c == 'e';
    if (!own && marked)
      continue;
    out[to++] = own ? *c : mark;
    marked = marked || !own;
  }
  out[to] = '\0';
}

void chiso__real_print(double value, int digits, char mark,
                       char out[CHISO__REAL_TEXT]) {
  put(out, mark, "%.*g", digits, value);
}

void chiso__real_exact(double value, char mark, char out[CHISO__REAL_TEXT]) {
  for (int digits = 15; digits <= 17; digits++) {
    double back = 0;
    char ignored;
    chiso__real_print(value, digits, mark, out);
    if (chiso__real_read(out, strlen(out), &back, &ignored) ==
            CHISO__NUMBER_OK &&
        back == value)
      return;
  }
}

void chiso__real_fixed(double value, int after, char mark,
                       char out[CHISO__REAL_TEXT]) {
  double size = fabs(value);
  if (value != 0 && (size >= 1e12 || size * exact10[after] < 0.5))
    chiso__real_print(value, 3, mark, out);
  else
    put(out, mark, "%.*f", after, value);
}
