/* SPDX-License-Identifier: Apache-2.0
 * chiso uncertainty: how sure ranks are. */
#include "cli.h"

#include <math.h>
#include <string.h>

#define SHOWN_WIDE 16000 /* replications as columns: a sheet has so many */
#define SURE       0.95  /* a pair is told apart from here on */
#define NODES      100   /* of the search for each end of each unit */
#define MOST_NODES 1000000

typedef struct question {
  cli *c;
  chiso_uncertainty *u;
  const char *what;
  size_t rows, top;
  uint64_t seed;
} question;

/* ---- tables -------------------------------------------------------------- */

static double share_of(const question *q, uint64_t count) {
  return (double)count / (double)chiso_uncertainty_replications(q->u);
}

/* With what it rests on: the same seed gives the same table. */
static int finish(const question *q, sheet *s) {
  cli *c = q->c;
  unsigned long long n = chiso_uncertainty_replications(q->u);
  sheet_note(s, c->value[OPT_PERTURB] ? cli_say(c, TXT_UNCERTAIN_DRAWN, n,
                                                (unsigned long long)q->seed)
                                      : cli_say(c, TXT_UNCERTAIN_GIVEN, n));
  return sheet_write(s);
}

static void integer_or_gap(sheet *s, double value) {
  sheet_integer(s, isnan(value) ? INT64_MIN : (int64_t)value);
}

static void spread_cells(sheet *s, const chiso_spread *of) {
  sheet_real(s, of->mean);
  sheet_real(s, of->median);
  sheet_real(s, of->q5);
  sheet_real(s, of->q95);
  sheet_real(s, of->sd);
}

static void real_column(sheet *s, const char *key, text_id title) {
  sheet_column(s, key, title, CHISO_CELL_REAL, CLI_REAL_DIGITS);
}

static int show_ranks(const question *q) {
  sheet s = sheet_new(q->c);
  sheet_row_columns(&s);
  sheet_column(&s, "Nominal", TXT_COL_NOMINAL, CHISO_CELL_INTEGER, 0);
  real_column(&s, "Mean", TXT_COL_SPREAD_MEAN);
  real_column(&s, "Median", TXT_COL_SPREAD_MEDIAN);
  real_column(&s, "Q5", TXT_COL_SPREAD_Q5);
  real_column(&s, "Q95", TXT_COL_SPREAD_Q95);
  real_column(&s, "SD", TXT_COL_SPREAD_SD);
  for (size_t r = 0; r < q->rows; r++) {
    chiso_spread of = chiso_uncertainty_rank(q->u, r);
    sheet_row_cells(&s, r);
    integer_or_gap(&s, of.nominal);
    spread_cells(&s, &of);
  }
  return finish(q, &s);
}

static int show_intervals(const question *q) {
  sheet s = sheet_new(q->c);
  sheet_row_columns(&s);
  sheet_column(&s, "Rank", TXT_COL_RANK_OF, CHISO_CELL_INTEGER, 0);
  real_column(&s, "RankQ5", TXT_COL_SPREAD_Q5);
  real_column(&s, "RankQ95", TXT_COL_SPREAD_Q95);
  real_column(&s, "Score", TXT_COL_SCORE_NOMINAL);
  real_column(&s, "ScoreMean", TXT_COL_SPREAD_MEAN);
  real_column(&s, "ScoreMedian", TXT_COL_SPREAD_MEDIAN);
  real_column(&s, "ScoreQ5", TXT_COL_SPREAD_Q5);
  real_column(&s, "ScoreQ95", TXT_COL_SPREAD_Q95);
  real_column(&s, "ScoreSD", TXT_COL_SPREAD_SD);
  for (size_t r = 0; r < q->rows && s.status == CHISO_OK; r++) {
    chiso_spread rank = chiso_uncertainty_rank(q->u, r), score;
    s.status = chiso_uncertainty_score(q->u, r, &score, &q->c->err);
    if (s.status != CHISO_OK)
      break;
    sheet_row_cells(&s, r);
    integer_or_gap(&s, rank.nominal);
    sheet_real(&s, rank.q5);
    sheet_real(&s, rank.q95);
    sheet_real(&s, score.nominal);
    spread_cells(&s, &score);
  }
  return finish(q, &s);
}

