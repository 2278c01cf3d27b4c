/* SPDX-License-Identifier: Apache-2.0
 * chiso history: an index over its published rounds. */
#include "cli.h"

#include <math.h>
#include <string.h>

typedef struct series {
  cli *c;
  chiso_history *h;
  size_t rounds;
  uint32_t *nodes;     /* [round]; CHISO_NO_NODE: the edition has none */
  bool *printed;       /* [round] ranks of the node were printed */
  size_t *known;       /* [round] units with figures */
  chiso_sides **ranks; /* [round] of the node alone; NULL without a node */
} series;

/* One unit in one round. */
typedef struct spot {
  chiso_figure figure;
  uint32_t rank;
  bool printed; /* the rank */
} spot;

static const chiso_methodology *edition_at(const series *w, size_t r) {
  return chiso_figures_methodology(chiso_history_at(w->h, r));
}

static const chiso_units *units_at(const series *w, size_t r) {
  return chiso_figures_units(chiso_history_at(w->h, r));
}

static const char *round_at(const series *w, size_t r) {
  char text[16];
  int n =
      chiso_round_format(chiso_figures_round(chiso_history_at(w->h, r)), text);
  return cli_copy(w->c, text, (size_t)n);
}

/* ---- the node over editions ---------------------------------------------- */

static int find_nodes(series *w) {
  cli *c = w->c;
  const chiso_methodology *last = edition_at(w, w->rounds - 1);
  uint32_t node = 0;
  if (c->value[OPT_NODE]) {
    int code = cli_node(c, last, c->value[OPT_NODE], &node);
    if (code != EXIT_DONE)
      return code;
  }
  for (size_t r = 0; r < w->rounds; r++)
    w->nodes[r] =
        node == 0 ? 0
                  : cli_same_node(edition_at(w, r),
                                  &chiso_methodology_index(last)->nodes[node]);
  return EXIT_DONE;
}

