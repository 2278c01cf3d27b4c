/* SPDX-License-Identifier: Apache-2.0
 * model/links.c - which nodes of an edition come from which of another. */
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

typedef struct link {
  uint32_t after, before;
} link;

typedef struct linker {
  const chiso_methodology *before, *after;
  const chiso_allocator *allocator;
  link *list;
  size_t count, capacity;
  uint32_t *origins, *heirs; /* how many each node has */
  chiso_error *err;
} linker;

static chiso_status join(linker *l, uint32_t before, uint32_t after) {
  for (size_t i = l->count; i > 0 && l->list[i - 1].after == after; i--)
    if (l->list[i - 1].before == before)
      return CHISO_OK; /* a code that `was` repeats */
  void *list = l->list;
  bool room =
      chiso__grow(l->allocator, &list, &l->capacity, l->count, sizeof *l->list);
  l->list = list;
  if (!room)
    return chiso__no_memory(l->err);
  l->list[l->count++] = (link) { .after = after, .before = before };
  l->origins[after]++;
  l->heirs[before]++;
  return CHISO_OK;
}

/* ---- what joins two nodes ----------------------------------------------- */

/* Whether `after` names `before` among what it supersedes: then `was` holds
 * the codes of `before`. */
static bool supersedes(const linker *l) {
  for (uint32_t i = 0; i < l->after->index.n_supersedes; i++)
    if (strcmp(l->after->index.supersedes[i], l->before->name) == 0)
      return true;
  return false;
}

static bool has_concepts(const chiso_methodology *m) {
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    if (m->index.nodes[i].concept_id)
      return true;
  return false;
}

static chiso_status match_was(linker *l) {
  for (uint32_t i = 1; i < l->after->index.n_nodes; i++) {
    const chiso_node *n = &l->after->index.nodes[i];
    for (uint32_t k = 0; k < n->n_was; k++) {
      uint32_t old = chiso_methodology_find(l->before, n->was[k]);
      if (old != CHISO_NO_NODE)
        CHISO__TRY(join(l, old, i));
    }
  }
  return CHISO_OK;
}

static chiso_status join_concepts(linker *l, const chiso__map *concepts) {
  for (uint32_t i = 1; i < l->after->index.n_nodes; i++) {
    const chiso_node *n = &l->after->index.nodes[i];
    size_t old;
    if (n->concept_id && chiso__map_get(concepts, n->concept_id, &old))
      CHISO__TRY(join(l, (uint32_t)old, i));
  }
  return CHISO_OK;
}

static chiso_status match_concepts(linker *l) {
  chiso__map concepts = { .allocator = l->allocator };
  chiso_status status = CHISO_OK;
  for (uint32_t i = 1; i < l->before->index.n_nodes; i++) {
    const chiso_node *n = &l->before->index.nodes[i];
    if (n->concept_id && chiso__map_put(&concepts, n->concept_id, i, NULL) ==
                             CHISO__MAP_NO_MEMORY)
      status = chiso__no_memory(l->err);
  }
  if (status == CHISO_OK)
    status = join_concepts(l, &concepts);
  chiso__map_free(&concepts);
  return status;
}

/* For drafts in which nothing else joins two nodes, and for what concepts
 * leave over between two versions of one edition. */
static chiso_status match_ids(linker *l) {
  for (uint32_t i = 1; i < l->after->index.n_nodes; i++) {
    uint32_t old =
        chiso_methodology_find(l->before, l->after->index.nodes[i].id);
    if (old != CHISO_NO_NODE && old != 0 && l->heirs[old] == 0 &&
        l->origins[i] == 0)
      CHISO__TRY(join(l, old, i));
  }
  return CHISO_OK;
}

/* ---- what the tree says besides ----------------------------------------- */

/* The first listed partner of a node that is itself a measure. */
static uint32_t measured_partner(const linker *l, uint32_t node, bool after,
                                 size_t n_explicit) {
  for (size_t i = 0; i < n_explicit; i++) {
    const link *k = &l->list[i];
    if (after && k->after == node && chiso__is_measure(l->before, k->before))
      return k->before;
    if (!after && k->before == node && chiso__is_measure(l->after, k->after))
      return k->after;
  }
  return CHISO_NO_NODE;
}

