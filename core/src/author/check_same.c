/* SPDX-License-Identifier: Apache-2.0
 * author/check_same.c - checks S06 and S07: one answer, however it is asked
 * for. */
#define _GNU_SOURCE /* newlocale(), uselocale() */
#include "author/check.h"

#include <locale.h>
#include <pthread.h>
#include <string.h>

#define UNITS   ((size_t)128)
#define THREADS 8u
#define CHANGES 200000000u /* nodes that a session may visit */
#define LOCALES 3u
#define LARGE   1000u /* nodes of a tree that is scored once, not eight times */

/* The first node whose points, maximum or state differ between unit `a` of one
 * and unit `b` of another; CHISO_NO_NODE: none. */
static uint32_t difference(const chiso__check_subject *s, const chiso_scores *x,
                           size_t a, const chiso_scores *y, size_t b) {
  for (uint32_t i = 0; i < s->index->n_nodes; i++)
    if (x->points[i * x->n + a] != y->points[i * y->n + b] ||
        x->max[i * x->n + a] != y->max[i * y->n + b] ||
        x->state[i * x->n + a] != y->state[i * y->n + b])
      return i;
  return CHISO_NO_NODE;
}

static void tell(chiso__checking *k, const chiso__check_subject *s,
                 uint32_t node, chiso__message message) {
  if (node != CHISO_NO_NODE)
    chiso__check_find(k, chiso__node_place(s->methodology, node), message,
                      s->index->nodes[node].id);
}

static void copy_unit(const chiso__check_subject *s, const chiso_entries *from,
                      size_t unit, chiso_entries *to) {
  uint32_t slots = chiso_program_slots(s->program);
  for (uint32_t i = 0; i < slots; i++) {
    to->value[i] = from->value[i * from->n + unit];
    to->have[i] = from->have[i * from->n + unit];
  }
}

typedef struct ways {
  chiso_entries many, one;
  chiso_scores batch, single;
} ways;

static bool set_up(chiso__checking *k, const chiso__check_subject *s, ways *w) {
  const chiso_allocator *a = k->allocator;
  memset(w, 0, sizeof *w);
  if (chiso_entries_new(s->program, UNITS, a, &w->many, NULL) == CHISO_OK &&
      chiso_entries_new(s->program, 1, a, &w->one, NULL) == CHISO_OK &&
      chiso_scores_new(s->program, UNITS, a, &w->batch, NULL) == CHISO_OK &&
      chiso_scores_new(s->program, 1, a, &w->single, NULL) == CHISO_OK)
    return true;
  k->short_memory = true;
  return false;
}

static void take_down(ways *w) {
  chiso_entries_free(&w->many);
  chiso_entries_free(&w->one);
  chiso_scores_free(&w->batch);
  chiso_scores_free(&w->single);
}

/* ---- S06 ---------------------------------------------------------------- */

static bool has_best(const chiso__check_subject *s) {
  for (uint32_t i = 0; i < s->index->n_nodes; i++)
    if (s->index->nodes[i].op == CHISO_OP_BEST)
      return true;
  return false;
}

/* A session that goes from unit to unit, one input at a time. */
static void by_changes(chiso__checking *k, const chiso__check_subject *s,
                       const ways *w) {
  chiso_session *session = NULL;
  uint32_t slots = chiso_program_slots(s->program);
  if (chiso_session_new(s->program, &w->many, 0, k->allocator, &session,
                        NULL) != CHISO_OK) {
    k->short_memory = true;
    return;
  }
  /* Each change may cost a pass over the tree. */
  uint64_t cost = (uint64_t)slots * s->index->n_nodes + 1;
  size_t left = (size_t)(CHANGES / cost) + 1;
  for (size_t u = 2; u < UNITS && left > 0; u += 2, left--) {
    bool same_form = true;
    for (uint32_t i = 0; i < slots; i++)
      same_form &= w->many.have[i * UNITS + u] == w->many.have[i * UNITS];
    if (!same_form)
      continue; /* a session cannot forget an input */
    for (uint32_t i = 0; i < slots; i++)
      if (w->many.have[i * UNITS + u])
        chiso_session_set(session, i, w->many.value[i * UNITS + u]);
    uint32_t node =
        difference(s, &w->batch, u, chiso_session_scores(session), 0);
    if (node == CHISO_NO_NODE)
      continue;
    tell(k, s, node, MSG_CHECK_BY_CHANGES);
    break;
  }
  chiso_session_free(session);
}

