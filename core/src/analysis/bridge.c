/* SPDX-License-Identifier: Apache-2.0
 * analysis/bridge.c - which older units make a new one, and their weights. */
#include "analysis/bridge.h"

#include <math.h>
#include <string.h>

/* ---- where to ------------------------------------------------------------ */

/* The set that the older units are in: by name; units of a file have none, and
 * are those that the changes begin with. */
static chiso_status find_from(const chiso_bridge *b,
                              const chiso_bridge_options *o, uint8_t *out,
                              chiso_error *err) {
  const chiso__mergers *m = &b->mergers;
  *out = chiso__mergers_set(m, chiso_units_set(b->from));
  if (*out < CHISO__LIMIT_SETS || !o->from_file)
    return CHISO_OK;
  for (uint8_t set = 0; set < m->n_sets; set++) {
    bool begins = true;
    for (size_t i = 0; i < m->n; i++)
      begins = begins && m->rows[i].to != set;
    if (begins && *out < CHISO__LIMIT_SETS)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_BRIDGE_BEGINS, m->sets[*out],
                         m->sets[set]);
    if (begins)
      *out = set;
  }
  return CHISO_OK;
}

/* The one set that changes lead to and none leads on from. */
static chiso_status find_end(const chiso_bridge *b, uint8_t from, uint8_t *to,
                             chiso_error *err) {
  const chiso__mergers *m = &b->mergers;
  uint8_t way[CHISO__LIMIT_SETS];
  *to = CHISO__LIMIT_SETS;
  for (uint8_t set = 0; set < m->n_sets; set++) {
    if (chiso__mergers_leads(m, set) ||
        chiso__mergers_way(m, from, set, way) == 0)
      continue;
    if (*to < CHISO__LIMIT_SETS)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_BRIDGE_SEVERAL, m->sets[from],
                         m->sets[*to], m->sets[set]);
    *to = set;
  }
  return CHISO_OK;
}

static chiso_status read_to(chiso_bridge *b, const char *share, const char *set,
                            const char *path, chiso_error *err) {
  if (!path) {
    if (!share)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NO_SHARE);
    path = chiso__unit_set_path(&b->arena, share, set);
    if (!path)
      return chiso__no_memory(err);
    if (!chiso__is_file(path))
      return CHISO__FAIL(err, CHISO_USAGE, MSG_BRIDGE_NO_UNITS, set, set);
  }
  CHISO__TRY(chiso_units_read(path, set, b->allocator, &b->own_to, err));
  b->to = b->own_to;
  return CHISO_OK;
}

/* ---- parts --------------------------------------------------------------- */

/* Units of both sets by new unit: a count, then places. */
static void sort_parts(chiso_bridge *b, const size_t *place) {
  size_t n = chiso_units_count(b->from), count = chiso_units_count(b->to);
  for (size_t u = 0; u < n; u++)
    b->first[place[u] + 1]++;
  for (size_t t = 0; t < count; t++)
    b->first[t + 1] += b->first[t];
  for (size_t u = n; u-- > 0;) /* from behind: `first` ends as it began */
    b->part[--b->first[place[u] + 1]] = u;
  for (size_t t = 0; t < count; t++)
    b->first[t] = b->first[t + 1];
  b->first[count] = n;
}

static chiso_status refuse_empty(const chiso_bridge *b, chiso_error *err) {
  for (size_t t = 0; t < chiso_units_count(b->to); t++)
    if (b->first[t] == b->first[t + 1])
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { b->mergers.rows[0].place.file, 0, 0 },
                         MSG_BRIDGE_NO_PARTS, chiso_units_set(b->from),
                         chiso_units_get(b->to, t)->code,
                         chiso_units_set(b->to));
  return CHISO_OK;
}

