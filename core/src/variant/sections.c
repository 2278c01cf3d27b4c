/* SPDX-License-Identifier: Apache-2.0
 * variant/sections.c - what an overlay does to nodes: add, remove, move,
 * reweight, and change.c. Every section names one node and cites one
 * instrument. */
#include "base/text.h"
#include "variant/variant.h"

#include <string.h>

/* ---- entries and nodes -------------------------------------------------- */

chiso_status chiso__section_entry(const chiso__editor *e, const char *name,
                                  uint64_t line, const char *key, bool required,
                                  const chiso__ini_entry **out) {
  *out = chiso__ini_get(e->ini, name, key);
  if (!*out && required)
    return CHISO__REFUSE(e, chiso__at_line(e, line), MSG_VARIANT_ABSENT, name,
                         key);
  return CHISO_OK;
}

chiso_status chiso__node_named(const chiso__editor *e,
                               const chiso__ini_entry *entry, uint32_t *out) {
  size_t place;
  const char *id = entry->value;
  if (chiso__map_get(&e->ids, id, &place)) {
    const chiso__edit *n = &e->edits[place];
    *out = (uint32_t)place;
    if (n->gone)
      return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_GONE, id,
                           (unsigned long long)n->line);
    /* folding finds the node, but a person wrote another id */
    return strcmp(n->node.id, id) == 0
               ? CHISO_OK
               : CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NODE_NEAR,
                               id, e->from->name, n->node.id);
  }
  const char **ids =
      chiso__alloc(e->variant->allocator, (e->count + 1) * sizeof *ids);
  if (!ids)
    return chiso__no_memory(e->err);
  size_t n = 0;
  for (size_t i = 0; i < e->count; i++)
    if (!e->edits[i].gone)
      ids[n++] = e->edits[i].node.id;
  const char *near = chiso__text_nearest(id, ids, n);
  chiso__free(e->variant->allocator, (void *)ids);
  return near ? CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NODE_NEAR, id,
                              e->from->name, near)
              : CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NODE, id,
                              e->from->name);
}

/* Keys that a section takes besides those of fields. */
static const char *const no_keys[] = { NULL };
static const char *const add_keys[] = { "before", "after", NULL };
static const char *const move_keys[] = { "parent", "before", "after", NULL };
static const char *const reweight_keys[] = { "max", NULL };

/* Refuses keys that the section does not have. */
chiso_status chiso__section_keys(const chiso__section *s,
                                 const char *const *more,
                                 const chiso__key *keys, size_t n_keys) {
  const char *names[CHISO__MAX_KEYS + 8] = { "id", "legal" };
  size_t n = 2;
  for (; *more; more++)
    names[n++] = *more;
  for (size_t i = 0; i < n_keys; i++)
    names[n++] = keys[i].name;
  names[n] = NULL;
  return chiso__ini_only(s->e->ini, s->name, names, s->e->err);
}

/* ---- places ------------------------------------------------------------- */

/* Where `before` or `after` says, below `parent`; last when none does. */
static chiso_status find_place(const chiso__section *s, uint32_t parent,
                               uint32_t *next) {
  const chiso__editor *e = s->e;
  const chiso__ini_entry *before = chiso__ini_get(e->ini, s->name, "before");
  const chiso__ini_entry *after = chiso__ini_get(e->ini, s->name, "after");
  const chiso__ini_entry *entry = before ? before : after;
  uint32_t beside;
  *next = CHISO_NO_NODE;
  if (!entry)
    return CHISO_OK;
  if (before && after)
    return CHISO__FAIL_ENTRY(s, after, MSG_VARIANT_TWO_PLACES);
  CHISO__TRY(chiso__node_named(e, entry, &beside));
  if (e->edits[beside].parent != parent || beside == s->node)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_BESIDE, entry->value,
                             e->edits[parent].node.id);
  *next = before ? beside : e->edits[beside].after;
  return CHISO_OK;
}

/* ---- add ---------------------------------------------------------------- */

static chiso_status check_new(const chiso__section *s, const chiso_node *n) {
  const chiso__editor *e = s->e;
  chiso__key keys[CHISO__MAX_KEYS];
  size_t count = chiso__keys(n->op, keys);
  bool derived = n->op == CHISO_OP_SUM || n->op == CHISO_OP_CASE;
  for (size_t i = 0; i < count; i++) {
    const char *name = keys[i].name;
    bool given = chiso__ini_get(e->ini, s->name, name) != NULL;
    if (!keys[i].field->required || given || strcmp(name, "title_en") == 0 ||
        strcmp(name, "weight") == 0 || strcmp(name, "provenance") == 0 ||
        strcmp(name, "source") == 0 || (derived && strcmp(name, "max") == 0))
      continue;
    return CHISO__FAIL_SECTION(s, MSG_VARIANT_ABSENT, s->name, name);
  }
  for (size_t i = 0; n->concept_id && i < e->count; i++)
    if (chiso__same_text(e->edits[i].node.concept_id, n->concept_id))
      return CHISO__FAIL_ENTRY(s, chiso__ini_get(e->ini, s->name, "concept"),
                               MSG_VARIANT_CONCEPT_TAKEN, n->concept_id,
                               e->edits[i].node.id);
  return CHISO_OK;
}

