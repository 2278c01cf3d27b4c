/* SPDX-License-Identifier: Apache-2.0
 * host/shape.h - what the structs of chiso/plugin.h point at, in one table for
 * the worker that sends tables and the host that reads them.
 *
 * A struct travels as its bytes, in this build's layout, then what its
 * pointers point at, in the order of its shape: a text as its length (uint32_t,
 * CHISO__NO_TEXT: none), its bytes and a zero; an array as its elements, each
 * in the same way. In the struct's bytes a pointer to an array is 1 when the
 * elements follow, 0 when not. Nothing is said twice, so that what is read is
 * never larger than what was sent. */
#ifndef CHISO_HOST_SHAPE_H
#define CHISO_HOST_SHAPE_H

#include <stddef.h>
#include <stdint.h>

#include "chiso/plugin.h"

#define CHISO__NO_TEXT     UINT32_MAX
#define CHISO__STRIDE_NONE UINT16_MAX

typedef struct chiso__shape chiso__shape;

/* An array: where its pointer and its count stand in the struct; where its
 * stride stands in chiso_index, or CHISO__STRIDE_NONE. */
typedef struct chiso__shape_array {
  const chiso__shape *element;
  uint16_t pointer, count, stride;
  uint32_t most;
} chiso__shape_array;

struct chiso__shape {
  size_t size;
  const uint16_t *texts;
  size_t n_texts;
  const chiso__shape_array *arrays;
  size_t n_arrays;
};

extern const chiso__shape chiso__shape_plugin; /* its texts alone */
extern const chiso__shape chiso__shape_index;

#endif
