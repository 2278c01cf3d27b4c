/* SPDX-License-Identifier: Apache-2.0
 * variant/set.c - sections of the set as a whole: [grading …], [partition …],
 * [deadline …]. */
#include "base/dec.h"
#include "variant/variant.h"

#include <string.h>

static const char *const grading_keys[] = { "kind",   "grades", "legal",
                                            "first",  "last",   "missing",
                                            "source", NULL };
static const char *const partition_keys[] = { "title_vi", "title_en", "parts",
                                              "source",   "legal",    NULL };
static const char *const deadline_keys[] = { "what", "date", "legal", NULL };

/* ---- grades ------------------------------------------------------------- */

chiso_status chiso__grades_section(chiso__editor *e, const char *section,
                                   uint64_t line, chiso_grading *out) {
  const chiso__ini_entry *kind, *grades, *entry;
  CHISO__TRY(chiso__section_entry(e, section, line, "kind", true, &kind));
  CHISO__TRY(chiso__section_entry(e, section, line, "grades", true, &grades));
  CHISO__TRY(chiso__value_word(e, kind, CHISO_FAMILY_GRADING, &out->kind));
  if ((entry = chiso__ini_get(e->ini, section, "missing")) != NULL)
    CHISO__TELL(
        e, chiso__value_word(e, entry, CHISO_FAMILY_MISSING, &out->missing));
  CHISO__TRY(chiso__grades_read(e, grades, out));
  if (out->n_grades < 2)
    return CHISO__REFUSE(e, chiso__at(e, grades), MSG_MODEL_GRADING);
  for (uint32_t i = 0; out->kind == CHISO_GRADE_BANDS && i < out->n_grades; i++)
    if ((out->grades[i].at_least == CHISO_NONE && i + 1 < out->n_grades) ||
        (i > 0 && out->grades[i].at_least >= out->grades[i - 1].at_least))
      return CHISO__REFUSE(e, chiso__at(e, grades), MSG_MODEL_GRADING);
  return CHISO_OK;
}

static chiso_status read_grading(chiso__editor *e, const char *section,
                                 uint64_t line, chiso_grading *out) {
  const chiso__ini_entry *legal, *entry;
  int64_t year = 0;
  uint32_t place = 0;
  CHISO__TRY(chiso__keys_only(e, section, grading_keys));
  CHISO__TELL(e, chiso__section_entry(e, section, line, "legal", true, &legal));
  if (legal)
    CHISO__TELL(e, chiso__value_legal(e, legal, &place));
  out->source = e->legal[place].instrument;
  if ((entry = chiso__ini_get(e->ini, section, "source")) != NULL)
    out->source = entry->value;
  if ((entry = chiso__ini_get(e->ini, section, "first")) != NULL) {
    CHISO__TELL(e, chiso__value_integer(e, entry, 1900, 2999, &year));
    out->first = (uint16_t)year;
  }
  if ((entry = chiso__ini_get(e->ini, section, "last")) != NULL) {
    CHISO__TELL(e, chiso__value_integer(e, entry, 1900, 2999, &year));
    out->last = (uint16_t)year;
  }
  CHISO__TRY(chiso__grades_section(e, section, line, out));
  return chiso__record_field(e, "", "gradings", line, place, false, NULL);
}

static chiso_status add_grading(chiso__editor *e, const char *section,
                                uint64_t line) {
  uint32_t n = e->head.n_gradings;
  chiso_grading *list = chiso__arena_array(e->arena, n + 1, sizeof *list);
  if (!list)
    return chiso__no_memory(e->err);
  if (n)
    memcpy(list, e->head.gradings, n * sizeof *list);
  CHISO__TRY(read_grading(e, section, line, &list[n]));
  e->head.gradings = list;
  e->head.n_gradings = n + 1;
  return CHISO_OK;
}

/* ---- parts of the total -------------------------------------------------- */

/* What an id may be; see model/check.c. */
static bool good_id(const char *id) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return *id && id[strspn(id, letters)] == '\0' && strlen(id) <= 64;
}

static const char *label_of(const char *section) {
  const char *label = section + strcspn(section, " \t");
  return label + strspn(label, " \t");
}

static chiso_status read_partition(chiso__editor *e, const char *section,
                                   uint64_t line, chiso_partition *out) {
  const chiso__ini_entry *legal, *title, *parts, *entry;
  uint32_t place = 0;
  CHISO__TRY(chiso__keys_only(e, section, partition_keys));
  out->id = label_of(section);
  if (!good_id(out->id))
    CHISO__TELL(e, CHISO__REFUSE(e, chiso__at_line(e, line),
                                 MSG_VARIANT_PARTITION_ID, section));
  CHISO__TELL(e, chiso__section_entry(e, section, line, "legal", true, &legal));
  if (legal)
    CHISO__TELL(e, chiso__value_legal(e, legal, &place));
  out->source = e->legal[place].instrument;
  if ((entry = chiso__ini_get(e->ini, section, "source")) != NULL)
    out->source = entry->value;
  if ((entry = chiso__ini_get(e->ini, section, "title_en")) != NULL)
    out->title_en = entry->value;
  CHISO__TELL(e,
              chiso__section_entry(e, section, line, "title_vi", true, &title));
  if (title)
    out->title_vi = title->value;
  CHISO__TRY(chiso__section_entry(e, section, line, "parts", true, &parts));
  CHISO__TRY(chiso__parts_read(e, parts, out));
  for (uint32_t i = 0; i < out->n_parts; i++)
    if (!good_id(out->parts[i].id) || out->parts[i].max <= 0)
      return CHISO__REFUSE(e, chiso__at(e, parts), MSG_VARIANT_PART,
                           out->parts[i].id);
  return chiso__record_field(e, "", "partitions", line, place, false, NULL);
}

