/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif_enter.c - changes into the entries of a changed run. */
#include <string.h>

#include "analysis/whatif.h"
#include "base/file.h"
#include "base/text.h"
#include "data/xlsx.h"

/* ---- single ones --------------------------------------------------------- */

/* As tables are read: in NFC. */
static chiso_status composed(chiso_whatif *w, const char *text,
                             const char **out, chiso_error *err) {
  size_t size = strlen(text);
  if (chiso__utf8_check(text, size) != size)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_NOT_UTF8);
  *out = chiso__nfc(&w->run->arena, text, size);
  return *out ? CHISO_OK : chiso__no_memory(err);
}

static void remark_unit(chiso_run *run, const char *name, chiso__place place) {
  size_t near = chiso_units_nearest(run->units, name);
  const char *set = chiso_units_set(run->units);
  if (near == SIZE_MAX)
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT, name,
                  set);
  else
    chiso__remark(&run->remarks, CHISO_BAD_DATA, place, MSG_DATA_BAD_UNIT_NEAR,
                  name, set, chiso_units_get(run->units, near)->name_vi,
                  chiso_units_get(run->units, near)->code);
}

/* The units of a change: *first to *end; none: remarked. */
static chiso_status units_of(chiso_whatif *w, const char *name,
                             chiso__place place, size_t *first, size_t *end,
                             chiso_error *err) {
  chiso_run *run = w->run;
  size_t unit;
  *first = *end = 0;
  if (strcmp(name, "*") == 0) {
    *end = run->n;
    return CHISO_OK;
  }
  CHISO__TRY(chiso__units_find(run->units, name, &unit, err));
  if (unit == SIZE_MAX) {
    remark_unit(run, name, place);
    return CHISO_OK;
  }
  *first = run->scored_of[unit];
  *end = *first + 1;
  if (*first != SIZE_MAX)
    return CHISO_OK;
  *first = *end = 0;
  bool left = unit < chiso_units_count(w->base->units) &&
              w->base->scored_of[unit] != SIZE_MAX;
  chiso__remark(&run->remarks, CHISO_BAD_DATA, place,
                left ? MSG_WHATIF_LEFT_OUT : MSG_DATA_NOT_ASSESSED,
                chiso_units_get(run->units, unit)->name_vi);
  return CHISO_OK;
}

static chiso_status enter(chiso_whatif *w, const chiso_entry_change *c,
                          chiso_error *err) {
  chiso_run *run = w->run;
  chiso__member *m = chiso__whatif_member(w);
  chiso__place place = { .file = c->said };
  chiso__observation o = { .member = m,
                           .file = c->said,
                           .source = "",
                           .points = c->points,
                           .stage = CHISO_STAGE_NONE };
  const char *unit, *node;
  size_t first, end, faults = run->remarks.faults;
  char mark = 0;
  CHISO__TRY(composed(w, c->unit, &unit, err));
  CHISO__TRY(composed(w, c->node, &node, err));
  CHISO__TRY(composed(w, c->input, &o.input, err));
  CHISO__TRY(composed(w, c->value, &o.text, err));
  CHISO__TRY(units_of(w, unit, place, &first, &end, err));
  if (!chiso__find_named(run, m, node, &o))
    return CHISO_OK;
  w->changes.everyone = end - first > 1 || strcmp(unit, "*") == 0;
  /* what is wrong with one value is wrong with it for all */
  for (size_t u = first; u < end && run->remarks.faults == faults; u++) {
    o.unit = u;
    CHISO__TRY(chiso__observe(run, &o, &mark, err));
  }
  w->changes.everyone = false;
  return CHISO_OK;
}

/* ---- tables -------------------------------------------------------------- */

static chiso_status read_table(chiso_whatif *w, const char *path,
                               chiso_error *err) {
  chiso_run *run = w->run;
  const char *text;
  size_t size;
  chiso__table_notes notes;
  chiso__layout *layout = chiso__arena_array(&run->arena, 1, sizeof *layout);
  if (!layout)
    return chiso__no_memory(err);
  CHISO__TRY(chiso__file_read(&run->arena, path, CHISO__LIMIT_TABLE, false,
                              &text, &size, err));
  CHISO__TRY(chiso__table_parse(&run->arena, path, text, size, &layout->csv,
                                &notes, err));
  CHISO__TRY(chiso__layout_find(layout, err));
  return chiso__observations_read(run, layout, chiso__whatif_member(w), err);
}

chiso_status chiso__whatif_enter(chiso_whatif *w, chiso_error *err) {
  const chiso_whatif_options *o = &w->options;
  for (size_t i = 0; i < o->n_tables; i++)
    CHISO__TRY(read_table(w, o->tables[i], err));
  for (size_t i = 0; i < o->n_changes; i++)
    CHISO__TRY(enter(w, &o->changes[i], err));
  return CHISO_OK;
}
