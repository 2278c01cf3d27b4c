/* SPDX-License-Identifier: Apache-2.0
 * host/verify.c - what can be said of a plugin without running it. */
#include "host/host.h"

/* Why nobody vouches for a plugin that is not refused. */
static chiso_status say_unvouched(const chiso_plugin_listing *listing,
                                  chiso_error *err) {
  chiso__place place = { .file = listing->manifest };
  switch (listing->verdict) {
  case CHISO_VERDICT_OUTSIDE:
    return chiso__fail(err, CHISO_NO, place, MSG_VERIFY_OUTSIDE,
                       listing->key_id, listing->id);
  case CHISO_VERDICT_UNKNOWN_KEY:
    return chiso__fail(err, CHISO_NO, place, MSG_VERIFY_UNKNOWN_KEY,
                       listing->key_id);
  default:
    return chiso__fail(err, CHISO_NO, place, MSG_VERIFY_UNSIGNED);
  }
}

static chiso_status check_library(const chiso_store *store,
                                  const chiso__host_plugin *plugin,
                                  chiso_verification *out, chiso_error *err) {
  chiso__arena arena = { .allocator = store->allocator };
  chiso_error why = { .lang = store->lang };
  char digest[65];
  const char *bytes;
  size_t size;
  chiso_status status =
      chiso__library_read(&arena, plugin->listing.library, &plugin->manifest,
                          &bytes, &size, digest, &out->library, &why);
  chiso__arena_free(&arena);
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  out->elf = status == CHISO_OK;
  if (out->vouched && !out->elf)
    out->why = why;
  return CHISO_OK;
}

chiso_status chiso_store_verify(const chiso_store *store, size_t place,
                                chiso_verification *out, chiso_error *err) {
  *out = (chiso_verification) { .why.lang = store->lang };
  if (place >= store->n_plugins)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_STORE_FOREIGN);
  const chiso__host_plugin *plugin = &store->plugins[place];
  const chiso_plugin_listing *listing = &plugin->listing;
  out->vouched = listing->verdict == CHISO_VERDICT_PINNED ||
                 listing->verdict == CHISO_VERDICT_SIGNED;
  if (listing->state == CHISO_PLUGIN_REFUSED && !out->vouched)
    out->why = listing->why;
  else if (!out->vouched)
    (void)say_unvouched(listing, &out->why);
  return listing->library ? check_library(store, plugin, out, err) : CHISO_OK;
}
