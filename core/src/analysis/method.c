/* SPDX-License-Identifier: Apache-2.0
 * analysis/method.c - methods as people write them: "minmax:0:100", and lists
 * of them with exceptions: "minmax:0:100,i04=rank:min". */
#include <string.h>

#include "analysis/composite.h"
#include "base/text.h"
#include "data/real.h"

chiso_status chiso__method_unknown(const char *what, const char *text,
                                   const char *known, chiso_error *err) {
  return CHISO__FAIL(err, CHISO_USAGE, MSG_METHOD_UNKNOWN, what, text, known);
}

chiso_status chiso__method_of_meta(const chiso_composite *c,
                                   const chiso__code *code, chiso_status status,
                                   chiso_error *err) {
  if (status != CHISO_OK && status != CHISO_NO_MEMORY && err)
    chiso__error_move(err, (chiso__place) { c->meta, code->line, 0 });
  return status;
}

/* Numbers between colons, as far as they are. */
static void read_numbers(chiso__method *m) {
  const char *at = m->rest;
  m->numbers = *at != '\0';
  while (*at && m->numbers) {
    size_t size = strcspn(at, ":");
    char mark;
    if (m->count == 4 ||
        chiso__real_read(at, size, &m->number[m->count], &mark) !=
            CHISO__NUMBER_OK ||
        mark == ',')
      m->numbers = false;
    else
      m->count++;
    at += size + (at[size] == ':' && at[size + 1] != '\0');
    if (*at == ':')
      m->numbers = false;
  }
}

chiso_status chiso__method_read(chiso__arena *arena, const char *text,
                                size_t size, chiso__method *out,
                                chiso_error *err) {
  memset(out, 0, sizeof *out);
  char *copy = chiso__arena_text(arena, text, size);
  if (!copy)
    return chiso__no_memory(err);
  char *colon = strchr(copy, ':');
  out->name = copy;
  out->rest = "";
  if (colon) {
    *colon = '\0';
    out->rest = colon + 1;
  }
  read_numbers(out);
  return CHISO_OK;
}

chiso_status chiso__method_list(chiso__arena *arena, const char *list,
                                chiso__method_each *each, void *data,
                                chiso_error *err) {
  size_t place = 0;
  for (const char *at = list;; at++) {
    size_t size = strcspn(at, ",");
    char *item = chiso__arena_text(arena, at, size);
    if (!item)
      return chiso__no_memory(err);
    char *equals = strchr(item, '=');
    if (equals)
      *equals = '\0';
    if (size == 0 || (equals && (equals == item || !equals[1])))
      return CHISO__FAIL(err, CHISO_USAGE, MSG_METHOD_LIST, list);
    CHISO__TRY(equals ? each(data, item, SIZE_MAX, equals + 1, err)
                      : each(data, NULL, place++, item, err));
    at += size;
    if (!*at)
      return CHISO_OK;
  }
}

chiso_status chiso__method_code(const chiso_composite *c, const char *code,
                                bool leaf, uint32_t *out, chiso_error *err) {
  size_t place;
  bool found = chiso__map_get(&c->map, code, &place);
  if (found && (place < c->tree.leaves) == leaf) {
    *out = (uint32_t)place;
    return CHISO_OK;
  }
  if (found)
    return CHISO__FAIL(
        err, CHISO_USAGE,
        leaf ? MSG_COMPOSE_NOT_INDICATOR : MSG_COMPOSE_NOT_AGGREGATE, code);
  const char *near = NULL;
  chiso__arena scratch = { .allocator = c->allocator };
  const char **names =
      chiso__arena_array(&scratch, c->tree.n + 1, sizeof *names);
  size_t count = 0;
  for (size_t i = 0; names && i < c->tree.n; i++)
    if ((i < c->tree.leaves) == leaf)
      names[count++] = c->tree.codes[i].code;
  if (names)
    near = chiso__text_nearest(code, names, count);
  chiso_status status =
      near ? CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_CODE_NEAR, code, near)
           : CHISO__FAIL(err, CHISO_USAGE, MSG_COMPOSE_CODE, code);
  chiso__arena_free(&scratch);
  return status;
}
