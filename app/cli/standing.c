/* SPDX-License-Identifier: Apache-2.0
 * Who has points at a node, who has nothing, and what the others lack. */
#include "cli.h"

#define MOST_NAMES      6u
#define MOST_INCOMPLETE 12u
#define MOST_IDS        12u

standing standing_at(cli *c, uint32_t node) {
  standing at = { .c = c, .by = node };
  at.m = chiso_run_methodology(c->run);
  at.index = chiso_methodology_index(at.m);
  at.scores = chiso_run_scores(c->run);
  at.n = chiso_run_scored(c->run);
  return at;
}

chiso_state standing_state(const standing *at, uint32_t node, size_t scored) {
  return (chiso_state)at->scores->state[node * at->scores->n + scored];
}

bool standing_points(const standing *at, uint32_t node, size_t scored) {
  return chiso_has_points(standing_state(at, node, scored));
}

bool standing_empty(const standing *at, size_t scored) {
  const chiso_entries *e = chiso_run_entries(at->c->run);
  for (uint32_t i = 0; i < e->parts; i++)
    if (e->have_part[i * e->n + scored])
      return false;
  for (uint32_t n = 0; n < at->index->n_nodes; n++)
    if (standing_points(at, n, scored) ||
        standing_state(at, n, scored) == CHISO_STATE_ERROR)
      return false;
  return true;
}

/* ---- parts of partitions ------------------------------------------------- */

bool standing_part(const standing *at, uint32_t part, size_t scored) {
  const chiso_entries *e = chiso_run_entries(at->c->run);
  return e->have_part[part * e->n + scored] != 0;
}

/* Whether a unit (SIZE_MAX: any) has points on parts of a partition. */
static bool parted(const standing *at, uint32_t partition, uint32_t first,
                   size_t scored) {
  const chiso_partition *p = &at->index->partitions[partition];
  for (uint32_t j = 0; j < p->n_parts; j++)
    for (size_t u = scored == SIZE_MAX ? 0 : scored;
         u < (scored == SIZE_MAX ? at->n : scored + 1); u++)
      if (standing_part(at, first + j, u))
        return true;
  return false;
}

void standing_parts(const standing *at, size_t scored, part_visit visit,
                    void *data) {
  uint32_t first = 0;
  for (uint32_t i = 0; at->by == 0 && i < at->index->n_partitions; i++) {
    const chiso_partition *p = &at->index->partitions[i];
    bool all = scored == SIZE_MAX && !cli_people(at->c);
    for (uint32_t j = 0; j < p->n_parts; j++)
      if (all || parted(at, i, first, scored))
        visit(at, data, first + j, &p->parts[j]);
    first += p->n_parts;
  }
}

/* ---- what is missing ----------------------------------------------------- */

/* The first ids of `count`, "…" for the others. */
static const char *join_ids(cli *c, const char *const *ids, size_t count) {
  const char *text = "";
  for (size_t i = 0; i < count && i < MOST_IDS; i++)
    text = cli_join(c, text, ", ", ids[i]);
  return count > MOST_IDS ? cli_join(c, text, ", ", "…") : text;
}

const char *standing_lacks(const standing *at, size_t scored) {
  const char *ids[MOST_IDS];
  return join_ids(at->c, ids,
                  chiso_run_lacks(at->c->run, at->by, scored, ids, MOST_IDS));
}

/* ---- what is there ------------------------------------------------------- */

typedef struct so_far {
  chiso_dec points, max;
  size_t scored, count;
} so_far;

static void add_part(const standing *at, void *data, uint32_t part,
                     const chiso_part *of) {
  so_far *sum = data;
  const chiso_entries *e = chiso_run_entries(at->c->run);
  if (!standing_part(at, part, sum->scored))
    return;
  sum->points += e->part[part * e->n + sum->scored];
  sum->max += of->max;
  sum->count++;
}

static void add_below(const standing *at, uint32_t node, so_far *sum) {
  if (at->index->nodes[node].op != CHISO_OP_SUM)
    return;
  for (uint32_t n = chiso_methodology_first_child(at->m, node);
       n != CHISO_NO_NODE; n = chiso_methodology_next(at->m, n)) {
    size_t place = n * at->scores->n + sum->scored;
    if (at->index->nodes[n].weight == 0)
      continue;
    if (standing_points(at, n, sum->scored)) {
      sum->points += at->scores->points[place];
      sum->max += at->scores->max[place];
      sum->count++;
    } else {
      add_below(at, n, sum);
    }
  }
}

bool standing_so_far(const standing *at, size_t scored, chiso_dec *points,
                     chiso_dec *max) {
  so_far sum = { .scored = scored };
  standing_parts(at, scored, add_part, &sum);
  if (sum.count == 0)
    add_below(at, at->by, &sum);
  *points = sum.points;
  *max = sum.max;
  return sum.count > 0;
}

const char *standing_approximate(const standing *at, size_t scored) {
  const char *ids[MOST_IDS];
  chiso_dec largest = 0;
  size_t count = chiso_run_approximate(at->c->run, at->by, scored, ids,
                                       MOST_IDS, &largest);
  if (count == 0)
    return "";
  return cli_say(at->c, TXT_RESTS_ON_APPROXIMATE, join_ids(at->c, ids, count),
                 cli_dec(at->c, largest));
}

/* ---- notes --------------------------------------------------------------- */

void standing_name(const standing *at, size_t scored, size_t count,
                   const char **names) {
  cli *c = at->c;
  if (count < MOST_NAMES)
    *names =
        cli_join(c, *names, ", ", cli_unit_name(c, cli_scored_unit(c, scored)));
  else if (count == MOST_NAMES)
    *names = cli_join(c, *names, ", ", "…");
}

static const char *incomplete(const standing *at, size_t scored) {
  cli *c = at->c;
  const char *what = standing_lacks(at, scored);
  const char *name = cli_unit_name(c, cli_scored_unit(c, scored));
  chiso_state state = standing_state(at, at->by, scored);
  if (state == CHISO_STATE_ERROR || what[0] == '\0')
    return cli_print(c, "%s: %s", name, chiso_state_title(state, c->lang));
  return cli_say(c, TXT_INCOMPLETE, name, what);
}

void standing_notes(const standing *at, sheet *s) {
  cli *c = at->c;
  size_t all = 0;
  for (size_t u = 0; u < at->n; u++) {
    if (standing_points(at, at->by, u) || standing_empty(at, u))
      continue;
    if (all++ < MOST_INCOMPLETE)
      sheet_note(s, incomplete(at, u));
  }
  if (all > MOST_INCOMPLETE)
    sheet_note(s, cli_say(c, TXT_MORE_INCOMPLETE, all - MOST_INCOMPLETE));
}
