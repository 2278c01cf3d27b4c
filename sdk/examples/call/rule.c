/* SPDX-License-Identifier: Apache-2.0
 * A rule that no op says: the share of cases done on time, less one tenth of
 * the points for each day of the longest delay, not below zero.
 *
 * The function is pure: it sees its inputs through `host` and nothing else. */
#include "chiso/plugin.h"

#define ON_TIME 1u
#define MAX     ((chiso_dec)4 * CHISO_DEC_ONE)

static int on_time(const chiso_host *host, const chiso_call *call,
                   chiso_dec *points) {
  int64_t done, due, days, share;
  if (host->input(call, "done", &done) != 0 ||
      host->input(call, "due", &due) != 0 ||
      host->input(call, "days", &days) != 0)
    return -1;
  if (due == 0)
    return 1; /* nothing was due: not applicable */
  if (done < 0 || days < 0 || done > due ||
      host->muldiv(MAX, done, due, &share) != 0)
    return -1;
  if (days > 10)
    days = 10;
  share -= days * (MAX / 10);
  *points = share > 0 ? share : 0;
  return 0;
}

int chiso_rule(const chiso_host *host, const chiso_call *call, uint32_t number,
               chiso_dec *points) {
  switch (number) {
  case ON_TIME:
    return on_time(host, call, points);
  default:
    return -1;
  }
}
