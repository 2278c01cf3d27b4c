/* SPDX-License-Identifier: Apache-2.0
 * chiso check: the numbered checks of a methodology and its plugin. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CHECK_MOST 86400u /* seconds that may be asked for */

/* ---- the list of checks -------------------------------------------------- */

static text_id severity_title(chiso_check_severity severity) {
  return severity == CHISO_CHECK_ERROR     ? TXT_CHECK_ERROR
         : severity == CHISO_CHECK_WARNING ? TXT_CHECK_WARNING
                                           : TXT_CHECK_NOTE;
}

static const char *severity_key(chiso_check_severity severity) {
  static const char *const keys[] = { "error", "warning", "note" };
  return keys[severity];
}

static const char *page_of(cli *c, const chiso_check *check) {
  char page[CHISO_CHECK_PAGE];
  chiso_check_page(check, page);
  return cli_copy(c, page, strlen(page));
}

static int list_checks(cli *c) {
  size_t count;
  const chiso_check *checks = chiso_checks(&count);
  sheet s = sheet_new(c);
  sheet_column(&s, "check", TXT_COL_CHECK, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "severity", TXT_COL_SEVERITY, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "name", TXT_COL_HOLDS, CHISO_CELL_TEXT, 0);
  if (!cli_people(c)) {
    sheet_column(&s, "name_vi", TXT_COL_HOLDS, CHISO_CELL_TEXT, 0);
    sheet_column(&s, "page", TXT_COL_PAGE, CHISO_CELL_TEXT, 0);
  }
  for (size_t i = 0; i < count; i++) {
    bool people = cli_people(c);
    sheet_text(&s, checks[i].id);
    sheet_text(&s, people ? cli_text(c, severity_title(checks[i].severity))
                          : severity_key(checks[i].severity));
    sheet_text(&s, checks[i].name[people ? c->lang : CHISO_LANG_EN]);
    if (!people) {
      sheet_text(&s, checks[i].name[CHISO_LANG_VI]);
      sheet_text(&s, page_of(c, &checks[i]));
    }
  }
  return sheet_write(&s);
}

/* ---- options ------------------------------------------------------------- */

/* The words of a list that commas separate. */
static const char **words_of(cli *c, const char *list, size_t *count) {
  size_t most = 1;
  for (const char *at = list; *at; at++)
    most += *at == ',';
  const char **words = cli_alloc(c, most * sizeof(*words));
  *count = 0;
  while (words && *list) {
    size_t size = strcspn(list, ",");
    if (size > 0)
      words[(*count)++] = cli_copy(c, list, size);
    list += size + (list[size] == ',');
  }
  return words;
}

/* SOURCE_DATE_EPOCH where it is set, as reproducible builds have it. */
static chiso_date today(void) {
  const char *fixed = getenv("SOURCE_DATE_EPOCH");
  time_t now = time(NULL);
  struct tm parts;
  if (fixed && *fixed) {
    char *end = NULL;
    long long seconds = strtoll(fixed, &end, 10);
    if (*end == '\0' && seconds >= 0)
      now = (time_t)seconds;
  }
  if (!gmtime_r(&now, &parts))
    return (chiso_date) { 0, 0, 0 };
  return (chiso_date) { (uint16_t)(parts.tm_year + 1900),
                        (uint8_t)(parts.tm_mon + 1), (uint8_t)parts.tm_mday };
}

/* ---- what people read ---------------------------------------------------- */

static const char *place_of(cli *c, const chiso_error *finding) {
  if (!finding->file[0])
    return "";
  if (finding->line == 0)
    return cli_print(c, "%s", finding->file);
  if (finding->column == 0)
    return cli_print(c, "%s:%llu", finding->file,
                     (unsigned long long)finding->line);
  return cli_print(c, "%s:%llu:%llu", finding->file,
                   (unsigned long long)finding->line,
                   (unsigned long long)finding->column);
}

static const char *mark_of(const cli *c, const chiso_check_result *r) {
  switch (r->outcome) {
  case CHISO_CHECK_FAILED:
    return cli_text(c, TXT_CHECK_FAILED);
  case CHISO_CHECK_WARNED:
    return cli_text(c, TXT_CHECK_WARNED);
  case CHISO_CHECK_CRASHED:
    return cli_text(c, TXT_CHECK_CRASHED);
  case CHISO_CHECK_SKIPPED:
    return cli_text(c, TXT_CHECK_SKIPPED);
  default:
    return cli_text(c, r->found > 0 ? TXT_CHECK_NOTED : TXT_CHECK_PASSED);
  }
}

