/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_below.c - what stands below the ranking: units without a rank
 * and why, grades in words, what the figures rest on. */
#include "sheet/summary.h"

#include <string.h>

#define MOST_IDS 12u

enum { RANK = 0, CODE, NAME, POINTS, MAX, PERCENT };

/* ---- units without a rank ------------------------------------------------ */

static const char *join(chiso__summary_book *b, const char *const *ids,
                        size_t count) {
  chiso__buffer out = { .allocator = b->allocator };
  for (size_t i = 0; i < count && i < MOST_IDS; i++) {
    chiso__buffer_text(&out, i > 0 ? ", " : "");
    chiso__buffer_text(&out, ids[i]);
  }
  if (count > MOST_IDS)
    chiso__buffer_text(&out, ", …");
  const char *text = out.failed || !out.data
                         ? NULL
                         : chiso__arena_text(&b->arena, out.data, out.size);
  if (out.failed || (out.data && !text))
    chiso__sum_keep(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
  chiso__buffer_free(&out);
  return text ? text : "";
}

static const char *reason(const chiso__summary_view *v, size_t u) {
  chiso__summary_book *b = v->book;
  chiso_state state = (chiso_state)v->scores->state[u];
  const char *ids[MOST_IDS];
  if (chiso_has_points(state))
    return chiso__sum_say(b, SUM_NOT_RANKED);
  if (state == CHISO_STATE_MISSING)
    return chiso__sum_say(b, SUM_NO_DATA);
  size_t count = chiso_run_lacks(v->run, 0, u, ids, MOST_IDS);
  if (state == CHISO_STATE_INCOMPLETE && count > 0)
    return chiso__sum_say(b, SUM_INCOMPLETE, join(b, ids, count));
  return chiso_state_title(state, b->what->lang);
}

static void unranked(const chiso__summary_view *v, chiso__summary_sheet *s) {
  chiso__summary_book *b = v->book;
  uint16_t last = (uint16_t)(s->columns - 1);
  if (v->ranked == v->n)
    return;
  s->row++;
  chiso__sum_line(s, chiso__sum_say(b, SUM_UNRANKED, v->n - v->ranked),
                  CHISO__LOOK_STRONG);
  for (size_t i = v->ranked; i < v->n; i++) {
    size_t u = v->order[i];
    uint32_t at = s->row++;
    const char *why = reason(v, u);
    double width = 0;
    bool apart = last > PERCENT; /* there is room beside the figures */
    uint16_t first = apart ? PERCENT + 1 : MAX;
    for (uint16_t c = first; c <= last; c++)
      width += s->widths[c];
    chiso__sum_text(s, at, RANK, NULL, CHISO__LOOK_CENTER);
    chiso__sum_text(s, at, CODE, chiso__sum_unit(v, u)->code,
                    CHISO__LOOK_CENTER);
    chiso__sum_text(s, at, NAME, chiso__sum_unit_name(v, u), CHISO__LOOK_TEXT);
    chiso__sum_number(s, at, POINTS, chiso__sum_points(v, 0, u), v->digits,
                      v->digits, CHISO__LOOK_NUMBER);
    if (apart) {
      chiso__sum_number(s, at, MAX, v->scores->max[u], v->digits, v->max_digits,
                        CHISO__LOOK_NUMBER);
      chiso__sum_number(s, at, PERCENT, chiso__sum_percent(v, 0, u), v->digits,
                        v->digits, CHISO__LOOK_NUMBER);
    }
    unsigned lines = chiso__sum_lines(why, width);
    unsigned names =
        chiso__sum_lines(chiso__sum_unit_name(v, u), s->widths[NAME]);
    chiso__sum_height(s, at, lines > names ? lines : names);
    chiso__sum_span(s, at, first, last, why, CHISO__LOOK_TEXT);
  }
}

/* ---- grades -------------------------------------------------------------- */

static chiso_dec bound(const chiso__summary_view *v, const chiso_grading *g,
                       uint32_t grade) {
  return g->kind == CHISO_GRADE_QUANTILE ? chiso_run_grade_bound(v->run, grade)
                                         : g->grades[grade].at_least;
}

/* "from 70 to below 80": which side a bound belongs to is said. */
static const char *words(const chiso__summary_view *v, const chiso_grading *g,
                         uint32_t grade) {
  chiso__summary_book *b = v->book;
  chiso_dec low = bound(v, g, grade);
  chiso_dec high = grade > 0 ? bound(v, g, grade - 1) : CHISO_NONE;
  bool open = g->grades[grade].cmp == CHISO_CMP_GT;
  bool closed = grade > 0 && g->grades[grade - 1].cmp == CHISO_CMP_GT;
  const char *from = low == CHISO_NONE ? "" : chiso__sum_dec(b, low);
  const char *to = high == CHISO_NONE ? "" : chiso__sum_dec(b, high);
  if (low == CHISO_NONE && high == CHISO_NONE)
    return "";
  if (high == CHISO_NONE)
    return chiso__sum_say(b, open ? SUM_ABOVE : SUM_FROM, from);
  if (low == CHISO_NONE)
    return chiso__sum_say(b, closed ? SUM_UP_TO : SUM_BELOW, to);
  if (open)
    return chiso__sum_say(b, closed ? SUM_ABOVE_UP_TO : SUM_ABOVE_BELOW, from,
                          to);
  return chiso__sum_say(b, closed ? SUM_FROM_UP_TO : SUM_FROM_BELOW, from, to);
}

static void grades(chiso__summary_view *v, chiso__summary_sheet *s) {
  chiso__summary_book *b = v->book;
  const chiso_grading *g = chiso_run_grading(v->run);
  if (!g)
    return;
  s->row++;
  chiso__sum_line(
      s,
      chiso__sum_say(b, v->by_percent ? SUM_GRADES_PERCENT : SUM_GRADES_POINTS),
      CHISO__LOOK_STRONG);
  chiso__sum_span(s, s->row, RANK, CODE, chiso__sum_say(b, SUM_COL_GRADE),
                  CHISO__LOOK_HEAD);
  chiso__sum_span(s, s->row, NAME, MAX, chiso__sum_say(b, SUM_COL_BAND),
                  CHISO__LOOK_HEAD);
  chiso__sum_text(s, s->row, CHISO__SUM_GRADE_COUNT,
                  chiso__sum_say(b, SUM_COL_UNITS), CHISO__LOOK_HEAD);
  v->grades_row = ++s->row;
  for (uint32_t i = 0; i < g->n_grades; i++, s->row++) {
    const chiso_grade *grade = &g->grades[i];
    const char *title = chiso__sum_pick(b, grade->title_vi, grade->title_en);
    int64_t count = 0;
    for (size_t u = 0; u < v->n; u++)
      count += chiso_run_grade(v->run, u) == i;
    chiso__sum_height(
        s, s->row,
        chiso__sum_lines(title, s->widths[RANK] + s->widths[CODE] - 1));
    chiso__sum_span(s, s->row, RANK, CODE, title, CHISO__LOOK_TEXT_BOLD);
    chiso__sum_span(s, s->row, NAME, MAX, words(v, g, i), CHISO__LOOK_TEXT);
    chiso__sum_integer(s, s->row, CHISO__SUM_GRADE_COUNT, count,
                       CHISO__LOOK_NUMBER);
  }
}

/* ---- what it rests on ---------------------------------------------------- */

/* The part of a path below the share folder, or the last of its names: where
 * the files lie on somebody's disk is nobody's business. */
static const char *short_path(const chiso__summary_view *v, const char *path) {
  const char *share = v->book->what->share;
  size_t n = share ? strlen(share) : 0;
  const char *slash = strrchr(path, '/');
  if (n > 0 && strncmp(path, share, n) == 0 && path[n] == '/')
    return path + n + 1;
  return slash ? slash + 1 : path;
}

static void notes(const chiso__summary_view *v, chiso__summary_sheet *s) {
  chiso__summary_book *b = v->book;
  chiso_lang lang = b->what->lang;
  const char *ids[MOST_IDS];
  chiso_dec largest = 0;
  chiso__buffer files = { .allocator = b->allocator };
  s->row++;
  if (v->n == 0 || v->ranked == 0)
    chiso__sum_line(s, chiso__sum_say(b, SUM_NONE_RANKED), CHISO__LOOK_LINE);
  if (v->all_areas > 0 && v->n_areas == 0)
    chiso__sum_line(s, chiso__sum_say(b, SUM_NO_AREAS), CHISO__LOOK_NOTE);
  size_t count =
      chiso_run_approximate(v->run, 0, SIZE_MAX, ids, MOST_IDS, &largest);
  if (count > 0)
    chiso__sum_line(s,
                    chiso__sum_say(b, SUM_APPROXIMATE, join(b, ids, count),
                                   chiso__sum_dec(b, largest)),
                    CHISO__LOOK_NOTE);
  for (size_t i = 0; i < chiso_run_dependencies(v->run); i++)
    chiso__sum_line(
        s, chiso__sum_say(b, SUM_TAKES, chiso_run_dependency(v->run, i, lang)),
        CHISO__LOOK_NOTE);
  for (size_t i = 0; i < chiso_run_files(v->run); i++) {
    chiso__buffer_text(&files, i > 0 ? ", " : "");
    chiso__buffer_text(&files, short_path(v, chiso_run_file(v->run, i)));
  }
  if (files.data && !files.failed)
    chiso__sum_line(s, chiso__sum_say(b, SUM_DATA, files.data),
                    CHISO__LOOK_NOTE);
  if (files.failed)
    chiso__sum_keep(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
  chiso__buffer_free(&files);
}

void chiso__sum_below(chiso__summary_view *v, chiso__summary_sheet *s) {
  unranked(v, s);
  grades(v, s);
  notes(v, s);
}
