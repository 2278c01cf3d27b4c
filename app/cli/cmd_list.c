/* SPDX-License-Identifier: Apache-2.0
 * chiso list: the methodologies that the plugins hold. */
#include "cli.h"

/* Rounds whose published figures are shipped, in one text. */
static chiso_status rounds_of(cli *c, const chiso_listing *listing,
                              const char **text) {
  char **names = NULL;
  size_t count = 0;
  *text = "";
  chiso_status status =
      chiso_published_rounds(c->store, listing, NULL, &names, &count, &c->err);
  if (status != CHISO_OK)
    return status;
  for (size_t i = 0; i < count; i++)
    *text = cli_join(c, *text, " ", cli_print(c, "%s", names[i]));
  chiso_names_free(NULL, names, count);
  return CHISO_OK;
}

/* Digits that the maxima need, at most two; the column keeps its points below
 * each other. */
static unsigned max_digits(cli *c) {
  unsigned digits = 0;
  for (size_t i = 0; i < chiso_store_count(c->store); i++) {
    chiso_dec max = chiso_store_get(c->store, i)->max;
    while (digits < 2 && chiso_dec_round(max, digits, CHISO_ROUND_HALF_UP) !=
                             chiso_dec_round(max, 2, CHISO_ROUND_HALF_UP))
      digits++;
  }
  return digits;
}

/* Columns that a terminal has no room for are left out, last ones first:
 * `room` 0 .. 2. */
static void columns(sheet *s, unsigned room, bool rounds) {
  sheet_column(s, "name", TXT_COL_METHODOLOGY, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "rounds", TXT_COL_ROUNDS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC,
               cli_people(s->c) ? max_digits(s->c) : 2);
  if (rounds)
    sheet_column(s, "published_rounds", TXT_COL_PUBLISHED, CHISO_CELL_TEXT, 0);
  if (room > 0)
    sheet_column(s, "counts", TXT_COL_COUNTS, CHISO_CELL_TEXT, 0);
  if (room > 1) {
    sheet_column(s, "provenance", TXT_COL_PROVENANCE, CHISO_CELL_TEXT, 0);
    sheet_column(s, "legal", TXT_COL_LAW, CHISO_CELL_TEXT, 0);
    sheet_column(s, "units", TXT_COL_UNITS, CHISO_CELL_TEXT, 0);
  }
}

static void row(sheet *s, const chiso_listing *l, unsigned room,
                const char *rounds) {
  cli *c = s->c;
  bool people = cli_people(c);
  sheet_text(s, l->name);
  const char *title = cli_pick(c, l->title_vi, l->title_en);
  if (l->scope == CHISO_SCOPE_INTERNAL)
    title = l->variant_of ? cli_say(c, TXT_LIST_VARIANT, title, l->variant_of)
                          : cli_say(c, TXT_LIST_INTERNAL, title);
  sheet_text(s, title);
  sheet_text(s, cli_rounds(c, l->first, l->last));
  sheet_dec(s, l->max);
  if (rounds)
    sheet_text(s, rounds);
  if (room > 0)
    sheet_text(s, people ? cli_counts_text(c, l->counts) : l->counts);
  if (room > 1) {
    sheet_text(s,
               people ? cli_provenance_text(c, l->provenance) : l->provenance);
    sheet_text(s, l->legal);
    sheet_text(s, l->unit_set);
  }
}

int cmd_list(cli *c) {
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  unsigned width = cli_width(c), room = 2;
  if (cli_people(c) && width > 0 && width < 200)
    room = width < 110 ? 0 : 1;
  bool rounds = c->value[OPT_ROUNDS] != NULL;
  sheet s = sheet_new(c);
  columns(&s, room, rounds);
  size_t count = chiso_store_count(c->store), refused = 0;
  for (size_t i = 0; i < count && s.status == CHISO_OK; i++) {
    const chiso_listing *listing = chiso_store_get(c->store, i);
    const char *shipped = NULL;
    if (rounds)
      s.status = rounds_of(c, listing, &shipped);
    row(&s, listing, room, shipped);
  }
  for (size_t i = 0; i < chiso_store_plugins(c->store); i++)
    if (chiso_store_plugin(c->store, i)->state == CHISO_PLUGIN_REFUSED)
      refused++;
  if (count == 0)
    sheet_note(&s, cli_text(c, TXT_NO_METHODOLOGIES));
  if (refused > 0)
    sheet_note(&s, cli_say(c, TXT_REFUSED, refused));
  return sheet_write(&s);
}
