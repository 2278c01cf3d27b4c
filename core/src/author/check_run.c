/* SPDX-License-Identifier: Apache-2.0
 * author/check_run.c - the two ways to run the checks. */
#include "author/check.h"

#include <string.h>

/* Checks by id or by the letter of their group. */
static chiso_status select_checks(chiso__checking *k, chiso_error *err) {
  size_t count;
  const chiso_check *checks = chiso_checks(&count);
  for (size_t i = 0; i < count; i++)
    k->selected[i] = k->options->n_only == 0;
  for (size_t o = 0; o < k->options->n_only; o++) {
    const char *word = k->options->only[o];
    bool any = false;
    for (size_t i = 0; i < count; i++)
      if (strcmp(checks[i].id, word) == 0 ||
          (strlen(word) == 1 && checks[i].id[0] == word[0]))
        any = k->selected[i] = true;
    if (!any)
      return CHISO__FAIL(err, CHISO_USAGE, MSG_CHECK_UNKNOWN, word);
  }
  return CHISO_OK;
}

static chiso_status run(chiso__checking *k, bool isolated,
                        chiso_check_report **out, chiso_error *err) {
  chiso_check_report *report = NULL;
  size_t next;
  CHISO__TRY(select_checks(k, err));
  CHISO__TRY(chiso__check_open(k, err));
  CHISO__TRY(chiso__check_build(k, err));
  CHISO__TRY(chiso__check_report_new(k, &report, err));
  chiso_status status = CHISO_OK;
  if (isolated) {
    status = chiso__check_children(k, report, err);
  } else {
    k->sink = (chiso__check_sink) { chiso__check_report_take, report };
    k->in_process = true;
    chiso__check_from(k, 0, &next);
  }
  if (status == CHISO_OK && k->short_memory)
    status = chiso__no_memory(err);
  if (status == CHISO_OK)
    status = chiso__check_report_finish(report, err);
  if (status == CHISO_OK)
    *out = report;
  else
    chiso_check_report_free(report);
  return status;
}

static chiso_status check(const chiso_check_options *options, bool isolated,
                          const chiso_allocator *allocator,
                          chiso_check_report **out, chiso_error *err) {
  chiso_check_options own = *options;
  chiso_error ignored = { 0 };
  err = err ? err : &ignored;
  *out = NULL;
  if (own.seconds == 0)
    own.seconds = CHISO_CHECK_SECONDS;
  chiso__checking k = { .options = &own,
                        .allocator = allocator,
                        .arena = { .allocator = allocator },
                        .lang = err->lang };
  chiso_status status = run(&k, isolated, out, err);
  chiso__check_close(&k);
  return status;
}

chiso_status chiso_check_run(const chiso_check_options *options,
                             const chiso_allocator *allocator,
                             chiso_check_report **out, chiso_error *err) {
  return check(options, false, allocator, out, err);
}

chiso_status chiso_check_isolated(const chiso_check_options *options,
                                  const chiso_allocator *allocator,
                                  chiso_check_report **out, chiso_error *err) {
  return check(options, true, allocator, out, err);
}
