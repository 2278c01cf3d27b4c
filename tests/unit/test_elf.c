/* SPDX-License-Identifier: Apache-2.0
 * The reader of shared objects against files that are cut, changed, or not
 * what a plugin may be. */
#include "host_fixture.h"

#include "host/host.h"

#include <elf.h>

/* A good data-only library, read once per test. */
static char *small_library(size_t *size) {
  folder out = folder_make();
  char *bytes = NULL;
  if (build_small(&out, "small", "test.small"))
    bytes = get_bytes(&out, "small.so", size);
  folder_remove(&out);
  return bytes;
}

static chiso_status check(const void *bytes, size_t size, chiso_error *err) {
  *err = (chiso_error) { 0 };
  return chiso__elf_check("x.so", bytes, size, false, err);
}

/* The copy has exactly its size, so that AddressSanitizer sees one byte too
 * many. */
static void test_cut_anywhere(void) {
  size_t size = 0;
  char *bytes = small_library(&size);
  chiso_error err;
  MUST(bytes != NULL);
  CU_ASSERT(check(bytes, size, &err) == CHISO_OK);
  size_t accepted = 0;
  for (size_t cut = 0; cut < size; cut++) {
    char *copy = malloc(cut + (cut == 0));
    MUST(copy != NULL);
    memcpy(copy, bytes, cut);
    accepted += check(copy, cut, &err) == CHISO_OK || !*err.text;
    free(copy);
  }
  CU_ASSERT(accepted == 0);
  free(bytes);
}

/* Every byte in turn, with patterns that make numbers small, large and
 * negative. What is accepted does not matter, that nothing is read outside
 * does. */
static void test_changed_anywhere(void) {
  static const unsigned char patterns[] = { 0x01, 0x80, 0xff };
  size_t size = 0;
  char *bytes = small_library(&size);
  chiso_error err;
  MUST(bytes != NULL);
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < sizeof patterns; j++) {
      bytes[i] = (char)((unsigned char)bytes[i] ^ patterns[j]);
      (void)check(bytes, size, &err);
      bytes[i] = (char)((unsigned char)bytes[i] ^ patterns[j]);
    }
  CU_ASSERT(check(bytes, size, &err) == CHISO_OK);
  free(bytes);
}

/* Eight bytes at a time become a number that wraps around when added to. */
static void test_wrapping_numbers(void) {
  size_t size = 0;
  char *bytes = small_library(&size), old[8];
  chiso_error err;
  MUST(bytes != NULL);
  for (size_t i = 0; i + 8 <= size; i += 8)
    for (int edge = -16; edge <= 0; edge += 8) {
      int64_t value = edge - 1;
      memcpy(old, bytes + i, 8);
      memcpy(bytes + i, &value, 8);
      (void)check(bytes, size, &err);
      memcpy(bytes + i, old, 8);
    }
  free(bytes);
}

static void test_not_ours(void) {
  size_t size = 0;
  char *bytes = small_library(&size);
  chiso_error err;
  MUST(bytes != NULL);
  CU_ASSERT(check("", 0, &err) == CHISO_BAD_DATA);
  CU_ASSERT(check("#!/bin/sh\necho this is no library at all\n", 40, &err) ==
            CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "not a library") != NULL);
  bytes[EI_CLASS] = ELFCLASS32;
  CU_ASSERT(check(bytes, size, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "32-bit") && strstr(err.text, "64-bit"));
  bytes[EI_CLASS] = ELFCLASS64;
  bytes[EI_DATA] = ELFDATA2MSB;
  CU_ASSERT(check(bytes, size, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "big-endian") != NULL);
  bytes[EI_DATA] = ELFDATA2LSB;
  bytes[18] = (char)EM_S390;
  CU_ASSERT(check(bytes, size, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "S/390") != NULL);
  free(bytes);
}

/* The library's first segment of a type. */
static Elf64_Phdr segment_of(const char *bytes, uint32_t type) {
  Elf64_Ehdr header;
  Elf64_Phdr segment = { 0 };
  memcpy(&header, bytes, sizeof header);
  for (size_t i = 0; i < header.e_phnum; i++) {
    memcpy(&segment, bytes + header.e_phoff + i * sizeof segment,
           sizeof segment);
    if (segment.p_type == type)
      break;
  }
  return segment;
}

