/* SPDX-License-Identifier: Apache-2.0
 * The summary workbook, read back with the reader of workbooks: every figure,
 * the ranges of every chart, and what names and sizes could break. */
#include "base/dec.h"
#include "chiso/round.h"
#include "data_fixture.h"
#include "fixture.h"
#include "sheet/summary.h"
#include "summary_fixture.h"

#define EXAMPLE_ROUND SOURCE_DIR "/tests/docs/round/round.ini"

/* ---- every figure -------------------------------------------------------- */

static void same_ranking(const chiso__sheet *s, const chiso_run *run) {
  const chiso_index *ix = chiso_methodology_index(chiso_run_methodology(run));
  uint32_t head = row_of(s, 0, "Rank");
  MUST(head != UINT32_MAX);
  uint32_t bonus = column_of(s, head, "Bonus");
  for (size_t u = 0; u < chiso_run_scored(run); u++) {
    const chiso_unit *unit =
        chiso_units_get(chiso_run_units(run), chiso_run_unit(run, u));
    uint32_t row = row_of(s, 1, unit->code);
    uint32_t rank = chiso_run_rank(run, 0, u);
    chiso_dec more = 0, less = 0;
    MUST(row != UINT32_MAX);
    CU_ASSERT(chiso__sheet_at(s, row, 1)->kind == CHISO__KIND_TEXT);
    CU_ASSERT(is_figure(s, row, 3, points(run, 0, u), ix->digits));
    if (rank == 0) {
      CU_ASSERT_STRING_EQUAL(at(s, row, 0), "");
      continue;
    }
    CU_ASSERT(is_integer(s, row, 0, rank));
    CU_ASSERT(is_figure(s, row, 4, chiso_run_scores(run)->max[u], ix->digits));
    CU_ASSERT(is_figure(s, row, 5, percent(run, 0, u), ix->digits));
    chiso_run_extras(run, u, &more, &less);
    if (bonus != UINT32_MAX) {
      CU_ASSERT(is_figure(s, row, bonus, more, ix->digits));
      CU_ASSERT(is_figure(s, row, bonus + 1, less, ix->digits));
    } else {
      CU_ASSERT(more == 0 && less == 0);
    }
  }
}

/* The mean of a column's cells, rounded as the sheet has it. */
static void same_mean(const chiso__sheet *s, uint32_t first, uint32_t last,
                      uint32_t column, uint32_t mean, unsigned digits) {
  int64_t sum = 0, count = 0;
  for (uint32_t row = first; row <= last; row++) {
    chiso_dec value = 0;
    if (at(s, row, column)[0] &&
        chiso__dec_strict(at(s, row, column), &value)) {
      sum += value;
      count++;
    }
  }
  CU_ASSERT(is_figure(s, mean, column,
                      count ? (sum * 2 + count) / (count * 2) : CHISO_NONE,
                      digits));
}

static void same_heat(const chiso__sheet *s, const chiso_run *run) {
  const chiso_methodology *m = chiso_run_methodology(run);
  const chiso_index *ix = chiso_methodology_index(m);
  uint32_t head = row_of(s, 0, "Rank"), mean = row_of(s, 0, "Mean");
  MUST(head != UINT32_MAX && mean != UINT32_MAX);
  CU_ASSERT_EQUAL(mean - head - 1, chiso_run_scored(run));
  for (size_t u = 0; u < chiso_run_scored(run); u++) {
    const chiso_unit *unit =
        chiso_units_get(chiso_run_units(run), chiso_run_unit(run, u));
    uint32_t row = row_of(s, 1, unit->name_en ? unit->name_en : unit->name_vi);
    uint32_t column = 3;
    MUST(row != UINT32_MAX);
    CU_ASSERT(is_figure(s, row, 2, percent(run, 0, u), ix->digits));
    for (uint32_t n = chiso_methodology_first_child(m, 0); n != CHISO_NO_NODE;
         n = chiso_methodology_next(m, n))
      if (ix->nodes[n].weight != 0)
        CU_ASSERT(is_figure(s, row, column++, percent(run, n, u), ix->digits));
  }
  for (uint32_t column = 2; at(s, head, column)[0]; column++)
    same_mean(s, head + 1, mean - 1, column, mean, ix->digits);
}

