/* SPDX-License-Identifier: Apache-2.0
 * Loading: good plugins give the tables of their index.json; plugins that are
 * not what their manifest says are refused, each with its reason. */
#include "fixture.h"
#include "host_fixture.h"

#include <time.h>

#define WORKER BUILD_DIR "/libexec/chiso/chiso-worker"

static chiso_store *open_by(const folder *which, bool isolated) {
  static const char *dirs[1];
  static chiso_store_options options; /* borrowed until the store is freed */
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  dirs[0] = which->path;
  options = (chiso_store_options) { .plugin_dirs = dirs,
                                    .n_plugin_dirs = 1,
                                    .worker = WORKER,
                                    .isolate_all = isolated,
                                    .no_worker = !isolated };
  return good(chiso_store_open(&options, CHISO_LANG_EN, NULL, &store, &err),
              &err)
             ? store
             : NULL;
}

static chiso_store *open_folder(const folder *which) {
  return open_by(which, false);
}

static void test_good(void) {
  folder a = folder_make(), work = folder_make();
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  const chiso_methodology *loaded = NULL, *again = NULL;
  chiso_methodology *read = NULL;
  chiso_rule rule;
  MUST(build_small(&a, "small", "test.small"));
  MUST(put_index(&work, "index.json", "test.small", "2020"));
  MUST(good(chiso_methodology_read(in_folder(&work, "index.json", path), NULL,
                                   &read, &err),
            &err));
  chiso_store *store = open_folder(&a);
  MUST(store && chiso_store_count(store) == 1);
  const chiso_listing *listing = chiso_store_get(store, 0);
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  MUST(good(chiso_store_load(store, listing, &loaded, &rule, &err), &err));
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf(" [%.2f ms] ", (double)(to.tv_sec - from.tv_sec) * 1e3 +
                            (double)(to.tv_nsec - from.tv_nsec) / 1e6);
  CU_ASSERT(!rule.here && !rule.elsewhere);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(loaded),
                         chiso_methodology_digest(read));
  CU_ASSERT_STRING_EQUAL(chiso_methodology_index(loaded)->note,
                         chiso_methodology_index(read)->note);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_index(loaded)->title_en,
                         "Index A?\?/ of a test");
  CU_ASSERT(chiso_store_plugin(store, 0)->state == CHISO_PLUGIN_LOADED);
  MUST(good(chiso_store_load(store, listing, &again, NULL, &err), &err));
  CU_ASSERT(again == loaded);
  chiso_store_free(store);
  chiso_methodology_free(read);
  folder_remove(&a);
  folder_remove(&work);
}

/* ---- code --------------------------------------------------------------- */

static int give_input(const chiso_call *call, const char *key, int64_t *raw) {
  (void)call;
  *raw = strcmp(key, "done") == 0 ? 3 : strcmp(key, "due") == 0 ? 4 : 1;
  return 0;
}
static int divide(int64_t a, int64_t b, int64_t c, int64_t *out) {
  return chiso_muldiv(a, b, c, out) ? 0 : -1;
}

static void test_call(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  static const char *const indices[] = { EXAMPLE "/index.json" };
  const chiso_build_options options = { .id = "example-call",
                                        .version = "1.0.0",
                                        .license = "Apache-2.0",
                                        .indices = indices,
                                        .n_indices = 1,
                                        .rule = EXAMPLE "/rule.c",
                                        .out_dir = a.path,
                                        .include_dir = INCLUDE_DIR };
  MUST(good(chiso_build(&options, NULL, &err), &err));
  chiso_store *store = open_folder(&a);
  MUST(store && chiso_store_count(store) == 1);
  const chiso_methodology *loaded = NULL;
  chiso_rule rule = { 0 };
  MUST(good(
      chiso_store_load(store, chiso_store_get(store, 0), &loaded, &rule, &err),
      &err));
  MUST(rule.here != NULL);
  static const chiso_host host = { .size = sizeof host,
                                   .input = give_input,
                                   .muldiv = divide };
  chiso_dec points = 0;
  CU_ASSERT(rule.here(&host, NULL, 1, &points) == 0);
  CU_ASSERT(points == 2600000); /* 4 * 3 / 4 - 0.4 */
  CU_ASSERT(rule.here(&host, NULL, 2, &points) < 0);
  chiso_store_free(store);
  folder_remove(&a);
}

/* ---- several ------------------------------------------------------------ */

/* Descriptor numbers come back, and the system's loader knows a library by its
 * path: the second plugin must not be taken for the first. */
