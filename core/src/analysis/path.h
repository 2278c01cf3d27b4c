/* SPDX-License-Identifier: Apache-2.0
 * analysis/path.h - what the files of the cheapest improvements share. */
#ifndef CHISO_ANALYSIS_PATH_H
#define CHISO_ANALYSIS_PATH_H

#include "base/arena.h"
#include "base/error.h"
#include "chiso/path.h"
#include "data/data.h"
#include "engine/engine.h"

#define CHISO__LIMIT_LEVELS_OF_LEAF 20000u   /* of one leaf */
#define CHISO__MANY_LEVELS          2000u    /* from here on they are thinned */
#define CHISO__LIMIT_LABELS         4000000u /* of one exact search: 128 MiB */
#define CHISO__LIMIT_MERGES         200000000u
#define CHISO__LIMIT_COLUMNS        100000u /* of a programme */

/* What a table of costs says of a leaf; CHISO_NONE where it says nothing. */
typedef struct chiso__price {
  chiso_dec cost, least, most, fixed;
  bool own; /* said of it, not of what stands above */
} chiso__price;

typedef struct chiso__lever {
  chiso_path_leaf leaf;
  chiso_path_level *levels; /* rising; [0] is as it is */
  size_t n;                 /* with level 0 */
  bool given;               /* as points, not by inputs */
  double reach;             /* in the root's sum, for a point of it */
} chiso__lever;

/* Points of a node from those below it. A node that does not change has
 * none. */
typedef struct chiso__joint {
  bool varies;
  size_t lever;       /* SIZE_MAX: an inner node */
  int64_t constant;   /* sum of what does not change, weighted */
  uint32_t *children; /* those that vary */
  int64_t *weights;
  uint32_t count;
  int64_t grain;                   /* divides all points that it can have */
  chiso__wide total_weight, scale; /* MEAN: all children with points; what
                                      weights were divided by */
} chiso__joint;

struct chiso_path {
  const chiso_allocator *allocator;
  const chiso_run *run;
  chiso__arena arena;
  chiso_path_options options;
  const chiso_program *program;
  chiso__member member; /* the run's, with entries and scores of its own */
  chiso__price *prices; /* [node, then part]; NULL: a point costs 1 */
  uint8_t *fixed;       /* the same */
  chiso__lever *levers;
  size_t n_levers;
  bool parts;          /* the whole is a sum of parts */
  size_t *part_levers; /* those that vary */
  size_t n_part_levers;
  chiso__joint *joints;     /* [node] */
  int64_t *values;          /* [node]: scratch of chiso__path_total() */
  chiso_dec *figures;       /* [unit], as ranked; the unit's own changes */
  chiso_dec *before;        /* [unit] */
  uint32_t *ranks, *grades; /* [unit] */
  /* The root's sum is `flat_constant` and, for each of these levers, its points
   * times its reach: no rounding and no mean stand between. */
  bool flat;
  size_t *flat_levers;
  size_t n_flat;
  int64_t flat_constant, flat_now; /* the sum without and with their points */
  double loss;   /* how far the root's sum may be from linear */
  chiso_dec max; /* applicable, of the root */
  chiso_dec bonus, penalty;
  uint32_t grade; /* the goal's */
  chiso_dec least;
  uint32_t rank;
  chiso_path_stand now, best;
  chiso_path_plan plan;
  uint32_t *picks; /* [lever]: levels of the plan */
  chiso_path_step *steps;
  size_t **passed;
};

/* ---- the model ----------------------------------------------------------- */

/* Prices and what is fixed, from the options. */
chiso_status chiso__path_prices(chiso_path *path, chiso_error *err);
/* The place of a lever's price. */
static inline size_t chiso__path_place(const chiso_path *path,
                                       const chiso_path_leaf *leaf) {
  return leaf->part != CHISO_NO_SLOT ? path->program->n_nodes + leaf->part
                                     : leaf->node;
}
/* Fills lever->levels from its rule. */
chiso_status chiso__path_levels(chiso_path *path, chiso__lever *lever,
                                chiso_error *err);
/* Levers and joints of the tree. */
chiso_status chiso__path_model(chiso_path *path, chiso_error *err);

/* Points of an inner node from the weighted sum of its children; of the root
 * before it is rounded. False when they do not fit. */
bool chiso__path_points(const chiso_path *path, uint32_t node, int64_t total,
                        int64_t *out);
/* The weighted sum of the root's children under the levels of a plan. */
bool chiso__path_total(chiso_path *path, const uint32_t *picks, int64_t *out);
/* The ranked figure that a total makes, and the whole's points. */
chiso_dec chiso__path_figure(const chiso_path *path, int64_t total,
                             chiso_dec *points);

/* ---- the goal ------------------------------------------------------------ */

/* Where a figure stands; CHISO_NO_MEMORY. */
chiso_status chiso__path_stand(chiso_path *path, chiso_dec figure,
                               chiso_path_stand *out, chiso_error *err);
/* Whether a figure reaches the goal. */
chiso_status chiso__path_reaches(chiso_path *path, chiso_dec figure, bool *out,
                                 chiso_error *err);

/* ---- searches ------------------------------------------------------------ */

typedef struct chiso__found {
  bool found, room; /* room: the search did not outgrow its limits */
  chiso_dec cost, bound;
  size_t leaves;
  uint64_t searched;
  chiso_path_proof proof;
} chiso__found;

/* Both: the cheapest plan that reaches the goal. `most` is the cost of one that
 * is known; picks[lever] is filled when one is found. */
chiso_status chiso__path_exact(chiso_path *path, chiso_dec most,
                               uint32_t *picks, chiso__found *out,
                               chiso_error *err);
/* Where that has no room: betters the plan in `picks`, of a flat tree, by its
 * levels alone, and holds it against a bound. */
chiso_status chiso__path_core(chiso_path *path, uint32_t *picks,
                              chiso__found *out, chiso_error *err);
/* The least sum of the root's children that reaches the goal; something must,
 * and the present must not. */
chiso_status chiso__path_need(chiso_path *path, int64_t *out, chiso_error *err);
chiso_status chiso__path_programme(chiso_path *path, uint32_t *picks,
                                   chiso__found *out, chiso_error *err);
/* A lever at a level. */
typedef struct chiso__offer {
  double gain; /* in the root's sum */
  chiso_dec cost;
  size_t lever;
} chiso__offer;
chiso__offer chiso__path_offer(const chiso_path *path, size_t lever,
                               size_t level);
/* For qsort(): more for the cost first; of equals the larger. */
int chiso__path_better(const void *a, const void *b);
/* The cheapest plan for the goal that is set, as far as it can be found. */
chiso_status chiso__path_search(chiso_path *path, uint32_t *picks,
                                chiso__found *out, chiso_error *err);
/* Some plan that reaches the goal, not far from the cheapest; false: none
 * does. */
chiso_status chiso__path_greedy(chiso_path *path, uint32_t *picks,
                                chiso_dec *cost, bool *found, chiso_error *err);
chiso_dec chiso__path_cost(const chiso_path *path, const uint32_t *picks);

#endif
