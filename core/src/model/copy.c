/* SPDX-License-Identifier: Apache-2.0
 * model/copy.c - a methodology from a plugin's tables. Elements are found by
 * the plugin's strides and copied as far as both sides know them. */
#include <string.h>

#include "base/text.h"
#include "model/members.h"

typedef struct copier {
  chiso_methodology *m;
  const chiso_index *tables; /* the plugin's: its strides */
  const char *file;
  chiso_error *err;
} copier;

#define REFUSE(c, ...)                                                         \
  chiso__fail((c)->err, CHISO_BAD_DATA, (chiso__place) { (c)->file, 0, 0 },    \
              __VA_ARGS__)

/* A text of the plugin, checked: bounded, UTF-8, NFC. */
static chiso_status copy_text(copier *c, const char **text) {
  if (!*text)
    return CHISO_OK;
  if (!**text) { /* an empty text is none: index.json cannot say it */
    *text = NULL;
    return CHISO_OK;
  }
  size_t size = strnlen(*text, CHISO__MAX_TEXT + 1);
  if (size > CHISO__MAX_TEXT || chiso__utf8_check(*text, size) != size)
    return REFUSE(c, MSG_MODEL_PLUGIN_TEXT, CHISO__MAX_TEXT);
  char *copy = chiso__arena_text(&c->m->arena, *text, size);
  if (!copy)
    return chiso__no_memory(c->err);
  *text = chiso__nfc(&c->m->arena, copy, size);
  if (!*text)
    return chiso__no_memory(c->err);
  return CHISO_OK;
}

/* How far the plugin's elements lie apart. */
static size_t stride_of(const copier *c, const chiso__struct *of) {
  uint16_t stride;
  if (of->stride == 0)
    return of->size;
  memcpy(&stride, (const char *)c->tables + of->stride, sizeof stride);
  return stride;
}

/* An array of the plugin in our stride, zero where its elements end earlier;
 * NULL for none. */
static chiso_status copy_array(copier *c, const chiso__member *member,
                               const void *base, size_t stride, size_t least,
                               size_t size, char **out) {
  const char *array = chiso__member_array(member, base);
  uint32_t count = chiso__member_count(member, base);
  size_t shared = stride < size ? stride : size;
  *out = NULL;
  if (count == 0)
    return CHISO_OK;
  if (count > member->most || stride < least || !array)
    return REFUSE(c, MSG_MODEL_PLUGIN_ARRAY, (unsigned)count,
                  (unsigned)member->most, stride, least);
  char *copy = chiso__arena_array(&c->m->arena, count, size);
  if (!copy)
    return chiso__no_memory(c->err);
  for (uint32_t i = 0; i < count; i++) {
    memcpy(copy + i * size, array + i * stride, shared);
    memset(copy + i * size + shared, 0, size - shared);
  }
  *out = copy;
  return CHISO_OK;
}

static chiso_status copy_member(copier *c, const chiso__member *member,
                                void *own) {
  void *place = (char *)own + member->offset;
  const char *text = NULL;
  char *copy = NULL;
  switch (member->type) {
  case CHISO__MEMBER_TEXT:
    text = chiso__member_text(member, own);
    CHISO__TRY(copy_text(c, &text));
    memcpy(place, &text, sizeof text);
    return CHISO_OK;
  case CHISO__MEMBER_TEXTS:
    CHISO__TRY(copy_array(c, member, own, sizeof text, sizeof text, sizeof text,
                          &copy));
    memcpy(place, &copy, sizeof copy);
    for (uint32_t i = 0; copy && i < chiso__member_count(member, own); i++) {
      memcpy(&text, copy + i * sizeof text, sizeof text);
      CHISO__TRY(copy_text(c, &text));
      memcpy(copy + i * sizeof text, &text, sizeof text);
    }
    return CHISO_OK;
  case CHISO__MEMBER_LIST:
    CHISO__TRY(copy_array(c, member, own, stride_of(c, member->of),
                          member->of->least, member->of->size, &copy));
    memcpy(place, &copy, sizeof copy);
    return CHISO_OK;
  case CHISO__MEMBER_RESERVED:
    return chiso__member_is_set(member, own)
               ? REFUSE(c, MSG_MODEL_PLUGIN_VALUE, "reserved")
               : CHISO_OK;
  default:
    return CHISO_OK; /* in the bytes that were copied */
  }
}

