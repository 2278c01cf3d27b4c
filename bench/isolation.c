/* SPDX-License-Identifier: Apache-2.0 */
#include "isolation.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "chiso/engine.h"
#include "chiso/host.h"

#define PLUGINS BUILD_DIR "/lib/chiso/plugins"
#define WORKER  BUILD_DIR "/libexec/chiso/chiso-worker"
#define EXAMPLE SOURCE_DIR "/sdk/examples/call"

static char folder[] = "/tmp/chiso-bench-XXXXXX";

static void stop(const char *what, const chiso_error *err) {
  fprintf(stderr, "chiso-bench: %s: %s\n", what, err->text);
  exit(1);
}

static chiso_store *open_store(const char *dir, bool isolated) {
  const char *dirs[] = { dir };
  const chiso_store_options options = { .plugin_dirs = dirs,
                                        .n_plugin_dirs = 1,
                                        .worker = WORKER,
                                        .isolate_all = isolated,
                                        .no_worker = !isolated };
  chiso_error err = { 0 };
  chiso_store *store = NULL;
  if (chiso_store_open(&options, CHISO_LANG_EN, counted_allocator(), &store,
                       &err) != CHISO_OK)
    stop("cannot open the store", &err);
  return store;
}

/* ---- loading ------------------------------------------------------------ */

static uint64_t load(uint64_t rounds, bool isolated) {
  chiso_error err = { 0 };
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_store *store = open_store(PLUGINS, isolated);
    const chiso_listing *listing = NULL;
    const chiso_methodology *m = NULL;
    if (chiso_store_find(store, "vn.par.province/2020", &listing, &err) !=
            CHISO_OK ||
        chiso_store_load(store, listing, &m, NULL, &err) != CHISO_OK)
      stop("cannot load a plugin", &err);
    chiso_store_free(store);
  }
  return rounds;
}

static uint64_t load_here(void *data, uint64_t rounds) {
  (void)data;
  return load(rounds, false);
}

static uint64_t load_isolated(void *data, uint64_t rounds) {
  (void)data;
  return load(rounds, true);
}

/* ---- CALL --------------------------------------------------------------- */

/* The example's program, whose only computed leaf is a CALL. */
typedef struct calling {
  chiso_store *store;
  chiso_program *program;
  chiso_entries entries;
  chiso_scores scores;
} calling;

static calling open_calling(bool isolated, size_t units) {
  const chiso_allocator *a = counted_allocator();
  chiso_error err = { 0 };
  const chiso_methodology *m = NULL;
  chiso_rule rule;
  calling c = { .store = open_store(folder, isolated) };
  if (chiso_store_load(c.store, chiso_store_get(c.store, 0), &m, &rule, &err) !=
          CHISO_OK ||
      chiso_program_new(m, rule, a, &c.program, &err) != CHISO_OK ||
      chiso_entries_new(c.program, units, a, &c.entries, &err) != CHISO_OK ||
      chiso_scores_new(c.program, units, a, &c.scores, &err) != CHISO_OK)
    stop("cannot open the example", &err);
  for (size_t u = 0; u < units; u++) {
    const int64_t values[] = { 5000000, (int64_t)(u % 90), 90,
                               (int64_t)(u % 7) };
    for (uint32_t slot = 0; slot < 4; slot++)
      chiso_entries_set(&c.entries, slot, u, values[slot]);
  }
  return c;
}

static void close_calling(calling *c) {
  chiso_entries_free(&c->entries);
  chiso_scores_free(&c->scores);
  chiso_program_free(c->program);
  chiso_store_free(c->store);
}

static uint64_t score(void *data, uint64_t rounds) {
  calling *c = data;
  for (uint64_t i = 0; i < rounds; i++)
    chiso_score(c->program, &c->entries, &c->scores);
  consume((uint64_t)c->scores.points[0]);
  return rounds * c->entries.n;
}

static void build_example(void) {
  static const char *const indices[] = { EXAMPLE "/index.json" };
  const chiso_build_options options = {
    .id = "example-call",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .indices = indices,
    .n_indices = 1,
    .rule = EXAMPLE "/rule.c",
    .out_dir = folder,
    .include_dir = SOURCE_DIR "/sdk/include",
  };
  chiso_error err = { 0 };
  if (!mkdtemp(folder))
    stop("cannot make a folder", &err);
  if (chiso_build(&options, NULL, &err) != CHISO_OK)
    stop("cannot build the example", &err);
}

static void remove_example(void) {
  static const char *const files[] = { "example-call.so",
                                       "example-call.plugin.ini" };
  char path[128];
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    unlink(path);
  }
  rmdir(folder);
}

void bench_isolation(adder add, void *to) {
  static const struct {
    size_t units;
    const char *names[2];
  } sizes[] = { { 1, { "CALL, one unit", "CALL, one unit, isolated" } },
                { 64, { "CALL, 64 units", "CALL, 64 units, isolated" } },
                { 4096,
                  { "CALL, 4,096 units", "CALL, 4,096 units, isolated" } } };
  if (access(PLUGINS "/par-2020.so", R_OK) == 0) {
    add(to, "load 2020", "open and load", load_here, NULL);
    add(to, "load 2020, isolated", "open and load", load_isolated, NULL);
  }
  build_example();
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (int isolated = 0; isolated < 2; isolated++) {
      calling c = open_calling(isolated, sizes[i].units);
      add(to, sizes[i].names[isolated], "score of one unit", score, &c);
      close_calling(&c);
    }
  remove_example();
}
