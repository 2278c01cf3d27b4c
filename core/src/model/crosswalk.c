/* SPDX-License-Identifier: Apache-2.0
 * model/crosswalk.c - a chain of editions: what goes back to what. */
#include <string.h>

#include "model/model.h"

#define MAX_LINKS 1000000u /* of one pair of editions; part of the manual */

/* From one edition to a later one. The origins of node i are
 * origins[first[i]] .. origins[first[i + 1] - 1]. */
typedef struct relation {
  uint32_t *first, *origins;
  uint8_t *carry; /* of each node of the later edition */
  bool *renamed;  /* likewise: a title changed on the way */
  chiso_coverage coverage;
} relation;

struct chiso_crosswalk {
  const chiso_allocator *allocator;
  chiso__arena arena;
  const chiso_methodology *chain[CHISO_MAX_CHAIN];
  size_t count;
  chiso_dec *points[CHISO_MAX_CHAIN];
  relation relations[CHISO_MAX_CHAIN][CHISO_MAX_CHAIN]; /* [from][to] */
};

/* Two steps one after the other. New rules and a split do not go together:
 * neither the sum nor the data serve any more. */
static chiso_carry weaker(chiso_carry a, chiso_carry b) {
  if ((a == CHISO_CARRY_RESCORED && b == CHISO_CARRY_TOGETHER) ||
      (a == CHISO_CARRY_TOGETHER && b == CHISO_CARRY_RESCORED))
    return CHISO_CARRY_BROKEN;
  return a > b ? a : b;
}

static uint32_t nodes_of(const chiso_crosswalk *w, size_t edition) {
  return w->chain[edition]->index.n_nodes;
}

static bool make_room(chiso_crosswalk *w, relation *r, size_t n,
                      size_t origins) {
  r->first = chiso__arena_array(&w->arena, n + 1, sizeof *r->first);
  r->carry = chiso__arena_array(&w->arena, n, sizeof *r->carry);
  r->renamed = chiso__arena_array(&w->arena, n, sizeof *r->renamed);
  r->origins = chiso__arena_array(&w->arena, origins + 1, sizeof *r->origins);
  return r->first && r->carry && r->renamed && r->origins;
}

/* ---- one step ----------------------------------------------------------- */

static chiso_status take_links(chiso_crosswalk *w, size_t to,
                               const chiso__links *links, chiso_error *err) {
  relation *r = &w->relations[to - 1][to];
  size_t n = nodes_of(w, to), count = links->first[n];
  if (!make_room(w, r, n, count))
    return chiso__no_memory(err);
  memcpy(r->first, links->first, (n + 1) * sizeof *r->first);
  memcpy(r->origins, links->origins, count * sizeof *r->origins);
  for (uint32_t i = 0; i < n; i++) {
    r->carry[i] = (uint8_t)chiso__carry(links, i);
    for (uint32_t k = r->first[i]; k < r->first[i + 1]; k++)
      if (strcmp(links->before->index.nodes[r->origins[k]].title_vi,
                 links->after->index.nodes[i].title_vi) != 0)
        r->renamed[i] = true;
  }
  return CHISO_OK;
}

static chiso_status step(chiso_crosswalk *w, size_t to, chiso_error *err) {
  chiso__links links;
  chiso_status status = chiso__links_make(w->chain[to - 1], w->chain[to],
                                          w->allocator, &links, err);
  if (status == CHISO_OK)
    status = take_links(w, to, &links, err);
  chiso__links_free(w->allocator, &links);
  return status;
}

/* ---- several steps ------------------------------------------------------ */

/* How node i is served over the middle edition. Where some of what it comes
 * from is new since then, only the rest can be compared. */
static chiso_carry through(const relation *early, const relation *late,
                           uint32_t i) {
  chiso_carry carry = (chiso_carry)late->carry[i];
  bool some = false, none = false;
  for (uint32_t k = late->first[i]; k < late->first[i + 1]; k++) {
    uint32_t middle = late->origins[k];
    if (early->first[middle] == early->first[middle + 1]) {
      none = true;
      continue;
    }
    some = true;
    carry = weaker(carry, (chiso_carry)early->carry[middle]);
  }
  if (!some)
    return CHISO_CARRY_NEW;
  return none ? weaker(carry, CHISO_CARRY_TOGETHER) : carry;
}

/* Marks the nodes of `from` that node i goes back to; counts them. */
static size_t mark(const relation *early, const relation *late, uint32_t i,
                   uint8_t *marks) {
  size_t count = 0;
  for (uint32_t k = late->first[i]; k < late->first[i + 1]; k++)
    for (uint32_t j = early->first[late->origins[k]];
         j < early->first[late->origins[k] + 1]; j++) {
      count += !marks[early->origins[j]];
      marks[early->origins[j]] = 1;
    }
  return count;
}

static void unmark(const relation *early, const relation *late, uint32_t i,
                   uint8_t *marks, uint32_t *out) {
  size_t n = 0;
  for (uint32_t k = late->first[i]; k < late->first[i + 1]; k++)
    for (uint32_t j = early->first[late->origins[k]];
         j < early->first[late->origins[k] + 1]; j++) {
      uint32_t origin = early->origins[j];
      if (!marks[origin])
        continue;
      marks[origin] = 0;
      size_t at = n++;
      for (; out && at > 0 && out[at - 1] > origin; at--)
        out[at] = out[at - 1];
      if (out)
        out[at] = origin;
    }
}

