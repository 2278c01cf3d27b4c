/* SPDX-License-Identifier: Apache-2.0
 * chiso whatif on a composite index: other data, rows, weights or steps. */
#include "whatif.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct built {
  cli *c;
  const whatif_changes *w;
  chiso_composite *before, *after;
  size_t code[2]; /* the code shown, in each */
  double *rank[2];
  size_t *row[2]; /* rows of a line; SIZE_MAX: not there */
  size_t lines;
} built;

/* ---- options ------------------------------------------------------------- */

static int refuse(cli *c, const whatif_changes *w) {
  static const option_id runs[] = { OPT_WITH, OPT_ADD_UNITS, OPT_GROUP,
                                    OPT_ON };
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
    if (c->value[runs[i]])
      return cli_usage(c, TXT_ERR_WHATIF_RUN, cli_options[runs[i]].name);
  if (w->n_tables)
    return cli_usage(c, TXT_ERR_WHATIF_RUN, "changes");
  for (size_t i = 0; i < w->n_entries; i++) {
    if (w->entries[i].points)
      return cli_usage(c, TXT_ERR_WHATIF_RUN, "give");
    if (*w->entries[i].input)
      return cli_usage(c, TXT_ERR_WHATIF_PAIR, "set", w->entries[i].said + 6,
                       "UNIT:CODE=VALUE,...");
    for (size_t k = 0; k < i; k++)
      if (strcmp(w->entries[i].unit, w->entries[k].unit) == 0 &&
          strcmp(w->entries[i].node, w->entries[k].node) == 0)
        return cli_usage(c, TXT_ERR_WHATIF_TWICE, w->entries[k].said,
                         w->entries[i].said);
  }
  if (!c->value[OPT_AGGREGATE])
    return cli_usage(c, TXT_ERR_WHATIF_AGGREGATE);
  return EXIT_DONE;
}

/* --then STEP=METHOD: the options of the second index. */
static int take_then(cli *c) {
  static const option_id steps[] = { OPT_SCREEN,    OPT_DENOMINATE, OPT_IMPUTE,
                                     OPT_TREAT,     OPT_NORMALISE,  OPT_WEIGHTS,
                                     OPT_AGGREGATE, OPT_THRESHOLD };
  const size_t count = sizeof steps / sizeof *steps;
  bool taken[sizeof steps / sizeof *steps] = { false };
  for (size_t i = 0; i < c->n_said; i++) {
    const char *text = c->said[i].value, *equals = strchr(text, '=');
    size_t k = 0;
    if (c->said[i].id != OPT_THEN)
      continue;
    const char *name =
        equals ? cli_copy(c, text, (size_t)(equals - text)) : text;
    while (k < count && strcmp(cli_options[steps[k]].name, name) != 0)
      k++;
    if (k == count || !equals || !equals[1])
      return cli_usage(c, TXT_ERR_WHATIF_STEP, text);
    if (taken[k])
      return cli_usage(c, TXT_ERR_WHATIF_STEPS, name);
    taken[k] = true;
    c->value[steps[k]] = equals + 1;
  }
  return EXIT_DONE;
}

/* ---- the two indices ----------------------------------------------------- */

static int open_one(cli *c) {
  chiso_run_free(c->run);
  c->run = NULL;
  c->composite = NULL;
  return cli_composite_open(c);
}

static chiso_status change(built *b) {
  cli *c = b->c;
  const whatif_changes *w = b->w;
  chiso_status status = CHISO_OK;
  size_t changed;
  for (size_t i = 0; status == CHISO_OK && i < w->n_entries; i++)
    status = chiso_composite_set(c->composite, w->entries[i].unit,
                                 w->entries[i].node, w->entries[i].value,
                                 &changed, &c->err);
  if (status == CHISO_OK && w->n_only)
    status =
        chiso_composite_keep(c->composite, w->only, w->n_only, true, &c->err);
  if (status == CHISO_OK && w->n_without)
    status = chiso_composite_keep(c->composite, w->without, w->n_without, false,
                                  &c->err);
  return status;
}

static chiso_status reweigh(built *b) {
  cli *c = b->c;
  if (b->w->n_weights == 0)
    return CHISO_OK;
  chiso_status status = chiso_composite_reweigh(c->composite, b->w->weights,
                                                b->w->n_weights, &c->err);
  if (status == CHISO_OK)
    status = chiso_composite_aggregate(c->composite, c->value[OPT_AGGREGATE],
                                       c->value[OPT_THRESHOLD], &c->err);
  return status;
}

