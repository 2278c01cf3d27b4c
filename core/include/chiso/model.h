/* SPDX-License-Identifier: Apache-2.0
 *
 * chiso/model.h - a methodology as plain immutable data.
 *
 * The tables are those of chiso/plugin.h, wherever they came from: an
 * index.json or a plugin. A chiso_methodology owns its copy, has passed every
 * check of this module, and never changes; any number of threads may read it.
 */
#ifndef CHISO_MODEL_H
#define CHISO_MODEL_H

#include "chiso/base.h"

typedef struct chiso_methodology chiso_methodology;

/* ---- code behind CALL nodes --------------------------------------------- */

/* What rule() said of a unit. */
enum {
  CHISO_CALL_SCORED = 0,
  CHISO_CALL_NOT_APPLICABLE,
  CHISO_CALL_FAILED /* it failed, or nobody could ask it */
};
#define CHISO_CALL_UNITS 4096u /* most units of one chiso_calls */

/* Units of one CALL node whose rule() runs in another process. Input k of
 * unit u is values[k * stride + u], and have[k * stride + u] says whether it
 * is there. rule() is asked of the units that have all inputs, and only their
 * results are written. */
typedef struct chiso_calls {
  const chiso_node *node;
  const int64_t *values;
  const uint8_t *have;
  size_t stride, n;  /* n <= CHISO_CALL_UNITS */
  chiso_dec *points; /* [u] as rule() set them: nobody has checked them */
  uint8_t *results;  /* [u] CHISO_CALL_* */
} chiso_calls;

/* rule() of a plugin with CALL nodes; zeroed for data-only plugins. */
typedef struct chiso_rule {
  /* in this process, or NULL */
  int (*here)(const chiso_host *host, const chiso_call *call, uint32_t number,
              chiso_dec *points);
  /* in another one, or NULL. On failure no result is written. Calls with n = 0
   * ask nothing: they tell whether rule() can be asked. `user` is its own and
   * outlives the programs made with it. [any thread] */
  chiso_status (*elsewhere)(void *user, const chiso_calls *calls,
                            chiso_error *err);
  void *user;
} chiso_rule;

/* ---- making one --------------------------------------------------------- */

/* Reads an index.json of at most 16 MiB. `allocator` NULL means the default;
 * it must outlive the result. Free with chiso_methodology_free(). */
CHISO_API chiso_status chiso_methodology_read(const char *path,
                                              const chiso_allocator *allocator,
                                              chiso_methodology **out,
                                              chiso_error *err);

/* The same from memory; `file` names the text in errors. */
CHISO_API chiso_status chiso_methodology_parse(const char *file,
                                               const char *text, size_t size,
                                               const chiso_allocator *allocator,
                                               chiso_methodology **out,
                                               chiso_error *err);

/* A checked copy of a plugin's tables. The strides in *tables say how its
 * arrays are walked; nothing of *tables is kept. `file` names the plugin in
 * errors. */
CHISO_API chiso_status chiso_methodology_copy(const char *file,
                                              const chiso_index *tables,
                                              const chiso_allocator *allocator,
                                              chiso_methodology **out,
                                              chiso_error *err);

CHISO_API void chiso_methodology_free(chiso_methodology *methodology);

/* ---- reading it --------------------------------------------------------- */

/* The tables, with this core's strides. Owned by the methodology. */
CHISO_API const chiso_index *
chiso_methodology_index(const chiso_methodology *methodology);

/* "vn.par.province/2020". Owned by the methodology. */
CHISO_API const char *
chiso_methodology_name(const chiso_methodology *methodology);

/* SHA-256 of the canonical text, 64 hex digits. The same for an index.json
 * and for the plugin made from it. Owned by the methodology. */
CHISO_API const char *
chiso_methodology_digest(const chiso_methodology *methodology);

#define CHISO_NO_NODE UINT32_MAX

/* Place of a node by id (ASCII folding), or CHISO_NO_NODE. */
CHISO_API uint32_t chiso_methodology_find(const chiso_methodology *methodology,
                                          const char *id);
/* Places in the tree; CHISO_NO_NODE where there is none. Siblings follow in
 * the order of the table. */
CHISO_API uint32_t
chiso_methodology_parent(const chiso_methodology *methodology, uint32_t node);
CHISO_API uint32_t chiso_methodology_first_child(
    const chiso_methodology *methodology, uint32_t node);
CHISO_API uint32_t chiso_methodology_next(const chiso_methodology *methodology,
                                          uint32_t node);

/* How many nodes of a kind the tree has. */
CHISO_API uint32_t chiso_methodology_count(const chiso_methodology *methodology,
                                           unsigned kind);

