/* SPDX-License-Identifier: Apache-2.0
 * analysis/bridge_figures.c - figures of the parts as figures of the whole. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bridge.h"
#include "analysis/figures.h"

const char *chiso_bridged_key(chiso_bridged_state state) {
  static const char *const keys[] = { "none",     "own",    "unchanged",
                                      "estimate", "bounds", "partial" };
  return (size_t)state < sizeof keys / sizeof *keys ? keys[state] : "";
}

/* ---- one unit ------------------------------------------------------------ */

/* Where the points of a part lie, out of a maximum; `some`: anything is known
 * of them. */
typedef struct range {
  chiso_dec low, high, max;
  bool some;
} range;

/* The parts of a unit at a node, on one maximum. */
typedef struct parts {
  size_t n, known;
  bool some; /* is known of a part, be it not its figure */
  chiso_dec max;
  chiso_dec low, high;                   /* the least and the most of a part */
  chiso__wide sum_low, sum_high, weight; /* weight times points; of all */
  bool open; /* a part with a weight above 0 has no figure */
} parts;

static double percent_of(chiso_dec points, chiso_dec max) {
  return points != CHISO_NONE && max > 0 ? 100 * (double)points / (double)max
                                         : (double)NAN;
}

/* The maximum that the parts share, else the node's: a part to which something
 * does not apply has less. */
static chiso_dec common_max(const chiso_bridge *b, const chiso_figures *f,
                            uint32_t node, size_t unit) {
  chiso_dec max = CHISO_NONE;
  chiso_dec full = chiso_methodology_index(f->methodology)->nodes[node].max;
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++) {
    chiso_figure part = chiso_figures_get(f, node, b->part[i]);
    if (part.from == CHISO_FIGURE_NONE)
      continue;
    if (max != CHISO_NONE && max != part.max)
      return full;
    max = part.max;
  }
  return max == CHISO_NONE ? full : max;
}

/* The figure, or what follows for a sum from those below it; else anything. A
 * child of another maximum than the node's says nothing here: the maximum of
 * the sum is then not known either. */
static range range_of(const chiso_figures *f, uint32_t node, size_t unit) {
  const chiso_node *n = &chiso_methodology_index(f->methodology)->nodes[node];
  chiso_figure own = chiso_figures_get(f, node, unit);
  range out = { 0, 0, n->max, false };
  if (own.from != CHISO_FIGURE_NONE)
    return (range) { own.points, own.points, own.max, true };
  for (uint32_t k = chiso_methodology_first_child(f->methodology, node);
       n->op == CHISO_OP_SUM && k != CHISO_NO_NODE;
       k = chiso_methodology_next(f->methodology, k)) {
    const chiso_node *child =
        &chiso_methodology_index(f->methodology)->nodes[k];
    if (child->weight == 0)
      continue;
    range below = range_of(f, k, unit);
    bool good = below.some && below.max == child->max;
    out.low += good ? below.low : 0;
    out.high += good ? below.high : child->max;
    out.some = out.some || good;
  }
  if (!out.some || out.high > n->max)
    out.high = n->max;
  return out;
}

/* What does not merge needs no weight and may have none. */
static chiso_dec weight_of(const chiso_bridge *b, size_t part) {
  return b->column && b->weight[part] != CHISO_NONE ? b->weight[part] : 0;
}

static chiso_dec scaled(chiso_dec points, chiso_dec to, chiso_dec from) {
  chiso_dec out = points;
  (void)chiso_muldiv(points, to, from, &out); /* both are points: it fits */
  return from == to ? points : out;
}

static parts gather(const chiso_bridge *b, const chiso_figures *f,
                    uint32_t node, size_t unit) {
  parts p = { .n = chiso_bridge_parts(b, unit) };
  p.max = common_max(b, f, node, unit);
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++) {
    range at = range_of(f, node, b->part[i]);
    bool known = chiso_figures_get(f, node, b->part[i]).from;
    chiso_dec weight = weight_of(b, b->part[i]);
    p.some = p.some || at.some;
    at.low = scaled(at.low, p.max, at.max);
    at.high = scaled(at.high, p.max, at.max);
    p.low = i == b->first[unit] || at.low < p.low ? at.low : p.low;
    p.high = i == b->first[unit] || at.high > p.high ? at.high : p.high;
    p.sum_low += (chiso__wide)weight * at.low;
    p.sum_high += (chiso__wide)weight * at.high;
    p.weight += weight;
    p.known += known;
    p.open = p.open || (!known && weight > 0);
  }
  return p;
}

/* n / d, d > 0, to the next millionth above or below. */
static chiso_dec outwards(chiso__wide n, chiso__wide d, bool up) {
  chiso__wide quotient = n / d, rest = n % d;
  if (up && rest > 0)
    quotient++;
  else if (!up && rest < 0)
    quotient--;
  return (chiso_dec)quotient; /* between bounds of parts */
}

