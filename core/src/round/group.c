/* SPDX-License-Identifier: Apache-2.0
 * round/group.c - a group of units: its methodology and who is in it. */
#include "round/round.h"

#include <string.h>

#include "base/text.h"

/* ---- methodology -------------------------------------------------------- */

static chiso_status check_serves(const chiso_round *round,
                                 const chiso_listing *l, chiso_error *err) {
  char period[16], serves[32];
  uint16_t year = round->period.year;
  if (year >= l->first && (!l->last || year <= l->last))
    return CHISO_OK;
  chiso_round_format(round->period, period);
  if (l->last == l->first)
    snprintf(serves, sizeof serves, "%u", (unsigned)l->first);
  else if (l->last)
    snprintf(serves, sizeof serves, "%u-%u", (unsigned)l->first,
             (unsigned)l->last);
  else
    snprintf(serves, sizeof serves, "%u-", (unsigned)l->first);
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_OTHER_ROUND, l->name, serves,
                     period);
}

chiso_status chiso__round_load(chiso_round *round, chiso_group *group,
                               const char *name, chiso_error *err) {
  const chiso_listing *listing;
  chiso_rule rule;
  if (chiso_is_methodology_file(name)) {
    CHISO__TRY(chiso_store_read(round->store, name, &listing, err));
  } else {
    CHISO__TRY(chiso_store_find(round->store, name, &listing, err));
    if (!strchr(name, '/') && round->period.year) {
      const chiso_listing *serving =
          chiso_store_serving(round->store, listing->id, round->period.year);
      listing = serving ? serving : listing;
    }
  }
  if (!round->period.year)
    round->period = (chiso_date) { listing->first, 0, 0 };
  CHISO__TRY(check_serves(round, listing, err));
  group->listing = listing;
  return chiso_store_load(round->store, listing, &group->methodology, &rule,
                          err);
}

/* ---- units -------------------------------------------------------------- */

static bool is_file_name(const char *name) {
  size_t n = strlen(name);
  return (n > 4 && strcmp(name + n - 4, ".csv") == 0) ||
         (n > 5 && strcmp(name + n - 5, ".xlsx") == 0);
}

/* By name from the share folder, or a path from the round file's folder. */
static chiso_status path_of_units(chiso_round *round, const char *name,
                                  const char **out, chiso_error *err) {
  const char *share = chiso_store_share(round->store);
  if (is_file_name(name))
    *out = round->path ? chiso__path_beside(&round->arena, round->path, name)
                       : name;
  else if (!share)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_SHARE);
  else
    *out = chiso__unit_set_path(&round->arena, share, name);
  return *out ? CHISO_OK : chiso__no_memory(err);
}

chiso_status chiso__round_units(chiso_round *round, chiso_group *group,
                                const char *name, chiso_error *err) {
  const char *path;
  name = name ? name : group->listing->unit_set;
  CHISO__TRY(path_of_units(round, name, &path, err));
  group->set = name;
  for (size_t i = 0; i < round->n_units; i++)
    if (strcmp(round->unit_paths[i], path) == 0) {
      group->units = round->units[i];
      return CHISO_OK;
    }
  chiso_units **units = &round->units[round->n_units];
  CHISO__TRY(chiso_units_read(path, name, round->allocator, units, err));
  round->unit_paths[round->n_units++] = path;
  group->units = *units;
  return CHISO_OK;
}

static bool listed(const chiso__round_part *p, const char *key,
                   const char *value, chiso_status *status) {
  const char *at = chiso__round_text(p, key), *word;
  bool all = !at;
  while (!all && at) {
    word = chiso__round_next(p, &at);
    if (!word)
      *status = chiso__no_memory(&p->r->err);
    else
      all = value && chiso__text_same_folded(word, value);
  }
  return all;
}

/* A kind of place or a region that no unit has is a slip. */
static chiso_status check_words(const chiso__round_part *p, const char *key,
                                const chiso_units *units) {
  const char *at = chiso__round_text(p, key), *word;
  while (at) {
    bool found = false;
    word = chiso__round_next(p, &at);
    if (!word)
      return chiso__no_memory(&p->r->err);
    for (size_t i = 0; i < chiso_units_count(units) && !found; i++) {
      const chiso_unit *u = chiso_units_get(units, i);
      const char *value = strcmp(key, "types") == 0 ? u->type : u->region;
      found = value && chiso__text_same_folded(word, value);
    }
    if (!found)
      CHISO__ROUND_FAULT(p, chiso__round_entry(p, key), MSG_ROUND_NO_SUCH, word,
                         chiso_units_set(units));
  }
  return CHISO_OK;
}

