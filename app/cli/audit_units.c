/* SPDX-License-Identifier: Apache-2.0
 * chiso audit: units, one by one and beside each other. */
#include <math.h>
#include <string.h>

#include "audit.h"

#define DIGITS CLI_REAL_DIGITS

/* ---- availability -------------------------------------------------------- */

int audit_availability(audit *a) {
  size_t rows = chiso_composite_rows(a->k);
  size_t first = chiso_composite_indicators(a->k);
  size_t codes = chiso_composite_codes(a->k);
  if (!*a->rest)
    return cli_composite_availability(a->c);
  if (strcmp(a->rest, "groups") != 0)
    return audit_unknown(a);
  double *share = cli_alloc(a->c, (codes * rows + 1) * sizeof *share);
  if (!share)
    return EXIT_BUG;
  chiso_status status = chiso_audit_availability(a->k, share, &a->c->err);
  if (status != CHISO_OK)
    return cli_fail(a->c, status);
  sheet s = sheet_new(a->c);
  sheet_row_columns(&s);
  for (size_t i = first; i < codes; i++)
    sheet_code_column(&s, i, CHISO_CELL_REAL);
  for (size_t r = 0; r < rows; r++) {
    sheet_row_cells(&s, r);
    for (size_t i = first; i < codes; i++)
      sheet_real(&s, share[i * rows + r]);
  }
  return sheet_write(&s);
}

/* ---- outranking ---------------------------------------------------------- */

/* By default the lowest aggregates, or the indicators where there are none. */
static int outranking_codes(audit *a, audit_columns *x) {
  uint32_t level = a->levels ? a->level[0] : 0;
  size_t first = chiso_composite_indicators(a->k);
  if (!level && a->c->value[OPT_AGGREGATE])
    level = chiso_composite_code_at(a->k, first).level;
  a->raw = false; /* directions count */
  return audit_take(a, level, x);
}

static int dominance(audit *a, const audit_columns *x) {
  size_t rows = chiso_composite_rows(a->k);
  size_t dominant = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t k = 0; k < rows; k++)
      dominant += chiso_audit_outrank(a->k, x->codes, x->count, r, k) == 1;
  double pairs = (double)rows * ((double)rows - 1) / 2;
  sheet s = sheet_new(a->c);
  sheet_column(&s, "nDominant", TXT_COL_AUDIT_DOMINANT, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "fracDominant", TXT_COL_AUDIT_DOMINANT_SHARE,
               CHISO_CELL_REAL, DIGITS);
  sheet_integer(&s, (int64_t)dominant);
  sheet_real(&s, pairs > 0 ? (double)dominant / pairs : (double)NAN);
  return sheet_write(&s);
}

/* Units that each unit beats, by more than half of the weight, less those that
 * beat it. */
static int copeland(audit *a, const audit_columns *x) {
  size_t rows = chiso_composite_rows(a->k);
  sheet s = sheet_new(a->c);
  sheet_row_columns(&s);
  sheet_column(&s, "Copeland", TXT_COL_AUDIT_COPELAND, CHISO_CELL_INTEGER, 0);
  for (size_t r = 0; r < rows && s.status == CHISO_OK; r++) {
    int64_t score = 0;
    for (size_t k = 0; k < rows; k++) {
      double forth = chiso_audit_outrank(a->k, x->codes, x->count, r, k);
      double back = chiso_audit_outrank(a->k, x->codes, x->count, k, r);
      score += (forth > back) - (back > forth);
    }
    sheet_row_cells(&s, r);
    sheet_integer(&s, score);
  }
  return sheet_write(&s);
}

/* Units at several times need a name each. */
static const char *row_name(const audit *a, size_t row) {
  const char *unit = chiso_composite_unit(a->k, row);
  const char *time = chiso_composite_time(a->k, row);
  return time ? cli_print(a->c, "%s %s", unit, time) : unit;
}

