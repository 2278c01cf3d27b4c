/* SPDX-License-Identifier: Apache-2.0
 * sheet/make_plan.c - what all sheets of a group have in common. */
#include "sheet/make_plan.h"

#include <stdarg.h>
#include <string.h>

#include "sheet/rule.h"

const char *const chiso__na_words[CHISO__NA_WORDS] = { "NA", "N/A", "KAD",
                                                       "Không áp dụng",
                                                       "Not applicable" };

/* ---- texts ----------------------------------------------------------------
 */

static const char *print_args(chiso__sheet_plan *plan, const char *format,
                              va_list args) {
  va_list again;
  va_copy(again, args);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *out =
      size < 0 ? NULL : chiso__arena_raw(&plan->arena, (size_t)size + 1, 1);
  if (!out) {
    plan->failed = true;
    return "";
  }
  (void)vsnprintf(out, (size_t)size + 1, format, args);
  return out;
}

const char *chiso__plan_print(chiso__sheet_plan *plan, const char *format,
                              ...) {
  va_list args;
  va_start(args, format);
  const char *text = print_args(plan, format, args);
  va_end(args);
  return text;
}

const char *chiso__plan_say(chiso__sheet_plan *plan, chiso__message message,
                            ...) {
  va_list args;
  va_start(args, message);
  const char *text =
      print_args(plan, chiso__message_text(message, plan->lang), args);
  va_end(args);
  return text;
}

static char mark_of(const chiso__sheet_plan *plan) {
  return plan->lang == CHISO_LANG_VI ? ',' : '.';
}

const char *chiso__plan_dec(chiso__sheet_plan *plan, chiso_dec value) {
  char out[CHISO_DEC_TEXT];
  chiso_dec_format(
      value, (chiso_dec_style) { mark_of(plan), CHISO_DEC_DIGITS, false }, out);
  return chiso__plan_print(plan, "%s", out);
}

const char *chiso__plan_take(chiso__sheet_plan *plan, chiso__buffer *buffer) {
  const char *text =
      buffer->failed
          ? NULL
          : chiso__arena_text(&plan->arena, buffer->data ? buffer->data : "",
                              buffer->size);
  plan->failed |= !text;
  buffer->size = 0;
  return text ? text : "";
}

static const char *join(chiso__sheet_plan *plan, const char *text,
                        const char *between, const char *more) {
  if (!more || more[0] == '\0')
    return text;
  return text[0] == '\0'
             ? more
             : chiso__plan_print(plan, "%s%s%s", text, between, more);
}

/* Both titles, the language's own first. */
static const char *both(chiso__sheet_plan *plan, const char *vi,
                        const char *en) {
  bool first = plan->lang == CHISO_LANG_VI || !en || !en[0];
  const char *a = first ? vi : en, *b = first ? en : vi;
  if (!a || !a[0])
    return b ? b : "";
  return b && strcmp(a, b) != 0 ? join(plan, a, "\n", b) : a;
}

/* ---- lines ----------------------------------------------------------------
 */

static const char *in_words(chiso__sheet_plan *plan, uint32_t node,
                            chiso_words part) {
  chiso_words_style style = { plan->lang, mark_of(plan), true };
  char *text;
  if (chiso_rule_words(plan->m, node, part, style, plan->arena.allocator, &text,
                       NULL) != CHISO_OK) {
    plan->failed = true;
    return "";
  }
  const char *copy = chiso__plan_print(plan, "%s", text);
  chiso_text_free(plan->arena.allocator, text);
  return copy;
}

/* As the instrument words it, else as the rule reads; then what else holds. */
static const char *rule_of(chiso__sheet_plan *plan, uint32_t node) {
  const chiso_node *n = &plan->ix->nodes[node];
  const char *rule =
      n->rule && n->rule[0] ? n->rule : in_words(plan, node, CHISO_WORDS_RULE);
  if (n->kind == CHISO_KIND_BRANCH && !n->when)
    rule = join(plan, in_words(plan, node, CHISO_WORDS_CONDITION), ": ", rule);
  const char *details = in_words(plan, node, CHISO_WORDS_DETAILS);
  return details[0] ? chiso__plan_print(plan, "%s\n(%s)", rule, details) : rule;
}

