/* SPDX-License-Identifier: Apache-2.0
 * analysis/rescore_chain.c - the editions from one methodology to another, and
 * where the points of each come in. */
#include <string.h>

#include "analysis/rescore.h"
#include "chiso/variant.h"

typedef struct chain {
  chiso_rescore *r;
  const chiso_methodology *list[CHISO_MAX_CHAIN];
  chiso_rule rules[CHISO_MAX_CHAIN];
  size_t count;
} chain;

/* ---- which editions ------------------------------------------------------ */

static chiso_status too_long(const chain *a, const chain *b, chiso_error *err) {
  return CHISO__FAIL(
      err, CHISO_USAGE, MSG_RESCORE_CHAIN, chiso_methodology_name(a->list[0]),
      chiso_methodology_name(b->list[0]), (unsigned)CHISO_MAX_CHAIN);
}

static bool add(chain *c, const chiso_methodology *m, chiso_rule rule) {
  if (c->count == CHISO_MAX_CHAIN)
    return false;
  c->rules[c->count] = rule;
  c->list[c->count++] = m;
  return true;
}

/* Place in the store, or SIZE_MAX. */
static size_t listed(const chiso_store *store, const char *name) {
  for (size_t i = 0; name && i < chiso_store_count(store); i++)
    if (strcmp(chiso_store_get(store, i)->name, name) == 0)
      return i;
  return SIZE_MAX;
}

/* What a methodology was made from, as the store has it: the base of a variant,
 * the edition that a file is another version of, or the one it supersedes. */
static size_t made_from(const chiso_store *store, const chiso_methodology *m) {
  const chiso_index *ix = chiso_methodology_index(m);
  size_t own = listed(store, chiso_methodology_name(m)), at;
  if (ix->variant_of)
    return listed(store, ix->variant_of);
  if (own != SIZE_MAX)
    return strcmp(chiso_store_get(store, own)->digest,
                  chiso_methodology_digest(m)) == 0
               ? SIZE_MAX
               : own;
  for (uint32_t i = ix->n_supersedes; i-- > 0;)
    if ((at = listed(store, ix->supersedes[i])) != SIZE_MAX)
      return at;
  return SIZE_MAX;
}

/* Adds what the last of a chain was made from, and so on. */
static chiso_status climb(chain *c, chiso_error *err) {
  for (size_t at; c->count < CHISO_MAX_CHAIN; c->count++) {
    at = made_from(c->r->store, c->list[c->count - 1]);
    if (at == SIZE_MAX)
      break;
    CHISO__TRY(chiso_store_load(c->r->store, chiso_store_get(c->r->store, at),
                                &c->list[c->count], &c->rules[c->count], err));
  }
  return CHISO_OK;
}

static bool is_same(const chiso_methodology *a, const chiso_methodology *b) {
  return a == b ||
         (strcmp(a->name, b->name) == 0 && strcmp(a->digest, b->digest) == 0);
}

/* The editions of one id between two of the store, in either direction. */
static chiso_status between(chain *c, const chain *end, size_t last,
                            chiso_error *err) {
  chiso_store *store = c->r->store;
  const chiso_methodology *to = end->list[last];
  size_t at = listed(store, c->list[c->count - 1]->name);
  size_t goal = listed(store, to->name);
  if (at == SIZE_MAX || goal == SIZE_MAX ||
      strcmp(c->list[c->count - 1]->index.id, to->index.id) != 0)
    return CHISO_OK;
  while (at != goal) {
    at = at < goal ? at + 1 : at - 1;
    const chiso_listing *l = chiso_store_get(store, at);
    const chiso_methodology *m;
    chiso_rule rule;
    if (at == goal || strcmp(l->id, to->index.id) != 0 ||
        l->scope != CHISO_SCOPE_NATIONAL)
      continue;
    CHISO__TRY(chiso_store_load(store, l, &m, &rule, err));
    if (!add(c, m, rule))
      return too_long(c, end, err);
  }
  return CHISO_OK;
}

/* Up from the first as far as both go, across, and down to the second. */
static chiso_status join(chain *a, const chain *b, chiso_error *err) {
  size_t i = 0, k = 0;
  for (i = 0; i < a->count; i++) {
    for (k = 0; k < b->count && !is_same(a->list[i], b->list[k]);)
      k++;
    if (k < b->count)
      break;
  }
  if (i < a->count) { /* they meet */
    a->count = i + 1;
  } else {
    k = b->count - 1;
    CHISO__TRY(between(a, b, k, err));
    k++;
  }
  while (k-- > 0)
    if (!add(a, b->list[k], b->rules[k]))
      return too_long(a, b, err);
  return CHISO_OK;
}

