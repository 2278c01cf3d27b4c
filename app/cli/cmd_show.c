/* SPDX-License-Identifier: Apache-2.0
 * chiso show: the tree of a methodology, and everything about one node. */
#include "cli.h"

#include <string.h>

/* ---- the tree ------------------------------------------------------------ */

/* A terminal under 100 columns has no room for it. */
static bool shows_assessor(const cli *c) {
  unsigned width = cli_width(c);
  return !cli_people(c) || width == 0 || width >= 100;
}

static void columns(sheet *s) {
  bool people = cli_people(s->c);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  if (!people) {
    sheet_column(s, "parent", TXT_COL_PARENT, CHISO_CELL_TEXT, 0);
    sheet_column(s, "kind", TXT_COL_KIND, CHISO_CELL_TEXT, 0);
  }
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, 2);
  if (!people)
    sheet_column(s, "weight", TXT_COL_WEIGHT, CHISO_CELL_DEC, 6);
  if (shows_assessor(s->c))
    sheet_column(s, "assessor", TXT_COL_ASSESSOR, CHISO_CELL_TEXT, 0);
  sheet_column(s, "rule", TXT_COL_RULE, CHISO_CELL_TEXT, 0);
  if (people) {
    sheet_column(s, "row", TXT_COL_ROW, CHISO_CELL_TEXT, 0);
    return;
  }
  sheet_column(s, "op", TXT_COL_OP, CHISO_CELL_TEXT, 0);
  sheet_column(s, "concept", TXT_COL_CONCEPT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "legal", TXT_COL_LAW, CHISO_CELL_TEXT, 0);
  sheet_column(s, "provenance_name", TXT_COL_PROV_NAME, CHISO_CELL_TEXT, 0);
  sheet_column(s, "provenance_points", TXT_COL_PROV_POINTS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "source", TXT_COL_SOURCE, CHISO_CELL_TEXT, 0);
}

static const char *key_or_none(chiso_family family, unsigned value) {
  return value == 0 ? NULL : chiso_key(family, value);
}

static const char *full_rule(cli *c, const chiso_methodology *m,
                             uint32_t place) {
  const chiso_node *node = &chiso_methodology_index(m)->nodes[place];
  const char *rule = cli_rule(c, m, place);
  if (node->kind == CHISO_KIND_BRANCH)
    rule = cli_print(c, "%s: %s", cli_branch_condition(c, m, place), rule);
  return cli_join(c, rule, "; ", cli_rule_details(c, m, place));
}

static void row(sheet *s, const chiso_methodology *m, uint32_t place) {
  cli *c = s->c;
  const chiso_index *index = chiso_methodology_index(m);
  const chiso_node *node = &index->nodes[place];
  bool people = cli_people(c);
  sheet_text(s, node->id);
  if (!people) {
    sheet_text(s, node->parent);
    sheet_text(s, chiso_key(CHISO_FAMILY_KIND, node->kind));
  }
  unsigned depth = cli_depth(m, place);
  sheet_text(
      s, people ? cli_print(c, "%*s%s", (int)depth * 2, "", cli_title(c, node))
                : cli_title(c, node));
  sheet_dec(s, node->max);
  if (!people)
    sheet_dec(s, node->weight);
  if (shows_assessor(c))
    sheet_text(s,
               people && node->assessor != CHISO_BY_NONE
                   ? chiso_title(CHISO_FAMILY_ASSESSOR, node->assessor, c->lang)
                   : key_or_none(CHISO_FAMILY_ASSESSOR, node->assessor));
  sheet_text(s, full_rule(c, m, place));
  if (people) {
    sheet_text(s, cli_marks(c, node));
    return;
  }
  sheet_text(s, chiso_key(CHISO_FAMILY_OP, node->op));
  sheet_text(s, node->concept_id);
  sheet_text(s, cli_law(c, index, node));
  sheet_text(s, chiso_key(CHISO_FAMILY_PROVENANCE, node->prov_name));
  sheet_text(s, chiso_key(CHISO_FAMILY_PROVENANCE, node->prov_points));
  sheet_text(s, node->source);
}

