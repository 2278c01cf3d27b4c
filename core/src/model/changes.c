/* SPDX-License-Identifier: Apache-2.0
 * model/changes.c - what a revision did, node by node. */
#include <string.h>

#include "model/model.h"

#define MEMBER(type, node, offset)                                             \
  (*(type const *)(const void *)((const char *)(node) + (offset)))

typedef struct work {
  const chiso_methodology *before, *after;
  uint32_t *partner;  /* of each node after: its first old node */
  uint32_t *partners; /* of each node after: how many old nodes */
  uint32_t *heirs;    /* of each node before: how many new nodes */
} work;

static bool same(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_steps(const chiso_node *a, const chiso_node *b) {
  if (a->n_steps != b->n_steps)
    return false;
  for (uint32_t i = 0; i < a->n_steps; i++) {
    const chiso_step *s = &a->steps[i], *t = &b->steps[i];
    if (s->at != t->at || s->points != t->points || s->cmp != t->cmp ||
        !same(s->key, t->key))
      return false;
  }
  return true;
}

static bool same_inputs(const chiso_node *a, const chiso_node *b) {
  if (a->n_inputs != b->n_inputs)
    return false;
  for (uint32_t i = 0; i < a->n_inputs; i++)
    if (strcmp(a->inputs[i].key, b->inputs[i].key) != 0 ||
        a->inputs[i].role != b->inputs[i].role ||
        a->inputs[i].unit != b->inputs[i].unit ||
        a->inputs[i].digits != b->inputs[i].digits)
      return false;
  return true;
}

static bool same_field(const chiso__field *f, const chiso_node *a,
                       const chiso_node *b) {
  switch (f->type) {
  case CHISO__FIELD_TEXT:
    return same(MEMBER(char *, a, f->offset), MEMBER(char *, b, f->offset));
  case CHISO__FIELD_DEC:
    return MEMBER(chiso_dec, a, f->offset) == MEMBER(chiso_dec, b, f->offset);
  case CHISO__FIELD_KEY:
    return MEMBER(uint8_t, a, f->offset) == MEMBER(uint8_t, b, f->offset);
  case CHISO__FIELD_NUMBER:
    return MEMBER(uint32_t, a, f->offset) == MEMBER(uint32_t, b, f->offset);
  case CHISO__FIELD_ROUND:
    return a->digits == b->digits && a->round == b->round;
  case CHISO__FIELD_INPUTS:
    return same_inputs(a, b);
  case CHISO__FIELD_STEPS:
    return same_steps(a, b);
  case CHISO__FIELD_OF:
    return same(a->ref_index, b->ref_index) && same(a->ref_node, b->ref_node);
  default:
    return true;
  }
}

static bool same_rule(const work *w, uint32_t before, uint32_t after) {
  const chiso_node *a = &w->before->index.nodes[before];
  const chiso_node *b = &w->after->index.nodes[after];
  if (a->op != b->op)
    return false;
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    if (f->rule && chiso__field_applies(f, a->op) && !same_field(f, a, b))
      return false;
  }
  if (a->op != CHISO_OP_CASE)
    return true;
  uint32_t c = w->before->first_child[before];
  uint32_t d = w->after->first_child[after];
  while (c != CHISO_NO_NODE && d != CHISO_NO_NODE) {
    if (w->before->index.nodes[c].max != w->after->index.nodes[d].max ||
        !same_rule(w, c, d))
      return false;
    c = w->before->next[c];
    d = w->after->next[d];
  }
  return c == d;
}

/* Whether `after` names `before` among what it supersedes: then `was` holds
 * the codes of `before`. */
static bool supersedes(const work *w) {
  for (uint32_t i = 0; i < w->after->index.n_supersedes; i++)
    if (strcmp(w->after->index.supersedes[i], w->before->name) == 0)
      return true;
  return false;
}

static void pair(work *w, uint32_t before, uint32_t after) {
  if (w->partners[after]++ == 0)
    w->partner[after] = before;
  w->heirs[before]++;
}

static void match_was(work *w) {
  for (uint32_t i = 1; i < w->after->index.n_nodes; i++) {
    const chiso_node *n = &w->after->index.nodes[i];
    for (uint32_t k = 0; k < n->n_was; k++) {
      uint32_t old = chiso_methodology_find(w->before, n->was[k]);
      if (old != CHISO_NO_NODE)
        pair(w, old, i);
    }
  }
}

static chiso_status match_concepts(work *w, chiso_error *err) {
  chiso__map concepts = { .allocator = w->after->allocator };
  chiso_status status = CHISO_OK;
  for (uint32_t i = 1; i < w->before->index.n_nodes; i++) {
    const chiso_node *n = &w->before->index.nodes[i];
    if (n->concept_id && chiso__map_put(&concepts, n->concept_id, i, NULL) ==
                             CHISO__MAP_NO_MEMORY)
      status = chiso__no_memory(err);
  }
  for (uint32_t i = 1; i < w->after->index.n_nodes; i++) {
    const chiso_node *n = &w->after->index.nodes[i];
    size_t old;
    if (n->concept_id && chiso__map_get(&concepts, n->concept_id, &old))
      pair(w, (uint32_t)old, i);
  }
  chiso__map_free(&concepts);
  return status;
}

static bool has_concepts(const chiso_methodology *m) {
  for (uint32_t i = 0; i < m->index.n_nodes; i++)
    if (m->index.nodes[i].concept_id)
      return true;
  return false;
}

