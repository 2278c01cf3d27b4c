/* SPDX-License-Identifier: Apache-2.0
 * analysis/rescore.c - all units under another edition: points by how they are
 * served, bounds of areas and totals, ranks that the bounds allow. */
#include <string.h>

#include "analysis/rescore.h"

const char *chiso_serve_key(chiso_serve serve) {
  static const char *const keys[CHISO_N_SERVE] = { "same",     "scaled",
                                                   "rescored", "together",
                                                   "left_out", "unknown",
                                                   "broken",   "new" };
  return (unsigned)serve < CHISO_N_SERVE ? keys[serve] : NULL;
}

/* ---- room ---------------------------------------------------------------- */

static chiso_status make_work(chiso_rescore *r, chiso_error *err) {
  size_t most = 0;
  for (size_t i = 0; i < r->n_editions; i++)
    if (r->editions[i].ix->n_nodes > most)
      most = r->editions[i].ix->n_nodes;
  /* blocks of one edition, from 1, and tops of two */
  size_t blocks = most + 2, groups = 3 * most + 4;
  chiso__work *w = &r->work;
  chiso__arena *a = &r->arena;
  w->group = chiso__arena_array(a, groups, sizeof *w->group);
  w->target = chiso__arena_array(a, groups, sizeof *w->target);
  w->carry = chiso__arena_array(a, groups, sizeof *w->carry);
  w->dead = chiso__arena_array(a, groups, sizeof *w->dead);
  w->lo = chiso__arena_array(a, blocks, sizeof *w->lo);
  w->hi = chiso__arena_array(a, blocks, sizeof *w->hi);
  w->room = chiso__arena_array(a, blocks, sizeof *w->room);
  w->first = chiso__arena_array(a, blocks, sizeof *w->first);
  w->uneven = chiso__arena_array(a, blocks, sizeof *w->uneven);
  w->totals = chiso__arena_array(a, groups, sizeof *w->totals);
  bool good = w->group && w->totals && w->target && w->carry && w->dead &&
              w->lo && w->hi && w->room && w->first && w->uneven;
  for (size_t i = 0; i < 2; i++) {
    r->states[i].nodes =
        chiso__arena_array(a, most, sizeof *r->states[i].nodes);
    r->states[i].blocks =
        chiso__arena_array(a, blocks, sizeof *r->states[i].blocks);
    good = good && r->states[i].nodes && r->states[i].blocks;
  }
  return good ? CHISO_OK : chiso__no_memory(err);
}

static bool below(const chiso__edition *f, uint32_t node, uint32_t area) {
  while (node != area && node != CHISO_NO_NODE)
    node = chiso_methodology_parent(f->m, node);
  return node == area;
}

/* What the sums between a node and the tops below it round by, at most. */
static chiso_dec rounding_below(const chiso__edition *f, uint32_t node) {
  chiso_dec out = 0;
  for (uint32_t i = node + 1; i < f->ix->n_nodes; i++)
    if (f->top_of[i] == CHISO_NO_NODE && f->place[i] == 1 &&
        f->ix->nodes[i].digits < CHISO_DEC_DIGITS && below(f, i, node))
      out += 2 * chiso__half_unit(f->ix->nodes[i].digits);
  return out;
}

static chiso_status find_areas(chiso_rescore *r, chiso_error *err) {
  const chiso__edition *f = chiso__last(r);
  size_t n = f->ix->n_nodes;
  r->area_nodes = chiso__arena_array(&r->arena, n, sizeof *r->area_nodes);
  r->area_of = chiso__arena_array(&r->arena, f->n_tops, sizeof *r->area_of);
  r->slack = chiso__arena_array(&r->arena, n + 1, sizeof *r->slack);
  if (!r->area_nodes || !r->area_of || !r->slack)
    return chiso__no_memory(err);
  for (uint32_t i = chiso_methodology_first_child(f->m, 0); i != CHISO_NO_NODE;
       i = chiso_methodology_next(f->m, i)) {
    if (f->top_of[0] == 0 || f->ix->nodes[i].weight == 0)
      continue;
    r->slack[r->n_areas] = rounding_below(f, i);
    r->area_nodes[r->n_areas++] = i;
  }
  r->slack[r->n_areas] = rounding_below(f, 0);
  for (size_t t = 0; t < f->n_tops; t++) {
    r->area_of[t] = SIZE_MAX;
    for (size_t a = 0; a < r->n_areas && r->area_of[t] == SIZE_MAX; a++)
      if (below(f, f->tops[t], r->area_nodes[a]))
        r->area_of[t] = a;
  }
  return CHISO_OK;
}

