/* SPDX-License-Identifier: Apache-2.0
 * author/check_report.c - what became of each check, and the same as JSON. */
#include "author/check.h"

#include "base/buffer.h"
#include "base/json.h"

#include <string.h>

struct chiso_check_report {
  const chiso_allocator *allocator;
  chiso__arena arena;
  const char *path;
  bool official, short_memory;
  chiso_lang lang;
  struct row {
    chiso_check_result result;
    chiso_error *findings;
    size_t capacity;
    bool selected, ended;
  } rows[CHECK_COUNT];
  chiso_check_result results[CHECK_COUNT]; /* of those that were selected */
  size_t n_results;
  const char **subjects;
  size_t n_subjects;
};

static chiso_status take_subjects(const chiso__checking *k,
                                  chiso_check_report *r, chiso_error *err) {
  size_t most = k->n_sources;
  CHISO__EACH_PLUGIN(k, p)
  most += p->manifest.n_indices;
  r->subjects = chiso__arena_array(&r->arena, most, sizeof *r->subjects);
  if (!r->subjects)
    return chiso__no_memory(err);
  for (size_t i = 0; i < k->n_sources; i++)
    if (k->sources[i].methodology)
      r->subjects[r->n_subjects++] =
          chiso__arena_text(&r->arena, k->sources[i].methodology->name,
                            strlen(k->sources[i].methodology->name));
  CHISO__EACH_PLUGIN(k, p)
  for (uint32_t i = 0; i < p->manifest.n_indices; i++) {
    const chiso__manifest_index *index = &p->manifest.indices[i];
    size_t size = strlen(index->id) + strlen(index->edition) + 2;
    char *name = chiso__arena_alloc(&r->arena, size);
    if (!name)
      return chiso__no_memory(err);
    snprintf(name, size, "%s/%s", index->id, index->edition);
    bool known = false;
    for (size_t j = 0; j < r->n_subjects; j++)
      known |= r->subjects[j] && strcmp(r->subjects[j], name) == 0;
    if (!known)
      r->subjects[r->n_subjects++] = name;
  }
  for (size_t i = 0; i < r->n_subjects; i++)
    if (!r->subjects[i])
      return chiso__no_memory(err);
  return CHISO_OK;
}

chiso_status chiso__check_report_new(chiso__checking *k,
                                     chiso_check_report **out,
                                     chiso_error *err) {
  size_t count;
  const chiso_check *checks = chiso_checks(&count);
  chiso_check_report *r = chiso__alloc(k->allocator, sizeof *r);
  *out = NULL;
  if (!r)
    return chiso__no_memory(err);
  r->allocator = r->arena.allocator = k->allocator;
  r->lang = k->lang;
  r->official = k->options->official;
  r->path =
      chiso__arena_text(&r->arena, k->options->path, strlen(k->options->path));
  chiso_status status =
      r->path ? take_subjects(k, r, err) : chiso__no_memory(err);
  if (status != CHISO_OK) {
    chiso_check_report_free(r);
    return status;
  }
  for (size_t i = 0; i < CHECK_COUNT; i++) {
    r->rows[i].selected = k->selected[i];
    r->rows[i].result.check = &checks[i];
  }
  *out = r;
  return CHISO_OK;
}

void chiso_check_report_free(chiso_check_report *report) {
  if (!report)
    return;
  for (size_t i = 0; i < CHECK_COUNT; i++)
    chiso__free(report->allocator, report->rows[i].findings);
  chiso__arena_free(&report->arena);
  chiso__free(report->allocator, report);
}

/* ---- taking records ----------------------------------------------------- */

static void keep(chiso_check_report *r, struct row *row,
                 const chiso_error *error) {
  chiso_check_result *result = &row->result;
  if (result->n_findings == CHISO_CHECK_FINDINGS)
    return;
  if (!chiso__grow(r->allocator, (void **)(void *)&row->findings,
                   &row->capacity, result->n_findings, sizeof *row->findings)) {
    r->short_memory = true;
    return;
  }
  row->findings[result->n_findings++] = *error;
}

void chiso__check_report_take(void *user, const chiso__check_record *record) {
  chiso_check_report *r = user;
  struct row *row = &r->rows[record->check];
  switch (record->kind) {
  case CHISO__RECORD_BEGIN: /* perhaps again, after another one crashed */
    row->result.n_findings = row->result.found = 0;
    row->selected = true;
    break;
  case CHISO__RECORD_FINDING:
    keep(r, row, &record->error);
    break;
  case CHISO__RECORD_END:
    row->ended = row->selected = true;
    row->result.outcome = (chiso_check_outcome)record->outcome;
    row->result.found = (size_t)record->found;
    if (record->outcome == CHISO_CHECK_SKIPPED ||
        record->outcome == CHISO_CHECK_CRASHED) {
      row->result.n_findings = 0;
      row->result.found = 1;
      keep(r, row, &record->error);
    }
    break;
  default:
    break;
  }
}

