/* SPDX-License-Identifier: Apache-2.0
 * Plugins in workers, through the store: the same tables, the same points, the
 * reason for each that is refused, and nothing left behind. */
#define _GNU_SOURCE
#include "../isolation/attackers.h"
#include "fill.h"
#include "fixture.h"
#include "rig.h"

#include "chiso/data.h"
#include "host/host.h"
#include "host/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <sys/utsname.h>

static chiso_store *open_by(const folder *which, const char *worker,
                            chiso_lang lang, const chiso_allocator *a) {
  const char *dirs[] = { which->path };
  const chiso_store_options options = { .plugin_dirs = dirs,
                                        .n_plugin_dirs = 1,
                                        .worker = worker,
                                        .isolate_all = worker != NULL,
                                        .no_worker = worker == NULL };
  chiso_store *store = NULL;
  return chiso_store_open(&options, lang, a, &store, NULL) == CHISO_OK ? store
                                                                       : NULL;
}

static chiso_store *open_isolated(const folder *which) {
  return open_by(which, WORKER, CHISO_LANG_EN, NULL);
}

/* A zombie is a child, too. */
static bool has_children(void) {
  return waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
}

static size_t count_descriptors(void) {
  const folder here = { "/proc/self/fd" };
  return folder_count(&here);
}

/* ---- good ones ---------------------------------------------------------- */

static void data_plugin(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  MUST(build_small(&a, "small", "test.small"));
  chiso_store *here = open_by(&a, NULL, CHISO_LANG_EN, NULL);
  chiso_store *there = open_isolated(&a);
  const chiso_methodology *x = NULL, *y = NULL;
  chiso_rule rule;
  MUST(here && there);
  MUST(good(chiso_store_load(here, chiso_store_get(here, 0), &x, NULL, &err),
            &err));
  size_t before = count_descriptors();
  MUST(good(chiso_store_load(there, chiso_store_get(there, 0), &y, &rule, &err),
            &err));
  CU_ASSERT_STRING_EQUAL(chiso_methodology_digest(x),
                         chiso_methodology_digest(y));
  CU_ASSERT_STRING_EQUAL(chiso_methodology_index(x)->note,
                         chiso_methodology_index(y)->note);
  CU_ASSERT(!rule.here && !rule.elsewhere);
  CU_ASSERT(chiso_store_plugin(here, 0)->state == CHISO_PLUGIN_LOADED);
  CU_ASSERT(chiso_store_plugin(there, 0)->state == CHISO_PLUGIN_ISOLATED);
  CU_ASSERT(chiso_store_plugin(there, 0)->guards & CHISO_GUARD_SYSTEM_CALLS);
  CU_ASSERT_FALSE(has_children()); /* data needs no process any more */
  CU_ASSERT_EQUAL(count_descriptors(), before);
  chiso_store_free(here);
  chiso_store_free(there);
  folder_remove(&a);
}

/* Every plugin of a folder has its definitions in a worker, too; how many. */
static size_t load_all(const char *where) {
  const char *dirs[] = { where };
  const chiso_store_options options = { .plugin_dirs = dirs,
                                        .n_plugin_dirs = 1,
                                        .worker = WORKER,
                                        .isolate_all = true };
  chiso_store *store = NULL;
  chiso_error err = { 0 };
  size_t loaded = 0;
  if (chiso_store_open(&options, CHISO_LANG_EN, NULL, &store, &err) != CHISO_OK)
    return 0;
  for (size_t i = 0; i < chiso_store_count(store); i++) {
    const chiso_listing *listing = chiso_store_get(store, i);
    const chiso_methodology *m = NULL;
    bool fine = good(chiso_store_load(store, listing, &m, NULL, &err), &err) &&
                strcmp(chiso_methodology_digest(m), listing->digest) == 0;
    CU_ASSERT(fine);
    loaded += fine;
  }
  chiso_store_free(store);
  return loaded;
}

static void shipped_plugins(void) {
  CU_ASSERT(load_all(BUILD_DIR "/lib/chiso/plugins") > 10);
}