static void set_points(chiso_bridged *row, chiso_bridged_state state,
                       chiso_dec points) {
  row->state = state;
  row->points = row->low = row->high = points;
}

static void merge(const chiso_bridge *b, const parts *p, chiso_bridged *row) {
  bool weighted = b->column != NULL && p->n > 1;
  int64_t mean;
  if (weighted && !p->open) {
    (void)chiso__wide_div(p->sum_low, p->weight, CHISO_ROUND_HALF_UP, &mean);
    set_points(row, CHISO_BRIDGED_ESTIMATE, mean);
    return;
  }
  row->state = p->known == p->n ? CHISO_BRIDGED_BOUNDS : CHISO_BRIDGED_PARTIAL;
  row->low = weighted ? outwards(p->sum_low, p->weight, false) : p->low;
  row->high = weighted ? outwards(p->sum_high, p->weight, true) : p->high;
}

static chiso_figure_from from_of(const chiso_bridge *b, const chiso_figures *f,
                                 uint32_t node, size_t unit) {
  chiso_figure_from from = CHISO_FIGURE_NONE;
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++) {
    chiso_figure part = chiso_figures_get(f, node, b->part[i]);
    if (part.from > from)
      from = part.from;
  }
  return from;
}

static void fill(const chiso_bridge *b, const chiso_figures *f, uint32_t node,
                 size_t unit, chiso_bridged *row) {
  parts p = gather(b, f, node, unit);
  *row = (chiso_bridged) { .from = from_of(b, f, node, unit),
                           .parts = (uint32_t)p.n,
                           .known = (uint32_t)p.known,
                           .points = CHISO_NONE,
                           .low = CHISO_NONE,
                           .high = CHISO_NONE,
                           .max = p.some ? p.max : CHISO_NONE };
  if (p.known > 0 && p.n == 1)
    set_points(
        row, chiso_bridge_same(b) ? CHISO_BRIDGED_OWN : CHISO_BRIDGED_UNCHANGED,
        p.low);
  else if (p.some)
    merge(b, &p, row);
  row->percent = percent_of(row->points, row->max);
  row->percent_low = percent_of(row->low, row->max);
  row->percent_high = percent_of(row->high, row->max);
}

/* ---- ranks --------------------------------------------------------------- */

static bool takes_part(const chiso_bridge *b, const chiso_figures *f,
                       size_t unit) {
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++)
    if (chiso_figures_ranked(f, b->part[i]))
      return true;
  return false;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* How many of n sorted values are above x. */
static uint32_t above(const double *sorted, size_t n, double x) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] > x)
      high = middle;
    else
      low = middle + 1;
  }
  return (uint32_t)(n - low);
}

typedef struct field {
  double *points, *lows, *highs; /* sorted, of those that take part */
  size_t ranked, units;
} field;

static void enter(field *x, const chiso_bridged *row) {
  bool some = row->state != CHISO_BRIDGED_NONE;
  x->lows[x->units] = some ? row->percent_low : 0;
  x->highs[x->units] = some ? row->percent_high : 100;
  x->units++;
  if (row->points != CHISO_NONE)
    x->points[x->ranked++] = row->percent;
}

static bool any_printed(const chiso_figures *f, uint32_t node) {
  for (size_t u = 0; u < f->n; u++)
    if (f->rank[node * f->n + u] > 0)
      return true;
  return false;
}

static void rank_row(const chiso_bridge *b, const chiso_figures *f,
                     uint32_t node, bool printed, const field *x, size_t unit,
                     chiso_bridged *row) {
  bool own = chiso_bridge_same(b);
  row->units = (uint32_t)x->units;
  if (printed) { /* of all units, whatever was printed of their points */
    row->ranked = row->units;
    row->rank = row->best = row->worst = f->rank[node * f->n + unit];
    return;
  }
  row->ranked = own || b->column ? (uint32_t)x->ranked : 0;
  if (!takes_part(b, f, unit) || row->state == CHISO_BRIDGED_NONE)
    return;
  if (row->points != CHISO_NONE && row->ranked > 0)
    row->rank = 1 + above(x->points, x->ranked, row->percent);
  row->best = 1 + above(x->lows, x->units, row->percent_high);
  row->worst = 1 + above(x->highs, x->units, row->percent_low) -
               (row->percent_high > row->percent_low); /* itself */
}

