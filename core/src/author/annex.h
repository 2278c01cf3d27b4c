/* SPDX-License-Identifier: Apache-2.0
 * author/annex.h - an annex as a decision prints it, on its way to a
 * methodology. */
#ifndef CHISO_AUTHOR_ANNEX_H
#define CHISO_AUTHOR_ANNEX_H

#include "author/import.h"

/* What a column of an annex holds. */
typedef enum chiso__role {
  CHISO__ROLE_NONE,
  CHISO__ROLE_CODE,
  CHISO__ROLE_TITLE,
  CHISO__ROLE_MAX,
  CHISO__ROLE_RULE,
  CHISO__ROLE_STEP_POINTS, /* beside the rule: points of its steps */
  CHISO__ROLE_METHOD,
  CHISO__ROLE_EVIDENCE,
  CHISO__ROLE_NOTE,
  CHISO__ROLE_PASSED_OVER, /* known, and not read: points given, bodies */
  /* columns of catalogues */
  CHISO__ROLE_PARENT,
  CHISO__ROLE_KIND,
  CHISO__ROLE_TITLE_EN,
  CHISO__ROLE_OP,
  CHISO__ROLE_PARAMS,
  CHISO__ROLE_UNIT,
  CHISO__ROLE_POLICY,
  CHISO__ROLE_CONCEPT,
  CHISO__ROLE_WAS,
  CHISO__ROLE_PROV_NAME,
  CHISO__ROLE_PROV_POINTS,
  CHISO__ROLE_SOURCE,
  CHISO__ROLES
} chiso__role;

/* Where the header stands and which column holds what. */
typedef struct chiso__header {
  size_t first, last;            /* rows of the sheet's list, inclusive */
  uint32_t column[CHISO__ROLES]; /* UINT32_MAX: none */
  const char *title; /* label of the title's column, to know it again */
} chiso__header;

/* Finds the header of a sheet; false when it has none. */
bool chiso__header_find(chiso__arena *arena, const chiso__sheet *sheet,
                        chiso__header *out, bool *short_memory);

/* Whether a column has a heading. */
bool chiso__header_names(const chiso__sheet *sheet, const chiso__header *header,
                         uint32_t column);

/* ---- numbering (annex_code.c) -------------------------------------------- */

typedef enum chiso__numbering {
  CHISO__NUMBERING_NONE,
  CHISO__NUMBERING_DIGITS, /* 1, 1.2, 1.2.3 */
  CHISO__NUMBERING_ROMAN,  /* I, II, I.1 */
  CHISO__NUMBERING_UPPER,  /* A, B, A.1 */
  CHISO__NUMBERING_LOWER   /* a, b */
} chiso__numbering;

#define CHISO__CODE_PARTS 8
typedef struct chiso__code {
  chiso__numbering style; /* of the first part */
  unsigned count;
  uint32_t part[CHISO__CODE_PARTS];
  bool either; /* "I", "C": a letter as well as a Roman number */
} chiso__code;

/* Reads "1.2.", "II", "a)", "Tiêu chí 1"; *end (may be NULL: then all must be
 * code) is where the words begin. */
bool chiso__code_read(const char *text, chiso__code *out, const char **end);
/* "1.2.3", "I.1", "a" */
void chiso__code_print(const chiso__code *code, char out[64]);

/* ---- rows ---------------------------------------------------------------- */

/* A node as it stands in the annex. */
typedef struct chiso__draft {
  chiso_node node;
  uint32_t row; /* of the sheet, from 0 */
  chiso__code code;
  char printed[64]; /* the code as text */
  size_t parent;    /* place in the list, SIZE_MAX: the root */
  unsigned depth;   /* 1: under the root */
  bool has_max, inner;
  const char *max_text;
  chiso__buffer rule; /* lines as they come */
  const char *method, *op, *params, *unit;
  chiso_reading reading;
  chiso__buffer note;
  chiso_node *branches; /* of a CASE */
  size_t n_branches;
} chiso__draft;

typedef struct chiso__annex {
  chiso_import *import;
  const chiso__sheet *sheet;
  chiso__header header;
  chiso__draft *drafts;
  size_t count, capacity;
  bool has_total;
  chiso_dec total;
  uint32_t total_row;
  const char *title, *legal; /* from the lines above the table */
  chiso_date issued;
  bool rows_lost; /* a row found no place: sums cannot balance */
  bool stray;     /* a text without a heading was told */
  bool failed;    /* memory is short */
} chiso__annex;

/* Each step; faults become remarks. */
void chiso__annex_rows(chiso__annex *annex);  /* annex_rows.c */
void chiso__annex_head(chiso__annex *annex);  /* annex_head.c */
void chiso__annex_rules(chiso__annex *annex); /* annex_rules.c */
void chiso__annex_ids(chiso__annex *annex);   /* annex_sums.c */
void chiso__annex_sums(chiso__annex *annex);  /* annex_sums.c */
void chiso__annex_base(chiso__annex *annex);  /* annex_base.c */
chiso_status chiso__annex_build(chiso__annex *annex, chiso_error *err);

/* ---- cells (annex_cell.c); "" and `failed` when memory is short -----------
 */

const char *chiso__annex_keep(chiso__annex *annex, const char *from,
                              size_t size);
/* Folded for comparing, without leading blanks. */
const char *chiso__annex_plain(chiso__annex *annex, const char *text);
/* Blanks and ends of lines to one blank each, none around. */
const char *chiso__annex_line(chiso__annex *annex, const char *text);
/* "8,5", "0.50 điểm", "(2)"; false when it is no number. */
bool chiso__annex_points(chiso__annex *annex, const chiso__sheet_cell *cell,
                         chiso_dec *out);

chiso__place chiso__annex_place(const chiso__annex *annex, uint32_t row,
                                chiso__role role);
/* Adds a sentence to a draft's notes and lowers its reading. */
void chiso__draft_note(chiso__annex *annex, chiso__draft *draft,
                       chiso_reading reading, chiso__message message, ...);

#endif
