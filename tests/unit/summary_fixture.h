/* SPDX-License-Identifier: Apache-2.0
 * A summary workbook read back with the reader of workbooks. */
#ifndef CHISO_TESTS_SUMMARY_FIXTURE_H
#define CHISO_TESTS_SUMMARY_FIXTURE_H

#include <stdio.h>

#include "chiso/sheet_summary.h"
#include "data/xlsx.h"
#include "data/xlsx_zip.h"
#include "suite.h"

/* A workbook read back. */
typedef struct read_back {
  chiso__arena arena;
  char *bytes;
  size_t size;
  chiso__book *book;
  chiso__sheet sheets[64];
  size_t n;
} read_back;

static chiso_error err;

static inline bool read_it(read_back *b, const chiso_summary *what) {
  *b = (read_back) { .n = 0 };
  if (chiso_summary_render(what, NULL, &b->bytes, &b->size, &err) != CHISO_OK ||
      chiso__book_open(&b->arena, "s.xlsx", b->bytes, b->size, &b->book,
                       &err) != CHISO_OK)
    return false;
  b->n = chiso__book_sheets(b->book);
  for (size_t i = 0; i < b->n && i < 64; i++)
    if (chiso__book_sheet(b->book, i, &b->sheets[i], &err) != CHISO_OK)
      return false;
  return b->n <= 64;
}

static inline void close_it(read_back *b) {
  if (b->book)
    chiso__book_close(b->book);
  chiso__arena_free(&b->arena);
  chiso_text_free(NULL, b->bytes);
}

static inline const chiso__sheet *sheet_of(const read_back *b,
                                           const char *name) {
  for (size_t i = 0; i < b->n; i++)
    if (strcmp(b->sheets[i].name, name) == 0)
      return &b->sheets[i];
  return NULL;
}

/* The text of a cell, "" when there is none. */
static inline const char *at(const chiso__sheet *s, uint32_t row,
                             uint32_t column) {
  const chiso__sheet_cell *cell = chiso__sheet_at(s, row, column);
  return cell ? cell->text : "";
}

/* The first row with a text in a column; UINT32_MAX: none. */
static inline uint32_t row_of(const chiso__sheet *s, uint32_t column,
                              const char *text) {
  for (size_t i = 0; i < s->n_rows; i++)
    if (strcmp(at(s, s->rows[i].row, column), text) == 0)
      return s->rows[i].row;
  return UINT32_MAX;
}

static inline uint32_t column_of(const chiso__sheet *s, uint32_t row,
                                 const char *title) {
  for (uint32_t c = 0; c < 64; c++)
    if (strcmp(at(s, row, c), title) == 0)
      return c;
  return UINT32_MAX;
}

static inline bool anywhere(const chiso__sheet *s, const char *part) {
  for (size_t i = 0; i < s->n_cells; i++)
    if (strstr(s->cells[i].text, part))
      return true;
  return false;
}

/* Whether a cell is the number that a table of scores prints, and is a number;
 * CHISO_NONE is an empty cell. */
static inline bool is_figure(const chiso__sheet *s, uint32_t row,
                             uint32_t column, chiso_dec value,
                             unsigned digits) {
  const chiso__sheet_cell *cell = chiso__sheet_at(s, row, column);
  chiso_dec_style style = { '.', (uint8_t)digits, false };
  char text[CHISO_DEC_TEXT];
  if (value == CHISO_NONE)
    return cell == NULL;
  chiso_dec_format(value, style, text);
  bool same = cell && cell->kind == CHISO__KIND_NUMBER && !cell->formula &&
              strcmp(cell->text, text) == 0;
  if (!same)
    fprintf(stderr, "\n    %u,%u: %s, not %s\n", row, column,
            cell ? cell->text : "nothing", text);
  return same;
}

static inline bool is_integer(const chiso__sheet *s, uint32_t row,
                              uint32_t column, uint32_t value) {
  return is_figure(s, row, column, (chiso_dec)value * CHISO_DEC_ONE, 0);
}

static inline chiso_dec points(const chiso_run *run, uint32_t node, size_t u) {
  const chiso_scores *s = chiso_run_scores(run);
  return chiso_has_points(s->state[node * s->n + u])
             ? s->points[node * s->n + u]
             : CHISO_NONE;
}

static inline chiso_dec percent(const chiso_run *run, uint32_t node, size_t u) {
  return chiso_percent(chiso_run_program(run), chiso_run_scores(run), node, u);
}

/* ---- charts -------------------------------------------------------------- */

typedef struct part_text {
  char *text;
  size_t size;
} part_text;