static chiso_status new_node(const chiso__section *s, chiso_node *n) {
  chiso__key keys[CHISO__MAX_KEYS];
  size_t n_keys = chiso__keys(0, keys);
  const chiso__ini_entry *op;
  for (size_t i = 0; i < chiso__n_node_fields; i++)
    if (!chiso__node_fields[i].ops)
      chiso__field_standard(&chiso__node_fields[i], n);
  CHISO__TRY(chiso__section_keys(s, add_keys, keys, n_keys));
  CHISO__TRY(chiso__section_entry(s->e, s->name, s->line, "op", true, &op));
  n->id = s->id->value;
  n->weight = CHISO_DEC_ONE;
  n->prov_name = n->prov_points = s->e->provenance;
  n->source = s->e->legal[s->legal].instrument;
  n->legal = s->legal;
  CHISO__TRY(chiso__members_set(s, keys, n_keys, true, n));
  return check_new(s, n);
}

/* Every field of a new node comes from its section. */
static chiso_status record_new(const chiso__section *s, const chiso_node *n) {
  chiso__key keys[CHISO__MAX_KEYS];
  size_t count = chiso__keys(n->op, keys);
  for (size_t i = 0; i < count; i++) {
    const chiso__ini_entry *entry =
        chiso__ini_get(s->e->ini, s->name, keys[i].name);
    CHISO__TRY(chiso__record_field(s->e, n->id, keys[i].name,
                                   entry ? entry->line : s->line, s->legal,
                                   false, NULL));
  }
  return CHISO_OK;
}

static chiso_status add(chiso__section *s) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *up;
  chiso_node n = { 0 };
  uint32_t parent, next;
  size_t taken;
  CHISO__TRY(new_node(s, &n));
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "parent", true, &up));
  if (chiso__map_get(&e->ids, s->id->value, &taken))
    return CHISO__FAIL_ENTRY(s, s->id, MSG_VARIANT_TAKEN, s->id->value,
                             e->from->name);
  CHISO__TRY(chiso__node_named(e, up, &parent));
  s->node = CHISO_NO_NODE;
  CHISO__TRY(find_place(s, parent, &next));
  CHISO__TRY(chiso__edit_new(e, &s->node));
  e->edits[s->node].node = n;
  e->edits[s->node].added = true;
  e->edits[s->node].max_set = chiso__ini_get(e->ini, s->name, "max") != NULL;
  e->edits[s->node].dirty = true;
  if (chiso__map_put(&e->ids, n.id, s->node, NULL) == CHISO__MAP_NO_MEMORY)
    return chiso__no_memory(e->err);
  CHISO__TRY(chiso__check_twice(s));
  chiso__edit_attach(e, s->node, parent, next);
  e->edits[parent].dirty = true;
  chiso__edit_touch(e, s->node, s->line, s->legal);
  e->variant->layers[e->layer].added++;
  return record_new(s, &n);
}

/* ---- remove, move, reweight --------------------------------------------- */

static void mark_gone(chiso__editor *e, uint32_t node, uint64_t line) {
  e->edits[node].gone = true;
  e->edits[node].line = line;
  for (uint32_t c = e->edits[node].first; c != CHISO_NO_NODE;
       c = e->edits[c].after)
    mark_gone(e, c, line);
}

static chiso_status take_away(chiso__section *s) {
  chiso__editor *e = s->e;
  chiso_variant *v = e->variant;
  CHISO__TRY(chiso__section_keys(s, no_keys, NULL, 0));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  const chiso__edit *n = &e->edits[s->node];
  if (s->node == 0)
    return CHISO__FAIL_ENTRY(s, s->id, MSG_VARIANT_ROOT);
  if (n->added)
    return CHISO__FAIL_ENTRY(s, s->id, MSG_VARIANT_ADDED_GONE, n->node.id);
  void *list = v->removed;
  bool room = chiso__grow(v->allocator, &list, &v->removed_capacity,
                          v->n_removed, sizeof *v->removed);
  v->removed = list;
  if (!room)
    return chiso__no_memory(e->err);
  v->removed[v->n_removed++] =
      (chiso_removed) { .id = n->node.id,
                        .title_vi = n->node.title_vi,
                        .title_en = n->node.title_en,
                        .max = n->node.max,
                        .layer = e->layer,
                        .line = s->line,
                        .instrument = e->legal[s->legal].instrument };
  uint32_t parent = n->parent;
  chiso__edit_detach(e, s->node);
  mark_gone(e, s->node, s->line);
  e->edits[parent].dirty = true;
  chiso__edit_touch(e, parent, s->line, s->legal);
  v->layers[e->layer].removed++;
  return CHISO_OK;
}

