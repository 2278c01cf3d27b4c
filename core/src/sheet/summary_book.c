/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary_book.c - cells, lines and looks of a summary. A decimal becomes
 * a double here, once, and nothing is computed with it. */
#include <stdarg.h>
#include <string.h>

#include "sheet/summary.h"

#define EXACT_LIMIT ((int64_t)1 << 53) /* millionths that a double holds */
#define MOST_TEXT   32000u             /* bytes of a cell */
#define MOST_NAME   31u                /* UTF-16 units of a sheet's name */
#define LINE_HEIGHT 15.0
#define MOST_HEIGHT 400.0
#define PAPER_A4    9

#define COLOUR_BORDER 0xBFBFBF
#define COLOUR_HEAD   0xDCE6F1
#define COLOUR_MARK   0xC00000
#define COLOUR_NOTE   0x595959

void chiso__sum_keep(chiso__summary_book *book, lxw_error error) {
  if (book->error == LXW_NO_ERROR)
    book->error = error;
}

static const char *no_memory(chiso__summary_book *book) {
  chiso__sum_keep(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
  return "";
}

/* ---- texts --------------------------------------------------------------- */

const char *chiso__sum_format_of(chiso__sum_word word, chiso_lang lang) {
  static const struct {
    const char *en, *vi;
  } words[] = {
#define WORD(name, en, vi) { en, vi },
#include "sheet/summary.def"
#undef WORD
  };
  return lang == CHISO_LANG_VI ? words[word].vi : words[word].en;
}

const char *chiso__sum_say(chiso__summary_book *book, chiso__sum_word word,
                           ...) {
  const char *format = chiso__sum_format_of(word, book->what->lang);
  va_list arguments, again;
  va_start(arguments, word);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text =
      length < 0 ? NULL : chiso__arena_alloc(&book->arena, (size_t)length + 1);
  if (text)
    (void)vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text ? text : no_memory(book);
}

const char *chiso__sum_pick(const chiso__summary_book *book, const char *vi,
                            const char *en) {
  const char *first = book->what->lang == CHISO_LANG_VI ? vi : en;
  const char *other = book->what->lang == CHISO_LANG_VI ? en : vi;
  if (first && first[0])
    return first;
  return other ? other : "";
}

const char *chiso__sum_dec(chiso__summary_book *book, chiso_dec value) {
  char text[CHISO_DEC_TEXT];
  chiso_dec_style style = {
    .mark = book->what->lang == CHISO_LANG_VI ? ',' : '.',
    .digits = CHISO_DEC_DIGITS,
  };
  int length = chiso_dec_format(value, style, text);
  char *copy = chiso__arena_text(&book->arena, text, (size_t)length);
  return copy ? copy : no_memory(book);
}

/* ---- looks --------------------------------------------------------------- */

static void set_lines(const chiso__xlsx *x, lxw_format *f, chiso__look look) {
  static const uint16_t sizes[] = { 14, 12, 11, 11, 10 };
  x->format_set_text_wrap(f);
  x->format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
  x->format_set_font_size(f, sizes[look]);
  if (look <= CHISO__LOOK_MARK)
    x->format_set_bold(f);
  if (look == CHISO__LOOK_MARK)
    x->format_set_font_color(f, COLOUR_MARK);
  if (look == CHISO__LOOK_NOTE)
    x->format_set_font_color(f, COLOUR_NOTE);
}

static void set_cell(const chiso__xlsx *x, lxw_format *f, chiso__look look) {
  x->format_set_border(f, LXW_BORDER_THIN);
  x->format_set_border_color(f, COLOUR_BORDER);
  x->format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
  if (look == CHISO__LOOK_HEAD || look == CHISO__LOOK_TEXT_BOLD ||
      look == CHISO__LOOK_RANK || look == CHISO__LOOK_NUMBER_BOLD)
    x->format_set_bold(f);
  if (look < CHISO__LOOK_RANK)
    x->format_set_text_wrap(f);
  if (look == CHISO__LOOK_HEAD || look == CHISO__LOOK_CENTER ||
      look == CHISO__LOOK_RANK)
    x->format_set_align(f, LXW_ALIGN_CENTER);
  if (look == CHISO__LOOK_HEAD)
    x->format_set_bg_color(f, COLOUR_HEAD);
  if (look == CHISO__LOOK_INDENT)
    x->format_set_indent(f, 1);
  if (look == CHISO__LOOK_INDENT_2)
    x->format_set_indent(f, 2);
}

lxw_format *chiso__sum_format(chiso__summary_book *book, chiso__look look,
                              unsigned digits) {
  static const char *const numbers[] = {
    "0", "0.0", "0.00", "0.000", "0.0000", "0.00000", "0.000000",
  };
  lxw_format **format = &book->formats[look][digits];
  if (*format)
    return *format;
  *format = book->xlsx->workbook_add_format(book->workbook);
  if (!*format) {
    (void)no_memory(book);
    return NULL;
  }
  if (look <= CHISO__LOOK_NOTE)
    set_lines(book->xlsx, *format, look);
  else
    set_cell(book->xlsx, *format, look);
  if (look >= CHISO__LOOK_RANK)
    book->xlsx->format_set_num_format(*format, numbers[digits]);
  return *format;
}

/* ---- sheets -------------------------------------------------------------- */

/* Length of a character of UTF-8, which has been checked, and how many units of
 * UTF-16 it is. */
static size_t character(const char *text, size_t *units) {
  unsigned char first = (unsigned char)text[0];
  *units = first >= 0xF0 ? 2 : 1;
  return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* Adds what there is room for, to the end of a word where there is one. */
static void add_name(chiso__buffer *out, size_t *room, const char *text) {
  size_t units = 0, word = 0;
  for (size_t n; *text && !out->failed; text += n) {
    n = character(text, &units);
    if (*text == ' ')
      word = out->size;
    if (units > *room && word > 0)
      out->data[out->size = word] = '\0';
    if (units > *room)
      break;
    *room -= units;
    if (n == 1 && ((unsigned char)*text < ' ' || *text == 0x7F))
      chiso__buffer_text(out, " ");
    else if (n == 1 && strchr("[]:*?/\\", *text))
      chiso__buffer_text(out, "-");
    else if (*text == '\'')
      chiso__buffer_text(out, "\xe2\x80\x99");
    else
      chiso__buffer_bytes(out, text, n);
  }
}

/* Names that differ in case or marks alone count as one: what a program takes
 * for the same name is its own affair. */
static bool is_taken(chiso__summary_book *book, const char *name) {
  const char *slug = chiso__text_slug(&book->arena, name);
  for (size_t i = 0; slug && i < book->n_names; i++)
    if (strcmp(book->names[i], slug) == 0)
      return true;
  if (slug)
    book->names[book->n_names++] = slug;
  else
    (void)no_memory(book);
  return false;
}

static const char *numbered_name(chiso__summary_book *book, const char *base,
                                 const char *group, unsigned number) {
  chiso__buffer out = { .allocator = book->allocator };
  char suffix[16] = "";
  if (number > 1)
    (void)snprintf(suffix, sizeof suffix, " (%u)", number);
  size_t room = MOST_NAME - strlen(suffix);
  add_name(&out, &room, base);
  if (group && group[0]) {
    add_name(&out, &room, " – ");
    add_name(&out, &room, group);
  }
  while (out.size > 0 && strchr(" ,;", out.data[out.size - 1]))
    out.data[--out.size] = '\0';
  chiso__buffer_text(&out, suffix);
  char *name =
      out.failed ? NULL : chiso__arena_text(&book->arena, out.data, out.size);
  chiso__buffer_free(&out);
  return name ? name : no_memory(book);
}

const char *chiso__sum_sheet_name(chiso__summary_book *book, const char *base,
                                  const char *group) {
  const char *composed =
      group ? chiso__nfc(&book->arena, group, strlen(group)) : NULL;
  const char *name = numbered_name(book, base, composed, 1);
  for (unsigned number = 2; book->error == LXW_NO_ERROR && is_taken(book, name);
       number++)
    name = numbered_name(book, base, composed, number);
  return name;
}

bool chiso__sum_sheet(chiso__summary_book *book, const char *name,
                      uint16_t columns, chiso__summary_sheet *out) {
  *out =
      (chiso__summary_sheet) { .book = book, .name = name, .columns = columns };
  if (book->error != LXW_NO_ERROR)
    return false;
  out->widths = chiso__arena_array(&book->arena, columns, sizeof *out->widths);
  out->sheet = book->xlsx->workbook_add_worksheet(book->workbook, name);
  if (out->widths && out->sheet)
    return true;
  (void)no_memory(book);
  return false;
}

void chiso__sum_width(chiso__summary_sheet *sheet, uint16_t column,
                      double characters) {
  sheet->widths[column] = characters;
  chiso__sum_keep(sheet->book,
                  sheet->book->xlsx->worksheet_set_column(
                      sheet->sheet, column, column, characters, NULL));
}

#define MOST_FOOTER 200u /* bytes; what a workbook takes is 255 characters */

/* "&" begins a code there. */
static void set_footer(chiso__summary_sheet *sheet, const char *mark) {
  chiso__summary_book *b = sheet->book;
  chiso__buffer out = { .allocator = b->allocator };
  size_t units = 0;
  chiso__buffer_text(&out, "&L&8");
  for (size_t n; *mark && out.size < MOST_FOOTER; mark += n) {
    n = character(mark, &units);
    chiso__buffer_bytes(&out, mark, n);
    if (*mark == '&')
      chiso__buffer_text(&out, "&");
  }
  chiso__buffer_text(&out, "&R&8&A · &P/&N");
  chiso__sum_keep(
      b, out.failed ? LXW_ERROR_MEMORY_MALLOC_FAILED
                    : b->xlsx->worksheet_set_footer(sheet->sheet, out.data));
  chiso__buffer_free(&out);
}

void chiso__sum_print(chiso__summary_sheet *sheet, bool landscape,
                      uint32_t first, uint32_t last, const char *mark) {
  const chiso__xlsx *x = sheet->book->xlsx;
  if (landscape)
    x->worksheet_set_landscape(sheet->sheet);
  x->worksheet_set_paper(sheet->sheet, PAPER_A4);
  x->worksheet_set_margins(sheet->sheet, 0.4, 0.4, 0.5, 0.6);
  x->worksheet_fit_to_pages(sheet->sheet, 1, 0);
  x->worksheet_gridlines(sheet->sheet, LXW_HIDE_ALL_GRIDLINES);
  if (last >= first)
    chiso__sum_keep(sheet->book,
                    x->worksheet_repeat_rows(sheet->sheet, first, last));
  set_footer(sheet, mark);
}

/* ---- cells --------------------------------------------------------------- */

/* The text, or a copy without what a cell has no room for. */
static const char *fitting(chiso__summary_book *book, const char *text) {
  size_t size = strlen(text);
  if (size <= MOST_TEXT)
    return text;
  for (size = MOST_TEXT; ((unsigned char)text[size] & 0xC0u) == 0x80u;)
    size--;
  const char *copy = chiso__arena_text(&book->arena, text, size);
  return copy ? copy : no_memory(book);
}

void chiso__sum_text(chiso__summary_sheet *sheet, uint32_t row, uint16_t column,
                     const char *text, chiso__look look) {
  chiso__summary_book *b = sheet->book;
  lxw_format *format = chiso__sum_format(b, look, 0);
  if (!text || !text[0])
    chiso__sum_keep(
        b, b->xlsx->worksheet_write_blank(sheet->sheet, row, column, format));
  else
    chiso__sum_keep(b,
                    chiso__xlsx_text(b->xlsx, sheet->sheet, row, column,
                                     fitting(b, text), format, b->allocator));
}

void chiso__sum_number(chiso__summary_sheet *sheet, uint32_t row,
                       uint16_t column, chiso_dec value, unsigned digits,
                       unsigned shown, chiso__look look) {
  chiso__summary_book *b = sheet->book;
  if (value == CHISO_NONE) {
    chiso__sum_text(sheet, row, column, NULL, look);
    return;
  }
  value = chiso_dec_round(value, digits, CHISO_ROUND_HALF_UP);
  if (value <= -EXACT_LIMIT || value >= EXACT_LIMIT) {
    chiso__sum_text(sheet, row, column, chiso__sum_dec(b, value), look);
    return;
  }
  chiso__sum_keep(
      b, b->xlsx->worksheet_write_number(sheet->sheet, row, column,
                                         (double)value / CHISO_DEC_ONE,
                                         chiso__sum_format(b, look, shown)));
}

void chiso__sum_integer(chiso__summary_sheet *sheet, uint32_t row,
                        uint16_t column, int64_t value, chiso__look look) {
  chiso__summary_book *b = sheet->book;
  chiso__sum_keep(b, b->xlsx->worksheet_write_number(
                         sheet->sheet, row, column, (double)value,
                         chiso__sum_format(b, look, 0)));
}

unsigned chiso__sum_lines(const char *text, double characters) {
  double width = (double)chiso__text_width(text) * 1.1;
  return width <= characters ? 1 : (unsigned)(width / characters) + 1;
}

void chiso__sum_height(chiso__summary_sheet *sheet, uint32_t row,
                       unsigned lines) {
  double height = LINE_HEIGHT * lines + 3;
  chiso__sum_keep(sheet->book,
                  sheet->book->xlsx->worksheet_set_row(
                      sheet->sheet, row,
                      height > MOST_HEIGHT ? MOST_HEIGHT : height, NULL));
}

void chiso__sum_span(chiso__summary_sheet *sheet, uint32_t row, uint16_t first,
                     uint16_t last, const char *text, chiso__look look) {
  chiso__summary_book *b = sheet->book;
  if (last > first)
    chiso__sum_keep(
        b, b->xlsx->worksheet_merge_range(sheet->sheet, row, first, row, last,
                                          "", chiso__sum_format(b, look, 0)));
  chiso__sum_text(sheet, row, first, text, look);
}

void chiso__sum_line(chiso__summary_sheet *sheet, const char *text,
                     chiso__look look) {
  double width = 0;
  if (!text[0])
    return;
  for (uint16_t i = 0; i < sheet->columns; i++)
    width += sheet->widths[i];
  double wide = look == CHISO__LOOK_TITLE    ? 1.4
                : look == CHISO__LOOK_STRONG ? 1.2
                                             : 1.05;
  unsigned lines = chiso__sum_lines(text, width / wide);
  chiso__sum_height(sheet, sheet->row,
                    look == CHISO__LOOK_TITLE ? lines + (lines + 3) / 4
                                              : lines);
  chiso__sum_span(sheet, sheet->row, 0, (uint16_t)(sheet->columns - 1), text,
                  look);
  sheet->row++;
}
