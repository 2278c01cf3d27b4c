/* SPDX-License-Identifier: Apache-2.0
 * base/csv.c - tables as text (RFC 4180), read in place. */
#include "base/csv.h"

#include <string.h>

#include "base/dec.h"
#include "base/map.h"
#include "base/text.h"

#define MOST_COLUMNS 16384
#define MOST_ROWS    ((size_t)4 * 1048576)

typedef struct reader {
  const char *file;
  char *at, *end; /* *end is a zero */
  uint64_t line;
  char separator;
  bool keep_blanks; /* of quoted fields */
  size_t unnamed;   /* columns after the last that has a name */
  bool stops[256];  /* bytes that end or forbid an unquoted field */
} reader;

typedef enum after { AFTER_FIELD, AFTER_LINE, AFTER_FILE } after;

static chiso_status refuse_at(const reader *r, uint64_t line, uint64_t column,
                              chiso__message message, chiso_error *err) {
  chiso__place place = { r->file, line, column };
  return chiso__fail(err, CHISO_BAD_DATA, place, message);
}

static chiso_status refuse(const reader *r, uint64_t column,
                           chiso__message message, chiso_error *err) {
  return refuse_at(r, r->line, column, message, err);
}

static bool ends_line(const reader *r) {
  return r->at == r->end || *r->at == '\n' || *r->at == '\r';
}

/* Past LF, CR LF or CR. */
static void next_line(reader *r) {
  if (r->at == r->end)
    return;
  if (*r->at == '\r' && r->at[1] == '\n')
    r->at++;
  r->at++;
  r->line++;
}

/* Bytes of the blank at s: space, tab, no-break space. A tab that separates
 * is none; `s` has a zero after it. */
static size_t blank(const reader *r, const char *s) {
  if (*s == ' ' || (*s == '\t' && r->separator != '\t'))
    return 1;
  return s[0] == '\xc2' && s[1] == '\xa0' ? 2 : 0;
}

static void skip_blanks(reader *r) {
  for (size_t n; (n = blank(r, r->at)) > 0;)
    r->at += n;
}

