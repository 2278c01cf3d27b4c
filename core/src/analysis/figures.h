/* SPDX-License-Identifier: Apache-2.0
 * analysis/figures.h - what is known of a round. */
#ifndef CHISO_ANALYSIS_FIGURES_H
#define CHISO_ANALYSIS_FIGURES_H

#include "chiso/compare.h"
#include "data/data.h"

struct chiso_figures {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_store *store;
  const chiso_methodology *methodology;
  const chiso_listing *listing;
  const chiso_units *units;
  chiso_units *own_units; /* those that were read where no run has them */
  chiso_run *run;         /* the first, which has the units */
  chiso_date round;
  size_t n; /* units */
  uint32_t nodes, parts;
  chiso_dec *points, *max; /* [node * n + unit] */
  uint8_t *from;
  uint32_t *rank;
  chiso_dec *part; /* [part * n + unit] */
};

/* The name of a shipped file is that of a round, or of a round and a set. */
bool chiso__figures_round(const char *name, chiso_date *round,
                          const char **set);

#endif
