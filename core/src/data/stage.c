/* SPDX-License-Identifier: Apache-2.0
 * data/stage.c - stages of a score: their words, which of them stands before
 * the others, and what the unit does not score itself. */
#include <string.h>

#include "base/text.h"
#include "data/data.h"

/* ---- words -------------------------------------------------------------- */

const chiso__word chiso__stage_words[] = {
  { "self", CHISO_STAGE_SELF },
  { "appraised", CHISO_STAGE_APPRAISED_1 },
  { "appraised-1", CHISO_STAGE_APPRAISED_1 },
  { "appraised-2", CHISO_STAGE_APPRAISED_2 },
  { "final", CHISO_STAGE_FINAL },
  { "tu-cham", CHISO_STAGE_SELF },
  { "tu-cham-diem", CHISO_STAGE_SELF },
  { "tham-dinh", CHISO_STAGE_APPRAISED_1 },
  { "tham-dinh-1", CHISO_STAGE_APPRAISED_1 },
  { "tham-dinh-lan-1", CHISO_STAGE_APPRAISED_1 },
  { "tham-dinh-2", CHISO_STAGE_APPRAISED_2 },
  { "tham-dinh-lan-2", CHISO_STAGE_APPRAISED_2 },
  { "chinh-thuc", CHISO_STAGE_FINAL },
  { "ket-qua", CHISO_STAGE_FINAL },
  { NULL, 0 }
};

static const struct {
  const char *key, *en, *vi;
} names[] = {
  [CHISO_STAGE_NONE] = { "", "", "" },
  [CHISO_STAGE_SELF] = { "self", "self-scored", "tự chấm" },
  [CHISO_STAGE_APPRAISED_1] = { "appraised_1", "appraised", "thẩm định lần 1" },
  [CHISO_STAGE_APPRAISED_2] = { "appraised_2", "appraised again",
                                "thẩm định lần 2" },
  [CHISO_STAGE_FINAL] = { "final", "final", "chính thức" },
};

const char *chiso_stage_key(chiso_stage stage) {
  return names[stage].key;
}

const char *chiso_stage_title(chiso_stage stage, chiso_lang lang) {
  return lang == CHISO_LANG_VI ? names[stage].vi : names[stage].en;
}

static int meaning_of(const chiso__word *list, const char *slug) {
  for (; list->slug; list++)
    if (strcmp(list->slug, slug) == 0)
      return list->meaning;
  return -1;
}

/* A column says the same few words again and again: each is folded once. */
chiso_status chiso__word_read(chiso__arena *arena, const chiso__word *list,
                              chiso__words *known, const char *text,
                              int *meaning, chiso_error *err) {
  for (size_t i = 0; i < known->n; i++)
    if (strcmp(known->text[i], text) == 0) {
      *meaning = known->meaning[i];
      return CHISO_OK;
    }
  const char *slug = chiso__text_slug(arena, text);
  if (!slug)
    return chiso__no_memory(err);
  *meaning = meaning_of(list, slug);
  if (known->n < sizeof known->text / sizeof *known->text) {
    known->text[known->n] = text;
    known->meaning[known->n++] = *meaning;
  }
  return CHISO_OK;
}

bool chiso_stage_parse(const char *text, chiso_stage *out) {
  chiso__arena arena = { 0 };
  chiso__words known = { .n = 0 };
  size_t size = strlen(text);
  int meaning = -1;
  const char *composed = chiso__utf8_check(text, size) == size
                             ? chiso__nfc(&arena, text, size)
                             : NULL;
  bool read =
      composed && chiso__word_read(&arena, chiso__stage_words, &known, composed,
                                   &meaning, NULL) == CHISO_OK;
  chiso__arena_free(&arena);
  if (read && meaning >= 0)
    *out = (chiso_stage)meaning;
  return read && meaning >= 0;
}

/* ---- which counts ------------------------------------------------------- */

/* The unit's own figure is never taken as an appraised one, and a fact is never
 * the unit's own. */
bool chiso__stage_counts(const chiso_run *run, unsigned stage) {
  if (run->stage == CHISO_STAGE_SELF)
    return stage == CHISO_STAGE_SELF;
  return stage == CHISO_STAGE_NONE ||
         (stage > CHISO_STAGE_SELF && stage <= (unsigned)run->stage);
}

static unsigned level_of(const chiso_run *run, uint32_t cell) {
  return chiso__stage_level(run->cells[cell].stage);
}