static chiso_status find(chiso_rescore *r, const char *to, chain *a, chain *b,
                         chiso_error *err) {
  const chiso_listing *l = NULL;
  *a = (chain) { .r = r, .count = 1 };
  *b = (chain) { .r = r, .count = 1 };
  a->list[0] = chiso_figures_methodology(r->figures);
  CHISO__TRY(chiso_is_methodology_file(to)
                 ? chiso_store_read(r->store, to, &l, err)
                 : chiso_store_find(r->store, to, &l, err));
  CHISO__TRY(chiso_store_load(r->store, l, &b->list[0], &b->rules[0], err));
  CHISO__TRY(climb(a, err));
  return climb(b, err);
}

/* ---- tops ---------------------------------------------------------------- */

static bool adds_up(const chiso__edition *e, uint32_t node) {
  return e->ix->nodes[node].op == CHISO_OP_SUM &&
         !chiso__is_measure(e->m, node);
}

static void find_tops(chiso__edition *e) {
  for (uint32_t i = 0; i < e->ix->n_nodes; i++) {
    uint32_t up = chiso_methodology_parent(e->m, i);
    bool counts = up == CHISO_NO_NODE || e->ix->nodes[i].weight != 0;
    e->top_of[i] = CHISO_NO_NODE;
    e->source[i] = CHISO_NO_NODE;
    /* what is below a measure or not counted has a parent without a top that
     * does not add up */
    if (!counts || (up != CHISO_NO_NODE && chiso__is_measure(e->m, up)))
      continue;
    if (up != CHISO_NO_NODE && e->top_of[up] != CHISO_NO_NODE)
      e->top_of[i] = e->top_of[up];
    else if (up != CHISO_NO_NODE && !e->place[up])
      continue;
    else if (adds_up(e, i))
      e->place[i] = 1; /* a sum that leads to the root, for its children */
    else {
      e->top_of[i] = i;
      e->tops[e->n_tops++] = i;
    }
  }
  for (size_t t = 0; t < e->n_tops; t++)
    e->place[e->tops[t]] = (uint32_t)t;
}

/* ---- what a rule can give ------------------------------------------------ */

static void reach(chiso_dec points, chiso_dec *least, chiso_dec *most) {
  *least = points < *least ? points : *least;
  *most = points > *most ? points : *most;
}

static void reach_policy(const chiso_node *n, unsigned policy, chiso_dec *least,
                         chiso_dec *most) {
  if (policy == CHISO_POLICY_ZERO || policy == CHISO_POLICY_LEAVE_OUT)
    reach(0, least, most);
  else if (policy == CHISO_POLICY_FULL)
    reach(n->max, least, most);
}

static void reach_steps(const chiso_node *n, chiso_dec *least,
                        chiso_dec *most) {
  bool any = n->op == CHISO_OP_STEP || n->n_steps == 0;
  *least = *most = any ? n->otherwise : n->steps[0].points;
  for (uint32_t i = 0; i < n->n_steps; i++)
    reach(n->steps[i].points, least, most);
}

static void leaf_range(const chiso_node *n, chiso_dec *least, chiso_dec *most) {
  *least = 0;
  *most = n->max;
  switch (n->op) {
  case CHISO_OP_STEP:
  case CHISO_OP_CHOICE:
  case CHISO_OP_LINEAR:
    reach_steps(n, least, most);
    break;
  case CHISO_OP_MANUAL:
  case CHISO_OP_PENALTY:
    *least = n->lo < 0 || n->op == CHISO_OP_PENALTY ? n->lo : 0;
    *most = n->max;
    break;
  case CHISO_OP_RATIO:
    *most = chiso__scale_up(n->max, n->cap, CHISO_DEC_ONE);
    break;
  default:
    break;
  }
  *least = chiso_dec_round(*least, n->digits, n->round);
  *most = chiso_dec_round(*most, n->digits, n->round);
  reach_policy(n, n->na, least, most);
  reach_policy(n, n->empty, least, most);
}

/* Of its branches the least and the most, or nothing where none is chosen. */
static void case_range(chiso__edition *e, uint32_t node) {
  bool first = true;
  for (uint32_t k = chiso_methodology_first_child(e->m, node);
       k != CHISO_NO_NODE; k = chiso_methodology_next(e->m, k)) {
    if (first || e->least[k] < e->least[node])
      e->least[node] = e->least[k];
    if (first || e->most[k] > e->most[node])
      e->most[node] = e->most[k];
    first = false;
  }
  reach_policy(&e->ix->nodes[node], e->ix->nodes[node].na, &e->least[node],
               &e->most[node]);
  reach_policy(&e->ix->nodes[node], e->ix->nodes[node].empty, &e->least[node],
               &e->most[node]);
}

/* A mean lies within its parts; what it was printed as is at most its maximum,
 * whatever an approximate rule says. */
