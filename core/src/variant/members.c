/* SPDX-License-Identifier: Apache-2.0
 * variant/members.c - members of a node, set and cleared by a section. */
#include "variant/variant.h"

#include <string.h>

static bool one_of(const char *word, const char *const *words) {
  for (; *words; words++)
    if (strcmp(*words, word) == 0)
      return true;
  return false;
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

const chiso__key *chiso__key_named(const chiso__key *keys, size_t n,
                                   const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(keys[i].name, name) == 0)
      return &keys[i];
  return NULL;
}

/* The members that nobody sets by their key. */
static chiso_status check_settable(const chiso__section *s,
                                   const chiso__ini_entry *entry, bool adding) {
  if (strcmp(entry->key, "call") == 0)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_CALL);
  if (strcmp(entry->key, "op") == 0 && strcmp(entry->value, "call") == 0)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_CALL);
  if (strcmp(entry->key, "concept") == 0 && !adding)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_CONCEPT);
  if (strcmp(entry->key, "parent") == 0 && !adding)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_PARENT);
  if (strcmp(entry->key, "max") == 0 && s->node == 0 && !adding)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_ROOT_MAX);
  return CHISO_OK;
}

/* What a key has to come after: the op decides which there are, the inputs
 * what a percent sign in steps is. */
static int turn_of(const char *key) {
  return strcmp(key, "op") == 0 ? 0 : strcmp(key, "inputs") == 0 ? 1 : 2;
}

/* One member, from its entry. */
static chiso_status set_member(const chiso__section *s,
                               const chiso__ini_entry *entry,
                               const chiso__key *key, bool adding,
                               chiso_node *n) {
  chiso__key own[CHISO__MAX_KEYS];
  CHISO__TRY(check_settable(s, entry, adding));
  if (turn_of(entry->key) == 0) {
    uint8_t op;
    CHISO__TRY(chiso__value_word(s->e, entry, CHISO_FAMILY_OP, &op));
    if (op != n->op || adding)
      begin_rule(n, op);
    return CHISO_OK;
  }
  if (!chiso__field_applies(key->field, n->op)) {
    key = chiso__key_named(own, chiso__keys(n->op, own), entry->key);
    if (!key)
      return CHISO__FAIL_ENTRY(s, entry, MSG_MODEL_OTHER_OP, entry->key,
                               chiso_key(CHISO_FAMILY_OP, n->op));
  }
  return chiso__value_read(s->e, entry, key, n);
}

/* Whether the entry sets a member in this turn. */
static bool sets_in(const chiso__section *s, const chiso__ini_entry *entry,
                    int turn, bool adding) {
  return strcmp(entry->section, s->name) == 0 && turn_of(entry->key) == turn &&
         strcmp(entry->key, "id") != 0 && strcmp(entry->key, "legal") != 0 &&
         !(adding && strcmp(entry->key, "parent") == 0);
}

chiso_status chiso__members_set(const chiso__section *s, const chiso__key *keys,
                                size_t n_keys, bool adding, chiso_node *n) {
  chiso__editor *e = s->e;
  const chiso__ini *ini = e->ini;
  /* op or inputs have a fault, or may be misspelt: the rule is not known */
  bool unsure = e->strange && strcmp(e->strange, s->name) == 0;
  for (int turn = 0; turn < 3; turn++) {
    size_t before = e->failures;
    for (size_t i = 0; i < ini->count; i++) {
      const chiso__ini_entry *entry = &ini->entries[i];
      const chiso__key *key = chiso__key_named(keys, n_keys, entry->key);
      if (key && sets_in(s, entry, turn, adding) &&
          !(unsure && key->field->ops))
        CHISO__TELL(e, set_member(s, entry, key, adding, n));
    }
    unsure |= e->failures > before;
  }
  if (!unsure)
    settle_inputs(n, chiso__ini_get(ini, s->name, "inputs") != NULL);
  return CHISO_OK;
}

static bool required_of(const chiso__field *f, unsigned op) {
  return f->required && chiso__field_applies(f, op);
}

/* "clear = note, floor": members that are to be as if nothing was said. */
chiso_status chiso__members_clear(const chiso__section *s,
                                  const chiso__key *keys, size_t n_keys,
                                  chiso_node *n) {
  const chiso__ini_entry *entry = chiso__ini_get(s->e->ini, s->name, "clear");
  const char *const *list;
  uint32_t count = 0;
  if (!entry)
    return CHISO_OK;
  CHISO__TRY(chiso__value_list(s->e, entry, &list, &count));
  for (uint32_t i = 0; i < count; i++) {
    const chiso__key *key = chiso__key_named(keys, n_keys, list[i]);
    bool title = key && strcmp(key->name, "title_en") == 0;
    if (!key || !chiso__field_applies(key->field, n->op) ||
        (required_of(key->field, n->op) && !title) ||
        one_of(list[i], (const char *const[]) { "parent", "concept", "legal",
                                                "id", "source", NULL }))
      return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_CLEAR, list[i]);
    if (chiso__ini_get(s->e->ini, s->name, list[i]))
      return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_CLEAR_AND_SET, list[i]);
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
