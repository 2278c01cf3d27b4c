/* SPDX-License-Identifier: Apache-2.0
 * analysis/rescore.h - a round's data under another edition. */
#ifndef CHISO_ANALYSIS_RESCORE_H
#define CHISO_ANALYSIS_RESCORE_H

#include "analysis/figures.h"
#include "chiso/rescore.h"
#include "model/model.h"

/* One edition on the way. Tops are the nodes whose points add up to the index:
 * the first nodes below the root that are no counted sums. */
typedef struct chiso__edition {
  const chiso_methodology *m;
  const chiso_index *ix;
  chiso_rule rule;
  uint32_t *tops;
  size_t n_tops;
  uint32_t *top_of; /* [node] the top at or above it; CHISO_NO_NODE: above the
                       tops, below a measure, or not counted */
  uint32_t *place;  /* [node] of a top among the tops */
  chiso_dec *least, *most; /* [node] what a node at or below a top can give */
  uint32_t *source;        /* [node] the leaf of the first edition whose inputs
                              it can be scored on; CHISO_NO_NODE */
  uint8_t *kin;            /* [node] chiso_carry by its source */
  chiso_program *program;  /* NULL: nothing is scored on inputs here */
  chiso_entries entries;
  chiso_scores scores;
  uint32_t **origins; /* [top] nodes of the first edition, in order */
  size_t *n_origins;
  bool *renamed; /* [top] */
} chiso__edition;

/* Tops of two editions that belong together. */
typedef enum chiso__bond_kind {
  CHISO__BOND_NONE = 0, /* dropped, new, or no comparison of sums */
  CHISO__BOND_PAIR,     /* one and one */
  CHISO__BOND_SUM       /* measures whose sums compare: of equal maxima */
} chiso__bond_kind;
typedef struct chiso__bond {
  chiso__bond_kind kind;
  uint8_t carry;
  size_t before, after; /* how many tops */
  chiso_dec max_before, max_after;
  uint32_t e, f; /* the last of them; of a pair, the two */
} chiso__bond;

/* From an edition to the next. */
typedef struct chiso__step {
  const chiso__edition *e, *f;
  uint32_t *first, *from; /* of each node of f: linked nodes of e */
  uint32_t *heirs;        /* of each node of e: how many */
  uint32_t *pair;         /* [node of f] its one partner, or CHISO_NO_NODE */
  uint8_t *carry;         /* [node of f] of the pair: SAME … BROKEN */
  chiso__bond *bonds;
  uint32_t *bond_e, *bond_f; /* [top] */
  size_t n_bonds;
  uint32_t *order; /* tops of e, those that become fewest points first */
} chiso__step;

typedef enum chiso__known {
  CHISO__OPEN = 0, /* within lo..hi */
  CHISO__KNOWN,    /* v, within lo..hi by rounding */
  CHISO__GONE      /* left out: no points, no maximum */
} chiso__known;

/* What is known of one node of one unit. */
typedef struct chiso__know {
  chiso_dec lo, hi, v;
  uint32_t block; /* tops: 0 none */
  uint8_t known, carry;
} chiso__know;

/* Tops of which a sum is known. */
typedef struct chiso__block {
  chiso_dec lo, hi, v;
  bool firm; /* v is the sum; else only the bounds are known */
  bool used;
} chiso__block;

/* All that is known of one unit under one edition. */
typedef struct chiso__state {
  chiso__know *nodes;
  chiso__block *blocks; /* from 1 */
  uint32_t n_blocks;
} chiso__state;

/* What the tops of a bond have together; least and most of those after. */
typedef struct chiso__total {
  chiso_dec lo, hi, v, least, most;
  uint8_t carry;
  bool known, gone;
} chiso__total;

/* Room for one step of one unit. A group is what sums bind together: blocks of
 * the one edition and bonds to the other. */
typedef struct chiso__work {
  uint32_t *group;           /* union-find: blocks from 1, then bonds */
  uint32_t *target;          /* [group] block of the other edition; 0: none */
  chiso__total *totals;      /* [bond] */
  uint8_t *dead;             /* [bond] gives nothing for this unit */
  chiso_dec *lo, *hi, *room; /* [block] sums over the members */
  uint32_t *first;           /* [block] a member, by its place among the tops */
  uint8_t *uneven;           /* [block] members become unlike points */
  uint8_t *carry;            /* [group] */
} chiso__work;

struct chiso_rescore {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_store *store;
  const chiso_figures *figures;
  bool strict;
  chiso__edition editions[CHISO_MAX_CHAIN];
  size_t n_editions;
  chiso__step steps[CHISO_MAX_CHAIN];
  size_t *scored;       /* [unit] of the figures' run, or SIZE_MAX */
  unsigned printed[64]; /* digits of the first edition's figures by depth */
  chiso__work work;
  chiso__state states[2];
  chiso__know *perfect; /* [top of the last] of a unit that is wholly known */
  chiso__know *cells;   /* [top * n + unit] of the last edition */
  uint8_t *firm;        /* [top * n + unit] covered as part of a sum */
  chiso_rescored *units;
  chiso_rescored_area *areas; /* [area * n + unit] */
  uint32_t *area_nodes;
  size_t *area_of;  /* [top of the last] its area, or SIZE_MAX */
  chiso_dec *slack; /* [area], then of all: what sums below it round by */
  size_t n_areas, n, ranked;
};

/* rescore_chain.c: editions from the figures' to `to`, and what links them. */
chiso_status chiso__rescore_chain(chiso_rescore *r, const char *to,
                                  chiso_error *err);
void chiso__rescore_chain_free(chiso_rescore *r);

/* rescore_links.c: what becomes of what, for all units. */
chiso_status chiso__rescore_link(chiso_rescore *r, size_t step,
                                 chiso_error *err);
/* Scores what can be scored on the older inputs, for all units. */
chiso_status chiso__rescore_inputs(chiso_rescore *r, size_t edition,
                                   chiso_error *err);

/* rescore_step.c: one unit. `unit` SIZE_MAX: one of which all is known. */
void chiso__rescore_begin(chiso_rescore *r, size_t unit, chiso__state *out,
                          bool *contradicted);
void chiso__rescore_step(chiso_rescore *r, size_t step, size_t unit,
                         const chiso__state *from, chiso__state *to);

/* a * b / c rounded down or up; c > 0. */
chiso_dec chiso__scale_down(chiso_dec a, chiso_dec b, chiso_dec c);
chiso_dec chiso__scale_up(chiso_dec a, chiso_dec b, chiso_dec c);
/* Half a unit of the last of `digits`, in millionths. */
chiso_dec chiso__half_unit(unsigned digits);

static inline const chiso__edition *chiso__last(const chiso_rescore *r) {
  return &r->editions[r->n_editions - 1];
}

#endif
