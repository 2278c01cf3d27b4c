/* SPDX-License-Identifier: Apache-2.0
 * host/sandbox.c - limits, Landlock and system-call filters, by raw system
 * calls: nothing of it needs a library. */
#define _GNU_SOURCE /* syscall() */
#include "host/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- limits ------------------------------------------------------------- */

/* Lowers a limit; one that is lower already stays. */
static bool limit(int which, uint64_t soft, uint64_t hard) {
  struct {
    uint64_t soft, hard;
  } now;
  if (syscall(__NR_prlimit64, 0, which, NULL, &now) != 0)
    return false;
  if (now.hard > hard)
    now.hard = hard;
  now.soft = soft < now.hard ? soft : now.hard;
  return syscall(__NR_prlimit64, 0, which, &now, NULL) == 0;
}

bool chiso__sandbox_limits(uint64_t memory, unsigned seconds,
                           unsigned descriptors) {
  uint64_t stack = CHISO__WORKER_STACK;
  /* The limit on computing is soft: the host raises it with each request, the
   * process itself has no call to do so. */
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
         limit(RLIMIT_AS, memory, memory) &&
         limit(RLIMIT_STACK, stack, stack) &&
         limit(RLIMIT_CPU, seconds, RLIM_INFINITY) &&
         limit(RLIMIT_NPROC, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) &&
         limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_MEMLOCK, 0, 0) &&
         limit(RLIMIT_NOFILE, descriptors, descriptors);
}

/* ---- Landlock ----------------------------------------------------------- */

/* Spelled out: headers of a build may be older than the kernel it runs on. */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_restrict_self  446
#endif
typedef struct landlock_rules {
  uint64_t files, ports, others; /* rights that are taken away */
} landlock_rules;

#define LANDLOCK_READS 0x800dU /* run, read, list; of devices, ask */

static bool take_away(uint64_t kept) {
  long version = syscall(__NR_landlock_create_ruleset, NULL, 0, 1);
  if (version < 1)
    return false;
  static const unsigned rights[] = { 13, 14, 15, 15, 16 }; /* by version */
  size_t row = (size_t)(version > 5 ? 5 : version) - 1;
  landlock_rules rules = { .files = ((UINT64_C(1) << rights[row]) - 1) & ~kept,
                           .ports = version >= 4 ? 3 : 0,
                           .others = version >= 6 ? 3 : 0 };
  size_t size = version >= 6   ? sizeof rules
                : version >= 4 ? 2 * sizeof(uint64_t)
                               : sizeof(uint64_t);
  int set = (int)syscall(__NR_landlock_create_ruleset, &rules, size, 0);
  if (set < 0)
    return false;
  bool done = syscall(__NR_landlock_restrict_self, set, 0) == 0;
  close(set);
  return done;
}

bool chiso__sandbox_files(void) {
  return take_away(0);
}

bool chiso__sandbox_read_only(void) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         take_away(LANDLOCK_READS);
}

/* ---- filters ------------------------------------------------------------ */

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif

typedef struct program {
  struct sock_filter *code;
  size_t count;
  size_t block; /* where the jump over the block of a call stands */
} program;

static void add(program *p, uint16_t code, uint32_t k, uint8_t yes,
                uint8_t no) {
  p->code[p->count++] = (struct sock_filter) { code, yes, no, k };
}

static void give(program *p, uint32_t answer) {
  add(p, BPF_RET | BPF_K, answer, 0, 0);
}

/* The lower half of an argument, which is all that the kernel takes of the
 * integers that are asked for here. */
static void load_argument(program *p, unsigned which) {
  uint32_t half = 0;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  half = 4;
#endif
  add(p, BPF_LD | BPF_W | BPF_ABS,
      (uint32_t)offsetof(struct seccomp_data, args) + which * 8 + half, 0, 0);
}