typedef struct screen {
  cli *c;
  const char *text;
  unsigned width;
} screen;

static void say(screen *s, const char *line) {
  s->text = cli_join(s->c, s->text, "\n", line);
}

/* Bytes of `text` that fit in `room` columns, up to a blank. */
static size_t fitting(const char *text, size_t room) {
  size_t columns = 0, blank = 0, at = 0;
  for (; text[at]; at++) {
    if (((unsigned char)text[at] & 0xC0u) == 0x80u)
      continue;
    if (columns++ >= room)
      return blank ? blank : at;
    if (text[at] == ' ')
      blank = at;
  }
  return at;
}

/* A text with its first line behind `first` and the others behind `next`. */
static void wrap(screen *s, const char *first, const char *next,
                 const char *text) {
  size_t indent = strlen(next);
  size_t room = s->width > indent + 20 ? s->width - indent : 4096;
  while (*text) {
    size_t size = fitting(text, room);
    say(s, cli_print(s->c, "%s%.*s", first, (int)size, text));
    text += size + strspn(text + size, " ");
    first = next;
  }
}

static void show_result(screen *s, const chiso_check_result *r) {
  cli *c = s->c;
  const char *name = r->check->name[c->lang];
  bool reason = r->outcome == CHISO_CHECK_SKIPPED;
  say(s, cli_print(c, "%s  %s  %s", r->check->id, mark_of(c, r), name));
  for (size_t i = 0; i < r->n_findings; i++) {
    const char *place = reason ? "" : place_of(c, &r->findings[i]);
    if (*place)
      say(s, cli_print(c, "       %s", place));
    wrap(s, *place ? "         " : "       ", "         ", r->findings[i].text);
  }
  if (!reason && r->found > r->n_findings)
    say(s, cli_print(c, "       %s",
                     cli_say(c, TXT_CHECK_MORE, r->found - r->n_findings)));
  if (r->outcome != CHISO_CHECK_PASSED && !reason)
    say(s, cli_print(c, "       %s",
                     cli_say(c, TXT_CHECK_PAGE, page_of(c, r->check))));
}

/* What did not pass; with --all every check. */
static bool shown(const cli *c, const chiso_check_result *r) {
  return c->value[OPT_ALL] || r->outcome == CHISO_CHECK_FAILED ||
         r->outcome == CHISO_CHECK_WARNED ||
         r->outcome == CHISO_CHECK_CRASHED ||
         (r->outcome == CHISO_CHECK_PASSED && r->found > 0);
}

static const char *summary(cli *c, const chiso_check_report *report) {
  static const struct {
    chiso_check_outcome outcome;
    text_id text;
  } parts[] = { { CHISO_CHECK_PASSED, TXT_CHECK_N_PASSED },
                { CHISO_CHECK_FAILED, TXT_CHECK_N_FAILED },
                { CHISO_CHECK_CRASHED, TXT_CHECK_N_CRASHED },
                { CHISO_CHECK_WARNED, TXT_CHECK_N_WARNED },
                { CHISO_CHECK_SKIPPED, TXT_CHECK_N_SKIPPED } };
  const char *text = "";
  for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
    size_t n = chiso_check_report_outcomes(report, parts[i].outcome);
    if (n > 0 || i == 0)
      text = cli_join(c, text, ", ", cli_say(c, parts[i].text, n));
  }
  return text;
}

static int show_report(cli *c, const chiso_check_report *report) {
  screen s = { c, "", cli_width(c) };
  const char *names = "";
  for (size_t i = 0; i < chiso_check_report_subjects(report); i++)
    names = cli_join(c, names, ", ",
                     cli_print(c, "%s", chiso_check_report_subject(report, i)));
  const char *path = c->operand[c->n_operands - 1];
  if (c->mark)
    say(&s, c->mark);
  say(&s, cli_join(c, cli_print(c, "%s", path), ": ", names));
  for (size_t i = 0; i < chiso_check_report_count(report); i++) {
    const chiso_check_result *r = chiso_check_report_get(report, i);
    if (shown(c, r))
      show_result(&s, r);
  }
  say(&s, summary(c, report));
  const char *text = cli_print(c, "%s\n", s.text);
  return text ? cli_write(c, text, strlen(text)) : EXIT_BUG;
}

/* ---- what machines read -------------------------------------------------- */

