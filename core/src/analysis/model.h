/* SPDX-License-Identifier: Apache-2.0
 * analysis/model.h - one composite under many assumptions: what may change, and
 * the scores that follow.
 *
 * The data do not change: what each normalisation makes of them is computed
 * once. A run sets weights and choices and gives the scores of the top. */
#ifndef CHISO_ANALYSIS_MODEL_H
#define CHISO_ANALYSIS_MODEL_H

#include "analysis/normalise.h"

#define CHISO__LIMIT_INPUTS         32u
#define CHISO__LIMIT_CHOICES        64u
#define CHISO__LIMIT_SIMULATED_ROWS 5000u
#define CHISO__MOST_FACTOR          1000u /* of standard errors */

typedef enum chiso__input_kind {
  CHISO__INPUT_WEIGHTS = 0, /* all weights below the top */
  CHISO__INPUT_WEIGHT,      /* that of one code */
  CHISO__INPUT_NORMALISE,
  CHISO__INPUT_AGGREGATE,
  CHISO__INPUT_EXCLUDE,
  CHISO__INPUT_APPRAISAL, /* all points that units scored themselves */
  CHISO__INPUT_ERRORS     /* all values that have an error */
} chiso__input_kind;

/* Between a unit's own points and those appraised. */
typedef enum chiso__appraisal {
  CHISO__BETWEEN, /* anywhere, each leaf for itself */
  CHISO__EITHER,  /* one of both, each leaf for itself */
  CHISO__OF_UNIT  /* anywhere, all leaves of a unit at the same place */
} chiso__appraisal;

typedef struct chiso__input {
  chiso__input_kind kind;
  const char *name; /* "weights", "weight:i01", "normalise" ... */
  double noise; /* ERRORS: a factor; EITHER: how likely the unit's own are */
  chiso__appraisal how;
  uint32_t code;
  uint32_t count; /* choices */
} chiso__input;

/* A tree whose aggregates are all the same mean of f(x), without gaps: scores
 * are that mean of the leaves with effective weights. */
typedef struct chiso__blend {
  const chiso__way *ways; /* [code] */
  double *tiles; /* f(x): [tile][leaf][CHISO__TILE]; NULL: no such tree */
} chiso__blend;

#define CHISO__TILE 16u

typedef struct chiso__model {
  chiso_composite *c;
  chiso__arena arena;
  uint64_t seed;
  size_t n, padded; /* rows; and rows in whole tiles */
  chiso__input inputs[CHISO__LIMIT_INPUTS];
  uint32_t n_inputs;
  const char **normalise, **aggregate; /* choices; the nominal one alone, where
                                          there is no such input */
  uint32_t n_normalise, n_aggregate;
  double **leaves;     /* [normalise]: [leaf * n + row] */
  uint8_t **gaps;      /* [normalise]: [leaf] */
  chiso__blend *plans; /* [normalise * n_aggregate + aggregate] */
  uint32_t *excluded;  /* codes of the level */
  uint32_t n_excluded;
  /* Values that are drawn anew; NULL: there is no such input. */
  const chiso__input *appraisal, *errors;
  chiso__scale **scales; /* [normalise] */
  uint32_t *varied;      /* leaves with such values */
  uint32_t n_varied;
  double *nominal; /* [row]: scores of the top as things stand */
  uint32_t *ranks; /* [row]: 0 where there is no score */
  uint32_t target; /* the code whose scores are wanted: the top, mostly */
  bool serial;     /* a library behind a mean is for one thread */
} chiso__model;

typedef struct chiso__assumptions {
  const char *normalise, *aggregate, *threshold; /* as things stand */
  const char *inputs;                            /* "" for none */
  uint32_t target; /* whose scores are wanted; 0: the top */
} chiso__assumptions;

/* Reads inputs, normalises and aggregates the composite as things stand (and
 * leaves it so) and prepares every choice. `option` names where the inputs were
 * written. Freed by chiso__model_free() whatever the status. */
chiso_status chiso__model_open(chiso__model *m, chiso_composite *c,
                               const char *option, const chiso__assumptions *as,
                               chiso_error *err);
void chiso__model_free(chiso__model *m);

/* inputs.c: reads the list into m->inputs. */
chiso_status chiso__model_inputs(chiso__model *m, const char *option,
                                 const char *text, chiso_error *err);
const chiso__input *chiso__model_find(const chiso__model *m,
                                      chiso__input_kind kind);

/* vary.c: finds what varies. */
chiso_status chiso__vary_open(chiso__model *m, const char *option,
                              chiso_error *err);
/* Whether the value at leaf * n + row is drawn anew. */
bool chiso__varies(const chiso__model *m, size_t at);

/* What one thread works with. */
typedef struct chiso__lane {
  const chiso__model *m;
  chiso__arena arena;
  double *weights;   /* [code]: of the run */
  double *scores;    /* [padded]: of the target; NaN where there is none */
  uint32_t *ranks;   /* [row]: 1 the highest, 0 without a score */
  double *effective; /* [code] */
  double *values, *scratch;
  uint8_t *gaps;
  chiso__ranked *order;
  double *turned;
  uint32_t loaded; /* the normalisation that values hold */
  uint32_t normalise, aggregate, excluded;
  uint64_t appraisal, errors; /* which set of draws */
  double *drawn;              /* [row]: of one leaf */
  chiso__scale_room room;
  bool given; /* the weights were given, not drawn */
  chiso_error err;
} chiso__lane;

/* Freed by chiso__lane_free() whatever the status. */
chiso_status chiso__lane_open(chiso__lane *lane, const chiso__model *m,
                              chiso_error *err);
void chiso__lane_free(chiso__lane *lane);
/* Sets weights and choices. point[input]: of WEIGHTS, APPRAISAL and ERRORS,
 * which of 2^64 sets; of any other, a number of 32 bits that stands for 0..1.
 * `given` replaces the nominal weights and WEIGHTS; NULL: none. */
void chiso__lane_set(chiso__lane *lane, const uint64_t *point,
                     const double *given);
/* The point of a replication of the plain kind. */
void chiso__lane_draw(const chiso__model *m, uint64_t replication,
                      uint64_t *point);
chiso_status chiso__lane_score(chiso__lane *lane, chiso_error *err);
void chiso__lane_rank(chiso__lane *lane);
/* vary.c: draws the data of a leaf that varies, into lane->drawn. */
void chiso__vary(chiso__lane *lane, size_t leaf);

/* `scores` has whole tiles, -INFINITY beyond its n rows. */
void chiso__rank_rows(const double *scores, size_t n, chiso__lane *lane,
                      uint32_t *out);

/* Quantile of type 7 of R: between the values around (n - 1) p. */
double chiso__quantile(const double *sorted, size_t n, double p);

#endif
