/* SPDX-License-Identifier: Apache-2.0
 * author/check_guard.c - a process that may write records and end, and nothing
 * else. */
#define _GNU_SOURCE /* si_syscall */
#include "author/check.h"

#include "host/sandbox.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* si_code of a trapped call */
#endif

/* Runs in the process whose code made the call, so it uses nothing but its
 * stack. The descriptor is fixed: a handler has no argument of its own. */
static void tell(int number, siginfo_t *about, void *context) {
  chiso__check_record record;
  (void)number;
  (void)context;
  memset(&record, 0, sizeof record);
  record.magic = CHISO__RECORD_MAGIC;
  record.kind = CHISO__RECORD_CALL;
  record.found =
      about->si_code == SYS_SECCOMP ? (uint64_t)about->si_syscall : UINT64_MAX;
  ssize_t written = write(CHISO__CHECK_PIPE, &record, sizeof record);
  _exit(written == (ssize_t)sizeof record ? 1 : 2);
}

bool chiso__check_guard(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = tell;
  action.sa_flags = SA_SIGINFO;
  return sigaction(SIGSYS, &action, NULL) == 0 &&
         prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         chiso__sandbox_calls(CHISO__SANDBOX_SAY, CHISO__CHECK_PIPE);
}
