/* SPDX-License-Identifier: Apache-2.0
 * A round under another edition: what is true lies within the bounds, whatever
 * the points are that do not come over. */
#include "rescore_fixture.h"

#ifdef __SANITIZE_ADDRESS__
#define ROUNDS ((size_t)1) /* the same ones, as far as patience goes */
#else
#define ROUNDS ((size_t)8)
#endif

typedef struct way {
  const char *names[CHISO_MAX_CHAIN];
  bool forward;
  const char *set;
} way;

#define PROVINCES  "vn.provinces/2008"
#define MINISTRIES "vn.ministries/2008"
#define HANAM      SOURCE_DIR "/indices/internal/hanam/2023/departments.ini"
static const way ways[] = {
  { { "vn.par.ministry/2022", HANAM }, true, MINISTRIES },
  { { HANAM, "vn.par.ministry/2022" }, false, MINISTRIES },
  { { "vn.par.province/2019", "vn.par.province/2020" }, true, PROVINCES },
  { { "vn.par.province/2020", "vn.par.province/2019" }, false, PROVINCES },
  { { "vn.par.province/2020", "vn.par.province/2022" }, true, PROVINCES },
  { { "vn.par.province/2022", "vn.par.province/2020" }, false, PROVINCES },
  { { "vn.par.province/2017", "vn.par.province/2019", "vn.par.province/2020" },
    true,
    PROVINCES },
  { { "vn.par.province/2019", "vn.par.province/2020", "vn.par.province/2022",
      "vn.par.province/2024" },
    true,
    PROVINCES },
  { { "vn.par.province/2024", "vn.par.province/2022", "vn.par.province/2020",
      "vn.par.province/2019", "vn.par.province/2017" },
    false,
    PROVINCES },
  { { "vn.par.ministry/2019", "vn.par.ministry/2020", "vn.par.ministry/2022" },
    true,
    MINISTRIES },
  { { "vn.par.ministry/2022", "vn.par.ministry/2020" }, false, MINISTRIES },
  { { "vn.sipas.province/2017", "vn.sipas.province/2022" }, true, PROVINCES },
  { { "vn.sipas.province/2022", "vn.sipas.province/2017" }, false, PROVINCES },
  { { "vn.papi.province/2018", "vn.papi.province/2019" }, true, PROVINCES },
  { { "vn.papi.province/2019", "vn.papi.province/2018" }, false, PROVINCES },
  { { "vn.papi.province/2011", "vn.papi.province/2016" }, true, PROVINCES },
  { { "vn.papi.province/2016", "vn.papi.province/2018" }, true, PROVINCES },
  { { "vn.papi.province/2019", "vn.papi.province/2021" }, true, PROVINCES },
  { { "vn.papi.province/2021", "vn.papi.province/2019", "vn.papi.province/2018",
      "vn.papi.province/2016", "vn.papi.province/2011" },
    false,
    PROVINCES }
};

static bool truth_open(truth *t, const way *w, uint64_t seed) {
  char path[512];
  chiso_error err = { 0 };
  *t = (truth) { .store = open_store(), .seed = seed };
  snprintf(path, sizeof path, SHARE_DIR "/units/%s.csv", w->set);
  for (char *c = strstr(path, "/units/vn"); c && (c = strchr(c + 7, '/'));)
    *c = '-';
  if (!t->store ||
      chiso_units_read(path, w->set, NULL, &t->units, &err) != CHISO_OK) {
    fprintf(stderr, "%s\n", err.text);
    return false;
  }
  t->n = chiso_units_count(t->units);
  for (size_t i = 0; w->names[i]; i++)
    if (!truth_add(t, w->names[i]))
      return false;
  return true;
}

static void make(truth *t, const way *w) {
  empty(&t->at[0]);
  fill_all(t, &t->at[0]);
  chiso_score(t->at[0].p, &t->at[0].e, &t->at[0].s);
  for (size_t i = 0; i + 1 < t->count; i++)
    cross(t, i, w->forward);
}

/* Of a unit: whether the truth lies within the bounds, of the total and of
 * every area, and points by class add up. */
static bool holds(const truth *t, const chiso_rescore *r, size_t u,
                  const char *name) {
  const rig *f = &t->at[t->count - 1];
  chiso_rescored x;
  chiso_dec sum = 0, max = nodes_of(f)[0].max;
  chiso_rescore_unit(r, u, &x);
  for (unsigned k = 0; k < CHISO_N_SERVE; k++)
    sum += x.serve[k];
  bool good = sum <= max + 64 && sum >= max - 64 && x.low <= x.high &&
              f->s.points[u] >= x.low && f->s.points[u] <= x.high;
  for (size_t a = 0; a < chiso_rescore_areas(r); a++) {
    chiso_rescored_area y;
    chiso_rescore_area(r, a, u, &y);
    chiso_dec points = f->s.points[y.node * f->s.n + u];
    if (points < y.low || points > y.high) {
      fprintf(stderr, "%s unit %zu area %s: %.6f in %.6f..%.6f\n", name, u,
              nodes_of(f)[y.node].id, (double)points / 1e6, (double)y.low / 1e6,
              (double)y.high / 1e6);
      good = false;
    }
  }
  if (!good)
    fprintf(stderr, "%s unit %zu: %.6f in %.6f..%.6f, sum %.6f\n", name, u,
            (double)f->s.points[u] / 1e6, (double)x.low / 1e6,
            (double)x.high / 1e6, (double)sum / 1e6);
  return good;
}

