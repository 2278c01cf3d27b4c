/* SPDX-License-Identifier: Apache-2.0
 * variant/lists.c - what an overlay writes in one line: steps, inputs, grades,
 * parts.
 *
 *   steps  = ">=100%: 1,00; >=80%: 0,50; else: 0"     step
 *   steps  = "70%: 0; 100%: 2"                        linear
 *   steps  = "full (Đủ / Full): 1; part (Một phần): 0,5"   choice
 *   inputs = "on_time (Đúng hạn): num count; due: den count 0"
 *   grades = "good (Tốt / Good): >80; fair (Khá / Fair): >=70; poor (Yếu):
 * else"
 */
#include "base/buffer.h"
#include "base/dec.h"
#include "variant/variant.h"

#include <string.h>

typedef struct slice {
  const char *from, *to;
} slice;

typedef struct items {
  chiso__editor *e;
  const chiso__ini_entry *entry;
  const char *rest; /* NULL: no more */
} items;

static void trim(slice *s) {
  while (s->from < s->to && (*s->from == ' ' || *s->from == '\t'))
    s->from++;
  while (s->to > s->from && (s->to[-1] == ' ' || s->to[-1] == '\t'))
    s->to--;
}

/* The next item of a list separated by ';'. A last ';' may end it. */
static bool next(items *list, slice *out) {
  if (!list->rest)
    return false;
  const char *end = list->rest + strcspn(list->rest, ";");
  *out = (slice) { list->rest, end };
  trim(out);
  list->rest = *end ? end + 1 : NULL;
  if (list->rest && !list->rest[strspn(list->rest, " \t")])
    list->rest = NULL;
  return true;
}

static uint32_t count_items(const char *text) {
  uint32_t n = 1;
  for (; *text; text++)
    n += *text == ';';
  return n;
}

#define FAULT(list, at, ...)                                                   \
  CHISO__REFUSE((list)->e, chiso__inside((list)->e, (list)->entry, (at)),      \
                __VA_ARGS__)

static chiso_status bad_item(const items *list, slice item,
                             chiso__message message) {
  char text[80];
  size_t size = (size_t)(item.to - item.from);
  snprintf(text, sizeof text, "%.*s", (int)(size > 60 ? 60 : size), item.from);
  return FAULT(list, item.from, message, text);
}

static const char *text_of(const items *list, slice s) {
  return chiso__arena_text(list->e->arena, s.from, (size_t)(s.to - s.from));
}

static bool is(slice s, const char *word) {
  return (size_t)(s.to - s.from) == strlen(word) &&
         memcmp(s.from, word, strlen(word)) == 0;
}

/* Parts "LEFT: RIGHT" at the last colon outside parentheses. */
static bool part(slice item, slice *left, slice *right) {
  const char *colon = NULL;
  int depth = 0;
  for (const char *c = item.from; c < item.to; c++) {
    depth += (*c == '(') - (*c == ')');
    if (*c == ':' && depth <= 0)
      colon = c;
  }
  if (!colon)
    return false;
  *left = (slice) { item.from, colon };
  *right = (slice) { colon + 1, item.to };
  trim(left);
  trim(right);
  return left->from < left->to && right->from < right->to;
}

/* "KEY (VI / EN)": the titles may be absent, the English one too. */
static chiso_status read_label(const items *list, slice s, const char **key,
                               const char **vi, const char **en) {
  const char *open = memchr(s.from, '(', (size_t)(s.to - s.from));
  slice name = { s.from, open ? open : s.to };
  trim(&name);
  *vi = *en = NULL;
  for (const char *c = name.from; c < name.to; c++)
    if (strchr(" \t:,\"", *c))
      return bad_item(list, s, MSG_VARIANT_LABEL);
  if (name.from == name.to || (open && s.to[-1] != ')'))
    return bad_item(list, s, MSG_VARIANT_LABEL);
  *key = text_of(list, name);
  if (!*key)
    return chiso__no_memory(list->e->err);
  if (!open)
    return CHISO_OK;
  slice first = { open + 1, s.to - 1 }, second = { s.to - 1, s.to - 1 };
  for (const char *c = open + 1; c + 2 < s.to; c++)
    if (memcmp(c, " / ", 3) == 0) {
      first.to = c;
      second.from = c + 3;
      break;
    }
  trim(&first);
  trim(&second);
  if (first.from == first.to)
    return bad_item(list, s, MSG_VARIANT_LABEL);
  *vi = text_of(list, first);
  *en = second.from < second.to ? text_of(list, second) : NULL;
  return *vi && (*en || second.from == second.to)
             ? CHISO_OK
             : chiso__no_memory(list->e->err);
}

