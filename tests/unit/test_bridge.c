/* SPDX-License-Identifier: Apache-2.0
 * Figures of older units for the units that they became. */
#include "table_file.h"

#include "chiso/bridge.h"
#include "data_fixture.h"
#include "fixture.h"

static chiso_error err;

static chiso_store *open_store(const chiso_allocator *allocator) {
  static const char *dirs[] = { PLUGIN_DIR };
  chiso_store_options places = { .plugin_dirs = dirs,
                                 .n_plugin_dirs = 1,
                                 .share_dir = SHARE_DIR };
  chiso_store *store = NULL;
  CU_ASSERT_EQUAL(
      chiso_store_open(&places, CHISO_LANG_EN, allocator, &store, &err),
      CHISO_OK);
  return store;
}

static chiso_figures *figures(chiso_store *store, const char *id,
                              const char *round) {
  chiso_figures *f = NULL;
  chiso_run *run = NULL;
  chiso_run_options options = { .methodology = id, .round = round };
  CU_ASSERT_EQUAL(chiso_figures_read(store, &options, NULL, &f, &run, &err),
                  CHISO_OK);
  return f;
}

/* A set of n units: U0, U1, … */
static chiso_units *units(const char *set, const char *letter, size_t n) {
  char text[4096] = "unit,name_vi\n";
  chiso_units *u = NULL;
  for (size_t i = 0; i < n; i++) {
    size_t at = strlen(text);
    (void)snprintf(text + at, sizeof text - at, "%s%zu,name %s%zu\n", letter, i,
                   letter, i);
  }
  CU_ASSERT_EQUAL(
      chiso_units_read(table_file("u.csv", text), set, NULL, &u, &err),
      CHISO_OK);
  return u;
}

/* ---- bad tables ---------------------------------------------------------- */

#define HEAD "from_set,from_unit,to_set,to_unit,date,instrument\n"
/* The tables of changes have their own place: table_file() has two. */
static chiso_status bridge(chiso_store *store, const chiso_units *from,
                           const char *changes, const char *weights,
                           chiso_bridge_options o, chiso_bridge **out) {
  char path[3][80];
  FILE *f;
  const char *texts[] = { changes, weights, "unit,name_vi\nX,x\nY,y\n" };
  const char *names[] = { "changes.csv", "weights.csv", "to.csv" };
  for (size_t i = 0; i < 3; i++) {
    (void)snprintf(path[i], sizeof path[i], "%s/%s", table_folder, names[i]);
    f = texts[i] ? fopen(path[i], "w") : NULL;
    if (f) {
      (void)fputs(texts[i], f);
      (void)fclose(f);
    }
  }
  o.changes = changes ? path[0] : NULL;
  o.weights = weights ? path[1] : NULL;
  if (!o.to_units)
    o.to_units = path[2];
  return chiso_bridge_new(store, from, &o, NULL, out, &err);
}

#define GOOD HEAD "a,U0,b,X,2025-07-01,1/QĐ\na,U1,b,X,01/07/2025,\na,U2,b,Y,,\n"

static void refuses_changes(const char *changes, const char *word) {
  chiso_store *store = open_store(NULL);
  chiso_units *from = units("a", "U", 3);
  chiso_bridge *b = NULL;
  chiso_status status =
      bridge(store, from, changes, NULL, (chiso_bridge_options) { 0 }, &b);
  bool right = status != CHISO_OK && !b && strstr(err.text, word);
  CU_ASSERT(right);
  if (!right)
    fprintf(stderr, "\n    %s -> %d %s\n", word, (int)status, err.text);
  chiso_bridge_free(b);
  chiso_units_free(from);
  chiso_store_free(store);
}

