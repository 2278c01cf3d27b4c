/* SPDX-License-Identifier: Apache-2.0
 * author/form_write.c - the form as a workbook or CSV. */
#include <string.h>

#include "author/form.h"
#include "base/csv.h"
#include "base/dec.h"
#include "data/xlsx_library.h"

#define HEADER_ROWS 3 /* marker, titles, keys */

static const char *pick(chiso_lang lang, const char *en, const char *vi) {
  return lang == CHISO_LANG_VI ? vi : en;
}

/* ---- CSV ----------------------------------------------------------------- */

/* Blanks at the ends of a text and a leading apostrophe survive: the one by
 * quotes, the other by a second one. */
static void put_field(chiso__buffer *out, bool first, const char *text) {
  size_t size = strlen(text);
  bool edge =
      size && (strchr(" \t", text[0]) || strchr(" \t", text[size - 1]) ||
               strncmp(text, "\xc2\xa0", 2) == 0 ||
               (size > 1 && memcmp(text + size - 2, "\xc2\xa0", 2) == 0));
  chiso__buffer field = { .allocator = out->allocator };
  if (text[0] == '\'' && text[1] && strchr("=+-@'", text[1]))
    chiso__buffer_text(&field, "'");
  chiso__buffer_text(&field, text);
  out->failed |= field.failed;
  if (field.failed) {
    chiso__buffer_free(&field);
    return;
  }
  size_t begin = out->size + !first;
  chiso__csv_write(out, first, field.data);
  /* nothing in it asked for quotes */
  if (edge && !out->failed && out->data[begin] != '"') {
    out->size = begin;
    chiso__buffer_text(out, "\"");
    chiso__buffer_text(out, field.data);
    chiso__buffer_text(out, "\"");
  }
  chiso__buffer_free(&field);
}

static void put_sheet(chiso__buffer *out, const chiso__form_sheet *sheet,
                      chiso_lang lang) {
  const chiso__form_section *s = &sheet->section;
  chiso__buffer_print(out, "[%s],", s->key);
  put_field(out, true, pick(lang, s->en, s->vi));
  chiso__buffer_text(out, "\n");
  for (size_t c = 0; c < s->n_columns; c++)
    put_field(out, c == 0, pick(lang, s->columns[c].en, s->columns[c].vi));
  chiso__buffer_text(out, "\n");
  for (size_t c = 0; c < s->n_columns; c++)
    put_field(out, c == 0, s->columns[c].key);
  chiso__buffer_text(out, "\n");
  for (size_t r = 0; r < sheet->n_rows; r++) {
    const chiso__form_cell *row = &sheet->cells[r * s->n_columns];
    for (size_t c = 0; c < s->n_columns; c++)
      put_field(out, c == 0, row[c].text ? row[c].text : "");
    chiso__buffer_text(out, "\n");
  }
}

void chiso__form_as_csv(const chiso__form *form, chiso_lang lang,
                        chiso__buffer *out) {
  for (size_t s = 0; s < CHISO__SECTIONS; s++) {
    chiso__buffer_text(out, s ? "\n" : "");
    put_sheet(out, &form->sheets[s], lang);
  }
}

/* ---- workbook ------------------------------------------------------------ */

typedef struct book {
  const chiso__xlsx *xlsx;
  const chiso__form *form;
  chiso_lang lang;
  lxw_workbook *workbook;
  lxw_worksheet *sheet;
  /* texts and numbers, plain and bold */
  lxw_format *text[2], *number[2], *head, *key;
  lxw_error error;
} book;

static void note(book *b, lxw_error error) {
  if (b->error == LXW_NO_ERROR)
    b->error = error;
}

static lxw_format *new_format(book *b, bool bold) {
  lxw_format *f = b->xlsx->workbook_add_format(b->workbook);
  if (!f) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return NULL;
  }
  if (bold)
    b->xlsx->format_set_bold(f);
  b->xlsx->format_set_text_wrap(f);
  b->xlsx->format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
  return f;
}

/* A text stays one when it is edited: "1.10" is a code, not a number. */
static bool make_formats(book *b) {
  for (int bold = 0; bold < 2; bold++) {
    b->text[bold] = new_format(b, bold);
    b->number[bold] = new_format(b, bold);
    if (b->text[bold])
      b->xlsx->format_set_num_format(b->text[bold], "@");
  }
  b->head = new_format(b, true);
  b->key = new_format(b, false);
  if (b->head)
    b->xlsx->format_set_bg_color(b->head, 0xDDEBF7);
  if (b->key)
    b->xlsx->format_set_font_color(b->key, 0x808080);
  return b->error == LXW_NO_ERROR;
}

static void put_text(book *b, size_t row, size_t column, const char *text,
                     lxw_format *format) {
  note(b, chiso__xlsx_text(b->xlsx, b->sheet, row, column, text, format,
                           b->form->arena->allocator));
}

/* Millionths below 2^53 give the double nearest to the decimal. */
static void put_cell(book *b, size_t row, size_t column,
                     const chiso__form_cell *cell) {
  chiso_dec value;
  if (!cell->text)
    return;
  if (cell->number && chiso__dec_strict(cell->text, &value))
    note(b, b->xlsx->worksheet_write_number(
                b->sheet, (lxw_row_t)row, (lxw_col_t)column,
                (double)value / CHISO_DEC_ONE, b->number[cell->bold]));
  else
    put_text(b, row, column, cell->text, b->text[cell->bold]);
}

static void fill_sheet(book *b, const chiso__form_sheet *sheet) {
  const chiso__form_section *s = &sheet->section;
  char marker[32];
  snprintf(marker, sizeof marker, "[%s]", s->key);
  put_text(b, 0, 0, marker, b->key);
  put_text(b, 0, 1, pick(b->lang, s->en, s->vi), b->head);
  for (size_t c = 0; c < s->n_columns; c++) {
    const chiso__form_column *column = &s->columns[c];
    put_text(b, 1, c, pick(b->lang, column->en, column->vi), b->head);
    put_text(b, 2, c, column->key, b->key);
    note(b, b->xlsx->worksheet_set_column(b->sheet, (lxw_col_t)c, (lxw_col_t)c,
                                          (double)column->width, NULL));
  }
  for (size_t r = 0; r < sheet->n_rows; r++)
    for (size_t c = 0; c < s->n_columns; c++)
      put_cell(b, r + HEADER_ROWS, c, &sheet->cells[r * s->n_columns + c]);
  b->xlsx->worksheet_freeze_panes(b->sheet, HEADER_ROWS, 1);
}

static lxw_error fill(const chiso__xlsx *xlsx, lxw_workbook *workbook,
                      void *user) {
  book *b = user;
  b->xlsx = xlsx;
  b->workbook = workbook;
  if (!make_formats(b))
    return b->error;
  for (size_t s = 0; s < CHISO__SECTIONS && b->error == LXW_NO_ERROR; s++) {
    const chiso__form_section *section = &b->form->sheets[s].section;
    b->sheet = xlsx->workbook_add_worksheet(
        workbook, pick(b->lang, section->en, section->vi));
    if (!b->sheet)
      return LXW_ERROR_MEMORY_MALLOC_FAILED;
    fill_sheet(b, &b->form->sheets[s]);
  }
  return b->error;
}

chiso_status chiso__form_as_xlsx(const chiso__form *form, chiso_lang lang,
                                 chiso__buffer *out, chiso_error *err) {
  book b = { .form = form, .lang = lang, .error = LXW_NO_ERROR };
  return chiso__xlsx_make(out->allocator, fill, &b, out, err);
}
