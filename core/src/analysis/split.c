/* SPDX-License-Identifier: Apache-2.0
 * analysis/split.c - a change between two rounds, as performance and
 * methodology. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/history.h"

/* One round of one unit. */
typedef struct end {
  const chiso_figures *f;
  const chiso_index *ix;
  size_t edition; /* in the chain */
  size_t unit;
  uint32_t *area; /* of each node: the child of the root above it; the root and
                     what counts nowhere CHISO_NO_NODE */
  uint8_t *adds; /* of each node: its share of the maximum is one of the points,
                    which below a scale with an offset it is not */
} end;

/* A leaf alike without figures: what it can have in the earlier round, and its
 * later maximum over the earlier one. */
typedef struct share {
  double least, most, ratio;
} share;

typedef struct splitter {
  const chiso_history *h;
  chiso__arena arena;
  chiso_crosswalk *crosswalk; /* NULL: one edition */
  end a, b;                   /* earlier, later */
  uint32_t *origin;           /* [later area] of the earlier edition */
  uint32_t *claims;           /* [earlier area] how many say so */
  uint32_t *twin;             /* [earlier leaf] the later one that is alike */
  share *leaves;              /* room for all */
} splitter;

/* What is known of some leaves of one round that belong together, in points of
 * the index. */
typedef struct lot {
  double all, alike;       /* maxima */
  double points;           /* what the unit has on all of them; NaN */
  double told;             /* of these, on leaves with figures of their own */
  double open, open_alike; /* maxima of the others */
  double alike_least, other_least;
} lot;

/* What leaves alike with figures in both rounds gained, and the other leaves
 * alike, by their ratio. */
typedef struct gain {
  double told;
  share *leaves;
  size_t count;
  bool uneven; /* a leaf alike has another maximum now */
} gain;

/* ---- editions ------------------------------------------------------------ */

static chiso_status make_chain(splitter *s, chiso_error *err) {
  const chiso_methodology *chain[CHISO_MAX_CHAIN];
  size_t count = 0;
  bool inside = false;
  const char *first = chiso_methodology_name(s->a.f->methodology);
  const char *last = chiso_methodology_name(s->b.f->methodology);
  if (strcmp(first, last) == 0)
    return CHISO_OK;
  for (size_t i = 0; i < chiso_store_count(s->h->store); i++) {
    const chiso_listing *l = chiso_store_get(s->h->store, i);
    inside = inside || strcmp(l->name, first) == 0;
    if (!inside || strcmp(l->id, s->h->id) != 0)
      continue;
    if (count == CHISO_MAX_CHAIN)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_HISTORY_CHAIN, first, last,
                         (unsigned)CHISO_MAX_CHAIN);
    CHISO__TRY(chiso_store_load(s->h->store, l, &chain[count++], NULL, err));
    if (strcmp(l->name, last) == 0)
      break;
  }
  s->b.edition = count - 1;
  return chiso_crosswalk_new(chain, count, s->h->allocator, &s->crosswalk, err);
}

static chiso_status find_areas(splitter *s, end *e, chiso_error *err) {
  const chiso_methodology *m = e->f->methodology;
  e->ix = chiso_methodology_index(m);
  e->area = chiso__arena_array(&s->arena, e->ix->n_nodes, sizeof *e->area);
  e->adds = chiso__arena_array(&s->arena, e->ix->n_nodes, 1);
  if (!e->area || !e->adds)
    return chiso__no_memory(err);
  e->area[0] = CHISO_NO_NODE;
  e->adds[0] = 1;
  for (uint32_t i = 1; i < e->ix->n_nodes; i++) {
    uint32_t up = chiso_methodology_parent(m, i);
    e->area[i] = e->ix->nodes[i].weight == 0 ? CHISO_NO_NODE
                 : up == 0                   ? i
                                             : e->area[up];
    unsigned op = e->ix->nodes[up].op;
    e->adds[i] = e->adds[up] && (op == CHISO_OP_SUM || op == CHISO_OP_MEAN);
  }
  return CHISO_OK;
}

static bool is_area(const end *e, uint32_t node) {
  return e->area[node] == node;
}

