/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_sheet.c - fills one scoring sheet. */
#include "sheet/make_page.h"

#include <stdarg.h>
#include <string.h>

#include "data/data.h"

#define PAPER_A4     9u
#define LINE         14.5 /* points from one line of text to the next */
#define HEADER_LINES 3u

static bool there(const chiso__page *p, unsigned column) {
  return p->layout->column[column] != CHISO__NO_COLUMN;
}

static double plain(chiso_dec number) {
  return (double)number / CHISO_DEC_ONE;
}

void chiso__page_text(chiso__page *p, lxw_row_t row, unsigned column,
                      const char *text, lxw_format *format) {
  lxw_col_t at = chiso__page_column(p, column);
  if (text && text[0])
    chiso__note(p->w, chiso__xlsx_text(p->w->xlsx, p->w->sheet, row, at, text,
                                       format, p->w->arena.allocator));
  else if (format)
    chiso__note(
        p->w, p->w->xlsx->worksheet_write_blank(p->w->sheet, row, at, format));
}

static void put_number(chiso__page *p, lxw_row_t row, unsigned column,
                       chiso_dec number, lxw_format *format) {
  chiso__note(p->w, p->w->xlsx->worksheet_write_number(
                        p->w->sheet, row, chiso__page_column(p, column),
                        plain(number), format));
}

/* A formula with what it gives: a text, or a number. */
static void put_formula(chiso__page *p, lxw_row_t row, unsigned column,
                        const char *formula, const char *text, double number,
                        lxw_format *format) {
  lxw_col_t at = chiso__page_column(p, column);
  chiso__note(p->w, text ? p->w->xlsx->worksheet_write_formula_str(
                               p->w->sheet, row, at, formula, format, text)
                         : p->w->xlsx->worksheet_write_formula_num(
                               p->w->sheet, row, at, formula, format, number));
}

static void put_plan(chiso__page *p, lxw_row_t row, unsigned column,
                     const chiso__cell_plan *cell, const char *text,
                     chiso_dec number, lxw_format *format) {
  if (cell->kind == CHISO__CELL_FORMULA)
    put_formula(p, row, column, cell->text, text, plain(number), format);
  else if (cell->kind == CHISO__CELL_NUMBER)
    put_number(p, row, column, cell->number, format);
  else if (cell->kind == CHISO__CELL_TEXT || format)
    chiso__page_text(p, row, column,
                     cell->kind == CHISO__CELL_TEXT ? cell->text : NULL,
                     format);
}

/* ---- columns ---------------------------------------------------------------
 */

static const chiso__message titles[CHISO__COL_TAKEN] = {
  [CHISO__COL_NO] = MSG_SHEET_COL_NO,
  [CHISO__COL_TITLE] = MSG_SHEET_COL_TITLE,
  [CHISO__COL_MAX] = MSG_SHEET_COL_MAX,
  [CHISO__COL_RULE] = MSG_SHEET_COL_RULE,
  [CHISO__COL_EVIDENCE] = MSG_SHEET_COL_EVIDENCE,
  [CHISO__COL_VALUE] = MSG_SHEET_COL_SELF,
  [CHISO__COL_VALUE + 1] = MSG_SHEET_COL_SELF_POINTS,
  [CHISO__COL_VALUE + 2] = MSG_SHEET_COL_APPRAISED_1,
  [CHISO__COL_VALUE + 3] = MSG_SHEET_COL_APPRAISED_1_POINTS,
  [CHISO__COL_VALUE + 4] = MSG_SHEET_COL_APPRAISED_2,
  [CHISO__COL_VALUE + 5] = MSG_SHEET_COL_APPRAISED_2_POINTS,
  [CHISO__COL_VALUE + 6] = MSG_SHEET_COL_FINAL,
  [CHISO__COL_VALUE + 7] = MSG_SHEET_COL_FINAL_POINTS,
  [CHISO__COL_NOTE] = MSG_SHEET_COL_NOTE,
  [CHISO__COL_DOCUMENT] = MSG_SHEET_COL_DOCUMENT,
  [CHISO__COL_SECTION] = MSG_SHEET_COL_SECTION,
  [CHISO__COL_PAGE] = MSG_SHEET_COL_PAGE,
  [CHISO__COL_APPRAISER_NOTE] = MSG_SHEET_COL_APPRAISER_NOTE,
  [CHISO__COL_EXPLANATION] = MSG_SHEET_COL_EXPLANATION,
};

