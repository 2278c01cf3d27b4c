/* SPDX-License-Identifier: Apache-2.0
 * Rounds: random exemptions, bonus and penalty against sums made by hand; the
 * sample of the documentation read and scored; memory that runs out. */
#include <stdarg.h>

#include "chiso/round.h"
#include "fill.h"
#include "fixture.h"
#include "host_fixture.h"

#define AREAS  5
#define LEAVES 4 /* of each area; the last two areas are bonus and penalty */
#define UNITS  6
#define ROUNDS 400

/* What a random round says, and the points in it, in thousandths. */
typedef struct world {
  uint64_t seed;
  folder at;
  chiso_store *store;
  char ini[8000], csv[8000];
  size_t ini_size, csv_size;
  bool out[UNITS][AREAS][LEAVES], fixed[UNITS][AREAS][LEAVES];
  long points[UNITS][AREAS][LEAVES]; /* -1: not entered */
  long bonus_most, penalty_most, least, most;
} world;

static uint32_t below(world *w, size_t n) {
  return (uint32_t)((xorshift(&w->seed) >> 11) % n);
}

static void put(char *text, size_t *size, const char *format, ...)
    CHISO_PRINTF(3, 4);
static void put(char *text, size_t *size, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(text + *size, 8000 - *size, format, args);
  va_end(args);
  *size += n > 0 ? (size_t)n : 0;
}

#define AREA_MAX 10 /* points of each leaf */

static bool put_methodology(const world *w) {
  char text[12000];
  size_t size = 0;
  size += (size_t)snprintf(
      text, sizeof text,
      "{\"format\":1,\"id\":\"t.round\",\"edition\":\"1\",\"level\":"
      "\"commune\",\"title\":{\"vi\":\"T\"},\"rounds\":{\"first\":2020},"
      "\"units\":\"t/1\",\"digits\":3,\"rank\":{\"by\":\"percent\",\"ties\":"
      "\"shared\"},\"scope\":\"internal\",\"legal\":[{\"key\":\"q\","
      "\"instrument\":\"Q\",\"title\":\"Q\",\"issued\":\"2020\"}],\"nodes\":["
      "{\"id\":\"index\",\"kind\":\"index\",\"title\":{\"vi\":\"T\"},"
      "\"max\":\"%d\",\"weight\":\"1\",\"op\":\"sum\",\"provenance\":{"
      "\"name\":\"official\",\"points\":\"official\"},\"source\":\"t\"}",
      (AREAS - 2) * LEAVES * AREA_MAX);
  for (int a = 0; a < AREAS; a++) {
    size += (size_t)snprintf(
        text + size, sizeof text - size,
        ",{\"id\":\"%d\",\"parent\":\"index\",\"kind\":\"area\",\"title\":{"
        "\"vi\":\"T\"},\"max\":\"%d\",\"weight\":\"%d\",\"op\":\"sum\","
        "\"provenance\":{\"name\":\"official\",\"points\":\"official\"},"
        "\"source\":\"t\"}",
        a, LEAVES * AREA_MAX, a < AREAS - 2);
    for (int l = 0; l < LEAVES; l++)
      size += (size_t)snprintf(
          text + size, sizeof text - size,
          ",{\"id\":\"%d.%d\",\"parent\":\"%d\",\"kind\":\"criterion\","
          "\"title\":{\"vi\":\"T\"},\"max\":\"%d\",\"weight\":\"1\",\"op\":"
          "\"manual\",\"assessor\":\"%s\",\"provenance\":{\"name\":"
          "\"official\",\"points\":\"official\"},\"source\":\"t\"}",
          a, l, a, AREA_MAX, l == 0 ? "survey" : "self");
  }
  snprintf(text + size, sizeof text - size, "]}");
  return put_text(&w->at, "set.json", text) &&
         put_text(&w->at, "units.csv",
                  "unit,name_vi\n0,A\n1,B\n2,C\n3,D\n4,E\n5,F\n");
}

