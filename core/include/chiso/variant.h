/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/variant.h - internal variants: a methodology and what overlays change.
 *
 * An overlay is an INI file that a ministry or a province writes: it names its
 * base with the digest of it, and adds, changes, re-weights, moves and removes
 * nodes, each under a legal instrument of its own. The result is a plain
 * methodology with its own digest and scope "internal"; it says what it was
 * made from wherever it goes.
 */
#ifndef CHISO_VARIANT_H
#define CHISO_VARIANT_H

#include "chiso/host.h"

#define CHISO_MAX_LAYERS 4 /* overlays on one base */

typedef struct chiso_variant chiso_variant;

/* Reads `count` overlays, the lowest first, each on the result of the one
 * before; the first names its base, "id/edition" of the store or the path of
 * an index.json or of another overlay, from its own folder. At most
 * CHISO_MAX_LAYERS in all. `store` may be NULL when every base is a path; it is
 * borrowed and must outlive the variant. CHISO_BAD_DATA says what is wrong
 * with a file and where. Free with chiso_variant_free(). [one thread per
 * store] */
CHISO_API chiso_status chiso_variant_read(const char *const *paths,
                                          size_t count, chiso_store *store,
                                          const chiso_allocator *allocator,
                                          chiso_variant **out,
                                          chiso_error *err);
CHISO_API void chiso_variant_free(chiso_variant *variant);

/* The same with every fault of the files, not the first alone. Where there are
 * some the status is CHISO_BAD_DATA, *err the first, and *out a variant that
 * has them and nothing else: only the two functions below and
 * chiso_variant_free() take it. A fault that only follows from another is not
 * among them. */
CHISO_API chiso_status chiso_variant_read_all(const char *const *paths,
                                              size_t count, chiso_store *store,
                                              const chiso_allocator *allocator,
                                              chiso_variant **out,
                                              chiso_error *err);
/* How many faults; those kept, at most 1,000, in the order of the files and
 * their lines, NULL after the last. Owned by the variant. */
CHISO_API size_t chiso_variant_faults(const chiso_variant *variant);
CHISO_API const chiso_error *chiso_variant_fault(const chiso_variant *variant,
                                                 size_t place);

/* The result and what it was made from. Owned by the variant or the store. */
CHISO_API const chiso_methodology *
chiso_variant_methodology(const chiso_variant *variant);
CHISO_API const chiso_methodology *
chiso_variant_base(const chiso_variant *variant);
/* rule() of the base, when it has CALL nodes, else zeroed. */
CHISO_API chiso_rule chiso_variant_rule(const chiso_variant *variant);

/* The overlays, the lowest first. Owned by the variant. */
typedef struct chiso_layer {
  const char *path;
  const char *name;   /* "id/edition" of its result */
  const char *digest; /* of its result */
  const char *base;   /* "id/edition" of what it stands on */
  uint32_t added, changed, reweighted, moved, removed; /* sections */
} chiso_layer;
CHISO_API size_t chiso_variant_layers(const chiso_variant *variant);
CHISO_API const chiso_layer *chiso_variant_layer(const chiso_variant *variant,
                                                 size_t place);

/* Who set a field: the line of an overlay and the instrument it cites, the
 * last one that did. Fields are named as in an overlay: "title_vi", "max". */
typedef struct chiso_field_origin {
  const char *field;
  uint32_t layer; /* place of the overlay */
  uint64_t line;
  const char *instrument; /* its text; NULL in [overlay] itself */
  bool derived;           /* follows from that line: a total */
  const char *before;     /* as an overlay would write it; NULL: unset */
} chiso_field_origin;
/* Of a node of the result, or of the set as a whole when `node` is
 * CHISO_NO_NODE; *count of them in the order of fields. A field that is not
 * listed is the base's. Owned by the variant. */
CHISO_API const chiso_field_origin *
chiso_variant_origins(const chiso_variant *variant, uint32_t node,
                      size_t *count);
/* Every field that a node of the result may have, as an overlay writes it: key
 * and value (NULL: unset) of place 0, 1, …; false after the last. Owned by the
 * variant. */
CHISO_API bool chiso_variant_field(chiso_variant *variant, uint32_t node,
                                   size_t place, const char **key,
                                   const char **value);

/* Nodes that an overlay took away, in the order of removal. */
typedef struct chiso_removed {
  const char *id, *title_vi, *title_en;
  chiso_dec max;
  uint32_t layer;
  uint64_t line;
  const char *instrument;
} chiso_removed;
CHISO_API size_t chiso_variant_n_removed(const chiso_variant *variant);
CHISO_API const chiso_removed *
chiso_variant_removed(const chiso_variant *variant, size_t place);

/* ---- wherever a methodology is asked for -------------------------------- */

/* Whether a name is the path of an index.json (.json) or an overlay (.ini). */
CHISO_API bool chiso_is_methodology_file(const char *name);
/* Reads such a file into the store, under its "id/edition"; the same path a
 * second time gives the same listing. The listing belongs to the store. */
CHISO_API chiso_status chiso_store_read(chiso_store *store, const char *path,
                                        const chiso_listing **out,
                                        chiso_error *err);
/* The variant that a listing of chiso_store_read() stands for; NULL when it is
 * none. */
CHISO_API const chiso_variant *
chiso_store_variant(const chiso_store *store, const chiso_listing *listing);

/* ---- a newer base ------------------------------------------------------- */

typedef enum chiso_rebase_kind {
  CHISO_REBASE_KEPT = 0, /* the line stays */
  CHISO_REBASE_REWRITTEN,
  CHISO_REBASE_REVIEW, /* the node is there, but what the overlay changes of
                          it has changed in the base too */
  CHISO_REBASE_LOST    /* the node went, split or merged: a person decides */
} chiso_rebase_kind;
CHISO_API const char *chiso_rebase_key(chiso_rebase_kind kind);
CHISO_API const char *chiso_rebase_title(chiso_rebase_kind kind,
                                         chiso_lang lang);

/* One mention of a node in the overlay. */
typedef struct chiso_rebase_row {
  uint64_t line;
  const char *section, *key;
  const char *before, *after; /* ids; `after` lists several, or is NULL */
  chiso_rebase_kind kind;
} chiso_rebase_row;
typedef struct chiso_rebase chiso_rebase;

/* Carries the last of `count` overlays over to another base, "id/edition" of
 * the store or the path of an index.json or an overlay. Those before it are
 * what it stands on when it names its base by name, as in chiso_variant_read().
 * Its own base must be at hand with the digest it pins. Layers are carried one
 * after the other, the lowest first, each to the new one below it. Free with
 * chiso_rebase_free(). */
CHISO_API chiso_status chiso_rebase_new(const char *const *paths, size_t count,
                                        const char *to, chiso_store *store,
                                        const chiso_allocator *allocator,
                                        chiso_rebase **out, chiso_error *err);
CHISO_API void chiso_rebase_free(chiso_rebase *rebase);
CHISO_API size_t chiso_rebase_rows(const chiso_rebase *rebase);
CHISO_API const chiso_rebase_row *
chiso_rebase_row_at(const chiso_rebase *rebase, size_t place);
/* Rows that need a person. */
CHISO_API size_t chiso_rebase_open(const chiso_rebase *rebase);
/* The overlay with base, digest and ids rewritten, all else as it was;
 * zero-terminated, owned by the rebase. */
CHISO_API const char *chiso_rebase_text(const chiso_rebase *rebase,
                                        size_t *size);

#endif
