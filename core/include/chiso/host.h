/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/host.h - plugins: finding, checking, loading and building them.
 *
 * Finding reads manifests and nothing else: no plugin code runs, no shared
 * object is opened. Whether a plugin may be loaded in the calling process is
 * decided then too, by what is trusted and by nothing that lies in the
 * plugin's own folder. Loading compares digests, reads the ELF file with the
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
  const char *share_dir; /* holds units/, published/ and the trust.ini that
                            vouches for the plugins shipped with it; may be
                            NULL */
  /* The user's keys, pins and revocations; may be NULL, and need not exist.
   * With neither file nothing is trusted, and every plugin is isolated. */
  const char *trust_file;
  /* Loads in the calling process what would be isolated. For a person who
   * asked for it in so many words; what is refused stays refused. */
  bool no_worker;
  /* Path of the program chiso-worker; NULL: plugins that must be isolated are
   * refused. */
  const char *worker;
  /* Every plugin is isolated, however far it is trusted. */
  bool isolate_all;
} chiso_store_options;

/* Folders by the command's rule, best first: CHISO_PLUGIN_PATH (separated by
 * ':'), the user's ~/.local/lib/chiso/plugins, then ../lib/chiso/plugins
 * beside the running program (and ../lib/<triplet>/chiso/plugins); the share
 * folder is CHISO_SHARE_DIR or ../share/chiso, the folder with chiso/plugin.h
 * CHISO_INCLUDE_DIR or ../include, the worker CHISO_WORKER or
 * ../libexec/chiso/chiso-worker beside the program, else beside the library;
 * the trust file is CHISO_TRUST_FILE, else chiso/trust.ini in XDG_CONFIG_HOME
 * or in ~/.config. Memory comes from the default allocator. Free with
 * chiso_places_free(). [no other thread may change the environment meanwhile]
 */
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

/* What keeps an isolated plugin in, besides its limits: what this kernel has.
 * Bits of chiso_plugin_listing.guards. */
enum {
  CHISO_GUARD_SYSTEM_CALLS = 1, /* a filter (seccomp) */
  CHISO_GUARD_FILES = 2         /* no file may be opened (Landlock) */
};

/* Why a plugin is loaded in this process, isolated or refused: the first of
 * these that holds, in this order. docs/trust.md has the table. */
typedef enum chiso_verdict {
  CHISO_VERDICT_NONE = 0, /* the manifest cannot be read: refused */
  CHISO_VERDICT_REVOKED,  /* its digest, or the key of its signature: refused */
  CHISO_VERDICT_PINNED,   /* its digest is trusted: in process */
  CHISO_VERDICT_DAMAGED,  /* the signature cannot be read: refused */
  CHISO_VERDICT_CHANGED,  /* the signature is not that of this manifest: refused
                           */
  CHISO_VERDICT_SIGNED,   /* by a trusted key that may: in process */
  CHISO_VERDICT_FOREIGN_OWNER, /* file or folder is another user's: refused */
  CHISO_VERDICT_WRITABLE, /* other users can write file or folder: refused */
  CHISO_VERDICT_OUTSIDE,  /* by a trusted key that may not sign it: isolated */
  CHISO_VERDICT_UNKNOWN_KEY, /* by a key that is not trusted: isolated */
  CHISO_VERDICT_UNSIGNED     /* isolated */
} chiso_verdict;

typedef enum chiso_trust_kind {
  CHISO_TRUST_KEY = 0,  /* a publisher's key */
  CHISO_TRUST_MANIFEST, /* a manifest, known by its digest */
  CHISO_TRUST_REVOKED   /* a key or a digest that is refused */
} chiso_trust_kind;

/* One section of a trust file. Texts that do not apply are NULL. */
typedef struct chiso_trust_row {
  chiso_trust_kind kind;
  const char *name;     /* of the publisher or the plugin */
  const char *key;      /* "RW...", 56 characters */
  const char *key_id;   /* 16 upper-case hex digits */
  const char *patterns; /* ids of methodologies that the key may sign, with
                           '*' for any characters, separated by blanks; NULL:
                           all */
  const char *digest;   /* SHA-256 of the manifest, 64 hex digits */
  const char *date;     /* yyyy-mm-dd, of adding or revoking */
  const char *reason;   /* of a revocation */
  const char *file;     /* where it stands */
  uint64_t line;
  bool shipped; /* in the share folder, not in the user's file */
} chiso_trust_row;

typedef struct chiso_plugin_listing {
  const char *manifest, *library;                   /* paths */
  const char *id, *version, *license, *abi, *rules; /* NULL when refused */
  chiso_plugin_state state;
  uint8_t guards;  /* of an isolated one */
  chiso_error why; /* filled when refused */
  chiso_verdict verdict;
  bool isolate;                 /* goes to a worker process when it is loaded */
  const char *digest;           /* of the manifest; NULL when not readable */
  const char *key_id;           /* of the key that its signature names; the
                                   signature need not be good. NULL: none */
  const char *comment;          /* trusted comment of a good signature */
  const chiso_trust_row *trust; /* the row that decided; NULL: none did */
  const char *exposed;          /* what others own or can write; NULL */
} chiso_plugin_listing;