static void test_bad_changes(void) {
  refuses_changes(HEAD "a,U0,b,X,,\na,U1,b,X,,\na,U0,b,Y,,\na,U2,b,Y,,\n",
                  "cannot be divided");
  refuses_changes(HEAD "a,U0,b,X,,\na,U0,b,X,,\n", "line 2");
  refuses_changes(HEAD "a,U0,b,X,,\na,U1,b,Y,,\n", "unit U2");
  refuses_changes(HEAD "a,U0,b,X,,\na,U1,b,X,,\na,U2,b,X,,\n",
                  "into unit Y of b");
  refuses_changes(HEAD "a,U0,b,X,,\na,U1,b,X,,\na,U2,b,Z,,\n",
                  "\"Z\" is not a unit of b");
  refuses_changes(HEAD "a,U9,b,X,,\n", "\"U9\" is not a unit of a");
  refuses_changes(HEAD "a,U0,b,X,2025-02-30,\n", "2025-02-30");
  refuses_changes(HEAD "a,U0,b,X,2025,\n", "is not a day");
  refuses_changes(HEAD "a,U0,b,X,,\nb,X,a,U0,,\n", "lead from");
  refuses_changes(HEAD "a,U0,b,X,,\nb,X,c,Q,,\nc,Q,b,X,,\n", "lead from");
  refuses_changes(HEAD "a,U0,a,U1,,\n", "lead from");
  refuses_changes(HEAD "a,,b,X,,\n", "from_unit");
  refuses_changes(HEAD, "no rows");
  refuses_changes(HEAD "c,U0,b,X,,\n", "no change of the units of a");
  refuses_changes(HEAD "a,U0,b,X,,\na,U0,c,X,,\n", "--to");
  refuses_changes("from_set,from_unit,to_set\na,U0,b\n", "to_unit");
  refuses_changes("from_set,from_unit,to_set,to_unit,why\na,U0,b,X,x\n", "why");
  refuses_changes(NULL, "no change of the units of a");
}

static void refuses_weights(const char *weights, const char *column,
                            const char *word) {
  chiso_store *store = open_store(NULL);
  chiso_units *from = units("a", "U", 3);
  chiso_bridge *b = NULL;
  chiso_bridge_options o = { .column = column };
  chiso_status status = bridge(store, from, GOOD, weights, o, &b);
  bool right =
      word ? status == CHISO_BAD_DATA && strstr(err.text, word) : !status;
  CU_ASSERT(right);
  if (!right)
    fprintf(stderr, "\n    %s -> %d %s\n", weights, (int)status, err.text);
  chiso_bridge_free(b);
  chiso_units_free(from);
  chiso_store_free(store);
}

static void test_weights(void) {
  refuses_weights("unit,w\nU0,1\nU1,-2\n", NULL, "below zero");
  refuses_weights("unit,w\nU0,0\nU1,0\n", NULL, "add up to zero");
  refuses_weights("unit,w\nU0,1\n", NULL, "unit U1");
  refuses_weights("unit,w\nU0,1\nU1,\n", NULL, "unit U1");
  refuses_weights("unit,w\nU0,1\nU1,2\nU1,3\n", NULL, "another row");
  refuses_weights("unit,w\nU0,1\nX,2\n", NULL, "\"X\" is not a unit of a");
  refuses_weights("unit,set,w\nU0,b,1\n", NULL, "older units");
  refuses_weights("unit,w\nU0,1.234\nU1,2\n", NULL, "thousands");
  refuses_weights("unit;w\nU0;1.234,5\nU1;2\n", NULL, "thousands");
  refuses_weights("unit,w\nU0,1\nU1,many\n", "w", "not a number");
  refuses_weights("unit,w\nU0,1\nU1,inf\n", "w", "not a number");
  refuses_weights("unit,w,v\nU0,1,1\nU1,2,1\n", NULL, "w, v");
  refuses_weights("unit,w,v\nU0,1,1\nU1,2,1\n", "x", "w, v");
  refuses_weights("unit,w\nU0,few\nU1,many\n", NULL, "no column holds");
  refuses_weights("unit,w\n", NULL, "no rows");
  refuses_weights("unit;w\nU0;1,5\nU1;2.5\n", NULL, "decimal mark");
  /* good: ';' and decimal comma, a name, decomposed; an unchanged unit needs
   * no weight; three digits where another cell shows the mark */
  refuses_weights("\xef\xbb\xbfunit;dân số\nname U0;1,5\nU1;0,25\n",
                  "da\xcc\x82n s\xc3\xb4\xcc\x81", NULL);
  refuses_weights("unit,w\nU0,1.234\nU1,0.5\n", NULL, NULL);
  refuses_weights("unit,w\nU0,0\nU1,5\n", NULL, NULL);
  refuses_weights("no,province,w\n1,name U1,4\n2,name U0,5\n", "w", NULL);
  refuses_weights("unit,w,source\nU0,1,\nU1,2,\n,,GSO\n", NULL, NULL);
  refuses_weights("unit,w,source\nU0,1,\nU1,2,\n,7,GSO\n", NULL, "\"\"");
  refuses_weights("unit,w\nU0,1\nU1,=2\nU2,3\n", NULL, "not a number");
  refuses_weights("unit,w\nU0,9223372036854.775807\nU1,9000000000000\n", NULL,
                  NULL);
  refuses_weights("unit,w\nU0,9223372036854.775808\nU1,1\n", NULL, "too large");
}

