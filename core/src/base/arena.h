/* SPDX-License-Identifier: Apache-2.0
 * base/arena.h - memory that is freed all at once. */
#ifndef CHISO_BASE_ARENA_H
#define CHISO_BASE_ARENA_H

#include "chiso/base.h"

typedef struct chiso__block chiso__block;

/* Zero-initialised with its allocator set it is ready for use. */
typedef struct chiso__arena {
  const chiso_allocator *allocator; /* borrowed; NULL = the default */
  chiso__block *blocks;
} chiso__arena;

/* Zeroed memory, aligned for any type; NULL when memory is short. Freed with
 * the arena. size 0 gives a valid pointer. */
void *chiso__arena_alloc(chiso__arena *arena, size_t size);
/* The same, not zeroed: for what is filled at once. NULL also when count * size
 * overflows. */
void *chiso__arena_raw(chiso__arena *arena, size_t count, size_t size);
/* Zeroed array; NULL also when count * size overflows. */
void *chiso__arena_array(chiso__arena *arena, size_t count, size_t size);
/* Copy of `size` bytes with a zero after them. */
char *chiso__arena_text(chiso__arena *arena, const char *text, size_t size);
void chiso__arena_free(chiso__arena *arena);

/* Plain blocks from an allocator (NULL = the default). */
void *chiso__alloc(const chiso_allocator *allocator, size_t size); /* zeroed */
void *chiso__resize(const chiso_allocator *allocator, void *block, size_t size);
void chiso__free(const chiso_allocator *allocator, void *block);

/* Makes room for one more element in a growing array: doubles *capacity.
 * `*array` is as chiso__resize() gives it. False when memory is short. */
bool chiso__grow(const chiso_allocator *allocator, void **array,
                 size_t *capacity, size_t used, size_t element);

#endif
