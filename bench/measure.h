/* SPDX-License-Identifier: Apache-2.0
 * Timing: each figure is the median of several repetitions, with the least
 * and the most beside it, and how many allocations it took. */
#ifndef CHISO_BENCH_MEASURE_H
#define CHISO_BENCH_MEASURE_H

#include <stdbool.h>

#include "chiso/base.h"

/* Does `rounds` times what is measured and returns how many operations that
 * were; NULL data is fine. */
typedef uint64_t (*job)(void *data, uint64_t rounds);

typedef struct figure {
  const char *name, *what;          /* what one operation is */
  double ns, least, most;           /* of one operation */
  uint64_t operations, allocations; /* in all repetitions */
} figure;

typedef struct settings {
  unsigned repetitions;
  double seconds; /* of one repetition, at least */
  bool wall;      /* by the clock on the wall: other processes take part */
} settings;

/* Counts what goes through it. */
const chiso_allocator *counted_allocator(void);

figure measure(const settings *how, const char *name, const char *what,
               job work, void *data);

void print_table(const figure *figures, size_t count);
void print_json(const figure *figures, size_t count);

/* Keeps a result alive. */
void consume(uint64_t value);

#endif
