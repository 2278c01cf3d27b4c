/* SPDX-License-Identifier: Apache-2.0
 * chiso whatif: other inputs, weights, rules or units, and what moves.
 * Composite indices are in whatif_composite.c. */
#include "whatif.h"
#include "whatif_method.h"

#include <stdlib.h>
#include <string.h>

/* A run beside what it would be. */
typedef struct supposed {
  cli *c;
  chiso_whatif *w;
  const chiso_run *before, *after;
  const chiso_index *index; /* of `after` */
  uint32_t node, node_before;
} supposed;

/* ---- one side of a unit -------------------------------------------------- */

/* A unit of one of the runs; `scored` SIZE_MAX: it is not in it. */
typedef struct side {
  chiso_dec points, percent;
  uint32_t rank;
  const char *grade;
} side;

static side side_of(const supposed *s, const chiso_run *run, uint32_t node,
                    size_t scored) {
  side out = { CHISO_NONE, CHISO_NONE, 0, NULL };
  if (scored == SIZE_MAX || node == CHISO_NO_NODE)
    return out;
  const chiso_scores *scores = chiso_run_scores(run);
  if (!chiso_has_points(scores->state[node * scores->n + scored]))
    return out;
  out.points = scores->points[node * scores->n + scored];
  out.percent = chiso_percent(chiso_run_program(run), scores, node, scored);
  out.rank = chiso_run_rank(run, node, scored);
  const chiso_grading *grading = node == 0 ? chiso_run_grading(run) : NULL;
  uint32_t g = chiso_run_grade(run, scored);
  if (grading && g < grading->n_grades)
    out.grade = cli_people(s->c) ? cli_pick(s->c, grading->grades[g].title_vi,
                                            grading->grades[g].title_en)
                                 : grading->grades[g].key;
  return out;
}

