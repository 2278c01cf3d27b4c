/* SPDX-License-Identifier: Apache-2.0
 * Adding to a trust file: what stands there stays, nothing is lost, nothing is
 * half-written. */
#include "fixture.h"
#include "host_fixture.h"

#include "host/trust.h"

#define HEAD   "[trust]\nformat = 1\n"
#define KEY    "RWReaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1"
#define KEY_ID "84D417539E90695E"
#define DIGEST                                                                 \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const chiso_trust_row a_key = { .kind = CHISO_TRUST_KEY,
                                       .name = "Bộ \"A\"; B",
                                       .key = KEY,
                                       .key_id = KEY_ID,
                                       .patterns = "vn.*",
                                       .date = "2026-11-22" };
static const chiso_trust_row a_pin = { .kind = CHISO_TRUST_MANIFEST,
                                       .name = "par-2020",
                                       .digest = DIGEST,
                                       .date = "2026-11-22" };
static const chiso_trust_row no_key = { .kind = CHISO_TRUST_REVOKED,
                                        .key_id = KEY_ID,
                                        .date = "2026-11-23",
                                        .reason = "lost # found" };

static chiso_status append(const folder *in, const chiso_trust_row *rows,
                           size_t count, chiso_error *err) {
  char path[PATH_ROOM];
  return chiso_trust_append(in_folder(in, "trust.ini", path), rows, count, NULL,
                            err);
}

static bool is_text(const folder *in, const char *want) {
  size_t size;
  char *got = get_bytes(in, "trust.ini", &size);
  bool same = got && strcmp(got, want) == 0;
  if (!same)
    fprintf(stderr, "\n%s\n", got ? got : "no file");
  free(got);
  return same;
}

static void test_append(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  static const char before[] = "# mine\n" HEAD "[manifest 4]\n"
                               "; checked by Lan\nplugin = x\nsha256 = "
                               "ffffffffffffffffffffffffffffffffffffffffffffff"
                               "ffffffffffffffffff\n# end";
  MUST(put_text(&a, "trust.ini", before));
  const chiso_trust_row both[] = { a_key, a_pin };
  MUST(good(append(&a, both, 2, &err), &err));
  char want[2048];
  snprintf(want, sizeof want,
           "%s\n\n[key 1]\nname = 'Bộ \"A\"; B'\nkey = " KEY
           "\nfor = vn.*\nadded = 2026-11-22\n\n[manifest 5]\nplugin = "
           "par-2020\nsha256 = " DIGEST "\nadded = 2026-11-22\n",
           before);
  CU_ASSERT(is_text(&a, want));
  /* The same again changes nothing. */
  CU_ASSERT(append(&a, &a_key, 1, &err) == CHISO_USAGE);
  CU_ASSERT(err.line > 0 && strstr(err.text, KEY_ID) != NULL);
  CU_ASSERT(append(&a, &a_pin, 1, &err) == CHISO_USAGE);
  CU_ASSERT(is_text(&a, want));
  MUST(good(append(&a, &no_key, 1, &err), &err));
  size_t n = strlen(want);
  snprintf(want + n, sizeof want - n,
           "\n[revoked 1]\nkey = " KEY_ID
           "\ndate = 2026-11-23\nreason = \"lost # found\"\n");
  CU_ASSERT(is_text(&a, want));
  CU_ASSERT(append(&a, &no_key, 1, &err) == CHISO_USAGE);
  folder_remove(&a);
}

/* Trust does not undo a revocation. */
static void test_revoked_first(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  MUST(good(append(&a, &no_key, 1, &err), &err));
  CU_ASSERT(append(&a, &a_key, 1, &err) == CHISO_USAGE);
  CU_ASSERT(strstr(err.text, "revoked here") != NULL && err.line > 0);
  chiso_trust_row again = a_pin;
  again.kind = CHISO_TRUST_REVOKED;
  MUST(good(append(&a, &again, 1, &err), &err));
  CU_ASSERT(append(&a, &a_pin, 1, &err) == CHISO_USAGE);
  folder_remove(&a);
}

