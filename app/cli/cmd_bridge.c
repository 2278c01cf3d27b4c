/* SPDX-License-Identifier: Apache-2.0
 * chiso bridge: published figures for the units that older ones became. */
#include "cli.h"

#include <math.h>
#include <string.h>

/* A round and its bridge. */
typedef struct crossing {
  const chiso_figures *figures;
  chiso_bridge *bridge;
  bool owned;          /* the bridge; else that of an earlier round */
  size_t place;        /* in the history */
  unsigned breaks;     /* since the round before it here */
  uint32_t node;       /* CHISO_NO_NODE: the edition has none */
  chiso_bridged *rows; /* of the node; [new unit] */
} crossing;

typedef struct work {
  cli *c;
  chiso_history *history;
  chiso_figures *data; /* of --data */
  crossing *rounds;
  size_t count;
  size_t unit; /* --unit, or SIZE_MAX */
} work;

static const chiso_methodology *edition_of(const crossing *x) {
  return chiso_figures_methodology(x->figures);
}

static const chiso_index *index_of(const crossing *x) {
  return chiso_methodology_index(edition_of(x));
}

static const char *round_of(cli *c, const chiso_figures *figures) {
  char text[16];
  int n = chiso_round_format(chiso_figures_round(figures), text);
  return cli_copy(c, text, (size_t)n);
}

static const chiso_unit *unit_of(const crossing *x, size_t unit) {
  return chiso_units_get(chiso_bridge_to(x->bridge), unit);
}

static const chiso_unit *part_unit(const crossing *x, size_t unit, size_t i) {
  return chiso_units_get(chiso_bridge_from(x->bridge),
                         chiso_bridge_part_at(x->bridge, unit, i).unit);
}

static size_t units_in(const crossing *x) {
  return chiso_units_count(chiso_bridge_to(x->bridge));
}

/* ---- rounds -------------------------------------------------------------- */

static int read_data(work *w) {
  cli *c = w->c;
  const char *round = c->value[OPT_BRIDGE_ROUNDS];
  chiso_run *run = NULL;
  if (round && strchr(round, ','))
    return cli_usage(c, TXT_ERR_BRIDGE_DATA_ROUND, round);
  chiso_run_options options = { .methodology = c->operand[0],
                                .round = round,
                                .units = c->value[OPT_UNITS],
                                .stage = c->value[OPT_STAGE],
                                .data = c->data,
                                .n_data = c->n_data };
  chiso_status status =
      chiso_figures_read(c->store, &options, NULL, &w->data, &run, &c->err);
  if (run) {
    cli_remarks(c, run);
    chiso_run_free(run);
    return cli_exit(status);
  }
  if (status != CHISO_OK)
    return cli_fail(c, status);
  w->rounds = cli_alloc(c, sizeof *w->rounds);
  if (!w->rounds)
    return EXIT_BUG;
  w->rounds[w->count++] = (crossing) { .figures = w->data };
  return EXIT_DONE;
}

static bool named(const char *list, size_t size, chiso_date round) {
  char text[32];
  chiso_date asked;
  if (size >= sizeof text)
    return false;
  memcpy(text, list, size);
  text[size] = '\0';
  return chiso_round_parse(text, &asked) && asked.year == round.year &&
         asked.month == round.month && asked.day == round.day;
}

static const char *all_rounds(work *w) {
  const char *out = "";
  for (size_t r = 0; r < chiso_history_rounds(w->history); r++)
    out = cli_join(w->c, out, ", ",
                   round_of(w->c, chiso_history_at(w->history, r)));
  return out;
}

/* Every name of --round is one of the history. */
static int choose(work *w, bool *wanted) {
  cli *c = w->c;
  size_t n = chiso_history_rounds(w->history), size;
  const char *list = c->value[OPT_BRIDGE_ROUNDS];
  for (const char *at = list; at; at = at[size] ? at + size + 1 : NULL) {
    size_t r = 0;
    size = strcspn(at, ",");
    while (
        r < n &&
        !named(at, size, chiso_figures_round(chiso_history_at(w->history, r))))
      r++;
    const char *text = cli_copy(c, at, size);
    if (r == n)
      return cli_usage(c, TXT_ERR_BRIDGE_ROUND, c->operand[0], text,
                       all_rounds(w));
    if (wanted[r])
      return cli_usage(c, TXT_ERR_BRIDGE_ROUND_TWICE, text);
    wanted[r] = true;
  }
  for (size_t r = 0; !list && r < n; r++)
    wanted[r] = true;
  return EXIT_DONE;
}

