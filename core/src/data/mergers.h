/* SPDX-License-Identifier: Apache-2.0
 * data/mergers.h - tables that say which units became which. */
#ifndef CHISO_DATA_MERGERS_H
#define CHISO_DATA_MERGERS_H

#include "data/data.h"

/* Unit sets that all tables together may name. */
#define CHISO__LIMIT_SETS 64u

/* One change, as written. */
typedef struct chiso__merger {
  const char *from_unit, *to_unit;
  uint8_t from, to; /* places in the sets */
  chiso_date date;  /* 0: not said */
  const char *instrument;
  chiso__place place;
} chiso__merger;

/* Zero-initialised with its arena's allocator set. All of it is the arena's. */
typedef struct chiso__mergers {
  chiso__arena arena;
  const char *sets[CHISO__LIMIT_SETS];
  uint8_t n_sets;
  chiso__merger *rows;
  size_t n, capacity;
} chiso__mergers;

/* A table, or with `path` NULL all that the share folder has, "changes-*.csv"
 * among the unit sets. Refuses rows without sets and units, days that are none,
 * and sets that lead back to themselves. */
chiso_status chiso__mergers_read(chiso__mergers *m, const char *share,
                                 const char *path, chiso_error *err);

/* Place of a set, or CHISO__LIMIT_SETS. */
uint8_t chiso__mergers_set(const chiso__mergers *m, const char *name);
/* Whether changes lead on from a set. */
bool chiso__mergers_leads(const chiso__mergers *m, uint8_t set);
/* The shortest way between two sets: `way` gets the sets, both ends in it;
 * returns how many, 0 when there is none. */
unsigned chiso__mergers_way(const chiso__mergers *m, uint8_t from, uint8_t to,
                            uint8_t way[CHISO__LIMIT_SETS]);

/* For each unit of `from` the first change of it along a way, in `first`, and
 * its place in `to`. Refuses units that a table does not know, that go into
 * two, that stand in two rows and that go nowhere. */
chiso_status chiso__mergers_follow(const chiso__mergers *m, const uint8_t *way,
                                   unsigned steps, const chiso_units *from,
                                   const chiso_units *to,
                                   const chiso__merger **first, size_t *place,
                                   chiso_error *err);

void chiso__mergers_free(chiso__mergers *m);

#endif
