/* SPDX-License-Identifier: Apache-2.0
 * worker/worker.h - what the files of the worker program share. */
#ifndef CHISO_WORKER_WORKER_H
#define CHISO_WORKER_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "host/protocol.h"

/* Writes the plugin's tables in the form of host/protocol.h; `n_indices` as in
 * chiso__shared. SIZE_MAX: they are larger than `room`. */
size_t worker_tables(const chiso_plugin *plugin, uint32_t n_indices,
                     unsigned char *room, size_t size);

/* Handlers that note in `crash` why the process dies, on a stack of their own,
 * and let it die. */
bool worker_watch(chiso__crash *crash);
/* From now on asking for memory is forbidden and cannot have run out. */
void worker_loaded(void);

/* Calls rule() for `units` units of the batch. */
void worker_batch(const chiso_plugin *plugin, chiso__batch *batch,
                  size_t units);

#endif
