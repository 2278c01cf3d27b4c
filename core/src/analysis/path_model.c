/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_model.c - the tree of one unit as what can change in it. */
#include <string.h>

#include "analysis/path.h"

typedef struct builder {
  chiso_path *path;
  const chiso_program *program;
  const chiso_scores *scores; /* of the run */
  size_t unit;
  double *reach; /* [node] */
  size_t capacity;
  chiso_error *err;
} builder;

static unsigned state_of(const builder *b, uint32_t node) {
  return b->scores->state[node * b->scores->n + b->unit];
}

/* ---- levers ---------------------------------------------------------------
 */

static bool by_others(const chiso_node *n) {
  return n->op == CHISO_OP_SURVEY || n->op == CHISO_OP_SHARE ||
         n->op == CHISO_OP_INDEX || n->assessor == CHISO_BY_SURVEY ||
         n->assessor == CHISO_BY_INDEX;
}

/* Whether all that counts below a node comes from surveys and other indices. */
static bool surveyed(const builder *b, uint32_t node) {
  const chiso__rule *r = &b->program->rules[node];
  if (r->n_children == 0)
    return by_others(&b->program->index->nodes[node]);
  for (uint32_t k = 0; k < r->n_children; k++)
    if (!surveyed(b, r->children[k]))
      return false;
  return true;
}

static chiso_path_left left_of(const builder *b, const chiso_path_leaf *leaf) {
  const chiso_path *path = b->path;
  size_t place = chiso__path_place(path, leaf);
  if (path->fixed[place])
    return CHISO_PATH_FIXED;
  if (leaf->node != CHISO_NO_NODE) {
    unsigned way = b->program->rules[leaf->node].way;
    if (!chiso_has_points(state_of(b, leaf->node)))
      return CHISO_PATH_ABSENT;
    if (way == CHISO__WAY_BEST || way == CHISO__WAY_CALL)
      return CHISO_PATH_COMPARED;
    if (!path->options.surveys && surveyed(b, leaf->node))
      return CHISO_PATH_SURVEYED;
  }
  return path->prices && path->prices[place].cost == CHISO_NONE
             ? CHISO_PATH_UNPRICED
             : CHISO_PATH_OPEN;
}

static chiso_status add(builder *b, chiso_path_leaf leaf, bool given,
                        double reach) {
  chiso_path *path = b->path;
  if (!chiso__grow(path->allocator, (void **)&path->levers, &b->capacity,
                   path->n_levers, sizeof *path->levers))
    return chiso__no_memory(b->err);
  chiso__lever *lever = &path->levers[path->n_levers++];
  leaf.left = left_of(b, &leaf);
  leaf.slot = CHISO_NO_SLOT;
  leaf.cost = CHISO_DEC_ONE;
  leaf.fixed = 0;
  if (path->prices) {
    const chiso__price *p = &path->prices[chiso__path_place(path, &leaf)];
    leaf.cost = p->cost;
    leaf.fixed = p->cost == CHISO_NONE    ? CHISO_NONE
                 : p->fixed == CHISO_NONE ? 0
                                          : p->fixed;
  }
  *lever = (chiso__lever) { .leaf = leaf, .given = given, .reach = reach };
  if (leaf.left == CHISO_PATH_OPEN)
    CHISO__TRY(chiso__path_levels(path, lever, b->err));
  else
    lever->n = 1;
  if (lever->n == 1 && lever->leaf.left == CHISO_PATH_OPEN)
    lever->leaf.left = CHISO_PATH_FULL;
  lever->leaf.levels = lever->n - 1;
  return CHISO_OK;
}

static int64_t gcd(int64_t a, int64_t b) {
  while (b) {
    int64_t t = a % b;
    a = b;
    b = t;
  }
  return a < 0 ? -a : a;
}

static chiso_status add_node(builder *b, uint32_t node) {
  const chiso_node *n = &b->program->index->nodes[node];
  size_t at = node * b->scores->n + b->unit;
  bool given = b->scores->state[at] == CHISO_STATE_GIVEN;
  bool sum = b->program->rules[node].way == CHISO__WAY_SUM;
  chiso_path_leaf leaf = { .node = node,
                           .part = CHISO_NO_SLOT,
                           .id = n->id,
                           .title_vi = n->title_vi,
                           .title_en = n->title_en,
                           .points = b->scores->points[at],
                           .max = sum ? b->scores->max[at] : n->max };
  size_t before = b->path->n_levers;
  CHISO__TRY(add(b, leaf, given, b->reach[node]));
  const chiso__lever *lever = &b->path->levers[before];
  int64_t grain = 0;
  for (size_t i = 0; i < lever->n && lever->n > 1; i++)
    grain = gcd(grain, lever->levels[i].points);
  b->path->joints[node] = (chiso__joint) { .varies = lever->n > 1,
                                           .lever = before,
                                           .grain = grain };
  return CHISO_OK;
}

