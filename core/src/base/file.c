/* SPDX-License-Identifier: Apache-2.0
 * base/file.c - whole files in, whole files out. */
#define _XOPEN_SOURCE 700 /* realpath() */
#define _GNU_SOURCE       /* syncfs() */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

chiso_status chiso__file_refuse(chiso_error *err, const char *path,
                                int number) {
  chiso__place place = { .file = path };
  switch (number) {
  case ENOENT:
  case ENOTDIR:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_ABSENT);
  case EACCES:
  case EPERM:
  case EROFS:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_DENIED);
  case ENOSPC:
  case EDQUOT:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_NO_SPACE);
  case ELOOP:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_LINKS);
  case ENAMETOOLONG:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_LONG_NAME);
  case EISDIR:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_NOT_REGULAR);
  default:
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_REFUSED, number);
  }
}

/* ---- reading ------------------------------------------------------------ */

/* Reads up to `size` bytes; a file that shrinks meanwhile gives fewer. */
static bool read_all(int fd, char *out, size_t size, size_t *done) {
  *done = 0;
  while (*done < size) {
    ssize_t n = read(fd, out + *done, size - *done);
    if (n == 0)
      break;
    if (n > 0)
      *done += (size_t)n;
    else if (errno != EINTR)
      return false;
  }
  return true;
}

static chiso_status read_open(chiso__arena *arena, int fd, const char *path,
                              size_t limit, bool empty, const char **text,
                              size_t *size, chiso_error *err) {
  chiso__place place = { .file = path };
  struct stat info;
  if (fstat(fd, &info) != 0)
    return chiso__file_refuse(err, path, errno);
  if (!S_ISREG(info.st_mode))
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_NOT_REGULAR);
  if ((uintmax_t)info.st_size > limit)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_FILE_TOO_LARGE,
                       (unsigned long long)info.st_size,
                       (unsigned long long)limit);
  char *bytes = chiso__arena_raw(arena, 1, (size_t)info.st_size + 1);
  if (!bytes)
    return chiso__no_memory(err);
  if (!read_all(fd, bytes, (size_t)info.st_size, size))
    return chiso__file_refuse(err, path, errno);
  bytes[*size] = '\0';
  if (*size == 0 && !empty)
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_FILE_EMPTY);
  *text = bytes;
  return CHISO_OK;
}

chiso_status chiso__file_read(chiso__arena *arena, const char *path,
                              size_t limit, bool empty, const char **text,
                              size_t *size, chiso_error *err) {
  int fd;
  do /* O_NONBLOCK: opening a pipe must not wait for its writer */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  while (fd < 0 && errno == EINTR);
  if (fd < 0)
    return chiso__file_refuse(err, path, errno);
  chiso_status status =
      read_open(arena, fd, path, limit, empty, text, size, err);
  (void)close(fd);
  return status;
}

/* ---- writing ------------------------------------------------------------ */

typedef enum manner { USUAL, PRIVATE, MANY } manner;

typedef struct target {
  char path[PATH_MAX]; /* folder, zero, name */
  const char *folder, *name;
  bool set_mode; /* to `mode`; otherwise 0666 less the umask */
  bool sync;     /* now, not later with others */
  mode_t mode;
} target;

/* Follows symbolic links, so that the file they point at is replaced. */
static int resolve(const char *path, manner how, target *out) {
  struct stat info;
  if (!realpath(path, out->path)) {
    if (errno != ENOENT || strlen(path) >= sizeof out->path)
      return errno == ENOENT ? ENAMETOOLONG : errno;
    memcpy(out->path, path, strlen(path) + 1);
  }
  bool exists = stat(out->path, &info) == 0;
  if (exists && !S_ISREG(info.st_mode))
    return EISDIR;
  out->set_mode = exists || how == PRIVATE;
  out->sync = how != MANY;
  out->mode = exists ? info.st_mode & 07777 : 0600;
  char *slash = strrchr(out->path, '/');
  out->name = slash ? slash + 1 : out->path;
  out->folder = !slash ? "." : slash == out->path ? "/" : out->path;
  if (slash)
    *slash = '\0';
  return out->name[0] ? 0 : EISDIR;
}

static int write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno != EINTR)
      return errno;
    if (n > 0) {
      bytes += n;
      size -= (size_t)n;
    }
  }
  return 0;
}

/* A fresh file in the folder. The process id and a counter are enough for a
 * name: whoever comes second gets EEXIST and counts on. */
static int create(int folder, char name[64], int *fd) {
  for (unsigned i = 0; i < 1000; i++) {
    (void)snprintf(name, 64, ".chiso-%ld-%u.tmp", (long)getpid(), i);
    *fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*fd >= 0)
      return 0;
    if (errno != EEXIST && errno != EINTR)
      return errno;
  }
  return EEXIST;
}

static int fill(int fd, const target *to, const void *bytes, size_t size) {
  int fault = to->set_mode && fchmod(fd, to->mode) != 0 ? errno : 0;
  if (fault == 0)
    fault = write_all(fd, bytes, size);
  if (fault == 0 && to->sync && fsync(fd) != 0)
    fault = errno;
  if (close(fd) != 0 && fault == 0 && errno != EINTR)
    fault = errno;
  return fault;
}

static int replace(int folder, const target *to, const void *bytes,
                   size_t size) {
  char name[64];
  int fd, fault = create(folder, name, &fd);
  if (fault != 0)
    return fault;
  fault = fill(fd, to, bytes, size);
  if (fault == 0 && renameat(folder, name, folder, to->name) != 0)
    fault = errno;
  if (fault != 0)
    (void)unlinkat(folder, name, 0);
  /* The new file is in place: some file systems cannot sync a folder, and
   * that is no reason to say that writing failed. */
  else if (to->sync)
    (void)fsync(folder);
  return fault;
}

static chiso_status write_file(const char *path, manner how, const void *bytes,
                               size_t size, chiso_error *err) {
  target to;
  int fault = resolve(path, how, &to);
  if (fault != 0)
    return chiso__file_refuse(err, path, fault);
  int folder;
  do
    folder = open(to.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  while (folder < 0 && errno == EINTR);
  if (folder < 0)
    return chiso__fail(err, CHISO_IO, (chiso__place) { .file = path },
                       MSG_FILE_NO_FOLDER, to.folder);
  fault = replace(folder, &to, bytes, size);
  (void)close(folder);
  return fault == 0 ? CHISO_OK : chiso__file_refuse(err, path, fault);
}

chiso_status chiso__file_write(const char *path, const void *bytes, size_t size,
                               chiso_error *err) {
  return write_file(path, USUAL, bytes, size, err);
}

chiso_status chiso__file_write_private(const char *path, const void *bytes,
                                       size_t size, chiso_error *err) {
  return write_file(path, PRIVATE, bytes, size, err);
}

chiso_status chiso__file_write_many(const char *path, const void *bytes,
                                    size_t size, chiso_error *err) {
  return write_file(path, MANY, bytes, size, err);
}

void chiso__file_settle(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  (void)syncfs(fd);
  (void)close(fd);
}
