/* SPDX-License-Identifier: Apache-2.0
 * data/xlsx_parts.c - the parts of a workbook beside its sheets. */
#include <string.h>

#include "base/text.h"
#include "data/xlsx_book.h"

static chiso__place file_of(const chiso__book *book) {
  return (chiso__place) { book->file, 0, 0 };
}

/* ---- texts --------------------------------------------------------------- */

static int hex(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character that "_xHHHH_" stands for, 0 where there is none. Halves of
 * surrogate pairs and zero stay as they are written. */
static unsigned escaped(const char *s) {
  unsigned value = 0;
  if (s[0] != '_' || s[1] != 'x')
    return 0;
  for (int i = 2; i < 6; i++) {
    int digit = hex(s[i]);
    if (digit < 0)
      return 0;
    value = value * 16 + (unsigned)digit;
  }
  return s[6] != '_' || (value >= 0xd800 && value < 0xe000) ? 0 : value;
}

static size_t put_utf8(char *out, unsigned c) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xc0 | c >> 6);
    out[1] = (char)(0x80 | (c & 0x3f));
    return 2;
  }
  out[0] = (char)(0xe0 | c >> 12);
  out[1] = (char)(0x80 | (c >> 6 & 0x3f));
  out[2] = (char)(0x80 | (c & 0x3f));
  return 3;
}

static void unescape(char *text) {
  char *out = text;
  while (*text) {
    unsigned c = escaped(text);
    if (c) {
      out += put_utf8(out, c);
      text += 7;
    } else {
      *out++ = *text++;
    }
  }
  *out = '\0';
}

chiso_status chiso__book_text(chiso__book *book, const chiso__buffer *text,
                              const char **out, chiso_error *err) {
  if (text->failed)
    return chiso__no_memory(err);
  *out = "";
  if (text->size == 0)
    return CHISO_OK;
  char *copy = chiso__arena_text(book->arena, text->data, text->size);
  if (!copy)
    return chiso__no_memory(err);
  if (strstr(copy, "_x"))
    unescape(copy);
  *out = chiso__nfc(book->arena, copy, strlen(copy));
  return *out ? CHISO_OK : chiso__no_memory(err);
}

/* ---- the workbook -------------------------------------------------------- */

static chiso_status add_sheet(chiso__book *book, const char **attributes,
                              chiso_error *err) {
  const char *name = chiso__xml_get(attributes, "name");
  const char *relation = chiso__xml_get(attributes, "id");
  const char *state = chiso__xml_get(attributes, "state");
  if (!name || !*name || !relation)
    return chiso__fail(err, CHISO_BAD_DATA, file_of(book), MSG_XLSX_DAMAGED,
                       "xl/workbook.xml");
  if (book->n_sheets == CHISO__BOOK_SHEETS)
    return chiso__fail(err, CHISO_BAD_DATA, file_of(book), MSG_XLSX_SHEETS,
                       CHISO__BOOK_SHEETS);
  chiso__book_entry *sheet = &book->sheets[book->n_sheets++];
  chiso__buffer text = { .allocator = book->arena->allocator };
  chiso__buffer_text(&text, name);
  chiso_status status = chiso__book_text(book, &text, &sheet->name, err);
  chiso__buffer_free(&text);
  sheet->relation = chiso__arena_text(book->arena, relation, strlen(relation));
  sheet->hidden = state && strcmp(state, "visible") != 0;
  return status != CHISO_OK || sheet->relation ? status : chiso__no_memory(err);
}

static chiso_status begin_workbook(void *user, const char *name,
                                   const char **attributes, chiso_error *err) {
  chiso__book *book = user;
  if (strcmp(name, "sheet") == 0)
    return add_sheet(book, attributes, err);
  if (strcmp(name, "workbookPr") == 0)
    book->from_1904 =
        chiso__xml_flag(chiso__xml_get(attributes, "date1904"), false);
  return CHISO_OK;
}

