/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_style.h - how the cells of a scoring sheet look. */
#ifndef CHISO_SHEET_MAKE_STYLE_H
#define CHISO_SHEET_MAKE_STYLE_H

#include "data/xlsx_library.h"

/* Rows: an area, another inner node, a leaf, an input of one. */
typedef enum chiso__band {
  CHISO__BAND_AREA,
  CHISO__BAND_INNER,
  CHISO__BAND_LEAF,
  CHISO__BAND_PART,
  CHISO__BANDS
} chiso__band;

typedef enum chiso__look {
  CHISO__LOOK_CODE,
  CHISO__LOOK_TEXT,
  CHISO__LOOK_MAX,
  CHISO__LOOK_POINTS,
  CHISO__LOOK_NUMBER, /* entries: unlocked */
  CHISO__LOOK_WHOLE,
  CHISO__LOOK_CHOICE,
  CHISO__LOOK_NOTE,
  CHISO__LOOK_CLOSED, /* an entry that is not to be made: grey */
  CHISO__LOOK_HELD,   /* one that is there and not to be changed */
  CHISO__LOOK_HELD_NOTE,
  CHISO__LOOKS
} chiso__look;

/* Above the header. */
typedef enum chiso__head_look {
  CHISO__HEAD_TITLE,
  CHISO__HEAD_UNIT,
  CHISO__HEAD_TEXT,
  CHISO__HEAD_LABEL,
  CHISO__HEAD_FIGURE,
  CHISO__HEAD_COUNT,
  CHISO__HEAD_COLUMN, /* the header itself */
  CHISO__HEAD_LOOKS
} chiso__head_look;

/* Formats of one workbook, made when they are first asked for. */
typedef struct chiso__styles {
  const chiso__xlsx *xlsx;
  lxw_workbook *workbook;
  unsigned digits; /* of points */
  lxw_format *cell[CHISO__BANDS][CHISO__LOOKS];
  lxw_format *head[CHISO__HEAD_LOOKS];
  lxw_format *fault; /* of points that cannot be scored */
  bool failed;
} chiso__styles;

/* NULL when memory is short: `failed` is set. */
lxw_format *chiso__style(chiso__styles *styles, chiso__band band,
                         chiso__look look);
lxw_format *chiso__head_style(chiso__styles *styles, chiso__head_look look);
lxw_format *chiso__fault_style(chiso__styles *styles);

#endif
