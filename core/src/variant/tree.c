/* SPDX-License-Identifier: Apache-2.0
 * variant/tree.c - a methodology taken apart into nodes that can be changed,
 * and put together again. */
#include <string.h>

#include "base/dec.h"
#include "variant/variant.h"

/* ---- apart -------------------------------------------------------------- */

chiso_status chiso__edit_new(chiso__editor *e, uint32_t *out) {
  void *edits = e->edits;
  bool room = chiso__grow(e->variant->allocator, &edits, &e->capacity, e->count,
                          sizeof *e->edits);
  e->edits = edits;
  bool *set = chiso__arena_array(e->arena, CHISO__MAX_KEYS, sizeof *set);
  if (!room || !set)
    return chiso__no_memory(e->err);
  *out = (uint32_t)e->count;
  e->edits[e->count++] = (chiso__edit) { .parent = CHISO_NO_NODE,
                                         .first = CHISO_NO_NODE,
                                         .last = CHISO_NO_NODE,
                                         .before = CHISO_NO_NODE,
                                         .after = CHISO_NO_NODE,
                                         .max_before = CHISO_NONE,
                                         .set = set };
  return CHISO_OK;
}

void chiso__edit_attach(chiso__editor *e, uint32_t node, uint32_t parent,
                        uint32_t next) {
  chiso__edit *n = &e->edits[node], *p = &e->edits[parent];
  n->parent = parent;
  n->after = next;
  n->before = next == CHISO_NO_NODE ? p->last : e->edits[next].before;
  if (n->before == CHISO_NO_NODE)
    p->first = node;
  else
    e->edits[n->before].after = node;
  if (next == CHISO_NO_NODE)
    p->last = node;
  else
    e->edits[next].before = node;
  n->node.parent = p->node.id;
}

void chiso__edit_detach(chiso__editor *e, uint32_t node) {
  chiso__edit *n = &e->edits[node], *p = &e->edits[n->parent];
  if (n->before == CHISO_NO_NODE)
    p->first = n->after;
  else
    e->edits[n->before].after = n->after;
  if (n->after == CHISO_NO_NODE)
    p->last = n->before;
  else
    e->edits[n->after].before = n->before;
}

chiso_status chiso__edits_from(chiso__editor *e) {
  const chiso_index *ix = &e->from->index;
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    uint32_t place;
    CHISO__TRY(chiso__edit_new(e, &place));
    chiso_node *n = &e->edits[place].node;
    *n = ix->nodes[i];
    n->legal += e->n_own;
    n->was = NULL; /* codes in what the base superseded */
    n->n_was = 0;
    if (chiso__map_put(&e->ids, n->id, place, NULL) == CHISO__MAP_NO_MEMORY)
      return chiso__no_memory(e->err);
    if (i > 0)
      chiso__edit_attach(e, place, e->from->parents[i], CHISO_NO_NODE);
  }
  return CHISO_OK;
}

void chiso__edit_touch(chiso__editor *e, uint32_t node, uint64_t line,
                       uint32_t legal) {
  for (; node != CHISO_NO_NODE; node = e->edits[node].parent) {
    e->edits[node].line = line;
    e->edits[node].legal = legal;
  }
}

bool chiso__edit_within(const chiso__editor *e, uint32_t node, uint32_t of) {
  while (node != CHISO_NO_NODE && node != of)
    node = e->edits[node].parent;
  return node == of;
}

/* ---- totals ------------------------------------------------------------- */

/* What the counted children make: their sum, or the best of a CASE. */
static chiso_dec made_of(const chiso__editor *e, uint32_t node,
                         chiso_dec *counted) {
  const chiso__edit *n = &e->edits[node];
  bool sum = n->node.op == CHISO_OP_SUM;
  chiso_dec total = 0;
  *counted = 0;
  for (uint32_t c = n->first; c != CHISO_NO_NODE; c = e->edits[c].after) {
    const chiso_node *child = &e->edits[c].node;
    if (sum && child->weight != 0) {
      total += child->max;
      ++*counted;
    } else if (!sum && child->max > total) {
      total = child->max;
    }
  }
  return total;
}

static bool near(chiso_dec a, chiso_dec b, chiso_dec counted) {
  return (a > b ? a - b : b - a) <= counted;
}

static bool adds_up(unsigned op) {
  return op == CHISO_OP_SUM || op == CHISO_OP_CASE;
}

/* Whether the maximum of a node follows from changes below it; to what. */
static bool follows(const chiso__editor *e, uint32_t node, chiso_dec *total) {
  const chiso__edit *n = &e->edits[node];
  chiso_dec counted;
  *total = made_of(e, node, &counted);
  return n->dirty && !n->max_set && adds_up(n->node.op) &&
         (n->node.op != CHISO_OP_SUM || counted) &&
         !near(*total, n->node.max, counted);
}

void chiso__edit_settle(chiso__editor *e, uint32_t node) {
  chiso__edit *n = &e->edits[node];
  chiso_dec total;
  /* what stands under SCALE makes no maximum */
  for (uint32_t c = n->first;
       c != CHISO_NO_NODE && n->node.op != CHISO_OP_SCALE;
       c = e->edits[c].after) {
    chiso__edit_settle(e, c);
    n->dirty |= e->edits[c].dirty;
  }
  if (!follows(e, node, &total))
    return;
  if (n->max_before == CHISO_NONE)
    n->max_before = n->node.max;
  n->node.max = total;
}

