/* SPDX-License-Identifier: Apache-2.0
 * analysis/path.c - the goal, the plan, and its steps as the engine scores
 * them. */
#include "chiso/path.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/path.h"

/* ---- where a figure stands ------------------------------------------------
 */

static uint32_t rank_of(const chiso_path *path, chiso_dec figure) {
  uint32_t rank = 1;
  for (size_t u = 0; u < path->run->n; u++)
    rank += u != path->options.unit && path->before[u] != CHISO_NONE &&
            path->before[u] > figure;
  return rank;
}

static chiso_status grade_of(chiso_path *path, chiso_dec figure, uint32_t *out,
                             chiso_error *err) {
  const chiso_grading *grading = path->run->grading;
  *out = UINT32_MAX;
  if (!grading)
    return CHISO_OK;
  path->figures[path->options.unit] = figure;
  chiso_status status =
      chiso_grade_units(grading, path->figures, path->run->n, path->grades,
                        NULL, path->allocator, err);
  *out = path->grades[path->options.unit];
  return status;
}

chiso_status chiso__path_stand(chiso_path *path, chiso_dec figure,
                               chiso_path_stand *out, chiso_error *err) {
  out->figure = figure;
  out->rank = rank_of(path, figure);
  return grade_of(path, figure, &out->grade, err);
}

/* A figure that rises by d moves a quantile by no more than d: once a grade is
 * reached it stays so. */
chiso_status chiso__path_reaches(chiso_path *path, chiso_dec figure, bool *out,
                                 chiso_error *err) {
  uint32_t grade;
  *out = false;
  if (figure == CHISO_NONE)
    return CHISO_OK;
  switch (path->options.goal) {
  case CHISO_PATH_GAIN:
  case CHISO_PATH_RANK:
    *out = rank_of(path, figure) <= path->rank;
    return CHISO_OK;
  case CHISO_PATH_POINTS:
    *out = figure >= path->least;
    return CHISO_OK;
  case CHISO_PATH_OVERTAKE:
    *out = figure > path->before[path->options.other];
    return CHISO_OK;
  default:
    CHISO__TRY(grade_of(path, figure, &grade, err));
    *out = grade <= path->grade;
    return CHISO_OK;
  }
}

/* ---- the engine's word ----------------------------------------------------
 */

static void enter(chiso_path *path, const chiso__lever *lever, uint32_t level) {
  chiso_entries *e = &path->member.entries;
  const chiso_path_level *l = &lever->levels[level];
  size_t unit = path->options.unit;
  if (lever->leaf.part != CHISO_NO_SLOT)
    chiso_entries_part(e, lever->leaf.part, unit, l->points);
  else if (lever->given)
    chiso_entries_give(e, lever->leaf.node, unit, l->points);
  else
    chiso_entries_set(e, lever->leaf.slot, unit, l->raw);
}

/* The figure that the engine gives the unit as it is entered now. */
static chiso_status engine_stand(chiso_path *path, chiso_path_stand *out,
                                 chiso_error *err) {
  chiso__member *m = &path->member;
  size_t unit = path->options.unit;
  chiso_dec sum[2];
  chiso_score(m->program, &m->entries, &m->scores);
  CHISO__TRY(chiso_program_serves(m->program, err));
  if (chiso__rules_has_total(path->run))
    chiso__rules_total(path->run, m, unit, sum);
  chiso_dec figure = chiso_ranked_figure(m->program, &m->scores, 0, unit);
  CHISO__TRY(chiso__path_stand(path, figure, out, err));
  out->points = m->scores.points[unit];
  return CHISO_OK;
}

/* The same from the model alone. */
static chiso_status model_stand(chiso_path *path, const uint32_t *picks,
                                chiso_path_stand *out, chiso_error *err) {
  int64_t total;
  if (!chiso__path_total(path, picks, &total))
    return CHISO__FAIL(err, CHISO_INTERNAL, MSG_PATH_ENGINE);
  chiso_dec figure = chiso__path_figure(path, total, &out->points);
  return chiso__path_stand(path, figure, out, err);
}

