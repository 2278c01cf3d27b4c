/* SPDX-License-Identifier: Apache-2.0
 * host/load.c - from checked bytes to tables: digest, ELF, dlopen(), copy. */
#include "host/host.h"

#include "base/crypto.h"
#include "base/file.h"
#include "host/memfd.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ENTRY       "chiso_plugin_v1"
#define DIGEST_SIZE 64
#define PATH_SIZE   640

#define REFUSE(err, path, ...)                                                 \
  chiso__fail((err), CHISO_BAD_DATA, (chiso__place) { .file = (path) },        \
              __VA_ARGS__)

/* ---- loading the bytes that were checked --------------------------------- */

/* The loader takes a library for loaded when it has seen the same path, and
 * descriptor numbers come back. So the path also spells the digest, in steps
 * that lead nowhere: "/." for a one, "/" for a zero. */
static void spell_path(const char *digest, int fd, char out[PATH_SIZE]) {
  static const char root[] = "/proc/self";
  char *at = out;
  memcpy(at, root, sizeof root - 1);
  at += sizeof root - 1;
  for (int i = 0; i < DIGEST_SIZE; i++) {
    char c = digest[i];
    unsigned value = c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
    for (unsigned bit = 8; bit > 0; bit >>= 1) {
      *at++ = '/';
      if (value & bit)
        *at++ = '.';
    }
  }
  snprintf(at, (size_t)(out + PATH_SIZE - at), "/fd/%d", fd);
}

static chiso_status open_library(const char *file, const void *bytes,
                                 size_t size, const char *digest, void **out,
                                 chiso_error *err) {
  int fd = chiso__memfd_sealed(bytes, size);
  if (fd < 0)
    return chiso__fail(err, CHISO_IO, (chiso__place) { .file = file },
                       MSG_LIBRARY_LOAD, strerror(errno));
  char path[PATH_SIZE];
  spell_path(digest, fd, path);
  *out = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  const char *why = *out ? NULL : dlerror();
  close(fd);
  if (*out)
    return CHISO_OK;
  /* The reason follows the path, which tells the reader nothing. */
  const char *reason = why ? strstr(why, ": ") : NULL;
  return REFUSE(err, file, MSG_LIBRARY_LOAD, reason ? reason + 2 : "dlopen()");
}

/* ---- the plugin's first page -------------------------------------------- */

static chiso_status check_same(const char *file, const char *what,
                               const char *found, const char *expected,
                               chiso_error *err) {
  if (!found)
    return REFUSE(err, file, MSG_LIBRARY_EMPTY, what);
  return strcmp(found, expected) == 0
             ? CHISO_OK
             : REFUSE(err, file, MSG_LIBRARY_DIFFERS, what, found, expected);
}

chiso_status chiso__tables_check(const char *file, const chiso_plugin *tables,
                                 bool has_rule, const chiso__manifest *manifest,
                                 chiso_error *err) {
  if (!tables)
    return REFUSE(err, file, MSG_LIBRARY_EMPTY, "chiso_plugin");
  CHISO__TRY(chiso__abi_check(file, manifest->id, tables->abi_major,
                              tables->abi_minor, err));
  if (tables->size < sizeof *tables)
    return REFUSE(err, file, MSG_LIBRARY_SIZE, (unsigned)tables->size,
                  CHISO_ABI_MAJOR, CHISO_ABI_MINOR, (unsigned)sizeof *tables);
  CHISO__TRY(check_same(file, "id", tables->id, manifest->id, err));
  CHISO__TRY(
      check_same(file, "version", tables->version, manifest->version, err));
  if (tables->n_indices != manifest->n_indices)
    return REFUSE(err, file, MSG_LIBRARY_COUNT, (unsigned)tables->n_indices,
                  (unsigned)manifest->n_indices);
  if (!tables->indices)
    return REFUSE(err, file, MSG_LIBRARY_EMPTY, "indices");
  if (has_rule && !manifest->call)
    return REFUSE(err, file, MSG_LIBRARY_RULE_EXTRA);
  if (!has_rule && manifest->call)
    return REFUSE(err, file, MSG_LIBRARY_RULE_MISSING);
  return CHISO_OK;
}

chiso_status chiso__plugin_open(const char *file, const void *bytes,
                                size_t size, const char *digest,
                                chiso__entry_point *out, chiso_error *err) {
  void *library = NULL;
  *out = NULL;
  CHISO__TRY(open_library(file, bytes, size, digest, &library, err));
  void *symbol = dlsym(library, ENTRY);
  if (!symbol)
    return REFUSE(err, file, MSG_ELF_NO_EXPORT);
  memcpy(out, &symbol, sizeof *out); /* ISO C has no such conversion */
  return CHISO_OK;
}

chiso_status chiso__library_load(const char *file, const void *bytes,
                                 size_t size, const char *digest,
                                 const chiso__manifest *manifest,
                                 const chiso_plugin **out, chiso_error *err) {
  chiso__entry_point entry = NULL;
  *out = NULL;
  CHISO__TRY(chiso__plugin_open(file, bytes, size, digest, &entry, err));
  /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): set above */
  const chiso_plugin *tables = entry();
  CHISO__TRY(
      chiso__tables_check(file, tables, tables && tables->rule, manifest, err));
  *out = tables;
  return CHISO_OK;
}

/* ---- the store's side --------------------------------------------------- */