/* Those that earlier releases built. */
static void kept_plugins(void) {
  struct utsname machine;
  char pattern[PATH_ROOM];
  glob_t found;
  MUST(uname(&machine) == 0);
  snprintf(pattern, sizeof pattern, "%s/tests/abi/capsule/*-%s*/gcc",
           SOURCE_DIR, machine.machine);
  if (glob(pattern, 0, NULL, &found) != 0)
    return; /* none of this machine is kept */
  for (size_t i = 0; i < found.gl_pathc; i++)
    CU_ASSERT(load_all(found.gl_pathv[i]) > 0);
  globfree(&found);
}

/* ---- the same points by every way --------------------------------------- */

#define UNITS 9000 /* two whole batches and a rest */

/* done due days, now and then one missing, more than due, or below zero */
static void fill_calls(rig *r, uint64_t *seed) {
  for (size_t u = 0; u < r->e.n; u++) {
    const int64_t values[] = { (int64_t)(xorshift(seed) % 6000001),
                               (int64_t)(xorshift(seed) % 50),
                               (int64_t)(xorshift(seed) % 40),
                               (int64_t)(xorshift(seed) % 13) - 1 };
    for (uint32_t slot = 0; slot < 4; slot++)
      if (xorshift(seed) % 40)
        chiso_entries_set(&r->e, slot, u, values[slot]);
    if (xorshift(seed) % 50 == 0)
      chiso_entries_not_applicable(&r->e, 2, u);
    if (xorshift(seed) % 50 == 0)
      chiso_entries_give(&r->e, 2, u, 1000000);
  }
}

static rig load_rig(chiso_store *store, size_t units) {
  rig r = { 0 };
  const chiso_methodology *m = NULL;
  chiso_rule rule;
  chiso_error err = { 0 };
  if (good(chiso_store_load(store, chiso_store_get(store, 0), &m, &rule, &err),
           &err) &&
      good(chiso_program_new(m, rule, NULL, &r.p, &err), &err)) {
    chiso_entries_new(r.p, units, NULL, &r.e, &err);
    chiso_scores_new(r.p, units, NULL, &r.s, &err);
  }
  return r;
}

static bool same_at(const rig *a, size_t u, const chiso_scores *b, size_t v) {
  bool same = a->s.raw[u] == b->raw[v];
  for (size_t i = 0; i < 3; i++)
    same = same && a->s.points[i * a->s.n + u] == b->points[i * b->n + v] &&
           a->s.max[i * a->s.n + u] == b->max[i * b->n + v] &&
           a->s.state[i * a->s.n + u] == b->state[i * b->n + v];
  return same;
}

/* One unit by itself, in a worker: as a score, a session, an explanation. */
static bool same_alone(const rig *all, const rig *far, rig *one, size_t u) {
  chiso_session *session = NULL;
  chiso_trace x, y;
  for (uint32_t i = 0; i < 4; i++) {
    one->e.value[i] = far->e.value[i * UNITS + u];
    one->e.have[i] = far->e.have[i * UNITS + u];
  }
  one->e.entry[2] = far->e.entry[2 * UNITS + u];
  one->e.given[2] = far->e.given[2 * UNITS + u];
  one->e.any_entry = one->e.entry[2] != CHISO_ENTRY_NONE;
  chiso_score(one->p, &one->e, &one->s);
  bool same = same_at(all, u, &one->s, 0);
  if (chiso_session_new(far->p, &far->e, u, NULL, &session, NULL) != CHISO_OK)
    return false;
  same = same && same_at(all, u, chiso_session_scores(session), 0);
  chiso_session_set(session, 3, 2);
  one->e.value[3] = 2;
  one->e.have[3] = 1;
  chiso_explain(all->p, &all->e, &all->s, 2, u, &x);
  chiso_explain(far->p, &far->e, &far->s, 2, u, &y);
  same =
      same && x.reason == y.reason && x.slot == y.slot && x.points == y.points;
  chiso_score(one->p, &one->e, &one->s);
  const chiso_scores *changed = chiso_session_scores(session);
  for (size_t i = 0; i < 3; i++)
    same = same && changed->points[i] == one->s.points[i] &&
           changed->state[i] == one->s.state[i];
  chiso_session_free(session);
  return same;
}

