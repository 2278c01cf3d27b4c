/* SPDX-License-Identifier: Apache-2.0
 * analysis/read.h - what reading the two tables of a composite shares. */
#ifndef CHISO_ANALYSIS_READ_H
#define CHISO_ANALYSIS_READ_H

#include "analysis/composite.h"

enum {
  CHISO__META_CODE, /* the first three must be there */
  CHISO__META_LEVEL,
  CHISO__META_PARENT,
  CHISO__META_DIRECTION,
  CHISO__META_WEIGHT,
  CHISO__META_TYPE,
  CHISO__META_NAME,
  CHISO__META_DENOMINATOR,
  CHISO__META_SCALE,
  CHISO__META_NORMALISE,
  CHISO__META_AGGREGATE,
  CHISO__META_TREAT,
  CHISO__META_COLUMNS
};

/* Codes in the order of the metadata; `parent` is a place among them, `count`
 * the number of children. */
typedef struct chiso__read {
  chiso__arena *scratch;
  chiso__code *raw;
  size_t n_raw;
  chiso__map map;
  const char **denominators; /* columns that serve as such alone */
  size_t n_denominators;
  bool have_meta;
} chiso__read;

/* Empty; NULL when memory is short. */
chiso_composite *chiso__composite_new(chiso_lang lang,
                                      const chiso_allocator *allocator);
chiso_status chiso__composite_meta(chiso_composite *c, chiso__read *r,
                                   const char *path, chiso_error *err);
chiso_status chiso__composite_table(chiso_composite *c, chiso__read *r,
                                    const char *path, chiso_error *err);
/* Codes from `raw`: leaves as `leaf[place]` orders them, then aggregates by
 * level. */
chiso_status chiso__composite_tree(chiso_composite *c, const chiso__read *r,
                                   const uint32_t *leaf, size_t n_leaves,
                                   chiso_error *err);
/* Room for values, and weights as read. */
chiso_status chiso__composite_room(chiso_composite *c, chiso_error *err);

/* Opens a table of either form, with notices on what of it was not read. */
chiso_status chiso__composite_open(chiso_composite *c, chiso__arena *scratch,
                                   const char *path, chiso__csv *out,
                                   chiso_error *err);
/* A column of numbers, NaN where empty or NA; a fault for each that is none. */
void chiso__composite_numbers(chiso_composite *c, const chiso__csv *csv,
                              size_t column, double *out);

#endif
