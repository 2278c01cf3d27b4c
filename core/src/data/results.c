/* SPDX-License-Identifier: Apache-2.0
 * data/results.c - ranks and grades of a run, and what callers read of it. */
#include <string.h>

#include "data/data.h"

static bool is_ranked(const chiso_run *run, size_t unit) {
  const chiso_run_rules *rules = run->options.rules;
  return rules && rules->flags
             ? rules->flags[unit] & CHISO_RANKED
             : chiso_unit_ranked(chiso_units_get(run->units, unit),
                                 run->round.year);
}

static void figures_of(const chiso_run *run, uint32_t node, chiso_dec *out) {
  const chiso__member *m = chiso__main_member(run);
  for (size_t u = 0; u < run->n; u++) {
    out[u] = is_ranked(run, run->scored[u])
                 ? chiso_ranked_figure(m->program, &m->scores, node, u)
                 : CHISO_NONE;
  }
}

static chiso_status rank_nodes(chiso_run *run, chiso_dec *figures,
                               chiso_error *err) {
  const chiso_index *ix =
      chiso_methodology_index(chiso__main_member(run)->methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    figures_of(run, i, figures);
    CHISO__TRY(chiso_rank(figures, run->n, run->ranks + i * run->n,
                          run->allocator, err));
  }
  return CHISO_OK;
}

chiso_status chiso__rank_all(chiso_run *run, chiso_error *err) {
  const chiso_index *ix =
      chiso_methodology_index(chiso__main_member(run)->methodology);
  run->ranks =
      chiso__arena_array(&run->arena, ix->n_nodes, run->n * sizeof *run->ranks);
  run->grades = chiso__arena_array(&run->arena, run->n, sizeof *run->grades);
  chiso_dec *figures = chiso__arena_array(&run->arena, run->n, sizeof *figures);
  if (!run->ranks || !run->grades || !figures)
    return chiso__no_memory(err);
  CHISO__TRY(rank_nodes(run, figures, err));
  const chiso_run_rules *rules = run->options.rules;
  run->grading = rules && rules->grading
                     ? rules->grading
                     : chiso_grading_for(ix, run->round.year);
  if (!run->grading)
    return CHISO_OK;
  run->bounds = chiso__arena_array(&run->arena, run->grading->n_grades,
                                   sizeof *run->bounds);
  if (!run->bounds)
    return chiso__no_memory(err);
  figures_of(run, 0, figures);
  return chiso_grade_units(run->grading, figures, run->n, run->grades,
                           run->bounds, run->allocator, err);
}

/* ---- reading a run ------------------------------------------------------ */

size_t chiso_run_remarks(const chiso_run *run) {
  return run->remarks.count;
}

const chiso_error *chiso_run_remark(const chiso_run *run, size_t place) {
  return &run->remarks.list[place];
}

size_t chiso_run_faults(const chiso_run *run) {
  return run->remarks.faults;
}

const chiso_methodology *chiso_run_methodology(const chiso_run *run) {
  return chiso__main_member(run)->methodology;
}

const chiso_program *chiso_run_program(const chiso_run *run) {
  return chiso__main_member(run)->program;
}

const chiso_units *chiso_run_units(const chiso_run *run) {
  return run->units;
}

const chiso_entries *chiso_run_entries(const chiso_run *run) {
  return &chiso__main_member(run)->entries;
}

const chiso_scores *chiso_run_scores(const chiso_run *run) {
  return &chiso__main_member(run)->scores;
}

chiso_date chiso_run_round(const chiso_run *run) {
  return run->round;
}

size_t chiso_run_files(const chiso_run *run) {
  return run->n_files;
}

const char *chiso_run_file(const chiso_run *run, size_t place) {
  return run->files[place];
}

size_t chiso_run_unit(const chiso_run *run, size_t scored) {
  return run->scored[scored];
}

size_t chiso_run_scored(const chiso_run *run) {
  return run->n;
}

uint32_t chiso_run_rank(const chiso_run *run, uint32_t node, size_t scored) {
  return run->ranks[node * run->n + scored];
}

const chiso_grading *chiso_run_grading(const chiso_run *run) {
  return run->grading;
}

uint32_t chiso_run_grade(const chiso_run *run, size_t scored) {
  return run->grading ? run->grades[scored] : UINT32_MAX;
}

chiso_dec chiso_run_grade_bound(const chiso_run *run, uint32_t grade) {
  return run->grading && grade + 1 < run->grading->n_grades ? run->bounds[grade]
                                                            : CHISO_NONE;
}

static bool has_parts(const chiso_run *run, const chiso__member *m,
                      size_t unit) {
  for (uint32_t i = 0; i < chiso_program_parts(m->program); i++)
    if (m->part_cells[i * run->n + unit])
      return true;
  return false;
}

unsigned chiso_run_provenance(const chiso_run *run, uint32_t node,
                              size_t scored) {
  const chiso__member *m = chiso__main_member(run);
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  unsigned state = m->scores.state[node * run->n + scored];
  if (state == CHISO_STATE_GIVEN || (node == 0 && has_parts(run, m, scored)))
    return CHISO_PROV_PUBLISHED;
  uint32_t c = chiso_methodology_first_child(m->methodology, node);
  if (c == CHISO_NO_NODE)
    return ix->nodes[node].prov_points;
  unsigned lowest = CHISO_PROV_OFFICIAL;
  for (; c != CHISO_NO_NODE; c = chiso_methodology_next(m->methodology, c)) {
    bool counts =
        ix->nodes[node].op == CHISO_OP_CASE || ix->nodes[c].weight != 0;
    if (!counts || !chiso_has_points(m->scores.state[c * run->n + scored]))
      continue;
    unsigned below = chiso_run_provenance(run, c, scored);
    lowest = below < lowest ? below : lowest;
  }
  return lowest;
}

bool chiso_run_origin(const chiso_run *run, uint32_t node, uint32_t input,
                      size_t scored, chiso_origin *out) {
  const chiso__member *m = chiso__main_member(run);
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  uint32_t cell = 0;
  if (input < ix->nodes[node].n_inputs)
    cell =
        m->slot_cells[(chiso_program_slot(m->program, node) + input) * run->n +
                      scored];
  else
    cell = m->node_cells[node * run->n + scored];
  if (!cell)
    return false;
  const chiso__cell *c = &run->cells[cell];
  *out = (chiso_origin) { c->file, c->source, c->line, c->column,
                          (chiso_stage)c->stage };
  return true;
}