static void set_width(chiso__page *p, unsigned column, double width,
                      bool hidden) {
  lxw_row_col_options options = { .hidden = hidden };
  chiso__note(p->w, p->w->xlsx->worksheet_set_column_opt(
                        p->w->sheet, chiso__page_column(p, column),
                        chiso__page_column(p, column), width, NULL, &options));
}

/* Programs do not agree on who makes a row as high as its text: we do. */
static void set_height(chiso__page *p, lxw_row_t row, unsigned lines) {
  chiso__note(p->w, p->w->xlsx->worksheet_set_row_opt(
                        p->w->sheet, row, LINE * lines + 3, NULL, NULL));
}

static void put_columns(chiso__page *p) {
  lxw_format *head = chiso__head_style(&p->w->styles, CHISO__HEAD_COLUMN);
  lxw_row_col_options hidden = { .hidden = 1 };
  for (unsigned c = 0; c < CHISO__COLUMNS; c++) {
    if (!there(p, c))
      continue;
    unsigned width = chiso__sheet_column_width(c);
    bool shown = width > 0;
    const char *key = chiso__sheet_column_key(c);
    set_width(p, c, shown ? width : 8, !shown);
    if (shown)
      chiso__page_text(p, (lxw_row_t)p->layout->header, c,
                       chiso__page_say(p, titles[c]), head);
    if (key)
      chiso__page_text(p, (lxw_row_t)p->layout->keys, c, key, NULL);
  }
  chiso__note(p->w, p->w->xlsx->worksheet_set_row_opt(
                        p->w->sheet, (lxw_row_t)p->layout->keys,
                        LXW_DEF_ROW_HEIGHT, NULL, &hidden));
  set_height(p, (lxw_row_t)p->layout->header, HEADER_LINES);
}

/* ---- above the header ------------------------------------------------------
 */

const char *chiso__page_print(chiso__page *p, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *text =
      size < 0 ? NULL : chiso__arena_raw(&p->w->arena, (size_t)size + 1, 1);
  if (text)
    (void)vsnprintf(text, (size_t)size + 1, format, args);
  va_end(args);
  p->w->failed |= !text;
  return text ? text : "";
}

static const char *pick(const chiso__page *p, const char *vi, const char *en) {
  const char *first = p->plan->lang == CHISO_LANG_VI ? vi : en;
  const char *other = p->plan->lang == CHISO_LANG_VI ? en : vi;
  return first && first[0] ? first : other ? other : "";
}

static const char *date_text(chiso__page *p, chiso_date date) {
  if (date.day)
    return chiso__page_print(p, "%02u/%02u/%u", date.day, date.month,
                             date.year);
  return date.month ? chiso__page_print(p, "%02u/%u", date.month, date.year)
                    : chiso__page_print(p, "%u", date.year);
}

/* "1551/QĐ-UBND, 18/05/2021 · self-scoring until 26/02/2021" */
static const char *law_text(chiso__page *p) {
  const chiso_index *ix = p->plan->ix;
  const chiso_round *round = p->w->book->round;
  const char *text = "";
  if (ix->n_legal > 0) {
    const chiso_legal *l = &ix->legal[0];
    const char *name = l->instrument ? l->instrument : l->title ? l->title : "";
    text = chiso__page_print(p, "%s: %s%s%s", chiso__page_say(p, MSG_SHEET_LAW),
                             name, l->issued.year ? ", " : "",
                             l->issued.year ? date_text(p, l->issued) : "");
  }
  for (size_t i = 0; i < chiso_round_deadlines(round); i++) {
    const chiso_round_due *due = chiso_round_deadline(round, i);
    if (strcmp(due->what, "self") == 0 &&
        (!due->group || strcmp(due->group, p->plan->group->key) == 0))
      text = chiso__page_print(p, "%s%s%s: %s", text, text[0] ? "  ·  " : "",
                               chiso__page_say(p, MSG_SHEET_DEADLINE),
                               date_text(p, due->date));
  }
  return text;
}

