/* SPDX-License-Identifier: Apache-2.0
 * analysis/correlate.c - columns against columns. Pairs of columns are
 * computed apart from each other, so that it does not matter by which thread.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/composite.h"
#include "analysis/parallel.h"
#include "analysis/products.h"
#include "analysis/significance.h"
#include "chiso/audit.h"

/* ---- what pairs share ---------------------------------------------------- */

/* A column, and what is known of it for any other. */
typedef struct column {
  const double *x;
  bool whole;             /* no gaps: ranks and mean serve every pair */
  double *ranks;          /* of a whole one, for Spearman */
  chiso__ordered order;   /* for Kendall */
  chiso__centred centred; /* of a whole one, else for Kendall: x is NULL */
} column;

typedef struct lane {
  double *x, *y, *x_ranks, *y_ranks; /* one block of 4 rows */
  chiso__ranked *order;
  chiso__valued *valued;
  chiso__pairing pairing;
  chiso__tiles *tiles;
} lane;

typedef struct job {
  const chiso_correlation_spec *of;
  bool same; /* x are y: half of the pairs */
  column *x, *y;
  chiso__exact exact;
  lane lanes[CHISO__LIMIT_THREADS];
  unsigned n_lanes;
} job;

static bool lane_take(chiso__arena *arena, const job *j, lane *w) {
  size_t rows = j->of->rows;
  bool kendall = j->of->kind == CHISO_KENDALL;
  if (kendall) {
    w->valued = chiso__arena_raw(arena, rows + 1, sizeof *w->valued);
    return w->valued && chiso__pairing_take(rows, false, arena, &w->pairing);
  }
  w->x = chiso__arena_raw(arena, rows + 1, 4 * sizeof *w->x);
  w->order = chiso__arena_raw(arena, rows + 1, sizeof *w->order);
  w->tiles = chiso__arena_raw(arena, 1, sizeof *w->tiles);
  if (!w->x || !w->order || !w->tiles)
    return false;
  w->y = w->x + rows;
  w->x_ranks = w->y + rows;
  w->y_ranks = w->x_ranks + rows;
  return true;
}

static bool column_take(chiso__arena *arena, const job *j, const double *x,
                        column *c) {
  size_t rows = j->of->rows;
  c->x = x;
  c->whole = chiso__present(x, rows) == rows;
  if (j->of->kind == CHISO_KENDALL)
    return chiso__ordered_take(rows, arena, &c->order);
  if (j->of->kind == CHISO_SPEARMAN && c->whole)
    c->ranks = chiso__arena_raw(arena, rows + 1, sizeof *c->ranks);
  return c->ranks || j->of->kind == CHISO_PEARSON || !c->whole;
}

static bool columns_take(chiso__arena *arena, const job *j,
                         const double *const *x, size_t count, column **out) {
  *out = chiso__arena_array(arena, count + 1, sizeof **out);
  bool there = *out != NULL;
  for (size_t i = 0; there && i < count; i++)
    there = column_take(arena, j, x[i], *out + i);
  return there;
}

static void prepare(const job *j, lane *w, column *c) {
  size_t rows = j->of->rows;
  if (j->of->kind == CHISO_KENDALL) {
    chiso__order_column(c->x, rows, w->valued, &c->order);
    return;
  }
  if (c->ranks)
    chiso__rank_up(c->x, rows, CHISO_TIES_AVERAGE, w->order, c->ranks);
  if (c->whole)
    c->centred = chiso__centre(c->ranks ? c->ranks : c->x, rows);
}

static void prepare_lane(void *data, unsigned part) {
  job *j = data;
  for (size_t i = part; i < j->of->n_x; i += j->n_lanes)
    prepare(j, &j->lanes[part], &j->x[i]);
  for (size_t i = part; !j->same && i < j->of->n_y; i += j->n_lanes)
    prepare(j, &j->lanes[part], &j->y[i]);
}

/* ---- two columns --------------------------------------------------------- */

static double within_one(double r) {
  return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* Sorted or not, equal values are neighbours in ranks. */
static bool has_ties(const double *x, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++)
      if (x[i] == x[k])
        return true;
  return false;
}

