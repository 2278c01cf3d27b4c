/* SPDX-License-Identifier: Apache-2.0
 * author/annex_sums.c - ids of the rows, and whether maxima add up. */
#include <string.h>

#include "author/annex.h"
#include "base/dec.h"

#define FAULT(annex, draft, role, ...)                                         \
  chiso__remark(&(annex)->import->remarks, CHISO_BAD_DATA,                     \
                chiso__annex_place((annex), (draft)->row, (role)),             \
                __VA_ARGS__)

/* ---- ids ----------------------------------------------------------------- */

static bool begins(const char *text, const char *with) {
  size_t size = strlen(with);
  return strncmp(text, with, size) == 0 && text[size] == '.';
}

/* Whether a number is used under several parents: then every id names its
 * parent too. A letter alone always does. */
static bool numbers_restart(chiso__annex *annex) {
  chiso__map seen = { .allocator = annex->import->allocator, .folded = true };
  bool restart = false;
  for (size_t i = 0; i < annex->count && !annex->failed; i++) {
    const chiso__draft *d = &annex->drafts[i];
    size_t other;
    if (d->code.style == CHISO__NUMBERING_LOWER)
      continue;
    chiso__map_result put = chiso__map_put(&seen, d->printed, i, &other);
    annex->failed |= put == CHISO__MAP_NO_MEMORY;
    restart |=
        put == CHISO__MAP_REPEATED && annex->drafts[other].parent != d->parent;
  }
  chiso__map_free(&seen);
  return restart;
}

static void make_id(chiso__annex *annex, chiso__draft *d, bool restart) {
  const chiso__draft *p =
      d->parent == SIZE_MAX ? NULL : &annex->drafts[d->parent];
  const char *own = d->printed;
  bool whole = !p || begins(own, p->node.id) ||
               (!restart && d->code.style != CHISO__NUMBERING_LOWER);
  chiso__buffer id = { .allocator = annex->import->allocator };
  /* "1.2" under "1", which is "I.1", is "I.1.2" */
  if (!whole && begins(own, p->printed))
    own += strlen(p->printed) + 1;
  if (!whole)
    chiso__buffer_print(&id, "%s.", p->node.id);
  chiso__buffer_text(&id, own);
  if (!id.failed)
    d->node.id = chiso__arena_text(&annex->import->arena, id.data, id.size);
  annex->failed |= !d->node.id;
  chiso__buffer_free(&id);
}

void chiso__annex_ids(chiso__annex *annex) {
  bool restart = annex->header.column[CHISO__ROLE_PARENT] == UINT32_MAX &&
                 numbers_restart(annex);
  chiso__map ids = { .allocator = annex->import->allocator, .folded = true };
  for (size_t i = 0; i < annex->count && !annex->failed; i++) {
    chiso__draft *d = &annex->drafts[i];
    size_t other;
    if (annex->header.column[CHISO__ROLE_PARENT] == UINT32_MAX)
      make_id(annex, d, restart);
    else
      d->node.id = d->printed;
    if (!d->node.id)
      break;
    chiso__map_result put = chiso__map_put(&ids, d->node.id, i, &other);
    annex->failed |= put == CHISO__MAP_NO_MEMORY;
    if (put == CHISO__MAP_REPEATED)
      FAULT(annex, d, CHISO__ROLE_CODE, MSG_AUTHOR_REPEATED, d->printed,
            (unsigned)annex->drafts[other].row + 1);
  }
  chiso__map_free(&ids);
}

/* ---- sums ---------------------------------------------------------------- */

/* Rows of the children, "7, 9, 11", and their sum; *known: all of them are
 * there with their maxima. */
static chiso_dec add_children(const chiso__annex *annex, size_t parent,
                              chiso__buffer *rows, unsigned *count,
                              bool *known) {
  chiso_dec sum = 0;
  *count = 0;
  *known = !annex->rows_lost;
  for (size_t i = 0; i < annex->count; i++) {
    const chiso__draft *d = &annex->drafts[i];
    if (d->parent != parent)
      continue;
    sum += d->node.max;
    *known = *known && d->has_max;
    ++*count;
    if (*count <= 12)
      chiso__buffer_print(rows, "%s%u", rows->size ? ", " : "",
                          (unsigned)d->row + 1);
    else if (*count == 13)
      chiso__buffer_text(rows, ", \xe2\x80\xa6");
  }
  return sum;
}

static void print(const chiso__annex *annex, chiso_dec value,
                  char out[CHISO_DEC_TEXT]) {
  chiso__dec_say(value, annex->import->lang, out);
}

static bool balanced(chiso_dec sum, chiso_dec max, unsigned count) {
  chiso_dec difference = sum > max ? sum - max : max - sum;
  return difference <= (chiso_dec)count;
}

static void check_inner(chiso__annex *annex, size_t place) {
  chiso__draft *d = &annex->drafts[place];
  chiso__buffer rows = { .allocator = annex->import->allocator };
  char text[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
  unsigned count;
  bool known;
  chiso_dec sum = add_children(annex, place, &rows, &count, &known);
  print(annex, sum, text);
  print(annex, d->node.max, max);
  annex->failed |= rows.failed;
  if (!d->has_max && !*d->max_text && known) {
    d->node.max = sum;
    d->has_max = true;
    chiso__draft_note(annex, d, CHISO_READING_CHECK, MSG_AUTHOR_SUM_TAKEN,
                      text);
  } else if (known && d->has_max && !balanced(sum, d->node.max, count) &&
             !rows.failed) {
    FAULT(annex, d, CHISO__ROLE_MAX, MSG_AUTHOR_BALANCE, d->node.id, max, text,
          rows.data);
  }
  chiso__buffer_free(&rows);
}

static void check_total(chiso__annex *annex) {
  chiso__buffer rows = { .allocator = annex->import->allocator };
  char text[CHISO_DEC_TEXT], max[CHISO_DEC_TEXT];
  unsigned count;
  bool known;
  chiso_dec sum = add_children(annex, SIZE_MAX, &rows, &count, &known);
  print(annex, sum, text);
  print(annex, annex->total, max);
  annex->failed |= rows.failed;
  if (known && annex->has_total && !balanced(sum, annex->total, count) &&
      !rows.failed)
    chiso__remark(&annex->import->remarks, CHISO_BAD_DATA,
                  chiso__annex_place(annex, annex->total_row, CHISO__ROLE_MAX),
                  MSG_AUTHOR_TOTAL, max, text, rows.data);
  /* PAR and its kin have 100 points; another total may be a slip */
  if (!annex->has_total && sum != 100 * CHISO_DEC_ONE &&
      annex->import->remarks.faults == 0)
    chiso__remark(&annex->import->remarks, CHISO_OK,
                  (chiso__place) { annex->sheet->file, 0, 0 },
                  MSG_AUTHOR_NO_TOTAL, text);
  annex->total = annex->has_total ? annex->total : sum;
  chiso__buffer_free(&rows);
}

static void check_leaf(chiso__annex *annex, chiso__draft *d) {
  if (!d->has_max && !*d->max_text)
    FAULT(annex, d, CHISO__ROLE_MAX, MSG_AUTHOR_NO_MAX, d->node.id);
}

void chiso__annex_sums(chiso__annex *annex) {
  /* children stand after their parents: from the end upwards */
  for (size_t i = annex->count; i-- > 0 && !annex->failed;)
    if (!annex->drafts[i].inner)
      check_leaf(annex, &annex->drafts[i]);
    else
      check_inner(annex, i);
  if (annex->count && !annex->failed)
    check_total(annex);
}
