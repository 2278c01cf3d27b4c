/* SPDX-License-Identifier: Apache-2.0
 * Rounds that never were: random data of an edition, what it truly is worth
 * under the next ones, and figures that tell some of it. */
#ifndef CHISO_TESTS_RESCORE_FIXTURE_H
#define CHISO_TESTS_RESCORE_FIXTURE_H

#include "analysis/figures.h"
#include "chiso/rescore.h"
#include "chiso/variant.h"
#include "data_fixture.h"
#include "fill.h"

/* Editions in order of the way, with a rig of all units in each. */
typedef struct truth {
  chiso_store *store;
  chiso_units *units;
  uint64_t seed;
  rig at[CHISO_MAX_CHAIN];
  size_t count, n;
  bool strict; /* what was split or merged has any points */
} truth;

static inline chiso_store *open_store(void) {
  static const char *const dirs[] = { PLUGIN_DIR };
  chiso_store_options places = { .plugin_dirs = dirs,
                                 .n_plugin_dirs = 1,
                                 .share_dir = SHARE_DIR,
                                 .no_worker = true };
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  if (chiso_store_open(&places, CHISO_LANG_EN, NULL, &store, &err) != CHISO_OK)
    fprintf(stderr, "store: %s\n", err.text);
  return store;
}

static inline size_t random_of(truth *t, size_t n) {
  return n ? (size_t)((xorshift(&t->seed) >> 11) % n) : 0;
}

/* Takes another edition on the way; the store owns the methodology, which a rig
 * would free: truth_close() leaves it alone. */
static inline bool truth_add(truth *t, const char *name) {
  const chiso_listing *l = NULL;
  const chiso_methodology *m = NULL;
  chiso_rule rule;
  chiso_error err = { 0 };
  chiso_status status = chiso_is_methodology_file(name)
                            ? chiso_store_read(t->store, name, &l, &err)
                            : chiso_store_find(t->store, name, &l, &err);
  if (status != CHISO_OK ||
      chiso_store_load(t->store, l, &m, &rule, &err) != CHISO_OK)
    return false;
  rig *r = &t->at[t->count++];
  *r = (rig) { 0 };
  return chiso_program_new(m, rule, NULL, &r->p, &err) == CHISO_OK &&
         chiso_entries_new(r->p, t->n, NULL, &r->e, &err) == CHISO_OK &&
         chiso_scores_new(r->p, t->n, NULL, &r->s, &err) == CHISO_OK;
}

static inline const chiso_methodology *edition(const rig *r) {
  return chiso_program_methodology(r->p);
}

static inline const chiso_node *nodes_of(const rig *r) {
  return chiso_methodology_index(edition(r))->nodes;
}

static inline uint32_t n_of(const rig *r) {
  return chiso_methodology_index(edition(r))->n_nodes;
}

static inline void truth_close(truth *t) {
  for (size_t i = 0; i < t->count; i++) {
    chiso_entries_free(&t->at[i].e);
    chiso_scores_free(&t->at[i].s);
    chiso_program_free(t->at[i].p);
  }
  chiso_units_free(t->units);
  chiso_store_free(t->store);
}

static inline void empty(rig *r) {
  chiso_entries *e = &r->e;
  memset(e->have, 0, (size_t)e->slots * e->n);
  memset(e->entry, 0, (size_t)e->nodes * e->n);
  e->any_entry = e->any_part = false;
}

/* A mean of shares lies within what the shares can be. */
static inline void fill_norm(truth *t, rig *r, uint32_t node) {
  const chiso_node *n = &nodes_of(r)[node];
  int64_t one = 1;
  for (unsigned d = n->inputs[0].digits; d < CHISO_DEC_DIGITS; d++)
    one *= 10;
  chiso_dec lo = n->from < n->to ? n->from : n->to;
  chiso_dec hi = n->from < n->to ? n->to : n->from;
  for (size_t u = 0; u < t->n; u++)
    chiso_entries_set(&r->e, chiso_program_slot(r->p, node), u,
                      (lo + (chiso_dec)random_of(t, (size_t)(hi - lo + 1))) /
                          one);
}

