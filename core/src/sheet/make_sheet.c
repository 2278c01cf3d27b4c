/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_sheet.c - fills one scoring sheet. */
#include "sheet/make_sheet.h"

#include <stdarg.h>
#include <string.h>

#include "data/data.h"

#define PROMPT       250u /* characters of a tooltip: Excel takes 255 */
#define PAPER_A4     9u
#define LINE         14.5 /* points from one line of text to the next */
#define HEADER_LINES 3u

/* A sheet of a unit. */
typedef struct page {
  chiso__writer *w;
  const chiso__sheet_job *job;
  const chiso__sheet_plan *plan;
  const chiso__sheet_layout *layout;
  const chiso_unit *unit;
  bool *exempt; /* by node */
  chiso__blank *blank[CHISO_SHEET_STAGES];
} page;

static const char *message(const page *p, chiso__message id) {
  return chiso__message_text(id, p->plan->lang);
}

static lxw_row_t row_of(const page *p, uint32_t row) {
  return (lxw_row_t)(p->layout->first + row);
}

static lxw_col_t column_of(const page *p, unsigned column) {
  return (lxw_col_t)p->layout->column[column];
}

static bool there(const page *p, unsigned column) {
  return p->layout->column[column] != CHISO__NO_COLUMN;
}

static void put_text(page *p, lxw_row_t row, unsigned column, const char *text,
                     lxw_format *format) {
  lxw_col_t at = column_of(p, column);
  if (text && text[0])
    chiso__note(p->w, chiso__xlsx_text(p->w->xlsx, p->w->sheet, row, at, text,
                                       format, p->w->arena.allocator));
  else if (format)
    chiso__note(
        p->w, p->w->xlsx->worksheet_write_blank(p->w->sheet, row, at, format));
}

static void put_number(page *p, lxw_row_t row, unsigned column,
                       chiso_dec number, lxw_format *format) {
  chiso__note(p->w, p->w->xlsx->worksheet_write_number(
                        p->w->sheet, row, column_of(p, column),
                        (double)number / CHISO_DEC_ONE, format));
}

/* A formula with what it gives while nothing is entered. */
static void put_formula(page *p, lxw_row_t row, unsigned column,
                        const char *formula, const char *text, chiso_dec number,
                        lxw_format *format) {
  lxw_col_t at = column_of(p, column);
  chiso__note(p->w, text ? p->w->xlsx->worksheet_write_formula_str(
                               p->w->sheet, row, at, formula, format, text)
                         : p->w->xlsx->worksheet_write_formula_num(
                               p->w->sheet, row, at, formula, format,
                               (double)number / CHISO_DEC_ONE));
}

