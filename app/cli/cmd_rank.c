/* SPDX-License-Identifier: Apache-2.0
 * chiso rank: the league table of a run. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

typedef struct place {
  uint32_t rank;
  size_t scored;
} place;

typedef struct league {
  standing at;
  place *places;
  size_t ranked, top;
  unsigned digits; /* of the parts, for people */
  unsigned points_digits;
  bool parts;    /* the parts have columns */
  bool left_out; /* the terminal has no room for them */
} league;

static int earlier(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->rank != y->rank)
    return x->rank == 0 ? 1 : y->rank == 0 ? -1 : x->rank < y->rank ? -1 : 1;
  return x->scored < y->scored ? -1 : x->scored > y->scored;
}

static const char *grade(const league *l, size_t scored) {
  const chiso_grading *grading = chiso_run_grading(l->at.c->run);
  uint32_t g = chiso_run_grade(l->at.c->run, scored);
  if (!grading || g >= grading->n_grades)
    return NULL;
  return cli_people(l->at.c) ? cli_pick(l->at.c, grading->grades[g].title_vi,
                                        grading->grades[g].title_en)
                             : grading->grades[g].key;
}

static bool graded(const league *l) {
  return l->at.by == 0 && chiso_run_grading(l->at.c->run) != NULL;
}

/* ---- the table ----------------------------------------------------------- */

/* Points of those who do not all have the same maximum are no ranking: then
 * the percent is shown too. */
static bool shows_percent(const league *l) {
  const chiso_dec *max = l->at.scores->max + l->at.by * l->at.scores->n;
  if (!cli_people(l->at.c))
    return true;
  if (l->at.index->rank_by != CHISO_RANK_PERCENT)
    return false;
  for (size_t u = 0; u < l->at.n; u++)
    if (standing_points(&l->at, l->at.by, u) && max[u] != 100 * CHISO_DEC_ONE)
      return true;
  return false;
}

static void part_column(const standing *at, void *data, uint32_t part,
                        const chiso_part *of) {
  (void)part;
  sheet_column_named(data, of->id, of->id, CHISO_CELL_DEC, at->index->digits);
}

typedef struct part_row {
  sheet *s;
  size_t scored;
} part_row;

static void part_cell(const standing *at, void *data, uint32_t part,
                      const chiso_part *of) {
  const part_row *row = data;
  const chiso_entries *e = chiso_run_entries(at->c->run);
  (void)of;
  sheet_dec(row->s, standing_part(at, part, row->scored)
                        ? e->part[part * e->n + row->scored]
                        : CHISO_NONE);
}

/* Bonus and penalty of a round stand in the total, not in the parts. */
static bool has_extras(const league *l) {
  return l->at.by == 0 && l->at.c->group_at &&
         l->at.c->group_at->rules.n_extras > 0;
}

static bool is_extra(const league *l, uint32_t node) {
  const chiso_run_rules *rules = &l->at.c->group_at->rules;
  for (size_t i = 0; i < rules->n_extras; i++)
    for (uint32_t n = rules->extras[i].node; n != CHISO_NO_NODE;
         n = chiso_methodology_parent(l->at.m, n))
      if (n == node)
        return true;
  return false;
}

/* The next part with a column. For people an area of bonus or penalty has none:
 * its points are worth something though not all of it was entered, and they
 * stand under bonus and penalty, as they counted. */
static uint32_t with_column(const league *l, uint32_t n) {
  if (!l->parts)
    return CHISO_NO_NODE;
  while (n != CHISO_NO_NODE && cli_people(l->at.c) && has_extras(l) &&
         l->at.index->nodes[n].weight == 0 && is_extra(l, n))
    n = chiso_methodology_next(l->at.m, n);
  return n;
}

static uint32_t first_part(const league *l) {
  return with_column(l, chiso_methodology_first_child(l->at.m, l->at.by));
}

static uint32_t next_part(const league *l, uint32_t n) {
  return with_column(l, chiso_methodology_next(l->at.m, n));
}