static void same_details(const chiso__sheet *s, const chiso_run *run) {
  const chiso_index *ix = chiso_methodology_index(chiso_run_methodology(run));
  const chiso_scores *scores = chiso_run_scores(run);
  uint32_t row = row_of(s, 0, "Code");
  MUST(row != UINT32_MAX);
  for (size_t u = 0; u < chiso_run_scored(run); u++) {
    const chiso_unit *unit =
        chiso_units_get(chiso_run_units(run), chiso_run_unit(run, u));
    for (uint32_t n = 0; n < ix->n_nodes; n++) {
      size_t place = n * scores->n + u;
      row++;
      CU_ASSERT_STRING_EQUAL(at(s, row, 0), unit->code);
      CU_ASSERT_STRING_EQUAL(at(s, row, 2), ix->nodes[n].id);
      CU_ASSERT(is_figure(s, row, 4, points(run, n, u), ix->digits));
      CU_ASSERT(is_figure(s, row, 5, scores->max[place], ix->digits));
      CU_ASSERT(is_figure(s, row, 6, percent(run, n, u), ix->digits));
      CU_ASSERT_STRING_EQUAL(
          at(s, row, 7),
          chiso_state_title((chiso_state)scores->state[place], CHISO_LANG_EN));
    }
  }
}

static void check_figures(const chiso_run *run, bool heat) {
  chiso_summary_group group = { .run = run };
  chiso_summary what = { .groups = &group, .n_groups = 1 };
  read_back b;
  bool good = read_it(&b, &what);
  CU_ASSERT(good);
  if (good) {
    CU_ASSERT_EQUAL(b.n, heat ? 4u : 3u);
    same_ranking(sheet_of(&b, "Ranking"), run);
    if (heat)
      same_heat(sheet_of(&b, "Areas × units"), run);
    same_details(sheet_of(&b, "Details"), run);
    CU_ASSERT(sheet_of(&b, "Charts") != NULL);
  }
  close_it(&b);
}

static void test_shipped(void) {
  static const struct {
    const char *methodology, *round;
    bool heat;
  } runs[] = {
    { "vn.papi.province", "2019", true },
    { "vn.papi.province", "2022", true }, /* two units incomplete */
    { "vn.par.ministry", "2023", false }, /* totals alone were published */
  };
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
    sample s = { 0 };
    if (begin(&s, runs[i].methodology, runs[i].round) == CHISO_OK)
      check_figures(s.run, runs[i].heat);
    else
      CU_FAIL("no run");
    end(&s);
  }
}

/* ---- a round with two groups --------------------------------------------- */

typedef struct two_groups {
  chiso_store *store;
  chiso_round *round;
  chiso_run *runs[2];
  chiso_summary_group groups[2];
  chiso_summary what;
} two_groups;

static bool two_begin(two_groups *t) {
  chiso_store_options none = { .share_dir = SHARE_DIR, .no_worker = true };
  *t = (two_groups) { .what = { .groups = t->groups, .n_groups = 2 } };
  if (chiso_store_open(&none, CHISO_LANG_EN, NULL, &t->store, &err) !=
          CHISO_OK ||
      chiso_round_read(EXAMPLE_ROUND, (chiso_date) { 0, 0, 0 }, t->store, NULL,
                       &t->round, &err) != CHISO_OK)
    return false;
  chiso_round_titles(t->round, &t->what.title_vi, &t->what.title_en);
  for (size_t i = 0; i < 2; i++) {
    const chiso_group *g = chiso_round_group(t->round, i);
    if (chiso_round_run(t->round, i, NULL, NULL, 0, NULL, &t->runs[i], &err) !=
        CHISO_OK)
      return false;
    t->groups[i] = (chiso_summary_group) { .title_vi = g->title_vi,
                                           .title_en = g->title_en,
                                           .run = t->runs[i] };
  }
  return true;
}

