/* SPDX-License-Identifier: Apache-2.0
 * host/protocol.h - how the host and a worker talk.
 *
 * Two ways: a pair of sockets that keeps packets apart, for frames of one
 * size, and a piece of shared memory for what the frames are about. A frame is
 * a doorbell; of each, one side waits and the other works:
 *
 *   worker: READY   before the plugin's code: what guards it
 *           TABLES  its tables lie in `room`        or
 *           REFUSED the reason of dlopen() lies in `room`
 *   host:   CALL    a batch lies in `batch`
 *   worker: DONE    its results do
 *
 * Tables travel by the tables of model/members.h: a struct as its bytes, in
 * this build's layout, then what its members point at, in their order: a text
 * as its length (uint32_t, CHISO__NO_TEXT: none), its bytes and a zero; an
 * array as its elements, each in the same way. In the struct's bytes a pointer
 * to an array is 1 when the elements follow, 0 when not. Nothing is said twice,
 * so that what is read is never larger than what was sent.
 *
 * Once the plugin runs, everything from the worker may be a lie: the host
 * copies it out and then checks the copy. Both sides come from one build;
 * CHISO__PROTOCOL tells when they do not. */
#ifndef CHISO_HOST_PROTOCOL_H
#define CHISO_HOST_PROTOCOL_H

#include <stdint.h>

#include "chiso/plugin.h"

/* Descriptors of a worker. */
#define CHISO__WORKER_LIBRARY 3 /* the bytes that the host checked, sealed */
#define CHISO__WORKER_CHANNEL 4
#define CHISO__WORKER_SHARED  5 /* mapped and closed: the loader's to use */
#define CHISO__WORKER_FILES   6 /* descriptors below this may be open */

#define CHISO__PROTOCOL                                                        \
  ((uint32_t)(1 << 24 | sizeof(chiso_index) << 12 | sizeof(chiso_node)))

typedef enum chiso__frame_kind {
  CHISO__FRAME_READY = 1, /* sequence CHISO__PROTOCOL; size: guards */
  CHISO__FRAME_TABLES,    /* size: bytes in room */
  CHISO__FRAME_REFUSED,   /* the same */
  CHISO__FRAME_CALL,      /* size: units */
  CHISO__FRAME_DONE       /* the sequence and size of the call */
} chiso__frame_kind;

typedef struct chiso__frame {
  uint32_t kind, sequence;
  uint64_t size;
} chiso__frame;

/* Guards in READY. */
#define CHISO__GUARD_CALLS 1u /* system-call filter */
#define CHISO__GUARD_FILES 2u /* Landlock */

/* How the worker ends when it cannot protect itself. */
#define CHISO__WORKER_NO_SETUP 97

#define CHISO__BATCH_UNITS  4096u
#define CHISO__BATCH_INPUTS 16u
#define CHISO__BATCH_KEY    80u
/* Bytes of tables: as large as an index.json may be. */
#define CHISO__ROOM          ((size_t)16 * 1024 * 1024)
#define CHISO__NO_TEXT       UINT32_MAX
#define CHISO__WORKER_REASON 1000u /* bytes of the reason in REFUSED */

/* Units of one CALL node: the host fills all but the results. */
typedef struct chiso__batch {
  uint32_t number, n_inputs;
  char keys[CHISO__BATCH_INPUTS][CHISO__BATCH_KEY];
  int64_t inputs[CHISO__BATCH_INPUTS][CHISO__BATCH_UNITS];
  int64_t points[CHISO__BATCH_UNITS];
  int32_t results[CHISO__BATCH_UNITS]; /* as rule() returned them */
} chiso__batch;

/* What a worker notes when it crashes: for the reason that people read, and
 * for nothing else. */
typedef struct chiso__crash {
  uint32_t memory;    /* 1: nearly all memory was taken */
  uint32_t forbidden; /* 1: `system_call` was tried */
  uint32_t system_call;
  uint32_t reserved;
} chiso__crash;

typedef struct chiso__shared {
  uint32_t n_indices; /* from the host: as the manifest says; a plugin with
                         another number sends none. 0: whatever it has */
  uint32_t reserved;
  chiso__crash crash;
  chiso__batch batch;
  unsigned char room[CHISO__ROOM];
} chiso__shared;

#endif
