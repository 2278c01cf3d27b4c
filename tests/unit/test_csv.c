/* SPDX-License-Identifier: Apache-2.0
 * Tables: what Excel writes, hostile texts, writing and reading back. */
#include "base/csv.h"

#include "fixture.h"
#include "hostile.h"
#include "suite.h"

static chiso_status parse(chiso__arena *arena, const char *text,
                          chiso__csv *out, chiso_error *err) {
  return chiso__csv_parse(arena, "t.csv", text, strlen(text), out, err);
}

static const char *cell(const chiso__csv *csv, size_t row, size_t column) {
  return chiso__csv_cell(csv, row, column)->text;
}

static void what_excel_writes(void) {
  chiso__arena arena = { 0 };
  chiso__csv csv;
  MUST(parse(&arena,
             "\xef\xbb\xbf# note; a, b, c, d\r\n\r\nUnit;Giá trị ;\"no;te\"\r\n"
             "Hà Nội; 1,5 ;\"a\r\nb \"\"c\"\"\"\r\n  \r\n"
             "e\xcc\x82\xcc\xa3;\xc2\xa0\xc2\xa0;\"\"",
             &csv, NULL) == CHISO_OK);
  CU_ASSERT(csv.separator == ';' && csv.n_columns == 3 && csv.n_rows == 2);
  CU_ASSERT_EQUAL(csv.header_line, 3);
  CU_ASSERT_STRING_EQUAL(csv.header[1].text, "Giá trị");
  CU_ASSERT_STRING_EQUAL(csv.header[2].text, "no;te");
  CU_ASSERT_STRING_EQUAL(cell(&csv, 0, 1), "1,5");
  CU_ASSERT_STRING_EQUAL(cell(&csv, 0, 2), "a\r\nb \"c\"");
  CU_ASSERT_STRING_EQUAL(cell(&csv, 1, 0), "ệ");
  CU_ASSERT_STRING_EQUAL(cell(&csv, 1, 1), "");
  CU_ASSERT_EQUAL(chiso__csv_cell(&csv, 1, 2)->size, 0);
  CU_ASSERT(csv.lines[0] == 4 && csv.lines[1] == 7);
  CU_ASSERT_EQUAL(chiso__csv_column(&csv, "UNIT"), 0);
  CU_ASSERT_EQUAL(chiso__csv_column(&csv, "none"), SIZE_MAX);
  chiso__arena_free(&arena);
}

static void separators_and_line_ends(void) {
  chiso__arena arena = { 0 };
  chiso__csv csv;
  MUST(parse(&arena, "a\tb\tc\n1\t\t3\n\t2\t\n", &csv, NULL) == CHISO_OK);
  CU_ASSERT(csv.separator == '\t' && csv.n_rows == 2);
  CU_ASSERT_STRING_EQUAL(cell(&csv, 1, 1), "2");
  CU_ASSERT_STRING_EQUAL(cell(&csv, 0, 2), "3");
  MUST(parse(&arena, "a,b\r1,2\r\r3,4", &csv, NULL) == CHISO_OK);
  CU_ASSERT(csv.n_rows == 2 && csv.lines[1] == 4);
  MUST(parse(&arena, "only\n1\n\n2", &csv, NULL) == CHISO_OK);
  CU_ASSERT(csv.n_columns == 1 && csv.n_rows == 2 && csv.separator == ',');
  MUST(parse(&arena, "a,b", &csv, NULL) == CHISO_OK);
  CU_ASSERT(csv.n_columns == 2 && csv.n_rows == 0);
  MUST(parse(&arena, "a,b\n\"x,\ny\",2\n1,\"\"\n", &csv, NULL) == CHISO_OK);
  CU_ASSERT(csv.n_rows == 2 && csv.lines[1] == 4);
  chiso__arena_free(&arena);
}

