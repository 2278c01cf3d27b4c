/* SPDX-License-Identifier: Apache-2.0
 * Damaged tables of changes and of weights: what is accepted has every older
 * unit in one new one, and shares that add up. */
#include <math.h>
#include <string.h>

#include "fuzz_author.h"

#define FROM SOURCE_DIR "/indices/units/vn.provinces-2008.csv"

static bool whole(const chiso_bridge *b) {
  size_t parts = 0;
  for (size_t t = 0; t < chiso_units_count(chiso_bridge_to(b)); t++) {
    double sum = 0;
    for (size_t i = 0; i < chiso_bridge_parts(b, t); i++)
      sum += chiso_bridge_part_at(b, t, i).share;
    if (chiso_bridge_column(b) && !(fabs(sum - 1) < 1e-9))
      return false;
    parts += chiso_bridge_parts(b, t);
  }
  return parts == chiso_units_count(chiso_bridge_from(b));
}

static chiso_status both(const char *changes, const char *weights,
                         const chiso_allocator *allocator, chiso_error *err) {
  chiso_store_options places = { .share_dir = BUILD_DIR "/share/chiso" };
  chiso_bridge_options o = { .changes = changes,
                             .weights = weights,
                             .equal = !weights };
  chiso_store *store = NULL;
  chiso_units *from = NULL;
  chiso_bridge *b = NULL;
  chiso_status status =
      chiso_store_open(&places, err->lang, allocator, &store, err);
  if (status == CHISO_OK)
    status = chiso_units_read(FROM, "vn.provinces/2008", allocator, &from, err);
  if (status == CHISO_OK)
    status = chiso_bridge_new(store, from, &o, allocator, &b, err);
  if (status == CHISO_OK && !whole(b))
    status = CHISO_INTERNAL;
  chiso_bridge_free(b);
  chiso_units_free(from);
  chiso_store_free(store);
  return status;
}

chiso_status fuzz_changes(const char *path, const chiso_allocator *allocator,
                          chiso_error *err) {
  return both(path, NULL, allocator, err);
}

chiso_status fuzz_weights(const char *path, const chiso_allocator *allocator,
                          chiso_error *err) {
  return both(NULL, path, allocator, err);
}
