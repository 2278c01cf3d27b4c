/* SPDX-License-Identifier: Apache-2.0
 * author/annex_cell.c - what one cell of an annex says. */
#include <string.h>

#include "author/annex.h"
#include "author/wording.h"
#include "base/dec.h"
#include "base/text.h"

const char *chiso__annex_keep(chiso__annex *annex, const char *from, size_t size) {
  const char *kept = chiso__arena_text(&annex->import->arena, from, size);
  annex->failed |= !kept;
  return kept ? kept : "";
}

const char *chiso__annex_plain(chiso__annex *annex, const char *text) {
  const char *folded = chiso__text_plain(&annex->import->arena, text);
  annex->failed |= !folded;
  return folded ? folded + strspn(folded, " \t\r\n") : "";
}

const char *chiso__annex_line(chiso__annex *annex, const char *text) {
  chiso__buffer b = { .allocator = annex->import->arena.allocator };
  bool gap = false;
  for (; *text; text++) {
    if (strchr(" \t\r\n", *text) || strncmp(text, "\xc2\xa0", 2) == 0) {
      gap = b.size > 0;
      text += *text == '\xc2';
      continue;
    }
    if (gap)
      chiso__buffer_text(&b, " ");
    gap = false;
    chiso__buffer_bytes(&b, text, 1);
  }
  annex->failed |= b.failed;
  const char *kept = b.size ? chiso__annex_keep(annex, b.data, b.size) : "";
  chiso__buffer_free(&b);
  return kept;
}

bool chiso__annex_points(chiso__annex *annex, const chiso__sheet_cell *cell,
                      chiso_dec *out) {
  const char *end;
  if (!cell || cell->kind == CHISO__KIND_DATE)
    return false;
  if (cell->kind == CHISO__KIND_NUMBER) {
    chiso__number number;
    if (chiso__number_read(cell->text, strlen(cell->text), CHISO_DEC_DIGITS,
                           &number) != CHISO__NUMBER_OK)
      return false;
    *out = number.raw;
    return true;
  }
  const char *folded = chiso__annex_plain(annex, cell->text);
  if (!chiso__lead_number(folded, out, &end))
    return false;
  end += strspn(end, " )");
  if (strncmp(end, "diem", 4) == 0)
    end += 4;
  else if (*end == 'd')
    end++;
  return end[strspn(end, " .)\n")] == '\0';
}