static chiso__csv_field trimmed(char *from, char *to) {
  while (from < to) {
    if (*from == ' ' || *from == '\t' || *from == '\n' || *from == '\r')
      from++;
    else if (to - from >= 2 && from[0] == '\xc2' && from[1] == '\xa0')
      from += 2;
    else
      break;
  }
  while (from < to) {
    if (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\n' || to[-1] == '\r')
      to--;
    else if (to - from >= 2 && to[-2] == '\xc2' && to[-1] == '\xa0')
      to -= 2;
    else
      break;
  }
  *to = '\0'; /* over a blank, a quote or the separator, all of them read */
  return (chiso__csv_field) { from, (size_t)(to - from) };
}

static chiso__csv_field whole(char *from, char *to) {
  *to = '\0';
  return (chiso__csv_field) { from, (size_t)(to - from) };
}

/* The field after an opening quote, unquoted in place. */
static chiso_status quoted(reader *r, uint64_t column, char **from, char **to,
                           chiso_error *err) {
  uint64_t first = r->line;
  char *out = ++r->at;
  *from = out;
  for (;; r->at++) {
    if (r->at == r->end) {
      r->line = first;
      return refuse(r, column, MSG_CSV_OPEN_QUOTE, err);
    }
    if (*r->at == '"' && *++r->at != '"')
      break;
    if (*r->at == '\n' || (*r->at == '\r' && r->at[1] != '\n'))
      r->line++;
    *out++ = *r->at;
  }
  *to = out;
  skip_blanks(r);
  if (!ends_line(r) && *r->at != r->separator)
    return refuse(r, column, MSG_CSV_AFTER_QUOTE, err);
  return CHISO_OK;
}

/* One field and what follows it; `at` goes past the separator or the line. */
static chiso_status field(reader *r, uint64_t column, chiso__csv_field *out,
                          after *then, chiso_error *err) {
  char *from = NULL, *to = NULL, separator = r->separator;
  skip_blanks(r);
  bool quotes = *r->at == '"';
  if (quotes) {
    CHISO__TRY(quoted(r, column, &from, &to, err));
  } else {
    char *s = r->at;
    from = s;
    while (!r->stops[(unsigned char)*s])
      s++;
    r->at = to = s;
    if (*s == '"')
      return refuse(r, column, MSG_CSV_QUOTE_INSIDE, err);
  }
  *then = r->at == r->end       ? AFTER_FILE
          : *r->at == separator ? AFTER_FIELD
                                : AFTER_LINE;
  if (*then == AFTER_FIELD)
    r->at++;
  else
    next_line(r);
  *out = quotes && r->keep_blanks ? whole(from, to) : trimmed(from, to);
  return CHISO_OK;
}

/* ---- header ------------------------------------------------------------- */

/* Past lines without anything in them and, before the header, comments. */
static void skip_empty(reader *r, bool comments) {
  while (r->at < r->end) {
    char *begin = r->at;
    skip_blanks(r);
    bool comment = comments && *r->at == '#';
    while (comment && !ends_line(r))
      r->at++;
    if (!ends_line(r)) {
      r->at = begin;
      return;
    }
    next_line(r);
  }
}

/* The most frequent of the three outside quotes, in the first record or in all
 * that is left. */
static char choose_separator(const reader *r, bool all, size_t *columns) {
  size_t count[3] = { 0 };
  static const char marks[3] = { ',', ';', '\t' };
  bool inside = false;
  for (const char *s = r->at; s < r->end; s++) {
    if (*s == '"')
      inside = !inside;
    else if (!inside && !all && (*s == '\n' || *s == '\r'))
      break;
    for (size_t i = 0; i < 3 && !inside; i++)
      count[i] += *s == marks[i];
  }
  size_t best = count[1] > count[0] ? 1 : 0;
  best = count[2] > count[best] ? 2 : best;
  *columns = count[best] + 1;
  return marks[best];
}

static void set_separator(reader *r, char separator) {
  r->separator = separator;
  for (const char *stop = "\n\r\""; *stop; stop++)
    r->stops[(unsigned char)*stop] = true;
  r->stops[0] = r->stops[(unsigned char)separator] = true;
}

/* A name of the header; `unnamed` counts the empty ones at its end. */
static chiso_status take_name(const reader *r, chiso__csv *csv, size_t i,
                              chiso__map *names, size_t *unnamed,
                              chiso_error *err) {
  const chiso__csv_field *name = &csv->header[i];
  size_t earlier = 0;
  if (name->size == 0) {
    ++*unnamed;
    return CHISO_OK;
  }
  if (*unnamed)
    return refuse_at(r, csv->header_line, i + 1 - *unnamed, MSG_CSV_NO_NAME,
                     err);
  chiso__map_result put = chiso__map_put(names, name->text, i, &earlier);
  if (put == CHISO__MAP_NO_MEMORY)
    return chiso__no_memory(err);
  chiso__place place = { r->file, csv->header_line, i + 1 };
  return put == CHISO__MAP_REPEATED
             ? chiso__fail(err, CHISO_BAD_DATA, place, MSG_CSV_REPEATED,
                           name->text, (unsigned long long)earlier + 1)
             : CHISO_OK;
}

/* "sep=;" in the first line, as spreadsheets write and obey it. */
static void skip_separator(reader *r) {
  if (r->end - r->at >= 5 && memcmp(r->at, "sep=", 4) == 0 &&
      strchr(",;\t", r->at[4]) && r->at[4] &&
      (r->at + 5 == r->end || r->at[5] == '\n' || r->at[5] == '\r')) {
    r->at += 5;
    next_line(r);
  }
}

static chiso_status read_header(chiso__arena *arena, reader *r, chiso__csv *csv,
                                chiso__map *names, chiso_error *err) {
  size_t columns, unnamed = 0;
  after then = AFTER_FIELD;
  skip_separator(r);
  skip_empty(r, true);
  if (r->at == r->end)
    return refuse(r, 0, MSG_CSV_NO_HEADER, err);
  csv->header_line = r->line;
  csv->separator = choose_separator(r, false, &columns);
  set_separator(r, csv->separator);
  if (columns > MOST_COLUMNS)
    return refuse(r, MOST_COLUMNS + 1, MSG_CSV_COLUMNS, err);
  csv->header = chiso__arena_array(arena, columns, sizeof *csv->header);
  if (!csv->header)
    return chiso__no_memory(err);
  while (then == AFTER_FIELD && csv->n_columns < columns) {
    size_t i = csv->n_columns++;
    CHISO__TRY(field(r, i + 1, &csv->header[i], &then, err));
    CHISO__TRY(take_name(r, csv, i, names, &unnamed, err));
  }
  /* A spreadsheet writes separators for columns that were once in use. */
  if (unnamed == csv->n_columns)
    return refuse_at(r, csv->header_line, 1, MSG_CSV_NO_NAME, err);
  csv->n_columns -= unnamed;
  r->unnamed = unnamed;
  return CHISO_OK;
}

/* ---- rows --------------------------------------------------------------- */

/* At least as many rows as the rest can hold: every row ends a line, and has
 * its separators. */
static size_t rows_at_most(const reader *r, size_t columns) {
  size_t lines = 1, separators = 0;
  for (const char *s = r->at; s < r->end; s++) {
    lines += *s == '\n' || *s == '\r';
    separators += *s == r->separator;
  }
  if (columns > 1 && separators / (columns - 1) + 1 < lines)
    lines = separators / (columns - 1) + 1;
  return lines < MOST_ROWS ? lines : MOST_ROWS;
}

/* A row of empty fields, few or many, is a blank line. */
static chiso_status read_row(reader *r, chiso__csv *csv, chiso_error *err) {
  size_t columns = csv->n_columns, n = 0;
  uint64_t line = r->line;
  bool empty = true;
  chiso__csv_field spare, *cells = csv->cells + csv->n_rows * columns;
  after then = AFTER_FIELD;
  while (then == AFTER_FIELD && n < columns + r->unnamed) {
    chiso__csv_field *cell = n < columns ? &cells[n] : &spare;
    CHISO__TRY(field(r, n + 1, cell, &then, err));
    n++;
    empty = empty && cell->size == 0;
    if (n > columns && cell->size > 0)
      return refuse_at(r, line, n, MSG_CSV_NO_NAME, err);
  }
  if (then == AFTER_FIELD || (n < columns && !empty)) {
    chiso__place place = { r->file, line, n + (n >= columns) };
    return chiso__fail(err, CHISO_BAD_DATA, place,
                       n < columns ? MSG_CSV_FEWER : MSG_CSV_MORE,
                       (unsigned long long)columns, (unsigned long long)n);
  }
  if (!empty)
    csv->lines[csv->n_rows++] = line;
  return CHISO_OK;
}

static chiso_status read_rows(chiso__arena *arena, reader *r, chiso__csv *csv,
                              chiso_error *err) {
  size_t most = rows_at_most(r, csv->n_columns);
  if (most > SIZE_MAX / csv->n_columns)
    return chiso__no_memory(err);
  /* one row more: a wrong row is read before it is refused */
  csv->cells =
      chiso__arena_raw(arena, (most + 1) * csv->n_columns, sizeof *csv->cells);
  csv->lines = chiso__arena_raw(arena, most + 1, sizeof *csv->lines);
  if (!csv->cells || !csv->lines)
    return chiso__no_memory(err);
  for (;;) {
    skip_empty(r, false);
    if (r->at == r->end)
      return CHISO_OK;
    if (csv->n_rows == MOST_ROWS)
      return refuse(r, 0, MSG_CSV_ROWS, err);
    CHISO__TRY(read_row(r, csv, err));
  }
}

/* ---- the table ---------------------------------------------------------- */

/* The field in which an offset lies, by the separators of its line. */
static uint64_t field_at(const char *text, size_t size, size_t offset) {
  const reader r = { .at = (char *)(uintptr_t)text,
                     .end = (char *)(uintptr_t)text + size };
  size_t columns, from = offset;
  uint64_t field_ = 1;
  bool inside = false;
  char separator = choose_separator(&r, false, &columns);
  while (from > 0 && text[from - 1] != '\n' && text[from - 1] != '\r')
    from--;
  for (; from < offset; from++) {
    inside ^= text[from] == '"';
    field_ += !inside && text[from] == separator;
  }
  return field_;
}

static chiso_status check_bytes(const char *file, const char *text, size_t size,
                                chiso_error *err) {
  chiso__place place = { .file = file };
  if (size == 0)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_FILE_EMPTY);
  if (size > 1 &&
      (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_UTF16);
  if (size > 3 && (memcmp(text, "PK\3\4", 4) == 0 ||
                   memcmp(text, "\xd0\xcf\x11\xe0", 4) == 0))
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_CSV_WORKBOOK);
  size_t bad = chiso__utf8_check(text, size);
  const char *zero = memchr(text, 0, size);
  if (bad == size && !zero)
    return CHISO_OK;
  bool first = !zero || bad < (size_t)(zero - text);
  size_t offset = first ? bad : (size_t)(zero - text);
  chiso__text_place(text, size, offset, &place.line, &place.column);
  place.column = field_at(text, size, offset);
  return chiso__fail(err, CHISO_BAD_DATA, place,
                     first ? MSG_NOT_UTF8 : MSG_ZERO_BYTE);
}

