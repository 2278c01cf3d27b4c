/* SPDX-License-Identifier: Apache-2.0
 * Files: whole in, whole out, nothing left behind. */
#define _XOPEN_SOURCE 700
#include "base/crypto.h"
#include "base/file.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

static char folder[64];

static const char *in_folder(const char *name) {
  static char path[4][128];
  static unsigned next;
  char *out = path[next++ % 4];
  (void)snprintf(out, 128, "%s/%s", folder, name);
  return out;
}

static int files_there(void) {
  int count = 0;
  DIR *dir = opendir(folder);
  while (dir && readdir(dir))
    count++;
  if (dir)
    closedir(dir);
  return count - 2;
}

static bool holds(const char *path, const char *want) {
  chiso__arena arena = { 0 };
  const char *text;
  size_t size;
  bool same = chiso__file_read(&arena, path, 1000, true, &text, &size, NULL) ==
                  CHISO_OK &&
              size == strlen(want) && strcmp(text, want) == 0;
  chiso__arena_free(&arena);
  return same;
}

static void setup(void) {
  static const char template[] = "/tmp/chiso-file-XXXXXX";
  memcpy(folder, template, sizeof template);
  CU_ASSERT_PTR_NOT_NULL(mkdtemp(folder));
}

static void replaces_whole(void) {
  const char *path = in_folder("a.txt");
  struct stat info;
  CU_ASSERT_EQUAL(chiso__file_write(path, "one", 3, NULL), CHISO_OK);
  CU_ASSERT(holds(path, "one"));
  CU_ASSERT_EQUAL(chmod(path, 0640), 0);
  CU_ASSERT_EQUAL(chiso__file_write(path, "second", 6, NULL), CHISO_OK);
  CU_ASSERT(holds(path, "second"));
  CU_ASSERT(stat(path, &info) == 0 && (info.st_mode & 07777) == 0640);
  mode_t before = umask(027);
  CU_ASSERT_EQUAL(chiso__file_write_many(path, "third", 5, NULL), CHISO_OK);
  CU_ASSERT(holds(path, "third"));
  chiso__file_settle(path);
  chiso__file_settle("/nowhere");
  CU_ASSERT_EQUAL(chiso__file_write(in_folder("b.txt"), "", 0, NULL), CHISO_OK);
  umask(before);
  CU_ASSERT(stat(in_folder("b.txt"), &info) == 0);
  CU_ASSERT((info.st_mode & 07777) == 0640 && info.st_size == 0);
  CU_ASSERT_EQUAL(files_there(), 2);
}

static void follows_links(void) {
  struct stat info;
  CU_ASSERT_EQUAL(symlink("a.txt", in_folder("link")), 0);
  CU_ASSERT_EQUAL(chiso__file_write(in_folder("link"), "third", 5, NULL),
                  CHISO_OK);
  CU_ASSERT(lstat(in_folder("link"), &info) == 0 && S_ISLNK(info.st_mode));
  CU_ASSERT(holds(in_folder("a.txt"), "third"));
}

static void failure_leaves_nothing(void) {
  chiso_error err = { .lang = CHISO_LANG_EN };
  int before = files_there();
  CU_ASSERT_EQUAL(chiso__file_write(folder, "x", 1, &err), CHISO_IO);
  CU_ASSERT_EQUAL(chiso__file_write("/nowhere/x", "x", 1, &err), CHISO_IO);
  CU_ASSERT_STRING_EQUAL(err.file, "/nowhere/x");
  CU_ASSERT_EQUAL(chiso__file_write("/dev/null", "x", 1, &err), CHISO_IO);
  CU_ASSERT_EQUAL(chiso__file_write("", "x", 1, &err), CHISO_IO);
  CU_ASSERT_EQUAL(mkfifo(in_folder("pipe"), 0600), 0);
  CU_ASSERT_EQUAL(chiso__file_write(in_folder("pipe"), "x", 1, &err), CHISO_IO);
  CU_ASSERT_EQUAL(files_there(), before + 1);
}

