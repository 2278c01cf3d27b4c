/* SPDX-License-Identifier: Apache-2.0
 * base/ini.c - strict INI with places, values by iniparser. */
#define _GNU_SOURCE 1 /* memfd_create() */
#include "base/ini.h"

#include <errno.h>
#include <iniparser.h>
#include <locale.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/ini_scan.h"
#include "base/text.h"

/* iniparser 4.1 reads only what has a path. A file in memory has one. */
static int memory_file(const char *text, size_t size) {
  int fd = memfd_create("chiso-ini", MFD_CLOEXEC);
  while (fd >= 0 && size > 0) {
    ssize_t n = write(fd, text, size);
    if (n < 0 && errno != EINTR) {
      (void)close(fd);
      return -1;
    }
    if (n > 0) {
      text += n;
      size -= (size_t)n;
    }
  }
  return fd;
}

/* NULL: the system refused, or memory is short. Nothing here can make
 * iniparser complain on stderr: the text has been checked, the path too. */
static dictionary *load(const char *text, size_t size) {
  char path[64];
  dictionary *loaded = NULL;
  int fd = memory_file(text, size);
  if (fd < 0)
    return NULL;
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  /* Its isspace() must not take bytes of UTF-8 for blanks. */
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (plain != (locale_t)0 && access(path, R_OK) == 0) {
    locale_t before = uselocale(plain);
    loaded = iniparser_load(path);
    (void)uselocale(before);
  }
  if (plain != (locale_t)0)
    freelocale(plain);
  (void)close(fd);
  return loaded;
}

/* ---- long values --------------------------------------------------------- */

#define PIECE 700 /* bytes of a value that iniparser is given at a time */

/* What iniparser would take for something else at the edge of a piece without
 * quotes. */
static bool at_edge(char c) {
  return c == ' ' || c == '\t' || c == '\\' || c == '"' || c == '\'';
}

/* Quotation marks that hold the piece as it is; 0: none do. */
static char quote_for(const char *from, const char *to) {
  size_t size = (size_t)(to - from);
  if (memchr(from, '\\', size))
    return 0;
  return !memchr(from, '"', size) ? '"' : !memchr(from, '\'', size) ? '\'' : 0;
}

/* Where a piece ends; NULL: nowhere. */
static const char *piece_end(const char *from, const char *end, char *quote) {
  if (end - from <= PIECE)
    return end;
  for (const char *to = from + PIECE; to > from; to--) {
    if (((unsigned char)*to & 0xc0) == 0x80)
      continue;
    if (*quote)
      return to;
    /* the next piece has none either, unless it needs some */
    char mark = quote_for(from, to);
    if (!at_edge(*to) && (mark || !at_edge(to[-1]))) {
      *quote = mark;
      return to;
    }
  }
  return NULL;
}

/* "key = …", "key:2 = …", "key:3 = …": no name of ours has a colon. */
static bool put_pieces(chiso__buffer *out, const chiso__ini_entry *entry) {
  const char *at = entry->value, *end = at + strlen(at);
  for (unsigned n = 1; n == 1 || at < end; n++) {
    char quote = entry->quote;
    const char *to = piece_end(at, end, &quote);
    if (!to)
      return false;
    chiso__buffer_text(out, entry->key);
    if (n > 1)
      chiso__buffer_print(out, ":%u", n);
    chiso__buffer_text(out, " = ");
    chiso__buffer_bytes(out, &quote, quote != 0);
    chiso__buffer_bytes(out, at, (size_t)(to - at));
    chiso__buffer_bytes(out, &quote, quote != 0);
    chiso__buffer_text(out, "\n");
    at = to;
  }
  return true;
}

