/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/compare.h - rounds and indices side by side, and one index over time.
 *
 * Percents are of the maximum, 0..100. Ranks count from 1, the best; of equal
 * figures each has the least rank: 1, 2, 2, 4. What is absent is NaN,
 * CHISO_NONE or rank 0. docs/manual/compare.md and history.md have every
 * formula with its source.
 */
#ifndef CHISO_COMPARE_H
#define CHISO_COMPARE_H

#include "chiso/data.h"

/* ---- the figures of a round ---------------------------------------------- */

/* All that is known of a round: what was printed, and beside it what follows
 * from the published entries, set after set; or what follows from given data.
 * Figures that rest on approximate rules are left out. */
typedef struct chiso_figures chiso_figures;

typedef enum chiso_figure_from {
  CHISO_FIGURE_NONE = 0,
  CHISO_FIGURE_PRINTED,  /* in a table of published results */
  CHISO_FIGURE_COMPUTED, /* from entries */
  CHISO_FIGURE_ESTIMATED /* by a bridge between unit sets: chiso/bridge.h */
} chiso_figure_from;

typedef struct chiso_figure {
  chiso_figure_from from;
  chiso_dec points, max; /* CHISO_NONE where there are no points */
  double percent;
  uint32_t
      rank; /* as printed, of all units of the round; points may be absent */
} chiso_figure;

/* With options->n_data a run of that data; else what the share folder holds of
 * the round, of the methodology's edition or of the one that serves the round.
 * A round without any gives CHISO_USAGE. The store is borrowed. On a fault in
 * given data *run is the run that has the remarks, to be freed by the caller;
 * else it is NULL. [one thread per store] */
CHISO_API chiso_status chiso_figures_read(chiso_store *store,
                                          const chiso_run_options *options,
                                          const chiso_allocator *allocator,
                                          chiso_figures **out, chiso_run **run,
                                          chiso_error *err);
/* The figures of a run: of a group of a round file, or of one stage. The run is
 * borrowed and must outlive them. */
CHISO_API chiso_status chiso_figures_of_run(const chiso_run *run,
                                            const chiso_allocator *allocator,
                                            chiso_figures **out,
                                            chiso_error *err);
CHISO_API void chiso_figures_free(chiso_figures *figures);
CHISO_API const chiso_methodology *
chiso_figures_methodology(const chiso_figures *figures);
CHISO_API const chiso_units *chiso_figures_units(const chiso_figures *figures);
CHISO_API chiso_date chiso_figures_round(const chiso_figures *figures);
/* Units are places in the unit set. */
CHISO_API bool chiso_figures_assessed(const chiso_figures *figures,
                                      size_t unit);
CHISO_API bool chiso_figures_ranked(const chiso_figures *figures, size_t unit);
CHISO_API chiso_figure chiso_figures_get(const chiso_figures *figures,
                                         uint32_t node, size_t unit);
/* A part of a partition, counted over all partitions. */
CHISO_API chiso_figure chiso_figures_part(const chiso_figures *figures,
                                          uint32_t part, size_t unit);
/* Units with points at a node. */
CHISO_API size_t chiso_figures_known(const chiso_figures *figures,
                                     uint32_t node);

/* ---- association --------------------------------------------------------- */

/* No interval is given below this number of pairs. */
#define CHISO_LEAST_PAIRS 10u

typedef struct chiso_estimate {
  double value;     /* NaN: fewer than two pairs, or one side is constant */
  double low, high; /* 95 %; NaN: no interval */
} chiso_estimate;

/* Of two columns over the pairs that have both. */
typedef struct chiso_association {
  size_t n;
  chiso_estimate pearson;  /* interval by Fisher's z */
  chiso_estimate spearman; /* by z with the variance of Fieller, Hartley and
                              Pearson */
  chiso_estimate kendall;  /* tau-b, with the variance of Brown and Benedetti */
} chiso_association;
CHISO_API chiso_status chiso_associate(const double *x, const double *y,
                                       size_t n,
                                       const chiso_allocator *allocator,
                                       chiso_association *out,
                                       chiso_error *err);

/* The chi-square approximation of W is poor for fewer rows: no p-value. */
#define CHISO_LEAST_RANKED 8u

/* Kendall's W of columns over the rows that have all, corrected for ties. */
typedef struct chiso_concordance {
  size_t n, columns;
  double w;    /* 0..1; NaN: fewer than two rows or columns, or all constant */
  double chi2; /* columns (n - 1) W, on n - 1 degrees of freedom */
  double p;    /* of no agreement, by chi2; NaN below CHISO_LEAST_RANKED rows */
} chiso_concordance;
CHISO_API chiso_status chiso_concord(const double *const *columns, size_t count,
                                     size_t n, const chiso_allocator *allocator,
                                     chiso_concordance *out, chiso_error *err);

/* ---- side by side -------------------------------------------------------- */

/* One column: a node of a round, or a part of a partition. */
typedef struct chiso_side {
  const chiso_figures *figures; /* borrowed */
  uint32_t node;
  uint32_t part; /* CHISO_NO_NODE: the node */
} chiso_side;

typedef struct chiso_sides chiso_sides;

