/* SPDX-License-Identifier: Apache-2.0
 * author/check_child.c - running the checks in child processes, one after the
 * other: when one dies, the check that it had begun crashed, and the next
 * process goes on behind it. */
#define _GNU_SOURCE /* pipe2() */
#include "author/check.h"

#include "host/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Addresses of a child, above what the parent has; part of the manual. */
#define MEMORY ((rlim_t)4 * 1024 * 1024 * 1024)

typedef struct parent {
  chiso__checking *k;
  chiso_check_report *report;
  pid_t pid;
  int pipe;
  chiso__check_id now; /* begun and not ended; CHECK_COUNT: none */
  chiso__check_stage stage;
  bool done, late, garbage, called;
  uint64_t call;
} parent;

/* ---- the child ---------------------------------------------------------- */

static void send(void *user, const chiso__check_record *record) {
  const char *at = (const char *)record;
  size_t size = sizeof *record;
  (void)user;
  while (size > 0) {
    ssize_t written = write(CHISO__CHECK_PIPE, at, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      _exit(3); /* nobody listens any more */
    at += written;
    size -= (size_t)written;
  }
}

/* Signals as a new program has them; nothing to read, nowhere to write but the
 * pipe; gone when the parent is. */
static void settle_in(int pipe, pid_t parent_pid) {
  static const int signals[] = { SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,
                                 SIGABRT, SIGSYS,  SIGALRM, SIGTERM,
                                 SIGINT,  SIGPIPE, SIGTRAP };
  struct rlimit none = { 0, 0 }, memory = { MEMORY, MEMORY };
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    (void)signal(signals[i], SIG_DFL);
  (void)setpgid(0, 0);
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent_pid)
    _exit(3);
  (void)setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)
  (void)setrlimit(RLIMIT_AS, &memory);
#else
  (void)memory; /* a sanitizer reserves more than any bound */
#endif
  int null = open("/dev/null", O_RDWR);
  if (null < 0)
    _exit(3);
  if (pipe != CHISO__CHECK_PIPE && dup2(pipe, CHISO__CHECK_PIPE) < 0)
    _exit(3);
  for (int fd = 0; fd < 3; fd++)
    if (dup2(null, fd) < 0)
      _exit(3);
}

static void child(chiso__checking *k, size_t first, int pipe,
                  pid_t parent_pid) {
  size_t next;
  settle_in(pipe, parent_pid);
  /* Where the kernel has no such guard the code is still in a process of its
   * own, with limits; docs/manual/check.md says so. */
  (void)chiso__sandbox_read_only();
  k->sink = (chiso__check_sink) { send, NULL };
  chiso__check_from(k, first, &next);
  /* No exit handler of the parent runs, and no temporary file goes twice. */
  _exit(k->short_memory ? 4 : 0);
}

/* ---- what the parent makes of an end ------------------------------------ */

static const char *signal_name(int number) {
  switch (number) {
  case SIGSEGV:
    return "SIGSEGV";
  case SIGBUS:
    return "SIGBUS";
  case SIGFPE:
    return "SIGFPE";
  case SIGILL:
    return "SIGILL";
  case SIGABRT:
    return "SIGABRT";
  case SIGSYS:
    return "SIGSYS";
  case SIGTRAP:
    return "SIGTRAP";
  case SIGKILL:
    return "SIGKILL";
  default:
    return "?";
  }
}

static void end_check(parent *p, chiso__check_id check,
                      chiso_check_outcome outcome, const chiso_error *why) {
  chiso__check_record record;
  memset(&record, 0, sizeof record);
  record.check = (uint16_t)check;
  record.outcome = (uint32_t)outcome;
  record.found = 1;
  record.error = *why;
  if (outcome == CHISO_CHECK_FAILED) {
    record.kind = CHISO__RECORD_BEGIN;
    chiso__check_report_take(p->report, &record);
    record.kind = CHISO__RECORD_FINDING;
    chiso__check_report_take(p->report, &record);
  }
  record.kind = CHISO__RECORD_END;
  chiso__check_report_take(p->report, &record);
  p->k->done[check] = true;
  p->k->outcome[check] = outcome;
}

static void say_end(const parent *p, int state, chiso_error *why) {
  const char *file = p->k->n_plugins > 0 ? p->k->plugins[0].library_path : NULL;
  chiso__place place = { .file = file };
  unsigned seconds = p->k->options->seconds;
  if (p->late)
    chiso__fail(why, CHISO_NO, place, MSG_CHECK_LATE, seconds);
  else if (p->garbage)
    chiso__fail(why, CHISO_NO, place, MSG_CHECK_GARBAGE);
  else if (WIFSIGNALED(state))
    chiso__fail(why, CHISO_NO, place, MSG_CHECK_SIGNAL,
                signal_name(WTERMSIG(state)), WTERMSIG(state));
  else
    chiso__fail(why, CHISO_NO, place, MSG_CHECK_EXIT, WEXITSTATUS(state));
}

/* The check that is blamed: loading and walking belong to checks of their own,
 * and what is no system call under R02 is R04's. */
static chiso__check_id blamed(parent *p) {
  if (p->stage == CHISO__STAGE_LOAD) {
    p->k->no_load = true;
    return CHECK_E06;
  }
  if (p->stage == CHISO__STAGE_COPY) {
    p->k->no_copy = true;
    return CHECK_A04;
  }
  return p->now == CHECK_R02 ? CHECK_R04 : p->now;
}

