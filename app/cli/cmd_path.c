/* SPDX-License-Identifier: Apache-2.0
 * chiso path: the cheapest improvements that gain ranks or reach a grade. */
#include "cli.h"

#include <string.h>

/* Of a search without --limit: what is not proven by then mostly takes hours.
 */
#define USUAL_NODES 1000u

typedef struct journey {
  cli *c;
  chiso_path *path;
  chiso_path_options options;
  const chiso_index *index;
  size_t unit;
  unsigned cost_digits;
} journey;

/* ---- cells ----------------------------------------------------------------
 */

static const char *title_of(const journey *j, const chiso_path_leaf *leaf) {
  return cli_pick(j->c, leaf->title_vi, leaf->title_en);
}

/* The input that a leaf changes by. */
static const chiso_input *input_of(const journey *j,
                                   const chiso_path_leaf *leaf) {
  const chiso_program *p = chiso_run_program(j->c->run);
  if (leaf->slot == CHISO_NO_SLOT)
    return NULL;
  return &j->index->nodes[leaf->node]
              .inputs[leaf->slot - chiso_program_slot(p, leaf->node)];
}

static const char *input_title(const journey *j, const chiso_path_leaf *leaf) {
  const chiso_input *in = input_of(j, leaf);
  if (!in)
    return NULL;
  const char *title = cli_pick(j->c, in->title_vi, in->title_en);
  return cli_people(j->c) && title && *title ? title : in->key;
}

/* Its value, a choice by its key or title. */
static const char *value_of(const journey *j, const chiso_path_leaf *leaf,
                            int64_t raw) {
  const chiso_input *in = input_of(j, leaf);
  if (!in)
    return NULL;
  if (in->unit != CHISO_UNIT_CHOICE) {
    bool point = j->c->point;
    j->c->point = point || !cli_people(j->c);
    const char *text = cli_raw(j->c, raw, in->digits);
    j->c->point = point;
    return text;
  }
  const chiso_step *s = &j->index->nodes[leaf->node].steps[raw];
  const char *title = cli_pick(j->c, s->title_vi, s->title_en);
  return cli_people(j->c) && title && *title ? title : s->key;
}

static const char *grade_of(const journey *j, uint32_t grade) {
  const chiso_grading *g = chiso_run_grading(j->c->run);
  if (!g || grade >= g->n_grades)
    return NULL;
  return cli_people(j->c) ? cli_pick(j->c, g->grades[grade].title_vi,
                                     g->grades[grade].title_en)
                          : g->grades[grade].key;
}

static bool graded(const journey *j) {
  return chiso_run_grading(j->c->run) != NULL;
}

static const char *proof_key(chiso_path_proof proof) {
  return proof == CHISO_PATH_PROVEN_EXACT       ? "exact"
         : proof == CHISO_PATH_PROVEN_PROGRAMME ? "programme"
                                                : "none";
}

static void proof_cell(sheet *s, chiso_path_proof proof) {
  if (!cli_people(s->c))
    sheet_text(s, proof_key(proof));
  else
    sheet_text(s, cli_text(s->c, proof == CHISO_PATH_PROVEN_EXACT
                                     ? TXT_PATH_PROOF_EXACT
                                 : proof == CHISO_PATH_PROVEN_PROGRAMME
                                     ? TXT_PATH_PROOF_PROGRAMME
                                     : TXT_PATH_PROOF_NONE));
}

/* Digits that all costs fit in. */
static void see_cost(journey *j, chiso_dec cost) {
  while (j->cost_digits < CHISO_DEC_DIGITS &&
         chiso_dec_round(cost, j->cost_digits, CHISO_ROUND_CUT_OFF) != cost)
    j->cost_digits++;
}

static void cost_column(const journey *j, sheet *s, const char *key,
                        text_id title) {
  sheet_column(s, key, title, CHISO_CELL_DEC, j->cost_digits);
}

static void points_column(const journey *j, sheet *s, const char *key,
                          text_id title) {
  sheet_column(s, key, title, CHISO_CELL_DEC, j->index->digits);
}

/* Units that a step passes, from..end - 1 of its list. */
static const char *names(const journey *j, size_t step, size_t from,
                         size_t end) {
  const char *text = "";
  for (size_t i = from; i < end; i++) {
    const chiso_unit *u =
        cli_scored_unit(j->c, chiso_path_passed(j->path, step, i));
    text = cli_join(j->c, text, cli_people(j->c) ? ", " : "|",
                    cli_people(j->c) ? cli_unit_name(j->c, u) : u->code);
  }
  return text;
}

