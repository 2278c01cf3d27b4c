/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chiso/host.h"
#include "measure.h"

#define PLUGINS BUILD_DIR "/lib/chiso/plugins"
#define MODEL   "papi-2011"

static char folder[] = "/tmp/chiso-bench-XXXXXX";

static void stop(const char *what) {
  fprintf(stderr, "chiso-bench: %s\n", what);
  exit(1);
}

/* The manifest of MODEL; free() it. */
static char *read_model(void) {
  FILE *f = fopen(PLUGINS "/" MODEL ".plugin.ini", "r");
  char *text = calloc(1, 65536);
  if (!text)
    stop("no memory");
  if (!f) {
    free(text);
    return NULL;
  }
  size_t size = fread(text, 1, 65535, f);
  fclose(f);
  text[size] = '\0';
  return text;
}

static void path_of(char *out, size_t size, int i) {
  snprintf(out, size, "%s/made-%d.plugin.ini", folder, i);
}

/* The text with `i` in the names of plugin, library and edition. */
static void write_one(const char *text, int i) {
  char path[128];
  path_of(path, sizeof path, i);
  FILE *f = fopen(path, "w");
  if (!f)
    stop("cannot write manifests");
  for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
    size_t length = strcspn(line, "\n");
    if (strncmp(line, "id = " MODEL, 5 + strlen(MODEL)) == 0)
      fprintf(f, "id = made-%d\n", i);
    else if (strncmp(line, "library = ", 10) == 0)
      fprintf(f, "library = made-%d.so\n", i);
    else if (strncmp(line, "edition = ", 10) == 0)
      fprintf(f, "edition = 2011-%d\n", i);
    else
      fprintf(f, "%.*s\n", (int)length, line);
    if (line[length] == '\0')
      break;
  }
  fclose(f);
}

int store_begin(void) {
  char *text = read_model();
  if (!text)
    return 0;
  if (!mkdtemp(folder))
    stop("cannot make a folder");
  for (int i = 0; i < MANIFESTS; i++)
    write_one(text, i);
  free(text);
  return 1;
}

void store_end(void) {
  char path[128];
  for (int i = 0; i < MANIFESTS; i++) {
    path_of(path, sizeof path, i);
    unlink(path);
  }
  rmdir(folder);
}

static chiso_store *open_store(const char *dir) {
  const char *dirs[] = { dir };
  chiso_store_options options = { .plugin_dirs = dirs,
                                  .n_plugin_dirs = 1,
                                  .no_worker = true };
  chiso_store *store = NULL;
  if (chiso_store_open(&options, CHISO_LANG_EN, counted_allocator(), &store,
                       NULL) != CHISO_OK)
    stop("cannot open the store");
  return store;
}

uint64_t list_manifests(void *data, uint64_t rounds) {
  (void)data;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_store *store = open_store(folder);
    if (chiso_store_plugins(store) != MANIFESTS ||
        chiso_store_count(store) != MANIFESTS)
      stop("manifests were refused");
    chiso_store_free(store);
  }
  return rounds;
}

uint64_t load_plugin(void *data, uint64_t rounds) {
  (void)data;
  for (uint64_t i = 0; i < rounds; i++) {
    chiso_store *store = open_store(PLUGINS);
    const chiso_listing *listing = NULL;
    const chiso_methodology *m = NULL;
    if (chiso_store_find(store, "vn.par.province/2020", &listing, NULL) !=
            CHISO_OK ||
        chiso_store_load(store, listing, &m, NULL, NULL) != CHISO_OK)
      stop("cannot load a plugin");
    chiso_store_free(store);
  }
  return rounds;
}
