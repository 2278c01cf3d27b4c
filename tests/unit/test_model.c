/* SPDX-License-Identifier: Apache-2.0
 * Reading, writing and copying whole methodologies. */
#include "chiso/model.h"

#include "base/arena.h"
#include "base/file.h"
#include "fixture.h"
#include "model/model.h"
#include "shipped.h"
#include "small.h"
#include "suite.h"

static chiso_status parse_small(const chiso_allocator *allocator,
                                chiso_methodology **out, chiso_error *err) {
  char *text = small_good();
  chiso_status status = chiso_methodology_parse("t.json", text, strlen(text),
                                                allocator, out, err);
  free(text);
  return status;
}

static chiso_status parse(const char *text, const chiso_allocator *allocator,
                          chiso_methodology **out, chiso_error *err) {
  return chiso_methodology_parse("t.json", text, strlen(text), allocator, out,
                                 err);
}

static void shipped_texts_are_canonical(void) {
  for (size_t i = 0; i < SHIPPED_COUNT; i++) {
    chiso__arena arena = { 0 };
    char path[512], *written = NULL;
    const char *text = NULL;
    size_t size = 0, length = 0;
    chiso_error err = { 0 };
    chiso_methodology *m = shipped_read(all_shipped[i].folder);
    MUST(m != NULL);
    shipped_path(&all_shipped[i], path, sizeof path);
    MUST(chiso__file_read(&arena, path, CHISO__LIMIT_INDEX, false, &text, &size,
                          &err) == CHISO_OK);
    MUST(chiso_methodology_write(m, &written, &length, &err) == CHISO_OK);
    CU_ASSERT(size == length && memcmp(text, written, size) == 0);
    chiso_methodology *again = NULL;
    MUST(parse(written, NULL, &again, &err) == CHISO_OK);
    CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(m),
                           chiso_methodology_digest(again));
    CU_ASSERT_STRING_EQUAL(chiso_methodology_name(m), all_shipped[i].name);
    chiso_text_free(NULL, written);
    chiso_methodology_free(again);
    chiso_methodology_free(m);
    chiso__arena_free(&arena);
  }
}

static void shipped_counts_are_those_stated(void) {
  for (size_t i = 0; i < SHIPPED_COUNT; i++) {
    chiso_methodology *m = shipped_read(all_shipped[i].folder);
    MUST(m != NULL);
    for (size_t k = 0; k < 3 && all_shipped[i].counts[k].kind; k++)
      CU_ASSERT_EQUAL(chiso_methodology_count(m, all_shipped[i].counts[k].kind),
                      all_shipped[i].counts[k].count);
    chiso_methodology_free(m);
  }
}

