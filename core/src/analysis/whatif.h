/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif.h - what the parts of a changed run share. */
#ifndef CHISO_ANALYSIS_WHATIF_H
#define CHISO_ANALYSIS_WHATIF_H

#include "chiso/whatif.h"
#include "data/data.h"

struct chiso_whatif {
  const chiso_allocator *allocator;
  chiso__arena arena;
  const chiso_run *base;
  chiso_store *store;
  chiso_whatif_options options;
  chiso_run *run; /* the changed one */
  chiso_run_rules rules;
  chiso__changes changes;
  size_t *before; /* [scored after]: place before; SIZE_MAX: it joined */
  size_t *after;  /* [scored before]: place after; SIZE_MAX: left out */
  bool same;      /* the methodology is that of the base */
  uint32_t *node_of, *node_from; /* old to new, new to old; CHISO_NO_NODE */
  chiso_dec *max;                /* [node after] */
  chiso_whatif_counts counts;
};

static inline chiso__member *chiso__whatif_member(const chiso_whatif *w) {
  return chiso__main_member(w->run);
}

/* whatif_units.c: who is in the changed run; w->before and w->after. */
chiso_status chiso__whatif_units(chiso_whatif *w, chiso_error *err);

/* whatif_carry.c: the methodology of the changed run, its program and what
 * nodes became; then the entries, as far as they have a place. */
chiso_status chiso__whatif_rules(chiso_whatif *w, chiso_error *err);
chiso_status chiso__whatif_carry(chiso_whatif *w, chiso_error *err);

/* whatif_enter.c: changes into the entries. Faults are remarked. */
chiso_status chiso__whatif_enter(chiso_whatif *w, chiso_error *err);

/* whatif_weights.c: before scoring, weights of means and what is wrong with
 * any; after it, points and maxima of sums. */
typedef struct chiso__weighing chiso__weighing;
chiso_status chiso__weighing_new(chiso_whatif *w, chiso__weighing **out,
                                 chiso_error *err);
chiso_status chiso__weighing_apply(const chiso__weighing *weighing,
                                   chiso_error *err);

#endif
