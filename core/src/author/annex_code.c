/* SPDX-License-Identifier: Apache-2.0
 * author/annex_code.c - the numbers that annexes give their rows. */
#include <string.h>

#include "author/annex.h"
#include "base/text.h"

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static uint32_t roman_digit(char c) {
  switch (c) {
  case 'I':
    return 1;
  case 'V':
    return 5;
  case 'X':
    return 10;
  case 'L':
    return 50;
  case 'C':
    return 100;
  default:
    return 0;
  }
}

static void print_roman(uint32_t value, char *out, size_t room) {
  static const struct {
    uint32_t value;
    const char *text;
  } steps[] = { { 100, "C" }, { 90, "XC" }, { 50, "L" },
                { 40, "XL" }, { 10, "X" },  { 9, "IX" },
                { 5, "V" },   { 4, "IV" },  { 1, "I" } };
  size_t n = 0;
  out[0] = '\0';
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    for (; value >= steps[i].value && n + 3 < room; value -= steps[i].value)
      n += (size_t)snprintf(out + n, room - n, "%s", steps[i].text);
}

/* The value of the Roman number at the beginning; *size is its length. Only as
 * it is properly spelled: "IIII" is none. */
static uint32_t roman(const char *text, size_t *size) {
  uint32_t total = 0;
  size_t n = strspn(text, "IVXLC");
  char proper[16];
  for (size_t i = 0; i < n && i < 12; i++) {
    uint32_t value = roman_digit(text[i]), next = roman_digit(text[i + 1]);
    total = i + 1 < n && next > value ? total - value : total + value;
  }
  *size = n;
  if (n == 0 || n > 8 || total == 0 || total > 99)
    return total == 100 && n == 1 ? 100 : 0;
  print_roman(total, proper, sizeof proper);
  return strlen(proper) == n && memcmp(proper, text, n) == 0 ? total : 0;
}

static bool number(const char **at, uint32_t *out) {
  const char *s = *at;
  uint32_t value = 0;
  for (; is_digit(*s) && value < 100000; s++)
    value = value * 10 + (uint32_t)(*s - '0');
  if (s == *at || is_digit(*s) || value == 0)
    return false;
  *out = value;
  *at = s;
  return true;
}

/* The letters before the numbers: "I", "A", "a", "đ". */
static bool first_part(const char **at, chiso__code *out) {
  const char *s = *at;
  size_t size;
  uint32_t value = roman(s, &size);
  if (value) {
    out->style = CHISO__NUMBERING_ROMAN;
    out->part[0] = value;
    out->either = size == 1;
    *at = s + size;
    return true;
  }
  if (*s >= 'A' && *s <= 'Z') {
    out->style = CHISO__NUMBERING_UPPER;
    out->part[0] = (uint32_t)(*s - 'A') + 1;
    *at = s + 1;
    return true;
  }
  if (*s >= 'a' && *s <= 'z') {
    /* Vietnamese lists go a, b, c, d, đ, e: places leave room for đ */
    out->style = CHISO__NUMBERING_LOWER;
    out->part[0] = ((uint32_t)(*s - 'a') + 1) * 2;
    *at = s + 1;
    return true;
  }
  if (strncmp(s, "\xc4\x91", 2) == 0) {
    out->style = CHISO__NUMBERING_LOWER;
    out->part[0] = 9;
    *at = s + 2;
    return true;
  }
  return false;
}

/* Words that may stand before a code. */
static const char *past_words(const char *s) {
  static const char *const words[] = {
    "L\xc4\xa9nh v\xe1\xbb\xb1"
    "c ",
    "L\xc4\xa8NH V\xe1\xbb\xb0"
    "C ",
    "Ti\xc3\xaau ch\xc3\xad ",
    "TI\xc3\x8aU CH\xc3\x8d ",
    "M\xe1\xbb\xa5"
    "c ",
    "Ph\xe1\xba\xa7n ",
    "PH\xe1\xba\xa6N ",
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strncmp(s, words[i], strlen(words[i])) == 0)
      return s + strlen(words[i]);
  return s;
}

bool chiso__code_read(const char *text, chiso__code *out, const char **end) {
  const char *s = past_words(text + strspn(text, " \t\r\n("));
  *out = (chiso__code) { .style = CHISO__NUMBERING_DIGITS };
  if (!is_digit(*s)) {
    if (!first_part(&s, out))
      return false;
    out->count = 1;
    if (*s == '.' && is_digit(s[1]))
      s++;
    else if (is_digit(*s) && out->style != CHISO__NUMBERING_UPPER)
      return false;
  }
  while (is_digit(*s) && out->count < CHISO__CODE_PARTS) {
    if (!number(&s, &out->part[out->count]))
      return false;
    out->count++;
    /* "1,1": a decimal comma where the code was taken for a number */
    if ((*s == '.' || *s == ',') && is_digit(s[1]))
      s++;
    else
      break;
  }
  bool mark = *s == '.' || *s == ')' || *s == ':' || *s == '-';
  s += mark && *s != '-';
  if (strchr(".):", *s) && *s)
    return false;
  const char *rest = s + strspn(s, " \t\r\n-");
  if (!end)
    return *rest == '\0';
  *end = rest;
  /* a letter alone begins many a sentence: it needs its mark */
  return *rest == '\0' || mark ||
         (out->style == CHISO__NUMBERING_DIGITS && out->count > 1 &&
          (*s == ' ' || *s == '\t')) ||
         past_words(text) != text;
}

void chiso__code_print(const chiso__code *code, char out[64]) {
  size_t n = 0;
  out[0] = '\0';
  for (unsigned i = 0; i < code->count && n < 50; i++) {
    char part[16];
    if (i == 0 && code->style == CHISO__NUMBERING_ROMAN)
      print_roman(code->part[0], part, sizeof part);
    else if (i == 0 && code->style == CHISO__NUMBERING_UPPER)
      snprintf(part, sizeof part, "%c", (char)('A' + (code->part[0] - 1) % 26));
    else if (i == 0 && code->style == CHISO__NUMBERING_LOWER)
      snprintf(part, sizeof part, "%s",
               code->part[0] % 2
                   ? "dd"
                   : (const char[2]) {
                         (char)('a' + (code->part[0] / 2 - 1) % 26), '\0' });
    else
      snprintf(part, sizeof part, "%u", (unsigned)code->part[i]);
    n += (size_t)snprintf(out + n, 64 - n, "%s%s", i ? "." : "", part);
  }
}
