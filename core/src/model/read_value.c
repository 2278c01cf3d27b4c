/* SPDX-License-Identifier: Apache-2.0
 * model/read_value.c - single values of index.json. */
#include <stdlib.h>
#include <string.h>

#include "base/dec.h"
#include "base/text.h"
#include "model/read.h"

chiso__place chiso__json_place(const chiso__reader *r,
                               const chiso__json *value) {
  return (chiso__place) { r->file, value->line, value->column };
}

static const char *label(const chiso__json *v) {
  return v->key ? v->key : "-";
}

static chiso_status wrong(chiso__reader *r, const chiso__json *v,
                          chiso__message expected) {
  return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v), expected,
                     label(v));
}

chiso_status chiso__read_text(chiso__reader *r, const chiso__json *v,
                              const char **out) {
  if (v->type != CHISO__JSON_STRING)
    return wrong(r, v, MSG_MODEL_WANT_TEXT);
  size_t size = strlen(v->string);
  if (size == 0)
    return wrong(r, v, MSG_MODEL_EMPTY_TEXT);
  if (size > CHISO__MAX_TEXT)
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_LONG_TEXT, label(v), CHISO__MAX_TEXT);
  *out = chiso__arena_text(r->arena, v->string, size);
  return *out ? CHISO_OK : chiso__no_memory(r->err);
}

chiso_status chiso__read_dec(chiso__reader *r, const chiso__json *v,
                             chiso_dec *out) {
  if (v->type != CHISO__JSON_STRING)
    return wrong(r, v, MSG_MODEL_WANT_DEC);
  if (!chiso__dec_strict(v->string, out))
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_BAD_DEC, label(v), v->string);
  return CHISO_OK;
}

chiso_status chiso__read_integer(chiso__reader *r, const chiso__json *v,
                                 int64_t least, int64_t most, int64_t *out) {
  if (v->type != CHISO__JSON_INTEGER || v->integer < least || v->integer > most)
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_WANT_INTEGER, label(v), (long long)least,
                       (long long)most);
  *out = v->integer;
  return CHISO_OK;
}

chiso_status chiso__read_key(chiso__reader *r, const chiso__json *v,
                             chiso_family family, uint8_t *out) {
  if (v->type != CHISO__JSON_STRING)
    return wrong(r, v, MSG_MODEL_WANT_TEXT);
  int value = chiso__key_value(family, v->string);
  if (value < 0) {
    char words[240];
    chiso__family_words(family, words, sizeof words);
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_BAD_KEY, label(v), v->string, words);
  }
  *out = (uint8_t)value;
  return CHISO_OK;
}

chiso_status chiso__read_object(chiso__reader *r, const chiso__json *v) {
  return v->type == CHISO__JSON_OBJECT ? CHISO_OK
                                       : wrong(r, v, MSG_MODEL_WANT_OBJECT);
}

chiso_status chiso__read_list(chiso__reader *r, const chiso__json *v,
                              size_t most) {
  if (v->type != CHISO__JSON_ARRAY)
    return wrong(r, v, MSG_MODEL_WANT_LIST);
  if (v->count > most)
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_LONG_LIST, label(v), v->count, most);
  return CHISO_OK;
}

chiso_status chiso__read_member(chiso__reader *r, const chiso__json *object,
                                const char *key, const chiso__json **out) {
  *out = chiso__json_get(object, key);
  if (*out)
    return CHISO_OK;
  return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, object),
                     MSG_MODEL_ABSENT, key);
}

chiso_status chiso__read_title(chiso__reader *r, const chiso__json *v,
                               const char **vi, const char **en) {
  return CHISO__RECORD(r, v, { "vi", CHISO__VALUE_TEXT, true, vi, 0 },
                       { "en", CHISO__VALUE_TEXT, false, en, 0 });
}

