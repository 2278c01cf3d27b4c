/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/bridge.h - figures of older units given for the units that they became.
 *
 * A table of changes says into which new unit each older one went: many into
 * one. What was published for the parts is given for the whole
 *
 * - as it stands, where a unit only goes on;
 * - as the mean of the parts weighted by a column, an estimate:
 *   sum(w p) / sum(w). Parts of one maximum M have percents 100 p / M, so that
 *   the mean of points is the mean of percents;
 * - without weights as bounds, the lowest and the highest part: every weighted
 *   mean is a convex combination of the parts and lies between.
 *
 * A part without a figure may have anything from 0 to the maximum; of a sum
 * anything that the figures below it leave open: those known, and from 0 to the
 * maximum of the others. All of this is arithmetic on decimals; an estimate is
 * rounded once, half up, to millionths, bounds outwards. No other information
 * enters: a bridge is no model of what the new unit would have scored.
 * docs/manual/bridge.md.
 */
#ifndef CHISO_BRIDGE_H
#define CHISO_BRIDGE_H

#include "chiso/compare.h"

/* The way from one unit set to another, with weights. Immutable once made, may
 * be read by any number of threads. */
typedef struct chiso_bridge chiso_bridge;

typedef struct chiso_bridge_options {
  const char *to;       /* set of the new units; NULL: where the changes lead */
  const char *to_units; /* table of these units; NULL: the shipped one */
  const char *changes;  /* table of changes; NULL: the shipped ones */
  bool from_file;       /* the older units came from a file that gives them no
                           name: they are those the changes begin with */
  const char *weights;  /* table of weights; NULL: none */
  const char *column;   /* of it; NULL: its only column of numbers */
  bool equal;           /* equal weights, without a table */
} chiso_bridge_options;

/* Reads changes, new units and weights. `from`: the older units, borrowed, must
 * outlive the bridge. Units that are the new ones already give a bridge that
 * changes nothing. CHISO_USAGE: no way, or several; CHISO_BAD_DATA: a fault in
 * a table, the first. The store is only asked for its share folder. */
CHISO_API chiso_status chiso_bridge_new(const chiso_store *store,
                                        const chiso_units *from,
                                        const chiso_bridge_options *options,
                                        const chiso_allocator *allocator,
                                        chiso_bridge **out, chiso_error *err);
CHISO_API void chiso_bridge_free(chiso_bridge *bridge);
CHISO_API const chiso_units *chiso_bridge_from(const chiso_bridge *bridge);
CHISO_API const chiso_units *chiso_bridge_to(const chiso_bridge *bridge);
/* Both are one set. */
CHISO_API bool chiso_bridge_same(const chiso_bridge *bridge);
/* The column of weights, "equal", or NULL without weights. */
CHISO_API const char *chiso_bridge_column(const chiso_bridge *bridge);

typedef struct chiso_bridge_part {
  size_t unit;            /* place among the older units */
  chiso_dec weight;       /* CHISO_NONE: none */
  double share;           /* of all weights of the unit, 0..1; NaN: none */
  chiso_date date;        /* of the change; 0: not said */
  const char *instrument; /* or NULL */
} chiso_bridge_part;

/* Parts of a new unit, in the order of the older set. */
CHISO_API size_t chiso_bridge_parts(const chiso_bridge *bridge, size_t unit);
CHISO_API chiso_bridge_part chiso_bridge_part_at(const chiso_bridge *bridge,
                                                 size_t unit, size_t place);

typedef enum chiso_bridged_state {
  CHISO_BRIDGED_NONE = 0,  /* nothing is known of any part */
  CHISO_BRIDGED_OWN,       /* the round is over the new units */
  CHISO_BRIDGED_UNCHANGED, /* the one part's figure */
  CHISO_BRIDGED_ESTIMATE,  /* the weighted mean of its parts */
  CHISO_BRIDGED_BOUNDS,    /* lowest and highest part */
  CHISO_BRIDGED_PARTIAL /* bounds, because a part has no figure; also of a unit
                           that goes on alone, from figures below the node */
} chiso_bridged_state;
/* "own", "unchanged", "estimate", "bounds", "partial", "none". Static. */
CHISO_API const char *chiso_bridged_key(chiso_bridged_state state);

/* One node of one new unit. */
typedef struct chiso_bridged {
  chiso_bridged_state state;
  chiso_figure_from from;   /* of the parts; COMPUTED when any of them is */
  uint32_t parts, known;    /* parts, and those of them with a figure */
  chiso_dec points;         /* OWN, UNCHANGED, ESTIMATE; else CHISO_NONE */
  chiso_dec low, high, max; /* equal to the points where there are any */
  double percent, percent_low, percent_high; /* NaN where there are none */
  uint32_t rank;        /* among `ranked` units with points; with weights, or
                           of own figures; 0: none */
  uint32_t ranked;      /* how many these are */
  uint32_t best, worst; /* ranks that it can have among `units`, whatever lies
                           within all bounds; 0: it has no figure */
  uint32_t units;       /* that take part: of which a part was ranked */
} chiso_bridged;

/* Fills rows[chiso_units_count(chiso_bridge_to(bridge))]. `figures` are over
 * the bridge's older units. Ranks of own figures are those printed, where any
 * was, and then best and worst too. Units of which nothing is known are counted
 * in the ranks of others as anywhere from 0 to the maximum. */
CHISO_API chiso_status chiso_bridge_node(const chiso_bridge *bridge,
                                         const chiso_figures *figures,
                                         uint32_t node, chiso_bridged *rows,
                                         chiso_error *err);

/* All nodes, and parts of partitions, as figures over the new units, for
 * chiso_sides_new(): those that have points. Estimates are
 * CHISO_FIGURE_ESTIMATED, and none has a printed rank but those of own figures.
 * `bridge` and `figures` are borrowed and must outlive the result. */
CHISO_API chiso_status chiso_bridge_figures(const chiso_bridge *bridge,
                                            const chiso_figures *figures,
                                            const chiso_allocator *allocator,
                                            chiso_figures **out,
                                            chiso_error *err);

#endif
