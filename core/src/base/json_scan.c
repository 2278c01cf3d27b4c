/* SPDX-License-Identifier: Apache-2.0
 * base/json_scan.c - the strict pass before cJSON. */
#include "base/json_scan.h"

#include <string.h>

#include "base/text.h"

typedef chiso__scan scan;

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static char peek(const scan *s) {
  return s->at < s->size ? s->text[s->at] : '\0';
}

static void blanks(scan *s) {
  while (s->at < s->size && (s->text[s->at] == ' ' || s->text[s->at] == '\n' ||
                             s->text[s->at] == '\r' || s->text[s->at] == '\t'))
    s->at++;
}

static chiso__place place_of(const scan *s, size_t offset) {
  chiso__place place = { .file = s->file };
  chiso__text_place(s->text, s->size, offset, &place.line, &place.column);
  return place;
}

#define REFUSE(s, offset, ...)                                                 \
  chiso__fail(err, CHISO_BAD_DATA, place_of((s), (offset)), __VA_ARGS__)

/* Moves the known place on; offsets come in rising order. */
static void advance(scan *s, size_t offset) {
  for (; s->known < offset; s->known++) {
    if (s->text[s->known] == '\n') {
      s->line++;
      s->column = 1;
    } else if (((unsigned char)s->text[s->known] & 0xc0) != 0x80) {
      s->column++;
    }
  }
}

/* What stands here, for "found ...": one character of the text. */
static chiso_status unexpected(const scan *s, chiso__message message,
                               chiso_error *err) {
  char shown[8] = "";
  size_t n = 1;
  if (s->at >= s->size)
    return REFUSE(s, s->at, MSG_JSON_ENDS);
  while (n < 4 && s->at + n < s->size &&
         ((unsigned char)s->text[s->at + n] & 0xc0) == 0x80)
    n++;
  memcpy(shown, s->text + s->at, n);
  return REFUSE(s, s->at, message, shown);
}

/* ---- strings ------------------------------------------------------------ */

static bool hex4(const scan *s, size_t at, unsigned *out) {
  *out = 0;
  for (size_t i = at; i < at + 4; i++) {
    char c = i < s->size ? s->text[i] : '\0';
    unsigned digit = is_digit(c)            ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                            : 16;
    if (digit == 16)
      return false;
    *out = *out * 16 + digit;
  }
  return true;
}

/* After a backslash; `at` is on the character after it. */
static chiso_status escape(scan *s, chiso_error *err) {
  size_t begin = s->at - 1;
  unsigned unit, low;
  char c = peek(s);
  if (c && strchr("\"\\/bfnrt", c)) {
    s->at++;
    return CHISO_OK;
  }
  if (c != 'u' || !hex4(s, s->at + 1, &unit))
    return REFUSE(s, begin, MSG_JSON_ESCAPE);
  s->at += 5;
  if (unit == 0)
    return REFUSE(s, begin, MSG_JSON_ZERO);
  if (unit < 0xd800 || unit > 0xdfff)
    return CHISO_OK;
  if (unit > 0xdbff || s->at + 1 >= s->size || s->text[s->at] != '\\' ||
      s->text[s->at + 1] != 'u' || !hex4(s, s->at + 2, &low) || low < 0xdc00 ||
      low > 0xdfff)
    return REFUSE(s, begin, MSG_JSON_SURROGATE);
  s->at += 6;
  return CHISO_OK;
}

static chiso_status string(scan *s, chiso_error *err) {
  size_t begin = s->at++;
  for (;;) {
    if (s->at >= s->size)
      return REFUSE(s, begin, MSG_JSON_OPEN_STRING);
    unsigned char c = (unsigned char)s->text[s->at];
    if (c == '\n' || c == '\r')
      return REFUSE(s, begin, MSG_JSON_OPEN_STRING);
    if (c < 0x20)
      return REFUSE(s, s->at, MSG_JSON_CONTROL, (unsigned)c);
    s->at++;
    if (c == '"')
      return CHISO_OK;
    if (c == '\\')
      CHISO__TRY(escape(s, err));
  }
}

/* ---- values ------------------------------------------------------------- */

static chiso_status number(scan *s, chiso__scan_value *value,
                           chiso_error *err) {
  size_t begin = s->at;
  bool negative = peek(s) == '-';
  uint64_t size = 0, limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
  s->at += negative;
  if (!is_digit(peek(s)))
    return unexpected(s, MSG_JSON_VALUE, err);
  if (peek(s) == '0' && s->at + 1 < s->size && is_digit(s->text[s->at + 1]))
    return REFUSE(s, begin, MSG_JSON_LEADING_ZERO);
  for (; is_digit(peek(s)); s->at++) {
    unsigned digit = (unsigned)(peek(s) - '0');
    if (size > (limit - digit) / 10)
      return REFUSE(s, begin, MSG_JSON_RANGE);
    size = size * 10 + digit;
  }
  char c = peek(s);
  if (c == '.' || c == 'e' || c == 'E')
    return REFUSE(s, begin, MSG_JSON_DECIMAL);
  /* Layout puts a blank or a new line after a list's comma; a digit right
   * after it is a decimal comma far more often than a list. */
  if (c == ',' && s->at + 1 < s->size && is_digit(s->text[s->at + 1]))
    return REFUSE(s, s->at, MSG_JSON_COMMA);
  value->integer = !negative ? (int64_t)size
                   : size    ? -(int64_t)(size - 1) - 1
                             : 0;
  value->type = CHISO__JSON_INTEGER;
  return CHISO_OK;
}

