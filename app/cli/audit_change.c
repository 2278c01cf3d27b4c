/* SPDX-License-Identifier: Apache-2.0
 * chiso audit: the index without an element, without a unit, by another mean.
 */
#include <math.h>
#include <string.h>

#include "audit.h"

#define DIGITS CLI_REAL_DIGITS

/* The code that has no parent, which is the last of all. */
static size_t top_of(const audit *a) {
  return chiso_composite_codes(a->k) - 1;
}

/* ---- elements ------------------------------------------------------------ */

/* Columns of the index: as it is, then without each code. */
typedef struct removal {
  audit *a;
  audit_columns of;
  double *scores, *ranks; /* [column * rows + row] */
  size_t rows;
} removal;

static chiso_status removal_compute(removal *m) {
  cli *c = m->a->c;
  chiso_status status = CHISO_OK;
  memcpy(m->scores, chiso_composite_values(m->a->k, top_of(m->a)),
         m->rows * sizeof *m->scores);
  for (size_t i = 0; i < m->of.count && status == CHISO_OK; i++)
    status = chiso_audit_remove(c->composite, m->of.codes[i],
                                m->scores + (i + 1) * m->rows, &c->err);
  for (size_t i = 0; i <= m->of.count && status == CHISO_OK; i++)
    status =
        chiso_composite_rank(m->a->k, m->scores + i * m->rows, SIZE_MAX,
                             CHISO_TIES_MIN, m->ranks + i * m->rows, &c->err);
  return status;
}

static int removal_table(removal *m, bool ranks) {
  sheet s = sheet_new(m->a->c);
  sheet_row_columns(&s);
  if (ranks)
    sheet_column(&s, "Nominal", TXT_COL_AUDIT_NOMINAL, CHISO_CELL_INTEGER, 0);
  else
    sheet_column(&s, "Nominal", TXT_COL_AUDIT_NOMINAL, CHISO_CELL_REAL, DIGITS);
  for (size_t i = 0; i < m->of.count; i++)
    sheet_code_column(&s, m->of.codes[i],
                      ranks ? CHISO_CELL_INTEGER : CHISO_CELL_REAL);
  for (size_t r = 0; r < m->rows; r++) {
    sheet_row_cells(&s, r);
    for (size_t i = 0; i <= m->of.count; i++) {
      if (ranks)
        audit_rank(&s, m->ranks[i * m->rows + r]);
      else
        sheet_real(&s, m->scores[i * m->rows + r]);
    }
  }
  return sheet_write(&s);
}

/* Over the units that have both ranks. */
static double mean_difference(const removal *m, size_t column) {
  double sum = 0, count = 0;
  for (size_t r = 0; r < m->rows; r++) {
    double d = fabs(m->ranks[r] - m->ranks[column * m->rows + r]);
    sum += isnan(d) ? 0 : d;
    count += isnan(d) ? 0 : 1;
  }
  return count > 0 ? sum / count : (double)NAN;
}

static int removal_means(removal *m) {
  sheet s = sheet_new(m->a->c);
  sheet_column(&s, "iCode", TXT_COL_AUDIT_REMOVED, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "MeanAbsDiff", TXT_COL_AUDIT_MEAN_DIFF, CHISO_CELL_REAL,
               DIGITS);
  for (size_t i = 0; i <= m->of.count; i++) {
    sheet_text(
        &s, i == 0 ? audit_word(m->a, "Nominal", TXT_COL_AUDIT_NOMINAL)
                   : chiso_composite_code_at(m->a->k, m->of.codes[i - 1]).code);
    sheet_real(&s, mean_difference(m, i));
  }
  return sheet_write(&s);
}

int audit_remove(audit *a) {
  cli *c = a->c;
  removal m = { .a = a, .rows = chiso_composite_rows(a->k) };
  size_t level = audit_number(a->rest, ':');
  const char *form = strchr(a->rest, ':');
  bool scores = form && strcmp(form, ":scores") == 0;
  bool ranks = form && strcmp(form, ":ranks") == 0;
  bool means = form && strcmp(form, ":mean-abs-rank-diff") == 0;
  if (level < 1 || level > AUDIT_LEVELS || (!scores && !ranks && !means))
    return audit_unknown(a);
  a->raw = false;
  int code = audit_take(a, (uint32_t)level, &m.of);
  if (code != EXIT_DONE)
    return code;
  m.scores = cli_alloc(c, (m.of.count + 1) * m.rows * sizeof *m.scores);
  m.ranks = cli_alloc(c, (m.of.count + 1) * m.rows * sizeof *m.ranks);
  if (!m.scores || !m.ranks)
    return EXIT_BUG;
  chiso_status status = removal_compute(&m);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  return means ? removal_means(&m) : removal_table(&m, ranks);
}

/* ---- units --------------------------------------------------------------- */

