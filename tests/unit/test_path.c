/* SPDX-License-Identifier: Apache-2.0
 * The cheapest improvements, against all that there are. */
#include <stdarg.h>

#include "path_fixture.h"

#define UNITS "unit,name_vi\nu0,U0\nu1,U1\nu2,U2\nu3,U3\nu4,U4\nu5,U5\n"

static chiso_error err;
static folder where;
static char path_of[3][PATH_ROOM];

static chiso_store *open_store(void) {
  static const char *const dirs[] = { PLUGIN_DIR };
  chiso_store_options places = { .plugin_dirs = dirs,
                                 .n_plugin_dirs = 1,
                                 .share_dir = SHARE_DIR,
                                 .no_worker = true };
  chiso_store *store = NULL;
  CU_ASSERT_EQUAL(chiso_store_open(&places, CHISO_LANG_EN, NULL, &store, &err),
                  CHISO_OK);
  return store;
}

static chiso_run *run_of(chiso_store *store, const drawn *d) {
  const char *data = path_of[1];
  chiso_run *run = NULL;
  /* A store keeps what it has read: each methodology has a path of its own. */
  static unsigned number;
  char name[32];
  snprintf(name, sizeof name, "index-%u.json", number++);
  (void)in_folder(&where, name, path_of[0]);
  (void)in_folder(&where, "data.csv", path_of[1]);
  char units[PATH_ROOM];
  chiso_run_options o = { .methodology = path_of[0],
                          .round = "2020",
                          .units = in_folder(&where, "units.csv", units),
                          .data = &data,
                          .n_data = 1 };
  if (!put_text(&where, name, d->index) ||
      !put_text(&where, "data.csv", d->data) ||
      !put_text(&where, "costs.csv", d->costs) ||
      !put_text(&where, "units.csv", UNITS))
    return NULL;
  (void)in_folder(&where, "costs.csv", path_of[2]);
  if (chiso_run_new(store, &o, NULL, &run, &err) != CHISO_OK) {
    (void)fprintf(stderr, "%s\n", err.text);
    chiso_run_free(run);
    return NULL;
  }
  return run;
}

/* ---- all there are --------------------------------------------------------
 */

/* The different points of a leaf at or above those it has. */
typedef struct choices {
  chiso_dec points[64], cost[64];
  int64_t raw[64];
  uint32_t slot;
  size_t n;
} choices;

static chiso_dec cell(const char *text, unsigned column) {
  for (; column > 0 && text; column--)
    text = strchr(text, ',') ? strchr(text, ',') + 1 : NULL;
  if (!text || *text == ',' || *text == '\n' || !*text)
    return CHISO_NONE;
  return (chiso_dec)(strtod(text, NULL) * 10 + 0.5) * 100000;
}

static void price_of(const drawn *d, const char *id, chiso_dec out[4]) {
  char line[64];
  const char *at = d->costs;
  out[0] = out[1] = out[2] = out[3] = CHISO_NONE;
  if (!*d->costs) {
    out[0] = CHISO_DEC_ONE;
    return;
  }
  snprintf(line, sizeof line, "\n%s,", id);
  at = strstr(at, line);
  for (unsigned k = 0; at && k < 4; k++)
    out[k] = cell(at + 1, k + 1);
}

typedef struct brute {
  const chiso_run *run;
  const drawn *d;
  size_t unit;
  chiso_entries entries;
  chiso_scores scores;
  choices of[MOST_LEAF];
  const chiso_path_options *goal;
  chiso_dec figures[N_UNITS];
  bool found;
  chiso_dec cost, figure;
  size_t leaves;
  uint32_t start;
} brute;

static chiso_dec score(brute *b) {
  const chiso_program *p = chiso_run_program(b->run);
  chiso_score(p, &b->entries, &b->scores);
  return chiso_ranked_figure(p, &b->scores, 0, b->unit);
}

