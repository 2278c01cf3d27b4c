/* SPDX-License-Identifier: Apache-2.0
 * sheet/read_value.c - what the cells of a scoring sheet say, and what the
 * rules of the methodology say of them. */
#include <string.h>

#include "base/dec.h"
#include "base/text.h"
#include "data/value.h"
#include "sheet/read.h"

static const chiso_node *node_at(const chiso__filled *form, uint32_t node) {
  return &chiso_methodology_index(form->plan->methodology)->nodes[node];
}

static const chiso_unit *unit_of(const chiso__filled *form) {
  return chiso_units_get(form->plan->group->units, form->unit);
}

/* A text in lower-case ASCII among others. */
static bool is_one_of(chiso__filled *form, const char *text,
                      const char *const *words) {
  const char *plain = chiso__text_plain(&form->reading->arena, text);
  form->short_memory |= !plain;
  for (; plain && *words; words++)
    if (strcmp(plain, *words) == 0)
      return true;
  return false;
}

static bool is_not_applicable(chiso__filled *form, const char *text) {
  static const char *const words[] = {
    "na", "n/a", "kad", "khong ap dung", "not applicable", NULL
  };
  bool number = (*text >= '0' && *text <= '9') || *text == '-' || *text == '.';
  return !number && strlen(text) < 64 && is_one_of(form, text, words);
}

/* A formula, an error; false when it is one. */
static bool usable(const chiso__filled *form, const chiso__sheet_cell *cell) {
  chiso_error why = { .lang = form->reading->sheets->lang };
  if (chiso__cell_usable(&form->sheet, cell,
                         form->reading->sheets->options.cached,
                         &why) == CHISO_OK)
    return true;
  chiso__remark_error(&form->reading->remarks, &why);
  return false;
}

/* "01/10/2026" for a cell that a spreadsheet shows as a day, and what was
 * perhaps typed, "1,10". */
static void day_of(const chiso__sheet_cell *cell, char day[40],
                   char typed[16]) {
  chiso_date d;
  snprintf(day, 40, "%.39s", cell->text);
  snprintf(typed, 16, "1,10");
  if (cell->kind != CHISO__KIND_DATE || !chiso_round_parse(cell->text, &d))
    return;
  snprintf(day, 40, "%02u/%02u/%04u", (unsigned)d.day, (unsigned)d.month,
           (unsigned)d.year);
  snprintf(typed, 16, "%u,%u", (unsigned)d.day, (unsigned)d.month);
}

/* ---- limits ---------------------------------------------------------------
 */

/* The most that the rule itself speaks of, where that is over `usual`. */
static chiso_dec most_of(const chiso_node *n, chiso_dec usual) {
  for (uint32_t i = 0; i < n->n_steps; i++)
    if (n->op != CHISO_OP_CHOICE && n->steps[i].at > usual)
      return CHISO_DEC_LIMIT;
  if (n->op == CHISO_OP_RATIO &&
      (n->cap > CHISO_DEC_ONE || n->target > CHISO_DEC_ONE))
    return CHISO_DEC_LIMIT;
  return usual;
}

/* What an input may be; false when there are no limits but the rule's. */
static bool limits_of(const chiso_node *n, const chiso_input *in,
                      chiso_dec *least, chiso_dec *most) {
  *least = 0;
  *most = CHISO_NONE;
  switch (in->unit) {
  case CHISO_UNIT_POINTS:
    if (n->op != CHISO_OP_MANUAL)
      return false;
    *least = n->lo;
    *most = n->max;
    return true;
  case CHISO_UNIT_PERCENT:
    *most = most_of(n, 100 * CHISO_DEC_ONE);
    return n->op != CHISO_OP_INDEX;
  case CHISO_UNIT_SHARE:
    *most = most_of(n, CHISO_DEC_ONE);
    return true;
  case CHISO_UNIT_COUNT:
  case CHISO_UNIT_VND:
  case CHISO_UNIT_DAYS:
    return true;
  default:
    return false;
  }
}

