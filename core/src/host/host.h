/* SPDX-License-Identifier: Apache-2.0
 * host/host.h - what the files of this module share. */
#ifndef CHISO_HOST_HOST_H
#define CHISO_HOST_HOST_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "chiso/host.h"

#define CHISO__MANIFEST_ENDING ".plugin.ini"
#define CHISO__MANIFEST_FORMAT "1"
/* Methodologies of one plugin; part of the manual. */
#define CHISO__MAX_INDICES 64u

/* ---- manifest ----------------------------------------------------------- */

/* [index n]. Every text is in the arena of the manifest. */
typedef struct chiso__manifest_index {
  const char *id, *edition;
  const char *title_vi, *title_en; /* NULL: none */
  const char *unit_set;
  const char *variant_of; /* NULL: none */
  const char *counts, *provenance;
  const char *legal; /* NULL: none */
  const char *digest;
  chiso_dec max;
  uint16_t first, last; /* last 0 = open */
  uint8_t level, scope;
} chiso__manifest_index;

typedef struct chiso__manifest {
  const char *id, *version, *license, *abi;
  const char *contact; /* NULL: none */
  const char *library; /* a name in the manifest's folder, never a path */
  const char *library_digest;
  bool call; /* rules = call */
  chiso__manifest_index *indices;
  uint32_t n_indices;
} chiso__manifest;

/* Reads a manifest. `file` names it in errors and must outlive the arena.
 * The ABI is checked before anything that a later ABI may add, so that a newer
 * plugin is refused for being newer and not for an unknown key. */
chiso_status chiso__manifest_parse(chiso__arena *arena, const char *file,
                                   const char *text, size_t size,
                                   chiso__manifest *out, chiso_error *err);
/* Appends the text of a manifest. Refuses what would not read back the same:
 * a line over the limit of INI, a value that cannot be quoted. */
chiso_status chiso__manifest_write(const chiso__manifest *manifest,
                                   chiso__buffer *out, chiso_error *err);
/* What a manifest says of a methodology. Texts are the methodology's own or in
 * the arena. */
chiso_status chiso__manifest_describe(chiso__arena *arena,
                                      const chiso_methodology *methodology,
                                      chiso__manifest_index *out,
                                      chiso_error *err);
/* Refuses when the library `has` another thing than the manifest `says`. The
 * digests are the caller's to compare. `file` names the library. */
chiso_status chiso__manifest_compare(const char *file,
                                     const chiso__manifest_index *has,
                                     const chiso__manifest_index *says,
                                     chiso_error *err);
/* Letters, digits, '.', '_' and '-', first a letter or digit, at most 64. */
bool chiso__plugin_id_valid(const char *id);
/* "1.2.3", optionally with "-suffix". */
bool chiso__plugin_version_valid(const char *version);
/* "1.0". */
bool chiso__abi_read(const char *text, uint32_t *major, uint32_t *minor);
/* CHISO_OK when this core can load a plugin of that ABI. */
chiso_status chiso__abi_check(const char *file, const char *id, uint32_t major,
                              uint32_t minor, chiso_error *err);

/* ---- library ------------------------------------------------------------ */

/* Reads a shared object from memory and refuses what a plugin must not be.
 * After CHISO_OK for `call` false, loading the bytes runs none of their code:
 * no constructor, no IFUNC, no relocation but of its own addresses. Reads
 * within [bytes, bytes + size) whatever they hold. */
chiso_status chiso__elf_check(const char *file, const void *bytes, size_t size,
                              bool call, chiso_error *err);

/* chiso_plugin_v1() of a library. */
typedef const chiso_plugin *(*chiso__entry_point)(void);

/* dlopen() of exactly these bytes, and the one function that they export. */
chiso_status chiso__plugin_open(const char *file, const void *bytes,
                                size_t size, const char *digest,
                                chiso__entry_point *out, chiso_error *err);
/* Loads exactly these bytes, which chiso__elf_check() passed and whose SHA-256
 * is `digest`, and gives the plugin's tables after the checks of the first
 * page. The library is never unloaded, so *out stays valid. */
chiso_status chiso__library_load(const char *file, const void *bytes,
                                 size_t size, const char *digest,
                                 const chiso__manifest *manifest,
                                 const chiso_plugin **out, chiso_error *err);

