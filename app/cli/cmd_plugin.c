/* SPDX-License-Identifier: Apache-2.0
 * chiso plugin list: where plugins come from, and why one was refused. */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>

static text_id state_title(chiso_plugin_state state) {
  switch (state) {
  case CHISO_PLUGIN_SHADOWED:
    return TXT_PLUGIN_SHADOWED;
  case CHISO_PLUGIN_REFUSED:
    return TXT_PLUGIN_REFUSED;
  case CHISO_PLUGIN_LOADED:
    return TXT_PLUGIN_LOADED;
  default:
    return TXT_PLUGIN_FOUND;
  }
}

static const char *state_key(chiso_plugin_state state) {
  static const char *const keys[] = { "found", "loaded", "shadowed",
                                      "refused" };
  return (unsigned)state < 4 ? keys[state] : NULL;
}

static bool same_folder(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

/* A path without "NAME/..", where leaving both out leads to the same folder:
 * behind a link it does not. */
static const char *plain_path(cli *c, const char *path) {
  const char *up = NULL;
  while (path && (up = strstr(path, "/../")) != NULL) {
    const char *name = up;
    while (name > path && name[-1] != '/')
      name--;
    const char *through = cli_copy(c, path, (size_t)(up + 3 - path));
    const char *before =
        name == path ? "." : cli_copy(c, path, (size_t)(name - path));
    if (!same_folder(through, before))
      break;
    path = cli_print(c, "%.*s%s", (int)(name - path), path, up + 4);
  }
  return path;
}

/* A plugin without a name, because it was refused, goes by its file's. */
static const char *name_of(const cli *c, const chiso_plugin_listing *p) {
  if (p->id || !cli_people(c))
    return p->id;
  const char *path = p->manifest ? p->manifest : p->library;
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash ? slash + 1 : path;
}

static const char *why(cli *c, const chiso_plugin_listing *p) {
  char line[1024];
  if (p->state == CHISO_PLUGIN_SHADOWED)
    return cli_text(c, TXT_WHY_SHADOWED);
  if (p->state != CHISO_PLUGIN_REFUSED)
    return "";
  chiso_error reason = p->why;
  (void)snprintf(reason.file, sizeof(reason.file), "%s",
                 plain_path(c, p->why.file));
  chiso_error_format(&reason, line, sizeof(line));
  return cli_copy(c, line, strlen(line));
}

int cmd_plugin_list(cli *c) {
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  bool tell = c->value[OPT_WHY] || !cli_people(c);
  size_t count = chiso_store_plugins(c->store), refused = 0;
  sheet s = sheet_new(c);
  sheet_column(&s, "state", TXT_COL_STATUS, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "id", TXT_COL_PLUGIN, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "version", TXT_COL_VERSION, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "abi", TXT_COL_ABI, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "rules", TXT_COL_RULES, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "license", TXT_COL_LICENSE, CHISO_CELL_TEXT, 0);
  if (tell)
    sheet_column(&s, "why", TXT_COL_WHY, CHISO_CELL_TEXT, 0);
  sheet_column(&s, "manifest", TXT_COL_MANIFEST, CHISO_CELL_TEXT, 0);
  for (size_t i = 0; i < count; i++) {
    const chiso_plugin_listing *p = chiso_store_plugin(c->store, i);
    refused += p->state == CHISO_PLUGIN_REFUSED;
    sheet_text(&s, cli_people(c) ? cli_text(c, state_title(p->state))
                                 : state_key(p->state));
    sheet_text(&s, name_of(c, p));
    sheet_text(&s, p->version);
    sheet_text(&s, p->abi);
    sheet_text(&s, p->rules);
    sheet_text(&s, p->license);
    if (tell)
      sheet_text(&s, why(c, p));
    sheet_text(&s, plain_path(c, p->manifest));
  }
  if (refused > 0 && !tell)
    sheet_note(&s, cli_say(c, TXT_REFUSED, refused));
  for (size_t i = 0; i < c->places.options.n_plugin_dirs; i++)
    sheet_note(&s, cli_say(c, TXT_FOLDER,
                           plain_path(c, c->places.options.plugin_dirs[i])));
  return sheet_write(&s);
}