static void find_choices(brute *b, size_t leaf) {
  const chiso_methodology *m = chiso_run_methodology(b->run);
  const chiso_program *p = chiso_run_program(b->run);
  choices *c = &b->of[leaf];
  char id[48];
  chiso_dec price[4];
  snprintf(id, sizeof id, "%zu.%zu", leaf / 2 + 1, leaf % 2 + 1);
  price_of(b->d, id, price);
  uint32_t node = chiso_methodology_find(m, id);
  bool manual = b->d->kind[leaf] == 7;
  int64_t step = 1, most = b->d->kind[leaf] == 0 ? 3 : 12;
  c->slot = chiso_program_slot(p, node);
  size_t at = c->slot * b->entries.n + b->unit;
  int64_t raw = b->entries.value[at];
  if (manual) {
    unsigned digits = chiso_methodology_index(m)->nodes[node].inputs->digits;
    for (most = 2; digits > 0; digits--)
      most *= 10;
    step = most;
  }
  chiso_dec now =
      chiso_run_scores(b->run)->points[node * b->scores.n + b->unit];
  c->points[0] = now;
  c->raw[0] = raw;
  c->cost[0] = 0;
  c->n = 1;
  for (int64_t r = 0; r <= most && price[0] != CHISO_NONE; r += step) {
    chiso_trace t;
    b->entries.value[at] = r;
    (void)score(b);
    chiso_explain(p, &b->entries, &b->scores, node, b->unit, &t);
    b->entries.value[at] = raw;
    bool known = t.state != CHISO_STATE_SCORED || t.points <= now ||
                 t.reason == CHISO_REASON_ZERO_DEN ||
                 (price[1] != CHISO_NONE && t.points < price[1]) ||
                 (price[2] != CHISO_NONE && t.points > price[2]);
    for (size_t k = 0; k < c->n; k++)
      known = known || c->points[k] == t.points;
    if (known)
      continue;
    c->points[c->n] = t.points;
    c->raw[c->n] = r;
    (void)chiso_muldiv(price[0], t.points - now, CHISO_DEC_ONE, &c->cost[c->n]);
    c->cost[c->n++] += price[3] == CHISO_NONE ? 0 : price[3];
  }
}

static uint32_t rank_in(const brute *b) {
  uint32_t ranks[N_UNITS];
  (void)chiso_rank(b->figures, N_UNITS, ranks, NULL, NULL);
  return ranks[b->unit];
}

static bool reaches(brute *b, chiso_dec figure) {
  uint32_t grades[N_UNITS];
  const chiso_grading *g = chiso_run_grading(b->run);
  b->figures[b->unit] = figure;
  switch (b->goal->goal) {
  case CHISO_PATH_GAIN:
    return rank_in(b) + b->goal->number <= b->start;
  case CHISO_PATH_RANK:
    return rank_in(b) <= b->goal->number;
  case CHISO_PATH_POINTS:
    return figure >=
           (chiso_dec)(strtod(b->goal->points, NULL) * 100 + 0.5) * 10000;
  case CHISO_PATH_OVERTAKE:
    return figure > b->figures[b->goal->other];
  default:
    (void)chiso_grade_units(g, b->figures, N_UNITS, grades, NULL, NULL, NULL);
    return grades[b->unit] <= (uint32_t)(*b->goal->grade - 'A');
  }
}

static void try_all(brute *b) {
  size_t at[MOST_LEAF] = { 0 };
  for (;;) {
    chiso_dec cost = 0;
    size_t leaves = 0, k = 0;
    for (size_t i = 0; i < b->d->leaves; i++) {
      b->entries.value[b->of[i].slot * b->entries.n + b->unit] =
          b->of[i].raw[at[i]];
      cost += b->of[i].cost[at[i]];
      leaves += at[i] > 0;
    }
    if (!b->found || cost < b->cost ||
        (cost == b->cost && leaves <= b->leaves)) {
      chiso_dec figure = score(b);
      if (reaches(b, figure) && (!b->found || cost < b->cost ||
                                 leaves < b->leaves || figure > b->figure)) {
        b->found = true;
        b->cost = cost;
        b->leaves = leaves;
        b->figure = figure;
      }
    }
    while (k < b->d->leaves && ++at[k] == b->of[k].n)
      at[k++] = 0;
    if (k == b->d->leaves)
      return;
  }
}