/* Refuses sides over different unit sets with CHISO_USAGE. */
CHISO_API chiso_status chiso_sides_new(const chiso_side *sides, size_t count,
                                       const chiso_allocator *allocator,
                                       chiso_sides **out, chiso_error *err);
CHISO_API void chiso_sides_free(chiso_sides *sides);
/* [unit]; NaN where there is none. */
CHISO_API const double *chiso_sides_percents(const chiso_sides *sides,
                                             size_t side);
/* Units that the side knows; rank among them; their quarter, 1 the best: four
 * groups by quantiles of type 7, none of fewer than four units. 0: none. */
CHISO_API size_t chiso_sides_known(const chiso_sides *sides, size_t side);
CHISO_API uint32_t chiso_sides_rank(const chiso_sides *sides, size_t side,
                                    size_t unit);
CHISO_API uint32_t chiso_sides_quarter(const chiso_sides *sides, size_t side,
                                       size_t unit);
/* Rank on side b minus rank on side a, both among the units known to a and b;
 * false when the unit is not. */
CHISO_API bool chiso_sides_difference(const chiso_sides *sides, size_t a,
                                      size_t b, size_t unit, int64_t *out);
/* Units that every side knows, and of them the percent rank: the share, 0..100,
 * of the others that lie below, ties by their mean. NaN with fewer than two. */
CHISO_API size_t chiso_sides_common(const chiso_sides *sides);
CHISO_API double chiso_sides_percent_rank(const chiso_sides *sides, size_t side,
                                          size_t unit);
/* Highest minus lowest percent rank of a unit; the sides that have them, the
 * first of several. NaN unless all sides know it. */
CHISO_API double chiso_sides_spread(const chiso_sides *sides, size_t unit,
                                    size_t *highest, size_t *lowest);
/* What a child of a side's node adds to the distance of a unit from the mean of
 * the common units, in standard deviations of the side: over all children these
 * add up to the unit's own distance. NaN where a child's figures are not known
 * for every common unit, for parts, and for nodes that are neither sums nor
 * means. */
CHISO_API double chiso_sides_pull(const chiso_sides *sides, size_t side,
                                  uint32_t child, size_t unit);

/* ---- over time ----------------------------------------------------------- */

/* Why a round does not continue the one before: bits. */
enum {
  CHISO_BREAK_METHODOLOGY = 1, /* another edition */
  CHISO_BREAK_UNITS = 2,       /* another unit set */
  CHISO_BREAK_ASSESSED = 4     /* other units of the set are assessed */
};

/* All published rounds of an index, oldest first. */
typedef struct chiso_history chiso_history;

/* `name`: "id", or "id/edition" for the rounds of one edition. CHISO_USAGE when
 * nothing is published. The store is borrowed. [one thread per store] */
CHISO_API chiso_status chiso_history_new(chiso_store *store, const char *name,
                                         const chiso_allocator *allocator,
                                         chiso_history **out, chiso_error *err);
CHISO_API void chiso_history_free(chiso_history *history);
CHISO_API size_t chiso_history_rounds(const chiso_history *history);
CHISO_API const chiso_figures *chiso_history_at(const chiso_history *history,
                                                size_t place);
/* Bits between a round and the one before; 0 for the first. */
CHISO_API unsigned chiso_history_break(const chiso_history *history,
                                       size_t place);
/* The unit of another round of the same set, or SIZE_MAX. */
CHISO_API size_t chiso_history_unit(const chiso_history *history, size_t from,
                                    size_t to, size_t unit);

typedef enum chiso_split_state {
  CHISO_SPLIT_EXACT = 0,
  CHISO_SPLIT_BOUNDS,   /* some of it does not compare, or only as a sum */
  CHISO_SPLIT_UNLIKE,   /* no leaf is alike */
  CHISO_SPLIT_NONE,     /* no figure in one of the rounds */
  CHISO_SPLIT_NO_ORIGIN /* the area has no one origin in the older edition */
} chiso_split_state;

/* A change of points between two rounds, in points of the index. Performance is
 * what leaves gained that both editions have alike, those of another maximum in
 * proportion, at the later maximum; methodology is the rest: other maxima,
 * leaves that came, went or changed. Bounds hold whatever the unpublished
 * points were. */
typedef struct chiso_split {
  uint32_t node;   /* of the later edition; CHISO_NO_NODE: the areas without
                      figures of their own, as one, from the totals */
  uint32_t origin; /* of the earlier one, or CHISO_NO_NODE */
  chiso_split_state state;
  chiso_dec before, after;             /* points; CHISO_NONE */
  chiso_dec max_before, max_after;     /* points of the index */
  chiso_dec alike_before, alike_after; /* of them, those of leaves alike */
  double performance_low, performance_high;
  double methodology_low, methodology_high;
} chiso_split;

/* Row 0 is the whole; then the areas, the children of the root, then, where
 * totals are known and some areas are not, those together. Free with
 * chiso_splits_free(). `unit` is a place in the set of round `to`. Rounds over
 * different unit sets give CHISO_USAGE. */
CHISO_API chiso_status chiso_history_split(const chiso_history *history,
                                           size_t from, size_t to, size_t unit,
                                           chiso_split **rows, size_t *count,
                                           chiso_error *err);
CHISO_API void chiso_splits_free(const chiso_history *history,
                                 chiso_split *rows);

#endif
