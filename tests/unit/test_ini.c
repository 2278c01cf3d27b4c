/* SPDX-License-Identifier: Apache-2.0
 * Strict INI: values, places, what iniparser would pass over in silence. */
#include "base/ini.h"

#include "base/buffer.h"
#include "base/text.h"
#include "fixture.h"
#include "hostile.h"
#include "suite.h"

static chiso_status parse(chiso__arena *arena, const char *text,
                          chiso__ini *out, chiso_error *err) {
  return chiso__ini_parse(arena, "t.ini", text, strlen(text), out, err);
}

static const char *value(const chiso__ini *ini, const char *section,
                         const char *key) {
  const chiso__ini_entry *entry = chiso__ini_get(ini, section, key);
  return entry ? entry->value : "(none)";
}

static const char sample[] = "\xef\xbb\xbf# comment with = and [\r\n"
                             "; another\r\n"
                             "[ plugin ]\r\n"
                             "  id = vn.par.2020\r\n"
                             "empty =\r\n"
                             "empty2=\"\"\r\n"
                             "quoted = \" a; b # c \"\r\n"
                             "single = 'it \"is\"'\r\n"
                             "inside = it's a\"b\r\n"
                             "equals = a = b\r\n"
                             "slash = C:\\dir\\x\r\n"
                             "bracket = [x]\r\n"
                             "\r\n"
                             "[index 1]\r\n"
                             "title = Chỉ số cải cách à\r\n"
                             "nfc = e\xcc\x82\xcc\xa3\r\n"
                             "a.b-c_d=1"; /* no end of line */

static void values_and_places(void) {
  chiso__arena arena = { 0 };
  chiso__ini ini;
  chiso_error err = { .lang = CHISO_LANG_EN };
  chiso_status status = parse(&arena, sample, &ini, &err);
  if (status != CHISO_OK)
    fprintf(stderr, "%u:%u %s\n", (unsigned)err.line, (unsigned)err.column,
            err.text);
  MUST(status == CHISO_OK);
  CU_ASSERT(ini.count == 12 && ini.n_sections == 2);
  CU_ASSERT_STRING_EQUAL(ini.sections[1], "index 1");
  CU_ASSERT(ini.section_lines[0] == 3 && ini.section_lines[1] == 14);
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "id"), "vn.par.2020");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "empty"), "");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "empty2"), "");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "quoted"), " a; b # c ");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "single"), "it \"is\"");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "inside"), "it's a\"b");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "equals"), "a = b");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "slash"), "C:\\dir\\x");
  CU_ASSERT_STRING_EQUAL(value(&ini, "plugin", "bracket"), "[x]");
  CU_ASSERT_STRING_EQUAL(value(&ini, "index 1", "title"), "Chỉ số cải cách à");
  CU_ASSERT_STRING_EQUAL(value(&ini, "index 1", "nfc"), "ệ");
  CU_ASSERT_STRING_EQUAL(value(&ini, "index 1", "a.b-c_d"), "1");
  CU_ASSERT_PTR_NULL(chiso__ini_get(&ini, "index 1", "id"));
  CU_ASSERT(ini.entries[0].line == 4 && ini.entries[0].column == 8);
  CU_ASSERT(ini.entries[3].line == 7 && ini.entries[3].column == 11);
  chiso__arena_free(&arena);
}

