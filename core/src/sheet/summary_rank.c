/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_rank.c - the ranking: the sheet that is signed. */
#include "sheet/summary.h"

/* More areas than fit a page are on the sheet of areas alone. */
#define MOST_AREAS 12u

#define NONE UINT16_MAX /* no such column */

/* Where each column stands. */
typedef struct columns {
  uint16_t bonus, penalty, grade, areas, count;
  size_t n_areas;
} columns;

enum { RANK = 0, CODE, NAME, POINTS, MAX, PERCENT, OTHERS };

static columns columns_of(const chiso__summary_view *v) {
  columns c = { NONE, NONE, NONE, NONE, OTHERS, 0 };
  if (v->bonus)
    c.bonus = c.count++;
  if (v->penalty)
    c.penalty = c.count++;
  if (chiso_run_grading(v->run))
    c.grade = c.count++;
  c.areas = c.count;
  c.n_areas = v->all_areas <= MOST_AREAS ? v->n_areas : 0;
  c.count = (uint16_t)(c.count + c.n_areas);
  return c;
}

/* Width that the longest of the units' names or codes asks for. */
static double widest(const chiso__summary_view *v, bool codes, double least,
                     double most) {
  double width = least;
  for (size_t u = 0; u < v->n; u++) {
    const char *text =
        codes ? chiso__sum_unit(v, u)->code : chiso__sum_unit_name(v, u);
    double one = (double)chiso__text_width(text) * 1.1 + 2;
    width = one > width ? one : width;
  }
  return width < most ? width : most;
}

static void set_widths(const chiso__summary_view *v, const columns *c,
                       chiso__summary_sheet *s) {
  double number = v->digits > 3 ? 12 : 9.5;
  chiso__sum_width(s, RANK, 7);
  chiso__sum_width(s, CODE, widest(v, true, 7, 16));
  chiso__sum_width(s, NAME, widest(v, false, 20, 48));
  for (uint16_t i = POINTS; i < c->count; i++)
    chiso__sum_width(s, i, i == c->grade ? 14 : number);
  for (uint16_t i = c->areas; i < c->count; i++)
    chiso__sum_width(s, i, c->n_areas > 8 ? 11 : 13);
}

static void head(const chiso__summary_view *v, const columns *c,
                 chiso__summary_sheet *s) {
  static const chiso__sum_word titles[] = { SUM_COL_RANK, SUM_COL_CODE,
                                            SUM_COL_UNIT, SUM_COL_POINTS,
                                            SUM_COL_MAX,  SUM_COL_PERCENT };
  chiso__summary_book *b = v->book;
  unsigned lines = 2;
  for (uint32_t i = RANK; i < OTHERS; i++)
    chiso__sum_text(s, s->row, (uint16_t)i, chiso__sum_say(b, titles[i]),
                    CHISO__LOOK_HEAD);
  if (c->bonus != NONE)
    chiso__sum_text(s, s->row, c->bonus, chiso__sum_say(b, SUM_COL_BONUS),
                    CHISO__LOOK_HEAD);
  if (c->penalty != NONE)
    chiso__sum_text(s, s->row, c->penalty, chiso__sum_say(b, SUM_COL_PENALTY),
                    CHISO__LOOK_HEAD);
  if (c->grade != NONE)
    chiso__sum_text(s, s->row, c->grade, chiso__sum_say(b, SUM_COL_GRADE),
                    CHISO__LOOK_HEAD);
  for (size_t i = 0; i < c->n_areas; i++) {
    uint16_t at = (uint16_t)(c->areas + i);
    const char *label =
        chiso__sum_say(b, SUM_COL_AREA, chiso__sum_label(v, v->areas[i]));
    unsigned one = chiso__sum_lines(label, s->widths[at] - 1);
    lines = one > lines ? one : lines;
    chiso__sum_text(s, s->row, at, label, CHISO__LOOK_HEAD);
  }
  chiso__sum_height(s, s->row, lines);
  s->row++;
}

static const char *grade_title(const chiso__summary_view *v, size_t u) {
  const chiso_grading *grading = chiso_run_grading(v->run);
  uint32_t grade = chiso_run_grade(v->run, u);
  if (!grading || grade >= grading->n_grades)
    return "";
  return chiso__sum_pick(v->book, grading->grades[grade].title_vi,
                         grading->grades[grade].title_en);
}

static void row(const chiso__summary_view *v, const columns *c,
                chiso__summary_sheet *s, size_t u) {
  chiso_dec bonus = 0, penalty = 0;
  uint32_t at = s->row++;
  unsigned digits = v->digits;
  const char *name = chiso__sum_unit_name(v, u);
  chiso_run_extras(v->run, u, &bonus, &penalty);
  chiso__sum_integer(s, at, RANK, chiso_run_rank(v->run, 0, u),
                     CHISO__LOOK_RANK);
  chiso__sum_text(s, at, CODE, chiso__sum_unit(v, u)->code, CHISO__LOOK_CENTER);
  chiso__sum_text(s, at, NAME, name, CHISO__LOOK_TEXT_BOLD);
  chiso__sum_number(s, at, POINTS, chiso__sum_points(v, 0, u), digits, digits,
                    CHISO__LOOK_NUMBER_BOLD);
  chiso__sum_number(s, at, MAX, v->scores->max[u], digits, v->max_digits,
                    CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, PERCENT, chiso__sum_percent(v, 0, u), digits, digits,
                    CHISO__LOOK_NUMBER_BOLD);
  if (c->bonus != NONE)
    chiso__sum_number(s, at, c->bonus, bonus, digits, digits,
                      CHISO__LOOK_NUMBER);
  if (c->penalty != NONE)
    chiso__sum_number(s, at, c->penalty, penalty, digits, digits,
                      CHISO__LOOK_NUMBER);
  if (c->grade != NONE)
    chiso__sum_text(s, at, c->grade, grade_title(v, u), CHISO__LOOK_CENTER);
  for (size_t i = 0; i < c->n_areas; i++)
    chiso__sum_number(s, at, (uint16_t)(c->areas + i),
                      chiso__sum_percent(v, v->areas[i], u), digits,
                      v->part_digits, CHISO__LOOK_NUMBER);
  unsigned lines = chiso__sum_lines(name, s->widths[NAME]);
  if (lines > 1)
    chiso__sum_height(s, at, lines);
}

void chiso__sum_ranking(chiso__summary_view *v) {
  chiso__summary_book *b = v->book;
  chiso__summary_sheet s;
  columns c = columns_of(v);
  v->ranking = chiso__sum_sheet_name(
      b, chiso__sum_say(b, SUM_SHEET_RANKING),
      chiso__sum_pick(b, v->group->title_vi, v->group->title_en));
  if (!chiso__sum_sheet(b, v->ranking, c.count, &s))
    return;
  set_widths(v, &c, &s);
  chiso__sum_top(v, &s, SUM_TITLE_RANKING);
  uint32_t header = s.row;
  head(v, &c, &s);
  v->ranking_row = s.row;
  v->figure_column = v->by_percent ? PERCENT : POINTS;
  for (size_t i = 0; i < v->ranked; i++)
    row(v, &c, &s, v->order[i]);
  if (v->ranked > 0)
    chiso__sum_keep(b,
                    b->xlsx->worksheet_autofilter(s.sheet, header, 0, s.row - 1,
                                                  (lxw_col_t)(c.count - 1)));
  b->xlsx->worksheet_freeze_panes(s.sheet, header + 1, NAME + 1);
  chiso__sum_print(&s, true, header, header, v->mark);
  chiso__sum_below(v, &s);
}
