/* SPDX-License-Identifier: Apache-2.0
 * author/check_score.c - checks S01, S02 and S05: full, missing and not
 * applicable. */
#include "author/check.h"

#include "base/dec.h"

/* Entries and scores of some units. */
typedef struct bench {
  chiso_entries entries;
  chiso_scores scores;
} bench;

static bool set_up(chiso__checking *k, const chiso__check_subject *s,
                   size_t units, bench *b) {
  *b = (bench) { 0 };
  if (chiso_entries_new(s->program, units, k->allocator, &b->entries, NULL) ==
          CHISO_OK &&
      chiso_scores_new(s->program, units, k->allocator, &b->scores, NULL) ==
          CHISO_OK)
    return true;
  k->short_memory = true;
  return false;
}

static void take_down(bench *b) {
  chiso_entries_free(&b->entries);
  chiso_scores_free(&b->scores);
}

static chiso__place place_of(const chiso__check_subject *s, uint32_t node) {
  return chiso__node_place(s->methodology, node);
}

/* Whether the node's points can reach the root with all inputs full: no case
 * above it chooses another branch. */
static bool chosen(const chiso__check_subject *s, const chiso_scores *scores,
                   uint32_t node) {
  for (; node != 0; node = s->methodology->parents[node])
    if (s->index->nodes[node].kind == CHISO_KIND_BRANCH &&
        scores->state[node * scores->n] != CHISO_STATE_SCORED)
      return false;
  return true;
}

/* The points that a node's rule can reach: its maximum, less what a rule says
 * by itself (hi of a scale, cap of a ratio), its own or one below it. */
static chiso_dec reachable(const chiso__check_subject *s,
                           const chiso_scores *scores, uint32_t node) {
  const chiso_node *n = &s->index->nodes[node];
  chiso_dec top = n->max;
  if (scores->state[node * scores->n] == CHISO_STATE_GIVEN)
    return top;
  if (n->op == CHISO_OP_SCALE)
    return n->hi;
  if (n->op == CHISO_OP_RATIO && n->cap < CHISO_DEC_ONE)
    (void)chiso_muldiv(n->max, n->cap, CHISO_DEC_ONE, &top);
  if (n->op != CHISO_OP_SUM && n->op != CHISO_OP_CASE)
    return top;
  for (uint32_t c = s->methodology->first_child[node]; c != CHISO_NO_NODE;
       c = s->methodology->next[c])
    if (n->op == CHISO_OP_SUM
            ? s->index->nodes[c].weight != 0
            : scores->state[c * scores->n] == CHISO_STATE_SCORED)
      top -= s->index->nodes[c].max - reachable(s, scores, c);
  return top;
}

/* Thirds of a point have no end: a millionth for each node. And what is left
 * when a node above rounds. */
static chiso_dec tolerance(const chiso__check_subject *s, uint32_t node) {
  chiso_dec all = s->index->n_nodes;
  for (uint32_t i = node; i != CHISO_NO_NODE; i = s->methodology->parents[i])
    if (s->index->nodes[i].digits < CHISO_DEC_DIGITS)
      all += chiso__power10[CHISO_DEC_DIGITS - s->index->nodes[i].digits];
  return all;
}

static bool is_full(const chiso__check_subject *s, const chiso_scores *scores,
                    uint32_t node) {
  size_t at = node * scores->n;
  chiso_dec off = scores->points[at] - reachable(s, scores, node);
  chiso_dec allowed = s->methodology->first_child[node] == CHISO_NO_NODE
                          ? 0
                          : (chiso_dec)s->index->n_nodes;
  return chiso_has_points(scores->state[at]) && off <= allowed &&
         -off <= allowed;
}

/* A node that has lost its points, where its children have theirs: the place
 * to look at. */
static uint32_t culprit(const chiso__check_subject *s,
                        const chiso_scores *scores, uint32_t node) {
  for (uint32_t c = s->methodology->first_child[node]; c != CHISO_NO_NODE;
       c = s->methodology->next[c])
    if (s->index->nodes[c].weight != 0 &&
        s->index->nodes[node].op != CHISO_OP_CASE && !is_full(s, scores, c))
      return culprit(s, scores, c);
  return node;
}