static chiso_status make_room(chiso_rescore *r, chiso_error *err) {
  const chiso__edition *f = chiso__last(r);
  CHISO__TRY(make_work(r, err));
  CHISO__TRY(find_areas(r, err));
  r->perfect = chiso__arena_array(&r->arena, f->n_tops, sizeof *r->perfect);
  r->cells = chiso__arena_array(&r->arena, f->n_tops, r->n * sizeof *r->cells);
  r->firm = chiso__arena_array(&r->arena, f->n_tops, r->n + 1);
  r->units = chiso__arena_array(&r->arena, r->n, sizeof *r->units);
  r->areas = chiso__arena_array(&r->arena, r->n_areas, r->n * sizeof *r->areas);
  return r->perfect && r->cells && r->firm && r->units && r->areas
             ? CHISO_OK
             : chiso__no_memory(err);
}

/* Places of the figures' units among those that their run scored. */
static chiso_status find_scored(chiso_rescore *r, chiso_error *err) {
  const chiso_run *run = r->figures->run;
  r->scored = chiso__arena_array(&r->arena, r->n, sizeof *r->scored);
  if (!r->scored)
    return chiso__no_memory(err);
  for (size_t u = 0; u < r->n; u++)
    r->scored[u] = SIZE_MAX;
  for (size_t s = 0; run && s < chiso_run_scored(run); s++)
    r->scored[chiso_run_unit(run, s)] = s;
  return CHISO_OK;
}

/* How many digits sums have: those of one depth were printed alike. Points have
 * two at least. */
static void find_printed(chiso_rescore *r) {
  const chiso__edition *e = &r->editions[0];
  for (size_t d = 0; d < sizeof r->printed / sizeof *r->printed; d++)
    r->printed[d] = 2;
  for (uint32_t i = 0; i < e->ix->n_nodes; i++) {
    unsigned depth = 0;
    for (uint32_t up = i;
         (up = chiso_methodology_parent(e->m, up)) != CHISO_NO_NODE;)
      depth++;
    unsigned *digits = &r->printed[depth < 63 ? depth : 63];
    if (e->top_of[i] != CHISO_NO_NODE || e->place[i] != 1)
      continue;
    for (size_t u = 0; u < r->n; u++) {
      chiso_figure f = chiso_figures_get(r->figures, i, u);
      while (f.from != CHISO_FIGURE_NONE && *digits < CHISO_DEC_DIGITS &&
             f.points % (2 * chiso__half_unit(*digits)) != 0)
        ++*digits;
    }
  }
}

/* ---- one unit under the last edition ------------------------------------- */

/* Covered by itself or with others as a sum. */
static bool is_covered(const chiso__know *k, bool firm) {
  return k->known == CHISO__KNOWN ||
         (k->known == CHISO__OPEN && firm && k->carry <= CHISO_CARRY_TOGETHER);
}

static chiso_serve serve_of(const chiso_rescore *r, size_t top,
                            const chiso__know *k, bool firm) {
  const chiso__know *perfect = &r->perfect[top];
  if (k->known == CHISO__GONE)
    return CHISO_SERVE_LEFT_OUT;
  if (is_covered(k, firm))
    return k->known == CHISO__KNOWN ? (chiso_serve)k->carry
                                    : CHISO_SERVE_TOGETHER;
  if (perfect->known == CHISO__KNOWN)
    return CHISO_SERVE_UNKNOWN;
  return perfect->carry == CHISO_CARRY_NEW ? CHISO_SERVE_NEW
                                           : CHISO_SERVE_BROKEN;
}

typedef struct interval {
  chiso_dec lo, hi;
} interval;

static interval narrower(interval a, interval b) {
  interval out = { a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi };
  return out.lo <= out.hi ? out : a; /* figures that contradict each other */
}

