/* SPDX-License-Identifier: Apache-2.0
 * What all tables of chiso whatif have. */
#include "whatif.h"

void whatif_mark(cli *c) {
  bool machine =
      c->format == CHISO_FORMAT_CSV || c->format == CHISO_FORMAT_JSON;
  const char *text =
      machine ? "what-if, not a result" : cli_text(c, TXT_WHATIF_MARK);
  c->mark = cli_join(c, text, "; ", c->mark ? c->mark : "");
}

void whatif_note(sheet *s, size_t moved) {
  cli *c = s->c;
  bool notes = cli_people(c) || c->format == CHISO_FORMAT_JSON;
  if (moved == 0 && notes)
    sheet_note(s, cli_text(c, TXT_WHATIF_NOTHING));
  else if (moved == 0)
    cli_notice(c, cli_text(c, TXT_WHATIF_NOTHING));
}

int whatif_summary(sheet *s, const chiso_moves *m, const char *unit,
                   size_t before, size_t after, size_t scores, size_t grades) {
  sheet_column(s, "units_before", TXT_COL_UNITS_BEFORE, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "units_after", TXT_COL_UNITS_AFTER, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "scores_changed", TXT_COL_SCORES_CHANGED, CHISO_CELL_INTEGER,
               0);
  sheet_column(s, "ranks_compared", TXT_COL_RANKS_COMPARED, CHISO_CELL_INTEGER,
               0);
  sheet_column(s, "ranks_changed", TXT_COL_RANKS_CHANGED, CHISO_CELL_INTEGER,
               0);
  sheet_column(s, "grades_changed", TXT_COL_GRADES_CHANGED, CHISO_CELL_INTEGER,
               0);
  sheet_column(s, "mean_abs_rank_change", TXT_COL_MEAN_MOVE, CHISO_CELL_REAL,
               CLI_REAL_DIGITS);
  sheet_column(s, "largest_rank_change", TXT_COL_LARGEST_MOVE,
               CHISO_CELL_INTEGER, 0);
  sheet_column(s, "largest_unit", TXT_COL_LARGEST_UNIT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "kendall_tau", TXT_COL_TAU, CHISO_CELL_REAL, CLI_REAL_DIGITS);
  sheet_integer(s, (int64_t)before);
  sheet_integer(s, (int64_t)after);
  sheet_integer(s, (int64_t)scores);
  sheet_integer(s, (int64_t)m->compared);
  sheet_integer(s, (int64_t)m->moved);
  sheet_integer(s, (int64_t)grades);
  sheet_real(s, m->mean);
  sheet_integer(s, m->compared ? (int64_t)m->largest : INT64_MIN);
  sheet_text(s, unit);
  sheet_real(s, m->tau);
  return sheet_write(s);
}