/* A reader over a copy of the text in NFC: fields are unquoted in place. */
static chiso_status open_text(chiso__arena *arena, const char *file,
                              const char *text, size_t size, reader *out,
                              chiso_error *err) {
  CHISO__TRY(check_bytes(file, text, size, err));
  if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
    text += 3;
    size -= 3;
  }
  /* The table as a whole: neither a separator, a quote nor the end of a line
   * composes with anything, so fields and lines stay what they are. */
  const char *nfc = chiso__nfc(arena, text, size);
  if (!nfc)
    return chiso__no_memory(err);
  size = nfc == text ? size : strlen(nfc);
  char *copy = chiso__arena_text(arena, nfc, size);
  if (!copy)
    return chiso__no_memory(err);
  *out = (reader) { .file = file, .at = copy, .end = copy + size, .line = 1 };
  return CHISO_OK;
}

chiso_status chiso__csv_parse(chiso__arena *arena, const char *file,
                              const char *text, size_t size, chiso__csv *out,
                              chiso_error *err) {
  reader r;
  *out = (chiso__csv) { .file = file };
  CHISO__TRY(open_text(arena, file, text, size, &r, err));
  chiso__map names = { .allocator = arena->allocator, .folded = true };
  chiso_status status = read_header(arena, &r, out, &names, err);
  chiso__map_free(&names);
  return status == CHISO_OK ? read_rows(arena, &r, out, err) : status;
}

