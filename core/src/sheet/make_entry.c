/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_entry.c - the cells of a scoring sheet that take something: what
 * stands in them, what may be entered. */
#include <string.h>

#include "base/dec.h"
#include "data/data.h"
#include "sheet/make_page.h"

#define PROMPT      250u /* characters of a tooltip: Excel takes 255 */
#define MOST_WHOLE  9007199254740992 /* 2^53: what a double holds exactly */
#define MOST_DIGITS 1000000000000000 /* 15 digits, which all programs keep */

/* Whether an entry of a row may stand under a stage. */
static bool takes(const chiso__page *p, uint32_t row, unsigned stage) {
  const chiso__line *line = &p->plan->lines[row];
  return line->takes && !p->exempt[p->layout->rows[row].node] &&
         !(stage == CHISO_SHEET_SELF && line->foreign);
}

/* What the round fixes there; NULL: it is to be typed. */
static const chiso_fixed *fixed(const chiso__page *p, uint32_t row) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  return chiso__tally_fixed(&p->tally, r->node, r->input);
}

static bool locked(const chiso__page *p, unsigned stage) {
  return p->w->book->locked >> stage & 1;
}

/* ---- what stands there ----------------------------------------------------
 */

static chiso__look look_of(const chiso__page *p, uint32_t row, unsigned stage) {
  const chiso__line *line = &p->plan->lines[row];
  return !line->takes                        ? CHISO__LOOK_TEXT
         : !takes(p, row, stage)             ? CHISO__LOOK_CLOSED
         : locked(p, stage) || fixed(p, row) ? CHISO__LOOK_HELD
         : line->style == CHISO__ENTRY_TEXT  ? CHISO__LOOK_CHOICE
         : line->style == CHISO__ENTRY_WHOLE ? CHISO__LOOK_WHOLE
                                             : CHISO__LOOK_NUMBER;
}

/* A number; where a double or a spreadsheet would change it, a text. */
static void put_number(chiso__page *p, lxw_row_t row, unsigned column,
                       int64_t raw, unsigned digits, lxw_format *format) {
  int64_t most = digits ? MOST_DIGITS : MOST_WHOLE;
  int64_t one = chiso__power10[digits];
  if (raw > most || raw < -most) {
    uint64_t size = raw < 0 ? 0 - (uint64_t)raw : (uint64_t)raw;
    char mark = p->plan->lang == CHISO_LANG_VI ? ',' : '.';
    const char *text =
        chiso__page_print(p, "%s%llu", raw < 0 ? "-" : "",
                          (unsigned long long)(size / (uint64_t)one));
    if (digits)
      text = chiso__page_print(p, "%s%c%0*llu", text, mark, (int)digits,
                               (unsigned long long)(size % (uint64_t)one));
    chiso__page_text(p, row, column, text, format);
    return;
  }
  chiso__note(p->w, p->w->xlsx->worksheet_write_number(
                        p->w->sheet, row, chiso__page_column(p, column),
                        (double)raw / (double)one, format));
}

static void put_typed(chiso__page *p, uint32_t row, unsigned column,
                      const chiso__sheet_entry *e, lxw_format *format) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso_input *in = &p->plan->ix->nodes[r->node].inputs[r->input];
  lxw_row_t at = chiso__page_row(p, row);
  if (e->is == CHISO__ENTRY_IS_NA)
    chiso__page_text(p, at, column,
                     e->spelled ? e->spelled : chiso__page_say(p, MSG_SHEET_NA),
                     format);
  else if (e->is == CHISO__ENTRY_IS_EMPTY)
    chiso__page_text(p, at, column, NULL, format);
  else if (in->unit == CHISO_UNIT_CHOICE)
    chiso__page_text(
        p, at, column,
        p->plan->lists[p->plan->list_of[r->node] + (size_t)e->raw].text,
        format);
  else
    put_number(p, at, column, e->raw, in->digits, format);
}

void chiso__page_entry(chiso__page *p, uint32_t row, unsigned stage,
                       chiso__band band) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  unsigned column = CHISO__ENTRY_OF(stage);
  lxw_format *format =
      chiso__style(&p->w->styles, band, look_of(p, row, stage));
  if (p->plan->lines[row].takes && p->exempt[r->node])
    chiso__page_text(p, chiso__page_row(p, row), column,
                     chiso__page_say(p, MSG_SHEET_NA), format);
  else if (takes(p, row, stage))
    put_typed(p, row, column, chiso__typed(&p->tally, r->node, r->input, stage),
              format);
  else
    chiso__page_text(p, chiso__page_row(p, row), column, NULL, format);
}

/* Notes and evidence are the unit's, what follows them the appraisers'. */
static bool beside_locked(const chiso__page *p, unsigned column) {
  unsigned all = p->plan->stages & ~(1u << CHISO_SHEET_SELF);
  return column < CHISO__COL_APPRAISER_NOTE
             ? locked(p, CHISO_SHEET_SELF)
             : all && (all & ~p->w->book->locked) == 0;
}

void chiso__page_beside(chiso__page *p, uint32_t row, chiso__band band) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso__sheet_entries *entries = p->w->book->entries;
  chiso__sheet_beside b = { 0 };
  bool takes_notes = p->plan->lines[row].notes && !p->exempt[r->node];
  if (takes_notes && entries && entries->beside)
    (void)entries->beside(entries->user, p->job, r->node, &b);
  const char *const texts[] = { b.note,           b.document,
                                b.section,        b.page,
                                b.appraiser_note, b.explanation ? "x" : NULL };
  for (unsigned c = CHISO__COL_NOTE; c <= CHISO__COL_EXPLANATION; c++) {
    chiso__look look = !takes_notes          ? CHISO__LOOK_TEXT
                       : beside_locked(p, c) ? CHISO__LOOK_HELD_NOTE
                                             : CHISO__LOOK_NOTE;
    chiso__page_text(p, chiso__page_row(p, row), c, texts[c - CHISO__COL_NOTE],
                     chiso__style(&p->w->styles, band, look));
  }
}

