/* SPDX-License-Identifier: Apache-2.0
 * author/params.c - rules in the notation of catalogues: items between ';',
 * each a threshold "x>=0.8:1", a key "done:1", or a setting "floor=0.8". */
#include <string.h>

#include "author/wording.h"
#include "base/dec.h"
#include "base/text.h"

#define MOST_ITEMS 64

typedef struct params {
  chiso__condition list[MOST_ITEMS];
  size_t count;
  const char *x, *num, *den, *input; /* names */
  chiso_dec floor, cap, target, per, min, zero_at, full_at, scale;
  const char *of;
} params;

static const char *keep(chiso__wording *w, const char *from, size_t size) {
  while (size && (*from == ' ' || *from == '\n')) {
    from++;
    size--;
  }
  while (size && (from[size - 1] == ' ' || from[size - 1] == '\n'))
    size--;
  const char *kept = chiso__arena_text(w->arena, from, size);
  w->failed |= !kept;
  return kept ? kept : "";
}

static bool exact(const char *text, chiso_dec *out) {
  chiso__number number;
  if (chiso__number_read(text, strlen(text), CHISO_DEC_DIGITS, &number) !=
          CHISO__NUMBER_OK ||
      number.rounded)
    return false;
  *out = number.raw;
  return true;
}

/* ---- items --------------------------------------------------------------- */

/* "x>=0.8:1", ">0:0.25", "=1:5", "else:0", "0:0", "done_on_time:1" */
static bool take_points(chiso__wording *w, params *p, const char *item) {
  const char *colon = strrchr(item, ':');
  chiso__condition *c = &p->list[p->count];
  if (!colon || p->count == MOST_ITEMS)
    return false;
  *c = (chiso__condition) { .text = keep(w, item, (size_t)(colon - item)) };
  if (!exact(colon + 1, &c->points))
    return false;
  p->count++;
  if (strcmp(c->text, "else") == 0) {
    c->kind = CHISO__CONDITION_ELSE;
    return true;
  }
  const char *sign = c->text + strcspn(c->text, "<>=");
  const char *value = sign + strspn(sign, "<>=");
  chiso_dec at;
  if (sign[0] == '\0')
    value = c->text;
  if (!exact(value, &at))
    return sign[0] == '\0'; /* a key */
  c->kind = CHISO__CONDITION_RANGE;
  bool less = sign[0] == '<', more = sign[0] == '>';
  c->has_lo = !less;
  c->has_hi = !more;
  c->lo = c->hi = at;
  c->lo_in = c->hi_in = !(less || more) || sign[1] == '=';
  return true;
}

static bool take_setting(chiso__wording *w, params *p, const char *item) {
  const struct {
    const char *name;
    chiso_dec *number;
    const char **text;
  } settings[] = {
    { "x", NULL, &p->x },
    { "num", NULL, &p->num },
    { "den", NULL, &p->den },
    { "count", NULL, &p->input },
    { "floor", &p->floor, NULL },
    { "cap", &p->cap, NULL },
    { "target", &p->target, NULL },
    { "per", &p->per, NULL },
    { "min", &p->min, NULL },
    { "zero_at", &p->zero_at, NULL },
    { "full_at", &p->full_at, NULL },
  };
  const char *equals = strchr(item, '=');
  const char *name = equals ? keep(w, item, (size_t)(equals - item)) : "";
  for (size_t i = 0; equals && i < sizeof settings / sizeof *settings; i++) {
    if (strcmp(settings[i].name, name) != 0)
      continue;
    const char *value = keep(w, equals + 1, strlen(equals + 1));
    if (settings[i].text) {
      *settings[i].text = value;
      return true;
    }
    return exact(value, settings[i].number);
  }
  return false;
}

