/* SPDX-License-Identifier: Apache-2.0
 * Building: what comes out, that it comes out the same everywhere, and what is
 * left behind when it fails. */
#include "host_fixture.h"

#include "host/host.h"

#include <poll.h>

static chiso_build_options example(const folder *out,
                                   const char *const *indices) {
  return (chiso_build_options) { .id = "example-call",
                                 .version = "1.0.0",
                                 .license = "Apache-2.0",
                                 .indices = indices,
                                 .n_indices = 1,
                                 .rule = EXAMPLE "/rule.c",
                                 .out_dir = out->path,
                                 .include_dir = INCLUDE_DIR };
}
static const char *const example_indices[] = { EXAMPLE "/index.json" };

static void test_data_plugin(void) {
  folder out = folder_make();
  size_t size = 0;
  MUST(build_small(&out, "small", "test.small"));
  CU_ASSERT(folder_count(&out) == 2);
  char *library = get_bytes(&out, "small.so", &size);
  MUST(library != NULL);
  CU_ASSERT(chiso__elf_check("small.so", library, size, false, NULL) ==
            CHISO_OK);
  free(library);
  char *manifest = get_bytes(&out, "small.plugin.ini", &size);
  MUST(manifest != NULL);
  CU_ASSERT(strstr(manifest, "contact = 'tests; \"all\" of them'\n") != NULL);
  CU_ASSERT(strstr(manifest, "rules = data\n") != NULL);
  CU_ASSERT(strstr(manifest, "counts = 2 criterion\n") != NULL);
  CU_ASSERT(strstr(manifest, "provenance = published 1, recalled 1\n") != NULL);
  CU_ASSERT(strstr(manifest, "legal = 1149/QĐ-BNV, 30/12/2020\n") != NULL);
  free(manifest);
  folder_remove(&out);
}

/* Another folder, another name of the input, another TMPDIR: same bytes. */
static void test_reproducible(void) {
  folder a = folder_make(), b = folder_make(), temporary = folder_make();
  size_t sizes[2];
  const char *const names[] = { "small.so", "small.plugin.ini" };
  MUST(build_small(&a, "small", "test.small"));
  setenv("TMPDIR", temporary.path, 1);
  bool built = build_small(&b, "small", "test.small");
  CU_ASSERT(folder_count(&temporary) == 0);
  unsetenv("TMPDIR");
  MUST(built);
  for (size_t i = 0; i < 2; i++) {
    char *x = get_bytes(&a, names[i], &sizes[0]);
    char *y = get_bytes(&b, names[i], &sizes[1]);
    MUST(x && y);
    CU_ASSERT(sizes[0] == sizes[1] && memcmp(x, y, sizes[0]) == 0);
    free(x);
    free(y);
  }
  folder_remove(&a);
  folder_remove(&b);
  folder_remove(&temporary);
}

static void test_call_plugin(void) {
  folder out = folder_make();
  chiso_error err = { 0 };
  size_t size = 0;
  chiso_build_options options = example(&out, example_indices);
  MUST(good(chiso_build(&options, NULL, &err), &err));
  char *library = get_bytes(&out, "example-call.so", &size);
  MUST(library != NULL);
  CU_ASSERT(chiso__elf_check("x", library, size, true, NULL) == CHISO_OK);
  free(library);
  folder_remove(&out);
}

static void test_rule_is_asked_for(void) {
  folder out = folder_make();
  chiso_error err = { 0 };
  chiso_build_options options = example(&out, example_indices);
  options.rule = NULL;
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "rule.c") != NULL);
  CU_ASSERT(folder_count(&out) == 0);
  folder_remove(&out);
}

static void test_compiler_speaks(void) {
  folder out = folder_make();
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  folder work = folder_make();
  MUST(put_text(&work, "rule.c", "#error \"quite wrong\"\n"));
  chiso_build_options options = example(&out, example_indices);
  options.rule = in_folder(&work, "rule.c", path);
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "quite wrong") != NULL);
  CU_ASSERT(folder_count(&out) == 0);
  options.compiler = "/nowhere/cc";
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_IO);
  CU_ASSERT(strstr(err.text, "/nowhere/cc") != NULL);
  folder_remove(&work);
  folder_remove(&out);
}

/* A compiler that never ends is stopped, with what it started: the end of a
 * pipe that they inherited is closed. */
