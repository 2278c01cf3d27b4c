/* SPDX-License-Identifier: Apache-2.0
 * analysis/normalise.c - indicators on a common scale, column by column. */
#include <math.h>
#include <string.h>

#include "analysis/normalise.h"

#define KNOWN                                                                  \
  "minmax:LO:HI, zscore:MEAN:SD, rank:min|average, prank:min|average, borda, " \
  "dist2max, dist2ref:UNIT, dist2targ:T, fracmax, scaled:LO:HI:FACTOR, "       \
  "goalposts:LO:HI:SCALE, share:SCALE, none"

typedef enum kind {
  MINMAX,
  ZSCORE,
  RANK,
  PRANK,
  BORDA,
  DIST2MAX,
  DIST2REF,
  DIST2TARG,
  FRACMAX,
  SCALED,
  GOALPOSTS,
  SHARE, /* until it is bound to an indicator: then SCALED */
  NONE
} kind;

/* What the texts may say: how many numbers follow the name, and their defaults
 * when none does. */
static const struct {
  const char *name;
  size_t numbers;
  double preset[3];
  bool required; /* the numbers have no default */
} kinds[] = {
  [MINMAX] = { "minmax", 2, { 0, 100, 0 }, false },
  [ZSCORE] = { "zscore", 2, { 0, 1, 0 }, false },
  [RANK] = { "rank", 0, { 0 }, false },
  [PRANK] = { "prank", 0, { 0 }, false },
  [BORDA] = { "borda", 0, { 0 }, false },
  [DIST2MAX] = { "dist2max", 0, { 0 }, false },
  [DIST2REF] = { "dist2ref", 0, { 0 }, false },
  [DIST2TARG] = { "dist2targ", 1, { 0 }, true },
  [FRACMAX] = { "fracmax", 0, { 0 }, false },
  [SCALED] = { "scaled", 3, { 0, 100, 100 }, false },
  [GOALPOSTS] = { "goalposts", 3, { 0 }, true },
  [SHARE] = { "share", 1, { 100, 0, 0 }, false },
  [NONE] = { "none", 0, { 0 }, false },
};

static chiso_status find_unit(const chiso_composite *c, const char *unit,
                              size_t *row, chiso_error *err) {
  if (c->times)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_REFERENCE_TIME, unit);
  for (size_t r = 0; r < c->n; r++)
    if (strcmp(c->units[r], unit) == 0) {
      *row = r;
      return CHISO_OK;
    }
  return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_REFERENCE, unit);
}

static chiso_status read_ties(const chiso__method *m, const char *text,
                              chiso__scale *s, chiso_error *err) {
  if (strcmp(m->rest, "average") == 0)
    s->ties = CHISO_TIES_AVERAGE;
  else if (*m->rest && strcmp(m->rest, "min") != 0)
    return chiso__method_unknown("--normalise", text, KNOWN, err);
  return CHISO_OK;
}

/* Bounds that are equal would divide by zero; a target or a standard deviation
 * has no such meaning. */
static bool sound(const chiso__scale *s) {
  switch (s->kind) {
  case ZSCORE:
    return s->b > 0;
  case SCALED:
  case GOALPOSTS:
    return s->a != s->b;
  case SHARE:
    return s->a > 0; /* below 0 the highest would come last */
  default:
    return true;
  }
}

