/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/composite.h - a composite index from a table of indicators: read,
 * screen, denominate, impute, treat, normalise, weigh, aggregate, rank.
 *
 * The steps are called in that order; each may be left out. Screening,
 * denomination, imputation and treatment change the data; normalisation and
 * aggregation are computed from them anew at each call, so that one object
 * serves any number of variants. docs/manual/compose.md defines every method
 * by its formula and source.
 *
 * A method is a text, "minmax:0:100". Where it may differ between codes, a
 * list: "minmax:0:100,i04=rank:min".
 */
#ifndef CHISO_COMPOSITE_H
#define CHISO_COMPOSITE_H

#include "chiso/data.h"

typedef struct chiso_composite chiso_composite;

/* An indicator, or an aggregate of them. Owned by the composite. */
typedef struct chiso_composite_code {
  const char *code, *name; /* the name may be NULL */
  uint32_t parent;         /* place of its parent; UINT32_MAX: none */
  uint32_t level;          /* as in the metadata; indicators mostly 1 */
  int direction;           /* 1: more is better; -1: less is */
  double weight;           /* beside its siblings: 0 or more, of any sum */
} chiso_composite_code;

/* Reads a table of data (`uCode`, optional `uName` and `Time`, indicators,
 * groups) and one of metadata (`Level,iCode,Parent,Direction,Weight,Type`),
 * CSV or XLSX. Without metadata (NULL) every column of numbers is an indicator
 * and nothing can be aggregated. On CHISO_BAD_DATA every fault is in the
 * remarks of *out, the first also in *err, and *out serves nothing else. */
CHISO_API chiso_status chiso_composite_read(const char *data, const char *meta,
                                            chiso_lang lang,
                                            const chiso_allocator *allocator,
                                            chiso_composite **out,
                                            chiso_error *err);
/* The same from a run of a methodology: its leaves are the indicators, or the
 * lowest nodes at which points were given, with their points and direction 1;
 * weights are the maxima. Nodes of weight 0 are left out. Copies what it
 * needs. */
CHISO_API chiso_status chiso_composite_of_run(const chiso_run *run,
                                              chiso_lang lang,
                                              const chiso_allocator *allocator,
                                              chiso_composite **out,
                                              chiso_error *err);
/* What a simulation (uncertainty.h) draws from, laid beside the data before any
 * step. The points that units scored themselves: `self` is the same
 * methodology, round and units at CHISO_STAGE_SELF. Copies what it needs. */
CHISO_API chiso_status chiso_composite_self(chiso_composite *composite,
                                            const chiso_run *self,
                                            chiso_error *err);
/* Standard errors in the unit of the data, from a table with `uCode` (or
 * `unit`; "*": all that no other row names), `iCode` (or `node`), `se` (0 or
 * more) and, where the scale ends, `low` and `high`; without them a methodology
 * bounds its points. On CHISO_BAD_DATA every fault is among the remarks, the
 * first also in *err, and the composite serves nothing else. */
CHISO_API chiso_status chiso_composite_errors(chiso_composite *composite,
                                              const char *path,
                                              chiso_error *err);
CHISO_API void chiso_composite_free(chiso_composite *composite);

/* Faults (CHISO_BAD_DATA) and notices (CHISO_OK) in the order they were met;
 * later steps add notices: a column that could not be normalised, say. */
CHISO_API size_t chiso_composite_remarks(const chiso_composite *composite);
CHISO_API const chiso_error *
chiso_composite_remark(const chiso_composite *composite, size_t place);
CHISO_API size_t chiso_composite_faults(const chiso_composite *composite);

/* Rows: units, or units at times. Indicators come first, in the order of the
 * data; then aggregates, level by level, in the order of the metadata. */
CHISO_API size_t chiso_composite_rows(const chiso_composite *composite);
CHISO_API size_t chiso_composite_indicators(const chiso_composite *composite);
CHISO_API size_t chiso_composite_codes(const chiso_composite *composite);
CHISO_API chiso_composite_code
chiso_composite_code_at(const chiso_composite *composite, size_t place);
CHISO_API const char *chiso_composite_unit(const chiso_composite *composite,
                                           size_t row);
/* NULL where the data have no names. */
CHISO_API const char *
chiso_composite_unit_name(const chiso_composite *composite, size_t row);
/* The time of a row as written; NULL where the data have no column Time. */
CHISO_API const char *chiso_composite_time(const chiso_composite *composite,
                                           size_t row);
/* Columns of groups: their names, and the group of a row ("" for none). */
CHISO_API size_t chiso_composite_groups(const chiso_composite *composite);
CHISO_API const char *chiso_composite_group(const chiso_composite *composite,
                                            size_t place);
CHISO_API const char *chiso_composite_group_of(const chiso_composite *composite,
                                               size_t place, size_t row);
/* Place of a column of groups, or SIZE_MAX. */
CHISO_API size_t chiso_composite_find_group(const chiso_composite *composite,
                                            const char *name);