static void test_two_are_two(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  MUST(build_small(&a, "one", "test.one"));
  MUST(build_small(&a, "two", "test.two"));
  for (int round = 0; round < 2; round++) {
    chiso_store *store = open_folder(&a);
    MUST(store && chiso_store_count(store) == 2);
    for (size_t i = 0; i < 2; i++) {
      const chiso_listing *listing = chiso_store_get(store, i);
      const chiso_methodology *loaded = NULL;
      MUST(good(chiso_store_load(store, listing, &loaded, NULL, &err), &err));
      CU_ASSERT_STRING_EQUAL(chiso_methodology_name(loaded), listing->name);
    }
    chiso_store_free(store);
  }
  folder_remove(&a);
}

/* ---- plugins that are not what they say --------------------------------- */

/* `text` with the first `from` replaced; both are freed or given on. */
static char *replace(char *text, const char *from, const char *to) {
  char *at = text ? strstr(text, from) : NULL;
  size_t room = text ? strlen(text) + strlen(to) + 1 : 0;
  char *out = at ? malloc(room) : NULL;
  if (out)
    snprintf(out, room, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
  else
    fprintf(stderr, "\n    no %s\n", from);
  free(text);
  return out;
}

/* The source that chiso_build() would compile, for one change. */
static char *emit_small(void) {
  folder work = folder_make();
  char path[PATH_ROOM], *text = NULL, *copy = NULL;
  size_t size;
  chiso_methodology *read = NULL;
  const chiso_plugin_text plugin = { .id = "small",
                                     .version = "1.0.0",
                                     .license = "Apache-2.0" };
  if (put_index(&work, "index.json", "test.small", "2020") &&
      chiso_methodology_read(in_folder(&work, "index.json", path), NULL, &read,
                             NULL) == CHISO_OK &&
      chiso_methodology_emit((const chiso_methodology *const *)&read, 1,
                             &plugin, &text, &size, NULL) == CHISO_OK &&
      (copy = malloc(size + 1)))
    memcpy(copy, text, size + 1);
  if (text)
    chiso_text_free(NULL, text);
  chiso_methodology_free(read);
  folder_remove(&work);
  return copy;
}

typedef struct change {
  const char *what;
  const char *source_from, *source_to;     /* in the C source; NULL: none */
  const char *manifest_from, *manifest_to; /* in the manifest; NULL: none */
  const char *expected;
} change;

static const change changes[] = {
  { "a later ABI in the library", ".abi_minor = 0", ".abi_minor = 4", NULL,
    NULL,
    "small needs plugin ABI 1.4; this chiso (0.1.0) offers 1.0; install a "
    "chiso that offers 1.4, or ask its author to run \"chiso build --abi "
    "1.0\"" },
  { "another major", "CHISO_ABI_MAJOR", "2", NULL, NULL,
    "needs plugin ABI 2.0" },
  { "an earlier major", "CHISO_ABI_MAJOR", "0", NULL, NULL,
    "build the plugin again" },
  { "too small", ".size = sizeof(chiso_plugin)", ".size = 16", NULL, NULL,
    "16 bytes" },
  { "another id", ".id = \"small\"", ".id = \"large\"", NULL, NULL, "large" },
  { "no id", ".id = \"small\",", "", NULL, NULL, "id" },
  { "another version", ".version = \"1.0.0\"", ".version = \"1.0.1\"", NULL,
    NULL, "1.0.1" },
  { "no indices", ".n_indices = 1", ".n_indices = 0", NULL, NULL,
    "0 methodologies" },
  { "more indices", ".n_indices = 1", ".n_indices = 2", NULL, NULL,
    "2 methodologies" },
  { "no list", ".indices = indices,", "", NULL, NULL, "indices" },
  { "an empty list", "&i0,", "0,", NULL, NULL, "test.small/2020" },
  { "nodes in steps that are too short", ".node_stride = sizeof(chiso_node)",
    ".node_stride = 8", NULL, NULL, "steps of 8" },
  { "too many nodes", ".n_nodes = 3", ".n_nodes = 20001", NULL, NULL,
    "at most 20000" },
  { "nothing", "return &plugin;", "return 0;", NULL, NULL, "chiso_plugin" },
  { "another methodology", ".id = \"test.small\"", ".id = \"test.large\"", NULL,
    NULL, "test.large" },
  { "another edition", ".edition = \"2020\"", ".edition = \"2021\"", NULL, NULL,
    "2021" },
  { "a note of its own", ".note = \"", ".note = \"x", NULL, NULL, "digest" },
  { "a manifest with another digest", NULL, NULL,
    "definition_sha256 = ", "definition_sha256 = 0", "[0-9a-f]" },
  { "a manifest with another maximum", NULL, NULL, "max = 10", "max = 100",
    "max" },
  { "a manifest with other counts", NULL, NULL, "counts = 2", "counts = 102",
    "102 criterion" },
  { "a manifest with better provenance", NULL, NULL,
    "provenance = published 1, recalled 1", "provenance = official 2",
    "official 2" },
  { "a manifest with a later ABI", NULL, NULL, "abi = 1.0", "abi = 1.9",
    "plugin ABI 1.9" },
  { "code that is not announced", "const chiso_plugin *chiso_plugin_v1",
    "static int f(void) { return 0; }\n"
    "static int (*volatile g)(void) = f;\n"
    "__attribute__((constructor)) static void go(void) { g(); }\n"
    "const chiso_plugin *chiso_plugin_v1",
    NULL, NULL, "DT_INIT_ARRAY" },
  { "a rule that is not announced", "static const chiso_plugin plugin = {",
    "static int r(const chiso_host *h, const chiso_call *c, uint32_t n,\n"
    "  chiso_dec *p) { (void)h; (void)c; (void)n; (void)p; return 0; }\n"
    "static const chiso_plugin plugin = { .rule = r,",
    NULL, NULL, "rule()" },
  { "no rule where one is announced", NULL, NULL, "rules = data",
    "rules = call", "rule()" },
};

/* The plugin with one change, digest of the library kept right. */
static bool put_changed(const folder *out, const char *manifest,
                        const change *what) {
  char *source = emit_small(), digest[65];
  size_t size = 0, length = strlen(manifest) + 1;
  char *text = malloc(length);
  bool done = false;
  static const char *const options[] = { "-fvisibility=hidden", NULL };
  if (text)
    memcpy(text, manifest, length);
  if (what->source_from)
    source = replace(source, what->source_from, what->source_to);
  if (what->manifest_from)
    text = replace(text, what->manifest_from, what->manifest_to);
  char *library = source ? compile_library(source, options, &size) : NULL;
  if (library && text) {
    chiso__sha256(library, size, digest);
    memcpy(strstr(text, "library_sha256 = ") + strlen("library_sha256 = "),
           digest, 64);
    done = put_bytes(out, "small.so", library, size) &&
           put_text(out, "small.plugin.ini", text);
  }
  free(source);
  free(text);
  free(library);
  return done;
}

/* What went wrong, wherever it was noticed. */
static chiso_status load_only(const folder *which, bool isolated,
                              chiso_error *err) {
  chiso_store *store = open_by(which, isolated);
  const chiso_methodology *loaded = NULL;
  chiso_status status = CHISO_INTERNAL;
  if (!store)
    return status;
  if (chiso_store_count(store) == 0) {
    *err = chiso_store_plugin(store, 0)->why;
    status = err->status;
  } else {
    status =
        chiso_store_load(store, chiso_store_get(store, 0), &loaded, NULL, err);
    const chiso_plugin_listing *plugin = chiso_store_plugin(store, 0);
    bool refused = plugin->state == CHISO_PLUGIN_REFUSED;
    CU_ASSERT(refused == (status != CHISO_OK));
    CU_ASSERT(!refused || strcmp(plugin->why.text, err->text) == 0);
    CU_ASSERT((loaded == NULL) == (status != CHISO_OK));
  }
  chiso_store_free(store);
  return status;
}

static void test_changed(void) {
  folder a = folder_make();
  size_t size = 0;
  MUST(build_small(&a, "small", "test.small"));
  char *manifest = get_bytes(&a, "small.plugin.ini", &size);
  MUST(manifest != NULL);
  const change none = { 0 };
  chiso_error err = { 0 };
  MUST(put_changed(&a, manifest, &none));
  CU_ASSERT(good(load_only(&a, false, &err), &err));
  CU_ASSERT(good(load_only(&a, true, &err), &err));
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    err = (chiso_error) { 0 };
    MUST(put_changed(&a, manifest, &changes[i]));
    bool refused = load_only(&a, false, &err) == CHISO_BAD_DATA &&
                   strstr(err.text, changes[i].expected);
    CU_ASSERT(refused);
    if (!refused)
      fprintf(stderr, "\n    %s: %s\n", changes[i].what, err.text);
    /* a worker's tables are refused in the same words */
    chiso_error isolated = { 0 };
    CU_ASSERT(load_only(&a, true, &isolated) == CHISO_BAD_DATA);
    CU_ASSERT_STRING_EQUAL(isolated.text, err.text);
    CU_ASSERT_STRING_EQUAL(isolated.file, err.file);
  }
  free(manifest);
  folder_remove(&a);
}