static void hostile_texts(void) {
  static const bad zoo[] = {
    { "k = 1", 1, 1, MSG_INI_NO_SECTION },
    { "[a]\nk = 1\nk = 2", 3, 1, MSG_INI_KEY_REPEATED },
    { "[a]\n[b]\n[a]", 3, 2, MSG_INI_SECTION_REPEATED },
    { "[a]\nk = x ; y", 2, 7, MSG_INI_UNQUOTED },
    { "[a]\nk = #", 2, 5, MSG_INI_UNQUOTED },
    { "[a]\nk = \xc3\xa0#", 2, 6, MSG_INI_UNQUOTED },
    { "[a]\nk = \"x", 2, 5, MSG_INI_OPEN_QUOTE },
    { "[a]\nk = \"", 2, 5, MSG_INI_OPEN_QUOTE },
    { "[a]\nk = 'x\"", 2, 5, MSG_INI_OPEN_QUOTE },
    { "[a]\nk = \"x\" y", 2, 8, MSG_INI_AFTER_QUOTE },
    { "[a]\nk = \"x\" ; c", 2, 8, MSG_INI_AFTER_QUOTE },
    { "[a]\nk = \"x\\n\"", 2, 7, MSG_INI_BACKSLASH },
    { "[a]\nk = x\\\ny", 2, 6, MSG_INI_CONTINUES },
    { "[a]\n# x \\ \nk=1", 2, 5, MSG_INI_CONTINUES },
    { "[a]\nK = 1", 2, 1, MSG_INI_NAME },
    { "[A]", 1, 2, MSG_INI_NAME },
    { "[a:b]", 1, 3, MSG_INI_NAME },
    { "[a]\nt\xc3\xaan = 1", 2, 2, MSG_INI_NAME },
    { "[a]\na:b = 1", 2, 2, MSG_INI_NAME },
    { "[a", 1, 1, MSG_INI_BRACKET },
    { "[", 1, 1, MSG_INI_BRACKET },
    { "[a] ; c", 1, 1, MSG_INI_BRACKET },
    { "[ ]", 1, 1, MSG_INI_NO_SECTION_NAME },
    { "[a]\n= 1", 2, 1, MSG_INI_NO_KEY },
    { "[a]\nx", 2, 1, MSG_INI_LINE },
    { "[a]\nk = a\rb = c", 2, 6, MSG_INI_CONTROL },
    { "[a]\nk = a\vb", 2, 6, MSG_INI_CONTROL },
    { "[a]\nk = \xff", 2, 5, MSG_NOT_UTF8 },
  };
  for (size_t i = 0; i < sizeof zoo / sizeof *zoo; i++) {
    chiso__arena arena = { 0 };
    chiso__ini ini;
    chiso_error err = { .lang = CHISO_LANG_EN };
    CU_ASSERT_EQUAL(parse(&arena, zoo[i].text, &ini, &err), CHISO_BAD_DATA);
    expect_bad(&zoo[i], &err);
    chiso__arena_free(&arena);
  }
}

static void lines_to_the_limit(void) {
  chiso__buffer text = { 0 };
  chiso__arena arena = { 0 };
  chiso__ini ini;
  chiso_error err = { .lang = CHISO_LANG_EN };
  chiso__buffer_text(&text, "[a]\nk = ");
  while (text.size < 4 + CHISO__INI_LINE)
    chiso__buffer_text(&text, "x");
  CU_ASSERT_EQUAL(parse(&arena, text.data, &ini, &err), CHISO_OK);
  CU_ASSERT(ini.count == 1 &&
            strlen(ini.entries[0].value) == CHISO__INI_LINE - 4);
  chiso__buffer_text(&text, "x");
  CU_ASSERT_EQUAL(parse(&arena, text.data, &ini, &err), CHISO_BAD_DATA);
  CU_ASSERT_EQUAL(err.line, 2);
  chiso__buffer_free(&text);
  CU_ASSERT_EQUAL(parse(&arena, "", &ini, &err), CHISO_OK);
  CU_ASSERT(ini.count == 0 && ini.n_sections == 0);
  CU_ASSERT_EQUAL(chiso__ini_parse(&arena, "z", "[a]\nk=\0\n", 9, &ini, &err),
                  CHISO_BAD_DATA);
  chiso__arena_free(&arena);
}

/* Values of any length: iniparser is given them in pieces, and none is lost. */
static void long_values(void) {
  static const char *const bits[] = { "a", "ế",  " ", "\"", "đ",   "=",
                                      "'", "\\", ";", "#",  "x y", "\xcc\x81" };
  uint64_t seed = 4;
  size_t read = 0;
  for (int i = 0; i < 3000; i++) {
    chiso__buffer text = { 0 }, wanted = { 0 };
    chiso__arena arena = { 0 };
    chiso__ini ini;
    chiso_error err = { 0 };
    size_t most = 1 + (size_t)(xorshift(&seed) % 8000);
    unsigned of = i % 2 ? 5 : 3 + (unsigned)(xorshift(&seed) % 10);
    while (wanted.size < most)
      chiso__buffer_text(&wanted, bits[(xorshift(&seed) >> 8) % of]);
    chiso__buffer_text(&text, "[s]\n");
    chiso__buffer_text(&wanted, "z");
    if (chiso__ini_put(&text, "k", wanted.data, &err) == CHISO_OK) {
      chiso__buffer_text(&text, "other = 1\n");
      CU_ASSERT_EQUAL(parse(&arena, text.data, &ini, &err), CHISO_OK);
      const char *nfc = chiso__nfc(&arena, wanted.data, wanted.size);
      CU_ASSERT(ini.count == 2 && nfc &&
                strcmp(ini.entries[0].value, nfc) == 0);
      read++;
    }
    chiso__buffer_free(&text);
    chiso__buffer_free(&wanted);
    chiso__arena_free(&arena);
  }
  CU_ASSERT(read > 1000);
}