/* Breaks since the round before; other unit sets are what a bridge crosses. */
static unsigned breaks_between(const work *w, size_t from, size_t to) {
  unsigned bits = 0;
  for (size_t r = from + 1; r <= to; r++)
    bits |= chiso_history_break(w->history, r);
  return bits & ~(unsigned)CHISO_BREAK_UNITS;
}

static int read_history(work *w) {
  cli *c = w->c;
  chiso_status status =
      chiso_history_new(c->store, c->operand[0], NULL, &w->history, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  size_t n = chiso_history_rounds(w->history);
  bool *wanted = cli_alloc(c, n * sizeof *wanted);
  w->rounds = cli_alloc(c, n * sizeof *w->rounds);
  if (!wanted || !w->rounds)
    return EXIT_BUG;
  int code = choose(w, wanted);
  for (size_t r = 0; code == EXIT_DONE && r < n; r++) {
    if (!wanted[r])
      continue;
    crossing *x = &w->rounds[w->count];
    *x = (crossing) { .figures = chiso_history_at(w->history, r), .place = r };
    if (w->count > 0)
      x->breaks = breaks_between(w, w->rounds[w->count - 1].place, r);
    w->count++;
  }
  return code;
}

/* ---- bridges ------------------------------------------------------------- */

/* Rounds over one unit set have one bridge. */
static int build(work *w, crossing *x) {
  cli *c = w->c;
  const chiso_units *from = chiso_figures_units(x->figures);
  for (const crossing *y = w->rounds; y < x; y++)
    if (strcmp(chiso_units_set(chiso_bridge_from(y->bridge)),
               chiso_units_set(from)) == 0) {
      x->bridge = y->bridge;
      return EXIT_DONE;
    }
  chiso_bridge_options o = cli_bridge_options(c, c->value[OPT_BRIDGE_TO]);
  chiso_status status =
      chiso_bridge_new(c->store, from, &o, NULL, &x->bridge, &c->err);
  x->owned = status == CHISO_OK;
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int cross(work *w, crossing *x, uint32_t node) {
  cli *c = w->c;
  x->node = node;
  if (!x->rows)
    x->rows = cli_alloc(c, (units_in(x) + 1) * sizeof *x->rows);
  if (!x->rows)
    return EXIT_BUG;
  if (node == CHISO_NO_NODE)
    return EXIT_DONE;
  chiso_status status =
      chiso_bridge_node(x->bridge, x->figures, node, x->rows, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int cross_all(work *w) {
  cli *c = w->c;
  const crossing *last = &w->rounds[w->count - 1];
  uint32_t node = 0;
  int code = c->value[OPT_NODE]
                 ? cli_node(c, edition_of(last), c->value[OPT_NODE], &node)
                 : EXIT_DONE;
  for (size_t r = 0; code == EXIT_DONE && r < w->count; r++)
    code = cross(w, &w->rounds[r],
                 node == 0 ? 0
                           : cli_same_node(edition_of(&w->rounds[r]),
                                           &index_of(last)->nodes[node]));
  return code;
}

/* ---- words --------------------------------------------------------------- */

static const char *state_word(const cli *c, chiso_bridged_state state) {
  static const text_id texts[] = { TXT_BRIDGED_NONE,      TXT_BRIDGED_OWN,
                                   TXT_BRIDGED_UNCHANGED, TXT_BRIDGED_ESTIMATE,
                                   TXT_BRIDGED_BOUNDS,    TXT_BRIDGED_PARTIAL };
  return cli_people(c) ? cli_text(c, texts[state]) : chiso_bridged_key(state);
}

static const char *from_word(const cli *c, chiso_figure_from from) {
  if (from == CHISO_FIGURE_NONE)
    return NULL;
  bool published = from == CHISO_FIGURE_PRINTED;
  if (!cli_people(c))
    return published ? "published" : "computed";
  return cli_text(c, published ? TXT_FIGURE_PUBLISHED : TXT_FIGURE_COMPUTED);
}

/* Parts of a unit without a figure: names, or codes where machines read. */
static const char *missing_parts(work *w, const crossing *x, uint32_t node,
                                 size_t unit) {
  cli *c = w->c;
  const char *out = "";
  for (size_t i = 0; i < chiso_bridge_parts(x->bridge, unit); i++) {
    chiso_bridge_part part = chiso_bridge_part_at(x->bridge, unit, i);
    const chiso_unit *u = part_unit(x, unit, i);
    if (node == CHISO_NO_NODE ||
        chiso_figures_get(x->figures, node, part.unit).from !=
            CHISO_FIGURE_NONE)
      continue;
    out = cli_join(c, out, cli_people(c) ? ", " : "|",
                   cli_people(c) ? cli_unit_name(c, u) : u->code);
  }
  return *out ? out : NULL;
}

/* For a table that machines read, whatever the language. */
static const char *rule_word(work *w, const crossing *x,
                             chiso_bridged_state state) {
  cli *c = w->c;
  const char *column = chiso_bridge_column(x->bridge);
  chiso_bridge_options o = cli_bridge_options(c, NULL);
  switch (state) {
  case CHISO_BRIDGED_UNCHANGED:
    return "one part";
  case CHISO_BRIDGED_ESTIMATE:
  case CHISO_BRIDGED_BOUNDS:
  case CHISO_BRIDGED_PARTIAL:
    if (!column)
      return "lowest and highest part";
    return o.equal
               ? "mean with equal weights"
               : cli_print(c, "mean weighted by %s of %s", column, o.weights);
  default:
    return NULL;
  }
}

/* ---- notes --------------------------------------------------------------- */

/* Texts of the changes that were used, each once. */
static void changes_note(work *w, sheet *s, const crossing *x) {
  cli *c = w->c;
  const char *out = "";
  for (size_t t = 0; t < units_in(x); t++)
    for (size_t i = 0; i < chiso_bridge_parts(x->bridge, t); i++) {
      chiso_bridge_part part = chiso_bridge_part_at(x->bridge, t, i);
      if (!part.instrument)
        continue;
      const char *text = part.date.year
                             ? cli_say(c, TXT_BRIDGE_CHANGE, part.instrument,
                                       cli_date(c, part.date))
                             : part.instrument;
      if (!strstr(out, text))
        out = cli_join(c, out, "; ", text);
    }
  if (*out)
    sheet_note(s, cli_say(c, TXT_BRIDGE_RULE_CHANGES, out));
}

static bool wanted(const work *w, const crossing *x, size_t unit) {
  return unit < units_in(x) && (w->unit == SIZE_MAX || w->unit == unit);
}

/* Units of a state with what they lack, of one round. */
static const char *lacking(work *w, const crossing *x,
                           chiso_bridged_state state) {
  cli *c = w->c;
  const char *out = "";
  for (size_t t = 0; t < units_in(x); t++)
    if (wanted(w, x, t) && x->node != CHISO_NO_NODE &&
        x->rows[t].state == state)
      out = cli_join(c, out, "; ",
                     cli_print(c, "%s (%s)", cli_unit_name(c, unit_of(x, t)),
                               missing_parts(w, x, x->node, t)
                                   ? missing_parts(w, x, x->node, t)
                                   : ""));
  return out;
}

static void rule_notes(work *w, sheet *s) {
  cli *c = w->c;
  const crossing *x = &w->rounds[w->count - 1];
  size_t alone = 0;
  for (size_t r = 0; r < w->count; r++) /* the newest that merges anything */
    if (!chiso_bridge_same(w->rounds[r].bridge))
      x = &w->rounds[r];
  if (chiso_bridge_same(x->bridge))
    return;
  const char *rule = cli_bridge_rule(c, x->bridge);
  sheet_note(s, rule ? cli_say(c, TXT_BRIDGE_RULE, rule)
                     : cli_text(c, TXT_BRIDGE_RULE_BOUNDS));
  for (size_t t = 0; t < units_in(x); t++)
    alone += chiso_bridge_parts(x->bridge, t) == 1;
  sheet_note(s, cli_say(c, TXT_BRIDGE_RULE_UNCHANGED, alone, units_in(x)));
  changes_note(w, s, x);
}

static void notes(work *w, sheet *s, bool ranks) {
  cli *c = w->c;
  const crossing *x = &w->rounds[w->count - 1];
  unsigned least = CHISO_PROV_OFFICIAL;
  rule_notes(w, s);
  if (w->count == 1 && x->node != CHISO_NO_NODE && units_in(x) > 0) {
    const char *some = lacking(w, x, CHISO_BRIDGED_PARTIAL);
    if (*some)
      sheet_note(s, cli_say(c, TXT_BRIDGE_RULE_PARTIAL, some));
    if (ranks && x->rows[0].ranked > 0 && !chiso_bridge_same(x->bridge))
      sheet_note(s, cli_say(c, TXT_BRIDGE_RULE_RANK, x->rows[0].ranked));
    if (ranks)
      sheet_note(s, cli_say(c, TXT_BRIDGE_RULE_RANKS, x->rows[0].units));
  }
  if (w->count > 1 && ranks)
    sheet_note(s, cli_text(c, TXT_HISTORY_BREAKS));
  for (size_t r = 0; r < w->count; r++) {
    unsigned here = chiso_methodology_provenance(edition_of(&w->rounds[r]));
    least = here < least ? here : least;
  }
  sheet_note(s, cli_provenance_note(c, least));
}

static void titles(work *w, sheet *s, bool node) {
  cli *c = w->c;
  const crossing *x = &w->rounds[w->count - 1];
  const chiso_index *index = index_of(x);
  const char *text = cli_pick(c, index->title_vi, index->title_en);
  if (node && x->node != 0 && x->node != CHISO_NO_NODE)
    text = cli_say(c, TXT_HISTORY_TITLE, text,
                   cli_title(c, &index->nodes[x->node]));
  if (w->count == 1)
    text = cli_say(c, TXT_BRIDGE_TITLE_ROUND, text, round_of(c, x->figures),
                   chiso_methodology_name(edition_of(x)));
  sheet_title(s, cli_say(c, TXT_BRIDGE_TITLE, text,
                         chiso_units_set(chiso_bridge_to(x->bridge))));
}

/* ---- columns that all views share ---------------------------------------- */

static bool several(const work *w) {
  return !cli_people(w->c) || w->count > 1;
}

static void unit_columns(work *w, sheet *s) {
  if (!cli_people(w->c))
    sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  if (several(w)) {
    sheet_column(s, "round", TXT_COL_ROUND, CHISO_CELL_TEXT, 0);
    sheet_column(s, "edition", TXT_COL_EDITION, CHISO_CELL_TEXT, 0);
  }
}

static void unit_cells(work *w, sheet *s, const crossing *x, size_t unit) {
  cli *c = w->c;
  const chiso_unit *u = unit_of(x, unit);
  if (!cli_people(c))
    sheet_text(s, u->code);
  sheet_text(s, cli_unit_name(c, u));
  if (several(w)) {
    sheet_text(s, round_of(c, x->figures));
    sheet_text(s, index_of(x)->edition);
  }
}

/* An estimate has more digits than what was published. */
static unsigned digits_of(const work *w) {
  if (cli_people(w->c))
    return 2;
  for (size_t r = 0; r < w->count; r++)
    if (chiso_bridge_column(w->rounds[r].bridge))
      return CHISO_DEC_DIGITS;
  return index_of(&w->rounds[w->count - 1])->digits;
}

/* Without weights there is none but of own figures. */
static bool has_ranks(const work *w) {
  bool any = !cli_people(w->c);
  for (size_t r = 0; r < w->count; r++)
    any = any || chiso_bridge_column(w->rounds[r].bridge) ||
          chiso_bridge_same(w->rounds[r].bridge);
  return any;
}

static void figure_columns(work *w, sheet *s) {
  unsigned digits = digits_of(w);
  bool people = cli_people(w->c);
  sheet_column(s, "parts", TXT_COL_PARTS, CHISO_CELL_INTEGER, 0);
  if (!people)
    sheet_column(s, "known", TXT_COL_KNOWN, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "state", TXT_COL_BRIDGED, CHISO_CELL_TEXT, 0);
  sheet_column(s, "points", TXT_COL_POINTS, CHISO_CELL_DEC, digits);
  sheet_column(s, "low", TXT_COL_BOUND_LOW, CHISO_CELL_DEC, digits);
  sheet_column(s, "high", TXT_COL_BOUND_HIGH, CHISO_CELL_DEC, digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, 2);
  if (!people) {
    sheet_column_named(s, "percent", "%", CHISO_CELL_REAL, 2);
    sheet_column(s, "percent_low", TXT_COL_PERCENT_LOW, CHISO_CELL_REAL, 2);
    sheet_column(s, "percent_high", TXT_COL_PERCENT_HIGH, CHISO_CELL_REAL, 2);
    sheet_column(s, "from", TXT_COL_FIGURE_FROM, CHISO_CELL_TEXT, 0);
  }
  if (has_ranks(w))
    sheet_column(s, "rank", TXT_COL_RANK, CHISO_CELL_INTEGER, 0);
  if (!people)
    sheet_column(s, "ranked", TXT_COL_RANKED, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "best", TXT_COL_BEST, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "worst", TXT_COL_WORST, CHISO_CELL_INTEGER, 0);
  if (!people)
    sheet_column(s, "units", TXT_COL_TAKE_PART, CHISO_CELL_INTEGER, 0);
}

static int64_t count_or_none(uint32_t value) {
  return value ? (int64_t)value : INT64_MIN;
}

static void figure_cells(work *w, sheet *s, const chiso_bridged *row) {
  bool people = cli_people(w->c);
  bool point = people && row->points != CHISO_NONE; /* no bounds beside it */
  sheet_integer(s, row->parts);
  if (!people)
    sheet_integer(s, row->known);
  sheet_text(s, state_word(w->c, row->state));
  sheet_dec(s, row->points);
  sheet_dec(s, point ? CHISO_NONE : row->low);
  sheet_dec(s, point ? CHISO_NONE : row->high);
  sheet_dec(s, row->max);
  if (!people) {
    sheet_real(s, row->percent);
    sheet_real(s, row->percent_low);
    sheet_real(s, row->percent_high);
    sheet_text(s, from_word(w->c, row->from));
  }
  if (has_ranks(w))
    sheet_integer(s, count_or_none(row->rank));
  if (!people)
    sheet_integer(s, count_or_none(row->ranked));
  sheet_integer(s, count_or_none(row->best));
  sheet_integer(s, count_or_none(row->worst));
  if (!people)
    sheet_integer(s, count_or_none(row->units));
}

static void end_columns(work *w, sheet *s) {
  sheet_column(s, "missing", TXT_COL_MISSING_PARTS, CHISO_CELL_TEXT, 0);
  if (!cli_people(w->c))
    sheet_column(s, "rule", TXT_COL_BRIDGE_RULE, CHISO_CELL_TEXT, 0);
}

static void end_cells(work *w, sheet *s, const crossing *x, uint32_t node,
                      size_t unit, const chiso_bridged *row) {
  sheet_text(s, missing_parts(w, x, node, unit));
  if (!cli_people(w->c))
    sheet_text(s, rule_word(w, x, row->state));
}

static size_t most_units(const work *w) {
  size_t most = 0;
  for (size_t r = 0; r < w->count; r++)
    if (units_in(&w->rounds[r]) > most)
      most = units_in(&w->rounds[r]);
  return most;
}

/* ---- units --------------------------------------------------------------- */

static chiso_bridged row_of(const crossing *x, size_t unit) {
  return x->node != CHISO_NO_NODE
             ? x->rows[unit]
             : (chiso_bridged) { .parts = (uint32_t)chiso_bridge_parts(
                                     x->bridge, unit),
                                 .points = CHISO_NONE,
                                 .low = CHISO_NONE,
                                 .high = CHISO_NONE,
                                 .max = CHISO_NONE,
                                 .percent = NAN,
                                 .percent_low = NAN,
                                 .percent_high = NAN };
}

/* Where there are points in both rounds and no break between. */
static void change_cells(work *w, sheet *s, const crossing *x, size_t unit,
                         const chiso_bridged *row) {
  chiso_dec change = CHISO_NONE;
  double percent = NAN;
  if (x > w->rounds && x->breaks == 0 && unit < units_in(x - 1)) {
    chiso_bridged before = row_of(x - 1, unit);
    if (row->points != CHISO_NONE && before.points != CHISO_NONE) {
      change = row->points - before.points;
      percent = row->max == before.max && row->max > 0
                    ? 100 * (double)change / (double)row->max
                    : row->percent - before.percent;
    }
  }
  sheet_dec(s, change);
  sheet_real(s, percent);
  sheet_text(s, cli_break_words(w->c, x->breaks));
}

static void show_units(work *w, sheet *s) {
  unit_columns(w, s);
  figure_columns(w, s);
  if (several(w)) {
    sheet_column(s, "change", TXT_COL_CHANGE, CHISO_CELL_DEC, digits_of(w));
    sheet_column(s, "change_percent", TXT_COL_CHANGE_PERCENT, CHISO_CELL_REAL,
                 2);
    sheet_column(s, "break", TXT_COL_BREAK, CHISO_CELL_TEXT, 0);
  }
  end_columns(w, s);
  for (size_t t = 0; t < most_units(w); t++)
    for (size_t r = 0; r < w->count; r++) {
      const crossing *x = &w->rounds[r];
      if (!wanted(w, x, t))
        continue;
      chiso_bridged row = row_of(x, t);
      unit_cells(w, s, x, t);
      figure_cells(w, s, &row);
      if (several(w))
        change_cells(w, s, x, t, &row);
      end_cells(w, s, x, x->node, t, &row);
    }
}

/* ---- parts --------------------------------------------------------------- */

static void part_columns(work *w, sheet *s) {
  bool people = cli_people(w->c);
  unit_columns(w, s);
  if (!people)
    sheet_column(s, "part", TXT_COL_PART_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "part_name", TXT_COL_PART, CHISO_CELL_TEXT, 0);
  sheet_column(s, "points", TXT_COL_POINTS, CHISO_CELL_DEC,
               people ? 2 : index_of(&w->rounds[w->count - 1])->digits);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, 2);
  sheet_column_named(s, "percent", "%", CHISO_CELL_REAL, 2);
  sheet_column(s, "from", TXT_COL_FIGURE_FROM, CHISO_CELL_TEXT, 0);
  sheet_column(s, "weight", TXT_COL_WEIGHT_VALUE, CHISO_CELL_DEC,
               people ? 2 : CHISO_DEC_DIGITS);
  sheet_column(s, "share", TXT_COL_WEIGHT_SHARE, CHISO_CELL_REAL, 4);
  sheet_column(s, "date", TXT_COL_CHANGE_DATE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "instrument", TXT_COL_INSTRUMENT, CHISO_CELL_TEXT, 0);
}

static const char *day(cli *c, chiso_date date) {
  char text[16];
  if (!date.year)
    return NULL;
  if (cli_people(c))
    return cli_date(c, date);
  int n = chiso_round_format(date, text);
  return cli_copy(c, text, (size_t)n);
}

static void part_row(work *w, sheet *s, const crossing *x, size_t unit,
                     size_t i) {
  cli *c = w->c;
  chiso_bridge_part part = chiso_bridge_part_at(x->bridge, unit, i);
  const chiso_unit *u = part_unit(x, unit, i);
  chiso_figure f = { .points = CHISO_NONE, .max = CHISO_NONE, .percent = NAN };
  if (x->node != CHISO_NO_NODE)
    f = chiso_figures_get(x->figures, x->node, part.unit);
  unit_cells(w, s, x, unit);
  if (!cli_people(c))
    sheet_text(s, u->code);
  sheet_text(s, cli_unit_name(c, u));
  sheet_dec(s, f.points);
  sheet_dec(s, f.max);
  sheet_real(s, f.percent);
  sheet_text(s, from_word(c, f.from));
  sheet_dec(s, part.weight);
  sheet_real(s, part.share);
  sheet_text(s, day(c, part.date));
  sheet_text(s, part.instrument);
}

static void show_parts(work *w, sheet *s) {
  part_columns(w, s);
  for (size_t t = 0; t < most_units(w); t++)
    for (size_t r = 0; r < w->count; r++)
      for (size_t i = 0; wanted(w, &w->rounds[r], t) &&
                         i < chiso_bridge_parts(w->rounds[r].bridge, t);
           i++)
        part_row(w, s, &w->rounds[r], t, i);
}

/* ---- nodes --------------------------------------------------------------- */

static void node_row(work *w, sheet *s, const crossing *x, size_t unit) {
  cli *c = w->c;
  const chiso_node *node = &index_of(x)->nodes[x->node];
  const chiso_bridged *row = &x->rows[unit];
  if (row->state == CHISO_BRIDGED_NONE)
    return;
  unit_cells(w, s, x, unit);
  sheet_text(s, node->id);
  sheet_text(s, cli_title(c, node));
  figure_cells(w, s, row);
  end_cells(w, s, x, x->node, unit, row);
}

static int show_nodes(work *w, sheet *s) {
  unit_columns(w, s);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  figure_columns(w, s);
  end_columns(w, s);
  for (size_t r = 0; r < w->count; r++) {
    crossing *x = &w->rounds[r];
    for (uint32_t node = 0; node < index_of(x)->n_nodes; node++) {
      int code = cross(w, x, node);
      if (code != EXIT_DONE)
        return code;
      for (size_t t = 0; t < units_in(x); t++)
        if (wanted(w, x, t))
          node_row(w, s, x, t);
    }
    int code = cross(w, x, 0); /* the notes are of the whole */
    if (code != EXIT_DONE)
      return code;
  }
  return EXIT_DONE;
}

/* ---- the command --------------------------------------------------------- */

static int check(cli *c, const char *what) {
  if (strcmp(what, "nodes") == 0 && c->value[OPT_NODE])
    return cli_usage(c, TXT_ERR_BRIDGE_ALL_NODES);
  if (c->n_data == 0 && (c->value[OPT_UNITS] || c->value[OPT_STAGE]))
    return cli_usage(c, TXT_ERR_BRIDGE_NEEDS_DATA,
                     c->value[OPT_UNITS] ? "--units" : "--stage");
  return cli_open_store(c);
}

static int show(work *w, const char *what) {
  sheet s = sheet_new(w->c);
  bool nodes = strcmp(what, "nodes") == 0;
  bool parts = strcmp(what, "parts") == 0;
  int code = EXIT_DONE;
  titles(w, &s, !nodes);
  if (nodes)
    code = show_nodes(w, &s);
  else if (parts)
    show_parts(w, &s);
  else
    show_units(w, &s);
  notes(w, &s, !parts);
  if (code == EXIT_DONE)
    return sheet_write(&s);
  sheet_free(&s);
  return code;
}

/* One new unit; of an older one it is said what it became. */
static int find_unit(work *w) {
  cli *c = w->c;
  const char *name = c->value[OPT_UNIT];
  const crossing *last = &w->rounds[w->count - 1];
  size_t old = SIZE_MAX;
  for (size_t r = 0; r < w->count && old == SIZE_MAX; r++) {
    const crossing *x = &w->rounds[r];
    if (chiso_units_find(chiso_bridge_to(x->bridge), name) == SIZE_MAX)
      old = chiso_units_find(chiso_bridge_from(x->bridge), name);
    for (size_t t = 0; old != SIZE_MAX && t < units_in(x); t++)
      for (size_t i = 0; i < chiso_bridge_parts(x->bridge, t); i++)
        if (chiso_bridge_part_at(x->bridge, t, i).unit == old)
          return cli_usage(c, TXT_ERR_BRIDGE_UNIT, name,
                           chiso_units_set(chiso_bridge_from(x->bridge)),
                           unit_of(x, t)->code,
                           cli_unit_name(c, unit_of(x, t)));
  }
  return cli_unit(c, chiso_bridge_to(last->bridge), name, &w->unit);
}

static int prepare(work *w) {
  cli *c = w->c;
  cli_progress_begin();
  int code = c->n_data > 0 ? read_data(w) : read_history(w);
  cli_progress_end();
  for (size_t r = 0; code == EXIT_DONE && r < w->count; r++) {
    cli_rests_on(c, edition_of(&w->rounds[r]));
    code = build(w, &w->rounds[r]);
  }
  if (code == EXIT_DONE && c->value[OPT_UNIT])
    code = find_unit(w);
  return code == EXIT_DONE ? cross_all(w) : code;
}

int cmd_bridge(cli *c) {
  work w = { .c = c, .unit = SIZE_MAX };
  const char *what =
      c->value[OPT_BRIDGE_WHAT] ? c->value[OPT_BRIDGE_WHAT] : "units";
  int code = check(c, what);
  if (code == EXIT_DONE)
    code = prepare(&w);
  if (code == EXIT_DONE)
    code = show(&w, what);
  for (size_t r = 0; r < w.count; r++)
    if (w.rounds[r].owned)
      chiso_bridge_free(w.rounds[r].bridge);
  chiso_history_free(w.history);
  chiso_figures_free(w.data);
  return code;
}
