/* SPDX-License-Identifier: Apache-2.0
 * base/ini_scan.c - the strict pass before iniparser. */
#include "base/ini_scan.h"

#include <string.h>

#include "base/map.h"
#include "base/text.h"

#define MOST_NAME 200 /* bytes of a section's or a key's name */

typedef struct scan {
  chiso__arena *arena;
  chiso__ini *out;
  size_t room, room_sections, room_damaged;
  chiso__map sections, keys; /* keys: "section:key" */
  /* the line at hand */
  const char *line, *from, *to; /* whole; without blanks around it */
  uint64_t number;
  chiso__remarks *faults; /* NULL: the first ends it */
  bool nowhere;           /* below a section's name that could not be read */
} scan;

/* Column of a byte of the line, in characters. */
static chiso__place place_at(const scan *s, const char *at) {
  uint64_t column = 1;
  for (const char *c = s->line; c < at; c++)
    column += ((unsigned char)*c & 0xc0) != 0x80;
  return (chiso__place) { s->out->file, s->number, column };
}

#define REFUSE(s, at, ...)                                                     \
  chiso__fail(err, CHISO_BAD_DATA, place_at((s), (at)), __VA_ARGS__)

static void trim(const char **from, const char **to) {
  while (*from < *to && (**from == ' ' || **from == '\t'))
    ++*from;
  while (*from < *to && ((*to)[-1] == ' ' || (*to)[-1] == '\t'))
    --*to;
}

/* Names of sections and keys: ASCII that iniparser leaves as it is. */
static const char *bad_in_name(const char *from, const char *to) {
  for (; from < to; from++)
    if ((unsigned char)*from < 0x20 || (unsigned char)*from > 0x7e ||
        (*from >= 'A' && *from <= 'Z') || strchr(":=[]\"';#\\", *from))
      return from;
  return NULL;
}

/* Arrays grow by doubling inside the arena: it frees all at once, and the
 * sum of the halves left behind is less than the last. */
static bool grow(chiso__arena *arena, void **array, size_t *room, size_t used,
                 size_t element) {
  if (used < *room)
    return true;
  size_t wanted = *room ? *room * 2 : 16;
  void *grown = chiso__arena_array(arena, wanted, element);
  if (!grown)
    return false;
  if (used)
    memcpy(grown, *array, used * element);
  *array = grown;
  *room = wanted;
  return true;
}

static chiso_status section(scan *s, chiso_error *err) {
  const char *from = s->from + 1, *to = s->to - 1;
  if (s->to[-1] != ']' || s->to - s->from < 2)
    return REFUSE(s, s->from, MSG_INI_BRACKET);
  trim(&from, &to);
  if (from == to)
    return REFUSE(s, s->from, MSG_INI_NO_SECTION_NAME);
  const char *bad = bad_in_name(from, to);
  if (bad)
    return REFUSE(s, bad, MSG_INI_NAME);
  if (s->to - s->from > MOST_NAME)
    return REFUSE(s, s->from, MSG_INI_LONG_NAME, MOST_NAME);
  chiso__ini *out = s->out;
  size_t n = out->n_sections, earlier = 0, room = s->room_sections;
  void *names = out->sections, *lines = out->section_lines;
  void *damaged = out->damaged;
  const char *name = chiso__arena_text(s->arena, from, (size_t)(to - from));
  if (!name || !grow(s->arena, &names, &room, n, sizeof(char *)) ||
      !grow(s->arena, &lines, &s->room_sections, n, sizeof(uint64_t)) ||
      !grow(s->arena, &damaged, &s->room_damaged, n, sizeof(bool)))
    return chiso__no_memory(err);
  out->sections = names;
  out->section_lines = lines;
  out->damaged = damaged;
  chiso__map_result put =
      chiso__map_put(&s->sections, name, (size_t)s->number, &earlier);
  if (put == CHISO__MAP_NO_MEMORY)
    return chiso__no_memory(err);
  if (put == CHISO__MAP_REPEATED)
    return REFUSE(s, from, MSG_INI_SECTION_REPEATED, name,
                  (unsigned long long)earlier);
  out->sections[n] = name;
  out->section_lines[n] = s->number;
  out->damaged[n] = false;
  out->n_sections++;
  return CHISO_OK;
}

/* Takes the quotes off, or refuses what needs some. */
static chiso_status bare_value(scan *s, const char **from, const char **to,
                               chiso_error *err) {
  const char *begin = *from;
  char quote = begin < *to ? *begin : '\0';
  if (quote != '"' && quote != '\'') {
    for (const char *c = begin; c < *to; c++)
      if (*c == ';' || *c == '#')
        return REFUSE(s, c, MSG_INI_UNQUOTED, (int)*c);
    return CHISO_OK;
  }
  const char *close = memchr(begin + 1, quote, (size_t)(*to - begin) - 1);
  if (!close)
    return REFUSE(s, begin, MSG_INI_OPEN_QUOTE);
  if (close != *to - 1)
    return REFUSE(s, close + 1, MSG_INI_AFTER_QUOTE);
  /* later versions of iniparser read it as an escape, 4.1 does not */
  const char *slash = memchr(begin, '\\', (size_t)(close - begin));
  if (slash)
    return REFUSE(s, slash, MSG_INI_BACKSLASH);
  ++*from;
  --*to;
  return CHISO_OK;
}

