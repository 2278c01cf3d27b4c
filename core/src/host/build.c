/* SPDX-License-Identifier: Apache-2.0
 * host/build.c - index.json files in, a library and its manifest out.
 *
 * The compiler runs without a shell, in a folder of its own. Its options leave
 * no path, time or identity in the library: the same input and compiler give
 * the same bytes wherever they lie. What it made passes the same checks as a
 * library from elsewhere before it is put in place. */
#include "host/build.h"

#include "base/crypto.h"
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT_LOG ((size_t)1024 * 1024)
#define LOG_SHOWN 480 /* of the compiler's words */

/* ---- what is asked for -------------------------------------------------- */

/* "1.0, 1.1": each minor of this major up to this core's. */
static void list_abis(char *out, size_t size) {
  size_t used = 0;
  *out = '\0';
  for (unsigned minor = 0; minor <= CHISO_ABI_MINOR && used < size; minor++)
    used += (size_t)snprintf(out + used, size - used, "%s%u.%u",
                             minor ? ", " : "", CHISO_ABI_MAJOR, minor);
}

static chiso_status check_abi(chiso__build *build) {
  const char *wanted = build->options->abi;
  uint32_t major = CHISO_ABI_MAJOR;
  build->abi_minor = CHISO_ABI_MINOR;
  if (!wanted)
    return CHISO_OK;
  if (chiso__abi_read(wanted, &major, &build->abi_minor) &&
      major == CHISO_ABI_MAJOR && build->abi_minor <= CHISO_ABI_MINOR)
    return CHISO_OK;
  char list[256];
  list_abis(list, sizeof list);
  return CHISO__FAIL(build->err, CHISO_USAGE, MSG_BUILD_ABI, wanted,
                     CHISO_VERSION, list);
}

static chiso_status check_options(chiso__build *build) {
  const chiso_build_options *options = build->options;
  chiso_error *err = build->err;
  if (!options->id || !chiso__plugin_id_valid(options->id))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_BUILD_ID,
                       options->id ? options->id : "");
  if (!options->version || !chiso__plugin_version_valid(options->version))
    return CHISO__FAIL(err, CHISO_USAGE, MSG_BUILD_VERSION,
                       options->version ? options->version : "");
  if (!options->license || !*options->license)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_BUILD_LICENSE);
  if (options->n_indices == 0 || options->n_indices > CHISO__MAX_INDICES)
    return CHISO__FAIL(err, CHISO_USAGE, MSG_BUILD_NOTHING, CHISO__MAX_INDICES);
  CHISO__TRY(check_abi(build));
  const char *include = options->include_dir ? options->include_dir : "";
  const char *header =
      chiso__path_join(&build->arena, include, "chiso/plugin.h");
  if (!header)
    return chiso__no_memory(err);
  if (access(header, R_OK) != 0)
    return chiso__fail(err, CHISO_USAGE, (chiso__place) { .file = include },
                       MSG_BUILD_HEADER);
  return CHISO_OK;
}

/* Seen to before the compiler is started; writing may still fail later. */
static chiso_status check_out(const chiso__build *build) {
  const char *out = build->options->out_dir ? build->options->out_dir : ".";
  struct stat info;
  chiso__place place = { .file = out };
  if (stat(out, &info) != 0 || !S_ISDIR(info.st_mode))
    return chiso__fail(build->err, CHISO_IO, place, MSG_FILE_NO_FOLDER, out);
  return access(out, W_OK | X_OK) == 0
             ? CHISO_OK
             : chiso__file_refuse(build->err, out, errno);
}

/* A methodology that calls rule(), or NULL. */
static const char *caller(const chiso__build *build) {
  for (size_t i = 0; i < build->n_methodologies; i++) {
    const chiso_index *index = chiso_methodology_index(build->methodologies[i]);
    for (uint32_t j = 0; j < index->n_nodes; j++)
      if (index->nodes[j].op == CHISO_OP_CALL)
        return chiso_methodology_name(build->methodologies[i]);
  }
  return NULL;
}

