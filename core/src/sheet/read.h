/* SPDX-License-Identifier: Apache-2.0
 * sheet/read.h - what the steps of reading filled scoring sheets share. */
#ifndef CHISO_SHEET_READ_INTERNAL_H
#define CHISO_SHEET_READ_INTERNAL_H

#include "chiso/sheet_read.h"
#include "data/data.h"
#include "data/xlsx.h"

/* Limits; each is part of the manual. */
#define CHISO__SHEET_BOOKS   20000u /* of one call */
#define CHISO__SHEET_DEPTH   16u    /* of folders */
#define CHISO__SHEET_FORMS   200u   /* scoring sheets of a book */
#define CHISO__SHEET_REMARKS 10000u /* kept; all faults are counted */
#define CHISO__SHEET_TEXTS   ((size_t)256 * 1024 * 1024) /* of all good books */

#define CHISO__SHEET_LAYOUT "1"
#define CHISO__SHEET_INDEX  "_chiso"

enum {
  CHISO__SELF,
  CHISO__APPRAISED_1,
  CHISO__APPRAISED_2,
  CHISO__FINAL,
  CHISO__STAGES
};
static inline const char *chiso__stage_word(size_t stage) {
  return chiso_stage_key((chiso_stage)(CHISO_STAGE_SELF + stage));
}

/* ---- files (read_files.c) ------------------------------------------------ */

typedef struct chiso__found {
  const char *path, *name;
  const chiso_error *why; /* refused without being opened; NULL: to be read */
} chiso__found;

typedef struct chiso__files {
  chiso__found *list;
  size_t count, capacity, others;
  const char *other[5]; /* the first names of what is no workbook */
} chiso__files;
/* The files that paths name and those below folders, sorted, each once. */
chiso_status chiso__sheet_files(chiso__arena *arena, const char *const *paths,
                                size_t n, chiso__files *out, chiso_error *err);

/* ---- what a group's sheets must hold (read_expected.c)
 * ------------------------ */

/* A row that takes an input. */
typedef struct chiso__spot {
  uint32_t node, input;
} chiso__spot;

/* Where in the sheet a key stands: NODE or NODE:INPUT. */
typedef struct chiso__expected {
  const chiso_group *group;
  const chiso_methodology *methodology;
  chiso_program *program;
  chiso_entries entries; /* of one unit: each stage is one */
  chiso_scores scores;
  chiso__map keys;    /* to node * CHISO__EXPECTED_INPUTS + 1 + input, or + 0 */
  chiso__spot *spots; /* in the order of the tree */
  size_t n_spots;
  uint32_t *first; /* [node] its first spot; UINT32_MAX: takes nothing */
  size_t *claims;  /* [unit] 1 + place of the book that was made for it */
} chiso__expected;
#define CHISO__EXPECTED_INPUTS 32u
chiso_status chiso__expected_make(chiso_sheets *sheets, size_t group,
                                  chiso_error *err);
void chiso__expected_free(chiso__expected *plan);
/* Whether the round has the unit assessed. */
bool chiso__expected_assessed(const chiso_sheets *sheets,
                              const chiso__expected *plan, size_t unit);

/* ---- rows that are kept ---------------------------------------------------
 */

typedef struct chiso__kept {
  const char *value, *note, *document, *section, *page;
  uint32_t node, line;
  uint16_t column;
  uint8_t input, stage; /* input UINT8_MAX: the leaf as a whole */
  bool explanation;
} chiso__kept;

/* The rows of a unit. */
typedef struct chiso__block {
  size_t group, unit, book;
  const char *sheet;
  chiso__kept *rows;
  size_t count, before; /* rows of the blocks before it */
} chiso__block;

/* A remark, with what it is sorted by. */
typedef struct chiso__said {
  size_t book; /* SIZE_MAX: about no single one */
  size_t part; /* of the book: remarks about one sheet follow each other */
  uint64_t line, column;
  size_t order;
  chiso_error error;
} chiso__said;

