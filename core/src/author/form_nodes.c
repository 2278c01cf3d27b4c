/* SPDX-License-Identifier: Apache-2.0
 * author/form_nodes.c - the section of nodes as index.json. */
#include "author/form_json.h"

#include <string.h>

#include "data/xlsx_xml.h"

typedef chiso__json_text json;
typedef chiso__sheet_cell cell;

/* `, "title": {…}` of what follows the first part. */
static void titles(json *j, const char **at, chiso__buffer *part) {
  for (int i = 0; i < 2 && chiso__parts_next(at, part); i++) {
    chiso__form_put(j, i ? ", \"en\": " : ", \"title\": {\"vi\": ");
    chiso__form_quote(j, part->data ? part->data : "");
    if (i || !**at)
      chiso__form_put(j, "}");
  }
}

typedef chiso_status (*each_line)(json *j, const chiso__rows *rows,
                                  const cell *c, char *first, unsigned op);

/* Calls `each` with the first part of each line of a cell, and puts titles
 * after what it wrote. */
static chiso_status lines_of(json *j, const chiso__rows *rows, const cell *c,
                             unsigned op, each_line each) {
  chiso__buffer one = { .allocator = j->text.allocator }, part = one;
  chiso_status status = CHISO_OK;
  const char *at = c->text;
  bool first = true;
  chiso__form_put(j, "[");
  while (*at && status == CHISO_OK) {
    size_t size = strcspn(at, "\r\n");
    one.size = 0;
    chiso__buffer_bytes(&one, at, size);
    at += size;
    at += strspn(at, "\r\n");
    const char *rest = one.data;
    if (one.failed || !rest || !chiso__parts_next(&rest, &part) ||
        (part.size == 0 && !part.failed))
      continue;
    if (part.failed)
      break;
    chiso__form_put(j, first ? "{" : ", {");
    first = false;
    status = each(j, rows, c, part.data, op);
    titles(j, &rest, &part);
    chiso__form_put(j, "}");
  }
  chiso__form_put(j, "]");
  j->failed |= one.failed || part.failed;
  chiso__buffer_free(&one);
  chiso__buffer_free(&part);
  return status;
}

static chiso_status step(json *j, const chiso__rows *rows, const cell *c,
                         char *first, unsigned op) {
  char points[CHISO_DEC_TEXT], at[CHISO_DEC_TEXT], cmp[3] = ">=";
  char *colon = strrchr(first, ':');
  if (!colon || !chiso__form_strict(colon + 1, points))
    return chiso__form_refuse(j, rows, c, MSG_AUTHOR_STEP);
  *colon = '\0';
  if (op == CHISO_OP_CHOICE) {
    chiso__form_put(j, "\"key\": ");
    chiso__form_quote(j, first);
  } else {
    size_t size = strspn(first, "<>=");
    if (size > 2)
      return chiso__form_refuse(j, rows, c, MSG_AUTHOR_STEP);
    if (size) {
      memcpy(cmp, first, size);
      cmp[size] = '\0';
    }
    if (!chiso__form_strict(first + size, at))
      return chiso__form_refuse(j, rows, c, MSG_AUTHOR_STEP);
    chiso__form_put(j, "\"at\": ");
    chiso__form_quote(j, at);
    if (op == CHISO_OP_STEP || size) {
      chiso__form_put(j, ", \"cmp\": ");
      chiso__form_quote(j, cmp);
    }
  }
  chiso__form_put(j, ", \"points\": ");
  chiso__form_quote(j, points);
  return CHISO_OK;
}

/* "key: role, unit, digits" */
static chiso_status input(json *j, const chiso__rows *rows, const cell *c,
                          char *first, unsigned op) {
  char *colon = strchr(first, ':'), *rest = colon ? colon + 1 : NULL;
  char *part[3];
  (void)op;
  for (int i = 0; i < 3; i++) {
    if (!rest)
      return chiso__form_refuse(j, rows, c, MSG_AUTHOR_INPUT);
    part[i] = rest + strspn(rest, " \t");
    rest = strchr(part[i], ',');
    if (rest)
      *rest++ = '\0';
    for (size_t n = strlen(part[i]); n && part[i][n - 1] == ' '; n--)
      part[i][n - 1] = '\0';
  }
  uint64_t digits;
  if (rest || !chiso__xml_number(part[2], 6, &digits))
    return chiso__form_refuse(j, rows, c, MSG_AUTHOR_INPUT);
  *colon = '\0';
  chiso__form_put(j, "\"key\": ");
  chiso__form_quote(j, first);
  chiso__form_put(j, ", \"role\": ");
  chiso__form_word(j, CHISO_FAMILY_ROLE, part[0]);
  chiso__form_put(j, ", \"unit\": ");
  chiso__form_word(j, CHISO_FAMILY_UNIT, part[1]);
  chiso__buffer_print(&j->text, ", \"digits\": %u", (unsigned)digits);
  return CHISO_OK;
}

