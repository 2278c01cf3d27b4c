/* SPDX-License-Identifier: Apache-2.0
 * A table whose first failure stays, and where output goes. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

sheet sheet_new(cli *c) {
  sheet s = { .c = c };
  s.status = chiso_table_new(NULL, &s.table, &c->err);
  return s;
}

#define KEEP(s, call)                                                          \
  do {                                                                         \
    if ((s)->status == CHISO_OK)                                               \
      (s)->status = (call);                                                    \
  } while (0)

void sheet_title(sheet *s, const char *text) {
  if (text[0])
    KEEP(s, chiso_table_title(s->table, text, &s->c->err));
}

void sheet_note(sheet *s, const char *text) {
  if (text[0])
    KEEP(s, chiso_table_note(s->table, text, &s->c->err));
}

void sheet_column_named(sheet *s, const char *key, const char *title,
                        chiso_cell_type type, unsigned digits) {
  KEEP(s, chiso_table_column(s->table, key, title, type, digits, &s->c->err));
}

void sheet_column(sheet *s, const char *key, text_id title,
                  chiso_cell_type type, unsigned digits) {
  sheet_column_named(s, key, cli_text(s->c, title), type, digits);
}

void sheet_text(sheet *s, const char *text) {
  KEEP(s, chiso_table_text(s->table, text, &s->c->err));
}

void sheet_flag(sheet *s, bool flag) {
  if (cli_people(s->c))
    sheet_text(s, cli_text(s->c, flag ? TXT_FLAG_YES : TXT_FLAG_NO));
  else
    sheet_text(s, flag ? "TRUE" : "FALSE");
}

void sheet_dec(sheet *s, chiso_dec value) {
  KEEP(s, chiso_table_dec(s->table, value, &s->c->err));
}

void sheet_integer(sheet *s, int64_t value) {
  KEEP(s, chiso_table_integer(s->table, value, &s->c->err));
}

void sheet_real(sheet *s, double value) {
  KEEP(s, chiso_table_real(s->table, value, &s->c->err));
}

void sheet_free(sheet *s) {
  chiso_table_free(s->table);
  s->table = NULL;
}

bool cli_people(const cli *c) {
  return c->format == CHISO_FORMAT_TABLE;
}

/* A number of columns from the environment, 0 when there is none. */
static unsigned columns_variable(void) {
  const char *text = getenv("COLUMNS");
  unsigned columns = 0;
  for (; text && *text >= '0' && *text <= '9' && columns < 10000; text++)
    columns = columns * 10 + (unsigned)(*text - '0');
  return columns;
}

unsigned cli_width(const cli *c) {
  struct winsize size;
  if (c->value[OPT_OUT] || !isatty(STDOUT_FILENO))
    return 0;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return columns_variable();
}

static chiso_table_style style_of(const cli *c) {
  return (chiso_table_style) {
    .format = c->format,
    .lang = c->lang,
    .exact = c->value[OPT_EXACT] != NULL,
    .width = cli_width(c),
  };
}

/* Characters are columns here: Vietnamese in NFC and ASCII. */
size_t sheet_width(sheet *s) {
  char *bytes = NULL;
  size_t size = 0, width = 0, line = 0;
  chiso_table_style style = style_of(s->c);
  style.width = 0;
  if (s->status != CHISO_OK)
    return 0;
  s->status = chiso_table_render(s->table, style, &bytes, &size, &s->c->err);
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] == '\n')
      line = 0;
    else if (((unsigned char)bytes[i] & 0xC0u) != 0x80u && ++line > width)
      width = line;
  }
  chiso_text_free(NULL, bytes);
  return width;
}

/* Tables of several groups go out together, or not at all. */
static int write_page(sheet *s) {
  cli *c = s->c;
  char *bytes = NULL;
  size_t size = 0;
  s->status = chiso_table_render(s->table, style_of(c), &bytes, &size, &c->err);
  if (s->status == CHISO_OK)
    c->pages =
        cli_join(c, c->pages ? c->pages : "", "\n", cli_copy(c, bytes, size));
  chiso_text_free(NULL, bytes);
  sheet_free(s);
  if (s->status != CHISO_OK)
    return cli_fail(c, s->status);
  return c->more ? EXIT_DONE : cli_write(c, c->pages, strlen(c->pages));
}

int sheet_write(sheet *s) {
  cli *c = s->c;
  if (c->mark)
    KEEP(s, chiso_table_mark(s->table, cli_text(c, TXT_COL_MARK), c->mark,
                             &c->err));
  cli_progress_end();
  if (s->status == CHISO_OK && c->format == CHISO_FORMAT_XLSX &&
      !c->value[OPT_OUT] && isatty(STDOUT_FILENO)) {
    sheet_free(s);
    return cli_usage(c, TXT_ERR_XLSX_TERMINAL);
  }
  if (s->status == CHISO_OK && c->no_memory)
    s->status = CHISO_NO_MEMORY;
  else if (s->status == CHISO_OK && c->round && cli_people(c))
    return write_page(s);
  else if (s->status == CHISO_OK)
    s->status = chiso_table_write(s->table, style_of(c), c->value[OPT_OUT],
                                  stdout, &c->err);
  sheet_free(s);
  if (c->no_memory)
    return EXIT_BUG; /* main() says so */
  return s->status == CHISO_OK ? EXIT_DONE : cli_fail(c, s->status);
}

int cli_write(cli *c, const char *bytes, size_t size) {
  chiso_status status =
      chiso_output_write(c->value[OPT_OUT], stdout, bytes, size, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}
