/* SPDX-License-Identifier: Apache-2.0
 * The store: folders, order, shadowing, names, and a thousand manifests. */
#include "host_fixture.h"

#include <time.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static bool put_manifest(const folder *which, const char *name,
                         const char *plugin, const char *id,
                         const char *edition, int first, int last) {
  char text[4096];
  snprintf(text, sizeof text,
           "[plugin]\nformat = 1\nid = %s\nversion = 1.0.0\n"
           "license = Apache-2.0\nabi = 1.0\nlibrary = %s.so\n"
           "library_sha256 = " ZEROS "\nrules = data\n"
           "[index 1]\nid = %s\nedition = %s\n"
           "title_vi = Chỉ số cải cách hành chính cấp tỉnh\n"
           "title_en = Public Administration Reform Index, provinces\n"
           "level = province\nunits = vn.provinces/2008\nfirst = %d\n"
           "last = %d\nmax = 100\ncounts = 8 area, 43 criterion\n"
           "legal = 1149/QĐ-BNV, 30/12/2020\nprovenance = published 3\n"
           "definition_sha256 = " ZEROS "\n",
           plugin, plugin, id, edition, first, last);
  return put_text(which, name, text);
}

static chiso_store *open_store(const char *const *dirs, size_t count) {
  static chiso_store_options options; /* borrowed until the store is freed */
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  options = (chiso_store_options) { .plugin_dirs = dirs,
                                    .n_plugin_dirs = count,
                                    .share_dir = "/share" };
  return good(chiso_store_open(&options, CHISO_LANG_EN, NULL, &store, &err),
              &err)
             ? store
             : NULL;
}

static void test_order(void) {
  folder a = folder_make();
  const char *const dirs[] = { "/nowhere/at/all", a.path };
  MUST(put_manifest(&a, "z.plugin.ini", "one", "vn.b", "2020", 2020, 2021));
  MUST(put_manifest(&a, "a.plugin.ini", "two", "vn.b", "2017", 2017, 2019));
  MUST(put_manifest(&a, "m.plugin.ini", "three", "vn.a", "2022", 2022, 0));
  MUST(put_text(&a, ".hidden.plugin.ini", "garbage"));
  MUST(put_text(&a, "readme.txt", "garbage"));
  MUST(put_text(&a, "bad.plugin.ini", "garbage"));
  chiso_store *store = open_store(dirs, 2);
  MUST(store != NULL);
  static const char *const names[] = { "vn.a/2022", "vn.b/2017", "vn.b/2020" };
  MUST(chiso_store_count(store) == 3);
  for (size_t i = 0; i < 3; i++)
    CU_ASSERT_STRING_EQUAL(chiso_store_get(store, i)->name, names[i]);
  CU_ASSERT(chiso_store_get(store, 3) == NULL);
  MUST(chiso_store_plugins(store) == 4);
  const chiso_plugin_listing *bad = chiso_store_plugin(store, 1);
  CU_ASSERT(bad->state == CHISO_PLUGIN_REFUSED && bad->id == NULL);
  CU_ASSERT(*bad->why.text != 0);
  CU_ASSERT_STRING_EQUAL(chiso_store_share(store), "/share");
  const chiso_listing *listing = chiso_store_get(store, 0);
  CU_ASSERT_STRING_EQUAL(chiso_store_plugin(store, listing->plugin)->id,
                         "three");
  chiso_store_free(store);
  folder_remove(&a);
}

static void test_shadowing(void) {
  folder a = folder_make(), b = folder_make();
  const char *const dirs[] = { a.path, b.path };
  MUST(put_manifest(&a, "par.plugin.ini", "par", "vn.a", "2020", 2020, 0));
  MUST(put_manifest(&b, "par.plugin.ini", "par", "vn.a", "2024", 2024, 0));
  /* Another plugin with a methodology that is there already. */
  MUST(put_manifest(&b, "q.plugin.ini", "q", "vn.a", "2020", 2010, 0));
  chiso_store *store = open_store(dirs, 2);
  MUST(store != NULL);
  MUST(chiso_store_count(store) == 1);
  CU_ASSERT(chiso_store_get(store, 0)->first == 2020);
  MUST(chiso_store_plugins(store) == 3);
  const chiso_plugin_listing *second = chiso_store_plugin(store, 1);
  CU_ASSERT(second->state == CHISO_PLUGIN_SHADOWED);
  CU_ASSERT(strstr(second->why.text, a.path) != NULL);
  CU_ASSERT(chiso_store_plugin(store, 2)->state == CHISO_PLUGIN_FOUND);
  chiso_store_free(store);
  folder_remove(&a);
  folder_remove(&b);
}