/* The lowest provenance among the points of the leaves that count: what a
 * score computed from the leaves rests on. CHISO_PROV_*. */
CHISO_API unsigned
chiso_methodology_provenance(const chiso_methodology *methodology);

/* The canonical index.json. *text is zero-terminated; free it with
 * chiso_text_free() and the same allocator as the methodology's. */
CHISO_API chiso_status
chiso_methodology_write(const chiso_methodology *methodology, char **text,
                        size_t *size, chiso_error *err);
/* C source of a plugin that holds the given methodologies as static tables.
 * `with_rule`: the plugin has CALL nodes and a chiso_rule() of its own.
 * `abi_minor`: the oldest hosts that are to load it, at most CHISO_ABI_MINOR;
 * what came later is refused with CHISO_BAD_DATA and the node that has it. Free
 * *text as above, with the first methodology's allocator. */
typedef struct chiso_plugin_text {
  const char *id, *version, *license, *contact;
  bool with_rule;
  uint32_t abi_minor;
} chiso_plugin_text;
CHISO_API chiso_status
chiso_methodology_emit(const chiso_methodology *const *methodologies,
                       size_t count, const chiso_plugin_text *plugin,
                       char **text, size_t *size, chiso_error *err);
CHISO_API void chiso_text_free(const chiso_allocator *allocator, char *text);

/* ---- names of constants ------------------------------------------------- */

typedef enum chiso_family {
  CHISO_FAMILY_KIND,
  CHISO_FAMILY_OP,
  CHISO_FAMILY_ASSESSOR,
  CHISO_FAMILY_POLICY,
  CHISO_FAMILY_ROUNDING,
  CHISO_FAMILY_CMP,
  CHISO_FAMILY_PROVENANCE,
  CHISO_FAMILY_ROLE,
  CHISO_FAMILY_UNIT,
  CHISO_FAMILY_LEVEL,
  CHISO_FAMILY_RANK_BY,
  CHISO_FAMILY_TIES,
  CHISO_FAMILY_GRADING,
  CHISO_FAMILY_MISSING,
  CHISO_FAMILY_REF_VALUE,
  CHISO_FAMILY_SCOPE,
  CHISO_FAMILY_COUNT
} chiso_family;

/* The word of index.json for a constant: "subcriterion"; NULL when there is
 * none. Static. */
CHISO_API const char *chiso_key(chiso_family family, unsigned value);
/* What people read for it: "tiêu chí thành phần". Static. */
CHISO_API const char *chiso_title(chiso_family family, unsigned value,
                                  chiso_lang lang);

/* ---- rules in words ------------------------------------------------------ */

typedef enum chiso_words {
  CHISO_WORDS_RULE,     /* how the node gets its points */
  CHISO_WORDS_DETAILS,  /* rounding, policies, approximation; "" when plain */
  CHISO_WORDS_CONDITION /* when a branch counts */
} chiso_words;
typedef struct chiso_words_style {
  chiso_lang lang;
  char mark; /* of decimals: '.' or ',' */
  bool
      letters; /* inputs are a, b, c in the order of the table, choices and
                  branches go by their titles; otherwise all go by their keys */
} chiso_words_style;
/* A node in words, made from its op and parameters; the instrument's own
 * wording is node->rule. Free *text with chiso_text_free() and the same
 * allocator. */
CHISO_API chiso_status chiso_rule_words(const chiso_methodology *methodology,
                                        uint32_t node, chiso_words part,
                                        chiso_words_style style,
                                        const chiso_allocator *allocator,
                                        char **text, chiso_error *err);

/* What every output of an internal set says: "…: internal variant of …, not an
 * official result"; "" for a national one. Free as above. */
CHISO_API chiso_status chiso_methodology_mark(
    const chiso_methodology *methodology, chiso_lang lang,
    const chiso_allocator *allocator, char **text, chiso_error *err);

/* ---- what a revision did ------------------------------------------------ */

typedef enum chiso_change_kind {
  CHISO_CHANGE_SAME = 0,
  CHISO_CHANGE_RENAMED,   /* the title */
  CHISO_CHANGE_MOVED,     /* another parent */
  CHISO_CHANGE_REPOINTED, /* another maximum */
  CHISO_CHANGE_RERULED,   /* op, parameters, assessor or policies */
  CHISO_CHANGE_SPLIT,     /* one old node became several */
  CHISO_CHANGE_MERGED,    /* several old nodes became one */
  CHISO_CHANGE_ADDED,
  CHISO_CHANGE_DROPPED
} chiso_change_kind;

