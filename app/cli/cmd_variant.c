/* SPDX-License-Identifier: Apache-2.0
 * chiso variant: overlays that make an internal set from an index. */
#include "cli.h"

#include <string.h>

/* ---- who set what -------------------------------------------------------- */

/* "file:line" of an origin; the file without its folder where people read. */
static const char *place(cli *c, uint32_t layer, uint64_t line) {
  const char *path = chiso_variant_layer(c->variant, layer)->path;
  const char *slash = cli_people(c) ? strrchr(path, '/') : NULL;
  return cli_print(c, "%s:%llu", slash ? slash + 1 : path,
                   (unsigned long long)line);
}

static const char *set_by(cli *c, const chiso_field_origin *origin) {
  const char *text = place(c, origin->layer, origin->line);
  return origin->derived && cli_people(c) ? cli_say(c, TXT_DERIVED, text)
                                          : text;
}

static const chiso_field_origin *origin_of(cli *c, uint32_t node,
                                           const char *field) {
  size_t count;
  const chiso_field_origin *list =
      chiso_variant_origins(c->variant, node, &count);
  for (size_t i = 0; i < count; i++)
    if (strcmp(list[i].field, field) == 0)
      return &list[i];
  return NULL;
}

/* ---- show ---------------------------------------------------------------- */

static void row(sheet *s, const char *what, const char *node, const char *field,
                const char *before, const char *value, const char *where,
                const char *law) {
  sheet_text(s, what);
  sheet_text(s, node);
  sheet_text(s, field);
  sheet_text(s, before);
  sheet_text(s, value);
  sheet_text(s, where);
  sheet_text(s, law);
}

static void columns(sheet *s) {
  sheet_column(s, "what", TXT_COL_CHANGE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "field", TXT_COL_FIELD, CHISO_CELL_TEXT, 0);
  sheet_column(s, "before", TXT_COL_BEFORE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "after", TXT_COL_AFTER, CHISO_CELL_TEXT, 0);
  sheet_column(s, "where", TXT_COL_WHERE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "law", TXT_COL_LAW, CHISO_CELL_TEXT, 0);
}

static const char *word(const cli *c, text_id text, const char *key) {
  return cli_people(c) ? cli_text(c, text) : key;
}

static const char *value_of(cli *c, uint32_t node, const char *field) {
  const char *key, *value;
  for (size_t i = 0; chiso_variant_field(c->variant, node, i, &key, &value);
       i++)
    if (strcmp(key, field) == 0)
      return value;
  return NULL;
}

/* Of a new node one row says enough, of others what people decide about: show
 * --node has the rest. */
static bool worth_a_row(const char *field, bool added) {
  return added ? strcmp(field, "title_vi") == 0
               : strcmp(field, "legal") != 0 && strcmp(field, "source") != 0 &&
                     strcmp(field, "provenance") != 0;
}

static void node_rows(sheet *s, uint32_t node) {
  cli *c = s->c;
  const chiso_methodology *m = chiso_variant_methodology(c->variant);
  const chiso_node *n = &chiso_methodology_index(m)->nodes[node];
  bool added = chiso_methodology_find(chiso_variant_base(c->variant), n->id) ==
               CHISO_NO_NODE;
  size_t count;
  const chiso_field_origin *list =
      chiso_variant_origins(c->variant, node, &count);
  for (size_t i = 0; i < count; i++) {
    if (cli_people(c) && !worth_a_row(list[i].field, added))
      continue;
    row(s,
        word(c, added ? TXT_ROW_ADDED : TXT_ROW_CHANGED,
             added ? "added" : "changed"),
        n->id, list[i].field, list[i].before, value_of(c, node, list[i].field),
        set_by(c, &list[i]), list[i].instrument);
  }
}

static void about(sheet *s) {
  cli *c = s->c;
  const chiso_methodology *m = chiso_variant_methodology(c->variant);
  const chiso_index *index = chiso_methodology_index(m);
  sheet_title(s, cli_print(c, "%s · %s",
                           cli_pick(c, index->title_vi, index->title_en),
                           chiso_methodology_name(m)));
  for (size_t i = 0; i < chiso_variant_layers(c->variant); i++) {
    const chiso_layer *l = chiso_variant_layer(c->variant, i);
    sheet_title(s, cli_say(c, TXT_LAYER, l->path, l->base, l->added, l->changed,
                           l->reweighted, l->moved, l->removed));
  }
  sheet_title(s, cli_say(c, TXT_SHOW_DIGEST, chiso_methodology_digest(m)));
}

