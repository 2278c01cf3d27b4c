/* SPDX-License-Identifier: Apache-2.0
 * worker/crash.c - the last words of a process that is about to die. They help
 * people; the host knows by itself that, and by which signal, it died. */
#define _GNU_SOURCE /* syscall(), si_syscall */
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/sandbox.h"
#include "worker.h"

#define STACK ((size_t)64 * 1024)
#define PROBE ((size_t)64 * 1024 * 1024)

/* A handler is given nothing of the program's but what stands here. */
static chiso__crash *note;
static bool loading = true;
static unsigned char stack[STACK];

/* Nearly all of the memory is taken when a quarter more is refused. */
static bool memory_is_short(void) {
  void *probe =
      mmap(NULL, PROBE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED)
    return true;
  munmap(probe, PROBE);
  return false;
}

/* The handler is gone when it returns; what was done is done again and ends
 * the process by the same signal. */
static void on_fault(int signal) {
  (void)signal;
  if (loading && memory_is_short())
    note->memory = 1;
}

static void on_forbidden(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  note->system_call = (uint32_t)info->si_syscall;
  note->forbidden = 1;
  syscall((long)CHISO__SANDBOX_END);
}

bool worker_watch(chiso__crash *crash) {
  static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
  const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
  struct sigaction forbidden = { .sa_flags = SA_ONSTACK | SA_SIGINFO };
  struct sigaction fault = { .sa_flags = SA_ONSTACK | (int)SA_RESETHAND };
  forbidden.sa_sigaction = on_forbidden;
  fault.sa_handler = on_fault;
  note = crash;
  if (sigaltstack(&own, NULL) != 0 || sigaction(SIGSYS, &forbidden, NULL) != 0)
    return false;
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
    if (sigaction(faults[i], &fault, NULL) != 0)
      return false;
  return true;
}

void worker_loaded(void) {
  loading = false;
}
