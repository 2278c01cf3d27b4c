/* SPDX-License-Identifier: Apache-2.0
 * chiso audit: its tables. */
#ifndef CHISO_CLI_AUDIT_H
#define CHISO_CLI_AUDIT_H

#include "cli.h"

#define AUDIT_LEVELS 64u

/* What --what asks for, after its name: "2:scores" of "remove:2:scores". */
typedef struct audit {
  cli *c;
  const chiso_composite *k;
  const char *name, *rest;
  bool raw;                     /* --dset, or its default */
  uint32_t level[AUDIT_LEVELS]; /* of --levels */
  size_t levels;
} audit;

/* Codes of a level, or 0: all indicators, with a column of each. */
typedef struct audit_columns {
  size_t *codes;
  const double **x;
  size_t count;
} audit_columns;
int audit_take(audit *a, uint32_t level, audit_columns *out);
/* "--what ... is not known": with the forms that are. */
int audit_unknown(const audit *a);
/* A whole number from 1 up, up to `end` or the end of the text; 0: it is none.
 */
size_t audit_number(const char *text, char end);
/* A rank, or nothing for NaN. */
void audit_rank(sheet *s, double rank);
/* What machines read is the same in every language. */
const char *audit_word(const audit *a, const char *word, text_id text);

/* audit_columns.c */
int audit_alpha(audit *a);
int audit_correlation(audit *a);
int audit_pvalues(audit *a);
int audit_pca(audit *a);
int audit_stats(audit *a);

/* audit_units.c */
int audit_availability(audit *a);
int audit_outranking(audit *a);
int audit_peers(audit *a);
int audit_strengths(audit *a);
int audit_summary(audit *a);

/* audit_change.c */
int audit_remove(audit *a);
int audit_reversal(audit *a);
int audit_compare(audit *a);
int audit_trend(audit *a);

#endif
