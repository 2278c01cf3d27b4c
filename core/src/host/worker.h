/* SPDX-License-Identifier: Apache-2.0
 * host/worker.h - a process that holds one plugin, seen from the host.
 *
 * It is started by posix_spawn() of a program of its own, never by fork()
 * alone: the host may have threads, and the plugin gets none of its memory.
 * The host waits no longer than it says below, writes to the channel without
 * SIGPIPE, and waits for this process only: a program that embeds the library
 * must not reap children it did not start. */
#ifndef CHISO_HOST_WORKER_H
#define CHISO_HOST_WORKER_H

#include <pthread.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "chiso/model.h"
#include "host/protocol.h"

/* For one answer; then again, while the worker computes and has only been
 * given too little of a busy machine, this many times in all. */
#define CHISO__WORKER_WAIT_MS 2000u
#define CHISO__WORKER_WAITS   5u

/* Why a worker is of no use any more. */
typedef enum chiso__ending_kind {
  CHISO__ENDING_NONE = 0,
  CHISO__ENDING_SILENT,    /* no answer in time */
  CHISO__ENDING_GARBAGE,   /* an answer that is none */
  CHISO__ENDING_EXIT,      /* `number` is its exit status */
  CHISO__ENDING_SIGNAL,    /* `number` */
  CHISO__ENDING_MEMORY,    /* a crash with nearly all memory taken */
  CHISO__ENDING_FORBIDDEN, /* `number` is the call, or UINT32_MAX */
  CHISO__ENDING_OTHER      /* its end was not to be learnt */
} chiso__ending_kind;

typedef struct chiso__ending {
  chiso__ending_kind kind;
  uint32_t number, computed_ms, waited_ms;
  bool in_rule; /* else while it was loaded */
} chiso__ending;

/* Fills *err for it. */
chiso_status chiso__ending_say(const chiso__ending *ending, const char *file,
                               chiso_error *err);

typedef struct chiso__worker {
  const chiso_allocator *allocator;
  pthread_mutex_t lock; /* a program may score in several threads */
  pid_t process;        /* 0: none */
  int channel;          /* -1: none */
  chiso__shared *shared;
  uint32_t sequence, wait_ms;
  int64_t asked;    /* when it was last asked for something */
  uint64_t seconds; /* of computing that it may use in all */
  unsigned guards;  /* CHISO__GUARD_* */
  chiso__ending ending;
  const char *file; /* of the plugin, for errors; borrowed */
} chiso__worker;

/* What is started: `program` is the path of chiso-worker. All borrowed until
 * chiso__worker_start() returns. */
typedef struct chiso__worker_task {
  const char *program;
  const void *bytes; /* of a library; chiso__elf_check() is the caller's */
  size_t size;
  uint32_t n_indices; /* 0: not known */
  uint32_t wait_ms;   /* 0: CHISO__WORKER_WAIT_MS */
} chiso__worker_task;

/* Without a process. NULL when memory is short. `file` must outlive it. */
chiso__worker *chiso__worker_new(const char *file,
                                 const chiso_allocator *allocator);
void chiso__worker_free(chiso__worker *worker);

/* Starts it (anew) and copies what it sends to the arena: bytes that nobody
 * has checked. After a failure there is no process. */
chiso_status chiso__worker_start(chiso__worker *worker,
                                 const chiso__worker_task *task,
                                 chiso__arena *arena,
                                 const unsigned char **bytes, size_t *size,
                                 chiso_error *err);
/* Ends the process and waits for it. */
void chiso__worker_stop(chiso__worker *worker);

/* One batch, or with n = 0 none: whether the worker still serves. As
 * chiso_rule.elsewhere. [any thread] */
chiso_status chiso__worker_call(chiso__worker *worker, const chiso_calls *calls,
                                chiso_error *err);

/* ---- of worker.c, for worker_call.c -------------------------------------- */

/* Processor time that the process has used, in microseconds. */
uint64_t chiso__worker_computed(const chiso__worker *worker);
bool chiso__worker_send(chiso__worker *worker, const chiso__frame *frame);
/* Waits for a frame; false, with the ending, when there is none. */
bool chiso__worker_receive(chiso__worker *worker, chiso__frame *frame,
                           bool in_rule);
/* Ends the process because of what it did; `in_rule` as above. */
void chiso__worker_fail(chiso__worker *worker, chiso__ending_kind kind,
                        bool in_rule);

#endif