static void two_end(two_groups *t) {
  chiso_run_free(t->runs[0]);
  chiso_run_free(t->runs[1]);
  chiso_round_free(t->round);
  chiso_store_free(t->store);
}

static void test_groups(void) {
  static const char *const names[] = { "Departments", "Districts" };
  two_groups t;
  read_back b = { .n = 0 };
  bool good = two_begin(&t) && read_it(&b, &t.what);
  CU_ASSERT(good);
  CU_ASSERT_EQUAL(b.n, 8);
  for (size_t i = 0; good && i < 2; i++) {
    char name[64];
    snprintf(name, sizeof name, "Ranking – %s", names[i]);
    same_ranking(sheet_of(&b, name), t.runs[i]);
    snprintf(name, sizeof name, "Areas – %s", names[i]);
    same_heat(sheet_of(&b, name), t.runs[i]);
    snprintf(name, sizeof name, "Details – %s", names[i]);
    same_details(sheet_of(&b, name), t.runs[i]);
  }
  for (size_t i = 0; i < b.n; i++)
    CU_ASSERT(anywhere(&b.sheets[i], "internal set, not an official result"));
  if (good) {
    const chiso__sheet *s = sheet_of(&b, "Ranking – Departments");
    /* 04 has points, and the round does not rank it */
    uint32_t row = row_of(s, 1, "04");
    CU_ASSERT_STRING_EQUAL(at(s, row, 0), "");
    CU_ASSERT_STRING_EQUAL(at(s, row, 6), "scored, not ranked in this round");
    row = row_of(s, 0, "Good");
    CU_ASSERT_STRING_EQUAL(at(s, row, 2), "above 80");
    CU_ASSERT_STRING_EQUAL(at(s, row, 5), "2");
    CU_ASSERT_STRING_EQUAL(at(s, row + 1, 2), "from 65 up to 80");
    CU_ASSERT_STRING_EQUAL(at(s, row + 2, 2), "below 65");
    CU_ASSERT(anywhere(sheet_of(&b, "Details – Departments"),
                       "Không có thủ tục hành chính (5/KH-UBND)"));
  }
  close_it(&b);
  two_end(&t);
}

/* ---- stages -------------------------------------------------------------- */

static void same_stages(const chiso__sheet *s, const chiso_stages *stages,
                        const chiso_run *run) {
  const chiso_methodology *m = chiso_run_methodology(run);
  uint32_t areas = row_of(s, 0, "Area");
  chiso_stage_row row;
  chiso_stage_sum sum;
  for (size_t u = 0; u < chiso_run_scored(run); u++) {
    const chiso_unit *unit =
        chiso_units_get(chiso_run_units(run), chiso_run_unit(run, u));
    uint32_t at = row_of(s, 0, unit->code);
    MUST(at != UINT32_MAX);
    chiso_stages_row(stages, 0, u, &row);
    CU_ASSERT(is_figure(s, at, 2, row.at[CHISO_STAGE_SELF - 1].max, 2));
    CU_ASSERT(is_figure(s, at, 3, row.at[CHISO_STAGE_SELF - 1].points, 2));
    CU_ASSERT(is_figure(s, at, 4, row.appraised.points, 2));
    CU_ASSERT(is_figure(s, at, 5, row.difference, 2));
    CU_ASSERT(is_figure(s, at, 6, row.settled.points, 2));
    CU_ASSERT(is_figure(s, at, 7, row.change, 2));
    CU_ASSERT(is_integer(s, at, 8, row.explanations));
    chiso_stages_row(stages, chiso_methodology_find(m, "1"), u, &row);
    CU_ASSERT(is_figure(s, at, 9, row.difference, 2));
  }
  MUST(areas != UINT32_MAX);
  chiso_stages_sum(stages, chiso_methodology_find(m, "1"), &sum);
  CU_ASSERT(is_integer(s, areas + 1, 2, (uint32_t)sum.compared));
  CU_ASSERT(is_figure(s, areas + 1, 5, sum.difference, 2));
  CU_ASSERT(is_integer(s, areas + 1, 6, (uint32_t)sum.lowered));
  /* no unit scores the survey itself */
  CU_ASSERT_STRING_EQUAL(at(s, areas + 3, 0), "");
}