/* Whether a top is in an area; n_areas stands for all of them. */
static bool inside_of(const chiso_rescore *r, size_t top, size_t area) {
  return area == r->n_areas || r->area_of[top] == area;
}

/* By sums that are known: of a block, what is inside has at least what the
 * others leave. */
static interval by_blocks(const chiso_rescore *r, const chiso__state *k,
                          size_t area) {
  const chiso__edition *f = chiso__last(r);
  const chiso__work *w = &r->work;
  interval out = { 0, 0 };
  for (uint32_t b = 0; b <= k->n_blocks; b++)
    w->lo[b] = w->hi[b] = w->room[b] = w->uneven[b] = 0;
  for (size_t t = 0; t < f->n_tops; t++) {
    const chiso__know *at = &k->nodes[f->tops[t]];
    bool inside = inside_of(r, t, area);
    if (at->block == 0) {
      out.lo += inside ? at->lo : 0;
      out.hi += inside ? at->hi : 0;
      continue;
    }
    w->uneven[at->block] |= inside;
    w->lo[at->block] += inside ? 0 : at->lo; /* outside */
    w->hi[at->block] += inside ? 0 : at->hi;
  }
  interval members = { 0, 0 };
  for (uint32_t b = 1; b <= k->n_blocks; b++) {
    if (!w->uneven[b])
      continue;
    members.lo += k->blocks[b].lo - w->hi[b];
    members.hi += k->blocks[b].hi - w->lo[b];
  }
  chiso_dec slack = r->slack[area];
  return (interval) { out.lo + members.lo - slack,
                      out.hi + members.hi + slack };
}

static chiso_dec rounded(const chiso__edition *f, uint32_t node,
                         chiso_dec points) {
  const chiso_node *n = &f->ix->nodes[node];
  return chiso_dec_round(points, n->digits, n->round);
}

/* Bounds of every sum above the tops by those of its children, each rounded as
 * its rule says. */
static void add_up(const chiso__edition *f, chiso__state *k) {
  for (uint32_t i = f->ix->n_nodes; i-- > 0;) {
    chiso__know *at = &k->nodes[i];
    if (f->top_of[i] != CHISO_NO_NODE || f->place[i] != 1)
      continue;
    *at = (chiso__know) { 0 };
    for (uint32_t c = chiso_methodology_first_child(f->m, i);
         c != CHISO_NO_NODE; c = chiso_methodology_next(f->m, c))
      if (f->ix->nodes[c].weight != 0) {
        at->lo += k->nodes[c].lo;
        at->hi += k->nodes[c].hi;
      }
    at->lo = rounded(f, i, at->lo);
    at->hi = rounded(f, i, at->hi);
  }
}

/* A block counts where all of it lies inside. */
static chiso_dec covered_in(const chiso_rescore *r, const chiso__state *k,
                            size_t area, chiso_dec *max, chiso_dec *all,
                            chiso_dec *serve) {
  const chiso__edition *f = chiso__last(r);
  const chiso__work *w = &r->work;
  chiso_dec points = 0;
  *max = *all = 0;
  memset(w->first, 0, (k->n_blocks + 1) * sizeof *w->first);
  for (size_t t = 0; t < f->n_tops; t++)
    if (!inside_of(r, t, area))
      w->first[k->nodes[f->tops[t]].block] = 1; /* reaches out */
  memset(w->uneven, 0, k->n_blocks + 1);
  for (size_t t = 0; t < f->n_tops; t++) {
    uint32_t top = f->tops[t];
    const chiso__know *at = &k->nodes[top];
    bool firm = at->block && k->blocks[at->block].firm && !w->first[at->block];
    if (!inside_of(r, t, area))
      continue;
    chiso_serve how = serve_of(r, t, at, firm);
    if (serve)
      serve[how] += f->ix->nodes[top].max;
    *all += how == CHISO_SERVE_LEFT_OUT ? 0 : f->ix->nodes[top].max;
    if (how > CHISO_SERVE_TOGETHER)
      continue;
    *max += f->ix->nodes[top].max;
    if (at->known == CHISO__KNOWN)
      points += at->v;
    else if (!w->uneven[at->block]++)
      points += k->blocks[at->block].v;
  }
  return points;
}

