/* SPDX-License-Identifier: Apache-2.0
 * sheet/make.c - scoring sheets of a round: for whom, and into which files. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "sheet/known.h"

#define LONGEST_NAME 60u /* bytes of a unit's name in a file's name */

typedef struct maker {
  const chiso_round *round;
  chiso_sheet_options options;
  const char *out;
  const chiso_allocator *allocator;
  chiso_sheet_report *report;
  chiso_error *err;
  chiso__sheet_entries entries; /* of what is known */
  size_t unit, unit_group;      /* the one asked for; SIZE_MAX: all */
} maker;

/* ---- who gets a sheet -----------------------------------------------------
 */

static bool assessed(const maker *k, const chiso_group *g, size_t unit) {
  if (g->rules.flags)
    return g->rules.flags[unit] & CHISO_ASSESSED;
  return chiso_unit_assessed(chiso_units_get(g->units, unit),
                             chiso_round_period(k->round).year);
}

static bool wanted(const maker *k, size_t group, size_t unit) {
  const chiso_group *g = chiso_round_group(k->round, group);
  if (k->options.group && strcmp(g->key, k->options.group) != 0)
    return false;
  if (k->unit != SIZE_MAX)
    return group == k->unit_group && unit == k->unit;
  return assessed(k, g, unit);
}

/* Keys of the groups, for an error. */
static void list_groups(const maker *k, char *out, size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < chiso_round_groups(k->round); i++) {
    int wrote = snprintf(out + used, size - used, "%s%s", i ? ", " : "",
                         chiso_round_group(k->round, i)->key);
    if (wrote < 0 || (size_t)wrote >= size - used)
      return;
    used += (size_t)wrote;
  }
}

static chiso_status find_unit(maker *k) {
  const char *name = k->options.unit, *near = NULL;
  for (size_t i = 0; i < chiso_round_groups(k->round); i++) {
    const chiso_group *g = chiso_round_group(k->round, i);
    if (k->options.group && strcmp(g->key, k->options.group) != 0)
      continue;
    size_t unit = chiso_units_find(g->units, name);
    if (unit != SIZE_MAX && assessed(k, g, unit)) {
      k->unit = unit;
      k->unit_group = i;
      return CHISO_OK;
    }
    size_t nearest = chiso_units_nearest(g->units, name);
    if (nearest != SIZE_MAX && !near && assessed(k, g, nearest))
      near = chiso_units_get(g->units, nearest)->name_vi;
  }
  if (near)
    return CHISO__FAIL(k->err, CHISO_USAGE, MSG_SHEET_NO_UNIT_NEAR, name, near);
  return CHISO__FAIL(k->err, CHISO_USAGE, MSG_SHEET_NO_UNIT, name);
}

static chiso_status find(maker *k) {
  if (k->options.group &&
      chiso_round_find(k->round, k->options.group) == SIZE_MAX) {
    char keys[300];
    list_groups(k, keys, sizeof keys);
    return CHISO__FAIL(k->err, CHISO_USAGE, MSG_SHEET_NO_GROUP,
                       k->options.group, keys);
  }
  return k->options.unit ? find_unit(k) : CHISO_OK;
}

/* ---- files ----------------------------------------------------------------
 */

/* What a file system takes anywhere: letters, digits and ". _ -". */
static void put_safe(chiso__buffer *out, const char *text) {
  for (const char *c = text; *c; c++) {
    bool good = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                (*c >= 'A' && *c <= 'Z') || *c == '_' ||
                (*c == '.' && c != text);
    chiso__buffer_bytes(out, good ? c : "-", 1);
  }
}

static void put_folder(const maker *k, const chiso_group *g,
                       chiso__buffer *out) {
  chiso__buffer_text(out, k->out);
  chiso__buffer_text(out, "/");
  put_safe(out, g->key);
}

