/* SPDX-License-Identifier: Apache-2.0
 * Temporary folders, files and plugins for the suites of module host. */
#ifndef CHISO_TESTS_HOST_FIXTURE_H
#define CHISO_TESTS_HOST_FIXTURE_H

#include "suite.h"

#include "base/arena.h"
#include "base/crypto.h"
#include "base/file.h"
#include "chiso/host.h"

#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define INCLUDE_DIR SOURCE_DIR "/sdk/include"
#define EXAMPLE     SOURCE_DIR "/sdk/examples/call"
#define PATH_ROOM   4352

/* A folder of its own; "" when there is none. */
typedef struct folder {
  char path[64];
} folder;

static inline folder folder_make(void) {
  folder made = { "/tmp/chiso-test-XXXXXX" };
  if (!mkdtemp(made.path))
    made.path[0] = 0;
  return made;
}

/* Files of a folder, one level, and the folder. */
static inline void folder_remove(const folder *which) {
  char path[PATH_ROOM];
  DIR *open = opendir(which->path);
  if (!open)
    return;
  for (const struct dirent *entry; (entry = readdir(open));) {
    snprintf(path, sizeof path, "%s/%s", which->path, entry->d_name);
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlink(path);
  }
  closedir(open);
  rmdir(which->path);
}

static inline size_t folder_count(const folder *which) {
  size_t count = 0;
  DIR *open = opendir(which->path);
  if (!open)
    return 0;
  for (const struct dirent *entry; (entry = readdir(open));)
    count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
  closedir(open);
  return count;
}

/* A path in the folder. Valid until the next call with the same `out`. */
static inline const char *in_folder(const folder *which, const char *name,
                                    char out[PATH_ROOM]) {
  snprintf(out, PATH_ROOM, "%s/%s", which->path, name);
  return out;
}

static inline bool put_bytes(const folder *which, const char *name,
                             const void *bytes, size_t size) {
  char path[PATH_ROOM];
  FILE *file = fopen(in_folder(which, name, path), "wb");
  if (!file)
    return false;
  bool good = fwrite(bytes, 1, size, file) == size;
  return fclose(file) == 0 && good;
}

static inline bool put_text(const folder *which, const char *name,
                            const char *text) {
  return put_bytes(which, name, text, strlen(text));
}

/* Bytes of a file, to be freed with free(). */
static inline char *get_bytes(const folder *which, const char *name,
                              size_t *size) {
  char path[PATH_ROOM];
  chiso__arena arena = { 0 };
  const char *text;
  char *copy = NULL;
  if (chiso__file_read(&arena, in_folder(which, name, path),
                       CHISO__LIMIT_PLUGIN, true, &text, size,
                       NULL) == CHISO_OK &&
      (copy = malloc(*size + 1)))
    memcpy(copy, text, *size + 1);
  chiso__arena_free(&arena);
  return copy;
}

/* The smallest index.json that holds a methodology; %s: id, edition. */
#define SMALL_INDEX                                                                \
  "{\"format\": 1, \"id\": \"%s\", \"edition\": \"%s\", "                          \
  "\"level\": \"province\", \"title\": {\"vi\": \"Chỉ số \\\"A\\\"; thử\", " \
  "\"en\": \"Index A?\?/ of a test\"}, "                                           \
  "\"rounds\": {\"first\": 2020, \"last\": 2021}, "                                \
  "\"units\": \"vn.provinces/2008\", \"digits\": 2, "                              \
  "\"rank\": {\"by\": \"percent\", \"ties\": \"shared\"}, "                        \
  "\"note\": \"tab\\there, new\\nline, \\u00011, back\\\\slash\", "                \
  "\"supersedes\": [\"%s/2019\"], "                                                \
  "\"legal\": [{\"key\": \"qd\", \"instrument\": \"1149/QĐ-BNV\", "               \
  "\"title\": \"Quyết định\", \"issued\": \"2020-12-30\"}], "                 \
  "\"counts\": {\"criterion\": 2}, "                                               \
  "\"deadlines\": [{\"what\": \"self_score\", \"date\": \"2021-02-26\"}], "        \
  "\"gradings\": [{\"kind\": \"bands\", \"source\": \"test\", \"grades\": "        \
  "[{\"key\": \"A\", \"title\": {\"vi\": \"Nhóm A\"}, \"at_least\": \"90\"}, "    \
  "{\"key\": \"B\", \"title\": {\"vi\": \"Nhóm B\"}}]}], "                        \
  "\"nodes\": [{\"id\": \"index\", \"kind\": \"index\", \"title\": "               \
  "{\"vi\": \"Chỉ số\"}, \"max\": \"10\", \"weight\": \"1\", "                 \
  "\"op\": \"sum\", \"provenance\": {\"name\": \"published\", "                    \
  "\"points\": \"published\"}, \"source\": \"test\"}, "                            \
  "{\"id\": \"1\", \"parent\": \"index\", \"kind\": \"criterion\", "               \
  "\"title\": {\"vi\": \"Một\"}, \"max\": \"6.25\", \"weight\": \"1\", "         \
  "\"op\": \"ratio\", \"assessor\": \"self\", \"concept\": \"a.one\", "            \
  "\"floor\": \"0.5\", \"was\": [\"1.1\", \"1.2\"], "                              \
  "\"provenance\": {\"name\": \"published\", \"points\": \"recalled\"}, "          \
  "\"source\": \"test\"}, "                                                        \
  "{\"id\": \"2\", \"parent\": \"index\", \"kind\": \"criterion\", "               \
  "\"title\": {\"vi\": \"Hai\"}, \"max\": \"3.75\", \"weight\": \"1\", "           \
  "\"op\": \"step\", \"assessor\": \"self\", \"concept\": \"a.two\", "             \
  "\"steps\": [{\"at\": \"0.8\", \"cmp\": \">=\", \"points\": \"3.75\"}, "         \
  "{\"at\": \"0.5\", \"cmp\": \">\", \"points\": \"1\"}], "                        \
  "\"provenance\": {\"name\": \"published\", \"points\": \"published\"}, "         \
  "\"source\": \"test\"}]}"

