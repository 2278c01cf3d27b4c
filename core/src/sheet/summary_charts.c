/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_charts.c - charts of the ranking, of the areas and of the
 * grades. They refer to the cells of the other sheets. */
#include "sheet/summary.h"

#define MOST_BARS   40u /* more units: the first and the last of them */
#define SOME_BARS   20u
#define MOST_GROUPS 24u   /* areas of one chart */
#define WIDTH       700.0 /* pixels; a chart of the library is 480 × 288 */
#define ROW         20.0  /* pixels of a row */
#define BAR         19.0
/* Fitting a sheet to the page's width would leave breaks to the program, which
 * cuts charts in two. At this scale the width fits even where the columns are a
 * third wider, as with a program that lacks the workbook's font. */
#define SCALE       70
#define PAGE        1400.0 /* pixels of a page, printed so */
#define MOST_BREAKS 8u

#define COLOUR_ONE  0x2F6DA8
#define COLOUR_MEAN 0x8C8C8C
#define COLOUR_LAST 0xE08A1E
#define COLOUR_GRID 0xD9D9D9

enum { NAME = 2 }; /* of the ranking */

typedef struct picture {
  chiso__summary_view *v;
  chiso__summary_sheet *s;
  lxw_chart *chart;
  double used;                   /* of the page */
  lxw_row_t breaks[MOST_BREAKS]; /* before these rows; ended by 0 */
  size_t n_breaks;
} picture;

/* Figures of a row or a column, with their names. */
typedef struct cells {
  const char *sheet;
  uint32_t row, last_row;
  uint16_t column, last_column;
} cells;