/* PAPI's sub-dimensions go from a tenth of their maximum on, entered or not. */
static inline void raise_papi(truth *t, rig *r) {
  if (!strstr(chiso_methodology_name(r->m), "papi"))
    return;
  for (uint32_t i = 1; i < n_of(r); i++) {
    const chiso_node *n = &nodes_of(r)[i];
    bool leaf = n->op == CHISO_OP_MANUAL;
    if (!leaf && !only_given(r, i))
      continue;
    for (size_t u = 0; u < t->n; u++) {
      chiso_dec points =
          n->max / 9 + (chiso_dec)random_of(t, (size_t)(n->max - n->max / 9));
      if (leaf)
        chiso_entries_set(&r->e, chiso_program_slot(r->p, i), u, points);
      else
        chiso_entries_give(&r->e, i, u, points);
    }
  }
}

/* fill_unit() of a methodology that the rig does not own. */
static inline void fill_all(truth *t, rig *r) {
  r->m = (chiso_methodology *)(uintptr_t)edition(r);
  for (size_t u = 0; u < t->n; u++)
    fill_unit(r, u, &t->seed, 0);
  for (uint32_t i = 0; i < chiso_methodology_index(r->m)->n_nodes; i++)
    if (nodes_of(r)[i].op == CHISO_OP_NORM && nodes_of(r)[i].n_inputs == 1)
      fill_norm(t, r, i);
  raise_papi(t, r);
  r->m = NULL;
}

/* ---- what becomes of what, by the public crosswalk ----------------------- */

typedef struct crossing {
  rig *e, *f;
  chiso_crosswalk *w;
  bool forward;
  uint32_t *up; /* union-find: nodes of e, then of f */
} crossing;

static inline uint32_t crossing_root(crossing *x, uint32_t i) {
  while (x->up[i] != i)
    i = x->up[i];
  return i;
}

static inline bool counts_in(const crossing *x, bool e, uint32_t node) {
  return chiso_crosswalk_points(x->w, e == x->forward ? 0 : 1, node) != 0;
}

/* A node, and where it is a mean its parts. */
static inline void crossing_join(crossing *x, uint32_t a, uint32_t b) {
  uint32_t n = n_of(x->e);
  bool whole_a = nodes_of(x->e)[a].op == CHISO_OP_SCALE;
  bool whole_b = nodes_of(x->f)[b].op == CHISO_OP_SCALE;
  if (whole_a && whole_b && !counts_in(x, true, a) && !counts_in(x, false, b))
    return; /* its parts have links of their own */
  for (uint32_t i = a; i < n; i++)
    for (uint32_t k = b; k < n_of(x->f); k++)
      if ((i == a ||
           (whole_a && chiso_methodology_parent(edition(x->e), i) == a)) &&
          (k == b ||
           (whole_b && chiso_methodology_parent(edition(x->f), k) == b)) &&
          counts_in(x, true, i) && counts_in(x, false, k))
        x->up[crossing_root(x, i)] = crossing_root(x, n + k);
}

static inline void crossing_open(crossing *x) {
  const chiso_methodology *pair[] = { edition(x->forward ? x->e : x->f),
                                      edition(x->forward ? x->f : x->e) };
  uint32_t n = n_of(x->e), m = n_of(x->f);
  if (chiso_crosswalk_new(pair, 2, NULL, &x->w, NULL) != CHISO_OK)
    abort();
  x->up = calloc(n + m, sizeof *x->up);
  for (uint32_t i = 0; i < n + m; i++)
    x->up[i] = i;
  const rig *newer = x->forward ? x->f : x->e;
  for (uint32_t j = 1; j < n_of(newer); j++) {
    size_t count = 0;
    const uint32_t *from = chiso_crosswalk_origins(x->w, 0, 1, j, &count);
    for (size_t k = 0; k < count; k++)
      crossing_join(x, x->forward ? from[k] : j, x->forward ? j : from[k]);
  }
}

static inline void crossing_close(crossing *x) {
  chiso_crosswalk_free(x->w);
  free(x->up);
}