/* The file on disk, not the tables: digest, absence, and that a cured plugin
 * loads at the next call. */
static void test_file(void) {
  folder a = folder_make();
  size_t size = 0;
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  const chiso_methodology *loaded = NULL;
  MUST(build_small(&a, "small", "test.small"));
  char *library = get_bytes(&a, "small.so", &size);
  MUST(library != NULL);
  chiso_store *store = open_folder(&a);
  MUST(store && chiso_store_count(store) == 1);
  const chiso_listing *listing = chiso_store_get(store, 0);
  library[size / 2] ^= 1;
  MUST(put_bytes(&a, "small.so", library, size));
  CU_ASSERT(chiso_store_load(store, listing, &loaded, NULL, &err) ==
            CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "SHA-256") != NULL);
  CU_ASSERT(strstr(err.file, "small.so") != NULL);
  unlink(in_folder(&a, "small.so", path));
  CU_ASSERT(chiso_store_load(store, listing, &loaded, NULL, &err) == CHISO_IO);
  CU_ASSERT(chiso_store_plugin(store, 0)->state == CHISO_PLUGIN_REFUSED);
  CU_ASSERT(loaded == NULL);
  library[size / 2] ^= 1;
  MUST(put_bytes(&a, "small.so", library, size));
  CU_ASSERT(good(chiso_store_load(store, listing, &loaded, NULL, &err), &err));
  CU_ASSERT(chiso_store_plugin(store, 0)->state == CHISO_PLUGIN_LOADED);
  CU_ASSERT(*chiso_store_plugin(store, 0)->why.text == 0);
  chiso_listing foreign = *listing;
  CU_ASSERT(chiso_store_load(store, &foreign, &loaded, NULL, &err) ==
            CHISO_USAGE);
  chiso_store_free(store);
  free(library);
  folder_remove(&a);
}