static bool within_limits(const chiso__filled *form,
                          const chiso__sheet_cell *cell, const char *text,
                          const chiso_node *n, const chiso_input *in,
                          int64_t raw) {
  chiso_dec least, most;
  char low[CHISO_DEC_TEXT], high[CHISO_DEC_TEXT];
  chiso__wide value =
      (chiso__wide)raw * chiso__power10[CHISO_DEC_DIGITS - in->digits];
  if (!limits_of(n, in, &least, &most) ||
      (value >= least && (most == CHISO_NONE || value <= most)))
    return true;
  if (most == CHISO_NONE) {
    CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_DATA_NEGATIVE, text);
    return false;
  }
  chiso__dec_say(least, form->reading->remarks.lang, low);
  chiso__dec_say(most, form->reading->remarks.lang, high);
  CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_DATA_OUT_OF_SCALE,
                      n->id, low, high);
  return false;
}

/* ---- one value ------------------------------------------------------------
 */

static void take_choice(chiso__filled *form, const chiso__sheet_cell *cell,
                        const char *text, uint32_t node, chiso__held *held) {
  const chiso_methodology *m = form->plan->methodology;
  held->raw = chiso__value_choice(m, node, text);
  held->is = held->raw < 0 ? CHISO__HELD_BAD : CHISO__HELD_RAW;
  if (held->raw < 0)
    chiso__value_no_choice(&form->reading->remarks,
                           chiso__filled_place(form, cell->row, cell->column),
                           m, node, text, true);
}

/* The mark of a text is held against the column's; a number has none. */
static void take_number(chiso__filled *form, const chiso__sheet_cell *cell,
                        const char *text, chiso__spot spot, size_t stage,
                        chiso__held *held) {
  const chiso_node *n = node_at(form, spot.node);
  const chiso_input *in = &n->inputs[spot.input];
  chiso__shape shape = { in->digits, in->unit == CHISO_UNIT_PERCENT,
                         cell->number };
  char none = 0;
  bool rounded;
  held->is =
      chiso__value_number(
          &form->reading->remarks,
          chiso__filled_place(form, cell->row, cell->column), text, shape,
          cell->number ? &none : &form->marks[stage], &rounded, &held->raw) &&
              within_limits(form, cell, text, n, in, held->raw)
          ? CHISO__HELD_RAW
          : CHISO__HELD_BAD;
}

static void take_value(chiso__filled *form, const chiso__sheet_cell *cell,
                       chiso__spot spot, size_t stage, chiso__held *held) {
  const chiso_node *n = node_at(form, spot.node);
  bool choice = n->inputs[spot.input].unit == CHISO_UNIT_CHOICE;
  held->cell = cell;
  held->is = CHISO__HELD_BAD;
  if (!usable(form, cell))
    return;
  if (cell->date) {
    char day[40], typed[16];
    day_of(cell, day, typed);
    CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_DATE, day,
                        typed);
    return;
  }
  const char *text = chiso__filled_text(form, cell);
  if (!*text) {
    held->is = CHISO__HELD_NONE;
  } else if (choice && chiso__value_choice(form->plan->methodology, spot.node,
                                           text) >= 0) {
    take_choice(form, cell, text, spot.node, held);
  } else if (is_not_applicable(form, text)) {
    if (n->na == CHISO_POLICY_FORBIDDEN)
      CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_DATA_NA_FORBIDDEN,
                          n->id);
    else
      held->is = CHISO__HELD_NA;
  } else if (choice) {
    take_choice(form, cell, text, spot.node, held);
  } else {
    take_number(form, cell, text, spot, stage, held);
  }
}

/* ---- cells that take nothing ----------------------------------------------
 */

static bool is_empty(chiso__filled *form, const chiso__sheet_cell *cell) {
  return !cell || (!cell->formula && !*chiso__filled_text(form, cell));
}

static void refuse_locked(chiso__filled *form, uint32_t row, int role,
                          uint32_t node) {
  const chiso__sheet_cell *cell = chiso__filled_cell(form, row, role);
  if (!is_empty(form, cell))
    CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_LOCKED,
                        cell->text, node_at(form, node)->id);
}

static void refuse_exempt(chiso__filled *form, uint32_t row, int role,
                          uint32_t node, const chiso_exemption *exemption) {
  const chiso__sheet_cell *cell = chiso__filled_cell(form, row, role);
  if (is_empty(form, cell) ||
      (role < CHISO__STAGES && !cell->formula &&
       is_not_applicable(form, chiso__filled_text(form, cell))))
    return;
  CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_EXEMPT,
                      node_at(form, node)->id, unit_of(form)->name_vi,
                      exemption->reason ? exemption->reason : "", cell->text);
}

