/* SPDX-License-Identifier: Apache-2.0
 * variant/head.c - what an overlay says of the set as a whole: [overlay] and
 * [legal …]. */
#include "base/text.h"
#include "chiso/plugin.h"
#include "variant/variant.h"

#include <string.h>

static const char *const overlay_keys[] = {
  "id",       "edition",  "base",       "base_sha256", "title_vi",
  "title_en", "level",    "units",      "max",         "digits",
  "rank",     "first",    "last",       "note",        "supersedes",
  "counts",   "gradings", "provenance", NULL
};
static const char *const legal_keys[] = { "instrument", "title",    "url",
                                          "issued",     "in_force", "repealed",
                                          "checked_on", NULL };

static bool begins(const char *name, const char *word) {
  size_t n = strlen(word);
  return strncmp(name, word, n) == 0 && (name[n] == ' ' || !name[n]);
}

/* Whether a section is of the set as a whole and of this verb, or was meant to
 * be: what it would say is not missed elsewhere then. */
static bool meant(const char *section, const char *verb) {
  bool exact;
  return strcmp(chiso__verb_of(section, &exact), verb) == 0;
}

static uint64_t overlay_line(const chiso__editor *e) {
  for (size_t i = 0; i < e->ini->n_sections; i++)
    if (strcmp(e->ini->sections[i], "overlay") == 0)
      return e->ini->section_lines[i];
  return 0;
}

/* The text of a key of [overlay]; *out stays when it is absent. */
static chiso_status take(chiso__editor *e, const char *key, bool required,
                         const char **out) {
  const chiso__ini_entry *entry;
  CHISO__TRY(chiso__section_entry(e, "overlay", overlay_line(e), key, required,
                                  &entry));
  if (!entry)
    return CHISO_OK;
  if (!*entry->value)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_EMPTY_TEXT, key);
  *out = entry->value;
  return chiso__record_field(e, "", key, entry->line, UINT32_MAX, false, NULL);
}

static chiso_status take_word(chiso__editor *e, const char *key,
                              chiso_family family, uint8_t *out) {
  const char *text = NULL;
  CHISO__TRY(take(e, key, false, &text));
  return text ? chiso__value_word(e, chiso__ini_get(e->ini, "overlay", key),
                                  family, out)
              : CHISO_OK;
}

static chiso_status take_number(chiso__editor *e, const char *key,
                                int64_t least, int64_t most, int64_t *out) {
  const char *text = NULL;
  CHISO__TRY(take(e, key, false, &text));
  return text ? chiso__value_integer(e, chiso__ini_get(e->ini, "overlay", key),
                                     least, most, out)
              : CHISO_OK;
}

/* ---- instruments -------------------------------------------------------- */

/* dd/mm/yyyy */
static bool vietnamese_date(const char *text, chiso_date *out) {
  char iso[11];
  if (strlen(text) != 10 || text[2] != '/' || text[5] != '/')
    return false;
  snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", text + 6, text + 3, text);
  return chiso__date_read(iso, out);
}

chiso_status chiso__date_entry(chiso__editor *e, const char *section,
                               const char *key, chiso_date *out) {
  const chiso__ini_entry *entry = chiso__ini_get(e->ini, section, key);
  if (entry && !chiso__date_read(entry->value, out) &&
      !vietnamese_date(entry->value, out))
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_DATE, key,
                         entry->value);
  return CHISO_OK;
}

chiso_status chiso__legal_read(chiso__editor *e, const char *section,
                               uint64_t line, chiso_legal *out) {
  const chiso__ini_entry *entry;
  const char *key = section + strlen("legal");
  key += strspn(key, " \t");
  *out = (chiso_legal) { .key = key, .instrument = "" };
  CHISO__TRY(chiso__keys_only(e, section, legal_keys));
  CHISO__TRY(
      chiso__section_entry(e, section, line, "instrument", true, &entry));
  const chiso__ini_entry *title = chiso__ini_get(e->ini, section, "title");
  const chiso__ini_entry *url = chiso__ini_get(e->ini, section, "url");
  out->instrument = entry->value;
  out->title = title ? title->value : NULL;
  out->url = url ? url->value : NULL;
  if (!*key || !*entry->value)
    return CHISO__REFUSE(e, chiso__at_line(e, line), MSG_VARIANT_LEGAL_KEY);
  for (uint32_t i = 0; e->from && i < e->from->index.n_legal; i++)
    if (strcmp(e->from->index.legal[i].key, key) == 0)
      return CHISO__REFUSE(e, chiso__at_line(e, line), MSG_VARIANT_LEGAL_TAKEN,
                           key, e->from->name);
  CHISO__TELL(e, chiso__date_entry(e, section, "issued", &out->issued));
  CHISO__TELL(e, chiso__date_entry(e, section, "in_force", &out->in_force));
  CHISO__TELL(e, chiso__date_entry(e, section, "repealed", &out->repealed));
  return chiso__date_entry(e, section, "checked_on", &out->checked_on);
}

