/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_details.c - every node of every unit, and where what was
 * entered stands. */
#include "sheet/summary.h"

#include <string.h>

enum {
  CODE = 0,
  NAME,
  NODE,
  TITLE,
  POINTS,
  MAX,
  PERCENT,
  STATUS,
  SOURCE,
  COLUMNS
};

static unsigned depth(const chiso__summary_view *v, uint32_t node) {
  unsigned levels = 0;
  for (uint32_t n = chiso_methodology_parent(v->m, node); n != CHISO_NO_NODE;
       n = chiso_methodology_parent(v->m, n))
    levels++;
  return levels;
}

static chiso__look title_look(unsigned level) {
  return level < 2    ? CHISO__LOOK_TEXT_BOLD
         : level == 2 ? CHISO__LOOK_INDENT
                      : CHISO__LOOK_INDENT_2;
}

/* Where the first of a node's entries stands, or why it does not apply. */
static const char *source(const chiso__summary_view *v, uint32_t node,
                          size_t u) {
  const chiso_node *n = &v->index->nodes[node];
  const chiso_exemption *exempt = NULL;
  chiso_origin origin;
  bool found = false;
  if (v->scores->state[node * v->scores->n + u] == CHISO_STATE_NOT_APPLICABLE)
    exempt = chiso_run_exempt(v->run, node, u);
  if (exempt)
    return exempt->reason && exempt->instrument
               ? chiso__sum_say(v->book, SUM_EXEMPT, exempt->reason,
                                exempt->instrument)
           : exempt->reason ? exempt->reason
                            : exempt->instrument;
  for (uint32_t i = 0; i <= n->n_inputs && !found; i++)
    found = chiso_run_origin(v->run, node, i, u, &origin);
  if (!found)
    return NULL;
  if (origin.source && origin.source[0])
    return origin.source;
  const char *slash = strrchr(origin.file, '/');
  return chiso__sum_say(v->book, SUM_PLACE, slash ? slash + 1 : origin.file,
                        (unsigned long long)origin.line);
}

static void head(const chiso__summary_view *v, chiso__summary_sheet *s) {
  static const chiso__sum_word titles[COLUMNS] = {
    SUM_COL_CODE,    SUM_COL_UNIT,   SUM_COL_NODE,
    SUM_COL_TITLE,   SUM_COL_POINTS, SUM_COL_MAX,
    SUM_COL_PERCENT, SUM_COL_STATUS, SUM_COL_SOURCE
  };
  for (uint32_t i = 0; i < COLUMNS; i++)
    chiso__sum_text(s, s->row, (uint16_t)i, chiso__sum_say(v->book, titles[i]),
                    CHISO__LOOK_HEAD);
  chiso__sum_height(s, s->row, 2);
  v->book->xlsx->worksheet_freeze_panes(s->sheet, s->row + 1, NODE + 1);
  s->row++;
}

/* Lines that a node's title takes in its column. */
static unsigned title_lines(const chiso__summary_view *v,
                            const chiso__summary_sheet *s, uint32_t node) {
  const chiso_node *n = &v->index->nodes[node];
  unsigned level = depth(v, node);
  double indent = level > 2 ? 4 : level == 2 ? 2 : 0;
  return chiso__sum_lines(chiso__sum_pick(v->book, n->title_vi, n->title_en),
                          s->widths[TITLE] - indent);
}

static void row(const chiso__summary_view *v, chiso__summary_sheet *s,
                uint32_t node, size_t u, unsigned lines) {
  const chiso_node *n = &v->index->nodes[node];
  chiso_state state = (chiso_state)v->scores->state[node * v->scores->n + u];
  unsigned level = depth(v, node);
  chiso__look number = level < 2 ? CHISO__LOOK_NUMBER_BOLD : CHISO__LOOK_NUMBER;
  const char *title = chiso__sum_pick(v->book, n->title_vi, n->title_en);
  const char *name = chiso__sum_unit_name(v, u);
  const char *from = source(v, node, u);
  unsigned names = chiso__sum_lines(name, s->widths[NAME]);
  unsigned froms = from ? chiso__sum_lines(from, s->widths[SOURCE]) : 0;
  lines = names > lines ? names : lines;
  lines = froms > lines ? froms : lines;
  chiso__sum_text(s, s->row, CODE, chiso__sum_unit(v, u)->code,
                  CHISO__LOOK_CENTER);
  chiso__sum_text(s, s->row, NAME, name, CHISO__LOOK_TEXT);
  chiso__sum_text(s, s->row, NODE, n->id,
                  level < 2 ? CHISO__LOOK_TEXT_BOLD : CHISO__LOOK_TEXT);
  chiso__sum_text(s, s->row, TITLE, title, title_look(level));
  chiso__sum_number(s, s->row, POINTS, chiso__sum_points(v, node, u), v->digits,
                    v->digits, number);
  chiso__sum_number(s, s->row, MAX, v->scores->max[node * v->scores->n + u],
                    v->digits, v->digits, CHISO__LOOK_NUMBER);
  chiso__sum_number(s, s->row, PERCENT, chiso__sum_percent(v, node, u),
                    v->digits, v->part_digits, number);
  chiso__sum_text(s, s->row, STATUS,
                  chiso_state_title(state, v->book->what->lang),
                  CHISO__LOOK_TEXT);
  chiso__sum_text(s, s->row, SOURCE, from, CHISO__LOOK_TEXT);
  if (lines > 1)
    chiso__sum_height(s, s->row, lines);
  s->row++;
}

static void set_widths(const chiso__summary_view *v, chiso__summary_sheet *s) {
  static const double widths[COLUMNS] = { 8, 24, 9, 60, 10, 10, 10, 15, 30 };
  for (uint32_t i = 0; i < COLUMNS; i++)
    chiso__sum_width(s, (uint16_t)i,
                     v->digits > 3 && (i == POINTS || i == MAX) ? 13
                                                                : widths[i]);
}

void chiso__sum_details(chiso__summary_view *v) {
  chiso__summary_book *b = v->book;
  chiso__summary_sheet s;
  size_t nodes = v->index->n_nodes;
  size_t fit = b->details_left / nodes;
  size_t shown = v->n < fit ? v->n : fit;
  const char *name = chiso__sum_sheet_name(
      b, chiso__sum_say(b, SUM_SHEET_DETAILS),
      chiso__sum_pick(b, v->group->title_vi, v->group->title_en));
  if (!chiso__sum_sheet(b, name, COLUMNS, &s))
    return;
  unsigned *lines = chiso__arena_array(&b->arena, nodes, sizeof *lines);
  if (!lines) {
    chiso__sum_keep(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  set_widths(v, &s);
  for (uint32_t n = 0; n < nodes; n++)
    lines[n] = title_lines(v, &s, n);
  chiso__sum_top(v, &s, SUM_TITLE_DETAILS);
  if (shown < v->n)
    chiso__sum_line(&s,
                    chiso__sum_say(b, SUM_DETAILS_LEFT_OUT, shown, v->n,
                                   (size_t)CHISO_SUMMARY_DETAILS),
                    CHISO__LOOK_MARK);
  uint32_t header = s.row;
  head(v, &s);
  for (size_t u = 0; u < shown && b->error == LXW_NO_ERROR; u++)
    for (uint32_t n = 0; n < nodes; n++)
      row(v, &s, n, u, lines[n]);
  b->details_left -= shown * nodes;
  if (shown > 0)
    chiso__sum_keep(b, b->xlsx->worksheet_autofilter(s.sheet, header, 0,
                                                     s.row - 1, COLUMNS - 1));
  chiso__sum_print(&s, true, header, header, v->mark);
}
