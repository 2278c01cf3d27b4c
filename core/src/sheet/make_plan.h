/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_plan.h - what all sheets of one group have in common, made once:
 * texts, formulas, lists to choose from, limits of entries. */
#ifndef CHISO_SHEET_MAKE_PLAN_H
#define CHISO_SHEET_MAKE_PLAN_H

#include "base/buffer.h"
#include "chiso/engine.h"
#include "sheet/layout.h"

#define CHISO__LISTS "_lists" /* the hidden sheet of lists */
/* Its first rows, column A: how "not applicable" may be spelled. */
#define CHISO__NA_WORDS 5u
extern const char *const chiso__na_words[CHISO__NA_WORDS];

#define CHISO__LEFT_OUT "–"     /* points of what does not apply */
#define CHISO__FAULT    "!"     /* points of what cannot be scored */
#define CHISO__NOT_LIVE "chiso" /* points that need all units, or code */

typedef enum chiso__cell_kind {
  CHISO__CELL_NONE,
  CHISO__CELL_NUMBER,
  CHISO__CELL_TEXT,
  CHISO__CELL_FORMULA
} chiso__cell_kind;

typedef struct chiso__cell_plan {
  chiso__cell_kind kind;
  chiso_dec number;
  const char *text; /* of a text or a formula, with its "=" */
} chiso__cell_plan;

/* A row of the hidden sheet of lists. */
typedef struct chiso__list_row {
  const char *text;
  chiso_dec points; /* CHISO_NONE: none */
} chiso__list_row;

#define CHISO__NO_CHECK UINT32_MAX

/* What an entry may be. `formula` is for the cell whose name stands for each
 * '@' in it; NULL: one of a list, the range `list`. */
typedef struct chiso__check {
  const char *formula, *list;
  const char *message; /* its limits in words */
} chiso__check;

typedef enum chiso__entry_style {
  CHISO__ENTRY_NUMBER,
  CHISO__ENTRY_WHOLE,
  CHISO__ENTRY_TEXT
} chiso__entry_style;

/* One row of the layout. */
typedef struct chiso__line {
  const char *key, *no, *title, *rule, *evidence;
  bool has_max; /* shows node->max */
  bool inner;
  bool notes;                    /* takes notes and evidence */
  bool takes;                    /* takes an entry */
  bool foreign;                  /* its entry is not the unit's to give */
  bool live[CHISO_SHEET_STAGES]; /* its points, of a leaf, follow its entry */
  uint32_t check;
  chiso__entry_style style;
  uint16_t lines; /* of text that its row is high */
  chiso__cell_plan points[CHISO_SHEET_STAGES], taken[CHISO_SHEET_STAGES],
      most[CHISO_SHEET_STAGES], todo[CHISO_SHEET_STAGES];
} chiso__line;

/* What stands beside each line of the head, in the columns of points. */
typedef enum chiso__head {
  CHISO__HEAD_TOTAL = 1,
  CHISO__HEAD_MAX,
  CHISO__HEAD_PERCENT,
  CHISO__HEAD_TODO,
  CHISO__HEAD_BONUS, /* with extras */
  CHISO__HEAD_PENALTY,
  CHISO__HEADS
} chiso__head;

typedef struct chiso__sheet_plan {
  const chiso_group *group;
  const chiso_methodology *m;
  const chiso_index *ix;
  const chiso_run_rules *rules;
  chiso_program *program;
  chiso_lang lang;
  unsigned stages;
  bool extras;
  chiso__arena arena;
  chiso__sheet_layout layout;
  chiso__line *lines;                                 /* of layout.rows */
  const char *head[CHISO__HEADS][CHISO_SHEET_STAGES]; /* formulas */
  const char *total[CHISO_SHEET_STAGES]; /* before its rounding: hidden */
  chiso__list_row *lists;
  size_t n_lists, lists_capacity;
  uint32_t list_base; /* row of lists[0] on the sheet of lists, from 0 */
  uint32_t *list_of;  /* node: its first row in lists; of nodes with choices */
  uint32_t *choices_of; /* node: how many, without "not applicable" */
  chiso__check *checks;
  size_t n_checks, checks_capacity;
  bool failed; /* memory was short */
} chiso__sheet_plan;