static void take_areas(chiso_rescore *r, size_t unit, chiso__state *k,
                       interval *sum) {
  const chiso__edition *f = chiso__last(r);
  *sum = (interval) { 0, 0 };
  for (size_t a = 0; a < r->n_areas; a++) {
    uint32_t node = r->area_nodes[a];
    chiso_rescored_area *out = &r->areas[a * r->n + unit];
    interval own = { k->nodes[node].lo, k->nodes[node].hi };
    interval blocks = by_blocks(r, k, a);
    if (f->top_of[node] == CHISO_NO_NODE) {
      blocks.lo = rounded(f, node, blocks.lo);
      blocks.hi = rounded(f, node, blocks.hi);
    }
    own = narrower(own, blocks);
    out->node = node;
    out->covered = covered_in(r, k, a, &out->covered_max, &out->max, NULL);
    if (r->n_editions == 1) { /* its own figure, where it is known */
      chiso_figure figure = chiso_figures_get(r->figures, node, unit);
      if (figure.from != CHISO_FIGURE_NONE)
        own.lo = own.hi = out->covered = figure.points;
    }
    out->low = own.lo;
    out->high = own.hi;
    sum->lo += own.lo;
    sum->hi += own.hi;
  }
}

/* The root's own figure when its edition is the one that was asked for. */
static void take_own(const chiso_rescore *r, size_t unit, chiso_rescored *out) {
  chiso_figure f = chiso_figures_get(r->figures, 0, unit);
  out->own = f.from == CHISO_FIGURE_NONE ? CHISO_NONE : f.points;
  out->own_rank = f.rank;
  out->whole = f.from != CHISO_FIGURE_NONE;
}

static chiso_dec percent(const chiso__edition *f, chiso_dec points,
                         chiso_dec max) {
  int64_t units = 0, unit = 1;
  for (unsigned d = f->ix->digits; d < CHISO_DEC_DIGITS; d++)
    unit *= 10;
  if (max <= 0 ||
      !chiso__wide_div((chiso__wide)points * 100 * CHISO_DEC_ONE,
                       (chiso__wide)max * unit, f->ix->nodes[0].round, &units))
    return CHISO_NONE;
  return units * unit;
}

static void take_total(const chiso_rescore *r, const chiso__state *k,
                       interval areas, chiso_rescored *out) {
  const chiso__edition *f = chiso__last(r);
  interval all = by_blocks(r, k, r->n_areas);
  if (r->n_areas > 0)
    all = narrower(areas, all);
  out->covered =
      covered_in(r, k, r->n_areas, &out->covered_max, &out->max, out->serve);
  bool by_points = f->ix->rank_by == CHISO_RANK_POINTS;
  out->low = rounded(f, 0, all.lo);
  out->high = rounded(f, 0, all.hi);
  if (r->n_editions == 1 && out->whole)
    out->low = out->high = out->covered = out->own;
  out->figure_low = by_points ? out->low
                    : r->n_editions == 1 && out->whole
                        ? percent(f, out->own, out->max)
                        : percent(f, all.lo, out->max);
  out->figure_high = by_points ? out->high
                     : r->n_editions == 1 && out->whole
                         ? out->figure_low
                         : percent(f, all.hi, out->max);
}

static chiso__state *carry_through(chiso_rescore *r, size_t unit, bool *bad) {
  chiso__state *k = &r->states[0], *next = &r->states[1];
  chiso__rescore_begin(r, unit, k, bad);
  for (size_t i = 0; i + 1 < r->n_editions; i++) {
    chiso__state *was = k;
    chiso__rescore_step(r, i, unit, k, next);
    k = next;
    next = was;
  }
  return k;
}