/* What the leaves say of a unit is true too. */
static bool leaves_hold(const truth *t, const chiso_rescore *r, size_t u,
                        const char *name) {
  const rig *f = &t->at[t->count - 1];
  bool good = true;
  for (size_t i = 0; i < chiso_rescore_leaves(r); i++) {
    chiso_rescored_leaf leaf;
    chiso_rescored_cell cell;
    chiso_rescore_leaf(r, i, &leaf);
    chiso_rescore_cell(r, i, u, &cell);
    chiso_dec points = f->s.points[leaf.node * f->s.n + u];
    if (points >= cell.low && points <= cell.high)
      continue;
    fprintf(stderr, "%s unit %zu leaf %s (%s): %.6f in %.6f..%.6f\n", name, u,
            nodes_of(f)[leaf.node].id, chiso_serve_key(cell.serve),
            (double)points / 1e6, (double)cell.low / 1e6,
            (double)cell.high / 1e6);
    good = false;
  }
  return good;
}

/* Figures for a round: all with inputs, all without, or some. */
enum { INPUTS, POINTS, SOME, MODES };

static size_t check_round(truth *t, const way *w, unsigned mode, bool strict,
                          size_t *failed) {
  told x;
  size_t tried = 0;
  chiso_rescore *r = NULL;
  chiso_error err = { 0 };
  const char *to = w->names[t->count - 1];
  t->strict = strict;
  make(t, w);
  told_open(&x, t, mode == INPUTS);
  if (mode != SOME)
    tell_all(&x, t);
  else
    tell_some(&x, t);
  if (chiso_rescore_new(t->store, &x.f, to, strict, NULL, &r, &err) !=
      CHISO_OK) {
    fprintf(stderr, "%s: %s\n", to, err.text);
    ++*failed;
  }
  for (size_t u = 0; r && u < t->n; u++) {
    bool scored = true;
    for (size_t i = 0; i < t->count; i++)
      scored = scored && chiso_has_points(t->at[i].s.state[u]);
    if (!scored)
      continue;
    tried++;
    *failed += !leaves_hold(t, r, u, to) || !holds(t, r, u, to);
  }
  chiso_rescore_free(r);
  told_close(&x);
  return tried;
}

static size_t check_way(const way *w, uint64_t seed, bool strict,
                        size_t *failed) {
  truth t;
  size_t tried = 0;
  bool opened = truth_open(&t, w, seed);
  CU_ASSERT(opened);
  for (size_t k = 0; opened && k < ROUNDS && *failed < 20; k++)
    for (unsigned mode = 0; mode < MODES; mode++)
      tried += check_round(&t, w, mode, strict, failed);
  CU_ASSERT(tried > 0);
  truth_close(&t);
  return tried;
}

/* Thousands of rounds that never were: inputs, points of leaves, or any sums
 * and leaves that happen to be known. */
static void test_truth_within(void) {
  size_t tried = 0, failed = 0;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    tried += check_way(&ways[i], 88172645463325252u + i, false, &failed);
  fprintf(stderr, "%zu cases\n", tried);
  CU_ASSERT_EQUAL(failed, 0);
}

/* Without sums the bounds hold even where what was split or merged has any
 * points at all. */
static void test_strict(void) {
  size_t tried = 0, failed = 0;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    tried += check_way(&ways[i], 362436069u + i, true, &failed);
  fprintf(stderr, "%zu cases\n", tried);
  CU_ASSERT_EQUAL(failed, 0);
}

/* ---- its own edition ----------------------------------------------------- */

static void same_edition(const char *name, const char *set, bool some) {
  const way w = { { name }, true, set };
  truth t;
  told x;
  chiso_rescore *r = NULL;
  chiso_error err = { 0 };
  MUST(truth_open(&t, &w, 521288629u));
  make(&t, &w);
  told_open(&x, &t, false);
  if (some)
    tell_some(&x, &t);
  else
    tell_all(&x, &t);
  for (size_t u = 0; u < t.n; u++)
    tell(&x, &t, 0, u, 6);
  CU_ASSERT_EQUAL(chiso_rescore_new(t.store, &x.f, name, false, NULL, &r, &err),
                  CHISO_OK);
  for (size_t u = 0; r && u < t.n; u++) {
    chiso_rescored y;
    chiso_rescore_unit(r, u, &y);
    chiso_dec total = t.at[0].s.points[u];
    if (!chiso_has_points(t.at[0].s.state[u]))
      continue;
    CU_ASSERT(y.low == total && y.high == total && y.own == total);
    CU_ASSERT_EQUAL(y.covered, total);
    CU_ASSERT_EQUAL(y.covered_max, y.max);
    /* units without a total may be above, and some surely are */
    CU_ASSERT(y.best >= y.own_rank && y.worst >= y.best);
    CU_ASSERT_EQUAL(y.serve[CHISO_SERVE_NEW], 0);
  }
  chiso_rescore_free(r);
  told_close(&x);
  truth_close(&t);
}