/* What was said of a node as a whole goes with the inputs of earlier stages,
 * and goes itself before those of later ones. */
static void settle_node(chiso_run *run, chiso__member *m, uint32_t node,
                        size_t unit) {
  uint32_t *entry = &m->node_cells[node * run->n + unit];
  uint32_t slot = chiso_program_slot(m->program, node);
  uint32_t n = chiso_methodology_index(m->methodology)->nodes[node].n_inputs;
  unsigned level = level_of(run, *entry);
  bool later = false;
  for (uint32_t i = 0; i < n; i++) {
    size_t at = (slot + i) * run->n + unit;
    if (!m->slot_cells[at])
      continue;
    later = later || level_of(run, m->slot_cells[at]) > level;
    if (level_of(run, m->slot_cells[at]) >= level)
      continue;
    m->slot_cells[at] = 0;
    m->entries.have[at] = 0;
  }
  if (later) {
    *entry = 0;
    m->entries.entry[node * run->n + unit] = CHISO_ENTRY_NONE;
  }
}

void chiso__stage_settle(chiso_run *run) {
  if (!(run->stages >> CHISO_STAGE_SELF))
    return;
  for (size_t i = 0; i < run->n_members; i++) {
    chiso__member *m = &run->members[i];
    uint32_t n = chiso_methodology_index(m->methodology)->n_nodes;
    for (uint32_t node = 0; m->entries.any_entry && node < n; node++)
      for (size_t u = 0; u < run->n; u++)
        if (m->node_cells[node * run->n + u])
          settle_node(run, m, node, u);
  }
}

/* ---- what the unit scores itself ---------------------------------------- */

unsigned chiso__stage_giver(const chiso_methodology *m, uint32_t node) {
  unsigned by = chiso_methodology_index(m)->nodes[node].assessor;
  uint32_t c = chiso_methodology_first_child(m, node);
  if (c == CHISO_NO_NODE)
    return by == CHISO_BY_SELF ? CHISO_BY_NONE : by;
  by = chiso__stage_giver(m, c);
  while (by != CHISO_BY_NONE &&
         (c = chiso_methodology_next(m, c)) != CHISO_NO_NODE)
    if (chiso__stage_giver(m, c) == CHISO_BY_NONE)
      by = CHISO_BY_NONE;
  return by;
}

/* A value that the unit entered where others score is told, not scored. */
static uint32_t take_away(const chiso_run *run, chiso__member *m, uint32_t node,
                          size_t unit) {
  uint32_t slot = chiso_program_slot(m->program, node);
  uint32_t n = chiso_methodology_index(m->methodology)->nodes[node].n_inputs;
  uint32_t cell = m->node_cells[node * run->n + unit];
  m->node_cells[node * run->n + unit] = 0;
  for (uint32_t i = 0; i < n; i++) {
    size_t at = (slot + i) * run->n + unit;
    cell = cell ? cell : m->slot_cells[at];
    m->slot_cells[at] = 0;
    m->entries.have[at] = 0;
  }
  chiso_entries_leave_out(&m->entries, node, unit);
  return cell;
}

void chiso__stage_leave_out(chiso_run *run) {
  chiso__member *m = chiso__main_member(run);
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  for (uint32_t node = 0; run->stage == CHISO_STAGE_SELF && node < ix->n_nodes;
       node++) {
    unsigned by = chiso__stage_giver(m->methodology, node);
    uint32_t first = 0;
    size_t count = 0;
    for (size_t u = 0; by != CHISO_BY_NONE && u < run->n; u++) {
      uint32_t cell = take_away(run, m, node, u);
      count += cell != 0;
      first = cell && (!first || cell < first) ? cell : first;
    }
    const chiso__cell *c = &run->cells[first];
    if (count)
      chiso__remark(&run->remarks, CHISO_OK,
                    (chiso__place) { c->file, c->line, c->column },
                    MSG_DATA_NOT_SELF, ix->nodes[node].id,
                    chiso_title(CHISO_FAMILY_ASSESSOR, by, run->lang), count);
  }
}

/* ---- reading a run ------------------------------------------------------ */

chiso_stage chiso_run_stage(const chiso_run *run) {
  return run->stage;
}

unsigned chiso_run_stages(const chiso_run *run) {
  return run->stages;
}

unsigned chiso_run_not_self(const chiso_run *run, uint32_t node) {
  return run->stage == CHISO_STAGE_SELF
             ? chiso__stage_giver(chiso__main_member(run)->methodology, node)
             : CHISO_BY_NONE;
}