/* ---- joints ---------------------------------------------------------------
 */

/* The children of an inner node that reach its points: of a case the branch
 * that holds. */
static uint32_t first_child(const builder *b, uint32_t node, uint32_t *count) {
  const chiso__rule *r = &b->program->rules[node];
  chiso_reason reason;
  *count = r->n_children;
  if (r->way != CHISO__WAY_CASE)
    return 0;
  uint32_t chosen = chiso__chosen_branch(b->program, &b->path->member.entries,
                                         node, b->unit, &reason);
  *count = chosen < r->n_children ? chosen + 1 : 0;
  return chosen < r->n_children ? chosen : 0;
}

static int64_t common_weight(const builder *b, const chiso__rule *r) {
  int64_t common = 0;
  for (uint32_t k = 0; k < r->n_children; k++)
    if (chiso_has_points(state_of(b, r->children[k])))
      common = gcd(common, r->weights[k]);
  return common ? common : 1;
}

static chiso_status join(builder *b, uint32_t node) {
  const chiso__rule *r = &b->program->rules[node];
  chiso__joint *j = &b->path->joints[node];
  uint32_t end, first = first_child(b, node, &end);
  bool mean = r->way == CHISO__WAY_MEAN;
  *j = (chiso__joint) { .lever = SIZE_MAX, .scale = 1 };
  j->children =
      chiso__arena_array(&b->path->arena, end - first, sizeof *j->children);
  j->weights =
      chiso__arena_array(&b->path->arena, end - first, sizeof *j->weights);
  if (!j->children || !j->weights)
    return chiso__no_memory(b->err);
  if (mean)
    j->scale = common_weight(b, r);
  for (uint32_t k = first; k < end; k++) {
    uint32_t child = r->children[k];
    int64_t weight = mean ? (int64_t)(r->weights[k] / j->scale) : 1, part;
    if (!chiso_has_points(state_of(b, child)))
      continue;
    j->total_weight += r->weights[k];
    chiso_dec points = b->scores->points[child * b->scores->n + b->unit];
    chiso_dec most = CHISO_DEC_LIMIT;
    if (__builtin_mul_overflow(weight, most, &part) ||
        part > INT64_MAX / (4 * (int64_t)(end - first)))
      return CHISO__FAIL(b->err, CHISO_USAGE, MSG_PATH_WEIGHTS,
                         b->program->index->nodes[node].id);
    if (b->path->joints[child].varies) {
      j->weights[j->count] = weight;
      j->children[j->count++] = child;
      j->varies = true;
    } else {
      j->constant += weight * points;
    }
  }
  return CHISO_OK;
}

static void set_reach(const builder *b, uint32_t node) {
  const chiso__rule *r = &b->program->rules[node];
  double total = 0;
  if (node == 0 && r->way == CHISO__WAY_MEAN) {
    int64_t common = common_weight(b, r);
    for (uint32_t k = 0; k < r->n_children; k++) {
      int64_t times = r->weights[k] / common;
      b->reach[r->children[k]] = (double)times;
    }
    return;
  }
  for (uint32_t k = 0; k < r->n_children; k++)
    if (chiso_has_points(state_of(b, r->children[k])))
      total += (double)r->weights[k];
  for (uint32_t k = 0; k < r->n_children; k++) {
    double share = 1;
    if (r->way == CHISO__WAY_MEAN && total > 0)
      share = (double)r->weights[k] / total *
              ((double)(r->out_hi - r->out_lo) / CHISO_DEC_ONE);
    b->reach[r->children[k]] = b->reach[node] * share;
  }
}

