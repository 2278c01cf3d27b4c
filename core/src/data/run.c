/* SPDX-License-Identifier: Apache-2.0
 * data/run.c - one run from its options to its scores. */
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "data/data.h"

/* ---- remarks ------------------------------------------------------------ */

void chiso__remark(chiso__remarks *r, chiso_status status, chiso__place place,
                   chiso__message message, ...) {
  r->faults += status != CHISO_OK;
  if (r->count >= CHISO__MAX_REMARKS ||
      !chiso__grow(r->allocator, (void **)(void *)&r->list, &r->capacity,
                   r->count, sizeof *r->list))
    return;
  chiso_error *err = &r->list[r->count++];
  memset(err, 0, sizeof *err);
  err->lang = r->lang;
  va_list args;
  va_start(args, message);
  chiso__fail_with(err, status, place, message, args);
  va_end(args);
}

/* ---- paths -------------------------------------------------------------- */

static const char *path_of(chiso__arena *arena, const char *format,
                           const char *a, const char *b, const char *c,
                           const char *d, const char *e) {
  chiso__buffer buffer = { .allocator = arena->allocator };
  const char *parts[] = { a, b, c, d, e };
  size_t next = 0;
  for (const char *f = format; *f; f++) {
    if (*f == '@')
      chiso__buffer_text(&buffer, parts[next++]);
    else
      chiso__buffer_bytes(&buffer, f, 1);
  }
  char *path = buffer.failed
                   ? NULL
                   : chiso__arena_text(arena, buffer.data, buffer.size);
  chiso__buffer_free(&buffer);
  return path;
}

const char *chiso__published_path(chiso__arena *arena, const char *share,
                                  const chiso_listing *listing,
                                  chiso_date round, const char *name,
                                  const char *kind) {
  char text[16];
  chiso_round_format(round, text);
  const char *folder =
      path_of(arena, "@/published/@", share, listing->name, "", "", "");
  return folder ? path_of(arena, "@/@@@.@.csv", folder, text,
                          name && *name ? "." : "", name ? name : "", kind)
                : NULL;
}

const char *chiso__unit_set_path(chiso__arena *arena, const char *share,
                                 const char *set) {
  char *name = chiso__arena_text(arena, set, strlen(set));
  for (char *c = name; c && *c; c++)
    if (*c == '/')
      *c = '-';
  return name ? path_of(arena, "@/units/@.csv", share, name, "", "", "")
              : NULL;
}

bool chiso__is_file(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* ---- round, units ------------------------------------------------------- */

static chiso_status read_table(chiso_run *run, const char *path,
                               chiso__csv *out, chiso_error *err) {
  const char *text;
  size_t size;
  CHISO__TRY(chiso__file_read(&run->arena, path, CHISO__LIMIT_TABLE, false,
                              &text, &size, err));
  return chiso__csv_parse(&run->arena, path, text, size, out, err);
}

static chiso_status bad_round(const char *text, chiso_error *err) {
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_ROUND, text);
}

/* The methodology and the round: whatever of the two is not said follows from
 * the other, from the tables, or is the edition's first year. */
static chiso_status choose(chiso_run *run, const chiso__table_head *head,
                           const chiso_listing **listing, chiso_error *err) {
  const chiso_run_options *o = &run->options;
  const char *round = o->round ? o->round : head->round;
  bool by_id = !strchr(o->methodology, '/');
  if (round && !chiso_round_parse(round, &run->round))
    return bad_round(round, err);
  CHISO__TRY(chiso_store_find(run->store, o->methodology, listing, err));
  if (by_id && round) {
    const chiso_listing *serving = chiso_store_serving(
        run->store, (*listing)->id, run->round.year);
    if (!serving)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_EDITION,
                         (*listing)->id, round);
    *listing = serving;
  }
  if (!round)
    run->round = (chiso_date){ (*listing)->first, 0, 0 };
  if (run->round.year < (*listing)->first ||
      ((*listing)->last && run->round.year > (*listing)->last)) {
    char text[16];
    chiso_round_format(run->round, text);
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_OTHER_ROUND,
                       (*listing)->name, (unsigned)(*listing)->first,
                       (unsigned)(*listing)->last, text);
  }
  return CHISO_OK;
}