/* ---- ways ---------------------------------------------------------------- */

static void test_chain(void) {
  chiso_store *store = open_store(NULL);
  chiso_units *from = units("a", "U", 3);
  chiso_bridge *b = NULL;
  chiso_bridge_options o = { .to = NULL };
  MUST(bridge(store, from,
              HEAD "b,m,c,X,2020-01-01,second\na,U0,b,m,2010-01-01,first\n"
                   "a,U1,b,M,,\na,U2,b,n,,\nb,n,c,Y,,\n",
              NULL, o, &b) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(chiso_units_set(chiso_bridge_to(b)), "c");
  CU_ASSERT_FALSE(chiso_bridge_same(b));
  CU_ASSERT_PTR_NULL(chiso_bridge_column(b));
  MUST(chiso_bridge_parts(b, 0) == 2 && chiso_bridge_parts(b, 1) == 1);
  chiso_bridge_part part = chiso_bridge_part_at(b, 0, 0);
  CU_ASSERT(part.unit == 0 && part.weight == CHISO_NONE && isnan(part.share));
  CU_ASSERT_STRING_EQUAL(part.instrument, "first");
  CU_ASSERT(part.date.year == 2010 && part.date.day == 1);
  CU_ASSERT_EQUAL(chiso_bridge_part_at(b, 0, 1).unit, 1);
  CU_ASSERT_EQUAL(chiso_bridge_part_at(b, 1, 0).unit, 2);
  CU_ASSERT_PTR_NULL(chiso_bridge_part_at(b, 1, 0).instrument);
  chiso_bridge_free(b);
  /* a unit between goes nowhere, and into two */
  CU_ASSERT(bridge(store, from,
                   HEAD "a,U0,b,m,,\na,U1,b,m,,\na,U2,b,k,,\nb,m,c,X,,\n", NULL,
                   o, &b) == CHISO_BAD_DATA &&
            strstr(err.text, "unit k of b"));
  CU_ASSERT(bridge(store, from,
                   HEAD "a,U0,b,m,,\na,U1,b,m,,\na,U2,b,m,,\nb,m,c,X,,\n"
                        "b,m,c,Y,,\n",
                   NULL, o, &b) == CHISO_BAD_DATA &&
            strstr(err.text, "divided"));
  o.to = "d";
  CU_ASSERT(bridge(store, from, GOOD, NULL, o, &b) == CHISO_USAGE &&
            strstr(err.text, "d"));
  o = (chiso_bridge_options) { .to = "a" };
  MUST(bridge(store, from, GOOD, NULL, o, &b) == CHISO_OK);
  CU_ASSERT(chiso_bridge_same(b) && chiso_bridge_to(b) == from);
  chiso_bridge_free(b);
  chiso_units_free(from);
  /* units of a file are those that the changes begin with, if it is one set */
  from = units("/tmp/mine.csv", "U", 3);
  o = (chiso_bridge_options) { .from_file = true };
  MUST(bridge(store, from, GOOD, NULL, o, &b) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_bridge_parts(b, 0), 2);
  chiso_bridge_free(b);
  CU_ASSERT(bridge(store, from, GOOD "z,U0,b,X,,\n", NULL, o, &b) ==
                CHISO_USAGE &&
            strstr(err.text, "begin"));
  chiso_units_free(from);
  chiso_store_free(store);
}

/* ---- figures ------------------------------------------------------------- */

/* Any weights give a mean within the bounds, and ranks within theirs; the mean
 * is that of doubles, to a millionth. */
static void try_weights(chiso_store *store, const chiso_figures *f,
                        const chiso_bridged *bounds, uint64_t *state) {
  char text[4096] = "unit,w\n";
  double w[63];
  const chiso_units *from = chiso_figures_units(f);
  for (size_t u = 0; u < 63; u++) {
    size_t at = strlen(text);
    uint64_t raw = 1 + xorshift(state) % 1000000;
    w[u] = (double)raw / 10;
    (void)snprintf(text + at, sizeof text - at, "%s,%u.%u\n",
                   chiso_units_get(from, u)->code, (unsigned)(raw / 10),
                   (unsigned)(raw % 10));
  }
  chiso_bridge_options o = { .weights = table_file("w.csv", text) };
  chiso_bridge *b = NULL;
  chiso_bridged rows[34];
  MUST(chiso_bridge_new(store, from, &o, NULL, &b, &err) == CHISO_OK);
  MUST(chiso_bridge_node(b, f, 0, rows, &err) == CHISO_OK);
  for (size_t t = 0; t < 34; t++) {
    double sum = 0, all = 0, shares = 0;
    CU_ASSERT(rows[t].low >= bounds[t].low && rows[t].high <= bounds[t].high);
    CU_ASSERT(rows[t].best >= bounds[t].best &&
              rows[t].worst <= bounds[t].worst &&
              rows[t].best <= rows[t].worst);
    for (size_t i = 0; i < chiso_bridge_parts(b, t); i++) {
      chiso_bridge_part part = chiso_bridge_part_at(b, t, i);
      sum += w[part.unit] * (double)chiso_figures_get(f, 0, part.unit).points;
      all += w[part.unit];
      shares += part.share;
    }
    CU_ASSERT(near(shares, 1, 1e-12));
    if (rows[t].state == CHISO_BRIDGED_ESTIMATE)
      CU_ASSERT(fabs((double)rows[t].points - sum / all) <= 0.500001);
  }
  chiso_bridge_free(b);
}

static void test_figures(void) {
  chiso_store *store = open_store(NULL);
  chiso_figures *f = figures(store, "vn.papi.province", "2024");
  chiso_bridge *b = NULL;
  chiso_bridge_options o = { 0 };
  chiso_bridged rows[34];
  size_t states[6] = { 0 };
  uint64_t state = 99;
  MUST(f && chiso_bridge_new(store, chiso_figures_units(f), &o, NULL, &b,
                             &err) == CHISO_OK);
  MUST(chiso_units_count(chiso_bridge_to(b)) == 34);
  MUST(chiso_bridge_node(b, f, 0, rows, &err) == CHISO_OK);
  for (size_t t = 0; t < 34; t++)
    states[rows[t].state]++;
  CU_ASSERT(states[CHISO_BRIDGED_UNCHANGED] == 11 &&
            states[CHISO_BRIDGED_BOUNDS] == 21 &&
            states[CHISO_BRIDGED_PARTIAL] == 2);
  size_t phutho = chiso_units_find(chiso_bridge_to(b), "25");
  CU_ASSERT(rows[phutho].low == 0 && rows[phutho].high == 80000000 &&
            rows[phutho].parts == 3 && rows[phutho].known == 2);
  for (int i = 0; i < 50; i++)
    try_weights(store, f, rows, &state);
  chiso_bridge_free(b);
  chiso_figures_free(f);
  /* already over the new units */
  f = figures(store, "vn.qd766.province", "2026-10-06");
  MUST(f && chiso_bridge_new(store, chiso_figures_units(f), &o, NULL, &b,
                             &err) == CHISO_OK);
  CU_ASSERT(chiso_bridge_same(b));
  MUST(chiso_bridge_node(b, f, 0, rows, &err) == CHISO_OK);
  for (size_t t = 0; t < 34; t++) {
    chiso_figure own = chiso_figures_get(f, 0, t);
    CU_ASSERT(rows[t].state == CHISO_BRIDGED_OWN &&
              rows[t].points == own.points && rows[t].rank == own.rank);
  }
  chiso_bridge_free(b);
  chiso_figures_free(f);
  chiso_store_free(store);
}

/* Side by side: estimates are figures over the new units, gaps stay gaps. */
static void test_beside(void) {
  chiso_store *store = open_store(NULL);
  chiso_figures *f = figures(store, "vn.papi.province", "2024"), *new = NULL;
  chiso_bridge *b = NULL;
  chiso_bridge_options o = { .equal = true };
  MUST(f && chiso_bridge_new(store, chiso_figures_units(f), &o, NULL, &b,
                             &err) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(chiso_bridge_column(b), "equal");
  MUST(chiso_bridge_figures(b, f, NULL, &new, &err) == CHISO_OK);
  CU_ASSERT_EQUAL(chiso_figures_known(new, 0), 32);
  size_t hanoi = chiso_units_find(chiso_figures_units(new), "01");
  size_t laocai = chiso_units_find(chiso_figures_units(new), "15");
  size_t dongthap = chiso_units_find(chiso_figures_units(new), "82");
  CU_ASSERT_EQUAL(chiso_figures_get(new, 0, hanoi).from, CHISO_FIGURE_PRINTED);
  CU_ASSERT_EQUAL(chiso_figures_get(new, 0, dongthap).from, CHISO_FIGURE_NONE);
  chiso_figure x = chiso_figures_get(new, 0, laocai);
  CU_ASSERT(x.from == CHISO_FIGURE_ESTIMATED && x.rank == 0);
  CU_ASSERT_EQUAL(x.points, (41748901 + 41939053) / 2);
  chiso_figures_free(new);
  chiso_bridge_free(b);
  chiso_figures_free(f);
  /* parts of a partition: PAR 2020 has SIPAS of Quang Ninh, unchanged */
  f = figures(store, "vn.par.province", "2020");
  MUST(f && chiso_bridge_new(store, chiso_figures_units(f), &o, NULL, &b,
                             &err) == CHISO_OK);
  MUST(chiso_bridge_figures(b, f, NULL, &new, &err) == CHISO_OK);
  size_t known = 0;
  for (size_t t = 0; t < 34; t++)
    known += chiso_figures_part(new, 1, t).from != CHISO_FIGURE_NONE;
  CU_ASSERT_EQUAL(known, 3); /* 01, 22, 46 */
  chiso_figures_free(new);
  chiso_bridge_free(b);
  chiso_figures_free(f);
  chiso_store_free(store);
}

/* ---- memory -------------------------------------------------------------- */

static chiso_status everything(chiso_store *store, const chiso_figures *f,
                               const char *weights,
                               const chiso_allocator *allocator) {
  chiso_bridge *b = NULL;
  chiso_figures *new = NULL;
  chiso_bridged rows[34];
  chiso_bridge_options o = { .weights = weights };
  chiso_status status =
      chiso_bridge_new(store, chiso_figures_units(f), &o, allocator, &b, &err);
  if (status == CHISO_OK)
    status = chiso_bridge_node(b, f, 0, rows, &err);
  if (status == CHISO_OK)
    status = chiso_bridge_figures(b, f, allocator, &new, &err);
  chiso_figures_free(new);
  chiso_bridge_free(b);
  return status;
}

static void test_memory(void) {
  char text[2048] = "unit,w\n";
  chiso_store *store = open_store(NULL);
  chiso_figures *f = figures(store, "vn.papi.province", "2023");
  MUST(f != NULL);
  for (size_t u = 0; u < 63; u++) {
    size_t at = strlen(text);
    (void)snprintf(text + at, sizeof text - at, "%s,%zu\n",
                   chiso_units_get(chiso_figures_units(f), u)->code, u + 1);
  }
  const char *weights = table_file("w.csv", text);
  counting c = { .left = -1 };
  chiso_allocator allocator = counting_allocator(&c);
  CU_ASSERT_EQUAL(everything(store, f, weights, &allocator), CHISO_OK);
  CU_ASSERT_EQUAL(c.live, 0);
  chiso_status status = CHISO_NO_MEMORY;
  for (long left = 0; status == CHISO_NO_MEMORY && left < 100000; left++) {
    c = (counting) { .left = left };
    status = everything(store, f, weights, &allocator);
    CU_ASSERT_EQUAL(c.live, 0);
  }
  CU_ASSERT_EQUAL(status, CHISO_OK);
  chiso_figures_free(f);
  chiso_store_free(store);
}

SUITE_MAIN({ "folder", test_folder }, { "changes", test_bad_changes },
           { "weights", test_weights }, { "ways", test_chain },
           { "figures", test_figures }, { "beside", test_beside },
           { "memory", test_memory }, { "clean", test_folder_end })