static void test_finding(void) {
  folder a = folder_make();
  const char *const dirs[] = { a.path };
  chiso_error err = { 0 };
  const chiso_listing *found = NULL;
  MUST(put_manifest(&a, "1.plugin.ini", "one", "vn.par.province", "2017", 2017,
                    2018));
  MUST(put_manifest(&a, "2.plugin.ini", "two", "vn.par.province", "2019", 2019,
                    2021));
  MUST(put_manifest(&a, "3.plugin.ini", "three", "vn.par.province", "2020",
                    2020, 0));
  chiso_store *store = open_store(dirs, 1);
  MUST(store != NULL);
  MUST(good(chiso_store_find(store, "vn.par.province", &found, &err), &err));
  CU_ASSERT_STRING_EQUAL(found->edition, "2020");
  MUST(good(chiso_store_find(store, "vn.par.province/2017", &found, &err),
            &err));
  CU_ASSERT_STRING_EQUAL(found->edition, "2017");
  CU_ASSERT(chiso_store_find(store, "vn.par.provinse", &found, &err) ==
            CHISO_USAGE);
  CU_ASSERT(found == NULL);
  CU_ASSERT(strstr(err.text, "did you mean vn.par.province?") != NULL);
  CU_ASSERT(chiso_store_find(store, "vn.par.province/2018", &found, &err) ==
            CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "vn.par.province/20") != NULL);
  CU_ASSERT(chiso_store_find(store, "qqqqqqq", &found, &err) == CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "chiso list") != NULL);
  static const struct {
    uint16_t year;
    const char *edition;
  } years[] = { { 2016, NULL },   { 2017, "2017" }, { 2018, "2017" },
                { 2019, "2019" }, { 2020, "2020" }, { 2050, "2020" } };
  for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
    found = chiso_store_serving(store, "vn.par.province", years[i].year);
    CU_ASSERT((found == NULL) == (years[i].edition == NULL));
    if (found && years[i].edition)
      CU_ASSERT_STRING_EQUAL(found->edition, years[i].edition);
  }
  CU_ASSERT(chiso_store_serving(store, "vn.other", 2020) == NULL);
  chiso_store_free(store);
  folder_remove(&a);
}

static void test_nothing_there(void) {
  const char *const dirs[] = { "/nowhere/at/all" };
  const chiso_listing *found;
  chiso_error err = { 0 };
  for (size_t count = 0; count < 2; count++) {
    chiso_store *store = open_store(dirs, count);
    MUST(store != NULL);
    CU_ASSERT(chiso_store_count(store) == 0);
    CU_ASSERT(chiso_store_plugins(store) == 0);
    CU_ASSERT(chiso_store_find(store, "x", &found, &err) == CHISO_USAGE);
    chiso_store_free(store);
  }
}

/* A manifest that is a pipe, a folder, too large or empty stops nothing. */
static void test_hostile_files(void) {
  folder a = folder_make();
  const char *const dirs[] = { a.path };
  char path[PATH_ROOM];
  MUST(mkfifo(in_folder(&a, "pipe.plugin.ini", path), 0600) == 0);
  MUST(mkdir(in_folder(&a, "folder.plugin.ini", path), 0700) == 0);
  MUST(put_text(&a, "empty.plugin.ini", ""));
  char *large = calloc(1, 70000);
  MUST(large != NULL);
  memset(large, '\n', 69999);
  MUST(put_text(&a, "large.plugin.ini", large));
  free(large);
  MUST(symlink("/dev/zero", in_folder(&a, "zero.plugin.ini", path)) == 0);
  MUST(put_manifest(&a, "good.plugin.ini", "good", "vn.a", "1", 2020, 0));
  chiso_store *store = open_store(dirs, 1);
  MUST(store != NULL);
  CU_ASSERT(chiso_store_count(store) == 1);
  CU_ASSERT(chiso_store_plugins(store) == 6);
  size_t refused = 0;
  for (size_t i = 0; i < chiso_store_plugins(store); i++)
    refused += chiso_store_plugin(store, i)->state == CHISO_PLUGIN_REFUSED;
  CU_ASSERT(refused == 5);
  chiso_store_free(store);
  rmdir(in_folder(&a, "folder.plugin.ini", path));
  folder_remove(&a);
}

static void test_thousand(void) {
  folder a = folder_make();
  const char *const dirs[] = { a.path };
  for (int i = 0; i < 1000; i++) {
    char name[64], plugin[32], id[32];
    snprintf(plugin, sizeof plugin, "p%d", i);
    snprintf(name, sizeof name, "%s.plugin.ini", plugin);
    snprintf(id, sizeof id, "vn.p%d", i / 4);
    char edition[16];
    snprintf(edition, sizeof edition, "%d", 2000 + i % 4);
    MUST(put_manifest(&a, name, plugin, id, edition, 2000 + i % 4, 0));
  }
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  chiso_store *store = open_store(dirs, 1);
  clock_gettime(CLOCK_MONOTONIC, &to);
  MUST(store != NULL);
  CU_ASSERT(chiso_store_count(store) == 1000);
  /* Seen with the suite's results; the limit itself is the benchmark's. */
  printf(" [%.1f ms] ", (double)(to.tv_sec - from.tv_sec) * 1e3 +
                            (double)(to.tv_nsec - from.tv_nsec) / 1e6);
  chiso_store_free(store);
  folder_remove(&a);
}

