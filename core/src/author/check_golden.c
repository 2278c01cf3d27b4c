/* SPDX-License-Identifier: Apache-2.0
 * author/check_golden.c - check S08: published figures and those that the
 * author worked out, scored afresh from the plugin. */
#include "author/check.h"
#include "base/dec.h"

#include "data/data.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESULTS      ".results.csv"
#define OBSERVATIONS ".observations.csv"
#define MAX_SETS     256u
#define MAX_TOLD     5u /* differences of one table */

typedef struct golden {
  chiso__checking *k;
  const chiso__check_subject *s;
  chiso_store *store;
  const char *folder; /* of the set */
  const char *units;  /* units.csv beside it, or NULL */
  bool own;           /* the author's: every figure must be computed */
} golden;

static const char *joined(chiso__arena *arena, const char *a, const char *b,
                          const char *c) {
  size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
  char *text = chiso__arena_alloc(arena, size);
  if (text)
    snprintf(text, size, "%s%s%s", a, b, c);
  return text;
}

/* ---- one set ------------------------------------------------------------ */

static void tell_difference(const golden *g, const chiso_run *run,
                            const char *results, const chiso_difference *d) {
  char want[CHISO_DEC_TEXT] = "-", got[CHISO_DEC_TEXT] = "-";
  const chiso_unit *unit =
      chiso_units_get(chiso_run_units(run), chiso_run_unit(run, d->scored));
  if (d->published != CHISO_NONE)
    chiso__dec_say(d->published, g->k->lang, want);
  if (d->computed != CHISO_NONE)
    chiso__dec_say(d->computed, g->k->lang, got);
  chiso__check_find(g->k, (chiso__place) { .file = results }, MSG_CHECK_GOLDEN,
                    unit->code, g->s->index->nodes[d->node].id, got, want);
}

static void compare(const golden *g, const chiso_run *run,
                    const char *results) {
  chiso_comparison all;
  chiso_difference *rows = NULL;
  size_t count = 0, told = 0;
  chiso_error why = { .lang = g->k->lang };
  if (chiso_run_compare(run, results, &all, &rows, &count, &why) != CHISO_OK) {
    chiso__check_find_error(g->k, &why);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    bool lacks = g->own && rows[i].computed == CHISO_NONE &&
                 rows[i].published != CHISO_NONE;
    bool differs = rows[i].computed != CHISO_NONE &&
                   rows[i].published != CHISO_NONE && !rows[i].reproduced;
    if ((lacks || differs) && told++ < MAX_TOLD)
      tell_difference(g, run, results, &rows[i]);
  }
  if (told > MAX_TOLD)
    chiso__check_find(g->k, (chiso__place) { .file = results },
                      MSG_CHECK_GOLDEN_MORE, told - MAX_TOLD);
  if (all.ranks != all.ranks_equal)
    chiso__check_find(g->k, (chiso__place) { .file = results }, MSG_CHECK_RANKS,
                      all.ranks - all.ranks_equal, all.ranks);
  chiso_differences_free(run, rows);
}

/* `name` is "2020" or "2019.indicators". */
static void score_set(const golden *g, const char *name, const char *results) {
  chiso__arena *arena = &g->k->arena;
  const char *prefix = joined(arena, g->folder, "/", name);
  const char *data = prefix ? joined(arena, prefix, OBSERVATIONS, "") : NULL;
  char *round = chiso__arena_text(arena, name, strcspn(name, "."));
  chiso_error why = { .lang = g->k->lang };
  chiso_run *run = NULL;
  if (!data || !round) {
    g->k->short_memory = true;
    return;
  }
  if (access(data, F_OK) != 0)
    return; /* figures that nothing shipped can reproduce */
  chiso_run_options options = { .methodology = g->s->methodology->name,
                                .round = round,
                                .units = g->units,
                                .data = &data,
                                .n_data = 1 };
  chiso__check_applied(g->k);
  chiso_status status =
      chiso_run_new(g->store, &options, g->k->allocator, &run, &why);
  if (status == CHISO_OK)
    compare(g, run, results);
  else if (status == CHISO_NO_MEMORY)
    g->k->short_memory = true;
  else
    chiso__check_find_error(g->k, &why);
  chiso_run_free(run);
}

