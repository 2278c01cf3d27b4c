/* SPDX-License-Identifier: Apache-2.0
 * What a revision did: each kind of change once, by code and by concept, and
 * the shipped revisions. */
#include "chiso/model.h"
#include "editions.h"
#include "fixture.h"
#include "shipped.h"
#include "small.h"
#include "suite.h"

#define WAS(codes)    "\"was\": [" codes "], "
#define CONCEPT(name) "\"concept\": \"" name "\", "
#define MANUAL(id, parent, max, more)                                          \
  "," SMALL_NODE(id, parent, "criterion", max, "1", "manual", more)

static const char *const old_text =
    HEAD("1", "") SMALL_ROOT("10", "sum", CONCEPT("old")) "," SMALL_NODE(
        "A", "index", "area", "8", "1", "sum", CONCEPT("a"))
        MANUAL("A1", "A", "1", CONCEPT("a.same")) MANUAL("A2", "A", "1",
                                                         CONCEPT("a.ruled"))
            MANUAL("A3", "A", "2", CONCEPT("a.split")) MANUAL(
                "A4", "A", "1", CONCEPT("a.merged")) MANUAL("A5", "A", "1", "")
                MANUAL("A6", "A", "2", CONCEPT("a.dropped")) "," SMALL_NODE(
                    "B", "index", "area", "2", "1", "sum", CONCEPT("b"))
                    MANUAL("B1", "B", "2", CONCEPT("b.moved")) "]}";

static const char *const new_text = HEAD("2",
                                         "\"supersedes\": [\"vn.test/1\"], ")
    SMALL_ROOT("10", "sum", CONCEPT("new")) "," SMALL_NODE(
        "A", "index", "area", "9", "1", "sum", WAS("\"A\"") CONCEPT("a"))
        MANUAL("A1", "A", "1", WAS("\"a1\"") CONCEPT("a.same")) "," SMALL_NODE(
            "A2", "A", "criterion", "1", "1", "ratio",
            WAS("\"A2\"") CONCEPT("a.ruled"))
            MANUAL("A3", "A", "1", WAS("\"A3\"") CONCEPT("a.split"))
                MANUAL("A4", "A", "1", WAS("\"A3\"") CONCEPT("a.split")) MANUAL(
                    "A5", "A", "2", WAS("\"A4\", \"A5\"") CONCEPT("a.merged"))
                    MANUAL("A6", "A", "1", "")
                        MANUAL("A7", "A", "2",
                               WAS("\"B1\"") CONCEPT(
                                   "b.moved")) "," SMALL_NODE("B", "index",
                                                              "area", "1", "1",
                                                              "sum",
                                                              WAS("\"B\"")
                                                                  CONCEPT("b"))
                            MANUAL("B9", "B", "1", WAS("\"nowhere\"")) "]}";

typedef struct row {
  const char *before, *after;
  uint32_t flags;
  chiso_change_kind kind;
  chiso_carry carry;
} row;
#define NO_CARRY   ((chiso_carry)CHISO_N_CARRY)
#define FLAG(kind) (1u << CHISO_CHANGE_##kind)

static void compare(const chiso_methodology *a, const chiso_methodology *b,
                    const row *rows, size_t expected) {
  chiso_change *found = NULL;
  size_t count = 0;
  MUST(chiso_changes(a, b, &found, &count, NULL) == CHISO_OK);
  CU_ASSERT_EQUAL(count, expected);
  for (size_t i = 0; i < count && i < expected; i++) {
    uint32_t before = rows[i].before ? chiso_methodology_find(a, rows[i].before)
                                     : CHISO_NO_NODE;
    uint32_t after = rows[i].after ? chiso_methodology_find(b, rows[i].after)
                                   : CHISO_NO_NODE;
    if (found[i].flags != rows[i].flags || found[i].kind != rows[i].kind ||
        found[i].carry != rows[i].carry)
      fprintf(stderr, "row %zu (%s): flags %x, kind %s, carry %d\n", i,
              rows[i].after ? rows[i].after : rows[i].before, found[i].flags,
              chiso_change_key(found[i].kind), (int)found[i].carry);
    CU_ASSERT_EQUAL(found[i].before, before);
    CU_ASSERT_EQUAL(found[i].after, after);
    CU_ASSERT_EQUAL(found[i].flags, rows[i].flags);
    CU_ASSERT_EQUAL(found[i].kind, rows[i].kind);
    CU_ASSERT_EQUAL(found[i].carry, rows[i].carry);
  }
  chiso_changes_free(NULL, found);
}

