/* SPDX-License-Identifier: Apache-2.0
 * host/minisign.c - public keys and detached signatures in minisign's format:
 *
 *   untrusted comment: anything
 *   base64 of: algorithm (2 bytes), key id (8), signature (64) or key (32)
 *   trusted comment: anything                    signatures only, as the next
 *   base64 of: signature of the first one and the trusted comment (64)
 */
#include "host/minisign.h"

#include "base/text.h"

#include <string.h>

#define UNTRUSTED "untrusted comment: "
#define TRUSTED   "trusted comment: "
#define HEAD      10 /* algorithm and key id */

#define REFUSE(err, place, ...)                                                \
  chiso__fail((err), CHISO_BAD_DATA, (place), __VA_ARGS__)

/* ---- lines -------------------------------------------------------------- */

typedef struct line {
  const char *text;
  size_t size;
} line;

/* Splits into at most `most` lines without their ends. What is left over is
 * one line too many, so that nothing hides behind the last. */
static size_t split(const char *text, size_t size, line *out, size_t most) {
  size_t count = 0;
  const char *end = text + size;
  while (text < end) {
    const char *stop = memchr(text, '\n', (size_t)(end - text));
    const char *next = stop ? stop + 1 : end;
    if (!stop)
      stop = end;
    if (stop > text && stop[-1] == '\r')
      stop--;
    if (count == most)
      return most + 1;
    out[count++] = (line) { text, (size_t)(stop - text) };
    text = next;
  }
  return count;
}

/* Text of one line: UTF-8 without controls but the tab. */
static chiso_status check_text(const char *file, const char *text, size_t size,
                               chiso_error *err) {
  chiso__place place = { .file = file };
  size_t bad = chiso__utf8_check(text, size);
  chiso__message message = MSG_NOT_UTF8;
  for (size_t i = 0; i < bad; i++)
    if (((unsigned char)text[i] < 0x20 && !strchr("\t\r\n", text[i])) ||
        text[i] == 0x7f || text[i] == '\0') {
      bad = i;
      message = MSG_SIGNATURE_CONTROL;
    }
  if (bad == size)
    return CHISO_OK;
  chiso__text_place(text, size, bad, &place.line, &place.column);
  return chiso__fail(err, CHISO_BAD_DATA, place, message);
}

static bool begins(line l, const char *with) {
  size_t size = strlen(with);
  return l.size >= size && memcmp(l.text, with, size) == 0;
}

static chiso_status check_comment(chiso__place place, line l, const char *begin,
                                  chiso_error *err) {
  if (!begins(l, begin))
    return REFUSE(err, place, MSG_SIGNATURE_COMMENT, begin);
  if (l.size - strlen(begin) > CHISO__MAX_COMMENT)
    return REFUSE(err, place, MSG_SIGNATURE_LONG, CHISO__MAX_COMMENT);
  return CHISO_OK;
}

/* Eight bytes, the last first. */
static void print_id(const unsigned char id[8], char out[17]) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < 8; i++) {
    out[2 * i] = hex[id[7 - i] >> 4];
    out[2 * i + 1] = hex[id[7 - i] & 15];
  }
  out[16] = '\0';
}

/* ---- keys --------------------------------------------------------------- */

bool chiso__key_like(const char *text) {
  return strncmp(text, "RW", 2) == 0 && strlen(text) == CHISO__KEY_TEXT;
}

chiso_status chiso__key_read(chiso__place place, const char *text, size_t size,
                             chiso__key *out, chiso_error *err) {
  unsigned char raw[HEAD + CHISO__ED25519_KEY];
  if (size != CHISO__KEY_TEXT)
    return REFUSE(err, place, MSG_KEY_LENGTH, size, CHISO__KEY_TEXT);
  if (!chiso__base64_decode(text, size, raw, sizeof raw))
    return REFUSE(err, place, MSG_SIGNATURE_BASE64);
  if (memcmp(raw, "Ed", 2) != 0)
    return REFUSE(err, place, MSG_KEY_ALGORITHM);
  print_id(raw + 2, out->id);
  memcpy(out->bytes, raw + HEAD, sizeof out->bytes);
  return CHISO_OK;
}