static chiso_status read_units(chiso_run *run, const char *set,
                               const char *path, chiso_error *err) {
  if (!path) {
    const char *share = chiso_store_share(run->store);
    if (!share)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_SHARE);
    path = chiso__unit_set_path(&run->arena, share, set);
    if (!path)
      return chiso__no_memory(err);
  }
  CHISO__TRY(chiso_units_read(path, set, run->allocator, &run->units, err));
  size_t count = chiso_units_count(run->units);
  run->scored = chiso__arena_array(&run->arena, count, sizeof *run->scored);
  run->scored_of =
      chiso__arena_array(&run->arena, count, sizeof *run->scored_of);
  if (!run->scored || !run->scored_of)
    return chiso__no_memory(err);
  for (size_t i = 0; i < count; i++) {
    bool assessed = chiso_unit_assessed(chiso_units_get(run->units, i),
                                        run->round.year);
    run->scored_of[i] = assessed ? run->n : SIZE_MAX;
    if (assessed)
      run->scored[run->n++] = i;
  }
  return CHISO_OK;
}

/* ---- members ------------------------------------------------------------ */

static chiso_status prepare_member(chiso_run *run, chiso__member *m,
                                   chiso_error *err) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  m->parts.allocator = run->allocator;
  m->parts.folded = true;
  uint32_t part = 0;
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    for (uint32_t j = 0; j < ix->partitions[i].n_parts; j++)
      if (chiso__map_put(&m->parts, ix->partitions[i].parts[j].id, part++,
                         NULL) == CHISO__MAP_NO_MEMORY)
        return chiso__no_memory(err);
  CHISO__TRY(chiso_entries_new(m->program, run->n, run->allocator,
                               &m->entries, err));
  CHISO__TRY(chiso_scores_new(m->program, run->n, run->allocator, &m->scores,
                              err));
  size_t n = run->n;
  m->slot_cells = chiso__arena_array(
      &run->arena, chiso_program_slots(m->program), n * sizeof(uint32_t));
  m->node_cells =
      chiso__arena_array(&run->arena, ix->n_nodes, n * sizeof(uint32_t));
  m->part_cells = chiso__arena_array(
      &run->arena, chiso_program_parts(m->program), n * sizeof(uint32_t));
  return m->slot_cells && m->node_cells && m->part_cells
             ? CHISO_OK
             : chiso__no_memory(err);
}

void chiso__member_free(const chiso_run *run, chiso__member *m) {
  (void)run;
  chiso_entries_free(&m->entries);
  chiso_scores_free(&m->scores);
  chiso__map_free(&m->parts);
  chiso_program_free(m->program);
}

/* ---- reading ------------------------------------------------------------ */

static void note_file(chiso_run *run, const char *path) {
  run->files[run->n_files++] = path;
}

static chiso_status read_published(chiso_run *run, chiso_error *err) {
  const char *share = chiso_store_share(run->store);
  for (size_t i = 0; i < run->n_members && share; i++) {
    chiso__member *m = &run->members[i];
    bool asked = m == chiso__main_member(run);
    const char *path = chiso__published_path(
        &run->arena, share, m->listing, run->round,
        asked ? run->options.published : NULL, "observations");
    chiso__csv csv;
    if (!path)
      return chiso__no_memory(err);
    if (!chiso__is_file(path))
      continue;
    CHISO__TRY(read_table(run, path, &csv, err));
    note_file(run, path);
    CHISO__TRY(chiso__observations_read(run, &csv, m, err));
  }
  if (run->n_files > 0)
    return CHISO_OK;
  char round[16];
  chiso_round_format(run->round, round);
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NOT_SHIPPED,
                     chiso__main_member(run)->listing->name, round);
}

/* The tables are read twice over: heads first, because they say which units
 * and which round the run is of. */
static chiso_status read_heads(chiso_run *run, chiso__csv *tables,
                               chiso__table_head *out, chiso_error *err) {
  for (size_t i = 0; i < run->options.n_data; i++) {
    chiso__table_head head;
    CHISO__TRY(read_table(run, run->options.data[i], &tables[i], err));
    CHISO__TRY(chiso__table_head_read(run, &tables[i], &head, err));
    if (head.set && out->set && strcmp(head.set, out->set) != 0)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place){ tables[i].file, 0, 0 },
                         MSG_DATA_TWO_SETS, out->set, head.set);
    out->set = head.set ? head.set : out->set;
    out->round = head.round ? head.round : out->round;
  }
  return CHISO_OK;
}

