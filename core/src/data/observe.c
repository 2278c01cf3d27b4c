/* SPDX-License-Identifier: Apache-2.0
 * data/observe.c - what one value means, and what values mean together. */
#include <string.h>

#include "base/text.h"
#include "data/data.h"

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
    if (!not_applicable || !other->not_applicable)
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

/* ---- numbers ------------------------------------------------------------ */

/* The first character outside ASCII, which may well be invisible; 0: none. */
static unsigned foreign(const char *text) {
  const unsigned char *s = (const unsigned char *)text;
  while (*s && *s < 0x80)
    s++;
  if (*s < 0xc0)
    return 0;
  unsigned more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : 1;
  unsigned point = *s++ & (0x3fu >> more);
  for (; more && (*s & 0xc0) == 0x80; more--)
    point = point << 6 | (*s++ & 0x3fu);
  return point;
}

static void remark_number(chiso_run *run, const chiso__observation *o,
                          chiso__number_fault fault, unsigned digits,
                          const char *text) {
  switch (fault) {
  case CHISO__NUMBER_THOUSANDS:
    REMARK(run, o, MSG_DATA_THOUSANDS, text);
    break;
  case CHISO__NUMBER_DIGITS:
    REMARK(run, o, digits ? MSG_DATA_DIGITS : MSG_DATA_WHOLE, text, digits);
    break;
  case CHISO__NUMBER_RANGE:
    REMARK(run, o, MSG_DATA_RANGE, text, 18 - digits);
    break;
  default:
    if (foreign(text))
      REMARK(run, o, MSG_DATA_FOREIGN, text, foreign(text));
    else
      REMARK(run, o, MSG_DATA_NOT_NUMBER, text);
  }
}

/* Reads a number and holds its decimal mark against the column's. */
static bool number(chiso_run *run, const chiso__observation *o, unsigned digits,
                   bool percent, char *mark, int64_t *out) {
  chiso__number n;
  size_t size = strlen(o->text);
  if (percent && size > 1 && o->text[size - 1] == '%')
    size--;
  chiso__number_fault fault = chiso__number_read(o->text, size, digits, &n);
  if (fault != CHISO__NUMBER_OK) {
    remark_number(run, o, fault, digits, o->text);
    return false;
  }
  if (n.mark && *mark && n.mark != *mark) {
    REMARK(run, o, MSG_DATA_TWO_MARKS, o->text, *mark == ',' ? "," : ".",
           *mark == ',' ? "," : ".");
    return false;
  }
  if (n.mark)
    *mark = n.mark;
  run->rounded += n.rounded;
  *out = n.raw;
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
    chiso__dec_print(max, text);
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

static bool same_name(const char *a, const char *b) {
  return b && chiso__text_same_folded(a, b);
}

/* Place of a choice by its key or by one of its titles, or -1. */
static int64_t choice_of(const chiso__observation *o) {
  const chiso_methodology *m = o->member->methodology;
  const chiso_node *n = node_of(o);
  if (n->op == CHISO_OP_CHOICE) {
    for (uint32_t i = 0; i < n->n_steps; i++)
      if (same_name(o->text, n->steps[i].key) ||
          same_name(o->text, n->steps[i].title_vi) ||
          same_name(o->text, n->steps[i].title_en))
        return i;
    return -1;
  }
  uint32_t c = chiso_methodology_first_child(m, o->node);
  for (int64_t i = 0; c != CHISO_NO_NODE;
       c = chiso_methodology_next(m, c), i++) {
    const chiso_node *b = &chiso_methodology_index(m)->nodes[c];
    if (same_name(o->text, b->when) || same_name(o->text, b->title_vi) ||
        same_name(o->text, b->title_en))
      return i;
  }
  return -1;
}

/* The keys of a choice, for an error. */
static void list_choices(const chiso__observation *o, char *out, size_t size) {
  const chiso_methodology *m = o->member->methodology;
  const chiso_node *n = node_of(o);
  size_t used = 0;
  out[0] = '\0';
  uint32_t c = chiso_methodology_first_child(m, o->node);
  for (uint32_t i = 0;
       n->op == CHISO_OP_CHOICE ? i < n->n_steps : c != CHISO_NO_NODE; i++) {
    const char *key = n->op == CHISO_OP_CHOICE
                          ? n->steps[i].key
                          : chiso_methodology_index(m)->nodes[c].when;
    int wrote = snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                         key ? key : "");
    if (wrote < 0 || (size_t)wrote >= size - used)
      return;
    used += (size_t)wrote;
    if (n->op != CHISO_OP_CHOICE)
      c = chiso_methodology_next(m, c);
  }
}

