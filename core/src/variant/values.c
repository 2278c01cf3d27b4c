/* SPDX-License-Identifier: Apache-2.0
 * variant/values.c - single values of an overlay: into a node, and back. */
#include "base/buffer.h"
#include "base/dec.h"
#include "base/text.h"
#include "variant/variant.h"

#include <string.h>

#define MEMBER(type, node, offset) ((type *)(void *)((char *)(node) + (offset)))
#define VALUE(type, node, offset)                                              \
  (*(type const *)(const void *)((const char *)(node) + (offset)))

/* ---- keys --------------------------------------------------------------- */

size_t chiso__keys(unsigned op, chiso__key out[CHISO__MAX_KEYS]) {
  size_t n = 0;
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    if (op && !chiso__field_applies(f, op))
      continue;
    if (!op && i > 0 && strcmp(f->name, f[-1].name) == 0)
      continue; /* of one name for several ops */
#define PART(key, member)                                                      \
  out[n++] = (chiso__key) {                                                    \
    key, f, CHISO__FIELD_TEXT, offsetof(chiso_node, member)                    \
  }
    if (f->type == CHISO__FIELD_TITLE) {
      PART("title_vi", title_vi);
      PART("title_en", title_en);
    } else if (f->type == CHISO__FIELD_MEASURE) {
      PART("numerator", numerator);
      PART("denominator", denominator);
      PART("period", period);
    } else {
      out[n++] = (chiso__key) { f->name, f, f->type, f->offset };
    }
#undef PART
  }
  return n;
}

/* ---- places ------------------------------------------------------------- */

chiso__place chiso__at(const chiso__editor *e, const chiso__ini_entry *entry) {
  return (chiso__place) { e->ini->file, entry->line, entry->column };
}

chiso__place chiso__inside(const chiso__editor *e,
                           const chiso__ini_entry *entry, const char *at) {
  chiso__place place = chiso__at(e, entry);
  for (const char *c = entry->value; c < at && *c; c++)
    place.column += ((unsigned char)*c & 0xc0) != 0x80;
  return place;
}

chiso__place chiso__at_line(const chiso__editor *e, uint64_t line) {
  return (chiso__place) { e->ini->file, line, 0 };
}

/* ---- reading ------------------------------------------------------------ */

chiso_status chiso__value_dec(chiso__editor *e, const chiso__ini_entry *entry,
                              const char *from, const char *to,
                              chiso_dec *out) {
  char text[64];
  chiso__number number;
  size_t size = (size_t)(to - from);
  chiso__number_fault fault = chiso__number_read(from, size, 6, &number);
  snprintf(text, sizeof text, "%.*s", (int)(size > 60 ? 60 : size), from);
  chiso__place place = chiso__inside(e, entry, from);
  if (fault != CHISO__NUMBER_OK || number.rounded ||
      number.raw > CHISO_DEC_LIMIT || number.raw < -CHISO_DEC_LIMIT)
    return CHISO__REFUSE(e, place, MSG_VARIANT_NUMBER, text);
  bool mixed = e->mixed;
  e->mixed |= number.mark && e->mark && number.mark != e->mark;
  if (number.mark && e->mark && number.mark != e->mark && mixed)
    return chiso__follows(e); /* which of them are wrong, nobody knows */
  if (number.mark && e->mark && number.mark != e->mark)
    return CHISO__REFUSE(e, place, MSG_VARIANT_MARKS, text, (int)e->mark);
  if (number.mark)
    e->mark = number.mark;
  *out = number.raw;
  return CHISO_OK;
}

chiso_status chiso__value_word(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_family family, uint8_t *out) {
  int value = chiso__key_value(family, entry->value);
  if (value < 0) {
    char words[240];
    chiso__family_words(family, words, sizeof words);
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_BAD_KEY, entry->key,
                         entry->value, words);
  }
  *out = (uint8_t)value;
  return CHISO_OK;
}

chiso_status chiso__value_integer(chiso__editor *e,
                                  const chiso__ini_entry *entry, int64_t least,
                                  int64_t most, int64_t *out) {
  int64_t value = 0;
  const char *c = entry->value;
  for (; *c >= '0' && *c <= '9' && value <= most; c++)
    value = value * 10 + (*c - '0');
  if (*c || c == entry->value || value < least || value > most)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_WANT_INTEGER,
                         entry->key, (long long)least, (long long)most);
  *out = value;
  return CHISO_OK;
}

