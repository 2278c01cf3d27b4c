/* SPDX-License-Identifier: Apache-2.0
 * Observation tables: layouts, names of inputs, numbers, and what values mean
 * together. Decision 766 has quotients, PAPI points, PAR choices and parts. */
#include "data_fixture.h"

#define QD   "vn.qd766.province/2026"
#define PAPI "vn.papi.province/2018"
#define PAR  "vn.par.province/2020"
#define ONE  CHISO_DEC_ONE

static void test_layouts(void) {
  static const char *const same[] = {
    "unit,node,input,value\n66,1.2,updated_on_time,79\n66,1.2,due,82\n",
    "unit;node;input;value\n66;1.2;updated_on_time;79\n66;1.2;due;82\n",
    "value\tinput\tnode\tunit\n79\tnum\t1.2\t66\n82\tden\t1.2\t66\n",
    "\xef\xbb\xbfUNIT;Node;INPUT;Value;;\r\nđắk lắk;1.2.;NUM;79;;\r\n;;;;;\r\n"
    "UBND tỉnh Đắk Lắk;1.2;Den;82;;\r\n",
    "unit,node,input,value\r66,1.2,num,79\r66,1.2,den,82",
    "# note\n\nunit,1.2:num,1.2:den\n66,79,82\n",
    "unit;1.2:updated_on_time;1.2:due;source\n66;79;82;x\n",
    "unit,1.2.:NUM,\"1.2:den\"\n66,\"79\", 82 \n",
    "unit,node,input,value,points\n66,1.2,num,79,\n66,1.2,den,82,\n",
    "unit,node,input,value,stage\n66,1.2,num,79,final\n66,1.2,den,82,\n"
    "66,1.2,num,1,self\n66,1.2,den,2,appraised\n",
    "unit,node,input,value,round\n66,1.2,num,79,2026-10-06\n"
    "66,1.2,den,82,06/10/2026\n66,1.2,den,1,2026-10-07\n66,1.2,num,1,2027\n",
    "unit,node,input,value,index\n66,1.2,num,79," QD "\n66,1.2,den,82,\n"
    "66,1.1,x,1,vn.papi.province\n66,9,x,1,vn.sipas.province/2022\n",
    "unit,node,input,value,set\n66,1.2,num,79,vn.provinces/2025\n"
    "66,1.2,den,82,\n",
    "unit,node,input,value,status\n66,1.2,num,79,published\n"
    "66,1.2,den,82,computed\n66,1.1,num,,missing\n",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    gives(QD, "2026-10-06", same[i], "1.2", 3850000);
}

static void test_numbers(void) {
  static const struct {
    const char *text;
    chiso_dec points;
  } good[] = {
    { "1", ONE },
    { "\"1,5\"", 1500000 },
    { "1.5", 1500000 },
    { "+2", 2 * ONE },
    { "0", 0 },
    { "01.250", 1250000 },
    { "0.1234564", 123456 },
    { "0.1234565", 123457 },
    { "1.234", 1234000 },
    { " 2 ", 2 * ONE },
    { "\xc2\xa0"
      "2\xc2\xa0",
      2 * ONE },
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    char table[100];
    snprintf(table, sizeof table, "unit,node,points\n66,1.1,%s\n",
             good[i].text);
    gives(PAPI, "2018", table, "1.1", good[i].points);
    snprintf(table, sizeof table, "unit,node,score\n66,1.1,%s\n", good[i].text);
    gives(PAPI, "2018", table, "1.1", good[i].points);
  }
  static const char *const bad[] = { "\"1.234,56\"",
                                     "1 234",
                                     "1e1",
                                     "NaN",
                                     "inf",
                                     "=1+1",
                                     "x",
                                     "1.",
                                     ".5",
                                     "--1",
                                     "\"1,2,3\"",
                                     "0x1",
                                     "１",
                                     "1%",
                                     "2.51",
                                     "-0.000001",
                                     "99999999999999999999" };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char table[100];
    snprintf(table, sizeof table, "unit,node,points\n66,1.1,%s\n", bad[i]);
    refuses(PAPI, "2018", table, 2, 3, "");
  }
}

static void test_percent_signs(void) {
  static const char *const percent[] = { "85,5%", "85,5 %", "85,5" };
  for (size_t i = 0; i < 3; i++) {
    char table[100];
    snprintf(table, sizeof table, "unit;node;input;value\n66;1.1;percent;%s\n",
             percent[i]);
    sample s = { .tables = { table } };
    MUST(begin(&s, "vn.sipas.province/2017", "2018") == CHISO_OK);
    CU_ASSERT_EQUAL(
        chiso_percent(
            chiso_run_program(s.run), chiso_run_scores(s.run),
            chiso_methodology_find(chiso_run_methodology(s.run), "1.1"),
            scored_of(&s, "66")),
        85500000);
    end(&s);
  }
}