static void put_plan(page *p, lxw_row_t row, unsigned column,
                     const chiso__cell_plan *cell, const char *text,
                     chiso_dec number, lxw_format *format) {
  if (cell->kind == CHISO__CELL_FORMULA)
    put_formula(p, row, column, cell->text, text, number, format);
  else if (cell->kind == CHISO__CELL_NUMBER)
    put_number(p, row, column, cell->number, format);
  else if (cell->kind == CHISO__CELL_TEXT || format)
    put_text(p, row, column, cell->kind == CHISO__CELL_TEXT ? cell->text : NULL,
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

static void set_width(page *p, unsigned column, double width, bool hidden) {
  lxw_row_col_options options = { .hidden = hidden };
  chiso__note(p->w, p->w->xlsx->worksheet_set_column_opt(
                        p->w->sheet, column_of(p, column), column_of(p, column),
                        width, NULL, &options));
}

/* Programs do not agree on who makes a row as high as its text: we do. */
static void set_height(page *p, lxw_row_t row, unsigned lines) {
  chiso__note(p->w, p->w->xlsx->worksheet_set_row_opt(
                        p->w->sheet, row, LINE * lines + 3, NULL, NULL));
}

static void put_columns(page *p) {
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
      put_text(p, (lxw_row_t)p->layout->header, c, message(p, titles[c]), head);
    if (key)
      put_text(p, (lxw_row_t)p->layout->keys, c, key, NULL);
  }
  chiso__note(p->w, p->w->xlsx->worksheet_set_row_opt(
                        p->w->sheet, (lxw_row_t)p->layout->keys,
                        LXW_DEF_ROW_HEIGHT, NULL, &hidden));
  set_height(p, (lxw_row_t)p->layout->header, HEADER_LINES);
}

/* ---- above the header ------------------------------------------------------
 */

static const char *print(page *p, const char *format, ...) CHISO_PRINTF(2, 3);
static const char *print(page *p, const char *format, ...) {
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

static const char *pick(const page *p, const char *vi, const char *en) {
  const char *first = p->plan->lang == CHISO_LANG_VI ? vi : en;
  const char *other = p->plan->lang == CHISO_LANG_VI ? en : vi;
  return first && first[0] ? first : other ? other : "";
}

static const char *date_text(page *p, chiso_date date) {
  if (date.day)
    return print(p, "%02u/%02u/%u", date.day, date.month, date.year);
  return date.month ? print(p, "%02u/%u", date.month, date.year)
                    : print(p, "%u", date.year);
}

/* "1551/QĐ-UBND, 18/05/2021 · self-scoring until 26/02/2021" */
static const char *law_text(page *p) {
  const chiso_index *ix = p->plan->ix;
  const chiso_round *round = p->w->book->round;
  const char *text = "";
  if (ix->n_legal > 0) {
    const chiso_legal *l = &ix->legal[0];
    const char *name = l->instrument ? l->instrument : l->title ? l->title : "";
    text = print(p, "%s: %s%s%s", message(p, MSG_SHEET_LAW), name,
                 l->issued.year ? ", " : "",
                 l->issued.year ? date_text(p, l->issued) : "");
  }
  for (size_t i = 0; i < chiso_round_deadlines(round); i++) {
    const chiso_round_due *due = chiso_round_deadline(round, i);
    if (strcmp(due->what, "self") == 0 &&
        (!due->group || strcmp(due->group, p->plan->group->key) == 0))
      text = print(p, "%s%s%s: %s", text, text[0] ? "  ·  " : "",
                   message(p, MSG_SHEET_DEADLINE), date_text(p, due->date));
  }
  return text;
}

static const char *methodology_text(page *p) {
  const chiso_index *ix = p->plan->ix;
  const char *title = pick(p, ix->title_vi, ix->title_en);
  char *mark;
  if (chiso_methodology_mark(p->plan->m, p->plan->lang, p->w->arena.allocator,
                             &mark, NULL) != CHISO_OK) {
    p->w->failed = true;
    return "";
  }
  const char *text =
      mark[0] ? print(p, "%s  ·  %s", title, mark)
              : print(p, "%s (%s)", title, chiso_methodology_name(p->plan->m));
  chiso_text_free(p->w->arena.allocator, mark);
  return text;
}

static void put_head_texts(page *p) {
  const chiso_round *round = p->w->book->round;
  const char *vi, *en;
  chiso__styles *styles = &p->w->styles;
  lxw_format *text = chiso__head_style(styles, CHISO__HEAD_TEXT);
  char period[16];
  chiso_round_titles(round, &vi, &en);
  chiso_round_format(chiso_round_period(round), period);
  put_text(p, 0, CHISO__COL_NO,
           print(p, "%s – %s", message(p, MSG_SHEET_HEADING), pick(p, vi, en)),
           chiso__head_style(styles, CHISO__HEAD_TITLE));
  put_text(p, 1, CHISO__COL_NO,
           print(p, "%s  ·  %s  ·  %s", p->unit->code,
                 pick(p, p->unit->name_vi, p->unit->name_en), period),
           chiso__head_style(styles, CHISO__HEAD_UNIT));
  put_text(p, 2, CHISO__COL_NO, methodology_text(p), text);
  put_text(p, 3, CHISO__COL_NO, law_text(p), text);
  put_text(p, 4, CHISO__COL_NO, message(p, MSG_SHEET_HOW), text);
}

static chiso__blank total_blank(const page *p, unsigned stage) {
  const chiso_run_rules *rules = p->plan->rules;
  chiso__blank b = p->blank[stage][0];
  if (b.text)
    return b;
  if (rules->most != CHISO_NONE && b.points > rules->most)
    b.points = rules->most;
  if (rules->least != CHISO_NONE && b.points < rules->least)
    b.points = rules->least;
  return b;
}

static void put_figures(page *p, unsigned stage) {
  const chiso__sheet_plan *plan = p->plan;
  const chiso_node *root = &plan->ix->nodes[0];
  lxw_format *figure = chiso__head_style(&p->w->styles, CHISO__HEAD_FIGURE);
  lxw_format *count = chiso__head_style(&p->w->styles, CHISO__HEAD_COUNT);
  unsigned at = CHISO__POINTS_OF(stage);
  const char *const *head[CHISO__HEADS];
  for (unsigned i = 0; i < CHISO__HEADS; i++)
    head[i] = plan->head[i];
  chiso__blank total = total_blank(p, stage);
  put_formula(p, CHISO__HEAD_TOTAL, CHISO__TAKEN_OF(stage), plan->total[stage],
              total.text, total.points, NULL);
  put_formula(p, CHISO__HEAD_TOTAL, at, head[CHISO__HEAD_TOTAL][stage],
              total.text,
              chiso_dec_round(total.points, root->digits, root->round), figure);
  put_formula(p, CHISO__HEAD_MAX, at, head[CHISO__HEAD_MAX][stage], NULL,
              total.most, figure);
  int64_t percent = 0;
  bool has =
      !total.text && total.most > 0 &&
      chiso_muldiv(total.points, 100 * CHISO_DEC_ONE, total.most, &percent);
  put_formula(p, CHISO__HEAD_PERCENT, at, head[CHISO__HEAD_PERCENT][stage],
              has ? NULL : "",
              chiso_dec_round(percent, plan->ix->digits, root->round), figure);
  put_formula(p, CHISO__HEAD_TODO, at, head[CHISO__HEAD_TODO][stage],
              total.todo ? NULL : message(p, MSG_SHEET_COMPLETE),
              (chiso_dec)total.todo * CHISO_DEC_ONE, count);
  for (unsigned i = CHISO__HEAD_BONUS; plan->extras && i < CHISO__HEADS; i++)
    put_formula(p, i, at, head[i][stage], NULL, 0, figure);
}

static void put_head(page *p) {
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
    put_text(p, i, CHISO__COL_EVIDENCE, message(p, labels[i]),
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

/* Whether an entry of a row may be made under a stage. */
static bool open(const page *p, uint32_t row, unsigned stage) {
  const chiso__line *line = &p->plan->lines[row];
  return line->takes && !p->exempt[p->layout->rows[row].node] &&
         !(stage == CHISO_SHEET_SELF && line->foreign);
}

static void put_entry(page *p, uint32_t row, unsigned stage, chiso__band band) {
  const chiso__line *line = &p->plan->lines[row];
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso__sheet_entries *entries = p->w->book->entries;
  chiso__sheet_entry e;
  unsigned column = CHISO__ENTRY_OF(stage);
  chiso__look look = !line->takes                        ? CHISO__LOOK_TEXT
                     : !open(p, row, stage)              ? CHISO__LOOK_CLOSED
                     : line->style == CHISO__ENTRY_TEXT  ? CHISO__LOOK_CHOICE
                     : line->style == CHISO__ENTRY_WHOLE ? CHISO__LOOK_WHOLE
                                                         : CHISO__LOOK_NUMBER;
  lxw_format *format = chiso__style(&p->w->styles, band, look);
  if (line->takes && p->exempt[r->node])
    put_text(p, row_of(p, row), column, message(p, MSG_SHEET_NA), format);
  else if (!entries || !open(p, row, stage) ||
           !entries->entry(entries->user, p->job, stage, r->node, r->input, &e))
    put_text(p, row_of(p, row), column, NULL, format);
  else if (e.text)
    put_text(p, row_of(p, row), column, e.text, format);
  else {
    double power = 1;
    for (unsigned i = 0; i < e.digits; i++)
      power *= 10;
    chiso__note(p->w, p->w->xlsx->worksheet_write_number(
                          p->w->sheet, row_of(p, row), column_of(p, column),
                          (double)e.raw / power, format));
  }
}

static void put_stage(page *p, uint32_t row, unsigned stage, chiso__band band) {
  static const chiso__cell_plan out = { CHISO__CELL_TEXT, 0, CHISO__LEFT_OUT };
  static const chiso__cell_plan nothing = { CHISO__CELL_NUMBER, 0, NULL };
  static const chiso__cell_plan none = { CHISO__CELL_NONE, 0, NULL };
  const chiso__line *line = &p->plan->lines[row];
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso__blank *b = &p->blank[stage][r->node];
  lxw_row_t at = row_of(p, row);
  bool exempt = p->exempt[r->node];
  lxw_format *points = chiso__style(&p->w->styles, band, CHISO__LOOK_POINTS);
  put_entry(p, row, stage, band);
  if (!r->shows) {
    put_plan(p, at, CHISO__POINTS_OF(stage), &none, NULL, 0, points);
  } else {
    put_plan(p, at, CHISO__POINTS_OF(stage),
             exempt ? &out : &line->points[stage], b->text, b->points, points);
    put_plan(p, at, CHISO__MOST_OF(stage),
             exempt ? &nothing : &line->most[stage], NULL, b->most, NULL);
    put_plan(p, at, CHISO__TODO_OF(stage),
             exempt ? &nothing : &line->todo[stage], NULL,
             (chiso_dec)b->todo * CHISO_DEC_ONE, NULL);
  }
  if (!exempt) {
    bool root = r->shows && r->node == 0 && r->input == CHISO__NO_INPUT;
    put_plan(p, at, CHISO__TAKEN_OF(stage), &line->taken[stage],
             root ? b->text : "", b->points, NULL);
  }
}

static void put_row(page *p, uint32_t row) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso__line *line = &p->plan->lines[row];
  const chiso_node *n = &p->plan->ix->nodes[r->node];
  chiso__styles *styles = &p->w->styles;
  chiso__band band = band_of(r, line);
  lxw_format *text = chiso__style(styles, band, CHISO__LOOK_TEXT);
  lxw_format *max = chiso__style(styles, band, CHISO__LOOK_MAX);
  lxw_row_t at = row_of(p, row);
  bool notes = line->notes && !p->exempt[r->node];
  set_height(p, at, line->lines);
  put_text(p, at, CHISO__COL_KEY, line->key, NULL);
  put_text(p, at, CHISO__COL_NO, line->no,
           chiso__style(styles, band, CHISO__LOOK_CODE));
  put_text(p, at, CHISO__COL_TITLE, line->title, text);
  if (line->has_max)
    put_number(p, at, CHISO__COL_MAX, n->max, max);
  else
    put_text(p, at, CHISO__COL_MAX, NULL, max);
  put_text(p, at, CHISO__COL_RULE, line->rule, text);
  put_text(p, at, CHISO__COL_EVIDENCE, line->evidence, text);
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
    if (p->plan->stages >> stage & 1)
      put_stage(p, row, stage, band);
  for (unsigned c = CHISO__COL_NOTE; c <= CHISO__COL_EXPLANATION; c++)
    put_text(p, at, c, NULL,
             notes ? chiso__style(styles, band, CHISO__LOOK_NOTE) : text);
}

/* ---- what may be entered ---------------------------------------------------
 */

/* A text for the library, whose struct has no const. It copies the text. */
static char *lent(const char *text) {
  char *out;
  memcpy(&out, &text, sizeof out); /* ISO C has no cast without a warning */
  return out;
}

static void validate(page *p, unsigned column, uint32_t first, uint32_t last,
                     lxw_data_validation *v) {
  chiso__note(p->w, p->w->xlsx->worksheet_data_validation_range(
                        p->w->sheet, row_of(p, first), column_of(p, column),
                        row_of(p, last), column_of(p, column), v));
}

/* A tooltip over a cell that takes nothing. */
static void put_prompt(page *p, unsigned column, uint32_t row,
                       chiso__message title, const char *text) {
  const char *cut = chiso__cut(&p->w->arena, text, PROMPT);
  lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_ANY,
                            .input_title = lent(message(p, title)),
                            .input_message = lent(cut) };
  p->w->failed |= !cut;
  if (cut && cut[0])
    validate(p, column, row, row, &v);
}

/* The check's formula for a cell. */
static const char *formula_for(page *p, const char *formula, const char *cell) {
  chiso__buffer out = { .allocator = p->w->arena.allocator };
  for (const char *c = formula; *c; c++)
    chiso__buffer_bytes(&out, *c == '@' ? cell : c,
                        *c == '@' ? strlen(cell) : 1);
  const char *text =
      out.failed ? NULL : chiso__arena_text(&p->w->arena, out.data, out.size);
  chiso__buffer_free(&out);
  p->w->failed |= !text;
  return text ? text : "";
}

static void put_check(page *p, unsigned stage, uint32_t first, uint32_t last) {
  const chiso__check *check = &p->plan->checks[p->plan->lines[first].check];
  unsigned column = CHISO__ENTRY_OF(stage);
  lxw_data_validation v = {
    .validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
    .error_type = LXW_VALIDATION_ERROR_TYPE_STOP,
    .error_title = lent(message(p, MSG_SHEET_REFUSED)),
    .error_message = lent(check->message),
  };
  if (check->list) {
    chiso__note(p->w, chiso__xlsx_list(p->w->xlsx, p->w->sheet,
                                       row_of(p, first), row_of(p, last),
                                       column_of(p, column), &v, check->list));
    return;
  }
  chiso__cell_name cell = chiso__cell_at(p->plan, column, first);
  v.value_formula = lent(formula_for(p, check->formula, cell.text));
  if (!p->w->failed)
    validate(p, column, first, last, &v);
}

static void put_tip(page *p, unsigned stage, uint32_t row) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso_exemption *x =
      chiso__exemption_of(p->plan->rules, p->plan->m, r->node, p->job->unit);
  if (x) {
    const char *reason = x->reason ? x->reason : "";
    const char *law = x->instrument ? x->instrument : "";
    put_prompt(
        p, CHISO__ENTRY_OF(stage), row, MSG_SHEET_NA,
        print(p, "%s%s%s", reason, reason[0] && law[0] ? " · " : "", law));
  } else {
    put_prompt(p, CHISO__ENTRY_OF(stage), row, MSG_SHEET_GIVEN_BY,
               chiso_title(CHISO_FAMILY_ASSESSOR,
                           p->plan->ix->nodes[r->node].assessor,
                           p->plan->lang));
  }
}

/* Cells below one another with the same check share it. */
static void put_checks(page *p, unsigned stage) {
  for (uint32_t row = 0; row < p->layout->n_rows; row++) {
    const chiso__line *lines = p->plan->lines;
    if (!lines[row].takes)
      continue;
    if (!open(p, row, stage)) {
      put_tip(p, stage, row);
      continue;
    }
    uint32_t last = row;
    while (last + 1 < p->layout->n_rows && open(p, last + 1, stage) &&
           lines[last + 1].check == lines[row].check)
      last++;
    put_check(p, stage, row, last);
    row = last;
  }
}

static void put_flags(page *p) {
  char flag[] = "x", *yes[] = { flag, NULL };
  lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_LIST,
                            .value_list = yes,
                            .error_title = lent(message(p, MSG_SHEET_REFUSED)),
                            .error_message = lent(message(p, MSG_SHEET_FLAG)) };
  validate(p, CHISO__COL_EXPLANATION, 0, p->layout->n_rows - 1, &v);
}

