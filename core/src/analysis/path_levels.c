/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_levels.c - the points that a leaf can be brought to. Rules are
 * asked, not solved: between two of their thresholds points only rise or only
 * fall, so that halving finds every value there is. */
#include <stdlib.h>

#include "analysis/path.h"

typedef struct finder {
  chiso_path *path;
  const chiso_node *node;
  const chiso__rule *rule;
  uint32_t place; /* of the node */
  size_t unit;
  chiso_dec now;
  int64_t raw; /* of the input, as it is */
  chiso__price price;
  chiso_dec grid; /* points are told apart by it */
  bool thin;      /* it is coarser than what there is */
  chiso_path_level *list;
  size_t n, capacity;
  bool short_memory;
} finder;

static bool is_full(const finder *f) {
  return f->short_memory || f->n > CHISO__LIMIT_LEVELS_OF_LEAF;
}

static void record(finder *f, chiso_dec points, int64_t raw) {
  if (points == CHISO_NONE || points <= f->now ||
      (f->price.least != CHISO_NONE && points < f->price.least) ||
      (f->price.most != CHISO_NONE && points > f->price.most) || is_full(f))
    return;
  if (!chiso__grow(f->path->allocator, (void **)&f->list, &f->capacity, f->n,
                   sizeof *f->list)) {
    f->short_memory = true;
    return;
  }
  f->list[f->n++] = (chiso_path_level) { .points = points, .raw = raw };
}

/* ---- by the input ---------------------------------------------------------
 */

static uint32_t slot_of(const finder *f) {
  const chiso__rule *r = f->rule;
  const chiso_entries *e = &f->path->member.entries;
  if (r->slot_x != CHISO_NO_SLOT && e->have[r->slot_x * e->n + f->unit])
    return r->slot_x;
  return r->slot_num;
}

/* Points at another value of the input; CHISO_NONE where there are none. */
static chiso_dec points_at(const finder *f, int64_t raw) {
  chiso_entries *e = &f->path->member.entries;
  size_t at = slot_of(f) * e->n + f->unit;
  chiso_trace t;
  e->value[at] = raw;
  chiso__score_leaf(f->path->program, e, f->place, f->unit, NULL, &t);
  e->value[at] = f->raw;
  return t.state == CHISO_STATE_SCORED ? t.points : CHISO_NONE;
}

/* Points are told apart as finely as the rule gives them, while there are not
 * too many of them; else by the methodology's digits, or less. */
static void set_grid(finder *f, chiso_dec most, chiso__wide raws) {
  const chiso_index *ix = f->path->program->index;
  chiso_dec shown = chiso__power10[CHISO_DEC_DIGITS - ix->digits];
  if (raws <= CHISO__MANY_LEVELS)
    return;
  f->thin = true;
  f->grid = f->grid > shown ? f->grid : shown;
  while ((most - f->now) / f->grid > CHISO__MANY_LEVELS)
    f->grid *= 10;
}

static int64_t step_of(const finder *f, chiso_dec points) {
  return points / f->grid - (points % f->grid < 0);
}

/* Between a and b points only rise or only fall. */
static void halve(finder *f, int64_t a, chiso_dec at_a, int64_t b,
                  chiso_dec at_b) {
  if (at_a == CHISO_NONE || at_b == CHISO_NONE || is_full(f) ||
      step_of(f, at_a) == step_of(f, at_b) ||
      (at_a <= f->now && at_b <= f->now))
    return;
  if (b - a == 1) {
    record(f, at_a > at_b ? at_a : at_b, at_a > at_b ? a : b);
    return;
  }
  int64_t middle = a + (b - a) / 2;
  chiso_dec at = points_at(f, middle);
  halve(f, a, at_a, middle, at);
  halve(f, middle, at, b, at_b);
}

/* Values of the input around a threshold of the rule's argument, at / scale. */
typedef struct around {
  int64_t *raws;
  size_t n;
} around;

static void add_around(const finder *f, chiso__wide at, chiso__wide scale,
                       around *list) {
  const chiso__rule *r = f->rule;
  const chiso_entries *e = &f->path->member.entries;
  bool x = slot_of(f) == r->slot_x;
  bool below_zero = x ? r->x_signed : r->num_signed;
  chiso__wide times = r->x_den, base;
  if (!x) {
    times = (chiso__wide)e->value[r->slot_den * e->n + f->unit] * r->den_scale;
    scale *= r->num_scale;
  }
  if (__builtin_mul_overflow(at, times, &base))
    base = at / CHISO_DEC_ONE * times / (scale / CHISO_DEC_ONE);
  else
    base /= scale;
  for (int k = -2; k <= 2; k++) {
    chiso__wide raw = base + k;
    if (raw < INT64_MAX / 4 && raw > INT64_MIN / 4 && (raw >= 0 || below_zero))
      list->raws[list->n++] = (int64_t)raw;
  }
}

