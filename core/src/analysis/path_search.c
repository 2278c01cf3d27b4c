/* SPDX-License-Identifier: Apache-2.0
 * analysis/path_search.c - which search finds the plan. */
#include <stdlib.h>
#include <string.h>

#include "analysis/path.h"

/* ---- searching ------------------------------------------------------------
 */

chiso_dec chiso__path_cost(const chiso_path *path, const uint32_t *picks) {
  chiso_dec sum = 0;
  for (size_t i = 0; i < path->n_levers; i++)
    if (picks[i] > 0)
      sum += path->levers[i].levels[picks[i]].cost;
  return sum;
}

int chiso__path_better(const void *a, const void *b) {
  const chiso__offer *x = a, *y = b;
  double left = x->gain * (double)y->cost, right = y->gain * (double)x->cost;
  if (left < right || left > right)
    return left > right ? -1 : 1;
  if (x->gain < y->gain || x->gain > y->gain)
    return x->gain > y->gain ? -1 : 1;
  return (x->lever > y->lever) - (x->lever < y->lever);
}

chiso__offer chiso__path_offer(const chiso_path *path, size_t lever,
                               size_t level) {
  const chiso__lever *l = &path->levers[lever];
  return (chiso__offer) {
    (double)(l->levels[level].points - l->levels[0].points) * l->reach,
    l->levels[level].cost, lever
  };
}

static chiso_status try_picks(chiso_path *path, const uint32_t *picks,
                              bool *good, chiso_error *err) {
  int64_t total;
  chiso_dec points;
  *good = false;
  if (!chiso__path_total(path, picks, &total))
    return CHISO_OK;
  return chiso__path_reaches(path, chiso__path_figure(path, total, &points),
                             good, err);
}

/* The lowest level of a leaf with which the others still reach the goal. */
static chiso_status lower(chiso_path *path, size_t lever, uint32_t *picks,
                          chiso_error *err) {
  uint32_t miss = 0, reach = picks[lever];
  bool good;
  picks[lever] = 0;
  CHISO__TRY(try_picks(path, picks, &good, err));
  if (good)
    return CHISO_OK;
  while (reach - miss > 1) {
    picks[lever] = miss + (reach - miss) / 2;
    CHISO__TRY(try_picks(path, picks, &good, err));
    if (good)
      reach = picks[lever];
    else
      miss = picks[lever];
  }
  picks[lever] = reach;
  return CHISO_OK;
}

chiso_status chiso__path_greedy(chiso_path *path, uint32_t *picks,
                                chiso_dec *cost, bool *found,
                                chiso_error *err) {
  size_t n = 0, taken = 0;
  chiso_status status = CHISO_OK;
  chiso__offer *offers =
      chiso__alloc(path->allocator, (path->n_levers + 1) * sizeof *offers);
  if (!offers)
    return chiso__no_memory(err);
  for (size_t i = 0; i < path->n_levers; i++)
    if (path->levers[i].n > 1)
      offers[n++] = chiso__path_offer(path, i, path->levers[i].n - 1);
  qsort(offers, n, sizeof *offers, chiso__path_better);
  memset(picks, 0, path->n_levers * sizeof *picks);
  status = try_picks(path, picks, found, err);
  while (status == CHISO_OK && !*found && taken < n) {
    size_t lever = offers[taken++].lever;
    picks[lever] = (uint32_t)path->levers[lever].n - 1;
    status = try_picks(path, picks, found, err);
  }
  while (status == CHISO_OK && *found && taken-- > 0)
    status = lower(path, offers[taken].lever, picks, err);
  chiso__free(path->allocator, offers);
  *cost = status == CHISO_OK ? chiso__path_cost(path, picks) : 0;
  return status;
}

chiso_status chiso__path_need(chiso_path *path, int64_t *out,
                              chiso_error *err) {
  int64_t from = 0, to = 0;
  uint32_t *picks =
      chiso__alloc(path->allocator, (path->n_levers + 1) * sizeof *picks);
  if (!picks)
    return chiso__no_memory(err);
  bool good = chiso__path_total(path, picks, &from);
  for (size_t i = 0; i < path->n_levers; i++)
    picks[i] = (uint32_t)path->levers[i].n - 1;
  good = good && chiso__path_total(path, picks, &to);
  chiso__free(path->allocator, picks);
  while (good && to - from > 1) {
    int64_t middle = from + (to - from) / 2;
    chiso_dec points;
    bool reached;
    CHISO__TRY(chiso__path_reaches(
        path, chiso__path_figure(path, middle, &points), &reached, err));
    if (reached)
      to = middle;
    else
      from = middle;
  }
  *out = to;
  return good ? CHISO_OK : CHISO__FAIL(err, CHISO_INTERNAL, MSG_PATH_ENGINE);
}

/* The better of what is known and of what a programme finds, with the better
 * bound. */
static chiso_status by_programme(chiso_path *path, uint32_t *picks,
                                 chiso__found *out, chiso_error *err) {
  chiso__found found;
  chiso_dec cost = chiso__path_cost(path, picks), bound = out->bound;
  uint32_t *other =
      chiso__alloc(path->allocator, (path->n_levers + 1) * sizeof *other);
  if (!other)
    return chiso__no_memory(err);
  chiso_status status = chiso__path_programme(path, other, &found, err);
  if (status == CHISO_OK) {
    if (found.found &&
        (found.cost < cost || path->options.method == CHISO_PATH_PROGRAMME)) {
      cost = found.cost;
      memcpy(picks, other, path->n_levers * sizeof *picks);
    }
    bound = found.bound > bound ? found.bound : bound;
    *out =
        (chiso__found) { .room = true,
                         .found = true,
                         .cost = cost,
                         .bound = bound < cost ? bound : cost,
                         .searched = out->searched + found.searched,
                         .proof = bound < cost ? CHISO_PATH_UNPROVEN
                                               : CHISO_PATH_PROVEN_PROGRAMME };
    for (size_t i = 0; i < path->n_levers; i++)
      out->leaves += picks[i] > 0;
  }
  chiso__free(path->allocator, other);
  return status;
}

/* The cheapest plan for the goal that is set. */
chiso_status chiso__path_search(chiso_path *path, uint32_t *picks,
                                chiso__found *out, chiso_error *err) {
  chiso_dec cost;
  bool found;
  CHISO__TRY(chiso__path_greedy(path, picks, &cost, &found, err));
  *out = (chiso__found) { .room = true,
                          .found = found,
                          .proof = CHISO_PATH_PROVEN_EXACT };
  if (!found || !path->joints[0].varies)
    return CHISO_OK;
  for (size_t i = 0; i < path->n_levers; i++)
    out->leaves += picks[i] > 0;
  if (out->leaves == 0)
    return CHISO_OK; /* it is there already */
  out->proof = CHISO_PATH_UNPROVEN;
  if (path->options.method != CHISO_PATH_PROGRAMME) {
    chiso__found core = { .found = false };
    if (path->flat) {
      CHISO__TRY(chiso__path_core(path, picks, &core, err));
      cost = core.cost;
    }
    CHISO__TRY(chiso__path_exact(path, cost, picks, out, err));
    if (out->room && out->found)
      return CHISO_OK;
    if (out->room)
      return CHISO__FAIL(err, CHISO_INTERNAL, MSG_PATH_ENGINE);
    if (core.found)
      *out = core;
    if (core.proof == CHISO_PATH_PROVEN_EXACT)
      return CHISO_OK;
    if (path->options.method == CHISO_PATH_EXACT)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_PATH_ROOM);
  }
  return by_programme(path, picks, out, err);
}
