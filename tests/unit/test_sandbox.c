/* SPDX-License-Identifier: Apache-2.0
 * What the filters let through, decided here as the kernel decides it: by
 * running the filter's own instructions. */
#define _GNU_SOURCE
#include "suite.h"

#include "host/sandbox.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHANNEL 4
#define PROCESS 1234
#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#define OTHER   AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#define OTHER   AUDIT_ARCH_ARM
#endif

#ifdef MACHINE

/* One step that needs no jump; false for an instruction that is not known. */
static bool compute(const struct sock_filter *code,
                    const struct seccomp_data *data, uint32_t *a) {
  switch (code->code) {
  case BPF_LD | BPF_W | BPF_ABS:
    if (code->k > sizeof *data - 4 || code->k % 4 != 0)
      return false;
    memcpy(a, (const char *)data + code->k, 4);
    return true;
  case BPF_ALU | BPF_AND | BPF_K:
    *a &= code->k;
    return true;
  default:
    return false;
  }
}

static bool holds(const struct sock_filter *code, uint32_t a) {
  switch (BPF_OP(code->code)) {
  case BPF_JEQ:
    return a == code->k;
  case BPF_JGE:
    return a >= code->k;
  default:
    return (a & code->k) != 0;
  }
}

/* SECCOMP_RET_*; 1 when the filter runs out of its instructions. */
static uint32_t decide(chiso__sandbox_stage stage,
                       const struct seccomp_data *data) {
  struct sock_filter code[CHISO__SANDBOX_ROOM];
  size_t count = chiso__sandbox_filter(stage, CHANNEL, PROCESS, code);
  uint32_t a = 0;
  for (size_t at = 0; at < count; at++) {
    if (code[at].code == (BPF_RET | BPF_K))
      return code[at].k;
    if (BPF_CLASS(code[at].code) == BPF_JMP)
      at += holds(&code[at], a) ? code[at].jt : code[at].jf;
    else if (!compute(&code[at], data, &a))
      return 1;
  }
  return 1;
}

typedef struct call {
  long number;
  uint64_t arguments[6];
} call;

static uint32_t ask(chiso__sandbox_stage stage, const call *c) {
  struct seccomp_data data = { .nr = (int)c->number, .arch = MACHINE };
  memcpy(data.args, c->arguments, sizeof data.args);
  return decide(stage, &data);
}

