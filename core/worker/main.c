/* SPDX-License-Identifier: Apache-2.0
 * worker/main.c - chiso-worker: opens one plugin where it can do no harm.
 *
 * It is started by the library (host/worker.c) with three descriptors
 * (host/protocol.h), an empty environment and nothing of the host's memory.
 * It gives up its rights before the plugin's first instruction can run, and
 * all but the channel before it asks the plugin anything. */
#define _GNU_SOURCE /* syscall() */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/sandbox.h"
#include "worker.h"

#ifndef __NR_close_range
#define __NR_close_range 436 /* the same on every machine */
#endif

typedef const chiso_plugin *(*entry_point)(void);

/* ---- the channel -------------------------------------------------------- */

static bool send_frame(uint32_t kind, uint32_t sequence, uint64_t size) {
  const chiso__frame frame = { kind, sequence, size };
  ssize_t written;
  do
    written = write(CHISO__WORKER_CHANNEL, &frame, sizeof frame);
  while (written < 0 && errno == EINTR);
  return written == (ssize_t)sizeof frame;
}

/* False when the host has gone. */
static bool next_call(chiso__frame *frame) {
  ssize_t got;
  do
    got = read(CHISO__WORKER_CHANNEL, frame, sizeof *frame);
  while (got < 0 && errno == EINTR);
  return got == (ssize_t)sizeof *frame && frame->kind == CHISO__FRAME_CALL &&
         frame->size <= CHISO__BATCH_UNITS;
}

/* ---- getting ready ------------------------------------------------------ */

/* Closes whatever the host's program has open. The kernels before 5.9 have no
 * call for a range. */
static bool close_others(void) {
  unsigned first = CHISO__WORKER_FILES;
  if (syscall(__NR_close_range, first, ~0u, 0) == 0)
    return true;
  long most = sysconf(_SC_OPEN_MAX);
  for (long fd = first; fd < most; fd++)
    close((int)fd);
  return most > 0;
}

static chiso__shared *map_shared(void) {
  void *shared = mmap(NULL, sizeof(chiso__shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED, CHISO__WORKER_SHARED, 0);
  close(CHISO__WORKER_SHARED);
  return shared == MAP_FAILED ? NULL : shared;
}

/* The guards that this kernel has; false when the rest cannot be done. */
static bool protect(chiso__shared *shared, uint64_t *guards) {
  if (!worker_watch(&shared->crash) ||
      !chiso__sandbox_limits(CHISO__WORKER_MEMORY, CHISO__WORKER_SECONDS,
                             CHISO__WORKER_FILES))
    return false;
  *guards = chiso__sandbox_files() ? CHISO__GUARD_FILES : 0;
  if (chiso__sandbox_calls(CHISO__SANDBOX_LOAD, CHISO__WORKER_CHANNEL))
    *guards |= CHISO__GUARD_CALLS;
  return true;
}

/* ---- the plugin --------------------------------------------------------- */

static bool refuse(chiso__shared *shared, const char *why) {
  size_t size = why ? strnlen(why, CHISO__WORKER_REASON) : 0;
  if (why)
    memcpy(shared->room, why, size);
  return send_frame(CHISO__FRAME_REFUSED, 0, size);
}

/* Its tables, after which only the channel is left to the process. NULL after
 * a refusal that was sent. */
static const chiso_plugin *load(chiso__shared *shared, bool filtered) {
  void *library = dlopen("/proc/self/fd/3", RTLD_NOW | RTLD_LOCAL);
  void *symbol = library ? dlsym(library, "chiso_plugin_v1") : NULL;
  if (!symbol) {
    refuse(shared, dlerror());
    return NULL;
  }
  worker_loaded();
  if (filtered &&
      !chiso__sandbox_calls(CHISO__SANDBOX_CALL, CHISO__WORKER_CHANNEL))
    _exit(CHISO__WORKER_NO_SETUP);
  entry_point entry;
  memcpy(&entry, &symbol, sizeof entry); /* ISO C has no such conversion */
  const chiso_plugin *plugin = entry();
  size_t size = worker_tables(plugin, shared->n_indices, shared->room,
                              sizeof shared->room);
  return send_frame(CHISO__FRAME_TABLES, 0, size) ? plugin : NULL;
}

int main(void) {
  chiso__shared *shared;
  uint64_t guards;
  if (!close_others() || !(shared = map_shared()) ||
      !protect(shared, &guards) ||
      !send_frame(CHISO__FRAME_READY, CHISO__PROTOCOL, guards))
    _exit(CHISO__WORKER_NO_SETUP);
  const chiso_plugin *plugin = load(shared, guards & CHISO__GUARD_CALLS);
  chiso__frame frame;
  while (plugin && plugin->rule && next_call(&frame)) {
    worker_batch(plugin, &shared->batch, frame.size);
    if (!send_frame(CHISO__FRAME_DONE, frame.sequence, frame.size))
      break;
  }
  _exit(0);
}
