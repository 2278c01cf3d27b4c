/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_stages.c - what units scored themselves against what was
 * appraised and what came of it: by unit, by area, and the leaves that differ
 * most. All on the leaves that units score themselves. */
#include "sheet/summary.h"

#include <stdlib.h>

#define MOST_AREAS  12u /* beside the units */
#define MOST_LEAVES 15u /* that differ most */

enum {
  CODE = 0,
  NAME,
  MAX,
  SELF,
  APPRAISED,
  DIFFERENCE,
  SETTLED,
  CHANGE,
  EXPLANATIONS,
  AREAS
};

/* Of the tables below the units, in the same columns. */
enum {
  COMPARED = MAX,
  LOWERED = SETTLED,
  RAISED = CHANGE,
  LARGEST = EXPLANATIONS,
  LARGEST_UNIT = AREAS
};

static size_t areas_of(const chiso__summary_view *v) {
  return v->all_areas <= MOST_AREAS ? v->n_areas : 0;
}

/* ---- units --------------------------------------------------------------- */

static void head(const chiso__summary_view *v, chiso__summary_sheet *s) {
  static const chiso__sum_word titles[] = {
    SUM_COL_CODE,    SUM_COL_UNIT,      SUM_COL_MAX,
    SUM_COL_SELF,    SUM_COL_APPRAISED, SUM_COL_DIFFERENCE,
    SUM_COL_SETTLED, SUM_COL_CHANGE,    SUM_COL_EXPLANATIONS,
  };
  unsigned lines = 4;
  for (uint32_t i = CODE; i < AREAS; i++)
    chiso__sum_text(s, s->row, (uint16_t)i, chiso__sum_say(v->book, titles[i]),
                    CHISO__LOOK_HEAD);
  for (size_t i = 0; i < areas_of(v); i++) {
    uint16_t at = (uint16_t)(AREAS + i);
    const char *label = chiso__sum_say(v->book, SUM_COL_AREA_DIFFERENCE,
                                       chiso__sum_label(v, v->areas[i]));
    unsigned one = chiso__sum_lines(label, s->widths[at] - 1);
    lines = one > lines ? one : lines;
    chiso__sum_text(s, s->row, at, label, CHISO__LOOK_HEAD);
  }
  chiso__sum_height(s, s->row, lines);
  s->row++;
}

static void unit_row(const chiso__summary_view *v, chiso__summary_sheet *s,
                     size_t u) {
  const chiso_stages *stages = v->group->stages;
  unsigned digits = v->digits;
  chiso_stage_row row;
  uint32_t at = s->row++;
  chiso_stages_row(stages, 0, u, &row);
  const chiso_stage_figure *self = &row.at[CHISO_STAGE_SELF - 1];
  const char *name = chiso__sum_unit_name(v, u);
  chiso__sum_text(s, at, CODE, chiso__sum_unit(v, u)->code, CHISO__LOOK_CENTER);
  chiso__sum_text(s, at, NAME, name, CHISO__LOOK_TEXT_BOLD);
  chiso__sum_number(s, at, MAX, self->max, digits, digits, CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, SELF, self->points, digits, digits,
                    CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, APPRAISED, row.appraised.points, digits, digits,
                    CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, DIFFERENCE, row.difference, digits, digits,
                    CHISO__LOOK_NUMBER_BOLD);
  chiso__sum_number(s, at, SETTLED, row.settled.points, digits, digits,
                    CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, CHANGE, row.change, digits, digits,
                    CHISO__LOOK_NUMBER);
  chiso__sum_integer(s, at, EXPLANATIONS, row.explanations, CHISO__LOOK_NUMBER);
  for (size_t i = 0; i < areas_of(v); i++) {
    chiso_stages_row(stages, v->areas[i], u, &row);
    chiso__sum_number(s, at, (uint16_t)(AREAS + i), row.difference, digits,
                      digits, CHISO__LOOK_NUMBER);
  }
  unsigned lines = chiso__sum_lines(name, s->widths[NAME]);
  if (lines > 1)
    chiso__sum_height(s, at, lines);
}

/* ---- areas and leaves ---------------------------------------------------- */

static void node_head(const chiso__summary_view *v, chiso__summary_sheet *s,
                      chiso__sum_word what) {
  static const chiso__sum_word titles[] = {
    SUM_COL_COMPARED,        SUM_COL_MEAN_SELF, SUM_COL_MEAN_APPRAISED,
    SUM_COL_MEAN_DIFFERENCE, SUM_COL_LOWERED,   SUM_COL_RAISED,
    SUM_COL_LARGEST
  };
  chiso__sum_span(s, s->row, CODE, NAME, chiso__sum_say(v->book, what),
                  CHISO__LOOK_HEAD);
  for (uint32_t i = COMPARED; i <= LARGEST; i++)
    chiso__sum_text(s, s->row, (uint16_t)i,
                    chiso__sum_say(v->book, titles[i - COMPARED]),
                    CHISO__LOOK_HEAD);
  if (s->columns > LARGEST_UNIT)
    chiso__sum_span(s, s->row, LARGEST_UNIT, (uint16_t)(s->columns - 1),
                    chiso__sum_say(v->book, SUM_COL_LARGEST_UNIT),
                    CHISO__LOOK_HEAD);
  chiso__sum_height(s, s->row, 4);
  s->row++;
}

