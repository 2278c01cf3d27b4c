/* SPDX-License-Identifier: Apache-2.0
 * variant/reweight.c - a node and all below it in proportion to a new maximum:
 * maxima, and whatever a rule says in points. */
#include <string.h>

#include "variant/variant.h"

typedef struct scaling {
  chiso__editor *e;
  chiso_dec from, to; /* the factor is to / from */
  uint64_t line;
  uint32_t legal;
} scaling;

/* value * to / from to a millionth; what is not set stays so. */
static chiso_dec scaled(const scaling *s, chiso_dec value) {
  int64_t out = value;
  if (value != CHISO_NONE && !chiso_muldiv(value, s->to, s->from, &out))
    out = value;
  return out;
}

static chiso_status scale_steps(const scaling *s, chiso_node *n) {
  chiso_step *steps =
      chiso__arena_array(s->e->arena, n->n_steps, sizeof *steps);
  if (!steps)
    return chiso__no_memory(s->e->err);
  for (uint32_t i = 0; i < n->n_steps; i++) {
    steps[i] = n->steps[i];
    steps[i].points = scaled(s, n->steps[i].points);
  }
  n->steps = steps;
  return CHISO_OK;
}

static bool scales(const chiso__key *key) {
  return key->field->points || key->type == CHISO__FIELD_STEPS ||
         key->type == CHISO__FIELD_LEGAL ||
         key->type == CHISO__FIELD_PROVENANCE ||
         strcmp(key->name, "source") == 0 || strcmp(key->name, "max") == 0;
}

/* One node; what is said of it before and after is compared as an overlay
 * would write it. */
static chiso_status scale_node(const scaling *s, uint32_t at) {
  chiso__editor *e = s->e;
  chiso__key keys[CHISO__MAX_KEYS];
  chiso_node *n = &e->edits[at].node, old = *n;
  size_t count = chiso__keys(n->op, keys);
  chiso_index index = { .legal = e->legal };
  if (e->edits[at].max_before != CHISO_NONE)
    old.max = e->edits[at].max_before;
  e->edits[at].max_before = CHISO_NONE;
  n->max = scaled(s, n->max);
  if (n->n_steps)
    CHISO__TRY(scale_steps(s, n));
  for (size_t i = 0; i < count; i++)
    if (keys[i].field->points) {
      chiso_dec value;
      memcpy(&value, (char *)n + keys[i].offset, sizeof value);
      value = scaled(s, value);
      memcpy((char *)n + keys[i].offset, &value, sizeof value);
    }
  n->legal = s->legal;
  n->prov_points = e->provenance;
  n->source = e->legal[s->legal].instrument;
  e->edits[at].line = s->line;
  e->edits[at].legal = s->legal;
  for (size_t i = 0; i < count; i++) {
    if (!scales(&keys[i]))
      continue;
    const char *a = chiso__value_text(e->arena, &index, &keys[i], &old);
    const char *b = chiso__value_text(e->arena, &index, &keys[i], n);
    if (a && b && strcmp(a, b) != 0)
      CHISO__TRY(chiso__record_field(e, n->id, keys[i].name, s->line, s->legal,
                                     false, a));
  }
  return CHISO_OK;
}

static chiso_status scale_tree(const scaling *s, uint32_t at) {
  const chiso__editor *e = s->e;
  /* rule() gives points of its own, which nothing here can change */
  if (e->edits[at].node.op == CHISO_OP_CALL)
    return CHISO__REFUSE(e, chiso__at_line(e, s->line), MSG_VARIANT_SCALE_CALL,
                         e->edits[at].node.id);
  /* under SCALE the children are shares, not points */
  bool shares = e->edits[at].node.op == CHISO_OP_SCALE;
  CHISO__TRY(scale_node(s, at));
  for (uint32_t c = e->edits[at].first; c != CHISO_NO_NODE && !shares;
       c = e->edits[c].after)
    CHISO__TRY(scale_tree(s, c));
  return CHISO_OK;
}

chiso_status chiso__reweight(chiso__editor *e, const chiso__ini_entry *entry,
                             uint32_t node, chiso_dec max, uint64_t line,
                             uint32_t legal) {
  const chiso__edit *n = &e->edits[node];
  chiso__edit_settle(e, node);
  if (max <= 0 || n->node.max <= 0)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_SCALE_ZERO,
                         n->node.id);
  if (max == n->node.max && e->failures)
    return chiso__follows(e); /* of a section that would have changed it */
  if (max == n->node.max)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_SAME, entry->key,
                         n->node.id, entry->value);
  scaling s = { e, n->node.max, max, line, legal };
  CHISO__TRY(scale_tree(&s, node));
  e->edits[node].max_set = true;
  if (n->parent != CHISO_NO_NODE)
    e->edits[n->parent].dirty = true;
  chiso__edit_touch(e, node, line, legal);
  return CHISO_OK;
}
