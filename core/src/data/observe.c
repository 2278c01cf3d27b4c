/* SPDX-License-Identifier: Apache-2.0
 * data/observe.c - what one value means, and what values mean together. */
#include <string.h>

#include "base/text.h"
#include "data/data.h"
#include "data/value.h"

#define REMARK(run, o, ...)                                                    \
  chiso__remark(&(run)->remarks, CHISO_BAD_DATA,                               \
                (chiso__place) { (o)->file, (o)->line, (o)->column + 1 },      \
                __VA_ARGS__)

static const chiso_node *node_of(const chiso__observation *o) {
  return &chiso_methodology_index(o->member->methodology)->nodes[o->node];
}

/* Notes where a value came from; false when it is not to be taken: the place is
 * taken at the same stage, which is a fault unless both say "not applicable",
 * or a later stage has it already. */
static bool claim(chiso_run *run, const chiso__observation *o, uint32_t *cells,
                  size_t row, bool not_applicable, chiso_status *status,
                  chiso_error *err) {
  uint32_t *cell = &cells[row * run->n + o->unit], *link = cell;
  unsigned level = chiso__stage_level(o->stage);
  *status = CHISO_OK;
  if (!chiso__grow(run->allocator, (void **)(void *)&run->cells,
                   &run->cell_capacity, run->n_cells, sizeof *run->cells)) {
    *status = chiso__no_memory(err);
    return false;
  }
  while (*link && chiso__stage_level(run->cells[*link].stage) > level)
    link = &run->cells[*link].before;
  const chiso__cell *other = &run->cells[*link];
  if (*link && chiso__stage_level(other->stage) == level) {
    /* A leaf with two inputs may say it twice. */
    if ((!not_applicable || !other->not_applicable) && run->changes)
      chiso__remark_twice(run,
                          (chiso__place) { o->file, o->line, o->column + 1 },
                          other->file, other->line);
    else if (!not_applicable || !other->not_applicable)
      REMARK(run, o, MSG_DATA_REPEATED, other->file,
             (unsigned long long)other->line,
             (unsigned long long)other->column);
    return false;
  }
  run->cells[run->n_cells] =
      (chiso__cell) { .file = o->file,
                      .source = *o->source ? o->source : NULL,
                      .line = (uint32_t)o->line,
                      .column = (uint32_t)o->column + 1,
                      .before = *link,
                      .stage = o->stage,
                      .not_applicable = not_applicable };
  *link = (uint32_t)run->n_cells++;
  o->member->has_data = true;
  return link == cell;
}

/* Reads a number and holds its decimal mark against the column's. */
static bool number(chiso_run *run, const chiso__observation *o, unsigned digits,
                   bool percent, char *mark, int64_t *out) {
  bool rounded = false;
  if (!chiso__value_number(&run->remarks,
                           (chiso__place) { o->file, o->line, o->column + 1 },
                           o->text, (chiso__shape) { digits, percent, false },
                           mark, &rounded, out))
    return false;
  run->rounded += rounded;
  return true;
}

/* ---- points ------------------------------------------------------------- */

static chiso_status observe_points(chiso_run *run, const chiso__observation *o,
                                   char *mark, chiso_error *err) {
  bool part = o->part != CHISO_NO_SLOT;
  chiso__member *m = o->member;
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  chiso_dec points, max = 0;
  chiso_status status;
  if (!number(run, o, CHISO_DEC_DIGITS, false, mark, &points))
    return CHISO_OK;
  if (part) {
    uint32_t first = 0;
    for (uint32_t i = 0; i < ix->n_partitions; i++) {
      if (o->part < first + ix->partitions[i].n_parts && o->part >= first)
        max = ix->partitions[i].parts[o->part - first].max;
      first += ix->partitions[i].n_parts;
    }
  } else {
    max = ix->nodes[o->node].max;
  }
  if (points < 0 || points > max) {
    char text[CHISO_DEC_TEXT];
    chiso__dec_say(max, run->remarks.lang, text);
    REMARK(run, o, MSG_DATA_ABOVE_MAX, o->text, text);
    return CHISO_OK;
  }
  if (!claim(run, o, part ? m->part_cells : m->node_cells,
             part ? o->part : o->node, false, &status, err))
    return status;
  if (part)
    chiso_entries_part(&m->entries, o->part, o->unit, points);
  else
    chiso_entries_give(&m->entries, o->node, o->unit, points);
  return CHISO_OK;
}

/* ---- inputs ------------------------------------------------------------- */

