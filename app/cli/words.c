/* SPDX-License-Identifier: Apache-2.0
 * How a methodology reads: rules in words, marks, law. */
#include "cli.h"

#include <string.h>

const char *cli_title(const cli *c, const chiso_node *node) {
  return cli_pick(c, node->title_vi, node->title_en);
}

bool cli_is_leaf(const chiso_methodology *m, uint32_t node) {
  return chiso_methodology_first_child(m, node) == CHISO_NO_NODE;
}

unsigned cli_depth(const chiso_methodology *m, uint32_t node) {
  unsigned depth = 0;
  while ((node = chiso_methodology_parent(m, node)) != CHISO_NO_NODE)
    depth++;
  return depth;
}

unsigned cli_digits(const chiso_index *index, const chiso_node *node) {
  if (node->digits < CHISO_KEEP && node->digits > index->digits)
    return node->digits;
  return index->digits;
}

unsigned cli_input_unit(const chiso_node *node, const chiso_input *input) {
  if (node->op == CHISO_OP_INDEX && node->ref_value == CHISO_REF_POINTS &&
      input->unit == CHISO_UNIT_PERCENT)
    return CHISO_UNIT_POINTS;
  return input->unit;
}

/* A node in words, as the library says it. */
static const char *in_words(cli *c, const chiso_methodology *m, uint32_t place,
                            chiso_words part) {
  chiso_words_style style = { .lang = c->lang, .mark = cli_mark(c) };
  char *text;
  if (chiso_rule_words(m, place, part, style, NULL, &text, &c->err) !=
      CHISO_OK) {
    c->no_memory = true;
    return "";
  }
  const char *copy = cli_copy(c, text, strlen(text));
  chiso_text_free(NULL, text);
  return copy;
}

const char *cli_rule(cli *c, const chiso_methodology *m, uint32_t place) {
  return in_words(c, m, place, CHISO_WORDS_RULE);
}

/* Whether the rule in words says by itself what op it is. */
static bool speaks_for_itself(unsigned op) {
  switch (op) {
  case CHISO_OP_SUM:
  case CHISO_OP_MEAN:
  case CHISO_OP_CASE:
  case CHISO_OP_MANUAL:
  case CHISO_OP_SURVEY:
  case CHISO_OP_SHARE:
  case CHISO_OP_CALL:
    return true;
  default:
    return false;
  }
}

const char *cli_named_rule(cli *c, const chiso_node *node, const char *rule) {
  if (speaks_for_itself(node->op) ||
      (node->op == CHISO_OP_STEP && node->n_steps == 0))
    return rule;
  return cli_print(c, "%s: %s", chiso_title(CHISO_FAMILY_OP, node->op, c->lang),
                   rule);
}

const char *cli_rule_details(cli *c, const chiso_methodology *m,
                             uint32_t place) {
  return in_words(c, m, place, CHISO_WORDS_DETAILS);
}

const char *cli_branch_condition(cli *c, const chiso_methodology *m,
                                 uint32_t place) {
  return in_words(c, m, place, CHISO_WORDS_CONDITION);
}

const char *cli_law(cli *c, const chiso_index *index, const chiso_node *node) {
  if (node->legal >= index->n_legal)
    return "";
  const chiso_legal *law = &index->legal[node->legal];
  const char *date = cli_date(c, law->issued);
  if (!law->instrument)
    return law->title ? law->title : "";
  return date[0] ? cli_print(c, "%s (%s)", law->instrument, date)
                 : law->instrument;
}

const char *cli_rounds(cli *c, uint16_t first, uint16_t last) {
  if (last == 0)
    return cli_say(c, TXT_ROUNDS_OPEN, (unsigned)first);
  if (first == last)
    return cli_print(c, "%u", (unsigned)first);
  return cli_print(c, "%u-%u", (unsigned)first, (unsigned)last);
}

const char *cli_marks(cli *c, const chiso_node *node) {
  static const char marks[] = "rcpo"; /* reconstructed .. official */
  unsigned name = node->prov_name, of_points = node->prov_points;
  return cli_print(c, "%c/%c", name < 4 ? marks[name] : '?',
                   of_points < 4 ? marks[of_points] : '?');
}

/* English plurals of the kinds: criteria, areas. */
const char *cli_count(cli *c, unsigned kind, uint32_t count) {
  const char *title = chiso_title(CHISO_FAMILY_KIND, kind, c->lang);
  size_t n = strlen(title);
  if (c->lang != CHISO_LANG_EN || count == 1)
    return cli_print(c, "%u %s", (unsigned)count, title);
  if (kind == CHISO_KIND_CRITERION || kind == CHISO_KIND_SUBCRITERION)
    return cli_print(c, "%u %.*sa", (unsigned)count, (int)n - 2, title);
  return cli_print(c, "%u %s%s", (unsigned)count, title,
                   kind == CHISO_KIND_BRANCH ? "es" : "s");
}