chiso_status chiso__value_list(chiso__editor *e, const chiso__ini_entry *entry,
                               const char *const **list, uint32_t *count) {
  size_t room = 1;
  for (const char *c = entry->value; *c; c++)
    room += *c == ',';
  const char **texts = chiso__arena_array(e->arena, room, sizeof *texts);
  if (!texts)
    return chiso__no_memory(e->err);
  *count = 0;
  for (const char *at = entry->value;; at++) {
    at += strspn(at, " \t");
    const char *end = at + strcspn(at, ","), *stop = end;
    while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t'))
      stop--;
    if (stop == at)
      return CHISO__REFUSE(e, chiso__inside(e, entry, at),
                           MSG_VARIANT_EMPTY_ITEM, entry->key);
    texts[*count] = chiso__arena_text(e->arena, at, (size_t)(stop - at));
    if (!texts[*count])
      return chiso__no_memory(e->err);
    for (uint32_t i = 0; i < *count; i++)
      if (strcmp(texts[i], texts[*count]) == 0)
        return CHISO__REFUSE(e, chiso__inside(e, entry, at),
                             MSG_VARIANT_TWICE_IN_LIST, texts[i]);
    ++*count;
    at = end;
    if (!*at)
      break;
  }
  *list = texts;
  return CHISO_OK;
}

chiso_status chiso__value_legal(chiso__editor *e, const chiso__ini_entry *entry,
                                uint32_t *out) {
  const char *names[64] = { NULL };
  size_t n = 0;
  if (e->from && e->n_own == 0)
    return chiso__follows(e); /* an overlay without any was told */
  for (uint32_t i = 0; i < e->head.n_legal; i++) {
    if (strcmp(e->legal[i].key, entry->value) == 0) {
      *out = i;
      return CHISO_OK;
    }
    if (n < 64)
      names[n++] = e->legal[i].key;
  }
  const char *near = chiso__text_nearest(entry->value, names, n);
  return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_LEGAL, entry->value,
                       near ? near
                       : n  ? names[0]
                            : "");
}

/* "2 half_up", or "2" */
static chiso_status read_round(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_node *node) {
  const char *text = entry->value, *word = text + strcspn(text, " \t");
  int mode = CHISO_ROUND_HALF_UP;
  const char *rest = word + strspn(word, " \t");
  if (*rest)
    mode = chiso__key_value(CHISO_FAMILY_ROUNDING, rest);
  if (word != text + 1 || *text < '0' || *text > '6' || mode < 0)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_ROUND, text);
  node->digits = (uint8_t)(*text - '0');
  node->round = (uint8_t)mode;
  return CHISO_OK;
}

/* "published", or "published recalled" of the name and the points */
static chiso_status read_provenance(chiso__editor *e,
                                    const chiso__ini_entry *entry,
                                    chiso_node *node) {
  char first[32];
  const char *text = entry->value, *end = text + strcspn(text, " \t");
  const char *rest = end + strspn(end, " \t");
  snprintf(first, sizeof first, "%.*s",
           end - text > 31 ? 31 : (int)(end - text), text);
  int name = chiso__key_value(CHISO_FAMILY_PROVENANCE, first);
  int points = *rest ? chiso__key_value(CHISO_FAMILY_PROVENANCE, rest) : name;
  if (name < 0 || points < 0) {
    char words[240];
    chiso__family_words(CHISO_FAMILY_PROVENANCE, words, sizeof words);
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_BAD_KEY, entry->key,
                         text, words);
  }
  node->prov_name = (uint8_t)name;
  node->prov_points = (uint8_t)points;
  return CHISO_OK;
}

static chiso_status read_of(chiso__editor *e, const chiso__ini_entry *entry,
                            chiso_node *node) {
  const char *text = entry->value, *slash = strchr(text, '/');
  if (!slash || slash == text || !slash[1])
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_MODEL_BAD_OF, text);
  node->ref_index = chiso__arena_text(e->arena, text, (size_t)(slash - text));
  node->ref_node = slash + 1;
  return node->ref_index ? CHISO_OK : chiso__no_memory(e->err);
}