static chiso_status add_entry(scan *s, const char *name, size_t name_size,
                              const char *value, const char *value_end,
                              chiso_error *err) {
  chiso__ini *out = s->out;
  const char *in = out->sections[out->n_sections - 1];
  size_t length = strlen(in), earlier = 0;
  void *entries = out->entries;
  if (out->count == CHISO__INI_ENTRIES)
    return REFUSE(s, s->from, MSG_INI_ENTRIES, CHISO__INI_ENTRIES);
  char *both = chiso__arena_alloc(s->arena, length + name_size + 2);
  const char *text =
      chiso__arena_text(s->arena, value, (size_t)(value_end - value));
  if (!both || !text ||
      !grow(s->arena, &entries, &s->room, out->count, sizeof *out->entries))
    return chiso__no_memory(err);
  out->entries = entries;
  memcpy(both, in, length);
  both[length] = ':';
  memcpy(both + length + 1, name, name_size);
  chiso__map_result put =
      chiso__map_put(&s->keys, both, (size_t)s->number, &earlier);
  if (put == CHISO__MAP_NO_MEMORY)
    return chiso__no_memory(err);
  if (put == CHISO__MAP_REPEATED)
    return REFUSE(s, s->from, MSG_INI_KEY_REPEATED, both + length + 1,
                  (unsigned long long)earlier);
  out->entries[out->count++] = (chiso__ini_entry) {
    .section = in,
    .key = both + length + 1,
    .value = text,
    .line = s->number,
    .column = place_at(s, value).column,
  };
  return CHISO_OK;
}

static chiso_status entry(scan *s, chiso_error *err) {
  const char *equals = memchr(s->from, '=', (size_t)(s->to - s->from));
  if (!equals)
    return REFUSE(s, s->from, MSG_INI_LINE);
  const char *name = s->from, *name_end = equals;
  const char *value = equals + 1, *value_end = s->to;
  trim(&name, &name_end);
  trim(&value, &value_end);
  if (name == name_end)
    return REFUSE(s, s->from, MSG_INI_NO_KEY);
  const char *bad = bad_in_name(name, name_end);
  if (bad)
    return REFUSE(s, bad, MSG_INI_NAME);
  if (name_end - name > MOST_NAME)
    return REFUSE(s, name, MSG_INI_LONG_NAME, MOST_NAME);
  if (s->out->n_sections == 0)
    return REFUSE(s, s->from, MSG_INI_NO_SECTION);
  const char *quoted = value;
  CHISO__TRY(bare_value(s, &value, &value_end, err));
  CHISO__TRY(
      add_entry(s, name, (size_t)(name_end - name), value, value_end, err));
  if (value > quoted)
    s->out->entries[s->out->count - 1].quote = *quoted;
  return CHISO_OK;
}

/* One line without its end. */
static chiso_status line(scan *s, const char *end, chiso_error *err) {
  if (end - s->line > CHISO__INI_LINE)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { s->out->file, s->number, 0 },
                       MSG_INI_LONG, CHISO__INI_LINE);
  for (const char *c = s->line; c < end; c++)
    if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
      return REFUSE(s, c, MSG_INI_CONTROL, (unsigned)(unsigned char)*c);
  s->from = s->line;
  s->to = end;
  trim(&s->from, &s->to);
  if (s->from == s->to)
    return CHISO_OK;
  if (s->to[-1] == '\\') /* iniparser would go on in the next line */
    return REFUSE(s, s->to - 1, MSG_INI_CONTINUES);
  if (*s->from == '#' || *s->from == ';')
    return CHISO_OK;
  if (*s->from == '[') {
    s->nowhere = true;
    CHISO__TRY(section(s, err));
    s->nowhere = false;
    return CHISO_OK;
  }
  /* what belongs nowhere has no faults of its own */
  return s->nowhere ? CHISO_OK : entry(s, err);
}

/* A fault ends the reading, unless all are asked for. */
static chiso_status keep(scan *s, chiso_status status, const chiso_error *err) {
  if (status != CHISO_BAD_DATA || !s->faults)
    return status;
  chiso__remark_error(s->faults, err);
  s->nowhere |= s->out->n_sections == 0;
  if (s->nowhere)
    s->out->usable = false;
  else
    s->out->damaged[s->out->n_sections - 1] = true;
  return CHISO_OK;
}

static chiso_status lines(scan *s, const char *text, const char *end,
                          chiso_error *err) {
  for (s->line = text; s->line < end; s->number++) {
    const char *stop = memchr(s->line, '\n', (size_t)(end - s->line));
    const char *next = stop ? stop + 1 : end;
    if (!stop)
      stop = end;
    if (stop > s->line && stop[-1] == '\r')
      stop--;
    CHISO__TRY(keep(s, line(s, stop, err), err));
    s->line = next;
  }
  return CHISO_OK;
}

chiso_status chiso__scan_ini(chiso__arena *arena, const char *text, size_t size,
                             chiso__remarks *faults, chiso__ini *out,
                             chiso_error *err) {
  size_t bad = chiso__utf8_check(text, size);
  size_t before = faults ? faults->faults : 0;
  scan s = { .arena = arena,
             .out = out,
             .sections = { .allocator = arena->allocator },
             .keys = { .allocator = arena->allocator },
             .number = 1,
             .faults = faults };
  out->usable = bad == size;
  if (bad < size) {
    chiso__place place = { .file = out->file };
    chiso__text_place(text, size, bad, &place.line, &place.column);
    (void)chiso__fail(err, CHISO_BAD_DATA, place, MSG_NOT_UTF8);
    if (faults)
      chiso__remark_error(faults, err);
    return CHISO_BAD_DATA;
  }
  size_t start = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  chiso_status status = lines(&s, text + start, text + size, err);
  chiso__map_free(&s.sections);
  chiso__map_free(&s.keys);
  return status == CHISO_OK && faults && faults->faults > before
             ? CHISO_BAD_DATA
             : status;
}