static bool same_word(const char *key, const char *word, size_t size) {
  return key && strlen(key) == size && memcmp(key, word, size) == 0;
}

static uint32_t number_of(const char *text) {
  uint32_t number = 0;
  for (; *text >= '0' && *text <= '9' && number < 10000000; text++)
    number = number * 10 + (uint32_t)(*text - '0');
  return number;
}

const char *cli_counts_text(cli *c, const char *text) {
  const char *out = "";
  while (text && *text != '\0') {
    size_t n = strcspn(text, ","), blank = strcspn(text, " ");
    for (unsigned kind = 1; kind <= CHISO_KIND_BRANCH && blank < n; kind++)
      if (same_word(chiso_key(CHISO_FAMILY_KIND, kind), text + blank + 1,
                    n - blank - 1))
        out = cli_join(c, out, ", ", cli_count(c, kind, number_of(text)));
    text += n;
    text += strspn(text, ", ");
  }
  return out;
}

const char *cli_provenance_text(cli *c, const char *text) {
  const char *out = "";
  while (text && *text != '\0') {
    size_t n = strcspn(text, ","), blank = strcspn(text, " ");
    for (unsigned p = 0; p <= CHISO_PROV_OFFICIAL && blank < n; p++)
      if (same_word(chiso_key(CHISO_FAMILY_PROVENANCE, p), text, blank))
        out =
            cli_join(c, out, ", ",
                     cli_print(c, "%s %u",
                               chiso_title(CHISO_FAMILY_PROVENANCE, p, c->lang),
                               (unsigned)number_of(text + blank + 1)));
    text += n;
    text += strspn(text, ", ");
  }
  return out;
}

/* ---- the set as a whole ---------------------------------------------------
 */

const char *cli_grades(cli *c, const chiso_grading *grading,
                       const chiso_run *run) {
  bool quantile = grading->kind == CHISO_GRADE_QUANTILE;
  const char *text = "";
  for (uint32_t g = 0; g < grading->n_grades; g++) {
    const chiso_grade *one = &grading->grades[g];
    const char *name = cli_pick(c, one->title_vi, one->title_en);
    chiso_dec bound = !quantile ? one->at_least
                      : run     ? chiso_run_grade_bound(run, g)
                                : CHISO_NONE;
    if (bound != CHISO_NONE)
      name = cli_print(c, "%s %s %s", name,
                       chiso_title(CHISO_FAMILY_CMP, one->cmp, c->lang),
                       cli_dec(c, bound));
    else if (!quantile || run)
      name = cli_say(c, TXT_GRADE_REST, name);
    text = cli_join(c, text, "; ", name);
  }
  return text;
}

const char *cli_gradings(cli *c, const chiso_index *index) {
  const char *text = "";
  for (uint32_t i = 0; i < index->n_gradings; i++) {
    const chiso_grading *g = &index->gradings[i];
    const char *one = cli_grades(c, g, NULL);
    if (g->kind == CHISO_GRADE_QUANTILE)
      one = cli_print(c, "%s: %s",
                      chiso_title(CHISO_FAMILY_GRADING, g->kind, c->lang), one);
    if (g->first || g->last)
      one = cli_print(c, "%s: %s", cli_rounds(c, g->first, g->last), one);
    text = cli_join(c, text, " | ", one);
  }
  return text;
}

const char *cli_partitions(cli *c, const chiso_index *index) {
  const char *text = "";
  for (uint32_t i = 0; i < index->n_partitions; i++) {
    const chiso_partition *p = &index->partitions[i];
    const char *parts = "";
    for (uint32_t k = 0; k < p->n_parts; k++)
      parts = cli_join(
          c, parts, "; ",
          cli_print(c, "%s %s",
                    cli_pick(c, p->parts[k].title_vi, p->parts[k].title_en),
                    cli_dec(c, p->parts[k].max)));
    text = cli_join(
        c, text, " | ",
        cli_print(c, "%s: %s", cli_pick(c, p->title_vi, p->title_en), parts));
  }
  return text;
}

const char *cli_deadlines(cli *c, const chiso_index *index) {
  const char *text = "";
  for (uint32_t i = 0; i < index->n_deadlines; i++)
    text = cli_join(c, text, "; ",
                    cli_print(c, "%s %s", index->deadlines[i].what,
                              cli_date(c, index->deadlines[i].date)));
  return text;
}
