/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif_weights.c - other maxima of nodes under sums, other weights
 * of nodes under means.
 *
 * Under a sum the named children take their new maxima; the others keep their
 * proportions and take up what is left of the sum's maximum, so that the
 * declared total stays. Every node then has a factor, new maximum over old,
 * which is a quotient of whole numbers; all factors are brought to one
 * denominator, and points are added up over it as whole numbers, so that a node
 * is rounded once, where its rule rounds. */
#include <string.h>

#include "analysis/whatif.h"
#include "base/dec.h"
#include "data/value.h"
#include "engine/engine.h"

#define LIMIT ((chiso__wide)1 << 100)

typedef struct quotient {
  chiso__wide n, d; /* reduced, d > 0 */
} quotient;

struct chiso__weighing {
  chiso_whatif *w;
  const chiso_methodology *m;
  const chiso_index *ix;
  chiso_program *program;
  chiso_dec *asked;    /* [node]; CHISO_NONE: not named */
  quotient *max;       /* [node], millionths; new maximum */
  chiso__wide *factor; /* [node], over `common` */
  chiso__wide common;
  bool *sums;                /* a sum whose points are added up anew */
  chiso__wide *exact, *most; /* [node] of one unit: points, maximum */
};

/* ---- quotients ----------------------------------------------------------- */

static chiso__wide gcd(chiso__wide a, chiso__wide b) {
  a = a < 0 ? -a : a;
  while (b) {
    chiso__wide rest = a % b;
    a = b;
    b = rest;
  }
  return a ? a : 1;
}

static quotient reduced(chiso__wide n, chiso__wide d) {
  chiso__wide g = gcd(n, d);
  return (quotient) { n / g, d / g };
}

/* a * b / c; false when it is finer than we hold. */
static bool times(quotient a, chiso__wide b, chiso__wide c, quotient *out) {
  quotient f = reduced(b, c);
  chiso__wide g = gcd(a.n, f.d), h = gcd(f.n, a.d), n, d;
  if (__builtin_mul_overflow(a.n / g, f.n / h, &n) ||
      __builtin_mul_overflow(a.d / h, f.d / g, &d) || n >= LIMIT || d >= LIMIT)
    return false;
  *out = (quotient) { n, d };
  return true;
}

/* ---- which nodes are named ----------------------------------------------- */

static void remark(const chiso__weighing *g, chiso__message message,
                   const char *a, const char *b) {
  chiso__remark(&g->w->run->remarks, CHISO_BAD_DATA,
                (chiso__place) { .file = "--weight" }, message, a, b);
}

static bool is_sum(const chiso__weighing *g, uint32_t node) {
  return g->ix->nodes[node].op == CHISO_OP_SUM;
}

static bool is_mean(const chiso__weighing *g, uint32_t node) {
  unsigned op = g->ix->nodes[node].op;
  return op == CHISO_OP_MEAN || op == CHISO_OP_SCALE;
}

/* Whether a node's points can be added up anew: nothing but sums above it. */
static bool is_additive(const chiso__weighing *g, uint32_t node,
                        const char **other) {
  for (uint32_t a = chiso_methodology_parent(g->m, node); a != CHISO_NO_NODE;
       a = chiso_methodology_parent(g->m, a))
    if (!is_sum(g, a)) {
      *other = g->ix->nodes[a].id;
      return false;
    }
  return true;
}

/* Whether a node reaches the root. */
static bool is_counted(const chiso__weighing *g, uint32_t node) {
  for (; node != 0; node = chiso_methodology_parent(g->m, node))
    if (g->ix->nodes[node].weight == 0)
      return false;
  return true;
}

static void name_node(chiso__weighing *g, const chiso_new_weight *asked) {
  uint32_t node = chiso_methodology_find(g->m, asked->node);
  const char *other = NULL;
  chiso_dec weight;
  char mark = 0;
  bool rounded;
  if (node == CHISO_NO_NODE) {
    remark(g, MSG_DATA_BAD_NODE, asked->node, chiso_methodology_name(g->m));
    return;
  }
  if (!chiso__value_number(&g->w->run->remarks,
                           (chiso__place) { .file = "--weight" }, asked->weight,
                           (chiso__shape) { CHISO_DEC_DIGITS, false, false },
                           &mark, &rounded, &weight))
    return;
  uint32_t parent = chiso_methodology_parent(g->m, node);
  if (g->asked[node] != CHISO_NONE)
    remark(g, MSG_WHATIF_WEIGHT_TWICE, asked->node, NULL);
  else if (weight < 0 || weight > CHISO_DEC_LIMIT)
    remark(g, MSG_WHATIF_WEIGHT_RANGE, asked->node, asked->weight);
  else if (parent == CHISO_NO_NODE)
    remark(g, MSG_WHATIF_WEIGHT_ROOT, asked->node, NULL);
  else if (!is_counted(g, node))
    remark(g, MSG_WHATIF_WEIGHT_SHOWN, asked->node, NULL);
  else if (!is_sum(g, parent) && !is_mean(g, parent))
    remark(g, MSG_WHATIF_WEIGHT_CASE, asked->node, g->ix->nodes[parent].id);
  else if (is_sum(g, parent) && !is_additive(g, parent, &other))
    remark(g, MSG_WHATIF_WEIGHT_BELOW, asked->node, other);
  else
    g->asked[node] = weight;
}

