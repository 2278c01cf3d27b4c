/* SPDX-License-Identifier: Apache-2.0
 * Runs: which round and which units, indices that take results of others,
 * order of rows, ranks and groups, and memory that runs out. */
#include "data_fixture.h"

#include "fixture.h"

#define PAPI "vn.papi.province"
#define PAR  "vn.par.province/2024"
#define ONE  CHISO_DEC_ONE

/* ---- rounds and units ---------------------------------------------------- */

static void test_rounds(void) {
  static const struct {
    const char *methodology, *round, *table;
    chiso_status status;
    uint16_t year;
    const char *name; /* methodology chosen, or a word of the refusal */
  } cases[] = {
    { PAPI, NULL, "unit,node,points,round\n66,1.1,1,2016\n", CHISO_OK, 2016,
      PAPI "/2016" },
    { PAPI, "2019", "unit,node,points\n66,1.1,1\n", CHISO_OK, 2019,
      PAPI "/2019" },
    { PAPI "/2011", NULL, "unit,node,points\n66,1.1,1\n", CHISO_OK, 2011,
      PAPI "/2011" },
    { PAPI, NULL, "unit,node,points,round\n66,1.1,1,2016\n66,1.1,1,2017\n",
      CHISO_USAGE, 0, "2016 and 2017" },
    { PAPI, "2017", "unit,node,points,round\n66,1.1,1,2016\n66,1.1,1,2017\n",
      CHISO_OK, 2017, PAPI "/2016" },
    { PAPI, "2009", "unit,node,points\n66,1.1,1\n", CHISO_USAGE, 0, "2009" },
    { PAPI "/2011", "2016", "unit,node,points\n66,1.1,1\n", CHISO_USAGE, 0,
      "2011-2015" },
    { PAPI, "twenty", "unit,node,points\n66,1.1,1\n", CHISO_USAGE, 0,
      "twenty" },
    { "vn.nothing", "2016", "unit,node,points\n66,1.1,1\n", CHISO_USAGE, 0,
      "vn.nothing" },
    /* rows of other indices say nothing of this run's round or units */
    { PAPI, NULL,
      "unit,node,points,round,index,set\n66,1.1,1,2016,,\n"
      "btc,1,1,2022,vn.par.ministry,vn.ministries/2008\n",
      CHISO_OK, 2016, PAPI "/2016" },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    sample s = { .tables = { cases[i].table } };
    CU_ASSERT_EQUAL(begin(&s, cases[i].methodology, cases[i].round),
                    cases[i].status);
    if (s.status != cases[i].status)
      show(&s);
    if (s.status == CHISO_OK) {
      CU_ASSERT_EQUAL(chiso_run_round(s.run).year, cases[i].year);
      CU_ASSERT_STRING_EQUAL(
          chiso_methodology_name(chiso_run_methodology(s.run)), cases[i].name);
      CU_ASSERT_EQUAL(points_of(&s, "66", "1.1"), ONE);
    } else {
      CU_ASSERT_PTR_NOT_NULL(strstr(s.err.text, cases[i].name));
    }
    end(&s);
  }
}

