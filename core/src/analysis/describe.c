/* SPDX-License-Identifier: Apache-2.0
 * analysis/describe.c - figures of one column, and what is odd about them. */
#include <math.h>

#include "analysis/composite.h"
#include "chiso/audit.h"

/* Least shares, and the shape of outliers: the JRC COIN Tool's and COINr's. */
#define LEAST_AVAILABLE 0.65
#define LEAST_NONZERO   0.5
#define LEAST_UNIQUE    0.5
#define MOST_SKEW       2.0
#define MOST_KURT       3.5

chiso_status chiso_describe(const double *x, size_t rows,
                            const chiso_allocator *allocator,
                            chiso_description *out, chiso_error *err) {
  double *sorted = chiso__resize(allocator, NULL, (rows + 1) * sizeof *sorted);
  chiso_description d = { .rows = rows };
  if (!sorted)
    return chiso__no_memory(err);
  for (size_t r = 0; r < rows; r++) {
    if (isnan(x[r]))
      continue;
    sorted[d.available++] = x[r];
    d.nonzero += x[r] != 0;
  }
  d.median = chiso__median_of(sorted, d.available);
  for (size_t first = 0, next; first < d.available; first = next) {
    for (next = first; next < d.available && sorted[next] == sorted[first];)
      next++;
    d.unique++;
    d.same = next - first > d.same ? next - first : d.same;
  }
  d.min = d.available ? sorted[0] : (double)NAN;
  d.max = d.available ? sorted[d.available - 1] : (double)NAN;
  d.mean = chiso__mean_of(x, rows);
  d.sd = chiso__sd_of(x, rows);
  d.skew = d.unique > 1 ? chiso__skew_of(x, rows) : (double)NAN;
  d.kurt = d.unique > 1 ? chiso__kurt_of(x, rows) : (double)NAN;
  chiso__free(allocator, sorted);
  *out = d;
  return CHISO_OK;
}

chiso_description_flags chiso_describe_flags(const chiso_description *of) {
  double rows = (double)of->rows;
  return (chiso_description_flags) {
    .available = !((double)of->available / rows >= LEAST_AVAILABLE),
    .nonzero = !((double)of->nonzero / rows >= LEAST_NONZERO),
    .unique = !((double)of->unique / rows >= LEAST_UNIQUE),
    .outliers = fabs(of->skew) > MOST_SKEW && of->kurt > MOST_KURT,
  };
}
