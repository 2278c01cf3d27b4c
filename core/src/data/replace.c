/* SPDX-License-Identifier: Apache-2.0
 * data/replace.c - a run that is changed: what a value takes the place of, and
 * what no change may touch. */
#include <stdlib.h>
#include <string.h>

#include "data/data.h"

#define REMARK(run, o, ...)                                                    \
  chiso__remark(&(run)->remarks, CHISO_BAD_DATA,                               \
                (chiso__place) { (o)->file, (o)->line, (o)->column + 1 },      \
                __VA_ARGS__)

/* ---- taking away --------------------------------------------------------- */

/* What another change has put there stays, so that the two are told. */
static bool old(const chiso_run *run, uint32_t cell) {
  return cell < run->changes->first;
}

static void clear_slot(chiso_run *run, chiso__member *m, uint32_t slot,
                       size_t unit) {
  size_t at = slot * run->n + unit;
  if (!old(run, m->slot_cells[at]))
    return;
  m->slot_cells[at] = 0;
  m->entries.have[at] = 0;
}

static void clear_entry(chiso_run *run, chiso__member *m, uint32_t node,
                        size_t unit) {
  size_t at = node * run->n + unit;
  /* what was left out by a round has no cell, and stays so */
  if (!m->node_cells[at] || !old(run, m->node_cells[at]))
    return;
  m->node_cells[at] = 0;
  m->entries.entry[at] = CHISO_ENTRY_NONE;
}

/* The node and all below it; counts what there was below. */
static void clear_tree(chiso_run *run, chiso__member *m, uint32_t node,
                       size_t unit, bool below) {
  const chiso_node *n = &chiso_methodology_index(m->methodology)->nodes[node];
  uint32_t slot = chiso_program_slot(m->program, node);
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    size_t at = (slot + i) * run->n + unit;
    run->changes->hidden +=
        below && m->slot_cells[at] && old(run, m->slot_cells[at]);
    clear_slot(run, m, slot + i, unit);
  }
  if (below && m->node_cells[node * run->n + unit] &&
      old(run, m->node_cells[node * run->n + unit]))
    run->changes->hidden++;
  clear_entry(run, m, node, unit);
  for (uint32_t c = chiso_methodology_first_child(m->methodology, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(m->methodology, c))
    clear_tree(run, m, c, unit, true);
}

/* An input, and those of the other form: a value stands before its numerator
 * and denominator, and they before it. */
static void clear_input(chiso_run *run, chiso__member *m, uint32_t node,
                        uint32_t input, size_t unit) {
  const chiso_node *n = &chiso_methodology_index(m->methodology)->nodes[node];
  uint32_t slot = chiso_program_slot(m->program, node);
  unsigned role = n->inputs[input].role;
  clear_slot(run, m, slot + input, unit);
  for (uint32_t i = 0; i < n->n_inputs && role != CHISO_ROLE_OTHER; i++) {
    unsigned other = n->inputs[i].role;
    if (other != CHISO_ROLE_OTHER &&
        (role == CHISO_ROLE_X) != (other == CHISO_ROLE_X))
      clear_slot(run, m, slot + i, unit);
  }
  clear_entry(run, m, node, unit);
}

static void clear_part(chiso_run *run, chiso__member *m, uint32_t part,
                       size_t unit) {
  size_t at = part * run->n + unit;
  if (!old(run, m->part_cells[at]))
    return;
  m->part_cells[at] = 0;
  m->entries.have_part[at] = 0;
}

/* ---- what no change may touch -------------------------------------------- */

static const chiso_fixed *fixed_at(const chiso_run *run,
                                   const chiso__observation *o) {
  const chiso_run_rules *rules = run->options.rules;
  size_t unit = run->scored[o->unit];
  for (size_t i = 0; rules && i < rules->n_fixed; i++) {
    const chiso_fixed *f = &rules->fixed[i];
    if (f->unit != SIZE_MAX && f->unit != unit)
      continue;
    for (uint32_t n = f->node; n != CHISO_NO_NODE;
         n = chiso_methodology_parent(o->member->methodology, n))
      if (n == o->node)
        return f;
  }
  return NULL;
}

/* A change of all units passes over those whom it cannot concern. */
static bool is_open(chiso_run *run, const chiso__observation *o) {
  const chiso_methodology *m = o->member->methodology;
  const char *id = chiso_methodology_index(m)->nodes[o->node].id;
  const chiso_exemption *x =
      chiso__exemption_of(run->options.rules, m, o->node, run->scored[o->unit]);
  const chiso_fixed *f = x ? NULL : fixed_at(run, o);
  bool self = run->stage == CHISO_STAGE_SELF &&
              chiso__stage_giver(m, o->node) != CHISO_BY_NONE;
  if (!x && !f && !self)
    return true;
  if (run->changes->everyone)
    run->changes->skipped++;
  else if (x)
    REMARK(run, o, MSG_WHATIF_EXEMPT, id, x->file, (unsigned long long)x->line);
  else if (f)
    REMARK(run, o, MSG_WHATIF_FIXED, id, f->text, f->file,
           (unsigned long long)f->line);
  else
    REMARK(run, o, MSG_WHATIF_NOT_SELF, id);
  return false;
}

