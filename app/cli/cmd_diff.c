/* SPDX-License-Identifier: Apache-2.0
 * chiso diff: what a revision changed. */
#include "cli.h"

#include <string.h>

typedef struct pair {
  cli *c;
  const chiso_methodology *before, *after;
  uint32_t shown; /* node after of the row above */
} pair;

static void columns(sheet *s) {
  sheet_column(s, "change", TXT_COL_CHANGE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "before", TXT_COL_BEFORE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "after", TXT_COL_AFTER, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "max_before", TXT_COL_MAX_BEFORE, CHISO_CELL_DEC, 2);
  sheet_column(s, "max_after", TXT_COL_MAX_AFTER, CHISO_CELL_DEC, 2);
  sheet_column(s, "carry", TXT_COL_CARRY, CHISO_CELL_TEXT, 0);
  sheet_column(s, "what", TXT_COL_WHAT, CHISO_CELL_TEXT, 0);
}

static const chiso_node *node(const chiso_methodology *m, uint32_t place) {
  return place == CHISO_NO_NODE ? NULL
                                : &chiso_methodology_index(m)->nodes[place];
}

static void row(pair *p, sheet *s, const chiso_change *change) {
  cli *c = p->c;
  const chiso_node *old = node(p->before, change->before);
  const chiso_node *new = node(p->after, change->after);
  const chiso_node *shown = new ? new : old;
  /* What was merged has a row for each part: its maximum stands once. */
  bool again = new && p->shown == change->after;
  p->shown = change->after;
  sheet_text(s, cli_people(c) ? chiso_change_title(change->kind, c->lang)
                              : chiso_change_key(change->kind));
  sheet_text(s, old ? old->id : NULL);
  sheet_text(s, new ? new->id : NULL);
  sheet_text(s, shown ? cli_title(c, shown) : NULL);
  sheet_dec(s, old ? old->max : CHISO_NONE);
  sheet_dec(s, new && !(again && cli_people(c)) ? new->max : CHISO_NONE);
  sheet_text(s, cli_carry(c, change->carry));
  sheet_text(s, cli_change_detail(c, p->before, p->after, change));
}

static chiso_status coverage(pair *p, sheet *s) {
  const chiso_methodology *chain[] = { p->before, p->after };
  chiso_crosswalk *crosswalk = NULL;
  chiso_status status =
      chiso_crosswalk_new(chain, 2, NULL, &crosswalk, &p->c->err);
  if (status == CHISO_OK)
    sheet_note(s, cli_coverage(p->c, p->before, p->after,
                               chiso_crosswalk_coverage(crosswalk, 0, 1)));
  chiso_crosswalk_free(crosswalk);
  return status;
}

/* What changed of the set as a whole. */
static void set_notes(pair *p, sheet *s) {
  static const struct {
    text_id name;
    const char *(*words)(cli *, const chiso_index *);
  } lists[] = { { TXT_SET_GRADES, cli_gradings },
                { TXT_SET_PARTS, cli_partitions },
                { TXT_SET_DEADLINES, cli_deadlines } };
  cli *c = p->c;
  for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
    const char *before = lists[i].words(c, chiso_methodology_index(p->before));
    const char *after = lists[i].words(c, chiso_methodology_index(p->after));
    if (strcmp(before, after) != 0)
      sheet_note(s, cli_say(c, lists[i].name,
                            *before ? before : cli_text(c, TXT_NONE_OF),
                            *after ? after : cli_text(c, TXT_NONE_OF)));
  }
}

static chiso_status summary(pair *p, sheet *s, const chiso_change *rows,
                            size_t count) {
  cli *c = p->c;
  size_t kinds[CHISO_CHANGE_DROPPED + 1] = { 0 };
  const char *text = "";
  for (size_t i = 0; i < count; i++)
    if (rows[i].kind <= CHISO_CHANGE_DROPPED)
      kinds[rows[i].kind]++;
  for (unsigned k = 0; k <= CHISO_CHANGE_DROPPED; k++)
    if (kinds[k] > 0)
      text =
          cli_join(c, text, ", ",
                   cli_print(c, "%s %zu",
                             chiso_change_title((chiso_change_kind)k, c->lang),
                             kinds[k]));
  sheet_note(s, text);
  set_notes(p, s);
  chiso_status status = coverage(p, s);
  unsigned least = chiso_methodology_provenance(p->before);
  if (chiso_methodology_provenance(p->after) < least)
    least = chiso_methodology_provenance(p->after);
  sheet_note(s, cli_provenance_note(c, least));
  return status;
}

int diff_show(cli *c, const chiso_methodology *before,
              const chiso_methodology *after) {
  pair p = { .c = c, .before = before, .after = after, .shown = CHISO_NO_NODE };
  chiso_change *rows = NULL;
  size_t count = 0;
  chiso_status status =
      chiso_changes(p.before, p.after, &rows, &count, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  sheet_title(&s, cli_print(c, "%s → %s", chiso_methodology_name(p.before),
                            chiso_methodology_name(p.after)));
  columns(&s);
  for (size_t i = 0; i < count; i++)
    if (rows[i].kind != CHISO_CHANGE_SAME || c->value[OPT_ALL])
      row(&p, &s, &rows[i]);
  status = summary(&p, &s, rows, count);
  chiso_changes_free(NULL, rows);
  if (status != CHISO_OK) {
    sheet_free(&s);
    return cli_fail(c, status);
  }
  return sheet_write(&s);
}

int cmd_diff(cli *c) {
  const chiso_methodology *before, *after;
  int code = cli_methodology(c, c->operand[0], 0, &before);
  if (code == EXIT_DONE)
    code = cli_methodology(c, c->operand[1], 1, &after);
  return code == EXIT_DONE ? diff_show(c, before, after) : code;
}
