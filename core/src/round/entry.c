/* SPDX-License-Identifier: Apache-2.0
 * round/entry.c - entries that those who hold the round lay down: they hold at
 * every stage. */
#include "round/round.h"

#include <string.h>

#include "base/dec.h"
#include "base/text.h"
#include "data/value.h"

/* ---- which input -------------------------------------------------------- */

static void list_inputs(const chiso_node *n, char *keys, size_t room) {
  size_t used = 0;
  *keys = '\0';
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    int wrote = snprintf(keys + used, room - used, "%s%s", used ? ", " : "",
                         n->inputs[i].key);
    if (wrote < 0 || (size_t)wrote >= room - used)
      return;
    used += (size_t)wrote;
  }
}

bool chiso__round_input(const chiso__round_part *p, const chiso_group *group,
                        uint32_t node, bool whole, uint32_t *out) {
  const chiso__ini_entry *input = chiso__round_entry(p, "input");
  const chiso_node *n =
      &chiso_methodology_index(group->methodology)->nodes[node];
  char keys[200];
  list_inputs(n, keys, sizeof keys);
  *out = !input && !whole && n->n_inputs == 1 ? 0 : CHISO_NO_SLOT;
  for (uint32_t i = 0; input && i < n->n_inputs; i++)
    if (chiso__text_same_folded(input->value, n->inputs[i].key))
      *out = i;
  if (*out != CHISO_NO_SLOT || (!input && whole))
    return true;
  if (n->n_inputs == 0)
    CHISO__ROUND_FAULT(p, input, MSG_DATA_NO_INPUTS, n->id);
  else if (input)
    CHISO__ROUND_FAULT(p, input, MSG_DATA_BAD_INPUT, input->value, n->id, keys);
  else
    CHISO__ROUND_FAULT(p, NULL, MSG_DATA_WHICH_INPUT, n->id, keys);
  return false;
}

/* ---- what it is --------------------------------------------------------- */

static bool read_number(chiso__round_part *p, const chiso__ini_entry *entry,
                        chiso__shape shape, int64_t *out) {
  bool rounded;
  return chiso__value_number(&p->r->round->faults, chiso__round_at(p, entry),
                             entry->value, shape, &p->r->editor.mark, &rounded,
                             out);
}

static bool read_points(chiso__round_part *p, const chiso_group *g,
                        const chiso__ini_entry *entry, chiso_fixed *f) {
  const chiso_node *n =
      &chiso_methodology_index(g->methodology)->nodes[f->node];
  char most[CHISO_DEC_TEXT];
  f->input = CHISO_NO_SLOT;
  if (chiso_methodology_first_child(g->methodology, f->node) != CHISO_NO_NODE) {
    CHISO__ROUND_FAULT(p, chiso__round_entry(p, "node"), MSG_ROUND_ENTRY_LEAF,
                       n->id);
    return false;
  }
  if (!read_number(p, entry, (chiso__shape) { CHISO_DEC_DIGITS, false, false },
                   &f->value))
    return false;
  if (f->value >= 0 && f->value <= n->max)
    return true;
  CHISO__ROUND_FAULT(p, entry, MSG_DATA_ABOVE_MAX, entry->value,
                     chiso__dec_say(n->max, p->r->round->faults.lang, most));
  return false;
}

static bool read_value(chiso__round_part *p, const chiso_group *g,
                       const chiso__ini_entry *entry, chiso_fixed *f) {
  if (!chiso__round_input(p, g, f->node, false, &f->input))
    return false;
  const chiso_input *in =
      &chiso_methodology_index(g->methodology)->nodes[f->node].inputs[f->input];
  if (in->unit != CHISO_UNIT_CHOICE)
    return read_number(
        p, entry,
        (chiso__shape) { in->digits, in->unit == CHISO_UNIT_PERCENT, false },
        &f->value);
  f->value = chiso__value_choice(g->methodology, f->node, entry->value);
  if (f->value < 0)
    chiso__value_no_choice(&p->r->round->faults, chiso__round_at(p, entry),
                           g->methodology, f->node, entry->value, false);
  return f->value >= 0;
}