static chiso_status compose(chiso_crosswalk *w, size_t from, size_t to,
                            uint8_t *marks, chiso_error *err) {
  const relation *early = &w->relations[from][to - 1];
  const relation *late = &w->relations[to - 1][to];
  relation *r = &w->relations[from][to];
  uint32_t n = nodes_of(w, to);
  size_t total = 0, at = 0;
  for (uint32_t i = 0; i < n && total <= MAX_LINKS; i++) {
    total += mark(early, late, i, marks);
    unmark(early, late, i, marks, NULL);
  }
  if (total > MAX_LINKS)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_CROSSWALK_LINKS, MAX_LINKS,
                       w->chain[from]->name, w->chain[to]->name);
  if (!make_room(w, r, n, total))
    return chiso__no_memory(err);
  for (uint32_t i = 0; i < n; i++) {
    r->first[i] = (uint32_t)at;
    r->carry[i] = (uint8_t)through(early, late, i);
    r->renamed[i] = late->renamed[i];
    for (uint32_t k = late->first[i]; k < late->first[i + 1]; k++)
      r->renamed[i] = r->renamed[i] || early->renamed[late->origins[k]];
    size_t count = mark(early, late, i, marks);
    unmark(early, late, i, marks, r->origins + at);
    at += count;
  }
  r->first[n] = (uint32_t)at;
  return CHISO_OK;
}

/* ---- coverage ----------------------------------------------------------- */

static void cover(chiso_crosswalk *w, size_t from, size_t to, uint8_t *marks) {
  relation *r = &w->relations[from][to];
  chiso_coverage *c = &r->coverage;
  uint32_t n = nodes_of(w, to), old = nodes_of(w, from);
  for (uint32_t i = 0; i < n; i++) {
    c->total += w->points[to][i];
    c->points[r->carry[i]] += w->points[to][i];
    if (r->renamed[i] && r->carry[i] <= CHISO_CARRY_RESCORED)
      c->renamed += w->points[to][i];
    for (uint32_t k = r->first[i]; k < r->first[i + 1]; k++)
      marks[r->origins[k]] = 1;
  }
  for (uint32_t i = 0; i < old; i++) {
    c->before += w->points[from][i];
    c->dropped += marks[i] ? 0 : w->points[from][i];
    marks[i] = 0;
  }
}

static chiso_status fill(chiso_crosswalk *w, chiso_error *err) {
  uint32_t most = 0;
  for (size_t e = 0; e < w->count; e++) {
    uint32_t n = nodes_of(w, e);
    most = n > most ? n : most;
    w->points[e] = chiso__arena_array(&w->arena, n, sizeof *w->points[e]);
    if (!w->points[e])
      return chiso__no_memory(err);
    chiso__measure_points(w->chain[e], w->points[e]);
  }
  uint8_t *marks = chiso__arena_array(&w->arena, most, sizeof *marks);
  if (!marks)
    return chiso__no_memory(err);
  for (size_t to = 1; to < w->count; to++) {
    CHISO__TRY(step(w, to, err));
    for (size_t from = to - 1; from-- > 0;)
      CHISO__TRY(compose(w, from, to, marks, err));
    for (size_t from = 0; from < to; from++)
      cover(w, from, to, marks);
  }
  return CHISO_OK;
}

/* ---- public ------------------------------------------------------------- */

chiso_status chiso_crosswalk_new(const chiso_methodology *const *chain,
                                 size_t count, const chiso_allocator *allocator,
                                 chiso_crosswalk **out, chiso_error *err) {
  *out = NULL;
  if (count < 2 || count > CHISO_MAX_CHAIN)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_CROSSWALK_COUNT, count,
                       (size_t)CHISO_MAX_CHAIN);
  chiso_crosswalk *w = chiso__alloc(allocator, sizeof *w);
  if (!w)
    return chiso__no_memory(err);
  w->allocator = allocator;
  w->arena.allocator = allocator;
  w->count = count;
  for (size_t i = 0; i < count; i++)
    w->chain[i] = chain[i];
  chiso_status status = fill(w, err);
  if (status == CHISO_OK)
    *out = w;
  else
    chiso_crosswalk_free(w);
  return status;
}

void chiso_crosswalk_free(chiso_crosswalk *w) {
  if (!w)
    return;
  chiso__arena_free(&w->arena);
  chiso__free(w->allocator, w);
}

static const relation *between(const chiso_crosswalk *w, size_t from,
                               size_t to) {
  return from < to && to < w->count ? &w->relations[from][to] : NULL;
}

const chiso_coverage *chiso_crosswalk_coverage(const chiso_crosswalk *w,
                                               size_t from, size_t to) {
  const relation *r = between(w, from, to);
  return r ? &r->coverage : NULL;
}

chiso_carry chiso_crosswalk_carry(const chiso_crosswalk *w, size_t from,
                                  size_t to, uint32_t node) {
  const relation *r = between(w, from, to);
  return r && node < nodes_of(w, to) ? (chiso_carry)r->carry[node]
                                     : CHISO_CARRY_NEW;
}

const uint32_t *chiso_crosswalk_origins(const chiso_crosswalk *w, size_t from,
                                        size_t to, uint32_t node,
                                        size_t *count) {
  const relation *r = between(w, from, to);
  *count = 0;
  if (!r || node >= nodes_of(w, to))
    return NULL;
  *count = r->first[node + 1] - r->first[node];
  return r->origins + r->first[node];
}

chiso_dec chiso_crosswalk_points(const chiso_crosswalk *w, size_t edition,
                                 uint32_t node) {
  return edition < w->count && node < nodes_of(w, edition)
             ? w->points[edition][node]
             : 0;
}
