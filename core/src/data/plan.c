/* SPDX-License-Identifier: Apache-2.0
 * data/plan.c - indices that take results of other indices: the order in which
 * they are scored, and the values that pass between them. */
#include <string.h>

#include "data/data.h"

#define MAX_MEMBERS 64u

typedef struct planner {
  chiso_run *run;
  chiso_error *err;
  const char *path[MAX_MEMBERS]; /* names from the one asked for downwards */
  size_t depth;
} planner;

static chiso_status refuse_cycle(planner *p, const char *name, size_t from) {
  char text[400];
  size_t used = 0;
  for (size_t i = from; i < p->depth; i++) {
    int n = snprintf(text + used, sizeof text - used, "%s -> ", p->path[i]);
    if (n < 0 || (size_t)n >= sizeof text - used)
      break;
    used += (size_t)n;
  }
  snprintf(text + used, sizeof text - used, "%s", name);
  return CHISO__FAIL(p->err, CHISO_BAD_DATA, MSG_DATA_CYCLE, text);
}

static chiso_status add_member(planner *p, const chiso_listing *listing,
                               const chiso_methodology *methodology,
                               chiso_rule rule) {
  chiso_run *run = p->run;
  if (run->n_members == MAX_MEMBERS)
    return CHISO__FAIL(p->err, CHISO_BAD_DATA, MSG_DATA_MANY_INDICES,
                       MAX_MEMBERS);
  chiso__member *m = &run->members[run->n_members];
  CHISO__TRY(chiso_program_new(methodology, rule, run->allocator, &m->program,
                               p->err));
  m->listing = listing;
  m->methodology = methodology;
  run->n_members++;
  return CHISO_OK;
}

static bool is_member(const chiso_run *run, const chiso_listing *listing) {
  for (size_t i = 0; i < run->n_members; i++)
    if (run->members[i].listing == listing)
      return true;
  return false;
}

static chiso_status visit(planner *p, const chiso_listing *listing) {
  const chiso_methodology *methodology;
  chiso_rule rule;
  for (size_t i = 0; i < p->depth; i++)
    if (strcmp(p->path[i], listing->name) == 0)
      return refuse_cycle(p, listing->name, i);
  if (is_member(p->run, listing))
    return CHISO_OK;
  if (p->depth == MAX_MEMBERS)
    return CHISO__FAIL(p->err, CHISO_BAD_DATA, MSG_DATA_MANY_INDICES,
                       MAX_MEMBERS);
  CHISO__TRY(
      chiso_store_load(p->run->store, listing, &methodology, &rule, p->err));
  p->path[p->depth++] = listing->name;
  const chiso_index *ix = chiso_methodology_index(methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    const chiso_node *n = &ix->nodes[i];
    if (n->op != CHISO_OP_INDEX)
      continue;
    const chiso_listing *other =
        chiso_store_serving(p->run->store, n->ref_index, p->run->round.year);
    if (other)
      CHISO__TRY(visit(p, other));
  }
  p->depth--;
  return add_member(p, listing, methodology, rule);
}

chiso_status chiso__plan(chiso_run *run, const chiso_listing *listing,
                         chiso_error *err) {
  planner p = { .run = run, .err = err };
  run->members =
      chiso__arena_array(&run->arena, MAX_MEMBERS, sizeof *run->members);
  return run->members ? visit(&p, listing) : chiso__no_memory(err);
}

/* ---- values ------------------------------------------------------------- */

static chiso__member *serving(const chiso_run *run, const char *id) {
  for (size_t i = 0; i < run->n_members; i++)
    if (strcmp(run->members[i].listing->id, id) == 0)
      return &run->members[i];
  return NULL;
}

/* The figure of a unit at the node that an INDEX leaf names, or CHISO_NONE:
 * percent as the other index publishes it, or points. */