/* The text with its long lines in pieces that iniparser has room for. */
static chiso_status fold(const chiso__ini *ini, const char *text, size_t size,
                         chiso__buffer *out, chiso_error *err) {
  const char *end = text + size;
  uint64_t number = 1;
  size_t i = 0;
  for (const char *at = text; at < end; number++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    const char *next = stop ? stop + 1 : end;
    while (i < ini->count && ini->entries[i].line < number)
      i++;
    const chiso__ini_entry *entry =
        i < ini->count && ini->entries[i].line == number ? &ini->entries[i]
                                                         : NULL;
    if (next - at <= CHISO__INI_PIECE_LINE)
      chiso__buffer_bytes(out, at, (size_t)(next - at));
    else if (entry && !put_pieces(out, entry)) /* others are comments */
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { ini->file, number, 0 },
                         MSG_INI_PIECES, entry->key, PIECE);
    at = next;
  }
  return out->failed ? chiso__no_memory(err) : CHISO_OK;
}

/* ---- what iniparser holds ------------------------------------------------ */

/* Piece `n` of an entry's value. iniparser's table is in the file's order,
 * where looking up by name would be linear for each. */
static const char *piece_of(const dictionary *loaded, int *at,
                            const chiso__ini_entry *entry, unsigned n) {
  size_t length = strlen(entry->section), size = strlen(entry->key);
  char suffix[16] = "";
  if (n > 1)
    snprintf(suffix, sizeof suffix, ":%u", n);
  for (; *at < loaded->size; ++*at) {
    const char *key = loaded->key[*at], *value = loaded->val[*at];
    if (!key || !value)
      continue; /* a section */
    if (strncmp(key, entry->section, length) != 0 || key[length] != ':' ||
        strncmp(key + length + 1, entry->key, size) != 0 ||
        strcmp(key + length + 1 + size, suffix) != 0)
      return NULL;
    ++*at;
    return value;
  }
  return NULL;
}

/* Whether the pieces, one after the other, are the value that was scanned. */
static bool agrees(const dictionary *loaded, int *at,
                   const chiso__ini_entry *entry) {
  const char *rest = entry->value;
  unsigned n = 1;
  do {
    const char *piece = piece_of(loaded, at, entry, n++);
    size_t size = piece ? strlen(piece) : 0;
    if (!piece || strncmp(rest, piece, size) != 0 || (n > 2 && size == 0) ||
        (size == 0 && *rest))
      return false;
    rest += size;
  } while (*rest);
  return true;
}

static chiso_status take_values(chiso__arena *arena, const dictionary *loaded,
                                chiso__ini *out, chiso_error *err) {
  int at = 0;
  for (size_t i = 0; i < out->count; i++) {
    chiso__ini_entry *entry = &out->entries[i];
    chiso__place place = { out->file, entry->line, entry->column };
    if (!agrees(loaded, &at, entry))
      return chiso__fail(err, CHISO_INTERNAL, place, MSG_INI_DISAGREES,
                         entry->key);
    /* equal to the scan's copy, which outlives iniparser's table */
    entry->value = chiso__nfc(arena, entry->value, strlen(entry->value));
    if (!entry->value)
      return chiso__no_memory(err);
  }
  return CHISO_OK;
}

static chiso_status load_values(chiso__arena *arena, const chiso__buffer *text,
                                chiso__ini *out, chiso_error *err) {
  dictionary *loaded = load(text->data, text->size);
  if (!loaded)
    return chiso__fail(err, CHISO_IO, (chiso__place) { .file = out->file },
                       MSG_INI_NOT_LOADED);
  chiso_status status = take_values(arena, loaded, out, err);
  iniparser_freedict(loaded);
  return status;
}

chiso_status chiso__ini_parse_all(chiso__arena *arena, const char *file,
                                  const char *text, size_t size,
                                  chiso__remarks *faults, chiso__ini *out,
                                  chiso_error *err) {
  *out = (chiso__ini) { .file = file };
  chiso_status status = chiso__scan_ini(arena, text, size, faults, out, err);
  if (status == CHISO_BAD_DATA && out->usable)
    for (size_t i = 0; i < out->count; i++) {
      chiso__ini_entry *entry = &out->entries[i];
      entry->value = chiso__nfc(arena, entry->value, strlen(entry->value));
      if (!entry->value)
        return chiso__no_memory(err);
    }
  CHISO__TRY(status);
  if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
    text += 3;
    size -= 3;
  }
  chiso__buffer folded = { .allocator = arena->allocator };
  status = fold(out, text, size, &folded, err);
  if (status == CHISO_OK)
    status = load_values(arena, &folded, out, err);
  chiso__buffer_free(&folded);
  if (status == CHISO_BAD_DATA && faults)
    chiso__remark_error(faults, err);
  return status;
}

