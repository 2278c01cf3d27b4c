/* SPDX-License-Identifier: Apache-2.0
 * analysis/bounds.c - best and worst ranks under any weights within bounds. */
#include "analysis/bounds.h"

#include <math.h>
#include <string.h>

#include "analysis/random.h"
#include "analysis/weigh.h"
#include "base/buffer.h"
#include "base/file.h"
#include "data/real.h"

/* Differences of scores are computed to about 1e-14 of the widest difference
 * of a leaf; what is closer than this is taken to be possible. */
#define NEAR 1e-10
/* Sets of weights at random corners of what is allowed. */
#define CORNERS 2000u

#define WITHIN "X, weight:CODE:X"

struct chiso_rank_bounds {
  const chiso_allocator *allocator;
  chiso__bounds b;
};

/* ---- the furthest in one direction --------------------------------------- */

/* Children of a node by value, the highest first. */
static uint32_t by_value(chiso__bounds *b, const chiso__code *node) {
  const uint32_t *children = b->model.c->tree.children + node->first;
  uint32_t count = 0;
  for (uint32_t k = 0; k < node->count; k++) {
    uint32_t child = children[k], at = count;
    if (!b->used[child])
      continue;
    while (at > 0 && b->value[b->order[at - 1]] < b->value[child]) {
      b->order[at] = b->order[at - 1];
      at--;
    }
    b->order[at] = child;
    count++;
  }
  return count;
}

/* The most of sum(v x) / sum(v) over low <= v <= high: the first so many at
 * their highest, the others at their lowest. */
static uint32_t best_split(const chiso__bounds *b, uint32_t count,
                           double *most) {
  double sum = 0, weight = 0;
  uint32_t best = 0;
  for (uint32_t k = 0; k < count; k++) {
    sum += b->low[b->order[k]] * b->value[b->order[k]];
    weight += b->low[b->order[k]];
  }
  *most = weight > 0 ? sum / weight : -(double)INFINITY;
  for (uint32_t k = 0; k < count; k++) {
    uint32_t child = b->order[k];
    double more = b->high[child] - b->low[child];
    sum += more * b->value[child];
    weight += more;
    if (weight > 0 && sum / weight > *most) {
      *most = sum / weight;
      best = k + 1;
    }
  }
  return best;
}

double chiso__bounds_most(chiso__bounds *b, const double *goal,
                          double *weights) {
  const chiso__tree *t = &b->model.c->tree;
  memcpy(b->value, goal, b->leaves * sizeof *goal);
  for (size_t i = b->leaves; i < b->codes; i++) {
    if (!b->used[i])
      continue;
    uint32_t count = by_value(b, &t->codes[i]);
    uint32_t split = best_split(b, count, &b->value[i]);
    for (uint32_t k = 0; weights && k < count; k++) {
      uint32_t child = b->order[k];
      weights[child] =
          b->scale[child] * (k < split ? b->high[child] : b->low[child]);
    }
  }
  return b->value[t->root];
}

/* ---- pairs --------------------------------------------------------------- */

/* Nowhere better: never above, whatever rounding says. */
static bool nowhere_better(const chiso__bounds *b, size_t over, size_t unit) {
  const double *x = b->x + over * b->leaves, *y = b->x + unit * b->leaves;
  for (size_t i = 0; i < b->leaves; i++)
    if (b->used[i] && x[i] > y[i])
      return false;
  return true;
}

static double reach_of(chiso__bounds *b, size_t over, size_t unit) {
  const double *x = b->x + over * b->leaves, *y = b->x + unit * b->leaves;
  for (size_t i = 0; i < b->leaves; i++)
    b->goal[i] = x[i] - y[i];
  double most = chiso__bounds_most(b, b->goal, NULL);
  return most > -NEAR && nowhere_better(b, over, unit) ? -NEAR : most;
}

bool chiso__bounds_may(const chiso__bounds *b, size_t over, size_t unit) {
  return over != unit && b->reach[over * b->n + unit] > -NEAR;
}

bool chiso__bounds_surely(const chiso__bounds *b, size_t over, size_t unit) {
  return over != unit && b->reach[unit * b->n + over] < -NEAR;
}

/* Whether the other may be on either side of the unit. */
bool chiso__bounds_open(const chiso__bounds *b, size_t unit, size_t other) {
  return chiso__bounds_may(b, other, unit) &&
         !chiso__bounds_surely(b, other, unit);
}

bool chiso__bounds_settled(const chiso__bounds *b, size_t unit, int end) {
  const chiso__end *e = &b->ends[2 * unit + (size_t)end];
  return end == CHISO__BEST ? e->rank <= e->proven : e->rank >= e->proven;
}

