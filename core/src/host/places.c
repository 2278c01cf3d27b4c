/* SPDX-License-Identifier: Apache-2.0
 * host/places.c - where plugins and data are, seen from the running program.
 */
#define _GNU_SOURCE /* dladdr() */
#include "host/host.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#define TRIPLET "x86_64-linux-gnu"
#elif defined(__aarch64__)
#define TRIPLET "aarch64-linux-gnu"
#elif defined(__riscv)
#define TRIPLET "riscv64-linux-gnu"
#else
#error "host/places.c: add this machine's triplet"
#endif

#define WORKER "libexec/chiso/chiso-worker"
/* Its address leads to the library's file. */
static const char worker_mark;

#define PROGRAM_LIMIT ((size_t)64 * 1024)

char *chiso__path_join(chiso__arena *arena, const char *folder,
                       const char *name) {
  size_t a = strlen(folder), b = strlen(name);
  bool slash = a > 0 && folder[a - 1] != '/';
  char *path = chiso__arena_alloc(arena, a + b + 2);
  if (!path)
    return NULL;
  memcpy(path, folder, a);
  if (slash)
    path[a++] = '/';
  memcpy(path + a, name, b + 1);
  return path;
}

/* The folder of the running program. readlink() does not say how long the
 * text is, so the room doubles until something is left over. */
static chiso_status program_folder(chiso__arena *arena, const char **out,
                                   chiso_error *err) {
  for (size_t room = 256; room <= PROGRAM_LIMIT; room *= 2) {
    char *path = chiso__arena_alloc(arena, room);
    if (!path)
      return chiso__no_memory(err);
    ssize_t size = readlink("/proc/self/exe", path, room);
    if (size < 0)
      return CHISO__FAIL(err, CHISO_IO, MSG_PLACES_PROGRAM, strerror(errno));
    if ((size_t)size >= room)
      continue;
    path[size] = 0;
    char *slash = strrchr(path, '/');
    if (slash)
      *slash = 0;
    *out = path;
    return CHISO_OK;
  }
  return CHISO__FAIL(err, CHISO_IO, MSG_PLACES_PROGRAM, strerror(ENAMETOOLONG));
}

/* Empty pieces are passed over: a stray ':' must not mean the current
 * folder. False when memory is short. */
static bool split(chiso__arena *arena, const char *list, const char **dirs,
                  size_t *count) {
  while (*list) {
    size_t size = strcspn(list, ":");
    if (size > 0) {
      const char *dir = chiso__arena_text(arena, list, size);
      if (!dir)
        return false;
      dirs[(*count)++] = dir;
    }
    list += size + (list[size] == ':');
  }
  return true;
}

static size_t count_pieces(const char *list) {
  size_t count = 1;
  for (; *list; list++)
    count += *list == ':';
  return count;
}

/* What the variable says, else a folder beside the program. */
static const char *choose(chiso__arena *arena, const char *variable,
                          const char *program, const char *beside) {
  const char *set = getenv(variable);
  return set && *set ? chiso__arena_text(arena, set, strlen(set))
                     : chiso__path_join(arena, program, beside);
}

/* CHISO_TRUST_FILE, else chiso/trust.ini where a user's settings are; NULL
 * where there is no such place. False when memory is short. */
static bool trust_file(chiso__arena *arena, const char *home,
                       const char **out) {
  const char *file = getenv("CHISO_TRUST_FILE");
  const char *settings = getenv("XDG_CONFIG_HOME");
  *out = NULL;
  if (file && *file)
    *out = chiso__arena_text(arena, file, strlen(file));
  else if (settings && *settings == '/')
    *out = chiso__path_join(arena, settings, "chiso/trust.ini");
  else if (home && *home == '/')
    *out = chiso__path_join(arena, home, ".config/chiso/trust.ini");
  else
    return true;
  return *out != NULL;
}

/* Where the worker stands: what the variable says, else beside the program,
 * else beside the library, which an embedding program has somewhere else. When
 * it is nowhere, the first place stays, for the error to name. */
static const char *find_worker(chiso__arena *arena, const char *program) {
  static const char *const beside[] = { "../" WORKER, "../../" WORKER };
  const char *set = getenv("CHISO_WORKER");
  const char *first = choose(arena, "CHISO_WORKER", program, beside[0]);
  if (!first || (set && *set) || access(first, X_OK) == 0)
    return first;
  Dl_info own;
  if (dladdr(&worker_mark, &own) == 0 || !own.dli_fname)
    return first;
  const char *slash = strrchr(own.dli_fname, '/');
  const char *folder = slash
                           ? chiso__arena_text(arena, own.dli_fname,
                                               (size_t)(slash - own.dli_fname))
                           : NULL;
  for (size_t i = 0; folder && i < sizeof beside / sizeof *beside; i++) {
    const char *path = chiso__path_join(arena, folder, beside[i]);
    if (path && access(path, X_OK) == 0)
      return path;
  }
  return first;
}

static chiso_status fill(chiso__arena *arena, chiso_places *out,
                         chiso_error *err) {
  const char *program = NULL;
  CHISO__TRY(program_folder(arena, &program, err));
  const char *path = getenv("CHISO_PLUGIN_PATH");
  const char *home = getenv("HOME");
  size_t room = (path ? count_pieces(path) : 0) + 3;
  const char **dirs = chiso__arena_array(arena, room, sizeof *dirs);
  size_t count = 0;
  if (!dirs || (path && !split(arena, path, dirs, &count)))
    return chiso__no_memory(err);
  size_t before = count;
  if (home && *home == '/')
    dirs[count++] = chiso__path_join(arena, home, ".local/lib/chiso/plugins");
  dirs[count++] = chiso__path_join(arena, program, "../lib/chiso/plugins");
  dirs[count++] =
      chiso__path_join(arena, program, "../lib/" TRIPLET "/chiso/plugins");
  for (size_t i = before; i < count; i++)
    if (!dirs[i])
      return chiso__no_memory(err);
  out->options.plugin_dirs = dirs;
  out->options.n_plugin_dirs = count;
  out->options.share_dir =
      choose(arena, "CHISO_SHARE_DIR", program, "../share/chiso");
  if (!trust_file(arena, home, &out->options.trust_file))
    return chiso__no_memory(err);
  out->include_dir = choose(arena, "CHISO_INCLUDE_DIR", program, "../include");
  out->options.worker = find_worker(arena, program);
  return out->options.share_dir && out->include_dir && out->options.worker
             ? CHISO_OK
             : chiso__no_memory(err);
}

chiso_status chiso_places_find(chiso_places *out, chiso_error *err) {
  *out = (chiso_places) { 0 };
  chiso__arena *arena = chiso__alloc(NULL, sizeof *arena);
  if (!arena)
    return chiso__no_memory(err);
  out->memory = arena;
  chiso_status status = fill(arena, out, err);
  if (status != CHISO_OK)
    chiso_places_free(out);
  return status;
}

void chiso_places_free(chiso_places *places) {
  if (!places || !places->memory)
    return;
  chiso__arena_free(places->memory);
  chiso__free(NULL, places->memory);
  *places = (chiso_places) { 0 };
}
