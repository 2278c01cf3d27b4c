/* SPDX-License-Identifier: Apache-2.0
 * Keys and signatures in minisign's format: known ones verify, and a change of
 * any byte that counts does not. */
#include "host_fixture.h"
#include "hostile.h"

#include "host/minisign.h"

#define TRUST SOURCE_DIR "/tests/trust/"

/* ---- the primitives -------------------------------------------------------
 */

static size_t from_hex(const char *hex, unsigned char *out) {
  static const char digits[] = "0123456789abcdef";
  size_t n = 0;
  for (; hex[0] && hex[1]; hex += 2)
    out[n++] = (unsigned char)((strchr(digits, hex[0]) - digits) << 4 |
                               (strchr(digits, hex[1]) - digits));
  return n;
}

/* RFC 8032, 7.1, tests 1 to 3. */
static const struct {
  const char *key, *message, *signature;
} rfc8032[] = {
  { "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590"
    "a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
  { "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e"
    "15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
  { "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d"
    "16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static void test_ed25519(void) {
  for (size_t t = 0; t < sizeof rfc8032 / sizeof *rfc8032; t++) {
    unsigned char key[32], message[4], signature[64];
    CU_ASSERT(from_hex(rfc8032[t].key, key) == 32);
    size_t size = from_hex(rfc8032[t].message, message);
    CU_ASSERT(from_hex(rfc8032[t].signature, signature) == 64);
    CU_ASSERT(chiso__ed25519_verify(key, message, size, signature));
    for (size_t i = 0; i < 64 * 8; i++) {
      signature[i / 8] ^= (unsigned char)(1u << i % 8);
      CU_ASSERT(!chiso__ed25519_verify(key, message, size, signature));
      signature[i / 8] ^= (unsigned char)(1u << i % 8);
    }
    for (size_t i = 0; i < size * 8; i++) {
      message[i / 8] ^= (unsigned char)(1u << i % 8);
      CU_ASSERT(!chiso__ed25519_verify(key, message, size, signature));
      message[i / 8] ^= (unsigned char)(1u << i % 8);
    }
  }
  /* A key of small order: anything would verify. */
  static const unsigned char zero[64] = { 1 };
  CU_ASSERT(!chiso__ed25519_verify(zero, "x", 1, zero));
}

/* RFC 7693, appendix A. */
static void test_blake2b(void) {
  unsigned char want[64], got[64];
  from_hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d8"
           "7c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
           want);
  chiso__blake2b("abc", 3, got);
  CU_ASSERT(memcmp(want, got, 64) == 0);
}

static void test_base64(void) {
  static const struct {
    const char *text;
    size_t wanted;
    bool good;
  } cases[] = {
    { "TWFu", 3, true },   { "TWE=", 2, true },    { "TQ==", 1, true },
    { "", 0, true },       { "TWFu", 2, false },   { "TWFu", 4, false },
    { "TWE", 2, false },   { "TWE==", 2, false },  { "TWF=", 2, false },
    { "TW Fu", 3, false }, { "TWFu\n", 3, false }, { "TW-u", 3, false },
    { "=TWFu", 3, false }, { "TQ=", 1, false },    { "TR==", 1, false },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[8];
    CU_ASSERT(chiso__base64_decode(cases[i].text, strlen(cases[i].text), out,
                                   cases[i].wanted) == cases[i].good);
  }
}

/* ---- known files -----------------------------------------------------------
 */

static const char *read_file(chiso__arena *arena, const char *path,
                             size_t *size) {
  const char *text = NULL;
  chiso_error err = { 0 };
  return good(chiso__file_read(arena, path, 65536, true, &text, size, &err),
              &err)
             ? text
             : "";
}

static bool read_key(chiso__arena *arena, const char *path, chiso__key *key) {
  size_t size;
  const char *line, *text = read_file(arena, path, &size);
  chiso_error err = { 0 };
  return good(chiso__key_file(arena, path, text, size, key, &line, &err), &err);
}

static const char *const made[] = { TRUST "sample.plugin.ini.minisig",
                                    TRUST "sample.legacy.minisig" };

static void test_minisign(void) {
  chiso__arena arena = { 0 };
  chiso__key publisher, other;
  chiso__signature s;
  chiso_error err = { 0 };
  size_t size, n;
  const char *text = read_file(&arena, TRUST "sample.plugin.ini", &size);
  MUST(read_key(&arena, TRUST "publisher.pub", &publisher));
  MUST(read_key(&arena, TRUST "other.pub", &other));
  CU_ASSERT_STRING_EQUAL(publisher.id, "84D417539E90695E");
  for (size_t i = 0; i < 2; i++) {
    const char *file = read_file(&arena, made[i], &n);
    MUST(good(chiso__signature_read(&arena, made[i], file, n, &s, &err), &err));
    CU_ASSERT(s.hashed == (i == 0));
    CU_ASSERT_STRING_EQUAL(s.id, publisher.id);
    CU_ASSERT(chiso__signature_verify(&s, &publisher, text, size));
    CU_ASSERT(!chiso__signature_verify(&s, &other, text, size));
    CU_ASSERT(!chiso__signature_verify(&s, &publisher, text, size - 1));
    /* Another key under the id of the first. */
    chiso__key forged = other;
    memcpy(forged.id, publisher.id, sizeof forged.id);
    CU_ASSERT(!chiso__signature_verify(&s, &forged, text, size));
  }
  CU_ASSERT_STRING_EQUAL(s.comment,
                         "timestamp:1767225600\tfile:sample.plugin.ini");
  chiso__arena_free(&arena);
}

static const unsigned char changes[] = { 0x01, 0x20, 0x80 };

/* Each byte of the manifest, changed in three ways. */
static void test_manifest_changed(void) {
  chiso__arena arena = { 0 };
  chiso__key key;
  chiso__signature s[2];
  chiso_error err = { 0 };
  size_t size, n, verified = 0;
  const char *text = read_file(&arena, TRUST "sample.plugin.ini", &size);
  MUST(read_key(&arena, TRUST "publisher.pub", &key) && size > 500);
  for (size_t i = 0; i < 2; i++) {
    const char *file = read_file(&arena, made[i], &n);
    MUST(good(chiso__signature_read(&arena, made[i], file, n, &s[i], &err),
              &err));
  }
  char *copy = chiso__arena_text(&arena, text, size);
  MUST(copy != NULL);
  for (size_t at = 0; at < size; at++)
    for (size_t c = 0; c < sizeof changes; c++) {
      copy[at] = (char)(text[at] ^ changes[c]);
      verified += chiso__signature_verify(&s[0], &key, copy, size);
      verified += chiso__signature_verify(&s[1], &key, copy, size);
      copy[at] = text[at];
    }
  CU_ASSERT_EQUAL(verified, 0);
  CU_ASSERT(chiso__signature_verify(&s[0], &key, copy, size));
  chiso__arena_free(&arena);
}

/* Each byte of the signature file but those of the untrusted comment: key id,
 * signature, trusted comment and the signature over both. */
static void test_signature_changed(void) {
  chiso__arena arena = { 0 };
  chiso__key key;
  size_t size, n, verified = 0, read = 0;
  const char *text = read_file(&arena, TRUST "sample.plugin.ini", &size);
  MUST(read_key(&arena, TRUST "publisher.pub", &key));
  for (size_t i = 0; i < 2; i++) {
    const char *file = read_file(&arena, made[i], &n);
    char *copy = chiso__arena_text(&arena, file, n);
    MUST(copy && n > 200);
    for (size_t at = strcspn(file, "\n"); at < n - 1; at++)
      for (size_t c = 0; c < sizeof changes; c++) {
        chiso__signature s;
        chiso_error err = { 0 };
        copy[at] = (char)(file[at] ^ changes[c]);
        if (chiso__signature_read(&arena, "x", copy, n, &s, &err) == CHISO_OK) {
          read++;
          verified += chiso__signature_verify(&s, &key, text, size);
        } else {
          CU_ASSERT(*err.text && *err.file);
        }
        copy[at] = file[at];
      }
  }
  CU_ASSERT_EQUAL(verified, 0);
  CU_ASSERT(read > 100); /* so that it is not the form alone that fails */
  chiso__arena_free(&arena);
}

/* ---- malformed files --------------------------------------------------------
 */

#define LINE1 "untrusted comment: x\n"
#define LINE2                                                                  \
  "RUReaZCeUxfUhJyQzwkLpemysHg9E7ekTFiTf/dYRqFBduINHnXAwJEYkEgNmrekj2QatOIqA7" \
  "AyO0lbm72yFjvi45s0FfDsQAE="
#define LINE3 "\ntrusted comment: x\n"
#define LINE4                                                                  \
  "uOv73T1v9BrNuLF4/IY41D13U/+wAsLVrt7XIXM+3alJQxaspENJ1IMOveFP0AeHdP7U09ySUo" \
  "Osb8FVRg5JBw=="

static void test_signature_forms(void) {
  static const char *const accepted[] = {
    LINE1 LINE2 LINE3 LINE4 "\n", LINE1 LINE2 LINE3 LINE4,
    "untrusted comment: x\r\n" LINE2 "\r\ntrusted comment: x\r\n" LINE4 "\r\n",
    "untrusted comment: \n" LINE2 "\ntrusted comment: \n" LINE4 "\n"
  };
  static const bad refused[] = {
    { "\n", 0, 0, MSG_SIGNATURE_LINES },
    { LINE1 LINE2 LINE3, 0, 0, MSG_SIGNATURE_LINES },
    { LINE1 LINE2 LINE3 LINE4 "\n\n", 0, 0, MSG_SIGNATURE_LINES },
    { LINE1 LINE2 LINE3 LINE4 "\nmore", 0, 0, MSG_SIGNATURE_LINES },
    { "comment: x\n" LINE2 LINE3 LINE4, 1, 0, MSG_SIGNATURE_COMMENT },
    { "Untrusted comment: x\n" LINE2 LINE3 LINE4, 1, 0, MSG_SIGNATURE_COMMENT },
    { LINE1 "RUR" LINE3 LINE4, 2, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 LINE2 "=" LINE3 LINE4, 2, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 " " LINE2 LINE3 LINE4, 2, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 LINE4 LINE3 LINE4, 2, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 "QQ" LINE2 LINE3 LINE4, 2, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 LINE2 "\nuntrusted comment: x\n" LINE4, 3, 0,
      MSG_SIGNATURE_COMMENT },
    { LINE1 LINE2 "\ntrusted comment:x\n" LINE4, 3, 0, MSG_SIGNATURE_COMMENT },
    { LINE1 LINE2 LINE3 "x", 4, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 LINE2 LINE3 LINE2, 4, 0, MSG_SIGNATURE_BASE64 },
    { LINE1 LINE2 "\ntrusted comment: \x1b[2J\n" LINE4, 3, 18,
      MSG_SIGNATURE_CONTROL },
    { LINE1 LINE2 "\ntrusted comment: \xff\n" LINE4, 3, 18, MSG_NOT_UTF8 },
  };
  chiso__arena arena = { 0 };
  chiso__signature s;
  for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
    chiso_error err = { 0 };
    CU_ASSERT(good(chiso__signature_read(&arena, "x", accepted[i],
                                         strlen(accepted[i]), &s, &err),
                   &err));
  }
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    chiso_error err = { 0 };
    CU_ASSERT(chiso__signature_read(&arena, "x", refused[i].text,
                                    strlen(refused[i].text), &s,
                                    &err) == CHISO_BAD_DATA);
    expect_bad(&refused[i], &err);
  }
  /* Another algorithm, and a comment over its limit. */
  char *text = chiso__arena_raw(&arena, 1, 16384);
  chiso_error err = { 0 };
  MUST(text != NULL);
  int n = snprintf(text, 16384, LINE1 "QUF%s" LINE3 LINE4, &LINE2[3]);
  CU_ASSERT(chiso__signature_read(&arena, "x", text, (size_t)n, &s, &err) ==
            CHISO_BAD_DATA);
  expect_bad(&(bad) { "algorithm", 2, 0, MSG_SIGNATURE_ALGORITHM }, &err);
  for (int extra = 0; extra < 2; extra++) {
    n = snprintf(text, 16384, LINE1 LINE2 "\ntrusted comment: %0*d\n" LINE4,
                 (int)CHISO__MAX_COMMENT + extra, 0);
    CU_ASSERT(chiso__signature_read(&arena, "x", text, (size_t)n, &s, &err) ==
              (extra ? CHISO_BAD_DATA : CHISO_OK));
  }
  expect_bad(&(bad) { "long", 3, 0, MSG_SIGNATURE_LONG }, &err);
  chiso__arena_free(&arena);
}

