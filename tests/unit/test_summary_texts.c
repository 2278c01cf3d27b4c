/* SPDX-License-Identifier: Apache-2.0
 * The texts of the summary workbook: both languages, with the same arguments.
 */
#include "sheet/summary.h"
#include "suite.h"

/* The conversions of a text: what follows each '%'. */
static void conversions(const char *text, char *out, size_t room) {
  size_t n = 0;
  for (; (text = strchr(text, '%')) && n + 4 < room; text++) {
    size_t length = strspn(text + 1, "zl0123456789.") + 2;
    length = text[1] == '%' ? 2 : length;
    memcpy(out + n, text, length < 4 ? length : 4);
    n += length < 4 ? length : 4;
    text += length - 1;
  }
  out[n] = '\0';
}

static void test_texts(void) {
  for (int i = 0; i < SUM_COUNT; i++) {
    const char *en = chiso__sum_format_of((chiso__sum_word)i, CHISO_LANG_EN);
    const char *vi = chiso__sum_format_of((chiso__sum_word)i, CHISO_LANG_VI);
    char a[128], b[128];
    conversions(en, a, sizeof a);
    conversions(vi, b, sizeof b);
    CU_ASSERT_STRING_EQUAL(a, b);
    CU_ASSERT(en[0] && vi[0]);
  }
}

SUITE_MAIN({ "texts", test_texts })
