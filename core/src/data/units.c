/* SPDX-License-Identifier: Apache-2.0
 * data/units.c - unit sets: who is scored, and under which names. */
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/data.h"

struct chiso_units {
  const chiso_allocator *allocator;
  chiso__arena arena;
  const char *set;
  chiso_unit *units;
  size_t count;
  chiso__map codes; /* folded: codes and other codes                          */
  chiso__map names; /* slugs of names and aliases                             */
  chiso__map shared; /* slugs that several units have: they find none         */
};

static const char *const columns[] = {
  "unit",       "name_vi",     "name_en",  "type",         "region",
  "aliases",    "codes",       "valid_from", "valid_to",   "not_assessed",
  "not_ranked", "formed_from", "note",     NULL
};

/* Each entry of a list separated by '|', in the arena. `next` moves on. */
static char *list_entry(chiso__arena *arena, const char **next) {
  while (*next && **next == '|')
    (*next)++;
  if (!*next || !**next)
    return NULL;
  size_t size = strcspn(*next, "|");
  char *entry = chiso__arena_text(arena, *next, size);
  *next += size;
  return entry;
}

static bool year_in(const char *list, uint16_t year) {
  while (*list) {
    unsigned first = 0, last = 0;
    const char *c = list;
    for (; *c >= '0' && *c <= '9'; c++)
      first = first * 10 + (unsigned)(*c - '0');
    last = first;
    if (*c == '-')
      for (c++, last = 0; *c >= '0' && *c <= '9'; c++)
        last = last * 10 + (unsigned)(*c - '0');
    if (first <= year && year <= last)
      return true;
    list = c + strcspn(c, "|");
    list += *list == '|';
  }
  return false;
}

static bool list_is_good(const char *list) {
  for (const char *c = list; *c; c++)
    if (!((*c >= '0' && *c <= '9') || *c == '-' || *c == '|'))
      return false;
  return true;
}

static chiso_status add_code(chiso_units *u, const char *file, uint64_t line,
                             const char *code, size_t place,
                             chiso_error *err) {
  size_t other;
  switch (chiso__map_put(&u->codes, code, place, &other)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    if (other != place)
      return chiso__fail(err, CHISO_BAD_DATA, (chiso__place){ file, line, 0 },
                         MSG_DATA_REPEATED_UNIT, code);
    return CHISO_OK;
  default:
    return CHISO_OK;
  }
}

/* A name that two units share finds neither. */
static chiso_status add_name(chiso_units *u, const char *name, size_t place,
                             chiso_error *err) {
  size_t other;
  const char *slug = chiso__text_slug(&u->arena, name);
  if (!slug)
    return chiso__no_memory(err);
  if (!*slug)
    return CHISO_OK;
  bool taken = chiso__map_get(&u->names, slug, &other) && other != place;
  return chiso__map_put(taken ? &u->shared : &u->names, slug, place, NULL) ==
                 CHISO__MAP_NO_MEMORY
             ? chiso__no_memory(err)
             : CHISO_OK;
}

static chiso_status add_unit(chiso_units *u, const char *file, uint64_t line,
                             size_t place, chiso_error *err) {
  const chiso_unit *unit = &u->units[place];
  const char *next = unit->codes, *entry;
  CHISO__TRY(add_code(u, file, line, unit->code, place, err));
  while ((entry = list_entry(&u->arena, &next)))
    CHISO__TRY(add_code(u, file, line, entry, place, err));
  CHISO__TRY(add_name(u, unit->name_vi, place, err));
  if (unit->name_en)
    CHISO__TRY(add_name(u, unit->name_en, place, err));
  next = unit->aliases;
  while ((entry = list_entry(&u->arena, &next)))
    CHISO__TRY(add_name(u, entry, place, err));
  return CHISO_OK;
}

/* NULL for an absent column or an empty cell, else a copy. */
static chiso_status cell(chiso_units *u, const chiso__csv *csv, size_t row,
                         const char *name, const char **out,
                         chiso_error *err) {
  size_t column = chiso__csv_column(csv, name);
  *out = NULL;
  if (column == SIZE_MAX)
    return CHISO_OK;
  const chiso__csv_field *f = chiso__csv_cell(csv, row, column);
  if (f->size == 0)
    return CHISO_OK;
  *out = chiso__arena_text(&u->arena, f->text, f->size);
  return *out ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status read_unit(chiso_units *u, const chiso__csv *csv,
                              size_t row, chiso_error *err) {
  chiso_unit *unit = &u->units[row];
  struct {
    const char *name;
    const char **out;
  } cells[] = { { "unit", &unit->code },
                { "name_vi", &unit->name_vi },
                { "name_en", &unit->name_en },
                { "type", &unit->type },
                { "region", &unit->region },
                { "aliases", &unit->aliases },
                { "codes", &unit->codes },
                { "not_assessed", &unit->not_assessed },
                { "not_ranked", &unit->not_ranked },
                { "formed_from", &unit->formed_from } };
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
    CHISO__TRY(cell(u, csv, row, cells[i].name, cells[i].out, err));
  chiso__place place = { csv->file, csv->lines[row], 0 };
  if (!unit->code || !unit->name_vi)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_DATA_UNIT_EMPTY);
  if ((unit->not_assessed && !list_is_good(unit->not_assessed)) ||
      (unit->not_ranked && !list_is_good(unit->not_ranked)))
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_DATA_UNIT_YEARS,
                       unit->code);
  return add_unit(u, csv->file, csv->lines[row], row, err);
}