/* What could not be read back is not written. */
static void test_refused(void) {
  folder a = folder_make();
  chiso_trust_row rows[6] = { a_key, a_key, a_pin, a_pin, no_key, no_key };
  rows[0].patterns = "vn/par";
  rows[1].name = "two\nlines";
  rows[2].name = "not an id";
  rows[3].digest = "12";
  rows[4].date = "yesterday";
  rows[5].date = NULL;
  for (size_t i = 0; i < 6; i++) {
    chiso_error err = { 0 };
    CU_ASSERT(append(&a, &rows[i], 1, &err) == CHISO_BAD_DATA);
    CU_ASSERT(*err.text && err.line == 0);
    CU_ASSERT_EQUAL(folder_count(&a), 0);
  }
  /* A file with a fault is not added to. */
  chiso_error err = { 0 };
  MUST(put_text(&a, "trust.ini", HEAD "[key 1]\n"));
  CU_ASSERT(append(&a, &a_key, 1, &err) == CHISO_BAD_DATA && err.line == 3);
  CU_ASSERT(is_text(&a, HEAD "[key 1]\n"));
  folder_remove(&a);
}

/* The file and its folders are made for the user alone, whatever the umask. */
static void test_made(void) {
  folder a = folder_make();
  char path[PATH_ROOM];
  struct stat info;
  chiso_error err = { 0 };
  mode_t before = umask(0);
  chiso_status status = chiso_trust_append(in_folder(&a, "b/c/trust.ini", path),
                                           &a_key, 1, NULL, &err);
  umask(before);
  MUST(good(status, &err));
  CU_ASSERT(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
  CU_ASSERT(stat(in_folder(&a, "b/c", path), &info) == 0 &&
            (info.st_mode & 0777) == 0700);
  unlink(in_folder(&a, "b/c/trust.ini", path));
  CU_ASSERT(rmdir(in_folder(&a, "b/c", path)) == 0);
  CU_ASSERT(rmdir(in_folder(&a, "b", path)) == 0);
  MUST(put_text(&a, "b", "a file"));
  CU_ASSERT(chiso_trust_append(in_folder(&a, "b/c/trust.ini", path), &a_key, 1,
                               NULL, &err) == CHISO_IO);
  folder_remove(&a);
}

#define WRITERS 8

/* Commands at the same time: each adds its row, and none is lost. */
static void test_together(void) {
  folder a = folder_make();
  pid_t writers[WRITERS];
  chiso_error err = { 0 };
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = fork();
    if (writers[i] == 0) {
      char digest[65] = DIGEST;
      digest[0] = (char)('1' + i);
      chiso_trust_row row = a_pin;
      row.digest = digest;
      _exit(append(&a, &row, 1, &err) == CHISO_OK ? 0 : 1);
    }
  }
  for (int i = 0; i < WRITERS; i++) {
    int state = -1;
    CU_ASSERT(waitpid(writers[i], &state, 0) == writers[i] && state == 0);
  }
  char path[PATH_ROOM];
  chiso_store_options options = { .trust_file =
                                      in_folder(&a, "trust.ini", path) };
  chiso_trust *trust = NULL;
  MUST(good(chiso_trust_open(&options, NULL, &trust, &err), &err));
  CU_ASSERT_EQUAL(chiso_trust_count(trust), WRITERS);
  chiso_trust_free(trust);
  CU_ASSERT_EQUAL(folder_count(&a), 1);
  folder_remove(&a);
}

static void test_short_memory(void) {
  folder a = folder_make();
  char path[PATH_ROOM];
  chiso_status status = CHISO_NO_MEMORY;
  static const char before[] = HEAD "[manifest 4]\nplugin = par-2020\nsha256 "
                                    "= " DIGEST "\n";
  MUST(put_text(&a, "trust.ini", before));
  for (long i = 0; i < 5000 && status != CHISO_OK; i++) {
    counting count = { .left = i };
    const chiso_allocator allocator = counting_allocator(&count);
    chiso_error err = { 0 };
    status = chiso_trust_append(in_folder(&a, "trust.ini", path), &a_key, 1,
                                &allocator, &err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    CU_ASSERT_EQUAL(count.live, 0);
    if (status != CHISO_OK)
      CU_ASSERT(is_text(&a, before));
  }
  CU_ASSERT(status == CHISO_OK);
  folder_remove(&a);
}

SUITE_MAIN({ "appending", test_append },
           { "revoked first", test_revoked_first },
           { "refused rows", test_refused }, { "a new file", test_made },
           { "together", test_together }, { "short memory", test_short_memory })
