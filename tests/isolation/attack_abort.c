/* SPDX-License-Identifier: Apache-2.0
 * Gives up. */
#include "attack.h"

#include <stdlib.h>

void attack(void) {
  abort();
}