/* ---- weights of means ---------------------------------------------------- */

/* The program is the changed run's own: weights are set in its rules; a child
 * of weight 0 is no child. */
static void weigh_mean(chiso__weighing *g, uint32_t node) {
  chiso__rule *r = &g->program->rules[node];
  uint32_t to = 0;
  bool any = false;
  for (uint32_t k = 0; k < r->n_children; k++)
    any = any || g->asked[r->children[k]] != CHISO_NONE;
  for (uint32_t k = 0; any && k < r->n_children; k++) {
    chiso_dec asked = g->asked[r->children[k]];
    chiso_dec weight = asked != CHISO_NONE ? asked : r->weights[k];
    if (weight == 0)
      continue;
    r->children[to] = r->children[k];
    r->weights[to++] = weight;
  }
  if (any)
    r->n_children = to;
  if (any && to == 0)
    remark(g, MSG_WHATIF_WEIGHT_NONE, g->ix->nodes[node].id, NULL);
}

/* ---- maxima of sums ------------------------------------------------------ */

typedef struct shares {
  chiso_dec named, rest; /* new maxima; old ones of those not named */
  size_t n_named, n_rest;
} shares;

static shares shares_of(const chiso__weighing *g, uint32_t sum) {
  shares s = { 0 };
  for (uint32_t c = chiso_methodology_first_child(g->m, sum);
       c != CHISO_NO_NODE; c = chiso_methodology_next(g->m, c)) {
    if (g->ix->nodes[c].weight == 0)
      continue;
    if (g->asked[c] != CHISO_NONE) {
      s.named += g->asked[c];
      s.n_named++;
    } else {
      s.rest += g->ix->nodes[c].max;
      s.n_rest++;
    }
  }
  return s;
}

static void say_total(const chiso__weighing *g, chiso__message message,
                      uint32_t sum, chiso_dec named, quotient max) {
  char a[CHISO_DEC_TEXT], b[CHISO_DEC_TEXT];
  int64_t whole = 0;
  chiso_lang lang = g->w->run->remarks.lang;
  (void)chiso__wide_div(max.n, max.d, CHISO_ROUND_HALF_UP, &whole);
  chiso__dec_say(named, lang, a);
  chiso__dec_say(whole, lang, b);
  chiso__remark(&g->w->run->remarks, CHISO_BAD_DATA,
                (chiso__place) { .file = "--weight" }, message, a,
                g->ix->nodes[sum].id, b);
}

/* New maxima of a sum's children from its own; false: remarked, or too fine. */
static bool share_out(chiso__weighing *g, uint32_t sum, bool *fine) {
  const chiso_node *nodes = g->ix->nodes;
  shares s = shares_of(g, sum);
  quotient own = g->max[sum], left = own;
  chiso__wide old = nodes[sum].max;
  if (s.n_named && s.n_rest == 0 && sum == 0) {
    g->max[0] = (quotient) { s.named, 1 };
    if (s.named <= 0) {
      remark(g, MSG_WHATIF_WEIGHT_NONE, nodes[sum].id, NULL);
      return false;
    }
  } else if (s.n_named && s.n_rest == 0) {
    if ((chiso__wide)s.named * own.d != own.n) {
      say_total(g, MSG_WHATIF_WEIGHT_ALL, sum, s.named, own);
      return false;
    }
  } else if (s.n_named) {
    chiso__wide rest;
    if (__builtin_mul_overflow((chiso__wide)s.named, own.d, &rest)) {
      *fine = false;
      return false;
    }
    if (own.n - rest <= 0 || s.rest <= 0) {
      say_total(g, MSG_WHATIF_WEIGHT_OVER, sum, s.named, own);
      return false;
    }
    left = reduced(own.n - rest, own.d);
    old = s.rest;
  }
  for (uint32_t c = chiso_methodology_first_child(g->m, sum);
       c != CHISO_NO_NODE; c = chiso_methodology_next(g->m, c)) {
    if (nodes[c].weight == 0)
      g->max[c] = (quotient) { nodes[c].max, 1 };
    else if (g->asked[c] != CHISO_NONE)
      g->max[c] = (quotient) { g->asked[c], 1 };
    else if (!times(left, nodes[c].max, old, &g->max[c]))
      *fine = false;
  }
  return *fine;
}