/* ---- rows as they stand -------------------------------------------------- */

static chiso_status read_free_row(chiso__arena *arena, reader *r,
                                  chiso__csv_rows *out, chiso__csv_field *row,
                                  chiso_error *err) {
  size_t n = 0, kept = 0;
  uint64_t line = r->line;
  after then = AFTER_FIELD;
  while (then == AFTER_FIELD) {
    if (n == MOST_COLUMNS)
      return refuse_at(r, line, n, MSG_CSV_COLUMNS, err);
    CHISO__TRY(field(r, n + 1, &row[n], &then, err));
    if (row[n++].size > 0)
      kept = n;
  }
  if (kept == 0)
    return CHISO_OK;
  chiso__csv_field *cells = chiso__arena_raw(arena, kept, sizeof *cells);
  if (!cells)
    return chiso__no_memory(err);
  memcpy(cells, row, kept * sizeof *cells);
  out->cells[out->n_rows] = cells;
  out->counts[out->n_rows] = kept;
  out->lines[out->n_rows++] = line;
  return CHISO_OK;
}

chiso_status chiso__csv_rows_parse(chiso__arena *arena, const char *file,
                                   const char *text, size_t size,
                                   chiso__csv_rows *out, chiso_error *err) {
  reader r;
  size_t columns;
  *out = (chiso__csv_rows) { 0 };
  CHISO__TRY(open_text(arena, file, text, size, &r, err));
  r.keep_blanks = true;
  skip_separator(&r);
  set_separator(&r, choose_separator(&r, true, &columns));
  size_t most = rows_at_most(&r, 1);
  out->cells = chiso__arena_array(arena, most, sizeof(void *));
  out->counts = chiso__arena_array(arena, most, sizeof *out->counts);
  out->lines = chiso__arena_array(arena, most, sizeof *out->lines);
  chiso__csv_field *row = chiso__arena_raw(arena, MOST_COLUMNS, sizeof *row);
  if (!out->cells || !out->counts || !out->lines || !row)
    return chiso__no_memory(err);
  while (r.at < r.end) {
    if (out->n_rows == MOST_ROWS)
      return refuse(&r, 0, MSG_CSV_ROWS, err);
    CHISO__TRY(read_free_row(arena, &r, out, row, err));
  }
  return CHISO_OK;
}

