/* SPDX-License-Identifier: Apache-2.0
 * Manifests: what is read, what is refused and with which words, what is
 * written reads back the same. */
#include "host_fixture.h"

#include "host/host.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const char plugin_part[] = "[plugin]\n"
                                  "format = 1\n"
                                  "id = par-2020\n"
                                  "version = 1.0.0\n"
                                  "license = Apache-2.0\n"
                                  "contact = chiso developers\n"
                                  "abi = 1.0\n"
                                  "library = par-2020.so\n"
                                  "library_sha256 = " ZEROS "\n"
                                  "rules = data\n";
static const char index_part[] =
    "[index 1]\n"
    "id = vn.par.province\n"
    "edition = 2020\n"
    "title_vi = Chỉ số cải cách hành chính\n"
    "title_en = \"PAR; index\"\n"
    "level = province\n"
    "units = vn.provinces/2008\n"
    "first = 2020\n"
    "last = 2021\n"
    "max = 100\n"
    "counts = 8 area, 43 criterion, 102 subcriterion\n"
    "legal = 1149/QĐ-BNV, 30/12/2020\n"
    "provenance = published 3, recalled 4, reconstructed 107\n"
    "definition_sha256 = " ZEROS "\n";

static chiso_status parse(chiso__arena *arena, const char *text,
                          chiso__manifest *out, chiso_error *err) {
  *err = (chiso_error) { .lang = err->lang };
  return chiso__manifest_parse(arena, "x.plugin.ini", text, strlen(text), out,
                               err);
}

/* The good manifest with the first `from` replaced; to be freed. */
static char *changed(const char *from, const char *to) {
  size_t room = sizeof plugin_part + sizeof index_part + strlen(to) + 1;
  char *good_text = malloc(room), *text = malloc(room);
  if (!good_text || !text)
    abort();
  snprintf(good_text, room, "%s%s", plugin_part, index_part);
  const char *at = strstr(good_text, from);
  if (!at)
    abort();
  snprintf(text, room, "%.*s%s%s", (int)(at - good_text), good_text, to,
           at + strlen(from));
  free(good_text);
  return text;
}

static void test_good(void) {
  chiso__arena arena = { 0 };
  chiso__manifest m;
  chiso_error err = { 0 };
  char *text = changed("", "");
  MUST(good(parse(&arena, text, &m, &err), &err));
  CU_ASSERT_STRING_EQUAL(m.id, "par-2020");
  CU_ASSERT_STRING_EQUAL(m.abi, "1.0");
  CU_ASSERT_STRING_EQUAL(m.contact, "chiso developers");
  CU_ASSERT(!m.call && m.n_indices == 1);
  const chiso__manifest_index *index = &m.indices[0];
  CU_ASSERT_STRING_EQUAL(index->title_en, "PAR; index");
  CU_ASSERT_STRING_EQUAL(index->unit_set, "vn.provinces/2008");
  CU_ASSERT(index->max == 100 * CHISO_DEC_ONE);
  CU_ASSERT(index->first == 2020 && index->last == 2021);
  CU_ASSERT(index->level == CHISO_LEVEL_PROVINCE);
  chiso__buffer out = { 0 };
  MUST(good(chiso__manifest_write(&m, &out, &err), &err));
  CU_ASSERT_STRING_EQUAL(out.data, text);
  chiso__buffer_free(&out);
  chiso__arena_free(&arena);
  free(text);
}