chiso_status chiso__key_file(chiso__arena *arena, const char *file,
                             const char *text, size_t size, chiso__key *out,
                             const char **key, chiso_error *err) {
  line lines[2];
  CHISO__TRY(check_text(file, text, size, err));
  size_t count = split(text, size, lines, 2);
  chiso__place place = { .file = file, .line = count == 2 ? 2 : 1 };
  if (count < 1 || count > 2)
    return REFUSE(err, (chiso__place) { .file = file }, MSG_KEY_LINES);
  if (count == 2) {
    chiso__place first = { .file = file, .line = 1 };
    CHISO__TRY(check_comment(first, lines[0], UNTRUSTED, err));
  }
  const line *last = &lines[count - 1];
  CHISO__TRY(chiso__key_read(place, last->text, last->size, out, err));
  *key = chiso__arena_text(arena, last->text, last->size);
  return *key ? CHISO_OK : chiso__no_memory(err);
}

/* ---- signatures -----------------------------------------------------------
 */

static chiso_status read_lines(const char *file, const line lines[4],
                               chiso__signature *out, chiso_error *err) {
  unsigned char raw[HEAD + CHISO__ED25519_SIGNATURE];
  chiso__place place = { .file = file, .line = 1 };
  CHISO__TRY(check_comment(place, lines[0], UNTRUSTED, err));
  place.line = 2;
  if (!chiso__base64_decode(lines[1].text, lines[1].size, raw, sizeof raw))
    return REFUSE(err, place, MSG_SIGNATURE_BASE64);
  out->hashed = memcmp(raw, "ED", 2) == 0;
  if (!out->hashed && memcmp(raw, "Ed", 2) != 0)
    return REFUSE(err, place, MSG_SIGNATURE_ALGORITHM);
  print_id(raw + 2, out->id);
  memcpy(out->bytes, raw + HEAD, sizeof out->bytes);
  place.line = 3;
  CHISO__TRY(check_comment(place, lines[2], TRUSTED, err));
  place.line = 4;
  if (!chiso__base64_decode(lines[3].text, lines[3].size, out->whole,
                            sizeof out->whole))
    return REFUSE(err, place, MSG_SIGNATURE_BASE64);
  return CHISO_OK;
}

chiso_status chiso__signature_read(chiso__arena *arena, const char *file,
                                   const char *text, size_t size,
                                   chiso__signature *out, chiso_error *err) {
  line lines[4];
  CHISO__TRY(check_text(file, text, size, err));
  if (split(text, size, lines, 4) != 4)
    return REFUSE(err, (chiso__place) { .file = file }, MSG_SIGNATURE_LINES);
  CHISO__TRY(read_lines(file, lines, out, err));
  size_t begin = strlen(TRUSTED);
  out->comment =
      chiso__arena_text(arena, lines[2].text + begin, lines[2].size - begin);
  return out->comment ? CHISO_OK : chiso__no_memory(err);
}

bool chiso__signature_verify(const chiso__signature *signature,
                             const chiso__key *key, const void *bytes,
                             size_t size) {
  unsigned char hash[CHISO__BLAKE2B];
  unsigned char whole[CHISO__ED25519_SIGNATURE + CHISO__MAX_COMMENT];
  size_t comment = strlen(signature->comment);
  if (strcmp(signature->id, key->id) != 0 || comment > CHISO__MAX_COMMENT)
    return false;
  if (signature->hashed) {
    chiso__blake2b(bytes, size, hash);
    bytes = hash;
    size = sizeof hash;
  }
  memcpy(whole, signature->bytes, CHISO__ED25519_SIGNATURE);
  memcpy(whole + CHISO__ED25519_SIGNATURE, signature->comment, comment);
  return chiso__ed25519_verify(key->bytes, bytes, size, signature->bytes) &&
         chiso__ed25519_verify(key->bytes, whole,
                               CHISO__ED25519_SIGNATURE + comment,
                               signature->whole);
}
