/* SPDX-License-Identifier: Apache-2.0
 * author/check.h - what the files of chiso check share.
 *
 * First everything is opened by the core's own readers (check_open.c); what
 * they refuse becomes a fault of its check. Then the checks run one after the
 * other (check.c), in this process or in children (check_child.c), and hand
 * over records: the check that begins, what it found, how it ended. */
#ifndef CHISO_AUTHOR_CHECK_H
#define CHISO_AUTHOR_CHECK_H

#include "base/arena.h"
#include "base/error.h"
#include "chiso/author.h"
#include "engine/engine.h"
#include "host/host.h"
#include "model/model.h"

typedef enum chiso__check_id {
#define CHECK(id, severity, en, vi) CHECK_##id,
#include "author/checks.def"
#undef CHECK
  CHECK_COUNT
} chiso__check_id;

/* ---- what is checked ---------------------------------------------------- */

/* What was being read when a refusal came. */
typedef enum chiso__check_reading {
  CHISO__READING_MANIFEST,
  CHISO__READING_LIBRARY,
  CHISO__READING_INDEX,
  CHISO__READING_TABLES,
  CHISO__READING_BUILD
} chiso__check_reading;

/* The check that a refusal belongs to: check_refusals.def. */
chiso__check_id chiso__check_of(const chiso_error *refusal,
                                chiso__check_reading reading);

typedef struct chiso__check_fault {
  chiso__check_id check;
  chiso_error error;
} chiso__check_fault;

/* An index.json, or what overlays give. */
typedef struct chiso__check_source {
  const char *path;
  const chiso_methodology *methodology; /* NULL: refused */
  chiso_methodology *own;               /* the same, unless it is borrowed */
} chiso__check_source;

typedef enum chiso__check_state {
  CHISO__CHECK_UNTRIED = 0,
  CHISO__CHECK_GOOD,
  CHISO__CHECK_BAD
} chiso__check_state;

typedef struct chiso__check_plugin {
  const char *manifest_path, *library_path;
  const char *text; /* of the manifest */
  size_t text_size;
  chiso__manifest manifest;
  bool built; /* in a temporary folder, from the sources */
  bool good_manifest, good_elf;
  const char *bytes; /* of the library, NULL when there are none */
  size_t size;
  char digest[65];
  /* In the process that runs its code: */
  chiso__entry_point entry;
  chiso__check_state loaded, copied;
  const chiso_plugin *tables; /* may be NULL after loading */
  chiso_methodology **copies; /* of the indices; NULL where refused */
} chiso__check_plugin;

/* rule() in this process. */
typedef int (*chiso__check_rule)(const chiso_host *host, const chiso_call *call,
                                 uint32_t number, chiso_dec *points);

/* A methodology that is checked, from a source or else from a plugin. */
typedef struct chiso__check_subject {
  const chiso_methodology *methodology;
  const chiso_index *index;
  const char *file;
  chiso__check_rule rule; /* NULL: none, or its library is not loaded */
  chiso_program *program;
  uint32_t n_calls; /* leaves scored by code */
  int64_t *full;    /* by slot: the inputs that give the maximum */
  uint8_t *known;   /* by node: whether such inputs are known */
} chiso__check_subject;

/* ---- records ------------------------------------------------------------ */

typedef enum chiso__record_kind {
  CHISO__RECORD_BEGIN = 1, /* of a check */
  CHISO__RECORD_STAGE,     /* `found`: chiso__check_stage */
  CHISO__RECORD_FINDING,
  CHISO__RECORD_END,  /* `outcome`, `found`; `error`: why it was skipped */
  CHISO__RECORD_CALL, /* `found`: the system call that rule() made */
  CHISO__RECORD_DONE  /* the process has no more to do */
} chiso__record_kind;

