/* SPDX-License-Identifier: Apache-2.0
 * Looks around and does no harm: gives up when it finds what it should not, a
 * file that opens or a descriptor that the host has open. */
#define _GNU_SOURCE
#include "attack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void attack(void) {
  struct stat info;
  for (int fd = 5; fd < 300; fd++)
    if (fstat(fd, &info) == 0)
      abort();
  if (environ && *environ)
    abort();
  if (open("/etc/passwd", O_RDONLY) >= 0 || open("/", O_RDONLY) >= 0)
    abort();
}
