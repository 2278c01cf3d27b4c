/* SPDX-License-Identifier: Apache-2.0
 * round/read.c - a round file: its sections, one after another. */
#include "round/round.h"

#include <string.h>

#include "base/dec.h"
#include "base/file.h"
#include "base/text.h"

/* ---- entries ------------------------------------------------------------ */

bool chiso__round_is(const char *section, const char *word, const char **rest) {
  size_t n = strlen(word);
  if (strncmp(section, word, n) != 0 || (section[n] && section[n] != ' '))
    return false;
  *rest = section + n + strspn(section + n, " \t");
  return true;
}

const chiso__ini_entry *chiso__round_entry(const chiso__round_part *p,
                                           const char *key) {
  return chiso__ini_get(&p->r->ini, p->name, key);
}

const char *chiso__round_text(const chiso__round_part *p, const char *key) {
  const chiso__ini_entry *entry = chiso__round_entry(p, key);
  return entry && *entry->value ? entry->value : NULL;
}

chiso__place chiso__round_at(const chiso__round_part *p,
                             const chiso__ini_entry *entry) {
  return entry ? (chiso__place) { p->r->ini.file, entry->line, entry->column }
               : (chiso__place) { p->r->ini.file, p->line, 1 };
}

const chiso__ini_entry *chiso__round_need(const chiso__round_part *p,
                                          const char *key) {
  const chiso__ini_entry *entry = chiso__round_entry(p, key);
  if (entry && *entry->value)
    return entry;
  CHISO__ROUND_FAULT(p, entry, MSG_VARIANT_ABSENT, p->name, key);
  return NULL;
}

/* What the readers of overlays found wrong is one of our faults. */
static bool kept(const chiso__round_part *p, chiso_status status) {
  size_t before = p->r->editor.failures;
  if (status != CHISO_OK && status != CHISO_BAD_DATA)
    chiso__remark_error(&p->r->round->faults, &p->r->err);
  return chiso__told(&p->r->editor, status) == CHISO_OK &&
         p->r->editor.failures == before;
}

void chiso__round_only(const chiso__round_part *p, const char *const *keys) {
  const chiso__ini *ini = &p->r->ini;
  for (size_t i = 0; i < ini->count; i++) {
    const chiso__ini_entry *e = &ini->entries[i];
    bool known = strcmp(e->section, p->name) != 0;
    size_t n = 0;
    for (; keys[n]; n++)
      known |= strcmp(e->key, keys[n]) == 0;
    if (known)
      continue;
    const char *near = chiso__text_nearest(e->key, keys, n);
    CHISO__ROUND_FAULT(p, e, MSG_ROUND_KEY, p->name, e->key,
                       near ? near : keys[0]);
  }
}

const char *chiso__round_legal(const chiso__round_part *p) {
  const chiso__ini_entry *entry = chiso__round_entry(p, "legal");
  uint32_t place;
  return entry && kept(p, chiso__value_legal(&p->r->editor, entry, &place))
             ? p->r->editor.legal[place].instrument
             : NULL;
}

chiso_dec chiso__round_dec(const chiso__round_part *p, const char *key) {
  const chiso__ini_entry *entry = chiso__round_entry(p, key);
  chiso_dec value;
  return entry && kept(p, chiso__value_dec(&p->r->editor, entry, entry->value,
                                           entry->value + strlen(entry->value),
                                           &value))
             ? value
             : CHISO_NONE;
}

chiso_date chiso__round_day(const chiso__round_part *p, const char *key) {
  const chiso__ini_entry *entry = chiso__round_need(p, key);
  chiso_date date = { 0, 0, 0 };
  if (entry && (!chiso_round_parse(entry->value, &date) || !date.day)) {
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_DAY, entry->value);
    return (chiso_date) { 0, 0, 0 };
  }
  return date;
}

int chiso__round_compare(chiso_date a, chiso_date b) {
  long x = a.year * 10000L + a.month * 100L + a.day;
  long y = b.year * 10000L + b.month * 100L + b.day;
  return (x > y) - (x < y);
}

const char *chiso__round_next(const chiso__round_part *p, const char **at) {
  if (!*at)
    return NULL;
  const char *from = *at + strspn(*at, " \t");
  size_t size = strcspn(from, ",");
  *at = from[size] ? from + size + 1 : NULL;
  while (size > 0 && (from[size - 1] == ' ' || from[size - 1] == '\t'))
    size--;
  return chiso__arena_text(&p->r->round->arena, from, size);
}

bool chiso__round_groups(const chiso__round_part *p, size_t *first,
                         size_t *end) {
  const chiso__ini_entry *entry = chiso__round_entry(p, "group");
  *first = 0;
  *end = p->r->round->n_groups;
  if (!entry)
    return true;
  *first = chiso_round_find(p->r->round, entry->value);
  *end = *first + 1;
  if (*first == SIZE_MAX)
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_GROUP, entry->value);
  return *first != SIZE_MAX;
}

/* ---- the file ----------------------------------------------------------- */

