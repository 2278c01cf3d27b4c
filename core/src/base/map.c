/* SPDX-License-Identifier: Apache-2.0
 * base/map.c - from text to a number. */
#include "base/map.h"

#include <string.h>

#include "base/text.h"

typedef struct chiso__map_slot {
  const char *key; /* NULL: free */
  size_t value;
  uint64_t hash;
} slot;

static uint64_t hash_of(const chiso__map *map, const char *key) {
  return map->folded ? chiso__text_hash_folded(key)
                     : chiso__text_hash(key, strlen(key));
}

/* The slot of the key, or the free one where it belongs. */
static slot *find(const chiso__map *map, const char *key, uint64_t hash) {
  size_t mask = map->capacity - 1, i = (size_t)hash & mask;
  while (map->slots[i].key) {
    const slot *s = &map->slots[i];
    if (s->hash == hash && (map->folded ? chiso__text_same_folded(s->key, key)
                                        : strcmp(s->key, key) == 0))
      break;
    i = (i + 1) & mask;
  }
  return &map->slots[i];
}

static bool make_room(chiso__map *map) {
  if (map->used + map->used / 2 + 1 < map->capacity)
    return true;
  size_t capacity = map->capacity ? map->capacity * 2 : 16;
  if (capacity > SIZE_MAX / sizeof(slot) / 2)
    return false;
  slot *slots = chiso__alloc(map->allocator, capacity * sizeof *slots);
  if (!slots)
    return false;
  for (size_t i = 0; i < map->capacity; i++) {
    if (!map->slots[i].key)
      continue;
    size_t to = (size_t)map->slots[i].hash & (capacity - 1);
    while (slots[to].key)
      to = (to + 1) & (capacity - 1);
    slots[to] = map->slots[i];
  }
  chiso__free(map->allocator, map->slots);
  map->slots = slots;
  map->capacity = capacity;
  return true;
}

chiso__map_result chiso__map_put(chiso__map *map, const char *key, size_t value,
                                 size_t *previous) {
  if (!make_room(map))
    return CHISO__MAP_NO_MEMORY;
  uint64_t hash = hash_of(map, key);
  slot *s = find(map, key, hash);
  if (s->key) {
    if (previous)
      *previous = s->value;
    return CHISO__MAP_REPEATED;
  }
  *s = (slot) { key, value, hash };
  map->used++;
  return CHISO__MAP_NEW;
}

bool chiso__map_get(const chiso__map *map, const char *key, size_t *value) {
  if (map->used == 0)
    return false;
  const slot *s = find(map, key, hash_of(map, key));
  if (s->key && value)
    *value = s->value;
  return s->key != NULL;
}

void chiso__map_free(chiso__map *map) {
  chiso__free(map->allocator, map->slots);
  map->slots = NULL;
  map->capacity = map->used = 0;
}
