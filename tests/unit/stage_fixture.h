/* SPDX-License-Identifier: Apache-2.0
 * Runs over a small methodology of leaves that units score themselves and
 * leaves that others give. */
#ifndef CHISO_TESTS_STAGE_FIXTURE_H
#define CHISO_TESTS_STAGE_FIXTURE_H

#include "data_fixture.h"

#include "fixture.h"
#include "small.h"

#define ONE CHISO_DEC_ONE

/* Three leaves that units score themselves, or nobody said who, and two that
 * others give. */
/* clang-format off */
static const char tree[] = SMALL_TREE(
  SMALL_ROOT("16", "sum", "\"round\": {\"digits\": 2, \"mode\": \"cut_off\"}, ") ",\n"
  SMALL_NODE("A", "index", "area", "6", "1", "sum", "") ",\n"
  SMALL_NODE("A.1", "A", "criterion", "4", "1", "ratio",
             "\"assessor\": \"self\", \"na\": \"leave_out\", \"empty\": \"zero\", ") ",\n"
  SMALL_NODE("A.2", "A", "criterion", "2", "1", "manual", "\"na\": \"leave_out\", ") ",\n"
  SMALL_NODE("B", "index", "area", "10", "1", "sum", "") ",\n"
  SMALL_NODE("B.1", "B", "criterion", "3", "1", "manual",
             "\"assessor\": \"self\", \"na\": \"leave_out\", ") ",\n"
  SMALL_NODE("B.2", "B", "criterion", "3", "1", "manual", "\"assessor\": \"survey\", ") ",\n"
  SMALL_NODE("B.3", "B", "criterion", "4", "1", "manual",
             "\"assessor\": \"statistics\", \"na\": \"leave_out\", "));
/* clang-format on */
#define UNITS "unit,name_vi\na,Sở A\nb,Sở B\nc,Sở C\n"
#define HEAD  "unit,node,input,value,points,stage\n"

static folder home;
static char methodology[128];

static inline void leave(void) {
  folder_remove(&home);
}

/* A run over the tree above; its file is written once. */
static inline chiso_status run(sample *s, const char *stage) {
  if (!*methodology) {
    home = folder_make();
    (void)atexit(leave);
    if (!put_text(&home, "index.json", tree))
      return CHISO_IO;
    snprintf(methodology, sizeof methodology, "%s/index.json", home.path);
  }
  s->options.stage = stage;
  s->units = UNITS;
  return begin(s, methodology, "2020");
}

static const char *const stage_words[] = { "", "self", "appraised_1",
                                           "appraised_2", "final" };

#endif
