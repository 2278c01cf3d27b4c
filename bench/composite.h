/* SPDX-License-Identifier: Apache-2.0
 * Composite indices: 102 indicators in 8 areas, as the table of peers has. */
#ifndef CHISO_BENCH_COMPOSITE_H
#define CHISO_BENCH_COMPOSITE_H

#include "chiso/composite.h"
#include "measure.h"

typedef void (*add_figure)(void *to, const char *name, const char *what,
                           job work, void *data);

void bench_composite(add_figure add, void *to);
#define COMPOSITE_GROUPS 24u /* of the lowest level */

/* Made up, through files; how long it took to read them. NULL: impossible. */
chiso_composite *composite_make(unsigned units, unsigned leaves,
                                double *seconds);
/* The same case in R's COINr, nanoseconds; 0: none was recorded. */
double composite_peer(const char *name);

#endif
