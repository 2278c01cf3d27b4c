/* SPDX-License-Identifier: Apache-2.0
 * analysis/whatif_carry.c - the rules of a changed run, and the entries of the
 * base carried over to them. */
#include <string.h>

#include "analysis/whatif.h"
#include "base/text.h"
#include "chiso/variant.h"
#include "data/value.h"
#include "engine/engine.h"

/* ---- rules --------------------------------------------------------------- */

/* Whether an overlay stands on a methodology, directly or over others. */
static bool stands_on(const chiso_variant *v, const chiso_methodology *m) {
  const char *digest = chiso_methodology_digest(m);
  if (strcmp(chiso_methodology_digest(chiso_variant_base(v)), digest) == 0)
    return true;
  for (size_t i = 0; i < chiso_variant_layers(v); i++)
    if (strcmp(chiso_variant_layer(v, i)->digest, digest) == 0)
      return true;
  return false;
}

static chiso_status read_overlay(chiso_whatif *w, const chiso_listing **listing,
                                 const chiso_methodology **m, chiso_rule *rule,
                                 chiso_error *err) {
  const chiso_methodology *from = chiso__main_member(w->base)->methodology;
  const char *path = w->options.overlay;
  size_t n = strlen(path);
  if (n < 5 || strcmp(path + n - 4, ".ini") != 0)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_NO_OVERLAY, path);
  CHISO__TRY(chiso_store_read(w->store, path, listing, err));
  const chiso_variant *v = chiso_store_variant(w->store, *listing);
  if (!v || !stands_on(v, from))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_OTHER_BASE, path,
                       v ? chiso_methodology_name(chiso_variant_base(v)) : "",
                       chiso_methodology_name(from));
  uint16_t year = w->base->round.year;
  if (year < (*listing)->first || ((*listing)->last && year > (*listing)->last))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WHATIF_OVERLAY_ROUND, path,
                       (unsigned)year);
  return chiso_store_load(w->store, *listing, m, rule, err);
}

static chiso_status link_nodes(chiso_whatif *w, const chiso_methodology *from,
                               const chiso_methodology *to, chiso_error *err) {
  uint32_t n = chiso_methodology_index(from)->n_nodes;
  uint32_t k = chiso_methodology_index(to)->n_nodes;
  w->node_of = chiso__arena_array(&w->arena, n, sizeof *w->node_of);
  w->node_from = chiso__arena_array(&w->arena, k, sizeof *w->node_from);
  if (!w->node_of || !w->node_from)
    return chiso__no_memory(err);
  for (uint32_t i = 0; i < k; i++)
    w->node_from[i] = CHISO_NO_NODE;
  for (uint32_t i = 0; i < n; i++) {
    const char *id = chiso_methodology_index(from)->nodes[i].id;
    w->node_of[i] = i == 0 ? 0 : chiso_methodology_find(to, id);
    if (w->node_of[i] != CHISO_NO_NODE)
      w->node_from[w->node_of[i]] = i;
  }
  return CHISO_OK;
}

/* What a round lays down names nodes by their place. */
static chiso_status carry_rules(chiso_whatif *w, chiso_error *err) {
  const chiso_run_rules *r = w->base->options.rules;
  if (!r)
    return CHISO_OK;
  w->rules = *r;
  chiso_exemption *x =
      chiso__arena_array(&w->arena, r->n_exemptions + 1, sizeof *x);
  chiso_extra *e = chiso__arena_array(&w->arena, r->n_extras + 1, sizeof *e);
  chiso_fixed *f = chiso__arena_array(&w->arena, r->n_fixed + 1, sizeof *f);
  if (!x || !e || !f)
    return chiso__no_memory(err);
  w->rules.exemptions = x;
  w->rules.extras = e;
  w->rules.fixed = f;
  w->rules.n_exemptions = w->rules.n_extras = w->rules.n_fixed = 0;
  w->rules.n_corrections = 0; /* they are in the entries */
  for (size_t i = 0; i < r->n_exemptions; i++) {
    chiso_exemption *to = &x[w->rules.n_exemptions];
    *to = r->exemptions[i];
    if (to->node != CHISO_NO_NODE)
      to->node = w->node_of[to->node];
    w->rules.n_exemptions +=
        r->exemptions[i].node == CHISO_NO_NODE || to->node != CHISO_NO_NODE;
  }
  for (size_t i = 0; i < r->n_extras; i++) {
    e[w->rules.n_extras] = r->extras[i];
    e[w->rules.n_extras].node = w->node_of[r->extras[i].node];
    w->rules.n_extras += w->node_of[r->extras[i].node] != CHISO_NO_NODE;
  }
  for (size_t i = 0; i < r->n_fixed; i++) {
    f[w->rules.n_fixed] = r->fixed[i];
    f[w->rules.n_fixed].node = w->node_of[r->fixed[i].node];
    w->rules.n_fixed += w->node_of[r->fixed[i].node] != CHISO_NO_NODE;
  }
  w->run->options.rules = &w->rules;
  return CHISO_OK;
}

