/* SPDX-License-Identifier: Apache-2.0
 * sheet/known.c - tables of observations, read as scoring reads them, and laid
 * into the cells of scoring sheets. */
#include "sheet/known.h"

#include <string.h>

#include "data/data.h"

/* ---- remarks --------------------------------------------------------------
 */

static bool told(const chiso__remarks *r, const chiso_error *e) {
  for (size_t i = 0; i < r->count; i++) {
    const chiso_error *o = &r->list[i];
    if (o->line == e->line && o->column == e->column &&
        o->message == e->message && strcmp(o->file, e->file) == 0 &&
        (e->line || strcmp(o->text, e->text) == 0))
      return true;
  }
  return false;
}

/* The same row is read for each stage in which it counts and for each group:
 * its fault is told once. That rows of other stages are passed over is not
 * news here. */
static void gather_remarks(chiso_sheet_known *k, const chiso_run *run) {
  size_t kept = 0;
  for (size_t i = 0; i < chiso_run_remarks(run); i++) {
    const chiso_error *e = chiso_run_remark(run, i);
    kept += e->status != CHISO_OK;
    if (e->message != chiso__message_number(MSG_DATA_SKIPPED_STAGE) &&
        e->message != chiso__message_number(MSG_DATA_NO_VALUES) &&
        !told(&k->remarks, e))
      chiso__remark_error(&k->remarks, e);
  }
  k->remarks.faults += chiso_run_faults(run) - kept;
}

/* ---- one group ------------------------------------------------------------
 */

typedef struct reader {
  chiso_sheet_known *known;
  const chiso_round *round;
  const char *const *data;
  size_t n_data, place; /* of the group */
  chiso_error *err;
} reader;

/* Scores the group at a stage. A run with faults is there for its remarks. */
static chiso_status run_stage(const reader *r, unsigned stage, chiso_run **run,
                              bool *good) {
  chiso_status status = chiso_round_run(
      r->round, r->place, chiso_stage_key((chiso_stage)(stage + 1)), r->data,
      r->n_data, r->known->allocator, run, r->err);
  *good = status == CHISO_OK;
  if (!*run)
    return status;
  gather_remarks(r->known, *run);
  return status == CHISO_BAD_DATA ? CHISO_OK : status;
}

static chiso_status read_stage(const reader *r, chiso__known_group *g,
                               unsigned stage) {
  chiso_run *run = NULL;
  bool good;
  chiso_status status = run_stage(r, stage, &run, &good);
  if (status == CHISO_OK && good)
    status = chiso__known_take(r->known, g, run, stage, r->err);
  chiso_run_free(run);
  return status;
}

/* The appraised stages that say something: bits of chiso_sheet_stage. A fact
 * counts from the first appraisal on, a correction in the result. */
static unsigned appraised(const chiso_run *run) {
  const chiso_run_rules *rules = run->options.rules;
  unsigned met = chiso_run_stages(run), out = met >> 1 & ~1u;
  if (met & 1u << CHISO_STAGE_NONE || run->n_members > 1)
    out |= 1u << CHISO_SHEET_APPRAISED_1;
  if (rules && rules->n_corrections)
    out |= 1u << CHISO_SHEET_FINAL;
  return out;
}

/* The result is read first: it tells which stages there are, and is what the
 * last of them gives. */
static chiso_status read_group(const reader *r, chiso__known_group *g) {
  chiso_run *run = NULL;
  bool good;
  chiso_status status = run_stage(r, CHISO_SHEET_FINAL, &run, &good);
  if (!run)
    return status;
  unsigned met = chiso_run_stages(run), stages = appraised(run), top = 0;
  for (unsigned s = CHISO_SHEET_APPRAISED_1; s < CHISO_SHEET_STAGES; s++)
    top = stages >> s & 1 ? s : top;
  if (status == CHISO_OK && good)
    status = chiso__known_beside(r->known, g, run, r->err);
  if (status == CHISO_OK && good && top)
    status = chiso__known_take(r->known, g, run, top, r->err);
  chiso_run_free(run);
  if (met & 1u << CHISO_STAGE_SELF)
    stages |= 1u << CHISO_SHEET_SELF;
  for (unsigned s = 0; s < CHISO_SHEET_STAGES && status == CHISO_OK; s++)
    if (stages >> s & 1 && (s != top || s == CHISO_SHEET_SELF))
      status = read_stage(r, g, s);
  /* what a stage does not say is what the one before said */
  for (unsigned s = CHISO_SHEET_APPRAISED_2; s < CHISO_SHEET_STAGES; s++)
    if (!g->stage[s].value)
      g->stage[s].value = g->stage[s - 1].value;
  return status;
}

/* ---- all groups -----------------------------------------------------------
 */

static chiso_status read_groups(reader *r, const char *only) {
  chiso_sheet_known *k = r->known;
  size_t n = chiso_round_groups(r->round);
  k->groups = chiso__arena_array(&k->arena, n, sizeof *k->groups);
  if (!k->groups)
    return chiso__no_memory(r->err);
  k->n_groups = n;
  for (r->place = 0; r->place < n; r->place++) {
    chiso__known_group *g = &k->groups[r->place];
    g->group = chiso_round_group(r->round, r->place);
    if (!only || strcmp(only, g->group->key) == 0)
      CHISO__TRY(read_group(r, g));
  }
  chiso__remarks_sort(&k->remarks);
  if (k->remarks.short_memory)
    return chiso__no_memory(r->err);
  for (size_t i = 0; i < k->remarks.count; i++)
    if (k->remarks.list[i].status != CHISO_OK) {
      *r->err = k->remarks.list[i];
      return CHISO_BAD_DATA;
    }
  return CHISO_OK;
}

chiso_status chiso_sheet_known_read(const chiso_round *round, const char *group,
                                    const char *const *data, size_t n,
                                    const chiso_allocator *allocator,
                                    chiso_sheet_known **out, chiso_error *err) {
  chiso_error own = { 0 };
  chiso_sheet_known *k = chiso__alloc(allocator, sizeof *k);
  *out = NULL;
  if (!k)
    return chiso__no_memory(err);
  err = err ? err : &own;
  k->allocator = k->arena.allocator = k->remarks.allocator = allocator;
  k->remarks.lang = err->lang;
  reader r = {
    .known = k, .round = round, .data = data, .n_data = n, .err = err
  };
  chiso_status status = read_groups(&r, group);
  if (status != CHISO_OK && status != CHISO_BAD_DATA) {
    chiso_sheet_known_free(k);
    return status;
  }
  *out = k;
  return status;
}

void chiso_sheet_known_free(chiso_sheet_known *k) {
  if (!k)
    return;
  chiso__free(k->allocator, k->remarks.list);
  chiso__arena_free(&k->arena);
  chiso__free(k->allocator, k);
}

size_t chiso_sheet_known_remarks(const chiso_sheet_known *k) {
  return k->remarks.count;
}

const chiso_error *chiso_sheet_known_remark(const chiso_sheet_known *k,
                                            size_t place) {
  return place < k->remarks.count ? &k->remarks.list[place] : NULL;
}

size_t chiso_sheet_known_faults(const chiso_sheet_known *k) {
  return k->remarks.faults;
}
