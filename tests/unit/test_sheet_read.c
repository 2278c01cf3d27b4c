/* SPDX-License-Identifier: Apache-2.0
 * Filled scoring sheets through the library: what becomes of books, the order
 * of rows, memory that runs out. What single cells may hold is in
 * tests/zoo/sheet, random entries are in tests/xlsx. */
#include "chiso/sheet_read.h"
#include "fixture.h"
#include "host_fixture.h"
#include "sheet/read.h"

#define MAKER SOURCE_DIR "/tests/xlsx/returned.py"
#define ROUND SOURCE_DIR "/tests/docs/round/round.ini"

typedef struct desk {
  folder at;
  char books[80];
  chiso_store *store;
  chiso_round *round;
  chiso_sheets *sheets;
  chiso_error err;
} desk;

static bool begin(desk *d) {
  static const chiso_store_options none = { .no_worker = true };
  *d = (desk) { .at = folder_make() };
  snprintf(d->books, sizeof d->books, "%s", d->at.path);
  return *d->at.path &&
         good(chiso_store_open(&none, CHISO_LANG_EN, NULL, &d->store, &d->err),
              &d->err) &&
         good(chiso_round_read(ROUND, (chiso_date) { 0 }, d->store, NULL,
                               &d->round, &d->err),
              &d->err);
}

static void end(desk *d) {
  chiso_sheets_free(d->sheets);
  chiso_round_free(d->round);
  chiso_store_free(d->store);
  folder_remove(&d->at);
}

/* The book that returned.py has under a name. */
static bool put_book(const desk *d, const char *kind, const char *name) {
  char command[PATH_ROOM];
  snprintf(command, sizeof command,
           "PATH=" BUILD_DIR "/bin:\"$PATH\" CHISO_SHARE_DIR= python3 '" MAKER
           "' %s '%s/%s'",
           kind, d->at.path, name);
  return system(command) == 0; /* NOLINT(cert-env33-c): no text from outside */
}

static chiso_status read_folder(desk *d, const chiso_allocator *allocator) {
  const char *paths[] = { d->books };
  return chiso_sheets_read(d->round, paths, 1, NULL, allocator, &d->sheets,
                           &d->err);
}

/* ---- what becomes of books ------------------------------------------------
 */

static void outcomes(void) {
  desk d;
  MUST(begin(&d) && put_book(&d, "unit-of-11", "a.xlsx") &&
       put_book(&d, "unit-of-02", "b.xlsx") &&
       put_book(&d, "several", "c.xlsx") && put_book(&d, "no-index", "d.xlsx"));
  MUST(good(read_folder(&d, NULL), &d.err));
  static const struct {
    const char *name, *unit;
    size_t group, faults;
  } want[] = { { "a.xlsx", "11", 1, 0 },
               { "b.xlsx", "02", 0, 0 },
               { "c.xlsx", "01", 0, 4 },
               { "d.xlsx", NULL, SIZE_MAX, 1 } };
  CU_ASSERT_EQUAL(chiso_sheets_books(d.sheets), 4);
  CU_ASSERT_EQUAL(chiso_sheets_good(d.sheets), 2);
  CU_ASSERT_EQUAL(chiso_sheets_faults(d.sheets), 5);
  for (size_t i = 0; i < 4; i++) {
    const chiso_sheet_book *b = chiso_sheets_book(d.sheets, i);
    CU_ASSERT_STRING_EQUAL(b->name, want[i].name);
    CU_ASSERT_EQUAL(b->good, want[i].faults == 0);
    CU_ASSERT_EQUAL(b->faults, want[i].faults);
    CU_ASSERT_EQUAL(b->group, want[i].group);
    CU_ASSERT(want[i].unit ? b->unit && strcmp(b->unit, want[i].unit) == 0
                           : !b->unit);
  }
  /* 01 has a book, though a wrong one; 03 has none, 11 is of another group */
  CU_ASSERT_FALSE(chiso_sheets_missing(d.sheets, 0, 0));
  CU_ASSERT_FALSE(chiso_sheets_missing(d.sheets, 0, 1));
  CU_ASSERT(chiso_sheets_missing(d.sheets, 0, 2));
  CU_ASSERT_FALSE(chiso_sheets_missing(d.sheets, 0, 4));
  CU_ASSERT_FALSE(chiso_sheets_missing(d.sheets, 1, 4));
  CU_ASSERT(chiso_sheets_missing(d.sheets, 1, 5));
  end(&d);
}

static size_t stage_of(const char *key) {
  size_t i = 0;
  while (i < CHISO__STAGES && strcmp(key, chiso__stage_word(i)) != 0)
    i++;
  return i;
}

/* Whether a row stands before another. */
static bool before(const desk *d, const chiso_sheet_row *a,
                   const chiso_sheet_row *b) {
  const chiso_index *ix = chiso_methodology_index(
      chiso_round_group(d->round, a->group)->methodology);
  const chiso_node *n = &ix->nodes[a->node];
  uint32_t in_a = 0, in_b = 0;
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    in_a = strcmp(n->inputs[i].key, a->input) == 0 ? i : in_a;
    in_b = strcmp(n->inputs[i].key, b->input) == 0 ? i : in_b;
  }
  if (a->group != b->group)
    return a->group < b->group;
  if (a->unit != b->unit)
    return a->unit < b->unit;
  if (a->node != b->node) /* the table of this methodology is the tree */
    return a->node < b->node;
  return stage_of(a->stage) != stage_of(b->stage)
             ? stage_of(a->stage) < stage_of(b->stage)
             : in_a < in_b;
}