static int build(built *b, bool changed) {
  cli *c = b->c;
  int code = open_one(c);
  if (code != EXIT_DONE)
    return code;
  cli_progress_begin();
  chiso_status status = changed ? change(b) : CHISO_OK;
  if (status == CHISO_OK)
    status = cli_composite_change(c);
  if (status == CHISO_OK)
    status = cli_composite_compute(c);
  if (status == CHISO_OK && changed)
    status = reweigh(b);
  cli_progress_end();
  cli_composite_remarks(c, c->composite);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

/* ---- rows of both -------------------------------------------------------- */

/* The code of --node, or the top: the one without a parent. */
static int find_code(cli *c, const chiso_composite *k, size_t *out) {
  const char *name = c->value[OPT_WHATIF_NODE];
  size_t tops = 0;
  *out = SIZE_MAX;
  for (size_t i = 0; i < chiso_composite_codes(k); i++) {
    chiso_composite_code code = chiso_composite_code_at(k, i);
    bool top = code.parent == UINT32_MAX && i >= chiso_composite_indicators(k);
    if (name ? strcmp(code.code, name) == 0 : top) {
      *out = i;
      tops++;
    }
  }
  if (name && *out == SIZE_MAX)
    return cli_usage(c, TXT_ERR_WHATIF_CODE, name);
  return tops == 1 ? EXIT_DONE : cli_usage(c, TXT_ERR_WHATIF_TOP);
}

static const char *time_of(const chiso_composite *k, size_t row) {
  const char *time = chiso_composite_time(k, row);
  return time ? time : "";
}

typedef struct key {
  const char *unit, *time;
  size_t row;
} key;

static int by_key(const void *a, const void *b) {
  const key *x = a, *y = b;
  int unit = strcmp(x->unit, y->unit);
  return unit ? unit : strcmp(x->time, y->time);
}

static key *keys_of(cli *c, const chiso_composite *k) {
  size_t n = chiso_composite_rows(k);
  key *keys = cli_alloc(c, (n + 1) * sizeof *keys);
  for (size_t r = 0; keys && r < n; r++)
    keys[r] = (key) { chiso_composite_unit(k, r), time_of(k, r), r };
  if (keys)
    qsort(keys, n, sizeof *keys, by_key);
  return keys;
}

/* Lines are the rows of both, by code and time. */
static int match(built *b) {
  cli *c = b->c;
  size_t n = chiso_composite_rows(b->before);
  size_t m = chiso_composite_rows(b->after), i = 0, k = 0;
  key *x = keys_of(c, b->before), *y = keys_of(c, b->after);
  for (int side = 0; side < 2; side++) {
    b->row[side] = cli_alloc(c, (n + m + 1) * sizeof(size_t));
    b->rank[side] = cli_alloc(c, (n + m + 1) * sizeof(double));
  }
  if (!x || !y || !b->row[0] || !b->row[1] || !b->rank[0] || !b->rank[1])
    return EXIT_BUG;
  while (i < n || k < m) {
    int order = i == n ? 1 : k == m ? -1 : by_key(&x[i], &y[k]);
    b->row[0][b->lines] = order <= 0 ? x[i++].row : SIZE_MAX;
    b->row[1][b->lines++] = order >= 0 ? y[k++].row : SIZE_MAX;
  }
  chiso_status status = chiso_composite_ranks(
      b->before, b->code[0], SIZE_MAX, CHISO_TIES_MIN, b->rank[0], &c->err);
  if (status == CHISO_OK)
    status = chiso_composite_ranks(b->after, b->code[1], SIZE_MAX,
                                   CHISO_TIES_MIN, b->rank[1], &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static double score_at(const built *b, unsigned side, size_t line) {
  const chiso_composite *k = side ? b->after : b->before;
  size_t row = b->row[side][line];
  return row == SIZE_MAX ? NAN : chiso_composite_values(k, b->code[side])[row];
}

static double rank_at(const built *b, unsigned side, size_t line) {
  size_t row = b->row[side][line];
  return row == SIZE_MAX ? NAN : b->rank[side][row];
}

static bool differ(double x, double y) {
  return isnan(x) ? !isnan(y) : x != y;
}

static bool is_moved(const built *b, size_t line) {
  return differ(score_at(b, 0, line), score_at(b, 1, line)) ||
         differ(rank_at(b, 0, line), rank_at(b, 1, line));
}

/* ---- tables -------------------------------------------------------------- */

/* The columns that say which row it is are those of the side that has it. */
static void row_cells(built *b, sheet *s, size_t line) {
  unsigned side = b->row[1][line] == SIZE_MAX ? 0 : 1;
  b->c->composite = side ? b->after : b->before;
  sheet_row_cells(s, b->row[side][line]);
  b->c->composite = b->after;
}

static void integer(sheet *s, double x) {
  sheet_integer(s, isnan(x) ? INT64_MIN : (int64_t)x);
}

/* The layout of COINr's compare_coins(): rows by code, Diff the first less the
 * second. */
static int show_compare(built *b, bool ranks) {
  sheet s = sheet_new(b->c);
  chiso_cell_type type = ranks ? CHISO_CELL_INTEGER : CHISO_CELL_REAL;
  unsigned digits = ranks ? 0 : CLI_REAL_DIGITS;
  size_t moved = 0;
  sheet_column_named(&s, "uCode", "uCode", CHISO_CELL_TEXT, 0);
  if (chiso_composite_time(b->before, 0))
    sheet_column_named(&s, "Time", "Time", CHISO_CELL_TEXT, 0);
  sheet_column_named(&s, "coin.1", "coin.1", type, digits);
  sheet_column_named(&s, "coin.2", "coin.2", type, digits);
  sheet_column_named(&s, "Diff", "Diff", type, digits);
  sheet_column_named(&s, "Abs.diff", "Abs.diff", type, digits);
  for (size_t i = 0; i < b->lines; i++) {
    unsigned side = b->row[1][i] == SIZE_MAX ? 0 : 1;
    const chiso_composite *k = side ? b->after : b->before;
    double x = ranks ? rank_at(b, 0, i) : score_at(b, 0, i);
    double y = ranks ? rank_at(b, 1, i) : score_at(b, 1, i);
    double cells[] = { x, y, x - y, fabs(x - y) };
    moved += differ(x, y);
    if (b->c->value[OPT_MOVED] && !differ(x, y))
      continue;
    sheet_text(&s, chiso_composite_unit(k, b->row[side][i]));
    if (chiso_composite_time(b->before, 0))
      sheet_text(&s, time_of(k, b->row[side][i]));
    for (size_t j = 0; j < 4; j++) {
      if (ranks)
        integer(&s, cells[j]);
      else
        sheet_real(&s, cells[j]);
    }
  }
  whatif_note(&s, moved);
  return sheet_write(&s);
}

static void real(sheet *s, const char *name, text_id title) {
  sheet_column(s, name, title, CHISO_CELL_REAL, CLI_REAL_DIGITS);
}

typedef struct place {
  double rank; /* NaN: none */
  size_t line;
} place;

static int by_rank(const void *a, const void *b) {
  const place *x = a, *y = b;
  bool none[2] = { isnan(x->rank), isnan(y->rank) };
  if (none[0] != none[1])
    return none[0] ? 1 : -1;
  if (!none[0] && x->rank != y->rank)
    return x->rank < y->rank ? -1 : 1;
  return x->line < y->line ? -1 : 1;
}

/* As the league would stand. */
static int show_ranks(built *b) {
  size_t moved = 0;
  place *order = cli_alloc(b->c, (b->lines + 1) * sizeof *order);
  if (!order)
    return EXIT_BUG;
  for (size_t i = 0; i < b->lines; i++)
    order[i] = (place) { rank_at(b, 1, i), i };
  qsort(order, b->lines, sizeof *order, by_rank);
  sheet s = sheet_new(b->c);
  sheet_row_columns(&s);
  real(&s, "before", TXT_COL_BEFORE);
  real(&s, "after", TXT_COL_AFTER);
  real(&s, "change", TXT_COL_CHANGE);
  sheet_column(&s, "rank_before", TXT_COL_RANK_BEFORE, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "rank_after", TXT_COL_RANK_AFTER, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "rank_change", TXT_COL_RANK_CHANGE, CHISO_CELL_INTEGER, 0);
  for (size_t k = 0; k < b->lines; k++) {
    size_t i = order[k].line;
    moved += is_moved(b, i);
    if (b->c->value[OPT_MOVED] && !is_moved(b, i))
      continue;
    row_cells(b, &s, i);
    sheet_real(&s, score_at(b, 0, i));
    sheet_real(&s, score_at(b, 1, i));
    sheet_real(&s, score_at(b, 1, i) - score_at(b, 0, i));
    integer(&s, rank_at(b, 0, i));
    integer(&s, rank_at(b, 1, i));
    integer(&s, rank_at(b, 1, i) - rank_at(b, 0, i));
  }
  whatif_note(&s, moved);
  return sheet_write(&s);
}

static int show_summary(built *b) {
  cli *c = b->c;
  chiso_moves moves;
  size_t scores = 0, moved = 0;
  uint32_t *ranks = cli_alloc(c, (2 * b->lines + 1) * sizeof *ranks);
  if (!ranks)
    return EXIT_BUG;
  for (size_t i = 0; i < b->lines; i++) {
    double x = rank_at(b, 0, i), y = rank_at(b, 1, i);
    ranks[i] = isnan(x) ? 0 : (uint32_t)x;
    ranks[b->lines + i] = isnan(y) ? 0 : (uint32_t)y;
    scores += b->row[0][i] != SIZE_MAX && b->row[1][i] != SIZE_MAX &&
              differ(score_at(b, 0, i), score_at(b, 1, i));
    moved += is_moved(b, i);
  }
  chiso_status status =
      chiso_moves_of(ranks, ranks + b->lines, b->lines, NULL, &moves, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  whatif_note(&s, moved);
  return whatif_summary(
      &s, &moves,
      moves.unit == SIZE_MAX
          ? NULL
          : chiso_composite_unit(b->after, b->row[1][moves.unit]),
      chiso_composite_rows(b->before), chiso_composite_rows(b->after), scores,
      0);
}

/* ---- codes of one unit --------------------------------------------------- */

static size_t code_of(const chiso_composite *k, const char *name) {
  for (size_t i = 0; i < chiso_composite_codes(k); i++)
    if (strcmp(chiso_composite_code_at(k, i).code, name) == 0)
      return i;
  return SIZE_MAX;
}

static bool is_unit(const chiso_composite *k, size_t row, const char *name) {
  const char *title = chiso_composite_unit_name(k, row);
  return strcmp(chiso_composite_unit(k, row), name) == 0 ||
         (title && strcmp(title, name) == 0);
}

/* Every code whose value moved: normalised indicators, then aggregates. */
static size_t code_rows(built *b, sheet *s, size_t line) {
  size_t moved = 0;
  for (size_t i = 0; i < chiso_composite_codes(b->after); i++) {
    const char *name = chiso_composite_code_at(b->after, i).code;
    size_t old = code_of(b->before, name);
    size_t row[2] = { b->row[0][line], b->row[1][line] };
    double x = old == SIZE_MAX || row[0] == SIZE_MAX
                   ? NAN
                   : chiso_composite_values(b->before, old)[row[0]];
    double y =
        row[1] == SIZE_MAX ? NAN : chiso_composite_values(b->after, i)[row[1]];
    if (!differ(x, y))
      continue;
    moved++;
    row_cells(b, s, line);
    sheet_text(s, name);
    sheet_real(s, x);
    sheet_real(s, y);
    sheet_real(s, y - x);
  }
  return moved;
}

static int show_codes(built *b) {
  cli *c = b->c;
  const char *name = c->value[OPT_UNIT];
  size_t found = 0, moved = 0;
  if (!name)
    return cli_usage(c, TXT_ERR_WHATIF_UNIT);
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  sheet_column_named(&s, "iCode", "iCode", CHISO_CELL_TEXT, 0);
  real(&s, "before", TXT_COL_BEFORE);
  real(&s, "after", TXT_COL_AFTER);
  real(&s, "change", TXT_COL_CHANGE);
  for (size_t i = 0; i < b->lines; i++) {
    unsigned side = b->row[1][i] == SIZE_MAX ? 0 : 1;
    if (!is_unit(side ? b->after : b->before, b->row[side][i], name))
      continue;
    found++;
    moved += code_rows(b, &s, i);
  }
  if (!found) {
    sheet_free(&s);
    return cli_usage(c, TXT_ERR_WHATIF_ROW, name);
  }
  whatif_note(&s, moved);
  return sheet_write(&s);
}

/* ---- the command --------------------------------------------------------- */

static int show(built *b) {
  cli *c = b->c;
  const char *what = c->value[OPT_WHATIF_WHAT];
  bool compare = what && strncmp(what, "compare:", 8) == 0;
  /* the peer's layout has no further column */
  if (!compare || c->format != CHISO_FORMAT_CSV)
    whatif_mark(c);
  if (compare)
    return show_compare(b, strcmp(what, "compare:ranks") == 0);
  if (what && strcmp(what, "summary") == 0)
    return show_summary(b);
  if (what && strcmp(what, "nodes") == 0)
    return show_codes(b);
  return show_ranks(b);
}

int whatif_composite(cli *c, const whatif_changes *changes) {
  built b = { .c = c, .w = changes };
  int code = refuse(c, changes);
  if (code == EXIT_DONE)
    code = build(&b, false);
  b.before = c->composite;
  c->composite = NULL;
  if (code == EXIT_DONE)
    code = take_then(c);
  if (code == EXIT_DONE)
    code = build(&b, true);
  b.after = c->composite;
  if (code == EXIT_DONE)
    code = find_code(c, b.before, &b.code[0]);
  if (code == EXIT_DONE)
    code = find_code(c, b.after, &b.code[1]);
  if (code == EXIT_DONE)
    code = match(&b);
  if (code == EXIT_DONE)
    code = show(&b);
  c->composite = b.after;
  chiso_composite_free(b.before);
  return code;
}