static void compare_ways(chiso__checking *k, const chiso__check_subject *s,
                         ways *w) {
  chiso__check_draw_units(s, &w->many, 0, true);
  /* Units that a session can walk through have the form of the first. */
  for (uint32_t i = 0; i < chiso_program_slots(s->program); i++)
    for (size_t u = 0; u < UNITS; u += 2)
      w->many.have[i * UNITS + u] = w->many.have[i * UNITS];
  chiso_score(s->program, &w->many, &w->batch);
  for (size_t u = 0; u < UNITS; u++) {
    copy_unit(s, &w->many, u, &w->one);
    chiso_score(s->program, &w->one, &w->single);
    uint32_t node = difference(s, &w->batch, u, &w->single, 0);
    if (node == CHISO_NO_NODE)
      continue;
    tell(k, s, node, MSG_CHECK_ONE_BY_ONE);
    return;
  }
  by_changes(k, s, w);
}

/* The same plugin in a worker process: its tables come another way, and rule()
 * answers from there. */
static void in_worker(chiso__checking *k, const chiso__check_subject *s,
                      ways *w) {
  const chiso_listing *listing = NULL;
  const chiso_methodology *m = NULL;
  chiso_store *store = NULL;
  chiso_program *program = NULL;
  chiso_rule rule;
  chiso_scores scores = { 0 };
  chiso_error why = { .lang = k->lang };
  chiso_status status = chiso__check_store(k, true, &store, &why);
  if (status == CHISO_OK)
    status = chiso_store_find(store, s->methodology->name, &listing, &why);
  if (status == CHISO_OK)
    status = chiso_store_load(store, listing, &m, &rule, &why);
  if (status == CHISO_OK)
    status = chiso_program_new(m, rule, k->allocator, &program, &why);
  if (status == CHISO_OK)
    status = chiso_scores_new(program, UNITS, k->allocator, &scores, &why);
  if (status != CHISO_OK) {
    chiso__check_find_error(k, &why);
  } else if (strcmp(m->digest, s->methodology->digest) == 0) {
    chiso_score(program, &w->many, &scores);
    for (size_t u = 0; u < UNITS; u++) {
      uint32_t node = difference(s, &w->batch, u, &scores, u);
      tell(k, s, node, MSG_CHECK_WORKER);
      if (node != CHISO_NO_NODE)
        break;
    }
    chiso_scores_free(&scores);
  }
  chiso_program_free(program);
  chiso_store_free(store);
}

/* What a store would refuse is told by other checks. */
static bool any_library(const chiso__checking *k) {
  static const chiso__check_id broken[] = { CHECK_M01, CHECK_M02, CHECK_M03,
                                            CHECK_M05, CHECK_M06, CHECK_M07 };
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    if (k->done[broken[i]] && k->outcome[broken[i]] != CHISO_CHECK_PASSED &&
        k->outcome[broken[i]] != CHISO_CHECK_SKIPPED)
      return false;
  CHISO__EACH_PLUGIN(k, p)
  if (!p->good_elf)
    return false;
  return k->n_plugins > 0;
}

void chiso__check_S06(chiso__checking *k) {
  CHISO__EACH_SUBJECT(k, s) {
    ways w;
    if (!s->program)
      continue;
    if (has_best(s)) { /* the best of a round is another one for one unit */
      chiso__check_skip(k, MSG_CHECK_BEST);
      continue;
    }
    chiso__check_applied(k);
    bool worker = k->work && k->options->installed &&
                  k->options->installed->worker && any_library(k);
    uint64_t before = k->found;
    if (set_up(k, s, &w)) {
      compare_ways(k, s, &w);
      if (worker && k->found == before)
        in_worker(k, s, &w);
    }
    take_down(&w);
  }
}

