/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/plugin.h - the whole contract between the core and an index plugin.
 *
 * A plugin is a shared object that exports one function and static tables.
 * The core copies the tables when it loads the plugin and scores with its own
 * copy; no code of a plugin runs while scoring, except rule() for CALL nodes.
 *
 * Plain C99 and C++11. Fixed-width members only, no enum-typed member, no
 * bool, no size_t: the layout is the same for every compiler of a platform.
 * Strings are UTF-8 in NFC, zero-terminated; NULL means "none".
 */
#ifndef CHISO_PLUGIN_H
#define CHISO_PLUGIN_H

#include <stdint.h>

/* A different major is refused, and so is a minor newer than the core's. A
 * minor adds members at the end of the structs that have a stride or a size,
 * names reserved bytes, and adds constants at the end of their lists; nothing
 * that is there moves. Zero in what it adds means what was before. The strides
 * of chiso_index let a core walk tables that were compiled with an earlier or
 * a later minor's header. docs/abi.md has the rules. */
#define CHISO_ABI_MAJOR 1u
#define CHISO_ABI_MINOR 0u

#ifdef __cplusplus
#define CHISO_EXTERN extern "C"
#else
#define CHISO_EXTERN extern
#endif
#define CHISO_EXPORT CHISO_EXTERN __attribute__((visibility("default")))

/* ---- decimals ----------------------------------------------------------- */

/* Exact decimal in millionths: 1.25 points is 1250000. Points, maxima,
 * weights, thresholds, shares and scores. Every table value lies within
 * [-CHISO_DEC_LIMIT, CHISO_DEC_LIMIT]; the core checks that at load. Inputs
 * are integers whose digits the input declares, so they reach 9.2e18. */
typedef int64_t chiso_dec;
#define CHISO_DEC_ONE    ((chiso_dec)1000000)
#define CHISO_DEC_DIGITS 6
#define CHISO_DEC_LIMIT  ((chiso_dec)1000000000000) /* 1,000,000.000000 */
#define CHISO_NONE       INT64_MIN /* "this field is not set" */

/* ---- constants ---------------------------------------------------------- */

enum { /* chiso_node.kind: what the published counts count */
       CHISO_KIND_INDEX = 1,
       CHISO_KIND_AREA,
       CHISO_KIND_CRITERION,
       CHISO_KIND_SUBCRITERION,
       CHISO_KIND_DIMENSION,
       CHISO_KIND_SUBDIMENSION,
       CHISO_KIND_INDICATOR,
       CHISO_KIND_FACTOR,
       CHISO_KIND_BRANCH /* an alternative of a CASE; in no published count */
};

enum { /* chiso_node.op: how a node gets its points */
       /* inner nodes */
       CHISO_OP_SUM = 1, /* sum of the children's points */
       CHISO_OP_MEAN,    /* weighted mean of the children's points */
       CHISO_OP_SCALE, /* lo + (hi - lo) * weighted mean of children in 0..1 */
       CHISO_OP_CASE,  /* exactly one child, a branch, counts */
       /* leaves */
       CHISO_OP_MANUAL = 32, /* points as entered, within lo..max */
       CHISO_OP_STEP,        /* points of the first step that holds, else
                                `otherwise`; without steps a constant */
       CHISO_OP_LINEAR,      /* through the steps' (at, points), flat outside */
       CHISO_OP_RATIO,       /* max * num / (den * target), 0 below `floor`,
                                at most max * cap */
       CHISO_OP_PENALTY,     /* max - per * count, not below lo */
       CHISO_OP_CHOICE,      /* points of the step with the entered key */
       CHISO_OP_SURVEY,      /* mean answer, from `from` (0) to `to` (max) */
       CHISO_OP_SHARE,       /* max * share of the chosen answers */
       CHISO_OP_NORM,  /* (x - from) / (to - from): 0..1, kept when outside */
       CHISO_OP_BEST,  /* max * value / best value of the round */
       CHISO_OP_INDEX, /* max * value of another index's node / scale */
       CHISO_OP_CALL   /* rule() of the plugin */
};

enum { /* chiso_node.assessor: who gives a leaf's value */
       CHISO_BY_NONE = 0,
       CHISO_BY_SELF,
       CHISO_BY_MINISTRY,
       CHISO_BY_SURVEY,
       CHISO_BY_STATISTICS,
       CHISO_BY_INDEX
};

enum { /* chiso_node.na and .empty: a leaf that does not apply, and a
          denominator of zero. Two questions, two fields. */
       CHISO_POLICY_FORBIDDEN = 0, /* an error in the data */
       CHISO_POLICY_ZERO,          /* no points; the maximum stays */
       CHISO_POLICY_FULL,     /* full points: nothing arose, nothing failed */
       CHISO_POLICY_LEAVE_OUT /* leaves points and maximum */
};

enum {                          /* rounding modes */
       CHISO_ROUND_HALF_UP = 0, /* half away from zero */
       CHISO_ROUND_CUT_OFF,     /* towards zero */
       CHISO_ROUND_HALF_EVEN
};
#define CHISO_KEEP 6 /* chiso_node.digits: keep the millionths */

