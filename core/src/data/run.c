/* SPDX-License-Identifier: Apache-2.0
 * data/run.c - one run from its options to its scores. */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "chiso/variant.h"
#include "data/data.h"
#include "data/xlsx.h"

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
  char *path =
      buffer.failed ? NULL : chiso__arena_text(arena, buffer.data, buffer.size);
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
  /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): never NULL */
  char *name = chiso__arena_text(arena, set, strlen(set));
  for (char *c = name; c && *c; c++)
    if (*c == '/')
      *c = '-';
  return name ? path_of(arena, "@/units/@.csv", share, name, "", "", "") : NULL;
}

bool chiso__is_file(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* ---- round, units ------------------------------------------------------- */

static chiso_status open_table(chiso__arena *arena, chiso__remarks *notices,
                               const char *path, chiso__layout *out,
                               chiso_error *err) {
  const char *text;
  size_t size;
  chiso__table_notes notes;
  CHISO__TRY(chiso__file_read(arena, path, CHISO__LIMIT_TABLE, false, &text,
                              &size, err));
  CHISO__TRY(
      chiso__table_parse(arena, path, text, size, &out->csv, &notes, err));
  chiso__place place = { out->csv.file, 0, 0 };
  if (notes.others)
    chiso__remark(notices, CHISO_OK, place, MSG_XLSX_OTHER_SHEETS,
                  notes.others);
  if (notes.macros)
    chiso__remark(notices, CHISO_OK, place, MSG_XLSX_MACROS);
  return chiso__layout_find(out, err);
}

static chiso_status read_table(chiso_run *run, const char *path,
                               chiso__layout *out, chiso_error *err) {
  return open_table(&run->arena, &run->remarks, path, out, err);
}

chiso_status chiso__tables_open(chiso__tables *t, const char *const *paths,
                                size_t n, chiso_error *err) {
  const char **own = chiso__arena_array(&t->arena, n, sizeof *own);
  t->list = chiso__arena_array(&t->arena, n, sizeof *t->list);
  t->notices.allocator = t->arena.allocator;
  t->notices.lang = err ? err->lang : CHISO_LANG_EN;
  if (!own || !t->list)
    return chiso__no_memory(err);
  t->paths = own;
  for (t->n = 0; t->n < n; t->n++) {
    own[t->n] = chiso__arena_text(&t->arena, paths[t->n], strlen(paths[t->n]));
    if (!own[t->n])
      return chiso__no_memory(err);
    CHISO__TRY(
        open_table(&t->arena, &t->notices, own[t->n], &t->list[t->n], err));
  }
  return t->notices.short_memory ? chiso__no_memory(err) : CHISO_OK;
}

void chiso__tables_close(chiso__tables *t) {
  chiso__free(t->arena.allocator, t->notices.list);
  chiso__arena_free(&t->arena);
}

/* The tables of the run: its own, or those that were opened for several. */
static chiso_status take_tables(chiso_run *run, const chiso__tables *shared,
                                chiso__layout *tables, chiso_error *err) {
  const chiso_run_options *o = &run->options;
  for (size_t i = 0; i < o->n_data && !shared; i++)
    CHISO__TRY(read_table(run, o->data[i], &tables[i], err));
  for (size_t i = 0; shared && i < o->n_data; i++)
    tables[i] = shared->list[i];
  for (size_t i = 0; shared && i < shared->notices.count; i++)
    chiso__remark_error(&run->remarks, &shared->notices.list[i]);
  return CHISO_OK;
}

static chiso_status bad_round(const char *text, chiso_error *err) {
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_ROUND, text);
}

/* The round that was asked for, or the only one that the tables name; year 0:
 * neither. */
static chiso_status choose_round(chiso_run *run, const chiso__layout *tables,
                                 chiso_error *err) {
  const chiso_run_options *o = &run->options;
  chiso__rounds rounds = { 0 };
  char first[16], second[16];
  if (o->round)
    return chiso_round_parse(o->round, &run->round) ? CHISO_OK
                                                    : bad_round(o->round, err);
  for (size_t i = 0; i < o->n_data; i++)
    chiso__layout_rounds(&tables[i], o->methodology, &rounds);
  run->round = rounds.list[0];
  if (rounds.count < 2)
    return CHISO_OK;
  chiso_round_format(rounds.list[0], first);
  chiso_round_format(rounds.list[1], second);
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_SEVERAL_ROUNDS, first, second);
}

