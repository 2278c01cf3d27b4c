/* SPDX-License-Identifier: Apache-2.0
 * host/memfd.h - files in memory, closed on exec. */
#ifndef CHISO_HOST_MEMFD_H
#define CHISO_HOST_MEMFD_H

#include <stddef.h>

/* A file with these bytes that nobody can change any more: between the check
 * and dlopen() the file on disk may be replaced, this one cannot. The
 * descriptor, or -1 with errno. */
int chiso__memfd_sealed(const void *bytes, size_t size);

/* Zeroed memory of a fixed size to share with another process; neither side
 * can cut it off under the other. The descriptor, or -1 with errno. */
int chiso__memfd_shared(size_t size);

#endif