static void prove_by_pairs(chiso__bounds *b) {
  for (size_t i = 0; i < b->n; i++) {
    uint32_t sure = 0, may = 0;
    for (size_t k = 0; k < b->n; k++) {
      sure += chiso__bounds_surely(b, k, i);
      may += chiso__bounds_may(b, k, i);
    }
    b->ends[2 * i + CHISO__BEST].proven = 1 + sure;
    b->ends[2 * i + CHISO__WORST].proven = 1 + may;
  }
}

static void measure(chiso__bounds *b) {
  for (size_t i = 0; i < b->n; i++)
    for (size_t k = 0; k < b->n; k++)
      b->reach[i * b->n + k] = i == k ? 0 : reach_of(b, i, k);
  prove_by_pairs(b);
}

/* ---- weights tried ------------------------------------------------------- */

static void keep(chiso__bounds *b, size_t end, uint32_t rank,
                 const double *weights) {
  b->ends[end].rank = rank;
  memcpy(b->ends[end].weights, weights, b->codes * sizeof *weights);
}

chiso_status chiso__bounds_try(chiso__bounds *b, const double *weights,
                               chiso_error *err) {
  uint64_t no_inputs = 0;
  chiso__lane_set(&b->lane, &no_inputs, weights);
  CHISO__TRY(chiso__lane_score(&b->lane, err));
  chiso__lane_rank(&b->lane);
  for (size_t i = 0; i < b->n; i++) {
    uint32_t rank = b->lane.ranks[i];
    if (rank < b->ends[2 * i].rank)
      keep(b, 2 * i, rank, weights);
    if (rank > b->ends[2 * i + 1].rank)
      keep(b, 2 * i + 1, rank, weights);
  }
  return CHISO_OK;
}

chiso_status chiso__bounds_try_point(chiso__bounds *b, const double *y,
                                     const double *t, chiso_error *err) {
  const chiso_composite *c = b->model.c;
  memcpy(b->weights, c->weights, b->codes * sizeof *b->weights);
  for (size_t i = 0; i < b->codes; i++) {
    uint32_t parent = c->tree.codes[i].parent;
    if (!b->used[i] || i == c->tree.root || !(t[parent] > 1e-12))
      continue;
    double share = fmin(fmax(y[i] / t[parent], b->low[i]), b->high[i]);
    b->weights[i] = b->scale[i] * share;
  }
  return chiso__check_weights(c, b->weights, NULL) == CHISO_OK
             ? chiso__bounds_try(b, b->weights, err)
             : CHISO_OK;
}

/* As things stand, and at random corners. */
static chiso_status try_corners(chiso__bounds *b, chiso_error *err) {
  const chiso_composite *c = b->model.c;
  uint32_t words[4];
  for (size_t i = 0; i < b->n; i++)
    b->ends[2 * i].rank = UINT32_MAX;
  CHISO__TRY(chiso__bounds_try(b, c->weights, err));
  for (uint32_t corner = 0; corner < CORNERS; corner++) {
    for (size_t i = 0; i < b->codes; i++) {
      if (i % 128 == 0)
        chiso__random(0, corner, (uint32_t)(i / 128), CHISO__RANDOM_CORNERS,
                      words);
      bool up = words[i / 32 % 4] >> i % 32 & 1u;
      b->weights[i] = b->scale[i] * (up ? b->high[i] : b->low[i]);
    }
    if (chiso__check_weights(c, b->weights, NULL) == CHISO_OK)
      CHISO__TRY(chiso__bounds_try(b, b->weights, err));
  }
  return CHISO_OK;
}

/* ---- made ---------------------------------------------------------------- */

/* Weights within their bounds, as shares of what the siblings have now. */
static chiso_status set_box(chiso__bounds *b, const char *within,
                            chiso_error *err) {
  chiso__model *m = &b->model;
  const chiso_composite *c = m->c;
  const chiso__tree *t = &c->tree;
  double noise = 0;
  for (uint32_t i = 0; i < m->n_inputs; i++) {
    if (m->inputs[i].kind > CHISO__INPUT_WEIGHT)
      return chiso__method_unknown("--weights-within", within, WITHIN, err);
    if (m->inputs[i].kind == CHISO__INPUT_WEIGHTS)
      noise = m->inputs[i].noise;
  }
  for (size_t i = 0; i < b->codes; i++) {
    const chiso__code *code = &t->codes[i];
    double own = noise, total = 0;
    for (uint32_t k = 0; k < m->n_inputs; k++)
      if (m->inputs[k].kind == CHISO__INPUT_WEIGHT && m->inputs[k].code == i)
        own = m->inputs[k].noise;
    b->scale[i] = 1;
    if (code->parent == CHISO__NO_CODE) {
      b->low[i] = b->high[i] = c->weights[i];
      continue;
    }
    const chiso__code *parent = &t->codes[code->parent];
    for (uint32_t k = 0; k < parent->count; k++)
      total += c->weights[t->children[parent->first + k]];
    b->scale[i] = total;
    b->low[i] = c->weights[i] * (1 - own) / total;
    b->high[i] = c->weights[i] * (1 + own) / total;
  }
  m->n_inputs = 0; /* the weights are set from here */
  return CHISO_OK;
}

