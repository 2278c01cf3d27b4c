/* SPDX-License-Identifier: Apache-2.0
 * chiso diff: what a revision changed. */
#include "cli.h"

typedef struct pair {
  cli *c;
  const chiso_methodology *before, *after;
  const chiso_node *old, *new;
} pair;

static void columns(sheet *s) {
  sheet_column(s, "change", TXT_COL_CHANGE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "before", TXT_COL_BEFORE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "after", TXT_COL_AFTER, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "max_before", TXT_COL_MAX_BEFORE, CHISO_CELL_DEC, 2);
  sheet_column(s, "max_after", TXT_COL_MAX_AFTER, CHISO_CELL_DEC, 2);
  sheet_column(s, "what", TXT_COL_WHAT, CHISO_CELL_TEXT, 0);
}

/* All that changed, and the rules on both sides where the rule did. */
static const char *what(pair *p, const chiso_change *change) {
  cli *c = p->c;
  const char *text = "";
  for (unsigned kind = CHISO_CHANGE_RENAMED; kind <= CHISO_CHANGE_MERGED;
       kind++) {
    if (!(change->flags & (1u << kind)) || kind == change->kind)
      continue;
    text = cli_join(c, text, ", ",
                    chiso_change_title((chiso_change_kind)kind, c->lang));
  }
  if ((change->flags & (1u << CHISO_CHANGE_RENAMED)) && p->old)
    text = cli_join(c, text, "; ",
                    cli_say(c, TXT_WAS_TITLE, cli_title(c, p->old)));
  if ((change->flags & (1u << CHISO_CHANGE_RERULED)) && p->old && p->new)
    text = cli_join(c, text, "; ",
                    cli_say(c, TXT_RULE_CHANGE,
                            cli_rule(c, p->before, change->before),
                            cli_rule(c, p->after, change->after)));
  return text;
}

static void row(pair *p, sheet *s, const chiso_change *change) {
  cli *c = p->c;
  const chiso_index *before = chiso_methodology_index(p->before);
  const chiso_index *after = chiso_methodology_index(p->after);
  p->old =
      change->before == CHISO_NO_NODE ? NULL : &before->nodes[change->before];
  p->new = change->after == CHISO_NO_NODE ? NULL : &after->nodes[change->after];
  const chiso_node *shown = p->new ? p->new : p->old;
  sheet_text(s, cli_people(c) ? chiso_change_title(change->kind, c->lang)
                              : chiso_change_key(change->kind));
  sheet_text(s, p->old ? p->old->id : NULL);
  sheet_text(s, p->new ? p->new->id : NULL);
  sheet_text(s, shown ? cli_title(c, shown) : NULL);
  sheet_dec(s, p->old ? p->old->max : CHISO_NONE);
  sheet_dec(s, p->new ? p->new->max : CHISO_NONE);
  sheet_text(s, what(p, change));
}

/* Maximum of the leaves whose rule and maximum stayed. */
static chiso_dec carried(const pair *p, const chiso_change *rows,
                         size_t count) {
  const uint32_t broken =
      (1u << CHISO_CHANGE_REPOINTED) | (1u << CHISO_CHANGE_RERULED) |
      (1u << CHISO_CHANGE_SPLIT) | (1u << CHISO_CHANGE_MERGED) |
      (1u << CHISO_CHANGE_ADDED) | (1u << CHISO_CHANGE_DROPPED);
  const chiso_index *after = chiso_methodology_index(p->after);
  chiso_dec sum = 0;
  for (size_t i = 0; i < count; i++)
    if (rows[i].after != CHISO_NO_NODE && !(rows[i].flags & broken) &&
        cli_is_leaf(p->after, rows[i].after) &&
        after->nodes[rows[i].after].weight != 0)
      sum += after->nodes[rows[i].after].max;
  return sum;
}

static void summary(pair *p, sheet *s, const chiso_change *rows, size_t count) {
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
  sheet_note(
      s, cli_say(c, TXT_CARRIED, cli_dec(c, carried(p, rows, count)),
                 cli_dec(c, chiso_methodology_index(p->after)->nodes[0].max)));
  unsigned least = chiso_methodology_provenance(p->before);
  if (chiso_methodology_provenance(p->after) < least)
    least = chiso_methodology_provenance(p->after);
  sheet_note(s, cli_provenance_note(c, least));
}

int cmd_diff(cli *c) {
  pair p = { .c = c };
  chiso_change *rows = NULL;
  size_t count = 0;
  int code = cli_methodology(c, c->operand[0], 0, &p.before);
  if (code == EXIT_DONE)
    code = cli_methodology(c, c->operand[1], 1, &p.after);
  if (code != EXIT_DONE)
    return code;
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
  summary(&p, &s, rows, count);
  chiso_changes_free(NULL, rows);
  return sheet_write(&s);
}
