/* SPDX-License-Identifier: Apache-2.0
 * analysis/probe.c - one unit whose inputs change one at a time, among units
 * that stay as they are. */
#include <stdlib.h>

#include "analysis/whatif.h"
#include "engine/engine.h"

struct chiso_probe {
  const chiso_allocator *allocator;
  const chiso_run *run;
  chiso_session *session;
  chiso__member member; /* the session's scores, for bonus and penalty */
  chiso_dec *others;    /* ranked figures, highest first */
  size_t n;
};

static int highest_first(const void *a, const void *b) {
  const chiso_dec *x = a, *y = b;
  return *x != *y ? (*x > *y ? -1 : 1) : 0;
}

static chiso_status fill(chiso_probe *p, size_t scored, chiso_error *err) {
  const chiso_run *run = p->run;
  const chiso__member *m = chiso__main_member(run);
  CHISO__TRY(chiso_session_new(m->program, &m->entries, scored, p->allocator,
                               &p->session, err));
  p->member = *m;
  p->others =
      chiso__resize(p->allocator, NULL, (run->n + 1) * sizeof *p->others);
  if (!p->others)
    return chiso__no_memory(err);
  for (size_t u = 0; u < run->n; u++)
    if (u != scored && chiso_run_rank(run, 0, u))
      p->others[p->n++] = chiso_ranked_figure(m->program, &m->scores, 0, u);
  qsort(p->others, p->n, sizeof *p->others, highest_first);
  return CHISO_OK;
}

chiso_status chiso_probe_new(const chiso_run *run, size_t scored,
                             const chiso_allocator *allocator,
                             chiso_probe **out, chiso_error *err) {
  *out = NULL;
  if (chiso__main_member(run)->program->has_best)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_PROBE_BEST);
  if (!chiso_run_rank(run, 0, scored))
    return CHISO__FAIL(
        err, CHISO_USAGE, MSG_WHATIF_PROBE_RANK,
        chiso_units_get(run->units, run->scored[scored])->name_vi);
  chiso_probe *p = chiso__alloc(allocator, sizeof *p);
  if (!p)
    return chiso__no_memory(err);
  p->allocator = allocator;
  p->run = run;
  chiso_status status = fill(p, scored, err);
  if (status != CHISO_OK) {
    chiso_probe_free(p);
    return status;
  }
  *out = p;
  return CHISO_OK;
}

void chiso_probe_free(chiso_probe *p) {
  if (!p)
    return;
  chiso_session_free(p->session);
  chiso__free(p->allocator, p->others);
  chiso__free(p->allocator, p);
}

void chiso_probe_set(chiso_probe *p, uint32_t slot, int64_t raw) {
  chiso_session_set(p->session, slot, raw);
}

/* The root with bonus and penalty; the session's own stays without. */
typedef struct total {
  chiso_dec points, figure;
} total;

static total total_of(chiso_probe *p) {
  chiso_scores s = *chiso_session_scores(p->session);
  const chiso_program *program = chiso__main_member(p->run)->program;
  chiso_dec raw = s.raw[0], points = s.points[0], sum[2];
  if (!chiso_has_points(s.state[0]))
    return (total) { CHISO_NONE, CHISO_NONE };
  if (chiso__rules_has_total(p->run)) {
    p->member.scores = s;
    chiso__rules_total(p->run, &p->member, 0, sum);
  }
  total t = { s.points[0], chiso_ranked_figure(program, &s, 0, 0) };
  s.raw[0] = raw;
  s.points[0] = points;
  return t;
}

chiso_dec chiso_probe_points(chiso_probe *p) {
  return total_of(p).points;
}

uint32_t chiso_probe_rank(chiso_probe *p) {
  chiso_dec figure = total_of(p).figure;
  size_t low = 0, high = p->n; /* how many are higher */
  if (figure == CHISO_NONE)
    return 0;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (p->others[middle] > figure)
      low = middle + 1;
    else
      high = middle;
  }
  return (uint32_t)low + 1;
}
