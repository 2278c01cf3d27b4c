/* SPDX-License-Identifier: Apache-2.0
 * What a worker sends, cut off and damaged: refused with a reason or taken,
 * and never a step outside the bytes. */
#include "fixture.h"
#include "host_fixture.h"

#include "host/host.h"
#include "host/worker.h"

#define WORKER BUILD_DIR "/libexec/chiso/chiso-worker"

/* What a worker sends of a shipped plugin; to be freed. */
static unsigned char *sent_by_worker(const char *library, size_t *size) {
  const folder plugins = { BUILD_DIR "/lib/chiso/plugins" };
  chiso__arena arena = { 0 };
  const unsigned char *sent = NULL;
  unsigned char *copy = NULL;
  size_t length = 0;
  char *bytes = get_bytes(&plugins, library, &length);
  const chiso__worker_task task = { .program = WORKER,
                                    .bytes = bytes,
                                    .size = length };
  chiso__worker *w = bytes ? chiso__worker_new(library, NULL) : NULL;
  chiso_error err = { 0 };
  if (w &&
      good(chiso__worker_start(w, &task, &arena, &sent, size, &err), &err) &&
      (copy = malloc(*size)))
    memcpy(copy, sent, *size);
  chiso__worker_free(w);
  chiso__arena_free(&arena);
  free(bytes);
  return copy;
}

/* Reads them, and copies every methodology that is there. The bytes are in
 * memory of their size, so that a step too far is seen. */
static chiso_status take(const unsigned char *bytes, size_t size,
                         size_t *memory) {
  counting count = { .left = -1 };
  const chiso_allocator allocator = counting_allocator(&count);
  chiso__arena arena = { .allocator = &allocator };
  chiso_plugin *plugin = NULL;
  bool has_rule;
  chiso_error err = { 0 };
  unsigned char *own = malloc(size ? size : 1);
  if (!own)
    return CHISO_NO_MEMORY;
  memcpy(own, bytes, size);
  chiso_status status = chiso__tables_read(&arena, "x.so", "x", own, size,
                                           &plugin, &has_rule, &err);
  CU_ASSERT(status == CHISO_OK || *err.text);
  for (uint32_t i = 0; plugin && plugin->indices && i < plugin->n_indices;
       i++) {
    chiso_methodology *m = NULL;
    if (plugin->indices[i] &&
        chiso_methodology_copy("x.so", plugin->indices[i], NULL, &m, &err) !=
            CHISO_OK)
      CU_ASSERT(*err.text);
    chiso_methodology_free(m);
  }
  /* without a list the tables are refused by what comes next */
  if (status == CHISO_OK && !plugin->indices)
    status = CHISO_BAD_DATA;
  *memory = (size_t)count.live;
  chiso__arena_free(&arena);
  free(own);
  return status;
}

static void every_cut_is_refused(void) {
  size_t size = 0, memory;
  unsigned char *bytes = sent_by_worker("qd766-2026.so", &size);
  MUST(bytes != NULL);
  CU_ASSERT_EQUAL(take(bytes, size, &memory), CHISO_OK);
  for (size_t cut = 0; cut < size; cut += cut < 300 ? 1 : 41)
    CU_ASSERT_EQUAL(take(bytes, cut, &memory), CHISO_BAD_DATA);
  unsigned char *longer = malloc(size + 1);
  MUST(longer != NULL);
  memcpy(longer, bytes, size);
  longer[size] = 0;
  CU_ASSERT_EQUAL(take(longer, size + 1, &memory), CHISO_BAD_DATA);
  free(longer);
  free(bytes);
}

static void damage_is_survived(void) {
  static const uint32_t words[] = { 0,          1,          2,     0x7fffffff,
                                    0xffffffff, 0xfffffffe, 20001, 0x80000000 };
  size_t size = 0, memory, refused = 0;
  uint64_t seed = 99;
  unsigned char *bytes = sent_by_worker("par-2020.so", &size);
  MUST(bytes != NULL);
  unsigned char *work = malloc(size);
  MUST(work != NULL);
  for (int round = 0; round < 400; round++) {
    memcpy(work, bytes, size);
    for (uint64_t n = 1 + xorshift(&seed) % 4; n > 0; n--) {
      size_t at = (size_t)(xorshift(&seed) % (size - 4)) & ~(size_t)3;
      if (xorshift(&seed) % 2)
        memcpy(work + at, &words[xorshift(&seed) % 8], 4);
      else
        work[at] = (unsigned char)xorshift(&seed);
    }
    refused += take(work, size, &memory) != CHISO_OK;
  }
  CU_ASSERT(refused > 50);
  free(work);
  free(bytes);
}

SUITE_MAIN({ "every cut is refused", every_cut_is_refused },
           { "damage is survived", damage_is_survived })