/* Points of the index that a leaf stands for; 0 for what is no leaf. */
static double worth(const splitter *s, const end *e, uint32_t node) {
  if (s->crosswalk)
    return (double)chiso_crosswalk_points(s->crosswalk, e->edition, node) /
           (double)CHISO_DEC_ONE;
  /* one edition: areas alone are enough */
  return is_area(e, node)
             ? (double)e->ix->nodes[node].max / (double)CHISO_DEC_ONE
             : 0;
}

/* What the unit has at a node, as points of the index. */
static double points_at(const end *e, uint32_t node, double all) {
  if (!e->adds[node])
    return NAN;
  chiso_figure f = chiso_figures_get(e->f, node, e->unit);
  return isnan(f.percent) ? f.percent : all * f.percent / 100;
}

/* ---- which leaves are alike ---------------------------------------------- */

static uint32_t alike(const splitter *s, uint32_t leaf) {
  size_t count = 0;
  if (!s->crosswalk)
    return leaf;
  chiso_carry carry =
      chiso_crosswalk_carry(s->crosswalk, 0, s->b.edition, leaf);
  const uint32_t *from =
      chiso_crosswalk_origins(s->crosswalk, 0, s->b.edition, leaf, &count);
  bool kept = carry == CHISO_CARRY_SAME || carry == CHISO_CARRY_SCALED;
  return kept && count == 1 ? from[0] : CHISO_NO_NODE;
}

static uint32_t origin_of(const splitter *s, uint32_t area) {
  size_t count = 0;
  if (!s->crosswalk)
    return area;
  const uint32_t *from =
      chiso_crosswalk_origins(s->crosswalk, 0, s->b.edition, area, &count);
  return count == 1 && is_area(&s->a, from[0]) ? from[0] : CHISO_NO_NODE;
}

static chiso_status link_up(splitter *s, chiso_error *err) {
  uint32_t n = s->a.ix->n_nodes;
  s->origin =
      chiso__arena_array(&s->arena, s->b.ix->n_nodes, sizeof *s->origin);
  s->claims = chiso__arena_array(&s->arena, n, sizeof *s->claims);
  s->twin = chiso__arena_array(&s->arena, n, sizeof *s->twin);
  s->leaves = chiso__arena_array(&s->arena, n, sizeof *s->leaves);
  if (!s->origin || !s->claims || !s->twin || !s->leaves)
    return chiso__no_memory(err);
  for (uint32_t i = 0; i < n; i++)
    s->twin[i] = CHISO_NO_NODE;
  for (uint32_t i = 1; i < s->b.ix->n_nodes; i++) {
    s->origin[i] = is_area(&s->b, i) ? origin_of(s, i) : CHISO_NO_NODE;
    if (s->origin[i] != CHISO_NO_NODE)
      s->claims[s->origin[i]]++;
    if (!(worth(s, &s->b, i) > 0))
      continue;
    uint32_t old = alike(s, i);
    if (old != CHISO_NO_NODE && worth(s, &s->a, old) > 0 && s->a.adds[old] &&
        s->b.adds[i])
      s->twin[old] = i;
  }
  return CHISO_OK;
}

static bool paired(const splitter *s, uint32_t area) {
  return s->origin[area] != CHISO_NO_NODE && s->claims[s->origin[area]] == 1;
}

/* ---- bounds -------------------------------------------------------------- */

/* Least share of its maximum that a leaf can give. */
static double least_share(const chiso_node *n) {
  bool below = (n->op == CHISO_OP_MANUAL || n->op == CHISO_OP_PENALTY) &&
               n->lo < 0 && n->max > 0;
  return below ? (double)n->lo / (double)n->max : 0;
}

/* `points` of the leaf, NaN where they are not known or serve nothing. */
static void add_to(lot *l, const chiso_node *n, double worth, bool is_alike,
                   double points) {
  l->all += worth;
  l->alike += is_alike ? worth : 0;
  if (!isnan(points)) {
    l->told += points;
    return;
  }
  l->open += worth;
  l->open_alike += is_alike ? worth : 0;
  *(is_alike ? &l->alike_least : &l->other_least) += worth * least_share(n);
}

