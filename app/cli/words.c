/* SPDX-License-Identifier: Apache-2.0
 * How a methodology reads: rules in words, marks, law. */
#include "cli.h"

#include <string.h>

#define PERCENT ((chiso_dec)100)

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

static const char *points(cli *c, chiso_dec value) {
  const char *number = cli_dec(c, value);
  bool one = value == CHISO_DEC_ONE;
  return cli_say(c, one ? TXT_POINT : TXT_POINTS, number);
}

unsigned cli_input_unit(const chiso_node *node, const chiso_input *input) {
  if (node->op == CHISO_OP_INDEX && node->ref_value == CHISO_REF_POINTS &&
      input->unit == CHISO_UNIT_PERCENT)
    return CHISO_UNIT_POINTS;
  return input->unit;
}

static const chiso_input *input_with(const chiso_node *node, unsigned role) {
  for (uint32_t i = 0; i < node->n_inputs; i++)
    if (node->inputs[i].role == role)
      return &node->inputs[i];
  return NULL;
}

/* What a threshold is compared with: a quotient and a share read as percent. */
static const char *threshold(cli *c, const chiso_node *node, chiso_dec at) {
  const chiso_input *x = input_with(node, CHISO_ROLE_X);
  const chiso_input *den = input_with(node, CHISO_ROLE_DEN);
  bool quotient = den && (!x || x->unit == CHISO_UNIT_SHARE ||
                          x->unit == CHISO_UNIT_PERCENT);
  if (x && x->unit == CHISO_UNIT_PERCENT && !den)
    return cli_print(c, "%s%%", cli_dec(c, at));
  if (quotient || (x && x->unit == CHISO_UNIT_SHARE))
    return cli_print(c, "%s%%", cli_dec(c, at * PERCENT));
  return cli_dec(c, at);
}

static const char *sign(unsigned cmp) {
  static const char *const signs[] = { "≥", ">", "≤", "<" };
  return cmp < 4 ? signs[cmp] : "?";
}

/* num / den, or the key of x */
static const char *measure(cli *c, const chiso_node *node) {
  const chiso_input *x = input_with(node, CHISO_ROLE_X);
  const chiso_input *num = input_with(node, CHISO_ROLE_NUM);
  const chiso_input *den = input_with(node, CHISO_ROLE_DEN);
  const char *quotient = num && den
                             ? cli_print(c, "%s / %s", num->key, den->key)
                         : num ? num->key
                               : "";
  if (!x)
    return quotient;
  return quotient[0] == '\0' ? x->key : cli_say(c, TXT_OR, x->key, quotient);
}

static const char *step_rule(cli *c, const chiso_node *node) {
  const char *text = "";
  if (node->n_steps == 0)
    return cli_say(c, TXT_RULE_CONSTANT, points(c, node->otherwise));
  for (uint32_t i = 0; i < node->n_steps; i++) {
    const chiso_step *step = &node->steps[i];
    text = cli_join(
        c, text, "; ",
        cli_print(c, "%s %s → %s", sign(step->cmp),
                  threshold(c, node, step->at),
                  i == 0 ? points(c, step->points) : cli_dec(c, step->points)));
  }
  text = cli_join(c, text, "; ",
                  cli_say(c, TXT_RULE_OTHERWISE, cli_dec(c, node->otherwise)));
  return cli_print(c, "%s: %s", measure(c, node), text);
}

static const char *linear_rule(cli *c, const chiso_node *node) {
  const char *text = "";
  for (uint32_t i = 0; i < node->n_steps; i++)
    text =
        cli_join(c, text, "; ",
                 cli_print(c, "%s → %s", threshold(c, node, node->steps[i].at),
                           cli_dec(c, node->steps[i].points)));
  return cli_say(c, TXT_RULE_LINEAR, measure(c, node), text);
}

static const char *ratio_rule(cli *c, const chiso_node *node) {
  const char *text =
      cli_print(c, "%s × %s", cli_dec(c, node->max), measure(c, node));
  if (node->target != CHISO_DEC_ONE)
    text = cli_join(
        c, text, "; ",
        cli_say(c, TXT_RULE_TARGET, cli_dec(c, node->target * PERCENT)));
  if (node->floor != CHISO_NONE)
    text =
        cli_join(c, text, "; ",
                 cli_say(c, TXT_RULE_FLOOR, cli_dec(c, node->floor * PERCENT)));
  if (node->cap != CHISO_DEC_ONE)
    text = cli_join(c, text, "; ",
                    cli_say(c, TXT_RULE_CAP, cli_dec(c, node->cap)));
  return text;
}

static const char *choice_rule(cli *c, const chiso_node *node) {
  const char *text = "";
  for (uint32_t i = 0; i < node->n_steps; i++) {
    const chiso_step *step = &node->steps[i];
    const char *title = cli_pick(c, step->title_vi, step->title_en);
    const char *name = step->key;
    if (title[0] != '\0' && strcmp(title, step->key) != 0)
      name = cli_print(c, "%s (%s)", step->key, title);
    text = cli_join(c, text, "; ",
                    cli_print(c, "%s → %s", name, cli_dec(c, step->points)));
  }
  return text;
}

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

