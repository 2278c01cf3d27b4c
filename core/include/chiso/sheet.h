/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/sheet.h - scoring sheets: workbooks that units and appraisers fill in.
 *
 * A sheet shows the tree with its maxima and rules, takes the entries of each
 * stage within their limits, and counts points, totals and percent as they are
 * typed. docs/manual/sheet.md shows one, docs/formats.md has what is in it.
 */
#ifndef CHISO_SHEET_H
#define CHISO_SHEET_H

#include "chiso/round.h"

/* Who says a figure: bits of chiso_sheet_options.stages are 1 << stage. */
typedef enum chiso_sheet_stage {
  CHISO_SHEET_SELF,
  CHISO_SHEET_APPRAISED_1,
  CHISO_SHEET_APPRAISED_2,
  CHISO_SHEET_FINAL
} chiso_sheet_stage;
#define CHISO_SHEET_STAGES     4u
#define CHISO_SHEET_ALL_STAGES 15u

#define CHISO_MAX_SHEETS 200u /* of one workbook */

typedef struct chiso_sheet_options {
  chiso_lang lang;   /* of headings and words; titles are in both */
  const char *group; /* key; NULL: all groups */
  const char *unit;  /* code, other code, name or alias; NULL: all units */
  unsigned stages;   /* 0: all */
  bool one_book;     /* `out` is a workbook with a sheet per unit, not a folder
                        with a workbook per unit */
  bool force;        /* replace files that are there */
} chiso_sheet_options;

/* What was made. */
typedef struct chiso_sheet_report {
  size_t books, sheets;
} chiso_sheet_report;

/* Makes the sheets of all assessed units of a round that has no faults:
 * OUT/<group>/<code> <name>.xlsx, or the workbook `out` with at most
 * CHISO_MAX_SHEETS sheets. The folders are made where they are not there. A
 * file that is there is refused with CHISO_USAGE before anything is written,
 * unless `force`. Each file is written atomically; the same round gives the
 * same bytes. What was made until a failure is in *report (may be NULL). */
CHISO_API chiso_status chiso_sheets_make(const chiso_round *round,
                                         const chiso_sheet_options *options,
                                         const char *out,
                                         const chiso_allocator *allocator,
                                         chiso_sheet_report *report,
                                         chiso_error *err);

#endif
