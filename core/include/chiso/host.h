/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/host.h - plugins: finding, checking, loading and building them.
 *
 * Finding reads manifests and nothing else: no plugin code runs, no shared
 * object is opened. Loading compares digests, reads the ELF file with the
 * core's own reader, and only then calls dlopen() (RTLD_NOW | RTLD_LOCAL |
 * RTLD_NODELETE) and copies the tables.
 */
#ifndef CHISO_HOST_H
#define CHISO_HOST_H

#include "chiso/model.h"

typedef struct chiso_store chiso_store;

/* Where things are. Every list is borrowed until the store is freed. */
typedef struct chiso_store_options {
  /* Folders with NAME.so and NAME.plugin.ini side by side, best first: of two
   * plugins that hold the same methodology the first found is used. */
  const char *const *plugin_dirs;
  size_t n_plugin_dirs;
  const char *share_dir; /* holds units/ and published/; may be NULL */
} chiso_store_options;

/* Folders by the command's rule, best first: CHISO_PLUGIN_PATH (separated by
 * ':'), the user's ~/.local/lib/chiso/plugins, then ../lib/chiso/plugins
 * beside the running program (and ../lib/<triplet>/chiso/plugins); the share
 * folder is CHISO_SHARE_DIR or ../share/chiso, and the folder with
 * chiso/plugin.h CHISO_INCLUDE_DIR or ../include. Memory comes from the
 * default allocator. Free with chiso_places_free(). [no other thread may
 * change the environment meanwhile] */
typedef struct chiso_places {
  chiso_store_options options;
  const char *include_dir; /* for chiso_build() */
  void *memory;
} chiso_places;
CHISO_API chiso_status chiso_places_find(chiso_places *out, chiso_error *err);
CHISO_API void chiso_places_free(chiso_places *places);

/* What a manifest says of one methodology. Owned by the store. */
typedef struct chiso_listing {
  const char *id, *edition;
  const char *name; /* "id/edition" */
  const char *title_vi, *title_en;
  const char *unit_set;
  const char *variant_of; /* of an internal set: what it was made from */
  const char *legal;      /* "1149/QĐ-BNV, 30/12/2020" */
  const char *digest;     /* of the definition, 64 hex digits */
  const char *provenance; /* summary of the points of counted leaves:
                             "published 3, reconstructed 111" */
  const char *counts;     /* "8 area, 43 criterion, 102 subcriterion" */
  chiso_dec max;
  uint16_t first, last; /* rounds; last 0 = open */
  uint8_t level;        /* CHISO_LEVEL_* */
  uint8_t scope;        /* CHISO_SCOPE_* */
  uint32_t plugin;      /* place in the store's list of plugins */
} chiso_listing;

typedef enum chiso_plugin_state {
  CHISO_PLUGIN_FOUND = 0, /* the manifest is good; nothing was loaded */
  CHISO_PLUGIN_LOADED,
  CHISO_PLUGIN_SHADOWED, /* an earlier folder has the same id */
  CHISO_PLUGIN_REFUSED,  /* `why` says why */
  CHISO_PLUGIN_ISOLATED  /* loaded in a worker process */
} chiso_plugin_state;

typedef struct chiso_plugin_listing {
  const char *manifest, *library;                   /* paths */
  const char *id, *version, *license, *abi, *rules; /* NULL when refused */
  chiso_plugin_state state;
  chiso_error why; /* filled when refused */
} chiso_plugin_listing;

/* Lists the folders. A folder that does not exist is passed over; a bad
 * manifest or a folder that cannot be read is listed as refused and does not
 * stop the others. `lang` is the language of the reasons. `allocator` NULL
 * means the default; it must outlive the store. Free with
 * chiso_store_free(). */
CHISO_API chiso_status chiso_store_open(const chiso_store_options *options,
                                        chiso_lang lang,
                                        const chiso_allocator *allocator,
                                        chiso_store **out, chiso_error *err);
CHISO_API void chiso_store_free(chiso_store *store);

/* Methodologies sorted by id and edition; refused and shadowed plugins have
 * none. */
CHISO_API size_t chiso_store_count(const chiso_store *store);
CHISO_API const chiso_listing *chiso_store_get(const chiso_store *store,
                                               size_t place);
CHISO_API size_t chiso_store_plugins(const chiso_store *store);
CHISO_API const chiso_plugin_listing *
chiso_store_plugin(const chiso_store *store, size_t place);
CHISO_API const char *chiso_store_share(const chiso_store *store);

/* The listing for "id/edition", or for "id" alone the newest edition. Refuses
 * an unknown name with CHISO_USAGE and names the nearest known one. */
CHISO_API chiso_status chiso_store_find(const chiso_store *store,
                                        const char *name,
                                        const chiso_listing **out,
                                        chiso_error *err);
/* The edition of `id` that serves the year of a round, or NULL. */
CHISO_API const chiso_listing *
chiso_store_serving(const chiso_store *store, const char *id, uint16_t year);

/* Loads a listed methodology; the second call gives the same object. The
 * methodology belongs to the store; *rule (may be NULL) stays valid as long
 * as the process, because a library is never unloaded. A library that is
 * refused is listed so with its reason, and tried again at the next call.
 * [one thread per store; dlopen() is called, so not from a constructor] */
CHISO_API chiso_status chiso_store_load(chiso_store *store,
                                        const chiso_listing *listing,
                                        const chiso_methodology **methodology,
                                        chiso_rule *rule, chiso_error *err);

/* ---- building ----------------------------------------------------------- */

/* Makes <out_dir>/<id>.so and <out_dir>/<id>.plugin.ini from index.json files
 * and, when one has CALL nodes, rule.c. Needs a C compiler: `compiler`, or
 * $CC, or cc. A data-only library has one exported symbol, no needed library,
 * no constructor. `include_dir` holds chiso/plugin.h. `abi` "1.0" makes a
 * plugin for hosts that offer no later ABI; a methodology that needs one is
 * refused with CHISO_BAD_DATA and the node's name. NULL means this core's ABI.
 * Both files appear complete or not at all. */
typedef struct chiso_build_options {
  const char *id, *version, *license, *contact;
  const char *const *indices; /* paths of index.json */
  size_t n_indices;
  const char *rule; /* path of rule.c or NULL; `contact` may be NULL too */
  const char *out_dir, *include_dir, *compiler;
  const char *abi;
} chiso_build_options;
CHISO_API chiso_status chiso_build(const chiso_build_options *options,
                                   const chiso_allocator *allocator,
                                   chiso_error *err);

#endif