/* The order among siblings has no field of its own: it is told as `after`. */
static chiso_status record_move(const chiso__section *s, uint32_t old_parent,
                                uint32_t old_before) {
  chiso__editor *e = s->e;
  const chiso__edit *n = &e->edits[s->node];
  if (n->parent != old_parent)
    return chiso__record_field(e, n->node.id, "parent", s->line, s->legal,
                               false, e->edits[old_parent].node.id);
  return chiso__record_field(
      e, n->node.id, "after", s->line, s->legal, false,
      old_before == CHISO_NO_NODE ? NULL : e->edits[old_before].node.id);
}

static chiso_status move(chiso__section *s) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *up;
  uint32_t next;
  CHISO__TRY(chiso__section_keys(s, move_keys, NULL, 0));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  if (s->node == 0)
    return CHISO__FAIL_ENTRY(s, s->id, MSG_VARIANT_ROOT);
  chiso__edit *n = &e->edits[s->node];
  uint32_t old_parent = n->parent, old_before = n->before, parent = n->parent;
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "parent", false, &up));
  if (up)
    CHISO__TRY(chiso__node_named(e, up, &parent));
  if (chiso__edit_within(e, parent, s->node))
    return CHISO__FAIL_ENTRY(s, up, MSG_VARIANT_UNDER_ITSELF, n->node.id,
                             up->value);
  CHISO__TRY(find_place(s, parent, &next));
  uint32_t old_next = n->after;
  if (parent == old_parent && (next == old_next || next == s->node))
    return CHISO__FAIL_SECTION(s, MSG_VARIANT_NOT_MOVED, n->node.id);
  chiso__edit_touch(e, s->node, s->line, s->legal);
  chiso__edit_detach(e, s->node);
  chiso__edit_attach(e, s->node, parent, next);
  CHISO__TRY(chiso__record_legal(s, &n->node));
  n->node.legal = s->legal;
  e->edits[old_parent].dirty = e->edits[parent].dirty = true;
  chiso__edit_touch(e, s->node, s->line, s->legal);
  e->variant->layers[e->layer].moved++;
  return record_move(s, old_parent, old_before);
}

static chiso_status reweight(chiso__section *s) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *max;
  chiso_dec value;
  CHISO__TRY(chiso__section_keys(s, reweight_keys, NULL, 0));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "max", true, &max));
  CHISO__TRY(chiso__value_dec(e, max, max->value,
                              max->value + strlen(max->value), &value));
  CHISO__TRY(chiso__check_twice(s));
  e->variant->layers[e->layer].reweighted++;
  return chiso__reweight(e, max, s->node, value, s->line, s->legal);
}

/* ---- which one ---------------------------------------------------------- */

static const struct {
  const char *word;
  chiso_status (*apply)(chiso__section *);
} verbs[] = {
  { "change", chiso__change }, { "add", add },
  { "remove", take_away },     { "move", move },
  { "reweight", reweight },
};

static chiso_status unknown_verb(const chiso__editor *e, const char *name,
                                 size_t size, uint64_t line) {
  static const char *const words[] = { "change",   "add",   "remove", "move",
                                       "reweight", "legal", "grading" };
  char word[80];
  snprintf(word, sizeof word, "%.*s", (int)(size > 60 ? 60 : size), name);
  const char *near =
      chiso__text_nearest(word, words, sizeof words / sizeof *words);
  return CHISO__REFUSE(e, chiso__at_line(e, line), MSG_VARIANT_SECTION, name,
                       near ? near : words[0]);
}

chiso_status chiso__section_apply(chiso__editor *e, const char *name,
                                  uint64_t line) {
  size_t size = strcspn(name, " \t");
  chiso__section s = { .e = e, .name = name, .line = line };
  const chiso__ini_entry *legal;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
    if (strlen(verbs[i].word) != size || memcmp(verbs[i].word, name, size) != 0)
      continue;
    CHISO__TRY(chiso__section_entry(e, name, line, "id", true, &s.id));
    CHISO__TRY(chiso__section_entry(e, name, line, "legal", true, &legal));
    CHISO__TRY(chiso__value_legal(e, legal, &s.legal));
    return verbs[i].apply(&s);
  }
  return unknown_verb(e, name, size, line);
}