/* ---- opening --------------------------------------------------------------
 */

static chiso_status copy_entries(const chiso_program *p,
                                 const chiso_entries *from, chiso_entries *to,
                                 const chiso_allocator *allocator,
                                 chiso_error *err) {
  size_t n = from->n;
  CHISO__TRY(chiso_entries_new(p, n, allocator, to, err));
  memcpy(to->value, from->value, from->slots * n * sizeof *to->value);
  memcpy(to->have, from->have, from->slots * n);
  memcpy(to->given, from->given, from->nodes * n * sizeof *to->given);
  memcpy(to->entry, from->entry, from->nodes * n);
  memcpy(to->part, from->part, from->parts * n * sizeof *to->part);
  memcpy(to->have_part, from->have_part, from->parts * n);
  to->any_entry = from->any_entry;
  to->any_part = from->any_part;
  return CHISO_OK;
}

static const char *name_of(const chiso_path *path, size_t scored,
                           const chiso_error *err) {
  const chiso_unit *u =
      chiso_units_get(path->run->units, path->run->scored[scored]);
  const char *first = u->name_en, *second = u->name_vi;
  if (chiso__error_lang(err) == CHISO_LANG_VI) {
    first = u->name_vi;
    second = u->name_en;
  }
  return first && *first ? first : second && *second ? second : u->code;
}

static chiso_status read_standing(chiso_path *path, chiso_error *err) {
  const chiso_run *run = path->run;
  const chiso_scores *s = chiso_run_scores(run);
  size_t n = run->n, unit = path->options.unit;
  path->before = chiso__arena_array(&path->arena, n, sizeof *path->before);
  path->figures = chiso__arena_array(&path->arena, n, sizeof *path->figures);
  path->grades = chiso__arena_array(&path->arena, n, sizeof *path->grades);
  if (!path->before || !path->figures || !path->grades)
    return chiso__no_memory(err);
  for (size_t u = 0; u < n; u++)
    path->figures[u] = path->before[u] =
        chiso_run_rank(run, 0, u) ? chiso_ranked_figure(path->program, s, 0, u)
                                  : CHISO_NONE;
  if (!chiso_has_points(s->state[unit]))
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_PATH_INCOMPLETE,
                       name_of(path, unit, err));
  if (path->before[unit] == CHISO_NONE)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_PATH_UNRANKED,
                       name_of(path, unit, err));
  if (s->state[unit] == CHISO_STATE_GIVEN ||
      path->program->rules[0].way < CHISO__WAY_SUM)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_PATH_WHOLE,
                       name_of(path, unit, err));
  path->max = s->max[unit];
  chiso_run_extras(run, unit, &path->bonus, &path->penalty);
  CHISO__TRY(chiso__path_stand(path, path->before[unit], &path->now, err));
  path->now.points = s->points[unit];
  return CHISO_OK;
}

/* ---- the goal -------------------------------------------------------------
 */

static chiso_status grade_goal(chiso_path *path, chiso_error *err) {
  const chiso_grading *g = path->run->grading;
  char keys[160] = "";
  size_t size = 0;
  if (!g)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_NO_GRADING);
  for (uint32_t k = 0; k < g->n_grades; k++) {
    if (strcmp(g->grades[k].key, path->options.grade) == 0) {
      path->grade = k;
      return CHISO_OK;
    }
    size_t n = strlen(g->grades[k].key);
    if (size + n + 3 < sizeof keys) {
      memcpy(keys + size, size ? ", " : "", size ? 2 : 0);
      size += size ? 2 : 0;
      memcpy(keys + size, g->grades[k].key, n + 1);
      size += n;
    }
  }
  return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_GRADE, path->options.grade,
                     keys);
}