static void read_round(chiso__round_part *p) {
  static const char *const keys[] = { "id",       "round", "title_vi",
                                      "title_en", "note",  NULL };
  chiso_round *round = p->r->round;
  chiso__round_only(p, keys);
  const chiso__ini_entry *id = chiso__round_need(p, "id");
  const chiso__ini_entry *period = chiso__round_need(p, "round");
  const chiso__ini_entry *title = chiso__round_need(p, "title_vi");
  round->id = id ? id->value : "";
  round->title_vi = title ? title->value : "";
  round->title_en = chiso__round_text(p, "title_en");
  if (period && !chiso_round_parse(period->value, &round->period))
    CHISO__ROUND_FAULT(p, period, MSG_DATA_BAD_ROUND, period->value);
}

static chiso_status read_legals(chiso__round_reader *r) {
  chiso__editor *e = &r->editor;
  const char *rest;
  e->legal = chiso__arena_array(&r->round->arena, r->ini.n_sections + 1,
                                sizeof *e->legal);
  if (!e->legal)
    return chiso__no_memory(&r->err);
  for (size_t i = 0; i < r->ini.n_sections; i++) {
    chiso__round_part p = { r, r->ini.sections[i], r->ini.section_lines[i] };
    if (chiso__round_is(p.name, "legal", &rest) &&
        kept(&p, chiso__legal_read(e, p.name, p.line, &e->legal[e->n_own])))
      e->n_own++;
  }
  e->head.legal = e->legal;
  e->head.n_legal = e->n_own;
  return CHISO_OK;
}

/* The kinds of sections, in the order in which they are read. */
typedef enum pass { PASS_GROUPS, PASS_ERRATA, PASS_RULES } pass;

static chiso_status read_section(chiso__round_part *p, pass now) {
  const char *rest;
  if (chiso__round_is(p->name, "group", &rest))
    return now == PASS_GROUPS ? chiso__round_group_read(p, rest) : CHISO_OK;
  if (chiso__round_is(p->name, "erratum", &rest))
    return now == PASS_ERRATA ? chiso__round_erratum_read(p) : CHISO_OK;
  if (now != PASS_RULES || strcmp(p->name, "round") == 0 ||
      chiso__round_is(p->name, "legal", &rest))
    return CHISO_OK;
  if (chiso__round_is(p->name, "exempt", &rest))
    return chiso__round_exempt(p);
  if (chiso__round_is(p->name, "entry", &rest))
    return chiso__round_entry_read(p);
  if (chiso__round_is(p->name, "bonus", &rest))
    return chiso__round_extra(p, false);
  if (chiso__round_is(p->name, "penalty", &rest))
    return chiso__round_extra(p, true);
  if (chiso__round_is(p->name, "grading", &rest))
    return chiso__round_grading(p, rest);
  if (chiso__round_is(p->name, "deadline", &rest))
    return chiso__round_due_read(p);
  CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_SECTION, p->name);
  return CHISO_OK;
}

static chiso_status read_pass(chiso__round_reader *r, pass now) {
  for (size_t i = 0; i < r->ini.n_sections; i++) {
    if (r->ini.damaged[i])
      continue; /* what it lacks may stand in the line with the fault */
    chiso__round_part p = { r, r->ini.sections[i], r->ini.section_lines[i] };
    CHISO__TRY(read_section(&p, now));
  }
  return CHISO_OK;
}

static chiso_status open_groups(chiso__round_reader *r) {
  for (size_t g = 0; g < r->round->n_groups; g++)
    CHISO__TRY(chiso__round_group_open(r, g));
  return CHISO_OK;
}

/* Rules of a group refer to lists that have stopped growing. */
static void finish(chiso_round *round) {
  for (size_t g = 0; g < round->n_groups; g++) {
    chiso_run_rules *rules = &round->groups[g].rules;
    size_t n = 0;
    round->rules[g] = rules;
    rules->exemptions = round->lists[g].exemptions;
    rules->extras = round->lists[g].extras;
    rules->corrections = round->lists[g].corrections;
    rules->fixed = round->lists[g].fixed;
    rules->flags = round->lists[g].flags;
    rules->units = round->groups[g].units;
    rules->group = round->groups[g].key;
    for (size_t i = 0; i < round->n_groups; i++)
      if (i != g)
        round->others[g][n++] = &round->groups[i].rules;
    rules->others = round->others[g];
    rules->n_others = n;
  }
}

/* Rules name nodes and units, all of them unknown where a group is not open. */
static bool all_open(const chiso_round *round) {
  for (size_t g = 0; g < round->n_groups; g++)
    if (!round->lists[g].flags)
      return false;
  return round->n_groups > 0;
}

/* Whether a line with a fault is of those that others refer to: what they say
 * of it would only follow. */
static bool roots_damaged(const chiso__ini *ini) {
  static const char *const roots[] = { "round", "legal", "group" };
  const char *rest;
  for (size_t i = 0; i < ini->n_sections; i++)
    for (size_t k = 0; k < sizeof roots / sizeof *roots; k++)
      if (ini->damaged[i] && chiso__round_is(ini->sections[i], roots[k], &rest))
        return true;
  return false;
}

