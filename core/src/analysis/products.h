/* SPDX-License-Identifier: Apache-2.0
 * analysis/products.h - sums of products of many columns with many, read from
 * memory a few times only. */
#ifndef CHISO_ANALYSIS_PRODUCTS_H
#define CHISO_ANALYSIS_PRODUCTS_H

#include <stddef.h>

#define CHISO__TILE       16u  /* columns on each side; a multiple of 2 */
#define CHISO__TILE_ROWS  512u /* at a time; a multiple of 4 */
#define CHISO__TILE_LANES 4u   /* sums of every fourth row, added at the end */

/* A column without gaps, by its distance from its mean. */
typedef struct chiso__centred {
  const double *x; /* borrowed; NULL: left out */
  double mean;
  double norm; /* root of the sum of squares; 0: it does not vary */
} chiso__centred;

chiso__centred chiso__centre(const double *x, size_t rows);

typedef struct chiso__tiles {
  const chiso__centred *x[CHISO__TILE], *y[CHISO__TILE]; /* NULL: none */
  double sums[CHISO__TILE][CHISO__TILE];                 /* of the products */
  double parts[CHISO__TILE][CHISO__TILE][CHISO__TILE_LANES];
  double a[CHISO__TILE][CHISO__TILE_ROWS], b[CHISO__TILE][CHISO__TILE_ROWS];
} chiso__tiles;

/* The order of additions depends on the rows alone. */
void chiso__products(chiso__tiles *t, size_t rows);

#endif
