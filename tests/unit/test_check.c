/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include "author/check.h"

#include <string.h>

#define BASE  SOURCE_DIR "/tests/zoo/check/base.json"
#define RULES SOURCE_DIR "/sdk/examples/call"

/* ---- the tables --------------------------------------------------------- */

static void checks_are_in_order(void) {
  size_t count;
  const chiso_check *checks = chiso_checks(&count);
  static const char groups[] = "MEATLSR";
  for (size_t i = 0; i < count; i++) {
    char page[CHISO_CHECK_PAGE];
    chiso_check_page(&checks[i], page);
    CU_ASSERT(strlen(checks[i].id) == 3 && strchr(groups, checks[i].id[0]));
    CU_ASSERT(strncmp(page, "docs/checks/", 12) == 0 &&
              page[12] == checks[i].id[0]);
    CU_ASSERT(checks[i].name[0][0] && checks[i].name[1][0]);
    if (i > 0) {
      const char *a = strchr(groups, checks[i - 1].id[0]);
      const char *b = strchr(groups, checks[i].id[0]);
      CU_ASSERT(a < b ||
                (a == b && strcmp(checks[i - 1].id, checks[i].id) < 0));
    }
  }
}

static void every_check_is_run_once(void) {
  size_t count;
  unsigned runs[CHECK_COUNT] = { 0 };
  (void)chiso_checks(&count);
  CU_ASSERT_EQUAL(chiso__check_places(), count);
  for (size_t i = 0; i < chiso__check_places(); i++)
    runs[chiso__check_at(i)]++;
  for (size_t i = 0; i < count; i++)
    CU_ASSERT_EQUAL(runs[i], 1);
}

/* A refusal that no check owns would be told as something else. */
static void every_refusal_has_its_check(void) {
  static const char *const names[] = {
#define MESSAGE(name, en, vi) #name,
#include "base/messages.def"
#undef MESSAGE
  };
  static const struct {
    const char *message, *fragment;
  } owned[] = {
#define REFUSAL(message, fragment, check) { #message, fragment },
#include "author/check_refusals.def"
#undef REFUSAL
  };
  static const char *const families[] = { "MODEL_", "MANIFEST_", "ELF_",
                                          "ABI_",   "LIBRARY_",  "DEFINITION_",
                                          "BUILD_" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    bool asked = false, found = false;
    for (size_t f = 0; f < sizeof families / sizeof *families; f++)
      asked |= strncmp(names[i], families[f], strlen(families[f])) == 0;
    for (size_t o = 0; o < sizeof owned / sizeof *owned; o++)
      found |= strcmp(owned[o].message, names[i]) == 0 && !*owned[o].fragment;
    if (asked && !found)
      fprintf(stderr, "\n    %s has no check\n", names[i]);
    CU_ASSERT(!asked || found);
  }
}

static void refusals_go_by_text(void) {
  for (int lang = 0; lang < 2; lang++) {
    chiso_error err = { .lang = (chiso_lang)lang };
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_MODEL_ABSENT, "source");
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_INDEX), CHECK_L01);
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_MODEL_ABSENT, "digits");
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_INDEX), CHECK_T10);
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_MODEL_BAD_KEY, "unit", "x",
                      "y");
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_INDEX), CHECK_T07);
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_MANIFEST_KEY, "plugin",
                      "license");
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_MANIFEST), CHECK_M04);
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_MANIFEST_EMPTY, "version");
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_MANIFEST), CHECK_M03);
    (void)CHISO__FAIL(&err, CHISO_BAD_DATA, MSG_KEY_UNKNOWN, "a", "b");
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_MANIFEST), CHECK_M02);
    CU_ASSERT_EQUAL(chiso__check_of(&err, CHISO__READING_INDEX), CHECK_T10);
  }
}

/* ---- running ------------------------------------------------------------ */

static const chiso_check_result *result_of(const chiso_check_report *report,
                                           const char *id) {
  for (size_t i = 0; i < chiso_check_report_count(report); i++) {
    const chiso_check_result *r = chiso_check_report_get(report, i);
    if (strcmp(r->check->id, id) == 0)
      return r;
  }
  return NULL;
}

typedef chiso_status (*runner)(const chiso_check_options *,
                               const chiso_allocator *, chiso_check_report **,
                               chiso_error *);

static void both_ways_say_the_same(void) {
  static const runner ways[] = { chiso_check_run, chiso_check_isolated };
  chiso_check_report *reports[2] = { NULL, NULL };
  chiso_check_options options = { .path = RULES,
                                  .include_dir = SOURCE_DIR "/sdk/include",
                                  .seconds = 120 };
  for (int i = 0; i < 2; i++) {
    chiso_error err = { 0 };
    CU_ASSERT_EQUAL_FATAL(ways[i](&options, NULL, &reports[i], &err), CHISO_OK);
  }
  CU_ASSERT_EQUAL_FATAL(chiso_check_report_count(reports[0]),
                        chiso_check_report_count(reports[1]));
  CU_ASSERT_EQUAL(chiso_check_report_count(reports[0]), CHECK_COUNT);
  for (size_t i = 0; i < chiso_check_report_count(reports[0]); i++) {
    const chiso_check_result *a = chiso_check_report_get(reports[0], i);
    const chiso_check_result *b = chiso_check_report_get(reports[1], i);
    CU_ASSERT_PTR_EQUAL(a->check, b->check);
    /* a filter of system calls cannot be taken back */
    if (strcmp(a->check->id, "R02") == 0) {
      CU_ASSERT(a->outcome == CHISO_CHECK_SKIPPED &&
                b->outcome != CHISO_CHECK_FAILED);
    } else if (strcmp(a->check->id, "R03") != 0) { /* of time */
      CU_ASSERT_EQUAL(a->outcome, b->outcome);
    }
  }
  CU_ASSERT_EQUAL(chiso_check_report_subjects(reports[0]), 1);
  CU_ASSERT_STRING_EQUAL(chiso_check_report_subject(reports[0], 0),
                         "example.call/2026");
  for (int i = 0; i < 2; i++)
    chiso_check_report_free(reports[i]);
}

