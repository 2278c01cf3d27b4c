/* SPDX-License-Identifier: Apache-2.0
 * author/new.c - a folder for the next edition, whole or not at all. */
#define _GNU_SOURCE /* renameat2() */
#include "author/new.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "host/host.h"

#define MOST_TRIES 1000 /* names of a temporary folder */

/* ---- what is asked for ----------------------------------------------------
 */

/* Four digits at `text` as a year, or 0. */
static uint16_t year_at(const char *text) {
  chiso_date date;
  char digits[5] = { 0 };
  memcpy(digits, text, strnlen(text, 4));
  return strlen(digits) == 4 && chiso_round_parse(digits, &date) ? date.year
                                                                 : 0;
}

static chiso_status choose_edition(chiso__new *n) {
  const chiso_new_options *o = n->options;
  size_t size = strlen(o->name);
  n->edition = o->edition;
  if (!n->edition && size >= 4 && year_at(o->name + size - 4))
    n->edition = o->name + size - 4;
  if (!n->edition)
    return CHISO__FAIL(n->err, CHISO_USAGE, MSG_NEW_NO_EDITION, o->name);
  n->year = year_at(n->edition);
  if (!n->year)
    return CHISO__FAIL(n->err, CHISO_USAGE, MSG_NEW_EDITION, n->edition);
  n->round = chiso__arena_text(&n->arena, n->edition, 4);
  return n->round ? CHISO_OK : chiso__no_memory(n->err);
}

static chiso_status check_base(const chiso__new *n) {
  const chiso_index *ix = chiso_methodology_index(n->options->base);
  const char *base = chiso_methodology_name(n->options->base);
  if (strcmp(n->id, ix->id) == 0 && n->year <= ix->first)
    return CHISO__FAIL(n->err, CHISO_USAGE, MSG_NEW_EARLIER, n->edition, base,
                       (unsigned)ix->first);
  for (uint32_t i = 0; i < ix->n_nodes; i++)
    if (ix->nodes[i].op == CHISO_OP_CALL)
      return CHISO__FAIL(n->err, CHISO_USAGE, MSG_NEW_CALL, base,
                         ix->nodes[i].id);
  return CHISO_OK;
}

static chiso_status settle(chiso__new *n) {
  const chiso_new_options *o = n->options;
  if (!o->name || !chiso__plugin_id_valid(o->name))
    return CHISO__FAIL(n->err, CHISO_USAGE, MSG_BUILD_ID,
                       o->name ? o->name : "");
  n->id = o->id ? o->id : chiso_methodology_index(o->base)->id;
  CHISO__TRY(choose_edition(n));
  CHISO__TRY(check_base(n));
  size_t size = strlen(n->id) + 1 + strlen(n->edition) + 1;
  char *name = chiso__arena_alloc(&n->arena, size);
  if (!name)
    return chiso__no_memory(n->err);
  snprintf(name, size, "%s/%s", n->id, n->edition);
  n->name = name;
  return CHISO_OK;
}

/* ---- the unit set ---------------------------------------------------------
 */

/* "<set>-<edition>.csv" of the set: its edition in the arena, else NULL. */
static const char *edition_of(chiso__new *n, const char *file, const char *set,
                              size_t size) {
  size_t length = strlen(file), tail = sizeof ".csv" - 1;
  if (length <= size + 1 + tail || memcmp(file, set, size) != 0 ||
      file[size] != '-' || strcmp(file + length - tail, ".csv") != 0)
    return NULL;
  return chiso__arena_text(&n->arena, file + size + 1,
                           length - tail - size - 1);
}

/* The newest edition of the base's set that is not later than the first round:
 * units change as rules do. */
