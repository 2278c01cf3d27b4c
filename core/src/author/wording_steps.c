/* SPDX-License-Identifier: Apache-2.0
 * author/wording_steps.c - steps and choices from their conditions. */
#include <stdlib.h>
#include <string.h>

#include "author/wording.h"
#include "base/text.h"

#define KEY_LENGTH 40

static const chiso_input quotient[] = {
  { .key = "num", .role = CHISO_ROLE_NUM, .unit = CHISO_UNIT_COUNT },
  { .key = "den", .role = CHISO_ROLE_DEN, .unit = CHISO_UNIT_COUNT },
};
static const chiso_input number[] = {
  { .key = "count", .role = CHISO_ROLE_X, .unit = CHISO_UNIT_COUNT },
};
static const chiso_input decimal[] = {
  { .key = "value",
    .role = CHISO_ROLE_X,
    .unit = CHISO_UNIT_NUMBER,
    .digits = CHISO_DEC_DIGITS },
};

void chiso__wording_quotient(chiso__wording *w) {
  w->node->inputs = quotient;
  w->node->n_inputs = 2;
}

static chiso_step *new_steps(chiso__wording *w, size_t count) {
  chiso_step *steps = chiso__arena_array(w->arena, count, sizeof *steps);
  w->failed |= !steps;
  return steps;
}

static chiso_dec best_of(const chiso__condition *list, size_t count) {
  chiso_dec best = 0;
  for (size_t i = 0; i < count; i++)
    if (list[i].points > best)
      best = list[i].points;
  return best;
}

/* ---- steps --------------------------------------------------------------- */

/* Best first: thresholds fall, or rise where less is better. */
static int falling(const void *a, const void *b) {
  const chiso__condition *x = a, *y = b;
  if (x->has_lo != y->has_lo)
    return x->has_lo ? -1 : 1;
  if (x->lo != y->lo)
    return x->lo > y->lo ? -1 : 1;
  if (x->lo_in != y->lo_in)
    return x->lo_in ? 1 : -1;
  return 0;
}

static int rising(const void *a, const void *b) {
  const chiso__condition *x = a, *y = b;
  if (x->has_hi != y->has_hi)
    return x->has_hi ? -1 : 1;
  if (x->hi != y->hi)
    return x->hi < y->hi ? -1 : 1;
  if (x->hi_in != y->hi_in)
    return x->hi_in ? 1 : -1;
  return 0;
}

/* Whether ranges touch: the lower bound of one is the upper of the next. */
static void check_seam(chiso__wording *w, const chiso__condition *upper,
                       const chiso__condition *lower) {
  char at[CHISO_DEC_TEXT];
  chiso_dec shown = upper->percent ? upper->lo * 100 : upper->lo;
  chiso_dec_style style = { w->lang == CHISO_LANG_VI ? ',' : '.', 6, false };
  chiso_dec_format(shown, style, at);
  const char *unit = upper->percent ? "%" : "";
  if (!upper->has_lo || !lower->has_hi)
    return;
  if (lower->hi == upper->lo && lower->hi_in && upper->lo_in)
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_OVERLAP, at, unit);
  else if (lower->hi == upper->lo && !lower->hi_in && !upper->lo_in)
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_GAP, at, unit);
  else if (lower->hi > upper->lo)
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_OVERLAP, at, unit);
  else if (upper->percent ? lower->hi < upper->lo
                          : lower->hi + CHISO_DEC_ONE < upper->lo ||
                                (!lower->hi_in && lower->hi < upper->lo))
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_GAP, at, unit);
}

static void set_inputs(chiso__wording *w, const chiso__condition *list,
                       size_t count, bool percent) {
  bool whole = true;
  for (size_t i = 0; i < count; i++)
    whole = whole && (!list[i].has_lo || list[i].lo % CHISO_DEC_ONE == 0) &&
            (!list[i].has_hi || list[i].hi % CHISO_DEC_ONE == 0);
  if (percent) {
    chiso__wording_quotient(w);
    return;
  }
  w->node->inputs = whole ? number : decimal;
  w->node->n_inputs = 1;
}

/* "dưới 25%: 0,25; không thực hiện: 0": below the last range zero itself is a
 * step of its own. */
static bool zero_step(const chiso__condition *last, bool open, bool down,
                      const chiso__condition *rest) {
  return open && down && rest && rest->points < last->points;
}

static bool write_steps(chiso__wording *w, chiso__condition *list, size_t count,
                        bool down, const chiso__condition *rest) {
  chiso_step *steps = new_steps(w, count + 1);
  uint32_t n = 0;
  bool closed = false;
  if (!steps)
    return false;
  for (size_t i = 0; i < count; i++) {
    const chiso__condition *c = &list[i];
    bool bounded = down ? c->has_lo : c->has_hi;
    if (i > 0 && down)
      check_seam(w, &list[i - 1], c);
    else if (i > 0)
      check_seam(w, c, &list[i - 1]);
    if (!bounded && i + 1 < count)
      return false; /* two ranges without an end */
    if (!bounded && zero_step(c, true, down, rest)) {
      steps[n++] = (chiso_step) { .points = c->points, .cmp = CHISO_CMP_GT };
      w->node->otherwise = rest->points;
      chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_ZERO_STEP,
                          rest->text);
      closed = true;
    } else if (!bounded) {
      w->node->otherwise = c->points;
      closed = true;
    } else {
      steps[n++] = (chiso_step) {
        .at = down ? c->lo : c->hi,
        .cmp = (uint8_t)(down       ? c->lo_in ? CHISO_CMP_GE : CHISO_CMP_GT
                         : c->hi_in ? CHISO_CMP_LE
                                    : CHISO_CMP_LT),
        .points = c->points,
      };
    }
  }
  if (!closed && rest)
    w->node->otherwise = rest->points;
  else if (!closed && !(down && list[count - 1].lo <= 0))
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_NO_REST);
  w->node->steps = steps;
  w->node->n_steps = n;
  return n > 0;
}

