/* SPDX-License-Identifier: Apache-2.0
 * analysis/figures.c - what is known of a round: printed figures, and what
 * follows from entries. */
#include "analysis/figures.h"

#include <math.h>
#include <string.h>

#include "chiso/variant.h"

/* ---- making room --------------------------------------------------------- */

static chiso_status make_room(chiso_figures *f, chiso_error *err) {
  const chiso_index *ix = chiso_methodology_index(f->methodology);
  f->n = chiso_units_count(f->units);
  f->nodes = ix->n_nodes;
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    f->parts += ix->partitions[i].n_parts;
  size_t n = f->n;
  f->points = chiso__arena_array(&f->arena, f->nodes, n * sizeof *f->points);
  f->max = chiso__arena_array(&f->arena, f->nodes, n * sizeof *f->max);
  f->from = chiso__arena_array(&f->arena, f->nodes, n * sizeof *f->from);
  f->rank = chiso__arena_array(&f->arena, f->nodes, n * sizeof *f->rank);
  f->part = chiso__arena_array(&f->arena, f->parts + 1, n * sizeof *f->part);
  if (!f->points || !f->max || !f->from || !f->rank || !f->part)
    return chiso__no_memory(err);
  for (size_t i = 0; i < f->parts * n; i++)
    f->part[i] = CHISO_NONE;
  return CHISO_OK;
}

/* ---- what runs know ------------------------------------------------------ */

/* An approximate rule makes no published figure. */
static bool exact_at(const chiso_run *run, uint32_t node, size_t scored) {
  chiso_dec largest;
  return chiso_run_approximate(run, node, scored, NULL, 0, &largest) == 0;
}

static void take_run(chiso_figures *f, const chiso_run *run) {
  const chiso_scores *s = chiso_run_scores(run);
  const chiso_entries *e = chiso_run_entries(run);
  for (uint32_t node = 0; node < f->nodes; node++)
    for (size_t u = 0; u < s->n; u++) {
      size_t at = node * f->n + chiso_run_unit(run, u), of = node * s->n + u;
      if (f->from[at] || !chiso_has_points(s->state[of]) || s->max[of] <= 0 ||
          !exact_at(run, node, u))
        continue;
      f->from[at] = CHISO_FIGURE_COMPUTED;
      f->points[at] = s->points[of];
      f->max[at] = s->max[of];
    }
  for (uint32_t part = 0; part < e->parts; part++)
    for (size_t u = 0; u < e->n; u++) {
      chiso_dec *to = &f->part[part * f->n + chiso_run_unit(run, u)];
      if (*to == CHISO_NONE && e->have_part[part * e->n + u])
        *to = e->part[part * e->n + u];
    }
}

/* ---- what was printed ---------------------------------------------------- */

static chiso_status take_printed(chiso_figures *f, const char *set,
                                 chiso_error *err) {
  const chiso_node *nodes = chiso_methodology_index(f->methodology)->nodes;
  chiso__result *rows = NULL;
  size_t count = 0;
  const char *path =
      chiso__published_path(&f->arena, chiso_store_share(f->store), f->listing,
                            f->round, set, "results");
  if (!path)
    return chiso__no_memory(err);
  if (!chiso__is_file(path))
    return CHISO_OK;
  CHISO__TRY(chiso__results_read(&f->arena, path, f->methodology, f->units,
                                 &rows, &count, err));
  for (size_t i = 0; i < count; i++) {
    size_t at = rows[i].node * f->n + rows[i].unit;
    if (!f->rank[at])
      f->rank[at] = rows[i].rank;
    if (f->from[at] || rows[i].points == CHISO_NONE ||
        nodes[rows[i].node].max <= 0)
      continue;
    f->from[at] = CHISO_FIGURE_PRINTED;
    f->points[at] = rows[i].points;
    f->max[at] = nodes[rows[i].node].max;
  }
  return CHISO_OK;
}

/* ---- the sets of a round ------------------------------------------------- */

bool chiso__figures_round(const char *name, chiso_date *round,
                          const char **set) {
  char text[16];
  size_t size = strcspn(name, ".");
  if (size >= sizeof text)
    return false;
  memcpy(text, name, size);
  text[size] = '\0';
  *set = name[size] ? name + size + 1 : "";
  return chiso_round_parse(text, round);
}

static bool same_units(const chiso_units *a, const chiso_units *b) {
  return strcmp(chiso_units_set(a), chiso_units_set(b)) == 0;
}