static void tell_points(chiso__checking *k, const chiso__check_subject *s,
                        const chiso_scores *scores, uint32_t node,
                        chiso__message message) {
  char points[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
  size_t at = node * scores->n;
  chiso_state state = (chiso_state)scores->state[at];
  chiso__check_find(k, place_of(s, node), message, s->index->nodes[node].id,
                    chiso_has_points(state)
                        ? chiso__dec_say(scores->points[at], k->lang, points)
                        : chiso_state_title(state, k->lang),
                    chiso__dec_say(s->index->nodes[node].max, k->lang, max));
}

/* ---- S01 ---------------------------------------------------------------- */

void chiso__check_S01(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    bench b;
    if (!s->program || !chiso__check_full(k, s) || !set_up(k, s, 1, &b))
      continue;
    chiso__check_fill(s, &b.entries, 0);
    chiso_score(s->program, &b.entries, &b.scores);
    chiso__check_applied(k);
    if (!is_full(s, &b.scores, 0))
      tell_points(k, s, &b.scores, culprit(s, &b.scores, 0), MSG_CHECK_FULL);
    take_down(&b);
  }
}

/* ---- S02 ---------------------------------------------------------------- */

/* Whether a node's points count for the root, and come from inputs. */
static bool counts(const chiso__check_subject *s, const chiso_scores *full,
                   uint32_t node) {
  if (!s->known[node] || s->index->nodes[node].n_inputs == 0 ||
      !chosen(s, full, node))
    return false;
  for (uint32_t i = node; i != 0; i = s->methodology->parents[i])
    if (!s->known[i] || (s->index->nodes[i].weight == 0 &&
                         s->index->nodes[i].kind != CHISO_KIND_BRANCH))
      return false;
  return s->known[0];
}

static void forget(const chiso__check_subject *s, chiso_entries *e,
                   uint32_t node, size_t unit) {
  uint32_t slot = chiso_program_slot(s->program, node);
  for (uint32_t j = 0; j < s->index->nodes[node].n_inputs; j++)
    e->have[(slot + j) * e->n + unit] = 0;
}

/* Units that are scored at once: a tree may have twenty thousand nodes. */
#define UNITS 256u

static void leave_out_some(chiso__checking *k, const chiso__check_subject *s,
                           const chiso_scores *full, uint32_t first,
                           uint32_t end) {
  bench b;
  if (!set_up(k, s, UNITS, &b))
    return;
  for (uint32_t i = first; i < end; i++) {
    chiso__check_fill(s, &b.entries, i - first);
    forget(s, &b.entries, i, i - first);
  }
  chiso_score(s->program, &b.entries, &b.scores);
  for (uint32_t i = first; i < end; i++)
    if (counts(s, full, i) &&
        (chiso_has_points(b.scores.state[i * (size_t)UNITS + i - first]) ||
         chiso_has_points(b.scores.state[i - first])))
      chiso__check_find(k, place_of(s, i), MSG_CHECK_MISSING,
                        s->index->nodes[i].id);
  take_down(&b);
}

/* One unit for each node: that node's inputs are missing. */
static void leave_out_each(chiso__checking *k, const chiso__check_subject *s,
                           const chiso_scores *full) {
  uint32_t n = s->index->n_nodes;
  for (uint32_t first = 0; first < n; first += UNITS) {
    uint32_t end = n - first < UNITS ? n : first + UNITS;
    leave_out_some(k, s, full, first, end);
    chiso__check_stage_begin(k, CHISO__STAGE_NONE);
  }
}

void chiso__check_S02(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    bench b;
    if (!s->program || !chiso__check_full(k, s) || !set_up(k, s, 1, &b))
      continue;
    chiso_score(s->program, &b.entries, &b.scores);
    chiso__check_applied(k);
    if (chiso_has_points(b.scores.state[0])) {
      char points[CHISO_DEC_TEXT];
      chiso__check_find(k, place_of(s, 0), MSG_CHECK_EMPTY,
                        chiso__dec_say(b.scores.points[0], k->lang, points));
    }
    chiso__check_fill(s, &b.entries, 0);
    chiso_score(s->program, &b.entries, &b.scores);
    leave_out_each(k, s, &b.scores);
    take_down(&b);
  }
}

/* ---- S05 ---------------------------------------------------------------- */

/* What the policy makes of a leaf that has everything else. */
static bool as_policy_says(const chiso__check_subject *s,
                           const chiso_scores *scores, uint32_t node,
                           size_t unit) {
  const chiso_node *n = &s->index->nodes[node];
  size_t at = node * scores->n + unit;
  chiso_dec full = chiso_dec_round(n->max, n->digits, n->round);
  switch (n->na) {
  case CHISO_POLICY_ZERO:
    return scores->state[at] == CHISO_STATE_SCORED && scores->points[at] == 0 &&
           scores->max[at] == n->max;
  case CHISO_POLICY_FULL:
    return scores->state[at] == CHISO_STATE_SCORED &&
           scores->points[at] == full && scores->max[at] == n->max;
  case CHISO_POLICY_LEAVE_OUT:
    return scores->state[at] == CHISO_STATE_NOT_APPLICABLE;
  default:
    return scores->state[at] == CHISO_STATE_ERROR;
  }
}