/* ---- S07 ---------------------------------------------------------------- */

typedef struct worker {
  const chiso__check_subject *s;
  const chiso_entries *entries;
  const chiso_scores *expected;
  chiso_scores scores;
  pthread_t thread;
  uint32_t node; /* that differs */
  bool started;
} worker;

static void score_again(worker *w) {
  int rounds = w->s->index->n_nodes > LARGE ? 1 : 8;
  w->node = CHISO_NO_NODE;
  for (int round = 0; round < rounds && w->node == CHISO_NO_NODE; round++) {
    chiso_score(w->s->program, w->entries, &w->scores);
    for (size_t u = 0; u < UNITS && w->node == CHISO_NO_NODE; u++)
      w->node = difference(w->s, w->expected, u, &w->scores, u);
  }
}

static void *work(void *user) {
  score_again(user);
  return NULL;
}

/* The locale is the calling thread's alone. */
static void other_locales(chiso__checking *k, const chiso__check_subject *s,
                          worker *w) {
  static const char *const names[] = { "vi_VN.UTF-8", "de_DE.UTF-8",
                                       "tr_TR.UTF-8", "fr_FR.UTF-8",
                                       "C.UTF-8",     "C" };
  unsigned tried = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names && tried < LOCALES; i++) {
    locale_t locale = newlocale(LC_ALL_MASK, names[i], (locale_t)0);
    if (!locale)
      continue;
    locale_t before = uselocale(locale);
    score_again(w);
    uselocale(before);
    freelocale(locale);
    if (w->node != CHISO_NO_NODE)
      chiso__check_find(k, chiso__node_place(s->methodology, w->node),
                        MSG_CHECK_LOCALE, s->index->nodes[w->node].id,
                        names[i]);
    tried++;
  }
}

static void many_threads(chiso__checking *k, const chiso__check_subject *s,
                         worker *workers) {
  uint32_t node = CHISO_NO_NODE;
  for (unsigned i = 0; i < THREADS; i++)
    workers[i].started =
        pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
  for (unsigned i = 0; i < THREADS; i++) {
    if (!workers[i].started)
      continue;
    pthread_join(workers[i].thread, NULL);
    node = workers[i].node != CHISO_NO_NODE ? workers[i].node : node;
  }
  tell(k, s, node, MSG_CHECK_THREADS);
}

static void compare_threads(chiso__checking *k, const chiso__check_subject *s,
                            ways *w) {
  worker workers[THREADS];
  memset(workers, 0, sizeof workers);
  chiso__check_draw_units(s, &w->many, 0, false);
  chiso_score(s->program, &w->many, &w->batch);
  bool good = true;
  for (unsigned i = 0; i < THREADS; i++) {
    workers[i].s = s;
    workers[i].entries = &w->many;
    workers[i].expected = &w->batch;
    good = good && chiso_scores_new(s->program, UNITS, k->allocator,
                                    &workers[i].scores, NULL) == CHISO_OK;
  }
  k->short_memory |= !good;
  if (good) {
    other_locales(k, s, &workers[0]);
    many_threads(k, s, workers);
  }
  for (unsigned i = 0; i < THREADS; i++)
    if (workers[i].scores.points)
      chiso_scores_free(&workers[i].scores);
}

void chiso__check_S07(chiso__checking *k) {
  if (k->done[CHECK_S06] && k->outcome[CHECK_S06] == CHISO_CHECK_FAILED) {
    chiso__check_skip(k, MSG_CHECK_SEE, "S06");
    return;
  }
  CHISO__EACH_SUBJECT(k, s) {
    ways w;
    if (!s->program)
      continue;
    chiso__check_applied(k);
    if (set_up(k, s, &w))
      compare_threads(k, s, &w);
    take_down(&w);
  }
}