enum { /* chiso_step.cmp: which side a boundary belongs to */
       CHISO_CMP_GE = 0,
       CHISO_CMP_GT,
       CHISO_CMP_LE,
       CHISO_CMP_LT
};

enum { /* how far a row can be trusted */
       CHISO_PROV_RECONSTRUCTED = 0,
       CHISO_PROV_RECALLED,
       CHISO_PROV_PUBLISHED,
       CHISO_PROV_OFFICIAL
};

enum {                   /* chiso_input.role */
       CHISO_ROLE_X = 0, /* the value itself */
       CHISO_ROLE_NUM,
       CHISO_ROLE_DEN,
       CHISO_ROLE_OTHER /* only for CALL */
};

enum { /* chiso_input.unit */
       CHISO_UNIT_COUNT = 0,
       CHISO_UNIT_VND,
       CHISO_UNIT_PERCENT, /* 0..100 */
       CHISO_UNIT_SHARE,   /* 0..1 */
       CHISO_UNIT_NUMBER,
       CHISO_UNIT_POINTS,
       CHISO_UNIT_ANSWER, /* mean on the survey's answer scale */
       CHISO_UNIT_CHOICE, /* a key of the node's steps or branches */
       CHISO_UNIT_DAYS
};

enum { /* chiso_index.level */
       CHISO_LEVEL_PROVINCE = 1,
       CHISO_LEVEL_MINISTRY,
       CHISO_LEVEL_DEPARTMENT,
       CHISO_LEVEL_DISTRICT,
       CHISO_LEVEL_COMMUNE
};

enum { /* chiso_index.scope: whose set it is */
       CHISO_SCOPE_NATIONAL = 0,
       CHISO_SCOPE_INTERNAL /* a ministry's or province's own; its results are
                               never those of the index it was made from */
};

enum { /* chiso_index.rank_by */
       CHISO_RANK_POINTS = 0,
       CHISO_RANK_PERCENT
};
enum {                       /* chiso_index.ties */
       CHISO_TIES_SHARED = 0 /* 1, 2, 2, 4 */
};
enum {                        /* chiso_grading.kind */
       CHISO_GRADE_BANDS = 0, /* fixed bounds on the score that is ranked */
       CHISO_GRADE_QUANTILE   /* equal shares of the units, linear interpolation
                                 (Hyndman and Fan 1996, type 7); a score equal to
                                 a bound belongs to the better group */
};
enum { /* chiso_grading.missing: units without a score, in the quantiles */
       CHISO_MISSING_LEAVE_OUT = 0,
       CHISO_MISSING_AS_ZERO
};
enum { /* chiso_node.ref_value */
       CHISO_REF_POINTS = 0,
       CHISO_REF_PERCENT
};

/* ---- tables ------------------------------------------------------------- */

/* Bytes called `reserved` are zero; the core refuses others. */

/* 0 in month or day: unknown; all 0: not known or open. */
typedef struct chiso_date {
  uint16_t year;
  uint8_t month, day;
} chiso_date;

/* A legal instrument. Nodes point at one by its place in the index's list. */
typedef struct chiso_legal {
  const char *key;        /* short name within the file */
  const char *instrument; /* "1149/QĐ-BNV" */
  const char *title;
  const char *url;
  chiso_date issued, in_force, repealed;
  chiso_date checked_on; /* when somebody last looked that it still holds */
} chiso_legal;

/* One input of a leaf. Keys are local to the leaf. A value is the integer
 * raw / 10^digits, 0 <= digits <= 6. */
typedef struct chiso_input {
  const char *key;
  const char *title_vi, *title_en;
  uint8_t role, unit, digits, reserved[5];
} chiso_input;

/* STEP: `points` when x `cmp` `at`; the first that holds wins.
 * LINEAR: a corner (at, points), `at` rising.  CHOICE: `points` of `key`. */
typedef struct chiso_step {
  const char *key;
  const char *title_vi, *title_en;
  chiso_dec at, points;
  uint8_t cmp, reserved[7];
} chiso_step;

