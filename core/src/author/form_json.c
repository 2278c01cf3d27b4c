/* SPDX-License-Identifier: Apache-2.0
 * author/form_json.c - sections of the form as index.json. What a member must
 * be is not checked here: the reader of index.json does. */
#include "author/form_json.h"

#include <string.h>

#include "base/dec.h"
#include "base/json.h"
#include "base/text.h"
#include "data/xlsx_xml.h"

typedef chiso__json_text json;
typedef chiso__sheet_cell cell;

static void put(json *j, const char *text) {
  chiso__buffer_text(&j->text, text);
}

static void quote(json *j, const char *text) {
  chiso__json_quote(&j->text, text);
}

/* Ends the line; the next one is of this cell. */
static void line(json *j, const chiso__sheet *sheet, const cell *c,
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
  put(j, "\n");
}

static chiso_status refuse(json *j, const chiso__rows *rows, const cell *c,
                           chiso__message message) {
  return chiso__fail(j->err, CHISO_BAD_DATA,
                     chiso__sheet_place(rows->sheet, c->row, c->column),
                     message, c->text);
}

static bool blank(const cell *c) {
  return !c || c->text[strspn(c->text, " \t\r\n")] == '\0';
}

/* ---- values -------------------------------------------------------------- */

/* An exact decimal in the strict spelling; false when it is none or finer than
 * six digits. */
static bool strict(const char *text, char out[CHISO_DEC_TEXT]) {
  chiso__number number;
  if (chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &number) !=
          CHISO__NUMBER_OK ||
      number.rounded)
    return false;
  chiso__dec_print(number.raw, out);
  return true;
}

static chiso_status decimal(json *j, const chiso__rows *rows, const cell *c) {
  char text[CHISO_DEC_TEXT];
  if (!strict(c->text, text))
    return refuse(j, rows, c, MSG_AUTHOR_DECIMAL);
  quote(j, text);
  return CHISO_OK;
}

static chiso_status integer(json *j, const chiso__rows *rows, const cell *c) {
  uint64_t value;
  if (!chiso__xml_number(c->text, 1000000000, &value))
    return refuse(j, rows, c, MSG_AUTHOR_INTEGER);
  chiso__buffer_print(&j->text, "%llu", (unsigned long long)value);
  return CHISO_OK;
}

/* A word of the file, or its title in either language. */
static void word(json *j, chiso_family family, const char *text) {
  for (unsigned value = 0; value < 64; value++) {
    const char *key = chiso_key(family, value);
    for (int lang = 0; key && *text && lang < 2; lang++)
      if (strcmp(chiso_title(family, value, (chiso_lang)lang), text) == 0) {
        quote(j, key);
        return;
      }
  }
  quote(j, text);
}

static void date(json *j, const char *text) {
  chiso_date value;
  char out[16];
  if (chiso_round_parse(text, &value)) {
    chiso_round_format(value, out);
    text = out;
  }
  quote(j, text);
}

/* ---- cells with several values ------------------------------------------- */

static chiso_status list(json *j, const cell *c) {
  chiso__buffer part = { .allocator = j->text.allocator };
  const char *at = c->text;
  bool first = true;
  put(j, "[");
  while (chiso__parts_next(&at, &part)) {
    put(j, first ? "" : ", ");
    quote(j, part.data ? part.data : "");
    first = false;
  }
  put(j, "]");
  j->failed |= part.failed;
  chiso__buffer_free(&part);
  return CHISO_OK;
}

/* `, "title": {…}` of what follows the first part. */
static void titles(json *j, const char **at, chiso__buffer *part) {
  for (int i = 0; i < 2 && chiso__parts_next(at, part); i++) {
    put(j, i ? ", \"en\": " : ", \"title\": {\"vi\": ");
    quote(j, part->data ? part->data : "");
    if (i || !**at)
      put(j, "}");
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
  put(j, "[");
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
    put(j, first ? "{" : ", {");
    first = false;
    status = each(j, rows, c, part.data, op);
    titles(j, &rest, &part);
    put(j, "}");
  }
  put(j, "]");
  j->failed |= one.failed || part.failed;
  chiso__buffer_free(&one);
  chiso__buffer_free(&part);
  return status;
}

