/* SPDX-License-Identifier: Apache-2.0
 * base/file.h - whole files in, whole files out. */
#ifndef CHISO_BASE_FILE_H
#define CHISO_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* Limits in bytes; each is part of the manual. */
#define CHISO__LIMIT_MANIFEST ((size_t)64 * 1024)
#define CHISO__LIMIT_INDEX    ((size_t)16 * 1024 * 1024)
#define CHISO__LIMIT_TABLE    ((size_t)256 * 1024 * 1024)
#define CHISO__LIMIT_PLUGIN   ((size_t)64 * 1024 * 1024)

/* Reads a regular file of at most `limit` bytes into the arena, with a zero
 * after it. Refuses directories, devices and pipes, larger files (by fstat(),
 * before reading) and, when `empty` is false, a file with nothing in it. */
chiso_status chiso__file_read(chiso__arena *arena, const char *path,
                              size_t limit, bool empty, const char **text,
                              size_t *size, chiso_error *err);

/* Replaces `path`, or the file that it links to: writes a temporary file
 * beside it, fsync(), rename(), fsync() of the folder. On failure the old file
 * stays and nothing else is left; a folder that cannot be synced is no
 * failure, as the new file is in place by then. The mode is that of the old
 * file, or 0666 less the umask. */
chiso_status chiso__file_write(const char *path, const void *bytes, size_t size,
                               chiso_error *err);
/* The same for what is nobody else's business: a new file has mode 0600. */
chiso_status chiso__file_write_private(const char *path, const void *bytes,
                                       size_t size, chiso_error *err);

/* The same without fsync(), for one of many files that can be made again: after
 * the last of them chiso__file_settle() waits until all are on the disk. */
chiso_status chiso__file_write_many(const char *path, const void *bytes,
                                    size_t size, chiso_error *err);
/* Waits for whatever was written to the file system that `path` is on. A system
 * that cannot is no failure, as the files are in place. */
void chiso__file_settle(const char *path);

/* CHISO_IO with what an errno means to the person who named the path. */
chiso_status chiso__file_refuse(chiso_error *err, const char *path, int number);

#endif