/* Points that cannot be scored stand out. */
static void put_faults(page *p, unsigned stage) {
  lxw_conditional_format format = {
    .type = LXW_CONDITIONAL_TYPE_CELL,
    .criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO,
    .value_string = "\"" CHISO__FAULT "\"",
    .format = chiso__fault_style(&p->w->styles),
  };
  lxw_col_t column = column_of(p, CHISO__POINTS_OF(stage));
  chiso__note(p->w, p->w->xlsx->worksheet_conditional_format_range(
                        p->w->sheet, row_of(p, 0), column,
                        row_of(p, p->layout->n_rows - 1), column, &format));
}

/* ---- the sheet -------------------------------------------------------------
 */

static void set_page(page *p) {
  const chiso__xlsx *x = p->w->xlsx;
  lxw_worksheet *s = p->w->sheet;
  lxw_protection protection = { .format_columns = 1, .format_rows = 1 };
  x->worksheet_freeze_panes(s, row_of(p, 0),
                            (lxw_col_t)(column_of(p, CHISO__COL_TITLE) + 1));
  x->worksheet_protect(s, NULL, &protection);
  x->worksheet_set_landscape(s);
  x->worksheet_set_paper(s, PAPER_A4);
  x->worksheet_set_margins(s, 0.4, 0.4, 0.5, 0.6);
  x->worksheet_fit_to_pages(s, 1, 0);
  chiso__note(p->w, x->worksheet_repeat_rows(s, (lxw_row_t)p->layout->header,
                                             (lxw_row_t)p->layout->header));
  const char *code = strchr(p->unit->code, '&') ? "" : p->unit->code;
  chiso__note(p->w,
              x->worksheet_set_footer(s, print(p, "&L%s&R&P / &N", code)));
}

