/* SPDX-License-Identifier: Apache-2.0
 * variant/origins.c - who set which field: file, line and instrument. */
#include <stdlib.h>
#include <string.h>

#include "variant/variant.h"

chiso_status chiso__record_field(chiso__editor *e, const char *id,
                                 const char *field, uint64_t line,
                                 uint32_t legal, bool derived,
                                 const char *before) {
  chiso_variant *v = e->variant;
  void *list = v->records;
  bool room = chiso__grow(v->allocator, &list, &v->records_capacity,
                          v->n_records, sizeof *v->records);
  v->records = list;
  const char *old =
      before ? chiso__arena_text(&v->arena, before, strlen(before)) : NULL;
  if (!room || (before && !old))
    return chiso__no_memory(e->err);
  v->records[v->n_records++] = (chiso__record) {
    .id = id,
    .origin = { .field = field,
                .layer = e->layer,
                .line = line,
                .instrument =
                    legal == UINT32_MAX ? NULL : e->legal[legal].instrument,
                .derived = derived,
                .before = old },
  };
  return CHISO_OK;
}

/* ---- by node ------------------------------------------------------------ */

static size_t order_of(const char *field) {
  chiso__key keys[CHISO__MAX_KEYS];
  size_t n = chiso__keys(0, keys), i = 0;
  while (i < n && strcmp(keys[i].name, field) != 0)
    i++;
  return i;
}

static int by_field(const void *a, const void *b) {
  const chiso_field_origin *x = a, *y = b;
  size_t i = order_of(x->field), j = order_of(y->field);
  if (i != j)
    return i < j ? -1 : 1;
  int order = strcmp(x->field, y->field);
  if (order)
    return order;
  if (x->layer != y->layer)
    return x->layer < y->layer ? -1 : 1;
  return (x->line > y->line) - (x->line < y->line);
}

/* Of one field the last one stays. */
static size_t keep_last(chiso_field_origin *list, size_t n) {
  size_t kept = 0;
  qsort(list, n, sizeof *list, by_field);
  for (size_t i = 0; i < n; i++) {
    if (kept > 0 && strcmp(list[kept - 1].field, list[i].field) == 0)
      kept--;
    list[kept++] = list[i];
  }
  return kept;
}

/* Place of the record's node, n_nodes for the set, SIZE_MAX when it went. */
static size_t row_of(const chiso_variant *v, const chiso__record *r) {
  if (!*r->id)
    return v->result->index.n_nodes;
  uint32_t node = chiso_methodology_find(v->result, r->id);
  return node == CHISO_NO_NODE ? SIZE_MAX : node;
}

chiso_status chiso__origins_finish(chiso_variant *v, chiso_error *err) {
  size_t rows = (size_t)v->result->index.n_nodes + 1, at = 0;
  chiso_field_origin *all =
      chiso__arena_array(&v->arena, v->n_records, sizeof *all);
  size_t *first = chiso__arena_array(&v->arena, rows + 1, sizeof *first);
  size_t *next = chiso__arena_array(&v->arena, rows + 1, sizeof *next);
  if (!all || !first || !next)
    return chiso__no_memory(err);
  for (size_t i = 0; i < v->n_records; i++) {
    size_t row = row_of(v, &v->records[i]);
    if (row != SIZE_MAX)
      next[row + 1]++;
  }
  for (size_t i = 0; i < rows; i++)
    next[i + 1] += next[i];
  for (size_t i = 0; i <= rows; i++)
    first[i] = next[i];
  for (size_t i = 0; i < v->n_records; i++) {
    size_t row = row_of(v, &v->records[i]);
    if (row != SIZE_MAX)
      all[next[row]++] = v->records[i].origin;
  }
  for (size_t i = 0; i < rows; i++) {
    size_t from = first[i], n = first[i + 1] - from;
    first[i] = at;
    size_t kept = n ? keep_last(all + from, n) : 0;
    memmove(all + at, all + from, kept * sizeof *all);
    at += kept;
  }
  first[rows] = at;
  v->origins = all;
  v->first = first;
  return CHISO_OK;
}

const chiso_field_origin *chiso_variant_origins(const chiso_variant *variant,
                                                uint32_t node, size_t *count) {
  size_t row = node == CHISO_NO_NODE ? variant->result->index.n_nodes : node;
  *count = variant->first[row + 1] - variant->first[row];
  return variant->origins + variant->first[row];
}

bool chiso_variant_field(chiso_variant *variant, uint32_t node, size_t place,
                         const char **key, const char **value) {
  const chiso_index *ix = &variant->result->index;
  chiso__key keys[CHISO__MAX_KEYS];
  size_t n = chiso__keys(ix->nodes[node].op, keys);
  if (place >= n)
    return false;
  *key = keys[place].name;
  *value =
      chiso__value_text(&variant->arena, ix, &keys[place], &ix->nodes[node]);
  return true;
}

size_t chiso_variant_n_removed(const chiso_variant *variant) {
  return variant->n_removed;
}

const chiso_removed *chiso_variant_removed(const chiso_variant *variant,
                                           size_t place) {
  return place < variant->n_removed ? &variant->removed[place] : NULL;
}