static chiso_status derive(chiso__editor *e, uint32_t node) {
  chiso__edit *n = &e->edits[node];
  chiso_dec total;
  char before[CHISO_DEC_TEXT];
  if (!follows(e, node, &total))
    return CHISO_OK;
  chiso__dec_print(n->node.max, before);
  n->node.max = total;
  if (node == 0)
    return CHISO_OK; /* the declared total speaks for it */
  return chiso__record_field(e, n->node.id, "max", n->line, n->legal, true,
                             n->added ? NULL : before);
}

/* Children before their parents. */
static chiso_status derive_all(chiso__editor *e) {
  uint32_t at = 0;
  while (e->edits[at].first != CHISO_NO_NODE)
    at = e->edits[at].first;
  for (;;) {
    CHISO__TRY(derive(e, at));
    if (at == 0)
      return CHISO_OK;
    chiso__edit *n = &e->edits[at];
    /* a maximum that changed reaches the parent */
    e->edits[n->parent].dirty |= n->dirty;
    at = n->after != CHISO_NO_NODE ? n->after : n->parent;
    if (n->after != CHISO_NO_NODE)
      while (e->edits[at].first != CHISO_NO_NODE)
        at = e->edits[at].first;
  }
}

/* Maxima of what adds up, and the declared total. */
static chiso_status totals(chiso__editor *e) {
  chiso_dec old = e->from->index.nodes[0].max, counted;
  chiso_dec declared = e->has_max ? e->max : old;
  char sum[CHISO_DEC_TEXT], wanted[CHISO_DEC_TEXT];
  CHISO__TRY(derive_all(e));
  chiso_node *root = &e->edits[0].node;
  chiso_dec total = made_of(e, 0, &counted);
  uint64_t line = e->has_max ? e->max_line : e->edits[0].line;
  if (adds_up(root->op) && counted && !near(total, declared, counted)) {
    root->max = total;
    return CHISO__REFUSE(e, chiso__at_line(e, line),
                         e->has_max ? MSG_VARIANT_TOTAL : MSG_VARIANT_NEW_TOTAL,
                         chiso__dec_say(total, e->err->lang, sum),
                         chiso__dec_say(declared, e->err->lang, wanted));
  }
  root->max = declared;
  if (declared == old)
    return CHISO_OK;
  chiso__dec_print(old, wanted);
  return chiso__record_field(e, root->id, "max", e->max_line, UINT32_MAX, false,
                             wanted);
}

/* ---- together ----------------------------------------------------------- */

/* Depth first: parents before children, siblings in their order. */
static size_t lay_out(const chiso__editor *e, chiso_node *nodes,
                      uint64_t *lines) {
  size_t count = 0;
  uint32_t at = 0;
  while (at != CHISO_NO_NODE) {
    const chiso__edit *n = &e->edits[at];
    nodes[count] = n->node;
    lines[count++] = n->line;
    if (n->first != CHISO_NO_NODE) {
      at = n->first;
      continue;
    }
    while (at != CHISO_NO_NODE && e->edits[at].after == CHISO_NO_NODE)
      at = e->edits[at].parent;
    if (at != CHISO_NO_NODE)
      at = e->edits[at].after;
  }
  return count;
}

/* Sums that are wrong below make the total wrong too. */
typedef struct tree_faults {
  chiso__editor *e;
  bool balance;
} tree_faults;

static void take_fault(void *user, const chiso_error *fault) {
  tree_faults *faults = user;
  faults->balance |= fault->message == chiso__message_number(MSG_MODEL_BALANCE);
  chiso__remark_error(faults->e->faults, fault);
}

static chiso_status make(chiso__editor *e, tree_faults *told,
                         chiso_methodology **out) {
  chiso_node *nodes = chiso__arena_array(e->arena, e->count, sizeof *nodes);
  uint64_t *lines = chiso__arena_array(e->arena, e->count, sizeof *lines);
  if (!nodes || !lines)
    return chiso__no_memory(e->err);
  chiso_index *head = &e->head;
  head->n_nodes = (uint32_t)lay_out(e, nodes, lines);
  head->nodes = nodes;
  if (head->n_nodes > CHISO__MAX_NODES)
    return chiso__told(e, CHISO__REFUSE(e, chiso__at_line(e, 0),
                                        MSG_VARIANT_NODES, CHISO__MAX_NODES));
  chiso__faults faults = { take_fault, told, 0 };
  chiso_status status = chiso__methodology_copy_lines(
      e->ini->file, head, lines, &faults, e->variant->allocator, out, e->err);
  e->failures += faults.count;
  return status == CHISO_BAD_DATA ? CHISO_OK : status;
}

chiso_status chiso__edits_finish(chiso__editor *e, chiso_methodology **out) {
  tree_faults told = { e, false };
  chiso_status status = totals(e);
  chiso_error total = *e->err;
  bool balanced = status == CHISO_OK;
  if (!balanced && status != CHISO_BAD_DATA)
    return status;
  /* what else is wrong is told with the total; parts of it would only follow */
  if (balanced)
    CHISO__TRY(chiso__partitions_check(e));
  if (!balanced || e->failures) {
    e->head.partitions = NULL;
    e->head.n_partitions = 0;
  }
  CHISO__TRY(make(e, &told, out));
  if (!balanced && !told.balance)
    chiso__remark_error(e->faults, &total);
  e->failures += !balanced;
  if (e->failures) {
    chiso_methodology_free(*out);
    *out = NULL;
  }
  return CHISO_OK;
}