static bool brute_force(brute *b) {
  const chiso_program *p = chiso_run_program(b->run);
  const chiso_entries *e = chiso_run_entries(b->run);
  if (chiso_entries_new(p, N_UNITS, NULL, &b->entries, &err) != CHISO_OK ||
      chiso_scores_new(p, N_UNITS, NULL, &b->scores, &err) != CHISO_OK)
    return false;
  memcpy(b->entries.value, e->value, e->slots * N_UNITS * sizeof *e->value);
  memcpy(b->entries.have, e->have, e->slots * N_UNITS);
  for (size_t u = 0; u < N_UNITS; u++)
    b->figures[u] = chiso_ranked_figure(p, chiso_run_scores(b->run), 0, u);
  b->start = rank_in(b);
  for (size_t i = 0; i < b->d->leaves; i++)
    find_choices(b, i);
  try_all(b);
  chiso_entries_free(&b->entries);
  chiso_scores_free(&b->scores);
  return true;
}

/* ---- random ---------------------------------------------------------------
 */

static void draw_goal(drawn *d, chiso_path_options *o) {
  static const char *const grades[] = { "A", "B", "C" };
  static char points[8];
  snprintf(points, sizeof points, "%u.%02u", pick(d, 10), pick(d, 100));
  *o = (chiso_path_options) { .unit = pick(d, N_UNITS),
                              .goal = (chiso_path_goal)(1 + pick(d, 5)),
                              .number = 1 + pick(d, 3),
                              .grade = grades[pick(d, 3)],
                              .points = points,
                              .other = pick(d, N_UNITS),
                              .costs = *d->costs ? path_of[2] : NULL };
}

typedef struct tally {
  size_t tried, found, none, refused, steps, unproven;
} tally;

static void hold_against(const chiso_run *run, drawn *d, chiso_path_options *o,
                         tally *t) {
  brute b = { .run = run, .d = d, .unit = o->unit, .goal = o };
  chiso_path *path = NULL;
  chiso_status status = chiso_path_new(run, o, NULL, &path, &err);
  if (status == CHISO_USAGE) {
    t->refused++;
    return;
  }
  CU_ASSERT(status == CHISO_OK || status == CHISO_NO);
  MUST(path && brute_force(&b));
  t->tried++;
  CU_ASSERT_EQUAL(status == CHISO_OK, b.found);
  if (status == CHISO_OK && b.found) {
    chiso_path_plan plan = chiso_path_plan_of(path);
    t->found++;
    t->steps += plan.steps;
    t->unproven += plan.proof == CHISO_PATH_UNPROVEN;
    CU_ASSERT(plan.bound <= b.cost);
    if (plan.proof != CHISO_PATH_UNPROVEN) {
      CU_ASSERT_EQUAL(plan.cost, b.cost);
      CU_ASSERT_EQUAL(plan.bound, plan.cost);
    }
    if (o->method == CHISO_PATH_EITHER) {
      CU_ASSERT_EQUAL(plan.cost, b.cost);
      CU_ASSERT_EQUAL(plan.steps, b.leaves);
      CU_ASSERT_EQUAL(plan.after.figure, b.figure);
      CU_ASSERT_EQUAL(plan.proof, CHISO_PATH_PROVEN_EXACT);
    }
  }
  t->none += status == CHISO_NO;
  chiso_path_free(path);
}

static void random_cases(unsigned cases, chiso_path_method method, tally *t) {
  uint64_t seed = 1149;
  chiso_store *store = open_store();
  static drawn d;
  where = folder_make();
  for (unsigned i = 0; i < cases; i++) {
    draw(&d, &seed);
    chiso_run *run = run_of(store, &d);
    MUST(run != NULL);
    for (int k = 0; k < 8; k++) {
      chiso_path_options o;
      draw_goal(&d, &o);
      o.method = method;
      hold_against(run, &d, &o, t);
    }
    chiso_run_free(run);
  }
  chiso_store_free(store);
  folder_remove(&where);
}

static void test_exact(void) {
  tally t = { 0 };
  random_cases(500, CHISO_PATH_EITHER, &t);
  CU_ASSERT(t.tried > 2000 && t.found > 1000 && t.none > 200);
  CU_ASSERT(t.refused > 100 && t.steps > 2000);
}

static void test_programme(void) {
  tally t = { 0 };
  random_cases(60, CHISO_PATH_PROGRAMME, &t);
  CU_ASSERT(t.tried > 200 && t.found > 100);
}

/* ---- as large as PAR INDEX ------------------------------------------------
 */