#define KEY "RWReaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1"

static void test_key_forms(void) {
  static const char *const accepted[] = { KEY, KEY "\n", LINE1 KEY "\n",
                                          "untrusted comment: x\r\n" KEY
                                          "\r\n" };
  static const bad refused[] = {
    { LINE1 KEY "\n\n", 0, 0, MSG_KEY_LINES },
    { LINE1 KEY "\n" KEY, 0, 0, MSG_KEY_LINES },
    { "comment\n" KEY, 1, 0, MSG_SIGNATURE_COMMENT },
    { LINE1 "RWQ\n", 2, 0, MSG_KEY_LENGTH },
    { KEY "=", 1, 0, MSG_KEY_LENGTH },
    { " " KEY, 1, 0, MSG_KEY_LENGTH },
    { LINE1, 1, 0, MSG_KEY_LENGTH },
    { "RW!eaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1", 1, 0,
      MSG_SIGNATURE_BASE64 },
    { "RUReaZCeUxfUhLwYGpuMAJpDMWBV86aJbrRJzruef/HUrO0vtKUBafL1", 1, 0,
      MSG_KEY_ALGORITHM },
    { "RWReaZCeUxfUhLwYGpuMAJpDMWBV\x01", 1, 29, MSG_SIGNATURE_CONTROL },
  };
  chiso__arena arena = { 0 };
  chiso__key key;
  const char *line;
  for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
    chiso_error err = { 0 };
    CU_ASSERT(good(chiso__key_file(&arena, "x", accepted[i],
                                   strlen(accepted[i]), &key, &line, &err),
                   &err));
    CU_ASSERT_STRING_EQUAL(line, KEY);
  }
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    chiso_error err = { 0 };
    CU_ASSERT(chiso__key_file(&arena, "x", refused[i].text,
                              strlen(refused[i].text), &key, &line,
                              &err) == CHISO_BAD_DATA);
    expect_bad(&refused[i], &err);
  }
  chiso__arena_free(&arena);
}

static void test_public_key(void) {
  chiso_public_key key;
  chiso_error err = { 0 };
  static const char *const good_ones[] = { KEY, TRUST "publisher.pub" };
  for (size_t i = 0; i < 2; i++) {
    MUST(good(chiso_public_key_read(good_ones[i], &key, &err), &err));
    CU_ASSERT_STRING_EQUAL(key.id, "84D417539E90695E");
    CU_ASSERT_STRING_EQUAL(key.text, KEY);
  }
  CU_ASSERT(chiso_public_key_read("/nowhere.pub", &key, &err) == CHISO_IO);
  CU_ASSERT(chiso_public_key_read(KEY "A", &key, &err) == CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "57 characters") != NULL);
}

SUITE_MAIN({ "Ed25519", test_ed25519 }, { "BLAKE2b", test_blake2b },
           { "base64", test_base64 }, { "files of minisign", test_minisign },
           { "a changed manifest", test_manifest_changed },
           { "a changed signature", test_signature_changed },
           { "forms of signatures", test_signature_forms },
           { "forms of keys", test_key_forms },
           { "public keys", test_public_key })