static chiso_status word(scan *s, const char *text, chiso__json_type type,
                         chiso__scan_value *value, chiso_error *err) {
  size_t length = strlen(text);
  if (s->size - s->at < length || memcmp(s->text + s->at, text, length) != 0)
    return unexpected(s, MSG_JSON_VALUE, err);
  s->at += length;
  value->type = type;
  return CHISO_OK;
}

static chiso_status value(scan *s, unsigned depth, const chiso__place *key,
                          chiso_error *err);

static chiso_status member(scan *s, unsigned depth, chiso_error *err) {
  if (peek(s) != '"')
    return unexpected(s, MSG_JSON_KEY, err);
  advance(s, s->at);
  chiso__place key = { NULL, s->line, s->column };
  CHISO__TRY(string(s, err));
  blanks(s);
  if (peek(s) != ':')
    return unexpected(s, MSG_JSON_COLON, err);
  s->at++;
  return value(s, depth, &key, err);
}

/* An array or an object, whose opening bracket stands at `at`. */
static chiso_status list(scan *s, unsigned depth, char close,
                         chiso_error *err) {
  size_t comma = 0;
  if (depth > CHISO__JSON_DEPTH)
    return REFUSE(s, s->at, MSG_JSON_DEPTH, CHISO__JSON_DEPTH);
  s->at++;
  blanks(s);
  if (peek(s) == close) {
    s->at++;
    return CHISO_OK;
  }
  for (;;) {
    blanks(s);
    if (comma && peek(s) == close)
      return REFUSE(s, comma, MSG_JSON_LAST_COMMA);
    CHISO__TRY(close == '}' ? member(s, depth, err)
                            : value(s, depth, NULL, err));
    blanks(s);
    char c = peek(s);
    comma = s->at;
    if (c != ',' && c != close)
      return unexpected(
          s, close == '}' ? MSG_JSON_NEXT_MEMBER : MSG_JSON_NEXT_ITEM, err);
    s->at++;
    if (c == close)
      return CHISO_OK;
  }
}

static chiso_status value(scan *s, unsigned depth, const chiso__place *key,
                          chiso_error *err) {
  void *values = s->values;
  blanks(s);
  if (s->count == CHISO__JSON_VALUES)
    return REFUSE(s, s->at, MSG_JSON_VALUES, CHISO__JSON_VALUES);
  if (!chiso__grow(s->allocator, &values, &s->capacity, s->count,
                   sizeof *s->values))
    return chiso__no_memory(err);
  s->values = values;
  advance(s, s->at);
  chiso__scan_value *v = &s->values[s->count++];
  *v = (chiso__scan_value) { .line = s->line, .column = s->column };
  if (key) {
    v->key_line = key->line;
    v->key_column = key->column;
  }
  switch (peek(s)) {
  case '{':
    v->type = CHISO__JSON_OBJECT;
    return list(s, depth + 1, '}', err);
  case '[':
    v->type = CHISO__JSON_ARRAY;
    return list(s, depth + 1, ']', err);
  case '"':
    v->type = CHISO__JSON_STRING;
    return string(s, err);
  case 'n':
    return word(s, "null", CHISO__JSON_NULL, v, err);
  case 'f':
    return word(s, "false", CHISO__JSON_FALSE, v, err);
  case 't':
    return word(s, "true", CHISO__JSON_TRUE, v, err);
  default:
    if (peek(s) == '-' || is_digit(peek(s)))
      return number(s, v, err);
    return unexpected(s, MSG_JSON_VALUE, err);
  }
}

chiso_status chiso__scan_json(chiso__scan *s, chiso_error *err) {
  size_t bad = chiso__utf8_check(s->text, s->size);
  if (bad < s->size)
    return REFUSE(s, bad, MSG_NOT_UTF8);
  const char *zero = s->size ? memchr(s->text, 0, s->size) : NULL;
  if (zero)
    return REFUSE(s, (size_t)(zero - s->text), MSG_ZERO_BYTE);
  s->start = s->size >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  s->at = s->known = s->start;
  s->line = s->column = 1;
  CHISO__TRY(value(s, 0, NULL, err));
  blanks(s);
  if (s->at < s->size)
    return unexpected(s, MSG_JSON_AFTER, err);
  return CHISO_OK;
}
