/* SPDX-License-Identifier: Apache-2.0
 * A methodology as tables and back: the same bytes, for every methodology
 * shipped, as a workbook and as CSV. */
#include <string.h>
#include <unistd.h>

#include "author/form.h"
#include "base/file.h"
#include "base/json.h"
#include "shipped.h"
#include "suite.h"

static char folder[] = "/tmp/chiso-form-XXXXXX";

static bool write_file(const char *path, const char *bytes, size_t size) {
  return chiso__file_write(path, bytes, size, NULL) == CHISO_OK;
}

/* Whether the tables of `m` in a format give its canonical text again. */
static bool round_trip(const chiso_methodology *m, chiso_format format,
                       chiso_lang lang) {
  char path[128], *bytes = NULL, *before = NULL, *after = NULL;
  size_t size, n_before = 0, n_after = 0;
  chiso_error err = { 0 };
  chiso_import *import = NULL;
  chiso_import_options options = { 0 };
  bool same = false;
  snprintf(path, sizeof path, "%s/table", folder);
  if (chiso_index_export(m, format, lang, &bytes, &size, &err) == CHISO_OK &&
      write_file(path, bytes, size) &&
      chiso_import_new(path, &options, NULL, &import, &err) == CHISO_OK &&
      chiso_import_exact(import) &&
      chiso_methodology_write(m, &before, &n_before, &err) == CHISO_OK &&
      chiso_methodology_write(chiso_import_methodology(import), &after,
                              &n_after, &err) == CHISO_OK)
    same = n_before == n_after && memcmp(before, after, n_before) == 0;
  if (!same)
    printf("%s: %s: %s:%llu:%llu %s\n", chiso_methodology_name(m),
           chiso_methodology_index(m)->title_vi, err.file,
           (unsigned long long)err.line, (unsigned long long)err.column,
           err.text);
  chiso_text_free(NULL, bytes);
  chiso_text_free(NULL, before);
  chiso_text_free(NULL, after);
  chiso_import_free(import);
  (void)unlink(path);
  return same;
}

static void test_shipped(void) {
  MUST(mkdtemp(folder) != NULL);
  for (size_t i = 0; i < sizeof all_shipped / sizeof *all_shipped; i++) {
    char path[512];
    chiso_error err = { 0 };
    chiso_methodology *m = NULL;
    snprintf(path, sizeof path, SOURCE_DIR "/indices/%s/index.json",
             all_shipped[i].folder);
    MUST(chiso_methodology_read(path, NULL, &m, &err) == CHISO_OK);
    CU_ASSERT(round_trip(m, CHISO_FORMAT_XLSX, CHISO_LANG_VI));
    CU_ASSERT(round_trip(m, CHISO_FORMAT_CSV, CHISO_LANG_VI));
    CU_ASSERT(round_trip(m, CHISO_FORMAT_XLSX, CHISO_LANG_EN));
    CU_ASSERT(round_trip(m, CHISO_FORMAT_CSV, CHISO_LANG_EN));
    chiso_methodology_free(m);
  }
}

/* Texts that quoting, cells and lists could damage, in every place of the file
 * that holds one. */
static void test_strange_texts(void) {
  static const char *const texts[] = {
    "=1+1",        "'=1",       "'quoted'",    " blanks ",  "a|b\\\\c",
    "line\\nline", "tab\\tend", "_x000A_",     "1.10",      "[nodes]",
    "\\\"quote",   "#comment",  "+84 1",       "-",         "@you",
    "a, b; c",     "2024-10-1", "TRUE",        "\\u00a0x",  "\\\\",
    "a\\r\\nb",    "|",         "đ \\u0301 ễ", "x\\u0007y", "NA",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char json[4096];
    chiso_error err = { 0 };
    chiso_methodology *m = NULL;
    const char *t = texts[i];
    int size = snprintf(
        json, sizeof json,
        "{\"format\":1,\"id\":\"a\",\"edition\":\"2020\",\"level\":"
        "\"district\","
        "\"title\":{\"vi\":\"%s\",\"en\":\"%s\"},\"rounds\":{\"first\":2020},"
        "\"units\":\"%s\",\"digits\":2,\"rank\":{\"by\":\"points\",\"ties\":"
        "\"shared\"},\"note\":\"%s\",\"supersedes\":[\"%s\",\"b\"],\"legal\":[{"
        "\"key\":\"%s\",\"instrument\":\"%s\",\"issued\":\"2020-02\"},{\"key\":"
        "\"second\",\"instrument\":\"i\"}],\"deadlines\":[{\"what\":\"%s\","
        "\"date\":\"2020\"}],\"nodes\":[{\"id\":\"index\",\"kind\":\"index\","
        "\"title\":{\"vi\":\"%s\"},\"max\":\"0.000001\",\"weight\":\"1\","
        "\"op\":"
        "\"sum\",\"provenance\":{\"name\":\"recalled\",\"points\":\"recalled\"}"
        ","
        "\"source\":\"%s\"},{\"id\":\"1.10\",\"parent\":\"index\",\"kind\":"
        "\"area\",\"title\":{\"vi\":\"t\"},\"max\":\"0.000001\",\"weight\":"
        "\"1\","
        "\"op\":\"choice\",\"steps\":[{\"key\":\"k%s\",\"points\":\"0.000001\","
        "\"title\":{\"vi\":\"%s\",\"en\":\"%s\"}},{\"key\":\"l\",\"points\":"
        "\"0\","
        "\"title\":{\"vi\":\"%s\"}}],\"inputs\":[{\"key\":\"k\",\"role\":\"x\","
        "\"unit\":\"choice\",\"title\":{\"vi\":\"%s\",\"en\":\"%s\"}}],\"was\":"
        "["
        "\"%s\",\"%s\"],\"measure\":{\"period\":\"%s\"},\"rule\":\"%s\","
        "\"legal\":\"second\",\"provenance\":{\"name\":\"recalled\",\"points\":"
        "\"official\"},\"source\":\"%s\",\"note\":\"%s\"}]}",
        t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t);
    MUST(size > 0 && (size_t)size < sizeof json);
    if (chiso_methodology_parse("t", json, (size_t)size, NULL, &m, &err) !=
        CHISO_OK) {
      printf("%s: %s\n", t, err.text);
      CU_FAIL("the methodology of the test");
      continue;
    }
    CU_ASSERT(round_trip(m, CHISO_FORMAT_XLSX, CHISO_LANG_VI));
    CU_ASSERT(round_trip(m, CHISO_FORMAT_CSV, CHISO_LANG_VI));
    chiso_methodology_free(m);
  }
  (void)rmdir(folder);
}

SUITE_MAIN({ "every methodology shipped", test_shipped },
           { "strange texts", test_strange_texts })
