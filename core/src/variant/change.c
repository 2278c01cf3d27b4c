/* SPDX-License-Identifier: Apache-2.0
 * variant/change.c - a section that changes a node: what it says against what
 * was, and whether evidence stays as strong. */
#include "variant/variant.h"

#include <string.h>

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

static chiso_status check_evidence(const chiso__section *s,
                                   const chiso_node *old,
                                   const chiso_node *new) {
  const chiso__ini_entry *entry = chiso__ini_get(s->e->ini, s->name, "weakens");
  if (entry && strcmp(entry->value, "yes") != 0)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_WEAKENS_WORD, entry->value);
  if (weaker(old, new) && !entry)
    return CHISO__FAIL_SECTION(s, MSG_VARIANT_WEAKER, old->id);
  if (!weaker(old, new) && entry)
    return CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_NOT_WEAKER, old->id);
  return CHISO_OK;
}

/* ---- change ------------------------------------------------------------- */

/* Whether the section speaks of the key, by itself or under `clear`. */
static const chiso__ini_entry *said(const chiso__section *s,
                                    const chiso__key *key) {
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
static void take_provenance(const chiso__section *s, const chiso__key *key,
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

/* A new title drops its translation unless that is said again. */
static bool keeps_translation(const chiso__section *s, const chiso__key *key) {
  return strcmp(key->name, "title_en") == 0 &&
         chiso__ini_get(s->e->ini, s->name, "title_vi");
}

/* Holds each key that was said against what was before. */
static chiso_status record_changes(const chiso__section *s,
                                   const chiso_node *old, chiso_node *new) {
  chiso__editor *e = s->e;
  chiso__key keys[CHISO__MAX_KEYS], olds[CHISO__MAX_KEYS];
  size_t n = chiso__keys(new->op, keys), n_old = chiso__keys(old->op, olds);
  chiso_index index = { .legal = e->legal };
  size_t before = e->failures;
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    const chiso__key *was = chiso__key_named(olds, n_old, keys[i].name);
    if (strcmp(keys[i].name, "legal") == 0 || strcmp(keys[i].name, "id") == 0)
      continue;
    const char *a = was ? chiso__value_text(e->arena, &index, was, old) : NULL;
    const char *b = chiso__value_text(e->arena, &index, &keys[i], new);
    const chiso__ini_entry *entry = said(s, &keys[i]);
    if (chiso__same_text(a, b)) {
      if (entry && !(old->op != new->op &&keys[i].field->ops) &&
          !keeps_translation(s, &keys[i]))
        CHISO__TELL(e, CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_SAME,
                                         keys[i].name, new->id, a ? a : ""));
      continue;
    }
    any = true;
    /* what an op takes with it changes without being said */
    take_provenance(s, &keys[i], new);
    CHISO__TRY(chiso__record_field(e, new->id, keys[i].name,
                                   entry ? entry->line : s->line, s->legal,
                                   false, a));
  }
  return any || e->failures > before
             ? CHISO_OK
             : CHISO__FAIL_SECTION(s, MSG_VARIANT_NOTHING, new->id);
}

/* The instrument that a node rests on is the one last cited. */
chiso_status chiso__record_legal(const chiso__section *s,
                                 const chiso_node *old) {
  const chiso__editor *e = s->e;
  const chiso__ini_entry *entry = chiso__ini_get(e->ini, s->name, "legal");
  return chiso__record_field(s->e, old->id, "legal",
                             entry ? entry->line : s->line, s->legal, false,
                             e->legal[old->legal].key);
}

/* One field, one section: a second one in the same file is a slip. */
chiso_status chiso__check_twice(const chiso__section *s) {
  chiso__edit *n = &s->e->edits[s->node];
  chiso__key keys[CHISO__MAX_KEYS];
  size_t count = chiso__keys(0, keys);
  for (size_t i = 0; i < count; i++) {
    const chiso__ini_entry *entry = said(s, &keys[i]);
    if (!entry || strcmp(keys[i].name, "id") == 0 ||
        strcmp(keys[i].name, "legal") == 0)
      continue;
    if (n->set[i])
      CHISO__TELL(s->e, CHISO__FAIL_ENTRY(s, entry, MSG_VARIANT_TWICE,
                                          keys[i].name, n->node.id));
    n->set[i] = true;
  }
  return CHISO_OK;
}

chiso_status chiso__change(chiso__section *s) {
  chiso__editor *e = s->e;
  chiso__key keys[CHISO__MAX_KEYS];
  size_t n_keys = chiso__keys(0, keys);
  size_t before = e->failures;
  CHISO__TRY(chiso__section_node(s));
  chiso__edit *n = &e->edits[s->node];
  chiso_node old = n->node, new = n->node;
  CHISO__TRY(chiso__members_set(s, keys, n_keys, false, &new));
  CHISO__TRY(chiso__members_clear(s, keys, n_keys, &new));
  /* a translation of what the title was */
  if (chiso__ini_get(e->ini, s->name, "title_vi") &&
      !chiso__ini_get(e->ini, s->name, "title_en"))
    new.title_en = NULL;
  CHISO__TRY(chiso__check_twice(s));
  if (e->failures > before || e->strange == s->name)
    return chiso__follows(e);
  CHISO__TELL(e, record_changes(s, &old, &new));
  CHISO__TRY(check_evidence(s, &old, &new));
  if (e->failures > before)
    return chiso__follows(e);
  CHISO__TRY(chiso__record_legal(s, &old));
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
