/* SPDX-License-Identifier: Apache-2.0
 * author/check_open.c - what there is to check: read by the core's own readers,
 * no code of a plugin runs. */
#include "author/check.h"

#include "base/crypto.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 256u /* manifests, libraries and index.json of one folder */
#define BUILT_ID  "checked"

typedef struct name_list {
  const char *list[MAX_FILES];
  size_t count;
} name_list;

static bool ends_with(const char *name, const char *ending) {
  size_t size = strlen(name), tail = strlen(ending);
  return size > tail && strcmp(name + size - tail, ending) == 0;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in `folder` that end so, sorted. */
static chiso_status list_names(chiso__checking *k, const char *folder,
                               const char *ending, name_list *out,
                               chiso_error *err) {
  DIR *open = opendir(folder);
  if (!open)
    return chiso__fail(err, CHISO_IO, (chiso__place) { .file = folder },
                       MSG_FOLDER_READ, strerror(errno));
  chiso_status status = CHISO_OK;
  for (const struct dirent *e;
       status == CHISO_OK && out->count < MAX_FILES && (e = readdir(open));) {
    if (e->d_name[0] == '.' || !ends_with(e->d_name, ending))
      continue;
    const char *name =
        chiso__arena_text(&k->arena, e->d_name, strlen(e->d_name));
    if (name)
      out->list[out->count++] = name;
    else
      status = chiso__no_memory(err);
  }
  closedir(open);
  if (out->count > 0)
    qsort(out->list, out->count, sizeof *out->list, by_text);
  return status;
}

/* ---- index.json --------------------------------------------------------- */

static chiso_status read_source(chiso__checking *k, chiso__check_source *source,
                                chiso_error *err) {
  chiso__arena scratch = { .allocator = k->allocator };
  chiso__check_taker taker = { k, CHISO__READING_INDEX };
  chiso__faults faults = { chiso__check_take_fault, &taker, 0 };
  const char *text;
  size_t size;
  chiso_error why = { .lang = k->lang };
  chiso_status status = chiso__file_read(
      &scratch, source->path, CHISO__LIMIT_INDEX, false, &text, &size, &why);
  if (status == CHISO_OK)
    status = chiso__methodology_parse_all(
        source->path, text, size, k->allocator, &faults, &source->own, &why);
  else if (status == CHISO_BAD_DATA)
    chiso__check_fault_add(k, CHECK_T10, &why);
  source->methodology = source->own;
  chiso__arena_free(&scratch);
  if (status == CHISO_OK || status == CHISO_BAD_DATA)
    return CHISO_OK;
  if (err)
    *err = why;
  return status;
}

/* ---- plugins ------------------------------------------------------------ */

static chiso_status read_library(chiso__checking *k, chiso__check_plugin *p) {
  chiso_error why = { .lang = k->lang };
  chiso_status status =
      chiso__file_read(&k->arena, p->library_path, CHISO__LIMIT_PLUGIN, false,
                       &p->bytes, &p->size, &why);
  if (status != CHISO_OK) {
    p->bytes = NULL;
    chiso__check_fault_add(k, CHECK_M05, &why);
    return status == CHISO_NO_MEMORY ? status : CHISO_OK;
  }
  chiso__sha256(p->bytes, p->size, p->digest);
  if (strcmp(p->digest, p->manifest.library_digest) != 0) {
    chiso__fail(&why, CHISO_BAD_DATA,
                (chiso__place) { .file = p->library_path }, MSG_LIBRARY_DIGEST,
                p->digest, p->manifest.library_digest);
    chiso__check_fault_add(k, CHECK_M05, &why);
  }
  status = chiso__elf_check(p->library_path, p->bytes, p->size,
                            p->manifest.call, &why);
  if (status == CHISO_BAD_DATA)
    chiso__check_fault_add(k, chiso__check_of(&why, CHISO__READING_LIBRARY),
                           &why);
  p->good_elf = status == CHISO_OK;
  return status == CHISO_NO_MEMORY ? status : CHISO_OK;
}

static chiso_status read_plugin(chiso__checking *k, chiso__check_plugin *p,
                                const char *folder, chiso_error *err) {
  const char *text;
  size_t size;
  chiso_error why = { .lang = k->lang };
  chiso_status status =
      chiso__file_read(&k->arena, p->manifest_path, CHISO__LIMIT_MANIFEST,
                       false, &text, &size, &why);
  if (status == CHISO_OK)
    status = chiso__manifest_parse(&k->arena, p->manifest_path, text, size,
                                   &p->manifest, &why);
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  if (status != CHISO_OK) {
    p->manifest = (chiso__manifest) { 0 }; /* half of one says nothing */
    chiso__check_fault_add(k, chiso__check_of(&why, CHISO__READING_MANIFEST),
                           &why);
    return CHISO_OK;
  }
  p->good_manifest = true;
  p->text = text;
  p->text_size = size;
  p->library_path = chiso__path_join(&k->arena, folder, p->manifest.library);
  return p->library_path && read_library(k, p) == CHISO_OK
             ? CHISO_OK
             : chiso__no_memory(err);
}

/* A library that no manifest announces is never loaded. */
static chiso_status find_orphans(chiso__checking *k, chiso_error *err) {
  name_list libraries = { .count = 0 };
  CHISO__TRY(list_names(k, k->folder, ".so", &libraries, err));
  for (size_t i = 0; i < libraries.count; i++) {
    bool known = false;
    CHISO__EACH_PLUGIN(k, p)
    known |= !p->good_manifest ||
             strcmp(p->manifest.library, libraries.list[i]) == 0;
    if (known)
      continue;
    chiso_error why = { .lang = k->lang };
    const char *path =
        chiso__path_join(&k->arena, k->folder, libraries.list[i]);
    if (!path)
      return chiso__no_memory(err);
    chiso__fail(&why, CHISO_BAD_DATA, (chiso__place) { .file = path },
                MSG_CHECK_ORPHAN);
    chiso__check_fault_add(k, CHECK_M01, &why);
  }
  return CHISO_OK;
}

/* ---- the path ----------------------------------------------------------- */

static chiso_status reserve(chiso__checking *k, size_t sources, size_t plugins,
                            chiso_error *err) {
  /* One more: the plugin that is built here. */
  k->sources = chiso__arena_array(&k->arena, sources + 1, sizeof *k->sources);
  k->plugins = chiso__arena_array(&k->arena, plugins + 1, sizeof *k->plugins);
  return k->sources && k->plugins ? CHISO_OK : chiso__no_memory(err);
}

static chiso_status add_source(chiso__checking *k, const char *path,
                               chiso_error *err) {
  if (!path)
    return chiso__no_memory(err);
  k->sources[k->n_sources++].path = path;
  return read_source(k, &k->sources[k->n_sources - 1], err);
}

static chiso_status add_plugin(chiso__checking *k, const char *path,
                               const char *folder, chiso_error *err) {
  if (!path)
    return chiso__no_memory(err);
  k->plugins[k->n_plugins++].manifest_path = path;
  return read_plugin(k, &k->plugins[k->n_plugins - 1], folder, err);
}

static chiso_status open_folder(chiso__checking *k, chiso_error *err) {
  name_list manifests = { .count = 0 };
  const char *index = chiso__path_join(&k->arena, k->folder, "index.json");
  CHISO__TRY(list_names(k, k->folder, CHISO__MANIFEST_ENDING, &manifests, err));
  CHISO__TRY(reserve(k, 1, manifests.count, err));
  if (!index)
    return chiso__no_memory(err);
  if (access(index, F_OK) == 0)
    CHISO__TRY(add_source(k, index, err));
  for (size_t i = 0; i < manifests.count; i++)
    CHISO__TRY(
        add_plugin(k, chiso__path_join(&k->arena, k->folder, manifests.list[i]),
                   k->folder, err));
  CHISO__TRY(find_orphans(k, err));
  if (k->n_sources + k->n_plugins + k->n_faults == 0)
    return chiso__fail(err, CHISO_BAD_DATA,
                       (chiso__place) { .file = k->folder }, MSG_CHECK_NOTHING);
  return CHISO_OK;
}

static chiso_status open_file(chiso__checking *k, chiso_error *err) {
  const char *path = k->options->path;
  const char *slash = strrchr(path, '/');
  k->one_file = true;
  k->folder =
      slash ? chiso__arena_text(&k->arena, path,
                                slash == path ? 1 : (size_t)(slash - path))
            : ".";
  if (!k->folder)
    return chiso__no_memory(err);
  CHISO__TRY(reserve(k, 1, 1, err));
  if (k->options->variant) {
    k->sources[k->n_sources++] = (chiso__check_source) {
      path, chiso_variant_methodology(k->options->variant), NULL
    };
    return CHISO_OK;
  }
  if (ends_with(path, CHISO__MANIFEST_ENDING))
    return add_plugin(k, path, k->folder, err);
  if (ends_with(path, ".json"))
    return add_source(k, path, err);
  return chiso__fail(err, CHISO_USAGE, (chiso__place) { .file = path },
                     MSG_CHECK_FILE);
}

/* ---- building what is not built ----------------------------------------- */

static bool calls_rule(const chiso_methodology *m) {
  const chiso_index *index = chiso_methodology_index(m);
  for (uint32_t i = 0; i < index->n_nodes; i++)
    if (index->nodes[i].op == CHISO_OP_CALL)
      return true;
  return false;
}

static void no_plugin(chiso__checking *k, chiso__message message) {
  k->no_plugin.lang = k->lang;
  chiso__fail(&k->no_plugin, CHISO_OK, (chiso__place) { 0 }, message);
}

static chiso_status make_work(chiso__checking *k, chiso_error *err) {
  const char *root = getenv("TMPDIR");
  char *folder = chiso__path_join(
      &k->arena, root && *root == '/' ? root : "/tmp", "chiso-XXXXXX");
  if (!folder)
    return chiso__no_memory(err);
  if (!mkdtemp(folder))
    return CHISO__FAIL(err, CHISO_IO, MSG_BUILD_TEMPORARY, folder,
                       strerror(errno));
  k->work = folder;
  return CHISO_OK;
}

/* What a plugin that was built here is named by. */
static const char *built_from(const chiso__checking *k) {
  return k->rule ? k->rule : k->sources[0].path;
}

/* What the build refused: no compiler is no fault of the sources. */
static chiso_status not_built(chiso__checking *k, chiso_status status,
                              const chiso_error *why, chiso_error *err) {
  if (status == CHISO_NO_MEMORY)
    return chiso__no_memory(err);
  if (why->message == chiso__message_number(MSG_BUILD_START) ||
      why->message == chiso__message_number(MSG_BUILD_HEADER)) {
    no_plugin(k, MSG_CHECK_NO_COMPILER);
    return CHISO_OK;
  }
  chiso__check_fault_add(k, chiso__check_of(why, CHISO__READING_BUILD), why);
  /* The temporary folder tells nobody anything. */
  chiso_error *kept = k->n_faults ? &k->faults[k->n_faults - 1].error : NULL;
  if (kept && strncmp(kept->file, k->work, strlen(k->work)) == 0)
    (void)snprintf(kept->file, sizeof kept->file, "%s", built_from(k));
  return CHISO_OK;
}

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Copies of the plugins that nobody else can write, for S08 and S06, which load
 * by way of a store: where an author works, others often may. */
static chiso_status copy_plugins(chiso__checking *k, chiso_error *err) {
  CHISO__EACH_PLUGIN(k, p) {
    if (!p->good_elf)
      continue;
    if (!k->work)
      CHISO__TRY(make_work(k, err));
    const char *manifest =
        chiso__path_join(&k->arena, k->work, name_of(p->manifest_path));
    const char *library =
        chiso__path_join(&k->arena, k->work, p->manifest.library);
    if (!manifest || !library)
      return chiso__no_memory(err);
    CHISO__TRY(chiso__file_write(library, p->bytes, p->size, err));
    CHISO__TRY(chiso__file_write(manifest, p->text, p->text_size, err));
  }
  return CHISO_OK;
}

static bool by_store(const chiso__checking *k) {
  return k->selected[CHECK_S06] || k->selected[CHECK_S08];
}

chiso_status chiso__check_build(chiso__checking *k, chiso_error *err) {
  no_plugin(k, MSG_CHECK_NO_PLUGIN);
  const char *rule = chiso__path_join(&k->arena, k->folder, "rule.c");
  if (!rule)
    return chiso__no_memory(err);
  if (k->n_plugins > 0 && by_store(k))
    return copy_plugins(k, err);
  if (k->n_plugins > 0 || k->n_sources == 0 || !k->sources[0].methodology)
    return CHISO_OK;
  if (k->options->variant) {
    no_plugin(k, MSG_CHECK_OVERLAY);
    return CHISO_OK;
  }
  const char *include = k->options->include_dir;
  if (!include) {
    no_plugin(k, MSG_CHECK_NO_COMPILER);
    return CHISO_OK;
  }
  /* One file by itself goes without a rule.c that belongs to another. */
  bool use = access(rule, F_OK) == 0 &&
             (!k->one_file || calls_rule(k->sources[0].methodology));
  k->rule = use ? rule : NULL;
  CHISO__TRY(make_work(k, err));
  chiso_error why = { .lang = k->lang };
  chiso_build_options options = { .id = BUILT_ID,
                                  .version = "0.0.0",
                                  .license = "LicenseRef-unstated",
                                  .indices = &k->sources[0].path,
                                  .n_indices = 1,
                                  .rule = k->rule,
                                  .out_dir = k->work,
                                  .include_dir = include };
  chiso_status status = chiso_build(&options, k->allocator, &why);
  if (status != CHISO_OK)
    return not_built(k, status, &why, err);
  k->plugins[0].built = true;
  const char *manifest =
      chiso__path_join(&k->arena, k->work, BUILT_ID CHISO__MANIFEST_ENDING);
  CHISO__TRY(add_plugin(k, manifest, k->work, err));
  k->plugins[0].library_path = built_from(k);
  return CHISO_OK;
}

/* ---- opening and closing ------------------------------------------------ */

chiso_status chiso__check_open(chiso__checking *k, chiso_error *err) {
  const char *path = k->options->path;
  struct stat about;
  if (stat(path, &about) != 0)
    return chiso__fail(err, CHISO_IO, (chiso__place) { .file = path },
                       errno == EACCES ? MSG_FILE_DENIED : MSG_FILE_ABSENT);
  if (!S_ISDIR(about.st_mode))
    return open_file(k, err);
  k->folder = path;
  return open_folder(k, err);
}

static void remove_file(const chiso__checking *k, const char *name) {
  char path[4096];
  if (snprintf(path, sizeof path, "%s/%s", k->work, name) < (int)sizeof path)
    unlink(path);
}

static void remove_work(const chiso__checking *k) {
  if (!k->work)
    return;
  remove_file(k, BUILT_ID ".so");
  remove_file(k, BUILT_ID CHISO__MANIFEST_ENDING);
  CHISO__EACH_PLUGIN(k, p) {
    if (!p->good_elf)
      continue;
    remove_file(k, name_of(p->manifest_path));
    remove_file(k, p->manifest.library);
  }
  rmdir(k->work);
}

void chiso__check_close(chiso__checking *k) {
  remove_work(k);
  for (size_t i = 0; i < k->n_subjects; i++) {
    chiso_program_free(k->subjects[i].program);
    chiso__free(k->allocator, k->subjects[i].full);
    chiso__free(k->allocator, k->subjects[i].known);
  }
  CHISO__EACH_PLUGIN(k, p)
  for (size_t i = 0; p->copies && i < p->manifest.n_indices; i++)
    chiso_methodology_free(p->copies[i]);
  for (size_t i = 0; i < k->n_sources; i++)
    chiso_methodology_free(k->sources[i].own);
  chiso__free(k->allocator, k->faults);
  chiso__arena_free(&k->arena);
}
