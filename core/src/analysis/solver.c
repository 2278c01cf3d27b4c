/* SPDX-License-Identifier: Apache-2.0
 * analysis/solver.c - CBC, opened when it is needed. The only file that
 * includes its header. */
#include "analysis/solver.h"

#include <coin/Cbc_C_Interface.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "data/library.h"

typedef struct library {
  Cbc_Model *(*new_model)(void);
  void (*delete_model)(Cbc_Model *);
  void (*load)(Cbc_Model *, int, int, const CoinBigIndex *, const int *,
               const double *, const double *, const double *, const double *,
               const double *, const double *);
  void (*sense)(Cbc_Model *, double);
  void (*whole)(Cbc_Model *, int);
  void (*quiet)(Cbc_Model *, int);
  void (*nodes)(Cbc_Model *, int);
  void (*parameter)(Cbc_Model *, const char *, const char *);
  int (*solve)(Cbc_Model *);
  int (*optimal)(Cbc_Model *);
  int (*infeasible)(Cbc_Model *);
  int (*unbounded)(Cbc_Model *);
  int (*limit)(Cbc_Model *);
  int (*secondary)(Cbc_Model *);
  int (*count)(Cbc_Model *);
  double (*objective)(Cbc_Model *);
  double (*bound)(Cbc_Model *);
  const double *(*values)(Cbc_Model *);
  double *(*best)(Cbc_Model *);
} library;

static bool open_library(library *l) {
  const chiso__symbol symbols[] = {
    { "Cbc_newModel", &l->new_model },
    { "Cbc_deleteModel", &l->delete_model },
    { "Cbc_loadProblem", &l->load },
    { "Cbc_setObjSense", &l->sense },
    { "Cbc_setInteger", &l->whole },
    { "Cbc_setLogLevel", &l->quiet },
    { "Cbc_setMaximumNodes", &l->nodes },
    { "Cbc_setParameter", &l->parameter },
    { "Cbc_solve", &l->solve },
    { "Cbc_isProvenOptimal", &l->optimal },
    { "Cbc_isProvenInfeasible", &l->infeasible },
    { "Cbc_isContinuousUnbounded", &l->unbounded },
    { "Cbc_isNodeLimitReached", &l->limit },
    { "Cbc_secondaryStatus", &l->secondary },
    { "Cbc_getNodeCount", &l->count },
    { "Cbc_getObjValue", &l->objective },
    { "Cbc_getBestPossibleObjValue", &l->bound },
    { "Cbc_getColSolution", &l->values },
    { "Cbc_bestSolution", &l->best },
  };
  return chiso__library_open(CHISO_CBC_LIBRARY, symbols,
                             sizeof symbols / sizeof *symbols);
}

/* The matrix column by column, as CBC takes it. */
typedef struct columns {
  CoinBigIndex *starts;
  int *rows;
  double *cells;
} columns;

static bool turn(chiso__arena *arena, const chiso__programme *p, columns *c) {
  size_t cells = p->start[p->rows];
  c->starts = chiso__arena_array(arena, p->columns + 2, sizeof *c->starts);
  c->rows = chiso__arena_raw(arena, cells + 1, sizeof *c->rows);
  c->cells = chiso__arena_raw(arena, cells + 1, sizeof *c->cells);
  if (!c->starts || !c->rows || !c->cells)
    return false;
  /* Counted two places on: what is filled then moves the start one place on,
   * and the starts are where they belong. */
  for (size_t i = 0; i < cells; i++)
    c->starts[p->column[i] + 2]++;
  for (size_t j = 2; j < p->columns + 2; j++)
    c->starts[j] += c->starts[j - 1];
  for (size_t r = 0; r < p->rows; r++)
    for (size_t i = p->start[r]; i < p->start[r + 1]; i++) {
      CoinBigIndex at = c->starts[p->column[i] + 1]++;
      c->rows[at] = (int)r;
      c->cells[at] = p->cell[i];
    }
  return true;
}

static Cbc_Model *load(const library *l, const chiso__programme *p,
                       const columns *c, const double *cost) {
  Cbc_Model *model = l->new_model();
  if (!model)
    return NULL;
  l->load(model, (int)p->columns, (int)p->rows, c->starts, c->rows, c->cells,
          p->low, p->high, cost, p->row_low, p->row_high);
  l->sense(model, p->greatest ? -1 : 1);
  for (size_t j = 0; p->whole && j < p->columns; j++)
    if (p->whole[j])
      l->whole(model, (int)j);
  l->quiet(model, 0);
  l->parameter(model, "logLevel", "0");
  /* CBC 2.10.8 cuts off the optimum of some programmes before it searches them:
   * 3 of 6,000 small ones at random; without, none of 24,000 */
  l->parameter(model, "preprocess", "off");
  if (p->most_nodes > 0)
    l->nodes(model, p->most_nodes > INT_MAX ? INT_MAX : (int)p->most_nodes);
  return model;
}

static bool any_whole(const chiso__programme *p) {
  for (size_t j = 0; p->whole && j < p->columns; j++)
    if (p->whole[j])
      return true;
  return false;
}

static void read_values(const chiso__programme *p, const double *from,
                        double *values) {
  for (size_t j = 0; values && j < p->columns; j++)
    values[j] = p->whole && p->whole[j] ? nearbyint(from[j]) + 0.0 : from[j];
}

