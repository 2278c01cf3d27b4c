/* SPDX-License-Identifier: Apache-2.0
 * Trust files, and the policy: each of its rows, and that the first that holds
 * decides. */
#include "fixture.h"
#include "host_fixture.h"
#include "hostile.h"

#include "host/trust.h"

#define TRUST     SOURCE_DIR "/tests/trust/"
#define HEAD      "[trust]\nformat = 1\n"
#define KEY_ID    "84D417539E90695E"
#define KEY       "RWReaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1"
#define OTHER     "RWSKX1Kmra1D/ik7yz+Ooud2UG4qY4sazz81oomdAt5qyN5/WrwGJReU"
#define OTHER_ID  "FE43ADADA6525F8A"
#define ADD_KEY   "[key 1]\nname = A\nkey = " KEY "\n"
#define ADD_OTHER "[key 2]\nname = B\nkey = " OTHER "\n"
#define DIGEST                                                                 \
  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* ---- the file ---------------------------------------------------------------
 */

static chiso_status read_trust(const char *text, chiso_trust *trust,
                               chiso_error *err) {
  chiso__trust_begin(trust, NULL);
  return chiso__trust_read(trust, "t", false, text, strlen(text), err);
}

static void test_read(void) {
  static const char text[] =
      "# a comment\n" HEAD "\n[key 7]\nname = \"Bộ Nội vụ; x\"\nkey = " KEY
      "\nfor = vn.par.* vn.sipas.*\nadded = 2024-02-29\n"
      "[manifest 1]\nplugin = par-2020\nsha256 = " DIGEST "\n"
      "[revoked 3]\nkey = " OTHER_ID "\ndate = 2026-11-22\nreason = lost\n"
      "[revoked 1]\nname = x\nsha256 = " DIGEST "\ndate = 2026-11-22\n";
  chiso_trust trust;
  chiso_error err = { 0 };
  MUST(good(read_trust(text, &trust, &err), &err));
  MUST(chiso_trust_count(&trust) == 4);
  const chiso_trust_row *row = chiso_trust_get(&trust, 0);
  CU_ASSERT(row->kind == CHISO_TRUST_KEY && row->line == 5 && !row->shipped);
  CU_ASSERT_STRING_EQUAL(row->name, "Bộ Nội vụ; x");
  CU_ASSERT_STRING_EQUAL(row->key_id, KEY_ID);
  CU_ASSERT_STRING_EQUAL(row->patterns, "vn.par.* vn.sipas.*");
  CU_ASSERT_STRING_EQUAL(row->date, "2024-02-29");
  CU_ASSERT(chiso__trust_pinned(&trust, DIGEST) == chiso_trust_get(&trust, 1));
  CU_ASSERT(chiso__trust_revoked(&trust, OTHER_ID) ==
            chiso_trust_get(&trust, 2));
  CU_ASSERT(chiso__trust_revoked(&trust, DIGEST) == chiso_trust_get(&trust, 3));
  CU_ASSERT(chiso__trust_revoked(&trust, KEY_ID) == NULL);
  CU_ASSERT(chiso__trust_pinned(&trust, KEY_ID) == NULL);
  CU_ASSERT(chiso_trust_get(&trust, 4) == NULL);
  chiso__trust_clear(&trust);
}

