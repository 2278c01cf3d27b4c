/* SPDX-License-Identifier: Apache-2.0
 * model/members.c - the structs of chiso/plugin.h as tables. Members are in
 * the order in which a plugin's source shows them: that of index.json.
 *
 * A member of a later minor has `.since` and follows the others in its struct;
 * zero in it must mean what was before, because a plugin of an earlier minor
 * has zero there. */
#include <string.h>

#include "model/members.h"

#define MEMBER(kind, in, member)                                               \
  .name = #member, .type = CHISO__MEMBER_##kind, .offset = offsetof(in, member)
#define M(in, kind, member)                                                    \
  { MEMBER(kind, in, member) }
#define NAMED(in, kind, member, its_family)                                    \
  { MEMBER(kind, in, member), .family = CHISO_FAMILY_##its_family }
#define LIST(in, member, its_struct, its_most)                                 \
  {                                                                            \
    MEMBER(LIST, in, member), .of = &(its_struct),                             \
                              .count = offsetof(in, n_##member),               \
                              .most = (its_most)                               \
  }
#define TEXTS(in, member)                                                      \
  {                                                                            \
    MEMBER(TEXTS, in, member), .count = offsetof(in, n_##member),              \
                               .most = CHISO__MAX_LIST                         \
  }
#define RESERVED(in)                                                           \
  { MEMBER(RESERVED, in, reserved), .count = sizeof((in *)0)->reserved }
#define TITLES(in) M(in, TEXT, title_vi), M(in, TEXT, title_en)

/* A struct that grows at its end, and one that never does. `its_least` is the
 * size in minor 0: offsetof() of the first member that came at the end. */
#define GROWING(in, table, its_stride, its_least)                              \
  {                                                                            \
    .name = #in, .size = sizeof(in), .least = (its_least),                     \
    .stride = offsetof(chiso_index, its_stride), .members = (table),           \
    .n_members = sizeof(table) / sizeof *(table)                               \
  }
#define FIXED(in, table)                                                       \
  {                                                                            \
    .name = #in, .size = sizeof(in), .least = sizeof(in), .members = (table),  \
    .n_members = sizeof(table) / sizeof *(table)                               \
  }

static const chiso__member legal_members[] = {
  M(chiso_legal, TEXT, key),      M(chiso_legal, TEXT, instrument),
  M(chiso_legal, TEXT, title),    M(chiso_legal, TEXT, url),
  M(chiso_legal, DATE, issued),   M(chiso_legal, DATE, in_force),
  M(chiso_legal, DATE, repealed), M(chiso_legal, DATE, checked_on),
};
static const chiso__struct legal_struct =
    GROWING(chiso_legal, legal_members, legal_stride, sizeof(chiso_legal));

static const chiso__member input_members[] = {
  M(chiso_input, TEXT, key),
  TITLES(chiso_input),
  NAMED(chiso_input, NAME8, role, ROLE),
  NAMED(chiso_input, NAME8, unit, UNIT),
  M(chiso_input, NUMBER8, digits),
  RESERVED(chiso_input),
};
static const chiso__struct input_struct =
    GROWING(chiso_input, input_members, input_stride, sizeof(chiso_input));

static const chiso__member step_members[] = {
  M(chiso_step, TEXT, key),   TITLES(chiso_step),
  M(chiso_step, DEC, at),     NAMED(chiso_step, NAME8, cmp, CMP),
  M(chiso_step, DEC, points), RESERVED(chiso_step),
};
static const chiso__struct step_struct =
    GROWING(chiso_step, step_members, step_stride, sizeof(chiso_step));

static const chiso__member node_members[] = {
  M(chiso_node, TEXT, id),
  M(chiso_node, TEXT, parent),
  NAMED(chiso_node, NAME8, kind, KIND),
  TITLES(chiso_node),
  M(chiso_node, DEC, max),
  M(chiso_node, DEC, weight),
  NAMED(chiso_node, NAME8, op, OP),
  NAMED(chiso_node, NAME8, assessor, ASSESSOR),
  M(chiso_node, TEXT, when),
  M(chiso_node, DEC, at),
  NAMED(chiso_node, NAME8, cmp, CMP),
  M(chiso_node, DEC, lo),
  M(chiso_node, DEC, hi),
  M(chiso_node, DEC, from),
  M(chiso_node, DEC, to),
  M(chiso_node, DEC, target),
  M(chiso_node, DEC, floor),
  M(chiso_node, DEC, cap),
  M(chiso_node, DEC, per),
  M(chiso_node, DEC, otherwise),
  M(chiso_node, TEXT, ref_index),
  M(chiso_node, TEXT, ref_node),
  NAMED(chiso_node, NAME8, ref_value, REF_VALUE),
  M(chiso_node, DEC, scale),
  M(chiso_node, NUMBER32, call),
  NAMED(chiso_node, NAME8, na, POLICY),
  NAMED(chiso_node, NAME8, empty, POLICY),
  M(chiso_node, NUMBER8, digits),
  NAMED(chiso_node, NAME8, round, ROUNDING),
  M(chiso_node, TEXT, concept_id),
  TEXTS(chiso_node, was),
  M(chiso_node, TEXT, numerator),
  M(chiso_node, TEXT, denominator),
  M(chiso_node, TEXT, period),
  M(chiso_node, TEXT, rule),
  M(chiso_node, TEXT, evidence),
  M(chiso_node, NUMBER32, legal),
  M(chiso_node, DEC, residual),
  NAMED(chiso_node, NAME8, prov_name, PROVENANCE),
  NAMED(chiso_node, NAME8, prov_points, PROVENANCE),
  M(chiso_node, TEXT, source),
  M(chiso_node, TEXT, note),
  LIST(chiso_node, inputs, input_struct, CHISO__MAX_INPUTS),
  LIST(chiso_node, steps, step_struct, CHISO__MAX_STEPS),
  RESERVED(chiso_node),
};
static const chiso__struct node_struct =
    GROWING(chiso_node, node_members, node_stride, sizeof(chiso_node));

static const chiso__member part_members[] = {
  M(chiso_part, TEXT, id),
  TITLES(chiso_part),
  M(chiso_part, DEC, max),
};
static const chiso__struct part_struct =
    GROWING(chiso_part, part_members, part_stride, sizeof(chiso_part));

static const chiso__member partition_members[] = {
  M(chiso_partition, TEXT, id),
  TITLES(chiso_partition),
  M(chiso_partition, TEXT, source),
  LIST(chiso_partition, parts, part_struct, CHISO__MAX_LIST),
  RESERVED(chiso_partition),
};
static const chiso__struct partition_struct =
    GROWING(chiso_partition, partition_members, partition_stride,
            sizeof(chiso_partition));

static const chiso__member grade_members[] = {
  M(chiso_grade, TEXT, key),     TITLES(chiso_grade),
  M(chiso_grade, DEC, at_least), NAMED(chiso_grade, NAME8, cmp, CMP),
  RESERVED(chiso_grade),
};
static const chiso__struct grade_struct =
    GROWING(chiso_grade, grade_members, grade_stride, sizeof(chiso_grade));

static const chiso__member grading_members[] = {
  M(chiso_grading, TEXT, source),
  NAMED(chiso_grading, NAME8, kind, GRADING),
  M(chiso_grading, NUMBER16, first),
  M(chiso_grading, NUMBER16, last),
  NAMED(chiso_grading, NAME8, missing, MISSING),
  LIST(chiso_grading, grades, grade_struct, CHISO__MAX_LIST),
  RESERVED(chiso_grading),
};
static const chiso__struct grading_struct = GROWING(
    chiso_grading, grading_members, grading_stride, sizeof(chiso_grading));

static const chiso__member count_members[] = {
  NAMED(chiso_count, NAME32, kind, KIND),
  M(chiso_count, NUMBER32, count),
};
static const chiso__struct count_struct = FIXED(chiso_count, count_members);

static const chiso__member deadline_members[] = {
  M(chiso_deadline, TEXT, what),
  M(chiso_deadline, DATE, date),
  RESERVED(chiso_deadline),
};
static const chiso__struct deadline_struct =
    FIXED(chiso_deadline, deadline_members);

static const chiso__member index_members[] = {
  M(chiso_index, TEXT, id),
  M(chiso_index, TEXT, edition),
  TITLES(chiso_index),
  M(chiso_index, TEXT, unit_set),
  M(chiso_index, TEXT, note),
  NAMED(chiso_index, NAME8, scope, SCOPE),
  M(chiso_index, TEXT, variant_of),
  M(chiso_index, NUMBER16, first),
  M(chiso_index, NUMBER16, last),
  NAMED(chiso_index, NAME8, level, LEVEL),
  M(chiso_index, NUMBER8, digits),
  NAMED(chiso_index, NAME8, rank_by, RANK_BY),
  NAMED(chiso_index, NAME8, ties, TIES),
  TEXTS(chiso_index, supersedes),
  LIST(chiso_index, legal, legal_struct, CHISO__MAX_LIST),
  LIST(chiso_index, nodes, node_struct, CHISO__MAX_NODES),
  LIST(chiso_index, gradings, grading_struct, CHISO__MAX_LIST),
  LIST(chiso_index, partitions, partition_struct, CHISO__MAX_LIST),
  LIST(chiso_index, counts, count_struct, CHISO__MAX_LIST),
  LIST(chiso_index, deadlines, deadline_struct, CHISO__MAX_LIST),
  RESERVED(chiso_index),
};
const chiso__struct chiso__index_struct = {
  .name = "chiso_index",
  .size = sizeof(chiso_index),
  .least =
      sizeof(chiso_index), /* of minor 0; its `size` says how far it goes */
  .members = index_members,
  .n_members = sizeof index_members / sizeof *index_members
};

/* ---- reading a member --------------------------------------------------- */

static const char *place(const chiso__member *member, const void *base) {
  return (const char *)base + member->offset;
}

const char *chiso__member_text(const chiso__member *member, const void *base) {
  const char *text;
  memcpy(&text, place(member, base), sizeof text);
  return text;
}

const void *chiso__member_array(const chiso__member *member, const void *base) {
  const void *array;
  memcpy(&array, place(member, base), sizeof array);
  return array;
}

uint32_t chiso__member_count(const chiso__member *member, const void *base) {
  uint32_t count;
  memcpy(&count, (const char *)base + member->count, sizeof count);
  return count;
}

uint32_t chiso__member_number(const chiso__member *member, const void *base) {
  uint8_t narrow;
  uint16_t middle;
  uint32_t wide;
  switch (member->type) {
  case CHISO__MEMBER_NUMBER8:
  case CHISO__MEMBER_NAME8:
    memcpy(&narrow, place(member, base), sizeof narrow);
    return narrow;
  case CHISO__MEMBER_NUMBER16:
    memcpy(&middle, place(member, base), sizeof middle);
    return middle;
  default:
    memcpy(&wide, place(member, base), sizeof wide);
    return wide;
  }
}

/* Of one value. */
static size_t width(const chiso__member *member) {
  switch (member->type) {
  case CHISO__MEMBER_TEXT:
    return sizeof(const char *);
  case CHISO__MEMBER_DEC:
    return sizeof(chiso_dec);
  case CHISO__MEMBER_DATE:
    return sizeof(chiso_date);
  case CHISO__MEMBER_NUMBER8:
  case CHISO__MEMBER_NAME8:
    return sizeof(uint8_t);
  case CHISO__MEMBER_NUMBER16:
    return sizeof(uint16_t);
  case CHISO__MEMBER_RESERVED:
    return member->count;
  default:
    return sizeof(uint32_t);
  }
}

bool chiso__member_is_set(const chiso__member *member, const void *base) {
  const char *bytes = place(member, base);
  if (member->type == CHISO__MEMBER_LIST || member->type == CHISO__MEMBER_TEXTS)
    return chiso__member_count(member, base) > 0;
  for (size_t i = 0; i < width(member); i++)
    if (bytes[i])
      return true;
  return false;
}