/* Makes the plan of a group. Free with chiso__plan_free() in any case. */
chiso_status chiso__plan_make(const chiso_group *group, chiso_lang lang,
                              unsigned stages, uint32_t list_base,
                              chiso__sheet_plan *out, chiso_error *err);
void chiso__plan_free(chiso__sheet_plan *plan);

/* ---- make_plan.c: texts
 * ------------------------------------------------------- */

const char *chiso__plan_print(chiso__sheet_plan *plan, const char *format, ...)
    CHISO_PRINTF(2, 3);
const char *chiso__plan_say(chiso__sheet_plan *plan, chiso__message message,
                            ...);
/* A decimal in the language's own spelling. */
const char *chiso__plan_dec(chiso__sheet_plan *plan, chiso_dec value);
/* The buffer's text in the arena; empties the buffer. */
const char *chiso__plan_take(chiso__sheet_plan *plan, chiso__buffer *buffer);

/* ---- make_checks.c: limits of entries and lists
 * ------------------------------- */

typedef struct chiso__limits {
  bool has_lo, has_hi;
  chiso_dec lo, hi;
  unsigned digits;
} chiso__limits;
/* What the engine takes for an input. */
chiso__limits chiso__limits_of(const chiso_node *node,
                               const chiso_input *input);
/* The test of "@", a number, against its limits: "AND(@>=0,@<=5)"; "" where
 * every number will do. */
void chiso__limits_test(const chiso__limits *limits, chiso__buffer *out);
/* Lists and checks of all nodes. */
void chiso__plan_checks(chiso__sheet_plan *plan);
/* "_lists!$A$7:$A$9" of a node's choices; of their points with `points`. */
const char *chiso__plan_list(chiso__sheet_plan *plan, uint32_t node,
                             bool points, bool with_na);

/* ---- formula.c ----------------------------------------------------------- */

/* Fills points, taken, most and todo of all lines, head and total. */
void chiso__plan_formulas(chiso__sheet_plan *plan);

/* The cell of a row (a place in layout.rows) in a column: "H12". */
typedef struct chiso__cell_name {
  char text[16];
} chiso__cell_name;
chiso__cell_name chiso__cell_at(const chiso__sheet_plan *plan, unsigned column,
                                uint32_t row);
#define CHISO__POINTS_OF(stage) (CHISO__COL_VALUE + 2 * (stage) + 1)
#define CHISO__ENTRY_OF(stage)  (CHISO__COL_VALUE + 2 * (stage))
#define CHISO__TAKEN_OF(stage)  (CHISO__COL_TAKEN + 3 * (stage))
#define CHISO__MOST_OF(stage)   (CHISO__COL_TAKEN + 3 * (stage) + 1)
#define CHISO__TODO_OF(stage)   (CHISO__COL_TAKEN + 3 * (stage) + 2)

/* A decimal as formulas write it. */
void chiso__put_dec(chiso__buffer *out, chiso_dec value);
/* `what` rounded; `what` may be written several times. */
void chiso__put_rounded(chiso__buffer *out, const char *what, unsigned digits,
                        unsigned mode);
/* What a policy gives at a node: points, "–" or "!". */
void chiso__put_policy(chiso__buffer *out, const chiso_node *node,
                       unsigned policy);
/* n cmp at * d, as the engine compares; d "" for a plain number. */
void chiso__put_reaches(chiso__buffer *out, const chiso_node *node,
                        const char *n, const char *d, chiso_dec at,
                        unsigned cmp);

/* formula_leaf.c: points of a leaf under a stage; false where they cannot be
 * live. */
bool chiso__leaf_points(chiso__sheet_plan *plan, uint32_t node, unsigned stage,
                        chiso__buffer *out);

/* The appraised stage before a later one on this sheet, or the stage itself. */
unsigned chiso__stage_before(const chiso__sheet_plan *plan, unsigned stage);

/* Whether a leaf's entry counts under a stage. */
static inline bool chiso__counts_under(const chiso_node *node, unsigned stage) {
  return stage != CHISO_SHEET_SELF || node->assessor <= CHISO_BY_SELF;
}

#endif
