/* SPDX-License-Identifier: Apache-2.0
 * base/sha256.c - SHA-256 by libsodium, as text. */
#include <sodium.h>

#include "base/file.h"

void chiso__sha256(const void *bytes, size_t size, char out[65]) {
  static const char hex[] = "0123456789abcdef";
  unsigned char digest[crypto_hash_sha256_BYTES];
  static const unsigned char nothing = 0;
  (void)crypto_hash_sha256(digest, size ? bytes : &nothing, size);
  for (size_t i = 0; i < sizeof digest; i++) {
    out[2 * i] = hex[digest[i] >> 4];
    out[2 * i + 1] = hex[digest[i] & 15];
  }
  out[64] = '\0';
}