static void test_stages(void) {
  const char *const data[] = { SOURCE_DIR "/tests/docs/round/stages.csv" };
  chiso_run *runs[CHISO_N_STAGES] = { NULL };
  chiso_stages *stages = NULL;
  two_groups t;
  read_back b = { .n = 0 };
  bool good = two_begin(&t);
  for (unsigned i = 0; good && i < CHISO_N_STAGES; i++)
    good = chiso_round_run(t.round, 0, chiso_stage_key((chiso_stage)(i + 1)),
                           data, 1, NULL, &runs[i], &err) == CHISO_OK;
  const chiso_run *const list[CHISO_N_STAGES] = { runs[0], runs[1], runs[2],
                                                  runs[3] };
  good = good && chiso_stages_new(list, NULL, &stages, &err) == CHISO_OK;
  if (good) {
    t.groups[0].run = runs[CHISO_N_STAGES - 1];
    t.groups[0].stages = stages;
    t.what.n_groups = 1;
    good = read_it(&b, &t.what);
  }
  CU_ASSERT(good);
  if (good)
    same_stages(sheet_of(&b, "Self-scored – Departments"), stages, runs[0]);
  close_it(&b);
  chiso_stages_free(stages);
  for (unsigned i = 0; i < CHISO_N_STAGES; i++)
    chiso_run_free(runs[i]);
  two_end(&t);
}

/* ---- charts -------------------------------------------------------------- */

static void test_charts(void) {
  size_t series = 0;
  two_groups t;
  read_back b = { .n = 0 };
  CU_ASSERT(two_begin(&t) && read_it(&b, &t.what));
  /* ranking and areas of both, grades of the departments */
  CU_ASSERT_EQUAL(check_charts(&b, &series), 5);
  CU_ASSERT_EQUAL(series, 1 + 3 + 1 + 1 + 3);
  close_it(&b);
  two_end(&t);
  sample s = { 0 };
  if (begin(&s, "vn.papi.province", "2019") == CHISO_OK) {
    chiso_summary_group group = { .run = s.run };
    chiso_summary what = { .groups = &group,
                           .n_groups = 1,
                           .lang = CHISO_LANG_VI };
    CU_ASSERT(read_it(&b, &what));
    /* 63 units: the first and the last of them, areas, grades */
    CU_ASSERT_EQUAL(check_charts(&b, &series), 4);
    CU_ASSERT_EQUAL(series, 1 + 1 + 3 + 1);
    close_it(&b);
  }
  end(&s);
}

/* ---- names, sizes, missing data ------------------------------------------ */

#define NODE                                                                   \
  "\"provenance\":{\"name\":\"official\",\"points\":\"official\"},"            \
  "\"source\":\"t\"}"

/* A set of areas with one leaf each, 10 points; without areas one leaf. */
static void methodology_text(char *out, size_t room, unsigned areas) {
  size_t n = (size_t)snprintf(
      out, room,
      "{\"format\":1,\"id\":\"t.set\",\"edition\":\"1\",\"level\":"
      "\"commune\",\"title\":{\"vi\":\"T\"},\"rounds\":{\"first\":2020},"
      "\"units\":\"t/1\",\"digits\":2,\"rank\":{\"by\":\"percent\",\"ties\":"
      "\"shared\"},\"scope\":\"internal\",\"legal\":[{\"key\":\"q\","
      "\"instrument\":\"Q\",\"title\":\"Q\",\"issued\":\"2020\"}],\"nodes\":["
      "{\"id\":\"index\",\"kind\":\"index\",\"title\":{\"vi\":\"T\"},"
      "\"max\":\"%u\",\"weight\":\"1\",\"op\":\"%s\"," NODE,
      areas ? areas * 10 : 10, areas ? "sum" : "manual");
  for (unsigned a = 1; a <= areas; a++)
    n += (size_t)snprintf(
        out + n, room - n,
        ",{\"id\":\"%u\",\"parent\":\"index\",\"kind\":\"area\",\"title\":{"
        "\"vi\":\"Ứng dụng công nghệ thông tin, \\\"một cửa\\\" & chuyển đổi "
        "số <%u>\"},\"max\":\"10\",\"weight\":\"1\",\"op\":\"manual\"," NODE,
        a, a);
  snprintf(out + n, room - n, "]}");
}