/* Code of the plugin that runs apart from a check of its own. */
typedef enum chiso__check_stage {
  CHISO__STAGE_NONE = 0,
  CHISO__STAGE_LOAD, /* dlopen() and the first call: E06 */
  CHISO__STAGE_COPY  /* walking its tables: A04 */
} chiso__check_stage;

#define CHISO__RECORD_MAGIC 0x63686b31u
typedef struct chiso__check_record {
  uint32_t magic;
  uint16_t kind, check;
  uint32_t outcome, reserved;
  uint64_t found;
  chiso_error error;
} chiso__check_record;

typedef struct chiso__check_sink {
  void (*take)(void *user, const chiso__check_record *record);
  void *user;
} chiso__check_sink;

/* ---- the work ----------------------------------------------------------- */

typedef struct chiso__checking {
  const chiso_check_options *options;
  const chiso_allocator *allocator;
  chiso__arena arena;
  chiso_lang lang;
  const char *folder; /* that holds what is checked */
  bool one_file;      /* the path names a file, not a folder */
  const char *rule;   /* rule.c beside the sources, or NULL */
  chiso__check_source *sources;
  chiso__check_plugin *plugins;
  size_t n_sources, n_plugins;
  chiso__check_fault *faults;
  size_t n_faults, faults_capacity;
  const char *work;      /* temporary folder with a plugin, or NULL */
  chiso_error no_plugin; /* why there is no library to check */
  bool selected[CHECK_COUNT], done[CHECK_COUNT];
  chiso_check_outcome outcome[CHECK_COUNT];
  bool no_load, no_copy; /* it crashed in an earlier process */
  bool in_process;
  chiso__check_subject *subjects;
  size_t n_subjects;
  bool have_subjects;
  bool short_memory;
  /* the check that runs */
  chiso__check_id now;
  uint64_t found;
  bool skipped, applied;
  chiso_error skip;
  chiso__check_sink sink;
} chiso__checking;

/* A fault of a check, found while reading. False when memory is short. */
bool chiso__check_fault_add(chiso__checking *k, chiso__check_id check,
                            const chiso_error *error);
/* chiso__faults.add: `user` is a chiso__check_taker. */
typedef struct chiso__check_taker {
  chiso__checking *k;
  chiso__check_reading reading;
} chiso__check_taker;
void chiso__check_take_fault(void *user, const chiso_error *fault);

/* What a check says of what it found; it then does not pass. */
void chiso__check_find(chiso__checking *k, chiso__place place,
                       chiso__message message, ...);
void chiso__check_find_error(chiso__checking *k, const chiso_error *error);
/* Why it does not apply, or not to this subject. It is skipped unless it was
 * applied to another. */
void chiso__check_skip(chiso__checking *k, chiso__message message, ...);
/* That it was asked of something. */
void chiso__check_applied(chiso__checking *k);
void chiso__check_stage_begin(chiso__checking *k, chiso__check_stage stage);

/* check_open.c: opens options->path; chiso__check_close() in any case. */
chiso_status chiso__check_open(chiso__checking *k, chiso_error *err);
void chiso__check_close(chiso__checking *k);
chiso_status chiso__check_build(chiso__checking *k, chiso_error *err);

/* check.c: runs the checks from place `first` of the order; *next is the place
 * to go on with, in another process, or the number of places. */
size_t chiso__check_places(void);
chiso__check_id chiso__check_at(size_t place);
void chiso__check_from(chiso__checking *k, size_t first, size_t *next);
/* Whether a check runs in a process that ends after it. */
bool chiso__check_alone(chiso__check_id check);

/* check_report.c */
chiso_status chiso__check_report_new(chiso__checking *k,
                                     chiso_check_report **out,
                                     chiso_error *err);
/* A chiso__check_sink.take: `user` is the report. */
void chiso__check_report_take(void *user, const chiso__check_record *record);
/* Puts the results in order; CHISO_NO_MEMORY when one could not be kept. */
chiso_status chiso__check_report_finish(chiso_check_report *report,
                                        chiso_error *err);

