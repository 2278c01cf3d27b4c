/* SPDX-License-Identifier: Apache-2.0
 * sheet/read_files.c - the workbooks that paths and folders name. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "sheet/read.h"

typedef struct walk {
  chiso__arena *arena;
  chiso__files *out;
  size_t root; /* length of the folder that was named, with its '/' */
} walk;

static chiso_status refused(walk *w, const chiso_error *why, chiso__found *f,
                            chiso_error *err) {
  chiso_error *copy = chiso__arena_alloc(w->arena, sizeof *copy);
  if (!copy)
    return chiso__no_memory(err);
  *copy = *why;
  f->why = copy;
  return CHISO_OK;
}

static chiso_status add(walk *w, const char *path, const chiso_error *why,
                        chiso_error *err) {
  chiso__files *out = w->out;
  if (out->count == CHISO__SHEET_BOOKS)
    return CHISO__FAIL(err, CHISO_BAD_DATA, MSG_FILLED_FILES,
                       CHISO__SHEET_BOOKS);
  if (!chiso__grow(w->arena->allocator, (void **)(void *)&out->list,
                   &out->capacity, out->count, sizeof *out->list))
    return chiso__no_memory(err);
  chiso__found *f = &out->list[out->count++];
  *f = (chiso__found) { .path = path, .name = path + w->root };
  return why ? refused(w, why, f, err) : CHISO_OK;
}

static const char *join(walk *w, const char *folder, const char *name) {
  size_t a = strlen(folder), b = strlen(name);
  bool slash = a > 0 && folder[a - 1] == '/';
  char *path = chiso__arena_raw(w->arena, a + b + 2, 1);
  if (!path)
    return NULL;
  memcpy(path, folder, a);
  if (!slash)
    path[a++] = '/';
  memcpy(path + a, name, b + 1);
  return path;
}

/* ---- by their names -------------------------------------------------------
 */

static bool ends(const char *name, const char *ending) {
  size_t n = strlen(name), m = strlen(ending);
  return n > m && chiso__text_same_folded(name + n - m, ending);
}

/* Workbooks of other forms: somebody saved a sheet as one of them. */
static const char *other_form(const char *name) {
  static const char *const forms[] = { ".xls", ".ods", ".xlsb", ".numbers" };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (ends(name, forms[i]))
      return forms[i];
  return NULL;
}

static chiso_status add_file(walk *w, const char *path, const char *name,
                             chiso_error *err) {
  const char *form = other_form(name);
  chiso_error why = { .lang = err ? err->lang : CHISO_LANG_EN };
  if (ends(name, ".xlsx") || ends(name, ".xlsm"))
    return add(w, path, NULL, err);
  if (form) {
    (void)chiso__fail(&why, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                      MSG_FILLED_FORM, form);
    return add(w, path, &why, err);
  }
  if (w->out->others < sizeof w->out->other / sizeof *w->out->other)
    w->out->other[w->out->others] = path + w->root;
  w->out->others++;
  return CHISO_OK;
}

/* ---- folders --------------------------------------------------------------
 */

static chiso_status walk_folder(walk *w, const char *path, unsigned depth,
                                chiso_error *err);

/* Links to folders are not followed: they may lead in circles. */
static chiso_status walk_entry(walk *w, const char *folder, const char *name,
                               unsigned depth, chiso_error *err) {
  struct stat info;
  const char *path = join(w, folder, name);
  if (!path)
    return chiso__no_memory(err);
  if (*name == '.' || strncmp(name, "~$", 2) == 0 || lstat(path, &info) != 0)
    return CHISO_OK;
  if (S_ISDIR(info.st_mode))
    return walk_folder(w, path, depth + 1, err);
  if (S_ISLNK(info.st_mode) && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
    return CHISO_OK;
  return add_file(w, path, name, err);
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names first: no folder is open while those below it are read, and what is
 * told of them does not depend on the order that the file system has. */
static chiso_status list_names(walk *w, DIR *open, const char ***names,
                               size_t *count, chiso_error *err) {
  size_t room = 0;
  for (const struct dirent *entry; (entry = readdir(open));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    if (!chiso__grow(w->arena->allocator, (void **)(void *)names, &room, *count,
                     sizeof **names))
      return chiso__no_memory(err);
    (*names)[*count] =
        chiso__arena_text(w->arena, entry->d_name, strlen(entry->d_name));
    if (!(*names)[*count])
      return chiso__no_memory(err);
    ++*count;
  }
  return CHISO_OK;
}

static chiso_status walk_folder(walk *w, const char *path, unsigned depth,
                                chiso_error *err) {
  chiso_error why = { .lang = err ? err->lang : CHISO_LANG_EN };
  if (depth > CHISO__SHEET_DEPTH) {
    (void)chiso__fail(&why, CHISO_BAD_DATA, (chiso__place) { path, 0, 0 },
                      MSG_FILLED_DEPTH, CHISO__SHEET_DEPTH);
    return add(w, path, &why, err);
  }
  DIR *open = opendir(path);
  if (!open) {
    (void)chiso__file_refuse(&why, path, errno);
    return add(w, path, &why, err);
  }
  const char **names = NULL;
  size_t count = 0;
  chiso_status status = list_names(w, open, &names, &count, err);
  (void)closedir(open);
  if (count)
    qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; status == CHISO_OK && i < count; i++)
    status = walk_entry(w, path, names[i], depth, err);
  chiso__free(w->arena->allocator, names);
  return status;
}

/* ---- all ------------------------------------------------------------------
 */

static int by_path(const void *a, const void *b) {
  const chiso__found *x = a, *y = b;
  int order = strcmp(x->path, y->path);
  return order ? order : strcmp(x->name, y->name);
}

static const char *last_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

/* What is named by itself is read, whatever its ending: its bytes decide. */
static chiso_status take(walk *w, const char *path, chiso_error *err) {
  struct stat info;
  size_t size = strlen(path);
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
    w->root = size + (size > 0 && path[size - 1] != '/');
    return walk_folder(w, path, 1, err);
  }
  w->root = (size_t)(last_name(path) - path);
  return add(w, path, NULL, err);
}

chiso_status chiso__sheet_files(chiso__arena *arena, const char *const *paths,
                                size_t n, chiso__files *out, chiso_error *err) {
  walk w = { .arena = arena, .out = out };
  for (size_t i = 0; i < n; i++) {
    const char *path = chiso__arena_text(arena, paths[i], strlen(paths[i]));
    if (!path)
      return chiso__no_memory(err);
    CHISO__TRY(take(&w, path, err));
  }
  if (out->count)
    qsort(out->list, out->count, sizeof *out->list, by_path);
  size_t kept = 0;
  for (size_t i = 0; i < out->count; i++)
    if (kept == 0 || strcmp(out->list[kept - 1].path, out->list[i].path) != 0)
      out->list[kept++] = out->list[i];
  out->count = kept;
  return CHISO_OK;
}