/* How points of an older edition serve a leaf of a newer one, best first. */
typedef enum chiso_carry {
  CHISO_CARRY_SAME = 0, /* rule and maximum stayed: the points carry over */
  CHISO_CARRY_SCALED,   /* only the maximum changed, and what the rule says in
                           points with it: the share of the maximum carries */
  CHISO_CARRY_RESCORED, /* another rule on the same inputs: the older data can
                           be scored by it */
  CHISO_CARRY_TOGETHER, /* split or merged: points compare as a sum only */
  CHISO_CARRY_BROKEN,   /* the same idea from other inputs: no comparison */
  CHISO_CARRY_NEW       /* nothing came before */
} chiso_carry;
#define CHISO_N_CARRY 6

/* One row for each pair of nodes that belong together; CHISO_NO_NODE where a
 * side has none. `flags` has bit (1 << kind) for each thing that changed;
 * `kind` is the weightiest. Rows of what was split or merged do not compare
 * titles, maxima and rules: a part is not the whole. */
typedef struct chiso_change {
  uint32_t before, after;
  uint32_t flags;
  chiso_change_kind kind;
  /* Of a row whose node after is where points come in (a leaf, a CASE, a node
   * whose children never count) and counts, else CHISO_N_CARRY. */
  chiso_carry carry;
} chiso_change;

/* Matches the nodes of two methodologies by `was` when `after` supersedes
 * `before` at the same id, else by concept; by id what that leaves over between
 * two versions of one edition, or where no node of either has a concept. A leaf
 * that became a node with parts was split into those that come from nowhere
 * else, and the other way round merged. Branches are not listed. Rows follow
 * `after`, then what was dropped in the order of `before`. Free *rows with
 * chiso_changes_free() and after's allocator. */
CHISO_API chiso_status chiso_changes(const chiso_methodology *before,
                                     const chiso_methodology *after,
                                     chiso_change **rows, size_t *count,
                                     chiso_error *err);
CHISO_API void chiso_changes_free(const chiso_allocator *allocator,
                                  chiso_change *rows);
CHISO_API const char *chiso_change_title(chiso_change_kind kind,
                                         chiso_lang lang);
/* The word of JSON and CSV: "repointed". */
CHISO_API const char *chiso_change_key(chiso_change_kind kind);
CHISO_API const char *chiso_carry_title(chiso_carry carry, chiso_lang lang);
/* The word of JSON and CSV: "rescored". */
CHISO_API const char *chiso_carry_key(chiso_carry carry);

/* ---- a chain of editions ------------------------------------------------ */

typedef struct chiso_crosswalk chiso_crosswalk;

/* Points of a later edition by how those of an earlier one serve them. A leaf
 * under means stands for its share of the index, to a millionth. */
typedef struct chiso_coverage {
  chiso_dec total;                 /* points of the later edition */
  chiso_dec points[CHISO_N_CARRY]; /* of them; these add up to the total */
  /* Of SAME, SCALED and RESCORED: points of leaves with another title. Whether
   * such a leaf still means the same is for people to judge. */
  chiso_dec renamed;
  chiso_dec before;  /* points of the earlier edition */
  chiso_dec dropped; /* of them, those that led to nothing */
} chiso_coverage;

#define CHISO_MAX_CHAIN 16 /* editions of one crosswalk */

/* Links 2 to CHISO_MAX_CHAIN editions, oldest first, step by step as
 * chiso_changes() does; over several steps the weakest one decides. The
 * methodologies are borrowed. Free with chiso_crosswalk_free(). */
CHISO_API chiso_status chiso_crosswalk_new(
    const chiso_methodology *const *chain, size_t count,
    const chiso_allocator *allocator, chiso_crosswalk **out, chiso_error *err);
CHISO_API void chiso_crosswalk_free(chiso_crosswalk *crosswalk);
/* Coverage of edition `to` by edition `from`, places in the chain,
 * from < to. */
CHISO_API const chiso_coverage *
chiso_crosswalk_coverage(const chiso_crosswalk *crosswalk, size_t from,
                         size_t to);
/* How a node of edition `to` is served by edition `from`. */
CHISO_API chiso_carry chiso_crosswalk_carry(const chiso_crosswalk *crosswalk,
                                            size_t from, size_t to,
                                            uint32_t node);
/* The nodes of edition `from` that a node of edition `to` goes back to, *count
 * of them, in their order. Owned by the crosswalk. */
CHISO_API const uint32_t *
chiso_crosswalk_origins(const chiso_crosswalk *crosswalk, size_t from,
                        size_t to, uint32_t node, size_t *count);
/* Points of the index that a node of an edition stands for: 0 unless points
 * come in there. */
CHISO_API chiso_dec chiso_crosswalk_points(const chiso_crosswalk *crosswalk,
                                           size_t edition, uint32_t node);

#endif
