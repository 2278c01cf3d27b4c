/* SPDX-License-Identifier: Apache-2.0
 * chiso crosswalk: editions of an index side by side, and how far the points
 * of one serve another. */
#include "cli.h"

#include <string.h>

typedef struct chain {
  cli *c;
  const chiso_methodology *editions[CHISO_MAX_CHAIN];
  size_t count;
  chiso_crosswalk *crosswalk;
} chain;

/* ---- which editions ------------------------------------------------------ */

/* Every edition of an id, as the store sorts them: oldest first. */
static int take_editions(chain *w, const char *id) {
  cli *c = w->c;
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; i < chiso_store_count(c->store); i++) {
    const chiso_listing *listing = chiso_store_get(c->store, i);
    if (strcmp(listing->id, id) != 0)
      continue;
    if (w->count == CHISO_MAX_CHAIN)
      return cli_usage(c, TXT_ERR_CHAIN, id, (unsigned)CHISO_MAX_CHAIN);
    code = cli_methodology(c, listing->name, 0, &w->editions[w->count++]);
    if (code != EXIT_DONE)
      return code;
  }
  if (w->count >= 2)
    return EXIT_DONE;
  /* An unknown name is told as everywhere else. */
  code = cli_methodology(c, id, 0, &w->editions[0]);
  return code != EXIT_DONE ? code : cli_usage(c, TXT_ERR_ONE_EDITION, id);
}

static int take(chain *w) {
  cli *c = w->c;
  if (c->n_operands == 1)
    return take_editions(w, c->operand[0]);
  for (; w->count < c->n_operands; w->count++) {
    int code = cli_methodology(c, c->operand[w->count], (unsigned)w->count,
                               &w->editions[w->count]);
    if (code != EXIT_DONE)
      return code;
  }
  return EXIT_DONE;
}

/* The edition alone where all are of one id, else the whole name. */
static const char *name(const chain *w, size_t edition) {
  const chiso_index *first = chiso_methodology_index(w->editions[0]);
  for (size_t i = 1; i < w->count; i++)
    if (strcmp(chiso_methodology_index(w->editions[i])->id, first->id) != 0)
      return chiso_methodology_name(w->editions[edition]);
  return chiso_methodology_index(w->editions[edition])->edition;
}

/* ---- rows ---------------------------------------------------------------- */

static void columns(const chain *w, sheet *s) {
  cli *c = w->c;
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  for (size_t e = 0; e < w->count; e++) {
    sheet_column_named(s, name(w, e), name(w, e), CHISO_CELL_TEXT, 0);
    sheet_column_named(s, cli_print(c, "max_%s", name(w, e)),
                       cli_say(c, TXT_COL_MAX_OF, name(w, e)), CHISO_CELL_DEC,
                       2);
  }
  sheet_column(s, "carry", TXT_COL_CARRY, CHISO_CELL_TEXT, 0);
  sheet_column(s, "since", TXT_COL_SINCE, CHISO_CELL_TEXT, 0);
}

/* Whether one of the nodes stands above another. */
static bool inside(const chiso_methodology *m, const uint32_t *nodes,
                   size_t count, uint32_t node) {
  for (uint32_t up = chiso_methodology_parent(m, node); up != CHISO_NO_NODE;
       up = chiso_methodology_parent(m, up))
    for (size_t i = 0; i < count; i++)
      if (nodes[i] == up)
        return true;
  return false;
}

/* The codes in an edition that a node goes back to, and their maxima added
 * up. What was split stands before each of its parts; of what was merged with
 * its parts, the whole stands for them. */
static void origin(const chain *w, sheet *s, size_t edition, uint32_t node) {
  cli *c = w->c;
  size_t last = w->count - 1, count = 1;
  const uint32_t *origins = &node;
  if (edition < last)
    origins =
        chiso_crosswalk_origins(w->crosswalk, edition, last, node, &count);
  const chiso_node *nodes =
      chiso_methodology_index(w->editions[edition])->nodes;
  const char *codes = "";
  chiso_dec max = count > 0 ? 0 : CHISO_NONE;
  for (size_t i = 0; i < count; i++) {
    if (inside(w->editions[edition], origins, count, origins[i]))
      continue;
    codes = cli_join(c, codes, " + ", nodes[origins[i]].id);
    max += nodes[origins[i]].max;
  }
  sheet_text(s, count > 0 ? codes : NULL);
  sheet_dec(s, max);
}

