/* SPDX-License-Identifier: Apache-2.0
 * analysis/composite.c - a composite: made, asked, freed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/read.h"

/* ---- the tree ------------------------------------------------------------ */

/* Aggregates after the leaves, by level; those of one level as they came. */
static uint32_t order_inner(const chiso__read *r, size_t n_leaves,
                            uint32_t *place, uint32_t *steps) {
  uint32_t next = (uint32_t)n_leaves;
  *steps = 0;
  for (uint32_t level = 1; level <= CHISO__LIMIT_LEVELS; level++) {
    uint32_t before = next;
    for (size_t i = 0; i < r->n_raw; i++)
      if (r->raw[i].count > 0 && r->raw[i].level == level)
        place[i] = next++;
    *steps += next > before;
  }
  return next;
}

static void link_children(chiso__tree *t, const chiso__read *r,
                          const uint32_t *place) {
  uint32_t next = 0;
  for (size_t i = 0; i < t->n; i++) {
    t->codes[i].first = next;
    next += t->codes[i].count;
    t->codes[i].count = 0;
  }
  for (size_t i = 0; i < r->n_raw; i++) {
    uint32_t parent = r->raw[i].parent;
    if (place[i] == CHISO__NO_CODE || parent == CHISO__NO_CODE)
      continue;
    chiso__code *p = &t->codes[place[parent]];
    t->children[p->first + p->count++] = place[i];
  }
}

chiso_status chiso__composite_tree(chiso_composite *c, const chiso__read *r,
                                   const uint32_t *leaf, size_t n_leaves,
                                   chiso_error *err) {
  chiso__tree *t = &c->tree;
  uint32_t *place = chiso__arena_array(r->scratch, r->n_raw, sizeof *place);
  t->codes = chiso__arena_array(&c->arena, r->n_raw, sizeof *t->codes);
  t->children = chiso__arena_array(&c->arena, r->n_raw, sizeof *t->children);
  if (!place || !t->codes || !t->children)
    return chiso__no_memory(err);
  for (size_t i = 0; i < r->n_raw; i++)
    place[i] = CHISO__NO_CODE;
  for (size_t i = 0; i < n_leaves; i++)
    place[leaf[i]] = (uint32_t)i;
  t->leaves = n_leaves;
  t->n = order_inner(r, n_leaves, place, &t->steps);
  t->root = CHISO__NO_CODE;
  for (size_t i = 0; i < r->n_raw; i++) {
    uint32_t at = place[i];
    if (at == CHISO__NO_CODE)
      continue;
    t->codes[at] = r->raw[i];
    t->codes[at].parent = r->raw[i].parent == CHISO__NO_CODE
                              ? CHISO__NO_CODE
                              : place[r->raw[i].parent];
    if (t->codes[at].count > 0 && t->codes[at].parent == CHISO__NO_CODE)
      t->root = at;
    if (chiso__map_put(&c->map, t->codes[at].code, at, NULL) ==
        CHISO__MAP_NO_MEMORY)
      return chiso__no_memory(err);
  }
  for (size_t i = t->leaves; i < t->n; i++)
    t->codes[i].step = i == t->leaves
                           ? 0
                           : t->codes[i - 1].step +
                                 (t->codes[i].level != t->codes[i - 1].level);
  link_children(t, r, place);
  return CHISO_OK;
}

chiso_status chiso__composite_room(chiso_composite *c, chiso_error *err) {
  const chiso__tree *t = &c->tree;
  size_t scratch = chiso__aggregate_scratch(t, c->n);
  if (c->n > CHISO__LIMIT_VALUES / t->n)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_COMPOSE_MANY_VALUES, c->n, t->n,
                       (size_t)CHISO__LIMIT_VALUES);
  c->data = chiso__arena_raw(&c->arena, t->leaves * c->n, sizeof(double));
  c->values = chiso__arena_raw(&c->arena, t->n * c->n, sizeof(double));
  c->weights = chiso__arena_raw(&c->arena, t->n, sizeof(double));
  c->ways = chiso__arena_array(&c->arena, t->n, sizeof *c->ways);
  c->gaps = chiso__arena_array(&c->arena, t->n, 1);
  c->scratch = chiso__arena_raw(&c->arena, scratch, sizeof(double));
  if (!c->data || !c->values || !c->weights || !c->ways || !c->gaps ||
      !c->scratch)
    return chiso__no_memory(err);
  for (size_t i = 0; i < t->n; i++)
    c->weights[i] = t->codes[i].weight;
  for (size_t i = 0; i < t->n * c->n; i++)
    c->values[i] = NAN;
  return CHISO_OK;
}