/* Two steps at one threshold cannot both hold. */
static bool distinct(const chiso__condition *list, size_t count, bool down) {
  for (size_t i = 1; i < count; i++) {
    const chiso__condition *a = &list[i - 1], *b = &list[i];
    if (down ? a->has_lo && b->has_lo && a->lo == b->lo && a->lo_in == b->lo_in
             : a->has_hi && b->has_hi && a->hi == b->hi && a->hi_in == b->hi_in)
      return false;
  }
  return true;
}

/* Parts of the list by kind: ranges first, `rest` the one that is none. */
static bool split(const chiso__condition *list, size_t count,
                  chiso__condition *ranges, size_t *n,
                  const chiso__condition **rest) {
  *n = 0;
  *rest = NULL;
  for (size_t i = 0; i < count; i++) {
    if (list[i].kind == CHISO__CONDITION_RANGE)
      ranges[(*n)++] = list[i];
    else if (*rest)
      return false;
    else
      *rest = &list[i];
  }
  for (size_t i = 0; i < *n; i++)
    if (ranges[i].percent != ranges[0].percent ||
        (*rest && (*rest)->points > ranges[i].points))
      return false;
  return *n > 0;
}

bool chiso__wording_steps(chiso__wording *w, const chiso__condition *list,
                          size_t count) {
  const chiso__condition *rest;
  size_t n;
  if (count > CHISO__MAX_STEPS || best_of(list, count) != w->node->max)
    return false;
  chiso__condition *ranges =
      chiso__arena_array(w->arena, count, sizeof *ranges);
  if (!ranges) {
    w->failed = true;
    return false;
  }
  if (!split(list, count, ranges, &n, &rest))
    return false;
  const chiso__condition *best = ranges;
  for (size_t i = 1; i < n; i++)
    if (ranges[i].points > best->points)
      best = &ranges[i];
  bool down = best->has_lo;
  /* an exact number alone is met from there on */
  qsort(ranges, n, sizeof *ranges, down ? falling : rising);
  if (!distinct(ranges, n, down) || !write_steps(w, ranges, n, down, rest))
    return false;
  w->node->op = CHISO_OP_STEP;
  set_inputs(w, ranges, n, ranges[0].percent);
  return true;
}

/* ---- choices ------------------------------------------------------------- */

/* A key from the words of a condition, cut at a word. */
static const char *key_of(chiso__wording *w, const chiso_step *steps, size_t n,
                          const char *text) {
  const char *slug = chiso__text_slug(w->arena, text);
  char key[KEY_LENGTH + 8];
  if (!slug) {
    w->failed = true;
    return "";
  }
  size_t size = strlen(slug);
  if (size > KEY_LENGTH)
    for (size = KEY_LENGTH; size > 0 && slug[size] != '-';)
      size--;
  if (size == 0)
    size = strlen(slug) < KEY_LENGTH ? strlen(slug) : KEY_LENGTH;
  for (size_t i = 0; i < size; i++)
    key[i] = (char)(slug[i] == '-' ? '_' : slug[i]);
  key[size] = '\0';
  if (size == 0)
    snprintf(key, sizeof key, "case");
  for (size_t i = 0; i < n; i++)
    if (strcmp(steps[i].key, key) == 0) {
      snprintf(key + strlen(key), sizeof key - strlen(key), "_%u",
               (unsigned)(n + 1) % 1000);
      break;
    }
  const char *kept = chiso__arena_text(w->arena, key, strlen(key));
  w->failed |= !kept;
  return kept ? kept : "";
}

bool chiso__wording_choice(chiso__wording *w, const chiso__condition *list,
                           size_t count) {
  if (count == 0 || count >= CHISO__MAX_STEPS ||
      best_of(list, count) != w->node->max)
    return false;
  chiso_step *steps = new_steps(w, count + 1);
  if (!steps)
    return false;
  for (size_t i = 0; i < count; i++) {
    steps[i].key = key_of(w, steps, i, list[i].text);
    steps[i].title_vi = list[i].text;
    steps[i].points = list[i].points;
  }
  if (count == 1) {
    static const char other[] = "Trường hợp khác";
    steps[1].key = key_of(w, steps, 1, other);
    steps[1].title_vi = other;
    chiso__wording_note(w, CHISO_READING_CHECK, MSG_AUTHOR_ONE_STATE);
  }
  w->node->op = CHISO_OP_CHOICE;
  w->node->steps = steps;
  w->node->n_steps = (uint32_t)(count == 1 ? 2 : count);
  w->node->inputs = chiso__standard_inputs(CHISO_OP_CHOICE, &w->node->n_inputs);
  return true;
}
