/* SPDX-License-Identifier: Apache-2.0
 * analysis/remove.c - the index without one of its elements, or without one of
 * its units. */
#include <math.h>
#include <string.h>

#include "analysis/read.h"
#include "chiso/audit.h"

/* ---- elements ------------------------------------------------------------ */

/* Only what stands above the element changes: those columns are kept aside. */
chiso_status chiso_audit_remove(chiso_composite *c, size_t code, double *out,
                                chiso_error *err) {
  const chiso__tree *t = &c->tree;
  size_t depth = 0, at = 0, n = c->n;
  for (uint32_t i = t->codes[code].parent; i != CHISO__NO_CODE;
       i = t->codes[i].parent)
    depth++;
  if (depth == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_AUDIT_TOP, t->codes[code].code);
  double *kept = chiso__resize(c->allocator, NULL, depth * n * sizeof *kept);
  if (!kept)
    return chiso__no_memory(err);
  chiso__work work = chiso__composite_work(c);
  chiso__trouble trouble;
  chiso_status status = CHISO_OK;
  double weight = c->weights[code];
  uint8_t gaps[CHISO__LIMIT_LEVELS];
  c->weights[code] = 0;
  for (uint32_t i = t->codes[code].parent; i != CHISO__NO_CODE;
       i = t->codes[i].parent, at++) {
    memcpy(kept + at * n, c->values + i * n, n * sizeof *kept);
    gaps[at] = c->gaps[i];
    if (status == CHISO_OK)
      status = chiso__aggregate_node(&work, i, &trouble, err);
  }
  memcpy(out, c->values + t->root * n, n * sizeof *out);
  at = 0;
  for (uint32_t i = t->codes[code].parent; i != CHISO__NO_CODE;
       i = t->codes[i].parent, at++) {
    memcpy(c->values + i * n, kept + at * n, n * sizeof *kept);
    c->gaps[i] = gaps[at];
  }
  c->weights[code] = weight;
  chiso__free(c->allocator, kept);
  return status == CHISO_BAD_DATA ? chiso__composite_trouble(c, &trouble, err)
                                  : status;
}

/* ---- units --------------------------------------------------------------- */

#define EQUAL 1e-12 /* of the larger of two */

/* 1: a lies above b; values that differ by rounding are equal. */
static int order(double a, double b) {
  double most = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
  if (fabs(a - b) <= EQUAL * most)
    return 0;
  return a > b ? 1 : -1;
}

/* The composite without some rows: it borrows the tree and the weights of the
 * whole. */
typedef struct rest {
  chiso_composite c;
  size_t *from;                 /* [row] its row in the whole */
  size_t *up_before, *up_after; /* [row] how many lie above */
} rest;

/* Room for all rows, taken once. */
static bool rest_room(rest *k, const chiso_composite *whole,
                      chiso__arena *arena) {
  size_t n = whole->n, codes = whole->tree.n;
  k->c = *whole;
  k->c.data = chiso__arena_array(arena, whole->tree.leaves * n, sizeof(double));
  k->c.values = chiso__arena_array(arena, codes * n, sizeof(double));
  k->c.gaps = chiso__arena_array(arena, codes, 1);
  k->c.scratch = chiso__arena_array(
      arena, chiso__aggregate_scratch(&whole->tree, n), sizeof(double));
  k->c.units = chiso__arena_array(arena, n, sizeof *k->c.units);
  k->c.times =
      whole->times ? chiso__arena_array(arena, n, sizeof *k->c.times) : NULL;
  k->c.time = whole->time ? chiso__arena_array(arena, n, sizeof(double)) : NULL;
  k->from = chiso__arena_array(arena, n, sizeof *k->from);
  k->up_before = chiso__arena_array(arena, n, sizeof *k->up_before);
  k->up_after = chiso__arena_array(arena, n, sizeof *k->up_after);
  return k->c.data && k->c.values && k->c.gaps && k->c.scratch && k->c.units &&
         (!whole->times || k->c.times) && (!whole->time || k->c.time) &&
         k->from && k->up_before && k->up_after;
}

