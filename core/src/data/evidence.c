/* SPDX-License-Identifier: Apache-2.0
 * data/evidence.c - what rows say beside their values: notes, evidence, and
 * what an explanation is asked for. Nothing is copied: a row is remembered, and
 * its texts are those of the table. */
#include "data/data.h"

const int chiso__evidence_columns[CHISO__N_EVIDENCE] = {
  CHISO__NOTE, CHISO__DOCUMENT, CHISO__SECTION, CHISO__PAGE, CHISO__EXPLANATION
};

bool chiso__evidence_in(const chiso__layout *layout, size_t row) {
  for (size_t i = 0; layout->evidence && i < CHISO__N_EVIDENCE; i++)
    if (*chiso__layout_text(layout, row, chiso__evidence_columns[i]))
      return true;
  return false;
}

/* Room for one more, and at the first the places of all. */
static bool make_room(chiso_run *run) {
  const chiso__member *m = chiso__main_member(run);
  if (!run->evidence_of) {
    run->evidence_of = chiso__arena_array(
        &run->arena, chiso_methodology_index(m->methodology)->n_nodes,
        run->n * sizeof *run->evidence_of);
    run->n_evidence = 1;
  }
  return run->evidence_of &&
         chiso__grow(run->allocator, (void **)(void *)&run->evidence,
                     &run->evidence_capacity, run->n_evidence,
                     sizeof *run->evidence);
}

chiso_status chiso__evidence_keep(chiso_run *run, const chiso__layout *layout,
                                  size_t row, uint32_t node, size_t unit,
                                  uint8_t stage, bool explanation,
                                  chiso_error *err) {
  if (!make_room(run))
    return chiso__no_memory(err);
  uint32_t *link = &run->evidence_of[node * run->n + unit];
  while (*link && chiso__stage_level(run->evidence[*link].stage) <=
                      chiso__stage_level(stage))
    link = &run->evidence[*link].next;
  run->evidence[run->n_evidence] =
      (chiso__evidence) { .layout = layout,
                          .row = (uint32_t)row,
                          .next = *link,
                          .stage = stage,
                          .explanation = explanation };
  *link = (uint32_t)run->n_evidence++;
  return CHISO_OK;
}

static uint32_t first_of(const chiso_run *run, uint32_t node, size_t unit) {
  return run->evidence_of ? run->evidence_of[node * run->n + unit] : 0;
}

bool chiso__evidence_asks(const chiso_run *run, uint32_t node, size_t unit) {
  for (uint32_t i = first_of(run, node, unit); i; i = run->evidence[i].next)
    if (run->evidence[i].explanation)
      return true;
  return false;
}

static const char *text_or_null(const chiso__evidence *e, int name) {
  const char *text = chiso__layout_text(e->layout, e->row, name);
  return *text ? text : NULL;
}

bool chiso_run_evidence(const chiso_run *run, uint32_t node, size_t scored,
                        size_t place, chiso_evidence *out) {
  uint32_t i = first_of(run, node, scored);
  for (; i && place; place--)
    i = run->evidence[i].next;
  if (!i)
    return false;
  const chiso__evidence *e = &run->evidence[i];
  *out = (chiso_evidence) {
    .stage = (chiso_stage)e->stage,
    .input = chiso__layout_text(e->layout, e->row, CHISO__INPUT),
    .note = text_or_null(e, CHISO__NOTE),
    .document = text_or_null(e, CHISO__DOCUMENT),
    .section = text_or_null(e, CHISO__SECTION),
    .page = text_or_null(e, CHISO__PAGE),
    .explanation = e->explanation,
    .file = e->layout->csv.file,
    .line = e->layout->csv.lines[e->row],
  };
  return true;
}