/* A code is used when it may have a weight and leaves below it have values. */
static chiso_status find_used(chiso__bounds *b, chiso_error *err) {
  const chiso__model *m = &b->model;
  const chiso_composite *c = m->c;
  const chiso__tree *t = &c->tree;
  const chiso__way *ways = m->plans[0].ways;
  for (size_t i = 0; i < b->leaves; i++) {
    const double *x = m->leaves[0] + i * b->n;
    size_t present = chiso__present(x, b->n), gap = 0;
    b->used[i] =
        present > 0 && b->high[i] > 0 && t->codes[i].parent != CHISO__NO_CODE;
    while (gap < b->n && !isnan(x[gap]))
      gap++;
    if (b->used[i] && present < b->n)
      return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_BOUNDS_GAP, t->codes[i].code,
                         c->units[gap]);
  }
  for (size_t i = b->leaves; i < b->codes; i++) {
    if (ways[i].mean > CHISO__GENMEAN || ways[i].mean != ways[t->root].mean ||
        ways[i].a != ways[t->root].a)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_BOUNDS_MEAN, t->codes[i].code);
    for (uint32_t k = 0; k < t->codes[i].count; k++)
      b->used[i] = b->used[i] || b->used[t->children[t->codes[i].first + k]];
    b->used[i] = b->used[i] && (i == t->root || b->high[i] > 0);
  }
  return CHISO_OK;
}

/* f(x), turned so that more is better, the widest difference of a leaf 1. */
static void set_values(chiso__bounds *b) {
  const chiso__model *m = &b->model;
  const chiso__way *way = &m->plans[0].ways[m->c->tree.root];
  double sign = chiso__mean_in(way, 2) > chiso__mean_in(way, 1) ? 1 : -1;
  double widest = 0, low, high;
  for (size_t i = 0; i < b->leaves; i++) {
    for (size_t r = 0; r < b->n; r++)
      b->x[r * b->leaves + i] =
          b->used[i] ? sign * chiso__mean_in(way, m->leaves[0][i * b->n + r])
                     : 0;
    low = high = b->x[i];
    for (size_t r = 1; r < b->n; r++) {
      low = fmin(low, b->x[r * b->leaves + i]);
      high = fmax(high, b->x[r * b->leaves + i]);
    }
    widest = fmax(widest, high - low);
  }
  for (size_t i = 0; widest > 0 && i < b->n * b->leaves; i++)
    b->x[i] /= widest;
}

static chiso_status make_room(chiso__bounds *b, chiso_error *err) {
  chiso__arena *a = &b->model.arena;
  b->low = chiso__arena_array(a, b->codes, sizeof *b->low);
  b->high = chiso__arena_array(a, b->codes, sizeof *b->high);
  b->scale = chiso__arena_array(a, b->codes, sizeof *b->scale);
  b->used = chiso__arena_array(a, b->codes, 1);
  b->value = chiso__arena_array(a, b->codes, sizeof *b->value);
  b->goal = chiso__arena_array(a, b->leaves, sizeof *b->goal);
  b->weights = chiso__arena_array(a, b->codes, sizeof *b->weights);
  b->order = chiso__arena_array(a, b->codes, sizeof *b->order);
  b->x = chiso__arena_array(a, b->n * b->leaves, sizeof *b->x);
  b->reach = chiso__arena_array(a, b->n * b->n, sizeof *b->reach);
  b->ends = chiso__arena_array(a, 2 * b->n, sizeof *b->ends);
  double *kept = chiso__arena_array(a, 2 * b->n * b->codes, sizeof *kept);
  if (!b->low || !b->high || !b->scale || !b->used || !b->value || !b->goal ||
      !b->weights || !b->order || !b->x || !b->reach || !b->ends || !kept)
    return chiso__no_memory(err);
  for (size_t i = 0; i < 2 * b->n; i++)
    b->ends[i].weights = kept + i * b->codes;
  return CHISO_OK;
}

