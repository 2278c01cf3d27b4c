/* SPDX-License-Identifier: Apache-2.0
 * analysis/aggregate.c - one aggregate of its children, for all rows at once.
 *
 * A row's sum runs over the children in their order, so that it does not depend
 * on the number of rows or on how the loops are vectorised. What is missing is
 * left out and the weights that remain are rescaled. */
#include <math.h>

#include "analysis/composite.h"

typedef struct node_work {
  const chiso__work *w;
  const chiso__code *code;
  const chiso__way *way;
  const uint32_t *children;
  uint32_t node;
  size_t n;
  double *out, *sum, *weight, *count, *rest; /* [row] */
  double total;                              /* of the weights */
  bool gaps;                                 /* some child lacks some value */
} node_work;

size_t chiso__aggregate_scratch(const chiso__tree *tree, size_t n) {
  size_t most = 0;
  for (size_t i = 0; i < tree->n; i++)
    most = tree->codes[i].count > most ? tree->codes[i].count : most;
  return 4 * n + 2 * most;
}

static const double *column(const node_work *k, uint32_t i) {
  return k->w->values + (size_t)k->children[i] * k->n;
}

static double weight_of(const node_work *k, uint32_t i) {
  return k->w->weights[k->children[i]];
}

static chiso_status bad(const node_work *k, chiso__message message, uint32_t i,
                        size_t row, chiso__trouble *trouble) {
  *trouble = (chiso__trouble) { message, k->node,
                                i == UINT32_MAX ? i : k->children[i], row };
  return CHISO_BAD_DATA;
}

/* ---- sums --------------------------------------------------------------- */

static void clear(double *to, size_t n) {
  for (size_t r = 0; r < n; r++)
    to[r] = 0;
}

/* Adds x to a sum and what the addition lost to `rest` (D. E. Knuth, The Art of
 * Computer Programming 2, 4.2.2, theorem B). Products stay doubles, their sum
 * is as good as exact: units that are equal stay equal whatever the order of
 * the additions, and share a rank, as where sums are of extended precision. */
static inline void add(double *sum, double *rest, double x) {
  double before = *sum, after = before + x, got = after - before;
  *rest += (before - (after - got)) + (x - got);
  *sum = after;
}

/* A sum that is not finite has no rest. */
static inline double whole(double sum, double rest) {
  return isfinite(sum) ? sum + rest : sum;
}

/* No gaps: rows by the block, so that their sums stay near. */
#define BLOCK 64u

static void plain_block(const node_work *k, size_t from, size_t rows) {
  double sum[BLOCK] = { 0 }, rest[BLOCK] = { 0 };
  for (uint32_t i = 0; i < k->code->count; i++) {
    const double *restrict x = column(k, i) + from;
    const double w = weight_of(k, i) / k->total;
    for (size_t r = 0; r < rows; r++)
      add(&sum[r], &rest[r], w * x[r]);
  }
  for (size_t r = 0; r < rows; r++)
    k->out[from + r] = whole(sum[r], rest[r]);
}

static void plain_mean(const node_work *k) {
  for (size_t r = 0; r < k->n; r += BLOCK)
    plain_block(k, r, k->n - r < BLOCK ? k->n - r : BLOCK);
}

/* NaN where too few children are there, or none that counts. */
static bool enough(const node_work *k, size_t r) {
  return k->weight[r] > 0 && k->count[r] > 0 &&
         !(k->count[r] / (double)k->code->count < k->way->threshold);
}

double chiso__mean_in(const chiso__way *way, double x) {
  switch (way->mean) {
  case CHISO__GEOMETRIC:
    return log(x);
  case CHISO__HARMONIC:
    return 1 / x;
  case CHISO__GENMEAN:
    return pow(x, way->a);
  default:
    return x;
  }
}

double chiso__mean_out(const chiso__way *way, double mean) {
  switch (way->mean) {
  case CHISO__GEOMETRIC:
    return exp(mean);
  case CHISO__HARMONIC:
    return 1 / mean;
  case CHISO__GENMEAN:
    return pow(mean, 1 / way->a);
  default:
    return mean;
  }
}

/* Whether the mean takes a value at all. */
static bool allowed(const chiso__way *way, double x) {
  switch (way->mean) {
  case CHISO__GEOMETRIC:
    return x > 0;
  case CHISO__HARMONIC:
    return x != 0;
  case CHISO__GENMEAN:
    return way->a < 0 ? x > 0 : x >= 0;
  default:
    return true;
  }
}

