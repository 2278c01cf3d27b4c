/* SPDX-License-Identifier: Apache-2.0
 * data/units.c - unit sets: who is scored, and under which names. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/data.h"
#include "data/xlsx.h"

struct chiso_units {
  const chiso_allocator *allocator;
  chiso__arena arena;
  const char *set;
  chiso_unit *units;
  size_t count;
  chiso__map codes; /* folded: codes and other codes */
  chiso__map names; /* slugs of names and aliases */
  chiso__map bare;  /* the same without what kind of place it is */
  /* slugs that several units have: they find none */
  chiso__map shared, shared_bare;
};

static const char *const columns[] = {
  "unit",       "name_vi",     "name_en",    "type",     "region",
  "aliases",    "codes",       "valid_from", "valid_to", "not_assessed",
  "not_ranked", "formed_from", "note",       NULL
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

/* yyyy or yyyy-yyyy, joined by '|'. */
static bool list_is_good(const char *list) {
  for (;;) {
    unsigned long years[2];
    int count = 0;
    do {
      size_t size = strspn(list, "0123456789");
      years[count++] = size == 4 ? strtoul(list, NULL, 10) : 0;
      if (size != 4)
        return false;
      list += size;
    } while (*list == '-' && count < 2 && list++);
    if (count == 2 && years[1] < years[0])
      return false;
    if (*list == '\0')
      return true;
    if (*list++ != '|')
      return false;
  }
}

static chiso__place place_of(const chiso__csv *csv, size_t row,
                             const char *column) {
  return (chiso__place) { csv->file, csv->lines[row],
                          chiso__csv_column(csv, column) + 1 };
}

static chiso_status add_code(chiso_units *u, chiso__place where,
                             const char *code, size_t place, chiso_error *err) {
  size_t other;
  switch (chiso__map_put(&u->codes, code, place, &other)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    if (other != place)
      return chiso__fail(err, CHISO_BAD_DATA, where, MSG_DATA_REPEATED_UNIT,
                         code);
    return CHISO_OK;
  default:
    return CHISO_OK;
  }
}

/* ---- names -------------------------------------------------------------- */

/* "Thành phố Huế", "TP. Đà Nẵng", "Huyện Lắk": what kind of place it is, as
 * it begins a slug, and the word of which it is short. */
typedef struct kind {
  const char *begins, *word;
  bool province; /* a province may have become a city */
} kind;

static const kind *kind_of(const char *slug) {
  static const kind kinds[] = {
    { "tinh-", "tinh-", true },    { "thanh-pho-", "thanh-pho-", true },
    { "tp-", "thanh-pho-", true }, { "quan-", "quan-", false },
    { "huyen-", "huyen-", false }, { "thi-xa-", "thi-xa-", false },
    { "tx-", "thi-xa-", false },   { "phuong-", "phuong-", false },
    { "xa-", "xa-", false },       { "thi-tran-", "thi-tran-", false },
    { "tt-", "thi-tran-", false }, { "dac-khu-", "dac-khu-", false },
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strncmp(slug, kinds[i].begins, strlen(kinds[i].begins)) == 0)
      return &kinds[i];
  return NULL;
}

/* The slug with its kind written out, in the arena. */
static const char *written_out(chiso__arena *arena, const kind *k,
                               const char *slug) {
  const char *rest = slug + strlen(k->begins);
  size_t word = strlen(k->word), size = strlen(rest);
  char *text = chiso__arena_array(arena, word + size + 1, 1);
  if (text) {
    memcpy(text, k->word, word);
    memcpy(text + word, rest, size);
  }
  return text;
}

/* "UBND tỉnh Đắk Lắk": the place that the body governs. */
static const char *after_body(const char *slug) {
  static const char *const bodies[] = { "ubnd-", "uy-ban-nhan-dan-", NULL };
  for (size_t i = 0; bodies[i]; i++)
    if (strncmp(slug, bodies[i], strlen(bodies[i])) == 0)
      return slug + strlen(bodies[i]);
  return slug;
}

/* The slug without its hyphens, in the arena: "Daklak" is "Đắk Lắk" and
 * "TP HCM" is "TPHCM". NULL when memory is short. */
static const char *joined(chiso__arena *arena, const char *slug) {
  char *text = chiso__arena_text(arena, slug, strlen(slug)), *to = text;
  for (; text && *slug; slug++)
    if (*slug != '-')
      *to++ = *slug;
  if (to)
    *to = '\0';
  return text;
}

/* A name that two units share finds neither. */
static chiso_status put_name(chiso_units *u, chiso__map *map,
                             chiso__map *shared, const char *slug, size_t place,
                             chiso_error *err) {
  size_t other;
  slug = joined(&u->arena, slug);
  if (!slug)
    return chiso__no_memory(err);
  bool taken = chiso__map_get(map, slug, &other) && other != place;
  return chiso__map_put(taken ? shared : map, slug, place, NULL) ==
                 CHISO__MAP_NO_MEMORY
             ? chiso__no_memory(err)
             : CHISO_OK;
}

static chiso_status add_name(chiso_units *u, const char *name, size_t place,
                             chiso_error *err) {
  const char *slug = chiso__text_slug(&u->arena, name);
  if (!slug)
    return chiso__no_memory(err);
  if (!*slug)
    return CHISO_OK;
  const kind *k = kind_of(slug);
  CHISO__TRY(put_name(u, &u->names, &u->shared, slug, place, err));
  if (!k)
    return CHISO_OK;
  const char *whole = written_out(&u->arena, k, slug);
  if (!whole)
    return chiso__no_memory(err);
  CHISO__TRY(put_name(u, &u->names, &u->shared, whole, place, err));
  return put_name(u, &u->bare, &u->shared_bare, slug + strlen(k->begins), place,
                  err);
}

/* `csv` is NULL for a unit of another set. */
static chiso_status add_unit(chiso_units *u, const chiso__csv *csv, size_t row,
                             size_t place, chiso_error *err) {
  const chiso_unit *unit = &u->units[place];
  const char *next = unit->codes, *entry;
  const chiso__place none = { 0 };
  CHISO__TRY(add_code(u, csv ? place_of(csv, row, "unit") : none, unit->code,
                      place, err));
  while ((entry = list_entry(&u->arena, &next)))
    CHISO__TRY(add_code(u, csv ? place_of(csv, row, "codes") : none, entry,
                        place, err));
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
                         const char *name, const char **out, chiso_error *err) {
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

static chiso_status check_years(const chiso__csv *csv, size_t row,
                                const chiso_unit *unit, const char *column,
                                const char *list, chiso_error *err) {
  if (!list || list_is_good(list))
    return CHISO_OK;
  return chiso__fail(err, CHISO_BAD_DATA, place_of(csv, row, column),
                     MSG_DATA_UNIT_YEARS, unit->code, list);
}

static chiso_status read_unit(chiso_units *u, const chiso__csv *csv, size_t row,
                              size_t place, chiso_error *err) {
  chiso_unit *unit = &u->units[place];
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
  if (!unit->code || !unit->name_vi)
    return chiso__fail(err, CHISO_BAD_DATA,
                       place_of(csv, row, unit->code ? "name_vi" : "unit"),
                       MSG_DATA_UNIT_EMPTY);
  CHISO__TRY(
      check_years(csv, row, unit, "not_assessed", unit->not_assessed, err));
  CHISO__TRY(check_years(csv, row, unit, "not_ranked", unit->not_ranked, err));
  return add_unit(u, csv, row, place, err);
}

static chiso_status check_columns(const chiso__csv *csv, chiso_error *err) {
  for (size_t i = 0; i < csv->n_columns; i++) {
    size_t k = 0;
    while (columns[k] &&
           !chiso__text_same_folded(columns[k], csv->header[i].text))
      k++;
    if (!columns[k])
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { csv->file, csv->header_line, i + 1 },
                         MSG_DATA_UNIT_COLUMN, csv->header[i].text);
  }
  for (size_t k = 0; k < 2; k++)
    if (chiso__csv_column(csv, columns[k]) == SIZE_MAX)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { csv->file, csv->header_line, 0 },
                         MSG_DATA_NO_COLUMN, columns[k]);
  return CHISO_OK;
}

