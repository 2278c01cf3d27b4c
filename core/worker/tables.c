/* SPDX-License-Identifier: Apache-2.0
 * worker/tables.c - a plugin's tables, walked by the strides it declares and
 * written in this build's layout. What cannot be walked is left out and its
 * count kept, so that the host refuses it with the reason it gives of any
 * plugin. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "host/host.h"
#include "model/members.h"
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

/* How far the plugin's elements lie apart. */
static size_t stride_of(const chiso__struct *of, const chiso_index *index) {
  uint16_t stride;
  if (of->stride == 0)
    return of->size;
  memcpy(&stride, (const char *)index + of->stride, sizeof stride);
  return stride;
}

/* Whether an array can be walked. */
static bool can_send(const chiso__member *member, const void *base,
                     const chiso_index *index) {
  uint32_t count = chiso__member_count(member, base);
  return count > 0 && count <= member->most &&
         chiso__member_array(member, base) &&
         (member->type == CHISO__MEMBER_TEXTS ||
          stride_of(member->of, index) >= member->of->least);
}

/* The struct's own bytes, zero behind those that the plugin knows: pointers
 * become flags. */
static void put_bytes(sender *s, const chiso__struct *of, const void *base,
                      size_t known, const chiso_index *index) {
  unsigned char *at = take(s, of->size);
  size_t shared = known < of->size ? known : of->size;
  if (!at)
    return;
  memcpy(at, base, shared);
  memset(at + shared, 0, of->size - shared);
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    uintptr_t flag = 0;
    if (member->offset >= shared)
      continue;
    if (member->type == CHISO__MEMBER_LIST ||
        member->type == CHISO__MEMBER_TEXTS)
      flag = can_send(member, base, index);
    else if (member->type != CHISO__MEMBER_TEXT)
      continue;
    memcpy(at + member->offset, &flag, sizeof flag);
  }
}

static void put_struct(sender *s, const chiso__struct *of, const void *base,
                       size_t known, const chiso_index *index);

static void put_array(sender *s, const chiso__member *member, const void *base,
                      const chiso_index *index) {
  const char *array = chiso__member_array(member, base);
  uint32_t count = chiso__member_count(member, base);
  for (uint32_t k = 0; k < count && !s->full; k++) {
    if (member->type == CHISO__MEMBER_TEXTS) {
      put_text(s, ((const char *const *)(const void *)array)[k]);
    } else {
      size_t stride = stride_of(member->of, index);
      put_struct(s, member->of, array + k * stride, stride, index);
    }
  }
}

/* `known` bytes of it are the plugin's. */
static void put_struct(sender *s, const chiso__struct *of, const void *base,
                       size_t known, const chiso_index *index) {
  put_bytes(s, of, base, known, index);
  for (size_t i = 0; i < of->n_members && !s->full; i++) {
    const chiso__member *member = &of->members[i];
    bool there = member->offset < known;
    switch (member->type) {
    case CHISO__MEMBER_TEXT:
      put_text(s, there ? chiso__member_text(member, base) : NULL);
      break;
    case CHISO__MEMBER_LIST:
    case CHISO__MEMBER_TEXTS:
      if (there && can_send(member, base, index))
        put_array(s, member, base, index);
      break;
    default:
      break; /* in the bytes */
    }
  }
}

static void put_index(sender *s, const chiso_index *index) {
  uint32_t there = index != NULL;
  put(s, &there, sizeof there);
  if (!index)
    return;
  /* One that is too short goes as far as its size, which the host refuses. */
  size_t least = offsetof(chiso_index, size) + sizeof index->size;
  bool whole = index->size >= chiso__index_struct.least;
  put_struct(s, &chiso__index_struct, index, whole ? index->size : least,
             index);
}

size_t worker_tables(const chiso_plugin *plugin, uint32_t n_indices,
                     unsigned char *room, size_t size) {
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
  put_text(&s, plugin->id);
  put_text(&s, plugin->version);
  put_text(&s, plugin->license);
  put_text(&s, plugin->contact);
  if (has_indices && plugin->n_indices <= CHISO__MAX_INDICES &&
      (n_indices == 0 || plugin->n_indices == n_indices))
    for (uint32_t i = 0; i < plugin->n_indices; i++)
      put_index(&s, plugin->indices[i]);
  return s.full ? SIZE_MAX : s.used;
}