static void only_what_was_asked(void) {
  chiso_check_report *report = NULL;
  chiso_error err = { 0 };
  const char *only[] = { "T03", "L" };
  chiso_check_options options = { .path = BASE, .only = only, .n_only = 2 };
  CU_ASSERT_EQUAL_FATAL(chiso_check_run(&options, NULL, &report, &err),
                        CHISO_OK);
  CU_ASSERT_EQUAL(chiso_check_report_count(report), 8);
  CU_ASSERT_PTR_NOT_NULL(result_of(report, "L05"));
  CU_ASSERT_PTR_NULL(result_of(report, "T04"));
  CU_ASSERT_EQUAL(chiso_check_report_outcomes(report, CHISO_CHECK_FAILED), 0);
  chiso_check_report_free(report);
  only[1] = "T99";
  CU_ASSERT_EQUAL(chiso_check_run(&options, NULL, &report, &err), CHISO_USAGE);
  CU_ASSERT_PTR_NULL(report);
}

/* A day of the year before is old, a day more is not; unknown days count as the
 * last of their month. */
static void days_are_counted(void) {
  static const struct {
    chiso_date today;
    chiso_check_outcome outcome;
  } cases[] = { { { 2026, 6, 1 }, CHISO_CHECK_PASSED },
                { { 2027, 6, 1 }, CHISO_CHECK_PASSED },
                { { 2027, 6, 2 }, CHISO_CHECK_WARNED },
                { { 2026, 5, 31 }, CHISO_CHECK_WARNED },
                { { 0, 0, 0 }, CHISO_CHECK_SKIPPED } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    chiso_check_report *report = NULL;
    chiso_error err = { 0 };
    const char *only[] = { "L04" };
    chiso_check_options options = {
      .path = BASE, .only = only, .n_only = 1, .today = cases[i].today
    };
    CU_ASSERT_EQUAL_FATAL(chiso_check_run(&options, NULL, &report, &err),
                          CHISO_OK);
    CU_ASSERT_EQUAL(chiso_check_report_get(report, 0)->outcome,
                    cases[i].outcome);
    chiso_check_report_free(report);
  }
}

static void what_is_not_there(void) {
  chiso_check_report *report = NULL;
  static const struct {
    const char *path;
    chiso_status status;
  } cases[] = { { SOURCE_DIR "/no-such-folder", CHISO_IO },
                { SOURCE_DIR "/docs", CHISO_BAD_DATA },
                { SOURCE_DIR "/README.md", CHISO_USAGE } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    chiso_error err = { 0 };
    chiso_check_options options = { .path = cases[i].path };
    CU_ASSERT_EQUAL(chiso_check_isolated(&options, NULL, &report, &err),
                    cases[i].status);
    CU_ASSERT(err.text[0] != 0);
    CU_ASSERT_PTR_NULL(report);
  }
}

/* ---- inputs by counter -------------------------------------------------- */

static void draws_are_the_same_everywhere(void) {
  CU_ASSERT_EQUAL(chiso__check_random(0, 0), chiso__check_random(0, 0));
  CU_ASSERT_NOT_EQUAL(chiso__check_random(0, 0), chiso__check_random(0, 1));
  CU_ASSERT_NOT_EQUAL(chiso__check_random(0, 1), chiso__check_random(1, 0));
  const chiso_input input = {
    .key = "x", .role = CHISO_ROLE_X, .unit = CHISO_UNIT_PERCENT, .digits = 2
  };
  const chiso_node node = {
    .op = CHISO_OP_LINEAR, .inputs = &input, .n_inputs = 1, .max = CHISO_DEC_ONE
  };
  int64_t least = INT64_MAX, most = INT64_MIN;
  for (uint64_t i = 0; i < 10000; i++) {
    int64_t value = chiso__check_draw(&node, 0, chiso__check_random(5, i));
    least = value < least ? value : least;
    most = value > most ? value : most;
  }
  CU_ASSERT_EQUAL(least, 0);
  CU_ASSERT_EQUAL(most, 10000);
}

SUITE_MAIN({ "checks", checks_are_in_order },
           { "order", every_check_is_run_once },
           { "refusals", every_refusal_has_its_check },
           { "refusals by text", refusals_go_by_text },
           { "two ways", both_ways_say_the_same },
           { "only", only_what_was_asked }, { "days", days_are_counted },
           { "not there", what_is_not_there },
           { "draws", draws_are_the_same_everywhere })
