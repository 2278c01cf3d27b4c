/* SPDX-License-Identifier: Apache-2.0
 * analysis/reach.c - weights that bring one unit far up, or far down.
 *
 * How many units are passed is a sum of steps. Each step is made round, the sum
 * is raised by the conditional gradient method (M. Frank, P. Wolfe: An
 * algorithm for quadratic programming, Naval Research Logistics Quarterly 3,
 * 1956): a linear sum is greatest at a corner that is found at once, and the
 * point moves some way towards it. The steps become sharper from round to
 * round. Nothing is proven here: ranks of every point are looked at, by the
 * same arithmetic as any run's. */
#include "analysis/bounds.h"

#include <math.h>
#include <string.h>

#define ROUNDS 150u
#define STEP   0.08 /* least part of the way */
/* How much sharper each round is, and where it begins, in widest differences.
 */
#define SHARPER 0.95
#define BLUNT   0.05

typedef struct walk {
  chiso__bounds *b;
  size_t unit;
  int end;
  double *count;            /* [unit]: how much it counts now */
  double *y, *t;            /* [code]: the point */
  double *corner, *corners; /* [code]: y and t of a corner */
} walk;

/* The sum of differences to those that count: up for the best, down for the
 * worst. */
static void set_goal(const walk *w) {
  chiso__bounds *b = w->b;
  const double *own = b->x + w->unit * b->leaves;
  double sign = w->end == CHISO__BEST ? 1 : -1;
  memset(b->goal, 0, b->leaves * sizeof *b->goal);
  for (size_t k = 0; k < b->n; k++) {
    const double *other = b->x + k * b->leaves;
    double by = sign * w->count[k];
    for (size_t i = 0; by != 0 && i < b->leaves; i++)
      b->goal[i] += by * (own[i] - other[i]);
  }
}

/* The corner of these weights: shares of the top, and each node's scale. */
static void set_corner(const walk *w) {
  const chiso__bounds *b = w->b;
  const chiso__tree *t = &b->model.c->tree;
  w->corner[t->root] = 1;
  for (size_t i = b->codes; i-- > b->leaves;) {
    const chiso__code *node = &t->codes[i];
    double sum = 0;
    if (!b->used[i])
      continue;
    for (uint32_t k = 0; k < node->count; k++) {
      uint32_t child = t->children[node->first + k];
      if (b->used[child])
        sum += b->weights[child] / b->scale[child];
    }
    w->corners[i] = w->corner[i] / sum;
    for (uint32_t k = 0; k < node->count; k++) {
      uint32_t child = t->children[node->first + k];
      if (b->used[child])
        w->corner[child] = b->weights[child] / b->scale[child] * w->corners[i];
    }
  }
}

static void move(const walk *w, double part) {
  for (size_t i = 0; i < w->b->codes; i++) {
    w->y[i] += part * (w->corner[i] - w->y[i]);
    w->t[i] += part * (w->corners[i] - w->t[i]);
  }
}

/* A step made round: its slope is least far away on either side. */
static void weigh(const walk *w, double blunt) {
  const chiso__bounds *b = w->b;
  const double *own = b->x + w->unit * b->leaves;
  for (size_t k = 0; k < b->n; k++) {
    const double *other = b->x + k * b->leaves;
    double apart = 0;
    w->count[k] = 0;
    if (!chiso__bounds_open(b, w->unit, k))
      continue;
    for (size_t i = 0; i < b->leaves; i++)
      apart += w->y[i] * (own[i] - other[i]);
    apart /= blunt;
    w->count[k] = 1 / (1 + apart * apart);
  }
}

static chiso_status to_corner(const walk *w, chiso_error *err) {
  chiso__bounds *b = w->b;
  set_goal(w);
  memcpy(b->weights, b->model.c->weights, b->codes * sizeof *b->weights);
  (void)chiso__bounds_most(b, b->goal, b->weights);
  set_corner(w);
  return chiso__bounds_try(b, b->weights, err);
}

static chiso_status go(const walk *w, chiso_error *err) {
  chiso__bounds *b = w->b;
  double blunt = BLUNT;
  for (size_t k = 0; k < b->n; k++)
    w->count[k] = chiso__bounds_open(b, w->unit, k) ? 1 : 0;
  CHISO__TRY(to_corner(w, err));
  move(w, 1);
  for (unsigned i = 0; i < ROUNDS && !chiso__bounds_settled(b, w->unit, w->end);
       i++) {
    weigh(w, blunt);
    CHISO__TRY(to_corner(w, err));
    move(w, fmax(STEP, 2.0 / (i + 3)));
    CHISO__TRY(chiso__bounds_try_point(b, w->y, w->t, err));
    blunt *= SHARPER;
  }
  return CHISO_OK;
}

chiso_status chiso__bounds_search(chiso__bounds *b, size_t unit, int end,
                                  chiso_error *err) {
  chiso__arena arena = { .allocator = b->model.c->allocator };
  double *room = chiso__arena_array(&arena, b->n + 4 * b->codes, sizeof *room);
  chiso_status status = chiso__no_memory(err);
  if (room) {
    double *codes = room + b->n;
    walk w = { .b = b,
               .unit = unit,
               .end = end,
               .count = room,
               .y = codes,
               .t = codes + b->codes,
               .corner = codes + 2 * b->codes,
               .corners = codes + 3 * b->codes };
    status = go(&w, err);
  }
  chiso__arena_free(&arena);
  return status;
}