/* ---- what may be entered ---------------------------------------------------
 */

/* A text for the library, whose struct has no const. It copies the text. */
static char *lent(const char *text) {
  char *out;
  memcpy(&out, &text, sizeof out); /* ISO C has no cast without a warning */
  return out;
}

static void validate(chiso__page *p, unsigned column, uint32_t first,
                     uint32_t last, lxw_data_validation *v) {
  chiso__note(p->w, p->w->xlsx->worksheet_data_validation_range(
                        p->w->sheet, chiso__page_row(p, first),
                        chiso__page_column(p, column), chiso__page_row(p, last),
                        chiso__page_column(p, column), v));
}

/* A tooltip over cells that take nothing. */
static void put_prompt(chiso__page *p, unsigned column, uint32_t first,
                       uint32_t last, chiso__message title, const char *text) {
  const char *cut = chiso__cut(&p->w->arena, text, PROMPT);
  lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_ANY,
                            .input_title = lent(chiso__page_say(p, title)),
                            .input_message = lent(cut) };
  p->w->failed |= !cut;
  if (cut && cut[0])
    validate(p, column, first, last, &v);
}

/* The check's formula for a cell. */
static const char *formula_for(chiso__page *p, const char *formula,
                               const char *cell) {
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

static void put_check(chiso__page *p, unsigned stage, uint32_t first,
                      uint32_t last) {
  const chiso__check *check = &p->plan->checks[p->plan->lines[first].check];
  unsigned column = CHISO__ENTRY_OF(stage);
  lxw_data_validation v = {
    .validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
    .error_type = LXW_VALIDATION_ERROR_TYPE_STOP,
    .error_title = lent(chiso__page_say(p, MSG_SHEET_REFUSED)),
    .error_message = lent(check->message),
  };
  if (check->list) {
    chiso__note(p->w, chiso__xlsx_list(
                          p->w->xlsx, p->w->sheet, chiso__page_row(p, first),
                          chiso__page_row(p, last),
                          chiso__page_column(p, column), &v, check->list));
    return;
  }
  chiso__cell_name cell = chiso__cell_at(p->plan, column, first);
  v.value_formula = lent(formula_for(p, check->formula, cell.text));
  if (!p->w->failed)
    validate(p, column, first, last, &v);
}

/* "Theo kế hoạch của tỉnh · 5/KH-UBND" */
static const char *because(chiso__page *p, const char *reason,
                           const char *law) {
  reason = reason ? reason : "";
  law = law ? law : "";
  return chiso__page_print(p, "%s%s%s", reason, *reason && *law ? " · " : "",
                           law);
}

static void put_tip(chiso__page *p, unsigned stage, uint32_t row) {
  const chiso__sheet_row *r = &p->layout->rows[row];
  const chiso_exemption *x =
      chiso__exemption_of(p->plan->rules, p->plan->m, r->node, p->job->unit);
  const chiso_fixed *f = fixed(p, row);
  if (x) {
    put_prompt(p, CHISO__ENTRY_OF(stage), row, row, MSG_SHEET_NA,
               because(p, x->reason, x->instrument));
  } else if (takes(p, row, stage)) {
    const char *why = because(p, f->reason, f->instrument);
    put_prompt(p, CHISO__ENTRY_OF(stage), row, row, MSG_SHEET_FIXED,
               *why ? why : chiso__page_say(p, MSG_SHEET_FIXED_WHY));
  } else {
    put_prompt(p, CHISO__ENTRY_OF(stage), row, row, MSG_SHEET_GIVEN_BY,
               chiso_title(CHISO_FAMILY_ASSESSOR,
                           p->plan->ix->nodes[r->node].assessor,
                           p->plan->lang));
  }
}

/* Cells below one another with the same check share it. */
void chiso__page_checks(chiso__page *p, unsigned stage) {
  const chiso__line *lines = p->plan->lines;
  bool held = locked(p, stage);
  for (uint32_t row = 0; row < p->layout->n_rows; row++) {
    if (!lines[row].takes)
      continue;
    if (!takes(p, row, stage) || fixed(p, row)) {
      put_tip(p, stage, row);
      continue;
    }
    uint32_t last = row;
    while (last + 1 < p->layout->n_rows && takes(p, last + 1, stage) &&
           !fixed(p, last + 1) &&
           (held || lines[last + 1].check == lines[row].check))
      last++;
    if (held)
      put_prompt(p, CHISO__ENTRY_OF(stage), row, last, MSG_SHEET_HELD,
                 chiso__page_say(p, MSG_SHEET_HELD_WHY));
    else
      put_check(p, stage, row, last);
    row = last;
  }
}

void chiso__page_flags(chiso__page *p) {
  char flag[] = "x", *yes[] = { flag, NULL };
  lxw_data_validation v = { .validate = LXW_VALIDATION_TYPE_LIST,
                            .value_list = yes,
                            .error_title =
                                lent(chiso__page_say(p, MSG_SHEET_REFUSED)),
                            .error_message =
                                lent(chiso__page_say(p, MSG_SHEET_FLAG)) };
  validate(p, CHISO__COL_EXPLANATION, 0, p->layout->n_rows - 1, &v);
}
