/* SPDX-License-Identifier: Apache-2.0
 * sheet/read_expected.c - what the sheets of a group must hold. */
#include <string.h>

#include "sheet/read.h"
#include "sheet/rule.h"

static chiso_status add_key(chiso_sheets *sheets, chiso__expected *plan,
                            uint32_t node, const char *input, size_t number,
                            chiso_error *err) {
  const chiso_node *n =
      &chiso_methodology_index(plan->methodology)->nodes[node];
  size_t a = strlen(n->id), b = input ? strlen(input) : 0;
  char *key = chiso__arena_alloc(&sheets->arena, a + b + 2);
  if (!key)
    return chiso__no_memory(err);
  memcpy(key, n->id, a);
  if (input) {
    key[a] = ':';
    memcpy(key + a + 1, input, b);
  }
  return chiso__map_put(&plan->keys, key,
                        (size_t)node * CHISO__EXPECTED_INPUTS + number,
                        NULL) == CHISO__MAP_NO_MEMORY
             ? chiso__no_memory(err)
             : CHISO_OK;
}

/* The node and, after it, all below it. */
static uint32_t after(const chiso_methodology *m, uint32_t node) {
  uint32_t next = chiso_methodology_first_child(m, node);
  while (next == CHISO_NO_NODE && node != CHISO_NO_NODE) {
    next = chiso_methodology_next(m, node);
    node = chiso_methodology_parent(m, node);
  }
  return next;
}

static chiso_status add_node(chiso_sheets *sheets, chiso__expected *plan,
                             uint32_t node, chiso_error *err) {
  const chiso_node *n =
      &chiso_methodology_index(plan->methodology)->nodes[node];
  plan->first[node] = n->n_inputs ? (uint32_t)plan->n_spots : UINT32_MAX;
  CHISO__TRY(add_key(sheets, plan, node, NULL, 0, err));
  for (uint32_t i = 0; i < n->n_inputs; i++) {
    CHISO__TRY(add_key(sheets, plan, node, n->inputs[i].key, i + 1, err));
    plan->spots[plan->n_spots++] = (chiso__spot) { node, i };
  }
  return CHISO_OK;
}

static chiso_status add_nodes(chiso_sheets *sheets, chiso__expected *plan,
                              chiso_error *err) {
  const chiso_index *ix = chiso_methodology_index(plan->methodology);
  size_t inputs = 0;
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    inputs += ix->nodes[i].n_inputs;
  plan->spots = chiso__arena_array(&sheets->arena, inputs, sizeof *plan->spots);
  plan->first =
      chiso__arena_array(&sheets->arena, ix->n_nodes, sizeof *plan->first);
  if (!plan->spots || !plan->first)
    return chiso__no_memory(err);
  for (uint32_t i = 0; i != CHISO_NO_NODE; i = after(plan->methodology, i))
    CHISO__TRY(add_node(sheets, plan, i, err));
  return CHISO_OK;
}

chiso_status chiso__expected_make(chiso_sheets *sheets, size_t group,
                                  chiso_error *err) {
  chiso__expected *plan = &sheets->plans[group];
  const chiso_allocator *allocator = sheets->allocator;
  if (plan->program)
    return CHISO_OK;
  plan->keys = (chiso__map) { .allocator = allocator, .folded = true };
  CHISO__TRY(add_nodes(sheets, plan, err));
  CHISO__TRY(chiso_program_new(plan->methodology,
                               (chiso_rule) { .here = chiso__not_asked },
                               allocator, &plan->program, err));
  CHISO__TRY(chiso_entries_new(plan->program, CHISO__STAGES, allocator,
                               &plan->entries, err));
  return chiso_scores_new(plan->program, CHISO__STAGES, allocator,
                          &plan->scores, err);
}

void chiso__expected_free(chiso__expected *plan) {
  chiso__map_free(&plan->keys);
  if (!plan->program)
    return;
  chiso_entries_free(&plan->entries);
  chiso_scores_free(&plan->scores);
  chiso_program_free(plan->program);
}

bool chiso__expected_assessed(const chiso_sheets *sheets,
                              const chiso__expected *plan, size_t unit) {
  const chiso_group *g = plan->group;
  if (g->rules.flags)
    return (g->rules.flags[unit] & CHISO_ASSESSED) != 0;
  return chiso_unit_assessed(chiso_units_get(g->units, unit),
                             chiso_round_period(sheets->round).year);
}
