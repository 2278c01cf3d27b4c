/* SPDX-License-Identifier: Apache-2.0
 * round/rules.c - what does not apply to whom; bonus and penalty; grades of a
 * group; deadlines. */
#include "round/round.h"

#include <string.h>

/* ---- exemptions --------------------------------------------------------- */

static chiso_status choose_unit(const chiso__round_part *p, const char *word,
                                size_t first, size_t end, chiso__chosen *out) {
  const chiso_round *round = p->r->round;
  bool found = false;
  for (size_t g = first; g < end; g++) {
    size_t place;
    CHISO__TRY(
        chiso__units_find(round->groups[g].units, word, &place, &p->r->err));
    if (place == SIZE_MAX || !(round->lists[g].flags[place] & CHISO_ASSESSED))
      continue;
    out->in[g][place] = 1;
    out->any[g] = found = true;
  }
  if (!found)
    CHISO__ROUND_FAULT(p, chiso__round_entry(p, "units"), MSG_ROUND_UNIT, word);
  return CHISO_OK;
}

chiso_status chiso__round_choose(const chiso__round_part *p, size_t first,
                                 size_t end, chiso__chosen *out) {
  chiso_round *round = p->r->round;
  const char *at = chiso__round_text(p, "units"), *word;
  *out = (chiso__chosen) { .any = { false } };
  for (size_t g = first; g < end; g++) {
    out->any[g] = !at;
    if (at) {
      out->in[g] = chiso__arena_array(
          &round->arena, chiso_units_count(round->groups[g].units), 1);
      if (!out->in[g])
        return chiso__no_memory(&p->r->err);
    }
  }
  while (at) {
    word = chiso__round_next(p, &at);
    if (!word)
      return chiso__no_memory(&p->r->err);
    CHISO__TRY(choose_unit(p, word, first, end, out));
  }
  return CHISO_OK;
}

static chiso_status put(chiso__round_part *p, size_t group,
                        chiso_exemption exemption) {
  chiso_round *round = p->r->round;
  chiso__group_lists *l = &round->lists[group];
  chiso_run_rules *rules = &round->groups[group].rules;
  if (!chiso__grow(round->allocator, (void **)(void *)&l->exemptions,
                   &l->exemption_room, rules->n_exemptions,
                   sizeof *l->exemptions))
    return chiso__no_memory(&p->r->err);
  l->exemptions[rules->n_exemptions++] = exemption;
  return CHISO_OK;
}

static chiso_status put_all(chiso__round_part *p, size_t group,
                            const chiso__chosen *who,
                            chiso_exemption exemption) {
  const chiso_group *g = &p->r->round->groups[group];
  exemption.unit = SIZE_MAX;
  if (!who->in[group])
    return put(p, group, exemption);
  for (size_t i = 0; i < chiso_units_count(g->units); i++) {
    exemption.unit = i;
    if (who->in[group][i])
      CHISO__TRY(put(p, group, exemption));
  }
  return CHISO_OK;
}

/* One node in every group that is meant and has it. */
static chiso_status exempt_node(chiso__round_part *p, const char *id,
                                size_t first, size_t end,
                                const chiso__chosen *who,
                                chiso_exemption exemption) {
  bool found = false;
  size_t last = first, faults = p->r->round->faults.faults;
  for (size_t g = first; g < end && p->r->round->faults.faults == faults; g++) {
    if (!who->any[g])
      continue;
    last = g;
    exemption.node =
        chiso_methodology_find(p->r->round->groups[g].methodology, id);
    if (exemption.node == CHISO_NO_NODE)
      continue;
    found = true;
    if (exemption.node == 0)
      CHISO__ROUND_FAULT(p, chiso__round_entry(p, "nodes"), MSG_ROUND_WHOLE,
                         id);
    else
      CHISO__TRY(put_all(p, g, who, exemption));
  }
  if (!found)
    CHISO__ROUND_FAULT(
        p, chiso__round_entry(p, "nodes"), MSG_DATA_BAD_NODE, id,
        chiso_methodology_name(p->r->round->groups[last].methodology));
  return CHISO_OK;
}