static inline chiso_status take(void *user, const char *bytes, size_t size,
                                bool last, chiso_error *e) {
  part_text *p = user;
  (void)last;
  (void)e;
  p->text = realloc(p->text, p->size + size + 1);
  if (!p->text)
    return CHISO_NO_MEMORY;
  memcpy(p->text + p->size, bytes, size);
  p->size += size;
  p->text[p->size] = 0;
  return CHISO_OK;
}

/* "'Ranking – A'!$B$2:$B$9": the sheet and the cells, absolute. */
static inline const chiso__sheet *range(const read_back *b, const char *text,
                                        uint32_t cells[4]) {
  char name[256] = "", plain[64];
  const char *mark = strrchr(text, '!');
  size_t n = 0;
  if (!mark || (size_t)(mark - text) >= sizeof name)
    return NULL;
  bool quoted = text[0] == '\'';
  size_t length = (size_t)(mark - text) - (quoted ? 2 : 0);
  memcpy(name, text + quoted, length);
  name[length] = '\0';
  for (const char *c = mark + 1; *c && n + 1 < sizeof plain; c++)
    if (*c != '$')
      plain[n++] = *c;
  plain[n] = '\0';
  const char *end = NULL;
  if (!chiso__cell_place(plain, &cells[0], &cells[1], &end))
    return NULL;
  cells[2] = cells[0];
  cells[3] = cells[1];
  if (*end == ':' && !chiso__cell_place(end + 1, &cells[2], &cells[3], &end))
    return NULL;
  return *end ? NULL : sheet_of(b, name);
}

/* Every cell of a range is there, and a number where numbers are drawn. */
static inline size_t check_range(const read_back *b, const char *text,
                                 bool numbers) {
  uint32_t c[4] = { 0 };
  size_t count = 0, full = 0;
  const chiso__sheet *s = range(b, text, c);
  if (!s) {
    fprintf(stderr, "\n    %s\n", text);
    CU_FAIL("a chart refers to what is not there");
    return 0;
  }
  for (uint32_t row = c[0]; row <= c[2]; row++)
    for (uint32_t column = c[1]; column <= c[3]; column++, count++) {
      const chiso__sheet_cell *cell = chiso__sheet_at(s, row, column);
      full += cell && (cell->kind == CHISO__KIND_NUMBER) == numbers;
    }
  /* an area that does not apply to a unit is an empty cell */
  CU_ASSERT(numbers ? full > 0 : full == count);
  return count;
}

/* The text of the first <c:f> after `from`, before `before`. */
static inline const char *formula(const char *from, const char *before,
                                  char *out, size_t room) {
  const char *open = strstr(from, "<c:f>");
  if (!open || open > before)
    return NULL;
  const char *close = strstr(open, "</c:f>");
  size_t n = (size_t)(close - open) - 5;
  if (n >= room)
    return NULL;
  memcpy(out, open + 5, n);
  out[n] = '\0';
  return close;
}

static inline size_t check_chart(const read_back *b, const char *xml) {
  size_t series = 0;
  for (const char *ser = xml; (ser = strstr(ser, "<c:ser>")); series++) {
    const char *end = strstr(ser, "</c:ser>");
    const char *cat = strstr(ser, "<c:cat>"), *val = strstr(ser, "<c:val>");
    char text[256] = "";
    CU_ASSERT(cat && val && end && cat < end && val < end);
    if (!cat || !val || !end)
      return series;
    CU_ASSERT(formula(cat, end, text, sizeof text) != NULL);
    size_t names = check_range(b, text, false);
    CU_ASSERT(formula(val, end, text, sizeof text) != NULL);
    CU_ASSERT_EQUAL(check_range(b, text, true), names);
    if (formula(ser, cat, text, sizeof text)) /* the name */
      CU_ASSERT_EQUAL(check_range(b, text, false), 1);
    ser = end;
  }
  return series;
}

/* How many charts the workbook has; each one's ranges hold. */
static inline size_t check_charts(const read_back *b, size_t *series) {
  chiso__arena arena = { 0 };
  chiso__zip *zip = NULL;
  size_t charts = 0;
  *series = 0;
  if (chiso__zip_open(&arena, "s.xlsx", b->bytes, b->size, &zip, &err) !=
      CHISO_OK)
    return 0;
  for (;; charts++) {
    char part[64];
    part_text text = { 0 };
    snprintf(part, sizeof part, "xl/charts/chart%zu.xml", charts + 1);
    if (!chiso__zip_has(zip, part))
      break;
    if (chiso__zip_stream(zip, part, take, &text, &err) == CHISO_OK &&
        text.text)
      *series += check_chart(b, text.text);
    else
      CU_FAIL("a chart cannot be read");
    free(text.text);
  }
  chiso__zip_close(zip);
  chiso__arena_free(&arena);
  return charts;
}

#endif
