/* SPDX-License-Identifier: Apache-2.0
 * The rules of docs/abi.md that tables can break: strides, reserved bytes,
 * what a plugin for older hosts may hold. */
#include "host_fixture.h"

#include "model/members.h"

#define SOURCE SOURCE_DIR "/tests/abi/source"

static chiso_methodology *read_source(const char *path) {
  chiso_methodology *m = NULL;
  chiso_error err = { 0 };
  return good(chiso_methodology_read(path, NULL, &m, &err), &err) ? m : NULL;
}

static chiso_status copy(const chiso_index *tables, chiso_error *err) {
  chiso_methodology *m = NULL;
  chiso_status status = chiso_methodology_copy("a.so", tables, NULL, &m, err);
  chiso_methodology_free(m);
  return status;
}

/* ---- strides ------------------------------------------------------------ */

static const size_t strides[] = {
  offsetof(chiso_index, legal_stride),     offsetof(chiso_index, node_stride),
  offsetof(chiso_index, input_stride),     offsetof(chiso_index, step_stride),
  offsetof(chiso_index, grading_stride),   offsetof(chiso_index, grade_stride),
  offsetof(chiso_index, partition_stride), offsetof(chiso_index, part_stride),
};

/* The stride of each list in turn is nothing, or one byte less than the struct
 * had in the first minor. */
static void short_strides_are_refused(void) {
  chiso_methodology *m = read_source(SOURCE "/everything.json");
  MUST(m != NULL);
  for (size_t i = 0; i < sizeof strides / sizeof *strides; i++)
    for (int by = 0; by < 2; by++) {
      chiso_index tables = *chiso_methodology_index(m);
      chiso_error err = { 0 };
      uint16_t stride;
      char expected[64];
      memcpy(&stride, (char *)&tables + strides[i], sizeof stride);
      snprintf(expected, sizeof expected, "at least %u", (unsigned)stride);
      stride = by ? 0 : (uint16_t)(stride - 1);
      memcpy((char *)&tables + strides[i], &stride, sizeof stride);
      CU_ASSERT(copy(&tables, &err) == CHISO_BAD_DATA);
      CU_ASSERT(strstr(err.text, expected) != NULL);
    }
  chiso_methodology_free(m);
}

/* An index that is longer, as a later minor makes it, loads as what this core
 * knows of it; one shorter than in the first minor is refused. */
static void index_size_is_heeded(void) {
  chiso_methodology *m = read_source(SOURCE "/everything.json"), *made = NULL;
  MUST(m != NULL);
  struct {
    chiso_index index;
    char later[40];
  } longer = { .index = *chiso_methodology_index(m) };
  memset(longer.later, 0xa5, sizeof longer.later);
  longer.index.size = sizeof longer;
  CU_ASSERT(chiso_methodology_copy("a.so", &longer.index, NULL, &made, NULL) ==
            CHISO_OK);
  if (made) {
    CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(made),
                           chiso_methodology_digest(m));
    CU_ASSERT_EQUAL(chiso_methodology_index(made)->size, sizeof(chiso_index));
  }
  chiso_methodology_free(made);
  for (unsigned size = 0; size < 2; size++) {
    chiso_error err = { 0 };
    longer.index.size = size ? (uint32_t)sizeof(chiso_index) - 1 : 0;
    CU_ASSERT(copy(&longer.index, &err) == CHISO_BAD_DATA);
    CU_ASSERT(strstr(err.text, "at least 176") != NULL);
  }
  chiso_methodology_free(m);
}

/* ---- texts -------------------------------------------------------------- */

/* NFD is brought to NFC, an empty text is none, a text ends within its limit,
 * and the copy keeps nothing of what it was given. */
