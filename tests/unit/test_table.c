/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include "chiso/data.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static chiso_error err;

static chiso_table *sample(void) {
  chiso_table *t = NULL;
  CU_ASSERT_EQUAL(chiso_table_new(NULL, &t, &err), CHISO_OK);
  chiso_table_title(t, "PAPI cấp tỉnh, vòng 2024", &err);
  chiso_table_column(t, "rank", "hạng", CHISO_CELL_INTEGER, 0, &err);
  chiso_table_column(t, "unit", "đơn vị", CHISO_CELL_TEXT, 0, &err);
  chiso_table_column(t, "points", "điểm /80", CHISO_CELL_DEC, 2, &err);
  chiso_table_column(t, "group", "nhóm", CHISO_CELL_TEXT, 0, &err);
  chiso_table_integer(t, 1, &err);
  chiso_table_text(t, "Bà Rịa - Vũng Tàu", &err);
  chiso_table_dec(t, 47125000, &err);
  chiso_table_text(t, "cao nhất", &err);
  chiso_table_integer(t, 12, &err);
  chiso_table_text(t, "Huế", &err);
  chiso_table_dec(t, 6500000, &err);
  chiso_table_text(t, NULL, &err);
  chiso_table_integer(t, INT64_MIN, &err);
  chiso_table_text(t, "a \"b\", c", &err);
  chiso_table_dec(t, CHISO_NONE, &err);
  chiso_table_note(t, "2 đơn vị thiếu số liệu", &err);
  return t;
}

static void expect(chiso_table *t, chiso_table_style style, const char *want) {
  char *bytes = NULL;
  size_t size = 0;
  CU_ASSERT_EQUAL(chiso_table_render(t, style, &bytes, &size, &err), CHISO_OK);
  MUST(bytes != NULL);
  CU_ASSERT_EQUAL(size, strlen(bytes));
  CU_ASSERT_STRING_EQUAL(bytes, want);
  if (strcmp(bytes, want) != 0)
    (void)fprintf(stderr, "got:\n%swanted:\n%s", bytes, want);
  chiso_text_free(NULL, bytes);
}

static void test_text(void) {
  chiso_table *t = sample();
  expect(t, (chiso_table_style) { .lang = CHISO_LANG_VI },
         "PAPI cấp tỉnh, vòng 2024\n"
         "hạng  đơn vị             điểm /80  nhóm\n"
         "   1  Bà Rịa - Vũng Tàu     47,13  cao nhất\n"
         "  12  Huế                    6,50\n"
         "      a \"b\", c\n"
         "\n"
         "2 đơn vị thiếu số liệu\n");
  expect(t, (chiso_table_style) { .exact = true, .width = 32 },
         "PAPI cấp tỉnh, vòng 2024\n"
         "hạng  đơn vị     điểm /80  nhóm\n"
         "   1  Bà Rịa …  47.125000  cao nhất\n"
         "  12  Huế        6.500000\n"
         "      a \"b\", c\n"
         "\n"
         "2 đơn vị thiếu số liệu\n");
  chiso_table_free(t);
}

static void test_marks(void) {
  /* NFD marks and wide characters: bytes are not columns */
  chiso_table *t = NULL;
  MUST(chiso_table_new(NULL, &t, &err) == CHISO_OK);
  chiso_table_column(t, "a", "a", CHISO_CELL_TEXT, 0, &err);
  chiso_table_column(t, "b", "b", CHISO_CELL_INTEGER, 0, &err);
  chiso_table_text(t, "Hue\xcc\x82\xcc\x81 thương", &err);
  chiso_table_integer(t, 1, &err);
  chiso_table_text(t, "\xe6\xbc\xa2\xe5\xad\x97", &err);
  chiso_table_integer(t, -2, &err);
  expect(t, (chiso_table_style) { 0 },
         "a            b\n"
         "Hue\xcc\x82\xcc\x81 thương   1\n"
         "\xe6\xbc\xa2\xe5\xad\x97        -2\n");
  expect(t, (chiso_table_style) { .width = 12 },
         "a          b\n"
         "Hue\xcc\x82\xcc\x81 thư…   1\n"
         "\xe6\xbc\xa2\xe5\xad\x97      -2\n");
  chiso_table_free(t);
}