size_t chiso__csv_column(const chiso__csv *csv, const char *name) {
  for (size_t i = 0; i < csv->n_columns; i++)
    if (chiso__text_same_folded(csv->header[i].text, name))
      return i;
  return SIZE_MAX;
}

const chiso__csv_field *chiso__csv_cell(const chiso__csv *csv, size_t row,
                                        size_t column) {
  return &csv->cells[row * csv->n_columns + column];
}

static const char *skip_digits(const char *text) {
  while (*text >= '0' && *text <= '9')
    text++;
  return text;
}

/* -1.5e-05: a double as it is printed. */
static bool is_real(const char *text) {
  const char *at = text + (*text == '-' || *text == '+'), *first = at;
  at = skip_digits(at);
  if (at == first)
    return false;
  if (*at == '.')
    at = skip_digits(at + 1);
  if (*at != 'e' && *at != 'E')
    return *at == '\0';
  at++;
  at += *at == '-' || *at == '+';
  return *at && *skip_digits(at) == '\0';
}

/* What a spreadsheet would take for a formula. */
static bool is_formula(const char *text) {
  chiso__number number;
  return *text && strchr("=+-@", *text) && !is_real(text) &&
         chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &number) !=
             CHISO__NUMBER_OK;
}

void chiso__csv_write(chiso__buffer *buffer, bool first, const char *text) {
  if (!first)
    chiso__buffer_bytes(buffer, ",", 1);
  bool formula = is_formula(text);
  /* ';' and tab would count when the header's separator is looked for, and
   * '#' would make the first line a comment */
  if (!strpbrk(text, ",;\t\"\r\n") && !(first && *text == '#')) {
    if (formula)
      chiso__buffer_bytes(buffer, "'", 1);
    chiso__buffer_text(buffer, text);
    return;
  }
  chiso__buffer_text(buffer, formula ? "\"'" : "\"");
  for (const char *quote; (quote = strchr(text, '"')) != NULL;
       text = quote + 1) {
    chiso__buffer_bytes(buffer, text, (size_t)(quote - text) + 1);
    chiso__buffer_bytes(buffer, "\"", 1);
  }
  chiso__buffer_text(buffer, text);
  chiso__buffer_bytes(buffer, "\"", 1);
}
