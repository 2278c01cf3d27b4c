/* SPDX-License-Identifier: Apache-2.0
 * engine/engine.h - what the files of this module share.
 *
 * Nearly every leaf is one formula. With its argument written as a quotient
 * n/d (an input by itself has d = 10^digits), the points are
 *
 *     (n * p + d * q) / (d * r)    in units of the node's last digit,
 *
 * kept within least..most. RATIO, LINEAR, SURVEY, SHARE, NORM, INDEX and
 * PENALTY differ only in p, q, r and the bounds, which are worked out once.
 * One division, one rounding, and nothing between them.
 */
#ifndef CHISO_ENGINE_ENGINE_H
#define CHISO_ENGINE_ENGINE_H

#include "base/arena.h"
#include "base/dec.h"
#include "base/error.h"
#include "chiso/engine.h"

/* (a * b + c * d) / (e * f), e * f > 0. Each factor lies within 2^126. */
typedef struct chiso__fraction {
  chiso__wide a, b, c, d, e, f;
} chiso__fraction;

/* Rounded by mode; false when the result does not fit. The products may be
 * of any size. */
bool chiso__exact(const chiso__fraction *fraction, unsigned mode, int64_t *out);
/* a * b + c * d against e * f: -1, 0, 1. */
int chiso__exact_compare(const chiso__fraction *fraction);

/* (n * p + d * q) / (d * r), r > 0, reduced. */
typedef struct chiso__affine {
  chiso__wide p, q, r;
} chiso__affine;

/* A threshold: n/d cmp at, as n * left cmp d * right; left > 0. */
typedef struct chiso__threshold {
  int64_t left, right;
  chiso_dec points; /* rounded to the node's digits */
  uint8_t cmp;
} chiso__threshold;

typedef enum chiso__way { /* how a node's points are made */
                          CHISO__WAY_AFFINE =
                              1, /* one affine, bounds, optional floor */
                          CHISO__WAY_CORNERS, /* LINEAR: one affine between each
                                                 two thresholds */
                          CHISO__WAY_STEPS,
                          CHISO__WAY_CHOICE,
                          CHISO__WAY_MANUAL,
                          CHISO__WAY_BEST,
                          CHISO__WAY_CALL,
                          CHISO__WAY_SUM,
                          CHISO__WAY_MEAN, /* MEAN and SCALE */
                          CHISO__WAY_CASE
} chiso__way;

typedef struct chiso__kernel chiso__kernel; /* kernel.h */

typedef struct chiso__rule {
  uint8_t way, op, na, empty;
  uint8_t digits, round;
  bool x, quotient;          /* which forms the argument may have */
  bool x_signed, num_signed; /* may be below zero */
  bool kept;                 /* NORM: no bounds */
  bool strict; /* SURVEY, SHARE, INDEX: outside the scale is an error */
  bool has_floor;
  bool by_key;  /* CASE: the entry is the place of the branch */
  bool counts;  /* its points reach the root */
  bool in_case; /* lies below a CASE */
  uint32_t slot_x, slot_num, slot_den;
  int64_t x_den;                /* 10^digits of x */
  int64_t num_scale, den_scale; /* bring num and den to the same digits */
  int64_t unit;                 /* 10^(6 - digits) */
  chiso_dec max, lo;
  chiso_dec least, most; /* bounds of the points, rounded */
  chiso__affine affine;
  chiso__affine affine_x; /* SHARE: x is in percent, num/den is not */
  chiso__threshold floor;
  chiso__threshold *thresholds; /* STEPS, CORNERS, CASE by number */
  chiso__affine *segments;      /* CORNERS: n_thresholds - 1 */
  uint32_t n_thresholds;
  chiso_dec otherwise;
  chiso_dec *choices; /* CHOICE: points of each key, rounded */
  uint32_t n_choices;
  uint32_t *children; /* inner nodes; CASE: the branches */
  chiso_dec *weights;
  chiso_dec out_lo, out_hi; /* SCALE */
  uint32_t n_children;
  chiso_dec slack; /* SUM: max less the children's */
  uint32_t call;
} chiso__rule;

struct chiso_program {
  const chiso_allocator *allocator;
  chiso__arena arena;
  const chiso_methodology *methodology;
  const chiso_index *index;
  chiso_rule rule;
  uint32_t n_nodes, n_slots, n_parts;
  uint32_t *slots; /* first slot of each node */
  chiso__rule *rules;
  chiso__kernel *kernels; /* leaves, those of one group together; then inner
                             nodes from the deepest up */
  uint32_t *places;       /* of each node among them */
  chiso_dec *full;        /* maximum of each node */
  uint32_t n_leaves;
  uint32_t *n_group; /* how many leaves each group of kernels has */
  bool has_best;
};