/* Each allocation fails once: no leak, no crash, one clear status. */
typedef struct failing {
  size_t left;
} failing;
static void *failing_resize(void *user, void *block, size_t size) {
  failing *state = user;
  if (size == 0) {
    free(block);
    return NULL;
  }
  if (state->left == 0)
    return NULL;
  state->left--;
  return realloc(block, size);
}

static void test_short_memory(void) {
  folder a = folder_make();
  const char *const dirs[] = { a.path };
  MUST(put_manifest(&a, "1.plugin.ini", "one", "vn.a", "2017", 2017, 0));
  MUST(put_manifest(&a, "2.plugin.ini", "two", "vn.a", "2018", 2018, 0));
  const chiso_store_options options = { .plugin_dirs = dirs,
                                        .n_plugin_dirs = 1 };
  chiso_status status = CHISO_NO_MEMORY;
  for (size_t i = 0; i < 10000 && status != CHISO_OK; i++) {
    failing state = { i };
    const chiso_allocator allocator = { failing_resize, &state };
    chiso_store *store = NULL;
    chiso_error err = { 0 };
    status =
        chiso_store_open(&options, CHISO_LANG_EN, &allocator, &store, &err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    if (status == CHISO_OK) {
      CU_ASSERT(chiso_store_count(store) == 2);
    }
    chiso_store_free(store);
  }
  CU_ASSERT(status == CHISO_OK);
  folder_remove(&a);
}

static void test_places(void) {
  chiso_places places;
  chiso_error err = { 0 };
  setenv("CHISO_PLUGIN_PATH", "/one::/two:", 1);
  setenv("CHISO_SHARE_DIR", "/there", 1);
  MUST(good(chiso_places_find(&places, &err), &err));
  const chiso_store_options *options = &places.options;
  MUST(options->n_plugin_dirs >= 4);
  CU_ASSERT_STRING_EQUAL(options->plugin_dirs[0], "/one");
  CU_ASSERT_STRING_EQUAL(options->plugin_dirs[1], "/two");
  CU_ASSERT_STRING_EQUAL(options->share_dir, "/there");
  const char *beside = options->plugin_dirs[options->n_plugin_dirs - 2];
  CU_ASSERT(strstr(beside, "/../lib/chiso/plugins") != NULL);
  chiso_places_free(&places);
  unsetenv("CHISO_PLUGIN_PATH");
  unsetenv("CHISO_SHARE_DIR");
  MUST(good(chiso_places_find(&places, &err), &err));
  CU_ASSERT(strstr(places.options.share_dir, "/../share/chiso") != NULL);
  CU_ASSERT(strstr(places.include_dir, "/../include") != NULL);
  chiso_places_free(&places);
  chiso_places_free(&places);
}

/* The first of three places, and none without a home. */
static void test_trust_place(void) {
  static const struct {
    const char *file, *settings, *home, *want;
  } cases[] = {
    { "t.ini", "/s", "/h", "t.ini" },
    { "", "/s", "/h", "/s/chiso/trust.ini" },
    { NULL, "relative", "/h", "/h/.config/chiso/trust.ini" },
    { NULL, NULL, "/h", "/h/.config/chiso/trust.ini" },
    { NULL, "", "", NULL },
  };
  static const char *const names[] = { "CHISO_TRUST_FILE", "XDG_CONFIG_HOME",
                                       "HOME" };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *values[] = { cases[i].file, cases[i].settings, cases[i].home };
    chiso_places places;
    chiso_error err = { 0 };
    for (size_t v = 0; v < 3; v++)
      if (values[v])
        setenv(names[v], values[v], 1);
      else
        unsetenv(names[v]);
    MUST(good(chiso_places_find(&places, &err), &err));
    const char *found = places.options.trust_file;
    CU_ASSERT_EQUAL(found == NULL, cases[i].want == NULL);
    if (found && cases[i].want)
      CU_ASSERT_STRING_EQUAL(found, cases[i].want);
    CU_ASSERT(!places.options.no_worker);
    chiso_places_free(&places);
  }
  unsetenv(names[0]);
  unsetenv(names[1]);
}

SUITE_MAIN({ "order", test_order }, { "shadowing", test_shadowing },
           { "finding", test_finding }, { "nothing there", test_nothing_there },
           { "hostile files", test_hostile_files },
           { "a thousand manifests", test_thousand },
           { "short memory", test_short_memory }, { "places", test_places },
           { "place of the trust file", test_trust_place })