/* "2 half_up" */
static chiso_status rounding(json *j, const chiso__rows *rows, const cell *c) {
  if (c->text[0] < '0' || c->text[0] > '9' || c->text[1] != ' ')
    return chiso__form_refuse(j, rows, c, MSG_AUTHOR_ROUND);
  chiso__buffer_print(&j->text, "{\"digits\": %c, \"mode\": ", c->text[0]);
  chiso__form_word(j, CHISO_FAMILY_ROUNDING, c->text + 2);
  chiso__form_put(j, "}");
  return CHISO_OK;
}

/* ---- nodes --------------------------------------------------------------- */

/* Members of an object that each have a column: title, measure, provenance. */
static void members(json *j, const chiso__rows *rows, size_t row,
                    const chiso__field *field) {
  bool any = false;
  for (size_t i = 0; i < rows->section.n_columns; i++) {
    const chiso__form_column *column = &rows->section.columns[i];
    const cell *c = chiso__rows_cell(rows, row, column->key);
    if (column->field != field || chiso__form_blank(c))
      continue;
    chiso__form_put(j, any ? ", " : "{");
    chiso__form_quote(j, strchr(column->key, '.') + 1);
    chiso__form_put(j, ": ");
    if (field->type == CHISO__FIELD_PROVENANCE)
      chiso__form_word(j, CHISO_FAMILY_PROVENANCE, c->text);
    else
      chiso__form_quote(j, c->text);
    any = true;
  }
  chiso__form_put(j, any ? "}" : "{}");
}

static chiso_status value(json *j, const chiso__rows *rows, size_t row,
                          const chiso__field *field, const cell *c,
                          unsigned op) {
  switch (field->type) {
  case CHISO__FIELD_TEXT:
  case CHISO__FIELD_OF:
  case CHISO__FIELD_LEGAL:
    chiso__form_quote(j, c->text);
    return CHISO_OK;
  case CHISO__FIELD_DEC:
    return chiso__form_decimal(j, rows, c);
  case CHISO__FIELD_KEY:
    chiso__form_word(j, field->family, c->text);
    return CHISO_OK;
  case CHISO__FIELD_NUMBER:
    return chiso__form_integer(j, rows, c);
  case CHISO__FIELD_TITLE:
  case CHISO__FIELD_MEASURE:
  case CHISO__FIELD_PROVENANCE:
    members(j, rows, row, field);
    return CHISO_OK;
  case CHISO__FIELD_WAS:
    return chiso__form_list(j, c);
  case CHISO__FIELD_ROUND:
    return rounding(j, rows, c);
  case CHISO__FIELD_INPUTS:
    return lines_of(j, rows, c, op, input);
  case CHISO__FIELD_STEPS:
    return lines_of(j, rows, c, op, step);
  }
  return CHISO_OK;
}

static unsigned op_of(const cell *c) {
  for (unsigned op = 0; c && op < 64; op++) {
    const char *key = chiso_key(CHISO_FAMILY_OP, op);
    if (key &&
        (strcmp(key, c->text) == 0 ||
         strcmp(chiso_title(CHISO_FAMILY_OP, op, CHISO_LANG_VI), c->text) ==
             0 ||
         strcmp(chiso_title(CHISO_FAMILY_OP, op, CHISO_LANG_EN), c->text) == 0))
      return op;
  }
  return 0;
}

static chiso_status node(json *j, const chiso__rows *rows, size_t row) {
  const chiso__sheet *sheet = rows->sheet;
  uint32_t at = sheet->rows[row].row;
  unsigned op = op_of(chiso__rows_cell(rows, row, "op"));
  const chiso__field *done = NULL;
  bool any = false;
  chiso__form_line(j, sheet, chiso__rows_cell(rows, row, "id"), at);
  chiso__form_put(j, "{");
  for (size_t i = 0; i < rows->section.n_columns; i++) {
    const chiso__form_column *column = &rows->section.columns[i];
    const cell *c = chiso__rows_cell(rows, row, column->key);
    if (chiso__form_blank(c) || column->field == done)
      continue;
    done = column->field;
    chiso__form_put(j, any ? "," : "");
    chiso__form_line(j, sheet, c, at);
    any = true;
    chiso__form_quote(j, column->field->name);
    chiso__form_put(j, ": ");
    CHISO__TRY(value(j, rows, row, column->field, c, op));
  }
  chiso__form_put(j, "}");
  return CHISO_OK;
}

chiso_status chiso__form_nodes(json *j, const chiso__rows *rows) {
  chiso__form_put(j, ",");
  chiso__form_line(j, rows->sheet, NULL,
                   rows->sheet->rows[rows->first - 1].row);
  chiso__form_put(j, "\"nodes\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    chiso__form_put(j, row > rows->first ? "," : "");
    CHISO__TRY(node(j, rows, row));
  }
  chiso__form_put(j, "]");
  return CHISO_OK;
}
