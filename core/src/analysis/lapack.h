/* SPDX-License-Identifier: Apache-2.0
 * analysis/lapack.h - linear algebra, by LAPACK. */
#ifndef CHISO_ANALYSIS_LAPACK_H
#define CHISO_ANALYSIS_LAPACK_H

#include "base/error.h"

/* Eigenvalues of a symmetric matrix, from the least up, and its eigenvectors:
 * `a[column * n + row]`, of which the upper half is read, becomes a column for
 * each. */
chiso_status chiso__eigen(double *a, size_t n, double *values,
                          const chiso_allocator *allocator, chiso_error *err);

#endif