/* A block: one call, its conditions, allowed. */
static void begin(program *p, long number) {
  p->block = p->count;
  add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0);
}
static void must_equal(program *p, unsigned which, uint32_t value) {
  load_argument(p, which);
  add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
  give(p, SECCOMP_RET_TRAP);
}
static void must_reach(program *p, unsigned which, uint32_t least) {
  load_argument(p, which);
  add(p, BPF_JMP | BPF_JGE | BPF_K, least, 1, 0);
  give(p, SECCOMP_RET_TRAP);
}
static void must_lack(program *p, unsigned which, uint32_t bits) {
  load_argument(p, which);
  add(p, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
  give(p, SECCOMP_RET_TRAP);
}
/* The bits of `mask` must (or must not) be exactly `value`. */
static void masked(program *p, unsigned which, uint32_t mask, uint32_t value,
                   bool wanted) {
  load_argument(p, which);
  add(p, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
  add(p, BPF_JMP | BPF_JEQ | BPF_K, value, wanted, !wanted);
  give(p, SECCOMP_RET_TRAP);
}
static void end(program *p) {
  give(p, SECCOMP_RET_ALLOW);
  p->code[p->block].jf = (uint8_t)(p->count - p->block - 1);
}
static void allow(program *p, long number) {
  begin(p, number);
  end(p);
}

static void add_head(program *p) {
  add(p, BPF_LD | BPF_W | BPF_ABS,
      (uint32_t)offsetof(struct seccomp_data, arch), 0, 0);
  add(p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
  give(p, SECCOMP_RET_KILL_PROCESS);
  add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, nr),
      0, 0);
  /* Also the numbers of x32, which begin at 0x40000000. */
  add(p, BPF_JMP | BPF_JGE | BPF_K, CHISO__SANDBOX_END, 0, 1);
  give(p, SECCOMP_RET_KILL_PROCESS);
}

/* abort() of this process itself, so that it shows as what it is. */
static void add_abort(program *p, uint32_t process) {
  allow(p, __NR_rt_sigprocmask);
  allow(p, __NR_gettid);
  allow(p, __NR_getpid);
  begin(p, __NR_tgkill);
  must_equal(p, 0, process);
  must_equal(p, 2, SIGABRT);
  end(p);
}

static void add_load(program *p, int channel) {
  static const uint32_t write_flags =
      O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
  begin(p, __NR_openat);
  must_lack(p, 2, write_flags);
  end(p);
  allow(p, __NR_read);
  allow(p, __NR_pread64);
  allow(p, __NR_fstat);
  allow(p, __NR_newfstatat);
  allow(p, __NR_munmap);
  allow(p, __NR_brk);
  allow(p, __NR_getrandom); /* malloc() asks once */
  begin(p, __NR_close);     /* its own, not the channel */
  must_reach(p, 0, (uint32_t)channel + 1);
  end(p);
  begin(p, __NR_mmap);
  masked(p, 2, PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC, false);
  masked(p, 3, 0x0f, MAP_PRIVATE, true);
  end(p);
  begin(p, __NR_mprotect);
  must_lack(p, 2, PROT_EXEC);
  end(p);
  begin(p, __NR_seccomp); /* the next stage */
  must_equal(p, 0, SECCOMP_SET_MODE_FILTER);
  must_equal(p, 1, 0);
  end(p);
}

static void add_channel(program *p, int channel, bool reading) {
  if (reading) {
    begin(p, __NR_read);
    must_equal(p, 0, (uint32_t)channel);
    end(p);
  }
  begin(p, __NR_write);
  must_equal(p, 0, (uint32_t)channel);
  end(p);
}

size_t chiso__sandbox_filter(chiso__sandbox_stage stage, int channel,
                             uint32_t process,
                             struct sock_filter out[CHISO__SANDBOX_ROOM]) {
  program p = { .code = out };
  add_head(&p);
  if (stage != CHISO__SANDBOX_PURE) {
    add_channel(&p, channel, stage == CHISO__SANDBOX_CALL);
    if (stage != CHISO__SANDBOX_SAY)
      add_abort(&p, process);
  }
  if (stage == CHISO__SANDBOX_LOAD)
    add_load(&p, channel);
  allow(&p, __NR_exit_group);
  allow(&p, __NR_rt_sigreturn); /* from a handler that noted a crash */
  give(&p, SECCOMP_RET_TRAP);
  return p.count;
}

bool chiso__sandbox_calls(chiso__sandbox_stage stage, int channel) {
  struct sock_filter code[CHISO__SANDBOX_ROOM];
  uint32_t process = (uint32_t)syscall(__NR_getpid);
  struct sock_fprog filter = { .len = (unsigned short)chiso__sandbox_filter(
                                   stage, channel, process, code),
                               .filter = code };
  return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

#else /* another machine */

size_t chiso__sandbox_filter(chiso__sandbox_stage stage, int channel,
                             uint32_t process,
                             struct sock_filter out[CHISO__SANDBOX_ROOM]) {
  (void)stage, (void)channel, (void)process, (void)out;
  return 0;
}

bool chiso__sandbox_calls(chiso__sandbox_stage stage, int channel) {
  (void)stage, (void)channel;
  return false;
}

#endif

/* ---- names -------------------------------------------------------------- */

const char *chiso__sandbox_call_name(uint32_t number) {
  static const struct {
    long number;
    const char *name;
  } calls[] = {
#define CALL(name) { __NR_##name, #name }
    CALL(socket),       CALL(connect),
    CALL(bind),         CALL(listen),
    CALL(accept4),      CALL(sendto),
    CALL(recvfrom),     CALL(sendmsg),
    CALL(openat),       CALL(read),
    CALL(write),        CALL(close),
    CALL(pread64),      CALL(writev),
    CALL(unlinkat),     CALL(mkdirat),
    CALL(renameat2),    CALL(execve),
    CALL(execveat),     CALL(clone),
    CALL(kill),         CALL(tgkill),
    CALL(tkill),        CALL(ptrace),
    CALL(mmap),         CALL(mprotect),
    CALL(munmap),       CALL(mremap),
    CALL(brk),          CALL(ioctl),
    CALL(fcntl),        CALL(dup3),
    CALL(prctl),        CALL(seccomp),
    CALL(prlimit64),    CALL(rt_sigaction),
    CALL(nanosleep),    CALL(clock_nanosleep),
    CALL(futex),        CALL(getrandom),
    CALL(memfd_create), CALL(ppoll),
    CALL(getppid),      CALL(getuid),
    CALL(uname),        CALL(getcwd),
    CALL(newfstatat),   CALL(fstat),
    CALL(lseek),        CALL(io_uring_setup),
    CALL(bpf),          CALL(unshare),
    CALL(setns),        CALL(mount),
    CALL(setitimer),    CALL(clock_gettime),
    CALL(gettimeofday), CALL(sched_yield),
    CALL(exit),
#ifdef __x86_64__
    CALL(open),         CALL(fork),
    CALL(vfork),        CALL(creat),
    CALL(poll),         CALL(time),
    CALL(alarm),        CALL(pause),
    CALL(dup2),         CALL(pipe),
    CALL(unlink),       CALL(rename),
    CALL(mkdir),        CALL(getdents64),
    CALL(stat),
#endif
#ifdef __NR_setrlimit
    CALL(setrlimit),
#endif
#ifdef __NR_clone3
    CALL(clone3),
#endif
#undef CALL
  };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if ((uint32_t)calls[i].number == number)
      return calls[i].name;
  return NULL;
}
