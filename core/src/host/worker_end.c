/* SPDX-License-Identifier: Apache-2.0
 * host/worker_end.c - what became of a worker, in words. */
#include "host/sandbox.h"
#include "host/worker.h"

#include <signal.h>
#include <sys/syscall.h>

static const char *signal_name(uint32_t number) {
  static const struct {
    int number;
    const char *name;
  } names[] = { { SIGABRT, "SIGABRT" }, { SIGBUS, "SIGBUS" },
                { SIGFPE, "SIGFPE" },   { SIGILL, "SIGILL" },
                { SIGKILL, "SIGKILL" }, { SIGSEGV, "SIGSEGV" },
                { SIGTERM, "SIGTERM" }, { SIGTRAP, "SIGTRAP" },
                { SIGPIPE, "SIGPIPE" } };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if ((uint32_t)names[i].number == number)
      return names[i].name;
  return "?";
}

/* "memory" calls are forbidden once the plugin is loaded. */
static bool asks_for_memory(uint32_t call) {
  return call == __NR_mmap || call == __NR_brk || call == __NR_mremap ||
         call == __NR_munmap;
}

static chiso_status say_signal(const chiso__ending *e, chiso__place place,
                               const char *when, chiso_error *err) {
  switch (e->number) {
  case SIGSEGV:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_SEGV, when);
  case SIGABRT:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_ABORT, when);
  case SIGKILL:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_KILLED, when);
  default:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_SIGNAL, when,
                       (unsigned)e->number, signal_name(e->number));
  }
}

static chiso_status say_forbidden(const chiso__ending *e, chiso__place place,
                                  const char *when, chiso_error *err) {
  const char *name = chiso__sandbox_call_name(e->number);
  if (asks_for_memory(e->number))
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_ALLOCATES, when,
                       name);
  if (name)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_FORBIDDEN, when,
                       name);
  if (e->number == UINT32_MAX)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_FORBIDDEN, when,
                       "?");
  return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_FORBIDDEN_NUMBER,
                     when, (unsigned)e->number);
}

chiso_status chiso__ending_say(const chiso__ending *e, const char *file,
                               chiso_error *err) {
  chiso__place place = { .file = file };
  const char *when =
      chiso__message_text(e->in_rule ? MSG_WORKER_IN_RULE : MSG_WORKER_LOADING,
                          err ? err->lang : CHISO_LANG_EN);
  switch (e->kind) {
  case CHISO__ENDING_SILENT:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_SILENT, when,
                       (unsigned)(e->waited_ms / 1000),
                       (unsigned)(e->waited_ms % 1000 / 100),
                       (unsigned)(e->computed_ms / 1000),
                       (unsigned)(e->computed_ms % 1000 / 100));
  case CHISO__ENDING_GARBAGE:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_GARBAGE);
  case CHISO__ENDING_EXIT:
    if (e->number == CHISO__WORKER_NO_SETUP)
      return chiso__fail(err, CHISO_IO, place, MSG_WORKER_SETUP);
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_EXIT, when,
                       (unsigned)e->number);
  case CHISO__ENDING_SIGNAL:
    return say_signal(e, place, when, err);
  case CHISO__ENDING_MEMORY:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_MEMORY, when,
                       (unsigned)(CHISO__WORKER_MEMORY >> 20));
  case CHISO__ENDING_FORBIDDEN:
    return say_forbidden(e, place, when, err);
  default:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_OTHER, when);
  }
}