static void add_thresholds(const finder *f, around *list) {
  const chiso_node *n = f->node;
  switch (n->op) {
  case CHISO_OP_STEP:
  case CHISO_OP_LINEAR:
    for (uint32_t i = 0; i < n->n_steps; i++)
      add_around(f, n->steps[i].at, CHISO_DEC_ONE, list);
    break;
  case CHISO_OP_RATIO:
    if (n->floor != CHISO_NONE)
      add_around(f, n->floor, CHISO_DEC_ONE, list);
    add_around(f, (chiso__wide)n->target * n->cap,
               (chiso__wide)CHISO_DEC_ONE * CHISO_DEC_ONE, list);
    break;
  case CHISO_OP_PENALTY:
    if (n->per > 0)
      add_around(f, (chiso__wide)n->max - n->lo, n->per, list);
    break;
  case CHISO_OP_SURVEY:
  case CHISO_OP_NORM:
    add_around(f, n->from, CHISO_DEC_ONE, list);
    add_around(f, n->to, CHISO_DEC_ONE, list);
    break;
  case CHISO_OP_SHARE:
    add_around(f, CHISO_DEC_ONE, CHISO_DEC_ONE, list);
    add_around(f, (chiso__wide)100 * CHISO_DEC_ONE, CHISO_DEC_ONE, list);
    break;
  default: /* INDEX */
    add_around(f, n->scale, CHISO_DEC_ONE, list);
  }
  add_around(f, 0, CHISO_DEC_ONE, list);
}

static int by_number(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static chiso_status by_argument(finder *f, chiso_error *err) {
  around list = { chiso__alloc(f->path->allocator,
                               ((size_t)f->node->n_steps + 4) * 5 *
                                   sizeof(int64_t)),
                  0 };
  if (!list.raws)
    return chiso__no_memory(err);
  add_thresholds(f, &list);
  list.raws[list.n++] = f->raw;
  qsort(list.raws, list.n, sizeof *list.raws, by_number);
  set_grid(f, f->rule->max, (chiso__wide)list.raws[list.n - 1] - list.raws[0]);
  chiso_dec before = CHISO_NONE;
  for (size_t i = 0; i < list.n; i++) {
    if (i > 0 && list.raws[i] == list.raws[i - 1])
      continue;
    chiso_dec at = points_at(f, list.raws[i]);
    record(f, at, list.raws[i]);
    if (i > 0)
      halve(f, list.raws[i - 1], before, list.raws[i], at);
    before = at;
  }
  chiso__free(f->path->allocator, list.raws);
  return CHISO_OK;
}

/* ---- points as such -------------------------------------------------------
 */

/* All of the grid up to `most`, and `most`. With `den` the points are an input
 * of so many digits. */
static void by_grid(finder *f, chiso_dec most, int64_t den) {
  chiso_dec unit = den ? CHISO_DEC_ONE / den : 1;
  set_grid(f, most, INT64_MAX);
  f->grid = f->grid > unit ? f->grid : unit;
  for (chiso_dec p = (step_of(f, f->now) + 1) * f->grid;
       p < most && !is_full(f); p += f->grid)
    record(f, p, p / unit);
  record(f, most, most / unit);
}

static void by_hand(finder *f) {
  int64_t den = f->rule->x_den ? f->rule->x_den : CHISO_DEC_ONE;
  chiso_dec unit = CHISO_DEC_ONE / den;
  chiso_dec most = f->rule->max / unit * unit;
  if (f->path->options.partial)
    by_grid(f, most, den);
  else
    record(f, most, most / unit);
}

static void by_choice(finder *f) {
  for (uint32_t i = 0; i < f->rule->n_choices; i++)
    record(f, f->rule->choices[i], (int64_t)i);
}

/* Points were given: what the rule could give, whatever its inputs. */
static void by_rule(finder *f, chiso_dec max) {
  const chiso__rule *r = f->rule;
  chiso_dec most = max;
  switch (f->node ? r->way : CHISO__WAY_SUM) {
  case CHISO__WAY_STEPS:
    record(f, r->otherwise, 0);
    for (uint32_t i = 0; i < r->n_thresholds; i++)
      record(f, r->thresholds[i].points, 0);
    return;
  case CHISO__WAY_CHOICE:
    by_choice(f);
    return;
  case CHISO__WAY_MANUAL:
    by_hand(f);
    return;
  case CHISO__WAY_AFFINE:
    most = f->node->op == CHISO_OP_RATIO && r->most < max ? r->most : max;
    break;
  default:
    break;
  }
  by_grid(f, most, 0);
}

/* ---- levels ---------------------------------------------------------------
 */

static int rising(const void *a, const void *b) {
  const chiso_path_level *x = a, *y = b;
  if (x->points != y->points)
    return x->points < y->points ? -1 : 1;
  /* The nearest value of the input comes first: `cost` holds how far it is. */
  if (x->cost != y->cost)
    return x->cost < y->cost ? -1 : 1;
  return (x->raw > y->raw) - (x->raw < y->raw);
}

static chiso_status price(const finder *f, chiso_path_level *level,
                          chiso_error *err) {
  chiso_dec once = f->price.fixed != CHISO_NONE ? f->price.fixed : 0;
  if (!chiso_muldiv(f->price.cost, level->points - f->now, CHISO_DEC_ONE,
                    &level->cost) ||
      __builtin_add_overflow(level->cost, once, &level->cost) ||
      level->cost > INT64_MAX / 1024)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_PATH_COST_LARGE,
                       f->node ? f->node->id : "");
  return CHISO_OK;
}