/* CBC says why it stopped in several ways; what is not said is not known. */
static void read_result(const library *l, Cbc_Model *model,
                        const chiso__programme *p, double *values,
                        chiso__solution *out) {
  bool whole = any_whole(p);
  const double *x = whole ? l->best(model) : l->values(model);
  out->nodes = (uint32_t)l->count(model);
  if (l->optimal(model) && x) {
    out->status = CHISO__SOLVED_OPTIMAL;
    out->found = true;
    out->objective = out->bound = l->objective(model);
  } else if (l->infeasible(model)) {
    out->status = CHISO__SOLVED_INFEASIBLE;
  } else if (l->unbounded(model)) {
    out->status = CHISO__SOLVED_UNBOUNDED;
  } else if (l->limit(model)) {
    out->status = CHISO__SOLVED_LIMIT;
    out->bound = l->bound(model);
    out->found = whole && x != NULL;
    if (out->found)
      out->objective = l->objective(model);
  } else if (l->secondary(model) == 1) {
    out->status = CHISO__SOLVED_INFEASIBLE;
  }
  if (out->found)
    read_values(p, x, values);
}

/* Without rows each column stands where it is best; without columns every row
 * is zero. CBC wants both. */
static void solve_bare(const chiso__programme *p, double *values,
                       chiso__solution *out) {
  out->status = CHISO__SOLVED_OPTIMAL;
  for (size_t i = 0; i < p->rows; i++)
    if (p->row_low[i] > 0 || p->row_high[i] < 0)
      out->status = CHISO__SOLVED_INFEASIBLE;
  double sum = 0;
  for (size_t j = 0; j < p->columns; j++) {
    bool whole = p->whole && p->whole[j];
    double low = whole ? ceil(p->low[j]) : p->low[j];
    double high = whole ? floor(p->high[j]) : p->high[j];
    double cost = p->greatest ? -p->cost[j] : p->cost[j];
    double x = cost > 0 || (cost == 0 && isfinite(low)) ? low : high;
    if (cost == 0 && !isfinite(x))
      x = 0;
    if (low > high)
      out->status = CHISO__SOLVED_INFEASIBLE;
    else if (!isfinite(x) && out->status == CHISO__SOLVED_OPTIMAL)
      out->status = CHISO__SOLVED_UNBOUNDED;
    if (values)
      values[j] = x;
    sum += cost == 0 ? 0 : p->cost[j] * x;
  }
  out->found = out->status == CHISO__SOLVED_OPTIMAL;
  if (out->found)
    out->objective = out->bound = sum;
}

/* CBC calls some unbounded programmes infeasible; one without costs cannot be
 * unbounded. */
static bool may_be_unbounded(const chiso__programme *p) {
  for (size_t j = 0; j < p->columns; j++)
    if (p->cost[j] != 0 && (isinf(p->low[j]) || isinf(p->high[j])))
      return true;
  return false;
}

static bool solve(const library *l, const chiso__programme *p, const columns *c,
                  const double *cost, double *values, chiso__solution *out) {
  Cbc_Model *model = load(l, p, c, cost);
  if (!model)
    return false;
  l->solve(model);
  read_result(l, model, p, values, out);
  l->delete_model(model);
  return true;
}

static chiso_status solve_turned(const library *l, const chiso__programme *p,
                                 chiso__arena *arena, double *values,
                                 chiso__solution *out, chiso_error *err) {
  columns c;
  if (!turn(arena, p, &c) || !solve(l, p, &c, p->cost, values, out))
    return chiso__no_memory(err);
  if (out->status != CHISO__SOLVED_INFEASIBLE || !may_be_unbounded(p))
    return CHISO_OK;
  double *zero = chiso__arena_array(arena, p->columns, sizeof *zero);
  chiso__solution without = { .status = CHISO__SOLVED_FAILED };
  if (!zero || !solve(l, p, &c, zero, NULL, &without))
    return chiso__no_memory(err);
  if (without.status != CHISO__SOLVED_INFEASIBLE)
    out->status = without.status == CHISO__SOLVED_OPTIMAL
                      ? CHISO__SOLVED_UNBOUNDED
                      : CHISO__SOLVED_FAILED;
  return CHISO_OK;
}

chiso_status chiso__solve(const chiso__programme *p,
                          const chiso_allocator *allocator, double *values,
                          chiso__solution *out, chiso_error *err) {
  const double worst = p->greatest ? INFINITY : -INFINITY;
  *out = (chiso__solution) { .status = CHISO__SOLVED_FAILED, .bound = worst };
  if (p->columns == 0 || p->rows == 0) {
    solve_bare(p, values, out);
    return CHISO_OK;
  }
  if (p->columns > INT_MAX - 2 || p->rows > INT_MAX - 2 ||
      p->start[p->rows] > INT_MAX - 2)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_SOLVER_LARGE);
  library l;
  if (!open_library(&l))
    return CHISO__FAIL(err, CHISO_IO, MSG_NO_LIBRARY, CHISO_CBC_LIBRARY,
                       "coinor-libcbc3");
  chiso__arena arena = { .allocator = allocator };
  chiso_status status = solve_turned(&l, p, &arena, values, out, err);
  chiso__arena_free(&arena);
  return status;
}
