/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_shown.h - what the formulas of a sheet give for the entries that
 * are in it when it is made. A program that does not calculate when it opens a
 * sheet shows these, and adds them up with what changes. */
#ifndef CHISO_SHEET_MAKE_SHOWN_H
#define CHISO_SHEET_MAKE_SHOWN_H

#include "chiso/engine.h"
#include "sheet/make_plan.h"

/* What stands in the cell of an input. */
typedef enum chiso__entry_is {
  CHISO__ENTRY_IS_EMPTY,
  CHISO__ENTRY_IS_RAW,
  CHISO__ENTRY_IS_NA
} chiso__entry_is;
typedef struct chiso__sheet_entry {
  chiso__entry_is is;
  int64_t raw;         /* as chiso_entries.value */
  const char *spelled; /* of "not applicable"; NULL: as the language has it */
} chiso__sheet_entry;

typedef struct chiso__shown {
  const char *text; /* "", "–", "!", "chiso"; NULL: a number */
  chiso_dec points, most;
  uint32_t todo;
} chiso__shown;

/* The entries of a unit as they are typed and as they count, and what comes of
 * them. Arrays over slots and nodes are [row * CHISO_SHEET_STAGES + stage]. */
typedef struct chiso__tally {
  const chiso__sheet_plan *plan;
  const bool *exempt;        /* by node; borrowed */
  chiso__sheet_entry *typed; /* slots */
  chiso__sheet_entry *taken; /* slots: with what an earlier stage said */
  chiso__shown *shown;       /* nodes */
  uint32_t *branch;          /* nodes: place from 1 of the branch that a case
                                takes; 0: none */
  const chiso_fixed **fixed; /* slots, not by stage: what the round fixes */
  const chiso_fixed **given; /* nodes: points that it fixes */
  chiso_entries entries;
  chiso_scores scores;
} chiso__tally;

/* Room for the entries of one unit, none of them made; free with
 * chiso__tally_free() in any case. Rows are in the arena. */
chiso_status chiso__tally_make(const chiso__sheet_plan *plan,
                               const bool *exempt, chiso__arena *arena,
                               chiso__tally *out, chiso_error *err);
void chiso__tally_free(chiso__tally *tally);
/* What the round fixes for a unit, after the entries were typed. */
void chiso__tally_fix(chiso__tally *tally, size_t unit);
/* What it fixes of an input: its value, or the points of its node; NULL. */
static inline const chiso_fixed *
chiso__tally_fixed(const chiso__tally *t, uint32_t node, uint32_t input) {
  return t->given[node] ? t->given[node]
                        : t->fixed[chiso_program_slot(t->plan->program, node) +
                                   (size_t)input];
}
/* After the entries were typed. */
void chiso__tally_count(chiso__tally *tally);

static inline chiso__sheet_entry *chiso__typed(const chiso__tally *t,
                                               uint32_t node, uint32_t input,
                                               unsigned stage) {
  size_t slot = chiso_program_slot(t->plan->program, node) + (size_t)input;
  return &t->typed[slot * CHISO_SHEET_STAGES + stage];
}
static inline const chiso__shown *
chiso__shown_at(const chiso__tally *t, uint32_t node, unsigned stage) {
  return &t->shown[(size_t)node * CHISO_SHEET_STAGES + stage];
}
/* What the hidden cell beside an input gives, or beside a node where `input` is
 * CHISO__NO_INPUT: a text, or a number when it returns NULL. */
const char *chiso__shown_taken(const chiso__tally *tally, uint32_t node,
                               uint32_t input, unsigned stage, double *number);
/* The total of a stage before its rounding, with what comes on top of it and
 * off it. */
chiso__shown chiso__shown_total(const chiso__tally *tally, unsigned stage,
                                chiso_dec extras[2]);

#endif
