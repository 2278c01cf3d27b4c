/* SPDX-License-Identifier: Apache-2.0
 * base/crypto.c - digests and signatures by libsodium. Nothing here needs
 * sodium_init(): it chooses faster code of the same functions and random
 * numbers, of which none are used. */
#include "base/crypto.h"

#include <sodium.h>

_Static_assert(CHISO__BLAKE2B == crypto_generichash_BYTES_MAX, "BLAKE2b-512");
_Static_assert(CHISO__ED25519_KEY == crypto_sign_PUBLICKEYBYTES, "a key");
_Static_assert(CHISO__ED25519_SIGNATURE == crypto_sign_BYTES, "a signature");

static const unsigned char nothing = 0;

void chiso__sha256(const void *bytes, size_t size, char out[65]) {
  static const char hex[] = "0123456789abcdef";
  unsigned char digest[crypto_hash_sha256_BYTES];
  (void)crypto_hash_sha256(digest, size ? bytes : &nothing, size);
  for (size_t i = 0; i < sizeof digest; i++) {
    out[2 * i] = hex[digest[i] >> 4];
    out[2 * i + 1] = hex[digest[i] & 15];
  }
  out[64] = '\0';
}

void chiso__blake2b(const void *bytes, size_t size,
                    unsigned char out[CHISO__BLAKE2B]) {
  (void)crypto_generichash(out, CHISO__BLAKE2B, size ? bytes : &nothing, size,
                           NULL, 0);
}

bool chiso__ed25519_verify(const unsigned char key[CHISO__ED25519_KEY],
                           const void *bytes, size_t size,
                           const unsigned char sig[CHISO__ED25519_SIGNATURE]) {
  return crypto_sign_verify_detached(sig, size ? bytes : &nothing, size, key) ==
         0;
}

bool chiso__base64_decode(const char *text, size_t size, void *out,
                          size_t wanted) {
  size_t length = 0;
  return sodium_base642bin(out, wanted, text, size, NULL, &length, NULL,
                           sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == wanted;
}
