/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/path.h - the cheapest improvements by which a unit gains ranks or
 * reaches a grade, while all others stay as they are.
 *
 * Every leaf that can be improved has levels: the points that its rule can
 * give above those it has, each with a cost. A plan takes one level of each
 * leaf. The plan that is given has, of all that reach the goal, the least cost;
 * of those the fewest leaves; of those the highest figure; then what stands
 * later in the tree gains the least. docs/manual/path.md has the model as
 * formulas.
 *
 * Points, costs and figures are exact decimals, and the plan is scored by the
 * engine before it is given.
 */
#ifndef CHISO_PATH_H
#define CHISO_PATH_H

#include "chiso/data.h"

typedef enum chiso_path_goal {
  CHISO_PATH_NONE = 0, /* the leaves alone */
  CHISO_PATH_GAIN,     /* `number` ranks */
  CHISO_PATH_RANK,     /* rank `number` or better */
  CHISO_PATH_GRADE,    /* grade `grade` or better */
  CHISO_PATH_POINTS,   /* a ranked figure of at least `points` */
  CHISO_PATH_OVERTAKE  /* a figure above that of `other` */
} chiso_path_goal;

typedef enum chiso_path_method {
  CHISO_PATH_EITHER = 0, /* exact; where that has no room, a programme */
  CHISO_PATH_EXACT,      /* by whole numbers alone: all figures that can be
                            reached, each with its least cost */
  CHISO_PATH_PROGRAMME   /* an integer programme, by CBC */
} chiso_path_method;

#define CHISO_PATH_MOST_NODES 1000000000u

typedef struct chiso_path_options {
  size_t unit; /* scored */
  chiso_path_goal goal;
  uint64_t number;
  const char *grade;  /* its key */
  const char *points; /* as in a table: "90.5", "90,5" */
  size_t other;       /* scored */
  const char *costs;  /* table of costs, or NULL: a point costs 1 */
  const char *fixed; /* ids of what is left as it is, with commas; NULL: none */
  bool surveys; /* leaves that surveys and other indices give can be improved,
                   too */
  bool partial; /* of MANUAL leaves any points, not all or nothing */
  chiso_path_method method;
  uint32_t nodes; /* at most, of a programme's search; 0: until it is proven */
} chiso_path_options;

typedef struct chiso_path chiso_path;

/* `run` is borrowed and must outlive the path. CHISO_NO: the goal is out of
 * reach; the path is returned for its leaves and for chiso_path_best().
 * CHISO_USAGE: there is no such rank, grade or node. CHISO_BAD_DATA: the unit
 * has no rank, or the table of costs has a fault. [one thread per process: CBC
 * has state of its own] */
CHISO_API chiso_status chiso_path_new(const chiso_run *run,
                                      const chiso_path_options *options,
                                      const chiso_allocator *allocator,
                                      chiso_path **out, chiso_error *err);
CHISO_API void chiso_path_free(chiso_path *path);

/* ---- leaves ------------------------------------------------------------- */

/* Why a leaf is left as it is. */
typedef enum chiso_path_left {
  CHISO_PATH_OPEN = 0, /* it is not: it has levels above its points */
  CHISO_PATH_FULL,     /* no points above those it has */
  CHISO_PATH_SURVEYED, /* a survey or another index gives it */
  CHISO_PATH_FIXED,    /* as asked for */
  CHISO_PATH_UNPRICED, /* the table of costs says nothing of it */
  CHISO_PATH_COMPARED, /* its points depend on other units, or on code */
  CHISO_PATH_ABSENT    /* does not apply to the unit */
} chiso_path_left;

/* "open", "full", "survey", "fixed", "no_cost", "compared", "not_applicable".
 * Static. */
CHISO_API const char *chiso_path_left_key(chiso_path_left left);

/* A leaf that counts, or a node or part whose points were given as a whole. */
typedef struct chiso_path_leaf {
  uint32_t node; /* CHISO_NO_NODE: a part */
  uint32_t part; /* over all partitions; CHISO_NO_SLOT: a node */
  const char *id, *title_vi, *title_en;
  uint32_t slot; /* of the input that changes; CHISO_NO_SLOT: points */
  chiso_path_left left;
  chiso_dec points, max;
  chiso_dec cost, fixed; /* of one point; once; CHISO_NONE: unpriced */
  size_t levels;         /* above its points */
} chiso_path_leaf;

typedef struct chiso_path_level {
  chiso_dec points, cost; /* from the points that the leaf has */
  int64_t raw; /* of the input, raw / 10^digits; a choice is its place */
} chiso_path_level;

CHISO_API size_t chiso_path_leaves(const chiso_path *path);
CHISO_API chiso_path_leaf chiso_path_leaf_at(const chiso_path *path,
                                             size_t place);
CHISO_API chiso_path_level chiso_path_level_at(const chiso_path *path,
                                               size_t leaf, size_t level);

/* ---- the plan ----------------------------------------------------------- */

typedef enum chiso_path_proof {
  CHISO_PATH_PROVEN_EXACT = 1, /* by whole numbers */
  CHISO_PATH_PROVEN_PROGRAMME, /* by CBC: its bound is the cost */
  CHISO_PATH_UNPROVEN          /* the bound is below the cost */
} chiso_path_proof;

/* Where the unit stands. */
typedef struct chiso_path_stand {
  chiso_dec figure;     /* that is ranked by */
  chiso_dec points;     /* of the whole */
  uint32_t rank, grade; /* grade: UINT32_MAX without grading */
} chiso_path_stand;

typedef struct chiso_path_plan {
  chiso_path_stand before, after;
  chiso_dec cost, bound; /* no plan costs less than the bound */
  size_t steps;
  chiso_path_proof proof;
  uint64_t searched; /* labels, or nodes of the programme's search */
} chiso_path_plan;
/* Zero without a goal. */
CHISO_API chiso_path_plan chiso_path_plan_of(const chiso_path *path);
/* With every leaf at its highest level. */
CHISO_API chiso_path_stand chiso_path_best(const chiso_path *path);

/* Steps in order: the most points of the whole for a unit of cost first. */
typedef struct chiso_path_step {
  size_t leaf;
  chiso_dec from, to, cost;
  int64_t raw_from, raw_to; /* of the input, where there is one */
  bool had_raw;
  chiso_path_stand after;
  size_t overtaken; /* units that stood above or level, and stand below now */
  size_t level;     /* units that stood above, and stand level now */
} chiso_path_step;
CHISO_API chiso_path_step chiso_path_step_at(const chiso_path *path,
                                             size_t place);
/* Scored units: those overtaken, then those drawn level with, each in the order
 * of their figures, the lowest first. */
CHISO_API size_t chiso_path_passed(const chiso_path *path, size_t step,
                                   size_t place);

/* ---- what each rank costs ----------------------------------------------- */

/* From the rank before the unit's own to the best that is in reach. A rank that
 * ties jump over has no row. */
typedef struct chiso_path_price {
  uint32_t rank;
  chiso_dec cost, bound;
  size_t leaves;
  chiso_path_stand after;
  chiso_path_proof proof;
} chiso_path_price;
/* Free with chiso_path_prices_free(). */
CHISO_API chiso_status chiso_path_frontier(chiso_path *path,
                                           chiso_path_price **out,
                                           size_t *count, chiso_error *err);
CHISO_API void chiso_path_prices_free(const chiso_path *path,
                                      chiso_path_price *prices);

#endif
