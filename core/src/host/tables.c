/* SPDX-License-Identifier: Apache-2.0
 * host/tables.c - a plugin's tables as a worker sent them: bytes of a
 * stranger. Every count and every length is held against what is left before
 * memory is asked for, so that the result is never larger than the bytes; what
 * the tables mean is checked later, as of any plugin. */
#include <string.h>

#include "host/host.h"
#include "host/protocol.h"
#include "model/members.h"

typedef struct reader {
  chiso__arena *arena;
  const unsigned char *at;
  size_t left;
  bool no_memory;
} reader;

static const unsigned char *take(reader *r, size_t size) {
  if (size > r->left)
    return NULL;
  r->left -= size;
  r->at += size;
  return r->at - size;
}

static bool take_number(reader *r, uint32_t *out) {
  const unsigned char *at = take(r, sizeof *out);
  if (at)
    memcpy(out, at, sizeof *out);
  return at != NULL;
}

/* The text stays where it is. */
static bool take_text(reader *r, const char **out) {
  uint32_t size;
  *out = NULL;
  if (!take_number(r, &size))
    return false;
  if (size == CHISO__NO_TEXT)
    return true;
  const unsigned char *at = take(r, (size_t)size + 1);
  *out = (const char *)at;
  return at && at[size] == 0;
}

static bool take_struct(reader *r, const chiso__struct *of, chiso_index *index,
                        unsigned char *out);

static bool take_elements(reader *r, const chiso__member *member,
                          uint32_t count, chiso_index *index,
                          unsigned char *elements) {
  for (uint32_t i = 0; i < count; i++) {
    if (member->type == CHISO__MEMBER_LIST) {
      if (!take_struct(r, member->of, index, elements + i * member->of->size))
        return false;
      continue;
    }
    const char *text;
    if (!take_text(r, &text))
      return false;
    memcpy(elements + i * sizeof text, &text, sizeof text);
  }
  return true;
}

/* An array whose elements follow, into the struct's pointer. The elements come
 * in this build's layout, so that is their stride. Arrays that do not follow
 * keep their count, and the copy refuses them. */
static bool take_array(reader *r, const chiso__member *member,
                       chiso_index *index, unsigned char *base) {
  uintptr_t flag;
  uint32_t count = chiso__member_count(member, base);
  bool list = member->type == CHISO__MEMBER_LIST;
  size_t size = list ? member->of->size : sizeof(char *);
  size_t least = list ? size : sizeof(uint32_t); /* of what follows for one */
  memcpy(&flag, base + member->offset, sizeof flag);
  memset(base + member->offset, 0, sizeof flag);
  if (flag == 0)
    return true;
  if (flag != 1 || count == 0 || count > member->most ||
      count > r->left / least)
    return false;
  unsigned char *elements = chiso__arena_raw(r->arena, count, size);
  if (!elements) {
    r->no_memory = true;
    return false;
  }
  if (!take_elements(r, member, count, index, elements))
    return false;
  if (list && member->of->stride) {
    uint16_t stride = (uint16_t)size;
    memcpy((char *)index + member->of->stride, &stride, sizeof stride);
  }
  memcpy(base + member->offset, &elements, sizeof elements);
  return true;
}

static bool take_struct(reader *r, const chiso__struct *of, chiso_index *index,
                        unsigned char *out) {
  const unsigned char *bytes = take(r, of->size);
  const char *text;
  if (!bytes)
    return false;
  memcpy(out, bytes, of->size);
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    switch (member->type) {
    case CHISO__MEMBER_TEXT:
      if (!take_text(r, &text))
        return false;
      memcpy(out + member->offset, &text, sizeof text);
      break;
    case CHISO__MEMBER_LIST:
    case CHISO__MEMBER_TEXTS:
      if (!take_array(r, member, index, out))
        return false;
      break;
    default:
      break; /* in the bytes */
    }
  }
  return true;
}

static bool take_index(reader *r, const chiso_index **out) {
  uint32_t there;
  *out = NULL;
  if (!take_number(r, &there) || there > 1)
    return false;
  if (!there)
    return true;
  chiso_index *index = chiso__arena_alloc(r->arena, sizeof *index);
  r->no_memory = !index;
  if (!index ||
      !take_struct(r, &chiso__index_struct, index, (unsigned char *)index))
    return false;
  *out = index;
  return true;
}

/* What follows the first words, which are known to be of this ABI. */
static bool take_plugin(reader *r, chiso_plugin *out, bool *has_rule) {
  uint32_t rule, indices;
  const char **texts[] = { &out->id, &out->version, &out->license,
                           &out->contact };
  if (!take_number(r, &rule) || !take_number(r, &indices))
    return false;
  *has_rule = rule != 0;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (!take_text(r, texts[i]))
      return false;
  /* None follow when their number is not the manifest's. */
  if (!indices || out->n_indices > CHISO__MAX_INDICES || r->left == 0)
    return r->left == 0;
  const chiso_index **list =
      chiso__arena_array(r->arena, out->n_indices, sizeof(void *));
  if (!list) {
    r->no_memory = true;
    return false;
  }
  for (uint32_t i = 0; i < out->n_indices; i++)
    if (!take_index(r, &list[i]))
      return false;
  out->indices = list;
  return r->left == 0;
}

chiso_status chiso__tables_read(chiso__arena *arena, const char *file,
                                const char *id, const unsigned char *bytes,
                                size_t size, chiso_plugin **out, bool *has_rule,
                                chiso_error *err) {
  reader r = { .arena = arena, .at = bytes, .left = size };
  chiso__place place = { .file = file };
  const size_t words = offsetof(chiso_plugin, id);
  *out = NULL;
  *has_rule = false;
  if (size == 0)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_LIBRARY_EMPTY,
                       "chiso_plugin");
  chiso_plugin *plugin = chiso__arena_alloc(arena, sizeof *plugin);
  const unsigned char *first = take(&r, words);
  if (!plugin)
    return chiso__no_memory(err);
  if (!first)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_GARBAGE);
  memcpy(plugin, first, words);
  CHISO__TRY(
      chiso__abi_check(file, id, plugin->abi_major, plugin->abi_minor, err));
  /* Smaller ones end here; they are refused with the tables' other faults. */
  if (plugin->size >= sizeof *plugin && !take_plugin(&r, plugin, has_rule))
    return r.no_memory
               ? chiso__no_memory(err)
               : chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_GARBAGE);
  *out = plugin;
  return CHISO_OK;
}
