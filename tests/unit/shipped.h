/* SPDX-License-Identifier: Apache-2.0
 * The methodologies of indices/, with the counts that their instruments
 * state. */
#ifndef CHISO_TESTS_SHIPPED_H
#define CHISO_TESTS_SHIPPED_H

#include <stdio.h>
#include <stdlib.h>

#include "chiso/model.h"

typedef struct shipped {
  const char *folder, *name;
  struct {
    unsigned kind;
    uint32_t count;
  } counts[3];
} shipped;

#define AREAS(n)                                                               \
  { CHISO_KIND_AREA, n }
#define CRITERIA(n)                                                            \
  { CHISO_KIND_CRITERION, n }
#define SUBCRITERIA(n)                                                         \
  { CHISO_KIND_SUBCRITERION, n }
#define DIMENSIONS(n)                                                          \
  { CHISO_KIND_DIMENSION, n }
#define SUBDIMENSIONS(n)                                                       \
  { CHISO_KIND_SUBDIMENSION, n }
#define INDICATORS(n)                                                          \
  { CHISO_KIND_INDICATOR, n }
#define FACTORS(n)                                                             \
  { CHISO_KIND_FACTOR, n }

static const shipped all_shipped[] = {
  { "par/province/2017", "vn.par.province/2017", { AREAS(8) } },
  { "par/province/2019",
    "vn.par.province/2019",
    { AREAS(8), CRITERIA(43), SUBCRITERIA(95) } },
  { "par/province/2020",
    "vn.par.province/2020",
    { AREAS(8), CRITERIA(43), SUBCRITERIA(102) } },
  { "par/province/2022",
    "vn.par.province/2022",
    { AREAS(8), CRITERIA(38), SUBCRITERIA(88) } },
  { "par/province/2024",
    "vn.par.province/2024",
    { AREAS(8), CRITERIA(38), SUBCRITERIA(88) } },
  { "par/ministry/2019",
    "vn.par.ministry/2019",
    { AREAS(7), CRITERIA(40), SUBCRITERIA(87) } },
  { "par/ministry/2020",
    "vn.par.ministry/2020",
    { AREAS(7), CRITERIA(40), SUBCRITERIA(99) } },
  { "par/ministry/2022",
    "vn.par.ministry/2022",
    { AREAS(7), CRITERIA(38), SUBCRITERIA(97) } },
  { "papi/province/2011",
    "vn.papi.province/2011",
    { DIMENSIONS(6), SUBDIMENSIONS(22) } },
  { "papi/province/2016",
    "vn.papi.province/2016",
    { DIMENSIONS(6), SUBDIMENSIONS(22) } },
  { "papi/province/2018",
    "vn.papi.province/2018",
    { DIMENSIONS(8), SUBDIMENSIONS(28), INDICATORS(114) } },
  { "papi/province/2019",
    "vn.papi.province/2019",
    { DIMENSIONS(8), SUBDIMENSIONS(29), INDICATORS(122) } },
  { "papi/province/2021",
    "vn.papi.province/2021",
    { DIMENSIONS(8), SUBDIMENSIONS(28) } },
  { "papi/weighted/2019", "vn.papi.weighted/2019", { DIMENSIONS(8) } },
  { "sipas/province/2017",
    "vn.sipas.province/2017",
    { FACTORS(5), CRITERIA(22) } },
  { "sipas/province/2022",
    "vn.sipas.province/2022",
    { AREAS(2), FACTORS(9), CRITERIA(54) } },
  { "qd766/province/2026", "vn.qd766.province/2026", { AREAS(6) } },
};
#define SHIPPED_COUNT (sizeof all_shipped / sizeof *all_shipped)

static inline void shipped_path(const shipped *s, char *out, size_t size) {
  snprintf(out, size, "%s/indices/%s/index.json", SOURCE_DIR, s->folder);
}

/* NULL, with a line on stderr, when it cannot be read. */
static inline chiso_methodology *shipped_read(const char *folder) {
  char path[512], line[1024];
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  shipped s = { .folder = folder };
  shipped_path(&s, path, sizeof path);
  if (chiso_methodology_read(path, NULL, &m, &err) == CHISO_OK)
    return m;
  chiso_error_format(&err, line, sizeof line);
  fprintf(stderr, "%s\n", line);
  return NULL;
}

#endif
