/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/data.h - units, observations, rounds, and tables to write.
 */
#ifndef CHISO_DATA_H
#define CHISO_DATA_H

#include "chiso/engine.h"
#include "chiso/host.h"

/* ---- units -------------------------------------------------------------- */

typedef struct chiso_units chiso_units;

typedef struct chiso_unit {
  const char *code, *name_vi, *name_en, *type, *region;
  const char *aliases, *codes;           /* lists separated by '|' */
  const char *not_assessed, *not_ranked; /* rounds or ranges of years */
  const char *formed_from;
} chiso_unit;

/* Reads a unit set. `set` is its name, "vn.provinces/2008". */
CHISO_API chiso_status chiso_units_read(const char *path, const char *set,
                                        const chiso_allocator *allocator,
                                        chiso_units **out, chiso_error *err);
CHISO_API void chiso_units_free(chiso_units *units);
CHISO_API size_t chiso_units_count(const chiso_units *units);
CHISO_API const chiso_unit *chiso_units_get(const chiso_units *units,
                                            size_t place);
CHISO_API const char *chiso_units_set(const chiso_units *units);
/* By code, other code, name or alias (names without case, marks and
 * punctuation); SIZE_MAX when there is none or more than one. */
CHISO_API size_t chiso_units_find(const chiso_units *units, const char *text);
/* The unit whose name is nearest, for "did you mean"; SIZE_MAX: none near. */
CHISO_API size_t chiso_units_nearest(const chiso_units *units,
                                     const char *text);
CHISO_API bool chiso_unit_assessed(const chiso_unit *unit, uint16_t year);
CHISO_API bool chiso_unit_ranked(const chiso_unit *unit, uint16_t year);

/* ---- rounds ------------------------------------------------------------- */

/* "2024", "2026-10" or "2026-10-06"; 0 in what is not given. Also read as
 * dd/mm/yyyy and mm/yyyy. False when it is none of these or no such day. */
CHISO_API bool chiso_round_parse(const char *text, chiso_date *out);
CHISO_API int chiso_round_format(chiso_date round, char out[16]);

/* ---- stages of a score -------------------------------------------------- */

/* Who entered a value: the unit itself, those who appraise it, once or twice,
 * or those who settle it. What has no stage is a fact, such as a survey's
 * figure, and is never the unit's own. */
typedef enum chiso_stage {
  CHISO_STAGE_NONE = 0,
  CHISO_STAGE_SELF,
  CHISO_STAGE_APPRAISED_1,
  CHISO_STAGE_APPRAISED_2,
  CHISO_STAGE_FINAL
} chiso_stage;
#define CHISO_N_STAGES 4 /* without NONE */

/* "self", "appraised_1", "appraised_2", "final"; "" for NONE. Static. */
CHISO_API const char *chiso_stage_key(chiso_stage stage);
CHISO_API const char *chiso_stage_title(chiso_stage stage, chiso_lang lang);
/* From a key, "appraised" (appraised_1) or a Vietnamese word for it, without
 * case and marks: "Thẩm định lần 2". False when it is none, or memory is short.
 */
CHISO_API bool chiso_stage_parse(const char *text, chiso_stage *out);

/* ---- runs --------------------------------------------------------------- */

/* One run of a methodology, with the indices that it takes results from. */
typedef struct chiso_run chiso_run;

/* How a unit takes part in a round: bits. A unit may be assessed and not
 * ranked. */
enum { CHISO_ASSESSED = 1, CHISO_RANKED = 2 };

/* What does not apply to a unit, by a decision of those who hold the round: it
 * leaves points and maximum, whatever policy the node itself has for units
 * that claim it. */
typedef struct chiso_exemption {
  size_t unit;      /* place in the units; SIZE_MAX: all */
  uint32_t node;    /* and all below it; CHISO_NO_NODE: by assessor */
  uint8_t assessor; /* CHISO_ASSESSOR_*: all leaves that it gives */
  const char *file;
  uint64_t line;
  const char *reason, *instrument; /* may be NULL */
} chiso_exemption;

/* A node whose points come on top of the total, or off it, outside the
 * maximum. Its weight is 0; what of it was not entered counts as nothing. */
