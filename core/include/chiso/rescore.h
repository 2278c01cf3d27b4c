/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/rescore.h - a round's data under another edition: what if.
 *
 * What is known of a round is brought from edition to edition along the links
 * that chiso_changes() makes, forwards or backwards, and added up by the rules
 * of the last one. Points that do not come over stand between the least and the
 * most that their rule gives. Every result is an estimate, never a score.
 * docs/manual/whatif-method.md has the formulas and what they take for granted.
 */
#ifndef CHISO_RESCORE_H
#define CHISO_RESCORE_H

#include "chiso/compare.h"

/* How points of the other edition are served, for one unit. The first four are
 * covered. */
typedef enum chiso_serve {
  CHISO_SERVE_SAME = 0, /* carried */
  CHISO_SERVE_SCALED,   /* converted by the maxima */
  CHISO_SERVE_RESCORED, /* another rule on the same inputs */
  CHISO_SERVE_TOGETHER, /* as a sum: of what was split or merged, or of leaves
                           that only a total is known of */
  CHISO_SERVE_LEFT_OUT, /* does not apply to the unit: left points and maximum
                         */
  CHISO_SERVE_UNKNOWN,  /* it would come over, but the unit has no figure */
  CHISO_SERVE_BROKEN,   /* the same idea, and no comparison */
  CHISO_SERVE_NEW       /* nothing came before */
} chiso_serve;
#define CHISO_N_SERVE 8
/* "same", "scaled", …, "new". Static. */
CHISO_API const char *chiso_serve_key(chiso_serve serve);

typedef struct chiso_rescore chiso_rescore;

/* Brings `figures` under the methodology `to`: "id/edition", "id" or the path
 * of an index.json or an overlay. `strict`: sums of what was split or merged do
 * not come over, so that the bounds rest on equal rules alone. Both are
 * borrowed. CHISO_NO where no point of `to` goes back to the figures' edition;
 * CHISO_USAGE where the editions between are more than CHISO_MAX_CHAIN. Free
 * with chiso_rescore_free(). [one thread per store] */
CHISO_API chiso_status chiso_rescore_new(chiso_store *store,
                                         const chiso_figures *figures,
                                         const char *to, bool strict,
                                         const chiso_allocator *allocator,
                                         chiso_rescore **out, chiso_error *err);
CHISO_API void chiso_rescore_free(chiso_rescore *rescore);

/* The editions on the way, that of the figures first. */
CHISO_API size_t chiso_rescore_editions(const chiso_rescore *rescore);
CHISO_API const chiso_methodology *
chiso_rescore_edition(const chiso_rescore *rescore, size_t place);

/* ---- units --------------------------------------------------------------- */

typedef struct chiso_rescored {
  bool known;        /* something is known of the unit; else nothing follows */
  bool whole;        /* its own total is known */
  bool contradicted; /* printed sums and their parts disagree by more than their
                        digits allow: sums were not used there */
  chiso_dec own;     /* total under its own edition; CHISO_NONE */
  uint32_t own_rank; /* as printed, or among the units with totals; 0: none */
  chiso_dec max;     /* points of the other edition that apply to the unit */
  chiso_dec
      serve[CHISO_N_SERVE]; /* points of it; these add up to its maximum */
  chiso_dec covered_max, covered; /* of the first four: maximum and points */
  chiso_dec low, high;            /* bounds of the total, by its rounding */
  chiso_dec figure_low,
      figure_high;      /* of what it ranks by: points or percent */
  uint32_t best, worst; /* ranks that the bounds allow; 0: not ranked */
} chiso_rescored;

/* `unit` is a place in the set of the figures. */
CHISO_API void chiso_rescore_unit(const chiso_rescore *rescore, size_t unit,
                                  chiso_rescored *out);
/* Units that best and worst are among. */
CHISO_API size_t chiso_rescore_ranked(const chiso_rescore *rescore);

/* An area, a child of the root that counts. */
typedef struct chiso_rescored_area {
  uint32_t node;
  chiso_dec max, covered_max, covered, low, high;
} chiso_rescored_area;
CHISO_API size_t chiso_rescore_areas(const chiso_rescore *rescore);
CHISO_API void chiso_rescore_area(const chiso_rescore *rescore, size_t area,
                                  size_t unit, chiso_rescored_area *out);

/* ---- leaves -------------------------------------------------------------- */

/* The nodes of the other edition whose points add up to the total: leaves, and
 * where leaves make a mean, that mean. */
typedef struct chiso_rescored_leaf {
  uint32_t node;
  chiso_serve serve;       /* of a unit of which everything is known */
  bool renamed;            /* a title changed on the way */
  const uint32_t *origins; /* nodes of the figures' edition */
  size_t n_origins;
  chiso_dec max, max_before; /* its points; those of its origins together */
  chiso_dec least, most;     /* what its rule can give */
  size_t served;             /* units that it is covered of */
} chiso_rescored_leaf;
CHISO_API size_t chiso_rescore_leaves(const chiso_rescore *rescore);
CHISO_API void chiso_rescore_leaf(const chiso_rescore *rescore, size_t leaf,
                                  chiso_rescored_leaf *out);

/* One leaf of one unit. */
typedef struct chiso_rescored_cell {
  chiso_serve serve;
  chiso_dec before; /* points of its origins together; CHISO_NONE */
  chiso_dec after;  /* CHISO_NONE unless it is known by itself */
  chiso_dec low, high;
} chiso_rescored_cell;
CHISO_API void chiso_rescore_cell(const chiso_rescore *rescore, size_t leaf,
                                  size_t unit, chiso_rescored_cell *out);

#endif
