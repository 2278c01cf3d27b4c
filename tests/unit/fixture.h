/* SPDX-License-Identifier: Apache-2.0
 * An allocator that counts and fails on demand, and random numbers that are
 * the same everywhere. */
#ifndef CHISO_TESTS_FIXTURE_H
#define CHISO_TESTS_FIXTURE_H

#include <stdint.h>
#include <stdlib.h>

#include "chiso/base.h"

typedef struct counting {
  long left; /* requests that still succeed; negative: all do */
  long live; /* blocks not yet freed */
} counting;

static void *counting_resize(void *user, void *block, size_t size) {
  counting *c = user;
  if (size == 0) {
    c->live -= block != NULL;
    free(block);
    return NULL;
  }
  if (c->left == 0)
    return NULL;
  if (c->left > 0)
    c->left--;
  void *grown = realloc(block, size);
  c->live += grown && !block;
  return grown;
}

static inline chiso_allocator counting_allocator(counting *c) {
  return (chiso_allocator) { counting_resize, c };
}

static inline uint64_t xorshift(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

#endif