static bool gives_any(const chiso_group *g, int assessor) {
  const chiso_index *ix = chiso_methodology_index(g->methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    if (ix->nodes[i].assessor == assessor &&
        chiso_methodology_first_child(g->methodology, i) == CHISO_NO_NODE)
      return true;
  return false;
}

static chiso_status exempt_method(chiso__round_part *p, const char *word,
                                  size_t first, size_t end,
                                  const chiso__chosen *who,
                                  chiso_exemption exemption) {
  const chiso__ini_entry *entry = chiso__round_entry(p, "methods");
  int assessor = chiso__key_value(CHISO_FAMILY_ASSESSOR, word);
  bool found = false;
  if (assessor <= CHISO_BY_NONE) {
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_METHOD, word);
    return CHISO_OK;
  }
  exemption.node = CHISO_NO_NODE;
  exemption.assessor = (uint8_t)assessor;
  for (size_t g = first; g < end; g++) {
    if (!who->any[g] || !gives_any(&p->r->round->groups[g], assessor))
      continue;
    found = true;
    CHISO__TRY(put_all(p, g, who, exemption));
  }
  if (!found)
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_NO_METHOD, word);
  return CHISO_OK;
}

chiso_status chiso__round_exempt(chiso__round_part *p) {
  static const char *const keys[] = { "group",  "units", "nodes", "methods",
                                      "reason", "legal", NULL };
  size_t first, end;
  chiso__chosen who;
  const char *nodes = chiso__round_text(p, "nodes");
  const char *methods = chiso__round_text(p, "methods"), *word;
  chiso__round_only(p, keys);
  chiso_exemption exemption = { .file = p->r->round->path,
                                .line = p->line,
                                .reason = chiso__round_text(p, "reason"),
                                .instrument = chiso__round_legal(p) };
  if (!nodes == !methods) {
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_EXEMPT);
    return CHISO_OK;
  }
  if (!chiso__round_groups(p, &first, &end))
    return CHISO_OK;
  CHISO__TRY(chiso__round_choose(p, first, end, &who));
  const char **at = nodes ? &nodes : &methods;
  bool by_node = nodes != NULL;
  while (*at) {
    word = chiso__round_next(p, at);
    if (!word)
      return chiso__no_memory(&p->r->err);
    CHISO__TRY((by_node ? exempt_node : exempt_method)(p, word, first, end,
                                                       &who, exemption));
  }
  return CHISO_OK;
}

/* ---- bonus and penalty -------------------------------------------------- */

/* Whether a node's points reach the root in the usual way. */
static bool counts(const chiso_methodology *m, uint32_t node) {
  for (; node != 0; node = chiso_methodology_parent(m, node))
    if (chiso_methodology_index(m)->nodes[node].weight == 0)
      return false;
  return true;
}

static bool within(const chiso_methodology *m, uint32_t node, uint32_t top) {
  for (; node != CHISO_NO_NODE; node = chiso_methodology_parent(m, node))
    if (node == top)
      return true;
  return false;
}

static chiso_status put_extra(chiso__round_part *p, size_t group, uint32_t node,
                              bool penalty, chiso_dec most) {
  chiso_round *round = p->r->round;
  chiso_group *g = &round->groups[group];
  chiso__group_lists *l = &round->lists[group];
  const chiso__ini_entry *entry = chiso__round_entry(p, "nodes");
  const char *id = chiso_methodology_index(g->methodology)->nodes[node].id;
  if (node == 0 || counts(g->methodology, node)) {
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_COUNTED, id);
    return CHISO_OK;
  }
  for (size_t i = 0; i < g->rules.n_extras; i++)
    if (within(g->methodology, node, l->extras[i].node) ||
        within(g->methodology, l->extras[i].node, node)) {
      CHISO__ROUND_FAULT(p, entry, MSG_ROUND_EXTRA_TWICE, id);
      return CHISO_OK;
    }
  if (!chiso__grow(round->allocator, (void **)(void *)&l->extras,
                   &l->extra_room, g->rules.n_extras, sizeof *l->extras))
    return chiso__no_memory(&p->r->err);
  l->extras[g->rules.n_extras++] = (chiso_extra) { node, penalty, most };
  return CHISO_OK;
}