int audit_outranking(audit *a) {
  size_t rows = chiso_composite_rows(a->k);
  bool count = strcmp(a->rest, "dominance") == 0;
  bool net = strcmp(a->rest, "copeland") == 0;
  audit_columns x;
  if (!count && !net && *a->rest)
    return audit_unknown(a);
  int code = outranking_codes(a, &x);
  if (code != EXIT_DONE)
    return code;
  if (count)
    return dominance(a, &x);
  if (net)
    return copeland(a, &x);
  sheet s = sheet_new(a->c);
  sheet_row_columns(&s);
  for (size_t r = 0; r < rows; r++)
    sheet_column_named(&s, row_name(a, r), row_name(a, r), CHISO_CELL_REAL,
                       DIGITS);
  for (size_t r = 0; r < rows && s.status == CHISO_OK; r++) {
    sheet_row_cells(&s, r);
    for (size_t k = 0; k < rows; k++)
      sheet_real(&s, chiso_audit_outrank(a->k, x.codes, x.count, r, k));
  }
  return sheet_write(&s);
}

/* ---- peers --------------------------------------------------------------- */

int audit_peers(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k), most = audit_number(a->rest, '\0');
  bool names = cli_people(c) && chiso_composite_unit_name(a->k, 0);
  chiso_peer *peers = cli_alloc(c, (rows + 1) * sizeof *peers);
  if (most == 0)
    return audit_unknown(a);
  if (!peers)
    return EXIT_BUG;
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  sheet_column(&s, "Rank", TXT_COL_AUDIT_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Peer", TXT_COL_AUDIT_PEER, CHISO_CELL_TEXT, 0);
  if (names)
    sheet_column(&s, "PeerName", TXT_COL_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Distance", TXT_COL_AUDIT_DISTANCE, CHISO_CELL_REAL, DIGITS);
  sheet_column(&s, "Shared", TXT_COL_AUDIT_SHARED, CHISO_CELL_INTEGER, 0);
  for (size_t r = 0; r < rows && s.status == CHISO_OK; r++) {
    size_t count;
    s.status = chiso_audit_peers(a->k, r, most, peers, &count, &c->err);
    for (size_t i = 0; i < count; i++) {
      sheet_row_cells(&s, r);
      sheet_integer(&s, (int64_t)i + 1);
      sheet_text(&s, chiso_composite_unit(a->k, peers[i].row));
      if (names)
        sheet_text(&s, chiso_composite_unit_name(a->k, peers[i].row));
      sheet_real(&s, peers[i].distance);
      sheet_integer(&s, (int64_t)peers[i].shared);
    }
  }
  return sheet_write(&s);
}

/* ---- strengths and weaknesses -------------------------------------------- */

static void strength_rows(audit *a, sheet *s, size_t row, const char *kind,
                          const size_t *indicators, size_t count,
                          const double *standings) {
  size_t rows = chiso_composite_rows(a->k);
  for (size_t i = 0; i < count; i++) {
    size_t code = indicators[i];
    const double *x = a->raw ? chiso_composite_data(a->k, code)
                             : chiso_composite_values(a->k, code);
    sheet_row_cells(s, row);
    sheet_text(s, kind);
    sheet_text(s, chiso_composite_code_at(a->k, code).code);
    audit_rank(s, standings[code * rows + row]);
    sheet_real(s, x[row]);
  }
}

int audit_strengths(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k), n = audit_number(a->rest, '\0');
  size_t leaves = chiso_composite_indicators(a->k);
  double *standings = cli_alloc(c, (leaves * rows + 1) * sizeof *standings);
  size_t *order = cli_alloc(c, (leaves + 1) * sizeof *order);
  if (n == 0)
    return audit_unknown(a);
  if (!standings || !order)
    return EXIT_BUG;
  chiso_status status = chiso_audit_standings(a->k, standings, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  sheet_column(&s, "Kind", TXT_COL_AUDIT_KIND, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Code", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Rank", TXT_COL_AUDIT_RANK, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "Value", TXT_COL_AUDIT_VALUE, CHISO_CELL_REAL, DIGITS);
  for (size_t r = 0; r < rows && s.status == CHISO_OK; r++) {
    size_t count = chiso_audit_order(a->k, standings, r, order);
    size_t some = count < n ? count : n;
    strength_rows(a, &s, r, audit_word(a, "strength", TXT_AUDIT_STRENGTH),
                  order, some, standings);
    strength_rows(a, &s, r, audit_word(a, "weakness", TXT_AUDIT_WEAKNESS),
                  order + count - some, some, standings);
  }
  return sheet_write(&s);
}

/* ---- summary ------------------------------------------------------------- */

static int no_unit(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k);
  const char **names = cli_alloc(c, (rows + 1) * sizeof *names);
  for (size_t r = 0; names && r < rows; r++)
    names[r] = chiso_composite_unit(a->k, r);
  const char *near = names ? cli_nearest(a->rest, names, rows) : NULL;
  return near ? cli_usage(c, TXT_ERR_AUDIT_UNIT_NEAR, a->rest, near)
              : cli_usage(c, TXT_ERR_AUDIT_UNIT, a->rest);
}