static void hostile_texts(void) {
  static const bad zoo[] = {
    { "", 0, 0, MSG_FILE_EMPTY },
    { " \n\n", 3, 0, MSG_CSV_NO_HEADER },
    { "# a\n# b", 2, 0, MSG_CSV_NO_HEADER },
    { "a,,b\n", 1, 2, MSG_CSV_NO_NAME },
    { "a,b,\n1,2,3\n", 2, 3, MSG_CSV_NO_NAME },
    { "a,b,,\n\n1,2,\n1,2,,3\n", 4, 4, MSG_CSV_NO_NAME },
    { ",,\n1,2,3\n", 1, 1, MSG_CSV_NO_NAME },
    { "a,b,\n1,2,,\n", 2, 4, MSG_CSV_MORE },
    { "\xff\xfe"
      "a",
      0, 0, MSG_UTF16 },
    { "PK\3\4", 0, 0, MSG_CSV_WORKBOOK },
    { "Unit,b,unit\n", 1, 3, MSG_CSV_REPEATED },
    { "a,b\n1\n", 2, 1, MSG_CSV_FEWER },
    { "a,b\n1,2\n1,2,3\n", 3, 3, MSG_CSV_MORE },
    { "a,b\n1,2,\n", 2, 3, MSG_CSV_MORE },
    { "a,b\n1,x\"y\n", 2, 2, MSG_CSV_QUOTE_INSIDE },
    { "a,b\n1,\"x\"y\n", 2, 2, MSG_CSV_AFTER_QUOTE },
    { "a,b\n1,\"x\n2,3\n", 2, 2, MSG_CSV_OPEN_QUOTE },
    { "a,b\n1,\"", 2, 2, MSG_CSV_OPEN_QUOTE },
    { "a,b\n1,\"\"\"", 2, 2, MSG_CSV_OPEN_QUOTE },
    { "a,b\n1,\xe1\xbb\n", 2, 2, MSG_NOT_UTF8 },
  };
  for (size_t i = 0; i < sizeof zoo / sizeof *zoo; i++) {
    chiso__arena arena = { 0 };
    chiso__csv csv;
    chiso_error err = { .lang = CHISO_LANG_EN };
    CU_ASSERT_EQUAL(parse(&arena, zoo[i].text, &csv, &err), CHISO_BAD_DATA);
    expect_bad(&zoo[i], &err);
    chiso__arena_free(&arena);
  }
  chiso__arena arena = { 0 };
  chiso__csv csv;
  chiso_error err = { .lang = CHISO_LANG_EN };
  CU_ASSERT_EQUAL(chiso__csv_parse(&arena, "z", "a\n1\0\n", 5, &csv, &err),
                  CHISO_BAD_DATA);
  CU_ASSERT_EQUAL(err.line, 2);
  chiso__arena_free(&arena);
}

/* What a spreadsheet leaves behind: columns and rows of nothing. */
static void leftovers(void) {
  static const char *const texts[] = {
    "a;b;;;\n1;2;;;\n;;;;\n3;4;;;\n;;\n",
    "sep=;\na;b\n1;2\n;\n3;4\n",
    "sep=;\r\na;b;\r\n1;2\r\n\r\n3;4;\r\n",
    "\xef\xbb\xbfsep=\t\na\tb\n1\t2\n\t\n3\t4",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    chiso__arena arena = { 0 };
    chiso__csv csv;
    CU_ASSERT_EQUAL(parse(&arena, texts[i], &csv, NULL), CHISO_OK);
    CU_ASSERT(csv.n_columns == 2 && csv.n_rows == 2);
    if (csv.n_columns == 2 && csv.n_rows == 2)
      CU_ASSERT_STRING_EQUAL(chiso__csv_cell(&csv, 1, 1)->text, "4");
    chiso__arena_free(&arena);
  }
}

static void columns_to_the_limit(void) {
  for (int n = 16384; n <= 16385; n++) {
    chiso__buffer text = { 0 };
    chiso__arena arena = { 0 };
    chiso__csv csv;
    for (int i = 0; i < n; i++)
      chiso__buffer_print(&text, i ? ",c%d" : "c%d", i);
    CU_ASSERT_EQUAL(parse(&arena, text.data, &csv, NULL),
                    n == 16384 ? CHISO_OK : CHISO_BAD_DATA);
    chiso__buffer_free(&text);
    chiso__arena_free(&arena);
  }
}

static void writes(void) {
  static const char *const pairs[][2] = {
    { "plain", "plain" },
    { "a,b", "\"a,b\"" },
    { "a;b", "\"a;b\"" },
    { "say \"x\"", "\"say \"\"x\"\"\"" },
    { "two\nlines", "\"two\nlines\"" },
    { "-1.5", "-1.5" },
    { "+7", "+7" },
    { "=1+1", "'=1+1" },
    { "-1.5e-14", "-1.5e-14" },
    { "-12345678901234567890", "-12345678901234567890" },
    { "-1e", "'-1e" },
    { "-e5", "'-e5" },
    { "-", "'-" },
    { "@cmd,x", "\"'@cmd,x\"" },
    { "-1+cmd|x", "'-1+cmd|x" },
    { "-1.5e-05", "-1.5e-05" },
    { "-15601711819820882e+40", "-15601711819820882e+40" },
    { "-1e", "'-1e" },
    { "-1e-05+A1", "'-1e-05+A1" },
    { "", "" },
    { "#x", "#x" },
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    chiso__buffer out = { 0 };
    chiso__csv_write(&out, true, "k");
    chiso__csv_write(&out, false, pairs[i][0]);
    MUST(!out.failed);
    CU_ASSERT(strncmp(out.data, "k,", 2) == 0);
    CU_ASSERT_STRING_EQUAL(out.data + 2, pairs[i][1]);
    chiso__buffer_free(&out);
  }
}