/* Own instruments first, because the first is what the set rests on. */
static chiso_status read_legals(chiso__editor *e) {
  const chiso_index *from = &e->from->index;
  e->legal = chiso__arena_array(e->arena, e->ini->n_sections + from->n_legal,
                                sizeof *e->legal);
  if (!e->legal)
    return chiso__no_memory(e->err);
  for (size_t i = 0; i < e->ini->n_sections; i++) {
    const char *name = e->ini->sections[i];
    if (begins(name, "legal")) {
      CHISO__TELL(e, chiso__legal_read(e, name, e->ini->section_lines[i],
                                       &e->legal[e->n_own++]));
    } else if (meant(name, "legal")) {
      const char *key = name + strcspn(name, " \t");
      e->legal[e->n_own++] =
          (chiso_legal) { .key = key + strspn(key, " \t"), .instrument = "" };
    }
  }
  if (e->n_own == 0)
    CHISO__TELL(e, CHISO__REFUSE(e, chiso__at_line(e, overlay_line(e)),
                                 MSG_VARIANT_NO_LEGAL));
  memcpy(e->legal + e->n_own, from->legal, from->n_legal * sizeof *e->legal);
  e->head.legal = e->legal;
  e->head.n_legal = e->n_own + from->n_legal;
  return CHISO_OK;
}

/* ---- the set ------------------------------------------------------------ */

/* "8 area, 43 criterion" */
static chiso_status read_counts(chiso__editor *e) {
  const char *text = NULL;
  const char *const *list;
  uint32_t n = 0;
  CHISO__TRY(take(e, "counts", false, &text));
  if (!text)
    return CHISO_OK;
  const chiso__ini_entry *entry = chiso__ini_get(e->ini, "overlay", "counts");
  CHISO__TRY(chiso__value_list(e, entry, &list, &n));
  chiso_count *counts = chiso__arena_array(e->arena, n, sizeof *counts);
  if (!counts)
    return chiso__no_memory(e->err);
  for (uint32_t i = 0; i < n; i++) {
    const char *at = list[i];
    uint32_t count = 0;
    for (; *at >= '0' && *at <= '9' && count <= CHISO__MAX_NODES; at++)
      count = count * 10 + (uint32_t)(*at - '0');
    int kind = at > list[i] && *at == ' '
                   ? chiso__key_value(CHISO_FAMILY_KIND, at + strspn(at, " "))
                   : -1;
    if (kind < 0 || count > CHISO__MAX_NODES || kind == CHISO_KIND_BRANCH)
      return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_COUNTS, list[i]);
    counts[i] = (chiso_count) { (uint32_t)kind, count };
  }
  e->head.counts = counts;
  e->head.n_counts = n;
  return CHISO_OK;
}

static chiso_status read_max(chiso__editor *e) {
  const chiso__ini_entry *entry = chiso__ini_get(e->ini, "overlay", "max");
  if (!entry)
    return CHISO_OK;
  e->has_max = true;
  e->max_line = entry->line;
  CHISO__TRY(chiso__value_dec(e, entry, entry->value,
                              entry->value + strlen(entry->value), &e->max));
  return e->max > 0 ? CHISO_OK
                    : CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_NUMBER,
                                    entry->value);
}

static chiso_status read_years(chiso__editor *e) {
  int64_t first = e->head.first, last = e->head.last;
  CHISO__TELL(e, take_number(e, "first", 1900, 2999, &first));
  CHISO__TELL(e, take_number(e, "last", 1900, 2999, &last));
  const chiso__ini_entry *said = chiso__ini_get(e->ini, "overlay", "last");
  /* a set for years after its base's: how long it serves is not known */
  if (last && last < first && !said)
    last = 0;
  if (last && last < first && said)
    CHISO__TELL(e, CHISO__REFUSE(e, chiso__at(e, said), MSG_VARIANT_YEARS,
                                 (unsigned)last, (unsigned)first));
  e->head.first = (uint16_t)first;
  e->head.last = (uint16_t)last;
  return CHISO_OK;
}