/* The entries of the file; *rest is false when nothing more can be said. */
static chiso_status read_entries(chiso__round_reader *r, bool *rest,
                                 chiso_error *err) {
  chiso_round *round = r->round;
  const char *text;
  size_t size;
  *rest = true;
  CHISO__TRY(chiso__file_read(&round->arena, round->path, CHISO__LIMIT_ROUND,
                              false, &text, &size, err));
  chiso_status status = chiso__ini_parse_all(
      &round->arena, round->path, text, size, &round->faults, &r->ini, err);
  if (status != CHISO_BAD_DATA)
    return status;
  *rest = r->ini.usable && !roots_damaged(&r->ini);
  return CHISO_OK;
}

static chiso_status read_file(chiso__round_reader *r, chiso_error *err) {
  chiso_round *round = r->round;
  bool found = false, rest;
  CHISO__TRY(read_entries(r, &rest, err));
  if (!rest)
    return CHISO_OK;
  r->editor = (chiso__editor) { .arena = &round->arena,
                                .ini = &r->ini,
                                .err = &r->err,
                                .faults = &round->faults };
  for (size_t i = 0; i < r->ini.n_sections; i++) {
    chiso__round_part p = { r, r->ini.sections[i], r->ini.section_lines[i] };
    if (strcmp(p.name, "round") != 0)
      continue;
    found = true;
    read_round(&p);
  }
  if (!found)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { .file = round->path },
                       MSG_ROUND_NO_ROUND);
  CHISO__TRY(read_legals(r));
  CHISO__TRY(read_pass(r, PASS_GROUPS));
  if (round->n_groups == 0)
    chiso__remark(&round->faults, CHISO_BAD_DATA,
                  (chiso__place) { .file = round->path }, MSG_ROUND_NO_GROUP);
  CHISO__TRY(read_pass(r, PASS_ERRATA));
  CHISO__TRY(open_groups(r));
  if (all_open(round)) {
    CHISO__TRY(read_pass(r, PASS_RULES));
    CHISO__TRY(chiso__round_errata_apply(r));
  }
  finish(round);
  return CHISO_OK;
}

static chiso_round *round_new(chiso_store *store,
                              const chiso_allocator *allocator,
                              chiso_lang lang) {
  chiso_round *round = chiso__alloc(allocator, sizeof *round);
  if (!round)
    return NULL;
  round->cache = chiso__alloc(allocator, sizeof *round->cache);
  if (!round->cache) {
    chiso__free(allocator, round);
    return NULL;
  }
  round->allocator = allocator;
  round->arena.allocator = allocator;
  round->store = store;
  round->faults = (chiso__remarks) { .allocator = allocator, .lang = lang };
  return round;
}

chiso_status chiso_round_read(const char *path, chiso_date on,
                              chiso_store *store,
                              const chiso_allocator *allocator,
                              chiso_round **out, chiso_error *err) {
  chiso_lang lang = err ? err->lang : CHISO_LANG_EN;
  chiso_round *round = round_new(store, allocator, lang);
  *out = NULL;
  if (!round)
    return chiso__no_memory(err);
  chiso__round_reader r = { .round = round, .on = on, .err.lang = lang };
  round->path = chiso__arena_text(&round->arena, path, strlen(path));
  chiso_status status =
      round->path ? read_file(&r, err) : chiso__no_memory(err);
  if (status == CHISO_OK && round->faults.short_memory)
    status = chiso__no_memory(err);
  if (status != CHISO_OK) {
    if (err && status == CHISO_NO_MEMORY)
      chiso__no_memory(err);
    chiso_round_free(round);
    return status;
  }
  *out = round;
  chiso__remarks_sort(&round->faults);
  if (round->faults.faults == 0)
    return CHISO_OK;
  if (err)
    *err = round->faults.list[0];
  return CHISO_BAD_DATA;
}

chiso_status chiso_round_plain(const char *methodology, const char *units,
                               const char *period, chiso_store *store,
                               const chiso_allocator *allocator,
                               chiso_round **out, chiso_error *err) {
  chiso_round *round =
      round_new(store, allocator, err ? err->lang : CHISO_LANG_EN);
  *out = NULL;
  if (!round)
    return chiso__no_memory(err);
  chiso_group *group = &round->groups[0];
  chiso_status status = CHISO_OK;
  *group = (chiso_group) { .key = "all", .path = methodology };
  if (period && !chiso_round_parse(period, &round->period))
    status = CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_ROUND, period);
  if (status == CHISO_OK)
    status = chiso__round_load(round, group, methodology, err);
  if (status == CHISO_OK)
    status = chiso__round_units(round, group, units, err);
  if (status != CHISO_OK) {
    chiso_round_free(round);
    return status;
  }
  const chiso_index *ix = chiso_methodology_index(group->methodology);
  round->n_groups = 1;
  round->id = chiso_methodology_name(group->methodology);
  round->title_vi = group->title_vi = ix->title_vi;
  round->title_en = group->title_en = ix->title_en;
  finish(round);
  *out = round;
  return CHISO_OK;
}