/* A further set of the round; one over other units is another matter. */
static chiso_status take_set(chiso_figures *f, const char *set,
                             chiso_error *err) {
  char round[16];
  chiso_run *run = NULL;
  chiso_round_format(f->round, round);
  chiso_run_options options = { .methodology = f->listing->name,
                                .round = round,
                                .published = set };
  chiso_status status =
      chiso_run_new(f->store, &options, f->allocator, &run, err);
  if (status == CHISO_OK && same_units(chiso_run_units(run), f->units)) {
    status = take_printed(f, set, err);
    if (status == CHISO_OK)
      take_run(f, run);
  }
  chiso_run_free(run);
  return status;
}

static chiso_status take_sets(chiso_figures *f, chiso_error *err) {
  char **names = NULL;
  size_t count = 0;
  chiso_status status = chiso_published_rounds(
      f->store, f->listing, f->allocator, &names, &count, err);
  for (size_t i = 0; status == CHISO_OK && i < count; i++) {
    chiso_date round;
    const char *set;
    if (chiso__figures_round(names[i], &round, &set) && *set &&
        chiso__same_round(round, f->round))
      status = take_set(f, set, err);
  }
  chiso_names_free(f->allocator, names, count);
  return status;
}

/* ---- opening ------------------------------------------------------------- */

static void name_run(chiso_figures *f, const chiso_run *run) {
  f->methodology = chiso_run_methodology(run);
  f->units = chiso_run_units(run);
  f->round = chiso_run_round(run);
}

static chiso_status run_it(chiso_figures *f, const chiso_run_options *options,
                           chiso_error *err) {
  CHISO__TRY(chiso_run_new(f->store, options, f->allocator, &f->run, err));
  name_run(f, f->run);
  return CHISO_OK;
}

/* The edition: as named, or the one that serves the round. */
static chiso_status find_edition(chiso_figures *f,
                                 const chiso_run_options *options,
                                 chiso_error *err) {
  char text[16];
  if (!options->round || !chiso_round_parse(options->round, &f->round))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_ROUND,
                       options->round ? options->round : "");
  if (chiso_is_methodology_file(options->methodology))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPARE_FILE_DATA,
                       options->methodology);
  CHISO__TRY(
      chiso_store_find(f->store, options->methodology, &f->listing, err));
  if (!strchr(options->methodology, '/')) {
    const chiso_listing *serving =
        chiso_store_serving(f->store, f->listing->id, f->round.year);
    chiso_round_format(f->round, text);
    if (!serving)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_EDITION, f->listing->id,
                         text);
    f->listing = serving;
  }
  return CHISO_OK;
}

static chiso_status is_shipped(chiso_figures *f, const char *kind, bool *out,
                               chiso_error *err) {
  const char *share = chiso_store_share(f->store);
  *out = false;
  if (!share)
    return CHISO_OK;
  const char *path =
      chiso__published_path(&f->arena, share, f->listing, f->round, NULL, kind);
  if (!path)
    return chiso__no_memory(err);
  *out = chiso__is_file(path);
  return CHISO_OK;
}

static chiso_status read_units(chiso_figures *f, chiso_error *err) {
  const chiso_listing *l = f->listing;
  const char *path =
      chiso__unit_set_path(&f->arena, chiso_store_share(f->store), l->unit_set);
  if (!path)
    return chiso__no_memory(err);
  CHISO__TRY(
      chiso_units_read(path, l->unit_set, f->allocator, &f->own_units, err));
  f->units = f->own_units;
  return chiso_store_load(f->store, l, &f->methodology, NULL, err);
}

static chiso_status read_shipped(chiso_figures *f,
                                 const chiso_run_options *options,
                                 chiso_error *err) {
  char round[16];
  CHISO__TRY(find_edition(f, options, err));
  chiso_round_format(f->round, round);
  bool entries, results;
  CHISO__TRY(is_shipped(f, "observations", &entries, err));
  CHISO__TRY(is_shipped(f, "results", &results, err));
  if (!entries && !results)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPARE_NOT_PUBLISHED,
                       f->listing->name, round);
  if (entries) {
    chiso_run_options own = { .methodology = f->listing->name, .round = round };
    CHISO__TRY(run_it(f, &own, err));
  } else {
    CHISO__TRY(read_units(f, err));
  }
  CHISO__TRY(make_room(f, err));
  CHISO__TRY(take_printed(f, NULL, err));
  if (f->run)
    take_run(f, f->run);
  return take_sets(f, err);
}

