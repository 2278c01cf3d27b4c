/* SPDX-License-Identifier: Apache-2.0
 * host/trust_edit.c - reading keys, and adding to a trust file. Nothing that
 * stands in the file is rewritten: a person may keep it too. */
#define _DEFAULT_SOURCE 1 /* flock() */
#include "host/trust.h"

#include "base/file.h"
#include "base/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- keys --------------------------------------------------------------- */

static chiso_status read_key(chiso__arena *arena, const char *what,
                             chiso__key *key, const char **line,
                             chiso_error *err) {
  const char *text;
  size_t size;
  *line = what;
  /* A key that was cut or grew by a character is still meant as one. */
  if (strncmp(what, "RW", 2) == 0 && strlen(what) >= 40 && !strchr(what, '.'))
    return chiso__key_read((chiso__place) { 0 }, what, strlen(what), key, err);
  CHISO__TRY(chiso__file_read(arena, what, CHISO__LIMIT_KEY, false, &text,
                              &size, err));
  return chiso__key_file(arena, what, text, size, key, line, err);
}

chiso_status chiso_public_key_read(const char *text_or_path,
                                   chiso_public_key *out, chiso_error *err) {
  chiso__arena arena = { 0 };
  chiso__key key;
  const char *line;
  chiso_status status = read_key(&arena, text_or_path, &key, &line, err);
  if (status == CHISO_OK) {
    memcpy(out->id, key.id, sizeof out->id);
    memcpy(out->text, line, sizeof out->text);
  }
  chiso__arena_free(&arena);
  return status;
}

/* ---- what is there ------------------------------------------------------ */

typedef struct edit {
  chiso_trust trust; /* of this file alone */
  const char *path;
  const char *text;
  size_t size;
} edit;

static chiso_status read_old(edit *e, chiso_error *err) {
  struct stat info;
  if (stat(e->path, &info) != 0 && errno == ENOENT)
    return CHISO_OK;
  CHISO__TRY(chiso__file_read(&e->trust.arena, e->path, CHISO__LIMIT_TRUST,
                              true, &e->text, &e->size, err));
  return e->size == 0 ? CHISO_OK
                      : chiso__trust_read(&e->trust, e->path, false, e->text,
                                          e->size, err);
}

static bool same(const char *a, const char *b) {
  return a && b && strcmp(a, b) == 0;
}

/* The row of a kind that says something of the same key or digest. */
static const chiso_trust_row *known(const edit *e, chiso_trust_kind kind,
                                    const chiso_trust_row *row) {
  for (size_t i = 0; i < e->trust.count; i++) {
    const chiso_trust_row *old = &e->trust.rows[i].row;
    if (old->kind == kind &&
        (same(old->digest, row->digest) || same(old->key_id, row->key_id)))
      return old;
  }
  return NULL;
}

/* The same again changes nothing, and trust does not undo a revocation. */
static chiso_status refuse_known(const edit *e, const chiso_trust_row *row,
                                 chiso_error *err) {
  const char *what = row->key_id ? row->key_id : row->digest;
  const chiso_trust_row *old = known(e, CHISO_TRUST_REVOKED, row);
  if (old && row->kind != CHISO_TRUST_REVOKED)
    return chiso__fail(err, CHISO_USAGE,
                       (chiso__place) { .file = old->file, .line = old->line },
                       MSG_TRUST_HAS_REVOKED, what);
  old = known(e, row->kind, row);
  if (old)
    return chiso__fail(err, CHISO_USAGE,
                       (chiso__place) { .file = old->file, .line = old->line },
                       MSG_TRUST_HAS, what);
  return CHISO_OK;
}

/* ---- what is added ------------------------------------------------------ */

static const char *const names[] = { [CHISO_TRUST_KEY] = "key",
                                     [CHISO_TRUST_MANIFEST] = "manifest",
                                     [CHISO_TRUST_REVOKED] = "revoked" };

/* One more than the largest number of a kind. */
static unsigned next_number(const chiso__ini *ini, chiso_trust_kind kind,
                            unsigned already) {
  unsigned largest = 0;
  size_t size = strlen(names[kind]);
  for (size_t i = 0; i < ini->n_sections; i++) {
    const char *section = ini->sections[i];
    if (strncmp(section, names[kind], size) != 0 || section[size] != ' ')
      continue;
    unsigned number = 0;
    for (const char *at = section + size + 1; *at; at++)
      number = number * 10 + (unsigned)(*at - '0');
    if (number > largest)
      largest = number;
  }
  return largest + 1 + already;
}

static chiso_status put_row(chiso__buffer *out, const chiso_trust_row *row,
                            unsigned number, chiso_error *err) {
  chiso__buffer_print(out, "\n[%s %u]\n", names[row->kind], number);
  switch (row->kind) {
  case CHISO_TRUST_KEY:
    CHISO__TRY(chiso__ini_put(out, "name", row->name, err));
    CHISO__TRY(chiso__ini_put(out, "key", row->key, err));
    CHISO__TRY(chiso__ini_put(out, "for", row->patterns, err));
    return chiso__ini_put(out, "added", row->date, err);
  case CHISO_TRUST_MANIFEST:
    CHISO__TRY(chiso__ini_put(out, "plugin", row->name, err));
    CHISO__TRY(chiso__ini_put(out, "sha256", row->digest, err));
    return chiso__ini_put(out, "added", row->date, err);
  case CHISO_TRUST_REVOKED:
    CHISO__TRY(chiso__ini_put(out, "name", row->name, err));
    CHISO__TRY(chiso__ini_put(out, "key", row->key_id, err));
    CHISO__TRY(
        chiso__ini_put(out, "sha256", row->key_id ? NULL : row->digest, err));
    CHISO__TRY(chiso__ini_put(out, "date", row->date, err));
    return chiso__ini_put(out, "reason", row->reason, err);
  }
  return CHISO_OK;
}

