/* SPDX-License-Identifier: Apache-2.0
 * analysis/normalise.h - one column on its scale, from data that need not be
 * the composite's: a simulation brings its own. */
#ifndef CHISO_ANALYSIS_NORMALISE_H
#define CHISO_ANALYSIS_NORMALISE_H

#include "analysis/composite.h"

typedef struct chiso__scale {
  size_t kind; /* which of the methods */
  chiso_ties ties;
  double a, b, c;
  size_t reference; /* row */
} chiso__scale;

/* The scales of all indicators, [leaf], in the arena. */
chiso_status chiso__scales_read(const chiso_composite *c, chiso__arena *arena,
                                const char *method, chiso__scale **out,
                                chiso_error *err);

/* What one column is worked with, for any number of columns. */
typedef struct chiso__scale_room {
  chiso__ranked *order;
  double *copy;
} chiso__scale_room;
chiso_status chiso__scale_room_open(chiso__scale_room *room,
                                    chiso__arena *arena, size_t n,
                                    chiso_error *err);

typedef struct chiso__scaled {
  double *y; /* [row]; the caller's */
  bool gaps;
  chiso__message left_out; /* why it counts for nobody; MSG_COUNT: it counts */
} chiso__scaled;
/* y from x, one value for each row of the composite. Changes and allocates
 * nothing else. */
void chiso__scale_column(const chiso_composite *c, size_t leaf,
                         const chiso__scale *scale, const double *x,
                         const chiso__scale_room *room, chiso__scaled *out);

#endif
