/* SPDX-License-Identifier: Apache-2.0
 * host/memfd.c - files in memory. */
#define _GNU_SOURCE /* memfd_create(), F_ADD_SEALS */
#include "host/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3; older kernels refuse them */
#define MFD_EXEC        0x0010U /* with EINVAL */
#endif

static int create(const char *name, unsigned flags) {
  int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);
  if (fd < 0 && errno == EINVAL)
    fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return fd;
}

static bool write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, bytes, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes += written;
    size -= (size_t)written;
  }
  return true;
}

/* Closes it unless the last step was done. */
static int keep(int fd, bool done) {
  if (done)
    return fd;
  int cause = errno;
  close(fd);
  errno = cause;
  return -1;
}

int chiso__memfd_sealed(const void *bytes, size_t size) {
  int fd = create("chiso-plugin", MFD_EXEC);
  int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  return fd < 0 ? -1
                : keep(fd, write_all(fd, bytes, size) &&
                               fcntl(fd, F_ADD_SEALS, seals) == 0);
}

int chiso__memfd_shared(size_t size) {
  int fd = create("chiso-worker", MFD_NOEXEC_SEAL);
  int seals = F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  return fd < 0 ? -1
                : keep(fd, ftruncate(fd, (off_t)size) == 0 &&
                               fcntl(fd, F_ADD_SEALS, seals) == 0);
}
