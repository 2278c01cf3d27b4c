/* SPDX-License-Identifier: Apache-2.0
 * engine/session.c - one unit whose inputs change one at a time. A leaf under
 * plain sums costs its own rule and one addition for each node above it. */
#include <string.h>

#include "engine/kernel.h"

struct chiso_session {
  const chiso_allocator *allocator;
  const chiso_program *program;
  chiso_entries entries; /* n = 1 */
  chiso_scores scores;
  uint32_t *node_of; /* slot to node */
  uint32_t *parent;  /* CHISO_NO_NODE where the node does not count */
  bool *plain;       /* only sums without rounding between node and root */
  bool bare;         /* nothing is entered but inputs */
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

static void score(chiso_session *s, uint32_t node) {
  chiso__score_calls(s->program, &s->entries, &s->scores, node);
  (void)chiso__score_node(s->program, &s->entries, &s->scores, node, 0, 1,
                          &s->best[node], false);
}

/* Whether the node's points go up to the root unchanged. */
static bool is_plain(const chiso_session *s, uint32_t node) {
  const chiso_program *p = s->program;
  if (node == 0 || !p->rules[node].counts)
    return false;
  for (uint32_t i = s->parent[node]; i != CHISO_NO_NODE; i = s->parent[i])
    if (p->rules[i].way != CHISO__WAY_SUM || (i != 0 && p->rules[i].unit > 1))
      return false;
  return true;
}

static void link_up(chiso_session *s, const chiso_entries *entries) {
  const chiso_program *p = s->program;
  for (uint32_t i = 0; i < p->n_nodes; i++) {
    for (uint32_t k = 0; k < p->index->nodes[i].n_inputs; k++)
      s->node_of[p->slots[i] + k] = i;
    uint32_t above = chiso_methodology_parent(p->methodology, i);
    bool joins =
        above != CHISO_NO_NODE && (p->index->nodes[i].weight != 0 ||
                                   p->rules[above].way == CHISO__WAY_CASE);
    s->parent[i] = joins ? above : CHISO_NO_NODE;
    if (p->rules[i].way == CHISO__WAY_BEST)
      chiso__find_best(p, entries, i, &s->best[i]);
  }
  for (uint32_t i = 0; i < p->n_nodes; i++)
    s->plain[i] = is_plain(s, i);
}

static chiso_status fill(chiso_session *s, const chiso_entries *entries,
                         size_t unit, chiso_error *err) {
  const chiso_program *p = s->program;
  const chiso_allocator *a = s->allocator;
  s->node_of = chiso__alloc(a, (p->n_slots + 1) * sizeof *s->node_of);
  s->parent = chiso__alloc(a, p->n_nodes * sizeof *s->parent);
  s->plain = chiso__alloc(a, p->n_nodes * sizeof *s->plain);
  s->best = chiso__alloc(a, p->n_nodes * sizeof *s->best);
  if (!s->node_of || !s->parent || !s->plain || !s->best)
    return chiso__no_memory(err);
  CHISO__TRY(chiso_entries_new(p, 1, a, &s->entries, err));
  CHISO__TRY(chiso_scores_new(p, 1, a, &s->scores, err));
  copy_unit(entries, unit, &s->entries);
  link_up(s, entries);
  s->bare = !s->entries.any_entry && !s->entries.any_part;
  for (uint32_t i = p->n_nodes; i-- > 0;)
    score(s, i);
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
  chiso__free(session->allocator, session->plain);
  chiso__free(session->allocator, session->best);
  chiso__free(session->allocator, session);
}

/* Another branch may be chosen now, and those that are not chosen keep no
 * points: all below the case is scored afresh. */
static void rescore_below(chiso_session *s, uint32_t node) {
  const chiso_methodology *m = s->program->methodology;
  for (uint32_t c = chiso_methodology_first_child(m, node); c != CHISO_NO_NODE;
       c = chiso_methodology_next(m, c)) {
    rescore_below(s, c);
    score(s, c);
  }
}

static void rescore(chiso_session *s, uint32_t node) {
  if (s->program->rules[node].way == CHISO__WAY_CASE)
    rescore_below(s, node);
  for (uint32_t i = node; i != CHISO_NO_NODE; i = s->parent[i])
    score(s, i);
  if (s->entries.any_part)
    chiso__score_parts(s->program, &s->entries, &s->scores, 0, 1);
}

void chiso_session_set(chiso_session *s, uint32_t slot, int64_t raw) {
  const chiso_program *p = s->program;
  chiso_scores *scores = &s->scores;
  uint32_t node = s->node_of[slot];
  const chiso__kernel *k = chiso__kernel_of(p, node);
  chiso_dec points;
  s->entries.value[slot] = raw;
  s->entries.have[slot] = 1;
  /* Under a scored root the sums above a scored leaf are scored, too. */
  if (!s->bare || !s->plain[node] || k->kind == CHISO__KERNEL_NONE ||
      scores->state[node] != CHISO_STATE_SCORED ||
      scores->state[0] != CHISO_STATE_SCORED || scores->max[node] != k->max ||
      !chiso__kernel_points(k, s->entries.value, s->entries.have, 1, &points)) {
    rescore(s, node);
    return;
  }
  chiso_dec change = points - scores->points[node];
  if (change == 0)
    return;
  scores->points[node] = points;
  for (uint32_t i = s->parent[node]; i != 0; i = s->parent[i])
    scores->points[i] += change;
  scores->raw[0] += change;
  scores->points[0] =
      chiso__round(scores->raw[0], p->rules[0].unit, p->rules[0].round);
}

const chiso_scores *chiso_session_scores(const chiso_session *session) {
  return &session->scores;
}
