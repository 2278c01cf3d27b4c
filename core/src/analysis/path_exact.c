/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_exact.c - the cheapest plan by whole numbers alone.
 *
 * For every node, from the leaves up: all points that it can have, each with
 * the least that they cost, as far as no higher points cost as little (labels).
 * A node's points never fall when a child's rise, so that no other plan can be
 * part of a cheapest one. Multiple-choice knapsack by dominance: Kellerer,
 * Pferschy and Pisinger, Knapsack Problems (2004), section 11.5; here over a
 * tree, and with the engine's own rounding at every node. */
#include <stdlib.h>
#include <string.h>

#include "analysis/path.h"

/* Labels of a list while two groups of levers are free. */
#define MOST_OF_GROUP 200000u

typedef struct label {
  int64_t value;
  chiso_dec cost;
  uint32_t leaves;
  uint32_t from; /* label of the list before this child was added */
  uint32_t pick; /* label of the child; of a leaf its level */
} label;

typedef struct labels { /* from the highest value down */
  label *list;
  size_t n;
} labels;

typedef struct search {
  chiso_path *path;
  chiso__arena arena;
  labels *final;        /* [node] */
  labels **stages;      /* [node][child]: after so many children and one more */
  labels *flat;         /* after so many levers and one more; the levers' own */
  label start;          /* before any of them */
  struct segment *hull; /* of all flat levers, the cheapest gain first */
  size_t n_hull;
  int64_t need; /* of a flat tree's sum */
  size_t next;  /* labels are pruned by the levers from here on; 0: not */
  labels buffer[2];
  size_t room;
  chiso_dec most;
  uint64_t kept, merged;
  bool grown, short_memory; /* grown beyond the limits */
} search;

static bool less(const label *a, const label *b) {
  return a->cost != b->cost ? a->cost < b->cost : a->leaves < b->leaves;
}

static bool make_room(search *s, size_t n) {
  if (n <= s->room)
    return true;
  size_t room = n + n / 2;
  for (int i = 0; i < 2; i++) {
    label *grown = room > SIZE_MAX / sizeof *grown
                       ? NULL
                       : chiso__resize(s->path->allocator, s->buffer[i].list,
                                       room * sizeof *grown);
    if (!grown) {
      s->short_memory = true;
      return false;
    }
    s->buffer[i].list = grown;
  }
  s->room = room;
  return true;
}

/* What of `with`, each moved by `by`, and of buffer 0 nothing else is as good
 * as, in buffer 0. Of equals what is there already stays: it picks less. */
static bool merge(search *s, const labels *with, label by) {
  labels *have = &s->buffer[0], *out = &s->buffer[1];
  size_t i = 0, j = 0;
  label best = { 0 };
  if (!make_room(s, have->n + with->n))
    return false;
  s->merged += have->n + with->n;
  if (s->merged > CHISO__LIMIT_MERGES) {
    s->grown = true;
    return false;
  }
  out->n = 0;
  while (i < have->n || j < with->n) {
    label next;
    bool new = i == have->n;
    if (j < with->n) {
      next = with->list[j];
      next.value += by.value;
      next.cost += by.cost;
      next.leaves += by.leaves;
      next.from = (uint32_t)j;
      next.pick = by.pick;
      new = new || next.value > have->list[i].value ||
            (next.value == have->list[i].value && less(&next, &have->list[i]));
    }
    if (new)
      j++;
    else
      next = have->list[i++];
    if (next.cost > s->most || (out->n > 0 && !less(&next, &best)))
      continue;
    out->list[out->n++] = best = next;
  }
  labels swap = *have;
  *have = *out;
  *out = swap;
  return true;
}

static bool keep(search *s, labels *out) {
  size_t n = s->buffer[0].n;
  s->kept += n;
  if (s->kept >
      (s->path->flat ? CHISO__LIMIT_LABELS / 4 : CHISO__LIMIT_LABELS)) {
    s->grown = true;
    return false;
  }
  out->list = chiso__arena_raw(&s->arena, n + 1, sizeof *out->list);
  s->short_memory = !out->list;
  if (!out->list)
    return false;
  memcpy(out->list, s->buffer[0].list, n * sizeof *out->list);
  out->n = n;
  return true;
}