static void texts_are_copied(void) {
  chiso_methodology *m = read_source(SOURCE "/smallest.json"), *made = NULL;
  MUST(m != NULL);
  static char text[CHISO__MAX_TEXT + 2];
  chiso_index tables = *chiso_methodology_index(m);
  chiso_error err = { 0 };
  memset(text, 'x', sizeof text - 1);
  tables.note = text;
  CU_ASSERT(copy(&tables, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "4096") != NULL);
  text[CHISO__MAX_TEXT] = '\0';
  CU_ASSERT(copy(&tables, &err) == CHISO_OK);
  snprintf(text, sizeof text, "Ho\xcc\x80"); /* o, combining grave */
  tables.title_en = "";
  MUST(chiso_methodology_copy("a.so", &tables, NULL, &made, &err) == CHISO_OK);
  memset(text, 'y', 8);
  CU_ASSERT_STRING_EQUAL(chiso_methodology_index(made)->note, "H\xc3\xb2");
  CU_ASSERT(chiso_methodology_index(made)->title_en == NULL);
  chiso_methodology_free(made);
  chiso_methodology_free(m);
}

/* ---- reserved bytes ----------------------------------------------------- */

/* Sets the last reserved byte of the struct at `base`, if it has any, and sees
 * that the tables are refused; then those of the first element of each list. */
static unsigned try_reserved(const chiso_index *tables, const chiso__struct *of,
                             const void *base) {
  char *bytes = (char *)(uintptr_t)base; /* the test's own methodology */
  unsigned tried = 0;
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    if (member->type == CHISO__MEMBER_RESERVED) {
      chiso_error err = { 0 };
      char *last = bytes + member->offset + member->count - 1;
      *last = 1;
      CU_ASSERT(copy(tables, &err) == CHISO_BAD_DATA);
      CU_ASSERT(strstr(err.text, "reserved") != NULL);
      *last = 0;
      tried++;
    }
    if (member->type == CHISO__MEMBER_LIST &&
        chiso__member_is_set(member, base))
      tried +=
          try_reserved(tables, member->of, chiso__member_array(member, base));
  }
  return tried;
}

static void reserved_bytes_are_zero(void) {
  chiso_methodology *m = read_source(SOURCE "/everything.json");
  MUST(m != NULL);
  const chiso_index *tables = chiso_methodology_index(m);
  CU_ASSERT(copy(tables, NULL) == CHISO_OK);
  /* node, partition, grading, grade, deadline, index; inputs and steps hang
   * at no first node */
  CU_ASSERT(try_reserved(tables, &chiso__index_struct, tables) == 6);
  const chiso_node *node = &tables->nodes[chiso_methodology_find(m, "step")];
  const chiso__struct *node_struct = NULL;
  for (size_t i = 0; i < chiso__index_struct.n_members; i++)
    if (strcmp(chiso__index_struct.members[i].name, "nodes") == 0)
      node_struct = chiso__index_struct.members[i].of;
  MUST(node_struct != NULL);
  CU_ASSERT(try_reserved(tables, node_struct, node) == 3);
  CU_ASSERT(copy(tables, NULL) == CHISO_OK);
  chiso_methodology_free(m);
}

/* ---- the sources of the capsules ---------------------------------------- */

typedef struct seen {
  uint64_t constants[CHISO_FAMILY_COUNT]; /* bits */
  const chiso__member *members[256];
  size_t n_members;
} seen;

static bool has_seen(const seen *s, const chiso__member *member) {
  for (size_t i = 0; i < s->n_members; i++)
    if (s->members[i] == member)
      return true;
  return false;
}

static void look(seen *s, const chiso__struct *of, const void *base) {
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    if (member->type == CHISO__MEMBER_NAME8 ||
        member->type == CHISO__MEMBER_NAME32)
      s->constants[member->family] |= UINT64_C(1)
                                      << chiso__member_number(member, base);
    if (!chiso__member_is_set(member, base))
      continue;
    if (!has_seen(s, member) && s->n_members < 256)
      s->members[s->n_members++] = member;
    if (member->type != CHISO__MEMBER_LIST)
      continue;
    const char *elements = chiso__member_array(member, base);
    for (uint32_t j = 0; j < chiso__member_count(member, base); j++)
      look(s, member->of, elements + j * member->of->size);
  }
}

/* Zero is the only value there is. */
static bool only_zero(const chiso__member *member) {
  return member->type == CHISO__MEMBER_RESERVED ||
         (member->type == CHISO__MEMBER_NAME8 &&
          member->family == CHISO_FAMILY_TIES);
}