static int rank_round(series *w, size_t r) {
  cli *c = w->c;
  const chiso_figures *f = chiso_history_at(w->h, r);
  if (w->nodes[r] == CHISO_NO_NODE)
    return EXIT_DONE;
  chiso_side side = { f, w->nodes[r], CHISO_NO_NODE };
  for (size_t u = 0; u < chiso_units_count(units_at(w, r)); u++)
    w->printed[r] =
        w->printed[r] || chiso_figures_get(f, w->nodes[r], u).rank > 0;
  w->known[r] = chiso_figures_known(f, w->nodes[r]);
  chiso_status status = chiso_sides_new(&side, 1, NULL, &w->ranks[r], &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int prepare(series *w) {
  cli *c = w->c;
  w->rounds = chiso_history_rounds(w->h);
  w->nodes = cli_alloc(c, w->rounds * sizeof *w->nodes);
  w->printed = cli_alloc(c, w->rounds * sizeof *w->printed);
  w->known = cli_alloc(c, w->rounds * sizeof *w->known);
  w->ranks = cli_alloc(c, w->rounds * sizeof(*w->ranks));
  if (!w->nodes || !w->printed || !w->known || !w->ranks)
    return EXIT_BUG;
  int code = find_nodes(w);
  for (size_t r = 0; r < w->rounds; r++) {
    cli_rests_on(c, edition_at(w, r));
    if (code == EXIT_DONE)
      code = rank_round(w, r);
  }
  return code;
}

static spot spot_at(const series *w, size_t r, size_t unit) {
  const chiso_figures *f = chiso_history_at(w->h, r);
  spot s = { .figure = {
                 .points = CHISO_NONE, .max = CHISO_NONE, .percent = NAN } };
  if (w->nodes[r] == CHISO_NO_NODE)
    return s;
  s.figure = chiso_figures_get(f, w->nodes[r], unit);
  s.printed = s.figure.rank > 0;
  if (s.printed)
    s.rank = s.figure.rank;
  else if (!w->printed[r] && chiso_figures_ranked(f, unit))
    s.rank = chiso_sides_rank(w->ranks[r], 0, unit);
  return s;
}

/* ---- breaks -------------------------------------------------------------- */

static const char *assessed_words(series *w, size_t r) {
  const chiso_figures *a = chiso_history_at(w->h, r - 1);
  const chiso_figures *b = chiso_history_at(w->h, r);
  size_t more = 0, fewer = 0;
  for (size_t u = 0; u < chiso_units_count(chiso_figures_units(b)); u++) {
    bool before = chiso_figures_assessed(a, u);
    bool now = chiso_figures_assessed(b, u);
    more += now && !before;
    fewer += before && !now;
  }
  return cli_say(w->c, TXT_WHY_ASSESSED, more, fewer);
}

/* Why there is no change to the round before. */
static const char *reason(series *w, size_t r, unsigned bits, const spot *now,
                          const spot *before) {
  cli *c = w->c;
  const char *out = "";
  const char *edition = chiso_methodology_index(edition_at(w, r))->edition;
  if (w->nodes[r] == CHISO_NO_NODE)
    out = cli_join(c, out, "; ", cli_say(c, TXT_WHY_NO_NODE, edition));
  else if (now->figure.from == CHISO_FIGURE_NONE)
    out = cli_join(c, out, "; ", cli_say(c, TXT_WHY_NO_FIGURE, round_at(w, r)));
  if (bits & CHISO_BREAK_METHODOLOGY)
    out = cli_join(
        c, out, "; ",
        cli_say(c, TXT_WHY_METHODOLOGY, edition,
                chiso_methodology_index(edition_at(w, r - 1))->edition));
  if (bits & CHISO_BREAK_UNITS)
    out = cli_join(c, out, "; ",
                   cli_say(c, TXT_WHY_UNITS, chiso_units_set(units_at(w, r)),
                           chiso_units_set(units_at(w, r - 1))));
  if (bits & CHISO_BREAK_ASSESSED)
    out = cli_join(c, out, "; ", assessed_words(w, r));
  if (bits == 0 && r > 0 && *out == '\0' &&
      before->figure.from == CHISO_FIGURE_NONE)
    out = cli_say(c, TXT_WHY_NO_FIGURE, round_at(w, r - 1));
  return *out ? out : NULL;
}

/* ---- rows ---------------------------------------------------------------- */

static void columns(const series *w, sheet *s, bool one) {
  cli *c = w->c;
  bool people = cli_people(c);
  unsigned digits =
      people ? 2
             : chiso_methodology_index(edition_at(w, w->rounds - 1))->digits;
  if (!people)
    sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  if (!people || !one)
    sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "round", TXT_COL_ROUND, CHISO_CELL_TEXT, 0);
  sheet_column(s, "edition", TXT_COL_EDITION, CHISO_CELL_TEXT, 0);
  sheet_column(s, "points", TXT_COL_POINTS, CHISO_CELL_DEC, digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, 2);
  sheet_column_named(s, "percent", "%", CHISO_CELL_REAL, 2);
  sheet_column(s, "from", TXT_COL_FIGURE_FROM, CHISO_CELL_TEXT, 0);
  sheet_column(s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "rank_from", TXT_COL_RANK_FROM, CHISO_CELL_TEXT, 0);
  sheet_column(s, "n", TXT_COL_N, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "change", TXT_COL_CHANGE, CHISO_CELL_DEC, digits);
  sheet_column(s, "change_percent", TXT_COL_CHANGE_PERCENT, CHISO_CELL_REAL, 2);
  sheet_column(s, "change_rank", TXT_COL_CHANGE_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "break", TXT_COL_BREAK, CHISO_CELL_TEXT, 0);
  sheet_column(s, "reason", TXT_COL_REASON, CHISO_CELL_TEXT, 0);
}

static const char *from_word(const cli *c, bool any, bool published) {
  if (!any)
    return NULL;
  if (!cli_people(c))
    return published ? "published" : "computed";
  return cli_text(c, published ? TXT_FIGURE_PUBLISHED : TXT_FIGURE_COMPUTED);
}

/* A change of rank says something where both ranks are of the same many. */
static bool ranks_compare(const series *w, size_t r, const spot *now,
                          const spot *before) {
  return now->rank > 0 && before->rank > 0 && now->printed == before->printed &&
         (now->printed || w->known[r] == w->known[r - 1]);
}

static void change_cells(const series *w, sheet *s, size_t r, unsigned bits,
                         const spot *now, const spot *before) {
  bool ranks = r > 0 && bits == 0 && ranks_compare(w, r, now, before);
  bool both = r > 0 && bits == 0 && now->figure.from && before->figure.from;
  sheet_dec(s, both ? now->figure.points - before->figure.points : CHISO_NONE);
  sheet_real(s,
             both ? now->figure.percent - before->figure.percent : (double)NAN);
  sheet_integer(s,
                ranks ? (int64_t)now->rank - (int64_t)before->rank : INT64_MIN);
}

static void row(series *w, sheet *s, size_t r, size_t unit, bool one) {
  cli *c = w->c;
  const chiso_unit *u = chiso_units_get(units_at(w, r), unit);
  spot now = spot_at(w, r, unit), before = { 0 };
  size_t old = r > 0 ? chiso_history_unit(w->h, r, r - 1, unit) : SIZE_MAX;
  unsigned bits = chiso_history_break(w->h, r);
  if (old != SIZE_MAX)
    before = spot_at(w, r - 1, old);
  if (!cli_people(c))
    sheet_text(s, u->code);
  if (!cli_people(c) || !one)
    sheet_text(s, cli_unit_name(c, u));
  sheet_text(s, round_at(w, r));
  sheet_text(s, chiso_methodology_index(edition_at(w, r))->edition);
  sheet_dec(s, now.figure.points);
  sheet_dec(s, now.figure.max);
  sheet_real(s, now.figure.percent);
  sheet_text(s, from_word(c, now.figure.from != CHISO_FIGURE_NONE,
                          now.figure.from == CHISO_FIGURE_PRINTED));
  sheet_integer(s, now.rank ? (int64_t)now.rank : INT64_MIN);
  sheet_text(s, from_word(c, now.rank > 0, now.printed));
  sheet_integer(s, (int64_t)w->known[r]);
  change_cells(w, s, r, bits, &now, &before);
  sheet_text(s, cli_break_words(c, bits));
  sheet_text(s, reason(w, r, bits, &now, &before));
}

/* Rounds over one set, from the first that has it. */
static void unit_rows(series *w, sheet *s, size_t first, size_t unit,
                      bool one) {
  for (size_t r = first; r < w->rounds; r++) {
    size_t here = chiso_history_unit(w->h, first, r, unit);
    if (here != SIZE_MAX)
      row(w, s, r, here, one);
  }
}

static bool first_of_set(const series *w, size_t r) {
  for (size_t q = 0; q < r; q++)
    if (chiso_history_unit(w->h, r, q, 0) != SIZE_MAX)
      return false;
  return true;
}

/* The newest set that knows the name; if none does, the newest one's error. */
static int find_unit(series *w, size_t *first, size_t *unit) {
  const char *name = w->c->value[OPT_UNIT];
  size_t r = w->rounds;
  *first = w->rounds - 1;
  while (r-- > 0)
    if (chiso_units_find(units_at(w, r), name) != SIZE_MAX) {
      *first = r;
      break;
    }
  int code = cli_unit(w->c, units_at(w, *first), name, unit);
  for (size_t q = 0; code == EXIT_DONE && q < *first; q++)
    if (chiso_history_unit(w->h, *first, q, *unit) != SIZE_MAX)
      *first = q;
  return code;
}

static void titles(series *w, sheet *s, size_t first, size_t unit) {
  cli *c = w->c;
  size_t last = w->rounds - 1;
  const chiso_index *index = chiso_methodology_index(edition_at(w, last));
  const char *text = cli_pick(c, index->title_vi, index->title_en);
  if (w->nodes[last] != 0)
    text = cli_say(c, TXT_HISTORY_TITLE, text,
                   cli_title(c, &index->nodes[w->nodes[last]]));
  if (unit != SIZE_MAX)
    text = cli_say(c, TXT_HISTORY_TITLE, text,
                   cli_unit_name(c, chiso_units_get(units_at(w, first), unit)));
  sheet_title(s, text);
}

static int show_series(series *w) {
  cli *c = w->c;
  bool one = c->value[OPT_UNIT] != NULL;
  size_t first = 0, unit = SIZE_MAX;
  if (one) {
    int code = find_unit(w, &first, &unit);
    if (code != EXIT_DONE)
      return code;
  }
  sheet s = sheet_new(c);
  titles(w, &s, first, unit);
  columns(w, &s, one);
  if (one)
    unit_rows(w, &s, first, unit, true);
  for (size_t r = 0; !one && r < w->rounds; r++)
    for (size_t u = 0;
         first_of_set(w, r) && u < chiso_units_count(units_at(w, r)); u++)
      unit_rows(w, &s, r, u, false);
  sheet_note(&s, cli_text(c, TXT_HISTORY_RANKS));
  sheet_note(&s, cli_text(c, TXT_HISTORY_BREAKS));
  return sheet_write(&s);
}

/* ---- a change split ------------------------------------------------------ */

static const char *all_rounds(series *w) {
  const char *out = "";
  for (size_t r = 0; r < w->rounds; r++)
    out = cli_join(w->c, out, ", ", round_at(w, r));
  return out;
}

static int find_round(series *w, const char *text, size_t *out) {
  chiso_date asked, here;
  bool good = chiso_round_parse(text, &asked);
  for (*out = 0; good && *out < w->rounds; ++*out) {
    here = chiso_figures_round(chiso_history_at(w->h, *out));
    if (here.year == asked.year && here.month == asked.month &&
        here.day == asked.day)
      return EXIT_DONE;
  }
  return cli_usage(w->c, TXT_ERR_SPLIT_ROUND, w->c->operand[0], text,
                   all_rounds(w));
}

static int find_rounds(series *w, size_t *from, size_t *to) {
  cli *c = w->c;
  const char *text = c->value[OPT_SPLIT], *comma = strchr(text, ',');
  if (!comma || strchr(comma + 1, ','))
    return cli_usage(c, TXT_ERR_SPLIT, text);
  const char *first = cli_copy(c, text, (size_t)(comma - text));
  int code = find_round(w, first, from);
  if (code == EXIT_DONE)
    code = find_round(w, comma + 1, to);
  if (code == EXIT_DONE && *from >= *to)
    return cli_usage(c, *from == *to ? TXT_ERR_SPLIT : TXT_ERR_SPLIT_ORDER,
                     *from == *to ? text : comma + 1, first);
  return code;
}

static void split_columns(sheet *s, unsigned digits) {
  static const struct {
    const char *key;
    text_id title;
  } reals[] = { { "performance_low", TXT_COL_PERFORMANCE_LOW },
                { "performance_high", TXT_COL_PERFORMANCE_HIGH },
                { "methodology_low", TXT_COL_METHODOLOGY_LOW },
                { "methodology_high", TXT_COL_METHODOLOGY_HIGH } };
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "before", TXT_COL_BEFORE, CHISO_CELL_DEC, digits);
  sheet_column(s, "after", TXT_COL_AFTER, CHISO_CELL_DEC, digits);
  sheet_column(s, "change", TXT_COL_CHANGE, CHISO_CELL_DEC, digits);
  sheet_column(s, "max_before", TXT_COL_MAX_BEFORE, CHISO_CELL_DEC, digits);
  sheet_column(s, "max_after", TXT_COL_MAX_AFTER, CHISO_CELL_DEC, digits);
  sheet_column(s, "alike_before", TXT_COL_ALIKE_BEFORE, CHISO_CELL_DEC, digits);
  sheet_column(s, "alike_after", TXT_COL_ALIKE_AFTER, CHISO_CELL_DEC, digits);
  for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
    sheet_column(s, reals[i].key, reals[i].title, CHISO_CELL_REAL, 2);
  sheet_column(s, "split", TXT_COL_SPLIT, CHISO_CELL_TEXT, 0);
}

