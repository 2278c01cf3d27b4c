/* SPDX-License-Identifier: Apache-2.0
 * analysis/draws.h - the weights of replications as a table. */
#ifndef CHISO_ANALYSIS_DRAWS_H
#define CHISO_ANALYSIS_DRAWS_H

#include "analysis/model.h"

/* Weights of replications; [replication * codes + code]. */
typedef struct chiso__draws {
  double *weights; /* NULL: none are given */
  size_t count;
} chiso__draws;

/* Reads rep,iCode,Weight (and any other column) into the arena. */
chiso_status chiso__draws_read(chiso_composite *c, chiso__arena *arena,
                               const char *path, chiso__draws *out,
                               chiso_error *err);
/* Writes rep,iCode,Level,Weight as used, and the other choices where there are
 * any. */
chiso_status chiso__draws_write(const chiso__model *m,
                                const chiso__draws *given,
                                uint64_t replications, const char *path,
                                chiso_error *err);

#endif