static chiso_status check_round(const chiso_run *run, const chiso_listing *l,
                                chiso_error *err) {
  char round[16], serves[16];
  if (run->round.year >= l->first && (!l->last || run->round.year <= l->last))
    return CHISO_OK;
  chiso_round_format(run->round, round);
  int used = snprintf(serves, sizeof serves, "%u", (unsigned)l->first);
  if (l->last && l->last != l->first)
    snprintf(serves + used, sizeof serves - (size_t)used, "-%u",
             (unsigned)l->last);
  else if (!l->last)
    snprintf(serves + used, sizeof serves - (size_t)used, "-");
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_OTHER_ROUND, l->name, serves,
                     round);
}

/* The methodology and the round: whatever of the two is not said follows from
 * the other, from the tables, or is the edition's first year. */
static chiso_status choose(chiso_run *run, const chiso__layout *tables,
                           const chiso_listing **listing, chiso_error *err) {
  const chiso_run_options *o = &run->options;
  bool by_id = !strchr(o->methodology, '/');
  char text[16];
  if (chiso_is_methodology_file(o->methodology)) {
    CHISO__TRY(chiso_store_read(run->store, o->methodology, listing, err));
    run->options.methodology = (*listing)->name;
    by_id = false;
  }
  CHISO__TRY(choose_round(run, tables, err));
  if (!*listing)
    CHISO__TRY(chiso_store_find(run->store, o->methodology, listing, err));
  chiso_round_format(run->round, text);
  if (by_id && run->round.year) {
    const chiso_listing *serving =
        chiso_store_serving(run->store, (*listing)->id, run->round.year);
    if (!serving)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_EDITION, (*listing)->id,
                         text);
    *listing = serving;
  }
  if (!run->round.year)
    run->round = (chiso_date) { (*listing)->first, 0, 0 };
  return check_round(run, *listing, err);
}

/* By what was asked for, what the tables name, or the methodology. */
static chiso_status find_units(chiso_run *run, const chiso__set *named,
                               const chiso_listing *listing, chiso_error *err) {
  const char *path = run->options.units;
  const char *set = run->options.unit_set ? run->options.unit_set
                    : named->name         ? named->name
                    : path                ? path
                                          : listing->unit_set;
  run->known_set = set != path;
  if (!path) {
    const char *share = chiso_store_share(run->store);
    if (!share)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_SHARE);
    path = chiso__unit_set_path(&run->arena, share, set);
    if (!path)
      return chiso__no_memory(err);
    if (set == named->name && !chiso__is_file(path))
      return chiso__fail(err, CHISO_BAD_DATA, named->place, MSG_DATA_BAD_SET,
                         set, listing->unit_set);
  }
  CHISO__TRY(chiso_units_read(path, set, run->allocator, &run->own_units, err));
  run->units = run->own_units;
  return CHISO_OK;
}

/* A file stands for a set without a name that tables could use. */
static bool is_set_name(const char *set) {
  return strchr(set, '/') && !strstr(set, ".csv") && !strstr(set, ".xlsx");
}