static uint64_t tag_value(const char *bytes, int64_t tag) {
  Elf64_Phdr dynamic = segment_of(bytes, PT_DYNAMIC);
  Elf64_Dyn entry = { 0 };
  for (uint64_t i = 0; i < dynamic.p_filesz; i += sizeof entry) {
    memcpy(&entry, bytes + dynamic.p_offset + i, sizeof entry);
    if (entry.d_tag == tag)
      break;
  }
  return entry.d_un.d_val;
}

/* A relocation is a write of the loader's: into the dynamic section it would
 * change what was checked, outside the image anything at all. */
static void test_relocations(void) {
  size_t size = 0;
  char *bytes = small_library(&size);
  chiso_error err;
  MUST(bytes != NULL);
  uint64_t dynamic = segment_of(bytes, PT_DYNAMIC).p_vaddr;
  const uint64_t targets[] = { dynamic,    dynamic - 7, dynamic + 8, 0,
                               UINT64_MAX, 1u << 30,    64 };
  /* In the first segment address and place in the file are the same. */
  uint64_t place = tag_value(bytes, DT_RELA);
  Elf64_Rela old, bad;
  MUST(place > 0 && place + sizeof old <= size);
  memcpy(&old, bytes + place, sizeof old);
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    bad = old;
    bad.r_offset = targets[i];
    memcpy(bytes + place, &bad, sizeof bad);
    CU_ASSERT(check(bytes, size, &err) == CHISO_BAD_DATA);
    CU_ASSERT(strstr(err.text, "relocations") != NULL);
  }
  bad = old;
  bad.r_addend = INT64_C(1) << 40;
  memcpy(bytes + place, &bad, sizeof bad);
  CU_ASSERT(check(bytes, size, &err) == CHISO_BAD_DATA);
  bad = old;
  bad.r_info = ELF64_R_INFO(1, ELF64_R_TYPE(old.r_info));
  memcpy(bytes + place, &bad, sizeof bad);
  CU_ASSERT(check(bytes, size, &err) == CHISO_BAD_DATA);
  memcpy(bytes + place, &old, sizeof old);
  CU_ASSERT(check(bytes, size, &err) == CHISO_OK);
  free(bytes);
}

/* ---- libraries that a linker makes, and a plugin must not be ------------ */

#define ENTRY                                                                  \
  "__attribute__((visibility(\"default\"))) "                                  \
  "const void *chiso_plugin_v1(void) { static const char *const t[] = "        \
  "{ \"x\" }; return t; }\n"

typedef struct specimen {
  const char *what, *source;
  const char *options[6];
  bool call;
  const char *expected; /* NULL: accepted */
} specimen;

