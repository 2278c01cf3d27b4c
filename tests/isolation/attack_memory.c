/* SPDX-License-Identifier: Apache-2.0
 * Takes all memory that there is, and then some. */
#include "attack.h"

#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)8 * 1024 * 1024)

void attack(void) {
  for (;;)
    memset(malloc(PIECE), 1, PIECE);
}
