/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/whatif.h - a run with other inputs, weights, rules or units, and what
 * moves: scores, ranks, grades. Exact, by the engine; never a result, always a
 * supposition.
 *
 * docs/manual/whatif.md says what each change means.
 */
#ifndef CHISO_WHATIF_H
#define CHISO_WHATIF_H

#include "chiso/composite.h"
#include "chiso/data.h"

/* ---- a run --------------------------------------------------------------- */

/* One entry in place of what the tables say. */
typedef struct chiso_entry_change {
  const char *unit;  /* code or name; "*": every unit */
  const char *node;  /* id of a node or of a part */
  const char *input; /* key or role; "": the only one */
  const char *value; /* as in a table; "": missing */
  bool points;       /* points given at the node, in place of whatever was
                        entered at or below it */
  const char *said;  /* where it was said, for errors; borrowed */
} chiso_entry_change;

/* Another maximum of a node below a sum, in points; another weight of one below
 * a mean. As people write numbers; 0: it does not count. */
typedef struct chiso_new_weight {
  const char *node, *weight;
} chiso_new_weight;

typedef struct chiso_whatif_options {
  const char *overlay; /* path: rules laid over those of the run; or NULL */
  const chiso_entry_change *changes;
  size_t n_changes;
  const char *const *tables; /* of observations that replace others */
  size_t n_tables;
  const chiso_new_weight *weights;
  size_t n_weights;
  const char *const *without; /* units that are left out */
  size_t n_without;
  const char *const *only; /* units that alone stay; none: all */
  size_t n_only;
  const char *added; /* path of a unit table: units that join; or NULL */
} chiso_whatif_options;

typedef struct chiso_whatif chiso_whatif;

/* Derives a run from another one without reading its tables again: the entries
 * are copied, changed, scored and ranked. Beside named children of a sum the
 * others keep their proportions and take up what is left of its maximum; all of
 * the root's children named, their sum is the new total. Points are scaled
 * exactly and rounded once, where the rule of a node rounds. What a round has
 * fixed or exempted cannot be changed. CHISO_BAD_DATA: every fault is among the
 * remarks of chiso_whatif_run(*out), the first also in *err, and *out serves
 * nothing else. The run, its store and *options must outlive the result. Free
 * with chiso_whatif_free(). [one thread per store] */
CHISO_API chiso_status chiso_whatif_new(const chiso_run *run,
                                        chiso_store *store,
                                        const chiso_whatif_options *options,
                                        const chiso_allocator *allocator,
                                        chiso_whatif **out, chiso_error *err);
CHISO_API void chiso_whatif_free(chiso_whatif *whatif);
/* The changed run. Owned by the whatif. */
CHISO_API const chiso_run *chiso_whatif_run(const chiso_whatif *whatif);
/* Where a unit scored before is among those scored after, SIZE_MAX: left out;
 * and the other way, SIZE_MAX: it joined. */
CHISO_API size_t chiso_whatif_after(const chiso_whatif *whatif, size_t scored);
CHISO_API size_t chiso_whatif_before(const chiso_whatif *whatif, size_t scored);
/* The node after that a node before became, or CHISO_NO_NODE. */
CHISO_API uint32_t chiso_whatif_node(const chiso_whatif *whatif, uint32_t node);
/* Whether an entry at a node of a unit (both after) was changed. */
CHISO_API bool chiso_whatif_touched(const chiso_whatif *whatif, uint32_t node,
                                    size_t scored);
/* Maximum of a node after, as weights leave it, to a millionth. */
CHISO_API chiso_dec chiso_whatif_max(const chiso_whatif *whatif, uint32_t node);

/* What was done, beside the faults. */
typedef struct chiso_whatif_counts {
  size_t changes; /* values put in place of others, or taken away */
  size_t hidden;  /* values below what was given as a whole */
  size_t skipped; /* units that a change of all could not concern */
  size_t lost;    /* values that the overlay's rules have no place for */
  size_t whole;   /* units whose points were given above a new weight */
} chiso_whatif_counts;
CHISO_API chiso_whatif_counts chiso_whatif_counted(const chiso_whatif *whatif);

/* Two rankings of the same units, 0 where a unit has no rank. Ranks of those
 * alone that have both; `tau` is Kendall's tau-b of them. NaN where nothing
 * compares. */
typedef struct chiso_moves {
  size_t compared, moved; /* units with both ranks; with another one */
  double mean, tau;       /* mean absolute change of rank */
  uint32_t largest;       /* largest absolute change */
  size_t unit;            /* who has it, the first of several; SIZE_MAX: none */
} chiso_moves;
CHISO_API chiso_status chiso_moves_of(const uint32_t *before,
                                      const uint32_t *after, size_t n,
                                      const chiso_allocator *allocator,
                                      chiso_moves *out, chiso_error *err);

/* ---- one input of one unit ----------------------------------------------- */

/* What the next change of one unit's inputs does to its total and rank, in
 * microseconds: the points of the others stay as they are. CHISO_USAGE for
 * rules where one unit's value counts in another's points (BEST), and for units
 * without a rank. [one thread per probe] */
typedef struct chiso_probe chiso_probe;
CHISO_API chiso_status chiso_probe_new(const chiso_run *run, size_t scored,
                                       const chiso_allocator *allocator,
                                       chiso_probe **out, chiso_error *err);
CHISO_API void chiso_probe_free(chiso_probe *probe);
/* As chiso_session_set(); further ones add up. */
CHISO_API void chiso_probe_set(chiso_probe *probe, uint32_t slot, int64_t raw);
/* The total with bonus and penalty, CHISO_NONE without one, and the rank of it
 * among the run's units, 0 without one. */
CHISO_API chiso_dec chiso_probe_points(chiso_probe *probe);
CHISO_API uint32_t chiso_probe_rank(chiso_probe *probe);

/* ---- composite indices --------------------------------------------------- */

/* Before the first step: one value of a row's data; a text that is empty or
 * "NA" takes it away. `unit`: code or name of the data, of all times; "*": all.
 * CHISO_USAGE names what is not there. *changed gets how many differ from what
 * was there. */
CHISO_API chiso_status chiso_composite_set(chiso_composite *composite,
                                           const char *unit, const char *code,
                                           const char *value, size_t *changed,
                                           chiso_error *err);
/* Leaves out these units, or with `only` all others. */
CHISO_API chiso_status chiso_composite_keep(chiso_composite *composite,
                                            const char *const *units,
                                            size_t count, bool only,
                                            chiso_error *err);
/* After chiso_composite_weigh(): other weights beside the siblings, 0 or more.
 * CHISO_USAGE also when all children of a code would weigh 0. */
CHISO_API chiso_status chiso_composite_reweigh(chiso_composite *composite,
                                               const chiso_new_weight *weights,
                                               size_t count, chiso_error *err);

#endif
