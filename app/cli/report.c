/* SPDX-License-Identifier: Apache-2.0
 * What goes to stderr: errors, remarks on the data, progress. */
#include "cli.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define MOST_REMARKS 20u

int cli_exit(chiso_status status) {
  switch (status) {
  case CHISO_OK:
    return EXIT_DONE;
  case CHISO_NO:
    return EXIT_NO;
  case CHISO_USAGE:
    return EXIT_USAGE;
  case CHISO_BAD_DATA:
  case CHISO_IO:
    return EXIT_DATA;
  default:
    return EXIT_BUG;
  }
}

static void print_error(const chiso_error *err, const char *what) {
  char line[1024];
  chiso_error_format(err, line, sizeof(line));
  (void)fprintf(stderr, "chiso: %s%s\n", what, line);
}

int cli_fail(cli *c, chiso_status status) {
  cli_progress_end();
  print_error(&c->err, "");
  return cli_exit(status);
}

int cli_usage(cli *c, text_id id, ...) {
  va_list args;
  va_start(args, id);
  (void)fputs("chiso: ", stderr);
  (void)vfprintf(stderr, cli_text(c, id), args);
  (void)fputc('\n', stderr);
  va_end(args);
  return EXIT_USAGE;
}

void cli_notice(const cli *c, const char *text) {
  (void)fprintf(stderr, "chiso: %s%s\n", cli_text(c, TXT_NOTICE), text);
}

typedef const chiso_error *remark_at(const void *of, size_t place);

/* Faults and notices in the order of the files; the first of each. */
static void print_first(cli *c, remark_at *at, const void *of, size_t count,
                        size_t all, size_t most) {
  size_t faults = 0, notices = 0;
  for (size_t i = 0; i < count; i++) {
    const chiso_error *remark = at(of, i);
    if (remark->status == CHISO_OK) {
      if (notices++ < most)
        print_error(remark, cli_text(c, TXT_NOTICE));
    } else if (faults++ < most) {
      print_error(remark, "");
    }
  }
  size_t printed = faults < most ? faults : most;
  if (all > printed)
    (void)fprintf(stderr, "chiso: %s\n",
                  cli_say(c, TXT_MORE_FAULTS, all - printed));
  if (notices > most)
    (void)fprintf(stderr, "chiso: %s\n",
                  cli_say(c, TXT_MORE_NOTICES, notices - most));
}

static void print_remarks(cli *c, remark_at *at, const void *of, size_t count,
                          size_t all) {
  print_first(c, at, of, count, all, MOST_REMARKS);
}

static const chiso_error *of_run(const void *run, size_t place) {
  return chiso_run_remark(run, place);
}

static const chiso_error *of_import(const void *import, size_t place) {
  return chiso_import_remark(import, place);
}

void cli_passed_over(cli *c, const char *name, const chiso_methodology *m,
                     uint16_t year) {
  const chiso_index *index = chiso_methodology_index(m);
  const char *newer;
  char why[1024];
  if (!c->store || strcmp(name, index->id) != 0)
    return;
  const chiso_plugin_listing *plugin = chiso_store_passed_over(
      c->store, index->id, index->edition, year, &newer);
  if (!plugin)
    return;
  chiso_error_format(&plugin->why, why, sizeof(why));
  (void)fprintf(stderr, "chiso: %s%s\n", cli_text(c, TXT_NOTICE),
                cli_say(c, TXT_PASSED_OVER, index->id, newer,
                        chiso_methodology_name(m), why));
}

static const chiso_error *of_variant(const void *variant, size_t place) {
  return chiso_variant_fault(variant, place);
}

void cli_variant_faults(cli *c) {
  size_t kept = 0;
  while (chiso_variant_fault(c->variant, kept))
    kept++;
  print_remarks(c, of_variant, c->variant, kept,
                chiso_variant_faults(c->variant));
}

void cli_remarks(cli *c, const chiso_run *run) {
  print_remarks(c, of_run, run, chiso_run_remarks(run), chiso_run_faults(run));
}

static const chiso_error *of_round(const void *round, size_t place) {
  return chiso_round_fault(round, place);
}

void cli_round_faults(cli *c, const chiso_round *round) {
  print_remarks(c, of_round, round, chiso_round_faults(round),
                chiso_round_faults(round));
}

void cli_import_remarks(cli *c, const chiso_import *import) {
  print_remarks(c, of_import, import, chiso_import_remarks(import),
                chiso_import_faults(import));
}

static const chiso_error *of_composite(const void *composite, size_t place) {
  return chiso_composite_remark(composite, place);
}

void cli_composite_remarks(cli *c, const chiso_composite *composite) {
  print_remarks(c, of_composite, composite, chiso_composite_remarks(composite),
                chiso_composite_faults(composite));
}

static const chiso_error *of_sheets(const void *sheets, size_t place) {
  return chiso_sheets_remark(sheets, place);
}

void cli_sheets_remarks(cli *c, const chiso_sheets *sheets) {
  print_first(c, of_sheets, sheets, chiso_sheets_remarks(sheets),
              chiso_sheets_faults(sheets), SIZE_MAX);
}

static const chiso_error *of_known(const void *known, size_t place) {
  return chiso_sheet_known_remark(known, place);
}

void cli_known_remarks(cli *c, const chiso_sheet_known *known) {
  print_remarks(c, of_known, known, chiso_sheet_known_remarks(known),
                chiso_sheet_known_faults(known));
}

/* ---- progress: only on a terminal, only after a second ------------------- */

static volatile sig_atomic_t shown;

/* Only calls that a signal handler may make. */
static void tick(int number) {
  static const char wheel[] = "-\\|/";
  char line[] = "\rchiso ... ?";
  (void)number;
  line[sizeof(line) - 2] = wheel[shown % 4];
  shown = shown + 1;
  ssize_t n = write(STDERR_FILENO, line, sizeof(line) - 1);
  (void)n;
}

void cli_progress_begin(void) {
  if (!isatty(STDERR_FILENO))
    return;
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = tick;
  action.sa_flags = SA_RESTART;
  struct itimerval every = { { 0, 500000 }, { 1, 0 } };
  shown = 0;
  if (sigaction(SIGALRM, &action, NULL) == 0)
    (void)setitimer(ITIMER_REAL, &every, NULL);
}

void cli_progress_end(void) {
  struct itimerval never = { { 0, 0 }, { 0, 0 } };
  (void)setitimer(ITIMER_REAL, &never, NULL);
  if (shown) {
    (void)fputs("\r           \r", stderr);
    shown = 0;
  }
}