static chiso_status find_units(chiso__new *n) {
  const char *set = chiso_methodology_index(n->options->base)->unit_set;
  const char *share = n->options->share_dir ? n->options->share_dir : "";
  const char *folder = chiso__path_join(&n->arena, share, "units");
  size_t size = strcspn(set, "/");
  const char *best = NULL, *edition;
  n->unit_set = set;
  if (!folder)
    return chiso__no_memory(n->err);
  DIR *dir = set[size] ? opendir(folder) : NULL;
  for (struct dirent *e; dir && (e = readdir(dir));)
    if ((edition = edition_of(n, e->d_name, set, size)) && year_at(edition) &&
        year_at(edition) <= n->year && (!best || strcmp(edition, best) > 0))
      best = edition;
  if (dir)
    (void)closedir(dir);
  if (!best)
    return CHISO_OK;
  size_t room = strlen(set) + strlen(best) + sizeof "/.csv";
  char *name = chiso__arena_alloc(&n->arena, room);
  char *file = chiso__arena_alloc(&n->arena, room);
  if (!name || !file)
    return chiso__no_memory(n->err);
  snprintf(name, room, "%.*s/%s", (int)size, set, best);
  snprintf(file, room, "%.*s-%s.csv", (int)size, set, best);
  n->unit_set = name;
  n->units_path = chiso__path_join(&n->arena, folder, file);
  return n->units_path ? CHISO_OK : chiso__no_memory(n->err);
}

/* ---- the folder -----------------------------------------------------------
 */

typedef struct folder {
  chiso__new *n;
  const char *target; /* out_dir/name */
  char *path;         /* the temporary one beside it */
  const char *made[16];
  size_t n_made;
} folder;

/* path/name in the arena, and in the list of what to remove on failure. */
static const char *note(folder *f, const char *name) {
  const char *path = chiso__path_join(&f->n->arena, f->path, name);
  if (path && f->n_made < sizeof f->made / sizeof *f->made)
    f->made[f->n_made++] = path;
  return path;
}

static chiso_status make_folder(folder *f, const char *name) {
  const char *path = note(f, name);
  if (!path)
    return chiso__no_memory(f->n->err);
  return mkdir(path, 0777) == 0
             ? CHISO_OK
             : chiso__file_refuse(f->n->err, f->target, errno);
}

/* Errors name the file as it was to be called. */
static chiso_status put(folder *f, const char *name, const void *bytes,
                        size_t size) {
  const char *path = note(f, name);
  return path ? chiso__file_write(path, bytes, size, f->n->err)
              : chiso__no_memory(f->n->err);
}

/* A process id and a counter make a name that is free. */
static chiso_status begin(folder *f) {
  chiso__new *n = f->n;
  struct stat there;
  const char *out = n->options->out_dir ? n->options->out_dir : "";
  f->target = chiso__path_join(&n->arena, out, n->options->name);
  f->path = chiso__path_join(&n->arena, out, ".chiso-new-0123456789-0123.tmp");
  if (!f->target || !f->path)
    return chiso__no_memory(n->err);
  if (lstat(f->target, &there) == 0)
    return chiso__fail(n->err, CHISO_USAGE,
                       (chiso__place) { .file = f->target }, MSG_NEW_THERE);
  char *name =
      f->path + strlen(f->path) - strlen(".chiso-new-0123456789-0123.tmp");
  for (unsigned i = 0; i < MOST_TRIES; i++) {
    snprintf(name, sizeof ".chiso-new-0123456789-0123.tmp",
             ".chiso-new-%ld-%u.tmp", (long)getpid(), i);
    if (mkdir(f->path, 0777) == 0) {
      f->made[f->n_made++] = f->path;
      return CHISO_OK;
    }
    if (errno != EEXIST)
      break;
  }
  return errno == ENOENT || errno == ENOTDIR
             ? chiso__fail(n->err, CHISO_IO,
                           (chiso__place) { .file = f->target },
                           MSG_FILE_NO_FOLDER, *out ? out : ".")
             : chiso__file_refuse(n->err, f->target, errno);
}

static void take_back(const folder *f) {
  for (size_t i = f->n_made; i-- > 0;)
    (void)remove(f->made[i]);
}

/* Whoever may read a script may run it. */
static chiso_status make_executable(folder *f, const char *name) {
  const char *path = chiso__path_join(&f->n->arena, f->path, name);
  struct stat info;
  if (!path)
    return chiso__no_memory(f->n->err);
  if (stat(path, &info) != 0 ||
      chmod(path, (info.st_mode | (info.st_mode & 0444) >> 2) & 07777) != 0)
    return chiso__file_refuse(f->n->err, path, errno);
  return CHISO_OK;
}