static chiso_status map_parts(chiso__member *to, const chiso_allocator *a,
                              chiso_error *err) {
  const chiso_index *ix = chiso_methodology_index(to->methodology);
  uint32_t part = 0;
  to->parts.allocator = a;
  to->parts.folded = true;
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    for (uint32_t j = 0; j < ix->partitions[i].n_parts; j++)
      if (chiso__map_put(&to->parts, ix->partitions[i].parts[j].id, part++,
                         NULL) == CHISO__MAP_NO_MEMORY)
        return chiso__no_memory(err);
  return CHISO_OK;
}

chiso_status chiso__whatif_rules(chiso_whatif *w, chiso_error *err) {
  const chiso__member *from = chiso__main_member(w->base);
  chiso__member *to = chiso__whatif_member(w);
  chiso_rule rule = from->program->rule;
  w->same = w->options.overlay == NULL;
  to->listing = from->listing;
  to->methodology = from->methodology;
  if (w->same && w->options.n_weights == 0) {
    to->lent = true;
    to->program = from->program;
    to->parts = from->parts;
    return CHISO_OK;
  }
  if (!w->same) {
    CHISO__TRY(read_overlay(w, &to->listing, &to->methodology, &rule, err));
    CHISO__TRY(link_nodes(w, from->methodology, to->methodology, err));
    CHISO__TRY(carry_rules(w, err));
  }
  CHISO__TRY(map_parts(to, w->allocator, err));
  return chiso_program_new(to->methodology, rule, w->allocator, &to->program,
                           err);
}

/* ---- entries ------------------------------------------------------------- */

static chiso_status make_room(chiso_whatif *w, chiso_error *err) {
  chiso_run *run = w->run;
  chiso__member *m = chiso__whatif_member(w);
  uint32_t nodes = chiso_methodology_index(m->methodology)->n_nodes;
  size_t n = run->n;
  CHISO__TRY(chiso_entries_new(m->program, n, w->allocator, &m->entries, err));
  CHISO__TRY(chiso_scores_new(m->program, n, w->allocator, &m->scores, err));
  m->slot_cells = chiso__arena_array(
      &run->arena, chiso_program_slots(m->program), n * sizeof(uint32_t));
  m->node_cells = chiso__arena_array(&run->arena, nodes, n * sizeof(uint32_t));
  m->part_cells = chiso__arena_array(
      &run->arena, chiso_program_parts(m->program), n * sizeof(uint32_t));
  return m->slot_cells && m->node_cells && m->part_cells
             ? CHISO_OK
             : chiso__no_memory(err);
}

/* One value under another input: in its digits, or as the same choice. */
static bool translate(const chiso_whatif *w, uint32_t to_node, uint32_t to,
                      uint32_t from_node, uint32_t from, int64_t *value) {
  const chiso_methodology *n = chiso__whatif_member(w)->methodology;
  const chiso_methodology *o = chiso__main_member(w->base)->methodology;
  const chiso_input *a =
      &chiso_methodology_index(o)->nodes[from_node].inputs[from];
  const chiso_input *b = &chiso_methodology_index(n)->nodes[to_node].inputs[to];
  if (b->unit == CHISO_UNIT_CHOICE) {
    const char *key = chiso__value_key(o, from_node, *value);
    *value = key ? chiso__value_choice(n, to_node, key) : -1;
    return *value >= 0;
  }
  for (unsigned d = a->digits; d < b->digits; d++)
    if (__builtin_mul_overflow(*value, 10, value))
      return false;
  for (unsigned d = b->digits; d < a->digits; d++) {
    if (*value % 10 != 0)
      return false;
    *value /= 10;
  }
  return true;
}

static void carry_slot(chiso_whatif *w, uint32_t to_node, uint32_t to,
                       uint32_t from_node, uint32_t from) {
  const chiso__member *b = chiso__main_member(w->base);
  chiso__member *m = chiso__whatif_member(w);
  size_t slot = chiso_program_slot(m->program, to_node) + to;
  size_t old = chiso_program_slot(b->program, from_node) + from;
  for (size_t u = 0; u < w->run->n; u++) {
    size_t at = slot * w->run->n + u, source = old * w->base->n + w->before[u];
    if (w->before[u] == SIZE_MAX || !b->entries.have[source])
      continue;
    int64_t value = b->entries.value[source];
    if (!w->same && !translate(w, to_node, to, from_node, from, &value)) {
      w->counts.lost++;
      continue;
    }
    chiso_entries_set(&m->entries, (uint32_t)slot, u, value);
    m->slot_cells[at] = b->slot_cells[source];
  }
}

