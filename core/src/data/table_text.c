/* SPDX-License-Identifier: Apache-2.0
 * Tables for a terminal: two blanks between columns, text left, numbers right.
 */
#include "base/text.h"
#include "data/table.h"

#include <string.h>

#define GAP   2u
#define LEAST 8u /* a text column is not made narrower than this */

typedef struct layout {
  const chiso_table *table;
  chiso_table_style style;
  chiso__arena arena;
  const char **cells; /* header, then rows; never NULL */
  size_t *widths;     /* of the columns */
  size_t n_rows;      /* with the header */
  bool facts;         /* no header: names and values, which are not cut */
} layout;

/* Bytes of the first character of a text with the marks that combine with it,
 * and its columns. */
static size_t character(const char *text, size_t *width) {
  size_t bytes = 0;
  *width = 0;
  while (text[bytes] != '\0') {
    char one[8] = { 0 };
    size_t n = 1;
    one[0] = text[bytes];
    while (n < 4 && ((unsigned char)text[bytes + n] & 0xC0u) == 0x80u) {
      one[n] = text[bytes + n];
      n++;
    }
    size_t columns = chiso__text_width(one);
    if (bytes > 0 && columns > 0)
      break;
    *width += columns;
    bytes += n;
  }
  return bytes;
}

/* Longest beginning of a text within `width` columns, in bytes. */
static size_t beginning(const char *text, size_t width) {
  size_t bytes = 0, columns = 0;
  while (text[bytes] != '\0') {
    size_t w;
    size_t n = character(text + bytes, &w);
    if (columns + w > width)
      break;
    columns += w;
    bytes += n;
  }
  return bytes;
}

/* Bytes of the next line of a text that is wrapped at blanks. */
static size_t wrapped(const char *text, size_t width) {
  size_t fits = beginning(text, width);
  if (text[fits] == '\0' || text[fits] == ' ')
    return fits;
  size_t blank = fits;
  while (blank > 0 && text[blank] != ' ')
    blank--;
  if (blank > 0)
    return blank;
  if (fits > 0)
    return fits;
  size_t w; /* one character wider than the line */
  return character(text, &w);
}

static void blanks(chiso__buffer *buffer, size_t count) {
  static const char some[] = "                                ";
  while (count > 0) {
    size_t n = count < sizeof(some) - 1 ? count : sizeof(some) - 1;
    chiso__buffer_bytes(buffer, some, n);
    count -= n;
  }
}

/* A title or note, wrapped when there is a width. */
static void put_line(const char *text, unsigned width, chiso__buffer *buffer) {
  if (width == 0) {
    chiso__buffer_text(buffer, text);
    chiso__buffer_text(buffer, "\n");
    return;
  }
  size_t indent = 0;
  do {
    size_t n = wrapped(text, width > 20 ? width - indent : 20);
    blanks(buffer, indent);
    chiso__buffer_bytes(buffer, text, n);
    chiso__buffer_text(buffer, "\n");
    text += n;
    while (*text == ' ')
      text++;
    indent = GAP;
  } while (*text != '\0');
}

static bool is_text(const layout *l, size_t column) {
  return l->table->columns[column].type == CHISO_CELL_TEXT;
}

static chiso_status fill(layout *l, chiso_error *err) {
  const chiso_table *table = l->table;
  size_t columns = table->n_columns;
  char mark = l->style.lang == CHISO_LANG_VI ? ',' : '.';
  l->n_rows = chiso__table_rows(table) + 1;
  l->cells =
      chiso__arena_array(&l->arena, l->n_rows * columns, sizeof(*l->cells));
  l->widths = chiso__arena_array(&l->arena, columns, sizeof(*l->widths));
  if (!l->cells || !l->widths)
    return chiso__no_memory(err);
  for (size_t i = 0; i < l->n_rows * columns; i++) {
    size_t row = i / columns, column = i % columns;
    char number[CHISO_DEC_TEXT];
    const char *text = table->columns[column].title;
    if (row > 0)
      text = chiso__table_cell_text(
          table, row - 1, column, mark,
          l->style.exact ? CHISO__EXACTLY : CHISO__PEOPLE, number);
    if (text == number)
      text = chiso__arena_text(&l->arena, text, strlen(text));
    else if (!text)
      text = "";
    if (!text)
      return chiso__no_memory(err);
    l->cells[i] = text;
    size_t width = chiso__text_width(text);
    if (width > l->widths[column])
      l->widths[column] = width;
  }
  return CHISO_OK;
}