#define WIDE_AREAS  8
#define WIDE_LEAVES 13 /* of an area */
#define WIDE        (WIDE_AREAS * WIDE_LEAVES)
#define HUNDREDTHS  (WIDE * 200 + 1)

/* Choices of hundredths under plain sums, ranked by points. */
static void draw_wide(drawn *d, uint64_t *seed) {
  d->seed = seed;
  *d->index = *d->data = *d->costs = 0;
  add_text(d->index,
           "{\"format\": 1, \"id\": \"x.wide\", \"edition\": \"2020\", "
           "\"level\": \"province\", \"title\": {\"vi\": \"T\"}, "
           "\"rounds\": {\"first\": 2020, \"last\": 2020}, \"units\": "
           "\"u\", \"digits\": 2, \"rank\": {\"by\": \"points\", "
           "\"ties\": \"shared\"}, \"legal\": [{\"key\": \"a\", "
           "\"instrument\": \"1\"}], \"nodes\": [{\"id\": \"index\", "
           "\"kind\": \"index\", \"title\": {\"vi\": \"T\"}, \"max\": "
           "\"%d\", \"weight\": \"1\", \"op\": \"sum\", " SMALL_TAIL,
           2 * WIDE);
  for (unsigned a = 1; a <= WIDE_AREAS; a++) {
    add_text(d->index,
             ",\n{\"id\": \"%u\", \"parent\": \"index\", \"kind\": "
             "\"area\", \"title\": {\"vi\": \"T\"}, \"max\": \"%d\", "
             "\"weight\": \"1\", \"op\": \"sum\", " SMALL_TAIL,
             a, 2 * WIDE_LEAVES);
    for (unsigned k = 1; k <= WIDE_LEAVES; k++)
      add_text(d->index,
               ",\n{\"id\": \"%u.%u\", \"parent\": \"%u\", \"kind\": "
               "\"criterion\", \"title\": {\"vi\": \"T\"}, \"max\": "
               "\"2\", \"weight\": \"1\", \"op\": \"choice\", "
               "\"steps\": [{\"key\": \"a\", \"points\": \"2\"}, "
               "{\"key\": \"b\", \"points\": \"1.%02u\"}, {\"key\": "
               "\"c\", \"points\": \"0.%02u\"}, {\"key\": \"d\", "
               "\"points\": \"0\"}], " SMALL_TAIL,
               a, k, a, pick(d, 100), 1 + pick(d, 99));
  }
  add_text(d->index, "]}\n");
  add_text(d->data, "unit,node,input,value\n");
  snprintf(d->costs, sizeof d->costs, "node,cost,fixed\n");
  for (unsigned leaf = 0; leaf < WIDE; leaf++) {
    unsigned a = leaf / WIDE_LEAVES + 1, k = leaf % WIDE_LEAVES + 1;
    size_t at = strlen(d->costs);
    for (unsigned u = 0; u < N_UNITS; u++)
      add_text(d->data, "u%u,%u.%u,,%c\n", u, a, k, "abcd"[pick(d, 4)]);
    snprintf(d->costs + at, sizeof d->costs - at, "%u.%u,%u.%u,0.%u\n", a, k,
             pick(d, 5), pick(d, 10), pick(d, 4));
  }
}

/* Least cost of each gain in hundredths, one leaf after another. */
static chiso_dec knapsack(const chiso_path *path, chiso_dec need) {
  static chiso_dec best[HUNDREDTHS], next[HUNDREDTHS];
  for (size_t g = 0; g < HUNDREDTHS; g++)
    best[g] = g ? INT64_MAX : 0;
  for (size_t l = 0; l < chiso_path_leaves(path); l++) {
    chiso_path_leaf leaf = chiso_path_leaf_at(path, l);
    memcpy(next, best, sizeof next);
    for (size_t k = 0; k < leaf.levels; k++) {
      chiso_path_level to = chiso_path_level_at(path, l, k);
      size_t gain = (size_t)((to.points - leaf.points) / 10000);
      for (size_t g = gain; g < HUNDREDTHS; g++)
        if (best[g - gain] != INT64_MAX && best[g - gain] + to.cost < next[g])
          next[g] = best[g - gain] + to.cost;
    }
    memcpy(best, next, sizeof best);
  }
  chiso_dec least = INT64_MAX;
  for (size_t g = (size_t)(need / 10000); g < HUNDREDTHS; g++)
    least = best[g] < least ? best[g] : least;
  return least;
}

