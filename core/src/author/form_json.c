/* SPDX-License-Identifier: Apache-2.0
 * author/form_json.c - sections of the form as index.json. What a member must
 * be is not checked here: the reader of index.json does. */
#include "author/form_json.h"

#include <string.h>

#include "data/xlsx_xml.h"

typedef chiso__json_text json;
typedef chiso__sheet_cell cell;

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
      return chiso__form_refuse(j, rows, k, MSG_AUTHOR_COLUMN);
    for (size_t before = rows->first; before < row; before++) {
      const cell *b = chiso__rows_cell(rows, before, "key");
      if (b && strcmp(b->text, k->text) == 0)
        return chiso__form_refuse(j, rows, k, MSG_AUTHOR_COLUMN_TWICE);
    }
  }
  return CHISO_OK;
}

typedef enum spelling { TEXT, WORD, INTEGER, LIST, DATE, DEC } spelling;

/* `"name": value` on a line of its own; nothing when the cell is empty. */
static chiso_status member(json *j, const chiso__rows *rows, const char *before,
                           const char *name, const cell *c, spelling as,
                           chiso_family family) {
  if (chiso__form_blank(c))
    return CHISO_OK;
  chiso__form_put(j, before);
  chiso__form_line(j, rows->sheet, c, c->row);
  chiso__form_quote(j, name);
  chiso__form_put(j, ": ");
  switch (as) {
  case WORD:
    chiso__form_word(j, family, c->text);
    return CHISO_OK;
  case INTEGER:
    return chiso__form_integer(j, rows, c);
  case LIST:
    return chiso__form_list(j, c);
  case DATE:
    chiso__form_date(j, c->text);
    return CHISO_OK;
  case DEC:
    return chiso__form_decimal(j, rows, c);
  case TEXT:
    break;
  }
  chiso__form_quote(j, c->text);
  return CHISO_OK;
}

/* "area: 8", one a line. */
static chiso_status counts(json *j, const chiso__rows *rows) {
  const cell *c = head(rows, "counts");
  if (chiso__form_blank(c))
    return CHISO_OK;
  chiso__form_put(j, ",");
  chiso__form_line(j, rows->sheet, c, c->row);
  chiso__form_put(j, "\"counts\": {");
  bool first = true;
  for (const char *at = c->text; *at;) {
    size_t size = strcspn(at, ":\n");
    char kind[32], digits[16];
    if (at[size] != ':' || size >= sizeof kind)
      return chiso__form_refuse(j, rows, c, MSG_AUTHOR_COUNTS);
    memcpy(kind, at, size);
    kind[size] = '\0';
    at += size + 1;
    at += strspn(at, " ");
    size = strcspn(at, " \r\n");
    if (size == 0 || size >= sizeof digits)
      return chiso__form_refuse(j, rows, c, MSG_AUTHOR_COUNTS);
    memcpy(digits, at, size);
    digits[size] = '\0';
    at += size;
    at += strspn(at, " \r\n");
    uint64_t number;
    if (!chiso__xml_number(digits, 1000000, &number))
      return chiso__form_refuse(j, rows, c, MSG_AUTHOR_COUNTS);
    chiso__form_put(j, first ? "" : ", ");
    chiso__form_word(j, CHISO_FAMILY_KIND, kind);
    chiso__buffer_print(&j->text, ": %u", (unsigned)number);
    first = false;
  }
  chiso__form_put(j, "}");
  return CHISO_OK;
}

static void titles_of(json *j, const chiso__rows *rows, const cell *vi,
                      const cell *en) {
  if (chiso__form_blank(vi) && chiso__form_blank(en))
    return;
  const cell *c = chiso__form_blank(vi) ? en : vi;
  chiso__form_put(j, ",");
  chiso__form_line(j, rows->sheet, c, c->row);
  chiso__form_put(j, "\"title\": {");
  if (!chiso__form_blank(vi)) {
    chiso__form_put(j, "\"vi\": ");
    chiso__form_quote(j, vi->text);
  }
  if (!chiso__form_blank(en)) {
    chiso__form_put(j, chiso__form_blank(vi) ? "\"en\": " : ", \"en\": ");
    chiso__form_quote(j, en->text);
  }
  chiso__form_put(j, "}");
}

static chiso_status index_members(json *j, const chiso__rows *rows) {
  const cell *format = head(rows, "format");
  CHISO__TRY(check_head(j, rows));
  chiso__form_put(j, "{\"format\": ");
  if (format)
    CHISO__TRY(chiso__form_integer(j, rows, format));
  else
    chiso__form_put(j, "1");
#define HEAD(key, as, family)                                                  \
  CHISO__TRY(member(j, rows, ",", key, head(rows, key), as, family))
  HEAD("id", TEXT, 0);
  HEAD("edition", TEXT, 0);
  HEAD("level", WORD, CHISO_FAMILY_LEVEL);
  titles_of(j, rows, head(rows, "title.vi"), head(rows, "title.en"));
  chiso__form_put(j, ", \"rounds\": {");
  CHISO__TRY(
      member(j, rows, "", "first", head(rows, "rounds.first"), INTEGER, 0));
  CHISO__TRY(
      member(j, rows, ",", "last", head(rows, "rounds.last"), INTEGER, 0));
  chiso__form_put(j, "}");
  HEAD("scope", WORD, CHISO_FAMILY_SCOPE);
  HEAD("variant_of", TEXT, 0);
  HEAD("units", TEXT, 0);
  HEAD("digits", INTEGER, 0);
  chiso__form_put(j, ", \"rank\": {");
  CHISO__TRY(member(j, rows, "", "by", head(rows, "rank.by"), WORD,
                    CHISO_FAMILY_RANK_BY));
  CHISO__TRY(member(j, rows, ",", "ties", head(rows, "rank.ties"), WORD,
                    CHISO_FAMILY_TIES));
  chiso__form_put(j, "}");
  HEAD("note", TEXT, 0);
  HEAD("supersedes", LIST, 0);
  return counts(j, rows);
}