static chiso_status read_units(chiso_run *run, const chiso__set *named,
                               const chiso_listing *listing, chiso_error *err) {
  const chiso_run_rules *rules = run->options.rules;
  if (rules && rules->units) {
    run->units = rules->units;
    run->known_set = is_set_name(chiso_units_set(run->units));
  } else {
    CHISO__TRY(find_units(run, named, listing, err));
  }
  size_t count = chiso_units_count(run->units);
  run->scored = chiso__arena_array(&run->arena, count, sizeof *run->scored);
  run->scored_of =
      chiso__arena_array(&run->arena, count, sizeof *run->scored_of);
  if (!run->scored || !run->scored_of)
    return chiso__no_memory(err);
  for (size_t i = 0; i < count; i++) {
    bool assessed = rules && rules->flags
                        ? rules->flags[i] & CHISO_ASSESSED
                        : chiso_unit_assessed(chiso_units_get(run->units, i),
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
  CHISO__TRY(
      chiso_entries_new(m->program, run->n, run->allocator, &m->entries, err));
  CHISO__TRY(
      chiso_scores_new(m->program, run->n, run->allocator, &m->scores, err));
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
  if (m->lent)
    return;
  chiso__map_free(&m->parts);
  chiso_program_free(m->program);
}

/* ---- reading ------------------------------------------------------------ */

static void note_file(chiso_run *run, const char *path) {
  run->files[run->n_files++] = path;
}

static chiso_status not_shipped(const chiso_run *run,
                                const chiso_listing *listing,
                                chiso_error *err) {
  const char *name = run->options.published ? run->options.published : "";
  char round[16];
  chiso_round_format(run->round, round);
  return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NOT_SHIPPED, listing->name,
                     round, *name ? "." : "", name);
}

/* The shipped table of the index asked for, which may name another unit set
 * than the methodology's; *there is false when there is none. */
static chiso_status read_shipped(chiso_run *run, const chiso_listing *listing,
                                 chiso__layout *out, bool *there,
                                 chiso_error *err) {
  const char *share = chiso_store_share(run->store);
  const char *path =
      share ? chiso__published_path(&run->arena, share, listing, run->round,
                                    run->options.published, "observations")
            : NULL;
  if (share && !path)
    return chiso__no_memory(err);
  *there = path && chiso__is_file(path);
  return *there ? read_table(run, path, out, err) : CHISO_OK;
}

/* Whether an index takes every figure from other indices. */
static bool only_takes(const chiso__member *m) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    if (ix->nodes[i].op != CHISO_OP_INDEX && ix->nodes[i].weight != 0 &&
        chiso_methodology_first_child(m->methodology, i) == CHISO_NO_NODE)
      return false;
  return true;
}

/* What is shipped of an index that the one asked for takes results from, when
 * it is about the same units. */
static chiso_status read_dependency(chiso_run *run, chiso__member *m,
                                    chiso_error *err) {
  chiso__layout table;
  chiso__set set = { .name = NULL };
  const char *path =
      chiso__published_path(&run->arena, chiso_store_share(run->store),
                            m->listing, run->round, NULL, "observations");
  if (!path)
    return chiso__no_memory(err);
  if (!chiso__is_file(path))
    return CHISO_OK;
  CHISO__TRY(read_table(run, path, &table, err));
  CHISO__TRY(
      chiso__layout_set(&table, m->listing->name, run->round, &set, err));
  if (strcmp(set.name ? set.name : m->listing->unit_set,
             chiso_units_set(run->units)) != 0)
    return CHISO_OK;
  note_file(run, path);
  return chiso__observations_read(run, &table, m, err);
}

