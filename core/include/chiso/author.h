/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/author.h - tools for the author of a methodology.
 */
#ifndef CHISO_AUTHOR_H
#define CHISO_AUTHOR_H

#include "chiso/data.h"
#include "chiso/variant.h"

/* ---- checking a methodology and its plugin ------------------------------ */

typedef enum chiso_check_severity {
  CHISO_CHECK_ERROR = 0, /* must hold */
  CHISO_CHECK_WARNING,   /* should hold; there may be reasons */
  CHISO_CHECK_NOTE       /* tells something, asks for nothing */
} chiso_check_severity;

/* One numbered check. Static. */
typedef struct chiso_check {
  const char *id;      /* "T03" */
  const char *name[2]; /* by chiso_lang: what holds when it passes */
  chiso_check_severity severity;
} chiso_check;

/* All checks, in the order of their groups: M E A T L S R. */
CHISO_API const chiso_check *chiso_checks(size_t *count);

/* Writes where a check is described: "docs/checks/T.md#t03". */
#define CHISO_CHECK_PAGE 32
CHISO_API void chiso_check_page(const chiso_check *check,
                                char out[CHISO_CHECK_PAGE]);

typedef enum chiso_check_outcome {
  CHISO_CHECK_PASSED = 0,
  CHISO_CHECK_FAILED,  /* an error was found */
  CHISO_CHECK_WARNED,  /* a warning was found */
  CHISO_CHECK_SKIPPED, /* does not apply, or could not be asked: says why */
  CHISO_CHECK_CRASHED  /* the code under test died or took too long */
} chiso_check_outcome;

/* "passed", "failed", "warning", "skipped", "crashed". Static. */
CHISO_API const char *chiso_check_outcome_key(chiso_check_outcome outcome);

#define CHISO_CHECK_SECONDS 30u /* for one check, when 0 is asked for */

/* Everything is borrowed for the call. */
typedef struct chiso_check_options {
  /* A folder with index.json (and rule.c, published/, golden/, units/,
   * questionnaire.csv), with NAME.plugin.ini and NAME.so, or both; or the path
   * of one index.json or manifest. */
  const char *path;
  const char *const *only; /* ids or letters of groups; none: all */
  size_t n_only;
  const char *const *golden; /* further tables of results for S08 */
  size_t n_golden;
  bool official;    /* L05 as well */
  unsigned seconds; /* for one check; 0: CHISO_CHECK_SECONDS */
  chiso_date today; /* for L04; year 0: L04 is skipped */
  /* What is installed, for L03 and S08. NULL: they are skipped. */
  const chiso_store_options *installed;
  /* Folder with chiso/plugin.h: sources without a built plugin are built in a
   * temporary folder. NULL: they are not. */
  const char *include_dir;
  /* Its result is checked instead of what lies at `path`, which then is the
   * path of its last overlay. It is not built: what asks a library is skipped.
   * NULL: none. */
  const chiso_variant *variant;
} chiso_check_options;

typedef struct chiso_check_report chiso_check_report;

/* Runs the checks in this process: code of the plugin that crashes takes the
 * process along, and R02 is skipped. S07 starts threads and joins them. What
 * cannot be read at all gives CHISO_IO or CHISO_BAD_DATA, an unknown id
 * CHISO_USAGE; what fails is in the report. Free it with
 * chiso_check_report_free(). */
CHISO_API chiso_status chiso_check_run(const chiso_check_options *options,
                                       const chiso_allocator *allocator,
                                       chiso_check_report **out,
                                       chiso_error *err);

/* The same, with the code of the plugin in child processes under a time limit:
 * a crash is an outcome of its check. Calls fork(), and the children go on with
 * this library: only for a process that has no other thread. */
CHISO_API chiso_status chiso_check_isolated(const chiso_check_options *options,
                                            const chiso_allocator *allocator,
                                            chiso_check_report **out,
                                            chiso_error *err);
CHISO_API void chiso_check_report_free(chiso_check_report *report);

/* What became of one check. The first findings are kept, all are counted; of a
 * check that was skipped or crashed the one finding is the reason. */
typedef struct chiso_check_result {
  const chiso_check *check;
  chiso_check_outcome outcome;
  const chiso_error *findings; /* owned by the report */
  size_t n_findings, found;
} chiso_check_result;

#define CHISO_CHECK_FINDINGS 20u /* kept of one check */

/* The checks that were asked for, in the order of chiso_checks(). */
CHISO_API size_t chiso_check_report_count(const chiso_check_report *report);
CHISO_API const chiso_check_result *
chiso_check_report_get(const chiso_check_report *report, size_t place);
/* How many checks had an outcome. */
CHISO_API size_t chiso_check_report_outcomes(const chiso_check_report *report,
                                             chiso_check_outcome outcome);
/* The methodologies that were checked, "id/edition"; owned by the report. */
CHISO_API size_t chiso_check_report_subjects(const chiso_check_report *report);
CHISO_API const char *
chiso_check_report_subject(const chiso_check_report *report, size_t place);
/* The report as JSON, format 1 (docs/checks/README.md). Free *text with
 * chiso_text_free() and the same allocator. */
