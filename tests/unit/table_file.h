/* SPDX-License-Identifier: Apache-2.0
 * Tables of a composite as files in a folder of the test. */
#ifndef CHISO_TESTS_TABLE_FILE_H
#define CHISO_TESTS_TABLE_FILE_H

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "chiso/composite.h"
#include "suite.h"

static char table_folder[] = "/tmp/chiso-compose-XXXXXX";

/* The first and the last test of a suite. */
static inline void test_folder(void) {
  CU_ASSERT(mkdtemp(table_folder) != NULL);
}

static inline void test_folder_end(void) {
  DIR *d = opendir(table_folder);
  for (const struct dirent *e; d && (e = readdir(d));) {
    char path[sizeof table_folder + sizeof e->d_name + 1];
    (void)snprintf(path, sizeof path, "%s/%s", table_folder, e->d_name);
    (void)unlink(path);
  }
  if (d)
    (void)closedir(d);
  CU_ASSERT_EQUAL(rmdir(table_folder), 0);
}

static inline const char *table_file(const char *name, const char *text) {
  static char path[2][64];
  static int next;
  char *out = path[next = !next];
  (void)snprintf(out, sizeof path[0], "%s/%s", table_folder, name);
  FILE *f = fopen(out, "w");
  if (f) {
    (void)fputs(text, f);
    (void)fclose(f);
  }
  return out;
}

static inline chiso_composite *composite_of(const char *data, const char *meta,
                                            const chiso_allocator *allocator,
                                            chiso_error *err) {
  chiso_composite *c = NULL;
  chiso_status status = chiso_composite_read(
      table_file("data.csv", data), meta ? table_file("meta.csv", meta) : NULL,
      CHISO_LANG_EN, allocator, &c, err);
  if (status == CHISO_OK)
    return c;
  chiso_composite_free(c);
  return NULL;
}

static inline size_t composite_code(const chiso_composite *c,
                                    const char *code) {
  for (size_t i = 0; i < chiso_composite_codes(c); i++)
    if (strcmp(chiso_composite_code_at(c, i).code, code) == 0)
      return i;
  return SIZE_MAX;
}

static inline double composite_at(const chiso_composite *c, const char *code,
                                  size_t row) {
  size_t place = composite_code(c, code);
  return place == SIZE_MAX ? (double)NAN
                           : chiso_composite_values(c, place)[row];
}

static inline bool near(double a, double b, double tolerance) {
  return (isnan(a) && isnan(b)) ||
         fabs(a - b) <= tolerance * (fabs(b) > 1 ? fabs(b) : 1);
}

#endif
