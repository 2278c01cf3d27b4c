/* SPDX-License-Identifier: Apache-2.0
 * analysis/history.h - rounds in order. */
#ifndef CHISO_ANALYSIS_HISTORY_H
#define CHISO_ANALYSIS_HISTORY_H

#include "analysis/figures.h"

struct chiso_history {
  const chiso_allocator *allocator;
  chiso_store *store;
  const char *id;
  chiso_figures **rounds;
  size_t count;
};

#endif
