/* SPDX-License-Identifier: Apache-2.0
 * Becomes two. */
#include "attack.h"

#include <unistd.h>

void attack(void) {
  (void)fork();
}
