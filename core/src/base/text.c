/* SPDX-License-Identifier: Apache-2.0
 * base/text.c - UTF-8, NFC and ASCII helpers. */
#include "base/text.h"

#include <limits.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* ---- UTF-8 -------------------------------------------------------------- */

/* Bytes of the character that begins at s, 0 when it is not well-formed. */
static size_t sequence(const unsigned char *s, size_t room) {
  static const unsigned char from2[4] = { 0xa0, 0x80, 0x80, 0x90 };
  unsigned char c = s[0];
  size_t length = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (length == 0 || c > 0xf4 || length > room)
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((s[i] & 0xc0) != 0x80)
      return 0;
  /* overlong, surrogate, past U+10FFFF */
  if ((c == 0xe0 && s[1] < from2[0]) || (c == 0xed && s[1] > 0x9f) ||
      (c == 0xf0 && s[1] < from2[3]) || (c == 0xf4 && s[1] > 0x8f))
    return 0;
  return length;
}

/* Length of the run of ASCII at the beginning. */
static size_t ascii_run(const char *text, size_t size) {
  size_t i = 0;
  for (uint64_t word; i + sizeof word <= size; i += sizeof word) {
    memcpy(&word, text + i, sizeof word);
    if (word & UINT64_C(0x8080808080808080))
      break;
  }
  while (i < size && (unsigned char)text[i] < 0x80)
    i++;
  return i;
}

size_t chiso__utf8_check(const char *text, size_t size) {
  size_t i = 0;
  while (i < size) {
    if ((unsigned char)text[i] < 0x80) {
      i += ascii_run(text + i, size - i);
      continue;
    }
    size_t length = sequence((const unsigned char *)text + i, size - i);
    if (length == 0)
      return i;
    i += length;
  }
  return size;
}

/* Next code point of valid UTF-8. */
static uint32_t next(const char **text) {
  const unsigned char *s = (const unsigned char *)*text;
  uint32_t c = s[0];
  size_t length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (length > 1)
    c &= 0x7fu >> length;
  size_t i = 1;
  for (; i < length && (s[i] & 0xc0) == 0x80; i++)
    c = c << 6 | (s[i] & 0x3fu);
  *text += i;
  return c;
}

void chiso__text_place(const char *text, size_t size, size_t offset,
                       uint64_t *line, uint64_t *column) {
  if (offset > size)
    offset = size;
  size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  *line = *column = 1;
  for (; i < offset; i++) {
    if (text[i] == '\n') {
      ++*line;
      *column = 1;
    } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
      ++*column;
    }
  }
}

/* ---- NFC ---------------------------------------------------------------- */

/* Ranges without any character that NFC changes or that composes with what
 * stands before it: all that Vietnamese and English text usually holds. */
static bool surely_nfc(uint32_t c) {
  return c < 0x300 || (c >= 0x1ea0 && c <= 0x1ef9) ||
         (c >= 0x2010 && c <= 0x205e) || (c >= 0x20a0 && c <= 0x20bf) ||
         (c >= 0x2190 && c <= 0x2328) || (c >= 0x4e00 && c <= 0x9fff);
}

static bool quick_nfc(const char *text, size_t size) {
  const char *end = text + size;
  while (text < end) {
    if ((unsigned char)*text < 0x80)
      text += ascii_run(text, (size_t)(end - text));
    else if (!surely_nfc(next(&text)))
      return false;
  }
  return true;
}

typedef struct wide_text {
  UChar *units;
  int32_t size;
} wide_text;

static bool to_wide(chiso__arena *arena, const char *text, size_t size,
                    wide_text *out) {
  UErrorCode status = U_ZERO_ERROR;
  out->units = NULL;
  if (size > INT32_MAX / 8)
    return false;
  out->units =
      chiso__resize(arena->allocator, NULL, (size + 1) * sizeof *out->units);
  if (!out->units)
    return false;
  u_strFromUTF8(out->units, (int32_t)size + 1, &out->size, text, (int32_t)size,
                &status);
  return U_SUCCESS(status);
}

static char *from_wide(chiso__arena *arena, wide_text wide) {
  UErrorCode status = U_ZERO_ERROR;
  size_t room = (size_t)wide.size * 3 + 1;
  char *text = room <= INT32_MAX ? chiso__arena_alloc(arena, room) : NULL;
  if (!text)
    return NULL;
  u_strToUTF8(text, (int32_t)room, NULL, wide.units, wide.size, &status);
  return U_SUCCESS(status) ? text : NULL;
}

/* `in` in the form of `form`; the caller frees out->units. */
static bool normalize(chiso__arena *arena, const UNormalizer2 *form,
                      wide_text in, wide_text *out) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t room = unorm2_normalize(form, in.units, in.size, NULL, 0, &status);
  out->units = NULL;
  if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
    return false;
  status = U_ZERO_ERROR;
  out->units = chiso__resize(arena->allocator, NULL,
                             ((size_t)room + 1) * sizeof *out->units);
  if (!out->units)
    return false;
  out->size =
      unorm2_normalize(form, in.units, in.size, out->units, room + 1, &status);
  return U_SUCCESS(status);
}

const char *chiso__nfc(chiso__arena *arena, const char *text, size_t size) {
  if (quick_nfc(text, size))
    return text;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *form = unorm2_getNFCInstance(&status);
  wide_text in = { NULL, 0 }, out = { NULL, 0 };
  const char *result = NULL;
  if (U_SUCCESS(status) && to_wide(arena, text, size, &in)) {
    if (unorm2_isNormalized(form, in.units, in.size, &status) &&
        U_SUCCESS(status))
      result = text;
    else if (normalize(arena, form, in, &out))
      result = from_wide(arena, out);
  }
  chiso__free(arena->allocator, in.units);
  chiso__free(arena->allocator, out.units);
  return result;
}