static bool begin(page *p) {
  const chiso__sheet_plan *plan = p->plan;
  uint32_t n = plan->ix->n_nodes;
  p->exempt = chiso__arena_array(&p->w->arena, n, sizeof *p->exempt);
  if (!p->exempt)
    return false;
  for (uint32_t i = 0; i < n; i++)
    p->exempt[i] =
        chiso__exemption_of(plan->rules, plan->m, i, p->job->unit) != NULL;
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++) {
    if (!(plan->stages >> stage & 1))
      continue;
    p->blank[stage] = chiso__arena_array(&p->w->arena, n, sizeof **p->blank);
    if (!p->blank[stage])
      return false;
    chiso__blank_fill(plan, stage, p->exempt, p->blank[stage]);
  }
  return true;
}

void chiso__sheet_fill(chiso__writer *w, const chiso__sheet_job *job) {
  page p = { .w = w,
             .job = job,
             .plan = job->plan,
             .layout = &job->plan->layout,
             .unit = chiso_units_get(job->plan->group->units, job->unit) };
  if (!begin(&p)) {
    w->failed = true;
    return;
  }
  put_columns(&p);
  put_head(&p);
  for (uint32_t row = 0; row < p.layout->n_rows; row++)
    put_row(&p, row);
  for (unsigned stage = 0; stage < CHISO_SHEET_STAGES; stage++)
    if (p.plan->stages >> stage & 1) {
      put_checks(&p, stage);
      put_faults(&p, stage);
    }
  put_flags(&p);
  set_page(&p);
}
