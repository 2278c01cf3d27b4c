/* SPDX-License-Identifier: Apache-2.0
 * What rows say beside their values, and the stages side by side. */
#include "stage_fixture.h"

/* ---- what rows say beside their values ----------------------------------- */

#define LONG_HEAD                                                              \
  "unit,node,input,value,stage,note,document,section,page,explanation\n"

static bool says(const sample *s, const char *unit, const char *node,
                 size_t place, chiso_evidence *out) {
  memset(out, 0, sizeof *out);
  return chiso_run_evidence(
      s->run, chiso_methodology_find(chiso_run_methodology(s->run), node),
      scored_of(s, unit), place, out);
}

static void test_evidence(void) {
  sample s = { .tables = { LONG_HEAD "a,A.1,num,1,appraised_2,sửa,,,,\n"
                                     "a,A.1,num,2,self,tự ghi,12/BC,II.3,4,\n"
                                     "a,A.1,den,4,self,,,,,\n"
                                     "a,A.1,den,4,appraised,,,,,Có\n"
                                     "a,B.1,,,thẩm định,thiếu,,,,X\n"
                                     "b,A.2,,1,,,45/QĐ,,,0\n",
                           "unit,A.2,note,page,stage\nc,2,cả bảng,7,final\n"
                           "b,,không điểm,,final\n" } };
  chiso_evidence e;
  if (run(&s, NULL) != CHISO_OK)
    show(&s);
  MUST(s.status == CHISO_OK);
  MUST(says(&s, "a", "A.1", 0, &e));
  CU_ASSERT(e.stage == CHISO_STAGE_SELF && e.line == 3 && !e.explanation);
  CU_ASSERT_STRING_EQUAL(e.note, "tự ghi");
  CU_ASSERT_STRING_EQUAL(e.document, "12/BC");
  CU_ASSERT_STRING_EQUAL(e.section, "II.3");
  CU_ASSERT_STRING_EQUAL(e.page, "4");
  CU_ASSERT_STRING_EQUAL(e.input, "num");
  MUST(says(&s, "a", "A.1", 1, &e));
  CU_ASSERT(e.stage == CHISO_STAGE_APPRAISED_1 && e.explanation);
  CU_ASSERT(!e.note && !e.document && !e.section && !e.page);
  MUST(says(&s, "a", "A.1", 2, &e));
  CU_ASSERT(e.stage == CHISO_STAGE_APPRAISED_2 && e.line == 2);
  CU_ASSERT(!says(&s, "a", "A.1", 3, &e));
  /* a row without a value is not lost, and gives no points */
  MUST(says(&s, "a", "B.1", 0, &e));
  CU_ASSERT(e.explanation && strcmp(e.note, "thiếu") == 0);
  CU_ASSERT_EQUAL(state_of(&s, "a", "B.1"), CHISO_STATE_MISSING);
  MUST(says(&s, "b", "A.2", 0, &e));
  CU_ASSERT(e.stage == CHISO_STAGE_NONE && !e.explanation);
  /* a row of a wide table speaks of the whole */
  MUST(says(&s, "c", "index", 0, &e));
  CU_ASSERT(strcmp(e.note, "cả bảng") == 0 && strcmp(e.page, "7") == 0);
  CU_ASSERT_STRING_EQUAL(e.input, "");
  CU_ASSERT(says(&s, "b", "index", 0, &e));
  CU_ASSERT(!says(&s, "c", "A.2", 0, &e) && !says(&s, "a", "index", 0, &e));
  end(&s);
}