static const char *split_word(const cli *c, chiso_split_state state) {
  static const char *const keys[] = { "exact", "bounds", "unlike", "no_figure",
                                      "no_origin" };
  static const text_id texts[] = { TXT_SPLIT_EXACT, TXT_SPLIT_BOUNDS,
                                   TXT_SPLIT_UNLIKE, TXT_SPLIT_NONE,
                                   TXT_SPLIT_NO_ORIGIN };
  return cli_people(c) ? cli_text(c, texts[state]) : keys[state];
}

static void split_row(sheet *s, const chiso_index *index,
                      const chiso_split *x) {
  cli *c = s->c;
  bool rest = x->node == CHISO_NO_NODE;
  sheet_text(s, rest ? NULL : index->nodes[x->node].id);
  sheet_text(s, rest ? cli_text(c, TXT_SPLIT_REST)
                     : cli_title(c, &index->nodes[x->node]));
  sheet_dec(s, x->before);
  sheet_dec(s, x->after);
  sheet_dec(s, x->before == CHISO_NONE || x->after == CHISO_NONE
                   ? CHISO_NONE
                   : x->after - x->before);
  sheet_dec(s, x->max_before);
  sheet_dec(s, x->max_after);
  sheet_dec(s, x->alike_before);
  sheet_dec(s, x->alike_after);
  sheet_real(s, x->performance_low);
  sheet_real(s, x->performance_high);
  sheet_real(s, x->methodology_low);
  sheet_real(s, x->methodology_high);
  sheet_text(s, split_word(c, x->state));
}