/* check_child.c: all that is selected, in children. */
chiso_status chiso__check_children(chiso__checking *k,
                                   chiso_check_report *report,
                                   chiso_error *err);

/* check_load.c: the plugin's code runs here. */
bool chiso__check_load(chiso__checking *k, chiso__check_plugin *p);
bool chiso__check_copy(chiso__checking *k, chiso__check_plugin *p);
/* Fills k->subjects. */
void chiso__check_subjects(chiso__checking *k);
/* Programs of the subjects, as far as they can be compiled. */
void chiso__check_programs(chiso__checking *k);

/* check_walk.c: every struct and text of a plugin's tables. */
typedef struct chiso__check_walker {
  void (*text)(void *user, const char *where, const char *text);
  void (*reserved)(void *user, const char *where); /* that are not zero */
  void (*bytes)(void *user, const void *bytes, size_t size);
  void *user;
} chiso__check_walker;
void chiso__check_walk(const chiso_plugin *tables, chiso__check_walker *walker);
/* False when a size, stride or count keeps the tables from being walked; the
 * names and figures are for the message. */
typedef struct chiso__check_array {
  const char *where;
  uint32_t count, most;
  size_t stride, least;
} chiso__check_array;
bool chiso__check_walkable(const chiso_plugin *tables,
                           chiso__check_array *fault);

/* check_full.c: inputs that give the maximum. */
bool chiso__check_full(chiso__checking *k, chiso__check_subject *s);
/* Fills a unit with them, and gives points where only points can be given. */
void chiso__check_fill(const chiso__check_subject *s, chiso_entries *entries,
                       size_t unit);

/* check_draw.c: random numbers by counter, and inputs made of them. */
uint64_t chiso__check_random(uint64_t stream, uint64_t counter);
typedef struct chiso__check_range {
  const chiso_node *node;
  const chiso_input *input;
  int64_t least, most;
  uint64_t choices; /* 0: a number */
} chiso__check_range;
chiso__check_range chiso__check_range_of(const chiso_node *node,
                                         uint32_t input);
int64_t chiso__check_draw_in(const chiso__check_range *range, uint64_t random);
int64_t chiso__check_draw(const chiso_node *node, uint32_t input,
                          uint64_t random);

/* check_random.c: units with random inputs, each by its counter; `complete`:
 * none is missing. */
void chiso__check_draw_units(const chiso__check_subject *s, chiso_entries *e,
                             uint64_t first, bool complete);

/* check_rule.c: one call of rule() with inputs of ours. */
int chiso__check_call(chiso__check_rule rule, const chiso_node *node,
                      uint32_t number, const int64_t *inputs,
                      chiso_dec *points);

/* check_golden.c: a store of the plugin under test and of what is installed;
 * `isolate`: every plugin in a worker process. Needs k->work. */
chiso_status chiso__check_store(chiso__checking *k, bool isolate,
                                chiso_store **out, chiso_error *err);

/* check_guard.c: no system call from here on but writing to the pipe; another
 * one writes CHISO__RECORD_CALL and ends the process. False: not possible. */
bool chiso__check_guard(void);

/* The descriptor that a child writes records to. */
#define CHISO__CHECK_PIPE 3

/* ---- the checks --------------------------------------------------------- */

typedef void (*chiso__check_run)(chiso__checking *k);
#define CHECK(id, severity, en, vi) void chiso__check_##id(chiso__checking *k);
#include "author/checks.def"
#undef CHECK

/* Begins a check that goes over the subjects. */
#define CHISO__EACH_SUBJECT(k, s)                                              \
  for (chiso__check_subject *s = (k)->subjects;                                \
       s < (k)->subjects + (k)->n_subjects; s++)
#define CHISO__EACH_PLUGIN(k, p)                                               \
  for (chiso__check_plugin *p = (k)->plugins;                                  \
       p < (k)->plugins + (k)->n_plugins; p++)

#endif