/* What the open leaves alike can have of the points. */
static void room(const lot *l, double *low, double *high) {
  double points = l->points - l->told, other = l->open - l->open_alike;
  *low = fmax(l->alike_least, points - other);
  *high = fmin(l->open_alike, points - l->other_least);
  if (!(l->open_alike > 0))
    *low = *high = 0;
  else if (!(*low <= *high)) /* printed figures were rounded one by one */
    *low = *high = other > 0 ? (*low + *high) / 2 : points;
}

static double millionths(double x) {
  return (double)llround(x * (double)CHISO_DEC_ONE) / (double)CHISO_DEC_ONE;
}

static void settle(chiso_split *row, double change, double low, double high) {
  row->performance_low = millionths(low);
  row->performance_high = millionths(high);
  row->methodology_low = millionths(change - high);
  row->methodology_high = millionths(change - low);
  row->state = row->performance_low == row->performance_high
                   ? CHISO_SPLIT_EXACT
                   : CHISO_SPLIT_BOUNDS;
}

/* What points of the open leaves alike can be at the later maxima, at most or
 * at least: they go where the ratio is highest, or lowest, first. */
static double carried(const gain *g, double points, bool most) {
  double sum = 0;
  for (size_t i = 0; i < g->count; i++) {
    sum += g->leaves[i].least * g->leaves[i].ratio;
    points -= g->leaves[i].least;
  }
  for (size_t i = 0; i < g->count && points > 0; i++) {
    const share *l = &g->leaves[most ? g->count - 1 - i : i];
    double here = fmin(points, l->most - l->least);
    sum += here * l->ratio;
    points -= here;
  }
  return sum;
}

/* Bounds of what the leaves alike gained, those of another maximum in
 * proportion. */
static void bound(chiso_split *row, const lot *a, const lot *b,
                  const gain *gained) {
  double low_a, high_a, low_b, high_b;
  double change = b->points - a->points;
  row->max_before = (chiso_dec)llround(a->all * (double)CHISO_DEC_ONE);
  row->max_after = (chiso_dec)llround(b->all * (double)CHISO_DEC_ONE);
  row->alike_before = (chiso_dec)llround(a->alike * (double)CHISO_DEC_ONE);
  row->alike_after = (chiso_dec)llround(b->alike * (double)CHISO_DEC_ONE);
  if (isnan(change)) {
    row->state = CHISO_SPLIT_NONE;
    return;
  }
  if (!(b->alike > 0)) {
    row->state = CHISO_SPLIT_UNLIKE;
    return;
  }
  room(a, &low_a, &high_a);
  room(b, &low_b, &high_b);
  double low = gained->told + low_b - carried(gained, high_a, true);
  double high = gained->told + high_b - carried(gained, low_a, false);
  /* all alike: what printed figures lost to rounding is no methodology */
  bool whole = a->alike == a->all && b->alike == b->all && !gained->uneven;
  settle(row, change, whole ? change : low, whole ? change : high);
}

/* ---- rows ---------------------------------------------------------------- */

/* Which leaves a row is about: one area, the areas in a set, or all. */
typedef struct scope {
  uint32_t area;       /* CHISO_NO_NODE: `in` */
  const uint8_t *in_a; /* [earlier area]; NULL: all */
  const uint8_t *in_b;
} scope;

static bool in_later(const splitter *s, const scope *of, uint32_t node) {
  uint32_t area = s->b.area[node];
  if (area == CHISO_NO_NODE)
    return false;
  return of->area != CHISO_NO_NODE ? area == of->area
                                   : !of->in_b || of->in_b[area];
}

static bool in_earlier(const splitter *s, const scope *of, uint32_t node) {
  uint32_t area = s->a.area[node];
  if (area == CHISO_NO_NODE)
    return false;
  return of->area != CHISO_NO_NODE ? area == s->origin[of->area]
                                   : !of->in_a || of->in_a[area];
}

static void gather_alike(const splitter *s, uint32_t old, uint32_t now, lot *a,
                         lot *b, gain *gained) {
  double was = worth(s, &s->a, old), is = worth(s, &s->b, now);
  double before = points_at(&s->a, old, was), after = points_at(&s->b, now, is);
  double both = after - before * is / was;
  add_to(a, &s->a.ix->nodes[old], was, true, isnan(both) ? both : before);
  add_to(b, &s->b.ix->nodes[now], is, true, isnan(both) ? both : after);
  gained->uneven = gained->uneven || is != was;
  if (!isnan(both)) {
    gained->told += both;
    return;
  }
  double least = was * least_share(&s->a.ix->nodes[old]);
  gained->leaves[gained->count++] = (share) { least, was, is / was };
}