/* What is written reads back the same, whatever the fields hold. */
static void write_and_read_back(void) {
  static const char letters[] = "ab\",;\t\n\r#1 ";
  uint64_t state = 3;
  for (int round = 0; round < 3000; round++) {
    char fields[3][3][8];
    chiso__buffer out = { 0 };
    chiso__arena arena = { 0 };
    chiso__csv csv;
    for (size_t r = 0; r < 3; r++)
      for (size_t c = 0; c < 3; c++) {
        char *f = fields[r][c];
        size_t n = 0;
        f[n++] =
            (char)('x' + c); /* a letter first and last: no blanks around */
        for (uint64_t left = xorshift(&state) % 5; left > 0; left--)
          f[n++] = letters[xorshift(&state) % (sizeof letters - 1)];
        f[n++] = (char)('p' + c);
        f[n] = '\0';
        chiso__csv_write(&out, c == 0, f);
        if (c == 2)
          chiso__buffer_text(&out, "\n");
      }
    MUST(!out.failed && parse(&arena, out.data, &csv, NULL) == CHISO_OK);
    MUST(csv.n_columns == 3 && csv.n_rows == 2);
    for (size_t c = 0; c < 3; c++) {
      CU_ASSERT_STRING_EQUAL(csv.header[c].text, fields[0][c]);
      CU_ASSERT_STRING_EQUAL(cell(&csv, 0, c), fields[1][c]);
      CU_ASSERT_STRING_EQUAL(cell(&csv, 1, c), fields[2][c]);
    }
    chiso__buffer_free(&out);
    chiso__arena_free(&arena);
  }
}

static void mutated_texts(void) {
  static const char seed[] = "a;b;\"c\"\r\n1;\"x;\"\"\r\ny\";\n\n2;3;4\r5;6;7";
  static const char letters[] = "\",;\t\n\r# a";
  uint64_t state = 17;
  unsigned accepted = 0;
  for (int round = 0; round < 30000; round++) {
    char text[sizeof seed];
    memcpy(text, seed, sizeof seed);
    for (uint64_t n = 1 + xorshift(&state) % 3; n > 0; n--)
      text[xorshift(&state) % (sizeof seed - 1)] =
          letters[xorshift(&state) % (sizeof letters - 1)];
    size_t size = (size_t)(xorshift(&state) % sizeof seed);
    text[size] = '\0';
    chiso__arena arena = { 0 };
    chiso__csv csv;
    chiso_status status = parse(&arena, text, &csv, NULL);
    MUST(status == CHISO_OK || status == CHISO_BAD_DATA);
    accepted += status == CHISO_OK;
    for (size_t r = 0; status == CHISO_OK && r < csv.n_rows; r++)
      for (size_t c = 0; c < csv.n_columns; c++)
        MUST(strlen(cell(&csv, r, c)) == chiso__csv_cell(&csv, r, c)->size);
    chiso__arena_free(&arena);
  }
  CU_ASSERT(accepted > 100);
}

static void memory_runs_out(void) {
  chiso_status status = CHISO_NO_MEMORY;
  long n = 0;
  for (; status == CHISO_NO_MEMORY && n < 1000; n++) {
    counting c = { .left = n };
    chiso_allocator allocator = counting_allocator(&c);
    chiso__arena arena = { .allocator = &allocator };
    chiso__csv csv;
    status = parse(&arena, "a,b\n1,e\xcc\x82\n3,4\n", &csv, NULL);
    chiso__arena_free(&arena);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  CU_ASSERT(n > 4);
}

SUITE_MAIN({ "excel", what_excel_writes },
           { "separators", separators_and_line_ends },
           { "hostile", hostile_texts }, { "leftovers", leftovers },
           { "columns", columns_to_the_limit }, { "writes", writes },
           { "read back", write_and_read_back }, { "mutated", mutated_texts },
           { "memory", memory_runs_out })
