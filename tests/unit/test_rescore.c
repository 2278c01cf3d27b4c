/* SPDX-License-Identifier: Apache-2.0
 * A round under another edition: what is true lies within the bounds, whatever
 * the points are that do not come over. */
#include "rescore_fixture.h"

#ifdef __SANITIZE_ADDRESS__
#define ROUNDS ((size_t)2) /* the same ones, as far as patience goes */
#else
#define ROUNDS ((size_t)12)
#endif

typedef struct way {
  const char *names[CHISO_MAX_CHAIN];
  bool forward;
  const char *set;
} way;

#define PROVINCES  "vn.provinces/2008"
#define MINISTRIES "vn.ministries/2008"
static const way ways[] = {
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
              nodes_of(f)[y.node].id, (double)points / 1e6,
              (double)y.low / 1e6, (double)y.high / 1e6);
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

static size_t check_round(truth *t, const way *w, unsigned mode,
                          size_t *failed) {
  told x;
  size_t tried = 0;
  chiso_rescore *r = NULL;
  chiso_error err = { 0 };
  const char *to = w->names[t->count - 1];
  make(t, w);
  told_open(&x, t, mode == 0);
  if (mode < 2)
    tell_all(&x, t);
  else
    tell_some(&x, t);
  if (chiso_rescore_new(t->store, &x.f, to, false, NULL, &r, &err) !=
      CHISO_OK) {
    fprintf(stderr, "%s: %s\n", to, err.text);
    ++*failed;
  }
  for (size_t u = 0; r && u < t->n; u++) {
    bool scored = true;
    for (size_t i = 0; i < t->count; i++)
      scored = scored && chiso_has_points(t->at[i].s.state[u]) &&
               t->at[i].s.max[u] == nodes_of(&t->at[i])[0].max;
    if (!scored)
      continue;
    tried++;
    *failed += !leaves_hold(t, r, u, to) || !holds(t, r, u, to);
  }
  chiso_rescore_free(r);
  told_close(&x);
  return tried;
}

/* Thousands of rounds that never were: inputs, points of leaves, or any sums
 * and leaves that happen to be known. */
static void test_truth_within(void) {
  size_t tried = 0, failed = 0;
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    truth t;
    size_t before = tried;
    bool opened = truth_open(&t, &ways[i], 88172645463325252u + i);
    CU_ASSERT(opened);
    for (size_t k = 0; opened && k < ROUNDS && failed < 20; k++)
      for (unsigned mode = 0; mode < 3; mode++)
        tried += check_round(&t, &ways[i], mode, &failed);
    if (tried == before)
      fprintf(stderr, "nothing tried of %s\n", ways[i].names[0]);
    CU_ASSERT(tried > before);
    truth_close(&t);
  }
  fprintf(stderr, "%zu cases\n", tried);
  CU_ASSERT_EQUAL(failed, 0);
}

SUITE_MAIN({ "the truth lies within the bounds", test_truth_within })
