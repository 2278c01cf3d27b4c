/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/engine.h - scoring: exact, without allocation, many units at once.
 *
 * A methodology is compiled once into a chiso_program. Entries hold the data
 * of n units, scores hold their results; both are arrays by slot or node with
 * the units side by side, so that one rule runs over all units in a row.
 *
 * Points are exact: every rule divides once, in 128 bits, and rounds once: to
 * the digits of its node, or to millionths when the node has none.
 */
#ifndef CHISO_ENGINE_H
#define CHISO_ENGINE_H

#include "chiso/model.h"

/* What became of a node. The first five are states of the data; INCOMPLETE is
 * an inner node with some of its data missing: it has no points, no rank and
 * no grade. Bits, so that the states of children can be gathered with |. */
typedef enum chiso_state {
  CHISO_STATE_MISSING = 1,
  CHISO_STATE_SCORED = 2,
  CHISO_STATE_GIVEN = 4,
  CHISO_STATE_NOT_APPLICABLE = 8,
  CHISO_STATE_INCOMPLETE = 16,
  CHISO_STATE_ERROR = 32
} chiso_state;

/* Whether a node in this state has points. */
static inline bool chiso_has_points(unsigned state) {
  return state == CHISO_STATE_SCORED || state == CHISO_STATE_GIVEN;
}

/* "scored", "given", "not_applicable", "missing", "incomplete", "error". */
CHISO_API const char *chiso_state_key(chiso_state state);
CHISO_API const char *chiso_state_title(chiso_state state, chiso_lang lang);

/* ---- programs ----------------------------------------------------------- */

typedef struct chiso_program chiso_program;

/* `methodology` is borrowed and must outlive the program; `rule` is needed
 * when it has CALL nodes. Immutable: any number of threads may score with it.
 */
CHISO_API chiso_status chiso_program_new(const chiso_methodology *methodology,
                                         chiso_rule rule,
                                         const chiso_allocator *allocator,
                                         chiso_program **out, chiso_error *err);
CHISO_API void chiso_program_free(chiso_program *program);
/* CHISO_OK, or why CALL nodes cannot be scored any more: the process that runs
 * rule() has ended. What it would have scored is in the state error. */
CHISO_API chiso_status chiso_program_serves(const chiso_program *program,
                                            chiso_error *err);
CHISO_API const chiso_methodology *
chiso_program_methodology(const chiso_program *program);

#define CHISO_NO_SLOT UINT32_MAX

/* Every input of every node has a slot. */
CHISO_API uint32_t chiso_program_slots(const chiso_program *program);
/* First slot of a node; its inputs follow in the order of the table. */
CHISO_API uint32_t chiso_program_slot(const chiso_program *program,
                                      uint32_t node);
/* Parts of all partitions, in order. */
CHISO_API uint32_t chiso_program_parts(const chiso_program *program);

/* ---- entries ------------------------------------------------------------ */

/* What was entered at a node itself, besides its inputs. */
typedef enum chiso_entry {
  CHISO_ENTRY_NONE = 0,
  CHISO_ENTRY_GIVEN,          /* points */
  CHISO_ENTRY_NOT_APPLICABLE, /* said by the unit: the node's policy decides */
  CHISO_ENTRY_LEFT_OUT        /* laid down for the unit: leaves points and
                                 maximum, and hides what is below */
} chiso_entry;

/* Data of `n` units. Arrays are [row * n + unit]: rows are slots, nodes or
 * parts. Owned; free with chiso_entries_free(). Fill through the setters. */
typedef struct chiso_entries {
  const chiso_allocator *allocator;
  size_t n;
  int64_t *value; /* slots: raw / 10^digits of the input; a choice is the
                     place of the step or branch */
  uint8_t *have;  /* slots: 1 when value is set */
  chiso_dec *given;
  uint8_t *entry; /* nodes: chiso_entry */
  chiso_dec *part;
  uint8_t *have_part;
  bool any_entry, any_part; /* kept by the setters */
  uint32_t slots, nodes, parts;
} chiso_entries;

CHISO_API chiso_status chiso_entries_new(const chiso_program *program,
                                         size_t units,
                                         const chiso_allocator *allocator,
                                         chiso_entries *out, chiso_error *err);
CHISO_API void chiso_entries_free(chiso_entries *entries);
CHISO_API void chiso_entries_set(chiso_entries *entries, uint32_t slot,
                                 size_t unit, int64_t raw);
CHISO_API void chiso_entries_give(chiso_entries *entries, uint32_t node,
                                  size_t unit, chiso_dec points);
CHISO_API void chiso_entries_not_applicable(chiso_entries *entries,
                                            uint32_t node, size_t unit);
CHISO_API void chiso_entries_leave_out(chiso_entries *entries, uint32_t node,
                                       size_t unit);
CHISO_API void chiso_entries_part(chiso_entries *entries, uint32_t part,
                                  size_t unit, chiso_dec points);

/* ---- scores ------------------------------------------------------------- */

/* Results of `n` units: arrays are [node * n + unit]. */
typedef struct chiso_scores {
  const chiso_allocator *allocator;
  size_t n;
  chiso_dec *points; /* as the node's rounding leaves them; 0 unless scored or
                        given */
  chiso_dec *max;    /* applicable maximum */
  uint8_t *state;    /* chiso_state */
  chiso_dec *raw;    /* [unit]: the root's points before its rounding */
} chiso_scores;

CHISO_API chiso_status chiso_scores_new(const chiso_program *program,
                                        size_t units,
                                        const chiso_allocator *allocator,
                                        chiso_scores *out, chiso_error *err);