static void test_units(void) {
  sample s = { .tables = { "unit,node,points,set\na,CKMB,9,own/1\n"
                           "Hai,CKMB,3,\n" },
               .units = "unit,name_vi,not_assessed,not_ranked\na,Một,,\n"
                        "b,Hai,,2026\nc,Ba,2026,\n" };
  MUST(begin(&s, "vn.qd766.province/2026", "2026") == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(chiso_units_set(chiso_run_units(s.run)), "own/1");
  CU_ASSERT_EQUAL(chiso_run_scored(s.run), 2);
  uint32_t node = chiso_methodology_find(chiso_run_methodology(s.run), "CKMB");
  CU_ASSERT_EQUAL(chiso_run_rank(s.run, node, 0), 1);
  CU_ASSERT_EQUAL(chiso_run_rank(s.run, node, 1), 0); /* not ranked */
  CU_ASSERT(chiso_has_points(state_of(&s, "b", "CKMB")));
  end(&s);
  sample t = { .tables = { "unit,node,points\nc,CKMB,9\n" },
               .units = "unit,name_vi,not_assessed\na,Một,\nc,Ba,2026\n" };
  CU_ASSERT_EQUAL(begin(&t, "vn.qd766.province/2026", "2026"), CHISO_BAD_DATA);
  CU_ASSERT(t.err.line == 2 && t.err.column == 1);
  end(&t);
  sample none = { .tables = { "unit,node,points\n66,CKMB,9\n" },
                  .units = "unit,name_vi,not_assessed\na,Một,2026\n" };
  CU_ASSERT_EQUAL(begin(&none, "vn.qd766.province/2026", "2026"),
                  CHISO_BAD_DATA);
  end(&none);
}

static void test_shipped(void) {
  sample s = { .options.published = "" };
  MUST(begin(&s, PAPI, "2022") == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_run_files(s.run), 1);
  CU_ASSERT_EQUAL(chiso_run_scored(s.run), 63);
  size_t missing = 0, sizes[4] = { 0 };
  for (size_t u = 0; u < 63; u++) {
    bool has = chiso_has_points(chiso_run_scores(s.run)->state[u]);
    missing += !has;
    CU_ASSERT_EQUAL(has, chiso_run_rank(s.run, 0, u) != 0);
    if (has)
      sizes[chiso_run_grade(s.run, u) % 4]++;
  }
  CU_ASSERT_EQUAL(missing, 2);
  CU_ASSERT(sizes[0] == 16 && sizes[1] == 16 && sizes[2] == 15 &&
            sizes[3] == 14);
  CU_ASSERT_EQUAL(chiso_run_grade_bound(s.run, 3), CHISO_NONE);
  end(&s);
  static const char *const names[] = { "bogus", "../../2021/published/2021" };
  for (size_t i = 0; i < 2; i++) {
    sample t = { .options.published = names[i] };
    CU_ASSERT_EQUAL(begin(&t, "vn.par.province/2020", "2020"), CHISO_USAGE);
    CU_ASSERT(t.run == NULL);
    end(&t);
  }
  /* nothing of its own, and something of what it takes: not a run */
  sample u = { .options.published = NULL };
  CU_ASSERT_EQUAL(begin(&u, PAR, "2024"), CHISO_USAGE);
  end(&u);
}

/* ---- results of other indices -------------------------------------------- */

static void test_taken(void) {
  sample s = { .tables = { "unit,node,value,points,index\n"
                           "66,index,,85.5,vn.sipas.province\n"
                           "01,8.1,80,,\n" /* given directly */
                           "01,index,,90,vn.sipas.province/2022\n"
                           "02,8.1,,7,\n" /* points in its place */
                           "02,index,,90,vn.sipas.province\n" } };
  if (begin(&s, PAR, "2024") != CHISO_OK)
    show(&s);
  MUST(s.status == CHISO_OK);
  CU_ASSERT_EQUAL(points_of(&s, "66", "8.1"), 8550000);
  CU_ASSERT_EQUAL(state_of(&s, "66", "8.1"), CHISO_STATE_SCORED);
  CU_ASSERT_EQUAL(points_of(&s, "01", "8.1"), 8 * ONE);
  CU_ASSERT_EQUAL(points_of(&s, "02", "8.1"), 7 * ONE);
  CU_ASSERT_EQUAL(state_of(&s, "02", "8.1"), CHISO_STATE_GIVEN);
  CU_ASSERT_EQUAL(state_of(&s, "04", "8.1"), CHISO_STATE_MISSING);
  MUST(chiso_run_dependencies(s.run) == 1);
  CU_ASSERT_STRING_EQUAL(
      chiso_run_dependency(s.run, 0, CHISO_LANG_EN),
      "vn.sipas.province/2022, round 2024: results of 3 of 63 units");
  CU_ASSERT_PTR_NOT_NULL(
      strstr(chiso_run_dependency(s.run, 0, CHISO_LANG_VI), "3 trên 63"));
  end(&s);
}

static void test_lacking(void) {
  sample s = { .tables = { "unit,node,points\n66,1,9\n" } };
  MUST(begin(&s, PAR, "2024") == CHISO_OK);
  MUST(chiso_run_dependencies(s.run) == 1);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(chiso_run_dependency(s.run, 0, CHISO_LANG_EN), "no data"));
  end(&s);
  /* a total of the other index is no figure at the nodes that are taken */
  sample t = { .tables = { "unit,node,points,index\n"
                           "66,index,85.5,vn.sipas.province\n" } };
  MUST(begin(&t, "vn.par.province/2020", "2020") == CHISO_OK);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(chiso_run_dependency(t.run, 0, CHISO_LANG_EN), "1, 2, 3, 4, 5"));
  CU_ASSERT_EQUAL(state_of(&t, "66", "8.1"), CHISO_STATE_MISSING);
  end(&t);
}

