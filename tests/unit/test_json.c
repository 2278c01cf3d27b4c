/* SPDX-License-Identifier: Apache-2.0
 * Strict JSON: values, places, hostile texts, memory that runs out. */
#include "base/json.h"

#include "base/buffer.h"
#include "fixture.h"
#include "hostile.h"
#include "suite.h"

static chiso_status parse(chiso__arena *arena, const char *text,
                          chiso__json **out, chiso_error *err) {
  return chiso__json_parse(arena, "t.json", text, strlen(text), out, err);
}

static void values_and_places(void) {
  static const char text[] = "\xef\xbb\xbf{\n"
                             "  \"t\\u00ean\": \"Vi\xe1\xbb\x87t\", \"b\": [1, "
                             "-20, true],\n"
                             "\t\"c\": {\"\": null, \"x\": false}\n}\n";
  chiso__arena arena = { 0 };
  chiso__json *root;
  chiso_error err = { .lang = CHISO_LANG_EN };
  MUST(parse(&arena, text, &root, &err) == CHISO_OK);
  CU_ASSERT(root->type == CHISO__JSON_OBJECT && root->count == 3);
  CU_ASSERT(root->line == 1 && root->column == 1 && root->key == NULL);
  const chiso__json *m = chiso__json_get(root, "tên");
  MUST(m != NULL);
  CU_ASSERT_STRING_EQUAL(m->string, "Việt");
  CU_ASSERT(m->line == 2 && m->column == 15 && m->key_column == 3);
  m = chiso__json_get(root, "b");
  MUST(m != NULL && m->count == 3);
  CU_ASSERT(m->column == 28 && m->key_column == 23);
  CU_ASSERT(m->first->next->integer == -20 && m->first->next->column == 32);
  CU_ASSERT(m->first->next->next->type == CHISO__JSON_TRUE);
  m = chiso__json_get(root, "c");
  MUST(m != NULL);
  CU_ASSERT(m->line == 3 && m->key_column == 2);
  CU_ASSERT(chiso__json_get(m, "")->type == CHISO__JSON_NULL);
  CU_ASSERT_PTR_NULL(chiso__json_get(m, "y"));
  CU_ASSERT_PTR_NULL(chiso__json_get(root->first, "x"));
  chiso__arena_free(&arena);
}

