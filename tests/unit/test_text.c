/* SPDX-License-Identifier: Apache-2.0
 * UTF-8, NFC, slugs, nearest names. */
#include "base/text.h"

#include "fixture.h"
#include "suite.h"

static size_t encode(uint32_t c, char out[4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = n - 1; i > 0; i--, c >>= 6)
    out[i] = (char)(0x80 | (c & 0x3f));
  out[0] = (char)((0xf00 >> n & 0xff) | c);
  return n;
}

static void every_code_point(void) {
  char text[5] = "";
  for (uint32_t c = 1; c <= 0x110fff; c++) {
    size_t n = encode(c, text);
    bool valid = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
    MUST((chiso__utf8_check(text, n) == n) == valid);
    if (n > 1)
      MUST(chiso__utf8_check(text, n - 1) == 0);
  }
}

static void not_utf8(void) {
  static const char *const bad[] = { "\x80",
                                     "\xbf",
                                     "\xc0\x80",
                                     "\xc1\xbf",
                                     "\xe0\x9f\xbf",
                                     "\xf0\x8f\xbf\xbf",
                                     "\xf5\x80\x80\x80",
                                     "\xff",
                                     "\xc3(",
                                     "\xe1\xbb(" };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CU_ASSERT_EQUAL(chiso__utf8_check(bad[i], strlen(bad[i])), 0);
  CU_ASSERT_EQUAL(chiso__utf8_check("0123456789abc\xff", 14), 13);
  CU_ASSERT_EQUAL(chiso__utf8_check("Việt\xc3", 7), 6);
  CU_ASSERT_EQUAL(chiso__utf8_check("", 0), 0);
}

static void places(void) {
  static const char text[] = "\xef\xbb\xbf"
                             "ệx\nđd\n";
  uint64_t line, column;
  chiso__text_place(text, sizeof text - 1, 3, &line, &column);
  CU_ASSERT(line == 1 && column == 1);
  chiso__text_place(text, sizeof text - 1, 6, &line, &column);
  CU_ASSERT(line == 1 && column == 2);
  chiso__text_place(text, sizeof text - 1, 10, &line, &column);
  CU_ASSERT(line == 2 && column == 2);
  chiso__text_place(text, sizeof text - 1, 999, &line, &column);
  CU_ASSERT(line == 3 && column == 1);
}

static const char *nfc(chiso__arena *arena, const char *text) {
  return chiso__nfc(arena, text, strlen(text));
}

static void normal_form(void) {
  static const char *const pairs[][2] = {
    { "e\xcc\x82\xcc\xa3", "ệ" }, /* circumflex, then dot */
    { "e\xcc\xa3\xcc\x82", "ệ" }, /* dot, then circumflex */
    { "\xc3\xaa\xcc\xa3", "ệ" },  /* partly composed */
    { "\xe1\xba\xb9\xcc\x82", "ệ" },
    { "o\xcc\x9b\xcc\x81", "ớ" },
    { "\xe2\x84\xa6", "\xce\xa9" }, /* ohm sign */
    { "\xe1\x84\x80\xe1\x85\xa1", "\xea\xb0\x80" },
  };
  static const char *const same[] = {
    "", "abc", "Bà Rịa - Vũng Tàu", "≥ 90 “₫”", "x\xcc\x81", "한"
  };
  chiso__arena arena = { 0 };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    CU_ASSERT_STRING_EQUAL(nfc(&arena, pairs[i][0]), pairs[i][1]);
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    CU_ASSERT_PTR_EQUAL(nfc(&arena, same[i]), same[i]);
  chiso__arena_free(&arena);
}

static void normal_form_without_memory(void) {
  const char *result = NULL;
  long n = 0;
  for (; !result && n < 20; n++) {
    counting c = { .left = n };
    chiso_allocator allocator = counting_allocator(&c);
    chiso__arena arena = { .allocator = &allocator };
    result = nfc(&arena, "e\xcc\x82");
    CU_ASSERT(!result || strcmp(result, "ê") == 0);
    const char *slug = chiso__text_slug(&arena, "Huế");
    CU_ASSERT(!slug || strcmp(slug, "hue") == 0);
    chiso__arena_free(&arena);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT(n > 2 && result != NULL);
}

static void slugs(void) {
  static const char *const pairs[][2] = {
    { "Bà Rịa - Vũng Tàu", "ba-ria-vung-tau" },
    { "TP. Hồ Chí Minh", "tp-ho-chi-minh" },
    { "Đắk Lắk", "dak-lak" },
    { "  Thừa Thiên–Huế!", "thua-thien-hue" },
    { "ĐƯỜNG ớt 12", "duong-ot-12" },
    { "--", "" },
    { "", "" },
  };
  chiso__arena arena = { 0 };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    CU_ASSERT_STRING_EQUAL(chiso__text_slug(&arena, pairs[i][0]), pairs[i][1]);
  chiso__arena_free(&arena);
}

static void widths(void) {
  CU_ASSERT_EQUAL(chiso__text_width("Việt Nam"), 8);
  CU_ASSERT_EQUAL(chiso__text_width("e\xcc\x82\xcc\xa3"), 1);
  CU_ASSERT_EQUAL(chiso__text_width("漢字"), 4);
  CU_ASSERT_EQUAL(chiso__text_width("\t\n"), 0);
}

static void folding_and_hashes(void) {
  CU_ASSERT(chiso__text_same_folded("aZ-1", "Az-1"));
  CU_ASSERT_FALSE(chiso__text_same_folded("a", "ab"));
  CU_ASSERT_FALSE(chiso__text_same_folded("ab", "a"));
  CU_ASSERT_FALSE(chiso__text_same_folded("Đ", "đ"));
  CU_ASSERT_FALSE(chiso__text_same_folded("[", "{"));
  CU_ASSERT_EQUAL(chiso__text_hash_folded("AbC"),
                  chiso__text_hash_folded("aBc"));
  CU_ASSERT_EQUAL(chiso__text_hash("abc", 3), chiso__text_hash_folded("ABC"));
  CU_ASSERT_NOT_EQUAL(chiso__text_hash("abc", 3), chiso__text_hash("abd", 3));
}

static void nearest(void) {
  static const char *const names[] = { "title", "max", "weight", "legal" };
  CU_ASSERT_STRING_EQUAL(chiso__text_nearest("titel", names, 4), "title");
  CU_ASSERT_STRING_EQUAL(chiso__text_nearest("Weigth", names, 4), "weight");
  CU_ASSERT_STRING_EQUAL(chiso__text_nearest("mx a", names, 4) ? "?" : "none",
                         "none");
  CU_ASSERT_STRING_EQUAL(chiso__text_nearest("mac", names, 4), "max");
  CU_ASSERT_PTR_NULL(chiso__text_nearest("", names, 4));
  CU_ASSERT_PTR_NULL(chiso__text_nearest("provenance", names, 4));
  CU_ASSERT_PTR_NULL(chiso__text_nearest("max", names, 0));
}

SUITE_MAIN({ "every code point", every_code_point }, { "not UTF-8", not_utf8 },
           { "places", places }, { "nfc", normal_form },
           { "nfc, memory", normal_form_without_memory }, { "slugs", slugs },
           { "widths", widths }, { "folding", folding_and_hashes },
           { "nearest", nearest })