/* The index `id`: half its points from node `of`, half entered. */
#define TAKING                                                                 \
  "{\"format\": 1, \"id\": \"%s\", \"edition\": \"2020\", \"level\": "         \
  "\"province\", \"title\": {\"vi\": \"A\"}, \"rounds\": {\"first\": 2020}, "  \
  "\"units\": \"vn.provinces/2008\", \"digits\": 2, \"rank\": {\"by\": "       \
  "\"points\", \"ties\": \"shared\"}, \"legal\": [{\"key\": \"q\", "           \
  "\"instrument\": \"1\", \"title\": \"A\", \"issued\": \"2020\"}], "          \
  "\"nodes\": [{\"id\": \"index\", \"kind\": \"index\", \"title\": {\"vi\": "  \
  "\"A\"}, \"max\": \"10\", \"weight\": \"1\", \"op\": \"sum\", "              \
  "\"provenance\": {\"name\": \"published\", \"points\": \"published\"}, "     \
  "\"source\": \"t\"}, {\"id\": \"1\", \"parent\": \"index\", \"kind\": "      \
  "\"criterion\", \"title\": {\"vi\": \"A\"}, \"max\": \"5\", \"weight\": "    \
  "\"1\", \"op\": \"index\", \"assessor\": \"index\", \"of\": \"%s\", "        \
  "\"value\": \"percent\", \"scale\": \"100\", \"provenance\": {\"name\": "    \
  "\"published\", \"points\": \"published\"}, \"source\": \"t\"}, {\"id\": "   \
  "\"2\", \"parent\": \"index\", \"kind\": \"criterion\", \"title\": "         \
  "{\"vi\": \"A\"}, \"max\": \"5\", \"weight\": \"1\", \"op\": \"manual\", "   \
  "\"assessor\": \"self\", \"provenance\": {\"name\": \"published\", "         \
  "\"points\": \"published\"}, \"source\": \"t\"}]}"

static bool build_taking(const folder *out, const char *id, const char *of) {
  char text[4096], path[PATH_ROOM], name[40], plugin[40];
  chiso_error err = { 0 };
  snprintf(text, sizeof text, TAKING, id, of);
  snprintf(name, sizeof name, "%s.json", id);
  snprintf(plugin, sizeof plugin, "p-%s", id + strlen("vn.zoo."));
  const char *indices[] = { in_folder(out, name, path) };
  chiso_build_options options = { .id = plugin,
                                  .version = "1.0.0",
                                  .license = "CC0-1.0",
                                  .indices = indices,
                                  .n_indices = 1,
                                  .out_dir = out->path,
                                  .include_dir = INCLUDE_DIR };
  return put_text(out, name, text) &&
         good(chiso_build(&options, NULL, &err), &err);
}

static void test_cycles(void) {
  folder plugins = folder_make();
  MUST(build_taking(&plugins, "vn.zoo.a", "vn.zoo.b/index"));
  MUST(build_taking(&plugins, "vn.zoo.b", "vn.zoo.a/2"));
  MUST(build_taking(&plugins, "vn.zoo.c", "vn.zoo.a/2"));
  MUST(build_taking(&plugins, "vn.zoo.d", "vn.not.there/index"));
  MUST(build_taking(&plugins, "vn.zoo.e", "vn.zoo.d/2"));
  MUST(build_taking(&plugins, "vn.zoo.f", "vn.zoo.e/7"));
  static const char *const bad[][2] = {
    { "vn.zoo.a", "vn.zoo.a/2020 -> vn.zoo.b/2020 -> vn.zoo.a/2020" },
    { "vn.zoo.b", "vn.zoo.b/2020 -> vn.zoo.a/2020 -> vn.zoo.b/2020" },
    { "vn.zoo.c", "vn.zoo.a/2020 -> vn.zoo.b/2020 -> vn.zoo.a/2020" },
    { "vn.zoo.f", "node 7" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    sample s = { .plugins = plugins.path,
                 .tables = { "unit,node,points\n66,2,3\n" } };
    CU_ASSERT_EQUAL(begin(&s, bad[i][0], "2020"), CHISO_BAD_DATA);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err.text, bad[i][1]));
    end(&s);
  }
  sample s = { .plugins = plugins.path,
               .tables = { "unit,node,points,index\n66,2,3,\n"
                           "66,2,4,vn.zoo.d\n" } };
  MUST(begin(&s, "vn.zoo.e", "2020") == CHISO_OK);
  CU_ASSERT_EQUAL(points_of(&s, "66", "index"), 7 * ONE);
  end(&s);
  sample t = { .plugins = plugins.path,
               .tables = { "unit,node,points\n66,2,3\n" } };
  MUST(begin(&t, "vn.zoo.d", "2020") == CHISO_OK);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(chiso_run_dependency(t.run, 0, CHISO_LANG_EN),
             "vn.not.there, round 2020: no edition is installed"));
  CU_ASSERT_EQUAL(state_of(&t, "66", "index"), CHISO_STATE_INCOMPLETE);
  CU_ASSERT_EQUAL(chiso_run_rank(t.run, 0, scored_of(&t, "66")), 0);
  end(&t);
  folder_remove(&plugins);
}