/* ---- what stands above and below ------------------------------------------
 */

static void titles(const journey *j, sheet *s) {
  cli *c = j->c;
  chiso_path_plan plan = chiso_path_plan_of(j->path);
  sheet_title(s, cli_run_title(c));
  if (j->options.goal == CHISO_PATH_NONE)
    return;
  sheet_title(s,
              cli_say(c, TXT_PATH_TITLE,
                      cli_unit_name(c, cli_scored_unit(c, j->unit)),
                      (unsigned)plan.before.rank,
                      cli_dec_digits(c, plan.before.figure, j->index->digits),
                      (unsigned)plan.after.rank,
                      cli_dec_digits(c, plan.after.figure, j->index->digits)));
}

/* How many leaves are left as they are, by reason; "" for none. */
static const char *left_words(const journey *j) {
  static const struct {
    chiso_path_left left;
    text_id text;
  } reasons[] = {
    { CHISO_PATH_SURVEYED, TXT_PATH_LEFT_SURVEY },
    { CHISO_PATH_FIXED, TXT_PATH_LEFT_FIXED },
    { CHISO_PATH_UNPRICED, TXT_PATH_LEFT_NO_COST },
    { CHISO_PATH_COMPARED, TXT_PATH_LEFT_COMPARED },
  };
  const char *text = "";
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
    size_t n = 0;
    for (size_t k = 0; k < chiso_path_leaves(j->path); k++)
      n += chiso_path_leaf_at(j->path, k).left == reasons[i].left;
    if (n > 0)
      text = cli_join(j->c, text, "; ", cli_say(j->c, reasons[i].text, n));
  }
  return *text ? cli_say(j->c, TXT_PATH_LEFT, text) : text;
}

/* Whether the unit is known by the parts of a partition. */
static bool by_parts(const journey *j) {
  for (size_t i = 0; i < chiso_path_leaves(j->path); i++)
    if (chiso_path_leaf_at(j->path, i).part != CHISO_NO_SLOT)
      return true;
  return false;
}

static void notes(const journey *j, sheet *s) {
  cli *c = j->c;
  chiso_path_plan plan = chiso_path_plan_of(j->path);
  if (j->options.goal != CHISO_PATH_NONE) {
    const char *cost = cli_dec(c, plan.cost);
    if (plan.steps == 0)
      sheet_note(s, cli_text(c, TXT_PATH_NOTHING));
    else if (plan.proof == CHISO_PATH_PROVEN_EXACT)
      sheet_note(s, cli_say(c, TXT_PATH_PROVEN_EXACT, cost, plan.steps));
    else if (plan.proof == CHISO_PATH_PROVEN_PROGRAMME)
      sheet_note(s, cli_say(c, TXT_PATH_PROVEN_PROGRAMME, cost, plan.steps));
    else
      sheet_note(s, cli_say(c, TXT_PATH_UNPROVEN, cost, plan.steps,
                            cli_dec(c, plan.bound)));
  }
  if (*left_words(j))
    sheet_note(s, left_words(j));
  if (by_parts(j))
    sheet_note(s, cli_text(c, TXT_PATH_PARTS));
  sheet_note(s, cli_text(c, TXT_PATH_OTHERS));
  cli_run_notes(s, 0, j->unit);
}

/* ---- steps ----------------------------------------------------------------
 */