static void same_points(void) {
  folder a = folder_make();
  uint64_t seed = 11, again = 11;
  MUST(build_good(&a));
  chiso_store *here = open_by(&a, NULL, CHISO_LANG_EN, NULL);
  chiso_store *there = open_isolated(&a);
  rig near = load_rig(here, UNITS), far = load_rig(there, UNITS);
  rig one = load_rig(there, 1);
  MUST(near.p && far.p && one.p);
  fill_calls(&near, &seed);
  fill_calls(&far, &again);
  chiso_score(near.p, &near.e, &near.s);
  chiso_score(far.p, &far.e, &far.s);
  size_t different = 0, states = 0;
  for (size_t u = 0; u < UNITS; u++) {
    different += !same_at(&near, u, &far.s, u);
    states |= near.s.state[2 * UNITS + u];
    if (u % 8 == 0)
      different += !same_alone(&near, &far, &one, u);
  }
  CU_ASSERT_EQUAL(different, 0);
  CU_ASSERT_EQUAL(states, CHISO_STATE_MISSING | CHISO_STATE_SCORED |
                              CHISO_STATE_GIVEN | CHISO_STATE_NOT_APPLICABLE |
                              CHISO_STATE_ERROR);
  CU_ASSERT(chiso_program_serves(far.p, NULL) == CHISO_OK);
  rig_close(&near);
  rig_close(&far);
  rig_close(&one);
  chiso_store_free(here);
  chiso_store_free(there);
  CU_ASSERT_FALSE(has_children());
  folder_remove(&a);
}

/* ---- several threads with one program ----------------------------------- */

typedef struct scorer {
  const rig *r;
  chiso_scores s;
} scorer;

static void *score_again(void *data) {
  scorer *t = data;
  for (int i = 0; i < 20; i++)
    chiso_score(t->r->p, &t->r->e, &t->s);
  return NULL;
}

