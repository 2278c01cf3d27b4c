/* SPDX-License-Identifier: Apache-2.0
 * base/json.c - strict JSON with places, values by cJSON. */
#include "base/json.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json_scan.h"
#include "base/map.h"
#include "base/text.h"

/* One walk over cJSON's tree and the scan's list: both are in the file's
 * order, so the n-th value of one is the n-th value of the other. */
typedef struct walk {
  chiso__arena *arena;
  const chiso__scan *scan;
  size_t next;
  bool no_memory;
} walk;

static const char *copy_text(walk *w, const char *text) {
  size_t size = strlen(text);
  const char *copy = chiso__arena_text(w->arena, text, size);
  if (copy)
    copy = chiso__nfc(w->arena, copy, size);
  w->no_memory = w->no_memory || !copy;
  return copy;
}

static bool same_type(const cJSON *value, chiso__json_type type) {
  switch (type) {
  case CHISO__JSON_NULL:
    return cJSON_IsNull(value);
  case CHISO__JSON_FALSE:
    return cJSON_IsFalse(value);
  case CHISO__JSON_TRUE:
    return cJSON_IsTrue(value);
  case CHISO__JSON_INTEGER:
    return cJSON_IsNumber(value);
  case CHISO__JSON_STRING:
    return cJSON_IsString(value);
  case CHISO__JSON_ARRAY:
    return cJSON_IsArray(value);
  case CHISO__JSON_OBJECT:
    return cJSON_IsObject(value);
  }
  return false;
}

/* NULL: memory is short, or the two readings differ. Depth is bounded by the
 * scan. */
static chiso__json *convert(walk *w, const cJSON *value) {
  if (w->next == w->scan->count)
    return NULL;
  const chiso__scan_value *found = &w->scan->values[w->next++];
  if (!same_type(value, found->type))
    return NULL;
  chiso__json *json = chiso__arena_alloc(w->arena, sizeof *json);
  if (!json) {
    w->no_memory = true;
    return NULL;
  }
  json->type = found->type;
  json->integer = found->integer;
  json->line = found->line;
  json->column = found->column;
  json->key_line = found->key_line;
  json->key_column = found->key_column;
  if (value->string && !(json->key = copy_text(w, value->string)))
    return NULL;
  if (found->type == CHISO__JSON_STRING &&
      !(json->string = copy_text(w, value->valuestring)))
    return NULL;
  chiso__json **link = &json->first;
  for (const cJSON *child = value->child; child; child = child->next) {
    *link = convert(w, child);
    if (!*link)
      return NULL;
    link = &(*link)->next;
    json->count++;
  }
  return json;
}

static chiso_status repeated(const char *file, const chiso__json *member,
                             uint64_t first_line, chiso_error *err) {
  chiso__place place = { file, member->key_line, member->key_column };
  return chiso__fail(err, CHISO_BAD_DATA, place, MSG_JSON_REPEATED, member->key,
                     (unsigned long long)first_line);
}

/* Most objects have few members: comparing beats hashing there. */
#define FEW_MEMBERS 12

static chiso_status unique_members(const chiso_allocator *allocator,
                                   const chiso__json *object, const char *file,
                                   chiso_error *err) {
  if (object->count <= FEW_MEMBERS) {
    for (const chiso__json *m = object->first; m; m = m->next)
      for (const chiso__json *o = object->first; o != m; o = o->next)
        if (strcmp(o->key, m->key) == 0)
          return repeated(file, m, o->key_line, err);
    return CHISO_OK;
  }
  chiso__map map = { .allocator = allocator };
  chiso_status status = CHISO_OK;
  for (const chiso__json *m = object->first; m && status == CHISO_OK;
       m = m->next) {
    size_t line = 0;
    chiso__map_result result =
        chiso__map_put(&map, m->key, (size_t)m->key_line, &line);
    if (result == CHISO__MAP_NO_MEMORY)
      status = chiso__no_memory(err);
    else if (result == CHISO__MAP_REPEATED)
      status = repeated(file, m, line, err);
  }
  chiso__map_free(&map);
  return status;
}