/* Lists the folders. A folder that does not exist is passed over; a bad
 * manifest or a folder that cannot be read is listed as refused and does not
 * stop the others. A bad trust file does stop: what it revokes must not be
 * forgotten. `lang` is the language of the reasons. `allocator` NULL
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

/* The refused plugin that has a newer edition of `id` than `edition`, one that
 * serves `year` unless that is 0; *newer gets its edition. Whoever asks for an
 * id alone should hear that it is not the newest. NULL: there is none. Owned by
 * the store. */
CHISO_API const chiso_plugin_listing *
chiso_store_passed_over(const chiso_store *store, const char *id,
                        const char *edition, uint16_t year, const char **newer);

/* Loads a listed methodology; the second call gives the same object. The
 * methodology belongs to the store. *rule (may be NULL) stays valid as long as
 * the store; of a plugin that is not isolated as long as the process, because a
 * library is never unloaded. A library that is refused is listed so with its
 * reason, and tried again at the next call; so is one whose worker has ended.
 * [one thread per store; dlopen() is called, so not from a constructor] */
CHISO_API chiso_status chiso_store_load(chiso_store *store,
                                        const chiso_listing *listing,
                                        const chiso_methodology **methodology,
                                        chiso_rule *rule, chiso_error *err);

/* What chiso_store_verify() finds out. */
typedef struct chiso_verification {
  bool vouched;    /* pinned, or signed by a trusted key that may sign it */
  bool library;    /* the library's SHA-256 is the manifest's */
  bool elf;        /* the library is an ELF file that a plugin may be */
  chiso_error why; /* the first of them that is not so */
} chiso_verification;

/* Checks a plugin of the list without running any of its code. CHISO_OK also
 * when something is not good: read *out. */
CHISO_API chiso_status chiso_store_verify(const chiso_store *store,
                                          size_t place, chiso_verification *out,
                                          chiso_error *err);

/* ---- trust -------------------------------------------------------------- */

typedef struct chiso_trust chiso_trust;

/* Reads share_dir/trust.ini and trust_file. A file that does not exist holds
 * nothing; one that others can write, or with a fault, is refused. `options`
 * and the allocator (NULL: default) must outlive the result. */
CHISO_API chiso_status chiso_trust_open(const chiso_store_options *options,
                                        const chiso_allocator *allocator,
                                        chiso_trust **out, chiso_error *err);
CHISO_API void chiso_trust_free(chiso_trust *trust);
/* Rows in the order of the files, shipped ones first. */
CHISO_API size_t chiso_trust_count(const chiso_trust *trust);
CHISO_API const chiso_trust_row *chiso_trust_get(const chiso_trust *trust,
                                                 size_t place);

/* A public key in minisign's format. */
typedef struct chiso_public_key {
  char id[17];   /* 16 upper-case hex digits */
  char text[57]; /* "RW..." */
} chiso_public_key;

/* From its text "RW...", or from the path of a .pub file. */
CHISO_API chiso_status chiso_public_key_read(const char *text_or_path,
                                             chiso_public_key *out,
                                             chiso_error *err);

/* Appends rows to a trust file, which is made, with its folder, when there is
 * none; what the file holds stays as it is, comments included. Of a row
 * `kind`, `name`, `key`, `key_id`, `patterns`, `digest`, `date` and `reason`
 * are read. Refuses what could not be read back, and with CHISO_USAGE what
 * the file holds already. The file is replaced as a whole or not at all. */
CHISO_API chiso_status chiso_trust_append(const char *path,
                                          const chiso_trust_row *rows,
                                          size_t count,
                                          const chiso_allocator *allocator,
                                          chiso_error *err);

/* ---- building ----------------------------------------------------------- */

#define CHISO_BUILD_SECONDS 60u /* for the compiler, when 0 is asked for */

/* Makes <out_dir>/<id>.so and <out_dir>/<id>.plugin.ini from index.json files
 * and, when one has CALL nodes, rule.c. Needs a C compiler: `compiler`, or
 * $CC, or cc. A data-only library has one exported symbol, no needed library,
 * no constructor. `include_dir` holds chiso/plugin.h. `abi` "1.0" makes a
 * plugin for hosts that offer no later ABI; a methodology that needs one is
 * refused with CHISO_BAD_DATA and the node's name. NULL means this core's ABI.
 * Both files appear complete or not at all. A compiler that takes longer than
 * `seconds` is killed with all that it started (CHISO_IO). */
typedef struct chiso_build_options {
  const char *id, *version, *license, *contact;
  const char *const *indices; /* paths of index.json */
  size_t n_indices;
  const char *rule; /* path of rule.c or NULL; `contact` may be NULL too */
  const char *out_dir, *include_dir, *compiler;
  const char *abi;
  unsigned seconds; /* 0: CHISO_BUILD_SECONDS */
} chiso_build_options;
CHISO_API chiso_status chiso_build(const chiso_build_options *options,
                                   const chiso_allocator *allocator,
                                   chiso_error *err);

#endif
