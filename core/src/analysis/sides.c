/* SPDX-License-Identifier: Apache-2.0
 * analysis/sides.c - columns of several rounds or indices over the same units.
 */
#include <math.h>
#include <string.h>

#include "analysis/composite.h"
#include "chiso/compare.h"

struct chiso_sides {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_side *list;
  size_t count, n;  /* sides, units */
  double *percents; /* [side * n + unit] */
  uint32_t *ranks;
  uint8_t *quarters, *all; /* all[unit]: every side knows it */
  double *percent_ranks;   /* among those */
  size_t *known;
  size_t common;
  double *sd, *mean; /* [side] of the common units */
  chiso__ranked *order;
  double *scratch; /* 3 n */
};

/* ---- one column ---------------------------------------------------------- */

static void fill(chiso_sides *s, size_t side) {
  const chiso_side *of = &s->list[side];
  for (size_t u = 0; u < s->n; u++) {
    chiso_figure f = of->part != CHISO_NO_NODE
                         ? chiso_figures_part(of->figures, of->part, u)
                         : chiso_figures_get(of->figures, of->node, u);
    s->percents[side * s->n + u] = f.percent;
  }
  s->known[side] = chiso__present(s->percents + side * s->n, s->n);
}

/* Ranks from the best, of those that `x` has. */
static void rank_down(const chiso_sides *s, const double *x, double *minus,
                      double *out) {
  for (size_t u = 0; u < s->n; u++)
    minus[u] = -x[u];
  chiso__rank_up(minus, s->n, CHISO_TIES_MIN, s->order, out);
}

/* Quantile of type 7 (Hyndman and Fan 1996) of sorted figures. */
static double quantile(const double *sorted, size_t n, size_t quarter) {
  double at = (double)(n - 1) * (double)quarter / 4, whole = floor(at);
  size_t i = (size_t)whole;
  double low = sorted[i], high = i + 1 < n ? sorted[i + 1] : low;
  return low + (at - whole) * (high - low);
}

static void quarter(chiso_sides *s, size_t side) {
  const double *x = s->percents + side * s->n;
  double *sorted = s->scratch;
  size_t count = 0;
  if (s->known[side] < 4)
    return;
  for (size_t u = 0; u < s->n; u++)
    if (!isnan(x[u]))
      sorted[count++] = x[u];
  (void)chiso__median_of(sorted, count); /* sorts */
  for (size_t u = 0; u < s->n; u++)
    if (!isnan(x[u]))
      s->quarters[side * s->n + u] = x[u] >= quantile(sorted, count, 3)   ? 1
                                     : x[u] >= quantile(sorted, count, 2) ? 2
                                     : x[u] >= quantile(sorted, count, 1) ? 3
                                                                          : 4;
}

static void finish(chiso_sides *s, size_t side) {
  const double *x = s->percents + side * s->n;
  double *minus = s->scratch, *out = minus + s->n, *mine = out + s->n;
  rank_down(s, x, minus, out);
  for (size_t u = 0; u < s->n; u++)
    s->ranks[side * s->n + u] = isnan(out[u]) ? 0 : (uint32_t)out[u];
  quarter(s, side);
  for (size_t u = 0; u < s->n; u++)
    mine[u] = s->all[u] ? x[u] : (double)NAN;
  s->mean[side] = chiso__mean_of(mine, s->n);
  s->sd[side] = chiso__sd_of(mine, s->n);
  chiso__rank_up(mine, s->n, CHISO_TIES_AVERAGE, s->order, out);
  for (size_t u = 0; u < s->n; u++)
    s->percent_ranks[side * s->n + u] =
        s->common < 2 ? (double)NAN
                      : 100 * (out[u] - 1) / (double)(s->common - 1);
}

/* ---- all of them --------------------------------------------------------- */

/* Files of one name can hold different units. */
static bool same_units(const chiso_units *a, const chiso_units *b) {
  size_t n = chiso_units_count(a);
  bool same = n == chiso_units_count(b) &&
              strcmp(chiso_units_set(a), chiso_units_set(b)) == 0;
  for (size_t i = 0; same && i < n; i++)
    same =
        strcmp(chiso_units_get(a, i)->code, chiso_units_get(b, i)->code) == 0;
  return same;
}

static chiso_status check_units(const chiso_side *sides, size_t count,
                                chiso_error *err) {
  for (size_t i = 1; i < count; i++) {
    const chiso_units *a = chiso_figures_units(sides[0].figures);
    const chiso_units *b = chiso_figures_units(sides[i].figures);
    if (!same_units(a, b))
      return CHISO__FAIL(
          err, CHISO_USAGE, MSG_COMPARE_UNITS, chiso_units_set(a),
          chiso_units_set(b),
          chiso_methodology_name(chiso_figures_methodology(sides[i].figures)));
  }
  return CHISO_OK;
}

static bool make_room(chiso_sides *s) {
  chiso__arena *a = &s->arena;
  size_t n = s->n;
  s->percents = chiso__arena_array(a, s->count, (n + 1) * sizeof(double));
  s->percent_ranks = chiso__arena_array(a, s->count, (n + 1) * sizeof(double));
  s->ranks = chiso__arena_array(a, s->count, (n + 1) * sizeof *s->ranks);
  s->quarters = chiso__arena_array(a, s->count, n + 1);
  s->all = chiso__arena_array(a, n + 1, 1);
  s->known = chiso__arena_array(a, s->count, sizeof *s->known);
  s->mean = chiso__arena_array(a, s->count, 2 * sizeof(double));
  s->order = chiso__arena_array(a, n + 1, sizeof *s->order);
  s->scratch = chiso__arena_array(a, n + 1, 3 * sizeof(double));
  s->sd = s->mean ? s->mean + s->count : NULL;
  return s->percents && s->percent_ranks && s->ranks && s->quarters && s->all &&
         s->known && s->mean && s->order && s->scratch;
}