static const char *methodology_text(chiso__page *p) {
  const chiso_index *ix = p->plan->ix;
  const char *title = pick(p, ix->title_vi, ix->title_en);
  char *mark;
  if (chiso_methodology_mark(p->plan->m, p->plan->lang, p->w->arena.allocator,
                             &mark, NULL) != CHISO_OK) {
    p->w->failed = true;
    return "";
  }
  const char *text =
      mark[0] ? chiso__page_print(p, "%s  ·  %s", title, mark)
              : chiso__page_print(p, "%s (%s)", title,
                                  chiso_methodology_name(p->plan->m));
  chiso_text_free(p->w->arena.allocator, mark);
  return text;
}

static void put_head_texts(chiso__page *p) {
  const chiso_round *round = p->w->book->round;
  const char *vi, *en;
  chiso__styles *styles = &p->w->styles;
  lxw_format *text = chiso__head_style(styles, CHISO__HEAD_TEXT);
  char period[16];
  chiso_round_titles(round, &vi, &en);
  chiso_round_format(chiso_round_period(round), period);
  chiso__page_text(p, 0, CHISO__COL_NO,
                   chiso__page_print(p, "%s – %s",
                                     chiso__page_say(p, MSG_SHEET_HEADING),
                                     pick(p, vi, en)),
                   chiso__head_style(styles, CHISO__HEAD_TITLE));
  chiso__page_text(
      p, 1, CHISO__COL_NO,
      chiso__page_print(p, "%s  ·  %s  ·  %s", p->unit->code,
                        pick(p, p->unit->name_vi, p->unit->name_en), period),
      chiso__head_style(styles, CHISO__HEAD_UNIT));
  chiso__page_text(p, 2, CHISO__COL_NO, methodology_text(p), text);
  chiso__page_text(p, 3, CHISO__COL_NO, law_text(p), text);
  chiso__page_text(p, 4, CHISO__COL_NO, chiso__page_say(p, MSG_SHEET_HOW),
                   text);
}

static void put_figures(chiso__page *p, unsigned stage) {
  const chiso__sheet_plan *plan = p->plan;
  const chiso_node *root = &plan->ix->nodes[0];
  lxw_format *figure = chiso__head_style(&p->w->styles, CHISO__HEAD_FIGURE);
  lxw_format *count = chiso__head_style(&p->w->styles, CHISO__HEAD_COUNT);
  unsigned at = CHISO__POINTS_OF(stage);
  const char *const *head[CHISO__HEADS];
  for (unsigned i = 0; i < CHISO__HEADS; i++)
    head[i] = plan->head[i];
  chiso_dec extras[2];
  chiso__shown total = chiso__shown_total(&p->tally, stage, extras);
  put_formula(p, CHISO__HEAD_TOTAL, CHISO__TAKEN_OF(stage), plan->total[stage],
              total.text, plain(total.points), NULL);
  put_formula(
      p, CHISO__HEAD_TOTAL, at, head[CHISO__HEAD_TOTAL][stage], total.text,
      plain(chiso_dec_round(total.points, root->digits, root->round)), figure);
  put_formula(p, CHISO__HEAD_MAX, at, head[CHISO__HEAD_MAX][stage], NULL,
              plain(total.most), figure);
  int64_t percent = 0;
  bool has =
      !total.text && total.most > 0 &&
      chiso_muldiv(total.points, 100 * CHISO_DEC_ONE, total.most, &percent);
  put_formula(p, CHISO__HEAD_PERCENT, at, head[CHISO__HEAD_PERCENT][stage],
              has ? NULL : "",
              plain(chiso_dec_round(percent, plan->ix->digits, root->round)),
              figure);
  put_formula(p, CHISO__HEAD_TODO, at, head[CHISO__HEAD_TODO][stage],
              total.todo ? NULL : chiso__page_say(p, MSG_SHEET_COMPLETE),
              total.todo, count);
  for (unsigned i = CHISO__HEAD_BONUS; plan->extras && i < CHISO__HEADS; i++)
    put_formula(p, i, at, head[i][stage], NULL,
                plain(extras[i - CHISO__HEAD_BONUS]), figure);
}

