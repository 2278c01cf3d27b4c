/* SPDX-License-Identifier: Apache-2.0
 * bridge.h - the rounds of chiso bridge, and its tables. */
#ifndef CHISO_CLI_BRIDGE_H
#define CHISO_CLI_BRIDGE_H

#include "cli.h"

/* A round and its bridge. */
typedef struct crossing {
  const chiso_figures *figures;
  chiso_bridge *bridge;
  bool owned;          /* the bridge; else that of an earlier round */
  size_t place;        /* in the history */
  unsigned breaks;     /* since the round before it here */
  uint32_t node;       /* CHISO_NO_NODE: the edition has none */
  chiso_bridged *rows; /* of the node; [new unit] */
} crossing;

typedef struct work {
  cli *c;
  chiso_history *history;
  chiso_figures *data; /* of --data */
  crossing *rounds;
  size_t count;
  size_t unit; /* --unit, or SIZE_MAX */
} work;

static inline const chiso_methodology *edition_of(const crossing *x) {
  return chiso_figures_methodology(x->figures);
}

static inline const chiso_index *index_of(const crossing *x) {
  return chiso_methodology_index(edition_of(x));
}

static inline const chiso_unit *unit_of(const crossing *x, size_t unit) {
  return chiso_units_get(chiso_bridge_to(x->bridge), unit);
}

static inline const chiso_unit *part_unit(const crossing *x, size_t unit,
                                          size_t i) {
  return chiso_units_get(chiso_bridge_from(x->bridge),
                         chiso_bridge_part_at(x->bridge, unit, i).unit);
}

static inline size_t units_in(const crossing *x) {
  return chiso_units_count(chiso_bridge_to(x->bridge));
}

/* The round as text. */
const char *bridge_round(cli *c, const chiso_figures *figures);
/* Fills the rows of a round with those of a node, which may be CHISO_NO_NODE.
 */
int bridge_cross(work *w, crossing *x, uint32_t node);
/* Prints what --what asks for. */
int bridge_show(work *w, const char *what);

#endif