/* Long lines that are not of that kind. */
static void long_lines(void) {
  chiso__buffer text = { 0 };
  chiso__arena arena = { 0 };
  chiso__ini ini;
  chiso_error err = { 0 };
  chiso__buffer_text(&text, "# ");
  for (int i = 0; i < 2000; i++)
    chiso__buffer_text(&text, "x");
  chiso__buffer_text(&text, "\n[a]\nk = 1\nj = ");
  for (int i = 0; i < 2000; i++)
    chiso__buffer_text(&text, "y");
  chiso__buffer_text(&text, "\r\ni = 2\n");
  MUST(parse(&arena, text.data, &ini, &err) == CHISO_OK);
  CU_ASSERT(ini.count == 3 && strlen(ini.entries[1].value) == 2000);
  CU_ASSERT_STRING_EQUAL(value(&ini, "a", "i"), "2");
  text.size = 0;
  chiso__buffer_text(&text, "[a]\nk = ");
  for (int i = 0; i < 2000; i++)
    chiso__buffer_text(&text, "\\");
  chiso__buffer_text(&text, "z\n");
  CU_ASSERT_EQUAL(parse(&arena, text.data, &ini, &err), CHISO_BAD_DATA);
  CU_ASSERT_EQUAL(err.message, chiso__message_number(MSG_INI_PIECES));
  CU_ASSERT_EQUAL(err.line, 2);
  text.size = 0;
  chiso__buffer_text(&text, "[a]\n");
  for (int i = 0; i < 300; i++)
    chiso__buffer_text(&text, "k");
  chiso__buffer_text(&text, " = 1\n");
  CU_ASSERT_EQUAL(parse(&arena, text.data, &ini, &err), CHISO_BAD_DATA);
  CU_ASSERT_EQUAL(err.message, chiso__message_number(MSG_INI_LONG_NAME));
  chiso__buffer_free(&text);
  chiso__arena_free(&arena);
}

static void many_entries(void) {
  chiso__buffer text = { 0 };
  chiso__arena arena = { 0 };
  chiso__ini ini;
  for (int i = 0; i < 3000; i++)
    chiso__buffer_print(&text, "[s%d]\nk = %d\nj = \"%d\"\n", i, i, i * 2);
  MUST(parse(&arena, text.data, &ini, NULL) == CHISO_OK);
  CU_ASSERT(ini.count == 6000 && ini.n_sections == 3000);
  CU_ASSERT_STRING_EQUAL(value(&ini, "s2999", "j"), "5998");
  chiso__buffer_free(&text);
  chiso__arena_free(&arena);
}

static void only_known_keys(void) {
  static const char *const keys[] = { "version", "id", NULL };
  chiso__arena arena = { 0 };
  chiso__ini ini;
  chiso_error err = { .lang = CHISO_LANG_EN };
  MUST(parse(&arena, "[a]\nid=1\nverison = 2\n[b]\nxx=1", &ini, &err) ==
       CHISO_OK);
  CU_ASSERT_EQUAL(chiso__ini_only(&ini, "a", keys, &err), CHISO_BAD_DATA);
  CU_ASSERT_EQUAL(err.line, 3);
  CU_ASSERT_STRING_EQUAL(
      err.text, "found the unknown key \"verison\"; write \"version\"");
  CU_ASSERT_EQUAL(chiso__ini_only(&ini, "c", keys, &err), CHISO_OK);
  chiso__arena_free(&arena);
}

/* iniparser and our pass agree on everything that is accepted: CHISO_INTERNAL
 * would say that they do not. */
static void mutated_texts(void) {
  static const char letters[] = "[]=\"'\\;# \t\nab.1\r";
  uint64_t state = 11;
  unsigned accepted = 0;
  for (int round = 0; round < 10000; round++) {
    char text[sizeof sample];
    memcpy(text, sample, sizeof sample);
    for (uint64_t n = 1 + xorshift(&state) % 2; n > 0; n--)
      text[xorshift(&state) % (sizeof sample - 1)] =
          letters[xorshift(&state) % (sizeof letters - 1)];
    chiso__arena arena = { 0 };
    chiso__ini ini;
    chiso_error err = { .lang = CHISO_LANG_VI };
    chiso_status status = parse(&arena, text, &ini, &err);
    if (status != CHISO_OK && status != CHISO_BAD_DATA)
      fprintf(stderr, "%u:%u %s\n", (unsigned)err.line, (unsigned)err.column,
              err.text);
    CU_ASSERT(status == CHISO_OK || status == CHISO_BAD_DATA);
    accepted += status == CHISO_OK;
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
    chiso__ini ini;
    status = parse(&arena, sample, &ini, NULL);
    chiso__arena_free(&arena);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  CU_ASSERT(n > 4);
}

SUITE_MAIN({ "values and places", values_and_places },
           { "hostile", hostile_texts }, { "limits", lines_to_the_limit },
           { "long values", long_values }, { "long lines", long_lines },
           { "many", many_entries }, { "known keys", only_known_keys },
           { "mutated", mutated_texts }, { "memory", memory_runs_out })
