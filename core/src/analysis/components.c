/* SPDX-License-Identifier: Apache-2.0
 * analysis/components.c - principal components of a correlation matrix. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "analysis/lapack.h"
#include "analysis/weigh.h"
#include "chiso/audit.h"

/* Copies the rows that have every column; returns how many. */
static size_t complete_rows(const double *const *x, size_t count, size_t n,
                            double *out) {
  size_t rows = 0;
  for (size_t r = 0; r < n; r++) {
    bool whole = true;
    for (size_t i = 0; i < count; i++) {
      out[i * n + rows] = x[i][r];
      whole = whole && !isnan(x[i][r]);
    }
    rows += whole;
  }
  return rows;
}

/* False when some column does not vary. */
static bool correlate(const double *x, size_t count, size_t n, size_t rows,
                      double *matrix) {
  bool sound = rows >= 3;
  for (size_t i = 0; i < count && sound; i++) {
    double low, high;
    sound = chiso__range_of(x + i * n, rows, &low, &high) && high > low;
    for (size_t k = 0; k <= i && sound; k++) {
      double r = i == k ? 1 : chiso__pearson(x + i * n, x + k * n, rows);
      sound = !isnan(r);
      matrix[i * count + k] = matrix[k * count + i] = r;
    }
  }
  return sound;
}

/* Rounding is no sign: where the sum is nothing but that, the first loading
 * that is more decides. */
#define NOTHING 1e-9

static void turn_up(double *x, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += x[i];
  for (size_t i = 0; i < count && fabs(sum) < NOTHING; i++)
    sum = x[i];
  for (size_t i = 0; i < count && sum < 0; i++)
    x[i] = -x[i];
}

chiso_status chiso_components(const double *const *x, size_t count, size_t rows,
                              const chiso_allocator *allocator,
                              double *rotation, double *sd, size_t *components,
                              chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  double *copy = chiso__arena_array(&arena, count * rows, sizeof *copy);
  double *matrix = chiso__arena_array(&arena, count * count, sizeof *matrix);
  double *eigen = chiso__arena_array(&arena, count, sizeof *eigen);
  chiso_status status =
      copy && matrix && eigen ? CHISO_OK : chiso__no_memory(err);
  *components = 0;
  if (status == CHISO_OK) {
    size_t whole = complete_rows(x, count, rows, copy);
    if (count > 0 && correlate(copy, count, rows, whole, matrix)) {
      status = chiso__eigen(matrix, count, eigen, allocator, err);
      *components = status != CHISO_OK ? 0 : (count < whole ? count : whole);
    }
  }
  for (size_t i = 0; i < *components; i++) { /* from the least up */
    const double *vector = matrix + (count - 1 - i) * count;
    double value = eigen[count - 1 - i];
    double noise = eigen[count - 1] * (double)count * DBL_EPSILON;
    memcpy(rotation + i * count, vector, count * sizeof *rotation);
    turn_up(rotation + i * count, count);
    sd[i] = value > noise ? sqrt(value) : 0;
  }
  chiso__arena_free(&arena);
  return status;
}

chiso_status chiso__first_component(const double *values, size_t n,
                                    const uint32_t *codes, size_t count,
                                    double *out, bool *found,
                                    const chiso_allocator *allocator,
                                    chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  const double **x = chiso__arena_array(&arena, count, sizeof *x);
  double *rotation =
      chiso__arena_array(&arena, count * count, sizeof *rotation);
  double *sd = chiso__arena_array(&arena, count, sizeof *sd);
  size_t components = 0;
  chiso_status status = x && rotation && sd ? CHISO_OK : chiso__no_memory(err);
  for (size_t i = 0; i < count && status == CHISO_OK; i++)
    x[i] = values + (size_t)codes[i] * n;
  if (status == CHISO_OK)
    status = chiso_components(x, count, n, allocator, rotation, sd, &components,
                              err);
  *found = components > 0;
  if (*found)
    memcpy(out, rotation, count * sizeof *out);
  chiso__arena_free(&arena);
  return status;
}