/* "8 areas, 43 criteria, 102 subcriteria": kinds in their order. */
static const char *counts(cli *c, const chiso_methodology *m) {
  const char *text = "";
  for (unsigned kind = CHISO_KIND_AREA; kind < CHISO_KIND_BRANCH; kind++) {
    uint32_t count = chiso_methodology_count(m, kind);
    if (count > 0)
      text = cli_join(c, text, ", ", cli_count(c, kind, count));
  }
  return text;
}

static void about(sheet *s, const chiso_methodology *m) {
  cli *c = s->c;
  const chiso_index *index = chiso_methodology_index(m);
  sheet_title(s, cli_print(c, "%s · %s",
                           cli_pick(c, index->title_vi, index->title_en),
                           chiso_methodology_name(m)));
  sheet_title(s, cli_say(c, TXT_SHOW_ROUNDS,
                         cli_rounds(c, index->first, index->last),
                         index->unit_set ? index->unit_set : "",
                         cli_dec(c, index->nodes[0].max), counts(c, m)));
  for (uint32_t i = 0; i < index->n_legal; i++) {
    const chiso_legal *law = &index->legal[i];
    const char *text = cli_join(c, law->instrument ? law->instrument : law->key,
                                ", ", cli_date(c, law->issued));
    sheet_title(s,
                cli_say(c, TXT_SHOW_LAW,
                        cli_join(c, text, ": ", law->title ? law->title : "")));
  }
  sheet_title(s, cli_say(c, TXT_SHOW_DIGEST, chiso_methodology_digest(m)));
}

static int show_tree(cli *c, const chiso_methodology *m) {
  const chiso_index *index = chiso_methodology_index(m);
  sheet s = sheet_new(c);
  about(&s, m);
  columns(&s);
  unsigned least = CHISO_PROV_OFFICIAL;
  for (uint32_t n = 0; n < index->n_nodes; n++) {
    row(&s, m, n);
    if (index->nodes[n].prov_name < least)
      least = index->nodes[n].prov_name;
    if (index->nodes[n].prov_points < least)
      least = index->nodes[n].prov_points;
  }
  if (cli_people(c))
    sheet_note(&s, cli_text(c, TXT_LEGEND));
  if (index->note)
    sheet_note(&s, index->note);
  if (least < CHISO_PROV_PUBLISHED)
    sheet_note(&s, cli_text(c, TXT_ROWS_NOT_OFFICIAL));
  return sheet_write(&s);
}

/* ---- one node ------------------------------------------------------------ */

static void fact(sheet *s, const char *key, text_id name, const char *value) {
  if (!value || value[0] == '\0')
    return;
  sheet_text(s, cli_people(s->c) ? cli_text(s->c, name) : key);
  sheet_text(s, value);
}

static const char *was(cli *c, const chiso_node *node) {
  const char *text = "";
  for (uint32_t i = 0; i < node->n_was; i++)
    text = cli_join(c, text, ", ", node->was[i]);
  return text;
}

static void input_facts(sheet *s, const chiso_node *node) {
  cli *c = s->c;
  for (uint32_t i = 0; i < node->n_inputs; i++) {
    const chiso_input *input = &node->inputs[i];
    const char *title = cli_pick(c, input->title_vi, input->title_en);
    const char *text = cli_print(
        c, "%s · %s · %s", input->key,
        chiso_title(CHISO_FAMILY_ROLE, input->role, c->lang),
        chiso_title(CHISO_FAMILY_UNIT, cli_input_unit(node, input), c->lang));
    fact(s, "input", TXT_FACT_INPUT, cli_join(c, text, " · ", title));
  }
}

