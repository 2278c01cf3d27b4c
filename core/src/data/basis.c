/* SPDX-License-Identifier: Apache-2.0
 * data/basis.c - what points of a run rest on, and what keeps a unit from
 * them. */
#include "data/data.h"

/* Ids that are found: the first `most` are kept, all are counted. */
typedef struct found {
  const char **ids;
  size_t most, count;
} found;

static void add(found *f, const char *id) {
  if (f->count < f->most)
    f->ids[f->count] = id;
  f->count++;
}

static unsigned state_of(const chiso_run *run, uint32_t node, size_t scored) {
  const chiso_scores *scores = chiso_run_scores(run);
  return scores->state[node * scores->n + scored];
}

/* ---- what lacks ---------------------------------------------------------- */

/* The parts without points of those partitions that have some. */
static void lacking_parts(const chiso_run *run, size_t scored, found *f) {
  const chiso_index *ix = chiso_methodology_index(chiso_run_methodology(run));
  const chiso_entries *e = chiso_run_entries(run);
  uint32_t first = 0;
  for (uint32_t i = 0; i < ix->n_partitions; i++) {
    const chiso_partition *p = &ix->partitions[i];
    bool any = false;
    for (uint32_t j = 0; j < p->n_parts; j++)
      any = any || e->have_part[(first + j) * e->n + scored];
    for (uint32_t j = 0; any && j < p->n_parts; j++)
      if (!e->have_part[(first + j) * e->n + scored])
        add(f, p->parts[j].id);
    first += p->n_parts;
  }
}

static void lacking_below(const chiso_run *run, uint32_t node, size_t scored,
                          found *f) {
  const chiso_methodology *m = chiso_run_methodology(run);
  const chiso_index *ix = chiso_methodology_index(m);
  for (uint32_t n = chiso_methodology_first_child(m, node); n != CHISO_NO_NODE;
       n = chiso_methodology_next(m, n)) {
    unsigned state = state_of(run, n, scored);
    if (ix->nodes[n].weight == 0)
      continue;
    if (state == CHISO_STATE_INCOMPLETE)
      lacking_below(run, n, scored, f);
    else if (state == CHISO_STATE_MISSING || state == CHISO_STATE_ERROR)
      add(f, ix->nodes[n].id);
  }
}

size_t chiso_run_lacks(const chiso_run *run, uint32_t node, size_t scored,
                       const char **ids, size_t most) {
  found f = { .ids = ids, .most = most };
  if (node == 0)
    lacking_parts(run, scored, &f);
  if (f.count == 0)
    lacking_below(run, node, scored, &f);
  return f.count;
}

/* ---- approximate rules --------------------------------------------------- */

/* Whether what was computed at `node` goes into what stands at `top`. */
static bool rests_on(const chiso_run *run, uint32_t top, uint32_t node,
                     size_t scored) {
  const chiso_methodology *m = chiso_run_methodology(run);
  const chiso_index *ix = chiso_methodology_index(m);
  if (state_of(run, node, scored) != CHISO_STATE_SCORED)
    return false;
  for (uint32_t n = node; n != top;) {
    if (ix->nodes[n].weight == 0)
      return false;
    n = chiso_methodology_parent(m, n);
    if (n == CHISO_NO_NODE)
      return false;
    unsigned state = state_of(run, n, scored);
    if (state != CHISO_STATE_SCORED && state != CHISO_STATE_INCOMPLETE)
      return false;
  }
  return true;
}

size_t chiso_run_approximate(const chiso_run *run, uint32_t node, size_t scored,
                             const char **ids, size_t most,
                             chiso_dec *largest) {
  const chiso_index *ix = chiso_methodology_index(chiso_run_methodology(run));
  found f = { .ids = ids, .most = most };
  *largest = 0;
  for (uint32_t n = 0; n < ix->n_nodes; n++) {
    chiso_dec residual = ix->nodes[n].residual;
    bool used = false;
    for (size_t u = 0;
         u < chiso_run_scored(run) && residual != CHISO_NONE && !used; u++)
      used = (scored == SIZE_MAX || u == scored) && rests_on(run, node, n, u);
    if (!used)
      continue;
    add(&f, ix->nodes[n].id);
    *largest = residual > *largest ? residual : *largest;
  }
  return f.count;
}
