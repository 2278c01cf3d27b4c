/* SPDX-License-Identifier: Apache-2.0
 * Makes new code: memory that is written and then run. */
#include "attack.h"

#include <sys/mman.h>

static char page[8192] __attribute__((aligned(4096)));

void attack(void) {
  (void)mprotect(page, 4096, PROT_READ | PROT_EXEC);
}