static void test_compiler_hangs(void) {
  folder out = folder_make(), work = folder_make();
  char path[PATH_ROOM], byte;
  chiso_error err = { 0 };
  int ends[2];
  MUST(put_text(&work, "cc", "#!/bin/sh\nsleep 600 &\nwait\n"));
  MUST(chmod(in_folder(&work, "cc", path), 0700) == 0);
  MUST(pipe(ends) == 0);
  chiso_build_options options = example(&out, example_indices);
  options.compiler = path;
  options.seconds = 1;
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_IO);
  CU_ASSERT(strstr(err.text, "after 1 s;") != NULL);
  CU_ASSERT(folder_count(&out) == 0);
  close(ends[1]);
  struct pollfd closed = { .fd = ends[0], .events = POLLIN };
  CU_ASSERT(poll(&closed, 1, 60000) == 1 && read(ends[0], &byte, 1) == 0);
  close(ends[0]);
  folder_remove(&work);
  folder_remove(&out);
}

/* The folder is seen to before the compiler is started. */
static void test_out_folder(void) {
  folder out = folder_make();
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  chiso_build_options options = example(&out, example_indices);
  options.compiler = "/nowhere/cc";
  MUST(put_text(&out, "file", "x"));
  const char *const bad[] = { "/nowhere/at/all",
                              in_folder(&out, "file", path) };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    options.out_dir = bad[i];
    CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_IO);
    CU_ASSERT(strcmp(err.file, bad[i]) == 0);
    CU_ASSERT(strstr(err.text, "found no folder") != NULL);
  }
  folder_remove(&out);
}

/* What rule.c brings along is checked as in a library from elsewhere. */
static void test_rule_with_constructor(void) {
  folder out = folder_make(), work = folder_make();
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  MUST(put_text(&work, "rule.c",
                "#include \"chiso/plugin.h\"\n"
                "static int x;\n"
                "__attribute__((constructor)) static void go(void) { x++; }\n"
                "int chiso_rule(const chiso_host *h, const chiso_call *c,\n"
                "  uint32_t n, chiso_dec *p)\n"
                "{ (void)h; (void)c; (void)n; *p = x; return 0; }\n"));
  chiso_build_options options = example(&out, example_indices);
  options.rule = in_folder(&work, "rule.c", path);
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "DT_INIT_ARRAY") != NULL);
  CU_ASSERT(folder_count(&out) == 0);
  folder_remove(&work);
  folder_remove(&out);
}

static void test_options(void) {
  folder out = folder_make();
  chiso_error err = { 0 };
  static const char *const ids[] = { "", "../x", "a b", ".x", "é" };
  chiso_build_options options = example(&out, example_indices);
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    options.id = ids[i];
    CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_USAGE);
  }
  options = example(&out, example_indices);
  options.version = "1.0";
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_USAGE);
  options = example(&out, example_indices);
  options.n_indices = 0;
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_USAGE);
  options = example(&out, example_indices);
  options.include_dir = out.path;
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_USAGE);
  options = example(&out, example_indices);
  options.out_dir = "/nowhere/at/all";
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_IO);
  CU_ASSERT(folder_count(&out) == 0);
  folder_remove(&out);
}

/* One methodology twice in a plugin cannot be listed, so it is not made. */
static void test_repeated_methodology(void) {
  folder out = folder_make();
  chiso_error err = { 0 };
  const char *const twice[] = { EXAMPLE "/index.json", EXAMPLE "/index.json" };
  chiso_build_options options = example(&out, twice);
  options.n_indices = 2;
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_BAD_DATA);
  CU_ASSERT(folder_count(&out) == 0);
  folder_remove(&out);
}

/* A manifest that cannot be put in place takes the library back. */
static void test_both_or_none(void) {
  folder out = folder_make();
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  chiso_build_options options = example(&out, example_indices);
  MUST(mkdir(in_folder(&out, "example-call.plugin.ini", path), 0700) == 0);
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_IO);
  CU_ASSERT(folder_count(&out) == 1);
  MUST(put_text(&out, "example-call.so", "old"));
  CU_ASSERT(chiso_build(&options, NULL, &err) == CHISO_IO);
  size_t size = 0;
  char *old = get_bytes(&out, "example-call.so", &size);
  CU_ASSERT(old && strcmp(old, "old") == 0);
  free(old);
  rmdir(path);
  folder_remove(&out);
}

SUITE_MAIN({ "a data plugin", test_data_plugin },
           { "same input, same bytes", test_reproducible },
           { "a plugin with code", test_call_plugin },
           { "call nodes need rule.c", test_rule_is_asked_for },
           { "the compiler's words are shown", test_compiler_speaks },
           { "a compiler that hangs is stopped", test_compiler_hangs },
           { "the folder must be there", test_out_folder },
           { "a constructor is refused", test_rule_with_constructor },
           { "options", test_options },
           { "a methodology twice", test_repeated_methodology },
           { "both files or none", test_both_or_none })