static chiso_status read_scale(const chiso_composite *c, chiso__arena *scratch,
                               const char *text, chiso__scale *s,
                               chiso_error *err) {
  chiso__method m;
  size_t k = 0, n = sizeof kinds / sizeof *kinds;
  CHISO__TRY(chiso__method_read(scratch, text, strlen(text), &m, err));
  while (k < n && strcmp(kinds[k].name, m.name) != 0)
    k++;
  if (k == n)
    return chiso__method_unknown("--normalise", text, KNOWN, err);
  *s = (chiso__scale) { .kind = k };
  if (s->kind == RANK || s->kind == PRANK)
    return read_ties(&m, text, s, err);
  if (s->kind == DIST2REF)
    return find_unit(c, m.rest, &s->reference, err);
  bool given = *m.rest != '\0';
  if ((given && (!m.numbers || m.count != kinds[k].numbers)) ||
      (!given && kinds[k].required))
    return chiso__method_unknown("--normalise", text, KNOWN, err);
  const double *number = given ? m.number : kinds[k].preset;
  s->a = number[0];
  s->b = number[1];
  s->c = number[2];
  return sound(s) ? CHISO_OK
                  : chiso__method_unknown("--normalise", text, KNOWN, err);
}

/* ---- scales for all indicators ------------------------------------------- */

typedef struct scales {
  const chiso_composite *c;
  chiso__arena *arena;
  chiso__scale *list; /* [leaf] */
  uint8_t *own;       /* [leaf]: an exception */
  chiso__scale common;
  bool have;
} scales;

static chiso_status each(void *data, const char *code, size_t place,
                         const char *text, chiso_error *err) {
  scales *s = data;
  uint32_t leaf;
  if (!code) {
    if (place > 0)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_METHOD_SECOND, text);
    s->have = true;
    return read_scale(s->c, s->arena, text, &s->common, err);
  }
  CHISO__TRY(chiso__method_code(s->c, code, true, &leaf, err));
  s->own[leaf] = 1;
  return read_scale(s->c, s->arena, text, &s->list[leaf], err);
}

/* A share of a criterion's maximum: a scale of its own for each, which only a
 * methodology knows. */
static chiso_status bind(chiso__scale *s, const chiso__code *leaf,
                         chiso_error *err) {
  if (s->kind != SHARE)
    return CHISO_OK;
  if (!(leaf->maximum > 0))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_SHARE, leaf->code);
  *s = (chiso__scale) { .kind = SCALED, .b = leaf->maximum, .c = s->a };
  return CHISO_OK;
}

/* The option goes before the column of the metadata only where it names the
 * indicator. */
chiso_status chiso__scales_read(const chiso_composite *c, chiso__arena *arena,
                                const char *method, chiso__scale **out,
                                chiso_error *err) {
  scales at = { .c = c, .arena = arena }, *s = &at;
  size_t leaves = c->tree.leaves;
  s->list = chiso__arena_array(s->arena, leaves, sizeof *s->list);
  s->own = chiso__arena_array(s->arena, leaves, 1);
  if (!s->list || !s->own)
    return chiso__no_memory(err);
  s->common = (chiso__scale) { .kind = NONE };
  CHISO__TRY(chiso__method_list(s->arena, method, each, s, err));
  for (size_t i = 0; i < leaves; i++) {
    const chiso__code *leaf = &c->tree.codes[i];
    if (!s->own[i])
      s->list[i] = s->common;
    if (!s->own[i] && leaf->normalise)
      CHISO__TRY(chiso__method_of_meta(
          c, leaf, read_scale(c, s->arena, leaf->normalise, &s->list[i], err),
          err));
    CHISO__TRY(bind(&s->list[i], leaf, err));
  }
  *out = s->list;
  return CHISO_OK;
}

/* ---- one column ---------------------------------------------------------- */

typedef struct range {
  double low, high;
  bool gaps;
} range;

/* Least and most in four strands, which the machine runs side by side; NaN
 * compares false and is passed over. */
static range range_of(const double *x, size_t n) {
  double low[4], high[4];
  size_t r = 0, gaps[4] = { 0 };
  for (int k = 0; k < 4; k++) {
    low[k] = INFINITY;
    high[k] = -INFINITY;
  }
  for (; r + 4 <= n; r += 4)
    for (size_t k = 0; k < 4; k++) {
      double v = x[r + k];
      low[k] = v < low[k] ? v : low[k];
      high[k] = v > high[k] ? v : high[k];
      gaps[k] += v != v;
    }
  for (; r < n; r++) {
    low[0] = x[r] < low[0] ? x[r] : low[0];
    high[0] = x[r] > high[0] ? x[r] : high[0];
    gaps[0] += x[r] != x[r];
  }
  for (int k = 1; k < 4; k++) {
    low[0] = low[k] < low[0] ? low[k] : low[0];
    high[0] = high[k] > high[0] ? high[k] : high[0];
    gaps[0] += gaps[k];
  }
  return (range) { low[0], high[0], gaps[0] > 0 };
}