/* Makes `own`, so far the plugin's bytes, stand on our memory alone. */
static chiso_status copy_members(copier *c, const chiso__struct *of,
                                 void *own) {
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    CHISO__TRY(copy_member(c, member, own));
    if (member->type != CHISO__MEMBER_LIST)
      continue;
    /* Ours to finish: it is const only for readers. */
    char *elements = (char *)(uintptr_t)chiso__member_array(member, own);
    for (uint32_t j = 0; j < chiso__member_count(member, own); j++)
      CHISO__TRY(copy_members(c, member->of, elements + j * member->of->size));
  }
  return CHISO_OK;
}

static chiso_status copy_index(copier *c) {
  chiso_index *ix = &c->m->index;
  chiso_index own = *ix; /* this core's size and strides */
  size_t size = c->tables->size, shared = size < sizeof own ? size : sizeof own;
  if (size < chiso__index_struct.least)
    return REFUSE(c, MSG_LIBRARY_SIZE, (unsigned)size, CHISO_ABI_MAJOR,
                  CHISO_ABI_MINOR, (unsigned)chiso__index_struct.least);
  memset(ix, 0, sizeof *ix);
  memcpy(ix, c->tables, shared);
  ix->size = own.size;
  ix->legal_stride = own.legal_stride;
  ix->node_stride = own.node_stride;
  ix->input_stride = own.input_stride;
  ix->step_stride = own.step_stride;
  ix->grading_stride = own.grading_stride;
  ix->grade_stride = own.grade_stride;
  ix->partition_stride = own.partition_stride;
  ix->part_stride = own.part_stride;
  CHISO__TRY(copy_members(c, &chiso__index_struct, ix));
  return chiso__methodology_finish(c->m, c->err);
}

static chiso_status keep_lines(chiso_methodology *m, const uint64_t *lines,
                               size_t count, chiso_error *err) {
  m->lines = chiso__arena_array(&m->arena, count, sizeof *m->lines);
  if (!m->lines)
    return chiso__no_memory(err);
  memcpy(m->lines, lines, count * sizeof *lines);
  return CHISO_OK;
}

/* `lines` and `faults` may be NULL. */
static chiso_status copy(const char *file, const chiso_index *tables,
                         const uint64_t *lines, chiso__faults *faults,
                         const chiso_allocator *allocator,
                         chiso_methodology **out, chiso_error *err) {
  chiso_methodology *m = chiso__methodology_new(allocator, file);
  if (!m)
    return chiso__no_memory(err);
  copier c = { .m = m, .tables = tables, .file = m->file, .err = err };
  m->faults = faults;
  chiso_status status =
      lines ? keep_lines(m, lines, tables->n_nodes, err) : CHISO_OK;
  if (status == CHISO_OK)
    status = copy_index(&c);
  return chiso__methodology_made(m, status, out, err);
}

chiso_status chiso__methodology_copy_all(const char *file,
                                         const chiso_index *tables,
                                         const chiso_allocator *allocator,
                                         chiso__faults *faults,
                                         chiso_methodology **out,
                                         chiso_error *err) {
  return copy(file, tables, NULL, faults, allocator, out, err);
}

chiso_status
chiso__methodology_copy_lines(const char *file, const chiso_index *tables,
                              const uint64_t *lines, chiso__faults *faults,
                              const chiso_allocator *allocator,
                              chiso_methodology **out, chiso_error *err) {
  return copy(file, tables, lines, faults, allocator, out, err);
}

chiso_status chiso_methodology_copy(const char *file, const chiso_index *tables,
                                    const chiso_allocator *allocator,
                                    chiso_methodology **out, chiso_error *err) {
  return copy(file, tables, NULL, NULL, allocator, out, err);
}
