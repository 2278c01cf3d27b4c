/* SPDX-License-Identifier: Apache-2.0
 * author/check_guard.c - a process that may write to one descriptor and end,
 * and nothing else. */
#define _GNU_SOURCE /* REG_*, SYS_* */
#include "author/check.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv)
#define MACHINE AUDIT_ARCH_RISCV64
#endif

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

#ifdef MACHINE
#define LOAD(member)                                                           \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define ALLOW               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

bool chiso__check_guard(int pipe) {
  struct sock_filter filter[] = {
    LOAD(arch),    UNLESS(MACHINE, 7),
    LOAD(nr),      UNLESS(__NR_write, 3),
    LOAD(args[0]), UNLESS((uint32_t)pipe, 3),
    ALLOW,         UNLESS(__NR_exit_group, 1),
    ALLOW,         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = tell;
  action.sa_flags = SA_SIGINFO;
  return sigaction(SIGSYS, &action, NULL) == 0 &&
         prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#else
bool chiso__check_guard(int pipe) {
  (void)pipe;
  return false;
}
#endif