static void rest_fill(rest *k, const chiso_composite *whole, const char *unit) {
  size_t n = 0;
  for (size_t r = 0; r < whole->n; r++) {
    if (strcmp(whole->units[r], unit) == 0)
      continue;
    k->c.units[n] = whole->units[r];
    if (whole->times)
      k->c.times[n] = whole->times[r];
    if (whole->time)
      k->c.time[n] = whole->time[r];
    k->from[n++] = r;
  }
  k->c.n = n;
  for (size_t i = 0; i < whole->tree.leaves; i++)
    for (size_t r = 0; r < n; r++)
      k->c.data[i * n + r] = whole->data[i * whole->n + k->from[r]];
}

/* Normalised and aggregated anew; what it remarks is not the whole's. */
static chiso_status rest_compute(rest *k, const chiso_composite *whole,
                                 const char *normalise, bool *known,
                                 chiso_error *err) {
  chiso__trouble trouble;
  k->c.remarks = (chiso__remarks) { .allocator = whole->allocator,
                                    .lang = whole->remarks.lang };
  chiso_status status = CHISO_OK;
  *known = k->c.n > 0;
  if (*known)
    status = chiso_composite_normalise(&k->c, normalise, err);
  chiso__work work = chiso__composite_work(&k->c);
  if (status == CHISO_OK && *known)
    status = chiso__aggregate_all(&work, &trouble, err);
  bool short_memory = k->c.remarks.short_memory;
  chiso__free(whole->allocator, k->c.remarks.list);
  if (short_memory)
    return chiso__no_memory(err);
  if (status == CHISO_BAD_DATA || status == CHISO_USAGE) {
    *known = false; /* the unit was what the others are measured by */
    return CHISO_OK;
  }
  return status;
}

static void compare(rest *k, const double *before, const double *after,
                    chiso_reversal *out) {
  size_t n = k->c.n;
  memset(k->up_before, 0, n * sizeof *k->up_before);
  memset(k->up_after, 0, n * sizeof *k->up_after);
  for (size_t a = 0; a < n; a++)
    for (size_t b = a + 1; b < n; b++) {
      double x = before[k->from[a]], y = before[k->from[b]];
      if (isnan(x) || isnan(y) || isnan(after[a]) || isnan(after[b]) ||
          (k->c.time && k->c.time[a] != k->c.time[b]))
        continue;
      int was = order(x, y), is = order(after[a], after[b]);
      out->pairs++;
      out->reversed += was * is < 0;
      out->tied += (was == 0) != (is == 0);
      k->up_before[a] += was < 0;
      k->up_before[b] += was > 0;
      k->up_after[a] += is < 0;
      k->up_after[b] += is > 0;
    }
  for (size_t r = 0; r < n; r++) {
    size_t p = k->up_before[r], q = k->up_after[r];
    size_t shift = p > q ? p - q : q - p;
    out->moved += shift > 0;
    out->shift = shift > out->shift ? shift : out->shift;
  }
}

static bool met_before(const chiso_composite *c, size_t row) {
  for (size_t r = 0; c->time && r < row; r++)
    if (strcmp(c->units[r], c->units[row]) == 0)
      return true;
  return false;
}

chiso_status chiso_audit_reversals(const chiso_composite *c,
                                   const char *normalise, chiso_reversal *out,
                                   size_t *count, chiso_error *err) {
  chiso__arena arena = { .allocator = c->allocator };
  rest k;
  *count = 0;
  if (c->tree.root == CHISO__NO_CODE)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_FLAT);
  if (c->n > CHISO__LIMIT_REVERSAL)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_MANY_ROWS, "reversal",
                       c->n, (size_t)CHISO__LIMIT_REVERSAL);
  chiso_status status =
      rest_room(&k, c, &arena) ? CHISO_OK : chiso__no_memory(err);
  for (size_t r = 0; r < c->n && status == CHISO_OK; r++) {
    if (met_before(c, r))
      continue;
    chiso_reversal *at = &out[(*count)++];
    *at = (chiso_reversal) { .row = r };
    rest_fill(&k, c, c->units[r]);
    status = rest_compute(&k, c, normalise, &at->known, err);
    if (status == CHISO_OK && at->known)
      compare(&k, c->values + c->tree.root * c->n,
              k.c.values + c->tree.root * k.c.n, at);
  }
  chiso__arena_free(&arena);
  return status;
}