static bool same_grade(const char *a, const char *b) {
  return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool has_moved(const side *a, const side *b) {
  return a->points != b->points || a->percent != b->percent ||
         a->rank != b->rank || !same_grade(a->grade, b->grade);
}

static chiso_dec change_of(chiso_dec before, chiso_dec after) {
  return before == CHISO_NONE || after == CHISO_NONE ? CHISO_NONE
                                                     : after - before;
}

static int64_t rank_or_none(uint32_t rank) {
  return rank ? (int64_t)rank : INT64_MIN;
}

static int64_t rank_change(uint32_t before, uint32_t after) {
  return before && after ? (int64_t)after - (int64_t)before : INT64_MIN;
}

/* A unit of both runs, or of one. */
typedef struct line {
  size_t before, after; /* places among the scored; SIZE_MAX: not there */
  side was, is;
  const chiso_unit *unit;
} line;

/* As the league would stand; then who has no rank, then who is left out. */
static int by_league(const void *a, const void *b) {
  const line *x = a, *y = b;
  bool gone[2] = { x->after == SIZE_MAX, y->after == SIZE_MAX };
  uint32_t p[2] = { x->is.rank, y->is.rank };
  if (gone[0] != gone[1])
    return gone[0] ? 1 : -1;
  if (gone[0]) {
    p[0] = x->was.rank;
    p[1] = y->was.rank;
  }
  if (p[0] != p[1])
    return p[0] == 0 ? 1 : p[1] == 0 ? -1 : p[0] < p[1] ? -1 : 1;
  size_t u = gone[0] ? x->before : x->after, v = gone[0] ? y->before : y->after;
  return u < v ? -1 : u > v;
}

static line *lines_of(const supposed *s, size_t *count) {
  size_t n = chiso_run_scored(s->before), m = chiso_run_scored(s->after);
  line *lines = cli_alloc(s->c, (n + m + 1) * sizeof *lines);
  *count = 0;
  for (size_t u = 0; lines && u < m; u++)
    lines[(*count)++] =
        (line) { .before = chiso_whatif_before(s->w, u),
                 .after = u,
                 .unit = chiso_units_get(chiso_run_units(s->after),
                                         chiso_run_unit(s->after, u)) };
  for (size_t u = 0; lines && u < n; u++)
    if (chiso_whatif_after(s->w, u) == SIZE_MAX)
      lines[(*count)++] =
          (line) { .before = u,
                   .after = SIZE_MAX,
                   .unit = chiso_units_get(chiso_run_units(s->before),
                                           chiso_run_unit(s->before, u)) };
  for (size_t i = 0; i < *count; i++) {
    lines[i].was = side_of(s, s->before, s->node_before, lines[i].before);
    lines[i].is = side_of(s, s->after, s->node, lines[i].after);
  }
  if (lines)
    qsort(lines, *count, sizeof *lines, by_league);
  return lines;
}

/* ---- titles and notes ---------------------------------------------------- */

static void titles(const supposed *s, sheet *t) {
  cli *c = s->c;
  sheet_title(t, cli_run_title(c));
  if (s->node != 0)
    sheet_title(t, cli_say(c, TXT_RANKED_BY, s->index->nodes[s->node].id,
                           cli_title(c, &s->index->nodes[s->node])));
}

static void notes(const supposed *s, sheet *t, size_t moved) {
  cli *c = s->c;
  chiso_whatif_counts n = chiso_whatif_counted(s->w);
  chiso_dec total = chiso_whatif_max(s->w, 0);
  chiso_dec old =
      chiso_methodology_index(chiso_run_methodology(s->before))->nodes[0].max;
  whatif_note(t, moved);
  if (n.changes)
    sheet_note(t, cli_say(c, TXT_WHATIF_CHANGES, n.changes));
  if (n.hidden)
    sheet_note(t, cli_say(c, TXT_WHATIF_HIDDEN, n.hidden));
  if (n.skipped)
    sheet_note(t, cli_say(c, TXT_WHATIF_SKIPPED, n.skipped));
  if (n.lost)
    sheet_note(t, cli_say(c, TXT_WHATIF_LOST, n.lost));
  if (n.whole)
    sheet_note(t, cli_say(c, TXT_WHATIF_WHOLE, n.whole));
  if (total != old)
    sheet_note(
        t, cli_say(c, TXT_WHATIF_TOTAL, cli_dec(c, total), cli_dec(c, old)));
  cli_run_notes(t, s->node_before == CHISO_NO_NODE ? 0 : s->node_before,
                SIZE_MAX);
}

/* ---- ranks --------------------------------------------------------------- */

/* Points out of different maxima are no ranking. */
static bool shows_percent(const supposed *s) {
  return !cli_people(s->c) ||
         (s->index->rank_by == CHISO_RANK_PERCENT &&
          s->index->nodes[s->node].max != 100 * CHISO_DEC_ONE);
}

static void rank_columns(const supposed *s, sheet *t, bool graded) {
  bool people = cli_people(s->c);
  unsigned digits = s->index->digits;
  if (!people)
    sheet_column(t, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(t, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(t, "before", TXT_COL_BEFORE, CHISO_CELL_DEC, digits);
  sheet_column(t, "after", TXT_COL_AFTER, CHISO_CELL_DEC, digits);
  sheet_column(t, "change", TXT_COL_CHANGE, CHISO_CELL_DEC, digits);
  if (shows_percent(s)) {
    sheet_column(t, "percent_before", TXT_COL_PERCENT_BEFORE, CHISO_CELL_DEC,
                 digits);
    sheet_column(t, "percent_after", TXT_COL_PERCENT_AFTER, CHISO_CELL_DEC,
                 digits);
  }
  sheet_column(t, "rank_before", TXT_COL_RANK_BEFORE, CHISO_CELL_INTEGER, 0);
  sheet_column(t, "rank_after", TXT_COL_RANK_AFTER, CHISO_CELL_INTEGER, 0);
  sheet_column(t, "rank_change", TXT_COL_RANK_CHANGE, CHISO_CELL_INTEGER, 0);
  if (!people || graded) {
    sheet_column(t, "grade_before", TXT_COL_GRADE_BEFORE, CHISO_CELL_TEXT, 0);
    sheet_column(t, "grade_after", TXT_COL_GRADE_AFTER, CHISO_CELL_TEXT, 0);
  }
}

static void rank_row(const supposed *s, sheet *t, const line *l, bool graded) {
  cli *c = s->c;
  bool people = cli_people(c);
  if (!people)
    sheet_text(t, l->unit->code);
  sheet_text(t, cli_unit_name(c, l->unit));
  sheet_dec(t, l->was.points);
  sheet_dec(t, l->is.points);
  sheet_dec(t, change_of(l->was.points, l->is.points));
  if (shows_percent(s)) {
    sheet_dec(t, l->was.percent);
    sheet_dec(t, l->is.percent);
  }
  sheet_integer(t, rank_or_none(l->was.rank));
  sheet_integer(t, rank_or_none(l->is.rank));
  sheet_integer(t, rank_change(l->was.rank, l->is.rank));
  if (!people || graded) {
    sheet_text(t, l->was.grade);
    sheet_text(t, l->is.grade);
  }
}

static int show_ranks(const supposed *s) {
  cli *c = s->c;
  size_t count, moved = 0;
  line *lines = lines_of(s, &count);
  if (!lines)
    return EXIT_BUG;
  bool graded = false;
  for (size_t i = 0; i < count; i++)
    graded = graded || lines[i].was.grade || lines[i].is.grade;
  sheet t = sheet_new(c);
  titles(s, &t);
  rank_columns(s, &t, graded);
  for (size_t i = 0; i < count; i++) {
    bool is_moved = has_moved(&lines[i].was, &lines[i].is);
    moved += is_moved;
    /* people need no line of who has nothing */
    if (cli_people(c) && lines[i].was.points == CHISO_NONE &&
        lines[i].is.points == CHISO_NONE)
      continue;
    if (is_moved || !c->value[OPT_MOVED])
      rank_row(s, &t, &lines[i], graded);
  }
  notes(s, &t, moved);
  return sheet_write(&t);
}

/* ---- summary ------------------------------------------------------------- */

static int show_summary(const supposed *s) {
  cli *c = s->c;
  chiso_moves moves;
  size_t count, scores = 0, grades = 0, changed = 0;
  line *lines = lines_of(s, &count);
  uint32_t *ranks = cli_alloc(c, (2 * count + 1) * sizeof *ranks);
  if (!lines || !ranks)
    return EXIT_BUG;
  for (size_t i = 0; i < count; i++) {
    const line *l = &lines[i];
    bool both = l->before != SIZE_MAX && l->after != SIZE_MAX;
    ranks[i] = l->was.rank;
    ranks[count + i] = l->is.rank;
    scores += both && l->was.points != l->is.points;
    grades += both && !same_grade(l->was.grade, l->is.grade);
    changed += has_moved(&l->was, &l->is);
  }
  chiso_status status =
      chiso_moves_of(ranks, ranks + count, count, NULL, &moves, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet t = sheet_new(c);
  titles(s, &t);
  notes(s, &t, changed);
  const chiso_unit *unit =
      moves.unit == SIZE_MAX ? NULL : lines[moves.unit].unit;
  return whatif_summary(&t, &moves,
                        !unit           ? NULL
                        : cli_people(c) ? cli_unit_name(c, unit)
                                        : unit->code,
                        chiso_run_scored(s->before), chiso_run_scored(s->after),
                        scores, grades);
}

/* ---- nodes --------------------------------------------------------------- */

/* What moved a node: a change of it, a rule, a weight, what is below it, or,
 * where one unit counts in another's points, another unit. */
typedef struct node_line {
  uint32_t before, after; /* CHISO_NO_NODE: not there */
  chiso_dec max[2], points[2];
  chiso_state state[2];
} node_line;

static void node_side(const chiso_run *run, uint32_t node, size_t scored,
                      node_line *l, unsigned place) {
  const chiso_scores *scores = chiso_run_scores(run);
  l->max[place] = l->points[place] = CHISO_NONE;
  l->state[place] = CHISO_STATE_MISSING;
  if (node == CHISO_NO_NODE || scored == SIZE_MAX)
    return;
  size_t at = node * scores->n + scored;
  l->state[place] = (chiso_state)scores->state[at];
  l->max[place] = scores->max[at];
  if (chiso_has_points(scores->state[at]))
    l->points[place] = scores->points[at];
}

static const char *why(const supposed *s, const node_line *l, size_t after) {
  const chiso_methodology *m = chiso_run_methodology(s->after);
  if (l->before == CHISO_NO_NODE || l->after == CHISO_NO_NODE)
    return "rules";
  if (after != SIZE_MAX && chiso_whatif_touched(s->w, l->after, after))
    return "changed";
  for (uint32_t a = chiso_methodology_parent(m, l->after);
       a != CHISO_NO_NODE && after != SIZE_MAX;
       a = chiso_methodology_parent(m, a))
    if (chiso_whatif_touched(s->w, a, after))
      return "above";
  if (l->max[0] != l->max[1] && l->max[0] != CHISO_NONE &&
      l->max[1] != CHISO_NONE &&
      s->index->nodes[l->after].max != chiso_whatif_max(s->w, l->after))
    return "weight";
  if (chiso_methodology_first_child(m, l->after) != CHISO_NO_NODE)
    return "parts";
  return s->c->value[OPT_WITH] ? "rules" : "others";
}

static const char *why_text(const supposed *s, const char *key) {
  static const struct {
    const char *key;
    text_id text;
  } texts[] = {
    { "rules", TXT_WHATIF_BY_RULES }, { "changed", TXT_WHATIF_BY_CHANGE },
    { "above", TXT_WHATIF_BY_ABOVE }, { "weight", TXT_WHATIF_BY_WEIGHT },
    { "parts", TXT_WHATIF_BY_PARTS }, { "others", TXT_WHATIF_BY_OTHERS }
  };
  for (size_t i = 0; cli_people(s->c) && i < sizeof texts / sizeof *texts; i++)
    if (strcmp(texts[i].key, key) == 0)
      return cli_text(s->c, texts[i].text);
  return key;
}

static void node_columns(const supposed *s, sheet *t) {
  unsigned digits = s->index->digits;
  sheet_column(t, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(t, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(t, "max_before", TXT_COL_MAX_BEFORE, CHISO_CELL_DEC, digits);
  sheet_column(t, "before", TXT_COL_BEFORE, CHISO_CELL_DEC, digits);
  sheet_column(t, "max_after", TXT_COL_MAX_AFTER, CHISO_CELL_DEC, digits);
  sheet_column(t, "after", TXT_COL_AFTER, CHISO_CELL_DEC, digits);
  sheet_column(t, "change", TXT_COL_CHANGE, CHISO_CELL_DEC, digits);
  if (!cli_people(s->c)) {
    sheet_column(t, "status_before", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
    sheet_column(t, "status_after", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  }
  sheet_column(t, "reason", TXT_COL_BECAUSE, CHISO_CELL_TEXT, 0);
}

static void node_row(const supposed *s, sheet *t, const node_line *l,
                     const chiso_node *node, size_t after) {
  sheet_text(t, node->id);
  sheet_text(t, cli_title(s->c, node));
  sheet_dec(t, l->max[0]);
  sheet_dec(t, l->points[0]);
  sheet_dec(t, l->max[1]);
  sheet_dec(t, l->points[1]);
  sheet_dec(t, change_of(l->points[0], l->points[1]));
  if (!cli_people(s->c)) {
    sheet_text(t, l->before == CHISO_NO_NODE ? NULL
                                             : chiso_state_key(l->state[0]));
    sheet_text(t,
               l->after == CHISO_NO_NODE ? NULL : chiso_state_key(l->state[1]));
  }
  sheet_text(t, why_text(s, why(s, l, after)));
}

static bool is_node_moved(const node_line *l) {
  return l->points[0] != l->points[1] || l->max[0] != l->max[1] ||
         l->state[0] != l->state[1];
}

/* The node before of a node after. */
static uint32_t origin(const supposed *s, uint32_t node) {
  const chiso_methodology *m = chiso_run_methodology(s->before);
  return node == 0 ? 0 : chiso_methodology_find(m, s->index->nodes[node].id);
}

static int show_nodes(const supposed *s, size_t before, size_t after) {
  cli *c = s->c;
  const chiso_index *old =
      chiso_methodology_index(chiso_run_methodology(s->before));
  size_t moved = 0;
  const chiso_run *run = after == SIZE_MAX ? s->before : s->after;
  const chiso_unit *unit =
      chiso_units_get(chiso_run_units(run),
                      chiso_run_unit(run, after == SIZE_MAX ? before : after));
  sheet t = sheet_new(c);
  titles(s, &t);
  sheet_title(&t, cli_unit_name(c, unit));
  node_columns(s, &t);
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    node_line l = { .before = origin(s, i), .after = i };
    node_side(s->before, l.before, before, &l, 0);
    node_side(s->after, i, after, &l, 1);
    if (!is_node_moved(&l))
      continue;
    moved++;
    node_row(s, &t, &l, &s->index->nodes[i], after);
  }
  for (uint32_t i = 0; i < old->n_nodes; i++) {
    node_line l = { .before = i, .after = CHISO_NO_NODE };
    if (chiso_whatif_node(s->w, i) != CHISO_NO_NODE)
      continue;
    node_side(s->before, i, before, &l, 0);
    node_side(s->after, CHISO_NO_NODE, after, &l, 1);
    if (!is_node_moved(&l))
      continue;
    moved++;
    node_row(s, &t, &l, &old->nodes[i], after);
  }
  notes(s, &t, moved);
  return sheet_write(&t);
}

/* ---- one run ------------------------------------------------------------- */

/* The unit of --unit in both runs. */
static int find_unit(const supposed *s, size_t *before, size_t *after) {
  cli *c = s->c;
  const char *name = c->value[OPT_UNIT];
  size_t unit;
  *before = *after = SIZE_MAX;
  if (!name)
    return cli_usage(c, TXT_ERR_WHATIF_UNIT);
  int code = cli_unit(c, chiso_run_units(s->after), name, &unit);
  if (code != EXIT_DONE)
    return code;
  for (size_t u = 0; u < chiso_run_scored(s->after); u++)
    if (chiso_run_unit(s->after, u) == unit) {
      *after = u;
      *before = chiso_whatif_before(s->w, u);
      return EXIT_DONE;
    }
  return cli_scored(c, name, before);
}

static int show(supposed *s) {
  cli *c = s->c;
  const char *what = c->value[OPT_WHATIF_WHAT];
  s->after = chiso_whatif_run(s->w);
  s->index = chiso_methodology_index(chiso_run_methodology(s->after));
  if (c->value[OPT_WHATIF_NODE]) {
    int code = cli_node(c, chiso_run_methodology(s->after),
                        c->value[OPT_WHATIF_NODE], &s->node);
    if (code != EXIT_DONE)
      return code;
  }
  s->node_before = origin(s, s->node);
  if (!what || strcmp(what, "ranks") == 0)
    return show_ranks(s);
  if (strcmp(what, "summary") == 0)
    return show_summary(s);
  size_t before, after;
  int code = find_unit(s, &before, &after);
  return code == EXIT_DONE ? show_nodes(s, before, after) : code;
}

static int suppose(cli *c, void *data, bool first, bool last) {
  const whatif_changes *w = data;
  supposed s = { .c = c, .before = c->run };
  const chiso_whatif_options options = { .overlay = c->value[OPT_WITH],
                                         .changes = w->entries,
                                         .n_changes = w->n_entries,
                                         .tables = w->tables,
                                         .n_tables = w->n_tables,
                                         .weights = w->weights,
                                         .n_weights = w->n_weights,
                                         .without = w->without,
                                         .n_without = w->n_without,
                                         .only = w->only,
                                         .n_only = w->n_only,
                                         .added = c->value[OPT_ADD_UNITS] };
  (void)first;
  (void)last;
  chiso_status status =
      chiso_whatif_new(c->run, c->store, &options, NULL, &s.w, &c->err);
  int code = cli_exit(status);
  if (status == CHISO_OK) {
    cli_remarks(c, chiso_whatif_run(s.w));
    cli_rests_on(c, chiso_run_methodology(chiso_whatif_run(s.w)));
    whatif_mark(c);
    code = show(&s);
  } else if (s.w) {
    cli_remarks(c, chiso_whatif_run(s.w));
  } else {
    code = cli_fail(c, status);
  }
  chiso_whatif_free(s.w);
  return code;
}

/* Machines read one table. */
static int suppose_each(cli *c, void *data, bool first, bool last) {
  int code = cli_one_group(c);
  return code == EXIT_DONE ? suppose(c, data, first, last) : code;
}

/* The first unit that is named: of a round file its group is meant. */
static const char *named_unit(cli *c, const whatif_changes *w) {
  for (size_t i = 0; i < w->n_entries; i++)
    if (strcmp(w->entries[i].unit, "*") != 0)
      return w->entries[i].unit;
  return w->n_without ? w->without[0]
         : w->n_only  ? w->only[0]
                      : c->value[OPT_UNIT];
}

static int of_run(cli *c, whatif_changes *w) {
  const char *unit = named_unit(c, w);
  for (size_t i = 0; i < c->n_said; i++)
    if (c->said[i].id == OPT_THEN)
      return cli_usage(c, TXT_ERR_WHATIF_THEN);
  if (!unit || !chiso_is_round_file(c->operand[0]))
    return cli_runs(c, suppose_each, w);
  int code = cli_run_of_unit(c, unit);
  return code == EXIT_DONE ? suppose(c, w, true, true) : code;
}

/* ---- the command --------------------------------------------------------- */

static bool is_composite(const cli *c) {
  return c->n_operands == 0 || c->value[OPT_NORMALISE] ||
         c->value[OPT_AGGREGATE] || c->value[OPT_META];
}

/* Of composite indices there is a comparison too. */
static int check_what(cli *c) {
  static const char *const known[] = { "ranks", "nodes", "summary",
                                       "compare:ranks", "compare:scores" };
  const char *what = c->value[OPT_WHATIF_WHAT];
  size_t count = is_composite(c) ? 5 : 3, i = 0;
  while (what && i < 5 && strcmp(known[i], what) != 0)
    i++;
  if (!what || i < count)
    return EXIT_DONE;
  return cli_usage(c, i < 5 ? TXT_ERR_WHATIF_COMPARE : TXT_ERR_WHATIF_WHAT,
                   what);
}

/* Another edition is supposed by itself, with bounds: whatif_method.c. */
static int of_edition(cli *c) {
  static const option_id others[] = {
    OPT_WITH,  OPT_WITHOUT,     OPT_ONLY_UNITS, OPT_ADD_UNITS,
    OPT_MOVED, OPT_WHATIF_NODE, OPT_NORMALISE,  OPT_AGGREGATE,
    OPT_META,  OPT_PUBLISHED,   OPT_GROUP,      OPT_ON
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (c->value[others[i]])
      return cli_usage(c, TXT_ERR_WHATIF_ALONE, cli_options[others[i]].name);
  if (c->n_said)
    return cli_usage(c, TXT_ERR_WHATIF_ALONE, cli_options[c->said[0].id].name);
  return c->n_operands ? whatif_method(c)
                       : cli_usage(c, TXT_ERR_FEW, c->command->name, "METH");
}

int cmd_whatif(cli *c) {
  whatif_changes w;
  if (c->value[OPT_METHOD])
    return of_edition(c);
  if (c->value[OPT_STRICT])
    return cli_usage(c, TXT_ERR_WHATIF_STRICT);
  int code = whatif_read(c, &w);
  if (code == EXIT_DONE)
    code = check_what(c);
  if (code != EXIT_DONE)
    return code;
  if (c->n_said == 0 && w.n_without + w.n_only == 0 && !c->value[OPT_WITH] &&
      !c->value[OPT_ADD_UNITS])
    return cli_usage(c, TXT_ERR_WHATIF_NOTHING);
  return is_composite(c) ? whatif_composite(c, &w) : of_run(c, &w);
}
