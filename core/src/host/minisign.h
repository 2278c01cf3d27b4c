/* SPDX-License-Identifier: Apache-2.0
 * host/minisign.h - public keys and detached signatures in minisign's format.
 * Reading and verifying only; signing is minisign's own business. */
#ifndef CHISO_HOST_MINISIGN_H
#define CHISO_HOST_MINISIGN_H

#include "base/arena.h"
#include "base/crypto.h"
#include "base/error.h"

#define CHISO__SIGNATURE_ENDING ".minisig"
/* Limits in bytes; part of the manual. */
#define CHISO__LIMIT_SIGNATURE ((size_t)16 * 1024)
#define CHISO__LIMIT_KEY       ((size_t)4 * 1024)
#define CHISO__MAX_COMMENT     8192u
#define CHISO__KEY_TEXT        56 /* characters of a key */

typedef struct chiso__key {
  unsigned char bytes[CHISO__ED25519_KEY];
  char id[17]; /* 16 upper-case hex digits, as minisign prints them */
} chiso__key;

typedef struct chiso__signature {
  char id[17]; /* of the key that made it, as the file says */
  bool hashed; /* "ED": over BLAKE2b-512; else "Ed", over the file itself */
  unsigned char bytes[CHISO__ED25519_SIGNATURE];
  unsigned char whole[CHISO__ED25519_SIGNATURE]; /* over bytes and comment */
  const char *comment; /* the trusted one; to be believed when verified */
} chiso__signature;

/* Whether a text has the length and the first letters of a key. */
bool chiso__key_like(const char *text);
/* Reads one line of base64, "RW...". The place is that of the text. */
chiso_status chiso__key_read(chiso__place place, const char *text, size_t size,
                             chiso__key *out, chiso_error *err);
/* Reads a .pub file: a comment line and the key, or the key alone. *line is
 * the text of the key, in the arena. */
chiso_status chiso__key_file(chiso__arena *arena, const char *file,
                             const char *text, size_t size, chiso__key *out,
                             const char **line, chiso_error *err);
/* Reads a .minisig file of four lines. The comment is in the arena. */
chiso_status chiso__signature_read(chiso__arena *arena, const char *file,
                                   const char *text, size_t size,
                                   chiso__signature *out, chiso_error *err);
/* Whether the key made the signature of these bytes, and of the trusted
 * comment. */
bool chiso__signature_verify(const chiso__signature *signature,
                             const chiso__key *key, const void *bytes,
                             size_t size);

#endif
