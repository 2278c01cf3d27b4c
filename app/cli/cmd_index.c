/* SPDX-License-Identifier: Apache-2.0
 * chiso index import, chiso index export: methodologies as tables. */
#include "cli.h"

#include <string.h>

/* ---- export -------------------------------------------------------------- */

int cmd_index_export(cli *c) {
  const chiso_methodology *m = NULL;
  char *bytes = NULL;
  size_t size = 0;
  if (!c->format_given)
    c->format = CHISO_FORMAT_CSV;
  if (c->format != CHISO_FORMAT_CSV &&
      (c->format != CHISO_FORMAT_XLSX || !c->value[OPT_OUT]))
    return cli_usage(c, TXT_ERR_EXPORT_FORMAT);
  int code = cli_methodology(c, c->operand[0], 0, &m);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_index_export(m, c->format, c->lang, &bytes, &size, &c->err);
  if (status != CHISO_OK)
    return cli_fail(c, status);
  code = cli_write(c, bytes, size);
  chiso_text_free(NULL, bytes);
  return code;
}

/* ---- import: what is shown ----------------------------------------------- */

static const char *reading_key(chiso_reading reading) {
  static const char *const keys[] = { "understood", "check", "manual" };
  return keys[reading];
}

static const char *reading_text(const cli *c, chiso_reading reading) {
  static const text_id texts[] = { TXT_READING_UNDERSTOOD, TXT_READING_CHECK,
                                   TXT_READING_MANUAL };
  return cli_text(c, texts[reading]);
}

static void columns(sheet *s) {
  sheet_column(s, "row", TXT_COL_ROW, CHISO_CELL_INTEGER, 0);
  sheet_column(s, "node", TXT_COL_NODE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "title", TXT_COL_TITLE, CHISO_CELL_TEXT, 0);
  sheet_column(s, "max", TXT_COL_MAX, CHISO_CELL_DEC, 2);
  sheet_column(s, "rule", TXT_COL_PROPOSED, CHISO_CELL_TEXT, 0);
  sheet_column(s, "reading", TXT_COL_READING, CHISO_CELL_TEXT, 0);
  sheet_column(s, "note", TXT_COL_NOTE, CHISO_CELL_TEXT, 0);
}

static void row(sheet *s, const chiso_methodology *m,
                const chiso_import_row *r) {
  cli *c = s->c;
  const chiso_node *node = &chiso_methodology_index(m)->nodes[r->node];
  bool leaf = cli_is_leaf(m, r->node) || node->op == CHISO_OP_CASE;
  unsigned depth = cli_depth(m, r->node);
  sheet_integer(s, (int64_t)r->line);
  sheet_text(s, node->id);
  sheet_text(s, cli_people(c) ? cli_print(c, "%*s%s", (int)(depth - 1) * 2, "",
                                          cli_title(c, node))
                              : cli_title(c, node));
  sheet_dec(s, node->max);
  sheet_text(s, leaf ? cli_named_rule(c, node, cli_rule(c, m, r->node)) : NULL);
  sheet_text(s, !leaf && !r->note[0] ? NULL
                : cli_people(c)      ? reading_text(c, r->reading)
                                     : reading_key(r->reading));
  sheet_text(s, r->note);
}

static void title(sheet *s, const chiso_import *import) {
  cli *c = s->c;
  const chiso_methodology *m = chiso_import_methodology(import);
  const chiso_index *index = chiso_methodology_index(m);
  const char *name =
      cli_print(c, "%s · %s", cli_pick(c, index->title_vi, index->title_en),
                chiso_methodology_name(m));
  unsigned readings[3] = { 0 };
  if (chiso_import_exact(import)) {
    sheet_title(s,
                cli_say(c, TXT_IMPORT_EXACT, name, (unsigned)index->n_nodes));
    return;
  }
  for (size_t i = 0; i < chiso_import_rows(import); i++) {
    const chiso_import_row *r = chiso_import_row_at(import, i);
    if (cli_is_leaf(m, r->node) || index->nodes[r->node].op == CHISO_OP_CASE)
      readings[r->reading]++;
  }
  sheet_title(s, cli_say(c, TXT_IMPORT_TITLE, name,
                         cli_dec(c, index->nodes[0].max),
                         readings[0] + readings[1] + readings[2], readings[0],
                         readings[1], readings[2]));
}