static chiso_dec figure(const chiso__member *from, uint32_t node,
                        const chiso_node *leaf, size_t unit) {
  if (leaf->ref_value == CHISO_REF_PERCENT)
    return chiso_percent(from->program, &from->scores, node, unit);
  size_t at = node * from->scores.n + unit;
  return chiso_has_points(from->scores.state[at]) ? from->scores.points[at]
                                                  : CHISO_NONE;
}

static void take(chiso_run *run, chiso__member *m, uint32_t node) {
  const chiso_node *leaf =
      &chiso_methodology_index(m->methodology)->nodes[node];
  const chiso__member *from = serving(run, leaf->ref_index);
  if (!from)
    return;
  uint32_t source = chiso_methodology_find(from->methodology, leaf->ref_node);
  uint32_t slot = chiso_program_slot(m->program, node);
  if (source == CHISO_NO_NODE) {
    chiso__remark(&run->remarks, CHISO_BAD_DATA, (chiso__place) { 0 },
                  MSG_DATA_REF_NODE, m->listing->name, leaf->id,
                  from->listing->name, leaf->ref_node);
    return;
  }
  for (size_t u = 0; u < run->n; u++) {
    chiso_dec value = figure(from, source, leaf, u);
    if (value == CHISO_NONE || m->entries.have[slot * run->n + u])
      continue;
    /* The input may have fewer digits than six; never more. */
    int64_t raw =
        chiso_dec_round(value, leaf->inputs[0].digits, CHISO_ROUND_HALF_UP) /
        chiso__power10[CHISO_DEC_DIGITS - leaf->inputs[0].digits];
    chiso_entries_set(&m->entries, slot, u, raw);
  }
}

void chiso__take_results(chiso_run *run, chiso__member *m) {
  const chiso_index *ix = chiso_methodology_index(m->methodology);
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    if (ix->nodes[i].op == CHISO_OP_INDEX)
      take(run, m, i);
}

/* ---- what was taken, in words ------------------------------------------- */

/* Whether a table has the leaf's value, or points at it or above it, for a
 * unit. */
static bool is_covered(const chiso__member *m, uint32_t node, size_t unit) {
  uint32_t slot = chiso_program_slot(m->program, node);
  if (m->slot_cells[slot * m->entries.n + unit])
    return true;
  for (; node != CHISO_NO_NODE;
       node = chiso_methodology_parent(m->methodology, node))
    if (m->entries.entry[node * m->entries.n + unit] != CHISO_ENTRY_NONE)
      return true;
  return false;
}

static bool any_in(const uint8_t *flags, uint32_t rows, size_t n, size_t unit) {
  for (uint32_t i = 0; i < rows; i++)
    if (flags[i * n + unit])
      return true;
  return false;
}

/* Whether a score waits for what an INDEX leaf takes: not where points were
 * given at or above it, or on published parts. Without any data of its own a
 * run waits for all. */
static bool is_needed(const chiso_run *run, uint32_t leaf) {
  const chiso__member *m = chiso__main_member(run);
  const chiso_entries *e = &m->entries;
  bool any = false;
  for (size_t u = 0; u < run->n; u++) {
    bool parts = any_in(e->have_part, e->parts, e->n, u);
    bool tree = any_in(e->entry, e->nodes, e->n, u) ||
                any_in(e->have, e->slots, e->n, u);
    any |= parts || tree;
    if (tree && !parts && !is_covered(m, leaf, u))
      return true;
  }
  return !any;
}

/* Ids that the INDEX leaves of the index asked for name, each once; only
 * where a score needs them. */
static size_t references(const chiso_run *run, const char **ids, size_t most) {
  const chiso_index *ix =
      chiso_methodology_index(chiso__main_member(run)->methodology);
  size_t count = 0;
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    if (ix->nodes[i].op != CHISO_OP_INDEX || !is_needed(run, i))
      continue;
    size_t k = 0;
    while (k < count && strcmp(ids[k], ix->nodes[i].ref_index) != 0)
      k++;
    if (k == count && count < most)
      ids[count++] = ix->nodes[i].ref_index;
  }
  return count;
}