static bool begin(picture *p, unsigned type, const char *title) {
  const chiso__xlsx *x = p->v->book->xlsx;
  lxw_chart_font font = { .size = 12, .bold = 1 };
  p->chart = x->workbook_add_chart(p->v->book->workbook, (uint8_t)type);
  if (!p->chart) {
    chiso__sum_keep(p->v->book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return false;
  }
  x->chart_title_set_name(p->chart, title);
  x->chart_title_set_name_font(p->chart, &font);
  return true;
}

static lxw_chart_series *series(const picture *p, const cells *names,
                                const cells *figures, unsigned colour,
                                const char *number) {
  const chiso__xlsx *x = p->v->book->xlsx;
  lxw_chart_fill fill = { .color = colour };
  lxw_chart_font font = { .size = 8 };
  lxw_chart_series *one = x->chart_add_series(p->chart, NULL, NULL);
  if (!one) {
    chiso__sum_keep(p->v->book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return NULL;
  }
  x->chart_series_set_categories(one, names->sheet, names->row, names->column,
                                 names->last_row, names->last_column);
  x->chart_series_set_values(one, figures->sheet, figures->row, figures->column,
                             figures->last_row, figures->last_column);
  x->chart_series_set_fill(one, &fill);
  x->chart_series_set_labels(one);
  x->chart_series_set_labels_num_format(one, number);
  x->chart_series_set_labels_font(one, &font);
  return one;
}

/* The axis of figures: from 0 to `most`, unless figures go beyond: then whoever
 * draws it finds its ends. The library turns bars on their side, axes and all.
 */
static void figures_axis(const picture *p, bool bars, chiso_dec most,
                         const char *number) {
  const chiso__xlsx *x = p->v->book->xlsx;
  lxw_chart_line grid = { .color = COLOUR_GRID, .width = 0.5F };
  lxw_chart_font font = { .size = 9 };
  lxw_chart_axis *axis = x->chart_axis_get(
      p->chart, bars ? LXW_CHART_AXIS_TYPE_X : LXW_CHART_AXIS_TYPE_Y);
  if (most != CHISO_NONE) {
    x->chart_axis_set_min(axis, 0);
    x->chart_axis_set_max(axis, (double)most / CHISO_DEC_ONE);
  }
  x->chart_axis_set_num_format(axis, number);
  x->chart_axis_set_num_font(axis, &font);
  x->chart_axis_major_gridlines_set_line(axis, &grid);
}

/* Names from top to bottom, as in the table. */
static void names_axis(const picture *p) {
  const chiso__xlsx *x = p->v->book->xlsx;
  lxw_chart_font font = { .size = 9 };
  lxw_chart_axis *axis = x->chart_axis_get(p->chart, LXW_CHART_AXIS_TYPE_Y);
  x->chart_axis_set_reverse(axis);
  x->chart_axis_set_num_font(axis, &font);
  x->chart_axis_set_label_position(axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
}

/* Sets the chart below what is there, on the next page when it does not fit. */
static void put(picture *p, double height) {
  chiso__summary_book *b = p->v->book;
  lxw_chart_options options = {
    .x_scale = WIDTH / 480,
    .y_scale = height / 288,
    .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
  };
  if (p->used + height > PAGE && p->n_breaks + 1 < MOST_BREAKS) {
    p->breaks[p->n_breaks++] = p->s->row - 1;
    p->used = 0;
  }
  p->used += height + 2 * ROW;
  b->xlsx->chart_set_series_gap(p->chart, 40);
  chiso__sum_keep(b, b->xlsx->worksheet_insert_chart_opt(
                         p->s->sheet, p->s->row, 0, p->chart, &options));
  p->s->row += (uint32_t)(height / ROW) + 2;
}

/* ---- the ranking --------------------------------------------------------- */

/* Bonus and penalty lead outside 0..most: then the axis is left to whoever
 * draws it. */
static chiso_dec bounds(const chiso__summary_view *v) {
  chiso_dec most = v->by_percent ? 100 * CHISO_DEC_ONE : v->index->nodes[0].max;
  for (size_t i = 0; i < v->ranked; i++) {
    size_t u = v->order[i];
    chiso_dec figure = v->by_percent ? chiso__sum_percent(v, 0, u)
                                     : chiso__sum_points(v, 0, u);
    if (figure < 0 || figure > most)
      return CHISO_NONE;
  }
  return most;
}

static void ranking(picture *p, size_t first, size_t count, const char *title) {
  chiso__summary_view *v = p->v;
  uint32_t top = v->ranking_row + (uint32_t)first;
  uint32_t last = top + (uint32_t)count - 1;
  cells names = { v->ranking, top, last, NAME, NAME };
  cells figures = { v->ranking, top, last, v->figure_column, v->figure_column };
  if (!begin(p, LXW_CHART_BAR, title) ||
      !series(p, &names, &figures, COLOUR_ONE, "0.00"))
    return;
  names_axis(p);
  figures_axis(p, true, bounds(v), "0");
  v->book->xlsx->chart_legend_set_position(p->chart, LXW_CHART_LEGEND_NONE);
  put(p, 90 + BAR * (double)count);
}

static void rankings(picture *p) {
  chiso__summary_view *v = p->v;
  chiso__summary_book *b = v->book;
  if (v->ranked <= MOST_BARS) {
    ranking(p, 0, v->ranked,
            chiso__sum_say(b, v->by_percent ? SUM_CHART_PERCENT
                                            : SUM_CHART_POINTS));
    return;
  }
  ranking(p, 0, SOME_BARS,
          chiso__sum_say(b,
                         v->by_percent ? SUM_CHART_FIRST_PERCENT
                                       : SUM_CHART_FIRST_POINTS,
                         SOME_BARS));
  ranking(p, v->ranked - SOME_BARS, SOME_BARS,
          chiso__sum_say(
              b, v->by_percent ? SUM_CHART_LAST_PERCENT : SUM_CHART_LAST_POINTS,
              SOME_BARS));
}

/* ---- areas --------------------------------------------------------------- */

enum { HEAT_NAME = 1, HEAT_AREAS = 3 };

static void area_series(const picture *p, size_t count, uint32_t row,
                        uint16_t name, unsigned colour) {
  chiso__summary_view *v = p->v;
  uint16_t last = (uint16_t)(HEAT_AREAS + count - 1);
  cells names = { v->heat, v->heat_head, v->heat_head, HEAT_AREAS, last };
  cells figures = { v->heat, row, row, HEAT_AREAS, last };
  lxw_chart_series *one = series(p, &names, &figures, colour, "0.0");
  if (one)
    v->book->xlsx->chart_series_set_name_range(one, v->heat, row, name);
}

static void areas(picture *p) {
  chiso__summary_view *v = p->v;
  size_t count = v->n_areas < MOST_GROUPS ? v->n_areas : MOST_GROUPS;
  unsigned bars = v->ranked > 1 ? 3 : 1;
  if (count == 0)
    return;
  const char *title = chiso__sum_say(
      v->book, v->ranked > 1 ? SUM_CHART_AREAS : SUM_CHART_AREAS_ONE);
  if (!begin(p, LXW_CHART_BAR, title))
    return;
  area_series(p, count, v->heat_row, HEAT_NAME, COLOUR_ONE);
  if (v->ranked > 1) {
    area_series(p, count, v->mean_row, 0, COLOUR_MEAN);
    area_series(p, count, v->heat_row + (uint32_t)v->ranked - 1, HEAT_NAME,
                COLOUR_LAST);
  }
  names_axis(p);
  bool within = true;
  for (size_t i = 0; i < count * v->n; i++) {
    chiso_dec value = chiso__sum_percent(v, v->areas[i % count], i / count);
    within = within && (value == CHISO_NONE ||
                        (value >= 0 && value <= 100 * CHISO_DEC_ONE));
  }
  figures_axis(p, true, within ? 100 * CHISO_DEC_ONE : CHISO_NONE, "0");
  v->book->xlsx->chart_legend_set_position(p->chart, LXW_CHART_LEGEND_BOTTOM);
  double bar = count > MOST_GROUPS / 2 ? 7 : 14;
  put(p, 120 + bar * (bars + 1) * (double)count);
}

/* ---- grades -------------------------------------------------------------- */

static void grades(picture *p) {
  chiso__summary_view *v = p->v;
  const chiso_grading *g = chiso_run_grading(v->run);
  if (!g || g->n_grades == 0 || v->ranked == 0)
    return;
  uint32_t last = v->grades_row + g->n_grades - 1;
  cells names = { v->ranking, v->grades_row, last, 0, 0 };
  cells figures = { v->ranking, v->grades_row, last, CHISO__SUM_GRADE_COUNT,
                    CHISO__SUM_GRADE_COUNT };
  const char *title = chiso__sum_say(v->book, SUM_CHART_GRADES);
  if (!begin(p, LXW_CHART_COLUMN, title) ||
      !series(p, &names, &figures, COLOUR_ONE, "0"))
    return;
  figures_axis(p, false, CHISO_NONE, "0");
  v->book->xlsx->chart_axis_set_min(
      v->book->xlsx->chart_axis_get(p->chart, LXW_CHART_AXIS_TYPE_Y), 0);
  v->book->xlsx->chart_legend_set_position(p->chart, LXW_CHART_LEGEND_NONE);
  put(p, 300);
}

void chiso__sum_charts(chiso__summary_view *v) {
  chiso__summary_book *b = v->book;
  chiso__summary_sheet s;
  const char *name = chiso__sum_sheet_name(
      b, chiso__sum_say(b, SUM_SHEET_CHARTS),
      chiso__sum_pick(b, v->group->title_vi, v->group->title_en));
  if (!chiso__sum_sheet(b, name, 9, &s))
    return;
  for (uint16_t i = 0; i < s.columns; i++)
    chiso__sum_width(&s, i, 10.5);
  chiso__sum_top(v, &s, SUM_TITLE_CHARTS);
  chiso__sum_print(&s, false, 1, 0, v->mark);
  if (v->ranked == 0) {
    chiso__sum_line(&s, chiso__sum_say(b, SUM_NONE_RANKED), CHISO__LOOK_LINE);
    return;
  }
  picture p = { .v = v, .s = &s, .used = ROW * s.row };
  rankings(&p);
  areas(&p);
  grades(&p);
  b->xlsx->worksheet_set_print_scale(s.sheet, SCALE);
  b->xlsx->worksheet_center_horizontally(s.sheet);
  if (p.n_breaks > 0)
    chiso__sum_keep(b, b->xlsx->worksheet_set_h_pagebreaks(s.sheet, p.breaks));
}