size_t chiso__text_width(const char *text) {
  size_t width = 0;
  while (*text) {
    uint32_t c = next(&text);
    if (c < 0x300) {
      width += c >= 0x20 && c != 0xad && (c < 0x7f || c >= 0xa0);
      continue;
    }
    int8_t type = u_charType((UChar32)c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
        type == U_FORMAT_CHAR)
      continue;
    int32_t east = u_getIntPropertyValue((UChar32)c, UCHAR_EAST_ASIAN_WIDTH);
    width += east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

/* ---- look-up ------------------------------------------------------------ */

static unsigned char fold(char c) {
  return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool chiso__text_same_folded(const char *a, const char *b) {
  while (*a && fold(*a) == fold(*b)) {
    a++;
    b++;
  }
  return *a == '\0' && *b == '\0';
}

/* FNV-1a; the last step brings the high bits into the low ones, which are
 * all that a small table looks at. */
#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

uint64_t chiso__text_hash(const char *text, size_t size) {
  uint64_t hash = FNV_BASIS;
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ (unsigned char)text[i]) * FNV_PRIME;
  return hash ^ hash >> 32;
}

uint64_t chiso__text_hash_folded(const char *text) {
  uint64_t hash = FNV_BASIS;
  for (; *text; text++)
    hash = (hash ^ fold(*text)) * FNV_PRIME;
  return hash ^ hash >> 32;
}

static char *slug_of(chiso__arena *arena, wide_text wide) {
  char *slug = chiso__arena_alloc(arena, (size_t)wide.size + 1);
  size_t n = 0;
  bool gap = false;
  for (int32_t i = 0; slug && i < wide.size; i++) {
    UChar c = wide.units[i];
    if (c == 0x110 || c == 0x111)
      c = 'd';
    if (c >= 0x300 && c <= 0x36f)
      continue;
    char low = c < 0x80 ? (char)fold((char)c) : '-';
    if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9')) {
      if (gap && n > 0)
        slug[n++] = '-';
      slug[n++] = low;
      gap = false;
    } else {
      gap = true;
    }
  }
  return slug;
}

/* What stands for a character outside ASCII; "" for a mark of a letter. */
static const char *plain_of(UChar c) {
  switch (c) {
  case 0x110:
  case 0x111:
    return "d";
  case 0x2010:
  case 0x2011:
  case 0x2012:
  case 0x2013:
  case 0x2014:
  case 0x2212:
  case 0x2022: /* bullets, as they begin a line */
  case 0x25aa:
  case 0x25cf:
  case 0xb7:
  case 0xf0b7:
    return "-";
  case 0x2265:
    return ">=";
  case 0x2264:
    return "<=";
  case 0xd7:
    return "x";
  case 0xf7:
    return "/";
  case 0x2018:
  case 0x2019:
    return "'";
  case 0x201c:
  case 0x201d:
    return "\"";
  default:
    return c >= 0x300 && c <= 0x36f ? "" : " ";
  }
}

static char *plain(chiso__arena *arena, wide_text wide) {
  char *text = chiso__arena_alloc(arena, (size_t)wide.size * 2 + 1);
  size_t n = 0;
  for (int32_t i = 0; text && i < wide.size; i++) {
    UChar c = wide.units[i];
    if (c < 0x80) {
      text[n++] = (char)fold((char)c);
      continue;
    }
    for (const char *s = plain_of(c); *s; s++)
      text[n++] = *s;
  }
  return text;
}

/* The text decomposed, then made ASCII by `make`. */
static const char *ascii_of(chiso__arena *arena, const char *text,
                            char *(*make)(chiso__arena *, wide_text)) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *form = unorm2_getNFDInstance(&status);
  wide_text in = { NULL, 0 }, out = { NULL, 0 };
  const char *result = NULL;
  if (U_SUCCESS(status) && to_wide(arena, text, strlen(text), &in) &&
      normalize(arena, form, in, &out))
    result = make(arena, out);
  chiso__free(arena->allocator, in.units);
  chiso__free(arena->allocator, out.units);
  return result;
}

const char *chiso__text_slug(chiso__arena *arena, const char *text) {
  return ascii_of(arena, text, slug_of);
}

const char *chiso__text_plain(chiso__arena *arena, const char *text) {
  return ascii_of(arena, text, plain);
}

#define NEAREST_LONGEST 63

/* Edit distance (insert, drop, replace, swap neighbours: "titel" is one slip
 * from "title") under ASCII folding. */
static size_t distance(const char *a, const char *b) {
  size_t rows[3][NEAREST_LONGEST + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  size_t m = strlen(a), n = strlen(b);
  for (size_t j = 0; j <= n; j++)
    row[j] = j;
  for (size_t i = 1; i <= m; i++) {
    size_t *spare = before;
    before = above;
    above = row;
    row = spare;
    row[0] = i;
    for (size_t j = 1; j <= n; j++) {
      size_t best = above[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
      if (above[j] + 1 < best)
        best = above[j] + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
          fold(a[i - 2]) == fold(b[j - 1]) && before[j - 2] + 1 < best)
        best = before[j - 2] + 1;
      row[j] = best;
    }
  }
  return row[n];
}

const char *chiso__text_nearest(const char *word, const char *const *names,
                                size_t count) {
  size_t length = strlen(word), best = length / 3 + 1;
  const char *nearest = NULL;
  if (length > NEAREST_LONGEST)
    return NULL;
  for (size_t i = 0; i < count; i++) {
    if (strlen(names[i]) > NEAREST_LONGEST)
      continue;
    size_t d = distance(word, names[i]);
    if (d < best) {
      best = d;
      nearest = names[i];
    }
  }
  return nearest;
}
