/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/base.h - status, errors, memory, decimals.
 *
 * Library functions never print, never abort and keep no state of their own:
 * they return a chiso_status and describe a failure in a chiso_error that the
 * caller owns. Unless a function says otherwise it may be called from any
 * thread, as long as no other thread uses the same objects.
 */
#ifndef CHISO_BASE_H
#define CHISO_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "chiso/plugin.h"

#define CHISO_API __attribute__((visibility("default")))
#if defined(__GNUC__)
#define CHISO_PRINTF(text, first)                                              \
  __attribute__((__format__(__printf__, text, first)))
#else
#define CHISO_PRINTF(text, first)
#endif

#define CHISO_VERSION "0.1.0"

/* ---- status ------------------------------------------------------------- */

/* Append-only. The command's exit codes follow from these. */
typedef enum chiso_status {
  CHISO_OK = 0,
  CHISO_NO,       /* the answer is "no": a check failed, figures differ */
  CHISO_USAGE,    /* the caller asked for something that does not exist */
  CHISO_BAD_DATA, /* a file or a value cannot be accepted */
  CHISO_NO_MEMORY,
  CHISO_IO,      /* the operating system refused */
  CHISO_INTERNAL /* a defect of chiso itself */
} chiso_status;

typedef enum chiso_lang { CHISO_LANG_EN = 0, CHISO_LANG_VI } chiso_lang;

/* What went wrong and what would be right. The caller owns it, sets `lang`
 * (zero is English) before the call, and reads the rest when the status is
 * not CHISO_OK. Nothing in it needs freeing. */
typedef struct chiso_error {
  chiso_lang lang;
  chiso_status status;
  char file[256];        /* "" when no file is concerned; long paths keep
                            their end */
  uint32_t message;      /* which text it is: a number of this version; 0 when
                            there is none */
  uint64_t line, column; /* from 1; 0 = not known. Columns count characters;
                            in a table they count fields */
  char text[640];        /* found and expected, one line, in `lang` */
} chiso_error;

/* Writes "file:line:column: text", as much of it as the error holds.
 * Returns what snprintf() would. */
CHISO_API int chiso_error_format(const chiso_error *err, char *out,
                                 size_t size);

/* ---- memory ------------------------------------------------------------- */

/* All memory of the library comes from here. `resize` has realloc()'s
 * meaning: NULL or size 0 included; it may fail. Any thread may call it. */
typedef struct chiso_allocator {
  void *(*resize)(void *user, void *block, size_t size);
  void *user;
} chiso_allocator;

/* malloc(), realloc(), free(). Static, never NULL. */
CHISO_API const chiso_allocator *chiso_allocator_default(void);

/* ---- decimals ----------------------------------------------------------- */

/* Longest text of a decimal with its sign, separator and zero. */
#define CHISO_DEC_TEXT 32

/* How a decimal is written: the mark, and zeros after the last digit. */
typedef struct chiso_dec_style {
  char mark;       /* '.' or ',' */
  uint8_t digits;  /* 0..6; the value is rounded half-up to them for show */
  bool keep_zeros; /* "1.50" rather than "1.5" */
} chiso_dec_style;

/* Writes `value` (millionths) and returns its length without the zero. */
CHISO_API int chiso_dec_format(chiso_dec value, chiso_dec_style style,
                               char out[CHISO_DEC_TEXT]);

/* `value` rounded to `digits` (0..6) by CHISO_ROUND_*; exact otherwise.
 * Cannot fail: |value| < 9e18 keeps its sign and never overflows because the
 * result differs by less than one unit of the last digit kept; at the very
 * edge of the range the value is returned as it is. */
CHISO_API chiso_dec chiso_dec_round(chiso_dec value, unsigned digits,
                                    unsigned mode);

/* a * b / c, rounded half away from zero; false when c is 0 or the result is
 * outside int64. The product is held in 128 bits. */
CHISO_API bool chiso_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out);

#endif