static const char *case_rule(cli *c, const chiso_methodology *m,
                             uint32_t node) {
  const chiso_index *index = chiso_methodology_index(m);
  const char *text = "";
  for (uint32_t n = chiso_methodology_first_child(m, node); n != CHISO_NO_NODE;
       n = chiso_methodology_next(m, n))
    text = cli_join(c, text, "; ",
                    cli_print(c, "%s → %s", cli_branch_condition(c, m, n),
                              index->nodes[n].id));
  return cli_say(c, TXT_RULE_CASE, text);
}

static const char *inner_rule(cli *c, const chiso_methodology *m,
                              uint32_t place) {
  const chiso_node *node = &chiso_methodology_index(m)->nodes[place];
  switch (node->op) {
  case CHISO_OP_SUM:
    return cli_text(c, TXT_RULE_SUM);
  case CHISO_OP_MEAN:
    return cli_text(c, weighted(m, place) ? TXT_RULE_WEIGHTED : TXT_RULE_MEAN);
  case CHISO_OP_SCALE:
    return cli_say(
        c, weighted(m, place) ? TXT_RULE_SCALE_WEIGHTED : TXT_RULE_SCALE,
        cli_dec(c, node->lo), cli_dec(c, node->hi - node->lo));
  default:
    return case_rule(c, m, place);
  }
}

static const char *index_rule(cli *c, const chiso_node *node) {
  bool root = !node->ref_node || strcmp(node->ref_node, "index") == 0;
  return cli_say(c, TXT_RULE_INDEX, cli_dec(c, node->max),
                 chiso_title(CHISO_FAMILY_REF_VALUE, node->ref_value, c->lang),
                 node->ref_index ? node->ref_index : "",
                 root ? "" : cli_print(c, " %s", node->ref_node),
                 cli_dec(c, node->scale));
}

const char *cli_rule(cli *c, const chiso_methodology *m, uint32_t place) {
  const chiso_node *node = &chiso_methodology_index(m)->nodes[place];
  const char *max = cli_dec(c, node->max);
  switch (node->op) {
  case CHISO_OP_MANUAL:
    return cli_say(c, TXT_RULE_MANUAL, cli_dec(c, node->lo), max);
  case CHISO_OP_STEP:
    return step_rule(c, node);
  case CHISO_OP_LINEAR:
    return linear_rule(c, node);
  case CHISO_OP_RATIO:
    return ratio_rule(c, node);
  case CHISO_OP_PENALTY:
    return cli_say(c, TXT_RULE_PENALTY, max, cli_dec(c, node->per),
                   measure(c, node), cli_dec(c, node->lo));
  case CHISO_OP_CHOICE:
    return choice_rule(c, node);
  case CHISO_OP_SURVEY:
    return cli_say(c, TXT_RULE_SURVEY, cli_dec(c, node->from),
                   cli_dec(c, node->to), max);
  case CHISO_OP_SHARE:
    return cli_say(c, TXT_RULE_SHARE, max);
  case CHISO_OP_NORM:
    return cli_say(c, TXT_RULE_NORM, measure(c, node), cli_dec(c, node->from),
                   cli_dec(c, node->to));
  case CHISO_OP_BEST:
    return cli_say(c, TXT_RULE_BEST, max, measure(c, node));
  case CHISO_OP_INDEX:
    return index_rule(c, node);
  case CHISO_OP_CALL:
    return cli_say(c, TXT_RULE_CALL, (unsigned)node->call);
  default:
    return inner_rule(c, m, place);
  }
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

const char *cli_rule_details(cli *c, const chiso_node *node) {
  const char *text = "";
  if (node->digits < CHISO_KEEP)
    text = cli_say(c, TXT_ROUNDED, (unsigned)node->digits,
                   chiso_title(CHISO_FAMILY_ROUNDING, node->round, c->lang));
  if (node->na != CHISO_POLICY_FORBIDDEN)
    text =
        cli_join(c, text, "; ",
                 cli_say(c, TXT_POLICY_NA,
                         chiso_title(CHISO_FAMILY_POLICY, node->na, c->lang)));
  if (node->empty != CHISO_POLICY_FORBIDDEN)
    text = cli_join(
        c, text, "; ",
        cli_say(c, TXT_POLICY_EMPTY,
                chiso_title(CHISO_FAMILY_POLICY, node->empty, c->lang)));
  if (node->residual != CHISO_NONE)
    text = cli_join(c, text, "; ",
                    cli_say(c, TXT_APPROXIMATE, cli_dec(c, node->residual)));
  if (node->weight == 0)
    text = cli_join(c, text, "; ", cli_text(c, TXT_NOT_COUNTED));
  return text;
}

const char *cli_branch_condition(cli *c, const chiso_methodology *m,
                                 uint32_t place) {
  const chiso_index *index = chiso_methodology_index(m);
  const chiso_node *node = &index->nodes[place];
  uint32_t parent = chiso_methodology_parent(m, place);
  if (node->when)
    return cli_say(c, TXT_WHEN, node->when);
  if (parent == CHISO_NO_NODE || node->at == CHISO_NONE)
    return cli_text(c, TXT_ELSE);
  return cli_print(c, "%s %s %s", measure(c, &index->nodes[parent]),
                   sign(node->cmp),
                   threshold(c, &index->nodes[parent], node->at));
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
