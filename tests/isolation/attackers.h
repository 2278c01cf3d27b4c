/* SPDX-License-Identifier: Apache-2.0
 * Plugins that attack, compiled when they are asked for, and what must be said
 * of each. */
#ifndef CHISO_TESTS_ATTACKERS_H
#define CHISO_TESTS_ATTACKERS_H

#include "../unit/host_fixture.h"

#include "base/error.h"

typedef enum attack_place {
  CONSTRUCTOR,
  ENTRY,
  RULE,
  NOWHERE,
  PLACES = 3
} attack_place;

typedef struct attacker {
  const char *name;
  chiso__message reasons[PLACES]; /* by place */
  const char *word;               /* that the reason must hold, or "" */
  bool never_answers;
} attacker;

#define EVERYWHERE(m)                                                          \
  { MSG_WORKER_##m, MSG_WORKER_##m, MSG_WORKER_##m }

static const attacker attackers[] = {
  { "segv", EVERYWHERE(SEGV), "SIGSEGV", false },
  { "abort", EVERYWHERE(ABORT), "SIGABRT", false },
  { "loop", EVERYWHERE(SILENT), "", true },
  { "memory",
    { MSG_WORKER_MEMORY, MSG_WORKER_ALLOCATES, MSG_WORKER_ALLOCATES },
    "",
    false },
  { "stack", EVERYWHERE(SEGV), "stack", false },
  { "socket", EVERYWHERE(FORBIDDEN), "socket", false },
  { "file", EVERYWHERE(FORBIDDEN), "openat", false },
  { "fork", EVERYWHERE(FORBIDDEN), "clone", false },
  { "exec", EVERYWHERE(FORBIDDEN), "execve", false },
  { "code", EVERYWHERE(FORBIDDEN), "mprotect", false },
  { "garbage", EVERYWHERE(GARBAGE), "", false },
  { "forge", EVERYWHERE(GARBAGE), "", false },
  { "flood", EVERYWHERE(GARBAGE), "", false },
  { "exit", EVERYWHERE(EXIT), "3", false },
};
#define ATTACKERS (sizeof attackers / sizeof *attackers)

#define FOLDER SOURCE_DIR "/tests/isolation"
#define WORKER BUILD_DIR "/libexec/chiso/chiso-worker"

/* Whether a reason in English is the message, told by its text up to the
 * first conversion, and holds the word. */
static inline bool is_reason(const char *text, chiso__message message,
                             const char *word) {
  const char *want = chiso__message_text(message, CHISO_LANG_EN);
  return strncmp(text, want, strcspn(want, "%")) == 0 && strstr(text, word);
}

/* The tables of the example with code, as C. */
static inline bool put_tables(const folder *work) {
  chiso_methodology *m = NULL;
  char *text = NULL;
  size_t size = 0;
  chiso_error err = { 0 };
  const chiso_plugin_text plugin = { .id = "example-call",
                                     .version = "1.0.0",
                                     .license = "Apache-2.0",
                                     .with_rule = true };
  bool done =
      good(chiso_methodology_read(EXAMPLE "/index.json", NULL, &m, &err),
           &err) &&
      good(chiso_methodology_emit((const chiso_methodology *const *)&m, 1,
                                  &plugin, &text, &size, &err),
           &err) &&
      put_bytes(work, "tables.c", text, size);
  chiso_text_free(NULL, text);
  chiso_methodology_free(m);
  return done;
}

static inline bool run_compiler(char *const *arguments) {
  pid_t pid;
  int state = -1;
  return posix_spawnp(&pid, "cc", NULL, NULL, arguments, environ) == 0 &&
         waitpid(pid, &state, 0) == pid && state == 0;
}

/* The library of an attacker, to be freed; NULL: the compiler failed. */
static inline char *compile_attacker(const char *name, attack_place where,
                                     size_t *size) {
  folder work = folder_make();
  char tables[PATH_ROOM], out[PATH_ROOM], script[PATH_ROOM], object[PATH_ROOM];
  char source[PATH_ROOM], define[32], *bytes = NULL;
  snprintf(source, sizeof source, "%s/attack_%s.c", FOLDER, name);
  snprintf(define, sizeof define, "-DPLACE=%d", (int)where);
  snprintf(script, sizeof script, "-Wl,--version-script=%s/only", work.path);
#define TEXT(text) ((char *)(uintptr_t)(text))
  char *first[] = { TEXT("cc"),
                    TEXT("-O1"),
                    TEXT("-fPIC"),
                    TEXT("-w"),
                    TEXT("-c"),
                    TEXT("-I" INCLUDE_DIR),
                    TEXT("-Dchiso_plugin_v1=attack_tables"),
                    TEXT("-o"),
                    TEXT(in_folder(&work, "tables.o", object)),
                    TEXT(in_folder(&work, "tables.c", tables)),
                    NULL };
  char *second[] = { TEXT("cc"),
                     TEXT("-O1"),
                     TEXT("-fPIC"),
                     TEXT("-shared"),
                     TEXT("-nostartfiles"),
                     TEXT("-nodefaultlibs"),
                     TEXT("-w"),
                     TEXT("-Wl,-z,relro,-z,now,-z,noexecstack,--as-needed"),
                     script,
                     define,
                     TEXT("-I" INCLUDE_DIR),
                     TEXT("-o"),
                     TEXT(in_folder(&work, "x.so", out)),
                     object,
                     source,
                     TEXT(FOLDER "/place.c"),
                     TEXT("-lc"),
                     NULL };
#undef TEXT
  if (put_tables(&work) &&
      put_text(&work, "only", "{ global: chiso_plugin_v1; local: *; };\n") &&
      run_compiler(first) && run_compiler(second))
    bytes = get_bytes(&work, "x.so", size);
  folder_remove(&work);
  return bytes;
}

/* The example with its own, good rule, built into the folder. */
static inline bool build_good(const folder *out) {
  static const char *const indices[] = { EXAMPLE "/index.json" };
  const chiso_build_options options = { .id = "example-call",
                                        .version = "1.0.0",
                                        .license = "Apache-2.0",
                                        .indices = indices,
                                        .n_indices = 1,
                                        .rule = EXAMPLE "/rule.c",
                                        .out_dir = out->path,
                                        .include_dir = INCLUDE_DIR };
  chiso_error err = { 0 };
  return good(chiso_build(&options, NULL, &err), &err);
}

#endif
