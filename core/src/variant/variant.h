/* SPDX-License-Identifier: Apache-2.0
 * variant/variant.h - what the files of this module share. */
#ifndef CHISO_VARIANT_VARIANT_H
#define CHISO_VARIANT_VARIANT_H

#include <string.h>

#include "base/arena.h"
#include "base/ini.h"
#include "base/map.h"
#include "base/remarks.h"
#include "chiso/variant.h"
#include "model/model.h"

/* Bytes of one overlay; part of the manual. */
#define CHISO__LIMIT_OVERLAY ((size_t)1024 * 1024)

/* Texts of which either may be NULL. */
static inline bool chiso__same_text(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- keys of a section -------------------------------------------------- */

/* A key that sets a member of a node: the table of fields, with titles and
 * measures taken apart. */
typedef struct chiso__key {
  const char *name;
  const chiso__field *field;
  chiso__field_type type; /* TEXT for a part of a field */
  size_t offset;
} chiso__key;
#define CHISO__MAX_KEYS 64u
/* The keys that a node with this op takes, in canonical order; returns how
 * many. `op` 0: of every op. */
size_t chiso__keys(unsigned op, chiso__key out[CHISO__MAX_KEYS]);

/* ---- the result so far -------------------------------------------------- */

typedef struct chiso__record {
  const char *id; /* of the node; "" for the set */
  chiso_field_origin origin;
} chiso__record;

struct chiso_variant {
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_store *store;
  const chiso_methodology *base;
  chiso_methodology *own_base;                /* when it was a file */
  chiso_methodology *below[CHISO_MAX_LAYERS]; /* results of the layers */
  chiso_methodology *result;                  /* the last of them */
  chiso_rule rule;
  chiso_layer layers[CHISO_MAX_LAYERS];
  chiso__ini inis[CHISO_MAX_LAYERS];
  size_t n_layers;
  chiso__record *records;
  size_t n_records, records_capacity;
  chiso_removed *removed;
  size_t n_removed, removed_capacity;
  chiso_field_origin *origins; /* of node i: first[i] .. first[i + 1] */
  size_t *first;               /* place n_nodes is the set */
  chiso__remarks faults;       /* of the files; then there is no result */
};

/* ---- editing ------------------------------------------------------------ */

/* A node while an overlay is applied. Links are places; CHISO_NO_NODE: none. */
typedef struct chiso__edit {
  chiso_node node;
  uint32_t parent, first, last, before, after;
  uint64_t line;        /* of the section that touched it, or something below */
  uint32_t legal;       /* cited there */
  bool gone;            /* removed, by this overlay */
  bool added;           /* by this overlay */
  bool max_set;         /* its maximum is stated by this overlay */
  bool dirty;           /* what it adds up changed */
  chiso_dec max_before; /* of this overlay, where chiso__edit_settle() made it
                           another; CHISO_NONE: it did not */
  bool broken;          /* a section on it has a fault: what it would be, nobody
                           knows */
  bool unborn;          /* the same of a section that would have added it */
  bool *set; /* keys set by this overlay: by place in chiso__keys(0) */
} chiso__edit;

typedef struct chiso__editor {
  chiso_variant *variant;
  chiso__arena *arena; /* the variant's */
  const chiso__ini *ini;
  const chiso_methodology *from;
  uint32_t layer;
  chiso_error *err;
  chiso__remarks *faults; /* what is told */
  chiso__edit *edits;
  size_t count, capacity;
  chiso__map ids; /* folded; also of what is gone */
  chiso_index head;
  chiso_legal *legal; /* own ones first */
  uint32_t n_own;
  uint8_t provenance; /* of the rows that this overlay writes */
  bool has_max;
  chiso_dec max;
  uint64_t max_line;
  char mark;           /* of decimals, once one was seen */
  bool mixed;          /* told that there are both */
  size_t failures;     /* of this overlay so far, those not told with them */
  bool follows;        /* the one at hand only follows from another */
  bool nameless;       /* a section adds nobody knows what */
  const char *strange; /* section with an unknown key: what it lacks may be
                          that key, misspelt */
} chiso__editor;

/* A fault of the file ends one value or section, not the reading: it is told,
 * unless it only follows from another. Whatever else failed is handed on. */
chiso_status chiso__told(chiso__editor *e, chiso_status status);
/* A failure that only follows from a fault that was told. */
chiso_status chiso__follows(chiso__editor *e);
#define CHISO__TELL(e, call) CHISO__TRY(chiso__told((e), (call)))
/* The verb that a section's name begins with, or the one that was probably
 * meant; "" when neither. */
const char *chiso__verb_of(const char *section, bool *exact);

/* Where an entry stands, and a place in its value. */
chiso__place chiso__at(const chiso__editor *e, const chiso__ini_entry *entry);
chiso__place chiso__inside(const chiso__editor *e,
                           const chiso__ini_entry *entry, const char *at);
chiso__place chiso__at_line(const chiso__editor *e, uint64_t line);
#define CHISO__REFUSE(e, place, ...)                                           \
  chiso__fail((e)->err, CHISO_BAD_DATA, (place), __VA_ARGS__)

/* ---- values.c ----------------------------------------------------------- */

/* Reads an entry's value into the member of a node. */
chiso_status chiso__value_read(chiso__editor *e, const chiso__ini_entry *entry,
                               const chiso__key *key, chiso_node *node);
/* What an overlay writes for the member; NULL when it is as it is without
 * being said, or memory is short. */
const char *chiso__value_text(chiso__arena *arena, const chiso_index *index,
                              const chiso__key *key, const chiso_node *node);
chiso_status chiso__value_dec(chiso__editor *e, const chiso__ini_entry *entry,
                              const char *from, const char *to, chiso_dec *out);
chiso_status chiso__value_word(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_family family, uint8_t *out);
/* "a, b, c" */
chiso_status chiso__value_list(chiso__editor *e, const chiso__ini_entry *entry,
                               const char *const **list, uint32_t *count);
chiso_status chiso__value_integer(chiso__editor *e,
                                  const chiso__ini_entry *entry, int64_t least,
                                  int64_t most, int64_t *out);
/* Place of the instrument with a key. */
chiso_status chiso__value_legal(chiso__editor *e, const chiso__ini_entry *entry,
                                uint32_t *out);

/* ---- lists.c: steps, inputs and grades in one line ---------------------- */

chiso_status chiso__steps_read(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_node *node);
chiso_status chiso__inputs_read(chiso__editor *e, const chiso__ini_entry *entry,
                                chiso_node *node);
chiso_status chiso__grades_read(chiso__editor *e, const chiso__ini_entry *entry,
                                chiso_grading *grading);
chiso_status chiso__parts_read(chiso__editor *e, const chiso__ini_entry *entry,
                               chiso_partition *partition);
const char *chiso__steps_text(chiso__arena *arena, const chiso_node *node);
const char *chiso__inputs_text(chiso__arena *arena, const chiso_node *node);

/* ---- head.c: [overlay], [legal …] --------------------------------------- */

chiso_status chiso__head_read(chiso__editor *e);
/* [legal KEY] of a file; its key may not be one of the base's. */
chiso_status chiso__legal_read(chiso__editor *e, const char *section,
                               uint64_t line, chiso_legal *out);
/* kind, grades and missing of a section with grades. */
chiso_status chiso__grades_section(chiso__editor *e, const char *section,
                                   uint64_t line, chiso_grading *out);
/* An entry of a section; refused when it is absent and required. */
chiso_status chiso__section_entry(chiso__editor *e, const char *section,
                                  uint64_t line, const char *key, bool required,
                                  const chiso__ini_entry **out);

/* A date of a section, when it is there. */
chiso_status chiso__date_entry(chiso__editor *e, const char *section,
                               const char *key, chiso_date *out);

/* ---- set.c: [grading …], [partition …], [deadline …] -------------------- */

/* Reads a section of the set as a whole; *found is false for the others. */
chiso_status chiso__set_section(chiso__editor *e, const char *section,
                                uint64_t line, bool *found);
/* Tells parts that do not make the total, or whose ids are taken. */
chiso_status chiso__partitions_check(chiso__editor *e);

/* ---- sections.c: add, remove, move, reweight; which verb it is ---------- */

/* A section while it is applied. */
typedef struct chiso__section {
  chiso__editor *e;
  const char *name; /* "change 1" */
  uint64_t line;
  const chiso__ini_entry *id;
  uint32_t node;  /* place */
  uint32_t legal; /* cited */
} chiso__section;
#define CHISO__FAIL_ENTRY(s, entry, ...)                                       \
  CHISO__REFUSE((s)->e, chiso__at((s)->e, (entry)), __VA_ARGS__)
#define CHISO__FAIL_SECTION(s, ...)                                            \
  CHISO__REFUSE((s)->e, chiso__at_line((s)->e, (s)->line), __VA_ARGS__)

chiso_status chiso__section_apply(chiso__editor *e, const char *section,
                                  uint64_t line);
/* Place of a live node, or what is wrong with its name. */
chiso_status chiso__node_named(chiso__editor *e, const chiso__ini_entry *entry,
                               uint32_t *out);
/* The node that a section is about. */
chiso_status chiso__section_node(chiso__section *s);
/* Tells the keys of a section that are not in the NULL-terminated list. */
chiso_status chiso__keys_only(chiso__editor *e, const char *section,
                              const char *const *keys);

/* ---- members.c: members of a node from a section ------------------------ */

const chiso__key *chiso__key_named(const chiso__key *keys, size_t n,
                                   const char *name);
chiso_status chiso__members_set(const chiso__section *s, const chiso__key *keys,
                                size_t n_keys, bool adding, chiso_node *n);
/* "clear = note, floor" */
chiso_status chiso__members_clear(const chiso__section *s,
                                  const chiso__key *keys, size_t n_keys,
                                  chiso_node *n);

/* ---- change.c ----------------------------------------------------------- */

chiso_status chiso__change(chiso__section *s);
/* One member, one section: a second one in the same file is a slip. */
chiso_status chiso__check_twice(const chiso__section *s);
/* The instrument that a node rests on is the one last cited. */
chiso_status chiso__record_legal(const chiso__section *s,
                                 const chiso_node *old);

/* ---- tree.c ------------------------------------------------------------- */

chiso_status chiso__edits_from(chiso__editor *e);
chiso_status chiso__edit_new(chiso__editor *e, uint32_t *out);
/* Puts a detached node under `parent`, before `next` or, CHISO_NO_NODE, last.
 */
void chiso__edit_attach(chiso__editor *e, uint32_t node, uint32_t parent,
                        uint32_t next);
void chiso__edit_detach(chiso__editor *e, uint32_t node);
/* Marks the node and all above it as touched by a section. */
void chiso__edit_touch(chiso__editor *e, uint32_t node, uint64_t line,
                       uint32_t legal);
bool chiso__edit_within(const chiso__editor *e, uint32_t node, uint32_t of);
/* The maxima of what adds up at a node and below it, as the sections so far
 * have them; who works with them records what they were before. */
void chiso__edit_settle(chiso__editor *e, uint32_t node);
/* The maxima of what adds up, and the checked result. Faults of the tree are
 * told; then there is none. */
chiso_status chiso__edits_finish(chiso__editor *e, chiso_methodology **out);

/* ---- reweight.c --------------------------------------------------------- */

chiso_status chiso__reweight(chiso__editor *e, const chiso__ini_entry *entry,
                             uint32_t node, chiso_dec max, uint64_t line,
                             uint32_t legal);

/* ---- origins.c ---------------------------------------------------------- */

/* `legal` UINT32_MAX: none. */
chiso_status chiso__record_field(chiso__editor *e, const char *id,
                                 const char *field, uint64_t line,
                                 uint32_t legal, bool derived,
                                 const char *before);
chiso_status chiso__origins_finish(chiso_variant *variant, chiso_error *err);

/* ---- read.c ------------------------------------------------------------- */

/* A methodology by "id/edition" or as a file; *own gets it when it was read. */
chiso_status chiso__base_find(chiso_store *store, const char *name,
                              const chiso_allocator *allocator,
                              const chiso_methodology **out,
                              chiso_methodology **own, chiso_rule *rule,
                              chiso_error *err);
/* A path from the folder of `beside`. NULL: memory is short. */
const char *chiso__path_beside(chiso__arena *arena, const char *beside,
                               const char *path);

#endif
