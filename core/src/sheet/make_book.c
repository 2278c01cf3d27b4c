/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_book.c - fills a workbook: scoring sheets, the hidden sheet that
 * says what they are, the hidden sheet of lists. make_sheet.c fills one sheet.
 */
#include <string.h>

#include "base/text.h"
#include "data/data.h"
#include "sheet/make_sheet.h"

#define SHEET_NAME 31u /* characters that Excel allows */

const char *chiso__cut(chiso__arena *arena, const char *text, size_t most) {
  size_t size = 0, count = 0;
  while (text[size]) {
    if (((unsigned char)text[size] & 0xc0) != 0x80 && count++ == most)
      break;
    size++;
  }
  return text[size] ? chiso__arena_text(arena, text, size) : text;
}

/* ---- names of sheets ------------------------------------------------------
 */

static bool taken(char (*names)[SHEET_NAME * 4 + 1], size_t count,
                  const char *name) {
  for (size_t i = 0; i < count; i++)
    if (chiso__text_same_folded(names[i], name))
      return true;
  return false;
}

/* Code and name within what a program takes for a sheet's name, and unlike
 * those before it. */
static bool name_sheet(chiso__arena *arena, const chiso_unit *unit,
                       char (*names)[SHEET_NAME * 4 + 1], size_t count) {
  char *own = names[count];
  for (unsigned again = 1; again < 1000; again++) {
    char tail[8] = "";
    if (again > 1)
      snprintf(tail, sizeof tail, " %u", again);
    size_t code = strlen(unit->code), size = code + strlen(unit->name_vi) + 2;
    char *whole = chiso__arena_raw(arena, size, 1);
    if (!whole)
      return false;
    snprintf(whole, size, "%s %s", unit->code, unit->name_vi);
    for (char *c = whole; *c; c++)
      if (strchr("[]:*?/\\'", *c) || (unsigned char)*c < 0x20)
        *c = '-';
    const char *cut = chiso__cut(arena, whole, SHEET_NAME - strlen(tail));
    if (!cut)
      return false;
    snprintf(own, SHEET_NAME * 4 + 1, "%s%s", cut, tail);
    if (!taken(names, count, own))
      return true;
  }
  return true; /* at most CHISO_MAX_SHEETS: not reached */
}

/* ---- the hidden sheets ----------------------------------------------------
 */

static void put(chiso__writer *w, lxw_worksheet *sheet, size_t row,
                size_t column, const char *text) {
  if (text && text[0])
    chiso__note(w, chiso__xlsx_text(w->xlsx, sheet, row, column, text, NULL,
                                    w->arena.allocator));
}

static void put_about(chiso__writer *w, char (*names)[SHEET_NAME * 4 + 1]) {
  static const char *const keys[] = { "sheet",       "group",   "unit",  "name",
                                      "methodology", "digest",  "round", "set",
                                      "lang",        "round_id" };
  const chiso__book *book = w->book;
  char period[16];
  lxw_worksheet *sheet = w->xlsx->workbook_add_worksheet(w->workbook, "_chiso");
  if (!sheet) {
    chiso__note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  chiso_round_format(chiso_round_period(book->round), period);
  put(w, sheet, 0, 0, "chiso-sheet");
  put(w, sheet, 0, 1, "1");
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    put(w, sheet, 2, i, keys[i]);
  for (size_t i = 0; i < book->n_jobs; i++) {
    const chiso_group *g = book->jobs[i].plan->group;
    const chiso_unit *u = chiso_units_get(g->units, book->jobs[i].unit);
    const char *cells[] = {
      names[i],
      g->key,
      u->code,
      u->name_vi,
      chiso_methodology_name(g->methodology),
      chiso_methodology_digest(g->methodology),
      period,
      g->set,
      book->lang == CHISO_LANG_VI ? "vi" : "en",
      chiso_round_id(book->round),
    };
    for (size_t c = 0; c < sizeof cells / sizeof *cells; c++)
      put(w, sheet, 3 + i, c, cells[c]);
  }
  w->xlsx->worksheet_hide(sheet);
}

static void put_lists(chiso__writer *w) {
  lxw_worksheet *sheet =
      w->xlsx->workbook_add_worksheet(w->workbook, CHISO__LISTS);
  const chiso__sheet_plan *last = NULL;
  if (!sheet) {
    chiso__note(w, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  for (size_t i = 0; i < CHISO__NA_WORDS; i++)
    put(w, sheet, i, 0, chiso__na_words[i]);
  for (size_t i = 0; i < w->book->n_jobs; i++) {
    const chiso__sheet_plan *plan = w->book->jobs[i].plan;
    for (size_t k = 0; plan != last && k < plan->n_lists; k++) {
      size_t row = plan->list_base + k;
      put(w, sheet, row, 0, plan->lists[k].text);
      if (plan->lists[k].points != CHISO_NONE)
        chiso__note(w,
                    w->xlsx->worksheet_write_number(
                        sheet, (lxw_row_t)row, 1,
                        (double)plan->lists[k].points / CHISO_DEC_ONE, NULL));
    }
    last = plan;
  }
  w->xlsx->worksheet_hide(sheet);
}

/* ---- the workbook ---------------------------------------------------------
 */

static lxw_error fill(const chiso__xlsx *xlsx, lxw_workbook *workbook,
                      void *user) {
  chiso__writer *w = user;
  size_t n = w->book->n_jobs;
  char(*names)[SHEET_NAME * 4 + 1] =
      chiso__arena_array(&w->arena, n, sizeof *names);
  if (!names)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  w->xlsx = w->styles.xlsx = xlsx;
  w->workbook = w->styles.workbook = workbook;
  for (size_t i = 0; i < n && w->error == LXW_NO_ERROR; i++) {
    const chiso__sheet_job *job = &w->book->jobs[i];
    if (n == 1)
      snprintf(names[0], sizeof *names, "%s",
               chiso__message_text(MSG_SHEET_NAME, w->book->lang));
    else if (!name_sheet(&w->arena,
                         chiso_units_get(job->plan->group->units, job->unit),
                         names, i))
      return LXW_ERROR_MEMORY_MALLOC_FAILED;
    w->sheet = xlsx->workbook_add_worksheet(workbook, names[i]);
    if (!w->sheet)
      return LXW_ERROR_MEMORY_MALLOC_FAILED;
    w->styles.digits = job->plan->ix->digits;
    chiso__sheet_fill(w, job);
  }
  put_about(w, names);
  put_lists(w);
  if (w->failed || w->styles.failed)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  return w->error;
}

chiso_status chiso__book_make(const chiso__book *book,
                              const chiso_allocator *allocator,
                              chiso__buffer *out, chiso_error *err) {
  chiso__writer w = { .book = book,
                      .arena = { .allocator = allocator },
                      .error = LXW_NO_ERROR };
  chiso_status status = chiso__xlsx_make(allocator, fill, &w, out, err);
  chiso__arena_free(&w.arena);
  return status;
}
