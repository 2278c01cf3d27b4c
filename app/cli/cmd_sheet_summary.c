/* SPDX-License-Identifier: Apache-2.0
 * chiso sheet summary: the results of a round as one workbook. */
#include "cli.h"

#include <string.h>

/* The groups of the round so far. Their runs are kept until the workbook is
 * written. */
typedef struct groups {
  chiso_summary_group list[CHISO_MAX_GROUPS];
  chiso_run *runs[CHISO_MAX_GROUPS];
  chiso_run *others[CHISO_MAX_GROUPS][CHISO_N_STAGES]; /* to compare */
  chiso_stages *stages[CHISO_MAX_GROUPS];
  size_t count;
} groups;

/* Where rows name both what units scored and what was appraised, the stages
 * side by side. */
static int compare(cli *c, groups *g) {
  size_t at = g->count;
  unsigned met = chiso_run_stages(c->run);
  int code = EXIT_DONE;
  if (!(met & 1u << CHISO_STAGE_SELF) ||
      !(met & (1u << CHISO_STAGE_APPRAISED_1 | 1u << CHISO_STAGE_APPRAISED_2)))
    return EXIT_DONE;
  for (unsigned i = 0; i < CHISO_N_STAGES && code == EXIT_DONE; i++)
    code = cli_run_stage(c, chiso_stage_key((chiso_stage)(i + 1)),
                         &g->others[at][i]);
  if (code != EXIT_DONE)
    return code;
  const chiso_run *const runs[CHISO_N_STAGES] = {
    g->others[at][0], g->others[at][1], g->others[at][2], g->others[at][3]
  };
  chiso_status status = chiso_stages_new(runs, NULL, &g->stages[at], &c->err);
  g->list[at].stages = g->stages[at];
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int take(cli *c, void *data, bool first, bool last) {
  groups *g = data;
  chiso_summary_group *one = &g->list[g->count];
  (void)first;
  (void)last;
  if (c->group_at) {
    one->title_vi = c->group_at->title_vi;
    one->title_en = c->group_at->title_en;
  }
  int code = compare(c, g);
  one->run = g->runs[g->count++] = c->run;
  c->run = NULL;
  return code;
}

static int write_summary(cli *c, const groups *g) {
  char *bytes = NULL;
  size_t size = 0;
  chiso_summary summary = { .share = chiso_store_share(c->store),
                            .groups = g->list,
                            .n_groups = g->count,
                            .lang = c->lang,
                            .exact = c->value[OPT_EXACT] != NULL };
  if (c->round)
    chiso_round_titles(c->round, &summary.title_vi, &summary.title_en);
  chiso_status status =
      chiso_summary_render(&summary, NULL, &bytes, &size, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  int code = cli_write(c, bytes, size);
  chiso_text_free(NULL, bytes);
  return code;
}

/* What ends otherwise would be opened as something else. */
static bool is_workbook(const char *path) {
  size_t n = path ? strlen(path) : 0;
  return n > 5 && strcmp(path + n - 5, ".xlsx") == 0;
}

int cmd_sheet_summary(cli *c) {
  if (!is_workbook(c->value[OPT_OUT]))
    return cli_usage(c, TXT_ERR_SHEET_OUT);
  groups *g = cli_alloc(c, sizeof(*g));
  if (!g)
    return EXIT_BUG;
  *g = (groups) { .count = 0 };
  int code = cli_runs(c, take, g);
  if (code == EXIT_DONE)
    code = write_summary(c, g);
  for (size_t i = 0; i < g->count; i++) {
    chiso_stages_free(g->stages[i]);
    chiso_run_free(g->runs[i]);
    for (size_t k = 0; k < CHISO_N_STAGES; k++)
      chiso_run_free(g->others[i][k]);
  }
  return code;
}