static chiso_status keep(finder *f, chiso__lever *lever, chiso_error *err) {
  for (size_t i = 0; i < f->n; i++)
    f->list[i].cost = f->list[i].raw > f->raw ? f->list[i].raw - f->raw
                                              : f->raw - f->list[i].raw;
  if (f->n > 0)
    qsort(f->list, f->n, sizeof *f->list, rising);
  lever->levels =
      chiso__arena_array(&f->path->arena, f->n + 1, sizeof *lever->levels);
  if (!lever->levels)
    return chiso__no_memory(err);
  lever->levels[0] = (chiso_path_level) { .points = f->now, .raw = f->raw };
  lever->n = 1;
  for (size_t i = 0; i < f->n; i++) {
    const chiso_path_level *before = &lever->levels[lever->n - 1];
    bool top = f->list[i].points == f->list[f->n - 1].points;
    if (f->list[i].points == before->points ||
        (f->thin && !top &&
         step_of(f, f->list[i].points) == step_of(f, before->points)))
      continue;
    lever->levels[lever->n] = f->list[i];
    CHISO__TRY(price(f, &lever->levels[lever->n], err));
    lever->n++;
  }
  return CHISO_OK;
}

/* 0 over 0 has its points from a policy, and no input to change. */
static bool has_argument(const finder *f) {
  chiso__argument a;
  return chiso__argument_of(f->rule, &f->path->member.entries, f->unit, &a) ==
         CHISO__ARGUMENT_OK;
}

/* A leaf as its inputs make it. What nothing can be entered for stays. */
static chiso_status by_input(finder *f, chiso_path_leaf *leaf,
                             chiso_error *err) {
  const chiso__rule *r = f->rule;
  bool hand = r->way == CHISO__WAY_MANUAL || r->way == CHISO__WAY_CHOICE;
  const chiso_entries *e = &f->path->member.entries;
  if (r->way == CHISO__WAY_STEPS && r->n_thresholds == 0)
    return CHISO_OK;
  if (e->entry[f->place * e->n + f->unit] != CHISO_ENTRY_NONE ||
      (!hand && !has_argument(f))) {
    leaf->left = CHISO_PATH_ABSENT;
    return CHISO_OK;
  }
  leaf->slot = hand ? r->slot_x : slot_of(f);
  f->raw = e->value[leaf->slot * e->n + f->unit];
  if (!hand)
    return by_argument(f, err);
  if (r->way == CHISO__WAY_MANUAL)
    by_hand(f);
  else
    by_choice(f);
  return CHISO_OK;
}

chiso_status chiso__path_levels(chiso_path *path, chiso__lever *lever,
                                chiso_error *err) {
  const chiso_index *ix = path->program->index;
  chiso_path_leaf *leaf = &lever->leaf;
  finder f = { .path = path,
               .place = leaf->node,
               .unit = path->options.unit,
               .now = leaf->points,
               .price = { CHISO_DEC_ONE, CHISO_NONE, CHISO_NONE, 0, false },
               .grid = 1 };
  if (path->prices)
    f.price = path->prices[chiso__path_place(path, leaf)];
  if (leaf->node != CHISO_NO_NODE) {
    f.node = &ix->nodes[leaf->node];
    f.rule = &path->program->rules[leaf->node];
    f.grid = f.rule->unit;
  }
  chiso_status status = CHISO_OK;
  if (lever->given)
    by_rule(&f, leaf->max);
  else
    status = by_input(&f, leaf, err);
  if (f.short_memory)
    status = chiso__no_memory(err);
  else if (status == CHISO_OK && f.n > CHISO__LIMIT_LEVELS_OF_LEAF)
    status = CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_FINE, leaf->id,
                         (size_t)CHISO__LIMIT_LEVELS_OF_LEAF);
  if (status == CHISO_OK)
    status = keep(&f, lever, err);
  chiso__free(path->allocator, f.list);
  return status;
}