static void node_row(const chiso__summary_view *v, chiso__summary_sheet *s,
                     uint32_t node, const chiso_stage_sum *sum) {
  unsigned digits = v->digits;
  uint32_t at = s->row++;
  const char *label = chiso__sum_label(v, node);
  chiso__sum_height(
      s, at, chiso__sum_lines(label, s->widths[CODE] + s->widths[NAME] - 1));
  chiso__sum_span(s, at, CODE, NAME, label, CHISO__LOOK_TEXT);
  chiso__sum_integer(s, at, COMPARED, (int64_t)sum->compared,
                     CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, SELF, sum->self, digits, digits, CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, APPRAISED, sum->appraised, digits, digits,
                    CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, DIFFERENCE, sum->difference, digits, digits,
                    CHISO__LOOK_NUMBER_BOLD);
  chiso__sum_integer(s, at, LOWERED, (int64_t)sum->lowered, CHISO__LOOK_NUMBER);
  chiso__sum_integer(s, at, RAISED, (int64_t)sum->raised, CHISO__LOOK_NUMBER);
  chiso__sum_number(s, at, LARGEST, sum->compared ? sum->largest : CHISO_NONE,
                    digits, digits, CHISO__LOOK_NUMBER);
  if (s->columns > LARGEST_UNIT)
    chiso__sum_span(s, at, LARGEST_UNIT, (uint16_t)(s->columns - 1),
                    sum->compared && sum->largest != 0
                        ? chiso__sum_unit_name(v, sum->largest_unit)
                        : NULL,
                    CHISO__LOOK_TEXT);
}

static void by_area(const chiso__summary_view *v, chiso__summary_sheet *s) {
  chiso_stage_sum sum;
  if (v->n_areas == 0)
    return;
  s->row++;
  node_head(v, s, SUM_COL_AREA_NAME);
  for (size_t i = 0; i < v->n_areas; i++) {
    chiso_stages_sum(v->group->stages, v->areas[i], &sum);
    if (sum.compared > 0) /* none scores it itself: a survey */
      node_row(v, s, v->areas[i], &sum);
  }
}

typedef struct leaf {
  uint32_t node;
  chiso_stage_sum sum;
} leaf;

static int larger(const void *a, const void *b) {
  const leaf *x = a, *y = b;
  chiso_dec one =
      x->sum.difference < 0 ? -x->sum.difference : x->sum.difference;
  chiso_dec two =
      y->sum.difference < 0 ? -y->sum.difference : y->sum.difference;
  if (one != two)
    return one > two ? -1 : 1;
  return x->node < y->node ? -1 : x->node > y->node;
}

static void by_leaf(const chiso__summary_view *v, chiso__summary_sheet *s) {
  size_t count = 0;
  leaf *leaves =
      chiso__arena_array(&v->book->arena, v->index->n_nodes, sizeof *leaves);
  if (!leaves) {
    chiso__sum_keep(v->book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  for (uint32_t n = 1; n < v->index->n_nodes; n++) {
    leaf *one = &leaves[count];
    if (chiso_methodology_first_child(v->m, n) != CHISO_NO_NODE)
      continue;
    one->node = n;
    chiso_stages_sum(v->group->stages, n, &one->sum);
    count += one->sum.compared > 0 && one->sum.difference != 0;
  }
  if (count == 0)
    return;
  qsort(leaves, count, sizeof *leaves, larger);
  s->row++;
  node_head(v, s, SUM_COL_LEAF_NAME);
  for (size_t i = 0; i < count && i < MOST_LEAVES; i++)
    node_row(v, s, leaves[i].node, &leaves[i].sum);
  if (count > MOST_LEAVES)
    chiso__sum_line(
        s, chiso__sum_say(v->book, SUM_LEAVES_LEFT_OUT, MOST_LEAVES, count),
        CHISO__LOOK_NOTE);
}

/* ---- the sheet ----------------------------------------------------------- */

static void set_widths(const chiso__summary_view *v, chiso__summary_sheet *s) {
  chiso__sum_width(s, CODE, 10);
  chiso__sum_width(s, NAME, 34);
  for (uint16_t i = MAX; i < s->columns; i++)
    chiso__sum_width(s, i, v->digits > 3 ? 13 : 11);
}

void chiso__sum_stages(chiso__summary_view *v) {
  chiso__summary_book *b = v->book;
  chiso__summary_sheet s;
  if (!v->group->stages)
    return;
  const char *group =
      chiso__sum_pick(b, v->group->title_vi, v->group->title_en);
  const char *name = chiso__sum_sheet_name(
      b, chiso__sum_say(b, group[0] ? SUM_SHEET_SELF : SUM_SHEET_STAGES),
      group);
  if (!chiso__sum_sheet(b, name, (uint16_t)(AREAS + areas_of(v)), &s))
    return;
  set_widths(v, &s);
  chiso__sum_top(v, &s, SUM_TITLE_STAGES);
  chiso__sum_line(
      &s,
      chiso__sum_say(b, SUM_STAGES_NOTE,
                     chiso_stage_title(chiso_stages_appraisal(v->group->stages),
                                       b->what->lang)),
      CHISO__LOOK_NOTE);
  uint32_t header = s.row;
  head(v, &s);
  b->xlsx->worksheet_freeze_panes(s.sheet, header + 1, NAME + 1);
  for (size_t i = 0; i < v->n; i++)
    unit_row(v, &s, v->order[i]);
  by_area(v, &s);
  by_leaf(v, &s);
  chiso__sum_print(&s, true, 1, 0, v->mark);
}