/* "vn.sipas.province/index" of an INDEX, "1..5" of a survey. */
static bool take_other(chiso__wording *w, params *p, const char *item) {
  if (strncmp(item, "scale=", 6) == 0)
    return strstr(item, "..") || exact(item + 6, &p->scale);
  if (strncmp(item, "share_from=", 11) == 0 ||
      strncmp(item, "ratio*", 6) == 0 || strncmp(item, "metric=", 7) == 0 ||
      strncmp(item, "round=", 6) == 0 || strncmp(item, "max=", 4) == 0)
    return true;
  if (strchr(item, '/') && !strchr(item, '=')) {
    p->of = keep(w, item, strlen(item));
    return true;
  }
  return false;
}

static bool read_items(chiso__wording *w, const char *text, params *p) {
  *p = (params) { .floor = CHISO_NONE,
                  .cap = CHISO_DEC_ONE,
                  .target = CHISO_DEC_ONE };
  while (*text) {
    size_t size = strcspn(text, ";");
    const char *item = keep(w, text, size);
    bool threshold = strstr(item, ">=") || strstr(item, "<=") ||
                     strchr(item, '>') || strchr(item, '<') || *item == '=';
    text += size + (text[size] == ';');
    if (!*item)
      continue;
    if (!(threshold ? take_points(w, p, item)
                    : take_setting(w, p, item) || take_other(w, p, item) ||
                          take_points(w, p, item)))
      return false;
  }
  return !w->failed;
}

/* ---- inputs -------------------------------------------------------------- */

static const char *slug_key(chiso__wording *w, const char *name) {
  const char *kept = keep(w, name, strlen(name));
  return strlen(kept) <= 64 && strcspn(kept, ":, \t\"") == strlen(kept) && *kept
             ? kept
             : NULL;
}

static void set_inputs(chiso__wording *w, const params *p, unsigned unit) {
  const char *stroke = p->x ? strchr(p->x, '/') : NULL;
  const char *num = p->num, *den = p->den;
  if (stroke) {
    num = keep(w, p->x, (size_t)(stroke - p->x));
    den = stroke + 1;
  }
  chiso_input *in = chiso__arena_array(w->arena, 2, sizeof *in);
  w->failed |= !in;
  if (!in)
    return;
  const char *x = p->x ? p->x : p->input;
  if (num && den && slug_key(w, num) && slug_key(w, den)) {
    in[0] = (chiso_input) { .key = slug_key(w, num),
                            .role = CHISO_ROLE_NUM,
                            .unit = CHISO_UNIT_COUNT };
    in[1] = (chiso_input) { .key = slug_key(w, den),
                            .role = CHISO_ROLE_DEN,
                            .unit = CHISO_UNIT_COUNT };
    w->node->inputs = in;
    w->node->n_inputs = 2;
  } else if (x && slug_key(w, x)) {
    in[0] = (chiso_input) { .key = slug_key(w, x),
                            .role = CHISO_ROLE_X,
                            .unit = (uint8_t)unit,
                            .digits = unit == CHISO_UNIT_COUNT ? 0 : 6 };
    w->node->inputs = in;
    w->node->n_inputs = 1;
  }
}

/* Thresholds of shares lie between 0 and 1. */
static unsigned unit_of(const params *p) {
  bool share = p->count > 0;
  for (size_t i = 0; i < p->count; i++)
    if (p->list[i].kind == CHISO__CONDITION_RANGE)
      share = share && p->list[i].lo <= CHISO_DEC_ONE &&
              p->list[i].lo % CHISO_DEC_ONE != 0;
  bool whole = true;
  for (size_t i = 0; i < p->count; i++)
    whole = whole && p->list[i].lo % CHISO_DEC_ONE == 0;
  return whole   ? CHISO_UNIT_COUNT
         : share ? CHISO_UNIT_SHARE
                 : CHISO_UNIT_NUMBER;
}

/* ---- ops ----------------------------------------------------------------- */

