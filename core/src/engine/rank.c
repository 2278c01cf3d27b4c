/* SPDX-License-Identifier: Apache-2.0
 * engine/rank.c - ranks, bands and quantile groups, all by comparison of exact
 * figures. */
#include <stdlib.h>

#include "engine/engine.h"

typedef struct placed {
  chiso_dec figure;
  size_t unit;
} placed;

static int higher_first(const void *a, const void *b) {
  const placed *p = a, *q = b;
  if (p->figure != q->figure)
    return p->figure > q->figure ? -1 : 1;
  return p->unit < q->unit ? -1 : p->unit > q->unit;
}

static placed *place(const chiso_dec *figures, size_t n,
                     const chiso_allocator *allocator) {
  placed *list = chiso__alloc(allocator, (n ? n : 1) * sizeof *list);
  for (size_t i = 0; list && i < n; i++)
    list[i] = (placed) { figures[i], i };
  if (list)
    qsort(list, n, sizeof *list, higher_first);
  return list;
}

chiso_status chiso_rank(const chiso_dec *figures, size_t n, uint32_t *ranks,
                        const chiso_allocator *allocator, chiso_error *err) {
  placed *list = place(figures, n, allocator);
  if (!list)
    return chiso__no_memory(err);
  uint32_t rank = 0;
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || list[i].figure != list[i - 1].figure)
      rank = (uint32_t)i + 1;
    ranks[list[i].unit] = list[i].figure == CHISO_NONE ? 0 : rank;
  }
  chiso__free(allocator, list);
  return CHISO_OK;
}

static void grade_by_bands(const chiso_grading *g, const chiso_dec *figures,
                           size_t n, uint32_t *grades) {
  for (size_t i = 0; i < n; i++) {
    grades[i] = UINT32_MAX;
    for (uint32_t k = 0; k < g->n_grades && figures[i] != CHISO_NONE; k++)
      if (g->grades[k].at_least == CHISO_NONE ||
          (g->grades[k].cmp == CHISO_CMP_GT
               ? figures[i] > g->grades[k].at_least
               : figures[i] >= g->grades[k].at_least)) {
        grades[i] = k;
        break;
      }
  }
}

/* The quantile that parts off the best k of g groups among m rising figures
 * (type 7): it lies rest/g of the way from lower to upper. */
typedef struct quantile {
  chiso_dec lower, upper;
  chiso__wide rest;
} quantile;

static quantile quantile_of(const placed *falling, size_t m, uint32_t best,
                            uint32_t groups) {
  size_t parts = (m - 1) * (groups - best);
  size_t below = parts / groups;
  quantile q = { .rest = (chiso__wide)(parts % groups) };
  q.lower = falling[m - 1 - below].figure;
  q.upper = q.rest ? falling[m - 2 - below].figure : q.lower;
  return q;
}

static void grade_by_quantiles(const chiso_grading *g, const chiso_dec *figures,
                               size_t n, uint32_t *grades, chiso_dec *bounds,
                               const placed *falling, size_t m) {
  for (size_t i = 0; i < n; i++)
    grades[i] = figures[i] == CHISO_NONE ? UINT32_MAX : g->n_grades - 1;
  for (uint32_t k = g->n_grades - 1; k-- > 0;) {
    quantile q = quantile_of(falling, m, k + 1, g->n_grades);
    chiso__wide bound = (chiso__wide)q.lower * g->n_grades +
                        q.rest * ((chiso__wide)q.upper - q.lower);
    for (size_t i = 0; i < n; i++)
      if (figures[i] != CHISO_NONE &&
          (chiso__wide)figures[i] * g->n_grades >= bound)
        grades[i] = k;
    if (bounds)
      chiso__wide_div(bound, g->n_grades, CHISO_ROUND_HALF_UP, &bounds[k]);
  }
}

chiso_status chiso_grade_units(const chiso_grading *grading,
                               const chiso_dec *figures, size_t n,
                               uint32_t *grades, chiso_dec *bounds,
                               const chiso_allocator *allocator,
                               chiso_error *err) {
  for (uint32_t k = 0; bounds && k + 1 < grading->n_grades; k++)
    bounds[k] = CHISO_NONE;
  if (grading->kind == CHISO_GRADE_BANDS) {
    grade_by_bands(grading, figures, n, grades);
    return CHISO_OK;
  }
  placed *list = place(figures, n, allocator);
  if (!list)
    return chiso__no_memory(err);
  /* Units without a figure stand last: dropped, or made zeros. */
  size_t m = 0;
  while (m < n && list[m].figure != CHISO_NONE)
    m++;
  if (grading->missing == CHISO_MISSING_AS_ZERO && m < n) {
    for (; m < n; m++)
      list[m].figure = 0;
    qsort(list, n, sizeof *list, higher_first);
  }
  if (m == 0)
    grade_by_bands(grading, figures, n, grades);
  else
    grade_by_quantiles(grading, figures, n, grades, bounds, list, m);
  chiso__free(allocator, list);
  return CHISO_OK;
}

const chiso_grading *chiso_grading_for(const chiso_index *index,
                                       uint16_t year) {
  for (uint32_t i = 0; i < index->n_gradings; i++) {
    const chiso_grading *g = &index->gradings[i];
    if ((g->first == 0 || g->first <= year) &&
        (g->last == 0 || year <= g->last))
      return g;
  }
  return NULL;
}
