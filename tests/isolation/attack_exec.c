/* SPDX-License-Identifier: Apache-2.0
 * Becomes another program. */
#include "attack.h"

#include <unistd.h>

void attack(void) {
  char *const arguments[] = { (char *)"sh", 0 };
  (void)execve("/bin/sh", arguments, arguments + 1);
}
