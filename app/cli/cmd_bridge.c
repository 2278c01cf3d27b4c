/* SPDX-License-Identifier: Apache-2.0
 * chiso bridge: published figures for the units that older ones became. */
#include "bridge.h"

#include <string.h>

const char *bridge_round(cli *c, const chiso_figures *figures) {
  char text[16];
  int n = chiso_round_format(chiso_figures_round(figures), text);
  return cli_copy(c, text, (size_t)n);
}

/* ---- rounds -------------------------------------------------------------- */

static int read_data(work *w) {
  cli *c = w->c;
  const char *round = c->value[OPT_BRIDGE_ROUNDS];
  chiso_run *run = NULL;
  if (round && strchr(round, ','))
    return cli_usage(c, TXT_ERR_BRIDGE_DATA_ROUND, round);
  chiso_run_options options = { .methodology = c->operand[0],
                                .round = round,
                                .units = c->value[OPT_UNITS],
                                .stage = c->value[OPT_STAGE],
                                .data = c->data,
                                .n_data = c->n_data };
  chiso_status status =
      chiso_figures_read(c->store, &options, NULL, &w->data, &run, &c->err);
  if (run) {
    cli_remarks(c, run);
    chiso_run_free(run);
    return cli_exit(status);
  }
  if (status != CHISO_OK)
    return cli_fail(c, status);
  w->rounds = cli_alloc(c, sizeof *w->rounds);
  if (!w->rounds)
    return EXIT_BUG;
  w->rounds[w->count++] = (crossing) { .figures = w->data };
  return EXIT_DONE;
}

static bool named(const char *list, size_t size, chiso_date round) {
  char text[32];
  chiso_date asked;
  if (size >= sizeof text)
    return false;
  memcpy(text, list, size);
  text[size] = '\0';
  return chiso_round_parse(text, &asked) && asked.year == round.year &&
         asked.month == round.month && asked.day == round.day;
}

static const char *all_rounds(work *w) {
  const char *out = "";
  for (size_t r = 0; r < chiso_history_rounds(w->history); r++)
    out = cli_join(w->c, out, ", ",
                   bridge_round(w->c, chiso_history_at(w->history, r)));
  return out;
}

/* Every name of --round is one of the history. */
static int choose(work *w, bool *wanted) {
  cli *c = w->c;
  size_t n = chiso_history_rounds(w->history), size;
  const char *list = c->value[OPT_BRIDGE_ROUNDS];
  for (const char *at = list; at; at = at[size] ? at + size + 1 : NULL) {
    size_t r = 0;
    size = strcspn(at, ",");
    while (
        r < n &&
        !named(at, size, chiso_figures_round(chiso_history_at(w->history, r))))
      r++;
    const char *text = cli_copy(c, at, size);
    if (r == n)
      return cli_usage(c, TXT_ERR_BRIDGE_ROUND, c->operand[0], text,
                       all_rounds(w));
    if (wanted[r])
      return cli_usage(c, TXT_ERR_BRIDGE_ROUND_TWICE, text);
    wanted[r] = true;
  }
  for (size_t r = 0; !list && r < n; r++)
    wanted[r] = true;
  return EXIT_DONE;
}

/* Breaks since the round before; other unit sets are what a bridge crosses. */
static unsigned breaks_between(const work *w, size_t from, size_t to) {
  unsigned bits = 0;
  for (size_t r = from + 1; r <= to; r++)
    bits |= chiso_history_break(w->history, r);
  return bits & ~(unsigned)CHISO_BREAK_UNITS;
}