static void small_text_round_trips(void) {
  chiso_methodology *m = NULL, *again = NULL;
  chiso_error err = { 0 };
  char *text = NULL, *second = NULL;
  size_t size = 0, length = 0;
  chiso_status status = parse_small(NULL, &m, &err);
  if (status != CHISO_OK)
    fprintf(stderr, "%d: %s\n", (int)err.line, err.text);
  MUST(status == CHISO_OK);
  MUST(chiso_methodology_write(m, &text, &size, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(size, strlen(text));
  MUST(parse(text, NULL, &again, &err) == CHISO_OK);
  MUST(chiso_methodology_write(again, &second, &length, &err) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(text, second);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(m),
                         chiso_methodology_digest(again));
  CU_ASSERT_EQUAL(strlen(chiso_methodology_digest(m)), 64);
  chiso_text_free(NULL, text);
  chiso_text_free(NULL, second);
  chiso_methodology_free(m);
  chiso_methodology_free(again);
}

static void links_follow_the_table(void) {
  chiso_methodology *m = NULL;
  MUST(parse_small(NULL, &m, NULL) == CHISO_OK);
  const chiso_index *ix = chiso_methodology_index(m);
  CU_ASSERT_EQUAL(ix->n_nodes, 18);
  CU_ASSERT_EQUAL(chiso_methodology_find(m, "INDEX"), 0);
  CU_ASSERT_EQUAL(chiso_methodology_find(m, "11.B"), 17);
  CU_ASSERT_EQUAL(chiso_methodology_find(m, "nowhere"), CHISO_NO_NODE);
  CU_ASSERT_EQUAL(chiso_methodology_find(m, ""), CHISO_NO_NODE);
  CU_ASSERT_EQUAL(chiso_methodology_parent(m, 0), CHISO_NO_NODE);
  CU_ASSERT_EQUAL(chiso_methodology_next(m, 0), CHISO_NO_NODE);
  CU_ASSERT_EQUAL(chiso_methodology_first_child(m, 0), 1);
  CU_ASSERT_EQUAL(chiso_methodology_first_child(m, 3), 4);
  CU_ASSERT_EQUAL(chiso_methodology_next(m, 1), 6);
  CU_ASSERT_EQUAL(chiso_methodology_next(m, 15), CHISO_NO_NODE);
  CU_ASSERT_EQUAL(chiso_methodology_parent(m, 17), 15);
  for (uint32_t i = 1; i < ix->n_nodes; i++)
    CU_ASSERT_STRING_EQUAL(ix->nodes[i].parent,
                           ix->nodes[chiso_methodology_parent(m, i)].id);
  CU_ASSERT_EQUAL(chiso_methodology_count(m, CHISO_KIND_BRANCH), 2);
  CU_ASSERT_EQUAL(chiso_methodology_provenance(m), CHISO_PROV_RECALLED);
  chiso_methodology_free(m);
}

/* What does not count does not lower what a score rests on. */
static void provenance_asks_only_what_counts(void) {
#define TRUSTED                                                                \
  "\"provenance\": {\"name\": \"published\", \"points\": \"official\"}, "      \
  "\"source\": \"s\"}"
#define OFFICIAL(id, parent, weight, op, max)                                  \
  "{\"id\": \"" id "\", \"parent\": \"" parent                                 \
  "\", \"kind\": \"area\", " SMALL_TITLE ", \"max\": \"" max                   \
  "\", \"weight\": \"" weight "\", \"op\": \"" op "\", " TRUSTED
  static const char shown_only[] =
      SMALL_TREE(SMALL_ROOT("1", "sum", "") ",\n" OFFICIAL(
          "1", "index", "1", "manual",
          "1") ",\n" OFFICIAL("2", "index", "0", "sum",
                              "1") ",\n" SMALL_NODE("2.1", "2", "area", "1",
                                                    "1", "manual", ""));
  static const char nothing_counts[] = SMALL_TREE(SMALL_ROOT(
      "1", "sum", "") ",\n" OFFICIAL("1", "index", "0", "manual", "1"));
  chiso_methodology *m = NULL;
  MUST(parse(shown_only, NULL, &m, NULL) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_methodology_provenance(m), CHISO_PROV_OFFICIAL);
  chiso_methodology_free(m);
  MUST(parse(nothing_counts, NULL, &m, NULL) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_methodology_provenance(m), CHISO_PROV_RECALLED);
  chiso_methodology_free(m);
}

/* ---- copies from tables of a newer plugin ------------------------------- */

/* The same elements in steps of `size` + 40 bytes, the tails filled. */
static const void *widened(chiso__arena *arena, const void *array,
                           uint32_t count, size_t size) {
  char *wide = chiso__arena_array(arena, count, size + 40);
  for (uint32_t i = 0; i < count; i++) {
    memcpy(wide + i * (size + 40), (const char *)array + i * size, size);
    memset(wide + i * (size + 40) + size, 0xa5, 40);
  }
  return wide;
}
#define WIDEN(arena, array, count)                                             \
  widened((arena), (array), (count), sizeof *(array))

static void widen_nodes(chiso__arena *arena, chiso_index *ix) {
  chiso_node *nodes = chiso__arena_array(arena, ix->n_nodes, sizeof *nodes);
  for (uint32_t i = 0; i < ix->n_nodes; i++) {
    nodes[i] = ix->nodes[i];
    nodes[i].inputs = WIDEN(arena, nodes[i].inputs, nodes[i].n_inputs);
    nodes[i].steps = WIDEN(arena, nodes[i].steps, nodes[i].n_steps);
  }
  ix->nodes = WIDEN(arena, nodes, ix->n_nodes);
  ix->node_stride += 40;
  ix->input_stride += 40;
  ix->step_stride += 40;
}

static chiso_index widen(chiso__arena *arena, const chiso_index *from) {
  chiso_index ix = *from;
  chiso_grading *gradings =
      chiso__arena_array(arena, ix.n_gradings, sizeof *gradings);
  chiso_partition *partitions =
      chiso__arena_array(arena, ix.n_partitions, sizeof *partitions);
  for (uint32_t i = 0; i < ix.n_gradings; i++) {
    gradings[i] = ix.gradings[i];
    gradings[i].grades = WIDEN(arena, gradings[i].grades, gradings[i].n_grades);
  }
  for (uint32_t i = 0; i < ix.n_partitions; i++) {
    partitions[i] = ix.partitions[i];
    partitions[i].parts =
        WIDEN(arena, partitions[i].parts, partitions[i].n_parts);
  }
  ix.gradings = WIDEN(arena, gradings, ix.n_gradings);
  ix.partitions = WIDEN(arena, partitions, ix.n_partitions);
  ix.legal = WIDEN(arena, ix.legal, ix.n_legal);
  ix.legal_stride += 40;
  ix.grading_stride += 40;
  ix.grade_stride += 40;
  ix.partition_stride += 40;
  ix.part_stride += 40;
  widen_nodes(arena, &ix);
  return ix;
}

static void check_copies(const chiso_methodology *m) {
  chiso__arena arena = { 0 };
  const chiso_index *tables = chiso_methodology_index(m);
  chiso_index wide = widen(&arena, tables);
  chiso_methodology *same = NULL, *from_wide = NULL;
  chiso_error err = { 0 };
  MUST(chiso_methodology_copy("a.so", tables, NULL, &same, &err) == CHISO_OK);
  MUST(chiso_methodology_copy("a.so", &wide, NULL, &from_wide, &err) ==
       CHISO_OK);
  chiso__arena_free(&arena); /* nothing of the tables is kept */
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(m),
                         chiso_methodology_digest(same));
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(m),
                         chiso_methodology_digest(from_wide));
  CU_ASSERT_EQUAL(chiso_methodology_index(from_wide)->node_stride,
                  sizeof(chiso_node));
  chiso_methodology_free(same);
  chiso_methodology_free(from_wide);
}

