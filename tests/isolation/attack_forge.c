/* SPDX-License-Identifier: Apache-2.0
 * Speaks the worker's language, and lies: tables larger than there is\n * room
 * for, results of a batch that nobody asked for. */
#include "attack.h"

#include <stdint.h>
#include <unistd.h>

void attack(void) {
  static const struct {
    uint32_t kind, sequence;
    uint64_t size;
  } tables = { 2, 0, UINT64_MAX / 2 }, done = { 5, 77, 3 };
  (void)!write(4, &tables, sizeof tables);
  (void)!write(4, &done, sizeof done);
}
