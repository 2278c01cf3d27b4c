/* SPDX-License-Identifier: Apache-2.0
 * base/remarks.h - every fault and notice of a reading, where one error would
 * only show the first. */
#ifndef CHISO_BASE_REMARKS_H
#define CHISO_BASE_REMARKS_H

#include "base/arena.h"
#include "base/error.h"

#define CHISO__MAX_REMARKS 1000u /* kept; all are counted */

/* Faults and notices in the order they were met. */
typedef struct chiso__remarks {
  const chiso_allocator *allocator;
  chiso_lang lang;
  chiso_error *list;
  size_t count, capacity, faults;
  bool short_memory; /* one could not be kept */
} chiso__remarks;

/* Adds one; `status` CHISO_OK makes a notice. Also fills nothing else: reading
 * goes on, so that one run shows every fault. */
void chiso__remark(chiso__remarks *remarks, chiso_status status,
                   chiso__place place, chiso__message message, ...);
/* The same with an error that another part has filled. */
void chiso__remark_error(chiso__remarks *remarks, const chiso_error *fault);
/* By file, line and column. */
void chiso__remarks_sort(chiso__remarks *remarks);

#endif
