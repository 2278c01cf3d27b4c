/* SPDX-License-Identifier: Apache-2.0
 * variant/sections.c - what an overlay does to nodes: change, add, remove,
 * move, reweight. Every section names one node and cites one instrument. */
#include "base/text.h"
#include "variant/variant.h"

#include <string.h>

/* A section while it is applied. */
typedef struct section {
  chiso__editor *e;
  const char *name; /* "change 1" */
  uint64_t line;
  const chiso__ini_entry *id;
  uint32_t node;  /* place */
  uint32_t legal; /* cited */
} section;

#define FAIL_AT(s, entry, ...)                                                 \
  CHISO__REFUSE((s)->e, chiso__at((s)->e, (entry)), __VA_ARGS__)
#define FAIL(s, ...)                                                           \
  CHISO__REFUSE((s)->e, chiso__at_line((s)->e, (s)->line), __VA_ARGS__)

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
static const char *const change_keys[] = { "clear", "weakens", NULL };
static const char *const add_keys[] = { "before", "after", NULL };
static const char *const move_keys[] = { "parent", "before", "after", NULL };
static const char *const reweight_keys[] = { "max", NULL };

static bool one_of(const char *word, const char *const *words) {
  for (; *words; words++)
    if (strcmp(*words, word) == 0)
      return true;
  return false;
}

/* Refuses keys that the section does not have. */
static chiso_status check_keys(const section *s, const char *const *more,
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

/* ---- fields ------------------------------------------------------------- */

/* A change of op begins the rule anew: members that belong to ops are those
 * that the overlay gives. */
static void begin_rule(chiso_node *n, uint8_t op) {
  static const chiso_node zero;
  n->op = op;
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    if (f->ops && f->type == CHISO__FIELD_DEC)
      memcpy((char *)n + f->offset, (const char *)&zero + f->offset,
             sizeof(chiso_dec));
  }
  n->steps = NULL;
  n->n_steps = 0;
  n->inputs = NULL;
  n->n_inputs = 0;
  n->ref_index = n->ref_node = NULL;
  n->ref_value = 0;
  n->empty = 0;
  for (size_t i = 0; i < chiso__n_node_fields; i++)
    if (chiso__node_fields[i].ops &&
        chiso__field_applies(&chiso__node_fields[i], op))
      chiso__field_standard(&chiso__node_fields[i], n);
}

/* Inputs of the rule when nobody listed some. */
static void settle_inputs(chiso_node *n, bool listed) {
  bool constant = n->op == CHISO_OP_STEP && n->n_steps == 0;
  if (constant) {
    n->inputs = NULL;
    n->n_inputs = 0;
  } else if (!listed && n->n_inputs == 0) {
    n->inputs = chiso__standard_inputs(n->op, &n->n_inputs);
  }
}

static const chiso__key *key_named(const chiso__key *keys, size_t n,
                                   const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(keys[i].name, name) == 0)
      return &keys[i];
  return NULL;
}

/* The members that nobody sets by their key. */
static chiso_status check_settable(const section *s,
                                   const chiso__ini_entry *entry, bool adding) {
  if (strcmp(entry->key, "call") == 0)
    return FAIL_AT(s, entry, MSG_VARIANT_CALL);
  if (strcmp(entry->key, "op") == 0 && strcmp(entry->value, "call") == 0)
    return FAIL_AT(s, entry, MSG_VARIANT_CALL);
  if (strcmp(entry->key, "concept") == 0 && !adding)
    return FAIL_AT(s, entry, MSG_VARIANT_CONCEPT);
  if (strcmp(entry->key, "parent") == 0 && !adding)
    return FAIL_AT(s, entry, MSG_VARIANT_PARENT);
  if (strcmp(entry->key, "max") == 0 && s->node == 0 && !adding)
    return FAIL_AT(s, entry, MSG_VARIANT_ROOT_MAX);
  return CHISO_OK;
}

/* What a key has to come after: the op decides which there are, the inputs
 * what a percent sign in steps is. */
