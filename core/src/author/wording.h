/* SPDX-License-Identifier: Apache-2.0
 * author/wording.h - what the Vietnamese wording of a rule says. */
#ifndef CHISO_AUTHOR_WORDING_H
#define CHISO_AUTHOR_WORDING_H

#include "author/import.h"

/* One "condition: points" of a rule. */
typedef enum chiso__condition_kind {
  CHISO__CONDITION_STATE, /* words: "ban hành kịp thời" */
  CHISO__CONDITION_RANGE, /* numbers: "từ 20% đến dưới 30%" */
  CHISO__CONDITION_ELSE   /* "các trường hợp còn lại" */
} chiso__condition_kind;

typedef struct chiso__condition {
  chiso__condition_kind kind;
  bool percent;        /* the numbers are percentages; else counts */
  bool has_lo, has_hi; /* of a range */
  bool lo_in, hi_in;   /* whether the bound belongs to it */
  bool negative;       /* a state that says "không …" */
  chiso_dec lo, hi;    /* 0.3 for 30% */
  chiso_dec points;
  const char *text; /* of the condition as written, without bullets */
} chiso__condition;

/* Reads the condition of a line. `text` is as written, `plain` folded by
 * chiso__text_plain(). */
void chiso__condition_read(const char *plain, chiso__condition *out);

/* A rule that is being read, and what is proposed for it. */
typedef struct chiso__wording {
  chiso__arena *arena;
  chiso_lang lang;
  const char *text;  /* the rule, lines and all */
  const char *title; /* of the node */
  chiso_node *node;  /* `max` is set; op, steps, inputs, … are filled */
  chiso_reading reading;
  chiso__buffer *note; /* sentences are appended */
  bool failed;         /* memory is short */
} chiso__wording;

/* Fills the node. A rule that is not understood leaves it MANUAL, with a note.
 */
void chiso__wording_read(chiso__wording *wording);

/* Adds a sentence to the notes and lowers the reading. */
void chiso__wording_note(chiso__wording *w, chiso_reading reading,
                         chiso__message message, ...);

/* wording_steps.c: a node from its conditions; false when they make none. */
bool chiso__wording_steps(chiso__wording *w, const chiso__condition *list,
                          size_t count);
bool chiso__wording_choice(chiso__wording *w, const chiso__condition *list,
                           size_t count);
/* Sets num and den, both counts, as the inputs. */
void chiso__wording_quotient(chiso__wording *w);

/* params.c: a rule in the notation of a catalogue, "x=done/planned; x>=0.8:1;
 * else:0"; `op` is its op or kind of rule. False when it cannot be read: the
 * wording is asked then. Branches of a CASE are not read here. */
bool chiso__params_read(chiso__wording *w, const char *op, const char *params);

/* A decimal anywhere at the beginning of a text, "0,5 điểm"; *end after it. */
bool chiso__lead_number(const char *text, chiso_dec *out, const char **end);

#endif