/* Takes ">=", ">", "<=", "<" off; false when none stands there. */
static bool take_cmp(slice *s, uint8_t *cmp) {
  static const struct {
    const char *mark;
    uint8_t cmp;
  } marks[] = { { ">=", CHISO_CMP_GE },
                { "<=", CHISO_CMP_LE },
                { "\xe2\x89\xa5", CHISO_CMP_GE },
                { "\xe2\x89\xa4", CHISO_CMP_LE },
                { ">", CHISO_CMP_GT },
                { "<", CHISO_CMP_LT } };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    size_t n = strlen(marks[i].mark);
    if ((size_t)(s->to - s->from) >= n &&
        memcmp(s->from, marks[i].mark, n) == 0) {
      s->from += n;
      trim(s);
      *cmp = marks[i].cmp;
      return true;
    }
  }
  return false;
}

/* ---- steps -------------------------------------------------------------- */

/* What "80%" is: 0.8 of a quotient or a share, 80 of a percent. */
typedef enum percent { PERCENT_NO, PERCENT_HUNDREDTH, PERCENT_ONE } percent;

static percent percent_of(const chiso_node *node) {
  percent found = PERCENT_NO;
  for (uint32_t i = 0; i < node->n_inputs; i++) {
    const chiso_input *in = &node->inputs[i];
    percent one = in->role == CHISO_ROLE_NUM       ? PERCENT_HUNDREDTH
                  : in->role != CHISO_ROLE_X       ? found
                  : in->unit == CHISO_UNIT_PERCENT ? PERCENT_ONE
                  : in->unit == CHISO_UNIT_SHARE   ? PERCENT_HUNDREDTH
                                                   : PERCENT_NO;
    if (i > 0 && one != found)
      return PERCENT_NO;
    found = one;
  }
  return found;
}

static chiso_status read_threshold(const items *list, slice s,
                                   const chiso_node *node, chiso_dec *out) {
  bool mark = s.to[-1] == '%';
  if (mark) {
    s.to--;
    trim(&s);
  }
  CHISO__TRY(chiso__value_dec(list->e, list->entry, s.from, s.to, out));
  if (!mark)
    return CHISO_OK;
  percent unit = percent_of(node);
  if (unit == PERCENT_NO || (unit == PERCENT_HUNDREDTH && *out % 100 != 0))
    return bad_item(list, s, MSG_VARIANT_PERCENT);
  if (unit == PERCENT_HUNDREDTH)
    *out /= 100;
  return CHISO_OK;
}

static chiso_status read_step(const items *list, slice item,
                              const chiso_node *node, chiso_step *out) {
  slice left, right;
  if (!part(item, &left, &right))
    return bad_item(list, item, MSG_VARIANT_STEP);
  CHISO__TRY(chiso__value_dec(list->e, list->entry, right.from, right.to,
                              &out->points));
  if (node->op == CHISO_OP_CHOICE)
    return read_label(list, left, &out->key, &out->title_vi, &out->title_en);
  bool compared = take_cmp(&left, &out->cmp);
  if (compared != (node->op == CHISO_OP_STEP) || left.from == left.to)
    return bad_item(list, item, MSG_VARIANT_STEP);
  return read_threshold(list, left, node, &out->at);
}

/* "else: 0" ends the steps of STEP. */
static chiso_status read_else(const items *list, slice item, chiso_node *node,
                              bool *found) {
  slice left, right;
  *found = node->op == CHISO_OP_STEP && part(item, &left, &right) &&
           is(left, "else");
  if (!*found)
    return CHISO_OK;
  if (list->rest)
    return bad_item(list, item, MSG_VARIANT_ELSE_LAST);
  return chiso__value_dec(list->e, list->entry, right.from, right.to,
                          &node->otherwise);
}