static void do_unit(chiso_rescore *r, size_t unit) {
  const chiso__edition *f = chiso__last(r);
  const chiso__edition *e = &r->editions[0];
  chiso_rescored *out = &r->units[unit];
  take_own(r, unit, out);
  for (uint32_t i = 0; i < e->ix->n_nodes && !out->known; i++)
    out->known =
        (e->top_of[i] != CHISO_NO_NODE || e->place[i] == 1) &&
        chiso_figures_get(r->figures, i, unit).from != CHISO_FIGURE_NONE;
  chiso__state *k = carry_through(r, unit, &out->contradicted);
  for (size_t t = 0; t < f->n_tops; t++) {
    const chiso__know *at = &k->nodes[f->tops[t]];
    r->cells[t * r->n + unit] = *at;
    r->firm[t * r->n + unit] = at->block && k->blocks[at->block].firm;
  }
  interval areas;
  add_up(f, k);
  take_areas(r, unit, k, &areas);
  take_total(r, k, areas, out);
}

/* What a unit has of which everything is known. */
static bool do_perfect(chiso_rescore *r) {
  const chiso__edition *f = chiso__last(r);
  bool bad, any = false;
  const chiso__state *k = carry_through(r, SIZE_MAX, &bad);
  for (size_t t = 0; t < f->n_tops; t++) {
    chiso__know *p = &r->perfect[t];
    *p = k->nodes[f->tops[t]];
    if (is_covered(p, p->block && k->blocks[p->block].firm))
      p->known = CHISO__KNOWN;
    else if (p->carry < CHISO_CARRY_BROKEN)
      p->carry = CHISO_CARRY_BROKEN;
    any = any || p->known == CHISO__KNOWN || f->n_origins[t] > 0;
  }
  return any;
}

/* ---- ranks --------------------------------------------------------------- */

static bool takes_part(const chiso_rescore *r, size_t unit) {
  const chiso_rescored *x = &r->units[unit];
  return x->known && x->figure_low != CHISO_NONE &&
         x->figure_high != CHISO_NONE && chiso_figures_ranked(r->figures, unit);
}

static void allow_ranks(chiso_rescore *r) {
  for (size_t u = 0; u < r->n; u++) {
    chiso_rescored *x = &r->units[u];
    if (!takes_part(r, u))
      continue;
    r->ranked++;
    x->best = x->worst = 1;
    for (size_t v = 0; v < r->n; v++) {
      const chiso_rescored *y = &r->units[v];
      if (v == u || !takes_part(r, v))
        continue;
      x->best += y->figure_low > x->figure_high;
      x->worst += y->figure_high > x->figure_low;
    }
  }
}

/* What the figures' own edition ranks a unit by. */
static chiso_dec ranked_by(const chiso_rescore *r, size_t unit) {
  const chiso__edition *e = &r->editions[0];
  chiso_figure f = chiso_figures_get(r->figures, 0, unit);
  if (f.from == CHISO_FIGURE_NONE || !chiso_figures_ranked(r->figures, unit))
    return CHISO_NONE;
  return e->ix->rank_by == CHISO_RANK_POINTS ? f.points
                                             : percent(e, f.points, f.max);
}

/* Ranks that nobody printed: among the units whose totals are known. */
static chiso_status rank_own(chiso_rescore *r, chiso_error *err) {
  chiso_dec *figures = chiso__arena_array(&r->arena, r->n, sizeof *figures);
  uint32_t *ranks = chiso__arena_array(&r->arena, r->n, sizeof *ranks);
  bool printed = false;
  if (!figures || !ranks)
    return chiso__no_memory(err);
  for (size_t u = 0; u < r->n; u++) {
    printed = printed || r->units[u].own_rank > 0;
    figures[u] = ranked_by(r, u);
  }
  if (printed)
    return CHISO_OK;
  CHISO__TRY(chiso_rank(figures, r->n, ranks, r->allocator, err));
  for (size_t u = 0; u < r->n; u++)
    r->units[u].own_rank = ranks[u];
  return CHISO_OK;
}

/* ---- public -------------------------------------------------------------- */

static chiso_status fill(chiso_rescore *r, const char *to, chiso_error *err) {
  r->n = chiso_units_count(chiso_figures_units(r->figures));
  CHISO__TRY(chiso__rescore_chain(r, to, err));
  CHISO__TRY(find_scored(r, err));
  find_printed(r);
  for (size_t i = 1; i < r->n_editions; i++)
    CHISO__TRY(chiso__rescore_inputs(r, i, err));
  CHISO__TRY(make_room(r, err));
  if (!do_perfect(r))
    return CHISO__FAIL(
        err, CHISO_NO, MSG_RESCORE_NOTHING, chiso__last(r)->m->name,
        chiso_methodology_name(chiso_figures_methodology(r->figures)));
  for (size_t u = 0; u < r->n; u++)
    do_unit(r, u);
  allow_ranks(r);
  return rank_own(r, err);
}