static int show_split(series *w) {
  cli *c = w->c;
  size_t from, to, unit, count = 0;
  chiso_split *rows = NULL;
  int code = find_rounds(w, &from, &to);
  if (code == EXIT_DONE)
    code = cli_unit(c, units_at(w, to), c->value[OPT_UNIT], &unit);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_history_split(w->h, from, to, unit, &rows, &count, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  const chiso_index *old = chiso_methodology_index(edition_at(w, from));
  const chiso_index *new = chiso_methodology_index(edition_at(w, to));
  sheet s = sheet_new(c);
  sheet_title(
      &s,
      cli_say(c, TXT_SPLIT_TITLE, cli_pick(c, new->title_vi, new->title_en),
              cli_unit_name(c, chiso_units_get(units_at(w, to), unit)),
              round_at(w, from), old->edition, round_at(w, to), new->edition));
  split_columns(&s, cli_people(c) ? 2 : new->digits);
  for (size_t i = 0; i < count; i++)
    split_row(&s, new, &rows[i]);
  sheet_note(&s, cli_text(c, TXT_SPLIT_NOTE));
  unsigned one = chiso_methodology_provenance(edition_at(w, from));
  unsigned two = chiso_methodology_provenance(edition_at(w, to));
  sheet_note(&s, cli_provenance_note(c, one < two ? one : two));
  chiso_splits_free(w->h, rows);
  return sheet_write(&s);
}

/* ---- the command --------------------------------------------------------- */

static int check(cli *c) {
  if (c->value[OPT_SPLIT] && !c->value[OPT_UNIT])
    return cli_usage(c, TXT_ERR_SPLIT_UNIT);
  if (c->value[OPT_SPLIT] && c->value[OPT_NODE])
    return cli_usage(c, TXT_ERR_SPLIT_NODE);
  return cli_open_store(c);
}

int cmd_history(cli *c) {
  series w = { .c = c };
  int code = check(c);
  if (code != EXIT_DONE)
    return code;
  cli_progress_begin();
  chiso_status status =
      chiso_history_new(c->store, c->operand[0], NULL, &w.h, &c->err);
  cli_progress_end();
  if (status != CHISO_OK)
    return cli_fail(c, status);
  code = prepare(&w);
  if (code == EXIT_DONE)
    code = c->value[OPT_SPLIT] ? show_split(&w) : show_series(&w);
  for (size_t r = 0; w.ranks && r < w.rounds; r++)
    chiso_sides_free(w.ranks[r]);
  chiso_history_free(w.h);
  return code;
}
