/* SPDX-License-Identifier: Apache-2.0
 * data/data.h - what the files of this module share. */
#ifndef CHISO_DATA_DATA_H
#define CHISO_DATA_DATA_H

#include "base/arena.h"
#include "base/csv.h"
#include "base/dec.h"
#include "base/error.h"
#include "base/map.h"
#include "base/remarks.h"
#include "chiso/data.h"

/* ---- observations ------------------------------------------------------- */

/* Where a value came from; place 0 of the list is "nowhere". Tables are too
 * small for lines beyond 32 bits. */
typedef struct chiso__cell {
  const char *file, *source;
  uint32_t line, column;
  uint32_t before; /* cell of an earlier stage that this one stands before */
  uint8_t stage;   /* chiso_stage */
  bool not_applicable;
} chiso__cell;

/* A row that says something beside its value; place 0 is "none". */
typedef struct chiso__evidence {
  const struct chiso__layout *layout;
  uint32_t row, next;
  uint8_t stage;
  bool explanation;
} chiso__evidence;

/* Texts of a column with few different ones, and what they mean. */
typedef struct chiso__word {
  const char *slug;
  int meaning;
} chiso__word;
typedef struct chiso__words {
  const char *text[8];
  int meaning[8];
  size_t n;
} chiso__words;

/* One index of a run: the one asked for, or one that it takes results from. */
typedef struct chiso__member {
  const chiso_listing *listing;
  const chiso_methodology *methodology;
  chiso_program *program;
  chiso_entries entries;
  chiso_scores scores;
  uint32_t *slot_cells, *node_cells, *part_cells; /* [row * n + unit] */
  chiso__map parts;                               /* folded ids */
  bool has_data;
  bool lent; /* parts and program belong to another run */
} chiso__member;

/* One value that was put in place of what the tables say (replace.c). */
typedef struct chiso__touch {
  size_t unit;
  uint32_t node, part; /* as of an observation */
  uint32_t input;      /* place among the node's; CHISO_NO_SLOT: the whole */
  bool empty;          /* it was taken away */
  size_t order;        /* in which they came */
  const char *file;
  uint64_t line, column;
} chiso__touch;

/* While a run is changed: observations replace what was there before. */
typedef struct chiso__changes {
  uint32_t first; /* cells from here on are of changes */
  chiso__touch *list;
  size_t count, capacity;
  bool everyone;  /* the change is of all units: those whom it cannot concern
                     are passed over */
  size_t skipped; /* these */
  size_t hidden;  /* values below what was given as a whole */
} chiso__changes;

struct chiso_run {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_store *store;
  chiso_lang lang;
  chiso_run_options options;
  chiso_date round;
  chiso_stage stage;
  unsigned stages; /* met in rows: bits */
  const chiso_units *units;
  chiso_units *own_units; /* those that were read for this run */
  size_t *scored;         /* place in the set of each scored unit */
  size_t *scored_of;      /* place among the scored, or SIZE_MAX */
  size_t n;
  chiso__member *members; /* the one asked for is the last */
  size_t n_members;
  chiso__cell *cells;
  size_t n_cells, cell_capacity;
  size_t rounded; /* values of the table being read with over six digits */
  chiso__evidence *evidence;
  size_t n_evidence, evidence_capacity;
  uint32_t *evidence_of; /* [node * n + unit], of the index asked for; NULL: no
                            row has any */
  const char **files;
  size_t n_files;
  bool known_set; /* the units' set has a name that tables may use */
  chiso__remarks remarks;
  uint32_t *ranks; /* [node * n + unit] */
  uint32_t *grades;
  chiso_dec *bounds;
  const chiso_grading *grading;
  chiso_dec (*extras)[2]; /* [unit]: bonus, penalty; NULL without them */
  char ***dependencies;   /* [language][place] */
  size_t n_dependencies;
  chiso__changes *changes; /* NULL: it is read from tables */
};

static inline chiso__member *chiso__main_member(const chiso_run *run) {
  return &run->members[run->n_members - 1];
}

/* Columns of the long layout. */
enum {
  CHISO__UNIT,
  CHISO__NODE,
  CHISO__INPUT,
  CHISO__VALUE,
  CHISO__POINTS,
  CHISO__STATUS,
  CHISO__STAGE,
  CHISO__SOURCE,
  CHISO__INDEX,
  CHISO__ROUND,
  CHISO__SET,
  CHISO__NOTE,
  CHISO__SCORE,
  CHISO__MARK,  /* of an internal set; not read */
  CHISO__GROUP, /* of units, in a round */
  CHISO__DOCUMENT,
  CHISO__SECTION,
  CHISO__PAGE,
  CHISO__EXPLANATION,
  CHISO__LABEL, /* for people; not read */
  CHISO__N_COLUMNS
};
extern const char *const chiso__columns[];

/* An observation table and where its columns are; SIZE_MAX where it has none.
 * Wide: every other column names a node. */