typedef struct chiso_extra {
  uint32_t node;
  bool penalty;
  chiso_dec most; /* of this node; CHISO_NONE: its own maximum */
} chiso_extra;

/* An entry that replaces whatever the tables say, from a day on. */
typedef struct chiso_correction {
  size_t unit; /* place in the units */
  uint32_t node;
  const char *input; /* "" where the leaf has one */
  const char *value; /* as in a table; "" takes the entry away */
  bool points;       /* points given at the node, not an input */
  const char *file;
  uint64_t line;
  const char *source; /* the instrument */
} chiso_correction;

/* An entry that those who hold the round lay down, such as what kind of unit
 * one is: it holds at every stage, and no table says anything else there. */
typedef struct chiso_fixed {
  size_t unit; /* place in the units; SIZE_MAX: all */
  uint32_t node;
  uint32_t input;   /* place among the node's; CHISO_NO_SLOT: points of it */
  int64_t value;    /* as chiso_entries_set() and _give() take it */
  const char *text; /* the same, as it was written */
  const char *file;
  uint64_t line;
  const char *reason, *instrument; /* may be NULL */
} chiso_fixed;

/* What a round lays down beside the methodology. All borrowed. */
typedef struct chiso_run_rules {
  const chiso_units *units; /* instead of the set that the run would find */
  const uint8_t *flags; /* of each unit: CHISO_ASSESSED | CHISO_RANKED; NULL:
                           as the set says */
  const char *group;    /* its key, which rows may name; NULL: it has none */
  /* What other runs over the same tables score: those rows are left aside. */
  const struct chiso_run_rules *const *others;
  size_t n_others;
  const chiso_exemption *exemptions;
  size_t n_exemptions;
  const chiso_extra *extras;
  size_t n_extras;
  chiso_dec bonus_most, penalty_most; /* of all together; CHISO_NONE: no cap */
  chiso_dec least, most;        /* the total with them; CHISO_NONE: no bound */
  const chiso_grading *grading; /* NULL: the methodology's */
  const chiso_correction *corrections;
  size_t n_corrections;
  const chiso_fixed *fixed;
  size_t n_fixed;
} chiso_run_rules;

typedef struct chiso_run_options {
  const char *methodology; /* "id/edition", or "id": the edition of the round;
                              or the path of an index.json or an overlay */
  const char *round;
  const char *units;       /* path of a unit set, or NULL: the methodology's */
  const char *unit_set;    /* its name when `units` is given; may be NULL */
  const char *stage;       /* as chiso_stage_parse() takes it; NULL: final */
  const char *const *data; /* paths of observation tables */
  size_t n_data;
  const char *published;        /* with no data: the shipped set of the round;
                                   NULL or "" the plain one, else its name */
  const chiso_run_rules *rules; /* NULL: none */
} chiso_run_options;

/* Loads, reads, scores, ranks. On CHISO_BAD_DATA nothing was scored and every
 * fault is in the list below, the first also in *err. The store is borrowed
 * and must outlive the run. [one thread per store] */
CHISO_API chiso_status chiso_run_new(chiso_store *store,
                                     const chiso_run_options *options,
                                     const chiso_allocator *allocator,
                                     chiso_run **out, chiso_error *err);
CHISO_API void chiso_run_free(chiso_run *run);

/* Faults (status CHISO_BAD_DATA) and notices (CHISO_OK) met while reading, in
 * the order of the files; at most 1,000 faults are kept, the count is full. A
 * run that failed on its data is still returned so that these can be read. */
CHISO_API size_t chiso_run_remarks(const chiso_run *run);
CHISO_API const chiso_error *chiso_run_remark(const chiso_run *run,
                                              size_t place);
CHISO_API size_t chiso_run_faults(const chiso_run *run);

CHISO_API const chiso_methodology *chiso_run_methodology(const chiso_run *run);
CHISO_API const chiso_program *chiso_run_program(const chiso_run *run);
CHISO_API const chiso_units *chiso_run_units(const chiso_run *run);
CHISO_API const chiso_entries *chiso_run_entries(const chiso_run *run);
CHISO_API const chiso_scores *chiso_run_scores(const chiso_run *run);
CHISO_API chiso_date chiso_run_round(const chiso_run *run);
/* Files that were read, in order: data, or the published set. */
CHISO_API size_t chiso_run_files(const chiso_run *run);
CHISO_API const char *chiso_run_file(const chiso_run *run, size_t place);

