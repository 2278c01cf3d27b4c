/* SPDX-License-Identifier: Apache-2.0
 * base/remarks.c - every fault and notice of a reading. */
#include "base/remarks.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Room for one more; NULL when enough are kept or memory is short. */
static chiso_error *add_remark(chiso__remarks *r, chiso_status status) {
  r->faults += status != CHISO_OK;
  if (r->count >= CHISO__MAX_REMARKS)
    return NULL;
  if (!chiso__grow(r->allocator, (void **)(void *)&r->list, &r->capacity,
                   r->count, sizeof *r->list)) {
    r->short_memory = true;
    return NULL;
  }
  return &r->list[r->count++];
}

void chiso__remark(chiso__remarks *r, chiso_status status, chiso__place place,
                   chiso__message message, ...) {
  chiso_error *err = add_remark(r, status);
  if (!err)
    return;
  memset(err, 0, sizeof *err);
  err->lang = r->lang;
  va_list args;
  va_start(args, message);
  chiso__fail_with(err, status, place, message, args);
  va_end(args);
}

void chiso__remark_error(chiso__remarks *r, const chiso_error *fault) {
  chiso_error *err = add_remark(r, fault->status);
  if (err)
    *err = *fault;
}

static int by_place(const void *a, const void *b) {
  const chiso_error *x = a, *y = b;
  int order = strcmp(x->file, y->file);
  if (order)
    return order;
  if (x->line != y->line)
    return x->line < y->line ? -1 : 1;
  if (x->column != y->column)
    return x->column < y->column ? -1 : 1;
  return strcmp(x->text, y->text);
}

void chiso__remarks_sort(chiso__remarks *r) {
  if (r->count)
    qsort(r->list, r->count, sizeof *r->list, by_place);
}