static int by_ratio(const void *a, const void *b) {
  const share *x = a, *y = b;
  return x->ratio != y->ratio ? (x->ratio < y->ratio ? -1 : 1) : 0;
}

static bool is_kept(const splitter *s, const scope *of, uint32_t old,
                    uint32_t now) {
  return old != CHISO_NO_NODE && now != CHISO_NO_NODE && s->twin[old] == now &&
         in_earlier(s, of, old) && in_later(s, of, now);
}

static void gather(const splitter *s, const scope *of, lot *a, lot *b,
                   gain *gained) {
  *gained = (gain) { .leaves = s->leaves };
  for (uint32_t i = 1; i < s->a.ix->n_nodes; i++) {
    double was = worth(s, &s->a, i);
    if (!(was > 0) || !in_earlier(s, of, i))
      continue;
    if (is_kept(s, of, i, s->twin[i]))
      gather_alike(s, i, s->twin[i], a, b, gained);
    else
      add_to(a, &s->a.ix->nodes[i], was, false, points_at(&s->a, i, was));
  }
  for (uint32_t i = 1; i < s->b.ix->n_nodes; i++) {
    double is = worth(s, &s->b, i);
    if (is > 0 && in_later(s, of, i) && !is_kept(s, of, alike(s, i), i))
      add_to(b, &s->b.ix->nodes[i], is, false, points_at(&s->b, i, is));
  }
  qsort(gained->leaves, gained->count, sizeof *gained->leaves, by_ratio);
}

static chiso_dec points_of(const end *e, uint32_t node) {
  return node == CHISO_NO_NODE ? CHISO_NONE
                               : chiso_figures_get(e->f, node, e->unit).points;
}

static chiso_split empty_row(uint32_t node, uint32_t origin) {
  return (chiso_split) { .node = node,
                         .origin = origin,
                         .state = CHISO_SPLIT_NO_ORIGIN,
                         .before = CHISO_NONE,
                         .after = CHISO_NONE,
                         .max_before = CHISO_NONE,
                         .max_after = CHISO_NONE,
                         .alike_before = CHISO_NONE,
                         .alike_after = CHISO_NONE,
                         .performance_low = NAN,
                         .performance_high = NAN,
                         .methodology_low = NAN,
                         .methodology_high = NAN };
}

/* The root, or an area. */
static chiso_split row_of(const splitter *s, uint32_t node) {
  uint32_t origin = node == 0 ? 0 : s->origin[node];
  chiso_split row = empty_row(node, origin);
  scope of = { .area = node == 0 ? CHISO_NO_NODE : node };
  lot a = { 0 }, b = { 0 };
  gain gained;
  row.before = points_of(&s->a, origin);
  row.after = points_of(&s->b, node);
  if (node != 0 && !paired(s, node)) {
    row.max_after = s->b.ix->nodes[node].max;
    return row;
  }
  gather(s, &of, &a, &b, &gained);
  if (!s->crosswalk) { /* of a mean the maxima below do not add up */
    double max = (double)s->b.ix->nodes[node].max / (double)CHISO_DEC_ONE;
    a = b = (lot) { max, max, 0, 0, max, max, 0, 0 };
    gained = (gain) { 0 };
  }
  if (!(a.all > 0 && b.all > 0))
    return row;
  a.points = points_at(&s->a, origin, a.all);
  b.points = points_at(&s->b, node, b.all);
  bound(&row, &a, &b, &gained);
  return row;
}

static bool is_sum(const end *e) {
  return e->ix->nodes[0].op == CHISO_OP_SUM;
}

