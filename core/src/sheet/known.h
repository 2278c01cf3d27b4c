/* SPDX-License-Identifier: Apache-2.0
 * sheet/known.h - what tables of observations know of a round's units, as the
 * cells of scoring sheets take it. */
#ifndef CHISO_SHEET_KNOWN_H
#define CHISO_SHEET_KNOWN_H

#include "base/remarks.h"
#include "sheet/make_book.h"

/* Values under a stage as they count there, [slot * n + scored unit]. */
#define CHISO__KNOWN_NOTHING INT64_MIN
#define CHISO__KNOWN_NA      (INT64_MIN + 1)
typedef struct chiso__known_stage {
  int64_t *value; /* NULL: nothing is known */
  uint8_t *own;   /* 1: said at this stage; NULL: nothing is */
} chiso__known_stage;

/* Units of one group. */
typedef struct chiso__known_group {
  const chiso_group *group;
  size_t n;          /* scored units */
  size_t *scored_of; /* place among them of each unit of the set, or SIZE_MAX */
  uint32_t *slot;    /* node: first slot */
  chiso__known_stage stage[CHISO_SHEET_STAGES];
  chiso__sheet_beside **beside; /* [node * n + scored unit]; NULL: nothing */
} chiso__known_group;

struct chiso_sheet_known {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso__remarks remarks;
  chiso__known_group *groups;
  size_t n_groups;
};

/* Takes from a run what counts under a stage. */
chiso_status chiso__known_take(chiso_sheet_known *known,
                               chiso__known_group *group, const chiso_run *run,
                               unsigned stage, chiso_error *err);
/* Takes notes, evidence and flags: any run has those of all stages. */
chiso_status chiso__known_beside(chiso_sheet_known *known,
                                 chiso__known_group *group,
                                 const chiso_run *run, chiso_error *err);

/* For chiso__sheet_entries; `user` is the known. */
void chiso__known_fill(const void *user, const chiso__sheet_job *job,
                       chiso__tally *tally);
bool chiso__known_says(const void *user, const chiso__sheet_job *job,
                       uint32_t node, chiso__sheet_beside *out);

#endif
