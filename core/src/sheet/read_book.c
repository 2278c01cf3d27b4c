/* SPDX-License-Identifier: Apache-2.0
 * sheet/read_book.c - one book: what it says it was made for, and its sheets.
 */
#include <string.h>

#include "base/file.h"
#include "sheet/read.h"

/* Columns of the hidden sheet. */
enum {
  OF_SHEET,
  OF_GROUP,
  OF_UNIT,
  OF_METHODOLOGY,
  OF_DIGEST,
  OF_ROUND,
  OF_SET,
  OF_ROUND_ID,
  OF_COUNT
};
static const char *const columns[OF_COUNT] = {
  "sheet", "group", "unit", "methodology", "digest", "round", "set", "round_id"
};
#define HEADER_ROW 2u /* from 0 */

/* One row of it: a scoring sheet as it was made. */
typedef struct announced {
  const char *text[OF_COUNT];
  uint32_t row;
  size_t group, unit;
} announced;

typedef struct book_index {
  chiso__reading *reading;
  chiso__sheet sheet;
  uint32_t column[OF_COUNT];
  announced *list;
  size_t count;
} book_index;

static chiso__place file_of(const chiso__reading *r) {
  return (chiso__place) { r->sheets->books[r->place].path, 0, 0 };
}

#define FAULT(r, place, ...)                                                   \
  chiso__remark(&(r)->remarks, CHISO_BAD_DATA, (place), __VA_ARGS__)

static chiso__place index_place(const book_index *x) {
  return (chiso__place) { x->sheet.file, 0, 0 };
}

static const char *index_text(const book_index *x, uint32_t row,
                              uint32_t column) {
  const chiso__sheet_cell *cell = chiso__sheet_at(&x->sheet, row, column);
  return cell ? cell->text : "";
}

/* ---- the hidden sheet -----------------------------------------------------
 */

static bool read_header(book_index *x) {
  chiso__reading *r = x->reading;
  const char *layout = index_text(x, 0, 1);
  bool good = true;
  if (strcmp(index_text(x, 0, 0), "chiso-sheet") != 0) {
    FAULT(r, index_place(x), MSG_FILLED_INDEX, "A1");
    return false;
  }
  if (strcmp(layout, CHISO__SHEET_LAYOUT) != 0) {
    FAULT(r, index_place(x), MSG_FILLED_LAYOUT, layout, CHISO__SHEET_LAYOUT);
    return false;
  }
  for (size_t i = 0; i < OF_COUNT; i++)
    x->column[i] = UINT32_MAX;
  for (size_t c = 0; c < x->sheet.n_cells; c++)
    for (size_t i = 0; i < OF_COUNT; i++)
      if (x->sheet.cells[c].row == HEADER_ROW &&
          strcmp(x->sheet.cells[c].text, columns[i]) == 0)
        x->column[i] = x->sheet.cells[c].column;
  for (size_t i = 0; i < OF_COUNT; i++)
    if (x->column[i] == UINT32_MAX) {
      FAULT(r, index_place(x), MSG_FILLED_INDEX, columns[i]);
      good = false;
    }
  return good;
}

static chiso_status read_announced(book_index *x, chiso_error *err) {
  chiso__reading *r = x->reading;
  size_t rows = 0;
  for (size_t i = 0; i < x->sheet.n_rows; i++)
    rows += x->sheet.rows[i].row > HEADER_ROW;
  if (rows == 0) {
    FAULT(r, index_place(x), MSG_FILLED_INDEX, "A4");
    return CHISO_OK;
  }
  if (rows > CHISO__SHEET_FORMS) {
    FAULT(r, index_place(x), MSG_FILLED_FORMS, CHISO__SHEET_FORMS);
    return CHISO_OK;
  }
  x->list = chiso__arena_array(&r->arena, rows, sizeof *x->list);
  if (!x->list)
    return chiso__no_memory(err);
  for (size_t i = 0; i < x->sheet.n_rows; i++) {
    uint32_t row = x->sheet.rows[i].row;
    if (row <= HEADER_ROW)
      continue;
    announced *a = &x->list[x->count++];
    *a = (announced) { .row = row, .group = SIZE_MAX, .unit = SIZE_MAX };
    for (size_t k = 0; k < OF_COUNT; k++)
      a->text[k] = index_text(x, row, x->column[k]);
  }
  return CHISO_OK;
}

/* ---- what a sheet was made for --------------------------------------------
 */

static bool check_round(chiso__reading *r, const announced *a,
                        chiso__place place) {
  const chiso_round *round = r->sheets->round;
  char period[16];
  chiso_round_format(chiso_round_period(round), period);
  if (strcmp(a->text[OF_ROUND_ID], chiso_round_id(round)) == 0 &&
      strcmp(a->text[OF_ROUND], period) == 0)
    return true;
  FAULT(r, place, MSG_FILLED_ROUND, a->text[OF_ROUND_ID], a->text[OF_ROUND],
        chiso_round_id(round), period);
  return false;
}