struct chiso_sheets {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_lang lang;
  const chiso_round *round;
  chiso_sheets_options options;
  chiso__files files;
  chiso_sheet_book *books;
  chiso__expected *plans; /* of each group; made when a book needs it */
  size_t n_plans;
  chiso__block *blocks;
  size_t n_blocks, block_room, n_rows;
  chiso__map texts; /* each text is kept once: to its place in the list */
  const char **kept_texts;
  size_t n_kept, kept_room, text_bytes;
  chiso__said *said;
  size_t n_said, said_room, faults, good;
};

/* A text that lives as long as the sheets, kept once; NULL: memory is short. */
const char *chiso__sheets_keep(chiso_sheets *sheets, const char *text);

/* A book that was read before turns out to be one of two for a unit. */
void chiso__sheets_twice(chiso_sheets *sheets, size_t book, const char *unit,
                         const char *other);

/* ---- one book (read_book.c) -----------------------------------------------
 */

typedef struct chiso__reading {
  chiso_sheets *sheets;
  size_t place; /* of the book */
  chiso__arena arena;
  chiso__book *book;
  chiso__remarks remarks;
  chiso__block *blocks; /* of its sheets, in the arena of the book */
  size_t n_blocks;
} chiso__reading;
/* Faults go to the remarks; the status is for memory alone. */
chiso_status chiso__sheet_book(chiso__reading *reading, chiso_error *err);

/* ---- one scoring sheet (read_filled.c, read_value.c, read_rows.c) -----------
 */

/* What a column of a scoring sheet holds; the first ones are the stages. */
enum {
  CHISO__ROLE_NOTE = CHISO__STAGES,
  CHISO__ROLE_DOCUMENT,
  CHISO__ROLE_SECTION,
  CHISO__ROLE_PAGE,
  CHISO__ROLE_APPRAISER_NOTE,
  CHISO__ROLE_EXPLANATION,
  CHISO__SHEET_ROLES
};

/* What a cell of a stage holds. */
typedef struct chiso__held {
  enum {
    CHISO__HELD_NONE,
    CHISO__HELD_RAW,
    CHISO__HELD_NA,
    CHISO__HELD_BAD,
    CHISO__HELD_FIXED /* the round's to say: nothing is read from there */
  } is;
  int64_t raw;
  const chiso__sheet_cell *cell;
  const chiso_fixed *fixed;
} chiso__held;

/* What stands beside the values of a leaf. */
typedef struct chiso__beside {
  const char *note, *document, *section, *page, *appraiser_note;
  bool explanation;
  const chiso__sheet_cell *own, *appraisers; /* the first of each side */
} chiso__beside;

typedef struct chiso__filled {
  chiso__reading *reading;
  chiso__expected *plan;
  chiso__sheet sheet;
  size_t unit;                         /* place in the group's units */
  uint32_t column[CHISO__SHEET_ROLES]; /* UINT32_MAX: none */
  uint32_t *spot_row;    /* [spot] row of the sheet; UINT32_MAX: none */
  uint32_t *node_row;    /* [node] row with the key NODE alone */
  chiso__held *held;     /* [spot * CHISO__STAGES + stage] */
  chiso__beside *beside; /* [node] */
  char marks[CHISO__STAGES];
  bool short_memory;
} chiso__filled;

/* Columns and rows by their keys. False: nothing of the sheet can be read. */
bool chiso__filled_shape(chiso__filled *form);
/* What every cell says; then what the rules say of it. */
void chiso__filled_values(chiso__filled *form);
/* The rows, into *out; only of a sheet without faults. */
void chiso__filled_rows(chiso__filled *form, chiso__block *out);

const chiso__sheet_cell *chiso__filled_cell(const chiso__filled *form,
                                            uint32_t row, int role);
/* The text of a cell without blanks around it; "" when there is none. */
const char *chiso__filled_text(chiso__filled *form,
                               const chiso__sheet_cell *cell);
/* The row that shows a node that takes something: for notes and evidence. */
uint32_t chiso__filled_leaf_row(const chiso__filled *form, uint32_t node);

/* A cell of the sheet; row UINT32_MAX: the sheet as a whole. */
chiso__place chiso__filled_place(const chiso__filled *form, uint32_t row,
                                 uint32_t column);
#define CHISO__FILLED_FAULT(form, row, column, ...)                            \
  chiso__remark(&(form)->reading->remarks, CHISO_BAD_DATA,                     \
                chiso__filled_place((form), (row), (column)), __VA_ARGS__)

#endif
