/* SPDX-License-Identifier: Apache-2.0
 * host/exposure.c - who else can change a file or put another in its place. */
#define _XOPEN_SOURCE 700 /* S_ISVTX */
#include "host/trust.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever owns the running program decides what it does anyway, so that files
 * of theirs add nothing: a tree that belongs to one user and is run by another
 * works. */
static bool owns_program(uid_t user) {
  struct stat info;
  return stat("/proc/self/exe", &info) == 0 && info.st_uid == user;
}

/* Many systems give each user a group of the same number and files that the
 * group can write: nobody else is in it. */
static bool others_write(const struct stat *info) {
  if (S_ISDIR(info->st_mode) && (info->st_mode & S_ISVTX))
    return false; /* names in it are their owners' */
  return (info->st_mode & S_IWOTH) ||
         ((info->st_mode & S_IWGRP) && info->st_gid != info->st_uid);
}

chiso__exposure chiso__exposure_of(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0)
    return CHISO__SAFE;
  if (info.st_uid != 0 && info.st_uid != geteuid() &&
      !owns_program(info.st_uid))
    return CHISO__FOREIGN_OWNER;
  return others_write(&info) ? CHISO__WRITABLE : CHISO__SAFE;
}

chiso_status chiso__exposure_refuse(chiso__exposure which, const char *path,
                                    chiso_error *err) {
  chiso__place place = { .file = path };
  struct stat info = { 0 };
  switch (which) {
  case CHISO__FOREIGN_OWNER:
    (void)stat(path, &info);
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_EXPOSED_OWNER,
                       (unsigned)info.st_uid);
  case CHISO__WRITABLE:
    return chiso__fail(err, CHISO_BAD_DATA, place, MSG_EXPOSED_WRITABLE, path);
  case CHISO__SAFE:
    break;
  }
  return CHISO_OK;
}

const char *chiso__path_folder(chiso__arena *arena, const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return chiso__arena_text(arena, ".", 1);
  return chiso__arena_text(arena, path,
                           slash == path ? 1 : (size_t)(slash - path));
}
