/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif_composite.c - a composite index with other data, rows or
 * weights. */
#include <math.h>
#include <string.h>

#include "analysis/composite.h"
#include "base/text.h"
#include "chiso/whatif.h"
#include "data/real.h"

/* ---- rows ---------------------------------------------------------------- */

static chiso_status no_unit(const chiso_composite *c, const char *name,
                            chiso_error *err) {
  const char *near = chiso__text_nearest(name, c->units, c->n);
  if (!near && c->names)
    near = chiso__text_nearest(name, c->names, c->n);
  return near ? CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_UNIT_NEAR, name, near)
              : CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_UNIT, name);
}

/* Marks the rows of a unit: by its code, else by its name. */
static chiso_status mark(const chiso_composite *c, const char *name,
                         uint8_t *rows, chiso_error *err) {
  chiso__arena scratch = { .allocator = c->allocator };
  size_t size = strlen(name), found = 0;
  if (chiso__utf8_check(name, size) != size)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_NOT_UTF8);
  const char *text = chiso__nfc(&scratch, name, size);
  if (!text)
    return chiso__no_memory(err);
  for (size_t r = 0; r < c->n; r++)
    if (strcmp(text, "*") == 0 || strcmp(text, c->units[r]) == 0) {
      rows[r] = 1;
      found++;
    }
  for (size_t r = 0; found == 0 && c->names && r < c->n; r++)
    rows[r] |= c->names[r] && strcmp(text, c->names[r]) == 0;
  for (size_t r = 0; r < c->n; r++)
    found += rows[r];
  chiso_status status = found ? CHISO_OK : no_unit(c, text, err);
  chiso__arena_free(&scratch);
  return status;
}

chiso_status chiso_composite_keep(chiso_composite *c, const char *const *units,
                                  size_t count, bool only, chiso_error *err) {
  uint8_t *keep = chiso__alloc(c->allocator, c->n + 1);
  if (!keep)
    return chiso__no_memory(err);
  chiso_status status = CHISO_OK;
  size_t left = 0;
  for (size_t i = 0; status == CHISO_OK && i < count; i++)
    status = mark(c, units[i], keep, err);
  for (size_t r = 0; r < c->n; r++) {
    keep[r] = keep[r] == only;
    left += keep[r];
  }
  if (status == CHISO_OK && left == 0)
    status = CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_NO_UNITS);
  if (status == CHISO_OK)
    chiso__composite_drop(c, keep);
  chiso__free(c->allocator, keep);
  return status;
}

/* ---- values -------------------------------------------------------------- */

static chiso_status number(const char *code, const char *value, double *out,
                           chiso_error *err) {
  char decimal;
  *out = NAN;
  if (!*value || strcmp(value, "NA") == 0 || strcmp(value, "N/A") == 0)
    return CHISO_OK;
  return chiso__real_read(value, strlen(value), out, &decimal) ==
                     CHISO__NUMBER_OK &&
                 isfinite(*out)
             ? CHISO_OK
             : CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_VALUE, value, code);
}

chiso_status chiso_composite_set(chiso_composite *c, const char *unit,
                                 const char *code, const char *value,
                                 size_t *changed, chiso_error *err) {
  uint32_t leaf;
  double x;
  *changed = 0;
  CHISO__TRY(chiso__method_code(c, code, true, &leaf, err));
  CHISO__TRY(number(code, value, &x, err));
  uint8_t *rows = chiso__alloc(c->allocator, c->n + 1);
  if (!rows)
    return chiso__no_memory(err);
  chiso_status status = mark(c, unit, rows, err);
  double *column = c->data + (size_t)leaf * c->n;
  for (size_t r = 0; status == CHISO_OK && r < c->n; r++) {
    if (!rows[r])
      continue;
    bool same = isnan(x) ? isnan(column[r]) : column[r] == x;
    *changed += !same;
    column[r] = x;
  }
  chiso__free(c->allocator, rows);
  return status;
}

/* ---- weights ------------------------------------------------------------- */

static chiso_status weigh_one(chiso_composite *c, const chiso_new_weight *w,
                              chiso_error *err) {
  uint32_t place;
  size_t found;
  double x;
  char decimal;
  bool leaf =
      chiso__map_get(&c->map, w->node, &found) && found < c->tree.leaves;
  CHISO__TRY(chiso__method_code(c, w->node, leaf, &place, err));
  if (chiso__real_read(w->weight, strlen(w->weight), &x, &decimal) !=
          CHISO__NUMBER_OK ||
      !isfinite(x) || x < 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_RANGE, w->node,
                       w->weight);
  if (c->tree.codes[place].parent == CHISO__NO_CODE)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_ROOT, w->node);
  c->weights[place] = x;
  return CHISO_OK;
}

chiso_status chiso_composite_reweigh(chiso_composite *c,
                                     const chiso_new_weight *weights,
                                     size_t count, chiso_error *err) {
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < i; k++)
      if (strcmp(weights[i].node, weights[k].node) == 0)
        return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_TWICE,
                           weights[i].node);
    CHISO__TRY(weigh_one(c, &weights[i], err));
  }
  for (size_t p = c->tree.leaves; count && p < c->tree.n; p++) {
    const chiso__code *code = &c->tree.codes[p];
    double sum = 0;
    for (uint32_t k = 0; k < code->count; k++)
      sum += c->weights[c->tree.children[code->first + k]];
    if (code->count && sum == 0)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_WEIGHT_SUM, code->code);
  }
  return CHISO_OK;
}