/* What came to stand there meanwhile is not replaced. */
static chiso_status finish(folder *f) {
  int fault =
      renameat2(AT_FDCWD, f->path, AT_FDCWD, f->target, RENAME_NOREPLACE) == 0
          ? 0
          : errno;
  if (fault == ENOSYS || fault == EINVAL) /* a file system without it */
    fault = rename(f->path, f->target) == 0 ? 0 : errno;
  if (fault == EEXIST || fault == ENOTEMPTY)
    return chiso__fail(f->n->err, CHISO_USAGE,
                       (chiso__place) { .file = f->target }, MSG_NEW_THERE);
  return fault == 0 ? CHISO_OK
                    : chiso__file_refuse(f->n->err, f->target, fault);
}

/* ---- what goes into it ----------------------------------------------------
 */

static chiso_status put_index(folder *f) {
  char *text = NULL;
  size_t size = 0;
  CHISO__TRY(chiso_methodology_write(f->n->index, &text, &size, f->n->err));
  chiso_status status = put(f, "index.json", text, size);
  chiso_text_free(f->n->allocator, text);
  return status;
}

static chiso_status put_table(folder *f, const char *ending,
                              const chiso__buffer *table) {
  const char *round = *ending ? f->n->round : "units";
  char name[64];
  snprintf(name, sizeof name, "golden/%s%s.csv", round, ending);
  return put(f, name, table->data, table->size);
}

static chiso_status put_golden(folder *f) {
  chiso__worked worked = { { f->n->allocator, NULL, 0, 0, false },
                           { f->n->allocator, NULL, 0, 0, false },
                           { f->n->allocator, NULL, 0, 0, false } };
  chiso_status status = chiso__new_worked(f->n, &worked);
  if (status == CHISO_OK)
    status = make_folder(f, "golden");
  if (status == CHISO_OK)
    status = put_table(f, "", &worked.units);
  if (status == CHISO_OK)
    status = put_table(f, ".observations", &worked.observations);
  if (status == CHISO_OK)
    status = put_table(f, ".results", &worked.results);
  chiso__buffer_free(&worked.units);
  chiso__buffer_free(&worked.observations);
  chiso__buffer_free(&worked.results);
  return status;
}

/* Files of sdk/template and what they are called here. */
static chiso_status put_templates(folder *f) {
  static const char *const files[][2] = {
    { "README.md", "README.md" },
    { "CMakeLists.txt", "CMakeLists.txt" },
    { "Makefile", "Makefile" },
    { "ci.sh", "ci.sh" },
    { "check.yml", ".github/workflows/check.yml" },
    { "gitignore", ".gitignore" },
  };
  CHISO__TRY(make_folder(f, ".github"));
  CHISO__TRY(make_folder(f, ".github/workflows"));
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    chiso__buffer text = { .allocator = f->n->allocator };
    chiso_status status = chiso__new_template(f->n, files[i][0], &text);
    if (status == CHISO_OK)
      status = put(f, files[i][1], text.data, text.size);
    chiso__buffer_free(&text);
    CHISO__TRY(status);
  }
  return make_executable(f, "ci.sh");
}

static chiso_status fill(folder *f) {
  CHISO__TRY(begin(f));
  CHISO__TRY(put_index(f));
  CHISO__TRY(put_golden(f));
  CHISO__TRY(put_templates(f));
  return finish(f);
}

static chiso_status make(chiso__new *n) {
  CHISO__TRY(settle(n));
  CHISO__TRY(find_units(n));
  CHISO__TRY(chiso__new_index(n));
  folder f = { .n = n };
  chiso_status status = fill(&f);
  if (status != CHISO_OK)
    take_back(&f);
  return status;
}

chiso_status chiso_new(const chiso_new_options *options,
                       const chiso_allocator *allocator,
                       chiso_methodology **made, chiso_error *err) {
  chiso__new n = { .options = options,
                   .allocator = allocator,
                   .arena = { .allocator = allocator },
                   .err = err };
  chiso_status status = make(&n);
  if (status == CHISO_OK && made)
    *made = n.index;
  else
    chiso_methodology_free(n.index);
  chiso__arena_free(&n.arena);
  return status;
}
