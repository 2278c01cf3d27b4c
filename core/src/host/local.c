/* SPDX-License-Identifier: Apache-2.0
 * host/local.c - methodologies that no plugin holds: read from a file and
 * listed beside the others while the store is open. */
#include "host/host.h"

#include <string.h>

const chiso_listing *chiso__store_local(const chiso_store *store,
                                        const char *path) {
  for (const chiso__host_local *l = store->locals; l; l = l->next)
    if (strcmp(l->path, path) == 0)
      return &l->listing;
  return NULL;
}

static chiso_status describe(chiso_store *store, chiso__host_local *local,
                             chiso_error *err) {
  chiso__manifest_index about;
  CHISO__TRY(
      chiso__manifest_describe(&store->arena, local->methodology, &about, err));
  local->listing =
      (chiso_listing) { .id = about.id,
                        .edition = about.edition,
                        .name = chiso_methodology_name(local->methodology),
                        .title_vi = about.title_vi,
                        .title_en = about.title_en,
                        .unit_set = about.unit_set,
                        .variant_of = about.variant_of,
                        .scope = about.scope,
                        .legal = about.legal,
                        .digest = about.digest,
                        .provenance = about.provenance,
                        .counts = about.counts,
                        .max = about.max,
                        .first = about.first,
                        .last = about.last,
                        .level = about.level,
                        .plugin = UINT32_MAX };
  return CHISO_OK;
}

chiso_status chiso__store_add(chiso_store *store, const char *path,
                              const chiso_methodology *methodology,
                              chiso_rule rule, void *owner,
                              void (*release)(void *owner),
                              const chiso_listing **out, chiso_error *err) {
  chiso__host_local *local = chiso__arena_alloc(&store->arena, sizeof *local);
  const char *kept = chiso__arena_text(&store->arena, path, strlen(path));
  chiso_status status = local && kept ? CHISO_OK : chiso__no_memory(err);
  if (status == CHISO_OK) {
    *local = (chiso__host_local) { .path = kept,
                                   .methodology = methodology,
                                   .rule = rule,
                                   .owner = owner,
                                   .release = release,
                                   .next = store->locals };
    status = describe(store, local, err);
  }
  if (status != CHISO_OK) {
    release(owner);
    return status;
  }
  store->locals = local;
  *out = &local->listing;
  return CHISO_OK;
}

const chiso__host_local *chiso__local_of(const chiso_store *store,
                                         const chiso_listing *listing) {
  for (const chiso__host_local *l = store->locals; l; l = l->next)
    if (&l->listing == listing)
      return l;
  return NULL;
}

void *chiso__store_owner(const chiso_store *store, const chiso_listing *listing,
                         void (*release)(void *owner)) {
  const chiso__host_local *l = chiso__local_of(store, listing);
  return l && l->release == release ? l->owner : NULL;
}

void chiso__locals_free(chiso_store *store) {
  for (chiso__host_local *l = store->locals; l; l = l->next)
    l->release(l->owner);
  store->locals = NULL;
}
