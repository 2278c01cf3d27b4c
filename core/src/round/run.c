/* SPDX-License-Identifier: Apache-2.0
 * round/run.c - what callers read of a round, and scoring one of its groups. */
#include "round/round.h"

#include <string.h>

#include "base/file.h"

/* Whether a file has a line that begins with [round]. Its first bytes do: what
 * is no such file is told by whoever reads it as something else. */
bool chiso_is_round_file(const char *name) {
  chiso__arena arena = { 0 };
  const char *text;
  size_t size, n = strlen(name);
  bool found = false;
  if (n < 5 || strcmp(name + n - 4, ".ini") != 0 ||
      chiso__file_read(&arena, name, CHISO__LIMIT_ROUND, true, &text, &size,
                       NULL) != CHISO_OK) {
    chiso__arena_free(&arena);
    return false;
  }
  for (const char *line = text; line && !found; line = strchr(line, '\n')) {
    line += strspn(line, "\r\n \t\xef\xbb\xbf");
    found = strncmp(line, "[round]", 7) == 0;
  }
  chiso__arena_free(&arena);
  return found;
}

void chiso_round_free(chiso_round *round) {
  if (!round)
    return;
  for (size_t i = 0; i < round->n_units; i++)
    chiso_units_free(round->units[i]);
  for (size_t g = 0; g < CHISO_MAX_GROUPS; g++) {
    chiso__free(round->allocator, round->lists[g].exemptions);
    chiso__free(round->allocator, round->lists[g].extras);
    chiso__free(round->allocator, round->lists[g].corrections);
    chiso__free(round->allocator, round->lists[g].fixed);
  }
  for (size_t i = 0; i < round->cache->n; i++)
    chiso__tables_close(&round->cache->tables[i]);
  chiso__free(round->allocator, round->cache);
  chiso__free(round->allocator, round->faults.list);
  chiso__arena_free(&round->arena);
  chiso__free(round->allocator, round);
}

size_t chiso_round_faults(const chiso_round *round) {
  return round->faults.count;
}

const chiso_error *chiso_round_fault(const chiso_round *round, size_t place) {
  return &round->faults.list[place];
}

const char *chiso_round_path(const chiso_round *round) {
  return round->path;
}

const char *chiso_round_id(const chiso_round *round) {
  return round->id;
}

void chiso_round_titles(const chiso_round *round, const char **vi,
                        const char **en) {
  *vi = round->title_vi;
  *en = round->title_en;
}

chiso_date chiso_round_period(const chiso_round *round) {
  return round->period;
}

size_t chiso_round_groups(const chiso_round *round) {
  return round->n_groups;
}

const chiso_group *chiso_round_group(const chiso_round *round, size_t place) {
  return &round->groups[place];
}

size_t chiso_round_find(const chiso_round *round, const char *key) {
  for (size_t i = 0; i < round->n_groups; i++)
    if (strcmp(round->groups[i].key, key) == 0)
      return i;
  return SIZE_MAX;
}

size_t chiso_round_deadlines(const chiso_round *round) {
  return round->n_dues;
}

const chiso_round_due *chiso_round_deadline(const chiso_round *round,
                                            size_t place) {
  return &round->dues[place];
}

size_t chiso_round_errata(const chiso_round *round) {
  return round->n_errata;
}

const chiso_erratum *chiso_round_erratum(const chiso_round *round,
                                         size_t place) {
  return &round->errata[place];
}

const chiso_exemption *chiso_group_exempt(const chiso_group *group,
                                          uint32_t node, size_t unit) {
  return chiso__exemption_of(&group->rules, group->methodology, node, unit);
}

size_t chiso_group_assessed(const chiso_group *group) {
  size_t n = 0;
  for (size_t i = 0; i < chiso_units_count(group->units); i++)
    n += group->rules.flags[i] & CHISO_ASSESSED;
  return n;
}

static bool same_paths(const chiso__tables *t, const char *const *paths,
                       size_t n) {
  for (size_t i = 0; i < n && t->n == n; i++)
    if (strcmp(t->paths[i], paths[i]) != 0)
      return false;
  return t->n == n;
}

/* The tables, read once however many groups and stages they serve; NULL: the
 * run reads them itself. */
static chiso_status tables_of(const chiso_round *round,
                              const char *const *paths, size_t n,
                              const chiso__tables **out, chiso_error *err) {
  chiso__round_cache *cache = round->cache;
  *out = NULL;
  for (size_t i = 0; i < cache->n && !*out; i++)
    if (same_paths(&cache->tables[i], paths, n))
      *out = &cache->tables[i];
  if (*out || cache->n == sizeof cache->tables / sizeof *cache->tables)
    return CHISO_OK;
  chiso__tables *t = &cache->tables[cache->n];
  *t = (chiso__tables) { .arena.allocator = round->allocator };
  chiso_status status = chiso__tables_open(t, paths, n, err);
  if (status != CHISO_OK) {
    chiso__tables_close(t);
    return status;
  }
  cache->n++;
  *out = t;
  return CHISO_OK;
}

chiso_status chiso_round_run(const chiso_round *round, size_t group,
                             const char *stage, const char *const *data,
                             size_t n_data, const chiso_allocator *allocator,
                             chiso_run **out, chiso_error *err) {
  const chiso_group *g = &round->groups[group];
  char period[16];
  chiso_round_format(round->period, period);
  if (n_data == 0) {
    data = g->data;
    n_data = g->n_data;
  }
  const chiso_run_options options = { .methodology = g->path,
                                      .round = period,
                                      .stage = stage,
                                      .data = data,
                                      .n_data = n_data,
                                      .rules = &g->rules };
  *out = NULL;
  if (n_data == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_ROUND_NO_DATA, g->key);
  const chiso__tables *tables;
  CHISO__TRY(tables_of(round, data, n_data, &tables, err));
  return chiso__run_new(round->store, &options, tables, allocator, out, err);
}
