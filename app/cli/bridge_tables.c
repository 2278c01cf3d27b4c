/* SPDX-License-Identifier: Apache-2.0
 * The tables of chiso bridge: units, parts, nodes; their words and notes. */
#include "bridge.h"

#include <math.h>
#include <string.h>

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
    text = cli_say(c, TXT_BRIDGE_TITLE_ROUND, text, bridge_round(c, x->figures),
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
    sheet_text(s, bridge_round(c, x->figures));
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
      int code = bridge_cross(w, x, node);
      if (code != EXIT_DONE)
        return code;
      for (size_t t = 0; t < units_in(x); t++)
        if (wanted(w, x, t))
          node_row(w, s, x, t);
    }
    int code = bridge_cross(w, x, 0); /* the notes are of the whole */
    if (code != EXIT_DONE)
      return code;
  }
  return EXIT_DONE;
}

/* ---- all of them --------------------------------------------------------- */

int bridge_show(work *w, const char *what) {
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