/* Under anything else children go with their parent; under SCALE they are
 * shares and stay. */
static void go_with(chiso__weighing *g, uint32_t node, bool *fine) {
  const chiso_node *nodes = g->ix->nodes;
  for (uint32_t c = chiso_methodology_first_child(g->m, node);
       c != CHISO_NO_NODE; c = chiso_methodology_next(g->m, c)) {
    quotient own = { nodes[c].max, 1 };
    bool stays = nodes[node].op == CHISO_OP_SCALE || nodes[node].max <= 0;
    g->max[c] = own;
    if (!stays && nodes[c].weight + (nodes[node].op == CHISO_OP_CASE) != 0 &&
        !times(g->max[node], nodes[c].max, nodes[node].max, &g->max[c]))
      *fine = false;
  }
}

/* Parents stand before their children. */
static bool find_maxima(chiso__weighing *g, bool *fine) {
  g->max[0] = (quotient) { g->ix->nodes[0].max, 1 };
  for (uint32_t i = 0; i < g->ix->n_nodes; i++) {
    if (chiso_methodology_first_child(g->m, i) == CHISO_NO_NODE)
      continue;
    if (!is_sum(g, i) || !is_counted(g, i))
      go_with(g, i, fine);
    else if (!share_out(g, i, fine))
      return false;
    if (!*fine)
      return false;
  }
  return true;
}

/* Factors over one denominator. The root's does not scale anything. */
static bool find_factors(chiso__weighing *g) {
  g->common = 1;
  for (uint32_t i = 0; i < g->ix->n_nodes; i++) {
    chiso_dec max = g->ix->nodes[i].max;
    quotient f = { 1, 1 };
    if (max > 0)
      f = reduced(g->max[i].n, g->max[i].d);
    if (max > 0 && !times(f, 1, max, &f))
      return false;
    chiso__wide step = f.d / gcd(g->common, f.d);
    if (__builtin_mul_overflow(g->common, step, &g->common) ||
        g->common >= (chiso__wide)1 << 80)
      return false;
    g->max[i] = f; /* from here on the factor */
  }
  for (uint32_t i = 0; i < g->ix->n_nodes; i++) {
    chiso__wide times_d = g->common / g->max[i].d;
    if (__builtin_mul_overflow(g->max[i].n, times_d, &g->factor[i]) ||
        g->factor[i] >= (chiso__wide)1 << 84)
      return false;
  }
  return true;
}

/* A sum is added up anew where children of it have other factors, or such a sum
 * is below it. */
static void find_sums(chiso__weighing *g) {
  for (uint32_t i = g->ix->n_nodes; i-- > 0;) {
    if (!is_sum(g, i))
      continue;
    for (uint32_t c = chiso_methodology_first_child(g->m, i);
         c != CHISO_NO_NODE; c = chiso_methodology_next(g->m, c))
      g->sums[i] = g->sums[i] || (g->ix->nodes[c].weight != 0 &&
                                  (g->sums[c] || g->factor[c] != g->factor[i]));
  }
}

static chiso_status make(chiso__weighing *g, chiso_whatif *w,
                         chiso_error *err) {
  uint32_t n = g->ix->n_nodes;
  chiso__arena *a = &w->arena;
  g->asked = chiso__arena_array(a, n, sizeof *g->asked);
  g->max = chiso__arena_array(a, n, sizeof *g->max);
  g->factor = chiso__arena_array(a, n, sizeof *g->factor);
  g->sums = chiso__arena_array(a, n, sizeof *g->sums);
  g->exact = chiso__arena_array(a, n, sizeof *g->exact);
  g->most = chiso__arena_array(a, n, sizeof *g->most);
  w->max = chiso__arena_array(a, n, sizeof *w->max);
  return g->asked && g->max && g->factor && g->sums && g->exact && g->most &&
                 w->max
             ? CHISO_OK
             : chiso__no_memory(err);
}

