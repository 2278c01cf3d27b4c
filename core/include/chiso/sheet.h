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

/* Who says a figure: bits of chiso_sheet_options.stages and .locked are
 * 1 << stage. */
typedef enum chiso_sheet_stage {
  CHISO_SHEET_SELF,
  CHISO_SHEET_APPRAISED_1,
  CHISO_SHEET_APPRAISED_2,
  CHISO_SHEET_FINAL
} chiso_sheet_stage;
#define CHISO_SHEET_STAGES     4u
#define CHISO_SHEET_ALL_STAGES 15u

#define CHISO_MAX_SHEETS 200u /* of one workbook */

/* What tables of observations know of the units, for their sheets. */
typedef struct chiso_sheet_known chiso_sheet_known;

/* Reads tables as chiso_round_run() does, under every stage that their rows
 * name. `group`: only this one (its key); NULL: all. On CHISO_BAD_DATA every
 * fault of the tables is in the list below, the first also in *err, and nothing
 * is known; what is returned is for them. Otherwise *out is NULL on failure.
 * The round is borrowed and must outlive the result, which sheets may be made
 * from on any thread. Free with chiso_sheet_known_free(). [one thread per
 * store] */
CHISO_API chiso_status chiso_sheet_known_read(const chiso_round *round,
                                              const char *group,
                                              const char *const *data, size_t n,
                                              const chiso_allocator *allocator,
                                              chiso_sheet_known **out,
                                              chiso_error *err);
CHISO_API void chiso_sheet_known_free(chiso_sheet_known *known);
/* Faults (CHISO_BAD_DATA) and notices (CHISO_OK), by file and line; at most
 * 1,000 are kept, the count of faults is full. */
CHISO_API size_t chiso_sheet_known_remarks(const chiso_sheet_known *known);
CHISO_API const chiso_error *
chiso_sheet_known_remark(const chiso_sheet_known *known, size_t place);
CHISO_API size_t chiso_sheet_known_faults(const chiso_sheet_known *known);

typedef struct chiso_sheet_options {
  chiso_lang lang;   /* of headings and words; titles are in both */
  const char *group; /* key; NULL: all groups */
  const char *unit;  /* code, other code, name or alias; NULL: all units */
  unsigned stages;   /* 0: all */
  bool one_book;     /* `out` is a workbook with a sheet per unit, not a folder
                        with a workbook per unit */
  bool force;        /* replace files that are there */
  const chiso_sheet_known
      *known;      /* stands in the cells; NULL: they are empty */
  unsigned locked; /* stages whose cells take nothing; with CHISO_SHEET_SELF
                      the unit's note and evidence too */
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
