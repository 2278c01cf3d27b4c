/* SPDX-License-Identifier: Apache-2.0
 * engine/score.c - the pass over the tree. The kernels here are the common
 * cases of leaf.c in 64 bits; whatever they cannot do goes to leaf.c, and
 * tests/unit/test_engine.c holds the two against each other. */
#include <string.h>

#include "engine/engine.h"

/* Units are scored in blocks whose rows stay in the nearest cache. */
#define BLOCK 64

static void slow_leaf(const chiso_program *p, const chiso_entries *e,
                      chiso_scores *s, uint32_t node, size_t u,
                      const chiso__best *best) {
  chiso_trace t;
  chiso__score_leaf(p, e, node, u, best, &t);
  size_t at = node * s->n + u;
  s->points[at] = t.points;
  s->max[at] = t.max;
  s->state[at] = (uint8_t)t.state;
}

static inline void store(chiso_scores *s, size_t at, chiso_dec points,
                         chiso_dec max) {
  s->points[at] = points;
  s->max[at] = max;
  s->state[at] = CHISO_STATE_SCORED;
}

/* s / d with d > 0, half away from zero. */
static inline int64_t divide_half_up(int64_t s, int64_t d) {
  int64_t q = s / d, r = s % d;
  int64_t a = r < 0 ? -r : r;
  return a >= d - a ? q + (s < 0 ? -1 : 1) : q;
}

/* AFFINE over num/den, half-up, same digits, factors of 64 bits. */
static bool quotient_is_simple(const chiso__rule *r) {
  return r->way == CHISO__WAY_AFFINE && r->quotient && !r->kept &&
         !r->strict && r->affine.small && r->round == CHISO_ROUND_HALF_UP &&
         r->num_scale == 1 && r->den_scale == 1 && r->affine.q64 == 0;
}

static void simple_quotients(const chiso_program *p, const chiso_entries *e,
                             chiso_scores *s, uint32_t node, size_t first,
                             size_t end) {
  const chiso__rule *r = &p->rules[node];
  const int64_t *num = e->value + r->slot_num * e->n;
  const int64_t *den = e->value + r->slot_den * e->n;
  const uint8_t *have_num = e->have + r->slot_num * e->n;
  const uint8_t *have_den = e->have + r->slot_den * e->n;
  size_t row = node * s->n;
  for (size_t u = first; u < end; u++) {
    int64_t top, bottom, left, right;
    if (!(have_num[u] & have_den[u]) || num[u] < 0 || den[u] <= 0 ||
        __builtin_mul_overflow(num[u], r->affine.p64, &top) ||
        __builtin_mul_overflow(den[u], r->affine.r64, &bottom)) {
      slow_leaf(p, e, s, node, u, NULL);
      continue;
    }
    chiso_dec points = divide_half_up(top, bottom);
    if (__builtin_mul_overflow(points, r->unit, &points) || points > r->most)
      points = r->most;
    if (r->has_floor) {
      if (__builtin_mul_overflow(num[u], r->floor.left, &left) ||
          __builtin_mul_overflow(den[u], r->floor.right, &right)) {
        slow_leaf(p, e, s, node, u, NULL);
        continue;
      }
      points = left < right ? 0 : points;
    }
    store(s, row + u, points, r->max);
  }
}

/* AFFINE over x alone: points = (x * p + q * x_den) / (x_den * r). */
static bool single_is_simple(const chiso__rule *r) {
  return r->way == CHISO__WAY_AFFINE && r->x && r->affine_x.small &&
         r->round == CHISO_ROUND_HALF_UP && !r->has_floor;
}