/* OUT/<group>/<code> <name>.xlsx */
static chiso_status put_path(const maker *k, const chiso_group *g, size_t unit,
                             chiso__buffer *out) {
  const chiso_unit *u = chiso_units_get(g->units, unit);
  chiso__arena arena = { .allocator = k->allocator };
  const char *slug = chiso__text_slug(&arena, u->name_vi);
  put_folder(k, g, out);
  chiso__buffer_text(out, "/");
  put_safe(out, u->code);
  if (slug && slug[0]) {
    size_t size = strlen(slug);
    chiso__buffer_text(out, " ");
    chiso__buffer_bytes(out, slug, size < LONGEST_NAME ? size : LONGEST_NAME);
  }
  chiso__buffer_text(out, ".xlsx");
  chiso__arena_free(&arena);
  return slug && !out->failed ? CHISO_OK : chiso__no_memory(k->err);
}

static chiso_status make_folder(const maker *k, const char *path) {
  if (mkdir(path, 0777) == 0 || errno == EEXIST)
    return CHISO_OK;
  return chiso__file_refuse(k->err, path, errno);
}

static chiso_status refuse_there(const maker *k, const char *path) {
  struct stat there;
  if (k->options.force || lstat(path, &there) != 0)
    return CHISO_OK;
  return chiso__fail(k->err, CHISO_USAGE, (chiso__place) { .file = path },
                     MSG_SHEET_THERE);
}

/* Every file is looked for before the first is made. */
static chiso_status look(const maker *k, const chiso_group *g, size_t group) {
  chiso_status status = CHISO_OK;
  chiso__buffer path = { .allocator = k->allocator };
  for (size_t u = 0; u < chiso_units_count(g->units) && status == CHISO_OK;
       u++) {
    if (!wanted(k, group, u))
      continue;
    path.size = 0;
    status = put_path(k, g, u, &path);
    if (status == CHISO_OK)
      status = refuse_there(k, path.data);
  }
  chiso__buffer_free(&path);
  return status;
}

static chiso_status write_book(const maker *k, const chiso__book *book,
                               const char *path) {
  chiso__buffer bytes = { .allocator = k->allocator };
  chiso_status status = chiso__book_make(book, k->allocator, &bytes, k->err);
  if (status == CHISO_OK && bytes.failed)
    status = chiso__no_memory(k->err);
  if (status == CHISO_OK)
    status = k->options.one_book
                 ? chiso__file_write(path, bytes.data, bytes.size, k->err)
                 : chiso__file_write_many(path, bytes.data, bytes.size, k->err);
  chiso__buffer_free(&bytes);
  if (status == CHISO_OK && k->report) {
    k->report->books++;
    k->report->sheets += book->n_jobs;
  }
  return status;
}

/* ---- a folder of workbooks ------------------------------------------------
 */

static chiso__book book_of(const maker *k, const chiso__sheet_job *jobs,
                           size_t n) {
  return (chiso__book) { .round = k->round,
                         .lang = k->options.lang,
                         .jobs = jobs,
                         .n_jobs = n,
                         .entries = k->options.known ? &k->entries : NULL,
                         .locked = k->options.locked };
}

static bool any_wanted(const maker *k, size_t group) {
  const chiso_group *g = chiso_round_group(k->round, group);
  for (size_t u = 0; u < chiso_units_count(g->units); u++)
    if (wanted(k, group, u))
      return true;
  return false;
}

static chiso_status make_group(const maker *k, size_t group) {
  const chiso_group *g = chiso_round_group(k->round, group);
  chiso__sheet_plan plan = { .arena = { .allocator = k->allocator } };
  chiso__buffer path = { .allocator = k->allocator };
  put_folder(k, g, &path);
  chiso_status status =
      path.failed ? chiso__no_memory(k->err) : make_folder(k, path.data);
  if (status == CHISO_OK)
    status = chiso__plan_make(g, k->options.lang, k->options.stages,
                              CHISO__NA_WORDS, &plan, k->err);
  for (size_t u = 0; u < chiso_units_count(g->units) && status == CHISO_OK;
       u++) {
    if (!wanted(k, group, u))
      continue;
    chiso__sheet_job job = { &plan, u };
    chiso__book book = book_of(k, &job, 1);
    path.size = 0;
    status = put_path(k, g, u, &path);
    if (status == CHISO_OK)
      status = write_book(k, &book, path.data);
  }
  chiso__plan_free(&plan);
  chiso__buffer_free(&path);
  return status;
}