static void test_wide(void) {
  uint64_t seed = 892;
  chiso_store *store = open_store();
  static drawn d;
  size_t proven = 0;
  where = folder_make();
  for (unsigned i = 0; i < 6; i++) {
    draw_wide(&d, &seed);
    chiso_run *run = run_of(store, &d);
    MUST(run != NULL);
    for (unsigned k = 0; k < 8; k++) {
      char points[24];
      size_t unit = pick(&d, N_UNITS);
      chiso_dec now = chiso_run_scores(run)->points[unit];
      chiso_dec need = (chiso_dec)(1 + pick(&d, 4000)) * 10000;
      snprintf(points, sizeof points, "%ld.%06ld",
               (long)((now + need) / CHISO_DEC_ONE),
               (long)((now + need) % CHISO_DEC_ONE));
      chiso_path_options o = { .unit = unit,
                               .goal = CHISO_PATH_POINTS,
                               .points = points,
                               .costs = k % 2 ? path_of[2] : NULL };
      chiso_path *path = NULL;
      CU_ASSERT_EQUAL(chiso_path_new(run, &o, NULL, &path, &err), CHISO_OK);
      MUST(path != NULL);
      chiso_dec least = knapsack(path, need);
      chiso_path_plan plan = chiso_path_plan_of(path);
      CU_ASSERT_EQUAL(plan.cost, least);
      CU_ASSERT_EQUAL(plan.proof, CHISO_PATH_PROVEN_EXACT);
      chiso_path_free(path);
      o.method = CHISO_PATH_PROGRAMME;
      CU_ASSERT_EQUAL(chiso_path_new(run, &o, NULL, &path, &err), CHISO_OK);
      plan = chiso_path_plan_of(path);
      CU_ASSERT(plan.bound <= least && plan.cost >= least);
      if (plan.proof == CHISO_PATH_PROVEN_PROGRAMME) {
        CU_ASSERT_EQUAL(plan.cost, least);
        proven++;
      }
      chiso_path_free(path);
    }
    chiso_run_free(run);
  }
  CU_ASSERT(proven > 40);
  chiso_store_free(store);
  folder_remove(&where);
}

/* ---- what is given, parts, surveys ----------------------------------------
 */

static chiso_path *published(chiso_store *store, const char *methodology,
                             const char *round, const char *code, bool surveys,
                             chiso_run **run, chiso_status *status) {
  chiso_run_options o = { .methodology = methodology, .round = round };
  chiso_path *path = NULL;
  *run = NULL;
  if (chiso_run_new(store, &o, NULL, run, &err) != CHISO_OK)
    return NULL;
  chiso_path_options p = { .goal = CHISO_PATH_GAIN,
                           .number = 1,
                           .surveys = surveys };
  size_t place = chiso_units_find(chiso_run_units(*run), code);
  while (p.unit < chiso_run_scored(*run) &&
         chiso_run_unit(*run, p.unit) != place)
    p.unit++;
  *status = chiso_path_new(*run, &p, NULL, &path, &err);
  return path;
}

/* Phú Thọ 2020 has 85.73 by four parts; Bà Rịa - Vũng Tàu above it 86.02. */
static void test_parts(void) {
  chiso_store *store = open_store();
  chiso_status status;
  chiso_run *run;
  chiso_path *path = published(store, "vn.par.province", "2020", "Phú Thọ",
                               false, &run, &status);
  MUST(path != NULL);
  chiso_path_plan plan = chiso_path_plan_of(path);
  chiso_path_step step = chiso_path_step_at(path, 0);
  CU_ASSERT_EQUAL(plan.cost, 290000);
  CU_ASSERT_EQUAL(plan.steps, 1);
  CU_ASSERT(plan.before.rank == 10 && plan.after.rank == 9);
  CU_ASSERT(step.overtaken == 0 && step.level == 1 && !step.had_raw);
  CU_ASSERT_EQUAL(chiso_path_leaves(path), 4);
  chiso_path_free(path);
  chiso_run_free(run);
  /* All of PAPI is a survey. */
  path =
      published(store, "vn.papi.province", "2024", "01", false, &run, &status);
  CU_ASSERT_EQUAL(status, CHISO_NO);
  for (size_t i = 0; path && i < chiso_path_leaves(path); i++)
    CU_ASSERT(chiso_path_leaf_at(path, i).left == CHISO_PATH_SURVEYED ||
              chiso_path_leaf_at(path, i).left == CHISO_PATH_ABSENT);
  chiso_path_free(path);
  chiso_run_free(run);
  path =
      published(store, "vn.papi.province", "2024", "01", true, &run, &status);
  CU_ASSERT_EQUAL(status, CHISO_OK);
  chiso_path_free(path);
  chiso_run_free(run);
  chiso_store_free(store);
}

