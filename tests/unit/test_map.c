/* SPDX-License-Identifier: Apache-2.0
 * Map: many keys, repeated keys, folding, memory that runs out. */
#include "base/map.h"

#include "fixture.h"
#include "suite.h"

enum { MANY = 20000 };
static char names[MANY][12];

static void many_keys(void) {
  chiso__map map = { 0 };
  size_t value = 7;
  CU_ASSERT_FALSE(chiso__map_get(&map, "x", &value));
  for (size_t i = 0; i < MANY; i++) {
    (void)snprintf(names[i], sizeof names[i], "k%zu", i * 7919);
    MUST(chiso__map_put(&map, names[i], i, NULL) == CHISO__MAP_NEW);
  }
  CU_ASSERT_EQUAL(map.used, MANY);
  CU_ASSERT(map.capacity > MANY && map.capacity <= 4 * MANY);
  for (size_t i = 0; i < MANY; i++)
    MUST(chiso__map_get(&map, names[i], &value) && value == i);
  for (size_t i = 0; i < MANY; i++) {
    MUST(chiso__map_put(&map, names[i], 1, &value) == CHISO__MAP_REPEATED);
    MUST(value == i);
  }
  CU_ASSERT_FALSE(chiso__map_get(&map, "absent", NULL));
  CU_ASSERT_FALSE(chiso__map_get(&map, "", NULL));
  chiso__map_free(&map);
}

static void folding(void) {
  chiso__map map = { .folded = true };
  size_t value;
  CU_ASSERT_EQUAL(chiso__map_put(&map, "A.1-b", 3, NULL), CHISO__MAP_NEW);
  CU_ASSERT_EQUAL(chiso__map_put(&map, "a.1-B", 4, &value),
                  CHISO__MAP_REPEATED);
  CU_ASSERT_EQUAL(value, 3);
  CU_ASSERT_FALSE(chiso__map_get(&map, "a.1-", NULL));
  chiso__map_free(&map);
  map.folded = false;
  CU_ASSERT_EQUAL(chiso__map_put(&map, "A", 1, NULL), CHISO__MAP_NEW);
  CU_ASSERT_EQUAL(chiso__map_put(&map, "a", 2, NULL), CHISO__MAP_NEW);
  chiso__map_free(&map);
}

static void memory_runs_out(void) {
  counting c = { .left = 2 };
  chiso_allocator allocator = counting_allocator(&c);
  chiso__map map = { .allocator = &allocator };
  size_t added = 0, value;
  while (added < 1000 &&
         chiso__map_put(&map, names[added], added, NULL) == CHISO__MAP_NEW)
    added++;
  CU_ASSERT(added >= 10 && added < 32);
  for (size_t i = 0; i < added; i++)
    CU_ASSERT(chiso__map_get(&map, names[i], &value) && value == i);
  chiso__map_free(&map);
  CU_ASSERT_EQUAL(c.live, 0);
}

SUITE_MAIN({ "many", many_keys }, { "folding", folding },
           { "memory", memory_runs_out })