CHISO_API chiso_status chiso_check_report_json(const chiso_check_report *report,
                                               char **text, size_t *size,
                                               chiso_error *err);
/* ---- a new edition ------------------------------------------------------- */

typedef struct chiso_new_options {
  /* Of the folder and of the plugin: letters, digits, '.', '_' and '-', first
   * a letter or digit, at most 64. */
  const char *name;
  const chiso_methodology *base; /* borrowed */
  /* Begins with the year of its first round, 1900 to 2999; NULL: the four
   * digits that `name` ends with. */
  const char *edition;
  const char *id;        /* NULL: the base's */
  const char *out_dir;   /* where the folder is put; NULL: the current one */
  const char *share_dir; /* with sdk/template and units */
  chiso_lang lang;       /* of the notes in index.json */
} chiso_new_options;

/* Makes out_dir/name with everything that a plugin of the next edition needs:
 * index.json copied from the base, with links back to it and every row marked
 * as not yet checked; build files, a golden test with three worked units, a
 * README. Refuses to touch what is there (CHISO_USAGE), an edition that is not
 * later than the base's at the same id, and a base with CALL nodes, because a
 * plugin does not hold their source. The folder appears whole or not at all.
 * *made (may be NULL) is the new edition; free it with
 * chiso_methodology_free(). */
CHISO_API chiso_status chiso_new(const chiso_new_options *options,
                                 const chiso_allocator *allocator,
                                 chiso_methodology **made, chiso_error *err);

/* ---- a methodology as tables --------------------------------------------- */

/* Writes a methodology as tables that people read and edit: CHISO_FORMAT_XLSX
 * or CHISO_FORMAT_CSV. Nothing is lost: chiso_import_new() gives back the same
 * canonical index.json. `lang` is the language of sheets and titles; keys are
 * the members' own names. Free *bytes with chiso_text_free() and the
 * methodology's allocator. */
CHISO_API chiso_status chiso_index_export(const chiso_methodology *methodology,
                                          chiso_format format, chiso_lang lang,
                                          char **bytes, size_t *size,
                                          chiso_error *err);

/* Reads a table: one that chiso_index_export() wrote, or an annex as a decision
 * prints it, of which a methodology is proposed. */
typedef struct chiso_import chiso_import;

typedef struct chiso_import_options {
  const char *sheet; /* of a workbook; NULL: the first with an annex */
  /* What an annex does not say; NULL or 0: taken from `base` or the titles
   * above the table where they say it. */
  const char *id, *edition, *title, *units;
  const char *legal;   /* instrument, "1149/QĐ-BNV" */
  unsigned level;      /* CHISO_LEVEL_* */
  unsigned provenance; /* CHISO_PROV_*: how far the table itself is trusted; no
                          row is above it */
  bool cached;         /* a formula gives its value last calculated */
  bool internal;       /* a set of its own, scope internal: its id is never that
                          of `base`. A table of chiso_index_export() says its
                          scope itself */
  const chiso_methodology *base; /* concepts, `was`, assessors and inputs are
                                    proposed from it; may be NULL */
} chiso_import_options;

/* How a row's rule was understood. */
typedef enum chiso_reading {
  CHISO_READING_UNDERSTOOD = 0,
  CHISO_READING_CHECK, /* understood with an assumption, which the note names */
  CHISO_READING_MANUAL /* not understood: points are entered by hand */
} chiso_reading;

/* A node as proposed, with the row of the table that it comes from. */
typedef struct chiso_import_row {
  uint64_t line;
  uint32_t node; /* in the methodology */
  chiso_reading reading;
  const char *note; /* what was assumed or not understood; "" */
} chiso_import_row;

/* On CHISO_BAD_DATA every fault is among the remarks, the first also in *err,
 * and *out holds them when it is not NULL. `err` gives the language of notes
 * and remarks. Free with chiso_import_free(); `base` must outlive it. */
CHISO_API chiso_status chiso_import_new(const char *path,
                                        const chiso_import_options *options,
                                        const chiso_allocator *allocator,
                                        chiso_import **out, chiso_error *err);
CHISO_API void chiso_import_free(chiso_import *import);

/* Whether the table is one of chiso_index_export(): then there are no rows
 * below, and nothing is proposed. */
CHISO_API bool chiso_import_exact(const chiso_import *import);
/* The methodology, as far as it could be made; NULL with faults. What is absent
 * from a proposal has a stand-in: see chiso_import_lacks(). */
CHISO_API const chiso_methodology *
chiso_import_methodology(const chiso_import *import);
CHISO_API size_t chiso_import_rows(const chiso_import *import);
CHISO_API const chiso_import_row *
chiso_import_row_at(const chiso_import *import, size_t place);
/* Options that must be given before the proposal is a methodology, "id edition
 * legal"; "" when none. */
CHISO_API const char *chiso_import_lacks(const chiso_import *import);
/* Faults (status CHISO_BAD_DATA) and notices (CHISO_OK), in the order in which
 * they were met; at most 1,000 are kept. */
CHISO_API size_t chiso_import_remarks(const chiso_import *import);
CHISO_API const chiso_error *chiso_import_remark(const chiso_import *import,
                                                 size_t place);
CHISO_API size_t chiso_import_faults(const chiso_import *import);

#endif