static void test_bad_evidence(void) {
  static const struct {
    const char *table;
    unsigned line, column;
    const char *word;
  } bad[] = {
    { LONG_HEAD "a,A.2,,1,self,,,,,maybe\n", 2, 10, "yes" },
    { LONG_HEAD "a,A.2,,1,self,,,,,?\n", 2, 10, "yes" },
    { LONG_HEAD "a,A.2,,1,appraised_3,,,,,\n", 2, 5, "appraised_2" },
    { LONG_HEAD "d,A.2,,,self,note,,,,\n", 2, 1, "unit" },
    { LONG_HEAD "a,A.9,,,self,note,,,,\n", 2, 2, "A.9" },
    { LONG_HEAD "a,,,,self,note,,,,\n", 2, 2, "no node" },
    { LONG_HEAD "a,A.2,,5,appraised,,,,,\n", 2, 4, "above" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    sample s = { .tables = { bad[i].table } };
    CU_ASSERT_EQUAL(run(&s, NULL), CHISO_BAD_DATA);
    CU_ASSERT(s.err.line == bad[i].line && s.err.column == bad[i].column);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err.text, bad[i].word));
    if (s.err.line != bad[i].line || s.err.column != bad[i].column ||
        !strstr(s.err.text, bad[i].word))
      show(&s);
    end(&s);
  }
}

/* ---- side by side -------------------------------------------------------- */

static const char side_table[] =
    "unit,node,input,value,stage,explanation\n"
    "a,A.1,num,3,self,\na,A.1,den,4,self,\na,A.2,,2,self,\na,B.1,,3,self,\n"
    "a,A.1,num,1,appraised,có\na,A.1,den,4,appraised,có\n"
    "a,A.2,,\"1,755\",appraised,\na,B.1,,3,appraised,\n"
    "b,A.1,num,1,self,\nb,A.1,den,4,self,\nb,A.2,,1,self,\nb,B.1,,NA,self,\n"
    "b,A.1,num,1,appraised,\nb,A.1,den,2,appraised,\nb,A.2,,1,appraised,\n"
    "b,B.1,,NA,appraised,\nb,A.2,,\"0,5\",final,\n"
    "a,B.2,,2,,\na,B.3,,4,,\nb,B.2,,3,,\nb,B.3,,NA,,\n";

typedef struct side {
  sample of[CHISO_N_STAGES];
  chiso_stages *stages;
  chiso_status status;
} side;

static void side_begin(side *s, const chiso_allocator *allocator) {
  const chiso_run *runs[CHISO_N_STAGES];
  s->status = CHISO_OK;
  for (size_t i = 0; i < CHISO_N_STAGES; i++) {
    s->of[i] = (sample) { .tables = { side_table } };
    if (run(&s->of[i], stage_words[i + 1]) != CHISO_OK) {
      show(&s->of[i]);
      s->status = s->of[i].status;
    }
    runs[i] = s->of[i].run;
  }
  if (s->status == CHISO_OK)
    s->status = chiso_stages_new(runs, allocator, &s->stages, NULL);
}

static void side_end(side *s) {
  chiso_stages_free(s->stages);
  for (size_t i = 0; i < CHISO_N_STAGES; i++)
    end(&s->of[i]);
}

static void test_side_by_side(void) {
  side s = { .stages = NULL };
  chiso_stage_row a, b, c;
  side_begin(&s, NULL);
  CU_ASSERT_EQUAL(s.status, CHISO_OK);
  if (s.status == CHISO_OK) {
    CU_ASSERT_EQUAL(chiso_stages_appraisal(s.stages), CHISO_STAGE_APPRAISED_1);
    CU_ASSERT_PTR_EQUAL(chiso_stages_run(s.stages, CHISO_STAGE_FINAL),
                        s.of[3].run);
    chiso_stages_row(s.stages, 0, 0, &a);
    chiso_stages_row(s.stages, 0, 1, &b);
    chiso_stages_row(s.stages, 0, 2, &c);
    /* a: 3 + 2 + 3 of 9 itself; 1 + 1.755 + 3 = 5.755 of 9, cut off; 11.755 of
     * 16 with what others give */
    CU_ASSERT(a.at[0].points == 8 * ONE && a.at[0].max == 9 * ONE);
    CU_ASSERT(a.appraised.points == 5750000 && a.appraised.max == 9 * ONE);
    CU_ASSERT_EQUAL(a.appraised.percent, 63940000); /* 63.944 */
    CU_ASSERT(a.difference == 2250000 && a.change == -2250000);
    CU_ASSERT(a.at[1].points == 11750000 && a.at[1].max == 16 * ONE);
    CU_ASSERT(a.at[0].rank == 1 && a.at[1].rank == 1 && a.explanations == 1);
    /* b: 1 + 1 of 6 itself, 2 + 1 appraised, 2 + 0.5 in the end */
    CU_ASSERT(b.at[0].points == 2 * ONE && b.at[0].max == 6 * ONE);
    CU_ASSERT(b.difference == -ONE && b.change == 500000);
    CU_ASSERT(b.settled.points == 2500000 && b.appraised.points == 3 * ONE);
    CU_ASSERT(b.at[3].points == 5500000 && b.at[3].max == 9 * ONE);
    CU_ASSERT(b.at[1].points == b.at[2].points && b.at[2].points == 6 * ONE);
    /* c: nothing is known */
    CU_ASSERT(c.at[0].points == CHISO_NONE && c.difference == CHISO_NONE &&
              c.change == CHISO_NONE && c.at[3].rank == 0);
  }
  side_end(&s);
}

