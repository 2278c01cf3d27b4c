/* SPDX-License-Identifier: Apache-2.0
 * base/crypto.h - digests and signatures; the one place that knows who makes
 * them. Verifying only: no secret key is ever read. */
#ifndef CHISO_BASE_CRYPTO_H
#define CHISO_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#define CHISO__BLAKE2B           64
#define CHISO__ED25519_KEY       32
#define CHISO__ED25519_SIGNATURE 64

/* SHA-256 (FIPS 180-4) as 64 lower-case hex digits and a zero. */
void chiso__sha256(const void *bytes, size_t size, char out[65]);

/* BLAKE2b-512 (RFC 7693) without a key. */
void chiso__blake2b(const void *bytes, size_t size,
                    unsigned char out[CHISO__BLAKE2B]);

/* Whether `sig` is the Ed25519 signature (RFC 8032) of the bytes. Keys of small
 * order and forms that are not canonical give false. */
bool chiso__ed25519_verify(const unsigned char key[CHISO__ED25519_KEY],
                           const void *bytes, size_t size,
                           const unsigned char sig[CHISO__ED25519_SIGNATURE]);

/* Reads base64 (RFC 4648, with its padding, nothing between) of exactly
 * `wanted` bytes. False, and `out` of no meaning, when it is anything else. */
bool chiso__base64_decode(const char *text, size_t size, void *out,
                          size_t wanted);

#endif