static int show_distribution(const question *q) {
  sheet s = sheet_new(q->c);
  sheet_row_columns(&s);
  sheet_column(&s, "Rank", TXT_COL_RANK_OF, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Count", TXT_COL_TIMES, CHISO_CELL_INTEGER, 0);
  real_column(&s, "Share", TXT_COL_SHARE_OF);
  for (size_t r = 0; r < q->rows; r++)
    for (size_t rank = 1; rank <= q->rows; rank++) {
      uint64_t count = chiso_uncertainty_count(q->u, r, rank);
      if (count == 0)
        continue;
      sheet_row_cells(&s, r);
      sheet_integer(&s, (int64_t)rank);
      sheet_integer(&s, (int64_t)count);
      sheet_real(&s, share_of(q, count));
    }
  return finish(q, &s);
}

/* How often a unit is among the first so many. */
static int show_top(const question *q) {
  sheet s = sheet_new(q->c);
  bool first = strcmp(q->what, "first") == 0;
  sheet_row_columns(&s);
  sheet_column(&s, "Nominal", TXT_COL_NOMINAL, CHISO_CELL_INTEGER, 0);
  real_column(&s, first ? "First" : "Top", first ? TXT_COL_FIRST : TXT_COL_TOP);
  for (size_t r = 0; r < q->rows; r++) {
    uint64_t count = 0;
    for (size_t rank = 1; rank <= q->top; rank++)
      count += chiso_uncertainty_count(q->u, r, rank);
    sheet_row_cells(&s, r);
    integer_or_gap(&s, chiso_uncertainty_rank(q->u, r).nominal);
    sheet_real(&s, share_of(q, count));
  }
  return finish(q, &s);
}

/* Of each pair the unit that is higher as things stand comes first. */
static void pair_cells(sheet *s, const question *q, size_t a, size_t b) {
  double ra = chiso_uncertainty_rank(q->u, a).nominal;
  double rb = chiso_uncertainty_rank(q->u, b).nominal;
  size_t high = rb < ra ? b : a, low = rb < ra ? a : b;
  double above = share_of(q, chiso_uncertainty_above(q->u, high, low));
  double below = share_of(q, chiso_uncertainty_above(q->u, low, high));
  sheet_text(s, chiso_composite_unit(q->c->composite, high));
  sheet_text(s, chiso_composite_unit(q->c->composite, low));
  sheet_real(s, above);
  sheet_real(s, below);
  sheet_flag(s, above >= SURE || below >= SURE);
}

static int show_pairs(const question *q) {
  sheet s = sheet_new(q->c);
  sheet_column_named(&s, "uCode", "uCode", CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Other", TXT_COL_OTHER, CHISO_CELL_TEXT, 0);
  real_column(&s, "Above", TXT_COL_ABOVE);
  real_column(&s, "Below", TXT_COL_BELOW);
  sheet_column(&s, "Apart", TXT_COL_APART, CHISO_CELL_TEXT, 0);
  for (size_t a = 0; a < q->rows; a++)
    for (size_t b = a + 1; b < q->rows; b++)
      pair_cells(&s, q, a, b);
  return finish(q, &s);
}

static int show_scores(const question *q) {
  uint64_t replications = chiso_uncertainty_replications(q->u);
  if (replications > SHOWN_WIDE)
    return cli_usage(q->c, TXT_ERR_SCORES_WIDE,
                     (unsigned long long)replications,
                     (unsigned long long)SHOWN_WIDE);
  sheet s = sheet_new(q->c);
  sheet_row_columns(&s);
  real_column(&s, "Nominal", TXT_COL_SCORE_NOMINAL);
  for (uint64_t i = 0; i < replications; i++) {
    const char *name = cli_print(q->c, "r_%llu", (unsigned long long)i + 1);
    sheet_column_named(&s, name, name, CHISO_CELL_REAL, CLI_REAL_DIGITS);
  }
  for (size_t r = 0; r < q->rows && s.status == CHISO_OK; r++) {
    chiso_spread score;
    s.status = chiso_uncertainty_score(q->u, r, &score, &q->c->err);
    if (s.status != CHISO_OK)
      break;
    sheet_row_cells(&s, r);
    sheet_real(&s, score.nominal);
    for (uint64_t i = 0; i < replications; i++)
      sheet_real(&s, chiso_uncertainty_score_in(q->u, i, r));
  }
  return finish(q, &s);
}

/* ---- any weights within bounds ------------------------------------------- */

static void end_columns(sheet *s, bool best) {
  sheet_column(s, best ? "Best" : "Worst", best ? TXT_COL_BEST : TXT_COL_WORST,
               CHISO_CELL_INTEGER, 0);
  sheet_column(s, best ? "BestProven" : "WorstProven", TXT_COL_PROVEN,
               CHISO_CELL_INTEGER, 0);
  sheet_column(s, best ? "BestIs" : "WorstIs", TXT_COL_PROVEN_IS,
               CHISO_CELL_TEXT, 0);
}

static void end_cells(sheet *s, uint32_t found, uint32_t proven) {
  sheet_integer(s, (int64_t)found);
  sheet_integer(s, (int64_t)proven);
  sheet_text(s, cli_people(s->c)
                    ? cli_text(s->c, found == proven ? TXT_BOUND_EXACT
                                                     : TXT_BOUND_BOUND)
                : found == proven ? "exact"
                                  : "bound");
}

static int show_bounds(cli *c, const chiso_rank_bounds *b) {
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  sheet_column(&s, "Nominal", TXT_COL_NOMINAL, CHISO_CELL_INTEGER, 0);
  end_columns(&s, true);
  end_columns(&s, false);
  for (size_t r = 0; r < chiso_composite_rows(c->composite); r++) {
    chiso_rank_bound of = chiso_rank_bounds_at(b, r);
    sheet_row_cells(&s, r);
    sheet_integer(&s, (int64_t)of.nominal);
    end_cells(&s, of.best, of.best_proven);
    end_cells(&s, of.worst, of.worst_proven);
  }
  return sheet_write(&s);
}

/* Options that a simulation has and bounds do not. */
static int refuse_others(cli *c) {
  static const option_id others[] = { OPT_PERTURB,      OPT_WEIGHTS_IN,
                                      OPT_REPLICATIONS, OPT_SEED,
                                      OPT_ERRORS,       OPT_THRESHOLD };
  if (!c->value[OPT_WEIGHTS_WITHIN])
    return cli_usage(c, TXT_ERR_BOUNDS_WITHIN);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (c->value[others[i]])
      return cli_usage(c, TXT_ERR_BOUNDS_OTHERS, cli_options[others[i]].name);
  return EXIT_DONE;
}

static int bounds(cli *c) {
  chiso_rank_bounds *b;
  uint64_t nodes;
  chiso_rank_bounds_spec spec = {
    .normalise = c->value[OPT_NORMALISE] ? c->value[OPT_NORMALISE] : "none",
    .aggregate = c->value[OPT_AGGREGATE],
    .within = c->value[OPT_WEIGHTS_WITHIN],
    .write_draws = c->value[OPT_WRITE_DRAWS],
  };
  int code = refuse_others(c);
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_MOST_NODES, 0, MOST_NODES, NODES, &nodes);
  if (code == EXIT_DONE)
    code = cli_composite_open(c);
  if (code != EXIT_DONE)
    return code;
  spec.most_nodes = (uint32_t)nodes;
  cli_progress_begin();
  chiso_status status = cli_composite_change(c);
  if (status == CHISO_OK && c->value[OPT_WEIGHTS])
    status = cli_composite_compute(c);
  if (status == CHISO_OK)
    status = chiso_rank_bounds_run(c->composite, &spec, &b, &c->err);
  cli_progress_end();
  cli_composite_remarks(c, c->composite);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  code = show_bounds(c, b);
  chiso_rank_bounds_free(b);
  return code;
}

/* ---- the command --------------------------------------------------------- */

static const struct {
  const char *name;
  int (*show)(const question *q);
} shows[] = {
  { "ranks", show_ranks }, { "intervals", show_intervals },
  { "first", show_top },   { "distribution", show_distribution },
  { "pairs", show_pairs }, { "scores", show_scores },
  { "top", show_top },
};

static bool asks(const question *q, const char *what) {
  return strcmp(q->what, what) == 0;
}

/* "top:10" becomes "top" and 10. */
static int read_what(question *q) {
  const char *text = q->c->value[OPT_UNCERTAIN_WHAT];
  size_t rows = chiso_composite_rows(q->c->composite);
  q->what = text ? text : "ranks";
  q->top = 1;
  if (strncmp(q->what, "top:", 4) == 0) {
    q->top = 0;
    for (const char *at = text + 4; *at >= '0' && *at <= '9' && q->top <= rows;
         at++)
      q->top = q->top * 10 + (size_t)(*at - '0');
    if (q->top == 0 || q->top > rows ||
        text[4 + strspn(text + 4, "0123456789")])
      return cli_usage(q->c, TXT_ERR_UNCERTAIN_TOP, text, rows);
    q->what = "top";
    return EXIT_DONE;
  }
  for (size_t i = 0; i + 1 < sizeof shows / sizeof *shows; i++)
    if (asks(q, shows[i].name))
      return EXIT_DONE;
  return cli_usage(q->c, TXT_ERR_UNCERTAIN_WHAT, text);
}

static int read_spec(question *q, chiso_uncertainty_spec *spec) {
  cli *c = q->c;
  uint64_t threads;
  *spec = (chiso_uncertainty_spec) {
    .normalise = c->value[OPT_NORMALISE] ? c->value[OPT_NORMALISE] : "none",
    .aggregate = c->value[OPT_AGGREGATE],
    .threshold = c->value[OPT_THRESHOLD],
    .perturb = c->value[OPT_PERTURB],
    .weights_in = c->value[OPT_WEIGHTS_IN],
    .write_draws = c->value[OPT_WRITE_DRAWS],
    .scores = asks(q, "intervals") || asks(q, "scores"),
    .pairs = asks(q, "pairs"),
  };
  int code = cli_whole(c, OPT_REPLICATIONS, 1, CHISO_MOST_REPLICATIONS,
                       spec->weights_in ? 0 : 1000, &spec->replications);
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_SEED, 0, UINT64_MAX, 1, &spec->seed);
  q->seed = spec->seed;
  if (code == EXIT_DONE)
    code = cli_whole(c, OPT_THREADS, 1, 64, 0, &threads);
  spec->threads = code == EXIT_DONE ? (unsigned)threads : 0;
  return code;
}