static void test_marks(void) {
  refuses(PAPI, "2018", "unit;node;points\n01;1.1;1,5\n02;1.1;1.5\n", 3, 3,
          "','");
  gives(PAPI, "2018", "unit;1.1;1.2\n66;1,5;1.5\n02;0,5;1\n", "1.2", 1500000);
  refuses(PAPI, "2018", "unit;1.1;1.2\n66;1,5;1.5\n02;0.5;1\n", 3, 2, "','");
  refuses(QD, "2026", "unit,node,input,value\n66,1.2,due,1.234\n", 2, 4,
          "thousands");
  refuses(QD, "2026", "unit,node,input,value\n66,1.2,due,81.5\n", 2, 4,
          "whole");
}

static void test_choices(void) {
  static const char *const words[] = { "late_or_incomplete",
                                       "LATE_OR_INCOMPLETE",
                                       "Late or incomplete",
                                       "Chậm hoặc không đầy đủ" };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    char table[100];
    snprintf(table, sizeof table, "unit,node,value\n66,1.2,%s\n", words[i]);
    gives(PAR, "2020", table, "1.2", 250000);
  }
  refuses(PAR, "2020", "unit,node,value\n66,1.2,late\n", 2, 3,
          "complete_on_time");
}

static void test_not_applicable(void) {
  static const char *const same[] = {
    "unit,node,input,value\n66,4.1,files,NA\n",
    "unit,node,input,value\n66,4.1,,NA\n",
    "unit,node,input,value\n66,4.1,files,N/A\n66,4.1,num,NA\n",
    "unit,node,input,value,status\n66,4.1,,,not_applicable\n",
    "unit,node,input,value,status\n66,4.1,,,NA\n",
    "unit,node,input,value,status\n66,4.1,,NA,không áp dụng\n",
    "unit,node,points\n66,4.1,NA\n",
    "unit,4.1\n66,NA\n",
    "unit,4.1:num,4.1:den\n66,NA,NA\n",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    sample s = { .tables = { same[i] } };
    if (begin(&s, QD, "2026") != CHISO_OK) {
      show(&s);
      CU_FAIL("refused");
    } else {
      CU_ASSERT_EQUAL(state_of(&s, "66", "4.1"), CHISO_STATE_NOT_APPLICABLE);
      CU_ASSERT_EQUAL(state_of(&s, "01", "4.1"), CHISO_STATE_MISSING);
    }
    end(&s);
  }
  refuses(QD, "2026", "unit,1.2\n66,NA\n", 2, 2, "applies");
  refuses(QD, "2026", "unit,node,input,value\n66,4.1,num,3\n66,4.1,den,NA\n", 3,
          4, "not applicable");
  refuses(PAR, "2020", "unit,node,points\n66,sipas,NA\n", 2, 3, "part");
  refuses(PAPI, "2018", "unit,node,points\n66,D1,NA\n", 2, 3, "applies");
}

static void test_denominators(void) {
  static const struct {
    const char *node;
    unsigned state;
    chiso_dec points;
  } policies[] = {
    { "1.2", CHISO_STATE_SCORED, 0 },
    { "5.2", CHISO_STATE_SCORED, 6 * ONE },
    { "2.1", CHISO_STATE_NOT_APPLICABLE, 0 },
  };
  for (size_t i = 0; i < 3; i++) {
    char table[100];
    const char *node = policies[i].node;
    snprintf(table, sizeof table,
             "unit,node,input,value\n66,%s,num,0\n66,%s,den,0\n", node, node);
    sample s = { .tables = { table } };
    MUST(begin(&s, QD, "2026") == CHISO_OK);
    CU_ASSERT_EQUAL(state_of(&s, "66", node), policies[i].state);
    CU_ASSERT_EQUAL(points_of(&s, "66", node), policies[i].points);
    end(&s);
  }
  refuses(QD, "2026", "unit,node,input,value\n66,4.4,num,0\n66,4.4,den,0\n", 3,
          4, "denominator");
  refuses(QD, "2026", "unit,node,input,value\n66,5.2,num,1\n66,5.2,den,0\n", 3,
          4, "denominator");
  refuses(QD, "2026", "unit,node,input,value\n66,5.2,num,-1\n66,5.2,den,1\n", 2,
          4, "below zero");
}

/* Points stand in the place of what is below them, never beside it. */
static void test_conflicts(void) {
  refuses(PAPI, "2018", "unit,node,points\n66,1.1,1\n66,D1,1\n", 3, 3, "1.1");
  refuses(PAPI, "2018", "unit,node,value,points\n66,1.1.1,0.5,\n66,1.1,,1\n", 3,
          4, "1.1.1");
  refuses(PAPI, "2018", "unit,node,points\n66,index,40\n66,1.1,1\n", 2, 3,
          "1.1");
  refuses(PAR, "2020", "unit,node,points\n66,1,1\n66,sipas,9\n", 3, 3, "parts");
  refuses(QD, "2026",
          "unit,node,input,value,points\n66,1.2,num,1,\n66,1.2,,,1\n", 3, 5,
          "1.2");
  refuses(QD, "2026", "unit,node,input,value\n66,1.2,num,1\n66,1.2,num,1\n", 3,
          4, "before");
  refuses(PAPI, "2018", "unit,node,points\n66,1.1,1\nĐắk Lắk,1.1.,1\n", 3, 3,
          "before");
  refuses(PAPI, "2018", "unit,node,points,status\n66,1.1,0,missing\n", 2, 3,
          "missing");
  /* another unit is another matter */
  gives(PAPI, "2018", "unit,node,points\n66,D1,2\n01,1.1,1\n", "D1", 2 * ONE);
}