static void mean_range(chiso__edition *e, uint32_t node) {
  const chiso_node *n = &e->ix->nodes[node];
  chiso_dec least = n->max, most = 0;
  for (uint32_t k = chiso_methodology_first_child(e->m, node);
       k != CHISO_NO_NODE; k = chiso_methodology_next(e->m, k))
    if (n->op == CHISO_OP_MEAN && e->ix->nodes[k].weight != 0)
      reach(e->least[k], &least, &most);
  if (n->op == CHISO_OP_SCALE)
    least = n->lo < n->hi ? n->lo : n->hi;
  e->least[node] = least < n->max ? least : 0;
  e->most[node] = n->max;
}

static void sum_range(chiso__edition *e, uint32_t node) {
  e->least[node] = e->most[node] = 0;
  for (uint32_t k = chiso_methodology_first_child(e->m, node);
       k != CHISO_NO_NODE; k = chiso_methodology_next(e->m, k)) {
    if (e->ix->nodes[k].weight == 0)
      continue;
    e->least[node] += e->least[k];
    e->most[node] += e->most[k];
  }
}

static void find_ranges(chiso__edition *e) {
  for (uint32_t i = e->ix->n_nodes; i-- > 0;) {
    const chiso_node *n = &e->ix->nodes[i];
    if (n->op == CHISO_OP_CASE)
      case_range(e, i);
    else if (chiso__is_measure(e->m, i) || n->op >= CHISO_OP_MANUAL)
      leaf_range(n, &e->least[i], &e->most[i]);
    else if (n->op == CHISO_OP_SUM)
      sum_range(e, i);
    else
      mean_range(e, i);
  }
}

static chiso_status prepare(chiso_rescore *r, const chiso_methodology *m,
                            chiso_rule rule, chiso_error *err) {
  chiso__edition *e = &r->editions[r->n_editions++];
  size_t n = chiso_methodology_index(m)->n_nodes;
  e->m = m;
  e->ix = chiso_methodology_index(m);
  e->rule = rule;
  e->tops = chiso__arena_array(&r->arena, n, sizeof *e->tops);
  e->top_of = chiso__arena_array(&r->arena, n, sizeof *e->top_of);
  e->place = chiso__arena_array(&r->arena, n, sizeof *e->place);
  e->least = chiso__arena_array(&r->arena, n, sizeof *e->least);
  e->most = chiso__arena_array(&r->arena, n, sizeof *e->most);
  e->source = chiso__arena_array(&r->arena, n, sizeof *e->source);
  e->kin = chiso__arena_array(&r->arena, n, sizeof *e->kin);
  e->origins = chiso__arena_array(&r->arena, n, sizeof *e->origins);
  e->n_origins = chiso__arena_array(&r->arena, n, sizeof *e->n_origins);
  e->renamed = chiso__arena_array(&r->arena, n, sizeof *e->renamed);
  if (!e->tops || !e->top_of || !e->place || !e->least || !e->most ||
      !e->source || !e->kin || !e->origins || !e->n_origins || !e->renamed)
    return chiso__no_memory(err);
  find_tops(e);
  find_ranges(e);
  return CHISO_OK;
}

/* The first edition goes back to itself. */
static chiso_status begin(chiso_rescore *r, chiso_error *err) {
  chiso__edition *e = &r->editions[0];
  for (size_t t = 0; t < e->n_tops; t++) {
    e->origins[t] = chiso__arena_array(&r->arena, 1, sizeof **e->origins);
    if (!e->origins[t])
      return chiso__no_memory(err);
    e->origins[t][0] = e->tops[t];
    e->n_origins[t] = 1;
  }
  for (uint32_t i = 0; i < e->ix->n_nodes; i++)
    if (e->top_of[i] != CHISO_NO_NODE && e->ix->nodes[i].n_inputs > 0)
      e->source[i] = i;
  return CHISO_OK;
}

chiso_status chiso__rescore_chain(chiso_rescore *r, const char *to,
                                  chiso_error *err) {
  chain a, b;
  CHISO__TRY(find(r, to, &a, &b, err));
  CHISO__TRY(join(&a, &b, err));
  for (size_t i = 0; i < a.count; i++)
    CHISO__TRY(prepare(r, a.list[i], a.rules[i], err));
  CHISO__TRY(begin(r, err));
  for (size_t i = 0; i + 1 < r->n_editions; i++)
    CHISO__TRY(chiso__rescore_link(r, i, err));
  return CHISO_OK;
}

void chiso__rescore_chain_free(chiso_rescore *r) {
  for (size_t i = 0; i < r->n_editions; i++) {
    chiso_entries_free(&r->editions[i].entries);
    chiso_scores_free(&r->editions[i].scores);
    chiso_program_free(r->editions[i].program);
  }
}