static void test_refused(void) {
  static const bad refused[] = {
    { "[key 1]\n", 1, 0, MSG_TRUST_FIRST },
    { "\n", 0, 0, MSG_TRUST_FIRST },
    { "[trust]\n", 1, 0, MSG_TRUST_FIRST },
    { "[trust]\nformat = 2\n", 2, 10, MSG_TRUST_FORMAT },
    { "[trust]\nformat = 1\nowner = x\n", 3, 0, MSG_KEY_UNKNOWN },
    { HEAD "[keys 1]\n", 3, 0, MSG_TRUST_SECTION },
    { HEAD "[key]\n", 3, 0, MSG_TRUST_SECTION },
    { HEAD "[key x]\n", 3, 0, MSG_TRUST_SECTION },
    { HEAD "[key 1234567]\n", 3, 0, MSG_TRUST_SECTION },
    { HEAD "[key 1]\nname = A\n", 3, 0, MSG_MANIFEST_KEY },
    { HEAD "[key 1]\nkey = " KEY "\n", 3, 0, MSG_MANIFEST_KEY },
    { HEAD "[key 1]\nname = \nkey = " KEY "\n", 4, 7, MSG_MANIFEST_EMPTY },
    { HEAD "[key 1]\nname = A\nkey = RWx\n", 5, 7, MSG_MANIFEST_VALUE },
    { HEAD "[key 1]\nname = A\nkey = "
           "RWReaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBaf!!\n",
      3, 0, MSG_SIGNATURE_BASE64 },
    { HEAD "[key 1]\nname = A\nkey = "
           "RWAeaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1\nfor = "
           "vn/par\n",
      6, 7, MSG_MANIFEST_VALUE },
    { HEAD "[key 1]\nname = A\nkeys = x\n", 5, 0, MSG_KEY_NEAR },
    { HEAD ADD_KEY "added = 2023-02-29\n", 6, 9, MSG_MANIFEST_VALUE },
    { HEAD ADD_KEY "added = 22/11/2026\n", 6, 9, MSG_MANIFEST_VALUE },
    { HEAD ADD_KEY "added = 2026-13-01\n", 6, 9, MSG_MANIFEST_VALUE },
    { HEAD ADD_KEY "added = 2026-11-2\n", 6, 9, MSG_MANIFEST_VALUE },
    { HEAD ADD_KEY "[key 2]\nname = B\nkey = " KEY "\n", 6, 0,
      MSG_TRUST_TWICE },
    { HEAD "[manifest 1]\nplugin = a b\nsha256 = " DIGEST "\n", 4, 10,
      MSG_MANIFEST_VALUE },
    { HEAD "[manifest 1]\nplugin = a\nsha256 = 00\n", 5, 10,
      MSG_MANIFEST_VALUE },
    { HEAD "[manifest 1]\nplugin = a\nsha256 = " DIGEST
           "\n[manifest 2]\nplugin = b\nsha256 = " DIGEST "\n",
      6, 0, MSG_TRUST_TWICE },
    { HEAD "[revoked 1]\ndate = 2026-11-22\n", 3, 0, MSG_TRUST_REVOKED_WHAT },
    { HEAD "[revoked 1]\ndate = 2026-11-22\nkey = " KEY_ID "\nsha256 = " DIGEST
           "\n",
      3, 0, MSG_TRUST_REVOKED_WHAT },
    { HEAD "[revoked 1]\nkey = " KEY_ID "\n", 3, 0, MSG_MANIFEST_KEY },
    { HEAD "[revoked 1]\nkey = 84d417539e90695e\ndate = 2026-11-22\n", 4, 7,
      MSG_MANIFEST_VALUE },
  };
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    chiso_trust trust;
    chiso_error err = { 0 };
    CU_ASSERT(read_trust(refused[i].text, &trust, &err) == CHISO_BAD_DATA);
    expect_bad(&refused[i], &err);
    chiso__trust_clear(&trust);
  }
}