/* The last resort, for drafts in which nothing else joins two nodes. */
static void match_ids(work *w) {
  for (uint32_t i = 1; i < w->after->index.n_nodes; i++) {
    uint32_t old =
        chiso_methodology_find(w->before, w->after->index.nodes[i].id);
    if (old != CHISO_NO_NODE && old != 0)
      pair(w, old, i);
  }
}

static bool moved(const work *w, uint32_t before, uint32_t after) {
  uint32_t p = w->before->parents[before], q = w->after->parents[after];
  if (p == CHISO_NO_NODE || q == CHISO_NO_NODE)
    return p != q;
  return w->partners[q] == 0 || w->partner[q] != p;
}

static chiso_change describe(const work *w, uint32_t after) {
  chiso_change change = { .before = CHISO_NO_NODE, .after = after };
  if (w->partners[after] == 0) {
    change.kind = CHISO_CHANGE_ADDED;
    change.flags = 1u << CHISO_CHANGE_ADDED;
    return change;
  }
  uint32_t before = change.before = w->partner[after];
  const chiso_node *a = &w->before->index.nodes[before];
  const chiso_node *b = &w->after->index.nodes[after];
  if (!same(a->title_vi, b->title_vi))
    change.flags |= 1u << CHISO_CHANGE_RENAMED;
  if (moved(w, before, after))
    change.flags |= 1u << CHISO_CHANGE_MOVED;
  if (a->max != b->max)
    change.flags |= 1u << CHISO_CHANGE_REPOINTED;
  if (!same_rule(w, before, after))
    change.flags |= 1u << CHISO_CHANGE_RERULED;
  if (w->heirs[before] > 1)
    change.flags |= 1u << CHISO_CHANGE_SPLIT;
  if (w->partners[after] > 1)
    change.flags |= 1u << CHISO_CHANGE_MERGED;
  for (unsigned k = 0; k <= CHISO_CHANGE_MERGED; k++)
    if (change.flags & (1u << k))
      change.kind = (chiso_change_kind)k;
  return change;
}

static size_t list(const work *w, chiso_change *rows) {
  size_t n = 0;
  for (uint32_t i = 0; i < w->after->index.n_nodes; i++)
    if (w->after->index.nodes[i].kind != CHISO_KIND_BRANCH)
      rows[n++] = describe(w, i);
  for (uint32_t i = 0; i < w->before->index.n_nodes; i++)
    if (w->before->index.nodes[i].kind != CHISO_KIND_BRANCH && w->heirs[i] == 0)
      rows[n++] = (chiso_change) { i, CHISO_NO_NODE, 1u << CHISO_CHANGE_DROPPED,
                                   CHISO_CHANGE_DROPPED };
  return n;
}

chiso_status chiso_changes(const chiso_methodology *before,
                           const chiso_methodology *after, chiso_change **rows,
                           size_t *count, chiso_error *err) {
  const chiso_allocator *allocator = after->allocator;
  size_t n = after->index.n_nodes, o = before->index.n_nodes;
  work w = { .before = before, .after = after };
  w.partner = chiso__alloc(allocator, n * sizeof *w.partner);
  w.partners = chiso__alloc(allocator, n * sizeof *w.partners);
  w.heirs = chiso__alloc(allocator, o * sizeof *w.heirs);
  *rows = chiso__alloc(allocator, (n + o) * sizeof **rows);
  chiso_status status = CHISO_OK;
  if (!w.partner || !w.partners || !w.heirs || !*rows)
    status = chiso__no_memory(err);
  if (status == CHISO_OK)
    pair(&w, 0, 0); /* an index is an index, whatever it is called */
  if (status == CHISO_OK && supersedes(&w))
    match_was(&w);
  else if (status == CHISO_OK && !has_concepts(before) && !has_concepts(after))
    match_ids(&w);
  else if (status == CHISO_OK)
    status = match_concepts(&w, err);
  if (status == CHISO_OK) {
    *count = list(&w, *rows);
  } else {
    chiso__free(allocator, *rows);
    *rows = NULL;
  }
  chiso__free(allocator, w.partner);
  chiso__free(allocator, w.partners);
  chiso__free(allocator, w.heirs);
  return status;
}

void chiso_changes_free(const chiso_allocator *allocator, chiso_change *rows) {
  chiso__free(allocator, rows);
}

static const struct {
  const char *key, *en, *vi;
} change_names[] = {
  [CHISO_CHANGE_SAME] = { "same", "same", "giữ nguyên" },
  [CHISO_CHANGE_RENAMED] = { "renamed", "renamed", "đổi tên" },
  [CHISO_CHANGE_MOVED] = { "moved", "moved", "chuyển chỗ" },
  [CHISO_CHANGE_REPOINTED] = { "repointed", "re-pointed", "đổi điểm" },
  [CHISO_CHANGE_RERULED] = { "reruled", "re-ruled", "đổi cách chấm" },
  [CHISO_CHANGE_SPLIT] = { "split", "split", "tách" },
  [CHISO_CHANGE_MERGED] = { "merged", "merged", "gộp" },
  [CHISO_CHANGE_ADDED] = { "added", "added", "thêm" },
  [CHISO_CHANGE_DROPPED] = { "dropped", "dropped", "bỏ" },
};

const char *chiso_change_title(chiso_change_kind kind, chiso_lang lang) {
  return lang == CHISO_LANG_VI ? change_names[kind].vi : change_names[kind].en;
}

const char *chiso_change_key(chiso_change_kind kind) {
  return change_names[kind].key;
}