/* The input that a row names: by key, by role, or the only one. */
static uint32_t input_of(const chiso__observation *o) {
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

static void remark_input(chiso_run *run, const chiso__observation *o) {
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
  uint32_t input = input_of(o);
  int64_t raw;
  chiso_status status;
  if (input == UINT32_MAX) {
    remark_input(run, o);
    return CHISO_OK;
  }
  const chiso_input *in = &n->inputs[input];
  if (in->unit == CHISO_UNIT_CHOICE) {
    raw = choice_of(o);
    if (raw < 0) {
      char keys[200];
      list_choices(o, keys, sizeof keys);
      REMARK(run, o, MSG_DATA_BAD_CHOICE, o->text, n->id, keys);
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

chiso_status chiso__observe(chiso_run *run, const chiso__observation *o,
                            char *mark, chiso_error *err) {
  chiso_status status;
  if (strcmp(o->text, "NA") == 0 || strcmp(o->text, "N/A") == 0) {
    if (o->part != CHISO_NO_SLOT) {
      REMARK(run, o, MSG_DATA_PART_NA);
      return CHISO_OK;
    }
    if (!claim(run, o, o->member->node_cells, o->node, true, &status, err))
      return status;
    chiso_entries_not_applicable(&o->member->entries, o->node, o->unit);
    return CHISO_OK;
  }
  bool to_node = o->points || o->part != CHISO_NO_SLOT ||
                 (is_inner(o) && !*o->input && node_of(o)->op != CHISO_OP_CASE);
  return to_node ? observe_points(run, o, mark, err)
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

/* The ends of a leaf's scale: what SURVEY, SHARE and INDEX take. */
static void remark_scale(chiso_run *run, uint32_t cell, const chiso_node *n) {
  const chiso__cell *c = &run->cells[cell];
  chiso_dec from = 0, to = 100 * CHISO_DEC_ONE;
  char low[CHISO_DEC_TEXT], high[CHISO_DEC_TEXT];
  if (n->op == CHISO_OP_SURVEY) {
    from = n->from < n->to ? n->from : n->to;
    to = n->from < n->to ? n->to : n->from;
  } else if (n->op == CHISO_OP_INDEX) {
    to = n->scale;
  }
  chiso__dec_print(from, low);
  chiso__dec_print(to, high);
  chiso__remark(&run->remarks, CHISO_BAD_DATA,
                (chiso__place) { c->file, c->line, c->column },
                MSG_DATA_OUT_OF_SCALE, n->id, low, high);
}

static void remark_error(chiso_run *run, const chiso__member *m, uint32_t node,
                         size_t unit, const chiso_trace *t) {
  const chiso_node *n = &chiso_methodology_index(m->methodology)->nodes[node];
  uint32_t cell = cell_at_fault(run, m, t, node, unit);
  if (t->reason == CHISO_REASON_SCALE)
    remark_scale(run, cell, n);
  else if (t->reason == CHISO_REASON_NOT_APPLICABLE)
    remark_cell(run, cell, MSG_DATA_NA_FORBIDDEN, n->id, "");
  else if (t->reason == CHISO_REASON_ZERO_DEN)
    remark_cell(run, cell, MSG_DATA_ZERO_DEN, n->id, "");
  else
    remark_cell(run, cell, MSG_DATA_CANNOT_SCORE, n->id,
                chiso_reason_title(t->reason, run->lang));
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
    chiso__dec_print(ix->nodes[i].from, from);
    chiso__dec_print(ix->nodes[i].to, to);
    chiso__remark(&run->remarks, CHISO_OK, (chiso__place) { 0 },
                  MSG_DATA_OUTSIDE, ix->nodes[i].id, from, to, outside);
  }
}
