/* SPDX-License-Identifier: Apache-2.0
 * Fills the channel until nobody listens. */
#include "attack.h"

#include <unistd.h>

void attack(void) {
  static char text[100000];
  for (;;)
    (void)!write(4, text, sizeof text);
}
