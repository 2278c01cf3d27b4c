/* SPDX-License-Identifier: Apache-2.0
 * author/annex_base.c - what a base methodology proposes for the rows of an
 * annex: concepts, `was`, assessors, inputs, English titles. Everything taken
 * so is marked to be checked. */
#include <string.h>

#include "author/annex.h"
#include "base/text.h"

#define MOST_WORDS 96

typedef struct base {
  chiso__annex *annex;
  const chiso_index *index;
  const char **slugs; /* of titles */
  bool *taken;
} base;

/* Words that two slugs share, of the longer one's, in hundredths. */
static unsigned likeness(const char *a, const char *b) {
  unsigned words = 0, shared = 0;
  size_t size;
  for (const char *s = a; *s && words < MOST_WORDS; s += size) {
    s += *s == '-';
    size = strcspn(s, "-");
    words++;
    for (const char *t = b; (t = strstr(t, s[0] ? (char[2]) { s[0], 0 } : ""));
         t++) {
      if ((t == b || t[-1] == '-') && strncmp(t, s, size) == 0 &&
          (t[size] == '-' || t[size] == '\0')) {
        shared++;
        break;
      }
    }
  }
  unsigned others = *b != '\0';
  for (const char *t = b; *t; t++)
    others += *t == '-';
  unsigned most = words > others ? words : others;
  return most ? shared * 100 / most : 0;
}

/* The node with the same title, else the one with the same code and much the
 * same title; CHISO_NO_NODE: none. */
static uint32_t match(const base *b, const chiso__draft *d, const char *slug,
                      bool *same) {
  uint32_t found = CHISO_NO_NODE;
  unsigned hits = 0;
  for (uint32_t i = 1; i < b->index->n_nodes; i++)
    if (!b->taken[i] && strcmp(b->slugs[i], slug) == 0) {
      bool code = strcmp(b->index->nodes[i].id, d->node.id) == 0;
      if (hits++ == 0 || code)
        found = i;
    }
  *same = hits > 0;
  if (hits)
    return found;
  uint32_t by_code =
      chiso_methodology_find(b->annex->import->options.base, d->node.id);
  if (by_code != CHISO_NO_NODE && by_code != 0 && !b->taken[by_code] &&
      likeness(slug, b->slugs[by_code]) >= 60)
    return by_code;
  return CHISO_NO_NODE;
}

static bool same_roles(const chiso_node *a, const chiso_node *b) {
  if (a->op != b->op || a->n_inputs != b->n_inputs)
    return false;
  for (uint32_t i = 0; i < a->n_inputs; i++)
    if (a->inputs[i].role != b->inputs[i].role ||
        a->inputs[i].unit != b->inputs[i].unit)
      return false;
  return true;
}

static void take(base *b, chiso__draft *d, const chiso_node *from, bool same) {
  chiso_node *n = &d->node;
  const char **was =
      chiso__arena_array(&b->annex->import->arena, 1, sizeof *was);
  if (!was) {
    b->annex->failed = true;
    return;
  }
  *was = from->id;
  n->was = was;
  n->n_was = 1;
  if (!n->concept_id)
    n->concept_id = from->concept_id;
  if (!n->assessor && !d->inner)
    n->assessor = from->assessor;
  if (same && !n->title_en)
    n->title_en = from->title_en;
  if (same_roles(n, from))
    n->inputs = from->inputs;
  if (!d->inner && n->na == CHISO_POLICY_FORBIDDEN && n->op == from->op)
    n->na = from->na;
  chiso__draft_note(b->annex, d, same ? d->reading : CHISO_READING_CHECK,
                    same ? MSG_AUTHOR_FROM_BASE : MSG_AUTHOR_LIKE_BASE,
                    from->id);
}

void chiso__annex_base(chiso__annex *annex) {
  const chiso_methodology *of = annex->import->options.base;
  chiso__arena *arena = &annex->import->arena;
  if (!of)
    return;
  base b = { .annex = annex, .index = chiso_methodology_index(of) };
  b.slugs = chiso__arena_array(arena, b.index->n_nodes, sizeof *b.slugs);
  b.taken = chiso__arena_array(arena, b.index->n_nodes, sizeof *b.taken);
  annex->failed |= !b.slugs || !b.taken;
  for (uint32_t i = 0; i < b.index->n_nodes && !annex->failed; i++) {
    b.slugs[i] = chiso__text_slug(arena, b.index->nodes[i].title_vi);
    annex->failed |= !b.slugs[i];
  }
  for (size_t i = 0; i < annex->count && !annex->failed; i++) {
    chiso__draft *d = &annex->drafts[i];
    const char *slug = chiso__text_slug(arena, d->node.title_vi);
    bool same = false;
    if (!slug) {
      annex->failed = true;
      return;
    }
    uint32_t node = match(&b, d, slug, &same);
    if (node == CHISO_NO_NODE)
      continue;
    b.taken[node] = true;
    take(&b, d, &b.index->nodes[node], same);
  }
}
