/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/round.h - one round of internal sets: who is scored by which
 * methodology, what does not apply to whom, bonus and penalty, deadlines,
 * corrections.
 *
 * A round file (INI) names groups of units, each with its methodology: the
 * departments, the communes. docs/formats.md has its keys. Every group is
 * scored, ranked and graded apart.
 */
#ifndef CHISO_ROUND_H
#define CHISO_ROUND_H

#include "chiso/data.h"
#include "chiso/variant.h"

#define CHISO_MAX_GROUPS 64

typedef struct chiso_round chiso_round;

/* One group of units. Owned by the round. */
typedef struct chiso_group {
  const char *key; /* "departments" */
  const char *title_vi, *title_en;
  const char *path; /* of its methodology, or "id/edition" */
  const chiso_listing *listing;
  const chiso_methodology *methodology;
  const chiso_units *units; /* the set; rules.flags says who of it is in */
  const char *set;          /* its name, or path */
  chiso_run_rules rules;
  const char *const *data; /* tables that the round file names */
  size_t n_data;
} chiso_group;

/* Dates that the round file holds. */
typedef struct chiso_round_due {
  const char *what;  /* "self", "appraised_1", "explanation", …: free */
  const char *group; /* key; NULL: all */
  chiso_date date;
  uint64_t line;
} chiso_round_due;

/* A correction within the round, whether it is in force or not. */
typedef struct chiso_erratum {
  chiso_date date;
  const char *group, *unit; /* keys and codes; unit NULL: a new methodology */
  const char *node, *input, *value, *methodology, *instrument, *note;
  uint64_t line;
  bool in_force; /* on the day that was asked for */
} chiso_erratum;

/* Whether a name is the path of an INI file with a section [round]. */
CHISO_API bool chiso_is_round_file(const char *name);

/* Reads a round file with its methodologies and unit sets. `on`: errata after
 * that day are left out; year 0: all are in. Every fault is kept
 * (chiso_round_faults), the first also in *err; a round with faults is
 * returned for them and serves nothing else. The store is borrowed and must
 * outlive the round. Free with chiso_round_free(). [one thread per store] */
CHISO_API chiso_status chiso_round_read(const char *path, chiso_date on,
                                        chiso_store *store,
                                        const chiso_allocator *allocator,
                                        chiso_round **out, chiso_error *err);
/* A round of one group with the key "all": a methodology ("id/edition", "id",
 * or a path) over its unit set or the one at `units`, without any rules.
 * `period`: "2024"; NULL: the first year that the edition serves. */
CHISO_API chiso_status chiso_round_plain(const char *methodology,
                                         const char *units, const char *period,
                                         chiso_store *store,
                                         const chiso_allocator *allocator,
                                         chiso_round **out, chiso_error *err);
CHISO_API void chiso_round_free(chiso_round *round);

CHISO_API size_t chiso_round_faults(const chiso_round *round);
CHISO_API const chiso_error *chiso_round_fault(const chiso_round *round,
                                               size_t place);
/* The round file, or NULL of a plain one. */
CHISO_API const char *chiso_round_path(const chiso_round *round);
CHISO_API const char *chiso_round_id(const chiso_round *round);
/* Its title; the plain one's is the methodology's. `en` may be NULL. */
CHISO_API void chiso_round_titles(const chiso_round *round, const char **vi,
                                  const char **en);
CHISO_API chiso_date chiso_round_period(const chiso_round *round);
CHISO_API size_t chiso_round_groups(const chiso_round *round);
CHISO_API const chiso_group *chiso_round_group(const chiso_round *round,
                                               size_t place);
/* By key; SIZE_MAX: none. */
CHISO_API size_t chiso_round_find(const chiso_round *round, const char *key);
CHISO_API size_t chiso_round_deadlines(const chiso_round *round);
CHISO_API const chiso_round_due *chiso_round_deadline(const chiso_round *round,
                                                      size_t place);
CHISO_API size_t chiso_round_errata(const chiso_round *round);
CHISO_API const chiso_erratum *chiso_round_erratum(const chiso_round *round,
                                                   size_t place);

/* The exemption that takes a node from a unit (place in the group's units), or
 * NULL: it applies. What stands above the node is asked too. */
CHISO_API const chiso_exemption *chiso_group_exempt(const chiso_group *group,
                                                    uint32_t node, size_t unit);
/* Units of the group that are assessed. */
CHISO_API size_t chiso_group_assessed(const chiso_group *group);

/* Scores one group from tables: those given, or when there are none those that
 * the round file names. Rows about other groups' units are left aside. As
 * chiso_run_new(). The tables are read once and kept by the round, which must
 * outlive the run. [one thread per round] */
CHISO_API chiso_status chiso_round_run(const chiso_round *round, size_t group,
                                       const char *stage,
                                       const char *const *data, size_t n_data,
                                       const chiso_allocator *allocator,
                                       chiso_run **out, chiso_error *err);

#endif