static chiso_status check_values(const node_work *k, chiso__trouble *trouble) {
  static const chiso__message messages[] = {
    [CHISO__GEOMETRIC] = MSG_COMPOSE_NOT_POSITIVE,
    [CHISO__HARMONIC] = MSG_COMPOSE_ZERO,
    [CHISO__GENMEAN] = MSG_COMPOSE_NOT_POSITIVE,
  };
  for (uint32_t i = 0; i < k->code->count; i++)
    for (size_t r = 0; r < k->n; r++)
      if (!isnan(column(k, i)[r]) && !allowed(k->way, column(k, i)[r]))
        return bad(k, messages[k->way->mean], i, r, trouble);
  return CHISO_OK;
}

/* The weights of the children that are there, and how many they are. */
static void weigh_rows(const node_work *k) {
  double *restrict weight = k->weight, *restrict rest = k->rest;
  double *restrict count = k->count;
  clear(weight, k->n);
  clear(rest, k->n);
  clear(count, k->n);
  for (uint32_t i = 0; i < k->code->count; i++) {
    const double *restrict x = column(k, i);
    const double w = weight_of(k, i);
    for (size_t r = 0; r < k->n; r++) {
      double here = isnan(x[r]) ? 0.0 : 1.0;
      add(&weight[r], &rest[r], w * here);
      count[r] += here;
    }
  }
  for (size_t r = 0; r < k->n; r++)
    weight[r] = whole(weight[r], rest[r]);
}

/* What one child adds: its share of an arithmetic mean, of others w f(x). */
static double term(const node_work *k, double w, double x, double total) {
  switch (k->way->mean) {
  case CHISO__ARITHMETIC:
    return w / total * x;
  case CHISO__HARMONIC:
    return w / x;
  default:
    return w * chiso__mean_in(k->way, x);
  }
}

static double mean_of(const node_work *k, double sum, double total) {
  switch (k->way->mean) {
  case CHISO__ARITHMETIC:
    return sum;
  case CHISO__HARMONIC:
    return total / sum;
  default:
    return chiso__mean_out(k->way, sum / total);
  }
}

/* Means that are arithmetic ones of f(x). */
static chiso_status quasi(const node_work *k, chiso__trouble *trouble) {
  if (k->way->mean != CHISO__ARITHMETIC)
    CHISO__TRY(check_values(k, trouble));
  weigh_rows(k);
  clear(k->sum, k->n);
  clear(k->rest, k->n);
  for (uint32_t i = 0; i < k->code->count; i++) {
    const double *x = column(k, i);
    const double w = weight_of(k, i);
    for (size_t r = 0; r < k->n; r++)
      if (!isnan(x[r]) && w > 0)
        add(&k->sum[r], &k->rest[r], term(k, w, x[r], k->weight[r]));
  }
  for (size_t r = 0; r < k->n; r++)
    k->out[r] = enough(k, r)
                    ? mean_of(k, whole(k->sum[r], k->rest[r]), k->weight[r])
                    : (double)NAN;
  return CHISO_OK;
}

/* ---- row by row --------------------------------------------------------- */

/* The children of a row that count, with their weights, in `sum` and what
 * follows it; false where too few are there. */
static bool gather(const node_work *k, size_t r, double *x, double *w,
                   size_t *count, bool *whole) {
  size_t there = 0;
  *count = 0;
  *whole = true;
  for (uint32_t i = 0; i < k->code->count; i++) {
    double value = column(k, i)[r];
    there += isnan(value) ? 0 : 1;
    if (!(weight_of(k, i) > 0))
      continue;
    if (isnan(value)) {
      *whole = false;
      continue;
    }
    x[*count] = value;
    w[(*count)++] = weight_of(k, i);
  }
  return *count > 0 &&
         !((double)there / (double)k->code->count < k->way->threshold);
}

/* M - S * S / M: what is uneven is worth less. */
static double penalised(const double *x, const double *w, size_t count) {
  double total = 0, mean = 0, variance = 0;
  for (size_t i = 0; i < count; i++) {
    total += w[i];
    mean += w[i] * x[i];
  }
  mean /= total;
  for (size_t i = 0; i < count; i++)
    variance += w[i] * (x[i] - mean) * (x[i] - mean);
  return mean > 0 ? mean - variance / total / mean : (double)NAN;
}