static inline void clear_leaf(rig *f, uint32_t node) {
  for (uint32_t k = 0; k < nodes_of(f)[node].n_inputs; k++)
    memset(f->e.have + (chiso_program_slot(f->p, node) + k) * f->e.n, 0,
           f->e.n);
}

/* All inputs of the newer leaf are among those of the older one. */
static inline bool same_keys(const chiso_node *a, const chiso_node *b) {
  if (b->n_inputs == 0 || a->op == CHISO_OP_CASE || b->op == CHISO_OP_CASE ||
      a->op == CHISO_OP_MANUAL || b->op == CHISO_OP_MANUAL ||
      (a->op != b->op &&
       (a->op == CHISO_OP_CHOICE || b->op == CHISO_OP_CHOICE ||
        a->op == CHISO_OP_INDEX || b->op == CHISO_OP_INDEX)))
    return false;
  for (uint32_t i = 0; i < b->n_inputs; i++) {
    bool found = false;
    for (uint32_t k = 0; k < a->n_inputs; k++)
      found = found || (strcmp(a->inputs[k].key, b->inputs[i].key) == 0 &&
                        a->inputs[k].digits == b->inputs[i].digits &&
                        a->inputs[k].unit == b->inputs[i].unit);
    if (!found)
      return false;
  }
  return true;
}

static inline void copy_inputs(crossing *x, uint32_t a, uint32_t b) {
  const chiso_node *from = &nodes_of(x->e)[a], *to = &nodes_of(x->f)[b];
  clear_leaf(x->f, b);
  for (uint32_t i = 0; i < to->n_inputs; i++)
    for (uint32_t k = 0; k < from->n_inputs; k++) {
      size_t slot = chiso_program_slot(x->e->p, a) + k;
      if (strcmp(from->inputs[k].key, to->inputs[i].key) != 0)
        continue;
      for (size_t u = 0; u < x->e->e.n; u++)
        if (x->e->e.have[slot * x->e->e.n + u])
          chiso_entries_set(&x->f->e, chiso_program_slot(x->f->p, b) + i, u,
                            x->e->e.value[slot * x->e->e.n + u]);
    }
}

static inline bool given_at(const rig *r, uint32_t node, size_t unit) {
  return r->e.entry[node * r->e.n + unit] == CHISO_ENTRY_GIVEN;
}

/* One and one: by the new rule on the same data, or the share of the points. */
static inline void cross_pair(crossing *x, uint32_t a, uint32_t b) {
  const chiso_node *from = &nodes_of(x->e)[a], *to = &nodes_of(x->f)[b];
  chiso_carry carry = chiso_crosswalk_carry(x->w, 0, 1, x->forward ? b : a);
  bool alike = carry == CHISO_CARRY_SAME || carry == CHISO_CARRY_SCALED;
  bool keys = same_keys(from, to);
  if (keys)
    copy_inputs(x, a, b);
  for (size_t u = 0; u < x->e->e.n; u++) {
    size_t at = a * x->e->s.n + u;
    int64_t points = 0;
    if (!alike || (keys && !given_at(x->e, a, u)) ||
        !chiso_has_points(x->e->s.state[at]) ||
        !chiso_muldiv(x->e->s.points[at], to->max, from->max, &points))
      continue;
    chiso_entries_give(&x->f->e, b, u, points);
  }
}

/* A leaf that became a mean with parts, or the other way round, keeps its share
 * as a whole. */
static inline bool cross_whole(const truth *t, const crossing *x, uint32_t a,
                               size_t before, uint32_t b, size_t after) {
  uint32_t up_a = chiso_methodology_parent(edition(x->e), a);
  uint32_t up_b = chiso_methodology_parent(edition(x->f), b);
  bool parts_b = before == 1 && nodes_of(x->f)[up_b].op == CHISO_OP_SCALE;
  bool parts_a = after == 1 && nodes_of(x->e)[up_a].op == CHISO_OP_SCALE;
  if (parts_a == parts_b)
    return false;
  if (t->strict)
    return true;
  a = parts_a ? up_a : a;
  b = parts_b ? up_b : b;
  for (size_t u = 0; u < t->n; u++) {
    int64_t points = 0;
    if (chiso_muldiv(x->e->s.points[a * x->e->s.n + u], nodes_of(x->f)[b].max,
                     nodes_of(x->e)[a].max, &points))
      chiso_entries_give(&x->f->e, b, u, points);
  }
  return true;
}