int audit_reversal(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k), count = 0;
  bool names = cli_people(c) && chiso_composite_unit_name(a->k, 0);
  chiso_reversal *list = cli_alloc(c, (rows + 1) * sizeof *list);
  if (*a->rest)
    return audit_unknown(a);
  if (!list)
    return EXIT_BUG;
  chiso_status status = chiso_audit_reversals(a->k, c->value[OPT_NORMALISE],
                                              list, &count, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  sheet_column(&s, "uCode", TXT_COL_AUDIT_REMOVED, CHISO_CELL_TEXT, 0);
  if (names)
    sheet_column(&s, "uName", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Pairs", TXT_COL_AUDIT_PAIRS, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Reversed", TXT_COL_AUDIT_REVERSED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Tied", TXT_COL_AUDIT_TIED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Moved", TXT_COL_AUDIT_MOVED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "MaxShift", TXT_COL_AUDIT_SHIFT, CHISO_CELL_INTEGER, 0);
  for (size_t i = 0; i < count; i++) {
    const chiso_reversal *v = &list[i];
    const size_t cells[] = { v->pairs, v->reversed, v->tied, v->moved,
                             v->shift };
    sheet_text(&s, chiso_composite_unit(a->k, v->row));
    if (names)
      sheet_text(&s, chiso_composite_unit_name(a->k, v->row));
    for (size_t k = 0; k < 5; k++)
      sheet_integer(&s, v->known ? (int64_t)cells[k] : INT64_MIN);
  }
  return sheet_write(&s);
}

/* ---- another mean -------------------------------------------------------- */

int audit_compare(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k), top = top_of(a);
  bool ranks = strcmp(a->rest, "ranks") == 0;
  double *one = cli_alloc(c, (rows + 1) * sizeof *one);
  double *two = cli_alloc(c, (rows + 1) * sizeof *two);
  if (!ranks && strcmp(a->rest, "scores") != 0)
    return audit_unknown(a);
  if (!one || !two)
    return EXIT_BUG;
  const double *values = chiso_composite_values(a->k, top);
  chiso_status status = CHISO_OK;
  memcpy(one, values, rows * sizeof *one);
  if (ranks)
    status = chiso_composite_ranks(a->k, top, SIZE_MAX, CHISO_TIES_MIN, one,
                                   &c->err);
  if (status == CHISO_OK)
    status =
        chiso_composite_aggregate(c->composite, c->value[OPT_AUDIT_AGAINST],
                                  c->value[OPT_THRESHOLD], &c->err);
  memcpy(two, values, rows * sizeof *two);
  if (ranks && status == CHISO_OK)
    status = chiso_composite_ranks(a->k, top, SIZE_MAX, CHISO_TIES_MIN, two,
                                   &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  chiso_cell_type type = ranks ? CHISO_CELL_INTEGER : CHISO_CELL_REAL;
  unsigned digits = ranks ? 0 : DIGITS;
  sheet_row_columns(&s);
  sheet_column(&s, "coin.1", TXT_COL_AUDIT_COIN1, type, digits);
  sheet_column(&s, "coin.2", TXT_COL_AUDIT_COIN2, type, digits);
  sheet_column(&s, "Diff", TXT_COL_AUDIT_DIFF, type, digits);
  sheet_column(&s, "Abs.diff", TXT_COL_AUDIT_ABS_DIFF, type, digits);
  for (size_t r = 0; r < rows; r++) {
    const double cells[] = { one[r], two[r], one[r] - two[r],
                             fabs(one[r] - two[r]) };
    sheet_row_cells(&s, r);
    for (size_t k = 0; k < 4; k++) {
      if (ranks)
        audit_rank(&s, cells[k]);
      else
        sheet_real(&s, cells[k]);
    }
  }
  return sheet_write(&s);
}

/* ---- over time ----------------------------------------------------------- */

static void trend_columns(sheet *s) {
  sheet_column_named(s, "uCode", "uCode", CHISO_CELL_TEXT, 0);
  if (cli_people(s->c) && chiso_composite_unit_name(s->c->composite, 0))
    sheet_column(s, "uName", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "iCode", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "N", TXT_COL_STAT_N, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "First", TXT_COL_AUDIT_BEGIN, CHISO_CELL_REAL, DIGITS);
  sheet_column(s, "Last", TXT_COL_AUDIT_END, CHISO_CELL_REAL, DIGITS);
  sheet_column(s, "CAGR", TXT_COL_AUDIT_GROWTH, CHISO_CELL_REAL, DIGITS);
  sheet_column(s, "prc_change", TXT_COL_AUDIT_CHANGE, CHISO_CELL_REAL, DIGITS);
}

static void trend_cells(sheet *s, size_t row, size_t leaf,
                        const chiso_trend *t) {
  const chiso_composite *k = s->c->composite;
  sheet_text(s, chiso_composite_unit(k, row));
  if (cli_people(s->c) && chiso_composite_unit_name(k, 0))
    sheet_text(s, chiso_composite_unit_name(k, row));
  sheet_text(s, chiso_composite_code_at(k, leaf).code);
  sheet_integer(s, (int64_t)t->n);
  sheet_real(s, t->begin);
  sheet_real(s, t->end);
  sheet_real(s, t->growth);
  sheet_real(s, t->change);
}

int audit_trend(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k), per = 1;
  size_t leaves = chiso_composite_indicators(a->k);
  chiso_trend *of = cli_alloc(c, (leaves * rows + 1) * sizeof *of);
  if (*a->rest && (per = audit_number(a->rest, '\0')) == 0)
    return audit_unknown(a);
  if (!of)
    return EXIT_BUG;
  chiso_status status = chiso_audit_trends(a->k, (double)per, of, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  trend_columns(&s);
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < leaves && of[r].first; i++)
      trend_cells(&s, r, i, &of[i * rows + r]);
  return sheet_write(&s);
}