/* A relation's target is relative to xl/, or absolute within the archive. */
static chiso_status begin_relation(void *user, const char *name,
                                   const char **attributes, chiso_error *err) {
  chiso__book *book = user;
  const char *id = chiso__xml_get(attributes, "Id");
  const char *target = chiso__xml_get(attributes, "Target");
  const char *mode = chiso__xml_get(attributes, "TargetMode");
  if (strcmp(name, "Relationship") != 0 || !id || !target)
    return CHISO_OK;
  for (size_t i = 0; i < book->n_sheets; i++) {
    if (strcmp(book->sheets[i].relation, id) != 0)
      continue;
    if (mode && strcmp(mode, "External") == 0)
      return chiso__fail(err, CHISO_BAD_DATA, file_of(book), MSG_XLSX_EXTERNAL,
                         target);
    char part[512];
    int size = *target == '/' ? snprintf(part, sizeof part, "%s", target + 1)
                              : snprintf(part, sizeof part, "xl/%s", target);
    if (size < 0 || (size_t)size >= sizeof part)
      return chiso__fail(err, CHISO_BAD_DATA, file_of(book), MSG_XLSX_DAMAGED,
                         "xl/_rels/workbook.xml.rels");
    book->sheets[i].part = chiso__arena_text(book->arena, part, (size_t)size);
    if (!book->sheets[i].part)
      return chiso__no_memory(err);
  }
  return CHISO_OK;
}

static chiso_status read_workbook(chiso__book *book, chiso_error *err) {
  book->sheets =
      chiso__arena_array(book->arena, CHISO__BOOK_SHEETS, sizeof *book->sheets);
  if (!book->sheets)
    return chiso__no_memory(err);
  CHISO__TRY(chiso__xml_read(
      book->zip, "xl/workbook.xml",
      (chiso__xml_handler) { .begin = begin_workbook, .user = book }, err));
  return chiso__xml_read(
      book->zip, "xl/_rels/workbook.xml.rels",
      (chiso__xml_handler) { .begin = begin_relation, .user = book }, err);
}

/* ---- styles -------------------------------------------------------------- */

#define MOST_FORMATS 4096u /* each style looks through them */

typedef struct styles {
  chiso__book *book;
  bool in_fonts, in_formats, in_cells;
  bool *bold; /* of each font */
  size_t n_fonts, font_room, style_room;
  struct format {
    uint32_t id;
    const char *code;
  } * formats;
  size_t n_formats, format_room;
} styles;

static chiso_status grow(const styles *s, void *list, size_t *room, size_t used,
                         size_t element, chiso_error *err) {
  if (used == CHISO__BOOK_STYLES)
    return chiso__fail(err, CHISO_BAD_DATA, file_of(s->book), MSG_XLSX_STYLES,
                       CHISO__BOOK_STYLES);
  return chiso__grow(s->book->arena->allocator, list, room, used, element)
             ? CHISO_OK
             : chiso__no_memory(err);
}

static chiso_status add_format(styles *s, const char **attributes,
                               chiso_error *err) {
  const char *code = chiso__xml_get(attributes, "formatCode");
  uint64_t id;
  if (!code ||
      !chiso__xml_number(chiso__xml_get(attributes, "numFmtId"), 1000000, &id))
    return CHISO_OK;
  if (s->n_formats == MOST_FORMATS)
    return chiso__fail(err, CHISO_BAD_DATA, file_of(s->book), MSG_XLSX_STYLES,
                       MOST_FORMATS);
  CHISO__TRY(grow(s, &s->formats, &s->format_room, s->n_formats,
                  sizeof *s->formats, err));
  code = chiso__arena_text(s->book->arena, code, strlen(code));
  if (!code)
    return chiso__no_memory(err);
  s->formats[s->n_formats++] = (struct format) { (uint32_t)id, code };
  return CHISO_OK;
}

static chiso_status add_style(styles *s, const char **attributes,
                              chiso_error *err) {
  chiso__book *book = s->book;
  uint64_t font = 0, id = 0;
  const char *code = NULL;
  CHISO__TRY(grow(s, &book->styles, &s->style_room, book->n_styles,
                  sizeof *book->styles, err));
  (void)chiso__xml_number(chiso__xml_get(attributes, "fontId"), 1000000, &font);
  (void)chiso__xml_number(chiso__xml_get(attributes, "numFmtId"), 1000000, &id);
  for (size_t i = 0; i < s->n_formats; i++)
    if (s->formats[i].id == id)
      code = s->formats[i].code;
  book->styles[book->n_styles++] = (chiso__style) {
    .bold = font < s->n_fonts && s->bold[font],
    .date = chiso__format_is_date((uint32_t)id, code),
    .percent = chiso__format_is_percent((uint32_t)id, code),
  };
  return CHISO_OK;
}