/* Whatever is known beside the total: the score, and nothing else. */
static void test_same_edition(void) {
  for (int some = 0; some < 2; some++) {
    same_edition("vn.par.province/2020", PROVINCES, some);
    same_edition("vn.par.ministry/2022", MINISTRIES, some);
    same_edition("vn.sipas.province/2017", PROVINCES, some);
    same_edition("vn.papi.province/2018", PROVINCES, some);
    same_edition("vn.papi.province/2021", PROVINCES, some);
  }
}

/* ---- by hand ------------------------------------------------------------- */

typedef struct shown {
  chiso_store *store;
  chiso_figures *figures;
  chiso_rescore *r;
  chiso_status status;
  chiso_error err;
} shown;

static void show_round(shown *s, const char *from, const char *round,
                       const char *to, const chiso_allocator *allocator) {
  chiso_run *run = NULL;
  chiso_run_options options = { .methodology = from, .round = round };
  *s = (shown) { .store = open_store(), .status = CHISO_INTERNAL };
  if (s->store && chiso_figures_read(s->store, &options, NULL, &s->figures,
                                     &run, &s->err) == CHISO_OK)
    s->status = chiso_rescore_new(s->store, s->figures, to, false, allocator,
                                  &s->r, &s->err);
  chiso_run_free(run);
}

static void hide(shown *s) {
  chiso_rescore_free(s->r);
  chiso_figures_free(s->figures);
  chiso_store_free(s->store);
}

/* Area 7 of 2019 has 16 points: 11.5 on leaves that stay, 3 on three whose
 * maximum was halved, 1.5 on one that went to 1; in 2020 there are 2 new ones.
 * Phu Tho has 10.82 of them, printed with two digits. At least: the first 3
 * count half, 1.5 two thirds, the other 6.32 whole: 1.5 + 1 + 6.32. At most:
 * all 10.82 on leaves that stay, and 2. */
static void test_area_by_hand(void) {
  shown s;
  show_round(&s, "vn.par.province/2019", "2019", "vn.par.province/2020", NULL);
  CU_ASSERT_EQUAL(s.status, CHISO_OK);
  size_t unit = chiso_units_find(chiso_figures_units(s.figures), "25");
  for (size_t a = 0; s.r && a < chiso_rescore_areas(s.r); a++) {
    chiso_rescored_area x;
    chiso_rescore_area(s.r, a, unit, &x);
    const chiso_methodology *m = chiso_rescore_edition(s.r, 1);
    if (x.node != chiso_methodology_find(m, "7"))
      continue;
    CU_ASSERT(x.low <= 8815000 && x.low > 8814900);
    CU_ASSERT(x.high >= 12825000 && x.high < 12825100);
    CU_ASSERT_EQUAL(x.covered_max, 0);
  }
  hide(&s);
}

static void test_refused(void) {
  shown s;
  show_round(&s, "vn.papi.province", "2020", "vn.par.province/2020", NULL);
  CU_ASSERT_EQUAL(s.status, CHISO_NO);
  CU_ASSERT_PTR_NULL(s.r);
  CU_ASSERT_PTR_NOT_NULL(strstr(s.err.text, "vn.par.province/2020"));
  hide(&s);
  show_round(&s, "vn.papi.province", "2020", "vn.papi.provinse", NULL);
  CU_ASSERT_EQUAL(s.status, CHISO_USAGE);
  hide(&s);
}

/* Every request for memory that fails is told, and leaks nothing. */
static void test_short_memory(void) {
  for (long left = 0; left < 100000; left++) {
    shown s;
    counting count = { .left = left };
    chiso_allocator allocator = counting_allocator(&count);
    show_round(&s, "vn.sipas.province/2017", "2020", "vn.sipas.province/2022",
               &allocator);
    bool done = s.status == CHISO_OK;
    CU_ASSERT(done || s.status == CHISO_NO_MEMORY);
    hide(&s);
    CU_ASSERT_EQUAL(count.live, 0);
    if (done || s.status != CHISO_NO_MEMORY)
      return;
  }
}

SUITE_MAIN({ "the truth lies within the bounds", test_truth_within },
           { "without sums too", test_strict },
           { "its own edition", test_same_edition },
           { "an area by hand", test_area_by_hand },
           { "what is refused", test_refused },
           { "short memory", test_short_memory })