/* ---- one change ---------------------------------------------------------- */

static chiso_status touch(chiso_run *run, const chiso__observation *o,
                          uint32_t input, chiso_error *err) {
  chiso__changes *c = run->changes;
  void *list = c->list;
  bool room = chiso__grow(run->allocator, &list, &c->capacity, c->count,
                          sizeof *c->list);
  c->list = list;
  if (!room)
    return chiso__no_memory(err);
  c->list[c->count] = (chiso__touch) { .unit = o->unit,
                                       .node = o->node,
                                       .part = o->part,
                                       .input = input,
                                       .empty = !*o->text,
                                       .order = c->count,
                                       .file = o->file,
                                       .line = o->line,
                                       .column = o->column + 1 };
  c->count++;
  return CHISO_OK;
}

chiso_status chiso__replace(chiso_run *run, const chiso__observation *o,
                            bool *stays, chiso_error *err) {
  chiso__member *m = o->member;
  *stays = false;
  if (o->part != CHISO_NO_SLOT) {
    clear_part(run, m, o->part, o->unit);
    *stays = *o->text != '\0';
    return touch(run, o, CHISO_NO_SLOT, err);
  }
  if (!is_open(run, o))
    return CHISO_OK;
  bool whole = chiso__observes_whole(o);
  uint32_t input = whole ? CHISO_NO_SLOT : chiso__input_of(o);
  if (!whole && input == UINT32_MAX && (*o->text || *o->input)) {
    chiso__remark_input(run, o);
    return CHISO_OK;
  }
  if (input == CHISO_NO_SLOT)
    clear_tree(run, m, o->node, o->unit, false);
  else
    clear_input(run, m, o->node, input, o->unit);
  *stays = *o->text != '\0';
  return touch(run, o, input, err);
}

/* ---- all changes together ------------------------------------------------ */

static int by_cell(const void *a, const void *b) {
  const chiso__touch *x = a, *y = b;
  size_t p[] = { x->unit, x->node, x->part, x->input, x->order };
  size_t q[] = { y->unit, y->node, y->part, y->input, y->order };
  for (size_t i = 0; i < sizeof p / sizeof *p; i++)
    if (p[i] != q[i])
      return p[i] < q[i] ? -1 : 1;
  return 0;
}

void chiso__remark_twice(chiso_run *run, chiso__place place, const char *file,
                         uint64_t line) {
  char where[280];
  if (line)
    snprintf(where, sizeof where, "%.250s:%llu", file,
             (unsigned long long)line);
  else
    snprintf(where, sizeof where, "%.250s", file);
  chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_WHATIF_TWICE, where);
}

/* Two values at one place were told when the second one came; a value and
 * none, or none twice, are told here. */
static void find_twice(chiso_run *run) {
  const chiso__changes *c = run->changes;
  for (size_t i = 1; i < c->count; i++) {
    const chiso__touch *a = &c->list[i - 1], *b = &c->list[i];
    if (a->unit == b->unit && a->node == b->node && a->part == b->part &&
        a->input == b->input && (a->empty || b->empty))
      chiso__remark_twice(run, (chiso__place) { b->file, b->line, b->column },
                          a->file, a->line);
  }
}

static bool has_parts(const chiso_run *run, const chiso__member *m,
                      size_t unit) {
  for (uint32_t i = 0; i < chiso_program_parts(m->program); i++)
    if (m->part_cells[i * run->n + unit])
      return true;
  return false;
}

/* What stands above decides whatever is below. */
static bool is_hidden(chiso_run *run, const chiso__member *m,
                      const chiso__touch *t) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  chiso__place place = { t->file, t->line, t->column };
  const char *id = ix->nodes[t->node].id;
  const char *unit = chiso_units_get(run->units, run->scored[t->unit])->name_vi;
  for (uint32_t a = chiso_methodology_parent(m->methodology, t->node);
       a != CHISO_NO_NODE; a = chiso_methodology_parent(m->methodology, a)) {
    uint32_t cell = m->node_cells[a * run->n + t->unit];
    if (!cell || !old(run, cell))
      continue;
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_WHATIF_ABOVE,
                  ix->nodes[a].id, unit, id, ix->nodes[a].id);
    return true;
  }
  if (!has_parts(run, m, t->unit))
    return false;
  chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_WHATIF_PARTS, unit,
                id);
  return true;
}

void chiso__find_changes(chiso_run *run, const chiso__member *m) {
  chiso__changes *c = run->changes;
  const char *told = NULL;
  if (c->count)
    qsort(c->list, c->count, sizeof *c->list, by_cell);
  find_twice(run);
  for (size_t i = 0; i < c->count; i++) {
    const chiso__touch *t = &c->list[i];
    /* one of all units is told once */
    if (t->node == CHISO_NO_NODE || t->empty ||
        (t->line == 0 && t->file == told))
      continue;
    if (is_hidden(run, m, t))
      told = t->file;
  }
}
