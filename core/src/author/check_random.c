/* SPDX-License-Identifier: Apache-2.0
 * author/check_random.c - checks S03 and S04: points within their bounds, and
 * going one way. */
#include "author/check.h"

#include "base/dec.h"

#include <stdlib.h>
#include <string.h>

/* As many units as make this many inputs, within bounds; part of the manual.
 * rule() may take a thousand times as long as a table. */
#define INPUTS      30000000u
#define MOST_UNITS  1000000u
#define LEAST_UNITS 2000u
#define CALL_UNITS  20000u
#define BATCH       256u

/* ---- units with random inputs ------------------------------------------- */

/* One form of the argument: x, or num and den. Here and there an input is
 * missing. */
static void draw_input(const chiso__check_subject *s, chiso_entries *e,
                       uint32_t node, uint32_t input, bool both, uint64_t first,
                       bool complete) {
  const chiso_node *n = &s->index->nodes[node];
  unsigned role = n->inputs[input].role;
  chiso__check_range range = chiso__check_range_of(n, input);
  size_t row = (chiso_program_slot(s->program, node) + input) * e->n;
  for (size_t u = 0; u < e->n; u++) {
    uint64_t way = chiso__check_random((uint64_t)node * 64 + 63, first + u);
    bool used = !both || role == CHISO_ROLE_OTHER ||
                (way & 1) == (role == CHISO_ROLE_X);
    bool missing = !complete && (way >> 1) % 32 == 0;
    e->have[row + u] = used && !missing;
    e->value[row + u] = chiso__check_draw_in(
        &range, chiso__check_random((uint64_t)node * 64 + input, first + u));
  }
}

/* Counts of a share do not exceed the whole. */
static void keep_shares(const chiso__check_subject *s, chiso_entries *e,
                        uint32_t node) {
  const chiso_node *n = &s->index->nodes[node];
  size_t slot = chiso_program_slot(s->program, node), num = 0, den = 0;
  for (uint32_t j = 0; j < n->n_inputs; j++) {
    num = n->inputs[j].role == CHISO_ROLE_NUM ? slot + j : num;
    den = n->inputs[j].role == CHISO_ROLE_DEN ? slot + j : den;
  }
  for (size_t u = 0; u < e->n && num != den; u++)
    if (e->value[den * e->n + u] < e->value[num * e->n + u])
      e->value[den * e->n + u] = e->value[num * e->n + u];
}

void chiso__check_draw_units(const chiso__check_subject *s, chiso_entries *e,
                             uint64_t first, bool complete) {
  for (uint32_t i = 0; i < s->index->n_nodes; i++) {
    const chiso_node *n = &s->index->nodes[i];
    bool x = false, quotient = false;
    for (uint32_t j = 0; j < n->n_inputs; j++) {
      x |= n->inputs[j].role == CHISO_ROLE_X;
      quotient |= n->inputs[j].role == CHISO_ROLE_NUM;
    }
    for (uint32_t j = 0; j < n->n_inputs; j++)
      draw_input(s, e, i, j, x && quotient, first, complete);
    if (n->op == CHISO_OP_SHARE)
      keep_shares(s, e, i);
  }
}

/* ---- S03 ---------------------------------------------------------------- */

/* The least points of each node; CHISO_NONE where there is no telling. */
static chiso_dec *least_points(chiso__checking *k,
                               const chiso__check_subject *s) {
  const chiso_methodology *m = s->methodology;
  chiso_dec *least =
      chiso__arena_array(&k->arena, s->index->n_nodes, sizeof *least);
  for (uint32_t i = s->index->n_nodes; least && i-- > 0;) {
    const chiso_node *n = &s->index->nodes[i];
    if (n->op == CHISO_OP_MANUAL)
      least[i] = n->lo < 0 ? n->lo : 0;
    for (uint32_t c = m->first_child[i]; c != CHISO_NO_NODE; c = m->next[c])
      if (least[c] < 0)
        least[i] = n->op == CHISO_OP_SUM && least[i] != CHISO_NONE &&
                           least[c] != CHISO_NONE
                       ? least[i] + least[c]
                       : CHISO_NONE;
  }
  return least;
}

/* Sums of thirds may be a millionth off for each part. */
static chiso_dec slack_of(const chiso__check_subject *s, uint32_t node) {
  return s->methodology->first_child[node] == CHISO_NO_NODE
             ? 0
             : (chiso_dec)s->index->n_nodes;
}

