/* SPDX-License-Identifier: Apache-2.0
 * Damaged tables of a composite index: what is accepted must come through every
 * step with numbers and gaps alone. */
#include "fuzz_author.h"

#include <math.h>
#include <string.h>

#include "chiso/audit.h"
#include "chiso/sensitivity.h"
#include "chiso/uncertainty.h"

#define DATA SOURCE_DIR "/tests/docs/compose/data.csv"
#define META SOURCE_DIR "/tests/docs/compose/meta.csv"

static bool finite(const chiso_composite *c) {
  for (size_t i = 0; i < chiso_composite_codes(c); i++)
    for (size_t r = 0; r < chiso_composite_rows(c); r++)
      if (isinf(chiso_composite_values(c, i)[r]))
        return false;
  return true;
}

/* What an audit gives is a number or nothing, and the index stays as it was. */
static bool audited(chiso_composite *c, const chiso_allocator *allocator,
                    chiso_error *err) {
  size_t n = chiso_composite_rows(c), last = chiso_composite_codes(c) - 1;
  double *out = allocator->resize(allocator->user, NULL, (n + 1) * sizeof *out);
  double before = chiso_composite_values(c, last)[0], r = 0;
  const double *x = chiso_composite_values(c, 0);
  const double *y = chiso_composite_data(c, chiso_composite_indicators(c) - 1);
  bool good = out != NULL;
  for (size_t i = 0; i < last && good; i++)
    if (chiso_audit_remove(c, i, out, err) == CHISO_OK)
      good = !isinf(out[0]);
  for (int kind = 0; kind < 3 && good; kind++) {
    (void)chiso_correlations((chiso_correlation)kind, &x, 1, &y, 1, n,
                             allocator, &r, NULL, err);
    good = isnan(r) || fabs(r) <= 1;
  }
  double after = chiso_composite_values(c, last)[0];
  allocator->resize(allocator->user, out, 0);
  return good && (before == after || (isnan(before) && isnan(after)));
}

/* Steps that refuse say so and leave the composite as it was. */
static chiso_status steps(chiso_composite *c, const chiso_allocator *allocator,
                          chiso_error *err) {
  static const char *const ways[] = { "arithmetic", "geometric", "mpi", "sum" };
  (void)chiso_composite_screen(c, "na:0.3", err);
  (void)chiso_composite_denominate(c, "meta", NULL, err);
  chiso_status status = chiso_composite_impute(c, "median", err);
  if (status == CHISO_OK)
    (void)chiso_composite_treat(c, "default", err);
  for (size_t i = 0; i < 4 && status == CHISO_OK; i++) {
    if (chiso_composite_normalise(c, "minmax:1:100", err) != CHISO_OK ||
        chiso_composite_aggregate(c, ways[i], "0.2", err) != CHISO_OK)
      continue;
    status =
        finite(c) && audited(c, allocator, err) ? CHISO_OK : CHISO_INTERNAL;
  }
  return status;
}

static chiso_status both(const char *data, const char *meta,
                         const chiso_allocator *allocator, chiso_error *err) {
  chiso_composite *c = NULL;
  chiso_status status =
      chiso_composite_read(data, meta, err->lang, allocator, &c, err);
  if (status == CHISO_OK)
    status = steps(c, allocator, err);
  chiso_composite_free(c);
  return status;
}

chiso_status fuzz_compose_data(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  return both(path, META, allocator, err);
}

chiso_status fuzz_compose_meta(const char *path,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  return both(DATA, path, allocator, err);
}

/* ---- simulations ----------------------------------------------------------
 */

static bool sound(const chiso_uncertainty *u, size_t rows) {
  for (size_t r = 0; r < rows; r++) {
    chiso_spread s = chiso_uncertainty_rank(u, r);
    for (uint64_t i = 0; i < chiso_uncertainty_replications(u); i++)
      if (isinf(chiso_uncertainty_score_in(u, i, r)))
        return false;
    if (!isnan(s.mean) && !(s.mean >= 1 && s.mean <= (double)rows))
      return false;
  }
  return true;
}

static chiso_status simulate(chiso_composite *c, const char *weights,
                             const char *perturb, chiso_error *err) {
  chiso_uncertainty *u = NULL;
  chiso_uncertainty_spec spec = { .normalise = "minmax:1:100",
                                  .aggregate = "arithmetic",
                                  .perturb = perturb,
                                  .weights_in = weights,
                                  .replications = weights ? 0 : 20,
                                  .scores = true,
                                  .threads = 1 };
  chiso_status status = chiso_uncertainty_run(c, &spec, &u, err);
  if (status == CHISO_OK && !sound(u, chiso_composite_rows(c)))
    status = CHISO_INTERNAL;
  chiso_uncertainty_free(u);
  return status;
}

chiso_status fuzz_weights_in(const char *path, const chiso_allocator *allocator,
                             chiso_error *err) {
  chiso_composite *c = NULL;
  chiso_status status =
      chiso_composite_read(DATA, META, err->lang, allocator, &c, err);
  if (status == CHISO_OK)
    status = simulate(c, path, NULL, err);
  chiso_composite_free(c);
  return status;
}

chiso_status fuzz_errors(const char *path, const chiso_allocator *allocator,
                         chiso_error *err) {
  chiso_composite *c = NULL;
  chiso_status status =
      chiso_composite_read(DATA, META, err->lang, allocator, &c, err);
  if (status == CHISO_OK)
    status = chiso_composite_errors(c, path, err);
  if (status == CHISO_OK)
    status = simulate(c, NULL, "errors", err);
  chiso_composite_free(c);
  return status;
}

chiso_status fuzz_design(const char *path, const chiso_allocator *allocator,
                         chiso_error *err) {
  chiso_sensitivity *s = NULL;
  chiso_status status =
      chiso_sensitivity_design(path, 1, 10, allocator, &s, err);
  for (size_t i = 0; status == CHISO_OK && i < chiso_sensitivity_inputs(s); i++)
    if (isinf(chiso_sensitivity_at(s, i).first) ||
        isinf(chiso_sensitivity_at(s, i).total))
      status = CHISO_INTERNAL;
  chiso_sensitivity_free(s);
  return status;
}