/* "01-19": whether a code of the same length lies between. */
static bool in_range(const char *range, const char *code) {
  const char *dash = strchr(range, '-');
  size_t n = dash ? (size_t)(dash - range) : 0;
  return n > 0 && strlen(dash + 1) == n && strlen(code) == n &&
         strspn(range, "0123456789") == n && strspn(code, "0123456789") == n &&
         memcmp(range, code, n) <= 0 && strcmp(code, dash + 1) <= 0;
}

/* Marks the units that a key lists; absent: none. */
static chiso_status mark_units(const chiso__round_part *p, const char *key,
                               const chiso_units *units, uint8_t *marks) {
  const char *at = chiso__round_text(p, key), *word;
  const chiso__ini_entry *entry = chiso__round_entry(p, key);
  while (at) {
    size_t place, found = 0;
    word = chiso__round_next(p, &at);
    if (!word)
      return chiso__no_memory(&p->r->err);
    CHISO__TRY(chiso__units_find(units, word, &place, &p->r->err));
    if (place != SIZE_MAX) {
      marks[place] = 1;
      continue;
    }
    for (size_t i = 0; i < chiso_units_count(units); i++)
      if (in_range(word, chiso_units_get(units, i)->code))
        marks[i] = 1, found++;
    size_t near = found ? SIZE_MAX : chiso_units_nearest(units, word);
    if (near != SIZE_MAX)
      CHISO__ROUND_FAULT(p, entry, MSG_DATA_BAD_UNIT_NEAR, word,
                         chiso_units_set(units),
                         chiso_units_get(units, near)->name_vi,
                         chiso_units_get(units, near)->code);
    else if (!found)
      CHISO__ROUND_FAULT(p, entry, MSG_DATA_BAD_UNIT, word,
                         chiso_units_set(units));
  }
  return CHISO_OK;
}

static chiso_status select_units(chiso__round_part *p, chiso_group *group,
                                 uint8_t *flags) {
  const chiso_units *units = group->units;
  size_t n = chiso_units_count(units), assessed = 0;
  chiso__arena *arena = &p->r->round->arena;
  uint16_t year = p->r->round->period.year;
  uint8_t *in = chiso__arena_array(arena, n, 1);
  uint8_t *out = chiso__arena_array(arena, n, 1);
  uint8_t *unranked = chiso__arena_array(arena, n, 1);
  chiso_status status = CHISO_OK;
  size_t faults = p->r->round->faults.faults;
  if (!in || !out || !unranked)
    return chiso__no_memory(&p->r->err);
  CHISO__TRY(check_words(p, "types", units));
  CHISO__TRY(check_words(p, "regions", units));
  CHISO__TRY(mark_units(p, "members", units, in));
  CHISO__TRY(mark_units(p, "without", units, out));
  CHISO__TRY(mark_units(p, "not_ranked", units, unranked));
  bool all = !chiso__round_entry(p, "members");
  for (size_t i = 0; i < n; i++) {
    const chiso_unit *u = chiso_units_get(units, i);
    if ((!all && !in[i]) || out[i] || !chiso_unit_assessed(u, year) ||
        !listed(p, "types", u->type, &status) ||
        !listed(p, "regions", u->region, &status))
      continue;
    flags[i] = CHISO_ASSESSED;
    if (!unranked[i] && chiso_unit_ranked(u, year))
      flags[i] |= CHISO_RANKED;
    assessed++;
  }
  if (assessed == 0 && p->r->round->faults.faults == faults)
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_EMPTY, group->key,
                       chiso_units_set(units));
  return status;
}

/* A unit is scored once. */
static void find_overlap(const chiso__round_part *p, size_t group) {
  const chiso_round *round = p->r->round;
  const chiso_units *units = round->groups[group].units;
  for (size_t g = 0; g < group; g++)
    for (size_t i = 0;
         round->groups[g].units == units && i < chiso_units_count(units); i++)
      if (round->lists[g].flags[i] && round->lists[group].flags[i]) {
        CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_TWICE,
                           chiso_units_get(units, i)->name_vi,
                           round->groups[g].key, round->groups[group].key);
        return;
      }
}

/* ---- the section -------------------------------------------------------- */

static chiso_status read_data(chiso__round_part *p, chiso_group *group) {
  chiso__arena *arena = &p->r->round->arena;
  const char *at = chiso__round_text(p, "data");
  size_t commas = 1;
  for (const char *c = at; c && *c; c++)
    commas += *c == ',';
  const char **list = chiso__arena_array(arena, commas, sizeof *list);
  while (list && at) {
    const char *name = chiso__round_next(p, &at);
    list[group->n_data] =
        name ? chiso__path_beside(arena, p->r->round->path, name) : NULL;
    if (!list[group->n_data++])
      return chiso__no_memory(&p->r->err);
  }
  group->data = list;
  return list ? CHISO_OK : chiso__no_memory(&p->r->err);
}