static void order(void) {
  desk d;
  MUST(begin(&d) && put_book(&d, "many-units", "z.xlsx") &&
       put_book(&d, "exempt", "a.xlsx"));
  MUST(good(read_folder(&d, NULL), &d.err));
  CU_ASSERT_EQUAL(chiso_sheets_book(d.sheets, 1)->forms, 3);
  size_t n = chiso_sheets_rows(d.sheets), units = 1;
  MUST(n > 40);
  for (size_t i = 1; i < n; i++) {
    chiso_sheet_row a = chiso_sheets_row(d.sheets, i - 1);
    chiso_sheet_row b = chiso_sheets_row(d.sheets, i);
    CU_ASSERT(before(&d, &a, &b));
    units += a.unit != b.unit;
  }
  CU_ASSERT_EQUAL(units, 4);
  chiso_sheet_row first = chiso_sheets_row(d.sheets, 0);
  CU_ASSERT_STRING_EQUAL(first.value, "in_time");
  CU_ASSERT_STRING_EQUAL(first.note, "Ban hành ngày 30/12");
  CU_ASSERT_STRING_EQUAL(first.page, "3");
  CU_ASSERT_FALSE(first.explanation);
  CU_ASSERT_STRING_EQUAL(first.book, "z.xlsx");
  CU_ASSERT(chiso_sheets_row(d.sheets, 1).explanation);
  CU_ASSERT_STRING_EQUAL(chiso_sheets_row(d.sheets, 1).document, "");
  end(&d);
}

static void twice(void) {
  desk d;
  MUST(begin(&d) && put_book(&d, "good", "a.xlsx") &&
       put_book(&d, "several", "b.xlsx") && put_book(&d, "good", "c.xlsx") &&
       put_book(&d, "unit-of-02", "d.xlsx"));
  MUST(good(read_folder(&d, NULL), &d.err));
  CU_ASSERT_EQUAL(chiso_sheets_good(d.sheets), 1);
  CU_ASSERT_FALSE(chiso_sheets_book(d.sheets, 0)->good);
  CU_ASSERT_FALSE(chiso_sheets_book(d.sheets, 1)->good);
  CU_ASSERT_FALSE(chiso_sheets_book(d.sheets, 2)->good);
  /* two for each pair that is told, four of b's own */
  CU_ASSERT_EQUAL(chiso_sheets_faults(d.sheets), 7);
  CU_ASSERT_EQUAL(chiso_sheets_book(d.sheets, 1)->faults, 5);
  size_t previous = 0;
  for (size_t i = 0; i < chiso_sheets_remarks(d.sheets); i++) {
    const chiso_error *e = chiso_sheets_remark(d.sheets, i);
    const char *name = strrchr(e->file, '/');
    size_t book = e->status == CHISO_OK || !name ? 9 : (size_t)(name[1] - 'a');
    CU_ASSERT(book >= previous);
    previous = book;
  }
  for (size_t i = 0; i < chiso_sheets_rows(d.sheets); i++)
    CU_ASSERT_EQUAL(chiso_sheets_row(d.sheets, i).unit, 1);
  end(&d);
}

/* ---- too much, too little -------------------------------------------------
 */

static void too_many(void) {
  desk d;
  char name[32];
  MUST(begin(&d));
  for (unsigned i = 0; i <= CHISO__SHEET_BOOKS; i++) {
    snprintf(name, sizeof name, "%05u.xlsx", i);
    MUST(put_text(&d.at, name, ""));
  }
  CU_ASSERT_EQUAL(read_folder(&d, NULL), CHISO_BAD_DATA);
  CU_ASSERT(strstr(d.err.text, "20000") != NULL);
  CU_ASSERT_PTR_NULL(d.sheets);
  /* one fewer: all of them are told about, as far as remarks are kept */
  snprintf(name, sizeof name, "%05u.xlsx", 0u);
  char path[PATH_ROOM];
  MUST(unlink(in_folder(&d.at, name, path)) == 0);
  MUST(good(read_folder(&d, NULL), &d.err));
  CU_ASSERT_EQUAL(chiso_sheets_books(d.sheets), CHISO__SHEET_BOOKS);
  CU_ASSERT_EQUAL(chiso_sheets_faults(d.sheets), CHISO__SHEET_BOOKS);
  CU_ASSERT_EQUAL(chiso_sheets_remarks(d.sheets), CHISO__SHEET_REMARKS);
  CU_ASSERT_EQUAL(chiso_sheets_good(d.sheets), 0);
  end(&d);
}

static chiso_status table_of(const desk *d, chiso_error *err) {
  chiso_table *table = NULL;
  chiso_status status = chiso_sheets_table(d->sheets, &table, err);
  chiso_table_free(table);
  return status;
}

static void short_memory(void) {
  desk d;
  MUST(begin(&d) && put_book(&d, "typists", "a.xlsx") &&
       put_book(&d, "several", "b.xlsx"));
  bool done = false;
  for (long left = 0; left < 100000 && !done; left += 1 + left / 60) {
    counting c = { .left = left };
    chiso_allocator allocator = counting_allocator(&c);
    chiso_status status = read_folder(&d, &allocator);
    if (status == CHISO_OK)
      status = table_of(&d, &d.err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    done = status == CHISO_OK;
    chiso_sheets_free(d.sheets);
    d.sheets = NULL;
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT(done);
  end(&d);
}

SUITE_MAIN({ "what becomes of books", outcomes }, { "rows in order", order },
           { "two books of one unit", twice }, { "too many books", too_many },
           { "short memory", short_memory })
