/* SPDX-License-Identifier: Apache-2.0
 * model/words.c - rules in words. */
#include <stdarg.h>
#include <string.h>

#include "model/model.h"

#define PERCENT ((chiso_dec)100)

typedef struct words {
  const chiso_methodology *m;
  chiso_words_style style;
  chiso__arena arena;
  bool failed; /* memory was short */
} words;

/* ---- texts --------------------------------------------------------------- */

static const char *print_args(words *w, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *out =
      size < 0 ? NULL : chiso__arena_raw(&w->arena, (size_t)size + 1, 1);
  if (!out) {
    w->failed = true;
    return "";
  }
  (void)vsnprintf(out, (size_t)size + 1, format, args);
  return out;
}

static const char *say(words *w, chiso__message message, ...) {
  va_list args;
  va_start(args, message);
  const char *text =
      print_args(w, chiso__message_text(message, w->style.lang), args);
  va_end(args);
  return text;
}

static const char *print(words *w, const char *format, ...) CHISO_PRINTF(2, 3);
static const char *print(words *w, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const char *text = print_args(w, format, args);
  va_end(args);
  return text;
}

static const char *join(words *w, const char *text, const char *between,
                        const char *more) {
  if (more[0] == '\0')
    return text;
  return text[0] == '\0' ? more : print(w, "%s%s%s", text, between, more);
}

static const char *dec(words *w, chiso_dec value) {
  char out[CHISO_DEC_TEXT];
  chiso_dec_format(
      value, (chiso_dec_style) { w->style.mark, CHISO_DEC_DIGITS, false }, out);
  return print(w, "%s", out);
}

static const char *points(words *w, chiso_dec value) {
  return say(w, value == CHISO_DEC_ONE ? MSG_WORDS_POINT : MSG_WORDS_POINTS,
             dec(w, value));
}

static const char *pick(const words *w, const char *vi, const char *en) {
  const char *first = w->style.lang == CHISO_LANG_VI ? vi : en;
  const char *other = w->style.lang == CHISO_LANG_VI ? en : vi;
  return first && first[0] ? first : other ? other : "";
}

/* ---- inputs -------------------------------------------------------------- */

static const chiso_input *input_with(const chiso_node *node, unsigned role) {
  for (uint32_t i = 0; i < node->n_inputs; i++)
    if (node->inputs[i].role == role)
      return &node->inputs[i];
  return NULL;
}

/* An input by its key, or by its letter; one that stands alone needs none and
 * is called what it is counted in. */
static const char *name(words *w, const chiso_node *node,
                        const chiso_input *input) {
  if (!w->style.letters)
    return input->key;
  if (node->n_inputs == 1)
    return chiso_title(CHISO_FAMILY_UNIT, input->unit, w->style.lang);
  return print(w, "%c", (char)('a' + (input - node->inputs)));
}

/* What a threshold is compared with: a quotient and a share read as percent. */
static const char *threshold(words *w, const chiso_node *node, chiso_dec at) {
  const chiso_input *x = input_with(node, CHISO_ROLE_X);
  const chiso_input *den = input_with(node, CHISO_ROLE_DEN);
  bool quotient = den && (!x || x->unit == CHISO_UNIT_SHARE ||
                          x->unit == CHISO_UNIT_PERCENT);
  if (x && x->unit == CHISO_UNIT_PERCENT && !den)
    return print(w, "%s%%", dec(w, at));
  if (quotient || (x && x->unit == CHISO_UNIT_SHARE))
    return print(w, "%s%%", dec(w, at * PERCENT));
  return dec(w, at);
}

static const char *sign(unsigned cmp) {
  static const char *const signs[] = { "≥", ">", "≤", "<" };
  return cmp < 4 ? signs[cmp] : "?";
}

/* num / den, or the name of x */
static const char *measure(words *w, const chiso_node *node) {
  const chiso_input *x = input_with(node, CHISO_ROLE_X);
  const chiso_input *num = input_with(node, CHISO_ROLE_NUM);
  const chiso_input *den = input_with(node, CHISO_ROLE_DEN);
  const char *quotient =
      num && den ? print(w, "%s / %s", name(w, node, num), name(w, node, den))
      : num      ? name(w, node, num)
                 : "";
  if (!x)
    return quotient;
  const char *value = name(w, node, x);
  return quotient[0] == '\0' ? value : say(w, MSG_WORDS_OR, value, quotient);
}

/* ---- leaves -------------------------------------------------------------- */