#define ALLOWED(stage, ...)                                                    \
  CU_ASSERT_EQUAL(ask(CHISO__SANDBOX_##stage, &(const call) { __VA_ARGS__ }),  \
                  SECCOMP_RET_ALLOW)
#define TRAPPED(stage, ...)                                                    \
  CU_ASSERT_EQUAL(ask(CHISO__SANDBOX_##stage, &(const call) { __VA_ARGS__ }),  \
                  SECCOMP_RET_TRAP)

static void while_loading(void) {
  ALLOWED(LOAD, __NR_openat, { 0, 0, O_RDONLY | O_CLOEXEC });
  TRAPPED(LOAD, __NR_openat, { 0, 0, O_WRONLY });
  TRAPPED(LOAD, __NR_openat, { 0, 0, O_RDWR });
  TRAPPED(LOAD, __NR_openat, { 0, 0, O_RDONLY | O_CREAT });
  TRAPPED(LOAD, __NR_openat, { 0, 0, O_RDONLY | O_TRUNC });
  TRAPPED(LOAD, __NR_openat, { 0, 0, O_TMPFILE });
  ALLOWED(LOAD, __NR_read, { 9 });
  ALLOWED(LOAD, __NR_write, { CHANNEL });
  TRAPPED(LOAD, __NR_write, { 1 });
  ALLOWED(LOAD, __NR_close, { CHANNEL + 1 });
  TRAPPED(LOAD, __NR_close, { CHANNEL });
  TRAPPED(LOAD, __NR_close, { 0 });
  ALLOWED(LOAD, __NR_mmap, { 0, 0, PROT_READ | PROT_EXEC, MAP_PRIVATE });
  ALLOWED(LOAD, __NR_mmap,
          { 0, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS });
  TRAPPED(LOAD, __NR_mmap, { 0, 0, PROT_WRITE | PROT_EXEC, MAP_PRIVATE });
  TRAPPED(LOAD, __NR_mmap, { 0, 0, PROT_READ, MAP_SHARED });
  ALLOWED(LOAD, __NR_mprotect, { 0, 0, PROT_READ });
  TRAPPED(LOAD, __NR_mprotect, { 0, 0, PROT_READ | PROT_EXEC });
  ALLOWED(LOAD, __NR_seccomp, { SECCOMP_SET_MODE_FILTER, 0 });
  TRAPPED(LOAD, __NR_seccomp, { SECCOMP_SET_MODE_FILTER, 8 });
  TRAPPED(LOAD, __NR_rt_sigaction, { SIGSYS });
}

static void while_calling(void) {
  ALLOWED(CALL, __NR_read, { CHANNEL });
  ALLOWED(CALL, __NR_write, { CHANNEL });
  TRAPPED(CALL, __NR_read, { 3 });
  TRAPPED(CALL, __NR_write, { 3 });
  ALLOWED(CALL, __NR_exit_group, { 0 });
  TRAPPED(CALL, __NR_openat, { 0, 0, O_RDONLY });
  TRAPPED(CALL, __NR_mmap, { 0, 0, PROT_READ, MAP_PRIVATE });
  TRAPPED(CALL, __NR_mprotect, { 0, 0, PROT_READ });
  TRAPPED(CALL, __NR_brk, { 0 });
  TRAPPED(CALL, __NR_close, { 9 });
  TRAPPED(CALL, __NR_seccomp, { SECCOMP_SET_MODE_FILTER, 0 });
  ALLOWED(PURE, __NR_exit_group, { 0 });
  TRAPPED(PURE, __NR_write, { CHANNEL });
  TRAPPED(PURE, __NR_read, { CHANNEL });
  TRAPPED(PURE, __NR_getpid, { 0 });
}

static void in_every_stage(void) {
  static const long never[] = {
    __NR_socket,   __NR_clone,     __NR_execve,
    __NR_execveat, __NR_ptrace,    __NR_kill,
    __NR_prctl,    __NR_prlimit64, __NR_ioctl,
    __NR_sendmsg,  __NR_recvmsg,   __NR_memfd_create,
    __NR_mremap,   __NR_unlinkat,  __NR_process_vm_readv,
    __NR_unshare,  __NR_nanosleep, __NR_io_uring_setup
  };
  for (int stage = CHISO__SANDBOX_LOAD; stage <= CHISO__SANDBOX_PURE; stage++) {
    chiso__sandbox_stage s = (chiso__sandbox_stage)stage;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
      CU_ASSERT_EQUAL(ask(s, &(const call) { never[i], { 0 } }),
                      SECCOMP_RET_TRAP);
    struct seccomp_data foreign = { .nr = __NR_exit_group, .arch = OTHER };
    CU_ASSERT_EQUAL(decide(s, &foreign), SECCOMP_RET_KILL_PROCESS);
    CU_ASSERT_EQUAL(ask(s, &(const call) { CHISO__SANDBOX_END, { 0 } }),
                    SECCOMP_RET_KILL_PROCESS);
    CU_ASSERT_EQUAL(ask(s, &(const call) { 0x40000000 + __NR_read, { 4 } }),
                    SECCOMP_RET_KILL_PROCESS);
  }
}

/* abort() shows as what it is; no other signal, no other process. */
static void abort_of_itself(void) {
  ALLOWED(LOAD, __NR_tgkill, { PROCESS, PROCESS, SIGABRT });
  ALLOWED(CALL, __NR_tgkill, { PROCESS, PROCESS, SIGABRT });
  TRAPPED(CALL, __NR_tgkill, { PROCESS, PROCESS, SIGKILL });
  TRAPPED(CALL, __NR_tgkill, { PROCESS + 1, PROCESS, SIGABRT });
  TRAPPED(PURE, __NR_tgkill, { PROCESS, PROCESS, SIGABRT });
}

/* Room for the longest; and no jump reaches behind the end. */
static void lengths(void) {
  struct sock_filter code[CHISO__SANDBOX_ROOM];
  for (int stage = CHISO__SANDBOX_LOAD; stage <= CHISO__SANDBOX_PURE; stage++) {
    size_t count = chiso__sandbox_filter((chiso__sandbox_stage)stage, CHANNEL,
                                         PROCESS, code);
    CU_ASSERT(count > 0 && count < CHISO__SANDBOX_ROOM);
    for (size_t at = 0; at < count; at++)
      if (BPF_CLASS(code[at].code) == BPF_JMP) {
        CU_ASSERT(at + 1 + code[at].jt < count);
        CU_ASSERT(at + 1 + code[at].jf < count);
      }
  }
}

/* ---- the kernel's word ----------------------------------------------------
 */

/* A child that computes under a filter and, when asked, makes a call; how it
 * ended. */
static int end_of_child(long number) {
  pid_t child = fork();
  int state = -1;
  if (child == 0) {
    volatile uint64_t sum = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        !chiso__sandbox_calls(CHISO__SANDBOX_PURE, CHANNEL))
      _exit(9);
    for (uint64_t i = 0; i < 1000; i++)
      sum += i;
    if (number)
      syscall(number, 0, 0, 0);
    syscall(__NR_exit_group, sum == 499500 ? 3 : 4);
  }
  return waitpid(child, &state, 0) == child ? state : -1;
}

static void what_is_pure_passes(void) {
  int state = end_of_child(0);
  CU_ASSERT(WIFEXITED(state) && WEXITSTATUS(state) == 3);
  static const long calls[] = { __NR_getpid, __NR_clock_gettime, __NR_brk,
                                __NR_write, __NR_socket };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    state = end_of_child(calls[i]);
    CU_ASSERT(WIFSIGNALED(state) && WTERMSIG(state) == SIGSYS);
  }
}

static void names(void) {
  CU_ASSERT_STRING_EQUAL(chiso__sandbox_call_name(__NR_socket), "socket");
  CU_ASSERT_STRING_EQUAL(chiso__sandbox_call_name(__NR_execve), "execve");
  CU_ASSERT_PTR_NULL(chiso__sandbox_call_name(100000));
}

SUITE_MAIN({ "while loading", while_loading },
           { "while calling", while_calling },
           { "in every stage", in_every_stage },
           { "abort() of itself", abort_of_itself }, { "lengths", lengths },
           { "what is pure passes", what_is_pure_passes }, { "names", names })

#else /* no filter on this machine */

static void none(void) {
  CU_ASSERT_EQUAL(chiso__sandbox_filter(CHISO__SANDBOX_LOAD, 0, 0, NULL), 0);
}

SUITE_MAIN({ "none", none })

#endif
