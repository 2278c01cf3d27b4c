/* SPDX-License-Identifier: Apache-2.0
 * The cheapest improvements in a run of 63 provinces by PAR INDEX 2020. */
#ifndef CHISO_BENCH_PATH_H
#define CHISO_BENCH_PATH_H

#include "composite.h"

void bench_path(add_figure add, void *to);

#endif