static int turn_of(const char *key) {
  return strcmp(key, "op") == 0 ? 0 : strcmp(key, "inputs") == 0 ? 1 : 2;
}

static chiso_status set_fields(const section *s, const chiso__key *keys,
                               size_t n_keys, bool adding, chiso_node *n) {
  const chiso__ini *ini = s->e->ini;
  for (int turn = 0; turn < 3; turn++)
    for (size_t i = 0; i < ini->count; i++) {
      const chiso__ini_entry *entry = &ini->entries[i];
      const chiso__key *key = key_named(keys, n_keys, entry->key);
      if (strcmp(entry->section, s->name) != 0 || !key ||
          turn_of(entry->key) != turn || strcmp(entry->key, "id") == 0 ||
          strcmp(entry->key, "legal") == 0 ||
          (adding && strcmp(entry->key, "parent") == 0))
        continue;
      CHISO__TRY(check_settable(s, entry, adding));
      if (turn == 0) {
        uint8_t op;
        CHISO__TRY(chiso__value_word(s->e, entry, CHISO_FAMILY_OP, &op));
        if (op != n->op || adding)
          begin_rule(n, op);
        continue;
      }
      if (!chiso__field_applies(key->field, n->op)) {
        chiso__key own[CHISO__MAX_KEYS];
        key = key_named(own, chiso__keys(n->op, own), entry->key);
        if (!key)
          return FAIL_AT(s, entry, MSG_MODEL_OTHER_OP, entry->key,
                         chiso_key(CHISO_FAMILY_OP, n->op));
        CHISO__TRY(chiso__value_read(s->e, entry, key, n));
        continue;
      }
      CHISO__TRY(chiso__value_read(s->e, entry, key, n));
    }
  settle_inputs(n, chiso__ini_get(ini, s->name, "inputs") != NULL);
  return CHISO_OK;
}

static bool required_of(const chiso__field *f, unsigned op) {
  return f->required && chiso__field_applies(f, op);
}

/* "clear = note, floor": members that are to be as if nothing was said. */
static chiso_status clear_fields(const section *s, const chiso__key *keys,
                                 size_t n_keys, chiso_node *n) {
  const chiso__ini_entry *entry = chiso__ini_get(s->e->ini, s->name, "clear");
  const char *const *list;
  uint32_t count = 0;
  if (!entry)
    return CHISO_OK;
  CHISO__TRY(chiso__value_list(s->e, entry, &list, &count));
  for (uint32_t i = 0; i < count; i++) {
    const chiso__key *key = key_named(keys, n_keys, list[i]);
    bool title = key && strcmp(key->name, "title_en") == 0;
    if (!key || !chiso__field_applies(key->field, n->op) ||
        (required_of(key->field, n->op) && !title) ||
        one_of(list[i], (const char *const[]) { "parent", "concept", "legal",
                                                "id", "source", NULL }))
      return FAIL_AT(s, entry, MSG_VARIANT_CLEAR, list[i]);
    if (chiso__ini_get(s->e->ini, s->name, list[i]))
      return FAIL_AT(s, entry, MSG_VARIANT_CLEAR_AND_SET, list[i]);
    static const chiso_node zero;
    chiso_node plain = zero;
    chiso__field_standard(key->field, &plain);
    switch (key->type) {
    case CHISO__FIELD_INPUTS:
      n->inputs = NULL;
      n->n_inputs = 0;
      break;
    case CHISO__FIELD_STEPS:
      n->steps = NULL;
      n->n_steps = 0;
      break;
    case CHISO__FIELD_WAS:
      n->was = NULL;
      n->n_was = 0;
      break;
    case CHISO__FIELD_ROUND:
      n->digits = plain.digits;
      n->round = plain.round;
      break;
    default:
      memcpy((char *)n + key->offset, (const char *)&plain + key->offset,
             key->type == CHISO__FIELD_KEY ? 1 : sizeof(chiso_dec));
    }
  }
  settle_inputs(n, false);
  return CHISO_OK;
}

/* ---- evidence ----------------------------------------------------------- */