static void check_bounds(const chiso__round_part *p,
                         const chiso_run_rules *rules) {
  if (rules->least != CHISO_NONE && rules->most != CHISO_NONE &&
      rules->least > rules->most)
    CHISO__ROUND_FAULT(p, chiso__round_entry(p, "least"), MSG_ROUND_BOUNDS);
  if ((rules->bonus_most != CHISO_NONE && rules->bonus_most < 0) ||
      (rules->penalty_most != CHISO_NONE && rules->penalty_most < 0))
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_CAP);
}

chiso_status chiso__round_group_read(chiso__round_part *p, const char *key) {
  static const char *const keys[] = { "title_vi",     "title_en", "methodology",
                                      "units",        "types",    "regions",
                                      "members",      "without",  "not_ranked",
                                      "least",        "most",     "bonus_most",
                                      "penalty_most", "data",     NULL };
  chiso_round *round = p->r->round;
  chiso__round_only(p, keys);
  if (!*key || strlen(key) > 40) {
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_GROUP_KEY);
    return CHISO_OK;
  }
  if (round->n_groups == CHISO_MAX_GROUPS) {
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_GROUPS, CHISO_MAX_GROUPS);
    return CHISO_OK;
  }
  const chiso__ini_entry *title = chiso__round_need(p, "title_vi");
  const chiso__ini_entry *path = chiso__round_need(p, "methodology");
  chiso_group *group = &round->groups[round->n_groups];
  *group = (chiso_group) { .key = key,
                           .title_vi = title ? title->value : "",
                           .title_en = chiso__round_text(p, "title_en") };
  group->rules.least = chiso__round_dec(p, "least");
  group->rules.most = chiso__round_dec(p, "most");
  group->rules.bonus_most = chiso__round_dec(p, "bonus_most");
  group->rules.penalty_most = chiso__round_dec(p, "penalty_most");
  check_bounds(p, &group->rules);
  round->lists[round->n_groups++].methodology = path;
  return read_data(p, group);
}

/* The section of a group that was read before. */
static chiso__round_part part_of(chiso__round_reader *r, const char *key) {
  const char *rest;
  for (size_t i = 0; i < r->ini.n_sections; i++)
    if (chiso__round_is(r->ini.sections[i], "group", &rest) &&
        strcmp(rest, key) == 0)
      return (chiso__round_part) { r, r->ini.sections[i],
                                   r->ini.section_lines[i] };
  return (chiso__round_part) { r, "", 0 };
}

/* What is wrong with a file that an entry names, at the entry unless the file
 * itself has the fault. */
static chiso_status remark(const chiso__round_part *p,
                           const chiso__ini_entry *entry, chiso_status status) {
  if (status == CHISO_OK || status == CHISO_NO_MEMORY)
    return status;
  if (!*p->r->err.file)
    chiso__error_move(&p->r->err, chiso__round_at(p, entry));
  p->r->err.status = CHISO_BAD_DATA;
  chiso__remark_error(&p->r->round->faults, &p->r->err);
  return CHISO_OK;
}

chiso_status chiso__round_group_open(chiso__round_reader *r, size_t place) {
  chiso_round *round = r->round;
  chiso_group *group = &round->groups[place];
  chiso__round_part p = part_of(r, group->key);
  const chiso__ini_entry *path = round->lists[place].methodology;
  if (!path || !round->period.year)
    return CHISO_OK; /* remarked */
  group->path =
      chiso_is_methodology_file(path->value)
          ? chiso__path_beside(&round->arena, round->path, path->value)
          : path->value;
  if (!group->path)
    return chiso__no_memory(&r->err);
  chiso_status status = chiso__round_load(round, group, group->path, &r->err);
  if (status != CHISO_OK)
    return remark(&p, path, status);
  const chiso__ini_entry *units = chiso__round_entry(&p, "units");
  status =
      chiso__round_units(round, group, units ? units->value : NULL, &r->err);
  if (status != CHISO_OK)
    return remark(&p, units, status);
  uint8_t *flags =
      chiso__arena_array(&round->arena, chiso_units_count(group->units), 1);
  if (!flags)
    return chiso__no_memory(&r->err);
  round->lists[place].flags = flags;
  CHISO__TRY(select_units(&p, group, flags));
  find_overlap(&p, place);
  return CHISO_OK;
}
