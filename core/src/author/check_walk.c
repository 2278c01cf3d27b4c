/* SPDX-License-Identifier: Apache-2.0
 * author/check_walk.c - a plugin's own tables, struct by struct and text by
 * text, by the strides that it declares: what copying them would pass over. */
#include "author/check.h"

#include "model/members.h"

#include <string.h>

typedef struct walk {
  chiso__check_walker *to;   /* NULL: only whether it can be walked */
  chiso__check_array *fault; /* or else where it cannot */
  const chiso_index *index;  /* the plugin's: its strides */
} walk;

#define LARGEST 1024u /* bytes of a struct; checked below */

static size_t stride_of(const walk *w, const chiso__struct *of) {
  uint16_t stride;
  if (of->stride == 0)
    return of->size;
  memcpy(&stride, (const char *)w->index + of->stride, sizeof stride);
  return stride;
}

static bool walk_struct(const walk *w, const chiso__struct *of,
                        const void *base);

/* Elements of a list, each as long as ours: zero where the plugin's ends. */
static bool walk_list(const walk *w, const chiso__member *member,
                      const void *base) {
  uint32_t count = chiso__member_count(member, base);
  const char *array = chiso__member_array(member, base);
  bool texts = member->type == CHISO__MEMBER_TEXTS;
  size_t size = texts ? sizeof(char *) : member->of->size;
  size_t least = texts ? sizeof(char *) : member->of->least;
  size_t stride = texts ? sizeof(char *) : stride_of(w, member->of);
  if (count == 0)
    return true;
  if (count > member->most || stride < least || !array || size > LARGEST) {
    *w->fault = (chiso__check_array) { member->name, count, member->most,
                                       stride, least };
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    union {
      char bytes[LARGEST];
      const char *text;
    } element = { { 0 } };
    memcpy(element.bytes, array + i * stride, stride < size ? stride : size);
    if (!texts) {
      if (!walk_struct(w, member->of, element.bytes))
        return false;
    } else if (w->to && w->to->text && element.text) {
      w->to->text(w->to->user, member->name, element.text);
    }
  }
  return true;
}

static bool walk_struct(const walk *w, const chiso__struct *of,
                        const void *base) {
  if (w->to && w->to->bytes)
    w->to->bytes(w->to->user, base, of->size);
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    if (member->type == CHISO__MEMBER_LIST ||
        member->type == CHISO__MEMBER_TEXTS) {
      if (!walk_list(w, member, base))
        return false;
    } else if (w->to && w->to->text && member->type == CHISO__MEMBER_TEXT) {
      const char *text = chiso__member_text(member, base);
      if (text)
        w->to->text(w->to->user, member->name, text);
    } else if (w->to && w->to->reserved &&
               member->type == CHISO__MEMBER_RESERVED &&
               chiso__member_is_set(member, base)) {
      w->to->reserved(w->to->user, of->name);
    }
  }
  return true;
}

static void walk_head(const chiso_plugin *tables,
                      const chiso__check_walker *to) {
  const char *const texts[] = { tables->id, tables->version, tables->license,
                                tables->contact };
  if (to->bytes)
    to->bytes(to->user, tables, sizeof *tables);
  for (size_t i = 0; to->text && i < sizeof texts / sizeof *texts; i++)
    if (texts[i])
      to->text(to->user, "chiso_plugin", texts[i]);
}

void chiso__check_walk(const chiso_plugin *tables,
                       chiso__check_walker *walker) {
  chiso__check_array fault;
  walk w = { .to = walker, .fault = &fault };
  walk_head(tables, walker);
  for (uint32_t i = 0; i < tables->n_indices; i++) {
    w.index = tables->indices[i];
    (void)walk_struct(&w, &chiso__index_struct, w.index);
  }
}

bool chiso__check_walkable(const chiso_plugin *tables,
                           chiso__check_array *fault) {
  walk w = { .fault = fault };
  *fault = (chiso__check_array) { .where = "chiso_plugin" };
  if (!tables || tables->abi_major != CHISO_ABI_MAJOR ||
      tables->abi_minor > CHISO_ABI_MINOR || tables->size < sizeof *tables)
    return false;
  *fault = (chiso__check_array) { .where = "indices" };
  if (tables->n_indices > CHISO__MAX_INDICES || !tables->indices)
    return false;
  for (uint32_t i = 0; i < tables->n_indices; i++) {
    *fault = (chiso__check_array) { .where = "indices" };
    w.index = tables->indices[i];
    if (!w.index || w.index->size < chiso__index_struct.least ||
        !walk_struct(&w, &chiso__index_struct, w.index))
      return false;
  }
  return true;
}