static chiso_status read_all(chiso_run *run, const chiso__layout *tables,
                             size_t n_tables, chiso_error *err) {
  bool shipped = run->options.n_data == 0 && chiso_store_share(run->store);
  const char *name = run->options.published;
  for (size_t i = 0; shipped && i + 1 < run->n_members; i++)
    CHISO__TRY(read_dependency(run, &run->members[i], err));
  if (n_tables == 0 && (run->n_files == 0 || (name && *name) ||
                        !only_takes(chiso__main_member(run))))
    return not_shipped(run, chiso__main_member(run)->listing, err);
  for (size_t i = 0; i < n_tables; i++) {
    note_file(run, tables[i].csv.file);
    CHISO__TRY(chiso__observations_read(run, &tables[i],
                                        chiso__main_member(run), err));
  }
  chiso__stage_settle(run);
  CHISO__TRY(chiso__rules_fix(run, chiso__main_member(run), err));
  /* what was appraised stays as it was: corrections are of the result */
  if (run->stage == CHISO_STAGE_FINAL)
    CHISO__TRY(chiso__rules_correct(run, chiso__main_member(run), err));
  chiso__rules_exempt(run, chiso__main_member(run));
  chiso__stage_leave_out(run);
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

/* One fault with its reason, in place of one for each unit. */
static bool rule_serves(chiso_run *run, const chiso__member *m) {
  chiso_error why = { .lang = run->lang };
  if (chiso_program_serves(m->program, &why) == CHISO_OK)
    return true;
  chiso__remark_error(&run->remarks, &why);
  return false;
}

static chiso_status score_all(chiso_run *run, chiso_error *err) {
  for (size_t i = 0; i < run->n_members; i++) {
    chiso__member *m = &run->members[i];
    chiso__find_conflicts(run, m);
    chiso__take_results(run, m);
    chiso_score(m->program, &m->entries, &m->scores);
    if (!rule_serves(run, m))
      continue;
    chiso__find_errors(run, m);
    chiso__note_outside(run, m);
  }
  if (run->remarks.short_memory)
    return chiso__no_memory(err);
  if (run->remarks.faults > 0)
    return first_fault(run, err);
  CHISO__TRY(chiso__rules_extras(run, chiso__main_member(run), err));
  CHISO__TRY(chiso__describe_dependencies(run, err));
  return chiso__rank_all(run, err);
}

/* The tables are gone through twice: they say first which units and which
 * round the run is of. */
static chiso_status open_tables(chiso_run *run, const chiso__tables *shared,
                                chiso__layout *tables, size_t *n_tables,
                                const chiso_listing **listing,
                                chiso_error *err) {
  const chiso_run_options *o = &run->options;
  chiso__set set = { .name = NULL };
  CHISO__TRY(take_tables(run, shared, tables, err));
  CHISO__TRY(choose(run, tables, listing, err));
  *n_tables = o->n_data;
  if (o->n_data == 0) {
    bool there;
    CHISO__TRY(read_shipped(run, *listing, &tables[0], &there, err));
    *n_tables = there;
  }
  for (size_t i = 0; i < *n_tables; i++)
    CHISO__TRY(
        chiso__layout_set(&tables[i], (*listing)->name, run->round, &set, err));
  return read_units(run, &set, *listing, err);
}

static chiso_status build(chiso_run *run, const chiso__tables *shared,
                          chiso_error *err) {
  const chiso_listing *listing = NULL;
  size_t n_tables;
  chiso__layout *tables =
      chiso__arena_array(&run->arena, run->options.n_data + 1, sizeof *tables);
  /* Place 0 of the cells means "nowhere". */
  if (!tables || !chiso__grow(run->allocator, (void **)(void *)&run->cells,
                              &run->cell_capacity, 0, sizeof *run->cells))
    return chiso__no_memory(err);
  run->cells[run->n_cells++] = (chiso__cell) { 0 };
  if (run->options.stage && !chiso_stage_parse(run->options.stage, &run->stage))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_STAGE,
                       run->options.stage);
  CHISO__TRY(open_tables(run, shared, tables, &n_tables, &listing, err));
  CHISO__TRY(chiso__plan(run, listing, err));
  for (size_t i = 0; i < run->n_members; i++)
    CHISO__TRY(prepare_member(run, &run->members[i], err));
  run->files = chiso__arena_array(&run->arena, n_tables + run->n_members,
                                  sizeof *run->files);
  if (!run->files)
    return chiso__no_memory(err);
  CHISO__TRY(read_all(run, tables, n_tables, err));
  return score_all(run, err);
}

chiso_status chiso_run_new(chiso_store *store, const chiso_run_options *options,
                           const chiso_allocator *allocator, chiso_run **out,
                           chiso_error *err) {
  return chiso__run_new(store, options, NULL, allocator, out, err);
}

chiso_status chiso__run_new(chiso_store *store,
                            const chiso_run_options *options,
                            const chiso__tables *tables,
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
  run->stage = CHISO_STAGE_FINAL;
  chiso_status status = build(run, tables, err);
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
  chiso_units_free(run->own_units);
  chiso__free(run->allocator, run->cells);
  chiso__free(run->allocator, run->evidence);
  chiso__free(run->allocator, run->remarks.list);
  chiso__arena_free(&run->arena);
  chiso__free(run->allocator, run);
}
