/* SPDX-License-Identifier: Apache-2.0
 * analysis/parallel.c - threads that are started, and waited for, at once. */
#include "analysis/parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

unsigned chiso__threads(unsigned asked, unsigned long long parts) {
  long there = sysconf(_SC_NPROCESSORS_ONLN);
  unsigned threads = asked > 0 ? asked : there > 0 ? (unsigned)there : 1;
  if (threads > CHISO__LIMIT_THREADS)
    threads = CHISO__LIMIT_THREADS;
  if (threads > parts)
    threads = parts > 0 ? (unsigned)parts : 1;
  return threads;
}

typedef struct job {
  chiso__lane_work *work;
  void *data;
  unsigned lane;
} job;

static void *run(void *data) {
  job *j = data;
  j->work(j->data, j->lane);
  return NULL;
}

void chiso__parallel(unsigned lanes, chiso__lane_work *work, void *data) {
  job jobs[CHISO__LIMIT_THREADS];
  pthread_t threads[CHISO__LIMIT_THREADS];
  bool started[CHISO__LIMIT_THREADS] = { false };
  for (unsigned i = 1; i < lanes; i++) {
    jobs[i] = (job) { work, data, i };
    started[i] = pthread_create(&threads[i], NULL, run, &jobs[i]) == 0;
  }
  work(data, 0);
  for (unsigned i = 1; i < lanes; i++)
    if (!started[i])
      work(data, i);
  for (unsigned i = 1; i < lanes; i++)
    if (started[i])
      pthread_join(threads[i], NULL);
}