chiso_status chiso__steps_read(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_node *node) {
  items list = { e, entry, entry->value };
  chiso_step *steps =
      chiso__arena_array(e->arena, count_items(entry->value), sizeof *steps);
  slice item;
  bool otherwise = false;
  if (!steps)
    return chiso__no_memory(e->err);
  uint32_t n = 0;
  while (next(&list, &item)) {
    CHISO__TRY(read_else(&list, item, node, &otherwise));
    if (otherwise)
      break;
    CHISO__TRY(read_step(&list, item, node, &steps[n++]));
  }
  if (n == 0 || n > CHISO__MAX_STEPS)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_MANY, entry->key,
                         CHISO__MAX_STEPS);
  node->steps = steps;
  node->n_steps = n;
  return CHISO_OK;
}

/* ---- inputs ------------------------------------------------------------- */

static slice word(slice *rest) {
  slice w = { rest->from, rest->from };
  while (w.to < rest->to && *w.to != ' ' && *w.to != '\t')
    w.to++;
  rest->from = w.to;
  trim(rest);
  return w;
}

static int word_value(chiso_family family, slice w) {
  char text[32];
  snprintf(text, sizeof text, "%.*s",
           w.to - w.from > 31 ? 31 : (int)(w.to - w.from), w.from);
  return chiso__key_value(family, text);
}

/* KEY (VI / EN): ROLE UNIT [DIGITS] */
static chiso_status read_input(const items *list, slice item,
                               chiso_input *out) {
  slice left, right;
  if (!part(item, &left, &right))
    return bad_item(list, item, MSG_VARIANT_INPUT);
  CHISO__TRY(read_label(list, left, &out->key, &out->title_vi, &out->title_en));
  slice role = word(&right), unit = word(&right), digits = word(&right);
  int r = word_value(CHISO_FAMILY_ROLE, role);
  int u = word_value(CHISO_FAMILY_UNIT, unit);
  bool whole =
      u == CHISO_UNIT_COUNT || u == CHISO_UNIT_VND || u == CHISO_UNIT_CHOICE;
  int d = digits.from == digits.to ? (whole ? 0 : CHISO_DEC_DIGITS)
          : digits.to - digits.from == 1 && *digits.from >= '0' &&
                  *digits.from <= '6'
              ? *digits.from - '0'
              : -1;
  if (r < 0 || u < 0 || d < 0 || right.from < right.to)
    return bad_item(list, item, MSG_VARIANT_INPUT);
  out->role = (uint8_t)r;
  out->unit = (uint8_t)u;
  out->digits = (uint8_t)d;
  return CHISO_OK;
}

chiso_status chiso__inputs_read(chiso__editor *e, const chiso__ini_entry *entry,
                                chiso_node *node) {
  items list = { e, entry, entry->value };
  uint32_t room = count_items(entry->value), n = 0;
  chiso_input *inputs = chiso__arena_array(e->arena, room, sizeof *inputs);
  slice item;
  if (!inputs)
    return chiso__no_memory(e->err);
  while (next(&list, &item))
    CHISO__TRY(read_input(&list, item, &inputs[n++]));
  if (n > CHISO__MAX_INPUTS)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_MANY, entry->key,
                         CHISO__MAX_INPUTS);
  node->inputs = inputs;
  node->n_inputs = n;
  return CHISO_OK;
}

/* ---- grades ------------------------------------------------------------- */

/* KEY (VI / EN): >=80, or >80, or else; quantiles have no bound */
static chiso_status read_grade(const items *list, slice item,
                               const chiso_grading *grading, chiso_grade *out) {
  slice left = item, right;
  out->at_least = CHISO_NONE;
  bool bound = part(item, &left, &right);
  if (bound != (grading->kind == CHISO_GRADE_BANDS))
    return bad_item(list, item,
                    bound ? MSG_VARIANT_QUANTILE : MSG_VARIANT_GRADE);
  CHISO__TRY(read_label(list, left, &out->key, &out->title_vi, &out->title_en));
  if (!out->title_vi)
    out->title_vi = out->key;
  if (!bound || is(right, "else"))
    return CHISO_OK;
  if (!take_cmp(&right, &out->cmp) || right.from == right.to ||
      out->cmp > CHISO_CMP_GT)
    return bad_item(list, item, MSG_VARIANT_GRADE);
  return chiso__value_dec(list->e, list->entry, right.from, right.to,
                          &out->at_least);
}