chiso_status chiso__library_read(chiso__arena *arena, const char *file,
                                 const chiso__manifest *manifest,
                                 const char **bytes, size_t *size,
                                 char digest[DIGEST_SIZE + 1], bool *same,
                                 chiso_error *err) {
  digest[0] = '\0';
  *same = false;
  CHISO__TRY(chiso__file_read(arena, file, CHISO__LIMIT_PLUGIN, false, bytes,
                              size, err));
  chiso__sha256(*bytes, *size, digest);
  *same = strcmp(digest, manifest->library_digest) == 0;
  if (!*same)
    return REFUSE(err, file, MSG_LIBRARY_DIGEST, digest,
                  manifest->library_digest);
  return chiso__elf_check(file, *bytes, *size, manifest->call, err);
}

static chiso_status load_library(chiso_store *store, chiso__host_plugin *plugin,
                                 chiso_error *err) {
  chiso__arena arena = { .allocator = store->allocator };
  const char *path = plugin->listing.library, *bytes;
  const chiso__manifest *manifest = &plugin->manifest;
  char digest[DIGEST_SIZE + 1];
  bool same;
  size_t size;
  chiso_status status = chiso__library_read(&arena, path, manifest, &bytes,
                                            &size, digest, &same, err);
  if (status == CHISO_OK && plugin->listing.isolate)
    status = chiso__isolated_load(store, plugin, bytes, size, err);
  else if (status == CHISO_OK)
    status = chiso__library_load(path, bytes, size, digest, manifest,
                                 &plugin->tables, err);
  chiso__arena_free(&arena);
  return status;
}

/* The library's tables against the manifest: the name, what is listed of
 * them, and last the digest, which covers the rest. */
static chiso_status check_methodology(const chiso_store *store,
                                      const chiso__host_plugin *plugin,
                                      const chiso__host_entry *entry,
                                      const chiso_methodology *methodology,
                                      chiso_error *err) {
  const char *path = plugin->listing.library;
  const char *digest = chiso_methodology_digest(methodology);
  chiso__arena arena = { .allocator = store->allocator };
  chiso__manifest_index found;
  chiso_status status =
      chiso__manifest_describe(&arena, methodology, &found, err);
  if (status == CHISO_OK)
    status = chiso__manifest_compare(
        path, &found, &plugin->manifest.indices[entry->place], err);
  if (status == CHISO_OK && strcmp(digest, entry->listing.digest) != 0)
    status = REFUSE(err, path, MSG_DEFINITION_DIGEST, entry->listing.name,
                    digest, entry->listing.digest);
  chiso__arena_free(&arena);
  return status;
}

static chiso_status load_entry(chiso_store *store, chiso__host_plugin *plugin,
                               chiso__host_entry *entry, chiso_error *err) {
  if (!plugin->tables || chiso__isolated_ended(plugin))
    CHISO__TRY(load_library(store, plugin, err));
  if (entry->methodology)
    return CHISO_OK;
  const char *path = plugin->listing.library;
  const chiso_listing *listing = &entry->listing;
  const chiso_plugin *tables = plugin->tables;
  const chiso_index *index = tables ? tables->indices[entry->place] : NULL;
  if (!index)
    return REFUSE(err, path, MSG_LIBRARY_EMPTY, listing->name);
  chiso_methodology *methodology = NULL;
  CHISO__TRY(
      chiso_methodology_copy(path, index, store->allocator, &methodology, err));
  chiso_status status =
      check_methodology(store, plugin, entry, methodology, err);
  if (status == CHISO_OK)
    entry->methodology = methodology;
  else
    chiso_methodology_free(methodology);
  return status;
}

/* What failed is listed with its reason and tried again when asked again: the
 * cause may have gone. */
static void remember(chiso_store *store, chiso__host_plugin *plugin,
                     chiso_status status, const chiso_error *why) {
  if (status == CHISO_OK) {
    plugin->listing.state =
        plugin->listing.isolate ? CHISO_PLUGIN_ISOLATED : CHISO_PLUGIN_LOADED;
    plugin->listing.why = (chiso_error) { .lang = store->lang };
  } else if (status != CHISO_NO_MEMORY) {
    plugin->listing.state = CHISO_PLUGIN_REFUSED;
    plugin->listing.why = *why;
  }
}

chiso_status chiso_store_load(chiso_store *store, const chiso_listing *listing,
                              const chiso_methodology **methodology,
                              chiso_rule *rule, chiso_error *err) {
  chiso__host_entry *entry = NULL;
  *methodology = NULL;
  if (rule)
    *rule = (chiso_rule) { 0 };
  const chiso__host_local *local = chiso__local_of(store, listing);
  if (local) {
    *methodology = local->methodology;
    if (rule)
      *rule = local->rule;
    return CHISO_OK;
  }
  for (size_t i = 0; i < store->n_entries && !entry; i++)
    if (&store->entries[i].listing == listing)
      entry = &store->entries[i];
  if (!entry)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_STORE_FOREIGN);
  chiso__host_plugin *plugin = &store->plugins[entry->listing.plugin];
  if (!entry->methodology || chiso__isolated_ended(plugin)) {
    chiso_error why = { .lang = err ? err->lang : store->lang };
    chiso_status status = load_entry(store, plugin, entry, &why);
    remember(store, plugin, status, &why);
    if (status != CHISO_OK) {
      if (err)
        *err = why;
      return status;
    }
  }
  *methodology = entry->methodology;
  if (rule)
    *rule = plugin->listing.isolate
                ? chiso__isolated_rule(plugin)
                : (chiso_rule) { .here = plugin->tables->rule };
  return CHISO_OK;
}