static bool wanted(const audit *a, size_t row) {
  const char *name = chiso_composite_unit_name(a->k, row);
  return !*a->rest || strcmp(chiso_composite_unit(a->k, row), a->rest) == 0 ||
         (name && strcmp(name, a->rest) == 0);
}

/* Codes from the top level down, those of one level in their order; of the
 * levels of --levels, or all aggregates. */
static size_t summary_codes(const audit *a, size_t *out) {
  size_t codes = chiso_composite_codes(a->k), count = 0;
  for (uint32_t level = AUDIT_LEVELS; level > 0; level--)
    for (size_t i = 0; i < codes; i++) {
      bool in = a->levels == 0 && i >= chiso_composite_indicators(a->k);
      for (size_t k = 0; k < a->levels; k++)
        in = in || a->level[k] == level;
      if (in && chiso_composite_code_at(a->k, i).level == level)
        out[count++] = i;
    }
  return count;
}

int audit_summary(audit *a) {
  cli *c = a->c;
  size_t rows = chiso_composite_rows(a->k), found = 0;
  size_t most = chiso_composite_codes(a->k);
  size_t *codes = cli_alloc(c, (most + 1) * sizeof *codes);
  double *ranks = cli_alloc(c, (most * rows + 1) * sizeof *ranks);
  if (!codes || !ranks)
    return EXIT_BUG;
  size_t count = summary_codes(a, codes);
  bool names = !cli_people(c); /* machines find the same columns each time */
  for (size_t i = 0; i < count; i++)
    names = names || chiso_composite_code_at(a->k, codes[i]).name;
  for (size_t r = 0; r < rows; r++)
    found += wanted(a, r);
  if (found == 0)
    return no_unit(a);
  if (count == 0)
    return cli_usage(c, TXT_ERR_AUDIT_NO_LEVEL, c->value[OPT_LEVELS]);
  sheet s = sheet_new(c);
  sheet_row_columns(&s);
  sheet_column(&s, "Code", TXT_COL_AUDIT_CODE, CHISO_CELL_TEXT, 0);
  if (names)
    sheet_column(&s, "Name", TXT_COL_AUDIT_NAME, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "Score", TXT_COL_AUDIT_SCORE, CHISO_CELL_REAL, DIGITS);
  sheet_column(&s, "Rank", TXT_COL_AUDIT_RANK, CHISO_CELL_INTEGER, 0);
  for (size_t i = 0; i < count && s.status == CHISO_OK; i++)
    s.status = chiso_composite_ranks(a->k, codes[i], SIZE_MAX, CHISO_TIES_MIN,
                                     ranks + i * rows, &c->err);
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < count && wanted(a, r); i++) {
      chiso_composite_code code = chiso_composite_code_at(a->k, codes[i]);
      sheet_row_cells(&s, r);
      sheet_text(&s, code.code);
      if (names)
        sheet_text(&s, code.name ? code.name : cli_people(c) ? "" : code.code);
      sheet_real(&s, chiso_composite_values(a->k, codes[i])[r]);
      audit_rank(&s, ranks[i * rows + r]);
    }
  return sheet_write(&s);
}
