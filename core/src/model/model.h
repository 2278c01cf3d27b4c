/* SPDX-License-Identifier: Apache-2.0
 * model/model.h - what the files of this module share. */
#ifndef CHISO_MODEL_MODEL_H
#define CHISO_MODEL_MODEL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "chiso/model.h"

/* Limits of a methodology; each is part of the manual. */
#define CHISO__MAX_NODES  20000u
#define CHISO__MAX_INPUTS 16u
#define CHISO__MAX_STEPS  256u
#define CHISO__MAX_LIST   1000u /* legal, gradings, partitions, counts, … */
#define CHISO__MAX_TEXT   4096u /* bytes of one text */
#define CHISO__MAX_CALL   1000000u

/* Takes every fault of a tree, where by default the first one ends it. */
typedef struct chiso__faults {
  void (*add)(void *user, const chiso_error *fault);
  void *user;
  size_t count;
} chiso__faults;

struct chiso_methodology {
  chiso__arena arena;
  chiso__faults
      *faults; /* borrowed while it is made; NULL: stop at the first */
  const chiso_allocator *allocator;
  const char *file;
  chiso_index index;
  const char *name;
  char digest[65];
  uint32_t *parents, *first_child, *next;
  uint64_t *lines; /* line of each node in index.json; 0 = not from a file */
  struct {         /* lines of other members, likewise */
    uint64_t id, edition, supersedes, legal, counts, deadlines, gradings,
        partitions, nodes;
  } at;
  chiso__map ids; /* folded */
};

/* ---- fields: one table drives reading, writing, emitting, comparing ------ */

typedef enum chiso__field_type {
  CHISO__FIELD_TEXT,   /* const char * */
  CHISO__FIELD_DEC,    /* chiso_dec */
  CHISO__FIELD_KEY,    /* uint8_t of a family */
  CHISO__FIELD_NUMBER, /* uint32_t */
  CHISO__FIELD_TITLE,  /* {"vi", "en"}: two const char * in a row */
  CHISO__FIELD_WAS,
  CHISO__FIELD_MEASURE,
  CHISO__FIELD_ROUND,
  CHISO__FIELD_PROVENANCE,
  CHISO__FIELD_INPUTS,
  CHISO__FIELD_STEPS,
  CHISO__FIELD_OF,
  CHISO__FIELD_LEGAL
} chiso__field_type;

typedef struct chiso__field {
  const char *name;
  chiso__field_type type;
  chiso_family family; /* KEY */
  size_t offset;       /* in chiso_node */
  uint64_t ops;        /* bit (1 << op) for each op that has it; 0 = all */
  chiso_dec standard;  /* value when the member is left out */
  bool required;
  bool rule;   /* part of how points are made: chiso_changes() */
  bool points; /* in points, so that it grows with the maximum */
} chiso__field;

/* The members of a node in canonical order, `chiso__n_node_fields` of them. */
extern const chiso__field chiso__node_fields[];
extern const size_t chiso__n_node_fields;

#define CHISO__OP(op) (UINT64_C(1) << (op))

/* Whether a node with this op has this field. */
bool chiso__field_applies(const chiso__field *field, unsigned op);

/* Gives a member the value that it has when nothing is said; the node is
 * zeroed. */
void chiso__field_standard(const chiso__field *field, chiso_node *node);

/* The inputs of an op when a file lists none. Static. */
const chiso_input *chiso__standard_inputs(unsigned op, uint32_t *count);
bool chiso__inputs_are_standard(const chiso_node *node);

static inline bool chiso__op_is_inner(unsigned op) {
  return op >= CHISO_OP_SUM && op <= CHISO_OP_CASE;
}

/* "2020", "2020-12" or "2020-12-30"; false when it is no such day. */
bool chiso__date_read(const char *text, chiso_date *out);

/* "sum mean scale": the words of a family, for an error. */
void chiso__family_words(chiso_family family, char *out, size_t size);

/* Value of a word in a family, or -1. */
int chiso__key_value(chiso_family family, const char *word);

