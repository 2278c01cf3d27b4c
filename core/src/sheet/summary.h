/* SPDX-License-Identifier: Apache-2.0
 * sheet/summary.h - what the sheets of a summary share. */
#ifndef CHISO_SHEET_SUMMARY_INSIDE_H
#define CHISO_SHEET_SUMMARY_INSIDE_H

#include "base/text.h"
#include "chiso/sheet_summary.h"
#include "data/xlsx_library.h"

/* ---- texts --------------------------------------------------------------- */

/* One id per text of summary.def: SUM_<name>. */
typedef enum chiso__sum_word {
#define WORD(name, en, vi) SUM_##name,
#include "sheet/summary.def"
#undef WORD
  SUM_COUNT
} chiso__sum_word;

/* The format of a text in a language. Static. */
const char *chiso__sum_format_of(chiso__sum_word word, chiso_lang lang);

/* ---- the workbook (summary_book.c) --------------------------------------- */

/* How a cell looks; numbers also have their digits. */
typedef enum chiso__look {
  CHISO__LOOK_TITLE = 0, /* first line of a sheet */
  CHISO__LOOK_STRONG,    /* further lines */
  CHISO__LOOK_MARK,      /* whose set it is */
  CHISO__LOOK_LINE,
  CHISO__LOOK_NOTE,
  CHISO__LOOK_HEAD, /* titles of columns */
  CHISO__LOOK_TEXT, /* cells of a table */
  CHISO__LOOK_TEXT_BOLD,
  CHISO__LOOK_INDENT, /* one level down, two */
  CHISO__LOOK_INDENT_2,
  CHISO__LOOK_CENTER,
  CHISO__LOOK_RANK, /* an integer */
  CHISO__LOOK_NUMBER,
  CHISO__LOOK_NUMBER_BOLD,
  CHISO__LOOK_COUNT
} chiso__look;

typedef struct chiso__summary_book {
  const chiso_summary *what;
  const chiso_allocator *allocator;
  chiso__arena arena;
  const chiso__xlsx *xlsx;
  lxw_workbook *workbook;
  lxw_format *formats[CHISO__LOOK_COUNT][CHISO_DEC_DIGITS + 1];
  const char **names; /* of sheets so far */
  size_t n_names, details_left;
  lxw_error error;
} chiso__summary_book;

/* One sheet. Rows are written from the top; every column has its width before
 * the first line is. */
typedef struct chiso__summary_sheet {
  chiso__summary_book *book;
  lxw_worksheet *sheet;
  const char *name;
  double *widths; /* characters */
  uint16_t columns;
  uint32_t row; /* the next one */
} chiso__summary_sheet;

/* A text of summary.def in the summary's language, with its arguments; in the
 * arena. "" when memory is short: the book's error then says so. */
const char *chiso__sum_say(chiso__summary_book *book, chiso__sum_word word,
                           ...);
const char *chiso__sum_pick(const chiso__summary_book *book, const char *vi,
                            const char *en);
/* A decimal as people read it: shortest, the language's mark. */
const char *chiso__sum_dec(chiso__summary_book *book, chiso_dec value);
void chiso__sum_keep(chiso__summary_book *book, lxw_error error);
lxw_format *chiso__sum_format(chiso__summary_book *book, chiso__look look,
                              unsigned digits);

/* A name that a workbook takes: "base – group" within 31 characters, without
 * what is forbidden, unlike those before. */
const char *chiso__sum_sheet_name(chiso__summary_book *book, const char *base,
                                  const char *group);
/* False: the book's error says why. */
bool chiso__sum_sheet(chiso__summary_book *book, const char *name,
                      uint16_t columns, chiso__summary_sheet *out);
void chiso__sum_width(chiso__summary_sheet *sheet, uint16_t column,
                      double characters);
/* A line over all columns, as high as it needs. */
void chiso__sum_line(chiso__summary_sheet *sheet, const char *text,
                     chiso__look look);
/* A text over some columns of a row. */
void chiso__sum_span(chiso__summary_sheet *sheet, uint32_t row, uint16_t first,
                     uint16_t last, const char *text, chiso__look look);
void chiso__sum_text(chiso__summary_sheet *sheet, uint32_t row, uint16_t column,
                     const char *text, chiso__look look);
/* The value with the methodology's digits, of which `shown` are seen.
 * CHISO_NONE: an empty cell. */
void chiso__sum_number(chiso__summary_sheet *sheet, uint32_t row,
                       uint16_t column, chiso_dec value, unsigned digits,
                       unsigned shown, chiso__look look);
void chiso__sum_integer(chiso__summary_sheet *sheet, uint32_t row,
                        uint16_t column, int64_t value, chiso__look look);
/* Height of a row whose texts need `lines`. */
void chiso__sum_height(chiso__summary_sheet *sheet, uint32_t row,
                       unsigned lines);
/* Lines that a text takes in so many characters. */
unsigned chiso__sum_lines(const char *text, double characters);
/* Paper, margins, and at the foot of every page whose set it is; rows
 * first..last stand on top of every page. */
void chiso__sum_print(chiso__summary_sheet *sheet, bool landscape,
                      uint32_t first, uint32_t last, const char *mark);

/* ---- a group (summary.c) ------------------------------------------------- */

/* Where the ranking has a grade's units, for its chart. */
#define CHISO__SUM_GRADE_COUNT 5

/* A group with all that its sheets ask for. The sheets leave here where the
 * charts find their figures: rows and columns from 0. */
typedef struct chiso__summary_view {
  chiso__summary_book *book;
  const chiso_summary_group *group;
  const chiso_run *run;
  const chiso_methodology *m;
  const chiso_index *index;
  const chiso_scores *scores;
  size_t n, ranked; /* scored units, those with a rank */
  size_t *order;    /* the ranked by rank, then the others as in the set */
  uint32_t *areas;  /* the root's children that count */
  size_t n_areas, all_areas;
  unsigned digits;      /* of the methodology */
  unsigned part_digits; /* shown of an area's percent */
  unsigned max_digits;  /* that maxima of the whole need */
  const char *mark;     /* of an internal set, else "" */
  bool by_percent, bonus, penalty;
  const char *ranking, *heat; /* names of sheets */
  uint32_t ranking_row, grades_row, heat_head, heat_row, mean_row;
  uint16_t figure_column;
} chiso__summary_view;

const chiso_unit *chiso__sum_unit(const chiso__summary_view *view,
                                  size_t scored);
const char *chiso__sum_unit_name(const chiso__summary_view *view,
                                 size_t scored);
/* Points, or CHISO_NONE; percent likewise. Nodes by their place. */
chiso_dec chiso__sum_points(const chiso__summary_view *view, uint32_t node,
                            size_t scored);
chiso_dec chiso__sum_percent(const chiso__summary_view *view, uint32_t node,
                             size_t scored);
/* "1. Title" of a node, without the number that the title begins with. */
const char *chiso__sum_label(const chiso__summary_view *view, uint32_t node);
/* The lines on top of every sheet; an empty row after them. */
void chiso__sum_top(const chiso__summary_view *view,
                    chiso__summary_sheet *sheet, chiso__sum_word title);

/* ---- the sheets ---------------------------------------------------------- */

void chiso__sum_ranking(chiso__summary_view *view);
void chiso__sum_below(chiso__summary_view *view, chiso__summary_sheet *sheet);
void chiso__sum_heat(chiso__summary_view *view);
void chiso__sum_charts(chiso__summary_view *view);
void chiso__sum_stages(chiso__summary_view *view);
void chiso__sum_details(chiso__summary_view *view);

#endif
