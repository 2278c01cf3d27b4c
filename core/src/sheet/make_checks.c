/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_checks.c - limits of entries, lists to choose from. */
#include <string.h>

#include "base/dec.h"
#include "base/text.h"
#include "sheet/make_plan.h"

#define LONGEST_TITLE 250u /* bytes of a text that MATCH() finds */

static bool may_be_negative(unsigned unit) {
  return unit == CHISO_UNIT_NUMBER || unit == CHISO_UNIT_SHARE ||
         unit == CHISO_UNIT_PERCENT;
}

chiso__limits chiso__limits_of(const chiso_node *node,
                               const chiso_input *input) {
  chiso__limits l = { .digits = input->digits };
  bool x = input->role == CHISO_ROLE_X;
  chiso_dec low = node->from < node->to ? node->from : node->to;
  chiso_dec high = node->from < node->to ? node->to : node->from;
  if (input->role == CHISO_ROLE_OTHER)
    return l;
  l.has_lo = input->role == CHISO_ROLE_DEN || !may_be_negative(input->unit);
  if (node->op == CHISO_OP_MANUAL) {
    l = (chiso__limits) { true, true, node->lo, node->max, input->digits };
  } else if (x && node->op == CHISO_OP_SURVEY) {
    l = (chiso__limits) { true, true, low, high, input->digits };
  } else if (x && node->op == CHISO_OP_INDEX) {
    l = (chiso__limits) { true, true, 0, node->scale, input->digits };
  } else if (x && node->op == CHISO_OP_SHARE) {
    chiso_dec whole =
        input->unit == CHISO_UNIT_SHARE ? CHISO_DEC_ONE : 100 * CHISO_DEC_ONE;
    l = (chiso__limits) { true, true, 0, whole, input->digits };
  }
  return l;
}

void chiso__limits_test(const chiso__limits *l, chiso__buffer *out) {
  int count = l->has_lo + l->has_hi + (l->digits < CHISO_DEC_DIGITS);
  const char *between = "";
  if (count == 0)
    return;
  chiso__buffer_text(out, count > 1 ? "AND(" : "");
  if (l->has_lo) {
    chiso__buffer_text(out, "@>=");
    chiso__put_dec(out, l->lo);
    between = ",";
  }
  if (l->has_hi) {
    chiso__buffer_print(out, "%s@<=", between);
    chiso__put_dec(out, l->hi);
    between = ",";
  }
  if (l->digits < CHISO_DEC_DIGITS)
    chiso__buffer_print(out, "%s@=ROUND(@,%u)", between, l->digits);
  chiso__buffer_text(out, count > 1 ? ")" : "");
}

/* ---- lists ----------------------------------------------------------------
 */

static const char *title_of(const chiso__sheet_plan *plan, const char *vi,
                            const char *en) {
  const char *first = plan->lang == CHISO_LANG_VI ? vi : en;
  const char *other = plan->lang == CHISO_LANG_VI ? en : vi;
  return first && first[0] ? first : other ? other : "";
}

/* A title is shown where it can be found again; else the key is. */
static bool usable(const char *title) {
  return title[0] != '\0' && strlen(title) <= LONGEST_TITLE &&
         !strpbrk(title, "~*?");
}

static void add_list_row(chiso__sheet_plan *plan, const char *text,
                         chiso_dec points) {
  if (!chiso__grow(plan->arena.allocator, (void **)(void *)&plan->lists,
                   &plan->lists_capacity, plan->n_lists, sizeof *plan->lists)) {
    plan->failed = true;
    return;
  }
  plan->lists[plan->n_lists++] = (chiso__list_row) { text, points };
}

/* Two titles alike would not tell which was chosen: both are keys then. */
static void settle_titles(chiso__sheet_plan *plan, size_t first,
                          const char *const *keys, size_t count) {
  for (size_t i = 0; i < count && !plan->failed; i++) {
    bool alike = !usable(plan->lists[first + i].text);
    for (size_t k = 0; k < count && !alike; k++)
      alike = k != i && chiso__text_same_folded(plan->lists[first + i].text,
                                                plan->lists[first + k].text);
    if (alike)
      plan->lists[first + i].text = keys[i];
  }
}

/* The first row of an equal list that is there already. */
static size_t same_list(const chiso__sheet_plan *plan, size_t first) {
  size_t count = plan->n_lists - first;
  for (size_t at = 0; at + count <= first; at++) {
    size_t i = 0;
    while (i < count &&
           plan->lists[at + i].points == plan->lists[first + i].points &&
           strcmp(plan->lists[at + i].text, plan->lists[first + i].text) == 0)
      i++;
    if (i == count)
      return at;
  }
  return first;
}

static void add_list(chiso__sheet_plan *plan, uint32_t node) {
  const chiso_node *n = &plan->ix->nodes[node];
  size_t first = plan->n_lists, count = 0;
  size_t most = n->n_steps;
  uint32_t c = chiso_methodology_first_child(plan->m, node);
  for (; c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c))
    most++;
  const char **keys = chiso__arena_array(&plan->arena, most, sizeof *keys);
  if (!keys) {
    plan->failed = true;
    return;
  }
  for (uint32_t i = 0; n->op == CHISO_OP_CHOICE && i < n->n_steps; i++) {
    const chiso_step *s = &n->steps[i];
    keys[count++] = s->key;
    add_list_row(plan, title_of(plan, s->title_vi, s->title_en),
                 chiso_dec_round(s->points, n->digits, n->round));
  }
  c = chiso_methodology_first_child(plan->m, node);
  for (; c != CHISO_NO_NODE; c = chiso_methodology_next(plan->m, c)) {
    const chiso_node *b = &plan->ix->nodes[c];
    keys[count++] = b->when ? b->when : "";
    add_list_row(plan, title_of(plan, b->title_vi, b->title_en), CHISO_NONE);
  }
  if (plan->failed)
    return;
  settle_titles(plan, first, keys, count);
  if (n->na != CHISO_POLICY_FORBIDDEN)
    add_list_row(plan, chiso__plan_say(plan, MSG_SHEET_NA), CHISO_NONE);
  if (plan->failed)
    return;
  size_t same = same_list(plan, first);
  if (same != first)
    plan->n_lists = first;
  plan->list_of[node] = (uint32_t)same;
  plan->choices_of[node] = (uint32_t)count;
}