/* How far rounding, now and after a plan, moves the root's sum. */
static void round_off(const builder *b, uint32_t node) {
  const chiso__rule *r = &b->program->rules[node];
  chiso__joint *j = &b->path->joints[node];
  if (node == 0 || !j->varies)
    return;
  j->grain = j->constant;
  for (uint32_t k = 0; k < j->count; k++)
    j->grain = gcd(j->grain, b->path->joints[j->children[k]].grain);
  if (r->way == CHISO__WAY_MEAN || j->grain % r->unit != 0) {
    b->path->loss += 2 * (double)r->unit * b->reach[node];
    j->grain = r->unit;
  }
}

/* Levers are found in the order of the tree, joints are made on the way back.
 */
static chiso_status visit(builder *b, uint32_t node) {
  const chiso__rule *r = &b->program->rules[node];
  unsigned state = state_of(b, node);
  if (r->way < CHISO__WAY_SUM || state == CHISO_STATE_GIVEN)
    return add_node(b, node);
  if (!chiso_has_points(state))
    return CHISO_OK;
  uint32_t end, first = first_child(b, node, &end);
  set_reach(b, node);
  for (uint32_t k = first; k < end; k++)
    CHISO__TRY(visit(b, r->children[k]));
  CHISO__TRY(join(b, node));
  round_off(b, node);
  return CHISO_OK;
}

/* ---- parts ----------------------------------------------------------------
 */

static chiso_status visit_parts(builder *b) {
  const chiso_index *ix = b->program->index;
  const chiso_entries *e = &b->path->member.entries;
  chiso__joint *root = &b->path->joints[0];
  uint32_t part = 0;
  b->path->part_levers = chiso__arena_array(
      &b->path->arena, b->program->n_parts, sizeof *b->path->part_levers);
  if (!b->path->part_levers)
    return chiso__no_memory(b->err);
  *root = (chiso__joint) { .lever = SIZE_MAX, .scale = 1 };
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    for (uint32_t k = 0; k < ix->partitions[i].n_parts; k++, part++) {
      const chiso_part *of = &ix->partitions[i].parts[k];
      size_t at = part * e->n + b->unit, lever = b->path->n_levers;
      if (!e->have_part[at])
        continue;
      CHISO__TRY(add(b,
                     (chiso_path_leaf) { .node = CHISO_NO_NODE,
                                         .part = part,
                                         .id = of->id,
                                         .title_vi = of->title_vi,
                                         .title_en = of->title_en,
                                         .points = e->part[at],
                                         .max = of->max },
                     true, 1));
      if (b->path->levers[lever].n > 1) {
        b->path->part_levers[b->path->n_part_levers++] = lever;
        root->varies = true;
      } else {
        root->constant += e->part[at];
      }
    }
  return CHISO_OK;
}

static bool has_parts(const builder *b) {
  const chiso_entries *e = &b->path->member.entries;
  for (uint32_t i = 0; i < b->program->n_parts; i++)
    if (e->have_part[i * e->n + b->unit])
      return true;
  return false;
}

/* The sum of all that the levers can cost together must fit. */
static chiso_status check_costs(const builder *b) {
  chiso_dec sum = 0;
  for (size_t i = 0; i < b->path->n_levers; i++) {
    const chiso__lever *l = &b->path->levers[i];
    chiso_dec most = 0;
    for (size_t k = 1; k < l->n; k++)
      most = l->levels[k].cost > most ? l->levels[k].cost : most;
    if (__builtin_add_overflow(sum, most, &sum) || sum > INT64_MAX / 4)
      return CHISO__FAIL(b->err, CHISO_BAD_DATA, MSG_PATH_COST_LARGE,
                         l->leaf.id);
  }
  return CHISO_OK;
}

/* Whether the root's sum is one of the levers' points; then which. */
static chiso_status flatten(builder *b) {
  chiso_path *path = b->path;
  int64_t now;
  path->flat_levers =
      chiso__arena_array(&path->arena, path->n_levers, sizeof(size_t));
  uint32_t *picks =
      chiso__arena_array(&path->arena, path->n_levers, sizeof *picks);
  if (!path->flat_levers || !picks)
    return chiso__no_memory(b->err);
  path->flat = path->loss <= 0 && path->joints[0].varies &&
               chiso__path_total(path, picks, &now);
  path->flat_now = path->flat ? now : 0;
  for (size_t i = 0; i < path->n_levers && path->flat; i++) {
    const chiso__lever *l = &path->levers[i];
    if (l->n == 1)
      continue;
    path->flat = l->reach >= 1 && l->reach <= 1e6 &&
                 l->reach == (double)(int64_t)l->reach;
    path->flat_levers[path->n_flat++] = i;
    now -= l->levels[0].points * (int64_t)l->reach;
  }
  path->flat_constant = path->flat ? now : 0;
  return CHISO_OK;
}

