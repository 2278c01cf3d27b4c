/* SPDX-License-Identifier: Apache-2.0
 * author/form_cells.c - what one cell of the form spells in JSON. */
#include "author/form_json.h"

#include <string.h>

#include "base/dec.h"
#include "base/json.h"
#include "base/text.h"
#include "data/xlsx_xml.h"

typedef chiso__json_text json;
typedef chiso__sheet_cell cell;

void chiso__form_put(json *j, const char *text) {
  chiso__buffer_text(&j->text, text);
}

void chiso__form_quote(json *j, const char *text) {
  chiso__json_quote(&j->text, text);
}

void chiso__form_line(json *j, const chiso__sheet *sheet, const cell *c,
                      uint32_t row) {
  if (j->n_lines == 0) { /* the line that is there before any */
    if (!chiso__grow(j->text.allocator, (void **)(void *)&j->lines,
                     &j->capacity, 0, sizeof *j->lines)) {
      j->failed = true;
      return;
    }
    j->lines[j->n_lines++] = (chiso__place) { 0 };
  }
  if (!chiso__grow(j->text.allocator, (void **)(void *)&j->lines, &j->capacity,
                   j->n_lines, sizeof *j->lines)) {
    j->failed = true;
    return;
  }
  chiso__place place = { 0 };
  if (sheet)
    place = chiso__sheet_place(sheet, row, c ? c->column : 0);
  if (sheet && !c)
    place.column = 0;
  j->lines[j->n_lines++] = place;
  chiso__form_put(j, "\n");
}

chiso_status chiso__form_refuse(json *j, const chiso__rows *rows, const cell *c,
                                chiso__message message) {
  return chiso__fail(j->err, CHISO_BAD_DATA,
                     chiso__sheet_place(rows->sheet, c->row, c->column),
                     message, c->text);
}

bool chiso__form_blank(const cell *c) {
  return !c || c->text[strspn(c->text, " \t\r\n")] == '\0';
}

bool chiso__form_strict(const char *text, char out[CHISO_DEC_TEXT]) {
  chiso__number number;
  if (chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &number) !=
          CHISO__NUMBER_OK ||
      number.rounded)
    return false;
  chiso__dec_print(number.raw, out);
  return true;
}

chiso_status chiso__form_decimal(json *j, const chiso__rows *rows,
                                 const cell *c) {
  char text[CHISO_DEC_TEXT];
  if (!chiso__form_strict(c->text, text))
    return chiso__form_refuse(j, rows, c, MSG_AUTHOR_DECIMAL);
  chiso__form_quote(j, text);
  return CHISO_OK;
}

chiso_status chiso__form_integer(json *j, const chiso__rows *rows,
                                 const cell *c) {
  uint64_t value;
  if (!chiso__xml_number(c->text, 1000000000, &value))
    return chiso__form_refuse(j, rows, c, MSG_AUTHOR_INTEGER);
  chiso__buffer_print(&j->text, "%llu", (unsigned long long)value);
  return CHISO_OK;
}

void chiso__form_word(json *j, chiso_family family, const char *text) {
  for (unsigned value = 0; value < 64; value++) {
    const char *key = chiso_key(family, value);
    for (int lang = 0; key && *text && lang < 2; lang++)
      if (strcmp(chiso_title(family, value, (chiso_lang)lang), text) == 0) {
        chiso__form_quote(j, key);
        return;
      }
  }
  chiso__form_quote(j, text);
}

void chiso__form_date(json *j, const char *text) {
  chiso_date value;
  char out[16];
  if (chiso_round_parse(text, &value)) {
    chiso_round_format(value, out);
    text = out;
  }
  chiso__form_quote(j, text);
}

chiso_status chiso__form_list(json *j, const cell *c) {
  chiso__buffer part = { .allocator = j->text.allocator };
  const char *at = c->text;
  bool first = true;
  chiso__form_put(j, "[");
  while (chiso__parts_next(&at, &part)) {
    chiso__form_put(j, first ? "" : ", ");
    chiso__form_quote(j, part.data ? part.data : "");
    first = false;
  }
  chiso__form_put(j, "]");
  j->failed |= part.failed;
  chiso__buffer_free(&part);
  return CHISO_OK;
}