static chiso_status unique_keys(const chiso_allocator *allocator,
                                const chiso__json *json, const char *file,
                                chiso_error *err) {
  if (json->type == CHISO__JSON_OBJECT)
    CHISO__TRY(unique_members(allocator, json, file, err));
  for (const chiso__json *m = json->first; m; m = m->next)
    CHISO__TRY(unique_keys(allocator, m, file, err));
  return CHISO_OK;
}

static chiso_status build(chiso__arena *arena, const chiso__scan *scan,
                          chiso__json **out, chiso_error *err) {
  /* The scan has accepted the text: cJSON can only fail for want of memory. */
  cJSON *tree = cJSON_ParseWithLengthOpts(
      scan->text + scan->start, scan->size - scan->start + 1, NULL, 1);
  if (!tree)
    return chiso__no_memory(err);
  walk w = { .arena = arena, .scan = scan };
  *out = convert(&w, tree);
  cJSON_Delete(tree);
  if (!*out && w.no_memory)
    return chiso__no_memory(err);
  if (!*out || w.next != scan->count)
    return chiso__fail(err, CHISO_INTERNAL,
                       (chiso__place) { .file = scan->file },
                       MSG_JSON_DISAGREES);
  return unique_keys(arena->allocator, *out, scan->file, err);
}

chiso_status chiso__json_parse(chiso__arena *arena, const char *file,
                               const char *text, size_t size, chiso__json **out,
                               chiso_error *err) {
  chiso__scan scan = {
    .allocator = arena->allocator, .file = file, .text = text, .size = size
  };
  *out = NULL;
  chiso_status status = chiso__scan_json(&scan, err);
  if (status == CHISO_OK)
    status = build(arena, &scan, out, err);
  chiso__free(arena->allocator, scan.values);
  if (status != CHISO_OK)
    *out = NULL;
  return status;
}

const chiso__json *chiso__json_get(const chiso__json *object, const char *key) {
  if (!object || object->type != CHISO__JSON_OBJECT)
    return NULL;
  for (const chiso__json *m = object->first; m; m = m->next)
    if (strcmp(m->key, key) == 0)
      return m;
  return NULL;
}

chiso_status chiso__json_only(const chiso__json *object, const char *file,
                              const char *const *keys, chiso_error *err) {
  if (object->type != CHISO__JSON_OBJECT)
    return CHISO_OK;
  size_t count = 0;
  while (keys[count])
    count++;
  for (const chiso__json *m = object->first; m; m = m->next) {
    size_t i = 0;
    while (i < count && strcmp(keys[i], m->key) != 0)
      i++;
    if (i < count)
      continue;
    chiso__place place = { file, m->key_line, m->key_column };
    const char *near = chiso__text_nearest(m->key, keys, count);
    if (near)
      return chiso__fail(err, CHISO_BAD_DATA, place, MSG_KEY_NEAR, m->key,
                         near);
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_KEY_UNKNOWN, m->key,
                       count ? keys[0] : "");
  }
  return CHISO_OK;
}

void chiso__json_quote(struct chiso__buffer *buffer, const char *text) {
  chiso__buffer_bytes(buffer, "\"", 1);
  while (*text) {
    size_t plain = 0;
    while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' &&
           text[plain] != '\\' && text[plain] != 0x7f)
      plain++;
    chiso__buffer_bytes(buffer, text, plain);
    text += plain;
    if (*text == '\0')
      break;
    if (*text == '"' || *text == '\\')
      chiso__buffer_print(buffer, "\\%c", *text);
    else if (*text == '\n')
      chiso__buffer_text(buffer, "\\n");
    else if (*text == '\t')
      chiso__buffer_text(buffer, "\\t");
    else
      chiso__buffer_print(buffer, "\\u%04x", (unsigned)(unsigned char)*text);
    text++;
  }
  chiso__buffer_bytes(buffer, "\"", 1);
}