/* Place in the unit set of a scored unit; scored units are the assessed ones,
 * in the order of the set. */
CHISO_API size_t chiso_run_unit(const chiso_run *run, size_t scored);
CHISO_API size_t chiso_run_scored(const chiso_run *run);
/* 0 when the unit has no rank at the node. */
CHISO_API uint32_t chiso_run_rank(const chiso_run *run, uint32_t node,
                                  size_t scored);
/* Place in the grading's list, or UINT32_MAX. */
CHISO_API const chiso_grading *chiso_run_grading(const chiso_run *run);
CHISO_API uint32_t chiso_run_grade(const chiso_run *run, size_t scored);
/* Bound of a group when the grading is by quantiles, else CHISO_NONE. */
CHISO_API chiso_dec chiso_run_grade_bound(const chiso_run *run, uint32_t grade);
/* Provenance of the points that a node's score of a unit rests on: the lowest
 * among the counted leaves below it that were computed, or `published` where
 * points were given. CHISO_PROV_*. */
CHISO_API unsigned chiso_run_provenance(const chiso_run *run, uint32_t node,
                                        size_t scored);
/* What keeps a unit from points at a node: ids of the parts without points
 * where points came by parts, else of the highest nodes below it of which
 * nothing is known. The first `most` go to `ids`; returns how many there are.
 * Owned by the run. */
CHISO_API size_t chiso_run_lacks(const chiso_run *run, uint32_t node,
                                 size_t scored, const char **ids, size_t most);
/* The same for the approximate rules that points of a node rest on; `scored`
 * is SIZE_MAX for all units, *largest the largest error measured. */
CHISO_API size_t chiso_run_approximate(const chiso_run *run, uint32_t node,
                                       size_t scored, const char **ids,
                                       size_t most, chiso_dec *largest);
/* What came on top of a unit's total and off it, after all caps; 0 where a run
 * has no such nodes. The root's points have them in. */
CHISO_API void chiso_run_extras(const chiso_run *run, size_t scored,
                                chiso_dec *bonus, chiso_dec *penalty);
/* The exemption that takes a node from a unit, or NULL. */
CHISO_API const chiso_exemption *chiso_run_exempt(const chiso_run *run,
                                                  uint32_t node, size_t scored);
/* The source of an entry: file and line of the cell, and the `source` column
 * when the table has one. NULL when the value came from nowhere. */
typedef struct chiso_origin {
  const char *file, *source;
  uint64_t line, column;
  chiso_stage stage;
} chiso_origin;
CHISO_API bool chiso_run_origin(const chiso_run *run, uint32_t node,
                                uint32_t input, size_t scored,
                                chiso_origin *out);
/* The stage that was scored. */
CHISO_API chiso_stage chiso_run_stage(const chiso_run *run);
/* Bit (1 << stage) for each stage that rows of the run's round name, whichever
 * was scored. */
CHISO_API unsigned chiso_run_stages(const chiso_run *run);
/* Who gives a node that the run leaves out because no unit scores it, or any of
 * it, itself: at the stage self. CHISO_BY_*; CHISO_BY_NONE: it is not left out.
 */
CHISO_API unsigned chiso_run_not_self(const chiso_run *run, uint32_t node);

/* What a row says beside its value: the note of who wrote it, the evidence, and
 * whether an explanation is asked of the unit. NULL where it says nothing. The
 * texts belong to the run. */
typedef struct chiso_evidence {
  chiso_stage stage;
  const char *input; /* "" for the node as a whole */
  const char *note, *document, *section, *page;
  bool explanation;
  const char *file;
  uint64_t line;
} chiso_evidence;
/* Of rows about a node of a unit, of all stages, whichever was scored: of place
 * 0, 1, … in the order of the stages, then of the rows; false after the last.
 * Those of a wide table are about the whole, node 0. */
CHISO_API bool chiso_run_evidence(const chiso_run *run, uint32_t node,
                                  size_t scored, size_t place,
                                  chiso_evidence *out);
