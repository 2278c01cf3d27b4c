/* SPDX-License-Identifier: Apache-2.0
 * host/sandbox.h - what a process that runs a stranger's code may still do.
 *
 * Used by the worker program, and by whoever else runs such code in a process
 * of its own. Every function acts on the calling process and cannot be taken
 * back. Depends on nothing else of the core. */
#ifndef CHISO_HOST_SANDBOX_H
#define CHISO_HOST_SANDBOX_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits of a worker; each is part of the manual. */
#define CHISO__WORKER_MEMORY  ((uint64_t)256 * 1024 * 1024) /* addresses */
#define CHISO__WORKER_STACK   ((uint64_t)8 * 1024 * 1024)
#define CHISO__WORKER_SECONDS 2u /* of computing, for one request */

/* What the code may ask of the kernel. Later stages only take away. */
typedef enum chiso__sandbox_stage {
  /* What dlopen() needs, constructors included: files for reading, private
   * memory, the channel. Nothing writable becomes executable. */
  CHISO__SANDBOX_LOAD,
  /* The channel, and to end. */
  CHISO__SANDBOX_CALL,
  /* To write to the channel, and to end: what tells of a rule() that is to make
   * no call at all. */
  CHISO__SANDBOX_SAY,
  /* To end: a rule() that is pure passes. */
  CHISO__SANDBOX_PURE
} chiso__sandbox_stage;

/* Nothing inherited is kept: no_new_privs, no core dump, nobody may trace it,
 * and the limits. False when the kernel refuses one. */
bool chiso__sandbox_limits(uint64_t memory, unsigned seconds,
                           unsigned descriptors);

/* Landlock: no file, no folder, no port, no foreign process. Descriptors that
 * are open stay usable, as does a memfd by its path in /proc/self/fd. False
 * when the kernel has none. */
bool chiso__sandbox_files(void);

/* The same, but files may be read and programs run: nothing on disk is written,
 * made, renamed or removed. */
bool chiso__sandbox_read_only(void);

/* Installs the filter of a stage, after chiso__sandbox_limits(); `channel` is
 * the descriptor that may be read and written. A forbidden call raises SIGSYS
 * in the caller, whose handler is told its number; without a handler it kills.
 * False when the kernel or the machine has none. */
bool chiso__sandbox_calls(chiso__sandbox_stage stage, int channel);

/* A number that no kernel has and every filter kills for at once. */
#define CHISO__SANDBOX_END 0x3fffffffu

/* The filter itself, for tests. Returns its length, 0 on other machines. */
#define CHISO__SANDBOX_ROOM 256
size_t chiso__sandbox_filter(chiso__sandbox_stage stage, int channel,
                             uint32_t process,
                             struct sock_filter out[CHISO__SANDBOX_ROOM]);

/* "socket"; NULL for a call that the list does not name. Static. */
const char *chiso__sandbox_call_name(uint32_t number);

#endif
