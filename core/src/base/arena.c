/* SPDX-License-Identifier: Apache-2.0
 * base/arena.c - blocks from an allocator, and memory freed all at once. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT     _Alignof(max_align_t)
#define FIRST_BLOCK   ((size_t)4096)
#define LARGEST_BLOCK ((size_t)1 << 20)

struct chiso__block {
  chiso__block *next;
  size_t used, size;
  _Alignas(max_align_t) unsigned char bytes[];
};

static void *default_resize(void *user, void *block, size_t size) {
  (void)user;
  if (size == 0) {
    free(block);
    return NULL;
  }
  return realloc(block, size);
}

const chiso_allocator *chiso_allocator_default(void) {
  static const chiso_allocator allocator = { default_resize, NULL };
  return &allocator;
}

void *chiso__resize(const chiso_allocator *allocator, void *block,
                    size_t size) {
  if (!allocator)
    allocator = chiso_allocator_default();
  return allocator->resize(allocator->user, block, size);
}

void *chiso__alloc(const chiso_allocator *allocator, size_t size) {
  void *block = chiso__resize(allocator, NULL, size ? size : 1);
  if (block)
    memset(block, 0, size ? size : 1);
  return block;
}

void chiso__free(const chiso_allocator *allocator, void *block) {
  if (block)
    chiso__resize(allocator, block, 0);
}

bool chiso__grow(const chiso_allocator *allocator, void **array,
                 size_t *capacity, size_t used, size_t element) {
  if (used < *capacity)
    return true;
  size_t wanted = *capacity ? *capacity : 8;
  while (wanted <= used) {
    if (wanted > SIZE_MAX / 2)
      return false;
    wanted *= 2;
  }
  if (element && wanted > SIZE_MAX / element)
    return false;
  void *grown = chiso__resize(allocator, *array, wanted * element);
  if (!grown)
    return false;
  *array = grown;
  *capacity = wanted;
  return true;
}

static chiso__block *add_block(chiso__arena *arena, size_t size) {
  chiso__block *head = arena->blocks;
  size_t wanted = head ? head->size * 2 : FIRST_BLOCK;
  if (wanted > LARGEST_BLOCK)
    wanted = LARGEST_BLOCK;
  bool alone = size > wanted / 2;
  if (alone)
    wanted = size;
  if (wanted > SIZE_MAX - sizeof(chiso__block))
    return NULL;
  chiso__block *block =
      chiso__resize(arena->allocator, NULL, sizeof *block + wanted);
  if (!block)
    return NULL;
  block->used = 0;
  block->size = wanted;
  /* A large request gets a block of its own behind the head, so that the room
   * left in the head stays in use. */
  if (alone && head) {
    block->next = head->next;
    head->next = block;
  } else {
    block->next = head;
    arena->blocks = block;
  }
  return block;
}

static void *take(chiso__arena *arena, size_t size) {
  if (size > SIZE_MAX / 2)
    return NULL;
  size = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
  chiso__block *block = arena->blocks;
  if (!block || block->size - block->used < size)
    block = add_block(arena, size);
  if (!block)
    return NULL;
  void *memory = block->bytes + block->used;
  block->used += size;
  return memory;
}

void *chiso__arena_alloc(chiso__arena *arena, size_t size) {
  void *memory = take(arena, size);
  if (memory)
    memset(memory, 0, size);
  return memory;
}

void *chiso__arena_raw(chiso__arena *arena, size_t count, size_t size) {
  return size && count > SIZE_MAX / size ? NULL : take(arena, count * size);
}

void *chiso__arena_array(chiso__arena *arena, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size)
    return NULL;
  return chiso__arena_alloc(arena, count * size);
}

char *chiso__arena_text(chiso__arena *arena, const char *text, size_t size) {
  if (size == SIZE_MAX)
    return NULL;
  char *copy = take(arena, size + 1);
  if (!copy)
    return NULL;
  if (size)
    memcpy(copy, text, size);
  copy[size] = '\0';
  return copy;
}

void chiso__arena_free(chiso__arena *arena) {
  while (arena->blocks) {
    chiso__block *next = arena->blocks->next;
    chiso__free(arena->allocator, arena->blocks);
    arena->blocks = next;
  }
}