/* ---- made and freed ------------------------------------------------------ */

chiso_composite *chiso__composite_new(chiso_lang lang,
                                      const chiso_allocator *allocator) {
  chiso_composite *c = chiso__alloc(allocator, sizeof *c);
  if (!c)
    return NULL;
  c->allocator = allocator;
  c->arena.allocator = c->remarks.allocator = c->map.allocator = allocator;
  c->remarks.lang = lang;
  return c;
}

/* The first fault is the one that is reported. */
chiso_status chiso__composite_settle(chiso_composite *c, chiso_status status,
                                     chiso_error *err) {
  if (c->remarks.short_memory)
    return chiso__no_memory(err);
  if (status != CHISO_OK || c->remarks.faults == 0)
    return status;
  for (size_t i = 0; i < c->remarks.count; i++)
    if (c->remarks.list[i].status != CHISO_OK && err) {
      *err = c->remarks.list[i];
      break;
    }
  return CHISO_BAD_DATA;
}

static chiso_status read_both(chiso_composite *c, chiso__read *r,
                              chiso_error *err) {
  if (r->have_meta) {
    CHISO__TRY(chiso__composite_meta(c, r, c->meta, err));
    if (c->remarks.faults > 0)
      return CHISO_OK;
  }
  return chiso__composite_table(c, r, c->file, err);
}

chiso_status chiso_composite_read(const char *data, const char *meta,
                                  chiso_lang lang,
                                  const chiso_allocator *allocator,
                                  chiso_composite **out, chiso_error *err) {
  chiso__arena scratch = { .allocator = allocator };
  chiso__read r = { .scratch = &scratch, .have_meta = meta != NULL };
  chiso_composite *c = chiso__composite_new(lang, allocator);
  *out = c;
  if (!c)
    return chiso__no_memory(err);
  r.map.allocator = allocator;
  c->file = chiso__arena_text(&c->arena, data, strlen(data));
  c->meta = meta ? chiso__arena_text(&c->arena, meta, strlen(meta)) : "";
  chiso_status status =
      c->file && c->meta ? read_both(c, &r, err) : chiso__no_memory(err);
  status = chiso__composite_settle(c, status, err);
  chiso__map_free(&r.map);
  chiso__arena_free(&scratch);
  if (status != CHISO_OK && c->remarks.faults == 0) {
    chiso_composite_free(c);
    *out = NULL;
  }
  return status;
}

void chiso_composite_free(chiso_composite *c) {
  if (!c)
    return;
  chiso__free(c->allocator, c->remarks.list);
  chiso__map_free(&c->map);
  chiso__arena_free(&c->arena);
  chiso__free(c->allocator, c);
}

/* ---- remarks ------------------------------------------------------------- */

size_t chiso_composite_remarks(const chiso_composite *c) {
  return c->remarks.count;
}

const chiso_error *chiso_composite_remark(const chiso_composite *c,
                                          size_t place) {
  return &c->remarks.list[place];
}

size_t chiso_composite_faults(const chiso_composite *c) {
  return c->remarks.faults;
}

void chiso__composite_notice(chiso_composite *c, chiso__message message,
                             const char *a, const char *b) {
  chiso__remark(&c->remarks, CHISO_OK, (chiso__place) { 0 }, message, a, b);
}

chiso_status chiso__composite_trouble(const chiso_composite *c,
                                      const chiso__trouble *trouble,
                                      chiso_error *err) {
  if (trouble->message == MSG_COUNT) /* *err has it already */
    return err ? err->status : CHISO_BAD_DATA;
  const char *node = c->tree.codes[trouble->node].code;
  const char *child = trouble->child == CHISO__NO_CODE
                          ? node
                          : c->tree.codes[trouble->child].code;
  return CHISO__FAIL(err, CHISO_BAD_DATA, trouble->message, node,
                     c->units[trouble->row], child);
}

/* ---- what is in it ------------------------------------------------------- */