/* The input that a row names: by key, by role, or the only one. */
uint32_t chiso__input_of(const chiso__observation *o) {
  const chiso_node *n = node_of(o);
  if (!*o->input)
    return n->n_inputs == 1 ? 0 : UINT32_MAX;
  for (uint32_t i = 0; i < n->n_inputs; i++)
    if (chiso__text_same_folded(o->input, n->inputs[i].key))
      return i;
  for (uint32_t i = 0; i < n->n_inputs; i++)
    if (n->inputs[i].role != CHISO_ROLE_OTHER &&
        chiso__text_same_folded(
            o->input, chiso_key(CHISO_FAMILY_ROLE, n->inputs[i].role)))
      return i;
  return UINT32_MAX;
}

void chiso__remark_input(chiso_run *run, const chiso__observation *o) {
  const chiso_node *n = node_of(o);
  char keys[200] = "";
  size_t used = 0;
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    int wrote = snprintf(keys + used, sizeof keys - used, "%s%s",
                         used ? ", " : "", n->inputs[i].key);
    if (wrote < 0 || (size_t)wrote >= sizeof keys - used)
      break;
    used += (size_t)wrote;
  }
  if (!*keys)
    REMARK(run, o, MSG_DATA_NO_INPUTS, n->id);
  else if (*o->input)
    REMARK(run, o, MSG_DATA_BAD_INPUT, o->input, n->id, keys);
  else
    REMARK(run, o, MSG_DATA_WHICH_INPUT, n->id, keys);
}

static chiso_status observe_input(chiso_run *run, const chiso__observation *o,
                                  char *mark, chiso_error *err) {
  chiso__member *m = o->member;
  const chiso_node *n = node_of(o);
  uint32_t input = chiso__input_of(o);
  int64_t raw;
  chiso_status status;
  if (input == UINT32_MAX) {
    chiso__remark_input(run, o);
    return CHISO_OK;
  }
  const chiso_input *in = &n->inputs[input];
  if (in->unit == CHISO_UNIT_CHOICE) {
    raw = chiso__value_choice(m->methodology, o->node, o->text);
    if (raw < 0) {
      chiso__value_no_choice(&run->remarks,
                             (chiso__place) { o->file, o->line, o->column + 1 },
                             m->methodology, o->node, o->text, false);
      return CHISO_OK;
    }
  } else if (!number(run, o, in->digits, in->unit == CHISO_UNIT_PERCENT, mark,
                     &raw)) {
    return CHISO_OK;
  }
  uint32_t slot = chiso_program_slot(m->program, o->node) + input;
  if (!claim(run, o, m->slot_cells, slot, false, &status, err))
    return status;
  chiso_entries_set(&m->entries, slot, o->unit, raw);
  return CHISO_OK;
}

static bool is_inner(const chiso__observation *o) {
  return chiso_methodology_first_child(o->member->methodology, o->node) !=
         CHISO_NO_NODE;
}

static bool is_na(const char *text) {
  return strcmp(text, "NA") == 0 || strcmp(text, "N/A") == 0;
}

bool chiso__observes_whole(const chiso__observation *o) {
  return is_na(o->text) || o->points || o->part != CHISO_NO_SLOT ||
         (is_inner(o) && !*o->input && node_of(o)->op != CHISO_OP_CASE);
}

chiso_status chiso__observe(chiso_run *run, const chiso__observation *o,
                            char *mark, chiso_error *err) {
  chiso_status status;
  if (run->changes) {
    bool stays;
    CHISO__TRY(chiso__replace(run, o, &stays, err));
    if (!stays)
      return CHISO_OK;
  }
  if (is_na(o->text)) {
    if (o->part != CHISO_NO_SLOT) {
      REMARK(run, o, MSG_DATA_PART_NA);
      return CHISO_OK;
    }
    if (!claim(run, o, o->member->node_cells, o->node, true, &status, err))
      return status;
    chiso_entries_not_applicable(&o->member->entries, o->node, o->unit);
    return CHISO_OK;
  }
  return chiso__observes_whole(o) ? observe_points(run, o, mark, err)
                                  : observe_input(run, o, mark, err);
}

/* ---- values together ---------------------------------------------------- */

static void remark_cell(chiso_run *run, uint32_t cell, chiso__message message,
                        const char *node, const char *other) {
  const chiso__cell *c = &run->cells[cell];
  chiso__remark(&run->remarks, CHISO_BAD_DATA,
                (chiso__place) { c->file, c->line, c->column }, message, node,
                other);
}

/* The cell of the first value at or below a node, leaving out the node's own
 * entry when `below`. */