typedef struct chiso_node {
  const char *id;     /* "1.2.3"; unique under ASCII case folding */
  const char *parent; /* NULL for the root, whose id is "index" */
  const char *title_vi, *title_en;
  const char *concept_id; /* joins one idea over editions, levels, indices */
  const char *const *was; /* its codes in the edition superseded */
  const char *when;       /* branch: the key that chooses it */
  const char *ref_index;  /* INDEX: "vn.sipas.province"; the edition is the
                             one that serves the round */
  const char *ref_node;   /* INDEX: "index" or a node of it */
  const char *numerator, *denominator, *period; /* as the text words them */
  const char *rule; /* the rule as the text words it */
  const char *evidence;
  const char *source; /* where this row comes from */
  const char *note;
  const chiso_input *inputs;
  const chiso_step *steps;
  chiso_dec max;      /* most points this node can get */
  chiso_dec weight;   /* in the parent; 0: shown, never counted */
  chiso_dec lo, hi;   /* MANUAL, PENALTY: least points; SCALE: output */
  chiso_dec from, to; /* SURVEY, NORM: worst and best x */
  chiso_dec target, floor, cap; /* RATIO; floor may be CHISO_NONE */
  chiso_dec per;                /* PENALTY: points lost per unit of count */
  chiso_dec otherwise;          /* STEP: points when no step holds */
  chiso_dec scale;              /* INDEX: the value that gives max */
  chiso_dec at;                 /* branch of a CASE by number: threshold */
  chiso_dec residual;           /* largest error seen when the rule only
                                   approximates the published figure; CHISO_NONE
                                   when the rule is exact */
  uint32_t n_was, n_inputs, n_steps;
  uint32_t legal; /* place in chiso_index.legal */
  uint32_t call;  /* CALL: number handed to rule() */
  uint8_t kind, op, assessor, na, empty;
  uint8_t digits, round; /* rounding of this node's points */
  uint8_t prov_name, prov_points;
  uint8_t cmp; /* branch of a CASE by number */
  uint8_t ref_value;
  uint8_t reserved[1];
} chiso_node;

/* Points of an index as published in parts that are not its areas. */
typedef struct chiso_part {
  const char *id;
  const char *title_vi, *title_en;
  chiso_dec max;
} chiso_part;
typedef struct chiso_partition {
  const char *id;
  const char *title_vi, *title_en;
  const char *source;
  const chiso_part *parts;
  uint32_t n_parts, reserved;
} chiso_partition;

/* A band: the score is at least `at_least` (CHISO_NONE: no lower bound), or
 * above it where `cmp` is CHISO_CMP_GT. */
typedef struct chiso_grade {
  const char *key;
  const char *title_vi, *title_en;
  chiso_dec at_least;
  uint8_t cmp, reserved[7];
} chiso_grade;
/* A grading holds for the rounds first..last (years, inclusive; 0 = open). */
typedef struct chiso_grading {
  const char *source;
  const chiso_grade *grades; /* best first */
  uint32_t n_grades;
  uint16_t first, last;
  uint8_t kind, missing, reserved[6];
} chiso_grading;

typedef struct chiso_count { /* a count that the instrument states */
  uint32_t kind, count;
} chiso_count;

typedef struct chiso_deadline {
  const char *what;
  chiso_date date;
  uint32_t reserved;
} chiso_deadline;

typedef struct chiso_index {
  const char *id, *edition; /* "vn.par.province", "2020": the round scored */
  const char *title_vi, *title_en;
  const char *unit_set; /* "vn.provinces/2008" */
  const char *note;
  const char *variant_of; /* scope internal: "id/edition" it was made from;
                             NULL for a set of its own */
  const char *const *supersedes;
  const chiso_legal *legal;
  const chiso_node *nodes; /* parents before children; nodes[0] is "index" */
  const chiso_grading *gradings;
  const chiso_partition *partitions;
  const chiso_count *counts;
  const chiso_deadline *deadlines;
  uint32_t n_supersedes, n_legal, n_nodes, n_gradings, n_partitions, n_counts;
  uint32_t n_deadlines;
  uint32_t size; /* sizeof(chiso_index) in the plugin's build */
  /* sizeof of each element there */
  uint16_t legal_stride, node_stride, input_stride, step_stride;
  uint16_t grading_stride, grade_stride, partition_stride, part_stride;
  uint16_t first, last; /* rounds served: years, inclusive; last 0 = open */
  uint8_t level, digits, rank_by, ties, scope, reserved[7];
} chiso_index;

/* ---- code, where no op fits --------------------------------------------- */

typedef struct chiso_call chiso_call; /* opaque; dead when rule() returns */

/* What the core offers to rule(). Core-owned and static.
 * [inside rule(), same thread] */
typedef struct chiso_host {
  uint32_t abi_minor, size;
  /* 0: *raw is set, in units of 10^-digits; 1: absent; <0: no such input. A
   * leaf is missing, and rule() is not called, while an input is absent */
  int (*input)(const chiso_call *call, const char *key, int64_t *raw);
  /* a * b / c, half away from zero; <0: c is 0 or the result is too large */
  int (*muldiv)(int64_t a, int64_t b, int64_t c, int64_t *out);
} chiso_host;

typedef struct chiso_plugin {
  uint32_t abi_major, abi_minor; /* these eight bytes never move */
  uint32_t size, n_indices;
  const char *id, *version, *license, *contact;
  const chiso_index *const *indices;
  /* Only for CALL nodes, else NULL. Pure: no allocation, input, output,
   * global, time or locale. 0: scored; 1: not applicable; <0: error. Points
   * outside 0..max are an error. [any thread, reentrant] */
  int (*rule)(const chiso_host *host, const chiso_call *call, uint32_t number,
              chiso_dec *points);
} chiso_plugin;

/* The only exported symbol. Returns static data and does nothing else. */
CHISO_EXPORT const chiso_plugin *chiso_plugin_v1(void);

#endif
