/* SPDX-License-Identifier: Apache-2.0
 * model/emit.c - methodologies as C source: static tables and one function.
 *
 * One table of members per struct drives the writing. Members that are zero
 * are left out, as C initialises them so; what remains reads like the
 * index.json it came from. */
#include "base/buffer.h"
#include "base/dec.h"
#include "model/model.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

typedef enum member_type {
  MEMBER_TEXT,
  MEMBER_DEC,
  MEMBER_NUMBER8,
  MEMBER_NUMBER16,
  MEMBER_NUMBER32,
  MEMBER_NAME8, /* a constant, by its name */
  MEMBER_NAME32,
  MEMBER_DATE
} member_type;

typedef struct name_table {
  const char *const *names;
  size_t count;
} name_table;

typedef struct emit_member {
  const char *name;
  member_type type;
  size_t offset;
  const name_table *table; /* NAME */
} emit_member;

/* ---- names of constants ------------------------------------------------- */

#define NAME(constant) [constant] = #constant
#define TABLE(table, ...)                                                      \
  static const char *const table##_names[] = { __VA_ARGS__ };                  \
  static const name_table table = { table##_names,                             \
                                    sizeof table##_names / sizeof(char *) }

TABLE(kinds, NAME(CHISO_KIND_INDEX), NAME(CHISO_KIND_AREA),
      NAME(CHISO_KIND_CRITERION), NAME(CHISO_KIND_SUBCRITERION),
      NAME(CHISO_KIND_DIMENSION), NAME(CHISO_KIND_SUBDIMENSION),
      NAME(CHISO_KIND_INDICATOR), NAME(CHISO_KIND_FACTOR),
      NAME(CHISO_KIND_BRANCH));
TABLE(ops, NAME(CHISO_OP_SUM), NAME(CHISO_OP_MEAN), NAME(CHISO_OP_SCALE),
      NAME(CHISO_OP_CASE), NAME(CHISO_OP_MANUAL), NAME(CHISO_OP_STEP),
      NAME(CHISO_OP_LINEAR), NAME(CHISO_OP_RATIO), NAME(CHISO_OP_PENALTY),
      NAME(CHISO_OP_CHOICE), NAME(CHISO_OP_SURVEY), NAME(CHISO_OP_SHARE),
      NAME(CHISO_OP_NORM), NAME(CHISO_OP_BEST), NAME(CHISO_OP_INDEX),
      NAME(CHISO_OP_CALL));
TABLE(scopes, NAME(CHISO_SCOPE_NATIONAL), NAME(CHISO_SCOPE_INTERNAL));
TABLE(assessors, NAME(CHISO_BY_NONE), NAME(CHISO_BY_SELF),
      NAME(CHISO_BY_MINISTRY), NAME(CHISO_BY_SURVEY), NAME(CHISO_BY_STATISTICS),
      NAME(CHISO_BY_INDEX));
TABLE(policies, NAME(CHISO_POLICY_FORBIDDEN), NAME(CHISO_POLICY_ZERO),
      NAME(CHISO_POLICY_FULL), NAME(CHISO_POLICY_LEAVE_OUT));
TABLE(rounds, NAME(CHISO_ROUND_HALF_UP), NAME(CHISO_ROUND_CUT_OFF),
      NAME(CHISO_ROUND_HALF_EVEN));
TABLE(cmps, NAME(CHISO_CMP_GE), NAME(CHISO_CMP_GT), NAME(CHISO_CMP_LE),
      NAME(CHISO_CMP_LT));
TABLE(provs, NAME(CHISO_PROV_RECONSTRUCTED), NAME(CHISO_PROV_RECALLED),
      NAME(CHISO_PROV_PUBLISHED), NAME(CHISO_PROV_OFFICIAL));
TABLE(roles, NAME(CHISO_ROLE_X), NAME(CHISO_ROLE_NUM), NAME(CHISO_ROLE_DEN),
      NAME(CHISO_ROLE_OTHER));
TABLE(units, NAME(CHISO_UNIT_COUNT), NAME(CHISO_UNIT_VND),
      NAME(CHISO_UNIT_PERCENT), NAME(CHISO_UNIT_SHARE), NAME(CHISO_UNIT_NUMBER),
      NAME(CHISO_UNIT_POINTS), NAME(CHISO_UNIT_ANSWER), NAME(CHISO_UNIT_CHOICE),
      NAME(CHISO_UNIT_DAYS));
TABLE(levels, NAME(CHISO_LEVEL_PROVINCE), NAME(CHISO_LEVEL_MINISTRY),
      NAME(CHISO_LEVEL_DEPARTMENT), NAME(CHISO_LEVEL_DISTRICT),
      NAME(CHISO_LEVEL_COMMUNE));
TABLE(ranks, NAME(CHISO_RANK_POINTS), NAME(CHISO_RANK_PERCENT));
TABLE(ties, NAME(CHISO_TIES_SHARED));
TABLE(grade_kinds, NAME(CHISO_GRADE_BANDS), NAME(CHISO_GRADE_QUANTILE));
TABLE(missings, NAME(CHISO_MISSING_LEAVE_OUT), NAME(CHISO_MISSING_AS_ZERO));
TABLE(refs, NAME(CHISO_REF_POINTS), NAME(CHISO_REF_PERCENT));

/* ---- members ------------------------------------------------------------ */

#define M(type, kind, name)                                                    \
  { #name, MEMBER_##kind, offsetof(type, name), NULL }
#define MN(type, kind, name, table)                                            \
  { #name, MEMBER_##kind, offsetof(type, name), &(table) }
#define TITLES(type) M(type, TEXT, title_vi), M(type, TEXT, title_en)

static const emit_member legal_members[] = {
  M(chiso_legal, TEXT, key),      M(chiso_legal, TEXT, instrument),
  M(chiso_legal, TEXT, title),    M(chiso_legal, TEXT, url),
  M(chiso_legal, DATE, issued),   M(chiso_legal, DATE, in_force),
  M(chiso_legal, DATE, repealed), { 0 }
};
static const emit_member input_members[] = {
  M(chiso_input, TEXT, key),           TITLES(chiso_input),
  MN(chiso_input, NAME8, role, roles), MN(chiso_input, NAME8, unit, units),
  M(chiso_input, NUMBER8, digits),     { 0 }
};
static const emit_member step_members[] = {
  M(chiso_step, TEXT, key),   TITLES(chiso_step),
  M(chiso_step, DEC, at),     MN(chiso_step, NAME8, cmp, cmps),
  M(chiso_step, DEC, points), { 0 }
};
static const emit_member node_members[] = {
  M(chiso_node, TEXT, id),
  M(chiso_node, TEXT, parent),
  MN(chiso_node, NAME8, kind, kinds),
  TITLES(chiso_node),
  M(chiso_node, DEC, max),
  M(chiso_node, DEC, weight),
  MN(chiso_node, NAME8, op, ops),
  MN(chiso_node, NAME8, assessor, assessors),
  M(chiso_node, TEXT, when),
  M(chiso_node, DEC, at),
  MN(chiso_node, NAME8, cmp, cmps),
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
  MN(chiso_node, NAME8, ref_value, refs),
  M(chiso_node, DEC, scale),
  M(chiso_node, NUMBER32, call),
  MN(chiso_node, NAME8, na, policies),
  MN(chiso_node, NAME8, empty, policies),
  M(chiso_node, NUMBER8, digits),
  MN(chiso_node, NAME8, round, rounds),
  M(chiso_node, TEXT, concept_id),
  M(chiso_node, TEXT, numerator),
  M(chiso_node, TEXT, denominator),
  M(chiso_node, TEXT, period),
  M(chiso_node, TEXT, rule),
  M(chiso_node, TEXT, evidence),
  M(chiso_node, NUMBER32, legal),
  M(chiso_node, DEC, residual),
  MN(chiso_node, NAME8, prov_name, provs),
  MN(chiso_node, NAME8, prov_points, provs),
  M(chiso_node, TEXT, source),
  M(chiso_node, TEXT, note),
  { 0 }
};
static const emit_member part_members[] = {
  M(chiso_part, TEXT, id), TITLES(chiso_part), M(chiso_part, DEC, max), { 0 }
};
static const emit_member partition_members[] = { M(chiso_partition, TEXT, id),
                                                 TITLES(chiso_partition),
                                                 M(chiso_partition, TEXT,
                                                   source),
                                                 { 0 } };
static const emit_member grade_members[] = { M(chiso_grade, TEXT, key),
                                             TITLES(chiso_grade),
                                             M(chiso_grade, DEC, at_least),
                                             MN(chiso_grade, NAME8, cmp, cmps),
                                             { 0 } };
static const emit_member grading_members[] = {
  M(chiso_grading, TEXT, source),
  MN(chiso_grading, NAME8, kind, grade_kinds),
  M(chiso_grading, NUMBER16, first),
  M(chiso_grading, NUMBER16, last),
  MN(chiso_grading, NAME8, missing, missings),
  { 0 }
};
static const emit_member count_members[] = {
  MN(chiso_count, NAME32, kind, kinds), M(chiso_count, NUMBER32, count), { 0 }
};
static const emit_member deadline_members[] = { M(chiso_deadline, TEXT, what),
                                                M(chiso_deadline, DATE, date),
                                                { 0 } };
static const emit_member index_members[] = {
  M(chiso_index, TEXT, id),
  M(chiso_index, TEXT, edition),
  TITLES(chiso_index),
  M(chiso_index, TEXT, unit_set),
  M(chiso_index, TEXT, note),
  MN(chiso_index, NAME8, scope, scopes),
  M(chiso_index, TEXT, variant_of),
  M(chiso_index, NUMBER16, first),
  M(chiso_index, NUMBER16, last),
  MN(chiso_index, NAME8, level, levels),
  M(chiso_index, NUMBER8, digits),
  MN(chiso_index, NAME8, rank_by, ranks),
  MN(chiso_index, NAME8, ties, ties),
  { 0 }
};

/* ---- values ------------------------------------------------------------- */

/* A C string. Octal escapes end after three digits, so none can swallow what
 * follows, as \x would; '?' is escaped because ??/ is a backslash in C11. */
static void put_string(chiso__buffer *out, const char *text) {
  chiso__buffer_text(out, "\"");
  const char *start = text;
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    bool plain = c >= ' ' && c != 0x7f;
    if (plain && c != '"' && c != '\\' && c != '?')
      continue;
    chiso__buffer_bytes(out, start, (size_t)(text - start));
    start = text + 1;
    if (plain)
      chiso__buffer_print(out, "\\%c", c);
    else
      chiso__buffer_print(out, "\\%03o", (unsigned)c);
  }
  chiso__buffer_bytes(out, start, (size_t)(text - start));
  chiso__buffer_text(out, "\"");
}

static void put_dec(chiso__buffer *out, chiso_dec value) {
  if (value == CHISO_NONE) {
    chiso__buffer_text(out, "CHISO_NONE");
    return;
  }
  char text[CHISO_DEC_TEXT];
  chiso__dec_print(value, text);
  chiso__buffer_print(out, "%" PRId64 " /* %s */", value, text);
}

static void put_name(chiso__buffer *out, const name_table *table,
                     uint32_t value) {
  if (value < table->count && table->names[value])
    chiso__buffer_text(out, table->names[value]);
  else
    chiso__buffer_print(out, "%u", (unsigned)value);
}

static uint32_t number_of(const emit_member *member, const char *base) {
  uint8_t narrow;
  uint16_t middle;
  uint32_t wide;
  switch (member->type) {
  case MEMBER_NUMBER8:
  case MEMBER_NAME8:
    memcpy(&narrow, base, sizeof narrow);
    return narrow;
  case MEMBER_NUMBER16:
    memcpy(&middle, base, sizeof middle);
    return middle;
  default:
    memcpy(&wide, base, sizeof wide);
    return wide;
  }
}

static void put_member(chiso__buffer *out, const emit_member *member,
                       const char *base, const char *indent) {
  const char *text;
  chiso_dec dec;
  chiso_date date;
  switch (member->type) {
  case MEMBER_TEXT:
    memcpy(&text, base, sizeof text);
    if (!text)
      return;
    chiso__buffer_print(out, "%s.%s = ", indent, member->name);
    put_string(out, text);
    break;
  case MEMBER_DEC:
    memcpy(&dec, base, sizeof dec);
    if (dec == 0)
      return;
    chiso__buffer_print(out, "%s.%s = ", indent, member->name);
    put_dec(out, dec);
    break;
  case MEMBER_DATE:
    memcpy(&date, base, sizeof date);
    if (!date.year && !date.month && !date.day)
      return;
    chiso__buffer_print(out, "%s.%s = { %u, %u, %u }", indent, member->name,
                        (unsigned)date.year, (unsigned)date.month,
                        (unsigned)date.day);
    break;
  default: {
    uint32_t number = number_of(member, base);
    if (number == 0)
      return;
    chiso__buffer_print(out, "%s.%s = ", indent, member->name);
    if (member->table)
      put_name(out, member->table, number);
    else
      chiso__buffer_print(out, "%u", (unsigned)number);
  }
  }
  chiso__buffer_text(out, ",\n");
}

static void put_members(chiso__buffer *out, const emit_member *members,
                        const void *base, const char *indent) {
  for (; members->name; members++)
    put_member(out, members, (const char *)base + members->offset, indent);
}

/* ---- tables ------------------------------------------------------------- */

/* Elements of one type in a table of their own; nothing when there are none. */
static void put_table(chiso__buffer *out, const char *type, const char *name,
                      const emit_member *members, const void *elements,
                      size_t count, size_t stride) {
  if (count == 0)
    return;
  chiso__buffer_print(out, "static const %s %s[] = {\n", type, name);
  for (size_t i = 0; i < count; i++) {
    chiso__buffer_text(out, "  {\n");
    put_members(out, members, (const char *)elements + i * stride, "    ");
    chiso__buffer_text(out, "  },\n");
  }
  chiso__buffer_text(out, "};\n");
}

static void put_texts(chiso__buffer *out, const char *name,
                      const char *const *texts, size_t count) {
  if (count == 0)
    return;
  chiso__buffer_print(out, "static const char *const %s[] = {\n", name);
  for (size_t i = 0; i < count; i++) {
    chiso__buffer_text(out, "  ");
    put_string(out, texts[i]);
    chiso__buffer_text(out, ",\n");
  }
  chiso__buffer_text(out, "};\n");
}

/* The members that point at a table named <prefix>_<name>. */
static void put_link(chiso__buffer *out, const char *indent, const char *prefix,
                     const char *name, uint32_t count) {
  if (count > 0)
    chiso__buffer_print(out, "%s.%s = %s_%s,\n%s.n_%s = %u,\n", indent, name,
                        prefix, name, indent, name, (unsigned)count);
}

#define NAME_SIZE 64

static void put_nodes(chiso__buffer *out, const chiso_index *index,
                      unsigned place) {
  char name[NAME_SIZE], prefix[NAME_SIZE];
  for (uint32_t i = 0; i < index->n_nodes; i++) {
    const chiso_node *node = &index->nodes[i];
    snprintf(name, sizeof name, "i%u_%u_was", place, (unsigned)i);
    put_texts(out, name, node->was, node->n_was);
    snprintf(name, sizeof name, "i%u_%u_inputs", place, (unsigned)i);
    put_table(out, "chiso_input", name, input_members, node->inputs,
              node->n_inputs, sizeof *node->inputs);
    snprintf(name, sizeof name, "i%u_%u_steps", place, (unsigned)i);
    put_table(out, "chiso_step", name, step_members, node->steps, node->n_steps,
              sizeof *node->steps);
  }
  chiso__buffer_print(out, "static const chiso_node i%u_nodes[] = {\n", place);
  for (uint32_t i = 0; i < index->n_nodes; i++) {
    const chiso_node *node = &index->nodes[i];
    snprintf(prefix, sizeof prefix, "i%u_%u", place, (unsigned)i);
    chiso__buffer_text(out, "  {\n");
    put_members(out, node_members, node, "    ");
    put_link(out, "    ", prefix, "was", node->n_was);
    put_link(out, "    ", prefix, "inputs", node->n_inputs);
    put_link(out, "    ", prefix, "steps", node->n_steps);
    chiso__buffer_text(out, "  },\n");
  }
  chiso__buffer_text(out, "};\n");
}

static void put_gradings(chiso__buffer *out, const chiso_index *index,
                         unsigned place) {
  char name[NAME_SIZE];
  for (uint32_t i = 0; i < index->n_gradings; i++) {
    const chiso_grading *grading = &index->gradings[i];
    snprintf(name, sizeof name, "i%u_g%u_grades", place, (unsigned)i);
    put_table(out, "chiso_grade", name, grade_members, grading->grades,
              grading->n_grades, sizeof *grading->grades);
  }
  if (index->n_gradings == 0)
    return;
  chiso__buffer_print(out, "static const chiso_grading i%u_gradings[] = {\n",
                      place);
  for (uint32_t i = 0; i < index->n_gradings; i++) {
    snprintf(name, sizeof name, "i%u_g%u", place, (unsigned)i);
    chiso__buffer_text(out, "  {\n");
    put_members(out, grading_members, &index->gradings[i], "    ");
    put_link(out, "    ", name, "grades", index->gradings[i].n_grades);
    chiso__buffer_text(out, "  },\n");
  }
  chiso__buffer_text(out, "};\n");
}

static void put_partitions(chiso__buffer *out, const chiso_index *index,
                           unsigned place) {
  char name[NAME_SIZE];
  for (uint32_t i = 0; i < index->n_partitions; i++) {
    const chiso_partition *partition = &index->partitions[i];
    snprintf(name, sizeof name, "i%u_p%u_parts", place, (unsigned)i);
    put_table(out, "chiso_part", name, part_members, partition->parts,
              partition->n_parts, sizeof *partition->parts);
  }
  if (index->n_partitions == 0)
    return;
  chiso__buffer_print(
      out, "static const chiso_partition i%u_partitions[] = {\n", place);
  for (uint32_t i = 0; i < index->n_partitions; i++) {
    snprintf(name, sizeof name, "i%u_p%u", place, (unsigned)i);
    chiso__buffer_text(out, "  {\n");
    put_members(out, partition_members, &index->partitions[i], "    ");
    put_link(out, "    ", name, "parts", index->partitions[i].n_parts);
    chiso__buffer_text(out, "  },\n");
  }
  chiso__buffer_text(out, "};\n");
}

/* ---- an index ----------------------------------------------------------- */

/* By sizeof, so that a later header needs no change here. */
static const char strides[] = "  .legal_stride = sizeof(chiso_legal),\n"
                              "  .node_stride = sizeof(chiso_node),\n"
                              "  .input_stride = sizeof(chiso_input),\n"
                              "  .step_stride = sizeof(chiso_step),\n"
                              "  .grading_stride = sizeof(chiso_grading),\n"
                              "  .grade_stride = sizeof(chiso_grade),\n"
                              "  .partition_stride = sizeof(chiso_partition),\n"
                              "  .part_stride = sizeof(chiso_part),\n";

static void put_index(chiso__buffer *out, const chiso_methodology *methodology,
                      unsigned place) {
  const chiso_index *index = chiso_methodology_index(methodology);
  char prefix[16], name[NAME_SIZE];
  snprintf(prefix, sizeof prefix, "i%u", place);
  /* A name cannot hold what ends a comment; this does not rely on it. */
  const char *title = chiso_methodology_name(methodology);
  chiso__buffer_print(out, "\n/* %s */\n", strchr(title, '*') ? "" : title);
  snprintf(name, sizeof name, "%s_supersedes", prefix);
  put_texts(out, name, index->supersedes, index->n_supersedes);
  snprintf(name, sizeof name, "%s_legal", prefix);
  put_table(out, "chiso_legal", name, legal_members, index->legal,
            index->n_legal, sizeof *index->legal);
  snprintf(name, sizeof name, "%s_counts", prefix);
  put_table(out, "chiso_count", name, count_members, index->counts,
            index->n_counts, sizeof *index->counts);
  snprintf(name, sizeof name, "%s_deadlines", prefix);
  put_table(out, "chiso_deadline", name, deadline_members, index->deadlines,
            index->n_deadlines, sizeof *index->deadlines);
  put_gradings(out, index, place);
  put_partitions(out, index, place);
  put_nodes(out, index, place);
  chiso__buffer_print(out, "static const chiso_index %s = {\n", prefix);
  put_members(out, index_members, index, "  ");
  put_link(out, "  ", prefix, "supersedes", index->n_supersedes);
  put_link(out, "  ", prefix, "legal", index->n_legal);
  put_link(out, "  ", prefix, "nodes", index->n_nodes);
  put_link(out, "  ", prefix, "gradings", index->n_gradings);
  put_link(out, "  ", prefix, "partitions", index->n_partitions);
  put_link(out, "  ", prefix, "counts", index->n_counts);
  put_link(out, "  ", prefix, "deadlines", index->n_deadlines);
  chiso__buffer_text(out, strides);
  chiso__buffer_text(out, "};\n");
}

/* ---- the plugin --------------------------------------------------------- */

static void put_text(chiso__buffer *out, const char *member, const char *text) {
  if (!text)
    return;
  chiso__buffer_print(out, "  .%s = ", member);
  put_string(out, text);
  chiso__buffer_text(out, ",\n");
}

static void put_plugin(chiso__buffer *out, const chiso_plugin_text *plugin,
                       size_t count) {
  chiso__buffer_text(out, "\nstatic const chiso_index *const indices[] = {\n");
  for (size_t i = 0; i < count; i++)
    chiso__buffer_print(out, "  &i%zu,\n", i);
  chiso__buffer_text(out, "};\n");
  if (plugin->with_rule)
    chiso__buffer_text(out,
                       "\n/* rule.c */\n"
                       "int chiso_rule(const chiso_host *host, "
                       "const chiso_call *call,\n"
                       "               uint32_t number, chiso_dec *points);\n");
  chiso__buffer_print(out,
                      "\nstatic const chiso_plugin plugin = {\n"
                      "  .abi_major = CHISO_ABI_MAJOR,\n"
                      "  .abi_minor = CHISO_ABI_MINOR,\n"
                      "  .size = sizeof(chiso_plugin),\n"
                      "  .n_indices = %zu,\n",
                      count);
  put_text(out, "id", plugin->id);
  put_text(out, "version", plugin->version);
  put_text(out, "license", plugin->license);
  put_text(out, "contact", plugin->contact);
  chiso__buffer_text(out, "  .indices = indices,\n");
  if (plugin->with_rule)
    chiso__buffer_text(out, "  .rule = chiso_rule,\n");
  chiso__buffer_text(out, "};\n\n"
                          "const chiso_plugin *chiso_plugin_v1(void) "
                          "{ return &plugin; }\n");
}

chiso_status
chiso_methodology_emit(const chiso_methodology *const *methodologies,
                       size_t count, const chiso_plugin_text *plugin,
                       char **text, size_t *size, chiso_error *err) {
  chiso__buffer out = { .allocator =
                            count ? methodologies[0]->allocator : NULL };
  chiso__buffer_text(&out, "/* Made by chiso from index.json. Change that, "
                           "not this. */\n"
                           "#include \"chiso/plugin.h\"\n");
  for (size_t i = 0; i < count; i++)
    put_index(&out, methodologies[i], (unsigned)i);
  put_plugin(&out, plugin, count);
  *text = NULL;
  *size = 0;
  if (out.failed) {
    chiso__buffer_free(&out);
    return chiso__no_memory(err);
  }
  *text = out.data;
  *size = out.size;
  return CHISO_OK;
}