static const char *unit_of(const chiso__sheet_plan *plan, const chiso_node *n,
                           const chiso_input *input) {
  bool points = n->op == CHISO_OP_INDEX && n->ref_value == CHISO_REF_POINTS &&
                input->unit == CHISO_UNIT_PERCENT;
  return chiso_title(CHISO_FAMILY_UNIT,
                     points ? CHISO_UNIT_POINTS : input->unit, plan->lang);
}

/* What keys of inputs mean that rules have by themselves. */
static const char *standard_title(const chiso__sheet_plan *plan,
                                  const char *key) {
  static const struct {
    const char *key;
    chiso__message label;
  } titles[] = {
    { "percent", MSG_SHEET_IN_PERCENT }, { "chosen", MSG_SHEET_IN_CHOSEN },
    { "answers", MSG_SHEET_IN_ANSWERS }, { "mean", MSG_SHEET_IN_MEAN },
    { "sum", MSG_SHEET_IN_SUM },         { "count", MSG_SHEET_IN_COUNT },
    { "value", MSG_SHEET_IN_VALUE },     { "num", MSG_SHEET_IN_NUM },
    { "den", MSG_SHEET_IN_DEN },
  };
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
    if (strcmp(titles[i].key, key) == 0)
      return chiso__message_text(titles[i].label, plan->lang);
  return key;
}

/* An input by its title, or what the text calls it, or its key. */
static const char *input_title(chiso__sheet_plan *plan, const chiso_node *n,
                               const chiso_input *input) {
  const char *title = both(plan, input->title_vi, input->title_en);
  if (title[0] == '\0' && input->role == CHISO_ROLE_NUM && n->numerator)
    title = n->numerator;
  if (title[0] == '\0' && input->role == CHISO_ROLE_DEN && n->denominator)
    title = n->denominator;
  return title[0] ? title : standard_title(plan, input->key);
}

static void fill_input(chiso__sheet_plan *plan, const chiso__sheet_row *row,
                       chiso__line *line) {
  const chiso_node *n = &plan->ix->nodes[row->node];
  const chiso_input *input = &n->inputs[row->input];
  bool plain =
      input->unit == CHISO_UNIT_POINTS || input->unit == CHISO_UNIT_CHOICE;
  line->takes = true;
  line->foreign = n->assessor > CHISO_BY_SELF;
  if (!row->shows) {
    line->no = chiso__plan_print(plan, "%c)", (char)('a' + row->input));
    line->title = chiso__plan_print(
        plan, "%s (%s)", input_title(plan, n, input), unit_of(plan, n, input));
    return;
  }
  const char *own = both(plan, input->title_vi, input->title_en);
  if (own[0])
    line->title = chiso__plan_print(plan, "%s\n%s (%s)", line->title, own,
                                    unit_of(plan, n, input));
  else if (!plain)
    line->title = chiso__plan_print(plan, "%s\n(%s)", line->title,
                                    unit_of(plan, n, input));
}

/* How many lines a text takes in a column. */
static unsigned wrapped(const char *text, unsigned column) {
  /* letters are narrower than the digits that widths are counted in */
  unsigned width = chiso__sheet_column_width(column) * 6 / 5, lines = 0;
  for (;;) {
    size_t size = strcspn(text, "\n");
    size_t characters = 0;
    for (size_t i = 0; i < size; i++)
      characters += ((unsigned char)text[i] & 0xc0) != 0x80;
    lines += 1 + (unsigned)(characters ? (characters - 1) / width : 0);
    if (text[size] == '\0')
      return lines;
    text += size + 1;
  }
}

static uint16_t height_of(const chiso__line *line) {
  unsigned most = wrapped(line->title, CHISO__COL_TITLE);
  unsigned rule = wrapped(line->rule, CHISO__COL_RULE);
  unsigned evidence = wrapped(line->evidence, CHISO__COL_EVIDENCE);
  most = rule > most ? rule : most;
  most = evidence > most ? evidence : most;
  return (uint16_t)(most < 27 ? most : 27); /* Excel takes 409 points */
}