static void simple_singles(const chiso_program *p, const chiso_entries *e,
                           chiso_scores *s, uint32_t node, size_t first,
                           size_t end) {
  const chiso__rule *r = &p->rules[node];
  const int64_t *x = e->value + r->slot_x * e->n;
  const uint8_t *have = e->have + r->slot_x * e->n;
  size_t row = node * s->n;
  int64_t q = 0, bottom = 1;
  bool fits = !__builtin_mul_overflow(r->x_den, r->affine_x.q64, &q) &&
              !__builtin_mul_overflow(r->x_den, r->affine_x.r64, &bottom);
  for (size_t u = first; u < end; u++) {
    int64_t top;
    bool other = r->quotient && (e->have[r->slot_num * e->n + u] |
                                 e->have[r->slot_den * e->n + u]);
    if (!fits || !have[u] || other || (x[u] < 0 && !r->x_signed) ||
        __builtin_mul_overflow(x[u], r->affine_x.p64, &top) ||
        __builtin_add_overflow(top, q, &top)) {
      slow_leaf(p, e, s, node, u, NULL);
      continue;
    }
    chiso_dec points;
    if (__builtin_mul_overflow(divide_half_up(top, bottom), r->unit,
                               &points) ||
        (r->strict && (points <= 0 || points >= r->max))) {
      /* At the ends of the scale leaf.c tells "at" from "beyond". */
      slow_leaf(p, e, s, node, u, NULL);
      continue;
    }
    if (!r->kept) {
      points = points > r->most ? r->most : points;
      points = points < r->least ? r->least : points;
    }
    store(s, row + u, points, r->max);
  }
}

static void simple_choices(const chiso_program *p, const chiso_entries *e,
                           chiso_scores *s, uint32_t node, size_t first,
                           size_t end) {
  const chiso__rule *r = &p->rules[node];
  const int64_t *x = e->value + r->slot_x * e->n;
  const uint8_t *have = e->have + r->slot_x * e->n;
  size_t row = node * s->n;
  for (size_t u = first; u < end; u++) {
    if (have[u] && (uint64_t)x[u] < r->n_choices)
      store(s, row + u, r->choices[x[u]], r->max);
    else
      slow_leaf(p, e, s, node, u, NULL);
  }
}

/* n * left against d * right in 64 bits; -1 when they do not fit. */
static inline int reaches(const chiso__threshold *t, int64_t n, int64_t d) {
  int64_t left, right;
  if (__builtin_mul_overflow(n, t->left, &left) ||
      __builtin_mul_overflow(d, t->right, &right))
    return -1;
  switch (t->cmp) {
  case CHISO_CMP_GE:
    return left >= right;
  case CHISO_CMP_GT:
    return left > right;
  case CHISO_CMP_LE:
    return left <= right;
  default:
    return left < right;
  }
}

/* The argument of a STEP or LINEAR when it is plainly there: d > 0. */
static inline bool plain_argument(const chiso__rule *r, const chiso_entries *e,
                                  size_t u, int64_t *n, int64_t *d) {
  bool x = r->x && e->have[r->slot_x * e->n + u];
  if (!r->quotient) {
    *n = x ? e->value[r->slot_x * e->n + u] : 0;
    *d = r->x_den;
    return x && (*n >= 0 || r->x_signed);
  }
  *n = e->value[r->slot_num * e->n + u];
  *d = e->value[r->slot_den * e->n + u];
  return !x && r->num_scale == 1 && r->den_scale == 1 &&
         (e->have[r->slot_num * e->n + u] & e->have[r->slot_den * e->n + u]) &&
         *d > 0 && (*n >= 0 || r->num_signed);
}

static void simple_steps(const chiso_program *p, const chiso_entries *e,
                         chiso_scores *s, uint32_t node, size_t first,
                         size_t end) {
  const chiso__rule *r = &p->rules[node];
  size_t row = node * s->n;
  for (size_t u = first; u < end; u++) {
    int64_t n, d;
    if (r->n_thresholds > 0 && !plain_argument(r, e, u, &n, &d)) {
      slow_leaf(p, e, s, node, u, NULL);
      continue;
    }
    int reached = 0;
    uint32_t k = 0;
    while (k < r->n_thresholds &&
           (reached = reaches(&r->thresholds[k], n, d)) == 0)
      k++;
    if (reached < 0)
      slow_leaf(p, e, s, node, u, NULL);
    else
      store(s, row + u,
            k < r->n_thresholds ? r->thresholds[k].points : r->otherwise,
            r->max);
  }
}