/* The disk takes the first bytes and refuses the rest. */
static void half_written(void) {
  static const char bytes[5000] = "x";
  chiso_error err = { .lang = CHISO_LANG_EN };
  struct rlimit before, small;
  int there = files_there();
  CU_ASSERT_EQUAL(chiso__file_write(in_folder("a.txt"), "old", 3, NULL),
                  CHISO_OK);
  MUST(getrlimit(RLIMIT_FSIZE, &before) == 0);
  small = before;
  small.rlim_cur = 1000;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  MUST(setrlimit(RLIMIT_FSIZE, &small) == 0);
  chiso_status status =
      chiso__file_write(in_folder("a.txt"), bytes, sizeof bytes, &err);
  MUST(setrlimit(RLIMIT_FSIZE, &before) == 0);
  (void)signal(SIGXFSZ, handler);
  CU_ASSERT_EQUAL(status, CHISO_IO);
  CU_ASSERT(holds(in_folder("a.txt"), "old"));
  CU_ASSERT_EQUAL(files_there(), there);
}

static void another_writer(void) {
  char name[64];
  (void)snprintf(name, sizeof name, ".chiso-%ld-0.tmp", (long)getpid());
  CU_ASSERT_EQUAL(chiso__file_write(in_folder(name), "other", 5, NULL),
                  CHISO_OK);
  CU_ASSERT_EQUAL(chiso__file_write(in_folder("a.txt"), "mine", 4, NULL),
                  CHISO_OK);
  CU_ASSERT(holds(in_folder("a.txt"), "mine"));
  CU_ASSERT(holds(in_folder(name), "other"));
  CU_ASSERT_EQUAL(unlink(in_folder(name)), 0);
}

static void reads_what_it_should(void) {
  chiso__arena arena = { 0 };
  chiso_error err = { .lang = CHISO_LANG_EN };
  const char *text, *path = in_folder("a.txt");
  size_t size;
#define READ(path_, limit, empty)                                              \
  chiso__file_read(&arena, path_, limit, empty, &text, &size, &err)
  CU_ASSERT_EQUAL(chiso__file_write(path, "a\0b", 3, NULL), CHISO_OK);
  CU_ASSERT(READ(path, 3, false) == CHISO_OK && size == 3);
  CU_ASSERT(memcmp(text, "a\0b", 4) == 0);
  CU_ASSERT_EQUAL(READ(path, 2, false), CHISO_BAD_DATA);
  CU_ASSERT_STRING_EQUAL(err.text,
                         "found 3 bytes; write a file of at most 2 bytes");
  CU_ASSERT_EQUAL(READ(in_folder("b.txt"), 9, false), CHISO_BAD_DATA);
  CU_ASSERT(READ(in_folder("b.txt"), 9, true) == CHISO_OK && size == 0);
  CU_ASSERT_STRING_EQUAL(text, "");
  CU_ASSERT_EQUAL(READ(in_folder("none"), 9, true), CHISO_IO);
  CU_ASSERT_EQUAL(READ(folder, 9, true), CHISO_IO);
  CU_ASSERT_EQUAL(READ("/dev/zero", 9, true), CHISO_IO);
  CU_ASSERT_EQUAL(READ(in_folder("pipe"), 9, true), CHISO_IO); /* no waiting */
  chiso__arena_free(&arena);
}

static void digests(void) {
  char out[65];
  chiso__sha256("abc", 3, out);
  CU_ASSERT_STRING_EQUAL(
      out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  chiso__sha256(NULL, 0, out);
  CU_ASSERT_STRING_EQUAL(
      out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void teardown(void) {
  static const char *const names[] = { "a.txt", "b.txt", "link", "pipe" };
  for (size_t i = 0; i < 4; i++)
    CU_ASSERT_EQUAL(unlink(in_folder(names[i])), 0);
  CU_ASSERT_EQUAL(rmdir(folder), 0);
}

SUITE_MAIN({ "setup", setup }, { "replaces", replaces_whole },
           { "links", follows_links }, { "failure", failure_leaves_nothing },
           { "half written", half_written },
           { "another writer", another_writer },
           { "reads", reads_what_it_should }, { "digests", digests },
           { "teardown", teardown })
