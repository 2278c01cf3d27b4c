/* SPDX-License-Identifier: Apache-2.0
 * author/new_index.c - last edition's tables as the next one's.
 *
 * What was published of one year says nothing about the next: each row keeps
 * its rule, says where it was copied from, and falls to `reconstructed` until
 * somebody has held it against the new decision. */
#include <string.h>

#include "author/new.h"

#define LONGEST_NOTE 12000 /* two names of the longest kind and the words */

/* A message of messages.def in the arena. */
static const char *say(chiso__new *n, chiso__message message, ...) {
  char line[LONGEST_NOTE];
  va_list arguments;
  va_start(arguments, message);
  int size =
      vsnprintf(line, sizeof line,
                chiso__message_text(message, n->options->lang), arguments);
  va_end(arguments);
  return size < 0 || (size_t)size >= sizeof line
             ? NULL
             : chiso__arena_text(&n->arena, line, (size_t)size);
}

/* An array of the base, to be changed. */
static void *copy(chiso__new *n, const void *list, size_t count, size_t size) {
  void *block = chiso__arena_array(&n->arena, count, size);
  if (block && count > 0)
    memcpy(block, list, count * size);
  return block;
}

/* "892/QĐ-BNV" gives "…/QĐ-BNV"; what has no number keeps its words. */
static const char *unnumbered(chiso__new *n, const char *instrument) {
  const char *slash = instrument + strspn(instrument, "0123456789");
  const char *rest = slash > instrument && *slash == '/' ? slash : NULL;
  size_t mark = sizeof CHISO__TO_FILL - 1;
  const char *from = rest ? rest : instrument;
  while (strncmp(from, CHISO__TO_FILL, mark) == 0) /* the base is new, too */
    from += mark + (from[mark] == ' ');
  size_t size = mark + 1 + strlen(from) + 1;
  char *text = chiso__arena_alloc(&n->arena, size);
  if (text)
    snprintf(text, size, "%s%s%s", CHISO__TO_FILL, *from == '/' ? "" : " ",
             from);
  return text;
}

/* The new decision comes first, so that rows without an instrument of their
 * own rest on it; the base's first is dropped, the others stay. */
static chiso_status fill_legal(chiso__new *n, chiso_index *ix) {
  chiso_legal *list = copy(n, ix->legal, ix->n_legal, sizeof *list);
  size_t size = sizeof "decision-" + strlen(n->edition);
  char *key = chiso__arena_alloc(&n->arena, size);
  if (!list || !key)
    return chiso__no_memory(n->err);
  snprintf(key, size, "decision-%s", n->edition);
  list[0] = (chiso_legal) { .key = key,
                            .instrument = unnumbered(n, list[0].instrument),
                            .title = say(n, MSG_NEW_LEGAL, (unsigned)n->year) };
  for (uint32_t i = 1; i < ix->n_legal; i++)
    if (strcmp(list[i].key, key) == 0)
      return CHISO__FAIL(n->err, CHISO_BAD_DATA, MSG_NEW_LEGAL_KEY, key);
  ix->legal = list;
  return list[0].instrument && list[0].title ? CHISO_OK
                                             : chiso__no_memory(n->err);
}

/* The grading that served last serves on; those of past rounds go. */
static chiso_status fill_gradings(chiso__new *n, chiso_index *ix,
                                  const char *source) {
  if (ix->n_gradings == 0)
    return CHISO_OK;
  chiso_grading *list = copy(n, ix->gradings, ix->n_gradings, sizeof *list);
  if (!list)
    return chiso__no_memory(n->err);
  uint32_t last = 0;
  for (uint32_t i = 1; i < ix->n_gradings; i++)
    if (list[i].first >= list[last].first)
      last = i;
  list[0] = list[last];
  list[0].first = n->year;
  list[0].last = 0;
  list[0].source = source;
  ix->gradings = list;
  ix->n_gradings = 1;
  return CHISO_OK;
}

static chiso_status fill_partitions(chiso__new *n, chiso_index *ix,
                                    const char *source) {
  chiso_partition *list =
      copy(n, ix->partitions, ix->n_partitions, sizeof *list);
  if (!list)
    return chiso__no_memory(n->err);
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    list[i].source = source;
  ix->partitions = list;
  return CHISO_OK;
}

static chiso_status fill_nodes(chiso__new *n, chiso_index *ix,
                               const char *source) {
  chiso_node *nodes = copy(n, ix->nodes, ix->n_nodes, sizeof *nodes);
  const char **was = chiso__arena_array(&n->arena, ix->n_nodes, sizeof *was);
  if (!nodes || !was)
    return chiso__no_memory(n->err);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    was[i] = nodes[i].id;
    nodes[i].was = ix->n_supersedes ? &was[i] : NULL;
    nodes[i].n_was = ix->n_supersedes;
    nodes[i].prov_name = nodes[i].prov_points = CHISO_PROV_RECONSTRUCTED;
    nodes[i].source = source;
  }
  ix->nodes = nodes;
  return CHISO_OK;
}

chiso_status chiso__new_index(chiso__new *n) {
  chiso_index ix = *chiso_methodology_index(n->options->base);
  const char *base = chiso_methodology_name(n->options->base);
  const char **supersedes =
      chiso__arena_array(&n->arena, 1, sizeof *supersedes);
  const char *source = say(n, MSG_NEW_SOURCE, base);
  ix.note = say(n, MSG_NEW_NOTE, base);
  if (!supersedes || !source || !ix.note)
    return chiso__no_memory(n->err);
  /* Another index supersedes nothing, and so has no codes of before. */
  supersedes[0] = base;
  ix.n_supersedes = strcmp(ix.id, n->id) == 0;
  ix.supersedes = supersedes;
  ix.id = n->id;
  ix.edition = n->edition;
  ix.unit_set = n->unit_set;
  ix.first = n->year;
  ix.last = 0;
  ix.n_deadlines = 0; /* days of a past round */
  CHISO__TRY(fill_legal(n, &ix));
  CHISO__TRY(fill_gradings(n, &ix, source));
  CHISO__TRY(fill_partitions(n, &ix, source));
  CHISO__TRY(fill_nodes(n, &ix, source));
  return chiso_methodology_copy("index.json", &ix, n->allocator, &n->index,
                                n->err);
}
