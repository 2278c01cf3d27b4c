/* SPDX-License-Identifier: Apache-2.0
 * sheet/known_values.c - from the entries of a run to what is known, and from
 * there into the cells of a sheet. */
#include <string.h>

#include "base/buffer.h"
#include "base/dec.h"
#include "data/data.h"
#include "sheet/known.h"

#define CELL_TEXT 32767u /* characters of a cell, as reading takes them */

/* ---- from a run -----------------------------------------------------------
 */

typedef struct taker {
  chiso_sheet_known *known;
  chiso__known_group *group;
  const chiso_run *run;
  const chiso__member *member;
  const chiso_index *ix;
  chiso__known_stage *to;
  unsigned stage;
} taker;

static void put(const taker *t, uint32_t slot, size_t unit, int64_t value,
                uint32_t cell) {
  size_t at = slot * t->run->n + unit;
  t->to->value[at] = value;
  t->to->own[at] = cell && t->run->cells[cell].stage == t->stage + 1;
}

/* Points that were given at a leaf stand in the cell of its points. */
static bool given_fits(const chiso_node *n, chiso_dec points, int64_t *raw) {
  if (n->op != CHISO_OP_MANUAL || n->n_inputs != 1)
    return false;
  int64_t unit = chiso__power10[CHISO_DEC_DIGITS - n->inputs[0].digits];
  *raw = points / unit;
  return points % unit == 0;
}

/* Takes a leaf; false: something was said of it that has no cell. */
static bool take_leaf(const taker *t, uint32_t node, size_t unit) {
  const chiso_entries *e = &t->member->entries;
  const chiso_node *n = &t->ix->nodes[node];
  uint32_t slot = chiso_program_slot(t->member->program, node);
  size_t at = node * t->run->n + unit;
  uint32_t cell = t->member->node_cells[at];
  int64_t raw;
  switch (e->entry[at]) {
  case CHISO_ENTRY_LEFT_OUT:
    return true;
  case CHISO_ENTRY_GIVEN:
    if (!given_fits(n, e->given[at], &raw))
      return false;
    put(t, slot, unit, raw, cell);
    return true;
  case CHISO_ENTRY_NOT_APPLICABLE:
    for (uint32_t i = 0; i < n->n_inputs; i++)
      put(t, slot + i, unit, CHISO__KNOWN_NA, cell);
    return n->n_inputs > 0;
  default:
    break;
  }
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    size_t in = (slot + i) * t->run->n + unit;
    if (e->have[in])
      put(t, slot + i, unit, e->value[in], t->member->slot_cells[in]);
  }
  return true;
}

static void remark_no_cell(const taker *t, uint32_t cell, const char *id,
                           size_t units) {
  const chiso__cell *c = &t->run->cells[cell];
  if (units)
    chiso__remark(&t->known->remarks, CHISO_OK,
                  (chiso__place) { c->file, c->line, c->column },
                  MSG_SHEET_NO_CELL, id, units);
}

static void take_node(const taker *t, uint32_t node) {
  uint32_t first = 0;
  size_t units = 0;
  for (size_t u = 0; u < t->run->n; u++) {
    if (take_leaf(t, node, u))
      continue;
    uint32_t cell = t->member->node_cells[node * t->run->n + u];
    first = !first || (cell && cell < first) ? cell : first;
    units++;
  }
  remark_no_cell(t, first, t->ix->nodes[node].id, units);
}

static void tell_parts(const taker *t) {
  uint32_t part = 0;
  for (uint32_t i = 0; i < t->ix->n_partitions; i++) {
    const chiso_partition *p = &t->ix->partitions[i];
    uint32_t first = 0;
    size_t units = 0;
    for (size_t u = 0; u < t->run->n; u++) {
      uint32_t cell = 0;
      for (uint32_t k = 0; k < p->n_parts && !cell; k++)
        cell = t->member->part_cells[(part + k) * t->run->n + u];
      first = cell && (!first || cell < first) ? cell : first;
      units += cell != 0;
    }
    part += p->n_parts;
    remark_no_cell(t, first, p->id, units);
  }
}

static bool make_room(chiso_sheet_known *known, chiso__known_group *g,
                      const chiso_run *run) {
  const chiso_program *program = chiso__main_member(run)->program;
  uint32_t nodes = chiso_methodology_index(g->group->methodology)->n_nodes;
  size_t units = chiso_units_count(run->units);
  if (g->slot)
    return true;
  g->n = run->n;
  g->slot = chiso__arena_array(&known->arena, nodes, sizeof *g->slot);
  g->scored_of = chiso__arena_array(&known->arena, units, sizeof *g->scored_of);
  if (!g->slot || !g->scored_of)
    return false;
  for (uint32_t i = 0; i < nodes; i++)
    g->slot[i] = chiso_program_slot(program, i);
  memcpy(g->scored_of, run->scored_of, units * sizeof *g->scored_of);
  return true;
}

