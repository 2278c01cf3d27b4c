/* SPDX-License-Identifier: Apache-2.0
 * base/dec.c - reading, writing, rounding and dividing exact decimals. */
#include "base/dec.h"

#include <string.h>

const int64_t chiso__power10[19] = { 1,
                                     10,
                                     100,
                                     1000,
                                     10000,
                                     100000,
                                     1000000,
                                     10000000,
                                     100000000,
                                     1000000000,
                                     10000000000,
                                     100000000000,
                                     1000000000000,
                                     10000000000000,
                                     100000000000000,
                                     1000000000000000,
                                     10000000000000000,
                                     100000000000000000,
                                     1000000000000000000 };

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static uint64_t magnitude(int64_t value) {
  return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* ---- division and rounding ---------------------------------------------- */

bool chiso__wide_div(chiso__wide n, chiso__wide d, unsigned mode,
                     int64_t *out) {
  if (d <= 0)
    return false;
  bool negative = n < 0;
  chiso__uwide size = negative ? 0 - (chiso__uwide)n : (chiso__uwide)n;
  chiso__uwide by = (chiso__uwide)d, quotient = size / by, rest = size % by;
  bool up = rest >= by - rest; /* twice the rest could overflow */
  if (mode == CHISO_ROUND_CUT_OFF)
    up = false;
  else if (mode == CHISO_ROUND_HALF_EVEN && rest == by - rest)
    up = quotient % 2 != 0;
  quotient += up && rest ? 1 : 0;
  chiso__uwide limit = (chiso__uwide)INT64_MAX + (negative ? 1 : 0);
  if (quotient > limit)
    return false;
  uint64_t low = (uint64_t)quotient;
  *out = !negative ? (int64_t)low : low == 0 ? 0 : -(int64_t)(low - 1) - 1;
  return true;
}

bool chiso_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out) {
  if (c == 0)
    return false;
  chiso__wide n = (chiso__wide)a * b, d = c;
  if (c < 0) {
    n = -n;
    d = -d;
  }
  return chiso__wide_div(n, d, CHISO_ROUND_HALF_UP, out);
}

chiso_dec chiso_dec_round(chiso_dec value, unsigned digits, unsigned mode) {
  if (digits >= CHISO_DEC_DIGITS)
    return value;
  int64_t unit = chiso__power10[CHISO_DEC_DIGITS - digits], quotient;
  if (!chiso__wide_div(value, unit, mode, &quotient))
    return value;
  chiso__wide rounded = (chiso__wide)quotient * unit;
  if (rounded > INT64_MAX || rounded < INT64_MIN)
    return value;
  return (chiso_dec)rounded;
}

/* ---- writing ------------------------------------------------------------ */

static int write_dec(bool negative, uint64_t whole, uint64_t fraction,
                     unsigned digits, chiso_dec_style style,
                     char out[CHISO_DEC_TEXT]) {
  char reversed[CHISO_DEC_TEXT];
  size_t n = 0, length = 0;
  bool shown = style.keep_zeros;
  for (unsigned i = 0; i < digits; i++, fraction /= 10) {
    shown = shown || fraction % 10 != 0;
    if (shown)
      reversed[n++] = (char)('0' + fraction % 10);
  }
  if (n > 0)
    reversed[n++] = style.mark ? style.mark : '.';
  do {
    reversed[n++] = (char)('0' + whole % 10);
    whole /= 10;
  } while (whole);
  if (negative)
    out[length++] = '-';
  while (n > 0)
    out[length++] = reversed[--n];
  out[length] = '\0';
  return (int)length;
}

int chiso_dec_format(chiso_dec value, chiso_dec_style style,
                     char out[CHISO_DEC_TEXT]) {
  unsigned digits =
      style.digits > CHISO_DEC_DIGITS ? CHISO_DEC_DIGITS : style.digits;
  uint64_t unit = (uint64_t)chiso__power10[CHISO_DEC_DIGITS - digits];
  uint64_t size = magnitude(value);
  uint64_t kept = size / unit + (size % unit * 2 >= unit && unit > 1 ? 1 : 0);
  uint64_t one = (uint64_t)chiso__power10[digits];
  return write_dec(value < 0 && kept, kept / one, kept % one, digits, style,
                   out);
}

int chiso__dec_print(chiso_dec value, char out[CHISO_DEC_TEXT]) {
  return chiso_dec_format(value, (chiso_dec_style) { '.', 6, false }, out);
}

const char *chiso__dec_say(chiso_dec value, chiso_lang lang,
                           char out[CHISO_DEC_TEXT]) {
  chiso_dec_style style = { lang == CHISO_LANG_VI ? ',' : '.', 6, false };
  chiso_dec_format(value, style, out);
  return out;
}

/* ---- reading ------------------------------------------------------------ */

/* Bytes of the blank that begins here, 0 if none: space, tab, and the
 * no-break spaces that spreadsheets and word processors group digits with. */
