/* SPDX-License-Identifier: Apache-2.0
 * author/check.c - the table of checks, their order, and how one is run. */
#include "author/check.h"

#include <ctype.h>
#include <string.h>

static const chiso_check checks[CHECK_COUNT] = {
#define CHECK(id, severity, en, vi) { #id, { en, vi }, CHISO_CHECK_##severity },
#include "author/checks.def"
#undef CHECK
};

const chiso_check *chiso_checks(size_t *count) {
  *count = CHECK_COUNT;
  return checks;
}

void chiso_check_page(const chiso_check *check, char out[CHISO_CHECK_PAGE]) {
  char group = check->id[0];
  snprintf(out, CHISO_CHECK_PAGE, "docs/checks/%c.md#%c%s", group,
           group - 'A' + 'a', check->id + 1);
}

const char *chiso_check_outcome_key(chiso_check_outcome outcome) {
  static const char *const keys[] = { "passed", "failed", "warning", "skipped",
                                      "crashed" };
  return (unsigned)outcome < sizeof keys / sizeof *keys ? keys[outcome] : NULL;
}

/* ---- whose a refusal is ------------------------------------------------- */

/* Checks that depend on what was being read. */
enum { DEFAULT = CHECK_COUNT, KEYS };

static const struct {
  const char *fragment;
  uint32_t message;
  int check;
} refusals[] = {
#define CHECK_DEFAULT DEFAULT
#define CHECK_KEYS    KEYS
#define REFUSAL(message, fragment, check)                                      \
  { fragment, MSG_##message + 1, CHECK_##check },
#include "author/check_refusals.def"
#undef REFUSAL
};

static chiso__check_id default_of(chiso__check_reading reading) {
  switch (reading) {
  case CHISO__READING_MANIFEST:
    return CHECK_M01;
  case CHISO__READING_LIBRARY:
    return CHECK_E06;
  case CHISO__READING_BUILD:
    return CHECK_E07;
  case CHISO__READING_TABLES:
    return CHECK_A07;
  default:
    return CHECK_T10;
  }
}

chiso__check_id chiso__check_of(const chiso_error *refusal,
                                chiso__check_reading reading) {
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    if (refusals[i].message != refusal->message ||
        !strstr(refusal->text, refusals[i].fragment))
      continue;
    if (refusals[i].check == KEYS && reading == CHISO__READING_MANIFEST)
      return CHECK_M02;
    return refusals[i].check >= CHECK_COUNT
               ? default_of(reading)
               : (chiso__check_id)refusals[i].check;
  }
  return default_of(reading);
}

bool chiso__check_fault_add(chiso__checking *k, chiso__check_id check,
                            const chiso_error *error) {
  if (!chiso__grow(k->allocator, (void **)(void *)&k->faults,
                   &k->faults_capacity, k->n_faults, sizeof *k->faults)) {
    k->short_memory = true;
    return false;
  }
  k->faults[k->n_faults++] = (chiso__check_fault) { check, *error };
  return true;
}

void chiso__check_take_fault(void *user, const chiso_error *fault) {
  const chiso__check_taker *taker = user;
  chiso__check_fault_add(taker->k, chiso__check_of(fault, taker->reading),
                         fault);
}

/* ---- what a check says -------------------------------------------------- */

static void emit(const chiso__checking *k, chiso__record_kind kind,
                 chiso_check_outcome outcome, uint64_t found,
                 const chiso_error *error) {
  chiso__check_record record;
  memset(&record, 0, sizeof record); /* no stray bytes go through a pipe */
  record.magic = CHISO__RECORD_MAGIC;
  record.kind = (uint16_t)kind;
  record.check = (uint16_t)k->now;
  record.outcome = (uint32_t)outcome;
  record.found = found;
  if (error)
    record.error = *error;
  k->sink.take(k->sink.user, &record);
}

void chiso__check_find_error(chiso__checking *k, const chiso_error *error) {
  k->applied = true;
  if (k->found++ < CHISO_CHECK_FINDINGS)
    emit(k, CHISO__RECORD_FINDING, CHISO_CHECK_FAILED, 0, error);
}

