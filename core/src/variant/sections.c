/* SPDX-License-Identifier: Apache-2.0
 * variant/sections.c - what an overlay does to nodes: add, remove, move,
 * reweight, and change.c. Every section names one node and cites one
 * instrument. */
#include "base/text.h"
#include "variant/variant.h"

#include <string.h>

/* ---- entries and nodes -------------------------------------------------- */

chiso_status chiso__told(chiso__editor *e, chiso_status status) {
  if (status != CHISO_BAD_DATA)
    return status;
  e->failures++;
  if (!e->follows)
    chiso__remark_error(e->faults, e->err);
  e->follows = false;
  return CHISO_OK;
}

chiso_status chiso__follows(chiso__editor *e) {
  e->follows = true;
  return CHISO_BAD_DATA;
}

chiso_status chiso__keys_only(chiso__editor *e, const char *section,
                              const char *const *keys) {
  size_t before = e->failures;
  for (size_t i = 0; i < e->ini->count; i++)
    if (strcmp(e->ini->entries[i].section, section) == 0)
      CHISO__TELL(e,
                  chiso__ini_known(e->ini, &e->ini->entries[i], keys, e->err));
  if (e->failures > before || chiso__ini_damaged(e->ini, section))
    e->strange = section;
  return CHISO_OK;
}

chiso_status chiso__section_entry(chiso__editor *e, const char *name,
                                  uint64_t line, const char *key, bool required,
                                  const chiso__ini_entry **out) {
  *out = chiso__ini_get(e->ini, name, key);
  if (*out || !required)
    return CHISO_OK;
  if (e->strange && strcmp(e->strange, name) == 0)
    return chiso__follows(e);
  return CHISO__REFUSE(e, chiso__at_line(e, line), MSG_VARIANT_ABSENT, name,
                       key);
}

chiso_status chiso__node_named(chiso__editor *e, const chiso__ini_entry *entry,
                               uint32_t *out) {
  size_t place;
  const char *id = entry->value;
  if (chiso__map_get(&e->ids, id, &place)) {
    const chiso__edit *n = &e->edits[place];
    *out = (uint32_t)place;
    if (n->unborn)
      return chiso__follows(e);
    if (n->gone)
      return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_GONE, id,
                           (unsigned long long)n->line);
    /* folding finds the node, but a person wrote another id */
    return strcmp(n->node.id, id) == 0
               ? CHISO_OK
               : CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NODE_NEAR,
                               id, e->from->name, n->node.id);
  }
  if (e->nameless)
    return chiso__follows(e);
  const char **ids =
      chiso__alloc(e->variant->allocator, (e->count + 1) * sizeof *ids);
  if (!ids)
    return chiso__no_memory(e->err);
  size_t n = 0;
  for (size_t i = 0; i < e->count; i++)
    if (!e->edits[i].gone && !e->edits[i].unborn)
      ids[n++] = e->edits[i].node.id;
  const char *near = chiso__text_nearest(id, ids, n);
  chiso__free(e->variant->allocator, (void *)ids);
  return near ? CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NODE_NEAR, id,
                              e->from->name, near)
              : CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NODE, id,
                              e->from->name);
}

/* ---- places ------------------------------------------------------------- */

/* Where `before` or `after` says, below `parent`; last when none does. */
static chiso_status find_place(const chiso__section *s, uint32_t parent,
                               uint32_t *next) {
  chiso__editor *e = s->e;
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
  if (e->edits[beside].broken)
    return chiso__follows(e);
  if (e->edits[beside].parent != parent || beside == s->node)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_BESIDE, entry->value,
                             e->edits[parent].node.id);
  *next = before ? beside : e->edits[beside].after;
  return CHISO_OK;
}

/* ---- add ---------------------------------------------------------------- */

static chiso_status check_new(const chiso__section *s, const chiso_node *n) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *entry;
  chiso__key keys[CHISO__MAX_KEYS];
  size_t count = chiso__keys(n->op, keys);
  bool derived = n->op == CHISO_OP_SUM || n->op == CHISO_OP_CASE;
  for (size_t i = 0; i < count; i++) {
    const char *name = keys[i].name;
    if (!keys[i].field->required || strcmp(name, "title_en") == 0 ||
        strcmp(name, "weight") == 0 || strcmp(name, "provenance") == 0 ||
        strcmp(name, "source") == 0 || (derived && strcmp(name, "max") == 0))
      continue;
    CHISO__TELL(e,
                chiso__section_entry(e, s->name, s->line, name, true, &entry));
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
  CHISO__TRY(chiso__section_entry(s->e, s->name, s->line, "op", true, &op));
  n->id = s->id->value;
  n->weight = CHISO_DEC_ONE;
  n->prov_name = n->prov_points = s->e->provenance;
  n->source = s->e->legal[s->legal].instrument;
  n->legal = s->legal;
  CHISO__TRY(chiso__members_set(s, keys, n_keys, true, n));
  return n->op ? check_new(s, n) : chiso__follows(s->e);
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
  size_t taken, before = e->failures;
  if (chiso__map_get(&e->ids, s->id->value, &taken))
    CHISO__TELL(e, CHISO__FAIL_ENTRY(s, s->id, MSG_VARIANT_TAKEN, s->id->value,
                                     e->from->name));
  CHISO__TRY(new_node(s, &n));
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "parent", true, &up));
  CHISO__TRY(chiso__node_named(e, up, &parent));
  s->node = CHISO_NO_NODE;
  CHISO__TRY(find_place(s, parent, &next));
  if (e->failures > before)
    return chiso__follows(e);
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
  CHISO__TRY(chiso__section_node(s));
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
  CHISO__TRY(chiso__section_node(s));
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
  CHISO__TRY(chiso__section_node(s));
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
  chiso_status (*apply)(chiso__section *); /* NULL: of the set as a whole */
  bool members;                            /* takes those of nodes */
  const char *more[4];
} verbs[] = {
  { "change", chiso__change, true, { "clear", "weakens" } },
  { "add", add, true, { "before", "after" } },
  { "remove", take_away, false, { NULL } },
  { "move", move, false, { "parent", "before", "after" } },
  { "reweight", reweight, false, { "max" } },
  { "legal", NULL, false, { NULL } },
  { "grading", NULL, false, { NULL } },
  { "partition", NULL, false, { NULL } },
  { "deadline", NULL, false, { NULL } },
};
#define N_VERBS (sizeof verbs / sizeof *verbs)

