/* SPDX-License-Identifier: Apache-2.0
 * Opens a way to the net. */
#include "attack.h"

#include <sys/socket.h>

void attack(void) {
  (void)socket(AF_INET, SOCK_STREAM, 0);
}