/* The first unit of a batch whose points are out of bounds, or `n`. */
static size_t out_of_bounds(const chiso_scores *scores, uint32_t node,
                            chiso_dec least, chiso_dec slack) {
  const chiso_dec *points = scores->points + node * scores->n;
  const chiso_dec *max = scores->max + node * scores->n;
  const uint8_t *state = scores->state + node * scores->n;
  for (size_t u = 0; u < scores->n; u++)
    if (state[u] == CHISO_STATE_SCORED &&
        ((least != CHISO_NONE && points[u] < least) ||
         points[u] > max[u] + slack))
      return u;
  return scores->n;
}

static void score_random(chiso__checking *k, const chiso__check_subject *s,
                         chiso_entries *e, chiso_scores *scores) {
  uint32_t slots = chiso_program_slots(s->program) + 1;
  uint64_t units = INPUTS / slots;
  units = units > MOST_UNITS    ? MOST_UNITS
          : units < LEAST_UNITS ? LEAST_UNITS
                                : units;
  if (s->n_calls > 0 && units > CALL_UNITS)
    units = CALL_UNITS;
  chiso_dec *least = least_points(k, s);
  uint8_t *told = chiso__arena_array(&k->arena, s->index->n_nodes, 1);
  if (!least || !told) {
    k->short_memory = true;
    return;
  }
  for (uint64_t first = 0; first < units; first += BATCH) {
    chiso__check_draw_units(s, e, first, false);
    chiso_score(s->program, e, scores);
    for (uint32_t i = 0; i < s->index->n_nodes; i++) {
      size_t u = out_of_bounds(scores, i, least[i], slack_of(s, i));
      if (u == scores->n || told[i])
        continue;
      char points[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
      chiso__dec_say(scores->points[i * scores->n + u], k->lang, points);
      chiso__dec_say(scores->max[i * scores->n + u], k->lang, max);
      told[i] = 1;
      chiso__check_find(k, chiso__node_place(s->methodology, i),
                        MSG_CHECK_BOUNDS, s->index->nodes[i].id, points, max);
    }
  }
}

/* The engine makes an error of what rule() may not say: asked directly. */
static void call_random(chiso__checking *k, const chiso__check_subject *s,
                        uint32_t node) {
  const chiso_node *n = &s->index->nodes[node];
  int64_t inputs[CHISO__MAX_INPUTS];
  for (uint32_t draw = 0; draw < CALL_UNITS; draw++) {
    chiso_dec points = 0;
    for (uint32_t i = 0; i < n->n_inputs; i++)
      inputs[i] = chiso__check_draw(
          n, i, chiso__check_random((uint64_t)node * 64 + i, draw));
    if (chiso__check_call(s->rule, n, n->call, inputs, &points) != 0 ||
        (points >= 0 && points <= n->max))
      continue;
    char text[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
    chiso__dec_say(points, k->lang, text);
    chiso__dec_say(n->max, k->lang, max);
    chiso__check_find(k, chiso__node_place(s->methodology, node),
                      MSG_CHECK_BOUNDS, n->id, text, max);
    return;
  }
}

void chiso__check_S03(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    chiso_entries e = { 0 };
    chiso_scores scores = { 0 };
    if (!s->program)
      continue;
    chiso__check_applied(k);
    chiso__check_stage_begin(k, CHISO__STAGE_NONE); /* time for each */
    if (chiso_entries_new(s->program, BATCH, k->allocator, &e, NULL) ==
            CHISO_OK &&
        chiso_scores_new(s->program, BATCH, k->allocator, &scores, NULL) ==
            CHISO_OK)
      score_random(k, s, &e, &scores);
    else
      k->short_memory = true;
    for (uint32_t i = 0; i < s->index->n_nodes; i++)
      if (s->index->nodes[i].op == CHISO_OP_CALL)
        call_random(k, s, i);
    chiso_entries_free(&e);
    chiso_scores_free(&scores);
  }
}

/* ---- S04 ---------------------------------------------------------------- */

#define SWEEP 1024u /* values of one input */

typedef struct sweep {
  int64_t value[SWEEP];
  size_t count;
} sweep;

static int by_value(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static void add(sweep *values, chiso__wide value) {
  if (values->count < SWEEP && value >= -INT64_MAX && value <= INT64_MAX)
    values->value[values->count++] = (int64_t)value;
}

/* Around each threshold, and evenly up to twice the highest. */
static void spread(sweep *values, const chiso_node *n, chiso__wide scale) {
  chiso__wide top = scale;
  chiso_dec more[] = { 0, n->target, n->floor == CHISO_NONE ? 0 : n->floor };
  for (uint32_t i = 0; i < n->n_steps + 3; i++) {
    chiso_dec at = i < 3 ? more[i] : n->steps[i - 3].at;
    chiso__wide value = (chiso__wide)at * scale / CHISO_DEC_ONE;
    for (int d = -1; d <= 1; d++)
      add(values, value + d);
    if (value > top)
      top = value;
  }
  for (int i = 0; i <= 100; i++)
    add(values, 2 * top * i / 100);
  qsort(values->value, values->count, sizeof *values->value, by_value);
}

/* Whether points only rise or only fall; `at` gets the value of the turn. */
static bool one_way(const chiso__check_subject *s, chiso_entries *e,
                    uint32_t node, uint32_t slot, const sweep *values,
                    int64_t *at) {
  chiso_dec before = CHISO_NONE;
  bool up = false, down = false;
  for (size_t i = 0; i < values->count; i++) {
    chiso_trace t;
    chiso_entries_set(e, slot, 0, values->value[i]);
    chiso__score_leaf(s->program, e, node, 0, NULL, &t);
    if (t.state != CHISO_STATE_SCORED)
      continue;
    up |= before != CHISO_NONE && t.points > before;
    down |= before != CHISO_NONE && t.points < before;
    before = t.points;
    *at = values->value[i];
    if (up && down)
      return false;
  }
  return true;
}

static void sweep_input(chiso__checking *k, const chiso__check_subject *s,
                        chiso_entries *e, uint32_t node, uint32_t input,
                        uint32_t other, int64_t fixed) {
  const chiso_node *n = &s->index->nodes[node];
  uint32_t slot = chiso_program_slot(s->program, node);
  chiso__wide scale = chiso__power10[n->inputs[input].digits];
  sweep values = { .count = 0 };
  int64_t at = 0;
  memset(e->have + slot, 0, n->n_inputs);
  if (other != UINT32_MAX) {
    chiso_entries_set(e, slot + other, 0,
                      fixed * chiso__power10[n->inputs[other].digits]);
    scale *= fixed;
  }
  spread(&values, n, scale);
  bool good = one_way(s, e, node, slot + input, &values, &at);
  memset(e->have + slot, 0, n->n_inputs);
  if (!good) {
    char text[CHISO_DEC_TEXT];
    chiso_dec shown = 0;
    (void)chiso_muldiv(at, CHISO_DEC_ONE,
                       chiso__power10[n->inputs[input].digits], &shown);
    chiso__dec_say(shown, k->lang, text);
    chiso__check_find(k, chiso__node_place(s->methodology, node),
                      MSG_CHECK_TURNS, n->id, n->inputs[input].key, text);
  }
}

static void sweep_leaf(chiso__checking *k, const chiso__check_subject *s,
                       chiso_entries *e, uint32_t node) {
  static const int64_t fixed[] = { 1, 7, 100, 1000 };
  const chiso_node *n = &s->index->nodes[node];
  uint32_t num = UINT32_MAX, den = UINT32_MAX;
  for (uint32_t j = 0; j < n->n_inputs; j++) {
    num = n->inputs[j].role == CHISO_ROLE_NUM ? j : num;
    den = n->inputs[j].role == CHISO_ROLE_DEN ? j : den;
  }
  for (uint32_t j = 0; j < n->n_inputs; j++) {
    uint64_t before = k->found;
    if (n->inputs[j].role == CHISO_ROLE_X) {
      sweep_input(k, s, e, node, j, UINT32_MAX, 1);
      continue;
    }
    for (size_t i = 0; i < 4 && k->found == before; i++)
      sweep_input(k, s, e, node, j, j == num ? den : num, fixed[i]);
    if (k->found != before)
      return; /* the other one turns as well */
  }
}

void chiso__check_S04(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    chiso_entries e = { 0 };
    if (!s->program)
      continue;
    if (chiso_entries_new(s->program, 1, k->allocator, &e, NULL) != CHISO_OK) {
      k->short_memory = true;
      return;
    }
    for (uint32_t i = 0; i < s->index->n_nodes; i++) {
      unsigned op = s->index->nodes[i].op;
      if (op != CHISO_OP_STEP && op != CHISO_OP_LINEAR &&
          op != CHISO_OP_RATIO && op != CHISO_OP_PENALTY)
        continue;
      chiso__check_applied(k);
      sweep_leaf(k, s, &e, i);
    }
    chiso_entries_free(&e);
  }
  chiso__check_skip(k, MSG_CHECK_NO_SUCH_LEAF);
}
