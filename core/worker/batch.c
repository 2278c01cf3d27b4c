/* SPDX-License-Identifier: Apache-2.0
 * worker/batch.c - rule() for many units. */
#include <string.h>

#include "base/dec.h"
#include "worker.h"

struct chiso_call {
  const chiso__batch *batch;
  size_t unit;
};

static int host_input(const chiso_call *call, const char *key, int64_t *raw) {
  const chiso__batch *batch = call->batch;
  for (uint32_t i = 0; i < batch->n_inputs; i++)
    if (strcmp(batch->keys[i], key) == 0) {
      *raw = batch->inputs[i][call->unit];
      return 0;
    }
  return -1;
}

static int host_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out) {
  return chiso_muldiv(a, b, c, out) ? 0 : -1;
}

static const chiso_host host = { .abi_minor = CHISO_ABI_MINOR,
                                 .size = sizeof(chiso_host),
                                 .input = host_input,
                                 .muldiv = host_muldiv };

void worker_batch(const chiso_plugin *plugin, chiso__batch *batch,
                  size_t units) {
  for (size_t u = 0; u < units; u++) {
    chiso_call call = { batch, u };
    chiso_dec points = 0;
    batch->results[u] = plugin->rule(&host, &call, batch->number, &points);
    batch->points[u] = points;
  }
}