/* ---- order ----------------------------------------------------------------
 */

static char *read_whole(const char *path) {
  chiso__arena arena = { 0 };
  const char *text;
  size_t size;
  char *copy = NULL;
  if (chiso__file_read(&arena, path, CHISO__LIMIT_TABLE, false, &text, &size,
                       NULL) == CHISO_OK &&
      (copy = malloc(size + 1)))
    memcpy(copy, text, size + 1);
  chiso__arena_free(&arena);
  return copy;
}

/* Shuffles the lines after the first, in place. */
static void shuffle(char *text, uint64_t *seed) {
  size_t count = 0, size = strlen(text);
  char **lines = malloc((size + 1) * sizeof *lines);
  char *copy = malloc(size + 1), *to = text;
  if (lines && copy) {
    memcpy(copy, text, size + 1);
    for (char *s = copy; *s; s += strcspn(s, "\n"), s += *s == '\n')
      lines[count++] = s;
    for (size_t i = count - 1; i > 1; i--) {
      size_t k = 1 + xorshift(seed) % i;
      char *other = lines[i];
      lines[i] = lines[k];
      lines[k] = other;
    }
    for (size_t i = 0; i < count; i++) {
      size_t n = strcspn(lines[i], "\n");
      memcpy(to, lines[i], n);
      to[n] = '\n';
      to += n + 1;
    }
  }
  free(lines);
  free(copy);
}

static void test_order(void) {
  char *text = read_whole(SHARE_DIR "/published/vn.papi.province/2018/"
                                    "2018.indicators.observations.csv");
  MUST(text != NULL);
  uint64_t seed = 20181122;
  sample first = { .tables = { text } };
  MUST(begin(&first, PAPI "/2018", "2018") == CHISO_OK);
  const chiso_scores *want = chiso_run_scores(first.run);
  uint32_t n_nodes =
      chiso_methodology_index(chiso_run_methodology(first.run))->n_nodes;
  for (int i = 0; i < 3; i++) {
    shuffle(text, &seed);
    sample s = { .tables = { text } };
    MUST(begin(&s, PAPI "/2018", "2018") == CHISO_OK);
    const chiso_scores *got = chiso_run_scores(s.run);
    size_t n = n_nodes * want->n;
    CU_ASSERT_EQUAL(memcmp(got->points, want->points, n * sizeof(chiso_dec)),
                    0);
    CU_ASSERT_EQUAL(memcmp(got->state, want->state, n), 0);
    for (size_t u = 0; u < want->n; u++)
      CU_ASSERT_EQUAL(chiso_run_rank(s.run, 0, u),
                      chiso_run_rank(first.run, 0, u));
    end(&s);
  }
  end(&first);
  free(text);
}

/* ---- memory ---------------------------------------------------------------
 */

/* Only the n-th request fails, for every n: what comes after must not hide
 * that. */
typedef struct once {
  counting count;
  long left;
} once;

static void *once_resize(void *user, void *block, size_t size) {
  once *o = user;
  if (size > 0 && o->left-- == 0)
    return NULL;
  return counting_resize(&o->count, block, size);
}

/* A whole small run in which the n-th request fails, and all after it or it
 * alone. */
static void test_short_memory(void) {
  static const char *const tables[] = {
    "unit,node,value,points,index\n66,index,,85,vn.sipas.province\n"
    "TP. Huế,1,,3,\n01,8.1,80,,\n",
    "unit,node,points\nx,1,1\n66,9,1\n66,1,99\n66,2,1\n66,2,1\n",
  };
  for (size_t i = 0; i < 4; i++) {
    chiso_status status = CHISO_NO_MEMORY;
    long n = 0;
    for (; n < 20000 && status == CHISO_NO_MEMORY; n++) {
      once o = { { .left = i < 2 ? n : -1 }, n };
      chiso_allocator allocator = { i < 2 ? counting_resize : once_resize, &o };
      sample s = { .allocator = &allocator,
                   .tables = { tables[i % 2] },
                   .units = "unit,name_vi\n66,Đắk Lắk\n01,Hà Nội\n"
                            "47,Thành phố Huế\n" };
      status = begin(&s, PAR, "2024");
      end(&s);
      CU_ASSERT_EQUAL(o.count.live, 0);
    }
    CU_ASSERT_EQUAL(status, i % 2 ? CHISO_BAD_DATA : CHISO_OK);
    CU_ASSERT(n > 50);
  }
}

SUITE_MAIN({ "rounds", test_rounds }, { "units", test_units },
           { "shipped", test_shipped }, { "taken", test_taken },
           { "lacking", test_lacking }, { "cycles", test_cycles },
           { "order", test_order }, { "short memory", test_short_memory })