/* Names of the indices whose results the run took, or lacks, one line each:
 * "vn.sipas.province/2017, round 2020: 3 of 63 units". */
CHISO_API size_t chiso_run_dependencies(const chiso_run *run);
CHISO_API const char *chiso_run_dependency(const chiso_run *run, size_t place,
                                           chiso_lang lang);

/* ---- comparing with what was published ---------------------------------- */

/* Published figures of a round against the run's. */
typedef struct chiso_comparison {
  size_t compared, reproduced; /* figures */
  size_t exact;                /* of these, equal to the last digit */
  size_t ranks, ranks_equal;   /* order among the units compared: the plain rank
                                  where all ranked units are */
  size_t grades, grades_equal;
  chiso_dec largest;   /* largest difference of points */
  size_t not_computed; /* published, but the run has no score */
} chiso_comparison;

typedef struct chiso_difference {
  size_t scored; /* unit */
  uint32_t node;
  chiso_dec published, computed; /* CHISO_NONE where there is none */
  chiso_dec tolerance;
  uint32_t published_rank, computed_rank;
  bool reproduced;
} chiso_difference;

/* `path`: a results table, or NULL for the shipped one that belongs to the
 * run's data. *rows may be NULL; free with chiso_differences_free(). A round
 * without a results table gives CHISO_USAGE. */
CHISO_API chiso_status chiso_run_compare(const chiso_run *run, const char *path,
                                         chiso_comparison *out,
                                         chiso_difference **rows, size_t *count,
                                         chiso_error *err);
CHISO_API void chiso_differences_free(const chiso_run *run,
                                      chiso_difference *rows);

/* Rounds for which a share folder ships observations of a methodology:
 * "2019", "2019.indicators". Sorted; free with chiso_names_free(). */
CHISO_API chiso_status chiso_published_rounds(const chiso_store *store,
                                              const chiso_listing *listing,
                                              const chiso_allocator *allocator,
                                              char ***names, size_t *count,
                                              chiso_error *err);
CHISO_API void chiso_names_free(const chiso_allocator *allocator, char **names,
                                size_t count);

/* ---- the stages side by side -------------------------------------------- */

/* One run for each stage over the same tables. The unit's own points cover the
 * leaves that it scores itself; to be compared with them, the last appraisal
 * and the result are scored once more with these leaves alone. */
typedef struct chiso_stages chiso_stages;

/* `runs`: of self, appraised_1, appraised_2 and final, in this order, of one
 * methodology and the same units; borrowed, they must outlive the result. Free
 * with chiso_stages_free(). */
CHISO_API chiso_status chiso_stages_new(
    const chiso_run *const runs[CHISO_N_STAGES],
    const chiso_allocator *allocator, chiso_stages **out, chiso_error *err);
CHISO_API void chiso_stages_free(chiso_stages *stages);
CHISO_API const chiso_run *chiso_stages_run(const chiso_stages *stages,
                                            chiso_stage stage);
/* appraised_2 when any row is of it, else appraised_1. */
CHISO_API chiso_stage chiso_stages_appraisal(const chiso_stages *stages);

typedef struct chiso_stage_figure {
  chiso_state state;
  chiso_dec points, max, percent; /* points and percent: CHISO_NONE without */
  uint32_t rank;                  /* 0: none, or not of the whole */
} chiso_stage_figure;

/* One node of one unit. */
typedef struct chiso_stage_row {
  chiso_stage_figure at[CHISO_N_STAGES]; /* [stage - 1] */
  chiso_stage_figure appraised, settled; /* the last appraisal and the result,
                                            of the self-scored leaves alone */
  chiso_dec difference;  /* self minus appraised; CHISO_NONE without both */
  chiso_dec change;      /* settled minus self; as above */
  uint32_t explanations; /* nodes at or below it that one is asked for */
} chiso_stage_row;
CHISO_API void chiso_stages_row(const chiso_stages *stages, uint32_t node,
                                size_t scored, chiso_stage_row *out);

/* One node over all units that have it both ways. Means are rounded half up to
 * millionths; CHISO_NONE where no unit has both. */