/* Split or merged with the same maximum: the sum stays, and goes anywhere. */
static inline void cross_sum(truth *t, crossing *x, uint32_t root) {
  uint32_t n = n_of(x->e), m = n_of(x->f);
  chiso_dec before = 0, after = 0, room;
  for (uint32_t i = 0; i < n; i++)
    if (counts_in(x, true, i) && crossing_root(x, i) == root)
      before += nodes_of(x->e)[i].max;
  for (uint32_t i = 0; i < m; i++)
    if (counts_in(x, false, i) && crossing_root(x, n + i) == root)
      after += nodes_of(x->f)[i].max;
  if (before != after)
    return;
  for (size_t u = 0; u < t->n; u++) {
    chiso_dec sum = 0;
    room = after;
    for (uint32_t i = 0; i < n; i++)
      if (counts_in(x, true, i) && crossing_root(x, i) == root)
        sum += x->e->s.points[i * x->e->s.n + u];
    for (uint32_t i = 0; i < m; i++) {
      chiso_dec max = nodes_of(x->f)[i].max;
      if (!counts_in(x, false, i) || crossing_root(x, n + i) != root)
        continue;
      room -= max;
      chiso_dec least = sum > room ? sum - room : 0;
      chiso_dec most = sum < max ? sum : max;
      chiso_dec points =
          least + (chiso_dec)random_of(t, (size_t)(most - least + 1));
      chiso_entries_give(&x->f->e, i, u, points);
      sum -= points;
    }
  }
}

/* Whether all that counts below two means is the same. */
static inline bool same_parts(const crossing *x, uint32_t a, uint32_t b) {
  size_t parts_a = 0, parts_b = 0;
  for (uint32_t i = a; i < n_of(x->e); i++)
    parts_a += chiso_methodology_parent(edition(x->e), i) == a &&
               nodes_of(x->e)[i].weight != 0;
  for (uint32_t k = b; k < n_of(x->f); k++) {
    if (chiso_methodology_parent(edition(x->f), k) != b ||
        nodes_of(x->f)[k].weight == 0)
      continue;
    uint32_t newer = k; /* the crosswalk speaks of the newer one */
    for (uint32_t i = a; !x->forward && i < n_of(x->e); i++) {
      size_t count = 0;
      const uint32_t *from = chiso_crosswalk_origins(x->w, 0, 1, i, &count);
      if (count == 1 && from[0] == k)
        newer = i;
    }
    if (chiso_crosswalk_carry(x->w, 0, 1, newer) != CHISO_CARRY_SAME)
      return false;
    parts_b++;
  }
  return parts_a == parts_b && nodes_of(x->e)[a].lo == nodes_of(x->f)[b].lo &&
         nodes_of(x->e)[a].hi == nodes_of(x->f)[b].hi;
}

/* What was entered at a mean goes on where the mean does. */
static inline void cross_means(const truth *t, crossing *x) {
  const rig *newer = x->forward ? x->f : x->e;
  for (uint32_t j = 1; j < n_of(newer); j++) {
    size_t count = 0;
    const uint32_t *from = chiso_crosswalk_origins(x->w, 0, 1, j, &count);
    if (count != 1)
      continue;
    uint32_t a = x->forward ? from[0] : j, b = x->forward ? j : from[0];
    if (nodes_of(x->e)[a].op != CHISO_OP_SCALE ||
        nodes_of(x->f)[b].op != CHISO_OP_SCALE || counts_in(x, true, a) ||
        counts_in(x, false, b) || !same_parts(x, a, b))
      continue;
    for (size_t u = 0; u < t->n; u++)
      if (given_at(x->e, a, u))
        chiso_entries_give(&x->f->e, b, u, x->e->s.points[a * x->e->s.n + u]);
  }
}

