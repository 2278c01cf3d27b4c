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

/* The parts of a unit at a node, on one maximum. */
typedef struct parts {
  size_t n, known;
  chiso_dec max;       /* CHISO_NONE: no part has a figure */
  bool equal;          /* the maxima */
  chiso_dec low, high; /* of those known */
  chiso__wide sum;     /* of weight times points, of those known */
  chiso__wide weight, missing; /* of all; of those not known */
} parts;

static double percent_of(chiso_dec points, chiso_dec max) {
  return points != CHISO_NONE && max > 0 ? 100 * (double)points / (double)max
                                         : (double)NAN;
}

/* The maximum that the parts share, else the node's: a part to which something
 * does not apply has less. */
static chiso_dec common_max(const chiso_bridge *b, const chiso_figures *f,
                            uint32_t node, size_t unit, bool *equal) {
  chiso_dec max = CHISO_NONE;
  *equal = true;
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++) {
    chiso_figure part = chiso_figures_get(f, node, b->part[i]);
    if (part.from == CHISO_FIGURE_NONE)
      continue;
    *equal = *equal && (max == CHISO_NONE || max == part.max);
    max = part.max;
  }
  return *equal ? max
                : chiso_methodology_index(f->methodology)->nodes[node].max;
}

/* What does not merge needs no weight and may have none. */
static chiso_dec weight_of(const chiso_bridge *b, size_t part) {
  return b->column && b->weight[part] != CHISO_NONE ? b->weight[part] : 0;
}

static parts gather(const chiso_bridge *b, const chiso_figures *f,
                    uint32_t node, size_t unit) {
  parts p = { .n = chiso_bridge_parts(b, unit) };
  p.max = common_max(b, f, node, unit, &p.equal);
  for (size_t i = b->first[unit]; i < b->first[unit + 1]; i++) {
    chiso_figure part = chiso_figures_get(f, node, b->part[i]);
    chiso_dec weight = weight_of(b, b->part[i]);
    chiso_dec points = part.points;
    p.weight += weight;
    if (part.from == CHISO_FIGURE_NONE) {
      p.missing += weight;
      continue;
    }
    if (!p.equal && !chiso_muldiv(points, p.max, part.max, &points))
      points = part.points; /* cannot be: both are points */
    p.low = p.known == 0 || points < p.low ? points : p.low;
    p.high = p.known == 0 || points > p.high ? points : p.high;
    p.sum += (chiso__wide)weight * points;
    p.known++;
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
  return (chiso_dec)quotient; /* between parts, or part and maximum */
}

static void set_points(chiso_bridged *row, chiso_bridged_state state,
                       chiso_dec points) {
  row->state = state;
  row->points = row->low = row->high = points;
}

static void merge(const chiso_bridge *b, const parts *p, chiso_bridged *row) {
  bool weighted = b->column != NULL;
  int64_t mean;
  if (weighted && p->missing == 0) {
    (void)chiso__wide_div(p->sum, p->weight, CHISO_ROUND_HALF_UP, &mean);
    set_points(row, CHISO_BRIDGED_ESTIMATE, mean);
    return;
  }
  row->state =
      p->known == p->n ? CHISO_BRIDGED_BOUNDS : CHISO_BRIDGED_PARTIAL;
  if (weighted) {
    row->low = outwards(p->sum, p->weight, false);
    row->high = outwards(p->sum + p->missing * p->max, p->weight, true);
  } else {
    bool all = p->known == p->n;
    row->low = all || p->low < 0 ? p->low : 0;
    row->high = all || p->high > p->max ? p->high : p->max;
  }
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
                           .max = p.max };
  if (p.known > 0 && p.n == 1)
    set_points(row,
               chiso_bridge_same(b) ? CHISO_BRIDGED_OWN
                                    : CHISO_BRIDGED_UNCHANGED,
               p.low);
  else if (p.known > 0)
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
  row->ranked = own || b->column ? (uint32_t)x->ranked : 0;
  if (own && printed)
    row->rank = f->rank[node * f->n + unit];
  if (!takes_part(b, f, unit) || row->state == CHISO_BRIDGED_NONE)
    return;
  if (row->points != CHISO_NONE && row->ranked > 0 && !(own && printed))
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
    out->from[at] = (uint8_t)(row.state == CHISO_BRIDGED_ESTIMATE
                                  ? CHISO_FIGURE_ESTIMATED
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
