/* SPDX-License-Identifier: Apache-2.0
 * chiso rank: the league table of a run. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define MOST_NAMES      6u
#define MOST_INCOMPLETE 12u
#define MOST_LACKING    12u

typedef struct place {
  uint32_t rank;
  size_t scored;
} place;

typedef struct league {
  cli *c;
  const chiso_methodology *m;
  const chiso_index *index;
  const chiso_scores *scores;
  uint32_t by;
  place *places;
  size_t n, ranked, top;
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

static chiso_state state_at(const league *l, uint32_t node, size_t scored) {
  return (chiso_state)l->scores->state[node * l->scores->n + scored];
}

static bool has_points(const league *l, uint32_t node, size_t scored) {
  chiso_state state = state_at(l, node, scored);
  return state == CHISO_STATE_SCORED || state == CHISO_STATE_GIVEN;
}

/* Nothing at all is known of the unit below the node. */
static bool no_data(const league *l, size_t scored) {
  const chiso_entries *e = chiso_run_entries(l->c->run);
  if (has_points(l, l->by, scored))
    return false;
  for (uint32_t i = 0; i < e->parts; i++)
    if (e->have_part[i * e->n + scored])
      return false;
  for (uint32_t n = 0; n < l->index->n_nodes; n++) {
    chiso_state state = state_at(l, n, scored);
    if (state == CHISO_STATE_SCORED || state == CHISO_STATE_GIVEN ||
        state == CHISO_STATE_ERROR)
      return false;
  }
  return true;
}

/* ---- parts of partitions ------------------------------------------------- */

static bool has_part(const league *l, uint32_t part, size_t scored) {
  const chiso_entries *e = chiso_run_entries(l->c->run);
  return e->have_part[part * e->n + scored] != 0;
}

/* Whether a unit (SIZE_MAX: any) has points on parts of a partition. */
static bool parted(const league *l, uint32_t partition, uint32_t first,
                   size_t scored) {
  const chiso_partition *p = &l->index->partitions[partition];
  for (uint32_t j = 0; j < p->n_parts; j++)
    for (size_t u = scored == SIZE_MAX ? 0 : scored;
         u < (scored == SIZE_MAX ? l->n : scored + 1); u++)
      if (has_part(l, first + j, u))
        return true;
  return false;
}

typedef void (*part_visit)(const league *l, void *data, uint32_t part,
                           const chiso_part *of);

/* Visits the parts that have columns: in what people read, those of partitions
 * with points; otherwise all. `scored` narrows it to one unit's partitions. */
static void each_part(const league *l, size_t scored, part_visit visit,
                      void *data) {
  uint32_t first = 0;
  for (uint32_t i = 0; l->by == 0 && i < l->index->n_partitions; i++) {
    const chiso_partition *p = &l->index->partitions[i];
    bool all = scored == SIZE_MAX && !cli_people(l->c);
    for (uint32_t j = 0; j < p->n_parts; j++)
      if (all || parted(l, i, first, scored))
        visit(l, data, first + j, &p->parts[j]);
    first += p->n_parts;
  }
}

/* ---- what is missing ----------------------------------------------------- */

typedef struct lacking {
  const char *text;
  size_t count, scored;
} lacking;

static void lack(const league *l, lacking *what, const char *id) {
  if (what->count < MOST_LACKING)
    what->text = cli_join(l->c, what->text, ", ", id);
  else if (what->count == MOST_LACKING)
    what->text = cli_join(l->c, what->text, ", ", "…");
  what->count++;
}

static void lack_part(const league *l, void *data, uint32_t part,
                      const chiso_part *of) {
  lacking *what = data;
  if (!has_part(l, part, what->scored))
    lack(l, what, of->id);
}

/* The highest nodes below `node` of which nothing is known. */
static void lack_below(const league *l, uint32_t node, lacking *what) {
  for (uint32_t n = chiso_methodology_first_child(l->m, node);
       n != CHISO_NO_NODE; n = chiso_methodology_next(l->m, n)) {
    chiso_state state = state_at(l, n, what->scored);
    if (l->index->nodes[n].weight == 0)
      continue;
    if (state == CHISO_STATE_INCOMPLETE)
      lack_below(l, n, what);
    else if (state == CHISO_STATE_MISSING || state == CHISO_STATE_ERROR)
      lack(l, what, l->index->nodes[n].id);
  }
}

