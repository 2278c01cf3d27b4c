/* SPDX-License-Identifier: Apache-2.0
 * engine/session.c - one unit whose inputs change one at a time. A leaf under
 * plain sums costs its own rule and one addition for each node above it. */
#include <string.h>

#include "engine/engine.h"

struct chiso_session {
  const chiso_allocator *allocator;
  const chiso_program *program;
  chiso_entries entries; /* n = 1 */
  chiso_scores scores;
  uint32_t *node_of; /* slot to node */
  uint32_t *parent;  /* CHISO_NO_NODE where the node does not count */
  chiso__best *best; /* by node; of the round that the session came from */
};

static void copy_unit(const chiso_entries *from, size_t unit,
                      chiso_entries *to) {
  for (uint32_t i = 0; i < from->slots; i++) {
    to->value[i] = from->value[i * from->n + unit];
    to->have[i] = from->have[i * from->n + unit];
  }
  for (uint32_t i = 0; i < from->nodes; i++) {
    to->given[i] = from->given[i * from->n + unit];
    to->entry[i] = from->entry[i * from->n + unit];
    to->any_entry |= to->entry[i] != CHISO_ENTRY_NONE;
  }
  for (uint32_t i = 0; i < from->parts; i++) {
    to->part[i] = from->part[i * from->n + unit];
    to->have_part[i] = from->have_part[i * from->n + unit];
    to->any_part |= to->have_part[i];
  }
}

static chiso_status fill(chiso_session *s, const chiso_entries *entries,
                         size_t unit, chiso_error *err) {
  const chiso_program *p = s->program;
  s->node_of = chiso__alloc(s->allocator, (p->n_slots + 1) *
                                              sizeof *s->node_of);
  s->parent = chiso__alloc(s->allocator, p->n_nodes * sizeof *s->parent);
  s->best = chiso__alloc(s->allocator, p->n_nodes * sizeof *s->best);
  if (!s->node_of || !s->parent || !s->best)
    return chiso__no_memory(err);
  CHISO__TRY(chiso_entries_new(p, 1, s->allocator, &s->entries, err));
  CHISO__TRY(chiso_scores_new(p, 1, s->allocator, &s->scores, err));
  copy_unit(entries, unit, &s->entries);
  for (uint32_t i = p->n_nodes; i-- > 0;) {
    for (uint32_t k = 0; k < p->index->nodes[i].n_inputs; k++)
      s->node_of[p->slots[i] + k] = i;
    s->parent[i] = chiso_methodology_parent(p->methodology, i);
    if (p->index->nodes[i].weight == 0)
      s->parent[i] = CHISO_NO_NODE;
    if (p->rules[i].way == CHISO__WAY_BEST)
      chiso__find_best(p, entries, i, &s->best[i]);
    chiso__score_node(p, &s->entries, &s->scores, i, 0, 1, &s->best[i]);
  }
  if (s->entries.any_part)
    chiso__score_parts(p, &s->entries, &s->scores, 0, 1);
  return CHISO_OK;
}

chiso_status chiso_session_new(const chiso_program *program,
                               const chiso_entries *entries, size_t unit,
                               const chiso_allocator *allocator,
                               chiso_session **out, chiso_error *err) {
  chiso_session *s = chiso__alloc(allocator, sizeof *s);
  if (!s)
    return chiso__no_memory(err);
  s->allocator = allocator;
  s->program = program;
  s->entries.allocator = s->scores.allocator = allocator;
  chiso_status status = fill(s, entries, unit, err);
  if (status != CHISO_OK) {
    chiso_session_free(s);
    return status;
  }
  *out = s;
  return CHISO_OK;
}

void chiso_session_free(chiso_session *session) {
  if (!session)
    return;
  chiso_entries_free(&session->entries);
  chiso_scores_free(&session->scores);
  chiso__free(session->allocator, session->node_of);
  chiso__free(session->allocator, session->parent);
  chiso__free(session->allocator, session->best);
  chiso__free(session->allocator, session);
}

/* Scores the nodes above `node` afresh. */
static void rescore_above(chiso_session *s, uint32_t node) {
  const chiso_program *p = s->program;
  for (uint32_t i = s->parent[node]; i != CHISO_NO_NODE; i = s->parent[i])
    chiso__score_node(p, &s->entries, &s->scores, i, 0, 1, &s->best[i]);
  if (s->entries.any_part)
    chiso__score_parts(p, &s->entries, &s->scores, 0, 1);
}

void chiso_session_set(chiso_session *s, uint32_t slot, int64_t raw) {
  const chiso_program *p = s->program;
  chiso_scores *scores = &s->scores;
  uint32_t node = s->node_of[slot];
  s->entries.value[slot] = raw;
  s->entries.have[slot] = 1;
  chiso_dec before = scores->points[node], max = scores->max[node];
  unsigned state = scores->state[node];
  chiso__score_node(p, &s->entries, scores, node, 0, 1, &s->best[node]);
  chiso_dec change = scores->points[node] - before;
  bool plain = state == CHISO_STATE_SCORED &&
               scores->state[node] == CHISO_STATE_SCORED &&
               scores->max[node] == max && !s->entries.any_entry &&
               !s->entries.any_part;
  if (plain && change == 0)
    return;
  for (uint32_t i = s->parent[node]; plain && i != CHISO_NO_NODE;
       i = s->parent[i]) {
    const chiso__rule *r = &p->rules[i];
    plain = r->way == CHISO__WAY_SUM &&
            scores->state[i] == CHISO_STATE_SCORED &&
            (i == 0 || r->digits == CHISO_DEC_DIGITS);
    if (!plain) {
      /* What was added below is right; this node and those above are not. */
      chiso__score_node(p, &s->entries, scores, i, 0, 1, &s->best[i]);
      rescore_above(s, i);
      return;
    }
    if (i == 0) {
      scores->raw[0] += change;
      scores->points[0] =
          chiso_dec_round(scores->raw[0], r->digits, r->round);
    } else {
      scores->points[i] += change;
    }
  }
  if (!plain)
    rescore_above(s, node);
}

const chiso_scores *chiso_session_scores(const chiso_session *session) {
  return &session->scores;
}