/* Scores a table by a set of so many areas. */
static bool begin_small(sample *s, folder *at, unsigned areas) {
  char *text = malloc(1 << 20);
  char path[128];
  *at = folder_make();
  if (!text)
    return false;
  methodology_text(text, 1 << 20, areas);
  bool good = put_text(at, "set.json", text);
  free(text);
  snprintf(path, sizeof path, "%s/set.json", at->path);
  good = good && begin(s, path, "2020") == CHISO_OK;
  if (!good)
    show(s);
  return good;
}

static void end_small(sample *s, folder *at) {
  end(s);
  folder_remove(at);
}

static bool read_group(read_back *b, const chiso_run *run) {
  chiso_summary_group group = { .run = run };
  chiso_summary what = { .groups = &group, .n_groups = 1 };
  return read_it(b, &what);
}

static void test_names(void) {
  /* a formula, quotes and a slash, an emoji, NFD, a code that begins with 0, an
   * escape of workbooks */
  sample s = {
    .units = "unit,name_vi\n01,=1+1\n002,\"\"\"Phố/Chợ\"\" 'A'\"\n"
             "03,\xf0\x9f\x8c\xb3 Xanh\n04,Hue\xcc\x82\xcc\x81\n05,_x000A_\n",
    .tables = { "unit,node,input,value\n01,1,,10\n002,1,,5\n03,1,,5\n"
                "04,1,,4\n01,2,,1\n002,2,,2\n03,2,,2\n04,2,,3\n" },
  };
  folder where;
  read_back b = { .n = 0 };
  if (begin_small(&s, &where, 2) && read_group(&b, s.run)) {
    const chiso__sheet *r = sheet_of(&b, "Ranking");
    size_t series = 0;
    uint32_t row = row_of(r, 1, "01");
    const chiso__sheet_cell *name = chiso__sheet_at(r, row, 2);
    MUST(name != NULL);
    CU_ASSERT_STRING_EQUAL(name->text, "=1+1");
    CU_ASSERT(!name->formula && name->kind == CHISO__KIND_TEXT);
    CU_ASSERT_STRING_EQUAL(at(r, row_of(r, 1, "002"), 2), "\"Phố/Chợ\" 'A'");
    CU_ASSERT_STRING_EQUAL(at(r, row_of(r, 1, "03"), 2),
                           "\xf0\x9f\x8c\xb3 Xanh");
    CU_ASSERT_STRING_EQUAL(at(r, row_of(r, 1, "04"), 2), "Huế");
    CU_ASSERT_STRING_EQUAL(at(r, row_of(r, 1, "05"), 2), "_x000A_");
    /* ties share the rank: 1, 2, 2, 2; who has no data has none */
    CU_ASSERT(is_integer(r, row, 0, 1));
    CU_ASSERT(is_integer(r, row_of(r, 1, "002"), 0, 2));
    CU_ASSERT(is_integer(r, row_of(r, 1, "03"), 0, 2));
    CU_ASSERT(is_integer(r, row_of(r, 1, "04"), 0, 2));
    CU_ASSERT_STRING_EQUAL(at(r, row_of(r, 1, "05"), 6), "no data");
    same_ranking(r, s.run);
    same_heat(sheet_of(&b, "Areas × units"), s.run);
    CU_ASSERT_EQUAL(check_charts(&b, &series), 2); /* no grades */
  } else {
    CU_FAIL("no workbook");
  }
  close_it(&b);
  end_small(&s, &where);
}

