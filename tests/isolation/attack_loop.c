/* SPDX-License-Identifier: Apache-2.0
 * Never returns. */
#include "attack.h"

void attack(void) {
  for (volatile unsigned long i = 0;; i++)
    ;
}