/* The nearest ancestor that has partners, or CHISO_NO_NODE. */
static uint32_t linked_ancestor(const chiso_methodology *m,
                                const uint32_t *partners, uint32_t node) {
  uint32_t at = m->parents[node];
  while (at != CHISO_NO_NODE && partners[at] == 0)
    at = m->parents[at];
  return at;
}

/* A leaf that became a node with parts: the parts that come from nowhere else
 * come from it. The other way round, parts without an heir went into the leaf
 * that their parent became. */
static chiso_status follow_tree(linker *l) {
  size_t n_explicit = l->count;
  for (uint32_t i = 1; i < l->after->index.n_nodes; i++) {
    if (l->origins[i] > 0 || !chiso__is_measure(l->after, i))
      continue;
    uint32_t up = linked_ancestor(l->after, l->origins, i);
    uint32_t old = up == CHISO_NO_NODE
                       ? CHISO_NO_NODE
                       : measured_partner(l, up, true, n_explicit);
    if (old != CHISO_NO_NODE)
      CHISO__TRY(join(l, old, i));
  }
  for (uint32_t i = 1; i < l->before->index.n_nodes; i++) {
    if (l->heirs[i] > 0 || !chiso__is_measure(l->before, i))
      continue;
    uint32_t up = linked_ancestor(l->before, l->heirs, i);
    uint32_t new = up == CHISO_NO_NODE
                       ? CHISO_NO_NODE
                       : measured_partner(l, up, false, n_explicit);
    if (new != CHISO_NO_NODE)
      CHISO__TRY(join(l, i, new));
  }
  return CHISO_OK;
}

/* ---- the result --------------------------------------------------------- */

static int by_place(const void *a, const void *b) {
  const link *x = a, *y = b;
  if (x->after != y->after)
    return x->after < y->after ? -1 : 1;
  return (x->before > y->before) - (x->before < y->before);
}

/* Variants of one index, and the index, keep its ids. */
static const char *family(const chiso_methodology *m) {
  return m->index.variant_of ? m->index.variant_of : m->name;
}

static chiso_status match(linker *l) {
  CHISO__TRY(join(l, 0, 0)); /* an index is an index, whatever it is called */
  if (supersedes(l))
    CHISO__TRY(match_was(l));
  else
    CHISO__TRY(match_concepts(l));
  bool concepts = has_concepts(l->before) || has_concepts(l->after);
  bool versions = strcmp(family(l->before), family(l->after)) == 0;
  if (versions || (!concepts && !supersedes(l)))
    CHISO__TRY(match_ids(l));
  return follow_tree(l);
}

static void lay_out(linker *l, chiso__links *out) {
  size_t n = l->after->index.n_nodes, at = 0;
  qsort(l->list, l->count, sizeof *l->list, by_place);
  for (uint32_t i = 0; i < n; i++) {
    out->first[i] = (uint32_t)at;
    for (; at < l->count && l->list[at].after == i; at++)
      out->origins[at] = l->list[at].before;
  }
  out->first[n] = (uint32_t)at;
}

chiso_status chiso__links_make(const chiso_methodology *before,
                               const chiso_methodology *after,
                               const chiso_allocator *allocator,
                               chiso__links *out, chiso_error *err) {
  size_t n = after->index.n_nodes;
  linker l = {
    .before = before, .after = after, .allocator = allocator, .err = err
  };
  *out = (chiso__links) { .before = before, .after = after };
  out->first = chiso__alloc(allocator, (n + 1) * sizeof *out->first);
  out->heirs =
      chiso__alloc(allocator, before->index.n_nodes * sizeof *out->heirs);
  l.origins = chiso__alloc(allocator, n * sizeof *l.origins);
  l.heirs = out->heirs;
  chiso_status status =
      out->first && out->heirs && l.origins ? match(&l) : chiso__no_memory(err);
  if (status == CHISO_OK) {
    out->origins = chiso__alloc(allocator, l.count * sizeof *out->origins);
    if (out->origins)
      lay_out(&l, out);
    else
      status = chiso__no_memory(err);
  }
  chiso__free(allocator, l.list);
  chiso__free(allocator, l.origins);
  return status;
}

void chiso__links_free(const chiso_allocator *allocator, chiso__links *links) {
  chiso__free(allocator, links->first);
  chiso__free(allocator, links->origins);
  chiso__free(allocator, links->heirs);
  *links = (chiso__links) { 0 };
}