/* LINEAR of two corners, the usual one. */
static void simple_corners(const chiso_program *p, const chiso_entries *e,
                           chiso_scores *s, uint32_t node, size_t first,
                           size_t end) {
  const chiso__rule *r = &p->rules[node];
  const chiso__affine *f = &r->segments[0];
  size_t row = node * s->n;
  for (size_t u = first; u < end; u++) {
    int64_t n, d, np, dq, dr, sum, points;
    if (!plain_argument(r, e, u, &n, &d)) {
      slow_leaf(p, e, s, node, u, NULL);
      continue;
    }
    int low = reaches(&r->thresholds[0], n, d);
    int high = reaches(&r->thresholds[1], n, d);
    if (low == 0 || high == 1) {
      store(s, row + u, r->thresholds[high == 1].points, r->max);
      continue;
    }
    if (low < 0 || high < 0 || __builtin_mul_overflow(n, f->p64, &np) ||
        __builtin_mul_overflow(d, f->q64, &dq) ||
        __builtin_mul_overflow(d, f->r64, &dr) ||
        __builtin_add_overflow(np, dq, &sum) ||
        __builtin_mul_overflow(divide_half_up(sum, dr), r->unit, &points)) {
      slow_leaf(p, e, s, node, u, NULL);
      continue;
    }
    store(s, row + u, points, r->max);
  }
}

static bool corners_are_simple(const chiso__rule *r) {
  return r->way == CHISO__WAY_CORNERS && r->n_thresholds == 2 &&
         r->segments[0].small && r->round == CHISO_ROUND_HALF_UP;
}

/* ---- inner nodes -------------------------------------------------------- */

unsigned chiso__gathered_state(unsigned bits) {
  unsigned points = CHISO_STATE_SCORED | CHISO_STATE_GIVEN;
  if (bits & CHISO_STATE_ERROR)
    return CHISO_STATE_ERROR;
  if (bits & CHISO_STATE_INCOMPLETE)
    return CHISO_STATE_INCOMPLETE;
  if (bits & CHISO_STATE_MISSING)
    return bits & points ? CHISO_STATE_INCOMPLETE : CHISO_STATE_MISSING;
  if (bits & points)
    return CHISO_STATE_SCORED;
  /* No child counts: the node can only be given. */
  return bits ? CHISO_STATE_NOT_APPLICABLE : CHISO_STATE_MISSING;
}

/* After the children were gathered: states, rounding. */
static void finish(const chiso_program *p, chiso_scores *s, uint32_t node,
                   size_t first, size_t end) {
  const chiso__rule *r = &p->rules[node];
  chiso_dec *points = s->points + node * s->n;
  chiso_dec *max = s->max + node * s->n;
  uint8_t *state = s->state + node * s->n;
  bool rounds = r->digits < CHISO_DEC_DIGITS;
  for (size_t u = first; u < end; u++) {
    unsigned bits = state[u];
    if ((bits & ~(unsigned)(CHISO_STATE_SCORED | CHISO_STATE_GIVEN)) ||
        bits == 0) {
      state[u] = (uint8_t)chiso__gathered_state(bits);
      if (state[u] == CHISO_STATE_NOT_APPLICABLE)
        max[u] = 0;
      if (state[u] != CHISO_STATE_SCORED)
        points[u] = 0;
    } else {
      state[u] = CHISO_STATE_SCORED;
    }
    if (node == 0)
      s->raw[u] = points[u];
    if (rounds)
      points[u] = chiso_dec_round(points[u], r->digits, r->round);
  }
}

