/* SPDX-License-Identifier: Apache-2.0
 *
 * attack RUNS [--only NAME | --but NAME] [--threads N] [--wait MS]
 *
 * Runs each attacker RUNS times in a worker, in its constructor, its entry
 * function and its rule(). After each run a good plugin must load in a worker
 * and score; after all runs of one there must be no child, no descriptor and
 * no file that was not there before. MS is how long the host waits each time
 * for an answer of the attacker that never gives one. */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "attackers.h"
#include "chiso/engine.h"
#include "host/worker.h"

typedef struct settings {
  unsigned long runs, threads;
  uint32_t wait_ms;
  const char *only, *but;
} settings;

typedef struct job {
  const attacker *who;
  attack_place where;
  const char *bytes;
  size_t size;
  const settings *how;
  const folder *good;
  atomic_ulong left;
  atomic_ulong failed;
} job;

/* ---- one run ------------------------------------------------------------ */

/* One CALL node with one unit. */
static chiso_status call_once(chiso__worker *w, chiso_error *err) {
  static const chiso_input input = { .key = "done" };
  const chiso_node node = { .inputs = &input, .n_inputs = 1, .call = 1 };
  const int64_t value = 3;
  const uint8_t have = 1;
  chiso_dec points = 0;
  uint8_t result = 0;
  const chiso_calls calls = { .node = &node,
                              .values = &value,
                              .have = &have,
                              .stride = 1,
                              .n = 1,
                              .points = &points,
                              .results = &result };
  return chiso__worker_call(w, &calls, err);
}

static bool attack_once(job *j) {
  chiso_error err = { 0 };
  chiso__arena arena = { 0 };
  const unsigned char *sent;
  size_t sent_size;
  const chiso__worker_task task = { .program = WORKER,
                                    .bytes = j->bytes,
                                    .size = j->size,
                                    .wait_ms = j->who->never_answers
                                                   ? j->how->wait_ms
                                                   : 0 };
  chiso__worker *w = chiso__worker_new("attack.so", NULL);
  chiso_status status =
      w ? chiso__worker_start(w, &task, &arena, &sent, &sent_size, &err)
        : CHISO_NO_MEMORY;
  if (status == CHISO_OK && j->where == RULE)
    status = call_once(w, &err);
  chiso__worker_free(w);
  chiso__arena_free(&arena);
  if (status == CHISO_BAD_DATA &&
      is_reason(err.text, j->who->reasons[j->where], j->who->word))
    return true;
  fprintf(stderr, "attack: %s, place %d: status %d: %s\n", j->who->name,
          (int)j->where, (int)status, err.text);
  return false;
}

/* A good plugin loads in a worker and scores: 4 * 3 / 4 less one tenth for one
 * day late. */
static bool good_scores(const folder *where) {
  const char *dirs[] = { where->path };
  const chiso_store_options options = { .plugin_dirs = dirs,
                                        .n_plugin_dirs = 1,
                                        .worker = WORKER,
                                        .isolate_all = true };
  chiso_error err = { 0 };
  chiso_store *store = NULL;
  const chiso_methodology *m = NULL;
  chiso_rule rule;
  chiso_program *p = NULL;
  chiso_entries e = { 0 };
  chiso_scores s = { 0 };
  bool fine = chiso_store_open(&options, CHISO_LANG_EN, NULL, &store, &err) ==
                  CHISO_OK &&
              chiso_store_load(store, chiso_store_get(store, 0), &m, &rule,
                               &err) == CHISO_OK &&
              chiso_program_new(m, rule, NULL, &p, &err) == CHISO_OK &&
              chiso_entries_new(p, 2, NULL, &e, &err) == CHISO_OK &&
              chiso_scores_new(p, 2, NULL, &s, &err) == CHISO_OK;
  if (fine) {
    const int64_t values[] = { 6000000, 3, 4, 1 };
    for (uint32_t slot = 0; slot < 4; slot++)
      chiso_entries_set(&e, slot, 1, values[slot]);
    chiso_score(p, &e, &s);
    fine = s.state[1] == CHISO_STATE_SCORED && s.points[1] == 8600000;
  }
  if (e.value)
    chiso_entries_free(&e);
  if (s.points)
    chiso_scores_free(&s);
  chiso_program_free(p);
  chiso_store_free(store);
  if (!fine)
    fprintf(stderr, "attack: the good plugin afterwards: %s\n", err.text);
  return fine;
}