chiso_status chiso__known_take(chiso_sheet_known *known, chiso__known_group *g,
                               const chiso_run *run, unsigned stage,
                               chiso_error *err) {
  const chiso__member *m = chiso__main_member(run);
  taker t = { .known = known,
              .group = g,
              .run = run,
              .member = m,
              .ix = chiso_methodology_index(m->methodology),
              .to = &g->stage[stage],
              .stage = stage };
  size_t all = chiso_program_slots(m->program) * run->n;
  t.to->value = chiso__arena_array(&known->arena, all, sizeof *t.to->value);
  t.to->own = chiso__arena_array(&known->arena, all, sizeof *t.to->own);
  if (!make_room(known, g, run) || !t.to->value || !t.to->own)
    return chiso__no_memory(err);
  for (size_t i = 0; i < all; i++)
    t.to->value[i] = CHISO__KNOWN_NOTHING;
  for (uint32_t i = 0; i < t.ix->n_nodes; i++)
    take_node(&t, i);
  if (m->entries.any_part)
    tell_parts(&t);
  return CHISO_OK;
}

/* ---- notes and evidence ---------------------------------------------------
 */

static const char *or_empty(const char *text) {
  return text ? text : "";
}

static bool same(const char *a, const char *b) {
  return strcmp(or_empty(a), or_empty(b)) == 0;
}

/* Whether one row says nothing that another does not. */
static bool note_in(const chiso_evidence *e, const chiso_evidence *other) {
  return same(e->note, other->note) &&
         (e->stage == CHISO_STAGE_SELF) == (other->stage == CHISO_STAGE_SELF);
}
static bool evidence_in(const chiso_evidence *e, const chiso_evidence *other) {
  return same(e->document, other->document) &&
         (!e->section || same(e->section, other->section)) &&
         (!e->page || same(e->page, other->page));
}

/* Whether a row says what no other does; of rows alike the first. */
static bool is_new(const chiso_run *run, uint32_t node, size_t unit,
                   size_t place, const chiso_evidence *e,
                   bool (*in)(const chiso_evidence *, const chiso_evidence *)) {
  chiso_evidence o;
  for (size_t i = 0; chiso_run_evidence(run, node, unit, i, &o); i++)
    if (i != place && in(e, &o) && (i < place || !in(&o, e)))
      return false;
  return true;
}

static void add(chiso__buffer *out, const char *text) {
  if (!text)
    return;
  if (out->size)
    chiso__buffer_text(out, "; ");
  chiso__buffer_text(out, text);
}

static size_t characters(const chiso__buffer *text) {
  size_t count = 0;
  for (size_t i = 0; i < text->size; i++)
    count += ((unsigned char)text->data[i] & 0xc0) != 0x80;
  return count;
}

/* What several rows say of a leaf stands in one cell, one after the other. */
static void join(chiso_sheet_known *known, const chiso_run *run, uint32_t node,
                 size_t unit, chiso__buffer text[5], chiso__sheet_beside *out) {
  enum { NOTE, DOCUMENT, SECTION, PAGE, APPRAISER };
  chiso_evidence e;
  const char *file = NULL;
  uint64_t line = 0;
  for (unsigned i = 0; i < 5; i++)
    text[i].size = 0;
  for (size_t i = 0; chiso_run_evidence(run, node, unit, i, &e); i++) {
    if (is_new(run, node, unit, i, &e, note_in))
      add(&text[e.stage == CHISO_STAGE_SELF ? NOTE : APPRAISER], e.note);
    if (is_new(run, node, unit, i, &e, evidence_in)) {
      add(&text[DOCUMENT], e.document);
      add(&text[SECTION], e.section);
      add(&text[PAGE], e.page);
    }
    out->explanation |= e.explanation;
    file = e.file;
    line = e.line;
  }
  const char **to[] = { &out->note, &out->document, &out->section, &out->page,
                        &out->appraiser_note };
  for (unsigned i = 0; i < 5; i++)
    if (characters(&text[i]) > CELL_TEXT)
      chiso__remark(&known->remarks, CHISO_BAD_DATA,
                    (chiso__place) { .file = file, .line = line },
                    MSG_SHEET_LONG_TEXT, characters(&text[i]),
                    (size_t)CELL_TEXT);
    else if (text[i].size)
      *to[i] = chiso__arena_text(&known->arena, text[i].data, text[i].size);
}