static void row(sheet *s, const chiso_check_result *r,
                const chiso_error *finding) {
  sheet_text(s, r->check->id);
  sheet_text(s, severity_key(r->check->severity));
  sheet_text(s, chiso_check_outcome_key(r->outcome));
  sheet_text(s, finding && finding->file[0] ? finding->file : NULL);
  sheet_integer(s,
                finding && finding->line ? (int64_t)finding->line : INT64_MIN);
  sheet_integer(s, finding && finding->column ? (int64_t)finding->column
                                              : INT64_MIN);
  sheet_text(s, finding ? finding->text : NULL);
  sheet_text(s, page_of(s->c, r->check));
}

static int write_rows(cli *c, const chiso_check_report *report) {
  sheet s = sheet_new(c);
  sheet_column(&s, "check", TXT_COL_CHECK, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "severity", TXT_COL_SEVERITY, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "outcome", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "file", TXT_COL_FILE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "line", TXT_COL_LINE, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "column", TXT_COL_COLUMN, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "text", TXT_COL_WHY, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "page", TXT_COL_PAGE, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < chiso_check_report_count(report); i++) {
    const chiso_check_result *r = chiso_check_report_get(report, i);
    for (size_t j = 0; j < r->n_findings; j++)
      row(&s, r, &r->findings[j]);
    if (r->n_findings == 0)
      row(&s, r, NULL);
  }
  return sheet_write(&s);
}

static int write_json(cli *c, const chiso_check_report *report) {
  char *text = NULL;
  size_t size = 0;
  chiso_status status = chiso_check_report_json(report, &text, &size, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  int code = cli_write(c, text, size);
  chiso_text_free(NULL, text);
  return code;
}

/* ---- the command --------------------------------------------------------- */

static int write_report(cli *c, const chiso_check_report *report) {
  int code = c->format == CHISO_FORMAT_TABLE  ? show_report(c, report)
             : c->format == CHISO_FORMAT_JSON ? write_json(c, report)
                                              : write_rows(c, report);
  bool bad = chiso_check_report_outcomes(report, CHISO_CHECK_FAILED) > 0 ||
             chiso_check_report_outcomes(report, CHISO_CHECK_CRASHED) > 0;
  return code == EXIT_DONE && bad ? EXIT_NO : code;
}

static bool ends_with(const char *name, const char *ending) {
  size_t size = strlen(name), tail = strlen(ending);
  return size > tail && strcmp(name + size - tail, ending) == 0;
}

/* Overlays are read as everywhere else; the result is what is checked. */
static int open_overlays(cli *c, chiso_check_options *options) {
  for (size_t i = 0; i < c->n_operands; i++) {
    const char *name = c->operand[i];
    if (chiso_is_round_file(name))
      return cli_usage(c, TXT_ERR_CHECK_ROUND, name);
    if (ends_with(name, ".ini") && !ends_with(name, ".plugin.ini"))
      continue;
    return c->n_operands == 1 ? EXIT_DONE
                              : cli_usage(c, TXT_ERR_CHECK_MANY, name);
  }
  int code = cli_variant(c);
  options->variant = c->variant;
  options->path = c->operand[c->n_operands - 1];
  return code;
}

int cmd_check(cli *c) {
  if (c->value[OPT_LIST])
    return c->n_operands == 0 ? list_checks(c)
                              : cli_usage(c, TXT_ERR_CHECK_LIST);
  if (c->n_operands == 0)
    return cli_usage(c, TXT_ERR_FEW, "check", c->command->operands);
  chiso_check_options options = { .path = c->operand[0], .today = today() };
  options.official = c->value[OPT_OFFICIAL] != NULL;
  if (c->value[OPT_ONLY])
    options.only = words_of(c, c->value[OPT_ONLY], &options.n_only);
  if (c->value[OPT_GOLDEN])
    options.golden = words_of(c, c->value[OPT_GOLDEN], &options.n_golden);
  int code = cli_seconds(c, OPT_SECONDS, CHECK_MOST, &options.seconds);
  if (code == EXIT_DONE)
    code = cli_find_places(c);
  if (code == EXIT_DONE)
    code = open_overlays(c, &options);
  if (code != EXIT_DONE)
    return code;
  options.installed = &c->places.options;
  options.include_dir = c->places.include_dir;
  chiso_check_report *report = NULL;
  cli_progress_begin();
  chiso_status status =
      (c->value[OPT_IN_PROCESS] ? chiso_check_run : chiso_check_isolated)(
          &options, NULL, &report, &c->err);
  cli_progress_end();
  if (status != CHISO_OK)
    return cli_fail(c, status);
  code = write_report(c, report);
  chiso_check_report_free(report);
  return code;
}