static inline void cross(truth *t, size_t step, bool forward) {
  crossing x = { &t->at[step], &t->at[step + 1], NULL, forward, NULL };
  uint32_t n = n_of(x.e), m = n_of(x.f);
  empty(x.f);
  fill_all(t, x.f);
  crossing_open(&x);
  for (uint32_t root = 0; root < n + m; root++) {
    uint32_t a = 0, b = 0;
    size_t before = 0, after = 0;
    for (uint32_t i = 0; i < n; i++)
      if (counts_in(&x, true, i) && crossing_root(&x, i) == root) {
        a = i;
        before++;
      }
    for (uint32_t i = 0; i < m; i++)
      if (counts_in(&x, false, i) && crossing_root(&x, n + i) == root) {
        b = i;
        after++;
      }
    if (before == 0 || after == 0 || (t->strict && before + after > 2) ||
        cross_whole(t, &x, a, before, b, after))
      continue;
    if (before == 1 && after == 1)
      cross_pair(&x, a, b);
    else
      cross_sum(t, &x, root);
  }
  cross_means(t, &x);
  crossing_close(&x);
  chiso_score(x.f->p, &x.f->e, &x.f->s);
}

/* ---- figures that tell some of it ---------------------------------------- */

typedef struct told {
  chiso_figures f;
  chiso_run run;
  chiso__member member;
  size_t *places;
} told;

static inline void told_open(told *x, truth *t, bool inputs) {
  rig *r = &t->at[0];
  *x = (told) { 0 };
  x->places = calloc(t->n, sizeof *x->places);
  for (size_t u = 0; u < t->n; u++)
    x->places[u] = u;
  x->member = (chiso__member) {
    .methodology = edition(r), .program = r->p, .entries = r->e, .scores = r->s
  };
  x->run = (chiso_run) { .members = &x->member,
                         .n_members = 1,
                         .units = t->units,
                         .scored = x->places,
                         .n = t->n };
  x->f = (chiso_figures) { .store = t->store,
                           .methodology = edition(r),
                           .units = t->units,
                           .run = inputs ? &x->run : NULL,
                           .round = { 2019, 0, 0 },
                           .n = t->n,
                           .nodes = n_of(r) };
  size_t size = (size_t)x->f.nodes * t->n;
  x->f.points = calloc(size, sizeof *x->f.points);
  x->f.max = calloc(size, sizeof *x->f.max);
  x->f.from = calloc(size, sizeof *x->f.from);
  x->f.rank = calloc(size, sizeof *x->f.rank);
}

static inline void told_close(told *x) {
  free(x->places);
  free(x->f.points);
  free(x->f.max);
  free(x->f.from);
  free(x->f.rank);
}

/* The true figure of a node, printed with so many digits. */
static inline void tell(told *x, const truth *t, uint32_t node, size_t unit,
                        unsigned digits) {
  const rig *r = &t->at[0];
  size_t at = node * t->n + unit;
  if (!chiso_has_points(r->s.state[at]))
    return;
  x->f.points[at] = chiso_dec_round(r->s.points[at], digits, 0);
  x->f.max[at] = r->s.max[at];
  x->f.from[at] = CHISO_FIGURE_PRINTED;
}

static inline void tell_all(told *x, const truth *t) {
  for (uint32_t i = 0; i < x->f.nodes; i++)
    for (size_t u = 0; u < t->n; u++)
      tell(x, t, i, u, 6);
}

/* Any cut: a total or none, areas or none, some leaves; sums as printed. */
static inline void tell_some(told *x, truth *t) {
  const chiso_methodology *m = edition(&t->at[0]);
  for (size_t u = 0; u < t->n; u++) {
    size_t leaves = random_of(t, 5), sums = random_of(t, 4);
    for (uint32_t i = 0; i < x->f.nodes; i++) {
      bool leaf = chiso_methodology_first_child(m, i) == CHISO_NO_NODE ||
                  nodes_of(&t->at[0])[i].op == CHISO_OP_CASE;
      if (leaf ? random_of(t, 4) < leaves : random_of(t, 3) < sums)
        tell(x, t, i, u, nodes_of(&t->at[0])[i].op == CHISO_OP_SUM ? 2 : 6);
    }
  }
}

#endif