static chiso_status add_partition(chiso__editor *e, const char *section,
                                  uint64_t line) {
  uint32_t n = e->head.n_partitions;
  chiso_partition *list = chiso__arena_array(e->arena, n + 1, sizeof *list);
  if (!list)
    return chiso__no_memory(e->err);
  if (n)
    memcpy(list, e->head.partitions, n * sizeof *list);
  CHISO__TRY(read_partition(e, section, line, &list[n]));
  e->head.partitions = list;
  e->head.n_partitions = n + 1;
  return CHISO_OK;
}

/* The id of a part is its name in tables: nothing else may have it. */
static chiso_status check_part(chiso__editor *e, const chiso__ini_entry *entry,
                               uint32_t partition, uint32_t part) {
  const char *id = e->head.partitions[partition].parts[part].id;
  size_t node;
  bool taken = chiso__map_get(&e->ids, id, &node) && !e->edits[node].gone;
  for (uint32_t p = 0; p <= partition; p++) {
    const chiso_partition *other = &e->head.partitions[p];
    for (uint32_t i = 0; i < (p < partition ? other->n_parts : part); i++)
      taken |= strcmp(other->parts[i].id, id) == 0;
  }
  return taken ? CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_TAKEN, id,
                               e->head.id)
               : CHISO_OK;
}

static chiso_status check_partition(chiso__editor *e,
                                    const chiso__ini_entry *entry,
                                    uint32_t place) {
  const chiso_partition *p = &e->head.partitions[place];
  chiso_dec total = 0, max = e->edits[0].node.max;
  char sum[CHISO_DEC_TEXT], wanted[CHISO_DEC_TEXT];
  for (uint32_t i = 0; i < p->n_parts; i++) {
    CHISO__TELL(e, check_part(e, entry, place, i));
    total += p->parts[i].max;
  }
  if (total == max)
    return CHISO_OK;
  return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_BALANCE, p->id,
                       chiso__dec_say(total, e->err->lang, sum),
                       chiso__dec_say(max, e->err->lang, wanted));
}

chiso_status chiso__partitions_check(chiso__editor *e) {
  uint32_t n = 0;
  for (size_t i = 0; i < e->ini->n_sections; i++) {
    const char *name = e->ini->sections[i];
    bool exact;
    if (strcmp(chiso__verb_of(name, &exact), "partition") == 0)
      CHISO__TELL(
          e, check_partition(e, chiso__ini_get(e->ini, name, "parts"), n++));
  }
  return CHISO_OK;
}

/* ---- days ---------------------------------------------------------------- */

static chiso_status add_deadline(chiso__editor *e, const char *section,
                                 uint64_t line) {
  const chiso__ini_entry *what, *date, *legal;
  uint32_t n = e->head.n_deadlines, place = UINT32_MAX;
  chiso_deadline *list = chiso__arena_array(e->arena, n + 1, sizeof *list);
  if (!list)
    return chiso__no_memory(e->err);
  if (n)
    memcpy(list, e->head.deadlines, n * sizeof *list);
  CHISO__TRY(chiso__keys_only(e, section, deadline_keys));
  if ((legal = chiso__ini_get(e->ini, section, "legal")) != NULL)
    CHISO__TELL(e, chiso__value_legal(e, legal, &place));
  CHISO__TELL(e, chiso__section_entry(e, section, line, "date", true, &date));
  if (date)
    CHISO__TELL(e, chiso__date_entry(e, section, "date", &list[n].date));
  CHISO__TRY(chiso__section_entry(e, section, line, "what", true, &what));
  for (uint32_t i = 0; i < n; i++)
    if (strcmp(list[i].what, what->value) == 0)
      return CHISO__REFUSE(e, chiso__at(e, what), MSG_VARIANT_TWICE_IN_LIST,
                           what->value);
  list[n].what = what->value;
  e->head.deadlines = list;
  e->head.n_deadlines = n + 1;
  return chiso__record_field(e, "", "deadlines", line, place, false, NULL);
}

/* ---- which one ----------------------------------------------------------- */

/* A key without a value is a line that somebody meant to fill in. */
static chiso_status check_values(chiso__editor *e, const char *section) {
  for (size_t i = 0; i < e->ini->count; i++) {
    const chiso__ini_entry *entry = &e->ini->entries[i];
    if (strcmp(entry->section, section) == 0 && !*entry->value)
      CHISO__TELL(e, CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_EMPTY_TEXT,
                                   entry->key));
  }
  return CHISO_OK;
}

chiso_status chiso__set_section(chiso__editor *e, const char *section,
                                uint64_t line, bool *found) {
  static const struct {
    const char *verb;
    chiso_status (*add)(chiso__editor *, const char *, uint64_t);
  } kinds[] = { { "grading", add_grading },
                { "partition", add_partition },
                { "deadline", add_deadline } };
  bool exact;
  const char *verb = chiso__verb_of(section, &exact);
  size_t before = e->failures;
  *found = false;
  for (size_t i = 0; exact && i < sizeof kinds / sizeof *kinds; i++)
    if (strcmp(kinds[i].verb, verb) == 0) {
      *found = true;
      CHISO__TRY(check_values(e, section));
      return e->failures > before ? CHISO_OK : kinds[i].add(e, section, line);
    }
  return CHISO_OK;
}