/* Takes columns from the widest text until the table fits. */
static void narrow(layout *l) {
  size_t columns = l->table->n_columns, total = (columns - 1) * GAP;
  for (size_t c = 0; c < columns; c++)
    total += l->widths[c];
  while (total > l->style.width) {
    size_t widest = columns;
    for (size_t c = 0; c < columns; c++)
      if (is_text(l, c) && l->widths[c] > LEAST &&
          (widest == columns || l->widths[c] > l->widths[widest]))
        widest = c;
    if (widest == columns)
      return;
    l->widths[widest]--;
    total--;
  }
}

/* One cell without its gap; `blank` collects blanks that stand before the
 * next text, so that no line ends in one. */
static void put_cell(const layout *l, size_t column, const char *text,
                     size_t *blank, chiso__buffer *buffer) {
  size_t width = chiso__text_width(text), room = l->widths[column];
  if (width == 0) {
    *blank += room;
    return;
  }
  size_t before = is_text(l, column) || width > room ? 0 : room - width;
  blanks(buffer, *blank + before);
  *blank = 0;
  if (width <= room) {
    chiso__buffer_text(buffer, text);
    *blank = before == 0 ? room - width : 0;
    return;
  }
  chiso__buffer_bytes(buffer, text, beginning(text, room - 1));
  chiso__buffer_text(buffer, "…");
}

static void put_row(const layout *l, size_t row, chiso__buffer *buffer) {
  size_t columns = l->table->n_columns, blank = 0;
  for (size_t c = 0; c < columns; c++) {
    if (c > 0)
      blank += GAP;
    put_cell(l, c, l->cells[row * columns + c], &blank, buffer);
  }
  chiso__buffer_text(buffer, "\n");
}

/* A row whose texts are wrapped within their columns; moves the cells on. */
static void put_facts(layout *l, size_t row, chiso__buffer *buffer) {
  size_t columns = l->table->n_columns;
  const char **cells = l->cells + row * columns;
  bool more = true;
  while (more) {
    size_t blank = 0;
    more = false;
    for (size_t c = 0; c < columns; c++) {
      size_t n = wrapped(cells[c], l->widths[c]);
      char *piece = chiso__arena_text(&l->arena, cells[c], n);
      if (c > 0)
        blank += GAP;
      put_cell(l, c, piece ? piece : "", &blank, buffer);
      cells[c] += n;
      while (*cells[c] == ' ')
        cells[c]++;
      more = more || *cells[c] != '\0';
    }
    chiso__buffer_text(buffer, "\n");
  }
}

chiso_status chiso__table_as_text(const chiso_table *table,
                                  chiso_table_style style,
                                  chiso__buffer *buffer, chiso_error *err) {
  layout l = { .table = table, .style = style, .facts = true };
  l.arena.allocator = table->allocator;
  for (size_t c = 0; c < table->n_columns; c++)
    l.facts = l.facts && table->columns[c].title[0] == '\0';
  if (table->mark)
    put_line(table->mark, style.width, buffer);
  for (size_t i = 0; i < table->titles.count; i++)
    put_line(table->titles.line[i], style.width, buffer);
  if (table->n_columns > 0) {
    chiso_status status = fill(&l, err);
    if (status != CHISO_OK) {
      chiso__arena_free(&l.arena);
      return status;
    }
    if (style.width > 0)
      narrow(&l);
    for (size_t r = l.facts ? 1 : 0; r < l.n_rows; r++) {
      if (l.facts)
        put_facts(&l, r, buffer);
      else
        put_row(&l, r, buffer);
    }
  }
  if (table->notes.count > 0 && table->n_columns > 0)
    chiso__buffer_text(buffer, "\n");
  for (size_t i = 0; i < table->notes.count; i++)
    put_line(table->notes.line[i], style.width, buffer);
  chiso__arena_free(&l.arena);
  return CHISO_OK;
}