static void carry_entry(chiso_whatif *w, uint32_t to, uint32_t from) {
  const chiso__member *b = chiso__main_member(w->base);
  chiso__member *m = chiso__whatif_member(w);
  for (size_t u = 0; u < w->run->n; u++) {
    size_t source = from * w->base->n + w->before[u];
    if (w->before[u] == SIZE_MAX)
      continue;
    switch (b->entries.entry[source]) {
    case CHISO_ENTRY_GIVEN:
      chiso_entries_give(&m->entries, to, u, b->entries.given[source]);
      break;
    case CHISO_ENTRY_NOT_APPLICABLE:
      chiso_entries_not_applicable(&m->entries, to, u);
      break;
    case CHISO_ENTRY_LEFT_OUT:
      chiso_entries_leave_out(&m->entries, to, u);
      break;
    default:
      continue;
    }
    m->node_cells[to * w->run->n + u] = b->node_cells[source];
  }
}

/* The same input under other rules: by its key, of the same kind. */
static uint32_t input_of(const chiso_node *from, uint32_t input,
                         const chiso_node *to) {
  const chiso_input *a = &from->inputs[input];
  bool index = from->op == CHISO_OP_INDEX || to->op == CHISO_OP_INDEX;
  if (index &&
      (from->op != to->op || strcmp(from->ref_index, to->ref_index) != 0 ||
       strcmp(from->ref_node, to->ref_node) != 0 ||
       from->ref_value != to->ref_value))
    return UINT32_MAX;
  for (uint32_t i = 0; i < to->n_inputs; i++)
    if (chiso__text_same_folded(a->key, to->inputs[i].key) &&
        (a->unit == CHISO_UNIT_CHOICE) ==
            (to->inputs[i].unit == CHISO_UNIT_CHOICE))
      return i;
  return UINT32_MAX;
}

static size_t values_at(const chiso_whatif *w, uint32_t slot) {
  const chiso__member *b = chiso__main_member(w->base);
  size_t count = 0;
  for (size_t u = 0; u < w->base->n; u++)
    count += w->after[u] != SIZE_MAX && b->slot_cells[slot * w->base->n + u];
  return count;
}

static void carry_node(chiso_whatif *w, uint32_t from) {
  const chiso__member *b = chiso__main_member(w->base);
  const chiso_node *node =
      &chiso_methodology_index(b->methodology)->nodes[from];
  uint32_t to = chiso_whatif_node(w, from);
  const chiso_node *other =
      to == CHISO_NO_NODE
          ? NULL
          : &chiso_methodology_index(chiso__whatif_member(w)->methodology)
                 ->nodes[to];
  for (uint32_t i = 0; i < node->n_inputs; i++) {
    uint32_t input = !other    ? UINT32_MAX
                     : w->same ? i
                               : input_of(node, i, other);
    if (input != UINT32_MAX)
      carry_slot(w, to, input, from, i);
    else
      w->counts.lost += values_at(w, chiso_program_slot(b->program, from) + i);
  }
  if (other && b->entries.any_entry)
    carry_entry(w, to, from);
  for (size_t u = 0; !other && u < w->base->n; u++)
    w->counts.lost +=
        w->after[u] != SIZE_MAX && b->node_cells[from * w->base->n + u] != 0;
}

/* Parts by their id. */
static void carry_parts(chiso_whatif *w) {
  const chiso__member *b = chiso__main_member(w->base);
  chiso__member *m = chiso__whatif_member(w);
  const chiso_index *ix = chiso_methodology_index(b->methodology);
  uint32_t from = 0;
  for (uint32_t i = 0; i < ix->n_partitions; i++)
    for (uint32_t j = 0; j < ix->partitions[i].n_parts; j++, from++) {
      size_t to = from;
      bool found =
          w->same ||
          chiso__map_get(&m->parts, ix->partitions[i].parts[j].id, &to);
      for (size_t u = 0; u < w->run->n; u++) {
        size_t source = from * w->base->n + w->before[u];
        if (w->before[u] == SIZE_MAX || !b->entries.have_part[source])
          continue;
        w->counts.lost += !found;
        if (!found)
          continue;
        chiso_entries_part(&m->entries, (uint32_t)to, u,
                           b->entries.part[source]);
        m->part_cells[to * w->run->n + u] = b->part_cells[source];
      }
    }
}

chiso_status chiso__whatif_carry(chiso_whatif *w, chiso_error *err) {
  const chiso__member *b = chiso__main_member(w->base);
  uint32_t nodes = chiso_methodology_index(b->methodology)->n_nodes;
  CHISO__TRY(make_room(w, err));
  for (uint32_t i = 0; i < nodes; i++)
    carry_node(w, i);
  if (b->entries.any_part)
    carry_parts(w);
  return CHISO_OK;
}