void chiso__check_find(chiso__checking *k, chiso__place place,
                       chiso__message message, ...) {
  chiso_error error = { .lang = k->lang };
  va_list arguments;
  va_start(arguments, message);
  chiso__fail_with(&error, CHISO_NO, place, message, arguments);
  va_end(arguments);
  chiso__check_find_error(k, &error);
}

void chiso__check_skip(chiso__checking *k, chiso__message message, ...) {
  if (k->skipped)
    return; /* the first reason stays */
  va_list arguments;
  va_start(arguments, message);
  k->skip = (chiso_error) { .lang = k->lang };
  chiso__fail_with(&k->skip, CHISO_OK, (chiso__place) { 0 }, message,
                   arguments);
  va_end(arguments);
  k->skipped = true;
}

void chiso__check_applied(chiso__checking *k) {
  k->applied = true;
}

void chiso__check_stage_begin(chiso__checking *k, chiso__check_stage stage) {
  emit(k, CHISO__RECORD_STAGE, CHISO_CHECK_PASSED, (uint64_t)stage, NULL);
}

/* ---- order -------------------------------------------------------------- */

enum {
  LIBRARY = 1,  /* needs the library's code loaded */
  TABLES = 2,   /* needs tables that can be walked */
  SUBJECTS = 4, /* needs methodologies */
  SCORES = 8,   /* needs their programs, and a tree without faults */
  RULE = 16,    /* calls rule() alone */
  ALONE = 32    /* ends its process */
};

/* What must hold before goes first: nothing calls rule() before it is known to
 * make no system call and to survive. */
static const struct {
  chiso__check_run run;
  chiso__check_id id;
  unsigned needs;
} order[] = {
#define ORDER(id, needs)                                                       \
  { chiso__check_##id, CHECK_##id, needs }
  ORDER(M01, 0),
  ORDER(M02, 0),
  ORDER(M03, 0),
  ORDER(M04, 0),
  ORDER(M05, 0),
  ORDER(M07, 0),
  ORDER(T10, 0),
  ORDER(E07, 0),
  ORDER(E01, 0),
  ORDER(E02, 0),
  ORDER(E03, 0),
  ORDER(E04, 0),
  ORDER(E05, 0),
  ORDER(E06, LIBRARY),
  ORDER(A01, LIBRARY),
  ORDER(A05, LIBRARY),
  ORDER(A02, LIBRARY),
  ORDER(A04, TABLES),
  ORDER(A03, TABLES),
  ORDER(A07, TABLES),
  ORDER(M06, TABLES),
  ORDER(T01, SUBJECTS),
  ORDER(T02, SUBJECTS),
  ORDER(T03, SUBJECTS),
  ORDER(T04, SUBJECTS),
  ORDER(T05, SUBJECTS),
  ORDER(T06, SUBJECTS),
  ORDER(T07, SUBJECTS),
  ORDER(T08, SUBJECTS),
  ORDER(T09, SUBJECTS),
  ORDER(T11, SUBJECTS),
  ORDER(T12, SUBJECTS),
  ORDER(T13, SUBJECTS),
  ORDER(L01, SUBJECTS),
  ORDER(L02, SUBJECTS),
  ORDER(L03, SUBJECTS),
  ORDER(L04, SUBJECTS),
  ORDER(L05, SUBJECTS),
  ORDER(L06, SUBJECTS),
  ORDER(L07, SUBJECTS),
  ORDER(R06, SUBJECTS),
  ORDER(R02, SCORES | RULE | ALONE),
  ORDER(R04, SCORES | RULE),
  ORDER(R05, SCORES | RULE),
  ORDER(R01, SCORES | RULE),
  ORDER(R03, SCORES | RULE),
  ORDER(A06, TABLES | SCORES),
  ORDER(S01, SCORES),
  ORDER(S02, SCORES),
  ORDER(S03, SCORES),
  ORDER(S04, SCORES),
  ORDER(S05, SCORES),
  ORDER(S06, SCORES),
  ORDER(S07, SCORES),
  ORDER(S08, SCORES),
#undef ORDER
};
#define PLACES (sizeof order / sizeof *order)

size_t chiso__check_places(void) {
  return PLACES;
}

chiso__check_id chiso__check_at(size_t place) {
  return order[place].id;
}

bool chiso__check_alone(chiso__check_id check) {
  for (size_t i = 0; i < PLACES; i++)
    if (order[i].id == check)
      return (order[i].needs & ALONE) != 0;
  return false;
}

/* ---- what stands in the way --------------------------------------------- */

static bool broken(const chiso__checking *k, chiso__check_id check) {
  return k->done[check] && (k->outcome[check] == CHISO_CHECK_FAILED ||
                            k->outcome[check] == CHISO_CHECK_CRASHED);
}

/* The first check of the list that did not pass, or that has a fault of the
 * readers; CHECK_COUNT: none. */
static chiso__check_id obstacle(const chiso__checking *k,
                                const chiso__check_id *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (broken(k, list[i]))
      return list[i];
    for (size_t f = 0; f < k->n_faults; f++)
      if (k->faults[f].check == list[i])
        return list[i];
  }
  return CHECK_COUNT;
}
#define OBSTACLE(k, ...)                                                       \
  obstacle((k), (const chiso__check_id[]) { __VA_ARGS__ },                     \
           sizeof((const chiso__check_id[]) { __VA_ARGS__ }) /                 \
               sizeof(chiso__check_id))