/* What a round makes of a node that its methodology does not count. */
static const char *extra_of(chiso__sheet_plan *plan, uint32_t node) {
  for (size_t i = 0; i < plan->rules->n_extras; i++) {
    const chiso_extra *x = &plan->rules->extras[i];
    chiso_dec most =
        x->most == CHISO_NONE ? plan->ix->nodes[node].max : x->most;
    if (x->node == node)
      return chiso__plan_say(
          plan, x->penalty ? MSG_SHEET_RULE_PENALTY : MSG_SHEET_RULE_BONUS,
          chiso__plan_dec(plan, most));
  }
  return NULL;
}

static void fill_line(chiso__sheet_plan *plan, uint32_t place) {
  const chiso__sheet_row *row = &plan->layout.rows[place];
  const chiso_node *n = &plan->ix->nodes[row->node];
  chiso__line *line = &plan->lines[place];
  line->key = chiso__sheet_row_key(plan->m, row, &plan->arena);
  line->no = line->title = line->rule = line->evidence = "";
  line->inner =
      chiso_methodology_first_child(plan->m, row->node) != CHISO_NO_NODE;
  line->notes = chiso__sheet_row_notes(plan->m, row);
  plan->failed |= !line->key;
  if (row->shows) {
    line->no = row->node == 0 || n->kind == CHISO_KIND_BRANCH ? "" : n->id;
    line->title = both(plan, n->title_vi, n->title_en);
    /* that a node is the sum of what stands below it needs no words */
    line->rule = n->op == CHISO_OP_SUM && !n->rule
                     ? in_words(plan, row->node, CHISO_WORDS_DETAILS)
                     : rule_of(plan, row->node);
    const char *extra = extra_of(plan, row->node);
    if (extra && (line->inner || n->rule))
      line->rule =
          n->rule ? chiso__plan_print(plan, "%s\n%s", n->rule, extra) : extra;
    else if (extra)
      line->rule = chiso__plan_print(
          plan, "%s\n%s", in_words(plan, row->node, CHISO_WORDS_RULE), extra);
    line->evidence = n->evidence ? n->evidence : "";
    line->has_max = true;
  }
  if (row->input != CHISO__NO_INPUT)
    fill_input(plan, row, line);
  line->lines = height_of(line);
}

chiso_status chiso__plan_make(const chiso_group *group, chiso_lang lang,
                              unsigned stages, uint32_t list_base,
                              chiso__sheet_plan *out, chiso_error *err) {
  const chiso_allocator *allocator = out->arena.allocator;
  *out =
      (chiso__sheet_plan) { .group = group,
                            .m = group->methodology,
                            .ix = chiso_methodology_index(group->methodology),
                            .rules = &group->rules,
                            .lang = lang,
                            .stages = stages,
                            .extras = group->rules.n_extras > 0,
                            .arena = { .allocator = allocator },
                            .list_base = list_base };
  uint32_t n = out->ix->n_nodes;
  CHISO__TRY(chiso_program_new(out->m,
                               (chiso_rule) { .here = chiso__not_asked },
                               allocator, &out->program, err));
  CHISO__TRY(chiso__sheet_lay(out->m, stages, out->extras, &out->arena,
                              &out->layout, err));
  out->lines =
      chiso__arena_array(&out->arena, out->layout.n_rows, sizeof *out->lines);
  out->list_of = chiso__arena_array(&out->arena, n, sizeof *out->list_of);
  out->choices_of = chiso__arena_array(&out->arena, n, sizeof *out->choices_of);
  if (!out->lines || !out->list_of || !out->choices_of)
    return chiso__no_memory(err);
  for (uint32_t i = 0; i < out->layout.n_rows; i++)
    fill_line(out, i);
  chiso__plan_checks(out);
  if (!out->failed)
    chiso__plan_formulas(out);
  return out->failed ? chiso__no_memory(err) : CHISO_OK;
}

void chiso__plan_free(chiso__sheet_plan *plan) {
  const chiso_allocator *allocator = plan->arena.allocator;
  chiso_program_free(plan->program);
  chiso__free(allocator, plan->lists);
  chiso__free(allocator, plan->checks);
  chiso__arena_free(&plan->arena);
  *plan = (chiso__sheet_plan) { .arena = { .allocator = allocator } };
}