static void exempt(world *w, int number) {
  uint32_t area = below(w, AREAS), kind = below(w, 3), leaf = below(w, LEAVES);
  bool all = below(w, 5) == 0, first = true;
  put(w->ini, &w->ini_size, "[exempt %d]\n", number);
  if (kind == 0)
    put(w->ini, &w->ini_size, "methods = survey\n");
  else if (kind == 1)
    put(w->ini, &w->ini_size, "nodes = %u\n", (unsigned)area);
  else
    put(w->ini, &w->ini_size, "nodes = %u.%u\n", (unsigned)area,
        (unsigned)leaf);
  if (!all)
    put(w->ini, &w->ini_size, "units = ");
  for (int u = 0; u < UNITS; u++) {
    if (!all && below(w, 3) != 0 && !(first && u == UNITS - 1))
      continue;
    if (!all)
      put(w->ini, &w->ini_size, "%s%d", first ? "" : ", ", u);
    first = false;
    for (uint32_t a = 0; a < AREAS; a++)
      for (uint32_t l = 0; l < LEAVES; l++)
        w->out[u][a][l] |= kind == 0   ? l == 0
                           : kind == 1 ? a == area
                                       : a == area && l == leaf;
  }
  put(w->ini, &w->ini_size, "\n");
}

/* One leaf of some units, or of all, which then have the same points. */
static void fix(world *w, int number) {
  uint32_t a = below(w, AREAS), l = below(w, LEAVES);
  long points = (long)below(w, 10001);
  bool all = below(w, 3) == 0;
  for (int u = 0; u < UNITS; u++)
    if (w->fixed[u][a][l])
      return;
  put(w->ini, &w->ini_size, "[entry %d]\nnode = %u.%u\nvalue = %ld.%03ld\n",
      number, (unsigned)a, (unsigned)l, points / 1000, points % 1000);
  for (int u = 0; u < UNITS; u++) {
    if (!all && u != number)
      continue;
    w->fixed[u][a][l] = true;
    w->points[u][a][l] = points;
  }
  if (!all)
    put(w->ini, &w->ini_size, "units = %d\n", number);
}

static long cap(world *w, const char *key) {
  if (below(w, 2) == 0)
    return -1;
  long most = below(w, 40);
  put(w->ini, &w->ini_size, "%s = %ld\n", key, most);
  return most * 1000;
}

static void make(world *w) {
  memset(w->out, 0, sizeof w->out);
  memset(w->fixed, 0, sizeof w->fixed);
  w->ini_size = w->csv_size = 0;
  put(w->ini, &w->ini_size,
      "[round]\nid = t\nround = 2024\ntitle_vi = T\n[group all]\n"
      "title_vi = T\nmethodology = set.json\nunits = units.csv\n");
  w->bonus_most = cap(w, "bonus_most");
  w->penalty_most = cap(w, "penalty_most");
  w->least = below(w, 3) ? -1 : 20000;
  w->most = below(w, 3) ? -1 : 90000;
  if (w->least >= 0)
    put(w->ini, &w->ini_size, "least = 20\n");
  if (w->most >= 0)
    put(w->ini, &w->ini_size, "most = 90\n");
  put(w->ini, &w->ini_size, "[bonus 1]\nnodes = %d\n[penalty 1]\nnodes = %d\n",
      AREAS - 2, AREAS - 1);
  for (uint32_t i = below(w, 5); i > 0; i--)
    exempt(w, (int)i);
  for (int u = 0; u < UNITS; u++)
    for (int a = 0; a < AREAS; a++)
      for (int l = 0; l < LEAVES; l++)
        w->points[u][a][l] =
            a >= AREAS - 2 && below(w, 3) == 0 ? -1 : (long)below(w, 10001);
  for (uint32_t i = below(w, 4); i > 0; i--)
    fix(w, (int)i);
  put(w->csv, &w->csv_size, "unit,node,value\n");
  for (int u = 0; u < UNITS; u++)
    for (int a = 0; a < AREAS; a++)
      for (int l = 0; l < LEAVES; l++) {
        /* a table may say the same */
        bool row = !w->fixed[u][a][l] || below(w, 2) == 0;
        if (row && !w->out[u][a][l] && w->points[u][a][l] >= 0)
          put(w->csv, &w->csv_size, "%d,%d.%d,%ld.%03ld\n", u, a, l,
              w->points[u][a][l] / 1000, w->points[u][a][l] % 1000);
      }
}

/* Points of an area that count, and their maximum. */
static long sum_of(const world *w, int u, int a, long *max) {
  long sum = 0;
  for (int l = 0; l < LEAVES; l++) {
    if (w->out[u][a][l])
      continue;
    *max += AREA_MAX * 1000;
    sum += w->points[u][a][l] > 0 ? w->points[u][a][l] : 0;
  }
  return sum;
}

