/* SPDX-License-Identifier: Apache-2.0
 * author/annex_head.c - what the lines above a table say: its title and the
 * decision that it belongs to. */
#include <string.h>

#include "author/annex.h"
#include "base/text.h"

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static const char *copy(chiso__annex *annex, const char *from, size_t size) {
  const char *kept = chiso__arena_text(&annex->import->arena, from, size);
  annex->failed |= !kept;
  return kept;
}

static unsigned take_number(const char **at) {
  unsigned value = 0;
  const char *s = *at + strspn(*at, " ./-");
  for (; is_digit(*s) && value < 100000; s++)
    value = value * 10 + (unsigned)(*s - '0');
  *at = s;
  return value;
}

/* "ngay 30 thang 12 nam 2020" or "ngay 30/12/2020", folded. */
static chiso_date date_of(const char *plain) {
  chiso_date none = { 0 };
  const char *s = strstr(plain, "ngay ");
  if (!s)
    return none;
  s += 5;
  unsigned day = take_number(&s);
  s += strspn(s, " ");
  s += strncmp(s, "thang", 5) == 0 ? 5 : 0;
  unsigned month = take_number(&s);
  s += strspn(s, " ");
  s += strncmp(s, "nam", 3) == 0 ? 3 : 0;
  unsigned year = take_number(&s);
  if (day < 1 || day > 28 + 3 || month < 1 || month > 12 || year < 1945 ||
      year > 2999)
    return none;
  char text[16];
  chiso_date date = { (uint16_t)year, (uint8_t)month, (uint8_t)day };
  chiso_date checked;
  chiso_round_format(date, text);
  return chiso_round_parse(text, &checked) ? checked : none;
}

/* "1149/QĐ-BNV": digits, a stroke, letters and strokes. */
static void take_instrument(chiso__annex *annex, const char *text,
                            const char *plain) {
  for (const char *s = strchr(text, '/'); s && !annex->legal;
       s = strchr(s + 1, '/')) {
    const char *from = s, *to = s + 1;
    while (from > text && is_digit(from[-1]))
      from--;
    while (*to && !strchr(" ,;()\n\t", *to))
      to++;
    /* a date has digits on both sides */
    if (from == s || is_digit(s[1]) || to - s < 3)
      continue;
    annex->legal = copy(annex, from, (size_t)(to - from));
    annex->issued = date_of(plain);
  }
}

static bool is_upper(const char *text) {
  for (; *text; text++)
    if (*text >= 'a' && *text <= 'z')
      return false;
  return true;
}

/* The title is the longest line that speaks of an index or set of criteria; a
 * line in capitals goes before others. */
static void take_title(chiso__annex *annex, const char *text,
                       const char *plain) {
  static const char *const words[] = { "chi so",    "bo tieu chi", "tieu chi",
                                       "bang diem", "thang diem",  NULL };
  bool speaks = false;
  for (const char *const *w = words; *w; w++)
    speaks |= strstr(plain, *w) != NULL;
  if (!speaks || strstr(plain, "kem theo") || strlen(text) > 600)
    return;
  bool better = !annex->title || (is_upper(text) && !is_upper(annex->title)) ||
                (is_upper(text) == is_upper(annex->title) &&
                 strlen(text) > strlen(annex->title));
  if (better)
    annex->title = text;
}

void chiso__annex_head(chiso__annex *annex) {
  for (size_t r = 0; r < annex->header.first; r++) {
    const chiso__sheet_row *row = &annex->sheet->rows[r];
    for (size_t i = 0; i < row->count; i++) {
      const chiso__sheet_cell *cell = &annex->sheet->cells[row->first + i];
      const char *plain = chiso__text_plain(&annex->import->arena, cell->text);
      if (!plain || cell->kind != CHISO__KIND_TEXT || cell->formula) {
        annex->failed |= !plain;
        continue;
      }
      take_instrument(annex, cell->text, plain);
      take_title(annex, cell->text, plain);
    }
  }
}
