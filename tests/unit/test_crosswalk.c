/* SPDX-License-Identifier: Apache-2.0
 * Chains of editions: how points carry, step by step and over the chain. */
#include "chiso/model.h"
#include "editions.h"
#include "fixture.h"
#include "shipped.h"
#include "small.h"
#include "suite.h"

#define AFTER(edition) "\"supersedes\": [\"vn.test/" edition "\"], "
#define WAS(codes)     "\"was\": [" codes "], "
#define LEAF(id, parent, max, op, more)                                        \
  "," SMALL_NODE(id, parent, "criterion", max, "1", op, more)
#define STEPS(points, otherwise)                                               \
  "\"steps\": [{\"at\": \"0.5\", \"points\": \"" points                        \
  "\"}], \"otherwise\": \"" otherwise "\", "

/* A keeps its rule; B is entered as a whole; C, D lead to one leaf; E goes. */
static const char *const first = HEAD("1", "") SMALL_ROOT("10", "sum", "")
    LEAF("A", "index", "2", "step", STEPS("2", "1"))
        LEAF("B", "index", "2", "manual", "")
            LEAF("C", "index", "1", "ratio", "")
                LEAF("D", "index", "2", "ratio", "")
                    LEAF("E", "index", "3", "manual", "") "]}";
/* A's maximum doubles with all its points; B has parts; C + D are G; F is
 * new. */
static const char *const second =
    HEAD("2", AFTER("1")) SMALL_ROOT("12", "sum", "")
        LEAF("A", "index", "4", "step", WAS("\"A\"") STEPS("4", "2"))
            LEAF("B", "index", "2", "sum", WAS("\"B\""))
                LEAF("B.1", "B", "1.5", "manual", "")
                    LEAF("B.2", "B", "0.5", "ratio", "")
                        LEAF("G", "index", "3", "ratio", WAS("\"C\", \"D\""))
                            LEAF("F", "index", "3", "ratio", "") "]}";
/* A is another rule on the same input; B is one leaf again; F has another
 * floor; G stays. */
static const char *const third =
    HEAD("3", AFTER("2")) SMALL_ROOT("12", "sum", "")
        LEAF("A", "index", "4", "linear",
             WAS("\"A\"") "\"steps\": [{\"at\": \"0\", \"points\": \"0\"}, "
                          "{\"at\": \"1\", \"points\": \"4\"}], ")
            LEAF("B", "index", "2", "manual", WAS("\"B\""))
                LEAF("G", "index", "3", "ratio", WAS("\"G\""))
                    LEAF("F", "index", "3", "ratio",
                         WAS("\"F\"") "\"floor\": \"0.5\", ") "]}";

typedef struct fixture {
  chiso_methodology *m[3];
  chiso_crosswalk *w;
} fixture;

static bool set_up(fixture *f) {
  f->w = NULL;
  f->m[0] = parsed(first);
  f->m[1] = parsed(second);
  f->m[2] = parsed(third);
  if (!f->m[0] || !f->m[1] || !f->m[2])
    return false;
  const chiso_methodology *chain[] = { f->m[0], f->m[1], f->m[2] };
  return chiso_crosswalk_new(chain, 3, NULL, &f->w, NULL) == CHISO_OK;
}

static void tear_down(fixture *f) {
  chiso_crosswalk_free(f->w);
  for (int i = 0; i < 3; i++)
    chiso_methodology_free(f->m[i]);
}

static chiso_carry carry(const fixture *f, size_t from, size_t to,
                         const char *id) {
  return chiso_crosswalk_carry(f->w, from, to,
                               chiso_methodology_find(f->m[to], id));
}