static chiso_status put_all(edit *e, const chiso_trust_row *rows, size_t count,
                            chiso__buffer *out, chiso_error *err) {
  static const char head[] =
      "# Whose plugins chiso loads in its own process, and what it refuses.\n"
      "# Written by chiso plugin trust; lines may be added and removed by "
      "hand.\n"
      "[trust]\n"
      "format = " CHISO__TRUST_FORMAT "\n";
  unsigned added[3] = { 0 };
  chiso__ini ini = { 0 };
  if (e->size > 0)
    CHISO__TRY(chiso__ini_parse(&e->trust.arena, e->path, e->text, e->size,
                                &ini, err));
  chiso__buffer_bytes(out, e->size > 0 ? e->text : head,
                      e->size > 0 ? e->size : sizeof head - 1);
  if (out->size > 0 && out->data[out->size - 1] != '\n')
    chiso__buffer_text(out, "\n");
  for (size_t i = 0; i < count; i++) {
    CHISO__TRY(refuse_known(e, &rows[i], err));
    CHISO__TRY(put_row(out, &rows[i],
                       next_number(&ini, rows[i].kind, added[rows[i].kind]++),
                       err));
  }
  return out->failed ? chiso__no_memory(err) : CHISO_OK;
}

/* What was written must be read back, or the next command could not. */
static chiso_status check(const edit *e, const chiso__buffer *text,
                          chiso_error *err) {
  chiso_trust again;
  chiso__trust_begin(&again, e->trust.allocator);
  chiso_status status =
      text->size > CHISO__LIMIT_TRUST
          ? chiso__fail(err, CHISO_BAD_DATA, (chiso__place) { .file = e->path },
                        MSG_FILE_TOO_LARGE, (unsigned long long)text->size,
                        (unsigned long long)CHISO__LIMIT_TRUST)
          : chiso__trust_read(&again, e->path, false, text->data, text->size,
                              err);
  chiso__trust_clear(&again);
  if (status == CHISO_BAD_DATA && err)
    err->line = err->column = 0; /* of lines that are not in the file */
  return status;
}

/* ---- the file ----------------------------------------------------------- */

/* Makes the folders of a path, for the user alone. */
static chiso_status make_folders(const char *folder, chiso_error *err) {
  char path[PATH_MAX];
  size_t size = strlen(folder);
  chiso__place place = { .file = folder };
  struct stat info;
  if (stat(folder, &info) == 0)
    return CHISO_OK;
  if (size >= sizeof path)
    return chiso__fail(err, CHISO_IO, place, MSG_FILE_LONG_NAME);
  memcpy(path, folder, size + 1);
  for (size_t i = 1; i <= size; i++) {
    if (path[i] != '/' && path[i] != '\0')
      continue;
    path[i] = '\0';
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
      return chiso__fail(err, CHISO_IO, place, MSG_TRUST_FOLDER,
                         strerror(errno));
    path[i] = i < size ? '/' : '\0';
  }
  return CHISO_OK;
}

static chiso_status append(edit *e, const chiso_trust_row *rows, size_t count,
                           chiso_error *err) {
  chiso__buffer text = { .allocator = e->trust.allocator };
  chiso_status status = read_old(e, err);
  if (status == CHISO_OK)
    status = put_all(e, rows, count, &text, err);
  if (status == CHISO_OK)
    status = check(e, &text, err);
  if (status == CHISO_OK)
    status = chiso__file_write_private(e->path, text.data, text.size, err);
  chiso__buffer_free(&text);
  return status;
}

/* Two commands at once: the lock of the folder keeps the second from losing
 * what the first adds. */
static chiso_status append_locked(edit *e, const chiso_trust_row *rows,
                                  size_t count, chiso_error *err) {
  const char *folder = chiso__path_folder(&e->trust.arena, e->path);
  if (!folder)
    return chiso__no_memory(err);
  chiso__place place = { .file = folder };
  CHISO__TRY(make_folders(folder, err));
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), locked = -1;
  if (fd >= 0)
    do
      locked = flock(fd, LOCK_EX);
    while (locked != 0 && errno == EINTR);
  /* Some file systems have no locks: then there is nothing to wait for. */
  chiso_status status = fd < 0 ? chiso__fail(err, CHISO_IO, place,
                                             MSG_TRUST_LOCK, strerror(errno))
                               : append(e, rows, count, err);
  if (fd >= 0)
    (void)close(fd);
  return status;
}

chiso_status chiso_trust_append(const char *path, const chiso_trust_row *rows,
                                size_t count, const chiso_allocator *allocator,
                                chiso_error *err) {
  edit e = { .path = path };
  chiso__trust_begin(&e.trust, allocator);
  chiso_status status = append_locked(&e, rows, count, err);
  chiso__trust_clear(&e.trust);
  return status;
}