static const char *step_rule(words *w, const chiso_node *node) {
  const char *text = "";
  if (node->n_steps == 0)
    return say(w, MSG_WORDS_CONSTANT, points(w, node->otherwise));
  for (uint32_t i = 0; i < node->n_steps; i++) {
    const chiso_step *step = &node->steps[i];
    text = join(w, text, "; ",
                print(w, "%s %s → %s", sign(step->cmp),
                      threshold(w, node, step->at),
                      i == 0 ? points(w, step->points) : dec(w, step->points)));
  }
  text =
      join(w, text, "; ", say(w, MSG_WORDS_OTHERWISE, dec(w, node->otherwise)));
  return print(w, "%s: %s", measure(w, node), text);
}

static const char *linear_rule(words *w, const chiso_node *node) {
  const char *text = "";
  for (uint32_t i = 0; i < node->n_steps; i++)
    text = join(w, text, "; ",
                print(w, "%s → %s", threshold(w, node, node->steps[i].at),
                      dec(w, node->steps[i].points)));
  return say(w, MSG_WORDS_LINEAR, measure(w, node), text);
}

static const char *ratio_rule(words *w, const chiso_node *node) {
  const char *text = print(w, "%s × %s", dec(w, node->max), measure(w, node));
  if (node->target != CHISO_DEC_ONE)
    text = join(w, text, "; ",
                say(w, MSG_WORDS_TARGET, dec(w, node->target * PERCENT)));
  if (node->floor != CHISO_NONE)
    text = join(w, text, "; ",
                say(w, MSG_WORDS_FLOOR, dec(w, node->floor * PERCENT)));
  if (node->cap != CHISO_DEC_ONE)
    text = join(w, text, "; ", say(w, MSG_WORDS_CAP, dec(w, node->cap)));
  return text;
}

static const char *choice_rule(words *w, const chiso_node *node) {
  const char *text = "";
  for (uint32_t i = 0; i < node->n_steps; i++) {
    const chiso_step *step = &node->steps[i];
    const char *title = pick(w, step->title_vi, step->title_en);
    const char *called = step->key;
    if (title[0] != '\0' && strcmp(title, step->key) != 0)
      called = w->style.letters ? title : print(w, "%s (%s)", step->key, title);
    text =
        join(w, text, "; ", print(w, "%s → %s", called, dec(w, step->points)));
  }
  return text;
}

static const char *index_rule(words *w, const chiso_node *node) {
  bool root = !node->ref_node || strcmp(node->ref_node, "index") == 0;
  return say(
      w, MSG_WORDS_INDEX, dec(w, node->max),
      chiso_title(CHISO_FAMILY_REF_VALUE, node->ref_value, w->style.lang),
      node->ref_index ? node->ref_index : "",
      root ? "" : print(w, " %s", node->ref_node), dec(w, node->scale));
}

/* ---- inner nodes --------------------------------------------------------- */

/* Equal weights are a plain mean. */
static bool weighted(const chiso_methodology *m, uint32_t node) {
  const chiso_index *index = chiso_methodology_index(m);
  chiso_dec first = CHISO_NONE;
  for (uint32_t n = chiso_methodology_first_child(m, node); n != CHISO_NO_NODE;
       n = chiso_methodology_next(m, n)) {
    chiso_dec weight = index->nodes[n].weight;
    if (weight == 0)
      continue;
    if (first != CHISO_NONE && weight != first)
      return true;
    first = weight;
  }
  return false;
}

static const char *condition(words *w, uint32_t place) {
  const chiso_index *index = chiso_methodology_index(w->m);
  const chiso_node *node = &index->nodes[place];
  uint32_t parent = chiso_methodology_parent(w->m, place);
  if (node->when)
    return say(w, MSG_WORDS_WHEN, node->when);
  if (parent == CHISO_NO_NODE || node->at == CHISO_NONE)
    return say(w, MSG_WORDS_ELSE);
  return print(w, "%s %s %s", measure(w, &index->nodes[parent]),
               sign(node->cmp), threshold(w, &index->nodes[parent], node->at));
}

static const char *case_rule(words *w, uint32_t node) {
  const chiso_index *index = chiso_methodology_index(w->m);
  const char *text = "";
  for (uint32_t n = chiso_methodology_first_child(w->m, node);
       n != CHISO_NO_NODE; n = chiso_methodology_next(w->m, n)) {
    const chiso_node *branch = &index->nodes[n];
    text = join(w, text, "; ",
                w->style.letters
                    ? pick(w, branch->title_vi, branch->title_en)
                    : print(w, "%s → %s", condition(w, n), branch->id));
  }
  return say(w, MSG_WORDS_CASE, text);
}

static const char *inner_rule(words *w, uint32_t place) {
  const chiso_node *node = &chiso_methodology_index(w->m)->nodes[place];
  bool unequal = weighted(w->m, place);
  switch (node->op) {
  case CHISO_OP_SUM:
    return say(w, MSG_WORDS_SUM);
  case CHISO_OP_MEAN:
    return say(w, unequal ? MSG_WORDS_WEIGHTED : MSG_WORDS_MEAN);
  case CHISO_OP_SCALE:
    return say(w, unequal ? MSG_WORDS_SCALE_WEIGHTED : MSG_WORDS_SCALE,
               dec(w, node->lo), dec(w, node->hi - node->lo));
  default:
    return case_rule(w, place);
  }
}

