/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif_units.c - who is in a changed run. */
#include <string.h>

#include "analysis/whatif.h"

/* The scored unit that a name means, or a usage error. */
static chiso_status find(const chiso_whatif *w, const char *name, size_t *out,
                         chiso_error *err) {
  const chiso_units *units = w->base->units;
  size_t unit;
  CHISO__TRY(chiso__units_find(units, name, &unit, err));
  if (unit == SIZE_MAX) {
    size_t near = chiso_units_nearest(units, name);
    if (near == SIZE_MAX)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_UNIT, name,
                         chiso_units_set(units));
    return CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_BAD_UNIT_NEAR, name,
                       chiso_units_set(units),
                       chiso_units_get(units, near)->name_vi,
                       chiso_units_get(units, near)->code);
  }
  *out = w->base->scored_of[unit];
  return *out != SIZE_MAX ? CHISO_OK
                          : CHISO__FAIL(err, CHISO_USAGE, MSG_DATA_NOT_ASSESSED,
                                        chiso_units_get(units, unit)->name_vi);
}

static chiso_status choose(const chiso_whatif *w, bool *stays,
                           chiso_error *err) {
  const chiso_whatif_options *o = &w->options;
  size_t unit, left = 0;
  for (size_t u = 0; u < w->base->n; u++)
    stays[u] = o->n_only == 0;
  for (size_t i = 0; i < o->n_only; i++) {
    CHISO__TRY(find(w, o->only[i], &unit, err));
    stays[unit] = true;
  }
  for (size_t i = 0; i < o->n_without; i++) {
    CHISO__TRY(find(w, o->without[i], &unit, err));
    stays[unit] = false;
  }
  for (size_t u = 0; u < w->base->n; u++)
    left += stays[u];
  return left || o->added ? CHISO_OK
                          : CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_NO_UNITS);
}

/* Units of a table behind those of the set. */
static chiso_status join(chiso_whatif *w, chiso_error *err) {
  chiso_run *run = w->run;
  run->units = w->base->units;
  if (!w->options.added)
    return CHISO_OK;
  if (w->base->options.rules)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_ADD_ROUND);
  CHISO__TRY(chiso__units_join(w->base->units, w->options.added, w->allocator,
                               &run->own_units, err));
  run->units = run->own_units;
  return CHISO_OK;
}

chiso_status chiso__whatif_units(chiso_whatif *w, chiso_error *err) {
  chiso_run *run = w->run;
  const chiso_run *b = w->base;
  CHISO__TRY(join(w, err));
  size_t count = chiso_units_count(run->units);
  size_t known = chiso_units_count(b->units);
  bool *stays = chiso__arena_array(&w->arena, b->n + 1, sizeof *stays);
  w->before = chiso__arena_array(&w->arena, count + 1, sizeof *w->before);
  w->after = chiso__arena_array(&w->arena, b->n + 1, sizeof *w->after);
  run->scored = chiso__arena_array(&run->arena, count + 1, sizeof *run->scored);
  run->scored_of =
      chiso__arena_array(&run->arena, count + 1, sizeof *run->scored_of);
  if (!stays || !w->before || !w->after || !run->scored || !run->scored_of)
    return chiso__no_memory(err);
  CHISO__TRY(choose(w, stays, err));
  for (size_t i = 0; i < count; i++) {
    size_t from = i < known ? b->scored_of[i] : SIZE_MAX;
    bool in = i < known ? from != SIZE_MAX && stays[from]
                        : chiso_unit_assessed(chiso_units_get(run->units, i),
                                              run->round.year);
    run->scored_of[i] = in ? run->n : SIZE_MAX;
    if (from != SIZE_MAX)
      w->after[from] = run->scored_of[i];
    if (!in)
      continue;
    w->before[run->n] = from;
    run->scored[run->n++] = i;
  }
  return run->n ? CHISO_OK : CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_NO_UNITS);
}
