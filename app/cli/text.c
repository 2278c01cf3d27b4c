/* SPDX-License-Identifier: Apache-2.0
 * Texts in both languages, and texts that are made while a command runs. */
#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const texts[TXT_COUNT][2] = {
#define TEXT(name, en, vi) { en, vi },
#include "text.def"
#undef TEXT
};

const char *cli_text(const cli *c, text_id id) {
  return texts[id][c->lang == CHISO_LANG_VI];
}

struct scratch {
  scratch *next;
};

void *cli_alloc(cli *c, size_t size) {
  scratch *block = calloc(1, sizeof(scratch) + size);
  if (!block) {
    c->no_memory = true;
    return NULL;
  }
  block->next = c->memory;
  c->memory = block;
  return block + 1;
}

void cli_free(cli *c) {
  while (c->memory) {
    scratch *block = c->memory;
    c->memory = block->next;
    free(block);
  }
}

const char *cli_copy(cli *c, const char *text, size_t size) {
  char *copy = cli_alloc(c, size + 1);
  if (!copy)
    return "";
  memcpy(copy, text, size);
  return copy;
}

static const char *print(cli *c, const char *format, va_list args,
                         va_list again) {
  int size = vsnprintf(NULL, 0, format, args);
  if (size < 0)
    return "";
  char *out = cli_alloc(c, (size_t)size + 1);
  if (!out)
    return "";
  (void)vsnprintf(out, (size_t)size + 1, format, again);
  return out;
}

const char *cli_say(cli *c, text_id id, ...) {
  va_list args, again;
  va_start(args, id);
  va_copy(again, args);
  const char *text = print(c, cli_text(c, id), args, again);
  va_end(again);
  va_end(args);
  return text;
}

const char *cli_print(cli *c, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const char *text = print(c, format, args, again);
  va_end(again);
  va_end(args);
  return text;
}

const char *cli_join(cli *c, const char *text, const char *between,
                     const char *more) {
  if (more[0] == '\0')
    return text;
  if (text[0] == '\0')
    return more;
  return cli_print(c, "%s%s%s", text, between, more);
}

char cli_mark(const cli *c) {
  return c->lang == CHISO_LANG_VI && !c->point ? ',' : '.';
}

const char *cli_dec(cli *c, chiso_dec value) {
  char out[CHISO_DEC_TEXT];
  chiso_dec_style style = { cli_mark(c), CHISO_DEC_DIGITS, false };
  int n = chiso_dec_format(value, style, out);
  return cli_copy(c, out, (size_t)n);
}

const char *cli_dec_digits(cli *c, chiso_dec value, unsigned digits) {
  char out[CHISO_DEC_TEXT];
  if (c->value[OPT_EXACT])
    digits = CHISO_DEC_DIGITS;
  chiso_dec_style style = { cli_mark(c), (uint8_t)digits, true };
  int n = chiso_dec_format(value, style, out);
  return cli_copy(c, out, (size_t)n);
}

const char *cli_raw(cli *c, int64_t raw, unsigned digits) {
  uint64_t size = raw < 0 ? 0 - (uint64_t)raw : (uint64_t)raw, one = 1;
  for (unsigned i = 0; i < digits && i < 18; i++)
    one *= 10;
  const char *sign = raw < 0 ? "-" : "";
  unsigned long long whole = size / one, rest = size % one;
  while (digits > 0 && rest % 10 == 0) {
    rest /= 10;
    digits--;
  }
  if (digits == 0)
    return cli_print(c, "%s%llu", sign, whole);
  return cli_print(c, "%s%llu%c%0*llu", sign, whole, cli_mark(c), (int)digits,
                   rest);
}

const char *cli_date(cli *c, chiso_date date) {
  if (date.day)
    return cli_print(c, "%02u/%02u/%u", date.day, date.month, date.year);
  if (date.month)
    return cli_print(c, "%02u/%u", date.month, date.year);
  return date.year ? cli_print(c, "%u", date.year) : "";
}

const char *cli_pick(const cli *c, const char *vi, const char *en) {
  const char *first = c->lang == CHISO_LANG_VI ? vi : en;
  const char *other = c->lang == CHISO_LANG_VI ? en : vi;
  return first && first[0] ? first : other ? other : "";
}

/* Edits between two names; texts over 63 bytes are far from everything. */
static size_t distance(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b), row[64];
  if (n > 63 || m > 63)
    return SIZE_MAX;
  for (size_t j = 0; j <= m; j++)
    row[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
      if (above + 1 < best)
        best = above + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      diagonal = above;
      row[j] = best;
    }
  }
  return row[m];
}

const char *cli_nearest(const char *word, const char *const *names,
                        size_t count) {
  const char *nearest = NULL;
  size_t least = strlen(word) / 3 + 2;
  for (size_t i = 0; i < count; i++) {
    size_t d = distance(word, names[i]);
    if (d < least) {
      least = d;
      nearest = names[i];
    }
  }
  return nearest;
}