/* ---- lists --------------------------------------------------------------- */

static chiso_status legal(json *j, const chiso__rows *rows) {
  chiso__form_put(j, ", \"legal\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    chiso__form_put(j, row > rows->first ? ", {\"key\": " : "{\"key\": ");
    const cell *key = chiso__rows_cell(rows, row, "key");
    chiso__form_line(j, rows->sheet, key, rows->sheet->rows[row].row);
    chiso__form_quote(j, key ? key->text : "");
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
    chiso__form_put(j, "}");
  }
  chiso__form_put(j, "]");
  return CHISO_OK;
}

static chiso_status deadlines(json *j, const chiso__rows *rows) {
  chiso__form_put(j, ", \"deadlines\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    chiso__form_put(j, row > rows->first ? ", {\"what\": " : "{\"what\": ");
    const cell *what = chiso__rows_cell(rows, row, "what");
    chiso__form_line(j, rows->sheet, what, rows->sheet->rows[row].row);
    chiso__form_quote(j, what ? what->text : "");
    CHISO__TRY(member(j, rows, ",", "date", chiso__rows_cell(rows, row, "date"),
                      DATE, 0));
    chiso__form_put(j, "}");
  }
  chiso__form_put(j, "]");
  return CHISO_OK;
}

static chiso_status grading_head(json *j, const chiso__rows *rows, size_t row) {
#define OF_ROW(name, as, family)                                               \
  CHISO__TRY(member(j, rows, ",", name, chiso__rows_cell(rows, row, name), as, \
                    family))
  chiso__form_line(j, rows->sheet, NULL, rows->sheet->rows[row].row);
  const cell *kind = chiso__rows_cell(rows, row, "kind");
  chiso__form_put(j, "{\"kind\": ");
  chiso__form_word(j, CHISO_FAMILY_GRADING, kind ? kind->text : "");
  OF_ROW("first", INTEGER, 0);
  OF_ROW("last", INTEGER, 0);
  OF_ROW("missing", WORD, CHISO_FAMILY_MISSING);
  OF_ROW("source", TEXT, 0);
  chiso__form_put(j, ", \"grades\": [");
  return CHISO_OK;
}

/* A row with a kind begins a grading; each row is a grade. */
static chiso_status gradings(json *j, const chiso__rows *rows) {
  chiso__form_put(j, ", \"gradings\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    bool begins = row == rows->first ||
                  !chiso__form_blank(chiso__rows_cell(rows, row, "kind"));
    chiso__form_put(j, row == rows->first ? "" : begins ? "]}, " : ", ");
    if (begins)
      CHISO__TRY(grading_head(j, rows, row));
    const cell *key = chiso__rows_cell(rows, row, "key");
    chiso__form_line(j, rows->sheet, key, rows->sheet->rows[row].row);
    chiso__form_put(j, "{\"key\": ");
    chiso__form_quote(j, key ? key->text : "");
    titles_of(j, rows, chiso__rows_cell(rows, row, "title.vi"),
              chiso__rows_cell(rows, row, "title.en"));
    OF_ROW("at_least", DEC, 0);
    OF_ROW("above", DEC, 0);
    chiso__form_put(j, "}");
  }
  chiso__form_put(j, rows->last > rows->first ? "]}]" : "]");
  return CHISO_OK;
}

static chiso_status partition_head(json *j, const chiso__rows *rows,
                                   size_t row) {
  const cell *id = chiso__rows_cell(rows, row, "id");
  chiso__form_line(j, rows->sheet, id, rows->sheet->rows[row].row);
  chiso__form_put(j, "{\"id\": ");
  chiso__form_quote(j, id ? id->text : "");
  titles_of(j, rows, chiso__rows_cell(rows, row, "title.vi"),
            chiso__rows_cell(rows, row, "title.en"));
  OF_ROW("source", TEXT, 0);
  chiso__form_put(j, ", \"parts\": [");
  return CHISO_OK;
}

/* A row with an id begins a partition; each row is a part. */
static chiso_status partitions(json *j, const chiso__rows *rows) {
  chiso__form_put(j, ", \"partitions\": [");
  for (size_t row = rows->first; row < rows->last; row++) {
    bool begins = row == rows->first ||
                  !chiso__form_blank(chiso__rows_cell(rows, row, "id"));
    chiso__form_put(j, row == rows->first ? "" : begins ? "]}, " : ", ");
    if (begins)
      CHISO__TRY(partition_head(j, rows, row));
    const cell *id = chiso__rows_cell(rows, row, "part.id");
    chiso__form_line(j, rows->sheet, id, rows->sheet->rows[row].row);
    chiso__form_put(j, "{\"id\": ");
    chiso__form_quote(j, id ? id->text : "");
    titles_of(j, rows, chiso__rows_cell(rows, row, "part.title.vi"),
              chiso__rows_cell(rows, row, "part.title.en"));
    CHISO__TRY(member(j, rows, ",", "max",
                      chiso__rows_cell(rows, row, "part.max"), DEC, 0));
    chiso__form_put(j, "}");
  }
  chiso__form_put(j, rows->last > rows->first ? "]}]" : "]");
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
                { CHISO__SECTION_NODES, chiso__form_nodes } };
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (rows[parts[i].section].sheet)
      CHISO__TRY(parts[i].write(j, &rows[parts[i].section]));
  chiso__form_put(j, "}\n");
  return j->failed || j->text.failed ? chiso__no_memory(j->err) : CHISO_OK;
}