static bool of_lever(search *s, size_t place, labels *out) {
  const chiso__lever *lever = &s->path->levers[place];
  label none = { 0 };
  labels one = { &none, 1 };
  s->buffer[0].n = 0;
  for (uint32_t k = 0; k < lever->n; k++) {
    label by = { lever->levels[k].points, lever->levels[k].cost, k > 0, 0, k };
    if (!merge(s, &one, by))
      return false;
  }
  return keep(s, out);
}

/* ---- bounds of a flat tree
 * ----------------------------------------------------------
 */

static int64_t reach_of(const search *s, size_t lever) {
  return (int64_t)s->path->levers[lever].reach;
}

/* A step of the lower hull of a lever's levels: what a mixture of levels can
 * gain, for less than no plan can. */
typedef struct segment {
  size_t place; /* among the flat levers */
  int64_t gain;
  chiso_dec cost;
} segment;

static int by_slope(const void *a, const void *b) {
  const segment *x = a, *y = b;
  chiso__wide left = (chiso__wide)x->cost * y->gain;
  chiso__wide right = (chiso__wide)y->cost * x->gain;
  if (left != right)
    return left < right ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

static size_t hull_of(const search *s, size_t place, segment *out) {
  size_t lever = s->path->flat_levers[place], n = 0;
  const chiso__lever *l = &s->path->levers[lever];
  for (size_t k = 1; k < l->n; k++) {
    segment next = { place,
                     (l->levels[k].points - l->levels[0].points) *
                         reach_of(s, lever),
                     l->levels[k].cost };
    for (size_t i = 0; i < n; i++) {
      next.gain -= out[i].gain;
      next.cost -= out[i].cost;
    }
    while (n > 0 && (chiso__wide)next.cost * out[n - 1].gain <=
                        (chiso__wide)out[n - 1].cost * next.gain) {
      n--;
      next.gain += out[n].gain;
      next.cost += out[n].cost;
    }
    out[n++] = next;
  }
  return n;
}

static bool make_hull(search *s) {
  const chiso_path *path = s->path;
  size_t most = 0;
  for (size_t i = 0; i < path->n_flat; i++)
    most += path->levers[path->flat_levers[i]].n;
  s->hull = chiso__arena_array(&s->arena, most, sizeof *s->hull);
  s->short_memory = !s->hull;
  if (s->short_memory)
    return false;
  for (size_t i = 0; i < path->n_flat; i++)
    s->n_hull += hull_of(s, i, s->hull + s->n_hull);
  qsort(s->hull, s->n_hull, sizeof *s->hull, by_slope);
  return true;
}

/* No plan of the levers from `place` on gains `rest` for less. */
static chiso_dec least_for(const search *s, size_t place, int64_t rest) {
  chiso_dec cost = 0;
  for (size_t i = 0; i < s->n_hull && rest > 0; i++) {
    const segment *g = &s->hull[i];
    if (g->place < place)
      continue;
    if (g->gain >= rest)
      return cost +
             (chiso_dec)(((chiso__wide)g->cost * rest + g->gain - 1) / g->gain);
    cost += g->cost;
    rest -= g->gain;
  }
  return rest > 0 ? INT64_MAX : cost;
}

/* Drops labels that the levers from `place` on cannot bring to the goal for
 * the cost of the plan that is known. The higher the value, the less is
 * wanting: the hull is gone through once. */
static void prune(search *s, size_t place) {
  labels *have = &s->buffer[0];
  size_t n = 0, i = 0;
  chiso_dec cost = 0;
  int64_t gain = 0, wanted = s->need;
  for (size_t k = place; k < s->path->n_flat; k++) {
    size_t lever = s->path->flat_levers[k];
    wanted -= s->path->levers[lever].levels[0].points * reach_of(s, lever);
  }
  for (size_t k = 0; k < have->n; k++) {
    const label *l = &have->list[k];
    int64_t rest = wanted - l->value;
    for (; i < s->n_hull && rest > gain; i++) {
      if (s->hull[i].place < place)
        continue;
      if (gain + s->hull[i].gain >= rest)
        break;
      gain += s->hull[i].gain;
      cost += s->hull[i].cost;
    }
    chiso_dec more = rest <= 0 ? 0 : cost;
    if (rest > gain) {
      if (i == s->n_hull)
        break; /* this one cannot get there, and none below */
      more += (chiso_dec)(((chiso__wide)s->hull[i].cost * (rest - gain) +
                           s->hull[i].gain - 1) /
                          s->hull[i].gain);
    }
    if (l->cost + more <= s->most)
      have->list[n++] = *l;
  }
  have->n = n;
}

/* `before` and one child more. */
static bool add_child(search *s, const labels *before, const labels *child,
                      int64_t weight, labels *out) {
  s->buffer[0].n = 0;
  for (size_t k = child->n; k-- > 0;) {
    label by = child->list[k];
    if (__builtin_mul_overflow(by.value, weight, &by.value)) {
      s->grown = true;
      return false;
    }
    by.pick = (uint32_t)k;
    if (!merge(s, before, by))
      return false;
  }
  if (s->next > 0)
    prune(s, s->next);
  s->next = 0;
  return keep(s, out);
}

/* Points of the node itself: several sums may be rounded to the same. */
static bool finish(search *s, uint32_t node, const labels *sums) {
  labels *out = &s->final[node];
  label best = { 0 };
  if (!make_room(s, sums->n))
    return false;
  label *list = s->buffer[0].list;
  size_t n = 0;
  for (size_t k = 0; k < sums->n; k++) {
    label next = sums->list[k];
    next.from = (uint32_t)k;
    if (!chiso__path_points(s->path, node, sums->list[k].value, &next.value)) {
      s->grown = true;
      return false;
    }
    if (n > 0 && next.value == best.value)
      n--; /* the later one costs less */
    list[n++] = best = next;
  }
  s->buffer[0].n = n;
  return keep(s, out);
}

static bool of_node(search *s, uint32_t node) {
  const chiso__joint *j = &s->path->joints[node];
  label start = { .value = j->constant };
  if (j->lever != SIZE_MAX)
    return of_lever(s, j->lever, &s->final[node]);
  labels first = { &start, 1 };
  const labels *before = &first;
  s->stages[node] =
      chiso__arena_array(&s->arena, j->count, sizeof *s->stages[node]);
  s->short_memory = !s->stages[node];
  if (s->short_memory)
    return false;
  for (uint32_t k = 0; k < j->count; k++) {
    if (!add_child(s, before, &s->final[j->children[k]], j->weights[k],
                   &s->stages[node][k]))
      return false;
    before = &s->stages[node][k];
  }
  return node == 0 || finish(s, node, before);
}

static bool of_flat(search *s, labels *top) {
  const chiso_path *path = s->path;
  s->start = (label) { .value = path->flat_constant };
  labels first = { &s->start, 1 };
  const labels *before = &first;
  size_t n = path->n_flat;
  s->flat = chiso__arena_array(&s->arena, 2 * n, sizeof *s->flat);
  s->short_memory = !s->flat;
  if (s->short_memory || !make_hull(s))
    return false;
  for (size_t k = 0; k < n; k++) {
    size_t lever = path->flat_levers[k];
    labels *own = &s->flat[n + k];
    s->next = k + 1;
    if (!of_lever(s, lever, own) ||
        !add_child(s, before, own, reach_of(s, lever), &s->flat[k]))
      return false;
    before = &s->flat[k];
  }
  *top = *before;
  return true;
}

/* ---- a tree ---------------------------------------------------------------
 */

static bool of_tree(search *s, labels *top) {
  uint32_t n = s->path->program->n_nodes;
  s->final = chiso__arena_array(&s->arena, n, sizeof *s->final);
  s->stages = chiso__arena_array(&s->arena, n, sizeof(labels *));
  s->short_memory = !s->final || !s->stages;
  if (s->short_memory)
    return false;
  for (uint32_t i = n; i-- > 0;)
    if (s->path->joints[i].varies && !of_node(s, i))
      return false;
  const chiso__joint *root = &s->path->joints[0];
  *top = s->stages[0][root->count - 1];
  return true;
}

/* ---- the plan -------------------------------------------------------------
 */

/* Picks of all below a node whose last stage has label `at`. */
static void take(const search *s, uint32_t node, uint32_t at, uint32_t *picks) {
  const chiso__joint *j = &s->path->joints[node];
  for (uint32_t k = j->count; k-- > 0;) {
    const label *l = &s->stages[node][k].list[at];
    uint32_t child = j->children[k];
    const chiso__joint *below = &s->path->joints[child];
    if (below->lever != SIZE_MAX)
      picks[below->lever] = s->final[child].list[l->pick].pick;
    else
      take(s, child, s->final[child].list[l->pick].from, picks);
    at = l->from;
  }
}

static void take_flat(const search *s, uint32_t at, uint32_t *picks) {
  size_t n = s->path->n_flat;
  for (size_t k = n; k-- > 0;) {
    const label *l = &s->flat[k].list[at];
    picks[s->path->flat_levers[k]] = s->flat[n + k].list[l->pick].pick;
    at = l->from;
  }
}

/* Figures fall along the list, and so do costs: the last that reaches the
 * goal. */
static chiso_status choose(search *s, const labels *top, uint32_t *picks,
                           chiso__found *out, chiso_error *err) {
  size_t reach = 0, miss = top->n;
  while (reach < miss) {
    size_t middle = reach + (miss - reach) / 2;
    chiso_dec points;
    bool good;
    CHISO__TRY(chiso__path_reaches(
        s->path, chiso__path_figure(s->path, top->list[middle].value, &points),
        &good, err));
    if (good)
      reach = middle + 1;
    else
      miss = middle;
  }
  if (reach == 0)
    return CHISO_OK;
  const label *l = &top->list[reach - 1];
  out->found = true;
  out->cost = out->bound = l->cost;
  out->leaves = l->leaves;
  out->proof = CHISO_PATH_PROVEN_EXACT;
  memset(picks, 0, s->path->n_levers * sizeof *picks);
  if (s->path->flat)
    take_flat(s, (uint32_t)(reach - 1), picks);
  else
    take(s, 0, (uint32_t)(reach - 1), picks);
  return CHISO_OK;
}

/* ---- where the grid is too fine -------------------------------------------
 */

/* Some levers are free, in two groups; the others stay as the plan has them. */
typedef struct group {
  size_t *places; /* among the flat levers */
  labels *stages, *own;
  size_t n;
  labels start;
  label none;
} group;

static const labels *last_of(const group *g) {
  return g->n ? &g->stages[g->n - 1] : &g->start;
}

/* Adds a lever, as long as the list stays small; false: it does not, or memory
 * is short. */
static bool join_group(search *s, group *g, size_t place) {
  size_t lever = s->path->flat_levers[place];
  if (last_of(g)->n * s->path->levers[lever].n > MOST_OF_GROUP)
    return false;
  if (!of_lever(s, lever, &g->own[g->n]) ||
      !add_child(s, last_of(g), &g->own[g->n], reach_of(s, lever),
                 &g->stages[g->n]))
    return false;
  g->places[g->n++] = place;
  return true;
}

static void take_group(const search *s, const group *g, size_t at,
                       uint32_t *picks) {
  for (size_t k = g->n; k-- > 0;) {
    const label *l = &g->stages[k].list[at];
    picks[s->path->flat_levers[g->places[k]]] = g->own[k].list[l->pick].pick;
    at = l->from;
  }
}

static bool make_group(search *s, group *g) {
  size_t n = s->path->n_flat;
  *g = (group) { 0 };
  g->start = (labels) { &g->none, 1 };
  g->places = chiso__arena_array(&s->arena, n, sizeof *g->places);
  g->stages = chiso__arena_array(&s->arena, n, sizeof *g->stages);
  g->own = chiso__arena_array(&s->arena, n, sizeof *g->own);
  s->short_memory = !g->places || !g->stages || !g->own;
  return !s->short_memory;
}

/* The cheapest pair of the two groups with the rest of the plan. As the one
 * falls the other must rise. */
static void pair(search *s, const group *a, const group *b, label rest,
                 uint32_t *picks, label *best) {
  const labels *x = last_of(a), *y = last_of(b);
  size_t j = y->n, left = 0, right = 0;
  bool found = false;
  for (size_t i = 0; i < x->n; i++) {
    while (j > 0 &&
           x->list[i].value + y->list[j - 1].value + rest.value < s->need)
      j--;
    if (j == 0)
      break;
    label sum = { .cost = x->list[i].cost + y->list[j - 1].cost + rest.cost,
                  .leaves =
                      x->list[i].leaves + y->list[j - 1].leaves + rest.leaves };
    if (!less(&sum, best))
      continue;
    *best = sum;
    found = true;
    left = i;
    right = j - 1;
  }
  if (!found)
    return;
  take_group(s, a, left, picks);
  take_group(s, b, right, picks);
}

/* One try: levers in the plan are free, and `more` others. */
static bool try_core(search *s, size_t more, uint32_t *picks, label *best) {
  const chiso_path *path = s->path;
  group a, b;
  label rest = { .value = path->flat_constant };
  if (!make_group(s, &a) || !make_group(s, &b))
    return false;
  for (size_t k = 0; k < path->n_flat; k++) {
    size_t lever = path->flat_levers[k];
    const chiso_path_level *now = &path->levers[lever].levels[picks[lever]];
    bool open = picks[lever] > 0 || more > 0;
    more -= picks[lever] == 0 && more > 0;
    bool first = last_of(&a)->n <= last_of(&b)->n;
    if (open && (join_group(s, first ? &a : &b, k) ||
                 join_group(s, first ? &b : &a, k)))
      continue;
    if (s->short_memory || s->grown)
      return false;
    rest.value += now->points * reach_of(s, lever);
    rest.cost += now->cost;
    rest.leaves += picks[lever] > 0;
  }
  pair(s, &a, &b, rest, picks, best);
  return true;
}

static chiso_dec cost_unit(const chiso_path *path) {
  chiso_dec unit = 0;
  for (size_t i = 0; i < path->n_levers; i++)
    for (size_t k = 1; k < path->levers[i].n; k++)
      for (chiso_dec x = path->levers[i].levels[k].cost; x;) {
        chiso_dec t = unit % x;
        unit = x;
        x = t;
      }
  return unit ? unit : 1;
}

static void core(search *s, uint32_t *picks, chiso__found *out) {
  chiso_path *path = s->path;
  label best = { .cost = chiso__path_cost(path, picks) };
  for (size_t i = 0; i < path->n_levers; i++)
    best.leaves += picks[i] > 0;
  if (!make_hull(s))
    return;
  chiso_dec unit = cost_unit(path);
  chiso_dec bound = least_for(s, 0, s->need - path->flat_now);
  bound = (bound / unit + (bound % unit != 0)) * unit;
  for (size_t more = 0; more <= 8 && best.cost > bound; more += 4)
    if (!try_core(s, more, picks, &best))
      break;
  out->found = true;
  out->cost = best.cost;
  out->bound = bound;
  out->leaves = best.leaves;
  out->proof =
      best.cost == bound ? CHISO_PATH_PROVEN_EXACT : CHISO_PATH_UNPROVEN;
}

static chiso_status end(search *s, chiso__found *out, chiso_error *err) {
  out->searched += s->kept;
  chiso__free(s->path->allocator, s->buffer[0].list);
  chiso__free(s->path->allocator, s->buffer[1].list);
  chiso__arena_free(&s->arena);
  return s->short_memory ? chiso__no_memory(err) : CHISO_OK;
}

chiso_status chiso__path_core(chiso_path *path, uint32_t *picks,
                              chiso__found *out, chiso_error *err) {
  search s = { .path = path,
               .arena = { .allocator = path->allocator },
               .most = INT64_MAX };
  CHISO__TRY(chiso__path_need(path, &s.need, err));
  core(&s, picks, out);
  return end(&s, out, err);
}

chiso_status chiso__path_exact(chiso_path *path, chiso_dec most,
                               uint32_t *picks, chiso__found *out,
                               chiso_error *err) {
  search s = { .path = path,
               .arena = { .allocator = path->allocator },
               .most = most };
  labels top = { 0 };
  chiso_status status = CHISO_OK;
  *out = (chiso__found) { .room = true };
  if (path->flat)
    CHISO__TRY(chiso__path_need(path, &s.need, err));
  bool good = path->flat ? of_flat(&s, &top) : of_tree(&s, &top);
  if (good)
    status = choose(&s, &top, picks, out, err);
  out->room = !s.grown;
  chiso_status ended = end(&s, out, err);
  return status == CHISO_OK ? ended : status;
}
