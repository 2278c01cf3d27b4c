/* SPDX-License-Identifier: Apache-2.0
 * base/text.h - UTF-8, NFC, ASCII helpers that do not depend on the locale. */
#ifndef CHISO_BASE_TEXT_H
#define CHISO_BASE_TEXT_H

#include "base/arena.h"
#include "base/error.h"

/* Offset of the first byte that is not well-formed UTF-8 (RFC 3629), or
 * `size` when all is. */
size_t chiso__utf8_check(const char *text, size_t size);

/* Line and column (characters, both from 1) of an offset in a text. */
void chiso__text_place(const char *text, size_t size, size_t offset,
                       uint64_t *line, uint64_t *column);

/* The text in NFC, in the arena. Returns `text` itself when it already is
 * (the usual case, decided without ICU). The text must be valid UTF-8 and
 * zero-terminated at text[size]. NULL: memory is short. */
const char *chiso__nfc(chiso__arena *arena, const char *text, size_t size);

/* Columns a terminal gives the text: combining marks 0, wide characters 2. */
size_t chiso__text_width(const char *text);

bool chiso__text_same_folded(const char *a, const char *b); /* ASCII folding */
uint64_t chiso__text_hash(const char *text, size_t size);
uint64_t chiso__text_hash_folded(const char *text);

/* Lower-case ASCII of a Vietnamese name for look-up: marks dropped, đ to d,
 * blanks and punctuation joined to one '-'; "Bà Rịa - Vũng Tàu" gives
 * "ba-ria-vung-tau". In the arena; NULL when memory is short. `text` must be
 * NFC. */
const char *chiso__text_slug(chiso__arena *arena, const char *text);

/* Lower-case ASCII of a text that is looked through for words: marks dropped, đ
 * to d, other dashes, quotes and blanks to theirs in ASCII, "≥" to ">=", "×" to
 * "x"; what has no ASCII becomes a blank. In the arena; NULL when memory is
 * short. `text` must be NFC. */
const char *chiso__text_plain(chiso__arena *arena, const char *text);

/* The name nearest to `word` among `count` names by edit distance, for "did
 * you mean"; NULL when none is near (distance over a third of its length). */
const char *chiso__text_nearest(const char *word, const char *const *names,
                                size_t count);

#endif