typedef struct chiso_stage_sum {
  size_t compared, lowered, raised, unchanged;
  chiso_dec self, appraised, difference; /* means; self minus appraised */
  chiso_dec largest;                     /* of the differences */
  size_t largest_unit;                   /* scored; of several the first */
  size_t explanations; /* units that one is asked of, at or below it */
} chiso_stage_sum;
CHISO_API void chiso_stages_sum(const chiso_stages *stages, uint32_t node,
                                chiso_stage_sum *out);

/* ---- tables to write ---------------------------------------------------- */

typedef enum chiso_format {
  CHISO_FORMAT_TABLE = 0,
  CHISO_FORMAT_CSV,
  CHISO_FORMAT_JSON,
  CHISO_FORMAT_XLSX
} chiso_format;

typedef enum chiso_cell_type {
  CHISO_CELL_TEXT = 0,
  CHISO_CELL_DEC, /* right-aligned, with the column's digits */
  CHISO_CELL_INTEGER,
  CHISO_CELL_REAL /* a double, of statistics: the column's digits after the mark
                     where people read, else twelve significant ones, and with
                     `exact` the shortest text that reads back the same */
} chiso_cell_type;

/* A result as rows and typed columns; every command's output is one. */
typedef struct chiso_table chiso_table;
CHISO_API chiso_status chiso_table_new(const chiso_allocator *allocator,
                                       chiso_table **out, chiso_error *err);
CHISO_API void chiso_table_free(chiso_table *table);
/* `key` names the column in CSV and JSON, `title` where people read. Digits
 * are those shown for decimals. Texts are copied. */
CHISO_API chiso_status chiso_table_column(chiso_table *table, const char *key,
                                          const char *title,
                                          chiso_cell_type type, unsigned digits,
                                          chiso_error *err);
/* Lines above and below the rows in what people read; members "notes" in
 * JSON; in CSV they are left out. A table whose titles of columns are all
 * empty is a list of facts: no header, and long texts are wrapped, not cut. */
CHISO_API chiso_status chiso_table_title(chiso_table *table, const char *text,
                                         chiso_error *err);
CHISO_API chiso_status chiso_table_note(chiso_table *table, const char *text,
                                        chiso_error *err);
/* What no copy of the table may lose: for an internal set, whose it is. The
 * first line where people read, a member "mark" in JSON, and a last column
 * "mark" in every row of CSV and XLSX. `title` names that column where people
 * read. */
CHISO_API chiso_status chiso_table_mark(chiso_table *table, const char *title,
                                        const char *text, chiso_error *err);
/* Cells of the current row, left to right; a row begins with the first cell.
 * An absent value is NULL, CHISO_NONE, INT64_MIN
 * or not a number. */
CHISO_API chiso_status chiso_table_text(chiso_table *table, const char *text,
                                        chiso_error *err);
CHISO_API chiso_status chiso_table_dec(chiso_table *table, chiso_dec value,
                                       chiso_error *err);
CHISO_API chiso_status chiso_table_integer(chiso_table *table, int64_t value,
                                           chiso_error *err);
/* What is not finite is absent. */
CHISO_API chiso_status chiso_table_real(chiso_table *table, double value,
                                        chiso_error *err);

typedef struct chiso_table_style {
  chiso_format format;
  chiso_lang lang; /* decimal mark of TABLE: ',' in Vietnamese */
  bool exact;      /* all six digits */
  unsigned width;  /* columns of the terminal; 0 = no limit */
} chiso_table_style;
/* The whole output in memory: free with chiso_text_free(). CSV and JSON do
 * not depend on `lang`. XLSX has no dates of creation: same input, same
 * bytes. */
CHISO_API chiso_status chiso_table_render(const chiso_table *table,
                                          chiso_table_style style, char **bytes,
                                          size_t *size, chiso_error *err);
/* Whole output to a file, atomically; `path` NULL: to `stream`, flushed. */
CHISO_API chiso_status chiso_output_write(const char *path, FILE *stream,
                                          const void *bytes, size_t size,
                                          chiso_error *err);
/* chiso_table_render() and chiso_output_write(). */
CHISO_API chiso_status chiso_table_write(const chiso_table *table,
                                         chiso_table_style style,
                                         const char *path, FILE *stream,
                                         chiso_error *err);

#endif