static void columns(const league *l, sheet *s) {
  cli *c = l->at.c;
  bool people = cli_people(c);
  const chiso_node *by = &l->at.index->nodes[l->at.by];
  unsigned digits = l->at.index->digits;
  sheet_column(s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  if (!people)
    sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column_named(s, "points",
                     cli_say(c, TXT_COL_POINTS_OF, cli_dec(c, by->max)),
                     CHISO_CELL_DEC, people ? l->points_digits : digits);
  if (shows_percent(l))
    sheet_column_named(s, "percent", "%", CHISO_CELL_DEC, digits);
  for (uint32_t n = first_part(l); n != CHISO_NO_NODE; n = next_part(l, n))
    sheet_column_named(s, l->at.index->nodes[n].id, l->at.index->nodes[n].id,
                       CHISO_CELL_DEC, people ? l->digits : digits);
  standing_parts(&l->at, SIZE_MAX, part_column, s);
  if (has_extras(l)) {
    sheet_column(s, "bonus", TXT_COL_BONUS, CHISO_CELL_DEC, digits);
    sheet_column(s, "penalty", TXT_COL_PENALTY, CHISO_CELL_DEC, digits);
  }
  if (graded(l))
    sheet_column(s, "grade", TXT_COL_GRADE, CHISO_CELL_TEXT, 0);
  if (people)
    return;
  sheet_column(s, "status", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "missing", TXT_COL_MISSING, CHISO_CELL_TEXT, 0);
  sheet_column(s, "provenance", TXT_COL_PROVENANCE, CHISO_CELL_TEXT, 0);
}

static chiso_dec points_at(const league *l, uint32_t node, size_t u) {
  return standing_points(&l->at, node, u)
             ? l->at.scores->points[node * l->at.scores->n + u]
             : CHISO_NONE;
}

static void row(const league *l, sheet *s, const place *p) {
  cli *c = l->at.c;
  size_t u = p->scored;
  bool people = cli_people(c);
  const chiso_unit *unit = cli_scored_unit(c, u);
  sheet_integer(s, p->rank ? (int64_t)p->rank : INT64_MIN);
  if (!people)
    sheet_text(s, unit->code);
  sheet_text(s, cli_unit_name(c, unit));
  sheet_dec(s, points_at(l, l->at.by, u));
  if (shows_percent(l))
    sheet_dec(
        s, chiso_percent(chiso_run_program(c->run), l->at.scores, l->at.by, u));
  for (uint32_t n = first_part(l); n != CHISO_NO_NODE; n = next_part(l, n))
    sheet_dec(s, points_at(l, n, u));
  standing_parts(&l->at, SIZE_MAX, part_cell, &(part_row) { s, u });
  if (has_extras(l)) {
    chiso_dec bonus, penalty;
    chiso_run_extras(c->run, u, &bonus, &penalty);
    sheet_dec(s, bonus);
    sheet_dec(s, penalty);
  }
  if (graded(l))
    sheet_text(s, grade(l, u));
  if (people)
    return;
  sheet_text(s, chiso_state_key(standing_state(&l->at, l->at.by, u)));
  sheet_text(s, standing_points(&l->at, l->at.by, u)
                    ? NULL
                    : standing_lacks(&l->at, u));
  sheet_text(s, standing_points(&l->at, l->at.by, u)
                    ? chiso_key(CHISO_FAMILY_PROVENANCE,
                                chiso_run_provenance(c->run, l->at.by, u))
                    : NULL);
}

static sheet make(const league *l) {
  sheet s = sheet_new(l->at.c);
  columns(l, &s);
  for (size_t i = 0; i < l->at.n; i++) {
    const place *p = &l->places[i];
    if (p->rank == 0 && cli_people(l->at.c))
      continue;
    if (l->top == 0 || (p->rank != 0 && p->rank <= l->top))
      row(l, &s, p);
  }
  return s;
}

/* Whether any unit has points for any part: not where the points of the whole
 * were published otherwise. */
static bool any_parts(const league *l) {
  for (uint32_t n = chiso_methodology_first_child(l->at.m, l->at.by);
       n != CHISO_NO_NODE; n = chiso_methodology_next(l->at.m, n))
    for (size_t u = 0; u < l->at.n; u++)
      if (standing_points(&l->at, n, u))
        return true;
  return false;
}

/* Fewer digits, then no parts, until a line fits the terminal. */
static sheet fit(league *l) {
  unsigned width = cli_width(l->at.c);
  l->parts = !cli_people(l->at.c) || any_parts(l);
  l->points_digits = l->at.index->digits;
  l->digits = l->at.index->digits < 2 ? l->at.index->digits : 2;
  sheet s = make(l);
  if (width == 0 || !cli_people(l->at.c))
    return s;
  if (sheet_width(&s) > width && l->digits > 1) {
    sheet_free(&s);
    l->digits = 1;
    l->points_digits = l->points_digits < 2 ? l->points_digits : 2;
    s = make(l);
  }
  if (sheet_width(&s) > width + 12 && l->parts) { /* names may be cut */
    sheet_free(&s);
    l->parts = false;
    l->left_out = true;
    s = make(l);
  }
  return s;
}

/* ---- what stands above and below ----------------------------------------- */

static void title(const league *l, sheet *s) {
  cli *c = l->at.c;
  size_t without = 0, unranked = 0;
  const char *names = "";
  for (size_t i = 0; i < l->at.n; i++) {
    const place *p = &l->places[i];
    if (p->rank != 0)
      continue;
    if (standing_points(&l->at, l->at.by, p->scored)) {
      unranked++;
      continue;
    }
    standing_name(&l->at, p->scored, without++, &names);
  }
  const char *text = cli_join(c, cli_run_title(c), " · ",
                              cli_say(c, TXT_UNITS_RANKED, l->ranked));
  if (without > 0)
    text = cli_join(c, text, ", ", cli_say(c, TXT_LACK_DATA, without, names));
  if (unranked > 0)
    text = cli_join(c, text, ", ", cli_say(c, TXT_UNRANKED, unranked));
  sheet_title(s, text);
  if (l->at.by != 0)
    sheet_title(s, cli_say(c, TXT_RANKED_BY, l->at.index->nodes[l->at.by].id,
                           cli_title(c, &l->at.index->nodes[l->at.by])));
  if (l->ranked == 0)
    sheet_title(s, cli_text(c, TXT_NONE_RANKED));
  else if (without > 0)
    sheet_title(s, cli_say(c, TXT_AMONG, l->ranked, without));
}

static void part_title(const standing *at, void *data, uint32_t part,
                       const chiso_part *of) {
  const char **text = data;
  cli *c = at->c;
  (void)part;
  *text = cli_join(c, *text, " · ",
                   cli_print(c, "%s %s (%s)", of->id,
                             cli_pick(c, of->title_vi, of->title_en),
                             cli_dec(c, of->max)));
}

static void parts_note(const league *l, sheet *s) {
  cli *c = l->at.c;
  const char *text = "";
  for (uint32_t n = first_part(l); n != CHISO_NO_NODE; n = next_part(l, n))
    text = cli_join(c, text, " · ",
                    cli_print(c, "%s %s (%s)", l->at.index->nodes[n].id,
                              cli_title(c, &l->at.index->nodes[n]),
                              cli_dec(c, l->at.index->nodes[n].max)));
  if (cli_people(c))
    standing_parts(&l->at, SIZE_MAX, part_title, &text);
  sheet_note(s, text);
  if (l->left_out)
    sheet_note(s, cli_text(c, TXT_PARTS_LEFT_OUT));
  else if (l->parts && cli_people(c) && l->digits < l->at.index->digits &&
           !c->value[OPT_EXACT])
    sheet_note(s, cli_say(c, TXT_PARTS_DIGITS, l->digits));
}

/* What was added and taken off, and how much of it at most. */
static void extras_note(const league *l, sheet *s) {
  cli *c = l->at.c;
  const char *text = "";
  if (!has_extras(l))
    return;
  const chiso_run_rules *rules = &c->group_at->rules;
  for (size_t i = 0; i < rules->n_extras; i++) {
    const chiso_extra *x = &rules->extras[i];
    const chiso_node *n = &l->at.index->nodes[x->node];
    text =
        cli_join(c, text, "; ",
                 cli_say(c, x->penalty ? TXT_PENALTY_MOST : TXT_BONUS_MOST,
                         cli_print(c, "%s %s", n->id, cli_title(c, n)),
                         cli_dec(c, x->most == CHISO_NONE ? n->max : x->most)));
  }
  sheet_note(s, cli_say(c, TXT_EXTRAS, text));
}

static void grade_note(const league *l, sheet *s) {
  cli *c = l->at.c;
  const chiso_grading *grading = chiso_run_grading(c->run);
  if (graded(l))
    sheet_note(s, cli_say(c, TXT_GRADES, cli_grades(c, grading, c->run)));
}

static int read_places(league *l) {
  l->places = cli_alloc(l->at.c, (l->at.n + 1) * sizeof(*l->places));
  if (!l->places)
    return EXIT_BUG;
  for (size_t u = 0; u < l->at.n; u++) {
    l->places[u].scored = u;
    l->places[u].rank = chiso_run_rank(l->at.c->run, l->at.by, u);
    l->ranked += l->places[u].rank != 0;
  }
  qsort(l->places, l->at.n, sizeof(*l->places), earlier);
  return EXIT_DONE;
}

static int rank_one(cli *c, void *data, bool first, bool last) {
  league l = { .top = *(const size_t *)data };
  (void)first;
  (void)last;
  int code = cli_one_group(c);
  if (code != EXIT_DONE)
    return code;
  l.at = standing_at(c, 0);
  if (c->value[OPT_BY])
    code = cli_node(c, l.at.m, c->value[OPT_BY], &l.at.by);
  if (code == EXIT_DONE)
    code = read_places(&l);
  if (code != EXIT_DONE)
    return code;
  sheet s = fit(&l);
  title(&l, &s);
  standing_notes(&l.at, &s);
  parts_note(&l, &s);
  extras_note(&l, &s);
  grade_note(&l, &s);
  cli_run_notes(&s, l.at.by, SIZE_MAX);
  return sheet_write(&s);
}

int cmd_rank(cli *c) {
  size_t top;
  int code = cli_top(c, &top);
  return code == EXIT_DONE ? cli_runs(c, rank_one, &top) : code;
}
