/* SPDX-License-Identifier: Apache-2.0
 * analysis/weigh.c - weights: as read, equal, by principal components, from a
 * table. */
#include "analysis/weigh.h"

#include <math.h>
#include <string.h>

#include "analysis/read.h"
#include "base/text.h"
#include "data/real.h"

void chiso__effective_weights(const chiso__tree *t, const double *weights,
                              double *out) {
  for (size_t i = t->n; i-- > 0;) {
    const chiso__code *code = &t->codes[i];
    double total = 0;
    if (code->parent == CHISO__NO_CODE)
      out[i] = 1;
    for (uint32_t k = 0; k < code->count; k++)
      total += weights[t->children[code->first + k]];
    for (uint32_t k = 0; k < code->count; k++) {
      uint32_t child = t->children[code->first + k];
      out[child] = total > 0 ? out[i] * weights[child] / total : 0;
    }
  }
}

/* ---- principal components ------------------------------------------------ */

/* From the lowest aggregates up: what is above takes its values from below. */
static chiso_status by_components(chiso_composite *c, chiso__trouble *trouble,
                                  chiso_error *err) {
  const chiso__tree *t = &c->tree;
  chiso__work work = chiso__composite_work(c);
  double *loadings = c->scratch + 3 * c->n; /* room for all children */
  for (size_t i = t->leaves; i < t->n; i++) {
    const chiso__code *code = &t->codes[i];
    const uint32_t *children = t->children + code->first;
    bool found = false, negative = false;
    if (code->count > 1)
      CHISO__TRY(chiso__first_component(c->values, c->n, children, code->count,
                                        loadings, &found, c->allocator, err));
    for (uint32_t k = 0; k < code->count && found; k++)
      negative = negative || loadings[k] < 0;
    if (code->count > 1 && (!found || negative))
      chiso__composite_notice(
          c, found ? MSG_COMPOSE_PCA_NEGATIVE : MSG_COMPOSE_PCA_NONE,
          code->code, "");
    for (uint32_t k = 0; k < code->count; k++)
      c->weights[children[k]] = found && !negative ? loadings[k] : 1;
    CHISO__TRY(chiso__aggregate_node(&work, (uint32_t)i, trouble, err));
  }
  return CHISO_OK;
}

/* ---- a table ------------------------------------------------------------- */

static chiso_status from_table(chiso_composite *c, chiso__arena *scratch,
                               const char *path, chiso_error *err) {
  chiso__csv csv;
  CHISO__TRY(chiso__composite_open(c, scratch, path, &csv, err));
  size_t code = chiso__csv_column(&csv, "iCode");
  size_t weight = chiso__csv_column(&csv, "Weight");
  if (code == SIZE_MAX || weight == SIZE_MAX)
    return chiso__fail(
        err, CHISO_BAD_DATA, (chiso__place) { path, csv.header_line, 0 },
        MSG_DATA_NO_COLUMN, code == SIZE_MAX ? "iCode" : "Weight");
  uint8_t *seen = chiso__arena_array(scratch, c->tree.n, 1);
  if (!seen)
    return chiso__no_memory(err);
  for (size_t row = 0; row < csv.n_rows; row++) {
    const char *name = chiso__csv_cell(&csv, row, code)->text;
    const chiso__csv_field *f = chiso__csv_cell(&csv, row, weight);
    size_t at;
    char mark;
    if (!chiso__map_get(&c->map, name, &at))
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { path, csv.lines[row], code + 1 },
                         MSG_COMPOSE_CODE, name);
    if (seen[at]++)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { path, csv.lines[row], code + 1 },
                         MSG_COMPOSE_WEIGHT_TWICE, name);
    if (chiso__real_read(f->text, f->size, &c->weights[at], &mark) !=
            CHISO__NUMBER_OK ||
        c->weights[at] < 0)
      return chiso__fail(err, CHISO_BAD_DATA,
                         (chiso__place) { path, csv.lines[row], weight + 1 },
                         MSG_COMPOSE_WEIGHT, f->text);
  }
  return CHISO_OK;
}

chiso_status chiso__check_weights(const chiso_composite *c,
                                  const double *weights, chiso_error *err) {
  for (size_t i = c->tree.leaves; i < c->tree.n; i++) {
    const chiso__code *code = &c->tree.codes[i];
    double total = 0;
    for (uint32_t k = 0; k < code->count; k++)
      total += weights[c->tree.children[code->first + k]];
    if (!(total > 0) || !isfinite(total))
      return CHISO__FAIL(err, CHISO_BAD_DATA,
                         total > 0 ? MSG_COMPOSE_LARGE_WEIGHTS
                                   : MSG_COMPOSE_NO_WEIGHT,
                         code->code);
  }
  return CHISO_OK;
}

/* ---- which --------------------------------------------------------------- */

/* "optimised[:LEVEL][:equal|meta]" */
typedef struct goal {
  uint32_t level;
  bool sought, declared;
} goal;

static bool read_goal(const char *text, goal *out) {
  static const char word[] = "optimised";
  const char *at = text + sizeof word - 1;
  *out = (goal) { .sought = true };
  if (strncmp(text, word, sizeof word - 1) != 0)
    return false;
  if (*at == ':' && at[1] >= '1' && at[1] <= '9')
    for (at++; *at >= '0' && *at <= '9' && out->level <= CHISO__LIMIT_LEVELS;
         at++)
      out->level = out->level * 10 + (uint32_t)(*at - '0');
  out->declared = strcmp(at, ":meta") == 0;
  return *at == '\0' || out->declared || strcmp(at, ":equal") == 0;
}

static chiso_status found_weights(chiso_composite *c, const goal *wanted,
                                  const char *aggregate, const char *threshold,
                                  chiso_error *err) {
  chiso__trouble trouble;
  CHISO__TRY(chiso__composite_ways(c, aggregate, threshold, err));
  if (wanted->sought)
    return chiso__optimise_weights(c, wanted->level, wanted->declared, err);
  chiso_status status = by_components(c, &trouble, err);
  return status == CHISO_BAD_DATA ? chiso__composite_trouble(c, &trouble, err)
                                  : status;
}

static chiso_status weigh(chiso_composite *c, chiso__arena *scratch,
                          const char *method, const char *aggregate,
                          const char *threshold, chiso_error *err) {
  goal wanted;
  for (size_t i = 0; i < c->tree.n; i++)
    c->weights[i] = c->tree.codes[i].weight;
  if (strcmp(method, "meta") == 0)
    return CHISO_OK;
  if (strcmp(method, "equal") == 0) {
    for (size_t i = 0; i < c->tree.n; i++)
      c->weights[i] = 1;
    return CHISO_OK;
  }
  if (strcmp(method, "pca") == 0)
    return found_weights(c, &(goal) { 0 }, aggregate, threshold, err);
  if (read_goal(method, &wanted))
    return found_weights(c, &wanted, aggregate, threshold, err);
  CHISO__TRY(from_table(c, scratch, method, err));
  return chiso__check_weights(c, c->weights, err);
}

chiso_status chiso_composite_weigh(chiso_composite *c, const char *method,
                                   const char *aggregate, const char *threshold,
                                   chiso_error *err) {
  chiso__arena scratch = { .allocator = c->allocator };
  chiso_status status = weigh(c, &scratch, method, aggregate, threshold, err);
  chiso__arena_free(&scratch);
  return status;
}

void chiso_composite_effective_weights(const chiso_composite *c, double *out) {
  chiso__effective_weights(&c->tree, c->weights, out);
}
