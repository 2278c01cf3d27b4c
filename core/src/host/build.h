/* SPDX-License-Identifier: Apache-2.0
 * host/build.h - one run of chiso_build(). */
#ifndef CHISO_HOST_BUILD_H
#define CHISO_HOST_BUILD_H

#include "host/host.h"

typedef struct chiso__build {
  const chiso_build_options *options;
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_error *err;
  chiso_methodology **methodologies; /* owned */
  size_t n_methodologies;
  uint32_t abi_minor; /* the oldest hosts that are to load it */
  const char *folder; /* temporary; NULL until it exists */
  const char *source, *made, *log;
  const char *compiler; /* the command's first word, for messages */
  const char *target, *target_manifest;
} chiso__build;

/* Compiles build->source (and rule.c) to build->made; what the compiler says
 * goes to build->log. *good: it ended with 0. */
chiso_status chiso__compiler_run(chiso__build *build, bool *good);

#endif