static void step_columns(const journey *j, sheet *s) {
  sheet_column(s, "step", TXT_COL_PATH_STEP, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "input", TXT_COL_PATH_INPUT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "input_from", TXT_COL_PATH_INPUT_FROM, CHISO_CELL_TEXT, 0);
  sheet_column(s, "input_to", TXT_COL_PATH_INPUT_TO, CHISO_CELL_TEXT, 0);
  points_column(j, s, "from", TXT_COL_PATH_FROM);
  points_column(j, s, "to", TXT_COL_PATH_TO);
  cost_column(j, s, "cost", TXT_COL_PATH_COST);
  cost_column(j, s, "cost_sum", TXT_COL_PATH_COST_SUM);
  points_column(j, s, "points", TXT_COL_PATH_FIGURE);
  sheet_column(s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  if (graded(j))
    sheet_column(s, "grade", TXT_COL_GRADE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "overtaken", TXT_COL_PATH_OVERTAKEN, CHISO_CELL_TEXT, 0);
  sheet_column(s, "level_with", TXT_COL_PATH_LEVEL, CHISO_CELL_TEXT, 0);
}

static int show_steps(journey *j) {
  chiso_path_plan plan = chiso_path_plan_of(j->path);
  chiso_dec sum = 0;
  for (size_t i = 0; i < plan.steps; i++)
    see_cost(j, chiso_path_step_at(j->path, i).cost);
  sheet s = sheet_new(j->c);
  titles(j, &s);
  step_columns(j, &s);
  for (size_t i = 0; i < plan.steps; i++) {
    chiso_path_step step = chiso_path_step_at(j->path, i);
    chiso_path_leaf leaf = chiso_path_leaf_at(j->path, step.leaf);
    sum += step.cost;
    sheet_integer(&s, (int64_t)i + 1);
    sheet_text(&s, leaf.id);
    sheet_text(&s, title_of(j, &leaf));
    sheet_text(&s, input_title(j, &leaf));
    sheet_text(&s, value_of(j, &leaf, step.raw_from));
    sheet_text(&s, value_of(j, &leaf, step.raw_to));
    sheet_dec(&s, step.from);
    sheet_dec(&s, step.to);
    sheet_dec(&s, step.cost);
    sheet_dec(&s, sum);
    sheet_dec(&s, step.after.figure);
    sheet_integer(&s, step.after.rank);
    if (graded(j))
      sheet_text(&s, grade_of(j, step.after.grade));
    sheet_text(&s, names(j, i, 0, step.overtaken));
    sheet_text(&s, names(j, i, step.overtaken, step.overtaken + step.level));
  }
  notes(j, &s);
  return sheet_write(&s);
}

/* ---- the plan in a line ---------------------------------------------------
 */

static const char *goal_text(const journey *j) {
  cli *c = j->c;
  switch (j->options.goal) {
  case CHISO_PATH_GAIN:
    return cli_print(c, "gain:%llu", (unsigned long long)j->options.number);
  case CHISO_PATH_RANK:
    return cli_print(c, "rank:%llu", (unsigned long long)j->options.number);
  case CHISO_PATH_GRADE:
    return cli_print(c, "grade:%s", j->options.grade);
  case CHISO_PATH_POINTS:
    return cli_print(c, "points:%s", j->options.points);
  default:
    return cli_print(c, "overtake:%s",
                     cli_scored_unit(c, j->options.other)->code);
  }
}

static int show_summary(journey *j) {
  chiso_path_plan plan = chiso_path_plan_of(j->path);
  chiso_path_stand best = chiso_path_best(j->path);
  const chiso_unit *unit = cli_scored_unit(j->c, j->unit);
  see_cost(j, plan.cost);
  see_cost(j, plan.bound);
  sheet s = sheet_new(j->c);
  titles(j, &s);
  sheet_column(&s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "goal", TXT_COL_PATH_GOAL, CHISO_CELL_TEXT, 0);
  points_column(j, &s, "points_before", TXT_COL_POINTS_BEFORE);
  points_column(j, &s, "points_after", TXT_COL_PATH_AFTER);
  sheet_column(&s, "rank_before", TXT_COL_PATH_RANK_BEFORE, CHISO_CELL_INTEGER,
               0);
  sheet_column(&s, "rank_after", TXT_COL_PATH_RANK_AFTER, CHISO_CELL_INTEGER,
               0);
  if (graded(j)) {
    sheet_column(&s, "grade_before", TXT_COL_PATH_GRADE_BEFORE, CHISO_CELL_TEXT,
                 0);
    sheet_column(&s, "grade_after", TXT_COL_PATH_GRADE_AFTER, CHISO_CELL_TEXT,
                 0);
  }
  cost_column(j, &s, "cost", TXT_COL_PATH_COST);
  cost_column(j, &s, "bound", TXT_COL_PATH_BOUND);
  sheet_column(&s, "steps", TXT_COL_PATH_STEPS, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "proof", TXT_COL_PATH_PROOF, CHISO_CELL_TEXT, 0);
  points_column(j, &s, "best_points", TXT_COL_PATH_BEST);
  sheet_column(&s, "best_rank", TXT_COL_PATH_BEST_RANK, CHISO_CELL_INTEGER, 0);
  sheet_text(&s, unit->code);
  sheet_text(&s, cli_unit_name(j->c, unit));
  sheet_text(&s, goal_text(j));
  sheet_dec(&s, plan.before.figure);
  sheet_dec(&s, plan.after.figure);
  sheet_integer(&s, plan.before.rank);
  sheet_integer(&s, plan.after.rank);
  if (graded(j)) {
    sheet_text(&s, grade_of(j, plan.before.grade));
    sheet_text(&s, grade_of(j, plan.after.grade));
  }
  sheet_dec(&s, plan.cost);
  sheet_dec(&s, plan.bound);
  sheet_integer(&s, (int64_t)plan.steps);
  proof_cell(&s, plan.proof);
  sheet_dec(&s, best.figure);
  sheet_integer(&s, best.rank);
  notes(j, &s);
  return sheet_write(&s);
}

/* ---- leaves ---------------------------------------------------------------
 */

static const char *left_text(const journey *j, chiso_path_left left) {
  static const text_id texts[] = { TXT_PATH_OPEN,     TXT_PATH_FULL,
                                   TXT_PATH_SURVEYED, TXT_PATH_FIXED,
                                   TXT_PATH_UNPRICED, TXT_PATH_COMPARED,
                                   TXT_PATH_ABSENT };
  return cli_people(j->c) ? cli_text(j->c, texts[left])
                          : chiso_path_left_key(left);
}

/* One row for each level; a leaf without any has one. */
static void leaf_row(const journey *j, sheet *s, size_t leaf, size_t level) {
  chiso_path_leaf l = chiso_path_leaf_at(j->path, leaf);
  bool any = level < l.levels;
  chiso_path_level at = { CHISO_NONE, CHISO_NONE, 0 };
  if (any)
    at = chiso_path_level_at(j->path, leaf, level);
  sheet_text(s, l.id);
  sheet_text(s, title_of(j, &l));
  sheet_text(s, left_text(j, l.left));
  sheet_dec(s, l.points);
  sheet_dec(s, l.max);
  sheet_dec(s, l.cost);
  sheet_dec(s, l.fixed);
  sheet_integer(s, (int64_t)l.levels);
  sheet_text(s, any ? input_title(j, &l) : NULL);
  sheet_text(s, any ? value_of(j, &l, at.raw) : NULL);
  sheet_dec(s, at.points);
  sheet_dec(s, at.cost);
}

static int show_leaves(journey *j) {
  size_t n = chiso_path_leaves(j->path);
  for (size_t i = 0; i < n; i++) {
    chiso_path_leaf l = chiso_path_leaf_at(j->path, i);
    if (l.cost != CHISO_NONE)
      see_cost(j, l.cost);
    for (size_t k = 0; k < l.levels; k++)
      see_cost(j, chiso_path_level_at(j->path, i, k).cost);
  }
  sheet s = sheet_new(j->c);
  titles(j, &s);
  sheet_column(&s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "status", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  points_column(j, &s, "points", TXT_COL_POINTS);
  points_column(j, &s, "max", TXT_COL_MAX);
  cost_column(j, &s, "point_cost", TXT_COL_PATH_POINT_COST);
  cost_column(j, &s, "fixed", TXT_COL_PATH_ONCE);
  sheet_column(&s, "levels", TXT_COL_PATH_LEVELS, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "input", TXT_COL_PATH_INPUT, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "input_to", TXT_COL_PATH_INPUT_TO, CHISO_CELL_TEXT, 0);
  points_column(j, &s, "to", TXT_COL_PATH_TO);
  cost_column(j, &s, "cost", TXT_COL_PATH_COST);
  for (size_t i = 0; i < n; i++) {
    size_t levels = chiso_path_leaf_at(j->path, i).levels;
    bool few = cli_people(j->c); /* the first and the last */
    for (size_t k = 0; k == 0 || k < levels; k++)
      if (!few || k == 0 || k + 1 == levels)
        leaf_row(j, &s, i, k);
  }
  notes(j, &s);
  return sheet_write(&s);
}

/* ---- what each rank costs -------------------------------------------------
 */

static int show_frontier(journey *j) {
  chiso_path_price *prices;
  size_t n;
  chiso_status status = chiso_path_frontier(j->path, &prices, &n, &j->c->err);
  if (status != CHISO_OK)
    return cli_fail(j->c, status);
  for (size_t i = 0; i < n; i++) {
    see_cost(j, prices[i].cost);
    see_cost(j, prices[i].bound);
  }
  sheet s = sheet_new(j->c);
  titles(j, &s);
  sheet_column(&s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  points_column(j, &s, "points", TXT_COL_PATH_FIGURE);
  if (graded(j))
    sheet_column(&s, "grade", TXT_COL_GRADE, CHISO_CELL_TEXT, 0);
  cost_column(j, &s, "cost", TXT_COL_PATH_COST);
  cost_column(j, &s, "bound", TXT_COL_PATH_BOUND);
  sheet_column(&s, "steps", TXT_COL_PATH_STEPS, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "proof", TXT_COL_PATH_PROOF, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < n; i++) {
    sheet_integer(&s, prices[i].rank);
    sheet_dec(&s, prices[i].after.figure);
    if (graded(j))
      sheet_text(&s, grade_of(j, prices[i].after.grade));
    sheet_dec(&s, prices[i].cost);
    sheet_dec(&s, prices[i].bound);
    sheet_integer(&s, (int64_t)prices[i].leaves);
    proof_cell(&s, prices[i].proof);
  }
  chiso_path_prices_free(j->path, prices);
  notes(j, &s);
  return sheet_write(&s);
}

/* ---- what is asked --------------------------------------------------------
 */

static bool asks(const journey *j, const char *what) {
  const char *text = j->c->value[OPT_PATH_WHAT];
  return strcmp(text ? text : "steps", what) == 0;
}

static int read_number(journey *j, option_id id, chiso_path_goal goal) {
  j->options.goal = goal;
  return cli_whole(j->c, id, 0, UINT32_MAX, 0, &j->options.number);
}

static int read_goal(journey *j) {
  static const option_id goals[] = { OPT_PATH_GAIN, OPT_PATH_RANK,
                                     OPT_PATH_GRADE, OPT_PATH_POINTS,
                                     OPT_OVERTAKE };
  cli *c = j->c;
  size_t n = 0;
  for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
    n += c->value[goals[i]] != NULL;
  if (asks(j, "leaves") || asks(j, "frontier"))
    return n == 0 ? EXIT_DONE : cli_usage(c, TXT_ERR_PATH_NO_GOAL);
  if (n != 1)
    return cli_usage(c, TXT_ERR_PATH_GOAL);
  if (c->value[OPT_PATH_GAIN])
    return read_number(j, OPT_PATH_GAIN, CHISO_PATH_GAIN);
  if (c->value[OPT_PATH_RANK])
    return read_number(j, OPT_PATH_RANK, CHISO_PATH_RANK);
  j->options.grade = c->value[OPT_PATH_GRADE];
  j->options.points = c->value[OPT_PATH_POINTS];
  j->options.goal = j->options.grade    ? CHISO_PATH_GRADE
                    : j->options.points ? CHISO_PATH_POINTS
                                        : CHISO_PATH_OVERTAKE;
  return EXIT_DONE;
}

static int read_options(journey *j) {
  cli *c = j->c;
  const char *method = c->value[OPT_PATH_METHOD];
  uint64_t nodes = 0;
  int code = read_goal(j);
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_PATH_NODES, 1, CHISO_PATH_MOST_NODES, USUAL_NODES,
                     &nodes);
  j->options.nodes = (uint32_t)nodes;
  j->options.costs = c->value[OPT_PATH_COST];
  j->options.fixed = c->value[OPT_PATH_FIXED];
  j->options.surveys = c->value[OPT_WITH_SURVEYS] != NULL;
  j->options.partial = c->value[OPT_PARTIAL] != NULL;
  j->options.method = !method                        ? CHISO_PATH_EITHER
                      : strcmp(method, "exact") == 0 ? CHISO_PATH_EXACT
                                                     : CHISO_PATH_PROGRAMME;
  return code;
}

static int show(journey *j) {
  int code = asks(j, "steps")     ? show_steps(j)
             : asks(j, "summary") ? show_summary(j)
             : asks(j, "leaves")  ? show_leaves(j)
                                  : show_frontier(j);
  chiso_path_free(j->path);
  return code;
}

int cmd_path(cli *c) {
  journey j = { .c = c, .cost_digits = 2 };
  if (!c->value[OPT_UNIT])
    return cli_usage(c, TXT_ERR_NEEDS, "unit");
  int code = read_options(&j);
  if (code == EXIT_DONE)
    code = cli_run_of_unit(c, c->value[OPT_UNIT]);
  if (code != EXIT_DONE)
    return code;
  code = cli_scored(c, c->value[OPT_UNIT], &j.unit);
  if (code == EXIT_DONE && c->value[OPT_OVERTAKE])
    code = cli_scored(c, c->value[OPT_OVERTAKE], &j.options.other);
  if (code != EXIT_DONE)
    return code;
  j.options.unit = j.unit;
  j.index = chiso_methodology_index(chiso_run_methodology(c->run));
  chiso_status status =
      chiso_path_new(c->run, &j.options, NULL, &j.path, &c->err);
  if (status == CHISO_OK)
    return show(&j);
  code = cli_fail(c, status);
  if (j.path && *left_words(&j))
    cli_notice(c, left_words(&j));
  chiso_path_free(j.path);
  return code;
}
