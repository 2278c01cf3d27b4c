/* SPDX-License-Identifier: Apache-2.0
 * sheet/layout.h - where things stand on a scoring sheet: a pure function of a
 * methodology and the stages that are asked for. */
#ifndef CHISO_SHEET_LAYOUT_H
#define CHISO_SHEET_LAYOUT_H

#include "base/arena.h"
#include "base/error.h"
#include "chiso/sheet.h"

/* Columns in their order. Those up to EXPLANATION have a key in the hidden row
 * of keys; behind them, hidden, stand the columns that formulas work in. */
typedef enum chiso__sheet_column {
  CHISO__COL_KEY,
  CHISO__COL_NO,
  CHISO__COL_TITLE,
  CHISO__COL_MAX,
  CHISO__COL_RULE,
  CHISO__COL_EVIDENCE,
  CHISO__COL_VALUE, /* of stage s: + 2 * s; its points: + 2 * s + 1 */
  CHISO__COL_NOTE = CHISO__COL_VALUE + 2 * CHISO_SHEET_STAGES,
  CHISO__COL_DOCUMENT,
  CHISO__COL_SECTION,
  CHISO__COL_PAGE,
  CHISO__COL_APPRAISER_NOTE,
  CHISO__COL_EXPLANATION,
  CHISO__COL_TAKEN, /* of stage s: + 3 * s: the entry that counts; + 1: the
                       applicable maximum; + 2: how many entries are missing */
  CHISO__COLUMNS = CHISO__COL_TAKEN + 3 * CHISO_SHEET_STAGES
} chiso__sheet_column;

/* The word of the hidden row of keys: "#key", "self_points"; NULL for the
 * columns that only formulas read. Static. */
const char *chiso__sheet_column_key(unsigned column);

/* Width in characters; 0: hidden. */
unsigned chiso__sheet_column_width(unsigned column);

#define CHISO__NO_COLUMN UINT16_MAX
#define CHISO__NO_INPUT  UINT32_MAX
#define CHISO__NO_ROW    UINT32_MAX

/* One row below the header. */
typedef struct chiso__sheet_row {
  uint32_t node;
  uint32_t input; /* that the row takes; CHISO__NO_INPUT */
  bool shows;     /* the node itself: number, title, maximum, rule, points */
  uint8_t depth;  /* of the node; the root has 0 */
} chiso__sheet_row;

typedef struct chiso__sheet_layout {
  uint16_t column[CHISO__COLUMNS]; /* its place, or CHISO__NO_COLUMN */
  uint16_t columns;                /* how many there are */
  uint32_t header, keys;           /* rows of titles and of keys, from 0 */
  uint32_t first;                  /* the row of rows[0] */
  chiso__sheet_row *rows;
  uint32_t n_rows;
  uint32_t *of_node; /* the row that shows a node, as a place in rows */
} chiso__sheet_layout;

/* Lines above the header. */
#define CHISO__HEAD_LINES 5u

/* Lays out a sheet in the arena. `stages` are bits of chiso_sheet_stage, not
 * 0; `extras`: a line of bonus and one of penalty stand above the header. */
chiso_status chiso__sheet_lay(const chiso_methodology *methodology,
                              unsigned stages, bool extras, chiso__arena *arena,
                              chiso__sheet_layout *out, chiso_error *err);

/* "NODE" or "NODE:INPUT" of a row, in the arena; NULL: memory is short. */
const char *chiso__sheet_row_key(const chiso_methodology *methodology,
                                 const chiso__sheet_row *row,
                                 chiso__arena *arena);
/* The row of an input: its own or the one that shows its node. */
uint32_t chiso__sheet_input_row(const chiso_methodology *methodology,
                                const chiso__sheet_layout *layout,
                                uint32_t node, uint32_t input);
/* Whether a row takes notes and evidence: one for each node with inputs. */
bool chiso__sheet_row_notes(const chiso_methodology *methodology,
                            const chiso__sheet_row *row);

#endif