static const struct {
  const char *from, *to, *expected;
} zoo[] = {
  { "format = 1\n", "", "format" },
  { "format = 1", "format = 2", "reads format 1" },
  { "id = par-2020\n", "", "id" },
  { "id = par-2020", "id = ../par", "../par" },
  { "id = par-2020", "id = Chỉ-số", "id" },
  { "version = 1.0.0\n", "", "version" },
  { "version = 1.0.0", "version = 1.0", "1.2.3" },
  { "version = 1.0.0", "version = 1.0.0 beta", "1.2.3" },
  { "license = Apache-2.0\n", "", "license" },
  { "license = Apache-2.0", "license =", "license" },
  { "abi = 1.0\n", "", "abi" },
  { "abi = 1.0", "abi = 1", "1.0" },
  { "abi = 1.0", "abi = 1.0x", "1.0" },
  { "abi = 1.0", "abi = 1.4",
    "par-2020 needs plugin ABI 1.4; this chiso (0.1.0) offers 1.0; install a "
    "chiso that offers 1.4, or ask its author to run \"chiso build --abi "
    "1.0\"" },
  { "abi = 1.0", "abi = 0.9", "built for plugin ABI 0.9" },
  { "abi = 1.0\n", "abi = 1.4\nrequires = future\n", "chiso build --abi 1.0" },
  { "abi = 1.0", "abi = 99999999999999999999.0", "1.0" },
  { "library = par-2020.so\n", "", "library" },
  { "library = par-2020.so", "library = ../x.so", "../x.so" },
  { "library = par-2020.so", "library = /lib/x.so", "/lib/x.so" },
  { "library = par-2020.so", "library = ..", "NAME.so" },
  { "library = par-2020.so", "library = .so", "NAME.so" },
  { "library = par-2020.so", "library = a/../x.so", "NAME.so" },
  { "library = par-2020.so", "library = x.dll", "NAME.so" },
  { "library_sha256 = 0", "library_sha256 = G", "[0-9a-f]{64}" },
  { "library_sha256 = 0", "library_sha256 = A", "[0-9a-f]{64}" },
  { "library_sha256 = 0", "library_sha256 = ", "[0-9a-f]{64}" },
  { "library_sha256 = 0", "library_sha256 = 00", "[0-9a-f]{64}" },
  { "rules = data", "rules = code", "data | call" },
  { "rules = data\n", "rules = data\nrules = data\n", "rules" },
  { "rules = data\n", "rules = data\ncolour = red\n", "colour" },
  { "[plugin]", "[plug]", "[plugin]" },
  { "[index 1]", "[index 2]", "[index 1]" },
  { "[index 1]", "[index 01]", "[index 1]" },
  { "[index 1]", "[plugin]", "plugin" },
  { "id = vn.par.province\n", "", "id" },
  { "id = vn.par.province", "id = vn/par", "vn/par" },
  { "edition = 2020\n", "", "edition" },
  { "title_vi = Chỉ số cải cách hành chính\n", "", "title_vi" },
  { "title_vi = Chỉ", "title_vi = Ch\xff", "" },
  { "title_en = \"PAR; index\"", "title_en = PAR; index", "" },
  { "level = province", "level = planet", "province | ministry" },
  { "first = 2020", "first = 99999", "65535" },
  { "first = 2020", "first = -1", "65535" },
  { "first = 2020", "first = twenty", "65535" },
  { "last = 2021", "last = 2019", "0 = open" },
  { "last = 2021\n", "", "last" },
  { "max = 100", "max = 1e2", "max" },
  { "max = 100", "max = 1,5", "max" },
  { "units = vn.provinces/2008\n", "", "units" },
  { "counts = 8 area", "count = 8 area", "count" },
  { "definition_sha256 = 0", "definition_sha256 = x", "[0-9a-f]{64}" },
};

static void test_zoo(void) {
  for (size_t i = 0; i < sizeof zoo / sizeof *zoo; i++) {
    chiso__arena arena = { 0 };
    chiso__manifest m;
    chiso_error err = { 0 };
    char *text = changed(zoo[i].from, zoo[i].to);
    bool as_expected = parse(&arena, text, &m, &err) == CHISO_BAD_DATA &&
                       strstr(err.text, zoo[i].expected) &&
                       strcmp(err.file, "x.plugin.ini") == 0;
    CU_ASSERT(as_expected);
    if (!as_expected)
      fprintf(stderr, "\n    %s: %s\n", zoo[i].to, err.text);
    chiso_error vi = { .lang = CHISO_LANG_VI };
    CU_ASSERT(parse(&arena, text, &m, &vi) == CHISO_BAD_DATA);
    CU_ASSERT(strcmp(vi.text, err.text) != 0);
    chiso__arena_free(&arena);
    free(text);
  }
}

