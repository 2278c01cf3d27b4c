/* SPDX-License-Identifier: Apache-2.0
 * Runs of the commands: one of a methodology, or one of each group of units
 * that a round file names. */
#include "cli.h"

#include <string.h>

static int refuse_options(cli *c) {
  static const option_id said[] = { OPT_ROUND, OPT_UNITS, OPT_PUBLISHED };
  for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++)
    if (c->value[said[i]])
      return cli_usage(c, TXT_ERR_ROUND_SAYS, cli_options[said[i]].name);
  return EXIT_DONE;
}

int cli_round(cli *c) {
  chiso_date on = { 0, 0, 0 };
  const char *day = c->value[OPT_ON];
  int code = refuse_options(c);
  if (code == EXIT_DONE)
    code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  if (day && (!chiso_round_parse(day, &on) || !on.day))
    return cli_usage(c, TXT_ERR_DAY, day);
  chiso_status status =
      chiso_round_read(c->operand[0], on, c->store, NULL, &c->round, &c->err);
  if (status == CHISO_OK)
    return EXIT_DONE;
  if (!c->round)
    return cli_fail(c, status);
  cli_round_faults(c, c->round);
  return cli_exit(status);
}

int cli_groups(cli *c, size_t *first, size_t *end) {
  const char *key = c->value[OPT_GROUP];
  const char *keys = "";
  *first = 0;
  *end = chiso_round_groups(c->round);
  if (!key)
    return EXIT_DONE;
  *first = chiso_round_find(c->round, key);
  for (size_t i = 0; i < *end; i++)
    keys = cli_join(c, keys, ", ", chiso_round_group(c->round, i)->key);
  *end = *first + 1;
  return *first == SIZE_MAX ? cli_usage(c, TXT_ERR_UNIT_GROUP, key, keys)
                            : EXIT_DONE;
}

static int run_group(cli *c, size_t place) {
  c->group_at = chiso_round_group(c->round, place);
  chiso_run_free(c->run);
  c->run = NULL;
  int code = cli_run_stage(c, c->value[OPT_STAGE], &c->run);
  if (code == EXIT_DONE) {
    cli_remarks(c, c->run);
    cli_rests_on(c, c->group_at->methodology);
  }
  return code;
}

/* With --group or --on an INI file is meant to be one, whatever is wrong with
 * it: reading it says what. */
static bool is_round(const cli *c) {
  const char *name = c->operand[0];
  size_t n = strlen(name);
  return chiso_is_round_file(name) ||
         ((c->value[OPT_GROUP] || c->value[OPT_ON]) && n > 4 &&
          strcmp(name + n - 4, ".ini") == 0);
}

int cli_any_round(cli *c) {
  if (is_round(c))
    return cli_round(c);
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_round_plain(c->operand[0], c->value[OPT_UNITS], c->value[OPT_ROUND],
                        c->store, NULL, &c->round, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

int cli_runs(cli *c, cli_each *each, void *data) {
  size_t first = 0, end = 0;
  if (!is_round(c)) {
    if (c->value[OPT_GROUP] || c->value[OPT_ON])
      return cli_usage(c, TXT_ERR_NO_ROUND_FILE,
                       c->value[OPT_GROUP] ? "group" : "on");
    int code = cli_run(c);
    return code == EXIT_DONE ? each(c, data, true, true) : code;
  }
  int code = cli_round(c);
  if (code == EXIT_DONE)
    code = cli_groups(c, &first, &end);
  for (size_t i = first; code == EXIT_DONE && i < end; i++) {
    c->more = i + 1 < end;
    if (cli_people(c))
      c->mark = NULL; /* each table has its own */
    code = run_group(c, i);
    if (code == EXIT_DONE)
      code = each(c, data, i == first, i + 1 == end);
  }
  return code;
}

unsigned cli_table_digits(const cli *c) {
  unsigned digits =
      chiso_methodology_index(chiso_run_methodology(c->run))->digits;
  for (size_t i = 0;
       c->round && !cli_people(c) && i < chiso_round_groups(c->round); i++) {
    const chiso_group *g = chiso_round_group(c->round, i);
    unsigned own = chiso_methodology_index(g->methodology)->digits;
    digits = own > digits ? own : digits;
  }
  return digits;
}

int cli_one_group(cli *c) {
  if (!c->round || c->value[OPT_GROUP] || cli_people(c) ||
      chiso_round_groups(c->round) == 1)
    return EXIT_DONE;
  return cli_usage(c, TXT_ERR_ONE_GROUP);
}

int cli_run_of_unit(cli *c, const char *unit) {
  if (!is_round(c))
    return cli_run(c);
  int code = cli_round(c);
  size_t found = SIZE_MAX;
  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; i < chiso_round_groups(c->round); i++) {
    const chiso_group *g = chiso_round_group(c->round, i);
    size_t place = chiso_units_find(g->units, unit);
    if (place == SIZE_MAX || !(g->rules.flags[place] & CHISO_ASSESSED) ||
        (c->value[OPT_GROUP] && strcmp(c->value[OPT_GROUP], g->key) != 0))
      continue;
    if (found != SIZE_MAX)
      return cli_usage(c, TXT_ERR_UNIT_GROUPS, unit);
    found = i;
  }
  return found == SIZE_MAX ? cli_usage(c, TXT_ERR_UNIT_NO_GROUP, unit)
                           : run_group(c, found);
}

const char *cli_run_path(const cli *c) {
  return c->group_at ? c->group_at->path : c->operand[0];
}