static chiso_status read_indices(chiso__build *build) {
  const chiso_build_options *options = build->options;
  build->methodologies = chiso__arena_array(&build->arena, options->n_indices,
                                            sizeof(chiso_methodology *));
  if (!build->methodologies)
    return chiso__no_memory(build->err);
  for (size_t i = 0; i < options->n_indices; i++) {
    CHISO__TRY(chiso_methodology_read(options->indices[i], build->allocator,
                                      &build->methodologies[i], build->err));
    build->n_methodologies++;
  }
  const char *name = caller(build);
  if (name && !options->rule)
    return CHISO__FAIL(build->err, CHISO_USAGE, MSG_BUILD_RULE_MISSING, name);
  if (!name && options->rule)
    return CHISO__FAIL(build->err, CHISO_USAGE, MSG_BUILD_RULE_EXTRA);
  return CHISO_OK;
}

/* ---- the temporary folder ----------------------------------------------- */

static chiso_status make_folder(chiso__build *build) {
  const char *root = getenv("TMPDIR");
  char *folder = chiso__path_join(
      &build->arena, root && *root == '/' ? root : "/tmp", "chiso-XXXXXX");
  if (!folder)
    return chiso__no_memory(build->err);
  if (!mkdtemp(folder))
    return CHISO__FAIL(build->err, CHISO_IO, MSG_BUILD_TEMPORARY, folder,
                       strerror(errno));
  build->folder = folder;
  build->source = chiso__path_join(&build->arena, folder, "plugin.c");
  build->made = chiso__path_join(&build->arena, folder, "plugin.so");
  build->log = chiso__path_join(&build->arena, folder, "log");
  return build->source && build->made && build->log
             ? CHISO_OK
             : chiso__no_memory(build->err);
}

static void remove_folder(const chiso__build *build) {
  if (!build->folder)
    return;
  const char *const files[] = { build->source, build->made, build->log };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (files[i])
      unlink(files[i]);
  rmdir(build->folder);
}

/* ---- the compiler's part ------------------------------------------------ */

static chiso_status write_source(chiso__build *build) {
  const chiso_build_options *options = build->options;
  const chiso_plugin_text text = { .id = options->id,
                                   .version = options->version,
                                   .license = options->license,
                                   .contact = options->contact,
                                   .with_rule = options->rule != NULL,
                                   .abi_minor = build->abi_minor };
  char *source = NULL;
  size_t size = 0;
  CHISO__TRY(chiso_methodology_emit(
      (const chiso_methodology *const *)build->methodologies,
      build->n_methodologies, &text, &source, &size, build->err));
  chiso_status status =
      chiso__file_write(build->source, source, size, build->err);
  chiso_text_free(build->allocator, source);
  return status;
}

/* The compiler's first lines in one. */
static chiso_status compiler_failed(chiso__build *build) {
  const char *log = "?";
  size_t size = 0;
  char shown[LOG_SHOWN];
  size_t used = 0;
  chiso_status status = chiso__file_read(&build->arena, build->log, LIMIT_LOG,
                                         true, &log, &size, build->err);
  if (status != CHISO_OK)
    return status;
  for (size_t i = 0; i < size && used + 4 < sizeof shown; i++) {
    if (log[i] != '\n') {
      shown[used++] = log[i];
    } else if (i + 1 < size) {
      memcpy(shown + used, " | ", 3);
      used += 3;
    }
  }
  shown[used] = 0;
  chiso__place place = { .file = build->options->rule };
  return chiso__fail(build->err, CHISO_BAD_DATA, place, MSG_BUILD_COMPILER,
                     build->compiler, shown);
}

static chiso_status compile(chiso__build *build) {
  bool good = false;
  CHISO__TRY(write_source(build));
  CHISO__TRY(chiso__compiler_run(build, &good));
  return good ? CHISO_OK : compiler_failed(build);
}

/* ---- the result --------------------------------------------------------- */

