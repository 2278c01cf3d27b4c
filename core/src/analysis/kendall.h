/* SPDX-License-Identifier: Apache-2.0
 * analysis/kendall.h - pairs of rows that two columns order alike. */
#ifndef CHISO_ANALYSIS_KENDALL_H
#define CHISO_ANALYSIS_KENDALL_H

#include "base/arena.h"
#include "chiso/base.h"

/* One column in order, found once for all pairs of columns that it is in. */
typedef struct chiso__ordered {
  uint32_t *rows; /* those with a value, the lowest first */
  uint32_t *rank; /* [row] from 0, equal values share one; CHISO__NO_RANK */
  uint32_t *same; /* [place] of those that share its rank, the last place */
  uint32_t n;     /* rows with a value */
  uint32_t ranks; /* different values */
} chiso__ordered;

#define CHISO__NO_RANK UINT32_MAX

/* Sums over groups of t equal values; 0 without any. */
typedef struct chiso__tied {
  double two;   /* t (t - 1): twice the pairs that are equal */
  double three; /* t (t - 1) (t - 2) */
} chiso__tied;

typedef struct chiso__kendall {
  uint32_t n;        /* rows that both columns have */
  double discordant; /* pairs in opposite order */
  double balance;    /* concordant pairs less discordant ones */
  chiso__tied x, y;
} chiso__kendall;

/* How one row stands to all that both columns have. */
typedef struct chiso__partners {
  uint32_t same_x, same_y; /* itself with them */
  int64_t balance;         /* concordant less discordant */
} chiso__partners;

/* Room for pairs of columns; a thread each. */
typedef struct chiso__pairing {
  uint64_t *line, *spare; /* rows */
  uint32_t *discordant;   /* rows, where partners are wanted; else NULL */
} chiso__pairing;

/* What is sorted to order a column. */
typedef struct chiso__valued {
  double value;
  uint32_t row;
} chiso__valued;

/* Rooms: false when memory is short. Rows are fewer than 2^32. */
bool chiso__ordered_take(size_t rows, chiso__arena *arena, chiso__ordered *out);
bool chiso__pairing_take(size_t rows, bool partners, chiso__arena *arena,
                         chiso__pairing *out);

/* `scratch` has room for the rows. */
void chiso__order_column(const double *x, size_t rows, chiso__valued *scratch,
                         chiso__ordered *out);
/* Knight 1966: n log n steps. `each` has room for `rows`, in an order of its
 * own, where the pairing has room for it; else NULL. Counts are exact below
 * 2^53 pairs. */
chiso__kendall chiso__kendall_count(const chiso__ordered *x,
                                    const chiso__ordered *y,
                                    chiso__pairing *room,
                                    chiso__partners *each);
/* tau-b; NaN where one of the two does not vary. */
double chiso__kendall_tau(const chiso__kendall *k);

#endif