chiso_status chiso__check_report_finish(chiso_check_report *report,
                                        chiso_error *err) {
  for (size_t i = 0; i < CHECK_COUNT; i++) {
    struct row *row = &report->rows[i];
    if (!row->selected || !row->ended)
      continue;
    row->result.findings = row->findings;
    report->results[report->n_results++] = row->result;
  }
  return report->short_memory ? chiso__no_memory(err) : CHISO_OK;
}

/* ---- reading ------------------------------------------------------------ */

size_t chiso_check_report_count(const chiso_check_report *report) {
  return report->n_results;
}

const chiso_check_result *
chiso_check_report_get(const chiso_check_report *report, size_t place) {
  return &report->results[place];
}

size_t chiso_check_report_outcomes(const chiso_check_report *report,
                                   chiso_check_outcome outcome) {
  size_t count = 0;
  for (size_t i = 0; i < report->n_results; i++)
    count += report->results[i].outcome == outcome;
  return count;
}

size_t chiso_check_report_subjects(const chiso_check_report *report) {
  return report->n_subjects;
}

const char *chiso_check_report_subject(const chiso_check_report *report,
                                       size_t place) {
  return report->subjects[place];
}

/* ---- JSON --------------------------------------------------------------- */

static void pair(chiso__buffer *b, const char *before, const char *key,
                 const char *value) {
  chiso__buffer_text(b, before);
  chiso__json_quote(b, key);
  chiso__buffer_text(b, ": ");
  if (value)
    chiso__json_quote(b, value);
  else
    chiso__buffer_text(b, "null");
}

static void write_finding(chiso__buffer *b, const chiso_error *finding) {
  pair(b, "{", "file", finding->file[0] ? finding->file : NULL);
  chiso__buffer_print(b, ", \"line\": %llu, \"column\": %llu",
                      (unsigned long long)finding->line,
                      (unsigned long long)finding->column);
  pair(b, ", ", "text", finding->text);
  chiso__buffer_text(b, "}");
}

static void write_result(chiso__buffer *b, const chiso_check_result *result) {
  static const char *const severities[] = { "error", "warning", "note" };
  const chiso_check *check = result->check;
  char page[CHISO_CHECK_PAGE];
  bool reason = result->outcome == CHISO_CHECK_SKIPPED ||
                result->outcome == CHISO_CHECK_CRASHED;
  chiso_check_page(check, page);
  pair(b, "    {", "id", check->id);
  pair(b, ", ", "severity", severities[check->severity]);
  pair(b, ", ", "outcome", chiso_check_outcome_key(result->outcome));
  pair(b, ",\n     \"name\": {", "vi", check->name[CHISO_LANG_VI]);
  pair(b, ", ", "en", check->name[CHISO_LANG_EN]);
  pair(b, "},\n     ", "page", page);
  pair(b, ",\n     ", "reason",
       reason && result->n_findings ? result->findings[0].text : NULL);
  chiso__buffer_print(b, ", \"found\": %zu, \"findings\": [",
                      reason ? (size_t)0 : result->found);
  for (size_t i = 0; !reason && i < result->n_findings; i++) {
    chiso__buffer_text(b, i == 0 ? "\n      " : ",\n      ");
    write_finding(b, &result->findings[i]);
  }
  chiso__buffer_text(b, "]}");
}

chiso_status chiso_check_report_json(const chiso_check_report *report,
                                     char **text, size_t *size,
                                     chiso_error *err) {
  static const chiso_check_outcome outcomes[] = {
    CHISO_CHECK_PASSED, CHISO_CHECK_FAILED, CHISO_CHECK_WARNED,
    CHISO_CHECK_SKIPPED, CHISO_CHECK_CRASHED
  };
  chiso__buffer b = { .allocator = report->allocator };
  pair(&b, "{\n  \"format\": 1,\n  ", "chiso", CHISO_VERSION);
  chiso__buffer_print(&b, ",\n  \"abi\": \"%u.%u\"", CHISO_ABI_MAJOR,
                      CHISO_ABI_MINOR);
  pair(&b, ",\n  ", "path", report->path);
  chiso__buffer_print(&b, ",\n  \"official\": %s,\n  \"methodologies\": [",
                      report->official ? "true" : "false");
  for (size_t i = 0; i < report->n_subjects; i++) {
    chiso__buffer_text(&b, i ? ", " : "");
    chiso__json_quote(&b, report->subjects[i]);
  }
  chiso__buffer_text(&b, "],\n  \"outcomes\": {");
  for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
    chiso__buffer_print(&b, "%s\"%s\": %zu", i ? ", " : "",
                        chiso_check_outcome_key(outcomes[i]),
                        chiso_check_report_outcomes(report, outcomes[i]));
  chiso__buffer_text(&b, "},\n  \"checks\": [");
  for (size_t i = 0; i < report->n_results; i++) {
    chiso__buffer_text(&b, i ? ",\n" : "\n");
    write_result(&b, &report->results[i]);
  }
  chiso__buffer_text(&b, "\n  ]\n}\n");
  if (b.failed) {
    chiso__buffer_free(&b);
    return chiso__no_memory(err);
  }
  *text = b.data;
  *size = b.size;
  return CHISO_OK;
}