/* What keeps a unit from a score: missing parts where points came by parts,
 * else missing nodes. */
static const char *lacks(const league *l, size_t scored) {
  lacking what = { .text = "", .scored = scored };
  each_part(l, scored, lack_part, &what);
  if (what.count == 0)
    lack_below(l, l->by, &what);
  return what.text;
}

static const char *grade(const league *l, size_t scored) {
  const chiso_grading *grading = chiso_run_grading(l->c->run);
  uint32_t g = chiso_run_grade(l->c->run, scored);
  if (!grading || g >= grading->n_grades)
    return NULL;
  return cli_people(l->c) ? cli_pick(l->c, grading->grades[g].title_vi,
                                     grading->grades[g].title_en)
                          : grading->grades[g].key;
}

static bool graded(const league *l) {
  return l->by == 0 && chiso_run_grading(l->c->run) != NULL;
}

/* ---- the table ----------------------------------------------------------- */

/* Points of those who do not all have the same maximum are no ranking: then
 * the percent is shown too. */
static bool shows_percent(const league *l) {
  const chiso_dec *max = l->scores->max + l->by * l->scores->n;
  if (!cli_people(l->c))
    return true;
  if (l->index->rank_by != CHISO_RANK_PERCENT)
    return false;
  for (size_t u = 0; u < l->n; u++)
    if (has_points(l, l->by, u) && max[u] != 100 * CHISO_DEC_ONE)
      return true;
  return false;
}

static void part_column(const league *l, void *data, uint32_t part,
                        const chiso_part *of) {
  (void)part;
  sheet_column_named(data, of->id, of->id, CHISO_CELL_DEC, l->index->digits);
}

typedef struct part_row {
  sheet *s;
  size_t scored;
} part_row;

static void part_cell(const league *l, void *data, uint32_t part,
                      const chiso_part *of) {
  const part_row *row = data;
  const chiso_entries *e = chiso_run_entries(l->c->run);
  (void)of;
  sheet_dec(row->s, has_part(l, part, row->scored)
                        ? e->part[part * e->n + row->scored]
                        : CHISO_NONE);
}

