/* SPDX-License-Identifier: Apache-2.0
 * The JSON Schema of index.json lists the members that the code reads: the
 * same for each op, required where the code requires them. What files look
 * like under both is tests/e2e/schema.py. */
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "model/model.h"
#include "suite.h"

static chiso__arena arena;
static const chiso__json *schema;

static const chiso__json *at(const chiso__json *from, const char *key) {
  return from ? chiso__json_get(from, key) : NULL;
}

static bool lists(const chiso__json *list, const char *text) {
  for (const chiso__json *e = list ? list->first : NULL; e; e = e->next)
    if (e->string && strcmp(e->string, text) == 0)
      return true;
  return false;
}

static void test_read(void) {
  const char *text;
  size_t size;
  chiso__json *root;
  chiso_error err = { 0 };
  arena.allocator = chiso_allocator_default();
  MUST(chiso__file_read(&arena, SOURCE_DIR "/sdk/schema/index.schema.json",
                        CHISO__LIMIT_INDEX, false, &text, &size,
                        &err) == CHISO_OK);
  MUST(chiso__json_parse(&arena, "index.schema.json", text, size, &root,
                         &err) == CHISO_OK);
  schema = root;
}

/* What the schema adds for one op. */
static const chiso__json *branch(unsigned op) {
  const chiso__json *all = at(at(at(schema, "$defs"), "node"), "allOf");
  const char *word = chiso_key(CHISO_FAMILY_OP, op);
  for (const chiso__json *e = all ? all->first : NULL; e; e = e->next) {
    const chiso__json *when = at(at(at(e, "if"), "properties"), "op");
    const chiso__json *is = at(when, "const");
    if (is && strcmp(is->string, word) == 0)
      return at(e, "then");
  }
  return NULL;
}

static bool forbidden(const chiso__json *then, const char *name) {
  const chiso__json *member = at(at(then, "properties"), name);
  return member && member->type == CHISO__JSON_FALSE;
}

static bool in_table(const char *name) {
  for (size_t i = 0; i < chiso__n_node_fields; i++)
    if (strcmp(chiso__node_fields[i].name, name) == 0)
      return true;
  return false;
}

static void test_members(void) {
  const chiso__json *node = at(at(schema, "$defs"), "node");
  const chiso__json *properties = at(node, "properties");
  MUST(properties != NULL);
  for (const chiso__json *m = properties->first; m; m = m->next)
    CU_ASSERT(in_table(m->key));
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    CU_ASSERT_PTR_NOT_NULL(at(properties, f->name));
    if (f->ops == 0)
      CU_ASSERT_EQUAL(lists(at(node, "required"), f->name), f->required);
  }
}

static void test_ops(void) {
  for (unsigned op = 0; op < 64; op++) {
    if (!chiso_key(CHISO_FAMILY_OP, op))
      continue;
    const chiso__json *then = branch(op);
    MUST(then != NULL);
    for (size_t i = 0; i < chiso__n_node_fields; i++) {
      const char *name = chiso__node_fields[i].name;
      bool applies = false, required = false;
      /* A member may stand in the table twice, for different ops. */
      for (size_t j = 0; j < chiso__n_node_fields; j++) {
        const chiso__field *f = &chiso__node_fields[j];
        if (strcmp(f->name, name) != 0 || !chiso__field_applies(f, op))
          continue;
        applies = true;
        required |= f->ops != 0 && f->required;
      }
      CU_ASSERT_EQUAL(forbidden(then, name), !applies);
      if (required)
        CU_ASSERT(lists(at(then, "required"), name));
    }
  }
}

static const chiso__json *words_of(const char *member) {
  const chiso__json *m =
      at(at(at(at(schema, "$defs"), "node"), "properties"), member);
  const chiso__json *ref = at(m, "$ref");
  if (ref) {
    const char *slash = strrchr(ref->string, '/');
    m = at(at(schema, "$defs"), slash + 1);
  }
  return at(m, "enum");
}

static void test_words(void) {
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    if (f->type != CHISO__FIELD_KEY)
      continue;
    const chiso__json *words = words_of(f->name);
    size_t count = 0;
    MUST(words != NULL);
    for (unsigned value = 0; value < 64; value++) {
      const char *word = chiso_key(f->family, value);
      count += word != NULL;
      if (word)
        CU_ASSERT(lists(words, word));
    }
    CU_ASSERT_EQUAL(words->count, count);
  }
}

static void test_free(void) {
  chiso__arena_free(&arena);
}

SUITE_MAIN({ "the schema is JSON", test_read },
           { "a node's members", test_members },
           { "members of each op", test_ops },
           { "words of each member", test_words }, { "end", test_free })