static void score_sum(const chiso_program *p, chiso_scores *s, uint32_t node,
                      size_t first, size_t end) {
  const chiso__rule *r = &p->rules[node];
  chiso_dec *points = s->points + node * s->n;
  chiso_dec *max = s->max + node * s->n;
  uint8_t *state = s->state + node * s->n;
  for (size_t u = first; u < end; u++) {
    points[u] = 0;
    max[u] = r->max;
    state[u] = 0;
  }
  for (uint32_t k = 0; k < r->n_children; k++) {
    uint32_t child = r->children[k];
    chiso_dec declared = p->rules[child].max;
    const chiso_dec *cp = s->points + child * s->n;
    const chiso_dec *cm = s->max + child * s->n;
    const uint8_t *cs = s->state + child * s->n;
    for (size_t u = first; u < end; u++) {
      points[u] += cp[u];
      max[u] += cm[u] - declared;
      state[u] |= cs[u];
    }
  }
  finish(p, s, node, first, end);
}

/* lo + (hi - lo) * sum(w * x) / sum(w), one division. MEAN is lo = 0, hi = 1.
 * Bounds: 20,000 children of 10^12 * 10^12 stay below 2^95. */
static chiso_dec mean_of(const chiso__rule *r, chiso__wide total,
                         chiso__wide weight, chiso_dec lo, chiso_dec hi) {
  int64_t units;
  chiso__wide top = ((chiso__wide)hi - lo) * total +
                    (chiso__wide)lo * weight * CHISO_DEC_ONE;
  chiso__wide bottom = weight * CHISO_DEC_ONE * r->unit;
  if (!chiso__wide_div(top, bottom, r->round, &units))
    return 0;
  return units * r->unit;
}

static void score_mean(const chiso_program *p, chiso_scores *s, uint32_t node,
                       size_t first, size_t end) {
  const chiso__rule *r = &p->rules[node];
  for (size_t u = first; u < end; u++) {
    chiso__wide total = 0, weight = 0;
    unsigned bits = 0;
    for (uint32_t k = 0; k < r->n_children; k++) {
      size_t at = r->children[k] * s->n + u;
      bits |= s->state[at];
      if (!chiso_has_points(s->state[at]))
        continue;
      total += (chiso__wide)s->points[at] * r->weights[k];
      weight += r->weights[k];
    }
    size_t at = node * s->n + u;
    s->max[at] = r->max;
    s->state[at] = (uint8_t)bits;
    s->points[at] = weight ? mean_of(r, total, weight, r->out_lo, r->out_hi)
                           : 0;
  }
  finish(p, s, node, first, end);
}

uint32_t chiso__chosen_branch(const chiso_program *p, const chiso_entries *e,
                              uint32_t node, size_t unit,
                              chiso_reason *reason) {
  const chiso__rule *r = &p->rules[node];
  chiso__argument a;
  if (r->n_thresholds == 0 && r->x) {
    size_t at = r->slot_x * e->n + unit;
    *reason = e->have[at] ? CHISO_REASON_BRANCH : CHISO_REASON_NO_INPUT;
    return e->have[at] && (uint64_t)e->value[at] < r->n_children
               ? (uint32_t)e->value[at]
               : UINT32_MAX;
  }
  chiso__argument_state state = chiso__argument_of(r, e, unit, &a);
  *reason = a.reason;
  if (state != CHISO__ARGUMENT_OK)
    return UINT32_MAX;
  *reason = CHISO_REASON_BRANCH;
  for (uint32_t k = 0; k < r->n_thresholds; k++)
    if (chiso__reaches(&r->thresholds[k], a.n, a.d))
      return k;
  *reason = r->n_thresholds < r->n_children ? CHISO_REASON_BRANCH
                                            : CHISO_REASON_NO_BRANCH;
  return r->n_thresholds < r->n_children ? r->n_thresholds : UINT32_MAX;
}

static void leave_branch(const chiso_program *p, chiso_scores *s,
                         uint32_t branch, size_t u) {
  size_t at = branch * s->n + u;
  s->points[at] = 0;
  s->max[at] = 0;
  s->state[at] = CHISO_STATE_NOT_APPLICABLE;
  for (uint32_t c = chiso_methodology_first_child(p->methodology, branch);
       c != CHISO_NO_NODE; c = chiso_methodology_next(p->methodology, c))
    leave_branch(p, s, c, u);
}