/* The best quotient of a round, for BEST; d = 0 when no unit has one. */
typedef struct chiso__best {
  chiso__wide n, d;
} chiso__best;

/* n/d of a node's argument for a unit. */
typedef enum chiso__argument_state {
  CHISO__ARGUMENT_OK,
  CHISO__ARGUMENT_MISSING,
  CHISO__ARGUMENT_ZERO_DEN, /* 0 over 0 */
  CHISO__ARGUMENT_FAULT
} chiso__argument_state;
typedef struct chiso__argument {
  chiso__wide n, d; /* d > 0 when OK */
  bool is_x;
  chiso_reason reason;
  uint32_t slot;
} chiso__argument;
chiso__argument_state chiso__argument_of(const chiso__rule *rule,
                                         const chiso_entries *entries,
                                         size_t unit, chiso__argument *out);

/* Scores one leaf of one unit; the reference that the fast kernels of score.c
 * must equal. `best` is used by BEST alone and may then be NULL: no best. */
void chiso__score_leaf(const chiso_program *program,
                       const chiso_entries *entries, uint32_t node, size_t unit,
                       const chiso__best *best, chiso_trace *out);

/* A CALL leaf of one unit. */
void chiso__score_call(const chiso_program *program,
                       const chiso_entries *entries, uint32_t node, size_t unit,
                       chiso_trace *out);
/* All units of a CALL leaf whose rule() runs elsewhere, in batches; nothing
 * for any other node. chiso__score_node() finds its row done. */
void chiso__score_calls(const chiso_program *program,
                        const chiso_entries *entries, chiso_scores *scores,
                        uint32_t node);

/* What the state "not applicable" or an empty denominator makes of a leaf. */
void chiso__apply_policy(const chiso__rule *rule, unsigned policy,
                         chiso_reason reason, chiso_trace *out);

bool chiso__reaches(const chiso__threshold *threshold, chiso__wide n,
                    chiso__wide d);

/* Scores node `node` for the units first..end-1; children must be done. With
 * `best` NULL it is sought, among all units. `whole` says that all that counts
 * below is scored with its full maximum; the answer says whether that still
 * holds. */
bool chiso__score_node(const chiso_program *program,
                       const chiso_entries *entries, chiso_scores *scores,
                       uint32_t node, size_t first, size_t end,
                       const chiso__best *best, bool whole);
/* One unit with nothing but inputs: a request, or a draw of many. */
void chiso__score_single(const chiso_program *program,
                         const chiso_entries *entries, chiso_scores *scores);
/* Best quotient over all units. */
void chiso__find_best(const chiso_program *program,
                      const chiso_entries *entries, uint32_t node,
                      chiso__best *out);
/* What the parts entered for a unit make of its root; false when there are
 * none. `raw` gets the points before rounding. */
bool chiso__total_of_parts(const chiso_program *program,
                           const chiso_entries *entries, size_t unit,
                           chiso_trace *out, chiso_dec *raw);
/* Totals from partitions, over units first..end-1. */
void chiso__score_parts(const chiso_program *program,
                        const chiso_entries *entries, chiso_scores *scores,
                        size_t first, size_t end);
/* Place of the chosen branch among the children, or UINT32_MAX. */
uint32_t chiso__chosen_branch(const chiso_program *program,
                              const chiso_entries *entries, uint32_t node,
                              size_t unit, chiso_reason *reason);
/* What was entered at the node itself; false when nothing was. A sum's maximum
 * is read from the scores: what is left out below it, its points lack too. */
bool chiso__entered(const chiso_program *program, const chiso_entries *entries,
                    const chiso_scores *scores, uint32_t node, size_t unit,
                    chiso_trace *out);
/* Inner nodes over units first..end-1. */
void chiso__score_mean(const chiso_program *program, chiso_scores *scores,
                       uint32_t node, size_t first, size_t end);
void chiso__score_case(const chiso_program *program,
                       const chiso_entries *entries, chiso_scores *scores,
                       uint32_t node, size_t first, size_t end);
/* Once the children's states are gathered in state[at]: what they make. */
void chiso__settle(chiso_scores *scores, size_t at);
/* State of an inner node from the gathered states of its counted children. */
unsigned chiso__gathered_state(unsigned bits);

#endif