/* Total minus the areas that have rows of their own. */
static chiso_status rest_row(const splitter *s, chiso__arena *arena,
                             chiso_split *rows, size_t *count,
                             chiso_error *err) {
  uint8_t *in_a = chiso__arena_array(arena, s->a.ix->n_nodes, 1);
  uint8_t *in_b = chiso__arena_array(arena, s->b.ix->n_nodes, 1);
  size_t open = 0;
  if (!in_a || !in_b)
    return chiso__no_memory(err);
  chiso_dec before = rows[0].before, after = rows[0].after;
  if (before == CHISO_NONE || after == CHISO_NONE || !is_sum(&s->a) ||
      !is_sum(&s->b))
    return CHISO_OK;
  memset(in_a, 1, s->a.ix->n_nodes);
  for (size_t i = 1; i < *count; i++) {
    bool own = rows[i].state <= CHISO_SPLIT_UNLIKE;
    in_b[rows[i].node] = !own;
    open += !own;
    if (!own)
      continue;
    in_a[rows[i].origin] = 0;
    before -= rows[i].before;
    after -= rows[i].after;
  }
  if (open == 0 || open + 1 == *count)
    return CHISO_OK;
  chiso_split row = empty_row(CHISO_NO_NODE, CHISO_NO_NODE);
  scope of = { .area = CHISO_NO_NODE, .in_a = in_a, .in_b = in_b };
  lot a = { .points = (double)before / (double)CHISO_DEC_ONE };
  lot b = { .points = (double)after / (double)CHISO_DEC_ONE };
  gain gained;
  gather(s, &of, &a, &b, &gained);
  row.before = before;
  row.after = after;
  bound(&row, &a, &b, &gained);
  rows[(*count)++] = row;
  return CHISO_OK;
}

/* What the areas say together is often narrower than what the totals say. */
static void tighten(chiso_split *rows, size_t count) {
  double low = 0, high = 0;
  chiso_split *all = &rows[0];
  if (all->state != CHISO_SPLIT_BOUNDS)
    return;
  bool rest = rows[count - 1].node == CHISO_NO_NODE;
  for (size_t i = 1; i < count; i++) {
    if (rows[i].state > CHISO_SPLIT_UNLIKE && !rest)
      return;
    if (rows[i].state > CHISO_SPLIT_BOUNDS)
      continue;
    low += rows[i].performance_low;
    high += rows[i].performance_high;
  }
  double change = (double)(all->after - all->before) / (double)CHISO_DEC_ONE;
  settle(all, change, fmax(all->performance_low, low),
         fmin(all->performance_high, high));
}

static chiso_status fill(splitter *s, chiso_split *rows, size_t *count,
                         chiso_error *err) {
  rows[(*count)++] = row_of(s, 0);
  for (uint32_t i = 1; i < s->b.ix->n_nodes; i++)
    if (is_area(&s->b, i))
      rows[(*count)++] = row_of(s, i);
  CHISO__TRY(rest_row(s, &s->arena, rows, count, err));
  tighten(rows, *count);
  return CHISO_OK;
}

static chiso_status split(splitter *s, chiso_split **rows, size_t *count,
                          chiso_error *err) {
  CHISO__TRY(make_chain(s, err));
  CHISO__TRY(find_areas(s, &s->a, err));
  CHISO__TRY(find_areas(s, &s->b, err));
  CHISO__TRY(link_up(s, err));
  *rows = chiso__alloc(s->h->allocator, (s->b.ix->n_nodes + 1) * sizeof **rows);
  return *rows ? fill(s, *rows, count, err) : chiso__no_memory(err);
}

chiso_status chiso_history_split(const chiso_history *h, size_t from, size_t to,
                                 size_t unit, chiso_split **rows, size_t *count,
                                 chiso_error *err) {
  const chiso_figures *a = h->rounds[from], *b = h->rounds[to];
  *rows = NULL;
  *count = 0;
  size_t before = chiso_history_unit(h, to, from, unit);
  if (before == SIZE_MAX)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPARE_UNITS,
                       chiso_units_set(a->units), chiso_units_set(b->units),
                       chiso_methodology_name(b->methodology));
  splitter s = { .h = h,
                 .a = { .f = a, .unit = before },
                 .b = { .f = b, .unit = unit } };
  s.arena.allocator = h->allocator;
  chiso_status status = split(&s, rows, count, err);
  chiso_crosswalk_free(s.crosswalk);
  chiso__arena_free(&s.arena);
  if (status != CHISO_OK) {
    chiso__free(h->allocator, *rows);
    *rows = NULL;
  }
  return status;
}

void chiso_splits_free(const chiso_history *h, chiso_split *rows) {
  chiso__free(h->allocator, rows);
}
