/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_heat.c - areas by units: percent of each area, coloured, with
 * mean, least and most of each column. */
#include "base/dec.h"
#include "sheet/summary.h"

/* Low orange, high blue: told apart by those who do not tell red from green,
 * and light enough for black figures. */
#define COLOUR_LOW  0xF4B183
#define COLOUR_MID  0xFFFFFF
#define COLOUR_HIGH 0x7FB2E5

enum { RANK = 0, NAME, TOTAL, AREAS };

/* What a column has: of the cells with a figure. */
typedef struct summed {
  chiso__wide sum;
  size_t count;
  chiso_dec least, most;
} summed;

static void add(summed *of, chiso_dec value) {
  if (value == CHISO_NONE)
    return;
  of->least = of->count == 0 || value < of->least ? value : of->least;
  of->most = of->count == 0 || value > of->most ? value : of->most;
  of->sum += value;
  of->count++;
}

static chiso_dec mean(const summed *of) {
  int64_t value = 0;
  return of->count > 0 && chiso__wide_div(of->sum, (chiso__wide)of->count,
                                          CHISO_ROUND_HALF_UP, &value)
             ? value
             : CHISO_NONE;
}

static void head(const chiso__summary_view *v, chiso__summary_sheet *s) {
  chiso__summary_book *b = v->book;
  unsigned lines = 2;
  chiso__sum_text(s, s->row, RANK, chiso__sum_say(b, SUM_COL_RANK),
                  CHISO__LOOK_HEAD);
  chiso__sum_text(s, s->row, NAME, chiso__sum_say(b, SUM_COL_UNIT),
                  CHISO__LOOK_HEAD);
  chiso__sum_text(s, s->row, TOTAL, chiso__sum_say(b, SUM_COL_TOTAL),
                  CHISO__LOOK_HEAD);
  for (size_t i = 0; i < v->n_areas; i++) {
    uint16_t at = (uint16_t)(AREAS + i);
    const char *label = chiso__sum_label(v, v->areas[i]);
    unsigned one = chiso__sum_lines(label, s->widths[at] - 1);
    lines = one > lines ? one : lines;
    chiso__sum_text(s, s->row, at, label, CHISO__LOOK_HEAD);
  }
  chiso__sum_height(s, s->row, lines);
  v->book->xlsx->worksheet_freeze_panes(s->sheet, s->row + 1, NAME + 1);
  s->row++;
}

static void units(const chiso__summary_view *v, chiso__summary_sheet *s,
                  summed *sums) {
  for (size_t i = 0; i < v->n; i++) {
    size_t u = v->order[i];
    uint32_t rank = chiso_run_rank(v->run, 0, u);
    const char *name = chiso__sum_unit_name(v, u);
    if (rank > 0)
      chiso__sum_integer(s, s->row, RANK, rank, CHISO__LOOK_RANK);
    else
      chiso__sum_text(s, s->row, RANK, "–", CHISO__LOOK_CENTER);
    chiso__sum_text(s, s->row, NAME, name, CHISO__LOOK_TEXT_BOLD);
    for (size_t j = 0; j <= v->n_areas; j++) {
      chiso_dec value = chiso__sum_percent(v, j == 0 ? 0 : v->areas[j - 1], u);
      add(&sums[j], value);
      chiso__sum_number(s, s->row, (uint16_t)(TOTAL + j), value, v->digits,
                        v->part_digits,
                        j == 0 ? CHISO__LOOK_NUMBER_BOLD : CHISO__LOOK_NUMBER);
    }
    unsigned lines = chiso__sum_lines(name, s->widths[NAME]);
    if (lines > 1)
      chiso__sum_height(s, s->row, lines);
    s->row++;
  }
}

static void closing(const chiso__summary_view *v, chiso__summary_sheet *s,
                    const summed *sums) {
  static const chiso__sum_word titles[] = { SUM_MEAN, SUM_LEAST, SUM_MOST };
  for (size_t k = 0; k < 3; k++, s->row++) {
    chiso__sum_span(s, s->row, RANK, NAME, chiso__sum_say(v->book, titles[k]),
                    CHISO__LOOK_TEXT_BOLD);
    for (size_t j = 0; j <= v->n_areas; j++) {
      const summed *of = &sums[j];
      chiso_dec value = of->count == 0 ? CHISO_NONE
                        : k == 0       ? mean(of)
                        : k == 1       ? of->least
                                       : of->most;
      chiso__sum_number(s, s->row, (uint16_t)(TOTAL + j), value, v->digits,
                        v->part_digits, CHISO__LOOK_NUMBER_BOLD);
    }
  }
}

static void colour(const chiso__summary_view *v,
                   const chiso__summary_sheet *s) {
  lxw_conditional_format scale = {
    .type = LXW_CONDITIONAL_3_COLOR_SCALE,
    .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_MINIMUM,
    .min_color = COLOUR_LOW,
    .mid_rule_type = LXW_CONDITIONAL_RULE_TYPE_PERCENTILE,
    .mid_value = 50,
    .mid_color = COLOUR_MID,
    .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_MAXIMUM,
    .max_color = COLOUR_HIGH,
  };
  if (v->n > 0)
    chiso__sum_keep(v->book, v->book->xlsx->worksheet_conditional_format_range(
                                 s->sheet, v->heat_row, AREAS,
                                 v->heat_row + (uint32_t)v->n - 1,
                                 (lxw_col_t)(AREAS + v->n_areas - 1), &scale));
}

static void set_widths(const chiso__summary_view *v, chiso__summary_sheet *s) {
  double name = 18;
  for (size_t u = 0; u < v->n; u++) {
    double one =
        (double)chiso__text_width(chiso__sum_unit_name(v, u)) * 1.1 + 1;
    name = one + 1 > name ? one + 1 : name;
  }
  chiso__sum_width(s, RANK, 7);
  chiso__sum_width(s, NAME, name < 48 ? name : 48);
  for (size_t j = 0; j <= v->n_areas; j++)
    chiso__sum_width(s, (uint16_t)(TOTAL + j), 14);
}

void chiso__sum_heat(chiso__summary_view *v) {
  chiso__summary_book *b = v->book;
  chiso__summary_sheet s;
  if (v->n_areas == 0)
    return;
  summed *sums = chiso__arena_array(&b->arena, v->n_areas + 1, sizeof *sums);
  if (!sums) {
    chiso__sum_keep(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  const char *group =
      chiso__sum_pick(b, v->group->title_vi, v->group->title_en);
  v->heat = chiso__sum_sheet_name(
      b, chiso__sum_say(b, group[0] ? SUM_SHEET_AREAS : SUM_SHEET_HEAT), group);
  if (!chiso__sum_sheet(b, v->heat, (uint16_t)(AREAS + v->n_areas), &s))
    return;
  set_widths(v, &s);
  chiso__sum_top(v, &s, SUM_TITLE_HEAT);
  v->heat_head = s.row;
  head(v, &s);
  v->heat_row = s.row;
  units(v, &s, sums);
  v->mean_row = s.row;
  closing(v, &s, sums);
  colour(v, &s);
  chiso__sum_print(&s, true, v->heat_head, v->heat_head, v->mark);
  s.row++;
  chiso__sum_line(&s, chiso__sum_say(b, SUM_COLOURS), CHISO__LOOK_NOTE);
  if (v->all_areas > v->n_areas)
    chiso__sum_line(
        &s, chiso__sum_say(b, SUM_AREAS_LEFT_OUT, v->n_areas, v->all_areas),
        CHISO__LOOK_NOTE);
}
