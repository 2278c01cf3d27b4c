/* SPDX-License-Identifier: Apache-2.0
 * analysis/parallel.h - one piece of work on several threads. */
#ifndef CHISO_ANALYSIS_PARALLEL_H
#define CHISO_ANALYSIS_PARALLEL_H

#define CHISO__LIMIT_THREADS 64u

/* Does part `lane` of the work; every lane has its own memory. */
typedef void chiso__lane_work(void *data, unsigned lane);

/* How many threads are worth it: `asked` (0: one for each processor), but no
 * more than the work has parts. At least 1. */
unsigned chiso__threads(unsigned asked, unsigned long long parts);
/* Calls work(data, 0..lanes-1) at the same time and waits for all. A lane for
 * which there is no thread is done by the caller. */
void chiso__parallel(unsigned lanes, chiso__lane_work *work, void *data);

#endif