/* Whether somebody other than the unit itself gives the value. */
static bool from_outside(unsigned assessor) {
  return assessor != CHISO_BY_NONE && assessor != CHISO_BY_SELF;
}

static bool weaker(const chiso_node *old, const chiso_node *new) {
  if (old->evidence &&
      (!new->evidence || !strstr(new->evidence, old->evidence)))
    return true;
  return from_outside(old->assessor) && !from_outside(new->assessor);
}

static chiso_status check_evidence(const section *s, const chiso_node *old,
                                   const chiso_node *new) {
  const chiso__ini_entry *entry = chiso__ini_get(s->e->ini, s->name, "weakens");
  if (entry && strcmp(entry->value, "yes") != 0)
    return FAIL_AT(s, entry, MSG_VARIANT_WEAKENS_WORD, entry->value);
  if (weaker(old, new) && !entry)
    return FAIL(s, MSG_VARIANT_WEAKER, old->id);
  if (!weaker(old, new) && entry)
    return FAIL_AT(s, entry, MSG_VARIANT_NOT_WEAKER, old->id);
  return CHISO_OK;
}

/* ---- change ------------------------------------------------------------- */

static bool same(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether the section speaks of the key, by itself or under `clear`. */
static const chiso__ini_entry *said(const section *s, const chiso__key *key) {
  const chiso__ini_entry *entry = chiso__ini_get(s->e->ini, s->name, key->name);
  if (entry)
    return entry;
  entry = chiso__ini_get(s->e->ini, s->name, "clear");
  for (const char *at = entry ? entry->value : ""; *at;) {
    at += strspn(at, " \t,");
    size_t n = strcspn(at, " \t,");
    if (n == strlen(key->name) && memcmp(at, key->name, n) == 0)
      return entry;
    at += n;
  }
  return NULL;
}

/* Rows whose name or points this overlay writes are as good as it says. */
static void take_provenance(const section *s, const chiso__key *key,
                            chiso_node *n) {
  bool name = key->field->type == CHISO__FIELD_TITLE;
  bool points = key->field->rule || strcmp(key->name, "max") == 0;
  if (!chiso__ini_get(s->e->ini, s->name, "provenance")) {
    if (name)
      n->prov_name = s->e->provenance;
    if (points)
      n->prov_points = s->e->provenance;
  }
  if ((name || points) && !chiso__ini_get(s->e->ini, s->name, "source"))
    n->source = s->e->legal[s->legal].instrument;
}

/* Holds each key that was said against what was before. */
static chiso_status record_changes(const section *s, const chiso_node *old,
                                   chiso_node *new) {
  chiso__editor *e = s->e;
  chiso__key keys[CHISO__MAX_KEYS], olds[CHISO__MAX_KEYS];
  size_t n = chiso__keys(new->op, keys), n_old = chiso__keys(old->op, olds);
  chiso_index index = { .legal = e->legal };
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    const chiso__key *was = key_named(olds, n_old, keys[i].name);
    if (strcmp(keys[i].name, "legal") == 0 || strcmp(keys[i].name, "id") == 0)
      continue;
    const char *a = was ? chiso__value_text(e->arena, &index, was, old) : NULL;
    const char *b = chiso__value_text(e->arena, &index, &keys[i], new);
    const chiso__ini_entry *entry = said(s, &keys[i]);
    if (same(a, b)) {
      if (entry && !(old->op != new->op &&keys[i].field->ops))
        return FAIL_AT(s, entry, MSG_VARIANT_SAME, keys[i].name, new->id,
                       a ? a : "");
      continue;
    }
    any = true;
    /* what an op takes with it changes without being said */
    take_provenance(s, &keys[i], new);
    CHISO__TRY(chiso__record_field(e, new->id, keys[i].name,
                                   entry ? entry->line : s->line, s->legal,
                                   false, a));
  }
  return any ? CHISO_OK : FAIL(s, MSG_VARIANT_NOTHING, new->id);
}