static chiso_status rank_goal(chiso_path *path, chiso_error *err) {
  const chiso_path_options *o = &path->options;
  size_t ranked = 0;
  for (size_t u = 0; u < path->run->n; u++)
    ranked += path->before[u] != CHISO_NONE;
  if (o->goal == CHISO_PATH_RANK) {
    if (o->number < 1 || o->number > ranked)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_RANK, ranked);
    path->rank = (uint32_t)o->number;
    return CHISO_OK;
  }
  if (path->now.rank == 1)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_FIRST,
                       name_of(path, o->unit, err));
  if (o->number < 1 || o->number >= path->now.rank)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_GAIN,
                       name_of(path, o->unit, err), path->now.rank,
                       path->now.rank - 1);
  path->rank = path->now.rank - (uint32_t)o->number;
  return CHISO_OK;
}

static chiso_status points_goal(chiso_path *path, chiso_error *err) {
  const char *text = path->options.points;
  chiso__number n;
  switch (chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &n)) {
  case CHISO__NUMBER_OK:
    path->least = n.raw;
    return CHISO_OK;
  case CHISO__NUMBER_THOUSANDS:
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_THOUSANDS, text);
  case CHISO__NUMBER_RANGE:
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_RANGE, text, 12u);
  default:
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NOT_NUMBER, text);
  }
}

static chiso_status read_goal(chiso_path *path, chiso_error *err) {
  const chiso_path_options *o = &path->options;
  switch (o->goal) {
  case CHISO_PATH_GAIN:
  case CHISO_PATH_RANK:
    return rank_goal(path, err);
  case CHISO_PATH_GRADE:
    return grade_goal(path, err);
  case CHISO_PATH_POINTS:
    return points_goal(path, err);
  case CHISO_PATH_OVERTAKE:
    if (o->other == o->unit)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_SELF,
                         name_of(path, o->unit, err));
    if (path->before[o->other] == CHISO_NONE)
      return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_PATH_UNRANKED,
                         name_of(path, o->other, err));
    return CHISO_OK;
  default:
    return CHISO_OK;
  }
}

/* ---- steps ----------------------------------------------------------------
 */

static size_t passed_by(const chiso_path *path, chiso_dec before,
                        chiso_dec after, bool level, size_t *out) {
  size_t n = 0;
  for (size_t u = 0; u < path->run->n; u++) {
    chiso_dec f = path->before[u];
    if (u == path->options.unit || f == CHISO_NONE)
      continue;
    if (level ? f > before && f == after : f >= before && f < after) {
      size_t at = n++;
      for (; out && at > 0 && path->before[out[at - 1]] > f; at--)
        out[at] = out[at - 1];
      if (out)
        out[at] = u;
    }
  }
  return n;
}

static chiso_status note_passed(chiso_path *path, size_t step, chiso_dec before,
                                chiso_error *err) {
  chiso_path_step *s = &path->steps[step];
  chiso_dec after = s->after.figure;
  s->overtaken = passed_by(path, before, after, false, NULL);
  s->level = passed_by(path, before, after, true, NULL);
  size_t *list =
      chiso__arena_array(&path->arena, s->overtaken + s->level, sizeof *list);
  if (!list)
    return chiso__no_memory(err);
  (void)passed_by(path, before, after, false, list);
  (void)passed_by(path, before, after, true, list + s->overtaken);
  path->passed[step] = list;
  return CHISO_OK;
}

static chiso_status take_step(chiso_path *path, size_t step, size_t lever,
                              chiso_path_stand *at, chiso_error *err) {
  const chiso__lever *l = &path->levers[lever];
  uint32_t pick = path->picks[lever];
  chiso_dec before = at->figure;
  enter(path, l, pick);
  CHISO__TRY(engine_stand(path, at, err));
  path->steps[step] = (chiso_path_step) {
    .leaf = lever,
    .from = l->levels[0].points,
    .to = l->levels[pick].points,
    .cost = l->levels[pick].cost,
    .raw_from = l->levels[0].raw,
    .raw_to = l->levels[pick].raw,
    .had_raw = l->leaf.slot != CHISO_NO_SLOT,
    .after = *at,
  };
  return note_passed(path, step, before, err);
}

/* Scores the plan step by step; what the engine makes of it must be what the
 * model promised. */