/* The units of `base` (NULL: none), then those of the table. */
static chiso_status read_table(chiso_units *u, chiso__arena *scratch,
                               const chiso_units *base, const char *path,
                               chiso_error *err) {
  size_t before = base ? base->count : 0;
  const char *text;
  size_t size;
  chiso__csv csv;
  CHISO__TRY(chiso__file_read(scratch, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, err));
  chiso__table_notes notes;
  CHISO__TRY(chiso__table_parse(scratch, path, text, size, &csv, &notes, err));
  CHISO__TRY(check_columns(&csv, err));
  if (csv.n_rows == 0)
    return chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                       MSG_DATA_NO_UNITS);
  u->count = before + csv.n_rows;
  u->units = chiso__arena_array(&u->arena, u->count, sizeof *u->units);
  if (!u->units)
    return chiso__no_memory(err);
  for (size_t i = 0; i < before; i++) {
    u->units[i] = base->units[i];
    CHISO__TRY(add_unit(u, NULL, 0, i, err));
  }
  for (size_t row = 0; row < csv.n_rows; row++)
    CHISO__TRY(read_unit(u, &csv, row, before + row, err));
  return CHISO_OK;
}

static chiso_status read_set(const chiso_units *base, const char *path,
                             const char *set, const chiso_allocator *allocator,
                             chiso_units **out, chiso_error *err) {
  chiso_units *u = chiso__alloc(allocator, sizeof *u);
  *out = NULL;
  if (!u)
    return chiso__no_memory(err);
  chiso__arena scratch = { .allocator = allocator };
  u->allocator = allocator;
  u->arena.allocator = u->codes.allocator = allocator;
  u->names.allocator = u->shared.allocator = allocator;
  u->bare.allocator = u->shared_bare.allocator = allocator;
  u->codes.folded = true;
  u->set = chiso__arena_text(&u->arena, set, strlen(set));
  chiso_status status =
      u->set ? read_table(u, &scratch, base, path, err) : chiso__no_memory(err);
  chiso__arena_free(&scratch);
  if (status != CHISO_OK) {
    chiso_units_free(u);
    return status;
  }
  *out = u;
  return CHISO_OK;
}