/* Whether the unit itself gives the value of a leaf. */
static bool by_unit(const chiso_node *n) {
  return n->assessor == CHISO_BY_SELF || n->assessor == CHISO_BY_NONE;
}

/* The row NODE of whatever has its inputs in rows of their own, or none. */
static void check_node_row(chiso__filled *form, uint32_t node,
                           bool takes_notes) {
  uint32_t row = form->node_row[node];
  for (int role = 0; role < CHISO__SHEET_ROLES; role++)
    if (role < CHISO__STAGES || !takes_notes)
      refuse_locked(form, row, role, node);
}

static void check_notes_of_inputs(chiso__filled *form, uint32_t node) {
  const chiso__expected *plan = form->plan;
  uint32_t leaf = chiso__filled_leaf_row(form, node);
  for (uint32_t i = 0; i < node_at(form, node)->n_inputs; i++) {
    uint32_t row = form->spot_row[plan->first[node] + i];
    for (int role = CHISO__STAGES; row != leaf && role < CHISO__SHEET_ROLES;
         role++)
      refuse_locked(form, row, role, node);
  }
}

/* ---- notes and evidence ---------------------------------------------------
 */

/* A day in a note is a day; where the number of a document or a section stands
 * it is what a spreadsheet made of something else. */
static const char *note_text(chiso__filled *form, const chiso__sheet_cell *cell,
                             int role) {
  char day[40], typed[16];
  if (is_empty(form, cell) || !usable(form, cell))
    return "";
  if (!cell->date)
    return chiso__filled_text(form, cell);
  day_of(cell, day, typed);
  if (role != CHISO__ROLE_NOTE && role != CHISO__ROLE_APPRAISER_NOTE) {
    CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_TEXT_DATE,
                        day);
    return "";
  }
  const char *kept = chiso__arena_text(&form->reading->arena, day, strlen(day));
  form->short_memory |= !kept;
  return kept ? kept : "";
}

static bool flag(chiso__filled *form, const chiso__sheet_cell *cell,
                 const char *text) {
  static const char *const yes[] = { "yes", "co", "x", "1", "true", NULL };
  static const char *const no[] = { "no", "khong", "0", "false", NULL };
  if (!*text || is_one_of(form, text, no))
    return false;
  if (is_one_of(form, text, yes))
    return true;
  CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_FLAG, text);
  return false;
}

static void take_beside(chiso__filled *form, uint32_t node) {
  chiso__beside *b = &form->beside[node];
  const char *text[CHISO__SHEET_ROLES];
  for (int role = CHISO__STAGES; role < CHISO__SHEET_ROLES; role++) {
    const chiso__sheet_cell *cell =
        chiso__filled_cell(form, chiso__filled_leaf_row(form, node), role);
    text[role] = note_text(form, cell, role);
    bool kept = *text[role];
    if (role == CHISO__ROLE_EXPLANATION)
      kept = b->explanation = flag(form, cell, text[role]);
    const chiso__sheet_cell **first =
        role < CHISO__ROLE_APPRAISER_NOTE ? &b->own : &b->appraisers;
    if (kept && !*first)
      *first = cell;
  }
  b->note = text[CHISO__ROLE_NOTE];
  b->document = text[CHISO__ROLE_DOCUMENT];
  b->section = text[CHISO__ROLE_SECTION];
  b->page = text[CHISO__ROLE_PAGE];
  b->appraiser_note = text[CHISO__ROLE_APPRAISER_NOTE];
}

/* ---- a node ---------------------------------------------------------------
 */

/* "NA" in one input of a leaf and a value in another, of one stage. */
static void check_na(chiso__filled *form, uint32_t node, size_t stage) {
  const chiso_node *n = node_at(form, node);
  chiso__held *held =
      &form->held[(size_t)form->plan->first[node] * CHISO__STAGES + stage];
  const chiso__sheet_cell *na = NULL;
  bool value = false;
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    const chiso__held *h = &held[(size_t)i * CHISO__STAGES];
    value |= h->is == CHISO__HELD_RAW || h->is == CHISO__HELD_FIXED;
    if (h->is == CHISO__HELD_NA && !na)
      na = h->cell;
  }
  if (na && value)
    CHISO__FILLED_FAULT(form, na->row, na->column, MSG_DATA_NA_AND_DATA, n->id,
                        n->id);
}