static void put_head(chiso__page *p) {
  static const chiso__message labels[CHISO__HEADS] = {
    [CHISO__HEAD_TOTAL] = MSG_SHEET_TOTAL,
    [CHISO__HEAD_MAX] = MSG_SHEET_MAX,
    [CHISO__HEAD_PERCENT] = MSG_SHEET_PERCENT,
    [CHISO__HEAD_TODO] = MSG_SHEET_TODO,
    [CHISO__HEAD_BONUS] = MSG_SHEET_BONUS,
    [CHISO__HEAD_PENALTY] = MSG_SHEET_PENALTY,
  };
  unsigned lines = p->plan->extras ? CHISO__HEADS : CHISO__HEAD_BONUS;
  put_head_texts(p);
  for (unsigned i = CHISO__HEAD_TOTAL; i < lines; i++)
    chiso__page_text(p, i, CHISO__COL_EVIDENCE, chiso__page_say(p, labels[i]),
                     chiso__head_style(&p->w->styles, CHISO__HEAD_LABEL));
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
    if (p->plan->stages >> stage & 1)
      put_figures(p, stage);
}

/* ---- rows ------------------------------------------------------------------
 */

static chiso__band band_of(const chiso__sheet_row *row,
                           const chiso__line *line) {
  if (!row->shows)
    return CHISO__BAND_PART;
  if (!line->inner)
    return CHISO__BAND_LEAF;
  return row->depth <= 1 ? CHISO__BAND_AREA : CHISO__BAND_INNER;
}

/* The hidden cell beside an entry, or beside a node that has one. */
static void put_taken(chiso__page *p, uint32_t row, unsigned stage) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso__cell_plan *cell = &p->plan->lines[row].taken[stage];
  double number = 0;
  if (cell->kind == CHISO__CELL_NONE)
    return;
  const char *text =
      chiso__shown_taken(&p->tally, r->node, r->input, stage, &number);
  put_formula(p, chiso__page_row(p, row), CHISO__TAKEN_OF(stage), cell->text,
              text, number, NULL);
}

static void put_stage(chiso__page *p, uint32_t row, unsigned stage,
                      chiso__band band) {
  static const chiso__cell_plan out = { CHISO__CELL_TEXT, 0, CHISO__LEFT_OUT };
  static const chiso__cell_plan nothing = { CHISO__CELL_NUMBER, 0, NULL };
  static const chiso__cell_plan none = { CHISO__CELL_NONE, 0, NULL };
  const chiso__line *line = &p->plan->lines[row];
  const chiso__sheet_row *r = &p->layout->rows[row];
  chiso__shown b = *chiso__shown_at(&p->tally, r->node, stage);
  const chiso_node *root = &p->plan->ix->nodes[0];
  lxw_row_t at = chiso__page_row(p, row);
  bool exempt = p->exempt[r->node];
  const chiso_fixed *given = p->tally.given[r->node];
  bool fixed = given && !exempt &&
               chiso__counts_under(&p->plan->ix->nodes[r->node], stage);
  chiso__cell_plan said = { CHISO__CELL_NUMBER, given ? given->value : 0,
                            NULL };
  chiso__cell_plan whole = { CHISO__CELL_NUMBER, b.most, NULL };
  lxw_format *points = chiso__style(&p->w->styles, band, CHISO__LOOK_POINTS);
  chiso__page_entry(p, row, stage, band);
  if (r->node == 0) /* rounded here, not where it is gathered */
    b.points = chiso_dec_round(b.points, root->digits, root->round);
  if (!r->shows) {
    put_plan(p, at, CHISO__POINTS_OF(stage), &none, NULL, 0, points);
  } else {
    put_plan(p, at, CHISO__POINTS_OF(stage),
             exempt  ? &out
             : fixed ? &said
                     : &line->points[stage],
             b.text, b.points, points);
    put_plan(p, at, CHISO__MOST_OF(stage),
             exempt  ? &nothing
             : fixed ? &whole
                     : &line->most[stage],
             NULL, b.most, NULL);
    put_plan(p, at, CHISO__TODO_OF(stage),
             exempt || fixed ? &nothing : &line->todo[stage], NULL,
             (chiso_dec)b.todo * CHISO_DEC_ONE, NULL);
  }
  if (!exempt && !fixed)
    put_taken(p, row, stage);
}