/* One value for each row; NaN where it is missing. The data of an indicator as
 * the steps so far have left them; the normalised or aggregated values of a
 * code. Valid until the composite is freed or screened. */
CHISO_API const double *chiso_composite_data(const chiso_composite *composite,
                                             size_t indicator);
CHISO_API const double *chiso_composite_values(const chiso_composite *composite,
                                               size_t code);

/* What of an indicator's data there is, per row. */
typedef struct chiso_composite_presence {
  size_t missing, zero;
  double available, nonzero; /* shares; NaN where nothing is there */
} chiso_composite_presence;
CHISO_API chiso_composite_presence
chiso_composite_presence_of(const chiso_composite *composite, size_t row);

/* What a screening asks of a row: "na:X", "zero:X" or both. Of what a method
 * does not say, the least shares are 2/3 and 0.05, and do not exclude. */
typedef struct chiso_composite_screening {
  double available, nonzero; /* least shares */
  bool by_available, by_nonzero;
} chiso_composite_screening;
CHISO_API chiso_status chiso_composite_screening_read(
    const char *method, chiso_composite_screening *out, chiso_error *err);

/* Drops rows: "na:X" with less than the share X of indicators present;
 * "zero:X" with less than X of the present ones other than zero; "na:X,zero:Y"
 * by either. A notice names who was dropped. */
CHISO_API chiso_status chiso_composite_screen(chiso_composite *composite,
                                              const char *method,
                                              chiso_error *err);
/* Divides indicators by a column: "meta" takes the columns `Denominator` and
 * `ScaleFactor` of the metadata, "i01=pop:1000,i02=gdp" names them. The columns
 * are of the data, or of the table at `path` with `uCode` (NULL: none). */
CHISO_API chiso_status chiso_composite_denominate(chiso_composite *composite,
                                                  const char *method,
                                                  const char *path,
                                                  chiso_error *err);
/* "mean", "median", "group:COLUMN" (mean of the group), "panel:latest|linear|
 * constant|linear-constant". */
CHISO_API chiso_status chiso_composite_impute(chiso_composite *composite,
                                              const char *method,
                                              chiso_error *err);
/* "winsorise:MAX", "log", "log_ct_plus", "log_gii", "boxcox:L", "default",
 * "none"; per indicator too. */
CHISO_API chiso_status chiso_composite_treat(chiso_composite *composite,
                                             const char *method,
                                             chiso_error *err);
/* "minmax:LO:HI", "zscore:MEAN:SD", "rank:min|average", "prank:min|average",
 * "borda", "dist2max", "dist2ref:UNIT", "dist2targ:T", "fracmax",
 * "scaled:LO:HI:FACTOR", "goalposts:LO:HI:SCALE", "share:SCALE" (a
 * methodology's), "none"; per indicator too. Values are first multiplied by the
 * direction. */
CHISO_API chiso_status chiso_composite_normalise(chiso_composite *composite,
                                                 const char *method,
                                                 chiso_error *err);
/* "meta" (as read), "equal", "pca", "optimised[:LEVEL][:equal|meta]", or the
 * path of a table `iCode,Weight`. "pca" and "optimised" rest on the values that
 * chiso_composite_normalise() gave, aggregated as `aggregate` and `threshold`
 * say. */
CHISO_API chiso_status chiso_composite_weigh(chiso_composite *composite,
                                             const char *method,
                                             const char *aggregate,
                                             const char *threshold,
                                             chiso_error *err);
/* "arithmetic", "geometric", "harmonic", "genmean:P", "median", "sum",
 * "copeland", "mpi", "ampi:LO:HI", "bod": one for all steps, or one for each
 * from the lowest up, then exceptions "c1=geometric". `threshold`: the share of
 * children that must be there, one or one for each step; NULL: any. */
CHISO_API chiso_status chiso_composite_aggregate(chiso_composite *composite,
                                                 const char *method,
                                                 const char *threshold,
                                                 chiso_error *err);

/* What each code is worth in the whole, by the weights as they are: its share
 * among its siblings times its parent's; 1 for the top. out[code]. */
CHISO_API void
chiso_composite_effective_weights(const chiso_composite *composite,
                                  double *out);

/* How equal values share ranks. */
typedef enum chiso_ties { CHISO_TIES_MIN = 0, CHISO_TIES_AVERAGE } chiso_ties;

/* Ranks of a code's values, 1 the highest; NaN where there is no value. Within
 * a column of groups (SIZE_MAX: all together), and always within one time.
 * `out` has room for every row. */
CHISO_API chiso_status chiso_composite_ranks(const chiso_composite *composite,
                                             size_t code, size_t group,
                                             chiso_ties ties, double *out,
                                             chiso_error *err);

/* The same of any column: x[row]. */
CHISO_API chiso_status chiso_composite_rank(const chiso_composite *composite,
                                            const double *x, size_t group,
                                            chiso_ties ties, double *out,
                                            chiso_error *err);

#endif