static void rule_facts(sheet *s, const chiso_methodology *m, uint32_t place) {
  cli *c = s->c;
  const chiso_node *node = &chiso_methodology_index(m)->nodes[place];
  fact(s, "rule", TXT_FACT_RULE,
       cli_named_rule(c, node, full_rule(c, m, place)));
  fact(s, "rule_text", TXT_FACT_RULE_TEXT, node->rule);
  input_facts(s, node);
  fact(s, "numerator", TXT_FACT_NUMERATOR, node->numerator);
  fact(s, "denominator", TXT_FACT_DENOMINATOR, node->denominator);
  fact(s, "period", TXT_FACT_PERIOD, node->period);
  fact(s, "evidence", TXT_FACT_EVIDENCE, node->evidence);
}

static void where_facts(sheet *s, const chiso_methodology *m, uint32_t place) {
  cli *c = s->c;
  const chiso_index *index = chiso_methodology_index(m);
  const chiso_node *node = &index->nodes[place];
  fact(s, "concept", TXT_FACT_CONCEPT, node->concept_id);
  fact(s, "was", TXT_FACT_WAS, was(c, node));
  fact(s, "legal", TXT_FACT_LAW, cli_law(c, index, node));
  fact(s, "provenance", TXT_FACT_PROVENANCE,
       cli_say(
           c, TXT_NAME_AND_POINTS,
           chiso_title(CHISO_FAMILY_PROVENANCE, node->prov_name, c->lang),
           chiso_title(CHISO_FAMILY_PROVENANCE, node->prov_points, c->lang)));
  fact(s, "source", TXT_FACT_SOURCE, node->source);
  fact(s, "note", TXT_FACT_NOTE, node->note);
}

static int show_node(cli *c, const chiso_methodology *m, uint32_t place) {
  const chiso_index *index = chiso_methodology_index(m);
  const chiso_node *node = &index->nodes[place];
  sheet s = sheet_new(c);
  sheet_title(&s, cli_print(c, "%s  %s", node->id, cli_title(c, node)));
  sheet_column_named(&s, "field", "", CHISO_CELL_TEXT, 0);
  sheet_column_named(&s, "value", "", CHISO_CELL_TEXT, 0);
  fact(&s, "methodology", TXT_FACT_METHODOLOGY, chiso_methodology_name(m));
  fact(&s, "title_vi", TXT_FACT_TITLE_VI, node->title_vi);
  fact(&s, "title_en", TXT_FACT_TITLE_EN, node->title_en);
  fact(&s, "kind", TXT_FACT_KIND,
       chiso_title(CHISO_FAMILY_KIND, node->kind, c->lang));
  fact(&s, "parent", TXT_FACT_PARENT, node->parent);
  fact(&s, "max", TXT_FACT_MAX, cli_dec(c, node->max));
  fact(&s, "weight", TXT_FACT_WEIGHT, cli_dec(c, node->weight));
  if (node->assessor != CHISO_BY_NONE)
    fact(&s, "assessor", TXT_FACT_ASSESSOR,
         chiso_title(CHISO_FAMILY_ASSESSOR, node->assessor, c->lang));
  rule_facts(&s, m, place);
  for (uint32_t n = chiso_methodology_first_child(m, place); n != CHISO_NO_NODE;
       n = chiso_methodology_next(m, n))
    fact(&s, "child", TXT_FACT_CHILD,
         cli_print(c, "%s  %s  (%s)", index->nodes[n].id,
                   cli_title(c, &index->nodes[n]),
                   cli_dec(c, index->nodes[n].max)));
  where_facts(&s, m, place);
  unsigned least =
      node->prov_name < node->prov_points ? node->prov_name : node->prov_points;
  if (least < CHISO_PROV_PUBLISHED)
    sheet_note(&s, cli_text(c, TXT_ROW_NOT_OFFICIAL));
  return sheet_write(&s);
}

int cmd_show(cli *c) {
  const chiso_methodology *m = NULL;
  uint32_t node;
  int code = cli_methodology(c, c->operand[0], 0, &m);
  if (code != EXIT_DONE)
    return code;
  if (c->n_operands < 2)
    return show_tree(c, m);
  code = cli_node(c, m, c->operand[1], &node);
  return code == EXIT_DONE ? show_node(c, m, node) : code;
}