static size_t blank(const char *s, const char *end) {
  if (*s == ' ' || *s == '\t')
    return 1;
  if (end - s >= 2 && memcmp(s, "\xc2\xa0", 2) == 0)
    return 2;
  if (end - s >= 3 &&
      (memcmp(s, "\xe2\x80\xaf", 3) == 0 || memcmp(s, "\xe2\x80\x89", 3) == 0))
    return 3;
  return 0;
}

static void trim(const char **from, const char **to) {
  while (*from < *to) {
    size_t n = blank(*from, *to);
    if (n == 0)
      break;
    *from += n;
  }
  for (bool more = true; more && *from < *to;) {
    more = false;
    for (int n = 1; n <= 3 && !more && *to - *from >= n; n++)
      if (blank(*to - n, *to) == (size_t)n) {
        *to -= n;
        more = true;
      }
  }
}

typedef struct shape {
  size_t marks, groups; /* marks between digits; blanks between digits */
  size_t before, after; /* digits around the first mark */
  char mark;
} shape;

/* What the text after the sign is made of; false when not a number at all. */
static bool measure(const char *s, const char *end, shape *out) {
  *out = (shape) { 0 };
  bool digit = false;
  while (s < end) {
    size_t gap = blank(s, end);
    if (is_digit(*s)) {
      digit = true;
      if (out->marks)
        out->after++;
      else
        out->before++;
      s++;
      continue;
    }
    if (!digit || (!gap && *s != '.' && *s != ','))
      return false;
    if (gap)
      out->groups++;
    else if (out->marks++ == 0)
      out->mark = *s;
    digit = false;
    s += gap ? gap : 1;
  }
  return digit;
}

/* Adds one decimal digit; false when it does not fit. */
static bool push(uint64_t *value, unsigned digit) {
  if (*value > ((uint64_t)INT64_MAX - digit) / 10)
    return false;
  *value = *value * 10 + digit;
  return true;
}

static chiso__number_fault gather(const char *s, const char *end,
                                  unsigned digits, bool negative,
                                  const shape *shape_, chiso__number *out) {
  uint64_t value = 0;
  size_t after = shape_->after;
  while (after > digits && end[-1] == '0') {
    end--;
    after--;
  }
  if (after > digits && digits < CHISO_DEC_DIGITS)
    return CHISO__NUMBER_DIGITS;
  size_t drop = after > digits ? after - digits : 0;
  const char *last = end - drop;
  for (; s < last; s++)
    if (is_digit(*s) && !push(&value, (unsigned)(*s - '0')))
      return CHISO__NUMBER_RANGE;
  for (; after < digits; after++)
    if (!push(&value, 0))
      return CHISO__NUMBER_RANGE;
  if (drop && *last >= '5' && ++value > (uint64_t)INT64_MAX)
    return CHISO__NUMBER_RANGE;
  out->raw = negative ? -(int64_t)value : (int64_t)value;
  out->rounded = drop > 0;
  return CHISO__NUMBER_OK;
}

chiso__number_fault chiso__number_read(const char *text, size_t size,
                                       unsigned digits, chiso__number *out) {
  const char *s = text, *end = text + size;
  shape found;
  *out = (chiso__number) { 0 };
  if (digits > CHISO_DEC_DIGITS)
    digits = CHISO_DEC_DIGITS;
  trim(&s, &end);
  if (s == end)
    return CHISO__NUMBER_EMPTY;
  bool negative = *s == '-';
  if (*s == '-' || *s == '+')
    s++;
  if (!measure(s, end, &found))
    return CHISO__NUMBER_NOT;
  if (found.groups || found.marks > 1)
    return CHISO__NUMBER_THOUSANDS;
  /* "1.234" may be a thousand: only data finer than that can mean it. */
  if (found.marks && found.after == 3 && found.before <= 3 && *s != '0' &&
      digits < 3)
    return CHISO__NUMBER_THOUSANDS;
  out->mark = found.mark;
  out->after = found.after > UINT8_MAX ? UINT8_MAX : (uint8_t)found.after;
  return gather(s, end, digits, negative, &found, out);
}

bool chiso__dec_strict(const char *text, chiso_dec *out) {
  const char *s = text;
  uint64_t value = 0;
  unsigned after = 0;
  bool negative = *s == '-';
  s += negative;
  if (!is_digit(*s) || (*s == '0' && is_digit(s[1])))
    return false;
  for (; is_digit(*s); s++)
    if (!push(&value, (unsigned)(*s - '0')))
      return false;
  if (*s == '.') {
    for (s++; is_digit(*s); s++, after++)
      if (after == CHISO_DEC_DIGITS || !push(&value, (unsigned)(*s - '0')))
        return false;
    if (after == 0)
      return false;
  }
  for (; after < CHISO_DEC_DIGITS; after++)
    if (!push(&value, 0))
      return false;
  if (*s || value > (uint64_t)CHISO_DEC_LIMIT)
    return false;
  *out = negative ? -(int64_t)value : (int64_t)value;
  return true;
}