static inline bool put_index(const folder *which, const char *name,
                             const char *id, const char *edition) {
  char text[8192];
  snprintf(text, sizeof text, SMALL_INDEX, id, edition, id);
  return put_text(which, name, text);
}

/* Prints the error of a call that was expected to succeed. */
static inline bool good(chiso_status status, const chiso_error *err) {
  char text[1024];
  if (status == CHISO_OK)
    return true;
  chiso_error_format(err, text, sizeof text);
  fprintf(stderr, "\n    %s\n", text);
  return false;
}

/* Builds plugin `id` with the methodology `index_id`/2020 into the folder. */
static inline bool build_small(const folder *out, const char *id,
                               const char *index_id) {
  folder work = folder_make();
  char path[PATH_ROOM];
  chiso_error err = { 0 };
  bool done = put_index(&work, "index.json", index_id, "2020");
  const char *indices[] = { in_folder(&work, "index.json", path) };
  chiso_build_options options = { .id = id,
                                  .version = "1.0.0",
                                  .license = "Apache-2.0",
                                  .contact = "tests; \"all\" of them",
                                  .indices = indices,
                                  .n_indices = 1,
                                  .out_dir = out->path,
                                  .include_dir = INCLUDE_DIR };
  done = done && good(chiso_build(&options, NULL, &err), &err);
  folder_remove(&work);
  return done;
}

#define FIXTURE_OPTIONS 24

/* Compiles `source` with a data plugin's options and then those given. NULL:
 * the compiler failed. */
static inline char *compile_library(const char *source,
                                    const char *const *extra, size_t *size) {
  static const char *const base[] = { "-std=gnu11",
                                      "-O1",
                                      "-fPIC",
                                      "-shared",
                                      "-nostartfiles",
                                      "-nostdlib",
                                      "-w",
                                      "-fno-ident",
                                      "-Wl,-z,relro,-z,now,-z,noexecstack",
                                      "-I" INCLUDE_DIR };
  folder work = folder_make();
  char in[PATH_ROOM], out[PATH_ROOM], *bytes = NULL;
  char *arguments[FIXTURE_OPTIONS] = { (char *)"cc" };
  size_t count = 1;
  for (size_t i = 0; i < sizeof base / sizeof *base; i++)
    arguments[count++] = (char *)(uintptr_t)base[i];
  arguments[count++] = (char *)"-o";
  arguments[count++] = (char *)(uintptr_t)in_folder(&work, "x.so", out);
  arguments[count++] = (char *)(uintptr_t)in_folder(&work, "x.c", in);
  for (; *extra && count < FIXTURE_OPTIONS - 1; extra++)
    arguments[count++] = (char *)(uintptr_t)*extra;
  pid_t pid;
  int state = -1;
  if (put_text(&work, "x.c", source) &&
      posix_spawnp(&pid, "cc", NULL, NULL, arguments, environ) == 0 &&
      waitpid(pid, &state, 0) == pid && state == 0)
    bytes = get_bytes(&work, "x.so", size);
  folder_remove(&work);
  return bytes;
}

#endif
