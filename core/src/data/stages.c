/* SPDX-License-Identifier: Apache-2.0
 * data/stages.c - the stages of a score side by side, and how far the units'
 * own points are above the appraised ones. */
#include <string.h>

#include "data/data.h"

/* What of a later stage compares with the units' own points. */
enum { APPRAISED, SETTLED, N_SAME };

struct chiso_stages {
  const chiso_allocator *allocator;
  const chiso_run *runs[CHISO_N_STAGES];
  chiso_stage appraisal;
  chiso_scores same[N_SAME]; /* of the self-scored leaves alone */
};

/* ---- the self-scored leaves alone --------------------------------------- */

/* Parts of a partition are not copied: nobody knows which leaves they hold. */
static void copy_entries(const chiso_program *p, const chiso_entries *from,
                         chiso_entries *to) {
  size_t slots = from->slots * from->n, nodes = from->nodes * from->n;
  const chiso_methodology *m = chiso_program_methodology(p);
  memcpy(to->value, from->value, slots * sizeof *to->value);
  memcpy(to->have, from->have, slots * sizeof *to->have);
  memcpy(to->given, from->given, nodes * sizeof *to->given);
  memcpy(to->entry, from->entry, nodes * sizeof *to->entry);
  to->any_entry = from->any_entry;
  for (uint32_t node = 0; node < from->nodes; node++)
    if (chiso__stage_giver(m, node) != CHISO_BY_NONE)
      for (size_t u = 0; u < from->n; u++)
        chiso_entries_leave_out(to, node, u);
}

static chiso_status score_same(const chiso_run *run,
                               const chiso_allocator *allocator,
                               chiso_scores *out, chiso_error *err) {
  chiso__member m = *chiso__main_member(run); /* with entries of its own */
  chiso_dec sum[2];
  CHISO__TRY(chiso_entries_new(m.program, run->n, allocator, &m.entries, err));
  copy_entries(m.program, &chiso__main_member(run)->entries, &m.entries);
  chiso_status status =
      chiso_scores_new(m.program, run->n, allocator, out, err);
  m.scores = *out;
  if (status == CHISO_OK)
    chiso_score(m.program, &m.entries, &m.scores);
  if (status == CHISO_OK)
    status = chiso_program_serves(m.program, err);
  for (size_t u = 0;
       status == CHISO_OK && chiso__rules_has_total(run) && u < run->n; u++)
    chiso__rules_total(run, &m, u, sum);
  chiso_entries_free(&m.entries);
  return status;
}

chiso_status chiso_stages_new(const chiso_run *const runs[CHISO_N_STAGES],
                              const chiso_allocator *allocator,
                              chiso_stages **out, chiso_error *err) {
  chiso_stages *s = chiso__alloc(allocator, sizeof *s);
  *out = NULL;
  if (!s)
    return chiso__no_memory(err);
  s->allocator = allocator;
  memcpy(s->runs, runs, sizeof s->runs);
  bool second =
      runs[CHISO_STAGE_FINAL - 1]->stages >> CHISO_STAGE_APPRAISED_2 & 1u;
  s->appraisal = second ? CHISO_STAGE_APPRAISED_2 : CHISO_STAGE_APPRAISED_1;
  chiso_status status = score_same(chiso_stages_run(s, s->appraisal), allocator,
                                   &s->same[APPRAISED], err);
  if (status == CHISO_OK)
    status = score_same(chiso_stages_run(s, CHISO_STAGE_FINAL), allocator,
                        &s->same[SETTLED], err);
  if (status == CHISO_OK)
    *out = s;
  else
    chiso_stages_free(s);
  return status;
}

void chiso_stages_free(chiso_stages *s) {
  if (!s)
    return;
  for (size_t i = 0; i < N_SAME; i++)
    chiso_scores_free(&s->same[i]);
  chiso__free(s->allocator, s);
}

const chiso_run *chiso_stages_run(const chiso_stages *s, chiso_stage stage) {
  return s->runs[stage - 1];
}

chiso_stage chiso_stages_appraisal(const chiso_stages *s) {
  return s->appraisal;
}

/* ---- one unit ----------------------------------------------------------- */

static chiso_stage_figure figure_of(const chiso_run *run,
                                    const chiso_scores *scores, uint32_t node,
                                    size_t unit) {
  size_t at = node * scores->n + unit;
  bool has = chiso_has_points(scores->state[at]);
  return (chiso_stage_figure) {
    .state = (chiso_state)scores->state[at],
    .points = has ? scores->points[at] : CHISO_NONE,
    .max = scores->max[at],
    .percent = chiso_percent(chiso_run_program(run), scores, node, unit),
  };
}

/* a - b where there are both. */
static chiso_dec minus(chiso_dec a, chiso_dec b) {
  return a == CHISO_NONE || b == CHISO_NONE ? CHISO_NONE : a - b;
}

static uint32_t asked(const chiso_run *run, uint32_t node, size_t unit) {
  const chiso_methodology *m = chiso_run_methodology(run);
  uint32_t count = chiso__evidence_asks(run, node, unit);
  for (uint32_t c = chiso_methodology_first_child(m, node); c != CHISO_NO_NODE;
       c = chiso_methodology_next(m, c))
    count += asked(run, c, unit);
  return count;
}

void chiso_stages_row(const chiso_stages *s, uint32_t node, size_t scored,
                      chiso_stage_row *out) {
  for (size_t i = 0; i < CHISO_N_STAGES; i++) {
    const chiso_run *run = s->runs[i];
    out->at[i] = figure_of(run, chiso_run_scores(run), node, scored);
    out->at[i].rank = chiso_run_rank(run, node, scored);
  }
  out->appraised = figure_of(chiso_stages_run(s, s->appraisal),
                             &s->same[APPRAISED], node, scored);
  out->settled = figure_of(chiso_stages_run(s, CHISO_STAGE_FINAL),
                           &s->same[SETTLED], node, scored);
  chiso_dec self = out->at[CHISO_STAGE_SELF - 1].points;
  out->difference = minus(self, out->appraised.points);
  out->change = minus(out->settled.points, self);
  out->explanations =
      asked(chiso_stages_run(s, CHISO_STAGE_FINAL), node, scored);
}

/* ---- over all units ----------------------------------------------------- */

/* The mean of points, as they are counted in millionths. */
static chiso_dec mean(chiso__wide sum, size_t count) {
  int64_t out;
  return count && chiso__wide_div(sum, (chiso__wide)count, CHISO_ROUND_HALF_UP,
                                  &out)
             ? out
             : CHISO_NONE;
}

void chiso_stages_sum(const chiso_stages *s, uint32_t node,
                      chiso_stage_sum *out) {
  chiso__wide self = 0, appraised = 0;
  *out = (chiso_stage_sum) { .largest = CHISO_NONE, .largest_unit = SIZE_MAX };
  for (size_t u = 0; u < s->same[APPRAISED].n; u++) {
    chiso_stage_row row;
    chiso_stages_row(s, node, u, &row);
    out->explanations += row.explanations > 0;
    if (row.difference == CHISO_NONE)
      continue;
    self += row.at[CHISO_STAGE_SELF - 1].points;
    appraised += row.appraised.points;
    out->compared++;
    out->lowered += row.difference > 0;
    out->raised += row.difference < 0;
    out->unchanged += row.difference == 0;
    if (out->largest_unit != SIZE_MAX && row.difference <= out->largest)
      continue;
    out->largest = row.difference;
    out->largest_unit = u;
  }
  out->self = mean(self, out->compared);
  out->appraised = mean(appraised, out->compared);
  out->difference = mean(self - appraised, out->compared);
}
