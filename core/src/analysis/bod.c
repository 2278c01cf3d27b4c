/* SPDX-License-Identifier: Apache-2.0
 * analysis/bod.c - benefit of the doubt, with CBC's linear programming (Clp):
 * opened when it is needed. The only file that includes its header. */
#include <coin/Cbc_C_Interface.h>
#include <math.h>

#include "analysis/composite.h"
#include "data/library.h"

typedef struct library {
  Cbc_Model *(*new_model)(void);
  void (*delete_model)(Cbc_Model *);
  void (*load)(Cbc_Model *, int, int, const CoinBigIndex *, const int *,
               const double *, const double *, const double *, const double *,
               const double *, const double *);
  void (*sense)(Cbc_Model *, double);
  void (*quiet)(Cbc_Model *, int);
  int (*solve)(Cbc_Model *);
  int (*optimal)(Cbc_Model *);
  double (*objective)(Cbc_Model *);
  void (*parameter)(Cbc_Model *, const char *, const char *);
} library;

static bool open_library(library *l) {
  const chiso__symbol symbols[] = {
    { "Cbc_newModel", &l->new_model },
    { "Cbc_deleteModel", &l->delete_model },
    { "Cbc_loadProblem", &l->load },
    { "Cbc_setObjSense", &l->sense },
    { "Cbc_setLogLevel", &l->quiet },
    { "Cbc_solve", &l->solve },
    { "Cbc_isProvenOptimal", &l->optimal },
    { "Cbc_getObjValue", &l->objective },
    { "Cbc_setParameter", &l->parameter },
  };
  return chiso__library_open(CHISO_CBC_LIBRARY, symbols,
                             sizeof symbols / sizeof *symbols);
}

/* The programme of all rows: a column for each child that counts, a constraint
 * sum of weight * value <= 1 for each row. Only the objective changes. */
typedef struct programme {
  CoinBigIndex *starts;
  int *rows;
  double *cells, *low, *high, *objective, *bottom, *top;
  int count;
} programme;

static bool make(chiso__arena *arena, const chiso__work *w,
                 const chiso__code *code, programme *p) {
  size_t n = w->n, most = code->count;
  p->starts = chiso__arena_array(arena, most + 1, sizeof *p->starts);
  p->rows = chiso__arena_array(arena, most * n, sizeof *p->rows);
  p->cells = chiso__arena_array(arena, most * n, sizeof(double));
  p->low = chiso__arena_array(arena, most, sizeof(double));
  p->high = chiso__arena_array(arena, most, sizeof(double));
  p->objective = chiso__arena_array(arena, most, sizeof(double));
  p->bottom = chiso__arena_array(arena, n, sizeof(double));
  p->top = chiso__arena_array(arena, n, sizeof(double));
  if (!p->starts || !p->rows || !p->cells || !p->low || !p->high ||
      !p->objective || !p->bottom || !p->top)
    return false;
  CoinBigIndex at = 0;
  for (uint32_t i = 0; i < code->count; i++) {
    uint32_t child = w->tree->children[code->first + i];
    double low, high;
    if (!(w->weights[child] > 0) ||
        !chiso__range_of(w->values + (size_t)child * n, n, &low, &high) ||
        !(high > 0))
      continue;
    for (size_t r = 0; r < n; r++) {
      double x = w->values[(size_t)child * n + r];
      if (!(x > 0))
        continue;
      p->rows[at] = (int)r;
      p->cells[at++] = x / high; /* the result does not depend on units */
    }
    p->high[p->count] = INFINITY;
    p->count++;
    p->starts[p->count] = at;
  }
  for (size_t r = 0; r < n; r++) {
    p->bottom[r] = -INFINITY;
    p->top[r] = 1;
  }
  return true;
}

/* The best that row `r` can be shown in: weights of its own choice under which
 * no row exceeds 1. */
static bool solve(const library *l, const programme *p, size_t n, size_t r,
                  double *out) {
  for (int i = 0; i < p->count; i++) {
    p->objective[i] = 0;
    for (CoinBigIndex at = p->starts[i]; at < p->starts[i + 1]; at++)
      if (p->rows[at] == (int)r)
        p->objective[i] = p->cells[at];
  }
  Cbc_Model *model = l->new_model();
  if (!model)
    return false;
  l->load(model, p->count, (int)n, p->starts, p->rows, p->cells, p->low,
          p->high, p->objective, p->bottom, p->top);
  l->sense(model, -1);
  l->quiet(model, 0);
  l->parameter(model, "logLevel", "0");
  bool good = l->solve(model) == 0 && l->optimal(model);
  if (good)
    *out = l->objective(model);
  l->delete_model(model);
  return good;
}

/* A row that is nowhere present has no value; zeros alone are worth zero. */
static chiso_status solve_all(const chiso__work *w, const chiso__code *code,
                              uint32_t node, const library *l,
                              const programme *p, chiso_error *err) {
  double *out = w->values + (size_t)node * w->n;
  for (size_t r = 0; r < w->n; r++) {
    size_t there = 0, counted = 0;
    bool any = false;
    for (uint32_t i = 0; i < code->count; i++) {
      uint32_t child = w->tree->children[code->first + i];
      double x = w->values[(size_t)child * w->n + r];
      there += isnan(x) ? 0 : 1;
      counted += w->weights[child] > 0 && !isnan(x) ? 1 : 0;
      any = any || (w->weights[child] > 0 && x > 0);
    }
    out[r] = NAN;
    if (counted == 0 ||
        (double)there / (double)code->count < w->ways[node].threshold)
      continue;
    out[r] = 0;
    if (any && !solve(l, p, w->n, r, &out[r]))
      return CHISO__FAIL(err, CHISO_INTERNAL, MSG_COMPOSE_PROGRAMME,
                         code->code);
  }
  return CHISO_OK;
}

chiso_status chiso__bod(const chiso__work *w, uint32_t node, chiso_error *err) {
  const chiso__code *code = &w->tree->codes[node];
  library l;
  programme p = { 0 };
  if (w->n > CHISO__LIMIT_BOD)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_MANY_ROWS, "bod", w->n,
                       (size_t)CHISO__LIMIT_BOD);
  if (!open_library(&l))
    return CHISO__FAIL(err, CHISO_IO, MSG_NO_LIBRARY, CHISO_CBC_LIBRARY,
                       "coinor-libcbc3");
  chiso__arena arena = { .allocator = w->allocator };
  chiso_status status = make(&arena, w, code, &p)
                            ? solve_all(w, code, node, &l, &p, err)
                            : chiso__no_memory(err);
  chiso__arena_free(&arena);
  return status;
}
