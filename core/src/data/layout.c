/* SPDX-License-Identifier: Apache-2.0
 * data/layout.c - the columns of an observation table, and what a table says
 * of the run before its rows are read. */
#include <string.h>

#include "base/text.h"
#include "data/data.h"

/* In the order of the enumeration. `score` is what published tables call
 * points. */
const char *const chiso__columns[] = {
  "unit",   "node",     "input",   "value", "points",      "status", "stage",
  "source", "index",    "round",   "set",   "note",        "score",  "mark",
  "group",  "document", "section", "page",  "explanation", "label",  NULL
};

const char *chiso__layout_text(const chiso__layout *l, size_t row, int name) {
  if (l->column[name] == SIZE_MAX)
    return "";
  return chiso__csv_cell(&l->csv, row, l->column[name])->text;
}

chiso__place chiso__layout_place(const chiso__layout *l, size_t row,
                                 size_t column) {
  return (chiso__place) { l->csv.file, l->csv.lines[row], column + 1 };
}

static chiso_status refuse(const chiso__layout *l, chiso__message message,
                           const char *column, chiso_error *err) {
  return chiso__fail(err, CHISO_BAD_DATA,
                     (chiso__place) { l->csv.file, l->csv.header_line, 0 },
                     message, column);
}

chiso_status chiso__layout_find(chiso__layout *l, chiso_error *err) {
  static const int of_rows[] = { CHISO__INPUT, CHISO__VALUE, CHISO__POINTS,
                                 CHISO__STATUS };
  for (int i = 0; i < CHISO__N_COLUMNS; i++)
    l->column[i] = chiso__csv_column(&l->csv, chiso__columns[i]);
  if (l->column[CHISO__POINTS] == SIZE_MAX) {
    l->column[CHISO__POINTS] = l->column[CHISO__SCORE];
    l->column[CHISO__SCORE] = SIZE_MAX;
  }
  l->wide = l->column[CHISO__NODE] == SIZE_MAX;
  l->evidence = false;
  for (size_t i = 0; i < CHISO__N_EVIDENCE; i++)
    l->evidence |= l->column[chiso__evidence_columns[i]] != SIZE_MAX;
  if (l->column[CHISO__UNIT] == SIZE_MAX)
    return refuse(l, MSG_DATA_NO_COLUMN, "unit", err);
  for (size_t i = 0; l->wide && i < sizeof of_rows / sizeof *of_rows; i++)
    if (l->column[of_rows[i]] != SIZE_MAX)
      return refuse(l, MSG_DATA_NO_NODE_COLUMN,
                    l->csv.header[l->column[of_rows[i]]].text, err);
  if (!l->wide && l->column[CHISO__VALUE] == SIZE_MAX &&
      l->column[CHISO__POINTS] == SIZE_MAX)
    return refuse(l, MSG_DATA_NO_COLUMN, "value", err);
  if (l->csv.n_rows == 0)
    return refuse(l, MSG_DATA_NO_ROWS, "unit", err);
  return CHISO_OK;
}

bool chiso__layout_known(const chiso__layout *l, size_t column) {
  for (int i = 0; i < CHISO__N_COLUMNS; i++)
    if (l->column[i] == column)
      return true;
  return false;
}

/* ---- which run ---------------------------------------------------------- */

/* Whether a row may be of a methodology, "id" or "id/edition": it names no
 * index, or one with the same id. */
static bool row_of(const chiso__layout *l, size_t row, const char *name) {
  const char *index = chiso__layout_text(l, row, CHISO__INDEX);
  size_t size = strcspn(name, "/");
  return !*index ||
         (strcspn(index, "/") == size && strncmp(index, name, size) == 0);
}

bool chiso__same_round(chiso_date a, chiso_date b) {
  return a.year == b.year && a.month == b.month && a.day == b.day;
}

void chiso__layout_rounds(const chiso__layout *l, const char *methodology,
                          chiso__rounds *out) {
  for (size_t row = 0; row < l->csv.n_rows; row++) {
    chiso_date date;
    if (!row_of(l, row, methodology) ||
        !chiso_round_parse(chiso__layout_text(l, row, CHISO__ROUND), &date) ||
        (out->count && chiso__same_round(date, out->list[0])) ||
        out->count == 2)
      continue;
    out->list[out->count++] = date;
  }
}

chiso_status chiso__layout_set(const chiso__layout *l, const char *methodology,
                               chiso_date round, chiso__set *out,
                               chiso_error *err) {
  for (size_t row = 0; row < l->csv.n_rows; row++) {
    const char *set = chiso__layout_text(l, row, CHISO__SET);
    const char *text = chiso__layout_text(l, row, CHISO__ROUND);
    chiso_date date;
    if (!*set || !row_of(l, row, methodology) ||
        (*text &&
         (!chiso_round_parse(text, &date) || !chiso__same_round(date, round))))
      continue;
    chiso__place place = chiso__layout_place(l, row, l->column[CHISO__SET]);
    if (out->name && strcmp(out->name, set) != 0)
      return chiso__fail(err, CHISO_BAD_DATA, place, MSG_DATA_TWO_SETS,
                         out->name, set);
    if (!out->name)
      *out = (chiso__set) { set, place };
  }
  return CHISO_OK;
}