static int ask(question *q) {
  cli *c = q->c;
  chiso_uncertainty_spec spec;
  int code = read_what(q);
  if (code == EXIT_DONE)
    code = read_spec(q, &spec);
  if (code != EXIT_DONE)
    return code;
  cli_progress_begin();
  chiso_status status = cli_composite_change(c);
  if (status == CHISO_OK && c->value[OPT_WEIGHTS])
    status = cli_composite_compute(c);
  if (status == CHISO_OK)
    status = chiso_uncertainty_run(c->composite, &spec, &q->u, &c->err);
  cli_progress_end();
  cli_composite_remarks(c, c->composite);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  q->rows = chiso_composite_rows(c->composite);
  size_t i = 0;
  while (!asks(q, shows[i].name))
    i++;
  code = shows[i].show(q);
  chiso_uncertainty_free(q->u);
  return code;
}

int cmd_uncertainty(cli *c) {
  question q = { .c = c };
  if (!c->value[OPT_AGGREGATE])
    return cli_usage(c, TXT_ERR_UNCERTAIN_AGGREGATE);
  const char *what = c->value[OPT_UNCERTAIN_WHAT];
  if (what && strcmp(what, "bounds") == 0)
    return bounds(c);
  if (c->value[OPT_WEIGHTS_WITHIN] || c->value[OPT_MOST_NODES])
    return cli_usage(c, TXT_ERR_BOUNDS_WHAT,
                     c->value[OPT_WEIGHTS_WITHIN] ? "weights-within" : "nodes");
  if (!c->value[OPT_PERTURB] && !c->value[OPT_WEIGHTS_IN])
    return cli_usage(c, TXT_ERR_UNCERTAIN_PERTURB);
  int code = cli_composite_open(c);
  if (code == EXIT_DONE)
    code = cli_composite_draw_from(c);
  return code == EXIT_DONE ? ask(&q) : code;
}