/* Two or four digits at `text`, or -1. */
static int digits_at(const char *text, int count) {
  int value = 0;
  for (int i = 0; i < count; i++) {
    if (text[i] < '0' || text[i] > '9')
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool chiso__date_read(const char *text, chiso_date *out) {
  static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  size_t size = strlen(text);
  int year = size >= 4 ? digits_at(text, 4) : -1;
  int month = 0, day = 0;
  if (year < 1 || (size != 4 && size != 7 && size != 10))
    return false;
  if (size >= 7) {
    month = text[4] == '-' ? digits_at(text + 5, 2) : -1;
    if (month < 1 || month > 12)
      return false;
  }
  if (size == 10) {
    day = text[7] == '-' ? digits_at(text + 8, 2) : -1;
    if (day < 1 || day > days[month - 1])
      return false;
  }
  *out = (chiso_date) { (uint16_t)year, (uint8_t)month, (uint8_t)day };
  return true;
}

chiso_status chiso__read_date(chiso__reader *r, const chiso__json *v,
                              chiso_date *out) {
  if (v->type != CHISO__JSON_STRING)
    return wrong(r, v, MSG_MODEL_WANT_TEXT);
  if (!chiso__date_read(v->string, out))
    return chiso__fail(r->err, CHISO_BAD_DATA, chiso__json_place(r, v),
                       MSG_MODEL_BAD_DATE, label(v), v->string);
  return CHISO_OK;
}

/* ---- records and lists -------------------------------------------------- */

static chiso_status read_value(chiso__reader *r, const chiso__json *v,
                               const chiso__value *m) {
  int64_t number = 0;
  switch (m->type) {
  case CHISO__VALUE_TEXT:
    return chiso__read_text(r, v, m->out);
  case CHISO__VALUE_DEC:
    return chiso__read_dec(r, v, m->out);
  case CHISO__VALUE_DATE:
    return chiso__read_date(r, v, m->out);
  case CHISO__VALUE_TITLE:
    return chiso__read_title(r, v, m->out, (const char **)m->out + 1);
  case CHISO__VALUE_KEY:
    return chiso__read_key(r, v, m->family, m->out);
  case CHISO__VALUE_YEAR:
    CHISO__TRY(chiso__read_integer(r, v, 1900, 2999, &number));
    *(uint16_t *)m->out = (uint16_t)number;
    return CHISO_OK;
  case CHISO__VALUE_DIGITS:
    CHISO__TRY(chiso__read_integer(r, v, 0, CHISO_DEC_DIGITS, &number));
    *(uint8_t *)m->out = (uint8_t)number;
    return CHISO_OK;
  case CHISO__VALUE_OTHER:
    break;
  }
  return CHISO_OK;
}

chiso_status chiso__read_record(chiso__reader *r, const chiso__json *v,
                                const chiso__value *members, size_t count) {
  const char *keys[24] = { NULL };
  for (size_t i = 0; i < count && i + 1 < sizeof keys / sizeof *keys; i++)
    keys[i] = members[i].key;
  CHISO__TRY(chiso__read_object(r, v));
  CHISO__TRY(chiso__json_only(v, r->file, keys, r->err));
  for (size_t i = 0; i < count; i++) {
    const chiso__json *member = chiso__json_get(v, members[i].key);
    if (!member && members[i].required)
      CHISO__TRY(chiso__read_member(r, v, members[i].key, &member));
    if (member)
      CHISO__TRY(read_value(r, member, &members[i]));
  }
  return CHISO_OK;
}

chiso_status chiso__read_each(chiso__reader *r, const chiso__json *v,
                              size_t most, size_t size, chiso__read_one read,
                              void *list, uint32_t *count) {
  CHISO__TRY(chiso__read_list(r, v, most));
  char *array = chiso__arena_array(r->arena, v->count, size);
  if (!array)
    return chiso__no_memory(r->err);
  *count = 0;
  for (const chiso__json *e = v->first; e; e = e->next)
    CHISO__TRY(read(r, e, array + size * (*count)++));
  memcpy(list, &array, sizeof array);
  return CHISO_OK;
}

chiso_status chiso__read_text_element(chiso__reader *r, const chiso__json *v,
                                      void *element) {
  return chiso__read_text(r, v, element);
}