static bool find_group(chiso__reading *r, announced *a, chiso__place place) {
  const chiso_round *round = r->sheets->round;
  char keys[300] = "";
  size_t used = 0;
  a->group = chiso_round_find(round, a->text[OF_GROUP]);
  if (a->group != SIZE_MAX)
    return true;
  for (size_t i = 0; i < chiso_round_groups(round); i++) {
    int wrote = snprintf(keys + used, sizeof keys - used, "%s%s",
                         used ? ", " : "", chiso_round_group(round, i)->key);
    if (wrote < 0 || (size_t)wrote >= sizeof keys - used)
      break;
    used += (size_t)wrote;
  }
  FAULT(r, place, MSG_FILLED_GROUP, a->text[OF_GROUP], keys);
  return false;
}

static bool check_methodology(chiso__reading *r, const announced *a,
                              chiso__place place) {
  const chiso_group *g = chiso_round_group(r->sheets->round, a->group);
  const char *name = chiso_methodology_name(g->methodology);
  const char *digest = chiso_methodology_digest(g->methodology);
  if (strcmp(a->text[OF_METHODOLOGY], name) != 0) {
    FAULT(r, place, MSG_FILLED_METHODOLOGY, a->text[OF_METHODOLOGY], g->key,
          name);
    return false;
  }
  if (strcmp(a->text[OF_DIGEST], digest) != 0) {
    FAULT(r, place, MSG_FILLED_DIGEST, name, a->text[OF_DIGEST], digest);
    return false;
  }
  return true;
}

static const char *last_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* A set that is a file may be named from another folder. */
static bool same_set(const char *a, const char *b) {
  const char *dot = strrchr(b, '.');
  bool file = dot && !strchr(dot, '/');
  return strcmp(a, b) == 0 || (file && strcmp(last_name(a), last_name(b)) == 0);
}

static bool find_unit(chiso__reading *r, announced *a, chiso__place place) {
  const chiso__expected *plan = &r->sheets->plans[a->group];
  const chiso_group *g = plan->group;
  const char *code = a->text[OF_UNIT];
  if (!same_set(a->text[OF_SET], g->set)) {
    FAULT(r, place, MSG_FILLED_SET, a->text[OF_SET], g->key, g->set);
    return false;
  }
  a->unit = chiso_units_find(g->units, code);
  if (a->unit == SIZE_MAX) {
    FAULT(r, place, MSG_DATA_BAD_UNIT, code, g->set);
    return false;
  }
  if (chiso__expected_assessed(r->sheets, plan, a->unit))
    return true;
  FAULT(r, place, MSG_FILLED_NOT_ASSESSED,
        chiso_units_get(g->units, a->unit)->name_vi, g->key);
  a->unit = SIZE_MAX;
  return false;
}

static bool check_announced(book_index *x, announced *a) {
  chiso__reading *r = x->reading;
  chiso__place place = chiso__sheet_place(&x->sheet, a->row, 0);
  return check_round(r, a, place) && find_group(r, a, place) &&
         check_methodology(r, a, place) && find_unit(r, a, place);
}

/* ---- sheets ---------------------------------------------------------------
 */

/* The names of the sheets that are there, for an error. */
static void list_sheets(const chiso__book *book, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < chiso__book_sheets(book); i++) {
    const char *name = chiso__book_sheet_name(book, i);
    if (*name == '_')
      continue;
    int wrote =
        snprintf(out + used, size - used, "%s\"%s\"", used ? ", " : "", name);
    if (wrote < 0 || (size_t)wrote >= size - used)
      return;
    used += (size_t)wrote;
  }
}

static chiso_status read_form(book_index *x, const announced *a,
                              chiso_error *err) {
  chiso__reading *r = x->reading;
  chiso__filled form = { .reading = r,
                         .plan = &r->sheets->plans[a->group],
                         .unit = a->unit };
  chiso_error why = { .lang = r->sheets->lang };
  size_t place = chiso__book_find(r->book, a->text[OF_SHEET]);
  if (place == SIZE_MAX) {
    char names[300];
    list_sheets(r->book, names, sizeof names);
    FAULT(r, file_of(r), MSG_FILLED_TAB, a->text[OF_SHEET], a->text[OF_UNIT],
          names);
    return CHISO_OK;
  }
  chiso_status status = chiso__book_sheet(r->book, place, &form.sheet, &why);
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  if (status != CHISO_OK) {
    chiso__remark_error(&r->remarks, &why);
    return CHISO_OK;
  }
  CHISO__TRY(chiso__expected_make(r->sheets, a->group, err));
  if (chiso__filled_shape(&form))
    chiso__filled_values(&form);
  if (!form.short_memory && r->remarks.faults == 0) {
    chiso__block *block = &r->blocks[r->n_blocks++];
    *block = (chiso__block) { .group = a->group,
                              .unit = a->unit,
                              .book = r->place,
                              .sheet = form.sheet.name };
    chiso__filled_rows(&form, block);
  }
  return form.short_memory ? chiso__no_memory(err) : CHISO_OK;
}