static void copies_equal_texts(void) {
  chiso_methodology *m = NULL;
  MUST(parse_small(NULL, &m, NULL) == CHISO_OK);
  check_copies(m);
  chiso_methodology_free(m);
  for (size_t i = 0; i < SHIPPED_COUNT; i++) {
    m = shipped_read(all_shipped[i].folder);
    MUST(m != NULL);
    check_copies(m);
    chiso_methodology_free(m);
  }
}

/* ---- short memory ------------------------------------------------------- */

/* Fails the n-th request for every n until the call gets through. */
static void parsing_survives_short_memory(void) {
  chiso_status status = CHISO_NO_MEMORY;
  long n = 0;
  for (; status != CHISO_OK && n < 100000; n++) {
    counting memory = { .left = n };
    chiso_allocator allocator = counting_allocator(&memory);
    chiso_methodology *m = NULL;
    chiso_error err = { 0 };
    status = parse_small(&allocator, &m, &err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    CU_ASSERT((status == CHISO_OK) == (m != NULL));
    CU_ASSERT_EQUAL(err.status, status);
    if (status == CHISO_OK)
      chiso_methodology_free(m);
    CU_ASSERT_EQUAL(memory.live, 0);
  }
  CU_ASSERT(status == CHISO_OK && n > 5);
}

static void writing_and_copying_survive_short_memory(void) {
  counting memory = { .left = -1 };
  chiso_allocator allocator = counting_allocator(&memory);
  chiso_methodology *m = NULL;
  MUST(parse_small(&allocator, &m, NULL) == CHISO_OK);
  long held = memory.live;
  chiso_status status = CHISO_NO_MEMORY;
  for (long n = 0; status != CHISO_OK && n < 100000; n++) {
    char *text = NULL;
    size_t size;
    memory.left = n;
    status = chiso_methodology_write(m, &text, &size, NULL);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    if (status == CHISO_OK)
      chiso_text_free(&allocator, text);
    CU_ASSERT_EQUAL(memory.live, held);
  }
  status = CHISO_NO_MEMORY;
  for (long n = 0; status != CHISO_OK && n < 100000; n++) {
    chiso_methodology *copy = NULL;
    memory.left = n;
    status = chiso_methodology_copy("a.so", chiso_methodology_index(m),
                                    &allocator, &copy, NULL);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    if (status == CHISO_OK)
      chiso_methodology_free(copy);
    CU_ASSERT_EQUAL(memory.live, held);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  chiso_methodology_free(m);
  CU_ASSERT_EQUAL(memory.live, 0);
}

/* ---- names -------------------------------------------------------------- */

static void names_have_both_languages(void) {
  CU_ASSERT_STRING_EQUAL(chiso_key(CHISO_FAMILY_KIND, CHISO_KIND_SUBCRITERION),
                         "subcriterion");
  CU_ASSERT_PTR_NULL(chiso_key(CHISO_FAMILY_OP, 9));
  CU_ASSERT_PTR_NULL(chiso_title(CHISO_FAMILY_OP, 9, CHISO_LANG_VI));
  for (chiso_family f = 0; f < CHISO_FAMILY_COUNT; f++)
    for (unsigned v = 0; v < 256; v++) {
      const char *key = chiso_key(f, v);
      if (!key)
        continue;
      CU_ASSERT_EQUAL(chiso__key_value(f, key), (int)v);
      CU_ASSERT_PTR_NOT_NULL(chiso_title(f, v, CHISO_LANG_EN));
      CU_ASSERT_PTR_NOT_NULL(chiso_title(f, v, CHISO_LANG_VI));
    }
}

SUITE_MAIN({ "shipped texts are canonical", shipped_texts_are_canonical },
           { "shipped counts", shipped_counts_are_those_stated },
           { "small text round trips", small_text_round_trips },
           { "links follow the table", links_follow_the_table },
           { "provenance asks what counts", provenance_asks_only_what_counts },
           { "copies equal texts", copies_equal_texts },
           { "parsing, short memory", parsing_survives_short_memory },
           { "writing, copying, short memory",
             writing_and_copying_survive_short_memory },
           { "names", names_have_both_languages })