typedef struct chiso__layout {
  chiso__csv csv;
  size_t column[CHISO__N_COLUMNS];
  bool wide;
  bool evidence; /* has a column of it */
} chiso__layout;
chiso_status chiso__layout_find(chiso__layout *layout, chiso_error *err);

/* Tables that were read once, for several runs: of the groups of a round. They
 * must outlive the runs. Zero-initialised with its arena's allocator set. */
typedef struct chiso__tables {
  chiso__arena arena;
  const char *const *paths; /* copies */
  chiso__layout *list;
  chiso__remarks notices; /* of workbooks */
  size_t n;
} chiso__tables;
chiso_status chiso__tables_open(chiso__tables *tables, const char *const *paths,
                                size_t n, chiso_error *err);
void chiso__tables_close(chiso__tables *tables);
/* chiso_run_new() on tables that are open; NULL: it reads options->data. */
chiso_status chiso__run_new(chiso_store *store,
                            const chiso_run_options *options,
                            const chiso__tables *tables,
                            const chiso_allocator *allocator, chiso_run **out,
                            chiso_error *err);
const char *chiso__layout_text(const chiso__layout *layout, size_t row,
                               int name);
chiso__place chiso__layout_place(const chiso__layout *layout, size_t row,
                                 size_t column);
bool chiso__layout_known(const chiso__layout *layout, size_t column);
bool chiso__same_round(chiso_date a, chiso_date b);

/* The rounds that the rows of a methodology name: the first two. */
typedef struct chiso__rounds {
  chiso_date list[2];
  unsigned count;
} chiso__rounds;
void chiso__layout_rounds(const chiso__layout *layout, const char *methodology,
                          chiso__rounds *out);
/* The unit set that the rows of a methodology and a round name, if any, and
 * where; two of them are refused. */
typedef struct chiso__set {
  const char *name;
  chiso__place place;
} chiso__set;
chiso_status chiso__layout_set(const chiso__layout *layout,
                               const char *methodology, chiso_date round,
                               chiso__set *out, chiso_error *err);

/* Reads one observation table into the members' entries. Rows without an
 * index belong to `member`. Faults go to the run's remarks; the status is for
 * the rest. */
chiso_status chiso__observations_read(chiso_run *run,
                                      const chiso__layout *layout,
                                      chiso__member *member, chiso_error *err);

/* One value of a row, after the columns were sorted out. */
typedef struct chiso__observation {
  chiso__member *member;
  const char *file, *source;
  uint64_t line;
  size_t unit;
  uint32_t node;     /* CHISO_NO_NODE when it is a part */
  uint32_t part;     /* CHISO_NO_SLOT unless a part */
  const char *input; /* "" when the row has none */
  const char *text;
  size_t column; /* field, from 0 */
  bool points;   /* the text is points given, not an input */
  uint8_t stage; /* chiso_stage */
} chiso__observation;
chiso_status chiso__observe(chiso_run *run, const chiso__observation *o,
                            char *marks, chiso_error *err);
/* Whether an observation is about a node or part as a whole, not an input. */
bool chiso__observes_whole(const chiso__observation *o);
/* The input that an observation names, UINT32_MAX: none; says which there are.
 */
uint32_t chiso__input_of(const chiso__observation *o);
void chiso__remark_input(chiso_run *run, const chiso__observation *o);
/* Of a run that is changed: takes away what an observation replaces. *stays:
 * there is a value to be put there. What a round has laid down stays. */
chiso_status chiso__replace(chiso_run *run, const chiso__observation *o,
                            bool *stays, chiso_error *err);
/* Says that an entry was changed before, at a place. */
void chiso__remark_twice(chiso_run *run, chiso__place place, const char *file,
                         uint64_t line);
/* After all changes: a cell that was changed twice, a change below points that
 * are given, beside points of parts. */
void chiso__find_changes(chiso_run *run, const chiso__member *member);
/* A node or part by its id, for observations without a table; false: remarked
 * at the observation's place. */
bool chiso__find_named(chiso_run *run, chiso__member *member, const char *id,
                       chiso__observation *o);
/* After all tables: points given above data, parts beside data, and values
 * that the rules cannot score. */
void chiso__find_conflicts(chiso_run *run, chiso__member *member);
void chiso__find_errors(chiso_run *run, chiso__member *member);
void chiso__note_outside(chiso_run *run, const chiso__member *member);

/* A set with the units of another one first and those of a table behind them;
 * `base` must outlive it. */
chiso_status chiso__units_join(const chiso_units *base, const char *path,
                               const chiso_allocator *allocator,
                               chiso_units **out, chiso_error *err);
/* As chiso_units_find(); fails only when memory is short. */
chiso_status chiso__units_find(const chiso_units *units, const char *text,
                               size_t *place, chiso_error *err);

/* ---- runs --------------------------------------------------------------- */