/* The rows that both have, as values. */
static size_t pick(const double *x, const double *y, size_t rows, lane *w) {
  size_t n = 0;
  for (size_t r = 0; r < rows; r++)
    if (!isnan(x[r]) && !isnan(y[r])) {
      w->x[n] = x[r];
      w->y[n++] = y[r];
    }
  return n;
}

static double of_picked(const job *j, size_t n, lane *w) {
  double low, high; /* a mean may be rounded: only this says "constant" */
  if (!chiso__range_of(w->x, n, &low, &high) || !(high > low) ||
      !chiso__range_of(w->y, n, &low, &high) || !(high > low))
    return NAN;
  if (j->of->kind == CHISO_PEARSON)
    return within_one(chiso__pearson(w->x, w->y, n));
  chiso__rank_up(w->x, n, CHISO_TIES_AVERAGE, w->order, w->x_ranks);
  chiso__rank_up(w->y, n, CHISO_TIES_AVERAGE, w->order, w->y_ranks);
  return within_one(chiso__pearson(w->x_ranks, w->y_ranks, n));
}

/* ---- results ------------------------------------------------------------- */

static void put(const job *j, size_t i, size_t k, double r, size_t n,
                double p) {
  const chiso_correlation_spec *s = j->of;
  size_t at[] = { i * s->n_y + k, k * s->n_y + i };
  for (size_t side = 0; side < (j->same ? 2 : 1); side++) {
    s->r[at[side]] = r;
    if (s->pairs)
      s->pairs[at[side]] = n;
    if (s->p)
      s->p[at[side]] = p;
  }
}

/* The p-value of r, a product of moments of values or of ranks. */
static double p_of(const job *j, size_t i, size_t k, double r, size_t n,
                   lane *w) {
  const double *x = j->x[i].x, *y = j->y[k].x;
  if (!j->of->p || isnan(r))
    return NAN;
  if (j->of->kind == CHISO_PEARSON || n > CHISO_EXACT_SPEARMAN)
    return chiso_correlation_p(r, n);
  (void)pick(x, y, j->of->rows, w);
  return has_ties(w->x, n) || has_ties(w->y, n)
             ? chiso_correlation_p(r, n)
             : chiso__spearman_p(r, n, &j->exact);
}

static void put_moments(const job *j, size_t i, size_t k, double r, size_t n,
                        lane *w) {
  r = j->x[i].x == j->y[k].x && !isnan(r) ? 1 : within_one(r);
  put(j, i, k, r, n, p_of(j, i, k, r, n, w));
}

static void kendall_lane(void *data, unsigned part) {
  const job *j = data;
  chiso__pairing *room = &((job *)data)->lanes[part].pairing;
  for (size_t i = part; i < j->of->n_x; i += j->n_lanes)
    for (size_t k = j->same ? i : 0; k < j->of->n_y; k++) {
      chiso__kendall c =
          chiso__kendall_count(&j->x[i].order, &j->y[k].order, room, NULL);
      double tau = chiso__kendall_tau(&c);
      if (j->x[i].x == j->y[k].x && !isnan(tau))
        tau = 1;
      put(j, i, k, tau, c.n,
          j->of->p ? chiso__kendall_p(&c, &j->exact) : (double)NAN);
    }
}

/* One tile: sums of products of whole columns together, the rest one by one. */
static void tile(const job *j, lane *w, size_t first_x, size_t first_y) {
  const chiso_correlation_spec *s = j->of;
  chiso__tiles *t = w->tiles;
  for (size_t i = 0; i < CHISO__TILE; i++) {
    bool x = first_x + i < s->n_x, y = first_y + i < s->n_y;
    t->x[i] = x ? &j->x[first_x + i].centred : NULL;
    t->y[i] = y ? &j->y[first_y + i].centred : NULL;
  }
  chiso__products(t, s->rows);
  for (size_t i = 0; i < CHISO__TILE && first_x + i < s->n_x; i++)
    for (size_t k = 0; k < CHISO__TILE && first_y + k < s->n_y; k++) {
      const column *x = &j->x[first_x + i], *y = &j->y[first_y + k];
      if (j->same && y < x)
        continue;
      if (x->whole && y->whole) {
        double norm = x->centred.norm * y->centred.norm;
        put_moments(j, first_x + i, first_y + k,
                    norm > 0 ? t->sums[i][k] / norm : (double)NAN, s->rows, w);
        continue;
      }
      size_t n = pick(x->x, y->x, s->rows, w);
      put_moments(j, first_x + i, first_y + k, of_picked(j, n, w), n, w);
    }
}

