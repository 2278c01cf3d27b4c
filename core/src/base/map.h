/* SPDX-License-Identifier: Apache-2.0
 * base/map.h - from text to a number: open addressing, insert only. */
#ifndef CHISO_BASE_MAP_H
#define CHISO_BASE_MAP_H

#include "base/arena.h"

typedef struct chiso__map {
  const chiso_allocator *allocator;
  struct chiso__map_slot *slots;
  size_t capacity, used;
  bool folded; /* compare by ASCII folding */
} chiso__map;

/* Keys are borrowed: they must outlive the map. On a repeated key *previous
 * (may be NULL) gets its value and the map stays as it was. */
typedef enum chiso__map_result {
  CHISO__MAP_NEW,
  CHISO__MAP_REPEATED,
  CHISO__MAP_NO_MEMORY
} chiso__map_result;
chiso__map_result chiso__map_put(chiso__map *map, const char *key, size_t value,
                                 size_t *previous);
bool chiso__map_get(const chiso__map *map, const char *key, size_t *value);
void chiso__map_free(chiso__map *map);

#endif