static int read_history(work *w) {
  cli *c = w->c;
  chiso_status status =
      chiso_history_new(c->store, c->operand[0], NULL, &w->history, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  size_t n = chiso_history_rounds(w->history);
  bool *wanted = cli_alloc(c, n * sizeof *wanted);
  w->rounds = cli_alloc(c, n * sizeof *w->rounds);
  if (!wanted || !w->rounds)
    return EXIT_BUG;
  int code = choose(w, wanted);
  for (size_t r = 0; code == EXIT_DONE && r < n; r++) {
    if (!wanted[r])
      continue;
    crossing *x = &w->rounds[w->count];
    *x = (crossing) { .figures = chiso_history_at(w->history, r), .place = r };
    if (w->count > 0)
      x->breaks = breaks_between(w, w->rounds[w->count - 1].place, r);
    w->count++;
  }
  return code;
}

/* ---- bridges ------------------------------------------------------------- */

/* Rounds over one unit set have one bridge. */
static int build(work *w, crossing *x) {
  cli *c = w->c;
  const chiso_units *from = chiso_figures_units(x->figures);
  for (const crossing *y = w->rounds; y < x; y++)
    if (strcmp(chiso_units_set(chiso_bridge_from(y->bridge)),
               chiso_units_set(from)) == 0) {
      x->bridge = y->bridge;
      return EXIT_DONE;
    }
  chiso_bridge_options o = cli_bridge_options(c, c->value[OPT_BRIDGE_TO]);
  chiso_status status =
      chiso_bridge_new(c->store, from, &o, NULL, &x->bridge, &c->err);
  x->owned = status == CHISO_OK;
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

int bridge_cross(work *w, crossing *x, uint32_t node) {
  cli *c = w->c;
  x->node = node;
  if (!x->rows)
    x->rows = cli_alloc(c, (units_in(x) + 1) * sizeof *x->rows);
  if (!x->rows)
    return EXIT_BUG;
  if (node == CHISO_NO_NODE)
    return EXIT_DONE;
  chiso_status status =
      chiso_bridge_node(x->bridge, x->figures, node, x->rows, &c->err);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

static int cross_all(work *w) {
  cli *c = w->c;
  const crossing *last = &w->rounds[w->count - 1];
  uint32_t node = 0;
  int code = c->value[OPT_NODE]
                 ? cli_node(c, edition_of(last), c->value[OPT_NODE], &node)
                 : EXIT_DONE;
  for (size_t r = 0; code == EXIT_DONE && r < w->count; r++)
    code =
        bridge_cross(w, &w->rounds[r],
                     node == 0 ? 0
                               : cli_same_node(edition_of(&w->rounds[r]),
                                               &index_of(last)->nodes[node]));
  return code;
}

/* ---- the command --------------------------------------------------------- */

static int check(cli *c, const char *what) {
  if (strcmp(what, "nodes") == 0 && c->value[OPT_NODE])
    return cli_usage(c, TXT_ERR_BRIDGE_ALL_NODES);
  if (c->n_data == 0 && (c->value[OPT_UNITS] || c->value[OPT_STAGE]))
    return cli_usage(c, TXT_ERR_BRIDGE_NEEDS_DATA,
                     c->value[OPT_UNITS] ? "--units" : "--stage");
  return cli_open_store(c);
}

/* One new unit; of an older one it is said what it became. */
static int find_unit(work *w) {
  cli *c = w->c;
  const char *name = c->value[OPT_UNIT];
  const crossing *last = &w->rounds[w->count - 1];
  size_t old = SIZE_MAX;
  for (size_t r = 0; r < w->count && old == SIZE_MAX; r++) {
    const crossing *x = &w->rounds[r];
    if (chiso_units_find(chiso_bridge_to(x->bridge), name) == SIZE_MAX)
      old = chiso_units_find(chiso_bridge_from(x->bridge), name);
    for (size_t t = 0; old != SIZE_MAX && t < units_in(x); t++)
      for (size_t i = 0; i < chiso_bridge_parts(x->bridge, t); i++)
        if (chiso_bridge_part_at(x->bridge, t, i).unit == old)
          return cli_usage(c, TXT_ERR_BRIDGE_UNIT, name,
                           chiso_units_set(chiso_bridge_from(x->bridge)),
                           unit_of(x, t)->code,
                           cli_unit_name(c, unit_of(x, t)));
  }
  return cli_unit(c, chiso_bridge_to(last->bridge), name, &w->unit);
}

static int prepare(work *w) {
  cli *c = w->c;
  cli_progress_begin();
  int code = c->n_data > 0 ? read_data(w) : read_history(w);
  cli_progress_end();
  for (size_t r = 0; code == EXIT_DONE && r < w->count; r++) {
    cli_rests_on(c, edition_of(&w->rounds[r]));
    code = build(w, &w->rounds[r]);
  }
  if (code == EXIT_DONE && c->value[OPT_UNIT])
    code = find_unit(w);
  return code == EXIT_DONE ? cross_all(w) : code;
}

int cmd_bridge(cli *c) {
  work w = { .c = c, .unit = SIZE_MAX };
  const char *what =
      c->value[OPT_BRIDGE_WHAT] ? c->value[OPT_BRIDGE_WHAT] : "units";
  int code = check(c, what);
  if (code == EXIT_DONE)
    code = prepare(&w);
  if (code == EXIT_DONE)
    code = bridge_show(&w, what);
  for (size_t r = 0; r < w.count; r++)
    if (w.rounds[r].owned)
      chiso_bridge_free(w.rounds[r].bridge);
  chiso_history_free(w.history);
  chiso_figures_free(w.data);
  return code;
}
