/* SPDX-License-Identifier: Apache-2.0
 * The core of the next minor, as far as plugins go: compiled from the sources
 * with next.patch applied.
 *
 *   chiso-next load FOLDER...          id/edition and digest of each
 * methodology chiso-next build ABI OUT INDEX     plugin "next"; ABI "" for its
 * own
 */
#include "base/file.h"
#include "host/host.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#if CHISO_ABI_MINOR == 0
#error "the header is not the next minor's"
#endif

static int failed(const chiso_error *err) {
  char text[1024];
  chiso_error_format(err, text, sizeof text);
  fprintf(stderr, "next: %s\n", text);
  return 3;
}

static chiso_status show(const char *file, const chiso_index *tables,
                         chiso_error *err) {
  chiso_methodology *m = NULL;
  chiso_status status = chiso_methodology_copy(file, tables, NULL, &m, err);
  if (status == CHISO_OK)
    printf("%s %s\n", chiso_methodology_name(m), chiso_methodology_digest(m));
  chiso_methodology_free(m);
  return status;
}

static chiso_status load(chiso__arena *arena, const char *folder,
                         const char *path, chiso_error *err) {
  const char *text, *library;
  size_t size;
  char digest[65];
  chiso__manifest manifest;
  const chiso_plugin *tables = NULL;
  CHISO__TRY(chiso__file_read(arena, path, CHISO__LIMIT_MANIFEST, true, &text,
                              &size, err));
  CHISO__TRY(chiso__manifest_parse(arena, path, text, size, &manifest, err));
  path = chiso__path_join(arena, folder, manifest.library);
  bool same;
  CHISO__TRY(chiso__library_read(arena, path, &manifest, &library, &size,
                                 digest, &same, err));
  CHISO__TRY(chiso__library_load(path, library, size, digest, &manifest,
                                 &tables, err));
  for (uint32_t i = 0; i < tables->n_indices; i++)
    CHISO__TRY(show(path, tables->indices[i], err));
  return CHISO_OK;
}

static int load_folder(const char *folder) {
  chiso__arena arena = { 0 };
  chiso_error err = { 0 };
  char pattern[4096];
  glob_t found;
  int code = 0;
  snprintf(pattern, sizeof pattern, "%s/*.plugin.ini", folder);
  if (glob(pattern, 0, NULL, &found) != 0)
    return 2;
  for (size_t i = 0; i < found.gl_pathc; i++)
    if (load(&arena, folder, found.gl_pathv[i], &err) != CHISO_OK)
      code = failed(&err);
  globfree(&found);
  chiso__arena_free(&arena);
  return code;
}

static int build(const char *abi, const char *out, const char *index) {
  const char *const indices[] = { index };
  const chiso_build_options options = { .id = "next",
                                        .version = "1.0.0",
                                        .license = "Apache-2.0",
                                        .indices = indices,
                                        .n_indices = 1,
                                        .out_dir = out,
                                        .include_dir = INCLUDE_DIR,
                                        .abi = *abi ? abi : NULL };
  chiso_error err = { 0 };
  return chiso_build(&options, NULL, &err) == CHISO_OK ? 0 : failed(&err);
}

int main(int argc, char **argv) {
  int code = 0;
  if (argc == 5 && strcmp(argv[1], "build") == 0)
    return build(argv[2], argv[3], argv[4]);
  if (argc < 3 || strcmp(argv[1], "load") != 0)
    return 2;
  for (int i = 2; i < argc; i++) {
    int one = load_folder(argv[i]);
    code = one ? one : code;
  }
  return code;
}
