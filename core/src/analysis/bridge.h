/* SPDX-License-Identifier: Apache-2.0
 * analysis/bridge.h - the way from one unit set to another. */
#ifndef CHISO_ANALYSIS_BRIDGE_H
#define CHISO_ANALYSIS_BRIDGE_H

#include "chiso/bridge.h"
#include "data/mergers.h"

struct chiso_bridge {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso__mergers mergers;
  const chiso_units *from, *to;
  chiso_units *own_to;          /* read here; NULL: the units are `from` */
  const char *column;           /* of weights; NULL: none */
  size_t *first;                /* [to + 1]: its parts in `part` */
  size_t *part;                 /* [from] older units, by new unit */
  chiso_dec *weight;            /* [from]; CHISO_NONE */
  const chiso__merger **change; /* [from]; NULL where the sets are one */
};

/* Reads weights of the older units; what is not in the table stays
 * CHISO_NONE. */
chiso_status chiso__bridge_weights(chiso_bridge *b, const char *path,
                                   const char *column, chiso_error *err);

#endif
