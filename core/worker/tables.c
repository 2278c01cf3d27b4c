/* SPDX-License-Identifier: Apache-2.0
 * worker/tables.c - a plugin's tables, walked by the strides it declares and
 * written in this build's layout. What cannot be walked is left out and its
 * count kept, so that the host refuses it with the reason it gives of any
 * plugin. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "host/host.h"
#include "host/shape.h"
#include "model/model.h"
#include "worker.h"

typedef struct sender {
  unsigned char *room;
  size_t used, size;
  bool full;
} sender;

static unsigned char *take(sender *s, size_t size) {
  if (s->full || size > s->size - s->used) {
    s->full = true;
    return NULL;
  }
  s->used += size;
  return s->room + s->used - size;
}

static void put(sender *s, const void *bytes, size_t size) {
  unsigned char *at = take(s, size);
  if (at && size)
    memcpy(at, bytes, size);
}

static void put_text(sender *s, const char *text) {
  uint32_t size =
      text ? (uint32_t)strnlen(text, CHISO__MAX_TEXT + 1) : CHISO__NO_TEXT;
  put(s, &size, sizeof size);
  if (!text)
    return;
  put(s, text, size);
  put(s, "", 1);
}

static void *pointer_at(const unsigned char *bytes, size_t offset) {
  void *pointer;
  memcpy(&pointer, bytes + offset, sizeof pointer);
  return pointer;
}

static uint16_t stride_of(const chiso__shape_array *array,
                          const chiso_index *index) {
  uint16_t stride = (uint16_t)array->element->size;
  if (array->stride != CHISO__STRIDE_NONE)
    memcpy(&stride, (const unsigned char *)index + array->stride,
           sizeof stride);
  return stride;
}

static uint32_t count_of(const chiso__shape_array *array,
                         const unsigned char *bytes) {
  uint32_t count;
  memcpy(&count, bytes + array->count, sizeof count);
  return count;
}

static bool can_send(const chiso__shape_array *array,
                     const unsigned char *bytes, const chiso_index *index) {
  uint32_t count = count_of(array, bytes);
  return count > 0 && count <= array->most &&
         pointer_at(bytes, array->pointer) &&
         stride_of(array, index) >= array->element->size;
}

/* The struct's own bytes: pointers become flags. */
static void put_bytes(sender *s, const chiso__shape *shape,
                      const unsigned char *bytes, const chiso_index *index) {
  unsigned char *at = take(s, shape->size);
  if (!at)
    return;
  memcpy(at, bytes, shape->size);
  for (size_t i = 0; i < shape->n_texts; i++)
    memset(at + shape->texts[i], 0, sizeof(void *));
  for (size_t i = 0; i < shape->n_arrays; i++) {
    uintptr_t flag = can_send(&shape->arrays[i], bytes, index);
    memcpy(at + shape->arrays[i].pointer, &flag, sizeof flag);
  }
}

static void put_struct(sender *s, const chiso__shape *shape, const void *from,
                       const chiso_index *index) {
  const unsigned char *bytes = from;
  put_bytes(s, shape, bytes, index);
  for (size_t i = 0; i < shape->n_texts; i++)
    put_text(s, pointer_at(bytes, shape->texts[i]));
  for (size_t i = 0; i < shape->n_arrays && !s->full; i++) {
    const chiso__shape_array *array = &shape->arrays[i];
    if (!can_send(array, bytes, index))
      continue;
    const unsigned char *element = pointer_at(bytes, array->pointer);
    uint32_t count = count_of(array, bytes);
    for (uint32_t k = 0; k < count && !s->full; k++)
      put_struct(s, array->element,
                 element + (size_t)k * stride_of(array, index), index);
  }
}

static void put_index(sender *s, const chiso_index *index) {
  uint32_t there = index != NULL;
  put(s, &there, sizeof there);
  if (index)
    put_struct(s, &chiso__shape_index, index, index);
}

size_t worker_tables(const chiso_plugin *plugin, unsigned char *room,
                     size_t size) {
  sender s = { .room = room, .size = size };
  if (!plugin)
    return 0;
  /* Of another ABI only the first words are known. */
  put(&s, plugin, offsetof(chiso_plugin, id));
  if (plugin->abi_major != CHISO_ABI_MAJOR ||
      plugin->abi_minor > CHISO_ABI_MINOR || plugin->size < sizeof *plugin)
    return s.used;
  uint32_t has_rule = plugin->rule != NULL;
  uint32_t has_indices = plugin->indices != NULL;
  put(&s, &has_rule, sizeof has_rule);
  put(&s, &has_indices, sizeof has_indices);
  for (size_t i = 0; i < chiso__shape_plugin.n_texts; i++)
    put_text(&s, pointer_at((const unsigned char *)plugin,
                            chiso__shape_plugin.texts[i]));
  if (has_indices && plugin->n_indices <= CHISO__MAX_INDICES)
    for (uint32_t i = 0; i < plugin->n_indices; i++)
      put_index(&s, plugin->indices[i]);
  return s.full ? SIZE_MAX : s.used;
}
