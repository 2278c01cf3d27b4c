/* SPDX-License-Identifier: Apache-2.0
 * analysis/treat.c - outliers. A column passes with |skewness| below 2 or
 * kurtosis below 3.5. */
#include <math.h>
#include <string.h>

#include "analysis/composite.h"

#define SKEW_BELOW 2.0
#define KURT_BELOW 3.5
#define POINTS     5u /* winsorised at most, unless the method says so */
#define KNOWN                                                                  \
  "winsorise:MAX, log, log_ct_plus, log_gii, boxcox:L, default, none"

typedef enum cure {
  WINSORISE,
  LOG,
  LOG_PLUS,
  LOG_GII,
  BOXCOX,
  DEFAULT,
  NONE
} cure;

typedef struct treatment {
  cure cure;
  double number;
} treatment;

static const struct {
  const char *name;
  size_t numbers;
} cures[] = {
  [WINSORISE] = { "winsorise", 1 },
  [LOG] = { "log", 0 },
  [LOG_PLUS] = { "log_ct_plus", 0 },
  [LOG_GII] = { "log_gii", 0 },
  [BOXCOX] = { "boxcox", 1 },
  [DEFAULT] = { "default", 0 },
  [NONE] = { "none", 0 },
};

static chiso_status read_treatment(chiso__arena *scratch, const char *text,
                                   treatment *out, chiso_error *err) {
  chiso__method m;
  size_t k = 0, n = sizeof cures / sizeof *cures;
  CHISO__TRY(chiso__method_read(scratch, text, strlen(text), &m, err));
  while (k < n && strcmp(cures[k].name, m.name) != 0)
    k++;
  bool bare = *m.rest == '\0';
  bool good =
      k < n && (bare ? k != BOXCOX : m.numbers && m.count == cures[k].numbers);
  if (good && k == WINSORISE && !bare)
    good = m.number[0] >= 0 && m.number[0] == floor(m.number[0]);
  if (!good)
    return chiso__method_unknown("--treat", text, KNOWN, err);
  out->cure = (cure)k;
  out->number = bare ? POINTS : m.number[0];
  return CHISO_OK;
}

/* ---- one column ---------------------------------------------------------- */

typedef enum verdict { FAILS, PASSES, NO_SHAPE } verdict;

static verdict judge(const double *x, size_t n) {
  double skew = chiso__skew_of(x, n), kurt = chiso__kurt_of(x, n);
  if (isnan(skew) || isnan(kurt))
    return NO_SHAPE;
  return fabs(skew) < SKEW_BELOW || kurt < KURT_BELOW ? PASSES : FAILS;
}

/* The values at one end take the next one in; returns how many there are. */
static size_t pull_in(double *x, size_t n, bool high) {
  double low, top, next = high ? -INFINITY : INFINITY;
  size_t count = 0;
  if (!chiso__range_of(x, n, &low, &top))
    return 0;
  double end = high ? top : low;
  for (size_t r = 0; r < n; r++)
    if (high ? x[r] < end && x[r] > next : x[r] > end && x[r] < next)
      next = x[r];
  for (size_t r = 0; r < n; r++)
    if (x[r] == end) {
      x[r] = next;
      count++;
    }
  return count;
}

/* Until it passes or `most` values are pulled in: those of the upper end and of
 * the lower end as they were when each was last pulled. */
static size_t winsorise(double *x, size_t n, double most) {
  size_t high = 0, low = 0;
  while (judge(x, n) == FAILS && (double)(high + low) < most) {
    if (chiso__skew_of(x, n) >= 0)
      high = pull_in(x, n, true);
    else
      low = pull_in(x, n, false);
  }
  return high + low;
}

/* False where the transform does not exist: the column stays as it is. */
static bool transform(double *x, size_t n, treatment t) {
  double low, high, skew = chiso__skew_of(x, n);
  if (!chiso__range_of(x, n, &low, &high) || !(high > low) ||
      (t.cure == LOG_GII && !(high > 0)) || (t.cure == LOG_PLUS && isnan(skew)))
    return false;
  double shift = 0.01 * (high - low), p = t.number;
  for (size_t r = 0; r < n; r++) {
    double v = x[r];
    if (t.cure == LOG || (t.cure == LOG_PLUS && skew > 0))
      x[r] = log(v - low + shift);
    else if (t.cure == LOG_PLUS)
      x[r] = -log(high + shift - v);
    else if (t.cure == LOG_GII)
      x[r] = log((high - 1) * (v - low) / (high - low) + 1);
    else
      x[r] = p == 0 ? log(v - low + 1) : (pow(v - low + 1, p) - 1) / p;
  }
  return true;
}