/* The instrument that a node rests on is the one last cited. */
static chiso_status record_legal(const section *s, const chiso_node *old) {
  const chiso__editor *e = s->e;
  return chiso__record_field(s->e, old->id, "legal",
                             chiso__ini_get(e->ini, s->name, "legal")->line,
                             s->legal, false, e->legal[old->legal].key);
}

/* One field, one section: a second one in the same file is a slip. */
static chiso_status check_twice(const section *s) {
  chiso__edit *n = &s->e->edits[s->node];
  chiso__key keys[CHISO__MAX_KEYS];
  size_t count = chiso__keys(0, keys);
  for (size_t i = 0; i < count; i++) {
    const chiso__ini_entry *entry = said(s, &keys[i]);
    if (!entry ||
        one_of(keys[i].name, (const char *const[]) { "id", "legal", NULL }))
      continue;
    if (n->set[i])
      return FAIL_AT(s, entry, MSG_VARIANT_TWICE, keys[i].name, n->node.id);
    n->set[i] = true;
  }
  return CHISO_OK;
}

static chiso_status change(section *s) {
  chiso__editor *e = s->e;
  chiso__key keys[CHISO__MAX_KEYS];
  size_t n_keys = chiso__keys(0, keys);
  CHISO__TRY(check_keys(s, change_keys, keys, n_keys));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  chiso__edit *n = &e->edits[s->node];
  chiso_node old = n->node, new = n->node;
  CHISO__TRY(set_fields(s, keys, n_keys, false, &new));
  CHISO__TRY(clear_fields(s, keys, n_keys, &new));
  /* a translation of what the title was */
  if (chiso__ini_get(e->ini, s->name, "title_vi") &&
      !chiso__ini_get(e->ini, s->name, "title_en"))
    new.title_en = NULL;
  CHISO__TRY(check_twice(s));
  CHISO__TRY(record_changes(s, &old, &new));
  CHISO__TRY(check_evidence(s, &old, &new));
  CHISO__TRY(record_legal(s, &old));
  new.legal = s->legal;
  n->node = new;
  n->max_set |= chiso__ini_get(e->ini, s->name, "max") != NULL;
  if (n->parent != CHISO_NO_NODE)
    e->edits[n->parent].dirty |= old.max != new.max || old.weight != new.weight;
  n->dirty |= old.op != new.op;
  chiso__edit_touch(e, s->node, s->line, s->legal);
  e->variant->layers[e->layer].changed++;
  return CHISO_OK;
}

/* ---- places ------------------------------------------------------------- */

/* Where `before` or `after` says, below `parent`; last when none does. */
static chiso_status find_place(const section *s, uint32_t parent,
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
    return FAIL_AT(s, after, MSG_VARIANT_TWO_PLACES);
  CHISO__TRY(chiso__node_named(e, entry, &beside));
  if (e->edits[beside].parent != parent || beside == s->node)
    return FAIL_AT(s, entry, MSG_VARIANT_BESIDE, entry->value,
                   e->edits[parent].node.id);
  *next = before ? beside : e->edits[beside].after;
  return CHISO_OK;
}

/* ---- add ---------------------------------------------------------------- */

static chiso_status check_new(const section *s, const chiso_node *n) {
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
    return FAIL(s, MSG_VARIANT_ABSENT, s->name, name);
  }
  for (size_t i = 0; n->concept_id && i < e->count; i++)
    if (same(e->edits[i].node.concept_id, n->concept_id))
      return FAIL_AT(s, chiso__ini_get(e->ini, s->name, "concept"),
                     MSG_VARIANT_CONCEPT_TAKEN, n->concept_id,
                     e->edits[i].node.id);
  return CHISO_OK;
}

