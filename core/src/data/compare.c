/* SPDX-License-Identifier: Apache-2.0
 * data/compare.c - computed figures against published ones. */
#include <string.h>

#include "data/data.h"

typedef struct comparer {
  const chiso_run *run;
  chiso_comparison *out;
  chiso_difference *rows;
  size_t n_rows;
} comparer;

static void compare_points(comparer *c, chiso_difference *d) {
  const chiso_scores *s = chiso_run_scores(c->run);
  size_t at = d->node * s->n + d->scored;
  bool has = chiso_has_points(s->state[at]);
  d->computed = has ? s->points[at] : CHISO_NONE;
  d->computed_rank = has ? chiso_run_rank(c->run, d->node, d->scored) : 0;
  if (d->published == CHISO_NONE)
    return;
  if (!has) {
    c->out->not_computed++;
    return;
  }
  chiso_dec difference = d->computed > d->published
                             ? d->computed - d->published
                             : d->published - d->computed;
  d->reproduced = difference <= d->tolerance;
  c->out->compared++;
  c->out->reproduced += d->reproduced;
  c->out->exact += difference == 0;
  if (difference > c->out->largest)
    c->out->largest = difference;
}

static void compare_grade(comparer *c, const char *key,
                          const chiso_difference *d) {
  const chiso_grading *g = c->run->grading;
  uint32_t grade = chiso_run_grade(c->run, d->scored);
  if (!*key || d->node != 0 || !g)
    return;
  c->out->grades++;
  c->out->grades_equal +=
      grade < g->n_grades && strcmp(g->grades[grade].key, key) == 0;
}

/* Ranks can be held against each other only within the units that have both:
 * a table of a few provinces has no rank 1 of 63, and one unit alone has no
 * order at all. */
static void compare_ranks(comparer *c) {
  for (size_t i = 0; i < c->n_rows; i++) {
    const chiso_difference *a = &c->rows[i];
    size_t published = 1, computed = 1, peers = 0;
    if (!a->published_rank || !a->computed_rank)
      continue;
    for (size_t j = 0; j < c->n_rows; j++) {
      const chiso_difference *b = &c->rows[j];
      if (b->node != a->node || !b->published_rank || !b->computed_rank)
        continue;
      peers++;
      published += b->published_rank < a->published_rank;
      computed += b->computed_rank < a->computed_rank;
    }
    if (peers < 2)
      continue;
    c->out->ranks++;
    c->out->ranks_equal += published == computed;
  }
}

static void compare_all(comparer *c, const chiso__result *results,
                        size_t count) {
  for (size_t i = 0; i < count; i++) {
    const chiso__result *r = &results[i];
    chiso_difference *d = &c->rows[c->n_rows];
    *d = (chiso_difference) { .scored = c->run->scored_of[r->unit],
                              .node = r->node,
                              .published = r->points,
                              .tolerance = r->tolerance,
                              .published_rank = r->rank };
    if (d->scored == SIZE_MAX) { /* not assessed */
      c->out->not_computed += d->published != CHISO_NONE;
      continue;
    }
    compare_points(c, d);
    compare_grade(c, r->grade, d);
    c->n_rows++;
  }
  compare_ranks(c);
}

static chiso_status results_path(const chiso_run *run, chiso__arena *arena,
                                 const char **path, chiso_error *err) {
  const char *share = chiso_store_share(run->store);
  char round[16];
  if (*path)
    return CHISO_OK;
  chiso_round_format(run->round, round);
  if (share) {
    *path =
        chiso__published_path(arena, share, chiso__main_member(run)->listing,
                              run->round, run->options.published, "results");
    if (!*path)
      return chiso__no_memory(err);
  }
  if (*path && chiso__is_file(*path))
    return CHISO_OK;
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_RESULTS,
                     chiso__main_member(run)->listing->name, round);
}

static chiso_status read_and_compare(comparer *c, chiso__arena *arena,
                                     const char *path, chiso_error *err) {
  chiso__result *results = NULL;
  size_t count = 0;
  CHISO__TRY(results_path(c->run, arena, &path, err));
  CHISO__TRY(chiso__results_read(arena, path, chiso_run_methodology(c->run),
                                 c->run->units, &results, &count, err));
  c->rows = chiso__alloc(c->run->allocator, (count + 1) * sizeof *c->rows);
  if (!c->rows)
    return chiso__no_memory(err);
  compare_all(c, results, count);
  return CHISO_OK;
}

chiso_status chiso_run_compare(const chiso_run *run, const char *path,
                               chiso_comparison *out, chiso_difference **rows,
                               size_t *count, chiso_error *err) {
  chiso__arena arena = { .allocator = run->allocator };
  comparer c = { .run = run, .out = out };
  memset(out, 0, sizeof *out);
  chiso_status status = read_and_compare(&c, &arena, path, err);
  chiso__arena_free(&arena);
  if (status != CHISO_OK || !rows) {
    chiso__free(run->allocator, c.rows);
    return status;
  }
  *rows = c.rows;
  *count = c.n_rows;
  return CHISO_OK;
}

void chiso_differences_free(const chiso_run *run, chiso_difference *rows) {
  chiso__free(run->allocator, rows);
}