static const char *set_value(cli *c, const chiso_index *index,
                             const char *field) {
  const struct {
    const char *field, *value;
  } values[] = { { "id", index->id },
                 { "edition", index->edition },
                 { "title_vi", index->title_vi },
                 { "title_en", index->title_en },
                 { "units", index->unit_set },
                 { "note", index->note },
                 { "level", chiso_key(CHISO_FAMILY_LEVEL, index->level) },
                 { "rank", chiso_key(CHISO_FAMILY_RANK_BY, index->rank_by) },
                 { "digits", cli_print(c, "%u", (unsigned)index->digits) },
                 { "first", cli_print(c, "%u", (unsigned)index->first) },
                 { "last", cli_print(c, "%u", (unsigned)index->last) },
                 { "gradings", cli_gradings(c, index) },
                 { "partitions", cli_partitions(c, index) },
                 { "deadlines", cli_deadlines(c, index) } };
  for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
    if (strcmp(values[i].field, field) == 0)
      return values[i].value;
  return NULL;
}

/* What is said of the set as a whole; its names stand in the title. */
static void set_rows(sheet *s) {
  cli *c = s->c;
  const chiso_index *base =
      chiso_methodology_index(chiso_variant_base(c->variant));
  const chiso_index *index =
      chiso_methodology_index(chiso_variant_methodology(c->variant));
  size_t count;
  const chiso_field_origin *list =
      chiso_variant_origins(c->variant, CHISO_NO_NODE, &count);
  for (size_t i = 0; i < count; i++)
    if (!cli_people(c) || (strcmp(list[i].field, "id") != 0 &&
                           strcmp(list[i].field, "edition") != 0 &&
                           strncmp(list[i].field, "title", 5) != 0))
      row(s, word(c, TXT_ROW_SET, "set"), NULL, list[i].field,
          set_value(c, base, list[i].field), set_value(c, index, list[i].field),
          set_by(c, &list[i]), list[i].instrument);
}

static int show_all(cli *c) {
  const chiso_index *index =
      chiso_methodology_index(chiso_variant_methodology(c->variant));
  sheet s = sheet_new(c);
  about(&s);
  columns(&s);
  set_rows(&s);
  for (uint32_t n = 0; n < index->n_nodes; n++)
    node_rows(&s, n);
  for (size_t i = 0; i < chiso_variant_n_removed(c->variant); i++) {
    const chiso_removed *r = chiso_variant_removed(c->variant, i);
    row(&s, word(c, TXT_ROW_REMOVED, "removed"), r->id, "title_vi", r->title_vi,
        NULL, place(c, r->layer, r->line), r->instrument);
  }
  return sheet_write(&s);
}

/* Every field of one node, with who set it. */
static int show_node(cli *c, uint32_t node) {
  const chiso_methodology *m = chiso_variant_methodology(c->variant);
  const char *base = chiso_methodology_name(chiso_variant_base(c->variant));
  const chiso_node *n = &chiso_methodology_index(m)->nodes[node];
  const char *key, *value;
  sheet s = sheet_new(c);
  sheet_title(&s, cli_print(c, "%s  %s", n->id, cli_title(c, n)));
  sheet_column(&s, "field", TXT_COL_FIELD, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "value", TXT_COL_VALUE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "where", TXT_COL_WHERE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "law", TXT_COL_LAW, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "before", TXT_COL_BEFORE, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; chiso_variant_field(c->variant, node, i, &key, &value);
       i++) {
    const chiso_field_origin *o = origin_of(c, node, key);
    if (!value && !o)
      continue;
    sheet_text(&s, key);
    sheet_text(&s, value);
    sheet_text(&s, o ? set_by(c, o) : base);
    sheet_text(&s, o ? o->instrument : NULL);
    sheet_text(&s, o ? o->before : NULL);
  }
  return sheet_write(&s);
}

int cmd_variant_show(cli *c) {
  uint32_t node;
  int code = cli_variant(c);
  if (code != EXIT_DONE || !c->value[OPT_NODE])
    return code == EXIT_DONE ? show_all(c) : code;
  code = cli_node(c, chiso_variant_methodology(c->variant), c->value[OPT_NODE],
                  &node);
  return code == EXIT_DONE ? show_node(c, node) : code;
}

/* ---- check, diff, flatten ------------------------------------------------ */

