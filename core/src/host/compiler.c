/* SPDX-License-Identifier: Apache-2.0
 * host/compiler.c - running the C compiler, without a shell. */
#include "host/build.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGUMENTS 64
#define MAX_WORDS     16 /* of $CC */

extern char **environ;

typedef struct argument_list {
  const char *list[MAX_ARGUMENTS + 1];
  size_t count;
  bool failed; /* memory */
} argument_list;

/* No constructor can come in from start files, no library from the driver's
 * habits; nothing that names the compiler, the folder or the time stays. */
static const char *const standard[] = {
  "-std=c11",
  "-O1",
  "-fPIC",
  "-shared",
  "-fvisibility=hidden",
  "-fno-ident",
  "-fno-asynchronous-unwind-tables",
  "-Werror=date-time",
  "-nostartfiles",
  "-Wl,-z,relro,-z,now,-z,noexecstack,-z,defs",
  "-Wl,--build-id=none",
  "-Wl,--hash-style=gnu",
  "-Wl,--as-needed",
  "-s",
};

static void add(argument_list *arguments, const char *text) {
  if (!text || arguments->count == MAX_ARGUMENTS)
    arguments->failed = true;
  else
    arguments->list[arguments->count++] = text;
}

/* A path that names a folder: one that begins with '-' would be read as an
 * option, and __FILE__ would tell "rule.c" from "/folder/rule.c". */
static const char *as_path(chiso__arena *arena, const char *path) {
  return *path != '-' && strchr(path, '/') ? path
                                           : chiso__path_join(arena, ".", path);
}

/* The option that takes the path out of what __FILE__ gives. */
static const char *prefix_map(chiso__arena *arena, const char *folder,
                              size_t size) {
  static const char option[] = "-ffile-prefix-map=", to[] = "=.";
  char *text = chiso__arena_alloc(arena, sizeof option + size + sizeof to);
  if (!text)
    return NULL;
  memcpy(text, option, sizeof option - 1);
  memcpy(text + sizeof option - 1, folder, size);
  memcpy(text + sizeof option - 1 + size, to, sizeof to);
  return text;
}

/* `compiler` is one path. $CC is a command with options, as make reads it. */
static void add_compiler(chiso__build *build, argument_list *arguments) {
  const char *command = build->options->compiler;
  const char *from_environment = getenv("CC");
  if (command && *command) {
    add(arguments, command);
    return;
  }
  if (!from_environment)
    from_environment = "";
  for (int i = 0; i < MAX_WORDS && *from_environment; i++) {
    from_environment += strspn(from_environment, " \t");
    size_t size = strcspn(from_environment, " \t");
    if (size > 0)
      add(arguments, chiso__arena_text(&build->arena, from_environment, size));
    from_environment += size;
  }
  if (arguments->count == 0)
    add(arguments, "cc");
}

static void add_all(chiso__build *build, argument_list *arguments) {
  const chiso_build_options *options = build->options;
  chiso__arena *arena = &build->arena;
  add_compiler(build, arguments);
  for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
    add(arguments, standard[i]);
  if (!options->rule)
    add(arguments, "-nostdlib");
  add(arguments, prefix_map(arena, build->folder, strlen(build->folder)));
  const char *rule = options->rule ? as_path(arena, options->rule) : NULL;
  const char *slash = rule ? strrchr(rule, '/') : NULL;
  if (slash && slash > rule)
    add(arguments, prefix_map(arena, rule, (size_t)(slash - rule)));
  add(arguments, "-I");
  add(arguments, as_path(arena, options->include_dir));
  add(arguments, "-o");
  add(arguments, build->made);
  add(arguments, build->source);
  if (options->rule)
    add(arguments, rule);
  build->compiler = arguments->list[0];
}

static int redirect(posix_spawn_file_actions_t *actions, const char *log) {
  int fault = posix_spawn_file_actions_addopen(actions, STDIN_FILENO,
                                               "/dev/null", O_RDONLY, 0);
  if (fault == 0)
    fault = posix_spawn_file_actions_addopen(
        actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fault == 0)
    fault =
        posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
  return fault;
}

/* A process group of its own: what the compiler starts ends with it. */
static int lead_group(posix_spawnattr_t *how) {
  int fault = posix_spawnattr_setflags(how, POSIX_SPAWN_SETPGROUP);
  return fault == 0 ? posix_spawnattr_setpgroup(how, 0) : fault;
}

/* posix_spawn() takes char *const *, and does not write. */
static int spawn(const argument_list *arguments, const char *log, pid_t *pid) {
  char *copy[MAX_ARGUMENTS + 1];
  memcpy(copy, arguments->list, sizeof copy);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t how;
  int fault = posix_spawn_file_actions_init(&actions);
  if (fault != 0)
    return fault;
  fault = posix_spawnattr_init(&how);
  if (fault == 0) {
    fault = redirect(&actions, log);
    if (fault == 0)
      fault = lead_group(&how);
    if (fault == 0)
      fault = posix_spawnp(pid, copy[0], &actions, &how, copy, environ);
    posix_spawnattr_destroy(&how);
  }
  posix_spawn_file_actions_destroy(&actions);
  return fault;
}

static int64_t milliseconds(void) {
  struct timespec now = { 0 };
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for the compiler, looking ever less often; beyond the limit its whole
 * group is killed. Gives 0, an errno, or ETIMEDOUT. */
static int await(pid_t pid, unsigned seconds, int *state) {
  int64_t end = milliseconds() + (int64_t)seconds * 1000;
  struct timespec pause = { 0, 1000000 };
  for (;;) {
    pid_t done = waitpid(pid, state, WNOHANG);
    if (done == pid)
      return 0;
    if (done < 0 && errno != EINTR)
      return errno;
    if (milliseconds() >= end)
      break;
    (void)nanosleep(&pause, NULL);
    if (pause.tv_nsec < 16000000)
      pause.tv_nsec *= 2;
  }
  (void)kill(-pid, SIGKILL);
  while (waitpid(pid, state, 0) < 0)
    if (errno != EINTR)
      return errno;
  return ETIMEDOUT;
}

chiso_status chiso__compiler_run(chiso__build *build, bool *good) {
  argument_list arguments = { 0 };
  add_all(build, &arguments);
  if (arguments.failed)
    return chiso__no_memory(build->err);
  pid_t pid;
  int state = 0;
  unsigned seconds =
      build->options->seconds ? build->options->seconds : CHISO_BUILD_SECONDS;
  int fault = spawn(&arguments, build->log, &pid);
  if (fault == 0)
    fault = await(pid, seconds, &state);
  if (fault == ETIMEDOUT)
    return CHISO__FAIL(build->err, CHISO_IO, MSG_BUILD_TIMEOUT, build->compiler,
                       seconds);
  if (fault != 0)
    return CHISO__FAIL(build->err, CHISO_IO, MSG_BUILD_START, build->compiler,
                       strerror(fault));
  *good = WIFEXITED(state) && WEXITSTATUS(state) == 0;
  return CHISO_OK;
}
