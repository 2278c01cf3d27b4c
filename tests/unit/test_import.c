/* SPDX-License-Identifier: Apache-2.0
 * Importing tables: memory that runs short at every request, options, what a
 * base proposes. What annexes look like is in tests/xlsx/annex.py; what is
 * refused in tests/zoo/xlsx. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "chiso/author.h"
#include "fixture.h"
#include "suite.h"

#define ANNEX SOURCE_DIR "/tests/fuzz/annex.csv"
#define BASE  SOURCE_DIR "/indices/qd766/province/2026/index.json"

static char path[] = "/tmp/chiso-import-XXXXXX";

static bool save(const char *text, size_t size) {
  return chiso__file_write(path, text, size, NULL) == CHISO_OK;
}

static void test_begin(void) {
  int fd = mkstemp(path);
  MUST(fd >= 0);
  (void)close(fd);
}

/* Every request fails once: the import says so, keeps nothing, and in the end
 * succeeds. */
static void short_memory(const char *file,
                         const chiso_import_options *options) {
  bool done = false;
  for (long left = 0; left < 20000 && !done; left++) {
    counting c = { .left = left };
    chiso_allocator allocator = counting_allocator(&c);
    chiso_import *import = NULL;
    chiso_error err = { 0 };
    chiso_status status =
        chiso_import_new(file, options, &allocator, &import, &err);
    done = status == CHISO_OK;
    if (!done)
      CU_ASSERT_EQUAL(status, CHISO_NO_MEMORY);
    if (!done && status != CHISO_NO_MEMORY) {
      printf("request %ld: %d %s\n", left, (int)status, err.text);
      done = true;
    }
    chiso_import_free(import);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT(done);
}

static void test_memory(void) {
  chiso_import_options options = { .provenance = CHISO_PROV_RECALLED };
  chiso_methodology *base = NULL;
  char *bytes = NULL;
  size_t size = 0;
  short_memory(ANNEX, &options);
  MUST(chiso_methodology_read(BASE, NULL, &base, NULL) == CHISO_OK);
  options.base = base;
  short_memory(ANNEX, &options);
  options.base = NULL;
  MUST(chiso_index_export(base, CHISO_FORMAT_XLSX, CHISO_LANG_VI, &bytes, &size,
                          NULL) == CHISO_OK);
  MUST(save(bytes, size));
  chiso_text_free(NULL, bytes);
  short_memory(path, &options);
  chiso_methodology_free(base);
}

static void test_export_memory(void) {
  static const chiso_format formats[] = { CHISO_FORMAT_CSV, CHISO_FORMAT_XLSX };
  for (size_t f = 0; f < 2; f++) {
    bool done = false;
    for (long left = 0; left < 5000 && !done; left++) {
      counting c = { .left = -1 };
      chiso_allocator allocator = counting_allocator(&c);
      chiso_methodology *m = NULL;
      char *bytes = NULL;
      size_t size = 0;
      MUST(chiso_methodology_read(BASE, &allocator, &m, NULL) == CHISO_OK);
      c.left = left;
      chiso_status status =
          chiso_index_export(m, formats[f], CHISO_LANG_EN, &bytes, &size, NULL);
      done = status == CHISO_OK;
      CU_ASSERT(done || status == CHISO_NO_MEMORY);
      c.left = -1;
      if (done)
        chiso_text_free(&allocator, bytes);
      chiso_methodology_free(m);
      CU_ASSERT_EQUAL(c.live, 0);
    }
    CU_ASSERT(done);
  }
}

/* ---- small annexes ------------------------------------------------------- */

#define HEADER "STT;Tiêu chí;Điểm tối đa;Cách chấm\n"

static chiso_import *import_text(const char *text,
                                 const chiso_import_options *options,
                                 chiso_error *err) {
  static const chiso_import_options none = { .provenance =
                                                 CHISO_PROV_RECALLED };
  chiso_import *import = NULL;
  if (!save(text, strlen(text)))
    return NULL;
  (void)chiso_import_new(path, options ? options : &none, NULL, &import, err);
  return import;
}

/* Ids of the nodes, with blanks between them. */
static void expect_ids(const char *text, const char *want) {
  chiso_error err = { 0 };
  chiso_import *import = import_text(text, NULL, &err);
  char ids[512] = "";
  MUST(import != NULL);
  if (!chiso_import_methodology(import)) {
    printf("%s\n  %s:%llu %s\n", text, err.file, (unsigned long long)err.line,
           err.text);
    CU_FAIL("refused");
    chiso_import_free(import);
    return;
  }
  const chiso_index *ix =
      chiso_methodology_index(chiso_import_methodology(import));
  for (uint32_t i = 1; i < ix->n_nodes; i++)
    snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s",
             i > 1 ? " " : "", ix->nodes[i].id);
  if (strcmp(ids, want) != 0)
    printf("want %s\n got %s\n", want, ids);
  CU_ASSERT_STRING_EQUAL(ids, want);
  chiso_import_free(import);
}

