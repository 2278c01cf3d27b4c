/* SPDX-License-Identifier: Apache-2.0
 * chiso-bench --scale: what one composite index costs, from 63 units of 102
 * indicators to 100,000 of 500. */
#ifndef CHISO_BENCH_SCALE_H
#define CHISO_BENCH_SCALE_H

#include <stdbool.h>

/* Prints the table, a size at a time; `quick`: small sizes only. False when
 * memory or the disk is short. */
bool bench_scale(bool quick, bool json);

#endif