#define LOADING                                                                \
  CHECK_M01, CHECK_M02, CHECK_M03, CHECK_M04, CHECK_M05, CHECK_T10, CHECK_E07, \
      CHECK_E01, CHECK_E02, CHECK_E03, CHECK_E04, CHECK_E05, CHECK_E06
#define WALKING CHECK_A01, CHECK_A05, CHECK_A02
#define READING                                                                \
  CHECK_A04, CHECK_A07, CHECK_T10, CHECK_T01, CHECK_T02, CHECK_T03, CHECK_T04, \
      CHECK_T05, CHECK_T07, CHECK_T09, CHECK_T11, CHECK_T12, CHECK_T13,        \
      CHECK_L01
#define RULES CHECK_R02, CHECK_R04, CHECK_R01

/* Says that a check is skipped because of another; true when it is. */
static bool blocked_by(chiso__checking *k, chiso__check_id other) {
  if (other == CHECK_COUNT || other == k->now)
    return false;
  chiso__check_skip(k, MSG_CHECK_SEE, checks[other].id);
  return true;
}

static bool any_library(const chiso__checking *k) {
  for (size_t i = 0; i < k->n_plugins; i++)
    if (k->plugins[i].good_elf)
      return true;
  return false;
}

static bool needs_library(chiso__checking *k) {
  if (!any_library(k)) {
    if (!blocked_by(k, OBSTACLE(k, LOADING, READING)))
      k->skip = k->no_plugin, k->skipped = true;
    return false;
  }
  size_t loaded = 0;
  CHISO__EACH_PLUGIN(k, p)
  loaded += chiso__check_load(k, p);
  if (loaded == 0)
    blocked_by(k, OBSTACLE(k, LOADING, CHECK_A01));
  return loaded > 0;
}

static bool needs_tables(chiso__checking *k) {
  if (!needs_library(k))
    return false;
  CHISO__EACH_PLUGIN(k, p)
  if (p->loaded == CHISO__CHECK_GOOD &&
      chiso__check_walkable(p->tables, &(chiso__check_array) { 0 }))
    return true;
  blocked_by(k, OBSTACLE(k, WALKING));
  return false;
}

static bool needs_subjects(chiso__checking *k) {
  chiso__check_subjects(k);
  if (k->n_subjects > 0)
    return true;
  if (!blocked_by(k, OBSTACLE(k, READING, LOADING, WALKING)))
    chiso__check_skip(k, MSG_CHECK_NO_METHODOLOGY);
  return false;
}