static chiso_status step(json *j, const chiso__rows *rows, const cell *c,
                         char *first, unsigned op) {
  char points[CHISO_DEC_TEXT], at[CHISO_DEC_TEXT], cmp[3] = ">=";
  char *colon = strrchr(first, ':');
  if (!colon || !strict(colon + 1, points))
    return refuse(j, rows, c, MSG_AUTHOR_STEP);
  *colon = '\0';
  if (op == CHISO_OP_CHOICE) {
    put(j, "\"key\": ");
    quote(j, first);
  } else {
    size_t size = strspn(first, "<>=");
    if (size > 2)
      return refuse(j, rows, c, MSG_AUTHOR_STEP);
    if (size) {
      memcpy(cmp, first, size);
      cmp[size] = '\0';
    }
    if (!strict(first + size, at))
      return refuse(j, rows, c, MSG_AUTHOR_STEP);
    put(j, "\"at\": ");
    quote(j, at);
    if (op == CHISO_OP_STEP || size) {
      put(j, ", \"cmp\": ");
      quote(j, cmp);
    }
  }
  put(j, ", \"points\": ");
  quote(j, points);
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
      return refuse(j, rows, c, MSG_AUTHOR_INPUT);
    part[i] = rest + strspn(rest, " \t");
    rest = strchr(part[i], ',');
    if (rest)
      *rest++ = '\0';
    for (size_t n = strlen(part[i]); n && part[i][n - 1] == ' '; n--)
      part[i][n - 1] = '\0';
  }
  uint64_t digits;
  if (rest || !chiso__xml_number(part[2], 6, &digits))
    return refuse(j, rows, c, MSG_AUTHOR_INPUT);
  *colon = '\0';
  put(j, "\"key\": ");
  quote(j, first);
  put(j, ", \"role\": ");
  word(j, CHISO_FAMILY_ROLE, part[0]);
  put(j, ", \"unit\": ");
  word(j, CHISO_FAMILY_UNIT, part[1]);
  chiso__buffer_print(&j->text, ", \"digits\": %u", (unsigned)digits);
  return CHISO_OK;
}

/* "2 half_up" */
static chiso_status rounding(json *j, const chiso__rows *rows, const cell *c) {
  if (c->text[0] < '0' || c->text[0] > '9' || c->text[1] != ' ')
    return refuse(j, rows, c, MSG_AUTHOR_ROUND);
  chiso__buffer_print(&j->text, "{\"digits\": %c, \"mode\": ", c->text[0]);
  word(j, CHISO_FAMILY_ROUNDING, c->text + 2);
  put(j, "}");
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
    if (column->field != field || blank(c))
      continue;
    put(j, any ? ", " : "{");
    quote(j, strchr(column->key, '.') + 1);
    put(j, ": ");
    if (field->type == CHISO__FIELD_PROVENANCE)
      word(j, CHISO_FAMILY_PROVENANCE, c->text);
    else
      quote(j, c->text);
    any = true;
  }
  put(j, any ? "}" : "{}");
}

