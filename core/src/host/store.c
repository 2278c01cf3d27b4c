/* SPDX-License-Identifier: Apache-2.0
 * host/store.c - the methodologies that the folders' manifests announce. */
#include "host/trust.h"

#include "base/file.h"
#include "base/map.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- listing folders ---------------------------------------------------- */

typedef struct name_list {
  const char **list;
  size_t count, capacity;
} name_list;

static int compare_texts(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_manifest(const char *name) {
  size_t size = strlen(name), ending = strlen(CHISO__MANIFEST_ENDING);
  return size > ending && *name != '.' &&
         strcmp(name + size - ending, CHISO__MANIFEST_ENDING) == 0;
}

static chiso_status take_names(chiso_store *store, DIR *folder, name_list *out,
                               chiso_error *err) {
  for (;;) {
    errno = 0;
    const struct dirent *entry = readdir(folder);
    if (!entry)
      return errno == 0
                 ? CHISO_OK
                 : CHISO__FAIL(err, CHISO_IO, MSG_FOLDER_READ, strerror(errno));
    if (!is_manifest(entry->d_name))
      continue;
    void *list = (void *)out->list;
    bool room = chiso__grow(store->allocator, &list, &out->capacity, out->count,
                            sizeof *out->list);
    out->list = list;
    const char *name =
        chiso__arena_text(&store->arena, entry->d_name, strlen(entry->d_name));
    if (!room || !name)
      return chiso__no_memory(err);
    out->list[out->count++] = name;
  }
}

/* A new row of the plugin list, zeroed. NULL when memory is short. */
static chiso__host_plugin *add_plugin(chiso_store *store) {
  void *plugins = store->plugins;
  bool room = chiso__grow(store->allocator, &plugins, &store->plugins_capacity,
                          store->n_plugins, sizeof *store->plugins);
  store->plugins = plugins;
  if (!room)
    return NULL;
  chiso__host_plugin *plugin = &store->plugins[store->n_plugins++];
  *plugin = (chiso__host_plugin) { .listing.why.lang = store->lang };
  return plugin;
}

/* ---- one manifest ------------------------------------------------------- */

static void fill_listing(chiso__host_plugin *plugin) {
  const chiso__manifest *manifest = &plugin->manifest;
  plugin->listing.id = manifest->id;
  plugin->listing.version = manifest->version;
  plugin->listing.license = manifest->license;
  plugin->listing.abi = manifest->abi;
  plugin->listing.rules = manifest->call ? "call" : "data";
}

/* Reads a manifest into the row. What is wrong with the manifest goes to the
 * row; only short memory is an error. */
static chiso_status read_manifest(chiso_store *store, const char *folder,
                                  const char *name, chiso__host_plugin *plugin,
                                  chiso_error *err) {
  chiso__arena *arena = &store->arena;
  const char *path = chiso__path_join(arena, folder, name), *text;
  size_t size;
  if (!path)
    return chiso__no_memory(err);
  plugin->listing.manifest = path;
  chiso_error *why = &plugin->listing.why;
  chiso_status status = chiso__file_read(arena, path, CHISO__LIMIT_MANIFEST,
                                         false, &text, &size, why);
  if (status == CHISO_OK)
    status =
        chiso__manifest_parse(arena, path, text, size, &plugin->manifest, why);
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  if (status != CHISO_OK) {
    plugin->listing.state = CHISO_PLUGIN_REFUSED;
    return CHISO_OK;
  }
  plugin->listing.library =
      chiso__path_join(arena, folder, plugin->manifest.library);
  if (!plugin->listing.library)
    return chiso__no_memory(err);
  fill_listing(plugin);
  return chiso__policy(store, plugin, text, size, err);
}

static chiso_status shadow(chiso_store *store, chiso__map *ids, size_t place,
                           chiso_error *err) {
  chiso__host_plugin *plugin = &store->plugins[place];
  size_t first = 0;
  switch (chiso__map_put(ids, plugin->manifest.id, place, &first)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    plugin->listing.state = CHISO_PLUGIN_SHADOWED;
    chiso__fail(&plugin->listing.why, CHISO_NO,
                (chiso__place) { .file = plugin->listing.manifest },
                MSG_PLUGIN_SHADOWED, plugin->manifest.id,
                store->plugins[first].listing.manifest);
    return CHISO_OK;
  case CHISO__MAP_NEW:
    break;
  }
  return CHISO_OK;
}

static chiso_status read_names(chiso_store *store, const char *folder,
                               const name_list *names, chiso__map *ids,
                               chiso_error *err) {
  for (size_t i = 0; i < names->count; i++) {
    chiso__host_plugin *plugin = add_plugin(store);
    if (!plugin)
      return chiso__no_memory(err);
    CHISO__TRY(read_manifest(store, folder, names->list[i], plugin, err));
    if (plugin->listing.state == CHISO_PLUGIN_FOUND)
      CHISO__TRY(shadow(store, ids, store->n_plugins - 1, err));
  }
  return CHISO_OK;
}

/* A folder that exists and cannot be read is listed like a bad manifest: the
 * others still serve. */
static chiso_status refuse_folder(chiso_store *store, const char *folder,
                                  int cause, chiso_error *err) {
  chiso__host_plugin *plugin = add_plugin(store);
  const char *path = chiso__arena_text(&store->arena, folder, strlen(folder));
  if (!plugin || !path)
    return chiso__no_memory(err);
  plugin->listing.manifest = path;
  plugin->listing.state = CHISO_PLUGIN_REFUSED;
  chiso__fail(&plugin->listing.why, CHISO_IO, (chiso__place) { .file = path },
              MSG_FOLDER_READ, strerror(cause));
  return CHISO_OK;
}

static chiso_status read_folder(chiso_store *store, const char *path,
                                chiso__map *ids, chiso_error *err) {
  DIR *folder = opendir(path);
  if (!folder)
    return errno == ENOENT ? CHISO_OK : refuse_folder(store, path, errno, err);
  name_list found = { 0 };
  chiso_status status = take_names(store, folder, &found, err);
  closedir(folder);
  if (status == CHISO_OK) {
    /* The order of a folder is the file system's; ours must not be. */
    if (found.count)
      qsort((void *)found.list, found.count, sizeof *found.list, compare_texts);
    status = read_names(store, path, &found, ids, err);
  }
  chiso__free(store->allocator, (void *)found.list);
  return status;
}

/* ---- methodologies ------------------------------------------------------ */

static int compare_entries(const void *a, const void *b) {
  const chiso__host_entry *x = a, *y = b;
  int order = strcmp(x->listing.id, y->listing.id);
  return order ? order : strcmp(x->listing.edition, y->listing.edition);
}

static chiso_status add_entry(chiso_store *store, size_t plugin, uint32_t place,
                              chiso__map *known, chiso_error *err) {
  const chiso__manifest_index *index =
      &store->plugins[plugin].manifest.indices[place];
  size_t a = strlen(index->id), b = strlen(index->edition);
  char *name = chiso__arena_alloc(&store->arena, a + b + 2);
  if (!name)
    return chiso__no_memory(err);
  memcpy(name, index->id, a);
  name[a] = '/';
  memcpy(name + a + 1, index->edition, b);
  switch (chiso__map_put(known, name, 0, NULL)) {
  case CHISO__MAP_NO_MEMORY:
    return chiso__no_memory(err);
  case CHISO__MAP_REPEATED:
    return CHISO_OK; /* the plugin found first serves it */
  case CHISO__MAP_NEW:
    break;
  }
  store->entries[store->n_entries++] =
      (chiso__host_entry) { .listing = { .id = index->id,
                                         .edition = index->edition,
                                         .name = name,
                                         .title_vi = index->title_vi,
                                         .title_en = index->title_en,
                                         .unit_set = index->unit_set,
                                         .variant_of = index->variant_of,
                                         .scope = index->scope,
                                         .legal = index->legal,
                                         .digest = index->digest,
                                         .provenance = index->provenance,
                                         .counts = index->counts,
                                         .max = index->max,
                                         .first = index->first,
                                         .last = index->last,
                                         .level = index->level,
                                         .plugin = (uint32_t)plugin },
                            .place = place };
  return CHISO_OK;
}

static chiso_status add_entries(chiso_store *store, chiso__map *known,
                                chiso_error *err) {
  size_t count = 0;
  for (size_t i = 0; i < store->n_plugins; i++)
    if (store->plugins[i].listing.state == CHISO_PLUGIN_FOUND)
      count += store->plugins[i].manifest.n_indices;
  store->entries =
      chiso__arena_array(&store->arena, count, sizeof *store->entries);
  if (!store->entries)
    return chiso__no_memory(err);
  for (size_t i = 0; i < store->n_plugins; i++) {
    const chiso__host_plugin *plugin = &store->plugins[i];
    if (plugin->listing.state != CHISO_PLUGIN_FOUND)
      continue;
    for (uint32_t j = 0; j < plugin->manifest.n_indices; j++)
      CHISO__TRY(add_entry(store, i, j, known, err));
  }
  if (store->n_entries)
    qsort(store->entries, store->n_entries, sizeof *store->entries,
          compare_entries);
  return CHISO_OK;
}

/* ---- opening ------------------------------------------------------------ */

static chiso_status fill(chiso_store *store, chiso_error *err) {
  chiso__map ids = { .allocator = store->allocator };
  chiso__map known = { .allocator = store->allocator };
  chiso_status status = CHISO_OK;
  for (size_t i = 0; i < store->options.n_plugin_dirs && status == CHISO_OK;
       i++)
    status = read_folder(store, store->options.plugin_dirs[i], &ids, err);
  if (status == CHISO_OK)
    status = add_entries(store, &known, err);
  chiso__map_free(&known);
  chiso__map_free(&ids);
  return status;
}

chiso_status chiso_store_open(const chiso_store_options *options,
                              chiso_lang lang, const chiso_allocator *allocator,
                              chiso_store **out, chiso_error *err) {
  *out = NULL;
  chiso_store *store = chiso__alloc(allocator, sizeof *store);
  if (!store)
    return chiso__no_memory(err);
  store->allocator = allocator;
  store->arena.allocator = allocator;
  store->options = *options;
  store->lang = lang;
  chiso_status status =
      chiso_trust_open(options, allocator, &store->trust, err);
  if (status == CHISO_OK)
    status = fill(store, err);
  if (status == CHISO_OK)
    *out = store;
  else
    chiso_store_free(store);
  return status;
}

void chiso_store_free(chiso_store *store) {
  if (!store)
    return;
  const chiso_allocator *allocator = store->allocator;
  chiso__locals_free(store);
  for (size_t i = 0; i < store->n_entries; i++)
    chiso_methodology_free(store->entries[i].methodology);
  chiso_trust_free(store->trust);
  for (size_t i = 0; i < store->n_plugins; i++)
    chiso__isolated_free(&store->plugins[i]);
  chiso__free(allocator, store->plugins);
  chiso__arena_free(&store->arena);
  chiso__free(allocator, store);
}

/* ---- asking ------------------------------------------------------------- */

size_t chiso_store_count(const chiso_store *store) {
  return store->n_entries;
}

const chiso_listing *chiso_store_get(const chiso_store *store, size_t place) {
  return place < store->n_entries ? &store->entries[place].listing : NULL;
}

size_t chiso_store_plugins(const chiso_store *store) {
  return store->n_plugins;
}

const chiso_plugin_listing *chiso_store_plugin(const chiso_store *store,
                                               size_t place) {
  return place < store->n_plugins ? &store->plugins[place].listing : NULL;
}

const char *chiso_store_share(const chiso_store *store) {
  return store->options.share_dir;
}

/* A plugin that has the methodology, though it is refused: its reason says
 * more than that there is no such name. */
static const chiso__host_plugin *refused_with(const chiso_store *store,
                                              const char *name) {
  for (size_t i = 0; i < store->n_plugins; i++) {
    const chiso__host_plugin *plugin = &store->plugins[i];
    if (plugin->listing.state != CHISO_PLUGIN_REFUSED)
      continue;
    for (uint32_t j = 0; j < plugin->manifest.n_indices; j++) {
      const chiso__manifest_index *index = &plugin->manifest.indices[j];
      size_t size = strlen(index->id);
      if (strncmp(name, index->id, size) == 0 &&
          (name[size] == '\0' ||
           (name[size] == '/' && strcmp(name + size + 1, index->edition) == 0)))
        return plugin;
    }
  }
  return NULL;
}

/* Names the nearest: an edition of the id when the id is known, else an id or
 * a whole name. */
static chiso_status unknown(const chiso_store *store, const char *name,
                            chiso_error *err) {
  const char *nearest = NULL;
  const char *slash = strchr(name, '/');
  const char **candidates = chiso__alloc(
      store->allocator, (store->n_entries + 1) * sizeof *candidates);
  if (!candidates)
    return chiso__no_memory(err);
  size_t count = 0;
  for (size_t i = 0; i < store->n_entries; i++)
    candidates[count++] =
        slash ? store->entries[i].listing.name : store->entries[i].listing.id;
  nearest = chiso__text_nearest(name, candidates, count);
  chiso__free(store->allocator, (void *)candidates);
  return nearest
             ? CHISO__FAIL(err, CHISO_USAGE, MSG_STORE_NEAREST, name, nearest)
             : CHISO__FAIL(err, CHISO_USAGE, MSG_STORE_UNKNOWN, name);
}

chiso_status chiso_store_find(const chiso_store *store, const char *name,
                              const chiso_listing **out, chiso_error *err) {
  *out = NULL;
  for (const chiso__host_local *l = store->locals; l; l = l->next)
    if (strcmp(l->listing.name, name) == 0) {
      *out = &l->listing;
      return CHISO_OK;
    }
  for (size_t i = 0; i < store->n_entries; i++) {
    const chiso_listing *listing = &store->entries[i].listing;
    /* Sorted by edition: of an id alone the last one stays. */
    if (strcmp(listing->name, name) == 0 || strcmp(listing->id, name) == 0)
      *out = listing;
  }
  if (*out)
    return CHISO_OK;
  const chiso__host_plugin *refused = refused_with(store, name);
  if (!refused)
    return unknown(store, name, err);
  if (err)
    *err = refused->listing.why;
  return CHISO_BAD_DATA;
}

const chiso_listing *chiso_store_serving(const chiso_store *store,
                                         const char *id, uint16_t year) {
  const chiso_listing *best = NULL;
  for (size_t i = 0; i < store->n_entries; i++) {
    const chiso_listing *listing = &store->entries[i].listing;
    if (strcmp(listing->id, id) != 0 || year < listing->first ||
        (listing->last != 0 && year > listing->last))
      continue;
    /* Where two serve a year, the later one replaced the earlier. */
    if (!best || listing->first >= best->first)
      best = listing;
  }
  return best;
}

const chiso_plugin_listing *chiso_store_passed_over(const chiso_store *store,
                                                    const char *id,
                                                    const char *edition,
                                                    uint16_t year,
                                                    const char **newer) {
  const chiso_plugin_listing *found = NULL;
  *newer = NULL;
  for (size_t i = 0; i < store->n_plugins; i++) {
    const chiso__host_plugin *plugin = &store->plugins[i];
    if (plugin->listing.state != CHISO_PLUGIN_REFUSED)
      continue;
    for (uint32_t j = 0; j < plugin->manifest.n_indices; j++) {
      const chiso__manifest_index *index = &plugin->manifest.indices[j];
      bool serves = !year || (year >= index->first &&
                              (index->last == 0 || year <= index->last));
      if (!serves || strcmp(index->id, id) != 0 ||
          strcmp(index->edition, *newer ? *newer : edition) <= 0)
        continue;
      *newer = index->edition;
      found = &plugin->listing;
    }
  }
  return found;
}
