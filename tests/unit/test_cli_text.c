/* SPDX-License-Identifier: Apache-2.0
 * The texts of the command: both languages ask for the same arguments. */
#include "suite.h"

static const char *const texts[][3] = {
#define TEXT(name, en, vi) { #name, en, vi },
#include "../../app/cli/text.def"
#undef TEXT
};

/* The next conversion of a format in `out`; the rest of the format, or NULL. */
static const char *conversion(const char *format, char out[16]) {
  for (;;) {
    format = strchr(format, '%');
    if (!format)
      return NULL;
    if (format[1] != '%')
      break;
    format += 2;
  }
  size_t n = 1 + strspn(format + 1, "0123456789.*-+# hlzjt") + 1;
  CU_ASSERT(n < 16);
  memset(out, 0, 16);
  memcpy(out, format, n < 16 ? n : 15);
  return format + n;
}

static void test_conversions(void) {
  for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
    const char *en = texts[i][1], *vi = texts[i][2];
    char a[16], b[16];
    do {
      en = conversion(en, a);
      vi = conversion(vi, b);
      CU_ASSERT_EQUAL(en == NULL, vi == NULL);
      if (en && vi) {
        CU_ASSERT_STRING_EQUAL(a, b);
        if (strcmp(a, b) != 0)
          (void)fprintf(stderr, "%s: %s, %s\n", texts[i][0], a, b);
      }
    } while (en && vi);
  }
}

static void test_present(void) {
  for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
    CU_ASSERT(texts[i][1][0] != '\0' && texts[i][2][0] != '\0');
}

SUITE_MAIN({ "conversions", test_conversions }, { "present", test_present })