static void test_patterns(void) {
  static const struct {
    const char *patterns, *name;
    bool matches;
  } cases[] = {
    { NULL, "vn.a", true },
    { "*", "vn.a", true },
    { "vn.a", "vn.a", true },
    { "vn.a", "vn.ab", false },
    { "vn.ab", "vn.a", false },
    { "vn.*", "vn.a", true },
    { "vn.*", "vn.", true },
    { "vn.*", "vn", false },
    { "vn.*", "evil.vn.a", false },
    { "vn.par.*", "vn.sipas.a", false },
    { "vn.par.*  vn.sipas.*", "vn.sipas.a", true },
    { "vn.*.province", "vn.par.province", true },
    { "vn.*.province", "vn.par.provinces", false },
    { "*.a*b.*c", "x.a1bb.2b.3c", true },
    { "*.a*b.*c", "x.a1bb.2b.3d", false },
    { "**", "", true },
    { "a", "", false },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    CU_ASSERT(chiso__pattern_match(cases[i].patterns, cases[i].name) ==
              cases[i].matches);
}

/* ---- the policy -------------------------------------------------------------
 */

typedef struct scene {
  folder plugins, settings;
  char trust[PATH_ROOM], share[64];
  char digest[65];
  const char *dirs[1];
  chiso_store_options options;
} scene;

static bool copy_in(const folder *to, const char *name, const char *from) {
  chiso__arena arena = { 0 };
  const char *text;
  size_t size;
  chiso_error err = { 0 };
  bool done =
      good(chiso__file_read(&arena, from, 65536, true, &text, &size, &err),
           &err) &&
      put_bytes(to, name, text, size);
  chiso__arena_free(&arena);
  return done;
}

/* A plugin folder with the sample manifest, and a folder of settings. */
static bool scene_make(scene *s) {
  size_t size;
  *s = (scene) { .plugins = folder_make(), .settings = folder_make() };
  in_folder(&s->settings, "trust.ini", s->trust);
  s->dirs[0] = s->plugins.path;
  s->options = (chiso_store_options) { .plugin_dirs = s->dirs,
                                       .n_plugin_dirs = 1,
                                       .trust_file = s->trust };
  if (!copy_in(&s->plugins, "sample.plugin.ini", TRUST "sample.plugin.ini"))
    return false;
  char *bytes = get_bytes(&s->plugins, "sample.plugin.ini", &size);
  if (bytes)
    chiso__sha256(bytes, size, s->digest);
  free(bytes);
  return bytes != NULL;
}

static void scene_free(scene *s) {
  folder_remove(&s->plugins);
  folder_remove(&s->settings);
}

static bool sign(const scene *s, const char *with) {
  char from[PATH_ROOM];
  snprintf(from, sizeof from, TRUST "%s", with);
  return copy_in(&s->plugins, "sample.plugin.ini.minisig", from);
}

/* Opens the store with a trust file ("" for none), and expects of the one
 * plugin a verdict and whether it is refused or isolated. `why`, when given,
 * must stand in the reason. */
typedef struct wanted {
  chiso_verdict verdict;
  bool refused, isolate;
  const char *why;
} wanted;

static void expect(const scene *s, const char *trust, wanted want) {
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  if (*trust)
    MUST(put_text(&s->settings, "trust.ini", trust));
  MUST(good(chiso_store_open(&s->options, CHISO_LANG_EN, NULL, &store, &err),
            &err));
  MUST(chiso_store_plugins(store) == 1);
  const chiso_plugin_listing *p = chiso_store_plugin(store, 0);
  if (p->verdict != want.verdict)
    fprintf(stderr, "\n  verdict %d, not %d: %s\n", (int)p->verdict,
            (int)want.verdict, p->why.text);
  CU_ASSERT_EQUAL(p->verdict, want.verdict);
  CU_ASSERT_EQUAL(p->state == CHISO_PLUGIN_REFUSED, want.refused);
  CU_ASSERT_EQUAL(p->isolate, want.isolate);
  CU_ASSERT_EQUAL(*p->why.text != 0, want.refused);
  CU_ASSERT_EQUAL(chiso_store_count(store), want.refused ? 0 : 2);
  CU_ASSERT_STRING_EQUAL(p->id, "sample");
  if (want.why)
    CU_ASSERT(strstr(p->why.text, want.why) != NULL);
  chiso_store_free(store);
}

static void test_unsigned(void) {
  scene s;
  char pin[512];
  MUST(scene_make(&s));
  expect(&s, "", (wanted) { CHISO_VERDICT_UNSIGNED, false, true, NULL });
  s.options.no_worker = true;
  expect(&s, HEAD, (wanted) { CHISO_VERDICT_UNSIGNED, false, false, NULL });
  s.options.no_worker = false;
  snprintf(pin, sizeof pin, HEAD "[manifest 9]\nplugin = sample\nsha256 = %s\n",
           s.digest);
  expect(&s, pin, (wanted) { CHISO_VERDICT_PINNED, false, false, NULL });
  snprintf(pin, sizeof pin,
           HEAD "[manifest 9]\nplugin = sample\nsha256 = %s\n"
                "[revoked 1]\nsha256 = %s\ndate = 2026-01-02\nreason = wrong\n",
           s.digest, s.digest);
  expect(&s, pin,
         (wanted) { CHISO_VERDICT_REVOKED, true, false, "2026-01-02: wrong" });
  /* One byte more is another manifest. */
  snprintf(pin, sizeof pin, HEAD "[manifest 9]\nplugin = sample\nsha256 = %s\n",
           s.digest);
  char path[PATH_ROOM];
  FILE *file = fopen(in_folder(&s.plugins, "sample.plugin.ini", path), "ab");
  MUST(file && fputs("# more\n", file) >= 0 && fclose(file) == 0);
  expect(&s, pin, (wanted) { CHISO_VERDICT_UNSIGNED, false, true, NULL });
  scene_free(&s);
}

/* The share folder's trust file counts, and a revocation of the user's comes
 * before it. */
static void test_shipped(void) {
  scene s;
  char pin[512];
  folder share = folder_make();
  MUST(scene_make(&s));
  s.options.share_dir = share.path;
  snprintf(pin, sizeof pin, HEAD "[manifest 1]\nplugin = sample\nsha256 = %s\n",
           s.digest);
  MUST(put_text(&share, "trust.ini", pin));
  expect(&s, pin, (wanted) { CHISO_VERDICT_PINNED, false, false, NULL });
  snprintf(pin, sizeof pin,
           HEAD "[revoked 1]\nsha256 = %s\ndate = 2026-01-02\n", s.digest);
  expect(&s, pin, (wanted) { CHISO_VERDICT_REVOKED, true, false, NULL });
  chiso_trust *trust = NULL;
  chiso_error err = { 0 };
  MUST(good(chiso_trust_open(&s.options, NULL, &trust, &err), &err));
  MUST(chiso_trust_count(trust) == 2);
  CU_ASSERT(chiso_trust_get(trust, 0)->shipped);
  CU_ASSERT(!chiso_trust_get(trust, 1)->shipped);
  chiso_trust_free(trust);
  folder_remove(&share);
  scene_free(&s);
}

/* What lies beside the plugin is never asked whom to trust. */
static void test_own_folder(void) {
  scene s;
  char pin[512];
  MUST(scene_make(&s));
  snprintf(pin, sizeof pin,
           HEAD ADD_KEY "[manifest 1]\nplugin = sample\n"
                        "sha256 = %s\n",
           s.digest);
  MUST(put_text(&s.plugins, "trust.ini", pin));
  MUST(copy_in(&s.plugins, "publisher.pub", TRUST "publisher.pub"));
  expect(&s, "", (wanted) { CHISO_VERDICT_UNSIGNED, false, true, NULL });
  MUST(sign(&s, "sample.plugin.ini.minisig"));
  expect(&s, "", (wanted) { CHISO_VERDICT_UNKNOWN_KEY, false, true, NULL });
  scene_free(&s);
}

static void test_signed(void) {
  scene s;
  char text[1024];
  const wanted in_process = { CHISO_VERDICT_SIGNED, false, false, NULL };
  const wanted outside = { CHISO_VERDICT_OUTSIDE, false, true, NULL };
  MUST(scene_make(&s) && sign(&s, "sample.legacy.minisig"));
  expect(&s, HEAD ADD_KEY, in_process);
  MUST(sign(&s, "sample.plugin.ini.minisig"));
  expect(&s, HEAD ADD_KEY, in_process);
  expect(&s, HEAD ADD_OTHER,
         (wanted) { CHISO_VERDICT_UNKNOWN_KEY, false, true, NULL });
  /* Every methodology of the plugin must fit. */
  expect(&s, HEAD ADD_KEY "for = vn.sample.*\n", in_process);
  expect(&s, HEAD ADD_KEY "for = x.* vn.*.province vn.*.ministry\n",
         in_process);
  expect(&s, HEAD ADD_KEY "for = vn.sample.province\n", outside);
  expect(&s, HEAD ADD_KEY "for = sample\n", outside);
  /* Pinned, though the key may not. */
  snprintf(text, sizeof text,
           HEAD ADD_KEY "for = x\n[manifest 1]\nplugin = sample\nsha256 = %s\n",
           s.digest);
  expect(&s, text, (wanted) { CHISO_VERDICT_PINNED, false, false, NULL });
  /* A revoked key, though the digest is pinned; whether trusted or not. */
  snprintf(text, sizeof text,
           HEAD ADD_KEY "[manifest 1]\nplugin = sample\nsha256 = %s\n"
                        "[revoked 1]\nkey = " KEY_ID "\ndate = 2026-01-02\n",
           s.digest);
  expect(&s, text, (wanted) { CHISO_VERDICT_REVOKED, true, false, KEY_ID });
  expect(&s, HEAD "[revoked 1]\nkey = " KEY_ID "\ndate = 2026-01-02\n",
         (wanted) { CHISO_VERDICT_REVOKED, true, false, KEY_ID });
  expect(&s,
         HEAD ADD_KEY "[revoked 1]\nkey = " OTHER_ID "\ndate = 2026-01-02\n",
         in_process);
  scene_free(&s);
}

static void test_wrong_signature(void) {
  scene s;
  char path[PATH_ROOM], pin[512];
  MUST(scene_make(&s) && sign(&s, "sample.plugin.ini.minisig"));
  /* Every methodology of the plugin under another title. */
  size_t size;
  char *bytes = get_bytes(&s.plugins, "sample.plugin.ini", &size);
  MUST(bytes != NULL);
  memcpy(strstr(bytes, "1.0.0"), "1.0.1", 5);
  MUST(put_bytes(&s.plugins, "sample.plugin.ini", bytes, size));
  const wanted changed = { CHISO_VERDICT_CHANGED, true, false, KEY_ID };
  expect(&s, HEAD ADD_KEY, changed);
  s.options.no_worker = true; /* opens no door */
  expect(&s, HEAD ADD_KEY, changed);
  s.options.no_worker = false;
  /* Without its key nobody can tell. */
  expect(&s, HEAD, (wanted) { CHISO_VERDICT_UNKNOWN_KEY, false, true, NULL });
  /* A damaged signature, a folder, a link to nothing; unless pinned. */
  chiso__sha256(bytes, size, s.digest);
  free(bytes);
  snprintf(pin, sizeof pin, HEAD "[manifest 1]\nplugin = sample\nsha256 = %s\n",
           s.digest);
  const wanted damaged = { CHISO_VERDICT_DAMAGED, true, false, NULL };
  in_folder(&s.plugins, "sample.plugin.ini.minisig", path);
  MUST(
      put_text(&s.plugins, "sample.plugin.ini.minisig", "untrusted comment: "));
  expect(&s, HEAD, damaged);
  expect(&s, pin, (wanted) { CHISO_VERDICT_PINNED, false, false, NULL });
  MUST(unlink(path) == 0 && mkdir(path, 0700) == 0);
  expect(&s, HEAD, damaged);
  MUST(rmdir(path) == 0 && symlink("/nowhere/at/all", path) == 0);
  expect(&s, HEAD, damaged);
  scene_free(&s);
}

/* Two keys with one id, of which the second made the signature. */
static void test_same_id(void) {
  scene s;
  folder share = folder_make();
  static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                               "stuvwxyz0123456789+/";
  char forged[57];
  MUST(scene_make(&s) && sign(&s, "sample.plugin.ini.minisig"));
  s.options.share_dir = share.path;
  /* The other key's bytes behind the publisher's id. The head has 80 bits: 13
   * characters, and two bits of the next. */
  memcpy(forged, OTHER, 57);
  memcpy(forged, KEY, 13);
  forged[13] = base64[((strchr(base64, KEY[13]) - base64) & 0x30) |
                      ((strchr(base64, OTHER[13]) - base64) & 0x0f)];
  char text[512];
  snprintf(text, sizeof text, HEAD "[key 1]\nname = F\nkey = %s\n", forged);
  MUST(put_text(&share, "trust.ini", text));
  chiso_public_key key;
  chiso_error err = { 0 };
  MUST(good(chiso_public_key_read(forged, &key, &err), &err));
  CU_ASSERT_STRING_EQUAL(key.id, KEY_ID);
  expect(&s, HEAD ADD_KEY,
         (wanted) { CHISO_VERDICT_SIGNED, false, false, NULL });
  expect(&s, HEAD, (wanted) { CHISO_VERDICT_CHANGED, true, false, NULL });
  folder_remove(&share);
  scene_free(&s);
}

/* ---- owner and mode
 * ----------------------------------------------------------- */

static void test_exposed(void) {
  scene s;
  char path[PATH_ROOM], pin[512];
  MUST(scene_make(&s));
  in_folder(&s.plugins, "sample.plugin.ini", path);
  const wanted isolated = { CHISO_VERDICT_UNSIGNED, false, true, NULL };
  const wanted writable = { CHISO_VERDICT_WRITABLE, true, false,
                            "chmod go-w /tmp" };
  MUST(chmod(path, 0646) == 0);
  expect(&s, HEAD, writable);
  s.options.no_worker = true;
  expect(&s, HEAD, writable);
  s.options.no_worker = false;
  MUST(chmod(path, 0644) == 0);
  expect(&s, HEAD, isolated);
  MUST(chmod(s.plugins.path, 0777) == 0);
  expect(&s, HEAD, writable);
  MUST(chmod(s.plugins.path, 01777) == 0); /* names are their owners' */
  expect(&s, HEAD, isolated);
  MUST(chmod(s.plugins.path, 0700) == 0);
  /* Where the bytes lie does not matter when they are vouched for. */
  snprintf(pin, sizeof pin, HEAD "[manifest 1]\nplugin = sample\nsha256 = %s\n",
           s.digest);
  MUST(chmod(path, 0666) == 0);
  expect(&s, pin, (wanted) { CHISO_VERDICT_PINNED, false, false, NULL });
  MUST(sign(&s, "sample.plugin.ini.minisig"));
  expect(&s, HEAD ADD_KEY,
         (wanted) { CHISO_VERDICT_SIGNED, false, false, NULL });
  expect(&s, HEAD, writable); /* an unknown key vouches for nothing */
  scene_free(&s);
}

/* A group of one's own may write, as some systems set it up; another may not.
 * Another's file is refused. Only root can make such files. */
static void test_foreign(void) {
  scene s;
  char path[PATH_ROOM];
  if (geteuid() != 0)
    return;
  MUST(scene_make(&s));
  in_folder(&s.plugins, "sample.plugin.ini", path);
  const wanted isolated = { CHISO_VERDICT_UNSIGNED, false, true, NULL };
  MUST(chmod(path, 0664) == 0 && chown(path, 0, 0) == 0);
  expect(&s, HEAD, isolated);
  MUST(chown(path, 0, 54321) == 0 && chmod(path, 0664) == 0);
  expect(&s, HEAD, (wanted) { CHISO_VERDICT_WRITABLE, true, false, NULL });
  MUST(chown(path, 54321, 54321) == 0 && chmod(path, 0644) == 0);
  const wanted foreign = { CHISO_VERDICT_FOREIGN_OWNER, true, false, "54321" };
  expect(&s, HEAD, foreign);
  MUST(chown(path, 0, 0) == 0 && chown(s.plugins.path, 54321, 0) == 0);
  expect(&s, HEAD, foreign);
  MUST(chown(s.plugins.path, 0, 0) == 0);
  expect(&s, HEAD, isolated);
  scene_free(&s);
}

/* A trust file that others can write would let them decide. */
static void test_exposed_trust(void) {
  scene s;
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  MUST(scene_make(&s) && put_text(&s.settings, "trust.ini", HEAD));
  MUST(chmod(s.trust, 0666) == 0);
  CU_ASSERT(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err) ==
            CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "chmod go-w") != NULL && store == NULL);
  MUST(chmod(s.trust, 0600) == 0 && chmod(s.settings.path, 0777) == 0);
  CU_ASSERT(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err) ==
            CHISO_BAD_DATA);
  MUST(chmod(s.settings.path, 0700) == 0);
  /* Neither a bad file nor one that cannot be read is passed over. */
  MUST(put_text(&s.settings, "trust.ini", "[trust]\nformat = 9\n"));
  CU_ASSERT(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err) ==
            CHISO_BAD_DATA);
  CU_ASSERT(err.line == 2 && strcmp(err.file, s.trust) == 0);
  MUST(unlink(s.trust) == 0 && symlink("/nowhere/at/all", s.trust) == 0);
  CU_ASSERT(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err) ==
            CHISO_IO);
  scene_free(&s);
}