static void threads(void) {
  enum { THREADS = 4 };
  folder a = folder_make();
  uint64_t seed = 3;
  pthread_t ids[THREADS];
  scorer tasks[THREADS];
  MUST(build_good(&a));
  chiso_store *store = open_isolated(&a);
  rig r = load_rig(store, 500);
  MUST(r.p != NULL);
  fill_calls(&r, &seed);
  chiso_score(r.p, &r.e, &r.s);
  for (int i = 0; i < THREADS; i++) {
    tasks[i].r = &r;
    MUST(chiso_scores_new(r.p, 500, NULL, &tasks[i].s, NULL) == CHISO_OK);
    MUST(pthread_create(&ids[i], NULL, score_again, &tasks[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(ids[i], NULL);
    CU_ASSERT(memcmp(tasks[i].s.points, r.s.points,
                     3 * 500 * sizeof *r.s.points) == 0);
    chiso_scores_free(&tasks[i].s);
  }
  rig_close(&r);
  chiso_store_free(store);
  folder_remove(&a);
}

/* ---- attackers in the store --------------------------------------------- */

/* Puts the library in the place of the good one's, with its digest. */
static bool put_attacker(const folder *where, const char *name,
                         attack_place at) {
  size_t size = 0, length = 0;
  char digest[65];
  char *bytes = compile_attacker(name, at, &size);
  char *text = get_bytes(where, "example-call.plugin.ini", &length);
  char *line = text ? strstr(text, "library_sha256 = ") : NULL;
  bool done = bytes && line;
  if (done) {
    chiso__sha256(bytes, size, digest);
    memcpy(line + strlen("library_sha256 = "), digest, 64);
    done = put_bytes(where, "example-call.so", bytes, size) &&
           put_bytes(where, "example-call.plugin.ini", text, length);
  }
  free(text);
  free(bytes);
  return done;
}

/* Loads and scores one unit; what was said first, in the language. */
static chiso_status meet(chiso_store *store, chiso_lang lang,
                         chiso_error *err) {
  const chiso_methodology *m = NULL;
  chiso_rule rule;
  rig r = { 0 };
  *err = (chiso_error) { .lang = lang };
  chiso_status status =
      chiso_store_load(store, chiso_store_get(store, 0), &m, &rule, err);
  if (status != CHISO_OK)
    return status;
  if (chiso_program_new(m, rule, NULL, &r.p, err) != CHISO_OK ||
      chiso_entries_new(r.p, 1, NULL, &r.e, err) != CHISO_OK ||
      chiso_scores_new(r.p, 1, NULL, &r.s, err) != CHISO_OK)
    return CHISO_INTERNAL;
  for (uint32_t slot = 0; slot < 4; slot++)
    chiso_entries_set(&r.e, slot, 0, 1);
  chiso_score(r.p, &r.e, &r.s);
  status = chiso_program_serves(r.p, err);
  if (status != CHISO_OK) {
    chiso_trace t;
    CU_ASSERT_EQUAL(r.s.state[2], CHISO_STATE_ERROR);
    chiso_explain(r.p, &r.e, &r.s, 2, 0, &t);
    CU_ASSERT_EQUAL(t.reason, CHISO_REASON_ENDED);
  }
  rig_close(&r);
  return status;
}

/* The reason in both languages, and the state in the store. */
static void meet_attacker(const attacker *who, attack_place at) {
  folder a = folder_make();
  chiso_error err;
  MUST(build_good(&a) && put_attacker(&a, who->name, at));
  for (int lang = CHISO_LANG_EN; lang <= CHISO_LANG_VI; lang++) {
    chiso_store *store = open_by(&a, WORKER, (chiso_lang)lang, NULL);
    const char *want = chiso__message_text(who->reasons[at], (chiso_lang)lang);
    MUST(store && chiso_store_count(store) == 1);
    CU_ASSERT_EQUAL(meet(store, (chiso_lang)lang, &err), CHISO_BAD_DATA);
    if (strncmp(err.text, want, strcspn(want, "%")) != 0)
      fprintf(stderr, "\n    %s: %s\n", who->name, err.text);
    CU_ASSERT(strncmp(err.text, want, strcspn(want, "%")) == 0);
    CU_ASSERT(strstr(err.text, who->word) != NULL || lang == CHISO_LANG_VI);
    CU_ASSERT(strstr(err.file, "example-call.so") != NULL);
    const chiso_plugin_listing *listing = chiso_store_plugin(store, 0);
    if (at == ENTRY) {
      CU_ASSERT(listing->state == CHISO_PLUGIN_REFUSED);
      CU_ASSERT_STRING_EQUAL(listing->why.text, err.text);
    }
    CU_ASSERT_FALSE(has_children());
    chiso_store_free(store);
    if (strcmp(who->name, "loop") == 0)
      break; /* two seconds each */
  }
  folder_remove(&a);
}

static void attackers_in_the_store(void) {
  for (size_t i = 0; i < ATTACKERS; i++) {
    meet_attacker(&attackers[i], ENTRY);
    meet_attacker(&attackers[i], RULE);
  }
}

/* A constructor is refused before anything of the library runs. */
static void constructors_are_refused(void) {
  folder a = folder_make();
  chiso_error err;
  MUST(build_good(&a) && put_attacker(&a, "segv", CONSTRUCTOR));
  chiso_store *store = open_isolated(&a);
  CU_ASSERT_EQUAL(meet(store, CHISO_LANG_EN, &err), CHISO_BAD_DATA);
  CU_ASSERT(strstr(err.text, "DT_INIT_ARRAY") != NULL);
  chiso_store_free(store);
  folder_remove(&a);
}

/* One that looks around finds no file, no descriptor, no environment. */
static void curious(void) {
  chiso_error err = { 0 };
  chiso__arena arena = { 0 };
  const unsigned char *sent;
  size_t size = 0, sent_size;
  char *bytes = compile_attacker("curious", CONSTRUCTOR, &size);
  int here = open("/dev/null", 0), up = fcntl(here, F_DUPFD, 200);
  MUST(bytes && up >= 200);
  const chiso__worker_task task = { .program = WORKER,
                                    .bytes = bytes,
                                    .size = size };
  chiso__worker *w = chiso__worker_new("curious.so", NULL);
  MUST(w != NULL);
  CU_ASSERT(good(chiso__worker_start(w, &task, &arena, &sent, &sent_size, &err),
                 &err));
  chiso__worker_free(w);
  chiso__arena_free(&arena);
  close(here);
  close(up);
  free(bytes);
}

/* After rule() ended its process the next load starts another. */
static void starts_again(void) {
  folder a = folder_make();
  chiso_error err;
  MUST(build_good(&a) && put_attacker(&a, "segv", RULE));
  chiso_store *store = open_isolated(&a);
  for (int i = 0; i < 3; i++) {
    CU_ASSERT_EQUAL(meet(store, CHISO_LANG_EN, &err), CHISO_BAD_DATA);
    CU_ASSERT(is_reason(err.text, MSG_WORKER_SEGV, "in rule()"));
  }
  chiso_store_free(store);
  CU_ASSERT_FALSE(has_children());
  folder_remove(&a);
}

/* One fault for all units, with the worker's own reason. */
static void a_run_has_one_fault(void) {
  folder a = folder_make(), work = folder_make();
  char units[PATH_ROOM], table[PATH_ROOM];
  chiso_error err = { 0 };
  chiso_run *run = NULL;
  MUST(build_good(&a) && put_attacker(&a, "abort", RULE));
  MUST(put_text(&work, "units.csv", "unit,name_vi\na,A\nb,B\nc,C\n"));
  MUST(put_text(&work, "data.csv",
                "unit,node,input,value\na,2,done,1\na,2,due,2\na,2,days,0\n"
                "b,2,done,1\nb,2,due,2\nb,2,days,0\n"
                "c,2,done,1\nc,2,due,2\nc,2,days,0\n"));
  chiso_store *store = open_isolated(&a);
  const char *data = in_folder(&work, "data.csv", table);
  const chiso_run_options options = { .methodology = "example.call",
                                      .units =
                                          in_folder(&work, "units.csv", units),
                                      .data = &data,
                                      .n_data = 1 };
  CU_ASSERT_EQUAL(chiso_run_new(store, &options, NULL, &run, &err),
                  CHISO_BAD_DATA);
  MUST(run != NULL);
  CU_ASSERT_EQUAL(chiso_run_faults(run), 1);
  CU_ASSERT(is_reason(err.text, MSG_WORKER_ABORT, "in rule()"));
  CU_ASSERT_STRING_EQUAL(chiso_run_remark(run, 0)->text, err.text);
  chiso_run_free(run);
  chiso_store_free(store);
  folder_remove(&work);
  folder_remove(&a);
}

/* One plugin is at fault: the others load. */
static void others_go_on(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  const chiso_methodology *m = NULL;
  MUST(build_good(&a) && put_attacker(&a, "abort", ENTRY));
  MUST(build_small(&a, "small", "test.small"));
  chiso_store *store = open_isolated(&a);
  MUST(store && chiso_store_count(store) == 2);
  CU_ASSERT(chiso_store_load(store, chiso_store_get(store, 0), &m, NULL,
                             &err) == CHISO_BAD_DATA);
  CU_ASSERT(chiso_store_load(store, chiso_store_get(store, 1), &m, NULL,
                             &err) == CHISO_OK);
  chiso_store_free(store);
  folder_remove(&a);
}

/* ---- the host's own trouble --------------------------------------------- */

static void no_worker(void) {
  folder a = folder_make();
  chiso_error err = { 0 };
  const chiso_methodology *m = NULL;
  MUST(build_small(&a, "small", "test.small"));
  chiso_store *store =
      open_by(&a, "/nowhere/chiso-worker", CHISO_LANG_EN, NULL);
  CU_ASSERT(chiso_store_load(store, chiso_store_get(store, 0), &m, NULL,
                             &err) == CHISO_IO);
  CU_ASSERT(is_reason(err.text, MSG_WORKER_START, "CHISO_WORKER"));
  CU_ASSERT_STRING_EQUAL(err.file, "/nowhere/chiso-worker");
  chiso_store_free(store);
  /* a program that is no worker ends, or says nothing that is right */
  store = open_by(&a, "/bin/true", CHISO_LANG_EN, NULL);
  CU_ASSERT(chiso_store_load(store, chiso_store_get(store, 0), &m, NULL,
                             &err) != CHISO_OK);
  chiso_store_free(store);
  store = open_by(&a, NULL, CHISO_LANG_EN, NULL);
  store->plugins[0].listing.isolate = true;
  CU_ASSERT(chiso_store_load(store, chiso_store_get(store, 0), &m, NULL,
                             &err) == CHISO_USAGE);
  CU_ASSERT(is_reason(err.text, MSG_WORKER_NONE, ""));
  chiso_store_free(store);
  CU_ASSERT_FALSE(has_children());
  folder_remove(&a);
}

/* A program that has its children reaped by the system: no zombie, no wait,
 * and a reason that says so. */
static void children_are_ignored(void) {
  folder a = folder_make();
  chiso_error err;
  MUST(build_good(&a) && put_attacker(&a, "segv", ENTRY));
  chiso_store *store = open_isolated(&a);
  struct sigaction old, ignore = { .sa_handler = SIG_IGN };
  sigaction(SIGCHLD, &ignore, &old);
  CU_ASSERT_EQUAL(meet(store, CHISO_LANG_EN, &err), CHISO_BAD_DATA);
  CU_ASSERT(is_reason(err.text, MSG_WORKER_OTHER, ""));
  sigaction(SIGCHLD, &old, NULL);
  chiso_store_free(store);
  folder_remove(&a);
}

/* Each request for memory fails once: nothing leaks, and no process stays. */
static void short_memory(void) {
  folder a = folder_make();
  chiso_status status = CHISO_NO_MEMORY;
  MUST(build_small(&a, "small", "test.small"));
  for (long i = 0; i < 10000 && status != CHISO_OK; i++) {
    counting count = { .left = -1 };
    const chiso_allocator allocator = counting_allocator(&count);
    const chiso_methodology *loaded = NULL;
    chiso_error err = { 0 };
    chiso_store *store = open_by(&a, WORKER, CHISO_LANG_EN, &allocator);
    MUST(store != NULL);
    count.left = i;
    status =
        chiso_store_load(store, chiso_store_get(store, 0), &loaded, NULL, &err);
    CU_ASSERT(status == CHISO_OK || status == CHISO_NO_MEMORY);
    CU_ASSERT(chiso_store_plugin(store, 0)->state != CHISO_PLUGIN_REFUSED);
    chiso_store_free(store);
    CU_ASSERT(count.live == 0);
  }
  CU_ASSERT(status == CHISO_OK);
  CU_ASSERT_FALSE(has_children());
  folder_remove(&a);
}

/* ---- where it is --------------------------------------------------------- */

static void place_of_the_worker(void) {
  chiso_places places;
  chiso_error err = { 0 };
  unsetenv("CHISO_WORKER");
  MUST(chiso_places_find(&places, &err) == CHISO_OK);
  CU_ASSERT(access(places.options.worker, X_OK) == 0);
  chiso_places_free(&places);
  setenv("CHISO_WORKER", "/else/where", 1);
  MUST(chiso_places_find(&places, &err) == CHISO_OK);
  CU_ASSERT_STRING_EQUAL(places.options.worker, "/else/where");
  chiso_places_free(&places);
  unsetenv("CHISO_WORKER");
}

SUITE_MAIN({ "a data plugin", data_plugin },
           { "shipped plugins", shipped_plugins },
           { "kept plugins", kept_plugins },
           { "the same points by every way", same_points },
           { "several threads", threads },
           { "attackers in the store", attackers_in_the_store },
           { "constructors are refused", constructors_are_refused },
           { "one that looks around", curious },
           { "starts again", starts_again },
           { "a run has one fault", a_run_has_one_fault },
           { "others go on", others_go_on }, { "no worker", no_worker },
           { "children are ignored", children_are_ignored },
           { "short memory", short_memory },
           { "the place of the worker", place_of_the_worker })
