/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif.c - a run derived from another one, with something changed.
 * Nothing is read again: entries are copied, changed, scored and ranked. */
#include "analysis/whatif.h"

#include <math.h>
#include <string.h>

#include "chiso/compare.h"

/* ---- scoring ------------------------------------------------------------- */

static chiso_status first_fault(const chiso_run *run, chiso_error *err) {
  for (size_t i = 0; i < run->remarks.count; i++)
    if (run->remarks.list[i].status != CHISO_OK) {
      if (err)
        *err = run->remarks.list[i];
      return CHISO_BAD_DATA;
    }
  return chiso__no_memory(err);
}

static chiso_status check(const chiso_run *run, chiso_error *err) {
  if (run->remarks.short_memory)
    return chiso__no_memory(err);
  return run->remarks.faults ? first_fault(run, err) : CHISO_OK;
}

static chiso_status score(chiso_whatif *w, chiso_error *err) {
  chiso_run *run = w->run;
  chiso__member *m = chiso__whatif_member(w);
  chiso__weighing *weighing = NULL;
  CHISO__TRY(chiso__weighing_new(w, &weighing, err));
  CHISO__TRY(chiso__whatif_enter(w, err));
  CHISO__TRY(check(run, err)); /* what follows from a fault is not told */
  chiso__find_changes(run, m);
  CHISO__TRY(check(run, err));
  chiso__find_conflicts(run, m);
  chiso_score(m->program, &m->entries, &m->scores);
  chiso_error why = { .lang = run->lang };
  if (chiso_program_serves(m->program, &why) != CHISO_OK)
    chiso__remark_error(&run->remarks, &why);
  else
    chiso__find_errors(run, m);
  CHISO__TRY(check(run, err));
  CHISO__TRY(chiso__weighing_apply(weighing, err));
  CHISO__TRY(chiso__rules_extras(run, m, err));
  CHISO__TRY(chiso__rank_all(run, err));
  w->counts.changes = w->changes.count;
  w->counts.hidden = w->changes.hidden;
  w->counts.skipped = w->changes.skipped;
  return CHISO_OK;
}

/* ---- the derived run ----------------------------------------------------- */

/* What the changed run has of the base; the rest is its own. */
static chiso_status derive(chiso_whatif *w, chiso_error *err) {
  const chiso_run *b = w->base;
  chiso_run *run = chiso__alloc(w->allocator, sizeof *run);
  if (!run)
    return chiso__no_memory(err);
  w->run = run;
  run->allocator = run->arena.allocator = run->remarks.allocator = w->allocator;
  run->store = w->store;
  run->lang = run->remarks.lang = chiso__error_lang(err);
  run->options = b->options;
  run->round = b->round;
  run->stage = b->stage;
  run->stages = b->stages;
  run->known_set = b->known_set;
  run->files = b->files;
  run->n_files = b->n_files;
  run->dependencies = b->dependencies;
  run->n_dependencies = b->n_dependencies;
  run->changes = &w->changes;
  run->cells =
      chiso__resize(w->allocator, NULL, (b->n_cells + 1) * sizeof *run->cells);
  if (!run->cells)
    return chiso__no_memory(err);
  memcpy(run->cells, b->cells, b->n_cells * sizeof *run->cells);
  run->n_cells = b->n_cells;
  run->cell_capacity = b->n_cells + 1;
  w->changes.first = (uint32_t)b->n_cells;
  run->members = chiso__arena_array(&run->arena, 1, sizeof *run->members);
  if (!run->members)
    return chiso__no_memory(err);
  run->n_members = 1;
  return CHISO_OK;
}

static chiso_status build(chiso_whatif *w, chiso_error *err) {
  CHISO__TRY(derive(w, err));
  CHISO__TRY(chiso__whatif_units(w, err));
  CHISO__TRY(chiso__whatif_rules(w, err));
  CHISO__TRY(chiso__whatif_carry(w, err));
  return score(w, err);
}

chiso_status chiso_whatif_new(const chiso_run *run, chiso_store *store,
                              const chiso_whatif_options *options,
                              const chiso_allocator *allocator,
                              chiso_whatif **out, chiso_error *err) {
  chiso_error own = { 0 };
  chiso_whatif *w = chiso__alloc(allocator, sizeof *w);
  *out = NULL;
  if (!w)
    return chiso__no_memory(err);
  err = err ? err : &own;
  w->allocator = w->arena.allocator = allocator;
  w->base = run;
  w->store = store;
  w->options = *options;
  chiso_status status = build(w, err);
  if (status != CHISO_OK && (!w->run || w->run->remarks.faults == 0)) {
    chiso_whatif_free(w);
    return status;
  }
  *out = w;
  return status;
}

void chiso_whatif_free(chiso_whatif *w) {
  if (!w)
    return;
  chiso_run_free(w->run);
  chiso__free(w->allocator, w->changes.list);
  chiso__arena_free(&w->arena);
  chiso__free(w->allocator, w);
}

/* ---- what callers read --------------------------------------------------- */

const chiso_run *chiso_whatif_run(const chiso_whatif *w) {
  return w->run;
}

size_t chiso_whatif_after(const chiso_whatif *w, size_t scored) {
  return w->after[scored];
}

size_t chiso_whatif_before(const chiso_whatif *w, size_t scored) {
  return w->before[scored];
}

uint32_t chiso_whatif_node(const chiso_whatif *w, uint32_t node) {
  return w->same ? node : w->node_of[node];
}

bool chiso_whatif_touched(const chiso_whatif *w, uint32_t node, size_t scored) {
  for (size_t i = 0; i < w->changes.count; i++)
    if (w->changes.list[i].node == node && w->changes.list[i].unit == scored)
      return true;
  return false;
}

chiso_dec chiso_whatif_max(const chiso_whatif *w, uint32_t node) {
  return w->max ? w->max[node]
                : chiso_methodology_index(chiso_run_methodology(w->run))
                      ->nodes[node]
                      .max;
}

chiso_whatif_counts chiso_whatif_counted(const chiso_whatif *w) {
  return w->counts;
}

/* ---- moves --------------------------------------------------------------- */

chiso_status chiso_moves_of(const uint32_t *before, const uint32_t *after,
                            size_t n, const chiso_allocator *allocator,
                            chiso_moves *out, chiso_error *err) {
  chiso_association tau;
  uint64_t sum = 0;
  *out = (chiso_moves) { .unit = SIZE_MAX, .mean = NAN, .tau = NAN };
  double *x = chiso__resize(allocator, NULL, (2 * n + 1) * sizeof *x);
  if (!x)
    return chiso__no_memory(err);
  for (size_t u = 0; u < n; u++) {
    if (!before[u] || !after[u])
      continue;
    uint32_t by =
        before[u] > after[u] ? before[u] - after[u] : after[u] - before[u];
    x[out->compared] = before[u];
    x[n + out->compared++] = after[u];
    out->moved += by != 0;
    sum += by;
    if (by > out->largest) {
      out->largest = by;
      out->unit = u;
    }
  }
  chiso_status status = CHISO_OK;
  if (out->compared)
    out->mean = (double)sum / (double)out->compared;
  if (out->compared > 1) {
    status = chiso_associate(x, x + n, out->compared, allocator, &tau, err);
    out->tau = status == CHISO_OK ? tau.kendall.value : NAN;
  }
  chiso__free(allocator, x);
  return status;
}