int cmd_variant_check(cli *c) {
  int code = cli_variant(c);
  if (code != EXIT_DONE)
    return code;
  sheet s = sheet_new(c);
  sheet_column(&s, "file", TXT_COL_FILE, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "name", TXT_COL_METHODOLOGY, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "added", TXT_COL_ADDED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "changed", TXT_COL_CHANGED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "reweighted", TXT_COL_REWEIGHTED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "moved", TXT_COL_MOVED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "removed", TXT_COL_REMOVED, CHISO_CELL_INTEGER, 0);
  sheet_column(&s, "sha256", TXT_COL_DIGEST, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < chiso_variant_layers(c->variant); i++) {
    const chiso_layer *l = chiso_variant_layer(c->variant, i);
    sheet_text(&s, l->path);
    sheet_text(&s, l->name);
    sheet_integer(&s, l->added);
    sheet_integer(&s, l->changed);
    sheet_integer(&s, l->reweighted);
    sheet_integer(&s, l->moved);
    sheet_integer(&s, l->removed);
    sheet_text(&s, l->digest);
  }
  sheet_note(&s, cli_text(c, TXT_VARIANT_GOOD));
  return sheet_write(&s);
}

int cmd_variant_diff(cli *c) {
  int code = cli_variant(c);
  return code == EXIT_DONE ? diff_show(c, chiso_variant_base(c->variant),
                                       chiso_variant_methodology(c->variant))
                           : code;
}

int cmd_variant_flatten(cli *c) {
  char *text = NULL;
  size_t size = 0;
  int code = cli_variant(c);
  if (code != EXIT_DONE)
    return code;
  chiso_status status = chiso_methodology_write(
      chiso_variant_methodology(c->variant), &text, &size, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  code = cli_write(c, text, size);
  chiso_text_free(NULL, text);
  return code;
}

/* ---- rebase -------------------------------------------------------------- */

static void rebase_rows(sheet *s, const chiso_rebase *rebase) {
  cli *c = s->c;
  sheet_column(s, "what", TXT_COL_WHAT_TO_DO, CHISO_CELL_TEXT, 0);
  sheet_column(s, "line", TXT_COL_LINE, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "section", TXT_COL_SECTION, CHISO_CELL_TEXT, 0);
  sheet_column(s, "field", TXT_COL_FIELD, CHISO_CELL_TEXT, 0);
  sheet_column(s, "before", TXT_COL_BEFORE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "after", TXT_COL_AFTER, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < chiso_rebase_rows(rebase); i++) {
    const chiso_rebase_row *r = chiso_rebase_row_at(rebase, i);
    sheet_text(s, cli_people(c) ? chiso_rebase_title(r->kind, c->lang)
                                : chiso_rebase_key(r->kind));
    sheet_integer(s, (int64_t)r->line);
    sheet_text(s, r->section);
    sheet_text(s, r->key);
    sheet_text(s, r->before);
    sheet_text(s, r->after);
  }
}

/* What was written is read again: with nothing left to decide it must hold. */
static int check_written(cli *c, const char *path, size_t open) {
  /* given with those below it, it stands on the new one by name */
  const char *paths[] = { c->value[OPT_TO], path };
  const char *dot = strrchr(paths[0], '.');
  bool layer = c->n_operands > 1 && dot && strcmp(dot, ".ini") == 0;
  int code = cli_overlays(c, paths + !layer, 1 + layer);
  if (code == EXIT_DONE)
    return open ? EXIT_NO : EXIT_DONE;
  return code == EXIT_DATA ? EXIT_NO : code;
}

int cmd_variant_rebase(cli *c) {
  const char *path = c->value[OPT_OUT_OVERLAY];
  chiso_rebase *rebase = NULL;
  size_t size = 0;
  if (!c->value[OPT_TO])
    return cli_usage(c, TXT_ERR_NEEDS, "to");
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_rebase_new(c->operand, c->n_operands, c->value[OPT_TO], c->store,
                       NULL, &rebase, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  sheet_title(&s, cli_print(c, "%s → %s", c->operand[c->n_operands - 1],
                            c->value[OPT_TO]));
  rebase_rows(&s, rebase);
  size_t open = chiso_rebase_open(rebase);
  sheet_note(&s, open ? cli_say(c, TXT_REBASE_OPEN, open)
                      : cli_text(c, TXT_REBASE_DONE));
  sheet_note(&s, path ? cli_say(c, TXT_REBASE_WRITTEN, path)
                      : cli_text(c, TXT_REBASE_DRY));
  const char *text = chiso_rebase_text(rebase, &size);
  code = sheet_write(&s);
  if (code == EXIT_DONE && path) {
    status = chiso_output_write(path, NULL, text, size, &c->err);
    code =
        status == CHISO_OK ? check_written(c, path, open) : cli_fail(c, status);
  } else if (code == EXIT_DONE && open) {
    code = EXIT_NO;
  }
  chiso_rebase_free(rebase);
  return code;
}
