/* SPDX-License-Identifier: Apache-2.0
 * analysis/products.c - some rows of some columns at a time, so that what is
 * read from memory serves sixteen other columns before it leaves the cache. */
#include "analysis/products.h"

#include <math.h>
#include <string.h>

#include "analysis/composite.h"

#define LANES CHISO__TILE_LANES

chiso__centred chiso__centre(const double *x, size_t rows) {
  chiso__centred c = { .x = x };
  double low, high, sum = 0; /* a mean may be rounded: only the range says */
  if (!chiso__range_of(x, rows, &low, &high) || !(high > low))
    return c;
  c.mean = chiso__mean_of(x, rows);
  for (size_t r = 0; r < rows; r++)
    sum += (x[r] - c.mean) * (x[r] - c.mean);
  c.norm = sqrt(sum);
  return c;
}

static void copy_in(const chiso__centred *const *of, size_t first, size_t count,
                    size_t padded, double (*to)[CHISO__TILE_ROWS]) {
  for (size_t i = 0; i < CHISO__TILE; i++) {
    bool there = of[i] && of[i]->x;
    for (size_t r = 0; r < padded; r++)
      to[i][r] = there && r < count ? of[i]->x[first + r] - of[i]->mean : 0;
  }
}

/* Two columns with two: what is loaded serves twice. */
static void two_by_two(chiso__tiles *t, size_t i, size_t k, size_t padded) {
  const double *a = t->a[i], *b = t->a[i + 1], *x = t->b[k], *y = t->b[k + 1];
  double ax[LANES], ay[LANES], bx[LANES], by[LANES];
  memcpy(ax, t->parts[i][k], sizeof ax);
  memcpy(ay, t->parts[i][k + 1], sizeof ay);
  memcpy(bx, t->parts[i + 1][k], sizeof bx);
  memcpy(by, t->parts[i + 1][k + 1], sizeof by);
  for (size_t r = 0; r < padded; r += LANES)
    for (size_t l = 0; l < LANES; l++) {
      ax[l] += a[r + l] * x[r + l];
      ay[l] += a[r + l] * y[r + l];
      bx[l] += b[r + l] * x[r + l];
      by[l] += b[r + l] * y[r + l];
    }
  memcpy(t->parts[i][k], ax, sizeof ax);
  memcpy(t->parts[i][k + 1], ay, sizeof ay);
  memcpy(t->parts[i + 1][k], bx, sizeof bx);
  memcpy(t->parts[i + 1][k + 1], by, sizeof by);
}

void chiso__products(chiso__tiles *t, size_t rows) {
  memset(t->parts, 0, sizeof t->parts);
  for (size_t first = 0; first < rows; first += CHISO__TILE_ROWS) {
    size_t count =
        rows - first < CHISO__TILE_ROWS ? rows - first : CHISO__TILE_ROWS;
    size_t padded = (count + LANES - 1) / LANES * LANES;
    copy_in(t->x, first, count, padded, t->a);
    copy_in(t->y, first, count, padded, t->b);
    for (size_t i = 0; i < CHISO__TILE; i += 2)
      for (size_t k = 0; k < CHISO__TILE; k += 2)
        two_by_two(t, i, k, padded);
  }
  for (size_t i = 0; i < CHISO__TILE; i++)
    for (size_t k = 0; k < CHISO__TILE; k++) {
      const double *p = t->parts[i][k];
      t->sums[i][k] = (p[0] + p[1]) + (p[2] + p[3]);
    }
}