static double sum_of(const double *x, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += x[i];
  return sum;
}

static chiso_status by_rows(const node_work *k, chiso__trouble *trouble) {
  double *x = k->rest + k->n, *w = x + k->code->count;
  for (size_t r = 0; r < k->n; r++) {
    size_t count;
    bool whole;
    k->out[r] = NAN;
    if (!gather(k, r, x, w, &count, &whole))
      continue;
    for (size_t i = 0; i < count && k->way->mean == CHISO__AMPI; i++)
      x[i] = (x[i] - k->way->a) / (k->way->b - k->way->a) * 60 + 70;
    if (k->way->mean == CHISO__MEDIAN)
      k->out[r] = chiso__median_of(x, count);
    else if (k->way->mean == CHISO__SUM)
      k->out[r] = whole ? sum_of(x, count) : (double)NAN;
    else if (isnan(k->out[r] = penalised(x, w, count)))
      return bad(k, MSG_COMPOSE_MEAN_NOT_POSITIVE, UINT32_MAX, r, trouble);
  }
  return CHISO_OK;
}

/* ---- one node ----------------------------------------------------------- */

static void all_missing(const node_work *k) {
  for (size_t r = 0; r < k->n; r++)
    k->out[r] = NAN;
}

/* Whether any row lacks a value; a value that is not finite is a fault. */
static chiso_status settle(const node_work *k, chiso__trouble *trouble) {
  const double *out = k->out;
  size_t missing = 0, infinite = 0;
  for (size_t r = 0; r < k->n; r++) {
    missing += isnan(out[r]) != 0;
    infinite += isinf(out[r]) != 0;
  }
  k->w->gaps[k->node] = missing > 0;
  for (size_t r = 0; infinite > 0 && r < k->n; r++)
    if (isinf(out[r]))
      return bad(k, MSG_COMPOSE_INFINITE, UINT32_MAX, r, trouble);
  return CHISO_OK;
}

static chiso_status compute(const node_work *k, chiso__trouble *trouble,
                            chiso_error *err) {
  switch (k->way->mean) {
  case CHISO__ARITHMETIC:
    if (!k->gaps) {
      plain_mean(k);
      return CHISO_OK;
    }
    return quasi(k, trouble);
  case CHISO__GEOMETRIC:
  case CHISO__HARMONIC:
  case CHISO__GENMEAN:
    return quasi(k, trouble);
  case CHISO__COPELAND:
    return chiso__copeland(k->w, k->node, err);
  case CHISO__BOD:
    for (uint32_t i = 0; i < k->code->count; i++)
      for (size_t r = 0; r < k->n; r++)
        if (column(k, i)[r] < 0)
          return bad(k, MSG_COMPOSE_NEGATIVE, i, r, trouble);
    return chiso__bod(k->w, k->node, err);
  default:
    return by_rows(k, trouble);
  }
}

chiso_status chiso__aggregate_node(const chiso__work *w, uint32_t node,
                                   chiso__trouble *trouble, chiso_error *err) {
  const chiso__code *code = &w->tree->codes[node];
  node_work k = {
    .w = w,
    .code = code,
    .way = &w->ways[node],
    .children = w->tree->children + code->first,
    .node = node,
    .n = w->n,
    .out = w->values + (size_t)node * w->n,
    .sum = w->scratch,
    .weight = w->scratch + w->n,
    .count = w->scratch + 2 * w->n,
    .rest = w->scratch + 3 * w->n,
  };
  double rest = 0;
  for (uint32_t i = 0; i < code->count; i++) {
    add(&k.total, &rest, w->weights[k.children[i]]);
    k.gaps = k.gaps || w->gaps[k.children[i]];
  }
  k.total = whole(k.total, rest);
  trouble->message = MSG_COUNT;
  if (!(k.total > 0)) {
    all_missing(&k);
    w->gaps[node] = w->n > 0;
    return CHISO_OK;
  }
  CHISO__TRY(compute(&k, trouble, err));
  return settle(&k, trouble);
}

chiso_status chiso__aggregate_all(const chiso__work *w, chiso__trouble *trouble,
                                  chiso_error *err) {
  for (size_t i = w->tree->leaves; i < w->tree->n; i++)
    CHISO__TRY(chiso__aggregate_node(w, (uint32_t)i, trouble, err));
  return CHISO_OK;
}
