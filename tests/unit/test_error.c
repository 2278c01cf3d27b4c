/* SPDX-License-Identifier: Apache-2.0
 * Messages in both languages, and what an error shows of foreign text. */
#include "base/error.h"

#include "base/text.h"
#include "suite.h"

/* The conversions of a format, one after the other. */
static void conversions(const char *format, char *out, size_t room) {
  size_t n = 0;
  for (const char *s = format; *s && n + 1 < room; s++) {
    if (*s != '%')
      continue;
    if (s[1] == '%') {
      s++;
      continue;
    }
    do
      out[n++] = *s++;
    while (*s && !strchr("sducxX", *s) && n + 1 < room);
    out[n++] = *s;
  }
  out[n] = '\0';
}

/* Headings and hints of workbooks are not errors. */
static const bool is_label[] = {
#define MESSAGE(name, en, vi) false,
#define LABEL(name, en, vi)   true,
#include "base/messages.def"
#undef MESSAGE
};

static void messages_agree(void) {
  for (int i = 0; i < MSG_COUNT; i++) {
    const char *en = chiso__message_text((chiso__message)i, CHISO_LANG_EN);
    const char *vi = chiso__message_text((chiso__message)i, CHISO_LANG_VI);
    char a[128], b[128];
    MUST(en[0] != '\0' && vi[0] != '\0');
    conversions(en, a, sizeof a);
    conversions(vi, b, sizeof b);
    if (strcmp(a, b) != 0)
      fprintf(stderr, "differ: %s / %s\n", en, vi);
    CU_ASSERT_STRING_EQUAL(a, b);
    CU_ASSERT(is_label[i] || en[strlen(en) - 1] != '.');
    CU_ASSERT(is_label[i] || vi[strlen(vi) - 1] != '.');
    CU_ASSERT(is_label[i] || en[0] < 'A' || en[0] > 'Z');
    CU_ASSERT_EQUAL(chiso__utf8_check(en, strlen(en)), strlen(en));
    CU_ASSERT_EQUAL(chiso__utf8_check(vi, strlen(vi)), strlen(vi));
    CU_ASSERT_STRING_NOT_EQUAL(en, vi);
    CU_ASSERT_PTR_NULL(strchr(en, '\n'));
  }
}

static void language_is_the_callers(void) {
  chiso_error err = { .lang = CHISO_LANG_VI };
  CU_ASSERT_EQUAL(chiso__no_memory(&err), CHISO_NO_MEMORY);
  CU_ASSERT_EQUAL(err.status, CHISO_NO_MEMORY);
  CU_ASSERT_STRING_EQUAL(err.text, "hết bộ nhớ");
  CU_ASSERT_EQUAL(chiso__no_memory(NULL), CHISO_NO_MEMORY);
}

static void foreign_text_is_made_safe(void) {
  chiso_error err = { .lang = CHISO_LANG_EN };
  chiso__place place = { "a\033[31m.ini", 3, 7 };
  (void)chiso__fail(&err, CHISO_BAD_DATA, place, MSG_KEY_NEAR,
                    "x\ny\x7fz\xc2\x9b\xe2\x80\xae", "b\xff\xc3");
  CU_ASSERT_STRING_EQUAL(err.file, "a?[31m.ini");
  CU_ASSERT_STRING_EQUAL(
      err.text, "found the unknown key \"x?y?z\?\?\"; write \"b\?\?\"");
}

static void cut_text_stays_utf8(void) {
  char word[200] = "";
  chiso_error err = { .lang = CHISO_LANG_EN };
  for (size_t shift = 0; shift < 3; shift++) {
    word[0] = '\0';
    memset(word, 'a', shift);
    for (size_t i = 0; i < 40; i++)
      memcpy(word + shift + 3 * i, "ộ", 4);
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_KEY_NEAR, word, word);
    CU_ASSERT_EQUAL(chiso__utf8_check(err.text, strlen(err.text)),
                    strlen(err.text));
    CU_ASSERT(strlen(err.text) < 170);
  }
}

static void long_paths_keep_their_end(void) {
  char path[2000];
  chiso_error err = { .lang = CHISO_LANG_EN };
  for (size_t i = 0; i + 3 < sizeof path; i += 3)
    memcpy(path + i, "ộ", 3);
  memcpy(path + sizeof path - 12, "/index.json", 12);
  (void)chiso__fail(&err, CHISO_IO, (chiso__place) { .file = path },
                    MSG_FILE_ABSENT);
  CU_ASSERT(strncmp(err.file, "\xe2\x80\xa6", 3) == 0);
  size_t size = strlen(err.file);
  CU_ASSERT(size > 240 && size < sizeof err.file);
  CU_ASSERT_STRING_EQUAL(err.file + size - 11, "/index.json");
  CU_ASSERT_EQUAL(chiso__utf8_check(err.file, size), size);
}

static void formats_what_is_known(void) {
  char out[64];
  chiso_error err = { .text = "text" };
  CU_ASSERT_EQUAL(chiso_error_format(&err, out, sizeof out), 4);
  CU_ASSERT_STRING_EQUAL(out, "text");
  memcpy(err.file, "a.csv", 6);
  chiso_error_format(&err, out, sizeof out);
  CU_ASSERT_STRING_EQUAL(out, "a.csv: text");
  err.line = 4;
  chiso_error_format(&err, out, sizeof out);
  CU_ASSERT_STRING_EQUAL(out, "a.csv:4: text");
  err.column = 12;
  chiso_error_format(&err, out, sizeof out);
  CU_ASSERT_STRING_EQUAL(out, "a.csv:4:12: text");
  err.file[0] = '\0';
  chiso_error_format(&err, out, sizeof out);
  CU_ASSERT_STRING_EQUAL(out, "4:12: text");
  CU_ASSERT_EQUAL(chiso_error_format(&err, out, 3), 10);
  CU_ASSERT_STRING_EQUAL(out, "4:");
}

SUITE_MAIN({ "messages agree", messages_agree },
           { "language", language_is_the_callers },
           { "foreign text", foreign_text_is_made_safe },
           { "cut text", cut_text_stays_utf8 },
           { "long paths", long_paths_keep_their_end },
           { "format", formats_what_is_known })