static void test_facts(void) {
  chiso_table *t = NULL;
  MUST(chiso_table_new(NULL, &t, &err) == CHISO_OK);
  chiso_table_column(t, "field", "", CHISO_CELL_TEXT, 0, &err);
  chiso_table_column(t, "value", "", CHISO_CELL_TEXT, 0, &err);
  chiso_table_text(t, "rule", &err);
  chiso_table_text(t, "one two three four five six", &err);
  chiso_table_text(t, "law", &err);
  chiso_table_text(t, "766", &err);
  expect(t, (chiso_table_style) { .width = 24 },
         "rule  one two three four\n"
         "      five six\n"
         "law   766\n");
  expect(t, (chiso_table_style) { 0 },
         "rule  one two three four five six\n"
         "law   766\n");
  chiso_table_free(t);
}

static void test_csv(void) {
  chiso_table *t = sample();
  chiso_table_style style = { .format = CHISO_FORMAT_CSV,
                              .lang = CHISO_LANG_VI };
  expect(t, style,
         "rank,unit,points,group\n"
         "1,Bà Rịa - Vũng Tàu,47.13,cao nhất\n"
         "12,Huế,6.50,\n"
         ",\"a \"\"b\"\", c\",,\n");
  style.exact = true;
  expect(t, style,
         "rank,unit,points,group\n"
         "1,Bà Rịa - Vũng Tàu,47.125000,cao nhất\n"
         "12,Huế,6.500000,\n"
         ",\"a \"\"b\"\", c\",,\n");
  chiso_table_free(t);
}

static void test_json(void) {
  chiso_table *t = sample();
  expect(t, (chiso_table_style) { .format = CHISO_FORMAT_JSON },
         "{\n  \"columns\": [\n"
         "    {\"key\": \"rank\", \"title\": \"hạng\"},\n"
         "    {\"key\": \"unit\", \"title\": \"đơn vị\"},\n"
         "    {\"key\": \"points\", \"title\": \"điểm /80\"},\n"
         "    {\"key\": \"group\", \"title\": \"nhóm\"}\n"
         "  ],\n  \"rows\": [\n"
         "    {\"rank\": 1, \"unit\": \"Bà Rịa - Vũng Tàu\", "
         "\"points\": \"47.13\", \"group\": \"cao nhất\"},\n"
         "    {\"rank\": 12, \"unit\": \"Huế\", \"points\": \"6.50\", "
         "\"group\": null},\n"
         "    {\"rank\": null, \"unit\": \"a \\\"b\\\", c\", "
         "\"points\": null, \"group\": null}\n"
         "  ],\n  \"notes\": [\n"
         "    \"PAPI cấp tỉnh, vòng 2024\",\n"
         "    \"2 đơn vị thiếu số liệu\"\n"
         "  ]\n}\n");
  chiso_table_free(t);
  MUST(chiso_table_new(NULL, &t, &err) == CHISO_OK);
  expect(t, (chiso_table_style) { .format = CHISO_FORMAT_JSON },
         "{\n  \"columns\": [\n  ],\n  \"rows\": [],\n  \"notes\": []\n}\n");
  expect(t, (chiso_table_style) { .format = CHISO_FORMAT_TABLE }, "");
  chiso_table_free(t);
}

