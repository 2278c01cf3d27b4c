/* SPDX-License-Identifier: Apache-2.0
 * Writes to whatever is open. */
#include "attack.h"

#include <unistd.h>

void attack(void) {
  static const char text[] = "what is this?";
  (void)!write(4, text, sizeof text);
}