static int show(cli *c, const char *written) {
  const char *lacks = chiso_import_lacks(c->import);
  const chiso_methodology *m = chiso_import_methodology(c->import);
  sheet s = sheet_new(c);
  title(&s, c->import);
  if (!chiso_import_exact(c->import))
    columns(&s);
  for (size_t i = 0; i < chiso_import_rows(c->import); i++)
    row(&s, m, chiso_import_row_at(c->import, i));
  sheet_note(&s, written ? cli_say(c, TXT_IMPORT_WRITTEN, written)
                         : cli_text(c, TXT_IMPORT_NOT_WRITTEN));
  if (lacks[0])
    sheet_note(&s, cli_say(c, TXT_IMPORT_LACKS, lacks));
  return sheet_write(&s);
}

/* ---- import: options and file -------------------------------------------- */

/* The value of a word of a family, which the choices of an option have
 * checked; `standard` when it was not given. */
static unsigned word(const cli *c, option_id id, chiso_family family,
                     unsigned standard) {
  for (unsigned value = 0; c->value[id] && value < 64; value++) {
    const char *key = chiso_key(family, value);
    if (key && strcmp(key, c->value[id]) == 0)
      return value;
  }
  return standard;
}

static int write_file(cli *c, const char *path) {
  char *text = NULL;
  size_t size = 0;
  const chiso_methodology *m = chiso_import_methodology(c->import);
  chiso_status status = chiso_methodology_write(m, &text, &size, &c->err);
  if (status == CHISO_OK)
    status = chiso_output_write(path, NULL, text, size, &c->err);
  chiso_text_free(NULL, text);
  return status == CHISO_OK ? EXIT_DONE : cli_fail(c, status);
}

/* What --internal asks for is what comes out, and marked from here on. */
static int check_scope(cli *c, const chiso_import_options *options) {
  const chiso_methodology *m = chiso_import_methodology(c->import);
  const chiso_index *index = chiso_methodology_index(m);
  const chiso_index *base =
      options->base ? chiso_methodology_index(options->base) : NULL;
  if (options->internal && index->scope != CHISO_SCOPE_INTERNAL)
    return cli_usage(c, TXT_ERR_IMPORT_NATIONAL, chiso_methodology_name(m));
  if (options->internal && base && strcmp(base->id, index->id) == 0)
    return cli_usage(c, TXT_ERR_IMPORT_ID, index->id);
  cli_rests_on(c, m);
  return EXIT_DONE;
}

int cmd_index_import(cli *c) {
  chiso_import_options options = {
    .sheet = c->value[OPT_SHEET],
    .id = c->value[OPT_INDEX_ID],
    .edition = c->value[OPT_INDEX_EDITION],
    .title = c->value[OPT_TITLE],
    .units = c->value[OPT_UNIT_SET],
    .legal = c->value[OPT_LEGAL],
    .level = word(c, OPT_LEVEL, CHISO_FAMILY_LEVEL, 0),
    .provenance =
        word(c, OPT_PROVENANCE, CHISO_FAMILY_PROVENANCE, CHISO_PROV_RECALLED),
    .cached = c->value[OPT_CACHED] != NULL,
    .internal = c->value[OPT_INTERNAL] != NULL,
  };
  const char *path = c->value[OPT_WRITE_FILE];
  if (options.provenance >= CHISO_PROV_PUBLISHED && !options.legal)
    return cli_usage(c, TXT_ERR_IMPORT_PROVENANCE, c->value[OPT_PROVENANCE]);
  int code = EXIT_DONE;
  if (c->value[OPT_BASE])
    code = cli_methodology(c, c->value[OPT_BASE], 0, &options.base);
  if (code != EXIT_DONE)
    return code;
  chiso_status status =
      chiso_import_new(c->operand[0], &options, NULL, &c->import, &c->err);
  if (c->import)
    cli_import_remarks(c, c->import);
  if (status != CHISO_OK)
    return c->import && chiso_import_faults(c->import) ? cli_exit(status)
                                                       : cli_fail(c, status);
  code = check_scope(c, &options);
  if (code != EXIT_DONE)
    return code;
  const char *lacks = chiso_import_lacks(c->import);
  if (path && lacks[0])
    return cli_usage(c, TXT_ERR_IMPORT_LACKS, lacks);
  if (path)
    code = write_file(c, path);
  return code == EXIT_DONE ? show(c, path) : code;
}