static chiso_status make_folders(const maker *k) {
  size_t n = chiso_round_groups(k->round);
  bool any = false;
  for (size_t i = 0; i < n; i++) {
    any |= any_wanted(k, i);
    CHISO__TRY(look(k, chiso_round_group(k->round, i), i));
  }
  if (!any)
    return CHISO__FAIL(k->err, CHISO_USAGE, MSG_SHEET_NOBODY);
  CHISO__TRY(make_folder(k, k->out));
  for (size_t i = 0; i < n; i++)
    if (any_wanted(k, i))
      CHISO__TRY(make_group(k, i));
  chiso__file_settle(k->out);
  return CHISO_OK;
}

/* ---- one workbook ---------------------------------------------------------
 */

static chiso_status gather(const maker *k, chiso__sheet_plan *plans,
                           chiso__sheet_job *jobs, size_t *count) {
  uint32_t list_base = CHISO__NA_WORDS;
  for (size_t i = 0; i < chiso_round_groups(k->round); i++) {
    const chiso_group *g = chiso_round_group(k->round, i);
    plans[i].arena.allocator = k->allocator;
    if (!any_wanted(k, i))
      continue;
    CHISO__TRY(chiso__plan_make(g, k->options.lang, k->options.stages,
                                list_base, &plans[i], k->err));
    list_base += (uint32_t)plans[i].n_lists;
    for (size_t u = 0; u < chiso_units_count(g->units); u++)
      if (wanted(k, i, u)) {
        if (*count == CHISO_MAX_SHEETS)
          return CHISO__FAIL(k->err, CHISO_USAGE, MSG_SHEET_MANY,
                             CHISO_MAX_SHEETS);
        jobs[(*count)++] = (chiso__sheet_job) { &plans[i], u };
      }
  }
  return CHISO_OK;
}

static chiso_status make_one(const maker *k) {
  size_t n = chiso_round_groups(k->round), count = 0;
  chiso__sheet_job jobs[CHISO_MAX_SHEETS];
  CHISO__TRY(refuse_there(k, k->out));
  chiso__sheet_plan *plans =
      chiso__alloc(k->allocator, (n + 1) * sizeof *plans);
  if (!plans)
    return chiso__no_memory(k->err);
  chiso_status status = gather(k, plans, jobs, &count);
  if (status == CHISO_OK && count == 0)
    status = CHISO__FAIL(k->err, CHISO_USAGE, MSG_SHEET_NOBODY);
  if (status == CHISO_OK) {
    chiso__book book = book_of(k, jobs, count);
    status = write_book(k, &book, k->out);
  }
  for (size_t i = 0; i < n; i++)
    chiso__plan_free(&plans[i]);
  chiso__free(k->allocator, plans);
  return status;
}

chiso_status chiso_sheets_make(const chiso_round *round,
                               const chiso_sheet_options *options,
                               const char *out,
                               const chiso_allocator *allocator,
                               chiso_sheet_report *report, chiso_error *err) {
  maker k = { .round = round,
              .options = *options,
              .out = out,
              .allocator = allocator,
              .report = report,
              .err = err,
              .entries = { chiso__known_fill, chiso__known_says,
                           options->known },
              .unit = SIZE_MAX };
  if (report)
    *report = (chiso_sheet_report) { 0 };
  if (k.options.stages == 0)
    k.options.stages = CHISO_SHEET_ALL_STAGES;
  CHISO__TRY(find(&k));
  return options->one_book ? make_one(&k) : make_folders(&k);
}