static void moments_lane(void *data, unsigned part) {
  job *j = data;
  unsigned turn = 0;
  for (size_t i = 0; i < j->of->n_x; i += CHISO__TILE)
    for (size_t k = j->same ? i : 0; k < j->of->n_y; k += CHISO__TILE)
      if (turn++ % j->n_lanes == part)
        tile(j, &j->lanes[part], i, k);
}

/* ---- all of them --------------------------------------------------------- */

static bool take(job *j, chiso__arena *arena) {
  const chiso_correlation_spec *s = j->of;
  bool there = columns_take(arena, j, s->x, s->n_x, &j->x);
  j->y = j->x;
  if (there && !j->same)
    there = columns_take(arena, j, s->y, s->n_y, &j->y);
  for (unsigned i = 0; there && i < j->n_lanes; i++)
    there = lane_take(arena, j, &j->lanes[i]);
  if (there && s->p && s->kind == CHISO_KENDALL)
    there = chiso__exact_kendall(arena, &j->exact);
  if (there && s->p && s->kind == CHISO_SPEARMAN)
    there = chiso__exact_spearman(arena, &j->exact);
  return there;
}

chiso_status chiso_correlate(const chiso_correlation_spec *spec,
                             const chiso_allocator *allocator,
                             chiso_error *err) {
  chiso__arena arena = { .allocator = allocator };
  job *j = chiso__arena_alloc(&arena, sizeof *j);
  if (!j)
    return chiso__no_memory(err);
  j->of = spec;
  j->same = spec->x == spec->y && spec->n_x == spec->n_y;
  /* a thread is not worth starting for less than some 100,000 values */
  double values = (double)spec->n_x * (double)spec->n_y * (double)spec->rows;
  j->n_lanes = values < 1e5 && !spec->threads
                   ? 1
                   : chiso__threads(spec->threads, spec->n_x);
  chiso_status status = CHISO_OK;
  if (take(j, &arena)) {
    chiso__parallel(j->n_lanes, prepare_lane, j);
    chiso__parallel(j->n_lanes,
                    spec->kind == CHISO_KENDALL ? kendall_lane : moments_lane,
                    j);
  } else {
    status = chiso__no_memory(err);
  }
  chiso__arena_free(&arena);
  return status;
}

chiso_status chiso_correlations(chiso_correlation kind, const double *const *x,
                                size_t n_x, const double *const *y, size_t n_y,
                                size_t rows, const chiso_allocator *allocator,
                                double *out, size_t *pairs, chiso_error *err) {
  chiso_correlation_spec spec = { .kind = kind,
                                  .x = x,
                                  .y = y,
                                  .n_x = n_x,
                                  .n_y = n_y,
                                  .rows = rows,
                                  .r = out,
                                  .pairs = pairs };
  return chiso_correlate(&spec, allocator, err);
}

/* ---- Cronbach's alpha ---------------------------------------------------- */

/* Over the rows that have both; NaN below two. */
static double covariance(const double *x, const double *y, size_t rows) {
  double n = 0, mx = 0, my = 0, sum = 0;
  for (size_t r = 0; r < rows; r++) {
    if (isnan(x[r]) || isnan(y[r]))
      continue;
    n++;
    mx += x[r];
    my += y[r];
  }
  if (n < 2)
    return NAN;
  mx /= n;
  my /= n;
  for (size_t r = 0; r < rows; r++) {
    double d = (x[r] - mx) * (y[r] - my);
    sum += isnan(d) ? 0 : d;
  }
  return sum / (n - 1);
}

double chiso_cronbach(const double *const *x, size_t count, size_t rows) {
  double own = 0, between = 0, k = (double)count;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j <= i; j++) {
      double v = covariance(x[i], x[j], rows);
      if (isnan(v))
        continue;
      if (i == j)
        own += v;
      else
        between += 2 * v;
    }
  double all = own + between;
  return count >= 2 && own > 0 && all != 0 ? k / (k - 1) * between / all
                                           : (double)NAN;
}
