/* SPDX-License-Identifier: Apache-2.0
 * model/methodology.c - the object: links of the tree, name, digest, look-up.
 */
#include <string.h>

#include "base/crypto.h"
#include "model/model.h"

chiso_methodology *chiso__methodology_new(const chiso_allocator *allocator,
                                          const char *file) {
  chiso_methodology *m = chiso__alloc(allocator, sizeof *m);
  if (!m)
    return NULL;
  m->allocator = allocator;
  m->arena.allocator = allocator;
  m->ids.allocator = allocator;
  m->ids.folded = true;
  m->file = chiso__arena_text(&m->arena, file, strlen(file));
  if (!m->file) {
    chiso_methodology_free(m);
    return NULL;
  }
  chiso_index *ix = &m->index;
  ix->size = sizeof *ix;
  ix->legal_stride = sizeof(chiso_legal);
  ix->node_stride = sizeof(chiso_node);
  ix->input_stride = sizeof(chiso_input);
  ix->step_stride = sizeof(chiso_step);
  ix->grading_stride = sizeof(chiso_grading);
  ix->grade_stride = sizeof(chiso_grade);
  ix->partition_stride = sizeof(chiso_partition);
  ix->part_stride = sizeof(chiso_part);
  return m;
}

void chiso_methodology_free(chiso_methodology *methodology) {
  if (!methodology)
    return;
  chiso__map_free(&methodology->ids);
  chiso__arena_free(&methodology->arena);
  chiso__free(methodology->allocator, methodology);
}

chiso__place chiso__node_place(const chiso_methodology *methodology,
                               uint32_t node) {
  uint64_t line = methodology->lines ? methodology->lines[node] : 0;
  return (chiso__place) { methodology->file, line, 0 };
}

/* Enters node `i` into ids, parents and its parent's list of children.
 * `last` holds the last child of each node so far. */
static chiso_status link_node(chiso_methodology *m, uint32_t i, uint32_t *last,
                              chiso_error *err) {
  const chiso_node *n = &m->index.nodes[i];
  chiso__place place = chiso__node_place(m, i);
  size_t parent = CHISO_NO_NODE;
  if (!n->id)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MODEL_ABSENT, "id");
  if (i == 0 && (strcmp(n->id, "index") != 0 || n->parent))
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MODEL_NO_ROOT, n->id);
  if (i > 0 && !n->parent)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MODEL_NO_PARENT, n->id);
  if (i > 0 && !chiso__map_get(&m->ids, n->parent, &parent))
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MODEL_BAD_PARENT, n->id,
                       n->parent);
  switch (chiso__map_put(&m->ids, n->id, i, NULL)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_MODEL_REPEATED_ID,
                       n->id);
  case CHISO__MAP_NEW:
    break;
  }
  m->parents[i] = (uint32_t)parent;
  m->first_child[i] = m->next[i] = last[i] = CHISO_NO_NODE;
  if (i == 0)
    return CHISO_OK;
  if (last[parent] == CHISO_NO_NODE)
    m->first_child[parent] = i;
  else
    m->next[last[parent]] = i;
  last[parent] = i;
  return CHISO_OK;
}

static chiso_status link_tree(chiso_methodology *m, chiso_error *err) {
  size_t n = m->index.n_nodes;
  if (n == 0)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { m->file, m->at.nodes, 0 },
                       MSG_MODEL_NO_NODES);
  m->parents = chiso__arena_array(&m->arena, n, sizeof *m->parents);
  m->first_child = chiso__arena_array(&m->arena, n, sizeof *m->first_child);
  m->next = chiso__arena_array(&m->arena, n, sizeof *m->next);
  uint32_t *last = chiso__alloc(m->allocator, n * sizeof *last);
  chiso_status status = CHISO_OK;
  if (!m->parents || !m->first_child || !m->next || !last)
    status = chiso__no_memory(err);
  for (uint32_t i = 0; i < n && status == CHISO_OK; i++)
    status = link_node(m, i, last, err);
  chiso__free(m->allocator, last);
  return status;
}

static chiso_status make_name(chiso_methodology *m, chiso_error *err) {
  const chiso_index *ix = &m->index;
  size_t size = strlen(ix->id) + 1 + strlen(ix->edition);
  char *name = chiso__arena_alloc(&m->arena, size + 1);
  if (!name)
    return chiso__no_memory(err);
  snprintf(name, size + 1, "%s/%s", ix->id, ix->edition);
  m->name = name;
  return CHISO_OK;
}

chiso_status chiso__methodology_finish(chiso_methodology *m, chiso_error *err) {
  char *text;
  size_t size;
  CHISO__TRY(link_tree(m, err));
  CHISO__TRY(chiso__methodology_check(m, err));
  CHISO__TRY(make_name(m, err));
  CHISO__TRY(chiso_methodology_write(m, &text, &size, err));
  chiso__sha256(text, size, m->digest);
  chiso_text_free(m->allocator, text);
  return CHISO_OK;
}

chiso_status chiso__methodology_made(chiso_methodology *m, chiso_status status,
                                     chiso_methodology **out,
                                     const chiso_error *err) {
  chiso__faults *faults = m->faults;
  m->faults = NULL;
  if (status == CHISO_OK) {
    *out = m;
    return CHISO_OK;
  }
  if (faults && faults->count == 0 && status == CHISO_BAD_DATA) {
    faults->add(faults->user, err);
    faults->count++;
  }
  chiso_methodology_free(m);
  return status;
}

/* ---- reading ------------------------------------------------------------ */

const chiso_index *chiso_methodology_index(const chiso_methodology *m) {
  return &m->index;
}

const char *chiso_methodology_name(const chiso_methodology *m) {
  return m->name;
}

const char *chiso_methodology_digest(const chiso_methodology *m) {
  return m->digest;
}

uint32_t chiso_methodology_find(const chiso_methodology *m, const char *id) {
  size_t place;
  return chiso__map_get(&m->ids, id, &place) ? (uint32_t)place : CHISO_NO_NODE;
}

uint32_t chiso_methodology_parent(const chiso_methodology *m, uint32_t node) {
  return m->parents[node];
}

uint32_t chiso_methodology_first_child(const chiso_methodology *m,
                                       uint32_t node) {
  return m->first_child[node];
}

uint32_t chiso_methodology_next(const chiso_methodology *m, uint32_t node) {
  return m->next[node];
}

uint32_t chiso_methodology_count(const chiso_methodology *m, unsigned kind) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    count += m->index.nodes[i].kind == kind;
  return count;
}

/* Whether a node's points reach the root. */
static bool counts(const chiso_methodology *m, uint32_t node) {
  for (; node != 0; node = m->parents[node])
    if (m->index.nodes[node].weight == 0 &&
        m->index.nodes[node].kind != CHISO_KIND_BRANCH)
      return false;
  return true;
}

unsigned chiso_methodology_provenance(const chiso_methodology *m) {
  unsigned lowest = CHISO_PROV_OFFICIAL;
  bool any = false;
  for (uint32_t i = 0; i < m->index.n_nodes; i++) {
    if (m->first_child[i] != CHISO_NO_NODE || !counts(m, i))
      continue;
    any = true;
    if (m->index.nodes[i].prov_points < lowest)
      lowest = m->index.nodes[i].prov_points;
  }
  return any ? lowest : m->index.nodes[0].prov_points;
}
