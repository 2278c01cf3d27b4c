/* SPDX-License-Identifier: Apache-2.0
 * chiso plugin list and verify: where plugins come from, what becomes of each
 * and why. */
#include "cli.h"

#include <string.h>

/* ---- list ---------------------------------------------------------------- */

typedef enum fate { FOUND, LOADED, ISOLATED, SHADOWED, REFUSED } fate;

static fate fate_of(const chiso_plugin_listing *p) {
  switch (p->state) {
  case CHISO_PLUGIN_SHADOWED:
    return SHADOWED;
  case CHISO_PLUGIN_REFUSED:
    return REFUSED;
  case CHISO_PLUGIN_LOADED:
    return LOADED;
  case CHISO_PLUGIN_ISOLATED:
    return ISOLATED;
  case CHISO_PLUGIN_FOUND:
    break;
  }
  return p->isolate ? ISOLATED : FOUND;
}

static const char *state(const cli *c, const chiso_plugin_listing *p) {
  static const char *const keys[] = { "found", "loaded", "isolated", "shadowed",
                                      "refused" };
  static const text_id titles[] = { TXT_PLUGIN_FOUND, TXT_PLUGIN_LOADED,
                                    TXT_PLUGIN_ISOLATED, TXT_PLUGIN_SHADOWED,
                                    TXT_PLUGIN_REFUSED };
  fate f = fate_of(p);
  return cli_people(c) ? cli_text(c, titles[f]) : keys[f];
}

/* A plugin without a name, because it was refused, goes by its file's. */
static const char *name_of(const cli *c, const chiso_plugin_listing *p) {
  if (p->id || !cli_people(c))
    return p->id;
  const char *path = p->manifest ? p->manifest : p->library;
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash ? slash + 1 : path;
}

static void list_columns(sheet *s, bool tell) {
  sheet_column(s, "state", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "id", TXT_COL_PLUGIN, CHISO_CELL_TEXT, 0);
  sheet_column(s, "version", TXT_COL_VERSION, CHISO_CELL_TEXT, 0);
  sheet_column(s, "abi", TXT_COL_ABI, CHISO_CELL_TEXT, 0);
  sheet_column(s, "rules", TXT_COL_RULES, CHISO_CELL_TEXT, 0);
  sheet_column(s, "license", TXT_COL_LICENSE, CHISO_CELL_TEXT, 0);
  if (tell) {
    sheet_column(s, "trust", TXT_COL_TRUST, CHISO_CELL_TEXT, 0);
    sheet_column(s, "key", TXT_COL_TRUST_KEY, CHISO_CELL_TEXT, 0);
    sheet_column(s, "why", TXT_COL_WHY, CHISO_CELL_TEXT, 0);
    sheet_column(s, "cure", TXT_COL_CURE, CHISO_CELL_TEXT, 0);
  }
  sheet_column(s, "manifest", TXT_COL_MANIFEST, CHISO_CELL_TEXT, 0);
}

static void list_row(sheet *s, const chiso_plugin_listing *p, bool tell) {
  cli *c = s->c;
  sheet_text(s, state(c, p));
  sheet_text(s, name_of(c, p));
  sheet_text(s, p->version);
  sheet_text(s, p->abi);
  sheet_text(s, p->rules);
  sheet_text(s, p->license);
  if (tell) {
    sheet_text(s, cli_verdict(c, p->verdict));
    sheet_text(s, p->key_id);
    sheet_text(s, cli_plugin_why(c, p));
    sheet_text(s, cli_plugin_cure(c, p));
  }
  sheet_text(s, cli_plain_path(c, p->manifest));
}

/* How many have a fate, said below a list that does not say why. */
static void count_note(sheet *s, text_id text, fate which) {
  size_t count = 0, all = chiso_store_plugins(s->c->store);
  for (size_t i = 0; i < all; i++)
    count += fate_of(chiso_store_plugin(s->c->store, i)) == which;
  if (count > 0)
    sheet_note(s, cli_say(s->c, text, count));
}

/* With the reasons people get a block for each plugin: a table of paths and
 * sentences is too wide to read. */