/* Each request for memory fails once: the plugin is not called refused for
 * it, nothing leaks, and the last try loads. */
static void test_short_memory(void) {
  folder a = folder_make();
  const char *const dirs[] = { a.path };
  const chiso_store_options options = { .plugin_dirs = dirs,
                                        .n_plugin_dirs = 1,
                                        .no_worker = true };
  chiso_status status = CHISO_NO_MEMORY;
  MUST(build_small(&a, "small", "test.small"));
  for (long i = 0; i < 10000 && status != CHISO_OK; i++) {
    counting count = { .left = -1 };
    const chiso_allocator allocator = counting_allocator(&count);
    const chiso_methodology *loaded = NULL;
    chiso_error err = { 0 };
    chiso_store *store = NULL;
    MUST(chiso_store_open(&options, CHISO_LANG_EN, &allocator, &store, &err) ==
         CHISO_OK);
    count.left = i;
    status =
        chiso_store_load(store, chiso_store_get(store, 0), &loaded, NULL, &err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    CU_ASSERT(chiso_store_plugin(store, 0)->state != CHISO_PLUGIN_REFUSED);
    chiso_store_free(store);
    CU_ASSERT(count.live == 0);
  }
  CU_ASSERT(status == CHISO_OK);
  folder_remove(&a);
}

/* The same for building, up to where the compiler would start: it is not
 * there. */
static void test_short_memory_building(void) {
  folder a = folder_make();
  chiso_status status = CHISO_NO_MEMORY;
  static const char *const indices[] = { EXAMPLE "/index.json" };
  const chiso_build_options options = { .id = "example-call",
                                        .version = "1.0.0",
                                        .license = "Apache-2.0",
                                        .indices = indices,
                                        .n_indices = 1,
                                        .rule = EXAMPLE "/rule.c",
                                        .out_dir = a.path,
                                        .include_dir = INCLUDE_DIR,
                                        .compiler = "/nowhere/cc" };
  for (long i = 0; i < 10000 && status == CHISO_NO_MEMORY; i++) {
    counting count = { .left = i };
    const chiso_allocator allocator = counting_allocator(&count);
    status = chiso_build(&options, &allocator, NULL);
    CU_ASSERT(count.live == 0);
  }
  CU_ASSERT(status == CHISO_IO);
  CU_ASSERT(folder_count(&a) == 0);
  folder_remove(&a);
}

SUITE_MAIN({ "a good plugin", test_good }, { "a plugin with code", test_call },
           { "two plugins are two", test_two_are_two },
           { "not what the manifest says", test_changed },
           { "the file on disk", test_file },
           { "short memory", test_short_memory },
           { "short memory while building", test_short_memory_building })