static chiso_status begin_style(void *user, const char *name,
                                const char **attributes, chiso_error *err) {
  styles *s = user;
  if (strcmp(name, "fonts") == 0)
    s->in_fonts = true;
  else if (strcmp(name, "cellXfs") == 0)
    s->in_cells = true;
  else if (strcmp(name, "numFmts") == 0)
    s->in_formats = true;
  else if (s->in_formats && strcmp(name, "numFmt") == 0)
    return add_format(s, attributes, err);
  else if (s->in_cells && strcmp(name, "xf") == 0)
    return add_style(s, attributes, err);
  else if (s->in_fonts && strcmp(name, "font") == 0) {
    CHISO__TRY(
        grow(s, &s->bold, &s->font_room, s->n_fonts, sizeof *s->bold, err));
    s->bold[s->n_fonts++] = false;
  } else if (s->in_fonts && s->n_fonts && strcmp(name, "b") == 0)
    s->bold[s->n_fonts - 1] =
        chiso__xml_flag(chiso__xml_get(attributes, "val"), true);
  return CHISO_OK;
}

static chiso_status end_style(void *user, const char *name, chiso_error *err) {
  styles *s = user;
  (void)err;
  if (strcmp(name, "fonts") == 0)
    s->in_fonts = false;
  else if (strcmp(name, "cellXfs") == 0)
    s->in_cells = false;
  else if (strcmp(name, "numFmts") == 0)
    s->in_formats = false;
  return CHISO_OK;
}

static chiso_status read_styles(chiso__book *book, chiso_error *err) {
  styles s = { .book = book };
  chiso_status status =
      chiso__xml_read(book->zip, "xl/styles.xml",
                      (chiso__xml_handler) {
                          .begin = begin_style, .end = end_style, .user = &s },
                      err);
  chiso__free(book->arena->allocator, s.bold);
  chiso__free(book->arena->allocator, s.formats);
  return status;
}

/* ---- shared strings ------------------------------------------------------ */

typedef struct strings {
  chiso__book *book;
  chiso__buffer text;
  size_t room;
  bool in_text, in_phonetic;
} strings;

static chiso_status begin_string(void *user, const char *name,
                                 const char **attributes, chiso_error *err) {
  strings *s = user;
  (void)attributes, (void)err;
  if (strcmp(name, "rPh") == 0)
    s->in_phonetic = true;
  else if (strcmp(name, "t") == 0)
    s->in_text = !s->in_phonetic;
  return CHISO_OK;
}

static chiso_status text_string(void *user, const char *text, size_t size,
                                chiso_error *err) {
  strings *s = user;
  (void)err;
  if (s->in_text)
    chiso__buffer_bytes(&s->text, text, size);
  return CHISO_OK;
}

static chiso_status end_string(void *user, const char *name, chiso_error *err) {
  strings *s = user;
  chiso__book *book = s->book;
  if (strcmp(name, "rPh") == 0)
    s->in_phonetic = false;
  else if (strcmp(name, "t") == 0)
    s->in_text = false;
  if (strcmp(name, "si") != 0)
    return CHISO_OK;
  if (book->n_strings == CHISO__BOOK_STRINGS)
    return chiso__fail(err, CHISO_BAD_DATA, file_of(book), MSG_XLSX_STRINGS,
                       CHISO__BOOK_STRINGS);
  if (!chiso__grow(book->arena->allocator, (void **)(void *)&book->strings,
                   &s->room, book->n_strings, sizeof *book->strings))
    return chiso__no_memory(err);
  CHISO__TRY(
      chiso__book_text(book, &s->text, &book->strings[book->n_strings++], err));
  s->text.size = 0;
  return CHISO_OK;
}

static chiso_status read_strings(chiso__book *book, chiso_error *err) {
  strings s = { .book = book, .text = { .allocator = book->arena->allocator } };
  chiso_status status = chiso__xml_read(book->zip, "xl/sharedStrings.xml",
                                        (chiso__xml_handler) {
                                            .begin = begin_string,
                                            .end = end_string,
                                            .text = text_string,
                                            .user = &s,
                                        },
                                        err);
  chiso__buffer_free(&s.text);
  return status;
}

chiso_status chiso__book_parts(chiso__book *book, chiso_error *err) {
  CHISO__TRY(read_workbook(book, err));
  if (chiso__zip_has(book->zip, "xl/styles.xml"))
    CHISO__TRY(read_styles(book, err));
  if (chiso__zip_has(book->zip, "xl/sharedStrings.xml"))
    CHISO__TRY(read_strings(book, err));
  return CHISO_OK;
}