chiso_status chiso__value_read(chiso__editor *e, const chiso__ini_entry *entry,
                               const chiso__key *key, chiso_node *node) {
  const char *text = entry->value, *end = text + strlen(text);
  if (!*text)
    return CHISO__REFUSE(e, chiso__at(e, entry), MSG_VARIANT_EMPTY, entry->key,
                         entry->key);
  switch (key->type) {
  case CHISO__FIELD_TEXT:
    *MEMBER(const char *, node, key->offset) = text;
    return CHISO_OK;
  case CHISO__FIELD_DEC:
    return chiso__value_dec(e, entry, text, end,
                            MEMBER(chiso_dec, node, key->offset));
  case CHISO__FIELD_KEY:
    return chiso__value_word(e, entry, key->field->family,
                             MEMBER(uint8_t, node, key->offset));
  case CHISO__FIELD_WAS:
    return chiso__value_list(e, entry, &node->was, &node->n_was);
  case CHISO__FIELD_ROUND:
    return read_round(e, entry, node);
  case CHISO__FIELD_PROVENANCE:
    return read_provenance(e, entry, node);
  case CHISO__FIELD_INPUTS:
    return chiso__inputs_read(e, entry, node);
  case CHISO__FIELD_STEPS:
    return chiso__steps_read(e, entry, node);
  case CHISO__FIELD_OF:
    return read_of(e, entry, node);
  case CHISO__FIELD_LEGAL:
    return chiso__value_legal(e, entry, &node->legal);
  default:
    return CHISO__FAIL(e->err, CHISO_INTERNAL, MSG_MODEL_INTERNAL, key->name);
  }
}

/* ---- writing ------------------------------------------------------------ */

static const char *kept(chiso__arena *arena, const char *text) {
  return text ? chiso__arena_text(arena, text, strlen(text)) : NULL;
}

static const char *both(chiso__arena *arena, const char *a, const char *between,
                        const char *b) {
  chiso__buffer out = { .allocator = arena->allocator };
  chiso__buffer_print(&out, "%s%s%s", a, between, b);
  const char *text =
      out.failed ? NULL : chiso__arena_text(arena, out.data, out.size);
  chiso__buffer_free(&out);
  return text;
}

static const char *list_text(chiso__arena *arena, const chiso_node *node) {
  const char *text = node->n_was ? node->was[0] : NULL;
  for (uint32_t i = 1; text && i < node->n_was; i++)
    text = both(arena, text, ", ", node->was[i]);
  return text;
}

static const char *round_text(chiso__arena *arena, const chiso_node *node) {
  char digits[8];
  if (node->digits == CHISO_KEEP && node->round == CHISO_ROUND_HALF_UP)
    return NULL;
  snprintf(digits, sizeof digits, "%u", (unsigned)node->digits);
  return both(arena, digits, " ",
              chiso_key(CHISO_FAMILY_ROUNDING, node->round));
}

static const char *dec_text(chiso__arena *arena, const chiso__field *field,
                            chiso_dec value) {
  char text[CHISO_DEC_TEXT];
  if (value == CHISO_NONE || (!field->required && value == field->standard))
    return NULL;
  chiso__dec_print(value, text);
  return kept(arena, text);
}

const char *chiso__value_text(chiso__arena *arena, const chiso_index *index,
                              const chiso__key *key, const chiso_node *node) {
  switch (key->type) {
  case CHISO__FIELD_TEXT:
    return kept(arena, VALUE(char *, node, key->offset));
  case CHISO__FIELD_DEC:
    return dec_text(arena, key->field, VALUE(chiso_dec, node, key->offset));
  case CHISO__FIELD_KEY: {
    uint8_t value = VALUE(uint8_t, node, key->offset);
    return value || key->field->required ? chiso_key(key->field->family, value)
                                         : NULL;
  }
  case CHISO__FIELD_NUMBER: {
    char text[16];
    snprintf(text, sizeof text, "%u",
             (unsigned)VALUE(uint32_t, node, key->offset));
    return kept(arena, text);
  }
  case CHISO__FIELD_WAS:
    return list_text(arena, node);
  case CHISO__FIELD_ROUND:
    return round_text(arena, node);
  case CHISO__FIELD_PROVENANCE:
    return both(arena, chiso_key(CHISO_FAMILY_PROVENANCE, node->prov_name), " ",
                chiso_key(CHISO_FAMILY_PROVENANCE, node->prov_points));
  case CHISO__FIELD_INPUTS:
    return chiso__inputs_text(arena, node);
  case CHISO__FIELD_STEPS:
    return chiso__steps_text(arena, node);
  case CHISO__FIELD_OF:
    return both(arena, node->ref_index, "/", node->ref_node);
  case CHISO__FIELD_LEGAL:
    return index->legal[node->legal].key;
  default:
    return NULL;
  }
}