const char *chiso__plan_list(chiso__sheet_plan *plan, uint32_t node,
                             bool points, bool with_na) {
  unsigned long first =
      (unsigned long)plan->list_base + plan->list_of[node] + 1;
  unsigned long last = first + plan->choices_of[node] - 1;
  char column = points ? 'B' : 'A';
  if (with_na && plan->ix->nodes[node].na != CHISO_POLICY_FORBIDDEN)
    last++;
  return chiso__plan_print(plan, CHISO__LISTS "!$%c$%lu:$%c$%lu", column, first,
                           column, last);
}

/* ---- checks ---------------------------------------------------------------
 */

/* "a number from 0 to 5, at most 2 digits; or NA" */
static const char *limits_text(chiso__sheet_plan *plan, const chiso__limits *l,
                               bool na) {
  const char *what = l->digits == 0 ? chiso__plan_say(plan, MSG_SHEET_WHOLE)
                     : l->digits < CHISO_DEC_DIGITS
                         ? chiso__plan_say(plan, MSG_SHEET_DIGITS, l->digits)
                         : chiso__plan_say(plan, MSG_SHEET_NUMBER);
  if (l->has_lo && l->has_hi)
    what = chiso__plan_say(plan, MSG_SHEET_BETWEEN, what,
                           chiso__plan_dec(plan, l->lo),
                           chiso__plan_dec(plan, l->hi));
  else if (l->has_lo)
    what = chiso__plan_say(plan, MSG_SHEET_AT_LEAST, what,
                           chiso__plan_dec(plan, l->lo));
  return na ? chiso__plan_say(plan, MSG_SHEET_OR_NA, what) : what;
}

static uint32_t add_check(chiso__sheet_plan *plan, chiso__check check) {
  for (size_t i = 0; i < plan->n_checks; i++) {
    const chiso__check *c = &plan->checks[i];
    const char *a = c->list ? c->list : c->formula;
    const char *b = check.list ? check.list : check.formula;
    if (!c->list == !check.list && strcmp(a, b) == 0 &&
        strcmp(c->message, check.message) == 0)
      return (uint32_t)i;
  }
  if (!chiso__grow(plan->arena.allocator, (void **)(void *)&plan->checks,
                   &plan->checks_capacity, plan->n_checks,
                   sizeof *plan->checks)) {
    plan->failed = true;
    return CHISO__NO_CHECK;
  }
  plan->checks[plan->n_checks] = check;
  return (uint32_t)plan->n_checks++;
}

static uint32_t check_of(chiso__sheet_plan *plan, uint32_t node,
                         const chiso_input *input) {
  const chiso_node *n = &plan->ix->nodes[node];
  bool na = n->na != CHISO_POLICY_FORBIDDEN;
  if (input->unit == CHISO_UNIT_CHOICE)
    return add_check(
        plan, (chiso__check) {
                  .list = chiso__plan_list(plan, node, false, true),
                  .message = chiso__plan_say(plan, MSG_SHEET_FROM_LIST) });
  chiso__limits limits = chiso__limits_of(n, input);
  chiso__buffer out = { .allocator = plan->arena.allocator }, test = out;
  chiso__limits_test(&limits, &test);
  chiso__buffer_print(&out, "=IF(ISNUMBER(@),%s,",
                      test.data ? test.data : "TRUE");
  if (na)
    chiso__buffer_print(&out,
                        "ISNUMBER(MATCH(@," CHISO__LISTS "!$A$1:$A$%u,0)))",
                        CHISO__NA_WORDS);
  else
    chiso__buffer_text(&out, "FALSE)");
  plan->failed |= test.failed;
  chiso__buffer_free(&test);
  const char *formula = chiso__plan_take(plan, &out);
  chiso__buffer_free(&out);
  return add_check(
      plan, (chiso__check) { .formula = formula,
                             .message = limits_text(plan, &limits, na) });
}

void chiso__plan_checks(chiso__sheet_plan *plan) {
  for (uint32_t i = 0; i < plan->layout.n_rows && !plan->failed; i++) {
    const chiso__sheet_row *row = &plan->layout.rows[i];
    chiso__line *line = &plan->lines[i];
    line->check = CHISO__NO_CHECK;
    if (row->input == CHISO__NO_INPUT)
      continue;
    const chiso_input *input = &plan->ix->nodes[row->node].inputs[row->input];
    if (input->unit == CHISO_UNIT_CHOICE)
      add_list(plan, row->node);
    if (!plan->failed)
      line->check = check_of(plan, row->node, input);
    line->style = input->unit == CHISO_UNIT_CHOICE ? CHISO__ENTRY_TEXT
                  : input->digits == 0             ? CHISO__ENTRY_WHOLE
                                                   : CHISO__ENTRY_NUMBER;
  }
}