/* ---- what the round fixes -------------------------------------------------
 */

static void fix(chiso__filled *form, const chiso_fixed *f) {
  const chiso__expected *plan = form->plan;
  const chiso_node *n = node_at(form, f->node);
  uint32_t first = plan->first[f->node];
  if (first == UINT32_MAX ||
      chiso_group_exempt(plan->group, f->node, form->unit))
    return;
  for (uint32_t i = 0; i < n->n_inputs; i++)
    for (size_t stage = by_unit(n) ? CHISO__SELF : CHISO__SELF + 1;
         stage < CHISO__STAGES; stage++)
      if (f->input == CHISO_NO_SLOT || f->input == i)
        form->held[(first + i) * CHISO__STAGES + stage] =
            (chiso__held) { CHISO__HELD_FIXED, f->value, NULL, f };
}

static void fix_all(chiso__filled *form) {
  const chiso_run_rules *rules = &form->plan->group->rules;
  for (size_t i = 0; i < rules->n_fixed; i++)
    if (rules->fixed[i].unit == SIZE_MAX || rules->fixed[i].unit == form->unit)
      fix(form, &rules->fixed[i]);
}

/* A cell shows what is fixed; whoever unlocks it may not say anything else. */
static void hold_to(chiso__filled *form, const chiso__sheet_cell *cell,
                    chiso__spot spot, size_t stage, const chiso_fixed *f) {
  chiso__held said = { CHISO__HELD_BAD, 0, NULL, NULL };
  size_t faults = form->reading->remarks.faults;
  if (f->input != CHISO_NO_SLOT)
    take_value(form, cell, spot, stage, &said);
  if (form->reading->remarks.faults == faults &&
      (said.is != CHISO__HELD_RAW || said.raw != f->value))
    CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_FIXED,
                        node_at(form, f->node)->id, f->text, cell->text);
}

static void take_spot(chiso__filled *form, uint32_t spot) {
  const chiso__expected *plan = form->plan;
  const chiso_node *n = node_at(form, plan->spots[spot].node);
  for (size_t stage = 0; stage < CHISO__STAGES; stage++) {
    const chiso__sheet_cell *cell =
        chiso__filled_cell(form, form->spot_row[spot], (int)stage);
    chiso__held *held = &form->held[(size_t)spot * CHISO__STAGES + stage];
    if (is_empty(form, cell))
      continue;
    if (held->is == CHISO__HELD_FIXED)
      hold_to(form, cell, plan->spots[spot], stage, held->fixed);
    else if (stage == CHISO__SELF && !by_unit(n))
      CHISO__FILLED_FAULT(form, cell->row, cell->column, MSG_FILLED_ASSESSOR,
                          cell->text, n->id,
                          chiso_title(CHISO_FAMILY_ASSESSOR, n->assessor,
                                      form->reading->sheets->lang));
    else
      take_value(form, cell, plan->spots[spot], stage, held);
  }
}

static void take_node(chiso__filled *form, uint32_t node) {
  const chiso_node *n = node_at(form, node);
  const chiso_exemption *exemption =
      chiso_group_exempt(form->plan->group, node, form->unit);
  uint32_t first = form->plan->first[node];
  if (exemption) {
    for (int role = 0; role < CHISO__SHEET_ROLES; role++) {
      refuse_exempt(form, form->node_row[node], role, node, exemption);
      for (uint32_t i = 0; i < n->n_inputs; i++)
        refuse_exempt(form, form->spot_row[first + i], role, node, exemption);
    }
    return;
  }
  check_node_row(form, node, n->n_inputs > 0);
  if (n->n_inputs == 0)
    return;
  check_notes_of_inputs(form, node);
  take_beside(form, node);
  for (uint32_t i = 0; i < n->n_inputs; i++)
    take_spot(form, first + i);
  for (size_t stage = 0; stage < CHISO__STAGES; stage++)
    check_na(form, node, stage);
}

/* ---- what the rules say ----------------------------------------------------
 */

/* The entries of a leaf at each stage: what an appraisal does not say stays as
 * the one before said it; the unit's own is never taken as appraised. */