chiso_status chiso__grades_read(chiso__editor *e, const chiso__ini_entry *entry,
                                chiso_grading *grading) {
  items list = { e, entry, entry->value };
  uint32_t n = 0;
  chiso_grade *grades =
      chiso__arena_array(e->arena, count_items(entry->value), sizeof *grades);
  slice item;
  if (!grades)
    return chiso__no_memory(e->err);
  while (next(&list, &item)) {
    CHISO__TRY(read_grade(&list, item, grading, &grades[n]));
    for (uint32_t i = 0; i < n; i++)
      if (strcmp(grades[i].key, grades[n].key) == 0)
        return bad_item(&list, item, MSG_VARIANT_TWICE_IN_LIST);
    n++;
  }
  grading->grades = grades;
  grading->n_grades = n;
  return CHISO_OK;
}

/* ---- parts -------------------------------------------------------------- */

/* KEY (VI / EN): 60,5 */
static chiso_status read_part(const items *list, slice item, chiso_part *out) {
  slice left, right;
  if (!part(item, &left, &right))
    return bad_item(list, item, MSG_VARIANT_PART);
  CHISO__TRY(read_label(list, left, &out->id, &out->title_vi, &out->title_en));
  if (!out->title_vi)
    out->title_vi = out->id;
  return chiso__value_dec(list->e, list->entry, right.from, right.to,
                          &out->max);
}

chiso_status chiso__parts_read(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_partition *partition) {
  items list = { e, entry, entry->value };
  uint32_t n = 0;
  chiso_part *parts =
      chiso__arena_array(e->arena, count_items(entry->value), sizeof *parts);
  slice item;
  if (!parts)
    return chiso__no_memory(e->err);
  while (next(&list, &item))
    CHISO__TRY(read_part(&list, item, &parts[n++]));
  if (n > CHISO__MAX_LIST)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_MANY, entry->key,
                         CHISO__MAX_LIST);
  partition->parts = parts;
  partition->n_parts = n;
  return CHISO_OK;
}

/* ---- back --------------------------------------------------------------- */

static void put_label(chiso__buffer *out, const char *key, const char *vi,
                      const char *en) {
  chiso__buffer_text(out, key);
  if (vi)
    chiso__buffer_print(out, en ? " (%s / %s)" : " (%s)", vi, en);
}

static const char *finish(chiso__arena *arena, chiso__buffer *out) {
  const char *text = out->failed || !out->data
                         ? NULL
                         : chiso__arena_text(arena, out->data, out->size);
  chiso__buffer_free(out);
  return text;
}

const char *chiso__steps_text(chiso__arena *arena, const chiso_node *node) {
  chiso__buffer out = { .allocator = arena->allocator };
  char number[CHISO_DEC_TEXT];
  for (uint32_t i = 0; i < node->n_steps; i++) {
    const chiso_step *s = &node->steps[i];
    chiso__buffer_text(&out, i ? "; " : "");
    if (node->op == CHISO_OP_CHOICE) {
      put_label(&out, s->key, s->title_vi, s->title_en);
    } else {
      if (node->op == CHISO_OP_STEP)
        chiso__buffer_text(&out, chiso_key(CHISO_FAMILY_CMP, s->cmp));
      chiso__dec_print(s->at, number);
      chiso__buffer_text(&out, number);
    }
    chiso__dec_print(s->points, number);
    chiso__buffer_print(&out, ": %s", number);
  }
  return finish(arena, &out);
}

const char *chiso__inputs_text(chiso__arena *arena, const chiso_node *node) {
  chiso__buffer out = { .allocator = arena->allocator };
  for (uint32_t i = 0; i < node->n_inputs; i++) {
    const chiso_input *in = &node->inputs[i];
    chiso__buffer_text(&out, i ? "; " : "");
    put_label(&out, in->key, in->title_vi, in->title_en);
    chiso__buffer_print(
        &out, ": %s %s %u", chiso_key(CHISO_FAMILY_ROLE, in->role),
        chiso_key(CHISO_FAMILY_UNIT, in->unit), (unsigned)in->digits);
  }
  return finish(arena, &out);
}