CHISO_API void chiso_scores_free(chiso_scores *scores);

/* Scores all units. No allocation, no failure: what cannot be scored is in
 * the states. `entries` and `scores` must have been made for `program` and the
 * same number of units. */
CHISO_API void chiso_score(const chiso_program *program,
                           const chiso_entries *entries, chiso_scores *scores);

/* Index of a node in percent of its applicable maximum, rounded with the
 * methodology's digits and the root's mode; CHISO_NONE unless it is scored or
 * given. For the root it is taken before the root's own rounding. */
CHISO_API chiso_dec chiso_percent(const chiso_program *program,
                                  const chiso_scores *scores, uint32_t node,
                                  size_t unit);
/* The figure that the methodology ranks and grades by. */
CHISO_API chiso_dec chiso_ranked_figure(const chiso_program *program,
                                        const chiso_scores *scores,
                                        uint32_t node, size_t unit);

/* ---- one unit, one change at a time ------------------------------------- */

/* Scores of one unit that follow each change of an input: what-if, Monte
 * Carlo. [one thread per session] */
typedef struct chiso_session chiso_session;
CHISO_API chiso_status chiso_session_new(const chiso_program *program,
                                         const chiso_entries *entries,
                                         size_t unit,
                                         const chiso_allocator *allocator,
                                         chiso_session **out, chiso_error *err);
CHISO_API void chiso_session_free(chiso_session *session);
/* Sets an input and updates its leaf and what stands above it. */
CHISO_API void chiso_session_set(chiso_session *session, uint32_t slot,
                                 int64_t raw);
/* Scores with n = 1; valid until the next change. */
CHISO_API const chiso_scores *
chiso_session_scores(const chiso_session *session);

/* ---- why ---------------------------------------------------------------- */

typedef enum chiso_reason {
  CHISO_REASON_NONE = 0,
  CHISO_REASON_NO_INPUT,       /* an input is missing */
  CHISO_REASON_ZERO_DEN,       /* the denominator is zero: policy `empty` */
  CHISO_REASON_NOT_APPLICABLE, /* entered as such: policy `na` */
  CHISO_REASON_FLOOR,          /* RATIO: below the floor */
  CHISO_REASON_CAP,            /* RATIO: at the cap */
  CHISO_REASON_STEP,           /* step `step` held */
  CHISO_REASON_OTHERWISE,      /* no step held */
  CHISO_REASON_OUTSIDE,        /* NORM: x outside from..to, kept */
  CHISO_REASON_LEAST,          /* PENALTY: at lo */
  CHISO_REASON_BRANCH,         /* CASE: branch `branch` */
  CHISO_REASON_NO_BRANCH,      /* CASE: no branch holds */
  CHISO_REASON_ONLY_GIVEN,     /* no child counts: points must be given */
  /* errors */
  CHISO_REASON_NEGATIVE,     /* an input below zero */
  CHISO_REASON_ABOVE_MAX,    /* points above the maximum */
  CHISO_REASON_BELOW_LO,     /* points below the least */
  CHISO_REASON_BOTH_FORMS,   /* x and num/den both entered */
  CHISO_REASON_SCALE,        /* SURVEY, SHARE, INDEX: value outside its scale */
  CHISO_REASON_DEN_ZERO_NUM, /* a numerator over a denominator of zero */
  CHISO_REASON_RULE,         /* rule() failed or went outside 0..max */
  CHISO_REASON_RANGE,        /* the result does not fit */
  CHISO_REASON_PARTS,        /* points on parts, and in the tree or on another
                                partition */
  CHISO_REASON_ENDED,        /* the process that runs rule() has ended:
                                chiso_program_serves() */
  CHISO_REASON_EXEMPT        /* no error: the unit is exempt */
} chiso_reason;

typedef struct chiso_trace {
  chiso_state state;
  chiso_reason reason;
  chiso_dec points, max;
  uint32_t step;   /* REASON_STEP */
  uint32_t branch; /* REASON_BRANCH: node */
  uint32_t slot;   /* the input at fault or missing; CHISO_NO_SLOT */
} chiso_trace;

/* How one node of one unit got its points. */
CHISO_API void chiso_explain(const chiso_program *program,
                             const chiso_entries *entries,
                             const chiso_scores *scores, uint32_t node,
                             size_t unit, chiso_trace *out);
/* A sentence for a reason: "denominator is zero". Static. */
CHISO_API const char *chiso_reason_title(chiso_reason reason, chiso_lang lang);

/* ---- ranks and grades --------------------------------------------------- */

/* Ranks by figure, highest first; equal figures share the rank: 1, 2, 2, 4.
 * A unit whose figure is CHISO_NONE gets rank 0. */
CHISO_API chiso_status chiso_rank(const chiso_dec *figures, size_t n,
                                  uint32_t *ranks,
                                  const chiso_allocator *allocator,
                                  chiso_error *err);

/* Grade of each unit under a grading: its place in grading->grades, or
 * UINT32_MAX for a unit without a figure. `bounds` (may be NULL) gets the
 * least figure of each group but the last: the quantiles. */
CHISO_API chiso_status chiso_grade_units(const chiso_grading *grading,
                                         const chiso_dec *figures, size_t n,
                                         uint32_t *grades, chiso_dec *bounds,
                                         const chiso_allocator *allocator,
                                         chiso_error *err);
/* The grading for a round's year, or NULL. */
CHISO_API const chiso_grading *chiso_grading_for(const chiso_index *index,
                                                 uint16_t year);

#endif