/* Builds parents, children and ids, then runs every check; fills name and
 * digest. The last step of making a methodology. */
chiso_status chiso__methodology_finish(chiso_methodology *methodology,
                                       chiso_error *err);
/* What ends the making: `m` goes to *out, or is freed with its faults told. */
chiso_status chiso__methodology_made(chiso_methodology *m, chiso_status status,
                                     chiso_methodology **out,
                                     const chiso_error *err);
/* The checks alone (tree links must be built). */
chiso_status chiso__methodology_check(const chiso_methodology *methodology,
                                      chiso_error *err);
chiso_status chiso__check_leaf(const chiso_methodology *methodology,
                               uint32_t node, chiso_error *err);
/* What the reader of index.json sees to by itself; tables may break it. */
chiso_status chiso__check_tables(const chiso_methodology *methodology,
                                 chiso_error *err);
/* Where a node stands, for errors. */
chiso__place chiso__node_place(const chiso_methodology *methodology,
                               uint32_t node);

/* ---- two editions ------------------------------------------------------- */

/* Which nodes after come from which nodes before. The origins of node i are
 * origins[first[i]] .. origins[first[i + 1] - 1], in the order of `before`. */
typedef struct chiso__links {
  const chiso_methodology *before, *after;
  uint32_t *first, *origins;
  uint32_t *heirs; /* of each node before: how many nodes after */
} chiso__links;

/* Matches by `was`, by concept or by id, as chiso_changes() says. Free with
 * chiso__links_free(), also after a failure. */
chiso_status chiso__links_make(const chiso_methodology *before,
                               const chiso_methodology *after,
                               const chiso_allocator *allocator,
                               chiso__links *out, chiso_error *err);
void chiso__links_free(const chiso_allocator *allocator, chiso__links *links);

/* Which rule is held against which: CARRY passes over who assesses, because
 * the points mean the same. */
typedef enum chiso__sameness {
  CHISO__SAME_RULE,
  CHISO__SAME_CARRY
} chiso__sameness;
/* Whether two nodes make points alike; what a rule says in points may have
 * grown with the maximum. */
bool chiso__same_rule(const chiso__links *links, uint32_t before,
                      uint32_t after, chiso__sameness sameness);
/* Whether data of `before` has every input that `after` asks for. */
bool chiso__same_data(const chiso__links *links, uint32_t before,
                      uint32_t after);

/* Whether a node is where points come in: a leaf, a CASE as a whole, or a node
 * whose children never count. */
bool chiso__is_measure(const chiso_methodology *methodology, uint32_t node);
/* Points of the index that each counted measure stands for, 0 for other nodes;
 * out has n_nodes places. To a millionth where weights do not divide. */
void chiso__measure_points(const chiso_methodology *methodology,
                           chiso_dec *out);
chiso_carry chiso__carry(const chiso__links *links, uint32_t after);

/* chiso_methodology_copy() of tables that stand in a file: `lines` of the
 * nodes, for errors. Hands over every fault, as the two below. */
chiso_status
chiso__methodology_copy_lines(const char *file, const chiso_index *tables,
                              const uint64_t *lines, chiso__faults *faults,
                              const chiso_allocator *allocator,
                              chiso_methodology **out, chiso_error *err);

chiso_methodology *chiso__methodology_new(const chiso_allocator *allocator,
                                          const char *file);

/* chiso_methodology_parse() and _copy() that hand over every fault they find,
 * not the first alone: those of the tree, or the one that ended the reading. */
chiso_status chiso__methodology_parse_all(const char *file, const char *text,
                                          size_t size,
                                          const chiso_allocator *allocator,
                                          chiso__faults *faults,
                                          chiso_methodology **out,
                                          chiso_error *err);
chiso_status chiso__methodology_copy_all(const char *file,
                                         const chiso_index *tables,
                                         const chiso_allocator *allocator,
                                         chiso__faults *faults,
                                         chiso_methodology **out,
                                         chiso_error *err);

#endif
