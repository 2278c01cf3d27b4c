/* SPDX-License-Identifier: Apache-2.0
 * model/emit.c - methodologies as C source: static tables and one function.
 *
 * The tables of members.c drive the writing. Members that are zero are left
 * out, as C initialises them so; what remains reads like the index.json it
 * came from. */
#include "base/buffer.h"
#include "base/dec.h"
#include "model/members.h"

#include <inttypes.h>
#include <string.h>

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

static void put_name(chiso__buffer *out, chiso_family family, uint32_t value) {
  const char *name = chiso__constant(family, value);
  if (name)
    chiso__buffer_text(out, name);
  else
    chiso__buffer_print(out, "%u", (unsigned)value);
}

static void put_value(chiso__buffer *out, const chiso__member *member,
                      const void *base) {
  chiso_dec dec;
  chiso_date date;
  const char *place = (const char *)base + member->offset;
  switch (member->type) {
  case CHISO__MEMBER_TEXT:
    put_string(out, chiso__member_text(member, base));
    break;
  case CHISO__MEMBER_DEC:
    memcpy(&dec, place, sizeof dec);
    put_dec(out, dec);
    break;
  case CHISO__MEMBER_DATE:
    memcpy(&date, place, sizeof date);
    chiso__buffer_print(out, "{ %u, %u, %u }", (unsigned)date.year,
                        (unsigned)date.month, (unsigned)date.day);
    break;
  case CHISO__MEMBER_NAME8:
  case CHISO__MEMBER_NAME32:
    put_name(out, member->family, chiso__member_number(member, base));
    break;
  default:
    chiso__buffer_print(out, "%u",
                        (unsigned)chiso__member_number(member, base));
  }
}

/* ---- tables ------------------------------------------------------------- */

#define NAME_SIZE 64

static bool is_list(const chiso__member *member) {
  return member->type == CHISO__MEMBER_LIST ||
         member->type == CHISO__MEMBER_TEXTS;
}

/* The members that are set. A list stands in a table <prefix>_<name>. */
static void put_members(chiso__buffer *out, const chiso__struct *of,
                        const void *base, const char *prefix,
                        const char *indent) {
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    if (!chiso__member_is_set(member, base))
      continue;
    chiso__buffer_print(out, "%s.%s = ", indent, member->name);
    if (is_list(member))
      chiso__buffer_print(out, "%s_%s,\n%s.n_%s = %u", prefix, member->name,
                          indent, member->name,
                          (unsigned)chiso__member_count(member, base));
    else
      put_value(out, member, base);
    chiso__buffer_text(out, ",\n");
  }
}

static void put_texts(chiso__buffer *out, const char *name,
                      const char *const *texts, size_t count) {
  chiso__buffer_print(out, "static const char *const %s[] = {\n", name);
  for (size_t i = 0; i < count; i++) {
    chiso__buffer_text(out, "  ");
    put_string(out, texts[i]);
    chiso__buffer_text(out, ",\n");
  }
  chiso__buffer_text(out, "};\n");
}

static void put_lists(chiso__buffer *out, const chiso__struct *of,
                      const void *base, const char *prefix);

/* The elements of a list, after the tables that they point at. */
static void put_table(chiso__buffer *out, const chiso__struct *of,
                      const char *elements, uint32_t count, const char *name) {
  char prefix[NAME_SIZE];
  for (uint32_t i = 0; i < count; i++) {
    snprintf(prefix, sizeof prefix, "%.48s_%u", name, (unsigned)i);
    put_lists(out, of, elements + i * of->size, prefix);
  }
  chiso__buffer_print(out, "static const %s %s[] = {\n", of->name, name);
  for (uint32_t i = 0; i < count; i++) {
    snprintf(prefix, sizeof prefix, "%.48s_%u", name, (unsigned)i);
    chiso__buffer_text(out, "  {\n");
    put_members(out, of, elements + i * of->size, prefix, "    ");
    chiso__buffer_text(out, "  },\n");
  }
  chiso__buffer_text(out, "};\n");
}

static void put_lists(chiso__buffer *out, const chiso__struct *of,
                      const void *base, const char *prefix) {
  char name[NAME_SIZE];
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    if (!is_list(member) || !chiso__member_is_set(member, base))
      continue;
    snprintf(name, sizeof name, "%s_%s", prefix, member->name);
    const void *array = chiso__member_array(member, base);
    uint32_t count = chiso__member_count(member, base);
    if (member->type == CHISO__MEMBER_TEXTS)
      put_texts(out, name, array, count);
    else
      put_table(out, member->of, array, count, name);
  }
}

/* ---- an index ----------------------------------------------------------- */

/* By sizeof, so that a later header needs no change here. */
static const char strides[] = "  .size = sizeof(chiso_index),\n"
                              "  .legal_stride = sizeof(chiso_legal),\n"
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
  char prefix[16];
  snprintf(prefix, sizeof prefix, "i%u", place);
  /* A name cannot hold what ends a comment; this does not rely on it. */
  const char *title = chiso_methodology_name(methodology);
  chiso__buffer_print(out, "\n/* %s */\n", strchr(title, '*') ? "" : title);
  put_lists(out, &chiso__index_struct, index, prefix);
  chiso__buffer_print(out, "static const chiso_index %s = {\n", prefix);
  put_members(out, &chiso__index_struct, index, prefix, "  ");
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
                      "  .abi_minor = %u,\n"
                      "  .size = sizeof(chiso_plugin),\n"
                      "  .n_indices = %zu,\n",
                      (unsigned)plugin->abi_minor, count);
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
  *text = NULL;
  *size = 0;
  for (size_t i = 0; i < count; i++)
    CHISO__TRY(chiso__abi_fits(methodologies[i], plugin->abi_minor, err));
  chiso__buffer out = { .allocator =
                            count ? methodologies[0]->allocator : NULL };
  chiso__buffer_text(&out, "/* Made by chiso from index.json. Change that, "
                           "not this. */\n"
                           "#include \"chiso/plugin.h\"\n");
  for (size_t i = 0; i < count; i++)
    put_index(&out, methodologies[i], (unsigned)i);
  put_plugin(&out, plugin, count);
  if (out.failed) {
    chiso__buffer_free(&out);
    return chiso__no_memory(err);
  }
  *text = out.data;
  *size = out.size;
  return CHISO_OK;
}