chiso_status chiso_units_read(const char *path, const char *set,
                              const chiso_allocator *allocator,
                              chiso_units **out, chiso_error *err) {
  return read_set(NULL, path, set, allocator, out, err);
}

chiso_status chiso__units_join(const chiso_units *base, const char *path,
                               const chiso_allocator *allocator,
                               chiso_units **out, chiso_error *err) {
  return read_set(base, path, base->set, allocator, out, err);
}

void chiso_units_free(chiso_units *units) {
  if (!units)
    return;
  chiso__map_free(&units->codes);
  chiso__map_free(&units->names);
  chiso__map_free(&units->shared);
  chiso__map_free(&units->bare);
  chiso__map_free(&units->shared_bare);
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

/* ---- look-up ------------------------------------------------------------ */

/* A code that lost its leading zeros in a spreadsheet: "1" for "01". */
static size_t find_number(const chiso_units *units, const char *text) {
  size_t found = SIZE_MAX;
  if (!*text || text[strspn(text, "0123456789")])
    return SIZE_MAX;
  text += strspn(text, "0");
  for (size_t i = 0; i < units->count; i++) {
    const char *code = units->units[i].code;
    if (strcmp(code + strspn(code, "0"), text) != 0)
      continue;
    if (found != SIZE_MAX)
      return SIZE_MAX;
    found = i;
  }
  return found;
}

typedef enum match { NOT_THERE, ONE, SEVERAL, NO_MEMORY } match;

static match look(chiso__arena *scratch, const chiso__map *map,
                  const chiso__map *shared, const char *slug, size_t *place) {
  size_t ignored;
  slug = joined(scratch, slug);
  if (!slug)
    return NO_MEMORY;
  if (!chiso__map_get(map, slug, place))
    return NOT_THERE;
  return chiso__map_get(shared, slug, &ignored) ? SEVERAL : ONE;
}

/* Whether a unit that is named without its kind may be of this one. */
static bool may_be(const chiso_unit *unit, const kind *k,
                   chiso__arena *scratch) {
  const char *type = unit->type ? chiso__text_slug(scratch, unit->type) : NULL;
  if (!type)
    return true;
  return strncmp(type, k->word, strlen(k->word) - 1) == 0 ||
         (k->province && (strncmp(type, "tinh", 4) == 0 ||
                          strncmp(type, "thanh-pho", 9) == 0));
}

/* As it stands; a unit whose name has a kind before it; the kind written out;
 * a unit whose name has none. */
static match find_slug(const chiso_units *units, chiso__arena *scratch,
                       const char *slug, size_t *place) {
  if (!slug)
    return NO_MEMORY;
  match got = look(scratch, &units->names, &units->shared, slug, place);
  if (got == NOT_THERE)
    got = look(scratch, &units->bare, &units->shared_bare, slug, place);
  const kind *k = kind_of(slug);
  if (got != NOT_THERE || !k)
    return got;
  const char *whole = written_out(scratch, k, slug);
  got = !whole ? NO_MEMORY
               : look(scratch, &units->names, &units->shared, whole, place);
  if (got != NOT_THERE)
    return got;
  got = look(scratch, &units->names, &units->shared, slug + strlen(k->begins),
             place);
  return got == ONE && !may_be(&units->units[*place], k, scratch) ? NOT_THERE
                                                                  : got;
}

/* The slug of a text from outside; NULL when memory is short. */
static const char *slug_of(chiso__arena *scratch, const char *text) {
  size_t size = strlen(text);
  if (chiso__utf8_check(text, size) != size)
    return "";
  const char *name = chiso__nfc(scratch, text, size);
  return name ? chiso__text_slug(scratch, name) : NULL;
}

/* Memory being short must not look like a name that is not there. */
static chiso_status find_name(const chiso_units *units, const char *text,
                              chiso__arena *scratch, size_t *out,
                              chiso_error *err) {
  size_t place = SIZE_MAX;
  const char *slug = slug_of(scratch, text);
  const char *governed = slug ? after_body(slug) : NULL;
  match got = find_slug(units, scratch, slug, &place);
  if (got == NOT_THERE && governed != slug)
    got = find_slug(units, scratch, governed, &place);
  if (got == NO_MEMORY)
    return chiso__no_memory(err);
  *out = got == ONE ? place : SIZE_MAX;
  return CHISO_OK;
}

chiso_status chiso__units_find(const chiso_units *units, const char *text,
                               size_t *place, chiso_error *err) {
  if (chiso__map_get(&units->codes, text, place))
    return CHISO_OK;
  *place = find_number(units, text);
  if (*place != SIZE_MAX)
    return CHISO_OK;
  chiso__arena scratch = { .allocator = units->allocator };
  chiso_status status = find_name(units, text, &scratch, place, err);
  chiso__arena_free(&scratch);
  return status;
}

size_t chiso_units_find(const chiso_units *units, const char *text) {
  size_t place;
  return chiso__units_find(units, text, &place, NULL) == CHISO_OK ? place
                                                                  : SIZE_MAX;
}

static const char *without_kind(const char *slug) {
  slug = slug ? after_body(slug) : NULL;
  const kind *k = slug ? kind_of(slug) : NULL;
  return k ? slug + strlen(k->begins) : slug;
}

size_t chiso_units_nearest(const chiso_units *units, const char *text) {
  chiso__arena scratch = { .allocator = units->allocator };
  const char **slugs =
      chiso__arena_array(&scratch, units->count, sizeof *slugs);
  const char *slug = without_kind(slug_of(&scratch, text));
  size_t nearest = SIZE_MAX;
  for (size_t i = 0; slugs && i < units->count; i++) {
    slugs[i] =
        without_kind(chiso__text_slug(&scratch, units->units[i].name_vi));
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