/* What each rank costs never falls, and agrees with a search for that rank. */
static void test_frontier(void) {
  uint64_t seed = 766;
  chiso_store *store = open_store();
  static drawn d;
  size_t rows = 0;
  where = folder_make();
  for (unsigned i = 0; i < 40; i++) {
    draw(&d, &seed);
    chiso_run *run = run_of(store, &d);
    MUST(run != NULL);
    chiso_path_options o = { .unit = pick(&d, N_UNITS) };
    chiso_path *path = NULL;
    chiso_path_price *prices = NULL;
    size_t n = 0;
    CU_ASSERT_EQUAL(chiso_path_new(run, &o, NULL, &path, &err), CHISO_OK);
    MUST(path != NULL);
    CU_ASSERT_EQUAL(chiso_path_frontier(path, &prices, &n, &err), CHISO_OK);
    for (size_t k = 0; k < n; k++) {
      chiso_path *one = NULL;
      CU_ASSERT(k == 0 || (prices[k].cost >= prices[k - 1].cost &&
                           prices[k].rank < prices[k - 1].rank));
      o.goal = CHISO_PATH_RANK;
      o.number = prices[k].rank;
      CU_ASSERT_EQUAL(chiso_path_new(run, &o, NULL, &one, &err), CHISO_OK);
      CU_ASSERT_EQUAL(chiso_path_plan_of(one).cost, prices[k].cost);
      chiso_path_free(one);
    }
    CU_ASSERT(n == 0 || prices[n - 1].rank == chiso_path_best(path).rank);
    rows += n;
    chiso_path_prices_free(path, prices);
    chiso_path_free(path);
    chiso_run_free(run);
  }
  CU_ASSERT(rows > 40);
  chiso_store_free(store);
  folder_remove(&where);
}

/* ---- short memory ---------------------------------------------------------
 */

static chiso_status everything(const chiso_run *run, chiso_path_method method,
                               const chiso_allocator *allocator) {
  chiso_path_options o = { .unit = 2,
                           .goal = CHISO_PATH_POINTS,
                           .points = "120",
                           .costs = path_of[2],
                           .fixed = "1.1,2",
                           .method = method };
  chiso_path *path = NULL;
  chiso_path_price *prices = NULL;
  size_t n;
  chiso_status status = chiso_path_new(run, &o, allocator, &path, &err);
  if (status == CHISO_OK)
    status = chiso_path_frontier(path, &prices, &n, &err);
  if (status == CHISO_OK)
    chiso_path_prices_free(path, prices);
  chiso_path_free(path);
  return status;
}

static void test_memory(void) {
  static drawn d;
  uint64_t seed = 31;
  chiso_store *store = open_store();
  where = folder_make();
  draw_wide(&d, &seed);
  chiso_run *run = run_of(store, &d);
  MUST(run != NULL);
  for (int method = CHISO_PATH_EITHER; method <= CHISO_PATH_PROGRAMME;
       method += 2) {
    chiso_status status = CHISO_NO_MEMORY;
    for (long left = 0; status == CHISO_NO_MEMORY && left < 200000;
         left += 1 + left / 20) {
      counting c = { .left = left };
      chiso_allocator allocator = counting_allocator(&c);
      status = everything(run, (chiso_path_method)method, &allocator);
      CU_ASSERT_EQUAL(c.live, 0);
      CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    }
    CU_ASSERT_EQUAL(status, CHISO_OK);
  }
  chiso_run_free(run);
  chiso_store_free(store);
  folder_remove(&where);
}

SUITE_MAIN({ "exact", test_exact }, { "programme", test_programme },
           { "wide", test_wide }, { "parts", test_parts },
           { "frontier", test_frontier }, { "memory", test_memory })