static chiso_status check_columns(const chiso__csv *csv, chiso_error *err) {
  for (size_t i = 0; i < csv->n_columns; i++) {
    size_t k = 0;
    while (columns[k] &&
           !chiso__text_same_folded(columns[k], csv->header[i].text))
      k++;
    if (!columns[k])
      return chiso__fail(
          err, CHISO_BAD_DATA,
          (chiso__place){ csv->file, csv->header_line, i + 1 },
          MSG_DATA_UNIT_COLUMN, csv->header[i].text);
  }
  for (size_t k = 0; k < 2; k++)
    if (chiso__csv_column(csv, columns[k]) == SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place){ csv->file, csv->header_line, 0 },
                         MSG_DATA_NO_COLUMN, columns[k]);
  return CHISO_OK;
}

static chiso_status read_table(chiso_units *u, chiso__arena *scratch,
                               const char *path, chiso_error *err) {
  const char *text;
  size_t size;
  chiso__csv csv;
  CHISO__TRY(chiso__file_read(scratch, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, err));
  CHISO__TRY(chiso__csv_parse(scratch, path, text, size, &csv, err));
  CHISO__TRY(check_columns(&csv, err));
  if (csv.n_rows == 0)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place){ path, 0, 0 },
                       MSG_DATA_NO_UNITS);
  u->count = csv.n_rows;
  u->units = chiso__arena_array(&u->arena, u->count, sizeof *u->units);
  if (!u->units)
    return chiso__no_memory(err);
  for (size_t row = 0; row < u->count; row++)
    CHISO__TRY(read_unit(u, &csv, row, err));
  return CHISO_OK;
}

chiso_status chiso_units_read(const char *path, const char *set,
                              const chiso_allocator *allocator,
                              chiso_units **out, chiso_error *err) {
  chiso_units *u = chiso__alloc(allocator, sizeof *u);
  if (!u)
    return chiso__no_memory(err);
  chiso__arena scratch = { .allocator = allocator };
  u->allocator = allocator;
  u->arena.allocator = u->codes.allocator = allocator;
  u->names.allocator = u->shared.allocator = allocator;
  u->codes.folded = true;
  u->set = chiso__arena_text(&u->arena, set, strlen(set));
  chiso_status status =
      u->set ? read_table(u, &scratch, path, err) : chiso__no_memory(err);
  chiso__arena_free(&scratch);
  if (status != CHISO_OK) {
    chiso_units_free(u);
    return status;
  }
  *out = u;
  return CHISO_OK;
}

void chiso_units_free(chiso_units *units) {
  if (!units)
    return;
  chiso__map_free(&units->codes);
  chiso__map_free(&units->names);
  chiso__map_free(&units->shared);
  chiso__arena_free(&units->arena);
  chiso__free(units->allocator, units);
}

size_t chiso_units_count(const chiso_units *units) {
  return units->count;
}

const chiso_unit *chiso_units_get(const chiso_units *units, size_t place) {
  return &units->units[place];
}

const char *chiso_units_set(const chiso_units *units) {
  return units->set;
}

/* "UBND tỉnh Đắk Lắk", "Thành phố Huế", "TP. Đà Nẵng": the name after what
 * kind of body or place it is. NULL when there is no such prefix. */
static const char *after_prefix(const char *slug) {
  static const char *const prefixes[] = { "ubnd-",       "uy-ban-nhan-dan-",
                                          "thanh-pho-",  "tinh-",
                                          "tp-",         NULL };
  for (size_t i = 0; prefixes[i]; i++)
    if (strncmp(slug, prefixes[i], strlen(prefixes[i])) == 0)
      return slug + strlen(prefixes[i]);
  return NULL;
}

size_t chiso_units_find(const chiso_units *units, const char *text) {
  size_t place, ignored;
  if (chiso__map_get(&units->codes, text, &place))
    return place;
  chiso__arena scratch = { .allocator = units->allocator };
  const char *name = chiso__nfc(&scratch, text, strlen(text));
  const char *slug = name ? chiso__text_slug(&scratch, name) : NULL;
  while (slug && !chiso__map_get(&units->names, slug, &place))
    slug = after_prefix(slug);
  bool found = slug && !chiso__map_get(&units->shared, slug, &ignored);
  chiso__arena_free(&scratch);
  return found ? place : SIZE_MAX;
}

size_t chiso_units_nearest(const chiso_units *units, const char *text) {
  chiso__arena scratch = { .allocator = units->allocator };
  const char **slugs =
      chiso__arena_array(&scratch, units->count, sizeof *slugs);
  const char *slug = chiso__text_slug(&scratch, text);
  size_t nearest = SIZE_MAX;
  for (size_t i = 0; slugs && i < units->count; i++) {
    slugs[i] = chiso__text_slug(&scratch, units->units[i].name_vi);
    if (!slugs[i])
      slugs = NULL;
  }
  const char *best =
      slugs && slug ? chiso__text_nearest(slug, slugs, units->count) : NULL;
  for (size_t i = 0; best && i < units->count; i++)
    if (slugs[i] == best)
      nearest = i;
  chiso__arena_free(&scratch);
  return nearest;
}

bool chiso_unit_assessed(const chiso_unit *unit, uint16_t year) {
  return !unit->not_assessed || !year_in(unit->not_assessed, year);
}

bool chiso_unit_ranked(const chiso_unit *unit, uint16_t year) {
  return chiso_unit_assessed(unit, year) &&
         (!unit->not_ranked || !year_in(unit->not_ranked, year));
}