/* Notes for which unit the book was made, and whether another was too. */
static void claim(const book_index *x, const announced *a) {
  chiso__reading *r = x->reading;
  chiso_sheets *sheets = r->sheets;
  const chiso_units *units = sheets->plans[a->group].group->units;
  const char *unit = chiso_units_get(units, a->unit)->name_vi;
  size_t *claimed = &sheets->plans[a->group].claims[a->unit];
  if (*claimed == 0) {
    *claimed = r->place + 1;
    return;
  }
  const chiso_sheet_book *other = &sheets->books[*claimed - 1];
  FAULT(r, file_of(r), MSG_FILLED_TWICE, unit, other->path);
  if (other->good) /* else it has faults enough to be left out */
    chiso__sheets_twice(sheets, *claimed - 1, unit,
                        sheets->books[r->place].path);
}

/* Sheets of the book that chiso did not make. */
static void remark_others(book_index *x) {
  const chiso__book *book = x->reading->book;
  size_t others = 0;
  for (size_t i = 0; i < chiso__book_sheets(book); i++) {
    const char *name = chiso__book_sheet_name(book, i);
    bool ours = *name == '_' || chiso__book_sheet_hidden(book, i);
    for (size_t k = 0; k < x->count && !ours; k++)
      ours = strcmp(x->list[k].text[OF_SHEET], name) == 0;
    others += !ours;
  }
  if (others)
    chiso__remark(&x->reading->remarks, CHISO_OK, file_of(x->reading),
                  MSG_FILLED_OTHER_SHEETS, others);
  if (chiso__book_macros(book))
    chiso__remark(&x->reading->remarks, CHISO_OK, file_of(x->reading),
                  MSG_XLSX_MACROS);
}

static chiso_status read_forms(book_index *x, chiso_error *err) {
  chiso__reading *r = x->reading;
  chiso_sheet_book *outcome = &r->sheets->books[r->place];
  outcome->forms = x->count;
  r->blocks = chiso__arena_array(&r->arena, x->count, sizeof *r->blocks);
  if (!r->blocks)
    return chiso__no_memory(err);
  for (size_t i = 0; i < x->count; i++) {
    announced *a = &x->list[i];
    bool right = check_announced(x, a);
    if (i == 0 && a->unit != SIZE_MAX) {
      const chiso_units *units = r->sheets->plans[a->group].group->units;
      outcome->group = a->group;
      outcome->unit = chiso_units_get(units, a->unit)->code;
    }
    if (!right)
      continue;
    claim(x, a);
    CHISO__TRY(read_form(x, a, err));
  }
  remark_others(x);
  return CHISO_OK;
}

static chiso_status read_index(chiso__reading *r, chiso_error *err) {
  book_index x = { .reading = r };
  chiso_error why = { .lang = r->sheets->lang };
  size_t place = chiso__book_find(r->book, CHISO__SHEET_INDEX);
  if (place == SIZE_MAX) {
    FAULT(r, file_of(r), MSG_FILLED_NOT);
    return CHISO_OK;
  }
  chiso_status status = chiso__book_sheet(r->book, place, &x.sheet, &why);
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  if (status != CHISO_OK) {
    chiso__remark_error(&r->remarks, &why);
    return CHISO_OK;
  }
  if (!read_header(&x))
    return CHISO_OK;
  CHISO__TRY(read_announced(&x, err));
  return x.count ? read_forms(&x, err) : CHISO_OK;
}

/* Of other tables it is said that CSV would do; a scoring sheet needs .xlsx. */
static void say_form(chiso_error *why, const char *path) {
  static const struct {
    chiso__message message;
    const char *form;
  } forms[] = { { MSG_XLSX_XLS, ".xls" },
                { MSG_XLSX_ODS, ".ods" },
                { MSG_XLSX_BINARY, ".xlsb" } };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (why->message == chiso__message_number(forms[i].message)) {
      (void)chiso__fail(why, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                        MSG_FILLED_FORM, forms[i].form);
      return;
    }
}

chiso_status chiso__sheet_book(chiso__reading *r, chiso_error *err) {
  const chiso__found *found = &r->sheets->files.list[r->place];
  chiso_error why = { .lang = r->sheets->lang };
  const char *bytes = NULL;
  size_t size = 0;
  if (found->why) {
    chiso__remark_error(&r->remarks, found->why);
    return CHISO_OK;
  }
  chiso_status status = chiso__file_read(
      &r->arena, found->path, CHISO__LIMIT_BOOK, false, &bytes, &size, &why);
  if (status == CHISO_OK)
    status =
        chiso__book_open(&r->arena, found->path, bytes, size, &r->book, &why);
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  if (status != CHISO_OK) {
    say_form(&why, found->path);
    chiso__remark_error(&r->remarks, &why);
    return CHISO_OK;
  }
  status = read_index(r, err);
  chiso__book_close(r->book);
  return status;
}
