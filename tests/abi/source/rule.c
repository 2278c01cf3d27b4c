/* SPDX-License-Identifier: Apache-2.0
 * Through everything that chiso_host offers, and every answer of rule(). */
#include "chiso/plugin.h"

#define SHARE 7u
#define MAX   ((chiso_dec)4 * CHISO_DEC_ONE)

int chiso_rule(const chiso_host *host, const chiso_call *call, uint32_t number,
               chiso_dec *points) {
  int64_t done, due, nothing;
  if (number != SHARE || host->abi_minor > 1000 || host->size < sizeof *host ||
      host->input(call, "none", &nothing) >= 0 ||
      host->input(call, "done", &done) != 0 ||
      host->input(call, "due", &due) != 0)
    return -1;
  if (due == 0)
    return 1; /* not applicable */
  return host->muldiv(MAX, done, due, points) == 0 ? 0 : -1;
}