chiso_status chiso__round_extra(chiso__round_part *p, bool penalty) {
  static const char *const keys[] = { "group", "nodes", "most", "legal", NULL };
  size_t first, end;
  chiso__round_only(p, keys);
  chiso__round_legal(p);
  chiso_dec most = chiso__round_dec(p, "most");
  const chiso__ini_entry *nodes = chiso__round_need(p, "nodes");
  if (most != CHISO_NONE && most < 0)
    CHISO__ROUND_FAULT(p, chiso__round_entry(p, "most"), MSG_ROUND_CAP);
  if (!nodes || !chiso__round_groups(p, &first, &end))
    return CHISO_OK;
  const char *at = nodes->value, *word;
  while (at) {
    bool found = false;
    word = chiso__round_next(p, &at);
    if (!word)
      return chiso__no_memory(&p->r->err);
    size_t faults = p->r->round->faults.faults;
    /* what is wrong in one group need not be said of the next */
    for (size_t g = first; g < end && p->r->round->faults.faults == faults;
         g++) {
      uint32_t node =
          chiso_methodology_find(p->r->round->groups[g].methodology, word);
      if (node == CHISO_NO_NODE)
        continue;
      found = true;
      CHISO__TRY(put_extra(p, g, node, penalty, most));
    }
    if (!found)
      CHISO__ROUND_FAULT(
          p, nodes, MSG_DATA_BAD_NODE, word,
          chiso_methodology_name(p->r->round->groups[first].methodology));
  }
  return CHISO_OK;
}

/* ---- grades, deadlines -------------------------------------------------- */

chiso_status chiso__round_grading(chiso__round_part *p, const char *key) {
  static const char *const keys[] = { "kind",  "grades", "missing",
                                      "legal", "source", NULL };
  chiso_round *round = p->r->round;
  size_t group = chiso_round_find(round, key);
  chiso__round_only(p, keys);
  if (group == SIZE_MAX) {
    CHISO__ROUND_FAULT(p, NULL, MSG_ROUND_GROUP, key);
    return CHISO_OK;
  }
  chiso_grading *grading = &round->lists[group].grading;
  *grading = (chiso_grading) { .source = chiso__round_legal(p) };
  if (chiso__round_text(p, "source"))
    grading->source = chiso__round_text(p, "source");
  chiso__editor *e = &p->r->editor;
  CHISO__TELL(e, chiso__grades_section(e, p->name, p->line, grading));
  round->groups[group].rules.grading = grading;
  return CHISO_OK;
}

chiso_status chiso__round_due_read(chiso__round_part *p) {
  static const char *const keys[] = { "what", "date", "group", NULL };
  chiso_round *round = p->r->round;
  size_t first, end;
  chiso__round_only(p, keys);
  const chiso__ini_entry *what = chiso__round_need(p, "what");
  chiso_date date = chiso__round_day(p, "date");
  if (!what || !date.year || !chiso__round_groups(p, &first, &end))
    return CHISO_OK;
  if (!round->dues)
    round->dues = chiso__arena_array(&round->arena, p->r->ini.n_sections,
                                     sizeof *round->dues);
  if (!round->dues)
    return chiso__no_memory(&p->r->err);
  round->dues[round->n_dues++] =
      (chiso_round_due) { what->value, chiso__round_text(p, "group"), date,
                          p->line };
  return CHISO_OK;
}
