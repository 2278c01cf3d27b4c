/* SPDX-License-Identifier: Apache-2.0
 * Runs on tables written by a test, with the build tree's plugins. */
#ifndef CHISO_TESTS_DATA_FIXTURE_H
#define CHISO_TESTS_DATA_FIXTURE_H

#include "host_fixture.h"

#include "chiso/data.h"

#define PLUGIN_DIR  BUILD_DIR "/lib/chiso/plugins"
#define SHARE_DIR   BUILD_DIR "/share/chiso"
#define MOST_TABLES 4

/* What a run is made of: fill it, then begin(), and end() in any case. */
typedef struct sample {
  chiso_run_options options;
  const char *tables[MOST_TABLES]; /* texts; NULL: no more */
  const char *units;               /* text of a unit set, or NULL */
  const char *plugins;             /* folder besides the build tree's */
  const chiso_allocator *allocator;
  chiso_store *store;
  chiso_run *run;
  chiso_status status;
  chiso_error err;
  folder where;
  const char *dirs[2], *paths[MOST_TABLES];
  chiso_store_options places;
  char path[MOST_TABLES + 1][96];
} sample;

static inline bool put_tables(sample *s) {
  for (size_t i = 0; i < MOST_TABLES && s->tables[i]; i++) {
    char name[8];
    snprintf(name, sizeof name, "%zu.csv", i + 1);
    snprintf(s->path[i], sizeof s->path[i], "%s/%s", s->where.path, name);
    s->paths[s->options.n_data++] = s->path[i];
    if (!put_text(&s->where, name, s->tables[i]))
      return false;
  }
  if (!s->units)
    return true;
  snprintf(s->path[MOST_TABLES], sizeof *s->path, "%s/u.csv", s->where.path);
  s->options.units = s->path[MOST_TABLES];
  return put_text(&s->where, "u.csv", s->units);
}

static inline chiso_status begin(sample *s, const char *methodology,
                                 const char *round) {
  size_t n = 0;
  s->where = folder_make();
  s->options.methodology = methodology;
  s->options.round = round;
  s->options.n_data = 0;
  s->options.data = s->paths;
  if (s->plugins)
    s->dirs[n++] = s->plugins;
  s->dirs[n++] = PLUGIN_DIR;
  s->places = (chiso_store_options) { .plugin_dirs = s->dirs,
                                      .n_plugin_dirs = n,
                                      .share_dir = SHARE_DIR,
                                      .no_worker = true };
  s->run = NULL;
  s->status = CHISO_INTERNAL;
  if (put_tables(s))
    s->status = chiso_store_open(&s->places, s->err.lang, s->allocator,
                                 &s->store, &s->err);
  if (s->status == CHISO_OK)
    s->status =
        chiso_run_new(s->store, &s->options, s->allocator, &s->run, &s->err);
  return s->status;
}

static inline void end(sample *s) {
  chiso_run_free(s->run);
  chiso_store_free(s->store);
  folder_remove(&s->where);
}

/* Place among the scored of a unit by code; SIZE_MAX: not there. */
static inline size_t scored_of(const sample *s, const char *code) {
  const chiso_units *units = chiso_run_units(s->run);
  for (size_t i = 0; i < chiso_run_scored(s->run); i++)
    if (strcmp(chiso_units_get(units, chiso_run_unit(s->run, i))->code, code) ==
        0)
      return i;
  return SIZE_MAX;
}

static inline size_t at_of(const sample *s, const char *code,
                           const char *node) {
  const chiso_scores *scores = chiso_run_scores(s->run);
  return chiso_methodology_find(chiso_run_methodology(s->run), node) *
             scores->n +
         scored_of(s, code);
}

static inline chiso_dec points_of(const sample *s, const char *code,
                                  const char *node) {
  return chiso_run_scores(s->run)->points[at_of(s, code, node)];
}

static inline unsigned state_of(const sample *s, const char *code,
                                const char *node) {
  return chiso_run_scores(s->run)->state[at_of(s, code, node)];
}

/* Prints what a run said when a test did not expect it. */
static inline void show(const sample *s) {
  char text[1024];
  if (!s->run) {
    chiso_error_format(&s->err, text, sizeof text);
    fprintf(stderr, "\n    %s\n", text);
  }
  for (size_t i = 0; s->run && i < chiso_run_remarks(s->run); i++) {
    chiso_error_format(chiso_run_remark(s->run, i), text, sizeof text);
    fprintf(stderr, "\n    %s\n", text);
  }
}

/* Scores one table; its unit 66 must have `points` at `node`. */
static inline void gives(const char *methodology, const char *round,
                         const char *table, const char *node,
                         chiso_dec points) {
  sample s = { .tables = { table } };
  if (begin(&s, methodology, round) != CHISO_OK) {
    show(&s);
    CU_FAIL("refused");
  } else {
    CU_ASSERT(chiso_has_points(state_of(&s, "66", node)));
    CU_ASSERT_EQUAL(points_of(&s, "66", node), points);
    if (points_of(&s, "66", node) != points)
      fprintf(stderr, "\n    %s -> %lld\n", table,
              (long long)points_of(&s, "66", node));
  }
  end(&s);
}

/* Refuses one table at a line and a column, with a word of the reason. */
static inline void refuses(const char *methodology, const char *round,
                           const char *table, unsigned line, unsigned column,
                           const char *word) {
  sample s = { .tables = { table } };
  bool right = begin(&s, methodology, round) == CHISO_BAD_DATA &&
               s.err.line == line && s.err.column == column &&
               strstr(s.err.text, word) && strstr(s.err.file, "1.csv");
  CU_ASSERT(right);
  if (!right) {
    fprintf(stderr, "\n    %s -> %d\n", table, (int)s.status);
    show(&s);
  }
  end(&s);
}

#endif