static void columns(const league *l, sheet *s) {
  cli *c = l->c;
  bool people = cli_people(c);
  const chiso_node *by = &l->index->nodes[l->by];
  unsigned digits = l->index->digits;
  sheet_column(s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  if (!people)
    sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column_named(s, "points",
                     cli_say(c, TXT_COL_POINTS_OF, cli_dec(c, by->max)),
                     CHISO_CELL_DEC, people ? l->points_digits : digits);
  if (shows_percent(l))
    sheet_column_named(s, "percent", "%", CHISO_CELL_DEC, digits);
  for (uint32_t n = chiso_methodology_first_child(l->m, l->by);
       n != CHISO_NO_NODE && l->parts; n = chiso_methodology_next(l->m, n))
    sheet_column_named(s, l->index->nodes[n].id, l->index->nodes[n].id,
                       CHISO_CELL_DEC, people ? l->digits : digits);
  each_part(l, SIZE_MAX, part_column, s);
  if (graded(l))
    sheet_column(s, "grade", TXT_COL_GRADE, CHISO_CELL_TEXT, 0);
  if (people)
    return;
  sheet_column(s, "status", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "missing", TXT_COL_MISSING, CHISO_CELL_TEXT, 0);
  sheet_column(s, "provenance", TXT_COL_PROVENANCE, CHISO_CELL_TEXT, 0);
}

static chiso_dec points_at(const league *l, uint32_t node, size_t u) {
  return has_points(l, node, u) ? l->scores->points[node * l->scores->n + u]
                                : CHISO_NONE;
}

static void row(const league *l, sheet *s, const place *p) {
  cli *c = l->c;
  size_t u = p->scored;
  bool people = cli_people(c);
  const chiso_unit *unit = cli_scored_unit(c, u);
  sheet_integer(s, p->rank ? (int64_t)p->rank : INT64_MIN);
  if (!people)
    sheet_text(s, unit->code);
  sheet_text(s, cli_unit_name(c, unit));
  sheet_dec(s, points_at(l, l->by, u));
  if (shows_percent(l))
    sheet_dec(s, chiso_percent(chiso_run_program(c->run), l->scores, l->by, u));
  for (uint32_t n = chiso_methodology_first_child(l->m, l->by);
       n != CHISO_NO_NODE && l->parts; n = chiso_methodology_next(l->m, n))
    sheet_dec(s, points_at(l, n, u));
  each_part(l, SIZE_MAX, part_cell, &(part_row){ s, u });
  if (graded(l))
    sheet_text(s, grade(l, u));
  if (people)
    return;
  sheet_text(s, chiso_state_key(state_at(l, l->by, u)));
  sheet_text(s, has_points(l, l->by, u) ? NULL : lacks(l, u));
  sheet_text(s, has_points(l, l->by, u)
                    ? chiso_key(CHISO_FAMILY_PROVENANCE,
                                chiso_run_provenance(c->run, l->by, u))
                    : NULL);
}

static sheet make(const league *l) {
  sheet s = sheet_new(l->c);
  columns(l, &s);
  for (size_t i = 0; i < l->n; i++) {
    const place *p = &l->places[i];
    if (p->rank == 0 && cli_people(l->c))
      continue;
    if (l->top == 0 || (p->rank != 0 && p->rank <= l->top))
      row(l, &s, p);
  }
  return s;
}

/* Whether any unit has points for any part: not where the points of the whole
 * were published otherwise. */
static bool any_parts(const league *l) {
  for (uint32_t n = chiso_methodology_first_child(l->m, l->by);
       n != CHISO_NO_NODE; n = chiso_methodology_next(l->m, n))
    for (size_t u = 0; u < l->n; u++)
      if (has_points(l, n, u))
        return true;
  return false;
}

/* Fewer digits, then no parts, until a line fits the terminal. */
static sheet fit(league *l) {
  unsigned width = cli_width(l->c);
  l->parts = !cli_people(l->c) || any_parts(l);
  l->points_digits = l->index->digits;
  l->digits = l->index->digits < 2 ? l->index->digits : 2;
  sheet s = make(l);
  if (width == 0 || !cli_people(l->c))
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
  cli *c = l->c;
  size_t without = 0, unranked = 0;
  const char *names = "";
  for (size_t i = 0; i < l->n; i++) {
    const place *p = &l->places[i];
    if (p->rank != 0)
      continue;
    if (has_points(l, l->by, p->scored)) {
      unranked++;
      continue;
    }
    if (without < MOST_NAMES)
      names = cli_join(c, names, ", ",
                       cli_unit_name(c, cli_scored_unit(c, p->scored)));
    else if (without == MOST_NAMES)
      names = cli_join(c, names, ", ", "…");
    without++;
  }
  const char *text = cli_join(c, cli_run_title(c), " · ",
                              cli_say(c, TXT_UNITS_RANKED, l->ranked));
  if (without > 0)
    text = cli_join(c, text, ", ", cli_say(c, TXT_LACK_DATA, without, names));
  if (unranked > 0)
    text = cli_join(c, text, ", ", cli_say(c, TXT_UNRANKED, unranked));
  sheet_title(s, text);
  if (l->by != 0)
    sheet_title(s, cli_say(c, TXT_RANKED_BY, l->index->nodes[l->by].id,
                           cli_title(c, &l->index->nodes[l->by])));
  if (l->ranked == 0)
    sheet_title(s, cli_text(c, TXT_NONE_RANKED));
  else if (without > 0)
    sheet_title(s, cli_say(c, TXT_AMONG, l->ranked, without));
}

static void part_title(const league *l, void *data, uint32_t part,
                       const chiso_part *of) {
  const char **text = data;
  cli *c = l->c;
  (void)part;
  *text = cli_join(c, *text, " · ",
                   cli_print(c, "%s %s (%s)", of->id,
                             cli_pick(c, of->title_vi, of->title_en),
                             cli_dec(c, of->max)));
}

static void parts_note(const league *l, sheet *s) {
  cli *c = l->c;
  const char *text = "";
  for (uint32_t n = chiso_methodology_first_child(l->m, l->by);
       n != CHISO_NO_NODE && l->parts; n = chiso_methodology_next(l->m, n))
    text = cli_join(c, text, " · ",
                    cli_print(c, "%s %s (%s)", l->index->nodes[n].id,
                              cli_title(c, &l->index->nodes[n]),
                              cli_dec(c, l->index->nodes[n].max)));
  if (cli_people(c))
    each_part(l, SIZE_MAX, part_title, &text);
  sheet_note(s, text);
  if (l->left_out)
    sheet_note(s, cli_text(c, TXT_PARTS_LEFT_OUT));
  else if (l->parts && cli_people(c) && l->digits < l->index->digits &&
           !c->value[OPT_EXACT])
    sheet_note(s, cli_say(c, TXT_PARTS_DIGITS, l->digits));
}

static void unscored_notes(const league *l, sheet *s) {
  cli *c = l->c;
  size_t shown = 0, all = 0;
  for (size_t i = 0; i < l->n; i++) {
    size_t u = l->places[i].scored;
    if (l->places[i].rank != 0 || has_points(l, l->by, u) || no_data(l, u))
      continue;
    const char *what = lacks(l, u);
    const char *name = cli_unit_name(c, cli_scored_unit(c, u));
    all++;
    if (shown >= MOST_INCOMPLETE)
      continue;
    if (state_at(l, l->by, u) == CHISO_STATE_ERROR || what[0] == '\0')
      sheet_note(s,
                 cli_print(c, "%s: %s", name,
                           chiso_state_title(state_at(l, l->by, u), c->lang)));
    else
      sheet_note(s, cli_say(c, TXT_INCOMPLETE, name, what));
    shown++;
  }
  if (all > shown)
    sheet_note(s, cli_say(c, TXT_MORE_INCOMPLETE, all - shown));
}

static void grade_note(const league *l, sheet *s) {
  cli *c = l->c;
  const chiso_grading *grading = chiso_run_grading(c->run);
  const char *text = "";
  if (!graded(l))
    return;
  for (uint32_t g = 0; g < grading->n_grades; g++) {
    const chiso_grade *one = &grading->grades[g];
    chiso_dec bound = grading->kind == CHISO_GRADE_QUANTILE
                          ? chiso_run_grade_bound(c->run, g)
                          : one->at_least;
    const char *name = cli_pick(c, one->title_vi, one->title_en);
    text = cli_join(c, text, "; ",
                    bound == CHISO_NONE
                        ? cli_say(c, TXT_GRADE_REST, name)
                        : cli_print(c, "%s ≥ %s", name, cli_dec(c, bound)));
  }
  sheet_note(s, cli_say(c, TXT_GRADES, text));
}

static int read_top(cli *c, size_t *top) {
  const char *text = c->value[OPT_TOP];
  *top = 0;
  if (!text)
    return EXIT_DONE;
  for (const char *p = text; *p != '\0'; p++) {
    if (*p < '0' || *p > '9' || *top > 100000)
      return cli_usage(c, TXT_ERR_TOP, text);
    *top = *top * 10 + (size_t)(*p - '0');
  }
  return *top > 0 ? EXIT_DONE : cli_usage(c, TXT_ERR_TOP, text);
}

static int read_places(league *l) {
  l->n = chiso_run_scored(l->c->run);
  l->places = cli_alloc(l->c, (l->n + 1) * sizeof(*l->places));
  if (!l->places)
    return EXIT_BUG;
  for (size_t u = 0; u < l->n; u++) {
    l->places[u].scored = u;
    l->places[u].rank = chiso_run_rank(l->c->run, l->by, u);
    l->ranked += l->places[u].rank != 0;
  }
  qsort(l->places, l->n, sizeof(*l->places), earlier);
  return EXIT_DONE;
}

int cmd_rank(cli *c) {
  league l = { .c = c };
  int code = read_top(c, &l.top);
  if (code == EXIT_DONE)
    code = cli_run(c);
  if (code != EXIT_DONE)
    return code;
  l.m = chiso_run_methodology(c->run);
  l.index = chiso_methodology_index(l.m);
  l.scores = chiso_run_scores(c->run);
  if (c->value[OPT_BY])
    code = cli_node(c, l.m, c->value[OPT_BY], &l.by);
  if (code == EXIT_DONE)
    code = read_places(&l);
  if (code != EXIT_DONE)
    return code;
  sheet s = fit(&l);
  title(&l, &s);
  unscored_notes(&l, &s);
  parts_note(&l, &s);
  grade_note(&l, &s);
  cli_run_notes(&s, l.by, SIZE_MAX);
  return sheet_write(&s);
}