static void by_code(void) {
  static const row rows[] = {
    { "index", "index", 0, CHISO_CHANGE_SAME, NO_CARRY },
    { "A", "A", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, NO_CARRY },
    { "A1", "A1", 0, CHISO_CHANGE_SAME, CHISO_CARRY_SAME },
    { "A2", "A2", FLAG(RERULED), CHISO_CHANGE_RERULED, CHISO_CARRY_BROKEN },
    { "A3", "A3", FLAG(SPLIT), CHISO_CHANGE_SPLIT, CHISO_CARRY_TOGETHER },
    { "A3", "A4", FLAG(SPLIT), CHISO_CHANGE_SPLIT, CHISO_CARRY_TOGETHER },
    { "A4", "A5", FLAG(MERGED), CHISO_CHANGE_MERGED, CHISO_CARRY_TOGETHER },
    { "A5", "A5", FLAG(MERGED), CHISO_CHANGE_MERGED, CHISO_CARRY_TOGETHER },
    { NULL, "A6", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { "B1", "A7", FLAG(MOVED), CHISO_CHANGE_MOVED, CHISO_CARRY_SAME },
    { "B", "B", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, NO_CARRY },
    { NULL, "B9", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { "A6", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
  };
  chiso_methodology *a = parsed(old_text), *b = parsed(new_text);
  MUST(a != NULL && b != NULL);
  compare(a, b, rows, sizeof rows / sizeof *rows);
  chiso_methodology_free(a);
  chiso_methodology_free(b);
}

/* The other way round nothing is superseded: concepts decide. */
static void by_concept(void) {
  static const row rows[] = {
    { "index", "index", 0, CHISO_CHANGE_SAME, NO_CARRY },
    { "A", "A", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, NO_CARRY },
    { "A1", "A1", 0, CHISO_CHANGE_SAME, CHISO_CARRY_SAME },
    { "A2", "A2", FLAG(RERULED), CHISO_CHANGE_RERULED, CHISO_CARRY_BROKEN },
    { "A3", "A3", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, CHISO_CARRY_SCALED },
    { "A5", "A4", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, CHISO_CARRY_SCALED },
    { NULL, "A5", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { NULL, "A6", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { "B", "B", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, NO_CARRY },
    { "A7", "B1", FLAG(MOVED), CHISO_CHANGE_MOVED, CHISO_CARRY_SAME },
    { "A4", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
    { "A6", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
    { "B9", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
  };
  chiso_methodology *a = parsed(new_text), *b = parsed(old_text);
  MUST(a != NULL && b != NULL);
  compare(a, b, rows, sizeof rows / sizeof *rows);
  chiso_methodology_free(a);
  chiso_methodology_free(b);
}

/* Nothing joins the nodes of two drafts but their ids. */
static void by_id(void) {
  static const char *const before = HEAD("1", "") SMALL_ROOT("3", "sum", "")
      MANUAL("A1", "index", "1", "") MANUAL("A2", "index", "2", "") "]}";
  static const char *const after = HEAD("2", "") SMALL_ROOT("4", "sum", "")
      MANUAL("a1", "index", "2", "") MANUAL("A3", "index", "2", "") "]}";
  static const char *const with_concept = HEAD("2", "")
      SMALL_ROOT("4", "sum", "") MANUAL("A1", "index", "2", CONCEPT("a"))
          MANUAL("A3", "index", "2", "") "]}";
  static const row rows[] = {
    { "index", "index", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, NO_CARRY },
    { "A1", "a1", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, CHISO_CARRY_SCALED },
    { NULL, "A3", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { "A2", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
  };
  static const row by_concept_rows[] = {
    { "index", "index", FLAG(REPOINTED), CHISO_CHANGE_REPOINTED, NO_CARRY },
    { NULL, "A1", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { NULL, "A3", FLAG(ADDED), CHISO_CHANGE_ADDED, CHISO_CARRY_NEW },
    { "A1", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
    { "A2", NULL, FLAG(DROPPED), CHISO_CHANGE_DROPPED, NO_CARRY },
  };
  chiso_methodology *a = parsed(before), *b = parsed(after),
                    *d = parsed(with_concept);
  MUST(a != NULL && b != NULL && d != NULL);
  compare(a, b, rows, sizeof rows / sizeof *rows);
  compare(a, d, by_concept_rows,
          sizeof by_concept_rows / sizeof *by_concept_rows);
  chiso_methodology_free(a);
  chiso_methodology_free(b);
  chiso_methodology_free(d);
}

/* Every row names a node; every old node without an heir is dropped. */
static void shipped_revisions(void) {
  static const char *const pairs[][2] = {
    { "par/province/2019", "par/province/2020" },
    { "par/province/2020", "par/province/2022" },
    { "par/ministry/2020", "par/ministry/2022" },
    { "papi/province/2018", "papi/province/2019" },
    { "sipas/province/2017", "sipas/province/2022" },
    { "par/province/2020", "par/ministry/2020" },
    { "par/province/2020", "par/province/2020" },
  };
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    chiso_methodology *a = shipped_read(pairs[i][0]);
    chiso_methodology *b = shipped_read(pairs[i][1]);
    chiso_change *rows = NULL;
    size_t count = 0, listed = 0;
    uint32_t last = CHISO_NO_NODE;
    MUST(a != NULL && b != NULL);
    MUST(chiso_changes(a, b, &rows, &count, NULL) == CHISO_OK);
    for (size_t k = 0; k < count; k++) {
      listed += rows[k].after != CHISO_NO_NODE && rows[k].after != last;
      last = rows[k].after;
      CU_ASSERT((rows[k].after == CHISO_NO_NODE) ==
                (rows[k].kind == CHISO_CHANGE_DROPPED));
      CU_ASSERT((rows[k].before == CHISO_NO_NODE) ==
                (rows[k].kind == CHISO_CHANGE_ADDED));
    }
    CU_ASSERT_EQUAL(listed, chiso_methodology_index(b)->n_nodes -
                                chiso_methodology_count(b, CHISO_KIND_BRANCH));
    chiso_changes_free(NULL, rows);
    chiso_methodology_free(a);
    chiso_methodology_free(b);
  }
}

static void short_memory(void) {
  counting memory = { .left = -1 };
  chiso_allocator allocator = counting_allocator(&memory);
  chiso_methodology *a = parsed(new_text), *b = NULL;
  MUST(a != NULL);
  MUST(chiso_methodology_parse("t", old_text, strlen(old_text), &allocator, &b,
                               NULL) == CHISO_OK);
  long held = memory.live;
  chiso_status status = CHISO_NO_MEMORY;
  for (long n = 0; status != CHISO_OK && n < 1000; n++) {
    chiso_change *rows = NULL;
    size_t count = 0;
    memory.left = n;
    status = chiso_changes(a, b, &rows, &count, NULL);
    CU_ASSERT((status == CHISO_OK) == (rows != NULL));
    chiso_changes_free(&allocator, rows);
    CU_ASSERT_EQUAL(memory.live, held);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  chiso_methodology_free(a);
  chiso_methodology_free(b);
}

static void names(void) {
  for (chiso_change_kind k = 0; k <= CHISO_CHANGE_DROPPED; k++) {
    CU_ASSERT(*chiso_change_key(k) != '\0');
    CU_ASSERT(*chiso_change_title(k, CHISO_LANG_EN) != '\0');
    CU_ASSERT(*chiso_change_title(k, CHISO_LANG_VI) != '\0');
  }
  CU_ASSERT_STRING_EQUAL(chiso_change_key(CHISO_CHANGE_REPOINTED), "repointed");
}

SUITE_MAIN({ "by code", by_code }, { "by concept", by_concept },
           { "by id", by_id }, { "shipped revisions", shipped_revisions },
           { "short memory", short_memory }, { "names", names })