/* The same bytes a second later and in another time zone. */
static void test_xlsx(void) {
  chiso_table *t = sample();
  chiso_table_style style = { .format = CHISO_FORMAT_XLSX };
  char *first = NULL, *second = NULL;
  size_t size = 0, again = 0;
  CU_ASSERT_EQUAL(chiso_table_render(t, style, &first, &size, &err), CHISO_OK);
  (void)setenv("TZ", "Asia/Ho_Chi_Minh", 1);
  tzset();
  (void)sleep(2);
  CU_ASSERT_EQUAL(chiso_table_render(t, style, &second, &again, &err),
                  CHISO_OK);
  MUST(first != NULL && second != NULL);
  CU_ASSERT(size > 1000 && memcmp(first, "PK", 2) == 0);
  CU_ASSERT(size == again && memcmp(first, second, size) == 0);
  chiso_text_free(NULL, first);
  chiso_text_free(NULL, second);
  (void)setenv("TMPDIR", "/nonexistent", 1);
  CU_ASSERT_EQUAL(chiso_table_render(t, style, &first, &size, &err), CHISO_IO);
  (void)unsetenv("TMPDIR");
  chiso_table_free(t);
}

static void test_misuse(void) {
  chiso_table *t = NULL;
  MUST(chiso_table_new(NULL, &t, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_table_text(t, "x", &err), CHISO_INTERNAL);
  CU_ASSERT_EQUAL(chiso_table_column(t, "a", "a", CHISO_CELL_DEC, 7, &err),
                  CHISO_INTERNAL);
  CU_ASSERT_EQUAL(chiso_table_column(t, "a", "a", CHISO_CELL_DEC, 2, &err),
                  CHISO_OK);
  CU_ASSERT_EQUAL(chiso_table_text(t, "x", &err), CHISO_INTERNAL);
  CU_ASSERT_EQUAL(chiso_table_dec(t, 1, &err), CHISO_OK);
  CU_ASSERT_EQUAL(chiso_table_column(t, "b", "b", CHISO_CELL_DEC, 2, &err),
                  CHISO_INTERNAL);
  chiso_table_free(t);
}

static void test_full_disk(void) {
  chiso_table *t = sample();
  FILE *full = fopen("/dev/full", "w");
  MUST(full != NULL);
  chiso_table_style style = { .format = CHISO_FORMAT_CSV };
  CU_ASSERT_EQUAL(chiso_table_write(t, style, NULL, full, &err), CHISO_IO);
  CU_ASSERT(strlen(err.text) > 0);
  (void)fclose(full);
  chiso_table_free(t);
}

/* An allocator that refuses from the n-th block on. */
static size_t left;
static void *stingy(void *user, void *block, size_t size) {
  (void)user;
  if (size == 0) {
    free(block);
    return NULL;
  }
  if (left == 0)
    return NULL;
  left--;
  return realloc(block, size);
}

static chiso_status fill_and_render(const chiso_allocator *allocator,
                                    chiso_format format) {
  chiso_table *t = NULL;
  char *bytes = NULL;
  size_t size;
  chiso_status s = chiso_table_new(allocator, &t, &err);
  if (s == CHISO_OK)
    s = chiso_table_column(t, "a", "a", CHISO_CELL_TEXT, 0, &err);
  for (int i = 0; i < 300 && s == CHISO_OK; i++)
    s = chiso_table_text(t, "some text", &err);
  if (s == CHISO_OK)
    s = chiso_table_note(t, "note", &err);
  if (s == CHISO_OK)
    s = chiso_table_render(t, (chiso_table_style) { .format = format }, &bytes,
                           &size, &err);
  chiso_text_free(allocator, bytes);
  chiso_table_free(t);
  return s;
}

static void test_no_memory(void) {
  const chiso_allocator allocator = { stingy, NULL };
  for (int format = CHISO_FORMAT_TABLE; format <= CHISO_FORMAT_JSON; format++) {
    size_t most = 0;
    chiso_status s = CHISO_NO_MEMORY;
    while (s != CHISO_OK && most < 1000) {
      left = most++;
      s = fill_and_render(&allocator, (chiso_format)format);
      CU_ASSERT(s == CHISO_OK || s == CHISO_NO_MEMORY);
    }
    CU_ASSERT_EQUAL(s, CHISO_OK);
  }
}

SUITE_MAIN({ "text", test_text }, { "marks and wide characters", test_marks },
           { "facts", test_facts }, { "csv", test_csv }, { "json", test_json },
           { "xlsx", test_xlsx }, { "misuse", test_misuse },
           { "full disk", test_full_disk }, { "no memory", test_no_memory })