/* What was done to which columns, for one notice each. */
typedef struct outcome {
  chiso__buffer pulled, transformed, kept, shapeless;
} outcome;

static void name(chiso__buffer *list, const chiso_composite *c, size_t leaf,
                 size_t count) {
  chiso__buffer_print(list, "%s%s", list->size ? ", " : "",
                      c->tree.codes[leaf].code);
  if (count > 0)
    chiso__buffer_print(list, " (%zu)", count);
}

static void tell(chiso_composite *c, chiso__message message,
                 chiso__buffer *list) {
  if (list->size > 0 && !list->failed)
    chiso__composite_notice(c, message, list->data, "");
  chiso__buffer_free(list);
}

/* `old` has room for the column. */
static void treat_one(chiso_composite *c, size_t leaf, treatment t, double *old,
                      outcome *o) {
  double *x = c->data + leaf * c->n;
  treatment log_form = { .cure = t.cure == DEFAULT ? LOG : t.cure,
                         .number = t.number };
  memcpy(old, x, c->n * sizeof *old);
  if (t.cure == NONE)
    return;
  if (t.cure == WINSORISE || t.cure == DEFAULT) {
    verdict before = judge(x, c->n);
    if (before == NO_SHAPE)
      name(&o->shapeless, c, leaf, 0);
    if (before != FAILS)
      return;
    size_t count = winsorise(x, c->n, t.number);
    if (t.cure == WINSORISE || judge(x, c->n) == PASSES) {
      name(&o->pulled, c, leaf, count);
      return;
    }
    memcpy(x, old, c->n * sizeof *x);
  }
  bool done = transform(x, c->n, log_form);
  for (size_t r = 0; r < c->n && done; r++)
    done = isnan(x[r]) == isnan(old[r]) && !isinf(x[r]);
  if (!done)
    memcpy(x, old, c->n * sizeof *x);
  name(done ? &o->transformed : &o->kept, c, leaf, 0);
}

/* ---- all columns --------------------------------------------------------- */

typedef struct reader {
  const chiso_composite *c;
  chiso__arena scratch;
  treatment *list; /* [leaf] */
  uint8_t *own;
  treatment common;
} reader;

static chiso_status each(void *data, const char *code, size_t place,
                         const char *text, chiso_error *err) {
  reader *r = data;
  uint32_t leaf;
  if (!code) {
    if (place > 0)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_METHOD_SECOND, text);
    return read_treatment(&r->scratch, text, &r->common, err);
  }
  CHISO__TRY(chiso__method_code(r->c, code, true, &leaf, err));
  r->own[leaf] = 1;
  return read_treatment(&r->scratch, text, &r->list[leaf], err);
}

static chiso_status read_all(reader *r, const char *method, chiso_error *err) {
  size_t leaves = r->c->tree.leaves;
  r->list = chiso__arena_array(&r->scratch, leaves, sizeof *r->list);
  r->own = chiso__arena_array(&r->scratch, leaves, 1);
  if (!r->list || !r->own)
    return chiso__no_memory(err);
  r->common = (treatment) { .cure = NONE };
  CHISO__TRY(chiso__method_list(&r->scratch, method, each, r, err));
  for (size_t i = 0; i < leaves; i++) {
    const char *text = r->c->tree.codes[i].treat;
    if (r->own[i])
      continue;
    r->list[i] = r->common;
    if (text)
      CHISO__TRY(chiso__method_of_meta(
          r->c, &r->c->tree.codes[i],
          read_treatment(&r->scratch, text, &r->list[i], err), err));
  }
  return CHISO_OK;
}

chiso_status chiso_composite_treat(chiso_composite *c, const char *method,
                                   chiso_error *err) {
  reader r = { .c = c };
  r.scratch.allocator = c->allocator;
  double *old = chiso__arena_raw(&r.scratch, c->n, sizeof *old);
  chiso_status status = old ? read_all(&r, method, err) : chiso__no_memory(err);
  c->treated = true;
  outcome o = { .pulled = { .allocator = c->allocator },
                .transformed = { .allocator = c->allocator },
                .kept = { .allocator = c->allocator },
                .shapeless = { .allocator = c->allocator } };
  for (size_t i = 0; i < c->tree.leaves && status == CHISO_OK; i++)
    treat_one(c, i, r.list[i], old, &o);
  tell(c, MSG_COMPOSE_WINSORISED, &o.pulled);
  tell(c, MSG_COMPOSE_TRANSFORMED, &o.transformed);
  tell(c, MSG_COMPOSE_NOT_TRANSFORMED, &o.kept);
  tell(c, MSG_COMPOSE_NO_SHAPE, &o.shapeless);
  chiso__arena_free(&r.scratch);
  return status;
}