/* ---- verify
 * --------------------------------------------------------------------- */

static void test_verify(void) {
  scene s;
  chiso_store *store = NULL;
  chiso_verification v;
  chiso_error err = { 0 };
  char pin[512];
  folder a = folder_make();
  MUST(scene_make(&s) && build_small(&a, "small", "vn.small"));
  s.dirs[0] = a.path;
  MUST(good(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err),
            &err));
  MUST(good(chiso_store_verify(store, 0, &v, &err), &err));
  CU_ASSERT(!v.vouched && v.library && v.elf);
  CU_ASSERT(strstr(v.why.text, "nobody vouches") != NULL);
  CU_ASSERT(chiso_store_verify(store, 1, &v, &err) == CHISO_USAGE);
  snprintf(pin, sizeof pin, HEAD "[manifest 1]\nplugin = small\nsha256 = %s\n",
           chiso_store_plugin(store, 0)->digest);
  chiso_store_free(store);
  MUST(put_text(&s.settings, "trust.ini", pin));
  for (int changed = 0; changed < 2; changed++) {
    if (changed)
      MUST(put_text(&a, "small.so",
                    "\x7f"
                    "ELF"));
    MUST(good(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err),
              &err));
    MUST(good(chiso_store_verify(store, 0, &v, &err), &err));
    CU_ASSERT(v.vouched && v.library == !changed && v.elf == !changed);
    CU_ASSERT_EQUAL(*v.why.text != 0, changed);
    CU_ASSERT(chiso_store_plugin(store, 0)->state == CHISO_PLUGIN_FOUND);
    chiso_store_free(store);
  }
  folder_remove(&a);
  scene_free(&s);
}