static void test_incomplete(void) {
  sample s = { .units = "unit,name_vi\n1,A\n2,B\n",
               .tables = { "unit,node,input,value\n1,1,,10\n" } };
  folder where;
  read_back b = { .n = 0 };
  if (begin_small(&s, &where, 3) && read_group(&b, s.run)) {
    const chiso__sheet *r = sheet_of(&b, "Ranking");
    size_t series = 0;
    CU_ASSERT_STRING_EQUAL(at(r, row_of(r, 1, "1"), 6),
                           "incomplete: no data for 2, 3");
    CU_ASSERT(anywhere(r, "No unit has all the data"));
    CU_ASSERT(anywhere(sheet_of(&b, "Charts"), "No unit has all the data"));
    CU_ASSERT_EQUAL(check_charts(&b, &series), 0);
    same_heat(sheet_of(&b, "Areas × units"), s.run);
  } else {
    CU_FAIL("no workbook");
  }
  close_it(&b);
  end_small(&s, &where);
}

static void test_nothing(void) {
  sample s = { .units = "unit,name_vi\n1,A\n2,B\n",
               .tables = { "unit,node,input,value\n1,1,,\n" } };
  folder where;
  read_back b = { .n = 0 };
  if (begin_small(&s, &where, 3) && read_group(&b, s.run)) {
    CU_ASSERT_EQUAL(b.n, 3); /* no areas to show */
    CU_ASSERT(anywhere(sheet_of(&b, "Ranking"), "no data"));
    same_details(sheet_of(&b, "Details"), s.run);
  } else {
    CU_FAIL("no workbook");
  }
  close_it(&b);
  end_small(&s, &where);
}

/* One unit, and a set that is one leaf. */
static void test_one(void) {
  for (unsigned areas = 0; areas < 2; areas++) {
    sample s = { .units = "unit,name_vi\n1,A\n",
                 .tables = { areas
                                 ? "unit,node,input,value\n1,1,,7.5\n"
                                 : "unit,node,input,value\n1,index,,7.5\n" } };
    folder where;
    read_back b = { .n = 0 };
    size_t series = 0;
    if (begin_small(&s, &where, areas) && read_group(&b, s.run)) {
      CU_ASSERT_EQUAL(b.n, areas ? 4u : 3u);
      CU_ASSERT_EQUAL(check_charts(&b, &series), areas ? 2u : 1u);
      CU_ASSERT_EQUAL(series, areas ? 2u : 1u); /* the unit alone, no mean */
      same_ranking(sheet_of(&b, "Ranking"), s.run);
      same_details(sheet_of(&b, "Details"), s.run);
    } else {
      CU_FAIL("no workbook");
    }
    close_it(&b);
    end_small(&s, &where);
  }
}

/* More areas than the sheets have room for. */
static void test_wide(void) {
  char data[8000];
  size_t n = (size_t)snprintf(data, sizeof data, "unit,node,input,value\n");
  for (unsigned a = 1; a <= CHISO_SUMMARY_AREAS + 5; a++)
    n += (size_t)snprintf(data + n, sizeof data - n, "1,%u,,%u\n", a, a % 10);
  sample s = { .units = "unit,name_vi\n1,A\n", .tables = { data } };
  folder where;
  read_back b = { .n = 0 };
  size_t series = 0;
  if (begin_small(&s, &where, CHISO_SUMMARY_AREAS + 5) &&
      read_group(&b, s.run)) {
    const chiso__sheet *heat = sheet_of(&b, "Areas × units");
    CU_ASSERT(anywhere(heat, "The first 200 of 205 areas."));
    CU_ASSERT_STRING_EQUAL(
        at(heat, row_of(heat, 0, "Rank"), 3 + CHISO_SUMMARY_AREAS), "");
    CU_ASSERT_EQUAL(check_charts(&b, &series), 2);
    same_details(sheet_of(&b, "Details"), s.run);
  } else {
    CU_FAIL("no workbook");
  }
  close_it(&b);
  end_small(&s, &where);
}