static chiso_status make_steps(chiso_path *path, chiso_error *err) {
  size_t n = 0;
  chiso_path_stand at = path->now;
  chiso__offer *offers =
      chiso__arena_array(&path->arena, path->n_levers, sizeof *offers);
  path->steps =
      chiso__arena_array(&path->arena, path->plan.steps, sizeof *path->steps);
  path->passed =
      chiso__arena_array(&path->arena, path->plan.steps, sizeof *path->passed);
  if (!offers || !path->steps || !path->passed)
    return chiso__no_memory(err);
  for (size_t i = 0; i < path->n_levers; i++)
    if (path->picks[i] > 0)
      offers[n++] = chiso__path_offer(path, i, path->picks[i]);
  qsort(offers, n, sizeof *offers, chiso__path_better);
  for (size_t i = 0; i < n; i++)
    CHISO__TRY(take_step(path, i, offers[i].lever, &at, err));
  for (size_t i = 0; i < n; i++)
    enter(path, &path->levers[offers[i].lever], 0);
  chiso_path_stand promised;
  bool good = n == path->plan.steps;
  CHISO__TRY(model_stand(path, path->picks, &promised, err));
  if (promised.figure != at.figure || promised.points != at.points || !good)
    return CHISO__FAIL(err, CHISO_INTERNAL, MSG_PATH_ENGINE);
  CHISO__TRY(chiso__path_reaches(path, at.figure, &good, err));
  path->plan.after = at;
  return good ? CHISO_OK : CHISO__FAIL(err, CHISO_INTERNAL, MSG_PATH_ENGINE);
}

static chiso_status out_of_reach(const chiso_path *path, chiso_error *err) {
  char text[CHISO_DEC_TEXT];
  return CHISO__FAIL(
      err, CHISO_NO, MSG_PATH_CANNOT,
      chiso__dec_say(path->best.figure, chiso__error_lang(err), text),
      path->best.rank);
}

static chiso_status make_plan(chiso_path *path, chiso_error *err) {
  chiso__found found;
  path->picks =
      chiso__arena_array(&path->arena, path->n_levers, sizeof *path->picks);
  if (!path->picks)
    return chiso__no_memory(err);
  CHISO__TRY(chiso__path_search(path, path->picks, &found, err));
  if (!found.found)
    return out_of_reach(path, err);
  path->plan = (chiso_path_plan) { .before = path->now,
                                   .cost = found.cost,
                                   .bound = found.bound,
                                   .steps = found.leaves,
                                   .proof = found.proof,
                                   .searched = found.searched };
  return make_steps(path, err);
}

/* ---- the whole ------------------------------------------------------------
 */

static chiso_status find_best(chiso_path *path, chiso_error *err) {
  uint32_t *picks =
      chiso__arena_array(&path->arena, path->n_levers, sizeof *picks);
  if (!picks)
    return chiso__no_memory(err);
  for (size_t i = 0; i < path->n_levers; i++)
    picks[i] = (uint32_t)path->levers[i].n - 1;
  return model_stand(path, picks, &path->best, err);
}

static chiso_status open(chiso_path *path, chiso_error *err) {
  const chiso__member *of = chiso__main_member(path->run);
  path->program = of->program;
  path->member = *of; /* with entries and scores of its own */
  memset(&path->member.entries, 0, sizeof path->member.entries);
  memset(&path->member.scores, 0, sizeof path->member.scores);
  path->member.entries.allocator = path->member.scores.allocator =
      path->allocator;
  CHISO__TRY(copy_entries(of->program, &of->entries, &path->member.entries,
                          path->allocator, err));
  CHISO__TRY(chiso_scores_new(of->program, path->run->n, path->allocator,
                              &path->member.scores, err));
  CHISO__TRY(read_standing(path, err));
  CHISO__TRY(chiso__path_prices(path, err));
  CHISO__TRY(chiso__path_model(path, err));
  CHISO__TRY(find_best(path, err));
  return read_goal(path, err);
}