static void enter_node(const chiso__filled *form, uint32_t node) {
  const chiso__expected *plan = form->plan;
  const chiso_node *n = node_at(form, node);
  size_t first = plan->first[node];
  uint32_t slot = chiso_program_slot(plan->program, node);
  chiso_entries *e = &form->plan->entries;
  for (size_t stage = 0; stage < CHISO__STAGES; stage++) {
    bool na = false, raw = false;
    for (uint32_t i = 0; i < n->n_inputs; i++) {
      const chiso__held *h = &form->held[(first + i) * CHISO__STAGES + stage];
      bool fixed = h->is == CHISO__HELD_FIXED;
      na |= h->is == CHISO__HELD_NA;
      raw |= h->is == CHISO__HELD_RAW || fixed;
      if (fixed && h->fixed->input == CHISO_NO_SLOT)
        chiso_entries_give(e, node, stage, h->raw);
      else if (h->is == CHISO__HELD_RAW || fixed)
        chiso_entries_set(e, slot + i, stage, h->raw);
    }
    if (na)
      chiso_entries_not_applicable(e, node, stage);
    if (stage < CHISO__APPRAISED_2 || na)
      continue;
    if (!raw && e->entry[(size_t)node * CHISO__STAGES + stage - 1] ==
                    CHISO_ENTRY_NOT_APPLICABLE)
      chiso_entries_not_applicable(e, node, stage);
    for (uint32_t i = 0; i < n->n_inputs; i++) {
      size_t at = ((size_t)slot + i) * CHISO__STAGES + stage;
      if (!e->have[at] && e->have[at - 1])
        chiso_entries_set(e, slot + i, stage, e->value[at - 1]);
    }
  }
}

/* The cell to name for a leaf that cannot be scored at a stage; NULL where the
 * stage itself says nothing about it: it was told at the one before. */
static const chiso__sheet_cell *cell_at_fault(const chiso__filled *form,
                                              uint32_t node, size_t stage,
                                              const chiso_trace *t) {
  const chiso__expected *plan = form->plan;
  size_t first = plan->first[node];
  uint32_t slot = chiso_program_slot(plan->program, node);
  const chiso__sheet_cell *own = NULL;
  for (uint32_t i = 0; i < node_at(form, node)->n_inputs; i++) {
    const chiso__held *h = &form->held[(first + i) * CHISO__STAGES + stage];
    if (h->is == CHISO__HELD_BAD)
      return NULL; /* told already */
    if (h->cell && h->is != CHISO__HELD_NONE && (!own || t->slot == slot + i))
      own = h->cell;
  }
  return own;
}

static void check_score(chiso__filled *form, uint32_t node, size_t stage) {
  const chiso__expected *plan = form->plan;
  const chiso_node *n = node_at(form, node);
  chiso_trace t;
  chiso_explain(plan->program, &plan->entries, &plan->scores, node, stage, &t);
  const chiso__sheet_cell *cell = cell_at_fault(form, node, stage, &t);
  if (cell && !(n->op == CHISO_OP_CASE && t.branch != CHISO_NO_NODE))
    chiso__value_unscored(&form->reading->remarks,
                          chiso__filled_place(form, cell->row, cell->column), n,
                          &t);
}

static void check_scores(chiso__filled *form) {
  chiso__expected *plan = form->plan;
  chiso_entries *e = &plan->entries;
  uint32_t nodes = e->nodes;
  memset(e->have, 0, (size_t)e->slots * CHISO__STAGES);
  memset(e->entry, 0, (size_t)nodes * CHISO__STAGES);
  e->any_entry = false;
  for (uint32_t i = 0; i < nodes; i++)
    if (plan->first[i] != UINT32_MAX)
      enter_node(form, i);
  chiso_score(plan->program, e, &plan->scores);
  for (size_t i = 0; i < plan->n_spots; i++)
    for (size_t stage = 0; stage < CHISO__STAGES; stage++)
      if (plan->spots[i].input == 0 &&
          plan->scores.state[(size_t)plan->spots[i].node * CHISO__STAGES +
                             stage] == CHISO_STATE_ERROR)
        check_score(form, plan->spots[i].node, stage);
}

void chiso__filled_values(chiso__filled *form) {
  const chiso__expected *plan = form->plan;
  uint32_t nodes = chiso_methodology_index(plan->methodology)->n_nodes;
  fix_all(form);
  for (uint32_t i = 0; i < nodes; i++)
    take_node(form, i);
  if (!form->short_memory)
    check_scores(form);
}