static void steps(void) {
  fixture f;
  MUST(set_up(&f));
  CU_ASSERT_EQUAL(carry(&f, 0, 1, "A"), CHISO_CARRY_SCALED);
  CU_ASSERT_EQUAL(carry(&f, 0, 1, "B.1"), CHISO_CARRY_TOGETHER);
  CU_ASSERT_EQUAL(carry(&f, 0, 1, "B.2"), CHISO_CARRY_TOGETHER);
  CU_ASSERT_EQUAL(carry(&f, 0, 1, "G"), CHISO_CARRY_TOGETHER);
  CU_ASSERT_EQUAL(carry(&f, 0, 1, "F"), CHISO_CARRY_NEW);
  CU_ASSERT_EQUAL(carry(&f, 1, 2, "A"), CHISO_CARRY_RESCORED);
  CU_ASSERT_EQUAL(carry(&f, 1, 2, "B"), CHISO_CARRY_TOGETHER);
  CU_ASSERT_EQUAL(carry(&f, 1, 2, "G"), CHISO_CARRY_SAME);
  CU_ASSERT_EQUAL(carry(&f, 1, 2, "F"), CHISO_CARRY_RESCORED);
  CU_ASSERT_EQUAL(carry(&f, 0, 2, "A"), CHISO_CARRY_RESCORED);
  CU_ASSERT_EQUAL(carry(&f, 0, 2, "B"), CHISO_CARRY_TOGETHER);
  CU_ASSERT_EQUAL(carry(&f, 0, 2, "G"), CHISO_CARRY_TOGETHER);
  CU_ASSERT_EQUAL(carry(&f, 0, 2, "F"), CHISO_CARRY_NEW);
  tear_down(&f);
}

static void origins(void) {
  fixture f;
  size_t count = 0;
  MUST(set_up(&f));
  const uint32_t *list = chiso_crosswalk_origins(
      f.w, 0, 2, chiso_methodology_find(f.m[2], "G"), &count);
  CU_ASSERT_EQUAL(count, 2);
  if (count == 2) {
    CU_ASSERT_EQUAL(list[0], chiso_methodology_find(f.m[0], "C"));
    CU_ASSERT_EQUAL(list[1], chiso_methodology_find(f.m[0], "D"));
  }
  (void)chiso_crosswalk_origins(f.w, 0, 2, chiso_methodology_find(f.m[2], "F"),
                                &count);
  CU_ASSERT_EQUAL(count, 0);
  list = chiso_crosswalk_origins(f.w, 1, 2, chiso_methodology_find(f.m[2], "B"),
                                 &count);
  CU_ASSERT_EQUAL(count, 3); /* the whole and its two parts */
  (void)chiso_crosswalk_origins(f.w, 1, 2, 1000, &count);
  CU_ASSERT_EQUAL(count, 0);
  (void)chiso_crosswalk_origins(f.w, 2, 1, 0, &count);
  CU_ASSERT_EQUAL(count, 0);
  tear_down(&f);
}

static void coverage(void) {
  static const struct {
    size_t from, to;
    int points[CHISO_N_CARRY]; /* in tenths */
    int before, dropped;
  } expected[] = {
    { 0, 1, { 0, 40, 0, 50, 0, 30 }, 100, 30 },
    { 1, 2, { 30, 0, 70, 20, 0, 0 }, 120, 0 },
    { 0, 2, { 0, 0, 40, 50, 0, 30 }, 100, 30 },
  };
  fixture f;
  MUST(set_up(&f));
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const chiso_coverage *c =
        chiso_crosswalk_coverage(f.w, expected[i].from, expected[i].to);
    MUST(c != NULL);
    CU_ASSERT_EQUAL(c->total, 12 * CHISO_DEC_ONE);
    for (int k = 0; k < CHISO_N_CARRY; k++)
      CU_ASSERT_EQUAL(c->points[k], expected[i].points[k] * 100000);
    CU_ASSERT_EQUAL(c->before, expected[i].before * 100000);
    CU_ASSERT_EQUAL(c->dropped, expected[i].dropped * 100000);
  }
  CU_ASSERT_PTR_NULL(chiso_crosswalk_coverage(f.w, 1, 1));
  CU_ASSERT_PTR_NULL(chiso_crosswalk_coverage(f.w, 0, 3));
  tear_down(&f);
}

