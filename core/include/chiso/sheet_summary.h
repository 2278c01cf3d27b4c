/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/sheet_summary.h - the results of a round as one workbook: ranking,
 * areas by units, charts, details, for each group of units.
 */
#ifndef CHISO_SHEET_SUMMARY_H
#define CHISO_SHEET_SUMMARY_H

#include "chiso/round.h"

/* Limits of a summary. */
#define CHISO_SUMMARY_AREAS 200u /* columns of areas by units */
/* Rows of details in the whole workbook: beyond them units are left out, from
 * the last one, and the sheet says so. */
#define CHISO_SUMMARY_DETAILS 400000u

/* One group and its scores. All borrowed. */
typedef struct chiso_summary_group {
  const char *title_vi, *title_en; /* NULL: the only one, nameless */
  const chiso_run *run;
  const chiso_stages *stages; /* NULL: nothing to compare */
} chiso_summary_group;

typedef struct chiso_summary {
  const char *title_vi, *title_en; /* of the round; NULL: the methodology's */
  const char *share; /* folder left out of the names of files; may be NULL */
  const chiso_summary_group *groups;
  size_t n_groups; /* 1..CHISO_MAX_GROUPS */
  chiso_lang lang; /* of titles and texts */
  unsigned exact;  /* not 0: all six digits, else the methodology's */
} chiso_summary;

/* The workbook (.xlsx) in memory: free with chiso_text_free(). Every sheet of
 * an internal set says whose it is. A figure is the decimal that `chiso score`
 * prints, converted once; nothing depends on time or place: same input, same
 * bytes. CHISO_IO: the library that writes workbooks is not there, or TMPDIR
 * cannot be written. [any thread, one per run] */
CHISO_API chiso_status chiso_summary_render(const chiso_summary *summary,
                                            const chiso_allocator *allocator,
                                            char **bytes, size_t *size,
                                            chiso_error *err);

#endif