static chiso_status search(chiso__bounds *b, chiso_error *err) {
  CHISO__TRY(try_corners(b, err));
  for (size_t i = 0; i < b->n; i++)
    for (int end = CHISO__BEST; end <= CHISO__WORST; end++)
      if (!chiso__bounds_settled(b, i, end))
        CHISO__TRY(chiso__bounds_search(b, i, end, err));
  for (size_t i = 0; b->most_nodes > 0 && i < b->n; i++)
    for (int end = CHISO__BEST; end <= CHISO__WORST; end++)
      if (!b->no_solver && !chiso__bounds_settled(b, i, end))
        CHISO__TRY(chiso__bounds_programme(b, i, end, err));
  if (b->no_solver)
    chiso__composite_notice(b->model.c, MSG_BOUNDS_NO_SOLVER, "", "");
  return CHISO_OK;
}

/* ---- out ----------------------------------------------------------------- */

static void write_witness(chiso__buffer *out, const chiso__bounds *b,
                          size_t end) {
  const chiso_composite *c = b->model.c;
  for (size_t i = 0; i < b->codes; i++) {
    char weight[CHISO__REAL_TEXT];
    chiso__real_exact(b->ends[end].weights[i], '.', weight);
    chiso__buffer_print(out, "%zu", end + 1);
    chiso__csv_write(out, false, c->tree.codes[i].code);
    chiso__buffer_print(out, ",%u,%s", (unsigned)c->tree.codes[i].level,
                        weight);
    chiso__csv_write(out, false, c->units[end / 2]);
    chiso__buffer_print(out, ",%s,%u\n", end % 2 ? "worst" : "best",
                        (unsigned)b->ends[end].rank);
  }
}

static chiso_status write_all(const chiso__bounds *b, const char *path,
                              chiso_error *err) {
  chiso__buffer out = { .allocator = b->model.c->allocator };
  chiso__buffer_text(&out, "rep,iCode,Level,Weight,unit,end,Rank\n");
  for (size_t end = 0; end < 2 * b->n; end++)
    write_witness(&out, b, end);
  chiso_status status = out.failed
                            ? chiso__no_memory(err)
                            : chiso__file_write(path, out.data, out.size, err);
  chiso__buffer_free(&out);
  return status;
}

static chiso_status run(chiso__bounds *b, chiso_composite *c,
                        const chiso_rank_bounds_spec *spec, chiso_error *err) {
  bool plain = spec->within[0] >= '0' && spec->within[0] <= '9';
  if (!plain && strncmp(spec->within, "weight:", 7) != 0)
    return chiso__method_unknown("--weights-within", spec->within, WITHIN, err);
  chiso__buffer inputs = { .allocator = c->allocator };
  chiso__buffer_print(&inputs, "%s%s", plain ? "weights:" : "", spec->within);
  chiso__assumptions as = { spec->normalise, spec->aggregate, NULL, inputs.data,
                            0 };
  b->most_nodes = spec->most_nodes;
  chiso_status status =
      inputs.failed
          ? chiso__no_memory(err)
          : chiso__model_open(&b->model, c, "--weights-within", &as, err);
  chiso__buffer_free(&inputs);
  CHISO__TRY(status);
  b->n = c->n;
  b->leaves = c->tree.leaves;
  b->codes = c->tree.n;
  if (b->n > CHISO__LIMIT_BOUNDED)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_BOUNDS_ROWS, b->n,
                       (size_t)CHISO__LIMIT_BOUNDED);
  CHISO__TRY(chiso__lane_open(&b->lane, &b->model, err));
  CHISO__TRY(make_room(b, err));
  CHISO__TRY(set_box(b, spec->within, err));
  CHISO__TRY(find_used(b, err));
  set_values(b);
  measure(b);
  CHISO__TRY(search(b, err));
  return spec->write_draws ? write_all(b, spec->write_draws, err) : CHISO_OK;
}

chiso_status chiso_rank_bounds_run(chiso_composite *c,
                                   const chiso_rank_bounds_spec *spec,
                                   chiso_rank_bounds **out, chiso_error *err) {
  chiso_rank_bounds *b = chiso__alloc(c->allocator, sizeof *b);
  *out = NULL;
  if (!b)
    return chiso__no_memory(err);
  b->allocator = c->allocator;
  chiso_status status = run(&b->b, c, spec, err);
  if (status == CHISO_OK)
    *out = b;
  else
    chiso_rank_bounds_free(b);
  return status;
}

void chiso_rank_bounds_free(chiso_rank_bounds *b) {
  if (!b)
    return;
  chiso__lane_free(&b->b.lane);
  chiso__model_free(&b->b.model);
  chiso__free(b->allocator, b);
}

chiso_rank_bound chiso_rank_bounds_at(const chiso_rank_bounds *b, size_t row) {
  const chiso__end *ends = b->b.ends + 2 * row;
  return (chiso_rank_bound) { b->b.model.ranks[row], ends[0].rank,
                              ends[0].proven, ends[1].rank, ends[1].proven };
}
