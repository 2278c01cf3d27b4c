/* SPDX-License-Identifier: Apache-2.0
 * round/errata.c - corrections within a round: another methodology, or an entry
 * of one unit, from a day on. */
#include "round/round.h"

#include <stdlib.h>
#include <string.h>

static bool in_force(const chiso__round_reader *r, chiso_date date) {
  return r->on.year == 0 || chiso__round_compare(date, r->on) <= 0;
}

static void take_methodology(chiso__round_part *p, const chiso_erratum *e) {
  chiso_round *round = p->r->round;
  const chiso__ini_entry *group = chiso__round_need(p, "group");
  size_t place = group ? chiso_round_find(round, group->value) : SIZE_MAX;
  if (group && place == SIZE_MAX)
    CHISO__ROUND_FAULT(p, group, MSG_ROUND_GROUP, group->value);
  if (place == SIZE_MAX || !e->in_force)
    return;
  chiso__group_lists *l = &round->lists[place];
  /* of two of the same day the later line wins */
  if (chiso__round_compare(e->date, l->since) >= 0) {
    l->since = e->date;
    l->methodology = chiso__round_entry(p, "methodology");
  }
}

chiso_status chiso__round_erratum_read(chiso__round_part *p) {
  static const char *const keys[] = { "date",        "legal", "group", "unit",
                                      "node",        "input", "value", "points",
                                      "methodology", "note",  NULL };
  chiso_round *round = p->r->round;
  chiso__round_only(p, keys);
  if (!round->errata)
    round->errata = chiso__arena_array(&round->arena, p->r->ini.n_sections,
                                       sizeof *round->errata);
  if (!round->errata)
    return chiso__no_memory(&p->r->err);
  chiso_erratum e = { .date = chiso__round_day(p, "date"),
                      .group = chiso__round_text(p, "group"),
                      .unit = chiso__round_text(p, "unit"),
                      .node = chiso__round_text(p, "node"),
                      .input = chiso__round_text(p, "input"),
                      .value = chiso__round_text(p, "value"),
                      .methodology = chiso__round_text(p, "methodology"),
                      .note = chiso__round_text(p, "note"),
                      .line = p->line };
  /* a correction without an instrument is a change of figures by nobody */
  if (chiso__round_need(p, "legal"))
    e.instrument = chiso__round_legal(p);
  if (!e.value)
    e.value = chiso__round_text(p, "points");
  e.in_force = e.date.year && in_force(p->r, e.date);
  round->errata[round->n_errata++] = e;
  if (!e.methodology)
    return CHISO_OK;
  if (e.unit || e.node)
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_ERRATUM);
  else
    take_methodology(p, &e);
  return CHISO_OK;
}

/* ---- entries ------------------------------------------------------------ */

/* The one group in which the unit is. */
static chiso_status find_unit(chiso__round_part *p, size_t *group,
                              size_t *unit) {
  const chiso_round *round = p->r->round;
  const chiso__ini_entry *entry = chiso__round_need(p, "unit");
  size_t first, end, found = 0;
  *group = SIZE_MAX;
  if (!entry || !chiso__round_groups(p, &first, &end))
    return CHISO_OK;
  for (size_t g = first; g < end; g++) {
    size_t place;
    CHISO__TRY(chiso__units_find(round->groups[g].units, entry->value, &place,
                                 &p->r->err));
    if (place == SIZE_MAX || !(round->lists[g].flags[place] & CHISO_ASSESSED))
      continue;
    *group = g;
    *unit = place;
    found++;
  }
  if (found == 1)
    return CHISO_OK;
  *group = SIZE_MAX;
  CHISO__ROUND_FAULT(p, entry, found ? MSG_ROUND_UNIT_TWICE : MSG_ROUND_UNIT,
                     entry->value);
  return CHISO_OK;
}

static bool find_node(chiso__round_part *p, const chiso_group *g,
                      chiso_correction *c) {
  const chiso__ini_entry *node = chiso__round_need(p, "node");
  if (!node)
    return false;
  c->node = chiso_methodology_find(g->methodology, node->value);
  if (c->node == CHISO_NO_NODE)
    CHISO__ROUND_FAULT(p, node, MSG_DATA_BAD_NODE, node->value,
                       chiso_methodology_name(g->methodology));
  return c->node != CHISO_NO_NODE;
}

static bool find_input(chiso__round_part *p, const chiso_group *g,
                       chiso_correction *c) {
  bool whole = c->points || strcmp(c->value, "NA") == 0 || !*c->value;
  const chiso_node *n =
      &chiso_methodology_index(g->methodology)->nodes[c->node];
  uint32_t input;
  if (!chiso__round_input(p, g, c->node, whole, &input))
    return false;
  c->input = input == CHISO_NO_SLOT ? "" : n->inputs[input].key;
  return true;
}

static chiso_status apply(chiso__round_part *p, const chiso_erratum *e) {
  chiso_round *round = p->r->round;
  const chiso__ini_entry *value = chiso__round_entry(p, "value");
  const chiso__ini_entry *points = chiso__round_entry(p, "points");
  size_t group, unit = 0;
  if (!value == !points) {
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_ERRATUM);
    return CHISO_OK;
  }
  chiso_correction c = { .value = value ? value->value : points->value,
                         .points = points != NULL,
                         .file = round->path,
                         .line = (value ? value : points)->line,
                         .source = e->instrument };
  CHISO__TRY(find_unit(p, &group, &unit));
  if (group == SIZE_MAX)
    return CHISO_OK;
  chiso_group *g = &round->groups[group];
  chiso__group_lists *l = &round->lists[group];
  c.unit = unit;
  if (!find_node(p, g, &c) || !find_input(p, g, &c))
    return CHISO_OK;
  if (!chiso__grow(round->allocator, (void **)(void *)&l->corrections,
                   &l->correction_room, g->rules.n_corrections,
                   sizeof *l->corrections))
    return chiso__no_memory(&p->r->err);
  l->corrections[g->rules.n_corrections++] = c;
  return CHISO_OK;
}

static int earlier(const void *a, const void *b) {
  const chiso_erratum *x = a, *y = b;
  int by_date = chiso__round_compare(x->date, y->date);
  return by_date ? by_date : (x->line > y->line) - (x->line < y->line);
}

chiso_status chiso__round_errata_apply(chiso__round_reader *r) {
  chiso_round *round = r->round;
  if (round->n_errata > 1)
    qsort(round->errata, round->n_errata, sizeof *round->errata, earlier);
  for (size_t i = 0; i < round->n_errata; i++) {
    const chiso_erratum *e = &round->errata[i];
    for (size_t s = 0; s < r->ini.n_sections; s++) {
      chiso__round_part p = { r, r->ini.sections[s], r->ini.section_lines[s] };
      if (p.line == e->line && !e->methodology && e->in_force)
        CHISO__TRY(apply(&p, e));
    }
  }
  return CHISO_OK;
}