static void check(const world *w, const chiso_run *run) {
  const chiso_scores *s = chiso_run_scores(run);
  for (int u = 0; u < UNITS; u++) {
    long max = 0, total = 0, none = 0;
    for (int a = 0; a < AREAS - 2; a++)
      total += sum_of(w, u, a, &max);
    long bonus = sum_of(w, u, AREAS - 2, &none);
    long penalty = sum_of(w, u, AREAS - 1, &none);
    if (w->bonus_most >= 0 && bonus > w->bonus_most)
      bonus = w->bonus_most;
    if (w->penalty_most >= 0 && penalty > w->penalty_most)
      penalty = w->penalty_most;
    total += bonus - penalty;
    if (w->most >= 0 && total > w->most)
      total = w->most;
    if (w->least >= 0 && total < w->least)
      total = w->least;
    chiso_dec b, p;
    chiso_run_extras(run, (size_t)u, &b, &p);
    if (max == 0) {
      CU_ASSERT_EQUAL(s->state[u], CHISO_STATE_NOT_APPLICABLE);
      continue;
    }
    CU_ASSERT_EQUAL(s->points[u], total * 1000);
    CU_ASSERT_EQUAL(s->max[u], max * 1000);
    CU_ASSERT_EQUAL(b, bonus * 1000);
    CU_ASSERT_EQUAL(p, penalty * 1000);
    /* percent with three digits, half away from zero */
    long long n = (long long)total * 100000, half = max / 2;
    long long percent = (n + (n < 0 ? -half : half)) / max;
    CU_ASSERT_EQUAL(chiso_percent(chiso_run_program(run), s, 0, (size_t)u),
                    percent * 1000);
  }
}

static chiso_status score(const world *w, const chiso_allocator *allocator,
                          bool checked) {
  char path[PATH_ROOM], table[PATH_ROOM];
  const char *data[] = { in_folder(&w->at, "data.csv", table) };
  chiso_round *round = NULL;
  chiso_run *run = NULL;
  chiso_error err = { 0 };
  chiso_status status = chiso_round_read(in_folder(&w->at, "round.ini", path),
                                         (chiso_date) { 0, 0, 0 }, w->store,
                                         allocator, &round, &err);
  if (status == CHISO_OK)
    status = chiso_round_run(round, 0, NULL, data, 1, allocator, &run, &err);
  if (status != CHISO_OK && checked)
    fprintf(stderr, "\n    %s:%llu: %s\n", err.file,
            (unsigned long long)err.line, err.text);
  if (status == CHISO_OK && checked)
    check(w, run);
  chiso_run_free(run);
  chiso_round_free(round);
  return status;
}

static bool open_world(world *w) {
  const chiso_store_options places = { .share_dir = BUILD_DIR "/share/chiso" };
  chiso_error err = { 0 };
  *w = (world) { .seed = 20260101, .at = folder_make() };
  return put_methodology(w) && chiso_store_open(&places, CHISO_LANG_EN, NULL,
                                                &w->store, &err) == CHISO_OK;
}

static void close_world(world *w) {
  chiso_store_free(w->store);
  folder_remove(&w->at);
}

static bool write_world(world *w) {
  make(w);
  return put_text(&w->at, "round.ini", w->ini) &&
         put_text(&w->at, "data.csv", w->csv);
}

static void test_random(void) {
  static world w;
  MUST(open_world(&w));
  for (int i = 0; i < ROUNDS; i++) {
    CU_ASSERT(write_world(&w));
    CU_ASSERT_EQUAL(score(&w, NULL, true), CHISO_OK);
  }
  close_world(&w);
}

/* A bonus of which not all was entered: of a case only the chosen branch, and
 * nothing that is only shown. */
