/* SPDX-License-Identifier: Apache-2.0
 * What-ifs on a published round of 63 units with 114 indicators. */
#ifndef CHISO_BENCH_WHATIF_H
#define CHISO_BENCH_WHATIF_H

#include <stdbool.h>
#include <stdint.h>

/* False when the build has no published figures. */
bool whatif_begin(void);
void whatif_end(void);

/* Jobs: one input of one unit with its total and rank; a whole run derived from
 * the other with one entry changed. */
uint64_t probe_inputs(void *data, uint64_t rounds);
uint64_t derive_runs(void *data, uint64_t rounds);

#endif