static const specimen specimens[] = {
  { "good", ENTRY, { "-fvisibility=hidden" }, false, NULL },
  { "both kinds of hash", ENTRY, { "-Wl,--hash-style=both" }, false, NULL },
  { "the old hash", ENTRY, { "-Wl,--hash-style=sysv" }, false, NULL },
  { "missing symbol",
    "int other_v1;\n",
    { "-fvisibility=hidden" },
    false,
    "chiso_plugin_v1" },
  { "the next major alone",
    "__attribute__((visibility(\"default\"))) const void "
    "*chiso_plugin_v2(void) "
    "{ static const char *const t[] = { \"x\" }; return t; }\n",
    { "-fvisibility=hidden" },
    false,
    "chiso_plugin_v1" },
  { "data symbol", "int chiso_plugin_v1;\n", { NULL }, false, "function" },
  { "two symbols",
    ENTRY "int another(void) { return 1; }\n",
    { NULL },
    false,
    "another" },
  { "constructor",
    ENTRY "static volatile int x;\n__attribute__((constructor)) "
          "static void go(void) { x = 1; }\n",
    { "-fvisibility=hidden" },
    false,
    "DT_INIT_ARRAY" },
  { "destructor",
    ENTRY "static volatile int x;\n__attribute__((destructor)) "
          "static void go(void) { x = 1; }\n",
    { "-fvisibility=hidden" },
    false,
    "DT_FINI_ARRAY" },
  { "_init",
    ENTRY "void _init(void) {}\n",
    { "-fvisibility=hidden" },
    false,
    "DT_INIT" },
  { "IFUNC",
    ENTRY "static int a(void) { return 1; }\n"
          "static void *pick(void) { return (void *)a; }\n"
          "int f(void) __attribute__((ifunc(\"pick\")));\n"
          "int (*volatile g)(void) = f;\n",
    { "-fvisibility=hidden" },
    false,
    "relocation" },
  { "needs libc",
    ENTRY "int puts(const char *);\n"
          "int (*volatile g)(const char *) = puts;\n",
    { "-fvisibility=hidden", "-lc" },
    false,
    "libc.so.6" },
  { "undefined symbol",
    ENTRY "extern int elsewhere(void);\n"
          "int (*volatile g)(void) = elsewhere;\n",
    { "-fvisibility=hidden" },
    false,
    "elsewhere" },
  { "needs libm", ENTRY, { "-Wl,--no-as-needed", "-lm" }, true, "libm.so.6" },
  { "libc for call",
    ENTRY "int puts(const char *);\n"
          "int (*volatile g)(const char *) = puts;\n",
    { "-fvisibility=hidden", "-lc" },
    true,
    NULL },
  { "executable stack", ENTRY, { "-Wl,-z,execstack" }, false, "stack" },
  { "no RELRO", ENTRY, { "-Wl,-z,norelro" }, false, "RELRO" },
  { "lazy binding", ENTRY, { "-Wl,-z,lazy" }, false, "lazily" },
  { "writable code", ENTRY, { "-Wl,-N" }, false, "" },
  { "thread-local data",
    ENTRY "static __thread int x;\nint *f(void) { return &x; }\n",
    { "-fvisibility=hidden", "-ftls-model=initial-exec" },
    true,
    "thread-local" },
  { "text relocations",
    ENTRY "__asm__(\".text\\n.quad chiso_plugin_v1\\n\");\n",
    { "-Wl,-z,notext" },
    false,
    "" },
  { "another library's auditor",
    ENTRY,
    { "-Wl,--audit=evil.so" },
    false,
    "tag" },
  { "filter", ENTRY, { "-Wl,--auxiliary=evil.so" }, false, "tag" },
};

static void test_specimens(void) {
  for (size_t i = 0; i < sizeof specimens / sizeof *specimens; i++) {
    const specimen *s = &specimens[i];
    size_t size = 0;
    chiso_error err = { 0 };
    char *bytes = compile_library(s->source, s->options, &size);
    MUST(bytes != NULL);
    chiso_status status = chiso__elf_check("x.so", bytes, size, s->call, &err);
    bool as_expected =
        s->expected ? status == CHISO_BAD_DATA && strstr(err.text, s->expected)
                    : status == CHISO_OK;
    CU_ASSERT(as_expected);
    if (!as_expected)
      fprintf(stderr, "\n    %s: %s\n", s->what, err.text);
    free(bytes);
  }
}

static void test_program_is_no_plugin(void) {
  chiso__arena arena = { 0 };
  const char *bytes;
  size_t size;
  chiso_error err = { 0 };
  MUST(good(chiso__file_read(&arena, "/proc/self/exe", CHISO__LIMIT_PLUGIN,
                             false, &bytes, &size, &err),
            &err));
  CU_ASSERT(chiso__elf_check("self", bytes, size, true, &err) ==
            CHISO_BAD_DATA);
  chiso__arena_free(&arena);
}

SUITE_MAIN({ "cut at every byte", test_cut_anywhere },
           { "every byte changed", test_changed_anywhere },
           { "numbers that wrap around", test_wrapping_numbers },
           { "other files and machines", test_not_ours },
           { "relocations", test_relocations },
           { "what a plugin must not be", test_specimens },
           { "a program", test_program_is_no_plugin })