static void score_case(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first,
                       size_t end) {
  const chiso__rule *r = &p->rules[node];
  for (size_t u = first; u < end; u++) {
    chiso_reason reason;
    uint32_t chosen = chiso__chosen_branch(p, e, node, u, &reason);
    size_t at = node * s->n + u;
    s->points[at] = 0;
    s->max[at] = r->max;
    s->state[at] = reason == CHISO_REASON_NO_INPUT ? CHISO_STATE_MISSING
                                                   : CHISO_STATE_ERROR;
    if (reason == CHISO_REASON_ZERO_DEN) {
      chiso_trace t = { .max = r->max, .slot = CHISO_NO_SLOT };
      chiso__apply_policy(r, r->empty, reason, &t);
      s->points[at] = t.points;
      s->max[at] = t.max;
      s->state[at] = (uint8_t)t.state;
    }
    for (uint32_t k = 0; k < r->n_children; k++) {
      size_t branch = r->children[k] * s->n + u;
      if (k != chosen) {
        leave_branch(p, s, r->children[k], u);
        continue;
      }
      s->points[at] = s->points[branch];
      s->max[at] = s->state[branch] == CHISO_STATE_NOT_APPLICABLE ? 0 : r->max;
      s->state[at] = s->state[branch];
    }
  }
  finish(p, s, node, first, end);
}

/* ---- what was entered at the node itself -------------------------------- */

static void apply_entries(const chiso_program *p, const chiso_entries *e,
                          chiso_scores *s, uint32_t node, size_t first,
                          size_t end) {
  const chiso__rule *r = &p->rules[node];
  const uint8_t *entry = e->entry + node * e->n;
  for (size_t u = first; u < end; u++) {
    if (entry[u] == CHISO_ENTRY_NONE)
      continue;
    chiso_trace t = { .max = r->max, .slot = CHISO_NO_SLOT };
    if (entry[u] == CHISO_ENTRY_GIVEN) {
      chiso_dec given = e->given[node * e->n + u];
      bool good = given >= 0 && given <= r->max;
      t.state = good ? CHISO_STATE_GIVEN : CHISO_STATE_ERROR;
      t.points = good ? chiso_dec_round(given, r->digits, r->round) : 0;
      if (node == 0)
        s->raw[u] = good ? given : 0;
    } else {
      chiso__apply_policy(r, r->na, CHISO_REASON_NOT_APPLICABLE, &t);
      if (node == 0)
        s->raw[u] = t.points;
    }
    size_t at = node * s->n + u;
    s->points[at] = t.points;
    s->max[at] = t.max;
    s->state[at] = (uint8_t)t.state;
  }
}

void chiso__score_parts(const chiso_program *p, const chiso_entries *e,
                        chiso_scores *s, size_t first, size_t end) {
  const chiso__rule *root = &p->rules[0];
  for (size_t u = first; u < end; u++) {
    uint32_t part = 0;
    for (uint32_t i = 0; i < p->index->n_partitions; i++) {
      const chiso_partition *partition = &p->index->partitions[i];
      chiso_dec total = 0;
      uint32_t have = 0;
      bool good = true;
      for (uint32_t j = 0; j < partition->n_parts; j++, part++) {
        size_t at = part * e->n + u;
        if (!e->have_part[at])
          continue;
        have++;
        total += e->part[at];
        good &= e->part[at] >= 0 && e->part[at] <= partition->parts[j].max;
      }
      if (have == 0)
        continue;
      bool all = have == partition->n_parts;
      s->raw[u] = good && all ? total : 0;
      s->points[u] = chiso_dec_round(s->raw[u], root->digits, root->round);
      s->max[u] = root->max;
      s->state[u] = !good ? CHISO_STATE_ERROR
                    : all ? CHISO_STATE_SCORED
                          : CHISO_STATE_INCOMPLETE;
    }
  }
}