/* Whatever the chain, the parts of the coverage add up, and an edition against
 * itself carries whole. */
static void shipped_chains(void) {
  static const char *const names[] = {
    "par/province/2017",  "par/province/2019",   "par/province/2020",
    "par/province/2022",  "par/province/2024",   "par/ministry/2019",
    "papi/province/2011", "papi/province/2018",  "papi/province/2021",
    "papi/weighted/2019", "sipas/province/2022", "qd766/province/2026",
  };
  enum { COUNT = sizeof names / sizeof *names };
  chiso_methodology *m[COUNT];
  for (size_t i = 0; i < COUNT; i++)
    m[i] = shipped_read(names[i]);
  for (size_t i = 0; i < COUNT; i++)
    for (size_t j = 0; j < COUNT; j++) {
      const chiso_methodology *chain[] = { m[i], m[j], m[i] };
      chiso_crosswalk *w = NULL;
      MUST(m[i] && m[j]);
      MUST(chiso_crosswalk_new(chain, 3, NULL, &w, NULL) == CHISO_OK);
      for (size_t to = 1; to < 3; to++) {
        const chiso_coverage *c = chiso_crosswalk_coverage(w, to - 1, to);
        chiso_dec sum = 0;
        for (int k = 0; k < CHISO_N_CARRY; k++)
          sum += c->points[k];
        CU_ASSERT_EQUAL(sum, c->total);
        CU_ASSERT(c->dropped >= 0 && c->dropped <= c->before);
        if (i == j) {
          CU_ASSERT_EQUAL(c->points[CHISO_CARRY_SAME], c->total);
          CU_ASSERT_EQUAL(c->dropped, 0);
        }
      }
      chiso_crosswalk_free(w);
    }
  for (size_t i = 0; i < COUNT; i++)
    chiso_methodology_free(m[i]);
}

static void refused(void) {
  chiso_methodology *m = parsed(first);
  const chiso_methodology *chain[CHISO_MAX_CHAIN + 1];
  chiso_crosswalk *w = NULL;
  MUST(m != NULL);
  for (size_t i = 0; i <= CHISO_MAX_CHAIN; i++)
    chain[i] = m;
  CU_ASSERT_EQUAL(chiso_crosswalk_new(chain, 1, NULL, &w, NULL), CHISO_USAGE);
  CU_ASSERT_EQUAL(
      chiso_crosswalk_new(chain, CHISO_MAX_CHAIN + 1, NULL, &w, NULL),
      CHISO_USAGE);
  CU_ASSERT_PTR_NULL(w);
  CU_ASSERT_EQUAL(chiso_crosswalk_new(chain, CHISO_MAX_CHAIN, NULL, &w, NULL),
                  CHISO_OK);
  chiso_crosswalk_free(w);
  chiso_methodology_free(m);
}

static void short_memory(void) {
  counting memory = { .left = -1 };
  chiso_allocator allocator = counting_allocator(&memory);
  fixture f;
  MUST(set_up(&f));
  const chiso_methodology *chain[] = { f.m[0], f.m[1], f.m[2] };
  chiso_status status = CHISO_NO_MEMORY;
  for (long n = 0; status != CHISO_OK && n < 1000; n++) {
    chiso_crosswalk *w = NULL;
    memory.left = n;
    status = chiso_crosswalk_new(chain, 3, &allocator, &w, NULL);
    CU_ASSERT((status == CHISO_OK) == (w != NULL));
    chiso_crosswalk_free(w);
    CU_ASSERT_EQUAL(memory.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  tear_down(&f);
}

SUITE_MAIN({ "steps", steps }, { "origins", origins }, { "coverage", coverage },
           { "shipped chains", shipped_chains }, { "refused", refused },
           { "short memory", short_memory })
