/* SPDX-License-Identifier: Apache-2.0
 * host/tables.c - a plugin's tables as a worker sent them: bytes of a
 * stranger. Every count and every length is held against what is left before
 * memory is asked for, so that the result is never larger than the bytes; what
 * the tables mean is checked later, as of any plugin. */
#include <string.h>

#include "host/host.h"
#include "host/shape.h"

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

static bool take_struct(reader *r, const chiso__shape *shape,
                        unsigned char *out);

/* An array whose elements follow, into the struct's pointer. Arrays that do
 * not follow keep their count: the copy refuses them. */
static bool take_array(reader *r, const chiso__shape_array *array,
                       unsigned char *bytes) {
  uintptr_t flag;
  uint32_t count;
  memcpy(&flag, bytes + array->pointer, sizeof flag);
  memcpy(&count, bytes + array->count, sizeof count);
  memset(bytes + array->pointer, 0, sizeof flag);
  if (flag == 0)
    return true;
  size_t size = array->element->size;
  if (flag != 1 || count == 0 || count > array->most || count > r->left / size)
    return false;
  unsigned char *elements = chiso__arena_raw(r->arena, count, size);
  if (!elements) {
    r->no_memory = true;
    return false;
  }
  for (uint32_t i = 0; i < count; i++)
    if (!take_struct(r, array->element, elements + i * size))
      return false;
  memcpy(bytes + array->pointer, &elements, sizeof elements);
  return true;
}

static bool take_struct(reader *r, const chiso__shape *shape,
                        unsigned char *out) {
  const unsigned char *bytes = take(r, shape->size);
  if (!bytes)
    return false;
  memcpy(out, bytes, shape->size);
  for (size_t i = 0; i < shape->n_texts; i++) {
    const char *text;
    if (!take_text(r, &text))
      return false;
    memcpy(out + shape->texts[i], &text, sizeof text);
  }
  for (size_t i = 0; i < shape->n_arrays; i++)
    if (!take_array(r, &shape->arrays[i], out))
      return false;
  return true;
}

/* The elements came in this build's layout. A stride that is too short stays:
 * the copy refuses it as it does of any plugin. */
static void settle_strides(chiso_index *index) {
  const struct {
    uint16_t *stride;
    size_t size;
  } all[] = { { &index->legal_stride, sizeof(chiso_legal) },
              { &index->node_stride, sizeof(chiso_node) },
              { &index->input_stride, sizeof(chiso_input) },
              { &index->step_stride, sizeof(chiso_step) },
              { &index->grading_stride, sizeof(chiso_grading) },
              { &index->grade_stride, sizeof(chiso_grade) },
              { &index->partition_stride, sizeof(chiso_partition) },
              { &index->part_stride, sizeof(chiso_part) } };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (*all[i].stride > all[i].size)
      *all[i].stride = (uint16_t)all[i].size;
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
  if (!index || !take_struct(r, &chiso__shape_index, (unsigned char *)index))
    return false;
  settle_strides(index);
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
  if (!indices || out->n_indices > CHISO__MAX_INDICES)
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
