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
  char line[16];
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
  char id[8];
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
                              .goal = 1 + (int)pick(d, 5),
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

SUITE_MAIN({ "exact", test_exact }, { "programme", test_programme })
