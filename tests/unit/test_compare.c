/* SPDX-License-Identifier: Apache-2.0
 * Computed figures beside published ones. */
#include "data_fixture.h"

#define QD  "vn.qd766.province/2026"
#define ONE CHISO_DEC_ONE

static const char observations[] = "unit,node,points\n66,CKMB,10\n01,CKMB,12\n"
                                   "79,CKMB,8\n";

/* Compares the three units with a table of results. */
static chiso_status compare(sample *s, const char *table, chiso_comparison *out,
                            chiso_difference **rows, size_t *count) {
  char path[PATH_ROOM];
  s->tables[0] = observations;
  if (begin(s, QD, "2026") != CHISO_OK || !put_text(&s->where, "r.csv", table))
    return CHISO_INTERNAL;
  return chiso_run_compare(s->run, in_folder(&s->where, "r.csv", path), out,
                           rows, count, &s->err);
}

static void test_figures(void) {
  sample s = { .units = NULL };
  chiso_comparison c;
  chiso_difference *rows = NULL;
  size_t count = 0;
  MUST(compare(&s,
               "unit,node,points,rank,tolerance,note\n"
               "Đắk Lắk,CKMB,10,2,,\n"       /* exact */
               "01,CKMB,\"12,01\",1,0.01,\n" /* within its tolerance */
               "79,CKMB,8.02,3,0.01,\n"      /* beyond it */
               "79,TDGQ,3,,,\n"              /* not computed */
               "04,CKMB,,4,,\n",             /* a rank alone */
               &c, &rows, &count) == CHISO_OK);
  CU_ASSERT(c.compared == 3 && c.reproduced == 2 && c.exact == 1);
  CU_ASSERT(c.not_computed == 1);
  CU_ASSERT_EQUAL(c.largest, 20000);
  CU_ASSERT(c.ranks == 3 && c.ranks_equal == 3);
  MUST(count == 5);
  CU_ASSERT(rows[0].reproduced && rows[1].reproduced && !rows[2].reproduced);
  CU_ASSERT_EQUAL(rows[3].computed, CHISO_NONE);
  CU_ASSERT_EQUAL(rows[4].published, CHISO_NONE);
  CU_ASSERT(rows[0].published_rank == 2 && rows[0].computed_rank == 2);
  chiso_differences_free(s.run, rows);
  end(&s);
  /* `score` for points, and no list wanted */
  sample t = { .units = NULL };
  MUST(compare(&t, "unit;node;score\n66;CKMB;10\n", &c, NULL, NULL) ==
       CHISO_OK);
  CU_ASSERT(c.compared == 1 && c.exact == 1);
  end(&t);
}

/* Ranks of a few are compared as the order among those few. */
static void test_order(void) {
  sample s = { .units = NULL };
  chiso_comparison c;
  MUST(compare(&s,
               "unit,node,points,rank\n66,CKMB,,40\n01,CKMB,,7\n"
               "79,CKMB,,12\n",
               &c, NULL, NULL) == CHISO_OK);
  CU_ASSERT(c.ranks == 3 && c.ranks_equal == 1);
  end(&s);
}

static void test_not_assessed(void) {
  sample s = { .units = "unit,name_vi,not_assessed\n66,Một,\n01,Hai,\n"
                        "79,Ba,\n04,Bốn,2026\n" };
  chiso_comparison c;
  MUST(compare(&s, "unit,node,points\n66,CKMB,10\n04,CKMB,3\n", &c, NULL,
               NULL) == CHISO_OK);
  CU_ASSERT(c.compared == 1 && c.not_computed == 1);
  end(&s);
}

static void test_refused(void) {
  static const struct {
    const char *text;
    unsigned line, column;
  } bad[] = {
    { "unit,node\n66,CKMB\n", 1, 0 },
    { "unit,node,points,year\n66,CKMB,1,2\n", 1, 4 },
    { "unit,node,points\n99,CKMB,1\n", 2, 1 },
    { "unit,node,points\n66,X,1\n", 2, 2 },
    { "unit,node,points\n66,CKMB,x\n", 2, 3 },
    { "unit,node,points\n66,CKMB,\"1.234,5\"\n", 2, 3 },
    { "unit,node,points,rank\n66,CKMB,1,0\n", 2, 4 },
    { "unit,node,points,rank\n66,CKMB,1,1.5\n", 2, 4 },
    { "unit,node,points,tolerance\n66,CKMB,1,-1\n", 2, 4 },
    { "unit,node,points\n66,CKMB,1\nDak Lak,ckmb,1\n", 3, 2 },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    sample s = { .units = NULL };
    chiso_comparison c;
    chiso_difference *rows = NULL;
    size_t count = 0;
    CU_ASSERT_EQUAL(compare(&s, bad[i].text, &c, &rows, &count),
                    CHISO_BAD_DATA);
    CU_ASSERT_PTR_NULL(rows);
    CU_ASSERT(s.err.line == bad[i].line && s.err.column == bad[i].column);
    if (s.err.line != bad[i].line || s.err.column != bad[i].column)
      fprintf(stderr, "\n    %s -> %u:%u\n", bad[i].text, (unsigned)s.err.line,
              (unsigned)s.err.column);
    end(&s);
  }
  sample s = { .tables = { observations } };
  chiso_comparison c;
  MUST(begin(&s, QD, "2026") == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_run_compare(s.run, NULL, &c, NULL, NULL, &s.err),
                  CHISO_USAGE);
  CU_ASSERT_EQUAL(
      chiso_run_compare(s.run, "/nowhere.csv", &c, NULL, NULL, &s.err),
      CHISO_IO);
  end(&s);
}

static void test_rounds(void) {
  const char *dirs[] = { PLUGIN_DIR };
  chiso_store_options places = { .plugin_dirs = dirs,
                                 .n_plugin_dirs = 1,
                                 .share_dir = SHARE_DIR,
                                 .no_worker = true };
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  const chiso_listing *listing;
  char **names = NULL;
  size_t count = 0;
  MUST(chiso_store_open(&places, CHISO_LANG_EN, NULL, &store, &err) ==
       CHISO_OK);
  MUST(chiso_store_find(store, "vn.papi.province/2019", &listing, &err) ==
       CHISO_OK);
  MUST(chiso_published_rounds(store, listing, NULL, &names, &count, &err) ==
       CHISO_OK);
  MUST(count == 4);
  CU_ASSERT_STRING_EQUAL(names[0], "2019");
  CU_ASSERT_STRING_EQUAL(names[3], "2020");
  chiso_names_free(NULL, names, count);
  chiso_store_free(store);
}

SUITE_MAIN({ "figures", test_figures }, { "order", test_order },
           { "not assessed", test_not_assessed }, { "refused", test_refused },
           { "rounds", test_rounds })
