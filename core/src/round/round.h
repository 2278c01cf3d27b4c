/* SPDX-License-Identifier: Apache-2.0
 * round/round.h - what the files of this module share. */
#ifndef CHISO_ROUND_ROUND_H
#define CHISO_ROUND_ROUND_H

#include "base/ini.h"
#include "chiso/round.h"
#include "data/data.h"
#include "variant/variant.h"

#define CHISO__LIMIT_ROUND ((size_t)1024 * 1024) /* bytes of a round file */

/* A group while it is read: its lists grow. */
typedef struct chiso__group_lists {
  chiso_exemption *exemptions;
  chiso_extra *extras;
  chiso_correction *corrections;
  chiso_fixed *fixed;
  size_t exemption_room, extra_room, correction_room, fixed_room;
  uint8_t *flags;
  chiso_grading grading;
  const chiso__ini_entry *methodology; /* the one in force on the day */
  chiso_date since;                    /* when an erratum brought it */
} chiso__group_lists;

/* Tables that groups and stages of a round share. */
typedef struct chiso__round_cache {
  chiso__tables tables[8];
  size_t n;
} chiso__round_cache;

struct chiso_round {
  const chiso_allocator *allocator;
  chiso__round_cache *cache;
  chiso__arena arena;
  chiso_store *store;
  const char *path, *id, *title_vi, *title_en, *text;
  chiso_date period;
  chiso_group groups[CHISO_MAX_GROUPS];
  chiso__group_lists lists[CHISO_MAX_GROUPS];
  const chiso_run_rules *rules[CHISO_MAX_GROUPS]; /* of each group */
  const chiso_run_rules *others[CHISO_MAX_GROUPS][CHISO_MAX_GROUPS];
  size_t n_groups;
  chiso_units *units[CHISO_MAX_GROUPS]; /* each set once */
  const char *unit_paths[CHISO_MAX_GROUPS];
  size_t n_units;
  chiso_round_due *dues;
  chiso_erratum *errata;
  size_t n_dues, n_errata;
  chiso__remarks faults;
};

/* While a round file is read. Faults are kept and reading goes on; a status is
 * for the rest: memory is short. */
typedef struct chiso__round_reader {
  chiso_round *round;
  chiso__ini ini;
  chiso__editor editor; /* for values that overlays have too */
  chiso_error err;      /* of the editor */
  chiso_date on;
} chiso__round_reader;

/* A section of the file. */
typedef struct chiso__round_part {
  chiso__round_reader *r;
  const char *name; /* "exempt 1" */
  uint64_t line;
} chiso__round_part;

/* ---- read.c ------------------------------------------------------------- */

/* "group" of "group departments"; *rest gets "departments". */
bool chiso__round_is(const char *section, const char *word, const char **rest);
const chiso__ini_entry *chiso__round_entry(const chiso__round_part *p,
                                           const char *key);
/* The same; remarks its absence or emptiness. */
const chiso__ini_entry *chiso__round_need(const chiso__round_part *p,
                                          const char *key);
/* Value of a key, or NULL. */
const char *chiso__round_text(const chiso__round_part *p, const char *key);
/* Remarks keys that the section does not have. */
void chiso__round_only(const chiso__round_part *p, const char *const *keys);
chiso__place chiso__round_at(const chiso__round_part *p,
                             const chiso__ini_entry *entry);
#define CHISO__ROUND_FAULT(p, entry, ...)                                      \
  chiso__remark(&(p)->r->round->faults, CHISO_BAD_DATA,                        \
                chiso__round_at((p), (entry)), __VA_ARGS__)
/* The instrument that `legal` cites; NULL when there is none. */
const char *chiso__round_legal(const chiso__round_part *p);
/* A decimal of a key; CHISO_NONE when it is absent or faulty. */
chiso_dec chiso__round_dec(const chiso__round_part *p, const char *key);
/* A day; year 0 when it is absent or faulty. */
chiso_date chiso__round_day(const chiso__round_part *p, const char *key);
/* The next of "a, b, c" in the arena, "" when nothing stands there; NULL after
 * the last or when memory is short. */
const char *chiso__round_next(const chiso__round_part *p, const char **at);
/* Negative: a is earlier. What is not said of a date comes first. */
int chiso__round_compare(chiso_date a, chiso_date b);
/* The group that the section names, as a range of places: all when it names
 * none. False: remarked. */
bool chiso__round_groups(const chiso__round_part *p, size_t *first,
                         size_t *end);

/* ---- group.c: [group KEY] ----------------------------------------------- */

chiso_status chiso__round_group_read(chiso__round_part *p, const char *key);
/* Methodology and units, after the errata are known. */
chiso_status chiso__round_group_open(chiso__round_reader *r, size_t group);
chiso_status chiso__round_load(chiso_round *round, chiso_group *group,
                               const char *name, chiso_error *err);
chiso_status chiso__round_units(chiso_round *round, chiso_group *group,
                                const char *name, chiso_error *err);

/* ---- rules.c: [exempt], [bonus], [penalty], [grading], [deadline] ---------
 */

chiso_status chiso__round_exempt(chiso__round_part *p);
chiso_status chiso__round_extra(chiso__round_part *p, bool penalty);
chiso_status chiso__round_grading(chiso__round_part *p, const char *key);
chiso_status chiso__round_due_read(chiso__round_part *p);

/* Units that a section is about: in each group, those that it lists. */
typedef struct chiso__chosen {
  uint8_t *in[CHISO_MAX_GROUPS]; /* NULL: the whole group */
  bool any[CHISO_MAX_GROUPS];
} chiso__chosen;
/* What `units` says of the groups from `first` to `end`. */
chiso_status chiso__round_choose(const chiso__round_part *p, size_t first,
                                 size_t end, chiso__chosen *out);

/* ---- entry.c: [entry] ---------------------------------------------------- */

chiso_status chiso__round_entry_read(chiso__round_part *p);
/* The place of the input that `input` names, or the only one; CHISO_NO_SLOT
 * where the entry is about the node as a `whole`. False: remarked. */
bool chiso__round_input(const chiso__round_part *p, const chiso_group *group,
                        uint32_t node, bool whole, uint32_t *out);

/* ---- errata.c ----------------------------------------------------------- */

/* First what errata say of methodologies, then, with the groups open, of
 * entries. */
chiso_status chiso__round_erratum_read(chiso__round_part *p);
chiso_status chiso__round_errata_apply(chiso__round_reader *r);

#endif
