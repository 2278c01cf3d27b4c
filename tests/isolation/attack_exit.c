/* SPDX-License-Identifier: Apache-2.0
 * Ends the process in good order. */
#include "attack.h"

#include <stdlib.h>

void attack(void) {
  exit(3);
}