static void test_numbering(void) {
  expect_ids(HEADER
             "1;A;10;\n1.1;B;1;\n1.2;B;1;\n1.3;B;1;\n1.4;B;1;\n1.5;B;1;\n"
             "1.6;B;1;\n1.7;B;1;\n1.8;B;1;\n1.9;B;1;\n1.1;B;1;\n",
             "1 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10");
  expect_ids(HEADER "I;A;2;\n1;B;1;\n2;B;1;\nII;A;1;\n1;B;1;\n",
             "I I.1 I.2 II II.1");
  expect_ids(HEADER "I;A;2;\n1;B;1;\n2;B;1;\nII;A;1;\n3;B;1;\n", "I 1 2 II 3");
  expect_ids(HEADER "A.;A;1;\n1;B;1;\nB.;A;1;\n1;B;1;\nC.;A;1;\n1;B;1;\n",
             "A A.1 B B.1 C C.1");
  expect_ids(HEADER "I;A;2;\n1;B;2;\na);C;1;\nb);C;1;\nII;A;1;\n1;B;1;\n",
             "I I.1 I.1.a I.1.b II II.1");
  /* letters whose points are those of one case each are steps */
  expect_ids(HEADER "1;A;2;\na);Đạt;2;\nb);Không đạt;0;\n", "1");
  expect_ids(HEADER "Lĩnh vực 1;A;1;\n1.1;B;1;\n", "1 1.1");
  expect_ids("Nội dung;Điểm chuẩn\nI. A;1\n1.1. B;1\n", "I 1.1");
}

static void expect_fault(const char *text, uint64_t line, uint64_t column,
                         const char *part) {
  chiso_error err = { 0 };
  chiso_import *import = import_text(text, NULL, &err);
  MUST(import != NULL);
  CU_ASSERT_PTR_NULL(chiso_import_methodology(import));
  CU_ASSERT_EQUAL(err.line, line);
  CU_ASSERT_EQUAL(err.column, column);
  if (!strstr(err.text, part))
    printf("%s\n  %s\n", text, err.text);
  CU_ASSERT(strstr(err.text, part) != NULL);
  chiso_import_free(import);
}

static void test_faults(void) {
  expect_fault(HEADER "1;A;3;\n1.1;B;1;\n1.2;B;1;\n", 2, 3, "rows 3, 4");
  expect_fault(HEADER "1;A;2;\n1.1;B;1;\n1.1;C;1;\n", 4, 1, "row 3");
  expect_fault(HEADER "1;A;1;\n?7;B;1;\n", 3, 1, "?7");
  expect_fault(HEADER "1;A;1;\n2.1;B;1;\n", 3, 1, "nothing above");
  expect_fault(HEADER "1;A;một;\n", 2, 3, "một");
  expect_fault(HEADER "1;A;;\n", 2, 3, "no points");
  expect_fault(HEADER "1;;1;\n", 2, 2, "no title");
  expect_fault(HEADER "1;A;1;\n;Tổng cộng;2;\n", 3, 3, "total is 2");
  expect_fault(HEADER "1;A;1;\n;Cộng lĩnh vực 1;2;\n", 3, 3, "gives it 2");
  expect_fault("Kính gửi;\nnội dung;x\n", 1, 1, "no header");
  expect_fault(HEADER, 1, 2, "no row");
}

/* ---- options ------------------------------------------------------------- */

static void test_provenance(void) {
  static const char text[] =
      "code,parent,kind,name_vi,max_points,provenance_name,provenance_points\n"
      "1,,area,A,1,official,reconstructed\n";
  chiso_import_options options = { .provenance = CHISO_PROV_PUBLISHED };
  chiso_error err = { 0 };
  chiso_import *import = import_text(text, &options, &err);
  MUST(import && chiso_import_methodology(import));
  const chiso_index *ix =
      chiso_methodology_index(chiso_import_methodology(import));
  CU_ASSERT_EQUAL(ix->nodes[1].prov_name, CHISO_PROV_PUBLISHED);
  CU_ASSERT_EQUAL(ix->nodes[1].prov_points, CHISO_PROV_RECONSTRUCTED);
  CU_ASSERT_STRING_EQUAL(chiso_import_lacks(import),
                         "--id --edition --level --units --title --legal");
  chiso_import_free(import);
}

static void test_base(void) {
  static const char text[] =
      HEADER "1;Công khai, minh bạch;10;\n"
             "1.1;Tỷ lệ thủ tục hành chính công bố đúng hạn;6;Tính theo tỷ lệ\n"
             "1.2;Một tiêu chí mới;4;Có: 4; không: 0\n";
  chiso_methodology *base = NULL;
  chiso_error err = { 0 };
  MUST(chiso_methodology_read(BASE, NULL, &base, &err) == CHISO_OK);
  chiso_import_options options = { .provenance = CHISO_PROV_RECALLED,
                                   .base = base,
                                   .edition = "2027",
                                   .legal = "1/QĐ" };
  chiso_import *import = import_text(text, &options, &err);
  MUST(import && chiso_import_methodology(import));
  const chiso_index *ix =
      chiso_methodology_index(chiso_import_methodology(import));
  CU_ASSERT_STRING_EQUAL(ix->id, "vn.qd766.province");
  CU_ASSERT_STRING_EQUAL(ix->supersedes[0], "vn.qd766.province/2026");
  CU_ASSERT_STRING_EQUAL(ix->nodes[1].was[0], "CKMB");
  const chiso_node *n = &ix->nodes[2];
  CU_ASSERT_STRING_EQUAL(n->was[0], "1.1");
  CU_ASSERT_PTR_NOT_NULL(n->concept_id);
  CU_ASSERT_STRING_EQUAL(n->inputs[0].key, "announced_on_time");
  CU_ASSERT_EQUAL(ix->nodes[3].n_was, 0);
  CU_ASSERT(chiso_import_row_at(import, 1)->note[0] != '\0');
  CU_ASSERT_STRING_EQUAL(chiso_import_lacks(import), "");
  chiso_import_free(import);
  chiso_methodology_free(base);
  (void)unlink(path);
}

SUITE_MAIN({ "begin", test_begin }, { "memory, import", test_memory },
           { "memory, export", test_export_memory },
           { "numbering", test_numbering }, { "faults", test_faults },
           { "provenance", test_provenance }, { "base", test_base })