/* A refused plugin does not hide one of a later folder; and who asks for a
 * methodology that only a refused one has hears why. */
static void test_fallback(void) {
  scene s;
  folder later = folder_make();
  char path[PATH_ROOM];
  const chiso_listing *found;
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  MUST(scene_make(&s));
  in_folder(&s.plugins, "sample.plugin.ini", path);
  MUST(chmod(path, 0666) == 0);
  const char *dirs[] = { s.plugins.path, later.path };
  s.options.plugin_dirs = dirs;
  s.options.n_plugin_dirs = 2;
  MUST(good(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err),
            &err));
  static const char *const names[] = { "vn.sample.province",
                                       "vn.sample.ministry/2026" };
  for (size_t i = 0; i < 2; i++) {
    CU_ASSERT(chiso_store_find(store, names[i], &found, &err) ==
              CHISO_BAD_DATA);
    CU_ASSERT(strstr(err.text, "chmod go-w") != NULL);
  }
  CU_ASSERT(chiso_store_find(store, "vn.sample.province/2025", &found, &err) ==
            CHISO_USAGE);
  chiso_store_free(store);
  MUST(copy_in(&later, "sample.plugin.ini", TRUST "sample.plugin.ini"));
  MUST(good(chiso_store_open(&s.options, CHISO_LANG_EN, NULL, &store, &err),
            &err));
  MUST(good(chiso_store_find(store, names[0], &found, &err), &err));
  CU_ASSERT(found->plugin == 1);
  chiso_store_free(store);
  folder_remove(&later);
  scene_free(&s);
}