/* ---- the pass ----------------------------------------------------------- */

void chiso__score_node(const chiso_program *p, const chiso_entries *e,
                       chiso_scores *s, uint32_t node, size_t first,
                       size_t end, const chiso__best *best) {
  const chiso__rule *r = &p->rules[node];
  switch (r->way) {
  case CHISO__WAY_SUM:
    score_sum(p, s, node, first, end);
    break;
  case CHISO__WAY_MEAN:
    score_mean(p, s, node, first, end);
    break;
  case CHISO__WAY_CASE:
    score_case(p, e, s, node, first, end);
    break;
  case CHISO__WAY_CHOICE:
    simple_choices(p, e, s, node, first, end);
    break;
  case CHISO__WAY_STEPS:
    simple_steps(p, e, s, node, first, end);
    break;
  default:
    if (quotient_is_simple(r))
      simple_quotients(p, e, s, node, first, end);
    else if (single_is_simple(r))
      simple_singles(p, e, s, node, first, end);
    else if (corners_are_simple(r))
      simple_corners(p, e, s, node, first, end);
    else
      for (size_t u = first; u < end; u++)
        slow_leaf(p, e, s, node, u, best);
  }
  if (node == 0 && r->n_children == 0)
    for (size_t u = first; u < end; u++)
      s->raw[u] = s->points[u];
  if (e->any_entry)
    apply_entries(p, e, s, node, first, end);
}

void chiso__find_best(const chiso_program *p, const chiso_entries *e,
                      uint32_t node, chiso__best *out) {
  const chiso__rule *r = &p->rules[node];
  *out = (chiso__best){ 0, 0 };
  for (size_t u = 0; u < e->n; u++) {
    chiso__argument a;
    if (chiso__argument_of(r, e, u, &a) != CHISO__ARGUMENT_OK)
      continue;
    chiso__wide left, right;
    if (__builtin_mul_overflow(a.n, out->d, &left) ||
        __builtin_mul_overflow(out->n, a.d, &right))
      continue;
    if (out->d == 0 || left > right)
      *out = (chiso__best){ a.n, a.d };
  }
}

void chiso_score(const chiso_program *p, const chiso_entries *e,
                 chiso_scores *s) {
  for (size_t first = 0; first < e->n; first += BLOCK) {
    size_t end = e->n - first < BLOCK ? e->n : first + BLOCK;
    for (uint32_t i = p->n_nodes; i-- > 0;) {
      chiso__best best = { 0, 0 };
      if (p->rules[i].way == CHISO__WAY_BEST)
        chiso__find_best(p, e, i, &best);
      chiso__score_node(p, e, s, i, first, end, &best);
    }
    if (e->any_part)
      chiso__score_parts(p, e, s, first, end);
  }
}

chiso_dec chiso_percent(const chiso_program *p, const chiso_scores *s,
                        uint32_t node, size_t unit) {
  size_t at = node * s->n + unit;
  chiso_dec points = node == 0 ? s->raw[unit] : s->points[at];
  if (!chiso_has_points(s->state[at]) || s->max[at] <= 0)
    return CHISO_NONE;
  const chiso__rule *root = &p->rules[0];
  int64_t units, unit_size = chiso__power10[CHISO_DEC_DIGITS -
                                            p->index->digits];
  if (!chiso__wide_div((chiso__wide)points * 100 * CHISO_DEC_ONE,
                       (chiso__wide)s->max[at] * unit_size, root->round,
                       &units))
    return CHISO_NONE;
  return units * unit_size;
}

chiso_dec chiso_ranked_figure(const chiso_program *p, const chiso_scores *s,
                              uint32_t node, size_t unit) {
  if (p->index->rank_by == CHISO_RANK_PERCENT)
    return chiso_percent(p, s, node, unit);
  size_t at = node * s->n + unit;
  return chiso_has_points(s->state[at]) ? s->points[at] : CHISO_NONE;
}