static bool steps(chiso__wording *w, params *p, bool quotient) {
  for (size_t i = 0; i < p->count; i++)
    p->list[i].percent = quotient;
  if (!chiso__wording_steps(w, p->list, p->count))
    return false;
  set_inputs(w, p, unit_of(p));
  return true;
}

static bool linear(chiso__wording *w, const params *p) {
  chiso_step *s = chiso__arena_array(w->arena, 2, sizeof *s);
  w->failed |= !s;
  if (!s || p->zero_at == p->full_at)
    return false;
  bool rises = p->zero_at < p->full_at;
  s[!rises] = (chiso_step) { .at = p->zero_at };
  s[rises] = (chiso_step) { .at = p->full_at, .points = w->node->max };
  w->node->op = CHISO_OP_LINEAR;
  w->node->steps = s;
  w->node->n_steps = 2;
  w->node->inputs = chiso__standard_inputs(CHISO_OP_LINEAR, &w->node->n_inputs);
  set_inputs(w, p, CHISO_UNIT_NUMBER);
  return true;
}

static bool ratio(chiso__wording *w, const params *p) {
  w->node->op = CHISO_OP_RATIO;
  w->node->floor = p->floor == 0 ? CHISO_NONE : p->floor;
  w->node->cap = p->cap;
  w->node->target = p->target;
  chiso__wording_quotient(w);
  set_inputs(w, p, CHISO_UNIT_COUNT);
  return true;
}

static bool penalty(chiso__wording *w, const params *p) {
  if (p->per <= 0)
    return false;
  w->node->op = CHISO_OP_PENALTY;
  w->node->per = p->per;
  w->node->lo = p->min;
  w->node->inputs =
      chiso__standard_inputs(CHISO_OP_PENALTY, &w->node->n_inputs);
  set_inputs(w, p, CHISO_UNIT_COUNT);
  return true;
}

static bool survey(chiso__wording *w, const params *p) {
  w->node->assessor = CHISO_BY_SURVEY;
  w->node->op = p->zero_at == p->full_at ? CHISO_OP_SHARE : CHISO_OP_SURVEY;
  w->node->from = p->zero_at;
  w->node->to = p->full_at;
  w->node->inputs = chiso__standard_inputs(w->node->op, &w->node->n_inputs);
  return true;
}

static bool index_of(chiso__wording *w, const params *p) {
  const char *stroke = p->of ? strchr(p->of, '/') : NULL;
  if (!stroke || p->scale <= 0)
    return false;
  w->node->op = CHISO_OP_INDEX;
  w->node->ref_index = keep(w, p->of, (size_t)(stroke - p->of));
  w->node->ref_node = stroke + 1;
  w->node->ref_value = CHISO_REF_PERCENT;
  w->node->scale = p->scale;
  w->node->inputs = chiso__standard_inputs(CHISO_OP_INDEX, &w->node->n_inputs);
  return true;
}

bool chiso__params_read(chiso__wording *w, const char *op, const char *text) {
  static const char *const choices[] = { "choice", "all_or_nothing",
                                         "steps_state", NULL };
  params p;
  if (!*text || !read_items(w, text, &p))
    return false;
  for (const char *const *name = choices; *name; name++)
    if (strcmp(op, *name) == 0)
      return chiso__wording_choice(w, p.list, p.count);
  if (strcmp(op, "step") == 0)
    return steps(w, &p, p.x && strchr(p.x, '/'));
  if (strcmp(op, "steps_ratio") == 0 || strcmp(op, "steps_count") == 0)
    return steps(w, &p, op[6] == 'r');
  if (strcmp(op, "linear") == 0)
    return linear(w, &p);
  if (strcmp(op, "ratio") == 0 || strcmp(op, "proportional") == 0)
    return ratio(w, &p);
  if (strcmp(op, "penalty") == 0)
    return penalty(w, &p);
  if (strcmp(op, "survey") == 0)
    return survey(w, &p);
  return strcmp(op, "index") == 0 && index_of(w, &p);
}
