/* SPDX-License-Identifier: Apache-2.0
 * base/buffer.h - text that grows. */
#ifndef CHISO_BASE_BUFFER_H
#define CHISO_BASE_BUFFER_H

#include "chiso/base.h"

/* Zero-initialised it is empty. After a failed append `failed` stays true and
 * further appends do nothing: check once at the end. `data` is always
 * zero-terminated or NULL. */
typedef struct chiso__buffer {
  const chiso_allocator *allocator; /* borrowed; NULL = the default */
  char *data;
  size_t size, capacity;
  bool failed;
} chiso__buffer;

void chiso__buffer_bytes(chiso__buffer *buffer, const void *bytes, size_t size);
void chiso__buffer_text(chiso__buffer *buffer, const char *text);
void chiso__buffer_print(chiso__buffer *buffer, const char *format, ...)
    CHISO_PRINTF(2, 3);
void chiso__buffer_free(chiso__buffer *buffer);

#endif