/* y = (x - from) / width * factor + to */
static void linear(const double *restrict x, double *restrict y, size_t n,
                   double direction, const double by[4]) {
  const double from = by[0], width = by[1], factor = by[2], to = by[3];
  for (size_t r = 0; r < n; r++)
    y[r] = (x[r] * direction - from) / width * factor + to;
}

/* y = 1 - (top - x) / width: as distances are defined, and not the same in the
 * last digits as a share of the way up. */
static void distance(const double *restrict x, double *restrict y, size_t n,
                     double direction, double top, double width) {
  for (size_t r = 0; r < n; r++)
    y[r] = 1 - (top - x[r] * direction) / width;
}

static void turn(const double *restrict x, double *restrict y, size_t n,
                 double direction) {
  for (size_t r = 0; r < n; r++)
    y[r] = x[r] * direction;
}

/* Ranks of y in place, then counted from `first`, over `width`. */
static void ranks(const chiso__scale *s, double *y, size_t n,
                  const chiso__scale_room *room) {
  double present = (double)chiso__present(y, n);
  double first = s->kind == RANK ? 0 : 1;
  double width = s->kind == PRANK ? present - 1 : 1;
  memcpy(room->copy, y, n * sizeof *y);
  chiso__rank_up(room->copy, n, s->ties, room->order, y);
  for (size_t r = 0; r < n; r++)
    y[r] = width > 0 ? (y[r] - first) / width : (double)NAN;
}

/* Bounded to 0..1 where the method says so, times `factor`. */
static void bounded(double *y, size_t n, double low, double factor) {
  for (size_t r = 0; r < n; r++) {
    double v = y[r] > 1 ? 1 : y[r];
    y[r] = (v < low ? low : v) * factor;
  }
}

/* The line that a method lays through a column; false when the column has no
 * range to lay it through. */
static bool line_of(const chiso__scale *s, const double *y, size_t n, range at,
                    double by[4]) {
  double out[4] = { at.low, at.high - at.low, 1, 0 };
  switch (s->kind) {
  case MINMAX:
    out[2] = s->b - s->a;
    out[3] = s->a;
    break;
  case ZSCORE:
    out[0] = chiso__mean_of(y, n);
    out[1] = at.high > at.low ? chiso__sd_of(y, n) : 0;
    out[2] = s->b;
    out[3] = s->a;
    break;
  case DIST2REF:
    out[1] = y[s->reference] - at.low;
    break;
  case DIST2TARG:
    out[1] = s->a - at.low;
    break;
  case FRACMAX:
    out[0] = 0;
    out[1] = at.high;
    break;
  case SCALED:
  case GOALPOSTS:
    out[0] = s->a;
    out[1] = s->b - s->a;
    out[2] = s->kind == SCALED ? s->c : 1;
    break;
  default:
    break;
  }
  memcpy(by, out, sizeof out);
  return out[1] != 0 && isfinite(out[1]) && isfinite(out[0]);
}

/* Nothing can be told apart: the column counts for nobody. */
static void leave_out(chiso__scaled *out, size_t n, chiso__message why) {
  for (size_t r = 0; r < n; r++)
    out->y[r] = NAN;
  out->gaps = true;
  out->left_out = why;
}

static bool turned_first(const chiso__scale *s) {
  return s->kind == NONE || s->kind == RANK || s->kind == BORDA ||
         s->kind == PRANK || s->kind == ZSCORE || s->kind == DIST2REF;
}

