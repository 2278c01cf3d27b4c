/* SPDX-License-Identifier: Apache-2.0
 * A good rule, and what cases make of it: each defines ANSWER, a statement that
 * runs once the inputs are known, or KEEPS_NUMBERS. */
#include "chiso/plugin.h"

#define MAX ((chiso_dec)4 * CHISO_DEC_ONE)

#ifndef ANSWER
#define ANSWER (void)0;
#endif
#ifndef BEFORE
#define BEFORE
#endif

BEFORE

int chiso_rule(const chiso_host *host, const chiso_call *call, uint32_t number,
               chiso_dec *points) {
  int64_t done, due, share;
#ifndef KEEPS_NUMBERS
  if (number != 1)
    return -1;
#endif
  (void)number;
  if (host->input(call, "done", &done) != 0 ||
      host->input(call, "due", &due) != 0)
    return -1;
  ANSWER
  if (due == 0)
    return 1;
  if (done < 0 || due < 0 || done > due ||
      host->muldiv(MAX, done, due, &share) != 0)
    return -1;
  *points = share;
  return 0;
}