static chiso_status write_manifest(chiso__build *build, const char *library,
                                   const char *digest, chiso__buffer *out) {
  const chiso_build_options *options = build->options;
  char abi[32];
  snprintf(abi, sizeof abi, "%u.%u", CHISO_ABI_MAJOR,
           (unsigned)build->abi_minor);
  chiso__manifest manifest = { .id = options->id,
                               .version = options->version,
                               .license = options->license,
                               .contact = options->contact,
                               .abi = abi,
                               .library = library,
                               .library_digest = digest,
                               .call = options->rule != NULL,
                               .n_indices = (uint32_t)build->n_methodologies };
  manifest.indices = chiso__arena_array(&build->arena, build->n_methodologies,
                                        sizeof *manifest.indices);
  if (!manifest.indices)
    return chiso__no_memory(build->err);
  for (size_t i = 0; i < build->n_methodologies; i++)
    CHISO__TRY(chiso__manifest_describe(&build->arena, build->methodologies[i],
                                        &manifest.indices[i], build->err));
  CHISO__TRY(chiso__manifest_write(&manifest, out, build->err));
  /* What is written must be readable: a repeated methodology, a text that
   * INI would change. */
  chiso__manifest again;
  return chiso__manifest_parse(&build->arena, build->target_manifest, out->data,
                               out->size, &again, build->err);
}

/* Puts both files in place. When the second cannot be written the first goes
 * back to what it was. */
static chiso_status place(chiso__build *build, const char *library, size_t size,
                          const chiso__buffer *manifest) {
  const char *old = NULL;
  size_t old_size = 0;
  bool had = access(build->target, F_OK) == 0 &&
             chiso__file_read(&build->arena, build->target, CHISO__LIMIT_PLUGIN,
                              true, &old, &old_size, NULL) == CHISO_OK;
  CHISO__TRY(chiso__file_write(build->target, library, size, build->err));
  chiso_status status = chiso__file_write(
      build->target_manifest, manifest->data, manifest->size, build->err);
  if (status == CHISO_OK)
    return CHISO_OK;
  if (had)
    (void)chiso__file_write(build->target, old, old_size, NULL);
  else
    unlink(build->target);
  return status;
}

static chiso_status finish(chiso__build *build) {
  const chiso_build_options *options = build->options;
  chiso__arena *arena = &build->arena;
  const char *folder = options->out_dir ? options->out_dir : ".";
  const char *bytes;
  size_t size, length = strlen(options->id);
  char digest[65];
  char *library = chiso__arena_alloc(arena, length + sizeof ".so");
  char *ini = chiso__arena_alloc(arena, length + sizeof CHISO__MANIFEST_ENDING);
  if (!library || !ini)
    return chiso__no_memory(build->err);
  snprintf(library, length + sizeof ".so", "%s.so", options->id);
  snprintf(ini, length + sizeof CHISO__MANIFEST_ENDING, "%s%s", options->id,
           CHISO__MANIFEST_ENDING);
  build->target = chiso__path_join(arena, folder, library);
  build->target_manifest = chiso__path_join(arena, folder, ini);
  if (!build->target || !build->target_manifest)
    return chiso__no_memory(build->err);
  CHISO__TRY(chiso__file_read(arena, build->made, CHISO__LIMIT_PLUGIN, false,
                              &bytes, &size, build->err));
  CHISO__TRY(chiso__elf_check(build->target, bytes, size, options->rule != NULL,
                              build->err));
  chiso__sha256(bytes, size, digest);
  chiso__buffer text = { .allocator = build->allocator };
  chiso_status status = write_manifest(build, library, digest, &text);
  if (status == CHISO_OK)
    status = place(build, bytes, size, &text);
  chiso__buffer_free(&text);
  return status;
}

static chiso_status run(chiso__build *build) {
  CHISO__TRY(check_options(build));
  CHISO__TRY(read_indices(build));
  CHISO__TRY(check_out(build));
  CHISO__TRY(make_folder(build));
  CHISO__TRY(compile(build));
  return finish(build);
}

chiso_status chiso_build(const chiso_build_options *options,
                         const chiso_allocator *allocator, chiso_error *err) {
  chiso__build build = { .options = options,
                         .allocator = allocator,
                         .arena = { .allocator = allocator },
                         .err = err };
  chiso_status status = run(&build);
  remove_folder(&build);
  for (size_t i = 0; i < build.n_methodologies; i++)
    chiso_methodology_free(build.methodologies[i]);
  chiso__arena_free(&build.arena);
  return status;
}