static void test_partial_bonus(void) {
#define ROW(id, parent, kind, max, weight, rest)                               \
  "{\"id\":\"" id "\"," parent "\"kind\":\"" kind "\",\"title\":{\"vi\":"      \
  "\"T\"},\"max\":\"" max "\",\"weight\":\"" weight "\"," rest                 \
  ",\"provenance\":{\"name\":\"official\",\"points\":\"official\"},"           \
  "\"source\":\"t\"}"
#define IN(parent) "\"parent\":\"" parent "\","
  static const char set[] =
      "{\"format\":1,\"id\":\"t.bonus\",\"edition\":\"1\",\"level\":"
      "\"commune\",\"title\":{\"vi\":\"T\"},\"rounds\":{\"first\":2020},"
      "\"units\":\"t/1\",\"digits\":3,\"rank\":{\"by\":\"points\",\"ties\":"
      "\"shared\"},\"scope\":\"internal\",\"legal\":[{\"key\":\"q\","
      "\"instrument\":\"Q\",\"title\":\"Q\",\"issued\":\"2020\"}],\"nodes\":"
      "[" ROW("index", "", "index", "10", "1", "\"op\":\"sum\"") "," ROW("a", IN("index"), "area", "10", "1", "\"op\":\"manual\"") "," ROW(
          "t", IN("index"), "area", "9",
          "0", "\"op\":\"sum\"") "," ROW("c", IN("t"), "criterion", "7", "1",
                                         "\"op\":\"case\"") "," ROW("b1",
                                                                    IN("c"),
                                                                    "branch",
                                                                    "7", "1",
                                                                    "\"op\":"
                                                                    "\"sum\","
                                                                    "\"when\":"
                                                                    "\"one\"") "," ROW("b1.1",
                                                                                       IN("b1"),
                                                                                       "subcriterion",
                                                                                       "4", "1", "\"op\":\"manual\"") "," ROW("b1.2", IN("b1"), "subcriterion", "3", "1", "\"op\":\"manual\"") "," ROW("b2", IN("c"), "branch", "5", "1", "\"op\":\"step\",\"when\":\"two\",\"otherwise\":\"5\"") "," ROW("d",
                                                                                                                                                                                                                                                                                                          IN("t"),
                                                                                                                                                                                                                                                                                                          "criterion", "2", "1", "\"op\":\"manual\"") "," ROW("shown", IN("t"), "criterion", "6",
                                                                                                                                                                                                                                                                                                                                                              "0",
                                                                                                                                                                                                                                                                                                                                                              "\"op\":\"manual\"") "]}";
#undef ROW
#undef IN
  static world w;
  chiso_round *round = NULL;
  chiso_run *run = NULL;
  chiso_error err = { 0 };
  char path[PATH_ROOM], table[PATH_ROOM];
  MUST(open_world(&w));
  CU_ASSERT(put_text(&w.at, "set.json", set));
  CU_ASSERT(put_text(&w.at, "round.ini",
                     "[round]\nid = t\nround = 2024\ntitle_vi = T\n"
                     "[group all]\ntitle_vi = T\nmethodology = set.json\n"
                     "units = units.csv\nmembers = 0\n[bonus 1]\nnodes = t\n"));
  CU_ASSERT(put_text(&w.at, "data.csv",
                     "unit,node,value\n0,a,10\n0,c,one\n0,b1.1,4\n"
                     "0,d,2\n0,shown,6\n"));
  const char *data[] = { in_folder(&w.at, "data.csv", table) };
  chiso_status status =
      chiso_round_read(in_folder(&w.at, "round.ini", path),
                       (chiso_date) { 0, 0, 0 }, w.store, NULL, &round, &err);
  if (status == CHISO_OK)
    status = chiso_round_run(round, 0, NULL, data, 1, NULL, &run, &err);
  if (status != CHISO_OK)
    fprintf(stderr, "\n    %s:%llu: %s\n", err.file,
            (unsigned long long)err.line, err.text);
  CU_ASSERT_EQUAL(status, CHISO_OK);
  if (status == CHISO_OK) {
    chiso_dec bonus, penalty;
    chiso_run_extras(run, 0, &bonus, &penalty);
    CU_ASSERT_EQUAL(bonus, 6 * CHISO_DEC_ONE);
    CU_ASSERT_EQUAL(chiso_run_scores(run)->points[0], 16 * CHISO_DEC_ONE);
  }
  chiso_run_free(run);
  chiso_round_free(round);
  close_world(&w);
}

static void test_memory(void) {
  static world w;
  MUST(open_world(&w));
  CU_ASSERT(write_world(&w));
  size_t failures = 0;
  chiso_status status = CHISO_NO_MEMORY;
  /* the store keeps what it has read: with its own allocator */
  CU_ASSERT_EQUAL(score(&w, NULL, true), CHISO_OK);
  for (long left = 0; left < 4000 && status == CHISO_NO_MEMORY; left++) {
    counting c = { .left = left };
    chiso_allocator allocator = counting_allocator(&c);
    status = score(&w, &allocator, false);
    CU_ASSERT_EQUAL(c.live, 0);
    failures += status == CHISO_NO_MEMORY;
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  CU_ASSERT(failures > 20);
  close_world(&w);
}

SUITE_MAIN({ "random rounds", test_random },
           { "a bonus entered in part", test_partial_bonus },
           { "memory", test_memory })