static bool any_call(const chiso__checking *k, bool with_rule) {
  CHISO__EACH_SUBJECT(k, s)
  if (s->n_calls > 0 && (s->rule || !with_rule))
    return true;
  return false;
}

static bool needs_scores(chiso__checking *k, unsigned needs) {
  if (!needs_subjects(k) || blocked_by(k, OBSTACLE(k, READING)))
    return false;
  if ((needs & RULE) && !any_call(k, false)) {
    chiso__check_skip(k, MSG_CHECK_NO_RULE);
    return false;
  }
  if (!(needs & RULE) && any_call(k, false) &&
      blocked_by(k, OBSTACLE(k, RULES)))
    return false;
  /* Scored by way of the store, which loads what is right alone. */
  if (k->now == CHECK_S08 &&
      blocked_by(k, OBSTACLE(k, LOADING, WALKING, CHECK_M06)))
    return false;
  /* Of the checks of rule() alone, each asks for those before it. */
  if ((k->now == CHECK_R01 || k->now == CHECK_R03 || k->now == CHECK_R05) &&
      blocked_by(k, OBSTACLE(k, CHECK_R02, CHECK_R04)))
    return false;
  if (any_call(k, false) && !any_call(k, true)) {
    if (!needs_library(k))
      return false;
    k->have_subjects = false; /* again, now with rule() */
    chiso__check_subjects(k);
  }
  chiso__check_programs(k);
  return true;
}

/* Prepares what a check needs; false when it is skipped. */
static bool ready(chiso__checking *k, unsigned needs) {
  if ((needs & LIBRARY) && !needs_library(k))
    return false;
  if ((needs & TABLES) && !needs_tables(k))
    return false;
  if ((needs & SUBJECTS) && !needs_subjects(k))
    return false;
  return !(needs & SCORES) || needs_scores(k, needs);
}

/* ---- one check ---------------------------------------------------------- */

/* Hands over the readers' faults of the check; false when there are none. */
static bool tell_faults(chiso__checking *k) {
  bool any = false;
  for (size_t i = 0; i < k->n_faults; i++)
    if (k->faults[i].check == k->now) {
      chiso__check_find_error(k, &k->faults[i].error);
      any = true;
    }
  return any;
}

static chiso_check_outcome outcome_of(const chiso__checking *k) {
  chiso_check_severity severity = checks[k->now].severity;
  if (k->found > 0)
    return severity == CHISO_CHECK_ERROR     ? CHISO_CHECK_FAILED
           : severity == CHISO_CHECK_WARNING ? CHISO_CHECK_WARNED
                                             : CHISO_CHECK_PASSED;
  return k->skipped && !k->applied ? CHISO_CHECK_SKIPPED : CHISO_CHECK_PASSED;
}

static void run_check(chiso__checking *k, size_t place) {
  k->now = order[place].id;
  k->found = 0;
  k->skipped = k->applied = false;
  emit(k, CHISO__RECORD_BEGIN, CHISO_CHECK_PASSED, 0, NULL);
  bool prepared = tell_faults(k) || ready(k, order[place].needs);
  /* Preparing may have found more: tables that were copied just now. */
  if (prepared && k->found == 0 && !tell_faults(k))
    order[place].run(k);
  else if (!prepared && tell_faults(k))
    k->skipped = false;
  chiso_check_outcome outcome = outcome_of(k);
  k->done[k->now] = true;
  k->outcome[k->now] = outcome;
  emit(k, CHISO__RECORD_END, outcome, k->found,
       outcome == CHISO_CHECK_SKIPPED ? &k->skip : NULL);
}

void chiso__check_from(chiso__checking *k, size_t first, size_t *next) {
  size_t place = first;
  for (; place < PLACES; place++) {
    if (!k->selected[order[place].id] || k->done[order[place].id])
      continue;
    run_check(k, place);
    if ((order[place].needs & ALONE) && !k->in_process) {
      place++;
      break;
    }
  }
  *next = place;
  emit(k, CHISO__RECORD_DONE, CHISO_CHECK_PASSED, 0, NULL);
}