static void *work(void *data) {
  job *j = data;
  for (;;) {
    unsigned long left = atomic_load(&j->left);
    while (left > 0 && !atomic_compare_exchange_weak(&j->left, &left, left - 1))
      ;
    if (left == 0)
      return NULL;
    if (!attack_once(j) || !good_scores(j->good))
      atomic_fetch_add(&j->failed, 1);
  }
}

/* ---- what must not stay -------------------------------------------------- */

static size_t count_descriptors(void) {
  size_t count = 0;
  DIR *open = opendir("/proc/self/fd");
  while (open && readdir(open))
    count++;
  if (open)
    closedir(open);
  return count;
}

/* A zombie is a child, too. */
static bool has_children(void) {
  return waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
}

static bool run_all(job *j) {
  pthread_t threads[64];
  unsigned long n = j->how->threads;
  size_t before = count_descriptors();
  atomic_store(&j->left, j->how->runs);
  for (unsigned long i = 0; i < n; i++)
    if (pthread_create(&threads[i], NULL, work, j) != 0)
      return false;
  for (unsigned long i = 0; i < n; i++)
    pthread_join(threads[i], NULL);
  size_t after = count_descriptors();
  bool clean = after == before && !has_children() &&
               access("/tmp/chiso-attack-was-here", F_OK) != 0;
  if (!clean)
    fprintf(stderr, "attack: %s, place %d: %zu descriptors, then %zu%s\n",
            j->who->name, (int)j->where, before, after,
            has_children() ? ", and a child" : "");
  return clean && atomic_load(&j->failed) == 0;
}

static bool attack(const attacker *who, attack_place where, const settings *how,
                   const folder *good) {
  static const char *const names[] = { "constructor", "entry", "rule()" };
  job j = { .who = who, .where = where, .how = how, .good = good };
  char *bytes = compile_attacker(who->name, where, &j.size);
  j.bytes = bytes;
  bool fine = bytes && run_all(&j);
  printf("%-8s %-12s %6lu runs  %s\n", who->name, names[where], how->runs,
         fine ? "contained" : "FAILED");
  fflush(stdout);
  free(bytes);
  return fine;
}

static bool read_settings(int argc, char **argv, settings *how) {
  *how = (settings) { .runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0,
                      .threads = 1 };
  for (int i = 2; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--only") == 0)
      how->only = argv[i + 1];
    else if (strcmp(argv[i], "--but") == 0)
      how->but = argv[i + 1];
    else if (strcmp(argv[i], "--threads") == 0)
      how->threads = strtoul(argv[i + 1], NULL, 10);
    else if (strcmp(argv[i], "--wait") == 0)
      how->wait_ms = (uint32_t)strtoul(argv[i + 1], NULL, 10);
  }
  return how->runs > 0 && how->threads > 0 && how->threads <= 64;
}

static bool is_asked(const settings *how, const char *name) {
  return (!how->only || strcmp(how->only, name) == 0) &&
         (!how->but || strcmp(how->but, name) != 0);
}

int main(int argc, char **argv) {
  settings how;
  if (!read_settings(argc, argv, &how)) {
    fprintf(stderr, "usage: attack RUNS [--only NAME | --but NAME] [--threads "
                    "N] [--wait MS]\n");
    return 2;
  }
  folder home = folder_make();
  bool fine = build_good(&home) && good_scores(&home);
  for (size_t i = 0; fine && i < ATTACKERS; i++)
    for (int where = 0; where < PLACES; where++)
      if (is_asked(&how, attackers[i].name))
        fine &= attack(&attackers[i], (attack_place)where, &how, &home);
  folder_remove(&home);
  return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