chiso_status chiso__path_model(chiso_path *path, chiso_error *err) {
  builder b = { .path = path,
                .program = path->program,
                .scores = chiso_run_scores(path->run),
                .unit = path->options.unit,
                .err = err };
  uint32_t n = path->program->n_nodes;
  path->joints = chiso__arena_array(&path->arena, n, sizeof *path->joints);
  path->values = chiso__arena_array(&path->arena, n, sizeof *path->values);
  b.reach = chiso__arena_array(&path->arena, n, sizeof *b.reach);
  if (!path->joints || !path->values || !b.reach)
    return chiso__no_memory(err);
  b.reach[0] = 1;
  path->parts = has_parts(&b);
  CHISO__TRY(path->parts ? visit_parts(&b) : visit(&b, 0));
  CHISO__TRY(check_costs(&b));
  return flatten(&b);
}

/* ---- what a plan makes of the tree ----------------------------------------
 */

static bool mean(const chiso__rule *r, const chiso__joint *j, int64_t total,
                 int64_t unit, int64_t *out) {
  chiso__fraction f = { (chiso__wide)r->out_hi - r->out_lo,
                        total * j->scale,
                        r->out_lo,
                        j->total_weight * CHISO_DEC_ONE,
                        j->total_weight * CHISO_DEC_ONE,
                        unit };
  int64_t units;
  return chiso__exact(&f, r->round, &units) &&
         !__builtin_mul_overflow(units, unit, out);
}

bool chiso__path_points(const chiso_path *path, uint32_t node, int64_t total,
                        int64_t *out) {
  const chiso__rule *r = &path->program->rules[node];
  *out = total;
  if (node == 0)
    return true;
  if (r->way == CHISO__WAY_MEAN)
    return mean(r, &path->joints[node], total, r->unit, out);
  if (r->unit > 1)
    *out = chiso_dec_round(total, r->digits, r->round);
  return true;
}

bool chiso__path_total(chiso_path *path, const uint32_t *picks, int64_t *out) {
  const chiso__joint *root = &path->joints[0];
  *out = root->constant;
  for (size_t i = 0; i < path->n_part_levers; i++) {
    size_t lever = path->part_levers[i];
    *out += path->levers[lever].levels[picks[lever]].points;
  }
  if (path->parts)
    return true;
  for (uint32_t i = path->program->n_nodes; i-- > 0;) {
    const chiso__joint *j = &path->joints[i];
    if (!j->varies)
      continue;
    int64_t total = j->constant;
    if (j->lever != SIZE_MAX) {
      path->values[i] = path->levers[j->lever].levels[picks[j->lever]].points;
      continue;
    }
    for (uint32_t k = 0; k < j->count; k++)
      total += j->weights[k] * path->values[j->children[k]];
    if (!chiso__path_points(path, i, total, &path->values[i]))
      return false;
    *out = total;
  }
  return true;
}

chiso_dec chiso__path_figure(const chiso_path *path, int64_t total,
                             chiso_dec *points) {
  const chiso__rule *r = &path->program->rules[0];
  const chiso_run_rules *rules = path->run->options.rules;
  chiso_dec raw = total, out = total, max = path->max;
  uint8_t state = CHISO_STATE_SCORED;
  if (!path->parts && r->way == CHISO__WAY_MEAN &&
      (!mean(r, &path->joints[0], total, 1, &raw) ||
       !mean(r, &path->joints[0], total, r->unit, &out)))
    return CHISO_NONE;
  if (chiso__rules_has_total(path->run)) {
    raw += path->bonus - path->penalty;
    if (rules->most != CHISO_NONE && raw > rules->most)
      raw = rules->most;
    if (rules->least != CHISO_NONE && raw < rules->least)
      raw = rules->least;
    out = raw;
  }
  out = chiso_dec_round(out, r->digits, r->round);
  chiso_scores one = {
    .n = 1, .points = &out, .max = &max, .state = &state, .raw = &raw
  };
  *points = out;
  return chiso_ranked_figure(path->program, &one, 0, 0);
}