static const char *rule(words *w, uint32_t place) {
  const chiso_node *node = &chiso_methodology_index(w->m)->nodes[place];
  const char *max = dec(w, node->max);
  switch (node->op) {
  case CHISO_OP_MANUAL:
    return say(w, MSG_WORDS_MANUAL, dec(w, node->lo), max);
  case CHISO_OP_STEP:
    return step_rule(w, node);
  case CHISO_OP_LINEAR:
    return linear_rule(w, node);
  case CHISO_OP_RATIO:
    return ratio_rule(w, node);
  case CHISO_OP_PENALTY:
    return say(w, MSG_WORDS_PENALTY, max, dec(w, node->per), measure(w, node),
               dec(w, node->lo));
  case CHISO_OP_CHOICE:
    return choice_rule(w, node);
  case CHISO_OP_SURVEY:
    return say(w, MSG_WORDS_SURVEY, dec(w, node->from), dec(w, node->to), max);
  case CHISO_OP_SHARE:
    return say(w, MSG_WORDS_SHARE, max);
  case CHISO_OP_NORM:
    return say(w, MSG_WORDS_NORM, measure(w, node), dec(w, node->from),
               dec(w, node->to));
  case CHISO_OP_BEST:
    return say(w, MSG_WORDS_BEST, max, measure(w, node));
  case CHISO_OP_INDEX:
    return index_rule(w, node);
  case CHISO_OP_CALL:
    return say(w, MSG_WORDS_CALL, (unsigned)node->call);
  default:
    return inner_rule(w, place);
  }
}

static const char *policy(words *w, chiso__message message, unsigned value) {
  if (value == CHISO_POLICY_FORBIDDEN)
    return "";
  return say(w, message,
             chiso_title(CHISO_FAMILY_POLICY, value, w->style.lang));
}

/* Rounding, policies, approximation. */
static const char *details(words *w, const chiso_node *node) {
  const char *text = "";
  if (node->digits < CHISO_KEEP)
    text = say(w, MSG_WORDS_ROUNDED, (unsigned)node->digits,
               chiso_title(CHISO_FAMILY_ROUNDING, node->round, w->style.lang));
  text = join(w, text, "; ", policy(w, MSG_WORDS_POLICY_NA, node->na));
  text = join(w, text, "; ", policy(w, MSG_WORDS_POLICY_EMPTY, node->empty));
  if (node->residual != CHISO_NONE)
    text = join(w, text, "; ",
                say(w, MSG_WORDS_APPROXIMATE, dec(w, node->residual)));
  if (node->weight == 0)
    text = join(w, text, "; ", say(w, MSG_WORDS_NOT_COUNTED));
  return text;
}

/* Hands a made text over, and ends. */
static chiso_status hand_over(words *w, const char *made, char **text,
                              chiso_error *err) {
  const chiso_allocator *allocator = w->arena.allocator;
  size_t size = strlen(made) + 1;
  *text = w->failed ? NULL : chiso__alloc(allocator, size);
  if (*text)
    memcpy(*text, made, size);
  chiso__arena_free(&w->arena);
  return *text ? CHISO_OK : chiso__no_memory(err);
}

chiso_status chiso_rule_words(const chiso_methodology *methodology,
                              uint32_t node, chiso_words part,
                              chiso_words_style style,
                              const chiso_allocator *allocator, char **text,
                              chiso_error *err) {
  words w = { .m = methodology,
              .style = style,
              .arena = { .allocator = allocator } };
  const chiso_index *index = chiso_methodology_index(methodology);
  const char *made = part == CHISO_WORDS_RULE ? rule(&w, node)
                     : part == CHISO_WORDS_DETAILS
                         ? details(&w, &index->nodes[node])
                         : condition(&w, node);
  return hand_over(&w, made, text, err);
}

chiso_status chiso_methodology_mark(const chiso_methodology *methodology,
                                    chiso_lang lang,
                                    const chiso_allocator *allocator,
                                    char **text, chiso_error *err) {
  words w = { .style = { .lang = lang }, .arena = { .allocator = allocator } };
  const chiso_index *index = chiso_methodology_index(methodology);
  const char *called = chiso_methodology_name(methodology), *made = "";
  if (index->scope == CHISO_SCOPE_INTERNAL)
    made = index->variant_of
               ? say(&w, MSG_WORDS_MARK_VARIANT, called, index->variant_of)
               : say(&w, MSG_WORDS_MARK_INTERNAL, called);
  return hand_over(&w, made, text, err);
}