static chiso_status value(json *j, const chiso__rows *rows, size_t row,
                          const chiso__field *field, const cell *c,
                          unsigned op) {
  switch (field->type) {
  case CHISO__FIELD_TEXT:
  case CHISO__FIELD_OF:
  case CHISO__FIELD_LEGAL:
    quote(j, c->text);
    return CHISO_OK;
  case CHISO__FIELD_DEC:
    return decimal(j, rows, c);
  case CHISO__FIELD_KEY:
    word(j, field->family, c->text);
    return CHISO_OK;
  case CHISO__FIELD_NUMBER:
    return integer(j, rows, c);
  case CHISO__FIELD_TITLE:
  case CHISO__FIELD_MEASURE:
  case CHISO__FIELD_PROVENANCE:
    members(j, rows, row, field);
    return CHISO_OK;
  case CHISO__FIELD_WAS:
    return list(j, c);
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
  line(j, sheet, chiso__rows_cell(rows, row, "id"), at);
  put(j, "{");
  for (size_t i = 0; i < rows->section.n_columns; i++) {
    const chiso__form_column *column = &rows->section.columns[i];
    const cell *c = chiso__rows_cell(rows, row, column->key);
    if (blank(c) || column->field == done)
      continue;
    done = column->field;
    put(j, any ? "," : "");
    line(j, sheet, c, at);
    any = true;
    quote(j, column->field->name);
    put(j, ": ");
    CHISO__TRY(value(j, rows, row, column->field, c, op));
  }
  put(j, "}");
  return CHISO_OK;
}

static chiso_status nodes(json *j, const chiso__rows *rows) {
  put(j, ",");
  line(j, rows->sheet, NULL, rows->sheet->rows[rows->first - 1].row);
  put(j, "\"nodes\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    put(j, row > rows->first ? "," : "");
    CHISO__TRY(node(j, rows, row));
  }
  put(j, "]");
  return CHISO_OK;
}

/* ---- the head ------------------------------------------------------------ */

static const cell *head(const chiso__rows *rows, const char *key) {
  for (size_t row = rows->first; row < rows->last; row++) {
    const cell *k = chiso__rows_cell(rows, row, "key");
    if (k && strcmp(k->text, key) == 0)
      return chiso__rows_cell(rows, row, "value");
  }
  return NULL;
}

/* Every key is one of ours, and none stands twice. */
static chiso_status check_head(json *j, const chiso__rows *rows) {
  static const char *const keys[] = {
    "format",       "id",          "edition", "level",      "title.vi",
    "title.en",     "units",       "digits",  "rank.by",    "rank.ties",
    "rounds.first", "rounds.last", "note",    "supersedes", "counts",
    "scope",        "variant_of"
  };
  for (size_t row = rows->first; row < rows->last; row++) {
    const cell *k = chiso__rows_cell(rows, row, "key");
    bool known = false;
    if (!k)
      continue;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
      known |= strcmp(keys[i], k->text) == 0;
    if (!known)
      return refuse(j, rows, k, MSG_AUTHOR_COLUMN);
    for (size_t before = rows->first; before < row; before++) {
      const cell *b = chiso__rows_cell(rows, before, "key");
      if (b && strcmp(b->text, k->text) == 0)
        return refuse(j, rows, k, MSG_AUTHOR_COLUMN_TWICE);
    }
  }
  return CHISO_OK;
}

typedef enum spelling { TEXT, WORD, INTEGER, LIST, DATE, DEC } spelling;

/* `"name": value` on a line of its own; nothing when the cell is empty. */
static chiso_status member(json *j, const chiso__rows *rows, const char *before,
                           const char *name, const cell *c, spelling as,
                           chiso_family family) {
  if (blank(c))
    return CHISO_OK;
  put(j, before);
  line(j, rows->sheet, c, c->row);
  quote(j, name);
  put(j, ": ");
  switch (as) {
  case WORD:
    word(j, family, c->text);
    return CHISO_OK;
  case INTEGER:
    return integer(j, rows, c);
  case LIST:
    return list(j, c);
  case DATE:
    date(j, c->text);
    return CHISO_OK;
  case DEC:
    return decimal(j, rows, c);
  case TEXT:
    break;
  }
  quote(j, c->text);
  return CHISO_OK;
}

/* "area: 8", one a line. */
static chiso_status counts(json *j, const chiso__rows *rows) {
  const cell *c = head(rows, "counts");
  if (blank(c))
    return CHISO_OK;
  put(j, ",");
  line(j, rows->sheet, c, c->row);
  put(j, "\"counts\": {");
  bool first = true;
  for (const char *at = c->text; *at;) {
    size_t size = strcspn(at, ":\n");
    char kind[32], digits[16];
    if (at[size] != ':' || size >= sizeof kind)
      return refuse(j, rows, c, MSG_AUTHOR_COUNTS);
    memcpy(kind, at, size);
    kind[size] = '\0';
    at += size + 1;
    at += strspn(at, " ");
    size = strcspn(at, " \r\n");
    if (size == 0 || size >= sizeof digits)
      return refuse(j, rows, c, MSG_AUTHOR_COUNTS);
    memcpy(digits, at, size);
    digits[size] = '\0';
    at += size;
    at += strspn(at, " \r\n");
    uint64_t number;
    if (!chiso__xml_number(digits, 1000000, &number))
      return refuse(j, rows, c, MSG_AUTHOR_COUNTS);
    put(j, first ? "" : ", ");
    word(j, CHISO_FAMILY_KIND, kind);
    chiso__buffer_print(&j->text, ": %u", (unsigned)number);
    first = false;
  }
  put(j, "}");
  return CHISO_OK;
}

static void titles_of(json *j, const chiso__rows *rows, const cell *vi,
                      const cell *en) {
  if (blank(vi) && blank(en))
    return;
  const cell *c = blank(vi) ? en : vi;
  put(j, ",");
  line(j, rows->sheet, c, c->row);
  put(j, "\"title\": {");
  if (!blank(vi)) {
    put(j, "\"vi\": ");
    quote(j, vi->text);
  }
  if (!blank(en)) {
    put(j, blank(vi) ? "\"en\": " : ", \"en\": ");
    quote(j, en->text);
  }
  put(j, "}");
}

static chiso_status index_members(json *j, const chiso__rows *rows) {
  const cell *format = head(rows, "format");
  CHISO__TRY(check_head(j, rows));
  put(j, "{\"format\": ");
  if (format)
    CHISO__TRY(integer(j, rows, format));
  else
    put(j, "1");
#define HEAD(key, as, family)                                                  \
  CHISO__TRY(member(j, rows, ",", key, head(rows, key), as, family))
  HEAD("id", TEXT, 0);
  HEAD("edition", TEXT, 0);
  HEAD("level", WORD, CHISO_FAMILY_LEVEL);
  titles_of(j, rows, head(rows, "title.vi"), head(rows, "title.en"));
  put(j, ", \"rounds\": {");
  CHISO__TRY(
      member(j, rows, "", "first", head(rows, "rounds.first"), INTEGER, 0));
  CHISO__TRY(
      member(j, rows, ",", "last", head(rows, "rounds.last"), INTEGER, 0));
  put(j, "}");
  HEAD("scope", WORD, CHISO_FAMILY_SCOPE);
  HEAD("variant_of", TEXT, 0);
  HEAD("units", TEXT, 0);
  HEAD("digits", INTEGER, 0);
  put(j, ", \"rank\": {");
  CHISO__TRY(member(j, rows, "", "by", head(rows, "rank.by"), WORD,
                    CHISO_FAMILY_RANK_BY));
  CHISO__TRY(member(j, rows, ",", "ties", head(rows, "rank.ties"), WORD,
                    CHISO_FAMILY_TIES));
  put(j, "}");
  HEAD("note", TEXT, 0);
  HEAD("supersedes", LIST, 0);
  return counts(j, rows);
}

/* ---- lists --------------------------------------------------------------- */

static chiso_status legal(json *j, const chiso__rows *rows) {
  put(j, ", \"legal\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    put(j, row > rows->first ? ", {\"key\": " : "{\"key\": ");
    const cell *key = chiso__rows_cell(rows, row, "key");
    line(j, rows->sheet, key, rows->sheet->rows[row].row);
    quote(j, key ? key->text : "");
#define LEGAL(name, as)                                                        \
  CHISO__TRY(                                                                  \
      member(j, rows, ",", name, chiso__rows_cell(rows, row, name), as, 0))
    LEGAL("instrument", TEXT);
    LEGAL("title", TEXT);
    LEGAL("issued", DATE);
    LEGAL("in_force", DATE);
    LEGAL("repealed", DATE);
    LEGAL("checked_on", DATE);
    LEGAL("url", TEXT);
    put(j, "}");
  }
  put(j, "]");
  return CHISO_OK;
}

static chiso_status deadlines(json *j, const chiso__rows *rows) {
  put(j, ", \"deadlines\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    put(j, row > rows->first ? ", {\"what\": " : "{\"what\": ");
    const cell *what = chiso__rows_cell(rows, row, "what");
    line(j, rows->sheet, what, rows->sheet->rows[row].row);
    quote(j, what ? what->text : "");
    CHISO__TRY(member(j, rows, ",", "date", chiso__rows_cell(rows, row, "date"),
                      DATE, 0));
    put(j, "}");
  }
  put(j, "]");
  return CHISO_OK;
}

static chiso_status grading_head(json *j, const chiso__rows *rows, size_t row) {
#define OF_ROW(name, as, family)                                               \
  CHISO__TRY(member(j, rows, ",", name, chiso__rows_cell(rows, row, name), as, \
                    family))
  line(j, rows->sheet, NULL, rows->sheet->rows[row].row);
  const cell *kind = chiso__rows_cell(rows, row, "kind");
  put(j, "{\"kind\": ");
  word(j, CHISO_FAMILY_GRADING, kind ? kind->text : "");
  OF_ROW("first", INTEGER, 0);
  OF_ROW("last", INTEGER, 0);
  OF_ROW("missing", WORD, CHISO_FAMILY_MISSING);
  OF_ROW("source", TEXT, 0);
  put(j, ", \"grades\": [");
  return CHISO_OK;
}

/* A row with a kind begins a grading; each row is a grade. */
static chiso_status gradings(json *j, const chiso__rows *rows) {
  put(j, ", \"gradings\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    bool begins =
        row == rows->first || !blank(chiso__rows_cell(rows, row, "kind"));
    put(j, row == rows->first ? "" : begins ? "]}, " : ", ");
    if (begins)
      CHISO__TRY(grading_head(j, rows, row));
    const cell *key = chiso__rows_cell(rows, row, "key");
    line(j, rows->sheet, key, rows->sheet->rows[row].row);
    put(j, "{\"key\": ");
    quote(j, key ? key->text : "");
    titles_of(j, rows, chiso__rows_cell(rows, row, "title.vi"),
              chiso__rows_cell(rows, row, "title.en"));
    OF_ROW("at_least", DEC, 0);
    OF_ROW("above", DEC, 0);
    put(j, "}");
  }
  put(j, rows->last > rows->first ? "]}]" : "]");
  return CHISO_OK;
}

static chiso_status partition_head(json *j, const chiso__rows *rows,
                                   size_t row) {
  const cell *id = chiso__rows_cell(rows, row, "id");
  line(j, rows->sheet, id, rows->sheet->rows[row].row);
  put(j, "{\"id\": ");
  quote(j, id ? id->text : "");
  titles_of(j, rows, chiso__rows_cell(rows, row, "title.vi"),
            chiso__rows_cell(rows, row, "title.en"));
  OF_ROW("source", TEXT, 0);
  put(j, ", \"parts\": [");
  return CHISO_OK;
}

/* A row with an id begins a partition; each row is a part. */
static chiso_status partitions(json *j, const chiso__rows *rows) {
  put(j, ", \"partitions\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    bool begins =
        row == rows->first || !blank(chiso__rows_cell(rows, row, "id"));
    put(j, row == rows->first ? "" : begins ? "]}, " : ", ");
    if (begins)
      CHISO__TRY(partition_head(j, rows, row));
    const cell *id = chiso__rows_cell(rows, row, "part.id");
    line(j, rows->sheet, id, rows->sheet->rows[row].row);
    put(j, "{\"id\": ");
    quote(j, id ? id->text : "");
    titles_of(j, rows, chiso__rows_cell(rows, row, "part.title.vi"),
              chiso__rows_cell(rows, row, "part.title.en"));
    CHISO__TRY(member(j, rows, ",", "max",
                      chiso__rows_cell(rows, row, "part.max"), DEC, 0));
    put(j, "}");
  }
  put(j, rows->last > rows->first ? "]}]" : "]");
  return CHISO_OK;
}

chiso_status chiso__form_json(chiso__json_text *j,
                              const chiso__rows rows[CHISO__SECTIONS]) {
  static const struct {
    chiso__section section;
    chiso_status (*write)(json *, const chiso__rows *);
  } parts[] = { { CHISO__SECTION_INDEX, index_members },
                { CHISO__SECTION_LEGAL, legal },
                { CHISO__SECTION_DEADLINES, deadlines },
                { CHISO__SECTION_GRADINGS, gradings },
                { CHISO__SECTION_PARTITIONS, partitions },
                { CHISO__SECTION_NODES, nodes } };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (rows[parts[i].section].sheet)
      CHISO__TRY(parts[i].write(j, &rows[parts[i].section]));
  put(j, "}\n");
  return j->failed || j->text.failed ? chiso__no_memory(j->err) : CHISO_OK;
}
