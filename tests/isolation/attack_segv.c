/* SPDX-License-Identifier: Apache-2.0
 * Writes where nothing is. */
#include "attack.h"

void attack(void) {
  *(volatile int *)8 = 1;
}