static void text_becomes_nfc(void) {
  chiso__arena arena = { 0 };
  chiso__json *root;
  MUST(parse(&arena, "[\"e\\u0302\\u0323\", \"\\ud83d\\ude00\", \"a\\/\\t\"]",
             &root, NULL) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(root->first->string, "ệ");
  CU_ASSERT_STRING_EQUAL(root->first->next->string, "😀");
  CU_ASSERT_STRING_EQUAL(root->first->next->next->string, "a/\t");
  chiso__arena_free(&arena);
}

static void integers_to_the_limit(void) {
  chiso__arena arena = { 0 };
  chiso__json *root;
  MUST(parse(&arena,
             "[9223372036854775807, -9223372036854775808, 9007199254740993, "
             "-0, 0]",
             &root, NULL) == CHISO_OK);
  const chiso__json *v = root->first;
  CU_ASSERT_EQUAL(v->integer, INT64_MAX);
  CU_ASSERT_EQUAL(v->next->integer, INT64_MIN);
  CU_ASSERT_EQUAL(v->next->next->integer, 9007199254740993);
  CU_ASSERT_EQUAL(v->next->next->next->integer, 0);
  chiso__arena_free(&arena);
}

static void hostile_texts(void) {
  static const bad zoo[] = {
    { "", 1, 1, MSG_JSON_ENDS },
    { " \n ", 2, 2, MSG_JSON_ENDS },
    { "{", 1, 2, MSG_JSON_ENDS },
    { "[1", 1, 3, MSG_JSON_ENDS },
    { "[1, ]", 1, 3, MSG_JSON_LAST_COMMA },
    { "{\"a\": 1,\n}", 1, 8, MSG_JSON_LAST_COMMA },
    { "[1 2]", 1, 4, MSG_JSON_NEXT_ITEM },
    { "{\"a\" 1}", 1, 6, MSG_JSON_COLON },
    { "{a: 1}", 1, 2, MSG_JSON_KEY },
    { "{\"a\": 1 \"b\": 2}", 1, 9, MSG_JSON_NEXT_MEMBER },
    { "1 2", 1, 3, MSG_JSON_AFTER },
    { "{} // end", 1, 4, MSG_JSON_AFTER },
    { "nul", 1, 1, MSG_JSON_VALUE },
    { "NaN", 1, 1, MSG_JSON_VALUE },
    { "'a'", 1, 1, MSG_JSON_VALUE },
    { "[\xc3\xaa]", 1, 2, MSG_JSON_VALUE },
    { "-", 1, 2, MSG_JSON_ENDS },
    { "+1", 1, 1, MSG_JSON_VALUE },
    { "[\v1]", 1, 2, MSG_JSON_VALUE },
    { "{\"max\": 1.5}", 1, 9, MSG_JSON_DECIMAL },
    { "[1e3]", 1, 2, MSG_JSON_DECIMAL },
    { "{\"max\": 1,5}", 1, 10, MSG_JSON_COMMA },
    { "{\"tên\": 1,5}", 1, 10, MSG_JSON_COMMA },
    { "[01]", 1, 2, MSG_JSON_LEADING_ZERO },
    { "9223372036854775808", 1, 1, MSG_JSON_RANGE },
    { "-9223372036854775809", 1, 1, MSG_JSON_RANGE },
    { "[\"a", 1, 2, MSG_JSON_OPEN_STRING },
    { "[\"a\n\"]", 1, 2, MSG_JSON_OPEN_STRING },
    { "\"a\tb\"", 1, 3, MSG_JSON_CONTROL },
    { "\"\\x\"", 1, 2, MSG_JSON_ESCAPE },
    { "\"\\u12g4\"", 1, 2, MSG_JSON_ESCAPE },
    { "\"\\u12", 1, 2, MSG_JSON_ESCAPE },
    { "\"a\\", 1, 3, MSG_JSON_ESCAPE },
    { "\"\\u0000\"", 1, 2, MSG_JSON_ZERO },
    { "\"\\ud800\"", 1, 2, MSG_JSON_SURROGATE },
    { "\"\\ud800\\u0041\"", 1, 2, MSG_JSON_SURROGATE },
    { "\"\\udc00\"", 1, 2, MSG_JSON_SURROGATE },
    { "\"\xc0\xaf\"", 1, 2, MSG_NOT_UTF8 },
    { "\"\xed\xa0\x80\"", 1, 2, MSG_NOT_UTF8 },
    { "{\"a\": 1,\n \"\\u0061\": 2}", 2, 2, MSG_JSON_REPEATED },
    { "[{\"\xc3\xaa\": 1, \"e\\u0302\": 2}]", 1, 11, MSG_JSON_REPEATED },
    { "{\"a\":0, \"b\":0, \"c\":0, \"d\":0, \"e\":0, \"f\":0, \"g\":0, "
      "\"h\":0, \"i\":0, \"j\":0, \"k\":0, \"l\":0, \"m\":0,\n \"d\":0}",
      2, 2, MSG_JSON_REPEATED },
  };
  for (size_t i = 0; i < sizeof zoo / sizeof *zoo; i++) {
    chiso__arena arena = { 0 };
    chiso__json *root = (chiso__json *)1;
    chiso_error err = { .lang = CHISO_LANG_EN };
    CU_ASSERT_EQUAL(parse(&arena, zoo[i].text, &root, &err), CHISO_BAD_DATA);
    expect_bad(&zoo[i], &err);
    CU_ASSERT_STRING_EQUAL(err.file, "t.json");
    CU_ASSERT_PTR_NULL(root);
    chiso__arena_free(&arena);
  }
}

static void limits(void) {
  char deep[80];
  chiso__arena arena = { 0 };
  chiso__json *root;
  memset(deep, '[', 33);
  memset(deep + 33, ']', 33);
  CU_ASSERT_EQUAL(chiso__json_parse(&arena, "d", deep, 66, &root, NULL),
                  CHISO_BAD_DATA);
  deep[65] = '\0';
  MUST(parse(&arena, deep + 1, &root, NULL) == CHISO_OK);
  chiso__buffer many = { 0 };
  chiso__buffer_text(&many, "[0");
  for (int i = 1; i < 1000000; i++)
    chiso__buffer_text(&many, ", 0");
  chiso__buffer_text(&many, "]");
  CU_ASSERT_EQUAL(parse(&arena, many.data, &root, NULL), CHISO_BAD_DATA);
  memset(many.data + many.size - 4, ' ', 3);
  CU_ASSERT_EQUAL(parse(&arena, many.data, &root, NULL), CHISO_OK);
  CU_ASSERT(root != NULL && root->count == 999999);
  chiso__buffer_free(&many);
  CU_ASSERT_EQUAL(chiso__json_parse(&arena, "z", "[1]\0[2]", 7, &root, NULL),
                  CHISO_BAD_DATA);
  chiso__arena_free(&arena);
}

static void only_known_keys(void) {
  static const char *const keys[] = { "title", "max", NULL };
  chiso__arena arena = { 0 };
  chiso__json *root;
  chiso_error err = { .lang = CHISO_LANG_EN };
  MUST(parse(&arena, "{\"max\": 1,\n  \"titel\": 2}", &root, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso__json_only(root, "f", keys, &err), CHISO_BAD_DATA);
  CU_ASSERT_STRING_EQUAL(err.text,
                         "found the unknown key \"titel\"; write \"title\"");
  CU_ASSERT(err.line == 2 && err.column == 3);
  MUST(parse(&arena, "{\"max\": 1}", &root, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso__json_only(root, "f", keys, &err), CHISO_OK);
  chiso__arena_free(&arena);
}

/* Whatever is quoted reads back as it was. */
static void quote_and_read_back(void) {
  uint64_t state = 99;
  for (int round = 0; round < 2000; round++) {
    char text[24];
    size_t size = (size_t)(xorshift(&state) % 20);
    for (size_t i = 0; i < size; i++)
      text[i] = (char)(1 + xorshift(&state) % 127);
    text[size] = '\0';
    chiso__buffer buffer = { 0 };
    chiso__arena arena = { 0 };
    chiso__json *root;
    chiso__json_quote(&buffer, text);
    MUST(!buffer.failed && parse(&arena, buffer.data, &root, NULL) == CHISO_OK);
    CU_ASSERT_STRING_EQUAL(root->string, text);
    chiso__buffer_free(&buffer);
    chiso__arena_free(&arena);
  }
}

/* A byte changed anywhere never crashes, and what is accepted has places. */
static void mutated_texts(void) {
  static const char seed[] = "{\"a\": [1, 2, {\"b\": \"x\\u00ea\\n\"}], "
                             "\"t\": {\"vi\": \"Chỉ số\"}, \"n\": -12}";
  uint64_t state = 5;
  unsigned accepted = 0;
  for (int round = 0; round < 20000; round++) {
    char text[sizeof seed];
    memcpy(text, seed, sizeof seed);
    for (uint64_t n = 1 + xorshift(&state) % 3; n > 0; n--)
      text[xorshift(&state) % (sizeof seed - 1)] = (char)xorshift(&state);
    chiso__arena arena = { 0 };
    chiso__json *root;
    chiso_error err = { .lang = CHISO_LANG_VI };
    chiso_status status =
        chiso__json_parse(&arena, "m", text, sizeof seed - 1, &root, &err);
    CU_ASSERT(status == CHISO_OK ? root->line == 1
                                 : status == CHISO_BAD_DATA && err.line >= 1);
    accepted += status == CHISO_OK;
    chiso__arena_free(&arena);
  }
  CU_ASSERT(accepted > 100);
}

static void memory_runs_out(void) {
  static const char text[] = "{\"a\":0, \"b\":0, \"c\":0, \"d\":0, \"e\":0, "
                             "\"f\":0, \"g\":0, \"h\":0, \"i\":0, \"j\":0, "
                             "\"k\":0, \"l\":0, \"m\":[\"e\\u0302\"]}";
  chiso_status status = CHISO_NO_MEMORY;
  long n = 0;
  for (; status == CHISO_NO_MEMORY && n < 1000; n++) {
    counting c = { .left = n };
    chiso_allocator allocator = counting_allocator(&c);
    chiso__arena arena = { .allocator = &allocator };
    chiso__json *root;
    status = parse(&arena, text, &root, NULL);
    CU_ASSERT(status == CHISO_OK || root == NULL);
    chiso__arena_free(&arena);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  CU_ASSERT(n > 4);
}

SUITE_MAIN({ "values and places", values_and_places },
           { "nfc", text_becomes_nfc }, { "integers", integers_to_the_limit },
           { "hostile", hostile_texts }, { "limits", limits },
           { "known keys", only_known_keys }, { "quote", quote_and_read_back },
           { "mutated", mutated_texts }, { "memory", memory_runs_out })