/* The nodes that the index asked for takes from another, "1, 2, 3". */
static void list_nodes(const chiso_run *run, const char *id, char *out,
                       size_t size) {
  const chiso_index *ix =
      chiso_methodology_index(chiso__main_member(run)->methodology);
  size_t used = 0;
  out[0] = '\0';
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    const chiso_node *leaf = &ix->nodes[i];
    if (leaf->op != CHISO_OP_INDEX || strcmp(leaf->ref_index, id) != 0)
      continue;
    int wrote = snprintf(out + used, size - used, "%s%s", used ? ", " : "",
                         leaf->ref_node);
    if (wrote < 0 || (size_t)wrote >= size - used)
      return;
    used += (size_t)wrote;
  }
}

/* Units for which the other index has a figure that is taken. */
static size_t units_taken(const chiso_run *run, const chiso__member *m) {
  const chiso_index *ix =
      chiso_methodology_index(chiso__main_member(run)->methodology);
  size_t count = 0;
  for (size_t u = 0; u < run->n; u++) {
    bool any = false;
    for (uint32_t i = 0; i < ix->n_nodes && !any; i++) {
      const chiso_node *leaf = &ix->nodes[i];
      if (leaf->op != CHISO_OP_INDEX ||
          strcmp(leaf->ref_index, m->listing->id) != 0)
        continue;
      uint32_t node = chiso_methodology_find(m->methodology, leaf->ref_node);
      any = node != CHISO_NO_NODE && figure(m, node, leaf, u) != CHISO_NONE;
    }
    count += any;
  }
  return count;
}

static char *describe(chiso_run *run, const char *id, chiso_lang lang) {
  const chiso__member *m = serving(run, id);
  char round[16], text[400], nodes[60];
  size_t taken = m ? units_taken(run, m) : 0;
  chiso_round_format(run->round, round);
  list_nodes(run, id, nodes, sizeof nodes);
  if (!m)
    snprintf(text, sizeof text, chiso__message_text(MSG_DATA_LACKS_INDEX, lang),
             id, round);
  else if (!m->has_data)
    snprintf(text, sizeof text, chiso__message_text(MSG_DATA_LACKS_DATA, lang),
             m->listing->name, round);
  else if (!taken)
    snprintf(text, sizeof text, chiso__message_text(MSG_DATA_LACKS_NODES, lang),
             m->listing->name, round, nodes);
  else
    snprintf(text, sizeof text, chiso__message_text(MSG_DATA_TAKES, lang),
             m->listing->name, round, taken, run->n);
  return chiso__arena_text(&run->arena, text, strlen(text));
}

chiso_status chiso__describe_dependencies(chiso_run *run, chiso_error *err) {
  const char *ids[MAX_MEMBERS] = { NULL };
  size_t count = references(run, ids, MAX_MEMBERS);
  run->n_dependencies = count;
  run->dependencies =
      chiso__arena_array(&run->arena, 2, sizeof *run->dependencies);
  if (!run->dependencies)
    return chiso__no_memory(err);
  for (int lang = 0; lang < 2; lang++) {
    run->dependencies[lang] =
        chiso__arena_array(&run->arena, count, sizeof **run->dependencies);
    for (size_t i = 0; run->dependencies[lang] && i < count; i++)
      run->dependencies[lang][i] = describe(run, ids[i], (chiso_lang)lang);
  }
  return run->dependencies[0] && run->dependencies[1] ? CHISO_OK
                                                      : chiso__no_memory(err);
}

size_t chiso_run_dependencies(const chiso_run *run) {
  return run->n_dependencies;
}

const char *chiso_run_dependency(const chiso_run *run, size_t place,
                                 chiso_lang lang) {
  const char *text = run->dependencies[lang][place];
  return text ? text : "";
}