chiso_status chiso_path_new(const chiso_run *run,
                            const chiso_path_options *options,
                            const chiso_allocator *allocator, chiso_path **out,
                            chiso_error *err) {
  chiso_path *path = chiso__alloc(allocator, sizeof *path);
  *out = NULL;
  if (!path)
    return chiso__no_memory(err);
  path->allocator = path->arena.allocator = allocator;
  path->run = run;
  path->options = *options;
  chiso_status status = open(path, err);
  if (status == CHISO_OK && options->goal != CHISO_PATH_NONE)
    status = make_plan(path, err);
  if (status == CHISO_OK || status == CHISO_NO)
    *out = path;
  else
    chiso_path_free(path);
  return status;
}

void chiso_path_free(chiso_path *path) {
  if (!path)
    return;
  chiso_entries_free(&path->member.entries);
  chiso_scores_free(&path->member.scores);
  chiso__free(path->allocator, path->levers);
  chiso__arena_free(&path->arena);
  chiso__free(path->allocator, path);
}

/* ---- what each rank costs -------------------------------------------------
 */

static chiso_status price_rank(chiso_path *path, uint32_t rank, uint32_t *picks,
                               chiso_path_price *out, chiso_error *err) {
  chiso__found found;
  path->rank = rank;
  CHISO__TRY(chiso__path_search(path, picks, &found, err));
  *out = (chiso_path_price) { .cost = found.cost,
                              .bound = found.bound,
                              .leaves = found.leaves,
                              .proof = found.proof };
  CHISO__TRY(model_stand(path, picks, &out->after, err));
  out->rank = out->after.rank;
  return CHISO_OK;
}

static chiso_status all_ranks(chiso_path *path, uint32_t *picks,
                              chiso_path_price *list, size_t *count,
                              chiso_error *err) {
  for (uint32_t rank = path->now.rank; rank-- > path->best.rank;) {
    CHISO__TRY(price_rank(path, rank, picks, &list[*count], err));
    rank = list[*count].rank;
    ++*count;
  }
  return CHISO_OK;
}

chiso_status chiso_path_frontier(chiso_path *path, chiso_path_price **out,
                                 size_t *count, chiso_error *err) {
  chiso_path_goal goal = path->options.goal;
  uint32_t rank = path->rank;
  uint32_t *picks =
      chiso__alloc(path->allocator, (path->n_levers + 1) * sizeof *picks);
  *count = 0;
  *out = chiso__alloc(path->allocator,
                      (path->now.rank - path->best.rank + 1) * sizeof **out);
  chiso_status status = picks && *out ? CHISO_OK : chiso__no_memory(err);
  path->options.goal = CHISO_PATH_RANK;
  if (status == CHISO_OK)
    status = all_ranks(path, picks, *out, count, err);
  path->options.goal = goal;
  path->rank = rank;
  chiso__free(path->allocator, picks);
  if (status != CHISO_OK) {
    chiso__free(path->allocator, *out);
    *out = NULL;
    *count = 0;
  }
  return status;
}

void chiso_path_prices_free(const chiso_path *path, chiso_path_price *prices) {
  chiso__free(path->allocator, prices);
}

/* ---- reading it -----------------------------------------------------------
 */

const char *chiso_path_left_key(chiso_path_left left) {
  static const char *const keys[] = { "open",          "full",    "survey",
                                      "fixed",         "no_cost", "compared",
                                      "not_applicable" };
  return keys[left];
}

size_t chiso_path_leaves(const chiso_path *path) {
  return path->n_levers;
}

chiso_path_leaf chiso_path_leaf_at(const chiso_path *path, size_t place) {
  return path->levers[place].leaf;
}

chiso_path_level chiso_path_level_at(const chiso_path *path, size_t leaf,
                                     size_t level) {
  return path->levers[leaf].levels[level + 1];
}

chiso_path_plan chiso_path_plan_of(const chiso_path *path) {
  return path->plan;
}

chiso_path_stand chiso_path_best(const chiso_path *path) {
  return path->best;
}

chiso_path_step chiso_path_step_at(const chiso_path *path, size_t place) {
  return path->steps[place];
}

size_t chiso_path_passed(const chiso_path *path, size_t step, size_t place) {
  return path->passed[step][place];
}