static chiso_status make_room(chiso_bridge *b, chiso_error *err) {
  size_t n = chiso_units_count(b->from), count = chiso_units_count(b->to);
  chiso__arena *a = &b->arena;
  b->first = chiso__arena_array(a, count + 2, sizeof *b->first);
  b->part = chiso__arena_array(a, n + 1, sizeof *b->part);
  b->weight = chiso__arena_array(a, n + 1, sizeof *b->weight);
  b->change = chiso__arena_array(a, n + 1, sizeof(const chiso__merger *));
  if (!b->first || !b->part || !b->weight || !b->change)
    return chiso__no_memory(err);
  for (size_t u = 0; u < n; u++)
    b->weight[u] = CHISO_NONE;
  return CHISO_OK;
}

static chiso_status follow(chiso_bridge *b, uint8_t from, uint8_t to,
                           chiso_error *err) {
  uint8_t way[CHISO__LIMIT_SETS];
  unsigned steps = chiso__mergers_way(&b->mergers, from, to, way);
  size_t n = chiso_units_count(b->from);
  size_t *place = chiso__arena_array(&b->arena, n + 1, sizeof *place);
  if (!place)
    return chiso__no_memory(err);
  CHISO__TRY(make_room(b, err));
  CHISO__TRY(chiso__mergers_follow(&b->mergers, way, steps, b->from, b->to,
                                   b->change, place, err));
  sort_parts(b, place);
  return refuse_empty(b, err);
}

static chiso_status stay(chiso_bridge *b, chiso_error *err) {
  b->to = b->from;
  CHISO__TRY(make_room(b, err));
  for (size_t u = 0; u < chiso_units_count(b->from); u++) {
    b->first[u] = u;
    b->part[u] = u;
  }
  b->first[chiso_units_count(b->from)] = chiso_units_count(b->from);
  return CHISO_OK;
}

/* ---- weights ------------------------------------------------------------- */

static chiso_status weight_missing(const chiso_bridge *b, const char *path,
                                   size_t part, size_t whole, size_t lacking,
                                   chiso_error *err) {
  const chiso_unit *u = chiso_units_get(b->from, part);
  const char *name =
      err && err->lang == CHISO_LANG_EN && u->name_en ? u->name_en : u->name_vi;
  chiso__place place = { path, 0, 0 };
  return chiso__fail(err, CHISO_BAD_DATA, place, MSG_BRIDGE_WEIGHT_MISSING,
                     u->code, name ? name : u->code, chiso_units_set(b->from),
                     chiso_units_get(b->to, whole)->code, lacking);
}

/* What merges needs weights that make a mean; what goes on needs none. */
static chiso_status check_weights(const chiso_bridge *b, const char *path,
                                  chiso_error *err) {
  size_t lacking = 0, first = 0, whole = 0;
  chiso__place place = { path, 0, 0 };
  for (size_t t = chiso_units_count(b->to); t-- > 0;)
    for (size_t i = b->first[t + 1]; i-- > b->first[t];)
      if (b->first[t + 1] - b->first[t] > 1 &&
          b->weight[b->part[i]] == CHISO_NONE) {
        lacking++;
        first = b->part[i];
        whole = t;
      }
  if (lacking > 0)
    return weight_missing(b, path, first, whole, lacking, err);
  for (size_t t = 0; t < chiso_units_count(b->to); t++) {
    bool any = b->first[t + 1] - b->first[t] == 1;
    for (size_t i = b->first[t]; i < b->first[t + 1]; i++)
      any = any || b->weight[b->part[i]] > 0;
    if (!any)
      return chiso__fail(err, CHISO_BAD_DATA, place, MSG_BRIDGE_WEIGHT_ZERO,
                         chiso_units_get(b->to, t)->code);
  }
  return CHISO_OK;
}

