/* SPDX-License-Identifier: Apache-2.0
 * author/wording_condition.c - a condition: "từ 20% đến dưới 30%" is the range
 * [0.2, 0.3). Works on folded text. */
#include <string.h>

#include "author/wording.h"
#include "base/dec.h"

typedef enum bound { NONE, GE, GT, LE, LT, EQ } bound;

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool chiso__lead_number(const char *text, chiso_dec *out, const char **end) {
  chiso__number number;
  const char *s = text + strspn(text, " \t(=");
  const char *from = s;
  while (is_digit(*s) || ((*s == ',' || *s == '.') && is_digit(s[1])))
    s++;
  if (s == from ||
      chiso__number_read(from, (size_t)(s - from), CHISO_DEC_DIGITS, &number) !=
          CHISO__NUMBER_OK)
    return false;
  *out = number.raw;
  *end = s;
  return true;
}

/* Whether `text` ends with a word or phrase; its length before that. */
static bool ends(const char *text, size_t *size, const char *phrase) {
  size_t n = strlen(phrase);
  if (*size < n || memcmp(text + *size - n, phrase, n) != 0 ||
      (is_letter(phrase[0]) && *size > n && is_letter(text[*size - n - 1])))
    return false;
  *size -= n;
  return true;
}

static void trim_end(const char *text, size_t *size) {
  while (*size && strchr(" \t(:,", text[*size - 1]))
    --*size;
}

/* The comparison that the words before a number make. Longer phrases first. */
static bound before(const char *text, size_t size) {
  static const struct {
    const char *phrase;
    bound bound;
  } phrases[] = {
    { "khong vuot qua", LE },
    { "khong thap hon", GE },
    { "khong nho hon", GE },
    { "khong it hon", GE },
    { "khong duoi", GE },
    { "khong tren", LE },
    { "khong qua", LE },
    { "den duoi", LT },
    { "den <", LT },
    { "- duoi", LT },
    { "-<", LT },
    { "- <", LT },
    { "nho hon", LT },
    { "thap hon", LT },
    { "it hon", LT },
    { "lon hon", GT },
    { "cao hon", GT },
    { "nhieu hon", GT },
    { "it nhat", GE },
    { "toi thieu", GE },
    { "toi da", LE },
    { "tro len tu", GE },
    { "vuot", GT },
    { "tren", GT },
    { "hon", GT },
    { "duoi", LT },
    { "tu", GE },
    { "den", LE },
    { ">=", GE },
    { "=>", GE },
    { "<=", LE },
    { "=<", LE },
    { ">", GT },
    { "<", LT },
    { "bang", EQ },
    { "dung", EQ },
    { "co", EQ },
    { "dat", EQ },
    { "du", EQ },
    { "=", EQ },
    { "-", LE },
  };
  static const char *const fillers[] = { "muc",  "ty le", "la",
                                         "duoc", "so",    "khoang" };
  trim_end(text, &size);
  for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
    if (ends(text, &size, fillers[i]))
      trim_end(text, &size);
  for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
    if (ends(text, &size, phrases[i].phrase))
      return phrases[i].bound;
  return NONE;
}

static bool starts(const char *text, const char *phrase) {
  size_t n = strlen(phrase);
  return strncmp(text, phrase, n) == 0 && !is_letter(text[n]);
}

/* A sign or words right after a number and its noun: "2 sáng kiến trở lên". */
static bound after(const char *text) {
  const char *sign = text + strspn(text, " ");
  if (*sign == '<') /* "30% < tỷ lệ": from the other side */
    return sign[1] == '=' ? GE : GT;
  if (*sign == '>')
    return sign[1] == '=' ? LE : LT;
  size_t to_next = strcspn(text, "0123456789:;,");
  for (size_t i = 0; i < to_next; i++) {
    if (starts(text + i, "tro len") || starts(text + i, "hoac hon"))
      return GE;
    if (starts(text + i, "tro xuong"))
      return LE;
  }
  return NONE;
}

/* A number that counts no thing of the rule: a day, a law, a part of the year.
 */
static bool is_foreign(const char *plain, const char *from, const char *to) {
  static const char *const units[] = { "ngay", "thang", "nam", "gio",
                                       "quy",  "tuan",  "phut" };
  if (*to == '/' || (*to == '-' && to[1] != ' ' && !is_digit(to[1])))
    return true;
  if (from > plain &&
      (from[-1] == '/' ||
       (from[-1] == '-' && from - 1 > plain && is_letter(from[-2]))))
    return true;
  const char *next = to + strspn(to, " ");
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (starts(next, units[i]))
      return true;
  return false;
}

static void set(chiso__condition *c, bound b, chiso_dec value) {
  if (b == GE || b == GT || b == EQ) {
    c->has_lo = true;
    c->lo = value;
    c->lo_in = b != GT;
  }
  if (b == LE || b == LT || b == EQ) {
    c->has_hi = true;
    c->hi = value;
    c->hi_in = b != LT;
  }
}

/* Takes the numbers of one sort; gives how many. */
static size_t take(const char *plain, bool percent, chiso__condition *out) {
  size_t count = 0;
  for (const char *s = plain; *s; s++) {
    chiso_dec value;
    const char *to;
    if (!is_digit(*s) || (s > plain && is_letter(s[-1])) ||
        !chiso__lead_number(s, &value, &to)) {
      continue;
    }
    const char *from = s, *sign = to + strspn(to, " ");
    bool is_percent = *sign == '%';
    s = is_percent ? sign : to - 1;
    if (is_percent != percent || (!percent && is_foreign(plain, from, to)))
      continue;
    bound b = before(plain, (size_t)(from - plain));
    bound later = after(is_percent ? sign + 1 : to);
    if (later != NONE)
      b = later;
    if (b == NONE && !percent && from != plain + strspn(plain, " "))
      continue; /* "… số 2 …": no comparison, not a count */
    if (b == NONE)
      b = count ? LE : EQ;
    set(out, b, percent ? chiso_dec_round(value / 100, 6, 0) : value);
    count++;
  }
  out->percent = percent;
  return count;
}

static bool says_else(const char *plain) {
  static const char *const words[] = { "con lai", "truong hop khac", "else",
                                       "ngoai cac truong hop" };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strstr(plain, words[i]))
      return true;
  return false;
}

void chiso__condition_read(const char *plain, chiso__condition *out) {
  const char *first = plain + strspn(plain, " ");
  out->kind = CHISO__CONDITION_STATE;
  out->negative = starts(first, "khong") || starts(first, "chua");
  size_t numbers = take(plain, true, out);
  if (numbers == 0)
    numbers = take(plain, false, out);
  if (numbers > 0 && numbers < 3)
    out->kind = CHISO__CONDITION_RANGE;
  else if (says_else(plain))
    out->kind = CHISO__CONDITION_ELSE;
  /* All there can be is "from 100 %", and full is met from there on. */
  if (out->kind == CHISO__CONDITION_RANGE && out->percent && out->has_lo &&
      out->lo == CHISO_DEC_ONE && out->lo_in)
    out->has_hi = false;
}
