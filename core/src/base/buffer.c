/* SPDX-License-Identifier: Apache-2.0
 * base/buffer.c - text that grows. */
#include "base/buffer.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"

/* Room for `size` bytes and a zero after what is there. */
static bool reserve(chiso__buffer *buffer, size_t size) {
  if (buffer->failed)
    return false;
  buffer->failed = size >= SIZE_MAX - buffer->size;
  if (!buffer->failed) {
    void *data = buffer->data;
    buffer->failed = !chiso__grow(buffer->allocator, &data, &buffer->capacity,
                                  buffer->size + size, 1);
    buffer->data = data;
  }
  return !buffer->failed;
}

void chiso__buffer_bytes(chiso__buffer *buffer, const void *bytes,
                         size_t size) {
  if (!reserve(buffer, size))
    return;
  if (size)
    memcpy(buffer->data + buffer->size, bytes, size);
  buffer->size += size;
  buffer->data[buffer->size] = '\0';
}

void chiso__buffer_text(chiso__buffer *buffer, const char *text) {
  chiso__buffer_bytes(buffer, text, strlen(text));
}

void chiso__buffer_print(chiso__buffer *buffer, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) {
    buffer->failed = true;
  } else if (reserve(buffer, (size_t)length)) {
    (void)vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format,
                    again);
    buffer->size += (size_t)length;
  }
  va_end(again);
}

void chiso__buffer_free(chiso__buffer *buffer) {
  chiso__free(buffer->allocator, buffer->data);
  *buffer = (chiso__buffer) { .allocator = buffer->allocator };
}
