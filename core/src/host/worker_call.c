/* SPDX-License-Identifier: Apache-2.0
 * host/worker_call.c - rule() in a worker, many units at a time. */
#define _GNU_SOURCE /* prlimit() */
#include <string.h>
#include <sys/resource.h>

#include "host/sandbox.h"
#include "host/worker.h"

/* Its limit on computing is for one request: the processor time that it has
 * used so far, in whole seconds, comes on top. */
static void allow_seconds(chiso__worker *w) {
  struct rlimit limit;
  uint64_t used = (chiso__worker_computed(w) + 999999) / 1000000;
  uint64_t most = used + CHISO__WORKER_SECONDS;
  if (most <= w->seconds || prlimit(w->process, RLIMIT_CPU, NULL, &limit) != 0)
    return;
  limit.rlim_cur = most;
  if (prlimit(w->process, RLIMIT_CPU, &limit, NULL) == 0)
    w->seconds = most;
}

static bool all_there(const chiso_calls *c) {
  for (uint32_t k = 0; k < c->node->n_inputs; k++)
    if (memchr(c->have + k * c->stride, 0, c->n))
      return false;
  return true;
}

static bool is_there(const chiso_calls *c, size_t unit) {
  for (uint32_t k = 0; k < c->node->n_inputs; k++)
    if (!c->have[k * c->stride + unit])
      return false;
  return true;
}

/* Fills the batch and returns its number of units. */
static size_t gather(const chiso_calls *c, bool whole, chiso__batch *batch) {
  const chiso_node *n = c->node;
  size_t units = 0;
  batch->number = n->call;
  batch->n_inputs = n->n_inputs;
  for (uint32_t k = 0; k < n->n_inputs; k++) {
    size_t size = strnlen(n->inputs[k].key, CHISO__BATCH_KEY - 1);
    memcpy(batch->keys[k], n->inputs[k].key, size);
    batch->keys[k][size] = 0;
    if (whole)
      memcpy(batch->inputs[k], c->values + k * c->stride,
             c->n * sizeof *c->values);
  }
  if (whole)
    return c->n;
  for (size_t u = 0; u < c->n; u++) {
    if (!is_there(c, u))
      continue;
    for (uint32_t k = 0; k < n->n_inputs; k++)
      batch->inputs[k][units] = c->values[k * c->stride + u];
    units++;
  }
  return units;
}

/* Each result is read from the shared memory once. */
static void scatter(const chiso_calls *c, bool whole,
                    const chiso__batch *batch) {
  const volatile int32_t *results = batch->results;
  const volatile int64_t *points = batch->points;
  size_t from = 0;
  for (size_t u = 0; u < c->n; u++) {
    if (!whole && !is_there(c, u))
      continue;
    int32_t result = results[from];
    c->points[u] = points[from];
    c->results[u] = result == 0   ? CHISO_CALL_SCORED
                    : result == 1 ? CHISO_CALL_NOT_APPLICABLE
                                  : CHISO_CALL_FAILED;
    from++;
  }
}

static bool exchange(chiso__worker *w, size_t units) {
  chiso__frame answer;
  const chiso__frame call = { CHISO__FRAME_CALL, ++w->sequence, units };
  allow_seconds(w);
  /* A channel that is closed shows when the answer is waited for. */
  (void)chiso__worker_send(w, &call);
  if (!chiso__worker_receive(w, &answer, true))
    return false;
  if (answer.kind == CHISO__FRAME_DONE && answer.sequence == call.sequence &&
      answer.size == units)
    return true;
  chiso__worker_fail(w, CHISO__ENDING_GARBAGE, true);
  return false;
}

chiso_status chiso__worker_call(chiso__worker *w, const chiso_calls *calls,
                                chiso_error *err) {
  pthread_mutex_lock(&w->lock);
  if (w->process && calls->n > 0) {
    bool whole = all_there(calls);
    size_t units = gather(calls, whole, &w->shared->batch);
    if (units == 0 || exchange(w, units))
      scatter(calls, whole, &w->shared->batch);
  }
  chiso_status status =
      w->process ? CHISO_OK : chiso__ending_say(&w->ending, w->file, err);
  pthread_mutex_unlock(&w->lock);
  return status;
}