static void expect_all(const seen *s, const chiso__struct *of) {
  for (size_t i = 0; i < of->n_members; i++) {
    const chiso__member *member = &of->members[i];
    bool found = only_zero(member) || has_seen(s, member);
    CU_ASSERT(found);
    if (!found)
      fprintf(stderr, "\n    %s.%s is used nowhere\n", of->name, member->name);
    if (member->type == CHISO__MEMBER_LIST)
      expect_all(s, member->of);
  }
}

/* What release after release must load uses everything there is: a new member
 * or constant has to be put there too. */
static void sources_use_everything(void) {
  static const char *const files[] = { SOURCE "/everything.json",
                                       SOURCE "/taken.json" };
  seen s = { 0 };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    chiso_methodology *m = read_source(files[i]);
    MUST(m != NULL);
    look(&s, &chiso__index_struct, chiso_methodology_index(m));
    chiso_methodology_free(m);
  }
  expect_all(&s, &chiso__index_struct);
  for (int family = 0; family < CHISO_FAMILY_COUNT; family++)
    for (unsigned value = 0; value < 64; value++) {
      const char *name = chiso__constant((chiso_family)family, value);
      bool found = !name || family == CHISO_FAMILY_LEVEL ||
                   (s.constants[family] & UINT64_C(1) << value) != 0;
      CU_ASSERT(found);
      if (!found)
        fprintf(stderr, "\n    %s is used nowhere\n", name);
    }
}

/* ---- for older hosts ---------------------------------------------------- */

static void abi_is_asked_for(void) {
  static const char *const unknown[] = { "1.1", "2.0", "0.9", "1", "1.0x", "" };
  static const char *const indices[] = { SOURCE "/smallest.json" };
  folder out = folder_make();
  chiso_build_options options = { .id = "smallest",
                                  .version = "1.0.0",
                                  .license = "x",
                                  .indices = indices,
                                  .n_indices = 1,
                                  .out_dir = out.path,
                                  .include_dir = INCLUDE_DIR };
  chiso_error err = { 0 };
  for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
    options.abi = unknown[i];
    CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_USAGE);
    CU_ASSERT(strstr(err.text, "builds for 1.0") != NULL);
    CU_ASSERT(folder_count(&out) == 0);
  }
  size_t sizes[2];
  char *made[2];
  for (int i = 0; i < 2; i++) {
    options.abi = i ? NULL : "1.0";
    MUST(good(chiso_build(&options, NULL, &err), &err));
    made[i] = get_bytes(&out, "smallest.so", &sizes[i]);
    MUST(made[i] != NULL);
  }
  CU_ASSERT(sizes[0] == sizes[1] && memcmp(made[0], made[1], sizes[0]) == 0);
  char *manifest = get_bytes(&out, "smallest.plugin.ini", &sizes[0]);
  CU_ASSERT(manifest && strstr(manifest, "\nabi = 1.0\n") != NULL);
  free(manifest);
  free(made[0]);
  free(made[1]);
  folder_remove(&out);
}

/* The source names an ABI that this core knows, or there is none. */
static void emitted_abi(void) {
  chiso_methodology *m = read_source(SOURCE "/smallest.json");
  MUST(m != NULL);
  const chiso_methodology *const one[] = { m };
  chiso_plugin_text plugin = { .id = "x", .version = "1.0.0", .license = "x" };
  chiso_error err = { 0 };
  char *text = NULL;
  size_t size;
  CU_ASSERT(
      good(chiso_methodology_emit(one, 1, &plugin, &text, &size, &err), &err));
  CU_ASSERT(text && strstr(text, ".abi_minor = 0,") != NULL);
  chiso_text_free(NULL, text);
  plugin.abi_minor = CHISO_ABI_MINOR + 1;
  CU_ASSERT(chiso_methodology_emit(one, 1, &plugin, &text, &size, &err) ==
            CHISO_USAGE);
  CU_ASSERT(text == NULL);
  chiso_methodology_free(m);
}

SUITE_MAIN({ "short strides are refused", short_strides_are_refused },
           { "the size of an index is heeded", index_size_is_heeded },
           { "texts are copied", texts_are_copied },
           { "reserved bytes are zero", reserved_bytes_are_zero },
           { "the capsules' sources use everything", sources_use_everything },
           { "the ABI that is asked for", abi_is_asked_for },
           { "the ABI that is written", emitted_abi })
