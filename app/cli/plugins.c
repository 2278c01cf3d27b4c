/* SPDX-License-Identifier: Apache-2.0
 * Plugins as the commands speak of them: which one is meant, why it is treated
 * as it is, and what would change that. */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>

/* ---- paths --------------------------------------------------------------- */

static bool same_folder(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

/* Leaving out "NAME/.." behind a link leads elsewhere. */
const char *cli_plain_path(cli *c, const char *path) {
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

/* A word of a shell. */
static const char *quoted(cli *c, const char *word) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
                              "uvwxyz0123456789_./:@%+=,-";
  const char *out = "";
  if (word[0] != '\0' && word[0] != '-' && word[strspn(word, plain)] == '\0')
    return word;
  for (;;) {
    size_t size = strcspn(word, "'");
    out = cli_print(c, "%s%.*s", out, (int)size, word);
    if (word[size] == '\0')
      return cli_print(c, "'%s'", out);
    out = cli_print(c, "%s'\\''", out);
    word += size + 1;
  }
}

/* ---- which one ------------------------------------------------------------
 */

static bool is_manifest(const char *name) {
  static const char end[] = ".plugin.ini";
  size_t n = strlen(name);
  return n >= sizeof(end) && strcmp(name + n - (sizeof(end) - 1), end) == 0;
}

/* A manifest given by its path: its folder is the only one. */
static int find_file(cli *c, const char *path, size_t *place) {
  int code = cli_find_places(c);
  if (code != EXIT_DONE)
    return code;
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  const char **dirs = cli_alloc(c, sizeof(*dirs));
  if (!dirs)
    return EXIT_BUG;
  dirs[0] = slash == path ? "/"
            : slash       ? cli_copy(c, path, (size_t)(slash - path))
                          : ".";
  c->places.options.plugin_dirs = dirs;
  c->places.options.n_plugin_dirs = 1;
  code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  for (*place = 0; *place < chiso_store_plugins(c->store); ++*place) {
    const char *manifest = chiso_store_plugin(c->store, *place)->manifest;
    const char *last = strrchr(manifest, '/');
    if (strcmp(last ? last + 1 : manifest, name) == 0)
      return EXIT_DONE;
  }
  return cli_usage(c, TXT_ERR_NO_MANIFEST, path);
}

int cli_find_plugin(cli *c, const char *operand, size_t *place) {
  if (is_manifest(operand))
    return find_file(c, operand, place);
  int code = cli_open_store(c);
  if (code != EXIT_DONE)
    return code;
  size_t count = chiso_store_plugins(c->store), n = 0;
  const char **ids = cli_alloc(c, (count + 1) * sizeof(*ids));
  if (!ids)
    return EXIT_BUG;
  for (*place = 0; *place < count; ++*place) {
    const chiso_plugin_listing *p = chiso_store_plugin(c->store, *place);
    if (!p->id)
      continue;
    if (strcmp(p->id, operand) == 0)
      return EXIT_DONE;
    ids[n++] = p->id;
  }
  const char *nearest = cli_nearest(operand, ids, n);
  return nearest ? cli_usage(c, TXT_ERR_PLUGIN_NEAR, operand, nearest)
                 : cli_usage(c, TXT_ERR_PLUGIN, operand);
}

/* ---- why ------------------------------------------------------------------
 */

const char *cli_error_text(cli *c, const chiso_error *err) {
  char line[1024];
  chiso_error reason = *err;
  (void)snprintf(reason.file, sizeof(reason.file), "%s",
                 cli_plain_path(c, err->file));
  chiso_error_format(&reason, line, sizeof(line));
  return cli_copy(c, line, strlen(line));
}

static const char *row_place(cli *c, const chiso_trust_row *row) {
  return cli_print(c, "%s:%llu", cli_plain_path(c, row->file),
                   (unsigned long long)row->line);
}

const char *cli_plugin_why(cli *c, const chiso_plugin_listing *p) {
  const chiso_trust_row *row = p->trust;
  if (p->state == CHISO_PLUGIN_SHADOWED)
    return cli_text(c, TXT_WHY_SHADOWED);
  if (p->state == CHISO_PLUGIN_REFUSED)
    return cli_error_text(c, &p->why);
  switch (p->verdict) {
  case CHISO_VERDICT_PINNED:
    return row->shipped ? cli_text(c, TXT_WHY_SHIPPED)
                        : cli_say(c, TXT_WHY_PINNED, row_place(c, row));
  case CHISO_VERDICT_SIGNED:
    return cli_say(c, TXT_WHY_SIGNED, row->name);
  case CHISO_VERDICT_OUTSIDE:
    return cli_say(c, TXT_WHY_OUTSIDE, row->name,
                   row->patterns ? row->patterns : "");
  case CHISO_VERDICT_UNKNOWN_KEY:
    return cli_say(c, TXT_WHY_UNKNOWN_KEY, p->key_id);
  default:
    return cli_text(c, TXT_WHY_UNSIGNED);
  }
}

/* ---- what would change it -------------------------------------------------
 */

/* The plugin that one of an earlier folder hides. */
static const char *cure_shadowed(cli *c, const chiso_plugin_listing *p) {
  for (size_t i = 0; i < chiso_store_plugins(c->store); i++) {
    const chiso_plugin_listing *first = chiso_store_plugin(c->store, i);
    if (first->id && strcmp(first->id, p->id) == 0 &&
        first->state != CHISO_PLUGIN_SHADOWED &&
        first->state != CHISO_PLUGIN_REFUSED)
      return cli_say(c, TXT_CURE_SHADOWED, cli_plain_path(c, first->manifest));
  }
  return "";
}

const char *cli_plugin_cure(cli *c, const chiso_plugin_listing *p) {
  const char *manifest = quoted(c, cli_plain_path(c, p->manifest));
  if (p->state == CHISO_PLUGIN_SHADOWED)
    return cure_shadowed(c, p);
  switch (p->verdict) {
  case CHISO_VERDICT_PINNED:
  case CHISO_VERDICT_SIGNED:
    return p->state == CHISO_PLUGIN_REFUSED
               ? cli_say(c, TXT_CURE_INSTALL, manifest)
               : "";
  case CHISO_VERDICT_REVOKED:
    return cli_say(c, TXT_CURE_REVOKED, row_place(c, p->trust));
  case CHISO_VERDICT_DAMAGED:
  case CHISO_VERDICT_CHANGED:
    return cli_say(c, TXT_CURE_SIGNATURE, manifest);
  case CHISO_VERDICT_FOREIGN_OWNER:
    return cli_print(c, "install -D -m 644 -t ~/.local/lib/chiso/plugins %s %s",
                     manifest, quoted(c, cli_plain_path(c, p->library)));
  case CHISO_VERDICT_WRITABLE:
    return cli_print(c, "chmod go-w %s",
                     quoted(c, cli_plain_path(c, p->exposed)));
  case CHISO_VERDICT_OUTSIDE:
  case CHISO_VERDICT_UNSIGNED:
    if (p->state == CHISO_PLUGIN_REFUSED)
      return cli_say(c, TXT_CURE_AUTHOR, manifest);
    return cli_print(c, "chiso plugin trust add %s", p->id);
  case CHISO_VERDICT_UNKNOWN_KEY:
    if (p->state == CHISO_PLUGIN_REFUSED)
      return cli_say(c, TXT_CURE_AUTHOR, manifest);
    return cli_say(c, TXT_CURE_UNKNOWN_KEY, p->key_id);
  case CHISO_VERDICT_NONE:
    break;
  }
  return p->id ? "" : cli_say(c, TXT_CURE_MANIFEST, manifest);
}

const char *cli_verdict(const cli *c, chiso_verdict verdict) {
  static const char *const keys[] = { "none",          "revoked",  "pinned",
                                      "damaged",       "changed",  "signed",
                                      "foreign_owner", "writable", "outside",
                                      "unknown_key",   "unsigned" };
  static const text_id titles[] = {
    TXT_VERDICT_NONE,          TXT_VERDICT_REVOKED,  TXT_VERDICT_PINNED,
    TXT_VERDICT_DAMAGED,       TXT_VERDICT_CHANGED,  TXT_VERDICT_SIGNED,
    TXT_VERDICT_FOREIGN_OWNER, TXT_VERDICT_WRITABLE, TXT_VERDICT_OUTSIDE,
    TXT_VERDICT_UNKNOWN_KEY,   TXT_VERDICT_UNSIGNED
  };
  return cli_people(c) ? cli_text(c, titles[verdict]) : keys[verdict];
}