/* Results that a set of this id already has would be taken for its own. */
static chiso_status check_id(chiso__editor *e) {
  const chiso_store *store = e->variant->store;
  const chiso__ini_entry *entry = chiso__ini_get(e->ini, "overlay", "id");
  const char *id = e->head.id;
  if (!entry)
    return chiso__follows(e);
  if (strcmp(id, e->variant->base->index.id) == 0)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_VARIANT_ID, id,
                         e->variant->base->name);
  for (size_t i = 0; store && i < chiso_store_count(store); i++) {
    const chiso_listing *l = chiso_store_get(store, i);
    if (l->scope != CHISO_SCOPE_INTERNAL && strcmp(l->id, id) == 0)
      return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_ID_NATIONAL, id);
  }
  return CHISO_OK;
}

/* Bands in points mean another share of another total. */
static chiso_status take_gradings(chiso__editor *e) {
  const char *text = NULL;
  CHISO__TRY(take(e, "gradings", false, &text));
  const chiso__ini_entry *entry = chiso__ini_get(e->ini, "overlay", "gradings");
  bool own = false, bands = false;
  for (size_t i = 0; i < e->ini->n_sections; i++)
    own |= meant(e->ini->sections[i], "grading");
  if (text && (strcmp(text, "none") != 0 || own || e->head.n_gradings == 0))
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_GRADINGS, text);
  for (uint32_t i = 0; i < e->head.n_gradings; i++)
    bands |= e->head.gradings[i].kind == CHISO_GRADE_BANDS;
  if (own || text) {
    e->head.gradings = NULL;
    e->head.n_gradings = 0;
  } else if (bands && (e->head.rank_by != e->from->index.rank_by ||
                       (e->head.rank_by == CHISO_RANK_POINTS && e->has_max &&
                        e->max != e->from->index.nodes[0].max))) {
    return CHISO__REFUSE(e, chiso__at_line(e, overlay_line(e)),
                         MSG_VARIANT_BANDS_KEPT);
  }
  return CHISO_OK;
}

static chiso_status read_texts(chiso__editor *e) {
  chiso_index *head = &e->head;
  const char *note = NULL, *english = NULL, *list = NULL;
  CHISO__TELL(e, take(e, "id", true, &head->id));
  CHISO__TELL(e, check_id(e));
  CHISO__TELL(e, take(e, "edition", true, &head->edition));
  CHISO__TELL(e, take(e, "title_vi", true, &head->title_vi));
  CHISO__TELL(e, take(e, "title_en", false, &english));
  CHISO__TELL(e, take(e, "units", false, &head->unit_set));
  CHISO__TELL(e, take(e, "note", false, &note));
  head->title_en = english;
  head->note = note;
  head->supersedes = NULL;
  head->n_supersedes = 0;
  CHISO__TELL(e, take(e, "supersedes", false, &list));
  if (list)
    CHISO__TELL(
        e, chiso__value_list(e, chiso__ini_get(e->ini, "overlay", "supersedes"),
                             &head->supersedes, &head->n_supersedes));
  return CHISO_OK;
}

static chiso_status read_overlay(chiso__editor *e) {
  chiso_index *head = &e->head;
  int64_t digits = head->digits;
  CHISO__TRY(chiso__keys_only(e, "overlay", overlay_keys));
  CHISO__TRY(read_texts(e));
  CHISO__TELL(e, take_word(e, "level", CHISO_FAMILY_LEVEL, &head->level));
  CHISO__TELL(
      e, take_word(e, "provenance", CHISO_FAMILY_PROVENANCE, &e->provenance));
  CHISO__TELL(e, take_number(e, "digits", 0, CHISO_DEC_DIGITS, &digits));
  head->digits = (uint8_t)digits;
  CHISO__TELL(e, read_years(e));
  CHISO__TELL(e, read_counts(e));
  size_t before = e->failures;
  CHISO__TELL(e, take_word(e, "rank", CHISO_FAMILY_RANK_BY, &head->rank_by));
  CHISO__TELL(e, read_max(e));
  /* whether the base's grades may stay follows from these two */
  if (e->failures == before)
    CHISO__TELL(e, take_gradings(e));
  return CHISO_OK;
}

chiso_status chiso__head_read(chiso__editor *e) {
  const chiso_index *from = &e->from->index;
  chiso_index *head = &e->head;
  *head = *from;
  head->scope = CHISO_SCOPE_INTERNAL;
  head->variant_of = from->scope == CHISO_SCOPE_INTERNAL && from->variant_of
                         ? from->variant_of
                         : e->from->name;
  /* statements of the base's instrument */
  head->counts = NULL;
  head->n_counts = 0;
  head->partitions = NULL;
  head->n_partitions = 0;
  head->deadlines = NULL;
  head->n_deadlines = 0;
  CHISO__TRY(read_legals(e));
  return read_overlay(e);
}