static chiso_status new_node(const section *s, chiso_node *n) {
  chiso__key keys[CHISO__MAX_KEYS];
  size_t n_keys = chiso__keys(0, keys);
  const chiso__ini_entry *op;
  for (size_t i = 0; i < chiso__n_node_fields; i++)
    if (!chiso__node_fields[i].ops)
      chiso__field_standard(&chiso__node_fields[i], n);
  CHISO__TRY(check_keys(s, add_keys, keys, n_keys));
  CHISO__TRY(chiso__section_entry(s->e, s->name, s->line, "op", true, &op));
  n->id = s->id->value;
  n->weight = CHISO_DEC_ONE;
  n->prov_name = n->prov_points = s->e->provenance;
  n->source = s->e->legal[s->legal].instrument;
  n->legal = s->legal;
  CHISO__TRY(set_fields(s, keys, n_keys, true, n));
  return check_new(s, n);
}

/* Every field of a new node comes from its section. */
static chiso_status record_new(const section *s, const chiso_node *n) {
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

static chiso_status add(section *s) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *up;
  chiso_node n = { 0 };
  uint32_t parent, next;
  size_t taken;
  CHISO__TRY(new_node(s, &n));
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "parent", true, &up));
  if (chiso__map_get(&e->ids, s->id->value, &taken))
    return FAIL_AT(s, s->id, MSG_VARIANT_TAKEN, s->id->value, e->from->name);
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
  CHISO__TRY(check_twice(s));
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

static chiso_status take_away(section *s) {
  chiso__editor *e = s->e;
  chiso_variant *v = e->variant;
  CHISO__TRY(check_keys(s, no_keys, NULL, 0));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  const chiso__edit *n = &e->edits[s->node];
  if (s->node == 0)
    return FAIL_AT(s, s->id, MSG_VARIANT_ROOT);
  if (n->added)
    return FAIL_AT(s, s->id, MSG_VARIANT_ADDED_GONE, n->node.id);
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
static chiso_status record_move(const section *s, uint32_t old_parent,
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

static chiso_status move(section *s) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *up;
  uint32_t next;
  CHISO__TRY(check_keys(s, move_keys, NULL, 0));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  if (s->node == 0)
    return FAIL_AT(s, s->id, MSG_VARIANT_ROOT);
  chiso__edit *n = &e->edits[s->node];
  uint32_t old_parent = n->parent, old_before = n->before, parent = n->parent;
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "parent", false, &up));
  if (up)
    CHISO__TRY(chiso__node_named(e, up, &parent));
  if (chiso__edit_within(e, parent, s->node))
    return FAIL_AT(s, up, MSG_VARIANT_UNDER_ITSELF, n->node.id, up->value);
  CHISO__TRY(find_place(s, parent, &next));
  uint32_t old_next = n->after;
  if (parent == old_parent && (next == old_next || next == s->node))
    return FAIL(s, MSG_VARIANT_NOT_MOVED, n->node.id);
  chiso__edit_touch(e, s->node, s->line, s->legal);
  chiso__edit_detach(e, s->node);
  chiso__edit_attach(e, s->node, parent, next);
  CHISO__TRY(record_legal(s, &n->node));
  n->node.legal = s->legal;
  e->edits[old_parent].dirty = e->edits[parent].dirty = true;
  chiso__edit_touch(e, s->node, s->line, s->legal);
  e->variant->layers[e->layer].moved++;
  return record_move(s, old_parent, old_before);
}

static chiso_status reweight(section *s) {
  chiso__editor *e = s->e;
  const chiso__ini_entry *max;
  chiso_dec value;
  CHISO__TRY(check_keys(s, reweight_keys, NULL, 0));
  CHISO__TRY(chiso__node_named(e, s->id, &s->node));
  CHISO__TRY(chiso__section_entry(e, s->name, s->line, "max", true, &max));
  CHISO__TRY(chiso__value_dec(e, max, max->value,
                              max->value + strlen(max->value), &value));
  CHISO__TRY(check_twice(s));
  e->variant->layers[e->layer].reweighted++;
  return chiso__reweight(e, max, s->node, value, s->line, s->legal);
}

/* ---- which one ---------------------------------------------------------- */

static const struct {
  const char *word;
  chiso_status (*apply)(section *);
} verbs[] = {
  { "change", change }, { "add", add },           { "remove", take_away },
  { "move", move },     { "reweight", reweight },
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
  section s = { .e = e, .name = name, .line = line };
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
