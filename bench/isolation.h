/* SPDX-License-Identifier: Apache-2.0
 * What a worker process costs: a load, and CALL in batches, each beside the
 * same in this process. */
#ifndef CHISO_BENCH_ISOLATION_H
#define CHISO_BENCH_ISOLATION_H

#include "measure.h"

/* Gives each figure to `add`: time by the clock on the wall, as two processes
 * share the work. */
typedef void (*adder)(void *to, const char *name, const char *what, job work,
                      void *data);
void bench_isolation(adder add, void *to);

#endif
