/* SPDX-License-Identifier: Apache-2.0
 * base/dec.h - reading and dividing exact decimals. */
#ifndef CHISO_BASE_DEC_H
#define CHISO_BASE_DEC_H

#include "chiso/base.h"

__extension__ typedef __int128 chiso__wide;
__extension__ typedef unsigned __int128 chiso__uwide;

/* 10^n for 0 <= n <= 18 */
extern const int64_t chiso__power10[19];

typedef enum chiso__number_fault {
  CHISO__NUMBER_OK = 0,
  CHISO__NUMBER_EMPTY,
  CHISO__NUMBER_NOT,       /* not a number */
  CHISO__NUMBER_THOUSANDS, /* 1.234,56 or 1,234.56 or 1.234.567 or 1 234;
                              with digits < 3 also 1.234 and 12,345 */
  CHISO__NUMBER_DIGITS,    /* more digits after the mark than `digits` */
  CHISO__NUMBER_RANGE      /* outside +-INT64_MAX with `digits` digits:
                              INT64_MIN is CHISO_NONE */
} chiso__number_fault;

typedef struct chiso__number {
  int64_t raw;   /* value * 10^digits */
  char mark;     /* '.', ',' or 0 when the text has none */
  bool rounded;  /* digits beyond the sixth were rounded half-up */
  uint8_t after; /* digits after the mark as written */
} chiso__number;

/* Reads [+-]digits[(.|,)digits] with `digits` (0..6) after the mark. Blanks
 * around are skipped; no exponent, no grouping. With digits = 6, the finest
 * there is, more digits are rounded half-up and `rounded` says so; with fewer
 * they are a fault. Independent of the locale. */
chiso__number_fault chiso__number_read(const char *text, size_t size,
                                       unsigned digits, chiso__number *out);

/* Strict form of our own files: '.' only, no blanks, no '+', no more than six
 * digits after it, within +-CHISO_DEC_LIMIT. */
bool chiso__dec_strict(const char *text, chiso_dec *out);

/* Shortest strict text: "1.5", "-0.25", "100". Returns the length. */
int chiso__dec_print(chiso_dec value, char out[CHISO_DEC_TEXT]);

/* The same for people, with the mark of a language: "1,5". Returns `out`. */
const char *chiso__dec_say(chiso_dec value, chiso_lang lang,
                           char out[CHISO_DEC_TEXT]);

/* n / d rounded by mode to an integer; d > 0. The result must fit: checked,
 * false when it does not. */
bool chiso__wide_div(chiso__wide n, chiso__wide d, unsigned mode, int64_t *out);

#endif
