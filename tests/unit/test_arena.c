/* SPDX-License-Identifier: Apache-2.0
 * Arena, growing arrays and growing text, with memory that runs out. */
#include "base/arena.h"

#include "base/buffer.h"
#include "fixture.h"
#include "suite.h"

static void blocks_do_not_overlap(void) {
  enum { N = 3000 };
  static unsigned char *blocks[N];
  static size_t sizes[N];
  counting c = { .left = -1 };
  chiso_allocator allocator = counting_allocator(&c);
  chiso__arena arena = { .allocator = &allocator };
  uint64_t state = 1;
  for (size_t i = 0; i < N; i++) {
    sizes[i] = (size_t)(xorshift(&state) % (i % 50 == 0 ? 20000 : 100));
    blocks[i] = chiso__arena_alloc(&arena, sizes[i]);
    MUST(blocks[i] != NULL);
    CU_ASSERT_EQUAL((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
    for (size_t k = 0; k < sizes[i]; k++)
      MUST(blocks[i][k] == 0);
    memset(blocks[i], (int)(i % 251) + 1, sizes[i]);
  }
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < sizes[i]; k++)
      MUST(blocks[i][k] == i % 251 + 1);
  CU_ASSERT(c.live > 1 && c.live < N / 4);
  chiso__arena_free(&arena);
  CU_ASSERT_EQUAL(c.live, 0);
  CU_ASSERT_PTR_NOT_NULL(chiso__arena_alloc(&arena, 0)); /* usable again */
  chiso__arena_free(&arena);
}

static void sizes_that_overflow(void) {
  chiso__arena arena = { 0 };
  CU_ASSERT_PTR_NULL(chiso__arena_array(&arena, SIZE_MAX / 2, 4));
  CU_ASSERT_PTR_NULL(chiso__arena_alloc(&arena, SIZE_MAX));
  CU_ASSERT_PTR_NULL(chiso__arena_text(&arena, "x", SIZE_MAX));
  void *array = NULL;
  size_t capacity = SIZE_MAX / 2 + 1;
  CU_ASSERT_FALSE(chiso__grow(NULL, &array, &capacity, capacity, 1));
  chiso__arena_free(&arena);
}

static void text_has_its_zero(void) {
  chiso__arena arena = { 0 };
  const char *copy = chiso__arena_text(&arena, "abcdef", 3);
  CU_ASSERT_STRING_EQUAL(copy, "abc");
  CU_ASSERT_STRING_EQUAL(chiso__arena_text(&arena, NULL, 0), "");
  chiso__arena_free(&arena);
}

static void arrays_grow(void) {
  void *array = NULL;
  size_t capacity = 0;
  for (size_t i = 0; i < 10000; i++) {
    MUST(chiso__grow(NULL, &array, &capacity, i, sizeof i));
    MUST(capacity > i);
    ((size_t *)array)[i] = i;
  }
  for (size_t i = 0; i < 10000; i++)
    MUST(((size_t *)array)[i] == i);
  chiso__free(NULL, array);
}

static void buffer_fails_for_good(void) {
  counting c = { .left = 1 };
  chiso_allocator allocator = counting_allocator(&c);
  chiso__buffer buffer = { .allocator = &allocator };
  chiso__buffer_print(&buffer, "%s-%d", "ab", 7);
  CU_ASSERT(!buffer.failed && buffer.size == 4);
  CU_ASSERT_STRING_EQUAL(buffer.data, "ab-7");
  chiso__buffer_text(&buffer, "much more than the room that is left");
  CU_ASSERT(buffer.failed);
  chiso__buffer_text(&buffer, "x");
  CU_ASSERT_STRING_EQUAL(buffer.data, "ab-7");
  chiso__buffer_free(&buffer);
  CU_ASSERT(c.live == 0 && !buffer.failed && buffer.data == NULL);
}

static void buffer_grows(void) {
  chiso__buffer buffer = { 0 };
  for (int i = 0; i < 5000; i++)
    chiso__buffer_print(&buffer, "%04d", i);
  MUST(!buffer.failed && buffer.size == 20000);
  CU_ASSERT_EQUAL(strlen(buffer.data), 20000);
  CU_ASSERT_STRING_EQUAL(buffer.data + 19996, "4999");
  chiso__buffer_free(&buffer);
}

SUITE_MAIN({ "blocks", blocks_do_not_overlap },
           { "overflow", sizes_that_overflow }, { "text", text_has_its_zero },
           { "grow", arrays_grow }, { "buffer fails", buffer_fails_for_good },
           { "buffer grows", buffer_grows })