/* ---- whose it is -------------------------------------------------------- */

static bool meets(const chiso_fixed *a, const chiso_fixed *b) {
  return a->node == b->node &&
         (a->input == b->input || a->input == CHISO_NO_SLOT ||
          b->input == CHISO_NO_SLOT) &&
         (a->unit == b->unit || a->unit == SIZE_MAX || b->unit == SIZE_MAX);
}

static chiso_status put(chiso__round_part *p, size_t group, chiso_fixed f) {
  chiso_round *round = p->r->round;
  chiso__group_lists *l = &round->lists[group];
  chiso_run_rules *rules = &round->groups[group].rules;
  for (size_t i = 0; i < rules->n_fixed; i++)
    if (meets(&l->fixed[i], &f)) {
      /* one section may name a unit twice */
      if (l->fixed[i].line != f.line)
        CHISO__ROUND_FAULT(
            p, NULL, MSG_ROUND_ENTRY_TWICE,
            chiso_methodology_index(round->groups[group].methodology)
                ->nodes[f.node]
                .id,
            (unsigned long long)l->fixed[i].line);
      return CHISO_OK;
    }
  if (!chiso__grow(round->allocator, (void **)(void *)&l->fixed, &l->fixed_room,
                   rules->n_fixed, sizeof *l->fixed))
    return chiso__no_memory(&p->r->err);
  l->fixed[rules->n_fixed++] = f;
  return CHISO_OK;
}

static chiso_status put_all(chiso__round_part *p, size_t group,
                            const chiso__chosen *who, chiso_fixed f) {
  const chiso_group *g = &p->r->round->groups[group];
  size_t faults = p->r->round->faults.faults;
  f.unit = SIZE_MAX;
  if (!who->in[group])
    return put(p, group, f);
  for (size_t i = 0; i < chiso_units_count(g->units); i++) {
    f.unit = i;
    if (who->in[group][i] && p->r->round->faults.faults == faults)
      CHISO__TRY(put(p, group, f));
  }
  return CHISO_OK;
}

chiso_status chiso__round_entry_read(chiso__round_part *p) {
  static const char *const keys[] = { "group",  "units", "node",
                                      "input",  "value", "points",
                                      "reason", "legal", NULL };
  chiso_round *round = p->r->round;
  chiso__chosen who;
  size_t first, end, last, faults = round->faults.faults;
  bool found = false;
  chiso__round_only(p, keys);
  chiso_fixed f = { .file = round->path,
                    .line = p->line,
                    .reason = chiso__round_text(p, "reason"),
                    .instrument = chiso__round_legal(p) };
  const chiso__ini_entry *node = chiso__round_need(p, "node");
  const chiso__ini_entry *value = chiso__round_entry(p, "value");
  const chiso__ini_entry *points = chiso__round_entry(p, "points");
  const chiso__ini_entry *entry = value ? value : points;
  if (!value == !points || !*entry->value)
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_ENTRY);
  else if (strcmp(entry->value, "NA") == 0 || strcmp(entry->value, "N/A") == 0)
    CHISO__ROUND_FAULT(p, entry, MSG_ROUND_ENTRY_NA);
  if (!chiso__round_groups(p, &first, &end) || round->faults.faults > faults)
    return CHISO_OK;
  f.text = entry->value;
  CHISO__TRY(chiso__round_choose(p, first, end, &who));
  last = first;
  /* what is wrong in one group need not be said of the next */
  for (size_t g = first; g < end && round->faults.faults == faults; g++) {
    const chiso_group *group = &round->groups[g];
    if (!who.any[g])
      continue;
    last = g;
    f.node = chiso_methodology_find(group->methodology, node->value);
    if (f.node == CHISO_NO_NODE)
      continue;
    found = true;
    if ((points ? read_points : read_value)(p, group, entry, &f))
      CHISO__TRY(put_all(p, g, &who, f));
  }
  if (!found && round->faults.faults == faults)
    CHISO__ROUND_FAULT(p, node, MSG_DATA_BAD_NODE, node->value,
                       chiso_methodology_name(round->groups[last].methodology));
  return CHISO_OK;
}
