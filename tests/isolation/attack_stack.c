/* SPDX-License-Identifier: Apache-2.0
 * Calls itself without end. */
#include "attack.h"

static volatile int depth;

static int deeper(int from) {
  volatile char room[1024];
  room[from & 1023] = (char)from;
  depth++;
  return deeper(from + 1) + room[from & 1023];
}

void attack(void) {
  depth = deeper(depth);
}