/* ---- short memory
 * ----------------------------------------------------------------- */

static void test_short_memory(void) {
  scene s;
  chiso_status status = CHISO_NO_MEMORY;
  MUST(scene_make(&s) && sign(&s, "sample.plugin.ini.minisig"));
  MUST(put_text(&s.settings, "trust.ini",
                HEAD ADD_OTHER "[revoked 1]\nkey = 0000000000000000\n"
                               "date = 2026-01-02\n" ADD_KEY));
  for (long i = 0; i < 5000 && status != CHISO_OK; i++) {
    counting count = { .left = i };
    const chiso_allocator allocator = counting_allocator(&count);
    chiso_store *store = NULL;
    chiso_error err = { 0 };
    status =
        chiso_store_open(&s.options, CHISO_LANG_EN, &allocator, &store, &err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    if (status == CHISO_OK)
      CU_ASSERT(chiso_store_plugin(store, 0)->verdict == CHISO_VERDICT_SIGNED);
    chiso_store_free(store);
    CU_ASSERT_EQUAL(count.live, 0);
  }
  CU_ASSERT(status == CHISO_OK);
  scene_free(&s);
}

SUITE_MAIN({ "reading", test_read }, { "refused files", test_refused },
           { "patterns", test_patterns }, { "unsigned", test_unsigned },
           { "shipped", test_shipped }, { "own folder", test_own_folder },
           { "signed", test_signed },
           { "wrong signatures", test_wrong_signature },
           { "two keys with one id", test_same_id },
           { "exposed", test_exposed }, { "another's", test_foreign },
           { "exposed trust file", test_exposed_trust },
           { "verify", test_verify }, { "fallback", test_fallback },
           { "short memory", test_short_memory })