/* Whether the ends of a column stay numbers: what lies between then does. */
static bool bearable(const chiso__scale *s, const double *y, range at,
                     const double by[4]) {
  bool away = s->kind == DIST2MAX || s->kind == DIST2REF;
  double top = s->kind == DIST2REF ? y[s->reference] : at.high;
  const double ends[] = { at.low, at.high };
  for (int i = 0; i < 2; i++)
    if (!isfinite(away ? 1 - (top - ends[i]) / by[1]
                       : (ends[i] - by[0]) / by[1] * by[2] + by[3]))
      return false;
  return true;
}

void chiso__scale_column(const chiso_composite *c, size_t leaf,
                         const chiso__scale *s, const double *x,
                         const chiso__scale_room *room, chiso__scaled *out) {
  double *y = out->y, by[4];
  double direction = c->tree.codes[leaf].direction;
  range at = range_of(x, c->n);
  out->left_out = MSG_COUNT;
  if (at.low > at.high) {
    leave_out(out, c->n, MSG_COMPOSE_EMPTY_COLUMN);
    return;
  }
  if (direction < 0)
    at = (range) { -at.high, -at.low, at.gaps };
  out->gaps = at.gaps;
  if (turned_first(s))
    turn(x, y, c->n, direction);
  if (s->kind == NONE)
    return;
  if (s->kind == RANK || s->kind == BORDA || s->kind == PRANK) {
    ranks(s, y, c->n, room);
    if (s->kind == PRANK && !at.gaps && c->n == 1)
      leave_out(out, c->n, MSG_COMPOSE_CONSTANT);
    return;
  }
  if (s->kind == DIST2REF && isnan(y[s->reference])) {
    leave_out(out, c->n, MSG_COMPOSE_REFERENCE_GAP);
    return;
  }
  if (!line_of(s, y, c->n, at, by) ||
      (s->kind != GOALPOSTS && !bearable(s, y, at, by))) {
    leave_out(out, c->n,
              at.high > at.low ? MSG_COMPOSE_NO_SCALE : MSG_COMPOSE_CONSTANT);
    return;
  }
  if (s->kind == DIST2MAX || s->kind == DIST2REF)
    distance(x, y, c->n, direction,
             s->kind == DIST2REF ? y[s->reference] : at.high, by[1]);
  else
    linear(x, y, c->n, direction, by);
  if (s->kind == DIST2TARG)
    bounded(y, c->n, -INFINITY, 1);
  if (s->kind == GOALPOSTS)
    bounded(y, c->n, 0, s->c);
}

chiso_status chiso__scale_room_open(chiso__scale_room *room,
                                    chiso__arena *arena, size_t n,
                                    chiso_error *err) {
  room->order = chiso__arena_raw(arena, n, sizeof *room->order);
  room->copy = chiso__arena_raw(arena, n, sizeof *room->copy);
  return room->order && room->copy ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status normalise(chiso_composite *c, chiso__arena *scratch,
                              const char *method, chiso_error *err) {
  chiso__scale *list;
  chiso__scale_room room;
  CHISO__TRY(chiso__scales_read(c, scratch, method, &list, err));
  CHISO__TRY(chiso__scale_room_open(&room, scratch, c->n, err));
  for (size_t i = 0; i < c->tree.leaves; i++) {
    chiso__scaled out = { .y = c->values + i * c->n };
    chiso__scale_column(c, i, &list[i], c->data + i * c->n, &room, &out);
    c->gaps[i] = out.gaps;
    if (out.left_out != MSG_COUNT)
      chiso__composite_notice(c, out.left_out, c->tree.codes[i].code, "");
  }
  return CHISO_OK;
}

chiso_status chiso_composite_normalise(chiso_composite *c, const char *method,
                                       chiso_error *err) {
  chiso__arena scratch = { .allocator = c->allocator };
  chiso_status status = normalise(c, &scratch, method, err);
  chiso__arena_free(&scratch);
  return status;
}
