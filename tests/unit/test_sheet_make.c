/* SPDX-License-Identifier: Apache-2.0
 * Scoring sheets as they are made: rows and columns, what is locked, limits,
 * panes, hidden sheets; the same bytes; files that are there; memory that runs
 * out. What the formulas give is tests/xlsx/sheets.py's. */
#include "chiso/sheet.h"
#include "data/xlsx_zip.h"
#include "fixture.h"
#include "host_fixture.h"
#include "sheet/known.h"
#include "sheet/layout.h"
#include "sheet/make_plan.h"

#define EVERY SOURCE_DIR "/tests/xlsx/every.json"

typedef struct made {
  folder at;
  chiso_store *store;
  chiso_round *round;
  chiso_error err;
  char path[PATH_ROOM], book[PATH_ROOM];
} made;

static const char round_text[] =
    "[round]\nid = t.2020\nround = 2020\ntitle_vi = Kỳ thử\n"
    "[legal a]\ninstrument = 7/QĐ\nissued = 01/01/2020\n"
    "[group g]\ntitle_vi = Khối\nmethodology = " EVERY "\nunits = u.csv\n"
    "[exempt 1]\ngroup = g\nunits = 02\nnodes = 2\n"
    "reason = Không có thủ tục\nlegal = a\n"
    "[bonus 1]\nnodes = T\n[deadline 1]\nwhat = self\ndate = 26/02/2021\n";

static bool open_round(made *k, const chiso_allocator *allocator) {
  chiso_store_options places = { .share_dir = BUILD_DIR "/share/chiso",
                                 .no_worker = true };
  *k = (made) { .at = folder_make() };
  snprintf(k->path, sizeof k->path, "%s/r.ini", k->at.path);
  snprintf(k->book, sizeof k->book, "%s/b.xlsx", k->at.path);
  return put_text(&k->at, "r.ini", round_text) &&
         put_text(&k->at, "u.csv",
                  "unit,name_vi\n01,Sở Tài chính\n02,Sở Y tế\n"
                  "03,Ban: Quản lý/Khu *công nghiệp* tỉnh Bình Thuận mới\n") &&
         chiso_store_open(&places, CHISO_LANG_EN, allocator, &k->store,
                          &k->err) == CHISO_OK &&
         chiso_round_read(k->path, (chiso_date) { 0 }, k->store, allocator,
                          &k->round, &k->err) == CHISO_OK;
}

static void close_round(made *k) {
  chiso_round_free(k->round);
  chiso_store_free(k->store);
  folder_remove(&k->at);
}

/* ---- parts of a workbook ---------------------------------------------------
 */

typedef struct part {
  char *text;
  size_t size;
} part;

static chiso_status gather(void *user, const char *bytes, size_t size,
                           bool last, chiso_error *err) {
  part *p = user;
  (void)last;
  (void)err;
  char *grown = realloc(p->text, p->size + size + 1);
  if (!grown)
    return CHISO_NO_MEMORY;
  memcpy(grown + p->size, bytes, size);
  p->size += size;
  grown[p->size] = '\0';
  p->text = grown;
  return CHISO_OK;
}

/* A part of a workbook; free() it. NULL when it is not there. */
static char *part_of(const char *path, const char *name) {
  chiso__arena arena = { 0 };
  chiso__zip *zip = NULL;
  chiso_error err = { 0 };
  const char *bytes;
  size_t size;
  part p = { NULL, 0 };
  if (chiso__file_read(&arena, path, (size_t)1 << 26, false, &bytes, &size,
                       &err) == CHISO_OK &&
      chiso__zip_open(&arena, path, bytes, size, &zip, &err) == CHISO_OK) {
    (void)chiso__zip_stream(zip, name, gather, &p, &err);
    chiso__zip_close(zip);
  }
  chiso__arena_free(&arena);
  return p.text;
}

static bool has(const char *text, const char *what) {
  bool found = text && strstr(text, what);
  if (!found)
    fprintf(stderr, "\n    not found: %s\n", what);
  return found;
}

static size_t count_of(const char *text, const char *what) {
  size_t count = 0;
  for (; text && (text = strstr(text, what)); text++)
    count++;
  return count;
}