static void why_rows(sheet *s) {
  cli *c = s->c;
  sheet_column(s, "state", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(s, "id", TXT_COL_PLUGIN, CHISO_CELL_TEXT, 0);
  sheet_column(s, "trust", TXT_COL_TRUST, CHISO_CELL_TEXT, 0);
  sheet_column(s, "why", TXT_COL_WHY, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < chiso_store_plugins(c->store); i++) {
    const chiso_plugin_listing *p = chiso_store_plugin(c->store, i);
    const char *cure = cli_plugin_cure(c, p);
    sheet_text(s, state(c, p));
    sheet_text(s, name_of(c, p));
    sheet_text(s, cli_verdict(c, p->verdict));
    sheet_text(s, cli_plugin_why(c, p));
    if (fate_of(p) == FOUND || fate_of(p) == LOADED)
      continue;
    for (int column = 0; column < 3; column++)
      sheet_text(s, "");
    sheet_text(s, cli_plain_path(c, p->manifest));
    if (cure[0] == '\0')
      continue;
    for (int column = 0; column < 3; column++)
      sheet_text(s, "");
    sheet_text(s, cli_say(c, TXT_CURE, cure));
  }
}

/* Whether a plugin loads is known once it was tried. What fails is in its
 * listing. */
static chiso_status load_all(cli *c) {
  chiso_status status = CHISO_OK;
  cli_progress_begin();
  for (size_t i = 0; i < chiso_store_count(c->store); i++) {
    const chiso_methodology *methodology;
    status = chiso_store_load(c->store, chiso_store_get(c->store, i),
                              &methodology, NULL, &c->err);
    if (status == CHISO_NO_MEMORY)
      break;
  }
  cli_progress_end();
  return status == CHISO_NO_MEMORY ? status : CHISO_OK;
}

int cmd_plugin_list(cli *c) {
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  bool why = c->value[OPT_WHY] != NULL;
  chiso_status status = why ? load_all(c) : CHISO_OK;
  if (status != CHISO_OK)
    return cli_fail(c, status);
  sheet s = sheet_new(c);
  if (why && cli_people(c)) {
    why_rows(&s);
  } else {
    list_columns(&s, !cli_people(c));
    for (size_t i = 0; i < chiso_store_plugins(c->store); i++)
      list_row(&s, chiso_store_plugin(c->store, i), !cli_people(c));
  }
  if (!why) {
    count_note(&s, TXT_ISOLATED, ISOLATED);
    count_note(&s, TXT_REFUSED, REFUSED);
  }
  for (size_t i = 0; i < c->places.options.n_plugin_dirs; i++)
    sheet_note(&s,
               cli_say(c, TXT_FOLDER,
                       cli_plain_path(c, c->places.options.plugin_dirs[i])));
  return sheet_write(&s);
}

/* ---- verify -------------------------------------------------------------- */

static void verify_columns(sheet *s) {
  sheet_column(s, "id", TXT_COL_PLUGIN, CHISO_CELL_TEXT, 0);
  sheet_column(s, "good", TXT_COL_GOOD, CHISO_CELL_TEXT, 0);
  sheet_column(s, "trust", TXT_COL_TRUST, CHISO_CELL_TEXT, 0);
  sheet_column(s, "library", TXT_COL_LIBRARY, CHISO_CELL_TEXT, 0);
  sheet_column(s, "elf", TXT_COL_ELF, CHISO_CELL_TEXT, 0);
  sheet_column(s, "key", TXT_COL_TRUST_KEY, CHISO_CELL_TEXT, 0);
  sheet_column(s, "comment", TXT_COL_COMMENT, CHISO_CELL_TEXT, 0);
  sheet_column(s, "why", TXT_COL_WHY, CHISO_CELL_TEXT, 0);
}

static const char *yes(const cli *c, bool good) {
  if (!cli_people(c))
    return good ? "yes" : "no";
  return cli_text(c, good ? TXT_YES : TXT_NO);
}

/* False when it is not good, or could not be looked at. */
static bool verify_row(sheet *s, size_t place) {
  cli *c = s->c;
  chiso_verification v;
  if (s->status == CHISO_OK)
    s->status = chiso_store_verify(c->store, place, &v, &c->err);
  if (s->status != CHISO_OK)
    return false;
  const chiso_plugin_listing *p = chiso_store_plugin(c->store, place);
  bool good = v.vouched && v.library && v.elf;
  sheet_text(s, name_of(c, p));
  sheet_text(s, yes(c, good));
  sheet_text(s, cli_verdict(c, p->verdict));
  sheet_text(s, yes(c, v.library));
  sheet_text(s, yes(c, v.elf));
  sheet_text(s, p->key_id);
  sheet_text(s, p->comment);
  sheet_text(s, good ? cli_plugin_why(c, p) : cli_error_text(c, &v.why));
  return good;
}

int cmd_plugin_verify(cli *c) {
  size_t one = 0;
  bool all = c->n_operands == 0, good = true;
  int code = all ? cli_open_store(c) : cli_find_plugin(c, c->operand[0], &one);
  if (code != EXIT_DONE)
    return code;
  sheet s = sheet_new(c);
  verify_columns(&s);
  size_t count = chiso_store_plugins(c->store);
  for (size_t i = all ? 0 : one; i < (all ? count : one + 1); i++)
    if (!all || chiso_store_plugin(c->store, i)->state != CHISO_PLUGIN_SHADOWED)
      good &= verify_row(&s, i);
  code = sheet_write(&s);
  return code == EXIT_DONE && !good ? EXIT_NO : code;
}
