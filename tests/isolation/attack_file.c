/* SPDX-License-Identifier: Apache-2.0
 * Leaves a file behind. */
#include "attack.h"

#include <fcntl.h>

void attack(void) {
  (void)open("/tmp/chiso-attack-was-here", O_WRONLY | O_CREAT, 0600);
}