static void died(parent *p, int state) {
  chiso_error why = { .lang = p->k->lang };
  if (p->now == CHECK_R02 && p->called) {
    const char *name = p->call <= UINT32_MAX
                           ? chiso__sandbox_call_name((uint32_t)p->call)
                           : NULL;
    chiso__fail(&why, CHISO_NO,
                (chiso__place) { .file = p->k->plugins[0].library_path },
                MSG_CHECK_CALL, (unsigned long long)p->call, name ? " " : "",
                name ? name : "");
    end_check(p, CHECK_R02, CHISO_CHECK_FAILED, &why);
    return;
  }
  chiso__check_id check = blamed(p);
  if (p->now == CHECK_COUNT || check == CHECK_COUNT)
    return;
  say_end(p, state, &why);
  end_check(p, check, CHISO_CHECK_CRASHED, &why);
  if (p->now == CHECK_R02) {
    chiso__fail(&why, CHISO_OK, (chiso__place) { 0 }, MSG_CHECK_SEE, "R04");
    end_check(p, CHECK_R02, CHISO_CHECK_SKIPPED, &why);
  }
}

/* ---- listening ---------------------------------------------------------- */

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void take(parent *p, const chiso__check_record *r) {
  chiso__checking *k = p->k;
  if (r->magic != CHISO__RECORD_MAGIC || r->check >= CHECK_COUNT ||
      r->kind < CHISO__RECORD_BEGIN || r->kind > CHISO__RECORD_DONE ||
      r->outcome > CHISO_CHECK_CRASHED ||
      !memchr(r->error.text, 0, sizeof r->error.text) ||
      !memchr(r->error.file, 0, sizeof r->error.file)) {
    p->garbage = true;
    return;
  }
  if (r->kind == CHISO__RECORD_DONE)
    p->done = true;
  else if (r->kind == CHISO__RECORD_CALL)
    p->called = true, p->call = r->found;
  else if (r->kind == CHISO__RECORD_STAGE)
    p->stage = (chiso__check_stage)r->found;
  else
    chiso__check_report_take(p->report, r);
  if (r->kind == CHISO__RECORD_BEGIN) {
    p->now = (chiso__check_id)r->check;
  } else if (r->kind == CHISO__RECORD_END) {
    k->done[r->check] = true;
    k->outcome[r->check] = (chiso_check_outcome)r->outcome;
    p->now = CHECK_COUNT;
  }
}

/* One whole record within the time of a check; false at the end. */
static bool receive(parent *p, chiso__check_record *record) {
  int64_t end = now_ms() + (int64_t)p->k->options->seconds * 1000;
  size_t have = 0;
  while (have < sizeof *record) {
    struct pollfd ready = { .fd = p->pipe, .events = POLLIN };
    int64_t left = end - now_ms();
    int n = left > 0 ? poll(&ready, 1, (int)left) : 0;
    if (n < 0 && errno == EINTR)
      continue;
    if (n == 0) {
      p->late = true;
      return false;
    }
    ssize_t size =
        n < 0 ? -1
              : read(p->pipe, (char *)record + have, sizeof *record - have);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return false;
    have += (size_t)size;
  }
  return true;
}

static chiso_status listen_to(parent *p, int *state, chiso_error *err) {
  chiso__check_record record;
  while (!p->done && !p->garbage && receive(p, &record))
    take(p, &record);
  /* Whatever it left behind in its group goes with it. */
  if (!p->done)
    (void)kill(-p->pid, SIGKILL);
  while (waitpid(p->pid, state, 0) < 0)
    if (errno != EINTR)
      return CHISO__FAIL(err, CHISO_IO, MSG_CHECK_CHILD, strerror(errno));
  (void)kill(-p->pid, SIGKILL);
  return CHISO_OK;
}

/* ---- one process after the other ---------------------------------------- */

static chiso_status start(parent *p, size_t first, chiso_error *err) {
  int pipe[2];
  pid_t self = getpid();
  if (pipe2(pipe, O_CLOEXEC) != 0)
    return CHISO__FAIL(err, CHISO_IO, MSG_CHECK_CHILD, strerror(errno));
  p->pid = fork();
  if (p->pid == 0)
    child(p->k, first, pipe[1], self);
  int cause = errno;
  close(pipe[1]);
  p->pipe = pipe[0];
  if (p->pid > 0)
    return CHISO_OK;
  close(pipe[0]);
  return CHISO__FAIL(err, CHISO_IO, MSG_CHECK_CHILD, strerror(cause));
}

/* The first place that is still to be done. */
static size_t to_do(const chiso__checking *k) {
  size_t place = 0, count = chiso__check_places();
  while (place < count && (!k->selected[chiso__check_at(place)] ||
                           k->done[chiso__check_at(place)]))
    place++;
  return place;
}

chiso_status chiso__check_children(chiso__checking *k,
                                   chiso_check_report *report,
                                   chiso_error *err) {
  /* Each process ends at least one check, or its loading or its walking. */
  for (size_t i = 0; i < (size_t)2 * CHECK_COUNT; i++) {
    size_t first = to_do(k);
    parent p = { .k = k, .report = report, .now = CHECK_COUNT };
    int state = 0;
    if (first == chiso__check_places())
      return CHISO_OK;
    CHISO__TRY(start(&p, first, err));
    chiso_status status = listen_to(&p, &state, err);
    close(p.pipe);
    CHISO__TRY(status);
    if (WIFEXITED(state) && WEXITSTATUS(state) == 4)
      return chiso__no_memory(err);
    if (!p.done)
      died(&p, state);
  }
  return CHISO__FAIL(err, CHISO_INTERNAL, MSG_CHECK_CHILD, "?");
}