static chiso_status weigh(chiso_bridge *b, const chiso_bridge_options *o,
                          chiso_error *err) {
  if (o->equal) {
    for (size_t u = 0; u < chiso_units_count(b->from); u++)
      b->weight[u] = CHISO_DEC_ONE;
    b->column = "equal";
    return CHISO_OK;
  }
  if (!o->weights)
    return CHISO_OK;
  CHISO__TRY(chiso__bridge_weights(b, o->weights, o->column, err));
  return check_weights(b, o->weights, err);
}

/* ---- opening ------------------------------------------------------------- */

static chiso_status open_it(chiso_bridge *b, const chiso_store *store,
                            const chiso_bridge_options *o, chiso_error *err) {
  const char *share = chiso_store_share(store);
  const char *set = chiso_units_set(b->from);
  uint8_t from, to;
  CHISO__TRY(chiso__mergers_read(&b->mergers, share, o->changes, err));
  if (o->to && strcmp(o->to, set) == 0)
    return stay(b, err);
  CHISO__TRY(find_from(b, o, &from, err));
  if (from == CHISO__LIMIT_SETS)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_BRIDGE_NOWHERE, set);
  if (o->to)
    to = chiso__mergers_set(&b->mergers, o->to);
  else if (chiso__mergers_leads(&b->mergers, from))
    CHISO__TRY(find_end(b, from, &to, err));
  else
    return stay(b, err); /* nothing came after them */
  uint8_t way[CHISO__LIMIT_SETS];
  if (to == CHISO__LIMIT_SETS ||
      chiso__mergers_way(&b->mergers, from, to, way) == 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_BRIDGE_NO_WAY, set, o->to);
  CHISO__TRY(read_to(b, share, b->mergers.sets[to], o->to_units, err));
  CHISO__TRY(follow(b, from, to, err));
  return weigh(b, o, err);
}

chiso_status chiso_bridge_new(const chiso_store *store, const chiso_units *from,
                              const chiso_bridge_options *options,
                              const chiso_allocator *allocator,
                              chiso_bridge **out, chiso_error *err) {
  *out = NULL;
  chiso_bridge *b = chiso__alloc(allocator, sizeof *b);
  if (!b)
    return chiso__no_memory(err);
  b->allocator = allocator;
  b->arena.allocator = allocator;
  b->mergers.arena.allocator = allocator;
  b->from = from;
  chiso_status status = open_it(b, store, options, err);
  if (status == CHISO_OK)
    *out = b;
  else
    chiso_bridge_free(b);
  return status;
}

void chiso_bridge_free(chiso_bridge *b) {
  if (!b)
    return;
  chiso_units_free(b->own_to);
  chiso__mergers_free(&b->mergers);
  chiso__arena_free(&b->arena);
  chiso__free(b->allocator, b);
}

/* ---- reading ------------------------------------------------------------- */

const chiso_units *chiso_bridge_from(const chiso_bridge *b) {
  return b->from;
}

const chiso_units *chiso_bridge_to(const chiso_bridge *b) {
  return b->to;
}

bool chiso_bridge_same(const chiso_bridge *b) {
  return b->own_to == NULL;
}

const char *chiso_bridge_column(const chiso_bridge *b) {
  return b->column;
}

size_t chiso_bridge_parts(const chiso_bridge *b, size_t unit) {
  return b->first[unit + 1] - b->first[unit];
}

chiso_bridge_part chiso_bridge_part_at(const chiso_bridge *b, size_t unit,
                                       size_t place) {
  size_t at = b->part[b->first[unit] + place];
  const chiso__merger *change = b->change[at];
  chiso_bridge_part out = { .unit = at, .weight = b->weight[at], .share = NAN };
  if (change) {
    out.date = change->date;
    out.instrument = *change->instrument ? change->instrument : NULL;
  }
  chiso__wide sum = 0;
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++)
    sum += b->weight[b->part[i]] == CHISO_NONE ? 0 : b->weight[b->part[i]];
  if (chiso_bridge_parts(b, unit) == 1)
    out.share = 1;
  else if (sum > 0)
    out.share = (double)out.weight / (double)sum;
  return out;
}