/* ---- sets of a folder --------------------------------------------------- */

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void score_folder(golden *g, const char *name) {
  const char *names[MAX_SETS];
  size_t count = 0, tail = sizeof RESULTS - 1;
  chiso__arena *arena = &g->k->arena;
  g->folder = chiso__path_join(arena, g->k->folder, name);
  DIR *open = g->folder ? opendir(g->folder) : NULL;
  if (!open)
    return;
  for (const struct dirent *e; count < MAX_SETS && (e = readdir(open));) {
    size_t size = strlen(e->d_name);
    if (size > tail && strcmp(e->d_name + size - tail, RESULTS) == 0)
      names[count++] = chiso__arena_text(arena, e->d_name, size - tail);
  }
  closedir(open);
  const char *units = chiso__path_join(arena, g->folder, "units.csv");
  g->units = units && access(units, R_OK) == 0 ? units : NULL;
  if (count > 0)
    qsort(names, count, sizeof *names, by_text);
  for (size_t i = 0; i < count; i++) {
    const char *prefix = joined(arena, g->folder, "/", names[i]);
    const char *path = prefix ? joined(arena, prefix, RESULTS, "") : NULL;
    if (path)
      score_set(g, names[i], path);
  }
}

/* A table of results named by the user, its observations beside it. */
static void score_file(golden *g, const char *path) {
  chiso__arena *arena = &g->k->arena;
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  size_t size = strlen(name), tail = sizeof RESULTS - 1;
  g->folder =
      slash ? chiso__arena_text(arena, path, (size_t)(slash - path)) : ".";
  if (size <= tail || strcmp(name + size - tail, RESULTS) != 0) {
    chiso__check_find(g->k, (chiso__place) { .file = path },
                      MSG_CHECK_GOLDEN_NAME);
    return;
  }
  const char *stem = chiso__arena_text(arena, name, size - tail);
  const char *units =
      g->folder ? chiso__path_join(arena, g->folder, "units.csv") : NULL;
  if (!stem || !units) {
    g->k->short_memory = true;
    return;
  }
  g->units = access(units, R_OK) == 0 ? units : NULL;
  uint64_t before = g->k->found;
  bool applied = g->k->applied;
  g->k->applied = false;
  score_set(g, stem, path);
  if (!g->k->applied && g->k->found == before)
    chiso__check_find(g->k, (chiso__place) { .file = path },
                      MSG_CHECK_GOLDEN_NAME);
  g->k->applied |= applied;
}

/* ---- the store ---------------------------------------------------------- */

/* The plugin under test is found before all that is installed. */
chiso_status chiso__check_store(chiso__checking *k, bool isolate,
                                chiso_store **out, chiso_error *err) {
  const chiso_store_options *installed = k->options->installed;
  size_t count = installed ? installed->n_plugin_dirs : 0;
  const char **dirs = chiso__arena_array(&k->arena, count + 1, sizeof *dirs);
  if (!dirs)
    return chiso__no_memory(err);
  dirs[0] = k->work;
  for (size_t i = 0; i < count; i++)
    dirs[i + 1] = installed->plugin_dirs[i];
  chiso_store_options *options = chiso__arena_alloc(&k->arena, sizeof *options);
  if (!options)
    return chiso__no_memory(err);
  if (installed)
    *options = *installed;
  options->plugin_dirs = dirs;
  options->n_plugin_dirs = count + 1;
  options->isolate_all = isolate;
  options->no_worker = !isolate; /* this process is there for the plugin */
  return chiso_store_open(options, k->lang, k->allocator, out, err);
}

static bool has_library(const chiso__checking *k) {
  for (size_t i = 0; i < k->n_plugins; i++)
    if (k->plugins[i].good_elf)
      return true;
  return false;
}

void chiso__check_S08(chiso__checking *k) {
  chiso_error why = { .lang = k->lang };
  golden g = { .k = k };
  if (!has_library(k) || !k->work) {
    k->skip = k->no_plugin;
    k->skipped = true;
    return;
  }
  if (chiso__check_store(k, false, &g.store, &why) != CHISO_OK) {
    chiso__check_find_error(k, &why);
    return;
  }
  g.s = &k->subjects[0]; /* the figures lie beside the first */
  score_folder(&g, "published");
  g.own = true;
  score_folder(&g, "golden");
  for (size_t i = 0; i < k->options->n_golden; i++)
    score_file(&g, k->options->golden[i]);
  chiso_store_free(g.store);
  chiso__check_skip(k, MSG_CHECK_NO_GOLDEN);
}
