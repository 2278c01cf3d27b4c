/* SPDX-License-Identifier: Apache-2.0
 * chiso compare: rounds and indices side by side. */
#include "sides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- units --------------------------------------------------------------- */

static void unit_columns(bench *b, sheet *s) {
  if (!cli_people(b->c))
    sheet_column(s, "unit", TXT_COL_UNIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "name", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
}

static void unit_cells(bench *b, sheet *s, size_t unit) {
  const chiso_unit *u = chiso_units_get(b->units, unit);
  if (!cli_people(b->c))
    sheet_text(s, u->code);
  sheet_text(s, cli_unit_name(b->c, u));
}

static void side_columns(bench *b, sheet *s, size_t i) {
  cli *c = b->c;
  const column *k = &b->columns[i];
  sheet_column_named(s, cli_print(c, "percent %s", k->label),
                     cli_say(c, TXT_COL_SIDE_PERCENT, k->letter),
                     CHISO_CELL_REAL, 2);
  sheet_column_named(s, cli_print(c, "rank %s", k->label),
                     cli_say(c, TXT_COL_SIDE_RANK, k->letter),
                     CHISO_CELL_INTEGER, 0);
  sheet_column_named(s, cli_print(c, "quarter %s", k->label),
                     cli_say(c, TXT_COL_SIDE_QUARTER, k->letter),
                     CHISO_CELL_INTEGER, 0);
  if (i > 0)
    sheet_column_named(
        s, cli_print(c, "difference %s", k->label),
        cli_say(c, TXT_COL_SIDE_DIFFERENCE, k->letter, b->columns[0].letter),
        CHISO_CELL_INTEGER, 0);
}

static int64_t count_or_none(uint32_t value) {
  return value ? (int64_t)value : INT64_MIN;
}

static void side_cells(bench *b, sheet *s, size_t i, size_t unit) {
  int64_t difference;
  sheet_real(s, chiso_sides_percents(b->sides, i)[unit]);
  sheet_integer(s, count_or_none(chiso_sides_rank(b->sides, i, unit)));
  sheet_integer(s, count_or_none(chiso_sides_quarter(b->sides, i, unit)));
  if (i > 0)
    sheet_integer(s, chiso_sides_difference(b->sides, 0, i, unit, &difference)
                         ? difference
                         : INT64_MIN);
}

static bool wanted(const bench *b, size_t unit) {
  bool any = false;
  if (b->unit != SIZE_MAX)
    return unit == b->unit;
  for (size_t i = 0; i < b->count; i++)
    any = any || !isnan(chiso_sides_percents(b->sides, i)[unit]);
  return any;
}

static void show_units(bench *b, sheet *s) {
  size_t high, low;
  unit_columns(b, s);
  for (size_t i = 0; i < b->count; i++)
    side_columns(b, s, i);
  sheet_column(s, "spread", TXT_COL_SPREAD, CHISO_CELL_REAL, 1);
  for (size_t u = 0; u < chiso_units_count(b->units); u++) {
    if (!wanted(b, u))
      continue;
    unit_cells(b, s, u);
    for (size_t i = 0; i < b->count; i++)
      side_cells(b, s, i, u);
    sheet_real(s, chiso_sides_spread(b->sides, u, &high, &low));
  }
}

/* ---- pairs, areas, concepts ---------------------------------------------- */

static void estimate_columns(sheet *s, const char *name, const char *title) {
  cli *c = s->c;
  sheet_column_named(s, name, title, CHISO_CELL_REAL, 3);
  sheet_column_named(s, cli_print(c, "%s_low", name), cli_text(c, TXT_COL_LOW),
                     CHISO_CELL_REAL, 3);
  sheet_column_named(s, cli_print(c, "%s_high", name),
                     cli_text(c, TXT_COL_HIGH), CHISO_CELL_REAL, 3);
}

static void association_columns(sheet *s) {
  sheet_column(s, "n", TXT_COL_N, CHISO_CELL_INTEGER, 0);
  estimate_columns(s, "pearson", "Pearson");
  estimate_columns(s, "spearman", "Spearman");
  estimate_columns(s, "kendall", "tau-b");
}

static void estimate_cells(sheet *s, chiso_estimate e) {
  sheet_real(s, e.value);
  sheet_real(s, e.low);
  sheet_real(s, e.high);
}

static void association_cells(bench *b, sheet *s, const chiso_association *a) {
  b->few = b->few || a->n < CHISO_LEAST_PAIRS;
  sheet_integer(s, (int64_t)a->n);
  estimate_cells(s, a->pearson);
  estimate_cells(s, a->spearman);
  estimate_cells(s, a->kendall);
}

static void associate(bench *b, sheet *s, const double *x, const double *y,
                      chiso_association *out) {
  if (s->status == CHISO_OK)
    s->status = chiso_associate(x, y, chiso_units_count(b->units), NULL, out,
                                &b->c->err);
}

static const char *name_of(const bench *b, size_t i) {
  return cli_people(b->c) ? b->columns[i].letter : b->columns[i].label;
}

static void show_pairs(bench *b, sheet *s) {
  chiso_association a = { 0 };
  sheet_column(s, "a", TXT_COL_SIDE_A, CHISO_CELL_TEXT, 0);
  sheet_column(s, "b", TXT_COL_SIDE_B, CHISO_CELL_TEXT, 0);
  association_columns(s);
  for (size_t i = 0; i < b->count; i++)
    for (size_t j = i + 1; j < b->count; j++) {
      associate(b, s, chiso_sides_percents(b->sides, i),
                chiso_sides_percents(b->sides, j), &a);
      sheet_text(s, name_of(b, i));
      sheet_text(s, name_of(b, j));
      association_cells(b, s, &a);
    }
}

static const chiso_node *node_at(const bench *b, size_t i, uint32_t node) {
  return &chiso_methodology_index(b->columns[i].m)->nodes[node];
}

static void node_columns(sheet *s) {
  sheet_column(s, "a", TXT_COL_SIDE_A, CHISO_CELL_TEXT, 0);
  sheet_column(s, "node_a", TXT_COL_NODE_A, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title_a", TXT_COL_TITLE_A, CHISO_CELL_TEXT, 0);
  sheet_column(s, "b", TXT_COL_SIDE_B, CHISO_CELL_TEXT, 0);
  sheet_column(s, "node_b", TXT_COL_NODE_B, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title_b", TXT_COL_TITLE_B, CHISO_CELL_TEXT, 0);
  association_columns(s);
}

static void node_cells(bench *b, sheet *s, size_t i, uint32_t node) {
  sheet_text(s, name_of(b, i));
  sheet_text(s, node_at(b, i, node)->id);
  sheet_text(s, cli_title(b->c, node_at(b, i, node)));
}

static chiso_association node_pair(bench *b, sheet *s, size_t i, uint32_t x,
                                   size_t j, uint32_t y) {
  chiso_association a = { 0 };
  bench_percents(b, i, x, b->x);
  bench_percents(b, j, y, b->y);
  associate(b, s, b->x, b->y, &a);
  return a;
}

static void area_pairs(bench *b, sheet *s, size_t i, size_t j) {
  const column *p = &b->columns[i], *q = &b->columns[j];
  for (uint32_t x = bench_area(p, CHISO_NO_NODE); x != CHISO_NO_NODE;
       x = bench_area(p, x))
    for (uint32_t y = bench_area(q, CHISO_NO_NODE); y != CHISO_NO_NODE;
         y = bench_area(q, y)) {
      chiso_association a = node_pair(b, s, i, x, j, y);
      if (a.n == 0) {
        b->empty++;
        continue;
      }
      node_cells(b, s, i, x);
      node_cells(b, s, j, y);
      association_cells(b, s, &a);
    }
}

static void show_areas(bench *b, sheet *s) {
  node_columns(s);
  for (size_t i = 0; i < b->count; i++)
    for (size_t j = i + 1; j < b->count; j++)
      area_pairs(b, s, i, j);
}

static void concept_pairs(bench *b, sheet *s, size_t i, size_t j) {
  uint32_t n = chiso_methodology_index(b->columns[i].m)->n_nodes;
  for (uint32_t x = 0; x < n; x++) {
    uint32_t y = bench_twin(b, i, x, j);
    if (y == CHISO_NO_NODE)
      continue;
    b->joined++;
    chiso_association a = node_pair(b, s, i, x, j, y);
    if (a.n == 0) {
      b->empty++;
      continue;
    }
    const char *own = bench_concept(b, i, x), *other = bench_concept(b, j, y);
    sheet_text(s, own && other && strcmp(own, other) == 0 ? own : NULL);
    node_cells(b, s, i, x);
    node_cells(b, s, j, y);
    association_cells(b, s, &a);
  }
}

static void show_concepts(bench *b, sheet *s) {
  sheet_column(s, "concept", TXT_COL_CONCEPT, CHISO_CELL_TEXT, 0);
  node_columns(s);
  for (size_t i = 0; i < b->count; i++)
    for (size_t j = i + 1; j < b->count; j++)
      concept_pairs(b, s, i, j);
}

/* ---- concordance --------------------------------------------------------- */

static void concordance_row(bench *b, sheet *s, const char *concept,
                            const char *kind, const char *title,
                            const double *const *columns, size_t count) {
  chiso_concordance w = { 0 };
  if (s->status == CHISO_OK)
    s->status = chiso_concord(columns, count, chiso_units_count(b->units), NULL,
                              &w, &b->c->err);
  if (concept && w.n == 0) {
    b->empty++;
    return;
  }
  sheet_text(s, concept);
  sheet_text(s, kind);
  sheet_text(s, title);
  sheet_integer(s, (int64_t)count);
  sheet_integer(s, (int64_t)w.n);
  sheet_real(s, w.w);
  sheet_real(s, w.chi2);
  sheet_integer(s, isnan(w.w) ? INT64_MIN : (int64_t)w.n - 1);
  sheet_real(s, w.p);
  b->few_ranked = b->few_ranked || w.n < CHISO_LEAST_RANKED;
}

static void concordance_of(bench *b, sheet *s, size_t first, uint32_t node) {
  const double *columns[BENCH_MOST];
  size_t count = 0, n = chiso_units_count(b->units);
  const char *concept = bench_concept(b, first, node);
  for (size_t i = 0; concept && i < b->count; i++) {
    uint32_t at = i == first ? node : bench_by_concept(b, i, concept);
    if (at == CHISO_NO_NODE)
      continue;
    if (i < first)
      return; /* told by the first that has it */
    bench_percents(b, i, at, b->table + count * n);
    columns[count] = b->table + count * n;
    count++;
  }
  if (count >= 2)
    concordance_row(
        b, s, concept,
        cli_people(b->c)
            ? chiso_title(CHISO_FAMILY_KIND, node_at(b, first, node)->kind,
                          b->c->lang)
            : chiso_key(CHISO_FAMILY_KIND, node_at(b, first, node)->kind),
        cli_title(b->c, node_at(b, first, node)), columns, count);
}

static void show_concordance(bench *b, sheet *s) {
  const double *columns[BENCH_MOST];
  sheet_column(s, "concept", TXT_COL_CONCEPT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "kind", TXT_COL_KIND, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "columns", TXT_COL_SIDES, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "n", TXT_COL_N, CHISO_CELL_INTEGER, 0);
  sheet_column_named(s, "w", "W", CHISO_CELL_REAL, 3);
  sheet_column(s, "chi2", TXT_COL_CHI2, CHISO_CELL_REAL, 2);
  sheet_column(s, "df", TXT_COL_DF, CHISO_CELL_INTEGER, 0);
  sheet_column_named(s, "p", "p", CHISO_CELL_REAL, 4);
  for (size_t i = 0; i < b->count; i++)
    columns[i] = chiso_sides_percents(b->sides, i);
  concordance_row(b, s, NULL, NULL, NULL, columns, b->count);
  for (size_t i = 0; i < b->count; i++)
    for (uint32_t n = 0; n < chiso_methodology_index(b->columns[i].m)->n_nodes;
         n++)
      concordance_of(b, s, i, n);
}

/* ---- disagreement -------------------------------------------------------- */

typedef struct gap {
  double spread;
  size_t unit, high, low;
} gap;

static int wider(const void *a, const void *b) {
  const gap *x = a, *y = b;
  if (x->spread != y->spread)
    return x->spread > y->spread ? -1 : 1;
  return x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* The area that pulls a unit up most, or down. */
static uint32_t strongest(bench *b, size_t side, size_t unit, int sign,
                          double *pull) {
  const column *k = &b->columns[side];
  uint32_t best = CHISO_NO_NODE;
  *pull = NAN;
  for (uint32_t x = bench_area(k, CHISO_NO_NODE); x != CHISO_NO_NODE;
       x = bench_area(k, x)) {
    double here = chiso_sides_pull(b->sides, side, x, unit);
    if (isnan(here) || (best != CHISO_NO_NODE && sign * here <= sign * *pull))
      continue;
    best = x;
    *pull = here;
  }
  return best;
}

static void end_columns(sheet *s, const char *key, text_id title) {
  cli *c = s->c;
  sheet_column(s, key, title, CHISO_CELL_TEXT, 0);
  sheet_column_named(s, cli_print(c, "%s_rank", key),
                     cli_text(c, TXT_COL_PERCENT_RANK), CHISO_CELL_REAL, 1);
  sheet_column_named(s, cli_print(c, "%s_node", key),
                     cli_text(c, TXT_COL_THROUGH), CHISO_CELL_TEXT, 0);
  sheet_column_named(s, cli_print(c, "%s_title", key),
                     cli_text(c, TXT_COL_TITLE), CHISO_CELL_TEXT, 0);
  sheet_column_named(s, cli_print(c, "%s_pull", key), cli_text(c, TXT_COL_PULL),
                     CHISO_CELL_REAL, 2);
}

/* Where all are alike there is no highest and no lowest. */
static void end_cells(bench *b, sheet *s, size_t side, size_t unit, int sign) {
  double pull;
  if (side == SIZE_MAX) {
    sheet_text(s, NULL);
    sheet_real(s, NAN);
    sheet_text(s, NULL);
    sheet_text(s, NULL);
    sheet_real(s, NAN);
    return;
  }
  uint32_t area = strongest(b, side, unit, sign, &pull);
  sheet_text(s, name_of(b, side));
  sheet_real(s, chiso_sides_percent_rank(b->sides, side, unit));
  sheet_text(s, area == CHISO_NO_NODE ? NULL : node_at(b, side, area)->id);
  sheet_text(s, area == CHISO_NO_NODE
                    ? NULL
                    : cli_title(b->c, node_at(b, side, area)));
  sheet_real(s, pull);
}

static void show_disagreement(bench *b, sheet *s) {
  size_t n = chiso_units_count(b->units), count = 0;
  gap *list = cli_alloc(b->c, (n + 1) * sizeof *list);
  if (!list)
    return;
  unit_columns(b, s);
  sheet_column(s, "spread", TXT_COL_SPREAD, CHISO_CELL_REAL, 1);
  end_columns(s, "highest", TXT_COL_HIGHEST);
  end_columns(s, "lowest", TXT_COL_LOWEST);
  for (size_t u = 0; u < n; u++) {
    gap g = { .unit = u };
    g.spread = chiso_sides_spread(b->sides, u, &g.high, &g.low);
    if (!(g.spread > 0))
      g.high = g.low = SIZE_MAX;
    if (!isnan(g.spread) && wanted(b, u))
      list[count++] = g;
  }
  qsort(list, count, sizeof *list, wider);
  for (size_t i = 0; i < count && (b->top == 0 || i < b->top); i++) {
    unit_cells(b, s, list[i].unit);
    sheet_real(s, list[i].spread);
    end_cells(b, s, list[i].high, list[i].unit, 1);
    end_cells(b, s, list[i].low, list[i].unit, -1);
  }
}

/* ---- the command --------------------------------------------------------- */

static const struct view {
  const char *name;
  void (*show)(bench *b, sheet *s);
  bool methods; /* has intervals */
} views[] = {
  { "units", show_units, false },
  { "pairs", show_pairs, true },
  { "concordance", show_concordance, false },
  { "areas", show_areas, true },
  { "concepts", show_concepts, true },
  { "disagreement", show_disagreement, false },
};

static void notes(bench *b, sheet *s, const struct view *v) {
  cli *c = b->c;
  sheet_note(s, cli_say(c, TXT_SIDES_COMMON, chiso_sides_common(b->sides)));
  if (v->methods)
    sheet_note(s, cli_text(c, TXT_SIDES_METHODS));
  if (b->few)
    sheet_note(s, cli_say(c, TXT_SIDES_FEW, CHISO_LEAST_PAIRS));
  if (b->few_ranked)
    sheet_note(s, cli_say(c, TXT_SIDES_FEW_RANKED, CHISO_LEAST_RANKED));
  if (b->empty > 0)
    sheet_note(s, cli_say(c, TXT_SIDES_NO_FIGURES, b->empty));
  if (v->show == show_concepts && b->joined == 0)
    sheet_note(s, cli_text(c, TXT_SIDES_NO_CONCEPTS));
  if (v->show == show_units)
    sheet_note(s, cli_text(c, TXT_SIDES_UNITS));
  if (v->show == show_disagreement)
    sheet_note(s, cli_text(c, TXT_SIDES_THROUGH));
  bench_notes(b, s);
}

static int check(cli *c, const char *what) {
  bool units = strcmp(what, "units") == 0;
  bool disagreement = strcmp(what, "disagreement") == 0;
  if (c->value[OPT_TOP] && !disagreement)
    return cli_usage(c, TXT_ERR_SIDES_TOP);
  if (c->value[OPT_UNIT] && !units && !disagreement)
    return cli_usage(c, TXT_ERR_SIDES_UNIT);
  if (c->value[OPT_BRIDGE] && !c->value[OPT_BRIDGE_WEIGHTS])
    return cli_usage(c, TXT_ERR_BRIDGE_COMPARE);
  if (!c->value[OPT_BRIDGE] &&
      (c->value[OPT_BRIDGE_WEIGHTS] || c->value[OPT_CHANGES]))
    return cli_usage(c, TXT_ERR_BRIDGE_ALONE,
                     c->value[OPT_CHANGES] ? "--changes" : "--weights");
  return EXIT_DONE;
}

static int show(bench *b, const char *what) {
  cli *c = b->c;
  for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
    if (strcmp(views[i].name, what) != 0)
      continue;
    sheet s = sheet_new(c);
    bench_titles(b, &s);
    views[i].show(b, &s);
    notes(b, &s, &views[i]);
    return sheet_write(&s);
  }
  return EXIT_BUG;
}

int cmd_compare(cli *c) {
  const char *what =
      c->value[OPT_SIDES_WHAT] ? c->value[OPT_SIDES_WHAT] : "units";
  bench b = { .c = c, .unit = SIZE_MAX };
  int code = check(c, what);
  if (code == EXIT_DONE)
    code = cli_top(c, &b.top);
  if (code == EXIT_DONE)
    code = bench_open(&b);
  if (code == EXIT_DONE && c->value[OPT_UNIT])
    code = cli_unit(c, b.units, c->value[OPT_UNIT], &b.unit);
  if (code == EXIT_DONE)
    code = show(&b, what);
  bench_close(&b);
  return code;
}
