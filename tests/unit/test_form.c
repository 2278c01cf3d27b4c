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

/* ---- nothing is left out ------------------------------------------------- */

static const chiso__json *at(const chiso__json *from, const char *path) {
  char key[64];
  while (from && *path) {
    size_t size = strcspn(path, "/");
    snprintf(key, sizeof key, "%.*s", (int)size, path);
    from = chiso__json_get(from, key);
    path += size + (path[size] == '/');
  }
  return from;
}

static bool has_column(const chiso__form_section *s, const char *before,
                       const char *key) {
  size_t size = strlen(before), length = strlen(key);
  for (size_t i = 0; i < s->n_columns; i++) {
    const char *c = s->columns[i].key;
    if (strncmp(c, before, size) == 0 && strncmp(c + size, key, length) == 0 &&
        (c[size + length] == '\0' || c[size + length] == '.'))
      return true;
  }
  return false;
}

/* Every member that the schema has is a column, or a row of [index]. */
static void test_members(void) {
  static const struct {
    const char *path, *before, *nested;
    chiso__section section;
  } lists[] = {
    { "$defs/node/properties", "", "", CHISO__SECTION_NODES },
    { "properties/legal/items/properties", "", "", CHISO__SECTION_LEGAL },
    { "properties/deadlines/items/properties", "", "",
      CHISO__SECTION_DEADLINES },
    { "properties/gradings/items/properties", "", "grades",
      CHISO__SECTION_GRADINGS },
    { "properties/gradings/items/properties/grades/items/properties", "", "",
      CHISO__SECTION_GRADINGS },
    { "properties/partitions/items/properties", "", "parts",
      CHISO__SECTION_PARTITIONS },
    { "properties/partitions/items/properties/parts/items/properties", "part.",
      "", CHISO__SECTION_PARTITIONS },
  };
  chiso__arena arena = { .allocator = chiso_allocator_default() };
  const char *text;
  size_t size;
  chiso__json *schema;
  MUST(chiso__file_read(&arena, SOURCE_DIR "/sdk/schema/index.schema.json",
                        CHISO__LIMIT_INDEX, false, &text, &size,
                        NULL) == CHISO_OK);
  MUST(chiso__json_parse(&arena, "schema", text, size, &schema, NULL) ==
       CHISO_OK);
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    chiso__form_section section;
    const chiso__json *members = at(schema, lists[i].path);
    chiso__form_section_of(lists[i].section, &section);
    MUST(members && members->count > 1);
    for (const chiso__json *m = members->first; m; m = m->next) {
      bool there = strcmp(m->key, lists[i].nested) == 0 ||
                   has_column(&section, lists[i].before, m->key);
      if (!there)
        printf("%s has no column %s\n", section.key, m->key);
      CU_ASSERT(there);
    }
    /* a column has titles of its own, not only its key */
    for (size_t c = 0; c < section.n_columns; c++)
      CU_ASSERT_STRING_NOT_EQUAL(section.columns[c].vi, section.columns[c].key);
  }
  chiso__arena_free(&arena);
}

/* The members of the head, by a methodology that has them all. */
static void test_head(void) {
  static const char *const elsewhere[] = { "legal",    "deadlines",
                                           "gradings", "partitions",
                                           "nodes",    NULL };
  chiso__arena arena = { .allocator = chiso_allocator_default() };
  chiso__form form = { .arena = &arena };
  const char *text;
  size_t size;
  chiso__json *schema;
  chiso_methodology *m = NULL;
  MUST(chiso__file_read(&arena, SOURCE_DIR "/sdk/schema/index.schema.json",
                        CHISO__LIMIT_INDEX, false, &text, &size,
                        NULL) == CHISO_OK);
  MUST(chiso__json_parse(&arena, "schema", text, size, &schema, NULL) ==
       CHISO_OK);
  MUST(chiso_methodology_read(SOURCE_DIR "/tests/abi/source/everything.json",
                              NULL, &m, NULL) == CHISO_OK);
  chiso__form_fill(&form, m);
  const chiso__form_sheet *head = &form.sheets[CHISO__SECTION_INDEX];
  for (const chiso__json *p = at(schema, "properties")->first; p; p = p->next) {
    bool there = false;
    for (size_t i = 0; elsewhere[i]; i++)
      there |= strcmp(p->key, elsewhere[i]) == 0;
    for (size_t r = 0; r < head->n_rows; r++) {
      const char *key = head->cells[r * head->section.n_columns].text;
      there |= strncmp(key, p->key, strlen(p->key)) == 0;
    }
    if (!there)
      printf("[index] has no row %s\n", p->key);
    CU_ASSERT(there);
  }
  chiso_methodology_free(m);
  chiso__arena_free(&arena);
}

SUITE_MAIN({ "every methodology shipped", test_shipped },
           { "strange texts", test_strange_texts },
           { "every member", test_members }, { "the head", test_head })
