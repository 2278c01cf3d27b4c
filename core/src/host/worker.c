/* SPDX-License-Identifier: Apache-2.0
 * host/worker.c - starting a worker, waiting for it, ending it. */
#define _GNU_SOURCE /* MSG_NOSIGNAL, SOCK_CLOEXEC, wait4() */
#include "host/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/memfd.h"
#include "host/sandbox.h"

/* Above the descriptors that the worker gets. */
#define HIGH 16

/* ---- time --------------------------------------------------------------- */

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nap(void) {
  const struct timespec millisecond = { 0, 1000000 };
  nanosleep(&millisecond, NULL);
}

uint64_t chiso__worker_computed(const chiso__worker *w) {
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(w->process, &clock) != 0 ||
      clock_gettime(clock, &used) != 0)
    return 0;
  return (uint64_t)used.tv_sec * 1000000 + (uint64_t)used.tv_nsec / 1000;
}

static uint32_t computed_ms(const struct rusage *usage) {
  int64_t ms =
      (int64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
      (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
  return (uint32_t)(ms < 0 ? 0 : ms);
}

/* ---- ending ------------------------------------------------------------- */

/* Reaps it; false when it does not end by itself before `until`. */
static bool reap(chiso__worker *w, int64_t until, int *state,
                 struct rusage *usage) {
  for (;;) {
    pid_t got = wait4(w->process, state, WNOHANG, usage);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) /* ignored SIGCHLD, or taken by another part of the program */
      *state = -1;
    if (got != 0) {
      w->process = 0;
      return true;
    }
    if (now_ms() >= until)
      return false;
    nap();
  }
}

static void kill_and_reap(chiso__worker *w, int *state, struct rusage *usage) {
  kill(w->process, SIGKILL);
  while (wait4(w->process, state, 0, usage) < 0 && errno == EINTR)
    ;
  w->process = 0;
}

static void close_channel(chiso__worker *w) {
  if (w->channel >= 0)
    close(w->channel);
  w->channel = -1;
}

/* How a process that ended by itself did so. */
static chiso__ending_kind kind_of(const chiso__worker *w, int state,
                                  uint32_t *number) {
  chiso__crash crash;
  memcpy(&crash, &w->shared->crash, sizeof crash);
  if (state == -1)
    return CHISO__ENDING_OTHER;
  if (WIFEXITED(state)) {
    *number = (uint32_t)WEXITSTATUS(state);
    return CHISO__ENDING_EXIT;
  }
  *number = (uint32_t)WTERMSIG(state);
  if (*number == SIGSYS) {
    *number = crash.forbidden ? crash.system_call : UINT32_MAX;
    return CHISO__ENDING_FORBIDDEN;
  }
  if (*number == SIGXCPU)
    return CHISO__ENDING_SILENT;
  return crash.memory ? CHISO__ENDING_MEMORY : CHISO__ENDING_SIGNAL;
}

static void note_ending(chiso__worker *w, chiso__ending_kind kind,
                        uint32_t number, bool in_rule,
                        const struct rusage *usage) {
  w->ending = (chiso__ending) { .kind = kind,
                                .number = number,
                                .in_rule = in_rule,
                                .waited_ms = (uint32_t)(now_ms() - w->asked),
                                .computed_ms = computed_ms(usage) };
}

/* It closed the channel, which a process does when it ends; what else it may
 * be at is ended after a while. */
static void fail_by_itself(chiso__worker *w, bool in_rule) {
  struct rusage usage = { 0 };
  int state = 0;
  uint32_t number = 0;
  chiso__ending_kind kind = CHISO__ENDING_GARBAGE;
  close_channel(w);
  if (reap(w, now_ms() + w->wait_ms, &state, &usage))
    kind = kind_of(w, state, &number);
  else
    kill_and_reap(w, &state, &usage);
  note_ending(w, kind, number, in_rule, &usage);
}

void chiso__worker_fail(chiso__worker *w, chiso__ending_kind kind,
                        bool in_rule) {
  struct rusage usage = { 0 };
  int state = 0;
  close_channel(w);
  kill_and_reap(w, &state, &usage);
  note_ending(w, kind, 0, in_rule, &usage);
}

static void end_process(chiso__worker *w) {
  struct rusage usage;
  int state;
  close_channel(w);
  if (w->process)
    kill_and_reap(w, &state, &usage);
  if (w->shared)
    munmap(w->shared, sizeof *w->shared);
  w->shared = NULL;
}

/* ---- frames ------------------------------------------------------------- */

bool chiso__worker_send(chiso__worker *w, const chiso__frame *frame) {
  ssize_t sent;
  do
    sent = send(w->channel, frame, sizeof *frame, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return sent == (ssize_t)sizeof *frame;
}

/* Waits until the channel says something; false when it does not. */
static bool wait_for(chiso__worker *w) {
  uint64_t computed = chiso__worker_computed(w);
  w->asked = now_ms();
  for (unsigned waits = 1;;) {
    struct pollfd channel = { .fd = w->channel, .events = POLLIN };
    int64_t left = w->asked + (int64_t)waits * w->wait_ms - now_ms();
    int ready = poll(&channel, 1, (int)(left > 0 ? left : 0));
    if (ready > 0)
      return true;
    if (ready < 0)
      continue; /* interrupted by a signal of the host */
    uint64_t so_far = chiso__worker_computed(w);
    if (waits++ == CHISO__WORKER_WAITS || so_far == computed)
      return false;
    computed = so_far;
  }
}

bool chiso__worker_receive(chiso__worker *w, chiso__frame *frame,
                           bool in_rule) {
  unsigned char bytes[sizeof *frame + 1]; /* one more shows a longer packet */
  ssize_t got;
  do {
    if (!wait_for(w)) {
      chiso__worker_fail(w, CHISO__ENDING_SILENT, in_rule);
      return false;
    }
    got = recv(w->channel, bytes, sizeof bytes, MSG_DONTWAIT);
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  if (got <= 0) {
    fail_by_itself(w, in_rule);
    return false;
  }
  memcpy(frame, bytes, sizeof *frame);
  if (got == (ssize_t)sizeof *frame)
    return true;
  chiso__worker_fail(w, CHISO__ENDING_GARBAGE, in_rule);
  return false;
}

/* ---- starting ----------------------------------------------------------- */

/* What the worker is given; -1 where there is none (yet). */
typedef struct gifts {
  int library, shared, channel;
} gifts;

static int move_up(int fd) {
  if (fd < 0)
    return -1;
  int up = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
  int cause = errno;
  close(fd);
  errno = cause;
  return up;
}

static void close_gifts(const gifts *g) {
  const int all[] = { g->library, g->shared, g->channel };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (all[i] >= 0)
      close(all[i]);
}

static bool make_gifts(chiso__worker *w, const chiso__worker_task *task,
                       gifts *g) {
  int pair[2];
  *g = (gifts) { -1, -1, -1 };
  g->library = move_up(chiso__memfd_sealed(task->bytes, task->size));
  if (g->library < 0)
    return false;
  g->shared = move_up(chiso__memfd_shared(sizeof(chiso__shared)));
  if (g->shared < 0)
    return false;
  void *shared = mmap(NULL, sizeof(chiso__shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED, g->shared, 0);
  if (shared == MAP_FAILED)
    return false;
  w->shared = shared;
  w->shared->n_indices = task->n_indices;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
    return false;
  w->channel = pair[0];
  g->channel = move_up(pair[1]);
  return g->channel >= 0;
}

/* The standard descriptors become the sealed library: they must not be free,
 * for the loader to use, and nothing can be done with it. */
static int give(posix_spawn_file_actions_t *actions, const gifts *g) {
  int error = 0;
  for (int fd = 0; fd <= 2 && !error; fd++)
    error = posix_spawn_file_actions_adddup2(actions, g->library, fd);
  if (!error)
    error = posix_spawn_file_actions_adddup2(actions, g->library,
                                             CHISO__WORKER_LIBRARY);
  if (!error)
    error = posix_spawn_file_actions_adddup2(actions, g->shared,
                                             CHISO__WORKER_SHARED);
  if (!error)
    error = posix_spawn_file_actions_adddup2(actions, g->channel,
                                             CHISO__WORKER_CHANNEL);
  return error;
}

/* No signal blocked or handled, and a group of its own: what the terminal
 * sends is for the host. */
static int settle(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error)
    error = posix_spawnattr_setsigdefault(attributes, &all);
  if (!error)
    error = posix_spawnattr_setpgroup(attributes, 0);
  if (!error)
    error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
                                                     POSIX_SPAWN_SETSIGDEF |
                                                     POSIX_SPAWN_SETPGROUP);
  return error;
}

static int spawn(chiso__worker *w, const char *program, const gifts *g) {
  static const char name[] = "chiso-worker";
  char *arguments[] = { (char *)(uintptr_t)name, NULL }, *nothing[] = { NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error)
    return error;
  error = posix_spawnattr_init(&attributes);
  if (!error) {
    error = give(&actions, g);
    if (!error)
      error = settle(&attributes);
    if (!error)
      error = posix_spawn(&w->process, program, &actions, &attributes,
                          arguments, nothing);
    if (error)
      w->process = 0;
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/* What it sent, copied before anything of it is looked at. */
static chiso_status take_room(chiso__worker *w, const chiso__frame *frame,
                              chiso__arena *arena, const unsigned char **bytes,
                              size_t *size, chiso_error *err) {
  bool tables = frame->kind == CHISO__FRAME_TABLES;
  bool refused = frame->kind == CHISO__FRAME_REFUSED;
  uint64_t most = tables ? CHISO__ROOM : CHISO__WORKER_REASON;
  chiso__place place = { .file = w->file };
  if (tables && frame->size == SIZE_MAX) {
    end_process(w);
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_WORKER_LARGE,
                       (unsigned)(CHISO__ROOM >> 20));
  }
  if ((!tables && !refused) || frame->size > most) {
    chiso__worker_fail(w, CHISO__ENDING_GARBAGE, false);
    return chiso__ending_say(&w->ending, w->file, err);
  }
  *size = (size_t)frame->size;
  char *copy = chiso__arena_text(arena, (const char *)w->shared->room, *size);
  if (!copy) {
    end_process(w);
    return chiso__no_memory(err);
  }
  *bytes = (const unsigned char *)copy;
  if (tables)
    return CHISO_OK;
  end_process(w);
  const char *reason = strstr(copy, ": "); /* behind the path */
  return chiso__fail(err, CHISO_BAD_DATA, place, MSG_LIBRARY_LOAD,
                     reason ? reason + 2 : copy);
}

static chiso_status greet(chiso__worker *w, chiso__frame *frame,
                          chiso_error *err) {
  if (!chiso__worker_receive(w, frame, false))
    return chiso__ending_say(&w->ending, w->file, err);
  if (frame->kind != CHISO__FRAME_READY || frame->sequence != CHISO__PROTOCOL) {
    end_process(w);
    return CHISO__FAIL(err, CHISO_INTERNAL, MSG_WORKER_VERSION);
  }
  w->guards = (unsigned)frame->size;
  if (!chiso__worker_receive(w, frame, false))
    return chiso__ending_say(&w->ending, w->file, err);
  return CHISO_OK;
}

static chiso_status start(chiso__worker *w, const chiso__worker_task *task,
                          chiso_error *err) {
  gifts g;
  chiso_status status = CHISO_OK;
  if (!make_gifts(w, task, &g)) {
    status = CHISO__FAIL(err, CHISO_IO, MSG_WORKER_START, strerror(errno));
  } else {
    int error = spawn(w, task->program, &g);
    if (error)
      status =
          chiso__fail(err, CHISO_IO, (chiso__place) { .file = task->program },
                      MSG_WORKER_START, strerror(error));
  }
  close_gifts(&g);
  if (status != CHISO_OK)
    end_process(w);
  return status;
}

chiso_status chiso__worker_start(chiso__worker *w,
                                 const chiso__worker_task *task,
                                 chiso__arena *arena,
                                 const unsigned char **bytes, size_t *size,
                                 chiso_error *err) {
  chiso__frame frame = { 0 };
  if (!task->program)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_WORKER_NONE);
  pthread_mutex_lock(&w->lock);
  end_process(w);
  w->ending = (chiso__ending) { .kind = CHISO__ENDING_NONE };
  w->wait_ms = task->wait_ms ? task->wait_ms : CHISO__WORKER_WAIT_MS;
  w->seconds = CHISO__WORKER_SECONDS;
  chiso_status status = start(w, task, err);
  if (status == CHISO_OK)
    status = greet(w, &frame, err);
  if (status == CHISO_OK)
    status = take_room(w, &frame, arena, bytes, size, err);
  pthread_mutex_unlock(&w->lock);
  return status;
}

/* ---- the object --------------------------------------------------------- */

chiso__worker *chiso__worker_new(const char *file,
                                 const chiso_allocator *allocator) {
  chiso__worker *w = chiso__alloc(allocator, sizeof *w);
  if (!w || pthread_mutex_init(&w->lock, NULL) != 0) {
    chiso__free(allocator, w);
    return NULL;
  }
  w->allocator = allocator;
  w->channel = -1;
  w->file = file;
  return w;
}

void chiso__worker_stop(chiso__worker *w) {
  pthread_mutex_lock(&w->lock);
  end_process(w);
  pthread_mutex_unlock(&w->lock);
}

void chiso__worker_free(chiso__worker *w) {
  if (!w)
    return;
  end_process(w);
  pthread_mutex_destroy(&w->lock);
  chiso__free(w->allocator, w);
}