chiso_status chiso_rescore_new(chiso_store *store, const chiso_figures *figures,
                               const char *to, bool strict,
                               const chiso_allocator *allocator,
                               chiso_rescore **out, chiso_error *err) {
  *out = NULL;
  chiso_rescore *r = chiso__alloc(allocator, sizeof *r);
  if (!r)
    return chiso__no_memory(err);
  *r = (chiso_rescore) {
    .allocator = allocator, .store = store, .figures = figures, .strict = strict
  };
  r->arena.allocator = allocator;
  chiso_status status = fill(r, to, err);
  if (status == CHISO_OK)
    *out = r;
  else
    chiso_rescore_free(r);
  return status;
}

void chiso_rescore_free(chiso_rescore *r) {
  if (!r)
    return;
  chiso__rescore_chain_free(r);
  chiso__arena_free(&r->arena);
  chiso__free(r->allocator, r);
}

size_t chiso_rescore_editions(const chiso_rescore *r) {
  return r->n_editions;
}

const chiso_methodology *chiso_rescore_edition(const chiso_rescore *r,
                                               size_t place) {
  return r->editions[place].m;
}

void chiso_rescore_unit(const chiso_rescore *r, size_t unit,
                        chiso_rescored *out) {
  *out = r->units[unit];
}

size_t chiso_rescore_ranked(const chiso_rescore *r) {
  return r->ranked;
}

size_t chiso_rescore_areas(const chiso_rescore *r) {
  return r->n_areas;
}

void chiso_rescore_area(const chiso_rescore *r, size_t area, size_t unit,
                        chiso_rescored_area *out) {
  *out = r->areas[area * r->n + unit];
}

size_t chiso_rescore_leaves(const chiso_rescore *r) {
  return chiso__last(r)->n_tops;
}

void chiso_rescore_leaf(const chiso_rescore *r, size_t leaf,
                        chiso_rescored_leaf *out) {
  const chiso__edition *f = chiso__last(r);
  uint32_t node = f->tops[leaf];
  const chiso__know *p = &r->perfect[leaf];
  *out = (chiso_rescored_leaf) { .node = node,
                                 .serve = p->known == CHISO__KNOWN
                                              ? (chiso_serve)p->carry
                                          : p->carry == CHISO_CARRY_NEW
                                              ? CHISO_SERVE_NEW
                                              : CHISO_SERVE_BROKEN,
                                 .renamed = f->renamed[leaf],
                                 .origins = f->origins[leaf],
                                 .n_origins = f->n_origins[leaf],
                                 .max = f->ix->nodes[node].max,
                                 .least = f->least[node],
                                 .most = f->most[node] };
  for (size_t i = 0; i < out->n_origins; i++)
    out->max_before += r->editions[0].ix->nodes[out->origins[i]].max;
  for (size_t u = 0; u < r->n; u++)
    out->served += r->units[u].known && is_covered(&r->cells[leaf * r->n + u],
                                                   r->firm[leaf * r->n + u]);
}

void chiso_rescore_cell(const chiso_rescore *r, size_t leaf, size_t unit,
                        chiso_rescored_cell *out) {
  const chiso__edition *f = chiso__last(r);
  const chiso__know *k = &r->cells[leaf * r->n + unit];
  *out = (chiso_rescored_cell) {
    .serve = serve_of(r, leaf, k, r->firm[leaf * r->n + unit]),
    .before = f->n_origins[leaf] > 0 ? 0 : CHISO_NONE,
    .after = k->known == CHISO__KNOWN ? k->v : CHISO_NONE,
    .low = k->lo,
    .high = k->hi
  };
  for (size_t i = 0; i < f->n_origins[leaf] && out->before != CHISO_NONE; i++) {
    chiso_figure b = chiso_figures_get(r->figures, f->origins[leaf][i], unit);
    out->before =
        b.from == CHISO_FIGURE_NONE ? CHISO_NONE : out->before + b.points;
  }
}