/* With everything else full the whole keeps all of what still applies, or loses
 * exactly the leaf; a leaf that always applies leaves no total. */
static bool whole_follows(const chiso__check_subject *s,
                          const chiso_scores *scores, uint32_t node,
                          size_t unit) {
  unsigned na = s->index->nodes[node].na;
  bool has = chiso_has_points(scores->state[unit]);
  chiso_dec lost = scores->max[unit] - scores->points[unit];
  chiso_dec allowed = tolerance(s, node);
  if (na == CHISO_POLICY_FORBIDDEN)
    return !has;
  if (scores->state[unit] == CHISO_STATE_NOT_APPLICABLE)
    return na == CHISO_POLICY_LEAVE_OUT;
  for (uint32_t i = 0; i < s->index->n_nodes; i++)
    if (s->index->nodes[i].op == CHISO_OP_SCALE ||
        s->index->nodes[i].op == CHISO_OP_MEAN ||
        (s->index->nodes[i].op == CHISO_OP_RATIO &&
         s->index->nodes[i].cap < CHISO_DEC_ONE))
      return has; /* what is lost then depends on the weights */
  return has &&
         (na == CHISO_POLICY_ZERO || (lost <= allowed && -lost <= allowed));
}

/* rule() may say "not applicable" only where the leaf has a policy for it. */
static void ask_rule(chiso__checking *k, const chiso__check_subject *s,
                     uint32_t node) {
  const chiso_node *n = &s->index->nodes[node];
  int64_t inputs[CHISO__MAX_INPUTS];
  if (n->op != CHISO_OP_CALL || n->na != CHISO_POLICY_FORBIDDEN)
    return;
  for (uint32_t draw = 0; draw < 2000; draw++) {
    chiso_dec points;
    for (uint32_t i = 0; i < n->n_inputs; i++)
      inputs[i] = chiso__check_draw(
          n, i, chiso__check_random((uint64_t)node * 64 + i, draw));
    if (chiso__check_call(s->rule, n, n->call, inputs, &points) != 1)
      continue;
    chiso__check_find(k, place_of(s, node), MSG_CHECK_NA_RULE, n->id);
    return;
  }
}

static bool is_asked(const chiso__check_subject *s, const chiso_scores *full,
                     uint32_t node) {
  return s->methodology->first_child[node] == CHISO_NO_NODE &&
         counts(s, full, node);
}

static void tell_policy(chiso__checking *k, const chiso__check_subject *s,
                        const chiso_scores *scores, uint32_t node,
                        size_t unit) {
  const chiso_node *n = &s->index->nodes[node];
  const char *policy = chiso_key(CHISO_FAMILY_POLICY, n->na);
  chiso_state own = (chiso_state)scores->state[node * scores->n + unit];
  chiso_state whole = (chiso_state)scores->state[unit];
  if (!as_policy_says(s, scores, node, unit))
    chiso__check_find(k, place_of(s, node), MSG_CHECK_NA, n->id, policy,
                      chiso_state_title(own, k->lang));
  else if (!whole_follows(s, scores, node, unit))
    chiso__check_find(k, place_of(s, node), MSG_CHECK_NA_WHOLE, n->id, policy,
                      chiso_state_title(whole, k->lang));
}

static void ask_some(chiso__checking *k, const chiso__check_subject *s,
                     const chiso_scores *full, uint32_t first, uint32_t end) {
  bench b;
  if (!set_up(k, s, UNITS, &b))
    return;
  for (uint32_t i = first; i < end; i++) {
    chiso__check_fill(s, &b.entries, i - first);
    if (is_asked(s, full, i))
      chiso_entries_not_applicable(&b.entries, i, i - first);
  }
  chiso_score(s->program, &b.entries, &b.scores);
  for (uint32_t i = first; i < end; i++)
    if (is_asked(s, full, i))
      tell_policy(k, s, &b.scores, i, i - first);
  take_down(&b);
}

static void ask_policies(chiso__checking *k, const chiso__check_subject *s,
                         const chiso_scores *full) {
  uint32_t n = s->index->n_nodes;
  for (uint32_t first = 0; first < n; first += UNITS) {
    ask_some(k, s, full, first, n - first < UNITS ? n : first + UNITS);
    chiso__check_stage_begin(k, CHISO__STAGE_NONE);
  }
}

void chiso__check_S05(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    bench b;
    if (!s->program || !chiso__check_full(k, s) || !set_up(k, s, 1, &b))
      continue;
    chiso__check_fill(s, &b.entries, 0);
    chiso_score(s->program, &b.entries, &b.scores);
    chiso__check_applied(k);
    for (uint32_t i = 0; i < s->index->n_nodes; i++)
      ask_rule(k, s, i);
    ask_policies(k, s, &b.scores);
    take_down(&b);
  }
}