/* Titles of groups as names of sheets: cut, cleaned, told apart. */
#define TREES "\xf0\x9f\x8c\xb3\xf0\x9f\x8c\xb3" /* four units of UTF-16 */

static void test_sheet_names(void) {
  static const char *const titles[] = {
    "Sở, ban, ngành và các cơ quan chuyên môn thuộc UBND tỉnh",
    "Sở, ban, ngành và các cơ quan thuộc tỉnh",
    "a/b\\c[d]e:f*g?h",
    "'Phường'",
    TREES TREES TREES TREES TREES TREES,
    "",
  };
  static const char *const wanted[] = {
    "Ranking – Sở, ban, ngành và các",
    "Ranking – Sở, ban, ngành và (2)",
    "Ranking – a-b-c-d-e-f-g-h",
    "Ranking – \xe2\x80\x99Phường\xe2\x80\x99",
    "Ranking – " TREES TREES TREES TREES TREES,
    "Ranking (2)", /* told apart by letters alone */
  };
  sample s = { .units = "unit,name_vi\n1,A\n2,B\n",
               .tables = { "unit,node,input,value\n1,1,,1\n2,1,,2\n" } };
  enum { GROUPS = sizeof titles / sizeof *titles };
  folder where;
  read_back b = { .n = 0 };
  chiso_summary_group groups[GROUPS];
  chiso_summary what = { .groups = groups, .n_groups = GROUPS };
  if (begin_small(&s, &where, 1)) {
    size_t series = 0;
    for (size_t i = 0; i < GROUPS; i++)
      groups[i] = (chiso_summary_group) { .title_vi = titles[i], .run = s.run };
    CU_ASSERT(read_it(&b, &what));
    CU_ASSERT_EQUAL(b.n, (size_t)4 * GROUPS);
    for (size_t i = 0; i < b.n && i / 4 < GROUPS; i += 4)
      CU_ASSERT_STRING_EQUAL(b.sheets[i].name, wanted[i / 4]);
    CU_ASSERT_EQUAL(check_charts(&b, &series), (size_t)2 * GROUPS);
  }
  close_it(&b);
  end_small(&s, &where);
}

/* ---- the same bytes, memory that runs out -------------------------------- */

static void test_same_bytes(void) {
  two_groups t;
  char *first = NULL, *second = NULL;
  size_t one = 0, two = 0;
  CU_ASSERT(two_begin(&t));
  CU_ASSERT(chiso_summary_render(&t.what, NULL, &first, &one, &err) ==
            CHISO_OK);
  CU_ASSERT(chiso_summary_render(&t.what, NULL, &second, &two, &err) ==
            CHISO_OK);
  CU_ASSERT(one == two && one > 0 && memcmp(first, second, one) == 0);
  chiso_text_free(NULL, first);
  chiso_text_free(NULL, second);
  two_end(&t);
}

static void test_memory(void) {
  two_groups t;
  bool done = false;
  CU_ASSERT(two_begin(&t));
  for (long left = 0; !done && left < 100000; left += 1 + left / 20) {
    counting c = { .left = left };
    chiso_allocator allocator = counting_allocator(&c);
    char *bytes = NULL;
    size_t size = 0;
    chiso_status status =
        chiso_summary_render(&t.what, &allocator, &bytes, &size, &err);
    done = status == CHISO_OK;
    CU_ASSERT(done || status == CHISO_NO_MEMORY);
    CU_ASSERT(done == (bytes != NULL));
    chiso_text_free(&allocator, bytes);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT(done);
  two_end(&t);
}

SUITE_MAIN({ "every figure of shipped rounds", test_shipped },
           { "every figure of two groups", test_groups },
           { "stages side by side", test_stages },
           { "ranges of charts", test_charts }, { "names", test_names },
           { "incomplete", test_incomplete }, { "no data", test_nothing },
           { "one unit", test_one }, { "many areas", test_wide },
           { "names of sheets", test_sheet_names },
           { "same bytes", test_same_bytes },
           { "memory that runs out", test_memory })
