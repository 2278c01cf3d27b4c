/* SPDX-License-Identifier: Apache-2.0
 * analysis/lapack.c - LAPACK, opened when it is needed. It has no header for C:
 * arguments go by address, and the lengths of texts follow the rest. */
#include "analysis/lapack.h"

#include "base/arena.h"
#include "data/library.h"

typedef void dsyev(const char *jobz, const char *uplo, const int *n, double *a,
                   const int *lda, double *w, double *work, const int *lwork,
                   int *info, size_t jobz_size, size_t uplo_size);

chiso_status chiso__eigen(double *a, size_t n, double *values,
                          const chiso_allocator *allocator, chiso_error *err) {
  dsyev *solve;
  const chiso__symbol symbols[] = { { "dsyev_", &solve } };
  double best = 0;
  int order = (int)n, ask = -1, info = 0;
  if (!chiso__library_open(CHISO_LAPACK_LIBRARY, symbols, 1))
    return CHISO__FAIL(err, CHISO_IO, MSG_NO_LIBRARY, CHISO_LAPACK_LIBRARY,
                       "liblapack3");
  solve("V", "U", &order, a, &order, values, &best, &ask, &info, 1, 1);
  int size = (int)best;
  double *work = chiso__resize(allocator, NULL, (size_t)size * sizeof *work);
  if (!work)
    return chiso__no_memory(err);
  solve("V", "U", &order, a, &order, values, work, &size, &info, 1, 1);
  chiso__free(allocator, work);
  return info == 0 ? CHISO_OK
                   : CHISO__FAIL(err, CHISO_INTERNAL, MSG_COMPOSE_EIGEN);
}
