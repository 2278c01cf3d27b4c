/* SPDX-License-Identifier: Apache-2.0
 * chiso template: the empty observation table of a methodology. */
#include "cli.h"

#include <string.h>

typedef struct template {
  cli *c;
  const chiso_index *index;
  const chiso_methodology *m;
  const chiso_units *units;
  uint16_t year;
  sheet s;
}
template;

/* <share>/units/<set with - for />.csv */
static const char *units_path(cli *c, const char *set) {
  const char *share = c->store ? chiso_store_share(c->store) : NULL;
  const char *slash = strchr(set, '/');
  if (c->value[OPT_UNITS])
    return c->value[OPT_UNITS];
  if (!share)
    share = ".";
  if (!slash)
    return cli_print(c, "%s/units/%s.csv", share, set);
  return cli_print(c, "%s/units/%.*s-%s.csv", share, (int)(slash - set), set,
                   slash + 1);
}

/* Leaves that data are entered for. What another index gives is taken from
 * there, and is not asked for again. */
static bool asked(const template *t, uint32_t node) {
  const chiso_node *n = &t->index->nodes[node];
  return n->n_inputs > 0 && n->op != CHISO_OP_INDEX;
}

static void long_rows(template *t, const chiso_unit *unit) {
  cli *c = t->c;
  for (uint32_t n = 0; n < t->index->n_nodes; n++) {
    const chiso_node *node = &t->index->nodes[n];
    for (uint32_t i = 0; asked(t, n) && i < node->n_inputs; i++) {
      const chiso_input *input = &node->inputs[i];
      const char *title = cli_pick(c, input->title_vi, input->title_en);
      sheet_text(&t->s, unit->code);
      sheet_text(&t->s, node->id);
      sheet_text(&t->s, input->key);
      sheet_text(&t->s, NULL);
      sheet_text(&t->s, cli_join(c,
                                 cli_print(c, "%s · %s", cli_unit_name(c, unit),
                                           cli_title(c, node)),
                                 " · ", title));
    }
  }
}

static void long_columns(template *t) {
  static const char *const keys[] = { "unit", "node", "input", "value",
                                      "label" };
  for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
    sheet_column_named(&t->s, keys[i], keys[i], CHISO_CELL_TEXT, 0);
}

/* Columns "node", or "node:input" where a leaf has several. */
static void wide_columns(template *t) {
  sheet_column_named(&t->s, "unit", "unit", CHISO_CELL_TEXT, 0);
  for (uint32_t n = 0; n < t->index->n_nodes; n++) {
    const chiso_node *node = &t->index->nodes[n];
    for (uint32_t i = 0; asked(t, n) && i < node->n_inputs; i++) {
      const char *key = node->n_inputs == 1 ? node->id
                                            : cli_print(t->c, "%s:%s", node->id,
                                                        node->inputs[i].key);
      sheet_column_named(&t->s, key, key, CHISO_CELL_TEXT, 0);
    }
  }
}

static void wide_row(template *t, const chiso_unit *unit) {
  sheet_text(&t->s, unit->code);
  for (uint32_t n = 0; n < t->index->n_nodes; n++)
    for (uint32_t i = 0; asked(t, n) && i < t->index->nodes[n].n_inputs; i++)
      sheet_text(&t->s, NULL);
}

static int write_template(template *t) {
  bool wide = t->c->value[OPT_WIDE] != NULL;
  t->s = sheet_new(t->c);
  if (wide)
    wide_columns(t);
  else
    long_columns(t);
  for (size_t u = 0; u < chiso_units_count(t->units); u++) {
    const chiso_unit *unit = chiso_units_get(t->units, u);
    if (!chiso_unit_assessed(unit, t->year))
      continue;
    if (wide)
      wide_row(t, unit);
    else
      long_rows(t, unit);
  }
  return sheet_write(&t->s);
}

int cmd_template(cli *c) {
  template t = { .c = c };
  int code = cli_methodology(c, c->operand[0], 0, &t.m);
  if (code == EXIT_DONE && !c->store)
    code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  t.index = chiso_methodology_index(t.m);
  t.year = t.index->first;
  if (c->value[OPT_ROUND]) {
    chiso_date round;
    if (!chiso_round_parse(c->value[OPT_ROUND], &round))
      return cli_usage(c, TXT_ERR_ROUND, c->value[OPT_ROUND]);
    t.year = round.year;
  }
  if (!c->format_given)
    c->format = CHISO_FORMAT_CSV;
  const char *set = t.index->unit_set ? t.index->unit_set : "";
  chiso_units *units = NULL;
  chiso_status status = chiso_units_read(
      units_path(c, set), c->value[OPT_UNITS] ? c->value[OPT_UNITS] : set, NULL,
      &units, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  t.units = units;
  code = write_template(&t);
  chiso_units_free(units);
  return code;
}