size_t chiso_composite_rows(const chiso_composite *c) {
  return c->n;
}

size_t chiso_composite_indicators(const chiso_composite *c) {
  return c->tree.leaves;
}

size_t chiso_composite_codes(const chiso_composite *c) {
  return c->tree.n;
}

chiso_composite_code chiso_composite_code_at(const chiso_composite *c,
                                             size_t place) {
  const chiso__code *code = &c->tree.codes[place];
  return (chiso_composite_code) { code->code,      code->name,
                                  code->parent,    code->level,
                                  code->direction, c->weights[place] };
}

const char *chiso_composite_unit(const chiso_composite *c, size_t row) {
  return c->units[row];
}

const char *chiso_composite_unit_name(const chiso_composite *c, size_t row) {
  return c->names ? c->names[row] : NULL;
}

const char *chiso_composite_time(const chiso_composite *c, size_t row) {
  return c->times ? c->times[row] : NULL;
}

size_t chiso_composite_groups(const chiso_composite *c) {
  return c->n_groups;
}

const char *chiso_composite_group(const chiso_composite *c, size_t place) {
  return c->group_names[place];
}

const char *chiso_composite_group_of(const chiso_composite *c, size_t place,
                                     size_t row) {
  return c->groups[place][row];
}

size_t chiso_composite_find_group(const chiso_composite *c, const char *name) {
  for (size_t i = 0; i < c->n_groups; i++)
    if (strcmp(c->group_names[i], name) == 0)
      return i;
  return SIZE_MAX;
}

const double *chiso_composite_data(const chiso_composite *c, size_t indicator) {
  return c->data + indicator * c->n;
}

const double *chiso_composite_values(const chiso_composite *c, size_t code) {
  return c->values + code * c->n;
}

chiso_composite_presence chiso_composite_presence_of(const chiso_composite *c,
                                                     size_t row) {
  chiso_composite_presence p = { 0 };
  size_t all = c->tree.leaves;
  for (size_t i = 0; i < all; i++) {
    double x = c->data[i * c->n + row];
    p.missing += isnan(x) != 0;
    p.zero += x == 0;
  }
  p.available = 1 - (double)p.missing / (double)all;
  p.nonzero = p.missing == all ? (double)NAN
                               : 1 - (double)p.zero / (double)(all - p.missing);
  return p;
}

/* ---- ranks --------------------------------------------------------------- */

typedef struct ranked {
  const char *group;
  double time, value;
  size_t row;
} ranked;

/* By group and time, then from the highest value down. */
static int before(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  int group = strcmp(x->group, y->group);
  if (group != 0)
    return group;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  if (x->value != y->value)
    return x->value > y->value ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static bool together(const ranked *a, const ranked *b) {
  return a->time == b->time && strcmp(a->group, b->group) == 0;
}

chiso_status chiso_composite_ranks(const chiso_composite *c, size_t code,
                                   size_t group, chiso_ties ties, double *out,
                                   chiso_error *err) {
  return chiso_composite_rank(c, c->values + code * c->n, group, ties, out,
                              err);
}

chiso_status chiso_composite_rank(const chiso_composite *c, const double *x,
                                  size_t group, chiso_ties ties, double *out,
                                  chiso_error *err) {
  ranked *list = chiso__resize(c->allocator, NULL, c->n * sizeof *list);
  size_t count = 0;
  if (!list)
    return chiso__no_memory(err);
  for (size_t r = 0; r < c->n; r++) {
    out[r] = NAN;
    if (!isnan(x[r]))
      list[count++] = (ranked) { group == SIZE_MAX ? "" : c->groups[group][r],
                                 c->time ? c->time[r] : 0, x[r], r };
  }
  qsort(list, count, sizeof *list, before);
  for (size_t start = 0, at = 0; at < count;) {
    size_t next = at + 1;
    if (!together(&list[start], &list[at]))
      start = at;
    while (next < count && together(&list[at], &list[next]) &&
           list[next].value == list[at].value)
      next++;
    double rank = (double)(at - start + 1);
    if (ties == CHISO_TIES_AVERAGE)
      rank += (double)(next - at - 1) / 2;
    for (; at < next; at++)
      out[list[at].row] = rank;
  }
  chiso__free(c->allocator, list);
  return CHISO_OK;
}