static void test_sums(void) {
  side s = { .stages = NULL };
  chiso_stage_sum sum;
  side_begin(&s, NULL);
  CU_ASSERT_EQUAL(s.status, CHISO_OK);
  if (s.status == CHISO_OK) {
    chiso_stages_sum(s.stages, 0, &sum);
    CU_ASSERT(sum.compared == 2 && sum.lowered == 1 && sum.raised == 1 &&
              sum.unchanged == 0);
    CU_ASSERT(sum.self == 5 * ONE && sum.appraised == 4375000 &&
              sum.difference == 625000);
    CU_ASSERT(sum.largest == 2250000 && sum.largest_unit == 0);
    CU_ASSERT_EQUAL(sum.explanations, 1);
    uint32_t node =
        chiso_methodology_find(chiso_run_methodology(s.of[0].run), "B.1");
    chiso_stages_sum(s.stages, node, &sum);
    CU_ASSERT(sum.compared == 1 && sum.unchanged == 1 && sum.largest == 0);
    chiso_stages_sum(s.stages, node + 1, &sum); /* the survey's */
    CU_ASSERT(sum.compared == 0 && sum.self == CHISO_NONE &&
              sum.difference == CHISO_NONE && sum.largest_unit == SIZE_MAX);
  }
  side_end(&s);
}

/* ---- memory -------------------------------------------------------------- */

static void test_short_memory(void) {
  chiso_status status = CHISO_NO_MEMORY;
  long n = 0;
  for (; n < 20000 && status == CHISO_NO_MEMORY; n++) {
    counting count = { .left = n };
    chiso_allocator allocator = counting_allocator(&count);
    sample s = { .allocator = &allocator,
                 .tables = { LONG_HEAD "a,A.2,,1,tự chấm,ghi,1,2,3,có\n"
                                       "a,A.2,,2,thẩm định,,,,,không\n" } };
    status = run(&s, NULL);
    end(&s);
    CU_ASSERT_EQUAL(count.live, 0);
  }
  CU_ASSERT(status == CHISO_OK && n > 50);
  side s = { .stages = NULL };
  side_begin(&s, NULL);
  const chiso_run *const runs[] = { s.of[0].run, s.of[1].run, s.of[2].run,
                                    s.of[3].run };
  status = CHISO_NO_MEMORY;
  for (n = 0; s.status == CHISO_OK && n < 1000 && status == CHISO_NO_MEMORY;
       n++) {
    counting count = { .left = n };
    chiso_allocator allocator = counting_allocator(&count);
    chiso_stages *stages;
    status = chiso_stages_new(runs, &allocator, &stages, NULL);
    CU_ASSERT_EQUAL(stages == NULL, status != CHISO_OK);
    chiso_stages_free(stages);
    CU_ASSERT_EQUAL(count.live, 0);
  }
  CU_ASSERT(status == CHISO_OK && n > 10);
  side_end(&s);
}

SUITE_MAIN({ "evidence", test_evidence }, { "bad evidence", test_bad_evidence },
           { "side by side", test_side_by_side }, { "sums", test_sums },
           { "short memory", test_short_memory })
