/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/uncertainty.h - how sure a rank is: a composite many times over, each
 * time with other assumptions. docs/manual/uncertainty.md has the formulas.
 *
 * Random numbers are computed from the seed and the number of a replication
 * (Philox4x32-10): the same seed gives the same bytes on any number of threads.
 */
#ifndef CHISO_UNCERTAINTY_H
#define CHISO_UNCERTAINTY_H

#include "chiso/composite.h"

#define CHISO_MOST_REPLICATIONS 100000000

typedef struct chiso_uncertainty chiso_uncertainty;

typedef struct chiso_uncertainty_spec {
  /* As of chiso_composite_normalise() and chiso_composite_aggregate(): what
   * stands where nothing else is said. `threshold` may be NULL. */
  const char *normalise, *aggregate, *threshold;
  /* What changes from one replication to the next, with commas between:
   * "weights:X": each weight below the top by a factor of its own, even in
   *   1 - X .. 1 + X, 0 < X <= 1; "weight:CODE:X": that of one code;
   * "normalise:N1|N2", "aggregate:A1|A2": one of them;
   * "exclude:LEVEL": one element of the level, left out;
   * "appraisal[:between|either[:P]|unit]": points between the units' own
   *   (chiso_composite_self()) and those of the data;
   * "errors[:FACTOR]": values within their errors (chiso_composite_errors()).
   * NULL: nothing, where `weights_in` is given. */
  const char *perturb;
  /* A table rep,iCode,Weight with the weights of replications 1, 2 ...; they
   * replace those that would be drawn. NULL: none. */
  const char *weights_in;
  const char *write_draws; /* where the weights used go; NULL: nowhere */
  uint64_t replications;   /* 0: all of `weights_in` */
  uint64_t seed;
  bool scores, pairs; /* whether to keep scores; to count who is above whom */
  unsigned threads;   /* 0: one for each processor */
} chiso_uncertainty_spec;

/* Runs it. The composite has its data, weights and steps before normalisation;
 * what it holds afterwards is left open, and it must outlive *out. Notices are
 * among its remarks. */
CHISO_API chiso_status chiso_uncertainty_run(chiso_composite *composite,
                                             const chiso_uncertainty_spec *spec,
                                             chiso_uncertainty **out,
                                             chiso_error *err);
CHISO_API void chiso_uncertainty_free(chiso_uncertainty *uncertainty);
CHISO_API uint64_t
chiso_uncertainty_replications(const chiso_uncertainty *uncertainty);

/* Over the replications in which the unit has a score; NaN where a figure does
 * not exist. Quantiles of type 7 of R; the deviation with n - 1. */
typedef struct chiso_spread {
  double nominal; /* as things stand */
  double mean, median, q5, q95, sd;
} chiso_spread;
/* Of the rank: 1 is the highest score, ties share the lowest number. */
CHISO_API chiso_spread
chiso_uncertainty_rank(const chiso_uncertainty *uncertainty, size_t row);
/* Of the score; asks for spec.scores. */
CHISO_API chiso_status
chiso_uncertainty_score(const chiso_uncertainty *uncertainty, size_t row,
                        chiso_spread *out, chiso_error *err);
/* The score in a replication (from 0); asks for spec.scores. */
CHISO_API double
chiso_uncertainty_score_in(const chiso_uncertainty *uncertainty,
                           uint64_t replication, size_t row);
/* Replications in which the unit has a rank, 1..rows. */
CHISO_API uint64_t chiso_uncertainty_count(const chiso_uncertainty *uncertainty,
                                           size_t row, size_t rank);
/* Replications in which one unit's score is above another's; asks for
 * spec.pairs. */
CHISO_API uint64_t chiso_uncertainty_above(const chiso_uncertainty *uncertainty,
                                           size_t row, size_t other);

/* ---- any weights within bounds ------------------------------------------- */

typedef struct chiso_rank_bounds chiso_rank_bounds;

typedef struct chiso_rank_bounds_spec {
  /* As above; the aggregation is one of arithmetic, geometric, harmonic and
   * genmean, the same in all steps, and no value is missing. */
  const char *normalise, *aggregate;
  /* "X": each weight w below the top may be anything in w (1 - X) .. w (1 + X),
   * 0 < X <= 1; "X,weight:CODE:Y": that of one code in w (1 - Y) .. w (1 + Y);
   * without X the weights that are not named stay. Weights of one node are
   * divided by their sum, as in the aggregation. */
  const char *within;
  /* Nodes of the search for each end of each unit; 0: no integer programme,
   * only pairs and a search for weights. */
  uint32_t most_nodes;
  const char *write_draws; /* where the weights of all ends go; NULL: nowhere */
} chiso_rank_bounds_spec;

/* Runs it, on one thread; of the composite as chiso_uncertainty_run(). */
CHISO_API chiso_status chiso_rank_bounds_run(chiso_composite *composite,
                                             const chiso_rank_bounds_spec *spec,
                                             chiso_rank_bounds **out,
                                             chiso_error *err);
CHISO_API void chiso_rank_bounds_free(chiso_rank_bounds *bounds);

/* `best` and `worst` are ranks that the unit has under weights that were found;
 * no weights lead beyond `best_proven` and `worst_proven`. Where both agree the
 * end is exact. */
typedef struct chiso_rank_bound {
  uint32_t nominal;
  uint32_t best, best_proven;
  uint32_t worst, worst_proven;
} chiso_rank_bound;
CHISO_API chiso_rank_bound chiso_rank_bounds_at(const chiso_rank_bounds *bounds,
                                                size_t row);

#endif