static chiso_status read_data(chiso_figures *f,
                              const chiso_run_options *options,
                              chiso_error *err) {
  CHISO__TRY(run_it(f, options, err));
  CHISO__TRY(make_room(f, err));
  take_run(f, f->run);
  return CHISO_OK;
}

chiso_status chiso_figures_read(chiso_store *store,
                                const chiso_run_options *options,
                                const chiso_allocator *allocator,
                                chiso_figures **out, chiso_run **run,
                                chiso_error *err) {
  *out = NULL;
  *run = NULL;
  chiso_figures *f = chiso__alloc(allocator, sizeof *f);
  if (!f)
    return chiso__no_memory(err);
  *f = (chiso_figures) { .allocator = allocator, .store = store };
  f->arena.allocator = allocator;
  chiso_status status = options->n_data > 0 ? read_data(f, options, err)
                                            : read_shipped(f, options, err);
  if (status == CHISO_OK) {
    *out = f;
    return status;
  }
  if (f->run && chiso_run_faults(f->run) > 0) {
    *run = f->run;
    f->run = NULL;
  }
  chiso_figures_free(f);
  return status;
}

chiso_status chiso_figures_of_run(const chiso_run *run,
                                  const chiso_allocator *allocator,
                                  chiso_figures **out, chiso_error *err) {
  *out = NULL;
  chiso_figures *f = chiso__alloc(allocator, sizeof *f);
  if (!f)
    return chiso__no_memory(err);
  *f = (chiso_figures) { .allocator = allocator };
  f->arena.allocator = allocator;
  name_run(f, run);
  chiso_status status = make_room(f, err);
  if (status != CHISO_OK) {
    chiso_figures_free(f);
    return status;
  }
  take_run(f, run);
  *out = f;
  return CHISO_OK;
}

void chiso_figures_free(chiso_figures *f) {
  if (!f)
    return;
  chiso_run_free(f->run);
  chiso_units_free(f->own_units);
  chiso__arena_free(&f->arena);
  chiso__free(f->allocator, f);
}

/* ---- reading ------------------------------------------------------------- */

const chiso_methodology *chiso_figures_methodology(const chiso_figures *f) {
  return f->methodology;
}

const chiso_units *chiso_figures_units(const chiso_figures *f) {
  return f->units;
}

chiso_date chiso_figures_round(const chiso_figures *f) {
  return f->round;
}

bool chiso_figures_assessed(const chiso_figures *f, size_t unit) {
  return chiso_unit_assessed(chiso_units_get(f->units, unit), f->round.year);
}

bool chiso_figures_ranked(const chiso_figures *f, size_t unit) {
  return chiso_figures_assessed(f, unit) &&
         chiso_unit_ranked(chiso_units_get(f->units, unit), f->round.year);
}

static double percent_of(chiso_dec points, chiso_dec max) {
  return max > 0 ? 100 * (double)points / (double)max : (double)NAN;
}

chiso_figure chiso_figures_get(const chiso_figures *f, uint32_t node,
                               size_t unit) {
  size_t at = node * f->n + unit;
  chiso_figure none = {
    .points = CHISO_NONE, .max = CHISO_NONE, .percent = NAN, .rank = f->rank[at]
  };
  if (!f->from[at])
    return none;
  return (chiso_figure) { .from = (chiso_figure_from)f->from[at],
                          .points = f->points[at],
                          .max = f->max[at],
                          .percent = percent_of(f->points[at], f->max[at]),
                          .rank = f->rank[at] };
}

static chiso_dec part_max(const chiso_figures *f, uint32_t part) {
  const chiso_index *ix = chiso_methodology_index(f->methodology);
  uint32_t i = 0;
  for (; part >= ix->partitions[i].n_parts; i++)
    part -= ix->partitions[i].n_parts;
  return ix->partitions[i].parts[part].max;
}

chiso_figure chiso_figures_part(const chiso_figures *f, uint32_t part,
                                size_t unit) {
  chiso_dec points = f->part[part * f->n + unit], max = part_max(f, part);
  chiso_figure out = { .points = points, .max = CHISO_NONE, .percent = NAN };
  if (points == CHISO_NONE || max <= 0)
    return out;
  out.from = CHISO_FIGURE_COMPUTED;
  out.max = max;
  out.percent = percent_of(points, max);
  return out;
}

size_t chiso_figures_known(const chiso_figures *f, uint32_t node) {
  size_t count = 0;
  for (size_t u = 0; u < f->n; u++)
    count += f->from[node * f->n + u] != CHISO_FIGURE_NONE;
  return count;
}