/* Reads a library and refuses it unless its SHA-256 is the manifest's and it
 * passes chiso__elf_check(). The bytes are in the arena; digest[0] is 0 when
 * the digest was not reached, *same whether it is the manifest's. */
chiso_status chiso__library_read(chiso__arena *arena, const char *file,
                                 const chiso__manifest *manifest,
                                 const char **bytes, size_t *size,
                                 char digest[65], bool *same, chiso_error *err);

/* The first page: ABI, size, id, version, number of indices, and that there
 * is a rule() when and only when the manifest says so. */
chiso_status chiso__tables_check(const char *file, const chiso_plugin *tables,
                                 bool has_rule, const chiso__manifest *manifest,
                                 chiso_error *err);

/* The tables that a worker sent (host/protocol.h). Texts stay in `bytes`, the
 * rest is in the arena; (*out)->rule is NULL whatever *has_rule says. `id`
 * names the plugin in errors. The ABI is checked, nothing else. */
chiso_status chiso__tables_read(chiso__arena *arena, const char *file,
                                const char *id, const unsigned char *bytes,
                                size_t size, chiso_plugin **out, bool *has_rule,
                                chiso_error *err);

/* ---- store -------------------------------------------------------------- */

typedef struct chiso__host_plugin {
  chiso_plugin_listing listing;
  chiso__manifest manifest;
  const chiso_plugin *tables;   /* NULL until loaded; in `sent`, or static */
  chiso__arena sent;            /* what a worker sent */
  struct chiso__worker *worker; /* of a plugin with code; NULL until loaded */
} chiso__host_plugin;

/* `listing` is first: a listing handed out leads back to its entry. */
typedef struct chiso__host_entry {
  chiso_listing listing;
  uint32_t place;                 /* in the plugin's indices */
  chiso_methodology *methodology; /* NULL until loaded; owned */
} chiso__host_entry;

/* A methodology that was read from a file. `owner` holds it. */
typedef struct chiso__host_local {
  chiso_listing listing;
  const char *path;
  const chiso_methodology *methodology;
  chiso_rule rule;
  void *owner;
  void (*release)(void *owner);
  struct chiso__host_local *next;
} chiso__host_local;

struct chiso_store {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_store_options options;
  chiso_lang lang;
  chiso_trust *trust;
  chiso__host_plugin *plugins;
  size_t n_plugins, plugins_capacity;
  chiso__host_entry *entries;
  size_t n_entries;
  chiso__host_local *locals; /* the last one first */
};

/* The listing of the file at `path`, if it was read before. */
const chiso_listing *chiso__store_local(const chiso_store *store,
                                        const char *path);
/* Lists a methodology that was read from a file; the store calls
 * release(owner) when it is freed, and also when this fails. */
chiso_status chiso__store_add(chiso_store *store, const char *path,
                              const chiso_methodology *methodology,
                              chiso_rule rule, void *owner,
                              void (*release)(void *owner),
                              const chiso_listing **out, chiso_error *err);
/* The owner of a listing of a file that is released so, or NULL. */
void *chiso__store_owner(const chiso_store *store, const chiso_listing *listing,
                         void (*release)(void *owner));
/* The local entry that a listing stands for, or NULL. */
const chiso__host_local *chiso__local_of(const chiso_store *store,
                                         const chiso_listing *listing);
void chiso__locals_free(chiso_store *store);

/* ---- worker (host/worker.h) --------------------------------------------- */

/* Loads the bytes into a worker process: the tables go to plugin->tables as
 * from a library here, and plugin->worker stays for calls of rule(). */
chiso_status chiso__isolated_load(const chiso_store *store,
                                  chiso__host_plugin *plugin, const void *bytes,
                                  size_t size, chiso_error *err);
/* The rule() of an isolated plugin. */
chiso_rule chiso__isolated_rule(chiso__host_plugin *plugin);
/* Whether the worker of a plugin has ended since it was loaded. */
bool chiso__isolated_ended(const chiso__host_plugin *plugin);
void chiso__isolated_free(chiso__host_plugin *plugin);

/* folder/name in the arena; NULL when memory is short. */
char *chiso__path_join(chiso__arena *arena, const char *folder,
                       const char *name);

#endif