static void test_two_tables(void) {
  sample s = { .tables = { "unit,node,points\n66,1.1,1\n",
                           "unit;node;points\n66;1.2;1,5\n" } };
  MUST(begin(&s, PAPI, "2018") == CHISO_OK);
  CU_ASSERT_EQUAL(points_of(&s, "66", "1.1"), ONE);
  CU_ASSERT_EQUAL(points_of(&s, "66", "1.2"), 1500000);
  CU_ASSERT_EQUAL(chiso_run_files(s.run), 2);
  chiso_origin origin;
  uint32_t node = chiso_methodology_find(chiso_run_methodology(s.run), "1.2");
  MUST(chiso_run_origin(s.run, node, UINT32_MAX, scored_of(&s, "66"), &origin));
  CU_ASSERT(origin.line == 2 && origin.column == 3);
  CU_ASSERT_PTR_NOT_NULL(strstr(origin.file, "2.csv"));
  CU_ASSERT_PTR_NULL(origin.source);
  end(&s);
  sample t = { .tables = { "unit,node,points\n66,1.1,1\n",
                           "unit,1.1,source\n66,1,again\n" } };
  CU_ASSERT_EQUAL(begin(&t, PAPI, "2018"), CHISO_BAD_DATA);
  CU_ASSERT_PTR_NOT_NULL(strstr(t.err.file, "2.csv"));
  CU_ASSERT_PTR_NOT_NULL(strstr(t.err.text, "1.csv:2:3"));
  end(&t);
}

static void test_columns(void) {
  refuses(PAPI, "2018", "node,points\n1.1,1\n", 1, 0, "unit");
  refuses(PAPI, "2018", "unit,points\n66,1\n", 1, 0, "node");
  refuses(PAPI, "2018", "unit,node\n66,1.1\n", 1, 0, "value");
  refuses(PAPI, "2018", "unit,node,points\n", 1, 0, "rows");
  refuses(PAPI, "2018", "unit,node,points,year\n66,1.1,1,2018\n", 1, 4, "year");
  refuses(PAPI, "2018", "unit,1.1,9.9\n66,1,1\n", 1, 3, "9.9");
  refuses(PAPI, "2018", "unit,1.1:x:y\n66,1\n", 2, 2, "");
  refuses(PAPI, "2018", "unit,node,points\n66,2018-01-10,1\n", 2, 2, "date");
  refuses(PAPI, "2018", "unit,node,points\n66,,1\n", 2, 2, "no node");
  refuses(PAPI, "2018", "unit,node,points\n,1.1,1\n", 2, 1, "no unit");
  refuses(PAPI, "2018", "unit,node,points\nunit,node,points\n", 2, 1, "header");
  refuses(QD, "2026", "unit,node,input,value\n66,1.2,late,1\n", 2, 4, "due");
  refuses(QD, "2026", "unit,node,input,value\n66,1.2,,1\n", 2, 4, "several");
  refuses(QD, "2026", "unit,node,input,value\n66,CKMB,num,1\n", 2, 4, "points");
  /* an empty row of a wide table names nobody that could be wrong */
  gives(PAPI, "2018", "unit,1.1\nCả nước,\n66,1\n", "1.1", ONE);
}

/* Faults are all told, in the order of the rows. */
static void test_all_faults(void) {
  char table[64 * 1024] = "unit,node,points\n";
  size_t used = strlen(table);
  for (int i = 0; i < 1500; i++)
    used +=
        (size_t)snprintf(table + used, sizeof table - used, "x%d,1.1,1\n", i);
  sample s = { .err.lang = CHISO_LANG_VI, .tables = { table } };
  CU_ASSERT_EQUAL(begin(&s, PAPI, "2018"), CHISO_BAD_DATA);
  MUST(s.run != NULL);
  CU_ASSERT_EQUAL(chiso_run_faults(s.run), 1500);
  MUST(chiso_run_remarks(s.run) == 1000);
  for (size_t i = 0; i < 1000; i++)
    CU_ASSERT_EQUAL(chiso_run_remark(s.run, i)->line, i + 2);
  CU_ASSERT_PTR_NOT_NULL(strstr(s.err.text, "không có trong"));
  end(&s);
}

SUITE_MAIN({ "layouts", test_layouts }, { "numbers", test_numbers },
           { "percent signs", test_percent_signs }, { "marks", test_marks },
           { "choices", test_choices },
           { "not applicable", test_not_applicable },
           { "denominators", test_denominators },
           { "conflicts", test_conflicts }, { "two tables", test_two_tables },
           { "columns", test_columns }, { "all faults", test_all_faults })