/* The earliest edition without a gap after it. */
static size_t since(const chain *w, uint32_t node) {
  size_t last = w->count - 1, count = 1, at = last;
  while (at > 0 && count > 0) {
    (void)chiso_crosswalk_origins(w->crosswalk, at - 1, last, node, &count);
    if (count > 0)
      at--;
  }
  return at;
}

static void rows(const chain *w, sheet *s) {
  size_t last = w->count - 1;
  const chiso_index *index = chiso_methodology_index(w->editions[last]);
  for (uint32_t i = 0; i < index->n_nodes; i++) {
    bool measure = chiso_crosswalk_points(w->crosswalk, last, i) != 0;
    if (index->nodes[i].kind == CHISO_KIND_BRANCH ||
        (!measure && !w->c->value[OPT_ALL]))
      continue;
    sheet_text(s, index->nodes[i].id);
    sheet_text(s, cli_title(w->c, &index->nodes[i]));
    for (size_t e = 0; e < w->count; e++)
      origin(w, s, e, i);
    sheet_text(s, measure ? cli_carry(w->c, chiso_crosswalk_carry(w->crosswalk,
                                                                  0, last, i))
                          : NULL);
    sheet_text(s, name(w, since(w, i)));
  }
}

/* ---- coverage ------------------------------------------------------------ */

/* Each step, then the whole chain. */
static bool pair(const chain *w, size_t place, size_t *from, size_t *to) {
  size_t last = w->count - 1;
  *from = place < last ? place : 0;
  *to = place < last ? place + 1 : last;
  return place < last || (place == last && last > 1);
}

static void notes(const chain *w, sheet *s) {
  size_t from, to;
  for (size_t i = 0; pair(w, i, &from, &to); i++)
    sheet_note(s,
               cli_coverage(w->c, w->editions[from], w->editions[to],
                            chiso_crosswalk_coverage(w->crosswalk, from, to)));
  unsigned least = CHISO_PROV_OFFICIAL;
  for (size_t e = 0; e < w->count; e++) {
    unsigned own = chiso_methodology_provenance(w->editions[e]);
    least = own < least ? own : least;
  }
  sheet_note(s, cli_provenance_note(w->c, least));
}

static void summary(const chain *w, sheet *s) {
  sheet_column(s, "from", TXT_COL_FROM, CHISO_CELL_TEXT, 0);
  sheet_column(s, "to", TXT_COL_TO, CHISO_CELL_TEXT, 0);
  sheet_column(s, "points", TXT_COL_POINTS, CHISO_CELL_DEC, 2);
  for (unsigned k = 0; k < CHISO_N_CARRY; k++)
    sheet_column_named(s, chiso_carry_key((chiso_carry)k),
                       chiso_carry_title((chiso_carry)k, w->c->lang),
                       CHISO_CELL_DEC, 2);
  sheet_column(s, "renamed", TXT_COL_RENAMED, CHISO_CELL_DEC, 2);
  sheet_column(s, "points_before", TXT_COL_POINTS_BEFORE, CHISO_CELL_DEC, 2);
  sheet_column(s, "dropped", TXT_COL_DROPPED, CHISO_CELL_DEC, 2);
  size_t from, to;
  for (size_t i = 0; pair(w, i, &from, &to); i++) {
    const chiso_coverage *own =
        chiso_crosswalk_coverage(w->crosswalk, from, to);
    sheet_text(s, name(w, from));
    sheet_text(s, name(w, to));
    sheet_dec(s, own->total);
    for (unsigned k = 0; k < CHISO_N_CARRY; k++)
      sheet_dec(s, own->points[k]);
    sheet_dec(s, own->renamed);
    sheet_dec(s, own->before);
    sheet_dec(s, own->dropped);
  }
}

int cmd_crosswalk(cli *c) {
  chain w = { .c = c };
  int code = take(&w);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_crosswalk_new(w.editions, w.count, NULL, &w.crosswalk, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  const char *title = "";
  for (size_t e = 0; e < w.count; e++)
    title = cli_join(c, title, " → ", chiso_methodology_name(w.editions[e]));
  sheet s = sheet_new(c);
  sheet_title(&s, title);
  if (c->value[OPT_SUMMARY]) {
    summary(&w, &s);
  } else {
    columns(&w, &s);
    rows(&w, &s);
  }
  notes(&w, &s);
  chiso_crosswalk_free(w.crosswalk);
  return sheet_write(&s);
}