static chiso_status make(chiso_sides *s, const chiso_side *sides,
                         chiso_error *err) {
  s->n = chiso_units_count(chiso_figures_units(sides[0].figures));
  s->list = chiso__arena_array(&s->arena, s->count, sizeof *s->list);
  if (!s->list || !make_room(s))
    return chiso__no_memory(err);
  memcpy(s->list, sides, s->count * sizeof *sides);
  for (size_t i = 0; i < s->count; i++)
    fill(s, i);
  for (size_t u = 0; u < s->n; u++) {
    s->all[u] = 1;
    for (size_t i = 0; i < s->count; i++)
      s->all[u] = s->all[u] && !isnan(s->percents[i * s->n + u]);
    s->common += s->all[u];
  }
  for (size_t i = 0; i < s->count; i++)
    finish(s, i);
  return CHISO_OK;
}

chiso_status chiso_sides_new(const chiso_side *sides, size_t count,
                             const chiso_allocator *allocator,
                             chiso_sides **out, chiso_error *err) {
  *out = NULL;
  CHISO__TRY(check_units(sides, count, err));
  chiso_sides *s = chiso__alloc(allocator, sizeof *s);
  if (!s)
    return chiso__no_memory(err);
  s->allocator = allocator;
  s->arena.allocator = allocator;
  s->count = count;
  chiso_status status = make(s, sides, err);
  if (status == CHISO_OK)
    *out = s;
  else
    chiso_sides_free(s);
  return status;
}

void chiso_sides_free(chiso_sides *s) {
  if (!s)
    return;
  chiso__arena_free(&s->arena);
  chiso__free(s->allocator, s);
}

/* ---- reading ------------------------------------------------------------- */

const double *chiso_sides_percents(const chiso_sides *s, size_t side) {
  return s->percents + side * s->n;
}

size_t chiso_sides_known(const chiso_sides *s, size_t side) {
  return s->known[side];
}

uint32_t chiso_sides_rank(const chiso_sides *s, size_t side, size_t unit) {
  return s->ranks[side * s->n + unit];
}

uint32_t chiso_sides_quarter(const chiso_sides *s, size_t side, size_t unit) {
  return s->quarters[side * s->n + unit];
}

bool chiso_sides_difference(const chiso_sides *s, size_t a, size_t b,
                            size_t unit, int64_t *out) {
  const double *x = s->percents + a * s->n, *y = s->percents + b * s->n;
  int64_t above_a = 0, above_b = 0;
  if (isnan(x[unit]) || isnan(y[unit]))
    return false;
  for (size_t u = 0; u < s->n; u++) {
    if (isnan(x[u]) || isnan(y[u]))
      continue;
    above_a += x[u] > x[unit];
    above_b += y[u] > y[unit];
  }
  *out = above_b - above_a;
  return true;
}

size_t chiso_sides_common(const chiso_sides *s) {
  return s->common;
}

double chiso_sides_percent_rank(const chiso_sides *s, size_t side,
                                size_t unit) {
  return s->percent_ranks[side * s->n + unit];
}

double chiso_sides_spread(const chiso_sides *s, size_t unit, size_t *highest,
                          size_t *lowest) {
  *highest = *lowest = 0;
  for (size_t i = 1; i < s->count; i++) {
    double here = s->percent_ranks[i * s->n + unit];
    if (here > s->percent_ranks[*highest * s->n + unit])
      *highest = i;
    if (here < s->percent_ranks[*lowest * s->n + unit])
      *lowest = i;
  }
  return s->percent_ranks[*highest * s->n + unit] -
         s->percent_ranks[*lowest * s->n + unit];
}

/* Percent of the parent that one percent of a child is. */
static double share_of(const chiso_methodology *m, uint32_t node,
                       uint32_t child) {
  const chiso_node *nodes = chiso_methodology_index(m)->nodes;
  if (nodes[child].weight <= 0 || nodes[node].max <= 0)
    return NAN;
  double max = (double)nodes[child].max / (double)nodes[node].max, all = 0;
  if (nodes[node].op == CHISO_OP_SUM)
    return max;
  if (nodes[node].op != CHISO_OP_MEAN)
    return NAN;
  for (uint32_t k = chiso_methodology_first_child(m, node); k != CHISO_NO_NODE;
       k = chiso_methodology_next(m, k))
    all += (double)nodes[k].weight;
  return max * (double)nodes[child].weight / all;
}

double chiso_sides_pull(const chiso_sides *s, size_t side, uint32_t child,
                        size_t unit) {
  const chiso_side *of = &s->list[side];
  double sum = 0, own = NAN;
  if (of->part != CHISO_NO_NODE || !s->all[unit] || !(s->sd[side] > 0))
    return NAN;
  for (size_t u = 0; u < s->n; u++) {
    if (!s->all[u])
      continue;
    double percent = chiso_figures_get(of->figures, child, u).percent;
    sum += percent; /* NaN stays */
    own = u == unit ? percent : own;
  }
  return share_of(chiso_figures_methodology(of->figures), of->node, child) *
         (own - sum / (double)s->common) / s->sd[side];
}
