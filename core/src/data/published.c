/* SPDX-License-Identifier: Apache-2.0
 * data/published.c - which rounds the share folder has figures for. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "data/data.h"

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *copy(const chiso_allocator *allocator, const char *text,
                  size_t size) {
  char *block = chiso__alloc(allocator, size + 1);
  if (block)
    memcpy(block, text, size);
  return block;
}

static chiso_status list_folder(const char *path, const char *ending,
                                const chiso_allocator *allocator, char ***names,
                                size_t *count, chiso_error *err) {
  size_t capacity = 0, tail = strlen(ending);
  DIR *folder = opendir(path);
  if (!folder)
    return CHISO_OK;
  chiso_status status = CHISO_OK;
  for (struct dirent *e; status == CHISO_OK && (e = readdir(folder));) {
    size_t size = strlen(e->d_name);
    if (size <= tail || strcmp(e->d_name + size - tail, ending) != 0)
      continue;
    if (!chiso__grow(allocator, (void **)(void *)names, &capacity, *count,
                     sizeof **names) ||
        !((*names)[*count] = copy(allocator, e->d_name, size - tail)))
      status = chiso__no_memory(err);
    else
      (*count)++;
  }
  closedir(folder);
  return status;
}

chiso_status
chiso__published_names(const chiso_store *store, const chiso_listing *listing,
                       const char *kind, const chiso_allocator *allocator,
                       char ***names, size_t *count, chiso_error *err) {
  const char *share = chiso_store_share(store);
  *names = NULL;
  *count = 0;
  if (!share)
    return CHISO_OK;
  char ending[32];
  chiso__buffer path = { .allocator = allocator };
  snprintf(ending, sizeof ending, ".%s.csv", kind);
  chiso__buffer_print(&path, "%s/published/%s", share, listing->name);
  chiso_status status = path.failed ? chiso__no_memory(err)
                                    : list_folder(path.data, ending, allocator,
                                                  names, count, err);
  chiso__buffer_free(&path);
  if (status != CHISO_OK) {
    chiso_names_free(allocator, *names, *count);
    *names = NULL;
    *count = 0;
    return status;
  }
  if (*count > 0)
    qsort(*names, *count, sizeof **names, by_text);
  return CHISO_OK;
}

chiso_status chiso_published_rounds(const chiso_store *store,
                                    const chiso_listing *listing,
                                    const chiso_allocator *allocator,
                                    char ***names, size_t *count,
                                    chiso_error *err) {
  return chiso__published_names(store, listing, "observations", allocator,
                                names, count, err);
}

void chiso_names_free(const chiso_allocator *allocator, char **names,
                      size_t count) {
  for (size_t i = 0; i < count; i++)
    chiso__free(allocator, names[i]);
  chiso__free(allocator, names);
}