chiso_status chiso__weighing_new(chiso_whatif *w, chiso__weighing **out,
                                 chiso_error *err) {
  chiso__member *m = chiso__whatif_member(w);
  const chiso_whatif_options *o = &w->options;
  bool fine = true;
  *out = NULL;
  if (o->n_weights == 0)
    return CHISO_OK;
  chiso__weighing *g = chiso__arena_array(&w->arena, 1, sizeof *g);
  if (!g)
    return chiso__no_memory(err);
  g->w = w;
  g->m = m->methodology;
  g->ix = chiso_methodology_index(g->m);
  g->program = m->program;
  CHISO__TRY(make(g, w, err));
  for (uint32_t i = 0; i < g->ix->n_nodes; i++)
    g->asked[i] = CHISO_NONE;
  for (size_t i = 0; i < o->n_weights; i++)
    name_node(g, &o->weights[i]);
  for (uint32_t i = 0; i < g->ix->n_nodes; i++)
    if (is_mean(g, i))
      weigh_mean(g, i);
  if (w->run->remarks.faults)
    return CHISO_OK; /* told with the others */
  if (find_maxima(g, &fine))
    fine = find_factors(g);
  if (!fine)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_FINE);
  if (w->run->remarks.faults)
    return CHISO_OK;
  find_sums(g);
  for (uint32_t i = 0; i < g->ix->n_nodes; i++)
    if (!chiso__wide_div(g->ix->nodes[i].max * g->factor[i], g->common,
                         CHISO_ROUND_HALF_UP, &w->max[i]))
      return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_FINE);
  *out = g;
  return CHISO_OK;
}

/* ---- after scoring ------------------------------------------------------- */

/* What the node is worth to its parent, exactly: its own points in proportion,
 * or the sum of its children. False when it is finer than we hold. */
static bool add_up(const chiso__weighing *g, uint32_t node, size_t unit) {
  chiso_scores *s = &chiso__whatif_member(g->w)->scores;
  const chiso_entries *e = &chiso__whatif_member(g->w)->entries;
  const chiso__rule *r = &g->program->rules[node];
  size_t at = node * s->n + unit;
  bool anew = g->sums[node] && e->entry[at] == CHISO_ENTRY_NONE;
  unsigned bits = 0;
  if (!anew) {
    g->w->counts.whole +=
        g->sums[node] && node != 0 && s->state[at] == CHISO_STATE_GIVEN;
    return !__builtin_mul_overflow((chiso__wide)s->points[at], g->factor[node],
                                   &g->exact[node]) &&
           !__builtin_mul_overflow((chiso__wide)s->max[at], g->factor[node],
                                   &g->most[node]);
  }
  g->exact[node] = g->most[node] = 0;
  for (uint32_t k = 0; k < r->n_children; k++) {
    uint32_t c = r->children[k];
    bits |= g->factor[c] ? s->state[c * s->n + unit] : 0;
    g->exact[node] += g->exact[c];
    g->most[node] += g->most[c];
  }
  s->state[at] = (uint8_t)chiso__gathered_state(bits);
  if (!chiso_has_points(s->state[at]))
    g->exact[node] = 0;
  return true;
}

/* To the node's own digits where its rule rounds, which then goes up. */
static bool settle(const chiso__weighing *g, uint32_t node, size_t unit) {
  chiso_scores *s = &chiso__whatif_member(g->w)->scores;
  const chiso__rule *r = &g->program->rules[node];
  size_t at = node * s->n + unit;
  bool anew = g->sums[node];
  int64_t points, max;
  if (!chiso__wide_div(g->exact[node], g->common, CHISO_ROUND_HALF_UP,
                       &points) ||
      !chiso__wide_div(g->most[node], g->common, CHISO_ROUND_HALF_UP, &max))
    return false;
  if (node == 0)
    s->raw[unit] = points;
  if (anew && r->unit > 1) {
    int64_t units;
    if (!chiso__wide_div(g->exact[node], g->common * r->unit, r->round, &units))
      return false;
    points = units * r->unit;
    g->exact[node] = points * g->common;
  }
  s->points[at] = points;
  s->max[at] = max;
  if (!chiso_has_points(s->state[at]))
    s->points[at] = 0;
  if (g->factor[node] == 0) {
    s->points[at] = s->max[at] = 0;
    s->state[at] = CHISO_STATE_NOT_APPLICABLE;
  }
  return true;
}

chiso_status chiso__weighing_apply(const chiso__weighing *g, chiso_error *err) {
  if (!g || !g->sums[0])
    return CHISO_OK; /* weights of means alone */
  const chiso_entries *e = &chiso__whatif_member(g->w)->entries;
  if (e->any_part)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_PARTS);
  for (size_t u = 0; u < e->n; u++) {
    if (e->entry[u] == CHISO_ENTRY_GIVEN) {
      g->w->counts.whole++;
      continue; /* the total was given: nothing of it is known */
    }
    for (uint32_t i = g->ix->n_nodes; i-- > 0;) {
      if (!add_up(g, i, u) || !settle(g, i, u))
        return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_FINE);
    }
  }
  return CHISO_OK;
}