chiso_status chiso__ini_parse(chiso__arena *arena, const char *file,
                              const char *text, size_t size, chiso__ini *out,
                              chiso_error *err) {
  return chiso__ini_parse_all(arena, file, text, size, NULL, out, err);
}

bool chiso__ini_damaged(const chiso__ini *ini, const char *section) {
  for (size_t i = 0; i < ini->n_sections; i++)
    if (strcmp(ini->sections[i], section) == 0)
      return ini->damaged[i];
  return false;
}

const chiso__ini_entry *chiso__ini_get(const chiso__ini *ini,
                                       const char *section, const char *key) {
  for (size_t i = 0; i < ini->count; i++)
    if (strcmp(ini->entries[i].key, key) == 0 &&
        strcmp(ini->entries[i].section, section) == 0)
      return &ini->entries[i];
  return NULL;
}

chiso_status chiso__ini_known(const chiso__ini *ini,
                              const chiso__ini_entry *entry,
                              const char *const *keys, chiso_error *err) {
  chiso__place place = { ini->file, entry->line, 0 };
  size_t count = 0;
  for (; keys[count]; count++)
    if (strcmp(keys[count], entry->key) == 0)
      return CHISO_OK;
  const char *near = chiso__text_nearest(entry->key, keys, count);
  if (near)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_KEY_NEAR, entry->key,
                       near);
  return chiso__fail(err, CHISO_BAD_DATA, place, MSG_KEY_UNKNOWN, entry->key,
                     count ? keys[0] : "");
}

chiso_status chiso__ini_only(const chiso__ini *ini, const char *section,
                             const char *const *keys, chiso_error *err) {
  for (size_t i = 0; i < ini->count; i++)
    if (strcmp(ini->entries[i].section, section) == 0)
      CHISO__TRY(chiso__ini_known(ini, &ini->entries[i], keys, err));
  return CHISO_OK;
}

/* How a value is quoted: nothing, or the kind of quotation mark that it does
 * not hold itself. -1: there is none. */
static int quote_of(const char *value) {
  size_t size = strlen(value);
  bool marks = strpbrk(value, ";#") != NULL;
  bool edges = size > 0 && (strchr(" \t\"'", value[0]) != NULL ||
                            strchr(" \t\\\"'", value[size - 1]) != NULL);
  for (const char *at = value; *at; at++)
    if ((unsigned char)*at < ' ' || *at == 0x7f)
      return -1;
  if (!marks && !edges)
    return 0;
  if (strchr(value, '\\'))
    return -1; /* readers of INI differ in what it means between quotes */
  if (!strchr(value, '"'))
    return '"';
  return strchr(value, '\'') ? -1 : '\'';
}

chiso_status chiso__ini_put(chiso__buffer *out, const char *key,
                            const char *value, chiso_error *err) {
  if (!value)
    return CHISO_OK;
  int quote = quote_of(value);
  if (quote < 0)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_INI_PUT_QUOTES, key, value);
  const char mark[2] = { (char)quote, 0 };
  size_t before = out->size;
  chiso__buffer_print(out, "%s = ", key);
  chiso__buffer_text(out, mark);
  chiso__buffer_text(out, value);
  chiso__buffer_text(out, mark);
  size_t line = out->size - before;
  if (line > CHISO__INI_LINE)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_INI_PUT_LINE, key, line,
                       CHISO__INI_LINE);
  chiso__buffer_text(out, "\n");
  return CHISO_OK;
}