static size_t verb_place(const char *name, size_t size) {
  size_t i = 0;
  while (i < N_VERBS && (strlen(verbs[i].word) != size ||
                         memcmp(verbs[i].word, name, size) != 0))
    i++;
  return i;
}

const char *chiso__verb_of(const char *section, bool *exact) {
  const char *words[N_VERBS];
  char word[80];
  size_t size = strcspn(section, " \t"), place = verb_place(section, size);
  *exact = place < N_VERBS;
  if (*exact)
    return verbs[place].word;
  for (size_t i = 0; i < N_VERBS; i++)
    words[i] = verbs[i].word;
  snprintf(word, sizeof word, "%.*s", (int)(size > 60 ? 60 : size), section);
  const char *near = chiso__text_nearest(word, words, N_VERBS);
  return near ? near : "";
}

/* Unknown keys, and those that every section has. */
static chiso_status check_section(chiso__section *s, size_t verb) {
  chiso__key keys[CHISO__MAX_KEYS];
  const char *names[CHISO__MAX_KEYS + 8] = { "id", "legal" };
  size_t n = 2, n_keys = verbs[verb].members ? chiso__keys(0, keys) : 0;
  const chiso__ini_entry *legal = NULL;
  for (size_t i = 0; i < 4 && verbs[verb].more[i]; i++)
    names[n++] = verbs[verb].more[i];
  for (size_t i = 0; i < n_keys; i++)
    names[n++] = keys[i].name;
  CHISO__TRY(chiso__keys_only(s->e, s->name, names));
  CHISO__TELL(s->e, chiso__section_entry(s->e, s->name, s->line, "legal", true,
                                         &legal));
  if (legal)
    CHISO__TELL(s->e, chiso__value_legal(s->e, legal, &s->legal));
  return chiso__section_entry(s->e, s->name, s->line, "id", true, &s->id);
}

chiso_status chiso__section_node(chiso__section *s) {
  CHISO__TRY(chiso__node_named(s->e, s->id, &s->node));
  return s->e->edits[s->node].broken ? chiso__follows(s->e) : CHISO_OK;
}

/* What a faulty section would have made of its node, nobody knows: what else
 * is said of it would only be noise. */
static chiso_status mark_broken(const chiso__section *s, bool adds) {
  chiso__editor *e = s->e;
  size_t place;
  uint32_t node;
  if (chiso__map_get(&e->ids, s->id->value, &place)) {
    e->edits[place].broken |= !adds;
    return CHISO_OK;
  }
  if (!adds)
    return CHISO_OK;
  CHISO__TRY(chiso__edit_new(e, &node));
  e->edits[node].node.id = s->id->value;
  e->edits[node].broken = e->edits[node].unborn = true;
  return chiso__map_put(&e->ids, s->id->value, node, NULL) ==
                 CHISO__MAP_NO_MEMORY
             ? chiso__no_memory(e->err)
             : CHISO_OK;
}

/* With a key that nobody knows there is no telling what was meant; the node
 * must be there all the same. */
static chiso_status skip(chiso__section *s) {
  CHISO__TRY(chiso__section_node(s));
  return chiso__follows(s->e);
}

chiso_status chiso__section_apply(chiso__editor *e, const char *name,
                                  uint64_t line) {
  bool exact;
  size_t place = verb_place(name, strcspn(name, " \t"));
  chiso__section s = { .e = e, .name = name, .line = line };
  if (place == N_VERBS) {
    const char *near = chiso__verb_of(name, &exact);
    return CHISO__REFUSE(e, chiso__at_line(e, line), MSG_VARIANT_SECTION, name,
                         *near ? near : verbs[0].word);
  }
  chiso_status status = check_section(&s, place);
  e->nameless |= status == CHISO_BAD_DATA && verbs[place].apply == add;
  CHISO__TRY(status);
  size_t before = e->failures;
  bool strange = e->strange && strcmp(e->strange, name) == 0;
  CHISO__TELL(e, strange && !verbs[place].members ? skip(&s)
                                                  : verbs[place].apply(&s));
  return e->failures > before ? mark_broken(&s, verbs[place].apply == add)
                              : CHISO_OK;
}