static bool keep(chiso_sheet_known *known, chiso__known_group *g,
                 const chiso_run *run, uint32_t node, size_t unit,
                 chiso__buffer text[5]) {
  chiso__sheet_beside *b = chiso__arena_alloc(&known->arena, sizeof *b);
  if (!b)
    return false;
  join(known, run, node, unit, text, b);
  g->beside[node * run->n + unit] = b;
  for (unsigned i = 0; i < 5; i++)
    if (text[i].failed)
      return false;
  return true;
}

chiso_status chiso__known_beside(chiso_sheet_known *known,
                                 chiso__known_group *g, const chiso_run *run,
                                 chiso_error *err) {
  const chiso_index *ix = chiso_methodology_index(g->group->methodology);
  chiso__buffer text[5];
  chiso_evidence e;
  bool good = make_room(known, g, run);
  if (!run->evidence_of)
    return good ? CHISO_OK : chiso__no_memory(err);
  g->beside =
      chiso__arena_array(&known->arena, ix->n_nodes, run->n * sizeof(void *));
  good = good && g->beside;
  for (unsigned i = 0; i < 5; i++)
    text[i] = (chiso__buffer) { .allocator = known->allocator };
  for (uint32_t node = 0; good && node < ix->n_nodes; node++)
    for (size_t u = 0; good && u < run->n; u++)
      if (ix->nodes[node].n_inputs && chiso_run_evidence(run, node, u, 0, &e))
        good = keep(known, g, run, node, u, text);
  for (unsigned i = 0; i < 5; i++)
    chiso__buffer_free(&text[i]);
  return good ? CHISO_OK : chiso__no_memory(err);
}

/* ---- into a sheet ---------------------------------------------------------
 */

/* The group of a job and the unit's place among the scored; NULL: nothing is
 * known of it. */
static const chiso__known_group *group_of(const chiso_sheet_known *k,
                                          const chiso__sheet_job *job,
                                          size_t *unit) {
  for (size_t i = 0; i < k->n_groups; i++) {
    const chiso__known_group *g = &k->groups[i];
    if (g->group != job->plan->group || !g->slot)
      continue;
    *unit = g->scored_of[job->unit];
    return *unit == SIZE_MAX ? NULL : g;
  }
  return NULL;
}

/* An appraised value stands in the column of its stage. What counts there
 * without being said there stands in the first column where it counts: a fact,
 * a correction, and what a stage without a column says. */
static void fill_input(const chiso__known_group *g, size_t unit,
                       chiso__tally *tally, uint32_t node, uint32_t input) {
  int64_t before = CHISO__KNOWN_NOTHING;
  size_t at = (g->slot[node] + (size_t)input) * g->n + unit;
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++) {
    const chiso__known_stage *s = &g->stage[stage];
    if (!(tally->plan->stages >> stage & 1) || !s->value ||
        s->value[at] == CHISO__KNOWN_NOTHING)
      continue;
    bool own = s->own && s->own[at];
    if (!own && s->value[at] == before)
      continue;
    bool na = s->value[at] == CHISO__KNOWN_NA;
    *chiso__typed(tally, node, input, stage) = (chiso__sheet_entry) {
      .is = na ? CHISO__ENTRY_IS_NA : CHISO__ENTRY_IS_RAW,
      .raw = na ? 0 : s->value[at],
    };
    /* the unit's own is never taken as appraised */
    if (stage != CHISO_SHEET_SELF)
      before = s->value[at];
  }
}

void chiso__known_fill(const void *user, const chiso__sheet_job *job,
                       chiso__tally *tally) {
  size_t unit;
  const chiso__known_group *g = group_of(user, job, &unit);
  const chiso_index *ix = tally->plan->ix;
  for (uint32_t node = 0; g && node < ix->n_nodes; node++)
    for (uint32_t i = 0; i < ix->nodes[node].n_inputs; i++)
      fill_input(g, unit, tally, node, i);
}

bool chiso__known_says(const void *user, const chiso__sheet_job *job,
                       uint32_t node, chiso__sheet_beside *out) {
  size_t unit;
  const chiso__known_group *g = group_of(user, job, &unit);
  const chiso__sheet_beside *b =
      g && g->beside ? g->beside[node * g->n + unit] : NULL;
  if (b)
    *out = *b;
  return b != NULL;
}