static chiso_status make(made *k, const chiso_sheet_options *options,
                         const chiso_allocator *allocator) {
  return chiso_sheets_make(k->round, options, k->book, allocator, NULL,
                           &k->err);
}

/* ---- layout ----------------------------------------------------------------
 */

static void test_layout(void) {
  chiso__arena arena = { 0 };
  chiso__sheet_layout all, some;
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  MUST(chiso_methodology_read(EVERY, NULL, &m, &err) == CHISO_OK);
  MUST(chiso__sheet_lay(m, CHISO_SHEET_ALL_STAGES, false, &arena, &all, &err) ==
       CHISO_OK);
  MUST(chiso__sheet_lay(m, 1u << CHISO_SHEET_SELF | 1u << CHISO_SHEET_FINAL,
                        true, &arena, &some, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(all.columns, CHISO__COLUMNS);
  CU_ASSERT_EQUAL(some.columns, CHISO__COLUMNS - 10);
  CU_ASSERT_EQUAL(some.first, all.first + 2);
  for (unsigned c = 0, last = 0; c < CHISO__COLUMNS; c++) {
    if (some.column[c] == CHISO__NO_COLUMN)
      continue;
    CU_ASSERT(c == 0 || some.column[c] == last + 1);
    last = some.column[c];
  }
  CU_ASSERT_EQUAL(some.column[CHISO__ENTRY_OF(CHISO_SHEET_APPRAISED_2)],
                  CHISO__NO_COLUMN);
  CU_ASSERT_STRING_EQUAL(
      chiso__sheet_column_key(CHISO__POINTS_OF(CHISO_SHEET_APPRAISED_2)),
      "appraised_2_points");
  CU_ASSERT_STRING_EQUAL(
      chiso__sheet_column_key(CHISO__MOST_OF(CHISO_SHEET_FINAL)), "final_max");
  /* a leaf of two inputs is three rows, one of one input a single one */
  static const char *const keys[] = { "index",   "1",       "1.1",
                                      "1.1:num", "1.1:den", "1.2" };
  for (uint32_t i = 0; i < sizeof keys / sizeof *keys; i++)
    CU_ASSERT_STRING_EQUAL(chiso__sheet_row_key(m, &all.rows[i], &arena),
                           keys[i]);
  uint32_t single = chiso_methodology_find(m, "1.3");
  CU_ASSERT_STRING_EQUAL(
      chiso__sheet_row_key(m, &all.rows[all.of_node[single]], &arena), "1.3:v");
  /* every node is shown once, in the order of the tree */
  uint32_t shown = 0;
  for (uint32_t i = 0; i < all.n_rows; i++)
    shown += all.rows[i].shows;
  CU_ASSERT_EQUAL(shown, chiso_methodology_index(m)->n_nodes);
  chiso_methodology_free(m);
  chiso__arena_free(&arena);
}

/* ---- one unit's workbook ----------------------------------------------------
 */

static void test_book(void) {
  made k;
  chiso_sheet_options options = { .lang = CHISO_LANG_VI,
                                  .unit = "Sở Y tế",
                                  .one_book = true };
  MUST(open_round(&k, NULL));
  MUST(make(&k, &options, NULL) == CHISO_OK);
  char *workbook = part_of(k.book, "xl/workbook.xml");
  char *sheet = part_of(k.book, "xl/worksheets/sheet1.xml");
  char *texts = part_of(k.book, "xl/sharedStrings.xml");
  char *styles = part_of(k.book, "xl/styles.xml");
  char *core = part_of(k.book, "docProps/core.xml");
  CU_ASSERT(
      has(workbook, "<sheet name=\"Phiếu chấm điểm\" sheetId=\"1\" r:id"));
  CU_ASSERT(
      has(workbook, "<sheet name=\"_chiso\" sheetId=\"2\" state=\"hidden\""));
  CU_ASSERT(
      has(workbook, "<sheet name=\"_lists\" sheetId=\"3\" state=\"hidden\""));
  CU_ASSERT(has(workbook, "_xlnm.Print_Titles"));
  /* panes below the header and right of the title, keys hidden */
  CU_ASSERT(has(sheet, "<pane xSplit=\"3\" ySplit=\"9\" topLeftCell=\"D10\""));
  CU_ASSERT(has(sheet, "<row r=\"9\" spans=\"1:32\" hidden=\"1\""));
  CU_ASSERT(has(sheet, "<col min=\"1\" max=\"1\" width=\"8.7109375\" "
                       "hidden=\"1\""));
  /* locked, but for what takes something; no password */
  CU_ASSERT(has(sheet, "<sheetProtection sheet=\"1\" objects=\"1\" "
                       "scenarios=\"1\" formatColumns=\"0\" "
                       "formatRows=\"0\"/>"));
  CU_ASSERT(has(styles, "<protection locked=\"0\"/>"));
  CU_ASSERT(has(sheet, "orientation=\"landscape\""));
  CU_ASSERT(has(sheet, "paperSize=\"9\""));
  CU_ASSERT(has(sheet, "fitToHeight=\"0\""));
  /* limits and lists */
  CU_ASSERT(has(sheet, "type=\"custom\""));
  CU_ASSERT(has(sheet, "<formula1>IF(ISNUMBER(G13),AND(G13&gt;=0,G13=ROUND(G13,"
                       "0)),ISNUMBER(MATCH(G13,_lists!$A$1:$A$5,0)))"
                       "</formula1>"));
  CU_ASSERT(has(sheet, "type=\"list\""));
  CU_ASSERT(has(sheet, "<formula1>_lists!$A$"));
  CU_ASSERT(has(sheet, "Hãy nhập số nguyên, từ 0 trở lên; hoặc NA"));
  CU_ASSERT(has(sheet, "prompt=\"Không có thủ tục · 7/QĐ\""));
  CU_ASSERT(has(texts, "Hạn tự chấm điểm: 26/02/2021"));
  CU_ASSERT(has(texts, "chiso-sheet"));
  CU_ASSERT(has(texts, "be03d66d53e37507f8c5792b12ec7b66d95da76540c693e120378e"
                       "67a865cc31"));
  CU_ASSERT(has(core, "2020-01-01T00:00:00Z"));
  free(workbook);
  free(sheet);
  free(texts);
  free(styles);
  free(core);
  close_round(&k);
}

/* ---- a book of all units ----------------------------------------------------
 */

static void test_shared(void) {
  made k;
  chiso_sheet_report report;
  chiso_sheet_options options = { .stages = 1u << CHISO_SHEET_SELF,
                                  .one_book = true };
  MUST(open_round(&k, NULL));
  MUST(chiso_sheets_make(k.round, &options, k.book, NULL, &report, &k.err) ==
       CHISO_OK);
  CU_ASSERT_EQUAL(report.books, 1);
  CU_ASSERT_EQUAL(report.sheets, 3);
  char *workbook = part_of(k.book, "xl/workbook.xml");
  char *first = part_of(k.book, "xl/worksheets/sheet1.xml");
  char *second = part_of(k.book, "xl/worksheets/sheet2.xml");
  char *texts = part_of(k.book, "xl/sharedStrings.xml");
  CU_ASSERT(has(workbook, "name=\"01 Sở Tài chính\""));
  CU_ASSERT(has(workbook, "name=\"03 Ban- Quản lý-Khu -công nghiệ\""));
  CU_ASSERT_EQUAL(count_of(workbook, "state=\"hidden\""), 2);
  /* an exempt area has no formulas, and its cells are closed */
  CU_ASSERT(count_of(first, "<f>") > count_of(second, "<f>"));
  CU_ASSERT(has(texts, "Not applicable"));
  CU_ASSERT_EQUAL(count_of(texts, ">appraised_1<"), 0);
  free(workbook);
  free(first);
  free(second);
  free(texts);
  /* a file that is there stays, unless it is to be replaced */
  CU_ASSERT_EQUAL(make(&k, &options, NULL), CHISO_USAGE);
  CU_ASSERT(has(k.err.file, "b.xlsx"));
  options.force = true;
  CU_ASSERT_EQUAL(make(&k, &options, NULL), CHISO_OK);
  close_round(&k);
}

/* Bytes of a file; free() them. */
static char *bytes_of(const char *path, size_t *size) {
  FILE *f = fopen(path, "rb");
  char *bytes = malloc(1 << 20);
  *size = f && bytes ? fread(bytes, 1, 1 << 20, f) : 0;
  if (f)
    fclose(f);
  return bytes;
}

static void test_same_bytes(void) {
  made k;
  size_t n, again;
  chiso_sheet_options options = { .one_book = true, .force = true };
  MUST(open_round(&k, NULL));
  MUST(make(&k, &options, NULL) == CHISO_OK);
  char *before = bytes_of(k.book, &n);
  MUST(make(&k, &options, NULL) == CHISO_OK);
  char *after = bytes_of(k.book, &again);
  CU_ASSERT(n > 10000 && n == again && memcmp(before, after, n) == 0);
  free(before);
  free(after);
  close_round(&k);
}

static void test_folder(void) {
  made k;
  chiso_sheet_report report;
  chiso_sheet_options options = { .group = "g" };
  char path[PATH_ROOM + 64];
  static const char *const names[] = {
    "01 so-tai-chinh.xlsx", "02 so-y-te.xlsx",
    "03 ban-quan-ly-khu-cong-nghiep-tinh-binh-thuan-moi.xlsx"
  };
  MUST(open_round(&k, NULL));
  CU_ASSERT_EQUAL(
      chiso_sheets_make(k.round, &options, k.at.path, NULL, &report, &k.err),
      CHISO_OK);
  CU_ASSERT_EQUAL(report.books, 3);
  /* one that is there keeps all from being made */
  snprintf(path, sizeof path, "%s/g/%s", k.at.path, names[0]);
  CU_ASSERT_EQUAL(unlink(path), 0);
  CU_ASSERT_EQUAL(
      chiso_sheets_make(k.round, &options, k.at.path, NULL, &report, &k.err),
      CHISO_USAGE);
  CU_ASSERT_EQUAL(report.books, 0);
  CU_ASSERT(access(path, F_OK) != 0);
  options.force = true;
  options.unit = "01";
  CU_ASSERT_EQUAL(
      chiso_sheets_make(k.round, &options, k.at.path, NULL, &report, &k.err),
      CHISO_OK);
  CU_ASSERT_EQUAL(report.books, 1);
  for (size_t i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s/g/%s", k.at.path, names[i]);
    CU_ASSERT_EQUAL(unlink(path), 0);
  }
  snprintf(path, sizeof path, "%s/g", k.at.path);
  CU_ASSERT_EQUAL(rmdir(path), 0);
  close_round(&k);
}

static void test_refused(void) {
  made k;
  chiso_sheet_options options = { .group = "h", .one_book = true };
  MUST(open_round(&k, NULL));
  CU_ASSERT_EQUAL(make(&k, &options, NULL), CHISO_USAGE);
  CU_ASSERT(has(k.err.text, "one of: g"));
  options = (chiso_sheet_options) { .unit = "Sở Y tê", .one_book = true };
  CU_ASSERT_EQUAL(make(&k, &options, NULL), CHISO_OK); /* marks do not matter */
  options = (chiso_sheet_options) { .unit = "Sở Y tó x",
                                    .one_book = true,
                                    .force = true };
  CU_ASSERT_EQUAL(make(&k, &options, NULL), CHISO_USAGE);
  options = (chiso_sheet_options) { .one_book = true, .force = true };
  snprintf(k.book, sizeof k.book, "%s/none/b.xlsx", k.at.path);
  CU_ASSERT_EQUAL(make(&k, &options, NULL), CHISO_IO);
  close_round(&k);
}

/* Every request for memory fails once; nothing leaks, nothing is left. */
static void test_no_memory(void) {
  counting c = { -1, 0 };
  chiso_allocator allocator = counting_allocator(&c);
  made k;
  chiso_sheet_options options = { .unit = "01",
                                  .one_book = true,
                                  .force = true };
  MUST(open_round(&k, NULL));
  bool whole = false;
  for (long left = 0; left < 20000 && !whole; left += 1 + left / 12) {
    c.left = left;
    chiso_status status = make(&k, &options, &allocator);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    CU_ASSERT_EQUAL(c.live, 0);
    whole = status == CHISO_OK;
  }
  CU_ASSERT(whole);
  close_round(&k);
}

/* ---- what is known ----------------------------------------------------------
 */

static const char known_text[] =
    "unit,node,input,value,points,stage,note,document,section,page,"
    "explanation\n"
    "01,1.1,num,3,,self,Ghi chú,7/BC,I,2,\n"
    "01,1.1,den,4,,self,,7/BC,,,\n"
    "01,1.1,num,2,,appraised_1,Thiếu,8/BC,,,x\n"
    "01,1.1,den,4,,appraised_1,,,,,\n"
    "01,2.5,mean,3,,,,,,,\n"
    "01,2.3,,part,,self,,,,,\n"
    "01,3.2.2,,NA,,self,,,,,\n"
    "01,T.1,,,1.5,final,,,,,\n"
    "01,2.4,,0.5,,appraised_1,,,,,\n"
    "01,2.4,,0.5,,appraised_2,,,,,\n"
    "02,4,,,5,final,,,,,\n";

static chiso_status know(made *k, const char *text, const char *group,
                         const chiso_allocator *allocator,
                         chiso_sheet_known **out) {
  char path[PATH_ROOM + 64];
  snprintf(path, sizeof path, "%s/d.csv", k->at.path);
  const char *const data[] = { path };
  *out = NULL;
  if (!put_text(&k->at, "d.csv", text))
    return CHISO_INTERNAL;
  return chiso_sheet_known_read(k->round, group, data, 1, allocator, out,
                                &k->err);
}

/* What stands in a cell when the sheet is made. */
static void stands(const chiso__tally *t, const char *id, uint32_t input,
                   unsigned stage, chiso__entry_is is, int64_t raw) {
  uint32_t node = chiso_methodology_find(t->plan->m, id);
  const chiso__sheet_entry *e = chiso__typed(t, node, input, stage);
  CU_ASSERT_EQUAL(e->is, is);
  CU_ASSERT_EQUAL(e->raw, raw);
}

static void lay_known(const made *k, const chiso_sheet_known *known,
                      unsigned stages, void test(const chiso__tally *)) {
  const chiso_group *g = chiso_round_group(k->round, 0);
  chiso__arena arena = { 0 };
  chiso__sheet_plan plan = { 0 };
  chiso__tally t;
  chiso_error err = { 0 };
  MUST(chiso__plan_make(g, CHISO_LANG_EN, stages, CHISO__NA_WORDS, &plan,
                        &err) == CHISO_OK);
  bool *exempt = calloc(plan.ix->n_nodes, sizeof *exempt);
  MUST(exempt != NULL);
  MUST(chiso__tally_make(&plan, exempt, &arena, &t, &err) == CHISO_OK);
  chiso__sheet_job job = { &plan, 0 };
  chiso__known_fill(known, &job, &t);
  chiso__tally_count(&t);
  test(&t);
  chiso__tally_free(&t);
  chiso__plan_free(&plan);
  chiso__arena_free(&arena);
  free(exempt);
}

static void all_stages(const chiso__tally *t) {
  double number;
  stands(t, "1.1", 0, CHISO_SHEET_SELF, CHISO__ENTRY_IS_RAW, 3);
  stands(t, "1.1", 0, CHISO_SHEET_APPRAISED_1, CHISO__ENTRY_IS_RAW, 2);
  stands(t, "1.1", 1, CHISO_SHEET_APPRAISED_1, CHISO__ENTRY_IS_RAW, 4);
  stands(t, "1.1", 0, CHISO_SHEET_APPRAISED_2, CHISO__ENTRY_IS_EMPTY, 0);
  /* a fact stands where it counts first, what is said again stands again */
  stands(t, "2.5", 0, CHISO_SHEET_SELF, CHISO__ENTRY_IS_EMPTY, 0);
  stands(t, "2.5", 0, CHISO_SHEET_APPRAISED_1, CHISO__ENTRY_IS_RAW, 3000000);
  stands(t, "2.5", 0, CHISO_SHEET_FINAL, CHISO__ENTRY_IS_EMPTY, 0);
  stands(t, "2.4", 0, CHISO_SHEET_APPRAISED_2, CHISO__ENTRY_IS_RAW, 500000);
  stands(t, "2.4", 0, CHISO_SHEET_FINAL, CHISO__ENTRY_IS_EMPTY, 0);
  stands(t, "2.3", 0, CHISO_SHEET_SELF, CHISO__ENTRY_IS_RAW, 1);
  stands(t, "3.2.2", 0, CHISO_SHEET_SELF, CHISO__ENTRY_IS_NA, 0);
  /* points given at a leaf of points are its entry */
  stands(t, "T.1", 0, CHISO_SHEET_FINAL, CHISO__ENTRY_IS_RAW, 1500000);
  uint32_t node = chiso_methodology_find(t->plan->m, "1.1");
  CU_ASSERT_EQUAL(chiso__shown_at(t, node, CHISO_SHEET_SELF)->points, 2400000);
  CU_ASSERT_EQUAL(chiso__shown_at(t, node, CHISO_SHEET_FINAL)->points, 1660000);
  CU_ASSERT_PTR_NULL(
      chiso__shown_taken(t, node, 0, CHISO_SHEET_FINAL, &number));
  CU_ASSERT_DOUBLE_EQUAL(number, 2, 0);
  node = chiso_methodology_find(t->plan->m, "3.2.2");
  CU_ASSERT_STRING_EQUAL(
      chiso__shown_taken(t, node, 0, CHISO_SHEET_SELF, &number), "NA");
}

/* What a stage without a column says stands in the next one. */
static void final_alone(const chiso__tally *t) {
  stands(t, "1.1", 0, CHISO_SHEET_FINAL, CHISO__ENTRY_IS_RAW, 2);
  stands(t, "2.5", 0, CHISO_SHEET_FINAL, CHISO__ENTRY_IS_RAW, 3000000);
  stands(t, "2.3", 0, CHISO_SHEET_FINAL, CHISO__ENTRY_IS_EMPTY, 0);
}

static void test_known(void) {
  made k;
  chiso_sheet_known *known;
  MUST(open_round(&k, NULL));
  MUST(know(&k, known_text, NULL, NULL, &known) == CHISO_OK);
  /* points of the case of the second unit have no cell */
  CU_ASSERT_EQUAL(chiso_sheet_known_faults(known), 0);
  CU_ASSERT_EQUAL(chiso_sheet_known_remarks(known), 1);
  CU_ASSERT(has(chiso_sheet_known_remark(known, 0)->text, "4: "));
  CU_ASSERT_EQUAL(chiso_sheet_known_remark(known, 0)->line, 12);
  CU_ASSERT_PTR_NULL(chiso_sheet_known_remark(known, 1));
  lay_known(&k, known, CHISO_SHEET_ALL_STAGES, all_stages);
  lay_known(&k, known, 1u << CHISO_SHEET_FINAL, final_alone);
  chiso_sheet_options options = { .unit = "01",
                                  .one_book = true,
                                  .known = known,
                                  .locked = 1u << CHISO_SHEET_SELF };
  MUST(make(&k, &options, NULL) == CHISO_OK);
  char *sheet = part_of(k.book, "xl/worksheets/sheet1.xml");
  char *texts = part_of(k.book, "xl/sharedStrings.xml");
  CU_ASSERT(has(sheet, "promptTitle=\"Locked\""));
  CU_ASSERT(has(texts, "<t>Ghi chú</t>"));
  CU_ASSERT(has(texts, "<t>Thiếu</t>"));
  /* evidence that says no more than another row's stands once */
  CU_ASSERT(has(texts, "<t>7/BC; 8/BC</t>"));
  CU_ASSERT(has(texts, "<t>x</t>"));
  free(sheet);
  free(texts);
  chiso_sheet_known_free(known);
  chiso_sheet_known_free(NULL);
  close_round(&k);
}

static void test_known_faults(void) {
  made k;
  chiso_sheet_known *known;
  MUST(open_round(&k, NULL));
  /* each once, though a row is read for several stages */
  CU_ASSERT_EQUAL(know(&k,
                       "unit,node,input,value,stage\n01,2.5,mean,7,\n"
                       "09,1.3,,1,\n01,9.9,,1,self\n01,2.3,,maybe,final\n",
                       NULL, NULL, &known),
                  CHISO_BAD_DATA);
  MUST(known != NULL);
  CU_ASSERT_EQUAL(chiso_sheet_known_faults(known), 4);
  for (size_t i = 0; i < 4; i++)
    CU_ASSERT_EQUAL(chiso_sheet_known_remark(known, i)->line, i + 2);
  CU_ASSERT_EQUAL(k.err.line, 2);
  chiso_sheet_known_free(known);
  CU_ASSERT_EQUAL(know(&k, "unit,node,input,value,stage\n09,1.3,,1,\n", "none",
                       NULL, &known),
                  CHISO_OK); /* not of that group */
  chiso_sheet_known_free(known);
  const char *const gone[] = { "/nowhere.csv" };
  CU_ASSERT_EQUAL(
      chiso_sheet_known_read(k.round, NULL, gone, 1, NULL, &known, &k.err),
      CHISO_IO);
  CU_ASSERT_PTR_NULL(known);
  close_round(&k);
}

static void test_known_no_memory(void) {
  counting c = { -1, 0 };
  chiso_allocator allocator = counting_allocator(&c);
  made k;
  chiso_sheet_known *known;
  MUST(open_round(&k, NULL));
  bool whole = false;
  for (long left = 0; left < 20000 && !whole; left += 1 + left / 12) {
    c.left = left;
    chiso_status status = know(&k, known_text, NULL, &allocator, &known);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    CU_ASSERT((known != NULL) == (status == CHISO_OK));
    chiso_sheet_known_free(known);
    CU_ASSERT_EQUAL(c.live, 0);
    whole = status == CHISO_OK;
  }
  CU_ASSERT(whole);
  close_round(&k);
}

/* ---- limits and words -------------------------------------------------------
 */

static void test_limits(void) {
  chiso_input x = { .role = CHISO_ROLE_X, .unit = CHISO_UNIT_PERCENT };
  chiso_node share = { .op = CHISO_OP_SHARE };
  chiso__limits l = chiso__limits_of(&share, &x);
  CU_ASSERT(l.has_lo && l.has_hi && l.lo == 0 && l.hi == 100 * CHISO_DEC_ONE);
  chiso_node step = { .op = CHISO_OP_STEP }; /* growth may be below zero */
  l = chiso__limits_of(&step, &x);
  CU_ASSERT(!l.has_lo && !l.has_hi);
  chiso__buffer text = { 0 };
  l = (chiso__limits) { true, true, -CHISO_DEC_ONE, 2500000, 2 };
  chiso__limits_test(&l, &text);
  CU_ASSERT_STRING_EQUAL(text.data, "AND(@>=-1,@<=2.5,@=ROUND(@,2))");
  chiso__buffer_free(&text);
}

static void says(const chiso_methodology *m, const char *id, chiso_words which,
                 bool letters, const char *wanted) {
  chiso_words_style style = { CHISO_LANG_VI, ',', letters };
  chiso_error err = { 0 };
  char *text = NULL;
  MUST(chiso_rule_words(m, chiso_methodology_find(m, id), which, style, NULL,
                        &text, &err) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(text, wanted);
  chiso_text_free(NULL, text);
}

static void test_words(void) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  MUST(chiso_methodology_read(EVERY, NULL, &m, &err) == CHISO_OK);
  says(m, "2.1", CHISO_WORDS_RULE, true,
       "a / b, theo đường thẳng qua 0% → 0; 50% → 0,5; 100% → 2");
  says(m, "1.2", CHISO_WORDS_RULE, false, "3 × num / den");
  says(m, "2.3", CHISO_WORDS_RULE, true,
       "Có, đầy đủ → 1; Một phần → 0,5; Một phần → 0");
  says(m, "4", CHISO_WORDS_RULE, true, "một trong: Cơ quan A; Cơ quan B");
  says(m, "5.2.b", CHISO_WORDS_CONDITION, true, "a / b ≥ 80%");
  says(m, "2", CHISO_WORDS_DETAILS, true, "");
  chiso_methodology_free(m);
}

SUITE_MAIN({ "layout", test_layout }, { "book", test_book },
           { "shared book", test_shared }, { "same bytes", test_same_bytes },
           { "folder", test_folder }, { "refused", test_refused },
           { "no memory", test_no_memory }, { "known", test_known },
           { "known: faults", test_known_faults },
           { "known: no memory", test_known_no_memory },
           { "limits", test_limits }, { "words", test_words })