/* Any prefix of a manifest is refused or is one; none is read past its end. */
static void test_cut(void) {
  char *whole = changed("", "");
  size_t size = strlen(whole);
  for (size_t cut = 0; cut < size; cut++) {
    chiso__arena arena = { 0 };
    chiso__manifest m;
    chiso_error err = { 0 };
    char *text = malloc(cut + 1);
    MUST(text != NULL);
    memcpy(text, whole, cut);
    text[cut] = 0;
    chiso_status status =
        chiso__manifest_parse(&arena, "x", text, cut, &m, &err);
    /* Without the last newline the manifest is still whole. */
    CU_ASSERT(status == (cut == size - 1 ? CHISO_OK : CHISO_BAD_DATA));
    free(text);
    chiso__arena_free(&arena);
  }
  free(whole);
}

static void test_repeated_methodology(void) {
  chiso__arena arena = { 0 };
  chiso__manifest m;
  chiso_error err = { 0 };
  char text[4096];
  snprintf(text, sizeof text, "%s%s[index 2]%s", plugin_part, index_part,
           index_part + strlen("[index 1]"));
  CU_ASSERT(parse(&arena, text, &m, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "vn.par.province") != NULL);
  chiso__arena_free(&arena);
}

/* Writes a manifest whose Vietnamese title is `title`. */
static chiso_status write_title(const char *title, chiso__buffer *out,
                                chiso_error *err) {
  chiso__manifest_index index = { .id = "a",
                                  .edition = "1",
                                  .title_vi = title,
                                  .unit_set = "u/1",
                                  .counts = "-",
                                  .provenance = "-",
                                  .digest = ZEROS,
                                  .level = CHISO_LEVEL_PROVINCE };
  chiso__manifest m = { .id = "a",
                        .version = "1.0.0",
                        .license = "MIT",
                        .abi = "1.0",
                        .library = "a.so",
                        .library_digest = ZEROS,
                        .indices = &index,
                        .n_indices = 1 };
  return chiso__manifest_write(&m, out, err);
}

static void test_quotes(void) {
  static const char *const titles[] = {
    "plain",     "with ; semicolon", "with # hash",    "\"quoted\"",
    "'single'",  "\"a\"; b",         "it's; it",       "= equals",
    "[bracket]", "ends with \\",     "Đắk Lắk; # thử", "a = b : c"
  };
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
    chiso__arena arena = { 0 };
    chiso__buffer out = { 0 };
    chiso__manifest m;
    chiso_error err = { 0 };
    if (write_title(titles[i], &out, &err) == CHISO_OK) {
      bool same = good(parse(&arena, out.data, &m, &err), &err) &&
                  strcmp(m.indices[0].title_vi, titles[i]) == 0;
      CU_ASSERT(same);
      if (!same)
        fprintf(stderr, "\n    %s\n", titles[i]);
    } else {
      /* Only what no quotation mark can hold. */
      CU_ASSERT(strchr(titles[i], '\\') != NULL);
    }
    chiso__buffer_free(&out);
    chiso__arena_free(&arena);
  }
}

static void test_not_writable(void) {
  static const char *const titles[] = { "two\nlines", "both \" and ' and ;",
                                        "bell\a" };
  chiso_error err = { 0 };
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
    chiso__buffer out = { 0 };
    CU_ASSERT(write_title(titles[i], &out, &err) == CHISO_BAD_DATA);
    CU_ASSERT(strstr(err.text, "title_vi") != NULL);
    chiso__buffer_free(&out);
  }
  char longest[9000];
  memset(longest, 'a', sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  chiso__buffer out = { 0 };
  CU_ASSERT(write_title(longest, &out, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "8192") != NULL);
  chiso__buffer_free(&out);
}

SUITE_MAIN({ "read and written back", test_good },
           { "refused, and why", test_zoo }, { "cut at every byte", test_cut },
           { "a methodology twice", test_repeated_methodology },
           { "quotes", test_quotes }, { "not writable", test_not_writable })