static void rank_all(const chiso_bridge *b, const chiso_figures *f,
                     uint32_t node, field *x, chiso_bridged *rows) {
  size_t n = chiso_units_count(b->to);
  bool printed = chiso_bridge_same(b) && any_printed(f, node);
  for (size_t t = 0; t < n; t++)
    if (takes_part(b, f, t))
      enter(x, &rows[t]);
  qsort(x->points, x->ranked, sizeof(double), by_value);
  qsort(x->lows, x->units, sizeof(double), by_value);
  qsort(x->highs, x->units, sizeof(double), by_value);
  for (size_t t = 0; t < n; t++)
    rank_row(b, f, node, printed, x, t, &rows[t]);
}

chiso_status chiso_bridge_node(const chiso_bridge *b,
                               const chiso_figures *figures, uint32_t node,
                               chiso_bridged *rows, chiso_error *err) {
  size_t n = chiso_units_count(b->to);
  double *room = chiso__alloc(b->allocator, (3 * n + 1) * sizeof *room);
  if (!room)
    return chiso__no_memory(err);
  field x = { room, room + n, room + 2 * n, 0, 0 };
  for (size_t t = 0; t < n; t++)
    fill(b, figures, node, t, &rows[t]);
  rank_all(b, figures, node, &x, rows);
  chiso__free(b->allocator, room);
  return CHISO_OK;
}

/* ---- as figures ---------------------------------------------------------- */

static void take_node(chiso_figures *out, const chiso_bridge *b,
                      const chiso_figures *f, uint32_t node) {
  bool own = chiso_bridge_same(b);
  for (size_t t = 0; t < out->n; t++) {
    chiso_bridged row;
    size_t at = node * out->n + t;
    fill(b, f, node, t, &row);
    if (own)
      out->rank[at] = f->rank[at];
    if (row.points == CHISO_NONE)
      continue;
    out->points[at] = row.points;
    out->max[at] = row.max;
    out->from[at] =
        (uint8_t)(row.state == CHISO_BRIDGED_ESTIMATE ? CHISO_FIGURE_ESTIMATED
                                                      : row.from);
  }
}

/* Points of a part of a partition: all have its maximum. */
static chiso_dec part_of(const chiso_bridge *b, const chiso_figures *f,
                         uint32_t part, size_t unit) {
  chiso__wide sum = 0, all = 0;
  chiso_dec out = CHISO_NONE;
  bool one = chiso_bridge_parts(b, unit) == 1;
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++) {
    chiso_dec points = f->part[part * f->n + b->part[i]];
    chiso_dec weight = weight_of(b, b->part[i]);
    if (one)
      return points;
    if (points == CHISO_NONE && (weight > 0 || !b->column))
      return CHISO_NONE;
    sum += points == CHISO_NONE ? 0 : (chiso__wide)weight * points;
    all += weight;
  }
  if (all > 0)
    (void)chiso__wide_div(sum, all, CHISO_ROUND_HALF_UP, &out);
  return out;
}

static chiso_status take_all(chiso_figures *out, const chiso_bridge *b,
                             const chiso_figures *f, chiso_error *err) {
  size_t n = out->n;
  chiso__arena *a = &out->arena;
  out->points = chiso__arena_array(a, out->nodes, n * sizeof *out->points);
  out->max = chiso__arena_array(a, out->nodes, n * sizeof *out->max);
  out->from = chiso__arena_array(a, out->nodes, n * sizeof *out->from);
  out->rank = chiso__arena_array(a, out->nodes, n * sizeof *out->rank);
  out->part = chiso__arena_array(a, out->parts + 1, n * sizeof *out->part);
  if (!out->points || !out->max || !out->from || !out->rank || !out->part)
    return chiso__no_memory(err);
  for (uint32_t node = 0; node < out->nodes; node++)
    take_node(out, b, f, node);
  for (uint32_t part = 0; part < out->parts; part++)
    for (size_t t = 0; t < n; t++)
      out->part[part * n + t] = part_of(b, f, part, t);
  return CHISO_OK;
}

chiso_status chiso_bridge_figures(const chiso_bridge *b,
                                  const chiso_figures *figures,
                                  const chiso_allocator *allocator,
                                  chiso_figures **out, chiso_error *err) {
  *out = NULL;
  chiso_figures *f = chiso__alloc(allocator, sizeof *f);
  if (!f)
    return chiso__no_memory(err);
  *f = (chiso_figures) { .allocator = allocator,
                         .store = figures->store,
                         .methodology = figures->methodology,
                         .listing = figures->listing,
                         .units = b->to,
                         .round = figures->round,
                         .n = chiso_units_count(b->to),
                         .nodes = figures->nodes,
                         .parts = figures->parts };
  f->arena.allocator = allocator;
  chiso_status status = take_all(f, b, figures, err);
  if (status == CHISO_OK)
    *out = f;
  else
    chiso_figures_free(f);
  return status;
}