/* A shipped table may name another unit set than the methodology's. */
static chiso_status published_head(chiso_run *run,
                                   const chiso_listing *listing,
                                   chiso__table_head *head,
                                   chiso_error *err) {
  const char *share = chiso_store_share(run->store);
  chiso__csv csv;
  if (!share || run->options.n_data > 0)
    return CHISO_OK;
  const char *path =
      chiso__published_path(&run->arena, share, listing, run->round,
                            run->options.published, "observations");
  if (!path)
    return chiso__no_memory(err);
  if (!chiso__is_file(path))
    return CHISO_OK;
  CHISO__TRY(read_table(run, path, &csv, err));
  return chiso__table_head_read(run, &csv, head, err);
}

static chiso_status read_all(chiso_run *run, const chiso__csv *tables,
                             chiso_error *err) {
  run->published = run->options.n_data == 0;
  if (run->published)
    return read_published(run, err);
  for (size_t i = 0; i < run->options.n_data; i++) {
    note_file(run, run->options.data[i]);
    CHISO__TRY(chiso__observations_read(run, &tables[i],
                                        chiso__main_member(run), err));
  }
  return CHISO_OK;
}

/* ---- the run ------------------------------------------------------------ */

/* The first fault, as the result of the run. */
static chiso_status first_fault(const chiso_run *run, chiso_error *err) {
  for (size_t i = 0; i < run->remarks.count; i++)
    if (run->remarks.list[i].status != CHISO_OK) {
      if (err)
        *err = run->remarks.list[i];
      return CHISO_BAD_DATA;
    }
  return chiso__no_memory(err);
}

static chiso_status score_all(chiso_run *run, chiso_error *err) {
  for (size_t i = 0; i < run->n_members; i++) {
    chiso__member *m = &run->members[i];
    chiso__find_conflicts(run, m);
    chiso__take_results(run, m);
    chiso_score(m->program, &m->entries, &m->scores);
    chiso__find_errors(run, m);
  }
  if (run->remarks.faults > 0)
    return first_fault(run, err);
  CHISO__TRY(chiso__describe_dependencies(run, err));
  return chiso__rank_all(run, err);
}

static chiso_status build(chiso_run *run, chiso_error *err) {
  const chiso_run_options *o = &run->options;
  chiso__table_head head = { 0 };
  const chiso_listing *listing;
  chiso__csv *tables =
      chiso__arena_array(&run->arena, o->n_data + 1, sizeof *tables);
  /* Place 0 of the cells means "nowhere". */
  if (!tables || !chiso__grow(run->allocator, (void **)(void *)&run->cells,
                              &run->cell_capacity, 0, sizeof *run->cells))
    return chiso__no_memory(err);
  run->cells[run->n_cells++] = (chiso__cell){ 0 };
  CHISO__TRY(read_heads(run, tables, &head, err));
  CHISO__TRY(choose(run, &head, &listing, err));
  CHISO__TRY(published_head(run, listing, &head, err));
  const char *set = o->unit_set   ? o->unit_set
                    : head.set    ? head.set
                    : o->units    ? o->units
                                  : listing->unit_set;
  CHISO__TRY(read_units(run, set, o->units, err));
  CHISO__TRY(chiso__plan(run, listing, err));
  for (size_t i = 0; i < run->n_members; i++)
    CHISO__TRY(prepare_member(run, &run->members[i], err));
  run->files = chiso__arena_array(
      &run->arena, o->n_data + run->n_members, sizeof *run->files);
  if (!run->files)
    return chiso__no_memory(err);
  CHISO__TRY(read_all(run, tables, err));
  return score_all(run, err);
}

chiso_status chiso_run_new(chiso_store *store,
                           const chiso_run_options *options,
                           const chiso_allocator *allocator, chiso_run **out,
                           chiso_error *err) {
  chiso_error own = { 0 };
  chiso_run *run = chiso__alloc(allocator, sizeof *run);
  *out = NULL;
  if (!run)
    return chiso__no_memory(err);
  err = err ? err : &own;
  run->allocator = run->arena.allocator = run->remarks.allocator = allocator;
  run->store = store;
  run->lang = run->remarks.lang = err->lang;
  run->options = *options;
  if (!run->options.stage)
    run->options.stage = "final";
  chiso_status status = build(run, err);
  if (status != CHISO_OK && run->remarks.count == 0) {
    chiso_run_free(run);
    return status;
  }
  *out = run;
  return status;
}

void chiso_run_free(chiso_run *run) {
  if (!run)
    return;
  for (size_t i = 0; i < run->n_members; i++)
    chiso__member_free(run, &run->members[i]);
  chiso_units_free(run->units);
  chiso__free(run->allocator, run->cells);
  chiso__free(run->allocator, run->remarks.list);
  chiso__arena_free(&run->arena);
  chiso__free(run->allocator, run);
}
