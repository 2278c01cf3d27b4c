/* SPDX-License-Identifier: Apache-2.0
 * host/isolated.c - plugins of the store that are held by workers. */
#include "host/host.h"
#include "host/worker.h"

static uint8_t guards_of(unsigned guards) {
  return (
      uint8_t)((guards & CHISO__GUARD_CALLS ? CHISO_GUARD_SYSTEM_CALLS : 0) |
               (guards & CHISO__GUARD_FILES ? CHISO_GUARD_FILES : 0));
}

static chiso_status read_sent(chiso__host_plugin *plugin,
                              const unsigned char *bytes, size_t size,
                              chiso_error *err) {
  const char *file = plugin->listing.library;
  const chiso__manifest *manifest = &plugin->manifest;
  chiso_plugin *tables;
  bool has_rule;
  CHISO__TRY(chiso__tables_read(&plugin->sent, file, manifest->id, bytes, size,
                                &tables, &has_rule, err));
  CHISO__TRY(chiso__tables_check(file, tables, has_rule, manifest, err));
  plugin->tables = tables;
  return CHISO_OK;
}

chiso_status chiso__isolated_load(const chiso_store *store,
                                  chiso__host_plugin *plugin, const void *bytes,
                                  size_t size, chiso_error *err) {
  const chiso__worker_task task = { .program = store->options.worker,
                                    .bytes = bytes,
                                    .size = size,
                                    .n_indices = plugin->manifest.n_indices };
  const unsigned char *sent = NULL;
  size_t sent_size = 0;
  chiso__arena_free(&plugin->sent);
  plugin->sent = (chiso__arena) { .allocator = store->allocator };
  plugin->tables = NULL;
  if (!plugin->worker)
    plugin->worker =
        chiso__worker_new(plugin->listing.library, store->allocator);
  if (!plugin->worker)
    return chiso__no_memory(err);
  chiso_status status = chiso__worker_start(
      plugin->worker, &task, &plugin->sent, &sent, &sent_size, err);
  if (status == CHISO_OK) {
    plugin->listing.guards = guards_of(plugin->worker->guards);
    status = read_sent(plugin, sent, sent_size, err);
  }
  /* Data needs no process any more. */
  if (status != CHISO_OK || !plugin->manifest.call)
    chiso__worker_stop(plugin->worker);
  return status;
}

static chiso_status call_worker(void *user, const chiso_calls *calls,
                                chiso_error *err) {
  return chiso__worker_call(user, calls, err);
}

chiso_rule chiso__isolated_rule(chiso__host_plugin *plugin) {
  return plugin->manifest.call
             ? (chiso_rule) { .elsewhere = call_worker, .user = plugin->worker }
             : (chiso_rule) { 0 };
}

bool chiso__isolated_ended(const chiso__host_plugin *plugin) {
  const chiso_calls none = { 0 };
  return plugin->tables && plugin->worker && plugin->manifest.call &&
         chiso__worker_call(plugin->worker, &none, NULL) != CHISO_OK;
}

void chiso__isolated_free(chiso__host_plugin *plugin) {
  chiso__worker_free(plugin->worker);
  chiso__arena_free(&plugin->sent);
  plugin->worker = NULL;
  plugin->tables = NULL;
}