static void put_row(chiso__page *p, uint32_t row) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso__line *line = &p->plan->lines[row];
  const chiso_node *n = &p->plan->ix->nodes[r->node];
  chiso__styles *styles = &p->w->styles;
  chiso__band band = band_of(r, line);
  lxw_format *text = chiso__style(styles, band, CHISO__LOOK_TEXT);
  lxw_format *max = chiso__style(styles, band, CHISO__LOOK_MAX);
  lxw_row_t at = chiso__page_row(p, row);
  set_height(p, at, line->lines);
  chiso__page_text(p, at, CHISO__COL_KEY, line->key, NULL);
  chiso__page_text(p, at, CHISO__COL_NO, line->no,
                   chiso__style(styles, band, CHISO__LOOK_CODE));
  chiso__page_text(p, at, CHISO__COL_TITLE, line->title, text);
  if (line->has_max)
    put_number(p, at, CHISO__COL_MAX, n->max, max);
  else
    chiso__page_text(p, at, CHISO__COL_MAX, NULL, max);
  chiso__page_text(p, at, CHISO__COL_RULE, line->rule, text);
  chiso__page_text(p, at, CHISO__COL_EVIDENCE, line->evidence, text);
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
    if (p->plan->stages >> stage & 1)
      put_stage(p, row, stage, band);
  chiso__page_beside(p, row, band);
}

/* Points that cannot be scored stand out. */
static void put_faults(chiso__page *p, unsigned stage) {
  lxw_conditional_format format = {
    .type = LXW_CONDITIONAL_TYPE_CELL,
    .criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO,
    .value_string = "\"" CHISO__FAULT "\"",
    .format = chiso__fault_style(&p->w->styles),
  };
  lxw_col_t column = chiso__page_column(p, CHISO__POINTS_OF(stage));
  chiso__note(p->w,
              p->w->xlsx->worksheet_conditional_format_range(
                  p->w->sheet, chiso__page_row(p, 0), column,
                  chiso__page_row(p, p->layout->n_rows - 1), column, &format));
}

/* ---- the sheet -------------------------------------------------------------
 */

static void set_page(chiso__page *p) {
  const chiso__xlsx *x = p->w->xlsx;
  lxw_worksheet *s = p->w->sheet;
  lxw_protection protection = { .format_columns = 1, .format_rows = 1 };
  x->worksheet_freeze_panes(
      s, chiso__page_row(p, 0),
      (lxw_col_t)(chiso__page_column(p, CHISO__COL_TITLE) + 1));
  x->worksheet_protect(s, NULL, &protection);
  x->worksheet_set_landscape(s);
  x->worksheet_set_paper(s, PAPER_A4);
  x->worksheet_set_margins(s, 0.4, 0.4, 0.5, 0.6);
  x->worksheet_fit_to_pages(s, 1, 0);
  chiso__note(p->w, x->worksheet_repeat_rows(s, (lxw_row_t)p->layout->header,
                                             (lxw_row_t)p->layout->header));
  const char *code = strchr(p->unit->code, '&') ? "" : p->unit->code;
  chiso__note(p->w, x->worksheet_set_footer(
                        s, chiso__page_print(p, "&L%s&R&P / &N", code)));
}

static chiso_status begin(chiso__page *p, chiso_error *err) {
  const chiso__sheet_plan *plan = p->plan;
  const chiso__sheet_entries *entries = p->w->book->entries;
  uint32_t n = plan->ix->n_nodes;
  p->exempt = chiso__arena_array(&p->w->arena, n, sizeof *p->exempt);
  if (!p->exempt)
    return chiso__no_memory(err);
  for (uint32_t i = 0; i < n; i++)
    p->exempt[i] =
        chiso__exemption_of(plan->rules, plan->m, i, p->job->unit) != NULL;
  CHISO__TRY(chiso__tally_make(plan, p->exempt, &p->w->arena, &p->tally, err));
  if (entries)
    entries->fill(entries->user, p->job, &p->tally);
  chiso__tally_fix(&p->tally, p->job->unit);
  chiso__tally_count(&p->tally);
  return CHISO_OK;
}

void chiso__sheet_fill(chiso__writer *w, const chiso__sheet_job *job) {
  chiso__page p = { .w = w,
                    .job = job,
                    .plan = job->plan,
                    .layout = &job->plan->layout,
                    .unit =
                        chiso_units_get(job->plan->group->units, job->unit) };
  if (begin(&p, NULL) != CHISO_OK) {
    w->failed = true;
    return;
  }
  put_columns(&p);
  put_head(&p);
  for (uint32_t row = 0; row < p.layout->n_rows; row++)
    put_row(&p, row);
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
    if (p.plan->stages >> stage & 1) {
      chiso__page_checks(&p, stage);
      put_faults(&p, stage);
    }
  chiso__page_flags(&p);
  set_page(&p);
  chiso__tally_free(&p.tally);
}
