/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_exact.c - the cheapest plan by whole numbers alone.
 *
 * For every node, from the leaves up: all points that it can have, each with
 * the least that they cost, as far as no higher points cost as little (labels).
 * A node's points never fall when a child's rise, so that no other plan can be
 * part of a cheapest one. Multiple-choice knapsack by dominance: Kellerer,
 * Pferschy and Pisinger, Knapsack Problems (2004), section 11.5; here over a
 * tree, and with the engine's own rounding at every node. */
#include <string.h>

#include "analysis/path.h"

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
  labels *final;   /* [node] */
  labels **stages; /* [node][child]: after so many children and one more */
  labels *parts;   /* the same for parts */
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
  if (s->kept > CHISO__LIMIT_LABELS) {
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

static bool of_parts(search *s, labels *top) {
  label start = { .value = s->path->joints[0].constant };
  labels first = { &start, 1 };
  const labels *before = &first;
  size_t n = s->path->n_part_levers;
  s->parts = chiso__arena_array(&s->arena, 2 * n, sizeof *s->parts);
  s->short_memory = !s->parts;
  if (s->short_memory)
    return false;
  for (size_t k = 0; k < n; k++) {
    labels *own = &s->parts[n + k];
    if (!of_lever(s, s->path->part_levers[k], own) ||
        !add_child(s, before, own, 1, &s->parts[k]))
      return false;
    before = &s->parts[k];
  }
  *top = *before;
  return true;
}

static bool of_tree(search *s, labels *top) {
  uint32_t n = s->path->program->n_nodes;
  s->final = chiso__arena_array(&s->arena, n, sizeof *s->final);
  s->stages = chiso__arena_array(&s->arena, n, sizeof *s->stages);
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

static void take_parts(const search *s, uint32_t at, uint32_t *picks) {
  size_t n = s->path->n_part_levers;
  for (size_t k = n; k-- > 0;) {
    const label *l = &s->parts[k].list[at];
    picks[s->path->part_levers[k]] = s->parts[n + k].list[l->pick].pick;
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
  if (s->path->parts)
    take_parts(s, (uint32_t)(reach - 1), picks);
  else
    take(s, 0, (uint32_t)(reach - 1), picks);
  return CHISO_OK;
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
  bool good = path->parts ? of_parts(&s, &top) : of_tree(&s, &top);
  if (good)
    status = choose(&s, &top, picks, out, err);
  else if (s.short_memory)
    status = chiso__no_memory(err);
  out->room = !s.grown;
  out->searched = s.kept;
  chiso__free(path->allocator, s.buffer[0].list);
  chiso__free(path->allocator, s.buffer[1].list);
  chiso__arena_free(&s.arena);
  return status;
}