/* Members in the order in which they must be scored; refuses cycles. */
chiso_status chiso__plan(chiso_run *run, const chiso_listing *listing,
                         chiso_error *err);
/* Values for the INDEX leaves of `member` from the members before it. */
void chiso__take_results(chiso_run *run, chiso__member *member);
chiso_status chiso__describe_dependencies(chiso_run *run, chiso_error *err);
chiso_status chiso__rank_all(chiso_run *run, chiso_error *err);
void chiso__member_free(const chiso_run *run, chiso__member *member);

/* ---- stages (stage.c) ---------------------------------------------------- */

/* What a text of a column means, -1 when it is no word of the list (slugs, the
 * last NULL). */
chiso_status chiso__word_read(chiso__arena *arena, const chiso__word *list,
                              chiso__words *known, const char *text,
                              int *meaning, chiso_error *err);
extern const chiso__word chiso__stage_words[];
/* Which of two stages stands before the other: a fact stands with final. */
static inline unsigned chiso__stage_level(unsigned stage) {
  return stage == CHISO_STAGE_NONE ? CHISO_STAGE_FINAL : stage;
}
/* Whether a row of a stage counts in a run. */
bool chiso__stage_counts(const chiso_run *run, unsigned stage);
/* After the tables: what a later stage says of a node stands before what an
 * earlier one said. */
void chiso__stage_settle(chiso_run *run);
/* At the stage self: what others give leaves points and maximum. */
void chiso__stage_leave_out(chiso_run *run);
/* Who gives a leaf, or the first leaf of a node that others give as a whole;
 * CHISO_BY_NONE when units score it themselves, or some of it. */
unsigned chiso__stage_giver(const chiso_methodology *methodology,
                            uint32_t node);

/* ---- evidence (evidence.c) ----------------------------------------------- */

#define CHISO__N_EVIDENCE 5
extern const int chiso__evidence_columns[CHISO__N_EVIDENCE];
bool chiso__evidence_in(const chiso__layout *layout, size_t row);
chiso_status chiso__evidence_keep(chiso_run *run, const chiso__layout *layout,
                                  size_t row, uint32_t node, size_t unit,
                                  uint8_t stage, bool explanation,
                                  chiso_error *err);
/* Whether an explanation is asked for at a node. */
bool chiso__evidence_asks(const chiso_run *run, uint32_t node, size_t unit);

/* ---- rules of a round (rules.c) ------------------------------------------ */

/* The exemption of a unit (place in the units) from a node, or NULL. */
const chiso_exemption *chiso__exemption_of(const chiso_run_rules *rules,
                                           const chiso_methodology *methodology,
                                           uint32_t node, size_t unit);
/* After the tables: entries that are fixed, others replaced, then nodes left
 * out. */
chiso_status chiso__rules_fix(chiso_run *run, chiso__member *member,
                              chiso_error *err);
chiso_status chiso__rules_correct(chiso_run *run, chiso__member *member,
                                  chiso_error *err);
void chiso__rules_exempt(chiso_run *run, chiso__member *member);
/* After scoring: bonus and penalty. */
bool chiso__rules_has_total(const chiso_run *run);
/* Of one unit in `member`'s scores, which need not be the run's own; `sum` gets
 * bonus and penalty. */
void chiso__rules_total(const chiso_run *run, chiso__member *member,
                        size_t unit, chiso_dec sum[2]);
chiso_status chiso__rules_extras(chiso_run *run, chiso__member *member,
                                 chiso_error *err);

/* ---- published ---------------------------------------------------------- */

/* "<share>/published/<id>/<edition>/<round>[.<name>].<kind>.csv", in the
 * arena; NULL when memory is short. */
const char *chiso__published_path(chiso__arena *arena, const char *share,
                                  const chiso_listing *listing,
                                  chiso_date round, const char *name,
                                  const char *kind);
/* A row of a table of published figures. */
typedef struct chiso__result {
  size_t unit;         /* place in the units */
  uint32_t node, rank; /* 0: no rank */
  chiso_dec points;    /* CHISO_NONE: only the rank was published */
  chiso_dec tolerance;
  const char *grade, *source;
} chiso__result;
/* Reads one, in the order of its rows; all of it is the arena's. */
chiso_status chiso__results_read(chiso__arena *arena, const char *path,
                                 const chiso_methodology *methodology,
                                 const chiso_units *units, chiso__result **rows,
                                 size_t *count, chiso_error *err);
/* Names of the files "NAME.<kind>.csv" that are shipped for a methodology,
 * sorted: chiso_names_free(). */
chiso_status
chiso__published_names(const chiso_store *store, const chiso_listing *listing,
                       const char *kind, const chiso_allocator *allocator,
                       char ***names, size_t *count, chiso_error *err);
/* "<share>/units/<set>.csv" with '-' for '/'. */
const char *chiso__unit_set_path(chiso__arena *arena, const char *share,
                                 const char *set);
bool chiso__is_file(const char *path);

#endif