static uint32_t first_cell(const chiso_run *run, const chiso__member *m,
                           uint32_t node, size_t unit, bool below,
                           uint32_t *where) {
  const chiso_node *n = &chiso_methodology_index(m->methodology)->nodes[node];
  uint32_t slot = chiso_program_slot(m->program, node);
  *where = node;
  if (!below && m->node_cells[node * run->n + unit])
    return m->node_cells[node * run->n + unit];
  for (uint32_t i = 0; i < n->n_inputs; i++)
    if (m->slot_cells[(slot + i) * run->n + unit])
      return m->slot_cells[(slot + i) * run->n + unit];
  for (uint32_t c = chiso_methodology_first_child(m->methodology, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(m->methodology, c)) {
    uint32_t cell = first_cell(run, m, c, unit, false, where);
    if (cell)
      return cell;
  }
  return 0;
}

static void find_part_conflicts(chiso_run *run, chiso__member *m, size_t unit) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  uint32_t first = 0, where, used = 0;
  for (uint32_t i = 0; i < ix->n_partitions; i++) {
    uint32_t cell = 0;
    for (uint32_t j = 0; j < ix->partitions[i].n_parts && !cell; j++)
      cell = m->part_cells[(first + j) * run->n + unit];
    first += ix->partitions[i].n_parts;
    if (!cell)
      continue;
    if (first_cell(run, m, 0, unit, false, &where))
      remark_cell(run, cell, MSG_DATA_PART_AND_NODE, ix->partitions[i].id,
                  ix->nodes[where].id);
    if (used++)
      remark_cell(run, cell, MSG_DATA_TWO_PARTITIONS, ix->partitions[i].id, "");
  }
}

void chiso__find_conflicts(chiso_run *run, chiso__member *m) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  uint32_t where;
  for (size_t u = 0; u < run->n; u++) {
    for (uint32_t i = 0; m->entries.any_entry && i < ix->n_nodes; i++) {
      uint32_t cell = m->node_cells[i * run->n + u];
      if (cell && first_cell(run, m, i, u, true, &where))
        remark_cell(run, cell,
                    m->entries.entry[i * run->n + u] == CHISO_ENTRY_GIVEN
                        ? MSG_DATA_GIVEN_AND_BELOW
                        : MSG_DATA_NA_AND_DATA,
                    ix->nodes[i].id, ix->nodes[where].id);
    }
    if (m->entries.any_part)
      find_part_conflicts(run, m, u);
  }
}

/* The cell to show for a node that cannot be scored. */
static uint32_t cell_at_fault(const chiso_run *run, const chiso__member *m,
                              const chiso_trace *t, uint32_t node,
                              size_t unit) {
  uint32_t where;
  uint32_t cell = t->slot != CHISO_NO_SLOT
                      ? m->slot_cells[t->slot * run->n + unit]
                      : m->node_cells[node * run->n + unit];
  return cell ? cell : first_cell(run, m, node, unit, false, &where);
}

static void remark_error(chiso_run *run, const chiso__member *m, uint32_t node,
                         size_t unit, const chiso_trace *t) {
  const chiso__cell *c = &run->cells[cell_at_fault(run, m, t, node, unit)];
  chiso__value_unscored(
      &run->remarks, (chiso__place) { c->file, c->line, c->column },
      &chiso_methodology_index(m->methodology)->nodes[node], t);
}

void chiso__find_errors(chiso_run *run, chiso__member *m) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    bool leaf =
        chiso_methodology_first_child(m->methodology, i) == CHISO_NO_NODE ||
        ix->nodes[i].op == CHISO_OP_CASE;
    for (size_t u = 0; u < run->n; u++) {
      chiso_trace t;
      bool entered =
          m->entries.entry[i * run->n + u] == CHISO_ENTRY_NOT_APPLICABLE;
      if ((!leaf && !entered) ||
          m->scores.state[i * run->n + u] != CHISO_STATE_ERROR)
        continue;
      chiso_explain(m->program, &m->entries, &m->scores, i, u, &t);
      if (ix->nodes[i].op == CHISO_OP_CASE && t.branch != CHISO_NO_NODE)
        continue; /* the branch's own fault */
      remark_error(run, m, i, u, &t);
    }
  }
}

/* Values beyond the worst or the best of a NORM leaf are kept, never in
 * silence. */
void chiso__note_outside(chiso_run *run, const chiso__member *m) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    size_t outside = 0;
    for (size_t u = 0; ix->nodes[i].op == CHISO_OP_NORM && u < run->n; u++) {
      chiso_trace t;
      if (m->scores.state[i * run->n + u] != CHISO_STATE_SCORED)
        continue;
      chiso_explain(m->program, &m->entries, &m->scores, i, u, &t);
      outside += t.reason == CHISO_REASON_OUTSIDE;
    }
    if (!outside)
      continue;
    char from[CHISO_DEC_TEXT], to[CHISO_DEC_TEXT];
    chiso__dec_say(ix->nodes[i].from, run->remarks.lang, from);
    chiso__dec_say(ix->nodes[i].to, run->remarks.lang, to);
    chiso__remark(&run->remarks, CHISO_OK, (chiso__place) { 0 },
                  MSG_DATA_OUTSIDE, ix->nodes[i].id, from, to, outside);
  }
}
